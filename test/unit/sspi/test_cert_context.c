/*
 * test_cert_context.c - certificate contexts and their properties
 *
 * Expected fingerprints come from `openssl x509 -fingerprint`, run where it is
 * installed; the rest from the certificates' description in vectors/certs.
 */

#include <stdio.h>

#include "test/unit/sspi/support_cred.h"

static PCCERT_CONTEXT make(void)
{
    size_t len;
    uint8_t *der = read_vector("server-rsa2048.der", &len);
    PCCERT_CONTEXT c = CertCreateCertificateContext(X509_ASN_ENCODING, der,
                                                    (DWORD)len);

    free(der); /* it is copied */
    assert_non_null(c);
    return c;
}

static void a_context_is_counted(void **state)
{
    PCCERT_CONTEXT c = make();

    (void)state;
    assert_non_null(c->hCertStore);
    assert_ptr_equal(CertDuplicateCertificateContext(c), c);
    assert_true(CertFreeCertificateContext(c));
    assert_true(CertFreeCertificateContext(c));
    assert_false(CertFreeCertificateContext(c));
    assert_true(CertFreeCertificateContext(NULL));
    assert_null(CertDuplicateCertificateContext(NULL));
}

static void what_is_no_certificate_makes_no_context(void **state)
{
    static const BYTE junk[] = "junk";
    size_t len;
    uint8_t *der = read_vector("server-rsa2048.der", &len);

    (void)state;
    assert_null(CertCreateCertificateContext(X509_ASN_ENCODING, junk, 4));
    assert_int_equal(GetLastError(), (DWORD)CRYPT_E_ASN1_BADTAG);
    assert_null(CertCreateCertificateContext(X509_ASN_ENCODING, NULL, 4));
    assert_null(CertCreateCertificateContext(0, der, (DWORD)len));
    for (size_t cut = 0; cut < len; cut += 37) {
        assert_null(CertCreateCertificateContext(X509_ASN_ENCODING, der,
                                                 (DWORD)cut));
    }
    free(der);
}

static void contexts_built_by_hand_are_not_ours(void **state)
{
    CERT_CONTEXT by_hand;

    (void)state;
    memset(&by_hand, 0, sizeof by_hand);
    assert_false(CertFreeCertificateContext(&by_hand));
    assert_null(CertDuplicateCertificateContext(&by_hand));
}

static bool openssl_fingerprint(const char *hash, char *out, size_t room)
{
    char command[160];
    FILE *f;
    bool ok;

    snprintf(command, sizeof command,
             "openssl x509 -inform DER -in vectors/certs/server-rsa2048.der "
             "-noout -fingerprint -%s 2>/dev/null", hash);
    f = popen(command, "r");
    ok = f != NULL && fgets(out, (int)room, f) != NULL;
    if (f != NULL) {
        pclose(f);
    }
    return ok;
}

static void hashes_are_those_that_openssl_prints(void **state)
{
    static const struct {
        DWORD property;
        const char *name;
        DWORD len;
    } rows[] = { { CERT_SHA1_HASH_PROP_ID, "sha1", 20 },
                 { CERT_SHA256_HASH_PROP_ID, "sha256", 32 },
                 { CERT_MD5_HASH_PROP_ID, "md5", 16 } };
    PCCERT_CONTEXT c = make();

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        BYTE hash[32];
        char printed[200], ours[100];
        const char *theirs;
        DWORD len = 0;

        assert_true(CertGetCertificateContextProperty(c, rows[i].property,
                                                      NULL, &len));
        assert_int_equal(len, rows[i].len);
        len--;
        assert_false(CertGetCertificateContextProperty(c, rows[i].property,
                                                       hash, &len));
        assert_int_equal(GetLastError(), ERROR_MORE_DATA);
        assert_true(CertGetCertificateContextProperty(c, rows[i].property,
                                                      hash, &len));
        if (!openssl_fingerprint(rows[i].name, printed, sizeof printed)) {
            print_message("# no openssl command to compare with\n");
            CertFreeCertificateContext(c);
            skip();
        }
        for (DWORD j = 0; j < len; j++) {
            snprintf(ours + 3 * j, 4, "%02X:", hash[j]);
        }
        ours[3 * len - 1] = '\0';
        theirs = strchr(printed, '=');
        assert_non_null(theirs);
        assert_memory_equal(theirs + 1, ours, strlen(ours));
    }
    CertFreeCertificateContext(c);
}

static void other_properties_are_not_there(void **state)
{
    PCCERT_CONTEXT c = make();
    DWORD len = 0;

    (void)state;
    assert_false(CertGetCertificateContextProperty(
        c, CERT_KEY_PROV_INFO_PROP_ID, NULL, &len));
    assert_int_equal(GetLastError(), (DWORD)CRYPT_E_NOT_FOUND);
    assert_false(CertGetCertificateContextProperty(
        NULL, CERT_SHA1_HASH_PROP_ID, NULL, &len));
    CertFreeCertificateContext(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_context_is_counted),
        cmocka_unit_test(what_is_no_certificate_makes_no_context),
        cmocka_unit_test(contexts_built_by_hand_are_not_ours),
        cmocka_unit_test(hashes_are_those_that_openssl_prints),
        cmocka_unit_test(other_properties_are_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
