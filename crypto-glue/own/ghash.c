/*
 * GHASH by integer multiplication with holes. If only every fifth bit of two
 * 64-bit factors may be set, each column of their product sums at most 13
 * ones: the sum needs four bits and stays clear of the next column, whose
 * lowest bit is then the carry-less result. A factor is five such words, a
 * product 25 multiplications.
 *
 * A block's first bit is the coefficient of x^0, yet it is the highest bit of
 * the big-endian number. Products of numbers so reflected come out one bit
 * too low, so the 256-bit product is shifted up by one. Then the half that
 * stands for x^128 and above, the lower one, folds onto the upper by
 * x^128 = 1 + x + x^2 + x^7; times x is a shift down.
 */

#include "crypto-glue/own/ghash.h"

#include <string.h>

#include "crypto-glue/own/load.h"

__extension__ typedef unsigned __int128 u128;

/* Bits 0, 5, 10, ... and the same shifted by 1 to 4. */
static const uint64_t every_fifth[5] = {
    0x1084210842108421, 0x2108421084210842, 0x4210842108421084,
    0x8421084210842108, 0x0842108421084210
};

static inline void split(uint64_t out[5], uint64_t v)
{
    for (unsigned i = 0; i < 5; i++) {
        out[i] = v & every_fifth[i];
    }
}

/* Bit 64 is 4 modulo 5: the upper word's masks are one step ahead. */
static inline u128 column(u128 z, unsigned k)
{
    return z & ((u128)every_fifth[(k + 1) % 5] << 64 | every_fifth[k]);
}

/* The carry-less product of `v` and the word cut up in `y`. */
static inline u128 multiply(uint64_t v, const uint64_t y[5])
{
    uint64_t x[5];
    u128 z0, z1, z2, z3, z4;

    split(x, v);
#define TERM(i, j) ((u128)x[i] * y[j])
    z0 = TERM(0, 0) ^ TERM(1, 4) ^ TERM(2, 3) ^ TERM(3, 2) ^ TERM(4, 1);
    z1 = TERM(0, 1) ^ TERM(1, 0) ^ TERM(2, 4) ^ TERM(3, 3) ^ TERM(4, 2);
    z2 = TERM(0, 2) ^ TERM(1, 1) ^ TERM(2, 0) ^ TERM(3, 4) ^ TERM(4, 3);
    z3 = TERM(0, 3) ^ TERM(1, 2) ^ TERM(2, 1) ^ TERM(3, 0) ^ TERM(4, 4);
    z4 = TERM(0, 4) ^ TERM(1, 3) ^ TERM(2, 2) ^ TERM(3, 1) ^ TERM(4, 0);
#undef TERM
    return column(z0, 0) | column(z1, 1) | column(z2, 2) | column(z3, 3) |
           column(z4, 4);
}

/* y = y * H, by Karatsuba's three products. */
static void multiply_h(uint64_t y[2], const struct tch_ghash_key *k)
{
    u128 low = multiply(y[1], k->part[0]);
    u128 high = multiply(y[0], k->part[1]);
    u128 mid = multiply(y[0] ^ y[1], k->part[2]) ^ low ^ high;
    uint64_t v0 = (uint64_t)low;
    uint64_t v1 = (uint64_t)(low >> 64) ^ (uint64_t)mid;
    uint64_t v2 = (uint64_t)high ^ (uint64_t)(mid >> 64);
    uint64_t v3 = (uint64_t)(high >> 64);

    v3 = v3 << 1 | v2 >> 63;
    v2 = v2 << 1 | v1 >> 63;
    v1 = v1 << 1 | v0 >> 63;
    v0 = v0 << 1;
    v2 ^= v0 ^ v0 >> 1 ^ v0 >> 2 ^ v0 >> 7;
    v1 ^= v0 << 63 ^ v0 << 62 ^ v0 << 57;
    v3 ^= v1 ^ v1 >> 1 ^ v1 >> 2 ^ v1 >> 7;
    v2 ^= v1 << 63 ^ v1 << 62 ^ v1 << 57;
    y[0] = v3;
    y[1] = v2;
}

void tch_ghash_init(struct tch_ghash_key *k, const uint8_t *h)
{
    uint64_t high = tch_load_be64(h);
    uint64_t low = tch_load_be64(h + 8);

    split(k->part[0], low);
    split(k->part[1], high);
    split(k->part[2], low ^ high);
}

static void take_block(const struct tch_ghash_key *k, uint64_t y[2],
                       const uint8_t *block)
{
    y[0] ^= tch_load_be64(block);
    y[1] ^= tch_load_be64(block + 8);
    multiply_h(y, k);
}

void tch_ghash_update(const struct tch_ghash_key *k, uint64_t y[2],
                      const uint8_t *data, size_t len)
{
    for (; len >= 16; len -= 16) {
        take_block(k, y, data);
        data += 16;
    }
    if (len > 0) {
        uint8_t block[16] = { 0 };

        memcpy(block, data, len);
        take_block(k, y, block);
    }
}

void tch_ghash_final(const struct tch_ghash_key *k, uint64_t y[2],
                     size_t aad_len, size_t len, uint8_t *out)
{
    y[0] ^= (uint64_t)aad_len * 8;
    y[1] ^= (uint64_t)len * 8;
    multiply_h(y, k);
    tch_store_be64(out, y[0]);
    tch_store_be64(out + 8, y[1]);
}
