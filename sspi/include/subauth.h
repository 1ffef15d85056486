/*
 * subauth.h - counted strings (UNICODE_STRING)
 *
 * SCH_CREDENTIALS names algorithms and protocols by UNICODE_STRING (contract
 * 5.3).  Length and MaximumLength count bytes, so sizeof(WCHAR) per unit; no
 * terminating zero is needed or counted.  A program that defines
 * __UNICODE_STRING_DEFINED before us brings its own.
 */
#ifndef TCH_SSPI_INCLUDE_SUBAUTH_H
#define TCH_SSPI_INCLUDE_SUBAUTH_H

#include "tch_windef.h"

#ifndef __UNICODE_STRING_DEFINED
#define __UNICODE_STRING_DEFINED
typedef struct _UNICODE_STRING {
    USHORT Length;        /* bytes in use          */
    USHORT MaximumLength; /* bytes behind Buffer   */
    PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;
#endif

#ifndef __STRING_DEFINED
#define __STRING_DEFINED
typedef struct _STRING {
    USHORT Length;
    USHORT MaximumLength;
    PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING;
#endif

#endif /* TCH_SSPI_INCLUDE_SUBAUTH_H */
