/*
 * AES-CCM (NIST SP 800-38C, RFC 3610) with the parameters of TLS, as rows of
 * provider.h: nonces of 12 bytes, so lengths of 3 bytes; tags of 16 bytes, or
 * of 8 for CCM_8 (RFC 6655, 7251; R-REC-087).
 *
 * The MAC covers the tag's length, so that a CCM_8 tag is no piece of a CCM
 * tag and contexts remember which they are.
 *
 * A counter block is 0x02, the nonce, and 24 bits that count. Read as GCM's
 * 12 bytes and 32 bits, the last byte of the nonce stands on top of the
 * counter, which cannot grow into it: records end long before 2^24 blocks.
 */

#include <string.h>

#include "crypto-glue/own/aes_ct.h"
#include "crypto-glue/own/load.h"
#include "crypto-glue/provider.h"
#include "engine/base/wipe.h"

#define LENGTH_LEN (15u - TCH_AEAD_NONCE) /* q of SP 800-38C */

struct ccm {
    struct tch_aes aes;
    size_t tag_len;
};

static void ccm_init(struct ccm *c, const uint8_t *key, size_t key_len,
                     size_t tag_len)
{
    tch_aes_init(&c->aes, key, key_len);
    c->tag_len = tag_len;
}

static void ccm_128_init(void *ctx, const uint8_t *key)
{
    ccm_init(ctx, key, 16, 16);
}

static void ccm_256_init(void *ctx, const uint8_t *key)
{
    ccm_init(ctx, key, 32, 16);
}

static void ccm_128_8_init(void *ctx, const uint8_t *key)
{
    ccm_init(ctx, key, 16, 8);
}

static void ccm_256_8_init(void *ctx, const uint8_t *key)
{
    ccm_init(ctx, key, 32, 8);
}

/* B_0 of SP 800-38C A.2.1: flags, nonce, length of the text. */
static void first_block(const struct ccm *c, const uint8_t *nonce,
                        bool has_aad, size_t len, uint8_t *out)
{
    tch_store_be32(out + 12, (uint32_t)len);
    memcpy(out + 1, nonce, TCH_AEAD_NONCE);
    out[0] = (uint8_t)((has_aad ? 0x40u : 0u) | (c->tag_len - 2) / 2 << 3 |
                       (LENGTH_LEN - 1));
}

/* The AAD's length, SP 800-38C A.2.2; returns how many bytes that takes. */
static size_t write_aad_len(uint8_t *out, size_t len)
{
    if (len < 0xFF00) {
        out[0] = (uint8_t)(len >> 8);
        out[1] = (uint8_t)len;
        return 2;
    }
    out[0] = 0xFF;
    out[1] = 0xFE;
    tch_store_be32(out + 2, (uint32_t)len);
    return 6;
}

/* The CBC-MAC over everything; TLS's 13 bytes of AAD fit the second block. */
static void compute_mac(const struct ccm *c, const uint8_t *nonce,
                        struct tch_slice aad, const uint8_t *data, size_t len,
                        uint8_t *mac)
{
    uint8_t head[2 * TCH_AES_BLOCK] = { 0 };
    size_t head_len = TCH_AES_BLOCK;
    size_t taken = 0;

    first_block(c, nonce, aad.len > 0, len, head);
    if (aad.len > 0) {
        head_len += write_aad_len(head + head_len, aad.len);
        taken = sizeof head - head_len;
        taken = aad.len < taken ? aad.len : taken;
        memcpy(head + head_len, aad.p, taken);
        head_len = sizeof head;
    }
    memset(mac, 0, TCH_AES_BLOCK);
    tch_aes_cbc_mac(&c->aes, mac, head, head_len);
    if (taken < aad.len) {
        tch_aes_cbc_mac(&c->aes, mac, aad.p + taken, aad.len - taken);
    }
    if (len > 0) {
        tch_aes_cbc_mac(&c->aes, mac, data, len);
    }
}

/* Adds the key stream; its first block, the mask of the tag, goes apart. */
static void add_stream(const struct ccm *c, const uint8_t *nonce,
                       uint8_t *mask, uint8_t *data, size_t len)
{
    uint8_t start[TCH_AEAD_NONCE];

    start[0] = LENGTH_LEN - 1;
    memcpy(start + 1, nonce, TCH_AEAD_NONCE - 1);
    tch_aes_ctr(&c->aes, start, (uint32_t)nonce[TCH_AEAD_NONCE - 1] << 24,
                mask, data, len);
}

static void mask_tag(uint8_t *tag, uint8_t *mask)
{
    for (size_t i = 0; i < TCH_AEAD_TAG; i++) {
        tag[i] ^= mask[i];
    }
    tch_wipe(mask, TCH_AEAD_TAG);
}

static void ccm_seal(const void *ctx, const uint8_t *nonce,
                     struct tch_slice aad, uint8_t *data, size_t len,
                     uint8_t *tag)
{
    uint8_t mask[TCH_AES_BLOCK];

    compute_mac(ctx, nonce, aad, data, len, tag);
    add_stream(ctx, nonce, mask, data, len);
    mask_tag(tag, mask);
}

static void ccm_open(const void *ctx, const uint8_t *nonce,
                     struct tch_slice aad, uint8_t *data, size_t len,
                     uint8_t *tag)
{
    uint8_t mask[TCH_AES_BLOCK];

    add_stream(ctx, nonce, mask, data, len);
    compute_mac(ctx, nonce, aad, data, len, tag);
    mask_tag(tag, mask);
}

const struct tch_aead_provider tch_own_aes_128_ccm = {
    TCH_CIPHER_AES_128_CCM, "portable",   NULL,     sizeof(struct ccm),
    ccm_128_init,           ccm_seal,     ccm_open,
};

const struct tch_aead_provider tch_own_aes_256_ccm = {
    TCH_CIPHER_AES_256_CCM, "portable",   NULL,     sizeof(struct ccm),
    ccm_256_init,           ccm_seal,     ccm_open,
};

const struct tch_aead_provider tch_own_aes_128_ccm_8 = {
    TCH_CIPHER_AES_128_CCM_8, "portable",   NULL,     sizeof(struct ccm),
    ccm_128_8_init,           ccm_seal,     ccm_open,
};

const struct tch_aead_provider tch_own_aes_256_ccm_8 = {
    TCH_CIPHER_AES_256_CCM_8, "portable",   NULL,     sizeof(struct ccm),
    ccm_256_8_init,           ccm_seal,     ccm_open,
};
