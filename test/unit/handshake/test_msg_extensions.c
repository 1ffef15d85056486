/*
 * Hello extensions, one table row per layout or mistake: the extensions in
 * hex, the status, and the field that is blamed. Layouts and rules: dossier
 * 5.2 to 5.9 and the RFCs named there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "test/unit/handshake/support_msg.h"

#define OK TCH_OK
#define DECODE TCH_DECODE_ERROR
#define ILLEGAL TCH_ILLEGAL_PARAMETER
#define C "client_hello.extensions"
#define S "server_hello.extensions"

static uint8_t buf[MSG_MAX];
static struct tch_failure failure;

/* A hello with these extensions; returns where the block's length stands. */
static struct tch_slice hello(bool server, const uint8_t *block, size_t n)
{
    size_t at = 0;

    memset(buf, 0, 64);
    buf[0] = 3;
    buf[1] = 3;
    at = 2 + 32 + 1;
    if (server) {
        at += msg_hex("C02F 00", buf + at, 8);
    } else {
        at += msg_hex("0002 C02F 01 00", buf + at, 8);
    }
    tch_put_u16(buf + at, (unsigned)n);
    memcpy(buf + at + 2, block, n);
    return tch_slice_of(buf, at + 2 + n);
}

static enum tch_status parse(bool server, const char *hex,
                             struct tch_extensions *out)
{
    static struct tch_client_hello client;
    static struct tch_server_hello answer;
    struct tch_watch watch = { NULL, &failure };
    struct tch_parse_ctx ctx = msg_ctx(0, 0, &watch);
    uint8_t block[1024];
    size_t n = msg_hex(hex, block, sizeof block);
    struct tch_slice body = hello(server, block, n);
    enum tch_status status;

    memset(&failure, 0, sizeof failure);
    if (server) {
        status = tch_parse_server_hello(body, &ctx, &answer);
        *out = answer.ext;
    } else {
        status = tch_parse_client_hello(body, &ctx, &client);
        *out = client.ext;
    }
    return status;
}

struct row {
    const char *hex;
    enum tch_status status;
    const char *path; /* "" for TCH_OK */
    uint32_t present; /* for TCH_OK */
};

static void check_rows(bool server, const struct row *rows, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        struct tch_extensions ext;
        enum tch_status status = parse(server, rows[i].hex, &ext);

        if (status != rows[i].status ||
            strcmp(failure.path, rows[i].path) != 0 ||
            (status == TCH_OK && ext.present != rows[i].present)) {
            fail_msg("%s: %s at \"%s\", present %x", rows[i].hex,
                     tch_status_name(status), failure.path,
                     (unsigned)ext.present);
        }
    }
}

#define CHECK(server, rows) \
    check_rows(server, rows, sizeof(rows) / sizeof((rows)[0]))

