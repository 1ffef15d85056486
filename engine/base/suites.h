#ifndef TCH_ENGINE_BASE_SUITES_H
#define TCH_ENGINE_BASE_SUITES_H

/*
 * The cipher suites of SSL 3.0 to TLS 1.2, one row each, as the registry has
 * them: the whole table, whether this build can run a suite or not.
 *
 * Source: dossier section 6 (252 suites of the IANA registry).
 */

#include "algs.h"

/* Signalling values that are no suites. */
#define TCH_SCSV_RENEGOTIATION 0x00FFu /* RFC 5746 3.3 */
#define TCH_SCSV_FALLBACK 0x5600u      /* RFC 7507 2 */

/*
 * tch_suite is a cipher suite. `mac` is TCH_HASH_NONE for AEAD suites; `prf`
 * is the hash of PRF and Finished under TLS 1.2; `first` and `last` bound the
 * versions it may be used in (R-CS-001).
 */
struct tch_suite {
    uint16_t code;
    const char *name; /* IANA's */
    enum tch_kx kx;
    enum tch_auth auth;
    enum tch_cipher cipher;
    enum tch_hash mac;
    enum tch_hash prf;
    uint16_t first;
    uint16_t last;
};

/* tch_suite_facts gives the row of a suite, or NULL. */
const struct tch_suite *tch_suite_facts(unsigned code);

/* tch_suite_named finds a suite by its IANA name, or NULL. */
const struct tch_suite *tch_suite_named(const char *name);

/* tch_suite_at walks the table by code; NULL behind the last row. */
const struct tch_suite *tch_suite_at(size_t i);

/* tch_suite_for says whether a version may use a suite (R-CS-001). */
bool tch_suite_for(const struct tch_suite *s, unsigned version);

/* What a key exchange means for the handshake. */
bool tch_kx_is_ephemeral(enum tch_kx kx);     /* ServerKeyExchange, R-KX-001 */
bool tch_kx_uses_ec_group(enum tch_kx kx);    /* named curve in use */
bool tch_kx_has_psk(enum tch_kx kx);
bool tch_suite_signs(const struct tch_suite *s); /* ServerKeyExchange is */
bool tch_suite_server_cert(const struct tch_suite *s); /* R-HS-090 */

#endif
