/*
 * ChaCha20, RFC 8439. Long runs go four blocks at a time in vectors of four
 * 32-bit words, a block a lane: the compiler's vectors, so that any machine
 * runs it and one with vector registers runs it fast.
 */

#include "crypto-glue/own/chacha20.h"

#include <string.h>

#include "crypto-glue/own/load.h"
#include "engine/base/wipe.h"

typedef uint32_t lanes __attribute__((vector_size(16)));

#define ROTL(v, n) ((v) << (n) | (v) >> (32 - (n)))

/* RFC 8439 2.1; works on words and on lanes of words alike. */
#define QUARTER(x, a, b, c, d)                                                \
    do {                                                                      \
        x[a] += x[b];                                                         \
        x[d] ^= x[a];                                                         \
        x[d] = ROTL(x[d], 16);                                                \
        x[c] += x[d];                                                         \
        x[b] ^= x[c];                                                         \
        x[b] = ROTL(x[b], 12);                                                \
        x[a] += x[b];                                                         \
        x[d] ^= x[a];                                                         \
        x[d] = ROTL(x[d], 8);                                                 \
        x[c] += x[d];                                                         \
        x[b] ^= x[c];                                                         \
        x[b] = ROTL(x[b], 7);                                                 \
    } while (0)

#define DOUBLE_ROUND(x)                                                       \
    do {                                                                      \
        QUARTER(x, 0, 4, 8, 12);                                              \
        QUARTER(x, 1, 5, 9, 13);                                              \
        QUARTER(x, 2, 6, 10, 14);                                             \
        QUARTER(x, 3, 7, 11, 15);                                             \
        QUARTER(x, 0, 5, 10, 15);                                             \
        QUARTER(x, 1, 6, 11, 12);                                             \
        QUARTER(x, 2, 7, 8, 13);                                              \
        QUARTER(x, 3, 4, 9, 14);                                              \
    } while (0)

/* The state of RFC 8439 2.3: constants, key, counter, nonce. */
static void set_up(uint32_t s[16], const uint8_t *key, uint32_t counter,
                   const uint8_t *nonce)
{
    static const uint8_t sigma[] = "expand 32-byte k";

    for (unsigned i = 0; i < 4; i++) {
        s[i] = tch_load_le32(sigma + 4 * i);
    }
    for (unsigned i = 0; i < 8; i++) {
        s[4 + i] = tch_load_le32(key + 4 * i);
    }
    s[12] = counter;
    for (unsigned i = 0; i < 3; i++) {
        s[13 + i] = tch_load_le32(nonce + 4 * i);
    }
}

static void one_block(const uint32_t s[16], uint8_t *out)
{
    uint32_t x[16];

    memcpy(x, s, sizeof x);
    for (unsigned i = 0; i < 10; i++) {
        DOUBLE_ROUND(x);
    }
    for (unsigned i = 0; i < 16; i++) {
        tch_store_le32(out + 4 * i, x[i] + s[i]);
    }
    tch_wipe(x, sizeof x);
}

static void four_blocks(const uint32_t s[16], uint8_t *data)
{
    lanes start[16];
    lanes x[16];

    for (unsigned i = 0; i < 16; i++) {
        start[i] = (lanes){ s[i], s[i], s[i], s[i] };
    }
    start[12] += (lanes){ 0, 1, 2, 3 };
    memcpy(x, start, sizeof x);
    for (unsigned i = 0; i < 10; i++) {
        DOUBLE_ROUND(x);
    }
    for (unsigned i = 0; i < 16; i++) {
        x[i] += start[i];
        for (unsigned b = 0; b < 4; b++) {
            uint8_t *p = data + b * TCH_CHACHA20_BLOCK + 4 * i;

            tch_store_le32(p, tch_load_le32(p) ^ x[i][b]);
        }
    }
}

void tch_chacha20_block(const uint8_t *key, uint32_t counter,
                        const uint8_t *nonce, uint8_t *out)
{
    uint32_t s[16];

    set_up(s, key, counter, nonce);
    one_block(s, out);
    tch_wipe(s, sizeof s);
}

void tch_chacha20_xor(const uint8_t *key, uint32_t counter,
                      const uint8_t *nonce, uint8_t *data, size_t len)
{
    uint8_t block[TCH_CHACHA20_BLOCK];
    uint32_t s[16];

    set_up(s, key, counter, nonce);
    while (len >= 4 * sizeof block) {
        four_blocks(s, data);
        s[12] += 4;
        data += 4 * sizeof block;
        len -= 4 * sizeof block;
    }
    while (len > 0) {
        size_t n = len < sizeof block ? len : sizeof block;

        one_block(s, block);
        s[12]++;
        for (size_t i = 0; i < n; i++) {
            data[i] ^= block[i];
        }
        data += n;
        len -= n;
    }
    tch_wipe(s, sizeof s);
    tch_wipe(block, sizeof block);
}
