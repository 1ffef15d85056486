/*
 * Signing with a key of ours, wherever it is. A key in this process answers
 * at once; an outside one may take its time, and the step is run again when
 * its answer has come. The signature is kept, so that running a step twice
 * does not sign twice.
 */

#include <string.h>

#include "handshake/hs_state.h"

static void hash_message(enum tch_hash h, const struct tch_slice *message,
                         size_t num, struct tch_slice *hash,
                         uint8_t out[TCH_HASH_MAX])
{
    if (hash->len == 0 && h != TCH_HASH_NONE) {
        tch_hash(h, message, num, out);
        *hash = tch_slice_of(out, tch_hash_facts(h)->len);
    }
}

static enum tch_status keep(struct tch_hs *hs, struct tch_slice made,
                            struct tch_slice *signature)
{
    if (made.len == 0 || !tch_arena_copy(hs->arena, made, &hs->signature)) {
        return made.len == 0 ? TCH_INTERNAL : TCH_NO_MEMORY;
    }
    *signature = hs->signature;
    return TCH_OK;
}

static enum tch_status sign_outside(struct tch_hs *hs, unsigned scheme,
                                    struct tch_slice hash, uint8_t *out,
                                    size_t *out_len)
{
    const struct tch_signer *signer = &hs->r.local->signer;
    enum tch_status s;

    if (hs->want == TCH_FX_NEED_SIGNATURE && hs->answered) {
        memcpy(out, hs->answer.p, hs->answer.len);
        *out_len = hs->answer.len;
        return tch_hs_ask(hs, TCH_FX_NEED_SIGNATURE, TCH_WANT_SIGNATURE);
    }
    s = signer->sign == NULL
            ? TCH_BAD_KEY
            : signer->sign(signer->arg, scheme, hash, out, out_len);
    return s == TCH_WANT_SIGNATURE
               ? tch_hs_ask(hs, TCH_FX_NEED_SIGNATURE, TCH_WANT_SIGNATURE)
               : s;
}

enum tch_status tch_hs_sign(struct tch_hs *hs, unsigned scheme,
                            struct tch_slice hash,
                            const struct tch_slice *message, size_t num,
                            struct tch_slice *signature)
{
    uint8_t out[TCH_SIGNATURE_MAX];
    uint8_t digest[TCH_HASH_MAX];
    size_t out_len = 0;
    enum tch_status s;

    if (hs->signature.len != 0) {
        *signature = hs->signature;
        return TCH_OK;
    }
    if (hs->r.local->key != NULL && hash.len == 0) {
        s = tch_sign(hs->r.local->key, scheme, message, num, hs->p->draw, out,
                     &out_len);
    } else if (hs->r.local->key != NULL) {
        s = tch_sign_hash(hs->r.local->key, scheme, hash, hs->p->draw, out,
                          &out_len);
    } else {
        hash_message(tch_scheme_facts(scheme)->hash, message, num, &hash,
                     digest);
        s = sign_outside(hs, scheme, hash, out, &out_len);
    }
    return s == TCH_OK ? keep(hs, tch_slice_of(out, out_len), signature) : s;
}
