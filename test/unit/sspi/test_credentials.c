/*
 * test_credentials.c - pAuthData read and kept (contract 5.1 to 5.5): what the
 * cases A of test/contract do not say
 */

#define SCHANNEL_USE_BLACKLISTS

#include "sspi/cert_info.h"
#include "sspi/cert_store.h"
#include "sspi/credentials.h"
#include "test/unit/sspi/support_cred.h"

static char unisp[] = UNISP_NAME_A;

static SECURITY_STATUS get(ULONG use, void *auth, CredHandle *h)
{
    return AcquireCredentialsHandleA(NULL, unisp, use, NULL, auth, NULL, NULL,
                                     h, NULL);
}

/* Acquires and frees; gives the status. */
static SECURITY_STATUS try_it(ULONG use, void *auth)
{
    CredHandle h;
    SECURITY_STATUS s = get(use, auth, &h);

    if (s == SEC_E_OK) {
        assert_int_equal(FreeCredentialsHandle(&h), SEC_E_OK);
    }
    return s;
}

static SCHANNEL_CRED four(void)
{
    SCHANNEL_CRED c;

    memset(&c, 0, sizeof c);
    c.dwVersion = SCHANNEL_CRED_VERSION;
    return c;
}

static SCH_CREDENTIALS five(TLS_PARAMETERS *t, DWORD num)
{
    SCH_CREDENTIALS c;

    memset(&c, 0, sizeof c);
    c.dwVersion = SCH_CREDENTIALS_VERSION;
    c.cTlsParameters = num;
    c.pTlsParameters = t;
    return c;
}

static void formats_of_kernel_mode_are_unknown_5_2(void **state)
{
    SCHANNEL_CRED c = four();
    SCH_CREDENTIALS d = five(NULL, 0);

    (void)state;
    c.dwCredFormat = SCH_CRED_FORMAT_CERT_HASH;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_UNKNOWN_CREDENTIALS);
    d.dwCredFormat = SCH_CRED_FORMAT_CERT_HASH_STORE;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &d),
                     SEC_E_UNKNOWN_CREDENTIALS);
}

static void algorithms_known_and_unknown_5_2(void **state)
{
    ALG_ID algs[257] = { CALG_AES_256, 0x12345678 };
    SCHANNEL_CRED c = four();

    (void)state;
    c.palgSupportedAlgs = algs;
    c.cSupportedAlgs = 2;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c), SEC_E_OK);
    algs[0] = 0x12345677;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_ALGORITHM_MISMATCH);
    algs[0] = CALG_RC4; /* known, and in no suite of the policy */
    c.cSupportedAlgs = 1;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_ALGORITHM_MISMATCH);
    c.cSupportedAlgs = 257;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_UNKNOWN_CREDENTIALS);
}

static void flags_that_decide_5_4(void **state)
{
    SCHANNEL_CRED c = four();

    (void)state;
    c.dwFlags = SCH_USE_DTLS_ONLY;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_UNSUPPORTED_FUNCTION);
    c.dwFlags = SCH_USE_STRONG_CRYPTO | 0x80000000u | 0x10000000u;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c), SEC_E_OK);
}

static void tls_parameters_have_limits_5_3(void **state)
{
    static TLS_PARAMETERS t[17];
    SCH_CREDENTIALS c = five(t, 17);
    WCHAR h2[] = L"h2";
    UNICODE_STRING id = { sizeof h2 - sizeof h2[0], sizeof h2, h2 };

    (void)state;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    c.cTlsParameters = 2; /* two without ALPN ids */
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    t[0].cAlpnIds = t[1].cAlpnIds = 1;
    t[0].rgstrAlpnIds = t[1].rgstrAlpnIds = &id;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c), SEC_E_OK);
    c.cTlsParameters = 1;
    c.pTlsParameters = NULL;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    c.pTlsParameters = t;
    t[0].cAlpnIds = 17;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    t[0].cAlpnIds = 0;
    t[0].cDisabledCrypto = 17;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    t[0].cDisabledCrypto = 0;
    t[0].pDisabledCrypto = (void *)(uintptr_t)1; /* normal (curl) */
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c), SEC_E_OK);
    t[0].dwFlags = TLS_PARAMS_OPTIONAL; /* servers only */
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    assert_int_equal(try_it(SECPKG_CRED_INBOUND, &c), SEC_E_OK);
}

