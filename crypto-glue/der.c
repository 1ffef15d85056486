/*
 * DER reading and writing, X.690. One function, read_header, knows what tag
 * and length look like; it works on a copy of the reader, so that nothing has
 * moved when something is wrong. All else is built on the pair (header,
 * value) and checks contents.
 *
 * Lengths of five bytes and more are refused without looking: nothing that a
 * TLS peer sends or a key file holds is that long.
 */

#include "crypto-glue/der.h"

#include <string.h>

TCH_FIELD(tag, "X.690 8.1.2");
TCH_FIELD(length, "X.690 8.1.3");
TCH_FIELD(unused_bits, "X.690 8.6.2");
TCH_FIELD(content, "X.690 8.1.4");

static bool refuse(const struct tch_reader *r, const struct tch_field *f)
{
    (void)tch_rd_blame(r, f, TCH_DECODE_ERROR);
    return false;
}

/* Reads the bytes of a long-form length: `num` of them, minimal. */
static bool read_long_length(struct tch_reader *h, unsigned num, size_t *len)
{
    size_t n = 0;

    if (num == 0 || num > 4) {
        return false;
    }
    for (unsigned i = 0; i < num; i++) {
        uint8_t b;

        if (!tch_rd_u8(h, &f_length, &b) || (i == 0 && b == 0)) {
            return false;
        }
        n = n << 8 | b;
    }
    *len = n;
    return n >= 0x80;
}

/* Reads tag and length with `h`, and leaves it in front of the value, which
 * is all there. */
static bool read_header(struct tch_reader *h, unsigned *tag, size_t *len)
{
    uint8_t t;
    uint8_t l;

    if (!tch_rd_u8(h, &f_tag, &t) || (t & 0x1F) == 0x1F || t == 0 ||
        !tch_rd_u8(h, &f_length, &l)) {
        return false;
    }
    *tag = t;
    *len = l;
    if (l >= 0x80 && !read_long_length(h, l & 0x7Fu, len)) {
        return false;
    }
    return *len <= tch_rd_left(h);
}

/* A copy of the reader that reports to nobody: bytes of headers are no fields
 * of a message, and only the element is to be blamed. */
static struct tch_reader quiet(const struct tch_reader *r)
{
    struct tch_reader h = *r;

    h.watch = NULL;
    return h;
}

bool tch_der_next_is(const struct tch_reader *r, unsigned tag)
{
    struct tch_reader h = quiet(r);
    uint8_t t;

    return tch_rd_u8(&h, &f_tag, &t) && t == tag;
}

/* Moves `r` in front of the value of an element, whose tag is `*tag` unless
 * that is 0, which any tag fits; on failure `r` stays. */
static bool enter(struct tch_reader *r, const struct tch_field *f,
                  unsigned *tag, size_t *len)
{
    struct tch_reader h = quiet(r);
    unsigned t;

    if (!read_header(&h, &t, len) || (*tag != 0 && t != *tag)) {
        return refuse(r, f);
    }
    *tag = t;
    r->pos = h.pos;
    return true;
}

bool tch_der_any(struct tch_reader *r, const struct tch_field *f,
                 unsigned *tag, struct tch_slice *value)
{
    size_t len;

    *tag = 0;
    return enter(r, f, tag, &len) && tch_rd_slice(r, f, len, value);
}

bool tch_der_element(struct tch_reader *r, const struct tch_field *f,
                     struct tch_slice *whole)
{
    struct tch_reader h = quiet(r);
    unsigned tag;
    size_t len;

    if (!read_header(&h, &tag, &len)) {
        return refuse(r, f);
    }
    return tch_rd_slice(r, f, tch_rd_left(r) - tch_rd_left(&h) + len, whole);
}

bool tch_der_value(struct tch_reader *r, const struct tch_field *f,
                   unsigned tag, struct tch_slice *value)
{
    size_t len;

    return enter(r, f, &tag, &len) && tch_rd_slice(r, f, len, value);
}

bool tch_der_open_at(struct tch_reader *r, const struct tch_field *f,
                     unsigned tag, uint32_t index, struct tch_reader *out)
{
    size_t len;

    return enter(r, f, &tag, &len) && tch_rd_sub(r, f, len, index, out);
}

