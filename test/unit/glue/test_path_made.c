/*
 * Path building on chains made to order (crypto-glue/x509/path.c, judge.c):
 * backtracking, path lengths, constraints, cycles, and piles that are meant
 * to keep us busy. R-PKI-024, 028..036, R-PKI-048.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/glue/support_keys.h"
#include "test/unit/glue/support_make_cert.h"
#include "test/unit/glue/support_x509.h"

#define NOW INT64_C(1767225600) /* 2026-01-01 */

/* Four P-256 keys and one of DSA, by number; `spki` is what certificates say
 * of them. */
#define NUM_KEYS 5
#define DSA_KEY 4
static struct tch_private_key *key[NUM_KEYS];
static struct tch_slice spki[NUM_KEYS];

static uint8_t made[MADE_MAX];
static uint8_t list[MADE_MAX];

static struct pile chain;
static struct pile roots;

/*
 * One certificate: who, under whom, with which key, signed by which. The
 * rest is optional: `more` appends extensions; `path_len` counts with
 * is_ca; NO_LIMIT is 0, so a length of n is written as n + 1.
 */
struct spec {
    const char *subject;
    const char *issuer;
    int key;
    int signer;
    bool is_ca;
    int path_len_and_1;
    const char *after;
    void (*more)(struct tch_writer *w);
    struct tch_slice version;
    bool bare; /* no extensions at all */
    unsigned dsa_scheme; /* with DSA_KEY, if not with SHA-256 */
};

/* Signatures with DSA: { dsa-with-sha1 }, { dsa-with-sha256 }. */
static void sign_with_dsa(struct recipe *r, unsigned scheme)
{
    r->scheme = scheme != 0 ? scheme : TCH_SCHEME_DSA_SHA256;
    r->algorithm = hex_slice(r->scheme == TCH_SCHEME_DSA_SHA1
                                 ? "300906072A8648CE380403"
                                 : "300B0609608648016503040302");
}

static void add(struct pile *to, const struct spec *s)
{
    struct recipe r = { .subject = s->subject,
                        .issuer = s->issuer,
                        .after = s->after,
                        .version = s->version,
                        .spki = spki[s->key],
                        .signer = key[s->signer] };
    struct tch_writer w;

    if (s->signer == DSA_KEY) {
        sign_with_dsa(&r, s->dsa_scheme);
    }
    tch_wr_init(&w, list, sizeof list);
    if (s->is_ca) {
        ext_ca(&w, s->path_len_and_1 - 1);
        ext_key_usage(&w, TCH_KU_KEY_CERT_SIGN);
    } else {
        ext_dns(&w, "a.test");
    }
    if (s->more != NULL) {
        s->more(&w);
    }
    if (!s->bare) {
        r.extensions = tch_wr_done(&w);
    }
    pile_add_der(to, tch_slice_of(made, make_cert(&r, made)));
}

/* The usual ones. An authority of key `k` named `name`. */
static void add_root(const char *name, int k)
{
    struct spec s = { name, name, k, k, .is_ca = true };

    add(&roots, &s);
}

static void add_ca(const char *name, int k, const char *issuer, int signer)
{
    struct spec s = { name, issuer, k, signer, .is_ca = true };

    add(&chain, &s);
}

static void add_leaf(const char *issuer, int signer)
{
    struct spec s = { "leaf", issuer, 3, signer, .is_ca = false };

    add(&chain, &s);
}

static enum tch_policy_id policy;

static int begin(void **state)
{
    (void)state;
    policy = TCH_POLICY_DEFAULT;
    pile_free(&chain);
    pile_free(&roots);
    return 0;
}

static struct tch_path_result out;

