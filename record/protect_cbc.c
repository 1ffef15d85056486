/*
 * Block ciphers in CBC mode, in all the forms that SSL 3.0 to TLS 1.2 gave
 * them:
 *
 *     SSL 3.0, TLS 1.0           E( fragment || MAC || padding ), IV chained
 *     TLS 1.1, 1.2          IV || E( fragment || MAC || padding )
 *     encrypt-then-MAC     [IV ||] E( fragment || padding ) || MAC
 *
 * Sealing: data, and the trailer with MAC and padding, lie apart, and the
 * block in which one ends and the other begins exists nowhere in memory. The
 * whole blocks of the data are encrypted where they are; the block that
 * straddles the gap goes through a small buffer; what is left of the trailer
 * is then whole blocks again.
 *
 * Opening: see cbc_ct.c for why MAC-then-encrypt needs care. With
 * encrypt-then-MAC (RFC 7366) nothing is decrypted before the MAC is right.
 *
 * RFC 5246 6.2.3.2; R-REC-050 to 061, R-REC-070 to 074.
 */

#include "record/protect.h"

#include <string.h>

#include "crypto-glue/cipher.h"
#include "engine/base/wipe.h"
#include "record/cbc_ct.h"
#include "record/mac.h"
#include "record/observe.h"

/* R-REC-036, against Sweet32: blocks of 64 bits. */
#define MAX_SMALL_BLOCKS ((uint64_t)1 << 20)
#define SMALL_BLOCK 8u

struct cbc_state {
    struct tch_protect_facts facts;
    struct tch_mac mac;
    struct tch_cipher_ctx *cipher;
    enum tch_pad_rule padding;
    bool etm;
};

static size_t round_up(size_t n, size_t block)
{
    return (n + block - 1) / block * block;
}

static size_t cbc_size(const struct tch_record_keys *k)
{
    return tch_state_size(sizeof(struct cbc_state),
                          tch_cipher_size(k->suite->cipher));
}

static void set_facts(struct cbc_state *st, const struct tch_record_keys *k)
{
    const struct tch_version_row *version = tch_version_facts(k->version);
    struct tch_protect_facts *f = &st->facts;
    size_t hidden = st->etm ? 0 : st->mac.len; /* of the MAC, encrypted */

    f->block = tch_cipher_facts(k->suite->cipher)->block;
    f->trailer = st->mac.len + f->block;
    f->volume_extra = hidden + f->block;
    f->volume_max = f->block == SMALL_BLOCK ? MAX_SMALL_BLOCKS : 0;
    if (version->explicit_iv) {
        f->explicit_len = f->block;
        f->random_iv = true;
    }
    if (version->split_cbc && k->split) {
        size_t sealed =
            round_up(1 + hidden + 1, f->block) + st->mac.len - hidden;

        f->split = TCH_RECORD_HEADER_LEN + sealed;
        /* Two empty records for no data leave this much to the trailer. */
        f->trailer = f->trailer > 1 + sealed ? f->trailer : 1 + sealed;
    }
}

static enum tch_status cbc_init(void *state, const struct tch_record_keys *k,
                                bool writing)
{
    struct cbc_state *st = state;
    const struct tch_version_row *version = tch_version_facts(k->version);

    st->cipher = tch_state_context(state, sizeof *st);
    st->padding = version->padding;
    st->etm = k->etm;
    tch_mac_init(&st->mac, version->mac, k->suite->mac, k->mac_key);
    set_facts(st, k);
    /* R-REC-055: only a chain has a first IV. */
    return tch_cipher_init(st->cipher, k->suite->cipher, writing, k->key.p,
                           version->explicit_iv ? NULL : k->iv.p);
}

static const struct tch_protect_facts *cbc_facts(const void *state)
{
    const struct cbc_state *st = state;

    return &st->facts;
}

/* Encrypts data || tail, together whole blocks, where they lie. */
static void encrypt(struct cbc_state *st, uint8_t *data, size_t len,
                    uint8_t *tail, size_t tail_len)
{
    size_t rest = len % st->facts.block;
    uint8_t straddling[TCH_IV_MAX];

    if (tail == data + len) {
        tch_cipher_run(st->cipher, data, len + tail_len);
        return;
    }
    tch_cipher_run(st->cipher, data, len - rest);
    if (rest != 0) {
        size_t taken = st->facts.block - rest;

        memcpy(straddling, data + len - rest, rest);
        memcpy(straddling + rest, tail, taken);
        tch_cipher_run(st->cipher, straddling, st->facts.block);
        memcpy(data + len - rest, straddling, rest);
        memcpy(tail, straddling + rest, taken);
        tail += taken;
        tail_len -= taken;
    }
    tch_cipher_run(st->cipher, tail, tail_len);
}

/* Writes the least padding behind `used` bytes of `tail` (R-REC-061) and
 * returns how long the tail is then. */
