/*
 * ClientHello without its extensions, which have a file of their own
 * (test_msg_extensions.c). Layouts: dossier 3.1; RFC 5246, 7.4.1.2.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_msg.h"

#define RANDOM_HEX                                      \
    "5F000000 0405060708090A0B0C0D0E0F1011121314151617" \
    "18191A1B1C1D1E1F"
#define TLS12_START "0303" RANDOM_HEX
#define SSL3_START "0300" RANDOM_HEX
#define NO_ID "00"
#define ONE_SUITE "0002 C02F"
#define NULL_COMPRESSION "01 00"
#define SHORT TLS12_START NO_ID ONE_SUITE NULL_COMPRESSION
#define SSL3_SHORT SSL3_START NO_ID ONE_SUITE NULL_COMPRESSION

static uint8_t buf[MSG_MAX];
static struct tch_failure failure;

static enum tch_status parse(const char *hex, struct tch_client_hello *m)
{
    struct tch_watch watch = { NULL, &failure };
    struct tch_parse_ctx ctx = msg_ctx(0, 0, &watch);
    size_t n = msg_hex(hex, buf, sizeof buf);

    memset(&failure, 0, sizeof failure);
    return tch_parse_client_hello(tch_slice_of(buf, n), &ctx, m);
}

static void expect(const char *hex, enum tch_status status, const char *path,
                   size_t offset)
{
    struct tch_client_hello m;

    assert_int_equal(parse(hex, &m), status);
    assert_string_equal(failure.path, path);
    assert_int_equal(failure.offset, offset);
}

static void fields_land_where_they_belong(void **state)
{
    struct tch_client_hello m;
    uint8_t random[32];

    (void)state;
    msg_hex(RANDOM_HEX, random, sizeof random);
    assert_int_equal(parse(TLS12_START "03 AABBCC 0004 C02F 009E 02 01 00",
                           &m),
                     TCH_OK);
    assert_int_equal(m.client_version, 0x0303);
    assert_memory_equal(m.random, random, 32);
    assert_int_equal(m.session_id.len, 3);
    assert_int_equal(m.session_id.p[0], 0xAA);
    assert_int_equal(m.cipher_suites.len, 4);
    assert_int_equal(tch_list_u16(m.cipher_suites, 0), 0xC02F);
    assert_int_equal(tch_list_u16(m.cipher_suites, 1), 0x009E);
    assert_true(tch_list_has_u16(m.cipher_suites, 0x009E));
    assert_false(tch_list_has_u16(m.cipher_suites, 0x2F00));
    assert_int_equal(m.compression_methods.len, 2);
    assert_true(tch_list_has_u8(m.compression_methods, 0));
    assert_false(tch_list_has_u8(m.compression_methods, 2));
    assert_false(m.ext.block);
    assert_int_equal(m.ext.present, 0);
}

static void session_id_of_32_bytes_passes_and_33_do_not_R_HS_028(void **state)
{
    struct tch_client_hello m;

    (void)state;
    assert_int_equal(parse(TLS12_START "20" RANDOM_HEX ONE_SUITE
                                       NULL_COMPRESSION,
                           &m),
                     TCH_OK);
    assert_int_equal(m.session_id.len, 32);
    expect(TLS12_START "21 EE" RANDOM_HEX ONE_SUITE NULL_COMPRESSION,
           TCH_DECODE_ERROR, "client_hello.session_id", 34);
}

static void cipher_suites_empty_or_odd_are_refused_R_HS_029(void **state)
{
    (void)state;
    expect(TLS12_START NO_ID "0000" NULL_COMPRESSION, TCH_DECODE_ERROR,
           "client_hello.cipher_suites", 35);
    expect(TLS12_START NO_ID "0003 C02F00" NULL_COMPRESSION, TCH_DECODE_ERROR,
           "client_hello.cipher_suites[1].cipher_suite", 39);
    expect(TLS12_START NO_ID "FFFF C02F" NULL_COMPRESSION, TCH_DECODE_ERROR,
           "client_hello.cipher_suites", 35);
}

static void unknown_suites_and_grease_are_no_error_R_HS_029_039(void **state)
{
    struct tch_client_hello m;

    (void)state;
    assert_int_equal(parse(TLS12_START NO_ID
                           "000A 0A0A 1301 5600 00FF FAFA" NULL_COMPRESSION,
                           &m),
                     TCH_OK);
    assert_int_equal(m.cipher_suites.len, 10);
}

static void compression_methods_must_not_be_empty(void **state)
{
    (void)state;
    expect(TLS12_START NO_ID ONE_SUITE "00", TCH_DECODE_ERROR,
           "client_hello.compression_methods", 39);
}

static void any_version_number_parses_R_HS_021(void **state)
{
    struct tch_client_hello m;

    (void)state;
    assert_int_equal(parse("0304" RANDOM_HEX NO_ID ONE_SUITE NULL_COMPRESSION,
                           &m),
                     TCH_OK);
    assert_int_equal(m.client_version, 0x0304);
    assert_int_equal(parse("FFFF" RANDOM_HEX NO_ID ONE_SUITE NULL_COMPRESSION,
                           &m),
                     TCH_OK);
}

static void block_absent_or_empty_is_legal_R_EXT_007(void **state)
{
    struct tch_client_hello m;

    (void)state;
    assert_int_equal(parse(SHORT, &m), TCH_OK);
    assert_false(m.ext.block);
    assert_int_equal(parse(SHORT "0000", &m), TCH_OK);
    assert_true(m.ext.block);
    assert_int_equal(m.ext.present, 0);
}

static void block_must_fill_the_message_R_EXT_006_R_GEN_003(void **state)
{
    (void)state;
    expect(SHORT "00", TCH_DECODE_ERROR, "client_hello.extensions", 41);
    expect(SHORT "0001", TCH_DECODE_ERROR, "client_hello.extensions", 41);
    expect(SHORT "0000 00", TCH_DECODE_ERROR, "client_hello", 43);
    expect(SHORT "0004 0017 0000 EE", TCH_DECODE_ERROR, "client_hello", 47);
    expect(SHORT "0003 0017 00", TCH_DECODE_ERROR,
           "client_hello.extensions[0].extended_master_secret", 45);
    /* TLS 1.0 says ignore, we do not (R-GEN-003). */
    expect("0301" RANDOM_HEX NO_ID ONE_SUITE NULL_COMPRESSION "EE",
           TCH_DECODE_ERROR, "client_hello.extensions", 41);
}

