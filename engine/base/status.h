#ifndef TCH_ENGINE_BASE_STATUS_H
#define TCH_ENGINE_BASE_STATUS_H

/*
 * Errors as values. One row per status gives its number, its class, the alert
 * that goes with it and its sentence. A status is at least as specific as the
 * alert it causes. The first failure of a connection is kept as one
 * struct tch_failure, made where it happens.
 *
 * Sources: alerts RFC 5246 7.2, RFC 6066 9, RFC 7301 3.2; dossier 2.10;
 * contract 10.2 for the split of one alert into several statuses.
 */

#include "slice.h"

/* Alert descriptions, dossier 2.10. */
#define TCH_ALERT_LIST(X)                                                     \
    X(CLOSE_NOTIFY, 0, "close_notify")                                        \
    X(UNEXPECTED_MESSAGE, 10, "unexpected_message")                           \
    X(BAD_RECORD_MAC, 20, "bad_record_mac")                                   \
    X(DECRYPTION_FAILED, 21, "decryption_failed")                             \
    X(RECORD_OVERFLOW, 22, "record_overflow")                                 \
    X(DECOMPRESSION_FAILURE, 30, "decompression_failure")                     \
    X(HANDSHAKE_FAILURE, 40, "handshake_failure")                             \
    X(NO_CERTIFICATE, 41, "no_certificate")                                   \
    X(BAD_CERTIFICATE, 42, "bad_certificate")                                 \
    X(UNSUPPORTED_CERTIFICATE, 43, "unsupported_certificate")                 \
    X(CERTIFICATE_REVOKED, 44, "certificate_revoked")                         \
    X(CERTIFICATE_EXPIRED, 45, "certificate_expired")                         \
    X(CERTIFICATE_UNKNOWN, 46, "certificate_unknown")                         \
    X(ILLEGAL_PARAMETER, 47, "illegal_parameter")                             \
    X(UNKNOWN_CA, 48, "unknown_ca")                                           \
    X(ACCESS_DENIED, 49, "access_denied")                                     \
    X(DECODE_ERROR, 50, "decode_error")                                       \
    X(DECRYPT_ERROR, 51, "decrypt_error")                                     \
    X(EXPORT_RESTRICTION, 60, "export_restriction")                           \
    X(PROTOCOL_VERSION, 70, "protocol_version")                               \
    X(INSUFFICIENT_SECURITY, 71, "insufficient_security")                     \
    X(INTERNAL_ERROR, 80, "internal_error")                                   \
    X(INAPPROPRIATE_FALLBACK, 86, "inappropriate_fallback")                   \
    X(USER_CANCELED, 90, "user_canceled")                                     \
    X(NO_RENEGOTIATION, 100, "no_renegotiation")                              \
    X(UNSUPPORTED_EXTENSION, 110, "unsupported_extension")                    \
    X(CERTIFICATE_UNOBTAINABLE, 111, "certificate_unobtainable")              \
    X(UNRECOGNIZED_NAME, 112, "unrecognized_name")                            \
    X(BAD_CERTIFICATE_STATUS_RESPONSE, 113,                                   \
      "bad_certificate_status_response")                                      \
    X(BAD_CERTIFICATE_HASH_VALUE, 114, "bad_certificate_hash_value")          \
    X(UNKNOWN_PSK_IDENTITY, 115, "unknown_psk_identity")                      \
    X(CERTIFICATE_REQUIRED, 116, "certificate_required")                      \
    X(NO_APPLICATION_PROTOCOL, 120, "no_application_protocol")

enum tch_alert {
#define TCH_ALERT_ENUM(name, number, text) TCH_ALERT_##name = number,
    TCH_ALERT_LIST(TCH_ALERT_ENUM)
#undef TCH_ALERT_ENUM
    TCH_ALERT_NONE = 256 /* no alert belongs to it */
};

enum tch_alert_level { TCH_ALERT_WARNING = 1, TCH_ALERT_FATAL = 2 };

