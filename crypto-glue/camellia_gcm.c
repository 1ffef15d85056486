/*
 * Camellia in GCM (RFC 6367; NIST SP 800-38D with a nonce of 12 bytes), as
 * rows of provider.h: libtomcrypt's block function under our own GHASH, since
 * its GCM keeps 69,904 bytes a key. GHASH is constant time, Camellia's tables
 * are not (L6).
 */

#include <assert.h>
#include <string.h>

#include "crypto-glue/glue_ltc.h"
#include "crypto-glue/own/ghash.h"
#include "crypto-glue/own/load.h"
#include "crypto-glue/provider.h"
#include "engine/base/wipe.h"

#define BLOCK 16

struct gcm {
    struct camellia_key key; /* all that libtomcrypt's union needs here */
    struct tch_ghash_key ghash;
};

static_assert(_Alignof(symmetric_key) <= 16, "as contexts are");

static void encrypt_block(const struct gcm *g, const uint8_t *in, uint8_t *out)
{
    /* libtomcrypt reads the key alone, though its prototype does not say so:
     * threads may share a context. */
    union {
        const struct camellia_key *in;
        symmetric_key *out;
    } key = { &g->key };

    (void)camellia_ecb_encrypt(in, out, key.out);
}

static void set_up(struct gcm *g, const uint8_t *key, int key_len)
{
    uint8_t h[BLOCK] = { 0 };

    (void)camellia_setup(key, key_len, 0, (symmetric_key *)(void *)&g->key);
    encrypt_block(g, h, h);
    tch_ghash_init(&g->ghash, h);
    tch_wipe(h, sizeof h);
}

static void init_128(void *ctx, const uint8_t *key)
{
    set_up(ctx, key, 16);
}

static void init_256(void *ctx, const uint8_t *key)
{
    set_up(ctx, key, 32);
}

/* Encrypts the counter block nonce || counter. */
static void stream_block(const struct gcm *g, const uint8_t *nonce,
                         uint32_t counter, uint8_t *out)
{
    memcpy(out, nonce, TCH_AEAD_NONCE);
    tch_store_be32(out + TCH_AEAD_NONCE, counter);
    encrypt_block(g, out, out);
}

static void add_stream(const struct gcm *g, const uint8_t *nonce,
                       uint8_t *data, size_t len)
{
    uint8_t stream[BLOCK];
    uint32_t counter = 2; /* 1 is the tag's */

    while (len > 0) {
        size_t n = len < BLOCK ? len : BLOCK;

        stream_block(g, nonce, counter++, stream);
        for (size_t i = 0; i < n; i++) {
            data[i] ^= stream[i];
        }
        data += n;
        len -= n;
    }
    tch_wipe(stream, sizeof stream);
}

/* The tag over ciphertext. */
static void compute_tag(const struct gcm *g, const uint8_t *nonce,
                        struct tch_slice aad, const uint8_t *data, size_t len,
                        uint8_t *tag)
{
    uint64_t y[2] = { 0, 0 };
    uint8_t mask[BLOCK];

    tch_ghash_update(&g->ghash, y, aad.p, aad.len);
    tch_ghash_update(&g->ghash, y, data, len);
    tch_ghash_final(&g->ghash, y, aad.len, len, tag);
    stream_block(g, nonce, 1, mask);
    for (size_t i = 0; i < TCH_AEAD_TAG; i++) {
        tag[i] ^= mask[i];
    }
    tch_wipe(mask, sizeof mask);
}

static void seal(const void *ctx, const uint8_t *nonce, struct tch_slice aad,
                 uint8_t *data, size_t len, uint8_t *tag)
{
    add_stream(ctx, nonce, data, len);
    compute_tag(ctx, nonce, aad, data, len, tag);
}

static void unseal(const void *ctx, const uint8_t *nonce,
                   struct tch_slice aad, uint8_t *data, size_t len,
                   uint8_t *tag)
{
    compute_tag(ctx, nonce, aad, data, len, tag);
    add_stream(ctx, nonce, data, len);
}

const struct tch_aead_provider tch_ltc_camellia_128_gcm = {
    TCH_CIPHER_CAMELLIA_128_GCM, "libtomcrypt", NULL,   sizeof(struct gcm),
    init_128,                    seal,          unseal,
};

const struct tch_aead_provider tch_ltc_camellia_256_gcm = {
    TCH_CIPHER_CAMELLIA_256_GCM, "libtomcrypt", NULL,   sizeof(struct gcm),
    init_256,                    seal,          unseal,
};
