#ifndef TCH_CRYPTO_GLUE_X509_POLICIES_H
#define TCH_CRYPTO_GLUE_X509_POLICIES_H

/*
 * Certificate policies. Source: RFC 5280 4.2.1.4, 4.2.1.5, 4.2.1.11,
 * 4.2.1.14, 6.1; dossier R-PKI-025, 026, 029, 046.
 */

#include "engine/base/bytes.h"

#include "crypto-glue/x509/x509.h"

/* Policies valid at one place of a path; more than that is too much work
 * (POLICY). */
#define TCH_POLICIES_MAX 64

/* Each says whether the value of its extension, which `r` reads, is well
 * formed. */
TCH_MUST_CHECK bool tch_policies_check(struct tch_reader *r);
TCH_MUST_CHECK bool tch_policy_mappings_check(struct tch_reader *r);
TCH_MUST_CHECK bool tch_policy_constraints_check(struct tch_reader *r);
TCH_MUST_CHECK bool tch_inhibit_any_policy_check(struct tch_reader *r);

/*
 * tch_policies_allow runs the policy part of path validation over a path of
 * `num` certificates, the leaf first, below `anchor`: any policy will do for
 * us, but an authority may demand that there is one (requireExplicitPolicy).
 * TCH_OK; TCH_CERT_CONSTRAINT with `*at` the place on the path;
 * TCH_CERT_TOO_MUCH_WORK.
 */
TCH_MUST_CHECK enum tch_status
tch_policies_allow(const struct tch_cert *anchor,
                   const struct tch_cert *const *path, size_t num, size_t *at);

#endif
