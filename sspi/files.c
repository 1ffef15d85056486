/*
 * Certificates and keys from files and texts: the calls of
 * tomchannel_sspi.h, section 2. PEM is taken apart by the engine; which
 * labels mean what is RFC 7468 and, for keys, custom: any label that ends in
 * "PRIVATE KEY".
 */

#include "sspi/files.h"

#include <stdio.h>
#include <string.h>

#include "sspi/cert_store.h"
#include "sspi/include/tomchannel_sspi.h"
#include "sspi/memory.h"
#include "sspi/status_map.h"

/* Reads from an open file into a block that grows by doubling. */
static enum tch_status read_open(FILE *f, struct tch_slice *out)
{
    size_t cap = 8192, len = 0;
    uint8_t *p = tch_own(cap);

    while (p != NULL) {
        size_t n = fread(p + len, 1, cap - len, f);
        uint8_t *bigger;

        len += n;
        if (len < cap) {
            break;
        }
        bigger = cap > TCH_FILE_MAX ? NULL : tch_own(2 * cap);
        if (bigger == NULL) {
            tch_disown(p, cap);
            return cap > TCH_FILE_MAX ? TCH_BAD_FILE : TCH_NO_MEMORY;
        }
        memcpy(bigger, p, len);
        tch_disown(p, cap);
        p = bigger;
        cap *= 2;
    }
    if (p == NULL) {
        return TCH_NO_MEMORY;
    }
    if (len == 0 || ferror(f)) {
        tch_disown(p, cap);
        return TCH_BAD_FILE;
    }
    /* The slice's length is what tch_disown wants, so the rest goes back. */
    uint8_t *exact = tch_own(len);

    if (exact != NULL) {
        memcpy(exact, p, len);
        *out = tch_slice_of(exact, len);
    }
    tch_disown(p, cap);
    return exact == NULL ? TCH_NO_MEMORY : TCH_OK;
}

enum tch_status tch_file_read(const char *name, struct tch_slice *out)
{
    FILE *f = fopen(name, "rb");
    enum tch_status s;

    *out = tch_slice_of(NULL, 0);
    if (f == NULL) {
        return TCH_BAD_FILE;
    }
    /* What the C library would leave of a key in its own buffer. */
    setvbuf(f, NULL, _IONBF, 0);
    s = read_open(f, out);
    fclose(f);
    return s;
}

void tch_file_free(struct tch_slice *s)
{
    tch_disown((void *)(uintptr_t)s->p, s->len);
    *s = tch_slice_of(NULL, 0);
}

static bool is_certificate(const char *label)
{
    return strcmp(label, "CERTIFICATE") == 0 ||
           strcmp(label, "X509 CERTIFICATE") == 0;
}

static bool is_key(const char *label)
{
    static const char end[] = "PRIVATE KEY";
    size_t len = strlen(label);

    return len >= sizeof end - 1 &&
           strcmp(label + len - (sizeof end - 1), end) == 0;
}

static enum tch_status add_once(struct tch_store *s, struct tch_slice der)
{
    struct tch_cert *c = tch_store_find(s, der);

    if (c != NULL) {
        tch_cert_unref(c);
        return TCH_OK;
    }
    return tch_store_add(s, der, tch_slice_of(NULL, 0), NULL);
}

enum tch_status tch_store_add_pem(struct tch_store *s, struct tch_slice text,
                                  bool once, size_t *num)
{
    size_t before = tch_store_num(s);
    enum tch_status status = TCH_OK;
    struct tch_pem block;

    *num = 0;
    while (status == TCH_OK) {
        status = tch_pem_decode(NULL, &text, &block);
        if (status != TCH_OK) {
            break;
        }
        if (is_certificate(block.label)) {
            (*num)++;
            status = once ? add_once(s, block.der)
                          : tch_store_add(s, block.der,
                                          tch_slice_of(NULL, 0), NULL);
        }
        tch_pem_free(NULL, &block);
    }
    if (status == TCH_NOT_FOUND && *num > 0) {
        return TCH_OK;
    }
    tch_store_drop_last(s, before);
    return status;
}

/* The first private key of a text; freed by tch_pem_free. */
static enum tch_status find_key(struct tch_slice text, struct tch_pem *out)
{
    for (;;) {
        enum tch_status s = tch_pem_decode(NULL, &text, out);

        if (s != TCH_OK) {
            return s;
        }
        if (is_key(out->label)) {
            return strncmp(out->label, "ENCRYPTED", 9) == 0
                       ? TCH_NOT_SUPPORTED
                       : TCH_OK;
        }
        tch_pem_free(NULL, out);
    }
}

/* Hangs the key on the store's first certificate and gives that. */
static enum tch_status finish(struct tch_store *s, struct tch_slice key,
                              PCCERT_CONTEXT *out)
{
    struct tch_cert *leaf = tch_store_next(s, NULL);
    enum tch_status status = TCH_OK;

    if (key.len > 0) {
        status = tch_key_matches(tch_cert_der(leaf), key);
        if (status == TCH_OK) {
            status = tch_cert_set_key(leaf, key);
        }
    }
    if (status != TCH_OK) {
        tch_cert_unref(leaf);
        return status;
    }
    *out = tch_cert_context(leaf);
    return TCH_OK;
}

