/*
 * Fixed-width arithmetic and Montgomery's multiplication. Every function runs
 * through all limbs whatever they hold; a comparison is a borrow, a choice is
 * a mask, a table is read whole. That is what libtomcrypt's math providers do
 * not do (libtomcrypt-notes L5), and why private operations come here.
 *
 * The multiplication interleaves a * b[i] and the reduction in one pass: two
 * carries run side by side, which keeps the multiplier busy. For the widths
 * that matter (the three curves, halves of RSA-2048 to 4096) the loop is
 * instantiated with a constant number of limbs.
 */

#include "crypto-glue/own/bignum.h"

#include <string.h>

#include "engine/base/wipe.h"

__extension__ typedef unsigned __int128 u128;

/* The compiler does not see where a value comes from. It goes round the
 * finished mask: clang 14 turns the use of a mask made by "0 - bit" back into
 * a branch on the bit when only the bit was hidden. */
static inline uint64_t hide(uint64_t v)
{
    __asm__("" : "+r"(v));
    return v;
}

/* All ones when v is not 0. */
static inline uint64_t mask_nonzero(uint64_t v)
{
    return hide(0 - ((v | (0 - v)) >> 63));
}

bool tch_bn_load(uint64_t *a, size_t num, struct tch_slice s)
{
    uint8_t beyond = 0;

    memset(a, 0, num * sizeof a[0]);
    for (size_t i = 0; i < s.len; i++) {
        uint8_t b = s.p[s.len - 1 - i];

        if (i / 8 < num) {
            a[i / 8] |= (uint64_t)b << (8 * (i % 8));
        } else {
            beyond |= b;
        }
    }
    return beyond == 0;
}

void tch_bn_store(uint8_t *out, size_t len, const uint64_t *a, size_t num)
{
    for (size_t i = 0; i < len; i++) {
        uint64_t limb = i / 8 < num ? a[i / 8] : 0;

        out[len - 1 - i] = (uint8_t)(limb >> (8 * (i % 8)));
    }
}

unsigned tch_bn_bits(const uint64_t *a, size_t num)
{
    while (num > 0 && a[num - 1] == 0) {
        num--;
    }
    if (num == 0) {
        return 0;
    }
    return (unsigned)(64 * num) - (unsigned)__builtin_clzll(a[num - 1]);
}

static inline __attribute__((always_inline)) uint64_t
add_width(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t num)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < num; i++) {
        u128 s = (u128)a[i] + b[i] + carry;

        out[i] = (uint64_t)s;
        carry = (uint64_t)(s >> 64);
    }
    return carry;
}

uint64_t tch_bn_add(uint64_t *out, const uint64_t *a, const uint64_t *b,
                    size_t num)
{
    return add_width(out, a, b, num);
}

static inline __attribute__((always_inline)) uint64_t
sub_width(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t num)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < num; i++) {
        u128 s = (u128)a[i] - b[i] - borrow;

        out[i] = (uint64_t)s;
        borrow = (uint64_t)(s >> 64) & 1;
    }
    return borrow;
}

uint64_t tch_bn_sub(uint64_t *out, const uint64_t *a, const uint64_t *b,
                    size_t num)
{
    return sub_width(out, a, b, num);
}

static inline __attribute__((always_inline)) void
select_width(uint64_t *out, uint64_t mask, const uint64_t *a,
             const uint64_t *b, size_t num)
{
    mask = hide(mask);
    for (size_t i = 0; i < num; i++) {
        out[i] = (a[i] & mask) | (b[i] & ~mask);
    }
}

void tch_bn_select(uint64_t *out, uint64_t mask, const uint64_t *a,
                   const uint64_t *b, size_t num)
{
    select_width(out, mask, a, b, num);
}

uint64_t tch_bn_lt(const uint64_t *a, const uint64_t *b, size_t num)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < num; i++) {
        u128 s = (u128)a[i] - b[i] - borrow;

        borrow = (uint64_t)(s >> 64) & 1;
    }
    return hide(0 - borrow);
}

uint64_t tch_bn_eq(const uint64_t *a, const uint64_t *b, size_t num)
{
    uint64_t diff = 0;

    for (size_t i = 0; i < num; i++) {
        diff |= a[i] ^ b[i];
    }
    return ~mask_nonzero(diff);
}

