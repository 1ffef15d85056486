#ifndef TCH_ENGINE_BASE_DRAW_H
#define TCH_ENGINE_BASE_DRAW_H

/*
 * Named randomness. Whoever needs random bytes says what for
 * ("client.hello.random"), so that a vector can give each draw its value
 * whatever the order of drawing. Names are dotted, in lower case, and belong
 * to the vector format: changing one changes the vectors.
 */

#include "slice.h"

/*
 * tch_draw_source serves random bytes. `draw` fills `n` bytes at `out` for the
 * purpose `name` and returns false when it cannot: the caller then fails
 * closed (R-ATK-043). `deterministic` says that the bytes are prepared ones:
 * signatures then use the nonces of RFC 6979 without added randomness.
 */
struct tch_draw_source {
    bool (*draw)(void *arg, const char *name, uint8_t *out, size_t n);
    void *arg;
    bool deterministic;
};

/* tch_draw fills `n` bytes at `out`; false when the source has none. */
TCH_MUST_CHECK static inline bool tch_draw(const struct tch_draw_source *s,
                                           const char *name, uint8_t *out,
                                           size_t n)
{
    return s->draw(s->arg, name, out, n);
}

/* tch_clock is the time hook: milliseconds since 1970-01-01 00:00 UTC. */
struct tch_clock {
    uint64_t (*now)(void *arg);
    void *arg;
};

static inline uint64_t tch_now(const struct tch_clock *c)
{
    return c->now(c->arg);
}

/* tch_clock_system reads the system's real-time clock. */
extern const struct tch_clock tch_clock_system;

#endif
