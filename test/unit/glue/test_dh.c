/*
 * Finite-field DH: the primes against the digests of the dossier's table
 * (section 6.1, made from RFC 7919's formula and compared with its text), and
 * the exponents' lengths.
 */

#include "crypto-glue/dh.h"

#include <string.h>

#include "crypto-glue/hash.h"
#include "engine/base/algs.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"

/* clang-format off */
static const struct {
    unsigned group;
    unsigned bits;
    unsigned exponent_bits; /* R-KX-047: at least */
    const char *sha256;
} primes[] = {
    { 256, 2048, 225,
      "9cd3b7f336872f46c09428d1bbc19877a4d440512cda8d1c1cf0cd6e33698966" },
    { 257, 3072, 275,
      "0eaf67db3a839156d5013494a5318a772b5697d270d721f37f092efc69ea5a17" },
    { 258, 4096, 325,
      "4648414224ac881b3d0dc59b466f96d06a558278776807797ecf1f66ff397b3e" },
    { 259, 6144, 375,
      "227ac9066b3ddd9e193670cda2388fa884f65ba0cf98b742d1fe77a6687c79c7" },
    { 260, 8192, 400,
      "770b14efaf6f049929c523113b3fa99a8d11dab1b18af3609590122075d19833" },
};
/* clang-format on */

static void the_primes_of_rfc_7919(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(primes); i++) {
        uint8_t p[TCH_DH_MAX_BYTES];
        uint8_t hash[32];
        uint8_t want[32];
        struct tch_slice s = { p, tch_ffdhe_prime(primes[i].group, p) };

        assert_int_equal(s.len, primes[i].bits / 8);
        tch_hash(TCH_HASH_SHA256, &s, 1, hash);
        unhex(primes[i].sha256, want, sizeof want);
        assert_memory_equal(hash, want, sizeof want);
    }
}

static void no_other_group_has_a_prime(void **state)
{
    uint8_t p[TCH_DH_MAX_BYTES];

    (void)state;
    assert_int_equal(tch_ffdhe_prime(255, p), 0);
    assert_int_equal(tch_ffdhe_prime(261, p), 0);
    assert_int_equal(tch_ffdhe_prime(TCH_GROUP_SECP256R1, p), 0);
}

static enum tch_status init(struct tch_dh *dh, struct tch_slice p,
                            uint8_t g, uint64_t *limbs)
{
    static uint64_t seed = 77;
    struct tch_draw_source draw = seeded_draw(&seed);

    return tch_dh_init(dh, p, tch_slice_of(&g, 1), limbs, &tch_alloc_default,
                       &draw, "x");
}

static void R_KX_047_exponents_are_short_for_named_primes_only(void **state)
{
    static uint64_t limbs[5 * 128];
    struct tch_dh dh;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        uint8_t p[TCH_DH_MAX_BYTES];
        size_t n = tch_ffdhe_prime(primes[i].group, p);

        assert_true(tch_dh_limbs(n) <= COUNT(limbs));
        assert_int_equal(init(&dh, tch_slice_of(p, n), 2, limbs), TCH_OK);
        assert_true(dh.x_bits >= primes[i].exponent_bits);
        assert_true(dh.x_bits < 500);
        assert_int_equal(tch_bn_bits(dh.x, dh.p.num), dh.x_bits);
        assert_int_equal(init(&dh, tch_slice_of(p, n), 5, limbs), TCH_OK);
        assert_int_equal(dh.x_bits, primes[i].bits - 1);
        p[n - 9] ^= 1; /* another modulus, 2 as generator */
        assert_int_equal(init(&dh, tch_slice_of(p, n), 2, limbs), TCH_OK);
        assert_int_equal(dh.x_bits, primes[i].bits - 1);
        assert_int_equal(tch_bn_bits(dh.x, dh.p.num), dh.x_bits);
    }
}

/* 65521 is the largest prime of
 * 16 bits, and 17 generates its group: every value can be tried. */
static void small_powers_are_right(void **state)
{
    static const uint8_t p[2] = { 0xFF, 0xF1 };
    uint64_t limbs[5];
    struct tch_dh dh;

    (void)state;
    for (unsigned round = 0; round < 200; round++) {
        uint64_t want = 1;
        uint8_t z[2];
        uint8_t peer[2] = { 0x12, (uint8_t)round };
        uint64_t z_want = 1;

        assert_int_equal(init(&dh, tch_slice_of(p, 2), 17, limbs), TCH_OK);
        for (uint64_t i = 0; i < dh.x[0]; i++) {
            want = want * 17 % 65521;
            z_want = z_want * (0x1200 + round) % 65521;
        }
        assert_int_equal(dh.y[0], want);
        assert_int_equal(tch_dh_agree(&dh, &tch_alloc_default,
                                      tch_slice_of(peer, 2), z), TCH_OK);
        assert_int_equal(z[0] << 8 | z[1], z_want);
    }
}

static void failures_of_memory_and_randomness_show(void **state)
{
    static uint64_t limbs[5 * 32];
    uint8_t p[TCH_DH_MAX_BYTES];
    uint8_t two = 2;
    size_t n = tch_ffdhe_prime(256, p);
    struct counter count = { .fail_at = 1 };
    struct tch_alloc alloc = counted_alloc(&count);
    uint64_t seed = 1;
    struct tch_draw_source draw = seeded_draw(&seed);
    struct tch_dh dh;

    (void)state;
    assert_int_equal(tch_dh_init(&dh, tch_slice_of(p, n),
                                 tch_slice_of(&two, 1), limbs, &alloc,
                                 &failing_draw, "x"), TCH_NO_RANDOM);
    assert_int_equal(tch_dh_init(&dh, tch_slice_of(p, n),
                                 tch_slice_of(&two, 1), limbs, &alloc, &draw,
                                 "x"), TCH_NO_MEMORY);
    assert_int_equal(count.taken, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_primes_of_rfc_7919),
        cmocka_unit_test(no_other_group_has_a_prime),
        cmocka_unit_test(R_KX_047_exponents_are_short_for_named_primes_only),
        cmocka_unit_test(small_powers_are_right),
        cmocka_unit_test(failures_of_memory_and_randomness_show),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
