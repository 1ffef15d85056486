/* Certificates, keys and PEM for programs above the engine. */

#include <string.h>

#include "crypto-glue/glue.h"
#include "crypto-glue/x509/pem.h"
#include "engine/engine.h"

static const struct tch_alloc *or_default(const struct tch_alloc *alloc)
{
    return alloc == NULL ? &tch_alloc_default : alloc;
}

enum tch_status tch_certificate_facts(struct tch_slice der,
                                      struct tch_cert_facts *out)
{
    struct tch_public_key *key = NULL;
    struct tch_cert cert;
    enum tch_status s = tch_glue_init();

    memset(out, 0, sizeof *out);
    if (s == TCH_OK) {
        s = tch_cert_parse(&cert, der, NULL);
    }
    if (s != TCH_OK) {
        return s;
    }
    out->not_before = cert.not_before;
    out->not_after = cert.not_after;
    out->scheme = cert.scheme;
    out->version = cert.version;
    out->serial = cert.serial;
    out->issuer = cert.issuer;
    out->subject = cert.subject;
    out->spki = cert.spki;
    out->extensions = cert.extensions;
    out->signature_algorithm = cert.signature_alg;
    s = tch_public_key_read(&tch_alloc_default, cert.spki, &key);
    if (s == TCH_OK) {
        struct tch_key_info info = tch_public_key_info(key);

        out->key = tch_key_kind_name(info.kind);
        out->key_bits = info.bits;
        tch_public_key_free(key);
    }
    return s == TCH_NO_MEMORY ? s : TCH_OK;
}

size_t tch_name_string(struct tch_slice name, char *out, size_t cap)
{
    return tch_name_text(name, out, cap);
}

enum tch_status tch_key_matches(struct tch_slice cert, struct tch_slice key)
{
    struct tch_public_key *pub = NULL;
    struct tch_private_key *priv = NULL;
    struct tch_cert parsed;
    enum tch_status s = tch_glue_init();

    if (s == TCH_OK) {
        s = tch_cert_parse(&parsed, cert, NULL);
    }
    if (s == TCH_OK) {
        s = tch_public_key_read(&tch_alloc_default, parsed.spki, &pub);
    }
    if (s == TCH_OK) {
        s = tch_private_key_read(&tch_alloc_default, key, &priv);
    }
    if (s == TCH_OK && !tch_key_pair_matches(pub, priv)) {
        s = TCH_KEY_MISMATCH;
    }
    tch_public_key_free(pub);
    tch_private_key_free(priv);
    return s;
}

enum tch_status tch_pem_decode(const struct tch_alloc *alloc,
                               struct tch_slice *text, struct tch_pem *out)
{
    struct tch_pem_block b;
    enum tch_status s = tch_pem_next(or_default(alloc), text, &b);

    if (s == TCH_OK) {
        memcpy(out->label, b.label, sizeof out->label);
        out->der = tch_slice_of(b.der, b.der_len);
        out->room = b.der_cap;
        out->memory = b.der;
    }
    return s;
}

void tch_pem_free(const struct tch_alloc *alloc, struct tch_pem *p)
{
    tch_give(or_default(alloc), p->memory, p->room);
    memset(p, 0, sizeof *p);
}
