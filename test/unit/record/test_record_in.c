/*
 * record_in.c: the framing table of dossier 2.2, swept whole, and opening as
 * far as it is the same for every protection.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/glue.h"
#include "test/unit/record/support_record.h"

#define FIRST true
#define LATER false

struct verdict {
    enum tch_status status;
    enum tch_alert alert;
    size_t missing;
    struct tch_record_header header;
};

static struct verdict frame(const void *p, size_t len, unsigned version,
                            bool first, unsigned limit)
{
    struct tch_frame_rules rules = { (uint16_t)version, (uint16_t)limit,
                                     first };
    struct verdict v = { TCH_INTERNAL, TCH_ALERT_NONE, 99, { 0, 0, 0 } };

    v.alert = TCH_ALERT_INTERNAL_ERROR;
    v.status = tch_record_frame(tch_slice_of(p, len), &rules, &v.header,
                                &v.missing, &v.alert);
    return v;
}

static void expect(struct verdict v, enum tch_status status,
                   enum tch_alert alert, size_t missing)
{
    assert_int_equal(v.status, status);
    assert_int_equal(v.alert, alert);
    assert_int_equal(v.missing, missing);
}

static void a_whole_record_is_framed_and_surplus_is_left_alone(void **state)
{
    static const uint8_t in[] = { 22, 3, 3, 0, 2, 0xAA, 0xBB, 0xCC };
    struct verdict v = frame(in, 7, TCH_TLS12, LATER, TCH_PLAINTEXT_MAX);

    (void)state;
    expect(v, TCH_OK, TCH_ALERT_NONE, 0);
    assert_int_equal(v.header.type, 22);
    assert_int_equal(v.header.version, 0x0303);
    assert_int_equal(v.header.length, 2);
    v = frame(in, 8, TCH_TLS12, LATER, TCH_PLAINTEXT_MAX);
    expect(v, TCH_OK, TCH_ALERT_NONE, 0);
}

static void every_cut_names_the_bytes_that_are_missing(void **state)
{
    static const uint8_t in[] = { 23, 3, 3, 0, 4, 1, 2, 3, 4 };

    (void)state;
    for (size_t n = 0; n < 5; n++) {
        expect(frame(in, n, TCH_TLS12, LATER, TCH_CIPHERTEXT_MAX),
               TCH_WANT_INPUT, TCH_ALERT_NONE, 5 - n);
    }
    for (size_t n = 5; n < 9; n++) {
        expect(frame(in, n, TCH_TLS12, LATER, TCH_CIPHERTEXT_MAX),
               TCH_WANT_INPUT, TCH_ALERT_NONE, 9 - n);
    }
}

/* A second reading of R-REC-005, 006, 008, 009, 010, 011. */
static struct verdict table(unsigned type, unsigned version, unsigned agreed,
                            bool first)
{
    struct verdict v = { TCH_OK, TCH_ALERT_NONE, 0, { 0, 0, 0 } };
    bool known = type == 20 || type == 21 || type == 22 || type == 23;

    if (!known && first) {
        unsigned b1 = version / 256;
        bool text0 = (type > 31 && type < 127) || type == 9 || type == 10 ||
                     type == 13;
        bool text1 = (b1 > 31 && b1 < 127) || b1 == 9 || b1 == 10 || b1 == 13;

        v.status = TCH_NOT_TLS;
        v.alert = text0 && text1 ? TCH_ALERT_NONE
                  : b1 == 3      ? TCH_ALERT_UNEXPECTED_MESSAGE
                                 : TCH_ALERT_PROTOCOL_VERSION;
    } else if (!known) {
        v.status = TCH_UNEXPECTED_MESSAGE;
        v.alert = TCH_ALERT_UNEXPECTED_MESSAGE;
    } else if (version / 256 != 3) {
        v.status = TCH_NOT_TLS;
        v.alert = TCH_ALERT_PROTOCOL_VERSION;
    } else if (agreed != 0 && version != agreed) {
        v.status = TCH_WRONG_RECORD_VERSION;
        v.alert = TCH_ALERT_PROTOCOL_VERSION;
    }
    return v;
}

