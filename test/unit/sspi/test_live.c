/*
 * test_live.c - the set of pointers handed out
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sspi/live.h"

static void a_pointer_is_in_under_its_kind_only(void **state)
{
    int object = 0;
    size_t size = 0;

    (void)state;
    assert_false(tch_live_has(TCH_LIVE_CERT, &object));
    assert_true(tch_live_add(TCH_LIVE_CERT, &object, 77));
    assert_true(tch_live_has(TCH_LIVE_CERT, &object));
    assert_false(tch_live_has(TCH_LIVE_STORE, &object));
    assert_false(tch_live_remove(TCH_LIVE_STORE, &object, NULL));
    assert_true(tch_live_remove(TCH_LIVE_CERT, &object, &size));
    assert_int_equal(size, 77);
    assert_false(tch_live_remove(TCH_LIVE_CERT, &object, &size));
    assert_false(tch_live_has(TCH_LIVE_CERT, NULL));
}

/* Against a plain array, with pointers close together and far apart. */
static void it_agrees_with_a_list(void **state)
{
    enum { NUM = 3000, STEPS = 60000 };
    static bool in[NUM];
    uint32_t seed = 12345;
    size_t num = 0;

    (void)state;
    for (int i = 0; i < STEPS; i++) {
        size_t k;
        const void *p;

        seed = seed * 1664525 + 1013904223;
        k = (seed >> 8) % NUM;
        p = (const void *)(uintptr_t)(k % 2 == 0 ? 16 * (k + 1)
                                                 : (k + 1) << 20);
        assert_int_equal(tch_live_has(TCH_LIVE_STORE, p), in[k]);
        if (in[k]) {
            assert_true(tch_live_remove(TCH_LIVE_STORE, p, NULL));
            num--;
        } else {
            assert_true(tch_live_add(TCH_LIVE_STORE, p, k));
            num++;
        }
        in[k] = !in[k];
    }
    assert_int_equal(tch_live_count(TCH_LIVE_STORE), num);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pointer_is_in_under_its_kind_only),
        cmocka_unit_test(it_agrees_with_a_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