/* clang-format off */
static void server_name_R_EXT_010_018(void **state)
{
    static const struct row rows[] = {
        { "0000 0006 0004 00 0001 61", OK, "", TCH_HAS_SERVER_NAME },
        { "0000 0000", DECODE, C "[0].server_name.server_name_list", 0 },
        { "0000 0002 0000", DECODE, C "[0].server_name.server_name_list", 0 },
        { "0000 0005 0003 00 0000", DECODE,
          C "[0].server_name.server_name_list[0].host_name", 0 },
        /* two host names, equal or not */
        { "0000 000A 0008 00 0001 61 00 0001 61", ILLEGAL,
          C "[0].server_name.server_name_list[1].name_type", 0 },
        { "0000 000A 0008 00 0001 61 00 0001 62", ILLEGAL,
          C "[0].server_name.server_name_list[1].name_type", 0 },
        /* an unknown name_type is skipped (R-EXT-016), twice it is too many */
        { "0000 000A 0008 07 0001 EE 00 0001 61", OK, "", TCH_HAS_SERVER_NAME },
        { "0000 000A 0008 07 0001 EE 07 0001 EE", ILLEGAL,
          C "[0].server_name.server_name_list[1].name_type", 0 },
        { "0000 0006 0004 FF 0001 EE", OK, "", 0 },
        /* NUL, control characters, space, DEL, beyond ASCII */
        { "0000 0008 0006 00 0003 61 00 62", ILLEGAL,
          C "[0].server_name.server_name_list[0].host_name", 0 },
        { "0000 0006 0004 00 0001 1F", ILLEGAL,
          C "[0].server_name.server_name_list[0].host_name", 0 },
        { "0000 0006 0004 00 0001 20", ILLEGAL,
          C "[0].server_name.server_name_list[0].host_name", 0 },
        { "0000 0006 0004 00 0001 7F", ILLEGAL,
          C "[0].server_name.server_name_list[0].host_name", 0 },
        { "0000 0006 0004 00 0001 80", ILLEGAL,
          C "[0].server_name.server_name_list[0].host_name", 0 },
        { "0000 0006 0004 00 0001 21", OK, "", TCH_HAS_SERVER_NAME },
        { "0000 0006 0004 00 0001 7E", OK, "", TCH_HAS_SERVER_NAME },
        /* nothing but a dot */
        { "0000 0006 0004 00 0001 2E", ILLEGAL,
          C "[0].server_name.server_name_list[0].host_name", 0 },
        /* lengths: list short of the data, name beyond the list */
        { "0000 0007 0004 00 0001 61 EE", DECODE, C "[0].server_name", 0 },
        { "0000 0006 0004 00 0002 61", DECODE,
          C "[0].server_name.server_name_list[0].host_name", 0 },
    };
    static const struct row answers[] = {
        { "0000 0000", OK, "", TCH_HAS_SERVER_NAME },
        { "0000 0001 00", DECODE, S "[0].server_name", 0 }, /* R-EXT-015 */
        { "0000 0006 0004 00 0001 61", DECODE, S "[0].server_name", 0 },
    };

    (void)state;
    CHECK(false, rows);
    CHECK(true, answers);
}

static void empty_extensions_carry_nothing_R_EXT_110(void **state)
{
    static const struct row both[] = {
        { "0016 0000", OK, "", TCH_HAS_ENCRYPT_THEN_MAC },
        { "0017 0000", OK, "", TCH_HAS_EXTENDED_MASTER_SECRET },
    };
    static const struct row bad[] = {
        { "0016 0001 00", DECODE, C "[0].encrypt_then_mac", 0 },
        { "0017 0001 00", DECODE, C "[0].extended_master_secret", 0 },
        { "0012 0001 00", DECODE, C "[0].signed_certificate_timestamp", 0 },
    };
    static const struct row bad_answers[] = {
        { "0016 0001 00", DECODE, S "[0].encrypt_then_mac", 0 },
        { "0017 0001 00", DECODE, S "[0].extended_master_secret", 0 },
        { "0005 0001 01", DECODE, S "[0].status_request", 0 },
        { "0023 0001 00", DECODE, S "[0].session_ticket", 0 },
    };

    (void)state;
    CHECK(false, both);
    CHECK(true, both);
    CHECK(false, bad);
    CHECK(true, bad_answers);
}

static void groups_and_formats_empty_or_odd_are_refused_R_EXT_048(void **state)
{
    static const struct row rows[] = {
        { "000A 0004 0002 001D", OK, "", TCH_HAS_SUPPORTED_GROUPS },
        { "000A 0006 0004 0A0A 0017", OK, "", TCH_HAS_SUPPORTED_GROUPS },
        { "000A 0000", DECODE, C "[0].supported_groups.named_group_list", 0 },
        { "000A 0002 0000", DECODE,
          C "[0].supported_groups.named_group_list", 0 },
        { "000A 0005 0003 001D 00", DECODE,
          C "[0].supported_groups.named_group_list[1].named_group", 0 },
        { "000A 0005 0002 001D 00", DECODE, C "[0].supported_groups", 0 },
        { "000B 0002 01 00", OK, "", TCH_HAS_EC_POINT_FORMATS },
        { "000B 0001 00", DECODE,
          C "[0].ec_point_formats.ec_point_format_list", 0 },
        { "000B 0000", DECODE,
          C "[0].ec_point_formats.ec_point_format_list", 0 },
        { "000B 0003 01 00 00", DECODE, C "[0].ec_point_formats", 0 },
    };
    static const struct row answers[] = {
        { "000B 0002 01 00", OK, "", TCH_HAS_EC_POINT_FORMATS },
        /* without 0 it parses; refusing it is for R-EXT-046 */
        { "000B 0002 01 01", OK, "", TCH_HAS_EC_POINT_FORMATS },
        { "000B 0001 00", DECODE,
          S "[0].ec_point_formats.ec_point_format_list", 0 },
        /* supported_groups is never sent, ignored if received (5.2) */
        { "000A 0001 EE", OK, "", TCH_HAS_SUPPORTED_GROUPS },
    };

    (void)state;
    CHECK(false, rows);
    CHECK(true, answers);
}