static void disabled_crypto_is_taken_away_5_3(void **state)
{
    WCHAR aes[] = L"AES", cbc[] = L"ChainingModeCBC", nul[] = L"A\0S";
    UNICODE_STRING mode = { sizeof cbc - sizeof cbc[0], sizeof cbc, cbc };
    CRYPTO_SETTINGS off[2];
    TLS_PARAMETERS t;
    SCH_CREDENTIALS c = five(&t, 1);

    (void)state;
    memset(&t, 0, sizeof t);
    memset(off, 0, sizeof off);
    t.cDisabledCrypto = 1;
    t.pDisabledCrypto = off;
    off[0].eAlgorithmUsage = TlsParametersCngAlgUsageCipher;
    off[0].strCngAlgId =
        (UNICODE_STRING){ sizeof aes - sizeof aes[0], sizeof aes, aes };
    off[0].cChainingModes = 1;
    off[0].rgstrChainingModes = &mode;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c), SEC_E_OK);
    off[0].rgstrChainingModes = NULL;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    off[0].cChainingModes = 17;
    off[0].rgstrChainingModes = &mode;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    off[0].cChainingModes = 0;
    off[0].eAlgorithmUsage = (eTlsAlgorithmUsage)9;
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    off[0].eAlgorithmUsage = TlsParametersCngAlgUsageCipher;
    off[0].strCngAlgId =
        (UNICODE_STRING){ sizeof nul - sizeof nul[0], sizeof nul, nul };
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
    off[0].strCngAlgId = (UNICODE_STRING){ 4, 4, NULL };
    assert_int_equal(try_it(SECPKG_CRED_OUTBOUND, &c),
                     SEC_E_INVALID_PARAMETER);
}

static bool has_pss(CredHandle *h)
{
    struct tch_setup *s = tch_cred_setup(h);
    const uint16_t *codes;
    bool has = false;
    size_t num;

    assert_non_null(s);
    codes = tch_config_schemes(s->config, &num);
    for (size_t i = 0; i < num; i++) {
        has |= codes[i] == 0x0804;
    }
    tch_setup_unref(s);
    return has;
}

static void pss_can_be_switched_off_5_3(void **state)
{
    WCHAR pad[] = L"SCH_RSA_PSS_PAD";
    CRYPTO_SETTINGS off;
    TLS_PARAMETERS t;
    SCH_CREDENTIALS c = five(&t, 1);
    CredHandle h;

    (void)state;
    memset(&t, 0, sizeof t);
    memset(&off, 0, sizeof off);
    off.eAlgorithmUsage = TlsParametersCngAlgUsageCertSig;
    off.strCngAlgId =
        (UNICODE_STRING){ sizeof pad - sizeof pad[0], sizeof pad, pad };
    assert_int_equal(get(SECPKG_CRED_OUTBOUND, &c, &h), SEC_E_OK);
    assert_true(has_pss(&h));
    assert_int_equal(FreeCredentialsHandle(&h), SEC_E_OK);
    t.cDisabledCrypto = 1;
    t.pDisabledCrypto = &off;
    assert_int_equal(get(SECPKG_CRED_OUTBOUND, &c, &h), SEC_E_OK);
    assert_false(has_pss(&h));
    assert_int_equal(FreeCredentialsHandle(&h), SEC_E_OK);
}

static void the_old_names_restrict_the_version_4_4(void **state)
{
    char ssl2[] = SSL2SP_NAME_A, pct[] = PCT1SP_NAME_A;
    CredHandle h;

    (void)state;
    assert_int_equal(AcquireCredentialsHandleA(NULL, ssl2,
                                               SECPKG_CRED_OUTBOUND, NULL,
                                               NULL, NULL, NULL, &h, NULL),
                     SEC_E_SECPKG_NOT_FOUND);
    assert_int_equal(AcquireCredentialsHandleA(NULL, pct, SECPKG_CRED_OUTBOUND,
                                               NULL, NULL, NULL, NULL, &h,
                                               NULL),
                     SEC_E_SECPKG_NOT_FOUND);
}

static void package_names_must_be_text_1_4(void **state)
{
    char bad[] = "Schannel\xFF";
    WCHAR wide[] = { 0x53, 0x110000, 0 };
    CredHandle h;

    (void)state;
    assert_int_equal(AcquireCredentialsHandleA(NULL, bad, SECPKG_CRED_OUTBOUND,
                                               NULL, NULL, NULL, NULL, &h,
                                               NULL),
                     SEC_E_INVALID_PARAMETER);
    assert_int_equal(AcquireCredentialsHandleW(NULL, wide,
                                               SECPKG_CRED_OUTBOUND, NULL,
                                               NULL, NULL, NULL, &h, NULL),
                     SEC_E_INVALID_PARAMETER);
}

