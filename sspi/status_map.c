/*
 * The tables of status_map.h, and the names and sentences of the statuses for
 * people. Where a status of ours can mean several of Schannel's, the call
 * that knows the difference settles it before it comes here (TCH_BAD_STATE in
 * message.c, for example).
 */

#include "sspi/status_map.h"

#include "sspi/include/tomchannel_sspi.h"

/* clang-format off */

/* Contract 10.1; an alert that is not listed is SEC_E_ILLEGAL_MESSAGE. */
static const struct {
    uint16_t alert;
    SECURITY_STATUS status;
} alerts[] = {
    { TCH_ALERT_CLOSE_NOTIFY,            SEC_I_CONTEXT_EXPIRED },
    { TCH_ALERT_UNEXPECTED_MESSAGE,      SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_BAD_RECORD_MAC,          SEC_E_MESSAGE_ALTERED },
    { TCH_ALERT_DECRYPTION_FAILED,       SEC_E_DECRYPT_FAILURE },
    { TCH_ALERT_RECORD_OVERFLOW,         SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_DECOMPRESSION_FAILURE,   SEC_E_MESSAGE_ALTERED },
    { TCH_ALERT_HANDSHAKE_FAILURE,       SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_NO_CERTIFICATE,          SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_BAD_CERTIFICATE,         SEC_E_CERT_UNKNOWN },
    { TCH_ALERT_UNSUPPORTED_CERTIFICATE, SEC_E_CERT_UNKNOWN },
    { TCH_ALERT_CERTIFICATE_REVOKED,     CRYPT_E_REVOKED },
    { TCH_ALERT_CERTIFICATE_EXPIRED,     SEC_E_CERT_EXPIRED },
    { TCH_ALERT_CERTIFICATE_UNKNOWN,     SEC_E_CERT_UNKNOWN },
    { TCH_ALERT_ILLEGAL_PARAMETER,       SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_UNKNOWN_CA,              SEC_E_UNTRUSTED_ROOT },
    { TCH_ALERT_ACCESS_DENIED,           SEC_E_LOGON_DENIED },
    { TCH_ALERT_DECODE_ERROR,            SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_DECRYPT_ERROR,           SEC_E_DECRYPT_FAILURE },
    { TCH_ALERT_EXPORT_RESTRICTION,      SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_PROTOCOL_VERSION,        SEC_E_UNSUPPORTED_FUNCTION },
    { TCH_ALERT_INSUFFICIENT_SECURITY,   SEC_E_ALGORITHM_MISMATCH },
    { TCH_ALERT_INTERNAL_ERROR,          SEC_E_INTERNAL_ERROR },
    { TCH_ALERT_USER_CANCELED,           SEC_E_UNFINISHED_CONTEXT_DELETED },
    { TCH_ALERT_NO_RENEGOTIATION,        SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_UNSUPPORTED_EXTENSION,   SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_UNKNOWN_PSK_IDENTITY,    SEC_E_ILLEGAL_MESSAGE },
    { TCH_ALERT_NO_APPLICATION_PROTOCOL, SEC_E_APPLICATION_PROTOCOL_MISMATCH },
};

/* Contract 10.2, 6.6 and 9; a status that is not listed is
 * SEC_E_INTERNAL_ERROR. */
