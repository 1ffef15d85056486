/*
 * From the premaster secret to keys and verify_data. Mind the order of the
 * randoms: client first for the master secret, server first for the key
 * block. The premaster secret is wiped as soon as it has been used
 * (R-KEY-010).
 *
 * Sources: RFC 5246 6.3, 7.4.9, 8.1; RFC 7627 4; dossier 4.1, 4.2, 4.4.
 */

#include "handshake/hs_state.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/wipe.h"

enum tch_hash tch_hs_prf_hash(const struct tch_hs *hs)
{
    return hs->r.version->prf == TCH_PRF_SUITE ? hs->r.suite->prf
                                               : TCH_HASH_MD5_SHA1;
}

static struct tch_prf_spec prf_of(const struct tch_hs *hs)
{
    struct tch_prf_spec spec = { hs->r.version->prf, hs->r.suite->prf };

    return spec;
}

/* NSS key-log line: "CLIENT_RANDOM <random> <master secret>". */
void tch_log_master(const struct tch_hs *hs)
{
    const struct tch_observer *o = hs->p->observer;
    char line[14 + 64 + 1 + 96 + 1];
    size_t at;

    if (o == NULL || o->keylog == NULL) {
        return;
    }
    at = (size_t)snprintf(line, sizeof line, "CLIENT_RANDOM ");
    for (size_t i = 0; i < 32; i++, at += 2) {
        snprintf(line + at, sizeof line - at, "%02x", hs->r.client_random[i]);
    }
    line[at++] = ' ';
    for (size_t i = 0; i < TCH_MASTER_LEN; i++, at += 2) {
        snprintf(line + at, sizeof line - at, "%02x", hs->r.master[i]);
    }
    o->keylog(o->arg, line);
    tch_wipe(line, sizeof line);
}

enum tch_status tch_derive_master(struct tch_hs *hs)
{
    struct tch_slice premaster = { hs->premaster, hs->premaster_len };
    uint8_t hash[TCH_HASH_MAX];
    struct tch_slice seed[2] = { { hs->r.client_random, 32 },
                                 { hs->r.server_random, 32 } };

    if (hs->premaster == NULL) {
        return TCH_INTERNAL;
    }
    if (hs->r.ems) {
        seed[0] = tch_transcript_hash(hs, tch_hs_prf_hash(hs), hash);
        tch_prf(prf_of(hs), hs->r.master, TCH_MASTER_LEN, premaster,
                "extended master secret", seed, 1);
    } else {
        tch_prf(prf_of(hs), hs->r.master, TCH_MASTER_LEN, premaster,
                "master secret", seed, 2);
    }
    tch_wipe(hs->premaster, hs->premaster_len);
    hs->premaster = NULL;
    hs->master_known = true;
    tch_log_master(hs);
    return TCH_OK;
}

struct lengths {
    size_t mac;
    size_t key;
    size_t iv;
};

static struct lengths lengths_of(const struct tch_hs *hs)
{
    const struct tch_cipher_row *c = tch_cipher_facts(hs->r.suite->cipher);
    struct lengths n = { tch_hash_facts(hs->r.suite->mac)->len,
                         c->key_material, c->fixed_iv };

    if (c->type == TCH_TYPE_CBC && !hs->r.version->explicit_iv) {
        n.iv = c->block;
    }
    return n;
}

static enum tch_status make_key_block(struct tch_hs *hs)
{
    struct lengths n = lengths_of(hs);
    struct tch_slice seed[2] = { { hs->r.server_random, 32 },
                                 { hs->r.client_random, 32 } };
    struct tch_slice master = { hs->r.master, TCH_MASTER_LEN };

    if (!hs->master_known) {
        return TCH_INTERNAL; /* R-HS-081: no keys from an empty secret */
    }
    hs->key_block_len = 2 * (n.mac + n.key + n.iv);
    hs->key_block = tch_arena_get(hs->arena, hs->key_block_len + 1);
    if (hs->key_block == NULL) {
        return TCH_NO_MEMORY;
    }
    tch_prf(prf_of(hs), hs->key_block, hs->key_block_len, master,
            "key expansion", seed, 2);
    return TCH_OK;
}

enum tch_status tch_derive_keys(struct tch_hs *hs, bool ours,
                                struct tch_hs_keys *out)
{
    struct lengths n = lengths_of(hs);
    size_t second = ours == tch_hs_is_client(hs) ? 0 : 1; /* server's half */
    const uint8_t *p;

    if (hs->key_block == NULL) {
        enum tch_status s = make_key_block(hs);

        if (s != TCH_OK) {
            return s;
        }
    }
    p = hs->key_block;
    memset(out, 0, sizeof *out);
    out->suite = hs->r.suite;
    out->version = hs->r.version->wire;
    out->etm = hs->r.etm;
    out->mac_key = tch_slice_of(p + second * n.mac, n.mac);
    p += 2 * n.mac;
    out->key = tch_slice_of(p + second * n.key, n.key);
    p += 2 * n.key;
    out->iv = tch_slice_of(p + second * n.iv, n.iv);
    return TCH_OK;
}

void tch_verify_data(const struct tch_hs *hs, enum tch_role sender,
                     uint8_t out[TCH_VERIFY_DATA_MAX])
{
    uint8_t hash[TCH_HASH_MAX];
    struct tch_slice master = { hs->r.master, TCH_MASTER_LEN };
    struct tch_slice seed;

    if (hs->r.version->prf == TCH_PRF_SSL3) {
        seed = tch_ssl3_hash(hs, TCH_HASH_MD5_SHA1,
                             sender == TCH_CLIENT ? "CLNT" : "SRVR", hash);
        memcpy(out, seed.p, seed.len);
        return;
    }
    seed = tch_transcript_hash(hs, tch_hs_prf_hash(hs), hash);
    tch_prf(prf_of(hs), out, hs->r.version->verify_data, master,
            sender == TCH_CLIENT ? "client finished" : "server finished",
            &seed, 1);
}
