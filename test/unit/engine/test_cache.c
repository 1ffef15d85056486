/* The session cache: what is found, what goes, and its bound (R-HS-060). */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "engine/engine.h"

#define MOST 8192u

static struct tch_cache *cache;

static int set_up(void **state)
{
    (void)state;
    cache = tch_cache_new(&tch_alloc_default);
    return cache == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    tch_cache_free(cache);
    return 0;
}

static struct tch_slice key_of(unsigned i)
{
    static char text[4][32];
    static unsigned at;

    at = (at + 1) % 4;
    snprintf(text[at], sizeof text[at], "key-%u.example", i);
    return tch_slice_of(text[at], strlen(text[at]));
}

static struct tch_session *session(unsigned i)
{
    struct tch_session *s = tch_session_new(&tch_alloc_default);

    assert_non_null(s);
    s->expires = 1000;
    s->suite = (uint16_t)i;
    return s;
}

static void keep(unsigned i)
{
    struct tch_session *s = session(i);

    tch_cache_put(cache, key_of(i), s);
    tch_session_unref(s);
}

static bool has(unsigned i)
{
    struct tch_session *s = tch_cache_get(cache, key_of(i), 0);
    bool there = s != NULL;

    assert_true(!there || s->suite == (uint16_t)i);
    tch_session_unref(s);
    return there;
}

static void what_was_put_is_found_and_nothing_else(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        keep(i);
    }
    for (unsigned i = 0; i < 100; i++) {
        assert_true(has(i));
    }
    assert_false(has(100));
    assert_null(tch_cache_get(cache, tch_slice_of("key", 3), 0));
}

static void the_newest_session_of_a_key_counts(void **state)
{
    struct tch_session *s = session(77);
    struct tch_session *got;

    (void)state;
    keep(5);
    tch_cache_put(cache, key_of(5), s);
    got = tch_cache_get(cache, key_of(5), 0);
    assert_ptr_equal(got, s);
    tch_session_unref(got);
    tch_session_unref(s);
}

static void what_has_expired_is_not_found_R_HS_060(void **state)
{
    struct tch_session *s;

    (void)state;
    keep(1);
    s = tch_cache_get(cache, key_of(1), 999);
    assert_non_null(s);
    tch_session_unref(s);
    assert_null(tch_cache_get(cache, key_of(1), 1000));
    assert_null(tch_cache_get(cache, key_of(1), 999)); /* dropped */
}

static void what_may_not_be_resumed_is_not_found_R_ALR_004(void **state)
{
    struct tch_session *s = session(3);

    (void)state;
    tch_cache_put(cache, key_of(3), s);
    tch_session_set_resumable(s, false);
    assert_null(tch_cache_get(cache, key_of(3), 0));
    tch_session_unref(s);
}

static void a_full_cache_drops_what_was_used_longest_ago(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MOST; i++) {
        keep(i);
    }
    assert_true(has(0)); /* used: now 1 is the oldest */
    keep(MOST);
    assert_true(has(0));
    assert_false(has(1));
    assert_true(has(2));
    assert_true(has(MOST));
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* O(1): with a full cache 100,000 turns take far less than a linear search
 * of 8192 entries would (that is 400 million comparisons). */
static void a_turn_costs_the_same_in_a_full_cache(void **state)
{
    double start;
    double empty;
    double full;

    (void)state;
    start = seconds();
    for (unsigned i = 0; i < 20000; i++) {
        (void)has(i);
    }
    empty = seconds() - start;
    for (unsigned i = 0; i < MOST; i++) {
        keep(i);
    }
    start = seconds();
    for (unsigned i = 0; i < 20000; i++) {
        (void)has(i + MOST);
    }
    full = seconds() - start;
    print_message("# 20000 misses: empty %.1f ms, full %.1f ms\n",
                  1e3 * empty, 1e3 * full);
    assert_true(full < 50 * empty + 0.2);
}

static void sessions_are_forgotten_by_server_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        struct tch_session *s = session(i);

        snprintf(s->server_name, sizeof s->server_name, "%s",
                 i % 2 == 0 ? "even.example" : "odd.example");
        tch_cache_put(cache, key_of(i), s);
        tch_session_unref(s);
    }
    assert_int_equal(tch_cache_forget(cache, "none.example"), 0);
    assert_int_equal(tch_cache_forget(cache, "even.example"), 5);
    assert_false(has(0));
    assert_true(has(1));
    assert_int_equal(tch_cache_forget(cache, NULL), 5);
    assert_false(has(1));
    assert_int_equal(tch_cache_forget(cache, NULL), 0);
}

static void a_session_found_outlives_the_cache(void **state)
{
    struct tch_session *s;

    (void)state;
    keep(9);
    s = tch_cache_get(cache, key_of(9), 0);
    tch_cache_free(cache);
    cache = tch_cache_new(&tch_alloc_default);
    assert_int_equal(s->suite, 9);
    tch_session_unref(s);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(what_was_put_is_found_and_nothing_else),
        T(the_newest_session_of_a_key_counts),
        T(what_has_expired_is_not_found_R_HS_060),
        T(what_may_not_be_resumed_is_not_found_R_ALR_004),
        T(a_full_cache_drops_what_was_used_longest_ago),
        T(a_turn_costs_the_same_in_a_full_cache),
        T(sessions_are_forgotten_by_server_name),
        T(a_session_found_outlives_the_cache),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
