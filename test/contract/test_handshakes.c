/*
 * Contract section 18, cases B of whole handshakes: every suite, cuts,
 * flags, ALPN, client certificates, validation, resumption. The rules are
 * sections 6.6 to 6.9, 7 and 13.
 */

#include "test/contract/support_ends.h"

static struct end c, s;
static struct reply r;

static int set_up(void **state)
{
    (void)state;
    usual_pair(&c, &s);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clear_pair(&c, &s);
    return 0;
}

static void exported(struct end *e, uint8_t out[32])
{
    char label[] = "EXPORTER-tomchannel-test";
    SecPkgContext_KeyingMaterialInfo info = { sizeof label, label, 0, NULL,
                                              32 };
    SecPkgContext_KeyingMaterial km;

    assert_status(SetContextAttributesA(
                      &e->ctx, SECPKG_ATTR_KEYING_MATERIAL_INFO, &info,
                      sizeof info),
                  SEC_E_OK);
    assert_status(QueryContextAttributesA(&e->ctx, SECPKG_ATTR_KEYING_MATERIAL,
                                          &km),
                  SEC_E_OK);
    assert_int_equal(km.cbKeyingMaterial, 32);
    memcpy(out, km.pbKeyingMaterial, 32);
    assert_status(FreeContextBuffer(km.pbKeyingMaterial), SEC_E_OK);
}

static void same_keys(void)
{
    uint8_t a[32], b[32];

    exported(&c, a);
    exported(&s, b);
    assert_memory_equal(a, b, sizeof a);
}

static void connected_and_well(void)
{
    assert_int_equal(c.attr, 0x811C); /* 13.1 */
    assert_int_equal(s.attr, 0x1011C); /* 13.2 */
    same_keys();
    data_flows(&c, &s);
    data_flows(&s, &c);
}

/* Suites that this build runs and certificates here can serve, each asked
 * for by name on both sides. */
static void b9_every_suite_connects(void **state)
{
    static struct end c2, s2;
    TCH_SUITE_INFO suite;
    size_t tried = 0;

    (void)state;
    for (DWORD i = 0; TchSuiteList(i, NULL, &suite) == SEC_E_OK; i++) {
        TCH_SSPI_OPTIONS o;
        bool ecdsa = strcmp(suite.pszAuthentication, "ECDSA") == 0;

        if (!suite.fBuilt || suite.wLastVersion < 0x0303 ||
            (!ecdsa && strcmp(suite.pszAuthentication, "RSA") != 0) ||
            strstr(suite.pszKeyExchange, "PSK") != NULL) {
            continue;
        }
        make_pair(&c2, &s2, SCH_CRED_MANUAL_CRED_VALIDATION,
                  ecdsa ? "server-ec256" : "server-rsa2048");
        memset(&o, 0, sizeof o);
        o.pszSuites = suite.pszName;
        set_options(&c2, &o);
        set_options(&s2, &o);
        if (shake(&c2, &s2) != SEC_E_OK) {
            print_error("%s\n", suite.pszName);
        }
        assert_int_equal(c2.attr, 0x811C);
        data_flows(&c2, &s2);
        data_flows(&s2, &c2);
        clear_pair(&c2, &s2);
        tried++;
    }
    assert_true(tried >= 16);
}

static void b9_whole(void **state)
{
    (void)state;
    connect_pair(&c, &s);
    connected_and_well();
}

static void b9_one_byte_at_a_time(void **state)
{
    (void)state;
    assert_status(shake_in(&c, &s, 1), SEC_E_OK);
    connected_and_well();
}

static void b9_five_bytes_at_a_time(void **state)
{
    (void)state;
    assert_status(shake_in(&c, &s, 5), SEC_E_OK);
    connected_and_well();
}

