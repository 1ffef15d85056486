#ifndef TCH_H
#define TCH_H

/*
 * tch.h - the engine: TLS connections for programs without Windows habits,
 * and what the SSPI facade is written on.
 *
 * The engine does no I/O. Bytes of the peer go in, bytes for the peer come
 * out, and a status says what to do next. Application data is sealed and
 * opened in place in the caller's buffers.
 *
 *   struct tch_config   what connections share: policy, certificates, trust,
 *                       session cache. Set up, then frozen by its first use.
 *   struct tch_conn     one connection.
 *
 * Two ways to drive a connection: tch_step with plain slices, or
 * tch_handshake with buffer descriptors, which find their buffers by kind and
 * report EXTRA and MISSING as SSPI does. Both may be mixed.
 *
 * Threads: a configuration may be shared by any number of threads once
 * frozen. On one connection, one thread may seal (tch_seal*) while another
 * opens (tch_open*), and questions may be asked and tch_close or tch_alert
 * called beside both. Whatever gives output (tch_step, tch_handshake,
 * tch_pending, tch_renegotiate) must not run beside a call that seals, nor
 * beside one that opens.
 *
 * Before version 1.0 this interface may change with the minor version.
 */

#include "base/alloc.h"
#include "base/draw.h"
#include "base/event.h"
#include "base/modes.h"
#include "base/slice.h"
#include "base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TCH_VERSION "0.1.0"

/* tch_version gives the version of the library: "0.1.0". */
TCH_API const char *tch_version(void);

/* ------------------------------------------------------------------------
 * Configuration
 */

struct tch_config;

/*
 * tch_config_new makes a configuration with the policy of tch_default_policy.
 * `alloc` may be NULL (malloc); it is used for everything made from the
 * configuration and must outlive all of it. TCH_OK, TCH_NO_MEMORY (also when
 * the random generator has nothing), TCH_INTERNAL. Give it back by
 * tch_config_free: connections made from it keep it alive.
 */
TCH_API enum tch_status tch_config_new(const struct tch_alloc *alloc,
                                       struct tch_config **out);
TCH_API void tch_config_free(struct tch_config *cfg);

/* tch_config_ref adds a reference, taken back by tch_config_free. */
TCH_API struct tch_config *tch_config_ref(struct tch_config *cfg);

/*
 * tch_config_copy makes a configuration of its own with the same settings;
 * identities and anchors are shared, the session cache is new and empty.
 */
TCH_API enum tch_status tch_config_copy(const struct tch_config *cfg,
                                        struct tch_config **out);

/*
 * Every setter answers TCH_OK; TCH_BAD_STATE once the configuration is
 * frozen; TCH_BAD_ARGUMENT for what cannot be; TCH_NO_MEMORY. After a failure
 * nothing has changed.
 */

/* tch_config_set_policy starts over from a policy: versions, suites, groups
 * and signature schemes are the policy's again. Names: "default",
 * "compatible", "legacy", "museum"; others are TCH_NOT_FOUND. */
TCH_API enum tch_status tch_config_set_policy(struct tch_config *cfg,
                                              const char *name);

/* tch_config_policy gives the name of the policy. */
TCH_API const char *tch_config_policy(const struct tch_config *cfg);

/*
 * tch_default_policy gives the policy new configurations start from: the one
 * set by tch_set_default_policy, else TOMCHANNEL_POLICY of the environment
 * (ignored in set-user-id programs; an unknown name counts as "default"),
 * else "default". Contract 5.5.
 */
TCH_API const char *tch_default_policy(void);
TCH_API enum tch_status tch_set_default_policy(const char *name);

/* Versions as a set of bits. */
enum {
    TCH_VERSION_SSL3 = 1u << 0,
    TCH_VERSION_TLS10 = 1u << 1,
    TCH_VERSION_TLS11 = 1u << 2,
    TCH_VERSION_TLS12 = 1u << 3
};

/* tch_config_set_versions names exactly the versions to use; versions this
 * build lacks are left out, and none left is TCH_NOTHING_LEFT. */
TCH_API enum tch_status tch_config_set_versions(struct tch_config *cfg,
                                                unsigned versions);
TCH_API unsigned tch_config_versions(const struct tch_config *cfg);

