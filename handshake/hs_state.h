#ifndef TCH_HANDSHAKE_HS_STATE_H
#define TCH_HANDSHAKE_HS_STATE_H

/*
 * The inside of a handshake, for the files of this folder. Who may touch
 * what: the driver (hs_driver.c) alone moves `pos`; steps (step_*.c) fill in
 * what they learn; the rest are small objects with files of their own.
 */

#include "crypto-glue/hash.h"
#include "crypto-glue/keys.h"
#include "crypto-glue/kex.h"
#include "crypto-glue/prf.h"
#include "handshake/hs.h"
#include "handshake/hs_script.h"
#include "handshake/messages.h"

/*
 * tch_transcript is the hash over the messages of this handshake. Until the
 * hashes are known (ServerHello) it keeps the messages; then it runs them
 * all. `which` has a bit per enum tch_hash.
 */
struct tch_transcript {
    uint8_t *kept;
    size_t kept_len;
    size_t kept_cap;
    unsigned which;
    bool raw; /* keeps the messages as well: EdDSA signs them, not a hash */
    struct tch_hash_state states[TCH_NUM_HASHES];
};

/* Where fragments become messages. `buf` holds what has come and was not
 * taken yet. */
struct tch_reassembly {
    uint8_t *buf;
    size_t cap;
    size_t start;
    size_t end;
};

/* The peer's key, out of its leaf certificate. */
struct tch_peer {
    struct tch_public_key *key;
    struct tch_key_info info;
};

struct tch_hs {
    const struct tch_hs_params *p;
    struct tch_arena *arena;
    enum tch_hs_script script;
    size_t pos;
    unsigned flags;
    bool ended;
    bool version_told;  /* TCH_FX_VERSION went out */
    bool keys_pending;  /* CCS went out or came in; keys are to follow */
    bool awaits_finished;
    unsigned num_ignored; /* HelloRequests */
    enum tch_effect_kind want; /* TCH_FX_NEED_INPUT: no pause */
    bool answered;
    enum tch_status verdict;
    struct tch_slice answer; /* signature or decrypted block */
    struct tch_slice signature; /* ours, once made */
    struct tch_identity *const *identities;
    size_t num_identities;
    bool credential_asked;
    bool no_certificate; /* SSL 3.0: an alert goes out instead */

    struct tch_hs_result r;
    struct tch_failure failure;
    struct tch_watch watch;
    struct tch_transcript transcript;
    struct tch_reassembly in;

    /* Kept from the hellos. */
    uint16_t client_version;
    struct tch_slice offered_suites; /* client: what was sent */
    /* Server: of what the client listed, what we know, each once. */
    struct tch_slice peer_suites;
    struct tch_slice peer_groups;
    struct tch_slice common_schemes; /* client: of CertificateRequest */
    bool peer_sent_groups;
    bool peer_sent_schemes;
    bool peer_lists_ffdhe;
    bool ffdhe_refused; /* none of the groups it lists is ours */
    bool name_used;     /* server_name chose the identity */
    uint32_t offered_ext; /* client: TCH_HAS_ bits sent */
    uint32_t answer_ext;  /* server: TCH_HAS_ bits to answer */
    struct tch_slice ext_alpn; /* (length, name) chosen */
    bool peer_offers_ems;

    /* Key exchange. */
    struct tch_kex *kex;
    bool kx_made;               /* client: its half of the exchange */
    struct tch_slice kx_public; /* the client's own value, once made */
    struct tch_slice peer_public; /* the peer's ECDHE or DHE value */
    struct tch_slice kx_params; /* server: the signed part, once made */
    struct tch_slice psk;       /* the key agreed on by its identity */
    uint8_t *premaster;
    size_t premaster_len;
    struct tch_peer peer;
    struct tch_slice request_types;
    uint16_t verify_scheme;
    bool master_known;
    uint8_t *key_block;
    size_t key_block_len;
};

/* transcript.c */
TCH_MUST_CHECK bool tch_transcript_add(struct tch_hs *hs, struct tch_slice m);
/* Runs the hashes of `which` from here on, over what was kept as well. */
void tch_transcript_choose(struct tch_hs *hs, unsigned which, bool raw);
/* The messages themselves, while they are kept. */
struct tch_slice tch_transcript_messages(const struct tch_hs *hs);
/* Drops all but the hashes of `which`. */
void tch_transcript_narrow(struct tch_hs *hs, unsigned which);
/* Writes the hash so far (MD5 || SHA-1 for TCH_HASH_MD5_SHA1). */
struct tch_slice tch_transcript_hash(const struct tch_hs *hs, enum tch_hash h,
                                     uint8_t out[TCH_HASH_MAX]);
/* The hash of PRF and Finished for the agreed version. */
enum tch_hash tch_hs_prf_hash(const struct tch_hs *hs);

/* reassemble.c */
TCH_MUST_CHECK enum tch_status tch_reassemble(struct tch_hs *hs,
                                              struct tch_slice fragment);
/* Judges the header of the first message, as far as it has come: its type, its
 * length (R-REC-029). */
TCH_MUST_CHECK enum tch_status tch_reassembly_judge(struct tch_hs *hs);
/* The first message, header included; false while it is not whole. */
bool tch_reassembled(const struct tch_hs *hs, struct tch_slice *message);
void tch_reassembly_drop(struct tch_hs *hs, size_t len);
static inline bool tch_reassembly_empty(const struct tch_hs *hs)
{
    return hs->in.start == hs->in.end;
}

