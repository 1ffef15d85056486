#ifndef TCH_CRYPTO_GLUE_DSS_H
#define TCH_CRYPTO_GLUE_DSS_H

/*
 * What DSA and ECDSA share: a hash as a number modulo the group's order, the
 * nonces of RFC 6979, and the DER of a signature. Private to the glue.
 *
 * Sources: FIPS 186-4 4.6, 6.4; RFC 6979 2.3, 3.2, 3.6; RFC 3279 2.2.2, 2.2.3;
 * dossier R-PKI-081, R-ATK-033, R-ATK-036.
 */

#include "crypto-glue/own/bignum.h"
#include "engine/base/algs.h"
#include "engine/base/draw.h"
#include "engine/base/status.h"

#define TCH_DSS_MAX_LIMBS 9 /* the order of P-521 */
#define TCH_DSS_MAX_BYTES 66

/* tch_dss_order is the odd order of a group; its bit length is public. */
struct tch_dss_order {
    const struct tch_mont *n;
    unsigned bits; /* at most 528 */
};

/* tch_dss_in_range is a mask of ones when 1 <= a < order. */
uint64_t tch_dss_in_range(const struct tch_dss_order *o, const uint64_t *a);

/* tch_dss_hash: z = the leftmost bits of the hash, as many as the order has,
 * reduced; n->num limbs. */
void tch_dss_hash(const struct tch_dss_order *o, struct tch_slice hash,
                  uint64_t *z);

/* tch_dss_read reads SEQUENCE { r, s } as strict DER; false unless both are
 * in 1..order-1. */
TCH_MUST_CHECK bool tch_dss_read(const struct tch_dss_order *o,
                                 struct tch_slice signature, uint64_t *r,
                                 uint64_t *s);

/* tch_dss_write writes SEQUENCE { r, s }, at most `cap` bytes: TCH_OK, or
 * TCH_INTERNAL when there is no room. */
TCH_MUST_CHECK enum tch_status
tch_dss_write(const struct tch_dss_order *o, const uint64_t *r,
              const uint64_t *s, uint8_t *out, size_t cap, size_t *out_len);

#define TCH_NONCES_MAX 64 /* candidates before a signer gives up */

/* tch_nonces is the generator of RFC 6979 3.2. It holds secrets: wipe it. */
struct tch_nonces {
    struct tch_dss_order order;
    enum tch_hash alg;
    size_t len; /* of its hash */
    bool again; /* a candidate was given out, and refused */
    uint8_t k[TCH_HASH_MAX];
    uint8_t v[TCH_HASH_MAX];
};

/*
 * tch_nonces_init seeds the generator with the private number `d`, the
 * number `z` of the hash (n->num limbs each) and, unless the source is a
 * deterministic one, 32 bytes drawn as "sign.nonce" (RFC 6979 3.6). False
 * when there is no randomness. Its time depends on the lengths alone.
 */
TCH_MUST_CHECK bool tch_nonces_init(struct tch_nonces *g,
                                    const struct tch_dss_order *o,
                                    enum tch_hash alg, const uint64_t *d,
                                    const uint64_t *z,
                                    const struct tch_draw_source *draw);

/* tch_nonces_next gives the next candidate, n->num limbs, as many bits as
 * the order has: the signer checks the range. */
void tch_nonces_next(struct tch_nonces *g, uint64_t *k);

#endif
