#ifndef TCH_ENGINE_BASE_VERSIONS_H
#define TCH_ENGINE_BASE_VERSIONS_H

/*
 * What each protocol version says, a row a version: read down a column for
 * the history of TLS. Code asks a row for a fact and never compares version
 * numbers.
 *
 * Sources: RFC 6101, 2246, 4346, 5246; dossier 2.5, 2.6, 3.6, 4.
 */

#include "slice.h"

enum {
    TCH_SSL2 = 0x0002,
    TCH_SSL3 = 0x0300,
    TCH_TLS10 = 0x0301,
    TCH_TLS11 = 0x0302,
    TCH_TLS12 = 0x0303
};

enum tch_prf_kind { TCH_PRF_SSL3, TCH_PRF_MD5_SHA1, TCH_PRF_SUITE };
enum tch_mac_kind { TCH_MAC_SSL3, TCH_MAC_HMAC };
enum tch_pad_rule { TCH_PAD_ANY_BYTES, TCH_PAD_ALL_EQUAL };

/* What a record holds, dossier 2.1. */
enum tch_content_type {
    TCH_CONTENT_CHANGE_CIPHER_SPEC = 20,
    TCH_CONTENT_ALERT = 21,
    TCH_CONTENT_HANDSHAKE = 22,
    TCH_CONTENT_APPLICATION_DATA = 23
};

/*
 * tch_version_row: `explicit_iv`: CBC records carry their IV.
 * `signature_pairs`: signatures name hash and algorithm, CertificateRequest
 * lists them; otherwise RSA signs MD5 || SHA-1 and the others SHA-1.
 * `premaster_length`: the RSA premaster has a length in front.
 * `no_certificate_alert`: a client without certificate sends alert 41 instead
 * of an empty Certificate. `extensions`: hello extensions other than
 * renegotiation_info have a meaning. `split_cbc`: 1/n-1 splitting applies.
 * `verify_data` is in bytes.
 */
struct tch_version_row {
    uint16_t wire;
    const char *name;  /* "TLS1.2", as the command prints it */
    const char *label; /* "tls1.2", as the command reads it */
    enum tch_prf_kind prf;
    enum tch_mac_kind mac;
    enum tch_pad_rule padding;
    bool explicit_iv;
    bool signature_pairs;
    bool premaster_length;
    bool no_certificate_alert;
    bool extensions;
    bool split_cbc;
    uint8_t verify_data;
    const char *rfc;
};

/* tch_version_facts gives the row of a version, or NULL. */
const struct tch_version_row *tch_version_facts(unsigned wire);

/* tch_version_at walks the table upwards; NULL behind the last row. */
const struct tch_version_row *tch_version_at(size_t i);

#endif
