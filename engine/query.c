/* Questions about a connection: what was agreed, who the peer is, keying
 * material and bindings. */

#include <string.h>

#include "crypto-glue/hash.h"
#include "crypto-glue/prf.h"
#include "engine/engine.h"
#include "handshake/messages.h"

enum tch_state tch_conn_state(const struct tch_conn *c)
{
    return tch_state_of(c);
}

enum tch_role tch_conn_role(const struct tch_conn *c)
{
    return c->role;
}

const struct tch_failure *tch_conn_failure(const struct tch_conn *c)
{
    return &c->failure;
}

bool tch_conn_shut_down(const struct tch_conn *c)
{
    return __atomic_load_n(&c->shut_down, __ATOMIC_ACQUIRE);
}

const char *tch_key_kind_name(enum tch_key_kind kind)
{
    switch (kind) {
    case TCH_KEY_RSA:
        return "RSA";
    case TCH_KEY_RSA_PSS:
        return "RSA-PSS";
    case TCH_KEY_EC:
        return "ECDSA";
    case TCH_KEY_DSA:
        return "DSA";
    case TCH_KEY_ED25519:
        return "Ed25519";
    case TCH_KEY_ED448:
        return "Ed448";
    case TCH_KEY_NONE:
        break;
    }
    return NULL;
}

static enum tch_status info(const struct tch_conn *c, struct tch_info *out)
{
    const struct tch_settled *n = &c->now;

    if (n->handshakes == 0) {
        return TCH_BAD_STATE;
    }
    memset(out, 0, sizeof *out);
    out->version = n->version;
    out->suite = n->suite;
    out->group = n->group;
    out->group_bits = n->group_bits;
    out->scheme = n->scheme;
    out->resumed = n->resumed;
    out->extended_master_secret = c->session->ems;
    out->encrypt_then_mac = c->session->etm;
    out->secure_renegotiation = c->before.secure;
    out->client_certificate = n->client_cert;
    out->handshakes = n->handshakes;
    out->peer_key = tch_key_kind_name(c->session->peer_kind);
    out->peer_key_bits = c->session->peer_bits;
    out->alpn = tch_slice_of(n->alpn, n->alpn_len);
    out->session_id = tch_slice_of(n->id, n->id_len);
    out->server_name = tch_slice_of(c->session->server_name,
                                    strlen(c->session->server_name));
    return TCH_OK;
}

static enum tch_status sizes_of(const struct tch_conn *c, struct tch_sizes *out)
{
    struct tch_record_sizes sizes = tch_half_sizes(&c->write);

    if (c->now.handshakes == 0) {
        return TCH_BAD_STATE;
    }
    out->header = sizes.header;
    out->trailer = sizes.trailer;
    out->block = sizes.block;
    out->message = c->write.limit;
    return TCH_OK;
}

/* The peer's list: of the handshake under way, else of the session. */
static struct tch_slice peer_chain(const struct tch_conn *c)
{
    if (c->hs != NULL && tch_hs_result(c->hs)->peer_chain.len != 0) {
        return tch_hs_result(c->hs)->peer_chain;
    }
    return c->session == NULL ? tch_slice_of(NULL, 0)
                              : tch_slice_of(c->session->peer_chain,
                                             c->session->peer_chain_len);
}

static struct tch_slice peer_certificate(const struct tch_conn *c, size_t i)
{
    struct tch_slice list = peer_chain(c);
    struct tch_slice der;

    while (tch_certificate_next(&list, &der)) {
        if (i-- == 0) {
            return der;
        }
    }
    return tch_slice_of(NULL, 0);
}

static struct tch_slice local_certificate(const struct tch_conn *c)
{
    return c->local == NULL ? tch_slice_of(NULL, 0) : c->local->chain[0];
}

static struct tch_slice issuers(const struct tch_conn *c)
{
    return c->hs == NULL ? tch_slice_of(NULL, 0)
                         : tch_hs_result(c->hs)->issuers;
}

static struct tch_slice peer_schemes(const struct tch_conn *c)
{
    return c->hs != NULL && tch_hs_result(c->hs)->peer_schemes.len != 0
               ? tch_hs_result(c->hs)->peer_schemes
               : tch_slice_of(c->peer_schemes, c->peer_schemes_len);
}

static bool is_reserved(const char *label)
{
    static const char *const reserved[] = { "client finished",
                                            "server finished",
                                            "master secret",
                                            "key expansion",
                                            "extended master secret" };

    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (strcmp(reserved[i], label) == 0) {
            return true;
        }
    }
    return false;
}

