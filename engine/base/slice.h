#ifndef TCH_ENGINE_BASE_SLICE_H
#define TCH_ENGINE_BASE_SLICE_H

/*
 * The run of bytes, and the three attributes that every public header uses.
 * Part of the public interface: tch.h includes it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define TCH_API __attribute__((visibility("default")))
#define TCH_MUST_CHECK __attribute__((warn_unused_result))
#else
#define TCH_API
#define TCH_MUST_CHECK
#endif

/* tch_slice is a run of bytes somebody else owns; the length is in bytes. */
struct tch_slice {
    const uint8_t *p;
    size_t len;
};

/* tch_slice_of makes a slice of `len` bytes at `p`. */
static inline struct tch_slice tch_slice_of(const void *p, size_t len)
{
    struct tch_slice s = { (const uint8_t *)p, len };

    return s;
}

/* tch_slice_behind is what stands behind the first `n` bytes; n <= s.len. */
static inline struct tch_slice tch_slice_behind(struct tch_slice s, size_t n)
{
    return n == 0 ? s : tch_slice_of(s.p + n, s.len - n);
}

#endif
