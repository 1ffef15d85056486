/* ChaCha20: RFC 8439's blocks; long runs are the blocks one by one. */

#include "test/unit/glue/support_bytes.h"

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/own/chacha20.h"
#include "test/unit/glue/support_vectors.h"

static void blocks_of_rfc_8439(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/aead/chacha20-block.txt");
    while (vectors_next(&v)) {
        uint8_t key[32], nonce[12], expected[64], got[64];
        uint32_t counter =
            (uint32_t)strtoul(vectors_text(&v, "COUNTER"), NULL, 10);

        vectors_hex(&v, "KEY", key, sizeof key);
        vectors_hex(&v, "NONCE", nonce, sizeof nonce);
        assert_int_equal(vectors_hex(&v, "OUTPUT", expected, 64), 64);
        tch_chacha20_block(key, counter, nonce, got);
        assert_memory_equal(got, expected, 64);
        tch_chacha20_block(key, counter + 1, nonce, got);
        assert_memory_not_equal(got, expected, 64);
    }
    assert_int_equal(v.records, 3);
}

/* At every length up to 700: one block, four at a time, and the rest. */
static void a_run_is_the_blocks_one_after_the_other(void **state)
{
    uint64_t seed = 43;
    uint8_t key[32], nonce[12], plain[700], stream[704], data[700];

    (void)state;
    bytes_fill(&seed, key, sizeof key);
    bytes_fill(&seed, nonce, sizeof nonce);
    bytes_fill(&seed, plain, sizeof plain);
    for (uint32_t i = 0; i < sizeof stream / 64; i++) {
        tch_chacha20_block(key, 5 + i, nonce, stream + (size_t)i * 64);
    }
    for (size_t len = 0; len <= sizeof plain; len++) {
        memcpy(data, plain, sizeof data);
        tch_chacha20_xor(key, 5, nonce, data, len);
        for (size_t i = 0; i < sizeof data; i++) {
            uint8_t with = i < len ? stream[i] : 0;

            assert_int_equal(data[i], plain[i] ^ with);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_rfc_8439),
        cmocka_unit_test(a_run_is_the_blocks_one_after_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
