/*
 * ServerHello without its extensions, which have a file of their own
 * (test_msg_extensions.c). Layouts: dossier 3.1; RFC 5246, 7.4.1.3.
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
#define SERVER_START TLS12_START "00 C02F 00"

static uint8_t buf[1024];
static struct tch_failure failure;

static enum tch_status parse_server(const char *hex,
                                    struct tch_server_hello *m)
{
    struct tch_watch watch = { NULL, &failure };
    struct tch_parse_ctx ctx = msg_ctx(0, 0, &watch);
    size_t n = msg_hex(hex, buf, sizeof buf);

    memset(&failure, 0, sizeof failure);
    return tch_parse_server_hello(tch_slice_of(buf, n), &ctx, m);
}

static void server_hello_fields_land_where_they_belong(void **state)
{
    struct tch_server_hello m;

    (void)state;
    assert_int_equal(parse_server("0302" RANDOM_HEX "02 ABCD C013 01", &m),
                     TCH_OK);
    assert_int_equal(m.server_version, 0x0302);
    assert_int_equal(m.random[0], 0x5F);
    assert_int_equal(m.random[31], 0x1F);
    assert_int_equal(m.session_id.len, 2);
    assert_int_equal(m.cipher_suite, 0xC013);
    assert_int_equal(m.compression_method, 1);
    assert_false(m.ext.block);
}

static void server_hello_block_absent_or_empty_is_legal_R_HS_037(void **state)
{
    struct tch_server_hello m;

    (void)state;
    assert_int_equal(parse_server(SERVER_START, &m), TCH_OK);
    assert_false(m.ext.block);
    assert_int_equal(parse_server(SERVER_START "0000", &m), TCH_OK);
    assert_true(m.ext.block);
    assert_int_equal(parse_server(SERVER_START "0000 00", &m),
                     TCH_DECODE_ERROR);
    assert_string_equal(failure.path, "server_hello");
    /* SSL 3.0 is no exception here: it is our hello that is answered. */
    assert_int_equal(parse_server("0300" RANDOM_HEX "00 0005 00 EE", &m),
                     TCH_DECODE_ERROR);
}

static void server_hello_session_id_over_32_is_refused_R_HS_028(void **state)
{
    struct tch_server_hello m;

    (void)state;
    assert_int_equal(parse_server(TLS12_START "21 EE" RANDOM_HEX "C02F 00",
                                  &m),
                     TCH_DECODE_ERROR);
    assert_string_equal(failure.path, "server_hello.session_id");
    assert_string_equal(failure.rfc, "5246 7.4.1.3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_hello_fields_land_where_they_belong),
        cmocka_unit_test(server_hello_block_absent_or_empty_is_legal_R_HS_037),
        cmocka_unit_test(server_hello_session_id_over_32_is_refused_R_HS_028),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
