/*
 * test_headers.c - the SSPI headers' layout, names and promises
 *
 * The core of what the headers promise, with figures from the contract
 * (sections 1, 3, 4.5, 5), so that it holds without the measured list of all
 * constants; test/tree/test_sspi_headers.sh checks the headers against that
 * list where it is present, and compiles this file a second time with
 * -fshort-wchar, where the structs have the Windows layout to the byte.
 *
 * Contract cases: F2.
 */
#define SECURITY_WIN32
#define SCHANNEL_USE_BLACKLISTS

#include <security.h>

#include <schannel.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#if __SIZEOF_WCHAR_T__ == 2
#define NARROW_OR_WIDE(narrow, wide) (narrow)
#else
#define NARROW_OR_WIDE(narrow, wide) (wide)
#endif

struct figure {
    const char *name;
    size_t wanted, found;
};

#define SIZE(type, wanted)          {#type, wanted, sizeof(type)}
#define AT(type, member, wanted)    \
    {#type "." #member, wanted, offsetof(type, member)}

#define check_figures(rows) figures_hold(rows, sizeof(rows) / sizeof(rows)[0])

static void figures_hold(const struct figure *row, size_t n)
{
    size_t wrong = 0;

    for (size_t i = 0; i < n; i++) {
        if (row[i].wanted != row[i].found) {
            print_message("# %s: %zu, not %zu\n", row[i].name, row[i].found,
                          row[i].wanted);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void basic_types_have_the_sizes_of_windows_1_1(void **state)
{
    static const struct figure rows[] = {
        SIZE(BYTE, 1),      SIZE(WORD, 2),      SIZE(DWORD, 4),
        SIZE(ULONG, 4),     SIZE(LONG, 4),      SIZE(BOOL, 4),
        SIZE(BOOLEAN, 1),   SIZE(HRESULT, 4),   SIZE(SECURITY_STATUS, 4),
        SIZE(ULONG_PTR, 8), SIZE(LONGLONG, 8),  SIZE(ALG_ID, 4),
        SIZE(HANDLE, 8),    SIZE(FILETIME, 8),  SIZE(TimeStamp, 8),
        SIZE(WCHAR, NARROW_OR_WIDE(2, 4)),
        SIZE(WCHAR, sizeof L"" [0]),
        SIZE(SEC_APPLICATION_PROTOCOL_NEGOTIATION_EXT, 4),
        SIZE(eTlsAlgorithmUsage, 4),
    };

    (void)state;
    check_figures(rows);
    assert_true((LONG)-1 < 0);
    assert_true((DWORD)-1 > 0);
    assert_true((SECURITY_STATUS)-1 < 0);
}

static void structs_have_the_layout_of_windows_1_2(void **state)
{
    static const struct figure rows[] = {
        SIZE(SecBuffer, 16),
        AT(SecBuffer, cbBuffer, 0),
        AT(SecBuffer, BufferType, 4),
        AT(SecBuffer, pvBuffer, 8),
        SIZE(SecBufferDesc, 16),
        AT(SecBufferDesc, ulVersion, 0),
        AT(SecBufferDesc, cBuffers, 4),
        AT(SecBufferDesc, pBuffers, 8),
        SIZE(CredHandle, 16),
        SIZE(CtxtHandle, 16),
        AT(SecHandle, dwLower, 0),
        AT(SecHandle, dwUpper, 8),
        AT(TimeStamp, LowPart, 0),
        AT(TimeStamp, HighPart, 4),
        SIZE(SecPkgInfoA, 32),
        AT(SecPkgInfoA, cbMaxToken, 8),
        AT(SecPkgInfoA, Name, 16),
        SIZE(SCHANNEL_CRED, 80),
        AT(SCHANNEL_CRED, paCred, 8),
        AT(SCHANNEL_CRED, hRootStore, 16),
        AT(SCHANNEL_CRED, palgSupportedAlgs, 48),
        AT(SCHANNEL_CRED, grbitEnabledProtocols, 56),
        AT(SCHANNEL_CRED, dwFlags, 72),
        AT(SCHANNEL_CRED, dwCredFormat, 76),
        SIZE(SCH_CREDENTIALS, 72),
        AT(SCH_CREDENTIALS, dwCredFormat, 4),
        AT(SCH_CREDENTIALS, paCred, 16),
        AT(SCH_CREDENTIALS, dwFlags, 52),
        AT(SCH_CREDENTIALS, pTlsParameters, 64),
        SIZE(TLS_PARAMETERS, 40),
        AT(TLS_PARAMETERS, grbitDisabledProtocols, 16),
        AT(TLS_PARAMETERS, pDisabledCrypto, 24),
        SIZE(CRYPTO_SETTINGS, 48),
        AT(CRYPTO_SETTINGS, strCngAlgId, 8),
        AT(CRYPTO_SETTINGS, dwMinBitLength, 40),
        SIZE(SCHANNEL_ALERT_TOKEN, 12),
        SIZE(SCHANNEL_SESSION_TOKEN, 8),
        SIZE(SecPkgContext_StreamSizes, 20),
        SIZE(SecPkgContext_ConnectionInfo, 28),
        SIZE(SecPkgContext_ApplicationProtocol, 264),
        AT(SecPkgContext_ApplicationProtocol, ProtocolId, 9),
        SIZE(SecPkgContext_Bindings, 16),
        SIZE(SEC_CHANNEL_BINDINGS, 32),
        SIZE(CERT_CONTEXT, 40),
        AT(CERT_CONTEXT, pbCertEncoded, 8),
        AT(CERT_CONTEXT, pCertInfo, 24),
        AT(CERT_CONTEXT, hCertStore, 32),
        SIZE(CERT_CHAIN_PARA, 32),
        SIZE(UNICODE_STRING, 16),
    };

    (void)state;
    check_figures(rows);
}

static void structs_with_wchar_arrays_have_both_sizes_1_1(void **state)
{
    static const struct figure rows[] = {
        SIZE(SecPkgContext_CipherInfo, NARROW_OR_WIDE(680, 1320)),
        SIZE(SecPkgContext_ConnectionInfoEx, NARROW_OR_WIDE(404, 788)),
        SIZE(SEC_TRAFFIC_SECRETS, NARROW_OR_WIDE(400, 784)),
        SIZE(SCHANNEL_CERT_HASH_STORE, NARROW_OR_WIDE(296, 552)),
    };

    (void)state;
    check_figures(rows);
}

/* The offsets of 4.5; both tables have one order. */
#define TABLE_ROWS(X)                                              \
    {"size", 256, sizeof(SecurityFunctionTable##X)},               \
    AT(SecurityFunctionTable##X, dwVersion, 0),                    \
    AT(SecurityFunctionTable##X, EnumerateSecurityPackages##X, 8), \
    AT(SecurityFunctionTable##X, QueryCredentialsAttributes##X, 16), \
    AT(SecurityFunctionTable##X, AcquireCredentialsHandle##X, 24), \
    AT(SecurityFunctionTable##X, FreeCredentialsHandle, 32),       \
    AT(SecurityFunctionTable##X, FreeCredentialHandle, 32),        \
    AT(SecurityFunctionTable##X, Reserved2, 40),                   \
    AT(SecurityFunctionTable##X, InitializeSecurityContext##X, 48), \
    AT(SecurityFunctionTable##X, AcceptSecurityContext, 56),       \
    AT(SecurityFunctionTable##X, CompleteAuthToken, 64),           \
    AT(SecurityFunctionTable##X, DeleteSecurityContext, 72),       \
    AT(SecurityFunctionTable##X, ApplyControlToken, 80),           \
    AT(SecurityFunctionTable##X, QueryContextAttributes##X, 88),   \
    AT(SecurityFunctionTable##X, ImpersonateSecurityContext, 96),  \
    AT(SecurityFunctionTable##X, RevertSecurityContext, 104),      \
    AT(SecurityFunctionTable##X, MakeSignature, 112),              \
    AT(SecurityFunctionTable##X, VerifySignature, 120),            \
    AT(SecurityFunctionTable##X, FreeContextBuffer, 128),          \
    AT(SecurityFunctionTable##X, QuerySecurityPackageInfo##X, 136), \
    AT(SecurityFunctionTable##X, Reserved3, 144),                  \
    AT(SecurityFunctionTable##X, Reserved4, 152),                  \
    AT(SecurityFunctionTable##X, ExportSecurityContext, 160),      \
    AT(SecurityFunctionTable##X, ImportSecurityContext##X, 168),   \
    AT(SecurityFunctionTable##X, AddCredentials##X, 176),          \
    AT(SecurityFunctionTable##X, Reserved8, 184),                  \
    AT(SecurityFunctionTable##X, QuerySecurityContextToken, 192),  \
    AT(SecurityFunctionTable##X, EncryptMessage, 200),             \
    AT(SecurityFunctionTable##X, DecryptMessage, 208),             \
    AT(SecurityFunctionTable##X, SetContextAttributes##X, 216),    \
    AT(SecurityFunctionTable##X, SetCredentialsAttributes##X, 224), \
    AT(SecurityFunctionTable##X, ChangeAccountPassword##X, 232),   \
    AT(SecurityFunctionTable##X, QueryContextAttributesEx##X, 240), \
    AT(SecurityFunctionTable##X, QueryCredentialsAttributesEx##X, 248)

static void function_tables_have_the_order_of_4_5(void **state)
{
    static const struct figure rows[] = {TABLE_ROWS(A), TABLE_ROWS(W)};

    (void)state;
    check_figures(rows);
}

static void statuses_have_the_sign_that_tells_failure_1_3(void **state)
{
    (void)state;
    assert_int_equal(SEC_E_OK, 0);
    assert_true(FAILED(SEC_E_INCOMPLETE_MESSAGE));
    assert_true(FAILED(SEC_E_INVALID_TOKEN));
    assert_false(FAILED(SEC_I_RENEGOTIATE));
    assert_true(SUCCEEDED(SEC_I_CONTINUE_NEEDED));
    assert_true(SEC_SUCCESS(SEC_I_CONTEXT_EXPIRED));
    assert_int_equal((uint32_t)SEC_E_INCOMPLETE_MESSAGE, 0x80090318);
    assert_int_equal((uint32_t)SEC_E_CONTEXT_EXPIRED, 0x80090317);
    assert_int_equal((uint32_t)SEC_I_CONTEXT_EXPIRED, 0x00090317);
    assert_int_equal(SEC_E_NOT_SUPPORTED, SEC_E_UNSUPPORTED_FUNCTION);
}

static void a_buffer_initialised_by_position_is_right_1_7(void **state)
{
    char text[4] = "abc";
    SecBuffer buf = {3, SECBUFFER_DATA, text};
    SecBufferDesc desc = {SECBUFFER_VERSION, 1, &buf};

    (void)state;
    assert_int_equal(buf.cbBuffer, 3);
    assert_int_equal(buf.BufferType, 1);
    assert_ptr_equal(buf.pvBuffer, text);
    assert_int_equal(desc.ulVersion, 0);
    assert_int_equal(desc.cBuffers, 1);
    assert_ptr_equal(desc.pBuffers, &buf);
}

static void invalid_handles_are_two_words_of_ones_2_1(void **state)
{
    SecHandle handle = {1, 2};

    (void)state;
    assert_true(SecIsValidHandle(&handle));
    SecInvalidateHandle(&handle);
    assert_false(SecIsValidHandle(&handle));
    assert_int_equal(handle.dwLower, UINTPTR_MAX);
    assert_int_equal(handle.dwUpper, UINTPTR_MAX);
    assert_int_equal(SEC_DELETED_HANDLE, UINTPTR_MAX - 1);
}

/* 1 when the preprocessor knows the name, so that #ifndef sees it. */
static void names_that_clients_test_for_are_macros_1_7(void **state)
{
    const char *missing = "";

    (void)state;
#ifndef SECBUFFER_ALERT
    missing = "SECBUFFER_ALERT";
#endif
#ifndef SECBUFFER_APPLICATION_PROTOCOLS
    missing = "SECBUFFER_APPLICATION_PROTOCOLS";
#endif
#if !defined(SP_PROT_TLS1_0_CLIENT) || !defined(SP_PROT_TLS1_1_CLIENT) || \
    !defined(SP_PROT_TLS1_2_CLIENT) || !defined(SP_PROT_TLS1_3_CLIENT)
    missing = "SP_PROT_TLS1_x_CLIENT";
#endif
#ifndef SCH_USE_STRONG_CRYPTO
    missing = "SCH_USE_STRONG_CRYPTO";
#endif
#ifndef SEC_E_APPLICATION_PROTOCOL_MISMATCH
    missing = "SEC_E_APPLICATION_PROTOCOL_MISMATCH";
#endif
#ifndef SCH_CREDENTIALS_VERSION
    missing = "SCH_CREDENTIALS_VERSION";
#endif
    assert_string_equal(missing, "");
}

static void names_of_packages_are_texts_of_the_right_kind_4_4(void **state)
{
    (void)state;
    assert_string_equal(UNISP_NAME_A,
                        "Microsoft Unified Security Protocol Provider");
    assert_string_equal(SCHANNEL_NAME, "Schannel");
    assert_memory_equal(SCHANNEL_NAME_W, L"Schannel", 9 * sizeof(WCHAR));
    assert_int_equal(sizeof UNISP_NAME_W, sizeof UNISP_NAME * sizeof(WCHAR));
    assert_int_equal(sizeof(TCHAR), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(basic_types_have_the_sizes_of_windows_1_1),
        cmocka_unit_test(structs_have_the_layout_of_windows_1_2),
        cmocka_unit_test(structs_with_wchar_arrays_have_both_sizes_1_1),
        cmocka_unit_test(function_tables_have_the_order_of_4_5),
        cmocka_unit_test(statuses_have_the_sign_that_tells_failure_1_3),
        cmocka_unit_test(a_buffer_initialised_by_position_is_right_1_7),
        cmocka_unit_test(invalid_handles_are_two_words_of_ones_2_1),
        cmocka_unit_test(names_that_clients_test_for_are_macros_1_7),
        cmocka_unit_test(names_of_packages_are_texts_of_the_right_kind_4_4),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
