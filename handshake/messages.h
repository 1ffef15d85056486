#ifndef TCH_HANDSHAKE_MESSAGES_H
#define TCH_HANDSHAKE_MESSAGES_H

/*
 * The handshake messages as structs: one pure function reads each, one
 * writes each. They know bytes and the facts negotiated so far; they know no
 * key, no connection and no policy. What a value means, and whether it may be
 * there, is decided elsewhere (step_*.c); the connection, the trace, the
 * fuzzers and the hostile peer all share this code.
 *
 * A parsed struct points into the message it came from, which must outlive
 * it. Bodies are given and written without the 4-byte handshake header.
 *
 * Statuses of every parse function: TCH_OK; TCH_DECODE_ERROR when lengths do
 * not add up or a known extension is malformed (R-HS-002, R-EXT-006, 009);
 * others where its comment says so. The watch notes the offending field and
 * sees every byte of a good message once (R-T3). `*out` is cleared first;
 * after a failure it holds what was read so far and is not to be used.
 *
 * Nothing here allocates or recurses; work is linear in the body's length.
 *
 * Sources: RFC 5246 7.4 and the extensions' RFCs; dossier 3.1, 3.6, 5.
 */

#include "engine/base/bytes.h"
#include "engine/base/suites.h"
#include "engine/base/versions.h"

enum tch_message {
    TCH_MSG_HELLO_REQUEST = 0,
    TCH_MSG_CLIENT_HELLO = 1,
    TCH_MSG_SERVER_HELLO = 2,
    TCH_MSG_NEW_SESSION_TICKET = 4,
    TCH_MSG_CERTIFICATE = 11,
    TCH_MSG_SERVER_KEY_EXCHANGE = 12,
    TCH_MSG_CERTIFICATE_REQUEST = 13,
    TCH_MSG_SERVER_HELLO_DONE = 14,
    TCH_MSG_CERTIFICATE_VERIFY = 15,
    TCH_MSG_CLIENT_KEY_EXCHANGE = 16,
    TCH_MSG_FINISHED = 20,
    TCH_MSG_CERTIFICATE_STATUS = 22,
    /* Not a handshake message on the wire, but a step of the script. */
    TCH_MSG_CHANGE_CIPHER_SPEC = 0x100
};

#define TCH_MESSAGE_HEADER_LEN 4u

/* tch_message_name gives the RFC's name: "server_key_exchange"; NULL for a
 * type that is none. */
const char *tch_message_name(unsigned type);

/* tch_message_limit is the longest body a message may have (R-REC-029).
 * 0 for unknown types. */
size_t tch_message_limit(unsigned type);

/* Extension types of the registry. */
enum {
    TCH_EXT_SERVER_NAME = 0,
    TCH_EXT_MAX_FRAGMENT_LENGTH = 1,
    TCH_EXT_STATUS_REQUEST = 5,
    TCH_EXT_SUPPORTED_GROUPS = 10,
    TCH_EXT_EC_POINT_FORMATS = 11,
    TCH_EXT_SIGNATURE_ALGORITHMS = 13,
    TCH_EXT_ALPN = 16,
    TCH_EXT_SCT = 18,
    TCH_EXT_PADDING = 21,
    TCH_EXT_ENCRYPT_THEN_MAC = 22,
    TCH_EXT_EXTENDED_MASTER_SECRET = 23,
    TCH_EXT_RECORD_SIZE_LIMIT = 28,
    TCH_EXT_SESSION_TICKET = 35,
    TCH_EXT_SIGNATURE_ALGORITHMS_CERT = 50,
    TCH_EXT_RENEGOTIATION_INFO = 0xFF01
};

