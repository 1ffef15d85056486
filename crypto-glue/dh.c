/*
 * Finite-field Diffie-Hellman on the fixed-width exponentiation of own/.
 *
 * The primes of RFC 7919 are p = 2^b - 2^(b-64) + (floor(2^(b-130) e) + X)
 * 2^64 - 1: 64 ones, digits of e, 64 ones. So the digits stand here once, and
 * a group is a row with its X. (The unit test compares the primes' SHA-256.)
 *
 * Every pair is fresh (R-KX-043), its exponent secret and of public length.
 */

#include "crypto-glue/dh.h"

#include <string.h>

#include "engine/base/algs.h"
#include "engine/base/ct.h"
#include "engine/base/wipe.h"

#define E_LIMBS 126 /* 8192 - 128 bits */

/* clang-format off */
/* floor(2^8062 e), most significant limb first. */
static const uint64_t e_digits[E_LIMBS] = {
    0xADF85458A2BB4A9A, 0xAFDC5620273D3CF1, 0xD8B9C583CE2D3695,
    0xA9E13641146433FB, 0xCC939DCE249B3EF9, 0x7D2FE363630C75D8,
    0xF681B202AEC4617A, 0xD3DF1ED5D5FD6561, 0x2433F51F5F066ED0,
    0x856365553DED1AF3, 0xB557135E7F57C935, 0x984F0C70E0E68B77,
    0xE2A689DAF3EFE872, 0x1DF158A136ADE735, 0x30ACCA4F483A797A,
    0xBC0AB182B324FB61, 0xD108A94BB2C8E3FB, 0xB96ADAB760D7F468,
    0x1D4F42A3DE394DF4, 0xAE56EDE76372BB19, 0x0B07A7C8EE0A6D70,
    0x9E02FCE1CDF7E2EC, 0xC03404CD28342F61, 0x9172FE9CE98583FF,
    0x8E4F1232EEF28183, 0xC3FE3B1B4C6FAD73, 0x3BB5FCBC2EC22005,
    0xC58EF1837D1683B2, 0xC6F34A26C1B2EFFA, 0x886B4238611FCFDC,
    0xDE355B3B6519035B, 0xBC34F4DEF99C0238, 0x61B46FC9D6E6C907,
    0x7AD91D2691F7F7EE, 0x598CB0FAC186D91C, 0xAEFE130985139270,
    0xB4130C93BC437944, 0xF4FD4452E2D74DD3, 0x64F2E21E71F54BFF,
    0x5CAE82AB9C9DF69E, 0xE86D2BC522363A0D, 0xABC521979B0DEADA,
    0x1DBF9A42D5C4484E, 0x0ABCD06BFA53DDEF, 0x3C1B20EE3FD59D7C,
    0x25E41D2B669E1EF1, 0x6E6F52C3164DF4FB, 0x7930E9E4E58857B6,
    0xAC7D5F42D69F6D18, 0x7763CF1D55034004, 0x87F55BA57E31CC7A,
    0x7135C886EFB4318A, 0xED6A1E012D9E6832, 0xA907600A918130C4,
    0x6DC778F971AD0038, 0x092999A333CB8B7A, 0x1A1DB93D7140003C,
    0x2A4ECEA9F98D0ACC, 0x0A8291CDCEC97DCF, 0x8EC9B55A7F88A46B,
    0x4DB5A851F44182E1, 0xC68A007E5E0DD902, 0x0BFD64B645036C7A,
    0x4E677D2C38532A3A, 0x23BA4442CAF53EA6, 0x3BB454329B7624C8,
    0x917BDD64B1C0FD4C, 0xB38E8C334C701C3A, 0xCDAD0657FCCFEC71,
    0x9B1F5C3E4E46041F, 0x388147FB4CFDB477, 0xA52471F7A9A96910,
    0xB855322EDB6340D8, 0xA00EF092350511E3, 0x0ABEC1FFF9E3A26E,
    0x7FB29F8C183023C3, 0x587E38DA0077D9B4, 0x763E4E4B94B2BBC1,
    0x94C6651E77CAF992, 0xEEAAC0232A281BF6, 0xB3A739C122611682,
    0x0AE8DB5847A67CBE, 0xF9C9091B462D538C, 0xD72B03746AE77F5E,
    0x62292C311562A846, 0x505DC82DB854338A, 0xE49F5235C95B9117,
    0x8CCF2DD5CACEF403, 0xEC9D1810C6272B04, 0x5B3B71F9DC6B80D6,
    0x3FDD4A8E9ADB1E69, 0x62A69526D43161C1, 0xA41D570D7938DAD4,
    0xA40E329CCFF46AAA, 0x36AD004CF600C838, 0x1E425A31D951AE64,
    0xFDB23FCEC9509D43, 0x687FEB69EDD1CC5E, 0x0B8CC3BDF64B10EF,
    0x86B63142A3AB8829, 0x555B2F747C932665, 0xCB2C0F1CC01BD702,
    0x29388839D2AF05E4, 0x54504AC78B758282, 0x2846C0BA35C35F5C,
    0x59160CC046FD8251, 0x541FC68C9C86B022, 0xBB7099876A460E74,
    0x51A8A93109703FEE, 0x1C217E6C3826E52C, 0x51AA691E0E423CFC,
    0x99E9E31650C1217B, 0x624816CDAD9A95F9, 0xD5B8019488D9C0A0,
    0xA1FE3075A577E231, 0x83F81D4A3F2FA457, 0x1EFC8CE0BA8A4FE8,
    0xB6855DFE72B0A66E, 0xDED2FBABFBE58A30, 0xFAFABE1C5D71A87E,
    0x2F741EF8C1FE86FE, 0xA6BBFDE530677F0D, 0x97D11D49F7A8443D,
    0x0822E506A9F4614E, 0x011E2A94838FF88C, 0xD68C8BB7C51EEF6D,
};

