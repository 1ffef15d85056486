/*
 * Poly1305 (RFC 8439 section 2.5): arithmetic modulo 2^130 - 5 on three limbs
 * of 44, 44 and 42 bits, whose products fit 128-bit sums with room to spare.
 * A product's limb 3 stands for 2^132 = 4 * 2^130, which is 20 modulo the
 * prime: that is the 20 below. The last reduction is by mask.
 */

#include "crypto-glue/own/poly1305.h"

#include <string.h>

#include "crypto-glue/own/load.h"
#include "engine/base/wipe.h"

__extension__ typedef unsigned __int128 u128;

#define BITS44 ((uint64_t)0xFFFFFFFFFFF)
#define BITS42 ((uint64_t)0x3FFFFFFFFFF)

/* The 128 bits at `p` in limbs. */
static inline void to_limbs(uint64_t out[3], const uint8_t *p)
{
    uint64_t low = tch_load_le64(p);
    uint64_t high = tch_load_le64(p + 8);

    out[0] = low & BITS44;
    out[1] = (low >> 44 | high << 20) & BITS44;
    out[2] = high >> 24;
}

void tch_poly1305_init(struct tch_poly1305 *p, const uint8_t *key)
{
    static const uint8_t clamp[16] = { 255, 255, 255, 15, 252, 255, 255, 15,
                                       252, 255, 255, 15, 252, 255, 255, 15 };
    uint8_t r[16];

    for (size_t i = 0; i < sizeof r; i++) {
        r[i] = key[i] & clamp[i];
    }
    to_limbs(p->r, r);
    memset(p->h, 0, sizeof p->h);
    p->pad[0] = tch_load_le64(key + 16);
    p->pad[1] = tch_load_le64(key + 24);
    tch_wipe(r, sizeof r);
}

/* h = (h + block + 2^128) * r, not fully reduced, for each block. */
static void take_blocks(struct tch_poly1305 *p, const uint8_t *data,
                        size_t num)
{
    uint64_t r0 = p->r[0], r1 = p->r[1], r2 = p->r[2];
    uint64_t s1 = r1 * 20, s2 = r2 * 20;
    uint64_t h0 = p->h[0], h1 = p->h[1], h2 = p->h[2];

    for (; num > 0; num--) {
        uint64_t m[3];
        uint64_t carry;
        u128 d0, d1, d2;

        to_limbs(m, data);
        h0 += m[0];
        h1 += m[1];
        h2 += m[2] | (uint64_t)1 << 40;
        d0 = (u128)h0 * r0 + (u128)h1 * s2 + (u128)h2 * s1;
        d1 = (u128)h0 * r1 + (u128)h1 * r0 + (u128)h2 * s2;
        d2 = (u128)h0 * r2 + (u128)h1 * r1 + (u128)h2 * r0;
        d1 += (uint64_t)(d0 >> 44);
        d2 += (uint64_t)(d1 >> 44);
        carry = (uint64_t)(d2 >> 42);
        h0 = ((uint64_t)d0 & BITS44) + carry * 5;
        h1 = ((uint64_t)d1 & BITS44) + (h0 >> 44);
        h2 = (uint64_t)d2 & BITS42;
        h0 &= BITS44;
        data += 16;
    }
    p->h[0] = h0;
    p->h[1] = h1;
    p->h[2] = h2;
}

void tch_poly1305_update(struct tch_poly1305 *p, const uint8_t *data,
                         size_t len)
{
    take_blocks(p, data, len / 16);
    if (len % 16 > 0) {
        uint8_t block[16] = { 0 };

        memcpy(block, data + len / 16 * 16, len % 16);
        take_blocks(p, block, 1);
    }
}

/* Carries from limb to limb, and from the top back to the bottom. */
static void carry_round(uint64_t h[3])
{
    h[1] += h[0] >> 44;
    h[0] &= BITS44;
    h[2] += h[1] >> 44;
    h[1] &= BITS44;
    h[0] += (h[2] >> 42) * 5;
    h[2] &= BITS42;
}

/* h modulo the prime: h + 5 - 2^130 if that is not negative. */
static void reduce(uint64_t h[3])
{
    uint64_t g[3];
    uint64_t keep_h;

    carry_round(h);
    carry_round(h);
    g[0] = h[0] + 5;
    g[1] = h[1] + (g[0] >> 44);
    g[2] = h[2] + (g[1] >> 44) - ((uint64_t)1 << 42);
    keep_h = 0 - (g[2] >> 63);
    __asm__("" : "+r"(keep_h)); /* stays a mask */
    h[0] = (h[0] & keep_h) | (g[0] & BITS44 & ~keep_h);
    h[1] = (h[1] & keep_h) | (g[1] & BITS44 & ~keep_h);
    h[2] = (h[2] & keep_h) | (g[2] & ~keep_h);
}

void tch_poly1305_final(struct tch_poly1305 *p, uint8_t *tag)
{
    uint64_t low;
    uint64_t high;
    u128 sum;

    reduce(p->h);
    low = p->h[0] | p->h[1] << 44;
    high = p->h[1] >> 20 | p->h[2] << 24;
    sum = (u128)low + p->pad[0];
    tch_store_le64(tag, (uint64_t)sum);
    sum = (u128)high + p->pad[1] + (uint64_t)(sum >> 64);
    tch_store_le64(tag + 8, (uint64_t)sum);
    tch_wipe(p, sizeof *p);
}