/* One bit per extension we know, for sets of them (`present` below). */
enum {
    TCH_HAS_SERVER_NAME = 1u << 0,
    TCH_HAS_MAX_FRAGMENT_LENGTH = 1u << 1,
    TCH_HAS_STATUS_REQUEST = 1u << 2,
    TCH_HAS_SUPPORTED_GROUPS = 1u << 3,
    TCH_HAS_EC_POINT_FORMATS = 1u << 4,
    TCH_HAS_SIGNATURE_ALGORITHMS = 1u << 5,
    TCH_HAS_ALPN = 1u << 6,
    TCH_HAS_SCT = 1u << 7,
    TCH_HAS_PADDING = 1u << 8,
    TCH_HAS_ENCRYPT_THEN_MAC = 1u << 9,
    TCH_HAS_EXTENDED_MASTER_SECRET = 1u << 10,
    TCH_HAS_RECORD_SIZE_LIMIT = 1u << 11,
    TCH_HAS_SESSION_TICKET = 1u << 12,
    TCH_HAS_SIGNATURE_ALGORITHMS_CERT = 1u << 13,
    TCH_HAS_RENEGOTIATION_INFO = 1u << 14
};

/*
 * tch_extensions is the extensions block of a hello. `present` says which
 * known ones are there; a value counts only then.
 *
 * ClientHello: server_name is the host_name, of visible ASCII, without a
 * trailing dot (R-EXT-010, 011, 018), and counts as absent when the list has
 * no host_name; so does a status_request of another type than ocsp
 * (R-EXT-033). groups, schemes, schemes_cert are lists of uint16;
 * point_formats a list of bytes; alpn a list of (length byte, name); padding
 * the length in bytes.
 * ServerHello: alpn holds exactly one such name; server_name, session_ticket
 * and the flags are empty; sct is the contents of the list, (uint16 length,
 * SCT) each, its lengths checked. Types that a ServerHello must not carry
 * (in_server_hello below) are in `present` too, their data unread: whether
 * that is to be ignored or refused is the state machine's to say (R-EXT-001,
 * R-EXT-061).
 * `max_fragment_length` and `record_size_limit` are as sent, unchecked
 * (R-EXT-020, R-EXT-022).
 * `block` is false when the hello ended before the block (R-EXT-007).
 * `unknown` is true when a type we do not know was there; in a ServerHello
 * `unknown_type` names the first.
 */
struct tch_extensions {
    uint32_t present;
    bool block;
    bool unknown;
    uint16_t unknown_type;
    uint8_t max_fragment_length;
    uint16_t record_size_limit;
    uint16_t padding;
    struct tch_slice server_name;
    struct tch_slice groups;
    struct tch_slice point_formats;
    struct tch_slice schemes;
    struct tch_slice schemes_cert;
    struct tch_slice alpn;
    struct tch_slice sct;
    struct tch_slice session_ticket;
    struct tch_slice renegotiation_info;
};

/* tch_extension_row is a fact about one extension we know. */
struct tch_extension_row {
    uint16_t type;
    uint32_t bit;
    const char *name; /* RFC name: "server_name" */
    const char *rfc;
    bool in_server_hello; /* may be answered there */
};

/* tch_extension_facts gives the row of a type, or NULL; tch_extension_at
 * walks the rows in the order in which we write them. */
const struct tch_extension_row *tch_extension_facts(unsigned type);
const struct tch_extension_row *tch_extension_at(size_t i);

struct tch_client_hello {
    uint16_t client_version;
    uint8_t random[32];
    struct tch_slice session_id;
    struct tch_slice cipher_suites; /* list of uint16 */
    struct tch_slice compression_methods;
    struct tch_extensions ext;
};

struct tch_server_hello {
    uint16_t server_version;
    uint8_t random[32];
    struct tch_slice session_id;
    uint16_t cipher_suite;
    uint8_t compression_method;
    struct tch_extensions ext;
};

/* tch_certificate: `list` is the contents of certificate_list, every length
 * in it checked (R-HS-101). Walk it with tch_certificate_next. */
struct tch_certificate {
    struct tch_slice list;
    size_t num;
};

struct tch_certificate_status {
    uint8_t status_type;
    struct tch_slice response; /* DER OCSPResponse */
};

/*
 * tch_server_key_exchange: what is there follows from the suite's key
 * exchange. `params` is what the signature covers (behind the randoms); with
 * a PSK key exchange, which has no signature, it is the whole body. `scheme`
 * is 0 where the message names none (below TLS 1.2) or has no signature.
 */
struct tch_server_key_exchange {
    struct tch_slice params;
    bool has_hint;
    struct tch_slice psk_identity_hint;
    uint8_t curve_type;
    uint16_t named_curve;
    struct tch_slice point;
    struct tch_slice dh_p;
    struct tch_slice dh_g;
    struct tch_slice dh_ys;
    struct tch_slice rsa_modulus;
    struct tch_slice rsa_exponent;
    bool has_signature;
    uint16_t scheme;
    struct tch_slice signature;
};

