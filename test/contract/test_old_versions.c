/*
 * Contract section 18, the rows about versions below TLS 1.2 and about NULL
 * suites: A11, A17, B9, C16, D2, D3, E4, F4. The rules are sections 5.5, 8.2,
 * 9.1, 9.4 and 11.
 */

#include "test/contract/support_ends.h"

#include <wchar.h>

#define AES256_SHA "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"

static struct end c, s;
static struct reply r;

/* Both ends with these protocol bits (of both directions) and flags. */
static void versions_pair(DWORD bits, DWORD flags, const char *suites)
{
    PCCERT_CONTEXT k = load_cert("server-rsa2048", NULL);
    SCHANNEL_CRED cred;
    TCH_SSPI_OPTIONS o;

    memset(&c, 0, sizeof c);
    memset(&s, 0, sizeof s);
    memset(&cred, 0, sizeof cred);
    cred.dwVersion = SCHANNEL_CRED_VERSION;
    cred.grbitEnabledProtocols = bits;
    cred.dwFlags = flags | SCH_CRED_MANUAL_CRED_VALIDATION;
    assert_status(acquire_with(&c, false, &cred), SEC_E_OK);
    cred.cCreds = 1;
    cred.paCred = &k;
    assert_status(acquire_with(&s, true, &cred), SEC_E_OK);
    CertFreeCertificateContext(k);
    if (suites != NULL) {
        memset(&o, 0, sizeof o);
        o.pszSuites = suites;
        o.fEncryptThenMac = TCH_OPTION_OFF;
        set_options(&c, &o);
        set_options(&s, &o);
    }
}

static int tear_down(void **state)
{
    (void)state;
    clear_pair(&c, &s);
    return 0;
}

static void a11_bits_name_exactly_the_versions(void **state)
{
    static const DWORD bits[] = { 0x80, 0xA0 };
    SecPkgCred_SupportedProtocols p;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        SCHANNEL_CRED cred;

        memset(&cred, 0, sizeof cred);
        cred.dwVersion = SCHANNEL_CRED_VERSION;
        cred.grbitEnabledProtocols = bits[i];
        assert_status(acquire_with(&c, false, &cred), SEC_E_OK);
        assert_status(QueryCredentialsAttributesA(
                          &c.cred, SECPKG_ATTR_SUPPORTED_PROTOCOLS, &p),
                      SEC_E_OK);
        assert_int_equal(p.grbitProtocol, bits[i]);
        end_clear(&c);
    }
}

/* SSL 3.0 alone under the default policy has no suite (5.5). */
static void ssl3_alone_leaves_no_suite_5_5(void **state)
{
    SCHANNEL_CRED cred;

    (void)state;
    memset(&cred, 0, sizeof cred);
    cred.dwVersion = SCHANNEL_CRED_VERSION;
    cred.grbitEnabledProtocols = SP_PROT_SSL3_CLIENT;
    assert_status(acquire_with(&c, false, &cred), SEC_E_OK);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_ALGORITHM_MISMATCH);
    end_clear(&c);
    cred.dwFlags = SCH_USE_STRONG_CRYPTO;
    assert_status(acquire_with(&c, false, &cred), SEC_E_ALGORITHM_MISMATCH);
}

/* Whether a hello offers NULL suites, and others. */
static void offers(DWORD min, DWORD max, bool *null, bool *other)
{
    SCHANNEL_CRED cred;
    TCH_SUITE_INFO suite;

    memset(&cred, 0, sizeof cred);
    cred.dwVersion = SCHANNEL_CRED_VERSION;
    cred.dwMinimumCipherStrength = min;
    cred.dwMaximumCipherStrength = max;
    assert_status(acquire_with(&c, false, &cred), SEC_E_OK);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
    *null = *other = false;
    for (DWORD i = 0; TchSuiteList(i, NULL, &suite) == SEC_E_OK; i++) {
        if (hello_has_suite(r.token, r.token_len, suite.wCode)) {
            bool is_null = strcmp(suite.pszCipher, "NULL") == 0;

            *null |= is_null;
            *other |= !is_null;
        }
    }
    end_clear(&c);
}