static const struct {
    enum tch_status status;
    SECURITY_STATUS mapped;
} statuses[] = {
    { TCH_OK,               SEC_E_OK },
    { TCH_CONTINUE,         SEC_I_CONTINUE_NEEDED },
    { TCH_DATA_WAITS,       SEC_I_CONTINUE_NEEDED },
    { TCH_WANT_INPUT,       SEC_E_INCOMPLETE_MESSAGE },
    { TCH_WANT_CREDENTIAL,  SEC_I_INCOMPLETE_CREDENTIALS },
    { TCH_RENEGOTIATE,      SEC_I_RENEGOTIATE },
    { TCH_NO_RENEGOTIATION, SEC_I_NO_RENEGOTIATION },
    { TCH_CLOSED,           SEC_I_CONTEXT_EXPIRED },

    /* Pauses that the facade never asks for. */
    { TCH_WANT_VERDICT,   SEC_E_INTERNAL_ERROR },
    { TCH_WANT_SIGNATURE, SEC_E_INTERNAL_ERROR },
    { TCH_WANT_DECRYPT,   SEC_E_INTERNAL_ERROR },
    { TCH_WANT_SESSION,   SEC_E_INTERNAL_ERROR },

    { TCH_BAD_ARGUMENT,     SEC_E_INVALID_TOKEN },
    { TCH_BAD_STATE,        SEC_E_OUT_OF_SEQUENCE },
    { TCH_BUFFER_TOO_SMALL, SEC_E_BUFFER_TOO_SMALL },
    { TCH_MESSAGE_TOO_LONG, SEC_E_ENCRYPT_FAILURE },
    { TCH_SHUT_DOWN,        SEC_E_CONTEXT_EXPIRED },
    { TCH_DEAD,             SEC_E_CONTEXT_EXPIRED },
    { TCH_NOT_FOUND,        SEC_E_INVALID_PARAMETER },
    { TCH_NOT_SUPPORTED,    SEC_E_UNSUPPORTED_FUNCTION },
    { TCH_NOT_ALLOWED,      SEC_E_UNSUPPORTED_FUNCTION },
    { TCH_BAD_KEY,          NTE_BAD_KEY },
    { TCH_BAD_FILE,         CRYPT_E_BAD_ENCODE },
    { TCH_KEY_MISMATCH,     NTE_BAD_PUBLIC_KEY },
    { TCH_NOTHING_LEFT,     SEC_E_ALGORITHM_MISMATCH },

    { TCH_NO_MEMORY,     SEC_E_INSUFFICIENT_MEMORY },
    { TCH_NO_RANDOM,     SEC_E_INTERNAL_ERROR },
    { TCH_INTERNAL,      SEC_E_INTERNAL_ERROR },
    { TCH_VOLUME_LIMIT,  SEC_E_CONTEXT_EXPIRED },
    { TCH_NO_CREDENTIAL, SEC_E_NO_CREDENTIALS },

    { TCH_NOT_TLS,                     SEC_E_INVALID_TOKEN },
    { TCH_UNEXPECTED_MESSAGE,          SEC_E_ILLEGAL_MESSAGE },
    { TCH_BAD_RECORD_MAC,              SEC_E_MESSAGE_ALTERED },
    { TCH_RECORD_OVERFLOW,             SEC_E_ILLEGAL_MESSAGE },
    { TCH_DECODE_ERROR,                SEC_E_ILLEGAL_MESSAGE },
    { TCH_ILLEGAL_PARAMETER,           SEC_E_ILLEGAL_MESSAGE },
    { TCH_HANDSHAKE_VIOLATION,         SEC_E_ILLEGAL_MESSAGE },
    { TCH_NO_COMMON_PARAMETERS,        SEC_E_ALGORITHM_MISMATCH },
    { TCH_NO_COMMON_VERSION,           SEC_E_ALGORITHM_MISMATCH },
    { TCH_WRONG_RECORD_VERSION,        SEC_E_ILLEGAL_MESSAGE },
    { TCH_INSUFFICIENT_SECURITY,       SEC_E_ALGORITHM_MISMATCH },
    { TCH_BAD_SIGNATURE,               SEC_E_DECRYPT_FAILURE },
    { TCH_BAD_FINISHED,                SEC_E_MESSAGE_ALTERED },
    { TCH_INAPPROPRIATE_FALLBACK,      SEC_E_UNSUPPORTED_FUNCTION },
    { TCH_UNSUPPORTED_EXTENSION,       SEC_E_ILLEGAL_MESSAGE },
    { TCH_UNRECOGNIZED_NAME,           SEC_E_ILLEGAL_MESSAGE },
    { TCH_NO_APPLICATION_PROTOCOL,     SEC_E_APPLICATION_PROTOCOL_MISMATCH },
    { TCH_MESSAGE_TOO_LARGE,           SEC_E_ILLEGAL_MESSAGE },
    { TCH_TOO_MANY_WARNINGS,           SEC_E_ILLEGAL_MESSAGE },
    { TCH_TOO_MANY_EMPTY_RECORDS,      SEC_E_ILLEGAL_MESSAGE },
    { TCH_NO_CLIENT_CERTIFICATE,       SEC_E_ILLEGAL_MESSAGE },
    { TCH_UNSUPPORTED_CERTIFICATE_KEY, SEC_E_CERT_UNKNOWN },
    { TCH_BAD_STATUS_RESPONSE,         SEC_E_CERT_UNKNOWN },
    { TCH_UNKNOWN_PSK_IDENTITY,        SEC_E_ILLEGAL_MESSAGE },

    { TCH_CERT_UNTRUSTED,          SEC_E_UNTRUSTED_ROOT },
    { TCH_CERT_EXPIRED,            SEC_E_CERT_EXPIRED },
    { TCH_CERT_REVOKED,            CRYPT_E_REVOKED },
    { TCH_CERT_WRONG_NAME,         SEC_E_WRONG_PRINCIPAL },
    { TCH_CERT_WRONG_USAGE,        SEC_E_CERT_WRONG_USAGE },
    { TCH_CERT_BAD,                SEC_E_CERT_UNKNOWN },
    { TCH_CERT_BAD_SIGNATURE,      SEC_E_CERT_UNKNOWN },
    { TCH_CERT_WEAK,               SEC_E_CERT_UNKNOWN },
    { TCH_CERT_CONSTRAINT,         SEC_E_CERT_UNKNOWN },
    { TCH_CERT_UNKNOWN_EXTENSION,  SEC_E_CERT_UNKNOWN },
    { TCH_CERT_REVOCATION_UNKNOWN, CRYPT_E_NO_REVOCATION_CHECK },
    { TCH_CERT_REVOCATION_OFFLINE, CRYPT_E_REVOCATION_OFFLINE },
    { TCH_CERT_REJECTED,           SEC_E_CERT_UNKNOWN },
    { TCH_CERT_TOO_MUCH_WORK,      SEC_E_CERT_UNKNOWN },

    { TCH_PEER_ALERT,   SEC_E_ILLEGAL_MESSAGE },
    { TCH_CLOSED_EARLY, SEC_E_ILLEGAL_MESSAGE },
};