enum tch_status_class {
    TCH_CLASS_PROGRESS,    /* nothing is wrong; the caller does the next step */
    TCH_CLASS_USAGE,       /* the caller's mistake; nothing has changed */
    TCH_CLASS_RESOURCE,    /* memory, randomness, our own failure */
    TCH_CLASS_PROTOCOL,    /* the peer broke a rule, or nothing is in common */
    TCH_CLASS_CERTIFICATE, /* a certificate was not accepted */
    TCH_CLASS_PEER         /* the peer ended it */
};

/* clang-format off: rows */
/*   name, number, class, alert, text */
#define TCH_STATUS_LIST(X)                                                    \
    X(OK, 0, PROGRESS, NONE, "success")                                       \
    X(CONTINUE, 1, PROGRESS, NONE, "the handshake goes on")                   \
    X(WANT_INPUT, 2, PROGRESS, NONE, "more bytes of the peer are needed")     \
    X(WANT_CREDENTIAL, 3, PROGRESS, NONE, "a certificate of ours is asked for") \
    X(WANT_VERDICT, 4, PROGRESS, NONE, "the peer's certificate awaits a verdict") \
    X(WANT_SIGNATURE, 5, PROGRESS, NONE, "a signature by an outside key is awaited") \
    X(WANT_DECRYPT, 6, PROGRESS, NONE, "a decryption by an outside key is awaited") \
    X(WANT_SESSION, 7, PROGRESS, NONE, "an answer of an outside session cache is awaited") \
    X(RENEGOTIATE, 8, PROGRESS, NONE, "the peer asks for a new handshake")    \
    X(NO_RENEGOTIATION, 9, PROGRESS, NONE, "the peer refused a new handshake") \
    X(CLOSED, 10, PROGRESS, NONE, "the peer closed the connection in order")  \
    X(DATA_WAITS, 11, PROGRESS, NONE, "application data came before the end of the handshake") \
    X(BAD_ARGUMENT, 20, USAGE, NONE, "an argument is out of range")           \
    X(BAD_STATE, 21, USAGE, NONE, "the call does not fit the connection's state") \
    X(BUFFER_TOO_SMALL, 22, USAGE, NONE, "a buffer is too small")             \
    X(MESSAGE_TOO_LONG, 23, USAGE, NONE, "a message is longer than a record holds") \
    X(SHUT_DOWN, 24, USAGE, NONE, "this side has closed the connection")      \
    X(DEAD, 25, USAGE, NONE, "the connection has failed before")              \
    X(NOT_FOUND, 26, USAGE, NONE, "there is no such thing")                   \
    X(NOT_SUPPORTED, 27, USAGE, NONE, "this is not supported")                \
    X(NOT_ALLOWED, 28, USAGE, NONE, "the policy or an option forbids it")     \
    X(BAD_KEY, 29, USAGE, NONE, "a key cannot be used")                       \
    X(BAD_FILE, 30, USAGE, NONE, "a file or encoding cannot be read")         \
    X(KEY_MISMATCH, 31, USAGE, NONE, "the private key does not belong to the certificate") \
    X(NOTHING_LEFT, 32, USAGE, NONE, "no version or cipher suite is left to offer") \
    X(NO_MEMORY, 40, RESOURCE, INTERNAL_ERROR, "out of memory")               \
    X(NO_RANDOM, 41, RESOURCE, INTERNAL_ERROR, "the random generator failed") \
    X(INTERNAL, 42, RESOURCE, INTERNAL_ERROR, "an internal error")            \
    X(VOLUME_LIMIT, 43, RESOURCE, NONE, "a key has protected as much as it may") \
    X(NO_CREDENTIAL, 44, RESOURCE, HANDSHAKE_FAILURE, "no usable certificate of ours") \
    X(NOT_TLS, 100, PROTOCOL, NONE, "the peer does not speak TLS")            \
    X(UNEXPECTED_MESSAGE, 101, PROTOCOL, UNEXPECTED_MESSAGE, "a message came out of place") \
    X(BAD_RECORD_MAC, 102, PROTOCOL, BAD_RECORD_MAC, "a record failed its integrity check") \
    X(RECORD_OVERFLOW, 103, PROTOCOL, RECORD_OVERFLOW, "a record is too long") \
    X(DECODE_ERROR, 104, PROTOCOL, DECODE_ERROR, "a message could not be decoded") \
    X(ILLEGAL_PARAMETER, 105, PROTOCOL, ILLEGAL_PARAMETER, "a field has a value it must not have") \
    X(HANDSHAKE_VIOLATION, 106, PROTOCOL, HANDSHAKE_FAILURE, "the handshake broke a rule of an extension") \
    X(NO_COMMON_PARAMETERS, 107, PROTOCOL, HANDSHAKE_FAILURE, "no cipher suite, group or signature algorithm in common") \
    X(NO_COMMON_VERSION, 108, PROTOCOL, PROTOCOL_VERSION, "no protocol version in common") \
    X(WRONG_RECORD_VERSION, 109, PROTOCOL, PROTOCOL_VERSION, "a record has the wrong protocol version") \
    X(INSUFFICIENT_SECURITY, 110, PROTOCOL, INSUFFICIENT_SECURITY, "the parameters are too weak") \
    X(BAD_SIGNATURE, 111, PROTOCOL, DECRYPT_ERROR, "a handshake signature is wrong") \
    X(BAD_FINISHED, 112, PROTOCOL, DECRYPT_ERROR, "the Finished message is wrong") \
    X(INAPPROPRIATE_FALLBACK, 113, PROTOCOL, INAPPROPRIATE_FALLBACK, "the client fell back without need") \
    X(UNSUPPORTED_EXTENSION, 114, PROTOCOL, UNSUPPORTED_EXTENSION, "an extension was not asked for") \
    X(UNRECOGNIZED_NAME, 115, PROTOCOL, UNRECOGNIZED_NAME, "the server name is not known here") \
    X(NO_APPLICATION_PROTOCOL, 116, PROTOCOL, NO_APPLICATION_PROTOCOL, "no application protocol in common") \
    X(MESSAGE_TOO_LARGE, 117, PROTOCOL, ILLEGAL_PARAMETER, "a handshake message is longer than allowed") \
    X(TOO_MANY_WARNINGS, 118, PROTOCOL, UNEXPECTED_MESSAGE, "too many warning alerts in a row") \
    X(TOO_MANY_EMPTY_RECORDS, 119, PROTOCOL, UNEXPECTED_MESSAGE, "too many empty records in a row") \
    X(NO_CLIENT_CERTIFICATE, 120, PROTOCOL, HANDSHAKE_FAILURE, "the client sent no certificate") \
    X(UNSUPPORTED_CERTIFICATE_KEY, 121, PROTOCOL, UNSUPPORTED_CERTIFICATE, "the certificate's key cannot be used here") \
    X(BAD_STATUS_RESPONSE, 122, PROTOCOL, BAD_CERTIFICATE_STATUS_RESPONSE, "the stapled OCSP response is not good") \
    X(UNKNOWN_PSK_IDENTITY, 123, PROTOCOL, UNKNOWN_PSK_IDENTITY, "the PSK identity is not known here") \
    X(CERT_UNTRUSTED, 200, CERTIFICATE, UNKNOWN_CA, "no path to a trusted root") \
    X(CERT_EXPIRED, 201, CERTIFICATE, CERTIFICATE_EXPIRED, "a certificate has expired or is not valid yet") \
    X(CERT_REVOKED, 202, CERTIFICATE, CERTIFICATE_REVOKED, "a certificate is revoked") \
    X(CERT_WRONG_NAME, 203, CERTIFICATE, BAD_CERTIFICATE, "the certificate is for another name") \
    X(CERT_WRONG_USAGE, 204, CERTIFICATE, UNSUPPORTED_CERTIFICATE, "the certificate is for another use") \
    X(CERT_BAD, 205, CERTIFICATE, BAD_CERTIFICATE, "a certificate is malformed") \
    X(CERT_BAD_SIGNATURE, 206, CERTIFICATE, BAD_CERTIFICATE, "a certificate's signature is wrong") \
    X(CERT_WEAK, 207, CERTIFICATE, BAD_CERTIFICATE, "a certificate's key or signature is too weak") \
    X(CERT_CONSTRAINT, 208, CERTIFICATE, BAD_CERTIFICATE, "a certificate breaks a constraint of its issuer") \
    X(CERT_UNKNOWN_EXTENSION, 209, CERTIFICATE, UNSUPPORTED_CERTIFICATE, "a certificate has an unknown critical extension") \
    X(CERT_REVOCATION_UNKNOWN, 210, CERTIFICATE, CERTIFICATE_UNKNOWN, "a certificate's revocation cannot be checked") \
    X(CERT_REVOCATION_OFFLINE, 211, CERTIFICATE, CERTIFICATE_UNKNOWN, "revocation information is out of reach") \
    X(CERT_REJECTED, 212, CERTIFICATE, CERTIFICATE_UNKNOWN, "the application did not accept the certificate") \
    X(CERT_TOO_MUCH_WORK, 213, CERTIFICATE, CERTIFICATE_UNKNOWN, "checking the certificates takes too much work") \
    X(PEER_ALERT, 300, PEER, NONE, "the peer sent a fatal alert")             \
    X(CLOSED_EARLY, 301, PEER, NONE, "the peer closed during the handshake")
