/*
 * Name constraints, RFC 5280 4.2.1.10. An authority says below which names it
 * may certify (permitted) and below which it may not (excluded), per form of
 * name. The standard's algorithm intersects and unites subtrees on the way
 * down the path; the same comes out, without any set to keep, when every name
 * below is held against the extension of every authority above it: a name is
 * in the intersection when it is in each of the sets.
 *
 * For one authority and one name: no excluded subtree of the name's form may
 * hold it, and if there are permitted subtrees of its form, one must
 * (R-PKI-063). A form we cannot match (otherName and its like) under a
 * constraint of that form is refused (R-PKI-064); so is a name too odd to
 * know where it lies.
 *
 * What was hard: wildcards. `*.example.com` stands for many names. It is
 * permitted only where all of them are, and excluded where one could be
 * (R-PKI-065).
 */

#include "crypto-glue/x509/constraints.h"

#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/x509/host.h"
#include "crypto-glue/x509/name.h"
#include "crypto-glue/x509/oid.h"

TCH_FIELD(name_constraints, "5280 4.2.1.10");
TCH_FIELD(permitted_subtrees, "5280 4.2.1.10");
TCH_FIELD(excluded_subtrees, "5280 4.2.1.10");
TCH_FIELD(general_subtree, "5280 4.2.1.10");
TCH_FIELD(base, "5280 4.2.1.10");
TCH_FIELD(minimum, "5280 4.2.1.10");
TCH_FIELD(general_name, "5280 4.2.1.6");

/* ---- splitting texts ---------------------------------------------------- */

static struct tch_slice without_dot(struct tch_slice s)
{
    return s.len != 0 && s.p[0] == '.' ? tch_slice_of(s.p + 1, s.len - 1) : s;
}

static bool has_dot(struct tch_slice s)
{
    return s.len != 0 && s.p[0] == '.';
}

/* Splits at the one `@`; false when there is none, or more than one. */
static bool split_mailbox(struct tch_slice s, struct tch_slice *local,
                          struct tch_slice *host)
{
    const uint8_t *at = s.len == 0 ? NULL : memchr(s.p, '@', s.len);
    size_t n;

    if (at == NULL) {
        return false;
    }
    n = (size_t)(at - s.p);
    *local = tch_slice_of(s.p, n);
    *host = tch_slice_of(at + 1, s.len - n - 1);
    return n != 0 && tch_dns_is_name(*host);
}

/* Cuts `s` in front of the first byte that is one of `stops`. */
static struct tch_slice cut_before(struct tch_slice s, const char *stops)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '\0' || strchr(stops, s.p[i]) != NULL) {
            return tch_slice_of(s.p, i);
        }
    }
    return s;
}

/* The host of a URI, RFC 3986 3.2: what stands between `//`, user and port.
 * False unless it is a DNS name: 5280 refuses addresses here. */
static bool uri_host(struct tch_slice s, struct tch_slice *host)
{
    struct tch_slice scheme = cut_before(s, ":/?#");
    struct tch_slice rest =
        tch_slice_of(s.p + scheme.len, s.len - scheme.len);
    struct tch_slice user;
    bool digits = true;

    if (scheme.len == 0 || rest.len < 3 || memcmp(rest.p, "://", 3) != 0) {
        return false;
    }
    rest = cut_before(tch_slice_of(rest.p + 3, rest.len - 3), "/?#");
    user = cut_before(rest, "@");
    if (user.len != rest.len) {
        rest = tch_slice_of(user.p + user.len + 1, rest.len - user.len - 1);
    }
    *host = cut_before(rest, ":");
    for (size_t i = 0; i < host->len; i++) {
        digits = digits && (host->p[i] == '.' ||
                            (host->p[i] >= '0' && host->p[i] <= '9'));
    }
    return !digits && tch_dns_is_name(*host);
}

/* ---- the bases of subtrees ---------------------------------------------- */

