#ifndef TCH_CRYPTO_GLUE_PRF_H
#define TCH_CRYPTO_GLUE_PRF_H

/*
 * The three ways SSL and TLS make keys from a secret.
 * Sources: RFC 6101 6.1, RFC 2246 5, RFC 5246 5; dossier 4.1.
 */

#include "engine/base/algs.h"
#include "engine/base/versions.h"

/* tch_prf_spec names a PRF: `hash` counts for TCH_PRF_SUITE alone. */
struct tch_prf_spec {
    enum tch_prf_kind kind;
    enum tch_hash hash;
};

/*
 * tch_prf fills `out_len` bytes at `out` with PRF(secret, label, seed), where
 * the seed is the `num` slices one after the other. For TCH_PRF_SSL3 the
 * label is not used and out_len is at most 416. `out` must not overlap an
 * input. R-KEY-001..004.
 */
void tch_prf(struct tch_prf_spec spec, uint8_t *out, size_t out_len,
             struct tch_slice secret, const char *label,
             const struct tch_slice *seed, size_t num);

#endif
