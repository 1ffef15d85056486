/*
 * DSA. A key brings its group with it, so that loading one is mostly asking
 * whether the group is one: g and y must have order q, or else a signature,
 * or a private key's answer, could leak or mean anything (a g of 1 makes
 * every signature good, a y of small order makes many).
 *
 * Signing raises g to the nonce by the fixed-width exponentiation of own/:
 * as many squarings and table reads as q has bits, whatever the nonce's
 * leading bits are (R-ATK-033). Everything modulo q is of fixed width too.
 */

#include "crypto-glue/dsa.h"

#include <string.h>

#include "engine/base/wipe.h"

static struct tch_dss_order order_of(const struct tch_dsa_public *k)
{
    struct tch_dss_order o = { &k->q, k->q_bits };

    return o;
}

size_t tch_dsa_limbs(const struct tch_dsa_params *params)
{
    size_t np = tch_bn_limbs(params->p.len);
    size_t nq = tch_bn_limbs(params->q.len);

    if (params->p.len < TCH_DSA_MIN_BITS / 8 ||
        params->p.len > TCH_DSA_MAX_BITS / 8 ||
        params->q.len < TCH_DSA_MIN_Q_BITS / 8 ||
        params->q.len > TCH_DSA_MAX_Q_BITS / 8) {
        return 0;
    }
    return 4 * np + 3 * nq; /* p, q and their R^2; g, y; x */
}

/* A modulus: odd, of so many bits. */
static bool load_modulus(struct tch_mont *m, unsigned *bits,
                         struct tch_slice s, unsigned min, unsigned max,
                         uint64_t *limbs)
{
    size_t num = tch_bn_limbs(s.len);

    if (!tch_bn_load(limbs, num, s)) {
        return false;
    }
    *bits = tch_bn_bits(limbs, num);
    if (*bits < min || *bits > max || (limbs[0] & 1) == 0) {
        return false;
    }
    tch_mont_init(m, limbs, limbs + num, num);
    return true;
}

/* 1 < a < p. */
static bool in_group(const struct tch_dsa_public *k, const uint64_t *a)
{
    uint64_t one[TCH_BN_MAX_LIMBS] = { 1 };

    return (tch_bn_lt(one, a, k->p.num) & tch_bn_lt(a, k->p.m, k->p.num)) !=
           0;
}

static bool divides(const struct tch_dsa_public *k)
{
    uint64_t below[TCH_BN_MAX_LIMBS];
    uint64_t rest[TCH_DSA_Q_LIMBS];

    memcpy(below, k->p.m, k->p.num * sizeof below[0]);
    below[0] ^= 1; /* p - 1 */
    tch_mont_reduce(&k->q, rest, below, k->p.num);
    return tch_bn_is_zero(rest, k->q.num) != 0;
}

/* 1 < a < p and a^q = 1. */
static bool has_order_q(const struct tch_dsa_public *k, const uint64_t *a,
                        uint64_t *scratch)
{
    uint64_t one[TCH_BN_MAX_LIMBS] = { 1 };
    uint64_t power[TCH_BN_MAX_LIMBS];

    if (!in_group(k, a)) {
        return false;
    }
    tch_mont_exp(&k->p, power, a, k->q.m, k->q_bits, scratch);
    return tch_bn_eq(power, one, k->p.num) != 0;
}

/* Places and checks p, q and g; `*next` is behind them. */
static bool load_params(struct tch_dsa_public *k,
                        const struct tch_dsa_params *params, uint64_t **next,
                        uint64_t *scratch)
{
    uint64_t *p = *next;
    uint64_t *q = p + 2 * tch_bn_limbs(params->p.len);
    uint64_t *g = q + 2 * tch_bn_limbs(params->q.len);

    if (!load_modulus(&k->p, &k->bits, params->p, TCH_DSA_MIN_BITS,
                      TCH_DSA_MAX_BITS, p) ||
        !load_modulus(&k->q, &k->q_bits, params->q, TCH_DSA_MIN_Q_BITS,
                      TCH_DSA_MAX_Q_BITS, q) ||
        !tch_bn_load(g, k->p.num, params->g)) {
        return false;
    }
    k->g = g;
    *next = g + k->p.num;
    return divides(k) && has_order_q(k, g, scratch);
}