struct tch_certificate_request {
    struct tch_slice types;       /* list of bytes */
    struct tch_slice schemes;     /* list of uint16; empty below TLS 1.2 */
    struct tch_slice authorities; /* list of (uint16 length, DER Name) */
};

/* tch_client_key_exchange: by key exchange, as above. */
struct tch_client_key_exchange {
    bool has_identity;
    struct tch_slice psk_identity;
    struct tch_slice encrypted_premaster;
    struct tch_slice dh_yc;
    struct tch_slice point;
};

struct tch_certificate_verify {
    uint16_t scheme; /* 0 below TLS 1.2 */
    struct tch_slice signature;
};

struct tch_finished {
    struct tch_slice verify_data;
};

struct tch_new_session_ticket {
    uint32_t lifetime_hint; /* seconds; 0 = unspecified */
    struct tch_slice ticket;
};

/*
 * tch_parse_ctx is what a parser may know: `version` is NULL in hellos and
 * given everywhere else; `suite` is NULL before it is agreed, both key
 * exchange messages need it; `watch` may be NULL.
 */
struct tch_parse_ctx {
    const struct tch_version_row *version;
    const struct tch_suite *suite;
    struct tch_watch *watch;
};

/*
 * tch_parse_client_hello reads RFC 5246, 7.4.1.2. Also returns
 * TCH_ILLEGAL_PARAMETER for a server_name of R-EXT-010 or R-EXT-018 and for
 * padding that is not zero (R-EXT-111). With client_version 0x0300 nothing
 * behind the compression methods fails: of well-formed extensions only
 * renegotiation_info counts, anything else is ignored (R-GEN-003, R-HS-036).
 */
TCH_MUST_CHECK enum tch_status
tch_parse_client_hello(struct tch_slice body, const struct tch_parse_ctx *ctx,
                       struct tch_client_hello *out);
/* tch_parse_server_hello reads RFC 5246, 7.4.1.3. */
TCH_MUST_CHECK enum tch_status
tch_parse_server_hello(struct tch_slice body, const struct tch_parse_ctx *ctx,
                       struct tch_server_hello *out);
/* tch_parse_certificate reads RFC 5246, 7.4.2; an empty list is well-formed
 * (R-HS-090 and R-HS-094 say who may send one). */
TCH_MUST_CHECK enum tch_status
tch_parse_certificate(struct tch_slice body, const struct tch_parse_ctx *ctx,
                      struct tch_certificate *out);
/* tch_parse_certificate_status reads RFC 6066, 8; a status_type other than
 * ocsp cannot be decoded. */
TCH_MUST_CHECK enum tch_status
tch_parse_certificate_status(struct tch_slice body,
                             const struct tch_parse_ctx *ctx,
                             struct tch_certificate_status *out);
/*
 * tch_parse_server_key_exchange reads RFC 5246, 7.4.3, as the suite's key
 * exchange has it (dossier 3.6). Also returns TCH_ILLEGAL_PARAMETER for a
 * curve_type other than named_curve (R-KX-060), and TCH_UNEXPECTED_MESSAGE
 * when there is no suite or it has no such message (R-KX-001).
 */
TCH_MUST_CHECK enum tch_status
tch_parse_server_key_exchange(struct tch_slice body,
                              const struct tch_parse_ctx *ctx,
                              struct tch_server_key_exchange *out);
/* tch_parse_certificate_request reads RFC 5246, 7.4.4 (R-HS-099, 100). */
TCH_MUST_CHECK enum tch_status
tch_parse_certificate_request(struct tch_slice body,
                              const struct tch_parse_ctx *ctx,
                              struct tch_certificate_request *out);
/* tch_parse_client_key_exchange reads RFC 5246, 7.4.7 (R-KX-021, R-KX-040).
 * Also returns TCH_UNEXPECTED_MESSAGE when there is no suite. */
TCH_MUST_CHECK enum tch_status
tch_parse_client_key_exchange(struct tch_slice body,
                              const struct tch_parse_ctx *ctx,
                              struct tch_client_key_exchange *out);
