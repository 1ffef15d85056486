/*
 * Certificate policies on a path (crypto-glue/x509/policies.c): RFC 5280 6.1,
 * dossier R-PKI-025, 026, 029.
 *
 * A path is written as one line a certificate, from below the anchor down to
 * the leaf. The policies are 1.2.3.1 ("1") to 1.2.3.9 ("9"), "*" is anyPolicy.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/der.h"
#include "crypto-glue/x509/policies.h"

#include "test/unit/glue/support_make_cert.h"

#define MAX 5

/*
 * step: one certificate. `policies`: "12*", or NULL for no extension.
 * `maps`: pairs, "12" maps 1 to 2. `explicit_and_1`, `mapping_and_1`,
 * `any_and_1`: the SkipCerts plus one; 0 is absent.
 */
struct step {
    const char *policies;
    const char *maps;
    int explicit_and_1;
    int mapping_and_1;
    int any_and_1;
    bool self_issued;
};

static uint8_t der[MAX + 1][MADE_MAX];
static uint8_t list[MADE_MAX];

static void write_oid(struct tch_writer *w, char c)
{
    uint8_t own[3] = { 0x2A, 0x03, (uint8_t)(c - '0') };
    uint8_t any[4] = { 0x55, 0x1D, 0x20, 0x00 };

    tch_der_wr_value(w, TCH_DER_OID,
                     c == '*' ? tch_slice_of(any, 4) : tch_slice_of(own, 3));
}

static void write_policies(struct tch_writer *w, const char *policies)
{
    uint8_t value[1024];
    struct tch_writer v;
    struct tch_mark m;

    tch_wr_init(&v, value, sizeof value);
    m = tch_der_wr_open(&v, TCH_DER_SEQUENCE);
    for (; *policies != '\0'; policies++) {
        struct tch_mark info = tch_der_wr_open(&v, TCH_DER_SEQUENCE);

        write_oid(&v, *policies);
        tch_der_wr_close(&v, info);
    }
    tch_der_wr_close(&v, m);
    ext(w, 32, false, tch_wr_done(&v));
}

static void write_maps(struct tch_writer *w, const char *maps)
{
    uint8_t value[200];
    struct tch_writer v;
    struct tch_mark m;

    tch_wr_init(&v, value, sizeof value);
    m = tch_der_wr_open(&v, TCH_DER_SEQUENCE);
    for (; *maps != '\0'; maps += 2) {
        struct tch_mark pair = tch_der_wr_open(&v, TCH_DER_SEQUENCE);

        write_oid(&v, maps[0]);
        write_oid(&v, maps[1]);
        tch_der_wr_close(&v, pair);
    }
    tch_der_wr_close(&v, m);
    ext(w, 33, true, tch_wr_done(&v));
}

static void write_constraints(struct tch_writer *w, int skip, int mapping)
{
    uint8_t value[32];
    uint8_t n[2] = { (uint8_t)(skip - 1), (uint8_t)(mapping - 1) };
    struct tch_writer v;
    struct tch_mark m;

    tch_wr_init(&v, value, sizeof value);
    m = tch_der_wr_open(&v, TCH_DER_SEQUENCE);
    if (skip != 0) {
        tch_der_wr_value(&v, TCH_DER_CONTEXT_PRIMITIVE(0),
                         tch_slice_of(&n[0], 1));
    }
    if (mapping != 0) {
        tch_der_wr_value(&v, TCH_DER_CONTEXT_PRIMITIVE(1),
                         tch_slice_of(&n[1], 1));
    }
    tch_der_wr_close(&v, m);
    ext(w, 36, true, tch_wr_done(&v));
}

static struct tch_cert make(const struct step *s, uint8_t *room)
{
    struct recipe r = { .subject = s->self_issued ? "x" : "y", .issuer = "x" };
    uint8_t any[3] = { 2, 1, (uint8_t)(s->any_and_1 - 1) };
    struct tch_writer w;
    struct tch_cert c;

    tch_wr_init(&w, list, sizeof list);
    if (s->policies != NULL) {
        write_policies(&w, s->policies);
    }
    if (s->maps != NULL) {
        write_maps(&w, s->maps);
    }
    if (s->explicit_and_1 != 0 || s->mapping_and_1 != 0) {
        write_constraints(&w, s->explicit_and_1, s->mapping_and_1);
    }
    if (s->any_and_1 != 0) {
        ext(&w, 54, true, tch_slice_of(any, 3));
    }
    r.extensions = tch_wr_done(&w);
    assert_int_equal(
        tch_cert_parse(&c, tch_slice_of(room, make_cert(&r, room)), NULL),
        TCH_OK);
    assert_int_equal(c.self_issued, s->self_issued);
    return c;
}