/* Every status that a call of the library returns. */
static const struct {
    SECURITY_STATUS status;
    const char *name;
    const char *text;
} texts[] = {
#define T(name, text) { name, #name, text }
    T(SEC_E_OK, "success"),
    T(SEC_I_CONTINUE_NEEDED, "the handshake goes on"),
    T(SEC_I_CONTEXT_EXPIRED, "the peer closed the connection in order"),
    T(SEC_I_INCOMPLETE_CREDENTIALS, "the server asks for a client certificate"),
    T(SEC_I_RENEGOTIATE, "the peer asks for a new handshake"),
    T(SEC_I_NO_RENEGOTIATION, "the peer refused a new handshake"),
    T(SEC_E_INSUFFICIENT_MEMORY, "not enough memory, or a buffer is too small"),
    T(SEC_E_INVALID_HANDLE, "the handle is not valid, or the answer is not known yet"),
    T(SEC_E_UNSUPPORTED_FUNCTION, "this function is not supported here"),
    T(SEC_E_INTERNAL_ERROR, "an internal error"),
    T(SEC_E_SECPKG_NOT_FOUND, "there is no such security package"),
    T(SEC_E_INVALID_TOKEN, "the token is no TLS record, or the buffers are wrong"),
    T(SEC_E_QOP_NOT_SUPPORTED, "this quality of protection is not supported"),
    T(SEC_E_NO_IMPERSONATION, "there are no user tokens to impersonate"),
    T(SEC_E_LOGON_DENIED, "the peer denied access"),
    T(SEC_E_UNKNOWN_CREDENTIALS, "the credentials were not recognized"),
    T(SEC_E_NO_CREDENTIALS, "there is no usable certificate"),
    T(SEC_E_MESSAGE_ALTERED, "a record failed its integrity check"),
    T(SEC_E_OUT_OF_SEQUENCE, "the call came before its time"),
    T(SEC_E_CONTEXT_EXPIRED, "the context can no longer be used"),
    T(SEC_E_INCOMPLETE_MESSAGE, "more bytes of the peer are needed"),
    T(SEC_E_BUFFER_TOO_SMALL, "a buffer is too small"),
    T(SEC_E_WRONG_PRINCIPAL, "the certificate is for another name"),
    T(SEC_E_UNTRUSTED_ROOT, "the certificate does not lead to a trusted root"),
    T(SEC_E_ILLEGAL_MESSAGE, "a message was unexpected or malformed"),
    T(SEC_E_CERT_UNKNOWN, "the certificate was not accepted"),
    T(SEC_E_CERT_EXPIRED, "a certificate has expired or is not valid yet"),
    T(SEC_E_ENCRYPT_FAILURE, "the message is too long for one record"),
    T(SEC_E_DECRYPT_FAILURE, "a signature or a decryption failed"),
    T(SEC_E_ALGORITHM_MISMATCH, "no version or algorithm in common"),
    T(SEC_E_UNFINISHED_CONTEXT_DELETED, "the peer canceled the handshake"),
    T(SEC_E_CERT_WRONG_USAGE, "the certificate is for another use"),
    T(SEC_E_INVALID_PARAMETER, "an argument is not valid"),
    T(SEC_E_APPLICATION_PROTOCOL_MISMATCH, "no application protocol in common"),
    T(CRYPT_E_FILE_ERROR, "a file cannot be read or written"),
    T(CRYPT_E_BAD_ENCODE, "an encoding cannot be read"),
    T(CRYPT_E_NOT_FOUND, "nothing was found"),
    T(CRYPT_E_REVOKED, "a certificate is revoked"),
    T(CRYPT_E_NO_REVOCATION_CHECK, "the revocation of a certificate cannot be checked"),
    T(CRYPT_E_REVOCATION_OFFLINE, "revocation information is out of reach"),
    T(NTE_BAD_KEY, "the private key cannot be read or used"),
    T(NTE_BAD_PUBLIC_KEY, "the private key does not belong to the certificate"),
    T(NTE_NOT_SUPPORTED, "this kind of key is not supported"),
#undef T
};
/* clang-format on */

