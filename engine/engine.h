#ifndef TCH_ENGINE_ENGINE_H
#define TCH_ENGINE_ENGINE_H

/*
 * The inside of the engine, for the files of this folder: configuration,
 * session cache, connection.
 *
 * Threads. A frozen configuration is read without a lock; its cache and its
 * reference count look after themselves. Of a connection, `write` belongs to
 * whoever seals and `read` to whoever opens; `state`, `shut_down` and `owed`
 * are atomic words; everything else is touched under `lock` alone.
 */

#include <pthread.h>

#include "crypto-glue/x509/x509.h"
#include "engine/base/policy.h"
#include "engine/base/session.h"
#include "engine/tch.h"
#include "handshake/hs.h"
#include "record/record.h"

#define TCH_SUITES_MAX 256u
#define TCH_GROUPS_MAX 32u
#define TCH_SCHEMES_MAX 32u
#define TCH_IDENTITIES_MAX 100u
#define TCH_CHAIN_MAX 16u
#define TCH_PSKS_MAX 32u
#define MOST_REQUESTS 3u /* of renegotiations, a minute */
#define TCH_ARENA_LIMIT ((size_t)2 << 20) /* bytes a handshake may take */

/* ---- session cache (cache.c) ---- */

/* A bounded map from a key (server: session id; client: server name) to the
 * newest session; O(1), least recently used goes first. */
struct tch_cache;
struct tch_cache *tch_cache_new(const struct tch_alloc *alloc);
void tch_cache_free(struct tch_cache *c);
/* Keeps a reference to `s` under `key`; forgets silently without memory. */
void tch_cache_put(struct tch_cache *c, struct tch_slice key,
                   struct tch_session *s);
/* A new reference, or NULL; what has expired by `now` is dropped. */
struct tch_session *tch_cache_get(struct tch_cache *c, struct tch_slice key,
                                  uint64_t now);
/* Drops the entries of sessions with this server name, or all for NULL. */
size_t tch_cache_forget(struct tch_cache *c, const char *name);

/* ---- configuration (config.c, identity.c) ---- */

/* An identity with a count of its owners. */
struct tch_owned_identity {
    unsigned refs; /* atomic */
    const struct tch_alloc *alloc;
    struct tch_identity id;
    struct tch_slice slices[TCH_CHAIN_MAX];
    uint8_t *der; /* all certificates, one after the other */
    size_t der_len;
};

/* Anchors with a count of their owners, and their names as the body of
 * certificate_authorities. */
struct tch_owned_anchors {
    unsigned refs; /* atomic */
    const struct tch_alloc *alloc;
    struct tch_anchors *set;
};

struct tch_list {
    uint16_t codes[TCH_SUITES_MAX];
    size_t num;
};

struct tch_config {
    unsigned refs;   /* atomic */
    bool frozen;     /* atomic */
    const struct tch_alloc *alloc;
    const struct tch_policy *policy;
    unsigned versions;
    struct tch_list suites;
    struct tch_list groups;
    struct tch_list schemes;
    struct tch_identity *identities[TCH_IDENTITIES_MAX];
    size_t num_identities;
    struct tch_psk psks[TCH_PSKS_MAX]; /* each in memory of its own */
    uint8_t *psk_memory[TCH_PSKS_MAX];
    size_t num_psks;
    struct tch_owned_anchors *anchors;
    uint8_t *issuers; /* made when frozen */
    size_t issuers_len;
    uint8_t *alpn;
    size_t alpn_len;
    enum tch_client_auth client_auth;
    enum tch_verify verify;
    enum tch_renegotiation renegotiation;
    bool legacy_renegotiation;
    bool ask_credential;
    bool resumption;
    bool require_ems;
    bool encrypt_then_mac;
    bool split_records;
    bool volume_limit;
    bool keep_peer_chain;
    bool server_order;
    uint64_t session_ms;
    bool has_observer;
    struct tch_observer observer;
    struct tch_draw_source draw;
    struct tch_clock clock;
    struct tch_cache *cache;
};