/* Runs a path given from the top down under an anchor. */
static enum tch_status run(const struct step *anchor, const struct step *steps,
                           size_t num, size_t *at)
{
    struct tch_cert root = make(anchor, der[MAX]);
    struct tch_cert certs[MAX];
    const struct tch_cert *path[MAX];

    assert_true(num <= MAX);
    for (size_t i = 0; i < num; i++) {
        certs[i] = make(&steps[num - 1 - i], der[i]);
        path[i] = &certs[i];
    }
    return tch_policies_allow(&root, path, num, at);
}

static const struct step plain_root;

#define RUN(steps, at)                                                        \
    run(&plain_root, steps, sizeof(steps) / sizeof(steps)[0], at)

static void nobody_demands_nothing_is_checked(void **state)
{
    static const struct step none[] = { { .policies = NULL },
                                        { .policies = NULL } };
    static const struct step apart[] = { { .policies = "1" },
                                         { .policies = "2" } };
    size_t at;

    (void)state;
    assert_int_equal(RUN(none, &at), TCH_OK);
    assert_int_equal(RUN(apart, &at), TCH_OK);
}

static void a_demand_wants_one_policy_all_the_way_R_PKI_025(void **state)
{
    static const struct step held[] = {
        { .policies = "12", .explicit_and_1 = 1 },
        { .policies = "23" },
        { .policies = "2" },
    };
    static const struct step broken[] = {
        { .policies = "12", .explicit_and_1 = 1 },
        { .policies = "23" },
        { .policies = "1" },
    };
    static const struct step missing[] = {
        { .policies = "12", .explicit_and_1 = 1 },
        { .policies = NULL },
        { .policies = "1" },
    };
    size_t at;

    (void)state;
    assert_int_equal(RUN(held, &at), TCH_OK);
    assert_int_equal(RUN(broken, &at), TCH_CERT_CONSTRAINT);
    assert_int_equal(at, 0);
    assert_int_equal(RUN(missing, &at), TCH_CERT_CONSTRAINT);
    assert_int_equal(at, 1);
}

/* requireExplicitPolicy 2: two more certificates may go without. */
static void a_demand_may_be_put_off_R_PKI_029(void **state)
{
    static const struct step in_time[] = {
        { .policies = NULL, .explicit_and_1 = 3 },
        { .policies = NULL },
    };
    static const struct step too_late[] = {
        { .policies = NULL, .explicit_and_1 = 2 },
        { .policies = NULL },
        { .policies = NULL },
    };
    static const struct step not_counted[] = {
        { .policies = NULL, .explicit_and_1 = 3 },
        { .policies = NULL, .self_issued = true },
        { .policies = NULL },
    };
    static const struct step counted[] = {
        { .policies = NULL, .explicit_and_1 = 3 },
        { .policies = NULL },
        { .policies = NULL },
    };
    size_t at;

    (void)state;
    assert_int_equal(RUN(in_time, &at), TCH_OK);
    assert_int_equal(RUN(too_late, &at), TCH_CERT_CONSTRAINT);
    assert_int_equal(RUN(not_counted, &at), TCH_OK);
    assert_int_equal(RUN(counted, &at), TCH_CERT_CONSTRAINT);
}

static void any_policy_stands_for_all_unless_inhibited_R_PKI_029(void **state)
{
    static const struct step any[] = {
        { .policies = "*", .explicit_and_1 = 1 },
        { .policies = "1" },
        { .policies = "*" },
    };
    static const struct step inhibited[] = {
        { .policies = "1", .explicit_and_1 = 1, .any_and_1 = 1 },
        { .policies = "*" },
    };
    static const struct step inhibited_later[] = {
        { .policies = "1", .explicit_and_1 = 1, .any_and_1 = 2 },
        { .policies = "*" },
        { .policies = "*" },
    };
    static const struct step still_allowed[] = {
        { .policies = "1", .explicit_and_1 = 1, .any_and_1 = 2 },
        { .policies = "*" },
        { .policies = "1" },
    };
    static const struct step self_issued[] = {
        { .policies = "1", .explicit_and_1 = 1, .any_and_1 = 1 },
        { .policies = "*", .self_issued = true },
        { .policies = "1" },
    };
    size_t at;

    (void)state;
    assert_int_equal(RUN(any, &at), TCH_OK);
    assert_int_equal(RUN(inhibited, &at), TCH_CERT_CONSTRAINT);
    assert_int_equal(RUN(inhibited_later, &at), TCH_CERT_CONSTRAINT);
    assert_int_equal(RUN(still_allowed, &at), TCH_OK);
    assert_int_equal(RUN(self_issued, &at), TCH_OK);
}

