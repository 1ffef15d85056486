/*
 * The three NIST curves over the Montgomery arithmetic of bignum.c.
 *
 * Points are projective, and addition and doubling are the complete formulas
 * for a = -3 of Renes, Costello and Batina ("Complete addition formulas for
 * prime order elliptic curves", 2016, algorithms 4 and 6): right for every
 * pair of points of an odd-order group, so no branch ever asks whether two
 * points coincide. They cost a little more than Jacobian ones and take away
 * the whole class of missed special cases.
 *
 * Multiplication walks over the scalar in windows of 4 bits from the top, all
 * windows of the field's width, with a table that is read whole: the number
 * of operations is that of the curve and says nothing of the scalar, leading
 * zeros included (R-ATK-033). Multiples of the generator come from a comb (Lim
 * and Lee 1994): the scalar's bits in four rows, one column a step, and a
 * table of the 16 sums of G, 2^len G, 2^2len G, 2^3len G.
 */

#include "crypto-glue/own/ec.h"

#include <pthread.h>
#include <string.h>

#include "engine/base/algs.h"
#include "engine/base/wipe.h"

#define WINDOW 4
#define ENTRIES (1u << WINDOW)
_Static_assert(TCH_EC_COMB == WINDOW, "one table_get serves both");

enum { P256, P384, P521, NUM_CURVES };

/* FIPS 186-4 D.1.2.3 to D.1.2.5, hexadecimal, full width. */
struct curve_row {
    uint16_t group;
    unsigned bits;
    const char *p;
    const char *n;
    const char *b;
    const char *gx;
    const char *gy;
};

/* clang-format off */
static const struct curve_row rows[NUM_CURVES] = {
    { TCH_GROUP_SECP256R1, 256,
      "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
      "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
      "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5" },
    { TCH_GROUP_SECP384R1, 384,
      "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
      "ffffffff0000000000000000ffffffff",
      "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
      "581a0db248b0a77aecec196accc52973",
      "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a"
      "c656398d8a2ed19d2a85c8edd3ec2aef",
      "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
      "5502f25dbf55296c3a545e3872760ab7",
      "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c0"
      "0a60b1ce1d7e819d7a431d7c90ea0e5f" },
    { TCH_GROUP_SECP521R1, 521,
      "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      "ffff",
      "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      "fffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e9138"
      "6409",
      "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef1"
      "09e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b50"
      "3f00",
      "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d"
      "3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5"
      "bd66",
      "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e"
      "662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd1"
      "6650" },
};
/* clang-format on */

