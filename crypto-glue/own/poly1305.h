#ifndef TCH_CRYPTO_GLUE_OWN_POLY1305_H
#define TCH_CRYPTO_GLUE_OWN_POLY1305_H

/*
 * Poly1305 as the AEAD of RFC 8439 section 2.8 uses it: each part is filled
 * up with zeros to whole blocks of 16 bytes.
 */

#include <stddef.h>
#include <stdint.h>

/* tch_poly1305 is a running MAC: r and h in limbs of 44, 44 and 42 bits, and
 * the second half of the key. */
struct tch_poly1305 {
    uint64_t r[3];
    uint64_t h[3];
    uint64_t pad[2];
};

/* tch_poly1305_init starts with a one-time key of 32 bytes. */
void tch_poly1305_init(struct tch_poly1305 *p, const uint8_t *key);

/* tch_poly1305_update takes in one part of `len` bytes. */
void tch_poly1305_update(struct tch_poly1305 *p, const uint8_t *data,
                         size_t len);

/* tch_poly1305_final writes the tag, 16 bytes, and wipes `p`. */
void tch_poly1305_final(struct tch_poly1305 *p, uint8_t *tag);

#endif
