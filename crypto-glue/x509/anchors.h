#ifndef TCH_CRYPTO_GLUE_X509_ANCHORS_H
#define TCH_CRYPTO_GLUE_X509_ANCHORS_H

/*
 * What path building asks of the set of trust anchors, beyond what x509.h
 * tells everybody.
 */

#include "crypto-glue/x509/x509.h"

/* tch_anchors_key gives an anchor's key, or NULL when this build cannot use
 * it. It belongs to the set. */
const struct tch_public_key *tch_anchors_key(const struct tch_anchors *a,
                                             size_t i);

/* tch_anchors_find gives the index of the anchor with these very bytes, or
 * -1. */
int tch_anchors_find(const struct tch_anchors *a, struct tch_slice der);

#endif
