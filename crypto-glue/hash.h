#ifndef TCH_CRYPTO_GLUE_HASH_H
#define TCH_CRYPTO_GLUE_HASH_H

/*
 * Hashes and HMAC. States are plain values: assigning one copies it, which is
 * how a running transcript hash is read without ending it. Nothing here
 * allocates (libtomcrypt-notes: its own HMAC calls malloc four times).
 *
 * Sources: RFC 1321, 3174, 6234, 2104.
 */

#include "engine/base/algs.h"

/*
 * tch_hash_state is a running hash; large enough for every algorithm but
 * MD5 || SHA-1, which is two states (see transcript in handshake/).
 */
struct tch_hash_state {
    uint64_t opaque[27];
    enum tch_hash alg;
};

/* tch_hash_init starts a hash. `alg` is one of MD5 to SHA512. */
void tch_hash_init(struct tch_hash_state *s, enum tch_hash alg);

/* tch_hash_update adds `len` bytes. */
void tch_hash_update(struct tch_hash_state *s, const void *p, size_t len);

/* tch_hash_final writes the hash, tch_hash_facts(alg)->len bytes, and wipes
 * the state. */
void tch_hash_final(struct tch_hash_state *s, uint8_t *out);

/* tch_hash hashes a list of slices in one go. `alg` may also be
 * TCH_HASH_MD5_SHA1 (36 bytes). */
void tch_hash(enum tch_hash alg, const struct tch_slice *parts, size_t num,
              uint8_t *out);

/* tch_hmac_key holds the two midstates of a key, computed once. */
struct tch_hmac_key {
    struct tch_hash_state inner;
    struct tch_hash_state outer;
    enum tch_hash alg;
};

/* tch_hmac is one running HMAC; it keeps a pointer to its key. */
struct tch_hmac {
    struct tch_hash_state state;
    const struct tch_hmac_key *key;
};

/* tch_hmac_set_key prepares a key of any length, 0 included (R-KEY-003). */
void tch_hmac_set_key(struct tch_hmac_key *k, enum tch_hash alg,
                      const uint8_t *key, size_t len);

void tch_hmac_init(struct tch_hmac *h, const struct tch_hmac_key *k);
void tch_hmac_update(struct tch_hmac *h, const void *p, size_t len);

/* tch_hmac_final writes tch_hash_facts(alg)->len bytes and wipes `h`. */
void tch_hmac_final(struct tch_hmac *h, uint8_t *out);

/*
 * tch_hmac_ct computes HMAC over `header` and the first `len` bytes of `data`
 * in a time, and by a number of compressions, that depend on `min_len` and
 * `max_len` alone: `len` is secret, min_len <= len <= max_len, and
 * max_len - min_len <= 512. All max_len bytes of `data` must be readable; the
 * time also depends on the header's length. Texts below 2^28 bytes.
 * Source: R-REC-053, R-ATK-003.
 */
void tch_hmac_ct(const struct tch_hmac_key *k, uint8_t *out,
                 struct tch_slice header, const uint8_t *data, size_t len,
                 size_t min_len, size_t max_len);

#endif
