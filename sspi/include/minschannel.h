/*
 * minschannel.h - the older split of schannel.h
 *
 * The attributes that kernel mode needs live there on some systems; here
 * they are in schannel.h.
 */
#ifndef TCH_SSPI_INCLUDE_MINSCHANNEL_H
#define TCH_SSPI_INCLUDE_MINSCHANNEL_H

#include "schannel.h"

#endif /* TCH_SSPI_INCLUDE_MINSCHANNEL_H */