/* A host, a domain with a dot in front, or nothing. */
static bool is_domain_base(struct tch_slice s)
{
    return s.len == 0 || tch_dns_is_name(without_dot(s));
}

static bool is_mail_base(struct tch_slice s)
{
    struct tch_slice local;
    struct tch_slice host;

    return is_domain_base(s) || split_mailbox(s, &local, &host);
}

/* R-PKI-061: address and mask, whose ones come before its zeros. */
static bool is_ip_base(struct tch_slice s)
{
    size_t half = s.len / 2;
    bool zeros = false;

    if (s.len != 8 && s.len != 32) {
        return false;
    }
    for (size_t bit = 0; bit < half * 8; bit++) {
        bool one = (s.p[half + bit / 8] & (0x80u >> bit % 8)) != 0;

        if (one && zeros) {
            return false;
        }
        zeros = !one;
    }
    return true;
}

static bool is_base(const struct tch_general_name *gn)
{
    switch (gn->form) {
    case TCH_GN_DNS:
    case TCH_GN_URI:
        return is_domain_base(gn->value);
    case TCH_GN_RFC822:
        return is_mail_base(gn->value);
    case TCH_GN_IP:
        return is_ip_base(gn->value);
    case TCH_GN_OTHER:
    case TCH_GN_X400:
    case TCH_GN_DIRECTORY:
    case TCH_GN_EDI:
    case TCH_GN_REGISTERED_ID:
    case TCH_NUM_GN:
        break;
    }
    return true;
}

/* ---- reading the extension ---------------------------------------------- */

static bool refuse(const struct tch_reader *r, const struct tch_field *f)
{
    (void)tch_rd_blame(r, f, TCH_CERT_BAD);
    return false;
}

/* One GeneralSubtree. A minimum of 0 that is encoded is let through. */
static bool next_subtree(struct tch_reader *list, uint32_t index,
                         struct tch_general_name *out)
{
    struct tch_reader seq;
    struct tch_slice zero;

    if (!tch_der_open_at(list, &f_general_subtree, TCH_DER_SEQUENCE, index,
                         &seq) ||
        !tch_general_name_next(&seq, &f_base, out)) {
        return false;
    }
    if (!is_base(out)) {
        return refuse(&seq, &f_base);
    }
    if (tch_der_next_is(&seq, TCH_DER_CONTEXT_PRIMITIVE(0))) {
        if (!tch_der_value(&seq, &f_minimum, TCH_DER_CONTEXT_PRIMITIVE(0),
                           &zero)) {
            return false;
        }
        if (zero.len != 1 || zero.p[0] != 0) {
            return refuse(&seq, &f_minimum);
        }
    }
    return tch_rd_end(&seq);
}

/* Opens both lists; an absent one reads nothing. */
static bool open_lists(struct tch_reader *r, struct tch_reader *seq,
                       struct tch_reader *permitted,
                       struct tch_reader *excluded)
{
    bool has_permitted;
    bool has_excluded;

    if (!tch_der_open(r, &f_name_constraints, TCH_DER_SEQUENCE, seq) ||
        !tch_der_optional(seq, &f_permitted_subtrees, TCH_DER_CONTEXT(0),
                          &has_permitted, permitted) ||
        !tch_der_optional(seq, &f_excluded_subtrees, TCH_DER_CONTEXT(1),
                          &has_excluded, excluded) ||
        !tch_rd_end(seq)) {
        return false;
    }
    if (!has_permitted && !has_excluded) {
        return refuse(seq, NULL);
    }
    if (has_permitted && tch_rd_left(permitted) == 0) {
        return refuse(permitted, NULL);
    }
    return (!has_excluded || tch_rd_left(excluded) != 0) ||
           refuse(excluded, NULL);
}

