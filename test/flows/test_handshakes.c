/*
 * Whole connections in memory through tch.h: every suite, group and key of
 * this build, whole and cut at every byte; resumption, renegotiation, client
 * certificates, application protocols, closing.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/pair.h"

static struct pair p;

static void ok(enum tch_status s)
{
    assert_string_equal(tch_status_name(s), "OK");
}

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

static struct tch_info info_of(struct tch_conn *c)
{
    struct tch_info info;

    ok(tch_conn_info(c, &info));
    return info;
}

/* Both sides have the same view, and data goes both ways. */
static void agree(void)
{
    struct tch_info c = info_of(p.client);
    struct tch_info s = info_of(p.server);

    assert_int_equal(c.version, s.version);
    assert_int_equal(c.suite, s.suite);
    assert_int_equal(c.resumed, s.resumed);
    assert_int_equal(c.extended_master_secret, s.extended_master_secret);
    assert_int_equal(c.encrypt_then_mac, s.encrypt_then_mac);
    assert_int_equal(c.secure_renegotiation, s.secure_renegotiation);
    assert_int_equal(c.session_id.len, s.session_id.len);
    assert_true(send_data(p.client, p.server, "ping", 4));
    assert_true(send_data(p.server, p.client, "pong", 4));
    assert_true(send_data(p.server, p.client, "", 0));
}

static bool needs(const struct tch_suite_info *s, const char *auth)
{
    return strcmp(s->authentication, auth) == 0;
}

/* The identity a suite needs, by its authentication. */
static const char *identity_for(const struct tch_suite_info *s)
{
    return needs(s, "ECDSA") ? "server-ec256"
           : needs(s, "DSA") ? "server-dsa2048"
                             : "server-rsa2048";
}

static void give_psk(void)
{
    struct tch_slice identity = tch_slice_of("somebody", 8);
    struct tch_slice key = tch_slice_of("\x11\x22\x33", 3);

    ok(tch_config_add_psk(p.client_cfg, identity, key));
    ok(tch_config_add_psk(p.server_cfg, identity, key));
}

/* The bit of the highest version that allows a suite: DES ends before TLS
 * 1.2. */
static unsigned highest_of(const struct tch_suite_info *s)
{
    return 1u << (s->last_version - 0x0300u);
}

static void every_suite_of_this_build_connects(void **state)
{
    struct tch_suite_info s;
    size_t tried = 0;

    (void)state;
    for (size_t i = 0; tch_suite_list(i, &s) == TCH_OK; i++) {
        if (!s.built) {
            continue;
        }
        pair_configs(&p, identity_for(&s));
        give_psk();
        if (needs(&s, "DSA")) { /* R-PKI-082: not below `legacy` */
            ok(tch_config_set_policy(p.client_cfg, "legacy"));
            ok(tch_config_set_policy(p.server_cfg, "legacy"));
        }
        ok(tch_config_set_suites(p.client_cfg, &s.code, 1));
        ok(tch_config_set_suites(p.server_cfg, &s.code, 1));
        ok(tch_config_set_versions(p.client_cfg, highest_of(&s)));
        ok(tch_config_set_versions(p.server_cfg, highest_of(&s)));
        pair_connect(&p);
        if (!run(&p, SIZE_MAX)) {
            fail_msg("%s: %s, %s", s.name, tch_status_name(p.client_status),
                     tch_status_name(p.server_status));
        }
        assert_int_equal(info_of(p.client).suite, s.code);
        agree();
        pair_free(&p);
        tried++;
    }
    assert_true(tried >= 25);
}

/* R-KX-081: who has no such key, and who has another, look the same. */
static void a_wrong_psk_ends_at_the_finished_record_R_KX_081(void **state)
{
    static const uint16_t suites[] = { 0x00A8, 0x00AA, 0xC035, 0x00AC };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        for (int unknown = 0; unknown < 2; unknown++) {
            pair_configs(&p, "server-rsa2048");
            ok(tch_config_add_psk(p.client_cfg, tch_slice_of("a", 1),
                                  tch_slice_of("key", 3)));
            ok(tch_config_add_psk(p.server_cfg,
                                  tch_slice_of(unknown ? "b" : "a", 1),
                                  tch_slice_of("yek", 3)));
            ok(tch_config_set_suites(p.client_cfg, &suites[i], 1));
            ok(tch_config_set_suites(p.server_cfg, &suites[i], 1));
            pair_connect(&p);
            assert_false(run(&p, SIZE_MAX));
            is(p.server_status, "BAD_RECORD_MAC");
            pair_free(&p);
        }
    }
}

