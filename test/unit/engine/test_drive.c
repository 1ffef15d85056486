/*
 * Driving: what tch_step takes and answers in each state, pauses and their
 * answers, keys that live elsewhere.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/keys.h"
#include "crypto-glue/random.h"
#include "test/support/pair.h"

static struct pair p;

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

static const struct tch_slice nothing;

static void a_step_without_input_says_what_is_missing(void **state)
{
    size_t used = 9;
    size_t missing = 9;

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    is(tch_step(p.client, nothing, &used, &missing), "CONTINUE");
    assert_int_equal(used, 0);
    is(tch_step(p.client, nothing, &used, &missing), "WANT_INPUT");
    assert_int_equal(missing, 5);
    is(tch_step(p.server, nothing, &used, &missing), "WANT_INPUT");
    assert_int_equal(missing, 5);
    is(tch_step(p.server, nothing, &used, NULL), "WANT_INPUT");
    assert_true(run(&p, SIZE_MAX));
    is(tch_step(p.client, nothing, &used, &missing), "BAD_STATE");
    pair_free(&p);
}

static void one_call_takes_every_whole_record_6_2(void **state)
{
    size_t used;

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    (void)step_client(&p, SIZE_MAX);
    (void)step_server(&p, SIZE_MAX);
    is(tch_step(p.client, tch_slice_of(p.to_client.bytes, p.to_client.len),
                &used, NULL),
       "CONTINUE");
    assert_int_equal(used, p.to_client.len);
    pair_free(&p);
}

/* R-REC-007: the first record says TLS 1.0, for old servers. */
static void the_first_record_says_0301_R_REC_007(void **state)
{
    struct tch_slice out;
    size_t used;

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    is(tch_step(p.client, nothing, &used, NULL), "CONTINUE");
    out = tch_pending(p.client);
    assert_memory_equal(out.p, "\x16\x03\x01", 3);
    assert_int_equal(out.p[9] << 8 | out.p[10], 0x0303); /* R-HS-020 */
    pair_free(&p);
}

/* ---- outside keys ---- */

static struct {
    struct tch_private_key *key;
    bool later; /* answers by tch_answer_... */
    unsigned asked;
    uint8_t signature[TCH_SIGNATURE_MAX];
    size_t len;
} outside;

static enum tch_status sign(void *arg, unsigned scheme, struct tch_slice hash,
                            uint8_t *out, size_t *out_len)
{
    (void)arg;
    outside.asked++;
    assert_int_equal(tch_sign_hash(outside.key, scheme, hash,
                                   &tch_random_source, outside.signature,
                                   &outside.len),
                     TCH_OK);
    if (outside.later) {
        return TCH_WANT_SIGNATURE;
    }
    memcpy(out, outside.signature, outside.len);
    *out_len = outside.len;
    return TCH_OK;
}

static void outside_identity(struct tch_config *cfg, const char *cert,
                             const char *key, bool later)
{
    const struct tch_signer signer = { sign, NULL, NULL };
    struct tch_slice der = read_certs(cert);

    memset(&outside, 0, sizeof outside);
    outside.later = later;
    assert_int_equal(tch_private_key_read(&tch_alloc_default, read_certs(key),
                                          &outside.key),
                     TCH_OK);
    is(tch_config_add_identity_external(cfg, &der, 1, &signer), "OK");
}

static void a_key_elsewhere_signs_at_once_or_later(void **state)
{
    (void)state;
    for (int later = 0; later < 2; later++) {
        size_t used;

        pair_configs(&p, NULL);
        outside_identity(p.server_cfg, "server-ec256.der",
                         "server-ec256-key.der", later != 0);
        pair_connect(&p);
        if (later) {
            assert_false(run(&p, SIZE_MAX));
            is(p.server_status, "WANT_SIGNATURE");
            is(tch_step(p.server, nothing, &used, NULL), "WANT_SIGNATURE");
            is(tch_answer_signature(p.server,
                                    tch_slice_of(outside.signature,
                                                 outside.len)),
               "OK");
            is(tch_answer_signature(p.server,
                                    tch_slice_of(outside.signature,
                                                 outside.len)),
               "BAD_STATE");
        }
        assert_true(run(&p, SIZE_MAX));
        assert_int_equal(outside.asked, 1);
        assert_true(send_data(p.client, p.server, "ping", 4));
        tch_private_key_free(outside.key);
        pair_free(&p);
    }
}

