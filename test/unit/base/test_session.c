/* Sessions: references, wiping, the chain, and whether they may be resumed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/session.h"

/* An allocator that looks at what comes back and may run dry. */
static size_t live;
static bool dry;
static bool came_back_wiped;

static void *take(void *arg, size_t n)
{
    (void)arg;
    if (dry) {
        return NULL;
    }
    live++;
    return malloc(n);
}

static void give(void *arg, void *p, size_t n)
{
    const uint8_t *b = p;

    (void)arg;
    came_back_wiped = true;
    for (size_t i = 0; i < n; i++) {
        came_back_wiped = came_back_wiped && b[i] == 0;
    }
    live -= p != NULL;
    free(p);
}

static const struct tch_alloc alloc = { take, give, NULL };

static void a_new_session_is_empty_and_may_be_resumed(void **state)
{
    struct tch_session *s = tch_session_new(&alloc);

    (void)state;
    assert_non_null(s);
    assert_true(tch_session_is_resumable(s));
    assert_int_equal(s->id_len, 0);
    assert_int_equal(s->server_name[0], 0);
    assert_null(s->peer_chain);
    tch_session_unref(s);
    assert_int_equal(live, 0);
}

static void the_last_reference_frees_and_wipes_R_ATK_044(void **state)
{
    struct tch_session *s = tch_session_new(&alloc);

    (void)state;
    memset(s->master, 0x5a, sizeof s->master);
    assert_ptr_equal(tch_session_ref(s), s);
    tch_session_unref(s);
    assert_int_equal(live, 1);
    assert_int_equal(s->master[0], 0x5a);
    came_back_wiped = false;
    tch_session_unref(s);
    assert_int_equal(live, 0);
    assert_true(came_back_wiped);
}

static void null_is_no_session(void **state)
{
    (void)state;
    assert_null(tch_session_ref(NULL));
    tch_session_unref(NULL);
    assert_int_equal(live, 0);
}

static void the_chain_is_a_copy(void **state)
{
    uint8_t list[] = { 0, 0, 2, 7, 8 };
    struct tch_session *s = tch_session_new(&alloc);

    (void)state;
    assert_true(tch_session_set_chain(s, tch_slice_of(list, sizeof list)));
    list[3] = 99;
    assert_int_equal(s->peer_chain_len, 5);
    assert_memory_equal(s->peer_chain, "\0\0\2\7\10", 5);
    assert_true(tch_session_set_chain(s, tch_slice_of(list, 3)));
    assert_int_equal(s->peer_chain_len, 3);
    assert_int_equal(live, 2);
    tch_session_unref(s);
    assert_int_equal(live, 0);
}

static void without_memory_nothing_is_kept(void **state)
{
    uint8_t list[] = { 0, 0, 1, 7 };
    struct tch_session *s = tch_session_new(&alloc);

    (void)state;
    dry = true;
    assert_false(tch_session_set_chain(s, tch_slice_of(list, sizeof list)));
    assert_int_equal(s->peer_chain_len, 0);
    assert_null(tch_session_new(&alloc));
    dry = false;
    tch_session_unref(s);
    assert_int_equal(live, 0);
}

static void resuming_may_be_forbidden_and_allowed_again(void **state)
{
    struct tch_session *s = tch_session_new(&alloc);

    (void)state;
    tch_session_set_resumable(s, false);
    assert_false(tch_session_is_resumable(s));
    tch_session_set_resumable(s, true);
    assert_true(tch_session_is_resumable(s));
    tch_session_unref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_session_is_empty_and_may_be_resumed),
        cmocka_unit_test(the_last_reference_frees_and_wipes_R_ATK_044),
        cmocka_unit_test(null_is_no_session),
        cmocka_unit_test(the_chain_is_a_copy),
        cmocka_unit_test(without_memory_nothing_is_kept),
        cmocka_unit_test(resuming_may_be_forbidden_and_allowed_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