bool tch_der_open(struct tch_reader *r, const struct tch_field *f,
                  unsigned tag, struct tch_reader *out)
{
    return tch_der_open_at(r, f, tag, TCH_NO_INDEX, out);
}

bool tch_der_optional(struct tch_reader *r, const struct tch_field *f,
                      unsigned tag, bool *present, struct tch_reader *out)
{
    *present = tch_der_next_is(r, tag);
    if (!*present) {
        return tch_rd_sub(r, f, 0, TCH_NO_INDEX, out);
    }
    return tch_der_open(r, f, tag, out);
}

/* An INTEGER's contents: not empty, and no first byte that only repeats the
 * sign of the next (X.690 8.3.2). */
static bool is_minimal(struct tch_slice v)
{
    if (v.len == 0) {
        return false;
    }
    if (v.len == 1) {
        return true;
    }
    return (v.p[0] != 0x00 || v.p[1] >= 0x80) &&
           (v.p[0] != 0xFF || v.p[1] < 0x80);
}

static bool read_integer(struct tch_reader *r, const struct tch_field *f,
                         unsigned tag, struct tch_slice *value)
{
    struct tch_reader before = *r;

    if (!tch_der_value(r, f, tag, value)) {
        return false;
    }
    if (!is_minimal(*value)) {
        *r = before;
        return refuse(r, f);
    }
    return true;
}

bool tch_der_integer(struct tch_reader *r, const struct tch_field *f,
                     struct tch_slice *value)
{
    return read_integer(r, f, TCH_DER_INTEGER, value);
}

static bool read_magnitude(struct tch_reader *r, const struct tch_field *f,
                           unsigned tag, struct tch_slice *magnitude)
{
    struct tch_reader before = *r;
    struct tch_slice v;

    if (!read_integer(r, f, tag, &v)) {
        return false;
    }
    if (v.p[0] >= 0x80) {
        *r = before;
        return refuse(r, f);
    }
    if (v.len > 1 && v.p[0] == 0) {
        v = tch_slice_of(v.p + 1, v.len - 1);
    }
    *magnitude = v;
    return true;
}

bool tch_der_unsigned(struct tch_reader *r, const struct tch_field *f,
                      struct tch_slice *magnitude)
{
    return read_magnitude(r, f, TCH_DER_INTEGER, magnitude);
}

static bool read_small(struct tch_reader *r, const struct tch_field *f,
                       unsigned tag, uint32_t *value)
{
    struct tch_reader before = *r;
    struct tch_slice v;
    uint32_t n = 0;

    if (!read_magnitude(r, f, tag, &v)) {
        return false;
    }
    if (v.len > 4) {
        *r = before;
        return refuse(r, f);
    }
    for (size_t i = 0; i < v.len; i++) {
        n = n << 8 | v.p[i];
    }
    *value = n;
    return true;
}

bool tch_der_uint32(struct tch_reader *r, const struct tch_field *f,
                    uint32_t *value)
{
    return read_small(r, f, TCH_DER_INTEGER, value);
}

bool tch_der_enumerated(struct tch_reader *r, const struct tch_field *f,
                        uint32_t *value)
{
    return read_small(r, f, TCH_DER_ENUMERATED, value);
}

bool tch_der_bool(struct tch_reader *r, const struct tch_field *f,
                  bool *value)
{
    struct tch_reader before = *r;
    struct tch_slice v;

    if (!tch_der_value(r, f, TCH_DER_BOOLEAN, &v)) {
        return false;
    }
    if (v.len != 1 || (v.p[0] != 0x00 && v.p[0] != 0xFF)) {
        *r = before;
        return refuse(r, f);
    }
    *value = v.p[0] != 0;
    return true;
}

bool tch_der_null(struct tch_reader *r, const struct tch_field *f)
{
    struct tch_reader before = *r;
    struct tch_slice v;

    if (!tch_der_value(r, f, TCH_DER_NULL, &v)) {
        return false;
    }
    if (v.len != 0) {
        *r = before;
        return refuse(r, f);
    }
    return true;
}

