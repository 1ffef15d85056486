/*
 * AcquireCredentialsHandle, FreeCredentialsHandle and what a credential can
 * be asked (contract 5). The texts of A and W are converted in wide_calls.h.
 */

#include "sspi/credentials.h"

#include <string.h>
#include <strings.h>

#include "sspi/cert_info.h"
#include "sspi/handles.h"
#include "sspi/memory.h"
#include "sspi/packages.h"

#define DEFAULT_MIN_BITS 40
#define DEFAULT_MAX_BITS 256

struct tch_setup *tch_cred_setup(const SecHandle *h)
{
    struct tch_cred *c = tch_handle_pin(TCH_HANDLE_CREDENTIAL, h);
    struct tch_setup *s;

    if (c == NULL) {
        return NULL;
    }
    pthread_mutex_lock(&c->lock);
    s = tch_setup_ref(c->setup);
    pthread_mutex_unlock(&c->lock);
    tch_handle_unpin(h);
    return s;
}

static void destroy(void *object)
{
    struct tch_cred *c = object;

    tch_setup_unref(c->setup);
    tch_options_clear(&c->options);
    tch_params_clear(&c->params);
    pthread_mutex_destroy(&c->lock);
    tch_disown(c, sizeof *c);
}

static void write_expiry(const struct tch_params *p, PTimeStamp out)
{
    struct tch_cert_facts facts;

    if (out == NULL) {
        return;
    }
    out->QuadPart = TCH_FILETIME_NEVER;
    if (p->num_certs > 0 &&
        tch_certificate_facts(tch_cert_der(p->certs[0]), &facts) == TCH_OK) {
        out->QuadPart = (LONGLONG)tch_filetime_local(facts.not_after);
    }
}

