/*
 * Signatures by scheme: hash, pad, and hand over to RSA, DSA or ECDSA, or hand
 * the message to Ed25519 as it is. What a key may sign with is decided in one
 * function, tch_scheme_fits, for signing and checking alike.
 */

#include <string.h>

#include "crypto-glue/ecdsa.h"
#include "crypto-glue/hash.h"
#include "crypto-glue/keys.h"
#include "crypto-glue/keys_private.h"
#include "crypto-glue/own/ed25519.h"
#include "crypto-glue/rsa_pad.h"
#include "engine/base/wipe.h"

static bool rsa_has_room(const struct tch_scheme_row *row, unsigned bits)
{
    size_t hash = tch_hash_facts(row->hash)->len;

    if (row->kind == TCH_SIG_RSA_PSS) {
        return (bits - 1 + 7) / 8 >= 2 * hash + 2;
    }
    return (bits + 7) / 8 >= tch_digest_info_len(row->hash) + 11;
}

bool tch_scheme_fits(struct tch_key_info key, unsigned scheme)
{
    const struct tch_scheme_row *row = tch_scheme_facts(scheme);

    if (row == NULL || row->key != key.kind) {
        return false;
    }
    switch (row->kind) {
    case TCH_SIG_RSA_PKCS1:
    case TCH_SIG_RSA_PSS:
        return key.bits >= TCH_RSA_MIN_BITS && rsa_has_room(row, key.bits) &&
               (key.pss_hash == TCH_HASH_NONE || key.pss_hash == row->hash);
    case TCH_SIG_ECDSA:
        return tch_ec_curve_of(key.group) != NULL;
    case TCH_SIG_EDDSA:
        return scheme == TCH_SCHEME_ED25519;
    case TCH_SIG_DSA:
        return true; /* a hash longer or shorter than q will do, 186-4 4.6 */
    default:
        return false;
    }
}

/* The scheme's hash over the message, or an empty slice when the scheme does
 * not fit. */
static struct tch_slice hash_message(struct tch_key_info key, unsigned scheme,
                                     const struct tch_slice *message,
                                     size_t num, uint8_t hash[TCH_HASH_MAX])
{
    enum tch_hash h;

    if (!tch_scheme_fits(key, scheme)) {
        return tch_slice_of(NULL, 0);
    }
    h = tch_scheme_facts(scheme)->hash;
    tch_hash(h, message, num, hash);
    return tch_slice_of(hash, tch_hash_facts(h)->len);
}

/* EdDSA hashes the message twice, so it takes no finished hash. */
static bool is_eddsa(struct tch_key_info key, unsigned scheme)
{
    return key.kind == TCH_KEY_ED25519 && tch_scheme_fits(key, scheme);
}

static bool hash_fits(struct tch_key_info key, unsigned scheme,
                      struct tch_slice hash)
{
    return tch_scheme_fits(key, scheme) &&
           hash.len == tch_hash_facts(tch_scheme_facts(scheme)->hash)->len;
}

static bool verify_rsa(const struct tch_rsa_public *k,
                       const struct tch_scheme_row *row,
                       struct tch_slice hash, struct tch_slice signature)
{
    uint8_t em[TCH_RSA_MAX_BYTES];

    if (!tch_rsa_public_op(k, signature, em)) {
        return false;
    }
    if (row->kind == TCH_SIG_RSA_PSS) {
        return tch_pss_matches(row->hash, hash.p, em, k->bits);
    }
    return tch_pkcs1_matches(row->hash, hash.p, em, k->len);
}

enum tch_status tch_verify_hash(const struct tch_public_key *k,
                                unsigned scheme, struct tch_slice hash,
                                struct tch_slice signature)
{
    const struct tch_scheme_row *row = tch_scheme_facts(scheme);
    bool good;

    if (is_eddsa(k->info, scheme)) {
        return TCH_NOT_SUPPORTED;
    }
    if (!hash_fits(k->info, scheme, hash)) {
        return TCH_BAD_KEY;
    }
    if (k->info.kind == TCH_KEY_DSA) {
        return tch_dsa_verify(&k->dsa, &k->alloc, hash, signature);
    }
    if (k->info.kind == TCH_KEY_EC) {
        good = tch_ecdsa_verify(k->ec.curve, &k->ec.point, hash, signature);
    } else {
        good = verify_rsa(&k->rsa, row, hash, signature);
    }
    return good ? TCH_OK : TCH_BAD_SIGNATURE;
}

