/*
 * Path validation against x509-limbo and BetterTLS, from the data set beside
 * the repository; without it this program skips with one line.
 *
 * 71 cases of the set are the core: the field agrees on them, and so must we,
 * every one. Of the others every disagreement must be one that is listed here
 * with its reason; SUCCESS and FAILURE are counted apart.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/glue/support_json.h"
#include "test/unit/glue/support_x509.h"

#define LIMBO "../shared/data/limbo-dev.json.gz"
#define CORE_IDS "../shared/data/limbo-core-ids.json"

/* The set was made on 2026-11-19; cases without a time mean that day. */
#define MADE_AT "2026-11-20T12:00:00Z"

static struct json_doc limbo;
static struct json_doc core;

/* Where we say something else than limbo, and why. */
static const struct {
    const char *id;
    const char *reason;
} known[] = {
    { "rfc5280::aki::cross-signed-root-missing-aki",
      "key identifiers are hints, R-PKI-036" },
    { "rfc5280::ski::root-missing-ski",
      "key identifiers are hints, R-PKI-036" },
    { "rfc5280::root-non-critical-basic-constraints",
      "what an authority must mark critical is the authority's duty" },
    { "rfc5280::nc::invalid-dnsname-leading-period",
      "a leading dot means sub-domains only, R-PKI-060" },
    { "rfc5280::pc::ica-noncritical-pc",
      "what an authority must mark critical is the authority's duty" },
    { "webpki::aki::root-with-aki-missing-keyidentifier",
      "CA/Browser Forum rule for authorities" },
    { "webpki::aki::root-with-aki-authoritycertissuer",
      "CA/Browser Forum rule for authorities" },
    { "webpki::aki::root-with-aki-authoritycertserialnumber",
      "CA/Browser Forum rule for authorities" },
    { "webpki::cn::ipv4-hex-mismatch",
      "CA/Browser Forum rule; the common name is not looked at" },
    { "webpki::cn::ipv4-leading-zeros-mismatch",
      "CA/Browser Forum rule; the common name is not looked at" },
    { "webpki::cn::ipv6-non-rfc5952-mismatch",
      "CA/Browser Forum rule; the common name is not looked at" },
    { "webpki::cn::punycode-not-in-san",
      "CA/Browser Forum rule; the common name is not looked at" },
    { "webpki::cn::not-in-san",
      "CA/Browser Forum rule; the common name is not looked at" },
    { "webpki::eku::ee-critical-eku",
      "CA/Browser Forum rule; RFC 5280 4.2.1.12 allows it" },
    { "webpki::san::public-suffix-multi-label-wildcard-san",
      "CA/Browser Forum rule; needs the public suffix list" },
    { "webpki::san::public-suffix-private-namespace-wildcard-san",
      "CA/Browser Forum rule; needs the public suffix list" },
    { "webpki::ee-basicconstraints-ca",
      "CA/Browser Forum rule; RFC 5280 lets an authority be a leaf" },
};

/* ---- running one case --------------------------------------------------- */

static void add_all(struct pile *p, const struct json *list)
{
    const struct json *c = list == NULL ? NULL : list->first;

    for (; c != NULL; c = c->next) {
        pile_add_pem(p, tch_slice_of(c->text, strlen(c->text)));
    }
}

/* An RFC822 name is no host; limbo has those only for CLIENT cases. */
static const char *host_of(const struct json *test)
{
    const struct json *name = json_get(test, "expected_peer_name");
    const char *kind = json_text(name, "kind");

    return strcmp(kind, "DNS") == 0 || strcmp(kind, "IP") == 0
               ? json_text(name, "value")
               : NULL;
}

static enum tch_status verify_case(const struct json *test)
{
    struct pile chain = { .num = 0 };
    struct pile roots = { .num = 0 };
    const char *leaf = json_text(test, "peer_certificate");
    const char *time = json_text(test, "validation_time");
    long depth = json_number(test, "max_chain_depth", -1);
    struct tch_path_request q = { .alloc = &tch_alloc_default };
    struct tch_path_result out;
    struct tch_anchors *anchors;
    enum tch_status st;

    pile_add_pem(&chain, tch_slice_of(leaf, strlen(leaf)));
    assert_int_equal(chain.num, 1);
    add_all(&chain, json_get(test, "untrusted_intermediates"));
    add_all(&roots, json_get(test, "trusted_certs"));
    anchors = anchors_of(&roots);
    q.chain = chain.der;
    q.num = chain.num;
    q.anchors = anchors;
    q.policy = tch_policy_get(TCH_POLICY_DEFAULT);
    q.host = host_of(test);
    q.now = read_rfc3339(time[0] != '\0' ? time : MADE_AT);
    q.purpose = strcmp(json_text(test, "validation_kind"), "CLIENT") == 0
                    ? TCH_PURPOSE_CLIENT
                    : TCH_PURPOSE_SERVER;
    q.limit_depth = depth >= 0;
    q.max_intermediates = depth >= 0 ? (size_t)depth : 0;
    st = tch_path_verify(&q, &out);
    tch_anchors_free(anchors);
    pile_free(&chain);
    pile_free(&roots);
    return st;
}

/* ---- counting ----------------------------------------------------------- */

/* Cases by what is expected; `agreed` are those where we say the same. */
struct tally {
    unsigned num[2];
    unsigned agreed[2];
};

static bool expects_success(const struct json *test)
{
    return strcmp(json_text(test, "expected_result"), "SUCCESS") == 0;
}

/* Runs one case and counts it; prints it when we disagree. */
static bool count_case(struct tally *t, const struct json *test)
{
    bool success = expects_success(test);
    enum tch_status st = verify_case(test);
    bool agreed = (st == TCH_OK) == success;

    t->num[success]++;
    t->agreed[success] += agreed ? 1u : 0u;
    if (!agreed) {
        printf("  differs: %s expects %s, we say %s\n", json_text(test, "id"),
               success ? "SUCCESS" : "FAILURE", tch_status_name(st));
    }
    return agreed;
}