/* key_schedule.c */
TCH_MUST_CHECK enum tch_status tch_derive_master(struct tch_hs *hs);
/* Gives the key log its line. */
void tch_log_master(const struct tch_hs *hs);
TCH_MUST_CHECK enum tch_status tch_derive_keys(struct tch_hs *hs, bool ours,
                                               struct tch_hs_keys *out);
/* verify_data of one side's Finished, over the transcript so far. */
void tch_verify_data(const struct tch_hs *hs, enum tch_role sender,
                     uint8_t out[TCH_VERIFY_DATA_MAX]);

/* ssl3.c: SSL 3.0's hash of the messages so far, by master secret and pads:
 * for Finished with a sender, for CertificateVerify with NULL. MD5 || SHA-1,
 * or SHA-1 alone. */
struct tch_slice tch_ssl3_hash(const struct tch_hs *hs, enum tch_hash h,
                               const char *sender, uint8_t out[TCH_HASH_MAX]);

/* negotiate.c */
/* What the server decides from a ClientHello (R-HS-033): suite and identity,
 * group, signature scheme. TCH_OK or TCH_NO_COMMON_PARAMETERS. */
TCH_MUST_CHECK enum tch_status
tch_choose_suite(struct tch_hs *hs, const struct tch_client_hello *ch);
/* The scheme an identity signs with, out of the peer's list; 0: none. */
uint16_t tch_choose_scheme(const struct tch_hs *hs,
                           const struct tch_identity *id);
/* The group to use, out of the peer's; 0: none. */
uint16_t tch_choose_group(const struct tch_hs *hs, enum tch_group_kind kind);
/* Highest version of ours not above `wire`, or NULL. */
const struct tch_version_row *tch_choose_version(const struct tch_hs *hs,
                                                 unsigned wire);
const struct tch_version_row *tch_highest_version(const struct tch_hs *hs);
bool tch_version_enabled(const struct tch_hs *hs, unsigned wire);
/* The key usage a suite asks of the server's certificate (R-KX-028). */
unsigned tch_suite_usage(const struct tch_suite *s);
/* The conditions of the script that follow from a suite. */
unsigned tch_suite_flags(const struct tch_suite *s);
bool tch_list_contains(const uint16_t *list, size_t num, unsigned code);

/* sign.c: signatures of ServerKeyExchange and CertificateVerify. A signer
 * outside may pause the handshake (TCH_WANT_SIGNATURE). */
TCH_MUST_CHECK enum tch_status
tch_hs_sign(struct tch_hs *hs, unsigned scheme, struct tch_slice hash,
            const struct tch_slice *message, size_t num,
            struct tch_slice *signature);
/* The scheme in force for a key where the version names none on the wire. */
uint16_t tch_implied_scheme(enum tch_key_kind kind);

/* Steps: `send` writes the body, `recv` reads it, `after` runs once the
 * message is in the transcript. TCH_WANT_... statuses pause: the function is
 * called again after the answer. */
struct tch_hs_handler {
    enum tch_message message;
    enum tch_role sender;
    enum tch_status (*send)(struct tch_hs *hs, struct tch_writer *w);
    enum tch_status (*recv)(struct tch_hs *hs, struct tch_slice body);
    enum tch_status (*after)(struct tch_hs *hs);
};

#define TCH_STEP(name)                                                       \
    enum tch_status tch_send_##name(struct tch_hs *hs, struct tch_writer *w); \
    enum tch_status tch_recv_##name(struct tch_hs *hs, struct tch_slice body)
TCH_STEP(client_hello);
TCH_STEP(server_hello);
TCH_STEP(server_certificate);
TCH_STEP(server_key_exchange);
TCH_STEP(certificate_request);
TCH_STEP(server_hello_done);
TCH_STEP(client_certificate);
TCH_STEP(client_key_exchange);
TCH_STEP(certificate_verify);
TCH_STEP(client_finished);
TCH_STEP(server_finished);
#undef TCH_STEP
enum tch_status tch_no_client_certificate(struct tch_hs *hs);
enum tch_status tch_after_server_hello(struct tch_hs *hs);
enum tch_status tch_after_server_hello_done(struct tch_hs *hs);
enum tch_status tch_after_client_key_exchange(struct tch_hs *hs);

/* Small helpers of the steps. */
static inline struct tch_parse_ctx tch_hs_ctx(struct tch_hs *hs)
{
    struct tch_parse_ctx ctx = { hs->r.version, hs->r.suite, NULL };

    /* A step that runs again after a pause shows no field twice. */
    if (hs->want == TCH_FX_NEED_INPUT) {
        ctx.watch = &hs->watch;
    }
    return ctx;
}

/* tch_hs_fail notes what a failing status is about, where no reader did. */
enum tch_status tch_hs_fail(struct tch_hs *hs, const char *field,
                            const char *rfc, enum tch_status s);

/* tch_hs_ask pauses for an answer, or goes on when it has come. */
enum tch_status tch_hs_ask(struct tch_hs *hs, enum tch_effect_kind want,
                           enum tch_status status);

/* tch_hs_report tells the observer of a choice. */
void tch_hs_report(const struct tch_hs *hs, enum tch_event_kind kind,
                   const char *name, const char *detail, const char *rfc);

static inline bool tch_hs_is_client(const struct tch_hs *hs)
{
    return hs->p->role == TCH_CLIENT;
}

#endif
