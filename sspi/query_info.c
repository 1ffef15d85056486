/*
 * What a handshake agreed on, in SSPI's structs: sizes, algorithms, bindings,
 * ALPN, exported keys (contract 9.1, 11). Names and ALG_IDs are rows.
 */

#include <string.h>

#include "sspi/memory.h"
#include "sspi/query.h"
#include "sspi/packages.h"
#include "sspi/status_map.h"
#include "sspi/strings.h"

#define NUM(rows) (sizeof(rows) / sizeof(rows)[0])

/* clang-format off */

/* A cipher by the beginning of the engine's name, more special ones first. */
static const struct {
    const char *prefix;
    const char *name;
    ALG_ID alg;
} ciphers[] = {
    { "AES-128",  "AES",      CALG_AES_128 },
    { "AES-256",  "AES",      CALG_AES_256 },
    { "CHACHA20", "CHACHA20_POLY1305", 0 },
    { "3DES",     "3DES",     CALG_3DES },
    { "DES",      "DES",      CALG_DES },
    { "RC4",      "RC4",      CALG_RC4 },
    { "RC2",      "RC2",      CALG_RC2 },
    { "CAMELLIA", "CAMELLIA", 0 },
    { "SEED",     "SEED",     0 },
};

static const struct {
    const char *name;
    ALG_ID alg;
} hashes[] = {
    { "MD5",    CALG_MD5 },
    { "SHA1",   CALG_SHA1 },
    { "SHA256", CALG_SHA_256 },
    { "SHA384", CALG_SHA_384 },
};

/* Key exchange as the engine names it, and as CIPHER_INFO does. */
static const struct {
    const char *key_exchange;
    const char *name;
    ALG_ID alg;
} exchanges[] = {
    { "RSA",   "RSA",  CALG_RSA_KEYX },
    { "DHE",   "DH",   CALG_DH_EPHEM },
    { "DH",    "DH",   CALG_DH_SF },
    { "ECDHE", "ECDH", CALG_ECDH_EPHEM },
    { "ECDH",  "ECDH", CALG_ECDH },
};

static const struct {
    const char *name;
    ALG_ID alg;
} authentications[] = {
    { "RSA",   CALG_RSA_SIGN },
    { "DSA",   CALG_DSS_SIGN },
    { "ECDSA", CALG_ECDSA },
};

/* clang-format on */

static void name_cipher(const struct tch_suite_info *s,
                        struct tch_cipher_facts *out)
{
    out->cipher = "";
    for (size_t i = 0; i < NUM(ciphers); i++) {
        if (strncmp(s->cipher, ciphers[i].prefix,
                    strlen(ciphers[i].prefix)) == 0) {
            out->cipher = ciphers[i].name;
            out->cipher_alg = ciphers[i].alg;
            break;
        }
    }
    out->cipher_bits = s->cipher_bits;
    out->cipher_block = s->block_len;
}

static void name_hash(const struct tch_suite_info *s,
                      struct tch_cipher_facts *out)
{
    out->hash = "";
    for (size_t i = 0; !s->aead && i < NUM(hashes); i++) {
        if (strcmp(s->mac, hashes[i].name) == 0) {
            out->hash = hashes[i].name;
            out->hash_alg = hashes[i].alg;
            out->hash_bits = s->mac_bits;
        }
    }
}

/* Bits of the server's key, which does the work in RSA key exchange. */
static DWORD server_key_bits(const struct tch_ctx *c,
                             const struct tch_info *info)
{
    struct tch_cert_facts facts;

    if (tch_conn_role(c->conn) == TCH_CLIENT) {
        return info->peer_key_bits;
    }
    return tch_certificate_facts(tch_conn_local_certificate(c->conn),
                                 &facts) == TCH_OK
               ? facts.key_bits
               : 0;
}

static void name_exchange(const struct tch_ctx *c,
                          const struct tch_suite_info *s,
                          const struct tch_info *info,
                          struct tch_cipher_facts *out)
{
    out->exchange = s->key_exchange;
    for (size_t i = 0; i < NUM(exchanges); i++) {
        if (strcmp(s->key_exchange, exchanges[i].key_exchange) == 0) {
            out->exchange = exchanges[i].name;
            out->exchange_alg = exchanges[i].alg;
        }
    }
    out->exchange_bits = info->group_bits;
    if (out->exchange_alg == CALG_RSA_KEYX) {
        out->exchange_bits = server_key_bits(c, info);
    }
    out->key_type = info->group;
    out->certificate = s->authentication;
    for (size_t i = 0; i < NUM(authentications); i++) {
        if (strcmp(s->authentication, authentications[i].name) == 0) {
            out->certificate_alg = authentications[i].alg;
        }
    }
}

