/*
 * Run under valgrind by `make ct`: the private number of a DSA key, the
 * nonce, the state of the generator it comes from and all scratch are marked
 * undefined, so that a branch or an address that depends on them is an error
 * (R-ATK-002, R-ATK-033). Nonces of one bit, of many leading zeros, of all
 * bits and out of range take the same way.
 */

#include <stdio.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "crypto-glue/keys_private.h"
#include "crypto-glue/x509/pem.h"

#define MAX_P 32 /* limbs: 2048 bits */

static uint64_t scratch[TCH_MONT_EXP_SCRATCH(MAX_P) + MAX_P];

static void secret(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void public(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

/* Hedging bytes are secret as well. */
static bool draw_secret(void *arg, const char *name, uint8_t *out, size_t n)
{
    (void)arg;
    (void)name;
    memset(out, 0x3C, n);
    secret(out, n);
    return true;
}

static struct tch_private_key *load(const char *path)
{
    static uint8_t text[4000];
    FILE *f = fopen(path, "r");
    struct tch_private_key *k = NULL;
    struct tch_pem_block block;
    struct tch_slice rest;
    enum tch_status s;

    if (f == NULL) {
        return NULL;
    }
    rest = tch_slice_of(text, fread(text, 1, sizeof text, f));
    fclose(f);
    if (tch_pem_next(&tch_alloc_default, &rest, &block) != TCH_OK) {
        return NULL;
    }
    s = tch_private_key_read(&tch_alloc_default,
                             tch_slice_of(block.der, block.der_len), &k);
    tch_give(&tch_alloc_default, block.der, block.der_cap);
    return s == TCH_OK ? k : NULL;
}

static struct tch_dss_order order_of(const struct tch_private_key *k)
{
    struct tch_dss_order o = { &k->dsa.pub.q, k->dsa.pub.q_bits };

    return o;
}

static void mark_x(const struct tch_private_key *k,
                   void (*mark)(const void *, size_t))
{
    mark(k->dsa.x, k->dsa.pub.q.num * sizeof k->dsa.x[0]);
}

/* One nonce, all secret; the mask, in the open. */
static uint64_t sign(const struct tch_private_key *k, const uint64_t *z,
                     uint64_t *nonce, uint64_t *r, uint64_t *s)
{
    size_t size = k->dsa.pub.q.num * sizeof r[0];
    uint64_t good;

    mark_x(k, secret);
    secret(nonce, size);
    secret(scratch, sizeof scratch);
    good = tch_dsa_sign_with(&k->dsa, z, nonce, r, s, scratch);
    mark_x(k, public);
    public(nonce, size);
    public(scratch, sizeof scratch);
    public(&good, sizeof good);
    public(r, size);
    public(s, size);
    return good;
}

/* What was signed verifies. */
static bool verifies(const struct tch_private_key *k, struct tch_slice hash,
                     const uint64_t *r, const uint64_t *s)
{
    struct tch_dss_order o = order_of(k);
    uint8_t sig[100];
    size_t len;

    return tch_dss_write(&o, r, s, sig, sizeof sig, &len) == TCH_OK &&
           tch_dsa_verify(&k->dsa.pub, &tch_alloc_default, hash,
                          tch_slice_of(sig, len)) == TCH_OK;
}

/* The generator seeded with secrets, and four of its nonces: one in twenty is
 * above this key's q, so some serve, and those must verify. */
static bool generated(const struct tch_private_key *k, struct tch_slice hash,
                      const uint64_t *z)
{
    static const struct tch_draw_source draw = { draw_secret, NULL, false };
    struct tch_dss_order o = order_of(k);
    uint64_t nonce[TCH_DSA_Q_LIMBS], r[TCH_DSA_Q_LIMBS], s[TCH_DSA_Q_LIMBS];
    struct tch_nonces g;
    unsigned served = 0;
    bool good = true;

    mark_x(k, secret);
    if (!tch_nonces_init(&g, &o, TCH_HASH_SHA256, k->dsa.x, z, &draw)) {
        return false;
    }
    for (unsigned i = 0; i < 4; i++) {
        tch_nonces_next(&g, nonce);
        if (sign(k, z, nonce, r, s) != 0) {
            good = verifies(k, hash, r, s) && good;
            served++;
        }
    }
    mark_x(k, public);
    return good && served > 0;
}

/* Nonces by hand: 1, a short one, q - 1 serve; 0 and q do not. */
static bool chosen(const struct tch_private_key *k, struct tch_slice hash,
                   const uint64_t *z)
{
    uint64_t nonce[5][TCH_DSA_Q_LIMBS] = { { 1 }, { 0, 0x123456789 } };
    uint64_t r[TCH_DSA_Q_LIMBS], s[TCH_DSA_Q_LIMBS];
    bool good = true;

    memcpy(nonce[2], k->dsa.pub.q.m, sizeof nonce[2]);
    memcpy(nonce[4], k->dsa.pub.q.m, sizeof nonce[4]);
    nonce[2][0]--;
    for (unsigned i = 0; i < 5; i++) {
        bool serves = sign(k, z, nonce[i], r, s) == UINT64_MAX;

        good = serves == (i < 3) && (!serves || verifies(k, hash, r, s)) &&
               good;
    }
    return good;
}

int main(void)
{
    struct tch_private_key *k = load("vectors/certs/server-dsa2048.key");
    uint8_t bytes[32] = { 0xA5, 1, 2 };
    struct tch_slice hash = { bytes, sizeof bytes };
    struct tch_dss_order o;
    uint64_t z[TCH_DSA_Q_LIMBS];
    bool good[2];

    if (k == NULL || k->dsa.pub.p.num != MAX_P ||
        k->dsa.pub.q.num != TCH_DSA_Q_LIMBS) {
        puts("not ok 1 - the key cannot be read");
        return 1;
    }
    o = order_of(k);
    tch_dss_hash(&o, hash, z);
    good[0] = generated(k, hash, z);
    good[1] = chosen(k, hash, z);
    printf("1..2\n%s 1 - nonces that are made sign\n",
           good[0] ? "ok" : "not ok");
    printf("%s 2 - nonces of all lengths sign, those out of range do not\n",
           good[1] ? "ok" : "not ok");
    tch_private_key_free(k);
    return good[0] && good[1] ? 0 : 1;
}