void tch_identity_unref(struct tch_identity *id);
struct tch_identity *tch_identity_ref(struct tch_identity *id);
void tch_anchors_unref(struct tch_owned_anchors *a);
/* Freezes: nothing of it changes from now on. TCH_OK or TCH_NO_MEMORY. */
enum tch_status tch_config_freeze(struct tch_config *cfg);
/* A list of ALPN names that adds up (R-EXT-091). */
bool tch_alpn_valid(struct tch_slice list);

/* ---- connection ---- */

/*
 * Bytes the caller may bring again: `len` and `hash` of those taken, and the
 * answer that was held back for lack of room (TCH_OK: none).
 */
struct tch_replay {
    bool set;
    bool held;
    size_t len;
    uint8_t hash[32];
    enum tch_status status;
};

/* The queue of what is to be sent. */
struct tch_queue {
    uint8_t *buf;
    size_t cap;
    size_t start;
    size_t end;
};

/* What the newest finished handshake left behind, beside its session. */
struct tch_settled {
    unsigned handshakes;
    uint16_t version;
    uint16_t suite;
    uint16_t group;
    uint16_t group_bits;
    uint16_t scheme;
    bool resumed;
    bool client_cert;
    uint8_t alpn[256];
    uint8_t alpn_len;
    uint8_t client_random[32];
    uint8_t server_random[32];
    uint8_t id_len;
    uint8_t id[TCH_SESSION_ID_MAX];
};

/* No alert is owed; else level << 8 | description. */
#define TCH_NOTHING_OWED 0u

struct tch_conn {
    struct tch_config *cfg;
    struct tch_config *home;   /* the first; its hooks serve for good */
    struct tch_config *hs_cfg; /* of the handshake under way, or NULL */
    struct tch_config *answer_cfg; /* whose identities answered */
    const struct tch_alloc *alloc;
    enum tch_role role;
    pthread_mutex_t lock;
    int state;       /* enum tch_state, atomic */
    bool shut_down;  /* atomic */
    unsigned owed;   /* alert to be sent, atomic */
    bool farewell;   /* close_notify follows the alert owed; atomic */
    bool silent;     /* the last alert of a dead connection is out */
    bool unproved;   /* new write keys, peer's Finished not seen; atomic */
    struct tch_half read;
    struct tch_half write;

    uint16_t version; /* agreed, or 0 */
    bool first_record;
    unsigned warnings;
    unsigned empties;
    uint8_t post[4]; /* a HelloRequest that comes in pieces */
    size_t post_len;
    bool we_asked; /* server: our HelloRequest is out */
    uint64_t asked_at[MOST_REQUESTS]; /* R-HS-078; the oldest first */
    unsigned num_asked;
    unsigned ignored; /* HelloRequests in a row that were ignored */

    struct tch_arena arena;
    struct tch_hs *hs;
    struct tch_hs_params params;
    struct tch_session *offer;
    uint8_t *scratch;
    size_t scratch_len;
    bool produced; /* something was queued in this call */

    struct tch_queue out;
    struct tch_replay replay;
    size_t needed;
    struct tch_failure failure;

    char name[TCH_SERVER_NAME_MAX + 1];
    bool name_is_ip;
    bool name_check;
    uint8_t *alpn; /* of this connection, or NULL */
    size_t alpn_len;
    enum tch_client_auth client_auth;
    enum tch_verify verify;
    bool judged; /* the verdict of this handshake was our own */

    struct tch_hs_before before;
    struct tch_settled now;
    struct tch_session *session;
    struct tch_identity *local;
    uint8_t *peer_schemes;
    size_t peer_schemes_len;
};

/* The configuration of the handshake under way, else the connection's. */
static inline struct tch_config *tch_cfg_of(const struct tch_conn *c)
{
    return c->hs_cfg != NULL ? c->hs_cfg : c->cfg;
}

static inline enum tch_state tch_state_of(const struct tch_conn *c)
{
    return (enum tch_state)__atomic_load_n(&c->state, __ATOMIC_ACQUIRE);
}