/* A client that cannot accept the ServerHello has no version yet but its
 * first one: the server takes the alert all the same (R-ALR-016). */
static void an_alert_before_the_version_is_taken(void **state)
{
    (void)state;
    pair_configs(&p, "server-rsa2048");
    pair_connect(&p);
    is(step_client(&p, SIZE_MAX), "CONTINUE");
    is(step_server(&p, SIZE_MAX), "CONTINUE");
    p.to_client.bytes[10] = 0x02; /* server_version 0302 */
    is(step_client(&p, SIZE_MAX), "NO_COMMON_VERSION");
    assert_int_equal(p.to_server.bytes[0], 21);
    is(step_server(&p, SIZE_MAX), "PEER_ALERT");
    assert_int_equal(tch_conn_failure(p.server)->alert,
                     TCH_ALERT_PROTOCOL_VERSION);
    pair_free(&p);
}

static void every_group_of_this_build_connects(void **state)
{
    static const char *const groups[] = { "x25519", "secp256r1", "secp384r1",
                                          "secp521r1" };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        uint16_t code = (uint16_t)tch_group_code(groups[i]);

        pair_configs(&p, "server-rsa2048");
        ok(tch_config_set_groups(p.client_cfg, &code, 1));
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        assert_int_equal(info_of(p.client).group, code);
        assert_int_equal(info_of(p.server).group, code);
        agree();
        pair_free(&p);
    }
}

static void every_kind_of_server_key_connects(void **state)
{
    static const char *const names[] = { "server-rsa2048", "server-rsa3072",
                                         "server-ec256", "server-ec384",
                                         "server-ec521", "server-pss2048",
                                         "server-ed25519" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        pair_configs(&p, names[i]);
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        agree();
        pair_free(&p);
    }
}

/* R-REC-020, R-REC-021: the cut of the bytes decides nothing. */
static void input_cut_anywhere_gives_the_same_R_REC_021(void **state)
{
    static const size_t cuts[] = { 1, 2, 3, 5, 6, 7, 100, 1000 };

    (void)state;
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        pair_configs(&p, "server-ec256");
        pair_connect(&p);
        assert_true(run(&p, cuts[i]));
        agree();
        pair_free(&p);
    }
}

static void a_session_is_resumed_by_id_R_HS_050(void **state)
{
    (void)state;
    pair_configs(&p, "server-rsa2048");
    for (int round = 0; round < 3; round++) {
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        assert_int_equal(info_of(p.client).resumed, round > 0);
        agree();
        pair_disconnect(&p);
    }
    pair_free(&p);
}

static void a_session_is_not_resumed_under_another_name_R_HS_059(void **state)
{
    (void)state;
    pair_configs(&p, "server-rsa2048");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    pair_disconnect(&p);
    pair_connect(&p);
    ok(tch_conn_set_server_name(p.client, "example.test"));
    assert_true(run(&p, SIZE_MAX));
    assert_false(info_of(p.client).resumed);
    pair_free(&p);
}

static void a_session_is_forgotten_when_asked(void **state)
{
    (void)state;
    pair_configs(&p, "server-rsa2048");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    pair_disconnect(&p);
    assert_int_equal(tch_config_forget(p.client_cfg, "localhost"), 1);
    assert_int_equal(tch_config_forget(p.client_cfg, NULL), 0);
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    assert_false(info_of(p.client).resumed);
    pair_free(&p);
}

/* R-ALR-004: what ended with a fatal alert is not resumed. */
static void a_fatal_alert_ends_the_session_R_ALR_004(void **state)
{
    (void)state;
    pair_configs(&p, "server-rsa2048");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    ok(tch_alert(p.client, TCH_ALERT_FATAL, TCH_ALERT_INTERNAL_ERROR));
    pair_disconnect(&p);
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    assert_false(info_of(p.client).resumed);
    pair_free(&p);
}

static uint64_t set_time(void *arg)
{
    return *(const uint64_t *)arg;
}

