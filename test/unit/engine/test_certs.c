/* Certificates, keys and PEM for programs above the engine. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/pair.h"

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

/* 2020-01-01 and 2049-12-31 23:59:59 UTC (vectors/certs/README.md). */
#define START 1577836800
#define END 2524607999

static void facts_are_those_of_the_certificate(void **state)
{
    struct tch_cert_facts f;

    (void)state;
    is(tch_certificate_facts(read_certs("server-ec256.der"), &f), "OK");
    assert_true(f.not_before >= START && f.not_before < START + 86400);
    assert_true(f.not_after > END - 86400 && f.not_after <= END);
    assert_string_equal(f.key, "ECDSA");
    assert_int_equal(f.key_bits, 256);
    assert_int_equal(f.scheme, 0x0401); /* signed by the RSA root */
    assert_int_equal(f.version, 3);
    assert_true(f.serial.len > 0 && f.subject.len > 0 && f.spki.len > 0);
    is(tch_certificate_facts(read_certs("server-rsa2048.der"), &f), "OK");
    assert_string_equal(f.key, "RSA");
    assert_int_equal(f.key_bits, 2048);
}

static void junk_is_no_certificate(void **state)
{
    struct tch_slice der = read_certs("server-ec256.der");
    struct tch_cert_facts f;

    (void)state;
    is(tch_certificate_facts(tch_slice_of("junk", 4), &f), "CERT_BAD");
    for (size_t n = 0; n < der.len; n += 7) {
        is(tch_certificate_facts(tch_slice_of(der.p, n), &f), "CERT_BAD");
    }
}

static void keys_are_compared_with_certificates_R_PKI_107(void **state)
{
    struct tch_slice ec = read_certs("server-ec256.der");
    struct tch_slice rsa = read_certs("server-rsa2048.der");
    struct tch_slice ec_key = read_certs("server-ec256-key.der");
    struct tch_slice rsa_key = read_certs("server-rsa2048-key.der");

    (void)state;
    is(tch_key_matches(ec, ec_key), "OK");
    is(tch_key_matches(rsa, rsa_key), "OK");
    is(tch_key_matches(rsa, read_certs("server-rsa2048-pkcs1.der")), "OK");
    is(tch_key_matches(ec, read_certs("server-ec256-sec1.der")), "OK");
    is(tch_key_matches(ec, rsa_key), "KEY_MISMATCH");
    is(tch_key_matches(rsa, ec_key), "KEY_MISMATCH");
    is(tch_key_matches(ec, tch_slice_of("junk", 4)), "BAD_KEY");
    is(tch_key_matches(tch_slice_of("junk", 4), ec_key), "CERT_BAD");
}

static void pem_blocks_come_one_after_another(void **state)
{
    struct tch_slice text = read_certs("chain-rsa-root.pem");
    struct tch_slice der = read_certs("ca.der");
    struct tch_pem pem;
    unsigned num = 0;

    (void)state;
    for (; tch_pem_decode(NULL, &text, &pem) == TCH_OK; num++) {
        assert_string_equal(pem.label, "CERTIFICATE");
        if (num == 2) { /* leaf, intermediate, root */
            assert_int_equal(pem.der.len, der.len);
            assert_memory_equal(pem.der.p, der.p, der.len);
        }
        tch_pem_free(NULL, &pem);
        assert_int_equal(pem.der.len, 0);
    }
    assert_int_equal(num, 3);
    is(tch_pem_decode(NULL, &text, &pem), "NOT_FOUND");
}

static void broken_pem_is_said_to_be_broken(void **state)
{
    static const char cut[] = "-----BEGIN CERTIFICATE-----\nMIIB\n";
    static const char junk[] =
        "-----BEGIN X-----\n!!!!\n-----END X-----\n";
    struct tch_slice text = { (const uint8_t *)cut, sizeof cut - 1 };
    struct tch_pem pem;

    (void)state;
    is(tch_pem_decode(NULL, &text, &pem), "BAD_FILE");
    text = tch_slice_of(junk, sizeof junk - 1);
    is(tch_pem_decode(NULL, &text, &pem), "BAD_FILE");
}

static void names_become_text(void **state)
{
    struct tch_cert_facts f;
    char out[200];
    size_t len;

    (void)state;
    is(tch_certificate_facts(read_certs("server-ec256.der"), &f), "OK");
    len = tch_name_string(f.subject, out, sizeof out);
    assert_int_equal(len, strlen(out));
    assert_non_null(strstr(out, "CN="));
    assert_int_equal(tch_name_string(f.subject, out, 3), len);
    assert_true(strlen(out) < 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_those_of_the_certificate),
        cmocka_unit_test(junk_is_no_certificate),
        cmocka_unit_test(keys_are_compared_with_certificates_R_PKI_107),
        cmocka_unit_test(pem_blocks_come_one_after_another),
        cmocka_unit_test(broken_pem_is_said_to_be_broken),
        cmocka_unit_test(names_become_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
