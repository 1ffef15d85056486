#ifndef TCH_CRYPTO_GLUE_DER_H
#define TCH_CRYPTO_GLUE_DER_H

/*
 * DER on top of the one reader and the one writer. An element is tag, length,
 * value; a constructed one is opened as a new reader that cannot run past its
 * parent, so nesting is the caller's straight column of calls, and nothing
 * here calls itself.
 *
 * Strict by intent (R-PKI-001, R-PKI-081): lengths are definite and minimal,
 * tags take one byte, INTEGERs are minimal, a BOOLEAN is 00 or FF, NULL is
 * empty, and the unused bits of a BIT STRING are zero. As with every reader, a
 * call that fails returns false, leaves the reader where it was and notes the
 * field in the watch. Trailing bytes are the caller's tch_rd_end.
 *
 * Sources: X.690 8.1 to 8.19, 10, 11; dossier 7.1.
 */

#include "engine/base/bytes.h"

/* Tags, identifier byte as on the wire. */
enum {
    TCH_DER_BOOLEAN = 0x01,
    TCH_DER_INTEGER = 0x02,
    TCH_DER_BIT_STRING = 0x03,
    TCH_DER_OCTET_STRING = 0x04,
    TCH_DER_NULL = 0x05,
    TCH_DER_OID = 0x06,
    TCH_DER_ENUMERATED = 0x0A,
    TCH_DER_UTF8_STRING = 0x0C,
    TCH_DER_PRINTABLE_STRING = 0x13,
    TCH_DER_T61_STRING = 0x14,
    TCH_DER_IA5_STRING = 0x16,
    TCH_DER_UTC_TIME = 0x17,
    TCH_DER_GENERALIZED_TIME = 0x18,
    TCH_DER_VISIBLE_STRING = 0x1A,
    TCH_DER_UNIVERSAL_STRING = 0x1C,
    TCH_DER_BMP_STRING = 0x1E,
    TCH_DER_SEQUENCE = 0x30,
    TCH_DER_SET = 0x31
};

/* Context tags: EXPLICIT or IMPLICIT constructed, and IMPLICIT primitive. */
#define TCH_DER_CONTEXT(n) (0xA0u | (unsigned)(n))
#define TCH_DER_CONTEXT_PRIMITIVE(n) (0x80u | (unsigned)(n))

/* tch_der_next_is says whether the next element has this tag; nothing is
 * read. False at the end. */
bool tch_der_next_is(const struct tch_reader *r, unsigned tag);

/* tch_der_any reads an element of any tag: `*tag` is its identifier byte,
 * `*value` its contents. */
TCH_MUST_CHECK bool tch_der_any(struct tch_reader *r,
                                const struct tch_field *f, unsigned *tag,
                                struct tch_slice *value);

/* tch_der_element reads an element of any tag and points at all of it, header
 * included: for what is compared, hashed or read elsewhere. */
TCH_MUST_CHECK bool tch_der_element(struct tch_reader *r,
                                    const struct tch_field *f,
                                    struct tch_slice *whole);

/* tch_der_value reads an element of this tag; `*value` is its contents. */
TCH_MUST_CHECK bool tch_der_value(struct tch_reader *r,
                                  const struct tch_field *f, unsigned tag,
                                  struct tch_slice *value);

/* tch_der_open reads an element of this tag; `*out` reads its contents, with
 * `r` as its parent, which must outlive it. */
TCH_MUST_CHECK bool tch_der_open(struct tch_reader *r,
                                 const struct tch_field *f, unsigned tag,
                                 struct tch_reader *out);

/* tch_der_open_at is tch_der_open for an element of a list: `index` is its
 * place there, for the path of a failure. */
TCH_MUST_CHECK bool tch_der_open_at(struct tch_reader *r,
                                    const struct tch_field *f, unsigned tag,
                                    uint32_t index, struct tch_reader *out);

