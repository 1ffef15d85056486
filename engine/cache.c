/*
 * The session cache: a hash table with chains and one list by age of use.
 * Everything is O(1); a cache that is full, in number or in bytes of kept
 * certificates, drops what was used longest ago. The hash is seeded per cache,
 * since a client's server names may come from outside.
 *
 * Source: dossier R-HS-050, R-HS-060; contract 5.9.
 */

#include <pthread.h>
#include <string.h>

#include "crypto-glue/random.h"
#include "engine/base/ct.h"
#include "engine/engine.h"

#define BUCKETS 1024u
#define MOST 8192u
#define MOST_BYTES ((size_t)8 << 20) /* of kept certificates */

struct entry {
    struct entry *next_in_bucket;
    struct entry *newer;
    struct entry *older;
    struct tch_session *session;
    uint32_t hash;
    uint16_t key_len;
    uint8_t key[TCH_SERVER_NAME_MAX];
};

struct tch_cache {
    const struct tch_alloc *alloc;
    pthread_mutex_t lock;
    uint64_t seed;
    size_t num;
    size_t bytes;
    struct entry *newest;
    struct entry *oldest;
    struct entry *buckets[BUCKETS];
};

struct tch_cache *tch_cache_new(const struct tch_alloc *alloc)
{
    struct tch_cache *c = tch_take(alloc, sizeof *c);

    if (c == NULL) {
        return NULL;
    }
    c->alloc = alloc;
    if (tch_random((uint8_t *)&c->seed, sizeof c->seed) != TCH_OK ||
        pthread_mutex_init(&c->lock, NULL) != 0) {
        tch_give(alloc, c, sizeof *c);
        return NULL;
    }
    return c;
}

static uint32_t hash_of(const struct tch_cache *c, struct tch_slice key)
{
    uint64_t h = c->seed;

    for (size_t i = 0; i < key.len; i++) {
        h = (h ^ key.p[i]) * 0x100000001B3u;
        h ^= h >> 29;
    }
    return (uint32_t)(h ^ h >> 32);
}

static bool is_key(const struct entry *e, uint32_t hash, struct tch_slice key)
{
    return e->hash == hash && e->key_len == key.len &&
           tch_ct_equal(e->key, key.p, key.len) != 0;
}

static void unlink_by_age(struct tch_cache *c, struct entry *e)
{
    if (e->newer != NULL) {
        e->newer->older = e->older;
    } else {
        c->newest = e->older;
    }
    if (e->older != NULL) {
        e->older->newer = e->newer;
    } else {
        c->oldest = e->newer;
    }
}

static void link_newest(struct tch_cache *c, struct entry *e)
{
    e->newer = NULL;
    e->older = c->newest;
    if (c->newest != NULL) {
        c->newest->newer = e;
    } else {
        c->oldest = e;
    }
    c->newest = e;
}

static void drop(struct tch_cache *c, struct entry *e)
{
    struct entry **at = &c->buckets[e->hash % BUCKETS];

    while (*at != e) {
        at = &(*at)->next_in_bucket;
    }
    *at = e->next_in_bucket;
    unlink_by_age(c, e);
    c->bytes -= e->session->peer_chain_len;
    tch_session_unref(e->session);
    tch_give(c->alloc, e, sizeof *e);
    c->num--;
}

static struct entry *find(struct tch_cache *c, struct tch_slice key)
{
    uint32_t hash = hash_of(c, key);
    struct entry *e = c->buckets[hash % BUCKETS];

    while (e != NULL && !is_key(e, hash, key)) {
        e = e->next_in_bucket;
    }
    return e;
}

static struct entry *add(struct tch_cache *c, struct tch_slice key)
{
    struct entry *e;

    if (c->num >= MOST) {
        drop(c, c->oldest);
    }
    e = tch_take(c->alloc, sizeof *e);
    if (e == NULL) {
        return NULL;
    }
    e->hash = hash_of(c, key);
    e->key_len = (uint16_t)key.len;
    memcpy(e->key, key.p, key.len);
    e->next_in_bucket = c->buckets[e->hash % BUCKETS];
    c->buckets[e->hash % BUCKETS] = e;
    link_newest(c, e);
    c->num++;
    return e;
}

void tch_cache_put(struct tch_cache *c, struct tch_slice key,
                   struct tch_session *s)
{
    struct entry *e;

    if (key.len == 0 || key.len > TCH_SERVER_NAME_MAX) {
        return;
    }
    pthread_mutex_lock(&c->lock);
    e = find(c, key);
    if (e == NULL) {
        e = add(c, key);
    }
    if (e != NULL) {
        c->bytes += s->peer_chain_len;
        c->bytes -= e->session == NULL ? 0 : e->session->peer_chain_len;
        tch_session_ref(s);
        tch_session_unref(e->session);
        e->session = s;
    }
    while (c->bytes > MOST_BYTES) {
        drop(c, c->oldest);
    }
    pthread_mutex_unlock(&c->lock);
}

struct tch_session *tch_cache_get(struct tch_cache *c, struct tch_slice key,
                                  uint64_t now)
{
    struct tch_session *s = NULL;
    struct entry *e;

    if (key.len == 0 || key.len > TCH_SERVER_NAME_MAX) {
        return NULL;
    }
    pthread_mutex_lock(&c->lock);
    e = find(c, key);
    if (e != NULL && (now >= e->session->expires ||
                      !tch_session_is_resumable(e->session))) {
        drop(c, e);
    } else if (e != NULL) {
        unlink_by_age(c, e);
        link_newest(c, e);
        s = tch_session_ref(e->session);
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

size_t tch_cache_forget(struct tch_cache *c, const char *name)
{
    struct entry *e;
    size_t dropped = 0;

    pthread_mutex_lock(&c->lock);
    for (e = c->newest; e != NULL;) {
        struct entry *older = e->older;

        if (name == NULL || strcmp(e->session->server_name, name) == 0) {
            drop(c, e);
            dropped++;
        }
        e = older;
    }
    pthread_mutex_unlock(&c->lock);
    return dropped;
}

void tch_cache_free(struct tch_cache *c)
{
    if (c == NULL) {
        return;
    }
    (void)tch_cache_forget(c, NULL);
    pthread_mutex_destroy(&c->lock);
    tch_give(c->alloc, c, sizeof *c);
}