/* R-KX-047 asks for at least 225, 275, 325, 375, 400 bits. */
static const struct ffdhe_row {
    unsigned group;
    unsigned bits;
    uint32_t x;
    unsigned exponent_bits;
} ffdhe[] = {
    { TCH_GROUP_FFDHE2048, 2048,   560316, 256 },
    { TCH_GROUP_FFDHE3072, 3072,  2625351, 288 },
    { TCH_GROUP_FFDHE4096, 4096,  5736041, 336 },
    { TCH_GROUP_FFDHE6144, 6144, 15705020, 384 },
    { TCH_GROUP_FFDHE8192, 8192, 10965728, 416 },
};
/* clang-format on */

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* The prime of a row, bits / 64 limbs. */
static void ffdhe_limbs(const struct ffdhe_row *row, uint64_t *p)
{
    size_t num = row->bits / 64;
    uint64_t carry = row->x - 1u; /* the -1 of the formula borrows one */

    p[0] = UINT64_MAX;
    for (size_t i = 1; i < num - 1; i++) {
        p[i] = e_digits[num - 2 - i] + carry;
        carry = p[i] < carry ? 1 : 0;
    }
    p[num - 1] = UINT64_MAX;
}

size_t tch_ffdhe_prime(unsigned group, uint8_t out[TCH_DH_MAX_BYTES])
{
    uint64_t p[TCH_BN_MAX_LIMBS];

    for (size_t i = 0; i < COUNT(ffdhe); i++) {
        if (ffdhe[i].group == group) {
            ffdhe_limbs(&ffdhe[i], p);
            tch_bn_store(out, ffdhe[i].bits / 8, p, ffdhe[i].bits / 64);
            return ffdhe[i].bits / 8;
        }
    }
    return 0;
}

size_t tch_dh_limbs(size_t len)
{
    return 5 * tch_bn_limbs(len);
}

/* How long the exponent must be for p and g. */
static unsigned exponent_bits(const struct tch_dh *dh)
{
    unsigned bits = tch_bn_bits(dh->p.m, dh->p.num);
    uint64_t p[TCH_BN_MAX_LIMBS];

    if (tch_bn_bits(dh->g, dh->p.num) == 2 && dh->g[0] == 2) {
        for (size_t i = 0; i < COUNT(ffdhe); i++) {
            if (ffdhe[i].bits != bits) {
                continue;
            }
            ffdhe_limbs(&ffdhe[i], p);
            if (tch_bn_eq(p, dh->p.m, dh->p.num) != 0) {
                return ffdhe[i].exponent_bits;
            }
        }
    }
    return bits - 1;
}

