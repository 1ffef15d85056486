#ifndef TCH_CRYPTO_GLUE_PROVIDER_H
#define TCH_CRYPTO_GLUE_PROVIDER_H

/*
 * Who computes what: one row per implementation of a cipher, the portable
 * ones here, those for one kind of CPU in front of them. The first row of a
 * cipher that the machine can run is chosen, once. Private to the glue; the
 * rest sees aead.h and cipher.h.
 *
 * Contexts are memory of the caller, aligned to 16 bytes, keyed once. Nothing
 * here allocates, fails, or compares tags.
 */

#include "engine/base/algs.h"

#define TCH_AEAD_NONCE 12 /* bytes */
#define TCH_AEAD_TAG 16

/*
 * tch_aead_provider is one implementation of an AEAD. `key` is of the
 * cipher's length. `seal` encrypts in place and writes the tag. `open`
 * decrypts in place and writes the tag that the ciphertext should have had:
 * aead.c alone compares, and wipes the plaintext of a forgery. Tags are
 * written in full, whatever the cipher keeps of them.
 */
struct tch_aead_provider {
    enum tch_cipher cipher;
    const char *name; /* "portable"; "libtomcrypt": not constant time */
    bool (*usable)(void); /* on this CPU; NULL: on any */
    size_t size;
    void (*init)(void *ctx, const uint8_t *key);
    void (*seal)(const void *ctx, const uint8_t *nonce, struct tch_slice aad,
                 uint8_t *data, size_t len, uint8_t *tag);
    void (*open)(const void *ctx, const uint8_t *nonce, struct tch_slice aad,
                 uint8_t *data, size_t len, uint8_t *tag);
};

/*
 * tch_cipher_provider is one implementation of a CBC or stream cipher. `run`
 * reads the running IV at `iv` and leaves the next one there; stream ciphers
 * ignore it. `len` is a multiple of the cipher's block.
 */
struct tch_cipher_provider {
    enum tch_cipher cipher;
    const char *name;
    bool (*usable)(void);
    size_t size;
    void (*init)(void *ctx, bool encrypt, const uint8_t *key);
    void (*run)(void *ctx, bool encrypt, uint8_t *iv, uint8_t *data,
                size_t len);
};

/* tch_provider_aead gives the chosen implementation, or NULL when this build
 * has none. */
const struct tch_aead_provider *tch_provider_aead(enum tch_cipher c);

/* tch_provider_cipher does so for CBC and stream ciphers. */
const struct tch_cipher_provider *tch_provider_cipher(enum tch_cipher c);

/* The portable rows, own/. */
extern const struct tch_aead_provider tch_own_aes_128_gcm;
extern const struct tch_aead_provider tch_own_aes_256_gcm;
extern const struct tch_aead_provider tch_own_chacha20_poly1305;
extern const struct tch_aead_provider tch_own_aes_128_ccm;
extern const struct tch_aead_provider tch_own_aes_256_ccm;
extern const struct tch_aead_provider tch_own_aes_128_ccm_8;
extern const struct tch_aead_provider tch_own_aes_256_ccm_8;
extern const struct tch_cipher_provider tch_own_aes_128_cbc;
extern const struct tch_cipher_provider tch_own_aes_256_cbc;

/* Those over libtomcrypt's block and stream ciphers: camellia_gcm.c, and
 * ciphers_ltc.c for one row of each cipher. */
#define TCH_LTC_CIPHERS 11
extern const struct tch_aead_provider tch_ltc_camellia_128_gcm;
extern const struct tch_aead_provider tch_ltc_camellia_256_gcm;
extern const struct tch_cipher_provider tch_ltc_ciphers[TCH_LTC_CIPHERS];

#endif
