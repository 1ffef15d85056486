/*
 * Ed25519 over the fixed-width Montgomery arithmetic of bignum.c, for the
 * field (2^255 - 19) as well as for scalars (mod L). Points are in extended
 * coordinates (X : Y : Z : T), x = X/Z, y = Y/Z, x y = T/Z; the addition of
 * Hisil, Wong, Carter and Dawson is complete on this curve, so doubling and
 * the neutral element are no cases of their own.
 *
 * RFC 8032 5.1: 5.1.2 encoding, 5.1.3 decoding, 5.1.6 signing, 5.1.7
 * verifying. Numbers there are little-endian; bignum's bytes are big-endian,
 * hence the turning round.
 */

#include "crypto-glue/own/ed25519.h"

#include <pthread.h>
#include <string.h>

#include "crypto-glue/hash.h"
#include "crypto-glue/own/bignum.h"
#include "engine/base/wipe.h"

#define NUM 4
#define WINDOW 4
#define ENTRIES (1u << WINDOW)

typedef uint64_t fe[NUM];

struct point {
    fe x, y, z, t;
};

static const fe p_limbs = { 0xFFFFFFFFFFFFFFED, UINT64_MAX, UINT64_MAX,
                            0x7FFFFFFFFFFFFFFF };
/* L = 2^252 + 27742317777372353535851937790883648493 */
static const fe l_limbs = { 0x5812631A5CF5D3ED, 0x14DEF9DEA2F79CD6, 0,
                            0x1000000000000000 };
/* (p - 5) / 8 = 2^252 - 3 */
static const fe root_exp = { 0xFFFFFFFFFFFFFFFD, UINT64_MAX, UINT64_MAX,
                             0x0FFFFFFFFFFFFFFF };
/* (p - 1) / 4 = 2^253 - 5 */
static const fe quarter_exp = { 0xFFFFFFFFFFFFFFFB, UINT64_MAX, UINT64_MAX,
                                0x1FFFFFFFFFFFFFFF };
#define ROOT_BITS 252
#define QUARTER_BITS 253

/* Everything derived, Montgomery forms; written once. */
static struct curve {
    struct tch_mont p;
    struct tch_mont l;
    fe p_rr;
    fe l_rr;
    fe one;
    fe d;
    fe two_d;
    fe root; /* of -1 */
    struct point base;
} curve;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#define MUL(o, a, b) tch_mont_mul(&curve.p, (o), (a), (b))
#define ADD(o, a, b) tch_mont_add(&curve.p, (o), (a), (b))
#define SUB(o, a, b) tch_mont_sub(&curve.p, (o), (a), (b))

static void load_le(uint64_t *a, size_t num, const uint8_t *bytes, size_t len)
{
    memset(a, 0, num * sizeof a[0]);
    for (size_t i = 0; i < len; i++) {
        a[i / 8] |= (uint64_t)bytes[i] << (8 * (i % 8));
    }
}

static void store_le(uint8_t out[32], const uint64_t *a)
{
    for (size_t i = 0; i < 32; i++) {
        out[i] = (uint8_t)(a[i / 8] >> (8 * (i % 8)));
    }
}

/* out = a^e, Montgomery forms, public exponents of a fixed pattern. */
static void power(fe out, const fe a, const fe e, unsigned bits)
{
    uint64_t scratch[TCH_MONT_EXP_SCRATCH(NUM)];
    fe plain;

    tch_mont_out(&curve.p, plain, a);
    tch_mont_exp(&curve.p, plain, plain, e, bits, scratch);
    tch_mont_in(&curve.p, out, plain);
    tch_wipe(scratch, sizeof scratch);
    tch_wipe(plain, sizeof plain);
}

/* out = 1/a, Montgomery forms. */
static void invert(fe out, const fe a)
{
    (void)tch_bn_invert(out, a, p_limbs, NUM);
    tch_mont_in(&curve.p, out, out);
    tch_mont_in(&curve.p, out, out);
}

static void set_neutral(struct point *p)
{
    memset(p, 0, sizeof *p);
    memcpy(p->y, curve.one, sizeof(fe));
    memcpy(p->z, curve.one, sizeof(fe));
}

static void add(struct point *out, const struct point *p,
                const struct point *q)
{
    fe a, b, c, d, e, f, g, h;

    SUB(a, p->y, p->x);
    SUB(b, q->y, q->x);
    MUL(a, a, b);
    ADD(b, p->y, p->x);
    ADD(c, q->y, q->x);
    MUL(b, b, c);
    MUL(c, p->t, q->t);
    MUL(c, c, curve.two_d);
    MUL(d, p->z, q->z);
    ADD(d, d, d);
    SUB(e, b, a);
    SUB(f, d, c);
    ADD(g, d, c);
    ADD(h, b, a);
    MUL(out->x, e, f);
    MUL(out->y, g, h);
    MUL(out->t, e, h);
    MUL(out->z, f, g);
}

