/*
 * QueryContextAttributes and SetContextAttributes behind A and W: the table
 * of attributes, and those that are about certificates (contract 11).
 */

#include "sspi/query.h"

#include <string.h>

#include "engine/base/bytes.h"
#include "sspi/cert_info.h"
#include "sspi/handles.h"
#include "sspi/memory.h"
#include "sspi/packages.h"
#include "sspi/strings.h"

#define NAME_ROOM 1024

/* The peer's certificate, or why there is none: too early, or none came. */
static SECURITY_STATUS peer_leaf(const struct tch_ctx *c,
                                 struct tch_slice *out)
{
    struct tch_info info;

    *out = tch_conn_peer_certificate(c->conn, 0);
    if (out->len > 0) {
        return SEC_E_OK;
    }
    return tch_conn_info(c->conn, &info) == TCH_OK ? SEC_E_NO_CREDENTIALS
                                                   : SEC_E_INVALID_HANDLE;
}

static SECURITY_STATUS peer_facts(const struct tch_ctx *c,
                                  struct tch_cert_facts *facts)
{
    struct tch_slice der;
    struct tch_info info;
    SECURITY_STATUS s = peer_leaf(c, &der);

    if (s != SEC_E_OK) {
        return s;
    }
    if (tch_conn_info(c->conn, &info) != TCH_OK) {
        return SEC_E_INVALID_HANDLE; /* phase O */
    }
    return tch_certificate_facts(der, facts) == TCH_OK ? SEC_E_OK
                                                       : SEC_E_INTERNAL_ERROR;
}

