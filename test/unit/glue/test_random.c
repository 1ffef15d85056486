/*
 * The generator: what it does when the system fails (R-ATK-043), when it is
 * asked for much, after a fork, after sleep, and from many threads.
 */

#include "test/unit/glue/support_bytes.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto-glue/random.h"
#include "test/unit/glue/support_json.h"

/* A system that a test holds in its hand. */
static unsigned seedings;
static bool entropy_works;
static uint8_t entropy_byte;
static uint64_t clock_awake;
static uint64_t clock_elapsed;

static bool test_entropy(uint8_t *out, size_t n)
{
    seedings++;
    if (entropy_works) {
        memset(out, entropy_byte, n);
    }
    return entropy_works;
}

static uint64_t test_awake(void)
{
    return clock_awake;
}

static uint64_t test_elapsed(void)
{
    return clock_elapsed;
}

static const struct tch_random_system test_system = { test_entropy, test_awake,
                                                      test_elapsed };

static int take_the_system(void **state)
{
    (void)state;
    seedings = 0;
    entropy_works = true;
    entropy_byte = 0;
    clock_awake = 1000000;
    clock_elapsed = 5000000;
    tch_random_set_system(&test_system);
    return 0;
}

static int give_it_back(void **state)
{
    (void)state;
    tch_random_set_system(NULL);
    return 0;
}

static void draw_ok(uint8_t *out, size_t n)
{
    assert_int_equal(tch_random(out, n), TCH_OK);
}

static void R_ATK_043_without_entropy_nothing_is_served(void **state)
{
    uint8_t out[64];

    (void)state;
    entropy_works = false;
    memset(out, 0xaa, sizeof out);
    assert_int_equal(tch_random(out, sizeof out), TCH_NO_RANDOM);
    assert_true(bytes_are_zero(out, sizeof out));
    assert_false(tch_draw(&tch_random_source, "client.hello.random", out, 32));
    assert_true(bytes_are_zero(out, sizeof out));
    entropy_works = true;
    draw_ok(out, sizeof out);
    assert_false(bytes_are_zero(out, sizeof out));
    assert_true(tch_draw(&tch_random_source, "client.hello.random", out, 32));
    assert_false(tch_random_source.deterministic);
}

static void R_ATK_043_a_failed_reseed_serves_nothing_either(void **state)
{
    uint8_t out[64];

    (void)state;
    draw_ok(out, sizeof out);
    entropy_works = false;
    draw_ok(out, sizeof out); /* the seed is still good */
    clock_elapsed += TCH_RANDOM_RESEED_MS + 1;
    clock_awake += TCH_RANDOM_RESEED_MS + 1;
    assert_int_equal(tch_random(out, sizeof out), TCH_NO_RANDOM);
    assert_true(bytes_are_zero(out, sizeof out));
    clock_elapsed -= TCH_RANDOM_RESEED_MS + 1;
    clock_awake -= TCH_RANDOM_RESEED_MS + 1;
    assert_int_equal(tch_random(out, sizeof out), TCH_NO_RANDOM);
}

/* From 32 zero bytes of entropy the pool is the key stream of RFC 8439 A.1,
 * test vector 1, behind its first 32 bytes. */
static void the_pool_is_chacha20_behind_the_next_key(void **state)
{
    uint8_t expected[32], out[32];

    (void)state;
    unhex("da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586",
          expected, sizeof expected);
    draw_ok(out, sizeof out);
    assert_memory_equal(out, expected, sizeof out);
}

static void the_stream_does_not_depend_on_how_it_is_cut(void **state)
{
    uint8_t whole[4000], cut[4000];
    size_t at = 0;

    draw_ok(whole, sizeof whole);
    take_the_system(state);
    while (at < sizeof cut) {
        size_t n = 1 + at * 7 % 700;

        n = n < sizeof cut - at ? n : sizeof cut - at;
        draw_ok(cut + at, n);
        at += n;
    }
    assert_memory_equal(whole, cut, sizeof whole);
}

static void it_seeds_once_and_again_after_a_megabyte(void **state)
{
    static uint8_t out[65536];

    (void)state;
    for (size_t n = 0; n < TCH_RANDOM_RESEED_BYTES; n += sizeof out) {
        draw_ok(out, sizeof out);
        assert_int_equal(seedings, 1);
    }
    draw_ok(out, 1);
    assert_int_equal(seedings, 2);
    draw_ok(out, 1);
    assert_int_equal(seedings, 2);
}

