/*
 * Contract section 18, cases E: renegotiation, asked for and refused. The
 * rules are section 8.3.
 */

#include "test/contract/support_ends.h"

static struct end c, s;
static struct reply r;
static uint8_t record[ROOM];

static int set_up(void **state)
{
    (void)state;
    usual_pair(&c, &s);
    connect_pair(&c, &s);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clear_pair(&c, &s);
    return 0;
}

/* The server asks; its HelloRequest is in r. */
static void hello_request(void)
{
    call(&s, NULL, 0, &r);
    assert_status(r.status, SEC_E_OK);
    assert_true(r.token_len > 0);
}

/* The client has seen it. */
static void asked(SecBuffer bufs[4])
{
    hello_request();
    memcpy(record, r.token, r.token_len);
    assert_status(decrypt(&c, record, r.token_len, bufs), SEC_I_RENEGOTIATE);
}

static void e1_a_hello_request_is_renegotiate(void **state)
{
    SecBuffer bufs[4];

    (void)state;
    asked(bufs);
    assert_int_equal(bufs[0].BufferType, SECBUFFER_STREAM_HEADER);
    assert_int_equal(bufs[0].cbBuffer, 13);
    assert_int_equal(bufs[1].BufferType, SECBUFFER_DATA);
    assert_int_equal(bufs[1].cbBuffer, 0);
    assert_int_equal(bufs[2].BufferType, SECBUFFER_STREAM_TRAILER);
    assert_int_equal(bufs[2].cbBuffer, 20);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EMPTY);
}

/* Whatever the client presents again, a protected ClientHello comes out; the
 * server takes it by DecryptMessage and ASC, or by ASC at once. */