/*
 * Exact lists, in order of preference, by IANA code. Codes this build cannot
 * do are left out; nothing left is TCH_NOTHING_LEFT. Naming a weak suite here
 * is asking for it.
 */
TCH_API enum tch_status tch_config_set_suites(struct tch_config *cfg,
                                              const uint16_t *codes,
                                              size_t num);
TCH_API enum tch_status tch_config_set_groups(struct tch_config *cfg,
                                              const uint16_t *codes,
                                              size_t num);
TCH_API enum tch_status tch_config_set_schemes(struct tch_config *cfg,
                                               const uint16_t *codes,
                                               size_t num);

/* The lists in force; `*num` elements that live as long as the setting. */
TCH_API const uint16_t *tch_config_suites(const struct tch_config *cfg,
                                          size_t *num);
TCH_API const uint16_t *tch_config_groups(const struct tch_config *cfg,
                                          size_t *num);
TCH_API const uint16_t *tch_config_schemes(const struct tch_config *cfg,
                                           size_t *num);

/* Facts about suites and groups for those who print or read them. The name
 * of an unknown code is NULL; an unknown name is 0. */
TCH_API const char *tch_suite_name(unsigned code);
TCH_API unsigned tch_suite_code(const char *name);
TCH_API const char *tch_group_name(unsigned code);
TCH_API unsigned tch_group_code(const char *name);
TCH_API const char *tch_version_name(unsigned wire); /* "TLS1.2" */

/* tch_suite_info describes a suite this library knows. */
struct tch_suite_info {
    uint16_t code;
    const char *name;
    const char *key_exchange;   /* "RSA", "DHE", "ECDHE", ... */
    const char *authentication; /* "RSA", "ECDSA", "DSA", "PSK", "none" */
    const char *cipher;         /* "AES-128-GCM", ... */
    const char *mac;            /* "SHA1", ... or "AEAD" */
    uint16_t cipher_bits;
    uint16_t mac_bits;
    uint16_t block_len; /* bytes; 1 for stream ciphers */
    uint16_t first_version;
    uint16_t last_version;
    bool aead;
    bool built; /* this build can run it */
};

/* tch_suite_describe fills `out` for a code; TCH_NOT_FOUND. tch_suite_list
 * walks all suites: TCH_NOT_FOUND behind the last. */
TCH_API enum tch_status tch_suite_describe(unsigned code,
                                           struct tch_suite_info *out);
TCH_API enum tch_status tch_suite_list(size_t i, struct tch_suite_info *out);

/*
 * tch_config_add_identity adds a certificate of ours: `chain` is DER, leaf
 * first; `key` is the private key in DER (PKCS#8, PKCS#1, SEC1). All is
 * copied. Several may be added; the first that fits a connection is used.
 * TCH_CERT_BAD, TCH_BAD_KEY, TCH_KEY_MISMATCH, TCH_NOT_SUPPORTED.
 */
TCH_API enum tch_status tch_config_add_identity(struct tch_config *cfg,
                                                const struct tch_slice *chain,
                                                size_t num,
                                                struct tch_slice key);

/* tch_config_add_identity_pem does the same from PEM text: certificates from
 * `cert` (leaf first), the first private key from `key` (which may be the
 * same text). TCH_BAD_FILE besides. */
TCH_API enum tch_status tch_config_add_identity_pem(struct tch_config *cfg,
                                                    struct tch_slice cert,
                                                    struct tch_slice key);

/* tch_config_add_identity_external adds a certificate whose key is used
 * through `signer`, which is copied. */
TCH_API enum tch_status
tch_config_add_identity_external(struct tch_config *cfg,
                                 const struct tch_slice *chain, size_t num,
                                 const struct tch_signer *signer);

/* tch_config_num_identities counts identities; tch_config_identity_chain
 * gives certificate `i` of identity `which`, or an empty slice. */
TCH_API size_t tch_config_num_identities(const struct tch_config *cfg);
TCH_API struct tch_slice
tch_config_identity_chain(const struct tch_config *cfg, size_t which,
                          size_t i);

/* tch_config_add_anchor trusts a root (DER); tch_config_add_anchors_pem all
 * certificates of a PEM text. On a server, anchors are for client
 * certificates, and their names fill CertificateRequest. */