static void signature_algorithms_R_EXT_061_062(void **state)
{
    static const struct row rows[] = {
        { "000D 0004 0002 0401", OK, "", TCH_HAS_SIGNATURE_ALGORITHMS },
        { "0032 0004 0002 0401", OK, "", TCH_HAS_SIGNATURE_ALGORITHMS_CERT },
        { "000D 0006 0004 FAFA 0000", OK, "", TCH_HAS_SIGNATURE_ALGORITHMS },
        { "000D 0000", DECODE,
          C "[0].signature_algorithms.supported_signature_algorithms", 0 },
        { "000D 0002 0000", DECODE,
          C "[0].signature_algorithms.supported_signature_algorithms", 0 },
        { "000D 0003 0002 04", DECODE,
          C "[0].signature_algorithms.supported_signature_algorithms", 0 },
        { "000D 0005 0003 0401 04", DECODE,
          C "[0].signature_algorithms.supported_signature_algorithms[1]"
            ".signature_algorithm", 0 },
    };
    static const struct row answers[] = {
        { "000D 0004 0002 0401", OK, "", TCH_HAS_SIGNATURE_ALGORITHMS },
        { "000D 0000", OK, "", TCH_HAS_SIGNATURE_ALGORITHMS },
        { "0032 0000", OK, "", TCH_HAS_SIGNATURE_ALGORITHMS_CERT },
        { "0015 0002 0000", OK, "", TCH_HAS_PADDING },
    };

    (void)state;
    CHECK(false, rows);
    CHECK(true, answers);
}

static void alpn_R_EXT_090_091_093(void **state)
{
#define A "[0].application_layer_protocol_negotiation"
    static const struct row rows[] = {
        { "0010 0005 0003 02 6832", OK, "", TCH_HAS_ALPN },
        { "0010 0008 0006 02 6832 02 6833", OK, "", TCH_HAS_ALPN },
        { "0010 0005 0003 02 0A0A", OK, "", TCH_HAS_ALPN },
        { "0010 0006 0003 02 6832 00", DECODE, C A, 0 },
        { "0010 0000", DECODE, C A ".protocol_name_list", 0 },
        { "0010 0002 0000", DECODE, C A ".protocol_name_list", 0 },
        { "0010 0003 0001 00", DECODE, C A ".protocol_name_list", 0 },
        { "0010 0006 0004 02 6832 00", DECODE,
          C A ".protocol_name_list[1].protocol_name", 0 },
        { "0010 0005 0003 03 6832", DECODE,
          C A ".protocol_name_list[0].protocol_name", 0 },
        { "0010 0004 0002 00 00", DECODE,
          C A ".protocol_name_list[0].protocol_name", 0 },
    };
    static const struct row answers[] = {
        { "0010 0005 0003 02 6832", OK, "", TCH_HAS_ALPN },
    };
    static const struct row bad_answers[] = {
        { "0010 0008 0006 02 6832 02 6833", DECODE,
          S A ".protocol_name_list[1].protocol_name", 0 },
        { "0010 0000", DECODE, S A ".protocol_name_list", 0 },
        { "0010 0002 0000", DECODE, S A ".protocol_name_list", 0 },
        { "0010 0004 0002 00 00", DECODE,
          S A ".protocol_name_list[0].protocol_name", 0 },
    };

    (void)state;
    CHECK(false, rows);
    CHECK(true, answers);
    CHECK(true, bad_answers);
#undef A
}

