/*
 * The constant-time HMAC: the same values as plain HMAC at every length, and
 * the same number of compressions whatever the length (R-ATK-003), counted by
 * descriptors that count. That no branch depends on the length is shown by
 * test/ct/ct_hmac.c.
 */

#include "test/unit/glue/support_bytes.h"

#include <string.h>

#include "crypto-glue/glue_ltc.h"
#include "crypto-glue/hash.h"

static unsigned long compressions;

/* A descriptor of libtomcrypt's that counts its compressions. */
#define COUNTING(name, process_fn, member, block, length_len)                 \
    static int name##_counting(hash_state *md, const unsigned char *in,       \
                               unsigned long len)                             \
    {                                                                         \
        compressions += (md->member.curlen + len) / (block);                  \
        return process_fn(md, in, len);                                       \
    }                                                                         \
    static int name##_ending(hash_state *md, unsigned char *out)              \
    {                                                                         \
        compressions += md->member.curlen + 1 + (length_len) > (block) ? 2    \
                                                                       : 1;   \
        return name##_done(md, out);                                          \
    }

COUNTING(md5, md5_process, md5, 64, 8)
COUNTING(sha1, sha1_process, sha1, 64, 8)
COUNTING(sha224, sha256_process, sha256, 64, 8)
COUNTING(sha256, sha256_process, sha256, 64, 8)
COUNTING(sha384, sha512_process, sha512, 128, 16)
COUNTING(sha512, sha512_process, sha512, 128, 16)

static struct ltc_hash_descriptor counters[TCH_NUM_HASHES];

static void plug(enum tch_hash alg, const struct ltc_hash_descriptor *d,
                 int (*process)(hash_state *, const unsigned char *,
                                unsigned long),
                 int (*done)(hash_state *, unsigned char *))
{
    counters[alg] = *d;
    counters[alg].process = process;
    counters[alg].done = done;
    tch_ltc_hash_plug(alg, &counters[alg]);
}

static int plug_counters(void **state)
{
    (void)state;
    plug(TCH_HASH_MD5, &md5_desc, md5_counting, md5_ending);
    plug(TCH_HASH_SHA1, &sha1_desc, sha1_counting, sha1_ending);
    plug(TCH_HASH_SHA224, &sha224_desc, sha224_counting, sha224_ending);
    plug(TCH_HASH_SHA256, &sha256_desc, sha256_counting, sha256_ending);
    plug(TCH_HASH_SHA384, &sha384_desc, sha384_counting, sha384_ending);
    plug(TCH_HASH_SHA512, &sha512_desc, sha512_counting, sha512_ending);
    return 0;
}

static int unplug_counters(void **state)
{
    (void)state;
    for (unsigned i = TCH_HASH_MD5; i <= TCH_HASH_SHA512; i++) {
        tch_ltc_hash_plug((enum tch_hash)i, NULL);
    }
    return 0;
}

static uint8_t header[200];
static uint8_t data[800];

static void plain_hmac(const struct tch_hmac_key *k, size_t header_len,
                       size_t len, uint8_t *out)
{
    struct tch_hmac h;

    tch_hmac_init(&h, k);
    tch_hmac_update(&h, header, header_len);
    tch_hmac_update(&h, data, len);
    tch_hmac_final(&h, out);
}

/* Every length in a window: the right value, always the same work. */
static void check_window(enum tch_hash alg, size_t header_len, size_t min_len,
                         size_t max_len)
{
    struct tch_hmac_key k;
    unsigned long work = 0;

    tch_hmac_set_key(&k, alg, header, tch_hash_facts(alg)->len);
    for (size_t len = min_len; len <= max_len; len++) {
        uint8_t expected[TCH_HASH_MAX];
        uint8_t got[TCH_HASH_MAX];

        plain_hmac(&k, header_len, len, expected);
        compressions = 0;
        tch_hmac_ct(&k, got, tch_slice_of(header, header_len), data, len,
                    min_len, max_len);
        assert_memory_equal(got, expected, tch_hash_facts(alg)->len);
        if (len == min_len) {
            work = compressions;
        }
        assert_int_equal(compressions, work);
    }
}

