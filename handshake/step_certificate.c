/*
 * Certificate, CertificateRequest and CertificateVerify, of both sides. A
 * certificate is parsed and its key fitted to the suite here; whether it is
 * to be trusted is a question to the outside (TCH_FX_NEED_VERDICT).
 *
 * Sources: RFC 5246 7.4.2, 7.4.4, 7.4.6, 7.4.8; 8422 2, 5.3; dossier R-HS-090
 * to 111, R-KX-028, 029, 069.
 */

#include <string.h>

#include "crypto-glue/x509/x509.h"
#include "engine/base/ct.h"
#include "handshake/hs_state.h"

enum { TYPE_RSA_SIGN = 1, TYPE_DSS_SIGN = 2, TYPE_ECDSA_SIGN = 64 };

static unsigned type_of_key(enum tch_key_kind kind)
{
    switch (kind) {
    case TCH_KEY_RSA:
    case TCH_KEY_RSA_PSS:
        return TYPE_RSA_SIGN;
    case TCH_KEY_DSA:
        return TYPE_DSS_SIGN;
    case TCH_KEY_EC:
    case TCH_KEY_ED25519:
    case TCH_KEY_ED448:
        return TYPE_ECDSA_SIGN;
    case TCH_KEY_NONE:
        break;
    }
    return 0;
}

/* Reads the leaf: its key goes to hs->peer (R-HS-102). */
static enum tch_status read_leaf(struct tch_hs *hs, struct tch_slice list,
                                 struct tch_cert *cert)
{
    struct tch_slice der;
    enum tch_status s;

    if (!tch_certificate_next(&list, &der)) {
        return TCH_INTERNAL;
    }
    s = tch_cert_parse(cert, der, &hs->failure);
    if (s != TCH_OK) {
        return s;
    }
    tch_public_key_free(hs->peer.key);
    hs->peer.key = NULL;
    s = tch_public_key_read(hs->p->alloc, cert->spki, &hs->peer.key);
    if (s == TCH_NO_MEMORY) {
        return s;
    }
    if (s != TCH_OK) {
        s = s == TCH_NOT_SUPPORTED ? TCH_UNSUPPORTED_CERTIFICATE_KEY
                                   : TCH_CERT_BAD;
        return tch_hs_fail(hs, "certificate.subject_public_key_info",
                           "5246 7.4.2", s);
    }
    hs->peer.info = tch_public_key_info(hs->peer.key);
    hs->r.peer_kind = hs->peer.info.kind;
    hs->r.peer_bits = hs->peer.info.bits;
    if (!tch_policy_has_key(hs->p->policy, hs->peer.info.kind,
                            hs->peer.info.bits)) {
        return tch_hs_fail(hs, "certificate.subject_public_key_info",
                           "R-KX-029", TCH_CERT_WEAK);
    }
    return TCH_OK;
}

/* Parses the message, keeps its list, reads the leaf if there is one. */
static enum tch_status take_chain(struct tch_hs *hs, struct tch_slice body,
                                  struct tch_cert *cert)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_certificate m;
    enum tch_status s = tch_parse_certificate(body, &ctx, &m);

    memset(cert, 0, sizeof *cert);
    if (s != TCH_OK) {
        return s;
    }
    if (!tch_arena_copy(hs->arena, m.list, &hs->r.peer_chain)) {
        return TCH_NO_MEMORY;
    }
    return m.num == 0 ? TCH_OK : read_leaf(hs, hs->r.peer_chain, cert);
}

static enum tch_status ask_verdict(struct tch_hs *hs)
{
    enum tch_status s = tch_hs_ask(hs, TCH_FX_NEED_VERDICT, TCH_WANT_VERDICT);

    return s == TCH_OK ? hs->verdict : s;
}

/* ---- the server's certificate ---- */

enum tch_status tch_send_server_certificate(struct tch_hs *hs,
                                            struct tch_writer *w)
{
    tch_write_certificate(w, hs->r.local->chain, hs->r.local->num);
    return TCH_OK;
}

/* R-HS-103, R-KX-028, R-KX-069. */
static enum tch_status fits_suite(struct tch_hs *hs,
                                  const struct tch_cert *cert)
{
    const struct tch_suite *suite = hs->r.suite;
    struct tch_key_info key = hs->peer.info;

    if (!tch_hs_key_fits(key.kind, suite) ||
        (key.kind == TCH_KEY_EC &&
         !tch_list_contains(hs->p->groups, hs->p->num_groups, key.group))) {
        return tch_hs_fail(hs, "certificate.subject_public_key_info",
                           "5246 7.4.2", TCH_ILLEGAL_PARAMETER);
    }
    if ((cert->key_usage & tch_suite_usage(suite)) == 0) {
        return tch_hs_fail(hs, "certificate.key_usage", "5246 7.4.2",
                           TCH_CERT_WRONG_USAGE);
    }
    return TCH_OK;
}

