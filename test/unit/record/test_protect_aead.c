/* protect_aead.c: nonces, AAD, and that nothing forged comes through. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/aead.h"
#include "crypto-glue/glue.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/record/support_record.h"

static const char gcm[] = "TLS_RSA_WITH_AES_128_GCM_SHA256";
static const char chacha[] = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";

static void for_each(void (*check)(const struct kind *k))
{
    struct kind k;
    size_t done = 0;

    for (size_t i = 0; kind_at(i, &k); i++) {
        if (is_type(&k, TCH_TYPE_AEAD)) {
            check(&k);
            done++;
        }
    }
    assert_true(done > 0);
}

static void every_flipped_bit_is_refused_R_REC_080(void **state)
{
    (void)state;
    for_each(refuse_every_flip);
}

static void replay_and_reorder_are_refused_R_REC_031(void **state)
{
    (void)state;
    for_each(refuse_replay_and_reorder);
}

static void every_cut_is_refused_R_REC_083(void **state)
{
    (void)state;
    for_each(refuse_every_cut);
}

/* Seals "hello" at sequence number 1 as a record and, with nonce and AAD of
 * dossier 11, as a bare AEAD: the two must agree. */
static void hello_agrees(const char *suite, const char *iv_hex,
                         const char *nonce_hex, size_t explicit_len)
{
    static _Alignas(64) uint8_t memory[16384];
    struct tch_aead *aead = (void *)memory;
    struct kind k = kind_of(suite, TCH_TLS12, false, false);
    struct tch_record_keys keys = keys_of(&k);
    uint8_t iv[12];
    uint8_t nonce[12];
    uint8_t aad[13];
    uint8_t want[5 + 16] = { 'h', 'e', 'l', 'l', 'o' };
    uint8_t wire[64];
    struct tch_half h;

    if (!is_built(&k)) {
        print_message("# not built: %s\n", suite);
        return;
    }
    keys.iv = tch_slice_of(iv, unhex(iv_hex, iv, sizeof iv));
    unhex(nonce_hex, nonce, sizeof nonce);
    unhex("00000000000000011703030005", aad, sizeof aad);
    assert_true(tch_aead_size(k.suite->cipher) <= sizeof memory);
    assert_int_equal(tch_aead_init(aead, k.suite->cipher, key_bytes), TCH_OK);
    tch_half_init(&h, true, true, &tch_alloc_default, NULL, NULL);
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_OK);
    h.seq = 1;
    assert_int_equal(seal_apart(&h, 23, want, 5, wire),
                     5 + explicit_len + 5 + 16);
    tch_aead_seal(aead, nonce, tch_slice_of(aad, 13), want, 5, want + 5);
    assert_memory_equal(wire + 5, nonce + 12 - explicit_len, explicit_len);
    assert_memory_equal(wire + 5 + explicit_len, want, sizeof want);
    tch_half_clear(&h);
}

static void gcm_nonce_and_aad_of_the_dossier_R_REC_081(void **state)
{
    (void)state;
    hello_agrees(gcm, "e4daf521", "e4daf5210000000000000001", 8);
    hello_agrees("TLS_RSA_WITH_AES_256_CCM", "e4daf521",
                 "e4daf5210000000000000001", 8);
}

static void chacha20_nonce_of_the_dossier_R_REC_085(void **state)
{
    (void)state;
    hello_agrees(chacha, "a0a1a2a3a4a5a6a7a8a9aaab", "a0a1a2a3a4a5a6a7a8a9aaaa",
                 0);
}