TCH_API enum tch_status tch_config_add_anchor(struct tch_config *cfg,
                                              struct tch_slice der);
TCH_API enum tch_status tch_config_add_anchors_pem(struct tch_config *cfg,
                                                   struct tch_slice text);

/*
 * tch_config_add_psk adds a pre-shared key (1 to 256 bytes) and its identity
 * (1 to 128 bytes, UTF-8), which are copied. A client uses the first; a server
 * looks the client's up. Suites with PSK are offered and accepted only when
 * there is one. RFC 4279; R-KX-080 to 084.
 */
TCH_API enum tch_status tch_config_add_psk(struct tch_config *cfg,
                                           struct tch_slice identity,
                                           struct tch_slice key);

/* tch_config_set_alpn offers (client) or accepts (server) application
 * protocols: `list` is a row of (length byte, name), in order of preference;
 * empty for none. RFC 7301. */
TCH_API enum tch_status tch_config_set_alpn(struct tch_config *cfg,
                                            struct tch_slice list);

/* tch_config_set_client_auth: under TCH_CLIENT_AUTH_REQUIRE suites that cannot
 * ask for a certificate (anonymous, PSK) are not chosen. */
TCH_API enum tch_status tch_config_set_client_auth(struct tch_config *cfg,
                                                   enum tch_client_auth mode);

/* tch_config_set_verify: TCH_VERIFY_AUTO by default. */
TCH_API enum tch_status tch_config_set_verify(struct tch_config *cfg,
                                              enum tch_verify mode);

/* tch_config_set_ask_credential makes a client that has no fitting
 * certificate stop with TCH_WANT_CREDENTIAL when one is asked for. */
TCH_API enum tch_status tch_config_set_ask_credential(struct tch_config *cfg,
                                                      bool on);

/*
 * tch_config_set_renegotiation: TCH_RENEGOTIATION_ASK by default. One that
 * RFC 5746 does not protect is refused whatever the mode; the policies legacy
 * and museum may allow it by tch_config_set_legacy_renegotiation.
 */
TCH_API enum tch_status
tch_config_set_renegotiation(struct tch_config *cfg,
                             enum tch_renegotiation mode);
TCH_API enum tch_status
tch_config_set_legacy_renegotiation(struct tch_config *cfg, bool on);

/* tch_config_set_resumption: sessions are kept and resumed (default), for at
 * most `seconds` (0: 10 hours; the cap is 24 hours, R-HS-060). */
TCH_API enum tch_status tch_config_set_resumption(struct tch_config *cfg,
                                                  bool on, uint32_t seconds);

/* tch_config_forget drops the kept sessions of a server name, or all for
 * NULL; may be called on a frozen configuration. Returns how many. */
TCH_API size_t tch_config_forget(struct tch_config *cfg, const char *name);

/* tch_config_set_extended_master_secret: offered and accepted (default), and
 * with `require` nothing without it (R-KEY-051). */
TCH_API enum tch_status
tch_config_set_extended_master_secret(struct tch_config *cfg, bool require);

/* tch_config_set_encrypt_then_mac: on by default. */
TCH_API enum tch_status tch_config_set_encrypt_then_mac(struct tch_config *cfg,
                                                        bool on);

/* tch_config_set_split_records: 1/n-1 splitting below TLS 1.1; on by default
 * (R-REC-058). */
TCH_API enum tch_status tch_config_set_split_records(struct tch_config *cfg,
                                                     bool on);

/* tch_config_set_volume_limit: R-REC-036; the policy's by default. */
TCH_API enum tch_status tch_config_set_volume_limit(struct tch_config *cfg,
                                                    bool on);

/* tch_config_set_keep_peer_chain keeps the peer's certificates after the
 * handshake; off by default, to save memory. */
TCH_API enum tch_status tch_config_set_keep_peer_chain(struct tch_config *cfg,
                                                       bool on);

/* tch_config_set_server_order: the server picks by its own order of suites
 * (default) or by the client's. */
TCH_API enum tch_status tch_config_set_server_order(struct tch_config *cfg,
                                                    bool on);

/* The hooks; the structs are copied, what they point to must outlive the
 * configuration. NULL restores the default. */
