#ifndef TCH_CRYPTO_GLUE_KEX_H
#define TCH_CRYPTO_GLUE_KEX_H

/*
 * Ephemeral key agreement: NIST curves, X25519, and finite-field DH, behind
 * one interface. A key pair serves one handshake (R-KX-043, R-KX-068).
 *
 * Sources: RFC 8422 5.10, 5.11; RFC 7748 5, 6.1; RFC 7919; dossier 3.6.
 */

#include "engine/base/algs.h"
#include "engine/base/alloc.h"
#include "engine/base/draw.h"
#include "engine/base/status.h"

#define TCH_KEX_PUBLIC_MAX 1024 /* bytes: 8192-bit DH */
#define TCH_KEX_SECRET_MAX 1024

struct tch_kex; /* an ephemeral key pair */

/* tch_kex_supported says whether this build has a named group. */
bool tch_kex_supported(unsigned group);

/*
 * tch_kex_new makes a key pair in a named group; the secret is drawn as
 * `name` ("client.ecdhe.key"). TCH_OK; TCH_NOT_SUPPORTED; TCH_NO_RANDOM;
 * TCH_NO_MEMORY. Free with tch_kex_free (wipes; NULL is fine).
 */
TCH_MUST_CHECK enum tch_status
tch_kex_new(const struct tch_alloc *alloc, unsigned group,
            const struct tch_draw_source *draw, const char *name,
            struct tch_kex **out);

/*
 * tch_kex_new_dh makes a key pair for explicit DH parameters (big-endian).
 * TCH_ILLEGAL_PARAMETER for p even, g < 2 or g > p-2, p above 8192 bits
 * (R-KX-041; the policy's floor is the caller's check).
 */
TCH_MUST_CHECK enum tch_status
tch_kex_new_dh(const struct tch_alloc *alloc, struct tch_slice p,
               struct tch_slice g, const struct tch_draw_source *draw,
               const char *name, struct tch_kex **out);
void tch_kex_free(struct tch_kex *k);

/* tch_kex_public writes the public value as the wire has it: an uncompressed
 * point, 32 bytes for X25519, Y without leading zeros for DH. */
void tch_kex_public(const struct tch_kex *k, uint8_t *out, size_t *out_len);

/* tch_kex_dh_params gives p and g of a DH pair, which live as long as `k`. */
void tch_kex_dh_params(const struct tch_kex *k, struct tch_slice *p,
                       struct tch_slice *g);

/* tch_kex_has_prime_of says whether a DH pair's p is that of a named group. */
bool tch_kex_has_prime_of(const struct tch_kex *k, unsigned group);

/*
 * tch_kex_agree computes the premaster secret from the peer's public value:
 * the x coordinate at full length (R-KX-064), 32 bytes for X25519, Z without
 * leading zero bytes for DH (R-KX-042). TCH_OK; TCH_DECODE_ERROR for an empty
 * value; TCH_ILLEGAL_PARAMETER for a value of another form or length, a point
 * not on the curve, a zero secret (R-KX-062, 063, 065, 066), a Y out of range
 * with explicit parameters; TCH_HANDSHAKE_VIOLATION for a Y out of range in a
 * named group (R-GEN-005); TCH_NO_MEMORY.
 */
TCH_MUST_CHECK enum tch_status
tch_kex_agree(const struct tch_kex *k, struct tch_slice peer, uint8_t *out,
              size_t *out_len);

#endif
