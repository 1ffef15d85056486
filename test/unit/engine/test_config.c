/*
 * Configurations: policies and where they come from (contract 5.5), lists,
 * freezing, copying and sharing, and whether connections can be made.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/support/pair.h"

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

static struct tch_config *fresh(void)
{
    struct tch_config *cfg = NULL;

    assert_int_equal(tch_config_new(NULL, &cfg), TCH_OK);
    return cfg;
}

/* Runs in a process of its own: what the policy is, by environment and call;
 * true when it is `want`. */
static bool default_is(const char *environment, const char *call,
                       const char *want)
{
    int status = 0;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct tch_config *cfg;

        unsetenv("TOMCHANNEL_POLICY");
        if (environment != NULL) {
            setenv("TOMCHANNEL_POLICY", environment, 1);
        }
        if (call != NULL && tch_set_default_policy(call) != TCH_OK) {
            _exit(3);
        }
        _exit(strcmp(tch_default_policy(), want) == 0 &&
                      tch_config_new(NULL, &cfg) == TCH_OK &&
                      strcmp(tch_config_policy(cfg), want) == 0
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void the_policy_comes_from_call_or_environment_5_5(void **state)
{
    (void)state;
    assert_true(default_is(NULL, NULL, "default"));
    assert_true(default_is("legacy", NULL, "legacy"));
    assert_true(default_is("compatible", NULL, "compatible"));
    assert_true(default_is("museum", NULL, "museum"));
    assert_true(default_is("nonsense", NULL, "default"));
    assert_true(default_is("", NULL, "default"));
    assert_true(default_is("legacy", "compatible", "compatible"));
    assert_true(default_is(NULL, "museum", "museum"));
    assert_false(default_is(NULL, "nonsense", "default")); /* refused */
    is(tch_set_default_policy(NULL), "NOT_FOUND");
}

/* Policy table of design-decisions.md. */
static void policies_have_their_versions(void **state)
{
    struct tch_config *cfg = fresh();

    (void)state;
    assert_int_equal(tch_config_versions(cfg), TCH_VERSION_TLS12);
    is(tch_config_set_policy(cfg, "nonsense"), "NOT_FOUND");
    is(tch_config_set_policy(cfg, NULL), "NOT_FOUND");
    assert_string_equal(tch_config_policy(cfg), "default");
    is(tch_config_set_policy(cfg, "museum"), "OK");
    assert_true((tch_config_versions(cfg) & TCH_VERSION_TLS12) != 0);
    tch_config_free(cfg);
}

static bool lists(const struct tch_config *cfg, unsigned code)
{
    size_t num;
    const uint16_t *codes = tch_config_suites(cfg, &num);

    for (size_t i = 0; i < num; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

/* `default`: ECDHE and DHE, no RSA transport, no RC4, no 3DES, no NULL. */
static void the_default_has_no_weak_suite_R_ATK_008(void **state)
{
    static const uint16_t weak[] = { 0x0000, 0x0002, 0x0003, 0x0004, 0x0005,
                                     0x000A, 0x002F, 0x009C, 0x0018, 0xC011,
                                     0xC012, 0x006C };
    static const uint16_t good[] = { 0xC02B, 0xC02F, 0xC030, 0xCCA8, 0xCCA9,
                                     0x009E, 0xC027 };
    struct tch_config *cfg = fresh();

    (void)state;
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
        assert_false(lists(cfg, weak[i]));
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(lists(cfg, good[i]));
    }
    is(tch_config_set_policy(cfg, "compatible"), "OK");
    assert_true(lists(cfg, 0x009C));
    assert_false(lists(cfg, 0x0005));
    tch_config_free(cfg);
}

static void lists_keep_order_and_drop_what_is_unknown_or_double(void **state)
{
    static const uint16_t asked[] = { 0xC030, 0x0A0A, 0xC02F, 0xC030, 0x1301,
                                      0x00FF };
    static const uint16_t unknown[] = { 0x0A0A, 0x1301 };
    struct tch_config *cfg = fresh();
    const uint16_t *codes;
    size_t num;

    (void)state;
    is(tch_config_set_suites(cfg, asked, 6), "OK");
    codes = tch_config_suites(cfg, &num);
    assert_int_equal(num, 2);
    assert_int_equal(codes[0], 0xC030);
    assert_int_equal(codes[1], 0xC02F);
    is(tch_config_set_suites(cfg, unknown, 2), "NOTHING_LEFT");
    is(tch_config_set_groups(cfg, unknown, 2), "NOTHING_LEFT");
    is(tch_config_set_schemes(cfg, unknown, 2), "NOTHING_LEFT");
    is(tch_config_set_suites(cfg, NULL, 0), "NOTHING_LEFT");
    (void)tch_config_suites(cfg, &num);
    assert_int_equal(num, 2); /* nothing changed */
    is(tch_config_set_versions(cfg, 0), "NOTHING_LEFT");
    is(tch_config_set_versions(cfg, 1u << 30), "NOTHING_LEFT");
    assert_int_equal(tch_config_versions(cfg), TCH_VERSION_TLS12);
    tch_config_free(cfg);
}

static void alpn_lists_must_add_up_R_EXT_091(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *status;
    } rows[] = {
        { "\2h2", 3, "OK" },
        { "\2h2\10http/1.1", 12, "OK" },
        { "", 0, "OK" },
        { "\0", 1, "BAD_ARGUMENT" },
        { "\3h2", 3, "BAD_ARGUMENT" },
        { "\2h2\5x", 5, "BAD_ARGUMENT" },
        { "\2h2\0", 4, "BAD_ARGUMENT" },
    };
    struct tch_config *cfg = fresh();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        is(tch_config_set_alpn(cfg, tch_slice_of(rows[i].bytes, rows[i].len)),
           rows[i].status);
    }
    tch_config_free(cfg);
}

static void a_configuration_in_use_is_frozen(void **state)
{
    const uint16_t suite = 0xC02F;
    struct tch_slice none = { NULL, 0 };
    struct tch_config *cfg = fresh();
    struct tch_conn *c = NULL;

    (void)state;
    is(tch_conn_new(cfg, TCH_CLIENT, &c), "OK");
    is(tch_config_set_policy(cfg, "legacy"), "BAD_STATE");
    is(tch_config_set_versions(cfg, TCH_VERSION_TLS12), "BAD_STATE");
    is(tch_config_set_suites(cfg, &suite, 1), "BAD_STATE");
    is(tch_config_set_alpn(cfg, none), "BAD_STATE");
    is(tch_config_set_client_auth(cfg, TCH_CLIENT_AUTH_NONE), "BAD_STATE");
    is(tch_config_set_verify(cfg, TCH_VERIFY_INSECURE), "BAD_STATE");
    is(tch_config_set_renegotiation(cfg, TCH_RENEGOTIATION_ASK), "BAD_STATE");
    is(tch_config_set_legacy_renegotiation(cfg, false), "BAD_STATE");
    is(tch_config_set_resumption(cfg, false, 0), "BAD_STATE");
    is(tch_config_set_extended_master_secret(cfg, true), "BAD_STATE");
    is(tch_config_set_encrypt_then_mac(cfg, false), "BAD_STATE");
    is(tch_config_set_volume_limit(cfg, false), "BAD_STATE");
    is(tch_config_set_keep_peer_chain(cfg, true), "BAD_STATE");
    is(tch_config_set_server_order(cfg, false), "BAD_STATE");
    is(tch_config_set_split_records(cfg, false), "BAD_STATE");
    is(tch_config_set_ask_credential(cfg, true), "BAD_STATE");
    is(tch_config_set_observer(cfg, NULL), "BAD_STATE");
    is(tch_config_set_draw(cfg, NULL), "BAD_STATE");
    is(tch_config_set_clock(cfg, NULL), "BAD_STATE");
    is(tch_config_add_anchors_pem(cfg, read_certs("ca.pem")), "BAD_STATE");
    is(tch_config_add_identity_pem(cfg, read_certs("server-ec256.pem"),
                                   read_certs("server-ec256.key")),
       "BAD_STATE");
    assert_string_equal(tch_config_policy(cfg), "default");
    tch_conn_free(c);
    is(tch_config_set_policy(cfg, "legacy"), "BAD_STATE"); /* for good */
    tch_config_free(cfg);
}

static void a_copy_is_free_again_and_on_its_own(void **state)
{
    const uint16_t suite = 0xC02F;
    struct tch_config *cfg = fresh();
    struct tch_config *copy = NULL;
    struct tch_conn *c = NULL;
    size_t num;

    (void)state;
    add_identity(cfg, "server-ec256");
    is(tch_config_set_alpn(cfg, tch_slice_of("\2h2", 3)), "OK");
    is(tch_conn_new(cfg, TCH_SERVER, &c), "OK");
    is(tch_config_copy(cfg, &copy), "OK");
    is(tch_config_set_suites(copy, &suite, 1), "OK");
    (void)tch_config_suites(copy, &num);
    assert_int_equal(num, 1);
    (void)tch_config_suites(cfg, &num);
    assert_true(num > 5);
    assert_int_equal(tch_config_num_identities(copy), 1);
    add_identity(copy, "server-rsa2048");
    assert_int_equal(tch_config_num_identities(copy), 2);
    assert_int_equal(tch_config_num_identities(cfg), 1);
    tch_conn_free(c);
    tch_config_free(cfg);
    assert_true(tch_config_identity_chain(copy, 0, 0).len > 100);
    tch_config_free(copy);
}

static void a_connection_keeps_its_configuration_alive(void **state)
{
    struct pair p;

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    tch_config_free(p.client_cfg);
    tch_config_free(p.server_cfg);
    p.client_cfg = NULL;
    p.server_cfg = NULL;
    assert_true(run(&p, SIZE_MAX));
    pair_free(&p);
}

static void what_cannot_work_is_said_before(void **state)
{
    const uint16_t ecdsa = 0xC02B;
    const uint16_t rsa = 0x009C;
    struct tch_config *cfg = fresh();
    struct tch_conn *c = NULL;

    (void)state;
    is(tch_config_check(cfg, TCH_CLIENT), "OK");
    is(tch_config_check(cfg, TCH_SERVER), "NO_CREDENTIAL");
    is(tch_conn_new(cfg, TCH_SERVER, &c), "NO_CREDENTIAL");
    add_identity(cfg, "server-rsa2048");
    is(tch_config_check(cfg, TCH_SERVER), "OK");
    is(tch_config_set_suites(cfg, &ecdsa, 1), "OK");
    is(tch_config_check(cfg, TCH_SERVER), "NO_CREDENTIAL");
    is(tch_config_set_suites(cfg, &rsa, 1), "OK");
    is(tch_config_check(cfg, TCH_SERVER), "OK");
    tch_config_free(cfg);
    /* a key below the policy's floor (R-KX-029) */
    cfg = fresh();
    add_identity(cfg, "server-rsa1024");
    is(tch_config_check(cfg, TCH_SERVER), "NO_CREDENTIAL");
    tch_config_free(cfg);
}

static void legacy_renegotiation_needs_its_policy_R_HS_074(void **state)
{
    struct tch_config *cfg = fresh();

    (void)state;
    is(tch_config_set_legacy_renegotiation(cfg, true), "NOT_ALLOWED");
    is(tch_config_set_legacy_renegotiation(cfg, false), "OK");
    is(tch_config_set_policy(cfg, "legacy"), "OK");
    is(tch_config_set_legacy_renegotiation(cfg, true), "OK");
    tch_config_free(cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_policy_comes_from_call_or_environment_5_5),
        cmocka_unit_test(policies_have_their_versions),
        cmocka_unit_test(the_default_has_no_weak_suite_R_ATK_008),
        cmocka_unit_test(lists_keep_order_and_drop_what_is_unknown_or_double),
        cmocka_unit_test(alpn_lists_must_add_up_R_EXT_091),
        cmocka_unit_test(a_configuration_in_use_is_frozen),
        cmocka_unit_test(a_copy_is_free_again_and_on_its_own),
        cmocka_unit_test(a_connection_keeps_its_configuration_alive),
        cmocka_unit_test(what_cannot_work_is_said_before),
        cmocka_unit_test(legacy_renegotiation_needs_its_policy_R_HS_074),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
