/*
 * TchSetCredentialOptions (contract 5.8). The credential keeps its options as
 * a TCH_SSPI_OPTIONS of its own, with copied texts and one store for all
 * anchors; a call makes the union of old and new, makes a setup from it, and
 * only then replaces the old ones.
 */

#include <string.h>

#include "sspi/credentials.h"
#include "sspi/files.h"
#include "sspi/handles.h"
#include "sspi/memory.h"
#include "sspi/status_map.h"

/* The fields that are texts, those that are switches, and the other numbers,
 * by their place in the struct. */
#define AT(member) offsetof(TCH_SSPI_OPTIONS, member)

static const size_t texts[] = {
    AT(pszPolicy), AT(pszSuites), AT(pszGroups), AT(pszAlpn),
    AT(pszKeyLogFile),
};
static const size_t switches[] = {
    AT(fRequireClientCertificate), AT(fValidateClientCertificate),
    AT(fRenegotiation), AT(fLegacyRenegotiation), AT(fResumption),
    AT(fSplitRecords), AT(fVolumeLimit), AT(fRequireExtendedMasterSecret),
    AT(fEncryptThenMac), AT(fServerOrder),
};
static const size_t numbers[] = { AT(grbitProtocols), AT(dwSessionSeconds) };

#define NUM(rows) (sizeof(rows) / sizeof(rows)[0])

static const char *text_at(const TCH_SSPI_OPTIONS *o, size_t at)
{
    const char *p;

    memcpy(&p, (const uint8_t *)o + at, sizeof p);
    return p;
}

static void set_text(TCH_SSPI_OPTIONS *o, size_t at, const char *text)
{
    memcpy((uint8_t *)o + at, &text, sizeof text);
}

static DWORD number_at(const TCH_SSPI_OPTIONS *o, size_t at)
{
    DWORD n;

    memcpy(&n, (const uint8_t *)o + at, sizeof n);
    return n;
}

void tch_options_clear(TCH_SSPI_OPTIONS *o)
{
    for (size_t i = 0; i < NUM(texts); i++) {
        tch_disown_text((char *)(uintptr_t)text_at(o, texts[i]));
    }
    if (o->hAnchors != NULL) {
        tch_store_close(o->hAnchors);
    }
    memset(o, 0, sizeof *o);
}

static bool merge_texts(TCH_SSPI_OPTIONS *out, const TCH_SSPI_OPTIONS *old,
                        const TCH_SSPI_OPTIONS *o)
{
    bool ok = true;

    for (size_t i = 0; i < NUM(texts); i++) {
        const char *text = text_at(o, texts[i]);
        char *copy;

        if (text == NULL) {
            text = text_at(old, texts[i]);
        }
        copy = tch_own_text(text);
        ok = ok && (copy != NULL || text == NULL);
        set_text(out, texts[i], copy);
    }
    return ok;
}

static void merge_numbers(TCH_SSPI_OPTIONS *out, const TCH_SSPI_OPTIONS *old,
                          const TCH_SSPI_OPTIONS *o, const size_t *at,
                          size_t num)
{
    for (size_t i = 0; i < num; i++) {
        DWORD n = number_at(o, at[i]);

        if (n == 0) {
            n = number_at(old, at[i]);
        }
        memcpy((uint8_t *)out + at[i], &n, sizeof n);
    }
}

/* A policy starts versions, suites and groups over. */
static void start_over(TCH_SSPI_OPTIONS *old_view, const TCH_SSPI_OPTIONS *o)
{
    if (o->pszPolicy != NULL) {
        old_view->grbitProtocols = 0;
        old_view->pszSuites = NULL;
        old_view->pszGroups = NULL;
    }
}

static SECURITY_STATUS anchors_from_store(struct tch_store *to, HCERTSTORE h)
{
    struct tch_store *from = tch_store_of(h);
    enum tch_status s = TCH_OK;
    struct tch_cert *at;

    if (from == NULL) {
        return SEC_E_INVALID_PARAMETER;
    }
    at = tch_store_next(from, NULL);
    while (at != NULL) {
        struct tch_cert *next = tch_store_next(from, at);

        if (s == TCH_OK) {
            s = tch_store_add(to, tch_cert_der(at), tch_slice_of(NULL, 0),
                              NULL);
        }
        tch_cert_unref(at);
        at = next;
    }
    return tch_sspi_status(s, 0);
}

static SECURITY_STATUS anchors_from_text(struct tch_store *to,
                                         struct tch_slice text)
{
    size_t num;
    enum tch_status s = tch_store_add_pem(to, text, true, &num);

