/* The entry points of wide_calls.h for programs with a 4-byte wchar_t. */

#include "sspi/wide_calls.h"

_Static_assert(sizeof(WCHAR) == 4, "compiled without -fshort-wchar");