static void expired_sessions_are_not_resumed_R_HS_060(void **state)
{
    uint64_t now = 1800000000000u; /* within the certificates' validity */
    struct tch_clock clock = { set_time, &now };

    (void)state;
    pair_configs(&p, "server-rsa2048");
    ok(tch_config_set_clock(p.client_cfg, &clock));
    ok(tch_config_set_clock(p.server_cfg, &clock));
    ok(tch_config_set_resumption(p.server_cfg, true, 60));
    for (int round = 0; round < 3; round++) {
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        assert_int_equal(info_of(p.client).resumed, round == 1);
        agree();
        pair_disconnect(&p);
        now += round == 0 ? 59000 : 1000;
    }
    pair_free(&p);
}

/* Gives a pending record to tch_open_record of the other side. */
static enum tch_status open_pending(struct tch_conn *from, struct tch_conn *to)
{
    static struct pipe_end pipe;
    struct tch_slice data;
    size_t used;

    pipe.len = 0;
    flush(from, &pipe);
    return tch_open_record(to, pipe.bytes, pipe.len, &used, &data, NULL);
}

/* The version table as bits, and by wire value. */
static const struct {
    unsigned bit;
    uint16_t wire;
} versions[] = {
    { TCH_VERSION_SSL3, 0x0300 },
    { TCH_VERSION_TLS10, 0x0301 },
    { TCH_VERSION_TLS11, 0x0302 },
    { TCH_VERSION_TLS12, 0x0303 },
};

#define NUM_VERSIONS (sizeof versions / sizeof versions[0])

static void configs_for(unsigned version, const struct tch_suite_info *s)
{
    pair_configs(&p, identity_for(s));
    give_psk();
    ok(tch_config_set_policy(p.client_cfg, "museum"));
    ok(tch_config_set_policy(p.server_cfg, "museum"));
    ok(tch_config_set_versions(p.client_cfg, versions[version].bit));
    ok(tch_config_set_versions(p.server_cfg, versions[version].bit));
    ok(tch_config_set_suites(p.client_cfg, &s->code, 1));
    ok(tch_config_set_suites(p.server_cfg, &s->code, 1));
}

static void must_connect(const struct tch_suite_info *s, unsigned version)
{
    if (!run(&p, SIZE_MAX)) {
        fail_msg("%s in %s: %s, %s", s->name,
                 tch_version_name(versions[version].wire),
                 tch_status_name(p.client_status),
                 tch_status_name(p.server_status));
    }
    assert_int_equal(info_of(p.client).suite, s->code);
    assert_int_equal(info_of(p.client).version, versions[version].wire);
    agree();
}

/* R-CS-001; each connects, resumes, and renegotiates. */
static void every_suite_of_this_build_connects_in_its_versions(void **state)
{
    struct tch_suite_info s;
    size_t tried = 0;

    (void)state;
    for (size_t i = 0; tch_suite_list(i, &s) == TCH_OK; i++) {
        for (unsigned v = 0; s.built && v < NUM_VERSIONS; v++) {
            if (versions[v].wire < s.first_version ||
                versions[v].wire > s.last_version) {
                continue;
            }
            configs_for(v, &s);
            pair_connect(&p);
            must_connect(&s, v);
            is(tch_renegotiate(p.client), "CONTINUE");
            is(open_pending(p.client, p.server), "RENEGOTIATE");
            must_connect(&s, v);
            pair_disconnect(&p);
            pair_connect(&p);
            must_connect(&s, v);
            assert_true(info_of(p.client).resumed);
            pair_free(&p);
            tried++;
        }
    }
    assert_true(tried >= 50);
}

/* R-HS-094, R-HS-097, R-ALR-017: with one, and without one. */
static void client_certificates_work_in_every_version(void **state)
{
    static const char *const names[] = { "client-rsa2048", "client-ec256",
                                         NULL };
    struct tch_suite_info s;

    (void)state;
    for (unsigned v = 0; v < NUM_VERSIONS; v++) {
        ok(tch_suite_describe(v == 0 ? 0x0002 : 0xC013, &s));
        for (size_t i = 0; i < 3; i++) {
            if (v == 0 && i == 1) {
                continue; /* SSL 3.0 knows no ECDSA */
            }
            configs_for(v, &s);
            if (names[i] != NULL) {
                add_identity(p.client_cfg, names[i]);
            }
            ok(tch_config_set_client_auth(p.server_cfg,
                                          names[i] == NULL
                                              ? TCH_CLIENT_AUTH_REQUEST
                                              : TCH_CLIENT_AUTH_REQUIRE));
            ok(tch_config_add_anchors_pem(p.server_cfg,
                                          read_certs("ca.pem")));
            pair_connect(&p);
            must_connect(&s, v);
            assert_int_equal(info_of(p.server).client_certificate,
                             names[i] != NULL);
            pair_disconnect(&p);
            if (names[i] == NULL) {
                pair_connect(&p);
                ok(tch_conn_set_client_auth(p.server,
                                            TCH_CLIENT_AUTH_REQUIRE));
                (void)tch_config_forget(p.client_cfg, NULL);
                pair_disconnect(&p);
            }
            pair_free(&p);
        }
    }
}

