#ifndef TCH_CRYPTO_GLUE_X509_PEM_H
#define TCH_CRYPTO_GLUE_X509_PEM_H

/*
 * PEM and base64. Source: RFC 7468; dossier R-PKI-100.
 */

#include "engine/base/alloc.h"
#include "engine/base/status.h"

/* tch_pem_block: `label` as between the dashes, terminated, at most 31
 * characters; `der` belongs to the caller, who gives it back by tch_give
 * with der_cap bytes (it may be a private key: tch_give wipes). */
struct tch_pem_block {
    char label[32];
    uint8_t *der;
    size_t der_len;
    size_t der_cap;
};

/*
 * tch_pem_next finds the next block in `*text`, which moves behind it. Text
 * outside blocks is skipped. TCH_OK; TCH_NOT_FOUND at the end; TCH_BAD_FILE
 * for a block that is broken; TCH_NOT_SUPPORTED for an encrypted old-style
 * block; TCH_NO_MEMORY.
 */
TCH_MUST_CHECK enum tch_status tch_pem_next(const struct tch_alloc *alloc,
                                            struct tch_slice *text,
                                            struct tch_pem_block *out);

/*
 * tch_base64_decode decodes to `out`, skipping white space. The room needed
 * is at most len / 4 * 3 + 3. TCH_OK or TCH_BAD_FILE.
 */
TCH_MUST_CHECK enum tch_status tch_base64_decode(struct tch_slice text,
                                                 uint8_t *out,
                                                 size_t *out_len);

#endif
