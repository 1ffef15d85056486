/*
 * Ephemeral key agreement behind one interface. Three kinds of group, one row
 * of functions each: making a pair, and agreeing with a peer's public value.
 * The checks on that value are here in one place: R-KX-040, 062, 063, 065,
 * 066; R-ATK-013, 015, 016.
 *
 * The scalar is the drawn bytes themselves, so that a vector can prepare it.
 * For the NIST curves it must be in 1..n-1; the first that is not is drawn
 * again (once in 2^32 draws for P-256, less for the others).
 */

#include "crypto-glue/kex.h"

#include <string.h>

#include "crypto-glue/dh.h"
#include "crypto-glue/own/ec.h"
#include "crypto-glue/own/x25519.h"
#include "engine/base/ct.h"
#include "engine/base/wipe.h"

#define MAX_DRAWS 16

struct tch_kex {
    struct tch_alloc alloc;
    size_t size;                     /* of the allocation, in bytes */
    const struct tch_group_row *row; /* NULL: explicit parameters */
    enum tch_group_kind kind;
    struct tch_dh dh;
    struct tch_slice p; /* of `bytes`, as it came */
    struct tch_slice g;
    const struct tch_ec_curve *curve;
    uint64_t d[TCH_EC_MAX_LIMBS];
    uint8_t x[32];
    uint8_t public_value[TCH_KEX_PUBLIC_MAX];
    size_t public_len;
    uint8_t bytes[2 * TCH_DH_MAX_BYTES]; /* p, g */
    uint64_t limbs[];
};

static struct tch_kex *kex_alloc(const struct tch_alloc *alloc, size_t limbs)
{
    size_t size = sizeof(struct tch_kex) + limbs * sizeof(uint64_t);
    struct tch_kex *k = tch_take(alloc, size);

    if (k != NULL) {
        k->alloc = *alloc;
        k->size = size;
    }
    return k;
}

void tch_kex_free(struct tch_kex *k)
{
    if (k != NULL) {
        struct tch_alloc alloc = k->alloc;

        tch_give(&alloc, k, k->size); /* wipes */
    }
}

bool tch_kex_supported(unsigned group)
{
    uint8_t p[TCH_DH_MAX_BYTES];

    return group == TCH_GROUP_X25519 || tch_ec_curve_of(group) != NULL ||
           tch_ffdhe_prime(group, p) != 0;
}

/* A scalar in 1..n-1. */
static bool draw_scalar(const struct tch_ec_curve *c, uint64_t *d,
                        const struct tch_draw_source *draw, const char *name)
{
    uint8_t bytes[TCH_EC_MAX_BYTES];
    bool good = false;

    for (unsigned i = 0; i < MAX_DRAWS && !good; i++) {
        if (!tch_draw(draw, name, bytes, c->len)) {
            break;
        }
        bytes[0] &= (uint8_t)(0xFF >> (8 * c->len - c->bits));
        good = tch_bn_load(d, c->num, tch_slice_of(bytes, c->len)) &&
               tch_ec_in_range(c, d) != 0;
    }
    tch_wipe(bytes, sizeof bytes);
    return good;
}

static enum tch_status new_nist(struct tch_kex *k,
                                const struct tch_draw_source *draw,
                                const char *name)
{
    struct tch_ec_point p;

    if (!draw_scalar(k->curve, k->d, draw, name)) {
        return TCH_NO_RANDOM;
    }
    tch_ec_mul_base(k->curve, &p, k->d);
    k->public_len = 1 + 2 * k->curve->len;
    return tch_ec_write_point(k->curve, &p, k->public_value) ? TCH_OK
                                                             : TCH_INTERNAL;
}

static enum tch_status new_x25519(struct tch_kex *k,
                                  const struct tch_draw_source *draw,
                                  const char *name)
{
    if (!tch_draw(draw, name, k->x, sizeof k->x)) {
        return TCH_NO_RANDOM;
    }
    tch_x25519_base(k->public_value, k->x);
    k->public_len = 32;
    return TCH_OK;
}

/* Leading zero bytes of `s`; how many shows in the length anyway. */
static size_t leading_zeros(const uint8_t *p, size_t len)
{
    size_t n = 0;
    tch_mask all = ~(tch_mask)0;

    for (size_t i = 0; i < len; i++) {
        all &= tch_ct_is_zero(p[i]);
        n += all & 1;
    }
    return n;
}

static void strip(uint8_t *p, size_t *len)
{
    size_t n = leading_zeros(p, *len);

    *len -= n;
    if (n != 0 && *len != 0) {
        memmove(p, p + n, *len);
    }
}

/* The pair for p and g in k->bytes. */
static enum tch_status new_dh(struct tch_kex *k,
                              const struct tch_draw_source *draw,
                              const char *name)
{
    enum tch_status s = tch_dh_init(&k->dh, k->p, k->g, k->limbs, &k->alloc,
                                    draw, name);

    if (s == TCH_OK) {
        tch_bn_store(k->public_value, k->dh.len, k->dh.y, k->dh.p.num);
        k->public_len = k->dh.len;
        strip(k->public_value, &k->public_len);
    }
    return s;
}

static enum tch_status finish(struct tch_kex *k, enum tch_status s,
                              struct tch_kex **out)
{
    if (s != TCH_OK) {
        tch_kex_free(k);
        return s;
    }
    *out = k;
    return TCH_OK;
}