/* Asks about the chain as it stands; `limit` of -1 is none. */
static enum tch_status ask_limited(int limit)
{
    struct tch_anchors *anchors = anchors_of(&roots);
    struct tch_path_request q = {
        .chain = chain.der,
        .num = chain.num,
        .anchors = anchors,
        .policy = tch_policy_get(policy),
        .alloc = &tch_alloc_default,
        .host = "a.test",
        .now = NOW,
        .purpose = TCH_PURPOSE_SERVER,
        .limit_depth = limit >= 0,
        .max_intermediates = limit >= 0 ? (size_t)limit : 0,
    };
    enum tch_status st = tch_path_verify(&q, &out);

    tch_anchors_free(anchors);
    return st;
}

static enum tch_status ask(void)
{
    return ask_limited(-1);
}

/* ---- finding a way ------------------------------------------------------ */

/* Two authorities of one name; the first in the pile has the wrong key. */
static void the_right_one_of_two_keys_is_found_R_PKI_036(void **state)
{
    (void)state;
    add_leaf("sub", 1);
    add_ca("sub", 2, "root", 0);
    add_ca("sub", 1, "root", 0);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.len, 2);
    assert_int_equal(out.path[1], 2);
}

static void the_living_one_of_two_twins_is_found_R_PKI_036(void **state)
{
    struct spec dead = { "sub",  "root",         1, 0, .is_ca = true,
                         .after = "210101000000Z" };

    (void)state;
    add_leaf("sub", 1);
    add(&chain, &dead);
    add_ca("sub", 1, "root", 0);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.path[1], 2);
}

static void an_expired_intermediate_is_told_when_it_is_the_only_one(
    void **state)
{
    struct spec dead = { "sub",  "root",         1, 0, .is_ca = true,
                         .after = "210101000000Z" };

    (void)state;
    add_leaf("sub", 1);
    add(&chain, &dead);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_EXPIRED);
    assert_int_equal(out.at, 1);
    assert_string_equal(out.failure.path, "certificate_list[1].validity");
}

static void an_expired_root_is_told(void **state)
{
    struct spec dead = { "root", "root",         0, 0, .is_ca = true,
                         .after = "210101000000Z" };

    (void)state;
    add_leaf("root", 0);
    add(&roots, &dead);
    assert_int_equal(ask(), TCH_CERT_EXPIRED);
    assert_int_equal(out.at, 1);
    assert_string_equal(out.failure.path, "trust_anchor.validity");
}

/* The old root is gone from the store; a cross certificate leads from its
 * name and key to another one. */
static void a_cross_certificate_leads_around_R_PKI_036(void **state)
{
    (void)state;
    add_leaf("sub", 1);
    add_ca("sub", 1, "old root", 2);
    add_ca("old root", 2, "old root", 2);
    add_ca("old root", 2, "root", 0);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.len, 3);
    assert_int_equal(out.path[2], 3);
}

/* The first way up ends at a root that this leaf may not come under. */
static void a_path_that_a_constraint_forbids_is_left_again(void **state)
{
    struct spec narrow = { "sub", "narrow", 1, 2, .is_ca = true,
                           .path_len_and_1 = 0 };
    struct spec tight = { "narrow", "narrow", 2, 2, .is_ca = true,
                          .path_len_and_1 = 1 };

    (void)state;
    add_leaf("sub", 1);
    add(&chain, &narrow); /* under a root of path length 0 */
    add_root("root", 0);
    add(&roots, &tight);
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_string_equal(out.failure.path, "trust_anchor.path_len_constraint");
    add_ca("sub", 1, "root", 0);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.anchor, 0);
}

