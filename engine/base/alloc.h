#ifndef TCH_ENGINE_BASE_ALLOC_H
#define TCH_ENGINE_BASE_ALLOC_H

/*
 * Where memory comes from. Nothing of ours calls malloc by name: everything
 * takes a struct tch_alloc. Short-lived memory of one handshake comes from an
 * arena, which is given back, wiped, in one go.
 */

#include "slice.h"

/*
 * tch_alloc is the caller's allocator. `alloc` returns `n` bytes aligned for
 * any object, or NULL; `free` takes back what it gave, with its size.
 * Both may be called from every thread that uses the library.
 */
struct tch_alloc {
    void *(*alloc)(void *arg, size_t n);
    void (*free)(void *arg, void *p, size_t n);
    void *arg;
};

/* tch_alloc_default is malloc and free of the C library. */
extern const struct tch_alloc tch_alloc_default;

/* tch_take gives `n` zeroed bytes from `a`, or NULL; n = 0 gives NULL. */
void *tch_take(const struct tch_alloc *a, size_t n);

/* tch_give wipes and gives back what tch_take gave; `p` may be NULL. */
void tch_give(const struct tch_alloc *a, void *p, size_t n);

/*
 * tch_arena hands out zeroed memory that lives until the arena is cleared.
 * `limit` bounds the sum of all it takes from the allocator, in bytes.
 */
struct tch_arena_chunk;
struct tch_arena {
    const struct tch_alloc *alloc;
    struct tch_arena_chunk *chunks;
    size_t taken;
    size_t limit;
};

/* tch_arena_init makes an empty arena; it takes no memory yet. */
void tch_arena_init(struct tch_arena *a, const struct tch_alloc *alloc,
                    size_t limit);

/* tch_arena_get gives `n` zeroed bytes, or NULL at the limit or when the
 * allocator has none. */
void *tch_arena_get(struct tch_arena *a, size_t n);

/* tch_arena_copy puts a copy of `s` into the arena; `*out` points at it. */
TCH_MUST_CHECK bool tch_arena_copy(struct tch_arena *a, struct tch_slice s,
                                   struct tch_slice *out);

/* tch_arena_clear wipes and gives back everything; the arena may be used on. */
void tch_arena_clear(struct tch_arena *a);

#endif
