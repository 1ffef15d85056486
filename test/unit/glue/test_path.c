/*
 * Path validation over the certificates of vectors/certs
 * (crypto-glue/x509/path.c, judge.c): which answer each of them gets.
 * R-PKI-020..037, R-PKI-048, R-PKI-082, R-ATK-042.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/x509/x509.h"

#include "test/unit/glue/support_keys.h"
#include "test/unit/glue/support_x509.h"

#define NOW INT64_C(1767225600)    /* 2026-01-01 */
#define IN_2020 INT64_C(1590969600) /* 2020-06-01 */
#define AFTER INT64_C(2524608000)   /* 2050-01-01 */

/*
 * A question and its answer. `chain` and `roots` are names of files, with
 * spaces between. `at` is the certificate that a failure is about; `field`
 * the end of the path in the failure.
 */
struct row {
    const char *chain;
    const char *roots;
    const char *host;
    enum tch_purpose purpose;
    enum tch_policy_id policy;
    int64_t now;
    enum tch_status status;
    size_t at;
    const char *field;
};

#define S TCH_PURPOSE_SERVER
#define C TCH_PURPOSE_CLIENT
#define ANY TCH_PURPOSE_ANY
#define D TCH_POLICY_DEFAULT
#define COMP TCH_POLICY_COMPATIBLE
#define LEG TCH_POLICY_LEGACY
#define MUS TCH_POLICY_MUSEUM

static void add_files(struct pile *p, const char *names)
{
    char copy[200];
    char *rest = copy;
    char *name;

    assert_true(strlen(names) < sizeof copy);
    strcpy(copy, names);
    while ((name = strsep(&rest, " ")) != NULL) {
        if (name[0] != '\0') {
            pile_add(p, name);
        }
    }
}

static struct tch_path_request request_of(const struct row *r,
                                          const struct pile *chain,
                                          const struct tch_anchors *anchors)
{
    struct tch_path_request q = { .chain = chain->der,
                                  .num = chain->num,
                                  .anchors = anchors,
                                  .policy = tch_policy_get(r->policy),
                                  .alloc = &tch_alloc_default,
                                  .host = r->host,
                                  .now = r->now,
                                  .purpose = r->purpose };

    return q;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s);
    size_t m = strlen(end);

    return n >= m && strcmp(s + n - m, end) == 0;
}

/* Asks, and checks the answer and that it is told consistently. */
static void check(const struct row *r, struct tch_path_result *out)
{
    struct pile chain = { .num = 0 };
    struct pile roots = { .num = 0 };
    struct tch_anchors *anchors;
    struct tch_path_request q;
    enum tch_status st;

    add_files(&chain, r->chain);
    add_files(&roots, r->roots);
    anchors = anchors_of(&roots);
    q = request_of(r, &chain, anchors);
    st = tch_path_verify(&q, out);
    if (st != r->status) {
        fail_msg("%s under %s: %s, not %s", r->chain, r->roots,
                 tch_status_name(st), tch_status_name(r->status));
    }
    if (st == TCH_OK) {
        assert_true(out->len >= 1 && out->anchor >= 0);
        assert_int_equal(out->failure.path[0], '\0');
    } else {
        assert_int_equal(out->failure.status, st);
        assert_int_equal(out->failure.alert, tch_status_alert(st));
        assert_int_equal(out->failure.side, TCH_SIDE_OURS);
        assert_int_equal(out->at, r->at);
        assert_true(r->field != NULL &&
                    ends_with(out->failure.path, r->field));
    }
    tch_anchors_free(anchors);
    pile_free(&chain);
    pile_free(&roots);
}

static void check_all(const struct row *rows, size_t num)
{
    struct tch_path_result out;

    for (size_t i = 0; i < num; i++) {
        check(&rows[i], &out);
    }
}

#define GOOD TCH_OK, 0, NULL
#define CHECK(rows) check_all(rows, sizeof(rows) / sizeof(rows)[0])

/* clang-format off */
static void good_servers_of_every_kind_of_key(void **state)
{
    static const struct row rows[] = {
        { "server-rsa2048", "ca", "localhost", S, D, NOW, GOOD },
        { "server-rsa3072", "ca", "example.test", S, D, NOW, GOOD },
        { "server-pss2048", "ca", "127.0.0.1", S, D, NOW, GOOD },
        { "server-ec256", "ca", "::1", S, D, NOW, GOOD },
        { "server-ec384", "ca", "a.wild.example.test", S, D, NOW, GOOD },
        { "server-ec521", "ca", NULL, S, D, NOW, GOOD },
        { "server-ec256-ecca", "ca-ec256", "localhost", S, D, NOW, GOOD },
        { "server-ec256-ecca", "ca ca-ec256 other-ca", NULL, S, D, NOW, GOOD },
        { "client-rsa2048", "ca", NULL, C, D, NOW, GOOD },
        { "client-ec256", "ca", NULL, C, D, NOW, GOOD },
        { "server-unrelated", "ca other-ca", "localhost", S, D, NOW, GOOD },
    };

    (void)state;
    CHECK(rows);
}