static void key_identifiers_are_no_reason_to_refuse_R_PKI_036(void **state)
{
    struct recipe r = { .subject = "leaf",
                        .issuer = "root",
                        .spki = spki[3],
                        .signer = key[0] };
    struct recipe root = { .subject = "root",
                           .issuer = "root",
                           .spki = spki[0],
                           .signer = key[0] };
    struct tch_writer w;

    (void)state;
    tch_wr_init(&w, list, sizeof list);
    ext(&w, 35, false, hex_slice("300480020102"));
    ext_dns(&w, "a.test");
    r.extensions = tch_wr_done(&w);
    pile_add_der(&chain, tch_slice_of(made, make_cert(&r, made)));
    tch_wr_init(&w, list, sizeof list);
    ext(&w, 14, false, hex_slice("04020304"));
    ext_ca(&w, -1);
    root.extensions = tch_wr_done(&w);
    pile_add_der(&roots, tch_slice_of(made, make_cert(&root, made)));
    assert_int_equal(ask(), TCH_OK);
}

/* ---- authorities -------------------------------------------------------- */

static void path_lengths_count_what_is_between_R_PKI_034(void **state)
{
    struct spec sub = { "sub", "root", 1, 0, .is_ca = true,
                        .path_len_and_1 = 1 };
    struct spec two = { "root", "root", 0, 0, .is_ca = true,
                        .path_len_and_1 = 2 };

    (void)state;
    add_leaf("subsub", 2);
    add_ca("subsub", 2, "sub", 1);
    add(&chain, &sub); /* length 0, and one below it */
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_int_equal(out.at, 2);
    (void)begin(state);
    add_leaf("subsub", 2);
    add_ca("subsub", 2, "sub", 1);
    add_ca("sub", 1, "root", 0);
    add(&roots, &two); /* length 1, and two below it */
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_int_equal(out.at, 3);
    (void)begin(state);
    add_leaf("sub", 1);
    add(&chain, &sub); /* length 0, and the leaf alone below it */
    add(&roots, &two);
    assert_int_equal(ask(), TCH_OK);
}

static void self_issued_ones_do_not_count_R_PKI_031(void **state)
{
    struct spec sub = { "sub", "root", 1, 0, .is_ca = true,
                        .path_len_and_1 = 1 };

    (void)state;
    add_leaf("sub", 2);
    add_ca("sub", 2, "sub", 1); /* a new key of the same authority */
    add(&chain, &sub);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.len, 3);
    assert_int_equal(ask_limited(1), TCH_OK);
    assert_int_equal(ask_limited(0), TCH_CERT_UNTRUSTED);
}

static void the_callers_limit_holds(void **state)
{
    struct spec rollover = { "root", "root", 2, 0, .is_ca = true };

    (void)state;
    add_leaf("b", 2);
    add_ca("b", 2, "a", 1);
    add_ca("a", 1, "root", 0);
    add_root("root", 0);
    assert_int_equal(ask_limited(2), TCH_OK);
    assert_int_equal(ask_limited(1), TCH_CERT_UNTRUSTED);
    (void)begin(state);
    add_leaf("a", 1);
    add_ca("a", 1, "root", 2);
    add(&chain, &rollover); /* self-issued, on top of one that counts */
    add_root("root", 0);
    assert_int_equal(ask_limited(1), TCH_OK);
    assert_int_equal(ask_limited(0), TCH_CERT_UNTRUSTED);
}

static void an_authority_of_version_1_is_an_anchor_or_nothing_R_PKI_030(
    void **state)
{
    struct spec v1 = { "root", "root", 0, 0, .version = text_slice("-"),
                       .bare = true };
    struct spec v1_sub = { "sub", "root", 1, 0, .version = text_slice("-"),
                           .bare = true };
    struct spec v3 = { "root", "root", 0, 0, .bare = true };

    (void)state;
    add_leaf("root", 0);
    add(&roots, &v1);
    assert_int_equal(ask(), TCH_OK);
    (void)begin(state);
    add_leaf("root", 0);
    add(&roots, &v3);
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_string_equal(out.failure.path, "trust_anchor.basic_constraints");
    (void)begin(state);
    add_leaf("sub", 1);
    add(&chain, &v1_sub);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_int_equal(out.at, 1);
}

static void more_cert_sign(struct tch_writer *w)
{
    ext_key_usage(w, TCH_KU_KEY_CERT_SIGN | TCH_KU_DIGITAL_SIGNATURE);
}