static void explicit_nonces_increase_R_REC_081_R_ATK_032(void **state)
{
    struct kind k = kind_of(gcm, TCH_TLS12, false, false);
    struct tch_record_keys keys = keys_of(&k);
    struct pair p;
    uint8_t last[8] = { 0 };
    uint8_t wire[64];

    (void)state;
    pair_init(&p, &k);
    for (size_t i = 0; i < 10000; i++) {
        seal_block(&p.out, 23, sample(), 1, wire);
        assert_true(i == 0 || memcmp(wire + 5, last, 8) > 0);
        memcpy(last, wire + 5, 8);
    }
    assert_int_equal(p.draw.drawn, 0);
    assert_int_equal(tch_half_rekey(&p.out, &keys), TCH_OK);
    seal_block(&p.out, 23, sample(), 1, wire);
    memset(last, 0, 8);
    assert_memory_equal(wire + 5, last, 8);
    pair_clear(&p);
}

/* A peer may put anything there, random bytes for instance. */
static void a_received_nonce_is_taken_as_it_comes_R_REC_082(void **state)
{
    static _Alignas(64) uint8_t memory[16384];
    struct tch_aead *aead = (void *)memory;
    struct kind k = kind_of(gcm, TCH_TLS12, false, false);
    uint8_t nonce[12] = { 0xA0, 0xA1, 0xA2, 0xA3, 9, 8, 7, 6, 5, 4, 3, 2 };
    uint8_t record[5 + 8 + 4 + 16] = { 23, 3, 3, 0, 28, 9, 8, 7, 6, 5, 4, 3, 2,
                                       'b', 'y', 't', 'e' };
    uint8_t aad[13] = { 0, 0, 0, 0, 0, 0, 0, 0, 23, 3, 3, 0, 4 };
    struct tch_opened o;
    struct pair p;

    (void)state;
    assert_int_equal(tch_aead_init(aead, k.suite->cipher, key_bytes), TCH_OK);
    tch_aead_seal(aead, nonce, tch_slice_of(aad, 13), record + 13, 4,
                  record + 17);
    pair_init(&p, &k);
    assert_int_equal(tch_record_open(&p.in, record, sizeof record, &o),
                     TCH_OK);
    assert_int_equal(o.header_len, 13);
    assert_int_equal(o.data_len, 4);
    assert_int_equal(o.trailer_len, 16);
    assert_memory_equal(o.data, "byte", 4);
    pair_clear(&p);
}

static void least_payloads_R_REC_083(void **state)
{
    static const struct {
        const char *suite;
        size_t least;
    } rows[] = { { gcm, 24 },
                 { "TLS_RSA_WITH_AES_128_CCM", 24 },
                 { "TLS_RSA_WITH_AES_128_CCM_8", 16 },
                 { chacha, 16 } };
    uint8_t wire[64];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct kind k = kind_of(rows[i].suite, TCH_TLS12, false, false);
        struct tch_opened o;
        struct pair p;

        if (!is_built(&k)) {
            print_message("# not built: %s\n", rows[i].suite);
            continue;
        }
        pair_init(&p, &k);
        assert_int_equal(seal_block(&p.out, 23, NULL, 0, wire),
                         5 + rows[i].least);
        assert_int_equal(tch_record_open(&p.in, wire, 5 + rows[i].least, &o),
                         TCH_OK);
        assert_int_equal(o.data_len, 0);
        for (size_t n = 0; n < rows[i].least; n++) {
            wire[4] = (uint8_t)n;
            assert_int_equal(tch_record_open(&p.in, wire, 5 + n, &o),
                             TCH_BAD_RECORD_MAC);
        }
        pair_clear(&p);
    }
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flipped_bit_is_refused_R_REC_080),
        cmocka_unit_test(replay_and_reorder_are_refused_R_REC_031),
        cmocka_unit_test(every_cut_is_refused_R_REC_083),
        cmocka_unit_test(gcm_nonce_and_aad_of_the_dossier_R_REC_081),
        cmocka_unit_test(chacha20_nonce_of_the_dossier_R_REC_085),
        cmocka_unit_test(explicit_nonces_increase_R_REC_081_R_ATK_032),
        cmocka_unit_test(a_received_nonce_is_taken_as_it_comes_R_REC_082),
        cmocka_unit_test(least_payloads_R_REC_083),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
