/*
 * The allocator hook and the arena. An arena is a list of chunks; a request
 * goes into the newest chunk or into a new one that is at least CHUNK bytes
 * long, so that a handshake costs a handful of allocations.
 */

#include "engine/base/alloc.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/wipe.h"

#define CHUNK 4096u
#define ALIGN 16u

struct tch_arena_chunk {
    struct tch_arena_chunk *next;
    size_t size; /* of the whole chunk, this header included */
    size_t used; /* this header included */
};

static void *libc_alloc(void *arg, size_t n)
{
    (void)arg;
    return malloc(n);
}

static void libc_free(void *arg, void *p, size_t n)
{
    (void)arg;
    (void)n;
    free(p);
}

const struct tch_alloc tch_alloc_default = { libc_alloc, libc_free, NULL };

void *tch_take(const struct tch_alloc *a, size_t n)
{
    void *p = n == 0 ? NULL : a->alloc(a->arg, n);

    if (p != NULL) {
        memset(p, 0, n);
    }
    return p;
}

void tch_give(const struct tch_alloc *a, void *p, size_t n)
{
    if (p != NULL) {
        tch_wipe(p, n);
        a->free(a->arg, p, n);
    }
}

void tch_arena_init(struct tch_arena *a, const struct tch_alloc *alloc,
                    size_t limit)
{
    a->alloc = alloc;
    a->chunks = NULL;
    a->taken = 0;
    a->limit = limit;
}

static size_t round_up(size_t n)
{
    return (n + (ALIGN - 1)) & ~(size_t)(ALIGN - 1);
}

static struct tch_arena_chunk *add_chunk(struct tch_arena *a, size_t n)
{
    size_t head = round_up(sizeof(struct tch_arena_chunk));
    size_t size = n + head > CHUNK ? n + head : CHUNK;
    struct tch_arena_chunk *chunk;

    if (size > a->limit - a->taken) {
        return NULL;
    }
    chunk = tch_take(a->alloc, size);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->size = size;
    chunk->used = head;
    chunk->next = a->chunks;
    a->chunks = chunk;
    a->taken += size;
    return chunk;
}

void *tch_arena_get(struct tch_arena *a, size_t n)
{
    struct tch_arena_chunk *chunk = a->chunks;
    uint8_t *p;

    if (n == 0 || n > a->limit) {
        return NULL;
    }
    n = round_up(n);
    if (chunk == NULL || chunk->size - chunk->used < n) {
        chunk = add_chunk(a, n);
        if (chunk == NULL) {
            return NULL;
        }
    }
    p = (uint8_t *)chunk + chunk->used;
    chunk->used += n;
    return p;
}

bool tch_arena_copy(struct tch_arena *a, struct tch_slice s,
                    struct tch_slice *out)
{
    uint8_t *p;

    *out = tch_slice_of(NULL, 0);
    if (s.len == 0) {
        return true;
    }
    p = tch_arena_get(a, s.len);
    if (p == NULL) {
        return false;
    }
    memcpy(p, s.p, s.len);
    *out = tch_slice_of(p, s.len);
    return true;
}

void tch_arena_clear(struct tch_arena *a)
{
    while (a->chunks != NULL) {
        struct tch_arena_chunk *chunk = a->chunks;

        a->chunks = chunk->next;
        tch_give(a->alloc, chunk, chunk->size);
    }
    a->taken = 0;
}