static void the_right_to_sign_without_being_an_authority_is_bad(void **state)
{
    struct spec leaf = { "leaf", "root", 3, 0, .more = more_cert_sign };

    (void)state;
    add(&chain, &leaf);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_BAD);
    assert_string_equal(out.failure.path, "certificate_list[0].key_usage");
}

static void more_path_len_alone(struct tch_writer *w)
{
    ext(w, 19, true, hex_slice("3003020100"));
}

static void more_ca_that_may_not_sign(struct tch_writer *w)
{
    ext_ca(w, 0);
    ext_key_usage(w, TCH_KU_DIGITAL_SIGNATURE);
}

static void a_path_length_without_the_right_to_sign_is_bad_R_PKI_034(
    void **state)
{
    struct spec leaf = { "leaf", "root", 3, 0, .more = more_path_len_alone };

    (void)state;
    add(&chain, &leaf);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_BAD);
    assert_string_equal(out.failure.path,
                        "certificate_list[0].path_len_constraint");
    (void)begin(state);
    leaf.more = more_ca_that_may_not_sign;
    add(&chain, &leaf);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_BAD);
}

static void an_authority_must_be_allowed_to_sign_R_PKI_032(void **state)
{
    struct recipe r = { .subject = "root",
                        .issuer = "root",
                        .spki = spki[0],
                        .signer = key[0] };
    struct tch_writer w;

    (void)state;
    tch_wr_init(&w, list, sizeof list);
    ext_ca(&w, -1);
    ext_key_usage(&w, TCH_KU_CRL_SIGN);
    r.extensions = tch_wr_done(&w);
    pile_add_der(&roots, tch_slice_of(made, make_cert(&r, made)));
    add_leaf("root", 0);
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_string_equal(out.failure.path, "trust_anchor.key_usage");
}

static void more_client_auth(struct tch_writer *w)
{
    ext(w, 37, false, hex_slice("300A06082B06010505070302"));
}

static void more_server_auth(struct tch_writer *w)
{
    ext(w, 37, false, hex_slice("300A06082B06010505070301"));
}

static void an_authoritys_usages_hold_below_it_R_PKI_048(void **state)
{
    struct spec sub = { "sub", "root", 1, 0, .is_ca = true,
                        .more = more_client_auth };

    (void)state;
    add_leaf("sub", 1);
    add(&chain, &sub);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_WRONG_USAGE);
    assert_int_equal(out.at, 1);
    (void)begin(state);
    sub.more = more_server_auth;
    add_leaf("sub", 1);
    add(&chain, &sub);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_OK);
}

/* ---- name constraints --------------------------------------------------- */

static void more_only_b(struct tch_writer *w)
{
    uint8_t trees[64];
    struct tch_writer t;

    tch_wr_init(&t, trees, sizeof trees);
    subtree(&t, 2, text_slice("b.test"));
    ext_name_constraints(w, tch_wr_done(&t), tch_slice_of(NULL, 0));
}

static void constraints_hold_for_all_below_R_PKI_024(void **state)
{
    struct spec sub = { "sub", "root", 1, 0, .is_ca = true,
                        .more = more_only_b };
    struct spec root = { "root", "root", 0, 0, .is_ca = true,
                         .more = more_only_b };

    (void)state;
    add_leaf("sub", 1); /* for a.test */
    add(&chain, &sub);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_string_equal(out.failure.path,
                        "certificate_list[0].name_constraints");
    (void)begin(state);
    add_leaf("subsub", 2);
    add_ca("subsub", 2, "sub", 1);
    add_ca("sub", 1, "root", 0);
    add(&roots, &root); /* two above the leaf */
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_int_equal(out.at, 0);
}

static void more_alt_name(struct tch_writer *w)
{
    ext_dns(w, "a.test");
}