static void a_chain_may_come_in_any_order_R_PKI_036(void **state)
{
    static const struct row rows[] = {
        { "chain-rsa", "ca", "localhost", S, D, NOW, GOOD },
        { "chain-rsa-root", "ca", "localhost", S, D, NOW, GOOD },
        { "chain-leaf ca intermediate", "ca", NULL, S, D, NOW, GOOD },
        { "chain-leaf other-ca server-rsa2048 intermediate", "ca", NULL, S, D, NOW, GOOD },
        { "chain-leaf chain-leaf intermediate intermediate", "ca", NULL, S, D, NOW, GOOD },
        { "chain-leaf intermediate", "other-ca ca-ec256 ca", NULL, S, D, NOW, GOOD },
    };

    (void)state;
    CHECK(rows);
}

static void anchors_come_from_the_set_alone_R_PKI_035(void **state)
{
    static const struct row rows[] = {
        { "server-rsa2048", "", "localhost", S, D, NOW, TCH_CERT_UNTRUSTED, 0, ".issuer" },
        { "server-rsa2048 ca", "", NULL, S, D, NOW, TCH_CERT_UNTRUSTED, 0, ".issuer" },
        { "server-rsa2048 ca", "other-ca", NULL, S, D, NOW, TCH_CERT_UNTRUSTED, 0, ".issuer" },
        { "server-unrelated", "ca", NULL, S, D, NOW, TCH_CERT_UNTRUSTED, 0, ".issuer" },
        { "server-selfsigned", "ca", "localhost", S, D, NOW, TCH_CERT_UNTRUSTED, 0, ".issuer" },
        { "chain-leaf", "ca", NULL, S, D, NOW, TCH_CERT_UNTRUSTED, 0, ".issuer" },
        { "ca", "other-ca", NULL, ANY, D, NOW, TCH_CERT_UNTRUSTED, 0, ".issuer" },
    };

    (void)state;
    CHECK(rows);
}

static void a_leaf_or_an_intermediate_may_be_the_anchor(void **state)
{
    static const struct row rows[] = {
        { "server-selfsigned", "server-selfsigned", "localhost", S, D, NOW, GOOD },
        { "server-rsa2048", "server-rsa2048", "localhost", S, D, NOW, GOOD },
        { "chain-leaf", "intermediate", "localhost", S, D, NOW, GOOD },
        { "chain-rsa-root", "intermediate", "localhost", S, D, NOW, GOOD },
        /* dates, use and name are looked at all the same */
        { "server-expired", "server-expired", NULL, S, D, NOW, TCH_CERT_EXPIRED, 0, ".validity" },
        { "server-wrongeku", "server-wrongeku", NULL, S, D, NOW, TCH_CERT_WRONG_USAGE, 0, ".ext_key_usage" },
        { "server-wrongname", "server-wrongname", "localhost", S, D, NOW, TCH_CERT_WRONG_NAME, 0, ".subject_alt_name" },
    };

    (void)state;
    CHECK(rows);
}

static void dates_are_inclusive_R_PKI_021(void **state)
{
    static const struct row rows[] = {
        { "server-expired", "ca", "localhost", S, D, NOW, TCH_CERT_EXPIRED, 0, "[0].validity" },
        { "server-expired", "ca", "localhost", S, D, IN_2020, GOOD },
        { "server-expired", "ca", NULL, S, D, 1609459200, GOOD },
        { "server-expired", "ca", NULL, S, D, 1609459201, TCH_CERT_EXPIRED, 0, ".validity" },
        { "server-notyet", "ca", "localhost", S, D, NOW, TCH_CERT_EXPIRED, 0, ".validity" },
        { "server-rsa2048", "ca", NULL, S, D, 1577836800, GOOD },
        { "server-rsa2048", "ca", NULL, S, D, 1577836799, TCH_CERT_EXPIRED, 0, ".validity" },
        { "server-rsa2048", "ca", NULL, S, D, AFTER - 1, GOOD },
        { "server-rsa2048", "ca", NULL, S, D, AFTER, TCH_CERT_EXPIRED, 0, ".validity" },
        /* without an anchor above, it is no matter of dates */
        { "server-expired", "other-ca", NULL, S, D, NOW, TCH_CERT_UNTRUSTED, 0, ".issuer" },
    };

    (void)state;
    CHECK(rows);
}

