/* The clock: milliseconds since 1970, and a hook in its place. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

#include "engine/base/draw.h"

static void the_systems_clock_counts_milliseconds(void **state)
{
    time_t before = time(NULL);
    uint64_t now = tch_now(&tch_clock_system);
    time_t after = time(NULL);

    (void)state;
    assert_true(now / 1000 + 1 >= (uint64_t)before);
    assert_true(now / 1000 <= (uint64_t)after + 1);
}

static void the_clock_goes_on(void **state)
{
    const struct timespec pause = { 0, 5000000 };
    uint64_t start = tch_now(&tch_clock_system);
    uint64_t end;

    (void)state;
    nanosleep(&pause, NULL);
    end = tch_now(&tch_clock_system);
    assert_true(end >= start + 4 && end < start + 60000);
}

static uint64_t still(void *arg)
{
    return *(const uint64_t *)arg;
}

static void a_hook_takes_its_place(void **state)
{
    uint64_t t = 42;
    struct tch_clock c = { still, &t };

    (void)state;
    assert_int_equal(tch_now(&c), 42);
    t = 43;
    assert_int_equal(tch_now(&c), 43);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_systems_clock_counts_milliseconds),
        cmocka_unit_test(the_clock_goes_on),
        cmocka_unit_test(a_hook_takes_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
