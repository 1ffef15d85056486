/*
 * credential.c - a credential from what the command line says
 *
 * Microsoft's part is SCHANNEL_CRED: certificates, versions, how the peer's
 * certificate is judged.  What SSPI has no field for (suites, groups, anchors
 * in a file, a key log) goes through TchSetCredentialOptions.
 */
#include "sspi/tools/credential.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    DWORD bits;
} versions[] = {
    { "ssl3", SP_PROT_SSL3 },
    { "tls1.0", SP_PROT_TLS1_0 },
    { "tls1.1", SP_PROT_TLS1_1 },
    { "tls1.2", SP_PROT_TLS1_2 },
};
#define NUM_VERSIONS (sizeof versions / sizeof versions[0])

static size_t version_index(const char *name, size_t otherwise)
{
    for (size_t i = 0; name != NULL && i < NUM_VERSIONS; i++) {
        if (strcmp(versions[i].name, name) == 0) {
            return i;
        }
    }
    return otherwise;
}

/* The lowest version that a policy has by itself. */
static size_t policy_lowest(const struct settings *given)
{
    const char *policy = given->policy != NULL ? given->policy
                                               : TchGetPolicy();

    if (strcmp(policy, "default") == 0) {
        return version_index("tls1.2", 0);
    }
    return version_index(strcmp(policy, "compatible") == 0 ? "tls1.0" : "ssl3",
                         0);
}

/* 0 for the policy's versions; false if nothing is left.  A greatest version
 * alone does not ask for what lies below the policy's lowest. */
static bool version_bits(const struct settings *given, DWORD *bits)
{
    size_t to = version_index(given->max_version, NUM_VERSIONS - 1);
    size_t lowest = policy_lowest(given);
    size_t from = version_index(given->min_version, lowest < to ? lowest : to);

    *bits = 0;
    if (given->min_version == NULL && given->max_version == NULL) {
        return true;
    }
    for (size_t i = from; i <= to; i++) {
        *bits |= versions[i].bits;
    }
    if (*bits == 0) {
        say("--min-version %s is above --max-version %s", given->min_version,
            given->max_version);
    }
    return *bits != 0;
}

static bool load_certs(struct credential *out, const struct settings *given)
{
    char room[STATUS_NAME_MAX];

    if (given->keys.num != 0 && given->keys.num != given->certs.num) {
        say("every --cert needs a --key behind it, or none of them one");
        return false;
    }
    for (size_t i = 0; i < given->certs.num; i++) {
        const char *cert = given->certs.item[i];
        const char *key = given->keys.num != 0 ? given->keys.item[i] : cert;
        SECURITY_STATUS status =
            TchCertContextFromPemFile(cert, key, &out->certs[i]);
        if (status != SEC_E_OK) {
            say("cannot use the certificate in %s with the key in %s: %s (%s)",
                cert, key, TchStatusText(status), status_name(status, room));
            return false;
        }
        out->num_certs++;
    }
    return true;
}

SECURITY_STATUS credential_acquire(PCredHandle handle, bool server,
                                   PCCERT_CONTEXT *certs, DWORD num,
                                   DWORD protocols, DWORD flags)
{
    SEC_CHAR package[] = UNISP_NAME_A;
    SCHANNEL_CRED cred;

    memset(&cred, 0, sizeof cred);
    cred.dwVersion = SCHANNEL_CRED_VERSION;
    cred.cCreds = num;
    cred.paCred = num > 0 ? certs : NULL;
    cred.grbitEnabledProtocols = protocols;
    cred.dwFlags = flags;
    return AcquireCredentialsHandleA(
        NULL, package, server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND,
        NULL, &cred, NULL, NULL, handle, NULL);
}

/* Without --ca a client trusts what the system trusts. */
static const char *system_anchors(void)
{
    static const char *const places[] = {
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/cert.pem",
    };

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (access(places[i], R_OK) == 0) {
            return places[i];
        }
    }
    return NULL;
}

static void fill_options(TCH_SSPI_OPTIONS *o, const struct settings *given,
                         DWORD protocols, bool server)
{
    bool require = given->client_auth != NULL &&
                   strcmp(given->client_auth, "require") == 0;

    memset(o, 0, sizeof *o);
    o->cbSize = sizeof *o;
    o->grbitProtocols = protocols;
    o->pszPolicy = given->policy;
    o->pszSuites = given->suites;
    o->pszGroups = given->groups;
    o->pszAlpn = given->alpn;
    o->pszAnchorsFile = given->ca;
    o->pszKeyLogFile = given->keylog;
    o->fRenegotiation = given->no_renegotiation ? TCH_OPTION_OFF : 0;
    o->fResumption = given->no_resumption ? TCH_OPTION_OFF : 0;
    if (server) {
        o->fRequireClientCertificate = require ? TCH_OPTION_ON : 0;
        o->fValidateClientCertificate = given->ca != NULL ? TCH_OPTION_ON : 0;
    } else if (given->ca == NULL && !given->insecure) {
        o->pszAnchorsFile = system_anchors();
    }
}

int credential_make(struct credential *out, const struct settings *given,
                    bool server)
{
    TCH_SSPI_OPTIONS options;
    char room[STATUS_NAME_MAX];
    DWORD protocols = 0;
    DWORD flags = SCH_CRED_NO_DEFAULT_CREDS |
                  (given->insecure ? SCH_CRED_MANUAL_CRED_VALIDATION
                                   : SCH_CRED_AUTO_CRED_VALIDATION);

    memset(out, 0, sizeof *out);
    if (!version_bits(given, &protocols) || !load_certs(out, given)) {
        return EXIT_USAGE;
    }
    if (given->ca != NULL && access(given->ca, R_OK) != 0) {
        say("cannot read %s: %s", given->ca, strerror(errno));
        return EXIT_USAGE;
    }
    SECURITY_STATUS status =
        credential_acquire(&out->handle, server, out->certs, out->num_certs,
                           protocols, server ? 0 : flags);
    if (status != SEC_E_OK) {
        say("no credential can be made of these options: %s (%s)",
            TchStatusText(status), status_name(status, room));
        return EXIT_USAGE;
    }
    out->acquired = true;
    fill_options(&options, given, protocols, server);
    status = TchSetCredentialOptions(&out->handle, &options);
    if (status != SEC_E_OK) {
        say("these options cannot be used: %s (%s); look at --policy, "
            "--suites, --groups, --ca, --alpn and --keylog",
            TchStatusText(status), status_name(status, room));
        return EXIT_USAGE;
    }
    return EXIT_GOOD;
}

void credential_free(struct credential *c)
{
    if (c->acquired) {
        FreeCredentialsHandle(&c->handle);
        c->acquired = false;
    }
    for (DWORD i = 0; i < c->num_certs; i++) {
        CertFreeCertificateContext(c->certs[i]);
    }
    c->num_certs = 0;
}
