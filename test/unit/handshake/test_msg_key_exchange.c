/*
 * ServerKeyExchange and ClientKeyExchange by key exchange and version.
 * Layouts: dossier 3.6; RFC 5246 7.4.3 and 7.4.7, 8422 5.4, 4279, 5489.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_msg.h"

#define DECODE TCH_DECODE_ERROR
#define SKE TCH_MSG_SERVER_KEY_EXCHANGE
#define CKE TCH_MSG_CLIENT_KEY_EXCHANGE

/* Suites, by what they are here for. */
#define ECDHE_RSA 0xC02F
#define ECDHE_RSA_CBC 0xC013
#define ECDH_ANON 0xC018
#define DHE_RSA 0x009E
#define DHE_RSA_3DES 0x0016
#define DH_ANON 0x0034
#define RSA 0x002F
#define RSA_3DES 0x000A
#define RSA_EXPORT 0x0003
#define ECDH_RSA 0xC00E
#define PSK 0x00A8
#define RSA_PSK 0x00AC
#define DHE_PSK 0x00AA
#define ECDHE_PSK 0xC037

static uint8_t buf[1024];
static struct tch_failure failure;

static enum tch_status parse(unsigned type, unsigned version, unsigned suite,
                             const char *hex, union msg_any *m)
{
    struct tch_watch watch = { NULL, &failure };
    struct tch_parse_ctx ctx = msg_ctx(version, suite, &watch);

    memset(&failure, 0, sizeof failure);
    assert_non_null(ctx.suite);
    return msg_parse(type, tch_slice_of(buf, msg_hex(hex, buf, sizeof buf)),
                     &ctx, m);
}

struct row {
    unsigned version;
    unsigned suite;
    const char *hex;
    enum tch_status status;
    const char *path;
    size_t offset;
};

static void check_rows(unsigned type, const struct row *rows, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        union msg_any m;
        enum tch_status status = parse(type, rows[i].version, rows[i].suite,
                                       rows[i].hex, &m);

        if (status != rows[i].status ||
            strcmp(failure.path, rows[i].path) != 0 ||
            failure.offset != rows[i].offset) {
            fail_msg("%04x %s: %s at \"%s\", %zu", rows[i].suite, rows[i].hex,
                     tch_status_name(status), failure.path, failure.offset);
        }
    }
}

#define CHECK(type, rows) \
    check_rows(type, rows, sizeof(rows) / sizeof((rows)[0]))

static void expect_slice(struct tch_slice s, const char *hex)
{
    uint8_t bytes[64];
    size_t n = msg_hex(hex, bytes, sizeof bytes);

    assert_int_equal(s.len, n);
    if (n != 0) {
        assert_memory_equal(s.p, bytes, n);
    }
}

static void ecdhe_parameters_and_what_is_signed(void **state)
{
    union msg_any any;
    const struct tch_server_key_exchange *m = &any.server_key_exchange;

    (void)state;
    assert_int_equal(parse(SKE, TCH_TLS12, ECDHE_RSA,
                           "03 0017 03 D1D2D3 0804 0002 E1E2", &any),
                     TCH_OK);
    expect_slice(m->params, "03 0017 03 D1D2D3");
    assert_int_equal(m->curve_type, 3);
    assert_int_equal(m->named_curve, 0x0017);
    expect_slice(m->point, "D1D2D3");
    assert_true(m->has_signature);
    assert_int_equal(m->scheme, 0x0804);
    expect_slice(m->signature, "E1E2");
    assert_false(m->has_hint);
}

static void below_tls12_a_signature_names_no_scheme(void **state)
{
    union msg_any any;
    const struct tch_server_key_exchange *m = &any.server_key_exchange;

    (void)state;
    assert_int_equal(parse(SKE, TCH_TLS11, ECDHE_RSA_CBC,
                           "03 001D 01 D1 0002 E1E2", &any),
                     TCH_OK);
    assert_true(m->has_signature);
    assert_int_equal(m->scheme, 0);
    expect_slice(m->signature, "E1E2");
    /* The form of the other version does not pass as this one. */
    assert_int_equal(parse(SKE, TCH_TLS11, ECDHE_RSA_CBC,
                           "03 001D 01 D1 0804 0002 E1E2", &any),
                     DECODE);
    assert_int_equal(parse(SKE, TCH_TLS12, ECDHE_RSA,
                           "03 001D 01 D1 0002 E1E2", &any),
                     DECODE);
}

