/*
 * From a leaf to a trust anchor: path building (RFC 4158 in spirit) and path
 * validation (RFC 5280 section 6) in one depth-first search from the leaf
 * upwards.
 *
 * What the peer sent is a pile: the leaf is first, the rest may stand in any
 * order, twice, or not belong. For the certificate on top of the path each
 * candidate of the issuer's name is tried, trust anchors and pile alike, the
 * most promising first; a candidate that fails any check is passed over, and
 * when none is left the search goes back a step. Everything that section 6
 * checks on the way down can be checked on the way up, since what lies below
 * a candidate is known when it is tried: validity, the right to sign, path
 * length, name constraints on all names below, usage. The signature comes
 * last, because it costs a thousand times the rest.
 *
 * When no path passes, a second, lenient search asks why: it follows the
 * signatures alone, notes the first fault of each step, and the first path it
 * finds tells the fault to report. So an expired leaf under a good root is
 * "expired", and only a leaf that leads nowhere is "untrusted".
 *
 * What was hard: a pile can be made so that the paths through it are without
 * number. Three budgets end that: signature checks (each pair is checked once
 * and remembered), candidates tried, and comparisons of names with
 * constraints. The path is a fixed stack and nothing calls itself.
 */

#include "crypto-glue/x509/x509.h"

#include <stdio.h>
#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/x509/anchors.h"
#include "crypto-glue/x509/constraints.h"
#include "crypto-glue/x509/judge.h"
#include "crypto-glue/x509/name.h"
#include "crypto-glue/x509/policies.h"

TCH_FIELD(signature_value, "5280 6.1.3");
TCH_FIELD(issuer, "5280 6.1.3");
TCH_FIELD(name_constraints, "5280 4.2.1.10");
TCH_FIELD(subject_alt_name, "6125 6.4");
TCH_FIELD(signature_algorithm, "5280 4.1.1.2");
TCH_FIELD(certificate_policies, "5280 6.1.3");
TCH_FIELD(subject_public_key_info, "5280 4.1.2.7");


/* A certificate of the pile. */
struct node {
    struct tch_cert cert;
    struct tch_public_key *key; /* read when first needed */
    bool key_read;
    bool usable; /* it parses and adds something */
    bool on_path;
};

/* An answer remembered: does this key verify that certificate? */
struct known {
    size_t child;
    struct tch_slice spki;
    enum tch_status status;
};

/* A fault and where it lies: an index into the chain, or the chain's length
 * for the anchor. */
struct finding {
    struct tch_fault fault;
    size_t at;
};

/* A step of the path: a node, and how far its issuers have been tried. */
struct step {
    size_t node;
    unsigned rank;
    size_t next;
    struct finding finding; /* what was wrong when it was put there */
    size_t below;           /* intermediates under it, not self-issued */
};

struct search {
    const struct tch_path_request *q;
    struct node *nodes;
    struct known known[TCH_PATH_MAX_SIGNATURES];
    size_t num_known;
    struct step path[TCH_PATH_MAX_LEN];
    size_t len;
    uint32_t candidates; /* budget */
    uint32_t constraints; /* budget */
    bool lenient;
    struct finding near_miss; /* the right issuer, but no signature of it */
};

static const struct finding untrusted = {
    { TCH_CERT_UNTRUSTED, &f_issuer }, 0
};
static const struct finding too_much = {
    { TCH_CERT_TOO_MUCH_WORK, &f_issuer }, 0
};

/* A candidate issuer: an anchor or a node of the pile. */
struct candidate {
    const struct tch_cert *cert;
    const struct tch_public_key *key;
    size_t index;
    bool is_anchor;
};

/* ---- the pile ----------------------------------------------------------- */

static bool is_duplicate(const struct search *s, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (tch_der_same(s->q->chain[i], s->q->chain[j])) {
            return true;
        }
    }
    return tch_anchors_find(s->q->anchors, s->q->chain[i]) >= 0;
}

/* What does not parse, comes twice or is an anchor anyway is left out. */
static void read_pile(struct search *s)
{
    for (size_t i = 1; i < s->q->num; i++) {
        struct node *n = &s->nodes[i];

        n->usable = !is_duplicate(s, i) &&
                    tch_cert_parse(&n->cert, s->q->chain[i], NULL) == TCH_OK;
    }
}

/* TCH_OK or TCH_NO_MEMORY; a key we cannot use stays NULL. */
static enum tch_status need_key(struct search *s, struct node *n)
{
    enum tch_status st;

