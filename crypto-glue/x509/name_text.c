/*
 * Names as text, RFC 4514: "CN=localhost, O=Example". The last relative name
 * comes first, because that is the one a person looks for.
 *
 * What was hard: the text goes to terminals and log files, and the name comes
 * from a peer. So whatever the certificate says, what comes out is UTF-8
 * without control characters: other bytes appear as \XX, and strings that are
 * no text at all as '#' and hexadecimal digits.
 */

#include "crypto-glue/x509/x509.h"

#include <string.h>

#include "engine/base/bytes.h"

#include "crypto-glue/der.h"
#include "crypto-glue/x509/name.h"
#include "crypto-glue/x509/oid.h"

TCH_FIELD(name, "5280 4.1.2.4");
TCH_FIELD(text, "4514 2.4");

/* A text that grows: counts everything, keeps what fits. */
struct text {
    char *out;
    size_t cap; /* without the NUL */
    size_t len;
};

static void put(struct text *t, char c)
{
    if (t->len < t->cap) {
        t->out[t->len] = c;
    }
    t->len++;
}

static void put_string(struct text *t, const char *s)
{
    for (; *s != '\0'; s++) {
        put(t, *s);
    }
}

static void put_hex(struct text *t, uint8_t b)
{
    static const char digits[] = "0123456789ABCDEF";

    put(t, digits[b >> 4]);
    put(t, digits[b & 15]);
}

static void put_escaped(struct text *t, uint8_t b)
{
    put(t, '\\');
    put_hex(t, b);
}

static void put_number(struct text *t, uint32_t n)
{
    char digits[10];
    size_t num = 0;

    do {
        digits[num++] = (char)('0' + n % 10);
        n /= 10;
    } while (n != 0);
    while (num > 0) {
        put(t, digits[--num]);
    }
}

static void put_utf8(struct text *t, uint32_t c)
{
    if (c < 0x800) {
        put(t, (char)(0xC0 | c >> 6));
    } else if (c < 0x10000) {
        put(t, (char)(0xE0 | c >> 12));
        put(t, (char)(0x80 | (c >> 6 & 0x3F)));
    } else {
        put(t, (char)(0xF0 | c >> 18));
        put(t, (char)(0x80 | (c >> 12 & 0x3F)));
        put(t, (char)(0x80 | (c >> 6 & 0x3F)));
    }
    put(t, (char)(0x80 | (c & 0x3F)));
}

/* Characters that change how the rest of a line is shown: C1 controls, line
 * and paragraph separators, and those that turn the direction of writing. */
