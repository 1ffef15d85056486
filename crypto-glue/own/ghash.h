#ifndef TCH_CRYPTO_GLUE_OWN_GHASH_H
#define TCH_CRYPTO_GLUE_OWN_GHASH_H

/*
 * GHASH of NIST SP 800-38D without tables: carry-less products from ordinary
 * multiplications. Needs a multiplier whose time does not depend on its
 * operands, as 64-bit x86 and ARM processors have it.
 */

#include <stddef.h>
#include <stdint.h>

/* tch_ghash_key is H, cut up for multiplying: low half, high half, and their
 * sum, five words each. */
struct tch_ghash_key {
    uint64_t part[3][5];
};

/* tch_ghash_init prepares the 16 bytes of H. */
void tch_ghash_init(struct tch_ghash_key *k, const uint8_t *h);

/*
 * tch_ghash_update takes `len` bytes into the running value `y` (first eight
 * bytes, last eight bytes; zeros at the start), filled up with zeros to whole
 * blocks of 16.
 */
void tch_ghash_update(const struct tch_ghash_key *k, uint64_t y[2],
                      const uint8_t *data, size_t len);

/* tch_ghash_final takes in the two lengths, in bytes, as the last block and
 * writes the 16 bytes. */
void tch_ghash_final(const struct tch_ghash_key *k, uint64_t y[2],
                     size_t aad_len, size_t len, uint8_t *out);

#endif