    if (n->key_read) {
        return TCH_OK;
    }
    n->key_read = true;
    st = tch_public_key_read(s->q->alloc, n->cert.spki, &n->key);
    if (st != TCH_OK) {
        n->key = NULL;
    }
    return st == TCH_NO_MEMORY ? st : TCH_OK;
}

/* ---- candidates --------------------------------------------------------- */

/* Key identifiers are hints (R-PKI-036): false only when both are there and
 * differ. */
static bool key_ids_agree(const struct tch_cert *child,
                          const struct tch_cert *issuer)
{
    return child->authority_key_id.len == 0 ||
           issuer->subject_key_id.len == 0 ||
           tch_der_same(child->authority_key_id, issuer->subject_key_id);
}

#define NUM_RANKS 8u

/* Rank 0 is tried first: the right key identifier, valid now, an anchor. */
static unsigned rank_of(const struct search *s, const struct tch_cert *child,
                        const struct candidate *c)
{
    bool valid = s->q->ignore_time || (s->q->now >= c->cert->not_before &&
                                       s->q->now <= c->cert->not_after);

    return (key_ids_agree(child, c->cert) ? 0u : 4u) | (valid ? 0u : 2u) |
           (c->is_anchor ? 0u : 1u);
}

/* The candidate of a number: the anchors come first, then the pile. False for
 * one that cannot be it. */
static bool candidate_at(const struct search *s, size_t i, struct candidate *c)
{
    size_t anchors = tch_anchors_count(s->q->anchors);

    c->is_anchor = i < anchors;
    c->index = c->is_anchor ? i : i - anchors;
    if (c->is_anchor) {
        c->cert = tch_anchors_at(s->q->anchors, i);
        c->key = tch_anchors_key(s->q->anchors, i);
        return c->cert != NULL;
    }
    c->cert = &s->nodes[c->index].cert;
    c->key = NULL;
    return s->nodes[c->index].usable && !s->nodes[c->index].on_path;
}

static bool is_issuer_of(const struct tch_cert *issuer,
                         const struct tch_cert *child)
{
    return issuer->subject_hash == child->issuer_hash &&
           tch_name_same(issuer->subject, child->issuer);
}

/* The next candidate for the issuer of the last step; false when there are
 * no more. */
static bool next_candidate(struct search *s, struct candidate *c)
{
    struct step *top = &s->path[s->len - 1];
    const struct tch_cert *child = &s->nodes[top->node].cert;
    size_t num = tch_anchors_count(s->q->anchors) + s->q->num;

    for (; top->rank < NUM_RANKS; top->rank++) {
        while (top->next < num) {
            size_t i = top->next++;

            if (candidate_at(s, i, c) && is_issuer_of(c->cert, child) &&
                rank_of(s, child, c) == top->rank) {
                return true;
            }
        }
        top->next = 0;
    }
    return false;
}

/* ---- checks of a candidate ---------------------------------------------- */

/* The scheme of a PSS signature depends on the kind of key it is checked
 * with (R-PKI-084). */
static unsigned scheme_for(const struct tch_cert *child,
                           const struct tch_public_key *key)
{
    if (tch_public_key_info(key).kind != TCH_KEY_RSA_PSS) {
        return child->scheme;
    }
    switch (child->scheme) {
    case TCH_SCHEME_RSA_PSS_RSAE_SHA256:
        return TCH_SCHEME_RSA_PSS_PSS_SHA256;
    case TCH_SCHEME_RSA_PSS_RSAE_SHA384:
        return TCH_SCHEME_RSA_PSS_PSS_SHA384;
    case TCH_SCHEME_RSA_PSS_RSAE_SHA512:
        return TCH_SCHEME_RSA_PSS_PSS_SHA512;
    default:
        return child->scheme;
    }
}

static const struct known *find_known(const struct search *s, size_t child,
                                      struct tch_slice spki)
{
    for (size_t i = 0; i < s->num_known; i++) {
        if (s->known[i].child == child &&
            tch_der_same(s->known[i].spki, spki)) {
            return &s->known[i];
        }
    }
    return NULL;
}

/* TCH_OK, TCH_CERT_BAD_SIGNATURE, TCH_CERT_TOO_MUCH_WORK, TCH_NO_MEMORY. */
static enum tch_status verify(struct search *s, size_t child,
                              const struct candidate *issuer)
{
    const struct tch_cert *c = &s->nodes[child].cert;
    const struct known *k = find_known(s, child, issuer->cert->spki);
    enum tch_status st;

    if (k != NULL) {
        return k->status;
    }
    if (issuer->key == NULL || c->scheme == 0) {
        return TCH_CERT_BAD_SIGNATURE;
    }
    if (s->num_known == TCH_PATH_MAX_SIGNATURES) {
        return TCH_CERT_TOO_MUCH_WORK;
    }
    st = tch_verify(issuer->key, scheme_for(c, issuer->key), &c->tbs, 1,
                    c->signature);
    if (st == TCH_NO_MEMORY) {
        return st;
    }
    if (st != TCH_OK) {
        st = TCH_CERT_BAD_SIGNATURE;
    }
    s->known[s->num_known].child = child;
    s->known[s->num_known].spki = issuer->cert->spki;
    s->known[s->num_known].status = st;
    s->num_known++;
    return st;
}