/* R-HS-021: both have several; the highest common one is taken. */
static void the_highest_common_version_is_taken_R_HS_021(void **state)
{
    (void)state;
    for (unsigned low = 0; low < NUM_VERSIONS; low++) {
        for (unsigned side = 0; side < 2; side++) {
            unsigned upto = (versions[low].bit << 1) - 1;

            pair_configs(&p, "server-rsa2048");
            ok(tch_config_set_policy(p.client_cfg, "museum"));
            ok(tch_config_set_policy(p.server_cfg, "museum"));
            ok(tch_config_set_versions(side ? p.server_cfg : p.client_cfg,
                                       upto));
            pair_connect(&p);
            assert_true(run(&p, SIZE_MAX));
            assert_int_equal(info_of(p.client).version, versions[low].wire);
            agree();
            pair_free(&p);
        }
    }
}

static void no_version_in_common_is_told_R_HS_022(void **state)
{
    (void)state;
    pair_configs(&p, "server-rsa2048");
    ok(tch_config_set_versions(p.client_cfg, TCH_VERSION_TLS11));
    pair_connect(&p);
    assert_false(run(&p, SIZE_MAX));
    is(p.server_status, "NO_COMMON_VERSION");
    (void)step_client(&p, SIZE_MAX);
    assert_int_equal(tch_conn_failure(p.client)->alert,
                     TCH_ALERT_PROTOCOL_VERSION);
    pair_free(&p);
}

static void a_client_may_renegotiate_R_EXT_073(void **state)
{
    (void)state;
    pair_configs(&p, "server-rsa2048");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    for (unsigned i = 2; i < 4; i++) {
        is(tch_renegotiate(p.client), "CONTINUE");
        is(open_pending(p.client, p.server), "RENEGOTIATE");
        assert_true(run(&p, SIZE_MAX));
        assert_int_equal(info_of(p.client).handshakes, i);
        agree();
    }
    pair_free(&p);
}

static void a_server_may_ask_for_a_renegotiation(void **state)
{
    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    ok(tch_renegotiate(p.server));
    is(open_pending(p.server, p.client), "RENEGOTIATE");
    assert_int_equal(tch_conn_state(p.client), TCH_STATE_ASKED);
    assert_true(run(&p, SIZE_MAX));
    assert_int_equal(info_of(p.server).handshakes, 2);
    agree();
    pair_free(&p);
}

static void a_renegotiation_may_be_refused_R_HS_070_R_HS_130(void **state)
{
    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    ok(tch_renegotiate(p.server));
    is(open_pending(p.server, p.client), "RENEGOTIATE");
    ok(tch_refuse_renegotiation(p.client));
    is(open_pending(p.client, p.server), "NO_RENEGOTIATION");
    agree();
    is(tch_renegotiate(p.client), "CONTINUE");
    is(open_pending(p.client, p.server), "RENEGOTIATE");
    ok(tch_refuse_renegotiation(p.server));
    is(open_pending(p.server, p.client), "NO_RENEGOTIATION");
    agree();
    pair_free(&p);
}

/* R-HS-078: the fourth within a minute is refused without asking. */
static void a_flood_of_renegotiations_is_refused_R_ATK_027(void **state)
{
    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    for (int i = 0; i < 3; i++) {
        is(tch_renegotiate(p.client), "CONTINUE");
        is(open_pending(p.client, p.server), "RENEGOTIATE");
        assert_true(run(&p, SIZE_MAX));
    }
    is(tch_renegotiate(p.client), "CONTINUE");
    ok(open_pending(p.client, p.server));
    p.to_client.len = 0;
    flush(p.server, &p.to_client);
    is(step_client(&p, SIZE_MAX), "NO_RENEGOTIATION");
    is(step_client(&p, SIZE_MAX), "CLOSED");
    pair_free(&p);
}

