#ifndef TCH_CRYPTO_GLUE_OWN_ED25519_H
#define TCH_CRYPTO_GLUE_OWN_ED25519_H

/*
 * Ed25519, the pure variant (libtomcrypt 1.18.2 has none). RFC 8032 5.1.
 * Signing runs in constant time with respect to the key; verifying handles
 * public values only.
 */

#include "engine/base/slice.h"

/* tch_ed25519_public derives the public key of a 32-byte private key. */
void tch_ed25519_public(uint8_t out[32], const uint8_t seed[32]);

/* tch_ed25519_is_point says whether 32 bytes are the canonical encoding of a
 * point (RFC 8032 5.1.3). */
bool tch_ed25519_is_point(const uint8_t public_key[32]);

/* tch_ed25519_sign signs a message of `num` slices; `public_key` is that of
 * `seed`. */
void tch_ed25519_sign(uint8_t out[64], const uint8_t seed[32],
                      const uint8_t public_key[32],
                      const struct tch_slice *message, size_t num);

/* tch_ed25519_verify checks a signature: S below the group's order, and
 * S B = R + k A, without the cofactor. */
bool tch_ed25519_verify(const uint8_t public_key[32],
                        const struct tch_slice *message, size_t num,
                        struct tch_slice signature);

#endif
