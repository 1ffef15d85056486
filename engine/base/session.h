#ifndef TCH_ENGINE_BASE_SESSION_H
#define TCH_ENGINE_BASE_SESSION_H

/*
 * A session: what a later handshake needs to resume this one. Immutable once
 * it is in a cache, counted by references, wiped when the last one goes.
 *
 * Source: RFC 5246 7.4.1.2, F.1.4; RFC 7627 5.3; dossier R-HS-050..062.
 */

#include "engine/base/alloc.h"
#include "engine/base/modes.h"
#include "engine/base/policy.h"

#define TCH_MASTER_LEN 48
#define TCH_SESSION_ID_MAX 32
#define TCH_SERVER_NAME_MAX 255

/*
 * tch_session: times in milliseconds since 1970. `peer_chain` is the peer's
 * certificates in the form of the Certificate message's list (3-byte length,
 * DER), kept when the session's owner wants it. `has_peer` says that the peer
 * proved a certificate, `peer_checked` that we found it good, `name_checked`
 * that its name was looked at as well.
 */
struct tch_session {
    const struct tch_alloc *alloc;
    unsigned refs; /* atomic */
    bool resumable; /* atomic */
    enum tch_role role; /* ours; the other role's sessions are not for us */
    uint16_t version;
    uint16_t suite;
    uint16_t group;
    uint16_t scheme;
    enum tch_policy_id policy;
    bool ems;
    bool etm;
    bool has_peer;
    bool peer_checked;
    bool name_checked;
    enum tch_key_kind peer_kind;
    unsigned peer_bits;
    uint8_t id_len;
    uint8_t id[TCH_SESSION_ID_MAX];
    uint8_t master[TCH_MASTER_LEN];
    uint64_t created;
    uint64_t expires;
    char server_name[TCH_SERVER_NAME_MAX + 1]; /* lower case, may be empty */
    uint8_t *peer_chain;
    size_t peer_chain_len;
    uint8_t peer_hash[32]; /* SHA-256 of the peer's leaf, if has_peer */
};

/* tch_session_new makes an empty session with one reference, or NULL. */
struct tch_session *tch_session_new(const struct tch_alloc *alloc);

/* tch_session_ref adds a reference; tch_session_unref takes one back and
 * wipes and frees at the last. NULL is fine. */
struct tch_session *tch_session_ref(struct tch_session *s);
void tch_session_unref(struct tch_session *s);

/* tch_session_set_chain keeps a copy of the peer's chain; false: no memory. */
TCH_MUST_CHECK bool tch_session_set_chain(struct tch_session *s,
                                          struct tch_slice list);

/* Whether the session may still be resumed; may change from any thread. */
void tch_session_set_resumable(struct tch_session *s, bool on);
bool tch_session_is_resumable(const struct tch_session *s);

#endif
