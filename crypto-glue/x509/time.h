#ifndef TCH_CRYPTO_GLUE_X509_TIME_H
#define TCH_CRYPTO_GLUE_X509_TIME_H

/*
 * Points in time as certificates write them. Source: RFC 5280 4.1.2.5;
 * dossier R-PKI-005..007.
 */

#include "engine/base/bytes.h"

/* tch_time_no_expiry is 99991231235959Z, "no well-defined end" (5280
 * 4.1.2.5). */
#define TCH_TIME_NO_EXPIRY INT64_C(253402300799)

/*
 * tch_time_read reads a Time: UTCTime YYMMDDHHMMSSZ or GeneralizedTime
 * YYYYMMDDHHMMSSZ. `*seconds` counts from 1970-01-01 00:00:00 UTC, negative
 * before. False, with the reader where it was, for any other form and for
 * dates that do not exist.
 */
TCH_MUST_CHECK bool tch_time_read(struct tch_reader *r,
                                  const struct tch_field *f,
                                  int64_t *seconds);

#endif