/* tch_parse_certificate_verify reads RFC 5246, 7.4.8; a signature of 0 bytes
 * is well-formed, and wrong (R-HS-097). */
TCH_MUST_CHECK enum tch_status
tch_parse_certificate_verify(struct tch_slice body,
                             const struct tch_parse_ctx *ctx,
                             struct tch_certificate_verify *out);
/* tch_parse_finished reads RFC 5246, 7.4.9. A wrong length is
 * TCH_BAD_FINISHED (R-HS-006), never TCH_DECODE_ERROR. */
TCH_MUST_CHECK enum tch_status
tch_parse_finished(struct tch_slice body, const struct tch_parse_ctx *ctx,
                   struct tch_finished *out);
/* tch_parse_new_session_ticket reads RFC 5077, 3.3. */
TCH_MUST_CHECK enum tch_status
tch_parse_new_session_ticket(struct tch_slice body,
                             const struct tch_parse_ctx *ctx,
                             struct tch_new_session_ticket *out);
/* tch_parse_empty reads hello_request and server_hello_done, which have no
 * body (R-HS-010); `message` names the one it is. */
TCH_MUST_CHECK enum tch_status
tch_parse_empty(struct tch_slice body, const struct tch_parse_ctx *ctx,
                const struct tch_field *message);

/* tch_certificate_next takes the next certificate off `*list`; false at its
 * end. `list` comes from a parsed tch_certificate. */
bool tch_certificate_next(struct tch_slice *list, struct tch_slice *der);

/* tch_list_u16 gives element `i` of a list of uint16; the caller knows that
 * 2 * i + 2 <= list.len. tch_list_has_u16 looks for a value. */
uint16_t tch_list_u16(struct tch_slice list, size_t i);
bool tch_list_has_u16(struct tch_slice list, unsigned value);
bool tch_list_has_u8(struct tch_slice list, unsigned value);

/* tch_alpn_next takes the next name off `*list`; false at its end. */
bool tch_alpn_next(struct tch_slice *list, struct tch_slice *name);

/*
 * The writers put a body into `w`; a window that is too small or a struct
 * whose parts do not fit the bounds of their vectors (those of the parsers)
 * makes the writer fail. `version` and `suite` as in tch_parse_ctx; `watch`
 * is not used. Extensions are written in the table's order; an empty set
 * writes no block; one that the hello must not carry makes the writer fail.
 */
void tch_write_client_hello(struct tch_writer *w,
                            const struct tch_client_hello *m);
void tch_write_server_hello(struct tch_writer *w,
                            const struct tch_server_hello *m);
/* tch_write_certificate writes a list of DER certificates. */
void tch_write_certificate(struct tch_writer *w,
                           const struct tch_slice *chain, size_t num);
void tch_write_certificate_status(struct tch_writer *w,
                                  const struct tch_certificate_status *m);
/* tch_write_kx_params writes what becomes m->params: the part that is signed,
 * or with a PSK key exchange, which signs nothing, the hint and what follows.
 * A suite without ServerKeyExchange makes the writer fail. */
void tch_write_kx_params(struct tch_writer *w,
                         const struct tch_parse_ctx *ctx,
                         const struct tch_server_key_exchange *m);
/* tch_write_server_key_exchange writes m->params as it is, then scheme and
 * signature where the suite and version have them. */
void tch_write_server_key_exchange(struct tch_writer *w,
                                   const struct tch_parse_ctx *ctx,
                                   const struct tch_server_key_exchange *m);
void tch_write_certificate_request(struct tch_writer *w,
                                   const struct tch_parse_ctx *ctx,
                                   const struct tch_certificate_request *m);
void tch_write_client_key_exchange(struct tch_writer *w,
                                   const struct tch_parse_ctx *ctx,
                                   const struct tch_client_key_exchange *m);
void tch_write_certificate_verify(struct tch_writer *w,
                                  const struct tch_parse_ctx *ctx,
                                  const struct tch_certificate_verify *m);
void tch_write_finished(struct tch_writer *w, const struct tch_finished *m);
void tch_write_new_session_ticket(struct tch_writer *w,
                                  const struct tch_new_session_ticket *m);

#endif