static void ssl3_ignores_what_does_not_parse_R_GEN_003(void **state)
{
    static const char *const tails[] = {
        SSL3_SHORT "EE",
        SSL3_SHORT "EEEE EEEE EEEE",
        SSL3_SHORT "0000 00",
        SSL3_SHORT "0004 0017 0001",
        SSL3_SHORT "000A FF01 0001 00 FF01 0001 00", /* twice */
        SSL3_SHORT "0006 FF01 0002 0500",            /* length wrong inside */
    };

    (void)state;
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        struct tch_client_hello m;

        assert_int_equal(parse(tails[i], &m), TCH_OK);
        assert_int_equal(m.ext.present, 0);
        assert_false(m.ext.block);
        assert_string_equal(failure.path, "");
    }
}

static void ssl3_tail_shows_every_byte_once_RT3(void **state)
{
    static const char *const hellos[] = {
        SSL3_SHORT "EEEE EEEE EEEE",
        SSL3_SHORT "0009 0000 0000 FF01 0001 00",
    };
    static struct msg_counter counter;

    (void)state;
    for (size_t i = 0; i < sizeof hellos / sizeof hellos[0]; i++) {
        struct tch_watch watch = { &counter.observer, NULL };
        struct tch_parse_ctx ctx = msg_ctx(0, 0, &watch);
        size_t n = msg_hex(hellos[i], buf, sizeof buf);
        struct tch_client_hello m;

        msg_counter_init(&counter);
        assert_int_equal(
            tch_parse_client_hello(tch_slice_of(buf, n), &ctx, &m), TCH_OK);
        assert_true(msg_counter_once(&counter, n));
    }
}

