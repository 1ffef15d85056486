#ifndef TCH_CRYPTO_GLUE_DSA_H
#define TCH_CRYPTO_GLUE_DSA_H

/*
 * DSA keys and signatures. Private to the glue.
 *
 * Sources: FIPS 186-4 4; SP 800-89 5; RFC 3279 2.3.2; RFC 6979; dossier 7.5,
 * R-PKI-081, R-ATK-033, R-ATK-036.
 */

#include "crypto-glue/dss.h"
#include "engine/base/alloc.h"

#define TCH_DSA_MIN_BITS 512 /* the floor of `museum` */
#define TCH_DSA_MAX_BITS 4096 /* above FIPS 186-4, and still cheap to refuse */
#define TCH_DSA_MIN_Q_BITS 160
#define TCH_DSA_MAX_Q_BITS 256
#define TCH_DSA_Q_LIMBS 4

/* tch_dsa_params: big-endian, no leading zeros. */
struct tch_dsa_params {
    struct tch_slice p, q, g;
};

struct tch_dsa_public {
    struct tch_mont p;
    struct tch_mont q;
    const uint64_t *g; /* p.num limbs */
    const uint64_t *y; /* p.num limbs */
    unsigned bits;     /* of p */
    unsigned q_bits;
};

struct tch_dsa_private {
    struct tch_dsa_public pub;
    const uint64_t *x; /* q.num limbs */
};

/* tch_dsa_limbs is how many limbs a key, public or private, needs; 0 when
 * the lengths cannot be those of a key. */
size_t tch_dsa_limbs(const struct tch_dsa_params *params);

/*
 * tch_dsa_public_init fills `k`, whose numbers live in `limbs`, room for
 * tch_dsa_limbs. TCH_OK; TCH_BAD_KEY unless p has 512 to 4096 bits and q 160
 * to 256, both odd, q divides p - 1, 1 < g, y < p, g^q = y^q = 1;
 * TCH_NO_MEMORY (for scratch from `alloc`). Whether p and q are prime is not
 * tested: who made them could always have kept the private key.
 */
TCH_MUST_CHECK enum tch_status
tch_dsa_public_init(struct tch_dsa_public *k,
                    const struct tch_dsa_params *params, struct tch_slice y,
                    uint64_t *limbs, const struct tch_alloc *alloc);

/* tch_dsa_private_init is the same for a private key: also 1 <= x < q, and
 * y = g^x, which is compared with `y` unless that is empty. */
TCH_MUST_CHECK enum tch_status
tch_dsa_private_init(struct tch_dsa_private *k,
                     const struct tch_dsa_params *params, struct tch_slice y,
                     struct tch_slice x, uint64_t *limbs,
                     const struct tch_alloc *alloc);

/* tch_dsa_same says whether two public keys are equal, parameters included. */
bool tch_dsa_same(const struct tch_dsa_public *a,
                  const struct tch_dsa_public *b);

/* tch_dsa_verify checks a DER signature over a hash: TCH_OK;
 * TCH_BAD_SIGNATURE for every kind of wrong one; TCH_NO_MEMORY. */
TCH_MUST_CHECK enum tch_status
tch_dsa_verify(const struct tch_dsa_public *k, const struct tch_alloc *alloc,
               struct tch_slice hash, struct tch_slice signature);

/*
 * tch_dsa_sign signs a hash of algorithm `h` and writes DER to `out`, at most
 * `cap` bytes; nonces as tch_nonces_init makes them. TCH_OK; TCH_NO_RANDOM;
 * TCH_NO_MEMORY; TCH_INTERNAL when no nonce would do.
 */
TCH_MUST_CHECK enum tch_status
tch_dsa_sign(const struct tch_dsa_private *k, const struct tch_alloc *alloc,
             enum tch_hash h, struct tch_slice hash,
             const struct tch_draw_source *draw, uint8_t *out, size_t cap,
             size_t *out_len);

/*
 * tch_dsa_sign_with computes r and s for one nonce, without a branch on
 * anything secret; a mask of zeros when the nonce does not serve. `scratch`
 * has TCH_MONT_EXP_SCRATCH(p.num) + p.num limbs and holds secrets after it.
 */
uint64_t tch_dsa_sign_with(const struct tch_dsa_private *k, const uint64_t *z,
                           const uint64_t *nonce, uint64_t *r, uint64_t *s,
                           uint64_t *scratch);

#endif
