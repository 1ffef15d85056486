#ifndef TCH_CRYPTO_GLUE_X509_HOST_H
#define TCH_CRYPTO_GLUE_X509_HOST_H

/*
 * DNS names as texts, for host name matching and name constraints.
 * Source: RFC 1034 3.5, 6125 6.4, 9525; dossier R-PKI-070..076.
 */

#include "engine/base/slice.h"

/*
 * tch_dns_is_name says whether `s` is a DNS name: labels of 1 to 63 letters,
 * digits, hyphens and underscores, at most 253 bytes in all, no dot at the
 * end (R-PKI-076).
 */
bool tch_dns_is_name(struct tch_slice s);

/* tch_dns_wildcard_rest gives `example.com` for `*.example.com`. False when
 * `s` is no such name, with at least two labels behind the asterisk
 * (R-PKI-071, R-PKI-072). */
bool tch_dns_wildcard_rest(struct tch_slice s, struct tch_slice *rest);

/* tch_dns_within says whether `name` is `base` or lies below it; an empty
 * base holds every name. Case does not matter. */
bool tch_dns_within(struct tch_slice name, struct tch_slice base);

#endif