static void more_only_a(struct tch_writer *w)
{
    uint8_t trees[64];
    struct tch_writer t;

    tch_wr_init(&t, trees, sizeof trees);
    subtree(&t, 2, text_slice("a.test"));
    ext_name_constraints(w, tch_wr_done(&t), tch_slice_of(NULL, 0));
}

static void more_b_name(struct tch_writer *w)
{
    ext_dns(w, "b.test");
}

static void intermediates_are_constrained_unless_self_issued_R_PKI_024(
    void **state)
{
    struct spec root = { "root", "root", 0, 0, .is_ca = true,
                         .more = more_only_a };
    struct spec sub = { "sub", "root", 1, 0, .is_ca = true,
                        .more = more_b_name };
    struct spec rollover = { "root", "root", 1, 0, .is_ca = true,
                             .more = more_b_name };

    (void)state;
    add_leaf("sub", 1);
    add(&chain, &sub);
    add(&roots, &root);
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_int_equal(out.at, 1);
    (void)begin(state);
    sub.more = more_alt_name;
    add_leaf("sub", 1);
    add(&chain, &sub);
    add(&roots, &root);
    assert_int_equal(ask(), TCH_OK);
    (void)begin(state);
    add_leaf("root", 1);
    add(&chain, &rollover);
    add(&roots, &root);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.len, 2);
}

static void a_self_issued_leaf_is_constrained_R_PKI_024(void **state)
{
    struct spec root = { "root", "root", 0, 0, .is_ca = true,
                         .more = more_only_b };
    struct spec leaf = { "root", "root", 3, 0, .is_ca = false };

    (void)state;
    add(&chain, &leaf); /* for a.test */
    add(&roots, &root);
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    (void)begin(state);
    root.more = more_only_a;
    add(&chain, &leaf);
    add(&roots, &root);
    assert_int_equal(ask(), TCH_OK);
}

static void constraints_in_a_leaf_are_bad_R_PKI_044(void **state)
{
    struct spec leaf = { "leaf", "root", 3, 0, .more = more_only_a };

    (void)state;
    add(&chain, &leaf);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_BAD);
}

/* ---- policies ----------------------------------------------------------- */

static void more_demand(struct tch_writer *w)
{
    ext(w, 36, true, hex_slice("3003800100")); /* requireExplicitPolicy 0 */
}

static void more_policy(struct tch_writer *w)
{
    ext(w, 32, false, hex_slice("3006300406022A03"));
    more_demand(w);
}

static void more_policy_in_leaf(struct tch_writer *w)
{
    ext(w, 32, false, hex_slice("3006300406022A03"));
}

static void a_demand_for_policies_may_send_us_another_way_R_PKI_025(
    void **state)
{
    struct spec leaf = { "leaf", "sub", 3, 1, .more = NULL };
    struct spec sub = { "sub", "root", 1, 0, .is_ca = true,
                        .more = more_demand };

    (void)state;
    add(&chain, &leaf);
    add(&chain, &sub);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_CONSTRAINT);
    assert_string_equal(out.failure.path,
                        "certificate_list[0].certificate_policies");
    add_ca("sub", 1, "root", 0); /* one that demands nothing */
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.path[1], 2);
    (void)begin(state);
    sub.more = more_policy;
    leaf.more = more_policy_in_leaf;
    add(&chain, &leaf);
    add(&chain, &sub);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_OK);
}

/* ---- bounds ------------------------------------------------------------- */

/* leaf, then `num` authorities in a row, then the root. */
static void add_row(unsigned num)
{
    char below[16];
    char above[16];

    snprintf(below, sizeof below, "ca 1");
    add_leaf(below, 1);
    for (unsigned i = 1; i <= num; i++) {
        snprintf(below, sizeof below, "ca %u", i);
        snprintf(above, sizeof above, i == num ? "root" : "ca %u", i + 1);
        add_ca(below, i % 2 == 1 ? 1 : 2, above,
               i == num ? 0 : i % 2 == 1 ? 2 : 1);
    }
    add_root("root", 0);
}

