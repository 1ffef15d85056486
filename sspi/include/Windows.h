/*
 * Windows.h - windows.h, spelt with a capital letter
 */
#ifndef TCH_SSPI_INCLUDE_WINDOWS_CAPITAL_H
#define TCH_SSPI_INCLUDE_WINDOWS_CAPITAL_H

#include "windows.h"

#endif /* TCH_SSPI_INCLUDE_WINDOWS_CAPITAL_H */
