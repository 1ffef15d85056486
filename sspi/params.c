/*
 * pAuthData of AcquireCredentialsHandle: SCHANNEL_CRED and SCH_CREDENTIALS
 * read into struct tch_params (contract 5.1 to 5.5). The checks stand in the
 * contract's order, because programs test for the first that fails.
 */

#define SCHANNEL_USE_BLACKLISTS

#include <string.h>

#include "sspi/credentials.h"
#include "sspi/memory.h"
#include "sspi/strings.h"

/* clang-format off */
static const struct {
    DWORD client;
    DWORD server;
    unsigned version;
} protocols[] = {
    { SP_PROT_SSL3_CLIENT,   SP_PROT_SSL3_SERVER,   TCH_VERSION_SSL3 },
    { SP_PROT_TLS1_0_CLIENT, SP_PROT_TLS1_0_SERVER, TCH_VERSION_TLS10 },
    { SP_PROT_TLS1_1_CLIENT, SP_PROT_TLS1_1_SERVER, TCH_VERSION_TLS11 },
    { SP_PROT_TLS1_2_CLIENT, SP_PROT_TLS1_2_SERVER, TCH_VERSION_TLS12 },
};
/* clang-format on */

#define NUM(rows) (sizeof(rows) / sizeof(rows)[0])
#define UNI_BITS (SP_PROT_UNI_CLIENT | SP_PROT_UNI_SERVER)

DWORD tch_protocol_bits(enum tch_role role, unsigned versions)
{
    DWORD bits = 0;

    for (size_t i = 0; i < NUM(protocols); i++) {
        if ((versions & protocols[i].version) != 0) {
            bits |= role == TCH_CLIENT ? protocols[i].client
                                       : protocols[i].server;
        }
    }
    return bits;
}

unsigned tch_version_bits(DWORD bits)
{
    unsigned versions = 0;

    for (size_t i = 0; i < NUM(protocols); i++) {
        if ((bits & (protocols[i].client | protocols[i].server)) != 0) {
            versions |= protocols[i].version;
        }
    }
    return versions;
}

void tch_params_clear(struct tch_params *p)
{
    for (size_t i = 0; i < p->num_certs; i++) {
        tch_cert_unref(p->certs[i]);
    }
    tch_disown(p->certs, p->num_certs * sizeof(struct tch_cert *));
    if (p->roots != NULL) {
        tch_store_close(p->roots);
    }
    memset(p, 0, sizeof *p);
}

/* A context that the program built by itself has no key: what is left to find
 * out is whether it is a certificate. */
static SECURITY_STATUS judge_foreign(PCCERT_CONTEXT p)
{
    struct tch_cert_facts facts;

    if (p == NULL || p->pbCertEncoded == NULL) {
        return SEC_E_UNKNOWN_CREDENTIALS;
    }
    if (tch_certificate_facts(
            tch_slice_of(p->pbCertEncoded, p->cbCertEncoded), &facts) !=
        TCH_OK) {
        return SEC_E_UNKNOWN_CREDENTIALS;
    }
    return SEC_E_NO_CREDENTIALS;
}

static SECURITY_STATUS judge(PCCERT_CONTEXT p)
{
    const struct tch_cert *c = tch_cert_of(p);

    if (c == NULL) {
        return judge_foreign(p);
    }
    return tch_cert_key(c).len == 0 ? SEC_E_NO_CREDENTIALS : SEC_E_OK;
}

static SECURITY_STATUS read_certs(DWORD num, PCCERT_CONTEXT *list,
                                  struct tch_params *out)
{
    SECURITY_STATUS worst = SEC_E_OK;

    if (num == 0) {
        return SEC_E_OK;
    }
    if (list == NULL || num > SCH_CRED_MAX_SUPPORTED_CERTS) {
        return SEC_E_UNKNOWN_CREDENTIALS;
    }
    for (DWORD i = 0; i < num; i++) {
        SECURITY_STATUS s = judge(list[i]);

        if (s == SEC_E_UNKNOWN_CREDENTIALS || worst == SEC_E_OK) {
            worst = s;
        }
    }
    if (worst != SEC_E_OK) {
        return worst;
    }
    out->certs = tch_own(num * sizeof(struct tch_cert *));
    if (out->certs == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    out->num_certs = num;
    for (DWORD i = 0; i < num; i++) {
        out->certs[i] = tch_cert_ref(tch_cert_of(list[i]));
    }
    return SEC_E_OK;
}

static SECURITY_STATUS read_roots(HCERTSTORE h, struct tch_params *out)
{
    struct tch_store *s;

    if (h == NULL) {
        return SEC_E_OK;
    }
    s = tch_store_of(h);
    if (s == NULL) {
        return SEC_E_UNKNOWN_CREDENTIALS;
    }
    out->roots = tch_store_open(s);
    return SEC_E_OK;
}

/* What both structs have in common. */
static SECURITY_STATUS read_common(DWORD format, DWORD num,
                                   PCCERT_CONTEXT *list, HCERTSTORE roots,
                                   DWORD lifespan, DWORD flags,
                                   struct tch_params *out)
{
    SECURITY_STATUS s;

