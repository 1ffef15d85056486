#ifndef TCH_SSPI_PACKAGES_H
#define TCH_SSPI_PACKAGES_H

/*
 * packages.h - the names of the one package there is (contract 4)
 */

#include "engine/tch.h"
#include "sspi/include/sspi.h"

/* cbMaxToken: the room that holds every token but a long chain's (4.3, 6.5). */
#define TCH_MAX_TOKEN 24576

/* tch_package is a name; `version` is the one TCH_VERSION_* bit that it stands
 * for, or 0; `listed` names are enumerated. */
struct tch_package {
    const char *name;
    unsigned version;
    bool listed;
};

/* tch_package_named finds a package by name, letters of either case, or NULL;
 * NULL for NULL. */
const struct tch_package *tch_package_named(const char *name);

/*
 * tch_package_list gives package memory with `*num` SecPkgInfo and their
 * texts, in units of `width` bytes: all listed packages, or the one in
 * `only`. NULL: out of memory. The structs of A and W have the same layout.
 */
void *tch_package_list(const struct tch_package *only, unsigned width,
                       ULONG *num);

#endif
