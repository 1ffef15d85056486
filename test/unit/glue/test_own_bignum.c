/*
 * Fixed-width arithmetic, at every width from 1 limb to 128, against laws
 * that hold for numbers and against libtommath, which shares nothing with it.
 */

#include "crypto-glue/own/bignum.h"

#include <string.h>
#include <tommath.h>

#include "test/unit/glue/support_bytes.h"

static uint64_t seed = 1;

static void fill(uint64_t *a, size_t num)
{
    bytes_fill(&seed, (uint8_t *)a, 8 * num);
}

/* A limb array as libtommath's number. */
static void to_mp(mp_int *out, const uint64_t *a, size_t num)
{
    uint8_t bytes[8 * TCH_BN_MAX_LIMBS];

    tch_bn_store(bytes, 8 * num, a, num);
    assert_int_equal(mp_from_ubin(out, bytes, 8 * num), MP_OKAY);
}

static void equals_mp(const uint64_t *a, size_t num, mp_int *want)
{
    mp_int got;

    assert_int_equal(mp_init(&got), MP_OKAY);
    to_mp(&got, a, num);
    assert_int_equal(mp_cmp(&got, want), MP_EQ);
    mp_clear(&got);
}

struct numbers {
    mp_int m, a, b, e, r;
};

static void numbers_init(struct numbers *n)
{
    assert_int_equal(mp_init_multi(&n->m, &n->a, &n->b, &n->e, &n->r,
                                   (void *)NULL), MP_OKAY);
}

static void numbers_clear(struct numbers *n)
{
    mp_clear_multi(&n->m, &n->a, &n->b, &n->e, &n->r, (void *)NULL);
}

/* A random odd modulus of `num` limbs, sometimes far from full, and a number
 * below it. */
static void modulus(uint64_t *m, uint64_t *a, size_t num)
{
    uint64_t rr[TCH_BN_MAX_LIMBS];
    uint64_t wide[TCH_BN_MAX_LIMBS];
    struct tch_mont ctx;

    fill(m, num);
    m[num - 1] >>= seed % 64;
    m[num - 1] |= 2; /* above 1 for one limb as well */
    m[0] |= 1;
    tch_mont_init(&ctx, m, rr, num);
    fill(wide, num);
    tch_mont_reduce(&ctx, a, wide, num);
}

static void products_agree_with_libtommath(void **state)
{
    struct numbers n;

    (void)state;
    numbers_init(&n);
    for (size_t num = 1; num <= TCH_BN_MAX_LIMBS; num++) {
        uint64_t m[TCH_BN_MAX_LIMBS];
        uint64_t a[TCH_BN_MAX_LIMBS];
        uint64_t b[TCH_BN_MAX_LIMBS];
        uint64_t rr[TCH_BN_MAX_LIMBS];
        uint64_t wide[2 * TCH_BN_MAX_LIMBS];
        struct tch_mont ctx;

        modulus(m, a, num);
        tch_mont_init(&ctx, m, rr, num);
        fill(wide, 2 * num);
        tch_mont_reduce(&ctx, b, wide, 2 * num);
        to_mp(&n.m, m, num);
        to_mp(&n.a, a, num);
        to_mp(&n.b, b, num);
        assert_int_equal(mp_mulmod(&n.a, &n.b, &n.m, &n.r), MP_OKAY);
        tch_mont_in(&ctx, wide, a);
        tch_mont_mul(&ctx, wide, wide, b);
        equals_mp(wide, num, &n.r);
        assert_int_equal(mp_mul(&n.a, &n.b, &n.r), MP_OKAY);
        tch_bn_mul(wide, a, num, b, num);
        assert_int_equal(mp_mod(&n.r, &n.m, &n.r), MP_OKAY);
        tch_mont_reduce(&ctx, wide, wide, 2 * num);
        equals_mp(wide, num, &n.r);
        assert_int_equal(mp_submod(&n.a, &n.b, &n.m, &n.r), MP_OKAY);
        tch_mont_sub(&ctx, wide, a, b);
        equals_mp(wide, num, &n.r);
        assert_int_equal(mp_addmod(&n.a, &n.b, &n.m, &n.r), MP_OKAY);
        tch_mont_add(&ctx, wide, a, b);
        equals_mp(wide, num, &n.r);
    }
    numbers_clear(&n);
}

static void powers_agree_with_libtommath(void **state)
{
    static const size_t widths[] = { 1, 2, 3, 4, 6, 9, 16, 17, 24, 32, 48 };
    static uint64_t scratch[TCH_MONT_EXP_SCRATCH(48)];
    struct numbers n;

    (void)state;
    numbers_init(&n);
    for (size_t i = 0; i < COUNT(widths); i++) {
        size_t num = widths[i];
        uint64_t m[48], a[48], e[48], rr[48], out[48];
        struct tch_mont ctx;

        modulus(m, a, num);
        tch_mont_init(&ctx, m, rr, num);
        fill(e, num);
        to_mp(&n.m, m, num);
        to_mp(&n.a, a, num);
        to_mp(&n.e, e, num);
        assert_int_equal(mp_exptmod(&n.a, &n.e, &n.m, &n.r), MP_OKAY);
        tch_mont_exp(&ctx, out, a, e, (unsigned)(64 * num), scratch);
        equals_mp(out, num, &n.r);
        to_mp(&n.e, e, 1);
        assert_int_equal(mp_exptmod(&n.a, &n.e, &n.m, &n.r), MP_OKAY);
        tch_mont_exp_public(&ctx, out, a, e[0]);
        equals_mp(out, num, &n.r);
    }
    numbers_clear(&n);
}

