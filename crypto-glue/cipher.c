/*
 * CBC and stream ciphers in the caller's memory: a row of provider.h, the
 * direction, the running IV, and the row's own context behind it. The NULL
 * cipher has no row and no IV.
 */

#include "crypto-glue/cipher.h"

#include <string.h>

#include "crypto-glue/provider.h"
#include "engine/base/wipe.h"

struct tch_cipher_ctx {
    const struct tch_cipher_provider *provider; /* NULL: the NULL cipher */
    size_t encrypt;
    uint8_t rest[]; /* TCH_IV_MAX bytes of IV, then the row's context */
};

_Static_assert(sizeof(struct tch_cipher_ctx) == 16, "rest is aligned to 16");
_Static_assert(TCH_IV_MAX == 16, "and the row's context as well");

bool tch_cipher_supported(enum tch_cipher c)
{
    return c == TCH_CIPHER_NULL || tch_provider_cipher(c) != NULL ||
           tch_provider_aead(c) != NULL;
}

size_t tch_cipher_size(enum tch_cipher c)
{
    const struct tch_cipher_provider *p = tch_provider_cipher(c);

    if (p != NULL) {
        return sizeof(struct tch_cipher_ctx) + TCH_IV_MAX + p->size;
    }
    return c == TCH_CIPHER_NULL ? sizeof(struct tch_cipher_ctx) : 0;
}

enum tch_status tch_cipher_init(struct tch_cipher_ctx *mem, enum tch_cipher c,
                                bool encrypt, const uint8_t *key,
                                const uint8_t *iv)
{
    const struct tch_cipher_provider *p = tch_provider_cipher(c);

    if (p == NULL && c != TCH_CIPHER_NULL) {
        return TCH_NOT_SUPPORTED;
    }
    mem->provider = p;
    mem->encrypt = encrypt;
    if (p == NULL) {
        return TCH_OK;
    }
    memset(mem->rest, 0, TCH_IV_MAX);
    if (iv != NULL) {
        tch_cipher_set_iv(mem, iv);
    }
    p->init(mem->rest + TCH_IV_MAX, encrypt, key);
    return TCH_OK;
}

void tch_cipher_set_iv(struct tch_cipher_ctx *c, const uint8_t *iv)
{
    const struct tch_cipher_row *row;

    if (c->provider == NULL) {
        return;
    }
    row = tch_cipher_facts(c->provider->cipher);
    if (row->type == TCH_TYPE_CBC) {
        memcpy(c->rest, iv, row->block);
    }
}

void tch_cipher_run(struct tch_cipher_ctx *c, uint8_t *data, size_t len)
{
    if (c->provider != NULL && len > 0) {
        c->provider->run(c->rest + TCH_IV_MAX, c->encrypt != 0, c->rest, data,
                         len);
    }
}

void tch_cipher_clear(struct tch_cipher_ctx *c)
{
    size_t more = 0;

    if (c->provider != NULL) {
        more = TCH_IV_MAX + c->provider->size;
    }
    tch_wipe(c, sizeof *c + more);
}