    if (format != SCH_CRED_FORMAT_CERT_CONTEXT) {
        return SEC_E_UNKNOWN_CREDENTIALS;
    }
    s = read_certs(num, list, out);
    if (s != SEC_E_OK) {
        return s;
    }
    s = read_roots(roots, out);
    if (s != SEC_E_OK) {
        return s;
    }
    if ((flags & SCH_USE_DTLS_ONLY) != 0) {
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
    out->lifespan = lifespan;
    out->flags = flags;
    return SEC_E_OK;
}

/* After the strengths, because it adds to them. */
static void apply_flags(struct tch_params *p)
{
    p->filter.strong = (p->flags & SCH_USE_STRONG_CRYPTO) != 0;
    p->filter.psk_only = (p->flags & SCH_USE_PRESHAREDKEY_ONLY) != 0;
    p->filter.null_also |= (p->flags & SCH_ALLOW_NULL_ENCRYPTION) != 0;
    if (p->filter.strong) {
        p->without |= TCH_VERSION_SSL3;
    }
}

static SECURITY_STATUS read_protocols(DWORD bits, struct tch_params *out)
{
    DWORD mine = out->role == TCH_CLIENT ? SP_PROT_X_CLIENTS
                                         : SP_PROT_X_SERVERS;

    if (bits == 0) {
        return SEC_E_OK;
    }
    if ((bits & SP_PROT_DTLS1_X) != 0) {
        return SEC_E_ALGORITHM_MISMATCH;
    }
    out->versions = tch_version_bits(bits & mine & ~(DWORD)UNI_BITS);
    return out->versions == 0 ? SEC_E_ALGORITHM_MISMATCH : SEC_E_OK;
}

static SECURITY_STATUS read_algs(DWORD num, const ALG_ID *list,
                                 struct tch_params *out)
{
    bool known = false;

    if (num == 0 || list == NULL) {
        return SEC_E_OK;
    }
    if (num > SCH_CRED_MAX_SUPPORTED_ALGS) {
        return SEC_E_UNKNOWN_CREDENTIALS;
    }
    for (DWORD i = 0; i < num; i++) {
        known |= tch_filter_want(&out->filter, list[i]);
    }
    return known ? SEC_E_OK : SEC_E_ALGORITHM_MISMATCH;
}

static SECURITY_STATUS read_version4(const SCHANNEL_CRED *c,
                                     struct tch_params *out)
{
    SECURITY_STATUS s;

    s = read_common(c->dwCredFormat, c->cCreds, c->paCred, c->hRootStore,
                    c->dwSessionLifespan, c->dwFlags, out);
    if (s == SEC_E_OK) {
        s = read_protocols(c->grbitEnabledProtocols, out);
    }
    if (s == SEC_E_OK) {
        s = read_algs(c->cSupportedAlgs, c->palgSupportedAlgs, out);
    }
    out->min_bits = c->dwMinimumCipherStrength;
    out->max_bits = c->dwMaximumCipherStrength;
    tch_filter_strengths(&out->filter, out->min_bits, out->max_bits);
    apply_flags(out);
    return s;
}

/* A counted text in the program's units; NULL Buffer is an empty text. */
static enum tch_status read_counted(const UNICODE_STRING *u, unsigned wide,
                                    char **out)
{
    if (u->Buffer == NULL && u->Length > 0) {
        return TCH_BAD_ARGUMENT;
    }
    return tch_text_read(u->Buffer == NULL ? (const void *)"" : u->Buffer,
                         wide, u->Length / wide, out);
}

static enum tch_status disable_mode(const CRYPTO_SETTINGS *c, const char *id,
                                    DWORD i, unsigned wide,
                                    struct tch_params *out)
{
    char *mode = NULL;
    enum tch_status s = read_counted(&c->rgstrChainingModes[i], wide, &mode);

    if (s == TCH_OK) {
        s = tch_filter_disable(&out->filter, (unsigned)c->eAlgorithmUsage, id,
                               mode, c->dwMinBitLength, c->dwMaxBitLength);
    }
    tch_disown_text(mode);
    return s;
}

static SECURITY_STATUS read_setting(const CRYPTO_SETTINGS *c, unsigned wide,
                                    struct tch_params *out)
{
    char *id = NULL;
    enum tch_status s;

