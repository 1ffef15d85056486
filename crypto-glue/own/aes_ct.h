#ifndef TCH_CRYPTO_GLUE_OWN_AES_CT_H
#define TCH_CRYPTO_GLUE_OWN_AES_CT_H

/*
 * AES-128 and AES-256 without tables: bitsliced, eight blocks at a time. No
 * branch and no address depends on key or data (libtomcrypt-notes L6).
 *
 * Sources: FIPS 197; NIST SP 800-38A for CBC; the S-box circuit of Boyar and
 * Peralta ("A small depth-16 circuit for the AES S-box", 2012).
 */

#include <stddef.h>
#include <stdint.h>

#define TCH_AES_BLOCK 16 /* bytes */
#define TCH_AES_ROUNDS_MAX 14

/* tch_aes is a key schedule: round keys in bitsliced form, 16 bytes each. */
struct tch_aes {
    uint64_t round_key[TCH_AES_ROUNDS_MAX + 1][2];
    unsigned rounds;
};

/* tch_aes_init expands a key of 16 or 32 bytes. */
void tch_aes_init(struct tch_aes *a, const uint8_t *key, size_t key_len);

/* tch_aes_encrypt_block encrypts one block; `in` and `out` may be the same. */
void tch_aes_encrypt_block(const struct tch_aes *a, const uint8_t *in,
                           uint8_t *out);

/*
 * tch_aes_ctr adds to `len` bytes, in place, the key stream of the counter
 * blocks nonce (12 bytes) || counter (32 bits, big-endian, wrapping). When
 * `mask` is not NULL, the first 16 bytes of the stream go there and the data
 * begins with the next block: GCM's tag mask, at no extra cost.
 */
void tch_aes_ctr(const struct tch_aes *a, const uint8_t *nonce,
                 uint32_t counter, uint8_t *mask, uint8_t *data, size_t len);

/*
 * CBC in place, `len` a multiple of 16; `iv` is read and left at the last
 * ciphertext block. Encrypting chains block by block and so leaves seven of
 * eight slots idle; decrypting fills them.
 */
void tch_aes_cbc_encrypt(const struct tch_aes *a, uint8_t *iv, uint8_t *data,
                         size_t len);
void tch_aes_cbc_decrypt(const struct tch_aes *a, uint8_t *iv, uint8_t *data,
                         size_t len);

/*
 * tch_aes_cbc_mac runs the 16 bytes at `mac` (zeros at the start) on over
 * `len` bytes, filled up with zeros to whole blocks: the MAC of CCM. `data`
 * may be NULL when there is none. Chains like encrypting.
 */
void tch_aes_cbc_mac(const struct tch_aes *a, uint8_t *mac,
                     const uint8_t *data, size_t len);

#endif
