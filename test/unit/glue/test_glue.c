/*
 * Starting up: once, from any thread, and without libtomcrypt's aborts (L1).
 * What registers here serves its public-key calls.
 */

#include "test/unit/glue/support_bytes.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto-glue/aead.h"
#include "crypto-glue/glue.h"
#include "crypto-glue/glue_ltc.h"
#include "crypto-glue/hash.h"

/* Runs `f` in a child process; the signal that ended it, or 0. */
static int signal_of(void (*f)(void))
{
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit none = { 0, 0 };

        (void)setrlimit(RLIMIT_CORE, &none);
        (void)signal(SIGABRT, SIG_DFL);
        (void)close(STDERR_FILENO);
        f();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void register_everything(void)
{
    (void)register_all_hashes();
}

static void start_up(void)
{
    if (tch_glue_init() != TCH_OK) {
        abort();
    }
}

/* In fresh processes: this test comes before anything is registered. */
static void L1_registering_does_not_abort(void **state)
{
    (void)state;
    assert_int_equal(signal_of(register_everything), SIGABRT);
    assert_int_equal(signal_of(start_up), 0);
}

static void before_it_starts_there_is_no_index(void **state)
{
    (void)state;
    assert_int_equal(tch_ltc_hash_index(TCH_HASH_SHA256), -1);
}

static void *init_in_thread(void *arg)
{
    *(enum tch_status *)arg = tch_glue_init();
    return NULL;
}

static void it_starts_once_from_many_threads(void **state)
{
    pthread_t threads[8];
    enum tch_status results[8];

    (void)state;
    for (size_t i = 0; i < COUNT(threads); i++) {
        results[i] = TCH_INTERNAL;
        assert_int_equal(
            pthread_create(&threads[i], NULL, init_in_thread, &results[i]), 0);
    }
    for (size_t i = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(results[i], TCH_OK);
    }
    assert_int_equal(tch_glue_init(), TCH_OK);
}

static void hashes_are_registered_and_numbers_are_computed(void **state)
{
    (void)state;
    assert_int_equal(tch_glue_init(), TCH_OK);
    for (unsigned i = TCH_HASH_MD5; i <= TCH_HASH_SHA512; i++) {
        enum tch_hash alg = (enum tch_hash)i;
        int index = tch_ltc_hash_index(alg);

        assert_true(index >= 0);
        assert_int_equal(hash_is_valid(index), CRYPT_OK);
        assert_string_equal(hash_descriptor[index].name,
                            tch_ltc_hash(alg)->name);
    }
    assert_int_equal(tch_ltc_hash_index(TCH_HASH_NONE), -1);
    assert_int_equal(tch_ltc_hash_index(TCH_HASH_MD5_SHA1), -1);
    assert_non_null(ltc_mp.name);
#ifdef TCH_MATH_GMP
    assert_string_equal(ltc_mp.name, gmp_desc.name);
#else
    assert_string_equal(ltc_mp.name, ltm_desc.name);
#endif
}

/* A process of its own, in which somebody chose a provider before us. */
static void start_after_a_choice(void)
{
#ifdef TCH_MATH_GMP
    ltc_mp = gmp_desc;
#else
    ltc_mp = ltm_desc;
#endif
    ltc_mp.name = "somebody's";
    if (tch_glue_init() != TCH_OK || strcmp(ltc_mp.name, "somebody's") != 0) {
        abort();
    }
}

static void a_math_provider_that_is_there_stays(void **state)
{
    (void)state;
    assert_int_equal(signal_of(start_after_a_choice), 0);
}

static void short_iv(void)
{
    uint8_t key[32] = { 0 }, iv[11] = { 0 };
    chacha20poly1305_state st;

    chacha20poly1305_init(&st, key, sizeof key);
    chacha20poly1305_setiv(&st, iv, sizeof iv);
}

static _Alignas(16) uint8_t mem[512];

static void seal_of_any_length(void)
{
    uint8_t key[32] = { 0 }, nonce[12] = { 0 }, data[40] = { 0 }, tag[16];
    struct tch_aead *a = (struct tch_aead *)(void *)mem;

    if (tch_aead_init(a, TCH_CIPHER_CHACHA20_POLY1305, key) != TCH_OK) {
        abort();
    }
    for (size_t len = 0; len <= sizeof data; len++) {
        tch_aead_seal(a, nonce, tch_slice_of(NULL, 0), data, len, tag);
    }
}

/* L1 again: a nonce is 12 bytes by type here, no length can be wrong. */
static void L1_no_length_of_ours_aborts(void **state)
{
    (void)state;
    assert_int_equal(signal_of(short_iv), SIGABRT);
    assert_int_equal(signal_of(seal_of_any_length), 0);
}

static int counted;

static int count_and_hash(hash_state *md, const unsigned char *in,
                          unsigned long len)
{
    counted++;
    return sha256_process(md, in, len);
}

static void a_plugged_descriptor_computes_and_the_stock_one_returns(void **st)
{
    struct ltc_hash_descriptor mine = sha256_desc;
    struct tch_slice abc = tch_slice_of("abc", 3);
    uint8_t one[32], two[32];

    (void)st;
    mine.process = count_and_hash;
    tch_ltc_hash_plug(TCH_HASH_SHA256, &mine);
    tch_ltc_hash_plug(TCH_HASH_NONE, &mine); /* no such hash: nothing */
    tch_hash(TCH_HASH_SHA256, &abc, 1, one);
    assert_int_equal(counted, 1);
    tch_ltc_hash_plug(TCH_HASH_SHA256, NULL);
    tch_hash(TCH_HASH_SHA256, &abc, 1, two);
    assert_int_equal(counted, 1);
    assert_memory_equal(one, two, 32);
    assert_null(tch_ltc_hash(TCH_HASH_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(L1_registering_does_not_abort),
        cmocka_unit_test(a_math_provider_that_is_there_stays),
        cmocka_unit_test(before_it_starts_there_is_no_index),
        cmocka_unit_test(it_starts_once_from_many_threads),
        cmocka_unit_test(hashes_are_registered_and_numbers_are_computed),
        cmocka_unit_test(L1_no_length_of_ours_aborts),
        cmocka_unit_test(
            a_plugged_descriptor_computes_and_the_stock_one_returns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