/* R-HS-077: the certificate stays the same in a renegotiation. */
static enum tch_status same_server(struct tch_hs *hs, struct tch_slice der)
{
    uint8_t hash[TCH_HASH_MAX];

    if (!hs->p->before.has_server_cert) {
        return TCH_OK;
    }
    tch_hash(TCH_HASH_SHA256, &der, 1, hash);
    return tch_ct_equal(hash, hs->p->before.server_cert_hash, 32) != 0
               ? TCH_OK
               : tch_hs_fail(hs, "certificate", "7627 6.1",
                             TCH_ILLEGAL_PARAMETER);
}

enum tch_status tch_recv_server_certificate(struct tch_hs *hs,
                                            struct tch_slice body)
{
    struct tch_cert cert;
    enum tch_status s;

    if (hs->want == TCH_FX_NEED_VERDICT) {
        return ask_verdict(hs);
    }
    s = take_chain(hs, body, &cert);
    if (s != TCH_OK) {
        return s;
    }
    if (hs->r.peer_chain.len == 0) {
        return tch_hs_fail(hs, "certificate.certificate_list", "5246 7.4.2",
                           TCH_DECODE_ERROR); /* R-HS-090 */
    }
    s = fits_suite(hs, &cert);
    if (s == TCH_OK) {
        s = same_server(hs, cert.der);
    }
    return s == TCH_OK ? ask_verdict(hs) : s;
}

/* ---- CertificateRequest ---- */

/* The types that our schemes can check, without repetition. */
static size_t list_types(const struct tch_hs *hs, uint8_t types[3])
{
    size_t num = 0;

    for (size_t i = 0; i < hs->p->num_schemes; i++) {
        const struct tch_scheme_row *row =
            tch_scheme_facts(hs->p->schemes[i]);
        unsigned type = row == NULL ? 0 : type_of_key(row->key);

        if (type != 0 && !tch_list_has_u8(tch_slice_of(types, num), type)) {
            types[num++] = (uint8_t)type;
        }
    }
    return num;
}

enum tch_status tch_send_certificate_request(struct tch_hs *hs,
                                             struct tch_writer *w)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_certificate_request m;
    uint8_t types[3] = { 0 };
    uint8_t *schemes = tch_arena_get(hs->arena, 2 * hs->p->num_schemes + 1);

    memset(&m, 0, sizeof m);
    if (schemes == NULL) {
        return TCH_NO_MEMORY;
    }
    for (size_t i = 0; i < hs->p->num_schemes; i++) {
        tch_put_u16(schemes + 2 * i, hs->p->schemes[i]);
    }
    m.types = tch_slice_of(types, list_types(hs, types));
    m.schemes = tch_slice_of(schemes, 2 * hs->p->num_schemes);
    m.authorities = hs->p->issuers;
    tch_write_certificate_request(w, &ctx, &m);
    return TCH_OK;
}

enum tch_status tch_recv_certificate_request(struct tch_hs *hs,
                                             struct tch_slice body)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_certificate_request m;
    enum tch_status s = tch_parse_certificate_request(body, &ctx, &m);

    if (s != TCH_OK) {
        return s;
    }
    hs->peer_sent_schemes = true;
    return tch_arena_copy(hs->arena, m.schemes, &hs->common_schemes) &&
                   tch_arena_copy(hs->arena, m.types, &hs->request_types) &&
                   tch_arena_copy(hs->arena, m.schemes, &hs->r.peer_schemes) &&
                   tch_arena_copy(hs->arena, m.authorities, &hs->r.issuers)
               ? TCH_OK
               : TCH_NO_MEMORY;
}

/* ---- the client's certificate ---- */

static bool can_answer(struct tch_hs *hs, const struct tch_identity *id)
{
    if (!tch_list_has_u8(hs->request_types, type_of_key(id->kind)) ||
        (id->key_usage & TCH_KU_DIGITAL_SIGNATURE) == 0 ||
        !tch_policy_has_key(hs->p->policy, id->kind, id->bits)) {
        return false;
    }
    hs->verify_scheme = tch_choose_scheme(hs, id);
    return hs->verify_scheme != 0;
}

/* The first identity that can answer the request (R-HS-096). */
static struct tch_identity *choose_identity(struct tch_hs *hs)
{
    for (size_t i = 0; i < hs->num_identities; i++) {
        if (can_answer(hs, hs->identities[i])) {
            return hs->identities[i];
        }
    }
    return NULL;
}

enum tch_status tch_send_client_certificate(struct tch_hs *hs,
                                            struct tch_writer *w)
{
    if (hs->want == TCH_FX_NEED_CREDENTIAL) {
        enum tch_status s = tch_hs_ask(hs, TCH_FX_NEED_CREDENTIAL,
                                       TCH_WANT_CREDENTIAL);

        if (s != TCH_OK) {
            return s;
        }
    }
    hs->r.local = choose_identity(hs);
    if (hs->r.local == NULL && hs->p->ask_credential &&
        !hs->credential_asked) {
        hs->credential_asked = true;
        return tch_hs_ask(hs, TCH_FX_NEED_CREDENTIAL, TCH_WANT_CREDENTIAL);
    }
    if (hs->r.local == NULL) { /* R-HS-094 */
        hs->no_certificate = hs->r.version->no_certificate_alert;
        tch_write_certificate(w, NULL, 0);
        return TCH_OK;
    }
    hs->flags |= TCH_HSF_CLIENT_VERIFY;
    tch_write_certificate(w, hs->r.local->chain, hs->r.local->num);
    return TCH_OK;
}