static bool check_list(struct tch_reader *list)
{
    struct tch_general_name gn;
    uint32_t num = 0;

    while (tch_rd_left(list) != 0) {
        if (!next_subtree(list, num++, &gn)) {
            return false;
        }
    }
    return true;
}

bool tch_constraints_check(struct tch_reader *r)
{
    struct tch_reader seq;
    struct tch_reader permitted;
    struct tch_reader excluded;

    return open_lists(r, &seq, &permitted, &excluded) &&
           check_list(&permitted) && check_list(&excluded);
}

/* ---- matching ----------------------------------------------------------- */

/* Where a name lies against a subtree. A name that stands for many may lie
 * partly in it. */
enum place { OUTSIDE, PARTLY, INSIDE, UNKNOWN };

static enum place inside_if(bool yes)
{
    return yes ? INSIDE : OUTSIDE;
}

/* R-PKI-060; a dot in front: sub-domains only (POLICY). */
static bool dns_holds(struct tch_slice base, struct tch_slice name)
{
    struct tch_slice domain = without_dot(base);

    return tch_dns_within(name, domain) &&
           (!has_dot(base) || name.len != domain.len);
}

/* R-PKI-065 */
static enum place place_wildcard(struct tch_slice base, struct tch_slice rest)
{
    struct tch_slice domain = without_dot(base);

    if (tch_dns_within(rest, domain)) {
        return INSIDE;
    }
    return tch_dns_within(domain, rest) ? PARTLY : OUTSIDE;
}

static enum place place_dns(struct tch_slice base, struct tch_slice name)
{
    struct tch_slice rest;

    if (tch_dns_wildcard_rest(name, &rest)) {
        return place_wildcard(base, rest);
    }
    return tch_dns_is_name(name) ? inside_if(dns_holds(base, name)) : UNKNOWN;
}

/* A host alone means that host; a dot in front, all hosts below it. */
static bool host_holds(struct tch_slice base, struct tch_slice host)
{
    return base.len == 0 ||
           (has_dot(base) ? dns_holds(base, host) : tch_ascii_same(base, host));
}

/* R-PKI-062; the part before the `@` is compared with its case. */
static enum place place_mail(struct tch_slice base, struct tch_slice name)
{
    struct tch_slice local;
    struct tch_slice host;
    struct tch_slice base_local;
    struct tch_slice base_host;

    if (!split_mailbox(name, &local, &host)) {
        return UNKNOWN;
    }
    if (split_mailbox(base, &base_local, &base_host)) {
        return inside_if(tch_der_same(local, base_local) &&
                         tch_ascii_same(host, base_host));
    }
    return inside_if(host_holds(base, host));
}

static enum place place_uri(struct tch_slice base, struct tch_slice name)
{
    struct tch_slice host;

    return uri_host(name, &host) ? inside_if(host_holds(base, host)) : UNKNOWN;
}

static enum place place_ip(struct tch_slice base, struct tch_slice name)
{
    if (base.len != 2 * name.len) {
        return OUTSIDE;
    }
    for (size_t i = 0; i < name.len; i++) {
        if (((name.p[i] ^ base.p[i]) & base.p[name.len + i]) != 0) {
            return OUTSIDE;
        }
    }
    return INSIDE;
}

/* Both are of the same form. */
static enum place place_name(const struct tch_general_name *base,
                             const struct tch_general_name *name)
{
    switch (name->form) {
    case TCH_GN_DNS:
        return place_dns(base->value, name->value);
    case TCH_GN_RFC822:
        return place_mail(base->value, name->value);
    case TCH_GN_URI:
        return place_uri(base->value, name->value);
    case TCH_GN_IP:
        return place_ip(base->value, name->value);
    case TCH_GN_DIRECTORY:
        return inside_if(tch_name_within(name->value, base->value));
    case TCH_GN_OTHER:
    case TCH_GN_X400:
    case TCH_GN_EDI:
    case TCH_GN_REGISTERED_ID:
    case TCH_NUM_GN:
        break;
    }
    return UNKNOWN;
}

