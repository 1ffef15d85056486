/*
 * Bitsliced AES. Eight words hold eight blocks: word b has bit b of every
 * byte. What AES does to a byte becomes logic between words, done for all
 * bytes at once, and what it does to positions becomes rotation inside words.
 *
 * A word is two 64-bit lanes, four blocks a lane (the compiler's vectors;
 * without vector registers it makes two 64-bit words of them). Inside a lane
 * the bit of block k, row r, column c lies at 16 r + 4 c + k. So a row is a
 * group of 16 bits: ShiftRows rotates within the groups, and MixColumns
 * rotates the lane by whole groups.
 *
 * The S-box is a circuit of 113 gates (Boyar and Peralta). Its inverse is the
 * same circuit between two inverse affine maps: S = A o inv, so
 * inv o A^-1 = A^-1 o S o A^-1.
 *
 * Round keys are the same for all blocks of a lane: every fourth bit of a
 * word says it all, and eight words pack into two.
 */

#include "crypto-glue/own/aes_ct.h"

#include <string.h>

#include "crypto-glue/own/load.h"
#include "engine/base/wipe.h"

#if defined(__GNUC__) && !defined(__clang__)
/* GCC 12's analyser takes a vector's lanes for one bit each, and does not
 * follow a vector array through a loop that fills it. */
#pragma GCC diagnostic ignored "-Wanalyzer-shift-count-overflow"
#pragma GCC diagnostic ignored "-Wanalyzer-use-of-uninitialized-value"
#endif

typedef uint64_t word __attribute__((vector_size(16)));

#define LANES 2
#define BLOCKS 8 /* in eight words */
#define BATCH (BLOCKS * TCH_AES_BLOCK)

/* Round keys unpacked for use: same in all lanes. */
struct schedule {
    word key[TCH_AES_ROUNDS_MAX + 1][8];
    unsigned rounds;
};

/* Swaps the bits of `x` under `mask` << n with those of `y` under `mask`. */
#define SWAP_BITS(x, y, mask, n)                                              \
    do {                                                                      \
        word swap_ = (((x) >> (n)) ^ (y)) & (uint64_t)(mask);                 \
        (y) ^= swap_;                                                         \
        (x) ^= swap_ << (n);                                                  \
    } while (0)

/* Transposes 8 x 8 bits, byte by byte: word i bit b <-> word b bit i. */
static void transpose(word q[8])
{
    for (unsigned i = 0; i < 8; i += 2) {
        SWAP_BITS(q[i], q[i + 1], 0x5555555555555555, 1);
    }
    for (unsigned i = 0; i < 8; i += 4) {
        SWAP_BITS(q[i], q[i + 2], 0x3333333333333333, 2);
        SWAP_BITS(q[i + 1], q[i + 3], 0x3333333333333333, 2);
    }
    for (unsigned i = 0; i < 4; i++) {
        SWAP_BITS(q[i], q[i + 4], 0x0F0F0F0F0F0F0F0F, 4);
    }
}

/* Bytes a0 a1 a2 a3 b0 b1 b2 b3 become a0 b0 a1 b1 a2 b2 a3 b3. */
static word interleave(word x)
{
    word d = (x ^ (x >> 16)) & (uint64_t)0x00000000FFFF0000;

    x ^= d ^ (d << 16);
    d = (x ^ (x >> 8)) & (uint64_t)0x0000FF000000FF00;
    return x ^ d ^ (d << 8);
}

static word deinterleave(word x)
{
    word d = (x ^ (x >> 8)) & (uint64_t)0x0000FF000000FF00;

    x ^= d ^ (d << 8);
    d = (x ^ (x >> 16)) & (uint64_t)0x00000000FFFF0000;
    return x ^ d ^ (d << 16);
}

/* Eight blocks into eight words. Word k gets columns 0 and 2 of block k of
 * each lane, word k + 4 columns 1 and 3; the transposition does the rest. */
static void load(word q[8], const uint8_t *in)
{
    for (unsigned k = 0; k < 4; k++) {
        const uint8_t *p0 = in + k * TCH_AES_BLOCK;
        const uint8_t *p1 = p0 + BATCH / LANES;
        word left = { tch_load_le64(p0), tch_load_le64(p1) };
        word right = { tch_load_le64(p0 + 8), tch_load_le64(p1 + 8) };

        q[k] = interleave((left & (uint64_t)0xFFFFFFFF) | right << 32);
        q[k + 4] = interleave(left >> 32 |
                              (right & (uint64_t)0xFFFFFFFF00000000));
    }
    transpose(q);
}

