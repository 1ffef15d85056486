/*
 * The modular inverse in constant time, by division steps (Bernstein, Yang:
 * "Fast constant-time gcd computation and modular inversion", 2019). It is
 * what makes a fresh RSA blinding factor for every operation affordable, and
 * it inverts ECDSA nonces without telling anything about them.
 *
 * A step turns (delta, f, g), f odd, into (1 - delta, g, (g - f) / 2) when
 * delta > 0 and g is odd, and into (1 + delta, f, (g + (g mod 2) f) / 2)
 * otherwise. Theorem 11.2 there: after (49 b + 57) / 17 steps on numbers of b
 * bits (b >= 46) g is 0 and f is plus or minus the gcd, whatever they were.
 *
 * 62 steps at a time depend on the low 62 bits alone; their effect is a
 * matrix [u v; q r] with |u| + |v| and |q| + |r| at most 2^62, applied at once
 * to f, g and to the pair d, e that keeps d a = f and e a = g mod m. The big
 * numbers are arrays of signed limbs of 62 bits (the last one carries the
 * sign), so that products and carries fit 128 bits.
 */

#include "crypto-glue/own/bignum.h"

#include <string.h>

#include "engine/base/wipe.h"

__extension__ typedef __int128 i128;

#define LIMB_BITS 62
#define LIMB_MASK (UINT64_MAX >> 2)
#define MAX62 (TCH_BN_MAX_LIMBS * 64 / LIMB_BITS + 2)

struct matrix {
    int64_t u, v, q, r;
};

/* Round finished masks, as in bignum.c. */
static inline uint64_t hide(uint64_t x)
{
    __asm__("" : "+r"(x));
    return x;
}

/* All ones when x is negative. */
static inline uint64_t sign_mask(int64_t x)
{
    return hide(0 - ((uint64_t)x >> 63));
}

/* 62 bits of `a` from bit `at` on. */
static int64_t bits62(const uint64_t *a, size_t num, size_t at)
{
    size_t i = at / 64;
    unsigned shift = (unsigned)(at % 64);
    uint64_t x = i < num ? a[i] >> shift : 0;

    if (shift > 2 && i + 1 < num) {
        x |= a[i + 1] << (64 - shift);
    }
    return (int64_t)(x & LIMB_MASK);
}

static void to62(int64_t *out, size_t n62, const uint64_t *a, size_t num)
{
    for (size_t i = 0; i < n62; i++) {
        out[i] = bits62(a, num, i * LIMB_BITS);
    }
}

/* `a` is in 0..m-1 here, every limb in 0..2^62-1. */
static void from62(uint64_t *out, size_t num, const int64_t *a, size_t n62)
{
    memset(out, 0, num * sizeof out[0]);
    for (size_t i = 0; i < n62; i++) {
        size_t at = i * LIMB_BITS;
        unsigned shift = (unsigned)(at % 64);
        uint64_t x = (uint64_t)a[i];

        if (at / 64 < num) {
            out[at / 64] |= x << shift;
        }
        if (shift > 2 && at / 64 + 1 < num) {
            out[at / 64 + 1] |= x >> (64 - shift);
        }
    }
}

/* 62 division steps on the low bits; the new delta. */
static int64_t divsteps(int64_t delta, uint64_t f, uint64_t g,
                        struct matrix *t)
{
    uint64_t u = 1;
    uint64_t v = 0;
    uint64_t q = 0;
    uint64_t r = 1;

    for (unsigned i = 0; i < LIMB_BITS; i++) {
        uint64_t odd = hide(0 - (g & 1));
        /* delta > 0 and g odd: swap, with the sign of the old f turned */
        uint64_t swap = sign_mask(-delta) & odd;
        uint64_t x = (f ^ g) & swap;
        uint64_t y = (u ^ q) & swap;
        uint64_t z = (v ^ r) & swap;

        f ^= x;
        g ^= x;
        u ^= y;
        q ^= y;
        v ^= z;
        r ^= z;
        g = (g ^ swap) - swap;
        q = (q ^ swap) - swap;
        r = (r ^ swap) - swap;
        delta = (int64_t)(((uint64_t)delta ^ swap) - swap) + 1;
        g = (g + (f & odd)) >> 1;
        q += u & odd;
        r += v & odd;
        u <<= 1;
        v <<= 1;
    }
    t->u = (int64_t)u;
    t->v = (int64_t)v;
    t->q = (int64_t)q;
    t->r = (int64_t)r;
    return delta;
}

/* (f, g) = t (f, g) / 2^62, exactly. */
static void update_fg(int64_t *f, int64_t *g, size_t n, const struct matrix *t)
{
    i128 cf = (i128)t->u * f[0] + (i128)t->v * g[0];
    i128 cg = (i128)t->q * f[0] + (i128)t->r * g[0];

    for (size_t i = 1; i < n; i++) {
        cf = (cf >> LIMB_BITS) + (i128)t->u * f[i] + (i128)t->v * g[i];
        cg = (cg >> LIMB_BITS) + (i128)t->q * f[i] + (i128)t->r * g[i];
        f[i - 1] = (int64_t)((uint64_t)cf & LIMB_MASK);
        g[i - 1] = (int64_t)((uint64_t)cg & LIMB_MASK);
    }
    f[n - 1] = (int64_t)(cf >> LIMB_BITS);
    g[n - 1] = (int64_t)(cg >> LIMB_BITS);
}

