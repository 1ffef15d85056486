/*
 * The Montgomery ladder of RFC 7748, section 5, over 2^255 - 19 with five
 * limbs of 51 bits. A limb may grow a little over 51 bits between operations:
 * sums and differences are not carried, and a product of limbs below 2^54
 * summed five times, nineteenfold, stays below 2^128. A product comes out
 * with limbs below 2^52. One swap a bit, under a mask, is all that the scalar
 * decides.
 */

#include "crypto-glue/own/x25519.h"

#include <string.h>

#include "engine/base/wipe.h"

__extension__ typedef unsigned __int128 u128;

#define MASK51 (((uint64_t)1 << 51) - 1)

typedef uint64_t fe[5];

static uint64_t load64(const uint8_t *p)
{
    uint64_t v = 0;

    for (unsigned i = 8; i-- > 0;) {
        v = v << 8 | p[i];
    }
    return v;
}

/* The top bit is dropped; values from p to 2^255 - 1 stay as they are and
 * are reduced by the arithmetic. */
static void fe_load(fe out, const uint8_t s[32])
{
    out[0] = load64(s) & MASK51;
    out[1] = load64(s + 6) >> 3 & MASK51;
    out[2] = load64(s + 12) >> 6 & MASK51;
    out[3] = load64(s + 19) >> 1 & MASK51;
    out[4] = load64(s + 24) >> 12 & MASK51;
}

static void fe_carry(fe a)
{
    for (unsigned i = 0; i < 4; i++) {
        a[i + 1] += a[i] >> 51;
        a[i] &= MASK51;
    }
    a[0] += 19 * (a[4] >> 51);
    a[4] &= MASK51;
}

static void fe_store(uint8_t out[32], const fe in)
{
    fe a;
    uint64_t q;

    memcpy(a, in, sizeof(fe));
    fe_carry(a);
    fe_carry(a);
    /* a < 2^255 + small; q = 1 exactly when a >= p. */
    q = (a[0] + 19) >> 51;
    for (unsigned i = 1; i < 5; i++) {
        q = (a[i] + q) >> 51;
    }
    a[0] += 19 * q;
    for (unsigned i = 0; i < 4; i++) {
        a[i + 1] += a[i] >> 51;
        a[i] &= MASK51;
    }
    a[4] &= MASK51;
    for (unsigned i = 0; i < 32; i++) {
        unsigned bit = 8 * i;
        uint64_t v = a[bit / 51] >> (bit % 51);

        if (bit % 51 > 43 && bit / 51 < 4) {
            v |= a[bit / 51 + 1] << (51 - bit % 51);
        }
        out[i] = (uint8_t)v;
    }
    tch_wipe(a, sizeof(fe));
}

static void fe_add(fe out, const fe a, const fe b)
{
    for (unsigned i = 0; i < 5; i++) {
        out[i] = a[i] + b[i];
    }
}

/* a - b + 4p: positive in every limb as long as those of b are below 2^53. */
static void fe_sub(fe out, const fe a, const fe b)
{
    out[0] = a[0] + 0x1FFFFFFFFFFFB4 - b[0];
    for (unsigned i = 1; i < 5; i++) {
        out[i] = a[i] + 0x1FFFFFFFFFFFFC - b[i];
    }
}

static inline uint64_t above51(u128 v)
{
    return (uint64_t)(v >> 51);
}

/* Straight on, without a loop: gcc's analyzer follows it that way. */
static void fe_reduce(fe out, u128 t[5])
{
    u128 low;

    t[1] += above51(t[0]);
    t[2] += above51(t[1]);
    t[3] += above51(t[2]);
    t[4] += above51(t[3]);
    low = (u128)above51(t[4]) * 19 + ((uint64_t)t[0] & MASK51);
    out[0] = (uint64_t)low & MASK51;
    out[1] = ((uint64_t)t[1] & MASK51) + above51(low);
    out[2] = (uint64_t)t[2] & MASK51;
    out[3] = (uint64_t)t[3] & MASK51;
    out[4] = (uint64_t)t[4] & MASK51;
}

static void fe_mul(fe out, const fe a, const fe b)
{
    uint64_t b1 = 19 * b[1];
    uint64_t b2 = 19 * b[2];
    uint64_t b3 = 19 * b[3];
    uint64_t b4 = 19 * b[4];
    u128 t[5];

    t[0] = (u128)a[0] * b[0] + (u128)a[1] * b4 + (u128)a[2] * b3 +
           (u128)a[3] * b2 + (u128)a[4] * b1;
    t[1] = (u128)a[0] * b[1] + (u128)a[1] * b[0] + (u128)a[2] * b4 +
           (u128)a[3] * b3 + (u128)a[4] * b2;
    t[2] = (u128)a[0] * b[2] + (u128)a[1] * b[1] + (u128)a[2] * b[0] +
           (u128)a[3] * b4 + (u128)a[4] * b3;
    t[3] = (u128)a[0] * b[3] + (u128)a[1] * b[2] + (u128)a[2] * b[1] +
           (u128)a[3] * b[0] + (u128)a[4] * b4;
    t[4] = (u128)a[0] * b[4] + (u128)a[1] * b[3] + (u128)a[2] * b[2] +
           (u128)a[3] * b[1] + (u128)a[4] * b[0];
    fe_reduce(out, t);
}

