/*
 * The last error of a thread (contract 15): the one thing of Windows' that is
 * hidden state by design, because a BOOL has no room for a reason.
 */

#include "sspi/last_error.h"

static _Thread_local DWORD last_error;

DWORD WINAPI GetLastError(void)
{
    return last_error;
}

VOID WINAPI SetLastError(DWORD dwErrCode)
{
    last_error = dwErrCode;
}

BOOL tch_fail(LONG code)
{
    last_error = (DWORD)code;
    return FALSE;
}
