/*
 * Conversions of strings.h. A code point is read from or written to any of
 * the three forms by one function each; everything else is a loop over them.
 * Ill-formed UTF-8 (overlong forms, surrogates, beyond 10FFFF), lone
 * surrogates in UTF-16 and numbers beyond Unicode in UTF-32 are invalid:
 * RFC 3629 3, RFC 2781 2.
 */

#include "sspi/strings.h"

#include <string.h>

#include "sspi/memory.h"

#define INVALID UINT32_MAX
#define REPLACEMENT 0xFFFDu
#define NAME_ROOM 256

/* A place in a text; `left` units may still be read. */
struct cursor {
    const uint8_t *p;
    unsigned width;
    size_t left;
};

static uint32_t unit(struct cursor *c)
{
    uint32_t u = 0;

    if (c->left == 0) {
        return INVALID;
    }
    if (c->width == TCH_TEXT_A) {
        u = *c->p;
    } else if (c->width == TCH_TEXT_W16) {
        uint16_t u16;

        memcpy(&u16, c->p, sizeof u16);
        u = u16;
    } else {
        memcpy(&u, c->p, sizeof u);
    }
    c->p += c->width;
    c->left--;
    return u;
}

static bool is_surrogate(uint32_t cp)
{
    return cp >= 0xD800 && cp <= 0xDFFF;
}

static uint32_t next_utf8(struct cursor *c)
{
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    uint32_t lead = unit(c);
    uint32_t cp;
    unsigned more;

    if (lead < 0x80) {
        return lead;
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return INVALID;
    }
    more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    cp = lead & (0x3Fu >> more);
    for (unsigned i = 0; i < more; i++) {
        uint32_t u = unit(c);

        if (u == INVALID || (u & 0xC0) != 0x80) {
            return INVALID;
        }
        cp = cp << 6 | (u & 0x3F);
    }
    return cp < least[more] || is_surrogate(cp) || cp > 0x10FFFF ? INVALID
                                                                 : cp;
}

static uint32_t next_utf16(struct cursor *c)
{
    uint32_t high = unit(c);
    uint32_t low;

    if (high == INVALID || !is_surrogate(high)) {
        return high;
    }
    if (high >= 0xDC00) {
        return INVALID;
    }
    low = unit(c);
    if (low == INVALID || low < 0xDC00 || low > 0xDFFF) {
        return INVALID;
    }
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* The next code point, or INVALID; at the end of a counted text too. */
static uint32_t next(struct cursor *c)
{
    uint32_t cp;

    if (c->width == TCH_TEXT_A) {
        return next_utf8(c);
    }
    if (c->width == TCH_TEXT_W16) {
        return next_utf16(c);
    }
    cp = unit(c);
    return is_surrogate(cp) || cp > 0x10FFFF ? INVALID : cp;
}

/* Bytes that a code point takes in UTF-8; written when `out` is not NULL. */
static size_t put_utf8(uint32_t cp, uint8_t *out)
{
    size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

    if (out == NULL) {
        return n;
    }
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (cp & 0x3F));
        cp >>= 6;
    }
    out[0] = (uint8_t)(lead[n] | cp);
    return n;
}

static size_t put_utf16(uint32_t cp, uint8_t *out)
{
    uint16_t u[2] = { (uint16_t)cp, 0 };
    size_t n = sizeof u[0];

    if (cp >= 0x10000) {
        u[0] = (uint16_t)(0xD800 + ((cp - 0x10000) >> 10));
        u[1] = (uint16_t)(0xDC00 + ((cp - 0x10000) & 0x3FF));
        n = sizeof u;
    }
    if (out != NULL) {
        memcpy(out, u, n);
    }
    return n;
}

static size_t put(uint32_t cp, unsigned width, uint8_t *out)
{
    if (width == TCH_TEXT_A) {
        return put_utf8(cp, out);
    }
    if (width == TCH_TEXT_W16) {
        return put_utf16(cp, out);
    }
    if (out != NULL) {
        memcpy(out, &cp, sizeof cp);
    }
    return sizeof cp;
}

/* Bytes of UTF-8, without the zero; false for invalid text. With `out` it
 * writes them. */
static bool read_all(const void *s, unsigned width, size_t num, size_t *len,
                     uint8_t *out)
{
    struct cursor c = { s, width, num };
    size_t n = 0;

    while (c.left > 0) {
        uint32_t cp = next(&c);

        if (cp == 0 && num == SIZE_MAX) {
            break;
        }
        if (cp == 0 || cp == INVALID) {
            return false;
        }
        n += put_utf8(cp, out == NULL ? NULL : out + n);
    }
    *len = n;
    return true;
}

enum tch_status tch_text_read(const void *s, unsigned width, size_t num,
                              char **out)
{
    size_t len;
    char *text;

    if (s == NULL || !read_all(s, width, num, &len, NULL)) {
        return TCH_BAD_ARGUMENT;
    }
    text = tch_own(len + 1);
    if (text == NULL) {
        return TCH_NO_MEMORY;
    }
    /* The text may not change meanwhile; what was valid still is. */
    if (!read_all(s, width, num, &len, (uint8_t *)text)) {
        tch_disown(text, len + 1);
        return TCH_BAD_ARGUMENT;
    }
    *out = text;
    return TCH_OK;
}

bool tch_text_host_name(const void *s, unsigned width, char *out)
{
    struct cursor c = { s, width, NAME_ROOM };
    size_t n = 0;

    if (s == NULL) {
        return false;
    }
    for (;;) {
        uint32_t u = unit(&c);

        if (u == 0) {
            break;
        }
        if (u <= 0x20 || u >= 0x7F || n + 1 >= NAME_ROOM) {
            return false;
        }
        out[n++] = (char)u;
    }
    if (n > 0 && out[n - 1] == '.') {
        n--;
    }
    out[n] = '\0';
    return n > 0;
}

size_t tch_text_size(const char *utf8, unsigned width)
{
    struct cursor c = { (const uint8_t *)utf8, TCH_TEXT_A, strlen(utf8) };
    size_t n = width;

    while (c.left > 0) {
        uint32_t cp = next(&c);

        n += put(cp == INVALID ? REPLACEMENT : cp, width, NULL);
    }
    return n;
}

void tch_text_write(const char *utf8, unsigned width, void *out)
{
    struct cursor c = { (const uint8_t *)utf8, TCH_TEXT_A, strlen(utf8) };
    uint8_t *p = out;

    while (c.left > 0) {
        uint32_t cp = next(&c);

        p += put(cp == INVALID ? REPLACEMENT : cp, width, p);
    }
    memset(p, 0, width);
}

void *tch_text_give(const char *utf8, unsigned width)
{
    void *p = tch_package_alloc(tch_text_size(utf8, width));

    if (p != NULL) {
        tch_text_write(utf8, width, p);
    }
    return p;
}
