/*
 * Certificates of ours: DER chain and key become one identity, whose facts
 * are read once. Also the anchors, which several configurations may share.
 *
 * Source: dossier R-HS-090, R-HS-091, R-PKI-107.
 */

#include <string.h>

#include "crypto-glue/x509/pem.h"
#include "engine/engine.h"

static struct tch_owned_identity *owner_of(struct tch_identity *id)
{
    return (struct tch_owned_identity *)(void *)
        ((uint8_t *)id - offsetof(struct tch_owned_identity, id));
}

struct tch_identity *tch_identity_ref(struct tch_identity *id)
{
    if (id != NULL) {
        __atomic_add_fetch(&owner_of(id)->refs, 1, __ATOMIC_RELAXED);
    }
    return id;
}

void tch_identity_unref(struct tch_identity *id)
{
    struct tch_owned_identity *o;

    if (id == NULL) {
        return;
    }
    o = owner_of(id);
    if (__atomic_sub_fetch(&o->refs, 1, __ATOMIC_ACQ_REL) == 0) {
        tch_private_key_free(id->key);
        tch_give(o->alloc, o->der, o->der_len);
        tch_give(o->alloc, o, sizeof *o);
    }
}

/* Copies the chain into one piece of memory. */
static enum tch_status copy_chain(struct tch_owned_identity *o,
                                  const struct tch_slice *chain, size_t num)
{
    uint8_t *p;

    for (size_t i = 0; i < num; i++) {
        if (chain[i].len == 0 || chain[i].len > 65536) { /* R-PKI-010 */
            return TCH_CERT_BAD;
        }
        o->der_len += chain[i].len;
    }
    o->der = tch_take(o->alloc, o->der_len);
    if (o->der == NULL) {
        return TCH_NO_MEMORY;
    }
    p = o->der;
    for (size_t i = 0; i < num; i++) {
        memcpy(p, chain[i].p, chain[i].len);
        o->slices[i] = tch_slice_of(p, chain[i].len);
        p += chain[i].len;
    }
    o->id.chain = o->slices;
    o->id.num = num;
    return TCH_OK;
}

/* Reads the facts of the leaf; with a key, that it belongs to it. */
static enum tch_status read_facts(struct tch_owned_identity *o,
                                  const struct tch_private_key *key)
{
    struct tch_public_key *pub = NULL;
    struct tch_key_info info;
    struct tch_cert cert;
    enum tch_status s = tch_cert_parse(&cert, o->slices[0], NULL);

    if (s == TCH_OK) {
        s = tch_public_key_read(o->alloc, cert.spki, &pub);
    }
    if (s != TCH_OK) {
        return s;
    }
    info = tch_public_key_info(pub);
    o->id.kind = info.kind;
    o->id.bits = info.bits;
    o->id.group = info.group;
    o->id.pss_hash = info.pss_hash;
    o->id.key_usage = cert.key_usage;
    if (key != NULL && !tch_key_pair_matches(pub, key)) {
        s = TCH_KEY_MISMATCH;
    }
    tch_public_key_free(pub);
    return s;
}

static enum tch_status new_identity(const struct tch_alloc *alloc,
                                    const struct tch_slice *chain, size_t num,
                                    const struct tch_private_key *key,
                                    struct tch_owned_identity **out)
{
    struct tch_owned_identity *o;
    enum tch_status s;

    if (num == 0 || num > TCH_CHAIN_MAX) {
        return TCH_BAD_ARGUMENT;
    }
    o = tch_take(alloc, sizeof *o);
    if (o == NULL) {
        return TCH_NO_MEMORY;
    }
    o->alloc = alloc;
    o->refs = 1;
    s = copy_chain(o, chain, num);
    if (s == TCH_OK) {
        s = read_facts(o, key);
    }
    if (s != TCH_OK) {
        tch_identity_unref(&o->id);
        return s;
    }
    *out = o;
    return TCH_OK;
}

static enum tch_status may_add(const struct tch_config *cfg)
{
    if (__atomic_load_n(&cfg->frozen, __ATOMIC_ACQUIRE)) {
        return TCH_BAD_STATE;
    }
    return cfg->num_identities < TCH_IDENTITIES_MAX ? TCH_OK
                                                    : TCH_BAD_ARGUMENT;
}

