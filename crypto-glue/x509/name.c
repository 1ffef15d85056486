/*
 * Names. A Name is a SEQUENCE of SETs of (type, value) pairs; the walker
 * flattens it into attributes with the number of their SET, and everything
 * else (checking, comparing, matching a subtree) is a loop over that.
 *
 * What was hard: comparison. RFC 5280 7.1 asks for the stringprep profile of
 * RFC 4518; what certificates in the field need is that a PrintableString
 * equals the UTF8String of the same letters, in either case, with spaces
 * squeezed. So that is what is done (R-PKI-023), for ASCII letters, and
 * everything else is compared byte for byte. Equal bytes are equal at once.
 */

#include "crypto-glue/x509/name.h"

#include "crypto-glue/der.h"

TCH_FIELD(rdn_sequence, "5280 4.1.2.4");
TCH_FIELD(relative_distinguished_name, "5280 4.1.2.4");
TCH_FIELD(attribute, "5280 4.1.2.4");
TCH_FIELD(type, "5280 4.1.2.4");
TCH_FIELD(value, "5280 4.1.2.4");
TCH_FIELD(directory_name, "5280 4.2.1.6");

void tch_name_start(struct tch_name_walk *w, struct tch_slice name,
                    const struct tch_field *f, struct tch_watch *watch)
{
    tch_rd_init(&w->outer, name, f, watch);
    w->num_rdns = 0;
    w->failed =
        !tch_der_open(&w->outer, &f_rdn_sequence, TCH_DER_SEQUENCE, &w->name) ||
        !tch_rd_end(&w->outer);
    if (w->failed) {
        tch_rd_init(&w->name, tch_slice_of(NULL, 0), f, NULL);
    }
    tch_rd_init(&w->rdn, tch_slice_of(NULL, 0), f, NULL);
}

static bool walk_fails(struct tch_name_walk *w)
{
    w->failed = true;
    return false;
}

static bool open_rdn(struct tch_name_walk *w)
{
    if (w->num_rdns == TCH_NAME_MAX_RDNS) {
        (void)tch_rd_blame(&w->name, &f_relative_distinguished_name,
                           TCH_CERT_BAD);
        return false;
    }
    if (!tch_der_open_at(&w->name, &f_relative_distinguished_name,
                         TCH_DER_SET, (uint32_t)w->num_rdns, &w->rdn)) {
        return false;
    }
    w->num_rdns++;
    return true;
}

bool tch_name_next(struct tch_name_walk *w, struct tch_name_attr *out)
{
    struct tch_reader pair;
    struct tch_reader peek;

    if (w->failed) {
        return false;
    }
    if (tch_rd_left(&w->rdn) == 0) {
        if (tch_rd_left(&w->name) == 0) {
            return false;
        }
        if (!open_rdn(w)) {
            return walk_fails(w);
        }
    }
    peek = w->rdn;
    if (!tch_der_element(&peek, &f_attribute, &out->whole) ||
        !tch_der_open(&w->rdn, &f_attribute, TCH_DER_SEQUENCE, &pair) ||
        !tch_der_oid(&pair, &f_type, &out->type) ||
        !tch_der_any(&pair, &f_value, &out->tag, &out->value) ||
        !tch_rd_end(&pair)) {
        return walk_fails(w);
    }
    out->rdn = w->num_rdns - 1;
    return true;
}

bool tch_name_check(struct tch_reader *r, const struct tch_field *f,
                    struct tch_slice *whole)
{
    struct tch_name_walk w;
    struct tch_name_attr a;
    struct tch_reader at = *r;

    if (!tch_der_element(r, f, whole)) {
        return false;
    }
    tch_name_start(&w, *whole, f, NULL);
    while (tch_name_next(&w, &a)) {
    }
    if (w.failed) {
        *r = at;
        (void)tch_rd_blame(r, f, TCH_CERT_BAD);
        return false;
    }
    return true;
}

bool tch_name_is_empty(struct tch_slice name)
{
    struct tch_name_walk w;
    struct tch_name_attr a;

    tch_name_start(&w, name, &f_rdn_sequence, NULL);
    return !tch_name_next(&w, &a) && !w.failed;
}