static size_t scratch_size(size_t num)
{
    return (TCH_MONT_EXP_SCRATCH(num) + num) * sizeof(uint64_t);
}

enum tch_status tch_dsa_public_init(struct tch_dsa_public *k,
                                    const struct tch_dsa_params *params,
                                    struct tch_slice y, uint64_t *limbs,
                                    const struct tch_alloc *alloc)
{
    size_t size = scratch_size(tch_bn_limbs(params->p.len));
    uint64_t *scratch = tch_take(alloc, size);
    bool good;

    if (scratch == NULL) {
        return TCH_NO_MEMORY;
    }
    good = load_params(k, params, &limbs, scratch) &&
           tch_bn_load(limbs, k->p.num, y) &&
           has_order_q(k, limbs, scratch);
    k->y = limbs;
    tch_give(alloc, scratch, size);
    return good ? TCH_OK : TCH_BAD_KEY;
}

/* y = g^x, and the same as the one in the file. */
static bool derive_y(struct tch_dsa_private *k, struct tch_slice given,
                     uint64_t *y, uint64_t *scratch)
{
    const struct tch_mont *p = &k->pub.p;
    uint64_t other[TCH_BN_MAX_LIMBS];

    tch_mont_exp(p, y, k->pub.g, k->x, k->pub.q_bits, scratch);
    if (!in_group(&k->pub, y)) {
        return false;
    }
    return given.len == 0 || (tch_bn_load(other, p->num, given) &&
                              tch_bn_eq(other, y, p->num) != 0);
}

enum tch_status tch_dsa_private_init(struct tch_dsa_private *k,
                                     const struct tch_dsa_params *params,
                                     struct tch_slice y, struct tch_slice x,
                                     uint64_t *limbs,
                                     const struct tch_alloc *alloc)
{
    size_t size = scratch_size(tch_bn_limbs(params->p.len));
    uint64_t *scratch = tch_take(alloc, size);
    struct tch_dss_order o;
    uint64_t *own_x;
    bool good;

    if (scratch == NULL) {
        return TCH_NO_MEMORY;
    }
    good = load_params(&k->pub, params, &limbs, scratch);
    if (good) {
        o = order_of(&k->pub);
        own_x = limbs + k->pub.p.num;
        k->pub.y = limbs;
        k->x = own_x;
        good = tch_bn_load(own_x, k->pub.q.num, x) &&
               tch_dss_in_range(&o, own_x) != 0 &&
               derive_y(k, y, limbs, scratch);
    }
    tch_give(alloc, scratch, size);
    return good ? TCH_OK : TCH_BAD_KEY;
}

bool tch_dsa_same(const struct tch_dsa_public *a,
                  const struct tch_dsa_public *b)
{
    size_t np = a->p.num;
    size_t nq = a->q.num;

    return np == b->p.num && nq == b->q.num &&
           (tch_bn_eq(a->p.m, b->p.m, np) & tch_bn_eq(a->q.m, b->q.m, nq) &
            tch_bn_eq(a->g, b->g, np) & tch_bn_eq(a->y, b->y, np)) != 0;
}

/* v = (g^u1 y^u2 mod p) mod q, FIPS 186-4 4.7. */
static void recompute(const struct tch_dsa_public *k, const uint64_t *u1,
                      const uint64_t *u2, uint64_t *v, uint64_t *scratch)
{
    uint64_t a[TCH_BN_MAX_LIMBS];
    uint64_t b[TCH_BN_MAX_LIMBS];

    tch_mont_exp(&k->p, a, k->g, u1, k->q_bits, scratch);
    tch_mont_exp(&k->p, b, k->y, u2, k->q_bits, scratch);
    tch_mont_in(&k->p, a, a);
    tch_mont_mul(&k->p, a, a, b);
    tch_mont_reduce(&k->q, v, a, k->p.num);
}

