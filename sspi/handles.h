#ifndef TCH_SSPI_HANDLES_H
#define TCH_SSPI_HANDLES_H

/*
 * handles.h - credential and context handles
 *
 * A handle is a place in a table and a generation, never a pointer, so that a
 * stale, zero or foreign handle is found out without touching anything
 * (contract 2.1). Finding the object takes no lock and pins it: a handle that
 * another thread deletes meanwhile is gone at once, its object goes with the
 * last pin.
 */

#include "engine/tch.h"
#include "sspi/include/sspi.h"

/* The low four bits of dwLower; neither 0 nor 15, so that no handle is {0,0},
 * {-1,-1} or has the word -2. */
enum tch_handle_kind { TCH_HANDLE_CREDENTIAL = 5, TCH_HANDLE_CONTEXT = 10 };

/*
 * tch_handle_new puts an object into the table. `destroy` is called once,
 * when the handle is deleted and nobody has the object pinned. False: out of
 * memory or of places.
 */
TCH_MUST_CHECK bool tch_handle_new(enum tch_handle_kind kind, void *object,
                                   void (*destroy)(void *object),
                                   SecHandle *out);

/* tch_handle_pin gives the object of a live handle of this kind, or NULL; to
 * be let go by tch_handle_unpin with the same handle. */
void *tch_handle_pin(enum tch_handle_kind kind, const SecHandle *h);
void tch_handle_unpin(const SecHandle *h);

enum tch_handle_end {
    TCH_HANDLE_UNKNOWN, /* no handle of this kind ever had these words */
    TCH_HANDLE_STALE,   /* one had, and is deleted */
    TCH_HANDLE_ENDED    /* this call deleted it */
};

/* tch_handle_delete ends a handle. */
enum tch_handle_end tch_handle_delete(enum tch_handle_kind kind,
                                      const SecHandle *h);

/* tch_handle_is_null is true for NULL, {0,0} and {-1,-1} (contract 7.6). */
bool tch_handle_is_null(const SecHandle *h);

/* tch_handle_each calls `visit` for every live object of a kind. */
void tch_handle_each(enum tch_handle_kind kind,
                     void (*visit)(void *arg, void *object), void *arg);

#endif