static inline void tch_set_state(struct tch_conn *c, enum tch_state s)
{
    __atomic_store_n(&c->state, (int)s, __ATOMIC_RELEASE);
}

/* queue.c: seals `data` into records of `type` at the end of the queue. */
TCH_MUST_CHECK enum tch_status tch_queue_records(struct tch_conn *c,
                                                 unsigned type,
                                                 struct tch_slice data);
struct tch_slice tch_queue_waiting(const struct tch_conn *c);
void tch_queue_take(struct tch_conn *c, size_t n);
void tch_queue_release(struct tch_conn *c);
/* Seals the alert that is owed, if one is. */
void tch_pay_alert(struct tch_conn *c);
void tch_owe_alert(struct tch_conn *c, enum tch_alert_level level,
                   unsigned description);
/* The same, unless another alert is owed already. */
void tch_owe_if_nothing(struct tch_conn *c, enum tch_alert_level level,
                        unsigned description);

/* incoming.c: what one opened record means. */
/* Forgets keys and session: nothing is read any more. */
void tch_conn_end(struct tch_conn *c);
/* Ends the connection: notes the failure, owes the alert. Returns `s`. */
enum tch_status tch_conn_fail(struct tch_conn *c, enum tch_status s,
                              enum tch_alert alert);
/* The same with the status' own alert, unless the peer ended it already. */
enum tch_status tch_conn_failed(struct tch_conn *c, enum tch_status s);
/* An alert record: TCH_OK (ignored), TCH_CLOSED, TCH_NO_RENEGOTIATION,
 * TCH_CLOSED_EARLY, TCH_PEER_ALERT, or a failure of ours. */
enum tch_status tch_take_alert(struct tch_conn *c, struct tch_slice body);
/* Counts records that carry nothing (R-REC-016, R-ALR-012). */
enum tch_status tch_count_content(struct tch_conn *c, unsigned type,
                                  size_t len);
/* A handshake record on an open connection: TCH_OK (in part),
 * TCH_RENEGOTIATE, or a failure. */
enum tch_status tch_take_post_handshake(struct tch_conn *c,
                                        struct tch_slice body);
/* Whether application data would be out of place: a message has come in part,
 * or Finished is due (R-REC-027, R-REC-028). */
bool tch_no_data_now(const struct tch_conn *c);
/* The rules for the header of the record that `in` begins with. */
struct tch_frame_rules tch_next_frame(const struct tch_conn *c,
                                      struct tch_slice in);

/* conn.c: `cfg` is the connection's from now on, and its identities are those
 * of the handshake under way. */
void tch_use_config(struct tch_conn *c, struct tch_config *cfg);

/* drive.c: starts and ends handshakes. */
TCH_MUST_CHECK enum tch_status tch_begin_handshake(struct tch_conn *c,
                                                   bool renegotiation);
void tch_end_handshake(struct tch_conn *c);
enum tch_status tch_step_locked(struct tch_conn *c, struct tch_slice in,
                                size_t *used, size_t *missing);
/* Whether a new handshake on this connection would be safe. */
bool tch_may_renegotiate(const struct tch_conn *c);
/* The peer refused the renegotiation we asked for: TCH_NO_RENEGOTIATION. */
enum tch_status tch_conn_refused(struct tch_conn *c);
/* Queues no_renegotiation and goes back to OPEN. */
enum tch_status tch_refuse_locked(struct tch_conn *c);

/* verdict.c: judges the peer's chain by the configuration's anchors. */
enum tch_status tch_judge_peer(struct tch_conn *c);

/* settle.c: takes over what a finished handshake left behind. */
enum tch_status tch_settle(struct tch_conn *c);

/* query.c */
const char *tch_key_kind_name(enum tch_key_kind kind);

/* data.c: tch_open_record with all three parts of the record. */
enum tch_status tch_open_parts(struct tch_conn *c, uint8_t *record,
                               size_t len, struct tch_opened *out,
                               size_t *missing);
/* Remembers bytes the caller may bring again, and what it was told. */
void tch_replay_mark(struct tch_conn *c, struct tch_slice bytes);

#endif