static void sweep(unsigned agreed, bool first)
{
    for (unsigned version = 0; version < 65536; version++) {
        for (unsigned type = 0; type < 256;
             type += type >= 19 && type < 24 ? 1 : version % 97 == 0 ? 1 : 19) {
            uint8_t in[5] = { (uint8_t)type, (uint8_t)(version >> 8),
                              (uint8_t)version, 0, 0 };
            struct verdict want = table(type, version, agreed, first);

            expect(frame(in, 5, agreed, first, TCH_PLAINTEXT_MAX), want.status,
                   want.alert, 0);
        }
    }
}

static void all_versions_in_the_first_record_R_REC_005_R_ATK_028(void **state)
{
    (void)state;
    sweep(0, FIRST);
}

static void all_versions_before_agreement_R_REC_006_R_ATK_028(void **state)
{
    (void)state;
    sweep(0, LATER);
}

static void all_versions_after_agreement_R_REC_008_R_ATK_028(void **state)
{
    (void)state;
    sweep(TCH_SSL3, LATER);
    sweep(TCH_TLS10, LATER);
    sweep(TCH_TLS12, LATER);
}

static void plain_text_is_no_tls_and_gets_no_alert_R_REC_009(void **state)
{
    static const char *const lines[] = { "GET / HTTP/1.0\r\n", "HTTP/1.1 400",
                                         "EHLO there\r\n", "\r\n\r\n\r\n",
                                         "SSH-2.0-x", "220 mail" };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        expect(frame(lines[i], strlen(lines[i]), 0, FIRST, TCH_PLAINTEXT_MAX),
               TCH_NOT_TLS, TCH_ALERT_NONE, 0);
    }
}

static void unknown_types_by_their_look_R_REC_009_R_REC_011(void **state)
{
    static const uint8_t shaped[] = { 24, 3, 1, 0, 1, 0 };
    static const uint8_t zeros[] = { 0, 0, 0, 0, 0, 0 };
    static const uint8_t fa[] = { 0xFA, 0xFA, 0xFA, 0xFA, 0xFA };
    static const uint8_t ssl2[] = { 0x80, 0x2E, 1, 3, 3, 0 };

    (void)state;
    expect(frame(shaped, 6, 0, FIRST, TCH_PLAINTEXT_MAX), TCH_NOT_TLS,
           TCH_ALERT_UNEXPECTED_MESSAGE, 0);
    expect(frame(zeros, 6, 0, FIRST, TCH_PLAINTEXT_MAX), TCH_NOT_TLS,
           TCH_ALERT_PROTOCOL_VERSION, 0);
    expect(frame(fa, 5, 0, FIRST, TCH_PLAINTEXT_MAX), TCH_NOT_TLS,
           TCH_ALERT_PROTOCOL_VERSION, 0);
    expect(frame(ssl2, 6, 0, FIRST, TCH_PLAINTEXT_MAX), TCH_NOT_TLS,
           TCH_ALERT_PROTOCOL_VERSION, 0);
    expect(frame(shaped, 6, TCH_TLS10, LATER, TCH_PLAINTEXT_MAX),
           TCH_UNEXPECTED_MESSAGE, TCH_ALERT_UNEXPECTED_MESSAGE, 0);
}

static void lengths_up_to_the_limit_R_REC_002(void **state)
{
    static const unsigned limits[] = { TCH_PLAINTEXT_MAX, TCH_CIPHERTEXT_MAX };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (unsigned length = 0; length < 65536; length++) {
            uint8_t in[5] = { 23, 3, 3, (uint8_t)(length >> 8),
                              (uint8_t)length };
            struct verdict v = frame(in, 5, TCH_TLS12, LATER, limits[i]);

            if (length > limits[i]) {
                expect(v, TCH_RECORD_OVERFLOW, TCH_ALERT_RECORD_OVERFLOW, 0);
            } else if (length == 0) {
                expect(v, TCH_OK, TCH_ALERT_NONE, 0);
            } else {
                expect(v, TCH_WANT_INPUT, TCH_ALERT_NONE, length);
            }
        }
    }
}

static void type_is_judged_before_version_before_length_R_REC_001(void **state)
{
    static const uint8_t all_wrong[] = { 99, 9, 9, 0xFF, 0xFF };
    static const uint8_t two_wrong[] = { 22, 3, 1, 0xFF, 0xFF };

    (void)state;
    expect(frame(all_wrong, 5, TCH_TLS12, LATER, TCH_PLAINTEXT_MAX),
           TCH_UNEXPECTED_MESSAGE, TCH_ALERT_UNEXPECTED_MESSAGE, 0);
    expect(frame(two_wrong, 5, TCH_TLS12, LATER, TCH_PLAINTEXT_MAX),
           TCH_WRONG_RECORD_VERSION, TCH_ALERT_PROTOCOL_VERSION, 0);
}

