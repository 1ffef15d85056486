#ifndef TCH_SSPI_WIDE_CALLS_H
#define TCH_SSPI_WIDE_CALLS_H

/*
 * wide_calls.h - the entry points that depend on the width of wchar_t
 *
 * Code, not declarations: wide.c compiles it with the 4-byte wchar_t, wide16.c
 * with -fshort-wchar, where tch_wide16.h gives every function here its second
 * name (contract 1.1). These are the W functions, and those A functions whose
 * structs hold WCHARs: the counted texts of SCH_CREDENTIALS, the names in
 * CIPHER_INFO and CONNECTION_INFO_EX, and the function tables that lead there.
 *
 * Everything here is thin: texts are converted, and the work is done behind
 * functions that know no wchar_t.
 */

#include <string.h>

#include "sspi/context.h"
#include "sspi/credentials.h"
#include "sspi/memory.h"
#include "sspi/packages.h"
#include "sspi/query.h"
#include "sspi/schannel_helpers.h"
#include "sspi/strings.h"

#define WIDE ((unsigned)sizeof(WCHAR))
#define NAME_ROOM 256

/* A text of the program's as UTF-8; NULL stays NULL. */
static SECURITY_STATUS read_text(const void *s, unsigned width, char **out)
{
    enum tch_status status;

    *out = NULL;
    if (s == NULL) {
        return SEC_E_OK;
    }
    status = tch_text_read(s, width, SIZE_MAX, out);
    return status == TCH_OK          ? SEC_E_OK
           : status == TCH_NO_MEMORY ? SEC_E_INSUFFICIENT_MEMORY
                                     : SEC_E_INVALID_PARAMETER;
}

/* ------------------------------------------------------------ credentials */

