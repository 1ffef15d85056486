/*
 * test_wide16.c - a program with a 2-byte wchar_t (contract 1.1); compiled
 * with -fshort-wchar, so that every W name here is the second one
 *
 * Contract case: F4 for that width, over TLS 1.2.
 */

#define SCHANNEL_USE_BLACKLISTS

#include "test/unit/sspi/support_cred.h"

_Static_assert(sizeof(WCHAR) == 2, "compile with -fshort-wchar");

/* The C library's functions have the other width. */
static bool same(const WCHAR *a, const WCHAR *b)
{
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static CredHandle client_w(void *auth)
{
    WCHAR package[] = L"Schannel";
    CredHandle h;

    assert_int_equal(AcquireCredentialsHandleW(NULL, package,
                                               SECPKG_CRED_OUTBOUND, NULL,
                                               auth, NULL, NULL, &h, NULL),
                     SEC_E_OK);
    return h;
}

static void packages_have_narrow_names(void **state)
{
    PSecPkgInfoW list;
    ULONG num;
    bool found = false;
    WCHAR name[] = L"schannel", bad[] = L"Negotiate", lone[] = { 0xD800, 0 };

    (void)state;
    assert_int_equal(EnumerateSecurityPackagesW(&num, &list), SEC_E_OK);
    for (ULONG i = 0; i < num; i++) {
        found |= same(list[i].Name, UNISP_NAME_W);
    }
    assert_true(found);
    assert_int_equal(FreeContextBuffer(list), SEC_E_OK);
    assert_int_equal(QuerySecurityPackageInfoW(name, &list), SEC_E_OK);
    assert_int_equal(FreeContextBuffer(list), SEC_E_OK);
    assert_int_equal(QuerySecurityPackageInfoW(bad, &list),
                     SEC_E_SECPKG_NOT_FOUND);
    assert_int_equal(QuerySecurityPackageInfoW(lone, &list),
                     SEC_E_INVALID_PARAMETER);
}

/* The counted texts of SCH_CREDENTIALS have the program's units, also for
 * the A function. */
static void crypto_settings_have_narrow_texts(void **state)
{
    WCHAR aes[] = L"AES", gcm[] = L"ChainingModeGCM";
    UNICODE_STRING mode = { sizeof gcm - 2, sizeof gcm, gcm };
    CRYPTO_SETTINGS off;
    TLS_PARAMETERS t;
    SCH_CREDENTIALS c;
    char package[] = UNISP_NAME_A;

    (void)state;
    for (int ansi = 0; ansi < 2; ansi++) {
        SecPkgCred_SupportedAlgs algs;
        CredHandle h;
        bool has_aes_128 = false;

        memset(&off, 0, sizeof off);
        memset(&t, 0, sizeof t);
        memset(&c, 0, sizeof c);
        off.eAlgorithmUsage = TlsParametersCngAlgUsageCipher;
        off.strCngAlgId = (UNICODE_STRING){ sizeof aes - 2, sizeof aes, aes };
        off.dwMaxBitLength = 128; /* AES-128 goes */
        t.cDisabledCrypto = 1;
        t.pDisabledCrypto = &off;
        c.dwVersion = SCH_CREDENTIALS_VERSION;
        c.cTlsParameters = 1;
        c.pTlsParameters = &t;
        if (ansi) {
            assert_int_equal(AcquireCredentialsHandleA(
                                 NULL, package, SECPKG_CRED_OUTBOUND, NULL,
                                 &c, NULL, NULL, &h, NULL),
                             SEC_E_OK);
        } else {
            h = client_w(&c);
        }
        assert_int_equal(QueryCredentialsAttributesW(
                             &h, SECPKG_ATTR_SUPPORTED_ALGS, &algs),
                         SEC_E_OK);
        for (DWORD i = 0; i < algs.cSupportedAlgs; i++) {
            has_aes_128 |= algs.palgSupportedAlgs[i] == CALG_AES_128;
        }
        assert_false(has_aes_128);
        assert_int_equal(FreeContextBuffer(algs.palgSupportedAlgs), SEC_E_OK);
        assert_int_equal(FreeCredentialsHandle(&h), SEC_E_OK);
        off.cChainingModes = 1;
        off.rgstrChainingModes = &mode;
        h = client_w(&c);
        assert_int_equal(FreeCredentialsHandle(&h), SEC_E_OK);
    }
}

static void target_names_are_read(void **state)
{
    WCHAR name[] = L"example.org.";
    CredHandle cred = client_w(NULL);
    SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = { 0, 1, &out };
    CtxtHandle c;
    PBYTE sni;
    DWORD len;

    (void)state;
    assert_int_equal(InitializeSecurityContextW(
                         &cred, NULL, name, ISC_REQ_ALLOCATE_MEMORY, 0, 0,
                         NULL, 0, &c, &desc, NULL, NULL),
                     SEC_I_CONTINUE_NEEDED);
    assert_int_equal(SslGetServerIdentity(out.pvBuffer, out.cbBuffer, &sni,
                                          &len, 0),
                     SEC_E_OK);
    assert_int_equal(len, 11);
    assert_memory_equal(sni, "example.org", 11);
    assert_int_equal(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
    assert_int_equal(DeleteSecurityContext(&c), SEC_E_OK);
    assert_int_equal(FreeCredentialsHandle(&cred), SEC_E_OK);
    assert_false(SslEmptyCacheW(name, 0));
}

/* 680 and 404 bytes here (1.1): nothing behind them is written, by A or W. */
static void f4_structs_with_names_have_the_windows_size(void **state)
{
    struct {
        SecPkgContext_CipherInfo info;
        uint8_t guard[1024];
    } i;
    struct {
        SecPkgContext_ConnectionInfoEx info;
        uint8_t guard[1024];
    } x;
    PCCERT_CONTEXT k = cert_with_key("server-rsa2048", "server-rsa2048");
    CredHandle client = cred_of(false, NULL, SCH_CRED_MANUAL_CRED_VALIDATION);
    CredHandle server = cred_of(true, k, 0);
    TCH_SSPI_OPTIONS o;
    CtxtHandle c, s;

    (void)state;
    CertFreeCertificateContext(k);
    assert_int_equal(sizeof i.info, 680);
    assert_int_equal(sizeof x.info, 404);
    memset(&o, 0, sizeof o);
    o.cbSize = sizeof o;
    o.pszSuites = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    assert_int_equal(TchSetCredentialOptions(&client, &o), SEC_E_OK);
    open_pair(&client, &server, &c, &s);
    for (int ansi = 0; ansi < 2; ansi++) {
        memset(&i, 0xEE, sizeof i);
        memset(&x, 0xEE, sizeof x);
        i.info.dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
        assert_int_equal(
            ansi ? QueryContextAttributesA(&c, SECPKG_ATTR_CIPHER_INFO, &i)
                 : QueryContextAttributesW(&c, SECPKG_ATTR_CIPHER_INFO, &i),
            SEC_E_OK);
        assert_int_equal(
            ansi ? QueryContextAttributesExA(
                       &c, SECPKG_ATTR_CONNECTION_INFO_EX, &x, sizeof x.info)
                 : QueryContextAttributesExW(
                       &c, SECPKG_ATTR_CONNECTION_INFO_EX, &x,
                       sizeof x.info),
            SEC_E_OK);
        for (size_t j = 0; j < sizeof i.guard; j++) {
            assert_int_equal(i.guard[j], 0xEE);
            assert_int_equal(x.guard[j], 0xEE);
        }
        assert_int_equal(i.info.dwProtocol, 0x0303);
        assert_int_equal(i.info.dwCipherSuite, 0xC030);
        assert_true(same(i.info.szCipherSuite,
                         L"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
        assert_true(same(i.info.szCipher, L"AES"));
        assert_int_equal(i.info.dwCipherLen, 256);
        assert_true(same(i.info.szHash, L""));
        assert_true(same(i.info.szExchange, L"ECDH"));
        assert_true(same(i.info.szCertificate, L"RSA"));
        assert_true(same(x.info.szCipher, L"AES"));
    }
    assert_int_equal(DeleteSecurityContext(&c), SEC_E_OK);
    assert_int_equal(DeleteSecurityContext(&s), SEC_E_OK);
    assert_int_equal(FreeCredentialsHandle(&client), SEC_E_OK);
    assert_int_equal(FreeCredentialsHandle(&server), SEC_E_OK);
}

static void the_tables_lead_to_the_second_names(void **state)
{
    PSecurityFunctionTableA a = InitSecurityInterfaceA();
    PSecurityFunctionTableW w = InitSecurityInterfaceW();

    (void)state;
    assert_int_equal(a->dwVersion, 4);
    assert_true(a->QueryContextAttributesA == QueryContextAttributesA);
    assert_true(a->AcquireCredentialsHandleA == AcquireCredentialsHandleA);
    assert_true(w->InitializeSecurityContextW == InitializeSecurityContextW);
    assert_true(w->QueryContextAttributesW == QueryContextAttributesW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packages_have_narrow_names),
        cmocka_unit_test(crypto_settings_have_narrow_texts),
        cmocka_unit_test(target_names_are_read),
        cmocka_unit_test(f4_structs_with_names_have_the_windows_size),
        cmocka_unit_test(the_tables_lead_to_the_second_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
