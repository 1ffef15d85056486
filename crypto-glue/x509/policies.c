/*
 * Certificate policies, RFC 5280 6.1.2 to 6.1.5. Nobody asks this engine for
 * a policy; the part that matters is the authority that does: after
 * requireExplicitPolicy the path must have a policy that holds from top to
 * bottom.
 *
 * The standard keeps a tree. For the one question asked here, "is anything
 * left of it?", the tree's last row is enough: the set of policies that the
 * next certificate may assert. A tree can be made to grow without bound
 * (RFC 9618); a set of at most 64 cannot.
 *
 * A trust anchor's constraints count as if they had been the initial flags
 * (RFC 5937); the policies it lists do not.
 */

#include "crypto-glue/x509/policies.h"

#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/x509/oid.h"

TCH_FIELD(certificate_policies, "5280 4.2.1.4");
TCH_FIELD(policy_information, "5280 4.2.1.4");
TCH_FIELD(policy_identifier, "5280 4.2.1.4");
TCH_FIELD(policy_qualifiers, "5280 4.2.1.4");
TCH_FIELD(policy_mappings, "5280 4.2.1.5");
TCH_FIELD(issuer_domain_policy, "5280 4.2.1.5");
TCH_FIELD(subject_domain_policy, "5280 4.2.1.5");
TCH_FIELD(policy_constraints, "5280 4.2.1.11");
TCH_FIELD(require_explicit_policy, "5280 4.2.1.11");
TCH_FIELD(inhibit_policy_mapping, "5280 4.2.1.11");
TCH_FIELD(inhibit_any_policy, "5280 4.2.1.14");
TCH_FIELD(skip_certs, "5280 4.2.1.11");

static const struct tch_slice any_policy = TCH_OID(TCH_ARC_CE, 32, 0);

static bool refuse(const struct tch_reader *r, const struct tch_field *f)
{
    (void)tch_rd_blame(r, f, TCH_CERT_BAD);
    return false;
}

/* ---- reading ------------------------------------------------------------ */

/* One PolicyInformation; the qualifiers are for people. */
static bool next_policy(struct tch_reader *list, struct tch_slice *oid)
{
    struct tch_reader info;
    struct tch_slice qualifiers;

    if (!tch_der_open(list, &f_policy_information, TCH_DER_SEQUENCE, &info) ||
        !tch_der_oid(&info, &f_policy_identifier, oid)) {
        return false;
    }
    if (tch_rd_left(&info) != 0 &&
        !tch_der_value(&info, &f_policy_qualifiers, TCH_DER_SEQUENCE,
                       &qualifiers)) {
        return false;
    }
    return tch_rd_end(&info);
}

/* One mapping; R-PKI-026: anyPolicy is never mapped. */
static bool next_mapping(struct tch_reader *list, struct tch_slice *issuer,
                         struct tch_slice *subject)
{
    struct tch_reader pair;

    if (!tch_der_open(list, &f_policy_mappings, TCH_DER_SEQUENCE, &pair) ||
        !tch_der_oid(&pair, &f_issuer_domain_policy, issuer) ||
        !tch_der_oid(&pair, &f_subject_domain_policy, subject) ||
        !tch_rd_end(&pair)) {
        return false;
    }
    if (tch_der_same(*issuer, any_policy) ||
        tch_der_same(*subject, any_policy)) {
        return refuse(list, &f_policy_mappings);
    }
    return true;
}

/* SkipCerts: `*present` says whether the [number] is there. */
static bool read_skip(struct tch_reader *seq, const struct tch_field *f,
                      unsigned number, bool *present, uint32_t *skip)
{
    struct tch_slice v;
    struct tch_reader r;
    uint8_t b;

    *present = tch_der_next_is(seq, TCH_DER_CONTEXT_PRIMITIVE(number));
    *skip = 0;
    if (!*present) {
        return true;
    }
    if (!tch_der_value(seq, f, TCH_DER_CONTEXT_PRIMITIVE(number), &v)) {
        return false;
    }
    if (v.len == 0 || v.len > 4 || v.p[0] >= 0x80 ||
        (v.len > 1 && v.p[0] == 0 && v.p[1] < 0x80)) {
        return refuse(seq, f);
    }
    tch_rd_init(&r, v, f, NULL);
    while (tch_rd_u8(&r, &f_skip_certs, &b)) {
        *skip = *skip << 8 | b;
    }
    return true;
}

