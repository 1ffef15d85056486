/*
 * Contract section 18, cases A: AcquireCredentialsHandle and what a
 * credential answers. The rules are sections 4.4, 5.1 to 5.7.
 */

#define SCHANNEL_USE_BLACKLISTS

#include "test/contract/support_ends.h"

#include <stdio.h>

static char unisp[] = UNISP_NAME_A;

static SECURITY_STATUS get(ULONG use, void *auth, CredHandle *h)
{
    return AcquireCredentialsHandleA(NULL, unisp, use, NULL, auth, NULL, NULL,
                                     h, NULL);
}

static SCHANNEL_CRED cred4(DWORD bits)
{
    SCHANNEL_CRED c;

    memset(&c, 0, sizeof c);
    c.dwVersion = SCHANNEL_CRED_VERSION;
    c.grbitEnabledProtocols = bits;
    return c;
}

static DWORD protocols_of(CredHandle *h)
{
    SecPkgCred_SupportedProtocols p = { 0 };

    assert_status(QueryCredentialsAttributesA(
                      h, SECPKG_ATTR_SUPPORTED_PROTOCOLS, &p),
                  SEC_E_OK);
    return p.grbitProtocol;
}

static void a1_no_package_name_is_no_package(void **state)
{
    (void)state;
    assert_status(AcquireCredentialsHandleA(NULL, NULL, 0, NULL, NULL, NULL,
                                            NULL, NULL, NULL),
                  SEC_E_SECPKG_NOT_FOUND);
}

static void a2_a_handle_serves_one_side_and_a_server_needs_data(void **state)
{
    CredHandle h;

    (void)state;
    assert_status(get(0, NULL, &h), SEC_E_NO_CREDENTIALS);
    assert_status(get(SECPKG_CRED_BOTH, NULL, &h), SEC_E_NO_CREDENTIALS);
    assert_status(get(SECPKG_CRED_INBOUND, NULL, &h), SEC_E_NO_CREDENTIALS);
}

static void a3_a_client_without_data_has_the_defaults(void **state)
{
    SecPkgCredentials_NamesA names;
    CredHandle h;

    (void)state;
    assert_status(get(SECPKG_CRED_OUTBOUND, NULL, &h), SEC_E_OK);
    assert_int_equal(protocols_of(&h), 0x800);
    assert_status(QueryCredentialsAttributesA(
                      &h, SECPKG_ATTR_SUPPORTED_PROTOCOLS, NULL),
                  SEC_E_INTERNAL_ERROR);
    assert_status(QueryCredentialsAttributesA(&h, SECPKG_CRED_ATTR_NAMES,
                                              &names),
                  SEC_E_NO_CREDENTIALS);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
}

static void a4_protocol_bits_must_be_of_the_direction(void **state)
{
    SCHANNEL_CRED server = cred4(SP_PROT_TLS1_X_SERVER);
    SCHANNEL_CRED client = cred4(SP_PROT_TLS1_X_CLIENT);
    CredHandle h;

    (void)state;
    assert_status(get(SECPKG_CRED_OUTBOUND, &server, &h),
                  SEC_E_ALGORITHM_MISMATCH);
    assert_status(get(SECPKG_CRED_INBOUND, &client, &h),
                  SEC_E_ALGORITHM_MISMATCH);
    assert_status(get(SECPKG_CRED_OUTBOUND, &client, &h), SEC_E_OK);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
    assert_status(get(SECPKG_CRED_INBOUND, &server, &h), SEC_E_OK);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
}

static void a5_versions_4_and_5_are_known(void **state)
{
    static const DWORD bad[] = { 0, 1, 2, 6 };
    SCHANNEL_CRED c = cred4(0);
    SCH_CREDENTIALS five;
    CredHandle h;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        c.dwVersion = bad[i];
        assert_status(get(SECPKG_CRED_OUTBOUND, &c, NULL),
                      SEC_E_UNKNOWN_CREDENTIALS);
        assert_status(get(SECPKG_CRED_INBOUND, &c, NULL),
                      SEC_E_UNKNOWN_CREDENTIALS);
    }
    c.dwVersion = 4;
    assert_status(get(SECPKG_CRED_OUTBOUND, &c, &h), SEC_E_OK);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
    memset(&five, 0, sizeof five);
    five.dwVersion = SCH_CREDENTIALS_VERSION;
    assert_status(get(SECPKG_CRED_OUTBOUND, &five, &h), SEC_E_OK);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
}