/* A loop: the same authority again, name and key (RFC 4158 2.4.2). */
static bool is_on_path(const struct search *s, const struct candidate *c)
{
    for (size_t i = 0; i < s->len; i++) {
        const struct tch_cert *x = &s->nodes[s->path[i].node].cert;

        if (tch_der_same(x->spki, c->cert->spki) &&
            x->subject_hash == c->cert->subject_hash &&
            tch_name_same(x->subject, c->cert->subject)) {
            return true;
        }
    }
    return false;
}

/* R-PKI-024: every certificate below, but for self-issued intermediates. */
static void constrain(struct search *s, const struct candidate *issuer,
                      struct finding *out)
{
    for (size_t i = 0; out->fault.status == TCH_OK && i < s->len; i++) {
        const struct tch_cert *c = &s->nodes[s->path[i].node].cert;

        if (i == 0 || !c->self_issued) {
            out->fault.status =
                tch_constraints_allow(issuer->cert, c, &s->constraints);
            out->fault.field = &f_name_constraints;
            out->at = s->path[i].node;
        }
    }
}

/* How many intermediates that count for a path length lie below a candidate
 * on top of the path. */
static size_t count_below(const struct search *s)
{
    const struct step *top = &s->path[s->len - 1];

    if (s->len == 1) {
        return 0;
    }
    return top->below + (s->nodes[top->node].cert.self_issued ? 0u : 1u);
}

/* All that section 6 asks of a candidate but its signature on the child. */
static void judge(struct search *s, const struct candidate *c,
                  struct finding *out)
{
    out->at = s->path[s->len - 1].node;
    out->fault = tch_judge_signature(s->q, &s->nodes[out->at].cert);
    if (out->fault.status != TCH_OK) {
        return;
    }
    out->at = c->is_anchor ? s->q->num : c->index;
    out->fault = tch_judge_issuer(s->q, c->cert, c->key, count_below(s),
                                  c->is_anchor);
    if (out->fault.status == TCH_OK) {
        constrain(s, c, out);
    }
}

/* The caller's own limit on intermediates, the candidate included. */
static bool is_too_deep(const struct search *s, const struct candidate *c)
{
    size_t num = count_below(s);

    if (!c->is_anchor && !c->cert->self_issued) {
        num++;
    }
    return s->q->limit_depth && num > s->q->max_intermediates;
}

/* ---- the search --------------------------------------------------------- */

/* A step that failed at its signature is worth telling when the issuer is
 * surely the one that was meant. */
static void note_near_miss(struct search *s, const struct candidate *c)
{
    const struct step *top = &s->path[s->len - 1];
    const struct tch_cert *child = &s->nodes[top->node].cert;
    struct finding *f = &s->near_miss;

    if (f->fault.status != TCH_OK || child->authority_key_id.len == 0 ||
        !tch_der_same(child->authority_key_id, c->cert->subject_key_id)) {
        return;
    }
    f->at = top->node;
    if (c->key == NULL) {
        f->at = c->is_anchor ? s->q->num : c->index;
        f->fault.status = TCH_UNSUPPORTED_CERTIFICATE_KEY;
        f->fault.field = &f_subject_public_key_info;
    } else if (child->scheme == 0) {
        f->fault.status =
            child->weak_signature ? TCH_CERT_WEAK : TCH_CERT_BAD_SIGNATURE;
        f->fault.field = &f_signature_algorithm;
    } else {
        f->fault.status = TCH_CERT_BAD_SIGNATURE;
        f->fault.field = &f_signature_value;
    }
}

/*
 * Tries one candidate. TCH_OK: it may stand above the path, with `*found`
 * what is wrong with that (lenient only). TCH_NOT_FOUND: pass it over. Others
 * end the search.
 */
static enum tch_status try_candidate(struct search *s, struct candidate *c,
                                     struct finding *found)
{
    enum tch_status st = TCH_OK;