static void the_name_is_told_last(void **state)
{
    static const struct row rows[] = {
        { "server-wrongname", "ca", "localhost", S, D, NOW, TCH_CERT_WRONG_NAME, 0, ".subject_alt_name" },
        { "server-wrongname", "ca", "other.test", S, D, NOW, GOOD },
        { "server-wrongname", "ca", "192.0.2.1", S, D, NOW, GOOD },
        { "server-cnonly", "ca", "localhost", S, D, NOW, TCH_CERT_WRONG_NAME, 0, ".subject_alt_name" },
        { "server-cnonly", "ca", NULL, S, D, NOW, GOOD },
        { "server-wrongname", "other-ca", "localhost", S, D, NOW, TCH_CERT_UNTRUSTED, 0, ".issuer" },
        { "server-expired", "ca", "no.test", S, D, NOW, TCH_CERT_EXPIRED, 0, ".validity" },
    };

    (void)state;
    CHECK(rows);
}

static void the_use_must_be_allowed_R_PKI_048(void **state)
{
    static const struct row rows[] = {
        { "server-wrongeku", "ca", NULL, S, D, NOW, TCH_CERT_WRONG_USAGE, 0, ".ext_key_usage" },
        { "server-wrongeku", "ca", NULL, C, D, NOW, GOOD },
        { "server-wrongeku", "ca", NULL, ANY, D, NOW, GOOD },
        { "client-ec256", "ca", NULL, S, D, NOW, TCH_CERT_WRONG_USAGE, 0, ".ext_key_usage" },
        { "server-ec256", "ca", NULL, C, D, NOW, TCH_CERT_WRONG_USAGE, 0, ".ext_key_usage" },
        { "server-wrongku", "ca", NULL, S, D, NOW, TCH_CERT_WRONG_USAGE, 0, ".key_usage" },
        { "server-wrongku", "ca", NULL, ANY, D, NOW, GOOD },
    };

    (void)state;
    CHECK(rows);
}

static void unknown_critical_extensions_are_refused_R_PKI_033(void **state)
{
    static const struct row rows[] = {
        { "server-critical", "ca", "localhost", S, D, NOW, TCH_CERT_UNKNOWN_EXTENSION, 0, ".extensions" },
        { "server-critical", "ca", NULL, S, MUS, NOW, TCH_CERT_UNKNOWN_EXTENSION, 0, ".extensions" },
    };

    (void)state;
    CHECK(rows);
}

static void a_leaf_is_no_authority_R_ATK_042(void **state)
{
    static const struct row rows[] = {
        { "leafca-chain", "ca", NULL, C, D, NOW, TCH_CERT_WRONG_USAGE, 0, ".ext_key_usage" },
        { "leafca-chain", "ca", NULL, ANY, D, NOW, TCH_CERT_CONSTRAINT, 1, "certificate_list[1].basic_constraints" },
        { "leafca-leaf", "server-rsa2048", NULL, ANY, D, NOW, TCH_CERT_CONSTRAINT, 1, "trust_anchor.basic_constraints" },
    };

    (void)state;
    CHECK(rows);
}

static void weak_keys_and_signatures_go_by_policy_R_PKI_082(void **state)
{
    static const struct row rows[] = {
        { "server-sha1", "ca", NULL, S, D, NOW, TCH_CERT_WEAK, 0, ".signature_algorithm" },
        { "server-sha1", "ca", NULL, S, COMP, NOW, GOOD },
        { "server-rsa1024", "ca", NULL, S, D, NOW, TCH_CERT_WEAK, 0, ".subject_public_key_info" },
        { "server-rsa1024", "ca", NULL, S, COMP, NOW, TCH_CERT_WEAK, 0, ".subject_public_key_info" },
        { "server-rsa1024", "ca", NULL, S, LEG, NOW, GOOD },
        { "server-rsa512", "ca", NULL, S, LEG, NOW, TCH_CERT_WEAK, 0, ".subject_public_key_info" },
        { "server-rsa512", "ca", NULL, S, MUS, NOW, GOOD },
        /* the signature of an anchor is not judged */
        { "server-sha1", "server-sha1", NULL, S, D, NOW, GOOD },
    };

    (void)state;
    CHECK(rows);
}
/* clang-format on */

