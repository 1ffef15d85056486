/* The engine's verdict on the peer's certificate, and who may give another. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/pair.h"

static struct pair p;

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

/* A server certificate, a name, and contract 10.2's status and alert. */
static const struct {
    const char *cert;
    const char *key;
    const char *name;
    const char *status;
    int alert;
} rows[] = {
    { "server-rsa2048.pem", "server-rsa2048.key", "localhost", "OK", 0 },
    { "server-rsa2048.pem", "server-rsa2048.key", "example.test", "OK", 0 },
    { "server-rsa2048.pem", "server-rsa2048.key", "a.wild.example.test", "OK",
      0 },
    { "server-rsa2048.pem", "server-rsa2048.key", "127.0.0.1", "OK", 0 },
    { "server-rsa2048.pem", "server-rsa2048.key", "::1", "OK", 0 },
    { "server-rsa2048.pem", "server-rsa2048.key", "LOCALHOST.", "OK", 0 },
    { "server-rsa2048.pem", "server-rsa2048.key", "a.b.wild.example.test",
      "CERT_WRONG_NAME", 42 },
    { "server-rsa2048.pem", "server-rsa2048.key", "127.0.0.2",
      "CERT_WRONG_NAME", 42 },
    { "server-wrongname.pem", "server-rsa2048.key", "localhost",
      "CERT_WRONG_NAME", 42 },
    { "chain-rsa.pem", "chain-rsa.key", "localhost", "OK", 0 },
    { "chain-rsa-root.pem", "chain-rsa.key", "localhost", "OK", 0 },
    { "chain-leaf.pem", "chain-rsa.key", "localhost", "CERT_UNTRUSTED", 48 },
    { "server-expired.pem", "server-rsa2048.key", "localhost", "CERT_EXPIRED",
      45 },
    { "server-notyet.pem", "server-rsa2048.key", "localhost", "CERT_EXPIRED",
      45 },
    { "server-unrelated.pem", "server-rsa2048.key", "localhost",
      "CERT_UNTRUSTED", 48 },
    { "server-selfsigned.pem", "server-rsa2048.key", "localhost",
      "CERT_UNTRUSTED", 48 },
    { "server-wrongeku.pem", "server-rsa2048.key", "localhost",
      "CERT_WRONG_USAGE", 43 },
};

static void certificates_are_judged_by_contract_10_2(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pair_configs(&p, NULL);
        is(tch_config_add_identity_pem(p.server_cfg, read_certs(rows[i].cert),
                                       read_certs(rows[i].key)),
           "OK");
        pair_connect(&p);
        is(tch_conn_set_server_name(p.client, rows[i].name), "OK");
        if (run(&p, SIZE_MAX)) {
            assert_string_equal("OK", rows[i].status);
        } else {
            is(p.client_status, rows[i].status);
            is(p.server_status, "PEER_ALERT");
            assert_int_equal(tch_conn_failure(p.server)->alert,
                             rows[i].alert);
        }
        pair_free(&p);
    }
}

static void without_anchors_nobody_is_trusted(void **state)
{
    (void)state;
    pair_configs(&p, "server-ec256");
    tch_config_free(p.client_cfg);
    is(tch_config_new(NULL, &p.client_cfg), "OK");
    pair_connect(&p);
    assert_false(run(&p, SIZE_MAX));
    is(p.client_status, "CERT_UNTRUSTED");
    pair_free(&p);
}

/* INSECURE looks at nothing, yet the key must be proved. */
static void insecure_still_wants_the_key_proved(void **state)
{
    (void)state;
    pair_configs(&p, NULL);
    is(tch_config_add_identity_pem(p.server_cfg,
                                   read_certs("server-selfsigned.pem"),
                                   read_certs("server-rsa2048.key")),
       "OK");
    is(tch_config_set_verify(p.client_cfg, TCH_VERIFY_INSECURE), "OK");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    pair_disconnect(&p);
    pair_free(&p);
}

/* A session made without a check is not resumed with one. */
static void an_unchecked_session_is_not_offered_to_be_trusted(void **state)
{
    struct tch_info info;

    (void)state;
    pair_configs(&p, "server-ec256");
    for (int round = 0; round < 3; round++) {
        pair_connect(&p);
        if (round == 0) {
            is(tch_conn_set_verify(p.client, TCH_VERIFY_INSECURE), "OK");
        }
        assert_true(run(&p, SIZE_MAX));
        is(tch_conn_info(p.client, &info), "OK");
        assert_int_equal(info.resumed, round == 2);
        pair_disconnect(&p);
    }
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_judged_by_contract_10_2),
        cmocka_unit_test(without_anchors_nobody_is_trusted),
        cmocka_unit_test(insecure_still_wants_the_key_proved),
        cmocka_unit_test(an_unchecked_session_is_not_offered_to_be_trusted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