/* A certificate that does not parse, in a context built by hand: the library
 * would not make one. */
static BYTE garbage_bytes[] = "this is not a certificate";
static CERT_CONTEXT garbage = { X509_ASN_ENCODING, garbage_bytes,
                                sizeof garbage_bytes, NULL, NULL };

static SECURITY_STATUS with_certs(ULONG use, DWORD version, DWORD num,
                                  PCCERT_CONTEXT *certs, CredHandle *h)
{
    SCHANNEL_CRED c = cred4(0);

    c.dwVersion = version;
    c.cCreds = num;
    c.paCred = certs;
    return get(use, &c, h);
}

static void a6_certificates_must_parse_and_have_a_key(void **state)
{
    PCCERT_CONTEXT k = load_cert("server-rsa2048", NULL);
    PCCERT_CONTEXT bare = CertCreateCertificateContext(
        X509_ASN_ENCODING, k->pbCertEncoded, k->cbCertEncoded);
    CERT_CONTEXT by_hand = { X509_ASN_ENCODING, k->pbCertEncoded,
                             k->cbCertEncoded, NULL, NULL };
    PCCERT_CONTEXT one[1];
    CredHandle h;

    (void)state;
    assert_non_null(bare);
    one[0] = &garbage;
    assert_status(with_certs(SECPKG_CRED_OUTBOUND, 4, 1, one, &h),
                  SEC_E_UNKNOWN_CREDENTIALS);
    one[0] = bare;
    assert_status(with_certs(SECPKG_CRED_OUTBOUND, 4, 1, one, &h),
                  SEC_E_NO_CREDENTIALS);
    one[0] = &by_hand;
    assert_status(with_certs(SECPKG_CRED_INBOUND, 4, 1, one, &h),
                  SEC_E_NO_CREDENTIALS);
    one[0] = k;
    assert_status(with_certs(SECPKG_CRED_INBOUND, 4, 1, one, &h), SEC_E_OK);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
    assert_status(with_certs(SECPKG_CRED_OUTBOUND, 4, 1, one, &h), SEC_E_OK);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
    assert_status(with_certs(SECPKG_CRED_OUTBOUND, 4, 101, one, &h),
                  SEC_E_UNKNOWN_CREDENTIALS);
    assert_true(CertFreeCertificateContext(bare));
    assert_true(CertFreeCertificateContext(k));
}

static void a7_version_3_is_refused_as_windows_10_does(void **state)
{
    PCCERT_CONTEXT k = load_cert("server-rsa2048", NULL);
    CredHandle h;

    (void)state;
    assert_status(with_certs(SECPKG_CRED_OUTBOUND, 3, 1, &k, &h),
                  SEC_E_INSUFFICIENT_MEMORY);
    assert_status(with_certs(SECPKG_CRED_INBOUND, 3, 1, &k, &h),
                  SEC_E_INSUFFICIENT_MEMORY);
    assert_true(CertFreeCertificateContext(k));
}

static void a8_dtls_and_ssl2_bits_are_a_mismatch(void **state)
{
    static const DWORD bits[] = { 0x20000, 0x20000 + 0x80, 0x20000 + 0x40,
                                  0x20000 + 0x10, 0x8 };
    CredHandle h;

    (void)state;
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        SCHANNEL_CRED c = cred4(bits[i]);

        assert_status(get(SECPKG_CRED_OUTBOUND, &c, &h),
                      SEC_E_ALGORITHM_MISMATCH);
    }
}

static void a9_one_bad_certificate_spoils_the_list(void **state)
{
    static const ULONG uses[] = { SECPKG_CRED_OUTBOUND, SECPKG_CRED_INBOUND };
    PCCERT_CONTEXT k = load_cert("server-rsa2048", NULL);
    PCCERT_CONTEXT first[2] = { &garbage, k };
    PCCERT_CONTEXT last[2] = { k, &garbage };
    CredHandle h;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_status(with_certs(uses[i], 4, 2, first, &h),
                      SEC_E_UNKNOWN_CREDENTIALS);
        assert_status(with_certs(uses[i], 4, 2, last, &h),
                      SEC_E_UNKNOWN_CREDENTIALS);
    }
    assert_true(CertFreeCertificateContext(k));
}