static SECURITY_STATUS make(struct tch_params *p, struct tch_setup *setup,
                            PCredHandle out)
{
    struct tch_cred *c = tch_own(sizeof *c);

    if (c == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    if (!tch_handle_new(TCH_HANDLE_CREDENTIAL, c, destroy, out)) {
        tch_disown(c, sizeof *c);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    /* Nobody knows the handle yet. */
    pthread_mutex_init(&c->lock, NULL);
    c->params = *p;
    c->setup = setup;
    return SEC_E_OK;
}

SECURITY_STATUS tch_acquire(const char *package, ULONG use, const void *auth,
                            unsigned wide, PCredHandle phCredential,
                            PTimeStamp ptsExpiry)
{
    const struct tch_package *pkg = tch_package_named(package);
    static const TCH_SSPI_OPTIONS no_options;
    struct tch_params params;
    struct tch_setup *setup;
    ULONG direction = use & SECPKG_CRED_BOTH;
    SECURITY_STATUS s;

    if (pkg == NULL) {
        return SEC_E_SECPKG_NOT_FOUND;
    }
    if (direction != SECPKG_CRED_INBOUND &&
        direction != SECPKG_CRED_OUTBOUND) {
        return SEC_E_NO_CREDENTIALS;
    }
    s = tch_params_read(
        direction == SECPKG_CRED_OUTBOUND ? TCH_CLIENT : TCH_SERVER, auth,
        wide, &params);
    if (s != SEC_E_OK) {
        return s;
    }
    params.versions = pkg->version != 0 ? pkg->version : params.versions;
    s = tch_setup_make(&params, &no_options, &setup);
    if (s != SEC_E_OK) {
        goto fail;
    }
    if (phCredential == NULL) {
        s = SEC_E_INVALID_HANDLE;
    } else {
        s = make(&params, setup, phCredential);
    }
    if (s != SEC_E_OK) {
        tch_setup_unref(setup);
        goto fail;
    }
    write_expiry(&params, ptsExpiry);
    return SEC_E_OK;
fail:
    tch_params_clear(&params);
    return s;
}

SECURITY_STATUS SEC_ENTRY FreeCredentialsHandle(PCredHandle phCredential)
{
    return tch_handle_delete(TCH_HANDLE_CREDENTIAL, phCredential) ==
                   TCH_HANDLE_ENDED
               ? SEC_E_OK
               : SEC_E_INVALID_HANDLE;
}

/* ---------------------------------------------------------------- queries */

static bool uses_alg(const struct tch_setup *s, size_t alg)
{
    size_t num;
    const uint16_t *codes = tch_config_suites(s->config, &num);

    for (size_t i = 0; i < num; i++) {
        struct tch_suite_info info;
        bool matches = false;

        if (tch_suite_describe(codes[i], &info) == TCH_OK &&
            tch_alg_at(alg, &info, &matches) != 0 && matches) {
            return true;
        }
    }
    return false;
}

static SECURITY_STATUS query_algs(const struct tch_setup *s, void *buffer)
{
    SecPkgCred_SupportedAlgs *out = buffer;
    ALG_ID algs[32];
    DWORD num = 0;
    bool matches;
    void *block;

    for (size_t i = 0; tch_alg_at(i, NULL, &matches) != 0; i++) {
        if (uses_alg(s, i) && num < sizeof algs / sizeof algs[0]) {
            algs[num++] = tch_alg_at(i, NULL, &matches);
        }
    }
    block = tch_package_copy(tch_slice_of(algs, num * sizeof algs[0]));
    if (block == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    out->cSupportedAlgs = num;
    out->palgSupportedAlgs = block;
    return SEC_E_OK;
}

/* A bound that was given, or the default's. */
static DWORD bound(DWORD given, DWORD otherwise)
{
    return given == 0 || given == 0xFFFFFFFF ? otherwise : given;
}

static SECURITY_STATUS answer(struct tch_cred *c, ULONG attribute,
                              void *buffer)
{
    SecPkgCred_CipherStrengths *strengths = buffer;
    SecPkgCred_SupportedProtocols *protocols = buffer;

    switch (attribute) {
    case SECPKG_ATTR_SUPPORTED_ALGS:
        return query_algs(c->setup, buffer);
    case SECPKG_ATTR_CIPHER_STRENGTHS:
        strengths->dwMinimumCipherStrength =
            bound(c->params.min_bits, DEFAULT_MIN_BITS);
        strengths->dwMaximumCipherStrength =
            bound(c->params.max_bits, DEFAULT_MAX_BITS);
        return SEC_E_OK;
    default: /* SECPKG_ATTR_SUPPORTED_PROTOCOLS */
        protocols->grbitProtocol = c->setup->protocols;
        return SEC_E_OK;
    }
}

/* The size of an attribute's struct; 0 for what is not answered. */
static size_t size_of(ULONG attribute)
{
    switch (attribute) {
    case SECPKG_ATTR_SUPPORTED_ALGS:
        return sizeof(SecPkgCred_SupportedAlgs);
    case SECPKG_ATTR_CIPHER_STRENGTHS:
        return sizeof(SecPkgCred_CipherStrengths);
    case SECPKG_ATTR_SUPPORTED_PROTOCOLS:
        return sizeof(SecPkgCred_SupportedProtocols);
    default:
        return 0;
    }
}

SECURITY_STATUS tch_query_credential(PCredHandle h, ULONG attribute,
                                     void *buffer, size_t room)
{
    struct tch_cred *c = tch_handle_pin(TCH_HANDLE_CREDENTIAL, h);
    SECURITY_STATUS s;

    if (c == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    if (attribute == SECPKG_CRED_ATTR_NAMES) {
        s = SEC_E_NO_CREDENTIALS;
    } else if (size_of(attribute) == 0) {
        s = SEC_E_UNSUPPORTED_FUNCTION;
    } else if (buffer == NULL) {
        s = SEC_E_INTERNAL_ERROR;
    } else if (room < size_of(attribute)) {
        s = SEC_E_BUFFER_TOO_SMALL;
    } else {
        pthread_mutex_lock(&c->lock);
        s = answer(c, attribute, buffer);
        pthread_mutex_unlock(&c->lock);
    }
    tch_handle_unpin(h);
    return s;
}
