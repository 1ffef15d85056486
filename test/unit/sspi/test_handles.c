/*
 * test_handles.c - handles that are good, stale, foreign, and used by several
 * threads at once (contract 2.1)
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sspi/handles.h"

static atomic_int destroyed;

static void destroy(void *object)
{
    atomic_store((atomic_int *)object, 0);
    atomic_fetch_add(&destroyed, 1);
}

static int reset(void **state)
{
    (void)state;
    atomic_store(&destroyed, 0);
    return 0;
}

static void a_handle_finds_its_object_until_it_is_deleted(void **state)
{
    atomic_int object = 1;
    SecHandle h;

    (void)state;
    assert_true(tch_handle_new(TCH_HANDLE_CONTEXT, &object, destroy, &h));
    assert_ptr_equal(tch_handle_pin(TCH_HANDLE_CONTEXT, &h), &object);
    tch_handle_unpin(&h);
    assert_int_equal(tch_handle_delete(TCH_HANDLE_CONTEXT, &h),
                     TCH_HANDLE_ENDED);
    assert_int_equal(destroyed, 1);
    assert_null(tch_handle_pin(TCH_HANDLE_CONTEXT, &h));
    assert_int_equal(tch_handle_delete(TCH_HANDLE_CONTEXT, &h),
                     TCH_HANDLE_STALE);
    assert_int_equal(destroyed, 1);
}

static void no_handle_has_the_words_of_nothing_2_1(void **state)
{
    atomic_int object = 1;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        SecHandle h;

        assert_true(tch_handle_new(i % 2 == 0 ? TCH_HANDLE_CONTEXT
                                              : TCH_HANDLE_CREDENTIAL,
                                   &object, destroy, &h));
        assert_false(tch_handle_is_null(&h));
        assert_int_not_equal(h.dwLower, 0);
        assert_int_not_equal(h.dwUpper, 0);
        assert_true(h.dwLower < SEC_DELETED_HANDLE);
        assert_true(h.dwUpper < SEC_DELETED_HANDLE);
        if (i % 3 == 0) {
            tch_handle_delete(i % 2 == 0 ? TCH_HANDLE_CONTEXT
                                         : TCH_HANDLE_CREDENTIAL,
                              &h);
        }
    }
}

static void a_used_slot_does_not_bring_an_old_handle_back(void **state)
{
    atomic_int first = 1, second = 1;
    SecHandle a, b;

    (void)state;
    assert_true(tch_handle_new(TCH_HANDLE_CONTEXT, &first, destroy, &a));
    tch_handle_delete(TCH_HANDLE_CONTEXT, &a);
    assert_true(tch_handle_new(TCH_HANDLE_CONTEXT, &second, destroy, &b));
    assert_null(tch_handle_pin(TCH_HANDLE_CONTEXT, &a));
    assert_int_equal(tch_handle_delete(TCH_HANDLE_CONTEXT, &a),
                     TCH_HANDLE_STALE);
    assert_ptr_equal(tch_handle_pin(TCH_HANDLE_CONTEXT, &b), &second);
    tch_handle_unpin(&b);
    tch_handle_delete(TCH_HANDLE_CONTEXT, &b);
}

static void foreign_words_are_unknown(void **state)
{
    static const ULONG_PTR words[][2] = {
        { 0, 0 },
        { ~(ULONG_PTR)0, ~(ULONG_PTR)0 },
        { SEC_DELETED_HANDLE, SEC_DELETED_HANDLE },
        { 0xdeadbeef, 0xdeadbeef },
        { 10, 0 },
        { 10, ~(ULONG_PTR)0 },
        { 0xFFFFFFFAu, 1 },
    };
    atomic_int object = 1;
    SecHandle h, guess;

    (void)state;
    assert_null(tch_handle_pin(TCH_HANDLE_CONTEXT, NULL));
    assert_int_equal(tch_handle_delete(TCH_HANDLE_CONTEXT, NULL),
                     TCH_HANDLE_UNKNOWN);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        guess.dwLower = words[i][0];
        guess.dwUpper = words[i][1];
        assert_null(tch_handle_pin(TCH_HANDLE_CONTEXT, &guess));
        assert_int_equal(tch_handle_delete(TCH_HANDLE_CONTEXT, &guess),
                         TCH_HANDLE_UNKNOWN);
    }
    assert_true(tch_handle_new(TCH_HANDLE_CONTEXT, &object, destroy, &h));
    /* The other kind, and a generation that has not come yet. */
    assert_null(tch_handle_pin(TCH_HANDLE_CREDENTIAL, &h));
    guess = h;
    guess.dwLower = (h.dwLower & ~(ULONG_PTR)15) | TCH_HANDLE_CREDENTIAL;
    assert_null(tch_handle_pin(TCH_HANDLE_CREDENTIAL, &guess));
    assert_int_equal(tch_handle_delete(TCH_HANDLE_CREDENTIAL, &guess),
                     TCH_HANDLE_UNKNOWN);
    guess = h;
    guess.dwUpper++;
    assert_null(tch_handle_pin(TCH_HANDLE_CONTEXT, &guess));
    assert_int_equal(tch_handle_delete(TCH_HANDLE_CONTEXT, &guess),
                     TCH_HANDLE_UNKNOWN);
    assert_ptr_equal(tch_handle_pin(TCH_HANDLE_CONTEXT, &h), &object);
    tch_handle_unpin(&h);
    tch_handle_delete(TCH_HANDLE_CONTEXT, &h);
}