static void a10_package_names_have_no_case(void **state)
{
    static const struct {
        const char *a;
        const wchar_t *w;
        SECURITY_STATUS wanted;
    } rows[] = {
        { "Schannel", L"Schannel", SEC_E_OK },
        { "SCHANNEL", L"SCHANNEL", SEC_E_OK },
        { "Default TLS SSP", L"Default TLS SSP", SEC_E_OK },
        { "Negotiate", L"Negotiate", SEC_E_SECPKG_NOT_FOUND },
    };
    CredHandle h;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_status(AcquireCredentialsHandleA(
                          NULL, (SEC_CHAR *)(uintptr_t)rows[i].a,
                          SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL, &h,
                          NULL),
                      rows[i].wanted);
        if (rows[i].wanted == SEC_E_OK) {
            assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
        }
        assert_status(AcquireCredentialsHandleW(
                          NULL, (SEC_WCHAR *)(uintptr_t)rows[i].w,
                          SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL, &h,
                          NULL),
                      rows[i].wanted);
        if (rows[i].wanted == SEC_E_OK) {
            assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
        }
    }
}

/* The rows with TLS 1.0 and SSL 3.0 bits are in test_old_versions.c. */
static void a11_both_directions_bits_leave_one_and_0_is_the_default(
    void **state)
{
    static const DWORD bits[] = { 0xC00, 0 };
    CredHandle h;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        SCHANNEL_CRED c = cred4(bits[i]);

        assert_status(get(SECPKG_CRED_OUTBOUND, &c, &h), SEC_E_OK);
        assert_int_equal(protocols_of(&h), 0x800);
        assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
    }
}

static void a12_disabled_protocols_only_take_away(void **state)
{
    static const DWORD off[] = { 0, ~(DWORD)0x800, ~(DWORD)0xA80 };
    SCH_CREDENTIALS c;
    TLS_PARAMETERS t;
    CredHandle h;

    (void)state;
    memset(&c, 0, sizeof c);
    memset(&t, 0, sizeof t);
    c.dwVersion = SCH_CREDENTIALS_VERSION;
    c.cTlsParameters = 1;
    c.pTlsParameters = &t;
    for (size_t i = 0; i < 3; i++) {
        t.grbitDisabledProtocols = off[i];
        assert_status(get(SECPKG_CRED_OUTBOUND, &c, &h), SEC_E_OK);
        assert_int_equal(protocols_of(&h), 0x800);
        assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
    }
    t.grbitDisabledProtocols = 0x800;
    assert_status(get(SECPKG_CRED_OUTBOUND, &c, &h),
                  SEC_E_ALGORITHM_MISMATCH);
}

static void a13_pointers_without_a_count_are_not_read(void **state)
{
    SCHANNEL_CRED c = cred4(0);
    CredHandle h;

    (void)state;
    c.cMappers = 7;
    c.aphMappers = (struct _HMAPPER **)(uintptr_t)1;
    c.palgSupportedAlgs = (ALG_ID *)(uintptr_t)1;
    assert_status(get(SECPKG_CRED_OUTBOUND, &c, &h), SEC_E_OK);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
}

static void a14_the_credential_keeps_what_it_needs(void **state)
{
    static struct end c, s;
    PCCERT_CONTEXT k[1] = { load_cert("server-rsa2048", NULL) };
    SCHANNEL_CRED cred = cred4(0);

    (void)state;
    usual_pair(&c, &s);
    assert_status(FreeCredentialsHandle(&s.cred), SEC_E_OK);
    cred.cCreds = 1;
    cred.paCred = k;
    assert_status(acquire_with(&s, true, &cred), SEC_E_OK);
    assert_true(CertFreeCertificateContext(k[0]));
    memset(k, 0xFF, sizeof k);
    memset(&cred, 0xFF, sizeof cred);
    connect_pair(&c, &s);
    data_flows(&c, &s);
    clear_pair(&c, &s);
}

static void a15_freeing_handles_good_and_bad(void **state)
{
    static struct end c, s;
    static uint8_t record[ROOM];
    CredHandle zero = { 0, 0 }, none;
    size_t len;

    (void)state;
    SecInvalidateHandle(&none);
    assert_status(FreeCredentialsHandle(NULL), SEC_E_INVALID_HANDLE);
    assert_status(FreeCredentialsHandle(&zero), SEC_E_INVALID_HANDLE);
    assert_status(FreeCredentialsHandle(&none), SEC_E_INVALID_HANDLE);
    usual_pair(&c, &s);
    connect_pair(&c, &s);
    assert_status(FreeCredentialsHandle(&c.cred), SEC_E_OK);
    assert_status(FreeCredentialsHandle(&c.cred), SEC_E_INVALID_HANDLE);
    c.has_cred = false;
    assert_status(encrypt(&c, "x", 1, record, &len), SEC_E_OK);
    clear_pair(&c, &s);
}

