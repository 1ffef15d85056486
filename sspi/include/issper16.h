/*
 * issper16.h - the error codes of SSPI under their oldest header name
 */
#ifndef TCH_SSPI_INCLUDE_ISSPER16_H
#define TCH_SSPI_INCLUDE_ISSPER16_H

#include "winerror.h"

#endif /* TCH_SSPI_INCLUDE_ISSPER16_H */
