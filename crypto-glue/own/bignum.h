#ifndef TCH_CRYPTO_GLUE_OWN_BIGNUM_H
#define TCH_CRYPTO_GLUE_OWN_BIGNUM_H

/*
 * Numbers of fixed width, in constant time: arrays of 64-bit limbs, least
 * significant first, whose number of limbs is public and whose value is not.
 * Nothing here allocates; time and addresses depend on widths, moduli's bit
 * lengths and public exponents alone (R-KX-024, R-ATK-002, R-ATK-033).
 *
 * Sources: Montgomery 1985; Koc, Acar, Kaliski 1996 (the CIOS loop);
 * Bernstein and Yang 2019 (the inverse).
 */

#include "engine/base/slice.h"

#define TCH_BN_MAX_LIMBS 128 /* 8192 bits, R-KX-029 */

/* tch_bn_limbs is the number of limbs that hold `len` bytes. */
static inline size_t tch_bn_limbs(size_t len)
{
    return (len + 7) / 8;
}

/* tch_bn_load reads a big-endian number into `num` limbs. False when it does
 * not fit, which is decided by its length and the bytes beyond. */
TCH_MUST_CHECK bool tch_bn_load(uint64_t *a, size_t num, struct tch_slice s);

/* tch_bn_store writes the low `len` bytes, big-endian. */
void tch_bn_store(uint8_t *out, size_t len, const uint64_t *a, size_t num);

/* tch_bn_bits is the number of bits up to the highest that is set. Its time
 * tells that number: for moduli and public values. */
unsigned tch_bn_bits(const uint64_t *a, size_t num);

/* tch_bn_add, tch_bn_sub: out = a + b, a - b; the carry or borrow, 0 or 1. */
uint64_t tch_bn_add(uint64_t *out, const uint64_t *a, const uint64_t *b,
                    size_t num);
uint64_t tch_bn_sub(uint64_t *out, const uint64_t *a, const uint64_t *b,
                    size_t num);

/* tch_bn_select: out = a under a mask of ones, b under a mask of zeros. */
void tch_bn_select(uint64_t *out, uint64_t mask, const uint64_t *a,
                   const uint64_t *b, size_t num);

/* Masks of 64 ones when a < b, a = b, a = 0. */
uint64_t tch_bn_lt(const uint64_t *a, const uint64_t *b, size_t num);
uint64_t tch_bn_eq(const uint64_t *a, const uint64_t *b, size_t num);
uint64_t tch_bn_is_zero(const uint64_t *a, size_t num);

/* tch_bn_mul: out = a * b, of num_a + num_b limbs; `out` overlaps neither. */
void tch_bn_mul(uint64_t *out, const uint64_t *a, size_t num_a,
                const uint64_t *b, size_t num_b);

/* tch_bn_half: a = a / 2, the lost bit dropped. */
void tch_bn_half(uint64_t *a, size_t num);

/* tch_mont is an odd modulus > 1 with what Montgomery's method needs. `m` and
 * `rr` (R^2 mod m, R = 2^(64 num)) belong to the caller and must outlive it. */
struct tch_mont {
    const uint64_t *m;
    const uint64_t *rr;
    uint64_t n0; /* -1/m mod 2^64 */
    size_t num;
};

/* tch_mont_init fills `ctx` and `rr` for the odd modulus `m`, whose bit
 * length is public; `num` is 1 to TCH_BN_MAX_LIMBS. */
void tch_mont_init(struct tch_mont *ctx, const uint64_t *m, uint64_t *rr,
                   size_t num);

/* tch_mont_mul: out = a b / R mod m, fully reduced, for a b < m R. The
 * operands may overlap in whole. */
void tch_mont_mul(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *a, const uint64_t *b);

/* tch_mont_add, tch_mont_sub: mod m, for reduced operands. */
void tch_mont_add(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *a, const uint64_t *b);
void tch_mont_sub(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *a, const uint64_t *b);

/* tch_mont_in, tch_mont_out: out = a R mod m, out = a / R mod m. */
void tch_mont_in(const struct tch_mont *ctx, uint64_t *out,
                 const uint64_t *a);
void tch_mont_out(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *a);

/* tch_mont_reduce: out = a mod m, for `a` of any number of limbs. */
void tch_mont_reduce(const struct tch_mont *ctx, uint64_t *out,
                     const uint64_t *a, size_t num_a);

/* Limbs of scratch that tch_mont_exp needs for a modulus of `num` limbs. */
#define TCH_MONT_WINDOW 5
#define TCH_MONT_EXP_SCRATCH(num) (((size_t)1 << TCH_MONT_WINDOW) * (num))

/*
 * tch_mont_exp: out = base^exp mod m, ordinary (not Montgomery) numbers,
 * base < m. The exponent's low `bits` bits count, all of them whatever their
 * value; `exp` is secret, `bits` is not. `scratch` holds secrets after it: the
 * caller wipes it.
 */
void tch_mont_exp(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *base, const uint64_t *exp, unsigned bits,
                  uint64_t *scratch);

/* tch_mont_exp_public: out = base^exp mod m for a public exponent > 0; `out`
 * is not `base`. */
void tch_mont_exp_public(const struct tch_mont *ctx, uint64_t *out,
                         const uint64_t *base, uint64_t exp);

/*
 * tch_bn_invert: out = 1/a mod m, for odd m > 1 and a < m; a mask of ones, or
 * zeros when there is none (out is then of no use). Time depends on `num`.
 */
uint64_t tch_bn_invert(uint64_t *out, const uint64_t *a, const uint64_t *m,
                       size_t num);

#endif