/* What one list says about one name. */
struct finding {
    bool of_form; /* a subtree of the name's form is there */
    bool inside;  /* one holds it wholly */
    bool touched; /* one holds it, in part or perhaps */
};

static bool search_list(struct tch_reader *list,
                        const struct tch_general_name *name, uint32_t *work,
                        struct finding *out)
{
    struct tch_general_name base;

    memset(out, 0, sizeof *out);
    while (tch_rd_left(list) != 0) {
        enum place place;

        if (*work == 0 || !next_subtree(list, TCH_NO_INDEX, &base)) {
            return false;
        }
        (*work)--;
        if (base.form != name->form) {
            continue;
        }
        place = place_name(&base, name);
        out->of_form = true;
        out->inside = out->inside || place == INSIDE;
        out->touched = out->touched || place != OUTSIDE;
    }
    return true;
}

static enum tch_status judge_name(const struct tch_cert *ca,
                                  const struct tch_general_name *name,
                                  uint32_t *work)
{
    struct tch_reader r;
    struct tch_reader seq;
    struct tch_reader permitted;
    struct tch_reader excluded;
    struct finding in;
    struct finding out;

    tch_rd_init(&r, ca->name_constraints, &f_name_constraints, NULL);
    if (!open_lists(&r, &seq, &permitted, &excluded)) {
        return TCH_CERT_BAD;
    }
    if (!search_list(&permitted, name, work, &in) ||
        !search_list(&excluded, name, work, &out)) {
        return TCH_CERT_TOO_MUCH_WORK;
    }
    if (out.touched || (in.of_form && !in.inside)) {
        return TCH_CERT_CONSTRAINT;
    }
    return TCH_OK;
}

static enum tch_status judge_alt_names(const struct tch_cert *ca,
                                       const struct tch_cert *c,
                                       uint32_t *work)
{
    struct tch_reader r;
    struct tch_general_name gn;

    tch_rd_init(&r, c->alt_names, &f_general_name, NULL);
    while (tch_rd_left(&r) != 0) {
        enum tch_status st;

        if (!tch_general_name_next(&r, &f_general_name, &gn)) {
            return TCH_CERT_BAD;
        }
        st = judge_name(ca, &gn, work);
        if (st != TCH_OK) {
            return st;
        }
    }
    return TCH_OK;
}

/* emailAddress of PKCS#9: 1.2.840.113549.1.9.1 */
static const struct tch_slice email =
    TCH_OID(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01);

/* R-PKI-062: without a subjectAltName the emailAddress attributes of the
 * subject count as rfc822Names. */
static enum tch_status judge_subject_mail(const struct tch_cert *ca,
                                          const struct tch_cert *c,
                                          uint32_t *work)
{
    struct tch_name_walk w;
    struct tch_name_attr a;
    enum tch_status st = TCH_OK;

    tch_name_start(&w, c->subject, &f_general_name, NULL);
    while (st == TCH_OK && tch_name_next(&w, &a)) {
        if (tch_der_same(a.type, email)) {
            struct tch_general_name gn = { TCH_GN_RFC822, a.value };

            st = judge_name(ca, &gn, work);
        }
    }
    return st;
}

enum tch_status tch_constraints_allow(const struct tch_cert *ca,
                                      const struct tch_cert *c, uint32_t *work)
{
    struct tch_general_name subject = { TCH_GN_DIRECTORY, c->subject };
    enum tch_status st = TCH_OK;

    if (ca->name_constraints.len == 0) {
        return TCH_OK;
    }
    if (!tch_name_is_empty(c->subject)) {
        st = judge_name(ca, &subject, work);
    }
    if (st == TCH_OK && !c->has_alt_names) {
        st = judge_subject_mail(ca, c, work);
    }
    return st == TCH_OK ? judge_alt_names(ca, c, work) : st;
}
