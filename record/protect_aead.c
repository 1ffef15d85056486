/*
 * Authenticated encryption, TLS 1.2 alone. Two ways to make a nonce of 12
 * bytes out of what the key block gave and the sequence number:
 *
 *     GCM, CCM           write_IV[4] || explicit[8], the latter on the wire
 *     ChaCha20-Poly1305  write_IV[12] XOR (0[4] || seq[8]), nothing on the wire
 *
 * The explicit part we send is the sequence number, which makes it unique and
 * leaves no way to choose it (R-REC-081); the one we receive is taken as it
 * comes (R-REC-082).
 *
 * RFC 5246 6.2.3.3, 5288, 6655, 7905; dossier 2.8.
 */

#include "record/protect.h"

#include <string.h>

#include "crypto-glue/aead.h"
#include "engine/base/bytes.h"
#include "engine/base/wipe.h"
#include "record/observe.h"

#define NONCE_LEN 12u

/* R-REC-036: 2^24 records of full size, each 1024 blocks and the one that
 * masks the tag. CCM has GCM's block and gets its limit. */
#define MAX_BLOCKS (((uint64_t)1 << 24) * 1025)

struct aead_state {
    struct tch_protect_facts facts;
    struct tch_aead *aead;
    size_t tag_len;
    uint8_t iv[NONCE_LEN];
};

static size_t aead_size(const struct tch_record_keys *k)
{
    return tch_state_size(sizeof(struct aead_state),
                          tch_aead_size(k->suite->cipher));
}

static enum tch_status aead_init(void *state, const struct tch_record_keys *k,
                                 bool writing)
{
    struct aead_state *st = state;
    const struct tch_cipher_row *row = tch_cipher_facts(k->suite->cipher);

    (void)writing;
    st->aead = tch_state_context(state, sizeof *st);
    st->tag_len = row->tag;
    memcpy(st->iv, k->iv.p, row->fixed_iv);
    st->facts.explicit_len = row->record_iv;
    st->facts.trailer = row->tag;
    st->facts.block = row->block;
    st->facts.volume_extra = 2u * row->block - 1;
    st->facts.volume_max = row->block == 16 ? MAX_BLOCKS : 0;
    return tch_aead_init(st->aead, k->suite->cipher, k->key.p);
}

static const struct tch_protect_facts *aead_facts(const void *state)
{
    const struct aead_state *st = state;

    return &st->facts;
}

/* `eight` is the explicit part or, where there is none, the sequence number:
 * R-REC-081, R-REC-085. The last 8 bytes of a short write_IV are zero, so
 * that XOR serves both kinds. */
static void make_nonce(const struct aead_state *st, uint8_t *nonce,
                       const uint8_t *eight)
{
    memcpy(nonce, st->iv, NONCE_LEN);
    for (size_t i = 0; i < 8; i++) {
        nonce[NONCE_LEN - 8 + i] ^= eight[i];
    }
}

static void reveal(const struct tch_piece *p, const uint8_t *nonce,
                   const uint8_t *aad)
{
    tch_reveal(p, "nonce", nonce, NONCE_LEN);
    tch_reveal(p, "additional_data", aad, TCH_PSEUDO_HEADER_LEN);
}

static void aead_seal(void *state, struct tch_piece *p)
{
    struct aead_state *st = state;
    uint8_t aad[TCH_PSEUDO_HEADER_LEN];
    uint8_t nonce[NONCE_LEN];

    tch_pseudo_header(aad, p, p->len);
    make_nonce(st, nonce, aad); /* the AAD begins with seq[8] */
    if (st->facts.explicit_len != 0) {
        memcpy(p->head, aad, st->facts.explicit_len);
    }
    reveal(p, nonce, aad);
    tch_reveal(p, "content", p->data, p->len);
    tch_aead_seal(st->aead, nonce, tch_slice_of(aad, sizeof aad), p->data,
                  p->len, p->tail);
    p->tail_len = st->tag_len;
}

static enum tch_status aead_open(void *state, struct tch_piece *p)
{
    struct aead_state *st = state;
    size_t around = st->facts.explicit_len + st->tag_len;
    uint8_t aad[TCH_PSEUDO_HEADER_LEN];
    uint8_t nonce[NONCE_LEN];
    enum tch_status s;

    if (p->len < around) {
        return TCH_BAD_RECORD_MAC; /* R-REC-083 */
    }
    tch_pseudo_header(aad, p, p->len - around);
    make_nonce(st, nonce, st->facts.explicit_len != 0 ? p->data : aad);
    p->data += st->facts.explicit_len;
    p->len -= around;
    reveal(p, nonce, aad);
    s = tch_aead_open(st->aead, nonce, tch_slice_of(aad, sizeof aad), p->data,
                      p->len, p->data + p->len);
    if (s == TCH_OK) {
        tch_reveal(p, "content", p->data, p->len);
    }
    return s;
}

static void aead_clear(void *state)
{
    struct aead_state *st = state;

    tch_aead_clear(st->aead);
    tch_wipe(st->iv, sizeof st->iv);
}

const struct tch_protect tch_protect_aead = {
    "AEAD",    aead_size, aead_init, aead_facts,
    aead_seal, aead_open, aead_clear
};
