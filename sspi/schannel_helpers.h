#ifndef TCH_SSPI_SCHANNEL_HELPERS_H
#define TCH_SSPI_SCHANNEL_HELPERS_H

/*
 * schannel_helpers.h - the helpers of schannel.h (contract 12)
 */

#include "engine/tch.h"

/* tch_empty_cache drops the kept sessions of a server name, NULL for all, of
 * every credential; true when there were any. */
bool tch_empty_cache(const char *name);

#endif