static void the_result_tells_the_path(void **state)
{
    static const struct row straight = {
        "chain-rsa-root", "other-ca ca", "localhost", S, D, NOW, GOOD
    };
    static const struct row shuffled = {
        "chain-leaf other-ca intermediate", "ca", NULL, S, D, NOW, GOOD
    };
    static const struct row direct = {
        "server-selfsigned", "ca server-selfsigned", NULL, S, D, NOW, GOOD
    };
    static const struct row wrong_name = { "chain-rsa",
                                           "ca",
                                           "no.test",
                                           S,
                                           D,
                                           NOW,
                                           TCH_CERT_WRONG_NAME,
                                           0,
                                           ".subject_alt_name" };
    struct tch_path_result out;

    (void)state;
    check(&straight, &out);
    assert_int_equal(out.len, 2);
    assert_int_equal(out.path[0], 0);
    assert_int_equal(out.path[1], 1);
    assert_int_equal(out.anchor, 1);
    check(&shuffled, &out);
    assert_int_equal(out.len, 2);
    assert_int_equal(out.path[1], 2);
    assert_int_equal(out.anchor, 0);
    check(&direct, &out);
    assert_int_equal(out.len, 1);
    assert_int_equal(out.anchor, 1);
    check(&wrong_name, &out);
    assert_int_equal(out.len, 2);
    assert_int_equal(out.anchor, 0);
}

static void time_can_be_left_out(void **state)
{
    struct pile chain = { .num = 0 };
    struct pile roots = { .num = 0 };
    struct tch_path_request q = { .alloc = &tch_alloc_default,
                                  .policy = tch_policy_get(D),
                                  .purpose = S,
                                  .now = NOW };
    struct tch_path_result out;
    struct tch_anchors *anchors;

    (void)state;
    pile_add(&chain, "server-expired");
    pile_add(&roots, "ca");
    anchors = anchors_of(&roots);
    q.chain = chain.der;
    q.num = 1;
    q.anchors = anchors;
    assert_int_equal(tch_path_verify(&q, &out), TCH_CERT_EXPIRED);
    q.ignore_time = true;
    assert_int_equal(tch_path_verify(&q, &out), TCH_OK);
    q.now = 0;
    assert_int_equal(tch_path_verify(&q, &out), TCH_OK);
    tch_anchors_free(anchors);
    pile_free(&chain);
    pile_free(&roots);
}

/* Asks about one DER certificate under `ca`, plus what else the peer sent. */
static enum tch_status ask(const struct tch_slice *chain, size_t num,
                           struct tch_path_result *out)
{
    struct pile roots = { .num = 0 };
    struct tch_path_request q = { .chain = chain,
                                  .num = num,
                                  .alloc = &tch_alloc_default,
                                  .policy = tch_policy_get(D),
                                  .purpose = S,
                                  .now = NOW };
    struct tch_anchors *anchors;
    enum tch_status st;

    pile_add(&roots, "ca");
    anchors = anchors_of(&roots);
    q.anchors = anchors;
    st = tch_path_verify(&q, out);
    tch_anchors_free(anchors);
    pile_free(&roots);
    return st;
}

/* In a leaf whose issuer is known by its key identifier. */
static void a_changed_leaf_has_a_bad_signature_R_PKI_020(void **state)
{
    struct pile p = { .num = 0 };
    struct tch_path_result out;
    struct tch_cert c;
    uint8_t *copy;
    size_t serial;
    size_t sig;

    (void)state;
    pile_add(&p, "server-rsa2048");
    copy = malloc(p.der[0].len);
    assert_non_null(copy);
    memcpy(copy, p.der[0].p, p.der[0].len);
    p.der[1] = tch_slice_of(copy, p.der[0].len);
    assert_int_equal(tch_cert_parse(&c, p.der[1], NULL), TCH_OK);
    serial = (size_t)(c.serial.p - copy);
    sig = (size_t)(c.signature.p - copy);
    assert_int_equal(ask(&p.der[1], 1, &out), TCH_OK);
    copy[serial] ^= 1;
    assert_int_equal(ask(&p.der[1], 1, &out), TCH_CERT_BAD_SIGNATURE);
    assert_int_equal(out.failure.alert, TCH_ALERT_BAD_CERTIFICATE);
    assert_string_equal(out.failure.path,
                        "certificate_list[0].signature_value");
    copy[serial] ^= 1;
    copy[sig + 100] ^= 0x40;
    assert_int_equal(ask(&p.der[1], 1, &out), TCH_CERT_BAD_SIGNATURE);
    free(copy);
    pile_free(&p);
}