static void status_request_R_EXT_033(void **state)
{
    static const struct row rows[] = {
        { "0005 0005 01 0000 0000", OK, "", TCH_HAS_STATUS_REQUEST },
        { "0005 000B 01 0003 0001 EE 0003 E1E2E3", OK, "",
          TCH_HAS_STATUS_REQUEST },
        /* another type: ignored, whatever it holds */
        { "0005 0001 02", OK, "", 0 },
        { "0005 0004 02 EEEEEE", OK, "", 0 },
        { "0005 0000", DECODE, C "[0].status_request.status_type", 0 },
        { "0005 0003 01 0000", DECODE,
          C "[0].status_request.request_extensions", 0 },
        { "0005 0006 01 0000 0000 00", DECODE, C "[0].status_request", 0 },
        { "0005 0007 01 0002 0000 0000", DECODE,
          C "[0].status_request.responder_id_list[0].responder_id", 0 },
    };
    static const struct row answers[] = {
        { "0005 0000", OK, "", TCH_HAS_STATUS_REQUEST },
    };

    (void)state;
    CHECK(false, rows);
    CHECK(true, answers);
}

static void sct_list_lengths_are_checked_R_EXT_034(void **state)
{
#define T "[0].signed_certificate_timestamp"
    static const struct row rows[] = {
        { "0012 0000", OK, "", TCH_HAS_SCT },
    };
    static const struct row answers[] = {
        { "0012 0007 0005 0003 E1E2E3", OK, "", TCH_HAS_SCT },
        { "0012 0008 0006 0001 E1 0001 E2", OK, "", TCH_HAS_SCT },
        { "0012 0000", DECODE, S T ".sct_list", 0 },
        { "0012 0002 0000", DECODE, S T ".sct_list", 0 },
        { "0012 0004 0002 0000", DECODE, S T ".sct_list[0].serialized_sct", 0 },
        { "0012 0007 0005 0004 E1E2E3", DECODE,
          S T ".sct_list[0].serialized_sct", 0 },
        { "0012 0008 0005 0003 E1E2E3 00", DECODE, S T, 0 },
    };

    (void)state;
    CHECK(false, rows);
    CHECK(true, answers);
#undef T
}

static void padding_must_be_zero_R_EXT_111(void **state)
{
    static const struct row rows[] = {
        { "0015 0000", OK, "", TCH_HAS_PADDING },
        { "0015 0003 000000", OK, "", TCH_HAS_PADDING },
        { "0015 0003 000001", ILLEGAL, C "[0].padding.zeros", 0 },
    };
    struct tch_extensions ext;

    (void)state;
    CHECK(false, rows);
    assert_int_equal(failure.offset, 35 + 6 + 2 + 4 + 2); /* the 01 itself */
    assert_int_equal(parse(false, "0015 0003 000000", &ext), OK);
    assert_int_equal(ext.padding, 3);
}

static void fixed_size_values(void **state)
{
    static const struct row rows[] = {
        { "0001 0001 01", OK, "", TCH_HAS_MAX_FRAGMENT_LENGTH },
        { "0001 0001 07", OK, "", TCH_HAS_MAX_FRAGMENT_LENGTH },
        { "0001 0000", DECODE,
          C "[0].max_fragment_length.max_fragment_length", 0 },
        { "0001 0002 01 00", DECODE, C "[0].max_fragment_length", 0 },
        { "001C 0002 0040", OK, "", TCH_HAS_RECORD_SIZE_LIMIT },
        { "001C 0001 40", DECODE,
          C "[0].record_size_limit.record_size_limit", 0 },
        { "001C 0003 004000", DECODE, C "[0].record_size_limit", 0 },
        { "FF01 0001 00", OK, "", TCH_HAS_RENEGOTIATION_INFO },
        { "FF01 0000", DECODE,
          C "[0].renegotiation_info.renegotiated_connection", 0 },
        { "FF01 0001 01", DECODE,
          C "[0].renegotiation_info.renegotiated_connection", 0 },
        { "FF01 0002 00 00", DECODE, C "[0].renegotiation_info", 0 },
        { "0023 0000", OK, "", TCH_HAS_SESSION_TICKET },
    };
    struct tch_extensions ext;

    (void)state;
    CHECK(false, rows);
    assert_int_equal(
        parse(false, "001C 0002 4001 0001 0001 04 0023 0002 E1E2"
                     "FF01 0003 02 E3E4", &ext), OK);
    assert_int_equal(ext.record_size_limit, 0x4001);
    assert_int_equal(ext.max_fragment_length, 4);
    assert_int_equal(ext.session_ticket.len, 2);
    assert_int_equal(ext.session_ticket.p[1], 0xE2);
    assert_int_equal(ext.renegotiation_info.len, 2);
    assert_int_equal(ext.renegotiation_info.p[0], 0xE3);
}

