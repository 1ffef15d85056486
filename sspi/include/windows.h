/*
 * windows.h - basic types and error codes for programs written for Windows
 *
 * Deliberately small: the types of tch_windef.h, the codes of winerror.h and
 * a few macros.  No files, no windows, no threads.  It stands in a directory
 * of its own, so that nobody finds it by accident.
 */
#ifndef TCH_SSPI_INCLUDE_WINDOWS_H
#define TCH_SSPI_INCLUDE_WINDOWS_H

#include "tch_windef.h"
#include "winerror.h"

/* The literal macro of tchar.h, which many programs take for granted. */
#ifndef _T
#define _T(quote) TEXT(quote)
#endif

/* Marks of parameter direction in old declarations. */
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif

#ifndef WIN32_LEAN_AND_MEAN
#include "wincrypt.h"
#endif

#endif /* TCH_SSPI_INCLUDE_WINDOWS_H */