static void mappings_translate_R_PKI_026(void **state)
{
    static const struct step mapped[] = {
        { .policies = "1", .maps = "12", .explicit_and_1 = 1 },
        { .policies = "2" },
    };
    static const struct step old_name[] = {
        { .policies = "1", .maps = "12", .explicit_and_1 = 1 },
        { .policies = "1" },
    };
    static const struct step both_ways[] = {
        { .policies = "12", .maps = "1221", .explicit_and_1 = 1 },
        { .policies = "1" },
    };
    static const struct step from_any[] = {
        { .policies = "*", .maps = "12", .explicit_and_1 = 1 },
        { .policies = "2" },
    };
    static const struct step not_asserted[] = {
        { .policies = "3", .maps = "12", .explicit_and_1 = 1 },
        { .policies = "2" },
    };
    size_t at;

    (void)state;
    assert_int_equal(RUN(mapped, &at), TCH_OK);
    assert_int_equal(RUN(old_name, &at), TCH_CERT_CONSTRAINT);
    assert_int_equal(RUN(both_ways, &at), TCH_OK);
    assert_int_equal(RUN(from_any, &at), TCH_OK);
    assert_int_equal(RUN(not_asserted, &at), TCH_CERT_CONSTRAINT);
}

static void mappings_may_be_inhibited_R_PKI_029(void **state)
{
    static const struct step inhibited[] = {
        { .policies = "1", .explicit_and_1 = 1, .mapping_and_1 = 1 },
        { .policies = "1", .maps = "12" },
        { .policies = "2" },
    };
    static const struct step put_off[] = {
        { .policies = "1", .explicit_and_1 = 1, .mapping_and_1 = 2 },
        { .policies = "1", .maps = "12" },
        { .policies = "2" },
    };
    size_t at;

    (void)state;
    assert_int_equal(RUN(inhibited, &at), TCH_CERT_CONSTRAINT);
    assert_int_equal(RUN(put_off, &at), TCH_OK);
}

static void the_leaf_may_demand_as_well(void **state)
{
    static const struct step leaf[] = {
        { .policies = NULL },
        { .policies = NULL, .explicit_and_1 = 1 },
    };
    static const struct step later[] = {
        { .policies = NULL },
        { .policies = NULL, .explicit_and_1 = 2 },
    };
    size_t at;

    (void)state;
    assert_int_equal(RUN(leaf, &at), TCH_CERT_CONSTRAINT);
    assert_int_equal(RUN(later, &at), TCH_OK);
}

static void an_anchors_demand_counts(void **state)
{
    static const struct step root = { .policies = NULL, .explicit_and_1 = 1 };
    static const struct step without[] = { { .policies = NULL } };
    static const struct step with[] = { { .policies = "1" } };
    size_t at;

    (void)state;
    assert_int_equal(run(&root, without, 1, &at), TCH_CERT_CONSTRAINT);
    assert_int_equal(run(&root, with, 1, &at), TCH_OK);
}

/* 64 policies at once are kept, 65 are too much; but nobody counts them
 * unless there is a demand. */
static void too_many_policies_are_too_much_work(void **state)
{
    char many[TCH_POLICIES_MAX + 2];
    struct step steps[2] = { { .policies = many, .explicit_and_1 = 1 },
                             { .policies = "1" } };
    size_t at;

    (void)state;
    for (size_t i = 0; i <= TCH_POLICIES_MAX; i++) {
        many[i] = (char)('0' + i); /* up to 'p' */
    }
    many[TCH_POLICIES_MAX + 1] = '\0';
    assert_int_equal(RUN(steps, &at), TCH_CERT_TOO_MUCH_WORK);
    steps[0].explicit_and_1 = 0;
    assert_int_equal(RUN(steps, &at), TCH_OK);
    steps[0].explicit_and_1 = 1;
    many[TCH_POLICIES_MAX] = '\0';
    assert_int_equal(RUN(steps, &at), TCH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_demands_nothing_is_checked),
        cmocka_unit_test(a_demand_wants_one_policy_all_the_way_R_PKI_025),
        cmocka_unit_test(a_demand_may_be_put_off_R_PKI_029),
        cmocka_unit_test(any_policy_stands_for_all_unless_inhibited_R_PKI_029),
        cmocka_unit_test(mappings_translate_R_PKI_026),
        cmocka_unit_test(mappings_may_be_inhibited_R_PKI_029),
        cmocka_unit_test(the_leaf_may_demand_as_well),
        cmocka_unit_test(an_anchors_demand_counts),
        cmocka_unit_test(too_many_policies_are_too_much_work),
    };

    return cmocka_run_group_tests_name("path_policies", tests, NULL, NULL);
}