    if (c->cChainingModes > SCH_CRED_MAX_SUPPORTED_CHAINING_MODES ||
        (c->cChainingModes > 0 && c->rgstrChainingModes == NULL)) {
        return SEC_E_INVALID_PARAMETER;
    }
    s = read_counted(&c->strCngAlgId, wide, &id);
    if (s == TCH_OK && c->cChainingModes == 0) {
        s = tch_filter_disable(&out->filter, (unsigned)c->eAlgorithmUsage, id,
                               NULL, c->dwMinBitLength, c->dwMaxBitLength);
    }
    for (DWORD i = 0; s == TCH_OK && i < c->cChainingModes; i++) {
        s = disable_mode(c, id, i, wide, out);
    }
    tch_disown_text(id);
    return s == TCH_OK              ? SEC_E_OK
           : s == TCH_NOT_SUPPORTED ? SEC_E_UNSUPPORTED_FUNCTION
           : s == TCH_NO_MEMORY     ? SEC_E_INSUFFICIENT_MEMORY
                                    : SEC_E_INVALID_PARAMETER;
}

/* Entries for some ALPN names only cannot be told apart before the
 * handshake: all of them count, which only takes away. */
static SECURITY_STATUS read_tls_parameters(const TLS_PARAMETERS *t,
                                           unsigned wide,
                                           struct tch_params *out)
{
    if (t->cAlpnIds > SCH_CRED_MAX_SUPPORTED_ALPN_IDS ||
        t->cDisabledCrypto > SCH_CRED_MAX_SUPPORTED_CRYPTO_SETTINGS ||
        (t->cDisabledCrypto > 0 && t->pDisabledCrypto == NULL) ||
        (out->role == TCH_CLIENT && t->dwFlags != 0)) {
        return SEC_E_INVALID_PARAMETER;
    }
    if ((t->dwFlags & TLS_PARAMS_OPTIONAL) != 0) {
        return SEC_E_OK;
    }
    out->without |=
        tch_version_bits(t->grbitDisabledProtocols &
                         (out->role == TCH_CLIENT ? SP_PROT_X_CLIENTS
                                                  : SP_PROT_X_SERVERS));
    for (DWORD i = 0; i < t->cDisabledCrypto; i++) {
        SECURITY_STATUS s = read_setting(&t->pDisabledCrypto[i], wide, out);

        if (s != SEC_E_OK) {
            return s;
        }
    }
    return SEC_E_OK;
}

static SECURITY_STATUS read_version5(const SCH_CREDENTIALS *c, unsigned wide,
                                     struct tch_params *out)
{
    SECURITY_STATUS s;

    s = read_common(c->dwCredFormat, c->cCreds, c->paCred, c->hRootStore,
                    c->dwSessionLifespan, c->dwFlags, out);
    if (s != SEC_E_OK) {
        return s;
    }
    if (c->cTlsParameters > SCH_CRED_MAX_SUPPORTED_PARAMETERS ||
        (c->cTlsParameters > 0 && c->pTlsParameters == NULL)) {
        return SEC_E_INVALID_PARAMETER;
    }
    for (DWORD i = 0; i < c->cTlsParameters; i++) {
        if (c->cTlsParameters > 1 && c->pTlsParameters[i].cAlpnIds == 0) {
            return SEC_E_INVALID_PARAMETER;
        }
        s = read_tls_parameters(&c->pTlsParameters[i], wide, out);
        if (s != SEC_E_OK) {
            return s;
        }
    }
    apply_flags(out);
    return SEC_E_OK;
}

SECURITY_STATUS tch_params_read(enum tch_role role, const void *auth,
                                unsigned wide, struct tch_params *out)
{
    SECURITY_STATUS s;
    DWORD version;

    memset(out, 0, sizeof *out);
    out->role = role;
    if (auth == NULL) {
        return role == TCH_CLIENT ? SEC_E_OK : SEC_E_NO_CREDENTIALS;
    }
    memcpy(&version, auth, sizeof version);
    if (version == SCHANNEL_CRED_VERSION) {
        s = read_version4(auth, out);
    } else if (version == SCH_CREDENTIALS_VERSION) {
        s = read_version5(auth, wide, out);
    } else {
        s = version == SCH_CRED_V3 ? SEC_E_INSUFFICIENT_MEMORY
                                   : SEC_E_UNKNOWN_CREDENTIALS;
    }
    if (s != SEC_E_OK) {
        tch_params_clear(out);
    }
    return s;
}
