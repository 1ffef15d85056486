#ifndef TCH_CRYPTO_GLUE_OWN_CHACHA20_H
#define TCH_CRYPTO_GLUE_OWN_CHACHA20_H

/*
 * The ChaCha20 key stream, RFC 8439 section 2.3 and 2.4. No tables, no
 * branches on data: additions, XORs and fixed rotations of 32-bit words.
 */

#include <stddef.h>
#include <stdint.h>

#define TCH_CHACHA20_KEY 32   /* bytes */
#define TCH_CHACHA20_NONCE 12
#define TCH_CHACHA20_BLOCK 64

/* tch_chacha20_block writes one block of key stream, 64 bytes. */
void tch_chacha20_block(const uint8_t *key, uint32_t counter,
                        const uint8_t *nonce, uint8_t *out);

/*
 * tch_chacha20_xor adds the key stream from block `counter` on to `len` bytes
 * in place. The counter must not pass 2^32 - 1.
 */
void tch_chacha20_xor(const uint8_t *key, uint32_t counter,
                      const uint8_t *nonce, uint8_t *data, size_t len);

#endif
