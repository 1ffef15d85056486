/*
 * Bitsliced AES: FIPS 197, agreement with libtomcrypt's table version (whose
 * timing leaks, L6, but whose values do not), and the modes' corners.
 */

#include "test/unit/glue/support_bytes.h"

#include <string.h>

#include "crypto-glue/glue_ltc.h"
#include "crypto-glue/own/aes_ct.h"
#include "test/unit/glue/support_vectors.h"

static void blocks_of_fips_197(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/cipher/aes-block.txt");
    while (vectors_next(&v)) {
        uint8_t key[32], plain[16], expected[16], got[16], iv[16] = { 0 };
        size_t key_len = vectors_hex(&v, "KEY", key, sizeof key);
        struct tch_aes a;

        vectors_hex(&v, "PLAIN", plain, sizeof plain);
        assert_int_equal(vectors_hex(&v, "CIPHER", expected, 16), 16);
        tch_aes_init(&a, key, key_len);
        tch_aes_encrypt_block(&a, plain, got);
        assert_memory_equal(got, expected, 16);
        tch_aes_cbc_decrypt(&a, iv, got, 16);
        assert_memory_equal(got, plain, 16);
        key[key_len - 1] ^= 1;
        tch_aes_init(&a, key, key_len);
        tch_aes_encrypt_block(&a, plain, got);
        assert_memory_not_equal(got, expected, 16);
    }
    assert_int_equal(v.records, 3);
}

/* L6 asks for another implementation, not for other values: thousands of
 * keys and blocks, so that every entry of the S-box is met in every place. */
static void L6_without_tables_the_values_are_the_same(void **state)
{
    uint64_t seed = 53;

    (void)state;
    for (unsigned i = 0; i < 4000; i++) {
        int key_len = i % 2 == 0 ? 16 : 32;
        uint8_t key[32], block[16], iv[16] = { 0 }, expected[16], got[16];
        symmetric_key skey;
        struct tch_aes a;

        bytes_fill(&seed, key, sizeof key);
        bytes_fill(&seed, block, sizeof block);
        assert_int_equal(aes_setup(key, key_len, 0, &skey), CRYPT_OK);
        aes_ecb_encrypt(block, expected, &skey);
        tch_aes_init(&a, key, (size_t)key_len);
        tch_aes_encrypt_block(&a, block, got);
        assert_memory_equal(got, expected, 16);
        aes_ecb_decrypt(block, expected, &skey);
        memcpy(got, block, 16);
        tch_aes_cbc_decrypt(&a, iv, got, 16);
        assert_memory_equal(got, expected, 16);
        aes_done(&skey);
    }
}

/* The key stream by single blocks, from counter 2^32 - 3 on. */
static void the_counter_wraps_and_the_mask_is_the_first_block(void **state)
{
    uint64_t seed = 59;
    uint8_t key[16], nonce[12], stream[320], data[304], mask[16];
    struct tch_aes a;

    (void)state;
    bytes_fill(&seed, key, sizeof key);
    bytes_fill(&seed, nonce, sizeof nonce);
    tch_aes_init(&a, key, sizeof key);
    for (uint32_t i = 0; i < sizeof stream / 16; i++) {
        uint32_t counter = 0xfffffffd + i;
        uint8_t *block = stream + (size_t)i * 16;

        memcpy(block, nonce, 12);
        for (unsigned b = 0; b < 4; b++) {
            block[12 + b] = (uint8_t)(counter >> (24 - 8 * b));
        }
        tch_aes_encrypt_block(&a, block, block);
    }
    for (size_t len = 0; len <= sizeof data; len++) {
        memset(data, 0, sizeof data);
        tch_aes_ctr(&a, nonce, 0xfffffffd, NULL, data, len);
        assert_true(len == 0 || memcmp(data, stream, len) == 0);
        assert_true(bytes_are_zero(data + len, sizeof data - len));
        memset(data, 0, sizeof data);
        tch_aes_ctr(&a, nonce, 0xfffffffd, mask, data, len);
        assert_memory_equal(mask, stream, 16);
        assert_true(len == 0 || memcmp(data, stream + 16, len) == 0);
        assert_true(bytes_are_zero(data + len, sizeof data - len));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_fips_197),
        cmocka_unit_test(L6_without_tables_the_values_are_the_same),
        cmocka_unit_test(the_counter_wraps_and_the_mask_is_the_first_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
