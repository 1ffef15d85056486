/*
 * Stream ciphers, and the NULL suites, which are a stream cipher that does
 * nothing: E( fragment || MAC ). The key stream runs on from record to record
 * until the next ChangeCipherSpec (R-REC-034).
 *
 * RFC 5246 6.2.3.1; R-REC-043, R-REC-044.
 */

#include "record/protect.h"

#include "crypto-glue/cipher.h"
#include "engine/base/ct.h"
#include "engine/base/wipe.h"
#include "record/mac.h"
#include "record/observe.h"

struct stream_state {
    struct tch_protect_facts facts;
    struct tch_mac mac;
    struct tch_cipher_ctx *cipher;
};

static size_t stream_size(const struct tch_record_keys *k)
{
    return tch_state_size(sizeof(struct stream_state),
                          tch_cipher_size(k->suite->cipher));
}

static enum tch_status stream_init(void *state,
                                   const struct tch_record_keys *k,
                                   bool writing)
{
    struct stream_state *st = state;

    st->cipher = tch_state_context(state, sizeof *st);
    tch_mac_init(&st->mac, tch_version_facts(k->version)->mac, k->suite->mac,
                 k->mac_key);
    st->facts.trailer = st->mac.len;
    st->facts.block = 1;
    return tch_cipher_init(st->cipher, k->suite->cipher, writing, k->key.p,
                           NULL);
}

static const struct tch_protect_facts *stream_facts(const void *state)
{
    const struct stream_state *st = state;

    return &st->facts;
}

static void stream_seal(void *state, struct tch_piece *p)
{
    struct stream_state *st = state;
    struct tch_slice fragment = tch_slice_of(p->data, p->len);

    tch_reveal(p, "content", p->data, p->len);
    tch_mac_run(&st->mac, p->tail, p, &fragment, 1);
    p->tail_len = st->mac.len;
    tch_cipher_run(st->cipher, p->data, p->len);
    tch_cipher_run(st->cipher, p->tail, p->tail_len);
}

static enum tch_status stream_open(void *state, struct tch_piece *p)
{
    struct stream_state *st = state;
    uint8_t mac[TCH_HASH_MAX];
    struct tch_slice fragment;
    tch_mask good;

    if (p->len < st->mac.len) {
        return TCH_BAD_RECORD_MAC;
    }
    tch_cipher_run(st->cipher, p->data, p->len);
    fragment = tch_slice_of(p->data, p->len - st->mac.len);
    tch_mac_run(&st->mac, mac, p, &fragment, 1);
    good = tch_ct_equal(mac, p->data + fragment.len, st->mac.len);
    tch_wipe(mac, sizeof mac);
    if (good == 0) {
        tch_wipe(p->data, p->len);
        return TCH_BAD_RECORD_MAC;
    }
    p->len = fragment.len;
    tch_reveal(p, "content", p->data, p->len);
    return TCH_OK;
}

static void stream_clear(void *state)
{
    struct stream_state *st = state;

    tch_cipher_clear(st->cipher);
    tch_mac_clear(&st->mac);
}

const struct tch_protect tch_protect_stream = {
    "stream",    stream_size, stream_init, stream_facts,
    stream_seal, stream_open, stream_clear
};
