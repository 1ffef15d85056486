/*
 * One direction of a connection: which protection is in force, its keys, its
 * sequence number. New keys are made ready beside the old ones, so that a
 * failure leaves the half as it was.
 *
 * RFC 5246 6.1; dossier 2.4.
 */

#include "record/record.h"

#include <string.h>

#include "crypto-glue/cipher.h"
#include "record/protect.h"

void tch_half_init(struct tch_half *h, bool writing, bool client_side,
                   const struct tch_alloc *alloc,
                   const struct tch_draw_source *draw,
                   const struct tch_observer *observer)
{
    memset(h, 0, sizeof *h);
    h->protect = &tch_protect_null;
    h->alloc = alloc;
    h->draw = draw;
    h->observer = observer;
    h->limit = TCH_PLAINTEXT_MAX;
    h->writing = writing;
    h->client_side = client_side;
}

static const struct tch_protect *protection_of(enum tch_cipher_type type)
{
    if (type == TCH_TYPE_AEAD) {
        return &tch_protect_aead;
    }
    return type == TCH_TYPE_CBC ? &tch_protect_cbc : &tch_protect_stream;
}

/* What the first IV in the keys must measure: none where records carry
 * theirs (R-KEY-020). */
static size_t iv_len(const struct tch_record_keys *k,
                     const struct tch_cipher_row *row)
{
    if (row->type == TCH_TYPE_AEAD) {
        return row->fixed_iv;
    }
    if (row->type == TCH_TYPE_CBC &&
        !tch_version_facts(k->version)->explicit_iv) {
        return row->block;
    }
    return 0;
}

/* An IV that is not needed may be there all the same: key blocks below TLS
 * 1.2 are cut into six pieces by habit. */
static bool lengths_fit(const struct tch_record_keys *k,
                        const struct tch_cipher_row *row)
{
    size_t iv = iv_len(k, row);

    return k->mac_key.len == tch_hash_facts(k->suite->mac)->len &&
           k->key.len == row->key && (iv == 0 || k->iv.len == iv);
}

static enum tch_status check_keys(const struct tch_record_keys *k)
{
    const struct tch_cipher_row *row;

    if (k->suite == NULL || !tch_cipher_supported(k->suite->cipher) ||
        tch_version_facts(k->version) == NULL ||
        !tch_suite_for(k->suite, k->version)) {
        return TCH_NOT_SUPPORTED;
    }
    row = tch_cipher_facts(k->suite->cipher);
    if (k->etm && row->type == TCH_TYPE_CBC &&
        tch_version_facts(k->version)->mac == TCH_MAC_SSL3) {
        return TCH_NOT_SUPPORTED; /* R-REC-074 */
    }
    return lengths_fit(k, row) ? TCH_OK : TCH_BAD_ARGUMENT;
}

static void drop_keys(struct tch_half *h)
{
    h->protect->clear(h->state);
    tch_give(h->alloc, h->state, h->state_size);
    h->protect = &tch_protect_null;
    h->state = NULL;
    h->state_size = 0;
    h->seq = 0;
    h->volume = 0;
}

enum tch_status tch_half_rekey(struct tch_half *h,
                               const struct tch_record_keys *keys)
{
    const struct tch_protect *protect;
    enum tch_status s = check_keys(keys);
    size_t size;
    void *state;

    if (s != TCH_OK) {
        return s;
    }
    protect = protection_of(tch_cipher_facts(keys->suite->cipher)->type);
    size = protect->size(keys);
    state = tch_take(h->alloc, size);
    if (state == NULL) {
        return TCH_NO_MEMORY;
    }
    s = protect->init(state, keys, h->writing);
    if (s != TCH_OK) {
        tch_give(h->alloc, state, size);
        return s;
    }
    drop_keys(h);
    h->protect = protect;
    h->state = state;
    h->state_size = size;
    h->version = keys->version;
    return TCH_OK;
}

void tch_half_clear(struct tch_half *h)
{
    if (h->protect != NULL) {
        drop_keys(h);
    }
}

struct tch_record_sizes tch_half_sizes(const struct tch_half *h)
{
    const struct tch_protect_facts *f = h->protect->facts(h->state);
    struct tch_record_sizes sizes = {
        .header = tch_half_header_len(h, TCH_CONTENT_APPLICATION_DATA),
        .trailer = f->trailer,
        .block = f->block,
    };

    return sizes;
}

size_t tch_half_header_len(const struct tch_half *h, uint8_t type)
{
    const struct tch_protect_facts *f = h->protect->facts(h->state);

    if (f->split != 0 && type == TCH_CONTENT_APPLICATION_DATA) {
        return f->split + TCH_RECORD_HEADER_LEN - 1;
    }
    return TCH_RECORD_HEADER_LEN + f->explicit_len;
}

bool tch_half_is_protected(const struct tch_half *h)
{
    return h->protect != NULL && h->protect != &tch_protect_null;
}