static SECURITY_STATUS give_name(struct tch_slice name, unsigned width,
                                 void **out)
{
    char text[NAME_ROOM];

    tch_name_string(name, text, sizeof text);
    *out = tch_text_give(text, width);
    return *out == NULL ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

static SECURITY_STATUS query_names(struct tch_ctx *c, void *p, unsigned width)
{
    SecPkgContext_NamesA *out = p;
    struct tch_cert_facts facts;
    void *name = NULL;
    SECURITY_STATUS s = peer_facts(c, &facts);

    if (s == SEC_E_OK) {
        s = give_name(facts.subject, width, &name);
    }
    if (s == SEC_E_OK) {
        out->sUserName = name;
    }
    return s;
}

static SECURITY_STATUS query_authority(struct tch_ctx *c, void *p,
                                       unsigned width)
{
    SecPkgContext_AuthorityA *out = p;
    struct tch_cert_facts facts;
    void *name = NULL;
    SECURITY_STATUS s = peer_facts(c, &facts);

    if (s == SEC_E_OK) {
        s = give_name(facts.issuer, width, &name);
    }
    if (s == SEC_E_OK) {
        out->sAuthorityName = name;
    }
    return s;
}

static SECURITY_STATUS query_lifespan(struct tch_ctx *c, void *p,
                                      unsigned width)
{
    SecPkgContext_Lifespan *out = p;
    struct tch_cert_facts facts;
    SECURITY_STATUS s = peer_facts(c, &facts);

    (void)width;
    if (s == SEC_E_OK) {
        out->tsStart.QuadPart =
            (LONGLONG)tch_filetime_local(facts.not_before);
        out->tsExpiry.QuadPart =
            (LONGLONG)tch_filetime_local(facts.not_after);
    }
    return s;
}

static SECURITY_STATUS query_package(struct tch_ctx *c, void *p,
                                     unsigned width)
{
    SecPkgContext_PackageInfoA *out = p;
    ULONG num;
    void *list = tch_package_list(tch_package_named(UNISP_NAME_A), width,
                                  &num);

    (void)c;
    if (list == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    out->PackageInfo = list;
    return SEC_E_OK;
}

static SECURITY_STATUS query_flags(struct tch_ctx *c, void *p, unsigned width)
{
    SecPkgContext_Flags *out = p;
    struct tch_info info;

    (void)width;
    if (tch_conn_info(c->conn, &info) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    out->Flags = c->attr;
    return SEC_E_OK;
}

/* ---------------------------------------------------------- certificates */

/* Whether the certificates kept are still those of the newest handshake. */
static bool is_current(const struct tch_ctx *c)
{
    struct tch_store *s = tch_cert_store(c->remote);
    struct tch_cert *at = tch_store_next(s, NULL);
    bool same = true;
    size_t i = 0;

    while (at != NULL) {
        struct tch_cert *next = tch_store_next(s, at);

        same = same &&
               tch_slices_equal(tch_cert_der(at),
                                tch_conn_peer_certificate(c->conn, i++));
        tch_cert_unref(at);
        at = next;
    }
    return same && tch_conn_peer_certificate(c->conn, i).len == 0;
}

/* Every certificate of the peer's into one store; the leaf is kept. */
static SECURITY_STATUS keep_peer(struct tch_ctx *c)
{
    struct tch_store *s;
    struct tch_slice der;
    enum tch_status status = TCH_OK;

    if (c->remote != NULL && is_current(c)) {
        return SEC_E_OK;
    }
    s = tch_store_new();
    if (s == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    der = tch_conn_peer_certificate(c->conn, 0);
    for (size_t i = 1; status == TCH_OK && der.len > 0; i++) {
        status = tch_store_add(s, der, tch_slice_of(NULL, 0), NULL);
        der = tch_conn_peer_certificate(c->conn, i);
    }
    if (status == TCH_OK) {
        tch_cert_unref(c->remote);
        c->remote = tch_store_next(s, NULL);
    }
    tch_store_close(s);
    return status == TCH_OK          ? SEC_E_OK
           : status == TCH_NO_MEMORY ? SEC_E_INSUFFICIENT_MEMORY
                                     : SEC_E_CERT_UNKNOWN;
}

static SECURITY_STATUS query_remote_cert(struct tch_ctx *c, void *p,
                                         unsigned width)
{
    PCCERT_CONTEXT *out = p;
    struct tch_slice der;
    SECURITY_STATUS s = peer_leaf(c, &der);

    (void)width;
    if (s == SEC_E_OK) {
        s = keep_peer(c);
    }
    if (s == SEC_E_OK) {
        *out = tch_cert_context(tch_cert_ref(c->remote));
    }
    return s;
}

static SECURITY_STATUS query_remote_certs(struct tch_ctx *c, void *p,
                                          unsigned width)
{
    SecPkgContext_Certificates *out = p;
    struct tch_slice der;
    SECURITY_STATUS s = peer_leaf(c, &der);
    size_t num = 0, len = 0;
    uint8_t *block;

    (void)width;
    if (s != SEC_E_OK) {
        return s;
    }
    while ((der = tch_conn_peer_certificate(c->conn, num)).len > 0) {
        len += der.len;
        num++;
    }
    block = tch_package_alloc(len);
    if (block == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    out->cCertificates = (DWORD)num;
    out->cbCertificateChain = (DWORD)len;
    out->pbCertificateChain = block;
    for (size_t i = 0; i < num; i++) {
        der = tch_conn_peer_certificate(c->conn, i);
        memcpy(block, der.p, der.len);
        block += der.len;
    }
    return SEC_E_OK;
}

/* The context of the credential's that was sent, so that its store and key
 * come along. */
static SECURITY_STATUS query_local_cert(struct tch_ctx *c, void *p,
                                        unsigned width)
{
    PCCERT_CONTEXT *out = p;
    struct tch_slice der = tch_conn_local_certificate(c->conn);
    struct tch_info info;

    (void)width;
    if (tch_conn_info(c->conn, &info) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    if (der.len == 0) {
        return SEC_E_NO_CREDENTIALS;
    }
    for (size_t i = 0; i < c->setup->num_certs; i++) {
        struct tch_cert *cert = c->setup->certs[i];

        if (tch_slices_equal(tch_cert_der(cert), der)) {
            *out = tch_cert_context(tch_cert_ref(cert));
            return SEC_E_OK;
        }
    }
    *out = CertCreateCertificateContext(X509_ASN_ENCODING, der.p,
                                        (DWORD)der.len);
    return *out == NULL ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

static SECURITY_STATUS query_root_store(struct tch_ctx *c, void *p,
                                        unsigned width)
{
    HCERTSTORE *out = p;

    (void)width;
    if (c->setup->roots == NULL) {
        return SEC_E_NO_CREDENTIALS;
    }
    *out = tch_store_open(c->setup->roots);
    return SEC_E_OK;
}

TCH_FIELD(certificate_authorities, "5246 7.4.4");
TCH_FIELD(distinguished_name, "5246 7.4.4");

/* One block: the array, then the names. */
static SECURITY_STATUS query_issuers(struct tch_ctx *c, void *p,
                                     unsigned width)
{
    SecPkgContext_IssuerListInfoEx *out = p;
    struct tch_slice list = tch_conn_issuers(c->conn);
    struct tch_reader r;
    struct tch_slice name;
    PCERT_NAME_BLOB blobs;
    size_t num = 0;
    uint8_t *at;

    (void)width;
    if (!c->asked && list.len == 0) {
        return SEC_E_INVALID_HANDLE;
    }
    tch_rd_init(&r, list, &f_certificate_authorities, NULL);
    while (tch_rd_left(&r) > 0) {
        if (!tch_rd_opaque16(&r, &f_distinguished_name, 1, 65535, &name)) {
            return SEC_E_INTERNAL_ERROR;
        }
        num++;
    }
    blobs = tch_package_alloc(num * sizeof *blobs + list.len);
    if (blobs == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    at = (uint8_t *)(blobs + num);
    tch_rd_init(&r, list, &f_certificate_authorities, NULL);
    for (size_t i = 0; i < num; i++) {
        if (tch_rd_opaque16(&r, &f_distinguished_name, 1, 65535, &name)) {
            memcpy(at, name.p, name.len);
            blobs[i].cbData = (DWORD)name.len;
            blobs[i].pbData = at;
            at += name.len;
        }
    }
    out->aIssuers = blobs;
    out->cIssuers = (DWORD)num;
    return SEC_E_OK;
}

static SECURITY_STATUS query_failure(struct tch_ctx *c, void *p,
                                     unsigned width)
{
    (void)width;
    tch_ctx_failure(tch_conn_failure(c->conn), p);
    return SEC_E_OK;
}

/* --------------------------------------------------------------- the table */

/* clang-format off */
static const struct {
    ULONG attribute;
    size_t size;
    tch_query_fn *query;
} attributes[] = {
    { SECPKG_ATTR_SIZES,                sizeof(SecPkgContext_Sizes),              tch_query_sizes },
    { SECPKG_ATTR_NAMES,                sizeof(SecPkgContext_NamesA),             query_names },
    { SECPKG_ATTR_LIFESPAN,             sizeof(SecPkgContext_Lifespan),           query_lifespan },
    { SECPKG_ATTR_STREAM_SIZES,         sizeof(SecPkgContext_StreamSizes),        tch_query_stream_sizes },
    { SECPKG_ATTR_KEY_INFO,             sizeof(SecPkgContext_KeyInfoA),           tch_query_key_info },
    { SECPKG_ATTR_AUTHORITY,            sizeof(SecPkgContext_AuthorityA),         query_authority },
    { SECPKG_ATTR_PROTO_INFO,           sizeof(SecPkgContext_ProtoInfoA),         tch_query_proto_info },
    { SECPKG_ATTR_PACKAGE_INFO,         sizeof(SecPkgContext_PackageInfoA),       query_package },
    { SECPKG_ATTR_FLAGS,                sizeof(SecPkgContext_Flags),              query_flags },
    { SECPKG_ATTR_UNIQUE_BINDINGS,      sizeof(SecPkgContext_Bindings),           tch_query_bindings_unique },
    { SECPKG_ATTR_ENDPOINT_BINDINGS,    sizeof(SecPkgContext_Bindings),           tch_query_bindings_endpoint },
    { SECPKG_ATTR_APPLICATION_PROTOCOL, sizeof(SecPkgContext_ApplicationProtocol), tch_query_alpn },
    { SECPKG_ATTR_NEGOTIATED_TLS_EXTENSIONS, sizeof(SecPkgContext_NegotiatedTlsExtensions), tch_query_extensions },
    { SECPKG_ATTR_REMOTE_CERT_CONTEXT,  sizeof(PCCERT_CONTEXT),                   query_remote_cert },
    { SECPKG_ATTR_LOCAL_CERT_CONTEXT,   sizeof(PCCERT_CONTEXT),                   query_local_cert },
    { SECPKG_ATTR_ROOT_STORE,           sizeof(HCERTSTORE),                       query_root_store },
    { SECPKG_ATTR_ISSUER_LIST_EX,       sizeof(SecPkgContext_IssuerListInfoEx),   query_issuers },
    { SECPKG_ATTR_CONNECTION_INFO,      sizeof(SecPkgContext_ConnectionInfo),     tch_query_connection_info },
    { SECPKG_ATTR_EAP_KEY_BLOCK,        sizeof(SecPkgContext_EapKeyBlock),        tch_query_eap },
    { SECPKG_ATTR_SESSION_INFO,         sizeof(SecPkgContext_SessionInfo),        tch_query_session_info },
    { SECPKG_ATTR_REMOTE_CERTIFICATES,  sizeof(SecPkgContext_Certificates),       query_remote_certs },
    { SECPKG_ATTR_SUPPORTED_SIGNATURES, sizeof(SecPkgContext_SupportedSignatures), tch_query_signatures },
    { SECPKG_ATTR_KEYING_MATERIAL,      sizeof(SecPkgContext_KeyingMaterial),     tch_query_keying_material },
    { SECPKG_ATTR_KEYING_MATERIAL_INPROC, sizeof(SecPkgContext_KeyingMaterial_Inproc), tch_query_keying_inproc },
    { TCH_ATTR_CONNECTION,              sizeof(TchPkgContext_Connection),         tch_query_connection },
    { TCH_ATTR_FAILURE,                 sizeof(TchPkgContext_Failure),            query_failure },
};
/* clang-format on */

#define NUM_ATTRIBUTES (sizeof attributes / sizeof attributes[0])

static SECURITY_STATUS ask(struct tch_ctx *c, ULONG attribute, void *out,
                           size_t room, unsigned width)
{
    for (size_t i = 0; i < NUM_ATTRIBUTES; i++) {
        if (attributes[i].attribute != attribute) {
            continue;
        }
        if (out == NULL) {
            return SEC_E_INTERNAL_ERROR;
        }
        return room < attributes[i].size
                   ? SEC_E_BUFFER_TOO_SMALL
                   : attributes[i].query(c, out, width);
    }
    return SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS tch_query(PCtxtHandle h, ULONG attribute, void *out,
                          size_t room, unsigned width)
{
    struct tch_ctx *c = tch_handle_pin(TCH_HANDLE_CONTEXT, h);
    SECURITY_STATUS s;

    if (c == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    pthread_mutex_lock(&c->lock);
    s = ask(c, attribute, out, room, width);
    pthread_mutex_unlock(&c->lock);
    tch_handle_unpin(h);
    return s;
}

SECURITY_STATUS tch_query_cipher(PCtxtHandle h, struct tch_cipher_facts *out)
{
    struct tch_ctx *c = tch_handle_pin(TCH_HANDLE_CONTEXT, h);
    SECURITY_STATUS s;

    if (c == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    pthread_mutex_lock(&c->lock);
    s = tch_cipher_facts_of(c, out);
    pthread_mutex_unlock(&c->lock);
    tch_handle_unpin(h);
    return s;
}

/* EAP_PRF_INFO: only the default function is built. EARLY_START is taken and
 * has no effect (11). */
static SECURITY_STATUS set(struct tch_ctx *c, ULONG attribute, const void *in,
                           size_t len)
{
    SecPkgContext_KeyingMaterialInfo info;
    size_t size = attribute == SECPKG_ATTR_KEYING_MATERIAL_INFO ? sizeof info
                  : attribute == SECPKG_ATTR_EARLY_START
                      ? sizeof(SecPkgContext_EarlyStart)
                      : 0;

    if (size == 0) {
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
    if (in == NULL) {
        return SEC_E_INTERNAL_ERROR;
    }
    if (len < size) {
        return SEC_E_BUFFER_TOO_SMALL;
    }
    if (attribute == SECPKG_ATTR_EARLY_START) {
        return SEC_E_OK;
    }
    memcpy(&info, in, sizeof info);
    return tch_set_keying_info(c, &info);
}

SECURITY_STATUS tch_set(PCtxtHandle h, ULONG attribute, const void *in,
                        size_t len)
{
    struct tch_ctx *c = tch_handle_pin(TCH_HANDLE_CONTEXT, h);
    SECURITY_STATUS s;

    if (c == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    pthread_mutex_lock(&c->lock);
    s = set(c, attribute, in, len);
    pthread_mutex_unlock(&c->lock);
    tch_handle_unpin(h);
    return s;
}
