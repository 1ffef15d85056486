#ifndef TCH_SSPI_LIVE_H
#define TCH_SSPI_LIVE_H

/*
 * live.h - which pointers we handed out are still good
 *
 * SSPI gives pointers to programs and takes them back: package memory,
 * certificate contexts, stores. A pointer that comes back is looked up here
 * before anything behind it is touched, so a foreign or stale one is a status
 * and no crash (contract 2.3).
 *
 * The set is split by the pointer's hash into shards with a lock each; a
 * look-up takes one lock and a few probes.
 */

#include "engine/tch.h"

enum tch_live_kind {
    TCH_LIVE_NONE,
    TCH_LIVE_MEMORY, /* for FreeContextBuffer */
    TCH_LIVE_CERT,   /* PCCERT_CONTEXT */
    TCH_LIVE_STORE   /* HCERTSTORE */
};

/* tch_live_add enters a pointer that is in no other entry; `size` is kept
 * with it. False: out of memory. */
TCH_MUST_CHECK bool tch_live_add(enum tch_live_kind kind, const void *p,
                                 size_t size);

/* tch_live_has says whether the pointer is in the set under this kind. */
bool tch_live_has(enum tch_live_kind kind, const void *p);

/* tch_live_remove takes the pointer out; false when it is not there.
 * `size`, if not NULL, receives what tch_live_add was given. */
bool tch_live_remove(enum tch_live_kind kind, const void *p, size_t *size);

/* tch_live_count is how many pointers of a kind are in the set, for tests. */
size_t tch_live_count(enum tch_live_kind kind);

#endif