static bool is_tricky(uint32_t c)
{
    return (c >= 0x80 && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0xFEFF;
}

/* One character, which may be the `first` or the `last` of its string. False:
 * not one that may be shown. */
static bool put_char(struct text *t, uint32_t c, bool first, bool last)
{
    if (c >= 0x80) {
        if (is_tricky(c) || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
            return false;
        }
        put_utf8(t, c);
        return true;
    }
    if (c < 0x20 || c == 0x7F) {
        return false;
    }
    if (strchr(",+\"\\<>;=", (int)c) != NULL || (c == '#' && first) ||
        (c == ' ' && (first || last))) {
        put(t, '\\');
    }
    put(t, (char)c);
    return true;
}

/* Reads one UTF-8 character, shortest form; false for anything else. */
static bool read_utf8(struct tch_reader *r, uint32_t *out)
{
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    uint8_t b;
    unsigned more;

    if (!tch_rd_u8(r, &f_text, &b) || (b >= 0x80 && b < 0xC0) || b >= 0xF8) {
        return false;
    }
    more = b < 0x80 ? 0 : b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
    *out = more == 0 ? b : b & (0x3Fu >> more);
    for (unsigned i = 0; i < more; i++) {
        if (!tch_rd_u8(r, &f_text, &b) || b < 0x80 || b >= 0xC0) {
            return false;
        }
        *out = *out << 6 | (b & 0x3Fu);
    }
    return *out >= least[more];
}

/* Reads one character of a string type. */
static bool read_char(struct tch_reader *r, unsigned tag, uint32_t *out)
{
    uint16_t wide;
    uint8_t b;

    switch (tag) {
    case TCH_DER_UTF8_STRING:
        return read_utf8(r, out);
    case TCH_DER_BMP_STRING:
        if (!tch_rd_u16(r, &f_text, &wide)) {
            return false;
        }
        *out = wide;
        return true;
    case TCH_DER_UNIVERSAL_STRING:
        return tch_rd_u32(r, &f_text, out);
    default:
        if (!tch_rd_u8(r, &f_text, &b)) {
            return false;
        }
        *out = b;
        /* T61String means Latin-1 to all who still write it. */
        return b < 0x80 || tag == TCH_DER_T61_STRING;
    }
}

static bool is_text_type(unsigned tag)
{
    static const uint8_t types[] = {
        TCH_DER_UTF8_STRING,      0x12 /* NumericString */,
        TCH_DER_PRINTABLE_STRING, TCH_DER_T61_STRING,
        TCH_DER_IA5_STRING,       TCH_DER_VISIBLE_STRING,
        TCH_DER_BMP_STRING,       TCH_DER_UNIVERSAL_STRING,
    };

    return memchr(types, (int)tag, sizeof types) != NULL;
}

static void put_value(struct text *t, unsigned tag, struct tch_slice value)
{
    struct tch_reader r;
    bool is_text = is_text_type(tag);

    tch_rd_init(&r, value, &f_text, NULL);
    if (!is_text) {
        put(t, '#');
    }
    while (tch_rd_left(&r) != 0) {
        struct tch_reader before = r;
        bool first = r.pos == r.start;
        uint32_t c;
        uint8_t b;

        if (is_text && read_char(&r, tag, &c) &&
            put_char(t, c, first, tch_rd_left(&r) == 0)) {
            continue;
        }
        r = before;
        if (tch_rd_u8(&r, &f_text, &b)) {
            if (is_text) {
                put_escaped(t, b);
            } else {
                put_hex(t, b);
            }
        }
    }
}

struct attr_row {
    struct tch_slice oid;
    const char *name;
};

/* clang-format off */
static const struct attr_row attrs[] = {
    { TCH_OID(TCH_ARC_AT, 3), "CN" },
    { TCH_OID(TCH_ARC_AT, 4), "SN" },
    { TCH_OID(TCH_ARC_AT, 5), "serialNumber" },
    { TCH_OID(TCH_ARC_AT, 6), "C" },
    { TCH_OID(TCH_ARC_AT, 7), "L" },
    { TCH_OID(TCH_ARC_AT, 8), "ST" },
    { TCH_OID(TCH_ARC_AT, 9), "street" },
    { TCH_OID(TCH_ARC_AT, 10), "O" },
    { TCH_OID(TCH_ARC_AT, 11), "OU" },
    { TCH_OID(TCH_ARC_AT, 12), "title" },
    { TCH_OID(TCH_ARC_AT, 42), "GN" },
    { TCH_OID(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01),
      "emailAddress" },
    { TCH_OID(0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19),
      "DC" },
    { TCH_OID(0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x01),
      "UID" },
};
/* clang-format on */

/* Dotted decimal, X.690 8.19; an arc beyond 32 bits comes out short, which
 * does no harm in a text. */
static void put_dotted(struct text *t, struct tch_slice oid)
{
    uint32_t arc = 0;
    bool first = true;

    for (size_t i = 0; i < oid.len; i++) {
        arc = arc << 7 | (oid.p[i] & 0x7Fu);
        if (oid.p[i] >= 0x80) {
            continue;
        }
        if (first) {
            uint32_t top = arc < 80 ? arc / 40 : 2;

            put_number(t, top);
            arc -= top * 40;
            first = false;
        }
        put(t, '.');
        put_number(t, arc);
        arc = 0;
    }
}

static void put_type(struct text *t, struct tch_slice oid)
{
    for (size_t i = 0; i < sizeof attrs / sizeof attrs[0]; i++) {
        if (tch_der_same(attrs[i].oid, oid)) {
            put_string(t, attrs[i].name);
            return;
        }
    }
    put_dotted(t, oid);
}

static size_t count_rdns(struct tch_slice name)
{
    struct tch_name_walk w;
    struct tch_name_attr a;

    tch_name_start(&w, name, &f_name, NULL);
    while (tch_name_next(&w, &a)) {
    }
    return w.num_rdns;
}

static void put_rdn(struct text *t, struct tch_slice name, size_t rdn)
{
    struct tch_name_walk w;
    struct tch_name_attr a;
    bool more = false;

    tch_name_start(&w, name, &f_name, NULL);
    while (tch_name_next(&w, &a)) {
        if (a.rdn == rdn) {
            put_string(t, more ? " + " : "");
            put_type(t, a.type);
            put(t, '=');
            put_value(t, a.tag, a.value);
            more = true;
        }
    }
}

/* A character of several bytes that was cut in two is left out. */
static size_t whole_characters(const char *s, size_t len)
{
    size_t start = len;

    while (start > 0 && ((uint8_t)s[start - 1] & 0xC0u) == 0x80u) {
        start--;
    }
    if (start > 0 && (uint8_t)s[start - 1] >= 0xC0u) {
        uint8_t b = (uint8_t)s[start - 1];
        size_t want = b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;

        return len - (start - 1) < want ? start - 1 : len;
    }
    return len;
}

size_t tch_name_text(struct tch_slice name, char *out, size_t cap)
{
    struct text t = { out, cap == 0 ? 0 : cap - 1, 0 };
    size_t num = count_rdns(name);

    for (size_t i = num; i > 0; i--) {
        put_rdn(&t, name, i - 1);
        put_string(&t, i > 1 ? ", " : "");
    }
    if (cap != 0) {
        out[whole_characters(out, t.len < t.cap ? t.len : t.cap)] = '\0';
    }
    return t.len;
}