TCH_API enum tch_status tch_config_set_observer(struct tch_config *cfg,
                                                const struct tch_observer *o);
TCH_API enum tch_status tch_config_set_draw(struct tch_config *cfg,
                                            const struct tch_draw_source *d);
TCH_API enum tch_status tch_config_set_clock(struct tch_config *cfg,
                                             const struct tch_clock *c);

/* tch_config_check says whether connections of this role can be made:
 * TCH_OK; TCH_NOTHING_LEFT (no suite or version); TCH_NO_CREDENTIAL (a server
 * whose suites all need a certificate, and none is good enough). */
TCH_API enum tch_status tch_config_check(const struct tch_config *cfg,
                                         enum tch_role role);

/* ------------------------------------------------------------------------
 * Connections
 */

struct tch_conn;

/*
 * tch_conn_new makes a connection and freezes the configuration.
 * TCH_OK, TCH_NO_MEMORY, or what tch_config_check answers.
 */
TCH_API enum tch_status tch_conn_new(struct tch_config *cfg,
                                     enum tch_role role,
                                     struct tch_conn **out);

/*
 * The same in the caller's memory: tch_conn_size bytes, aligned to 16.
 * tch_conn_clear wipes and gives back what it took beside; the memory stays
 * the caller's. tch_conn_free is for connections of tch_conn_new; NULL is
 * fine.
 */
TCH_API size_t tch_conn_size(void);
TCH_API enum tch_status tch_conn_init(void *mem, struct tch_config *cfg,
                                      enum tch_role role,
                                      struct tch_conn **out);
TCH_API void tch_conn_clear(struct tch_conn *c);
TCH_API void tch_conn_free(struct tch_conn *c);

/* Settings of one connection; before the first step, or TCH_BAD_STATE. */

/* tch_conn_set_server_name (client): name for SNI, for the check of the
 * certificate and for the session cache. An IP literal is not sent as SNI
 * (R-EXT-011). At most 255 bytes; TCH_BAD_ARGUMENT. */
TCH_API enum tch_status tch_conn_set_server_name(struct tch_conn *c,
                                                 const char *name);
TCH_API enum tch_status tch_conn_set_alpn(struct tch_conn *c,
                                          struct tch_slice list);

/* These two may change in every state but DEAD; what a handshake under way
 * has settled already stays as it was. */
TCH_API enum tch_status tch_conn_set_client_auth(struct tch_conn *c,
                                                 enum tch_client_auth mode);
TCH_API enum tch_status tch_conn_set_verify(struct tch_conn *c,
                                            enum tch_verify mode);

/* tch_conn_set_name_check (client): whether the certificate must be for the
 * server name; on by default. */
TCH_API enum tch_status tch_conn_set_name_check(struct tch_conn *c, bool on);

/* tch_conn_set_config replaces the configuration: its identities count from
 * now on as long as no certificate of ours was chosen, everything else from
 * the next handshake. */
TCH_API enum tch_status tch_conn_set_config(struct tch_conn *c,
                                            struct tch_config *cfg);

/*
 * tch_step is one turn of the handshake. It takes records from the front of
 * `in` (which it does not change), runs the state machine, and queues what is
 * to be sent: fetch it by tch_pending and tch_sent after every call, whatever
 * it answered. `*used` says how many bytes of `in` were taken. One call takes
 * every whole record that belongs to the handshake.
 *
 *   TCH_OK             the handshake is complete; bytes not used are
 *                      application data for tch_open
 *   TCH_CONTINUE       progress was made; send, then bring more
 *   TCH_WANT_INPUT     nothing could be taken: `*missing` more bytes are
 *                      needed behind those of `in`
 *   TCH_WANT_...       an answer of the application is needed (tch_answer_*)
 *   TCH_DATA_WAITS     in a renegotiation: an application-data record stands
 *                      at the front of what is left; give it to tch_open
 *   TCH_NO_RENEGOTIATION  the peer refused ours; the connection goes on
 *   TCH_CLOSED         close_notify came
 *   TCH_CLOSED_EARLY, TCH_PEER_ALERT and every TCH_CLASS_PROTOCOL or
 *   TCH_CLASS_CERTIFICATE status: the connection is dead; an alert may be
 *   pending; tch_conn_failure has the details
 *   TCH_BAD_STATE      the connection is open and nobody asked for anything
 *   TCH_DEAD           it has failed before
 *
 * `missing` may be NULL. A client's first step takes no input.
 */
