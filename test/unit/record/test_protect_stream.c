/* protect_stream.c: RC4 and the NULL suites. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/cipher.h"
#include "crypto-glue/glue.h"
#include "crypto-glue/hash.h"
#include "test/unit/record/support_record.h"

static void for_each(void (*check)(const struct kind *k))
{
    struct kind k;
    size_t done = 0;

    for (size_t i = 0; kind_at(i, &k); i++) {
        if (is_type(&k, TCH_TYPE_STREAM)) {
            check(&k);
            done++;
        }
    }
    assert_true(done > 0);
}

static void every_flipped_bit_is_refused_R_REC_043_R_REC_013(void **state)
{
    (void)state;
    for_each(refuse_every_flip);
}

static void replay_and_reorder_are_refused_R_REC_031(void **state)
{
    (void)state;
    for_each(refuse_replay_and_reorder);
}

static void every_cut_is_refused_R_REC_044(void **state)
{
    (void)state;
    for_each(refuse_every_cut);
}

/* Dossier 11: the MAC of "hello" at sequence number 1. */
static void the_null_suite_sends_fragment_and_mac(void **state)
{
    static const uint8_t want[] = {
        23,   3,    3,    0,    25,   'h',  'e',  'l',  'l',  'o',
        0xac, 0x71, 0xfa, 0x95, 0xc0, 0x46, 0x75, 0x89, 0xd7, 0xfd,
        0x6f, 0x7b, 0xab, 0x10, 0x5a, 0x1b, 0x9e, 0x0b, 0x74, 0xc4
    };
    struct kind k = kind_of("TLS_RSA_WITH_NULL_SHA", TCH_TLS12, false, false);
    uint8_t wire[64];
    struct pair p;

    (void)state;
    pair_init(&p, &k);
    p.out.seq = 1;
    assert_int_equal(seal_apart(&p.out, 23, want + 5, 5, wire), sizeof want);
    assert_memory_equal(wire, want, sizeof want);
    pair_clear(&p);
}

/* The same record under RC4, by hand: one key stream over fragment and MAC,
 * running on from record to record (R-REC-034). */
static void the_key_stream_runs_on_R_REC_034(void **state)
{
    struct kind null = kind_of("TLS_RSA_WITH_NULL_SHA", TCH_TLS10, false,
                               false);
    struct kind rc4 = kind_of("TLS_RSA_WITH_RC4_128_SHA", TCH_TLS10, false,
                              false);
    static _Alignas(64) uint8_t memory[16384];
    struct tch_cipher_ctx *stream = (void *)memory;
    uint8_t clear[128];
    uint8_t wire[128];
    struct pair a;
    struct pair b;

    (void)state;
    need(&rc4);
    assert_true(tch_cipher_size(TCH_CIPHER_RC4_128) <= sizeof memory);
    assert_int_equal(tch_cipher_init(stream, TCH_CIPHER_RC4_128, true,
                                     key_bytes, NULL), TCH_OK);
    pair_init(&a, &null);
    pair_init(&b, &rc4);
    for (size_t n = 0; n < 20; n++) {
        size_t len = seal_block(&a.out, 23, sample() + n, 3 * n, clear);

        tch_cipher_run(stream, clear + 5, len - 5);
        assert_int_equal(seal_apart(&b.out, 23, sample() + n, 3 * n, wire),
                         len);
        assert_memory_equal(wire, clear, len);
    }
    pair_clear(&a);
    pair_clear(&b);
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flipped_bit_is_refused_R_REC_043_R_REC_013),
        cmocka_unit_test(replay_and_reorder_are_refused_R_REC_031),
        cmocka_unit_test(every_cut_is_refused_R_REC_044),
        cmocka_unit_test(the_null_suite_sends_fragment_and_mac),
        cmocka_unit_test(the_key_stream_runs_on_R_REC_034),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
