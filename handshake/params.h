#ifndef TCH_HANDSHAKE_PARAMS_H
#define TCH_HANDSHAKE_PARAMS_H

/*
 * What a handshake may know: the engine fills this struct from configuration,
 * connection and session cache, and keeps what it points to alive until the
 * handshake has ended. The handshake never sees the engine's own types.
 */

#include "engine/base/draw.h"
#include "engine/base/event.h"
#include "engine/base/identity.h"
#include "engine/base/policy.h"
#include "engine/base/session.h"

#define TCH_VERIFY_DATA_MAX 36

/* tch_hs_before is what an earlier handshake on the same connection left
 * behind; all zero when this is the first (R-EXT-070..082, R-HS-076, 077). */
struct tch_hs_before {
    bool renegotiation;
    bool secure;
    bool ems;
    bool etm;
    uint16_t version;
    uint8_t verify_len;
    uint8_t client_verify[TCH_VERIFY_DATA_MAX];
    uint8_t server_verify[TCH_VERIFY_DATA_MAX];
    uint8_t server_cert_hash[32]; /* SHA-256 of the leaf; client side */
    bool has_server_cert;
};

/* tch_psk is a pre-shared key and the name it goes by (RFC 4279). */
struct tch_psk {
    struct tch_slice identity; /* UTF-8 */
    struct tch_slice key;
};

/*
 * tch_hs_params: lists are in our order of preference. `versions` has bit i
 * set for row i of the version table. `issuers` is the body of
 * certificate_authorities. `offer` is the session a client tries to resume.
 */
struct tch_hs_params {
    enum tch_role role;
    const struct tch_policy *policy;
    unsigned versions;
    const uint16_t *suites;
    size_t num_suites;
    const uint16_t *groups;
    size_t num_groups;
    const uint16_t *schemes;
    size_t num_schemes;
    struct tch_identity *const *identities;
    size_t num_identities;
    const struct tch_psk *psks; /* a client uses the first */
    size_t num_psks;
    struct tch_slice issuers;
    struct tch_slice alpn;
    const char *server_name; /* "" for none */
    bool send_server_name;   /* it is no IP literal */
    enum tch_client_auth client_auth;
    bool ask_credential;
    bool resumption;
    bool check_peer; /* only sessions whose peer was found good */
    bool require_ems;
    bool encrypt_then_mac;
    bool server_order;
    bool legacy_renegotiation;
    struct tch_session *offer;
    struct tch_hs_before before;
    const struct tch_alloc *alloc;
    const struct tch_draw_source *draw;
    const struct tch_clock *clock;
    const struct tch_observer *observer; /* or NULL */
};

#endif
