#ifndef TCH_SSPI_LAST_ERROR_H
#define TCH_SSPI_LAST_ERROR_H

/*
 * last_error.h - GetLastError for the functions that answer BOOL
 */

#include "sspi/include/winerror.h"

/* tch_fail sets the thread's last error and gives FALSE. */
BOOL tch_fail(LONG code);

#endif