/* One record in each call. */
static void b9_record_by_record(void **state)
{
    static struct reply a;
    bool client_done = false, server_done = false;
    struct end *to = &s, *from = &c;

    (void)state;
    call(&c, NULL, 0, &a);
    while (!client_done || !server_done) {
        static uint8_t collected[ROOM];
        size_t have = 0, n = 0;
        const uint8_t *rec;
        struct end *t = to;

        assert_true(a.token_len > 0);
        for (size_t i = 0;
             (rec = record_at(a.token, a.token_len, i, &n)) != NULL; i++) {
            static struct reply b;

            call(to, rec, n, &b);
            assert_true(b.status == SEC_I_CONTINUE_NEEDED ||
                        b.status == SEC_E_OK);
            memcpy(collected + have, b.token, b.token_len);
            have += b.token_len;
            if (b.status == SEC_E_OK) {
                *(to->server ? &server_done : &client_done) = true;
            }
        }
        memcpy(a.token, collected, have);
        a.token_len = have;
        to = from;
        from = t;
    }
    connected_and_well();
}

static void b10_data_behind_the_flight_is_extra(void **state)
{
    static uint8_t record[ROOM];
    SecBuffer bufs[4];
    size_t len;

    (void)state;
    call(&c, NULL, 0, &r);
    call(&s, r.token, r.token_len, &r);
    call(&c, r.token, r.token_len, &r);
    call(&s, r.token, r.token_len, &r);
    assert_status(r.status, SEC_E_OK);
    assert_status(encrypt(&s, "early bird", 10, record, &len), SEC_E_OK);
    memcpy(r.token + r.token_len, record, len);
    call(&c, r.token, r.token_len + len, &r);
    assert_status(r.status, SEC_E_OK);
    assert_int_equal(r.spare_type, SECBUFFER_EXTRA);
    assert_int_equal(r.spare_len, len);
    assert_status(decrypt(&c, record, len, bufs), SEC_E_OK);
    assert_int_equal(bufs[1].cbBuffer, 10);
    assert_memory_equal(bufs[1].pvBuffer, "early bird", 10);
}

static SecPkgContext_ApplicationProtocol alpn_of(struct end *e)
{
    SecPkgContext_ApplicationProtocol p;

    memset(&p, 0xEE, sizeof p);
    assert_status(QueryContextAttributesA(
                      &e->ctx, SECPKG_ATTR_APPLICATION_PROTOCOL, &p),
                  SEC_E_OK);
    return p;
}

static void b11_alpn_agrees(void **state)
{
    static uint8_t names[64];
    SecPkgContext_ApplicationProtocol p;

    (void)state;
    c.alpn = s.alpn = names;
    c.alpn_len = s.alpn_len = alpn_buffer("http/1.1,h2", names);
    connect_pair(&c, &s);
    for (int i = 0; i < 2; i++) {
        p = alpn_of(i == 0 ? &c : &s);
        assert_int_equal(p.ProtoNegoStatus,
                         SecApplicationProtocolNegotiationStatus_Success);
        assert_int_equal(p.ProtoNegoExt, 2);
        assert_int_equal(p.ProtocolIdSize, 8);
        assert_memory_equal(p.ProtocolId, "http/1.1", 8);
    }
}

static void b12_alpn_without_overlap_fails_on_both_sides(void **state)
{
    static uint8_t client_names[64], server_names[64];

    (void)state;
    c.alpn = client_names;
    c.alpn_len = alpn_buffer("h2", client_names);
    s.alpn = server_names;
    s.alpn_len = alpn_buffer("http/1.1", server_names);
    s.req |= ASC_REQ_EXTENDED_ERROR;
    call(&c, NULL, 0, &r);
    call(&s, r.token, r.token_len, &r);
    assert_status(r.status, SEC_E_APPLICATION_PROTOCOL_MISMATCH);
    assert_int_equal(r.token_len, 7);
    assert_int_equal(r.token[0], 0x15);
    assert_memory_equal(r.token + 5, "\x02\x78", 2);
    call(&c, r.token, r.token_len, &r);
    assert_status(r.status, SEC_E_APPLICATION_PROTOCOL_MISMATCH);
}

static void b12_a_list_that_does_not_add_up_is_an_invalid_token(void **state)
{
    static uint8_t names[64];

    (void)state;
    c.alpn_len = alpn_buffer("h2,http/1.1", names);
    names[10]++; /* the first name now ends within the second */
    c.alpn = names;
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_INVALID_TOKEN);
}

