/*
 * Name constraints (crypto-glue/x509/constraints.c): RFC 5280 4.2.1.10,
 * dossier R-PKI-044, R-PKI-060..065, R-ATK-041.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/x509/constraints.h"
#include "crypto-glue/x509/name.h"

#include "test/unit/glue/support_make_cert.h"

static uint8_t ca_der[MADE_MAX];
static uint8_t leaf_der[MADE_MAX];
static uint8_t room[3][MADE_MAX];

/* An authority with these two lists of subtrees. */
static enum tch_status make_ca(struct tch_cert *c, struct tch_slice permitted,
                               struct tch_slice excluded)
{
    struct recipe r = { .subject = "ca" };
    struct tch_writer w;

    tch_wr_init(&w, room[0], sizeof room[0]);
    ext_ca(&w, -1);
    ext_name_constraints(&w, permitted, excluded);
    r.extensions = tch_wr_done(&w);
    return tch_cert_parse(c, tch_slice_of(ca_der, make_cert(&r, ca_der)),
                          NULL);
}

/* One subtree; it stays in room[1]. */
static struct tch_slice tree(unsigned form, struct tch_slice base)
{
    struct tch_writer w;

    tch_wr_init(&w, room[1], sizeof room[1]);
    subtree(&w, form, base);
    return tch_wr_done(&w);
}

/* A leaf with CN=leaf and these GeneralNames. */
static struct tch_cert make_leaf(struct tch_slice names)
{
    struct recipe r = { .subject = "leaf" };
    struct tch_writer w;
    struct tch_cert c;

    tch_wr_init(&w, room[2], sizeof room[2]);
    if (names.len != 0) {
        ext_alt_names(&w, false, names);
        r.extensions = tch_wr_done(&w);
    }
    assert_int_equal(
        tch_cert_parse(&c, tch_slice_of(leaf_der, make_cert(&r, leaf_der)),
                       NULL),
        TCH_OK);
    return c;
}

static struct tch_cert leaf_named(unsigned form, struct tch_slice value)
{
    uint8_t names[512];
    struct tch_writer w;

    tch_wr_init(&w, names, sizeof names);
    general_name(&w, form, value);
    return make_leaf(tch_wr_done(&w));
}

static bool allows(const struct tch_cert *ca, const struct tch_cert *c)
{
    uint32_t work = TCH_CONSTRAINT_WORK;
    enum tch_status st = tch_constraints_allow(ca, c, &work);

    assert_true(st == TCH_OK || st == TCH_CERT_CONSTRAINT);
    return st == TCH_OK;
}

static const struct tch_slice none;

/* Is a name allowed where the base is the one permitted, or the one
 * excluded subtree? Refused constraints fail the test. */
static bool permits(unsigned form, struct tch_slice base,
                    struct tch_slice name)
{
    struct tch_cert leaf = leaf_named(form, name);
    struct tch_cert ca;

    assert_int_equal(make_ca(&ca, tree(form, base), none), TCH_OK);
    return allows(&ca, &leaf);
}

static bool excludes(unsigned form, struct tch_slice base,
                     struct tch_slice name)
{
    struct tch_cert leaf = leaf_named(form, name);
    struct tch_cert ca;

    assert_int_equal(make_ca(&ca, none, tree(form, base)), TCH_OK);
    return !allows(&ca, &leaf);
}

/* What a base holds: '=' inside, '-' outside, '?' refused either way. */
struct row {
    const char *base;
    const char *name;
    char where;
};

static void check(unsigned form, const struct row *rows, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        struct tch_slice base = text_slice(rows[i].base);
        struct tch_slice name = text_slice(rows[i].name);

        if (permits(form, base, name) != (rows[i].where == '=') ||
            excludes(form, base, name) != (rows[i].where != '-')) {
            fail_msg("%s in %s", rows[i].name, rows[i].base);
        }
    }
}

static void dns_names_R_PKI_060(void **state)
{
    static const struct row rows[] = {
        { "example.com", "example.com", '=' },
        { "example.com", "www.example.com", '=' },
        { "example.com", "a.b.EXAMPLE.com", '=' },
        { "example.com", "example.org", '-' },
        { "example.com", "badexample.com", '-' },
        { "example.com", "com", '-' },
        { "", "anything.test", '=' },
        { ".example.com", "www.example.com", '=' },
        { ".example.com", "example.com", '-' },
        { ".example.com", "xexample.com", '-' },
        { "example.com", "www..example.com", '?' },
        { "example.com", "www.example.com.", '?' },
        { "example.com", "*foo.example.com", '?' },
        { "example.com", "", '?' },
    };

    (void)state;
    check(TCH_GN_DNS, rows, sizeof rows / sizeof rows[0]);
}

