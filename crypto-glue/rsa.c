/*
 * RSA's two operations. The private one is the place where three attacks
 * meet, so it does three things whatever the key:
 *
 * - It blinds: the base is multiplied by r^e for a fresh random r, and the
 *   result by 1/r. The generator is the caller's, not the math provider's
 *   (libtomcrypt-notes L5: GMP's "random" factor is the same in every
 *   process).
 * - Its exponentiations have fixed width and read their tables whole.
 * - It raises the result to the public exponent and compares, because one
 *   wrong bit in one CRT half lets anyone factor the modulus (R-ATK-034).
 *
 * All scratch is one allocation, wiped when given back.
 */

#include "crypto-glue/rsa.h"

#include <string.h>

#include "engine/base/wipe.h"

static size_t limbs_of(struct tch_slice s)
{
    return tch_bn_limbs(s.len);
}

size_t tch_rsa_public_limbs(struct tch_slice n)
{
    return 2 * limbs_of(n);
}

/* R-PKI-080: odd, at least 3, below 2^64. */
static bool load_exponent(uint64_t *e, struct tch_slice s)
{
    return tch_bn_load(e, 1, s) && *e >= 3 && (*e & 1) != 0;
}

enum tch_status tch_rsa_public_init(struct tch_rsa_public *k,
                                    struct tch_slice n, struct tch_slice e,
                                    uint64_t *limbs)
{
    size_t num = limbs_of(n);

    if (n.len > TCH_RSA_MAX_BYTES || !tch_bn_load(limbs, num, n) ||
        !load_exponent(&k->e, e)) {
        return TCH_BAD_KEY;
    }
    k->bits = tch_bn_bits(limbs, num);
    k->len = (k->bits + 7) / 8;
    if (k->bits < TCH_RSA_MIN_BITS || k->len != n.len ||
        (limbs[0] & 1) == 0) {
        return TCH_BAD_KEY;
    }
    tch_mont_init(&k->n, limbs, limbs + num, num);
    return TCH_OK;
}

bool tch_rsa_public_op(const struct tch_rsa_public *k, struct tch_slice in,
                       uint8_t *out)
{
    uint64_t a[TCH_BN_MAX_LIMBS];
    uint64_t b[TCH_BN_MAX_LIMBS];

    if (in.len != k->len || !tch_bn_load(a, k->n.num, in) ||
        tch_bn_lt(a, k->n.m, k->n.num) == 0) {
        return false;
    }
    tch_mont_exp_public(&k->n, b, a, k->e);
    tch_bn_store(out, k->len, b, k->n.num);
    /* `in` is a premaster secret when a client encrypts. */
    tch_wipe(a, sizeof a);
    return true;
}

size_t tch_rsa_private_limbs(const struct tch_rsa_parts *parts)
{
    size_t np = limbs_of(parts->p);
    size_t nq = limbs_of(parts->q);

    if (parts->n.len > TCH_RSA_MAX_BYTES || parts->p.len >= parts->n.len ||
        parts->q.len >= parts->n.len) {
        return 0;
    }
    return tch_rsa_public_limbs(parts->n) + 4 * np + 3 * nq;
}

/* Loads one of the numbers to the next free limbs. */
static bool place(uint64_t **next, const uint64_t **out, size_t num,
                  struct tch_slice s)
{
    *out = *next;
    *next += num;
    return tch_bn_load(*next - num, num, s);
}

/* A prime: odd, above 1. Whether it is prime shows in the checks that follow,
 * as far as it matters. */
static bool place_prime(uint64_t **next, struct tch_mont *m, unsigned *bits,
                        struct tch_slice s)
{
    size_t num = limbs_of(s);
    const uint64_t *value;
    uint64_t *rr;

    if (!place(next, &value, num, s)) {
        return false;
    }
    *bits = tch_bn_bits(value, num);
    if (*bits < 2 || (value[0] & 1) == 0) {
        return false;
    }
    rr = *next;
    *next += num;
    tch_mont_init(m, value, rr, num);
    return true;
}

/* p q = n. `scratch` has room for p.num + q.num limbs. */
static bool product_fits(const struct tch_rsa_private *k, uint64_t *scratch)
{
    size_t num = k->p.num + k->q.num;
    size_t n_num = k->pub.n.num;
    size_t low = num < n_num ? num : n_num;

    tch_bn_mul(scratch, k->p.m, k->p.num, k->q.m, k->q.num);
    return num >= n_num &&
           (tch_bn_eq(scratch, k->pub.n.m, low) &
            tch_bn_is_zero(scratch + low, num - low)) != 0;
}