/* 1 < a < p - 1, for `a` of p's width. */
static bool in_group(const struct tch_dh *dh, const uint64_t *a)
{
    uint64_t below[TCH_BN_MAX_LIMBS];
    uint64_t one[TCH_BN_MAX_LIMBS] = { 1 };

    (void)tch_bn_sub(below, dh->p.m, one, dh->p.num);
    return (tch_bn_lt(one, a, dh->p.num) & tch_bn_lt(a, below, dh->p.num)) !=
           0;
}

static bool load_params(struct tch_dh *dh, struct tch_slice p,
                        struct tch_slice g, uint64_t *limbs)
{
    size_t num = tch_bn_limbs(p.len);

    if (p.len < 2 || p.len > TCH_DH_MAX_BYTES || p.p[0] == 0 ||
        (p.p[p.len - 1] & 1) == 0) {
        return false;
    }
    if (!tch_bn_load(limbs, num, p) || !tch_bn_load(limbs + 2 * num, num, g)) {
        return false;
    }
    tch_mont_init(&dh->p, limbs, limbs + num, num);
    dh->g = limbs + 2 * num;
    dh->x = limbs + 3 * num;
    dh->y = limbs + 4 * num;
    dh->len = p.len;
    return in_group(dh, dh->g);
}

/* The exponent: x_bits bits, the top one set, so never 0. */
static bool draw_exponent(struct tch_dh *dh,
                          const struct tch_draw_source *draw,
                          const char *name)
{
    uint8_t bytes[TCH_DH_MAX_BYTES];
    size_t len = (dh->x_bits + 7) / 8;
    unsigned top = dh->x_bits - 1;
    bool good = tch_draw(draw, name, bytes, len);

    if (good) {
        bytes[0] &= (uint8_t)(0xFF >> (7 - top % 8));
        bytes[0] |= (uint8_t)(1u << (top % 8));
        good = tch_bn_load(dh->x, dh->p.num, tch_slice_of(bytes, len));
    }
    tch_wipe(bytes, sizeof bytes);
    return good;
}

static enum tch_status power(const struct tch_dh *dh,
                             const struct tch_alloc *alloc,
                             const uint64_t *base, uint64_t *out)
{
    size_t size = TCH_MONT_EXP_SCRATCH(dh->p.num) * sizeof(uint64_t);
    uint64_t *scratch = tch_take(alloc, size);

    if (scratch == NULL) {
        return TCH_NO_MEMORY;
    }
    tch_mont_exp(&dh->p, out, base, dh->x, dh->x_bits, scratch);
    tch_give(alloc, scratch, size);
    return TCH_OK;
}

enum tch_status tch_dh_init(struct tch_dh *dh, struct tch_slice p,
                            struct tch_slice g, uint64_t *limbs,
                            const struct tch_alloc *alloc,
                            const struct tch_draw_source *draw,
                            const char *name)
{
    if (!load_params(dh, p, g, limbs)) {
        return TCH_ILLEGAL_PARAMETER;
    }
    dh->x_bits = exponent_bits(dh);
    if (!draw_exponent(dh, draw, name)) {
        return TCH_NO_RANDOM;
    }
    return power(dh, alloc, dh->g, dh->y);
}

enum tch_status tch_dh_agree(const struct tch_dh *dh,
                             const struct tch_alloc *alloc,
                             struct tch_slice peer, uint8_t *out)
{
    uint64_t y[TCH_BN_MAX_LIMBS];
    uint64_t z[TCH_BN_MAX_LIMBS];
    enum tch_status s;

    if (!tch_bn_load(y, dh->p.num, peer) || !in_group(dh, y)) {
        return TCH_ILLEGAL_PARAMETER;
    }
    s = power(dh, alloc, y, z);
    if (s == TCH_OK) {
        tch_bn_store(out, dh->len, z, dh->p.num);
        tch_wipe(z, sizeof z);
    }
    return s;
}