static void data_may_come_during_a_renegotiation_R_REC_026(void **state)
{
    uint8_t record[256];
    struct tch_slice data;
    size_t used;
    size_t len;

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    is(tch_renegotiate(p.client), "CONTINUE");
    len = seal_bytes(p.server, "late", 4, record);
    is(tch_step(p.client, tch_slice_of(record, len), &used, NULL),
       "DATA_WAITS");
    assert_int_equal(used, 0);
    ok(tch_open_record(p.client, record, len, &used, &data, NULL));
    assert_memory_equal(data.p, "late", 4);
    is(open_pending(p.client, p.server), "RENEGOTIATE");
    assert_true(run(&p, SIZE_MAX));
    agree();
    pair_free(&p);
}

static void a_client_certificate_is_asked_for_and_proved(void **state)
{
    static const char *const names[] = { "client-rsa2048", "client-ec256",
                                         "server-ed25519" };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        pair_configs(&p, "server-ec256");
        add_identity(p.client_cfg, names[i]);
        ok(tch_config_set_client_auth(p.server_cfg, TCH_CLIENT_AUTH_REQUIRE));
        ok(tch_config_set_keep_peer_chain(p.server_cfg, true));
        if (i == 2) { /* a certificate for servers: the key is what counts */
            ok(tch_config_set_verify(p.server_cfg, TCH_VERIFY_INSECURE));
        }
        ok(tch_config_add_anchors_pem(p.server_cfg, read_certs("ca.pem")));
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        assert_true(info_of(p.server).client_certificate);
        assert_true(tch_conn_peer_certificate(p.server, 0).len > 100);
        assert_int_equal(tch_conn_local_certificate(p.client).len,
                         tch_conn_peer_certificate(p.server, 0).len);
        agree();
        pair_free(&p);
    }
}

static void a_missing_client_certificate_is_told_R_HS_095(void **state)
{
    (void)state;
    for (int required = 0; required < 2; required++) {
        pair_configs(&p, "server-ec256");
        ok(tch_config_set_client_auth(p.server_cfg,
                                      required ? TCH_CLIENT_AUTH_REQUIRE
                                               : TCH_CLIENT_AUTH_REQUEST));
        pair_connect(&p);
        assert_int_equal(run(&p, SIZE_MAX), !required);
        if (required) {
            is(p.server_status, "NO_CLIENT_CERTIFICATE");
            (void)step_client(&p, SIZE_MAX);
            is(p.client_status, "PEER_ALERT");
            assert_int_equal(tch_conn_failure(p.client)->alert,
                             TCH_ALERT_HANDSHAKE_FAILURE);
        } else {
            assert_false(info_of(p.server).client_certificate);
            agree();
        }
        pair_free(&p);
    }
}

static void a_client_certificate_may_come_on_demand(void **state)
{
    struct tch_config *with;

    (void)state;
    pair_configs(&p, "server-ec256");
    ok(tch_config_set_client_auth(p.server_cfg, TCH_CLIENT_AUTH_REQUIRE));
    ok(tch_config_set_verify(p.server_cfg, TCH_VERIFY_INSECURE));
    ok(tch_config_add_anchors_pem(p.server_cfg, read_certs("ca.pem")));
    ok(tch_config_set_ask_credential(p.client_cfg, true));
    ok(tch_config_copy(p.client_cfg, &with));
    add_identity(with, "client-ec256");
    pair_connect(&p);
    assert_false(run(&p, SIZE_MAX));
    is(p.client_status, "WANT_CREDENTIAL");
    assert_true(tch_conn_issuers(p.client).len > 2);
    ok(tch_answer_credential(p.client, with));
    tch_config_free(with);
    assert_true(run(&p, SIZE_MAX));
    assert_true(info_of(p.server).client_certificate);
    agree();
    pair_free(&p);
}