/* What to add of m: enough to keep the row in range (once for d, once for e,
 * when they are negative), less what makes its low 62 bits zero. */
static int64_t times_m(int64_t a, int64_t b, uint64_t neg_d, uint64_t neg_e,
                       uint64_t low, uint64_t m_inv)
{
    uint64_t k = ((uint64_t)a & neg_d) + ((uint64_t)b & neg_e);

    k -= (m_inv * low + k) & LIMB_MASK;
    return (int64_t)k;
}

/* (d, e) = t (d, e) / 2^62 mod m, both in -2m+1..m-1 before and after. */
static void update_de(int64_t *d, int64_t *e, const int64_t *m, size_t n,
                      const struct matrix *t, uint64_t m_inv)
{
    uint64_t nd = sign_mask(d[n - 1]);
    uint64_t ne = sign_mask(e[n - 1]);
    i128 cd = (i128)t->u * d[0] + (i128)t->v * e[0];
    i128 ce = (i128)t->q * d[0] + (i128)t->r * e[0];
    int64_t md = times_m(t->u, t->v, nd, ne, (uint64_t)cd, m_inv);
    int64_t me = times_m(t->q, t->r, nd, ne, (uint64_t)ce, m_inv);

    cd += (i128)m[0] * md;
    ce += (i128)m[0] * me;
    for (size_t i = 1; i < n; i++) {
        cd = (cd >> LIMB_BITS) + (i128)t->u * d[i] + (i128)t->v * e[i];
        ce = (ce >> LIMB_BITS) + (i128)t->q * d[i] + (i128)t->r * e[i];
        cd += (i128)m[i] * md;
        ce += (i128)m[i] * me;
        d[i - 1] = (int64_t)((uint64_t)cd & LIMB_MASK);
        e[i - 1] = (int64_t)((uint64_t)ce & LIMB_MASK);
    }
    d[n - 1] = (int64_t)(cd >> LIMB_BITS);
    e[n - 1] = (int64_t)(ce >> LIMB_BITS);
}

/* a = (a xor flip) - flip + (m and add): negate under a mask, then add. */
static void adjust(int64_t *a, const int64_t *m, size_t n, uint64_t flip,
                   uint64_t add)
{
    i128 c = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t x = ((uint64_t)a[i] ^ flip) - flip;

        c += (i128)(int64_t)x + (int64_t)((uint64_t)m[i] & add);
        if (i + 1 < n) {
            a[i] = (int64_t)((uint64_t)c & LIMB_MASK);
            c >>= LIMB_BITS;
        }
    }
    a[n - 1] = (int64_t)c;
}

/* Brings d, in -2m+1..m-1, times the sign of f, into 0..m-1. */
static void normalize(int64_t *d, const int64_t *m, size_t n, uint64_t flip)
{
    adjust(d, m, n, 0, sign_mask(d[n - 1]));
    adjust(d, m, n, flip, 0);
    adjust(d, m, n, 0, sign_mask(d[n - 1]));
}

/* All ones when f, times the sign in `flip`, is 1. */
static uint64_t is_one(const int64_t *f, size_t n, uint64_t flip)
{
    /* In limbs -1 is the complement of 0, so flipped it shows as 0. */
    uint64_t diff = (uint64_t)f[0] ^ (flip & LIMB_MASK) ^ (1 & ~flip);

    for (size_t i = 1; i + 1 < n; i++) {
        diff |= (uint64_t)f[i] ^ (flip & LIMB_MASK);
    }
    diff |= (uint64_t)f[n - 1] ^ flip;
    return hide(((diff | (0 - diff)) >> 63) - 1);
}

uint64_t tch_bn_invert(uint64_t *out, const uint64_t *a, const uint64_t *m,
                       size_t num)
{
    int64_t f[MAX62];
    int64_t g[MAX62];
    int64_t d[MAX62] = { 0 };
    int64_t e[MAX62] = { 1 };
    int64_t m62[MAX62];
    size_t n = (64 * num + 2) / LIMB_BITS + 1;
    size_t steps = (49 * 64 * num + 57) / 17;
    uint64_t m_inv = m[0];
    int64_t delta = 1;
    uint64_t flip;
    uint64_t found;

    for (unsigned i = 0; i < 5; i++) {
        m_inv *= 2 - m[0] * m_inv;
    }
    to62(m62, n, m, num);
    to62(f, n, m, num);
    to62(g, n, a, num);
    for (size_t done = 0; done < steps; done += LIMB_BITS) {
        struct matrix t;
        uint64_t f0 = (uint64_t)f[0];
        uint64_t g0 = (uint64_t)g[0];

        delta = divsteps(delta, f0, g0, &t);
        update_de(d, e, m62, n, &t, m_inv);
        update_fg(f, g, n, &t);
    }
    flip = sign_mask(f[n - 1]);
    found = is_one(f, n, flip);
    normalize(d, m62, n, flip);
    from62(out, num, d, n);
    tch_wipe(f, sizeof f);
    tch_wipe(g, sizeof g);
    tch_wipe(d, sizeof d);
    tch_wipe(e, sizeof e);
    return found;
}