bool tch_der_read_bits(struct tch_slice value, struct tch_slice *bytes,
                       unsigned *unused)
{
    struct tch_reader r;
    uint8_t n;

    tch_rd_init(&r, value, &f_content, NULL);
    if (!tch_rd_u8(&r, &f_unused_bits, &n) || n > 7) {
        return false;
    }
    *bytes = tch_rd_rest(&r);
    *unused = n;
    if (bytes->len == 0) {
        return n == 0;
    }
    return (bytes->p[bytes->len - 1] & ((1u << n) - 1)) == 0;
}

bool tch_der_bit_list(struct tch_reader *r, const struct tch_field *f,
                      struct tch_slice *bytes, unsigned *unused)
{
    struct tch_reader before = *r;
    struct tch_slice v;

    if (!tch_der_value(r, f, TCH_DER_BIT_STRING, &v)) {
        return false;
    }
    if (!tch_der_read_bits(v, bytes, unused)) {
        *r = before;
        return refuse(r, f);
    }
    return true;
}

bool tch_der_bits(struct tch_reader *r, const struct tch_field *f,
                  struct tch_slice *bytes)
{
    struct tch_reader before = *r;
    unsigned unused;

    if (!tch_der_bit_list(r, f, bytes, &unused)) {
        return false;
    }
    if (unused != 0) {
        *r = before;
        return refuse(r, f);
    }
    return true;
}

/* X.690 8.19.2: no arc begins with 80, and the last byte ends one. */
static bool is_oid(struct tch_slice v)
{
    bool first = true;

    for (size_t i = 0; i < v.len; i++) {
        if (first && v.p[i] == 0x80) {
            return false;
        }
        first = v.p[i] < 0x80;
    }
    return v.len != 0 && first;
}

bool tch_der_oid(struct tch_reader *r, const struct tch_field *f,
                 struct tch_slice *oid)
{
    struct tch_reader before = *r;

    if (!tch_der_value(r, f, TCH_DER_OID, oid)) {
        return false;
    }
    if (!is_oid(*oid)) {
        *r = before;
        return refuse(r, f);
    }
    return true;
}

bool tch_der_same(struct tch_slice a, struct tch_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

struct tch_mark tch_der_wr_open(struct tch_writer *w, unsigned tag)
{
    struct tch_mark m;

    tch_wr_u8(w, tag);
    m.at = w->len;
    m.width = 1;
    tch_wr_u8(w, 0);
    return m;
}

void tch_der_wr_close(struct tch_writer *w, struct tch_mark m)
{
    size_t len;
    unsigned more = 0;

    if (w->failed) {
        return;
    }
    len = w->len - m.at - 1;
    if (len < 0x80) {
        w->buf[m.at] = (uint8_t)len;
        return;
    }
    for (size_t n = len; n != 0; n >>= 8) {
        more++;
    }
    if (tch_wr_reserve(w, more) == NULL) {
        return;
    }
    memmove(w->buf + m.at + 1 + more, w->buf + m.at + 1, len);
    w->buf[m.at] = (uint8_t)(0x80 | more);
    for (unsigned i = 0; i < more; i++) {
        w->buf[m.at + 1 + i] = (uint8_t)(len >> (8 * (more - 1 - i)));
    }
}

void tch_der_wr_value(struct tch_writer *w, unsigned tag,
                      struct tch_slice value)
{
    struct tch_mark m = tch_der_wr_open(w, tag);

    tch_wr_slice(w, value);
    tch_der_wr_close(w, m);
}

void tch_der_wr_unsigned(struct tch_writer *w, struct tch_slice magnitude)
{
    struct tch_mark m = tch_der_wr_open(w, TCH_DER_INTEGER);
    size_t skip = 0;

    while (skip < magnitude.len && magnitude.p[skip] == 0) {
        skip++;
    }
    if (skip == magnitude.len || magnitude.p[skip] >= 0x80) {
        tch_wr_u8(w, 0);
    }
    if (skip < magnitude.len) {
        tch_wr_bytes(w, magnitude.p + skip, magnitude.len - skip);
    }
    tch_der_wr_close(w, m);
}
