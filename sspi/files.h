#ifndef TCH_SSPI_FILES_H
#define TCH_SSPI_FILES_H

/*
 * files.h - small files read whole: certificates, keys, anchors
 */

#include "engine/tch.h"

/* Longer files are refused. */
#define TCH_FILE_MAX ((size_t)4 << 20)

/* tch_file_read reads a file into own memory, given back by tch_disown with
 * `out->len`. TCH_OK, TCH_BAD_FILE (also when it is empty or too long),
 * TCH_NO_MEMORY. */
enum tch_status tch_file_read(const char *name, struct tch_slice *out);
void tch_file_free(struct tch_slice *s);

/*
 * tch_store_add_pem puts the certificates of a PEM text at the end of a
 * store; with `once` those that are there already are left out. `*num` counts
 * all of the text. TCH_OK; TCH_NOT_FOUND (none), TCH_BAD_FILE, TCH_CERT_BAD,
 * TCH_NO_MEMORY; after a failure the store is as before.
 */
struct tch_store;
enum tch_status tch_store_add_pem(struct tch_store *s, struct tch_slice text,
                                  bool once, size_t *num);

#endif
