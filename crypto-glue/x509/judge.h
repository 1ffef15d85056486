#ifndef TCH_CRYPTO_GLUE_X509_JUDGE_H
#define TCH_CRYPTO_GLUE_X509_JUDGE_H

/*
 * The checks of RFC 5280 section 6.1 that look at one certificate in its
 * place on a path. Source: dossier R-PKI-021, 030..034, 048, 082.
 */

#include "engine/base/bytes.h"

#include "crypto-glue/x509/x509.h"

/* tch_fault is what is wrong: TCH_OK and NULL when nothing is. `field` names
 * the part of the certificate. */
struct tch_fault {
    enum tch_status status;
    const struct tch_field *field;
};

/* tch_judge_leaf checks the certificate in question: dates, usage, key,
 * extensions. `key` is NULL when this build cannot use the key. */
struct tch_fault tch_judge_leaf(const struct tch_path_request *q,
                                const struct tch_cert *c,
                                const struct tch_public_key *key);

/*
 * tch_judge_issuer checks a certificate that is to have signed another one.
 * `below` counts the intermediates between it and the leaf that are not
 * self-issued. A trust anchor may be of version 1 (R-PKI-030).
 */
struct tch_fault tch_judge_issuer(const struct tch_path_request *q,
                                  const struct tch_cert *c,
                                  const struct tch_public_key *key,
                                  size_t below, bool is_anchor);

/* tch_judge_signature checks the algorithm of a signature, not the signature
 * (R-PKI-082); for every certificate below the anchor. */
struct tch_fault tch_judge_signature(const struct tch_path_request *q,
                                     const struct tch_cert *c);

#endif