/* R-HS-095: a client that has no certificate. */
enum tch_status tch_no_client_certificate(struct tch_hs *hs)
{
    return hs->p->client_auth == TCH_CLIENT_AUTH_REQUIRE
               ? tch_hs_fail(hs, "certificate.certificate_list", "5246 7.4.6",
                             TCH_NO_CLIENT_CERTIFICATE)
               : TCH_OK;
}

/* R-HS-096: a key of a type we did not ask for. */
static enum tch_status client_key_fits(struct tch_hs *hs)
{
    uint8_t types[3] = { 0 };
    size_t num = list_types(hs, types);

    return tch_list_has_u8(tch_slice_of(types, num),
                           type_of_key(hs->peer.info.kind))
               ? TCH_OK
               : tch_hs_fail(hs, "certificate.subject_public_key_info",
                             "5246 7.4.6", TCH_UNSUPPORTED_CERTIFICATE_KEY);
}

enum tch_status tch_recv_client_certificate(struct tch_hs *hs,
                                            struct tch_slice body)
{
    struct tch_cert cert;
    enum tch_status s;

    if (hs->want == TCH_FX_NEED_VERDICT) {
        return ask_verdict(hs);
    }
    s = take_chain(hs, body, &cert);
    if (s != TCH_OK) {
        return s;
    }
    if (hs->r.peer_chain.len == 0) {
        return tch_no_client_certificate(hs);
    }
    s = client_key_fits(hs);
    if (s == TCH_OK) {
        hs->flags |= TCH_HSF_CLIENT_VERIFY;
        s = ask_verdict(hs);
    }
    return s;
}

/* ---- CertificateVerify ---- */

/* Empty for a scheme that signs the messages themselves. */
static struct tch_slice messages_hash(const struct tch_hs *hs, unsigned scheme,
                                      uint8_t out[TCH_HASH_MAX])
{
    enum tch_hash h = tch_scheme_facts(scheme)->hash;

    if (h == TCH_HASH_NONE) {
        return tch_slice_of(NULL, 0);
    }
    return hs->r.version->prf == TCH_PRF_SSL3
               ? tch_ssl3_hash(hs, h, NULL, out)
               : tch_transcript_hash(hs, h, out);
}

enum tch_status tch_send_certificate_verify(struct tch_hs *hs,
                                            struct tch_writer *w)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_certificate_verify m;
    struct tch_slice messages;
    uint8_t out[TCH_HASH_MAX];
    enum tch_status s;

    m.scheme = hs->verify_scheme;
    messages = tch_transcript_messages(hs);
    s = tch_hs_sign(hs, m.scheme, messages_hash(hs, m.scheme, out), &messages,
                    1, &m.signature);
    if (s != TCH_OK) {
        return s;
    }
    hs->r.client_cert = true;
    tch_write_certificate_verify(w, &ctx, &m);
    return TCH_OK;
}

static enum tch_status verify_messages(const struct tch_hs *hs,
                                       const struct tch_certificate_verify *m)
{
    struct tch_slice messages = tch_transcript_messages(hs);
    uint8_t out[TCH_HASH_MAX];
    struct tch_slice hash = messages_hash(hs, m->scheme, out);

    return hash.len == 0 ? tch_verify(hs->peer.key, m->scheme, &messages, 1,
                                      m->signature)
                         : tch_verify_hash(hs->peer.key, m->scheme, hash,
                                           m->signature);
}

enum tch_status tch_recv_certificate_verify(struct tch_hs *hs,
                                            struct tch_slice body)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_certificate_verify m;
    enum tch_status s = tch_parse_certificate_verify(body, &ctx, &m);

    if (s != TCH_OK) {
        return s;
    }
    if (!hs->r.version->signature_pairs) {
        m.scheme = tch_implied_scheme(hs->peer.info.kind);
    } else if (!tch_list_contains(hs->p->schemes, hs->p->num_schemes,
                                  m.scheme)) {
        m.scheme = 0;
    }
    if (!tch_scheme_fits(hs->peer.info, m.scheme)) { /* R-HS-098 */
        return tch_hs_fail(hs, "certificate_verify.algorithm", "5246 7.4.8",
                           TCH_ILLEGAL_PARAMETER);
    }
    s = verify_messages(hs, &m);
    if (s == TCH_OK) {
        hs->r.client_cert = true;
    }
    return s == TCH_BAD_SIGNATURE
               ? tch_hs_fail(hs, "certificate_verify.signature", "5246 7.4.8",
                             s)
               : s;
}