static size_t pad(const struct cbc_state *st, const struct tch_piece *p,
                  size_t used)
{
    size_t unpadded = p->len + used;
    size_t padding = round_up(unpadded + 1, st->facts.block) - unpadded;

    memset(p->tail + used, (int)(padding - 1), padding);
    tch_reveal(p, "padding", p->tail + used, padding);
    return used + padding;
}

static void mac_then_encrypt(struct cbc_state *st, struct tch_piece *p)
{
    struct tch_slice fragment = tch_slice_of(p->data, p->len);

    tch_mac_run(&st->mac, p->tail, p, &fragment, 1);
    p->tail_len = pad(st, p, st->mac.len);
    encrypt(st, p->data, p->len, p->tail, p->tail_len);
}

/* R-REC-070: the MAC covers the IV and its length counts it. */
static void encrypt_then_mac(struct cbc_state *st, struct tch_piece *p)
{
    size_t padding = pad(st, p, 0);
    struct tch_slice covered[3] = {
        tch_slice_of(p->head, st->facts.explicit_len),
        tch_slice_of(p->data, p->len),
        tch_slice_of(p->tail, padding),
    };

    encrypt(st, p->data, p->len, p->tail, padding);
    tch_mac_run(&st->mac, p->tail + padding, p, covered, 3);
    p->tail_len = padding + st->mac.len;
}

static void cbc_seal(void *state, struct tch_piece *p)
{
    struct cbc_state *st = state;

    tch_reveal(p, "content", p->data, p->len);
    if (st->facts.explicit_len != 0) {
        tch_reveal(p, "IV", p->iv, st->facts.explicit_len);
        memcpy(p->head, p->iv, st->facts.explicit_len);
        tch_cipher_set_iv(st->cipher, p->iv);
    }
    if (st->etm) {
        encrypt_then_mac(st, p);
    } else {
        mac_then_encrypt(st, p);
    }
}

/* Takes the IV off the front (R-REC-057) and decrypts the rest. */
static void decrypt(struct cbc_state *st, struct tch_piece *p)
{
    if (st->facts.explicit_len != 0) {
        tch_reveal(p, "IV", p->data, st->facts.explicit_len);
        tch_cipher_set_iv(st->cipher, p->data);
        p->data += st->facts.explicit_len;
        p->len -= st->facts.explicit_len;
    }
    tch_cipher_run(st->cipher, p->data, p->len);
    tch_reveal(p, "decrypted", p->data, p->len);
}

/* The one decision on a decrypted record. Constant time ends with it: from
 * here on whether the record was good is known to everybody. */
static enum tch_status decide(tch_mask good, struct tch_piece *p, size_t len)
{
    if (good == 0) {
        tch_wipe(p->data, p->len);
        return TCH_BAD_RECORD_MAC;
    }
    p->len = len;
    tch_reveal(p, "content", p->data, p->len);
    return TCH_OK;
}

static enum tch_status decrypt_then_check(struct cbc_state *st,
                                          struct tch_piece *p)
{
    uint32_t len;
    tch_mask good;

    decrypt(st, p);
    good = tch_cbc_ct_check(&st->mac, st->padding, st->facts.block, p, &len);
    return decide(good, p, len);
}

static enum tch_status check_then_decrypt(struct cbc_state *st,
                                          struct tch_piece *p)
{
    uint8_t mac[TCH_HASH_MAX];
    struct tch_slice covered = tch_slice_of(p->data, p->len - st->mac.len);
    uint32_t padding;
    tch_mask good;

    tch_mac_run(&st->mac, mac, p, &covered, 1);
    good = tch_ct_equal(mac, p->data + covered.len, st->mac.len);
    tch_wipe(mac, sizeof mac);
    if (good == 0) {
        return TCH_BAD_RECORD_MAC; /* R-REC-071: nothing was decrypted */
    }
    p->len = covered.len;
    decrypt(st, p);
    good = tch_cbc_ct_padding(st->padding, st->facts.block, p->data, p->len, 0,
                              &padding);
    return decide(good, p, p->len - 1 - padding); /* R-REC-072 */
}

/* R-REC-054: lengths are public, so they may be judged openly. */
static bool length_is_possible(const struct cbc_state *st, size_t len)
{
    size_t clear = st->facts.explicit_len + (st->etm ? st->mac.len : 0);
    size_t least = round_up((st->etm ? 0 : st->mac.len) + 1, st->facts.block);

    return len >= clear + least && (len - clear) % st->facts.block == 0;
}

static enum tch_status cbc_open(void *state, struct tch_piece *p)
{
    struct cbc_state *st = state;

    if (!length_is_possible(st, p->len)) {
        return TCH_BAD_RECORD_MAC;
    }
    return st->etm ? check_then_decrypt(st, p) : decrypt_then_check(st, p);
}

static void cbc_clear(void *state)
{
    struct cbc_state *st = state;

    tch_cipher_clear(st->cipher);
    tch_mac_clear(&st->mac);
}

const struct tch_protect tch_protect_cbc = {
    "CBC", cbc_size, cbc_init, cbc_facts, cbc_seal, cbc_open, cbc_clear
};
