/*
 * AES in the modes of TLS, as rows of provider.h: GCM (RFC 5288, NIST SP
 * 800-38D with a 12-byte nonce) and CBC (RFC 3602, 3268).
 */

#include <string.h>

#include "crypto-glue/own/aes_ct.h"
#include "crypto-glue/own/ghash.h"
#include "crypto-glue/provider.h"
#include "engine/base/wipe.h"

struct gcm {
    struct tch_aes aes;
    struct tch_ghash_key ghash;
};

static void gcm_init(struct gcm *g, const uint8_t *key, size_t key_len)
{
    uint8_t h[TCH_AES_BLOCK] = { 0 };

    tch_aes_init(&g->aes, key, key_len);
    tch_aes_encrypt_block(&g->aes, h, h);
    tch_ghash_init(&g->ghash, h);
    tch_wipe(h, sizeof h);
}

static void gcm_128_init(void *ctx, const uint8_t *key)
{
    gcm_init(ctx, key, 16);
}

static void gcm_256_init(void *ctx, const uint8_t *key)
{
    gcm_init(ctx, key, 32);
}

/* The tag over ciphertext; `mask` is the encrypted first counter block. */
static void gcm_tag(const struct gcm *g, struct tch_slice aad,
                    const uint8_t *data, size_t len, const uint8_t *mask,
                    uint8_t *tag)
{
    uint64_t y[2] = { 0, 0 };

    tch_ghash_update(&g->ghash, y, aad.p, aad.len);
    tch_ghash_update(&g->ghash, y, data, len);
    tch_ghash_final(&g->ghash, y, aad.len, len, tag);
    for (size_t i = 0; i < TCH_AEAD_TAG; i++) {
        tag[i] ^= mask[i];
    }
}

static void gcm_seal(const void *ctx, const uint8_t *nonce,
                     struct tch_slice aad, uint8_t *data, size_t len,
                     uint8_t *tag)
{
    const struct gcm *g = ctx;
    uint8_t mask[TCH_AES_BLOCK];

    tch_aes_ctr(&g->aes, nonce, 1, mask, data, len);
    gcm_tag(g, aad, data, len, mask, tag);
    tch_wipe(mask, sizeof mask);
}

static void gcm_open(const void *ctx, const uint8_t *nonce,
                     struct tch_slice aad, uint8_t *data, size_t len,
                     uint8_t *tag)
{
    static const uint8_t zeros[TCH_AES_BLOCK];
    const struct gcm *g = ctx;
    uint8_t mask[TCH_AES_BLOCK];

    /* The mask comes with the key stream, so the tag waits for it. */
    gcm_tag(g, aad, data, len, zeros, tag);
    tch_aes_ctr(&g->aes, nonce, 1, mask, data, len);
    for (size_t i = 0; i < TCH_AEAD_TAG; i++) {
        tag[i] ^= mask[i];
    }
    tch_wipe(mask, sizeof mask);
}

const struct tch_aead_provider tch_own_aes_128_gcm = {
    TCH_CIPHER_AES_128_GCM, "portable",   NULL,     sizeof(struct gcm),
    gcm_128_init,           gcm_seal,     gcm_open,
};

const struct tch_aead_provider tch_own_aes_256_gcm = {
    TCH_CIPHER_AES_256_GCM, "portable",   NULL,     sizeof(struct gcm),
    gcm_256_init,           gcm_seal,     gcm_open,
};

static void cbc_128_init(void *ctx, bool encrypt, const uint8_t *key)
{
    (void)encrypt; /* one schedule serves both directions */
    tch_aes_init(ctx, key, 16);
}

static void cbc_256_init(void *ctx, bool encrypt, const uint8_t *key)
{
    (void)encrypt;
    tch_aes_init(ctx, key, 32);
}

static void cbc_run(void *ctx, bool encrypt, uint8_t *iv, uint8_t *data,
                    size_t len)
{
    if (encrypt) {
        tch_aes_cbc_encrypt(ctx, iv, data, len);
    } else {
        tch_aes_cbc_decrypt(ctx, iv, data, len);
    }
}

const struct tch_cipher_provider tch_own_aes_128_cbc = {
    TCH_CIPHER_AES_128_CBC, "portable", NULL, sizeof(struct tch_aes),
    cbc_128_init,           cbc_run,
};

const struct tch_cipher_provider tch_own_aes_256_cbc = {
    TCH_CIPHER_AES_256_CBC, "portable", NULL, sizeof(struct tch_aes),
    cbc_256_init,           cbc_run,
};
