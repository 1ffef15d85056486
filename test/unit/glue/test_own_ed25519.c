/*
 * Ed25519 against RFC 8032 7.1, and the encodings and scalars that must be
 * refused. Wycheproof's file is in test_wycheproof_keys.c.
 */

#include "crypto-glue/own/ed25519.h"

#include <string.h>

#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_json.h"

static const struct {
    const char *seed;
    const char *public_key;
    const char *message;
    const char *signature;
} vectors[] = {
    { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
    { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
    { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

static void the_vectors_of_rfc_8032_7_1(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        uint8_t seed[32], want[64], key[32], sig[64], message[8];
        struct tch_slice m = { message, unhex(vectors[i].message, message,
                                              sizeof message) };

        unhex(vectors[i].seed, seed, sizeof seed);
        unhex(vectors[i].public_key, want, sizeof want);
        tch_ed25519_public(key, seed);
        assert_memory_equal(key, want, 32);
        unhex(vectors[i].signature, want, sizeof want);
        tch_ed25519_sign(sig, seed, key, &m, 1);
        assert_memory_equal(sig, want, 64);
        assert_true(tch_ed25519_verify(key, &m, 1, tch_slice_of(sig, 64)));
        for (size_t bit = 0; bit < 512; bit += 13) {
            sig[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            assert_false(tch_ed25519_verify(key, &m, 1,
                                            tch_slice_of(sig, 64)));
            sig[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        }
        assert_false(tch_ed25519_verify(key, &m, 1, tch_slice_of(sig, 63)));
        assert_false(tch_ed25519_verify(key, &m, 1, tch_slice_of(sig, 0)));
    }
}

static bool is_point(const char *hex)
{
    uint8_t b[32];

    assert_int_equal(unhex(hex, b, sizeof b), 32);
    return tch_ed25519_is_point(b);
}

static void only_canonical_points_are_read(void **state)
{
    (void)state;
    /* The neutral element; with a sign that x = 0 cannot have; y = p + 1,
     * which is 1 again; y = 2, for which there is no x. */
    assert_true(is_point("01000000000000000000000000000000"
                         "00000000000000000000000000000000"));
    assert_false(is_point("01000000000000000000000000000000"
                          "00000000000000000000000000000080"));
    assert_false(is_point("eeffffffffffffffffffffffffffffff"
                          "ffffffffffffffffffffffffffffff7f"));
    assert_false(is_point("02000000000000000000000000000000"
                          "00000000000000000000000000000000"));
    assert_true(is_point(vectors[0].public_key));
}

static void s_of_the_order_or_more_is_refused(void **state)
{
    /* L, little-endian: S + L signs the same, and must not pass. */
    uint8_t order[32], seed[32], key[32], sig[64];
    unsigned carry = 0;

    (void)state;
    unhex("edd3f55c1a631258d69cf7a2def9de14"
          "00000000000000000000000000000010", order, sizeof order);
    unhex(vectors[0].seed, seed, sizeof seed);
    tch_ed25519_public(key, seed);
    tch_ed25519_sign(sig, seed, key, NULL, 0);
    assert_true(tch_ed25519_verify(key, NULL, 0, tch_slice_of(sig, 64)));
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)sig[32 + i] + order[i];
        sig[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_int_equal(carry, 0);
    assert_false(tch_ed25519_verify(key, NULL, 0, tch_slice_of(sig, 64)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_8032_7_1),
        cmocka_unit_test(only_canonical_points_are_read),
        cmocka_unit_test(s_of_the_order_or_more_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
