#ifndef TCH_CRYPTO_GLUE_CIPHER_H
#define TCH_CRYPTO_GLUE_CIPHER_H

/*
 * Block ciphers in CBC mode and stream ciphers, keyed once, in place, in the
 * caller's memory.
 *
 * Sources: RFC 5246 6.2.3.1, 6.2.3.2; dossier 2.6, section 6.
 */

#include "engine/base/algs.h"
#include "engine/base/status.h"

struct tch_cipher_ctx; /* the keyed context: key, direction, running state */

/* tch_cipher_supported says whether this build can run a cipher, AEAD ones
 * included. */
bool tch_cipher_supported(enum tch_cipher c);

/* tch_cipher_size gives the bytes a CBC or stream context takes, or 0. The
 * memory must be aligned to 16 bytes. TCH_CIPHER_NULL takes 16. */
size_t tch_cipher_size(enum tch_cipher c);

/*
 * tch_cipher_init keys a context for one direction. `iv` is the block's
 * length for CBC, ignored otherwise, and may be NULL (all zero).
 * TCH_OK, or TCH_NOT_SUPPORTED.
 */
enum tch_status tch_cipher_init(struct tch_cipher_ctx *mem, enum tch_cipher c,
                                bool encrypt, const uint8_t *key,
                                const uint8_t *iv);

/* tch_cipher_set_iv sets the IV of the next CBC block. */
void tch_cipher_set_iv(struct tch_cipher_ctx *c, const uint8_t *iv);

/*
 * tch_cipher_run encrypts or decrypts `len` bytes in place. For CBC `len` is
 * a multiple of the block; the IV or key stream runs on to the next call
 * (R-REC-034, R-REC-055).
 */
void tch_cipher_run(struct tch_cipher_ctx *c, uint8_t *data, size_t len);

/* tch_cipher_clear wipes a context. */
void tch_cipher_clear(struct tch_cipher_ctx *c);

#endif