static void same_type_twice_is_refused_in_both_hellos_R_EXT_003(void **state)
{
    static const struct row rows[] = {
        { "0017 0000 0017 0000", DECODE, C "[1].extension_type", 0 },
        { "0017 0000 0016 0000 0017 0000", DECODE, C "[2].extension_type", 0 },
        { "7777 0000 7777 0001 EE", DECODE, C "[1].extension_type", 0 },
        { "0A0A 0000 1A1A 0000 0A0A 0000", DECODE, C "[2].extension_type", 0 },
        /* an ignored server_name or status_request counts as well */
        { "0005 0001 02 0005 0001 02", DECODE, C "[1].extension_type", 0 },
    };
    static const struct row answers[] = {
        { "0017 0000 0017 0000", DECODE, S "[1].extension_type", 0 },
        { "7777 0000 7777 0000", DECODE, S "[1].extension_type", 0 },
        { "000A 0000 000A 0000", DECODE, S "[1].extension_type", 0 },
    };

    (void)state;
    CHECK(false, rows);
    CHECK(true, answers);
    assert_int_equal(failure.offset, 35 + 3 + 2 + 4);
}
/* clang-format on */

static void host_name_lands_without_its_trailing_dot_R_EXT_011(void **state)
{
    struct tch_extensions ext;

    (void)state;
    assert_int_equal(parse(false, "0000 0008 0006 00 0003 61 2E 62", &ext),
                     OK);
    assert_int_equal(ext.server_name.len, 3);
    assert_int_equal(parse(false, "0000 0008 0006 00 0003 61 62 2E", &ext),
                     OK);
    assert_int_equal(ext.server_name.len, 2);
    assert_memory_equal(ext.server_name.p, "ab", 2);
}

static void unknown_types_are_flagged_and_unparsed_R_EXT_004(void **state)
{
    struct tch_extensions ext;

    (void)state;
    assert_int_equal(parse(false, "0A0A 0001 00 3374 0000 002B 0003 020303",
                           &ext),
                     OK);
    assert_true(ext.unknown);
    assert_int_equal(ext.unknown_type, 0x0A0A);
    assert_int_equal(ext.present, 0);
    assert_int_equal(parse(true, "0017 0000 002B 0002 0304 7777 0000", &ext),
                     OK);
    assert_true(ext.unknown);
    assert_int_equal(ext.unknown_type, 0x002B);
    assert_int_equal(ext.present, TCH_HAS_EXTENDED_MASTER_SECRET);
    assert_int_equal(parse(true, "0017 0000", &ext), OK);
    assert_false(ext.unknown);
}

static void any_order_parses_R_EXT_005(void **state)
{
    struct tch_extensions a;
    struct tch_extensions b;

    (void)state;
    assert_int_equal(
        parse(false, "0017 0000 000B 0002 01 00 FF01 0001 00", &a), OK);
    assert_int_equal(
        parse(false, "FF01 0001 00 000B 0002 01 00 0017 0000", &b), OK);
    assert_int_equal(a.present, b.present);
    assert_int_equal(a.present, TCH_HAS_EXTENDED_MASTER_SECRET |
                                    TCH_HAS_EC_POINT_FORMATS |
                                    TCH_HAS_RENEGOTIATION_INFO);
}

static void inner_length_beyond_the_block_is_refused_R_EXT_006(void **state)
{
    static const struct row rows[] = {
        { "0017", DECODE, C "[0].extended_master_secret", 0 },
        { "0017 00", DECODE, C "[0].extended_master_secret", 0 },
        { "0017 0000 00", DECODE, C "[1].extension_type", 0 },
        { "7777 0001", DECODE, C "[0].extension_data", 0 },
        { "7777 FFFF EE", DECODE, C "[0].extension_data", 0 },
    };

    (void)state;
    CHECK(false, rows);
}