static void a16_strengths_are_never_zero(void **state)
{
    SecPkgCred_CipherStrengths s = { 0xFFFFFFFF, 0xFFFFFFFF };
    SCHANNEL_CRED c = cred4(0);
    CredHandle h;

    (void)state;
    assert_status(get(SECPKG_CRED_INBOUND, &c, &h), SEC_E_OK);
    assert_status(QueryCredentialsAttributesA(&h, SECPKG_ATTR_CIPHER_STRENGTHS,
                                              &s),
                  SEC_E_OK);
    assert_int_equal(s.dwMinimumCipherStrength, 40);
    assert_int_equal(s.dwMaximumCipherStrength, 256);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
}

/* The rows with -1 are in test_old_versions.c. */
static void a17_strengths_narrow_the_offer(void **state)
{
    static struct end c;
    static struct reply r;
    SCHANNEL_CRED cred = cred4(0);
    CredHandle h;
    size_t weak = 0, strong = 0;

    (void)state;
    cred.dwMinimumCipherStrength = 256;
    memset(&c, 0, sizeof c);
    assert_status(acquire_with(&c, false, &cred), SEC_E_OK);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
    for (DWORD i = 0;; i++) {
        TCH_SUITE_INFO info;

        if (TchSuiteList(i, NULL, &info) != SEC_E_OK) {
            break;
        }
        if (hello_has_suite(r.token, r.token_len, info.wCode)) {
            weak += info.wCipherBits < 256;
            strong += info.wCipherBits == 256;
        }
    }
    assert_int_equal(weak, 0);
    assert_true(strong > 0);
    end_clear(&c);
    cred.dwMinimumCipherStrength = 300;
    assert_status(get(SECPKG_CRED_OUTBOUND, &cred, &h),
                  SEC_E_ALGORITHM_MISMATCH);
}

static void a18_supported_algs_are_one_block(void **state)
{
    SecPkgCred_SupportedAlgs algs = { 0, NULL };
    CredHandle h;
    BYTE some[64];

    (void)state;
    assert_status(get(SECPKG_CRED_OUTBOUND, NULL, &h), SEC_E_OK);
    assert_status(QueryCredentialsAttributesA(&h, SECPKG_ATTR_SUPPORTED_ALGS,
                                              &algs),
                  SEC_E_OK);
    assert_true(algs.cSupportedAlgs > 0);
    assert_status(FreeContextBuffer(algs.palgSupportedAlgs), SEC_E_OK);
    assert_status(QueryCredentialsAttributesA(&h, SECPKG_ATTR_SUPPORTED_ALGS,
                                              NULL),
                  SEC_E_INTERNAL_ERROR);
    assert_status(QueryCredentialsAttributesA(&h, 0x99, some),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(FreeCredentialsHandle(&h), SEC_E_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a1_no_package_name_is_no_package),
        cmocka_unit_test(a2_a_handle_serves_one_side_and_a_server_needs_data),
        cmocka_unit_test(a3_a_client_without_data_has_the_defaults),
        cmocka_unit_test(a4_protocol_bits_must_be_of_the_direction),
        cmocka_unit_test(a5_versions_4_and_5_are_known),
        cmocka_unit_test(a6_certificates_must_parse_and_have_a_key),
        cmocka_unit_test(a7_version_3_is_refused_as_windows_10_does),
        cmocka_unit_test(a8_dtls_and_ssl2_bits_are_a_mismatch),
        cmocka_unit_test(a9_one_bad_certificate_spoils_the_list),
        cmocka_unit_test(a10_package_names_have_no_case),
        cmocka_unit_test(
            a11_both_directions_bits_leave_one_and_0_is_the_default),
        cmocka_unit_test(a12_disabled_protocols_only_take_away),
        cmocka_unit_test(a13_pointers_without_a_count_are_not_read),
        cmocka_unit_test(a14_the_credential_keeps_what_it_needs),
        cmocka_unit_test(a15_freeing_handles_good_and_bad),
        cmocka_unit_test(a16_strengths_are_never_zero),
        cmocka_unit_test(a17_strengths_narrow_the_offer),
        cmocka_unit_test(a18_supported_algs_are_one_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
