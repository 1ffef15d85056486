/*
 * test_cert_info.c - CERT_INFO of a certificate whose contents vectors/certs
 * describes, and moments as ticks
 */

#include <time.h>

#include "sspi/cert_info.h"
#include "test/unit/sspi/support_cred.h"

static void moments_are_ticks_since_1601(void **state)
{
    (void)state;
    /* 1601-01-01, 1970-01-01, 2020-01-01, and beyond what fits. */
    assert_true(tch_filetime(-11644473600) == 0);
    assert_true(tch_filetime(-11644473601) == 0);
    assert_true(tch_filetime(0) == 116444736000000000u);
    assert_true(tch_filetime(1577836800) == 132223104000000000u);
    assert_true(tch_filetime(INT64_MAX) == TCH_FILETIME_NEVER);
}

static void local_time_is_shifted(void **state)
{
    (void)state;
    setenv("TZ", "XYZ-2", 1); /* two hours east */
    tzset();
    assert_true(tch_filetime_local(0) - tch_filetime(0) ==
                (uint64_t)7200 * 10000000);
    setenv("TZ", "UTC", 1);
    tzset();
    assert_true(tch_filetime_local(0) == tch_filetime(0));
}

static const CERT_EXTENSION *extension(const CERT_INFO *info, const char *oid)
{
    for (DWORD i = 0; i < info->cExtension; i++) {
        if (strcmp(info->rgExtension[i].pszObjId, oid) == 0) {
            return &info->rgExtension[i];
        }
    }
    return NULL;
}

static uint64_t ticks(FILETIME f)
{
    return (uint64_t)f.dwHighDateTime << 32 | f.dwLowDateTime;
}

static void an_rsa_certificate_is_decoded(void **state)
{
    PCCERT_CONTEXT c = cert_with_key("server-rsa2048", "server-rsa2048");
    const CERT_INFO *info = c->pCertInfo;

    (void)state;
    assert_int_equal(info->dwVersion, CERT_V3);
    /* sha256WithRSAEncryption, rsaEncryption: RFC 8017 A.2.4, A.1. */
    assert_string_equal(info->SignatureAlgorithm.pszObjId,
                        "1.2.840.113549.1.1.11");
    assert_string_equal(info->SubjectPublicKeyInfo.Algorithm.pszObjId,
                        "1.2.840.113549.1.1.1");
    assert_int_equal(info->SubjectPublicKeyInfo.Algorithm.Parameters.cbData,
                     2); /* NULL */
    assert_int_equal(info->SubjectPublicKeyInfo.PublicKey.cbData, 270);
    assert_int_equal(info->SubjectPublicKeyInfo.PublicKey.cUnusedBits, 0);
    assert_int_equal(info->Issuer.pbData[0], 0x30);
    assert_int_equal(info->Subject.pbData[0], 0x30);
    /* 2020-01-01 00:00:00 */
    assert_true(ticks(info->NotBefore) == 132223104000000000u);
    assert_true(ticks(info->NotAfter) > ticks(info->NotBefore));
    assert_non_null(extension(info, "2.5.29.17")); /* subjectAltName */
    assert_null(extension(info, "1.2.3"));
    assert_true(info->Subject.pbData > c->pbCertEncoded);
    assert_true(info->Subject.pbData < c->pbCertEncoded + c->cbCertEncoded);
    CertFreeCertificateContext(c);
}

static void serial_numbers_are_turned_round(void **state)
{
    PCCERT_CONTEXT c = cert_with_key("server-rsa2048", "server-rsa2048");
    struct tch_cert_facts facts;
    const CRYPT_INTEGER_BLOB *serial = &c->pCertInfo->SerialNumber;

    (void)state;
    assert_int_equal(tch_certificate_facts(
                         tch_slice_of(c->pbCertEncoded, c->cbCertEncoded),
                         &facts),
                     TCH_OK);
    assert_int_equal(serial->cbData, facts.serial.len);
    for (size_t i = 0; i < facts.serial.len; i++) {
        assert_int_equal(serial->pbData[i],
                         facts.serial.p[facts.serial.len - 1 - i]);
    }
    CertFreeCertificateContext(c);
}

static void critical_extensions_and_curves(void **state)
{
    PCCERT_CONTEXT c = cert_with_key("server-critical", "server-rsa2048");
    const CERT_EXTENSION *e =
        extension(c->pCertInfo, "1.3.6.1.4.1.99999.1");

    (void)state;
    assert_true(e != NULL && e->fCritical);
    CertFreeCertificateContext(c);
    c = cert_with_key("server-ec256", "server-ec256");
    /* id-ecPublicKey, secp256r1: RFC 5480 2.1.1. */
    assert_string_equal(
        c->pCertInfo->SubjectPublicKeyInfo.Algorithm.pszObjId,
        "1.2.840.10045.2.1");
    assert_int_equal(
        c->pCertInfo->SubjectPublicKeyInfo.Algorithm.Parameters.cbData, 10);
    assert_int_equal(c->pCertInfo->SubjectPublicKeyInfo.PublicKey.cbData, 65);
    CertFreeCertificateContext(c);
}

/* Every byte changed once: a status, and nothing outside is read (ASan). */
static void changed_certificates_are_decoded_or_refused(void **state)
{
    size_t len, decoded = 0;
    uint8_t *der = read_vector("server-ec256.der", &len);

    (void)state;
    for (size_t i = 0; i < len; i++) {
        struct tch_arena arena;
        PCERT_INFO info = NULL;
        enum tch_status s;

        tch_arena_init(&arena, &tch_alloc_default, (size_t)1 << 20);
        der[i] ^= 0x41;
        s = tch_cert_decode(der, len, &arena, &info);
        der[i] ^= 0x41;
        assert_true(s == TCH_OK || s == TCH_CERT_BAD);
        decoded += s == TCH_OK;
        tch_arena_clear(&arena);
    }
    assert_true(decoded > 0 && decoded < len);
    free(der);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_ticks_since_1601),
        cmocka_unit_test(local_time_is_shifted),
        cmocka_unit_test(an_rsa_certificate_is_decoded),
        cmocka_unit_test(serial_numbers_are_turned_round),
        cmocka_unit_test(critical_extensions_and_curves),
        cmocka_unit_test(changed_certificates_are_decoded_or_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