static void wildcards_R_PKI_065(void **state)
{
    static const struct row rows[] = {
        { "example.com", "*.example.com", '=' },
        { "com", "*.example.com", '=' },
        { "", "*.example.com", '=' },
        { ".example.com", "*.example.com", '=' },
        { "example.com", "*.sub.example.com", '=' },
        { "example.org", "*.example.com", '-' },
        /* some of the names it stands for lie inside, others do not */
        { "foo.example.com", "*.example.com", '?' },
        { ".foo.example.com", "*.example.com", '?' },
    };

    (void)state;
    check(TCH_GN_DNS, rows, sizeof rows / sizeof rows[0]);
}

static void mail_addresses_R_PKI_062(void **state)
{
    static const struct row rows[] = {
        { "a@example.com", "a@example.com", '=' },
        { "a@example.com", "a@EXAMPLE.com", '=' },
        { "a@example.com", "A@example.com", '-' },
        { "a@example.com", "b@example.com", '-' },
        { "example.com", "b@example.com", '=' },
        { "example.com", "b@mail.example.com", '-' },
        { ".example.com", "b@mail.example.com", '=' },
        { ".example.com", "b@example.com", '-' },
        { "", "b@example.com", '=' },
        { "example.com", "example.com", '?' },
        { "example.com", "@example.com", '?' },
        { "example.com", "a@b@example.com", '?' },
        { "example.com", "a@", '?' },
    };

    (void)state;
    check(TCH_GN_RFC822, rows, sizeof rows / sizeof rows[0]);
}

static void uris_by_their_host_R_PKI_062(void **state)
{
    static const struct row rows[] = {
        { "example.com", "https://example.com/x", '=' },
        { "example.com", "https://EXAMPLE.com:8443?q", '=' },
        { "example.com", "https://user:pw@example.com#f", '=' },
        { "example.com", "https://www.example.com/", '-' },
        { ".example.com", "ftp://www.example.com/", '=' },
        { ".example.com", "https://example.com/", '-' },
        { "example.com", "https://evil.test/@example.com", '-' },
        { "example.com", "https://example.com@evil.test/", '-' },
        { "example.com", "https://192.0.2.1/", '?' },
        { "example.com", "https://[::1]/", '?' },
        { "example.com", "urn:example.com", '?' },
        { "example.com", "example.com", '?' },
        { "example.com", "", '?' },
    };

    (void)state;
    check(TCH_GN_URI, rows, sizeof rows / sizeof rows[0]);
}

static void addresses_R_PKI_061(void **state)
{
    struct tch_slice net = hex_slice("C0000200FFFFFF00");
    struct tch_slice net6 = hex_slice("20010DB8000000000000000000000000"
                                      "FFFFFFFF000000000000000000000000");
    struct tch_slice in6 = hex_slice("20010DB8000000000000000000000001");
    struct tch_slice out6 = hex_slice("20010DB9000000000000000000000001");

    (void)state;
    assert_true(permits(TCH_GN_IP, net, hex_slice("C0000201")));
    assert_false(permits(TCH_GN_IP, net, hex_slice("C0000301")));
    assert_true(excludes(TCH_GN_IP, net, hex_slice("C00002FF")));
    assert_false(excludes(TCH_GN_IP, net, hex_slice("C0000301")));
    assert_true(permits(TCH_GN_IP, net6, in6));
    assert_false(permits(TCH_GN_IP, net6, out6));
    assert_true(excludes(TCH_GN_IP, net6, in6));
    /* one family says nothing good about the other */
    assert_false(permits(TCH_GN_IP, net, in6));
    assert_false(excludes(TCH_GN_IP, net, in6));
    assert_false(permits(TCH_GN_IP, net6, hex_slice("C0000201")));
    assert_false(excludes(TCH_GN_IP, net6, hex_slice("C0000201")));
    /* a mask of zeros holds all */
    assert_true(permits(TCH_GN_IP, hex_slice("0102030400000000"),
                        hex_slice("FFFFFFFF")));
}

static void directory_names_by_prefix_R_PKI_062(void **state)
{
    uint8_t a[64];
    uint8_t b[64];
    struct tch_writer wa;
    struct tch_writer wb;
    struct tch_slice leaf;
    struct tch_slice other;
    struct tch_cert ca;
    struct tch_cert c = { .version = 0 };

    (void)state;
    tch_wr_init(&wa, a, sizeof a);
    tch_wr_init(&wb, b, sizeof b);
    leaf = common_name(&wa, "leaf");
    other = common_name(&wb, "other");
    /* the subject is a directoryName too */
    c = make_leaf(none);
    assert_int_equal(make_ca(&ca, tree(TCH_GN_DIRECTORY, leaf), none), TCH_OK);
    assert_true(allows(&ca, &c));
    assert_int_equal(make_ca(&ca, tree(TCH_GN_DIRECTORY, other), none),
                     TCH_OK);
    assert_false(allows(&ca, &c));
    assert_int_equal(make_ca(&ca, none, tree(TCH_GN_DIRECTORY, leaf)), TCH_OK);
    assert_false(allows(&ca, &c));
    assert_int_equal(make_ca(&ca, none, tree(TCH_GN_DIRECTORY, other)),
                     TCH_OK);
    assert_true(allows(&ca, &c));
    /* and one in the subjectAltName counts as well */
    assert_false(excludes(TCH_GN_DIRECTORY, other, leaf));
    assert_true(excludes(TCH_GN_DIRECTORY, other, other));
}