/* clang-format on */

enum tch_status {
#define TCH_STATUS_ENUM(name, number, class, alert, text) TCH_##name = number,
    TCH_STATUS_LIST(TCH_STATUS_ENUM)
#undef TCH_STATUS_ENUM
};

/* tch_status_name gives the name without its prefix: "BAD_RECORD_MAC"; an
 * unknown number gives "UNKNOWN". */
TCH_API const char *tch_status_name(enum tch_status s);

/* tch_status_text gives a sentence without capital and full stop. */
TCH_API const char *tch_status_text(enum tch_status s);

/* tch_status_class gives the class of a status. */
TCH_API enum tch_status_class tch_status_class(enum tch_status s);

/* tch_status_alert gives the alert that goes with a status, or
 * TCH_ALERT_NONE. */
TCH_API enum tch_alert tch_status_alert(enum tch_status s);

/* tch_failed is true for every status that is no progress. */
static inline bool tch_failed(enum tch_status s)
{
    return s >= TCH_BAD_ARGUMENT;
}

/* tch_alert_name gives the RFC's name; an unassigned number gives
 * "unknown_alert". */
TCH_API const char *tch_alert_name(unsigned description);

/* tch_alert_for_ssl3 maps an alert that SSL 3.0 does not know to one that it
 * knows (dossier 2.10, POLICY). */
enum tch_alert tch_alert_for_ssl3(enum tch_alert a);

enum tch_side { TCH_SIDE_NONE, TCH_SIDE_OURS, TCH_SIDE_PEERS };

/* Bytes of a field path, NUL included: the longest of any message fits. */
#define TCH_PATH_MAX 128

/*
 * tch_failure is the one value that says what went wrong. `side` says who
 * ended the connection: TCH_SIDE_OURS with the alert we sent (or owe),
 * TCH_SIDE_PEERS with the alert we received. `path` names the offending field
 * ("client_hello.extensions[3].server_name"), or is empty; `offset` counts
 * bytes from the start of its message; `rfc` is the section that owns the
 * field, or NULL. Strings live as long as the struct.
 */
struct tch_failure {
    enum tch_status status;
    enum tch_alert alert;
    enum tch_side side;
    size_t offset;
    const char *rfc;
    char path[TCH_PATH_MAX];
};

#endif
