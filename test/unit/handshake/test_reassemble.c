/* Fragments become messages, however they are cut (R-REC-020, 021, 029). */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_hs.h"

static struct bare b;

static void start(void)
{
    bare_params(&b, TCH_CLIENT);
    bare_start(&b);
}

static enum tch_status feed(const void *p, size_t len)
{
    return tch_reassemble(b.hs, tch_slice_of(p, len));
}

/* ServerHelloDone, a Certificate of 5 bytes, ServerHelloDone. */
static const uint8_t three[] = { 14, 0, 0, 0, 11, 0, 0, 5, 1, 2, 3, 4, 5,
                                 14, 0, 0, 0 };
static const size_t lens[] = { 4, 9, 4 };

static void take(size_t *num)
{
    struct tch_slice m;
    size_t at[4] = { 0, 4, 13, 17 };

    while (tch_reassembled(b.hs, &m)) {
        assert_true(*num < 3);
        assert_int_equal(m.len, lens[*num]);
        assert_memory_equal(m.p, three + at[*num], m.len);
        tch_reassembly_drop(b.hs, m.len);
        (*num)++;
    }
}

static void every_cut_gives_the_same_messages_R_REC_021(void **state)
{
    (void)state;
    for (size_t i = 0; i <= sizeof three; i++) {
        for (size_t k = i; k <= sizeof three; k++) {
            const size_t cuts[4] = { 0, i, k, sizeof three };
            size_t num = 0;

            start();
            for (size_t n = 0; n < 3; n++) {
                if (cuts[n + 1] != cuts[n]) {
                    assert_int_equal(feed(three + cuts[n],
                                          cuts[n + 1] - cuts[n]),
                                     TCH_OK);
                }
                take(&num);
            }
            assert_int_equal(num, 3);
            assert_true(tch_reassembly_empty(b.hs));
            bare_end(&b);
        }
    }
}

static void a_byte_at_a_time_does_too(void **state)
{
    size_t num = 0;

    (void)state;
    start();
    for (size_t i = 0; i < sizeof three; i++) {
        assert_int_equal(feed(three + i, 1), TCH_OK);
        take(&num);
    }
    assert_int_equal(num, 3);
    bare_end(&b);
}

/* Limits of R-REC-029, told by the header alone. */
static void lengths_are_judged_by_the_header_R_REC_029(void **state)
{
    static const struct {
        uint8_t type;
        uint32_t most;
    } rows[] = { { 1, 131396 },    { 2, 65536 },  { 11, 102400 },
                 { 12, 65536 },    { 13, 131072 }, { 14, 65536 },
                 { 15, 65536 },    { 16, 65536 }, { 20, 65536 },
                 { 4, 65541 } };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (uint32_t over = 0; over < 2; over++) {
            uint32_t n = rows[i].most + over;
            uint8_t h[4] = { rows[i].type, (uint8_t)(n >> 16),
                             (uint8_t)(n >> 8), (uint8_t)n };
            struct tch_slice m;

            start();
            assert_int_equal(feed(h, 3), TCH_OK);
            assert_int_equal(feed(h + 3, 1),
                             over ? TCH_MESSAGE_TOO_LARGE : TCH_OK);
            assert_false(tch_reassembled(b.hs, &m));
            assert_true(b.arena.taken < 10000); /* R-ATK-026 */
            bare_end(&b);
        }
    }
}

static void a_type_nobody_knows_is_refused_by_its_first_byte(void **state)
{
    static const uint8_t types[] = { 3, 5, 6, 10, 17, 19, 24, 99, 255 };

    (void)state;
    for (size_t i = 0; i < sizeof types; i++) {
        start();
        assert_int_equal(feed(&types[i], 1), TCH_UNEXPECTED_MESSAGE);
        bare_end(&b);
    }
}

/* The longest message, a byte at a time: memory stays a small multiple, and
 * it is done at once. */
static void a_long_message_costs_no_more_than_its_length_R_ATK_026(
    void **state)
{
    const uint8_t h[4] = { 1, 0x02, 0x01, 0x44 }; /* 131396 */
    const uint8_t x = 0x5a;
    struct tch_slice m;

    (void)state;
    start();
    assert_int_equal(feed(h, 4), TCH_OK);
    for (size_t i = 0; i < 131396; i++) {
        assert_false(tch_reassembled(b.hs, &m));
        assert_int_equal(feed(&x, 1), TCH_OK);
    }
    assert_true(tch_reassembled(b.hs, &m));
    assert_int_equal(m.len, 131400);
    assert_int_equal(m.p[131399], 0x5a);
    assert_true(b.arena.taken < 8 * 131400);
    bare_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_gives_the_same_messages_R_REC_021),
        cmocka_unit_test(a_byte_at_a_time_does_too),
        cmocka_unit_test(lengths_are_judged_by_the_header_R_REC_029),
        cmocka_unit_test(a_type_nobody_knows_is_refused_by_its_first_byte),
        cmocka_unit_test(
            a_long_message_costs_no_more_than_its_length_R_ATK_026),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