enum tch_status tch_verify(const struct tch_public_key *k, unsigned scheme,
                           const struct tch_slice *message, size_t num,
                           struct tch_slice signature)
{
    uint8_t hash[TCH_HASH_MAX];

    if (is_eddsa(k->info, scheme)) {
        return tch_ed25519_verify(k->ed, message, num, signature)
                   ? TCH_OK
                   : TCH_BAD_SIGNATURE;
    }
    return tch_verify_hash(
        k, scheme, hash_message(k->info, scheme, message, num, hash),
        signature);
}

/* The padded block that is to be signed, k->len bytes. */
static enum tch_status pad_rsa(const struct tch_rsa_public *k,
                               const struct tch_scheme_row *row,
                               struct tch_slice hash,
                               const struct tch_draw_source *draw,
                               uint8_t *em)
{
    uint8_t salt[TCH_HASH_MAX];
    bool fits;

    if (row->kind == TCH_SIG_RSA_PSS) {
        if (!tch_draw(draw, "sign.salt", salt, hash.len)) {
            return TCH_NO_RANDOM;
        }
        fits = tch_pss_encode(row->hash, hash.p, salt, em, k->bits);
    } else {
        fits = tch_pkcs1_encode(row->hash, hash.p, true, em, k->len);
    }
    return fits ? TCH_OK : TCH_BAD_KEY;
}

static enum tch_status sign_rsa(const struct tch_private_key *k,
                                const struct tch_scheme_row *row,
                                struct tch_slice hash,
                                const struct tch_draw_source *draw,
                                uint8_t *out, size_t *out_len)
{
    const struct tch_rsa_public *pub = &k->rsa.pub;
    uint8_t em[TCH_RSA_MAX_BYTES];
    uint64_t in[TCH_BN_MAX_LIMBS];
    uint64_t result[TCH_BN_MAX_LIMBS];
    enum tch_status s = pad_rsa(pub, row, hash, draw, em);

    if (s != TCH_OK) {
        return s;
    }
    if (!tch_bn_load(in, pub->n.num, tch_slice_of(em, pub->len))) {
        return TCH_INTERNAL;
    }
    s = tch_rsa_private_op(&k->rsa, &k->alloc, draw, "sign.blind", in, result,
                           NULL);
    if (s == TCH_OK) {
        tch_bn_store(out, pub->len, result, pub->n.num);
        *out_len = pub->len;
    }
    return s;
}

enum tch_status tch_sign_hash(const struct tch_private_key *k,
                              unsigned scheme, struct tch_slice hash,
                              const struct tch_draw_source *draw,
                              uint8_t *out, size_t *out_len)
{
    const struct tch_scheme_row *row = tch_scheme_facts(scheme);

    *out_len = 0;
    if (is_eddsa(k->info, scheme)) {
        return TCH_NOT_SUPPORTED;
    }
    if (!hash_fits(k->info, scheme, hash)) {
        return TCH_BAD_KEY;
    }
    if (k->info.kind == TCH_KEY_DSA) {
        return tch_dsa_sign(&k->dsa, &k->alloc, row->hash, hash, draw, out,
                            TCH_SIGNATURE_MAX, out_len);
    }
    if (k->info.kind == TCH_KEY_EC) {
        return tch_ecdsa_sign(k->ec.curve, k->d, row->hash, hash, draw, out,
                              TCH_SIGNATURE_MAX, out_len);
    }
    return sign_rsa(k, row, hash, draw, out, out_len);
}

enum tch_status tch_sign(const struct tch_private_key *k, unsigned scheme,
                         const struct tch_slice *message, size_t num,
                         const struct tch_draw_source *draw, uint8_t *out,
                         size_t *out_len)
{
    uint8_t hash[TCH_HASH_MAX];

    if (is_eddsa(k->info, scheme)) {
        tch_ed25519_sign(out, k->ed_seed, k->ed, message, num);
        *out_len = 64;
        return TCH_OK;
    }
    return tch_sign_hash(k, scheme,
                         hash_message(k->info, scheme, message, num, hash),
                         draw, out, out_len);
}
