#ifndef TCH_CRYPTO_GLUE_RSA_PAD_H
#define TCH_CRYPTO_GLUE_RSA_PAD_H

/*
 * RSA paddings: PKCS#1 v1.5 types 1 and 2, and PSS. Private to the glue.
 *
 * Sources: RFC 8017 7.2, 8.1, 9.1, 9.2, B.2.1; RFC 5246 4.7; dossier R-KX-005,
 * R-KX-006, R-KX-024, R-KX-027; libtomcrypt-notes L7, L9.
 */

#include "engine/base/algs.h"
#include "engine/base/ct.h"
#include "engine/base/draw.h"

/* tch_digest_info_len is the length of a DigestInfo with NULL parameters, or
 * of the bare hash for MD5 || SHA-1. */
size_t tch_digest_info_len(enum tch_hash h);

/*
 * tch_pkcs1_encode builds the block 00 01 FF.. 00 DigestInfo of `len` bytes
 * around a hash of h's length. `null` says whether the DigestInfo has its
 * NULL parameters. False when `len` has no room for 8 bytes FF.
 */
TCH_MUST_CHECK bool tch_pkcs1_encode(enum tch_hash h, const uint8_t *hash,
                                     bool null, uint8_t *em, size_t len);

/* tch_pkcs1_matches says whether `em` is such a block, with or without NULL:
 * built and compared, never parsed (R-KX-005). */
bool tch_pkcs1_matches(enum tch_hash h, const uint8_t *hash,
                       const uint8_t *em, size_t len);

/*
 * tch_pss_encode builds the block for a modulus of `bits` bits, salt of the
 * hash's length, MGF1 of the same hash; `em` has (bits + 7) / 8 bytes, the
 * first one 0 when the block is shorter. False when there is no room.
 */
TCH_MUST_CHECK bool tch_pss_encode(enum tch_hash h, const uint8_t *hash,
                                   const uint8_t *salt, uint8_t *em,
                                   unsigned bits);

/* tch_pss_matches checks such a block (RFC 8017 9.1.2); it unmasks `em` in
 * place. */
bool tch_pss_matches(enum tch_hash h, const uint8_t *hash, uint8_t *em,
                     unsigned bits);

/* tch_pkcs1_wrap builds 00 02 padding 00 `in` of `len` bytes, the padding
 * non-zero, drawn as "rsa.padding" (and "rsa.padding.more" in place of zero
 * bytes). `*fits` says whether there is room; false when nothing could be
 * drawn. */
TCH_MUST_CHECK bool tch_pkcs1_wrap(struct tch_slice in,
                                   const struct tch_draw_source *draw,
                                   uint8_t *em, size_t len, bool *fits);

/*
 * tch_pkcs1_scan looks through a decrypted block 00 02 padding 00 content, in
 * time that depends on `len` alone. The mask is ones when the block is well
 * formed (at least 8 bytes of padding, a zero behind them); `*content_len` is
 * then the length of the content, and as secret as the mask.
 */
tch_mask tch_pkcs1_scan(const uint8_t *em, size_t len, uint32_t *content_len);

#endif