static void ssl3_finds_renegotiation_info_alone_R_HS_036(void **state)
{
    struct tch_client_hello m;

    (void)state;
    /* The malformed server_name in front has no meaning in SSL 3.0. */
    assert_int_equal(parse(SSL3_SHORT
                           "0010 0000 0001 EE FF01 0003 02 ABCD 0017 0000",
                           &m),
                     TCH_OK);
    assert_int_equal(m.ext.present, TCH_HAS_RENEGOTIATION_INFO);
    assert_int_equal(m.ext.renegotiation_info.len, 2);
    assert_int_equal(m.ext.renegotiation_info.p[1], 0xCD);
}

static void ssl3_start_of_the_hello_is_not_lenient(void **state)
{
    (void)state;
    expect(SSL3_START NO_ID "0003 C02F00" NULL_COMPRESSION, TCH_DECODE_ERROR,
           "client_hello.cipher_suites[1].cipher_suite", 39);
}

static void writer_refuses_what_the_parser_would_refuse(void **state)
{
    static const uint8_t bytes[70000];
    struct tch_client_hello good;
    struct tch_client_hello m;
    struct tch_writer w;

    (void)state;
    assert_int_equal(parse(SHORT, &good), TCH_OK);
    m = good;
    m.session_id = tch_slice_of(bytes, 33);
    tch_wr_init(&w, buf + 1000, sizeof buf - 1000);
    tch_write_client_hello(&w, &m);
    assert_true(w.failed);
    m = good;
    m.cipher_suites = tch_slice_of(bytes, 3);
    tch_wr_init(&w, buf + 1000, sizeof buf - 1000);
    tch_write_client_hello(&w, &m);
    assert_true(w.failed);
    m = good;
    m.compression_methods.len = 0;
    tch_wr_init(&w, buf + 1000, sizeof buf - 1000);
    tch_write_client_hello(&w, &m);
    assert_true(w.failed);
    m = good;
    m.ext.present = TCH_HAS_SESSION_TICKET;
    m.ext.session_ticket = tch_slice_of(bytes, 65536);
    tch_wr_init(&w, buf + 1000, sizeof buf - 1000);
    tch_write_client_hello(&w, &m);
    assert_true(w.failed);
}

static void largest_hello_of_the_grammar_parses_R_REC_029(void **state)
{
    struct tch_parse_ctx ctx = msg_ctx(0, 0, NULL);
    struct tch_client_hello m;
    size_t n;

    (void)state;
    memset(buf, 0, sizeof buf);
    n = msg_hex(TLS12_START "20" RANDOM_HEX "FFFE", buf, sizeof buf);
    n += 65534;
    buf[n] = 0xFF;
    n += 1 + 255;
    n += msg_hex("FFFF 1234 FFFB", buf + n, sizeof buf - n);
    n += 65531;
    assert_int_equal(n, 131396);
    assert_int_equal(n, tch_message_limit(TCH_MSG_CLIENT_HELLO));
    assert_int_equal(tch_parse_client_hello(tch_slice_of(buf, n), &ctx, &m),
                     TCH_OK);
    assert_int_equal(m.cipher_suites.len, 65534);
    assert_int_equal(m.compression_methods.len, 255);
    assert_true(m.ext.unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_land_where_they_belong),
        cmocka_unit_test(session_id_of_32_bytes_passes_and_33_do_not_R_HS_028),
        cmocka_unit_test(cipher_suites_empty_or_odd_are_refused_R_HS_029),
        cmocka_unit_test(unknown_suites_and_grease_are_no_error_R_HS_029_039),
        cmocka_unit_test(compression_methods_must_not_be_empty),
        cmocka_unit_test(any_version_number_parses_R_HS_021),
        cmocka_unit_test(block_absent_or_empty_is_legal_R_EXT_007),
        cmocka_unit_test(block_must_fill_the_message_R_EXT_006_R_GEN_003),
        cmocka_unit_test(ssl3_ignores_what_does_not_parse_R_GEN_003),
        cmocka_unit_test(ssl3_tail_shows_every_byte_once_RT3),
        cmocka_unit_test(ssl3_finds_renegotiation_info_alone_R_HS_036),
        cmocka_unit_test(ssl3_start_of_the_hello_is_not_lenient),
        cmocka_unit_test(writer_refuses_what_the_parser_would_refuse),
        cmocka_unit_test(largest_hello_of_the_grammar_parses_R_REC_029),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
