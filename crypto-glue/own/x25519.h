#ifndef TCH_CRYPTO_GLUE_OWN_X25519_H
#define TCH_CRYPTO_GLUE_OWN_X25519_H

/*
 * X25519 in constant time (libtomcrypt 1.18.2 has none). RFC 7748 5, 6.1.
 */

#include <stdint.h>

/*
 * tch_x25519 computes out = X25519(k, u). The scalar is clamped here; the top
 * bit of `u` is masked and a value of p or more is taken mod p (R-KX-065).
 * Whether the result is zero is the caller's question (R-KX-066).
 */
void tch_x25519(uint8_t out[32], const uint8_t k[32], const uint8_t u[32]);

/* tch_x25519_base is tch_x25519 with the base point u = 9. */
void tch_x25519_base(uint8_t out[32], const uint8_t k[32]);

#endif
