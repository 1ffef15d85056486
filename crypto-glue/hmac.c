/*
 * HMAC from two midstates (RFC 2104 section 4): the compression of the padded
 * key happens once per key, not once per message, and nothing is allocated.
 */

#include <string.h>

#include "crypto-glue/hash.h"
#include "engine/base/wipe.h"

#define IPAD 0x36
#define OPAD 0x5c

/* Starts `s` with one block: the key padded with zeros, XOR `pad`. */
static void start(struct tch_hash_state *s, enum tch_hash alg,
                  const uint8_t *key, size_t len, uint8_t pad)
{
    uint8_t block[TCH_HASH_BLOCK_MAX];

    memset(block, pad, sizeof block);
    for (size_t i = 0; i < len; i++) {
        block[i] ^= key[i];
    }
    tch_hash_init(s, alg);
    tch_hash_update(s, block, tch_hash_facts(alg)->block);
    tch_wipe(block, sizeof block);
}

void tch_hmac_set_key(struct tch_hmac_key *k, enum tch_hash alg,
                      const uint8_t *key, size_t len)
{
    uint8_t hashed[TCH_HASH_MAX];

    if (len > tch_hash_facts(alg)->block) {
        struct tch_slice whole = tch_slice_of(key, len);

        tch_hash(alg, &whole, 1, hashed);
        key = hashed;
        len = tch_hash_facts(alg)->len;
    }
    k->alg = alg;
    start(&k->inner, alg, key, len, IPAD);
    start(&k->outer, alg, key, len, OPAD);
    tch_wipe(hashed, sizeof hashed);
}

void tch_hmac_init(struct tch_hmac *h, const struct tch_hmac_key *k)
{
    h->key = k;
    h->state = k->inner;
}

void tch_hmac_update(struct tch_hmac *h, const void *p, size_t len)
{
    tch_hash_update(&h->state, p, len);
}

void tch_hmac_final(struct tch_hmac *h, uint8_t *out)
{
    uint8_t inner[TCH_HASH_MAX];

    tch_hash_final(&h->state, inner);
    h->state = h->key->outer;
    tch_hash_update(&h->state, inner, tch_hash_facts(h->key->alg)->len);
    tch_hash_final(&h->state, out);
    tch_wipe(inner, sizeof inner);
    tch_wipe(h, sizeof *h);
}