    if (s->candidates == 0) {
        return TCH_CERT_TOO_MUCH_WORK;
    }
    s->candidates--;
    if (is_too_deep(s, c) || (!c->is_anchor && is_on_path(s, c))) {
        return TCH_NOT_FOUND;
    }
    if (!c->is_anchor) {
        st = need_key(s, &s->nodes[c->index]);
        c->key = s->nodes[c->index].key;
    }
    if (st != TCH_OK) {
        return st;
    }
    judge(s, c, found);
    if (found->fault.status == TCH_CERT_TOO_MUCH_WORK) {
        return TCH_CERT_TOO_MUCH_WORK;
    }
    if (found->fault.status != TCH_OK && !s->lenient) {
        return TCH_NOT_FOUND;
    }
    st = verify(s, s->path[s->len - 1].node, c);
    if (st == TCH_CERT_BAD_SIGNATURE) {
        note_near_miss(s, c);
        return TCH_NOT_FOUND;
    }
    return st;
}

static void push(struct search *s, size_t node, const struct finding *found)
{
    struct step *top;
    size_t below = s->len == 0 ? 0 : count_below(s);

    top = &s->path[s->len++];
    memset(top, 0, sizeof *top);
    top->node = node;
    top->finding = *found;
    top->below = below;
    s->nodes[node].on_path = true;
}

static void pop(struct search *s)
{
    s->len--;
    s->nodes[s->path[s->len].node].on_path = false;
}

/* Where a search ended: at which anchor, and what is wrong there. */
struct end {
    size_t anchor;
    struct finding finding;
};

/* Policies are the one check that runs from the anchor down. Their fault is
 * told when the anchor has none of its own. */
static enum tch_status judge_policies(const struct search *s,
                                      const struct candidate *anchor,
                                      struct end *out)
{
    const struct tch_cert *path[TCH_PATH_MAX_LEN];
    enum tch_status st;
    size_t at;

    for (size_t i = 0; i < s->len; i++) {
        path[i] = &s->nodes[s->path[i].node].cert;
    }
    st = tch_policies_allow(anchor->cert, path, s->len, &at);
    if (st == TCH_CERT_CONSTRAINT && out->finding.fault.status == TCH_OK) {
        out->finding.fault.status = st;
        out->finding.fault.field = &f_certificate_policies;
        out->finding.at = s->path[at].node;
    }
    return st;
}

/* The path has reached an anchor. TCH_NOT_FOUND: policies speak against it. */
static enum tch_status finish(const struct search *s,
                              const struct candidate *anchor,
                              const struct finding *found, struct end *out)
{
    enum tch_status st;

    out->anchor = anchor->index;
    out->finding = *found;
    st = judge_policies(s, anchor, out);
    if (st == TCH_CERT_CONSTRAINT) {
        return s->lenient ? TCH_OK : TCH_NOT_FOUND;
    }
    return st;
}

/*
 * Runs from the leaf, whose fault is known. TCH_OK: the path is in `s`.
 * TCH_CERT_UNTRUSTED: there is none. TCH_CERT_TOO_MUCH_WORK, TCH_NO_MEMORY.
 */
static enum tch_status run(struct search *s, const struct finding *leaf,
                           struct end *out)
{
    s->candidates = TCH_PATH_MAX_CANDIDATES;
    push(s, 0, leaf);
    while (s->len > 0) {
        struct candidate c;
        struct finding found = { { TCH_OK, NULL }, 0 };
        enum tch_status st;

        if (!next_candidate(s, &c)) {
            pop(s);
            continue;
        }
        st = try_candidate(s, &c, &found);
        if (st == TCH_OK && c.is_anchor) {
            st = finish(s, &c, &found, out);
        }
        if (st == TCH_NOT_FOUND) {
            continue;
        }
        if (st != TCH_OK || c.is_anchor) {
            return st;
        }
        if (s->len < TCH_PATH_MAX_LEN) {
            push(s, c.index, &found);
        }
    }
    return TCH_CERT_UNTRUSTED;
}

/* Takes the path down again. */
static void rewind_path(struct search *s)
{
    while (s->len > 0) {
        pop(s);
    }
}

/* ---- the answer --------------------------------------------------------- */

static enum tch_status fail(const struct search *s,
                            struct tch_path_result *out,
                            const struct finding *x)
{
    struct tch_failure *f = &out->failure;
    const char *field = x->fault.field->name;

    out->at = x->at;
    f->status = x->fault.status;
    f->alert = tch_status_alert(f->status);
    f->side = TCH_SIDE_OURS;
    f->rfc = x->fault.field->rfc;
    if (x->at < s->q->num) {
        snprintf(f->path, sizeof f->path, "certificate_list[%zu].%s", x->at,
                 field);
    } else {
        snprintf(f->path, sizeof f->path, "trust_anchor.%s", field);
    }
    return f->status;
}

