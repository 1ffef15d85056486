#ifndef TCH_ENGINE_BASE_HOSTNAME_H
#define TCH_ENGINE_BASE_HOSTNAME_H

/*
 * Host names in the one form in which they are kept and compared: lower case,
 * without a trailing dot (RFC 6066 3; R-EXT-011, R-EXT-016).
 */

#include "slice.h"

#define TCH_HOSTNAME_MAX 255

/*
 * tch_hostname writes the normal form of `name`, terminated, into `out`. It
 * returns the length; a name that is longer than TCH_HOSTNAME_MAX gives its
 * length and an empty string.
 */
size_t tch_hostname(struct tch_slice name, char out[TCH_HOSTNAME_MAX + 1]);

#endif