TCH_API enum tch_status tch_step(struct tch_conn *c, struct tch_slice in,
                                 size_t *used, size_t *missing);

/* tch_pending is what waits to be sent; it lives until the next call on the
 * connection. tch_sent takes `n` bytes off its front. */
TCH_API struct tch_slice tch_pending(struct tch_conn *c);
TCH_API void tch_sent(struct tch_conn *c, size_t n);

/* ------------------------------------------------------------------------
 * Buffer descriptors
 */

/* A kind for every SECBUFFER type the facade uses (contract, section 3). */
enum tch_buf_kind {
    TCH_BUF_EMPTY,
    TCH_BUF_DATA,
    TCH_BUF_TOKEN,
    TCH_BUF_HEADER,
    TCH_BUF_TRAILER,
    TCH_BUF_EXTRA,
    TCH_BUF_MISSING,
    TCH_BUF_ALERT,
    TCH_BUF_OTHER /* skipped */
};
struct tch_buf {
    enum tch_buf_kind kind;
    uint8_t *p;
    size_t len;
};
struct tch_buf_desc {
    struct tch_buf *bufs;
    size_t num;
};

/*
 * tch_handshake is tch_step over descriptors, with calls that can be
 * repeated.
 *
 * `in`: NULL, or a TOKEN with the peer's bytes and EMPTY buffers. The first
 * EMPTY one becomes EXTRA (len = bytes at the end of TOKEN not used) or
 * MISSING (len = bytes still needed). Two TOKENs, or an EMPTY one with a
 * length: TCH_BAD_ARGUMENT, nothing changed.
 * `out`: NULL (output stays pending), or a buffer of kind TOKEN, or else the
 * first EMPTY one, with `len` bytes of room; on return it is a TOKEN with the
 * bytes to send. TCH_WANT_INPUT leaves `out` as it was; a failing status sets
 * its length to 0, and the alert, if one is owed, waits for tch_pending.
 * After tch_refuse_renegotiation one call emits the warning, skips the record
 * that asked, and answers TCH_OK.
 *
 * TCH_BUFFER_TOO_SMALL: the room does not hold the output. From the caller's
 * view nothing happened: give the same bytes again with more room. The same
 * holds for TCH_WANT_CREDENTIAL: the bytes are taken as given again.
 * A prefix of TOKEN that is the record tch_open answered TCH_RENEGOTIATE for,
 * as tch_open left it, is skipped as well. (Contract 6.8, 8.3.)
 */
TCH_API enum tch_status tch_handshake(struct tch_conn *c,
                                      struct tch_buf_desc *in,
                                      struct tch_buf_desc *out);

/* tch_needed is the room in bytes that tch_handshake missed when it answered
 * TCH_BUFFER_TOO_SMALL. */
TCH_API size_t tch_needed(const struct tch_conn *c);

/*
 * tch_seal protects one record of application data in place, in the buffers
 * HEADER (at least sizes.header), DATA (at most sizes.message) and TRAILER
 * (at least sizes.trailer), which need not touch. On success their lengths
 * are the actual ones and the record is HEADER | DATA | TRAILER.
 *
 * TCH_OK; TCH_BAD_ARGUMENT (buffers missing or doubled);
 * TCH_BUFFER_TOO_SMALL; TCH_MESSAGE_TOO_LONG; TCH_BAD_STATE (handshake not
 * finished); TCH_RENEGOTIATE (the peer's request waits for tch_step; like
 * every status but TCH_OK it means that nothing was sealed);
 * TCH_SHUT_DOWN; TCH_VOLUME_LIMIT (close_notify is then pending); TCH_DEAD;
 * TCH_NO_RANDOM. On failure nothing was sealed.
 */
TCH_API enum tch_status tch_seal(struct tch_conn *c,
                                 struct tch_buf_desc *message);

/* tch_seal_alert is tch_seal for an alert record: DATA holds 2 bytes. */
TCH_API enum tch_status tch_seal_alert(struct tch_conn *c,
                                       struct tch_buf_desc *message);