enum tch_status tch_dsa_verify(const struct tch_dsa_public *k,
                               const struct tch_alloc *alloc,
                               struct tch_slice hash,
                               struct tch_slice signature)
{
    struct tch_dss_order o = order_of(k);
    size_t size = scratch_size(k->p.num);
    uint64_t r[TCH_DSA_Q_LIMBS], s[TCH_DSA_Q_LIMBS], z[TCH_DSA_Q_LIMBS];
    uint64_t w[TCH_DSA_Q_LIMBS], u1[TCH_DSA_Q_LIMBS], u2[TCH_DSA_Q_LIMBS];
    uint64_t *scratch;

    /* No inverse: q is not prime, and then nothing is a signature. */
    if (!tch_dss_read(&o, signature, r, s) ||
        tch_bn_invert(w, s, k->q.m, k->q.num) == 0) {
        return TCH_BAD_SIGNATURE;
    }
    scratch = tch_take(alloc, size);
    if (scratch == NULL) {
        return TCH_NO_MEMORY;
    }
    tch_dss_hash(&o, hash, z);
    tch_mont_in(&k->q, w, w);
    tch_mont_mul(&k->q, u1, z, w);
    tch_mont_mul(&k->q, u2, r, w);
    recompute(k, u1, u2, w, scratch);
    tch_give(alloc, scratch, size);
    return tch_bn_eq(w, r, k->q.num) != 0 ? TCH_OK : TCH_BAD_SIGNATURE;
}

uint64_t tch_dsa_sign_with(const struct tch_dsa_private *k, const uint64_t *z,
                           const uint64_t *nonce, uint64_t *r, uint64_t *s,
                           uint64_t *scratch)
{
    const struct tch_dsa_public *pub = &k->pub;
    const struct tch_mont *q = &pub->q;
    struct tch_dss_order o = order_of(pub);
    uint64_t *power = scratch + TCH_MONT_EXP_SCRATCH(pub->p.num);
    uint64_t inv[TCH_DSA_Q_LIMBS];
    uint64_t good = tch_dss_in_range(&o, nonce);

    tch_mont_exp(&pub->p, power, pub->g, nonce, pub->q_bits, scratch);
    tch_mont_reduce(q, r, power, pub->p.num);
    good &= tch_bn_invert(inv, nonce, q->m, q->num);
    tch_mont_in(q, s, k->x);
    tch_mont_mul(q, s, s, r);
    tch_mont_add(q, s, s, z);
    tch_mont_in(q, inv, inv);
    tch_mont_mul(q, s, s, inv);
    tch_wipe(inv, sizeof inv);
    return good & ~tch_bn_is_zero(r, q->num) & ~tch_bn_is_zero(s, q->num);
}

enum tch_status tch_dsa_sign(const struct tch_dsa_private *k,
                             const struct tch_alloc *alloc, enum tch_hash h,
                             struct tch_slice hash,
                             const struct tch_draw_source *draw, uint8_t *out,
                             size_t cap, size_t *out_len)
{
    struct tch_dss_order o = order_of(&k->pub);
    size_t size = scratch_size(k->pub.p.num);
    uint64_t r[TCH_DSA_Q_LIMBS], s[TCH_DSA_Q_LIMBS], z[TCH_DSA_Q_LIMBS];
    uint64_t nonce[TCH_DSA_Q_LIMBS];
    uint64_t *scratch = tch_take(alloc, size);
    uint64_t good = 0;
    struct tch_nonces g;

    if (scratch == NULL) {
        return TCH_NO_MEMORY;
    }
    tch_dss_hash(&o, hash, z);
    if (!tch_nonces_init(&g, &o, h, k->x, z, draw)) {
        tch_give(alloc, scratch, size);
        return TCH_NO_RANDOM;
    }
    for (unsigned i = 0; i < TCH_NONCES_MAX && good == 0; i++) {
        tch_nonces_next(&g, nonce);
        good = tch_dsa_sign_with(k, z, nonce, r, s, scratch);
    }
    tch_wipe(&g, sizeof g);
    tch_wipe(nonce, sizeof nonce);
    tch_give(alloc, scratch, size);
    return good == 0 ? TCH_INTERNAL
                     : tch_dss_write(&o, r, s, out, cap, out_len);
}