static void sixteen_certificates_are_a_path_and_no_more_R_PKI_010(void **state)
{
    (void)state;
    add_row(TCH_PATH_MAX_LEN - 1);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.len, TCH_PATH_MAX_LEN);
    (void)begin(state);
    add_row(TCH_PATH_MAX_LEN);
    assert_int_equal(ask(), TCH_CERT_UNTRUSTED);
}

static void authorities_in_a_circle_lead_nowhere(void **state)
{
    (void)state;
    add_leaf("a", 1);
    add_ca("a", 1, "b", 2);
    add_ca("b", 2, "a", 1);
    add_ca("b", 2, "c", 0);
    add_ca("c", 0, "a", 1);
    add_ca("a", 1, "a", 1);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_UNTRUSTED);
    add_root("c", 0);
    assert_int_equal(ask(), TCH_OK);
}

/* An authority named "sub" with an RSA key that nobody has: 2048 bits of
 * `n`, odd. It fits the name, and has signed nothing. */
static void add_stranger(unsigned n)
{
    struct recipe r = { .subject = "sub", .issuer = "root", .signer = key[0] };
    struct tch_writer w;
    uint8_t key_der[294];
    static const uint8_t head[] = {
        0x30, 0x82, 0x01, 0x22, 0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48,
        0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82, 0x01,
        0x0F, 0x00, 0x30, 0x82, 0x01, 0x0A, 0x02, 0x82, 0x01, 0x01, 0x00,
    };
    static const uint8_t tail[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };

    memset(key_der, 0xA5, sizeof key_der);
    memcpy(key_der, head, sizeof head);
    key_der[sizeof head + 10] = (uint8_t)n;
    memcpy(key_der + sizeof head + 256, tail, sizeof tail);
    r.spki = tch_slice_of(key_der, sizeof key_der);
    tch_wr_init(&w, list, sizeof list);
    ext_ca(&w, -1);
    r.extensions = tch_wr_done(&w);
    pile_add_der(&chain, tch_slice_of(made, make_cert(&r, made)));
}

static void a_hundred_signatures_are_enough_R_PKI_036(void **state)
{
    (void)state;
    /* 98 strangers, then the right one and the root: 100 checks */
    add_leaf("sub", 1);
    for (unsigned i = 0; i < 98; i++) {
        add_stranger(i);
    }
    add_ca("sub", 1, "root", 0);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.path[1], 99);
    (void)begin(state);
    add_leaf("sub", 1);
    for (unsigned i = 0; i < 99; i++) {
        add_stranger(i);
    }
    add_ca("sub", 1, "root", 0);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_TOO_MUCH_WORK);
    assert_int_equal(out.failure.alert, TCH_ALERT_CERTIFICATE_UNKNOWN);
}

/* A hundred and ten certificates of one wrong key are one check. */
static void a_key_is_tried_once(void **state)
{
    (void)state;
    add_leaf("sub", 1);
    for (unsigned i = 0; i < 110; i++) {
        add_ca("sub", 2, "root", 0);
    }
    add_ca("sub", 1, "root", 0);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.path[1], 111);
}

/* Four levels, each fifteen times over: 15^4 ways, but one of them counts. */
static void copies_in_the_pile_are_left_out(void **state)
{
    static const char *const name[] = { "a", "b", "c", "d", "root" };
    struct pile one = { .num = 0 };

    (void)state;
    add_leaf("a", 1);
    for (int i = 0; i < 4; i++) {
        add_ca(name[i], 1, name[i + 1], i == 3 ? 0 : 1);
        pile_add_der(&one, chain.der[chain.num - 1]);
        for (unsigned copy = 1; copy < 15; copy++) {
            pile_add_der(&chain, one.der[i]);
        }
    }
    pile_free(&one);
    add_root("other", 0);
    assert_int_equal(ask(), TCH_CERT_UNTRUSTED);
    add_root("root", 0);
    assert_int_equal(ask(), TCH_OK);
    assert_int_equal(out.len, 5);
}