static void b36_alpn_of_one_side_is_left_out(void **state)
{
    static uint8_t names[64];
    SecPkgContext_ApplicationProtocol p;
    size_t len = alpn_buffer("h2", names);

    for (int i = 0; i < 2; i++) {
        struct end *with = i == 0 ? &s : &c;

        with->alpn = names;
        with->alpn_len = len;
        connect_pair(&c, &s);
        for (int j = 0; j < 2; j++) {
            p = alpn_of(j == 0 ? &c : &s);
            assert_int_equal(p.ProtoNegoStatus, 0);
            assert_int_equal(p.ProtocolIdSize, 0);
        }
        tear_down(state);
        set_up(state);
    }
}

/* The client's context, stopped at the server's flight, which is in `r`. */
static void up_to_the_flight(void)
{
    s.req |= ASC_REQ_MUTUAL_AUTH;
    call(&c, NULL, 0, &r);
    call(&s, r.token, r.token_len, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
}

static void trust_ca(struct end *e)
{
    TCH_SSPI_OPTIONS o;

    memset(&o, 0, sizeof o);
    o.pszAnchorsFile = "vectors/certs/ca.pem";
    set_options(e, &o);
}

static void b13_a_missing_certificate_is_asked_for_once(void **state)
{
    static struct reply flight;
    SecPkgContext_IssuerListInfoEx issuers;

    (void)state;
    trust_ca(&s);
    up_to_the_flight();
    flight = r;
    call(&c, flight.token, flight.token_len, &r);
    assert_status(r.status, SEC_I_INCOMPLETE_CREDENTIALS);
    assert_int_equal(r.token_len, 0);
    assert_int_equal(r.spare_type, SECBUFFER_EMPTY);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_ISSUER_LIST_EX,
                                          &issuers),
                  SEC_E_OK);
    assert_int_equal(issuers.cIssuers, 1);
    assert_int_equal(issuers.aIssuers[0].pbData[0], 0x30);
    assert_status(FreeContextBuffer(issuers.aIssuers), SEC_E_OK);
    call(&c, flight.token, flight.token_len, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
    assert_true(r.token_len > 0);
}

static void b14_supplied_creds_never_ask(void **state)
{
    PCCERT_CONTEXT cert = NULL;

    (void)state;
    c.req |= ISC_REQ_USE_SUPPLIED_CREDS;
    s.req |= ASC_REQ_MUTUAL_AUTH;
    connect_pair(&c, &s);
    assert_int_equal(s.attr & ASC_RET_MUTUAL_AUTH, 0);
    assert_status(QueryContextAttributesA(
                      &s.ctx, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &cert),
                  SEC_E_NO_CREDENTIALS);
}

static void b19_the_flags_come_back_bit_for_bit(void **state)
{
    static const ULONG rows[][2] = { { 0x811C, 0x811C },
                                     { 0x819C, 0x819C },
                                     { 0x110, 0x811C },
                                     { 0xC180, 0xC19C } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        c.req = rows[i][0];
        connect_pair(&c, &s);
        assert_int_equal(c.attr, rows[i][1]);
        tear_down(state);
        set_up(state);
    }
}

static void b20_flags_mirror_the_call_at_hand(void **state)
{
    static uint8_t room[ROOM];
    SecBuffer in[2], out;
    SecBufferDesc in_desc = { 0, 2, in }, out_desc = { 0, 1, &out };
    ULONG attr = 0;
    bool made = false, done = false;

    (void)state;
    memset(&r, 0, sizeof r);
    while (!done) {
        SECURITY_STATUS st;

        in[0] = (SecBuffer){ (ULONG)r.token_len, SECBUFFER_TOKEN, r.token };
        in[1] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
        out = (SecBuffer){ sizeof room, SECBUFFER_TOKEN, room };
        /* The server has answered with its last flight: the last call. */
        st = InitializeSecurityContextA(
            &c.cred, made ? &c.ctx : NULL, NULL,
            r.token_len > 0 && r.token[0] == 0x14 ? 0x80 : 0x8010, 0, 0,
            made ? &in_desc : NULL, 0, &c.ctx, &out_desc, &attr, NULL);
        made = c.has_ctx = true;
        done = st == SEC_E_OK;
        if (!done) {
            assert_status(st, SEC_I_CONTINUE_NEEDED);
            call(&s, room, out.cbBuffer, &r);
            assert_true(r.status == SEC_E_OK ||
                        r.status == SEC_I_CONTINUE_NEEDED);
        }
    }
    assert_int_equal(attr, 0x809C);
}