static void e2_all_ways_through_a_renegotiation(void **state)
{
    for (int way = 0; way < 6; way++) {
        SecBuffer bufs[4];
        size_t len;
        SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
        SecBufferDesc out_desc = { 0, 1, &out };

        asked(bufs);
        len = r.token_len;
        if (way % 3 == 0) {
            assert_status(InitializeSecurityContextA(
                              &c.cred, &c.ctx, NULL, ISC_USUAL, 0, 0, NULL, 0,
                              NULL, &out_desc, NULL, NULL),
                          SEC_I_CONTINUE_NEEDED);
            memcpy(r.token, out.pvBuffer, out.cbBuffer);
            r.token_len = out.cbBuffer;
            assert_status(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
        } else {
            call(&c, record, way % 3 == 1 ? 0 : len, &r);
            assert_status(r.status, SEC_I_CONTINUE_NEEDED);
            assert_int_equal(r.spare_type, SECBUFFER_EMPTY);
        }
        assert_int_equal(r.token[0], 0x16);
        assert_true(r.token_len > 5 + 8 + 16); /* protected */
        if (way < 3) {
            len = r.token_len;
            memcpy(record, r.token, len);
            assert_status(decrypt(&s, record, len, bufs), SEC_I_RENEGOTIATE);
            call(&s, NULL, 0, &r);
        } else {
            call(&s, r.token, r.token_len, &r);
        }
        assert_status(r.status, SEC_I_CONTINUE_NEEDED);
        give(&c, r.token, r.token_len);
        connect_pair(&c, &s);
        data_flows(&c, &s);
        data_flows(&s, &c);
        tear_down(state);
        set_up(state);
    }
}

static void e3_nothing_moves_before_isc(void **state)
{
    SecBuffer bufs[4];
    size_t len;

    (void)state;
    asked(bufs);
    assert_status(encrypt(&c, "x", 1, record, &len), SEC_E_CONTEXT_EXPIRED);
    assert_status(decrypt(&c, record, 40, bufs), SEC_E_CONTEXT_EXPIRED);
}

static void e5_data_behind_the_request_comes_back(void **state)
{
    static uint8_t data[ROOM];
    SecBuffer bufs[4];
    size_t len, first;

    (void)state;
    hello_request();
    first = r.token_len;
    memcpy(record, r.token, first);
    assert_status(encrypt(&s, "in between", 10, data, &len), SEC_E_OK);
    memcpy(record + first, data, len);
    assert_status(decrypt(&c, record, first + len, bufs), SEC_I_RENEGOTIATE);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EXTRA);
    assert_ptr_equal(bufs[3].pvBuffer, record + first);
    assert_int_equal(bufs[3].cbBuffer, len);
    call(&c, record + first, len, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
    assert_true(r.token_len > 0);
    assert_int_equal(r.spare_type, SECBUFFER_EXTRA);
    assert_int_equal(r.spare_len, len);
    assert_status(decrypt(&c, record + first, len, bufs), SEC_E_OK);
    assert_int_equal(bufs[1].cbBuffer, 10);
    assert_memory_equal(bufs[1].pvBuffer, "in between", 10);
    give(&s, r.token, r.token_len);
    connect_pair(&c, &s);
    data_flows(&s, &c);
}

static void forbid(struct end *e)
{
    TCH_SSPI_OPTIONS o;

    memset(&o, 0, sizeof o);
    o.fRenegotiation = TCH_OPTION_OFF;
    set_options(e, &o);
}

static void e6_a_server_that_may_not_refuses(void **state)
{
    (void)state;
    for (int by_decrypt = 0; by_decrypt < 2; by_decrypt++) {
        SecBuffer bufs[4];
        size_t len;

        clear_pair(&c, &s);
        usual_pair(&c, &s);
        forbid(&s);
        connect_pair(&c, &s);
        call(&c, NULL, 0, &r);
        assert_status(r.status, SEC_I_CONTINUE_NEEDED);
        memcpy(record, r.token, r.token_len);
        assert_status(decrypt(&s, record, r.token_len, bufs),
                      SEC_I_RENEGOTIATE);
        assert_status(encrypt(&s, "x", 1, record, &len),
                      SEC_E_CONTEXT_EXPIRED);
        call(&s, NULL, 0, &r);
        assert_status(r.status, SEC_E_OK);
        assert_int_equal(r.token[0], 0x15);
        if (by_decrypt) {
            assert_status(decrypt(&c, r.token, r.token_len, bufs),
                          SEC_I_NO_RENEGOTIATION);
        } else {
            call(&c, r.token, r.token_len, &r);
            assert_status(r.status, SEC_I_NO_RENEGOTIATION);
        }
        data_flows(&c, &s);
        data_flows(&s, &c);
        /* It may not ask either (first table of 8.3). */
        call(&s, NULL, 0, &r);
        assert_status(r.status, SEC_E_UNSUPPORTED_FUNCTION);
        assert_int_equal(r.token_len, 0);
        data_flows(&s, &c);
    }
}

/* The same where the ClientHello goes to ASC at once. */
static void a_hello_straight_to_asc_is_refused_too_8_3(void **state)
{
    SecBuffer bufs[4];
    size_t hello, len;

    (void)state;
    clear_pair(&c, &s);
    usual_pair(&c, &s);
    forbid(&s);
    connect_pair(&c, &s);
    call(&c, NULL, 0, &r);
    hello = r.token_len;
    memcpy(record, r.token, hello);
    assert_status(encrypt(&c, "behind", 6, record + hello, &len), SEC_E_OK);
    call(&s, record, hello + len, &r);
    assert_status(r.status, SEC_E_OK);
    assert_int_equal(r.spare_type, SECBUFFER_EXTRA);
    assert_int_equal(r.spare_len, len);
    assert_status(decrypt(&s, record + hello, len, bufs), SEC_E_OK);
    assert_memory_equal(bufs[1].pvBuffer, "behind", 6);
    call(&c, r.token, r.token_len, &r);
    assert_status(r.status, SEC_I_NO_RENEGOTIATION);
    data_flows(&s, &c);
}

static void e7_a_certificate_in_the_second_handshake(void **state)
{
    PCCERT_CONTEXT want = load_cert("client-rsa2048", NULL), got = NULL;
    SecBuffer bufs[4];
    SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc out_desc = { 0, 1, &out };
    CredHandle old = c.cred;

    (void)state;
    s.req |= ASC_REQ_MUTUAL_AUTH;
    asked(bufs);
    assert_status(FreeCredentialsHandle(&old), SEC_E_OK);
    assert_status(acquire(&c, false, SCH_CRED_MANUAL_CRED_VALIDATION,
                          "client-rsa2048"),
                  SEC_E_OK);
    assert_status(InitializeSecurityContextA(&c.cred, &c.ctx, NULL, ISC_USUAL,
                                             0, 0, NULL, 0, &c.ctx, &out_desc,
                                             NULL, NULL),
                  SEC_I_CONTINUE_NEEDED);
    give(&s, out.pvBuffer, out.cbBuffer);
    assert_status(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
    connect_pair(&c, &s);
    assert_status(QueryContextAttributesA(
                      &s.ctx, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &got),
                  SEC_E_OK);
    assert_int_equal(got->cbCertEncoded, want->cbCertEncoded);
    assert_memory_equal(got->pbCertEncoded, want->pbCertEncoded,
                        want->cbCertEncoded);
    CertFreeCertificateContext(got);
    CertFreeCertificateContext(want);
    data_flows(&c, &s);
}

static void e8_after_one_isc_an_empty_one_is_incomplete(void **state)
{
    SecBuffer bufs[4];

    (void)state;
    asked(bufs);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_INCOMPLETE_MESSAGE);
    assert_int_equal(r.spare_type, SECBUFFER_MISSING);
    assert_int_equal(r.spare_len, 5);
}

/* (a) the option forbids it, (c) the application refuses; (b), a server
 * without RFC 5746, takes a peer that we do not have here. */
static void e9_a_client_that_may_not_refuses(void **state)
{
    SCHANNEL_ALERT_TOKEN no = { SCHANNEL_ALERT, TLS1_ALERT_WARNING, 100 };

    (void)state;
    for (int way = 0; way < 4; way++) {
        static uint8_t data[ROOM];
        SecBuffer b = { sizeof no, SECBUFFER_TOKEN, &no };
        SecBufferDesc desc = { 0, 1, &b };
        SecBuffer bufs[4];
        size_t first, len;

        clear_pair(&c, &s);
        usual_pair(&c, &s);
        if (way < 2) {
            forbid(&c);
        }
        connect_pair(&c, &s);
        hello_request();
        first = r.token_len;
        memcpy(record, r.token, first);
        assert_status(encrypt(&s, "behind", 6, data, &len), SEC_E_OK);
        memcpy(record + first, data, len);
        assert_status(decrypt(&c, record, first + len, bufs),
                      SEC_I_RENEGOTIATE);
        if (way >= 2) {
            assert_status(ApplyControlToken(&c.ctx, &desc), SEC_E_OK);
        }
        /* EXTRA's bytes, or the whole spent buffer. */
        if (way % 2 == 0) {
            call(&c, record + first, len, &r);
        } else {
            call(&c, record, first + len, &r);
        }
        assert_status(r.status, SEC_E_OK);
        assert_int_equal(r.token[0], 0x15);
        if (way < 2) {
            assert_int_equal(r.spare_type, SECBUFFER_EXTRA);
            assert_int_equal(r.spare_len, len);
        }
        assert_status(decrypt(&c, record + first, len, bufs), SEC_E_OK);
        assert_memory_equal(bufs[1].pvBuffer, "behind", 6);
        if (way % 2 == 0) {
            call(&s, r.token, r.token_len, &r);
            assert_status(r.status, SEC_I_NO_RENEGOTIATION);
        } else {
            assert_status(decrypt(&s, r.token, r.token_len, bufs),
                          SEC_I_NO_RENEGOTIATION);
        }
        data_flows(&c, &s);
        data_flows(&s, &c);
    }
}

static void a_client_may_ask_as_well_8_3(void **state)
{
    TchPkgContext_Connection info;

    (void)state;
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
    give(&s, r.token, r.token_len);
    connect_pair(&c, &s);
    assert_status(QueryContextAttributesA(&c.ctx, TCH_ATTR_CONNECTION, &info),
                  SEC_E_OK);
    assert_int_equal(info.dwHandshakes, 2);
    assert_true(info.fSecureRenegotiation);
    data_flows(&c, &s);
}

/* The client asks, and the server wants its certificate now. */
static void mutual_auth_counts_in_the_clients_own_renegotiation(void **state)
{
    (void)state;
    for (int by_decrypt = 0; by_decrypt < 2; by_decrypt++) {
        PCCERT_CONTEXT got = NULL;
        SecBuffer bufs[4];

        clear_pair(&c, &s);
        usual_pair(&c, &s);
        assert_status(FreeCredentialsHandle(&c.cred), SEC_E_OK);
        assert_status(acquire(&c, false, SCH_CRED_MANUAL_CRED_VALIDATION,
                              "client-rsa2048"),
                      SEC_E_OK);
        connect_pair(&c, &s);
        assert_status(QueryContextAttributesA(
                          &s.ctx, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &got),
                      SEC_E_NO_CREDENTIALS);
        s.req |= ASC_REQ_MUTUAL_AUTH;
        call(&c, NULL, 0, &r);
        if (by_decrypt) {
            memcpy(record, r.token, r.token_len);
            assert_status(decrypt(&s, record, r.token_len, bufs),
                          SEC_I_RENEGOTIATE);
            call(&s, NULL, 0, &r);
        } else {
            call(&s, r.token, r.token_len, &r);
        }
        assert_status(r.status, SEC_I_CONTINUE_NEEDED);
        give(&c, r.token, r.token_len);
        connect_pair(&c, &s);
        assert_status(QueryContextAttributesA(
                          &s.ctx, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &got),
                      SEC_E_OK);
        CertFreeCertificateContext(got);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(e1_a_hello_request_is_renegotiate),
        CASE(e2_all_ways_through_a_renegotiation),
        CASE(e3_nothing_moves_before_isc),
        CASE(e5_data_behind_the_request_comes_back),
        CASE(e6_a_server_that_may_not_refuses),
        CASE(a_hello_straight_to_asc_is_refused_too_8_3),
        CASE(e7_a_certificate_in_the_second_handshake),
        CASE(e8_after_one_isc_an_empty_one_is_incomplete),
        CASE(e9_a_client_that_may_not_refuses),
        CASE(a_client_may_ask_as_well_8_3),
        CASE(mutual_auth_counts_in_the_clients_own_renegotiation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
