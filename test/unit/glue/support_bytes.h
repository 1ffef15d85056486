#ifndef TCH_TEST_UNIT_GLUE_SUPPORT_BYTES_H
#define TCH_TEST_UNIT_GLUE_SUPPORT_BYTES_H

/* What the tests of the glue share: repeatable bytes, and shared data. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Where the data lies that is no part of this tree. */
#define SHARED_DATA "../shared/data/"

/* bytes_fill writes `n` bytes that depend on `*seed` (not 0) alone, and moves
 * the seed on: the xorshift of Marsaglia. */
static inline void bytes_fill(uint64_t *seed, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        out[i] = (uint8_t)(*seed >> 32);
    }
}

/* bytes_are_zero says whether all bytes are zero. */
static inline int bytes_are_zero(const uint8_t *p, size_t n)
{
    uint8_t any = 0;

    for (size_t i = 0; i < n; i++) {
        any |= p[i];
    }
    return any == 0;
}

#endif