static void fe_square(fe out, const fe a)
{
    uint64_t d0 = 2 * a[0];
    uint64_t d1 = 2 * a[1];
    uint64_t d2 = 2 * a[2];
    uint64_t a3 = 19 * a[3];
    uint64_t a4 = 19 * a[4];
    u128 t[5];

    t[0] = (u128)a[0] * a[0] + (u128)d1 * a4 + (u128)d2 * a3;
    t[1] = (u128)d0 * a[1] + (u128)d2 * a4 + (u128)a[3] * a3;
    t[2] = (u128)d0 * a[2] + (u128)a[1] * a[1] + (u128)(2 * a[3]) * a4;
    t[3] = (u128)d0 * a[3] + (u128)d1 * a[2] + (u128)a[4] * a4;
    t[4] = (u128)d0 * a[4] + (u128)d1 * a[3] + (u128)a[2] * a[2];
    fe_reduce(out, t);
}

static void fe_small(fe out, const fe a, uint64_t small)
{
    u128 t[5];

    for (unsigned i = 0; i < 5; i++) {
        t[i] = (u128)a[i] * small;
    }
    fe_reduce(out, t);
}

static void fe_square_times(fe out, const fe a, unsigned times)
{
    fe_square(out, a);
    while (--times > 0) {
        fe_square(out, out);
    }
}

/* a^(p - 2), p - 2 = 2^255 - 21: runs of ones by doubling their length. */
static void fe_invert(fe out, const fe a)
{
    fe a2, a9, a11, r5, r10, r20, r50, r100, t;

    fe_square(a2, a);
    fe_square_times(t, a2, 2);
    fe_mul(a9, t, a);
    fe_mul(a11, a9, a2);
    fe_square(t, a11);
    fe_mul(r5, t, a9); /* 2^5 - 1 */
    fe_square_times(t, r5, 5);
    fe_mul(r10, t, r5);
    fe_square_times(t, r10, 10);
    fe_mul(r20, t, r10);
    fe_square_times(t, r20, 20);
    fe_mul(t, t, r20); /* 2^40 - 1 */
    fe_square_times(t, t, 10);
    fe_mul(r50, t, r10);
    fe_square_times(t, r50, 50);
    fe_mul(r100, t, r50);
    fe_square_times(t, r100, 100);
    fe_mul(t, t, r100); /* 2^200 - 1 */
    fe_square_times(t, t, 50);
    fe_mul(t, t, r50); /* 2^250 - 1 */
    fe_square_times(t, t, 5);
    fe_mul(out, t, a11); /* 2^255 - 32 + 11 */
}

static void fe_swap(fe a, fe b, uint64_t bit)
{
    uint64_t mask = 0 - bit;

    __asm__("" : "+r"(mask));
    for (unsigned i = 0; i < 5; i++) {
        uint64_t x = (a[i] ^ b[i]) & mask;

        a[i] ^= x;
        b[i] ^= x;
    }
}

struct ladder {
    fe x1, x2, z2, x3, z3;
};

/* One step of RFC 7748, section 5, with its names. */
static void ladder_step(struct ladder *l)
{
    fe a, aa, b, bb, e, c, d, da, cb;

    fe_add(a, l->x2, l->z2);
    fe_square(aa, a);
    fe_sub(b, l->x2, l->z2);
    fe_square(bb, b);
    fe_sub(e, aa, bb);
    fe_add(c, l->x3, l->z3);
    fe_sub(d, l->x3, l->z3);
    fe_mul(da, d, a);
    fe_mul(cb, c, b);
    fe_add(l->x3, da, cb);
    fe_square(l->x3, l->x3);
    fe_sub(l->z3, da, cb);
    fe_square(l->z3, l->z3);
    fe_mul(l->z3, l->x1, l->z3);
    fe_mul(l->x2, aa, bb);
    fe_small(c, e, 121665);
    fe_add(c, aa, c);
    fe_mul(l->z2, e, c);
}

void tch_x25519(uint8_t out[32], const uint8_t k[32], const uint8_t u[32])
{
    struct ladder l = { .x2 = { 1 }, .x3 = { 0 }, .z3 = { 1 } };
    uint8_t e[32];
    uint64_t swap = 0;

    memcpy(e, k, sizeof e);
    e[0] &= 248;
    e[31] = (uint8_t)((e[31] & 127) | 64);
    fe_load(l.x1, u);
    memcpy(l.x3, l.x1, sizeof(fe));
    for (unsigned t = 255; t-- > 0;) {
        uint64_t bit = e[t / 8] >> (t % 8) & 1;

        fe_swap(l.x2, l.x3, swap ^ bit);
        fe_swap(l.z2, l.z3, swap ^ bit);
        swap = bit;
        ladder_step(&l);
    }
    fe_swap(l.x2, l.x3, swap);
    fe_swap(l.z2, l.z3, swap);
    fe_invert(l.z2, l.z2);
    fe_mul(l.x2, l.x2, l.z2);
    fe_store(out, l.x2);
    tch_wipe(&l, sizeof l);
    tch_wipe(e, sizeof e);
}

void tch_x25519_base(uint8_t out[32], const uint8_t k[32])
{
    static const uint8_t nine[32] = { 9 };

    tch_x25519(out, k, nine);
}
