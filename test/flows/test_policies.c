/*
 * What a policy lets in, seen from outside: which ciphers it offers, and that
 * a server under it takes a suite when the suite is the policy's, and refuses
 * it when not, whatever the client asks for. Source: the policy table of the
 * design decisions.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/pair.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const policies[] = { "default", "compatible", "legacy",
                                        "museum" };

/* The first policy that has a cipher, by how its name begins. */
static const struct {
    const char *cipher;
    unsigned from;
} facts[] = {
    { "AES-", 0 },     { "CHACHA20-", 0 }, { "CAMELLIA-", 1 },
    { "3DES-", 2 },    { "RC4-128", 2 },   { "SEED-", 2 },
    { "DES-", 3 },     { "RC2-", 3 },      { "RC4-40", 3 },
    { "RC4-56", 3 },   { "NULL", 3 },      { "IDEA-", 3 },
};

static unsigned cipher_from(const char *name)
{
    for (size_t i = 0; i < COUNT(facts); i++) {
        if (strncmp(name, facts[i].cipher, strlen(facts[i].cipher)) == 0) {
            return facts[i].from;
        }
    }
    fail_msg("no fact about %s", name);
    return 0;
}

static struct pair p;

static void ok(enum tch_status s)
{
    assert_string_equal(tch_status_name(s), "OK");
}

static void no_policy_offers_a_cipher_of_a_weaker_one(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT(policies); i++) {
        const uint16_t *codes;
        size_t num = 0;
        bool own = false;

        pair_configs(&p, NULL);
        ok(tch_config_set_policy(p.client_cfg, policies[i]));
        codes = tch_config_suites(p.client_cfg, &num);
        for (size_t k = 0; k < num; k++) {
            struct tch_suite_info s;

            ok(tch_suite_describe(codes[k], &s));
            assert_true(cipher_from(s.cipher) <= i);
            own = own || cipher_from(s.cipher) == i;
        }
        assert_true(own); /* each policy adds some */
        pair_free(&p);
    }
}

/* Suites that need no more than a certificate. */
static bool is_plain(const struct tch_suite_info *s)
{
    bool kx = strcmp(s->key_exchange, "RSA") == 0 ||
              strcmp(s->key_exchange, "DHE") == 0 ||
              strcmp(s->key_exchange, "ECDHE") == 0;

    return s->built && kx &&
           (strcmp(s->authentication, "RSA") == 0 ||
            strcmp(s->authentication, "ECDSA") == 0);
}

/* The first policy that has a suite: its cipher's, and no forward secrecy
 * needs `compatible`. */
static unsigned suite_from(const struct tch_suite_info *s)
{
    unsigned from = cipher_from(s->cipher);

    return from == 0 && strcmp(s->key_exchange, "RSA") == 0 ? 1 : from;
}

/* The server has its policy's suites; the client wants this one alone, in a
 * version that has it. */
static bool connects(const struct tch_suite_info *s, const char *policy)
{
    unsigned version = 1u << (s->last_version - 0x0300u);
    bool open;

    pair_configs(&p, strcmp(s->authentication, "ECDSA") == 0
                         ? "server-ec256"
                         : "server-rsa2048");
    ok(tch_config_set_policy(p.server_cfg, policy));
    ok(tch_config_set_suites(p.client_cfg, &s->code, 1));
    ok(tch_config_set_versions(p.client_cfg, version));
    ok(tch_config_set_versions(p.server_cfg, version));
    pair_connect(&p);
    open = run(&p, SIZE_MAX);
    if (!open) {
        assert_string_equal(tch_status_name(p.server_status),
                            "NO_COMMON_PARAMETERS");
        assert_int_equal(tch_conn_failure(p.server)->alert,
                         TCH_ALERT_HANDSHAKE_FAILURE);
    }
    pair_free(&p);
    return open;
}

static void a_server_takes_what_its_policy_has_and_no_more(void **state)
{
    struct tch_suite_info s;
    size_t tried = 0;

    (void)state;
    for (size_t i = 0; tch_suite_list(i, &s) == TCH_OK; i++) {
        if (!is_plain(&s)) {
            continue;
        }
        for (unsigned k = 0; k < COUNT(policies); k++) {
            if (connects(&s, policies[k]) != (k >= suite_from(&s))) {
                fail_msg("%s under %s", s.name, policies[k]);
            }
        }
        tried++;
    }
    assert_true(tried >= 70);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_policy_offers_a_cipher_of_a_weaker_one),
        cmocka_unit_test(a_server_takes_what_its_policy_has_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