bool tch_ascii_same(struct tch_slice a, struct tch_slice b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (tch_ascii_lower(a.p[i]) != tch_ascii_lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

/* A text being read with its case folded and its spaces squeezed. */
struct folded {
    struct tch_slice text;
    size_t at;
};

static void skip_spaces(struct folded *s)
{
    while (s->at < s->text.len && s->text.p[s->at] == ' ') {
        s->at++;
    }
}

/* The next character, or -1 at the end. */
static int next_folded(struct folded *s)
{
    uint8_t c;

    if (s->at == s->text.len) {
        return -1;
    }
    c = s->text.p[s->at++];
    if (c != ' ') {
        return tch_ascii_lower(c);
    }
    skip_spaces(s);
    return s->at == s->text.len ? -1 : ' ';
}

static bool same_text(struct tch_slice a, struct tch_slice b)
{
    struct folded x = { a, 0 };
    struct folded y = { b, 0 };
    int c;

    skip_spaces(&x);
    skip_spaces(&y);
    do {
        c = next_folded(&x);
        if (c != next_folded(&y)) {
            return false;
        }
    } while (c != -1);
    return true;
}

static bool is_folded_type(unsigned tag)
{
    return tag == TCH_DER_PRINTABLE_STRING || tag == TCH_DER_UTF8_STRING;
}

static bool same_attr(const struct tch_name_attr *a,
                      const struct tch_name_attr *b)
{
    if (!tch_der_same(a->type, b->type)) {
        return false;
    }
    if (is_folded_type(a->tag) && is_folded_type(b->tag)) {
        return same_text(a->value, b->value);
    }
    /* domainComponent and emailAddress; RFC 5280 7.3 and 7.5 fold both. */
    if (a->tag == TCH_DER_IA5_STRING && b->tag == TCH_DER_IA5_STRING) {
        return tch_ascii_same(a->value, b->value);
    }
    return a->tag == b->tag && tch_der_same(a->value, b->value);
}

/*
 * Compares attribute by attribute until `base` ends. The attributes of one
 * SET stand in DER order, which letters of another case may disturb; names
 * with several attributes in a SET that differ in case and in order are
 * then, wrongly but safely, different.
 */
static bool begins_with(struct tch_slice name, struct tch_slice base,
                        bool whole)
{
    struct tch_name_walk n;
    struct tch_name_walk b;
    struct tch_name_attr x;
    struct tch_name_attr y;
    size_t rdns;

    tch_name_start(&n, name, &f_rdn_sequence, NULL);
    tch_name_start(&b, base, &f_rdn_sequence, NULL);
    while (tch_name_next(&b, &y)) {
        if (!tch_name_next(&n, &x) || x.rdn != y.rdn || !same_attr(&x, &y)) {
            return false;
        }
    }
    rdns = n.num_rdns;
    /* What comes next must begin a new SET, or there must be nothing. */
    if (tch_name_next(&n, &x) && (whole || x.rdn != rdns)) {
        return false;
    }
    return !n.failed && !b.failed;
}

bool tch_name_same(struct tch_slice a, struct tch_slice b)
{
    return tch_der_same(a, b) || begins_with(a, b, true);
}

/* FNV-1a, 32 bits. */
static uint32_t mix(uint32_t h, unsigned v)
{
    return (h ^ v) * 16777619u;
}

/* Sees of an attribute what same_attr compares, no more. */
static uint32_t hash_attr(uint32_t h, const struct tch_name_attr *a)
{
    struct folded text = { a->value, 0 };
    int c;

    for (size_t i = 0; i < a->type.len; i++) {
        h = mix(h, a->type.p[i]);
    }
    if (is_folded_type(a->tag)) {
        skip_spaces(&text);
        while ((c = next_folded(&text)) != -1) {
            h = mix(h, (unsigned)c);
        }
        return h;
    }
    h = mix(h, a->tag);
    for (size_t i = 0; i < a->value.len; i++) {
        h = mix(h, tch_ascii_lower(a->value.p[i]));
    }
    return h;
}

uint32_t tch_name_hash(struct tch_slice name)
{
    struct tch_name_walk w;
    struct tch_name_attr a;
    uint32_t h = 2166136261u;

    tch_name_start(&w, name, &f_rdn_sequence, NULL);
    while (tch_name_next(&w, &a)) {
        h = hash_attr(mix(h, (unsigned)a.rdn), &a);
    }
    return h;
}

bool tch_name_within(struct tch_slice name, struct tch_slice base)
{
    return begins_with(name, base, false);
}

/* The forms that are constructed: otherName, x400Address, directoryName,
 * ediPartyName. */
static bool is_constructed(unsigned form)
{
    return form == TCH_GN_OTHER || form == TCH_GN_X400 ||
           form == TCH_GN_DIRECTORY || form == TCH_GN_EDI;
}

/* The value of a directoryName is a Name inside an EXPLICIT tag. */
static bool is_one_name(struct tch_slice value)
{
    struct tch_reader r;
    struct tch_slice whole;

    tch_rd_init(&r, value, &f_directory_name, NULL);
    return tch_name_check(&r, &f_directory_name, &whole) && tch_rd_end(&r);
}

bool tch_general_name_next(struct tch_reader *r, const struct tch_field *f,
                           struct tch_general_name *out)
{
    struct tch_reader before = *r;
    unsigned tag;
    unsigned form;

    if (!tch_der_any(r, f, &tag, &out->value)) {
        return false;
    }
    form = tag & 0x1Fu;
    if ((tag & 0xC0u) != 0x80u || form >= TCH_NUM_GN ||
        ((tag & 0x20u) != 0) != is_constructed(form) ||
        (form == TCH_GN_DIRECTORY && !is_one_name(out->value))) {
        *r = before;
        (void)tch_rd_blame(r, f, TCH_CERT_BAD);
        return false;
    }
    out->form = (enum tch_gn)form;
    return true;
}
