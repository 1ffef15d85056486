/* Poly1305: the edge cases of RFC 8439, in one part and block by block. */

#include "test/unit/glue/support_bytes.h"

#include "crypto-glue/own/poly1305.h"
#include "test/unit/glue/support_vectors.h"

static void edge_cases_of_rfc_8439(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/aead/poly1305.txt");
    while (vectors_next(&v)) {
        uint8_t key[32], data[64], expected[16], tag[16];
        struct tch_poly1305 p;
        size_t len = vectors_hex(&v, "DATA", data, sizeof data);

        assert_int_equal(vectors_hex(&v, "KEY", key, sizeof key), 32);
        assert_int_equal(vectors_hex(&v, "TAG", expected, 16), 16);
        tch_poly1305_init(&p, key);
        tch_poly1305_update(&p, data, len);
        tch_poly1305_final(&p, tag);
        assert_memory_equal(tag, expected, 16);
        assert_true(bytes_are_zero((const uint8_t *)&p, sizeof p));
        tch_poly1305_init(&p, key);
        for (size_t at = 0; at < len; at += 16) {
            tch_poly1305_update(&p, data + at, 16);
        }
        tch_poly1305_final(&p, tag);
        assert_memory_equal(tag, expected, 16);
    }
    assert_int_equal(v.records, 8);
}

/* RFC 8439 2.8: pad16. */
static void each_part_is_filled_up_with_zeros(void **state)
{
    uint64_t seed = 41;
    uint8_t key[32], data[48] = { 0 }, one[16], two[16];

    (void)state;
    bytes_fill(&seed, key, sizeof key);
    for (size_t len = 1; len <= 32; len++) {
        struct tch_poly1305 p;
        uint8_t padded[48] = { 0 };

        bytes_fill(&seed, data, len);
        for (size_t i = 0; i < len; i++) {
            padded[i] = data[i];
        }
        tch_poly1305_init(&p, key);
        tch_poly1305_update(&p, data, len);
        tch_poly1305_final(&p, one);
        tch_poly1305_init(&p, key);
        tch_poly1305_update(&p, padded, (len + 15) / 16 * 16);
        tch_poly1305_final(&p, two);
        assert_memory_equal(one, two, 16);
        padded[0] ^= 1;
        tch_poly1305_init(&p, key);
        tch_poly1305_update(&p, padded, (len + 15) / 16 * 16);
        tch_poly1305_final(&p, two);
        assert_memory_not_equal(one, two, 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_cases_of_rfc_8439),
        cmocka_unit_test(each_part_is_filled_up_with_zeros),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