static void dhe_parameters_and_what_is_signed(void **state)
{
    union msg_any any;
    const struct tch_server_key_exchange *m = &any.server_key_exchange;

    (void)state;
    assert_int_equal(parse(SKE, TCH_SSL3, DHE_RSA_3DES,
                           "0002 F1F2 0001 02 0003 A1A2A3 0002 E1E2", &any),
                     TCH_OK);
    expect_slice(m->params, "0002 F1F2 0001 02 0003 A1A2A3");
    expect_slice(m->dh_p, "F1F2");
    expect_slice(m->dh_g, "02");
    expect_slice(m->dh_ys, "A1A2A3");
    assert_true(m->has_signature);
    assert_int_equal(m->scheme, 0);
    expect_slice(m->signature, "E1E2");
}

static void anonymous_servers_sign_nothing(void **state)
{
    static const struct row rows[] = {
        { TCH_TLS12, DH_ANON, "0001 F1 0001 02 0001 A1", TCH_OK, "", 0 },
        { TCH_TLS12, DH_ANON, "0001 F1 0001 02 0001 A1 0401 0001 E1", DECODE,
          "server_key_exchange", 9 },
        { TCH_TLS12, ECDH_ANON, "03 001D 01 D1", TCH_OK, "", 0 },
        { TCH_TLS12, ECDH_ANON, "03 001D 01 D1 0401 0001 E1", DECODE,
          "server_key_exchange", 5 },
    };
    union msg_any any;

    (void)state;
    CHECK(SKE, rows);
    assert_int_equal(parse(SKE, TCH_TLS12, DH_ANON, "0001 F1 0001 02 0001 A1",
                           &any),
                     TCH_OK);
    assert_false(any.server_key_exchange.has_signature);
}

static void rsa_export_parameters(void **state)
{
    union msg_any any;
    const struct tch_server_key_exchange *m = &any.server_key_exchange;

    (void)state;
    assert_int_equal(parse(SKE, TCH_TLS10, RSA_EXPORT,
                           "0002 B1B2 0003 010001 0001 E1", &any),
                     TCH_OK);
    expect_slice(m->rsa_modulus, "B1B2");
    expect_slice(m->rsa_exponent, "010001");
    expect_slice(m->params, "0002 B1B2 0003 010001");
    expect_slice(m->signature, "E1");
}

static void psk_kinds_put_the_hint_in_front_and_sign_nothing(void **state)
{
    static const struct row rows[] = {
        { TCH_TLS12, PSK, "0000", TCH_OK, "", 0 },
        { TCH_TLS12, PSK, "0001 61 00", DECODE, "server_key_exchange", 3 },
        { TCH_TLS12, RSA_PSK, "0001 61", TCH_OK, "", 0 },
        { TCH_TLS12, PSK, "", DECODE,
          "server_key_exchange.psk_identity_hint", 0 },
        /* without a hint everything moves up by one: F1 is the hint then */
        { TCH_TLS12, DHE_PSK, "0001 F1 0001 02 0001 A1", DECODE,
          "server_key_exchange.dh_ys", 9 },
        { TCH_TLS12, ECDHE_PSK, "0000 03 001D 01 D1 0401 0001 E1", DECODE,
          "server_key_exchange", 7 },
    };
    union msg_any any;
    const struct tch_server_key_exchange *m = &any.server_key_exchange;

    (void)state;
    CHECK(SKE, rows);
    assert_int_equal(parse(SKE, TCH_TLS12, DHE_PSK,
                           "0002 6869 0001 F1 0001 02 0001 A1", &any),
                     TCH_OK);
    assert_true(m->has_hint);
    expect_slice(m->psk_identity_hint, "6869");
    expect_slice(m->dh_ys, "A1");
    assert_false(m->has_signature);
    assert_int_equal(parse(SKE, TCH_TLS12, ECDHE_PSK,
                           "0002 6869 03 0017 01 D1", &any),
                     TCH_OK);
    assert_int_equal(m->named_curve, 0x0017);
    expect_slice(m->params, "0002 6869 03 0017 01 D1");
}

static void curve_type_must_be_named_curve_R_KX_060(void **state)
{
    static const struct row rows[] = {
        { TCH_TLS12, ECDHE_RSA, "01 001D 01 D1 0401 0001 E1",
          TCH_ILLEGAL_PARAMETER, "server_key_exchange.curve_type", 0 },
        { TCH_TLS12, ECDHE_RSA, "02 EE", TCH_ILLEGAL_PARAMETER,
          "server_key_exchange.curve_type", 0 },
        { TCH_TLS12, ECDHE_PSK, "0001 61 00", TCH_ILLEGAL_PARAMETER,
          "server_key_exchange.curve_type", 3 },
    };

    (void)state;
    CHECK(SKE, rows);
}

