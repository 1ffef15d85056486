/*
 * The one place that compares tags. A provider decrypts and says which tag
 * the ciphertext should have had; here the two are compared, in constant
 * time, and the plaintext of a forgery is gone before anybody sees it.
 */

#include "crypto-glue/aead.h"

#include "crypto-glue/provider.h"
#include "engine/base/ct.h"
#include "engine/base/wipe.h"

struct tch_aead {
    const struct tch_aead_provider *provider; /* NULL once cleared */
    size_t tag_len;
    uint8_t ctx[]; /* 16 bytes from the start */
};

_Static_assert(sizeof(struct tch_aead) == 16, "ctx is aligned to 16");

size_t tch_aead_size(enum tch_cipher c)
{
    const struct tch_aead_provider *p = tch_provider_aead(c);

    return p != NULL ? sizeof(struct tch_aead) + p->size : 0;
}

enum tch_status tch_aead_init(struct tch_aead *mem, enum tch_cipher c,
                              const uint8_t *key)
{
    const struct tch_aead_provider *p = tch_provider_aead(c);

    if (p == NULL) {
        return TCH_NOT_SUPPORTED;
    }
    mem->provider = p;
    mem->tag_len = tch_cipher_facts(c)->tag;
    p->init(mem->ctx, key);
    return TCH_OK;
}

void tch_aead_seal(const struct tch_aead *a, const uint8_t *nonce,
                   struct tch_slice aad, uint8_t *data, size_t len,
                   uint8_t *tag)
{
    uint8_t whole[TCH_AEAD_TAG];

    a->provider->seal(a->ctx, nonce, aad, data, len, whole);
    for (size_t i = 0; i < a->tag_len; i++) {
        tag[i] = whole[i];
    }
}

enum tch_status tch_aead_open(const struct tch_aead *a, const uint8_t *nonce,
                              struct tch_slice aad, uint8_t *data, size_t len,
                              const uint8_t *tag)
{
    uint8_t right[TCH_AEAD_TAG];
    tch_mask same;

    a->provider->open(a->ctx, nonce, aad, data, len, right);
    same = tch_ct_equal(tag, right, a->tag_len);
    /* The right tag of a forgery is as good as a forgery. */
    tch_wipe(right, sizeof right);
    if (same == 0) {
        tch_wipe(data, len);
        return TCH_BAD_RECORD_MAC;
    }
    return TCH_OK;
}

void tch_aead_clear(struct tch_aead *a)
{
    if (a->provider != NULL) {
        tch_wipe(a, sizeof *a + a->provider->size);
    }
}
