#ifndef TCH_CRYPTO_GLUE_X509_CONSTRAINTS_H
#define TCH_CRYPTO_GLUE_X509_CONSTRAINTS_H

/*
 * Name constraints. Source: RFC 5280 4.2.1.10; dossier R-PKI-044,
 * R-PKI-060..065.
 */

#include "engine/base/bytes.h"

#include "crypto-glue/x509/x509.h"

/* Comparisons of a name with a subtree in one verification, R-PKI-010. */
#define TCH_CONSTRAINT_WORK (1u << 20)

/* tch_constraints_check reads a NameConstraints value with `r` and says
 * whether it is well formed: something in it, minimum 0, no maximum, each
 * base of a form we process a proper one. */
TCH_MUST_CHECK bool tch_constraints_check(struct tch_reader *r);

/*
 * tch_constraints_allow says whether all names of `c` satisfy the constraints
 * of `ca`, which stands somewhere above it. Each comparison takes one from
 * `*work`. TCH_OK; TCH_CERT_CONSTRAINT; TCH_CERT_TOO_MUCH_WORK.
 */
TCH_MUST_CHECK enum tch_status
tch_constraints_allow(const struct tch_cert *ca, const struct tch_cert *c,
                      uint32_t *work);

#endif