static void the_expiry_is_the_certificates_5_1(void **state)
{
    PCCERT_CONTEXT k = cert_with_key("server-rsa2048", "server-rsa2048");
    SCHANNEL_CRED c = four();
    struct tch_cert_facts facts;
    TimeStamp t;
    CredHandle h;

    (void)state;
    assert_int_equal(AcquireCredentialsHandleA(NULL, unisp,
                                               SECPKG_CRED_OUTBOUND, NULL, &c,
                                               NULL, NULL, &h, &t),
                     SEC_E_OK);
    assert_true(t.QuadPart == 0x7FFFFFFFFFFFFFFF);
    assert_int_equal(FreeCredentialsHandle(&h), SEC_E_OK);
    c.cCreds = 1;
    c.paCred = &k;
    assert_int_equal(AcquireCredentialsHandleA(NULL, unisp,
                                               SECPKG_CRED_INBOUND, NULL, &c,
                                               NULL, NULL, &h, &t),
                     SEC_E_OK);
    assert_int_equal(tch_certificate_facts(
                         tch_slice_of(k->pbCertEncoded, k->cbCertEncoded),
                         &facts),
                     TCH_OK);
    assert_true((uint64_t)t.QuadPart == tch_filetime_local(facts.not_after));
    assert_int_equal(FreeCredentialsHandle(&h), SEC_E_OK);
    CertFreeCertificateContext(k);
}

static void no_place_for_the_handle_comes_last_5_1(void **state)
{
    SCHANNEL_CRED c = four();

    (void)state;
    assert_int_equal(get(SECPKG_CRED_OUTBOUND, &c, NULL),
                     SEC_E_INVALID_HANDLE);
    c.grbitEnabledProtocols = 0x20000;
    assert_int_equal(get(SECPKG_CRED_OUTBOUND, &c, NULL),
                     SEC_E_ALGORITHM_MISMATCH);
}

static void sizes_of_the_ex_form_are_checked_5_7(void **state)
{
    CredHandle h = cred_of(false, NULL, 0);
    SecPkgCred_SupportedProtocols p;

    (void)state;
    assert_int_equal(QueryCredentialsAttributesExA(
                         &h, SECPKG_ATTR_SUPPORTED_PROTOCOLS, &p,
                         sizeof p - 1),
                     SEC_E_BUFFER_TOO_SMALL);
    assert_int_equal(QueryCredentialsAttributesExW(
                         &h, SECPKG_ATTR_SUPPORTED_PROTOCOLS, &p, sizeof p),
                     SEC_E_OK);
    assert_int_equal(FreeCredentialsHandle(&h), SEC_E_OK);
    assert_int_equal(QueryCredentialsAttributesA(
                         &h, SECPKG_ATTR_SUPPORTED_PROTOCOLS, &p),
                     SEC_E_INVALID_HANDLE);
}

static void a_root_store_is_kept_open_5_2(void **state)
{
    HCERTSTORE roots = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    SCHANNEL_CRED c = four();
    CredHandle h;
    int no_store = 0;

    (void)state;
    c.hRootStore = roots;
    assert_int_equal(get(SECPKG_CRED_INBOUND, &c, &h), SEC_E_OK);
    assert_true(CertCloseStore(roots, 0));
    assert_non_null(tch_store_of(roots)); /* still there */
    assert_int_equal(FreeCredentialsHandle(&h), SEC_E_OK);
    assert_null(tch_store_of(roots));
    c.hRootStore = &no_store;
    assert_int_equal(try_it(SECPKG_CRED_INBOUND, &c),
                     SEC_E_UNKNOWN_CREDENTIALS);
}

static void bits_and_versions_translate_5_5(void **state)
{
    (void)state;
    assert_int_equal(tch_protocol_bits(TCH_CLIENT, TCH_VERSION_TLS12), 0x800);
    assert_int_equal(tch_protocol_bits(TCH_SERVER, TCH_VERSION_TLS12), 0x400);
    assert_int_equal(tch_protocol_bits(TCH_CLIENT, 15), 0xAA0);
    assert_int_equal(tch_protocol_bits(TCH_SERVER, 15), 0x550);
    assert_int_equal(tch_version_bits(0xC00), TCH_VERSION_TLS12);
    assert_int_equal(tch_version_bits(0x10), TCH_VERSION_SSL3);
    /* PCT, SSL 2.0, TLS 1.3, the unified hello: none. */
    assert_int_equal(tch_version_bits(0xC000300Fu), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_of_kernel_mode_are_unknown_5_2),
        cmocka_unit_test(algorithms_known_and_unknown_5_2),
        cmocka_unit_test(flags_that_decide_5_4),
        cmocka_unit_test(tls_parameters_have_limits_5_3),
        cmocka_unit_test(disabled_crypto_is_taken_away_5_3),
        cmocka_unit_test(pss_can_be_switched_off_5_3),
        cmocka_unit_test(the_old_names_restrict_the_version_4_4),
        cmocka_unit_test(package_names_must_be_text_1_4),
        cmocka_unit_test(the_expiry_is_the_certificates_5_1),
        cmocka_unit_test(no_place_for_the_handle_comes_last_5_1),
        cmocka_unit_test(sizes_of_the_ex_form_are_checked_5_7),
        cmocka_unit_test(a_root_store_is_kept_open_5_2),
        cmocka_unit_test(bits_and_versions_translate_5_5),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
