/*
 * HMAC over a text whose length is secret (R-REC-053). The record layer
 * computes it over what is left of a CBC record without MAC and padding,
 * before it knows whether the padding was good; were the time to depend on
 * that length, Lucky Thirteen (R-ATK-003) would read plaintext from it.
 *
 * The inner hash runs over
 *
 *   key block | header | data ... 80 00 .. 00 | length in bits
 *
 * Blocks that hold text whatever the length goes the normal way. For all
 * others, up to the last block of the longest text, each byte is chosen by
 * mask (text, 80, zero, or length) and each block is compressed. Only one of
 * them is the last block of the true text: its chaining value is kept, by
 * mask as well. An observer may learn the length of the record, from which
 * the caller takes min_len and max_len, and nothing else.
 *
 * The chaining value is no part of libtomcrypt's interface. It is read from
 * the state words between whole blocks, where they are nothing but that.
 */

#include <string.h>

#include "crypto-glue/glue_ltc.h"
#include "crypto-glue/hash.h"
#include "engine/base/ct.h"
#include "engine/base/wipe.h"

/* How a hash ends, and where libtomcrypt keeps its chaining value. */
struct ending {
    enum tch_hash alg;
    unsigned block_shift; /* log2 of the block in bytes */
    uint32_t length_len;  /* bytes of the length field */
    bool big_endian;
    unsigned word_len;
    size_t words_at; /* offset of the state words */
};

static const struct ending endings[] = {
    { TCH_HASH_MD5, 6, 8, false, 4, offsetof(struct md5_state, state) },
    { TCH_HASH_SHA1, 6, 8, true, 4, offsetof(struct sha1_state, state) },
    { TCH_HASH_SHA224, 6, 8, true, 4, offsetof(struct sha256_state, state) },
    { TCH_HASH_SHA256, 6, 8, true, 4, offsetof(struct sha256_state, state) },
    { TCH_HASH_SHA384, 7, 16, true, 8, offsetof(struct sha512_state, state) },
    { TCH_HASH_SHA512, 7, 16, true, 8, offsetof(struct sha512_state, state) },
};

static const struct ending *ending_of(enum tch_hash alg)
{
    const struct ending *e = endings;

    while (e->alg != alg) {
        e++;
    }
    return e;
}

/* The text as one run of bytes: header, then data. Positions are public. */
struct text {
    struct tch_slice header;
    struct tch_slice data;
};

static uint8_t text_at(const struct text *t, size_t i)
{
    if (i < t->header.len) {
        return t->header.p[i];
    }
    i -= t->header.len;
    return i < t->data.len ? t->data.p[i] : 0;
}

/* Feeds the first `len` bytes of the text, a public number. */
static void feed(struct tch_hash_state *s, const struct text *t, size_t len)
{
    size_t n = len < t->header.len ? len : t->header.len;

    tch_hash_update(s, t->header.p, n);
    tch_hash_update(s, t->data.p, len - n);
}

/* What the padding of the true text looks like; all of it is secret. */
struct secret_end {
    uint32_t text_len;
    uint32_t last_block;
    uint8_t length[16]; /* the length field, as it stands in the block */
};

static void make_end(struct secret_end *end, const struct ending *e,
                     uint32_t text_len)
{
    /* The key block counts; the text is far below 2^29 bytes. */
    uint32_t bits = (text_len + ((uint32_t)1 << e->block_shift)) << 3;

    end->text_len = text_len;
    end->last_block = (text_len + e->length_len) >> e->block_shift;
    memset(end->length, 0, sizeof end->length);
    for (unsigned i = 0; i < 4; i++) {
        size_t at = e->big_endian ? e->length_len - 1 - i : i;

        end->length[at] = (uint8_t)(bits >> (8 * i));
    }
}

/* Writes block `number` of the padded text. */
static void make_block(uint8_t *out, uint32_t number, const struct text *t,
                       const struct ending *e, const struct secret_end *end)
{
    uint32_t block = (uint32_t)1 << e->block_shift;
    tch_mask last = tch_ct_eq(number, end->last_block);

    for (uint32_t i = 0; i < block; i++) {
        uint32_t at = (number << e->block_shift) + i;
        /* Hidden, or else the compiler counts by the distance from the end
         * and makes addresses of public bytes out of that (GCC 12 does). */
        uint32_t text_len = tch_ct_hide(end->text_len);
        uint32_t byte = text_at(t, at) & tch_ct_lt(at, text_len);

        byte |= 0x80 & tch_ct_eq(at, text_len);
        if (i >= block - e->length_len) {
            byte |= end->length[i - (block - e->length_len)] & last;
        }
        out[i] = (uint8_t)byte;
    }
}

/* From words in memory to the digest's bytes; a digest that is cut short
 * ends between two words. */
static void chain_to_digest(uint8_t *out, const uint8_t *chain,
                            const struct ending *e)
{
    size_t len = tch_hash_facts(e->alg)->len;

    for (size_t at = 0; at < len; at += e->word_len) {
        uint64_t word = 0;

        if (e->word_len == 8) {
            memcpy(&word, chain + at, 8);
        } else {
            uint32_t half;

            memcpy(&half, chain + at, 4);
            word = half;
        }
        for (unsigned i = 0; i < e->word_len; i++) {
            unsigned byte = e->big_endian ? e->word_len - 1 - i : i;

            out[at + i] = (uint8_t)(word >> (8 * byte));
        }
    }
}

/* The inner hash of HMAC over `t` cut to `text_len`, as digest bytes. */
static void inner_hash(const struct tch_hmac_key *k, const struct text *t,
                       size_t min_len, size_t text_len, uint8_t *digest)
{
    const struct ending *e = ending_of(k->alg);
    size_t longest = t->header.len + t->data.len;
    uint32_t first = (uint32_t)(min_len >> e->block_shift);
    uint32_t last = (uint32_t)((longest + e->length_len) >> e->block_shift);
    struct tch_hash_state s = k->inner;
    struct secret_end end;
    uint8_t chain[TCH_HASH_MAX] = { 0 };
    uint8_t block[TCH_HASH_BLOCK_MAX];

    make_end(&end, e, (uint32_t)text_len);
    feed(&s, t, (size_t)first << e->block_shift);
    for (uint32_t number = first; number <= last; number++) {
        const uint8_t *words = (const uint8_t *)s.opaque + e->words_at;

        make_block(block, number, t, e, &end);
        tch_hash_update(&s, block, (size_t)1 << e->block_shift);
        tch_ct_copy(tch_ct_eq(number, end.last_block), chain, words,
                    tch_hash_facts(k->alg)->len);
    }
    chain_to_digest(digest, chain, e);
    tch_wipe(&s, sizeof s);
    tch_wipe(&end, sizeof end);
    tch_wipe(chain, sizeof chain);
    tch_wipe(block, sizeof block);
}

void tch_hmac_ct(const struct tch_hmac_key *k, uint8_t *out,
                 struct tch_slice header, const uint8_t *data, size_t len,
                 size_t min_len, size_t max_len)
{
    struct text t = { header, { data, max_len } };
    uint8_t inner[TCH_HASH_MAX];
    struct tch_hash_state outer = k->outer;

    inner_hash(k, &t, header.len + min_len, header.len + len, inner);
    tch_hash_update(&outer, inner, tch_hash_facts(k->alg)->len);
    tch_hash_final(&outer, out);
    tch_wipe(inner, sizeof inner);
}