static void store(uint8_t *out, word q[8])
{
    transpose(q);
    for (unsigned k = 0; k < 4; k++) {
        uint8_t *p0 = out + k * TCH_AES_BLOCK;
        uint8_t *p1 = p0 + BATCH / LANES;
        word even = deinterleave(q[k]);
        word odd = deinterleave(q[k + 4]);
        word left = (even & (uint64_t)0xFFFFFFFF) | odd << 32;
        word right = even >> 32 | (odd & (uint64_t)0xFFFFFFFF00000000);

        tch_store_le64(p0, left[0]);
        tch_store_le64(p0 + 8, right[0]);
        tch_store_le64(p1, left[1]);
        tch_store_le64(p1 + 8, right[1]);
    }
}

/* The circuit. Names are those of the paper; x0 is the highest bit. */
static inline void sub_bytes(word q[8])
{
    word x0 = q[7], x1 = q[6], x2 = q[5], x3 = q[4];
    word x4 = q[3], x5 = q[2], x6 = q[1], x7 = q[0];

    /* Into the representation over GF(2^4). */
    word y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5;
    word t0 = x1 ^ x2, y1 = t0 ^ x7, y4 = y1 ^ x3, y12 = y13 ^ y14;
    word y2 = y1 ^ x0, y5 = y1 ^ x6, y3 = y5 ^ y8, t1 = x4 ^ y12;
    word y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7, y10 = y15 ^ t0;
    word y11 = y20 ^ y9, y7 = x7 ^ y11, y17 = y10 ^ y11, y19 = y10 ^ y8;
    word y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = x0 ^ y16;

    /* The inversion. */
    word t2 = y12 & y15, t3 = y3 & y6, t4 = t3 ^ t2, t5 = y4 & x7;
    word t6 = t5 ^ t2, t7 = y13 & y16, t8 = y5 & y1, t9 = t8 ^ t7;
    word t10 = y2 & y7, t11 = t10 ^ t7, t12 = y9 & y11, t13 = y14 & y17;
    word t14 = t13 ^ t12, t15 = y8 & y10, t16 = t15 ^ t12, t17 = t4 ^ t14;
    word t18 = t6 ^ t16, t19 = t9 ^ t14, t20 = t11 ^ t16, t21 = t17 ^ y20;
    word t22 = t18 ^ y19, t23 = t19 ^ y21, t24 = t20 ^ y18;
    word t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26;
    word t28 = t25 & t27, t29 = t28 ^ t22, t30 = t23 ^ t24;
    word t31 = t22 ^ t26, t32 = t31 & t30, t33 = t32 ^ t24;
    word t34 = t23 ^ t33, t35 = t27 ^ t33, t36 = t24 & t35;
    word t37 = t36 ^ t34, t38 = t27 ^ t36, t39 = t29 & t38;
    word t40 = t25 ^ t39, t41 = t40 ^ t37, t42 = t29 ^ t33;
    word t43 = t29 ^ t40, t44 = t33 ^ t37, t45 = t42 ^ t41;
    word z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & x7, z3 = t43 & y16;
    word z4 = t40 & y1, z5 = t29 & y7, z6 = t42 & y11, z7 = t45 & y17;
    word z8 = t41 & y10, z9 = t44 & y12, z10 = t37 & y3, z11 = t33 & y4;
    word z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2, z15 = t42 & y9;
    word z16 = t45 & y14, z17 = t41 & y8;

    /* Back, with the affine map. */
    word t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10;
    word t50 = z2 ^ z12, t51 = z2 ^ z5, t52 = z7 ^ z8, t53 = z0 ^ z3;
    word t54 = z6 ^ z7, t55 = z16 ^ z17, t56 = z12 ^ t48, t57 = t50 ^ t53;
    word t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57, t61 = z14 ^ t57;
    word t62 = t52 ^ t58, t63 = t49 ^ t58, t64 = z4 ^ t59, t65 = t61 ^ t62;
    word t66 = z1 ^ t63, t67 = t64 ^ t65, s3 = t53 ^ t66;

    q[7] = t59 ^ t63;
    q[6] = t64 ^ ~s3;
    q[5] = t55 ^ ~t67;
    q[4] = s3;
    q[3] = t51 ^ t66;
    q[2] = t47 ^ t65;
    q[1] = t56 ^ ~t62;
    q[0] = t48 ^ ~t60;
}