static void the_object_lives_while_it_is_pinned(void **state)
{
    atomic_int object = 1;
    SecHandle h;

    (void)state;
    assert_true(tch_handle_new(TCH_HANDLE_CONTEXT, &object, destroy, &h));
    assert_non_null(tch_handle_pin(TCH_HANDLE_CONTEXT, &h));
    assert_int_equal(tch_handle_delete(TCH_HANDLE_CONTEXT, &h),
                     TCH_HANDLE_ENDED);
    assert_null(tch_handle_pin(TCH_HANDLE_CONTEXT, &h));
    assert_int_equal(destroyed, 0);
    tch_handle_unpin(&h);
    assert_int_equal(destroyed, 1);
}

static void count(void *arg, void *object)
{
    (void)object;
    (*(int *)arg)++;
}

static void each_visits_the_live_ones_of_a_kind(void **state)
{
    atomic_int object = 1;
    SecHandle a, b, other;
    int before = 0, after = 0;

    (void)state;
    tch_handle_each(TCH_HANDLE_CREDENTIAL, count, &before);
    assert_true(tch_handle_new(TCH_HANDLE_CREDENTIAL, &object, destroy, &a));
    assert_true(tch_handle_new(TCH_HANDLE_CREDENTIAL, &object, destroy, &b));
    assert_true(tch_handle_new(TCH_HANDLE_CONTEXT, &object, destroy, &other));
    tch_handle_delete(TCH_HANDLE_CREDENTIAL, &a);
    tch_handle_each(TCH_HANDLE_CREDENTIAL, count, &after);
    assert_int_equal(after, before + 1);
    tch_handle_delete(TCH_HANDLE_CREDENTIAL, &b);
    tch_handle_delete(TCH_HANDLE_CONTEXT, &other);
}

/* Threads pin a handle that the main thread keeps replacing: whoever gets an
 * object gets one that is alive. */
static SecHandle shared_handle;
static pthread_mutex_t shared_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool stop;
static atomic_int dead_seen, pinned;

static void *user(void *arg)
{
    (void)arg;
    while (!atomic_load(&stop)) {
        SecHandle h;
        atomic_int *object;

        pthread_mutex_lock(&shared_lock);
        h = shared_handle;
        pthread_mutex_unlock(&shared_lock);
        object = tch_handle_pin(TCH_HANDLE_CONTEXT, &h);
        if (object != NULL) {
            if (atomic_load(object) != 1) {
                atomic_fetch_add(&dead_seen, 1);
            }
            atomic_fetch_add(&pinned, 1);
            tch_handle_unpin(&h);
        }
    }
    return NULL;
}

static void deleting_while_others_use_it_is_safe(void **state)
{
    enum { ROUNDS = 20000, THREADS = 3 };
    atomic_int *objects = calloc(ROUNDS, sizeof *objects);
    pthread_t threads[THREADS];

    (void)state;
    assert_non_null(objects);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, user, NULL), 0);
    }
    for (int i = 0; i < ROUNDS; i++) {
        SecHandle h;

        atomic_store(&objects[i], 1);
        assert_true(tch_handle_new(TCH_HANDLE_CONTEXT, &objects[i], destroy,
                                   &h));
        pthread_mutex_lock(&shared_lock);
        shared_handle = h;
        pthread_mutex_unlock(&shared_lock);
        assert_int_equal(tch_handle_delete(TCH_HANDLE_CONTEXT, &h),
                         TCH_HANDLE_ENDED);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(dead_seen, 0);
    assert_int_equal(destroyed, ROUNDS);
    free(objects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_handle_finds_its_object_until_it_is_deleted,
                               reset),
        cmocka_unit_test_setup(no_handle_has_the_words_of_nothing_2_1, reset),
        cmocka_unit_test_setup(a_used_slot_does_not_bring_an_old_handle_back,
                               reset),
        cmocka_unit_test_setup(foreign_words_are_unknown, reset),
        cmocka_unit_test_setup(the_object_lives_while_it_is_pinned, reset),
        cmocka_unit_test_setup(each_visits_the_live_ones_of_a_kind, reset),
        cmocka_unit_test_setup(deleting_while_others_use_it_is_safe, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