static void opening_needs_a_length_that_fits_the_header(void **state)
{
    struct tch_half h;
    struct tch_opened o;
    uint8_t in[] = { 22, 3, 3, 0, 2, 1, 2, 3 };

    (void)state;
    tch_half_init(&h, false, true, &tch_alloc_default, NULL, NULL);
    for (size_t n = 0; n <= sizeof in; n++) {
        assert_int_equal(tch_record_open(&h, in, n, &o),
                         n == 7 ? TCH_OK : TCH_BAD_ARGUMENT);
    }
    assert_int_equal(h.seq, 1);
}

static void plaintext_over_the_limit_is_an_overflow_R_REC_003(void **state)
{
    static const unsigned limits[] = { 64, 512, 4096, TCH_PLAINTEXT_MAX };
    static uint8_t wire[RECORD_ROOM];
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        for (size_t l = 0; l < 4; l++) {
            struct pair p;
            struct tch_opened o;
            size_t len;

            if (k.split) {
                continue;
            }
            pair_init(&p, &k);
            p.out.limit = TCH_PLAINTEXT_MAX + 1;
            p.in.limit = (uint16_t)limits[l];
            len = seal_block(&p.out, 23, sample(), limits[l], wire);
            assert_int_equal(tch_record_open(&p.in, wire, len, &o), TCH_OK);
            len = seal_block(&p.out, 23, sample(), limits[l] + 1, wire);
            assert_int_equal(tch_record_open(&p.in, wire, len, &o),
                             TCH_RECORD_OVERFLOW);
            assert_false(has_bytes(wire, len, sample(), 16));
            pair_clear(&p);
        }
    }
}

static void the_last_sequence_number_is_not_read_R_REC_032(void **state)
{
    static uint8_t wire[RECORD_ROOM];
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_GCM_SHA256", TCH_TLS12,
                            false, false);
    struct tch_opened o;
    struct pair p;
    size_t len;

    (void)state;
    pair_init(&p, &k);
    p.out.seq = p.in.seq = UINT64_MAX - 1;
    len = seal_block(&p.out, 23, sample(), 5, wire);
    assert_int_equal(tch_record_open(&p.in, wire, len, &o), TCH_OK);
    assert_true(p.in.seq == UINT64_MAX);
    assert_int_equal(tch_record_open(&p.in, wire, len, &o), TCH_BAD_STATE);
    assert_true(p.in.seq == UINT64_MAX);
    pair_clear(&p);
}

static void a_failed_record_does_not_move_the_sequence_number(void **state)
{
    static uint8_t wire[RECORD_ROOM];
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_GCM_SHA256", TCH_TLS12,
                            false, false);
    struct tch_opened o;
    struct pair p;
    size_t len;

    (void)state;
    pair_init(&p, &k);
    len = seal_block(&p.out, 23, sample(), 5, wire);
    wire[len - 1] ^= 1;
    assert_int_equal(tch_record_open(&p.in, wire, len, &o),
                     TCH_BAD_RECORD_MAC);
    assert_true(p.in.seq == 0);
    pair_clear(&p);
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_record_is_framed_and_surplus_is_left_alone),
        cmocka_unit_test(every_cut_names_the_bytes_that_are_missing),
        cmocka_unit_test(all_versions_in_the_first_record_R_REC_005_R_ATK_028),
        cmocka_unit_test(all_versions_before_agreement_R_REC_006_R_ATK_028),
        cmocka_unit_test(all_versions_after_agreement_R_REC_008_R_ATK_028),
        cmocka_unit_test(plain_text_is_no_tls_and_gets_no_alert_R_REC_009),
        cmocka_unit_test(unknown_types_by_their_look_R_REC_009_R_REC_011),
        cmocka_unit_test(lengths_up_to_the_limit_R_REC_002),
        cmocka_unit_test(type_is_judged_before_version_before_length_R_REC_001),
        cmocka_unit_test(opening_needs_a_length_that_fits_the_header),
        cmocka_unit_test(plaintext_over_the_limit_is_an_overflow_R_REC_003),
        cmocka_unit_test(the_last_sequence_number_is_not_read_R_REC_032),
        cmocka_unit_test(a_failed_record_does_not_move_the_sequence_number),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
