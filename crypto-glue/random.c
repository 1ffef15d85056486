/*
 * A ChaCha20 generator with fast key erasure. Each refill runs the key once:
 * the first 32 bytes of the stream become the next key, the rest is a pool of
 * random bytes, each of which is wiped as it leaves. Whoever reads the memory
 * later learns nothing about what was served before.
 *
 * What was hard is not the stream but the copies. After fork two processes
 * would go on with the same pool. Two guards stand against it: the state lies
 * in a page of its own that the kernel empties in the child
 * (MADV_WIPEONFORK), and a fork handler empties it as well where the kernel
 * is too old; the handler also keeps the lock from being lost in a fork that
 * happens while another thread draws. A machine that slept, or was stopped
 * and copied, shows as a jump between the clock that counts sleep and the one
 * that does not; and no seed is used for longer than five minutes.
 */

#include "crypto-glue/random.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>

#include "crypto-glue/own/chacha20.h"
#include "engine/base/wipe.h"

#define KEY TCH_CHACHA20_KEY
#define STREAM (8 * TCH_CHACHA20_BLOCK)

/* All zeros means: not seeded. */
struct generator {
    uint8_t stream[STREAM]; /* the next key, then the pool */
    size_t left;            /* bytes at the pool's end not yet served */
    size_t served;
    uint64_t seeded_at; /* elapsed */
    uint64_t slept;     /* elapsed - awake when seeded */
    bool seeded;
};

static bool system_entropy(uint8_t *out, size_t n)
{
    ssize_t got;

    do {
        got = getrandom(out, n, 0);
    } while (got < 0 && errno == EINTR);
    return got >= 0 && (size_t)got == n;
}

static uint64_t milliseconds(clockid_t id)
{
    struct timespec t = { 0, 0 };

    if (clock_gettime(id, &t) != 0) {
        return 0;
    }
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static uint64_t system_awake(void)
{
    return milliseconds(CLOCK_MONOTONIC);
}

static uint64_t system_elapsed(void)
{
    return milliseconds(CLOCK_BOOTTIME);
}

static const struct tch_random_system real_system = { system_entropy,
                                                      system_awake,
                                                      system_elapsed };

/* Everything below is read and written under `lock`. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct tch_random_system *sys = &real_system;
static struct generator *gen; /* NULL when there is no memory for it */

static void before_fork(void)
{
    (void)pthread_mutex_lock(&lock);
}

static void after_fork_parent(void)
{
    (void)pthread_mutex_unlock(&lock);
}

static void after_fork_child(void)
{
    tch_wipe(gen, sizeof *gen);
    (void)pthread_mutex_unlock(&lock);
}

static void make_generator(void)
{
    void *page = mmap(NULL, sizeof *gen, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED) {
        return;
    }
    /* Either may fail on an old kernel; the fork handler does not. */
    (void)madvise(page, sizeof *gen, MADV_WIPEONFORK);
    (void)madvise(page, sizeof *gen, MADV_DONTDUMP);
    gen = page;
    if (pthread_atfork(before_fork, after_fork_parent, after_fork_child) !=
        0) {
        (void)munmap(page, sizeof *gen);
        gen = NULL;
    }
}

/* Replaces key and pool by the stream under the present key. */
static void refill(void)
{
    static const uint8_t nonce[TCH_CHACHA20_NONCE];
    uint8_t key[KEY];

    memcpy(key, gen->stream, sizeof key);
    memset(gen->stream, 0, STREAM);
    tch_chacha20_xor(key, 0, nonce, gen->stream, STREAM);
    gen->left = STREAM - KEY;
    tch_wipe(key, sizeof key);
}

static bool stale(uint64_t elapsed, uint64_t slept)
{
    uint64_t jump = slept > gen->slept ? slept - gen->slept
                                       : gen->slept - slept;

    return !gen->seeded || gen->served >= TCH_RANDOM_RESEED_BYTES ||
           jump > TCH_RANDOM_SLEEP_MS ||
           elapsed - gen->seeded_at > TCH_RANDOM_RESEED_MS;
}

/* Mixes fresh entropy into the key when it is due. */
static bool keep_fresh(void)
{
    uint8_t fresh[KEY];
    uint64_t elapsed = sys->elapsed();
    uint64_t slept = elapsed - sys->awake();

    if (!stale(elapsed, slept)) {
        return true;
    }
    gen->seeded = sys->entropy(fresh, sizeof fresh);
    if (gen->seeded) {
        for (size_t i = 0; i < sizeof fresh; i++) {
            gen->stream[i] ^= fresh[i];
        }
        gen->served = 0;
        gen->seeded_at = elapsed;
        gen->slept = slept;
        refill();
    }
    tch_wipe(fresh, sizeof fresh);
    return gen->seeded;
}

static void serve(uint8_t *out, size_t n)
{
    while (n > 0) {
        size_t take;
        uint8_t *from;

        if (gen->left == 0) {
            refill();
        }
        take = n < gen->left ? n : gen->left;
        from = gen->stream + STREAM - gen->left;
        memcpy(out, from, take);
        tch_wipe(from, take);
        gen->left -= take;
        out += take;
        n -= take;
    }
}

enum tch_status tch_random(uint8_t *out, size_t n)
{
    enum tch_status s = TCH_NO_RANDOM;

    if (n == 0) {
        return TCH_OK;
    }
    memset(out, 0, n);
    if (pthread_once(&once, make_generator) != 0) {
        return TCH_NO_RANDOM;
    }
    (void)pthread_mutex_lock(&lock);
    if (gen != NULL && keep_fresh()) {
        serve(out, n);
        gen->served += n < TCH_RANDOM_RESEED_BYTES ? n
                                                   : TCH_RANDOM_RESEED_BYTES;
        s = TCH_OK;
    }
    (void)pthread_mutex_unlock(&lock);
    return s;
}

static bool draw(void *arg, const char *name, uint8_t *out, size_t n)
{
    (void)arg;
    (void)name;
    return tch_random(out, n) == TCH_OK;
}

const struct tch_draw_source tch_random_source = { draw, NULL, false };

void tch_random_set_system(const struct tch_random_system *system)
{
    if (pthread_once(&once, make_generator) != 0) {
        return;
    }
    (void)pthread_mutex_lock(&lock);
    sys = system != NULL ? system : &real_system;
    if (gen != NULL) {
        tch_wipe(gen, sizeof *gen);
    }
    (void)pthread_mutex_unlock(&lock);
}