enum tch_status tch_config_add_identity(struct tch_config *cfg,
                                        const struct tch_slice *chain,
                                        size_t num, struct tch_slice key)
{
    struct tch_owned_identity *o = NULL;
    struct tch_private_key *private_key = NULL;
    enum tch_status s = may_add(cfg);

    if (s == TCH_OK) {
        s = tch_private_key_read(cfg->alloc, key, &private_key);
    }
    if (s != TCH_OK) {
        return s;
    }
    s = new_identity(cfg->alloc, chain, num, private_key, &o);
    if (s != TCH_OK) {
        tch_private_key_free(private_key);
        return s;
    }
    o->id.key = private_key;
    cfg->identities[cfg->num_identities++] = &o->id;
    return TCH_OK;
}

enum tch_status
tch_config_add_identity_external(struct tch_config *cfg,
                                 const struct tch_slice *chain, size_t num,
                                 const struct tch_signer *signer)
{
    struct tch_owned_identity *o = NULL;
    enum tch_status s = may_add(cfg);

    if (s == TCH_OK) {
        s = new_identity(cfg->alloc, chain, num, NULL, &o);
    }
    if (s != TCH_OK) {
        return s;
    }
    o->id.signer = *signer;
    cfg->identities[cfg->num_identities++] = &o->id;
    return TCH_OK;
}

/* ---- PEM ---- */

static bool is_certificate(const struct tch_pem_block *b)
{
    return strcmp(b->label, "CERTIFICATE") == 0;
}

static bool is_key(const struct tch_pem_block *b)
{
    return strcmp(b->label, "PRIVATE KEY") == 0 ||
           strcmp(b->label, "RSA PRIVATE KEY") == 0 ||
           strcmp(b->label, "DSA PRIVATE KEY") == 0 ||
           strcmp(b->label, "EC PRIVATE KEY") == 0;
}

static void give_block(const struct tch_alloc *alloc, struct tch_pem_block *b)
{
    tch_give(alloc, b->der, b->der_cap);
    b->der = NULL;
}

/* Collects up to `max` blocks of one kind. */
static enum tch_status collect(const struct tch_alloc *alloc,
                               struct tch_slice text,
                               bool (*wanted)(const struct tch_pem_block *),
                               struct tch_pem_block *out, size_t max,
                               size_t *num)
{
    enum tch_status s;

    *num = 0;
    while (*num < max &&
           (s = tch_pem_next(alloc, &text, &out[*num])) != TCH_NOT_FOUND) {
        if (s != TCH_OK) {
            return s;
        }
        if (wanted(&out[*num])) {
            (*num)++;
        } else {
            give_block(alloc, &out[*num]);
        }
    }
    return *num == 0 ? TCH_BAD_FILE : TCH_OK;
}

enum tch_status tch_config_add_identity_pem(struct tch_config *cfg,
                                            struct tch_slice cert,
                                            struct tch_slice key)
{
    struct tch_pem_block certs[TCH_CHAIN_MAX];
    struct tch_slice chain[TCH_CHAIN_MAX];
    struct tch_pem_block private_key;
    size_t num = 0;
    size_t num_keys = 0;
    enum tch_status s;

    memset(certs, 0, sizeof certs);
    memset(&private_key, 0, sizeof private_key);
    s = collect(cfg->alloc, cert, is_certificate, certs, TCH_CHAIN_MAX, &num);
    if (s == TCH_OK) {
        s = collect(cfg->alloc, key, is_key, &private_key, 1, &num_keys);
    }
    for (size_t i = 0; i < num; i++) {
        chain[i] = tch_slice_of(certs[i].der, certs[i].der_len);
    }
    if (s == TCH_OK) {
        s = tch_config_add_identity(cfg, chain, num,
                                    tch_slice_of(private_key.der,
                                                 private_key.der_len));
    }
    for (size_t i = 0; i < num; i++) {
        give_block(cfg->alloc, &certs[i]);
    }
    give_block(cfg->alloc, &private_key);
    return s;
}

