/*
 * ECDSA. What it shares with DSA (DER, nonces) is in dss.c; here is what
 * happens on the curve. The point arithmetic is complete, so signatures for
 * which u1 G and u2 Q coincide, are opposite or infinite need no special case
 * (libtomcrypt-notes L8).
 *
 * Multiplication, inversion and all arithmetic mod n have a fixed number of
 * steps; a nonce's leading zeros do not show (R-ATK-033). The one branch on a
 * secret is the loop that draws another nonce when one is out of range, which
 * tells nothing about the nonce that is used in the end.
 */

#include "crypto-glue/ecdsa.h"

#include "crypto-glue/dss.h"
#include "engine/base/wipe.h"

typedef uint64_t scalar[TCH_EC_MAX_LIMBS];

static struct tch_dss_order order_of(const struct tch_ec_curve *c)
{
    struct tch_dss_order o = { &c->n, c->bits };

    return o;
}

bool tch_ecdsa_verify(const struct tch_ec_curve *c,
                      const struct tch_ec_point *key, struct tch_slice hash,
                      struct tch_slice signature)
{
    struct tch_dss_order o = order_of(c);
    struct tch_ec_point p;
    struct tch_ec_point q;
    scalar r, s, z, w, u1, u2, x;

    if (!tch_dss_read(&o, signature, r, s)) {
        return false;
    }
    tch_dss_hash(&o, hash, z);
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

enum tch_status tch_ecdsa_sign(const struct tch_ec_curve *c,
                               const uint64_t *d, enum tch_hash h,
                               struct tch_slice hash,
                               const struct tch_draw_source *draw,
                               uint8_t *out, size_t cap, size_t *out_len)
{
    struct tch_dss_order o = order_of(c);
    struct tch_nonces g;
    scalar k, r, s, z;
    uint64_t good = 0;

    tch_dss_hash(&o, hash, z);
    if (!tch_nonces_init(&g, &o, h, d, z, draw)) {
        return TCH_NO_RANDOM;
    }
    for (unsigned i = 0; i < TCH_NONCES_MAX && good == 0; i++) {
        tch_nonces_next(&g, k);
        good = sign_with(c, d, z, k, r, s);
    }
    tch_wipe(&g, sizeof g);
    tch_wipe(k, sizeof k);
    return good == 0 ? TCH_INTERNAL
                     : tch_dss_write(&o, r, s, out, cap, out_len);
}
