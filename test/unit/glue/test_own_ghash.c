/* GHASH: a published value, and a second reading of the definition. */

#include "test/unit/glue/support_bytes.h"

#include <string.h>

#include "crypto-glue/own/ghash.h"
#include "test/unit/glue/support_json.h"

/* GHASH(H, {}, C) of test case 2 in McGrew and Viega's appendix B. */
static void the_value_of_test_case_2(void **state)
{
    struct tch_ghash_key k;
    uint64_t y[2] = { 0, 0 };
    uint8_t h[16], c[16], expected[16], got[16];

    (void)state;
    unhex("66e94bd4ef8a2c3b884cfa59ca342b2e", h, sizeof h);
    unhex("0388dace60b6a392f328c2b971b2fe78", c, sizeof c);
    unhex("f38cbb1ad69223dcc3457ae5b6b0f885", expected, sizeof expected);
    tch_ghash_init(&k, h);
    tch_ghash_update(&k, y, c, sizeof c);
    tch_ghash_final(&k, y, 0, sizeof c, got);
    assert_memory_equal(got, expected, 16);
}

/* NIST SP 800-38D 6.3, algorithm 1, bit by bit. */
static void multiply_by_definition(uint8_t x[16], const uint8_t y[16])
{
    uint8_t z[16] = { 0 };
    uint8_t v[16];

    memcpy(v, y, sizeof v);
    for (unsigned i = 0; i < 128; i++) {
        unsigned low = v[15] & 1;

        if ((x[i / 8] >> (7 - i % 8) & 1) != 0) {
            for (unsigned j = 0; j < 16; j++) {
                z[j] ^= v[j];
            }
        }
        for (unsigned j = 15; j > 0; j--) {
            v[j] = (uint8_t)(v[j] >> 1 | v[j - 1] << 7);
        }
        v[0] >>= 1;
        if (low != 0) {
            v[0] ^= 0xe1;
        }
    }
    memcpy(x, z, sizeof z);
}

static void check(const uint8_t h[16], const uint8_t *data, size_t len)
{
    uint8_t expected[16] = { 0 }, got[16];
    uint64_t y[2] = { 0, 0 };
    struct tch_ghash_key k;

    for (size_t at = 0; at < len; at += 16) {
        for (size_t i = 0; i < 16 && at + i < len; i++) {
            expected[i] ^= data[at + i];
        }
        multiply_by_definition(expected, h);
    }
    /* The last block: lengths in bits, the first 0, both below 2^16. */
    expected[14] ^= (uint8_t)(len * 8 >> 8);
    expected[15] ^= (uint8_t)(len * 8);
    multiply_by_definition(expected, h);
    tch_ghash_init(&k, h);
    tch_ghash_update(&k, y, data, len);
    tch_ghash_final(&k, y, 0, len, got);
    assert_memory_equal(got, expected, 16);
}

static void every_length_to_100_agrees_with_the_definition(void **state)
{
    uint64_t seed = 47;
    uint8_t h[16], data[100];

    (void)state;
    for (size_t len = 0; len <= sizeof data; len++) {
        bytes_fill(&seed, h, sizeof h);
        bytes_fill(&seed, data, sizeof data);
        check(h, data, len);
    }
}

/* Where the sums of the integer products are largest, and single bits. */
static void full_and_single_bits_agree_with_the_definition(void **state)
{
    uint8_t ones[16], h[16];

    (void)state;
    memset(ones, 0xff, sizeof ones);
    check(ones, ones, sizeof ones);
    for (unsigned bit = 0; bit < 128; bit++) {
        memset(h, 0, sizeof h);
        h[bit / 8] = (uint8_t)(1u << bit % 8);
        check(h, ones, sizeof ones);
        check(ones, h, sizeof h);
        check(h, h, sizeof h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_value_of_test_case_2),
        cmocka_unit_test(every_length_to_100_agrees_with_the_definition),
        cmocka_unit_test(full_and_single_bits_agree_with_the_definition),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