static SECURITY_STATUS acquire(const void *package, unsigned width, ULONG use,
                               const void *auth, PCredHandle phCredential,
                               PTimeStamp ptsExpiry)
{
    char *name;
    SECURITY_STATUS s = read_text(package, width, &name);

    if (s == SEC_E_OK) {
        s = tch_acquire(name, use, auth, WIDE, phCredential, ptsExpiry);
    }
    tch_disown_text(name);
    return s;
}

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleA(
    SEC_CHAR *pszPrincipal, SEC_CHAR *pszPackage, ULONG fCredentialUse,
    void *pvLogonId, void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
    void *pvGetKeyArgument, PCredHandle phCredential, PTimeStamp ptsExpiry)
{
    (void)pszPrincipal;
    (void)pvLogonId;
    (void)pGetKeyFn;
    (void)pvGetKeyArgument;
    return acquire(pszPackage, TCH_TEXT_A, fCredentialUse, pAuthData,
                   phCredential, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleW(
    SEC_WCHAR *pszPrincipal, SEC_WCHAR *pszPackage, ULONG fCredentialUse,
    void *pvLogonId, void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
    void *pvGetKeyArgument, PCredHandle phCredential, PTimeStamp ptsExpiry)
{
    (void)pszPrincipal;
    (void)pvLogonId;
    (void)pGetKeyFn;
    (void)pvGetKeyArgument;
    return acquire(pszPackage, WIDE, fCredentialUse, pAuthData, phCredential,
                   ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesW(PCredHandle phCredential,
                                                      ULONG ulAttribute,
                                                      void *pBuffer)
{
    return tch_query_credential(phCredential, ulAttribute, pBuffer, SIZE_MAX);
}

SECURITY_STATUS SEC_ENTRY
QueryCredentialsAttributesExW(PCredHandle phCredential, ULONG ulAttribute,
                              void *pBuffer, ULONG cbBuffer)
{
    return tch_query_credential(phCredential, ulAttribute, pBuffer, cbBuffer);
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesW(PCredHandle phCredential,
                                                    ULONG ulAttribute,
                                                    void *pBuffer,
                                                    ULONG cbBuffer)
{
    return SetCredentialsAttributesA(phCredential, ulAttribute, pBuffer,
                                     cbBuffer);
}

SECURITY_STATUS SEC_ENTRY AddCredentialsW(
    PCredHandle phCredential, SEC_WCHAR *pszPrincipal, SEC_WCHAR *pszPackage,
    ULONG fCredentialUse, void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
    void *pvGetKeyArgument, PTimeStamp ptsExpiry)
{
    (void)pszPrincipal;
    (void)pszPackage;
    return AddCredentialsA(phCredential, NULL, NULL, fCredentialUse,
                           pAuthData, pGetKeyFn, pvGetKeyArgument, ptsExpiry);
}

SECURITY_STATUS SEC_ENTRY ChangeAccountPasswordW(
    SEC_WCHAR *pszPackageName, SEC_WCHAR *pszDomainName,
    SEC_WCHAR *pszAccountName, SEC_WCHAR *pszOldPassword,
    SEC_WCHAR *pszNewPassword, BOOLEAN bImpersonating, ULONG dwReserved,
    PSecBufferDesc pOutput)
{
    (void)pszPackageName;
    (void)pszDomainName;
    (void)pszAccountName;
    (void)pszOldPassword;
    (void)pszNewPassword;
    (void)bImpersonating;
    (void)dwReserved;
    (void)pOutput;
    return SEC_E_UNSUPPORTED_FUNCTION;
}

/* --------------------------------------------------------------- packages */

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesW(
    ULONG *pcPackages, PSecPkgInfoW *ppPackageInfo)
{
    void *list;

    if (pcPackages == NULL || ppPackageInfo == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    list = tch_package_list(NULL, WIDE, pcPackages);
    *ppPackageInfo = list;
    return list == NULL ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoW(
    SEC_WCHAR *pszPackageName, PSecPkgInfoW *ppPackageInfo)
{
    const struct tch_package *package;
    SECURITY_STATUS s;
    char *name;
    ULONG num;
    void *list;

    if (ppPackageInfo == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    s = read_text(pszPackageName, WIDE, &name);
    if (s != SEC_E_OK) {
        return s;
    }
    package = tch_package_named(name);
    tch_disown_text(name);
    if (package == NULL) {
        return SEC_E_SECPKG_NOT_FOUND;
    }
    list = tch_package_list(package, WIDE, &num);
    *ppPackageInfo = list;
    return list == NULL ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

/* --------------------------------------------------------------- contexts */

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextW(
    PCredHandle phCredential, PCtxtHandle phContext, SEC_WCHAR *pszTargetName,
    ULONG fContextReq, ULONG Reserved1, ULONG TargetDataRep,
    PSecBufferDesc pInput, ULONG Reserved2, PCtxtHandle phNewContext,
    PSecBufferDesc pOutput, ULONG *pfContextAttr, PTimeStamp ptsExpiry)
{
    struct tch_call k;
    char name[NAME_ROOM];

    (void)Reserved1;
    (void)TargetDataRep;
    (void)Reserved2;
    memset(&k, 0, sizeof k);
    k.role = TCH_CLIENT;
    k.phCredential = phCredential;
    k.phContext = phContext;
    k.phNewContext = phNewContext;
    k.name = tch_text_host_name(pszTargetName, WIDE, name) ? name : NULL;
    k.req = fContextReq;
    k.input = pInput;
    k.output = pOutput;
    k.attr = pfContextAttr;
    k.expiry = ptsExpiry;
    return tch_call_run(&k);
}

SECURITY_STATUS SEC_ENTRY ImportSecurityContextW(SEC_WCHAR *pszPackage,
                                                 PSecBuffer pPackedContext,
                                                 void *Token,
                                                 PCtxtHandle phContext)
{
    (void)pszPackage;
    (void)pPackedContext;
    (void)Token;
    (void)phContext;
    return SEC_E_UNSUPPORTED_FUNCTION;
}

/* A name into an array of the program's WCHARs. */
static void put_name(const char *name, WCHAR out[SZ_ALG_MAX_SIZE])
{
    if (tch_text_size(name, WIDE) <= SZ_ALG_MAX_SIZE * sizeof(WCHAR)) {
        tch_text_write(name, WIDE, out);
    }
}

static SECURITY_STATUS query_cipher_info(PCtxtHandle h,
                                         SecPkgContext_CipherInfo *out)
{
    struct tch_cipher_facts f;
    SECURITY_STATUS s = tch_query_cipher(h, &f);

    if (s != SEC_E_OK) {
        return s;
    }
    memset(out, 0, sizeof *out);
    out->dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
    out->dwProtocol = f.wire_version;
    out->dwCipherSuite = f.suite;
    out->dwBaseCipherSuite = f.suite;
    put_name(f.suite_name, out->szCipherSuite);
    put_name(f.cipher, out->szCipher);
    out->dwCipherLen = f.cipher_bits;
    out->dwCipherBlockLen = f.cipher_block;
    put_name(f.hash, out->szHash);
    out->dwHashLen = f.hash_bits;
    put_name(f.exchange, out->szExchange);
    out->dwMinExchangeLen = 0;
    out->dwMaxExchangeLen = 65536;
    put_name(f.certificate, out->szCertificate);
    out->dwKeyType = f.key_type;
    return SEC_E_OK;
}

static SECURITY_STATUS
query_connection_info(PCtxtHandle h, SecPkgContext_ConnectionInfoEx *out)
{
    struct tch_cipher_facts f;
    SECURITY_STATUS s = tch_query_cipher(h, &f);

    if (s != SEC_E_OK) {
        return s;
    }
    memset(out, 0, sizeof *out);
    out->dwVersion = SECPKGCONTEXT_CONNECTION_INFO_EX_V1;
    out->dwProtocol = f.protocol_bit;
    put_name(f.cipher, out->szCipher);
    out->dwCipherStrength = f.cipher_bits;
    put_name(f.hash, out->szHash);
    out->dwHashStrength = f.hash_bits;
    put_name(f.exchange, out->szExchange);
    out->dwExchStrength = f.exchange_bits;
    return SEC_E_OK;
}

static SECURITY_STATUS query(PCtxtHandle h, ULONG attribute, void *out,
                             size_t room, unsigned width)
{
    size_t size = attribute == SECPKG_ATTR_CIPHER_INFO
                      ? sizeof(SecPkgContext_CipherInfo)
                      : sizeof(SecPkgContext_ConnectionInfoEx);
    SecPkgContext_Flags flags;
    SECURITY_STATUS s;

    if (attribute != SECPKG_ATTR_CIPHER_INFO &&
        attribute != SECPKG_ATTR_CONNECTION_INFO_EX) {
        return tch_query(h, attribute, out, room, width);
    }
    /* A bad handle and one asked too early come before a bad buffer. */
    s = tch_query(h, SECPKG_ATTR_FLAGS, &flags, sizeof flags, width);
    if (s != SEC_E_OK) {
        return s;
    }
    if (out == NULL) {
        return SEC_E_INTERNAL_ERROR;
    }
    if (room < size) {
        return SEC_E_BUFFER_TOO_SMALL;
    }
    return attribute == SECPKG_ATTR_CIPHER_INFO
               ? query_cipher_info(h, out)
               : query_connection_info(h, out);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesA(PCtxtHandle phContext,
                                                  ULONG ulAttribute,
                                                  void *pBuffer)
{
    return query(phContext, ulAttribute, pBuffer, SIZE_MAX, TCH_TEXT_A);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesW(PCtxtHandle phContext,
                                                  ULONG ulAttribute,
                                                  void *pBuffer)
{
    return query(phContext, ulAttribute, pBuffer, SIZE_MAX, WIDE);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesExA(PCtxtHandle phContext,
                                                    ULONG ulAttribute,
                                                    void *pBuffer,
                                                    ULONG cbBuffer)
{
    return query(phContext, ulAttribute, pBuffer, cbBuffer, TCH_TEXT_A);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesExW(PCtxtHandle phContext,
                                                    ULONG ulAttribute,
                                                    void *pBuffer,
                                                    ULONG cbBuffer)
{
    return query(phContext, ulAttribute, pBuffer, cbBuffer, WIDE);
}

SECURITY_STATUS SEC_ENTRY SetContextAttributesW(PCtxtHandle phContext,
                                                ULONG ulAttribute,
                                                void *pBuffer, ULONG cbBuffer)
{
    return tch_set(phContext, ulAttribute, pBuffer, cbBuffer);
}

BOOL SslEmptyCacheW(LPWSTR pszTargetName, DWORD dwFlags)
{
    char name[NAME_ROOM];

    (void)dwFlags;
    if (pszTargetName == NULL) {
        return tch_empty_cache(NULL);
    }
    return tch_text_host_name(pszTargetName, WIDE, name) &&
           tch_empty_cache(name);
}

/* ------------------------------------------------------------- the tables */

/* Not const only because SSPI hands out a pointer that is not. */
static SecurityFunctionTableA table_a = {
    .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_4,
    .EnumerateSecurityPackagesA = EnumerateSecurityPackagesA,
    .QueryCredentialsAttributesA = QueryCredentialsAttributesA,
    .AcquireCredentialsHandleA = AcquireCredentialsHandleA,
    .FreeCredentialsHandle = FreeCredentialsHandle,
    .InitializeSecurityContextA = InitializeSecurityContextA,
    .AcceptSecurityContext = AcceptSecurityContext,
    .CompleteAuthToken = CompleteAuthToken,
    .DeleteSecurityContext = DeleteSecurityContext,
    .ApplyControlToken = ApplyControlToken,
    .QueryContextAttributesA = QueryContextAttributesA,
    .ImpersonateSecurityContext = ImpersonateSecurityContext,
    .RevertSecurityContext = RevertSecurityContext,
    .MakeSignature = MakeSignature,
    .VerifySignature = VerifySignature,
    .FreeContextBuffer = FreeContextBuffer,
    .QuerySecurityPackageInfoA = QuerySecurityPackageInfoA,
    .ExportSecurityContext = ExportSecurityContext,
    .ImportSecurityContextA = ImportSecurityContextA,
    .AddCredentialsA = AddCredentialsA,
    .QuerySecurityContextToken = QuerySecurityContextToken,
    .EncryptMessage = EncryptMessage,
    .DecryptMessage = DecryptMessage,
    .SetContextAttributesA = SetContextAttributesA,
    .SetCredentialsAttributesA = SetCredentialsAttributesA,
    .ChangeAccountPasswordA = ChangeAccountPasswordA,
    .QueryContextAttributesExA = QueryContextAttributesExA,
    .QueryCredentialsAttributesExA = QueryCredentialsAttributesExA,
};

static SecurityFunctionTableW table_w = {
    .dwVersion = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION_4,
    .EnumerateSecurityPackagesW = EnumerateSecurityPackagesW,
    .QueryCredentialsAttributesW = QueryCredentialsAttributesW,
    .AcquireCredentialsHandleW = AcquireCredentialsHandleW,
    .FreeCredentialsHandle = FreeCredentialsHandle,
    .InitializeSecurityContextW = InitializeSecurityContextW,
    .AcceptSecurityContext = AcceptSecurityContext,
    .CompleteAuthToken = CompleteAuthToken,
    .DeleteSecurityContext = DeleteSecurityContext,
    .ApplyControlToken = ApplyControlToken,
    .QueryContextAttributesW = QueryContextAttributesW,
    .ImpersonateSecurityContext = ImpersonateSecurityContext,
    .RevertSecurityContext = RevertSecurityContext,
    .MakeSignature = MakeSignature,
    .VerifySignature = VerifySignature,
    .FreeContextBuffer = FreeContextBuffer,
    .QuerySecurityPackageInfoW = QuerySecurityPackageInfoW,
    .ExportSecurityContext = ExportSecurityContext,
    .ImportSecurityContextW = ImportSecurityContextW,
    .AddCredentialsW = AddCredentialsW,
    .QuerySecurityContextToken = QuerySecurityContextToken,
    .EncryptMessage = EncryptMessage,
    .DecryptMessage = DecryptMessage,
    .SetContextAttributesW = SetContextAttributesW,
    .SetCredentialsAttributesW = SetCredentialsAttributesW,
    .ChangeAccountPasswordW = ChangeAccountPasswordW,
    .QueryContextAttributesExW = QueryContextAttributesExW,
    .QueryCredentialsAttributesExW = QueryCredentialsAttributesExW,
};

PSecurityFunctionTableA SEC_ENTRY InitSecurityInterfaceA(void)
{
    return &table_a;
}

PSecurityFunctionTableW SEC_ENTRY InitSecurityInterfaceW(void)
{
    return &table_w;
}

#endif