/* The inverse of the S-box's affine map, FIPS 197 5.3.2. */
static inline void inverse_affine(word q[8])
{
    word a0 = q[0], a1 = q[1], a2 = q[2], a3 = q[3];
    word a4 = q[4], a5 = q[5], a6 = q[6], a7 = q[7];

    q[0] = ~(a2 ^ a5 ^ a7);
    q[1] = a3 ^ a6 ^ a0;
    q[2] = ~(a4 ^ a7 ^ a1);
    q[3] = a5 ^ a0 ^ a2;
    q[4] = a6 ^ a1 ^ a3;
    q[5] = a7 ^ a2 ^ a4;
    q[6] = a0 ^ a3 ^ a5;
    q[7] = a1 ^ a4 ^ a6;
}

static inline void inverse_sub_bytes(word q[8])
{
    inverse_affine(q);
    sub_bytes(q);
    inverse_affine(q);
}

/* Rotates rows 2 and 3 by two columns: its own inverse. */
static inline word shift_two(word x)
{
    word d = (x ^ x >> 8) & (uint64_t)0x00FF00FF00000000;

    return x ^ d ^ d << 8;
}

/* Does the same to all eight words; GCC at -O2 would keep a loop. */
#define EACH(q, f)                                                            \
    do {                                                                      \
        (q)[0] = f((q)[0]);                                                   \
        (q)[1] = f((q)[1]);                                                   \
        (q)[2] = f((q)[2]);                                                   \
        (q)[3] = f((q)[3]);                                                   \
        (q)[4] = f((q)[4]);                                                   \
        (q)[5] = f((q)[5]);                                                   \
        (q)[6] = f((q)[6]);                                                   \
        (q)[7] = f((q)[7]);                                                   \
    } while (0)

/* Row r goes r columns to the left: rows 1 and 3 by one, 2 and 3 by two. */
static inline word shift_left(word x)
{
    return shift_two((x & (uint64_t)0x0000FFFF0000FFFF) |
                     (x & (uint64_t)0xFFF00000FFF00000) >> 4 |
                     (x & (uint64_t)0x000F0000000F0000) << 12);
}

static inline void shift_rows(word q[8])
{
    EACH(q, shift_left);
}

static inline word shift_right(word x)
{
    return shift_two((x & (uint64_t)0x0000FFFF0000FFFF) |
                     (x & (uint64_t)0x0FFF00000FFF0000) << 4 |
                     (x & (uint64_t)0xF0000000F0000000) >> 12);
}

static inline void inverse_shift_rows(word q[8])
{
    EACH(q, shift_right);
}

/* The next row, and the next but one, at each place. */
static inline word next_row(word x)
{
    return x >> 16 | x << 48;
}

static inline word row_after_next(word x)
{
    return x >> 32 | x << 32;
}

/* The sum of a byte and the one below; see mix_columns. */
static inline word with_next(word x)
{
    return x ^ next_row(x);
}

/* With t = a + next(a): 2 t + next(a) + t two rows on, where
 * next(a) = t + a. */
static inline void mix_columns(word q[8])
{
    word t0 = with_next(q[0]), t1 = with_next(q[1]), t2 = with_next(q[2]);
    word t3 = with_next(q[3]), t4 = with_next(q[4]), t5 = with_next(q[5]);
    word t6 = with_next(q[6]), t7 = with_next(q[7]);

    /* Doubling moves bits up; bit 7 comes back at 0, 1, 3 and 4. */
    q[0] ^= t0 ^ row_after_next(t0) ^ t7;
    q[1] ^= t1 ^ row_after_next(t1) ^ t0 ^ t7;
    q[2] ^= t2 ^ row_after_next(t2) ^ t1;
    q[3] ^= t3 ^ row_after_next(t3) ^ t2 ^ t7;
    q[4] ^= t4 ^ row_after_next(t4) ^ t3 ^ t7;
    q[5] ^= t5 ^ row_after_next(t5) ^ t4;
    q[6] ^= t6 ^ row_after_next(t6) ^ t5;
    q[7] ^= t7 ^ row_after_next(t7) ^ t6;
}

static inline word with_row_after_next(word x)
{
    return x ^ row_after_next(x);
}

/* InvMixColumns is MixColumns after a -> a + 4 (a + a two rows on). */
static inline void inverse_mix_columns(word q[8])
{
    word u[8];

    memcpy(u, q, sizeof u);
    EACH(u, with_row_after_next);
    q[0] ^= u[6];
    q[1] ^= u[6] ^ u[7];
    q[2] ^= u[0] ^ u[7];
    q[3] ^= u[1] ^ u[6];
    q[4] ^= u[2] ^ u[6] ^ u[7];
    q[5] ^= u[3] ^ u[7];
    q[6] ^= u[4];
    q[7] ^= u[5];
    mix_columns(q);
}

