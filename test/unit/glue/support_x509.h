#ifndef TCH_TEST_UNIT_GLUE_SUPPORT_X509_H
#define TCH_TEST_UNIT_GLUE_SUPPORT_X509_H

/*
 * Certificates for tests: read from PEM files of vectors/certs or from PEM
 * text, kept until the pile is freed. What cannot be read ends the program:
 * it is a broken set-up.
 */

#include "crypto-glue/x509/x509.h"

#define PILE_MAX 160

/* pile is a list of certificates in DER. */
struct pile {
    struct tch_slice der[PILE_MAX];
    size_t cap[PILE_MAX];
    size_t num;
};

/* slurp reads a whole file into malloc'ed memory, with a NUL behind it that
 * does not count. NULL when it cannot be opened. */
char *slurp(const char *path, size_t *len);

/* pile_add_pem adds every certificate of a PEM text; other blocks and broken
 * ones are passed over. */
void pile_add_pem(struct pile *p, struct tch_slice text);

/* pile_add adds vectors/certs/NAME.pem. */
void pile_add(struct pile *p, const char *name);

/* pile_add_der adds a copy of a DER certificate. */
void pile_add_der(struct pile *p, struct tch_slice der);

void pile_free(struct pile *p);

/* anchors_of makes a set of all certificates of a pile. Those that do not
 * parse are left out. */
struct tch_anchors *anchors_of(const struct pile *p);

/* read_rfc3339 turns "2024-01-31T12:00:00.5+00:00" into seconds since 1970,
 * fractions cut off; `Z` is fine too. Ends the program for anything else. */
int64_t read_rfc3339(const char *text);

#endif
