/*
 * Stores and their certificates (cert_store.h), and the store calls of
 * wincrypt.h that TLS programs use. One lock per store guards its list and
 * all counts; a certificate is never changed once others can see it.
 *
 * Counting: a store is kept by `opens` and by every certificate of its that
 * has references. Certificates without references stay in the store's list
 * and go with it.
 */

#include "sspi/cert_store.h"

#include <pthread.h>
#include <string.h>

#include "sspi/cert_info.h"
#include "sspi/last_error.h"
#include "sspi/live.h"
#include "sspi/memory.h"

#define INFO_LIMIT ((size_t)1 << 20) /* bytes of a decoded certificate */

struct tch_cert {
    CERT_CONTEXT context; /* what programs see; must come first */
    struct tch_store *store;
    struct tch_cert *next;
    size_t refs; /* under the store's lock */
    uint8_t *der;
    size_t der_len;
    uint8_t *key;
    size_t key_len;
    struct tch_arena arena; /* of the decoded form */
};

struct tch_store {
    pthread_mutex_t lock;
    size_t opens;
    size_t held; /* certificates with references */
    size_t num;
    struct tch_cert *first;
    struct tch_cert *last;
};

bool tch_slices_equal(struct tch_slice a, struct tch_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static void free_cert(struct tch_cert *c)
{
    tch_live_remove(TCH_LIVE_CERT, &c->context, NULL);
    tch_arena_clear(&c->arena);
    tch_disown(c->key, c->key_len);
    tch_disown(c->der, c->der_len);
    tch_disown(c, sizeof *c);
}

static void free_store(struct tch_store *s)
{
    struct tch_cert *c = s->first;

    while (c != NULL) {
        struct tch_cert *next = c->next;

        free_cert(c);
        c = next;
    }
    pthread_mutex_destroy(&s->lock);
    tch_disown(s, sizeof *s);
}

/* Unlocks, and frees the store when nothing keeps it. Its name leaves the
 * live set under the lock, so nobody finds it any more. */
static void unlock(struct tch_store *s)
{
    bool gone = s->opens == 0 && s->held == 0;

    if (gone) {
        tch_live_remove(TCH_LIVE_STORE, s, NULL);
    }
    pthread_mutex_unlock(&s->lock);
    if (gone) {
        free_store(s);
    }
}

struct tch_store *tch_store_new(void)
{
    struct tch_store *s = tch_own(sizeof *s);

    if (s == NULL) {
        return NULL;
    }
    if (!tch_live_add(TCH_LIVE_STORE, s, sizeof *s)) {
        tch_disown(s, sizeof *s);
        return NULL;
    }
    pthread_mutex_init(&s->lock, NULL);
    s->opens = 1;
    return s;
}

struct tch_store *tch_store_of(HCERTSTORE h)
{
    return tch_live_has(TCH_LIVE_STORE, h) ? (struct tch_store *)h : NULL;
}

struct tch_store *tch_store_open(struct tch_store *s)
{
    pthread_mutex_lock(&s->lock);
    s->opens++;
    pthread_mutex_unlock(&s->lock);
    return s;
}

bool tch_store_close(struct tch_store *s)
{
    pthread_mutex_lock(&s->lock);
    if (s->opens == 0) {
        pthread_mutex_unlock(&s->lock);
        return false;
    }
    s->opens--;
    unlock(s);
    return true;
}

/* Another reference; the store is locked. */
static struct tch_cert *hold(struct tch_cert *c)
{
    if (c != NULL && c->refs++ == 0) {
        c->store->held++;
    }
    return c;
}

struct tch_cert *tch_cert_ref(struct tch_cert *c)
{
    pthread_mutex_lock(&c->store->lock);
    hold(c);
    pthread_mutex_unlock(&c->store->lock);
    return c;
}

void tch_cert_unref(struct tch_cert *c)
{
    struct tch_store *s;

    if (c == NULL) {
        return;
    }
    s = c->store;
    pthread_mutex_lock(&s->lock);
    if (c->refs > 0 && --c->refs == 0) {
        s->held--;
    }
    unlock(s);
}

enum tch_status tch_cert_set_key(struct tch_cert *c, struct tch_slice key)
{
    uint8_t *copy = NULL;

    if (key.len > 0) {
        copy = tch_own(key.len);
        if (copy == NULL) {
            return TCH_NO_MEMORY;
        }
        memcpy(copy, key.p, key.len);
    }
    tch_disown(c->key, c->key_len);
    c->key = copy;
    c->key_len = key.len;
    return TCH_OK;
}

/* A certificate that is in no store yet. */
static enum tch_status make_cert(struct tch_store *s, struct tch_slice der,
                                 struct tch_slice key, struct tch_cert **out)
{
    struct tch_cert *c;
    enum tch_status status = TCH_NO_MEMORY;

    if (der.len == 0 || der.len > UINT32_MAX) {
        return TCH_CERT_BAD;
    }
    c = tch_own(sizeof *c);
    if (c == NULL) {
        return TCH_NO_MEMORY;
    }
    tch_arena_init(&c->arena, &tch_alloc_default, INFO_LIMIT);
    c->store = s;
    c->der = tch_own(der.len);
    if (c->der == NULL) {
        goto fail;
    }
    c->der_len = der.len;
    memcpy(c->der, der.p, der.len);
    status = tch_cert_decode(c->der, c->der_len, &c->arena,
                             &c->context.pCertInfo);
    if (status == TCH_OK) {
        status = tch_cert_set_key(c, key);
    }
    if (status == TCH_OK &&
        !tch_live_add(TCH_LIVE_CERT, &c->context, sizeof *c)) {
        status = TCH_NO_MEMORY;
    }
    if (status != TCH_OK) {
        goto fail;
    }
    c->context.dwCertEncodingType = X509_ASN_ENCODING;
    c->context.pbCertEncoded = c->der;
    c->context.cbCertEncoded = (DWORD)c->der_len;
    c->context.hCertStore = s;
    *out = c;
    return TCH_OK;
fail:
    free_cert(c);
    return status;
}

enum tch_status tch_store_add(struct tch_store *s, struct tch_slice der,
                              struct tch_slice key, struct tch_cert **out)
{
    struct tch_cert *c;
    enum tch_status status = make_cert(s, der, key, &c);

    if (status != TCH_OK) {
        return status;
    }
    pthread_mutex_lock(&s->lock);
    if (s->last == NULL) {
        s->first = c;
    } else {
        s->last->next = c;
    }
    s->last = c;
    s->num++;
    if (out != NULL) {
        *out = hold(c);
    }
    pthread_mutex_unlock(&s->lock);
    return TCH_OK;
}

size_t tch_store_num(struct tch_store *s)
{
    size_t num;

    pthread_mutex_lock(&s->lock);
    num = s->num;
    pthread_mutex_unlock(&s->lock);
    return num;
}

void tch_store_drop_last(struct tch_store *s, size_t num)
{
    struct tch_cert *rest, *last = NULL;
    struct tch_cert *c;

    pthread_mutex_lock(&s->lock);
    c = s->first;
    for (size_t i = 0; i < num && c != NULL; i++) {
        last = c;
        c = c->next;
    }
    rest = c;
    if (last == NULL) {
        s->first = NULL;
    } else {
        last->next = NULL;
    }
    s->last = last;
    s->num = s->num < num ? s->num : num;
    pthread_mutex_unlock(&s->lock);
    while (rest != NULL) {
        c = rest->next;
        free_cert(rest);
        rest = c;
    }
}

struct tch_cert *tch_store_find(struct tch_store *s, struct tch_slice der)
{
    struct tch_cert *c;

    pthread_mutex_lock(&s->lock);
    for (c = s->first; c != NULL; c = c->next) {
        if (tch_slices_equal(tch_cert_der(c), der)) {
            break;
        }
    }
    hold(c);
    pthread_mutex_unlock(&s->lock);
    return c;
}

struct tch_cert *tch_store_find_issuer(struct tch_store *s,
                                       struct tch_slice issuer)
{
    struct tch_cert *c;

    pthread_mutex_lock(&s->lock);
    for (c = s->first; c != NULL; c = c->next) {
        if (tch_slices_equal(tch_cert_subject(c), issuer)) {
            break;
        }
    }
    hold(c);
    pthread_mutex_unlock(&s->lock);
    return c;
}

struct tch_cert *tch_store_next(struct tch_store *s, struct tch_cert *prev)
{
    struct tch_cert *c;

    pthread_mutex_lock(&s->lock);
    c = hold(prev == NULL ? s->first : prev->next);
    pthread_mutex_unlock(&s->lock);
    return c;
}

/* The public struct comes first in ours and ours is not const. */
struct tch_cert *tch_cert_of(PCCERT_CONTEXT p)
{
    if (!tch_live_has(TCH_LIVE_CERT, p)) {
        return NULL;
    }
    return (struct tch_cert *)(uintptr_t)p;
}

PCCERT_CONTEXT tch_cert_context(struct tch_cert *c)
{
    return c == NULL ? NULL : &c->context;
}

struct tch_slice tch_cert_der(const struct tch_cert *c)
{
    return tch_slice_of(c->der, c->der_len);
}

static struct tch_slice name(const CERT_NAME_BLOB *b)
{
    return tch_slice_of(b->pbData, b->cbData);
}

struct tch_slice tch_cert_issuer(const struct tch_cert *c)
{
    return name(&c->context.pCertInfo->Issuer);
}

struct tch_slice tch_cert_subject(const struct tch_cert *c)
{
    return name(&c->context.pCertInfo->Subject);
}

struct tch_slice tch_cert_key(const struct tch_cert *c)
{
    return tch_slice_of(c->key, c->key_len);
}

struct tch_store *tch_cert_store(const struct tch_cert *c)
{
    return c->store;
}

/* ------------------------------------------------- the calls of wincrypt.h */

HCERTSTORE WINAPI CertOpenStore(LPCSTR lpszStoreProvider, DWORD dwEncodingType,
                                HCRYPTPROV_LEGACY hCryptProv, DWORD dwFlags,
                                const void *pvPara)
{
    struct tch_store *s;

    (void)dwEncodingType;
    (void)hCryptProv;
    (void)dwFlags;
    (void)pvPara;
    if (lpszStoreProvider != CERT_STORE_PROV_MEMORY) {
        tch_fail(ERROR_FILE_NOT_FOUND);
        return NULL;
    }
    s = tch_store_new();
    if (s == NULL) {
        tch_fail(ERROR_NOT_ENOUGH_MEMORY);
    }
    return s;
}

BOOL WINAPI CertCloseStore(HCERTSTORE hCertStore, DWORD dwFlags)
{
    struct tch_store *s = tch_store_of(hCertStore);

    (void)dwFlags;
    if (hCertStore == NULL) {
        return TRUE;
    }
    if (s == NULL || !tch_store_close(s)) {
        return tch_fail(ERROR_INVALID_HANDLE);
    }
    return TRUE;
}

PCCERT_CONTEXT WINAPI CertEnumCertificatesInStore(
    HCERTSTORE hCertStore, PCCERT_CONTEXT pPrevCertContext)
{
    struct tch_store *s = tch_store_of(hCertStore);
    struct tch_cert *prev = tch_cert_of(pPrevCertContext);
    struct tch_cert *next;

    if (s == NULL || (pPrevCertContext != NULL && prev == NULL) ||
        (prev != NULL && prev->store != s)) {
        tch_fail(ERROR_INVALID_HANDLE);
        return NULL;
    }
    next = tch_store_next(s, prev);
    tch_cert_unref(prev);
    if (next == NULL) {
        tch_fail(CRYPT_E_NOT_FOUND);
    }
    return tch_cert_context(next);
}

static LONG error_of(enum tch_status s)
{
    return s == TCH_NO_MEMORY ? ERROR_NOT_ENOUGH_MEMORY : CRYPT_E_ASN1_BADTAG;
}

/* Both kinds of adding; equal bytes are the same certificate. */
static BOOL add(HCERTSTORE hCertStore, struct tch_slice der,
                struct tch_slice key, DWORD dwAddDisposition,
                PCCERT_CONTEXT *out)
{
    struct tch_store *s = tch_store_of(hCertStore);
    struct tch_cert *c = NULL;
    enum tch_status status = TCH_OK;

    if (out != NULL) {
        *out = NULL;
    }
    if (s == NULL) {
        return tch_fail(ERROR_INVALID_HANDLE);
    }
    if (dwAddDisposition < CERT_STORE_ADD_NEW ||
        dwAddDisposition > CERT_STORE_ADD_ALWAYS) {
        return tch_fail(ERROR_INVALID_PARAMETER);
    }
    if (dwAddDisposition != CERT_STORE_ADD_ALWAYS) {
        c = tch_store_find(s, der);
    }
    if (c != NULL && dwAddDisposition == CERT_STORE_ADD_NEW) {
        tch_cert_unref(c);
        return tch_fail(CRYPT_E_EXISTS);
    }
    /* ADD_REPLACE_EXISTING: the bytes are the same, and a key that hangs on
     * the one in the store stays. */
    if (c == NULL) {
        status = tch_store_add(s, der, key, &c);
    }
    if (status != TCH_OK) {
        return tch_fail(error_of(status));
    }
    if (out != NULL) {
        *out = tch_cert_context(c);
    } else {
        tch_cert_unref(c);
    }
    return TRUE;
}

BOOL WINAPI CertAddEncodedCertificateToStore(
    HCERTSTORE hCertStore, DWORD dwCertEncodingType,
    const BYTE *pbCertEncoded, DWORD cbCertEncoded, DWORD dwAddDisposition,
    PCCERT_CONTEXT *ppCertContext)
{
    (void)dwCertEncodingType;
    if (pbCertEncoded == NULL) {
        return tch_fail(ERROR_INVALID_PARAMETER);
    }
    return add(hCertStore, tch_slice_of(pbCertEncoded, cbCertEncoded),
               tch_slice_of(NULL, 0), dwAddDisposition, ppCertContext);
}

BOOL WINAPI CertAddCertificateContextToStore(HCERTSTORE hCertStore,
                                             PCCERT_CONTEXT pCertContext,
                                             DWORD dwAddDisposition,
                                             PCCERT_CONTEXT *ppStoreContext)
{
    struct tch_cert *c = tch_cert_of(pCertContext);

    if (c == NULL) {
        return tch_fail(ERROR_INVALID_PARAMETER);
    }
    return add(hCertStore, tch_cert_der(c), tch_cert_key(c), dwAddDisposition,
               ppStoreContext);
}
