/*
 * Hashes: the standards' examples, in one piece and in every pair of pieces,
 * copying a running hash, and trap L1 of libtomcrypt-1.18.2.
 */

#include "test/unit/glue/support_bytes.h"

#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto-glue/glue_ltc.h"
#include "crypto-glue/hash.h"
#include "test/unit/glue/support_vectors.h"

static enum tch_hash named(const char *name)
{
    for (unsigned i = TCH_HASH_MD5; i < TCH_NUM_HASHES; i++) {
        if (strcasecmp(tch_hash_facts((enum tch_hash)i)->name, name) == 0) {
            return (enum tch_hash)i;
        }
    }
    fail_msg("no hash %s", name);
    return TCH_HASH_NONE;
}

static void examples_of_the_standards(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/hash/hash.txt");
    while (vectors_next(&v)) {
        enum tch_hash alg = named(vectors_text(&v, "HASH"));
        uint8_t message[256], expected[64], got[64];
        size_t len = vectors_hex(&v, "MESSAGE", message, sizeof message);
        struct tch_slice parts[2];

        assert_int_equal(vectors_hex(&v, "DIGEST", expected, 64),
                         tch_hash_facts(alg)->len);
        for (size_t cut = 0; cut <= len; cut++) {
            parts[0] = tch_slice_of(message, cut);
            parts[1] = tch_slice_of(message + cut, len - cut);
            tch_hash(alg, parts, 2, got);
            assert_memory_equal(got, expected, tch_hash_facts(alg)->len);
        }
    }
    assert_int_equal(v.records, 14);
}

/* FIPS 180-2's third example: a million times "a". */
static void a_million_bytes(void **state)
{
    static const uint8_t expected[] = {
        0x34, 0xaa, 0x97, 0x3c, 0xd4, 0xc4, 0xda, 0xa4, 0xf6, 0x1e,
        0xeb, 0x2b, 0xdb, 0xad, 0x27, 0x31, 0x65, 0x34, 0x01, 0x6f
    };
    struct tch_hash_state s;
    uint8_t a[1000], got[20];

    (void)state;
    memset(a, 'a', sizeof a);
    tch_hash_init(&s, TCH_HASH_SHA1);
    for (int i = 0; i < 1000; i++) {
        tch_hash_update(&s, a, sizeof a);
    }
    tch_hash_final(&s, got);
    assert_memory_equal(got, expected, sizeof got);
}

static void md5_and_sha1_together_are_one_after_the_other(void **state)
{
    struct tch_slice abc = tch_slice_of("abc", 3);
    uint8_t md5[16], sha1[20], both[36];

    (void)state;
    tch_hash(TCH_HASH_MD5, &abc, 1, md5);
    tch_hash(TCH_HASH_SHA1, &abc, 1, sha1);
    tch_hash(TCH_HASH_MD5_SHA1, &abc, 1, both);
    assert_memory_equal(both, md5, 16);
    assert_memory_equal(both + 16, sha1, 20);
}

/* How the transcript is read while it goes on. */
static void a_copy_ends_without_ending_the_original(void **state)
{
    struct tch_slice abc = tch_slice_of("abc", 3);
    uint8_t expected[64], got[64];

    (void)state;
    for (unsigned i = TCH_HASH_MD5; i <= TCH_HASH_SHA512; i++) {
        enum tch_hash alg = (enum tch_hash)i;
        size_t len = tch_hash_facts(alg)->len;
        struct tch_hash_state s, copy;

        tch_hash_init(&s, alg);
        tch_hash_update(&s, "ab", 2);
        copy = s;
        tch_hash_update(&copy, "x", 1);
        tch_hash_final(&copy, got);
        tch_hash_update(&s, "c", 1);
        copy = s;
        tch_hash_final(&copy, expected);
        tch_hash_final(&s, got);
        assert_memory_equal(got, expected, len);
        tch_hash(alg, &abc, 1, expected);
        assert_memory_equal(got, expected, len);
    }
}

/* R-ATK-044 */
static void a_finished_state_holds_nothing(void **state)
{
    struct tch_hash_state s;
    uint8_t got[64];

    (void)state;
    tch_hash_init(&s, TCH_HASH_SHA512);
    tch_hash_update(&s, "secret", 6);
    tch_hash_final(&s, got);
    assert_true(bytes_are_zero((const uint8_t *)&s, sizeof s));
}

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

static void ltc_hashes_nothing(void)
{
    hash_state md;

    sha1_init(&md);
    sha1_process(&md, NULL, 0);
}

static void glue_hashes_nothing(void)
{
    struct tch_hash_state s;

    tch_hash_init(&s, TCH_HASH_SHA1);
    tch_hash_update(&s, NULL, 0);
}

/* L1: a failed argument check aborts the process. */
static void L1_an_empty_slice_does_not_abort_the_process(void **state)
{
    struct tch_slice none = { NULL, 0 };
    struct tch_slice empty = tch_slice_of("", 0);
    uint8_t one[20], two[20];

    (void)state;
    assert_int_equal(signal_of(ltc_hashes_nothing), SIGABRT);
    assert_int_equal(signal_of(glue_hashes_nothing), 0);
    tch_hash(TCH_HASH_SHA1, &none, 1, one);
    tch_hash(TCH_HASH_SHA1, &empty, 1, two);
    assert_memory_equal(one, two, 20);
}

static void hashes_that_are_none_have_no_descriptor(void **state)
{
    (void)state;
    assert_null(tch_ltc_hash(TCH_HASH_NONE));
    assert_null(tch_ltc_hash(TCH_HASH_MD5_SHA1));
    assert_null(tch_ltc_hash((enum tch_hash)77));
    assert_non_null(tch_ltc_hash(TCH_HASH_SHA384));
}

/* The facts of engine/base and libtomcrypt's agree. */
static void lengths_are_those_of_the_descriptors(void **state)
{
    (void)state;
    for (unsigned i = TCH_HASH_MD5; i <= TCH_HASH_SHA512; i++) {
        const struct ltc_hash_descriptor *d = tch_ltc_hash((enum tch_hash)i);

        assert_int_equal(d->hashsize, tch_hash_facts((enum tch_hash)i)->len);
        assert_int_equal(d->blocksize,
                         tch_hash_facts((enum tch_hash)i)->block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_standards),
        cmocka_unit_test(a_million_bytes),
        cmocka_unit_test(md5_and_sha1_together_are_one_after_the_other),
        cmocka_unit_test(a_copy_ends_without_ending_the_original),
        cmocka_unit_test(a_finished_state_holds_nothing),
        cmocka_unit_test(L1_an_empty_slice_does_not_abort_the_process),
        cmocka_unit_test(hashes_that_are_none_have_no_descriptor),
        cmocka_unit_test(lengths_are_those_of_the_descriptors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
