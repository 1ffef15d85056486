/*
 * Certificates of ours: what is taken in, what is refused, and which of
 * several a connection uses: the first that fits suite and signature schemes,
 * one for the client's name before the others.
 */

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

static enum tch_status add(struct tch_config *cfg, const char *cert,
                           const char *key)
{
    return tch_config_add_identity_pem(cfg, read_certs(cert),
                                       read_certs(key));
}

static void what_does_not_fit_together_is_refused(void **state)
{
    struct tch_slice junk = { (const uint8_t *)"junk", 4 };
    struct tch_config *cfg = NULL;

    (void)state;
    is(tch_config_new(NULL, &cfg), "OK");
    is(add(cfg, "server-ec256.pem", "server-rsa2048.key"), "KEY_MISMATCH");
    is(add(cfg, "server-rsa2048.pem", "server-rsa3072.key"), "KEY_MISMATCH");
    is(tch_config_add_identity_pem(cfg, junk, read_certs("server-ec256.key")),
       "BAD_FILE");
    is(tch_config_add_identity_pem(cfg, read_certs("server-ec256.pem"), junk),
       "BAD_FILE");
    is(tch_config_add_identity(cfg, &junk, 1,
                               read_certs("server-ec256-key.der")),
       "CERT_BAD");
    is(tch_config_add_identity(cfg, NULL, 0,
                               read_certs("server-ec256-key.der")),
       "BAD_ARGUMENT");
    assert_int_equal(tch_config_num_identities(cfg), 0);
    is(add(cfg, "server-ec256.pem", "server-ec256.key"), "OK");
    is(add(cfg, "server-rsa2048.pem", "server-rsa2048-pkcs1.key"), "OK");
    is(add(cfg, "server-ec256.pem", "server-ec256-sec1.key"), "OK");
    assert_int_equal(tch_config_num_identities(cfg), 3);
    tch_config_free(cfg);
}

static void der_and_pem_give_the_same(void **state)
{
    struct tch_slice der = read_certs("server-ec256.der");
    struct tch_config *cfg = NULL;
    struct tch_slice a;
    struct tch_slice b;

    (void)state;
    is(tch_config_new(NULL, &cfg), "OK");
    is(tch_config_add_identity(cfg, &der, 1,
                               read_certs("server-ec256-key.der")),
       "OK");
    is(add(cfg, "server-ec256.pem", "server-ec256.key"), "OK");
    a = tch_config_identity_chain(cfg, 0, 0);
    b = tch_config_identity_chain(cfg, 1, 0);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.p, b.p, a.len);
    assert_int_equal(tch_config_identity_chain(cfg, 0, 1).len, 0);
    assert_int_equal(tch_config_identity_chain(cfg, 2, 0).len, 0);
    tch_config_free(cfg);
}

static void the_whole_chain_is_sent(void **state)
{
    (void)state;
    pair_configs(&p, NULL);
    is(add(p.server_cfg, "chain-rsa.pem", "chain-rsa.key"), "OK");
    assert_true(tch_config_identity_chain(p.server_cfg, 0, 1).len > 100);
    is(tch_config_set_keep_peer_chain(p.client_cfg, true), "OK");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    for (size_t i = 0; i < 2; i++) {
        struct tch_slice sent = tch_config_identity_chain(p.server_cfg, 0, i);
        struct tch_slice got = tch_conn_peer_certificate(p.client, i);

        assert_int_equal(sent.len, got.len);
        assert_memory_equal(sent.p, got.p, got.len);
    }
    assert_int_equal(tch_conn_peer_certificate(p.client, 2).len, 0);
    pair_free(&p);
}

/* The leaf the server used, told by the key it has. */
static const char *used_key(void)
{
    struct tch_info info;

    is(tch_conn_info(p.client, &info), "OK");
    return info.peer_key;
}

static void the_first_that_fits_the_suite_is_used_R_HS_033(void **state)
{
    static const struct {
        uint16_t suite;
        const char *key;
    } rows[] = { { 0xC02B, "ECDSA" }, { 0xC02F, "RSA" } };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        pair_configs(&p, "server-rsa2048");
        add_identity(p.server_cfg, "server-ec256");
        is(tch_config_set_suites(p.client_cfg, &rows[i].suite, 1), "OK");
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        assert_string_equal(used_key(), rows[i].key);
        pair_free(&p);
    }
}

