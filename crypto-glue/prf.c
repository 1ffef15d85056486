/*
 * From one secret to many bytes, three times over: SSL 3.0's generator, the
 * XOR of two HMAC chains of TLS 1.0 and 1.1, and the single chain of TLS 1.2.
 *
 * P_hash adds its output to `out` with XOR. TLS 1.2 starts from zeros, TLS
 * 1.0 runs it twice over the same bytes: that is the whole difference.
 */

#include "crypto-glue/prf.h"

#include <string.h>

#include "crypto-glue/hash.h"
#include "engine/base/wipe.h"

/* What the chains are fed with: the label and the parts of the seed. */
struct feed {
    struct tch_slice label;
    const struct tch_slice *seed;
    size_t num;
};

static void hmac_feed(struct tch_hmac *h, const struct feed *f)
{
    tch_hmac_update(h, f->label.p, f->label.len);
    for (size_t i = 0; i < f->num; i++) {
        tch_hmac_update(h, f->seed[i].p, f->seed[i].len);
    }
}

/* P_hash of RFC 5246 section 5, XORed onto `out`. */
static void p_hash(enum tch_hash alg, uint8_t *out, size_t out_len,
                   struct tch_slice secret, const struct feed *f)
{
    size_t hash_len = tch_hash_facts(alg)->len;
    uint8_t a[TCH_HASH_MAX];
    uint8_t block[TCH_HASH_MAX];
    struct tch_hmac_key key;
    struct tch_hmac h;

    tch_hmac_set_key(&key, alg, secret.p, secret.len);
    tch_hmac_init(&h, &key);
    hmac_feed(&h, f);
    tch_hmac_final(&h, a); /* A(1) */
    while (out_len > 0) {
        size_t n = out_len < hash_len ? out_len : hash_len;

        tch_hmac_init(&h, &key);
        tch_hmac_update(&h, a, hash_len);
        hmac_feed(&h, f);
        tch_hmac_final(&h, block);
        for (size_t i = 0; i < n; i++) {
            out[i] ^= block[i];
        }
        out += n;
        out_len -= n;
        tch_hmac_init(&h, &key);
        tch_hmac_update(&h, a, hash_len);
        tch_hmac_final(&h, a);
    }
    tch_wipe(&key, sizeof key);
    tch_wipe(a, sizeof a);
    tch_wipe(block, sizeof block);
}

/* RFC 2246 section 5: two halves, which share the middle byte if odd. */
static void prf_md5_sha1(uint8_t *out, size_t out_len,
                         struct tch_slice secret, const struct feed *f)
{
    size_t half = secret.len - secret.len / 2;
    struct tch_slice s1 = secret;
    struct tch_slice s2 = secret;

    if (half > 0) {
        s1 = tch_slice_of(secret.p, half);
        s2 = tch_slice_of(secret.p + secret.len - half, half);
    }
    p_hash(TCH_HASH_MD5, out, out_len, s1, f);
    p_hash(TCH_HASH_SHA1, out, out_len, s2, f);
}

/* One round of RFC 6101 section 6.1: MD5(s || SHA1(letters || s || seed)). */
static void ssl3_round(unsigned round, uint8_t out[16],
                       struct tch_slice secret, const struct feed *f)
{
    struct tch_hash_state h;
    uint8_t letters[26];
    uint8_t sha[20];

    memset(letters, (int)('A' + round), round + 1);
    tch_hash_init(&h, TCH_HASH_SHA1);
    tch_hash_update(&h, letters, round + 1);
    tch_hash_update(&h, secret.p, secret.len);
    for (size_t i = 0; i < f->num; i++) {
        tch_hash_update(&h, f->seed[i].p, f->seed[i].len);
    }
    tch_hash_final(&h, sha);
    tch_hash_init(&h, TCH_HASH_MD5);
    tch_hash_update(&h, secret.p, secret.len);
    tch_hash_update(&h, sha, sizeof sha);
    tch_hash_final(&h, out);
    tch_wipe(sha, sizeof sha);
}

static void prf_ssl3(uint8_t *out, size_t out_len, struct tch_slice secret,
                     const struct feed *f)
{
    uint8_t block[16];

    /* The alphabet ends with the 26th round. */
    for (unsigned i = 0; i < 26 && out_len > 0; i++) {
        size_t n = out_len < sizeof block ? out_len : sizeof block;

        ssl3_round(i, block, secret, f);
        memcpy(out, block, n);
        out += n;
        out_len -= n;
    }
    tch_wipe(block, sizeof block);
}

void tch_prf(struct tch_prf_spec spec, uint8_t *out, size_t out_len,
             struct tch_slice secret, const char *label,
             const struct tch_slice *seed, size_t num)
{
    struct feed f = { { NULL, 0 }, seed, num };

    if (out_len == 0) {
        return;
    }
    memset(out, 0, out_len);
    if (spec.kind == TCH_PRF_SSL3) {
        prf_ssl3(out, out_len, secret, &f);
        return;
    }
    f.label = tch_slice_of(label, strlen(label));
    if (spec.kind == TCH_PRF_MD5_SHA1) {
        prf_md5_sha1(out, out_len, secret, &f);
    } else {
        p_hash(spec.hash, out, out_len, secret, &f);
    }
}
