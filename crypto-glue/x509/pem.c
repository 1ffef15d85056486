/*
 * PEM and base64, RFC 7468 and RFC 4648 section 4.
 *
 * A PEM file is read line by line: one function cuts lines off, everything
 * else looks at whole lines. Between BEGIN and END only base64 may stand; a
 * colon there is the header of the old encrypted form (RFC 1421), which is
 * refused by name because the reader of the message can do something about
 * it.
 *
 * What was hard: a PEM file holds private keys as well as certificates.
 * The value of a base64 character is therefore computed, not looked up, so
 * that no table line in the cache tells what a key is made of; how long the
 * text is and where its line breaks stand is no secret. Only whether a
 * character belongs to the alphabet at all decides a branch.
 */

#include "crypto-glue/x509/pem.h"

#include <string.h>

#include "engine/base/ct.h"
#include "engine/base/wipe.h"

#define NOT_BASE64 0xFFu

/* Characters lo..hi stand for value, value + 1, ... */
static uint32_t range(uint32_t c, uint32_t lo, uint32_t hi, uint32_t value)
{
    return tch_ct_ge(c, lo) & tch_ct_ge(hi, c) & (c - lo + value + 1);
}

/* The six bits of a character, or NOT_BASE64. */
static uint32_t base64_value(uint8_t c)
{
    uint32_t v = range(c, 'A', 'Z', 0) | range(c, 'a', 'z', 26) |
                 range(c, '0', '9', 52) | range(c, '+', '+', 62) |
                 range(c, '/', '/', 63);

    return tch_ct_select(tch_ct_is_zero(v), NOT_BASE64, v - 1);
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' ||
           c == '\f';
}

/* What has been decoded so far: `quad` collects four characters. */
struct base64 {
    uint8_t *out;
    size_t len;
    uint32_t quad;
    unsigned have;    /* characters in quad, padding included */
    unsigned padding; /* '=' seen; nothing but blanks may follow the quad */
};

/* A full quad gives three bytes, less one for each padding character; the
 * bits that padding cuts off must be zero, or two texts would mean the same
 * bytes. */
static bool flush_quad(struct base64 *b)
{
    uint32_t q = b->quad;
    unsigned n = 3 - b->padding;

    if (b->padding != 0 && (q & ((1u << (8 * b->padding)) - 1)) != 0) {
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        b->out[b->len++] = (uint8_t)(q >> (16 - 8 * i));
    }
    b->quad = 0;
    b->have = 0;
    return true;
}

static bool push_char(struct base64 *b, uint8_t c)
{
    uint32_t v = 0;

    if (c == '=') {
        b->padding++;
        if (b->have < 2 || b->padding > 2) {
            return false;
        }
    } else {
        v = base64_value(c);
        if (b->padding != 0 || v == NOT_BASE64) {
            return false;
        }
    }
    b->quad = b->quad << 6 | v;
    b->have++;
    return b->have < 4 || flush_quad(b);
}

enum tch_status tch_base64_decode(struct tch_slice text, uint8_t *out,
                                  size_t *out_len)
{
    struct base64 b = { .out = out };
    bool ok = true;

    for (size_t i = 0; ok && i < text.len; i++) {
        if (!is_blank(text.p[i])) {
            ok = push_char(&b, text.p[i]);
        }
    }
    ok = ok && b.have == 0;
    *out_len = ok ? b.len : 0;
    if (!ok) {
        tch_wipe(out, b.len);
    }
    tch_wipe(&b, sizeof b);
    return ok ? TCH_OK : TCH_BAD_FILE;
}

/* Cuts the next line off `*text`, blanks at its end left out. */
static bool take_line(struct tch_slice *text, struct tch_slice *line)
{
    const uint8_t *nl;
    size_t n;

    if (text->len == 0) {
        return false;
    }
    nl = memchr(text->p, '\n', text->len);
    n = nl == NULL ? text->len : (size_t)(nl - text->p);
    *line = tch_slice_of(text->p, n);
    n += nl == NULL ? 0 : 1;
    *text = tch_slice_of(text->p + n, text->len - n);
    while (line->len != 0 && is_blank(line->p[line->len - 1])) {
        line->len--;
    }
    return true;
}

/* Says whether a line is `-----WHAT label-----` and points at the label. */
static bool is_boundary(struct tch_slice line, const char *what,
                        struct tch_slice *label)
{
    static const char dashes[] = "-----";
    size_t n = strlen(what);

    if (line.len < n + 5 || memcmp(line.p, what, n) != 0 ||
        memcmp(line.p + line.len - 5, dashes, 5) != 0) {
        return false;
    }
    *label = tch_slice_of(line.p + n, line.len - n - 5);
    return true;
}

static bool same_label(struct tch_slice a, struct tch_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* Skips to the next BEGIN line. */
static bool find_begin(struct tch_slice *text, struct tch_slice *label)
{
    struct tch_slice line;

    while (take_line(text, &line)) {
        if (is_boundary(line, "-----BEGIN ", label)) {
            return true;
        }
    }
    return false;
}

/*
 * Reads from behind the BEGIN line to behind the END line; `*body` is what
 * stands between. TCH_NOT_SUPPORTED for lines with a colon. When the block
 * breaks off at another BEGIN, that one is left for the next call.
 */
static enum tch_status find_end(struct tch_slice *text, struct tch_slice label,
                                struct tch_slice *body)
{
    const uint8_t *start = text->p;
    bool headers = false;
    struct tch_slice before = *text;
    struct tch_slice line;
    struct tch_slice other;

    while (take_line(text, &line)) {
        if (is_boundary(line, "-----END ", &other)) {
            *body = tch_slice_of(start, (size_t)(line.p - start));
            if (!same_label(label, other)) {
                return TCH_BAD_FILE;
            }
            return headers ? TCH_NOT_SUPPORTED : TCH_OK;
        }
        if (is_boundary(line, "-----BEGIN ", &other)) {
            *text = before;
            return TCH_BAD_FILE;
        }
        headers = headers ||
                  (line.len != 0 && memchr(line.p, ':', line.len) != NULL);
        before = *text;
    }
    return TCH_BAD_FILE;
}

static enum tch_status decode_body(const struct tch_alloc *alloc,
                                   struct tch_slice body,
                                   struct tch_pem_block *out)
{
    enum tch_status st;

    out->der_cap = body.len / 4 * 3 + 3;
    out->der = tch_take(alloc, out->der_cap);
    if (out->der == NULL) {
        return TCH_NO_MEMORY;
    }
    st = tch_base64_decode(body, out->der, &out->der_len);
    if (st == TCH_OK && out->der_len == 0) {
        st = TCH_BAD_FILE;
    }
    if (st != TCH_OK) {
        tch_give(alloc, out->der, out->der_cap);
        out->der = NULL;
    }
    return st;
}

enum tch_status tch_pem_next(const struct tch_alloc *alloc,
                             struct tch_slice *text, struct tch_pem_block *out)
{
    struct tch_slice label;
    struct tch_slice body;
    enum tch_status st;

    memset(out, 0, sizeof *out);
    if (!find_begin(text, &label)) {
        return TCH_NOT_FOUND;
    }
    st = find_end(text, label, &body);
    if (st != TCH_OK) {
        return st;
    }
    if (label.len == 0 || label.len >= sizeof out->label) {
        return TCH_BAD_FILE;
    }
    memcpy(out->label, label.p, label.len);
    return decode_body(alloc, body, out);
}
