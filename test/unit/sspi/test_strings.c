/*
 * test_strings.c - text of three widths and UTF-8 (contract 1.4, 6.1)
 *
 * Expected bytes are from RFC 3629 section 7 and RFC 2781 section 5.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sspi/include/sspi.h"
#include "sspi/memory.h"
#include "sspi/strings.h"

/* A, not identical to, alpha; a Han character; a character beyond plane 0. */
static const char utf8[] = "A\xE2\x89\xA2\xCE\x91.\xE6\x97\xA5\xF0\xA3\x8E\xB4";
static const uint16_t utf16[] = { 0x41, 0x2262, 0x391, 0x2E, 0x65E5,
                                  0xD84C, 0xDFB4, 0 };
static const uint32_t utf32[] = { 0x41, 0x2262, 0x391, 0x2E, 0x65E5, 0x233B4,
                                  0 };

static void all_widths_read_the_same(void **state)
{
    const struct {
        const void *s;
        unsigned width;
        size_t num;
    } rows[] = {
        { utf8, TCH_TEXT_A, SIZE_MAX },    { utf16, TCH_TEXT_W16, SIZE_MAX },
        { utf32, TCH_TEXT_W32, SIZE_MAX }, { utf8, TCH_TEXT_A, 14 },
        { utf16, TCH_TEXT_W16, 7 },        { utf32, TCH_TEXT_W32, 6 },
    };

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        char *out = NULL;

        assert_int_equal(tch_text_read(rows[i].s, rows[i].width, rows[i].num,
                                       &out),
                         TCH_OK);
        assert_string_equal(out, utf8);
        tch_disown_text(out);
    }
}

static void all_widths_are_written(void **state)
{
    uint8_t room[64];

    (void)state;
    assert_int_equal(tch_text_size(utf8, TCH_TEXT_A), sizeof utf8);
    assert_int_equal(tch_text_size(utf8, TCH_TEXT_W16), sizeof utf16);
    assert_int_equal(tch_text_size(utf8, TCH_TEXT_W32), sizeof utf32);
    tch_text_write(utf8, TCH_TEXT_A, room);
    assert_memory_equal(room, utf8, sizeof utf8);
    tch_text_write(utf8, TCH_TEXT_W16, room);
    assert_memory_equal(room, utf16, sizeof utf16);
    tch_text_write(utf8, TCH_TEXT_W32, room);
    assert_memory_equal(room, utf32, sizeof utf32);
}

static void ill_formed_text_is_refused(void **state)
{
    static const char *const bad[] = {
        "\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
        "\xF4\x90\x80\x80", "\xF0\x80\x80\x80", "\xC3", "\xE2\x89",
        "a\xFF", "\xF8\x88\x80\x80\x80",
    };
    static const uint16_t lone[][3] = { { 0xD800, 0 }, { 0xDC00, 0 },
                                        { 0xD800, 0x41, 0 } };
    static const uint32_t beyond[][2] = { { 0x110000, 0 }, { 0xD800, 0 },
                                          { 0xFFFFFFFF, 0 } };
    char *out = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(tch_text_read(bad[i], TCH_TEXT_A, SIZE_MAX, &out),
                         TCH_BAD_ARGUMENT);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(tch_text_read(lone[i], TCH_TEXT_W16, SIZE_MAX, &out),
                         TCH_BAD_ARGUMENT);
        assert_int_equal(tch_text_read(beyond[i], TCH_TEXT_W32, SIZE_MAX,
                                       &out),
                         TCH_BAD_ARGUMENT);
    }
    assert_int_equal(tch_text_read(NULL, TCH_TEXT_A, SIZE_MAX, &out),
                     TCH_BAD_ARGUMENT);
    /* A zero within a counted text. */
    assert_int_equal(tch_text_read("a\0b", TCH_TEXT_A, 3, &out),
                     TCH_BAD_ARGUMENT);
    assert_null(out);
}

static void host_names_are_plain_and_short(void **state)
{
    static const struct {
        const char *in;
        const char *out; /* NULL: refused */
    } rows[] = {
        { "localhost", "localhost" }, { "example.org.", "example.org" },
        { "127.0.0.1", "127.0.0.1" }, { "", NULL },
        { ".", NULL },                { "a b", NULL },
        { "b\xC3\xBC" "cher", NULL }, { "x\x01y", NULL },
    };
    char long_name[400], out[256];
    uint32_t wide[10];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(tch_text_host_name(rows[i].in, TCH_TEXT_A, out),
                         rows[i].out != NULL);
        if (rows[i].out != NULL) {
            assert_string_equal(out, rows[i].out);
        }
    }
    assert_false(tch_text_host_name(NULL, TCH_TEXT_A, out));
    memset(long_name, 'a', sizeof long_name);
    long_name[255] = '\0';
    assert_true(tch_text_host_name(long_name, TCH_TEXT_A, out));
    long_name[255] = 'a';
    long_name[256] = '\0';
    assert_false(tch_text_host_name(long_name, TCH_TEXT_A, out));
    for (size_t i = 0; i < 10; i++) {
        wide[i] = (uint8_t)"localhost"[i];
    }
    assert_true(tch_text_host_name(wide, TCH_TEXT_W32, out));
    assert_string_equal(out, "localhost");
}

/* One invalid unit, and nothing readable behind it (stc, 6.1). */
static void reading_stops_at_the_first_bad_unit(void **state)
{
    uint32_t *unit = tch_own(sizeof *unit);
    char out[256];

    (void)state;
    memcpy(unit, "loca", 4);
    assert_false(tch_text_host_name(unit, TCH_TEXT_W32, out));
    assert_false(tch_text_host_name(unit, TCH_TEXT_W16, out));
    tch_disown(unit, sizeof *unit);
}

static void given_text_is_package_memory(void **state)
{
    uint32_t *p = tch_text_give("RSA", TCH_TEXT_W32);

    (void)state;
    assert_int_equal(p[0], 'R');
    assert_int_equal(p[3], 0);
    assert_int_equal(FreeContextBuffer(p), SEC_E_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_widths_read_the_same),
        cmocka_unit_test(all_widths_are_written),
        cmocka_unit_test(ill_formed_text_is_refused),
        cmocka_unit_test(host_names_are_plain_and_short),
        cmocka_unit_test(reading_stops_at_the_first_bad_unit),
        cmocka_unit_test(given_text_is_package_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
