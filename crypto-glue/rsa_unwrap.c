/*
 * The premaster secret out of a block that somebody else decrypted. Only the
 * block's length is public; everything in it is secret (R-KX-022, R-KX-024).
 */

#include "crypto-glue/keys.h"
#include "crypto-glue/rsa_pad.h"

void tch_rsa_unwrap_premaster(struct tch_slice block, uint8_t out[48])
{
    uint32_t content_len = 0;
    tch_mask good;

    if (block.len < 48 + 11) {
        return;
    }
    good = tch_pkcs1_scan(block.p, block.len, &content_len);
    good &= tch_ct_eq(content_len, 48);
    tch_ct_copy(good, out, block.p + block.len - 48, 48);
}
