/*
 * Questions: what is answered in which state, exporters (RFC 5705) and
 * channel bindings (RFC 5929), compared between both ends and computed again
 * from the key log.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/hash.h"
#include "crypto-glue/prf.h"
#include "test/support/pair.h"
#include "test/unit/glue/support_json.h"

static struct pair p;

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

static void open_pair(void)
{
    pair_configs(&p, "server-ec256");
    assert_int_equal(tch_config_set_keep_peer_chain(p.client_cfg, true),
                     TCH_OK);
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
}

static void nothing_is_known_before_the_first_handshake(void **state)
{
    uint8_t out[64];
    size_t len;
    struct tch_info info;
    struct tch_sizes sizes;
    struct tch_slice none = { NULL, 0 };

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    for (int round = 0; round < 2; round++) {
        is(tch_conn_info(p.client, &info), "BAD_STATE");
        is(tch_conn_sizes(p.client, &sizes), "BAD_STATE");
        is(tch_conn_export(p.client, "EXPORTER-x", none, out, 16),
           "BAD_STATE");
        is(tch_conn_tls_unique(p.client, out, &len), "BAD_STATE");
        is(tch_conn_endpoint_binding(p.client, out, &len), "NOT_FOUND");
        is(tch_conn_set_resumable(p.client, false), "BAD_STATE");
        assert_int_equal(tch_conn_peer_certificate(p.client, 0).len, 0);
        assert_int_equal(tch_conn_local_certificate(p.client).len, 0);
        assert_int_equal(tch_conn_issuers(p.client).len, 0);
        assert_int_equal(tch_conn_peer_schemes(p.client).len, 0);
        assert_int_equal(tch_conn_failure(p.client)->status, TCH_OK);
        assert_false(tch_conn_shut_down(p.client));
        (void)step_client(&p, SIZE_MAX);
    }
    assert_int_equal(tch_conn_role(p.client), TCH_CLIENT);
    assert_int_equal(tch_conn_role(p.server), TCH_SERVER);
    pair_free(&p);
}

/* R-ATK-021: no identity of the client before it is proved. */
static void what_was_negotiated_is_answered_on_both_sides(void **state)
{
    struct tch_info c;
    struct tch_info s;

    (void)state;
    open_pair();
    is(tch_conn_info(p.client, &c), "OK");
    is(tch_conn_info(p.server, &s), "OK");
    assert_int_equal(c.version, 0x0303);
    assert_int_equal(c.suite, s.suite);
    assert_int_equal(c.group, s.group);
    assert_int_equal(c.group, 29); /* x25519 comes first */
    assert_int_equal(c.group_bits, 255);
    assert_int_equal(c.scheme, 0x0403);
    assert_int_equal(s.scheme, 0x0403);
    assert_string_equal(c.peer_key, "ECDSA");
    assert_int_equal(c.peer_key_bits, 256);
    assert_null(s.peer_key);
    assert_int_equal(c.handshakes, 1);
    assert_true(c.extended_master_secret && s.extended_master_secret);
    assert_true(c.secure_renegotiation && s.secure_renegotiation);
    assert_false(c.resumed || s.client_certificate);
    assert_int_equal(s.server_name.len, 9);
    assert_memory_equal(s.server_name.p, "localhost", 9);
    assert_int_equal(c.session_id.len, 32);
    assert_memory_equal(c.session_id.p, s.session_id.p, 32);
    assert_int_equal(tch_conn_local_certificate(p.server).len,
                     tch_conn_peer_certificate(p.client, 0).len);
    assert_true(tch_conn_peer_schemes(p.server).len >= 2);
    pair_free(&p);
}

/* ---- exporters ---- */

static char logged[200];

static void keylog(void *arg, const char *line)
{
    (void)arg;
    snprintf(logged, sizeof logged, "%s", line);
}

static uint8_t server_random[32];

static void see(void *arg, const struct tch_event *ev)
{
    (void)arg;
    if (ev->kind == TCH_EV_MESSAGE_IN && ev->bytes.p[0] == 2) {
        memcpy(server_random, ev->bytes.p + 6, 32);
    }
}

/* RFC 5705 4, with the secret from the key log. */
static void exported_keys_follow_the_formula_R_KEY_060(void **state)
{
    struct tch_observer o;
    struct tch_prf_spec spec = { TCH_PRF_SUITE, TCH_HASH_SHA256 };
    uint8_t client_random[32];
    uint8_t master[48];
    uint8_t want[40];
    uint8_t got[40];
    uint8_t other[40];
    uint8_t empty_len[2] = { 0, 0 };
    char hex[100];
    const uint16_t suite = 0xC02B;

    (void)state;
    memset(&o, 0, sizeof o);
    o.event = see;
    o.keylog = keylog;
    pair_configs(&p, "server-ec256");
    assert_int_equal(tch_config_set_observer(p.client_cfg, &o), TCH_OK);
    assert_int_equal(tch_config_set_suites(p.client_cfg, &suite, 1), TCH_OK);
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    assert_memory_equal(logged, "CLIENT_RANDOM ", 14);
    snprintf(hex, sizeof hex, "%.64s", logged + 14);
    assert_int_equal(unhex(hex, client_random, 32), 32);
    assert_int_equal(unhex(logged + 79, master, 48), 48);
    for (int context = 0; context < 2; context++) {
        struct tch_slice seed[3] = { { client_random, 32 },
                                     { server_random, 32 },
                                     { empty_len, 2 } };
        struct tch_slice ctx = { context ? empty_len : NULL, 0 };

        tch_prf(spec, want, 40, tch_slice_of(master, 48), "EXPORTER-test",
                seed, context ? 3 : 2);
        is(tch_conn_export(p.client, "EXPORTER-test", ctx, got, 40), "OK");
        assert_memory_equal(got, want, 40);
        is(tch_conn_export(p.server, "EXPORTER-test", ctx, other, 40), "OK");
        assert_memory_equal(got, other, 40);
    }
    pair_free(&p);
}

