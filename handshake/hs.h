#ifndef TCH_HANDSHAKE_HS_H
#define TCH_HANDSHAKE_HS_H

/*
 * The handshake as the engine sees it: bytes of messages in, effects out. It
 * writes no record and calls nobody; the engine carries the effects out in
 * the order they come. It can stop at any point for an answer from outside,
 * and goes on where it stood.
 *
 * Everything it needs beside the parameters comes from the arena, which the
 * engine clears when the handshake has ended and its results are taken.
 */

#include "engine/base/algs.h"
#include "engine/base/suites.h"
#include "engine/base/versions.h"
#include "handshake/params.h"

struct tch_hs;

enum tch_effect_kind {
    TCH_FX_NEED_INPUT, /* bring the peer's next record */
    TCH_FX_SEND,       /* `bytes`, to go out with `content_type` */
    TCH_FX_READ_KEYS,  /* `keys` are in force for what is read from now on */
    TCH_FX_WRITE_KEYS, /* the same for what is written */
    TCH_FX_VERSION,    /* `version` is agreed */
    TCH_FX_ESTABLISHED, /* Finished verified in both directions */
    /* Pauses: the engine or the application answers by tch_hs_answer_... */
    TCH_FX_NEED_CREDENTIAL,
    TCH_FX_NEED_VERDICT,
    TCH_FX_NEED_SIGNATURE,
    TCH_FX_NEED_DECRYPT,
    TCH_FX_NEED_SESSION /* `bytes` is the session id asked for */
};

/* tch_hs_keys protects one direction from now on; record/ has the same
 * struct under its own name, so that neither includes the other. */
struct tch_hs_keys {
    const struct tch_suite *suite;
    uint16_t version;
    bool etm;
    struct tch_slice mac_key;
    struct tch_slice key;
    struct tch_slice iv;
};

/* tch_effect: slices live until the next call of tch_hs_next. */
struct tch_effect {
    enum tch_effect_kind kind;
    unsigned content_type;
    uint16_t version;
    struct tch_slice bytes;
    struct tch_hs_keys keys;
};

/*
 * tch_hs_new starts a handshake in `arena`; `params` must outlive it. Nothing
 * happens before tch_hs_next. TCH_OK or TCH_NO_MEMORY. What it takes beside
 * the arena goes back by tch_hs_end.
 */
TCH_MUST_CHECK enum tch_status tch_hs_new(struct tch_arena *arena,
                                          const struct tch_hs_params *params,
                                          struct tch_hs **out);
void tch_hs_end(struct tch_hs *hs);

/*
 * tch_hs_feed adds the contents of a handshake record (not empty).
 * TCH_OK; TCH_MESSAGE_TOO_LARGE by a message's header alone (R-REC-029);
 * TCH_UNEXPECTED_MESSAGE; TCH_NO_MEMORY.
 */
TCH_MUST_CHECK enum tch_status tch_hs_feed(struct tch_hs *hs,
                                           struct tch_slice fragment);

/* tch_hs_feed_ccs takes the contents of a change_cipher_spec record. TCH_OK,
 * or TCH_UNEXPECTED_MESSAGE (R-REC-022, R-REC-024, R-HS-080). */
TCH_MUST_CHECK enum tch_status tch_hs_feed_ccs(struct tch_hs *hs,
                                               struct tch_slice fragment);

/* tch_hs_feed_no_certificate takes the warning alert 41 of an SSL 3.0 client,
 * which stands for its Certificate (R-ALR-017). TCH_NOT_FOUND: the alert has
 * no meaning here; TCH_OK, or TCH_NO_CLIENT_CERTIFICATE. */
TCH_MUST_CHECK enum tch_status tch_hs_feed_no_certificate(struct tch_hs *hs);

/*
 * tch_hs_next does the next thing and says what it was. TCH_OK with `*fx`;
 * any failing status ends the handshake (the engine sends the alert).
 * After TCH_FX_NEED_INPUT or a pause it may be called again at once: it
 * answers the same until something came.
 */
TCH_MUST_CHECK enum tch_status tch_hs_next(struct tch_hs *hs,
                                           struct tch_effect *fx);

/* Answers to pauses; TCH_BAD_STATE when nobody asked. */
TCH_MUST_CHECK enum tch_status
tch_hs_answer_credential(struct tch_hs *hs,
                         struct tch_identity *const *identities, size_t num);