    return s == TCH_OK          ? SEC_E_OK
           : s == TCH_NO_MEMORY ? SEC_E_INSUFFICIENT_MEMORY
                                : SEC_E_INVALID_PARAMETER;
}

static SECURITY_STATUS anchors_from_file(struct tch_store *to,
                                         const char *name)
{
    struct tch_slice text;
    enum tch_status s = tch_file_read(name, &text);
    SECURITY_STATUS status;

    if (s != TCH_OK) {
        return s == TCH_NO_MEMORY ? SEC_E_INSUFFICIENT_MEMORY
                                  : CRYPT_E_FILE_ERROR;
    }
    status = anchors_from_text(to, text);
    tch_file_free(&text);
    return status;
}

static SECURITY_STATUS merge_anchors(TCH_SSPI_OPTIONS *out,
                                     const TCH_SSPI_OPTIONS *old,
                                     const TCH_SSPI_OPTIONS *o)
{
    SECURITY_STATUS s = SEC_E_OK;
    struct tch_store *to;

    if (o->pszAnchorsPem == NULL && o->pszAnchorsFile == NULL &&
        o->hAnchors == NULL) {
        out->hAnchors = old->hAnchors == NULL
                            ? NULL
                            : tch_store_open(old->hAnchors);
        return SEC_E_OK;
    }
    to = tch_store_new();
    if (to == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    out->hAnchors = to;
    if (o->hAnchors != NULL) {
        s = anchors_from_store(to, o->hAnchors);
    }
    if (s == SEC_E_OK && o->pszAnchorsPem != NULL) {
        s = anchors_from_text(to, tch_slice_of(o->pszAnchorsPem,
                                               strlen(o->pszAnchorsPem)));
    }
    if (s == SEC_E_OK && o->pszAnchorsFile != NULL) {
        s = anchors_from_file(to, o->pszAnchorsFile);
    }
    return s;
}

static SECURITY_STATUS merge(TCH_SSPI_OPTIONS *out,
                             const TCH_SSPI_OPTIONS *old_options,
                             const TCH_SSPI_OPTIONS *o)
{
    TCH_SSPI_OPTIONS old = *old_options;

    memset(out, 0, sizeof *out);
    start_over(&old, o);
    merge_numbers(out, &old, o, numbers, NUM(numbers));
    merge_numbers(out, &old, o, switches, NUM(switches));
    out->pfnKeyLog = o->pfnKeyLog != NULL ? o->pfnKeyLog : old.pfnKeyLog;
    out->pvKeyLog = o->pfnKeyLog != NULL ? o->pvKeyLog : old.pvKeyLog;
    out->pObserver = o->pObserver != NULL ? o->pObserver : old.pObserver;
    if (!merge_texts(out, &old, o)) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    return merge_anchors(out, &old, o);
}

static bool are_valid(const TCH_SSPI_OPTIONS *o)
{
    if (o == NULL || o->cbSize != sizeof *o) {
        return false;
    }
    for (size_t i = 0; i < NUM(switches); i++) {
        if (number_at(o, switches[i]) > TCH_OPTION_OFF) {
            return false;
        }
    }
    return o->grbitProtocols == 0 || tch_version_bits(o->grbitProtocols) != 0;
}

/* With the credential locked. */
static SECURITY_STATUS replace(struct tch_cred *c, const TCH_SSPI_OPTIONS *o)
{
    TCH_SSPI_OPTIONS merged;
    struct tch_setup *setup = NULL;
    SECURITY_STATUS s = merge(&merged, &c->options, o);

    if (s == SEC_E_OK) {
        s = tch_setup_make(&c->params, &merged, &setup);
    }
    if (s != SEC_E_OK) {
        tch_options_clear(&merged);
        return s;
    }
    if (merged.pObserver != NULL) {
        c->observer = *merged.pObserver;
        merged.pObserver = &c->observer;
    }
    tch_options_clear(&c->options);
    c->options = merged;
    tch_setup_unref(c->setup);
    c->setup = setup;
    return SEC_E_OK;
}

SECURITY_STATUS TchSetCredentialOptions(PCredHandle phCredential,
                                        const TCH_SSPI_OPTIONS *pOptions)
{
    struct tch_cred *c = tch_handle_pin(TCH_HANDLE_CREDENTIAL, phCredential);
    SECURITY_STATUS s;

    if (c == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    if (!are_valid(pOptions)) {
        tch_handle_unpin(phCredential);
        return SEC_E_INVALID_PARAMETER;
    }
    pthread_mutex_lock(&c->lock);
    s = replace(c, pOptions);
    pthread_mutex_unlock(&c->lock);
    tch_handle_unpin(phCredential);
    return s;
}
