/*
 * HMAC and the MAC of SSL 3.0 have one shape, a hash inside a hash, each
 * begun with the key and a pad:
 *
 *     HMAC     H( key ^ 5c.. || H( key ^ 36.. || text ) )
 *     SSL 3.0  H( key || 5c.. || H( key || 36.. || text ) )
 *
 * So both are a pair of prepared hash states, and a struct tch_hmac_key holds
 * either. (Only tch_hmac_ct may not be given SSL 3.0's pair: with SHA-1 its
 * states do not end at a block, 20 + 40 bytes instead of 64.)
 *
 * RFC 6101 5.2.3.1, 2104; R-REC-040, R-REC-042.
 */

#include "record/mac.h"

#include <string.h>

#include "engine/base/wipe.h"
#include "record/observe.h"

#define SSL3_PAD_MD5 48u
#define SSL3_PAD_SHA1 40u

static void start_ssl3(struct tch_hash_state *s, enum tch_hash alg,
                       struct tch_slice key, int byte)
{
    uint8_t pad[SSL3_PAD_MD5];

    memset(pad, byte, sizeof pad);
    tch_hash_init(s, alg);
    tch_hash_update(s, key.p, key.len);
    tch_hash_update(s, pad,
                    alg == TCH_HASH_MD5 ? SSL3_PAD_MD5 : SSL3_PAD_SHA1);
}

void tch_mac_init(struct tch_mac *m, enum tch_mac_kind kind, enum tch_hash alg,
                  struct tch_slice key)
{
    m->kind = kind;
    m->len = tch_hash_facts(alg)->len;
    if (kind == TCH_MAC_SSL3) {
        m->key.alg = alg;
        start_ssl3(&m->key.inner, alg, key, 0x36);
        start_ssl3(&m->key.outer, alg, key, 0x5C);
    } else {
        tch_hmac_set_key(&m->key, alg, key.p, key.len);
    }
}

size_t tch_mac_header(const struct tch_mac *m, uint8_t *out,
                      const struct tch_piece *p, size_t len)
{
    tch_pseudo_header(out, p, len);
    if (m->kind == TCH_MAC_SSL3) {
        out[9] = out[11];
        out[10] = out[12];
        return TCH_PSEUDO_HEADER_LEN - 2;
    }
    return TCH_PSEUDO_HEADER_LEN;
}

void tch_mac_run(const struct tch_mac *m, uint8_t *out,
                 const struct tch_piece *p, const struct tch_slice *parts,
                 size_t num)
{
    uint8_t header[TCH_PSEUDO_HEADER_LEN];
    struct tch_hmac h;
    size_t header_len;
    size_t len = 0;

    for (size_t i = 0; i < num; i++) {
        len += parts[i].len;
    }
    header_len = tch_mac_header(m, header, p, len);
    tch_reveal(p, "mac_input", header, header_len);
    tch_hmac_init(&h, &m->key);
    tch_hmac_update(&h, header, header_len);
    for (size_t i = 0; i < num; i++) {
        if (parts[i].len != 0) {
            tch_reveal(p, "mac_input", parts[i].p, parts[i].len);
            tch_hmac_update(&h, parts[i].p, parts[i].len);
        }
    }
    tch_hmac_final(&h, out);
    tch_reveal(p, "MAC", out, m->len);
}

void tch_mac_clear(struct tch_mac *m)
{
    tch_wipe(m, sizeof *m);
}