static inline void add_round_key(word q[8], const word key[8])
{
    q[0] ^= key[0];
    q[1] ^= key[1];
    q[2] ^= key[2];
    q[3] ^= key[3];
    q[4] ^= key[4];
    q[5] ^= key[5];
    q[6] ^= key[6];
    q[7] ^= key[7];
}

static void encrypt(const struct schedule *s, word q[8])
{
    add_round_key(q, s->key[0]);
    for (unsigned r = 1; r < s->rounds; r++) {
        sub_bytes(q);
        shift_rows(q);
        mix_columns(q);
        add_round_key(q, s->key[r]);
    }
    sub_bytes(q);
    shift_rows(q);
    add_round_key(q, s->key[s->rounds]);
}

static void decrypt(const struct schedule *s, word q[8])
{
    add_round_key(q, s->key[s->rounds]);
    for (unsigned r = s->rounds - 1; r > 0; r--) {
        inverse_shift_rows(q);
        inverse_sub_bytes(q);
        add_round_key(q, s->key[r]);
        inverse_mix_columns(q);
    }
    inverse_shift_rows(q);
    inverse_sub_bytes(q);
    add_round_key(q, s->key[0]);
}

#define EVERY_FOURTH ((uint64_t)0x1111111111111111)

/* One round key, 16 bytes, into its two packed words. */
static void pack(uint64_t out[2], const uint8_t *round_key)
{
    uint8_t blocks[BATCH];
    word q[8];

    for (unsigned i = 0; i < BLOCKS; i++) {
        memcpy(blocks + i * TCH_AES_BLOCK, round_key, TCH_AES_BLOCK);
    }
    load(q, blocks);
    out[0] = out[1] = 0;
    for (unsigned b = 0; b < 8; b++) {
        out[b / 4] |= (q[b][0] & EVERY_FOURTH) << b % 4;
    }
    tch_wipe(blocks, sizeof blocks);
    tch_wipe(q, sizeof q);
}

static void unpack(struct schedule *s, const struct tch_aes *a)
{
    s->rounds = a->rounds;
    for (unsigned r = 0; r <= a->rounds; r++) {
        for (unsigned b = 0; b < 8; b++) {
            uint64_t one = a->round_key[r][b / 4] >> b % 4 & EVERY_FOURTH;

            one = (one << 4) - one;
            s->key[r][b] = (word){ one, one };
        }
    }
}

/* SubWord of FIPS 197 5.2, on the bytes of a little-endian word. */
static uint32_t sub_word(uint32_t w)
{
    uint8_t blocks[BATCH] = { 0 };
    word q[8];

    tch_store_le32(blocks, w);
    load(q, blocks);
    sub_bytes(q);
    store(blocks, q);
    w = tch_load_le32(blocks);
    tch_wipe(blocks, sizeof blocks);
    return w;
}

void tch_aes_init(struct tch_aes *a, const uint8_t *key, size_t key_len)
{
    static const uint8_t rcon[] = { 0x01, 0x02, 0x04, 0x08, 0x10,
                                    0x20, 0x40, 0x80, 0x1b, 0x36 };
    uint8_t w[(TCH_AES_ROUNDS_MAX + 1) * TCH_AES_BLOCK];
    size_t nk = key_len / 4;
    size_t num_words;

    a->rounds = (unsigned)nk + 6;
    num_words = 4 * (size_t)(a->rounds + 1);
    memcpy(w, key, key_len);
    for (size_t i = nk; i < num_words; i++) {
        uint32_t t = tch_load_le32(w + 4 * (i - 1));

        if (i % nk == 0) {
            t = sub_word(t >> 8 | t << 24) ^ rcon[i / nk - 1];
        } else if (nk > 6 && i % nk == 4) {
            t = sub_word(t);
        }
        t ^= tch_load_le32(w + 4 * (i - nk));
        tch_store_le32(w + 4 * i, t);
    }
    for (unsigned r = 0; r <= a->rounds; r++) {
        pack(a->round_key[r], w + r * TCH_AES_BLOCK);
    }
    tch_wipe(w, sizeof w);
}

