/*
 * AEAD_CHACHA20_POLY1305 of RFC 8439 section 2.8, as a row of provider.h. Each
 * record starts from the key, so nothing is left over to go wrong in the next
 * one (libtomcrypt-1.18.2's state, used again, sends plaintext: L3), and AAD
 * is filled up even when no ciphertext follows (which it forgets: L4).
 */

#include <string.h>

#include "crypto-glue/own/chacha20.h"
#include "crypto-glue/own/load.h"
#include "crypto-glue/own/poly1305.h"
#include "crypto-glue/provider.h"
#include "engine/base/wipe.h"

static void chapoly_init(void *ctx, const uint8_t *key)
{
    memcpy(ctx, key, TCH_CHACHA20_KEY);
}

static void compute_tag(const uint8_t *key, const uint8_t *nonce,
                        struct tch_slice aad, const uint8_t *data, size_t len,
                        uint8_t *tag)
{
    uint8_t one_time[TCH_CHACHA20_BLOCK];
    uint8_t lengths[16];
    struct tch_poly1305 p;

    tch_chacha20_block(key, 0, nonce, one_time);
    tch_poly1305_init(&p, one_time);
    tch_poly1305_update(&p, aad.p, aad.len);
    tch_poly1305_update(&p, data, len);
    tch_store_le64(lengths, aad.len);
    tch_store_le64(lengths + 8, len);
    tch_poly1305_update(&p, lengths, sizeof lengths);
    tch_poly1305_final(&p, tag);
    tch_wipe(one_time, sizeof one_time);
}

static void chapoly_seal(const void *ctx, const uint8_t *nonce,
                         struct tch_slice aad, uint8_t *data, size_t len,
                         uint8_t *tag)
{
    tch_chacha20_xor(ctx, 1, nonce, data, len);
    compute_tag(ctx, nonce, aad, data, len, tag);
}

static void chapoly_open(const void *ctx, const uint8_t *nonce,
                         struct tch_slice aad, uint8_t *data, size_t len,
                         uint8_t *tag)
{
    compute_tag(ctx, nonce, aad, data, len, tag);
    tch_chacha20_xor(ctx, 1, nonce, data, len);
}

const struct tch_aead_provider tch_own_chacha20_poly1305 = {
    TCH_CIPHER_CHACHA20_POLY1305, "portable",   NULL,         TCH_CHACHA20_KEY,
    chapoly_init,                 chapoly_seal, chapoly_open,
};
