/*
 * tch_wide16.h - which of the two W functions a program means
 *
 * The library exports every W function twice: FooW takes 4-byte wchar_t,
 * FooW16 takes 2-byte wchar_t.  A program compiled with -fshort-wchar writes
 * FooW like everybody else and gets FooW16 by the macros below; so a wrong
 * pairing does not link instead of reading wrong text (contract 1.1).
 *
 * The same holds for the A functions whose structs hold WCHARs: the counted
 * texts of SCH_CREDENTIALS and the names of SECPKG_ATTR_CIPHER_INFO and
 * SECPKG_ATTR_CONNECTION_INFO_EX, and the table that leads to them.
 *
 * Members of the function tables bear the same names and are renamed along
 * with the functions, which no program can notice.
 */
#ifndef TCH_SSPI_INCLUDE_TCH_WIDE16_H
#define TCH_SSPI_INCLUDE_TCH_WIDE16_H

#if defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2

/* sspi.h */
#define AcquireCredentialsHandleW    AcquireCredentialsHandleW16
#define AddCredentialsW              AddCredentialsW16
#define ChangeAccountPasswordW       ChangeAccountPasswordW16
#define EnumerateSecurityPackagesW   EnumerateSecurityPackagesW16
#define ImportSecurityContextW       ImportSecurityContextW16
#define InitializeSecurityContextW   InitializeSecurityContextW16
#define InitSecurityInterfaceW       InitSecurityInterfaceW16
#define QueryContextAttributesW      QueryContextAttributesW16
#define QueryContextAttributesExW    QueryContextAttributesExW16
#define QueryCredentialsAttributesW  QueryCredentialsAttributesW16
#define QueryCredentialsAttributesExW QueryCredentialsAttributesExW16
#define QuerySecurityPackageInfoW    QuerySecurityPackageInfoW16
#define SetContextAttributesW        SetContextAttributesW16
#define SetCredentialsAttributesW    SetCredentialsAttributesW16

/* A functions whose structs hold WCHARs */
#define AcquireCredentialsHandleA    AcquireCredentialsHandleA16
#define InitSecurityInterfaceA       InitSecurityInterfaceA16
#define QueryContextAttributesA      QueryContextAttributesA16
#define QueryContextAttributesExA    QueryContextAttributesExA16

/* schannel.h */
#define SslEmptyCacheW               SslEmptyCacheW16

#endif

#endif /* TCH_SSPI_INCLUDE_TCH_WIDE16_H */