/* 16,383 different types: the work must not grow with their square. */
static void sixteen_thousand_extensions_are_quick_R_EXT_003(void **state)
{
    static uint8_t block[65532];
    struct tch_parse_ctx ctx = msg_ctx(0, 0, NULL);
    struct tch_client_hello m;
    clock_t start;

    (void)state;
    for (unsigned i = 0; i < 16383; i++) {
        tch_put_u16(block + 4 * i, 0x4000 + i);
        tch_put_u16(block + 4 * i + 2, 0);
    }
    start = clock();
    for (int round = 0; round < 20; round++) {
        assert_int_equal(tch_parse_client_hello(
                             hello(false, block, sizeof block), &ctx, &m),
                         OK);
    }
    /* Quadratic work would be 2.7 thousand million comparisons. */
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 2.0);
    tch_put_u16(block + sizeof block - 4, 0x4000);
    assert_int_equal(tch_parse_client_hello(
                         hello(false, block, sizeof block), &ctx, &m),
                     DECODE);
}

static void table_has_each_extension_once_with_its_number(void **state)
{
    static const struct {
        unsigned type;
        const char *name;
        bool in_server_hello;
    } facts[] = {
        { 0, "server_name", true },
        { 1, "max_fragment_length", true },
        { 5, "status_request", true },
        { 10, "supported_groups", false },
        { 11, "ec_point_formats", true },
        { 13, "signature_algorithms", false },
        { 16, "application_layer_protocol_negotiation", true },
        { 18, "signed_certificate_timestamp", true },
        { 21, "padding", false },
        { 22, "encrypt_then_mac", true },
        { 23, "extended_master_secret", true },
        { 28, "record_size_limit", true },
        { 35, "session_ticket", true },
        { 50, "signature_algorithms_cert", false },
        { 65281, "renegotiation_info", true },
    };
    const struct tch_extension_row *row;
    uint32_t bits = 0;
    size_t num = 0;

    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        row = tch_extension_facts(facts[i].type);
        assert_non_null(row);
        assert_string_equal(row->name, facts[i].name);
        assert_int_equal(row->in_server_hello, facts[i].in_server_hello);
        assert_int_equal(bits & row->bit, 0);
        bits |= row->bit;
    }
    while ((row = tch_extension_at(num)) != NULL) {
        assert_ptr_equal(row, tch_extension_facts(row->type));
        num++;
    }
    assert_int_equal(num, sizeof facts / sizeof facts[0]);
    assert_int_equal(bits, (1u << num) - 1);
    assert_null(tch_extension_facts(2));
    assert_null(tch_extension_facts(0x0A0A));
}

/* Some old servers stumble over an empty extension at the end. */
static void empty_extensions_never_stand_last_and_padding_does(void **state)
{
    static const uint8_t schemes[] = { 4, 1 };
    const struct tch_extension_row *row;
    const struct tch_extension_row *last = NULL;
    struct tch_client_hello m;
    struct tch_writer w;

    (void)state;
    for (size_t i = 0; (row = tch_extension_at(i)) != NULL; i++) {
        last = row;
    }
    assert_non_null(last);
    assert_int_equal(last->type, TCH_EXT_PADDING);
    memset(&m, 0, sizeof m);
    m.cipher_suites = tch_slice_of("\xC0\x2F", 2);
    m.compression_methods = tch_slice_of("", 1);
    m.ext.present = TCH_HAS_EXTENDED_MASTER_SECRET |
                    TCH_HAS_ENCRYPT_THEN_MAC | TCH_HAS_SESSION_TICKET |
                    TCH_HAS_SCT | TCH_HAS_SIGNATURE_ALGORITHMS;
    m.ext.schemes = tch_slice_of(schemes, sizeof schemes);
    tch_wr_init(&w, buf, sizeof buf);
    tch_write_client_hello(&w, &m);
    assert_false(w.failed);
    assert_memory_equal(buf + w.len - 8, "\0\x0D\0\4\0\2\4\1", 8);
}