/*
 * tch_der_optional opens an element of this tag if it is the next one:
 * `*present` says whether it was. Absent is no failure; `*out` then reads
 * nothing.
 */
TCH_MUST_CHECK bool tch_der_optional(struct tch_reader *r,
                                     const struct tch_field *f, unsigned tag,
                                     bool *present, struct tch_reader *out);

/* tch_der_integer reads an INTEGER of either sign, minimal; `*value` is its
 * two's complement, at least one byte (serial numbers, R-PKI-004). */
TCH_MUST_CHECK bool tch_der_integer(struct tch_reader *r,
                                    const struct tch_field *f,
                                    struct tch_slice *value);

/* tch_der_unsigned reads an INTEGER >= 0, minimal; `*magnitude` is big-endian
 * without the sign byte: zero is one byte 00, else the first byte is not 0. */
TCH_MUST_CHECK bool tch_der_unsigned(struct tch_reader *r,
                                     const struct tch_field *f,
                                     struct tch_slice *magnitude);

/* tch_der_uint32 reads an INTEGER between 0 and 2^32 - 1. */
TCH_MUST_CHECK bool tch_der_uint32(struct tch_reader *r,
                                   const struct tch_field *f, uint32_t *value);

/* tch_der_enumerated reads an ENUMERATED between 0 and 2^32 - 1. */
TCH_MUST_CHECK bool tch_der_enumerated(struct tch_reader *r,
                                       const struct tch_field *f,
                                       uint32_t *value);

/* tch_der_bool reads a BOOLEAN, 00 or FF. */
TCH_MUST_CHECK bool tch_der_bool(struct tch_reader *r,
                                 const struct tch_field *f, bool *value);

/* tch_der_null reads a NULL. */
TCH_MUST_CHECK bool tch_der_null(struct tch_reader *r,
                                 const struct tch_field *f);

/* tch_der_bits reads a BIT STRING without unused bits (keys, signatures);
 * `*bytes` may be empty. */
TCH_MUST_CHECK bool tch_der_bits(struct tch_reader *r,
                                 const struct tch_field *f,
                                 struct tch_slice *bytes);

/* tch_der_bit_list reads any BIT STRING; `*unused` (0 to 7) counts the zero
 * bits at the end of the last byte that do not belong to it. */
TCH_MUST_CHECK bool tch_der_bit_list(struct tch_reader *r,
                                     const struct tch_field *f,
                                     struct tch_slice *bytes,
                                     unsigned *unused);

/* tch_der_read_bits is the same for the contents of an IMPLICIT BIT STRING
 * that tch_der_value has read. False when they are malformed. */
TCH_MUST_CHECK bool tch_der_read_bits(struct tch_slice value,
                                      struct tch_slice *bytes,
                                      unsigned *unused);

/* tch_der_oid reads an OBJECT IDENTIFIER; `*oid` is its contents, of which
 * each arc is minimal and the last one complete. */
TCH_MUST_CHECK bool tch_der_oid(struct tch_reader *r,
                                const struct tch_field *f,
                                struct tch_slice *oid);

/* tch_der_same says whether two runs of bytes are equal: OIDs, encodings.
 * Not for secrets. */
bool tch_der_same(struct tch_slice a, struct tch_slice b);

/*
 * tch_der_wr_open starts an element, tch_der_wr_close fills in its length,
 * which moves the contents by a few bytes when it needs more than one. The
 * writer's failure sticks as ever.
 */
struct tch_mark tch_der_wr_open(struct tch_writer *w, unsigned tag);
void tch_der_wr_close(struct tch_writer *w, struct tch_mark m);

/* tch_der_wr_value writes a whole element. */
void tch_der_wr_value(struct tch_writer *w, unsigned tag,
                      struct tch_slice value);

/* tch_der_wr_unsigned writes an INTEGER from a big-endian magnitude, with or
 * without leading zeros; empty means 0. Not for secrets. */
void tch_der_wr_unsigned(struct tch_writer *w, struct tch_slice magnitude);

#endif