static struct tch_ec_curve curves[NUM_CURVES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static unsigned hex_digit(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

static void load_hex(uint64_t *out, const char *hex)
{
    size_t len = strlen(hex);

    memset(out, 0, TCH_EC_MAX_LIMBS * sizeof out[0]);
    for (size_t i = 0; i < len; i++) {
        out[i / 16] |= (uint64_t)hex_digit(hex[len - 1 - i]) << (4 * (i % 16));
    }
}

static void load_field(const struct tch_ec_curve *c, uint64_t *out,
                       const char *hex)
{
    load_hex(out, hex);
    tch_mont_in(&c->p, out, out);
}

/* Field operations in short, for the formulas below. */
#define MUL(o, a, b) tch_mont_mul(f, (o), (a), (b))
#define ADD(o, a, b) tch_mont_add(f, (o), (a), (b))
#define SUB(o, a, b) tch_mont_sub(f, (o), (a), (b))

typedef uint64_t fe[TCH_EC_MAX_LIMBS];

/* Renes, Costello, Batina: algorithm 4, line by line. */
void tch_ec_add(const struct tch_ec_curve *c, struct tch_ec_point *out,
                const struct tch_ec_point *p, const struct tch_ec_point *q)
{
    const struct tch_mont *f = &c->p;
    fe t0, t1, t2, t3, t4, x, y, z;

    MUL(t0, p->x, q->x);
    MUL(t1, p->y, q->y);
    MUL(t2, p->z, q->z);
    ADD(t3, p->x, p->y);
    ADD(t4, q->x, q->y);
    MUL(t3, t3, t4);
    ADD(t4, t0, t1);
    SUB(t3, t3, t4);
    ADD(t4, p->y, p->z);
    ADD(x, q->y, q->z);
    MUL(t4, t4, x);
    ADD(x, t1, t2);
    SUB(t4, t4, x);
    ADD(x, p->x, p->z);
    ADD(y, q->x, q->z);
    MUL(x, x, y);
    ADD(y, t0, t2);
    SUB(y, x, y);
    MUL(z, c->b, t2);
    SUB(x, y, z);
    ADD(z, x, x);
    ADD(x, x, z);
    SUB(z, t1, x);
    ADD(x, t1, x);
    MUL(y, c->b, y);
    ADD(t1, t2, t2);
    ADD(t2, t1, t2);
    SUB(y, y, t2);
    SUB(y, y, t0);
    ADD(t1, y, y);
    ADD(y, t1, y);
    ADD(t1, t0, t0);
    ADD(t0, t1, t0);
    SUB(t0, t0, t2);
    MUL(t1, t4, y);
    MUL(t2, t0, y);
    MUL(y, x, z);
    ADD(out->y, y, t2);
    MUL(x, t3, x);
    SUB(out->x, x, t1);
    MUL(z, t4, z);
    MUL(t1, t3, t0);
    ADD(out->z, z, t1);
}

/* The same paper's algorithm 6: out = 2 p. */
static void ec_double(const struct tch_ec_curve *c, struct tch_ec_point *out,
                      const struct tch_ec_point *p)
{
    const struct tch_mont *f = &c->p;
    fe t0, t1, t2, t3, x, y, z;

    MUL(t0, p->x, p->x);
    MUL(t1, p->y, p->y);
    MUL(t2, p->z, p->z);
    MUL(t3, p->x, p->y);
    ADD(t3, t3, t3);
    MUL(z, p->x, p->z);
    ADD(z, z, z);
    MUL(y, c->b, t2);
    SUB(y, y, z);
    ADD(x, y, y);
    ADD(y, x, y);
    SUB(x, t1, y);
    ADD(y, t1, y);
    MUL(y, x, y);
    MUL(x, x, t3);
    ADD(t3, t2, t2);
    ADD(t2, t2, t3);
    MUL(z, c->b, z);
    SUB(z, z, t2);
    SUB(z, z, t0);
    ADD(t3, z, z);
    ADD(z, z, t3);
    ADD(t3, t0, t0);
    ADD(t0, t3, t0);
    SUB(t0, t0, t2);
    MUL(t0, t0, z);
    ADD(y, y, t0);
    MUL(t0, p->y, p->z);
    ADD(t0, t0, t0);
    MUL(z, t0, z);
    SUB(out->x, x, z);
    MUL(z, t0, t1);
    memcpy(out->y, y, sizeof out->y);
    ADD(z, z, z);
    ADD(out->z, z, z);
}

static void set_infinity(const struct tch_ec_curve *c, struct tch_ec_point *p)
{
    memset(p, 0, sizeof *p);
    memcpy(p->y, c->one, sizeof p->y);
}

void tch_ec_base(const struct tch_ec_curve *c, struct tch_ec_point *out)
{
    memcpy(out->x, c->gx, sizeof out->x);
    memcpy(out->y, c->gy, sizeof out->y);
    memcpy(out->z, c->one, sizeof out->z);
}

/* comb[i] is the sum of 2^(j len) G over the bits j of i. */
static void derive_comb(struct tch_ec_curve *c)
{
    struct tch_ec_point row;

    c->comb_len = (c->bits + TCH_EC_COMB - 1) / TCH_EC_COMB;
    set_infinity(c, &c->comb[0]);
    tch_ec_base(c, &row);
    for (size_t bit = 1; bit < ENTRIES; bit <<= 1) {
        for (size_t i = 0; i < bit; i++) {
            tch_ec_add(c, &c->comb[bit + i], &c->comb[i], &row);
        }
        for (size_t i = 0; i < c->comb_len; i++) {
            ec_double(c, &row, &row);
        }
    }
}

static void derive(struct tch_ec_curve *c, const struct curve_row *row)
{
    c->group = row->group;
    c->bits = row->bits;
    c->len = (row->bits + 7) / 8;
    c->num = tch_bn_limbs(c->len);
    load_hex(c->p_limbs, row->p);
    load_hex(c->n_limbs, row->n);
    tch_mont_init(&c->p, c->p_limbs, c->p_rr, c->num);
    tch_mont_init(&c->n, c->n_limbs, c->n_rr, c->num);
    load_field(c, c->b, row->b);
    load_field(c, c->gx, row->gx);
    load_field(c, c->gy, row->gy);
    load_field(c, c->one, "1");
    derive_comb(c);
}

static void derive_all(void)
{
    for (size_t i = 0; i < NUM_CURVES; i++) {
        derive(&curves[i], &rows[i]);
    }
}

const struct tch_ec_curve *tch_ec_curve_of(unsigned group)
{
    if (pthread_once(&once, derive_all) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < NUM_CURVES; i++) {
        if (curves[i].group == group) {
            return &curves[i];
        }
    }
    return NULL;
}

/* out = table[index], every entry read. */
static void table_get(struct tch_ec_point *out,
                      const struct tch_ec_point *table, uint64_t index,
                      size_t num)
{
    memset(out, 0, sizeof *out);
    for (uint64_t i = 0; i < ENTRIES; i++) {
        uint64_t mask = tch_bn_eq(&i, &index, 1);

        for (size_t j = 0; j < num; j++) {
            out->x[j] |= table[i].x[j] & mask;
            out->y[j] |= table[i].y[j] & mask;
            out->z[j] |= table[i].z[j] & mask;
        }
    }
}

void tch_ec_mul(const struct tch_ec_curve *c, struct tch_ec_point *out,
                const uint64_t *k, const struct tch_ec_point *p)
{
    struct tch_ec_point table[ENTRIES];
    struct tch_ec_point acc;
    struct tch_ec_point pick;
    size_t at = (c->bits + WINDOW - 1) / WINDOW * WINDOW;

    set_infinity(c, &table[0]);
    table[1] = *p;
    for (size_t i = 2; i < ENTRIES; i++) {
        tch_ec_add(c, &table[i], &table[i - 1], p);
    }
    set_infinity(c, &acc);
    while (at > 0) {
        at -= WINDOW;
        for (unsigned i = 0; i < WINDOW; i++) {
            ec_double(c, &acc, &acc);
        }
        table_get(&pick, table, k[at / 64] >> (at % 64) & (ENTRIES - 1),
                  c->num);
        tch_ec_add(c, &acc, &acc, &pick);
    }
    *out = acc;
    tch_wipe(table, sizeof table);
    tch_wipe(&acc, sizeof acc);
    tch_wipe(&pick, sizeof pick);
}

void tch_ec_mul_base(const struct tch_ec_curve *c, struct tch_ec_point *out,
                     const uint64_t *k)
{
    struct tch_ec_point acc;
    struct tch_ec_point pick;

    set_infinity(c, &acc);
    for (size_t at = c->comb_len; at-- > 0;) {
        uint64_t index = 0;

        for (size_t row = TCH_EC_COMB; row-- > 0;) {
            size_t bit = row * c->comb_len + at;

            index = index << 1 | (k[bit / 64] >> (bit % 64) & 1);
        }
        ec_double(c, &acc, &acc);
        table_get(&pick, c->comb, index, c->num);
        tch_ec_add(c, &acc, &acc, &pick);
    }
    *out = acc;
    tch_wipe(&acc, sizeof acc);
    tch_wipe(&pick, sizeof pick);
}

/* y^2 = x^3 - 3x + b, for reduced x and y in Montgomery form. */
static uint64_t on_curve(const struct tch_ec_curve *c, const uint64_t *x,
                         const uint64_t *y)
{
    const struct tch_mont *f = &c->p;
    fe left, right, three_x;

    MUL(left, y, y);
    MUL(right, x, x);
    MUL(right, right, x);
    ADD(three_x, x, x);
    ADD(three_x, three_x, x);
    SUB(right, right, three_x);
    ADD(right, right, c->b);
    return tch_bn_eq(left, right, c->num);
}

bool tch_ec_read_point(const struct tch_ec_curve *c, struct tch_slice s,
                       struct tch_ec_point *out)
{
    if (s.len != 1 + 2 * c->len || s.p[0] != 0x04) {
        return false;
    }
    if (!tch_bn_load(out->x, c->num, tch_slice_of(s.p + 1, c->len)) ||
        !tch_bn_load(out->y, c->num, tch_slice_of(s.p + 1 + c->len, c->len)) ||
        tch_bn_lt(out->x, c->p_limbs, c->num) == 0 ||
        tch_bn_lt(out->y, c->p_limbs, c->num) == 0) {
        return false;
    }
    tch_mont_in(&c->p, out->x, out->x);
    tch_mont_in(&c->p, out->y, out->y);
    memcpy(out->z, c->one, sizeof out->z);
    return on_curve(c, out->x, out->y) != 0;
}

uint64_t tch_ec_affine(const struct tch_ec_curve *c,
                       const struct tch_ec_point *p, uint64_t *x, uint64_t *y)
{
    fe z, inv;
    uint64_t found;

    /* z is Z R; its inverse 1/(Z R), taken in twice, is the form of 1/Z. */
    memcpy(z, p->z, sizeof z);
    found = tch_bn_invert(inv, z, c->p_limbs, c->num);
    tch_mont_in(&c->p, inv, inv);
    tch_mont_in(&c->p, inv, inv);
    tch_mont_mul(&c->p, z, p->x, inv);
    tch_mont_out(&c->p, x, z);
    if (y != NULL) {
        tch_mont_mul(&c->p, z, p->y, inv);
        tch_mont_out(&c->p, y, z);
    }
    tch_wipe(z, sizeof z);
    tch_wipe(inv, sizeof inv);
    return found;
}

bool tch_ec_write_point(const struct tch_ec_curve *c,
                        const struct tch_ec_point *p, uint8_t *out)
{
    fe x, y;

    if (tch_ec_affine(c, p, x, y) == 0) {
        return false;
    }
    out[0] = 0x04;
    tch_bn_store(out + 1, c->len, x, c->num);
    tch_bn_store(out + 1 + c->len, c->len, y, c->num);
    return true;
}

uint64_t tch_ec_in_range(const struct tch_ec_curve *c, const uint64_t *k)
{
    return tch_bn_lt(k, c->n_limbs, c->num) & ~tch_bn_is_zero(k, c->num);
}