static void the_clients_schemes_decide_too_R_EXT_063(void **state)
{
    static const uint16_t ecdsa_alone[] = { 0x0403 };
    static const uint16_t rsa_alone[] = { 0x0804, 0x0401 };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        pair_configs(&p, "server-rsa2048");
        add_identity(p.server_cfg, "server-ec256");
        is(tch_config_set_schemes(p.client_cfg,
                                  i == 0 ? ecdsa_alone : rsa_alone,
                                  i == 0 ? 1 : 2),
           "OK");
        is(tch_config_set_verify(p.client_cfg, TCH_VERIFY_INSECURE), "OK");
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        assert_string_equal(used_key(), i == 0 ? "ECDSA" : "RSA");
        pair_free(&p);
    }
}

/* `server-wrongname` names something else than "localhost". */
static void one_for_the_clients_name_goes_first_R_EXT_014(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct tch_slice sent;
        struct tch_slice right;

        pair_configs(&p, NULL);
        is(add(p.server_cfg,
               order == 0 ? "server-wrongname.pem" : "server-rsa2048.pem",
               "server-rsa2048.key"),
           "OK");
        is(add(p.server_cfg,
               order == 0 ? "server-rsa2048.pem" : "server-wrongname.pem",
               "server-rsa2048.key"),
           "OK");
        is(tch_config_set_keep_peer_chain(p.client_cfg, true), "OK");
        pair_connect(&p);
        assert_true(run(&p, SIZE_MAX));
        sent = tch_conn_peer_certificate(p.client, 0);
        right = tch_config_identity_chain(p.server_cfg, order == 0 ? 1 : 0, 0);
        assert_int_equal(sent.len, right.len);
        assert_memory_equal(sent.p, right.p, right.len);
        pair_free(&p);
    }
}

static void without_a_fitting_name_the_first_is_used_R_EXT_012(void **state)
{
    struct tch_slice sent;
    struct tch_slice first;

    (void)state;
    pair_configs(&p, "server-ec256");
    add_identity(p.server_cfg, "server-rsa2048");
    is(tch_config_set_keep_peer_chain(p.client_cfg, true), "OK");
    is(tch_config_set_verify(p.client_cfg, TCH_VERIFY_INSECURE), "OK");
    pair_connect(&p);
    is(tch_conn_set_server_name(p.client, "unknown.invalid"), "OK");
    assert_true(run(&p, SIZE_MAX));
    sent = tch_conn_peer_certificate(p.client, 0);
    first = tch_config_identity_chain(p.server_cfg, 0, 0);
    assert_int_equal(sent.len, first.len);
    assert_memory_equal(sent.p, first.p, first.len);
    pair_free(&p);
}

/* keyUsage of the leaf: R-KX-028. */
static void a_key_that_may_not_sign_is_not_used(void **state)
{
    (void)state;
    pair_configs(&p, NULL);
    is(add(p.server_cfg, "server-wrongku.pem", "server-rsa2048.key"), "OK");
    is(tch_config_check(p.server_cfg, TCH_SERVER), "NO_CREDENTIAL");
    pair_free(&p);
}

static void anchors_are_read_and_checked(void **state)
{
    struct tch_slice junk = { (const uint8_t *)"junk", 4 };
    struct tch_config *cfg = NULL;

    (void)state;
    is(tch_config_new(NULL, &cfg), "OK");
    is(tch_config_add_anchor(cfg, read_certs("ca.der")), "OK");
    is(tch_config_add_anchor(cfg, junk), "CERT_BAD");
    is(tch_config_add_anchors_pem(cfg, read_certs("other-ca.pem")), "OK");
    assert_true(tch_failed(tch_config_add_anchors_pem(cfg, junk)));
    tch_config_free(cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_fit_together_is_refused),
        cmocka_unit_test(der_and_pem_give_the_same),
        cmocka_unit_test(the_whole_chain_is_sent),
        cmocka_unit_test(the_first_that_fits_the_suite_is_used_R_HS_033),
        cmocka_unit_test(the_clients_schemes_decide_too_R_EXT_063),
        cmocka_unit_test(one_for_the_clients_name_goes_first_R_EXT_014),
        cmocka_unit_test(without_a_fitting_name_the_first_is_used_R_EXT_012),
        cmocka_unit_test(a_key_that_may_not_sign_is_not_used),
        cmocka_unit_test(anchors_are_read_and_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
