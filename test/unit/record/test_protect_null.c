/* protect_null.c: what has no protection goes through as it is. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "record/protect.h"
#include "test/unit/record/support_record.h"

static void records_go_through_unchanged(void **state)
{
    static uint8_t wire[RECORD_ROOM];
    static uint8_t text[TCH_PLAINTEXT_MAX];
    struct tch_half out;
    struct tch_half in;
    size_t num;

    (void)state;
    tch_half_init(&out, true, true, &tch_alloc_default, NULL, NULL);
    tch_half_init(&in, false, true, &tch_alloc_default, NULL, NULL);
    out.version = TCH_TLS10;
    for (size_t len = 0; len <= TCH_PLAINTEXT_MAX; len += 1024) {
        assert_int_equal(seal_apart(&out, 22, sample(), len, wire), 5 + len);
        assert_int_equal(open_all(&in, wire, 5 + len, text, &num), len);
        assert_memory_equal(text, sample(), len);
    }
}

static void the_pseudo_header_is_laid_out_as_in_rfc_5246_6_2_3_1(void **state)
{
    static const uint8_t want[] = { 1, 2, 3, 4, 5, 6, 7, 8, 23, 3, 2, 0x3F,
                                    0xFF };
    struct tch_piece p = { .seq = 0x0102030405060708,
                           .version = TCH_TLS11,
                           .type = 23 };
    uint8_t got[TCH_PSEUDO_HEADER_LEN];

    (void)state;
    tch_pseudo_header(got, &p, 0x3FFF);
    assert_memory_equal(got, want, sizeof want);
}

static void contexts_lie_on_a_cache_line_within_the_state(void **state)
{
    static uint8_t room[1024];

    (void)state;
    for (size_t at = 0; at < 64; at++) {
        size_t size = tch_state_size(100, 300);
        uint8_t *context = tch_state_context(room + at, 100);

        assert_int_equal((uintptr_t)context % 64, 0);
        assert_true(context >= room + at + 100);
        assert_true(context + 300 <= room + at + size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_go_through_unchanged),
        cmocka_unit_test(
            the_pseudo_header_is_laid_out_as_in_rfc_5246_6_2_3_1),
        cmocka_unit_test(contexts_lie_on_a_cache_line_within_the_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