static void store_path(const struct search *s, struct tch_path_result *out,
                       size_t anchor)
{
    out->len = s->len;
    for (size_t i = 0; i < s->len; i++) {
        out->path[i] = s->path[i].node;
    }
    out->anchor = (int)anchor;
}

/* The lenient search's path says what stood in the way. */
static enum tch_status explain(struct search *s, struct tch_path_result *out,
                               const struct finding *leaf)
{
    struct end end;
    enum tch_status st;

    s->lenient = true;
    st = run(s, leaf, &end);
    if (st == TCH_NO_MEMORY) {
        return st;
    }
    if (st == TCH_CERT_TOO_MUCH_WORK && leaf->fault.status != TCH_OK) {
        return fail(s, out, &too_much);
    }
    if (st != TCH_OK) {
        return fail(s, out,
                    s->near_miss.fault.status != TCH_OK ? &s->near_miss
                                                        : &untrusted);
    }
    store_path(s, out, end.anchor);
    for (size_t i = 0; i < s->len; i++) {
        if (s->path[i].finding.fault.status != TCH_OK) {
            return fail(s, out, &s->path[i].finding);
        }
    }
    return fail(s, out, &end.finding);
}

static enum tch_status check_host(const struct search *s,
                                  struct tch_path_result *out)
{
    static const struct finding wrong = {
        { TCH_CERT_WRONG_NAME, &f_subject_alt_name }, 0
    };

    if (s->q->host == NULL ||
        tch_cert_matches_host(&s->nodes[0].cert, s->q->host)) {
        return TCH_OK;
    }
    return fail(s, out, &wrong);
}

/* The leaf itself may be among the anchors; then nothing above it counts. */
static enum tch_status accept_anchor(struct search *s,
                                     struct tch_path_result *out,
                                     const struct finding *leaf, int anchor)
{
    push(s, 0, leaf);
    store_path(s, out, (size_t)anchor);
    return leaf->fault.status == TCH_OK ? check_host(s, out)
                                        : fail(s, out, leaf);
}

static enum tch_status verify_leaf(struct search *s,
                                   struct tch_path_result *out)
{
    int anchor = tch_anchors_find(s->q->anchors, s->q->chain[0]);
    struct finding leaf = { .at = 0 };
    struct end end;
    enum tch_status st = need_key(s, &s->nodes[0]);

    if (st != TCH_OK) {
        return st;
    }
    leaf.fault = tch_judge_leaf(s->q, &s->nodes[0].cert, s->nodes[0].key);
    if (anchor >= 0) {
        return accept_anchor(s, out, &leaf, anchor);
    }
    read_pile(s);
    if (leaf.fault.status == TCH_OK) {
        st = run(s, &leaf, &end);
        if (st == TCH_OK) {
            store_path(s, out, end.anchor);
            return check_host(s, out);
        }
        if (st == TCH_CERT_TOO_MUCH_WORK) {
            return fail(s, out, &too_much);
        }
        if (st == TCH_NO_MEMORY) {
            return st;
        }
        rewind_path(s);
    }
    return explain(s, out, &leaf);
}

static void clear_nodes(struct search *s)
{
    for (size_t i = 0; i < s->q->num; i++) {
        tch_public_key_free(s->nodes[i].key);
    }
    tch_give(s->q->alloc, s->nodes, s->q->num * sizeof *s->nodes);
}

enum tch_status tch_path_verify(const struct tch_path_request *q,
                                struct tch_path_result *out)
{
    struct search *s;
    enum tch_status st;

    memset(out, 0, sizeof *out);
    out->anchor = -1;
    if (q->num == 0 || q->num > TCH_PATH_MAX_PILE) {
        return q->num == 0 ? TCH_BAD_ARGUMENT : TCH_CERT_TOO_MUCH_WORK;
    }
    s = tch_take(q->alloc, sizeof *s);
    if (s == NULL) {
        return TCH_NO_MEMORY;
    }
    s->q = q;
    s->constraints = TCH_CONSTRAINT_WORK;
    s->nodes = tch_take(q->alloc, q->num * sizeof *s->nodes);
    if (s->nodes == NULL) {
        tch_give(q->alloc, s, sizeof *s);
        return TCH_NO_MEMORY;
    }
    s->nodes[0].usable = true;
    st = tch_cert_parse(&s->nodes[0].cert, q->chain[0], &out->failure);
    if (st == TCH_OK) {
        st = verify_leaf(s, out);
    }
    clear_nodes(s);
    tch_give(q->alloc, s, sizeof *s);
    return st;
}
