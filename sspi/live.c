/*
 * The set of live.h: open addressing with linear probing in each shard. A
 * removed entry is filled by moving later ones of its run up (no tombstones),
 * so that a shard that was full once stays as quick as it was.
 */

#include "sspi/live.h"

#include <pthread.h>

#define NUM_SHARDS 64u
#define FIRST_SIZE 16u /* entries of a new shard; sizes are powers of two */

struct entry {
    const void *p;
    size_t size;
    enum tch_live_kind kind;
};

struct shard {
    pthread_mutex_t lock;
    struct entry *entries;
    size_t num; /* in use */
    size_t cap; /* 0 or a power of two */
};

/* The process's one set: SSPI has no object that could own it. */
static struct shard shards[NUM_SHARDS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_up(void)
{
    for (size_t i = 0; i < NUM_SHARDS; i++) {
        pthread_mutex_init(&shards[i].lock, NULL);
    }
}

/* Allocators give aligned addresses: the low bits alone would collide. */
static size_t hash_of(const void *p)
{
    uint64_t h = (uint64_t)(uintptr_t)p * 0x9E3779B97F4A7C15u;

    return (size_t)(h >> 24);
}

static struct shard *shard_of(const void *p)
{
    pthread_once(&once, set_up);
    return &shards[hash_of(p) % NUM_SHARDS];
}

static size_t home_of(const struct shard *s, const void *p)
{
    return (hash_of(p) / NUM_SHARDS) & (s->cap - 1);
}

/* Where the pointer is, or the free place at the end of its run. */
static size_t place_of(const struct shard *s, const void *p)
{
    size_t i = home_of(s, p);

    while (s->entries[i].p != NULL && s->entries[i].p != p) {
        i = (i + 1) & (s->cap - 1);
    }
    return i;
}

static bool grow(struct shard *s)
{
    struct shard bigger = *s;

    bigger.cap = s->cap == 0 ? FIRST_SIZE : 2 * s->cap;
    bigger.entries = tch_take(&tch_alloc_default,
                              bigger.cap * sizeof *bigger.entries);
    if (bigger.entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < s->cap; i++) {
        if (s->entries[i].p != NULL) {
            bigger.entries[place_of(&bigger, s->entries[i].p)] =
                s->entries[i];
        }
    }
    tch_give(&tch_alloc_default, s->entries, s->cap * sizeof *s->entries);
    s->entries = bigger.entries;
    s->cap = bigger.cap;
    return true;
}

bool tch_live_add(enum tch_live_kind kind, const void *p, size_t size)
{
    struct shard *s = shard_of(p);
    bool ok;

    pthread_mutex_lock(&s->lock);
    ok = 2 * (s->num + 1) <= s->cap || grow(s);
    if (ok) {
        struct entry new_entry = { p, size, kind };

        s->entries[place_of(s, p)] = new_entry;
        s->num++;
    }
    pthread_mutex_unlock(&s->lock);
    return ok;
}

/* The entry of a pointer, or NULL; the shard is locked. */
static struct entry *find(struct shard *s, enum tch_live_kind kind,
                          const void *p)
{
    struct entry *e;

    if (p == NULL || s->cap == 0) {
        return NULL;
    }
    e = &s->entries[place_of(s, p)];
    return e->p == p && e->kind == kind ? e : NULL;
}

bool tch_live_has(enum tch_live_kind kind, const void *p)
{
    struct shard *s = shard_of(p);
    bool has;

    pthread_mutex_lock(&s->lock);
    has = find(s, kind, p) != NULL;
    pthread_mutex_unlock(&s->lock);
    return has;
}

/* Closes the gap at `hole`: an entry behind it in the same run moves up
 * unless that would put it before its home. */
static void close_gap(struct shard *s, size_t hole)
{
    size_t i = hole;

    for (;;) {
        size_t home;

        i = (i + 1) & (s->cap - 1);
        if (s->entries[i].p == NULL) {
            break;
        }
        home = home_of(s, s->entries[i].p);
        if (((i - home) & (s->cap - 1)) >= ((i - hole) & (s->cap - 1))) {
            s->entries[hole] = s->entries[i];
            hole = i;
        }
    }
    s->entries[hole].p = NULL;
    s->entries[hole].kind = TCH_LIVE_NONE;
}

bool tch_live_remove(enum tch_live_kind kind, const void *p, size_t *size)
{
    struct shard *s = shard_of(p);
    struct entry *e;

    pthread_mutex_lock(&s->lock);
    e = find(s, kind, p);
    if (e != NULL) {
        if (size != NULL) {
            *size = e->size;
        }
        close_gap(s, (size_t)(e - s->entries));
        s->num--;
    }
    pthread_mutex_unlock(&s->lock);
    return e != NULL;
}

size_t tch_live_count(enum tch_live_kind kind)
{
    size_t n = 0;

    pthread_once(&once, set_up);
    for (size_t i = 0; i < NUM_SHARDS; i++) {
        pthread_mutex_lock(&shards[i].lock);
        for (size_t j = 0; j < shards[i].cap; j++) {
            n += shards[i].entries[j].p != NULL &&
                 shards[i].entries[j].kind == kind;
        }
        pthread_mutex_unlock(&shards[i].lock);
    }
    return n;
}
