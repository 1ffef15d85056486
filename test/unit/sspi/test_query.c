/*
 * test_query.c - attributes by phase and by size (contract 11); cases F of
 * test/contract say what they contain
 */

#include "test/unit/sspi/support_cred.h"

static CredHandle client, server;
static CtxtHandle c, s;

static int set_up(void **state)
{
    PCCERT_CONTEXT k = cert_with_key("server-rsa2048", "server-rsa2048");

    (void)state;
    client = cred_of(false, NULL, SCH_CRED_MANUAL_CRED_VALIDATION);
    server = cred_of(true, k, 0);
    CertFreeCertificateContext(k);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    DeleteSecurityContext(&c);
    DeleteSecurityContext(&s);
    FreeCredentialsHandle(&client);
    FreeCredentialsHandle(&server);
    return 0;
}

static void first_call_only(void)
{
    SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = { 0, 1, &out };

    assert_int_equal(InitializeSecurityContextA(
                         &client, NULL, NULL, ISC_REQ_ALLOCATE_MEMORY, 0, 0,
                         NULL, 0, &c, &desc, NULL, NULL),
                     SEC_I_CONTINUE_NEEDED);
    FreeContextBuffer(out.pvBuffer);
}

/* Phase H is answered, the others not yet. */
static void too_early_is_an_invalid_handle(void **state)
{
    static const ULONG later[] = {
        SECPKG_ATTR_SIZES, SECPKG_ATTR_NAMES, SECPKG_ATTR_LIFESPAN,
        SECPKG_ATTR_STREAM_SIZES, SECPKG_ATTR_KEY_INFO,
        SECPKG_ATTR_AUTHORITY, SECPKG_ATTR_PROTO_INFO, SECPKG_ATTR_FLAGS,
        SECPKG_ATTR_UNIQUE_BINDINGS, SECPKG_ATTR_APPLICATION_PROTOCOL,
        SECPKG_ATTR_NEGOTIATED_TLS_EXTENSIONS,
        SECPKG_ATTR_REMOTE_CERT_CONTEXT, SECPKG_ATTR_LOCAL_CERT_CONTEXT,
        SECPKG_ATTR_ISSUER_LIST_EX, SECPKG_ATTR_CONNECTION_INFO,
        SECPKG_ATTR_EAP_KEY_BLOCK, SECPKG_ATTR_SESSION_INFO,
        SECPKG_ATTR_REMOTE_CERTIFICATES, SECPKG_ATTR_CIPHER_INFO,
        SECPKG_ATTR_SUPPORTED_SIGNATURES, SECPKG_ATTR_CONNECTION_INFO_EX,
        TCH_ATTR_CONNECTION,
    };
    static uint8_t room[4096];
    SecPkgContext_PackageInfoA package;
    TchPkgContext_Failure f;

    (void)state;
    first_call_only();
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        assert_int_equal(QueryContextAttributesA(&c, later[i], room),
                         SEC_E_INVALID_HANDLE);
    }
    assert_int_equal(QueryContextAttributesA(&c, SECPKG_ATTR_PACKAGE_INFO,
                                             &package),
                     SEC_E_OK);
    FreeContextBuffer(package.PackageInfo);
    assert_int_equal(QueryContextAttributesA(&c, TCH_ATTR_FAILURE, &f),
                     SEC_E_OK);
    assert_int_equal(f.scStatus, SEC_E_OK);
    assert_true(f.dwAlert == TCH_NO_ALERT);
}

static void what_is_not_answered_is_unsupported(void **state)
{
    static const ULONG never[] = {
        SECPKG_ATTR_DCE_INFO, SECPKG_ATTR_PASSWORD_EXPIRY,
        SECPKG_ATTR_SESSION_KEY, SECPKG_ATTR_NEGOTIATION_INFO,
        SECPKG_ATTR_NATIVE_NAMES, SECPKG_ATTR_ACCESS_TOKEN,
        SECPKG_ATTR_TARGET_INFORMATION, SECPKG_ATTR_DTLS_MTU,
        SECPKG_ATTR_ISSUER_LIST, SECPKG_ATTR_REMOTE_CRED,
        SECPKG_ATTR_LOCAL_CRED, SECPKG_ATTR_SUPPORTED_ALGS,
        SECPKG_ATTR_CIPHER_STRENGTHS, SECPKG_ATTR_SUPPORTED_PROTOCOLS,
        SECPKG_ATTR_MAPPED_CRED_ATTR, SECPKG_ATTR_UI_INFO,
        SECPKG_ATTR_EARLY_START, SECPKG_ATTR_KEYING_MATERIAL_INFO,
        SECPKG_ATTR_SRTP_PARAMETERS, SECPKG_ATTR_TOKEN_BINDING, 0x99,
        0xFFFFFFFF,
    };
    uint8_t room[512];

    (void)state;
    open_pair(&client, &server, &c, &s);
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        assert_int_equal(QueryContextAttributesA(&c, never[i], room),
                         SEC_E_UNSUPPORTED_FUNCTION);
        assert_int_equal(QueryContextAttributesW(&c, never[i], room),
                         SEC_E_UNSUPPORTED_FUNCTION);
    }
}

