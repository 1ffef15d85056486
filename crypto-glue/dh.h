#ifndef TCH_CRYPTO_GLUE_DH_H
#define TCH_CRYPTO_GLUE_DH_H

/*
 * Finite-field Diffie-Hellman: the groups of RFC 7919, and parameters of
 * one's own. Private to the glue.
 *
 * Sources: RFC 7919 3, 4, 5.1, App. A; dossier 6.1, R-KX-040 to 047.
 */

#include "crypto-glue/own/bignum.h"
#include "engine/base/alloc.h"
#include "engine/base/draw.h"
#include "engine/base/status.h"

#define TCH_DH_MAX_BITS 8192
#define TCH_DH_MAX_BYTES (TCH_DH_MAX_BITS / 8)

/* tch_ffdhe_prime writes the prime of a named group, big-endian, and returns
 * its length in bytes, or 0 when `group` is none. */
size_t tch_ffdhe_prime(unsigned group, uint8_t out[TCH_DH_MAX_BYTES]);

/* tch_dh is a key pair; everything lies in `limbs`. */
struct tch_dh {
    struct tch_mont p;
    const uint64_t *g;
    uint64_t *x; /* secret exponent */
    uint64_t *y; /* g^x mod p */
    size_t len;  /* of p in bytes */
    unsigned x_bits;
};

/* tch_dh_limbs is how many limbs a pair for a modulus of `len` bytes needs. */
size_t tch_dh_limbs(size_t len);

/*
 * tch_dh_init makes a key pair: the exponent is drawn as `name`, of the
 * length of R-KX-047 for a prime of RFC 7919 with g = 2, as long as p is
 * otherwise, since a short one is safe for safe primes alone. `p` has no
 * leading zero. TCH_OK; TCH_ILLEGAL_PARAMETER for p even, below 16 bits or
 * above 8192, g < 2 or g > p-2 (R-KX-041); TCH_NO_RANDOM; TCH_NO_MEMORY.
 */
TCH_MUST_CHECK enum tch_status
tch_dh_init(struct tch_dh *dh, struct tch_slice p, struct tch_slice g,
            uint64_t *limbs, const struct tch_alloc *alloc,
            const struct tch_draw_source *draw, const char *name);

/* tch_dh_agree computes Z = peer^x mod p, dh->len bytes at `out`. TCH_OK;
 * TCH_ILLEGAL_PARAMETER unless 1 < peer < p-1 (R-KX-040); TCH_NO_MEMORY. */
TCH_MUST_CHECK enum tch_status tch_dh_agree(const struct tch_dh *dh,
                                            const struct tch_alloc *alloc,
                                            struct tch_slice peer,
                                            uint8_t *out);

#endif
