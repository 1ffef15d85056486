/*
 * The three curves: laws of the group, and the special cases that a formula
 * with exceptions gets wrong. Multiples are checked against NIST's vectors in
 * test_kex.c and RFC 6979's public keys in test_ecdsa.c.
 */

#include "crypto-glue/own/ec.h"

#include <string.h>

#include "engine/base/algs.h"
#include "test/unit/glue/support_bytes.h"

static const unsigned groups[] = { TCH_GROUP_SECP256R1, TCH_GROUP_SECP384R1,
                                   TCH_GROUP_SECP521R1 };

static bool same(const struct tch_ec_curve *c, const struct tch_ec_point *p,
                 const struct tch_ec_point *q)
{
    uint8_t a[TCH_EC_POINT_MAX];
    uint8_t b[TCH_EC_POINT_MAX];
    bool have_p = tch_ec_write_point(c, p, a);
    bool have_q = tch_ec_write_point(c, q, b);

    return have_p == have_q &&
           (!have_p || memcmp(a, b, 1 + 2 * c->len) == 0);
}

static bool is_infinity(const struct tch_ec_curve *c,
                        const struct tch_ec_point *p)
{
    uint8_t a[TCH_EC_POINT_MAX];

    return !tch_ec_write_point(c, p, a);
}

static void times(const struct tch_ec_curve *c, struct tch_ec_point *out,
                  uint64_t k, const struct tch_ec_point *p)
{
    uint64_t limbs[TCH_EC_MAX_LIMBS] = { k };

    tch_ec_mul(c, out, limbs, p);
}

static void small_multiples_are_sums(void **state)
{
    (void)state;
    for (size_t g = 0; g < COUNT(groups); g++) {
        const struct tch_ec_curve *c = tch_ec_curve_of(groups[g]);
        struct tch_ec_point base;
        struct tch_ec_point sum;
        struct tch_ec_point p;

        tch_ec_base(c, &base);
        times(c, &sum, 0, &base);
        assert_true(is_infinity(c, &sum));
        for (uint64_t k = 0; k < 40; k++) {
            times(c, &p, k, &base);
            assert_true(same(c, &p, &sum));
            tch_ec_add(c, &sum, &sum, &base); /* infinity, doubling too */
        }
    }
}

static void the_order_times_a_point_is_infinity(void **state)
{
    (void)state;
    for (size_t g = 0; g < COUNT(groups); g++) {
        const struct tch_ec_curve *c = tch_ec_curve_of(groups[g]);
        uint64_t k[TCH_EC_MAX_LIMBS];
        struct tch_ec_point base;
        struct tch_ec_point p;
        struct tch_ec_point q;

        tch_ec_base(c, &base);
        tch_ec_mul(c, &p, c->n_limbs, &base);
        assert_true(is_infinity(c, &p));
        memcpy(k, c->n_limbs, sizeof k);
        k[0]--; /* -G: P + (-P) is infinity, P + infinity is P */
        tch_ec_mul(c, &p, k, &base);
        assert_false(is_infinity(c, &p));
        assert_false(same(c, &p, &base));
        tch_ec_add(c, &q, &p, &base);
        assert_true(is_infinity(c, &q));
        tch_ec_add(c, &q, &q, &base);
        assert_true(same(c, &q, &base));
        k[0] += 2; /* n + 1 */
        tch_ec_mul(c, &p, k, &base);
        assert_true(same(c, &p, &base));
        times(c, &q, 0, &base);
        times(c, &q, 12345, &q);
        assert_true(is_infinity(c, &q));
    }
}

static void the_comb_gives_what_the_ladder_gives(void **state)
{
    uint64_t seed = 19;

    (void)state;
    for (size_t g = 0; g < COUNT(groups); g++) {
        const struct tch_ec_curve *c = tch_ec_curve_of(groups[g]);
        struct tch_ec_point base;
        struct tch_ec_point p;
        struct tch_ec_point q;

        tch_ec_base(c, &base);
        for (unsigned i = 0; i < 12; i++) {
            uint64_t k[TCH_EC_MAX_LIMBS] = { 0 };

            if (i < 4) {
                k[0] = i;
            } else if (i == 4) {
                memcpy(k, c->n_limbs, sizeof k);
            } else {
                bytes_fill(&seed, (uint8_t *)k, 8 * c->num);
                tch_mont_reduce(&c->n, k, k, c->num);
            }
            tch_ec_mul(c, &p, k, &base);
            tch_ec_mul_base(c, &q, k);
            assert_true(same(c, &p, &q));
            assert_true(is_infinity(c, &q) == (i == 0 || i == 4));
        }
    }
}

