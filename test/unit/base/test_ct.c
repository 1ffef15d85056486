/*
 * The masks of ct.h give what the plain operators give, at the edges of the
 * 32-bit range and for many pairs between. That they do not branch is a
 * matter for valgrind (`make ct`).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/ct.h"

static const uint32_t edges[] = { 0,          1,          2,
                                  127,        128,        255,
                                  256,        65535,      65536,
                                  0x7FFFFFFE, 0x7FFFFFFF, 0x80000000,
                                  0x80000001, 0xFFFFFFFE, 0xFFFFFFFF };

#define NUM_EDGES (sizeof edges / sizeof edges[0])

static tch_mask mask_of(int truth)
{
    return truth ? 0xFFFFFFFFu : 0;
}

static void check_pair(uint32_t a, uint32_t b)
{
    assert_int_equal(tch_ct_eq(a, b), mask_of(a == b));
    assert_int_equal(tch_ct_lt(a, b), mask_of(a < b));
    assert_int_equal(tch_ct_ge(a, b), mask_of(a >= b));
    assert_int_equal(tch_ct_is_zero(a), mask_of(a == 0));
    assert_int_equal(tch_ct_msb(a), mask_of(a >= 0x80000000u));
    assert_int_equal(tch_ct_select(mask_of(1), a, b), a);
    assert_int_equal(tch_ct_select(mask_of(0), a, b), b);
    assert_int_equal(tch_ct_hide(a), a);
}

static void masks_agree_with_the_operators_at_the_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_EDGES; i++) {
        for (size_t k = 0; k < NUM_EDGES; k++) {
            check_pair(edges[i], edges[k]);
        }
    }
}

static void masks_agree_with_the_operators_everywhere(void **state)
{
    uint32_t x = 0x12345678;

    (void)state;
    for (unsigned i = 0; i < 200000; i++) {
        uint32_t y = x;

        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        check_pair(x >> (i % 32), y >> (i / 32 % 32));
    }
}

static void all_bytes_compare_and_select(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            assert_int_equal(tch_ct_eq(a, b), mask_of(a == b));
            assert_int_equal(tch_ct_lt(a, b), mask_of(a < b));
            assert_int_equal(tch_ct_select_u8(mask_of(a < b), (uint8_t)a,
                                              (uint8_t)b),
                             a < b ? a : b);
        }
    }
}

static void copy_obeys_its_mask(void **state)
{
    const uint8_t source[4] = { 1, 2, 3, 4 };
    uint8_t target[4] = { 9, 9, 9, 9 };

    (void)state;
    tch_ct_copy(mask_of(0), target, source, 4);
    assert_memory_equal(target, "\x09\x09\x09\x09", 4);
    tch_ct_copy(mask_of(1), target, source, 3);
    assert_memory_equal(target, "\x01\x02\x03\x09", 4);
    tch_ct_copy(mask_of(1), target, source, 0);
    assert_memory_equal(target, "\x01\x02\x03\x09", 4);
}

static void equal_sees_every_bit_R_HS_006_R_EXT_083(void **state)
{
    uint8_t a[36];
    uint8_t b[36];

    (void)state;
    for (size_t i = 0; i < sizeof a; i++) {
        a[i] = (uint8_t)(i * 7);
    }
    memcpy(b, a, sizeof a);
    assert_int_equal(tch_ct_equal(a, b, sizeof a), mask_of(1));
    for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(tch_ct_equal(a, b, sizeof a), mask_of(0));
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    b[35] ^= 1;
    assert_int_equal(tch_ct_equal(a, b, 35), mask_of(1));
    assert_int_equal(tch_ct_equal(a, b, 0), mask_of(1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_agree_with_the_operators_at_the_edges),
        cmocka_unit_test(masks_agree_with_the_operators_everywhere),
        cmocka_unit_test(all_bytes_compare_and_select),
        cmocka_unit_test(copy_obeys_its_mask),
        cmocka_unit_test(equal_sees_every_bit_R_HS_006_R_EXT_083),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
