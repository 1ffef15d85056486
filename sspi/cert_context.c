/*
 * Certificate contexts of wincrypt.h: made, counted, given back, asked for
 * properties. What they are is in cert_store.c.
 */

#include <string.h>

#include "crypto-glue/hash.h"
#include "sspi/cert_store.h"
#include "sspi/last_error.h"

PCCERT_CONTEXT WINAPI CertCreateCertificateContext(DWORD dwCertEncodingType,
                                                   const BYTE *pbCertEncoded,
                                                   DWORD cbCertEncoded)
{
    struct tch_store *s;
    struct tch_cert *c = NULL;
    enum tch_status status;

    if (pbCertEncoded == NULL ||
        (dwCertEncodingType & X509_ASN_ENCODING) == 0) {
        tch_fail(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    s = tch_store_new();
    if (s == NULL) {
        tch_fail(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    status = tch_store_add(s, tch_slice_of(pbCertEncoded, cbCertEncoded),
                           tch_slice_of(NULL, 0), &c);
    if (status != TCH_OK) {
        tch_fail(status == TCH_NO_MEMORY ? ERROR_NOT_ENOUGH_MEMORY
                                         : CRYPT_E_ASN1_BADTAG);
    }
    /* The certificate keeps the store from now on. */
    tch_store_close(s);
    return tch_cert_context(c);
}

PCCERT_CONTEXT WINAPI
CertDuplicateCertificateContext(PCCERT_CONTEXT pCertContext)
{
    struct tch_cert *c = tch_cert_of(pCertContext);

    if (c == NULL) {
        if (pCertContext != NULL) {
            tch_fail(ERROR_INVALID_HANDLE);
        }
        return NULL;
    }
    return tch_cert_context(tch_cert_ref(c));
}

BOOL WINAPI CertFreeCertificateContext(PCCERT_CONTEXT pCertContext)
{
    struct tch_cert *c = tch_cert_of(pCertContext);

    if (c == NULL && pCertContext != NULL) {
        return tch_fail(ERROR_INVALID_HANDLE);
    }
    tch_cert_unref(c);
    return TRUE;
}

/* Properties that are hashes of the whole certificate. */
static enum tch_hash hash_of_property(DWORD dwPropId)
{
    switch (dwPropId) {
    case CERT_SHA1_HASH_PROP_ID:
        return TCH_HASH_SHA1;
    case CERT_MD5_HASH_PROP_ID:
        return TCH_HASH_MD5;
    case CERT_SHA256_HASH_PROP_ID:
        return TCH_HASH_SHA256;
    default:
        return TCH_HASH_NONE;
    }
}

BOOL WINAPI CertGetCertificateContextProperty(PCCERT_CONTEXT pCertContext,
                                              DWORD dwPropId, void *pvData,
                                              DWORD *pcbData)
{
    struct tch_cert *c = tch_cert_of(pCertContext);
    enum tch_hash hash = hash_of_property(dwPropId);
    uint8_t value[TCH_HASH_MAX];
    struct tch_slice der;
    DWORD room, len;

    if (c == NULL || pcbData == NULL) {
        return tch_fail(ERROR_INVALID_PARAMETER);
    }
    if (hash == TCH_HASH_NONE) {
        return tch_fail(CRYPT_E_NOT_FOUND);
    }
    len = tch_hash_facts(hash)->len;
    room = *pcbData;
    *pcbData = len;
    if (pvData == NULL) {
        return TRUE;
    }
    if (room < len) {
        return tch_fail(ERROR_MORE_DATA);
    }
    der = tch_cert_der(c);
    tch_hash(hash, &der, 1, value);
    memcpy(pvData, value, len);
    return TRUE;
}