static void print_tally(const char *what, const struct tally *t)
{
    printf("%s: SUCCESS %u of %u, FAILURE %u of %u\n", what, t->agreed[1],
           t->num[1], t->agreed[0], t->num[0]);
}

static bool begins_with(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool is_core(const char *id)
{
    const struct json *ids = json_get(core.root, "ids");

    for (const struct json *i = ids->first; i != NULL; i = i->next) {
        if (strcmp(i->text, id) == 0) {
            return true;
        }
    }
    return false;
}

/* Says why a difference is meant, or that no reason is known. */
static bool explain(const char *id)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].id, id) == 0) {
            printf("    %s\n", known[i].reason);
            return true;
        }
    }
    printf("    without a reason\n");
    return false;
}

static const struct json *first_case(void)
{
    return json_get(limbo.root, "testcases")->first;
}

static void require_data(void)
{
    if (limbo.root == NULL || core.root == NULL) {
        skip();
    }
}

/* ---- tests -------------------------------------------------------------- */

static void the_core_cases_all_agree(void **state)
{
    struct tally t = { { 0, 0 }, { 0, 0 } };

    (void)state;
    require_data();
    for (const struct json *c = first_case(); c != NULL; c = c->next) {
        if (is_core(json_text(c, "id"))) {
            (void)count_case(&t, c);
        }
    }
    print_tally("limbo core", &t);
    assert_int_equal(t.num[0] + t.num[1], 71);
    assert_int_equal(t.agreed[0], t.num[0]);
    assert_int_equal(t.agreed[1], t.num[1]);
}

static void limbo_cases_differ_only_where_a_reason_is_given(void **state)
{
    struct tally t = { { 0, 0 }, { 0, 0 } };
    unsigned unexplained = 0;

    (void)state;
    require_data();
    for (const struct json *c = first_case(); c != NULL; c = c->next) {
        const char *id = json_text(c, "id");

        if (!begins_with(id, "bettertls::") && !count_case(&t, c) &&
            !explain(id)) {
            unexplained++;
        }
    }
    print_tally("limbo's own", &t);
    assert_int_equal(t.num[0] + t.num[1], 99);
    assert_int_equal(t.agreed[1], t.num[1]);
    assert_true(t.agreed[0] >= 54);
    assert_int_equal(unexplained, 0);
}

static struct tally run_group(const char *prefix)
{
    struct tally t = { { 0, 0 }, { 0, 0 } };

    for (const struct json *c = first_case(); c != NULL; c = c->next) {
        if (begins_with(json_text(c, "id"), prefix)) {
            (void)count_case(&t, c);
        }
    }
    print_tally(prefix, &t);
    return t;
}

static void bettertls_path_building_agrees(void **state)
{
    struct tally t;

    (void)state;
    require_data();
    t = run_group("bettertls::pathbuilding");
    assert_int_equal(t.num[0] + t.num[1], 36);
    assert_int_equal(t.agreed[0], t.num[0]);
    assert_int_equal(t.agreed[1], t.num[1]);
}

static void bettertls_name_constraints_agree(void **state)
{
    struct tally t;

    (void)state;
    require_data();
    t = run_group("bettertls::nameconstraints");
    assert_int_equal(t.num[0] + t.num[1], 4787);
    assert_int_equal(t.agreed[0], t.num[0]);
    assert_int_equal(t.agreed[1], t.num[1]);
}

/* ---- the data ----------------------------------------------------------- */

/* Reads what a command writes; NULL when that is nothing. */
static char *read_command(const char *command, size_t *len)
{
    FILE *f = popen(command, "r");
    size_t cap = 64u << 20;
    char *buf = malloc(cap);

    *len = 0;
    if (f != NULL && buf != NULL) {
        *len = fread(buf, 1, cap - 1, f);
    }
    if (f != NULL) {
        pclose(f);
    }
    if (*len == 0) {
        free(buf);
        return NULL;
    }
    buf[*len] = '\0';
    return buf;
}

/* The JSON reader wants ASCII; what is beyond it stands in descriptions
 * alone, and becomes question marks. */
static void make_ascii(char *text, size_t len)
{
    const char *end = text + len;

    for (char *p = strstr(text, "\\u"); p != NULL; p = strstr(p, "\\u")) {
        if (end - p >= 6 && strncmp(p, "\\u00", 4) != 0) {
            memcpy(p, "??????", 6);
        }
        p += 2;
    }
}

static int load(void **state)
{
    FILE *f = fopen(LIMBO, "rb");
    size_t len;
    char *text;

    (void)state;
    if (f == NULL) {
        fprintf(stderr, "SKIP: %s is not there\n", LIMBO);
        return 0;
    }
    fclose(f);
    text = read_command("gzip -dc " LIMBO, &len);
    if (text != NULL) {
        make_ascii(text, len);
    }
    if (text == NULL || !json_parse(text, len, &limbo)) {
        fprintf(stderr, "set-up: %s cannot be read\n", LIMBO);
        free(text);
        return 1;
    }
    free(text);
    return json_load(CORE_IDS, &core) ? 0 : 1;
}

static int unload(void **state)
{
    (void)state;
    json_free(&limbo);
    json_free(&core);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_core_cases_all_agree),
        cmocka_unit_test(limbo_cases_differ_only_where_a_reason_is_given),
        cmocka_unit_test(bettertls_path_building_agrees),
        cmocka_unit_test(bettertls_name_constraints_agree),
    };

    return cmocka_run_group_tests_name("path_limbo", tests, load, unload);
}
