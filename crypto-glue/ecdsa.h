#ifndef TCH_CRYPTO_GLUE_ECDSA_H
#define TCH_CRYPTO_GLUE_ECDSA_H

/*
 * ECDSA over the curves of own/ec.h. Private to the glue.
 *
 * Sources: FIPS 186-4 6; RFC 6979; RFC 3279 2.2.3; dossier R-PKI-081,
 * R-ATK-033, R-ATK-036; libtomcrypt-notes L8.
 */

#include "crypto-glue/own/ec.h"
#include "engine/base/algs.h"
#include "engine/base/draw.h"
#include "engine/base/status.h"

/* tch_ecdsa_verify checks a DER signature over a hash; false for every kind
 * of wrong one. */
bool tch_ecdsa_verify(const struct tch_ec_curve *c,
                      const struct tch_ec_point *key, struct tch_slice hash,
                      struct tch_slice signature);

/*
 * tch_ecdsa_sign signs a hash of algorithm `h` with the private scalar `d`
 * and writes DER to `out`, at most `cap` bytes. The nonce is that of
 * RFC 6979, with 32 bytes drawn as "sign.nonce" mixed in (3.6) unless the
 * source is a deterministic one. TCH_OK; TCH_NO_RANDOM; TCH_INTERNAL when no
 * nonce would do.
 */
TCH_MUST_CHECK enum tch_status
tch_ecdsa_sign(const struct tch_ec_curve *c, const uint64_t *d,
               enum tch_hash h, struct tch_slice hash,
               const struct tch_draw_source *draw, uint8_t *out, size_t cap,
               size_t *out_len);

#endif
