#ifndef TCH_CRYPTO_GLUE_X509_SIGALG_H
#define TCH_CRYPTO_GLUE_X509_SIGALG_H

/*
 * Signature algorithms of certificates. Source: RFC 3279, 4055, 5758, 8410;
 * dossier 7.5.
 */

#include "engine/base/bytes.h"

/* tch_sigalg is what an AlgorithmIdentifier says. `scheme` is 0 when we know
 * no such scheme; `weak`: that is because nobody should (MD2, PSS with
 * SHA-1; R-PKI-082). */
struct tch_sigalg {
    uint16_t scheme;
    bool weak;
};

/*
 * tch_sigalg_read reads an AlgorithmIdentifier with `r`, which stands in
 * front of it. An algorithm that is not known gives scheme 0. False, with the
 * field noted, when a known one has parameters it must not have.
 */
TCH_MUST_CHECK bool tch_sigalg_read(struct tch_reader *r,
                                    const struct tch_field *f,
                                    struct tch_sigalg *out);

#endif
