/*
 * ntsecapi.h - where some programs look for UNICODE_STRING
 *
 * The local security authority has no counterpart here; only the counted
 * strings of subauth.h are in scope.
 */
#ifndef TCH_SSPI_INCLUDE_NTSECAPI_H
#define TCH_SSPI_INCLUDE_NTSECAPI_H

#include "subauth.h"

#ifndef _NTDEF_
typedef UNICODE_STRING LSA_UNICODE_STRING, *PLSA_UNICODE_STRING;
typedef STRING LSA_STRING, *PLSA_STRING;
#endif

#endif /* TCH_SSPI_INCLUDE_NTSECAPI_H */