enum tch_status tch_kex_new(const struct tch_alloc *alloc, unsigned group,
                            const struct tch_draw_source *draw,
                            const char *name, struct tch_kex **out)
{
    const struct tch_group_row *row = tch_group_facts(group);
    bool is_dh = row != NULL && row->kind == TCH_GROUP_FFDHE;
    struct tch_kex *k;

    *out = NULL;
    if (row == NULL || !tch_kex_supported(group)) {
        return TCH_NOT_SUPPORTED;
    }
    k = kex_alloc(alloc, is_dh ? tch_dh_limbs(row->public_len) : 0);
    if (k == NULL) {
        return TCH_NO_MEMORY;
    }
    k->row = row;
    k->kind = row->kind;
    switch (row->kind) {
    case TCH_GROUP_NIST:
        k->curve = tch_ec_curve_of(group);
        return finish(k, new_nist(k, draw, name), out);
    case TCH_GROUP_X:
        return finish(k, new_x25519(k, draw, name), out);
    case TCH_GROUP_FFDHE:
    default:
        k->p = tch_slice_of(k->bytes, tch_ffdhe_prime(group, k->bytes));
        k->bytes[k->p.len] = 2;
        k->g = tch_slice_of(k->bytes + k->p.len, 1);
        return finish(k, new_dh(k, draw, name), out);
    }
}

/* `s` without leading zeros, which the wire may have. */
static struct tch_slice number(struct tch_slice s)
{
    size_t skip = s.len == 0 ? 0 : leading_zeros(s.p, s.len);

    return tch_slice_of(s.p + skip, s.len - skip);
}

enum tch_status tch_kex_new_dh(const struct tch_alloc *alloc,
                               struct tch_slice p, struct tch_slice g,
                               const struct tch_draw_source *draw,
                               const char *name, struct tch_kex **out)
{
    struct tch_kex *k;

    *out = NULL;
    if (p.len == 0 || g.len == 0) {
        return TCH_ILLEGAL_PARAMETER;
    }
    p = number(p);
    g = number(g);
    if (p.len < 2 || p.len > TCH_DH_MAX_BYTES || g.len == 0 ||
        g.len > p.len) {
        return TCH_ILLEGAL_PARAMETER;
    }
    k = kex_alloc(alloc, tch_dh_limbs(p.len));
    if (k == NULL) {
        return TCH_NO_MEMORY;
    }
    k->kind = TCH_GROUP_FFDHE;
    memcpy(k->bytes, p.p, p.len);
    memcpy(k->bytes + p.len, g.p, g.len);
    k->p = tch_slice_of(k->bytes, p.len);
    k->g = tch_slice_of(k->bytes + p.len, g.len);
    return finish(k, new_dh(k, draw, name), out);
}

void tch_kex_public(const struct tch_kex *k, uint8_t *out, size_t *out_len)
{
    memcpy(out, k->public_value, k->public_len);
    *out_len = k->public_len;
}

void tch_kex_dh_params(const struct tch_kex *k, struct tch_slice *p,
                       struct tch_slice *g)
{
    *p = k->p;
    *g = k->g;
}

bool tch_kex_has_prime_of(const struct tch_kex *k, unsigned group)
{
    uint8_t prime[TCH_DH_MAX_BYTES];
    size_t len = tch_ffdhe_prime(group, prime);

    return len != 0 && len == k->p.len && memcmp(prime, k->p.p, len) == 0;
}

static enum tch_status agree_nist(const struct tch_kex *k,
                                  struct tch_slice peer, uint8_t *out,
                                  size_t *out_len)
{
    const struct tch_ec_curve *c = k->curve;
    struct tch_ec_point p;
    uint64_t x[TCH_EC_MAX_LIMBS];

    if (!tch_ec_read_point(c, peer, &p)) {
        return TCH_ILLEGAL_PARAMETER;
    }
    tch_ec_mul(c, &p, k->d, &p);
    /* d P is not infinity: the group's order is prime, d and P not 0. */
    if (tch_ec_affine(c, &p, x, NULL) == 0) {
        return TCH_ILLEGAL_PARAMETER;
    }
    tch_bn_store(out, c->len, x, c->num);
    *out_len = c->len;
    tch_wipe(&p, sizeof p);
    tch_wipe(x, sizeof x);
    return TCH_OK;
}

static enum tch_status agree_x25519(const struct tch_kex *k,
                                    struct tch_slice peer, uint8_t *out,
                                    size_t *out_len)
{
    static const uint8_t zeros[32];

    if (peer.len != 32) {
        return TCH_ILLEGAL_PARAMETER;
    }
    tch_x25519(out, k->x, peer.p);
    if (tch_ct_equal(out, zeros, sizeof zeros) != 0) {
        return TCH_ILLEGAL_PARAMETER;
    }
    *out_len = 32;
    return TCH_OK;
}

static enum tch_status agree_dh(const struct tch_kex *k,
                                struct tch_slice peer, uint8_t *out,
                                size_t *out_len)
{
    enum tch_status s = tch_dh_agree(&k->dh, &k->alloc, peer, out);

    if (s == TCH_ILLEGAL_PARAMETER && k->row != NULL) {
        return TCH_HANDSHAKE_VIOLATION; /* R-GEN-005 */
    }
    if (s == TCH_OK) {
        *out_len = k->dh.len;
        strip(out, out_len);
    }
    return s;
}

enum tch_status tch_kex_agree(const struct tch_kex *k, struct tch_slice peer,
                              uint8_t *out, size_t *out_len)
{
    *out_len = 0;
    if (peer.len == 0) {
        return TCH_DECODE_ERROR;
    }
    switch (k->kind) {
    case TCH_GROUP_NIST:
        return agree_nist(k, peer, out, out_len);
    case TCH_GROUP_X:
        return agree_x25519(k, peer, out, out_len);
    case TCH_GROUP_FFDHE:
    default:
        return agree_dh(k, peer, out, out_len);
    }
}