static void a17_minus_one_is_about_null_suites(void **state)
{
    const DWORD all = 0xFFFFFFFF;
    bool null, other;

    (void)state;
    offers(all, all, &null, &other);
    assert_true(null && !other);
    offers(all, 0, &null, &other);
    assert_true(null && other);
    offers(0, 0, &null, &other);
    assert_true(!null && other);
}

static void b9_every_version_connects_in_any_cut(void **state)
{
    static const struct {
        DWORD bits;
        DWORD wire;
    } rows[] = { { SP_PROT_TLS1_0, 0x0301 },
                 { SP_PROT_TLS1_1, 0x0302 },
                 { SP_PROT_TLS1_2, 0x0303 } };
    static const size_t pieces[] = { 0, 1, 5 };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t j = 0; j < 3; j++) {
            TchPkgContext_Connection info;

            versions_pair(rows[i].bits, 0, NULL);
            assert_status(shake_in(&c, &s, pieces[j]), SEC_E_OK);
            assert_int_equal(c.attr, 0x811C);
            assert_status(QueryContextAttributesA(
                              &c.ctx, TCH_ATTR_CONNECTION, &info),
                          SEC_E_OK);
            assert_int_equal(info.dwProtocol, rows[i].wire);
            data_flows(&c, &s);
            data_flows(&s, &c);
            tear_down(state);
        }
    }
}

static void c16_sizes_and_splitting_under_tls_1_0(void **state)
{
    static uint8_t record[ROOM], data[100];
    SecPkgContext_StreamSizes z;
    SecBuffer bufs[4];
    size_t len;

    versions_pair(SP_PROT_TLS1_0, 0, AES256_SHA);
    connect_pair(&c, &s);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_STREAM_SIZES,
                                          &z),
                  SEC_E_OK);
    assert_int_equal(z.cbHeader, 5);
    assert_int_equal(z.cbTrailer, 36);
    assert_int_equal(z.cbMaximumMessage, 16384);
    assert_int_equal(z.cBuffers, 4);
    assert_int_equal(z.cbBlockSize, 16);
    assert_status(encrypt(&s, "x", 1, record, &len), SEC_E_OK);
    assert_status(decrypt(&c, record, len, bufs), SEC_E_OK);
    assert_int_equal(bufs[0].cbBuffer, 5);
    assert_int_equal(bufs[1].cbBuffer, 1);
    assert_int_equal(bufs[2].cbBuffer, 31);
    tear_down(state);

    versions_pair(SP_PROT_TLS1_0, SCH_SEND_AUX_RECORD, AES256_SHA);
    connect_pair(&c, &s);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_STREAM_SIZES,
                                          &z),
                  SEC_E_OK);
    assert_int_equal(z.cbHeader, 41);
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)i;
    }
    assert_status(encrypt(&c, data, sizeof data, record, &len), SEC_E_OK);
    assert_status(decrypt(&s, record, len, bufs), SEC_E_OK);
    assert_int_equal(bufs[1].cbBuffer, 1);
    assert_memory_equal(bufs[1].pvBuffer, data, 1);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EXTRA);
    assert_status(decrypt(&s, bufs[3].pvBuffer, bufs[3].cbBuffer, bufs),
                  SEC_E_OK);
    assert_int_equal(bufs[1].cbBuffer, 99);
    assert_memory_equal(bufs[1].pvBuffer, data + 1, 99);
}

static void apply(void *token, ULONG len)
{
    SecBuffer b = { len, SECBUFFER_TOKEN, token };
    SecBufferDesc desc = { 0, 1, &b };

    assert_status(ApplyControlToken(&c.ctx, &desc), SEC_E_OK);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_OK);
    assert_int_equal(r.token_len, 7);
}

