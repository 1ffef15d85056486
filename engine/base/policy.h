#ifndef TCH_ENGINE_BASE_POLICY_H
#define TCH_ENGINE_BASE_POLICY_H

/*
 * What a connection accepts, apart from what the RFCs allow. Four policies,
 * each wider than the one before; everything weak comes in by a policy, a
 * call or a flag whose name says so.
 *
 * Source: the policy table of the design decisions; dossier R-CS-010,
 * R-EXT-067, R-KX-029, R-KX-041, R-PKI-082, R-SSL2-037, R-REC-036.
 */

#include "algs.h"
#include "suites.h"

/* The order is the rank: a session made under one is not resumed under a
 * stricter one. */
enum tch_policy_id {
    TCH_POLICY_DEFAULT,
    TCH_POLICY_COMPATIBLE,
    TCH_POLICY_LEGACY,
    TCH_POLICY_MUSEUM,
    TCH_NUM_POLICIES
};

/* tch_policy: floors in bits. */
struct tch_policy {
    enum tch_policy_id id;
    const char *name; /* "default" */
    uint16_t min_version;
    uint16_t max_version;
    uint16_t rsa_bits;
    uint16_t dh_bits;
    uint16_t ec_bits;
    bool v2_hello;             /* v2-format ClientHello accepted */
    bool legacy_renegotiation; /* may be switched on by option */
    bool volume_limit;         /* R-REC-036 */
};

/* tch_policy_get gives a policy's row. */
const struct tch_policy *tch_policy_get(enum tch_policy_id id);

/* tch_policy_named finds a policy by name, or NULL. */
const struct tch_policy *tch_policy_named(const char *name);

/* tch_policy_has_suite says whether the policy enables a suite by itself
 * (PSK kinds count as enabled: they still need a key to be set). */
bool tch_policy_has_suite(const struct tch_policy *p,
                          const struct tch_suite *s);

/*
 * tch_policy_suites writes the codes of the policy's suites in the order of
 * R-CS-010 into `out`, at most `max`, and returns how many there are.
 */
size_t tch_policy_suites(const struct tch_policy *p, uint16_t *out, size_t max);

/* tch_policy_has_scheme says whether signatures of a scheme are accepted, in
 * handshakes and (R-PKI-082) in certificates. */
bool tch_policy_has_scheme(const struct tch_policy *p, unsigned scheme);

/* tch_policy_has_key says whether a key is large enough (R-KX-029,
 * R-PKI-082). Kinds without a floor are fine. */
bool tch_policy_has_key(const struct tch_policy *p, enum tch_key_kind kind,
                        unsigned bits);

#endif
