/*
 * Taking over what a finished handshake left behind: the session, what the
 * next handshake on this connection must know, and what questions are
 * answered from. Then the handshake's memory goes back.
 *
 * Source: dossier R-HS-058, R-EXT-082, R-KEY-063.
 */

#include <string.h>

#include "crypto-glue/hash.h"
#include "engine/base/hostname.h"
#include "engine/engine.h"
#include "handshake/messages.h"

static void fill_session(const struct tch_conn *c,
                         const struct tch_hs_result *r, struct tch_session *s)
{
    const struct tch_config *cfg = tch_cfg_of(c);
    uint64_t now = tch_now(&cfg->clock);
    struct tch_slice list = r->peer_chain;
    struct tch_slice leaf;

    s->role = c->role;
    s->version = r->version->wire;
    s->suite = r->suite->code;
    s->group = r->group;
    s->scheme = r->scheme;
    s->policy = cfg->policy->id;
    s->ems = r->ems;
    s->etm = r->etm;
    s->id_len = (uint8_t)r->session_id.len;
    if (s->id_len != 0) {
        memcpy(s->id, r->session_id.p, s->id_len);
    }
    memcpy(s->master, r->master, TCH_MASTER_LEN);
    s->created = now;
    s->expires = now + cfg->session_ms;
    s->has_peer = tch_certificate_next(&list, &leaf);
    if (s->has_peer) {
        tch_hash(TCH_HASH_SHA256, &leaf, 1, s->peer_hash);
    }
    s->peer_checked = c->judged;
    s->name_checked = c->judged && c->name_check;
    s->peer_kind = r->peer_kind;
    s->peer_bits = r->peer_bits;
    if (c->role == TCH_CLIENT) {
        memcpy(s->server_name, c->name, sizeof s->server_name);
        return;
    }
    (void)tch_hostname(r->server_name, s->server_name);
}

/* Under what a later handshake will find it. */
static struct tch_slice key_of(const struct tch_conn *c,
                               const struct tch_session *s)
{
    return c->role == TCH_CLIENT
               ? tch_slice_of(c->name, strlen(c->name))
               : tch_slice_of(s->id, s->id_len);
}

static enum tch_status make_session(struct tch_conn *c,
                                    const struct tch_hs_result *r,
                                    struct tch_session **out)
{
    const struct tch_config *cfg = tch_cfg_of(c);
    struct tch_session *s = tch_session_new(c->alloc);

    if (s == NULL) {
        return TCH_NO_MEMORY;
    }
    fill_session(c, r, s);
    if (cfg->keep_peer_chain &&
        !tch_session_set_chain(s, r->peer_chain)) {
        tch_session_unref(s);
        return TCH_NO_MEMORY;
    }
    if (cfg->resumption && s->id_len != 0 &&
        r->server_name.len <= TCH_HOSTNAME_MAX) {
        tch_cache_put(cfg->cache, key_of(c, s), s);
    }
    *out = s;
    return TCH_OK;
}

static enum tch_status keep_schemes(struct tch_conn *c, struct tch_slice list)
{
    uint8_t *copy = tch_take(c->alloc, list.len);

    if (list.len != 0) {
        if (copy == NULL) {
            return TCH_NO_MEMORY;
        }
        memcpy(copy, list.p, list.len);
    }
    tch_give(c->alloc, c->peer_schemes, c->peer_schemes_len);
    c->peer_schemes = copy;
    c->peer_schemes_len = list.len;
    return TCH_OK;
}

static void remember(struct tch_conn *c, const struct tch_hs_result *r)
{
    struct tch_hs_before *b = &c->before;

    b->secure = r->secure_renegotiation;
    b->ems = r->ems;
    b->etm = r->etm;
    b->version = r->version->wire;
    b->verify_len = r->verify_len;
    memcpy(b->client_verify, r->client_verify, sizeof b->client_verify);
    memcpy(b->server_verify, r->server_verify, sizeof b->server_verify);
    b->has_server_cert = c->role == TCH_CLIENT && c->session->has_peer;
    memcpy(b->server_cert_hash, c->session->peer_hash,
           sizeof b->server_cert_hash);
}

static void note_facts(struct tch_conn *c, const struct tch_hs_result *r)
{
    struct tch_settled *n = &c->now;

    n->handshakes++;
    n->version = r->version->wire;
    n->suite = r->suite->code;
    n->group = r->resumed ? r->session->group : r->group;
    n->group_bits = n->group != 0 ? tch_group_facts(n->group)->bits
                                  : r->group_bits;
    n->scheme = r->resumed ? r->session->scheme : r->scheme;
    n->resumed = r->resumed;
    n->client_cert = r->resumed ? c->role == TCH_SERVER && r->session->has_peer
                                : r->client_cert;
    n->alpn_len = (uint8_t)r->alpn.len;
    if (n->alpn_len != 0) {
        memcpy(n->alpn, r->alpn.p, n->alpn_len);
    }
    memcpy(n->client_random, r->client_random, 32);
    memcpy(n->server_random, r->server_random, 32);
    n->id_len = (uint8_t)r->session_id.len;
    if (n->id_len != 0) {
        memcpy(n->id, r->session_id.p, n->id_len);
    }
}

enum tch_status tch_settle(struct tch_conn *c)
{
    const struct tch_hs_result *r = tch_hs_result(c->hs);
    struct tch_session *session = tch_session_ref(r->session);
    enum tch_status s = keep_schemes(c, r->peer_schemes);

    if (s == TCH_OK && !r->resumed) {
        s = make_session(c, r, &session);
    }
    if (s != TCH_OK) {
        tch_session_unref(session);
        return s;
    }
    tch_session_unref(c->session);
    c->session = session;
    if (!r->resumed) {
        tch_identity_unref(c->local);
        c->local = tch_identity_ref(r->local);
    }
    remember(c, r);
    note_facts(c, r);
    c->we_asked = false;
    __atomic_store_n(&c->unproved, false, __ATOMIC_RELEASE);
    tch_end_handshake(c);
    tch_set_state(c, TCH_STATE_OPEN);
    return TCH_OK;
}
