#ifndef TCH_CRYPTO_GLUE_X509_X509_H
#define TCH_CRYPTO_GLUE_X509_X509_H

/*
 * Certificates: parsing, names, and the path from a leaf to a trust anchor.
 * A parsed certificate is a view: its slices point into the DER it was made
 * from, which must outlive it.
 *
 * Sources: RFC 5280, 6125, 9525; dossier section 7.
 */

#include "engine/base/alloc.h"
#include "engine/base/policy.h"
#include "engine/base/status.h"

#include "crypto-glue/keys.h"

/* Key usage bits as RFC 5280 4.2.1.3 numbers them. */
enum {
    TCH_KU_DIGITAL_SIGNATURE = 1u << 0,
    TCH_KU_KEY_ENCIPHERMENT = 1u << 2,
    TCH_KU_KEY_AGREEMENT = 1u << 4,
    TCH_KU_KEY_CERT_SIGN = 1u << 5,
    TCH_KU_CRL_SIGN = 1u << 6
};

/* Extended key usages we know. */
enum {
    TCH_EKU_SERVER_AUTH = 1u << 0,
    TCH_EKU_CLIENT_AUTH = 1u << 1,
    TCH_EKU_OCSP_SIGNING = 1u << 2,
    TCH_EKU_ANY = 1u << 3
};

/*
 * tch_cert is a parsed certificate. Times are seconds since 1970 UTC, both
 * ends inclusive. `scheme` is the signature's scheme or 0 when unknown;
 * PSS signatures are told as rsa_pss_rsae, whatever the issuer's kind of key.
 * `key_usage` is all ones and `eku` is TCH_EKU_ANY when the extension is
 * absent; `eku` is 0 when it lists nothing we know. `path_len` is -1 when
 * absent.
 */
struct tch_cert {
    struct tch_slice der;
    struct tch_slice tbs;
    struct tch_slice serial;  /* two's complement, never negative */
    struct tch_slice issuer;  /* DER Name */
    struct tch_slice subject; /* DER Name */
    struct tch_slice spki;    /* DER SubjectPublicKeyInfo */
    struct tch_slice signature_alg; /* DER AlgorithmIdentifier */
    struct tch_slice signature;
    struct tch_slice extensions; /* contents of the SEQUENCE, or empty */
    struct tch_slice alt_names;  /* contents of GeneralNames, or empty */
    struct tch_slice name_constraints; /* the extension's value, or empty */
    struct tch_slice policies;           /* the extension's value, or empty */
    struct tch_slice policy_mappings;    /* the same */
    struct tch_slice policy_constraints; /* the same */
    struct tch_slice inhibit_any_policy; /* the same */
    struct tch_slice subject_key_id;
    struct tch_slice authority_key_id;
    int64_t not_before;
    int64_t not_after;
    uint32_t issuer_hash;  /* equal for equal names (R-PKI-023) */
    uint32_t subject_hash; /* the same */
    uint16_t scheme;
    uint8_t version; /* 1, 2, 3 */
    bool is_ca;
    bool has_basic_constraints;
    bool has_alt_names;
    bool unknown_critical; /* one we do not process is marked critical */
    int path_len;
    unsigned key_usage;
    unsigned eku;
    bool has_key_usage;
    bool has_eku;
    bool self_issued;               /* subject and issuer are the same */
    bool weak_signature;            /* by an algorithm no policy takes */
    bool odd_serial;                /* zero, or over 20 bytes, R-PKI-004 */
    bool alt_names_critical;
    bool name_constraints_critical;
};

#define TCH_CERT_MAX 65535      /* bytes of a certificate, R-PKI-010 */
#define TCH_CERT_MAX_EXTENSIONS 64 /* in one certificate, POLICY */
#define TCH_CERT_MAX_ALT_NAMES 10000 /* in one certificate, R-PKI-010 */

/*
 * tch_cert_parse reads a DER certificate. TCH_OK, or TCH_CERT_BAD with the
 * offending field in `failure` (which may be NULL; it is written only then).
 * Nothing is allocated, nothing but `*out` is written, and the slices of
 * `*out` point into `der`. R-PKI-001..010.
 */
TCH_MUST_CHECK enum tch_status tch_cert_parse(struct tch_cert *out,
                                              struct tch_slice der,
                                              struct tch_failure *failure);

/*
 * tch_cert_extension looks an extension up by the contents of its OID.
 * `*value` is what its OCTET STRING holds. `critical` may be NULL. False when
 * the certificate has no such extension.
 */
bool tch_cert_extension(const struct tch_cert *c, struct tch_slice oid,
                        struct tch_slice *value, bool *critical);

