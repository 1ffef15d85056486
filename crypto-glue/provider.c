/* The rows of provider.h in order of preference, and the choice. */

#include "crypto-glue/provider.h"

#include <pthread.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct tch_aead_provider *const aeads[] = {
    &tch_own_aes_128_gcm,
    &tch_own_aes_256_gcm,
    &tch_own_chacha20_poly1305,
    &tch_own_aes_128_ccm,
    &tch_own_aes_256_ccm,
    &tch_own_aes_128_ccm_8,
    &tch_own_aes_256_ccm_8,
    &tch_ltc_camellia_128_gcm,
    &tch_ltc_camellia_256_gcm,
};

static const struct tch_cipher_provider *const ciphers[] = {
    &tch_own_aes_128_cbc,
    &tch_own_aes_256_cbc,
};

/* Written once, under `once`. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const struct tch_aead_provider *aead[TCH_NUM_CIPHERS];
static const struct tch_cipher_provider *cipher[TCH_NUM_CIPHERS];

static void offer(const struct tch_cipher_provider *p)
{
    if (cipher[p->cipher] == NULL && (p->usable == NULL || p->usable())) {
        cipher[p->cipher] = p;
    }
}

static void choose(void)
{
    for (size_t i = 0; i < COUNT(aeads); i++) {
        const struct tch_aead_provider *p = aeads[i];

        if (aead[p->cipher] == NULL && (p->usable == NULL || p->usable())) {
            aead[p->cipher] = p;
        }
    }
    for (size_t i = 0; i < COUNT(ciphers); i++) {
        offer(ciphers[i]);
    }
    for (size_t i = 0; i < TCH_LTC_CIPHERS; i++) {
        offer(&tch_ltc_ciphers[i]);
    }
}

const struct tch_aead_provider *tch_provider_aead(enum tch_cipher c)
{
    (void)pthread_once(&once, choose);
    return (size_t)c < TCH_NUM_CIPHERS ? aead[c] : NULL;
}

const struct tch_cipher_provider *tch_provider_cipher(enum tch_cipher c)
{
    (void)pthread_once(&once, choose);
    return (size_t)c < TCH_NUM_CIPHERS ? cipher[c] : NULL;
}
