/*
 * The table of handles.h. Slots stand in chunks that are never moved or freed,
 * so a reader may look at any slot at any time. All a reader needs is one
 * atomic word: generation, whether the handle is alive, and how many pins
 * there are. Making and deleting take a lock for the list of free slots; pin
 * and unpin do not.
 *
 *   dwLower  slot number << 4 | kind
 *   dwUpper  generation, 1 and up; a slot whose generations are used up is
 *            not used again, so no old handle ever becomes good
 */

#include "sspi/handles.h"

#include <pthread.h>
#include <stdatomic.h>

#include "sspi/memory.h"

#define SLOTS_PER_CHUNK 256u
#define MAX_CHUNKS 4096u
#define LAST_GENERATION 0x7FFFFFF0u
#define NO_SLOT UINT32_MAX

#define ALIVE ((uint64_t)1 << 31)
#define PINS (ALIVE - 1)

struct slot {
    _Atomic uint64_t word; /* generation << 32 | ALIVE | pins */
    _Atomic uint32_t kind;
    uint32_t next_free;
    void *object;
    void (*destroy)(void *object);
};

struct chunk {
    struct slot slots[SLOTS_PER_CHUNK];
};

/* The process's one table: SSPI has no object that could own it. */
static _Atomic(struct chunk *) chunks[MAX_CHUNKS];
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;
static uint32_t num_slots;              /* made so far; under `making` */
static uint32_t first_free = NO_SLOT;   /* under `making` */

static struct slot *slot_at(uint32_t number)
{
    struct chunk *c;

    if (number / SLOTS_PER_CHUNK >= MAX_CHUNKS) {
        return NULL;
    }
    c = atomic_load_explicit(&chunks[number / SLOTS_PER_CHUNK],
                             memory_order_acquire);
    return c == NULL ? NULL : &c->slots[number % SLOTS_PER_CHUNK];
}

/* A slot for a new handle, or NULL; `making` is held. */
static struct slot *take_slot(uint32_t *number)
{
    struct slot *s = first_free == NO_SLOT ? NULL : slot_at(first_free);

    if (s != NULL) {
        *number = first_free;
        first_free = s->next_free;
        return s;
    }
    if (num_slots / SLOTS_PER_CHUNK >= MAX_CHUNKS) {
        return NULL;
    }
    if (num_slots % SLOTS_PER_CHUNK == 0) {
        struct chunk *c = tch_own(sizeof *c);

        if (c == NULL) {
            return NULL;
        }
        atomic_store_explicit(&chunks[num_slots / SLOTS_PER_CHUNK], c,
                              memory_order_release);
    }
    *number = num_slots++;
    return slot_at(*number);
}

bool tch_handle_new(enum tch_handle_kind kind, void *object,
                    void (*destroy)(void *object), SecHandle *out)
{
    uint32_t number = NO_SLOT;
    struct slot *s;
    uint64_t generation;

    pthread_mutex_lock(&making);
    s = take_slot(&number);
    pthread_mutex_unlock(&making);
    if (s == NULL) {
        return false;
    }
    generation = (atomic_load(&s->word) >> 32) + 1;
    s->object = object;
    s->destroy = destroy;
    atomic_store(&s->kind, (uint32_t)kind);
    /* Released last: whoever sees the generation sees the object. */
    atomic_store(&s->word, generation << 32 | ALIVE);
    out->dwLower = (ULONG_PTR)number << 4 | (ULONG_PTR)kind;
    out->dwUpper = (ULONG_PTR)generation;
    return true;
}

/* The slot that a handle's words name, whatever its generation; NULL when
 * they cannot be a handle of this kind. */
static struct slot *slot_of(enum tch_handle_kind kind, const SecHandle *h)
{
    ULONG_PTR number;

    if (h == NULL || (h->dwLower & 15u) != (ULONG_PTR)kind) {
        return NULL;
    }
    number = h->dwLower >> 4;
    if (number >= MAX_CHUNKS * SLOTS_PER_CHUNK || h->dwUpper == 0 ||
        h->dwUpper > LAST_GENERATION) {
        return NULL;
    }
    return slot_at((uint32_t)number);
}

static bool is_live(uint64_t word, const SecHandle *h)
{
    return word >> 32 == (uint64_t)h->dwUpper && (word & ALIVE) != 0;
}

void *tch_handle_pin(enum tch_handle_kind kind, const SecHandle *h)
{
    struct slot *s = slot_of(kind, h);
    uint64_t word;

    if (s == NULL) {
        return NULL;
    }
    word = atomic_load(&s->word);
    do {
        if (!is_live(word, h)) {
            return NULL;
        }
    } while (!atomic_compare_exchange_weak(&s->word, &word, word + 1));
    /* Pinned: object and kind stay. */
    if (atomic_load(&s->kind) != (uint32_t)kind) {
        tch_handle_unpin(h);
        return NULL;
    }
    return s->object;
}

static void give_slot(struct slot *s, uint32_t number)
{
    if (atomic_load(&s->word) >> 32 >= LAST_GENERATION) {
        return;
    }
    pthread_mutex_lock(&making);
    s->next_free = first_free;
    first_free = number;
    pthread_mutex_unlock(&making);
}

void tch_handle_unpin(const SecHandle *h)
{
    uint32_t number = (uint32_t)(h->dwLower >> 4);
    struct slot *s = slot_at(number);
    uint64_t before;

    if (s == NULL) {
        return;
    }
    before = atomic_fetch_sub(&s->word, 1);
    if ((before & PINS) == 1 && (before & ALIVE) == 0) {
        s->destroy(s->object);
        s->object = NULL;
        give_slot(s, number);
    }
}

enum tch_handle_end tch_handle_delete(enum tch_handle_kind kind,
                                      const SecHandle *h)
{
    struct slot *s = slot_of(kind, h);
    uint64_t word;

    if (s == NULL) {
        return TCH_HANDLE_UNKNOWN;
    }
    word = atomic_load(&s->word);
    if (h->dwUpper > word >> 32 || atomic_load(&s->kind) != (uint32_t)kind) {
        return TCH_HANDLE_UNKNOWN;
    }
    do {
        if (!is_live(word, h)) {
            return TCH_HANDLE_STALE;
        }
        /* No longer alive, but pinned by us: the unpin below ends it unless
         * another thread is still using it. */
    } while (!atomic_compare_exchange_weak(&s->word, &word,
                                           (word & ~ALIVE) + 1));
    tch_handle_unpin(h);
    return TCH_HANDLE_ENDED;
}

bool tch_handle_is_null(const SecHandle *h)
{
    return h == NULL || (h->dwLower == 0 && h->dwUpper == 0) ||
           (h->dwLower == ~(ULONG_PTR)0 && h->dwUpper == ~(ULONG_PTR)0);
}

void tch_handle_each(enum tch_handle_kind kind,
                     void (*visit)(void *arg, void *object), void *arg)
{
    uint32_t end;

    pthread_mutex_lock(&making);
    end = num_slots;
    pthread_mutex_unlock(&making);
    for (uint32_t i = 0; i < end; i++) {
        struct slot *s = slot_at(i);
        SecHandle h;
        void *object;

        if (s == NULL) {
            continue;
        }
        h.dwLower = (ULONG_PTR)i << 4 | (ULONG_PTR)kind;
        h.dwUpper = (ULONG_PTR)(atomic_load(&s->word) >> 32);
        object = tch_handle_pin(kind, &h);
        if (object != NULL) {
            visit(arg, object);
            tch_handle_unpin(&h);
        }
    }
}
