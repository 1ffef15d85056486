#ifndef TCH_TEST_UNIT_GLUE_SUPPORT_MAKE_CERT_H
#define TCH_TEST_UNIT_GLUE_SUPPORT_MAKE_CERT_H

/*
 * Certificates made to order, right or wrong in one thing. A recipe with all
 * zeros gives a plain certificate of version 3 without extensions, CN=subject
 * under CN=issuer, valid in 2020 to 2049, with a signature of no meaning.
 */

#include "engine/base/bytes.h"

#include "crypto-glue/x509/x509.h"

#define MADE_MAX 70000u

/*
 * recipe: texts that are NULL and slices that are empty take their default.
 * `subject` and `issuer` are common names, "" makes an empty Name;
 * `subject_name`, `issuer_name`: a whole DER Name instead. `before`, `after`:
 * 13 characters make a UTCTime, others a GeneralizedTime. `version`: DER of
 * the whole element, or "-" for none. `algorithm`: DER of the
 * AlgorithmIdentifier; `inner_algorithm`, the one inside when it is to
 * differ. `extensions`: what ext() and its like have written. `more_tbs`,
 * `more`: bytes behind the last field inside and outside.
 */
struct recipe {
    const char *subject;
    const char *issuer;
    struct tch_slice subject_name;
    struct tch_slice issuer_name;
    const char *before;
    const char *after;
    struct tch_slice version;
    struct tch_slice serial; /* contents of the INTEGER */
    struct tch_slice algorithm;
    struct tch_slice inner_algorithm;
    struct tch_slice spki;
    struct tch_slice unique_ids; /* whole elements */
    struct tch_slice extensions;
    struct tch_slice more_tbs;
    struct tch_slice more;
    const struct tch_private_key *signer;
    unsigned scheme; /* of the signer; ecdsa-with-SHA256 when 0 */
};

/* make_cert writes a certificate into `out`, MADE_MAX bytes, and gives its
 * length. */
size_t make_cert(const struct recipe *r, uint8_t *out);

/* hex_slice decodes hex digits into memory that lives as long as the
 * program. */
struct tch_slice hex_slice(const char *hex);

/* text_slice points at a text. */
struct tch_slice text_slice(const char *text);

/* ext appends an extension 2.5.29.`arc`; `value` is the DER it holds. */
void ext(struct tch_writer *w, unsigned arc, bool critical,
         struct tch_slice value);

/* ext_oid appends an extension of any OID (contents). */
void ext_oid(struct tch_writer *w, struct tch_slice oid, bool critical,
             struct tch_slice value);

/* The common ones. `path_len` of -1 is absent. `bits` as TCH_KU_. */
void ext_ca(struct tch_writer *w, int path_len);
void ext_key_usage(struct tch_writer *w, unsigned bits);

/* general_name appends a GeneralName with context tag `form`. */
void general_name(struct tch_writer *w, unsigned form, struct tch_slice value);

/* ext_alt_names appends a subjectAltName of GeneralNames. */
void ext_alt_names(struct tch_writer *w, bool critical,
                   struct tch_slice names);

/* ext_dns appends a subjectAltName with one dNSName. */
void ext_dns(struct tch_writer *w, const char *name);

/* subtree appends a GeneralSubtree; ext_name_constraints takes two lists of
 * those, of which an empty one is absent. */
void subtree(struct tch_writer *w, unsigned form, struct tch_slice base);
void ext_name_constraints(struct tch_writer *w, struct tch_slice permitted,
                          struct tch_slice excluded);

/* common_name writes the Name CN=text. */
struct tch_slice common_name(struct tch_writer *w, const char *text);

#endif
