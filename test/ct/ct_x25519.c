/*
 * Run under valgrind by `make ct`: scalars are marked undefined, so that a
 * branch or an address that depends on them is an error: X25519, Ed25519,
 * the NIST curves' multiplication with the way back to coordinates, the
 * inverse, and exponentiation as DH uses it (R-ATK-033).
 */

#include <stdio.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "crypto-glue/own/ec.h"
#include "crypto-glue/own/ed25519.h"
#include "crypto-glue/own/x25519.h"
#include "engine/base/algs.h"

static void secret(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void public(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

static bool x25519(void)
{
    uint8_t a[32] = { 1, 2, 3 }, b[32] = { 4, 5, 6 };
    uint8_t pa[32], pb[32], za[32], zb[32];

    secret(a, sizeof a);
    secret(b, sizeof b);
    tch_x25519_base(pa, a);
    tch_x25519_base(pb, b);
    tch_x25519(za, a, pb);
    tch_x25519(zb, b, pa);
    public(za, sizeof za);
    public(zb, sizeof zb);
    return memcmp(za, zb, sizeof za) == 0;
}

/* k G and its x coordinate; 1/k mod n times k is 1. */
static bool curve(unsigned group)
{
    const struct tch_ec_curve *c = tch_ec_curve_of(group);
    uint64_t k[TCH_EC_MAX_LIMBS] = { 5, 0, 7 };
    uint64_t x[TCH_EC_MAX_LIMBS];
    uint64_t y[TCH_EC_MAX_LIMBS];
    uint64_t inv[TCH_EC_MAX_LIMBS];
    struct tch_ec_point p;
    uint64_t found;

    tch_ec_base(c, &p);
    secret(k, sizeof k);
    tch_ec_mul(c, &p, k, &p);
    found = tch_ec_affine(c, &p, x, y);
    tch_ec_mul_base(c, &p, k);
    found &= tch_ec_affine(c, &p, inv, y) & tch_ec_in_range(c, k) &
             tch_bn_eq(x, inv, c->num);
    found &= tch_bn_invert(inv, k, c->n_limbs, c->num);
    tch_mont_in(&c->n, inv, inv);
    tch_mont_mul(&c->n, inv, inv, k);
    inv[0] ^= 1;
    found &= tch_bn_is_zero(inv, c->num);
    public(&found, sizeof found);
    public(x, sizeof x);
    return found == UINT64_MAX && x[0] != 0;
}

static bool ed25519(void)
{
    static const uint8_t text[] = "text";
    struct tch_slice message = { text, sizeof text };
    uint8_t seed[32] = { 1, 2, 3 };
    uint8_t key[32];
    uint8_t sig[64];

    secret(seed, sizeof seed);
    tch_ed25519_public(key, seed);
    public(key, sizeof key);
    tch_ed25519_sign(sig, seed, key, &message, 1);
    public(sig, sizeof sig);
    return tch_ed25519_verify(key, &message, 1, tch_slice_of(sig, 64));
}

/* 2^(a + b) = 2^a 2^b mod an odd number of 2048 bits. */
static bool power(void)
{
    static uint64_t m[32], rr[32], two[32], a[32], b[32], sum[32];
    static uint64_t x[32], y[32], z[32];
    static uint64_t scratch[TCH_MONT_EXP_SCRATCH(32)];
    struct tch_mont ctx;
    uint64_t equal;

    for (size_t i = 0; i < 32; i++) {
        m[i] = (i + 3) * 0x9E3779B97F4A7C15u | 1;
    }
    two[0] = 2;
    a[0] = 0x123456789;
    b[3] = 0x55;
    tch_mont_init(&ctx, m, rr, 32);
    secret(a, sizeof a);
    secret(b, sizeof b);
    (void)tch_bn_add(sum, a, b, 32);
    tch_mont_exp(&ctx, x, two, a, 256, scratch);
    tch_mont_exp(&ctx, y, two, b, 256, scratch);
    tch_mont_exp(&ctx, z, two, sum, 256, scratch);
    tch_mont_in(&ctx, x, x);
    tch_mont_mul(&ctx, x, x, y);
    equal = tch_bn_eq(x, z, 32);
    public(&equal, sizeof equal);
    return equal == UINT64_MAX;
}

static int number;

static bool report(bool good, const char *name)
{
    printf("%s %d - %s\n", good ? "ok" : "not ok", ++number, name);
    return good;
}

int main(void)
{
    bool good;

    puts("1..6");
    good = report(x25519(), "x25519");
    good = report(curve(TCH_GROUP_SECP256R1), "secp256r1") && good;
    good = report(curve(TCH_GROUP_SECP384R1), "secp384r1") && good;
    good = report(curve(TCH_GROUP_SECP521R1), "secp521r1") && good;
    good = report(ed25519(), "ed25519") && good;
    good = report(power(), "exponentiation") && good;
    return good ? 0 : 1;
}