static enum tch_status export_key(const struct tch_conn *c, const char *label,
                                struct tch_slice context, uint8_t *out,
                                size_t len)
{
    uint8_t context_len[2] = { (uint8_t)(context.len >> 8),
                               (uint8_t)context.len };
    struct tch_slice seed[4] = { { c->now.client_random, 32 },
                                 { c->now.server_random, 32 },
                                 { context_len, 2 },
                                 context };
    struct tch_prf_spec spec;

    if (c->now.handshakes == 0) {
        return TCH_BAD_STATE;
    }
    if (context.len > 65535) {
        return TCH_BAD_ARGUMENT;
    }
    if (is_reserved(label) || !c->session->ems ||
        c->now.version == TCH_SSL3) {
        return TCH_NOT_ALLOWED;
    }
    spec.kind = tch_version_facts(c->now.version)->prf;
    spec.hash = tch_suite_facts(c->now.suite)->prf;
    tch_prf(spec, out, len, tch_slice_of(c->session->master, TCH_MASTER_LEN),
            label, seed, context.p == NULL ? 2 : 4);
    return TCH_OK;
}

static enum tch_status tls_unique(const struct tch_conn *c, uint8_t *out,
                                    size_t *len)
{
    if (c->now.handshakes == 0) {
        return TCH_BAD_STATE;
    }
    if (c->now.version == TCH_SSL3 || (c->now.resumed && !c->session->ems)) {
        return TCH_NOT_ALLOWED;
    }
    *len = c->before.verify_len;
    memcpy(out,
           c->now.resumed ? c->before.server_verify : c->before.client_verify,
           *len);
    return TCH_OK;
}

/* R-KEY-064: the certificate's own hash, but SHA-256 for MD5 and SHA-1. */
static enum tch_hash endpoint_hash(const struct tch_cert *cert)
{
    const struct tch_scheme_row *row = tch_scheme_facts(cert->scheme);

    if (row == NULL || row->hash == TCH_HASH_NONE) {
        return TCH_HASH_NONE;
    }
    return row->hash == TCH_HASH_MD5 || row->hash == TCH_HASH_SHA1
               ? TCH_HASH_SHA256
               : row->hash;
}

static enum tch_status endpoint_binding(const struct tch_conn *c,
                                          uint8_t *out, size_t *len)
{
    struct tch_slice leaf = c->role == TCH_CLIENT
                                ? peer_certificate(c, 0)
                                : local_certificate(c);
    struct tch_cert cert;
    enum tch_hash h;

    if (leaf.len == 0 || tch_cert_parse(&cert, leaf, NULL) != TCH_OK) {
        return TCH_NOT_FOUND;
    }
    h = endpoint_hash(&cert);
    if (h == TCH_HASH_NONE) {
        return TCH_NOT_FOUND;
    }
    tch_hash(h, &leaf, 1, out);
    *len = tch_hash_facts(h)->len;
    return TCH_OK;
}

static enum tch_status set_resumable(struct tch_conn *c, bool on)
{
    if (c->session == NULL) {
        return TCH_BAD_STATE;
    }
    tch_session_set_resumable(c->session, on);
    return TCH_OK;
}

/* ---- the public names: each question is asked under the lock ---- */

#define UNDER_LOCK(type, call)                                              \
    do {                                                                    \
        type answer_;                                                       \
                                                                            \
        pthread_mutex_lock(&c->lock);                                       \
        answer_ = call;                                                     \
        pthread_mutex_unlock(&c->lock);                                     \
        return answer_;                                                     \
    } while (0)

enum tch_status tch_conn_info(struct tch_conn *c, struct tch_info *out)
{
    UNDER_LOCK(enum tch_status, info(c, out));
}

enum tch_status tch_conn_sizes(struct tch_conn *c, struct tch_sizes *out)
{
    UNDER_LOCK(enum tch_status, sizes_of(c, out));
}

struct tch_slice tch_conn_peer_certificate(struct tch_conn *c, size_t i)
{
    UNDER_LOCK(struct tch_slice, peer_certificate(c, i));
}

struct tch_slice tch_conn_local_certificate(struct tch_conn *c)
{
    UNDER_LOCK(struct tch_slice, local_certificate(c));
}

struct tch_slice tch_conn_issuers(struct tch_conn *c)
{
    UNDER_LOCK(struct tch_slice, issuers(c));
}

struct tch_slice tch_conn_peer_schemes(struct tch_conn *c)
{
    UNDER_LOCK(struct tch_slice, peer_schemes(c));
}

enum tch_status tch_conn_export(struct tch_conn *c, const char *label,
                                struct tch_slice context, uint8_t *out,
                                size_t len)
{
    UNDER_LOCK(enum tch_status, export_key(c, label, context, out, len));
}

enum tch_status tch_conn_tls_unique(struct tch_conn *c, uint8_t *out,
                                    size_t *len)
{
    UNDER_LOCK(enum tch_status, tls_unique(c, out, len));
}

enum tch_status tch_conn_endpoint_binding(struct tch_conn *c, uint8_t *out,
                                          size_t *len)
{
    UNDER_LOCK(enum tch_status, endpoint_binding(c, out, len));
}

enum tch_status tch_conn_set_resumable(struct tch_conn *c, bool on)
{
    UNDER_LOCK(enum tch_status, set_resumable(c, on));
}