static void certificates_are_judged(void **state)
{
    static const struct {
        const char *identity;
        const char *key;
        const char *status;
        enum tch_alert alert;
    } cases[] = {
        { "server-expired", "server-rsa2048", "CERT_EXPIRED",
          TCH_ALERT_CERTIFICATE_EXPIRED },
        { "server-notyet", "server-rsa2048", "CERT_EXPIRED",
          TCH_ALERT_CERTIFICATE_EXPIRED },
        { "server-unrelated", "server-rsa2048", "CERT_UNTRUSTED",
          TCH_ALERT_UNKNOWN_CA },
        { "server-selfsigned", "server-rsa2048", "CERT_UNTRUSTED",
          TCH_ALERT_UNKNOWN_CA },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char cert[64];
        char key[64];

        pair_configs(&p, NULL);
        snprintf(cert, sizeof cert, "%s.pem", cases[i].identity);
        snprintf(key, sizeof key, "%s.key", cases[i].key);
        ok(tch_config_add_identity_pem(p.server_cfg, read_certs(cert),
                                       read_certs(key)));
        pair_connect(&p);
        assert_false(run(&p, SIZE_MAX));
        is(p.client_status, cases[i].status);
        is(p.server_status, "PEER_ALERT");
        assert_int_equal(tch_conn_failure(p.server)->alert, cases[i].alert);
        assert_int_equal(tch_conn_failure(p.server)->side, TCH_SIDE_PEERS);
        pair_free(&p);
    }
}

static void a_wrong_name_is_not_accepted(void **state)
{
    (void)state;
    pair_configs(&p, "server-rsa2048");
    pair_connect(&p);
    ok(tch_conn_set_server_name(p.client, "wrong.invalid"));
    assert_false(run(&p, SIZE_MAX));
    is(p.client_status, "CERT_WRONG_NAME");
    pair_disconnect(&p);
    pair_connect(&p);
    ok(tch_conn_set_server_name(p.client, "wrong.invalid"));
    ok(tch_conn_set_name_check(p.client, false));
    assert_true(run(&p, SIZE_MAX));
    pair_free(&p);
}

/* A session judged without its name serves those who do not ask for it. */
static void a_resumed_peer_was_judged_as_well_as_now_asked(void **state)
{
    static const struct {
        bool first;
        bool second;
        bool resumed;
    } cases[] = { { true, true, true },
                  { true, false, true },
                  { false, false, true },
                  { false, true, false } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pair_configs(&p, "server-rsa2048");
        pair_connect(&p);
        ok(tch_conn_set_name_check(p.client, cases[i].first));
        assert_true(run(&p, SIZE_MAX));
        pair_disconnect(&p);
        pair_connect(&p);
        ok(tch_conn_set_name_check(p.client, cases[i].second));
        assert_true(run(&p, SIZE_MAX));
        assert_int_equal(info_of(p.client).resumed, cases[i].resumed);
        pair_free(&p);
    }
}

static void the_application_may_judge(void **state)
{
    (void)state;
    for (int accept = 0; accept < 2; accept++) {
        pair_configs(&p, "server-rsa2048");
        ok(tch_config_set_verify(p.client_cfg, TCH_VERIFY_ASK));
        pair_connect(&p);
        assert_false(run(&p, SIZE_MAX));
        is(p.client_status, "WANT_VERDICT");
        assert_true(tch_conn_peer_certificate(p.client, 0).len > 100);
        ok(tch_answer_verdict(p.client,
                              accept ? TCH_OK : TCH_CERT_REJECTED));
        assert_int_equal(run(&p, SIZE_MAX), accept);
        is(p.client_status, accept ? "OK" : "CERT_REJECTED");
        pair_free(&p);
    }
}

static void application_protocols_are_chosen_R_EXT_090(void **state)
{
    struct tch_slice both = tch_slice_of("\x02h2\x08http/1.1", 12);
    struct tch_slice one = tch_slice_of("\x08http/1.1", 9);
    struct tch_slice other = tch_slice_of("\x03" "foo", 4);

    (void)state;
    pair_configs(&p, "server-rsa2048");
    ok(tch_config_set_alpn(p.client_cfg, both));
    ok(tch_config_set_alpn(p.server_cfg, one));
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    assert_int_equal(info_of(p.client).alpn.len, 8);
    assert_memory_equal(info_of(p.server).alpn.p, "http/1.1", 8);
    pair_disconnect(&p);
    pair_connect(&p);
    ok(tch_conn_set_alpn(p.client, other));
    assert_false(run(&p, SIZE_MAX));
    is(p.server_status, "NO_APPLICATION_PROTOCOL");
    pair_disconnect(&p);
    pair_connect(&p);
    ok(tch_conn_set_alpn(p.server, tch_slice_of(NULL, 0)));
    assert_true(run(&p, SIZE_MAX));
    assert_int_equal(info_of(p.client).alpn.len, 0);
    pair_free(&p);
}

