/*
 * test_cert_store.c - memory stores and their counting (contract 15)
 */

#include "sspi/cert_store.h"
#include "sspi/live.h"
#include "test/unit/sspi/support_cred.h"

static uint8_t *der;
static size_t der_len;
static size_t certs_before, stores_before;

static int set_up(void **state)
{
    (void)state;
    der = read_vector("server-rsa2048.der", &der_len);
    certs_before = tch_live_count(TCH_LIVE_CERT);
    stores_before = tch_live_count(TCH_LIVE_STORE);
    return 0;
}

/* Whatever a test did, nothing is left behind. */
static int tear_down(void **state)
{
    (void)state;
    free(der);
    return tch_live_count(TCH_LIVE_CERT) == certs_before &&
                   tch_live_count(TCH_LIVE_STORE) == stores_before
               ? 0
               : -1;
}

static HCERTSTORE memory_store(void)
{
    return CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
}

static void only_memory_stores_open(void **state)
{
    HCERTSTORE h = memory_store();

    (void)state;
    assert_non_null(h);
    assert_true(CertCloseStore(h, 0));
    assert_false(CertCloseStore(h, 0));
    assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
    assert_true(CertCloseStore(NULL, 0));
    assert_null(CertOpenStore(CERT_STORE_PROV_FILE, 0, 0, 0, NULL));
    assert_int_equal(GetLastError(), ERROR_FILE_NOT_FOUND);
}

static void dispositions_of_adding(void **state)
{
    HCERTSTORE h = memory_store();
    PCCERT_CONTEXT first = NULL, second = NULL;
    DWORD len = (DWORD)der_len;

    (void)state;
    assert_true(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, der, len, CERT_STORE_ADD_NEW, &first));
    assert_false(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, der, len, CERT_STORE_ADD_NEW, &second));
    assert_int_equal(GetLastError(), (DWORD)CRYPT_E_EXISTS);
    assert_null(second);
    assert_true(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, der, len, CERT_STORE_ADD_USE_EXISTING,
        &second));
    assert_ptr_equal(first, second);
    assert_true(CertFreeCertificateContext(second));
    assert_true(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, der, len, CERT_STORE_ADD_ALWAYS, &second));
    assert_ptr_not_equal(first, second);
    assert_false(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, der, len, 99, NULL));
    assert_false(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, der, len - 1, CERT_STORE_ADD_ALWAYS, NULL));
    assert_false(CertAddEncodedCertificateToStore(
        NULL, X509_ASN_ENCODING, der, len, CERT_STORE_ADD_ALWAYS, NULL));
    assert_int_equal(tch_store_num(tch_store_of(h)), 2);
    assert_true(CertFreeCertificateContext(first));
    assert_true(CertFreeCertificateContext(second));
    assert_true(CertCloseStore(h, 0));
}

static void a_context_keeps_its_store(void **state)
{
    HCERTSTORE h = memory_store();
    PCCERT_CONTEXT c = NULL;

    (void)state;
    assert_true(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, der, (DWORD)der_len, CERT_STORE_ADD_ALWAYS,
        &c));
    assert_true(CertCloseStore(h, 0));
    assert_ptr_equal(c->hCertStore, h);
    assert_ptr_equal(CertEnumCertificatesInStore(h, NULL), c);
    assert_true(CertFreeCertificateContext(c)); /* the enumeration's */
    assert_true(CertFreeCertificateContext(c));
    assert_false(CertFreeCertificateContext(c)); /* gone, not touched */
}

static void freeing_too_often_does_no_harm(void **state)
{
    HCERTSTORE h = memory_store();
    PCCERT_CONTEXT c = NULL;

    (void)state;
    assert_true(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, der, (DWORD)der_len, CERT_STORE_ADD_ALWAYS,
        &c));
    assert_true(CertFreeCertificateContext(c));
    assert_true(CertFreeCertificateContext(c));
    assert_ptr_equal(CertEnumCertificatesInStore(h, NULL), c);
    assert_true(CertFreeCertificateContext(c));
    assert_true(CertCloseStore(h, 0));
}

static void enumeration_hands_one_on_for_the_other(void **state)
{
    HCERTSTORE h = memory_store(), other = memory_store();
    PCCERT_CONTEXT at = NULL, foreign = NULL;
    size_t ca_len, num = 0;
    uint8_t *ca = read_vector("ca.der", &ca_len);

    (void)state;
    assert_true(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, der, (DWORD)der_len, CERT_STORE_ADD_ALWAYS,
        NULL));
    assert_true(CertAddEncodedCertificateToStore(
        h, X509_ASN_ENCODING, ca, (DWORD)ca_len, CERT_STORE_ADD_ALWAYS,
        NULL));
    assert_true(CertAddEncodedCertificateToStore(
        other, X509_ASN_ENCODING, ca, (DWORD)ca_len, CERT_STORE_ADD_ALWAYS,
        &foreign));
    while ((at = CertEnumCertificatesInStore(h, at)) != NULL) {
        assert_int_equal(at->cbCertEncoded, num == 0 ? der_len : ca_len);
        num++;
    }
    assert_int_equal(num, 2);
    assert_null(CertEnumCertificatesInStore(h, foreign));
    assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
    assert_true(CertFreeCertificateContext(foreign));
    assert_true(CertCloseStore(h, 0));
    assert_true(CertCloseStore(other, 0));
    free(ca);
}

static void adding_a_context_brings_its_key(void **state)
{
    HCERTSTORE h = memory_store();
    PCCERT_CONTEXT k = cert_with_key("server-rsa2048", "server-rsa2048");
    PCCERT_CONTEXT copy = NULL;

    (void)state;
    assert_true(CertAddCertificateContextToStore(h, k, CERT_STORE_ADD_ALWAYS,
                                                 &copy));
    assert_ptr_not_equal(copy, k);
    assert_true(tch_cert_key(tch_cert_of(copy)).len > 0);
    assert_true(tch_slices_equal(tch_cert_key(tch_cert_of(copy)),
                                 tch_cert_key(tch_cert_of(k))));
    assert_false(CertAddCertificateContextToStore(h, NULL, 4, NULL));
    assert_true(CertFreeCertificateContext(k));
    assert_true(CertFreeCertificateContext(copy));
    assert_true(CertCloseStore(h, 0));
}

static void what_failed_half_way_is_taken_out(void **state)
{
    struct tch_store *s = tch_store_new();
    struct tch_slice cert = { der, der_len };

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tch_store_add(s, cert, tch_slice_of(NULL, 0), NULL),
                         TCH_OK);
    }
    tch_store_drop_last(s, 1);
    assert_int_equal(tch_store_num(s), 1);
    assert_int_equal(tch_store_add(s, cert, tch_slice_of(NULL, 0), NULL),
                     TCH_OK);
    assert_int_equal(tch_store_num(s), 2);
    tch_store_drop_last(s, 0);
    assert_int_equal(tch_store_num(s), 0);
    assert_true(tch_store_close(s));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(only_memory_stores_open),
        CASE(dispositions_of_adding),
        CASE(a_context_keeps_its_store),
        CASE(freeing_too_often_does_no_harm),
        CASE(enumeration_hands_one_on_for_the_other),
        CASE(adding_a_context_brings_its_key),
        CASE(what_failed_half_way_is_taken_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
