#ifndef TCH_CRYPTO_GLUE_RSA_H
#define TCH_CRYPTO_GLUE_RSA_H

/*
 * RSA as arithmetic: the public and the private operation on numbers of the
 * modulus' width. What the numbers mean (padding) is rsa_pad.h's matter.
 *
 * Private to the glue. Sources: RFC 8017 5.1, 5.2; dossier R-KX-024, R-KX-025,
 * R-KX-029, R-PKI-080, R-PKI-101, R-ATK-034; libtomcrypt-notes L5.
 */

#include "crypto-glue/own/bignum.h"
#include "engine/base/alloc.h"
#include "engine/base/draw.h"
#include "engine/base/status.h"

#define TCH_RSA_MIN_BITS 512  /* R-KX-029: the floor of `museum` */
#define TCH_RSA_MAX_BITS 8192
#define TCH_RSA_MAX_BYTES (TCH_RSA_MAX_BITS / 8)

/* tch_rsa_public: `len` is the modulus' length in bytes. */
struct tch_rsa_public {
    struct tch_mont n;
    uint64_t e;
    unsigned bits;
    size_t len;
};

/* tch_rsa_private: the bit lengths of p and q are public, their bits not. */
struct tch_rsa_private {
    struct tch_rsa_public pub;
    struct tch_mont p;
    struct tch_mont q;
    unsigned p_bits;
    unsigned q_bits;
    const uint64_t *dp;   /* d mod p - 1, p.num limbs */
    const uint64_t *dq;   /* q.num limbs */
    const uint64_t *qinv; /* 1/q mod p, p.num limbs */
};

/* tch_rsa_parts: a private key's numbers, big-endian, no leading zeros. */
struct tch_rsa_parts {
    struct tch_slice n, e, d, p, q, dp, dq, qinv;
};

/*
 * tch_rsa_fault lets a test touch the two CRT halves before they are put
 * together: `num` limbs each. NULL everywhere else.
 */
struct tch_rsa_fault {
    void (*touch)(void *arg, uint64_t *half_p, uint64_t *half_q);
    void *arg;
};

/* tch_rsa_public_limbs is how many limbs a key with modulus `n` needs. */
size_t tch_rsa_public_limbs(struct tch_slice n);

/* tch_rsa_public_init fills `k`; `limbs` has room for tch_rsa_public_limbs.
 * TCH_OK; TCH_BAD_KEY for a modulus that is even, below 512 bits or above
 * 8192, an exponent that is even, below 3, or not below 2^64. */
TCH_MUST_CHECK enum tch_status
tch_rsa_public_init(struct tch_rsa_public *k, struct tch_slice n,
                    struct tch_slice e, uint64_t *limbs);

/* tch_rsa_private_limbs: the same for a private key; 0 when the lengths
 * cannot be those of a key. */
size_t tch_rsa_private_limbs(const struct tch_rsa_parts *parts);

/*
 * tch_rsa_private_init fills `k` and checks that the numbers fit together:
 * p q = n (R-PKI-101), the CRT exponents undo e, qinv inverts q. TCH_OK;
 * TCH_BAD_KEY; TCH_NO_MEMORY (for scratch from `alloc`).
 */
TCH_MUST_CHECK enum tch_status
tch_rsa_private_init(struct tch_rsa_private *k,
                     const struct tch_rsa_parts *parts, uint64_t *limbs,
                     const struct tch_alloc *alloc);

/* tch_rsa_public_op: out = in^e mod n, k->len bytes each. False when `in` has
 * another length or is not below n (R-PKI-080). */
TCH_MUST_CHECK bool tch_rsa_public_op(const struct tch_rsa_public *k,
                                      struct tch_slice in, uint8_t *out);

/*
 * tch_rsa_private_op: out = in^d mod n, n.num limbs each, in < n. Blinded by
 * a fresh factor drawn as `name`, and checked with the public exponent before
 * it leaves. TCH_OK, TCH_NO_RANDOM, TCH_NO_MEMORY, TCH_INTERNAL when the
 * check fails: `out` is then zero.
 */
TCH_MUST_CHECK enum tch_status
tch_rsa_private_op(const struct tch_rsa_private *k,
                   const struct tch_alloc *alloc,
                   const struct tch_draw_source *draw, const char *name,
                   const uint64_t *in, uint64_t *out,
                   const struct tch_rsa_fault *fault);

/* tch_rsa_private_op_masked is the same without a branch on anything secret:
 * `*good` is a mask of ones when the check passed, and the status does not
 * tell. For what must not show either way. */
TCH_MUST_CHECK enum tch_status
tch_rsa_private_op_masked(const struct tch_rsa_private *k,
                          const struct tch_alloc *alloc,
                          const struct tch_draw_source *draw,
                          const char *name, const uint64_t *in, uint64_t *out,
                          uint64_t *good, const struct tch_rsa_fault *fault);

#endif