static void table_get(struct point *out, const struct point *table,
                      uint64_t index)
{
    memset(out, 0, sizeof *out);
    for (uint64_t i = 0; i < ENTRIES; i++) {
        uint64_t mask = tch_bn_eq(&i, &index, 1);

        for (size_t j = 0; j < NUM; j++) {
            out->x[j] |= table[i].x[j] & mask;
            out->y[j] |= table[i].y[j] & mask;
            out->z[j] |= table[i].z[j] & mask;
            out->t[j] |= table[i].t[j] & mask;
        }
    }
}

/* out = k p, all 256 bits of k. */
static void multiply(struct point *out, const fe k, const struct point *p)
{
    struct point table[ENTRIES];
    struct point acc;
    struct point pick;

    set_neutral(&table[0]);
    for (size_t i = 1; i < ENTRIES; i++) {
        add(&table[i], &table[i - 1], p);
    }
    set_neutral(&acc);
    for (size_t at = 64 * NUM; at > 0;) {
        at -= WINDOW;
        for (unsigned i = 0; i < WINDOW; i++) {
            add(&acc, &acc, &acc);
        }
        table_get(&pick, table, k[at / 64] >> (at % 64) & (ENTRIES - 1));
        add(&acc, &acc, &pick);
    }
    *out = acc;
    tch_wipe(table, sizeof table);
    tch_wipe(&acc, sizeof acc);
    tch_wipe(&pick, sizeof pick);
}

static void encode(uint8_t out[32], const struct point *p)
{
    fe inv, x, y;

    invert(inv, p->z);
    MUL(x, p->x, inv);
    MUL(y, p->y, inv);
    tch_mont_out(&curve.p, x, x);
    tch_mont_out(&curve.p, y, y);
    store_le(out, y);
    out[31] |= (uint8_t)(x[0] << 7 & 0x80);
}

/* x with v x^2 = u, if there is one: 5.1.3, steps 2 and 3. */
static bool root_of_ratio(fe x, const fe u, const fe v)
{
    fe v3, t, minus_u, check;
    fe zero = { 0 };

    MUL(v3, v, v);
    MUL(v3, v3, v);
    MUL(t, v3, v3);
    MUL(t, t, v);
    MUL(t, t, u); /* u v^7 */
    power(t, t, root_exp, ROOT_BITS);
    MUL(t, t, v3);
    MUL(x, t, u);
    MUL(check, x, x);
    MUL(check, check, v);
    SUB(minus_u, zero, u);
    if (tch_bn_eq(check, u, NUM) != 0) {
        return true;
    }
    MUL(x, x, curve.root);
    return tch_bn_eq(check, minus_u, NUM) != 0;
}

static bool decode(struct point *out, const uint8_t in[32])
{
    fe y, u, v, x, plain;
    fe zero = { 0 };
    uint64_t sign = in[31] >> 7;

    load_le(y, NUM, in, 32);
    y[3] &= UINT64_MAX >> 1;
    if (tch_bn_lt(y, p_limbs, NUM) == 0) {
        return false;
    }
    tch_mont_in(&curve.p, y, y);
    MUL(u, y, y);
    MUL(v, u, curve.d);
    SUB(u, u, curve.one);
    ADD(v, v, curve.one);
    if (!root_of_ratio(x, u, v)) {
        return false;
    }
    tch_mont_out(&curve.p, plain, x);
    if (tch_bn_is_zero(plain, NUM) != 0 && sign != 0) {
        return false;
    }
    if ((plain[0] & 1) != sign) {
        SUB(x, zero, x);
    }
    memcpy(out->x, x, sizeof(fe));
    memcpy(out->y, y, sizeof(fe));
    memcpy(out->z, curve.one, sizeof(fe));
    MUL(out->t, x, y);
    return true;
}

/* d = -121665/121666, sqrt(-1) = 2^((p-1)/4), B = (x, 4/5) with even x. */
static void derive(void)
{
    fe t = { 121666 };
    fe n = { 121665 };
    fe zero = { 0 };
    uint8_t base[32];

    tch_mont_init(&curve.p, p_limbs, curve.p_rr, NUM);
    tch_mont_init(&curve.l, l_limbs, curve.l_rr, NUM);
    tch_mont_out(&curve.p, curve.one, curve.p_rr);
    tch_mont_in(&curve.p, t, t);
    tch_mont_in(&curve.p, n, n);
    invert(t, t);
    MUL(t, t, n);
    SUB(curve.d, zero, t);
    ADD(curve.two_d, curve.d, curve.d);
    ADD(t, curve.one, curve.one);
    power(curve.root, t, quarter_exp, QUARTER_BITS);
    memset(base, 0x66, sizeof base);
    base[0] = 0x58;
    (void)!decode(&curve.base, base);
}