static void it_seeds_again_after_five_minutes_and_after_sleep(void **state)
{
    uint8_t out[8];

    (void)state;
    draw_ok(out, sizeof out);
    clock_elapsed += TCH_RANDOM_RESEED_MS;
    clock_awake += TCH_RANDOM_RESEED_MS;
    draw_ok(out, sizeof out);
    assert_int_equal(seedings, 1);
    clock_elapsed += 1;
    clock_awake += 1;
    draw_ok(out, sizeof out);
    assert_int_equal(seedings, 2);
    clock_elapsed += TCH_RANDOM_SLEEP_MS; /* a blink */
    draw_ok(out, sizeof out);
    assert_int_equal(seedings, 2);
    clock_elapsed += 1;
    draw_ok(out, sizeof out);
    assert_int_equal(seedings, 3);
    clock_elapsed -= 10 * TCH_RANDOM_SLEEP_MS; /* a restored machine */
    draw_ok(out, sizeof out);
    assert_int_equal(seedings, 4);
}

/* Fresh entropy is mixed in, it does not replace what was there. */
static void the_same_entropy_twice_gives_other_bytes(void **state)
{
    uint8_t one[32], two[32];

    (void)state;
    draw_ok(one, sizeof one);
    clock_elapsed += 2 * TCH_RANDOM_SLEEP_MS;
    draw_ok(two, sizeof two);
    assert_int_equal(seedings, 2);
    assert_memory_not_equal(one, two, sizeof one);
}

static void no_bytes_are_served_even_without_entropy(void **state)
{
    (void)state;
    entropy_works = false;
    assert_int_equal(tch_random(NULL, 0), TCH_OK);
    assert_int_equal(seedings, 0);
}

/* Draws in a child made by `make`, and in the parent, from the same pool. */
static void check_fork(pid_t (*make)(void))
{
    uint8_t before[16], parent[32], child[32];
    int ends[2];
    int status = 0;
    pid_t pid;

    draw_ok(before, sizeof before);
    assert_int_equal(pipe(ends), 0);
    pid = make();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (tch_random(child, sizeof child) != TCH_OK ||
            write(ends[1], child, sizeof child) != sizeof child) {
            _exit(1);
        }
        _exit(0);
    }
    draw_ok(parent, sizeof parent);
    assert_int_equal(read(ends[0], child, sizeof child), sizeof child);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_memory_not_equal(parent, child, sizeof parent);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void a_forked_child_draws_other_bytes_than_its_parent(void **state)
{
    (void)state;
    check_fork(fork);
}

/* A fork that no handler sees. */
static pid_t bare_fork(void)
{
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void a_child_made_behind_libc_s_back_does_so_too(void **state)
{
    (void)state;
    check_fork(bare_fork);
}

#define THREADS 4
#define DRAWS 20000

static uint8_t drawn[THREADS * DRAWS][16];
static pthread_barrier_t start_line;

static void *draw_much(void *arg)
{
    uint8_t(*mine)[16] = arg;

    (void)pthread_barrier_wait(&start_line);
    for (size_t i = 0; i < DRAWS; i++) {
        if (tch_random(mine[i], 16) != TCH_OK) {
            return NULL;
        }
    }
    return arg;
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

static void no_two_threads_get_the_same_bytes(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    assert_int_equal(pthread_barrier_init(&start_line, NULL, THREADS), 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, draw_much,
                                        drawn[i * DRAWS]),
                         0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *result = NULL;

        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
    }
    (void)pthread_barrier_destroy(&start_line);
    qsort(drawn, COUNT(drawn), sizeof drawn[0], compare);
    for (size_t i = 1; i < COUNT(drawn); i++) {
        assert_memory_not_equal(drawn[i - 1], drawn[i], 16);
    }
}

/* The real system: every bit takes both values within a few draws. */
static void every_bit_moves(void **state)
{
    uint8_t ones[32] = { 0 }, zeros[32] = { 0 }, out[32];

    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        draw_ok(out, sizeof out);
        for (size_t b = 0; b < sizeof out; b++) {
            ones[b] |= out[b];
            zeros[b] |= (uint8_t)~out[b];
        }
    }
    for (size_t b = 0; b < sizeof out; b++) {
        assert_int_equal(ones[b] & zeros[b], 0xff);
    }
}

#define held(test)                                                            \
    cmocka_unit_test_setup_teardown(test, take_the_system, give_it_back)

int main(void)
{
    const struct CMUnitTest tests[] = {
        held(R_ATK_043_without_entropy_nothing_is_served),
        held(R_ATK_043_a_failed_reseed_serves_nothing_either),
        held(the_pool_is_chacha20_behind_the_next_key),
        held(the_stream_does_not_depend_on_how_it_is_cut),
        held(it_seeds_once_and_again_after_a_megabyte),
        held(it_seeds_again_after_five_minutes_and_after_sleep),
        held(the_same_entropy_twice_gives_other_bytes),
        held(no_bytes_are_served_even_without_entropy),
        cmocka_unit_test(a_forked_child_draws_other_bytes_than_its_parent),
        cmocka_unit_test(a_child_made_behind_libc_s_back_does_so_too),
        cmocka_unit_test(no_two_threads_get_the_same_bytes),
        cmocka_unit_test(every_bit_moves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
