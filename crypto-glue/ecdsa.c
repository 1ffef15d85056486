/*
 * ECDSA. Signatures come in as strict DER through our own reader and r, s are
 * checked before anything is computed (R-ATK-036); the point arithmetic is
 * complete, so signatures for which u1 G and u2 Q coincide, are opposite or
 * infinite need no special case (libtomcrypt-notes L8).
 *
 * Signing: the nonce comes from HMAC (RFC 6979 3.2), so that a broken random
 * generator does not give the key away, hedged with fresh bytes, so that
 * faults and power traces of equal messages differ. Multiplication, inversion
 * and all arithmetic mod n have a fixed number of steps; a nonce's leading
 * zeros do not show (R-ATK-033). The one branch on a secret is the loop that
 * draws another nonce when one is out of range, which tells nothing about
 * the nonce that is used in the end.
 */

#include "crypto-glue/ecdsa.h"

#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/hash.h"
#include "engine/base/wipe.h"

#define HEDGE_LEN 32
#define MAX_NONCES 64

TCH_FIELD(ecdsa_signature, "3279 2.2.3");
TCH_FIELD(r, "3279 2.2.3");
TCH_FIELD(s, "3279 2.2.3");

typedef uint64_t scalar[TCH_EC_MAX_LIMBS];

static bool read_signature(const struct tch_ec_curve *c, struct tch_slice sig,
                           uint64_t *r, uint64_t *s)
{
    struct tch_reader all;
    struct tch_reader seq;
    struct tch_slice rs;
    struct tch_slice ss;

    tch_rd_init(&all, sig, &f_ecdsa_signature, NULL);
    if (!tch_der_open(&all, &f_ecdsa_signature, TCH_DER_SEQUENCE, &seq) ||
        !tch_rd_end(&all) || !tch_der_unsigned(&seq, &f_r, &rs) ||
        !tch_der_unsigned(&seq, &f_s, &ss) || !tch_rd_end(&seq)) {
        return false;
    }
    return tch_bn_load(r, c->num, rs) && tch_bn_load(s, c->num, ss) &&
           (tch_ec_in_range(c, r) & tch_ec_in_range(c, s)) != 0;
}

/* The leftmost bits of the hash as a number mod n. No hash is longer than
 * the order of P-521, and the orders of the others are whole bytes. */
static void hash_to_scalar(const struct tch_ec_curve *c,
                           struct tch_slice hash, uint64_t *z)
{
    size_t len = hash.len < c->len ? hash.len : c->len;

    (void)!tch_bn_load(z, c->num, tch_slice_of(hash.p, len));
    tch_mont_reduce(&c->n, z, z, c->num);
}

bool tch_ecdsa_verify(const struct tch_ec_curve *c,
                      const struct tch_ec_point *key, struct tch_slice hash,
                      struct tch_slice signature)
{
    struct tch_ec_point p;
    struct tch_ec_point q;
    scalar r, s, z, w, u1, u2, x;

    if (!read_signature(c, signature, r, s)) {
        return false;
    }
    hash_to_scalar(c, hash, z);
    (void)tch_bn_invert(w, s, c->n_limbs, c->num);
    tch_mont_in(&c->n, w, w);
    tch_mont_mul(&c->n, u1, z, w);
    tch_mont_mul(&c->n, u2, r, w);
    tch_ec_mul_base(c, &p, u1);
    tch_ec_mul(c, &q, u2, key);
    tch_ec_add(c, &p, &p, &q);
    if (tch_ec_affine(c, &p, x, NULL) == 0) {
        return false;
    }
    tch_mont_reduce(&c->n, x, x, c->num);
    return tch_bn_eq(x, r, c->num) != 0;
}

/* The generator of RFC 6979 3.2, steps d to h. */
struct nonces {
    enum tch_hash alg;
    size_t len;
    uint8_t k[TCH_HASH_MAX];
    uint8_t v[TCH_HASH_MAX];
};

/* K = HMAC_K(V || tag || seed), V = HMAC_K(V). Tag 2 leaves K alone. */
static void nonces_step(struct nonces *g, unsigned tag, struct tch_slice seed)
{
    struct tch_hmac_key key;
    struct tch_hmac h;
    uint8_t t = (uint8_t)tag;

    tch_hmac_set_key(&key, g->alg, g->k, g->len);
    if (tag != 2) {
        tch_hmac_init(&h, &key);
        tch_hmac_update(&h, g->v, g->len);
        tch_hmac_update(&h, &t, 1);
        if (seed.len != 0) {
            tch_hmac_update(&h, seed.p, seed.len);
        }
        tch_hmac_final(&h, g->k);
        tch_hmac_set_key(&key, g->alg, g->k, g->len);
    }
    tch_hmac_init(&h, &key);
    tch_hmac_update(&h, g->v, g->len);
    tch_hmac_final(&h, g->v);
    tch_wipe(&key, sizeof key);
}