/* What PolicyConstraints says. */
struct constraints {
    bool has_explicit;
    bool has_mapping;
    uint32_t require_explicit;
    uint32_t inhibit_mapping;
};

static bool read_constraints(struct tch_reader *r, struct constraints *out)
{
    struct tch_reader seq;

    if (!tch_der_open(r, &f_policy_constraints, TCH_DER_SEQUENCE, &seq) ||
        !read_skip(&seq, &f_require_explicit_policy, 0, &out->has_explicit,
                   &out->require_explicit) ||
        !read_skip(&seq, &f_inhibit_policy_mapping, 1, &out->has_mapping,
                   &out->inhibit_mapping) ||
        !tch_rd_end(&seq)) {
        return false;
    }
    return out->has_explicit || out->has_mapping || refuse(&seq, NULL);
}

bool tch_policies_check(struct tch_reader *r)
{
    struct tch_reader list;
    struct tch_slice oid;

    if (!tch_der_open(r, &f_certificate_policies, TCH_DER_SEQUENCE, &list)) {
        return false;
    }
    do {
        if (!next_policy(&list, &oid)) {
            return false;
        }
    } while (tch_rd_left(&list) != 0);
    return true;
}

bool tch_policy_mappings_check(struct tch_reader *r)
{
    struct tch_reader list;
    struct tch_slice issuer;
    struct tch_slice subject;

    if (!tch_der_open(r, &f_policy_mappings, TCH_DER_SEQUENCE, &list)) {
        return false;
    }
    do {
        if (!next_mapping(&list, &issuer, &subject)) {
            return false;
        }
    } while (tch_rd_left(&list) != 0);
    return true;
}

bool tch_policy_constraints_check(struct tch_reader *r)
{
    struct constraints c;

    return read_constraints(r, &c);
}

bool tch_inhibit_any_policy_check(struct tch_reader *r)
{
    uint32_t skip;

    return tch_der_uint32(r, &f_inhibit_any_policy, &skip);
}

/* ---- the set ------------------------------------------------------------ */

struct set {
    struct tch_slice oid[TCH_POLICIES_MAX];
    size_t num;
    bool any;
    bool overflow;
};

static bool set_has(const struct set *s, struct tch_slice oid)
{
    for (size_t i = 0; i < s->num; i++) {
        if (tch_der_same(s->oid[i], oid)) {
            return true;
        }
    }
    return false;
}

static void set_add(struct set *s, struct tch_slice oid)
{
    if (set_has(s, oid)) {
        return;
    }
    if (s->num == TCH_POLICIES_MAX) {
        s->overflow = true;
        return;
    }
    s->oid[s->num++] = oid;
}

static bool set_is_empty(const struct set *s)
{
    return s->num == 0 && !s->any;
}

/* ---- going down the path ------------------------------------------------ */

struct state {
    struct set valid;
    uint32_t explicit_policy;
    uint32_t policy_mapping;
    uint32_t inhibit_any;
};

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* 6.1.3 (d) and (e): what the certificate asserts of what is valid. */
static void assert_policies(struct state *st, const struct tch_cert *c,
                            bool any_counts)
{
    struct set next = { .num = 0 };
    struct tch_reader r;
    struct tch_reader list;
    struct tch_slice oid;
    bool any = false;

    tch_rd_init(&r, c->policies, &f_certificate_policies, NULL);
    if (c->policies.len == 0 ||
        !tch_der_open(&r, &f_certificate_policies, TCH_DER_SEQUENCE, &list)) {
        st->valid = next;
        return;
    }
    while (tch_rd_left(&list) != 0 && next_policy(&list, &oid)) {
        if (tch_der_same(oid, any_policy)) {
            any = any_counts;
        } else if (st->valid.any || set_has(&st->valid, oid)) {
            set_add(&next, oid);
        }
    }
    if (any) {
        for (size_t i = 0; i < st->valid.num; i++) {
            set_add(&next, st->valid.oid[i]);
        }
        next.any = st->valid.any;
    }
    next.overflow = next.overflow || st->valid.overflow;
    st->valid = next;
}

/* 6.1.4 (b): each mapped policy is replaced by what it is mapped to; where
 * mapping is inhibited, by nothing. */
