/*
 * The entry points of wide_calls.h for programs with a 2-byte wchar_t, under
 * their second names. The Makefile compiles this file with -fshort-wchar.
 */

#include "sspi/wide_calls.h"

_Static_assert(sizeof(WCHAR) == 2, "compiled with -fshort-wchar");
