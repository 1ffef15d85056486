/*
 * Certificate, CertificateStatus, CertificateRequest, CertificateVerify.
 * Layouts: dossier 3.1; RFC 5246 7.4.2, 7.4.4, 7.4.8; RFC 6066 8.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_msg.h"

#define DECODE TCH_DECODE_ERROR

static uint8_t buf[MSG_MAX];
static struct tch_failure failure;

static enum tch_status parse(unsigned type, unsigned version, const char *hex,
                             union msg_any *m)
{
    struct tch_watch watch = { NULL, &failure };
    struct tch_parse_ctx ctx = msg_ctx(version, 0xC013, &watch);

    memset(&failure, 0, sizeof failure);
    return msg_parse(type, tch_slice_of(buf, msg_hex(hex, buf, sizeof buf)),
                     &ctx, m);
}

static void refuse(unsigned type, unsigned version, const char *hex,
                   const char *path)
{
    union msg_any m;

    assert_int_equal(parse(type, version, hex, &m), DECODE);
    assert_string_equal(failure.path, path);
}

static void certificates_are_walked_in_their_order(void **state)
{
    union msg_any any;
    struct tch_slice list;
    struct tch_slice der;

    (void)state;
    assert_int_equal(parse(TCH_MSG_CERTIFICATE, TCH_TLS12,
                           "000009 000002 E1E2 000001 E3", &any),
                     TCH_OK);
    assert_int_equal(any.certificate.num, 2);
    assert_int_equal(any.certificate.list.len, 9);
    list = any.certificate.list;
    assert_true(tch_certificate_next(&list, &der));
    assert_int_equal(der.len, 2);
    assert_int_equal(der.p[1], 0xE2);
    assert_true(tch_certificate_next(&list, &der));
    assert_int_equal(der.len, 1);
    assert_int_equal(der.p[0], 0xE3);
    assert_false(tch_certificate_next(&list, &der));
}

static void an_empty_certificate_list_is_legal_R_HS_094_101(void **state)
{
    union msg_any any;

    (void)state;
    assert_int_equal(parse(TCH_MSG_CERTIFICATE, TCH_TLS12, "000000", &any),
                     TCH_OK);
    assert_int_equal(any.certificate.num, 0);
}

static void empty_entries_and_wrong_sums_are_refused_R_HS_101(void **state)
{
    (void)state;
    refuse(TCH_MSG_CERTIFICATE, TCH_TLS12, "000003 000000",
           "certificate.certificate_list[0].asn1_cert");
    refuse(TCH_MSG_CERTIFICATE, TCH_TLS12, "000007 000001 E1 000000",
           "certificate.certificate_list[1].asn1_cert");
    refuse(TCH_MSG_CERTIFICATE, TCH_TLS12, "000004 000002 E1",
           "certificate.certificate_list[0].asn1_cert");
    refuse(TCH_MSG_CERTIFICATE, TCH_TLS12, "000005 000001 E1 00",
           "certificate.certificate_list[1].asn1_cert");
    refuse(TCH_MSG_CERTIFICATE, TCH_TLS12, "000005 000001 E1",
           "certificate.certificate_list");
    refuse(TCH_MSG_CERTIFICATE, TCH_TLS12, "000004 000001 E1 00",
           "certificate");
    refuse(TCH_MSG_CERTIFICATE, TCH_TLS12, "0000",
           "certificate.certificate_list");
}

static void a_list_of_25000_certificates_is_walked(void **state)
{
    struct tch_parse_ctx ctx = msg_ctx(TCH_TLS12, 0xC013, NULL);
    struct tch_certificate m;
    struct tch_slice list;
    struct tch_slice der;
    size_t num = 25000;
    size_t n = 3;
    size_t seen = 0;

    (void)state;
    (void)msg_hex("0186A0", buf, sizeof buf); /* 100000 = 25000 * 4 */
    for (size_t i = 0; i < num; i++) {
        n += msg_hex("000001 EE", buf + n, sizeof buf - n);
    }
    assert_int_equal(tch_parse_certificate(tch_slice_of(buf, n), &ctx, &m),
                     TCH_OK);
    assert_int_equal(m.num, num);
    list = m.list;
    while (tch_certificate_next(&list, &der)) {
        seen++;
    }
    assert_int_equal(seen, num);
}

static void certificate_status_holds_one_ocsp_response(void **state)
{
    union msg_any any;

    (void)state;
    assert_int_equal(parse(TCH_MSG_CERTIFICATE_STATUS, TCH_TLS12,
                           "01 000002 E1E2", &any),
                     TCH_OK);
    assert_int_equal(any.certificate_status.status_type, 1);
    assert_int_equal(any.certificate_status.response.len, 2);
    refuse(TCH_MSG_CERTIFICATE_STATUS, TCH_TLS12, "01 000000",
           "certificate_status.ocsp_response");
    refuse(TCH_MSG_CERTIFICATE_STATUS, TCH_TLS12, "02 000001 EE",
           "certificate_status.status_type");
    assert_int_equal(failure.offset, 0);
    refuse(TCH_MSG_CERTIFICATE_STATUS, TCH_TLS12, "01 000001 EE 00",
           "certificate_status");
}