/* What a failure to read certificates or keys is to the caller. */
static SECURITY_STATUS status_of(enum tch_status s)
{
    switch ((unsigned)s) {
    case TCH_NOT_FOUND:
        return CRYPT_E_NOT_FOUND;
    case TCH_CERT_BAD:
    case TCH_BAD_FILE:
        return SEC_E_UNKNOWN_CREDENTIALS;
    case TCH_NOT_SUPPORTED:
        return NTE_NOT_SUPPORTED;
    default:
        return tch_sspi_status(s, 0);
    }
}

static SECURITY_STATUS from_pem(struct tch_slice cert, struct tch_slice key,
                                PCCERT_CONTEXT *out)
{
    struct tch_store *s = tch_store_new();
    struct tch_pem block = { .der = { NULL, 0 } };
    enum tch_status status;
    size_t num;

    if (s == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    status = tch_store_add_pem(s, cert, false, &num);
    if (status == TCH_OK && key.len > 0) {
        status = find_key(key, &block);
    }
    if (status == TCH_OK) {
        status = finish(s, block.der, out);
    }
    if (block.der.p != NULL) {
        tch_pem_free(NULL, &block);
    }
    tch_store_close(s);
    return status_of(status);
}

static SECURITY_STATUS from_der(struct tch_slice cert, struct tch_slice key,
                                PCCERT_CONTEXT *out)
{
    struct tch_store *s = tch_store_new();
    enum tch_status status;

    if (s == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    status = tch_store_add(s, cert, tch_slice_of(NULL, 0), NULL);
    if (status == TCH_OK) {
        status = finish(s, key, out);
    }
    tch_store_close(s);
    return status_of(status);
}

SECURITY_STATUS TchCertContextFromPem(const char *pbCert, DWORD cbCert,
                                      const char *pbKey, DWORD cbKey,
                                      PCCERT_CONTEXT *ppContext)
{
    if (pbCert == NULL || ppContext == NULL ||
        (pbKey == NULL && cbKey > 0)) {
        return SEC_E_INVALID_PARAMETER;
    }
    *ppContext = NULL;
    return from_pem(tch_slice_of(pbCert, cbCert), tch_slice_of(pbKey, cbKey),
                    ppContext);
}

SECURITY_STATUS TchCertContextFromDer(const BYTE *pbCert, DWORD cbCert,
                                      const BYTE *pbKey, DWORD cbKey,
                                      PCCERT_CONTEXT *ppContext)
{
    if (pbCert == NULL || ppContext == NULL ||
        (pbKey == NULL && cbKey > 0)) {
        return SEC_E_INVALID_PARAMETER;
    }
    *ppContext = NULL;
    return from_der(tch_slice_of(pbCert, cbCert), tch_slice_of(pbKey, cbKey),
                    ppContext);
}

/* Reads one or two files and hands them on. */
static SECURITY_STATUS
from_files(const char *cert_name, const char *key_name,
           SECURITY_STATUS (*make)(struct tch_slice, struct tch_slice,
                                   PCCERT_CONTEXT *),
           PCCERT_CONTEXT *out)
{
    struct tch_slice cert, key = { NULL, 0 };
    SECURITY_STATUS status;
    enum tch_status s;

    if (cert_name == NULL || out == NULL) {
        return SEC_E_INVALID_PARAMETER;
    }
    *out = NULL;
    s = tch_file_read(cert_name, &cert);
    if (s == TCH_OK && key_name != NULL) {
        s = tch_file_read(key_name, &key);
    }
    status = s == TCH_OK         ? make(cert, key, out)
             : s == TCH_BAD_FILE ? CRYPT_E_FILE_ERROR
                                 : SEC_E_INSUFFICIENT_MEMORY;
    tch_file_free(&cert);
    tch_file_free(&key);
    return status;
}

SECURITY_STATUS TchCertContextFromPemFile(const char *pszCertFile,
                                          const char *pszKeyFile,
                                          PCCERT_CONTEXT *ppContext)
{
    return from_files(pszCertFile, pszKeyFile, from_pem, ppContext);
}

SECURITY_STATUS TchCertContextFromDerFile(const char *pszCertFile,
                                          const char *pszKeyFile,
                                          PCCERT_CONTEXT *ppContext)
{
    return from_files(pszCertFile, pszKeyFile, from_der, ppContext);
}

SECURITY_STATUS TchCertStoreAddPem(HCERTSTORE hStore, const char *pbText,
                                   DWORD cbText, DWORD *pcAdded)
{
    struct tch_store *s = tch_store_of(hStore);
    enum tch_status status;
    size_t num;

    if (s == NULL || pbText == NULL) {
        return SEC_E_INVALID_PARAMETER;
    }
    status = tch_store_add_pem(s, tch_slice_of(pbText, cbText), true, &num);
    if (status == TCH_OK && pcAdded != NULL) {
        *pcAdded = (DWORD)num;
    }
    return status_of(status);
}