/* The client's last call, by hand, to see the slot as it is. */
static void last_call(struct end *e, struct reply *from, SecBuffer *out)
{
    SecBuffer in[2] = {
        { (ULONG)from->token_len, SECBUFFER_TOKEN, from->token },
        { 0, SECBUFFER_EMPTY, NULL },
    };
    SecBufferDesc in_desc = { 0, 2, in }, out_desc = { 0, 1, out };
    char name[] = "localhost";

    *out = (SecBuffer){ 99, SECBUFFER_TOKEN, from };
    assert_status(InitializeSecurityContextA(&e->cred, &e->ctx, name, e->req,
                                             0, 0, &in_desc, 0, NULL,
                                             &out_desc, NULL, NULL),
                  SEC_E_OK);
}

static void b27_last_token_of_full_and_of_resumed_handshakes(void **state)
{
    struct end again, again_s;
    SecPkgContext_SessionInfo info;
    SecBuffer out;

    (void)state;
    call(&c, NULL, 0, &r);
    call(&s, r.token, r.token_len, &r);
    call(&c, r.token, r.token_len, &r);
    call(&s, r.token, r.token_len, &r);
    last_call(&c, &r, &out);
    assert_int_equal(out.cbBuffer, 0);
    assert_null(out.pvBuffer);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_SESSION_INFO,
                                          &info),
                  SEC_E_OK);
    assert_int_equal(info.dwFlags, 0);

    again = c;
    again_s = s;
    again.has_ctx = again_s.has_ctx = false;
    again.has_cred = again_s.has_cred = false;
    call(&again, NULL, 0, &r);
    call(&again_s, r.token, r.token_len, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
    last_call(&again, &r, &out);
    assert_true(out.cbBuffer > 6);
    assert_memory_equal(out.pvBuffer, "\x14\x03\x03\x00\x01\x01\x16", 7);
    call(&again_s, out.pvBuffer, out.cbBuffer, &r);
    assert_status(r.status, SEC_E_OK);
    assert_status(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
    assert_status(QueryContextAttributesA(&again.ctx, SECPKG_ATTR_SESSION_INFO,
                                          &info),
                  SEC_E_OK);
    assert_int_equal(info.dwFlags, SSL_SESSION_RECONNECT);
    data_flows(&again, &again_s);
    clear_pair(&again, &again_s);
}

static void b29_an_untrusted_root_and_its_alert(void **state)
{
    static struct reply flight;

    (void)state;
    for (int extended = 0; extended < 2; extended++) {
        clear_pair(&c, &s);
        make_pair(&c, &s, SCH_CRED_NO_DEFAULT_CREDS, "server-rsa2048");
        c.req |= extended ? ISC_REQ_EXTENDED_ERROR : 0;
        call(&c, NULL, 0, &r);
        call(&s, r.token, r.token_len, &flight);
        call(&c, flight.token, flight.token_len, &r);
        assert_status(r.status, SEC_E_UNTRUSTED_ROOT);
        if (extended) {
            assert_int_equal(r.token_len, 7);
            assert_memory_equal(r.token, "\x15\x03\x03\x00\x02\x02\x30", 7);
            assert_int_equal(c.attr & 0x4000, 0x4000);
        } else {
            assert_int_equal(r.token_len, 0);
            assert_int_equal(c.attr & 0x4000, 0);
        }
    }
}

static void b30_manual_validation_by_credential_or_call(void **state)
{
    static const struct {
        DWORD cred;
        ULONG req;
        SECURITY_STATUS wanted;
    } rows[] = {
        { SCH_CRED_MANUAL_CRED_VALIDATION, 0, SEC_E_OK },
        { 0, ISC_REQ_MANUAL_CRED_VALIDATION, SEC_E_OK },
        { 0, 0, SEC_E_UNTRUSTED_ROOT },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        clear_pair(&c, &s);
        make_pair(&c, &s, rows[i].cred, "server-rsa2048");
        c.req |= rows[i].req;
        assert_status(shake(&c, &s), rows[i].wanted);
    }
}

/* Automatic validation with an anchor: right, wrong name, expired, and the
 * name check switched off (5.4). */
static void automatic_validation_judges_by_10_2(void **state)
{
    static const struct {
        const char *cert;
        const char *key;
        const char *target;
        DWORD flags;
        SECURITY_STATUS wanted;
    } rows[] = {
        { "server-rsa2048", NULL, "localhost", 0, SEC_E_OK },
        { "server-rsa2048", NULL, "elsewhere.test", 0,
          SEC_E_WRONG_PRINCIPAL },
        { "server-rsa2048", NULL, "elsewhere.test",
          SCH_CRED_NO_SERVERNAME_CHECK, SEC_E_OK },
        { "server-expired", "server-rsa2048", "localhost", 0,
          SEC_E_CERT_EXPIRED },
        { "server-wrongeku", "server-rsa2048", "localhost", 0,
          SEC_E_CERT_WRONG_USAGE },
        { "server-unrelated", "server-rsa2048", "localhost", 0,
          SEC_E_UNTRUSTED_ROOT },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        PCCERT_CONTEXT k = load_cert(rows[i].cert, rows[i].key);
        SCHANNEL_CRED cred;

        clear_pair(&c, &s);
        memset(&cred, 0, sizeof cred);
        cred.dwVersion = SCHANNEL_CRED_VERSION;
        cred.cCreds = 1;
        cred.paCred = &k;
        assert_status(acquire(&c, false, rows[i].flags, NULL), SEC_E_OK);
        assert_status(acquire_with(&s, true, &cred), SEC_E_OK);
        CertFreeCertificateContext(k);
        trust_ca(&c);
        c.target = rows[i].target;
        assert_status(shake(&c, &s), rows[i].wanted);
    }
}

static void give_client_certificate(void)
{
    assert_status(FreeCredentialsHandle(&c.cred), SEC_E_OK);
    assert_status(acquire(&c, false, SCH_CRED_MANUAL_CRED_VALIDATION,
                          "client-rsa2048"),
                  SEC_E_OK);
}

static void server_has_client_certificate(void)
{
    PCCERT_CONTEXT want = load_cert("client-rsa2048", NULL), got = NULL;

    assert_status(QueryContextAttributesA(
                      &s.ctx, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &got),
                  SEC_E_OK);
    assert_int_equal(got->cbCertEncoded, want->cbCertEncoded);
    assert_memory_equal(got->pbCertEncoded, want->pbCertEncoded,
                        want->cbCertEncoded);
    CertFreeCertificateContext(got);
    CertFreeCertificateContext(want);
}

static void b35_a_client_certificate_arrives(void **state)
{
    (void)state;
    give_client_certificate();
    up_to_the_flight();
    assert_int_equal(s.attr & ASC_RET_MUTUAL_AUTH, 0);
    give(&c, r.token, r.token_len);
    connect_pair(&c, &s);
    assert_int_equal(s.attr & ASC_RET_MUTUAL_AUTH, ASC_RET_MUTUAL_AUTH);
    server_has_client_certificate();
    data_flows(&s, &c);
}

/* A required certificate that does not come ends the handshake; one from an
 * authority that is no anchor too, where the option says so (7.7, 5.8). */
static void options_require_and_validate_client_certificates(void **state)
{
    TCH_SSPI_OPTIONS o;

    (void)state;
    memset(&o, 0, sizeof o);
    o.fRequireClientCertificate = TCH_OPTION_ON;
    set_options(&s, &o);
    c.req |= ISC_REQ_USE_SUPPLIED_CREDS;
    s.req |= ASC_REQ_MUTUAL_AUTH;
    assert_status(shake(&c, &s), SEC_E_ILLEGAL_MESSAGE);
    clear_pair(&c, &s);
    usual_pair(&c, &s);
    give_client_certificate();
    o.fValidateClientCertificate = TCH_OPTION_ON;
    o.pszAnchorsFile = "vectors/certs/other-ca.pem";
    set_options(&s, &o);
    s.req |= ASC_REQ_MUTUAL_AUTH;
    assert_status(shake(&c, &s), SEC_E_UNTRUSTED_ROOT);
    clear_pair(&c, &s);
    usual_pair(&c, &s);
    give_client_certificate();
    o.pszAnchorsFile = "vectors/certs/ca.pem";
    set_options(&s, &o);
    s.req |= ASC_REQ_MUTUAL_AUTH;
    connect_pair(&c, &s);
    server_has_client_certificate();
}

static void b39_three_answers_to_the_question(void **state)
{
    static struct reply flight;

    (void)state;
    for (int way = 0; way < 3; way++) {
        CredHandle old;

        clear_pair(&c, &s);
        usual_pair(&c, &s);
        up_to_the_flight();
        flight = r;
        call(&c, flight.token, flight.token_len, &r);
        assert_status(r.status, SEC_I_INCOMPLETE_CREDENTIALS);
        assert_int_not_equal(r.spare_type, SECBUFFER_EXTRA);
        if (way == 0) {
            old = c.cred;
            assert_status(acquire(&c, false, SCH_CRED_MANUAL_CRED_VALIDATION,
                                  "client-rsa2048"),
                          SEC_E_OK);
            assert_status(FreeCredentialsHandle(&old), SEC_E_OK);
        } else if (way == 1) {
            c.req |= ISC_REQ_USE_SUPPLIED_CREDS;
        }
        call(&c, flight.token, flight.token_len, &r);
        assert_status(r.status, SEC_I_CONTINUE_NEEDED);
        /* The Certificate message: type 11, an empty list has length 0. */
        assert_int_equal(r.token[5], 11);
        assert_int_equal(memcmp(r.token + 6, "\0\0\x03\0\0\0", 6) == 0,
                         way != 0);
        give(&s, r.token, r.token_len);
        connect_pair(&c, &s);
        if (way == 0) {
            server_has_client_certificate();
        }
    }
}

static void a_failure_has_a_sentence(void **state)
{
    TchPkgContext_Failure f;

    (void)state;
    clear_pair(&c, &s);
    make_pair(&c, &s, 0, "server-rsa2048");
    assert_status(shake(&c, &s), SEC_E_UNTRUSTED_ROOT);
    assert_status(QueryContextAttributesA(&c.ctx, TCH_ATTR_FAILURE, &f),
                  SEC_E_OK);
    assert_status(f.scStatus, SEC_E_UNTRUSTED_ROOT);
    assert_int_equal(f.dwSide, TCH_SIDE_US);
    assert_int_equal(f.dwAlert, 48);
    assert_string_equal(f.szAlert, "unknown_ca");
    assert_true(f.fCertificate);
    assert_true(strlen(f.szSentence) > 20);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(b9_whole),
        CASE(b9_one_byte_at_a_time),
        CASE(b9_five_bytes_at_a_time),
        CASE(b9_record_by_record),
        CASE(b9_every_suite_connects),
        CASE(b10_data_behind_the_flight_is_extra),
        CASE(b11_alpn_agrees),
        CASE(b12_alpn_without_overlap_fails_on_both_sides),
        CASE(b12_a_list_that_does_not_add_up_is_an_invalid_token),
        CASE(b13_a_missing_certificate_is_asked_for_once),
        CASE(b14_supplied_creds_never_ask),
        CASE(b19_the_flags_come_back_bit_for_bit),
        CASE(b20_flags_mirror_the_call_at_hand),
        CASE(b27_last_token_of_full_and_of_resumed_handshakes),
        CASE(b29_an_untrusted_root_and_its_alert),
        CASE(b30_manual_validation_by_credential_or_call),
        CASE(automatic_validation_judges_by_10_2),
        CASE(b35_a_client_certificate_arrives),
        CASE(b36_alpn_of_one_side_is_left_out),
        CASE(options_require_and_validate_client_certificates),
        CASE(b39_three_answers_to_the_question),
        CASE(a_failure_has_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