static void d2_d3_alerts_of_a_tls_1_0_only_client(void **state)
{
    SCHANNEL_ALERT_TOKEN alert = { SCHANNEL_ALERT, TLS1_ALERT_FATAL, 42 };
    DWORD shutdown = SCHANNEL_SHUTDOWN;

    (void)state;
    versions_pair(SP_PROT_TLS1_0, 0, NULL);
    call(&c, NULL, 0, &r);
    apply(&shutdown, sizeof shutdown);
    assert_memory_equal(r.token, "\x15\x03\x01\x00\x02\x01\x00", 7);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_INCOMPLETE_MESSAGE);
    apply(&alert, sizeof alert);
    assert_memory_equal(r.token, "\x15\x03\x01\x00\x02\x02\x2A", 7);
}

static void e4_a_hello_request_under_tls_1_0(void **state)
{
    static uint8_t record[ROOM];
    SecBuffer bufs[4];

    (void)state;
    versions_pair(SP_PROT_TLS1_0, 0, AES256_SHA);
    connect_pair(&c, &s);
    call(&s, NULL, 0, &r);
    assert_status(r.status, SEC_E_OK);
    memcpy(record, r.token, r.token_len);
    assert_status(decrypt(&c, record, r.token_len, bufs), SEC_I_RENEGOTIATE);
    assert_int_equal(bufs[0].BufferType, SECBUFFER_STREAM_HEADER);
    assert_int_equal(bufs[0].cbBuffer, 5);
    assert_int_equal(bufs[1].BufferType, SECBUFFER_DATA);
    assert_int_equal(bufs[1].cbBuffer, 0);
    assert_int_equal(bufs[2].BufferType, SECBUFFER_STREAM_TRAILER);
    assert_int_equal(bufs[2].cbBuffer, 32);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EMPTY);
    assert_int_equal(bufs[3].cbBuffer, 0);
}

static void f4_cipher_info_of_c014(void **state)
{
    SecPkgContext_CipherInfo i;
    SecPkgContext_ConnectionInfo info;

    (void)state;
    versions_pair(SP_PROT_TLS1_0, 0, AES256_SHA);
    connect_pair(&c, &s);
    i.dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_CIPHER_INFO, &i),
                  SEC_E_OK);
    assert_int_equal(i.dwProtocol, 0x0301);
    assert_int_equal(i.dwCipherSuite, 0xC014);
    assert_int_equal(i.dwBaseCipherSuite, 0xC014);
    assert_int_equal(wcscmp(i.szCipherSuite,
                            L"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
                     0);
    assert_int_equal(wcscmp(i.szCipher, L"AES"), 0);
    assert_int_equal(i.dwCipherLen, 256);
    assert_int_equal(i.dwCipherBlockLen, 16);
    assert_int_equal(wcscmp(i.szHash, L"SHA1"), 0);
    assert_int_equal(i.dwHashLen, 160);
    assert_int_equal(wcscmp(i.szExchange, L"ECDH"), 0);
    assert_int_equal(wcscmp(i.szCertificate, L"RSA"), 0);
    assert_status(QueryContextAttributesA(&s.ctx, SECPKG_ATTR_CONNECTION_INFO,
                                          &info),
                  SEC_E_OK);
    assert_int_equal(info.dwProtocol, SP_PROT_TLS1_0_SERVER);
    assert_int_equal(info.aiHash, CALG_SHA1);
    assert_int_equal(info.dwHashStrength, 160);
}

#define CASE(f) cmocka_unit_test_teardown(f, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a11_bits_name_exactly_the_versions),
        CASE(ssl3_alone_leaves_no_suite_5_5),
        CASE(a17_minus_one_is_about_null_suites),
        CASE(b9_every_version_connects_in_any_cut),
        CASE(c16_sizes_and_splitting_under_tls_1_0),
        CASE(d2_d3_alerts_of_a_tls_1_0_only_client),
        CASE(e4_a_hello_request_under_tls_1_0),
        CASE(f4_cipher_info_of_c014),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