/* Eleven authorities that have all certified one another: the number of
 * paths is in the millions, the answer must come all the same. */
static void everybody_certified_by_everybody_ends_soon(void **state)
{
    char name[2][16];

    (void)state;
    add_leaf("ca 0", 1);
    for (unsigned i = 0; i < 11; i++) {
        for (unsigned j = 0; j < 11; j++) {
            snprintf(name[0], sizeof name[0], "ca %u", i);
            snprintf(name[1], sizeof name[1], "ca %u", j);
            if (i != j) {
                add_ca(name[0], 1, name[1], 1);
            }
        }
    }
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_TOO_MUCH_WORK);
    add_root("ca 0", 1);
    assert_int_equal(ask(), TCH_OK);
}

/* Eight of them need less than a hundred signatures, so that it is the count
 * of candidates that ends it. */
static void candidates_are_counted_too(void **state)
{
    char name[2][16];

    (void)state;
    add_leaf("ca 0", 1);
    for (unsigned i = 0; i < 8; i++) {
        for (unsigned j = 0; j < 8; j++) {
            snprintf(name[0], sizeof name[0], "ca %u", i);
            snprintf(name[1], sizeof name[1], "ca %u", j);
            if (i != j) {
                add_ca(name[0], 1, name[1], 1);
            }
        }
    }
    add_root("root", 0);
    assert_int_equal(ask(), TCH_CERT_TOO_MUCH_WORK);
}

/* ---- keys --------------------------------------------------------------- */

/* ---- DSA ---------------------------------------------------------------- */

/* What the four policies say of the chain as it stands. */
static void check_policies(enum tch_status narrow, enum tch_status wide,
                           const char *narrow_path)
{
    for (unsigned p = TCH_POLICY_DEFAULT; p <= TCH_POLICY_MUSEUM; p++) {
        bool is_wide = p >= TCH_POLICY_LEGACY;

        policy = (enum tch_policy_id)p;
        assert_int_equal(ask(), is_wide ? wide : narrow);
        if (!is_wide) {
            assert_string_equal(out.failure.path, narrow_path);
        }
    }
}

static void dsa_signatures_are_for_legacy_and_museum_R_PKI_082(void **state)
{
    static const unsigned schemes[] = { TCH_SCHEME_DSA_SHA256,
                                        TCH_SCHEME_DSA_SHA1 };

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        struct spec leaf = { "leaf", "sub", 3, DSA_KEY,
                             .dsa_scheme = schemes[i] };

        (void)begin(state);
        add(&chain, &leaf);
        add_ca("sub", DSA_KEY, "root", 0);
        add_root("root", 0);
        check_policies(TCH_CERT_WEAK, TCH_OK,
                       "certificate_list[0].signature_algorithm");
    }
}

static void an_anchor_with_a_dsa_key_works_the_same_way(void **state)
{
    (void)state;
    add_leaf("root", DSA_KEY);
    add_root("root", DSA_KEY);
    check_policies(TCH_CERT_WEAK, TCH_OK,
                   "certificate_list[0].signature_algorithm");
}

static void a_dsa_key_of_any_size_is_weak_below_legacy_R_PKI_082(void **state)
{
    struct spec leaf = { "leaf", "root", DSA_KEY, 0, .is_ca = false };

    (void)state;
    add(&chain, &leaf);
    add_root("root", 0);
    check_policies(TCH_CERT_WEAK, TCH_OK,
                   "certificate_list[0].subject_public_key_info");
}