static void empty_public_values_are_refused_R_KX_040_062_065(void **state)
{
    static const struct row server[] = {
        { TCH_TLS12, ECDHE_RSA, "03 001D 00 0401 0001 E1", DECODE,
          "server_key_exchange.point", 3 },
        { TCH_TLS12, DH_ANON, "0000 0001 02 0001 A1", DECODE,
          "server_key_exchange.dh_p", 0 },
        { TCH_TLS12, DH_ANON, "0001 F1 0000 0001 A1", DECODE,
          "server_key_exchange.dh_g", 3 },
        { TCH_TLS12, DH_ANON, "0001 F1 0001 02 0000", DECODE,
          "server_key_exchange.dh_ys", 6 },
        { TCH_TLS10, RSA_EXPORT, "0000 0001 03 0000", DECODE,
          "server_key_exchange.rsa_modulus", 0 },
    };
    static const struct row client[] = {
        { TCH_TLS12, DHE_RSA, "0000", DECODE, "client_key_exchange.dh_yc", 0 },
        { TCH_TLS12, DHE_RSA, "", DECODE, "client_key_exchange.dh_yc", 0 },
        { TCH_TLS12, ECDHE_RSA, "00", DECODE, "client_key_exchange.point",
          0 },
        { TCH_TLS12, ECDHE_RSA, "", DECODE, "client_key_exchange.point", 0 },
    };

    (void)state;
    CHECK(SKE, server);
    CHECK(CKE, client);
}

static void an_empty_signature_parses(void **state)
{
    static const struct row rows[] = {
        { TCH_TLS12, ECDHE_RSA, "03 001D 01 D1 0401 0000", TCH_OK, "", 0 },
    };

    (void)state;
    CHECK(SKE, rows);
}

static void kinds_without_server_key_exchange_refuse_it_R_KX_001(void **state)
{
    static const struct row rows[] = {
        { TCH_TLS12, RSA, "0002 B1B2 0003 010001 0001 E1",
          TCH_UNEXPECTED_MESSAGE, "server_key_exchange", 0 },
        { TCH_TLS12, ECDH_RSA, "03 001D 01 D1 0001 E1",
          TCH_UNEXPECTED_MESSAGE, "server_key_exchange", 0 },
    };
    struct tch_parse_ctx ctx = msg_ctx(TCH_TLS12, 0, NULL);
    struct tch_server_key_exchange server;
    struct tch_client_key_exchange client;

    (void)state;
    CHECK(SKE, rows);
    assert_int_equal(tch_parse_server_key_exchange(tch_slice_of("", 0), &ctx,
                                                   &server),
                     TCH_UNEXPECTED_MESSAGE);
    assert_int_equal(tch_parse_client_key_exchange(tch_slice_of("", 0), &ctx,
                                                   &client),
                     TCH_UNEXPECTED_MESSAGE);
}

static void rsa_premaster_has_its_length_but_in_ssl3_R_KX_021(void **state)
{
    static const struct row rows[] = {
        { TCH_TLS10, RSA, "E1E2E3E4", DECODE,
          "client_key_exchange.encrypted_pre_master_secret", 0 },
        { TCH_TLS12, RSA, "0004 E1E2E3E4 00", DECODE, "client_key_exchange",
          6 },
        { TCH_TLS12, RSA, "0005 E1E2E3E4", DECODE,
          "client_key_exchange.encrypted_pre_master_secret", 0 },
        { TCH_TLS12, RSA, "", DECODE,
          "client_key_exchange.encrypted_pre_master_secret", 0 },
    };
    union msg_any any;
    const struct tch_client_key_exchange *m = &any.client_key_exchange;

    (void)state;
    CHECK(CKE, rows);
    assert_int_equal(parse(CKE, TCH_TLS10, RSA, "0004 E1E2E3E4", &any),
                     TCH_OK);
    expect_slice(m->encrypted_premaster, "E1E2E3E4");
    assert_int_equal(parse(CKE, TCH_SSL3, RSA_3DES, "0004 E1E2E3E4", &any),
                     TCH_OK);
    expect_slice(m->encrypted_premaster, "0004E1E2E3E4");
    assert_int_equal(parse(CKE, TCH_TLS10, RSA_EXPORT, "0001 E1", &any),
                     TCH_OK);
    expect_slice(m->encrypted_premaster, "E1");
}

