/*
 * SSL 3.0's own construction where TLS uses HMAC and a PRF: the messages are
 * hashed with the master secret behind them, and that once more with the
 * master secret in front.
 *
 * Sources: RFC 6101 5.6.8, 5.6.9; dossier 3.6, R-REC-042.
 */

#include <string.h>

#include "engine/base/wipe.h"
#include "handshake/hs_state.h"

/* H(ms || pad2 || H(messages || sender || ms || pad1)). */
static void part(const struct tch_hs *hs, enum tch_hash h, const char *sender,
                 uint8_t *out)
{
    struct tch_hash_state s = hs->transcript.states[h];
    size_t len = tch_hash_facts(h)->len;
    size_t pad_len = h == TCH_HASH_MD5 ? 48 : 40;
    uint8_t pad[48];
    uint8_t inner[TCH_HASH_MAX];

    if (sender != NULL) {
        tch_hash_update(&s, sender, strlen(sender));
    }
    tch_hash_update(&s, hs->r.master, TCH_MASTER_LEN);
    memset(pad, 0x36, sizeof pad);
    tch_hash_update(&s, pad, pad_len);
    tch_hash_final(&s, inner);

    tch_hash_init(&s, h);
    tch_hash_update(&s, hs->r.master, TCH_MASTER_LEN);
    memset(pad, 0x5C, sizeof pad);
    tch_hash_update(&s, pad, pad_len);
    tch_hash_update(&s, inner, len);
    tch_hash_final(&s, out);
    tch_wipe(inner, sizeof inner);
}

struct tch_slice tch_ssl3_hash(const struct tch_hs *hs, enum tch_hash h,
                               const char *sender, uint8_t out[TCH_HASH_MAX])
{
    if (h == TCH_HASH_MD5_SHA1) {
        part(hs, TCH_HASH_MD5, sender, out);
        part(hs, TCH_HASH_SHA1, sender,
             out + tch_hash_facts(TCH_HASH_MD5)->len);
    } else {
        part(hs, TCH_HASH_SHA1, sender, out);
    }
    return tch_slice_of(out, tch_hash_facts(h)->len);
}
