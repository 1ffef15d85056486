/*
 * The older ciphers of TLS, as rows of provider.h over libtomcrypt: Camellia
 * (RFC 3713, 5932), SEED (RFC 4269, 4162), 3DES and DES (FIPS 46-3), RC2 (RFC
 * 2268) in CBC mode, and RC4 (RFC 6229 has its values).
 *
 * None of them is constant time: libtomcrypt looks up tables by key and data,
 * and RC4 is itself such a table (L6). They are here to talk to what has
 * nothing better.
 *
 * Chaining is done here. libtomcrypt's CBC wants the cipher in its global
 * table and keeps 4 KB a key; a scheduled key takes 256 to 768 bytes.
 */

#include <assert.h>
#include <string.h>

#include "crypto-glue/glue_ltc.h"
#include "crypto-glue/provider.h"

#define BLOCK_MAX 16

/* A keyed block cipher. The scheduled key is libtomcrypt's struct, without
 * the room that its union keeps for larger ones. */
struct block {
    const struct ltc_cipher_descriptor *cipher;
    uint64_t key[];
};

static_assert(_Alignof(symmetric_key) <= _Alignof(uint64_t), "aligned");

#define SIZE_WITH(key) (sizeof(struct block) + sizeof(key))

static symmetric_key *key_of(struct block *b)
{
    return (symmetric_key *)(void *)b->key;
}

/* Lengths are the rows' own, so that the set-up refuses none (L1). */
static void set_up(struct block *b, const struct ltc_cipher_descriptor *d,
                   const uint8_t *key, int key_len)
{
    b->cipher = d;
    (void)d->setup(key, key_len, 0, key_of(b));
}

static void camellia_128_init(void *ctx, bool encrypt, const uint8_t *key)
{
    (void)encrypt; /* one schedule serves both directions, here and below */
    set_up(ctx, &camellia_desc, key, 16);
}

static void camellia_256_init(void *ctx, bool encrypt, const uint8_t *key)
{
    (void)encrypt;
    set_up(ctx, &camellia_desc, key, 32);
}

static void seed_init(void *ctx, bool encrypt, const uint8_t *key)
{
    (void)encrypt;
    set_up(ctx, &kseed_desc, key, 16);
}

static void des3_init(void *ctx, bool encrypt, const uint8_t *key)
{
    (void)encrypt;
    set_up(ctx, &des3_desc, key, 24);
}

static void des_init(void *ctx, bool encrypt, const uint8_t *key)
{
    (void)encrypt;
    set_up(ctx, &des_desc, key, 8);
}

/*
 * The 40 "effective key bits" of RC2_CBC_40 (SSL 3.0 and RFC 2246, appendix C)
 * count what is secret in the 16 bytes, as they do for RC4_40 and DES40. They
 * are not RFC 2268's parameter of that name, which is 128 here: so it is in
 * OpenSSL's EXP-RC2-CBC-MD5, for one.
 */
static void rc2_init(void *ctx, bool encrypt, const uint8_t *key)
{
    (void)encrypt;
    set_up(ctx, &rc2_desc, key, 16);
}

static void xor_block(uint8_t *data, const uint8_t *with, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        data[i] ^= with[i];
    }
}

static void encrypt_chain(struct block *b, uint8_t *iv, uint8_t *data,
                          size_t len)
{
    size_t n = (size_t)b->cipher->block_length;
    const uint8_t *last = iv;

    for (; len >= n; len -= n) {
        xor_block(data, last, n);
        (void)b->cipher->ecb_encrypt(data, data, key_of(b));
        last = data;
        data += n;
    }
    memmove(iv, last, n); /* the same place when there was no block */
}

static void decrypt_chain(struct block *b, uint8_t *iv, uint8_t *data,
                          size_t len)
{
    size_t n = (size_t)b->cipher->block_length;
    uint8_t next[BLOCK_MAX];

    for (; len >= n; len -= n) {
        memcpy(next, data, n);
        (void)b->cipher->ecb_decrypt(data, data, key_of(b));
        xor_block(data, iv, n);
        memcpy(iv, next, n);
        data += n;
    }
}

static void cbc_run(void *ctx, bool encrypt, uint8_t *iv, uint8_t *data,
                    size_t len)
{
    if (encrypt) {
        encrypt_chain(ctx, iv, data, len);
    } else {
        decrypt_chain(ctx, iv, data, len);
    }
}

static void rc4_init(void *ctx, bool encrypt, const uint8_t *key)
{
    (void)encrypt;
    (void)rc4_stream_setup(ctx, key, 16);
}

static void rc4_run(void *ctx, bool encrypt, uint8_t *iv, uint8_t *data,
                    size_t len)
{
    (void)encrypt;
    (void)iv;
    (void)rc4_stream_crypt(ctx, data, len, data);
}

#define CAMELLIA SIZE_WITH(struct camellia_key)
#define SEED SIZE_WITH(struct kseed_key)
#define DES3 SIZE_WITH(struct des3_key)
#define DES SIZE_WITH(struct des_key)
#define RC2 SIZE_WITH(struct rc2_key)
#define RC4 sizeof(rc4_state)
#define NAME "libtomcrypt"

/* clang-format off */
const struct tch_cipher_provider tch_ltc_ciphers[TCH_LTC_CIPHERS] = {
    { TCH_CIPHER_CAMELLIA_128_CBC, NAME, NULL, CAMELLIA, camellia_128_init, cbc_run },
    { TCH_CIPHER_CAMELLIA_256_CBC, NAME, NULL, CAMELLIA, camellia_256_init, cbc_run },
    { TCH_CIPHER_SEED_CBC,         NAME, NULL, SEED,     seed_init,         cbc_run },
    { TCH_CIPHER_3DES_CBC,         NAME, NULL, DES3,     des3_init,         cbc_run },
    { TCH_CIPHER_DES_CBC,          NAME, NULL, DES,      des_init,          cbc_run },
    { TCH_CIPHER_DES_56_CBC,       NAME, NULL, DES,      des_init,          cbc_run },
    { TCH_CIPHER_DES_40_CBC,       NAME, NULL, DES,      des_init,          cbc_run },
    { TCH_CIPHER_RC2_40_CBC,       NAME, NULL, RC2,      rc2_init,          cbc_run },
    { TCH_CIPHER_RC4_128,          NAME, NULL, RC4,      rc4_init,          rc4_run },
    { TCH_CIPHER_RC4_56,           NAME, NULL, RC4,      rc4_init,          rc4_run },
    { TCH_CIPHER_RC4_40,           NAME, NULL, RC4,      rc4_init,          rc4_run },
};
/* clang-format on */