static void client_key_exchange_of_psk_kinds(void **state)
{
    union msg_any any;
    const struct tch_client_key_exchange *m = &any.client_key_exchange;

    (void)state;
    assert_int_equal(parse(CKE, TCH_TLS12, PSK, "0002 6162", &any), TCH_OK);
    assert_true(m->has_identity);
    expect_slice(m->psk_identity, "6162");
    assert_int_equal(parse(CKE, TCH_TLS12, PSK, "0000", &any), TCH_OK);
    assert_int_equal(parse(CKE, TCH_TLS12, PSK, "0001 61 62", &any), DECODE);
    assert_int_equal(parse(CKE, TCH_TLS12, DHE_PSK, "0001 61 0002 A1A2",
                           &any),
                     TCH_OK);
    expect_slice(m->dh_yc, "A1A2");
    assert_int_equal(parse(CKE, TCH_TLS12, ECDHE_PSK, "0001 61 02 D1D2",
                           &any),
                     TCH_OK);
    expect_slice(m->point, "D1D2");
    assert_int_equal(parse(CKE, TCH_TLS12, RSA_PSK, "0001 61 0002 E1E2",
                           &any),
                     TCH_OK);
    expect_slice(m->psk_identity, "61");
    expect_slice(m->encrypted_premaster, "E1E2");
    assert_int_equal(parse(CKE, TCH_TLS12, DHE_RSA, "0002 A1A2", &any),
                     TCH_OK);
    assert_false(m->has_identity);
}

static void kx_params_writer_makes_the_signed_part(void **state)
{
    static const struct {
        unsigned version;
        unsigned suite;
        const char *hex;
    } cases[] = {
        { TCH_TLS12, ECDHE_RSA, "03 001D 02 D1D2 0401 0001 E1" },
        { TCH_TLS12, DHE_RSA, "0001 F1 0001 02 0001 A1 0401 0001 E1" },
        { TCH_TLS10, RSA_EXPORT, "0002 B1B2 0003 010001 0001 E1" },
        { TCH_TLS12, ECDHE_PSK, "0002 6869 03 001D 02 D1D2" },
        { TCH_TLS12, DHE_PSK, "0000 0001 F1 0001 02 0001 A1" },
        { TCH_TLS12, PSK, "0002 6869" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tch_parse_ctx ctx =
            msg_ctx(cases[i].version, cases[i].suite, NULL);
        struct tch_slice params;
        uint8_t out[64];
        struct tch_writer w;
        union msg_any any;

        assert_int_equal(parse(SKE, cases[i].version, cases[i].suite,
                               cases[i].hex, &any),
                         TCH_OK);
        params = any.server_key_exchange.params;
        tch_wr_init(&w, out, sizeof out);
        tch_write_kx_params(&w, &ctx, &any.server_key_exchange);
        assert_false(w.failed);
        assert_true(msg_same(tch_wr_done(&w), params));
    }
}

static void kx_params_writer_refuses_kinds_without_any(void **state)
{
    struct tch_parse_ctx ctx = msg_ctx(TCH_TLS12, RSA, NULL);
    struct tch_server_key_exchange m;
    struct tch_writer w;

    (void)state;
    memset(&m, 0, sizeof m);
    tch_wr_init(&w, buf, sizeof buf);
    tch_write_kx_params(&w, &ctx, &m);
    assert_true(w.failed);
    /* An empty point does not fit its vector. */
    ctx = msg_ctx(TCH_TLS12, ECDHE_RSA, NULL);
    tch_wr_init(&w, buf, sizeof buf);
    tch_write_kx_params(&w, &ctx, &m);
    assert_true(w.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ecdhe_parameters_and_what_is_signed),
        cmocka_unit_test(below_tls12_a_signature_names_no_scheme),
        cmocka_unit_test(dhe_parameters_and_what_is_signed),
        cmocka_unit_test(anonymous_servers_sign_nothing),
        cmocka_unit_test(rsa_export_parameters),
        cmocka_unit_test(psk_kinds_put_the_hint_in_front_and_sign_nothing),
        cmocka_unit_test(curve_type_must_be_named_curve_R_KX_060),
        cmocka_unit_test(empty_public_values_are_refused_R_KX_040_062_065),
        cmocka_unit_test(an_empty_signature_parses),
        cmocka_unit_test(kinds_without_server_key_exchange_refuse_it_R_KX_001),
        cmocka_unit_test(rsa_premaster_has_its_length_but_in_ssl3_R_KX_021),
        cmocka_unit_test(client_key_exchange_of_psk_kinds),
        cmocka_unit_test(kx_params_writer_makes_the_signed_part),
        cmocka_unit_test(kx_params_writer_refuses_kinds_without_any),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