static void a_leaf_that_does_not_parse_is_bad_R_HS_102(void **state)
{
    struct pile p = { .num = 0 };
    struct tch_path_result out;

    (void)state;
    pile_add(&p, "server-rsa2048");
    p.der[0].len--;
    assert_int_equal(ask(p.der, 1, &out), TCH_CERT_BAD);
    assert_int_equal(out.failure.status, TCH_CERT_BAD);
    assert_int_equal(out.failure.alert, TCH_ALERT_BAD_CERTIFICATE);
    assert_true(out.failure.path[0] != '\0');
    assert_int_equal(ask(p.der, 0, &out), TCH_BAD_ARGUMENT);
    p.der[0].len++;
    pile_free(&p);
}

static void rubbish_in_the_pile_is_passed_over_R_PKI_037(void **state)
{
    struct pile p = { .num = 0 };
    struct tch_path_result out;
    struct tch_slice mixed[5];

    (void)state;
    pile_add(&p, "chain-leaf");
    pile_add(&p, "intermediate");
    mixed[0] = p.der[0];
    mixed[1] = tch_slice_of("rubbish", 7);
    mixed[2] = tch_slice_of("", 0);
    mixed[3] = tch_slice_of(p.der[1].p, p.der[1].len - 1);
    mixed[4] = p.der[1];
    assert_int_equal(ask(mixed, 5, &out), TCH_OK);
    assert_int_equal(out.path[1], 4);
    assert_int_equal(ask(mixed, 4, &out), TCH_CERT_UNTRUSTED);
    pile_free(&p);
}

static void a_pile_of_more_than_1024_is_too_much(void **state)
{
    static struct tch_slice many[TCH_PATH_MAX_PILE + 1];
    struct pile p = { .num = 0 };
    struct tch_path_result out;

    (void)state;
    pile_add(&p, "server-ec256");
    for (size_t i = 0; i <= TCH_PATH_MAX_PILE; i++) {
        many[i] = p.der[0];
    }
    assert_int_equal(ask(many, TCH_PATH_MAX_PILE, &out), TCH_OK);
    assert_int_equal(ask(many, TCH_PATH_MAX_PILE + 1, &out),
                     TCH_CERT_TOO_MUCH_WORK);
    pile_free(&p);
}

static void when_memory_runs_out_it_says_so_and_loses_none(void **state)
{
    struct counter c = { 0, 0, 0 };
    struct tch_alloc alloc = counted_alloc(&c);
    struct pile chain = { .num = 0 };
    struct pile roots = { .num = 0 };
    struct tch_path_request q = { .alloc = &alloc,
                                  .policy = tch_policy_get(D),
                                  .purpose = S,
                                  .now = NOW };
    struct tch_path_result out;
    struct tch_anchors *anchors;
    size_t calls;

    (void)state;
    pile_add(&chain, "chain-rsa-root");
    pile_add(&roots, "ca");
    anchors = anchors_of(&roots);
    q.anchors = anchors;
    q.chain = chain.der;
    q.num = chain.num;
    assert_int_equal(tch_path_verify(&q, &out), TCH_OK);
    assert_int_equal(c.taken, 0);
    calls = c.calls;
    assert_true(calls >= 4);
    for (size_t i = 1; i <= calls; i++) {
        c.calls = 0;
        c.fail_at = i;
        assert_int_equal(tch_path_verify(&q, &out), TCH_NO_MEMORY);
        assert_int_equal(c.taken, 0);
    }
    tch_anchors_free(anchors);
    pile_free(&chain);
    pile_free(&roots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_servers_of_every_kind_of_key),
        cmocka_unit_test(a_chain_may_come_in_any_order_R_PKI_036),
        cmocka_unit_test(anchors_come_from_the_set_alone_R_PKI_035),
        cmocka_unit_test(a_leaf_or_an_intermediate_may_be_the_anchor),
        cmocka_unit_test(dates_are_inclusive_R_PKI_021),
        cmocka_unit_test(the_name_is_told_last),
        cmocka_unit_test(the_use_must_be_allowed_R_PKI_048),
        cmocka_unit_test(unknown_critical_extensions_are_refused_R_PKI_033),
        cmocka_unit_test(a_leaf_is_no_authority_R_ATK_042),
        cmocka_unit_test(weak_keys_and_signatures_go_by_policy_R_PKI_082),
        cmocka_unit_test(the_result_tells_the_path),
        cmocka_unit_test(time_can_be_left_out),
        cmocka_unit_test(a_changed_leaf_has_a_bad_signature_R_PKI_020),
        cmocka_unit_test(a_leaf_that_does_not_parse_is_bad_R_HS_102),
        cmocka_unit_test(rubbish_in_the_pile_is_passed_over_R_PKI_037),
        cmocka_unit_test(a_pile_of_more_than_1024_is_too_much),
        cmocka_unit_test(when_memory_runs_out_it_says_so_and_loses_none),
    };

    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