static void certificate_request_of_both_forms(void **state)
{
    union msg_any any;
    const struct tch_certificate_request *m = &any.certificate_request;

    (void)state;
    assert_int_equal(parse(TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS12,
                           "02 0140 0004 0401 0403 0004 0002 3000", &any),
                     TCH_OK);
    assert_int_equal(m->types.len, 2);
    assert_true(tch_list_has_u8(m->types, 64));
    assert_int_equal(m->schemes.len, 4);
    assert_int_equal(tch_list_u16(m->schemes, 1), 0x0403);
    assert_int_equal(m->authorities.len, 4);
    assert_int_equal(parse(TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS10,
                           "01 01 0004 0002 3000", &any),
                     TCH_OK);
    assert_int_equal(m->schemes.len, 0);
    assert_int_equal(m->authorities.len, 4);
}

static void certificate_request_without_types_is_refused_R_HS_099(void **state)
{
    union msg_any any;

    (void)state;
    refuse(TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS12, "00 0002 0401 0000",
           "certificate_request.certificate_types");
    /* No authorities: any CA, in every version. */
    assert_int_equal(parse(TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS12,
                           "01 01 0002 0401 0000", &any),
                     TCH_OK);
    assert_int_equal(parse(TCH_MSG_CERTIFICATE_REQUEST, TCH_SSL3, "01 01 0000",
                           &any),
                     TCH_OK);
}

static void certificate_request_pairs_empty_or_odd_R_HS_100(void **state)
{
    (void)state;
    refuse(TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS12, "01 01 0000 0000",
           "certificate_request.supported_signature_algorithms");
    refuse(TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS12, "01 01 0003 040104 0000",
           "certificate_request.supported_signature_algorithms[1]."
           "signature_algorithm");
}

static void certificate_request_names_must_add_up(void **state)
{
    (void)state;
    refuse(TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS10, "01 01 0002 0000",
           "certificate_request.certificate_authorities[0]."
           "distinguished_name");
    refuse(TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS10, "01 01 0003 0002 30",
           "certificate_request.certificate_authorities[0]."
           "distinguished_name");
    refuse(TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS10, "01 01 0003 0001 30 00",
           "certificate_request");
}

static void certificate_verify_by_version(void **state)
{
    union msg_any any;
    const struct tch_certificate_verify *m = &any.certificate_verify;

    (void)state;
    assert_int_equal(parse(TCH_MSG_CERTIFICATE_VERIFY, TCH_TLS12,
                           "0403 0002 E1E2", &any),
                     TCH_OK);
    assert_int_equal(m->scheme, 0x0403);
    assert_int_equal(m->signature.len, 2);
    assert_int_equal(parse(TCH_MSG_CERTIFICATE_VERIFY, TCH_SSL3, "0002 E1E2",
                           &any),
                     TCH_OK);
    assert_int_equal(m->scheme, 0);
    refuse(TCH_MSG_CERTIFICATE_VERIFY, TCH_TLS11, "0403 0002 E1E2",
           "certificate_verify.signature");
    refuse(TCH_MSG_CERTIFICATE_VERIFY, TCH_TLS12, "0403 0002 E1E2 00",
           "certificate_verify");
    /* 0 bytes of signature are a bad signature, no bad length (R-HS-097). */
    assert_int_equal(parse(TCH_MSG_CERTIFICATE_VERIFY, TCH_TLS12, "0403 0000",
                           &any),
                     TCH_OK);
}

static void writer_refuses_an_empty_certificate(void **state)
{
    struct tch_slice chain[2] = { { buf, 4 }, { buf, 0 } };
    struct tch_writer w;

    (void)state;
    tch_wr_init(&w, buf + 100, 100);
    tch_write_certificate(&w, chain, 1);
    assert_false(w.failed);
    assert_int_equal(w.len, 3 + 3 + 4);
    tch_wr_init(&w, buf + 100, 100);
    tch_write_certificate(&w, chain, 2);
    assert_true(w.failed);
    tch_wr_init(&w, buf + 100, 100);
    tch_write_certificate(&w, chain, 0);
    assert_int_equal(w.len, 3);
    assert_memory_equal(buf + 100, "\0\0\0", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_walked_in_their_order),
        cmocka_unit_test(an_empty_certificate_list_is_legal_R_HS_094_101),
        cmocka_unit_test(empty_entries_and_wrong_sums_are_refused_R_HS_101),
        cmocka_unit_test(a_list_of_25000_certificates_is_walked),
        cmocka_unit_test(certificate_status_holds_one_ocsp_response),
        cmocka_unit_test(certificate_request_of_both_forms),
        cmocka_unit_test(
            certificate_request_without_types_is_refused_R_HS_099),
        cmocka_unit_test(certificate_request_pairs_empty_or_odd_R_HS_100),
        cmocka_unit_test(certificate_request_names_must_add_up),
        cmocka_unit_test(certificate_verify_by_version),
        cmocka_unit_test(writer_refuses_an_empty_certificate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
