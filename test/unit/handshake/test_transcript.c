/* The transcript hash: late choice, several hashes at once, SHA-256 of RFC
 * 6234 computed by the glue over the same bytes (R-HS-003, R-HS-110). */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/glue/support_json.h"
#include "test/unit/handshake/support_hs.h"

static struct bare b;

static void start(void)
{
    bare_params(&b, TCH_CLIENT);
    bare_start(&b);
    bare_suite(&b, 0, 0xC02F);
}

static void add(const char *text)
{
    assert_true(tch_transcript_add(b.hs, tch_slice_of(text, strlen(text))));
}

static void is_hash(enum tch_hash h, const char *hex)
{
    uint8_t want[TCH_HASH_MAX];
    uint8_t got[TCH_HASH_MAX];
    size_t len = unhex(hex, want, sizeof want);
    struct tch_slice s = tch_transcript_hash(b.hs, h, got);

    assert_int_equal(s.len, len);
    assert_memory_equal(s.p, want, len);
}

/* Of "abc": FIPS 180 and RFC 1321. */
#define SHA256_ABC \
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SHA384_ABC \
    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed" \
    "8086072ba1e7cc2358baeca134c825a7"
#define MD5_SHA1_ABC \
    "900150983cd24fb0d6963f7d28e17f72a9993e364706816aba3e25717850c26c9cd0d89d"

static void messages_before_the_choice_count_too(void **state)
{
    (void)state;
    for (int when = 0; when < 4; when++) {
        start();
        for (int i = 0; i < 3; i++) {
            if (i == when) {
                tch_transcript_choose(b.hs, 1u << TCH_HASH_SHA256 |
                                                1u << TCH_HASH_SHA384, false);
            }
            add(i == 0 ? "a" : i == 1 ? "b" : "c");
        }
        if (when == 3) {
            tch_transcript_choose(b.hs, 1u << TCH_HASH_SHA256 |
                                            1u << TCH_HASH_SHA384, false);
        }
        is_hash(TCH_HASH_SHA256, SHA256_ABC);
        is_hash(TCH_HASH_SHA384, SHA384_ABC);
        bare_end(&b);
    }
}

static void reading_does_not_end_the_hash(void **state)
{
    (void)state;
    start();
    tch_transcript_choose(b.hs, 1u << TCH_HASH_SHA256, false);
    add("ab");
    for (int i = 0; i < 3; i++) {
        uint8_t out[TCH_HASH_MAX];

        (void)tch_transcript_hash(b.hs, TCH_HASH_SHA256, out);
    }
    add("c");
    is_hash(TCH_HASH_SHA256, SHA256_ABC);
    is_hash(TCH_HASH_SHA256, SHA256_ABC);
    bare_end(&b);
}

static void the_old_versions_hash_is_two(void **state)
{
    (void)state;
    start();
    add("abc");
    tch_transcript_choose(b.hs, 1u << TCH_HASH_MD5 | 1u << TCH_HASH_SHA1,
                          false);
    is_hash(TCH_HASH_MD5_SHA1, MD5_SHA1_ABC);
    bare_end(&b);
}

static void what_is_dropped_stops_and_the_rest_goes_on(void **state)
{
    (void)state;
    start();
    add("a");
    tch_transcript_choose(b.hs, 1u << TCH_HASH_SHA256 | 1u << TCH_HASH_SHA384,
                          true);
    add("b");
    tch_transcript_narrow(b.hs, 1u << TCH_HASH_SHA384);
    assert_int_equal(b.hs->transcript.which, 1u << TCH_HASH_SHA384);
    add("c");
    is_hash(TCH_HASH_SHA384, SHA384_ABC);
    bare_end(&b);
}

/* What signs the messages themselves (EdDSA) needs them (R-HS-110). */
static void the_messages_are_kept_when_asked(void **state)
{
    struct tch_slice all;

    (void)state;
    start();
    add("a");
    tch_transcript_choose(b.hs, 1u << TCH_HASH_SHA256, true);
    add("b");
    add("c");
    all = tch_transcript_messages(b.hs);
    assert_int_equal(all.len, 3);
    assert_memory_equal(all.p, "abc", 3);
    is_hash(TCH_HASH_SHA256, SHA256_ABC);
    bare_end(&b);
}

/* Many small messages, before and after: the same as one long. */
static void the_cut_of_messages_decides_nothing(void **state)
{
    static uint8_t text[5000];
    uint8_t want[TCH_HASH_MAX];
    uint8_t got[TCH_HASH_MAX];
    struct tch_slice all = { text, sizeof text };

    (void)state;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (uint8_t)(i * i);
    }
    tch_hash(TCH_HASH_SHA256, &all, 1, want);
    for (size_t step = 1; step <= 5000; step *= 5) {
        start();
        for (size_t at = 0; at < sizeof text; at += step) {
            size_t n = sizeof text - at < step ? sizeof text - at : step;

            assert_true(tch_transcript_add(b.hs, tch_slice_of(text + at, n)));
            if (at < 2500 && at + step >= 2500) {
                tch_transcript_choose(b.hs, 1u << TCH_HASH_SHA256, false);
            }
        }
        if (b.hs->transcript.which == 0) {
            tch_transcript_choose(b.hs, 1u << TCH_HASH_SHA256, false);
        }
        (void)tch_transcript_hash(b.hs, TCH_HASH_SHA256, got);
        assert_memory_equal(got, want, 32);
        bare_end(&b);
    }
}

static void without_memory_it_says_so(void **state)
{
    static uint8_t big[3000000];

    (void)state;
    start();
    assert_false(tch_transcript_add(b.hs, tch_slice_of(big, sizeof big)));
    bare_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_before_the_choice_count_too),
        cmocka_unit_test(reading_does_not_end_the_hash),
        cmocka_unit_test(the_old_versions_hash_is_two),
        cmocka_unit_test(what_is_dropped_stops_and_the_rest_goes_on),
        cmocka_unit_test(the_messages_are_kept_when_asked),
        cmocka_unit_test(the_cut_of_messages_decides_nothing),
        cmocka_unit_test(without_memory_it_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