/*
 * tch_open opens one record in place: exactly one DATA buffer with the bytes
 * received, and three EMPTY ones. On return DATA's place holds the record's
 * HEADER, and the EMPTY ones hold DATA (plaintext), TRAILER, and EXTRA (bytes
 * behind the record) or EMPTY.
 *
 *   TCH_OK               DATA holds plaintext, maybe of length 0
 *   TCH_WANT_INPUT       the first buffer is MISSING, with the bytes needed;
 *                        so is the second; nothing was changed
 *   TCH_RENEGOTIATE      the peer asks for a handshake, or goes on with one:
 *                        DATA has length 0; call tch_step or tch_handshake,
 *                        with EXTRA's bytes
 *   TCH_NO_RENEGOTIATION the peer refused ours; the connection goes on
 *   TCH_CLOSED           close_notify: the peer sends no more
 *   TCH_BAD_ARGUMENT     wrong buffers; nothing changed
 *   TCH_BAD_STATE        the handshake is not finished, or a request waits
 *   TCH_PEER_ALERT, TCH_BAD_RECORD_MAC, ... the connection is dead
 *   TCH_DEAD             it has failed before
 */
TCH_API enum tch_status tch_open(struct tch_conn *c,
                                 struct tch_buf_desc *message);

/* The same for plain slices: `record` starts with a record; `*used` is its
 * length, `*data` its plaintext within. TCH_WANT_INPUT sets `*missing`. */
TCH_API enum tch_status tch_open_record(struct tch_conn *c, uint8_t *record,
                                        size_t len, size_t *used,
                                        struct tch_slice *data,
                                        size_t *missing);

/*
 * tch_seal_record seals `len` bytes of application data, which stand in `buf`
 * behind sizes.header bytes of room and in front of sizes.trailer bytes;
 * `*out` is the record. Statuses as tch_seal.
 */
TCH_API enum tch_status tch_seal_record(struct tch_conn *c, uint8_t *buf,
                                        size_t len, struct tch_slice *out);

/* ------------------------------------------------------------------------
 * Closing, renegotiating, answering
 */

/* tch_close queues close_notify; nothing can be sealed afterwards, reading
 * goes on. Works in every state; replaces a pending alert. TCH_OK. */
TCH_API enum tch_status tch_close(struct tch_conn *c);

/* tch_alert queues an alert of the application; a fatal one ends the
 * connection. Works in every state; replaces a pending alert. */
TCH_API enum tch_status tch_alert(struct tch_conn *c,
                                  enum tch_alert_level level,
                                  unsigned description);

/*
 * tch_renegotiate asks for a new handshake on an open connection: a server
 * queues HelloRequest (TCH_OK, the connection stays open), a client its
 * ClientHello (TCH_CONTINUE). TCH_NOT_ALLOWED: forbidden by the configuration
 * or not secure; TCH_BAD_STATE.
 */
TCH_API enum tch_status tch_renegotiate(struct tch_conn *c);

/*
 * tch_end_of_stream says that the transport has ended. TCH_OK after the peer's
 * close_notify; TCH_CLOSED_EARLY otherwise: what came may be cut short, the
 * connection is dead, and below TLS 1.1 its session is not resumed (R-REC-018,
 * R-ALR-010).
 */
TCH_API enum tch_status tch_end_of_stream(struct tch_conn *c);

/* tch_refuse_renegotiation answers the request that made tch_open answer
 * TCH_RENEGOTIATE with a no_renegotiation warning. TCH_BAD_STATE. */
TCH_API enum tch_status tch_refuse_renegotiation(struct tch_conn *c);

/* Answers to TCH_WANT_...; TCH_BAD_STATE when nobody asked. After each the
 * next tch_step goes on. */

/* tch_answer_credential: use the identities of `cfg` (NULL: those there
 * are; none is a fine answer). */
TCH_API enum tch_status tch_answer_credential(struct tch_conn *c,
                                              struct tch_config *cfg);
/* tch_answer_verdict: TCH_OK accepts; any TCH_CLASS_CERTIFICATE status
 * refuses with its alert. */