static void a_wrong_answer_is_noticed_by_the_peer(void **state)
{
    (void)state;
    pair_configs(&p, NULL);
    outside_identity(p.server_cfg, "server-ec256.der", "server-ec256-key.der",
                     true);
    pair_connect(&p);
    assert_false(run(&p, SIZE_MAX));
    outside.signature[outside.len - 1] ^= 1;
    is(tch_answer_signature(p.server, tch_slice_of(outside.signature,
                                                   outside.len)),
       "OK");
    assert_false(run(&p, SIZE_MAX));
    is(p.client_status, "BAD_SIGNATURE");
    assert_int_equal(tch_conn_failure(p.server)->alert,
                     TCH_ALERT_DECRYPT_ERROR);
    tch_private_key_free(outside.key);
    pair_free(&p);
}

static void a_clients_key_may_be_elsewhere_too(void **state)
{
    struct tch_slice text = read_certs("client-ec256.pem");
    struct tch_slice key_text = read_certs("client-ec256.key");
    const struct tch_signer signer = { sign, NULL, NULL };
    struct tch_pem cert;
    struct tch_pem key;
    struct tch_info info;

    (void)state;
    memset(&outside, 0, sizeof outside);
    outside.later = true;
    is(tch_pem_decode(NULL, &text, &cert), "OK");
    is(tch_pem_decode(NULL, &key_text, &key), "OK");
    assert_int_equal(tch_private_key_read(&tch_alloc_default, key.der,
                                          &outside.key),
                     TCH_OK);
    pair_configs(&p, "server-ec256");
    is(tch_config_add_identity_external(p.client_cfg, &cert.der, 1, &signer),
       "OK");
    is(tch_config_add_anchors_pem(p.server_cfg, read_certs("ca.pem")), "OK");
    is(tch_config_set_client_auth(p.server_cfg, TCH_CLIENT_AUTH_REQUIRE),
       "OK");
    pair_connect(&p);
    assert_false(run(&p, SIZE_MAX));
    is(p.client_status, "WANT_SIGNATURE");
    /* R-ATK-021: nothing of the client is known to the server yet */
    is(tch_conn_info(p.server, &info), "BAD_STATE");
    is(tch_answer_signature(p.client, tch_slice_of(outside.signature,
                                                   outside.len)),
       "OK");
    assert_true(run(&p, SIZE_MAX));
    is(tch_conn_info(p.server, &info), "OK");
    assert_true(info.client_certificate);
    tch_private_key_free(outside.key);
    tch_pem_free(NULL, &cert);
    tch_pem_free(NULL, &key);
    pair_free(&p);
}

/* ---- randomness (R-ATK-043): each draw of a handshake fails in turn ---- */

static unsigned draws;
static unsigned failing_draw;

static bool draw(void *arg, const char *name, uint8_t *out, size_t n)
{
    (void)arg;
    return ++draws != failing_draw &&
           tch_draw(&tch_random_source, name, out, n);
}

static void a_failing_generator_fails_closed_R_ATK_043(void **state)
{
    const struct tch_draw_source source = { draw, NULL, false };

    (void)state;
    for (failing_draw = 1;; failing_draw++) {
        bool done;

        draws = 0;
        pair_configs(&p, "server-rsa2048");
        is(tch_config_set_draw(p.client_cfg, &source), "OK");
        is(tch_config_set_draw(p.server_cfg, &source), "OK");
        pair_connect(&p);
        done = run(&p, SIZE_MAX);
        if (draws < failing_draw) {
            assert_true(done);
            pair_free(&p);
            break;
        }
        assert_false(done);
        assert_true(tch_conn_failure(p.client)->status == TCH_NO_RANDOM ||
                    tch_conn_failure(p.server)->status == TCH_NO_RANDOM);
        pair_free(&p);
    }
    print_message("# %u draws\n", draws);
    assert_true(failing_draw > 6);
}

/* R-HS-025, R-ATK-014: nothing random comes twice. */
static void randoms_and_key_values_are_fresh(void **state)
{
    static uint8_t flights[8][6000];
    static size_t lens[8];

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        pair_configs(&p, "server-ec256");
        pair_connect(&p);
        (void)step_client(&p, SIZE_MAX);
        (void)step_server(&p, SIZE_MAX);
        lens[i] = p.to_client.len;
        memcpy(flights[i], p.to_client.bytes, lens[i]);
        pair_free(&p);
        for (size_t k = 0; k < i; k++) {
            /* ServerHello.random: behind record and message header, version */
            assert_memory_not_equal(flights[i] + 11, flights[k] + 11, 28);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_without_input_says_what_is_missing),
        cmocka_unit_test(one_call_takes_every_whole_record_6_2),
        cmocka_unit_test(the_first_record_says_0301_R_REC_007),
        cmocka_unit_test(a_key_elsewhere_signs_at_once_or_later),
        cmocka_unit_test(a_wrong_answer_is_noticed_by_the_peer),
        cmocka_unit_test(a_clients_key_may_be_elsewhere_too),
        cmocka_unit_test(a_failing_generator_fails_closed_R_ATK_043),
        cmocka_unit_test(randoms_and_key_values_are_fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
