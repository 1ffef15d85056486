#ifndef TCH_ENGINE_BASE_CT_H
#define TCH_ENGINE_BASE_CT_H

/*
 * Constant-time choices. A secret never decides a branch or an address: it
 * becomes a mask, all ones or all zeros, and the mask selects. The barrier
 * keeps the compiler from turning a mask back into a branch. It stands behind
 * the making of a mask as well as before its use: a compiler that can see
 * that a mask is one of two values loads from one of two addresses instead
 * (clang 14 does).
 *
 * The comparisons take 32-bit values; lengths on the wire are far smaller.
 */

#include <stddef.h>
#include <stdint.h>

typedef uint32_t tch_mask;

static inline uint32_t tch_ct_hide(uint32_t v)
{
    __asm__("" : "+r"(v));
    return v;
}

/* tch_ct_msb spreads the top bit of `v` over the whole mask. */
static inline tch_mask tch_ct_msb(uint32_t v)
{
    return tch_ct_hide((tch_mask)0 - (tch_ct_hide(v) >> 31));
}

/* tch_ct_is_zero is all ones when `v` is 0. */
static inline tch_mask tch_ct_is_zero(uint32_t v)
{
    return tch_ct_msb(~v & (v - 1));
}

/* tch_ct_eq is all ones when `a` equals `b`. */
static inline tch_mask tch_ct_eq(uint32_t a, uint32_t b)
{
    return tch_ct_is_zero(a ^ b);
}

/* tch_ct_lt is all ones when `a` is smaller than `b`. */
static inline tch_mask tch_ct_lt(uint32_t a, uint32_t b)
{
    return tch_ct_msb(a ^ ((a ^ b) | ((a - b) ^ b)));
}

/* tch_ct_ge is all ones when `a` is not smaller than `b`. */
static inline tch_mask tch_ct_ge(uint32_t a, uint32_t b)
{
    return ~tch_ct_lt(a, b);
}

/* tch_ct_select is `a` under a mask of ones, else `b`. */
static inline uint32_t tch_ct_select(tch_mask m, uint32_t a, uint32_t b)
{
    m = tch_ct_hide(m);
    return (m & a) | (~m & b);
}

/* tch_ct_select_u8 is tch_ct_select for one byte. */
static inline uint8_t tch_ct_select_u8(tch_mask m, uint8_t a, uint8_t b)
{
    return (uint8_t)tch_ct_select(m, a, b);
}

/* tch_ct_copy copies `len` bytes from `src` to `dst` under a mask of ones. */
static inline void tch_ct_copy(tch_mask m, uint8_t *dst, const uint8_t *src,
                               size_t len)
{
    for (size_t i = 0; i < len; i++) {
        dst[i] = tch_ct_select_u8(m, src[i], dst[i]);
    }
}

/*
 * tch_ct_equal is all ones when the `len` bytes at `a` and `b` are the same;
 * its running time depends on `len` alone (R-REC-043, R-HS-006, R-EXT-083).
 */
static inline tch_mask tch_ct_equal(const void *a, const void *b, size_t len)
{
    const uint8_t *x = a;
    const uint8_t *y = b;
    uint32_t diff = 0;

    for (size_t i = 0; i < len; i++) {
        diff |= (uint32_t)(x[i] ^ y[i]);
    }
    return tch_ct_is_zero(diff);
}

#endif