static void the_ex_form_checks_sizes_and_null(void **state)
{
    static const struct {
        ULONG attribute;
        ULONG size;
    } rows[] = {
        { SECPKG_ATTR_STREAM_SIZES, sizeof(SecPkgContext_StreamSizes) },
        { SECPKG_ATTR_CONNECTION_INFO, sizeof(SecPkgContext_ConnectionInfo) },
        { SECPKG_ATTR_CIPHER_INFO, sizeof(SecPkgContext_CipherInfo) },
        { SECPKG_ATTR_CONNECTION_INFO_EX,
          sizeof(SecPkgContext_ConnectionInfoEx) },
        { TCH_ATTR_CONNECTION, sizeof(TchPkgContext_Connection) },
        { TCH_ATTR_FAILURE, sizeof(TchPkgContext_Failure) },
    };
    static uint8_t room[4096];

    (void)state;
    open_pair(&client, &server, &c, &s);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(QueryContextAttributesExA(&c, rows[i].attribute, room,
                                                   rows[i].size - 1),
                         SEC_E_BUFFER_TOO_SMALL);
        assert_int_equal(QueryContextAttributesExW(&c, rows[i].attribute, room,
                                                   rows[i].size),
                         SEC_E_OK);
        assert_int_equal(QueryContextAttributesA(&c, rows[i].attribute, NULL),
                         SEC_E_INTERNAL_ERROR);
    }
}

static void labels_are_checked(void **state)
{
    char label[] = "EXPORTER-x";
    SecPkgContext_KeyingMaterialInfo info = { sizeof label, label, 0, NULL,
                                              16 };
    SecPkgContext_KeyingMaterial_Inproc in;
    BYTE context[3] = { 1, 2, 3 };
    BYTE out[16];
    SecPkgContext_KeyingMaterial km;

    (void)state;
    open_pair(&client, &server, &c, &s);
    info.cbLabel = sizeof label - 1; /* no zero among them */
    assert_int_equal(SetContextAttributesA(&c, SECPKG_ATTR_KEYING_MATERIAL_INFO,
                                           &info, sizeof info),
                     SEC_E_INVALID_PARAMETER);
    info.cbLabel = sizeof label;
    info.cbKeyingMaterial = 0;
    assert_int_equal(SetContextAttributesW(&c, SECPKG_ATTR_KEYING_MATERIAL_INFO,
                                           &info, sizeof info),
                     SEC_E_INVALID_PARAMETER);
    info.cbKeyingMaterial = 16;
    info.cbContextValue = 3;
    assert_int_equal(SetContextAttributesA(&c, SECPKG_ATTR_KEYING_MATERIAL_INFO,
                                           &info, sizeof info),
                     SEC_E_INVALID_PARAMETER);
    info.pbContextValue = context;
    assert_int_equal(SetContextAttributesA(&c, SECPKG_ATTR_KEYING_MATERIAL_INFO,
                                           &info, sizeof info - 1),
                     SEC_E_BUFFER_TOO_SMALL);
    assert_int_equal(SetContextAttributesA(&c, SECPKG_ATTR_KEYING_MATERIAL_INFO,
                                           &info, sizeof info),
                     SEC_E_OK);
    assert_int_equal(QueryContextAttributesA(&c, SECPKG_ATTR_KEYING_MATERIAL,
                                             &km),
                     SEC_E_OK);
    /* The same in one call, from the other end. */
    memset(&in, 0, sizeof in);
    in.cbLabel = sizeof label;
    in.pszLabel = label;
    in.cbContextValue = 3;
    in.pbContextValue = context;
    in.cbKeyingMaterial = 16;
    in.pbKeyingMaterial = out;
    assert_int_equal(QueryContextAttributesA(
                         &s, SECPKG_ATTR_KEYING_MATERIAL_INPROC, &in),
                     SEC_E_OK);
    assert_memory_equal(out, km.pbKeyingMaterial, 16);
    FreeContextBuffer(km.pbKeyingMaterial);
    in.pbKeyingMaterial = NULL; /* then it is package memory */
    assert_int_equal(QueryContextAttributesA(
                         &s, SECPKG_ATTR_KEYING_MATERIAL_INPROC, &in),
                     SEC_E_OK);
    assert_memory_equal(out, in.pbKeyingMaterial, 16);
    assert_int_equal(FreeContextBuffer(in.pbKeyingMaterial), SEC_E_OK);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(too_early_is_an_invalid_handle),
        CASE(what_is_not_answered_is_unsupported),
        CASE(the_ex_form_checks_sizes_and_null),
        CASE(labels_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
