/*
 * security.h - SSPI as user programs include it
 *
 * Works alone, without windows.h, and brings the basic types, the
 * certificate types and sspi.h (contract 1.7).  SECURITY_WIN32 says "user
 * mode", which is all there is here, so it may be defined or not.
 */
#ifndef TCH_SSPI_INCLUDE_SECURITY_H
#define TCH_SSPI_INCLUDE_SECURITY_H

#if defined(SECURITY_KERNEL) && !defined(SECURITY_WIN32)
#error "SECURITY_KERNEL: there is no kernel-mode SSPI here"
#endif

#include "sspi.h"
#include "wincrypt.h"

/* Names of packages that exist on Windows; none of them exists here (4.4). */
#define NTLMSP_NAME_A             "NTLM"
#define NTLMSP_NAME               L"NTLM"
#define MICROSOFT_KERBEROS_NAME_A "Kerberos"
#define MICROSOFT_KERBEROS_NAME_W L"Kerberos"
#define MICROSOFT_KERBEROS_NAME   L"Kerberos"
#define NEGOSSP_NAME_W            L"Negotiate"
#define NEGOSSP_NAME_A            "Negotiate"
#define NEGOSSP_NAME              "Negotiate"
#define CLOUDAP_NAME_W            L"CloudAP"
#define ClOUDAP_NAME_A            "CloudAP"

#endif /* TCH_SSPI_INCLUDE_SECURITY_H */