uint64_t tch_bn_is_zero(const uint64_t *a, size_t num)
{
    uint64_t any = 0;

    for (size_t i = 0; i < num; i++) {
        any |= a[i];
    }
    return ~mask_nonzero(any);
}

void tch_bn_mul(uint64_t *out, const uint64_t *a, size_t num_a,
                const uint64_t *b, size_t num_b)
{
    memset(out, 0, (num_a + num_b) * sizeof out[0]);
    for (size_t i = 0; i < num_b; i++) {
        uint64_t carry = 0;

        for (size_t j = 0; j < num_a; j++) {
            u128 s = (u128)a[j] * b[i] + out[i + j] + carry;

            out[i + j] = (uint64_t)s;
            carry = (uint64_t)(s >> 64);
        }
        out[i + num_a] = carry;
    }
}

void tch_bn_half(uint64_t *a, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        uint64_t above = i + 1 < num ? a[i + 1] << 63 : 0;

        a[i] = a[i] >> 1 | above;
    }
}

/* One row of the product: t = (t + a * bi + k * m) / 2^64, with the k that
 * makes it divide. t has num + 1 limbs, the last one 0 or 1. */
static inline __attribute__((always_inline)) void
mont_row(uint64_t *t, const uint64_t *a, uint64_t bi, const uint64_t *m,
         uint64_t n0, size_t num)
{
    u128 s = (u128)a[0] * bi + t[0];
    uint64_t k = (uint64_t)s * n0;
    u128 r = (u128)k * m[0] + (uint64_t)s;

    for (size_t j = 1; j < num; j++) {
        s = (u128)a[j] * bi + t[j] + (uint64_t)(s >> 64);
        r = (u128)k * m[j] + (uint64_t)s + (uint64_t)(r >> 64);
        t[j - 1] = (uint64_t)r;
    }
    s = (u128)t[num] + (uint64_t)(s >> 64) + (uint64_t)(r >> 64);
    t[num - 1] = (uint64_t)s;
    t[num] = (uint64_t)(s >> 64);
}

/* out = t mod m, for t < 2m of num limbs and `top`; `tmp` has num limbs. */
static inline __attribute__((always_inline)) void
mont_finish(uint64_t *out, const uint64_t *t, uint64_t top, const uint64_t *m,
            uint64_t *tmp, size_t num)
{
    uint64_t borrow = sub_width(tmp, t, m, num);

    /* Keep t only when it is smaller than m: no carry, and a borrow. */
    select_width(out, 0 - (borrow & ~top & 1), t, tmp, num);
}

static inline __attribute__((always_inline)) void
mont_mul_width(const struct tch_mont *ctx, uint64_t *out, const uint64_t *a,
               const uint64_t *b, uint64_t *t, uint64_t *tmp, size_t num)
{
    memset(t, 0, (num + 1) * sizeof t[0]);
    for (size_t i = 0; i < num; i++) {
        mont_row(t, a, b[i], ctx->m, ctx->n0, num);
    }
    mont_finish(out, t, t[num], ctx->m, tmp, num);
}

#define MUL_WIDTH(n)                                                          \
    static void mont_mul_##n(const struct tch_mont *ctx, uint64_t *out,       \
                             const uint64_t *a, const uint64_t *b)            \
    {                                                                         \
        uint64_t t[(n) + 1];                                                  \
        uint64_t tmp[n];                                                      \
                                                                              \
        mont_mul_width(ctx, out, a, b, t, tmp, n);                            \
    }
MUL_WIDTH(4)
MUL_WIDTH(6)
MUL_WIDTH(9)
MUL_WIDTH(16)
MUL_WIDTH(24)
MUL_WIDTH(32)

static void mont_mul_any(const struct tch_mont *ctx, uint64_t *out,
                         const uint64_t *a, const uint64_t *b)
{
    uint64_t t[TCH_BN_MAX_LIMBS + 1];
    uint64_t tmp[TCH_BN_MAX_LIMBS];

    mont_mul_width(ctx, out, a, b, t, tmp, ctx->num);
}