static void closing_is_orderly_R_ALR_007(void **state)
{
    uint8_t buf[64] = { 0 };
    struct tch_slice out;

    (void)state;
    pair_configs(&p, "server-rsa2048");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    ok(tch_close(p.client));
    is(tch_seal_record(p.client, buf, 1, &out), "SHUT_DOWN");
    is(open_pending(p.client, p.server), "CLOSED");
    assert_int_equal(tch_conn_state(p.server), TCH_STATE_CLOSED);
    assert_true(send_data(p.server, p.client, "last words", 10));
    ok(tch_close(p.server));
    is(open_pending(p.server, p.client), "CLOSED");
    pair_free(&p);
}

static void nothing_in_common_is_told_R_HS_030(void **state)
{
    static const uint16_t gcm = 0xC02F;
    static const uint16_t cbc = 0xC013;

    (void)state;
    pair_configs(&p, "server-rsa2048");
    ok(tch_config_set_suites(p.client_cfg, &gcm, 1));
    ok(tch_config_set_suites(p.server_cfg, &cbc, 1));
    pair_connect(&p);
    assert_false(run(&p, SIZE_MAX));
    is(p.server_status, "NO_COMMON_PARAMETERS");
    (void)step_client(&p, SIZE_MAX);
    assert_int_equal(tch_conn_failure(p.client)->alert,
                     TCH_ALERT_HANDSHAKE_FAILURE);
    pair_free(&p);
}

static void encrypt_then_mac_may_be_off_on_either_side(void **state)
{
    static const uint16_t cbc = 0xC013;

    (void)state;
    for (int side = 0; side < 3; side++) {
        pair_configs(&p, "server-rsa2048");
        ok(tch_config_set_suites(p.server_cfg, &cbc, 1));
        ok(tch_config_set_encrypt_then_mac(p.client_cfg, side != 1));
        ok(tch_config_set_encrypt_then_mac(p.server_cfg, side != 2));
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        assert_int_equal(info_of(p.client).encrypt_then_mac, side == 0);
        agree();
        pair_free(&p);
    }
}

static void both_sides_export_the_same_R_KEY_060(void **state)
{
    uint8_t a[40];
    uint8_t b[40];
    uint8_t c[40];
    size_t len;

    (void)state;
    pair_configs(&p, "server-rsa2048");
    ok(tch_config_set_keep_peer_chain(p.client_cfg, true));
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    ok(tch_conn_export(p.client, "EXPORTER-x", tch_slice_of(NULL, 0), a, 40));
    ok(tch_conn_export(p.server, "EXPORTER-x", tch_slice_of(NULL, 0), b, 40));
    ok(tch_conn_export(p.client, "EXPORTER-x", tch_slice_of("", 0), c, 40));
    assert_memory_equal(a, b, 40);
    assert_memory_not_equal(a, c, 40);
    is(tch_conn_export(p.client, "key expansion", tch_slice_of(NULL, 0), a,
                       40), "NOT_ALLOWED");
    ok(tch_conn_tls_unique(p.client, a, &len));
    assert_int_equal(len, 12);
    ok(tch_conn_tls_unique(p.server, b, &len));
    assert_memory_equal(a, b, 12);
    ok(tch_conn_endpoint_binding(p.client, a, &len));
    assert_int_equal(len, 32);
    ok(tch_conn_endpoint_binding(p.server, b, &len));
    assert_memory_equal(a, b, 32);
    pair_free(&p);
}

/* A large chain of messages through 1-byte records would be R-ATK-047; here:
 * the largest records, and many small ones. */
static void records_of_every_size_arrive(void **state)
{
    static uint8_t data[16384];
    static const size_t sizes[] = { 0, 1, 15, 16, 17, 1399, 16383, 16384 };

    (void)state;
    memset(data, 0x5A, sizeof data);
    pair_configs(&p, "server-rsa2048");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_true(send_data(p.client, p.server, data, sizes[i]));
        assert_true(send_data(p.server, p.client, data, sizes[i]));
    }
    pair_free(&p);
}

/* ---- a private key in "another process" ---- */

struct elsewhere {
    struct tch_config *holder;
    unsigned scheme;
    uint8_t asked[64];
    size_t asked_len;
    int times;
};

