/*
 * Hashes over libtomcrypt's descriptors. A running hash is a value of ours:
 * libtomcrypt's state lies inside it, without the room that its union keeps
 * for SHA-3.
 */

#include "crypto-glue/hash.h"

#include <assert.h>

#include "crypto-glue/glue_ltc.h"
#include "engine/base/wipe.h"

#define ROOM sizeof(((struct tch_hash_state *)0)->opaque)

static_assert(sizeof(struct md5_state) <= ROOM, "MD5 fits");
static_assert(sizeof(struct sha1_state) <= ROOM, "SHA-1 fits");
static_assert(sizeof(struct sha256_state) <= ROOM, "SHA-256 fits");
static_assert(sizeof(struct sha512_state) <= ROOM, "SHA-512 fits");
static_assert(_Alignof(hash_state) <= _Alignof(uint64_t), "and is aligned");

static hash_state *inside(struct tch_hash_state *s)
{
    return (hash_state *)(void *)s->opaque;
}

void tch_hash_init(struct tch_hash_state *s, enum tch_hash alg)
{
    s->alg = alg;
    (void)tch_ltc_hash(alg)->init(inside(s));
}

void tch_hash_update(struct tch_hash_state *s, const void *p, size_t len)
{
    /* libtomcrypt aborts on NULL even for no bytes (L1). */
    if (len == 0) {
        return;
    }
    /* It fails from 2^61 bytes on, which nobody lives to see. */
    (void)tch_ltc_hash(s->alg)->process(inside(s), p, len);
}

void tch_hash_final(struct tch_hash_state *s, uint8_t *out)
{
    (void)tch_ltc_hash(s->alg)->done(inside(s), out);
    tch_wipe(s, sizeof *s);
}

static void hash_parts(enum tch_hash alg, const struct tch_slice *parts,
                       size_t num, uint8_t *out)
{
    struct tch_hash_state s;

    tch_hash_init(&s, alg);
    for (size_t i = 0; i < num; i++) {
        tch_hash_update(&s, parts[i].p, parts[i].len);
    }
    tch_hash_final(&s, out);
}

void tch_hash(enum tch_hash alg, const struct tch_slice *parts, size_t num,
              uint8_t *out)
{
    if (alg == TCH_HASH_MD5_SHA1) {
        hash_parts(TCH_HASH_MD5, parts, num, out);
        hash_parts(TCH_HASH_SHA1, parts, num,
                   out + tch_hash_facts(TCH_HASH_MD5)->len);
        return;
    }
    hash_parts(alg, parts, num, out);
}