static void reserved_labels_are_refused_R_KEY_061(void **state)
{
    static const char *const labels[] = { "client finished",
                                          "server finished", "master secret",
                                          "key expansion",
                                          "extended master secret" };
    struct tch_slice none = { NULL, 0 };
    uint8_t out[16];

    (void)state;
    open_pair();
    for (size_t i = 0; i < 5; i++) {
        is(tch_conn_export(p.client, labels[i], none, out, 16),
           "NOT_ALLOWED");
    }
    pair_free(&p);
}

/* ---- channel bindings ---- */

/* The plain Finished messages, as an observer of the client sees them. */
static uint8_t first_finished[12];
static unsigned num_finished;

static void see_finished(void *arg, const struct tch_event *ev)
{
    (void)arg;
    if ((ev->kind == TCH_EV_MESSAGE_IN || ev->kind == TCH_EV_MESSAGE_OUT) &&
        ev->bytes.p[0] == 20 && num_finished++ == 0) {
        assert_int_equal(ev->bytes.len, 16);
        memcpy(first_finished, ev->bytes.p + 4, 12);
    }
}

static void tls_unique_is_the_first_finished_R_KEY_063(void **state)
{
    struct tch_observer o;

    (void)state;
    memset(&o, 0, sizeof o);
    o.event = see_finished;
    pair_configs(&p, "server-ec256");
    assert_int_equal(tch_config_set_observer(p.client_cfg, &o), TCH_OK);
    for (int round = 0; round < 2; round++) { /* full, then resumed */
        uint8_t c[36];
        uint8_t s[36];
        size_t c_len = 0;
        size_t s_len = 0;

        num_finished = 0;
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        assert_int_equal(num_finished, 2);
        is(tch_conn_tls_unique(p.client, c, &c_len), "OK");
        is(tch_conn_tls_unique(p.server, s, &s_len), "OK");
        assert_int_equal(c_len, 12);
        assert_int_equal(s_len, 12);
        assert_memory_equal(c, first_finished, 12);
        assert_memory_equal(s, first_finished, 12);
        pair_disconnect(&p);
    }
    pair_free(&p);
}

/* The certificates are signed with SHA-256. */
static void the_endpoint_binding_hashes_the_certificate_R_KEY_064(
    void **state)
{
    uint8_t c[64];
    uint8_t s[64];
    uint8_t want[64];
    struct tch_slice der = read_certs("server-ec256.der");
    size_t c_len = 0;
    size_t s_len = 0;

    (void)state;
    tch_hash(TCH_HASH_SHA256, &der, 1, want);
    open_pair();
    is(tch_conn_endpoint_binding(p.client, c, &c_len), "OK");
    is(tch_conn_endpoint_binding(p.server, s, &s_len), "OK");
    assert_int_equal(c_len, 32);
    assert_int_equal(s_len, 32);
    assert_memory_equal(c, want, 32);
    assert_memory_equal(s, want, 32);
    pair_free(&p);
}

/* SCHANNEL_SESSION of contract 8.1. */
static void a_session_may_be_declared_not_resumable_8_1(void **state)
{
    struct tch_info info;

    (void)state;
    open_pair();
    is(tch_conn_set_resumable(p.client, false), "OK");
    pair_disconnect(&p);
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    is(tch_conn_info(p.client, &info), "OK");
    assert_false(info.resumed);
    pair_free(&p);
}

/* The answers stay those of the finished handshake while another runs. */
static void a_renegotiation_under_way_changes_no_answer_8_3(void **state)
{
    struct tch_info before;
    struct tch_info after;

    (void)state;
    open_pair();
    is(tch_conn_info(p.client, &before), "OK");
    is(tch_renegotiate(p.client), "CONTINUE");
    is(tch_conn_info(p.client, &after), "OK");
    assert_int_equal(after.handshakes, 1);
    assert_int_equal(after.suite, before.suite);
    assert_int_equal(tch_conn_state(p.client), TCH_STATE_RENEGOTIATION);
    assert_true(tch_conn_peer_certificate(p.client, 0).len > 100);
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_before_the_first_handshake),
        cmocka_unit_test(what_was_negotiated_is_answered_on_both_sides),
        cmocka_unit_test(exported_keys_follow_the_formula_R_KEY_060),
        cmocka_unit_test(reserved_labels_are_refused_R_KEY_061),
        cmocka_unit_test(tls_unique_is_the_first_finished_R_KEY_063),
        cmocka_unit_test(the_endpoint_binding_hashes_the_certificate_R_KEY_064),
        cmocka_unit_test(a_session_may_be_declared_not_resumable_8_1),
        cmocka_unit_test(a_renegotiation_under_way_changes_no_answer_8_3),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