TCH_API enum tch_status tch_answer_verdict(struct tch_conn *c,
                                           enum tch_status verdict);
/* tch_answer_signature: 1 to 1024 bytes, else TCH_BAD_ARGUMENT. */
TCH_API enum tch_status tch_answer_signature(struct tch_conn *c,
                                             struct tch_slice signature);
/* tch_answer_decrypt: at most 1024 bytes, else TCH_BAD_ARGUMENT; an empty
 * block says that the key failed, which the peer does not learn. */
TCH_API enum tch_status tch_answer_decrypt(struct tch_conn *c,
                                           struct tch_slice block);

/* ------------------------------------------------------------------------
 * Questions
 */

enum tch_state {
    TCH_STATE_NEW,
    TCH_STATE_HANDSHAKE,
    TCH_STATE_OPEN,
    TCH_STATE_ASKED, /* the peer asks for a renegotiation */
    TCH_STATE_RENEGOTIATION,
    TCH_STATE_CLOSED, /* close_notify received */
    TCH_STATE_DEAD
};
TCH_API enum tch_state tch_conn_state(const struct tch_conn *c);
TCH_API enum tch_role tch_conn_role(const struct tch_conn *c);

/* tch_conn_failure gives the first failure; its status is TCH_OK while there
 * is none. Lives as long as the connection. */
TCH_API const struct tch_failure *tch_conn_failure(const struct tch_conn *c);

/* tch_conn_shut_down says whether close_notify was queued by us. */
TCH_API bool tch_conn_shut_down(const struct tch_conn *c);

/*
 * tch_info is what was negotiated by the newest finished handshake.
 * `group` is 0 without (EC)DHE, `group_bits` its size; `peer_key` of the
 * peer's certificate: "RSA", "ECDSA", ... or NULL; `scheme` is the signature
 * scheme of the key exchange or 0. `alpn` is empty when none was agreed.
 */
struct tch_info {
    uint16_t version;
    uint16_t suite;
    uint16_t group;
    uint16_t group_bits;
    uint16_t scheme;
    bool resumed;
    bool extended_master_secret;
    bool encrypt_then_mac;
    bool secure_renegotiation;
    bool client_certificate; /* one was sent and proved */
    unsigned handshakes;     /* finished ones */
    unsigned peer_key_bits;
    const char *peer_key;
    struct tch_slice alpn;
    struct tch_slice session_id;
    struct tch_slice server_name; /* SNI, as the client sent it */
};

/* tch_conn_info: TCH_OK, or TCH_BAD_STATE before the first handshake has
 * finished. The slices live until the next handshake. */
TCH_API enum tch_status tch_conn_info(struct tch_conn *c,
                                      struct tch_info *out);

/* tch_sizes: `header` and `trailer` around application data, `message` the
 * most data in one record, `block` of the cipher; contract 9.1. */
struct tch_sizes {
    size_t header;
    size_t trailer;
    size_t message;
    size_t block;
};
TCH_API enum tch_status tch_conn_sizes(struct tch_conn *c,
                                       struct tch_sizes *out);

/* tch_conn_peer_certificate gives certificate `i` the peer sent, leaf first,
 * or an empty slice. Known from the peer's Certificate message on; after the
 * handshake only with tch_config_set_keep_peer_chain. */
TCH_API struct tch_slice tch_conn_peer_certificate(struct tch_conn *c,
                                                   size_t i);

/* tch_conn_local_certificate gives the leaf we sent in the newest handshake,
 * or an empty slice. */
TCH_API struct tch_slice tch_conn_local_certificate(struct tch_conn *c);

/* tch_conn_issuers gives the names of the CertificateRequest that
 * TCH_WANT_CREDENTIAL is about: a row of (uint16 length, DER Name). */
TCH_API struct tch_slice tch_conn_issuers(struct tch_conn *c);

/* tch_conn_peer_schemes gives the signature schemes the peer listed in the
 * newest handshake: a row of uint16, big-endian; empty below TLS 1.2. */
TCH_API struct tch_slice tch_conn_peer_schemes(struct tch_conn *c);

/* tch_conn_export makes keying material (RFC 5705). `context` with p NULL is
 * none; an empty one differs (R-KEY-060). TCH_BAD_STATE; TCH_NOT_ALLOWED for
 * a reserved label, or without extended master secret (R-KEY-049, 061). */