static void map_policies(struct state *st, const struct tch_cert *c)
{
    struct set next = { .num = 0 };
    struct set mapped = { .num = 0 };
    struct tch_reader r;
    struct tch_reader list;
    struct tch_slice from;
    struct tch_slice to;

    tch_rd_init(&r, c->policy_mappings, &f_policy_mappings, NULL);
    if (c->policy_mappings.len == 0 ||
        !tch_der_open(&r, &f_policy_mappings, TCH_DER_SEQUENCE, &list)) {
        return;
    }
    while (tch_rd_left(&list) != 0 && next_mapping(&list, &from, &to)) {
        set_add(&mapped, from);
        if (st->policy_mapping > 0 &&
            (st->valid.any || set_has(&st->valid, from))) {
            set_add(&next, to);
        }
    }
    for (size_t i = 0; i < st->valid.num; i++) {
        if (!set_has(&mapped, st->valid.oid[i])) {
            set_add(&next, st->valid.oid[i]);
        }
    }
    next.any = st->valid.any;
    next.overflow =
        next.overflow || mapped.overflow || st->valid.overflow;
    st->valid = next;
}

/* 6.1.4 (h) */
static void count_down(struct state *st)
{
    st->explicit_policy -= st->explicit_policy > 0 ? 1 : 0;
    st->policy_mapping -= st->policy_mapping > 0 ? 1 : 0;
    st->inhibit_any -= st->inhibit_any > 0 ? 1 : 0;
}

/* 6.1.4 (i) and (j); all values were checked when the certificate was
 * parsed. */
static void apply_constraints(struct state *st, const struct tch_cert *c)
{
    struct constraints k;
    struct tch_reader r;
    uint32_t skip;

    tch_rd_init(&r, c->policy_constraints, &f_policy_constraints, NULL);
    if (c->policy_constraints.len != 0 && read_constraints(&r, &k)) {
        if (k.has_explicit) {
            st->explicit_policy =
                smaller(st->explicit_policy, k.require_explicit);
        }
        if (k.has_mapping) {
            st->policy_mapping = smaller(st->policy_mapping, k.inhibit_mapping);
        }
    }
    tch_rd_init(&r, c->inhibit_any_policy, &f_inhibit_any_policy, NULL);
    if (c->inhibit_any_policy.len != 0 &&
        tch_der_uint32(&r, &f_inhibit_any_policy, &skip)) {
        st->inhibit_any = smaller(st->inhibit_any, skip);
    }
}

/* 6.1.5 (a) and (b) */
static void wrap_up(struct state *st, const struct tch_cert *leaf)
{
    struct constraints k;
    struct tch_reader r;

    st->explicit_policy -= st->explicit_policy > 0 ? 1 : 0;
    tch_rd_init(&r, leaf->policy_constraints, &f_policy_constraints, NULL);
    if (leaf->policy_constraints.len != 0 && read_constraints(&r, &k) &&
        k.has_explicit && k.require_explicit == 0) {
        st->explicit_policy = 0;
    }
}

/* Without a demand on the path there is nothing to compute. */
static bool is_demanded(const struct tch_cert *anchor,
                        const struct tch_cert *const *path, size_t num)
{
    bool demanded = anchor->policy_constraints.len != 0;

    for (size_t i = 0; i < num; i++) {
        demanded = demanded || path[i]->policy_constraints.len != 0;
    }
    return demanded;
}

static enum tch_status judge(const struct state *st)
{
    if (st->valid.overflow) {
        return TCH_CERT_TOO_MUCH_WORK;
    }
    return st->explicit_policy > 0 || !set_is_empty(&st->valid)
               ? TCH_OK
               : TCH_CERT_CONSTRAINT;
}

enum tch_status tch_policies_allow(const struct tch_cert *anchor,
                                   const struct tch_cert *const *path,
                                   size_t num, size_t *at)
{
    uint32_t many = (uint32_t)num + 1;
    struct state st = { { .any = true }, many, many, many };
    enum tch_status s = TCH_OK;

    *at = 0;
    if (!is_demanded(anchor, path, num)) {
        return TCH_OK;
    }
    apply_constraints(&st, anchor);
    for (size_t i = num; s == TCH_OK && i > 0; i--) {
        const struct tch_cert *c = path[i - 1];
        bool is_leaf = i == 1;

        *at = i - 1;
        assert_policies(&st, c,
                        st.inhibit_any > 0 || (!is_leaf && c->self_issued));
        s = judge(&st);
        if (is_leaf) {
            break;
        }
        map_policies(&st, c);
        if (!c->self_issued) {
            count_down(&st);
        }
        apply_constraints(&st, c);
    }
    if (s == TCH_OK) {
        wrap_up(&st, path[0]);
        s = judge(&st);
    }
    return s;
}
