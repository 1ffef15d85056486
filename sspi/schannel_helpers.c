/*
 * SslEmptyCache, SslCrackCertificate, SslGetServerIdentity (contract 12).
 */

#include "sspi/schannel_helpers.h"

#include <string.h>

#include "sspi/cert_info.h"
#include "sspi/credentials.h"
#include "sspi/handles.h"
#include "sspi/include/schannel.h"
#include "sspi/memory.h"
#include "sspi/status_map.h"
#include "sspi/strings.h"

#define NAME_ROOM 1024

struct emptying {
    const char *name;
    size_t dropped;
};

static void empty_one(void *arg, void *object)
{
    struct emptying *e = arg;
    struct tch_cred *c = object;

    pthread_mutex_lock(&c->lock);
    e->dropped += tch_config_forget(c->setup->config, e->name);
    pthread_mutex_unlock(&c->lock);
}

bool tch_empty_cache(const char *name)
{
    struct emptying e = { name, 0 };

    tch_handle_each(TCH_HANDLE_CREDENTIAL, empty_one, &e);
    return e.dropped > 0;
}

BOOL SslEmptyCacheA(LPSTR pszTargetName, DWORD dwFlags)
{
    char name[256];

    (void)dwFlags;
    if (pszTargetName == NULL) {
        return tch_empty_cache(NULL);
    }
    return tch_text_host_name(pszTargetName, TCH_TEXT_A, name) &&
           tch_empty_cache(name);
}

/* A cracked certificate: the public struct and what it points to. */
struct cracked {
    X509Certificate cert; /* first: programs hold its address */
    PctPublicKey *key;
    size_t key_size;
    char issuer[NAME_ROOM];
    char subject[NAME_ROOM];
};

/* Signature schemes as ALG_IDs of the hash with the key's class. */
static ALG_ID signature_alg(uint16_t scheme)
{
    return (scheme & 0xFF) == 3   ? CALG_ECDSA
           : (scheme & 0xFF) == 2 ? CALG_DSS_SIGN
           : scheme == 0          ? 0
                                  : CALG_RSA_SIGN;
}

static FILETIME filetime(int64_t seconds)
{
    uint64_t ticks = tch_filetime(seconds);
    FILETIME f = { (DWORD)ticks, (DWORD)(ticks >> 32) };

    return f;
}

/* The low 16 bytes of the serial number, least significant DWORD first. */
static void put_serial(struct tch_slice serial, DWORD out[4])
{
    for (size_t i = 0; i < serial.len && i < 16; i++) {
        out[i / 4] |= (DWORD)serial.p[serial.len - 1 - i] << (8 * (i % 4));
    }
}

static bool put_key(struct tch_slice spki, const char *kind,
                    struct cracked *out)
{
    out->key_size = sizeof *out->key + spki.len;
    out->key = tch_own(out->key_size);
    if (out->key == NULL) {
        return false;
    }
    out->key->Type = kind != NULL && strcmp(kind, "RSA") == 0 ? CALG_RSA_KEYX
                     : kind != NULL && strcmp(kind, "ECDSA") == 0
                         ? CALG_ECDSA
                         : 0;
    out->key->cbKey = (DWORD)spki.len;
    memcpy((uint8_t *)out->key + offsetof(PctPublicKey, pKey), spki.p,
           spki.len);
    out->cert.pPublicKey = out->key;
    return true;
}

static bool crack(struct tch_slice der, struct cracked *out)
{
    struct tch_cert_facts facts;

    if (tch_certificate_facts(der, &facts) != TCH_OK ||
        !put_key(facts.spki, facts.key, out)) {
        return false;
    }
    out->cert.Version = facts.version - 1;
    put_serial(facts.serial, out->cert.SerialNumber);
    out->cert.SignatureAlgorithm = signature_alg(facts.scheme);
    out->cert.ValidFrom = filetime(facts.not_before);
    out->cert.ValidUntil = filetime(facts.not_after);
    tch_name_string(facts.issuer, out->issuer, sizeof out->issuer);
    tch_name_string(facts.subject, out->subject, sizeof out->subject);
    out->cert.pszIssuer = out->issuer;
    out->cert.pszSubject = out->subject;
    return true;
}

/* A blob from a file is PEM or DER, one from memory is DER. */
static bool crack_any(struct tch_slice blob, DWORD flags, struct cracked *out)
{
    struct tch_pem pem;
    bool ok;

    if ((flags & CF_CERT_FROM_FILE) == 0 ||
        tch_pem_decode(NULL, &blob, &pem) != TCH_OK) {
        return crack(blob, out);
    }
    ok = crack(pem.der, out);
    tch_pem_free(NULL, &pem);
    return ok;
}

BOOL SslCrackCertificate(PUCHAR pbCertificate, DWORD cbCertificate,
                         DWORD dwFlags, PX509Certificate *ppCertificate)
{
    struct cracked *c;

    if (pbCertificate == NULL || ppCertificate == NULL) {
        return FALSE;
    }
    *ppCertificate = NULL;
    c = tch_own(sizeof *c);
    if (c == NULL) {
        return FALSE;
    }
    if (!crack_any(tch_slice_of(pbCertificate, cbCertificate), dwFlags, c)) {
        SslFreeCertificate(&c->cert);
        return FALSE;
    }
    *ppCertificate = &c->cert;
    return TRUE;
}

VOID SslFreeCertificate(PX509Certificate pCertificate)
{
    struct cracked *c = (struct cracked *)pCertificate;

    if (c != NULL) {
        tch_disown(c->key, c->key_size);
        tch_disown(c, sizeof *c);
    }
}

SECURITY_STATUS SslGetServerIdentity(PBYTE ClientHello, DWORD ClientHelloSize,
                                     PBYTE *ServerIdentity,
                                     PDWORD ServerIdentitySize, DWORD Flags)
{
    struct tch_slice name = { NULL, 0 };
    enum tch_status s;

    (void)Flags;
    if (ClientHello == NULL || ServerIdentity == NULL ||
        ServerIdentitySize == NULL) {
        return SEC_E_INVALID_PARAMETER;
    }
    *ServerIdentity = NULL;
    *ServerIdentitySize = 0;
    s = tch_server_name(tch_slice_of(ClientHello, ClientHelloSize), &name);
    if (s == TCH_OK && name.len > 0) {
        *ServerIdentity = ClientHello + (name.p - ClientHello);
        *ServerIdentitySize = (DWORD)name.len;
    }
    return tch_sspi_status(s, 0);
}
