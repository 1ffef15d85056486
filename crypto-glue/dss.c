/*
 * The common half of DSA and ECDSA (RFC 6979 treats them as one, and so do
 * we). Signatures come in as strict DER through our own reader, and r and s
 * are checked before anything is computed with them (R-ATK-036).
 *
 * Nonces come from HMAC (RFC 6979 3.2), so that a broken random generator
 * does not give the key away, hedged with fresh bytes, so that faults and
 * power traces of equal messages differ. A candidate that is out of range is
 * refused by the signer and another one drawn, which tells nothing about the
 * one that is used in the end (R-ATK-033).
 */

#include "crypto-glue/dss.h"

#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/hash.h"
#include "engine/base/wipe.h"

#define HEDGE_LEN 32

TCH_FIELD(dss_sig_value, "3279 2.2.2");
TCH_FIELD(r, "3279 2.2.2");
TCH_FIELD(s, "3279 2.2.2");

static size_t order_len(const struct tch_dss_order *o)
{
    return (o->bits + 7) / 8;
}

uint64_t tch_dss_in_range(const struct tch_dss_order *o, const uint64_t *a)
{
    return ~tch_bn_is_zero(a, o->n->num) & tch_bn_lt(a, o->n->m, o->n->num);
}

/* bits2int of RFC 6979 2.3.2, for bytes that are no longer than the order. */
static void bits_to_number(const struct tch_dss_order *o, struct tch_slice s,
                           uint64_t *a)
{
    (void)!tch_bn_load(a, o->n->num, s);
    for (size_t i = o->bits; i < 8 * s.len; i++) {
        tch_bn_half(a, o->n->num);
    }
}

void tch_dss_hash(const struct tch_dss_order *o, struct tch_slice hash,
                  uint64_t *z)
{
    size_t len = hash.len < order_len(o) ? hash.len : order_len(o);

    bits_to_number(o, tch_slice_of(hash.p, len), z);
    tch_mont_reduce(o->n, z, z, o->n->num);
}

bool tch_dss_read(const struct tch_dss_order *o, struct tch_slice signature,
                  uint64_t *r, uint64_t *s)
{
    struct tch_reader all;
    struct tch_reader seq;
    struct tch_slice rs;
    struct tch_slice ss;

    tch_rd_init(&all, signature, &f_dss_sig_value, NULL);
    if (!tch_der_open(&all, &f_dss_sig_value, TCH_DER_SEQUENCE, &seq) ||
        !tch_rd_end(&all) || !tch_der_unsigned(&seq, &f_r, &rs) ||
        !tch_der_unsigned(&seq, &f_s, &ss) || !tch_rd_end(&seq)) {
        return false;
    }
    return tch_bn_load(r, o->n->num, rs) && tch_bn_load(s, o->n->num, ss) &&
           (tch_dss_in_range(o, r) & tch_dss_in_range(o, s)) != 0;
}

static void write_number(struct tch_writer *w, const struct tch_dss_order *o,
                         const uint64_t *a)
{
    uint8_t bytes[TCH_DSS_MAX_BYTES];

    tch_bn_store(bytes, order_len(o), a, o->n->num);
    tch_der_wr_unsigned(w, tch_slice_of(bytes, order_len(o)));
}

enum tch_status tch_dss_write(const struct tch_dss_order *o, const uint64_t *r,
                              const uint64_t *s, uint8_t *out, size_t cap,
                              size_t *out_len)
{
    struct tch_writer w;
    struct tch_mark m;

    tch_wr_init(&w, out, cap);
    m = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    write_number(&w, o, r);
    write_number(&w, o, s);
    tch_der_wr_close(&w, m);
    *out_len = tch_wr_done(&w).len;
    return w.failed ? TCH_INTERNAL : TCH_OK;
}

/* V = HMAC_K(V). */
static void stir(struct tch_nonces *g, const struct tch_hmac_key *key)
{
    struct tch_hmac h;

    tch_hmac_init(&h, key);
    tch_hmac_update(&h, g->v, g->len);
    tch_hmac_final(&h, g->v);
}

/* K = HMAC_K(V || tag || seed), V = HMAC_K(V). */
static void rekey(struct tch_nonces *g, unsigned tag, struct tch_slice seed)
{
    struct tch_hmac_key key;
    struct tch_hmac h;
    uint8_t t = (uint8_t)tag;

    tch_hmac_set_key(&key, g->alg, g->k, g->len);
    tch_hmac_init(&h, &key);
    tch_hmac_update(&h, g->v, g->len);
    tch_hmac_update(&h, &t, 1);
    if (seed.len != 0) {
        tch_hmac_update(&h, seed.p, seed.len);
    }
    tch_hmac_final(&h, g->k);
    tch_hmac_set_key(&key, g->alg, g->k, g->len);
    stir(g, &key);
    tch_wipe(&key, sizeof key);
}

/* Steps a to g: seeded by int2octets(d) || bits2octets(hash) || hedge. */
bool tch_nonces_init(struct tch_nonces *g, const struct tch_dss_order *o,
                     enum tch_hash alg, const uint64_t *d, const uint64_t *z,
                     const struct tch_draw_source *draw)
{
    uint8_t seed[2 * TCH_DSS_MAX_BYTES + HEDGE_LEN];
    size_t len = order_len(o);
    size_t hedge = draw->deterministic ? 0 : HEDGE_LEN;
    struct tch_slice all = tch_slice_of(seed, 2 * len + hedge);

    if (hedge != 0 && !tch_draw(draw, "sign.nonce", seed + 2 * len, hedge)) {
        return false;
    }
    g->order = *o;
    g->alg = alg;
    g->len = tch_hash_facts(alg)->len;
    g->again = false;
    memset(g->v, 0x01, g->len);
    memset(g->k, 0x00, g->len);
    tch_bn_store(seed, len, d, o->n->num);
    tch_bn_store(seed + len, len, z, o->n->num);
    rekey(g, 0, all);
    rekey(g, 1, all);
    tch_wipe(seed, sizeof seed);
    return true;
}

/* Step h. */
void tch_nonces_next(struct tch_nonces *g, uint64_t *k)
{
    uint8_t t[TCH_DSS_MAX_BYTES];
    size_t len = order_len(&g->order);
    struct tch_hmac_key key;

    if (g->again) {
        rekey(g, 0, tch_slice_of(NULL, 0));
    }
    tch_hmac_set_key(&key, g->alg, g->k, g->len);
    for (size_t at = 0; at < len; at += g->len) {
        size_t n = len - at < g->len ? len - at : g->len;

        stir(g, &key);
        memcpy(t + at, g->v, n);
    }
    bits_to_number(&g->order, tch_slice_of(t, len), k);
    g->again = true;
    tch_wipe(t, sizeof t);
    tch_wipe(&key, sizeof key);
}
