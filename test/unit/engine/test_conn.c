/* The life of a connection, in its own memory or the caller's, and settings. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
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

static void a_connection_lives_in_the_callers_memory_too(void **state)
{
    uint8_t *mem = aligned_alloc(16, (tch_conn_size() + 15) / 16 * 16);
    bool wiped = true;

    (void)state;
    assert_non_null(mem);
    pair_configs(&p, "server-ec256");
    is(tch_conn_init(mem, p.client_cfg, TCH_CLIENT, &p.client), "OK");
    assert_ptr_equal(p.client, mem);
    is(tch_conn_set_server_name(p.client, "localhost"), "OK");
    is(tch_conn_new(p.server_cfg, TCH_SERVER, &p.server), "OK");
    assert_true(run(&p, SIZE_MAX));
    assert_true(send_data(p.client, p.server, "ping", 4));
    tch_conn_clear(p.client);
    for (size_t i = 0; i < tch_conn_size(); i++) {
        wiped = wiped && mem[i] == 0; /* R-ATK-044 */
    }
    assert_true(wiped);
    p.client = NULL;
    free(mem);
    pair_free(&p);
}

static void null_is_freed_like_anything(void **state)
{
    (void)state;
    tch_conn_free(NULL);
    tch_config_free(NULL);
    assert_null(tch_config_ref(NULL));
}

/* What the name becomes is seen in the ClientHello (R-EXT-011). */
static size_t sni_sent(const char *name, char out[300])
{
    struct tch_slice found = { NULL, 0 };
    struct tch_slice hello;
    size_t len;

    pair_configs(&p, NULL);
    is(tch_conn_new(p.client_cfg, TCH_CLIENT, &p.client), "OK");
    is(tch_conn_set_server_name(p.client, name), "OK");
    is(tch_step(p.client, found, &len, NULL), "CONTINUE");
    hello = tch_pending(p.client);
    is(tch_server_name(hello, &found), "OK");
    len = found.len;
    if (len != 0) {
        memcpy(out, found.p, len);
    }
    out[len] = '\0';
    pair_free(&p);
    return len;
}

static void names_are_sent_in_lower_case_without_final_dot_R_EXT_011(
    void **state)
{
    char out[300];

    (void)state;
    assert_int_equal(sni_sent("Example.TEST.", out), 12);
    assert_string_equal(out, "example.test");
    assert_int_equal(sni_sent("127.0.0.1", out), 0);
    assert_int_equal(sni_sent("::1", out), 0);
    assert_int_equal(sni_sent("", out), 0);
    assert_int_equal(sni_sent(NULL, out), 0);
}

static void impossible_names_are_refused(void **state)
{
    char longest[300];

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    is(tch_conn_set_server_name(p.client, "with space"), "BAD_ARGUMENT");
    is(tch_conn_set_server_name(p.client, "b\xc3\xbc"), "BAD_ARGUMENT");
    is(tch_conn_set_server_name(p.client, "tab\t"), "BAD_ARGUMENT");
    memset(longest, 'a', sizeof longest);
    longest[255] = '\0';
    is(tch_conn_set_server_name(p.client, longest), "OK");
    longest[255] = 'a';
    longest[256] = '\0';
    is(tch_conn_set_server_name(p.client, longest), "BAD_ARGUMENT");
    is(tch_conn_set_server_name(p.client, "localhost"), "OK");
    assert_true(run(&p, SIZE_MAX));
    pair_free(&p);
}

static void settings_are_for_before_the_first_step(void **state)
{
    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    is(tch_conn_set_alpn(p.client, tch_slice_of("\2h2", 3)), "OK");
    is(tch_conn_set_alpn(p.client, tch_slice_of("\3h2", 3)), "BAD_ARGUMENT");
    is(tch_conn_set_name_check(p.client, false), "OK");
    (void)step_client(&p, SIZE_MAX);
    is(tch_conn_set_server_name(p.client, "other"), "BAD_STATE");
    is(tch_conn_set_alpn(p.client, tch_slice_of("\2h2", 3)), "BAD_STATE");
    is(tch_conn_set_name_check(p.client, true), "BAD_STATE");
    pair_free(&p);
}

/* The server's own list, and the connection's goes before the shared one. */
static void the_connections_alpn_goes_first(void **state)
{
    struct tch_info info;

    (void)state;
    pair_configs(&p, "server-ec256");
    is(tch_config_set_alpn(p.client_cfg, tch_slice_of("\1a", 2)), "OK");
    is(tch_config_set_alpn(p.server_cfg, tch_slice_of("\1a\1b", 4)), "OK");
    pair_connect(&p);
    is(tch_conn_set_alpn(p.client, tch_slice_of("\1b", 2)), "OK");
    assert_true(run(&p, SIZE_MAX));
    is(tch_conn_info(p.client, &info), "OK");
    assert_int_equal(info.alpn.len, 1);
    assert_memory_equal(info.alpn.p, "b", 1);
    pair_free(&p);
}

/* MANUAL_CRED_VALIDATION may come late (contract 6.1). */
static void the_verdicts_mode_may_change_until_it_is_needed(void **state)
{
    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    is(tch_conn_set_server_name(p.client, "wrong.invalid"), "OK");
    (void)step_client(&p, SIZE_MAX);
    (void)step_server(&p, SIZE_MAX);
    is(tch_conn_set_verify(p.client, TCH_VERIFY_INSECURE), "OK");
    assert_true(run(&p, SIZE_MAX));
    is(tch_alert(p.client, TCH_ALERT_FATAL, 80), "OK");
    is(tch_conn_set_verify(p.client, TCH_VERIFY_AUTO), "BAD_STATE");
    pair_free(&p);
}

static void an_unfit_configuration_does_not_replace_a_good_one(void **state)
{
    struct tch_config *bare = NULL;

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    is(tch_config_new(NULL, &bare), "OK");
    is(tch_conn_set_config(p.server, bare), "NO_CREDENTIAL");
    tch_config_free(bare);
    assert_true(run(&p, SIZE_MAX));
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_lives_in_the_callers_memory_too),
        cmocka_unit_test(null_is_freed_like_anything),
        cmocka_unit_test(
            names_are_sent_in_lower_case_without_final_dot_R_EXT_011),
        cmocka_unit_test(impossible_names_are_refused),
        cmocka_unit_test(settings_are_for_before_the_first_step),
        cmocka_unit_test(the_connections_alpn_goes_first),
        cmocka_unit_test(the_verdicts_mode_may_change_until_it_is_needed),
        cmocka_unit_test(an_unfit_configuration_does_not_replace_a_good_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