void tch_mont_mul(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *a, const uint64_t *b)
{
    switch (ctx->num) {
    case 4:
        mont_mul_4(ctx, out, a, b);
        return;
    case 6:
        mont_mul_6(ctx, out, a, b);
        return;
    case 9:
        mont_mul_9(ctx, out, a, b);
        return;
    case 16:
        mont_mul_16(ctx, out, a, b);
        return;
    case 24:
        mont_mul_24(ctx, out, a, b);
        return;
    case 32:
        mont_mul_32(ctx, out, a, b);
        return;
    default:
        mont_mul_any(ctx, out, a, b);
        return;
    }
}

static inline __attribute__((always_inline)) void
mont_add_width(const struct tch_mont *ctx, uint64_t *out, const uint64_t *a,
               const uint64_t *b, size_t num)
{
    uint64_t sum[TCH_BN_MAX_LIMBS];
    uint64_t tmp[TCH_BN_MAX_LIMBS];
    uint64_t top = add_width(sum, a, b, num);

    mont_finish(out, sum, top, ctx->m, tmp, num);
}

static inline __attribute__((always_inline)) void
mont_sub_width(const struct tch_mont *ctx, uint64_t *out, const uint64_t *a,
               const uint64_t *b, size_t num)
{
    uint64_t diff[TCH_BN_MAX_LIMBS];
    uint64_t back[TCH_BN_MAX_LIMBS];
    uint64_t borrow = sub_width(diff, a, b, num);

    (void)add_width(back, diff, ctx->m, num);
    select_width(out, 0 - borrow, back, diff, num);
}

void tch_mont_add(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *a, const uint64_t *b)
{
    switch (ctx->num) {
    case 4:
        mont_add_width(ctx, out, a, b, 4);
        return;
    case 6:
        mont_add_width(ctx, out, a, b, 6);
        return;
    case 9:
        mont_add_width(ctx, out, a, b, 9);
        return;
    default:
        mont_add_width(ctx, out, a, b, ctx->num);
        return;
    }
}

void tch_mont_sub(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *a, const uint64_t *b)
{
    switch (ctx->num) {
    case 4:
        mont_sub_width(ctx, out, a, b, 4);
        return;
    case 6:
        mont_sub_width(ctx, out, a, b, 6);
        return;
    case 9:
        mont_sub_width(ctx, out, a, b, 9);
        return;
    default:
        mont_sub_width(ctx, out, a, b, ctx->num);
        return;
    }
}

void tch_mont_in(const struct tch_mont *ctx, uint64_t *out, const uint64_t *a)
{
    tch_mont_mul(ctx, out, a, ctx->rr);
}

void tch_mont_out(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *a)
{
    uint64_t one[TCH_BN_MAX_LIMBS] = { 1 };

    tch_mont_mul(ctx, out, a, one);
}

void tch_mont_init(struct tch_mont *ctx, const uint64_t *m, uint64_t *rr,
                   size_t num)
{
    unsigned bits = tch_bn_bits(m, num);
    unsigned doublings = (unsigned)(64 * num) - bits + 1 + (unsigned)num;
    uint64_t inv = m[0]; /* right to 3 bits; each step doubles them */

    for (unsigned i = 0; i < 5; i++) {
        inv *= 2 - m[0] * inv;
    }
    ctx->m = m;
    ctx->rr = rr;
    ctx->n0 = 0 - inv;
    ctx->num = num;

    /* 2^(bits-1) doubled to R, the Montgomery form of 1, and on to that of
     * 2^num; six squarings later it is the form of 2^(64 num), R^2. */
    memset(rr, 0, num * sizeof rr[0]);
    rr[(bits - 1) / 64] = (uint64_t)1 << ((bits - 1) % 64);
    for (unsigned i = 0; i < doublings; i++) {
        tch_mont_add(ctx, rr, rr, rr);
    }
    for (unsigned i = 0; i < 6; i++) {
        tch_mont_mul(ctx, rr, rr, rr);
    }
}

