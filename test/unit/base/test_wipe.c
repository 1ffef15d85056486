/* Wiping: every byte, and no byte beside; also in a frame that is left at
 * once, where a compiler likes to drop a plain memset (R-ATK-044). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/wipe.h"

static void exactly_the_bytes_asked_for_are_zero(void **state)
{
    uint8_t bytes[300];

    (void)state;
    for (size_t len = 0; len <= 280; len++) {
        memset(bytes, 0x55, sizeof bytes);
        tch_wipe(bytes + 10, len);
        for (size_t i = 0; i < sizeof bytes; i++) {
            assert_int_equal(bytes[i],
                             i >= 10 && i < 10 + len ? 0 : 0x55);
        }
    }
}

static void nothing_at_nowhere_is_fine(void **state)
{
    (void)state;
    tch_wipe(NULL, 0);
}

/* A thread on a stack of ours leaves a pattern in a dead frame, wiped or
 * not; afterwards the stack is searched for it. */
#define STACK_LEN (256u * 1024u)
#define SECRET_LEN 64u

static _Alignas(4096) uint8_t stack[STACK_LEN];

static __attribute__((noinline)) void use_secret(bool wipe)
{
    uint8_t secret[SECRET_LEN];

    memset(secret, 0xA7, sizeof secret);
    __asm__ __volatile__("" : : "r"(secret) : "memory");
    if (wipe) {
        tch_wipe(secret, sizeof secret);
    }
}

/* The gap puts the frame out of reach of what the thread does at its end. */
static void *run(void *arg)
{
    uint8_t gap[STACK_LEN / 4];

    __asm__ __volatile__("" : : "r"(gap) : "memory");
    use_secret(arg != NULL);
    __asm__ __volatile__("" : : "r"(gap) : "memory");
    return NULL;
}

static bool secret_is_left(bool wipe)
{
    pthread_attr_t attr;
    pthread_t thread;
    size_t in_a_row = 0;

    memset(stack, 0, sizeof stack);
    assert_int_equal(pthread_attr_init(&attr), 0);
    assert_int_equal(pthread_attr_setstack(&attr, stack, sizeof stack), 0);
    assert_int_equal(
        pthread_create(&thread, &attr, run, wipe ? stack : NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attr);
    for (size_t i = 0; i < sizeof stack; i++) {
        in_a_row = stack[i] == 0xA7 ? in_a_row + 1 : 0;
        if (in_a_row == SECRET_LEN / 2) {
            return true;
        }
    }
    return false;
}

static void a_dead_frame_holds_no_wiped_secret_R_ATK_044(void **state)
{
    (void)state;
    assert_true(secret_is_left(false)); /* the search does find one */
    assert_false(secret_is_left(true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_bytes_asked_for_are_zero),
        cmocka_unit_test(nothing_at_nowhere_is_fine),
        cmocka_unit_test(a_dead_frame_holds_no_wiped_secret_R_ATK_044),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
