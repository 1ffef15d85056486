/*
 * schnlsp.h - the older name of schannel.h
 *
 * Programs include it alone and expect all of SSPI behind it (contract 1.7).
 */
#ifndef TCH_SSPI_INCLUDE_SCHNLSP_H
#define TCH_SSPI_INCLUDE_SCHNLSP_H

#include "security.h"

#endif /* TCH_SSPI_INCLUDE_SCHNLSP_H */

/* Outside the guard: SCHANNEL_USE_BLACKLISTS may have come since. */
#include "schannel.h"
