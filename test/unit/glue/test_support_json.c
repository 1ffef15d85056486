/* The JSON reader that the vector tests trust: what it reads and refuses. */

#include "test/unit/glue/support_bytes.h"

#include <string.h>

#include "test/unit/glue/support_json.h"

static const char sample[] =
    " { \"algorithm\" : \"X\\u0041\\n\\\"\", \"n\": -42, \"none\": null,\n"
    "\t\"list\": [ ], \"groups\": [ {\"tests\":[{\"hex\":\"00fF\"}, 1]},"
    " true, false ], \"flags\": [\"One\", \"Two\"] } ";

static void values_are_found_by_name(void **state)
{
    struct json_doc doc;
    const struct json *groups;
    uint8_t bytes[2];

    (void)state;
    assert_true(json_parse(sample, strlen(sample), &doc));
    assert_string_equal(json_text(doc.root, "algorithm"), "XA\n\"");
    assert_int_equal(json_number(doc.root, "n", 0), -42);
    assert_int_equal(json_number(doc.root, "absent", 7), 7);
    assert_int_equal(json_get(doc.root, "none")->kind, JSON_NULL);
    assert_null(json_get(doc.root, "list")->first);
    groups = json_get(doc.root, "groups");
    assert_int_equal(groups->num, 3);
    assert_int_equal(json_hex(json_get(groups->first, "tests")->first, "hex",
                              bytes, sizeof bytes),
                     2);
    assert_int_equal(bytes[0] << 8 | bytes[1], 0x00ff);
    assert_int_equal(groups->first->next->kind, JSON_TRUE);
    assert_true(json_has_flag(doc.root, "Two"));
    assert_false(json_has_flag(doc.root, "Three"));
    assert_string_equal(json_text(doc.root, "n"), "");
    assert_null(json_get(NULL, "n"));
    json_free(&doc);
}

static void every_beginning_of_a_document_is_refused(void **state)
{
    struct json_doc doc;
    size_t whole = (size_t)(strrchr(sample, '}') - sample) + 1;

    (void)state;
    for (size_t len = 0; len < whole; len++) {
        assert_false(json_parse(sample, len, &doc));
        assert_null(doc.root);
    }
    assert_true(json_parse(sample, whole, &doc));
    json_free(&doc);
}

static void what_is_no_json_is_refused(void **state)
{
    static const char *const bad[] = {
        "",          "{} {}",        "[1,]",        "[1 2]",
        "{\"a\" 1}", "{\"a\":1,}",   "{a:1}",       "[1.5]",
        "[1e3]",     "nul",          "[\"\\x\"]",   "[\"\\u00e9\"]",
        "[\"\\u0\"]", "[\"\\u0000\"]", "[\"a\nb\"]", "{\"a\":1]",
        "[1}",       "]",            "[,1]",        "\"open",
    };
    struct json_doc doc;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(json_parse(bad[i], strlen(bad[i]), &doc));
    }
}

static void nesting_is_bounded(void **state)
{
    struct json_doc doc;
    char deep[66];

    (void)state;
    memset(deep, '[', 33);
    memset(deep + 33, ']', 33);
    assert_false(json_parse(deep, 66, &doc));
    assert_true(json_parse(deep + 1, 64, &doc));
    json_free(&doc);
}

static void a_file_that_is_not_there_is_no_error(void **state)
{
    struct json_doc doc;

    (void)state;
    assert_false(json_load("vectors/no-such-file.json", &doc));
    assert_null(doc.root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_found_by_name),
        cmocka_unit_test(every_beginning_of_a_document_is_refused),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(a_file_that_is_not_there_is_no_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