/* tch_hs_use_identities replaces the identities to choose from, as long as a
 * client has chosen none and a server has not looked at the hello; false when
 * it is too late. */
bool tch_hs_use_identities(struct tch_hs *hs,
                           struct tch_identity *const *identities, size_t num);
TCH_MUST_CHECK enum tch_status tch_hs_answer_verdict(struct tch_hs *hs,
                                                     enum tch_status verdict);
TCH_MUST_CHECK enum tch_status
tch_hs_answer_signature(struct tch_hs *hs, struct tch_slice signature);
TCH_MUST_CHECK enum tch_status tch_hs_answer_decrypt(struct tch_hs *hs,
                                                     struct tch_slice block);
/* `session` may be NULL: not found. The handshake takes a reference. */
TCH_MUST_CHECK enum tch_status
tch_hs_answer_session(struct tch_hs *hs, struct tch_session *session);

/* tch_hs_failure tells the field that a failing status is about. */
const struct tch_failure *tch_hs_failure(const struct tch_hs *hs);

/* tch_hs_message_waits says whether a whole message waits to be taken;
 * tch_hs_partial whether a message has come in part (R-REC-028). */
bool tch_hs_message_waits(const struct tch_hs *hs);
bool tch_hs_partial(const struct tch_hs *hs);
/* tch_hs_surplus says whether bytes stand behind the message that waits. */
bool tch_hs_surplus(const struct tch_hs *hs);

/* tch_hs_awaits_finished is true between the peer's change_cipher_spec and
 * its Finished: no application data may come (R-REC-027). */
bool tch_hs_awaits_finished(const struct tch_hs *hs);

/*
 * tch_hs_result is what was negotiated; it is complete at
 * TCH_FX_ESTABLISHED, and fields may be read as they become known. Slices
 * point into the arena or the parameters. `peer_chain` has the form of the
 * Certificate message's list.
 */
struct tch_hs_result {
    const struct tch_version_row *version;
    const struct tch_suite *suite;
    uint16_t offered_version; /* the hello's client_version */
    uint16_t group;
    uint16_t group_bits;
    uint16_t scheme;
    bool resumed;
    bool ems;
    bool etm;
    bool secure_renegotiation;
    bool client_cert; /* sent and proved */
    struct tch_slice alpn;
    struct tch_slice session_id;
    struct tch_slice server_name; /* as the client sent it */
    struct tch_slice peer_chain;
    enum tch_key_kind peer_kind; /* of its leaf's key */
    unsigned peer_bits;
    struct tch_slice peer_schemes;
    struct tch_slice issuers; /* certificate_authorities received */
    struct tch_identity *local;
    struct tch_session *session; /* the one resumed, or NULL */
    uint8_t client_random[32];
    uint8_t server_random[32];
    uint8_t master[TCH_MASTER_LEN];
    uint8_t verify_len;
    uint8_t client_verify[TCH_VERIFY_DATA_MAX];
    uint8_t server_verify[TCH_VERIFY_DATA_MAX];
};
const struct tch_hs_result *tch_hs_result(const struct tch_hs *hs);

/* tch_hs_suite_built says whether this build can run a suite: key exchange,
 * authentication and cipher. */
bool tch_hs_suite_built(const struct tch_suite *s);

/* tch_hs_scheme_built says whether this build can sign and verify with a
 * signature scheme of the wire, in handshakes. */
bool tch_hs_scheme_built(unsigned scheme);

/* tch_hs_versions_built has a bit per row of the version table. */
extern const unsigned tch_hs_versions_built;

/* tch_hs_key_fits says whether a kind of key can prove a server under a
 * suite (R-HS-103, R-PKI-084). */
bool tch_hs_key_fits(enum tch_key_kind kind, const struct tch_suite *s);

/*
 * tch_hs_can_serve says whether a suite can be served with an identity (or,
 * for suites without certificate, with none): the key fits the suite's
 * authentication, its usage bits allow it, and the policy finds it large
 * enough (contract 5.5, 7.8).
 */
bool tch_hs_can_serve(const struct tch_suite *s, const struct tch_identity *id,
                      const struct tch_policy *policy);

#endif