static void a_form_without_permitted_subtree_is_free_R_PKI_063(void **state)
{
    struct tch_cert leaf = leaf_named(TCH_GN_DNS, text_slice("a.test"));
    struct tch_cert ca;

    (void)state;
    assert_int_equal(
        make_ca(&ca, tree(TCH_GN_RFC822, text_slice("b.test")), none), TCH_OK);
    assert_true(allows(&ca, &leaf));
}

static void excluded_wins_over_permitted_R_PKI_063(void **state)
{
    uint8_t a[128];
    uint8_t b[128];
    struct tch_writer wa;
    struct tch_writer wb;
    struct tch_cert ca;
    struct tch_cert leaf;

    (void)state;
    tch_wr_init(&wa, a, sizeof a);
    tch_wr_init(&wb, b, sizeof b);
    subtree(&wa, TCH_GN_DNS, text_slice("x.test"));
    subtree(&wa, TCH_GN_DNS, text_slice("a.test"));
    subtree(&wb, TCH_GN_DNS, text_slice("y.test"));
    subtree(&wb, TCH_GN_DNS, text_slice("bad.a.test"));
    assert_int_equal(make_ca(&ca, tch_wr_done(&wa), tch_wr_done(&wb)), TCH_OK);
    leaf = leaf_named(TCH_GN_DNS, text_slice("good.a.test"));
    assert_true(allows(&ca, &leaf));
    leaf = leaf_named(TCH_GN_DNS, text_slice("bad.a.test"));
    assert_false(allows(&ca, &leaf));
    leaf = leaf_named(TCH_GN_DNS, text_slice("x.test"));
    assert_true(allows(&ca, &leaf));
}

static void every_name_must_be_allowed(void **state)
{
    uint8_t names[128];
    struct tch_writer w;
    struct tch_cert ca;
    struct tch_cert leaf;

    (void)state;
    tch_wr_init(&w, names, sizeof names);
    general_name(&w, TCH_GN_DNS, text_slice("a.test"));
    general_name(&w, TCH_GN_DNS, text_slice("b.test"));
    leaf = make_leaf(tch_wr_done(&w));
    assert_int_equal(
        make_ca(&ca, tree(TCH_GN_DNS, text_slice("a.test")), none), TCH_OK);
    assert_false(allows(&ca, &leaf));
    assert_int_equal(make_ca(&ca, tree(TCH_GN_DNS, text_slice("test")), none),
                     TCH_OK);
    assert_true(allows(&ca, &leaf));
}

static void forms_we_cannot_match_are_refused_when_met_R_PKI_064(void **state)
{
    static const unsigned forms[] = { TCH_GN_OTHER, TCH_GN_X400, TCH_GN_EDI,
                                      TCH_GN_REGISTERED_ID };
    struct tch_slice value = hex_slice("06022A03");

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct tch_cert ca;
        struct tch_cert free = leaf_named(TCH_GN_DNS, text_slice("a.test"));

        assert_int_equal(make_ca(&ca, none, tree(forms[i], value)), TCH_OK);
        assert_true(allows(&ca, &free));
        assert_true(excludes(forms[i], value, value));
        assert_false(permits(forms[i], value, value));
    }
}

/* CN=leaf, emailAddress=a@b.test.xx */
static const char with_mail[] =
    "302B310D300B06035504030C046C656166"
    "311A301806092A864886F70D010901160B6140622E746573742E7878";

static void without_alt_names_the_subjects_mail_counts_R_PKI_062(void **state)
{
    struct recipe r = { .subject_name = hex_slice(with_mail) };
    struct tch_writer w;
    struct tch_cert ca;
    struct tch_cert leaf;

    (void)state;
    assert_int_equal(
        tch_cert_parse(&leaf, tch_slice_of(leaf_der, make_cert(&r, leaf_der)),
                       NULL),
        TCH_OK);
    assert_int_equal(
        make_ca(&ca, tree(TCH_GN_RFC822, text_slice("b.test.xx")), none),
        TCH_OK);
    assert_true(allows(&ca, &leaf));
    assert_int_equal(
        make_ca(&ca, tree(TCH_GN_RFC822, text_slice("c.test")), none), TCH_OK);
    assert_false(allows(&ca, &leaf));
    /* with alternative names it does not */
    tch_wr_init(&w, room[2], sizeof room[2]);
    ext_dns(&w, "a.test");
    r.extensions = tch_wr_done(&w);
    assert_int_equal(
        tch_cert_parse(&leaf, tch_slice_of(leaf_der, make_cert(&r, leaf_der)),
                       NULL),
        TCH_OK);
    assert_true(allows(&ca, &leaf));
}