size_t tch_config_num_identities(const struct tch_config *cfg)
{
    return cfg->num_identities;
}

struct tch_slice tch_config_identity_chain(const struct tch_config *cfg,
                                           size_t which, size_t i)
{
    if (which >= cfg->num_identities || i >= cfg->identities[which]->num) {
        return tch_slice_of(NULL, 0);
    }
    return cfg->identities[which]->chain[i];
}

/* ---- anchors ---- */

void tch_anchors_unref(struct tch_owned_anchors *a)
{
    if (a != NULL && __atomic_sub_fetch(&a->refs, 1, __ATOMIC_ACQ_REL) == 0) {
        tch_anchors_free(a->set);
        tch_give(a->alloc, a, sizeof *a);
    }
}

static enum tch_status new_anchors(const struct tch_alloc *alloc,
                                   struct tch_owned_anchors **out)
{
    struct tch_owned_anchors *a = tch_take(alloc, sizeof *a);
    enum tch_status s;

    if (a == NULL) {
        return TCH_NO_MEMORY;
    }
    a->refs = 1;
    a->alloc = alloc;
    s = tch_anchors_new(alloc, &a->set);
    if (s != TCH_OK) {
        tch_give(alloc, a, sizeof *a);
        return s;
    }
    *out = a;
    return TCH_OK;
}

/* Anchors of our own: what others see as well is copied first. */
static enum tch_status own_anchors(struct tch_config *cfg)
{
    struct tch_owned_anchors *old = cfg->anchors;
    struct tch_owned_anchors *mine = NULL;
    enum tch_status s;

    if (old != NULL && __atomic_load_n(&old->refs, __ATOMIC_ACQUIRE) == 1) {
        return TCH_OK;
    }
    s = new_anchors(cfg->alloc, &mine);
    for (size_t i = 0; s == TCH_OK && old != NULL &&
                       i < tch_anchors_count(old->set);
         i++) {
        s = tch_anchors_add(mine->set, tch_anchors_at(old->set, i)->der);
    }
    if (s != TCH_OK) {
        tch_anchors_unref(mine);
        return s;
    }
    tch_anchors_unref(old);
    cfg->anchors = mine;
    return TCH_OK;
}

enum tch_status tch_config_add_anchor(struct tch_config *cfg,
                                      struct tch_slice der)
{
    enum tch_status s;

    if (__atomic_load_n(&cfg->frozen, __ATOMIC_ACQUIRE)) {
        return TCH_BAD_STATE;
    }
    s = own_anchors(cfg);
    return s == TCH_OK ? tch_anchors_add(cfg->anchors->set, der) : s;
}

static enum tch_status add_all(struct tch_config *cfg, struct tch_slice text)
{
    struct tch_pem_block b;
    size_t num = 0;
    enum tch_status s;

    while ((s = tch_pem_next(cfg->alloc, &text, &b)) == TCH_OK) {
        if (is_certificate(&b)) {
            s = tch_config_add_anchor(cfg, tch_slice_of(b.der, b.der_len));
            num++;
        }
        give_block(cfg->alloc, &b);
        if (s != TCH_OK) {
            return s;
        }
    }
    if (s != TCH_NOT_FOUND) {
        return s;
    }
    return num == 0 ? TCH_BAD_FILE : TCH_OK;
}

enum tch_status tch_config_add_anchors_pem(struct tch_config *cfg,
                                           struct tch_slice text)
{
    struct tch_owned_anchors *before = cfg->anchors;
    enum tch_status s;

    if (__atomic_load_n(&cfg->frozen, __ATOMIC_ACQUIRE)) {
        return TCH_BAD_STATE;
    }
    /* A second owner makes the first addition work on a copy, so that a bad
     * certificate in the middle changes nothing. */
    if (before != NULL) {
        __atomic_add_fetch(&before->refs, 1, __ATOMIC_RELAXED);
    }
    s = add_all(cfg, text);
    if (s != TCH_OK && cfg->anchors != before) {
        struct tch_owned_anchors *partial = cfg->anchors;

        cfg->anchors = before;
        before = partial;
    }
    tch_anchors_unref(before);
    return s;
}
