#ifndef TCH_SSPI_MEMORY_H
#define TCH_SSPI_MEMORY_H

/*
 * memory.h - the facade's memory
 *
 * Package memory is what the program gives back by FreeContextBuffer: tokens,
 * names, lists (contract 2.3). Own memory stays inside. Both are zeroed at
 * first and wiped at the end.
 */

#include "engine/tch.h"

/* tch_package_alloc gives `n` zeroed bytes that FreeContextBuffer frees, or
 * NULL. n = 0 counts as 1. */
void *tch_package_alloc(size_t n);

/* tch_package_copy gives package memory with a copy of `s`, or NULL. */
void *tch_package_copy(struct tch_slice s);

/* tch_package_free frees what tch_package_alloc gave; NULL is fine. */
void tch_package_free(void *p);

/* tch_own gives `n` zeroed bytes that stay inside, or NULL; tch_disown takes
 * them back. */
void *tch_own(size_t n);
void tch_disown(void *p, size_t n);

/* tch_own_text copies a text; NULL for NULL or without memory. Taken back by
 * tch_disown_text. */
char *tch_own_text(const char *s);
void tch_disown_text(char *s);

#endif