/* A ServerHello has no place for what only clients say. */
static void writer_refuses_what_the_hello_must_not_carry(void **state)
{
    const struct tch_extension_row *row;
    struct tch_server_hello m;
    struct tch_writer w;

    (void)state;
    for (size_t i = 0; (row = tch_extension_at(i)) != NULL; i++) {
        static const uint8_t name[] = { 2, 'h', '2' };
        static const uint8_t sct[] = { 0, 1, 0xEE };

        memset(&m, 0, sizeof m);
        m.ext.present = row->bit;
        m.ext.point_formats = tch_slice_of("", 1);
        m.ext.alpn = tch_slice_of(name, sizeof name);
        m.ext.sct = tch_slice_of(sct, sizeof sct);
        tch_wr_init(&w, buf, sizeof buf);
        tch_write_server_hello(&w, &m);
        assert_int_equal(w.failed, !row->in_server_hello);
    }
}

static void empty_set_writes_no_block(void **state)
{
    struct tch_server_hello m;
    struct tch_writer w;

    (void)state;
    memset(&m, 0, sizeof m);
    tch_wr_init(&w, buf, sizeof buf);
    tch_write_server_hello(&w, &m);
    assert_false(w.failed);
    assert_int_equal(w.len, 2 + 32 + 1 + 2 + 1);
}

/* R-EXT-041 and 5746 3.4 give these bytes; 5.2 the typical status_request. */
static void written_bytes_are_those_of_the_texts(void **state)
{
    static const uint8_t none[1];
    static const uint8_t formats[] = { 0 };
    uint8_t expected[64];
    struct tch_server_hello server;
    struct tch_client_hello client;
    struct tch_writer w;
    size_t n;

    (void)state;
    memset(&server, 0, sizeof server);
    server.ext.present = TCH_HAS_RENEGOTIATION_INFO | TCH_HAS_EC_POINT_FORMATS;
    server.ext.point_formats = tch_slice_of(formats, 1);
    server.ext.renegotiation_info = tch_slice_of(none, 0);
    tch_wr_init(&w, buf, sizeof buf);
    tch_write_server_hello(&w, &server);
    assert_false(w.failed);
    n = msg_hex("000B FF01000100 000B00020100", expected, sizeof expected);
    assert_int_equal(w.len, 38 + n);
    assert_memory_equal(buf + 38, expected, n);

    memset(&client, 0, sizeof client);
    client.cipher_suites = tch_slice_of("\xC0\x2F", 2);
    client.compression_methods = tch_slice_of(formats, 1);
    client.ext.present = TCH_HAS_STATUS_REQUEST;
    tch_wr_init(&w, buf, sizeof buf);
    tch_write_client_hello(&w, &client);
    assert_false(w.failed);
    n = msg_hex("0009 00050005 0100000000", expected, sizeof expected);
    assert_int_equal(w.len, 41 + n);
    assert_memory_equal(buf + 41, expected, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_name_R_EXT_010_018),
        cmocka_unit_test(host_name_lands_without_its_trailing_dot_R_EXT_011),
        cmocka_unit_test(empty_extensions_carry_nothing_R_EXT_110),
        cmocka_unit_test(
            groups_and_formats_empty_or_odd_are_refused_R_EXT_048),
        cmocka_unit_test(signature_algorithms_R_EXT_061_062),
        cmocka_unit_test(alpn_R_EXT_090_091_093),
        cmocka_unit_test(status_request_R_EXT_033),
        cmocka_unit_test(sct_list_lengths_are_checked_R_EXT_034),
        cmocka_unit_test(padding_must_be_zero_R_EXT_111),
        cmocka_unit_test(fixed_size_values),
        cmocka_unit_test(same_type_twice_is_refused_in_both_hellos_R_EXT_003),
        cmocka_unit_test(unknown_types_are_flagged_and_unparsed_R_EXT_004),
        cmocka_unit_test(any_order_parses_R_EXT_005),
        cmocka_unit_test(inner_length_beyond_the_block_is_refused_R_EXT_006),
        cmocka_unit_test(sixteen_thousand_extensions_are_quick_R_EXT_003),
        cmocka_unit_test(table_has_each_extension_once_with_its_number),
        cmocka_unit_test(empty_extensions_never_stand_last_and_padding_does),
        cmocka_unit_test(writer_refuses_what_the_hello_must_not_carry),
        cmocka_unit_test(empty_set_writes_no_block),
        cmocka_unit_test(written_bytes_are_those_of_the_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
