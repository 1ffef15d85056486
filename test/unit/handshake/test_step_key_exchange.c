/* Key exchange messages: the RSA premaster's version and fallback (R-KX-020,
 * 022), parameters, floors (R-KX-041). Deviations: test/hostile/. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_hs.h"

static struct bare b;
static struct tch_identity id;

static void server(unsigned suite)
{
    bare_identity(&id, "server-rsa2048.der", "server-rsa2048-key.der");
    bare_params(&b, TCH_SERVER);
    bare_start(&b);
    bare_suite(&b, 0, suite);
    b.hs->r.local = &id;
    b.hs->client_version = 0x0399;
}

static void end(void)
{
    bare_end(&b);
    bare_identity_free(&id);
}

/* Lets a client take the identity's certificate. */
static void give_certificate(struct bare *c)
{
    size_t room = id.chain[0].len + 6;
    uint8_t *list = tch_arena_get(&c->arena, room);
    struct tch_writer w;

    tch_wr_init(&w, list, room);
    tch_write_certificate(&w, id.chain, 1);
    assert_int_equal(tch_recv_server_certificate(c->hs, tch_wr_done(&w)),
                     TCH_WANT_VERDICT);
}

/* 46 bytes drawn before anything is decrypted; the version is the offered. */
static void junk_gives_the_fallback_R_KX_022(void **state)
{
    uint8_t body[2 + 256];
    uint8_t want[46];

    (void)state;
    memset(body, 0x31, sizeof body);
    body[0] = 1;
    body[1] = 0;
    server(0x009C);
    assert_int_equal(tch_recv_client_key_exchange(
                         b.hs, tch_slice_of(body, sizeof body)),
                     TCH_OK);
    for (unsigned i = 0; i < 46; i++) {
        want[i] = (uint8_t)(i + 1); /* the first bytes drawn */
    }
    assert_int_equal(b.hs->premaster_len, 48);
    assert_int_equal(tch_get_u16(b.hs->premaster), 0x0399);
    assert_memory_equal(b.hs->premaster + 2, want, 46);
    end();
}

static void ciphertexts_of_another_length_give_it_too_R_KX_026(void **state)
{
    static const size_t lens[] = { 0, 1, 47, 48, 128, 255, 257, 300 };
    uint8_t body[2 + 300];

    (void)state;
    memset(body, 0x31, sizeof body);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        server(0x009C);
        tch_put_u16(body, (unsigned)lens[i]);
        assert_int_equal(tch_recv_client_key_exchange(
                             b.hs, tch_slice_of(body, 2 + lens[i])),
                         TCH_OK);
        assert_int_equal(b.hs->premaster[2], 1);
        assert_int_equal(b.hs->premaster[47], 46);
        end();
    }
}

static void without_random_nothing_is_decrypted_R_ATK_043(void **state)
{
    uint8_t body[2 + 256] = { 1, 0 };

    (void)state;
    server(0x009C);
    b.no_random = true;
    assert_int_equal(tch_recv_client_key_exchange(
                         b.hs, tch_slice_of(body, sizeof body)),
                     TCH_NO_RANDOM);
    assert_string_equal(b.last_draw, "server.rsa.fallback");
    end();
}

/* The client's premaster secret carries the version it offered (R-KX-020),
 * and a server with the key finds the same bytes. */
static void both_sides_find_the_same_premaster_R_KX_020(void **state)
{
    struct bare c;
    uint8_t body[400];
    struct tch_writer w;
    uint8_t premaster[48];

    (void)state;
    server(0x009C);
    bare_params(&c, TCH_CLIENT);
    c.drawn = 77;
    bare_start(&c);
    bare_suite(&c, 0, 0x009C);
    c.hs->client_version = 0x0399;
    give_certificate(&c);
    tch_wr_init(&w, body, sizeof body);
    assert_int_equal(tch_send_client_key_exchange(c.hs, &w), TCH_OK);
    assert_int_equal(w.len, 258);
    memcpy(premaster, c.hs->premaster, 48);
    assert_int_equal(tch_get_u16(premaster), 0x0399);
    assert_int_equal(tch_recv_client_key_exchange(b.hs, tch_wr_done(&w)),
                     TCH_OK);
    assert_memory_equal(b.hs->premaster, premaster, 48);
    bare_end(&c);
    end();
}