static void malformed_constraints_spoil_the_certificate_R_PKI_044(void **state)
{
    static const char *const bad[] = {
        "3000",                           /* nothing in it */
        "3004A000A100",                   /* two empty lists */
        "3002A000",                       /* one empty list */
        "300AA0083006820161800101",       /* minimum 1 */
        "300AA0083006820161810102",       /* a maximum */
        "3006A10430020500",               /* no GeneralName */
        "300CA10A30088206612E7A7A2E2E",   /* "a.zz.." */
        "3008A106300482022061",           /* a space */
        "3009A10730058103614040",      /* "a@@" */
        "300AA1083006870401020304",       /* an address without a mask */
        "300EA10C300A870801020304FF00FF00", /* a mask with a hole */
        "30053003820161",                 /* no list */
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct recipe r = { 0 };
        struct tch_writer w;
        struct tch_cert c;

        tch_wr_init(&w, room[0], sizeof room[0]);
        ext(&w, 30, true, hex_slice(bad[i]));
        r.extensions = tch_wr_done(&w);
        assert_int_equal(
            tch_cert_parse(&c, tch_slice_of(ca_der, make_cert(&r, ca_der)),
                           NULL),
            TCH_CERT_BAD);
    }
}

static void a_minimum_of_zero_may_be_spelled_out(void **state)
{
    struct recipe r = { 0 };
    struct tch_writer w;
    struct tch_cert c;

    (void)state;
    tch_wr_init(&w, room[0], sizeof room[0]);
    ext(&w, 30, true, hex_slice("300AA0083006820161800100"));
    r.extensions = tch_wr_done(&w);
    assert_int_equal(
        tch_cert_parse(&c, tch_slice_of(ca_der, make_cert(&r, ca_der)), NULL),
        TCH_OK);
    assert_true(c.name_constraints_critical);
}

/* 1200 subtrees against 1200 names is more than 2^20. */
static void the_work_is_bounded_R_PKI_010(void **state)
{
    static uint8_t trees[MADE_MAX];
    static uint8_t names[MADE_MAX];
    struct tch_writer wt;
    struct tch_writer wn;
    struct tch_cert ca;
    struct tch_cert leaf;
    uint32_t work = TCH_CONSTRAINT_WORK;

    (void)state;
    tch_wr_init(&wt, trees, sizeof trees);
    tch_wr_init(&wn, names, sizeof names);
    for (unsigned i = 0; i < 1200; i++) {
        subtree(&wt, TCH_GN_DNS, text_slice("b.test"));
        general_name(&wn, TCH_GN_DNS, text_slice("a.test"));
    }
    leaf = make_leaf(tch_wr_done(&wn));
    assert_int_equal(make_ca(&ca, none, tch_wr_done(&wt)), TCH_OK);
    assert_int_equal(tch_constraints_allow(&ca, &leaf, &work),
                     TCH_CERT_TOO_MUCH_WORK);
    assert_int_equal(work, 0);
    leaf = leaf_named(TCH_GN_DNS, text_slice("a.test"));
    work = TCH_CONSTRAINT_WORK;
    assert_int_equal(tch_constraints_allow(&ca, &leaf, &work), TCH_OK);
    assert_int_equal(work, TCH_CONSTRAINT_WORK - 2400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dns_names_R_PKI_060),
        cmocka_unit_test(wildcards_R_PKI_065),
        cmocka_unit_test(mail_addresses_R_PKI_062),
        cmocka_unit_test(uris_by_their_host_R_PKI_062),
        cmocka_unit_test(addresses_R_PKI_061),
        cmocka_unit_test(directory_names_by_prefix_R_PKI_062),
        cmocka_unit_test(a_form_without_permitted_subtree_is_free_R_PKI_063),
        cmocka_unit_test(excluded_wins_over_permitted_R_PKI_063),
        cmocka_unit_test(every_name_must_be_allowed),
        cmocka_unit_test(
            forms_we_cannot_match_are_refused_when_met_R_PKI_064),
        cmocka_unit_test(
            without_alt_names_the_subjects_mail_counts_R_PKI_062),
        cmocka_unit_test(
            malformed_constraints_spoil_the_certificate_R_PKI_044),
        cmocka_unit_test(a_minimum_of_zero_may_be_spelled_out),
        cmocka_unit_test(the_work_is_bounded_R_PKI_010),
    };

    return cmocka_run_group_tests_name("names_constraints", tests, NULL, NULL);
}
