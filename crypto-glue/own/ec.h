#ifndef TCH_CRYPTO_GLUE_OWN_EC_H
#define TCH_CRYPTO_GLUE_OWN_EC_H

/*
 * P-256, P-384 and P-521 in constant time, without allocation. Scalars and
 * coordinates are limbs as in bignum.h, curve->num of them. The addition law
 * is complete: equal points, opposite points and infinity are no special
 * cases, which is where libtomcrypt's verification goes wrong
 * (libtomcrypt-notes L8).
 *
 * Sources: SEC 1, SEC 2; FIPS 186-4 D.1.2; RFC 8422 5.10, 5.11.
 */

#include "crypto-glue/own/bignum.h"

#define TCH_EC_MAX_LIMBS 9
#define TCH_EC_MAX_BYTES 66 /* a coordinate of P-521 */
#define TCH_EC_POINT_MAX (1 + 2 * TCH_EC_MAX_BYTES)

/* tch_ec_point is (X : Y : Z), x = X/Z, y = Y/Z; infinity is (0 : 1 : 0). */
struct tch_ec_point {
    uint64_t x[TCH_EC_MAX_LIMBS];
    uint64_t y[TCH_EC_MAX_LIMBS];
    uint64_t z[TCH_EC_MAX_LIMBS];
};

#define TCH_EC_COMB 4 /* rows of the base point's comb */

/* tch_ec_curve is a curve y^2 = x^3 - 3x + b with everything derived; `len`
 * is a coordinate's length in bytes, that of a scalar as well. */
struct tch_ec_curve {
    uint16_t group; /* TCH_GROUP_SECP256R1 ... */
    unsigned bits;
    size_t num;
    size_t len;
    struct tch_mont p;
    struct tch_mont n; /* the order */
    uint64_t p_limbs[TCH_EC_MAX_LIMBS];
    uint64_t p_rr[TCH_EC_MAX_LIMBS];
    uint64_t n_limbs[TCH_EC_MAX_LIMBS];
    uint64_t n_rr[TCH_EC_MAX_LIMBS];
    uint64_t b[TCH_EC_MAX_LIMBS];  /* Montgomery form, as all coordinates */
    uint64_t gx[TCH_EC_MAX_LIMBS];
    uint64_t gy[TCH_EC_MAX_LIMBS];
    uint64_t one[TCH_EC_MAX_LIMBS];
    size_t comb_len; /* bits in a row */
    struct tch_ec_point comb[1 << TCH_EC_COMB];
};

/* tch_ec_curve_of gives a curve by its TLS group, or NULL. */
const struct tch_ec_curve *tch_ec_curve_of(unsigned group);

/*
 * tch_ec_read_point reads an uncompressed point (R-KX-062) and checks that it
 * is one: coordinates below p, on the curve (R-KX-063, R-ATK-015). The curves
 * have cofactor 1, so it is in the group. False for everything else.
 */
TCH_MUST_CHECK bool tch_ec_read_point(const struct tch_ec_curve *c,
                                      struct tch_slice s,
                                      struct tch_ec_point *out);

/* tch_ec_affine gives x and y as ordinary numbers; a mask of ones, or zeros
 * for infinity. `y` may be NULL. */
uint64_t tch_ec_affine(const struct tch_ec_curve *c,
                       const struct tch_ec_point *p, uint64_t *x, uint64_t *y);

/* tch_ec_write_point writes 04 || x || y, 1 + 2 len bytes; false for
 * infinity. */
TCH_MUST_CHECK bool tch_ec_write_point(const struct tch_ec_curve *c,
                                       const struct tch_ec_point *p,
                                       uint8_t *out);

/* tch_ec_base is the generator. */
void tch_ec_base(const struct tch_ec_curve *c, struct tch_ec_point *out);

/* tch_ec_add: out = p + q, whatever they are; may overlap. */
void tch_ec_add(const struct tch_ec_curve *c, struct tch_ec_point *out,
                const struct tch_ec_point *p, const struct tch_ec_point *q);

/* tch_ec_mul: out = k p in a fixed number of steps, for any k of the order's
 * width; `k` is secret (R-ATK-033). */
void tch_ec_mul(const struct tch_ec_curve *c, struct tch_ec_point *out,
                const uint64_t *k, const struct tch_ec_point *p);

/* tch_ec_mul_base is tch_ec_mul with the generator, and about three times as
 * fast. */
void tch_ec_mul_base(const struct tch_ec_curve *c, struct tch_ec_point *out,
                     const uint64_t *k);

/* tch_ec_in_range is a mask of ones when 1 <= k < n. */
uint64_t tch_ec_in_range(const struct tch_ec_curve *c, const uint64_t *k);

#endif
