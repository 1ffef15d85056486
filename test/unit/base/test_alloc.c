/*
 * Allocator hook and arena, with an allocator that counts, checks sizes, and
 * fails when told to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/alloc.h"

/* Blocks carry their size in front; what comes back must be all zero. */
struct counting {
    size_t live_bytes;
    size_t live_blocks;
    size_t calls;
    size_t fail_at; /* this call and all later ones fail; 0 = never */
    bool dirty;     /* a block came back with something in it */
    bool wrong_size;
};

static void *count_alloc(void *arg, size_t n)
{
    struct counting *c = arg;
    unsigned char *p;

    c->calls++;
    if (c->fail_at != 0 && c->calls >= c->fail_at) {
        return NULL;
    }
    p = malloc(n + 16);
    assert_non_null(p);
    memcpy(p, &n, sizeof n);
    memset(p + 16, 0xEE, n);
    c->live_bytes += n;
    c->live_blocks++;
    return p + 16;
}

static void count_free(void *arg, void *block, size_t n)
{
    struct counting *c = arg;
    unsigned char *p = (unsigned char *)block - 16;
    size_t size;

    memcpy(&size, p, sizeof size);
    c->wrong_size = c->wrong_size || size != n;
    for (size_t i = 0; i < size; i++) {
        c->dirty = c->dirty || p[16 + i] != 0;
    }
    c->live_bytes -= size;
    c->live_blocks--;
    free(p);
}

static void expect_clean(const struct counting *c)
{
    assert_int_equal(c->live_blocks, 0);
    assert_int_equal(c->live_bytes, 0);
    assert_false(c->dirty);
    assert_false(c->wrong_size);
}

static bool all_zero(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != 0) {
            return false;
        }
    }
    return true;
}

static void taken_memory_is_zero_and_goes_back_wiped(void **state)
{
    struct counting c = { 0 };
    struct tch_alloc a = { count_alloc, count_free, &c };
    uint8_t *p = tch_take(&a, 100);

    (void)state;
    assert_non_null(p);
    assert_true(all_zero(p, 100));
    memset(p, 0x55, 100);
    tch_give(&a, p, 100);
    tch_give(&a, NULL, 100);
    expect_clean(&c);
}

static void nothing_asked_nothing_given(void **state)
{
    struct counting c = { 0 };
    struct tch_alloc a = { count_alloc, count_free, &c };

    (void)state;
    assert_null(tch_take(&a, 0));
    assert_int_equal(c.calls, 0);
    c.fail_at = 1;
    assert_null(tch_take(&a, 1));
}

static void the_default_is_the_c_library(void **state)
{
    uint8_t *p = tch_take(&tch_alloc_default, 1000);

    (void)state;
    assert_non_null(p);
    assert_true(all_zero(p, 1000));
    tch_give(&tch_alloc_default, p, 1000);
}

static void arena_memory_is_zero_aligned_and_apart(void **state)
{
    struct counting c = { 0 };
    struct tch_alloc a = { count_alloc, count_free, &c };
    struct tch_arena arena;
    uint8_t *blocks[200];

    (void)state;
    tch_arena_init(&arena, &a, 1u << 20);
    assert_int_equal(c.calls, 0);
    for (size_t i = 0; i < 200; i++) {
        size_t n = i + 1;

        blocks[i] = tch_arena_get(&arena, n);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        assert_true(all_zero(blocks[i], n));
        memset(blocks[i], (int)(i + 1), n);
    }
    for (size_t i = 0; i < 200; i++) {
        for (size_t k = 0; k <= i; k++) {
            assert_int_equal(blocks[i][k], i + 1);
        }
    }
    assert_true(c.live_blocks < 20); /* a handful of chunks, not 200 */
    assert_int_equal(c.live_bytes, arena.taken);
    tch_arena_clear(&arena);
    expect_clean(&c);
    assert_int_equal(arena.taken, 0);
}

static void large_requests_get_a_chunk_of_their_own(void **state)
{
    struct counting c = { 0 };
    struct tch_alloc a = { count_alloc, count_free, &c };
    struct tch_arena arena;
    uint8_t *p;

    (void)state;
    tch_arena_init(&arena, &a, 200000);
    p = tch_arena_get(&arena, 100000);
    assert_non_null(p);
    memset(p, 0x55, 100000);
    tch_arena_clear(&arena);
    expect_clean(&c);
    p = tch_arena_get(&arena, 10); /* and on it goes */
    assert_non_null(p);
    tch_arena_clear(&arena);
    expect_clean(&c);
}

static void limit_bounds_the_sum_R_ATK_026(void **state)
{
    struct counting c = { 0 };
    struct tch_alloc a = { count_alloc, count_free, &c };
    struct tch_arena arena;
    size_t got = 0;

    (void)state;
    tch_arena_init(&arena, &a, 20000);
    assert_null(tch_arena_get(&arena, 20001));
    assert_null(tch_arena_get(&arena, SIZE_MAX));
    assert_null(tch_arena_get(&arena, SIZE_MAX - 8));
    assert_null(tch_arena_get(&arena, 20000)); /* the header needs room too */
    assert_null(tch_arena_get(&arena, 0));
    assert_int_equal(c.calls, 0);
    while (tch_arena_get(&arena, 1000) != NULL) {
        got++;
        assert_true(got < 20);
    }
    assert_true(got >= 12);
    assert_true(c.live_bytes <= 20000);
    tch_arena_clear(&arena);
    expect_clean(&c);
}

static void an_allocator_without_memory_fails_the_request_alone(void **state)
{
    struct counting c = { 0 };
    struct tch_alloc a = { count_alloc, count_free, &c };
    struct tch_arena arena;
    struct tch_slice copy;

    (void)state;
    c.fail_at = 2;
    tch_arena_init(&arena, &a, 1u << 20);
    assert_non_null(tch_arena_get(&arena, 4000));
    assert_null(tch_arena_get(&arena, 4000));
    assert_false(tch_arena_copy(&arena, tch_slice_of(&c, 200), &copy));
    assert_int_equal(copy.len, 0);
    assert_non_null(tch_arena_get(&arena, 16)); /* the first chunk has room */
    tch_arena_clear(&arena);
    expect_clean(&c);
}

static void copies_are_copies(void **state)
{
    struct counting c = { 0 };
    struct tch_alloc a = { count_alloc, count_free, &c };
    struct tch_arena arena;
    uint8_t text[] = "abc";
    struct tch_slice copy;

    (void)state;
    tch_arena_init(&arena, &a, 10000);
    assert_true(tch_arena_copy(&arena, tch_slice_of(text, 3), &copy));
    text[0] = 'x';
    assert_int_equal(copy.len, 3);
    assert_memory_equal(copy.p, "abc", 3);
    assert_true(tch_arena_copy(&arena, tch_slice_of(NULL, 0), &copy));
    assert_int_equal(copy.len, 0);
    tch_arena_clear(&arena);
    expect_clean(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taken_memory_is_zero_and_goes_back_wiped),
        cmocka_unit_test(nothing_asked_nothing_given),
        cmocka_unit_test(the_default_is_the_c_library),
        cmocka_unit_test(arena_memory_is_zero_aligned_and_apart),
        cmocka_unit_test(large_requests_get_a_chunk_of_their_own),
        cmocka_unit_test(limit_bounds_the_sum_R_ATK_026),
        cmocka_unit_test(an_allocator_without_memory_fails_the_request_alone),
        cmocka_unit_test(copies_are_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