/* (2^d)^e = 2 mod the prime: the CRT exponent undoes e. `scratch` has room
 * for 3 numbers and an exponentiation. */
static bool exponent_fits(const struct tch_mont *prime, const uint64_t *d,
                          uint64_t e, uint64_t *scratch)
{
    size_t num = prime->num;
    uint64_t *two = scratch;
    uint64_t *a = scratch + num;
    uint64_t *b = scratch + 2 * num;

    if (tch_bn_lt(d, prime->m, num) == 0) {
        return false;
    }
    memset(two, 0, num * sizeof two[0]);
    two[0] = 2;
    tch_mont_exp(prime, a, two, d, (unsigned)(64 * num), scratch + 3 * num);
    tch_mont_exp_public(prime, b, a, e);
    return tch_bn_eq(b, two, num) != 0;
}

/* q qinv = 1 mod p. */
static bool inverse_fits(const struct tch_rsa_private *k, uint64_t *scratch)
{
    size_t num = k->p.num;

    if (tch_bn_lt(k->qinv, k->p.m, num) == 0) {
        return false;
    }
    tch_mont_reduce(&k->p, scratch, k->q.m, k->q.num);
    tch_mont_in(&k->p, scratch, scratch);
    tch_mont_mul(&k->p, scratch, scratch, k->qinv);
    scratch[0] ^= 1;
    return tch_bn_is_zero(scratch, num) != 0;
}

enum tch_status tch_rsa_private_init(struct tch_rsa_private *k,
                                     const struct tch_rsa_parts *parts,
                                     uint64_t *limbs,
                                     const struct tch_alloc *alloc)
{
    uint64_t *next = limbs + tch_rsa_public_limbs(parts->n);
    size_t np = limbs_of(parts->p);
    size_t nq = limbs_of(parts->q);
    size_t most = np > nq ? np : nq;
    size_t size = (3 * most + TCH_MONT_EXP_SCRATCH(most)) * sizeof limbs[0];
    uint64_t *scratch;
    enum tch_status s;

    s = tch_rsa_public_init(&k->pub, parts->n, parts->e, limbs);
    if (s != TCH_OK) {
        return s;
    }
    if (!place_prime(&next, &k->p, &k->p_bits, parts->p) ||
        !place_prime(&next, &k->q, &k->q_bits, parts->q) ||
        !place(&next, &k->dp, np, parts->dp) ||
        !place(&next, &k->dq, nq, parts->dq) ||
        !place(&next, &k->qinv, np, parts->qinv)) {
        return TCH_BAD_KEY;
    }
    scratch = tch_take(alloc, size);
    if (scratch == NULL) {
        return TCH_NO_MEMORY;
    }
    if (!product_fits(k, scratch) ||
        !exponent_fits(&k->p, k->dp, k->pub.e, scratch) ||
        !exponent_fits(&k->q, k->dq, k->pub.e, scratch) ||
        !inverse_fits(k, scratch)) {
        s = TCH_BAD_KEY;
    }
    tch_give(alloc, scratch, size);
    return s;
}

/* The numbers of one private operation. n-sized ones have n.num + 1 limbs:
 * p.num + q.num may be one more than n.num. */
struct work {
    uint64_t *r;      /* blinding factor */
    uint64_t *unblind;
    uint64_t *base;
    uint64_t *result;
    uint64_t *product;
    uint64_t *half_p;
    uint64_t *half_q;
    uint64_t *h;
    uint64_t *table;
};

static size_t work_limbs(const struct tch_rsa_private *k)
{
    size_t most = k->p.num > k->q.num ? k->p.num : k->q.num;
    size_t wide = k->p.num + k->q.num;

    return 5 * wide + 3 * most + TCH_MONT_EXP_SCRATCH(most);
}

static void work_lay_out(struct work *w, const struct tch_rsa_private *k,
                         uint64_t *limbs)
{
    size_t most = k->p.num > k->q.num ? k->p.num : k->q.num;
    size_t wide = k->p.num + k->q.num;

    w->r = limbs;
    w->unblind = w->r + wide;
    w->base = w->unblind + wide;
    w->result = w->base + wide;
    w->product = w->result + wide;
    w->half_p = w->product + wide;
    w->half_q = w->half_p + most;
    w->h = w->half_q + most;
    w->table = w->h + most;
}

/* A factor in 1..n-1 and its inverse; base = in * r^e mod n. `*good` is zero
 * when the factor has none, once in 2^200 at most. */