static void multiplication_is_additive_in_the_scalar(void **state)
{
    uint64_t seed = 9;

    (void)state;
    for (size_t g = 0; g < COUNT(groups); g++) {
        const struct tch_ec_curve *c = tch_ec_curve_of(groups[g]);
        uint64_t a[TCH_EC_MAX_LIMBS] = { 0 };
        uint64_t b[TCH_EC_MAX_LIMBS] = { 0 };
        uint64_t sum[TCH_EC_MAX_LIMBS];
        struct tch_ec_point base;
        struct tch_ec_point p;
        struct tch_ec_point q;

        tch_ec_base(c, &base);
        bytes_fill(&seed, (uint8_t *)a, 8 * c->num);
        bytes_fill(&seed, (uint8_t *)b, 8 * c->num);
        tch_mont_reduce(&c->n, a, a, c->num);
        tch_mont_reduce(&c->n, b, b, c->num);
        tch_mont_add(&c->n, sum, a, b);
        tch_ec_mul(c, &p, a, &base);
        tch_ec_mul(c, &q, b, &base);
        tch_ec_add(c, &p, &p, &q);
        tch_ec_mul(c, &q, sum, &base);
        assert_true(same(c, &p, &q));
    }
}

/* Reads the point with one byte changed. */
static bool reads_with(const struct tch_ec_curve *c, const uint8_t *good,
                       size_t at, uint8_t value)
{
    uint8_t bytes[TCH_EC_POINT_MAX];
    struct tch_ec_point p;

    memcpy(bytes, good, 1 + 2 * c->len);
    bytes[at] = value;
    return tch_ec_read_point(c, tch_slice_of(bytes, 1 + 2 * c->len), &p);
}

static void R_ATK_015_only_points_on_the_curve_are_read(void **state)
{
    (void)state;
    for (size_t g = 0; g < COUNT(groups); g++) {
        const struct tch_ec_curve *c = tch_ec_curve_of(groups[g]);
        size_t len = 1 + 2 * c->len;
        uint8_t good[TCH_EC_POINT_MAX + 1] = { 0 };
        struct tch_ec_point p;

        tch_ec_base(c, &p);
        assert_true(tch_ec_write_point(c, &p, good));
        assert_true(tch_ec_read_point(c, tch_slice_of(good, len), &p));
        assert_false(tch_ec_read_point(c, tch_slice_of(good, len - 1), &p));
        assert_false(tch_ec_read_point(c, tch_slice_of(good, len + 1), &p));
        assert_false(tch_ec_read_point(c, tch_slice_of(good, 0), &p));
        for (unsigned form = 0; form < 8; form++) {
            assert_true(reads_with(c, good, 0, (uint8_t)form) == (form == 4));
        }
        for (size_t at = 1; at < len; at += 7) {
            assert_false(reads_with(c, good, at, good[at] ^ 1));
        }
        /* Compressed, and infinity in its one-byte form. */
        good[0] = 0x02;
        assert_false(tch_ec_read_point(c, tch_slice_of(good, 1 + c->len),
                                       &p));
        good[0] = 0x00;
        assert_false(tch_ec_read_point(c, tch_slice_of(good, 1), &p));
    }
}

static void R_KX_063_coordinates_of_p_or_more_are_refused(void **state)
{
    /* On P-521 there is room for x + p in the 66 bytes. */
    const struct tch_ec_curve *c = tch_ec_curve_of(TCH_GROUP_SECP521R1);
    uint8_t bytes[TCH_EC_POINT_MAX];
    uint64_t x[TCH_EC_MAX_LIMBS];
    uint64_t y[TCH_EC_MAX_LIMBS];
    struct tch_ec_point p;

    (void)state;
    tch_ec_base(c, &p);
    assert_true(tch_ec_affine(c, &p, x, y) != 0);
    assert_true(tch_ec_write_point(c, &p, bytes));
    (void)tch_bn_add(x, x, c->p_limbs, c->num);
    tch_bn_store(bytes + 1, c->len, x, c->num);
    assert_false(tch_ec_read_point(c, tch_slice_of(bytes, 133), &p));
}

static void other_groups_are_not_here(void **state)
{
    (void)state;
    assert_null(tch_ec_curve_of(TCH_GROUP_SECP224R1));
    assert_null(tch_ec_curve_of(TCH_GROUP_SECP256K1));
    assert_null(tch_ec_curve_of(TCH_GROUP_X25519));
    assert_null(tch_ec_curve_of(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_multiples_are_sums),
        cmocka_unit_test(the_order_times_a_point_is_infinity),
        cmocka_unit_test(the_comb_gives_what_the_ladder_gives),
        cmocka_unit_test(multiplication_is_additive_in_the_scalar),
        cmocka_unit_test(R_ATK_015_only_points_on_the_curve_are_read),
        cmocka_unit_test(R_KX_063_coordinates_of_p_or_more_are_refused),
        cmocka_unit_test(other_groups_are_not_here),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
