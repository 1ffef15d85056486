/*
 * The set of trust anchors: each a certificate with its bytes, parsed once,
 * its public key read once, so that connections that share the set share the
 * work. The set grows while it is filled and is only read afterwards.
 *
 * A certificate that cannot be parsed is refused here. A key that this build
 * cannot use is not: such an anchor stays in the set, verifies nothing, and
 * does not keep the rest of a bundle from loading.
 */

#include "crypto-glue/x509/anchors.h"

#include <string.h>

#include "crypto-glue/der.h"

struct anchor {
    struct tch_cert cert;
    struct tch_public_key *key; /* or NULL */
    uint8_t *der;
    size_t der_len;
};

struct tch_anchors {
    const struct tch_alloc *alloc;
    struct anchor *list;
    size_t num;
    size_t cap;
};

enum tch_status tch_anchors_new(const struct tch_alloc *alloc,
                                struct tch_anchors **out)
{
    struct tch_anchors *a = tch_take(alloc, sizeof *a);

    *out = a;
    if (a == NULL) {
        return TCH_NO_MEMORY;
    }
    a->alloc = alloc;
    return TCH_OK;
}

static void anchor_clear(const struct tch_alloc *alloc, struct anchor *x)
{
    tch_public_key_free(x->key);
    tch_give(alloc, x->der, x->der_len);
    memset(x, 0, sizeof *x);
}

void tch_anchors_free(struct tch_anchors *a)
{
    if (a == NULL) {
        return;
    }
    for (size_t i = 0; i < a->num; i++) {
        anchor_clear(a->alloc, &a->list[i]);
    }
    tch_give(a->alloc, a->list, a->cap * sizeof *a->list);
    tch_give(a->alloc, a, sizeof *a);
}

/* Makes room for one more; the list doubles. */
static bool reserve(struct tch_anchors *a)
{
    size_t cap = a->cap == 0 ? 8 : a->cap * 2;
    struct anchor *list;

    if (a->num < a->cap) {
        return true;
    }
    list = tch_take(a->alloc, cap * sizeof *list);
    if (list == NULL) {
        return false;
    }
    if (a->num != 0) {
        memcpy(list, a->list, a->num * sizeof *list);
    }
    tch_give(a->alloc, a->list, a->cap * sizeof *a->list);
    a->list = list;
    a->cap = cap;
    return true;
}

static enum tch_status anchor_read(const struct tch_alloc *alloc,
                                   struct tch_slice der, struct anchor *x)
{
    enum tch_status st;

    memset(x, 0, sizeof *x);
    st = tch_cert_parse(&x->cert, der, NULL);
    if (st != TCH_OK) {
        return st;
    }
    x->der_len = der.len;
    x->der = tch_take(alloc, der.len);
    if (x->der == NULL) {
        return TCH_NO_MEMORY;
    }
    memcpy(x->der, der.p, der.len);
    st = tch_cert_parse(&x->cert, tch_slice_of(x->der, der.len), NULL);
    if (st != TCH_OK) {
        return st;
    }
    st = tch_public_key_read(alloc, x->cert.spki, &x->key);
    if (st != TCH_OK) {
        x->key = NULL;
    }
    return st == TCH_NO_MEMORY ? st : TCH_OK;
}

enum tch_status tch_anchors_add(struct tch_anchors *a, struct tch_slice der)
{
    struct anchor x;
    enum tch_status st;

    if (tch_anchors_find(a, der) >= 0) {
        return TCH_OK;
    }
    st = anchor_read(a->alloc, der, &x);
    if (st == TCH_OK && !reserve(a)) {
        st = TCH_NO_MEMORY;
    }
    if (st != TCH_OK) {
        anchor_clear(a->alloc, &x);
        return st;
    }
    a->list[a->num++] = x;
    return TCH_OK;
}

size_t tch_anchors_count(const struct tch_anchors *a)
{
    return a == NULL ? 0 : a->num;
}

const struct tch_cert *tch_anchors_at(const struct tch_anchors *a, size_t i)
{
    return i < tch_anchors_count(a) ? &a->list[i].cert : NULL;
}

const struct tch_public_key *tch_anchors_key(const struct tch_anchors *a,
                                             size_t i)
{
    return i < tch_anchors_count(a) ? a->list[i].key : NULL;
}

int tch_anchors_find(const struct tch_anchors *a, struct tch_slice der)
{
    for (size_t i = 0; i < tch_anchors_count(a); i++) {
        if (tch_der_same(a->list[i].cert.der, der)) {
            return (int)i;
        }
    }
    return -1;
}