static bool blind(const struct tch_rsa_private *k, struct work *w,
                  const struct tch_draw_source *draw, const char *name,
                  const uint64_t *in, uint64_t *good)
{
    const struct tch_rsa_public *pub = &k->pub;
    size_t num = pub->n.num;
    unsigned top = (pub->bits - 1) % 64;
    uint8_t bytes[TCH_RSA_MAX_BYTES];
    bool drawn = tch_draw(draw, name, bytes, pub->len);

    drawn = drawn &&
            tch_bn_load(w->r, num, tch_slice_of(bytes, pub->len));
    tch_wipe(bytes, sizeof bytes);
    if (!drawn) {
        return false;
    }
    /* Below 2^(bits-1), so below n; odd, so not zero. */
    w->r[num - 1] &= ((uint64_t)1 << top) - 1;
    w->r[0] |= 1;
    *good = tch_bn_invert(w->unblind, w->r, pub->n.m, num);
    tch_mont_exp_public(&pub->n, w->base, w->r, pub->e);
    tch_mont_in(&pub->n, w->base, w->base);
    tch_mont_mul(&pub->n, w->base, w->base, in);
    return true;
}

/* half = base^d mod the prime. */
static void power_half(const struct tch_mont *prime, unsigned bits,
                       const uint64_t *d, const struct work *w,
                       size_t num_base, uint64_t *half)
{
    tch_mont_reduce(prime, half, w->base, num_base);
    tch_mont_exp(prime, half, half, d, bits, w->table);
}

/* result = half_q + q ((half_p - half_q) qinv mod p), RFC 8017 5.1.2. */
static void join_halves(const struct tch_rsa_private *k, struct work *w)
{
    const struct tch_mont *p = &k->p;
    size_t wide = k->p.num + k->q.num;

    tch_mont_reduce(p, w->h, w->half_q, k->q.num);
    tch_mont_sub(p, w->h, w->half_p, w->h);
    tch_mont_in(p, w->h, w->h);
    tch_mont_mul(p, w->h, w->h, k->qinv);
    tch_bn_mul(w->product, w->h, p->num, k->q.m, k->q.num);
    memset(w->result, 0, wide * sizeof w->result[0]);
    memcpy(w->result, w->half_q, k->q.num * sizeof w->result[0]);
    (void)tch_bn_add(w->result, w->result, w->product, wide);
}

enum tch_status tch_rsa_private_op_masked(
    const struct tch_rsa_private *k, const struct tch_alloc *alloc,
    const struct tch_draw_source *draw, const char *name, const uint64_t *in,
    uint64_t *out, uint64_t *good, const struct tch_rsa_fault *fault)
{
    const struct tch_mont *n = &k->pub.n;
    size_t size = work_limbs(k) * sizeof(uint64_t);
    uint64_t *limbs = tch_take(alloc, size);
    struct work w;

    memset(out, 0, n->num * sizeof out[0]);
    *good = 0;
    if (limbs == NULL) {
        return TCH_NO_MEMORY;
    }
    work_lay_out(&w, k, limbs);
    if (!blind(k, &w, draw, name, in, good)) {
        tch_give(alloc, limbs, size);
        return TCH_NO_RANDOM;
    }
    power_half(&k->p, k->p_bits, k->dp, &w, n->num, w.half_p);
    power_half(&k->q, k->q_bits, k->dq, &w, n->num, w.half_q);
    if (fault != NULL) {
        fault->touch(fault->arg, w.half_p, w.half_q);
    }
    join_halves(k, &w);
    tch_mont_in(n, w.result, w.result);
    tch_mont_mul(n, w.result, w.result, w.unblind);
    tch_mont_exp_public(n, w.base, w.result, k->pub.e);
    *good &= tch_bn_eq(w.base, in, n->num);
    tch_bn_select(out, *good, w.result, out, n->num);
    tch_give(alloc, limbs, size);
    return TCH_OK;
}

enum tch_status tch_rsa_private_op(const struct tch_rsa_private *k,
                                   const struct tch_alloc *alloc,
                                   const struct tch_draw_source *draw,
                                   const char *name, const uint64_t *in,
                                   uint64_t *out,
                                   const struct tch_rsa_fault *fault)
{
    uint64_t good;
    enum tch_status s = tch_rsa_private_op_masked(k, alloc, draw, name, in,
                                                  out, &good, fault);

    return s == TCH_OK && good == 0 ? TCH_INTERNAL : s;
}