/* Without key identifiers a wrong signature means another authority. */
static void a_wrong_dsa_signature_leads_nowhere(void **state)
{
    struct spec leaf = { "leaf", "root", 3, DSA_KEY, .is_ca = false };
    static uint8_t bytes[MADE_MAX];
    size_t len;

    (void)state;
    add(&chain, &leaf);
    add_root("root", DSA_KEY);
    policy = TCH_POLICY_LEGACY;
    assert_int_equal(ask(), TCH_OK);
    len = chain.der[0].len;
    memcpy(bytes, chain.der[0].p, len);
    bytes[len - 1] ^= 1; /* the end of s */
    pile_free(&chain);
    pile_add_der(&chain, tch_slice_of(bytes, len));
    assert_int_equal(ask(), TCH_CERT_UNTRUSTED);
}


static int load_keys(void **state)
{
    static const char *const files[NUM_KEYS] = {
        "vectors/certs/ca-ec256.key", "vectors/certs/server-ec256.key",
        "vectors/certs/client-ec256.key", "vectors/certs/server-ec256-sec1.key",
        "vectors/certs/server-dsa2048.key"
    };
    static uint8_t room[NUM_KEYS][1200];

    (void)state;
    for (size_t i = 0; i < NUM_KEYS; i++) {
        key[i] = private_key_file(files[i]);
        spki[i] =
            tch_slice_of(room[i], spki_of(key[i], room[i], sizeof room[i]));
    }
    return 0;
}

static int free_keys(void **state)
{
    (void)begin(state);
    for (size_t i = 0; i < NUM_KEYS; i++) {
        tch_private_key_free(key[i]);
    }
    return 0;
}

#define TEST(f) cmocka_unit_test_setup(f, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_right_one_of_two_keys_is_found_R_PKI_036),
        TEST(the_living_one_of_two_twins_is_found_R_PKI_036),
        TEST(an_expired_intermediate_is_told_when_it_is_the_only_one),
        TEST(an_expired_root_is_told),
        TEST(a_cross_certificate_leads_around_R_PKI_036),
        TEST(a_path_that_a_constraint_forbids_is_left_again),
        TEST(key_identifiers_are_no_reason_to_refuse_R_PKI_036),
        TEST(path_lengths_count_what_is_between_R_PKI_034),
        TEST(self_issued_ones_do_not_count_R_PKI_031),
        TEST(the_callers_limit_holds),
        TEST(an_authority_of_version_1_is_an_anchor_or_nothing_R_PKI_030),
        TEST(the_right_to_sign_without_being_an_authority_is_bad),
        TEST(a_path_length_without_the_right_to_sign_is_bad_R_PKI_034),
        TEST(an_authority_must_be_allowed_to_sign_R_PKI_032),
        TEST(an_authoritys_usages_hold_below_it_R_PKI_048),
        TEST(constraints_hold_for_all_below_R_PKI_024),
        TEST(intermediates_are_constrained_unless_self_issued_R_PKI_024),
        TEST(a_self_issued_leaf_is_constrained_R_PKI_024),
        TEST(constraints_in_a_leaf_are_bad_R_PKI_044),
        TEST(a_demand_for_policies_may_send_us_another_way_R_PKI_025),
        TEST(sixteen_certificates_are_a_path_and_no_more_R_PKI_010),
        TEST(authorities_in_a_circle_lead_nowhere),
        TEST(a_hundred_signatures_are_enough_R_PKI_036),
        TEST(a_key_is_tried_once),
        TEST(copies_in_the_pile_are_left_out),
        TEST(everybody_certified_by_everybody_ends_soon),
        TEST(candidates_are_counted_too),
        TEST(dsa_signatures_are_for_legacy_and_museum_R_PKI_082),
        TEST(an_anchor_with_a_dsa_key_works_the_same_way),
        TEST(a_dsa_key_of_any_size_is_weak_below_legacy_R_PKI_082),
        TEST(a_wrong_dsa_signature_leads_nowhere),
    };

    return cmocka_run_group_tests_name("path_made", tests, load_keys,
                                       free_keys);
}