static void only_the_given_bits_of_an_exponent_count(void **state)
{
    static const uint64_t m = 1000003;
    uint64_t rr, out, a = 5;
    uint64_t scratch[TCH_MONT_EXP_SCRATCH(1)];
    struct tch_mont ctx;

    (void)state;
    tch_mont_init(&ctx, &m, &rr, 1);
    for (unsigned bits = 0; bits < 64; bits++) {
        uint64_t ones = UINT64_MAX;
        uint64_t want = 1;

        for (unsigned i = 0; i < bits; i++) {
            want = want * want % m * 5 % m; /* 5^(2^bits - 1) */
        }
        tch_mont_exp(&ctx, &out, &a, &ones, bits, scratch);
        assert_int_equal(out, want);
    }
}

static void an_inverse_times_its_number_is_one(void **state)
{
    (void)state;
    for (size_t num = 1; num <= TCH_BN_MAX_LIMBS; num += num < 40 ? 1 : 11) {
        uint64_t m[TCH_BN_MAX_LIMBS];
        uint64_t a[TCH_BN_MAX_LIMBS];
        uint64_t inv[TCH_BN_MAX_LIMBS];
        uint64_t rr[TCH_BN_MAX_LIMBS];
        struct tch_mont ctx;
        struct numbers n;
        mp_err has;

        modulus(m, a, num);
        tch_mont_init(&ctx, m, rr, num);
        numbers_init(&n);
        to_mp(&n.m, m, num);
        to_mp(&n.a, a, num);
        has = mp_invmod(&n.a, &n.m, &n.r);
        assert_int_equal(tch_bn_invert(inv, a, m, num),
                         has == MP_OKAY ? UINT64_MAX : 0);
        if (has == MP_OKAY) {
            equals_mp(inv, num, &n.r);
        }
        numbers_clear(&n);
    }
}

static void zero_and_factors_of_the_modulus_have_no_inverse(void **state)
{
    static const uint64_t m[2] = { 15, 1 }; /* 2^64 + 15 */
    uint64_t a[2] = { 0, 0 };
    uint64_t out[2];

    (void)state;
    assert_true(tch_bn_invert(out, a, m, 2) == 0);
    a[0] = 1;
    assert_true(tch_bn_invert(out, a, m, 2) == UINT64_MAX);
    assert_true(out[0] == 1 && out[1] == 0);
    a[0] = 14;
    a[1] = 1; /* m - 1 is its own inverse */
    assert_true(tch_bn_invert(out, a, m, 2) == UINT64_MAX);
    assert_true(out[0] == 14 && out[1] == 1);
    a[0] = 21;
    a[1] = 0;
    assert_true(tch_bn_invert(out, a, &(uint64_t[]){ 105, 0 }[0], 2) == 0);
}

static void loads_and_stores_are_each_others_inverse(void **state)
{
    uint8_t in[40];
    uint8_t out[40];
    uint64_t a[5];

    (void)state;
    for (size_t len = 0; len <= sizeof in; len++) {
        bytes_fill(&seed, in, sizeof in);
        assert_true(tch_bn_load(a, 5, tch_slice_of(in, len)));
        tch_bn_store(out, len, a, 5);
        assert_memory_equal(in, out, len);
    }
    in[0] = 0;
    assert_true(tch_bn_load(a, 4, tch_slice_of(in, 33)));
    in[0] = 1;
    assert_false(tch_bn_load(a, 4, tch_slice_of(in, 33)));
}

static void comparisons_are_masks(void **state)
{
    static const uint64_t x[2] = { 5, 1 };
    static const uint64_t y[2] = { 4, 2 };
    static const uint64_t zero[2] = { 0, 0 };
    static const uint64_t high[2] = { 0, (uint64_t)1 << 63 };

    (void)state;
    assert_true(tch_bn_lt(x, y, 2) == UINT64_MAX);
    assert_true(tch_bn_lt(y, x, 2) == 0);
    assert_true(tch_bn_lt(x, x, 2) == 0);
    assert_true(tch_bn_eq(x, x, 2) == UINT64_MAX);
    assert_true(tch_bn_eq(x, y, 2) == 0);
    assert_true(tch_bn_is_zero(zero, 2) == UINT64_MAX);
    assert_true(tch_bn_is_zero(high, 2) == 0);
    assert_int_equal(tch_bn_bits(zero, 2), 0);
    assert_int_equal(tch_bn_bits(high, 2), 128);
    assert_int_equal(tch_bn_bits(x, 2), 65);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_agree_with_libtommath),
        cmocka_unit_test(powers_agree_with_libtommath),
        cmocka_unit_test(only_the_given_bits_of_an_exponent_count),
        cmocka_unit_test(an_inverse_times_its_number_is_one),
        cmocka_unit_test(zero_and_factors_of_the_modulus_have_no_inverse),
        cmocka_unit_test(loads_and_stores_are_each_others_inverse),
        cmocka_unit_test(comparisons_are_masks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
