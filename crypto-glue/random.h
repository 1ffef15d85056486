#ifndef TCH_CRYPTO_GLUE_RANDOM_H
#define TCH_CRYPTO_GLUE_RANDOM_H

/*
 * The random generator: seeded from getrandom, reseeded after fork, after
 * much output, and after a long sleep; shared by all threads.
 *
 * Source: dossier R-ATK-043; design decisions, "Promises to embedders".
 */

#include "engine/base/draw.h"
#include "engine/base/status.h"

/*
 * tch_random fills `n` bytes, any number, from any thread. TCH_OK, or
 * TCH_NO_RANDOM when the system gives no entropy: `out` then holds zeros, and
 * the caller fails closed.
 */
TCH_MUST_CHECK enum tch_status tch_random(uint8_t *out, size_t n);

/* tch_random_source is the draw source that serves from tch_random, whatever
 * the name. */
extern const struct tch_draw_source tch_random_source;

/*
 * tch_random_system is what the generator takes from the system. `entropy`
 * fills `n` bytes (at most 256) or returns false. `awake` and `elapsed` are
 * milliseconds since boot, without and with the time the machine slept.
 */
struct tch_random_system {
    bool (*entropy)(uint8_t *out, size_t n);
    uint64_t (*awake)(void);
    uint64_t (*elapsed)(void);
};

/*
 * tch_random_set_system replaces the system for tests of failure; NULL brings
 * the real one back. The generator then seeds itself afresh.
 */
void tch_random_set_system(const struct tch_random_system *system);

/* When the generator asks the system again. */
#define TCH_RANDOM_RESEED_BYTES (1u << 20)
#define TCH_RANDOM_RESEED_MS (300u * 1000u)
#define TCH_RANDOM_SLEEP_MS 1000u

#endif