static void fill(void)
{
    uint64_t seed = 3;

    bytes_fill(&seed, header, sizeof header);
    bytes_fill(&seed, data, sizeof data);
}

/* R-REC-053: a TLS record of 13 bytes of header, up to 256 bytes unknown. */
static void every_record_length_gives_plain_hmac_at_the_same_work(void **state)
{
    (void)state;
    fill();
    for (unsigned alg = TCH_HASH_MD5; alg <= TCH_HASH_SHA512; alg++) {
        for (size_t max = 0; max <= 300; max += 1 + max / 40) {
            check_window((enum tch_hash)alg, 13, max > 256 ? max - 256 : 0,
                         max);
        }
    }
}

/* The work depends on the window alone, so it has to grow with it. */
static void more_bytes_are_more_work(void **state)
{
    struct tch_hmac_key k;
    uint8_t out[TCH_HASH_MAX];
    unsigned long one;

    (void)state;
    tch_hmac_set_key(&k, TCH_HASH_SHA1, header, 20);
    compressions = 0;
    tch_hmac_ct(&k, out, tch_slice_of(header, 13), data, 40, 40, 40);
    one = compressions;
    compressions = 0;
    tch_hmac_ct(&k, out, tch_slice_of(header, 13), data, 40, 40, 300);
    assert_true(compressions > one);
    /* 13 + 40 + 9 bytes of ending: one inner block, and one outer. */
    assert_int_equal(one, 2);
    /* 13 + 300 + 9 bytes: six inner blocks, and one outer. */
    assert_int_equal(compressions, 7);
}

static void headers_of_any_length_are_taken(void **state)
{
    static const size_t lengths[] = { 0, 1, 11, 55, 56, 63, 64, 65,
                                      111, 112, 127, 128, 129, 200 };

    (void)state;
    fill();
    for (size_t i = 0; i < COUNT(lengths); i++) {
        check_window(TCH_HASH_SHA1, lengths[i], 20, 150);
        check_window(TCH_HASH_MD5, lengths[i], 0, 70);
        check_window(TCH_HASH_SHA384, lengths[i], 100, 300);
    }
}

static void a_window_of_512_and_a_window_of_one_work(void **state)
{
    (void)state;
    fill();
    check_window(TCH_HASH_SHA256, 13, 200, 712);
    check_window(TCH_HASH_SHA384, 13, 288, 800);
    for (size_t len = 0; len < 150; len++) {
        check_window(TCH_HASH_SHA256, 13, len, len);
    }
}

/* The bad twin of the comparison above: data behind `len` must not count,
 * data before it must. */
static void bytes_behind_the_length_do_not_count(void **state)
{
    struct tch_hmac_key k;
    uint8_t one[TCH_HASH_MAX];
    uint8_t two[TCH_HASH_MAX];

    (void)state;
    fill();
    tch_hmac_set_key(&k, TCH_HASH_SHA256, header, 32);
    tch_hmac_ct(&k, one, tch_slice_of(header, 13), data, 100, 0, 200);
    data[100] ^= 1;
    tch_hmac_ct(&k, two, tch_slice_of(header, 13), data, 100, 0, 200);
    assert_memory_equal(one, two, 32);
    data[99] ^= 1;
    tch_hmac_ct(&k, two, tch_slice_of(header, 13), data, 100, 0, 200);
    assert_memory_not_equal(one, two, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            every_record_length_gives_plain_hmac_at_the_same_work),
        cmocka_unit_test(more_bytes_are_more_work),
        cmocka_unit_test(headers_of_any_length_are_taken),
        cmocka_unit_test(a_window_of_512_and_a_window_of_one_work),
        cmocka_unit_test(bytes_behind_the_length_do_not_count),
    };

    return cmocka_run_group_tests(tests, plug_counters, unplug_counters);
}
