/* Host names in their normal form: RFC 6066 3; R-EXT-011, R-EXT-016. */

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/hostname.h"

static size_t normal(const char *name, char *out)
{
    return tch_hostname(tch_slice_of(name, strlen(name)), out);
}

static void names_are_in_lower_case_without_a_trailing_dot(void **state)
{
    char out[TCH_HOSTNAME_MAX + 1];

    (void)state;
    assert_int_equal(normal("LocalHost", out), 9);
    assert_string_equal(out, "localhost");
    assert_int_equal(normal("Example.TEST.", out), 12);
    assert_string_equal(out, "example.test");
    assert_int_equal(normal("a..", out), 2);
    assert_string_equal(out, "a.");
    assert_int_equal(normal("", out), 0);
    assert_string_equal(out, "");
    assert_int_equal(normal("@[`{", out), 4);
    assert_string_equal(out, "@[`{");
}

static void a_name_that_is_too_long_gives_its_length_alone(void **state)
{
    char name[400];
    char out[TCH_HOSTNAME_MAX + 1];

    (void)state;
    memset(name, 'A', sizeof name);
    assert_int_equal(tch_hostname(tch_slice_of(name, 255), out), 255);
    assert_int_equal(strlen(out), 255);
    assert_int_equal(tch_hostname(tch_slice_of(name, 256), out), 256);
    assert_string_equal(out, "");
    name[255] = '.';
    assert_int_equal(tch_hostname(tch_slice_of(name, 256), out), 255);
    assert_int_equal(strlen(out), 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_in_lower_case_without_a_trailing_dot),
        cmocka_unit_test(a_name_that_is_too_long_gives_its_length_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
