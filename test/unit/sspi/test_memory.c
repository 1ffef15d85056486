/*
 * test_memory.c - package memory and FreeContextBuffer (contract 2.3, F3)
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sspi/include/sspi.h"
#include "sspi/live.h"
#include "sspi/memory.h"

static void package_memory_is_zeroed_and_freed_once(void **state)
{
    uint8_t *p = tch_package_alloc(100);

    (void)state;
    assert_non_null(p);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(p[i], 0);
    }
    assert_int_equal(FreeContextBuffer(p), SEC_E_OK);
    assert_int_equal(FreeContextBuffer(p), SEC_E_INVALID_HANDLE);
}

static void pointers_that_are_not_ours_are_not_touched(void **state)
{
    uint8_t *p = tch_package_alloc(100);
    int local;

    (void)state;
    assert_int_equal(FreeContextBuffer(NULL), SEC_E_OK);
    assert_int_equal(FreeContextBuffer(&local), SEC_E_INVALID_HANDLE);
    assert_int_equal(FreeContextBuffer(p + 1), SEC_E_INVALID_HANDLE);
    assert_int_equal(FreeContextBuffer((void *)(uintptr_t)1),
                     SEC_E_INVALID_HANDLE);
    assert_int_equal(FreeContextBuffer((void *)(uintptr_t)-8),
                     SEC_E_INVALID_HANDLE);
    assert_int_equal(FreeContextBuffer(p), SEC_E_OK);
}

static void own_memory_is_no_package_memory(void **state)
{
    void *p = tch_own(16);

    (void)state;
    assert_int_equal(FreeContextBuffer(p), SEC_E_INVALID_HANDLE);
    tch_disown(p, 16);
}

static void nothing_is_a_block_too(void **state)
{
    void *p = tch_package_alloc(0);

    (void)state;
    assert_non_null(p);
    tch_package_free(p);
    tch_package_free(NULL);
    assert_int_equal(FreeContextBuffer(p), SEC_E_INVALID_HANDLE);
}

static void copies_are_the_bytes(void **state)
{
    char *p = tch_package_copy(tch_slice_of("abc", 3));
    char *text = tch_own_text("def");

    (void)state;
    assert_memory_equal(p, "abc", 3);
    assert_string_equal(text, "def");
    assert_null(tch_own_text(NULL));
    tch_package_free(p);
    tch_disown_text(text);
    tch_disown_text(NULL);
}

enum { MANY = 5000 };

static void many_blocks_in_any_order(void **state)
{
    static void *blocks[MANY];
    size_t before = tch_live_count(TCH_LIVE_MEMORY);

    (void)state;
    for (int i = 0; i < MANY; i++) {
        blocks[i] = tch_package_alloc((size_t)i % 50 + 1);
        assert_non_null(blocks[i]);
    }
    assert_int_equal(tch_live_count(TCH_LIVE_MEMORY), before + MANY);
    /* Every third, then the rest backwards: gaps in all places. */
    for (int i = 0; i < MANY; i += 3) {
        assert_int_equal(FreeContextBuffer(blocks[i]), SEC_E_OK);
    }
    for (int i = MANY - 1; i >= 0; i--) {
        assert_int_equal(FreeContextBuffer(blocks[i]),
                         i % 3 == 0 ? SEC_E_INVALID_HANDLE : SEC_E_OK);
    }
    assert_int_equal(tch_live_count(TCH_LIVE_MEMORY), before);
}

/* Two threads free the same blocks: each block goes exactly once. */
static void *shared[MANY];
static atomic_int freed;

static void *free_all(void *arg)
{
    (void)arg;
    for (int i = 0; i < MANY; i++) {
        if (FreeContextBuffer(shared[i]) == SEC_E_OK) {
            atomic_fetch_add(&freed, 1);
        }
    }
    return NULL;
}

static void of_two_that_free_one_succeeds(void **state)
{
    pthread_t a, b;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        shared[i] = tch_package_alloc(8);
    }
    assert_int_equal(pthread_create(&a, NULL, free_all, NULL), 0);
    assert_int_equal(pthread_create(&b, NULL, free_all, NULL), 0);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert_int_equal(freed, MANY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(package_memory_is_zeroed_and_freed_once),
        cmocka_unit_test(pointers_that_are_not_ours_are_not_touched),
        cmocka_unit_test(own_memory_is_no_package_memory),
        cmocka_unit_test(nothing_is_a_block_too),
        cmocka_unit_test(copies_are_the_bytes),
        cmocka_unit_test(many_blocks_in_any_order),
        cmocka_unit_test(of_two_that_free_one_succeeds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
