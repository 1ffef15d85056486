#ifndef TCH_CRYPTO_GLUE_X509_EXTENSIONS_H
#define TCH_CRYPTO_GLUE_X509_EXTENSIONS_H

/*
 * The extensions of a certificate. Source: RFC 5280 4.2; dossier 7.3.
 */

#include "engine/base/bytes.h"

#include "crypto-glue/x509/x509.h"

/*
 * tch_extensions_read reads all extensions with `r`, which reads the contents
 * of the SEQUENCE, into `c`. False, with the field noted, when one is
 * malformed, comes twice, or when there are too many.
 */
TCH_MUST_CHECK bool tch_extensions_read(struct tch_reader *r,
                                        struct tch_cert *c);

#endif
