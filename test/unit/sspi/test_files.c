/*
 * test_files.c - certificates and keys from PEM and DER, files and memory
 */

#include <stdio.h>
#include <unistd.h>

#include "sspi/cert_store.h"
#include "sspi/files.h"
#include "test/unit/sspi/support_cred.h"

#define DIR "vectors/certs/"

static SECURITY_STATUS pem(const char *cert, const char *key)
{
    PCCERT_CONTEXT c = NULL;
    SECURITY_STATUS s = TchCertContextFromPemFile(cert, key, &c);

    assert_int_equal(s == SEC_E_OK, c != NULL);
    CertFreeCertificateContext(c);
    return s;
}

static SECURITY_STATUS der(const char *cert, const char *key)
{
    PCCERT_CONTEXT c = NULL;
    SECURITY_STATUS s = TchCertContextFromDerFile(cert, key, &c);

    assert_int_equal(s == SEC_E_OK, c != NULL);
    CertFreeCertificateContext(c);
    return s;
}

static void keys_in_all_three_forms(void **state)
{
    (void)state;
    assert_int_equal(pem(DIR "server-rsa2048.pem", DIR "server-rsa2048.key"),
                     SEC_E_OK);
    assert_int_equal(
        pem(DIR "server-rsa2048.pem", DIR "server-rsa2048-pkcs1.key"),
        SEC_E_OK);
    assert_int_equal(
        pem(DIR "server-ec256.pem", DIR "server-ec256-sec1.key"), SEC_E_OK);
    assert_int_equal(
        pem(DIR "server-ec256.pem", DIR "server-ec256-sec1-params.key"),
        SEC_E_OK);
    assert_int_equal(pem(DIR "server-rsa2048.pem", NULL), SEC_E_OK);
    assert_int_equal(
        der(DIR "server-rsa2048.der", DIR "server-rsa2048-key.der"),
        SEC_E_OK);
    assert_int_equal(
        der(DIR "server-rsa2048.der", DIR "server-rsa2048-pkcs1.der"),
        SEC_E_OK);
    assert_int_equal(der(DIR "server-ec256.der", DIR "server-ec256-sec1.der"),
                     SEC_E_OK);
}

static void each_failure_has_its_status(void **state)
{
    (void)state;
    assert_int_equal(pem(NULL, NULL), SEC_E_INVALID_PARAMETER);
    assert_int_equal(pem(DIR "nothing.pem", NULL), CRYPT_E_FILE_ERROR);
    assert_int_equal(pem(DIR "server-rsa2048.pem", DIR "nothing.key"),
                     CRYPT_E_FILE_ERROR);
    assert_int_equal(pem(DIR, NULL), CRYPT_E_FILE_ERROR); /* a directory */
    assert_int_equal(pem(DIR "README.md", NULL), CRYPT_E_NOT_FOUND);
    assert_int_equal(pem(DIR "server-rsa2048.key", NULL), CRYPT_E_NOT_FOUND);
    assert_int_equal(pem(DIR "server-rsa2048.pem", DIR "ca.pem"),
                     CRYPT_E_NOT_FOUND);
    assert_int_equal(pem(DIR "server-rsa2048.pem", DIR "ca.key"),
                     NTE_BAD_PUBLIC_KEY);
    assert_int_equal(
        pem(DIR "server-rsa2048.pem", DIR "server-rsa2048-encrypted.key"),
        NTE_NOT_SUPPORTED);
    assert_int_equal(der(DIR "server-rsa2048.pem", NULL),
                     SEC_E_UNKNOWN_CREDENTIALS);
    assert_int_equal(der(DIR "server-rsa2048.der", DIR "server-rsa2048.der"),
                     NTE_BAD_KEY);
    assert_int_equal(
        der(DIR "server-rsa2048.der", DIR "server-ec256-key.der"),
        NTE_BAD_PUBLIC_KEY);
}

