/*
 * tch_windef.h - the basic Windows types on Linux, for every SSPI header
 *
 * Windows is LLP64: long has 4 bytes there and 8 here.  All that is called
 * LONG, ULONG or DWORD keeps its 4 bytes, because sizes of these types are
 * part of what programs send (a SCHANNEL_SHUTDOWN token is one DWORD) and
 * because the sign of a status is its meaning (contract section 1).
 *
 * WCHAR is the compiler's wchar_t, so that L"" literals, wcslen and wprintf
 * go together with it: 4 bytes by default, 2 under -fshort-wchar.  The W
 * functions exist for both widths (tch_wide16.h).
 *
 * Nothing here needs more than the C library, C99 or C++11.
 */
#ifndef TCH_SSPI_INCLUDE_TCH_WINDEF_H
#define TCH_SSPI_INCLUDE_TCH_WINDEF_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* ----------------------------------------------------- how names are bound */

#ifdef __cplusplus
#define TCH_SSPI_BEGIN extern "C" {
#define TCH_SSPI_END   }
#else
#define TCH_SSPI_BEGIN
#define TCH_SSPI_END
#endif

/* TCH_SSPI_API marks every function that the library exports. */
#if defined(__GNUC__)
#define TCH_SSPI_API __attribute__((visibility("default")))
/* Before a member: an unnamed struct or union is meant, also in C99. */
#define TCH_SSPI_UNNAMED __extension__
#else
#define TCH_SSPI_API
#define TCH_SSPI_UNNAMED
#endif

/* Calling conventions: there is one, so all of them are empty. */
#define WINAPI
#define APIENTRY
#define CALLBACK
#define NTAPI
#define WINAPIV
#define WINADVAPI
#define WINCRYPT32API
#ifndef DECLSPEC_IMPORT
#define DECLSPEC_IMPORT
#endif

/* ----------------------------------------------------------------- numbers */

#ifndef VOID
#define VOID void
#endif
#ifndef CONST
#define CONST const
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

typedef char CHAR;
typedef unsigned char UCHAR;
typedef unsigned char BYTE;
typedef unsigned char BOOLEAN;
typedef short SHORT;
typedef unsigned short USHORT;
typedef unsigned short WORD;
typedef int INT;
typedef unsigned int UINT;
typedef int BOOL;

#if ULONG_MAX == 0xFFFFFFFF /* long has 32 bits, as on Windows */
typedef long LONG;
typedef unsigned long ULONG;
typedef unsigned long DWORD;
#else
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
#endif

typedef int32_t INT32, LONG32;
typedef uint32_t UINT32, ULONG32, DWORD32;
typedef long long LONGLONG;
typedef unsigned long long ULONGLONG;
typedef long long INT64, LONG64;
typedef unsigned long long UINT64, ULONG64, DWORD64, DWORDLONG;

typedef intptr_t INT_PTR, LONG_PTR;
typedef uintptr_t UINT_PTR, ULONG_PTR, DWORD_PTR;
typedef ULONG_PTR SIZE_T;
typedef LONG_PTR SSIZE_T;

typedef LONG HRESULT; /* bit 31 set: failure */
typedef LONG NTSTATUS;

/* ----------------------------------------------------- characters and text */

/* In C++ wchar_t is a keyword; in C it comes from stddef.h. */
typedef wchar_t WCHAR;

typedef CHAR *PCHAR, *LPCH, *PCH;
typedef CHAR *PSTR, *LPSTR, *NPSTR;
typedef const CHAR *PCSTR, *LPCSTR;
typedef WCHAR *PWCHAR, *LPWCH, *PWCH;
typedef WCHAR *PWSTR, *LPWSTR, *NWPSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR;

/* UNICODE chooses what the names without A or W mean. */
#ifdef UNICODE
typedef WCHAR TCHAR, *PTCHAR;
typedef LPWSTR PTSTR, LPTSTR;
typedef LPCWSTR PCTSTR, LPCTSTR;
#define TCH_SSPI_TEXT(quote) L##quote
#else
typedef CHAR TCHAR, *PTCHAR;
typedef LPSTR PTSTR, LPTSTR;
typedef LPCSTR PCTSTR, LPCTSTR;
#define TCH_SSPI_TEXT(quote) quote
#endif
#ifndef TEXT
#define TEXT(quote) TCH_SSPI_TEXT(quote) /* two steps: the argument expands */
#endif

/* ---------------------------------------------------------------- pointers */

typedef void *PVOID, *LPVOID;
typedef const void *PCVOID, *LPCVOID;
typedef BYTE *PBYTE, *LPBYTE;
typedef const BYTE *PCBYTE, *LPCBYTE;
typedef UCHAR *PUCHAR;
typedef BOOLEAN *PBOOLEAN;
typedef SHORT *PSHORT;
typedef USHORT *PUSHORT;
typedef WORD *PWORD, *LPWORD;
typedef INT *PINT, *LPINT;
typedef UINT *PUINT, *LPUINT;
typedef BOOL *PBOOL, *LPBOOL;
typedef LONG *PLONG, *LPLONG;
typedef ULONG *PULONG;
typedef DWORD *PDWORD, *LPDWORD;
typedef LONGLONG *PLONGLONG;
typedef ULONGLONG *PULONGLONG;
typedef ULONG_PTR *PULONG_PTR;
typedef DWORD_PTR *PDWORD_PTR;
typedef SIZE_T *PSIZE_T;

typedef void *HANDLE;
typedef HANDLE *PHANDLE, *LPHANDLE;
typedef HANDLE HLOCAL, HGLOBAL;
typedef void *HWND;
typedef void *HINSTANCE, *HMODULE;

#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

/* ----------------------------------------------------------- small structs */

/* 100 ns ticks since 1601-01-01, in two halves. */
typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

typedef union _LARGE_INTEGER {
    TCH_SSPI_UNNAMED struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    TCH_SSPI_UNNAMED struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _LUID {
    DWORD LowPart;
    LONG HighPart;
} LUID, *PLUID;

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
    DWORD Data1;
    WORD Data2;
    WORD Data3;
    BYTE Data4[8];
} GUID;
#endif

#ifndef ANYSIZE_ARRAY
#define ANYSIZE_ARRAY 1 /* a last member that goes on behind its struct */
#endif

#endif /* TCH_SSPI_INCLUDE_TCH_WINDEF_H */