/* Steps a to g: seeded by int2octets(d) || bits2octets(hash) || hedge. */
static void nonces_init(struct nonces *g, const struct tch_ec_curve *c,
                        enum tch_hash alg, const uint64_t *d,
                        const uint64_t *z, struct tch_slice hedge)
{
    uint8_t seed[2 * TCH_EC_MAX_BYTES + HEDGE_LEN];
    struct tch_slice all = tch_slice_of(seed, 2 * c->len + hedge.len);

    g->alg = alg;
    g->len = tch_hash_facts(alg)->len;
    memset(g->v, 0x01, g->len);
    memset(g->k, 0x00, g->len);
    tch_bn_store(seed, c->len, d, c->num);
    tch_bn_store(seed + c->len, c->len, z, c->num);
    if (hedge.len != 0) {
        memcpy(seed + 2 * c->len, hedge.p, hedge.len);
    }
    nonces_step(g, 0, all);
    nonces_step(g, 1, all);
    tch_wipe(seed, sizeof seed);
}

/* Step h: the next candidate, as many bits as the order has. */
static void nonces_next(struct nonces *g, const struct tch_ec_curve *c,
                        uint64_t *k)
{
    uint8_t t[TCH_EC_MAX_BYTES];

    for (size_t at = 0; at < c->len; at += g->len) {
        size_t n = c->len - at < g->len ? c->len - at : g->len;

        nonces_step(g, 2, tch_slice_of(NULL, 0));
        memcpy(t + at, g->v, n);
    }
    (void)!tch_bn_load(k, c->num, tch_slice_of(t, c->len));
    for (size_t i = c->bits; i < 8 * c->len; i++) {
        tch_bn_half(k, c->num);
    }
    tch_wipe(t, sizeof t);
}

/* r and s for one nonce; zeros when it does not serve. */
static uint64_t sign_with(const struct tch_ec_curve *c, const uint64_t *d,
                          const uint64_t *z, const uint64_t *k, uint64_t *r,
                          uint64_t *s)
{
    struct tch_ec_point p;
    scalar inv, x;
    uint64_t good = tch_ec_in_range(c, k);

    tch_ec_mul_base(c, &p, k);
    good &= tch_ec_affine(c, &p, x, NULL);
    tch_mont_reduce(&c->n, r, x, c->num);
    good &= tch_bn_invert(inv, k, c->n_limbs, c->num);
    tch_mont_in(&c->n, s, d);
    tch_mont_mul(&c->n, s, s, r);
    tch_mont_add(&c->n, s, s, z);
    tch_mont_in(&c->n, inv, inv);
    tch_mont_mul(&c->n, s, s, inv);
    good &= ~tch_bn_is_zero(r, c->num) & ~tch_bn_is_zero(s, c->num);
    tch_wipe(&p, sizeof p);
    tch_wipe(inv, sizeof inv);
    tch_wipe(x, sizeof x);
    return good;
}

static void write_number(struct tch_writer *w, const struct tch_ec_curve *c,
                         const uint64_t *a)
{
    uint8_t bytes[TCH_EC_MAX_BYTES];

    tch_bn_store(bytes, c->len, a, c->num);
    tch_der_wr_unsigned(w, tch_slice_of(bytes, c->len));
}

static enum tch_status write_signature(const struct tch_ec_curve *c,
                                       const uint64_t *r, const uint64_t *s,
                                       uint8_t *out, size_t cap,
                                       size_t *out_len)
{
    struct tch_writer w;
    struct tch_mark m;

    tch_wr_init(&w, out, cap);
    m = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    write_number(&w, c, r);
    write_number(&w, c, s);
    tch_der_wr_close(&w, m);
    *out_len = tch_wr_done(&w).len;
    return w.failed ? TCH_INTERNAL : TCH_OK;
}

enum tch_status tch_ecdsa_sign(const struct tch_ec_curve *c,
                               const uint64_t *d, enum tch_hash h,
                               struct tch_slice hash,
                               const struct tch_draw_source *draw,
                               uint8_t *out, size_t cap, size_t *out_len)
{
    uint8_t hedge[HEDGE_LEN];
    size_t hedge_len = draw->deterministic ? 0 : sizeof hedge;
    struct nonces g;
    scalar k, r, s, z;
    uint64_t good = 0;

    if (hedge_len != 0 && !tch_draw(draw, "sign.nonce", hedge, hedge_len)) {
        return TCH_NO_RANDOM;
    }
    hash_to_scalar(c, hash, z);
    nonces_init(&g, c, h, d, z, tch_slice_of(hedge, hedge_len));
    for (unsigned i = 0; i < MAX_NONCES && good == 0; i++) {
        if (i != 0) {
            nonces_step(&g, 0, tch_slice_of(NULL, 0));
        }
        nonces_next(&g, c, k);
        good = sign_with(c, d, z, k, r, s);
    }
    tch_wipe(&g, sizeof g);
    tch_wipe(k, sizeof k);
    tch_wipe(hedge, sizeof hedge);
    return good == 0 ? TCH_INTERNAL
                     : write_signature(c, r, s, out, cap, out_len);
}