static void memory_does_what_files_do(void **state)
{
    size_t cert_len, key_len, der_len;
    uint8_t *cert = read_vector("server-rsa2048.pem", &cert_len);
    uint8_t *key = read_vector("server-rsa2048.key", &key_len);
    uint8_t *bytes = read_vector("server-rsa2048.der", &der_len);
    PCCERT_CONTEXT c = NULL, d = NULL;

    (void)state;
    assert_int_equal(TchCertContextFromPem((char *)cert, (DWORD)cert_len,
                                           (char *)key, (DWORD)key_len, &c),
                     SEC_E_OK);
    assert_int_equal(TchCertContextFromDer(bytes, (DWORD)der_len, NULL, 0,
                                           &d),
                     SEC_E_OK);
    assert_int_equal(c->cbCertEncoded, d->cbCertEncoded);
    assert_memory_equal(c->pbCertEncoded, d->pbCertEncoded, d->cbCertEncoded);
    CertFreeCertificateContext(c);
    CertFreeCertificateContext(d);
    assert_int_equal(TchCertContextFromPem(NULL, 1, NULL, 0, &c),
                     SEC_E_INVALID_PARAMETER);
    assert_int_equal(TchCertContextFromPem((char *)cert, (DWORD)cert_len, NULL,
                                           5, &c),
                     SEC_E_INVALID_PARAMETER);
    assert_int_equal(TchCertContextFromDer(bytes, (DWORD)der_len, NULL, 0,
                                           NULL),
                     SEC_E_INVALID_PARAMETER);
    free(cert);
    free(key);
    free(bytes);
}

/* One text with certificates and key, in any order of blocks. */
static void a_chain_goes_into_the_leafs_store(void **state)
{
    PCCERT_CONTEXT c = NULL, at = NULL;
    int num = 0;

    (void)state;
    assert_int_equal(TchCertContextFromPemFile(DIR "chain-rsa-root.pem",
                                               DIR "chain-rsa.key", &c),
                     SEC_E_OK);
    while ((at = CertEnumCertificatesInStore(c->hCertStore, at)) != NULL) {
        assert_int_equal(at == c, num == 0);
        num++;
    }
    assert_int_equal(num, 3);
    CertFreeCertificateContext(c);
}

static void pem_into_a_store_adds_each_once(void **state)
{
    size_t len;
    uint8_t *text = read_vector("chain-rsa-root.pem", &len);
    HCERTSTORE h = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    DWORD added = 0;

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(TchCertStoreAddPem(h, (char *)text, (DWORD)len,
                                            &added),
                         SEC_E_OK);
        assert_int_equal(added, 3);
        assert_int_equal(tch_store_num(tch_store_of(h)), 3);
    }
    /* The last block broken: nothing stays of the text. */
    text[len - 60] = '!';
    assert_int_not_equal(TchCertStoreAddPem(h, (char *)text, (DWORD)len,
                                            &added),
                         SEC_E_OK);
    assert_int_equal(tch_store_num(tch_store_of(h)), 3);
    assert_int_equal(TchCertStoreAddPem(h, "nothing", 7, NULL),
                     CRYPT_E_NOT_FOUND);
    assert_int_equal(TchCertStoreAddPem(NULL, "nothing", 7, NULL),
                     SEC_E_INVALID_PARAMETER);
    assert_true(CertCloseStore(h, 0));
    free(text);
}

static void files_are_read_whole_up_to_a_limit(void **state)
{
    char name[] = "/tmp/tch-test-XXXXXX";
    int fd = mkstemp(name);
    static uint8_t block[100000];
    struct tch_slice s;

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(tch_file_read(name, &s), TCH_BAD_FILE); /* empty */
    memset(block, 'x', sizeof block);
    assert_int_equal(write(fd, block, sizeof block), sizeof block);
    assert_int_equal(tch_file_read(name, &s), TCH_OK);
    assert_int_equal(s.len, sizeof block);
    assert_memory_equal(s.p, block, sizeof block);
    tch_file_free(&s);
    assert_int_equal(ftruncate(fd, 3 * (off_t)TCH_FILE_MAX), 0);
    assert_int_equal(tch_file_read(name, &s), TCH_BAD_FILE);
    close(fd);
    unlink(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_in_all_three_forms),
        cmocka_unit_test(each_failure_has_its_status),
        cmocka_unit_test(memory_does_what_files_do),
        cmocka_unit_test(a_chain_goes_into_the_leafs_store),
        cmocka_unit_test(pem_into_a_store_adds_each_once),
        cmocka_unit_test(files_are_read_whole_up_to_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