static unsigned version_bit(unsigned wire)
{
    /* 0x0300 to 0x0303 are bits 0 to 3. */
    return wire < 0x0300 || wire > 0x0303 ? 0 : 1u << (wire & 3);
}

SECURITY_STATUS tch_cipher_facts_of(struct tch_ctx *c,
                                    struct tch_cipher_facts *out)
{
    struct tch_info info;
    struct tch_suite_info suite;

    memset(out, 0, sizeof *out);
    if (tch_conn_info(c->conn, &info) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    if (tch_suite_describe(info.suite, &suite) != TCH_OK) {
        return SEC_E_INTERNAL_ERROR;
    }
    out->protocol_bit = tch_protocol_bits(tch_conn_role(c->conn),
                                          version_bit(info.version));
    out->wire_version = info.version;
    out->suite = info.suite;
    out->suite_name = suite.name;
    name_cipher(&suite, out);
    name_hash(&suite, out);
    name_exchange(c, &suite, &info, out);
    return SEC_E_OK;
}

SECURITY_STATUS tch_query_stream_sizes(struct tch_ctx *c, void *p,
                                       unsigned width)
{
    SecPkgContext_StreamSizes *out = p;
    struct tch_sizes sizes;

    (void)width;
    if (tch_conn_sizes(c->conn, &sizes) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    out->cbHeader = (ULONG)sizes.header;
    out->cbTrailer = (ULONG)sizes.trailer;
    out->cbMaximumMessage = (ULONG)sizes.message;
    out->cBuffers = 4;
    out->cbBlockSize = (ULONG)sizes.block;
    return SEC_E_OK;
}

SECURITY_STATUS tch_query_sizes(struct tch_ctx *c, void *p, unsigned width)
{
    SecPkgContext_Sizes *out = p;
    struct tch_sizes sizes;

    (void)width;
    if (tch_conn_sizes(c->conn, &sizes) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    out->cbMaxToken = TCH_MAX_TOKEN;
    out->cbMaxSignature = 0;
    out->cbBlockSize = (ULONG)sizes.block;
    out->cbSecurityTrailer = (ULONG)(sizes.header + sizes.trailer);
    return SEC_E_OK;
}

SECURITY_STATUS tch_query_key_info(struct tch_ctx *c, void *p, unsigned width)
{
    SecPkgContext_KeyInfoA *out = p; /* W has the same layout */
    struct tch_cipher_facts facts;
    SECURITY_STATUS s = tch_cipher_facts_of(c, &facts);
    void *signature, *encrypt;

    if (s != SEC_E_OK) {
        return s;
    }
    signature = tch_text_give(facts.certificate, width);
    encrypt = tch_text_give(facts.cipher, width);
    if (signature == NULL || encrypt == NULL) {
        tch_package_free(signature);
        tch_package_free(encrypt);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    out->sSignatureAlgorithmName = signature;
    out->sEncryptAlgorithmName = encrypt;
    out->KeySize = facts.cipher_bits;
    out->SignatureAlgorithm = facts.certificate_alg;
    out->EncryptAlgorithm = facts.cipher_alg;
    return SEC_E_OK;
}

SECURITY_STATUS tch_query_proto_info(struct tch_ctx *c, void *p,
                                     unsigned width)
{
    SecPkgContext_ProtoInfoA *out = p;
    struct tch_info info;
    bool ssl;

    if (tch_conn_info(c->conn, &info) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    ssl = info.version == 0x0300;
    out->sProtocolName = tch_text_give(ssl ? "SSL" : "TLS", width);
    if (out->sProtocolName == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    out->majorVersion = ssl ? 3 : 1;
    out->minorVersion = ssl ? 0 : (info.version & 0xFFu) - 1;
    return SEC_E_OK;
}

SECURITY_STATUS tch_query_connection_info(struct tch_ctx *c, void *p,
                                          unsigned width)
{
    SecPkgContext_ConnectionInfo *out = p;
    struct tch_cipher_facts facts;
    SECURITY_STATUS s = tch_cipher_facts_of(c, &facts);

    (void)width;
    if (s != SEC_E_OK) {
        return s;
    }
    out->dwProtocol = facts.protocol_bit;
    out->aiCipher = facts.cipher_alg;
    out->dwCipherStrength = facts.cipher_bits;
    out->aiHash = facts.hash_alg;
    out->dwHashStrength = facts.hash_bits;
    out->aiExch = facts.exchange_alg;
    out->dwExchStrength = facts.exchange_bits;
    return SEC_E_OK;
}

/* SEC_CHANNEL_BINDINGS with application data: prefix and bytes. */
static SECURITY_STATUS give_bindings(const char *prefix, struct tch_slice data,
                                     SecPkgContext_Bindings *out)
{
    size_t prefix_len = strlen(prefix);
    size_t len = sizeof(SEC_CHANNEL_BINDINGS) + prefix_len + data.len;
    SEC_CHANNEL_BINDINGS *b = tch_package_alloc(len);
    uint8_t *text;

    if (b == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    text = (uint8_t *)(b + 1);
    b->cbApplicationDataLength = (ULONG)(prefix_len + data.len);
    b->dwApplicationDataOffset = sizeof *b;
    memcpy(text, prefix, prefix_len);
    if (data.len > 0) {
        memcpy(text + prefix_len, data.p, data.len);
    }
    out->BindingsLength = (ULONG)len;
    out->Bindings = b;
    return SEC_E_OK;
}

static SECURITY_STATUS
query_bindings(struct tch_ctx *c, const char *prefix,
               enum tch_status (*get)(struct tch_conn *, uint8_t *, size_t *),
               SecPkgContext_Bindings *out)
{
    uint8_t data[64];
    size_t len = sizeof data;
    enum tch_status s = get(c->conn, data, &len);

    if (s != TCH_OK) {
        return s == TCH_BAD_STATE   ? SEC_E_INVALID_HANDLE
               : s == TCH_NOT_FOUND ? SEC_E_NO_CREDENTIALS
                                    : tch_sspi_status(s, 0);
    }
    return give_bindings(prefix, tch_slice_of(data, len), out);
}

SECURITY_STATUS tch_query_bindings_unique(struct tch_ctx *c, void *p,
                                          unsigned width)
{
    (void)width;
    return query_bindings(c, "tls-unique:", tch_conn_tls_unique, p);
}

SECURITY_STATUS tch_query_bindings_endpoint(struct tch_ctx *c, void *p,
                                            unsigned width)
{
    (void)width;
    return query_bindings(c, "tls-server-end-point:",
                          tch_conn_endpoint_binding, p);
}

SECURITY_STATUS tch_query_alpn(struct tch_ctx *c, void *p, unsigned width)
{
    SecPkgContext_ApplicationProtocol *out = p;
    struct tch_info info;

    (void)width;
    if (tch_conn_info(c->conn, &info) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    memset(out, 0, sizeof *out);
    if (info.alpn.len == 0 || info.alpn.len > MAX_PROTOCOL_ID_SIZE) {
        return SEC_E_OK;
    }
    out->ProtoNegoStatus = SecApplicationProtocolNegotiationStatus_Success;
    out->ProtoNegoExt = SecApplicationProtocolNegotiationExt_ALPN;
    out->ProtocolIdSize = (UCHAR)info.alpn.len;
    memcpy(out->ProtocolId, info.alpn.p, info.alpn.len);
    return SEC_E_OK;
}

/* The extensions whose outcome is known to both sides. */
SECURITY_STATUS tch_query_extensions(struct tch_ctx *c, void *p,
                                     unsigned width)
{
    SecPkgContext_NegotiatedTlsExtensions *out = p;
    struct tch_info info;
    USHORT list[4];
    ULONG num = 0;

    (void)width;
    if (tch_conn_info(c->conn, &info) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    if (info.alpn.len > 0) {
        list[num++] = 16; /* RFC 7301 */
    }
    if (info.encrypt_then_mac) {
        list[num++] = 22; /* RFC 7366 */
    }
    if (info.extended_master_secret) {
        list[num++] = 23; /* RFC 7627 */
    }
    if (info.secure_renegotiation) {
        list[num++] = 0xFF01; /* RFC 5746 */
    }
    out->Extensions = tch_package_copy(tch_slice_of(list,
                                                    num * sizeof list[0]));
    out->ExtensionsCount = num;
    return out->Extensions == NULL ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

SECURITY_STATUS tch_query_session_info(struct tch_ctx *c, void *p,
                                       unsigned width)
{
    SecPkgContext_SessionInfo *out = p;
    struct tch_info info;

    (void)width;
    if (tch_conn_info(c->conn, &info) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    memset(out, 0, sizeof *out);
    out->dwFlags = info.resumed ? SSL_SESSION_RECONNECT : 0;
    if (info.session_id.len > 0 &&
        info.session_id.len <= sizeof out->rgbSessionId) {
        out->cbSessionId = (DWORD)info.session_id.len;
        memcpy(out->rgbSessionId, info.session_id.p, info.session_id.len);
    }
    return SEC_E_OK;
}

/* ------------------------------------------------------------ exported keys */

static SECURITY_STATUS export_to(struct tch_ctx *c, const char *label,
                                 struct tch_slice context, uint8_t *out,
                                 size_t len)
{
    enum tch_status s;

    /* A context of length 0 counts as none (11). */
    if (context.len == 0) {
        context.p = NULL;
    }
    s = tch_conn_export(c->conn, label, context, out, len);
    return s == TCH_BAD_STATE ? SEC_E_INVALID_HANDLE : tch_sspi_status(s, 0);
}

SECURITY_STATUS tch_query_keying_material(struct tch_ctx *c, void *p,
                                          unsigned width)
{
    SecPkgContext_KeyingMaterial *out = p;
    SECURITY_STATUS s;
    void *block;

    (void)width;
    if (c->label == NULL) {
        return SEC_E_OUT_OF_SEQUENCE;
    }
    block = tch_package_alloc(c->material_len);
    if (block == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    s = export_to(c, c->label,
                  tch_slice_of(c->label_context, c->label_context_len), block,
                  c->material_len);
    if (s != SEC_E_OK) {
        tch_package_free(block);
        return s;
    }
    out->cbKeyingMaterial = c->material_len;
    out->pbKeyingMaterial = block;
    return SEC_E_OK;
}

/* A label of `cb` bytes, its zero among them, as our own text. */
static char *read_label(const char *label, size_t cb)
{
    char *text;

    if (label == NULL || cb < 2 || label[cb - 1] != '\0' ||
        strlen(label) != cb - 1) {
        return NULL;
    }
    text = tch_own_text(label);
    return text;
}

SECURITY_STATUS tch_query_keying_inproc(struct tch_ctx *c, void *p,
                                        unsigned width)
{
    SecPkgContext_KeyingMaterial_Inproc *io = p;
    char *label = read_label(io->pszLabel, io->cbLabel);
    SECURITY_STATUS s;
    void *block = NULL;

    (void)width;
    if (label == NULL || io->cbKeyingMaterial == 0 ||
        (io->pbContextValue == NULL && io->cbContextValue > 0)) {
        tch_disown_text(label);
        return SEC_E_INVALID_PARAMETER;
    }
    if (io->pbKeyingMaterial == NULL) {
        block = tch_package_alloc(io->cbKeyingMaterial);
    }
    if (io->pbKeyingMaterial == NULL && block == NULL) {
        tch_disown_text(label);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    s = export_to(c, label,
                  tch_slice_of(io->pbContextValue, io->cbContextValue),
                  block != NULL ? block : io->pbKeyingMaterial,
                  io->cbKeyingMaterial);
    tch_disown_text(label);
    if (s != SEC_E_OK) {
        tch_package_free(block);
    } else if (block != NULL) {
        io->pbKeyingMaterial = block;
    }
    return s;
}

SECURITY_STATUS
tch_set_keying_info(struct tch_ctx *c,
                    const SecPkgContext_KeyingMaterialInfo *in)
{
    char *label = read_label(in->pszLabel, in->cbLabel);
    uint8_t *context = NULL;

    if (label == NULL || in->cbKeyingMaterial == 0 ||
        (in->pbContextValue == NULL && in->cbContextValue > 0)) {
        tch_disown_text(label);
        return SEC_E_INVALID_PARAMETER;
    }
    if (in->cbContextValue > 0) {
        context = tch_own(in->cbContextValue);
        if (context == NULL) {
            tch_disown_text(label);
            return SEC_E_INSUFFICIENT_MEMORY;
        }
        memcpy(context, in->pbContextValue, in->cbContextValue);
    }
    tch_disown_text(c->label);
    tch_disown(c->label_context, c->label_context_len);
    c->label = label;
    c->label_context = context;
    c->label_context_len = in->cbContextValue;
    c->material_len = in->cbKeyingMaterial;
    return SEC_E_OK;
}

SECURITY_STATUS tch_query_eap(struct tch_ctx *c, void *p, unsigned width)
{
    SecPkgContext_EapKeyBlock *out = p;
    uint8_t keys[sizeof out->rgbKeys + sizeof out->rgbIVs];
    SECURITY_STATUS s;

    (void)width;
    s = export_to(c, "client EAP encryption", tch_slice_of(NULL, 0), keys,
                  sizeof keys);
    if (s == SEC_E_OK) {
        memcpy(out->rgbKeys, keys, sizeof out->rgbKeys);
        memcpy(out->rgbIVs, keys + sizeof out->rgbKeys, sizeof out->rgbIVs);
    }
    return s;
}

SECURITY_STATUS tch_query_signatures(struct tch_ctx *c, void *p,
                                     unsigned width)
{
    SecPkgContext_SupportedSignatures *out = p;
    struct tch_slice schemes = tch_conn_peer_schemes(c->conn);
    size_t num = schemes.len / 2;
    WORD *list;

    (void)width;
    if (num == 0) {
        return SEC_E_INVALID_HANDLE;
    }
    list = tch_package_alloc(num * sizeof *list);
    if (list == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    for (size_t i = 0; i < num; i++) {
        /* On the wire hash, then signature; here the hash is the low byte. */
        list[i] = (WORD)(schemes.p[2 * i] | schemes.p[2 * i + 1] << 8);
    }
    out->cSignatureAndHashAlgorithms = (WORD)num;
    out->pSignatureAndHashAlgorithms = list;
    return SEC_E_OK;
}

/* ------------------------------------------------- our own: for people */

static void put_text(char *out, size_t room, struct tch_slice s)
{
    size_t len = s.len < room ? s.len : room - 1;

    if (len > 0) {
        memcpy(out, s.p, len);
    }
    out[len] = '\0';
}

static struct tch_slice text(const char *s)
{
    return s == NULL ? tch_slice_of(NULL, 0) : tch_slice_of(s, strlen(s));
}

static const char *verdict(const struct tch_ctx *c)
{
    bool judged = tch_conn_role(c->conn) == TCH_CLIENT
                      ? !c->manual
                      : c->setup->validate_client_certificate;

    if (tch_conn_peer_certificate(c->conn, 0).len == 0) {
        return "none";
    }
    return judged ? "ok" : "not checked";
}

SECURITY_STATUS tch_query_connection(struct tch_ctx *c, void *p,
                                     unsigned width)
{
    TchPkgContext_Connection *out = p;
    struct tch_info info;

    (void)width;
    if (tch_conn_info(c->conn, &info) != TCH_OK) {
        return SEC_E_INVALID_HANDLE;
    }
    memset(out, 0, sizeof *out);
    out->dwProtocol = info.version;
    out->dwSuite = info.suite;
    out->dwGroup = info.group;
    out->dwHandshakes = info.handshakes;
    out->fResumed = info.resumed;
    out->fExtendedMasterSecret = info.extended_master_secret;
    out->fEncryptThenMac = info.encrypt_then_mac;
    out->fSecureRenegotiation = info.secure_renegotiation;
    out->fClientCertificate = info.client_certificate;
    put_text(out->szProtocol, sizeof out->szProtocol,
             text(tch_version_name(info.version)));
    put_text(out->szSuite, sizeof out->szSuite,
             text(tch_suite_name(info.suite)));
    put_text(out->szGroup, sizeof out->szGroup,
             text(info.group == 0 ? NULL : tch_group_name(info.group)));
    put_text(out->szVerify, sizeof out->szVerify, text(verdict(c)));
    put_text(out->szAlpn, sizeof out->szAlpn, info.alpn);
    put_text(out->szServerName, sizeof out->szServerName, info.server_name);
    return SEC_E_OK;
}