#define NUM(rows) (sizeof(rows) / sizeof(rows)[0])

SECURITY_STATUS tch_sspi_alert(unsigned alert)
{
    for (size_t i = 0; i < NUM(alerts); i++) {
        if (alerts[i].alert == alert) {
            return alerts[i].status;
        }
    }
    return SEC_E_ILLEGAL_MESSAGE;
}

SECURITY_STATUS tch_sspi_status(enum tch_status s, unsigned alert)
{
    if (s == TCH_PEER_ALERT) {
        return tch_sspi_alert(alert);
    }
    for (size_t i = 0; i < NUM(statuses); i++) {
        if (statuses[i].status == s) {
            return statuses[i].mapped;
        }
    }
    return SEC_E_INTERNAL_ERROR;
}

SECURITY_STATUS tch_sspi_failure(const struct tch_failure *f)
{
    if (f == NULL || f->status == TCH_OK) {
        return SEC_E_CONTEXT_EXPIRED;
    }
    return tch_sspi_status(f->status, (unsigned)f->alert);
}

const char *TchStatusName(SECURITY_STATUS scStatus)
{
    for (size_t i = 0; i < NUM(texts); i++) {
        if (texts[i].status == scStatus) {
            return texts[i].name;
        }
    }
    return NULL;
}

const char *TchStatusText(SECURITY_STATUS scStatus)
{
    for (size_t i = 0; i < NUM(texts); i++) {
        if (texts[i].status == scStatus) {
            return texts[i].text;
        }
    }
    return "an unknown status";
}
