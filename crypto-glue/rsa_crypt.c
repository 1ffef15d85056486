/*
 * RSA key transport (RFC 5246 7.4.7.1). The decrypting side is what
 * Bleichenbacher, ROBOT and Marvin are about (R-ATK-001, R-ATK-002), so it
 * tells nothing: every ciphertext, right or wrong, long or short, goes through
 * one exponentiation, one scan over the whole block and one copy under a mask,
 * and the answer is always 48 bytes and TCH_OK. An observer may learn the
 * modulus' length, nothing else.
 */

#include <string.h>

#include "crypto-glue/keys.h"
#include "crypto-glue/keys_private.h"
#include "crypto-glue/rsa_pad.h"
#include "engine/base/ct.h"
#include "engine/base/wipe.h"

enum tch_status tch_rsa_encrypt(const struct tch_public_key *k,
                                struct tch_slice in,
                                const struct tch_draw_source *draw,
                                uint8_t *out, size_t *out_len)
{
    uint8_t em[TCH_RSA_MAX_BYTES];
    enum tch_status s = TCH_OK;
    bool fits;

    *out_len = 0;
    if (k->info.kind != TCH_KEY_RSA) {
        return TCH_BAD_KEY;
    }
    if (!tch_pkcs1_wrap(in, draw, em, k->rsa.len, &fits)) {
        s = TCH_NO_RANDOM;
    } else if (!fits ||
               !tch_rsa_public_op(&k->rsa, tch_slice_of(em, k->rsa.len),
                                  out)) {
        s = TCH_BAD_KEY;
    } else {
        *out_len = k->rsa.len;
    }
    tch_wipe(em, sizeof em);
    return s;
}

/* The ciphertext as a number below n. One of a wrong length or size becomes
 * 2 and takes the same way as all others (R-KX-026); the mask remembers. */
static tch_mask load_ciphertext(const struct tch_rsa_public *k,
                                struct tch_slice in, uint64_t *out)
{
    uint64_t two[TCH_BN_MAX_LIMBS] = { 2 };
    uint64_t good = 0;

    memset(out, 0, k->n.num * sizeof out[0]);
    if (in.len == k->len && tch_bn_load(out, k->n.num, in)) {
        good = tch_bn_lt(out, k->n.m, k->n.num);
    }
    tch_bn_select(out, good, out, two, k->n.num);
    return (tch_mask)good;
}

enum tch_status tch_rsa_decrypt_premaster(const struct tch_private_key *k,
                                          struct tch_slice ciphertext,
                                          const struct tch_draw_source *draw,
                                          uint8_t out[48])
{
    const struct tch_rsa_public *pub = &k->rsa.pub;
    uint64_t in[TCH_BN_MAX_LIMBS];
    uint64_t result[TCH_BN_MAX_LIMBS];
    uint8_t em[TCH_RSA_MAX_BYTES];
    uint64_t sound;
    tch_mask good;
    enum tch_status s;

    if (k->info.kind != TCH_KEY_RSA) {
        return TCH_BAD_KEY;
    }
    good = load_ciphertext(pub, ciphertext, in);
    s = tch_rsa_private_op_masked(&k->rsa, &k->alloc, draw, "rsa.blind", in,
                                  result, &sound, NULL);
    if (s == TCH_OK) {
        tch_bn_store(em, pub->len, result, pub->n.num);
        /* A block that begins with FF is malformed, whatever the stand-in
         * of a wrong ciphertext decrypts to. */
        em[0] |= (uint8_t)~good;
        tch_rsa_unwrap_premaster(tch_slice_of(em, pub->len), out);
        s = (enum tch_status)tch_ct_select((tch_mask)sound, TCH_OK,
                                           TCH_INTERNAL);
    }
    tch_wipe(result, sizeof result);
    tch_wipe(em, sizeof em);
    return s;
}
