#ifndef TCH_ENGINE_BASE_WIPE_H
#define TCH_ENGINE_BASE_WIPE_H

/*
 * Wiping secrets. Every secret leaves memory through tch_wipe, on the
 * failure path as well.
 */

#include <stddef.h>

/*
 * tch_wipe overwrites `len` bytes at `p` with zeros in a way that the
 * compiler may not remove. `p` may be NULL when `len` is 0.
 * Source: dossier R-ATK-044.
 */
void tch_wipe(void *p, size_t len);

#endif
