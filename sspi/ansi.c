/*
 * The A functions whose structs hold no WCHAR, so that one of each serves
 * programs with either width of wchar_t. Texts are UTF-8 (contract 1.4).
 */

#include <string.h>

#include "sspi/context.h"
#include "sspi/credentials.h"
#include "sspi/handles.h"
#include "sspi/memory.h"
#include "sspi/packages.h"
#include "sspi/query.h"
#include "sspi/strings.h"

#define NAME_ROOM 256

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesA(
    ULONG *pcPackages, PSecPkgInfoA *ppPackageInfo)
{
    void *list;

    if (pcPackages == NULL || ppPackageInfo == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    list = tch_package_list(NULL, TCH_TEXT_A, pcPackages);
    *ppPackageInfo = list;
    return list == NULL ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoA(
    SEC_CHAR *pszPackageName, PSecPkgInfoA *ppPackageInfo)
{
    const struct tch_package *package = tch_package_named(pszPackageName);
    ULONG num;
    void *list;

    if (ppPackageInfo == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    if (package == NULL) {
        return SEC_E_SECPKG_NOT_FOUND;
    }
    list = tch_package_list(package, TCH_TEXT_A, &num);
    *ppPackageInfo = list;
    return list == NULL ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesA(PCredHandle phCredential,
                                                      ULONG ulAttribute,
                                                      void *pBuffer)
{
    return tch_query_credential(phCredential, ulAttribute, pBuffer, SIZE_MAX);
}

SECURITY_STATUS SEC_ENTRY
QueryCredentialsAttributesExA(PCredHandle phCredential, ULONG ulAttribute,
                              void *pBuffer, ULONG cbBuffer)
{
    return tch_query_credential(phCredential, ulAttribute, pBuffer, cbBuffer);
}

/* `answer` for a live credential. */
static SECURITY_STATUS not_here(PCredHandle h)
{
    if (tch_handle_pin(TCH_HANDLE_CREDENTIAL, h) == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    tch_handle_unpin(h);
    return SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesA(PCredHandle phCredential,
                                                    ULONG ulAttribute,
                                                    void *pBuffer,
                                                    ULONG cbBuffer)
{
    (void)ulAttribute;
    (void)pBuffer;
    (void)cbBuffer;
    return not_here(phCredential);
}

SECURITY_STATUS SEC_ENTRY AddCredentialsA(
    PCredHandle phCredential, SEC_CHAR *pszPrincipal, SEC_CHAR *pszPackage,
    ULONG fCredentialUse, void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
    void *pvGetKeyArgument, PTimeStamp ptsExpiry)
{
    (void)pszPrincipal;
    (void)pszPackage;
    (void)fCredentialUse;
    (void)pAuthData;
    (void)pGetKeyFn;
    (void)pvGetKeyArgument;
    (void)ptsExpiry;
    return not_here(phCredential);
}

SECURITY_STATUS SEC_ENTRY ChangeAccountPasswordA(
    SEC_CHAR *pszPackageName, SEC_CHAR *pszDomainName,
    SEC_CHAR *pszAccountName, SEC_CHAR *pszOldPassword,
    SEC_CHAR *pszNewPassword, BOOLEAN bImpersonating, ULONG dwReserved,
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

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextA(
    PCredHandle phCredential, PCtxtHandle phContext, SEC_CHAR *pszTargetName,
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
    k.name = tch_text_host_name(pszTargetName, TCH_TEXT_A, name) ? name
                                                                 : NULL;
    k.req = fContextReq;
    k.input = pInput;
    k.output = pOutput;
    k.attr = pfContextAttr;
    k.expiry = ptsExpiry;
    return tch_call_run(&k);
}

SECURITY_STATUS SEC_ENTRY ImportSecurityContextA(SEC_CHAR *pszPackage,
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

SECURITY_STATUS SEC_ENTRY SetContextAttributesA(PCtxtHandle phContext,
                                                ULONG ulAttribute,
                                                void *pBuffer, ULONG cbBuffer)
{
    return tch_set(phContext, ulAttribute, pBuffer, cbBuffer);
}
