/*
 * Names as text (crypto-glue/x509/name_text.c): RFC 4514.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/der.h"
#include "crypto-glue/x509/x509.h"

#include "test/unit/glue/support_make_cert.h"
#include "test/unit/glue/support_x509.h"

static void assert_text(struct tch_slice name, const char *want)
{
    char text[256];

    assert_int_equal(tch_name_text(name, text, sizeof text), strlen(want));
    assert_string_equal(text, want);
}

/* The Name CN=value with a string type of one's choice. */
static struct tch_slice cn(unsigned tag, struct tch_slice value)
{
    static uint8_t room[256];
    struct tch_writer w;
    struct tch_mark m[3];

    tch_wr_init(&w, room, sizeof room);
    m[0] = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    m[1] = tch_der_wr_open(&w, TCH_DER_SET);
    m[2] = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    tch_der_wr_value(&w, TCH_DER_OID, text_slice("\x55\x04\x03"));
    tch_der_wr_value(&w, tag, value);
    tch_der_wr_close(&w, m[2]);
    tch_der_wr_close(&w, m[1]);
    tch_der_wr_close(&w, m[0]);
    return tch_wr_done(&w);
}

static void names_are_written_last_part_first(void **state)
{
    struct pile p = { .num = 0 };
    struct tch_cert c;

    (void)state;
    pile_add(&p, "server-rsa2048");
    assert_int_equal(tch_cert_parse(&c, p.der[0], NULL), TCH_OK);
    assert_text(c.subject, "CN=localhost, O=Tomchannel Test");
    assert_text(c.issuer, "CN=Tomchannel Test Root CA, O=Tomchannel Test");
    pile_free(&p);
}

static void several_attributes_of_one_set_are_joined(void **state)
{
    (void)state;
    assert_text(hex_slice("301A3118300906035504060C025554"
                          "300B060355040A0C0454657374"),
                "C=UT + O=Test");
    assert_text(hex_slice("3000"), "");
}

static void unknown_types_are_numbers(void **state)
{
    (void)state;
    assert_text(hex_slice("300D310B300906042A864801130161"), "1.2.840.1=a");
    assert_text(hex_slice("300D310B3009060388370313026162"), "2.999.3=ab");
}

static void special_characters_are_escaped_RFC_4514(void **state)
{
    (void)state;
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("a,b+c\"d\\e<f>g;h=i")),
                "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\=i");
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice(" a b ")), "CN=\\ a b\\ ");
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("#a#")), "CN=\\#a#");
}

static void what_cannot_be_shown_is_hexadecimal(void **state)
{
    (void)state;
    assert_text(cn(TCH_DER_UTF8_STRING, tch_slice_of("a\0b", 3)),
                "CN=a\\00b");
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("\x1B[31m\n\x7F")),
                "CN=\\1B[31m\\0A\\7F");
    /* broken UTF-8: cut, over-long, a surrogate, beyond the end */
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("a\xC3")), "CN=a\\C3");
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("\xC0\xAF")),
                "CN=\\C0\\AF");
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("\xED\xA0\x80")),
                "CN=\\ED\\A0\\80");
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("\xF4\x90\x80\x80")),
                "CN=\\F4\\90\\80\\80");
    /* U+202E turns the direction of writing */
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("\xE2\x80\xAE")),
                "CN=\\E2\\80\\AE");
    /* no ASCII in a PrintableString */
    assert_text(cn(TCH_DER_PRINTABLE_STRING, text_slice("\xE9")), "CN=\\E9");
    /* not a string at all */
    assert_text(cn(TCH_DER_OCTET_STRING, text_slice("ab")), "CN=#6162");
}

static void all_string_types_become_utf8(void **state)
{
    (void)state;
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("\xC3\xA9\xE2\x82\xAC")),
                "CN=\xC3\xA9\xE2\x82\xAC");
    assert_text(cn(TCH_DER_UTF8_STRING, text_slice("\xF0\x9F\x98\x80")),
                "CN=\xF0\x9F\x98\x80");
    assert_text(cn(TCH_DER_T61_STRING, text_slice("\xE9")), "CN=\xC3\xA9");
    assert_text(cn(TCH_DER_BMP_STRING, tch_slice_of("\x20\xAC\0a", 4)),
                "CN=\xE2\x82\xAC"
                "a");
    assert_text(cn(TCH_DER_BMP_STRING, tch_slice_of("\0a\0", 3)),
                "CN=a\\00");
    assert_text(cn(TCH_DER_UNIVERSAL_STRING,
                   tch_slice_of("\0\1\xF6\0\0\0\0a", 8)),
                "CN=\xF0\x9F\x98\x80"
                "a");
}

static void a_short_buffer_gets_the_beginning(void **state)
{
    static const char want[] = "CN=\xC3\xA9\xE2\x82\xAC";
    struct tch_slice name =
        cn(TCH_DER_UTF8_STRING, text_slice("\xC3\xA9\xE2\x82\xAC"));
    char text[16];

    (void)state;
    assert_int_equal(tch_name_text(name, NULL, 0), sizeof want - 1);
    for (size_t cap = 1; cap < sizeof want + 2; cap++) {
        memset(text, 'x', sizeof text);
        assert_int_equal(tch_name_text(name, text, cap), sizeof want - 1);
        assert_true(strlen(text) < cap);
        assert_memory_equal(text, want, strlen(text));
        /* no character is cut in two */
        assert_true(strlen(text) != 4 && strlen(text) != 6 &&
                    strlen(text) != 7);
        assert_int_equal(text[cap < sizeof text ? cap : 15], 'x');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_written_last_part_first),
        cmocka_unit_test(several_attributes_of_one_set_are_joined),
        cmocka_unit_test(unknown_types_are_numbers),
        cmocka_unit_test(special_characters_are_escaped_RFC_4514),
        cmocka_unit_test(what_cannot_be_shown_is_hexadecimal),
        cmocka_unit_test(all_string_types_become_utf8),
        cmocka_unit_test(a_short_buffer_gets_the_beginning),
    };

    return cmocka_run_group_tests_name("names_text", tests, NULL, NULL);
}