/*
 * tch_cert_matches_host says whether the certificate is for a DNS name (in
 * A-labels) or an IP address literal: 192.0.2.1 or 2001:db8::1, no brackets,
 * no zone. Only the subjectAltName counts, never the common name.
 * R-PKI-070..076.
 */
bool tch_cert_matches_host(const struct tch_cert *c, const char *host);

/*
 * tch_name_text writes a DER Name as "CN=..., O=..." into `out`, always
 * terminated, and returns the length it would need without the NUL. The last
 * relative name comes first (RFC 4514), special characters are escaped with a
 * backslash, what is no text is written as hexadecimal; `out` is UTF-8 without
 * control characters whatever the name holds. `cap` of 0 writes nothing.
 */
size_t tch_name_text(struct tch_slice name, char *out, size_t cap);

/*
 * tch_anchors is a set of trust anchors. It owns copies of what is added,
 * and is immutable once shared between threads. tch_anchors_new: TCH_OK,
 * TCH_NO_MEMORY; `alloc` must outlive the set. tch_anchors_add takes a DER
 * certificate; one that is there already is no failure: TCH_OK, TCH_CERT_BAD,
 * TCH_NO_MEMORY. A NULL set is an empty one for _free, _count and _at;
 * tch_anchors_at gives NULL behind the last. Indexes are in the order of
 * adding.
 */
struct tch_anchors;
TCH_MUST_CHECK enum tch_status tch_anchors_new(const struct tch_alloc *alloc,
                                               struct tch_anchors **out);
void tch_anchors_free(struct tch_anchors *a);
TCH_MUST_CHECK enum tch_status tch_anchors_add(struct tch_anchors *a,
                                               struct tch_slice der);
size_t tch_anchors_count(const struct tch_anchors *a);
const struct tch_cert *tch_anchors_at(const struct tch_anchors *a, size_t i);

enum tch_purpose { TCH_PURPOSE_ANY, TCH_PURPOSE_SERVER, TCH_PURPOSE_CLIENT };

/*
 * tch_path_request is one question: is `chain[0]` good for `purpose`, at
 * `now` (seconds since 1970), for `host` (NULL: no name check), under
 * `policy`? `chain` holds what the peer sent, leaf first, others in any
 * order. `anchors` may be NULL, which trusts nothing. All zeros are the
 * defaults of the fields from `ignore_time` on.
 */
struct tch_path_request {
    const struct tch_slice *chain;
    size_t num;
    const struct tch_anchors *anchors;
    const struct tch_policy *policy;
    const struct tch_alloc *alloc;
    const char *host;
    int64_t now;
    enum tch_purpose purpose;
    bool ignore_time;
    bool limit_depth; /* at most max_intermediates, self-issued not counted */
    size_t max_intermediates;
};

#define TCH_PATH_MAX_LEN 16         /* certificates, without the anchor */
#define TCH_PATH_MAX_PILE 1024      /* certificates in `chain` */
#define TCH_PATH_MAX_SIGNATURES 100 /* checks, R-PKI-036 */
#define TCH_PATH_MAX_CANDIDATES 4096 /* issuers tried, POLICY */

/*
 * tch_path_result: the path found, leaf first, as indexes into `chain`;
 * `anchor` indexes the anchors, or is -1. A leaf that is an anchor itself is
 * a path of length 1. On TCH_CERT_WRONG_NAME and other failures of a path
 * that leads to an anchor, path and anchor are filled as well. `at` is the
 * certificate that a failure is about: an index into chain, or `num` for the
 * anchor. `failure` says which field ("certificate_list[1].validity").
 */
struct tch_path_result {
    size_t path[TCH_PATH_MAX_LEN];
    size_t len;
    int anchor;
    size_t at;
    struct tch_failure failure;
};

/*
 * tch_path_verify builds and checks a path. TCH_OK, or the most useful of
 * what stood in the way: TCH_CERT_UNTRUSTED (no path to an anchor),
 * TCH_CERT_BAD_SIGNATURE (the right authority, but it has not signed this),
 * TCH_CERT_EXPIRED, TCH_CERT_WRONG_USAGE, TCH_CERT_WEAK, TCH_CERT_CONSTRAINT,
 * TCH_CERT_UNKNOWN_EXTENSION, TCH_CERT_BAD (the leaf does not parse, or a
 * certificate contradicts itself), TCH_CERT_TOO_MUCH_WORK, and
 * TCH_CERT_WRONG_NAME, which is told only when the path itself is good.
 * TCH_UNSUPPORTED_CERTIFICATE_KEY when this build cannot use a key on the
 * path. TCH_NO_MEMORY; TCH_BAD_ARGUMENT for an empty chain. Several threads
 * may ask with the same anchors. R-PKI-020..037, 082.
 */
TCH_MUST_CHECK enum tch_status
tch_path_verify(const struct tch_path_request *q, struct tch_path_result *out);

#endif