void tch_mont_reduce(const struct tch_mont *ctx, uint64_t *out,
                     const uint64_t *a, size_t num_a)
{
    uint64_t piece[TCH_BN_MAX_LIMBS];
    uint64_t sum[TCH_BN_MAX_LIMBS] = { 0 };
    size_t num = ctx->num;
    size_t pieces = (num_a + num - 1) / num;

    /* Horner over pieces of num limbs, in Montgomery form: times R, plus the
     * next piece, which need not be reduced since piece * rr < R m. */
    for (size_t i = pieces; i-- > 0;) {
        size_t n = num_a - i * num < num ? num_a - i * num : num;

        memset(piece, 0, num * sizeof piece[0]);
        memcpy(piece, a + i * num, n * sizeof piece[0]);
        tch_mont_mul(ctx, piece, piece, ctx->rr);
        tch_mont_mul(ctx, sum, sum, ctx->rr);
        tch_mont_add(ctx, sum, sum, piece);
    }
    tch_mont_out(ctx, out, sum);
    tch_wipe(piece, sizeof piece);
    tch_wipe(sum, sizeof sum);
}

/* out = table[index], touching every entry. */
static void table_get(uint64_t *out, const uint64_t *table, size_t entries,
                      uint64_t index, size_t num)
{
    memset(out, 0, num * sizeof out[0]);
    for (size_t i = 0; i < entries; i++) {
        uint64_t mask = ~mask_nonzero((uint64_t)i ^ index);

        for (size_t j = 0; j < num; j++) {
            out[j] |= table[i * num + j] & mask;
        }
    }
}

/* The TCH_MONT_WINDOW bits of `exp` from bit `at` on, below `bits`. */
static uint64_t window_at(const uint64_t *exp, unsigned at, unsigned bits)
{
    uint64_t w = 0;

    for (unsigned i = TCH_MONT_WINDOW; i-- > 0;) {
        w <<= 1;
        if (at + i < bits) {
            w |= exp[(at + i) / 64] >> ((at + i) % 64) & 1;
        }
    }
    return w;
}

void tch_mont_exp(const struct tch_mont *ctx, uint64_t *out,
                  const uint64_t *base, const uint64_t *exp, unsigned bits,
                  uint64_t *scratch)
{
    const size_t entries = (size_t)1 << TCH_MONT_WINDOW;
    size_t num = ctx->num;
    uint64_t acc[TCH_BN_MAX_LIMBS];
    uint64_t pick[TCH_BN_MAX_LIMBS];
    unsigned at = (bits + TCH_MONT_WINDOW - 1) / TCH_MONT_WINDOW *
                  TCH_MONT_WINDOW;

    tch_mont_out(ctx, scratch, ctx->rr); /* 1 */
    tch_mont_in(ctx, scratch + num, base);
    for (size_t i = 2; i < entries; i++) {
        tch_mont_mul(ctx, scratch + i * num, scratch + (i - 1) * num,
                     scratch + num);
    }
    memcpy(acc, scratch, num * sizeof acc[0]);
    while (at > 0) {
        at -= TCH_MONT_WINDOW;
        for (unsigned i = 0; i < TCH_MONT_WINDOW; i++) {
            tch_mont_mul(ctx, acc, acc, acc);
        }
        table_get(pick, scratch, entries, window_at(exp, at, bits), num);
        tch_mont_mul(ctx, acc, acc, pick);
    }
    tch_mont_out(ctx, out, acc);
    tch_wipe(acc, sizeof acc);
    tch_wipe(pick, sizeof pick);
}

void tch_mont_exp_public(const struct tch_mont *ctx, uint64_t *out,
                         const uint64_t *base, uint64_t exp)
{
    uint64_t b[TCH_BN_MAX_LIMBS];
    uint64_t acc[TCH_BN_MAX_LIMBS];
    unsigned bit = 63 - (unsigned)__builtin_clzll(exp);

    tch_mont_in(ctx, b, base);
    memcpy(acc, b, ctx->num * sizeof acc[0]);
    while (bit-- > 0) {
        tch_mont_mul(ctx, acc, acc, acc);
        if (exp >> bit & 1) {
            tch_mont_mul(ctx, acc, acc, b);
        }
    }
    tch_mont_out(ctx, out, acc);
    tch_wipe(b, sizeof b); /* a blinding factor may be the base */
    tch_wipe(acc, sizeof acc);
}