static enum tch_status ask_to_sign(void *arg, unsigned scheme,
                                   struct tch_slice hash, uint8_t *out,
                                   size_t *out_len)
{
    struct elsewhere *e = arg;

    (void)out;
    (void)out_len;
    e->scheme = scheme;
    memcpy(e->asked, hash.p, hash.len);
    e->asked_len = hash.len;
    e->times++;
    return TCH_WANT_SIGNATURE;
}

static void a_key_elsewhere_may_answer_later(void **state)
{
    struct elsewhere e = { 0 };
    struct tch_signer signer = { ask_to_sign, NULL, &e };
    struct tch_slice text = read_certs("server-ec256.pem");
    struct tch_pem pem;
    uint8_t wrong[72] = { 0x30, 0x44 };

    (void)state;
    pair_configs(&p, NULL);
    ok(tch_pem_decode(NULL, &text, &pem));
    ok(tch_config_add_identity_external(p.server_cfg, &pem.der, 1, &signer));
    tch_pem_free(NULL, &pem);
    pair_connect(&p);
    assert_false(run(&p, SIZE_MAX));
    is(p.server_status, "WANT_SIGNATURE");
    is(tch_step(p.server, tch_slice_of(NULL, 0), &(size_t){ 0 }, NULL),
       "WANT_SIGNATURE");
    assert_int_equal(e.times, 1);
    assert_int_equal(e.scheme, 0x0403);
    assert_int_equal(e.asked_len, 32);
    /* A wrong signature is noticed by the client, not by us. */
    ok(tch_answer_signature(p.server, tch_slice_of(wrong, sizeof wrong)));
    assert_false(run(&p, SIZE_MAX));
    is(p.client_status, "BAD_SIGNATURE");
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_of_this_build_connects),
        cmocka_unit_test(every_suite_of_this_build_connects_in_its_versions),
        cmocka_unit_test(client_certificates_work_in_every_version),
        cmocka_unit_test(the_highest_common_version_is_taken_R_HS_021),
        cmocka_unit_test(no_version_in_common_is_told_R_HS_022),
        cmocka_unit_test(a_wrong_psk_ends_at_the_finished_record_R_KX_081),
        cmocka_unit_test(an_alert_before_the_version_is_taken),
        cmocka_unit_test(every_group_of_this_build_connects),
        cmocka_unit_test(every_kind_of_server_key_connects),
        cmocka_unit_test(input_cut_anywhere_gives_the_same_R_REC_021),
        cmocka_unit_test(a_session_is_resumed_by_id_R_HS_050),
        cmocka_unit_test(a_session_is_not_resumed_under_another_name_R_HS_059),
        cmocka_unit_test(a_session_is_forgotten_when_asked),
        cmocka_unit_test(a_fatal_alert_ends_the_session_R_ALR_004),
        cmocka_unit_test(expired_sessions_are_not_resumed_R_HS_060),
        cmocka_unit_test(a_client_may_renegotiate_R_EXT_073),
        cmocka_unit_test(a_server_may_ask_for_a_renegotiation),
        cmocka_unit_test(a_renegotiation_may_be_refused_R_HS_070_R_HS_130),
        cmocka_unit_test(a_flood_of_renegotiations_is_refused_R_ATK_027),
        cmocka_unit_test(data_may_come_during_a_renegotiation_R_REC_026),
        cmocka_unit_test(a_client_certificate_is_asked_for_and_proved),
        cmocka_unit_test(a_missing_client_certificate_is_told_R_HS_095),
        cmocka_unit_test(a_client_certificate_may_come_on_demand),
        cmocka_unit_test(certificates_are_judged),
        cmocka_unit_test(a_wrong_name_is_not_accepted),
        cmocka_unit_test(a_resumed_peer_was_judged_as_well_as_now_asked),
        cmocka_unit_test(the_application_may_judge),
        cmocka_unit_test(application_protocols_are_chosen_R_EXT_090),
        cmocka_unit_test(closing_is_orderly_R_ALR_007),
        cmocka_unit_test(nothing_in_common_is_told_R_HS_030),
        cmocka_unit_test(encrypt_then_mac_may_be_off_on_either_side),
        cmocka_unit_test(both_sides_export_the_same_R_KEY_060),
        cmocka_unit_test(records_of_every_size_arrive),
        cmocka_unit_test(a_key_elsewhere_may_answer_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