/* Hash(a || b || message) mod L, reduced from its 64 bytes. */
static void hash_scalar(fe out, struct tch_slice a, struct tch_slice b,
                        const struct tch_slice *message, size_t num)
{
    struct tch_hash_state h;
    uint8_t bytes[64];
    uint64_t wide[8];

    tch_hash_init(&h, TCH_HASH_SHA512);
    tch_hash_update(&h, a.p, a.len);
    if (b.len != 0) {
        tch_hash_update(&h, b.p, b.len);
    }
    for (size_t i = 0; i < num; i++) {
        if (message[i].len != 0) {
            tch_hash_update(&h, message[i].p, message[i].len);
        }
    }
    tch_hash_final(&h, bytes);
    load_le(wide, 8, bytes, sizeof bytes);
    tch_mont_reduce(&curve.l, out, wide, 8);
    tch_wipe(bytes, sizeof bytes);
    tch_wipe(wide, sizeof wide);
}

/* 5.1.5: the scalar, clamped, and the prefix. */
static void expand(fe scalar, uint8_t prefix[32], const uint8_t seed[32])
{
    struct tch_slice s = { seed, 32 };
    uint8_t h[64];

    tch_hash(TCH_HASH_SHA512, &s, 1, h);
    h[0] &= 248;
    h[31] = (uint8_t)((h[31] & 127) | 64);
    load_le(scalar, NUM, h, 32);
    memcpy(prefix, h + 32, 32);
    tch_wipe(h, sizeof h);
}

void tch_ed25519_public(uint8_t out[32], const uint8_t seed[32])
{
    uint8_t prefix[32];
    struct point p;
    fe a;

    (void)pthread_once(&once, derive);
    expand(a, prefix, seed);
    multiply(&p, a, &curve.base);
    encode(out, &p);
    tch_wipe(a, sizeof a);
    tch_wipe(prefix, sizeof prefix);
    tch_wipe(&p, sizeof p);
}

bool tch_ed25519_is_point(const uint8_t public_key[32])
{
    struct point p;

    (void)pthread_once(&once, derive);
    return decode(&p, public_key);
}

void tch_ed25519_sign(uint8_t out[64], const uint8_t seed[32],
                      const uint8_t public_key[32],
                      const struct tch_slice *message, size_t num)
{
    uint8_t prefix[32];
    struct point p;
    fe a, r, k;

    (void)pthread_once(&once, derive);
    expand(a, prefix, seed);
    hash_scalar(r, tch_slice_of(prefix, 32), tch_slice_of(NULL, 0), message,
                num);
    multiply(&p, r, &curve.base);
    encode(out, &p);
    hash_scalar(k, tch_slice_of(out, 32), tch_slice_of(public_key, 32),
                message, num);
    tch_mont_reduce(&curve.l, a, a, NUM);
    tch_mont_in(&curve.l, a, a);
    tch_mont_mul(&curve.l, a, a, k);
    tch_mont_add(&curve.l, a, a, r);
    store_le(out + 32, a);
    tch_wipe(a, sizeof a);
    tch_wipe(r, sizeof r);
    tch_wipe(&p, sizeof p);
    tch_wipe(prefix, sizeof prefix);
}

bool tch_ed25519_verify(const uint8_t public_key[32],
                        const struct tch_slice *message, size_t num,
                        struct tch_slice signature)
{
    struct point a;
    struct point p;
    fe s, k;
    fe zero = { 0 };
    uint8_t r[32];

    (void)pthread_once(&once, derive);
    if (signature.len != 64 || !decode(&a, public_key)) {
        return false;
    }
    load_le(s, NUM, signature.p + 32, 32);
    if (tch_bn_lt(s, l_limbs, NUM) == 0) {
        return false;
    }
    hash_scalar(k, tch_slice_of(signature.p, 32),
                tch_slice_of(public_key, 32), message, num);
    SUB(a.x, zero, a.x);
    SUB(a.t, zero, a.t);
    multiply(&a, k, &a);
    multiply(&p, s, &curve.base);
    add(&p, &p, &a);
    encode(r, &p);
    return memcmp(r, signature.p, sizeof r) == 0;
}
