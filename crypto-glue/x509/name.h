#ifndef TCH_CRYPTO_GLUE_X509_NAME_H
#define TCH_CRYPTO_GLUE_X509_NAME_H

/*
 * Distinguished names and general names, for the files of this folder.
 * tch_name_text, which everybody may call, stands in x509.h.
 *
 * Source: RFC 5280 4.1.2.4, 4.2.1.6, 7.1; dossier R-PKI-009, R-PKI-023,
 * R-PKI-042.
 */

#include "engine/base/bytes.h"

/* A Name with more relative names than this is refused (POLICY). */
#define TCH_NAME_MAX_RDNS 128

/*
 * tch_name_attr is one AttributeTypeAndValue: `rdn` counts the
 * RelativeDistinguishedName it stands in, from 0; `whole` is all of it.
 */
struct tch_name_attr {
    size_t rdn;
    struct tch_slice type; /* OID contents */
    unsigned tag;          /* of the value */
    struct tch_slice value;
    struct tch_slice whole;
};

/* tch_name_walk is a place in a Name. Holds pointers into itself: not to be
 * copied. */
struct tch_name_walk {
    struct tch_reader outer;
    struct tch_reader name;
    struct tch_reader rdn;
    size_t num_rdns; /* begun so far */
    bool failed;
};

/* tch_name_start begins to walk a DER Name. `watch` may be NULL, `f` names
 * the Name in it. */
void tch_name_start(struct tch_name_walk *w, struct tch_slice name,
                    const struct tch_field *f, struct tch_watch *watch);

/* tch_name_next gives the next attribute. False at the end, or when the Name
 * is malformed: then `failed` is set. */
bool tch_name_next(struct tch_name_walk *w, struct tch_name_attr *out);

/* tch_name_check reads a whole Name with `r`, which stands in front of it,
 * and says whether it is well formed. `*whole` is all of it. */
TCH_MUST_CHECK bool tch_name_check(struct tch_reader *r,
                                   const struct tch_field *f,
                                   struct tch_slice *whole);

/* tch_name_is_empty is true for a Name without any attribute. */
bool tch_name_is_empty(struct tch_slice name);

/*
 * tch_name_same compares two DER Names: equal bytes, or equal attributes one
 * by one, with PrintableString and UTF8String compared without regard to
 * case (ASCII) and to extra spaces (R-PKI-023).
 */
bool tch_name_same(struct tch_slice a, struct tch_slice b);

/* tch_name_hash is the same number for names that tch_name_same finds equal:
 * a quick no for most of the others. */
uint32_t tch_name_hash(struct tch_slice name);

/* tch_name_within says whether the relative names of `base` are the first
 * ones of `name` (a directoryName subtree, R-PKI-062). */
bool tch_name_within(struct tch_slice name, struct tch_slice base);

/* GeneralName ::= CHOICE, by its context tag. */
enum tch_gn {
    TCH_GN_OTHER = 0,
    TCH_GN_RFC822 = 1,
    TCH_GN_DNS = 2,
    TCH_GN_X400 = 3,
    TCH_GN_DIRECTORY = 4,
    TCH_GN_EDI = 5,
    TCH_GN_URI = 6,
    TCH_GN_IP = 7,
    TCH_GN_REGISTERED_ID = 8,
    TCH_NUM_GN
};

/* tch_general_name: `value` is the text or bytes; for a directoryName the
 * DER Name; for the other constructed forms their contents. */
struct tch_general_name {
    enum tch_gn form;
    struct tch_slice value;
};

/* tch_general_name_next reads one GeneralName. False, with the reader where
 * it was, for a wrong tag or a malformed directoryName. */
TCH_MUST_CHECK bool tch_general_name_next(struct tch_reader *r,
                                          const struct tch_field *f,
                                          struct tch_general_name *out);

/* tch_ascii_lower folds A to Z. */
static inline uint8_t tch_ascii_lower(uint8_t c)
{
    return (uint8_t)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* tch_ascii_same compares two texts without regard to ASCII case. */
bool tch_ascii_same(struct tch_slice a, struct tch_slice b);

#endif