void tch_aes_encrypt_block(const struct tch_aes *a, const uint8_t *in,
                           uint8_t *out)
{
    uint8_t blocks[BATCH] = { 0 };
    struct schedule s;
    word q[8];

    unpack(&s, a);
    memcpy(blocks, in, TCH_AES_BLOCK);
    load(q, blocks);
    encrypt(&s, q);
    store(blocks, q);
    memcpy(out, blocks, TCH_AES_BLOCK);
    tch_wipe(blocks, sizeof blocks);
    tch_wipe(&s, sizeof s);
}

static void counter_blocks(uint8_t *out, const uint8_t *nonce,
                           uint32_t counter)
{
    for (uint32_t i = 0; i < BLOCKS; i++) {
        memcpy(out, nonce, 12);
        tch_store_be32(out + 12, counter + i);
        out += TCH_AES_BLOCK;
    }
}

static void xor_bytes(uint8_t *data, const uint8_t *with, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        data[i] ^= with[i];
    }
}

void tch_aes_ctr(const struct tch_aes *a, const uint8_t *nonce,
                 uint32_t counter, uint8_t *mask, uint8_t *data, size_t len)
{
    uint8_t stream[BATCH];
    struct schedule s;
    word q[8];
    size_t used = 0;

    unpack(&s, a);
    while (len > 0 || mask != NULL) {
        size_t n;

        counter_blocks(stream, nonce, counter);
        counter += BLOCKS;
        load(q, stream);
        encrypt(&s, q);
        store(stream, q);
        if (mask != NULL) {
            memcpy(mask, stream, TCH_AES_BLOCK);
            mask = NULL;
            used = TCH_AES_BLOCK;
        }
        n = len < BATCH - used ? len : BATCH - used;
        if (n > 0) { /* else `data` may be NULL */
            xor_bytes(data, stream + used, n);
            data += n;
            len -= n;
        }
        used = 0;
    }
    tch_wipe(stream, sizeof stream);
    tch_wipe(&s, sizeof s);
}

void tch_aes_cbc_encrypt(const struct tch_aes *a, uint8_t *iv, uint8_t *data,
                         size_t len)
{
    uint8_t blocks[BATCH] = { 0 };
    struct schedule s;
    word q[8];

    unpack(&s, a);
    for (; len >= TCH_AES_BLOCK; len -= TCH_AES_BLOCK) {
        xor_bytes(iv, data, TCH_AES_BLOCK);
        memcpy(blocks, iv, TCH_AES_BLOCK);
        load(q, blocks);
        encrypt(&s, q);
        store(blocks, q);
        memcpy(iv, blocks, TCH_AES_BLOCK);
        memcpy(data, blocks, TCH_AES_BLOCK);
        data += TCH_AES_BLOCK;
    }
    tch_wipe(blocks, sizeof blocks);
    tch_wipe(&s, sizeof s);
}

void tch_aes_cbc_decrypt(const struct tch_aes *a, uint8_t *iv, uint8_t *data,
                         size_t len)
{
    uint8_t chain[TCH_AES_BLOCK + BATCH] = { 0 }; /* IV, then ciphertext */
    uint8_t plain[BATCH];
    struct schedule s;
    word q[8];

    unpack(&s, a);
    memcpy(chain, iv, TCH_AES_BLOCK);
    while (len >= TCH_AES_BLOCK) {
        size_t n = len < BATCH ? len : BATCH;

        memcpy(chain + TCH_AES_BLOCK, data, n);
        load(q, chain + TCH_AES_BLOCK);
        decrypt(&s, q);
        store(plain, q);
        memcpy(data, plain, n);
        xor_bytes(data, chain, n);
        memmove(chain, chain + n, TCH_AES_BLOCK);
        data += n;
        len -= n;
    }
    memcpy(iv, chain, TCH_AES_BLOCK);
    tch_wipe(plain, sizeof plain);
    tch_wipe(&s, sizeof s);
}

void tch_aes_cbc_mac(const struct tch_aes *a, uint8_t *mac,
                     const uint8_t *data, size_t len)
{
    uint8_t blocks[BATCH] = { 0 };
    struct schedule s;
    word q[8];

    unpack(&s, a);
    memcpy(blocks, mac, TCH_AES_BLOCK);
    while (len > 0) {
        size_t n = len < TCH_AES_BLOCK ? len : TCH_AES_BLOCK;

        xor_bytes(blocks, data, n);
        load(q, blocks);
        encrypt(&s, q);
        store(blocks, q);
        data += n;
        len -= n;
    }
    memcpy(mac, blocks, TCH_AES_BLOCK);
    tch_wipe(blocks, sizeof blocks);
    tch_wipe(&s, sizeof s);
}
