#ifndef TCH_CRYPTO_GLUE_AEAD_H
#define TCH_CRYPTO_GLUE_AEAD_H

/*
 * Authenticated encryption with contexts that are keyed once. The memory of a
 * context is the caller's (tch_aead_size); sealing and opening allocate
 * nothing and work in place. Tags are compared in one place, in constant
 * time, and no plaintext is left after a failure (libtomcrypt-notes L2).
 *
 * Sources: RFC 5116, 5288, 6367, 6655, 7251, 7905; dossier 2.8.
 */

#include "engine/base/algs.h"
#include "engine/base/status.h"

struct tch_aead; /* the keyed context */

/* tch_aead_size gives the bytes a context takes, or 0 when this build has no
 * such AEAD. The memory must be aligned to 16 bytes (64 is better). */
size_t tch_aead_size(enum tch_cipher c);

/* tch_aead_init keys a context in `mem` with the cipher's key length.
 * TCH_OK, or TCH_NOT_SUPPORTED. */
enum tch_status tch_aead_init(struct tch_aead *mem, enum tch_cipher c,
                              const uint8_t *key);

/*
 * tch_aead_seal encrypts `len` bytes at `data` in place and writes the tag,
 * of the cipher's length, to `tag` (which may follow data directly).
 * `nonce` is 12 bytes. Never fails for len <= 2^16.
 */
void tch_aead_seal(const struct tch_aead *a, const uint8_t *nonce,
                   struct tch_slice aad, uint8_t *data, size_t len,
                   uint8_t *tag);

/*
 * tch_aead_open checks the tag and decrypts in place. TCH_OK, or
 * TCH_BAD_RECORD_MAC with the `len` bytes at `data` holding no plaintext.
 */
TCH_MUST_CHECK enum tch_status tch_aead_open(const struct tch_aead *a,
                                             const uint8_t *nonce,
                                             struct tch_slice aad,
                                             uint8_t *data, size_t len,
                                             const uint8_t *tag);

/* tch_aead_clear wipes a context; the memory stays the caller's. */
void tch_aead_clear(struct tch_aead *a);

#endif
