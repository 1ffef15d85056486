/* What a finished handshake leaves behind: session, facts for the next one. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "test/support/pair.h"

static struct pair p;

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

static struct tch_session *kept(struct tch_slice key)
{
    return tch_cache_get(p.server_cfg->cache, key, 0);
}

static void a_session_is_kept_after_both_finished_R_HS_058(void **state)
{
    struct tch_session *s;
    struct tch_info info;

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    (void)step_client(&p, SIZE_MAX);
    (void)step_server(&p, SIZE_MAX);
    (void)step_client(&p, SIZE_MAX);
    assert_null(p.client->session);
    assert_int_equal(tch_config_forget(p.client_cfg, NULL), 0);
    assert_int_equal(tch_config_forget(p.server_cfg, NULL), 0);
    assert_true(run(&p, SIZE_MAX));
    is(tch_conn_info(p.server, &info), "OK");
    s = kept(info.session_id);
    assert_non_null(s);
    assert_ptr_equal(s, p.server->session);
    assert_string_equal(s->server_name, "localhost");
    assert_memory_equal(s->master, p.client->session->master, 48);
    assert_true(s->ems);
    assert_int_equal(s->suite, info.suite);
    assert_int_equal(s->expires - s->created, 36000000); /* 10 hours */
    tch_session_unref(s);
    pair_free(&p);
}

static void no_session_is_kept_when_switched_off(void **state)
{
    struct tch_info info;

    (void)state;
    for (int side = 0; side < 2; side++) {
        pair_configs(&p, "server-ec256");
        is(tch_config_set_resumption(side ? p.server_cfg : p.client_cfg,
                                     false, 0),
           "OK");
        for (int round = 0; round < 2; round++) {
            pair_connect(&p);
            assert_true(run(&p, SIZE_MAX));
            is(tch_conn_info(p.client, &info), "OK");
            assert_false(info.resumed);
            /* a server that keeps none gives no id (R-HS-050) */
            assert_int_equal(info.session_id.len, side ? 0 : 32);
            pair_disconnect(&p);
        }
        pair_free(&p);
    }
}

/* R-HS-060: 24 hours at most. */
static void no_session_lives_longer_than_a_day_R_HS_060(void **state)
{
    (void)state;
    pair_configs(&p, "server-ec256");
    is(tch_config_set_resumption(p.server_cfg, true, 1000000), "OK");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    assert_int_equal(p.server->session->expires - p.server->session->created,
                     86400000);
    pair_free(&p);
}

/* R-EXT-082: saved for renegotiation_info, and replaced each time. */
static void verify_data_is_replaced_by_each_handshake_R_EXT_082(void **state)
{
    uint8_t first[12];
    static struct pipe_end pipe;
    struct tch_slice got;
    size_t used;

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    assert_int_equal(p.client->before.verify_len, 12);
    assert_memory_equal(p.client->before.client_verify,
                        p.server->before.client_verify, 12);
    assert_memory_equal(p.client->before.server_verify,
                        p.server->before.server_verify, 12);
    memcpy(first, p.client->before.client_verify, 12);
    is(tch_renegotiate(p.client), "CONTINUE");
    flush(p.client, &pipe);
    is(tch_open_record(p.server, pipe.bytes, pipe.len, &used, &got, NULL),
       "RENEGOTIATE");
    assert_true(run(&p, SIZE_MAX));
    assert_memory_not_equal(first, p.client->before.client_verify, 12);
    assert_memory_equal(p.client->before.client_verify,
                        p.server->before.client_verify, 12);
    pair_free(&p);
}

/* R-HS-061: the state carries the verified client certificate. */
static void a_resumed_client_is_still_the_same_R_HS_061(void **state)
{
    struct tch_info info;

    (void)state;
    pair_configs(&p, "server-ec256");
    add_identity(p.client_cfg, "client-ec256");
    is(tch_config_add_anchors_pem(p.server_cfg, read_certs("ca.pem")), "OK");
    is(tch_config_set_client_auth(p.server_cfg, TCH_CLIENT_AUTH_REQUIRE),
       "OK");
    is(tch_config_set_keep_peer_chain(p.server_cfg, true), "OK");
    for (int round = 0; round < 2; round++) {
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        is(tch_conn_info(p.server, &info), "OK");
        assert_int_equal(info.resumed, round == 1);
        assert_true(info.client_certificate);
        assert_true(tch_conn_peer_certificate(p.server, 0).len > 100);
        assert_string_equal(info.peer_key, "ECDSA");
        pair_disconnect(&p);
    }
    pair_free(&p);
}

/* A session without client certificate does not serve where one is needed. */
static void no_resumption_without_the_needed_certificate_R_ATK_038(
    void **state)
{
    struct tch_info info;

    (void)state;
    pair_configs(&p, "server-ec256");
    add_identity(p.client_cfg, "client-ec256");
    is(tch_config_add_anchors_pem(p.server_cfg, read_certs("ca.pem")), "OK");
    for (int round = 0; round < 2; round++) {
        pair_connect(&p);
        if (round == 1) {
            is(tch_conn_set_client_auth(p.server, TCH_CLIENT_AUTH_REQUIRE),
               "OK");
        }
        assert_true(run(&p, SIZE_MAX));
        is(tch_conn_info(p.server, &info), "OK");
        assert_false(info.resumed);
        assert_int_equal(info.client_certificate, round == 1);
        pair_disconnect(&p);
    }
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_kept_after_both_finished_R_HS_058),
        cmocka_unit_test(no_session_is_kept_when_switched_off),
        cmocka_unit_test(no_session_lives_longer_than_a_day_R_HS_060),
        cmocka_unit_test(verify_data_is_replaced_by_each_handshake_R_EXT_082),
        cmocka_unit_test(a_resumed_client_is_still_the_same_R_HS_061),
        cmocka_unit_test(
            no_resumption_without_the_needed_certificate_R_ATK_038),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
