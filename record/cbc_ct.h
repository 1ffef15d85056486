#ifndef TCH_RECORD_CBC_CT_H
#define TCH_RECORD_CBC_CT_H

/*
 * Padding and MAC of a decrypted CBC record, judged in constant time. Private
 * to record/.
 *
 * Sources: RFC 5246 6.2.3.2; R-REC-050 to 054; R-ATK-003 to 005.
 */

#include "engine/base/ct.h"
#include "record/mac.h"

/*
 * tch_cbc_ct_check judges fragment || MAC || padding: `p` is the record with
 * `data` and `len` behind any IV, decrypted; `len` is public, a multiple of
 * `block`, and at least m->len + 1. Returns all ones when padding and MAC are
 * both right, and the fragment's length in `*out_len`.
 *
 * Time and addresses depend on `len`, `block` and the MAC alone. The mask and
 * *out_len are secret until the caller has made one decision on the mask; a
 * length beside a mask of zeros means nothing and must not be used.
 */
tch_mask tch_cbc_ct_check(const struct tch_mac *m, enum tch_pad_rule rule,
                          size_t block, const struct tch_piece *p,
                          uint32_t *out_len);

/*
 * tch_cbc_ct_padding judges the padding alone, for encrypt-then-MAC: `room`
 * bytes in front of it must remain (0 there, the MAC's length otherwise). The
 * padding's length without its length byte goes to `*out_pad`, 0 when bad.
 */
tch_mask tch_cbc_ct_padding(enum tch_pad_rule rule, size_t block,
                            const uint8_t *body, size_t len, size_t room,
                            uint32_t *out_pad);

#endif