/* Parameters are made once, and signed once, however often the step runs. */
static void running_the_step_again_signs_nothing_new(void **state)
{
    uint8_t first[600];
    uint8_t second[600];
    struct tch_writer w;
    struct tch_writer v;

    (void)state;
    server(0xC02F);
    b.hs->r.group = TCH_GROUP_X25519;
    b.hs->r.scheme = TCH_SCHEME_RSA_PSS_RSAE_SHA256;
    tch_wr_init(&w, first, sizeof first);
    assert_int_equal(tch_send_server_key_exchange(b.hs, &w), TCH_OK);
    tch_wr_init(&v, second, sizeof second);
    assert_int_equal(tch_send_server_key_exchange(b.hs, &v), TCH_OK);
    assert_int_equal(w.len, v.len);
    assert_memory_equal(first, second, w.len); /* PSS would differ */
    /* curve_type 3, x25519, 32 bytes, scheme, signature of 256 bytes */
    assert_memory_equal(first, "\x03\x00\x1d\x20", 4);
    assert_memory_equal(first + 36, "\x08\x04\x01\x00", 4);
    assert_int_equal(w.len, 4 + 32 + 4 + 256);
    end();
}

/* Floors of design-decisions.md: 2048 bits in `default`, 1024 in `legacy`. */
static void weak_dh_parameters_are_refused_R_KX_041(void **state)
{
    static const struct {
        size_t bytes;
        uint8_t top;
        enum tch_policy_id policy;
        enum tch_status status;
    } rows[] = {
        { 64, 0xff, TCH_POLICY_DEFAULT, TCH_INSUFFICIENT_SECURITY },
        { 128, 0xff, TCH_POLICY_DEFAULT, TCH_INSUFFICIENT_SECURITY },
        { 256, 0x7f, TCH_POLICY_DEFAULT, TCH_INSUFFICIENT_SECURITY },
        { 128, 0x7f, TCH_POLICY_LEGACY, TCH_INSUFFICIENT_SECURITY },
        { 1025, 0xff, TCH_POLICY_DEFAULT, TCH_ILLEGAL_PARAMETER },
    };
    static uint8_t body[4000];
    static uint8_t p[1100];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static uint8_t signature[TCH_SIGNATURE_MAX];
        static const uint8_t randoms[64];
        struct tch_slice parts[2] = { { randoms, 64 }, { body, 0 } };
        struct tch_writer w;
        size_t len = 0;

        memset(p, 0xff, sizeof p);
        p[0] = rows[i].top;
        bare_identity(&id, "server-rsa2048.der", "server-rsa2048-key.der");
        bare_params(&b, TCH_CLIENT);
        b.params.policy = tch_policy_get(rows[i].policy);
        bare_start(&b);
        bare_suite(&b, 0, 0x009E);
        give_certificate(&b);
        b.hs->want = TCH_FX_NEED_INPUT;
        tch_wr_init(&w, body, sizeof body);
        tch_wr_vec(&w, 2, tch_slice_of(p, rows[i].bytes));
        tch_wr_vec(&w, 2, tch_slice_of("\2", 1));
        tch_wr_vec(&w, 2, tch_slice_of("\7", 1));
        parts[1].len = w.len;
        assert_int_equal(tch_sign(id.key, 0x0401, parts, 2, &b.draw,
                                  signature, &len),
                         TCH_OK);
        tch_wr_u16(&w, 0x0401);
        tch_wr_vec(&w, 2, tch_slice_of(signature, len));
        assert_int_equal(tch_recv_server_key_exchange(b.hs, tch_wr_done(&w)),
                         rows[i].status);
        end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(junk_gives_the_fallback_R_KX_022),
        cmocka_unit_test(ciphertexts_of_another_length_give_it_too_R_KX_026),
        cmocka_unit_test(without_random_nothing_is_decrypted_R_ATK_043),
        cmocka_unit_test(both_sides_find_the_same_premaster_R_KX_020),
        cmocka_unit_test(running_the_step_again_signs_nothing_new),
        cmocka_unit_test(weak_dh_parameters_are_refused_R_KX_041),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