TCH_API enum tch_status tch_conn_export(struct tch_conn *c,
                                        const char *label,
                                        struct tch_slice context,
                                        uint8_t *out, size_t len);

/* tch_conn_tls_unique gives the first Finished of the newest handshake (RFC
 * 5929 3): 12 bytes. TCH_BAD_STATE; TCH_NOT_ALLOWED (R-KEY-049, 065). */
TCH_API enum tch_status tch_conn_tls_unique(struct tch_conn *c,
                                            uint8_t *out, size_t *len);

/* tch_conn_endpoint_binding gives the hash of the server's certificate (RFC
 * 5929 4, R-KEY-064): at most 64 bytes. TCH_NOT_FOUND without certificate. */
TCH_API enum tch_status tch_conn_endpoint_binding(struct tch_conn *c,
                                                  uint8_t *out, size_t *len);

/* tch_conn_set_resumable says whether the connection's session may be
 * resumed by later ones (contract 8.1, SCHANNEL_SESSION). */
TCH_API enum tch_status tch_conn_set_resumable(struct tch_conn *c, bool on);

/* tch_describe_failure writes one sentence about a failure: what, who, which
 * alert, which field. Returns the length it would need without the NUL. */
TCH_API size_t tch_describe_failure(const struct tch_failure *f, char *out,
                                    size_t cap);

/*
 * tch_server_name finds the SNI host name in the first bytes of a connection
 * (record header included). TCH_OK, `*name` within `in` or empty;
 * TCH_WANT_INPUT; TCH_DECODE_ERROR. Contract 12.4.
 */
TCH_API enum tch_status tch_server_name(struct tch_slice in,
                                        struct tch_slice *name);

/* tch_print_states writes the handshake script, as text or for Graphviz,
 * through `put`. */
TCH_API void tch_print_states(bool dot, void (*put)(void *arg, const char *s),
                              void *arg);

/* Certificates, for programs that show or make them into other forms. */

/* tch_cert_facts: texts are written by tch_certificate_describe. Times are
 * seconds since 1970 UTC. `scheme` 0 is unknown. */
struct tch_cert_facts {
    int64_t not_before;
    int64_t not_after;
    const char *key; /* "RSA", "ECDSA", ... or NULL */
    unsigned key_bits;
    uint16_t scheme;
    unsigned version; /* 1 to 3 */
    struct tch_slice serial;
    struct tch_slice issuer;  /* DER Name */
    struct tch_slice subject; /* DER Name */
    struct tch_slice spki;    /* DER SubjectPublicKeyInfo */
    struct tch_slice extensions; /* contents of SEQUENCE OF Extension */
    struct tch_slice signature_algorithm; /* DER AlgorithmIdentifier */
};
TCH_API enum tch_status tch_certificate_facts(struct tch_slice der,
                                              struct tch_cert_facts *out);

/* tch_name_string writes a DER Name as text; as tch_describe_failure. */
TCH_API size_t tch_name_string(struct tch_slice name, char *out, size_t cap);

/* tch_key_matches says whether a private key (DER) belongs to a certificate:
 * TCH_OK, TCH_KEY_MISMATCH, TCH_BAD_KEY, TCH_CERT_BAD, TCH_NOT_SUPPORTED. */
TCH_API enum tch_status tch_key_matches(struct tch_slice cert,
                                        struct tch_slice key);

/*
 * tch_pem_decode takes the next block off `*text`: label (at most 31
 * characters) and DER in memory of `alloc` (NULL: malloc), given back by
 * tch_pem_free. TCH_NOT_FOUND at the end; TCH_BAD_FILE; TCH_NO_MEMORY.
 */
struct tch_pem {
    char label[32];
    struct tch_slice der;
    void *memory; /* tch_pem_free's */
    size_t room;
};
TCH_API enum tch_status tch_pem_decode(const struct tch_alloc *alloc,
                                       struct tch_slice *text,
                                       struct tch_pem *out);
TCH_API void tch_pem_free(const struct tch_alloc *alloc, struct tch_pem *p);

#ifdef __cplusplus
}
#endif

#endif
