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

/* tch_random fills `n` bytes. TCH_OK, or TCH_NO_RANDOM when the system gives
 * no entropy: the caller fails closed. */
TCH_MUST_CHECK enum tch_status tch_random(uint8_t *out, size_t n);

/* tch_random_source is the draw source that serves from tch_random, whatever
 * the name. */
extern const struct tch_draw_source tch_random_source;

#endif
