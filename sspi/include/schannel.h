/*
 * schannel.h - what TLS adds to SSPI: credentials, tokens, attributes
 *
 * Constants that a program may test with #ifdef are macros, never
 * enumerators.  SCH_CREDENTIALS and its parts come only with
 * SCHANNEL_USE_BLACKLISTS, all together, at the end of this file (contract
 * 1.7): a program that does not define it may bring its own.  That block has
 * a guard of its own, so it appears even when this header was read before
 * without it.
 */
#ifndef TCH_SSPI_INCLUDE_SCHANNEL_H
#define TCH_SSPI_INCLUDE_SCHANNEL_H

#include "sspi.h"
#include "wincrypt.h"

/* ------------------------------------------------------- 1. packages (4.4) */

#define UNISP_RPC_ID 14

#define UNISP_NAME_A           "Microsoft Unified Security Protocol Provider"
#define UNISP_NAME_W           L"Microsoft Unified Security Protocol Provider"
#define SSL2SP_NAME_A          "Microsoft SSL 2.0"
#define SSL2SP_NAME_W          L"Microsoft SSL 2.0"
#define SSL3SP_NAME_A          "Microsoft SSL 3.0"
#define SSL3SP_NAME_W          L"Microsoft SSL 3.0"
#define TLS1SP_NAME_A          "Microsoft TLS 1.0"
#define TLS1SP_NAME_W          L"Microsoft TLS 1.0"
#define PCT1SP_NAME_A          "Microsoft PCT 1.0"
#define PCT1SP_NAME_W          L"Microsoft PCT 1.0"
#define SCHANNEL_NAME_A        "Schannel"
#define SCHANNEL_NAME_W        L"Schannel"
#define DEFAULT_TLS_SSP_NAME_A "Default TLS SSP"
#define DEFAULT_TLS_SSP_NAME_W L"Default TLS SSP"
#ifdef UNICODE
#define UNISP_NAME           UNISP_NAME_W
#define SCHANNEL_NAME        SCHANNEL_NAME_W
#define DEFAULT_TLS_SSP_NAME DEFAULT_TLS_SSP_NAME_W
#define PCT1SP_NAME          PCT1SP_NAME_W
#define SSL2SP_NAME          SSL2SP_NAME_W
#define SSL3SP_NAME          SSL3SP_NAME_W
#define TLS1SP_NAME          TLS1SP_NAME_W
#else
#define UNISP_NAME           UNISP_NAME_A
#define SCHANNEL_NAME        SCHANNEL_NAME_A
#define DEFAULT_TLS_SSP_NAME DEFAULT_TLS_SSP_NAME_A
#define PCT1SP_NAME          PCT1SP_NAME_A
#define SSL2SP_NAME          SSL2SP_NAME_A
#define SSL3SP_NAME          SSL3SP_NAME_A
#define TLS1SP_NAME          TLS1SP_NAME_A
#endif

/* -------------------------------------------------- 2. protocol bits (5.5) */

#define SP_PROT_SSL2_SERVER   0x00000004
#define SP_PROT_SSL2_CLIENT   0x00000008
#define SP_PROT_SSL2          0x0000000C
#define SP_PROT_SSL3_SERVER   0x00000010
#define SP_PROT_SSL3_CLIENT   0x00000020
#define SP_PROT_SSL3          0x00000030
#define SP_PROT_TLS1_SERVER   0x00000040
#define SP_PROT_TLS1_CLIENT   0x00000080
#define SP_PROT_TLS1          0x000000C0
#define SP_PROT_TLS1_0_SERVER 0x00000040
#define SP_PROT_TLS1_0_CLIENT 0x00000080
#define SP_PROT_TLS1_0        0x000000C0
#define SP_PROT_TLS1_1_SERVER 0x00000100
#define SP_PROT_TLS1_1_CLIENT 0x00000200
#define SP_PROT_TLS1_1        0x00000300
#define SP_PROT_TLS1_2_SERVER 0x00000400
#define SP_PROT_TLS1_2_CLIENT 0x00000800
#define SP_PROT_TLS1_2        0x00000C00
#define SP_PROT_TLS1_3_SERVER 0x00001000
#define SP_PROT_TLS1_3_CLIENT 0x00002000
#define SP_PROT_TLS1_3        0x00003000

/* Several at once. */
#define SP_PROT_SSL3TLS1_CLIENTS   0x000000A0
#define SP_PROT_SSL3TLS1_SERVERS   0x00000050
#define SP_PROT_SSL3TLS1           0x000000F0
#define SP_PROT_TLS1_1PLUS_SERVER  0x00001500
#define SP_PROT_TLS1_1PLUS_CLIENT  0x00002A00
#define SP_PROT_TLS1_1PLUS         0x00003F00
#define SP_PROT_TLS1_3PLUS_SERVER  0x00001000
#define SP_PROT_TLS1_3PLUS_CLIENT  0x00002000
#define SP_PROT_TLS1_3PLUS         0x00003000
#define SP_PROT_TLS1_X_SERVER      0x00001540
#define SP_PROT_TLS1_X_CLIENT      0x00002A80
#define SP_PROT_TLS1_X             0x00003FC0
#define SP_PROT_SSL3TLS1_X_CLIENTS 0x00002AA0
#define SP_PROT_SSL3TLS1_X_SERVERS 0x00001550
#define SP_PROT_SSL3TLS1_X         0x00003FF0

/* Never negotiated here: PCT, the unified hello, DTLS. */
#define SP_PROT_PCT1_SERVER    0x00000001
#define SP_PROT_PCT1_CLIENT    0x00000002
#define SP_PROT_PCT1           0x00000003
#define SP_PROT_UNI_SERVER     0x40000000
#define SP_PROT_UNI_CLIENT     0x80000000
#define SP_PROT_UNI            0xC0000000
#define SP_PROT_DTLS_SERVER    0x00010000
#define SP_PROT_DTLS_CLIENT    0x00020000
#define SP_PROT_DTLS           0x00030000
#define SP_PROT_DTLS1_0_SERVER 0x00010000
#define SP_PROT_DTLS1_0_CLIENT 0x00020000
#define SP_PROT_DTLS1_0        0x00030000
#define SP_PROT_DTLS1_2_SERVER 0x00040000
#define SP_PROT_DTLS1_2_CLIENT 0x00080000
#define SP_PROT_DTLS1_2        0x000C0000
#define SP_PROT_DTLS1_X_SERVER 0x00050000
#define SP_PROT_DTLS1_X_CLIENT 0x000A0000
#define SP_PROT_DTLS1_X        0x000F0000

/* Masks. */
#define SP_PROT_ALL       0xFFFFFFFF
#define SP_PROT_NONE      0x00000000
#define SP_PROT_CLIENTS   0x800000AA
#define SP_PROT_SERVERS   0x40000055
#define SP_PROT_X_CLIENTS 0x800A2AAA
#define SP_PROT_X_SERVERS 0x40051555

/* ---------------------------------------------------------- 3. credentials */

/* Entries of aphMappers; nothing reads them (5.2). */
struct _HMAPPER;

#define SCH_CRED_V1           1
#define SCH_CRED_V2           2
#define SCH_CRED_VERSION      2
#define SCH_CRED_V3           3
#define SCHANNEL_CRED_VERSION 4

/* SCHANNEL_CRED: dwVersion is SCHANNEL_CRED_VERSION (5.2). */
typedef struct _SCHANNEL_CRED {
    DWORD dwVersion;
    DWORD cCreds;
    PCCERT_CONTEXT *paCred;       /* each with its private key     */
    HCERTSTORE hRootStore;        /* roots for client certificates */
    DWORD cMappers;               /* not read                      */
    struct _HMAPPER **aphMappers; /* not read                      */
    DWORD cSupportedAlgs;
    ALG_ID *palgSupportedAlgs;    /* 0/NULL: the policy's          */
    DWORD grbitEnabledProtocols;  /* SP_PROT_*, 0: the policy's    */
    DWORD dwMinimumCipherStrength; /* bits (5.5) */
    DWORD dwMaximumCipherStrength;
    DWORD dwSessionLifespan;      /* milliseconds, 0: ten hours    */
    DWORD dwFlags;                /* SCH_* (5.4)                   */
    DWORD dwCredFormat;           /* SCH_CRED_FORMAT_CERT_CONTEXT  */
} SCHANNEL_CRED, *PSCHANNEL_CRED;

#define SCH_CRED_FORMAT_CERT_CONTEXT    0
#define SCH_CRED_FORMAT_CERT_HASH       1
#define SCH_CRED_FORMAT_CERT_HASH_STORE 2

#define SCH_CRED_MAX_STORE_NAME_SIZE 128
#define SCH_CRED_MAX_SUPPORTED_ALGS  256
#define SCH_CRED_MAX_SUPPORTED_CERTS 100

/* dwFlags (5.4). */
#define SCH_MACHINE_CERT_HASH                        0x00000001
#define SCH_CRED_NO_SYSTEM_MAPPER                    0x00000002
#define SCH_CRED_NO_SERVERNAME_CHECK                 0x00000004
#define SCH_CRED_MANUAL_CRED_VALIDATION              0x00000008
#define SCH_CRED_NO_DEFAULT_CREDS                    0x00000010
#define SCH_CRED_AUTO_CRED_VALIDATION                0x00000020
#define SCH_CRED_USE_DEFAULT_CREDS                   0x00000040
#define SCH_CRED_DISABLE_RECONNECTS                  0x00000080
#define SCH_CRED_REVOCATION_CHECK_END_CERT           0x00000100
#define SCH_CRED_REVOCATION_CHECK_CHAIN              0x00000200
#define SCH_CRED_REVOCATION_CHECK_CHAIN_EXCLUDE_ROOT 0x00000400
#define SCH_CRED_IGNORE_NO_REVOCATION_CHECK          0x00000800
#define SCH_CRED_IGNORE_REVOCATION_OFFLINE           0x00001000
#define SCH_CRED_RESTRICTED_ROOTS                    0x00002000
#define SCH_CRED_REVOCATION_CHECK_CACHE_ONLY         0x00004000
#define SCH_CRED_CACHE_ONLY_URL_RETRIEVAL            0x00008000
#define SCH_CRED_MEMORY_STORE_CERT                   0x00010000
#define SCH_CRED_CACHE_ONLY_URL_RETRIEVAL_ON_CREATE  0x00020000
#define SCH_SEND_ROOT_CERT                           0x00040000
#define SCH_CRED_SNI_CREDENTIAL                      0x00080000
#define SCH_CRED_SNI_ENABLE_OCSP                     0x00100000
#define SCH_SEND_AUX_RECORD                          0x00200000
#define SCH_USE_STRONG_CRYPTO                        0x00400000
#define SCH_USE_PRESHAREDKEY_ONLY                    0x00800000
#define SCH_USE_DTLS_ONLY                            0x01000000
#define SCH_ALLOW_NULL_ENCRYPTION                    0x02000000

/* The name that the documentation uses. */
#define SCH_DISABLE_RECONNECTS 0x00000080

/* The forms of kernel mode; refused (5.2). */
typedef struct _SCHANNEL_CERT_HASH {
    DWORD dwLength;
    DWORD dwFlags;
    HCRYPTPROV hProv;
    BYTE ShaHash[20];
} SCHANNEL_CERT_HASH, *PSCHANNEL_CERT_HASH;

typedef struct _SCHANNEL_CERT_HASH_STORE {
    DWORD dwLength;
    DWORD dwFlags;
    HCRYPTPROV hProv;
    BYTE ShaHash[20];
    WCHAR pwszStoreName[SCH_CRED_MAX_STORE_NAME_SIZE];
} SCHANNEL_CERT_HASH_STORE, *PSCHANNEL_CERT_HASH_STORE;

/* Attributes of a credential (5.7). */
typedef struct _SecPkgCred_SupportedAlgs {
    DWORD cSupportedAlgs;
    ALG_ID *palgSupportedAlgs; /* freed with FreeContextBuffer */
} SecPkgCred_SupportedAlgs, *PSecPkgCred_SupportedAlgs;

typedef struct _SecPkgCred_CipherStrengths {
    DWORD dwMinimumCipherStrength;
    DWORD dwMaximumCipherStrength;
} SecPkgCred_CipherStrengths, *PSecPkgCred_CipherStrengths;

typedef struct _SecPkgCred_SupportedProtocols {
    DWORD grbitProtocol;
} SecPkgCred_SupportedProtocols, *PSecPkgCred_SupportedProtocols;

typedef struct _SecPkgCred_ClientCertPolicy {
    DWORD dwFlags;
    GUID guidPolicyId;
    DWORD dwCertFlags;
    DWORD dwUrlRetrievalTimeout;
    BOOL fCheckRevocationFreshnessTime;
    DWORD dwRevocationFreshnessTime;
    BOOL fOmitUsageCheck;
    LPWSTR pwszSslCtlStoreName;
    LPWSTR pwszSslCtlIdentifier;
} SecPkgCred_ClientCertPolicy, *PSecPkgCred_ClientCertPolicy;

/* ------------------------------------------------- 4. control tokens (8.1) */

#define SCHANNEL_RENEGOTIATE 0
#define SCHANNEL_SHUTDOWN    1
#define SCHANNEL_ALERT       2
#define SCHANNEL_SESSION     3

typedef struct _SCHANNEL_ALERT_TOKEN {
    DWORD dwTokenType;   /* SCHANNEL_ALERT            */
    DWORD dwAlertType;   /* TLS1_ALERT_WARNING, FATAL */
    DWORD dwAlertNumber; /* TLS1_ALERT_*              */
} SCHANNEL_ALERT_TOKEN, *PSCHANNEL_ALERT_TOKEN;

typedef struct _SCHANNEL_SESSION_TOKEN {
    DWORD dwTokenType; /* SCHANNEL_SESSION              */
    DWORD dwFlags;     /* SSL_SESSION_*_RECONNECTS      */
} SCHANNEL_SESSION_TOKEN, *PSCHANNEL_SESSION_TOKEN;

#define SSL_SESSION_ENABLE_RECONNECTS  1
#define SSL_SESSION_DISABLE_RECONNECTS 2

#define TLS1_ALERT_WARNING 1
#define TLS1_ALERT_FATAL   2

#define TLS1_ALERT_CLOSE_NOTIFY         0
#define TLS1_ALERT_UNEXPECTED_MESSAGE   10
#define TLS1_ALERT_BAD_RECORD_MAC       20
#define TLS1_ALERT_DECRYPTION_FAILED    21
#define TLS1_ALERT_RECORD_OVERFLOW      22
#define TLS1_ALERT_DECOMPRESSION_FAIL   30
#define TLS1_ALERT_HANDSHAKE_FAILURE    40
#define TLS1_ALERT_BAD_CERTIFICATE      42
#define TLS1_ALERT_UNSUPPORTED_CERT     43
#define TLS1_ALERT_CERTIFICATE_REVOKED  44
#define TLS1_ALERT_CERTIFICATE_EXPIRED  45
#define TLS1_ALERT_CERTIFICATE_UNKNOWN  46
#define TLS1_ALERT_ILLEGAL_PARAMETER    47
#define TLS1_ALERT_UNKNOWN_CA           48
#define TLS1_ALERT_ACCESS_DENIED        49
#define TLS1_ALERT_DECODE_ERROR         50
#define TLS1_ALERT_DECRYPT_ERROR        51
#define TLS1_ALERT_EXPORT_RESTRICTION   60
#define TLS1_ALERT_PROTOCOL_VERSION     70
#define TLS1_ALERT_INSUFFIENT_SECURITY  71
#define TLS1_ALERT_INTERNAL_ERROR       80
#define TLS1_ALERT_USER_CANCELED        90
#define TLS1_ALERT_NO_RENEGOTIATION     100
#define TLS1_ALERT_UNSUPPORTED_EXT      110
#define TLS1_ALERT_UNKNOWN_PSK_IDENTITY 115
#define TLS1_ALERT_NO_APP_PROTOCOL      120

/* ---------------------------------------------- 5. attributes of a context */

#define SECPKG_ATTR_ISSUER_LIST                   0x50
#define SECPKG_ATTR_REMOTE_CRED                   0x51
#define SECPKG_ATTR_LOCAL_CRED                    0x52
#define SECPKG_ATTR_REMOTE_CERT_CONTEXT           0x53
#define SECPKG_ATTR_LOCAL_CERT_CONTEXT            0x54
#define SECPKG_ATTR_ROOT_STORE                    0x55
#define SECPKG_ATTR_SUPPORTED_ALGS                0x56
#define SECPKG_ATTR_CIPHER_STRENGTHS              0x57
#define SECPKG_ATTR_SUPPORTED_PROTOCOLS           0x58
#define SECPKG_ATTR_ISSUER_LIST_EX                0x59
#define SECPKG_ATTR_CONNECTION_INFO               0x5A
#define SECPKG_ATTR_EAP_KEY_BLOCK                 0x5B
#define SECPKG_ATTR_MAPPED_CRED_ATTR              0x5C
#define SECPKG_ATTR_SESSION_INFO                  0x5D
#define SECPKG_ATTR_APP_DATA                      0x5E
#define SECPKG_ATTR_REMOTE_CERTIFICATES           0x5F
#define SECPKG_ATTR_CLIENT_CERT_POLICY            0x60
#define SECPKG_ATTR_CC_POLICY_RESULT              0x61
#define SECPKG_ATTR_USE_NCRYPT                    0x62
#define SECPKG_ATTR_LOCAL_CERT_INFO               0x63
#define SECPKG_ATTR_CIPHER_INFO                   0x64
#define SECPKG_ATTR_EAP_PRF_INFO                  0x65
#define SECPKG_ATTR_SUPPORTED_SIGNATURES          0x66
#define SECPKG_ATTR_REMOTE_CERT_CHAIN             0x67
#define SECPKG_ATTR_UI_INFO                       0x68
#define SECPKG_ATTR_EARLY_START                   0x69
#define SECPKG_ATTR_KEYING_MATERIAL_INFO          0x6A
#define SECPKG_ATTR_KEYING_MATERIAL               0x6B
#define SECPKG_ATTR_SRTP_PARAMETERS               0x6C
#define SECPKG_ATTR_TOKEN_BINDING                 0x6D
#define SECPKG_ATTR_CONNECTION_INFO_EX            0x6E
#define SECPKG_ATTR_KEYING_MATERIAL_TOKEN_BINDING 0x6F
#define SECPKG_ATTR_KEYING_MATERIAL_INPROC        0x70

/* SECPKG_ATTR_CONNECTION_INFO (11). */
typedef struct _SecPkgContext_ConnectionInfo {
    DWORD dwProtocol;       /* one SP_PROT_* bit of this side */
    ALG_ID aiCipher;
    DWORD dwCipherStrength; /* bits */
    ALG_ID aiHash;          /* 0 for AEAD suites */
    DWORD dwHashStrength;   /* bits */
    ALG_ID aiExch;
    DWORD dwExchStrength;   /* bits */
} SecPkgContext_ConnectionInfo, *PSecPkgContext_ConnectionInfo;

#define SECPKGCONTEXT_CONNECTION_INFO_EX_V1 1
#define SECPKGCONTEXT_CIPHERINFO_V1         1

typedef struct _SecPkgContext_ConnectionInfoEx {
    DWORD dwVersion; /* SECPKGCONTEXT_CONNECTION_INFO_EX_V1 */
    DWORD dwProtocol;
    WCHAR szCipher[SZ_ALG_MAX_SIZE];
    DWORD dwCipherStrength;
    WCHAR szHash[SZ_ALG_MAX_SIZE];
    DWORD dwHashStrength;
    WCHAR szExchange[SZ_ALG_MAX_SIZE];
    DWORD dwExchStrength;
} SecPkgContext_ConnectionInfoEx, *PSecPkgContext_ConnectionInfoEx;

typedef struct _SecPkgContext_CipherInfo {
    DWORD dwVersion; /* the caller sets SECPKGCONTEXT_CIPHERINFO_V1 */
    DWORD dwProtocol;        /* the version on the wire, 0x0303     */
    DWORD dwCipherSuite;     /* the suite's number                  */
    DWORD dwBaseCipherSuite;
    WCHAR szCipherSuite[SZ_ALG_MAX_SIZE];
    WCHAR szCipher[SZ_ALG_MAX_SIZE];
    DWORD dwCipherLen;       /* bits  */
    DWORD dwCipherBlockLen;  /* bytes */
    WCHAR szHash[SZ_ALG_MAX_SIZE];
    DWORD dwHashLen;         /* bits  */
    WCHAR szExchange[SZ_ALG_MAX_SIZE];
    DWORD dwMinExchangeLen;
    DWORD dwMaxExchangeLen;
    WCHAR szCertificate[SZ_ALG_MAX_SIZE];
    DWORD dwKeyType;         /* the group's number */
} SecPkgContext_CipherInfo, *PSecPkgContext_CipherInfo;

/* SECPKG_ATTR_ISSUER_LIST_EX: names from a CertificateRequest (6.8). */
typedef struct _SecPkgContext_IssuerListInfoEx {
    PCERT_NAME_BLOB aIssuers; /* one block, freed with FreeContextBuffer */
    DWORD cIssuers;
} SecPkgContext_IssuerListInfoEx, *PSecPkgContext_IssuerListInfoEx;

#define SSL_SESSION_RECONNECT 0x01

typedef struct _SecPkgContext_SessionInfo {
    DWORD dwFlags; /* SSL_SESSION_RECONNECT: resumed */
    DWORD cbSessionId;
    BYTE rgbSessionId[32];
} SecPkgContext_SessionInfo, *PSecPkgContext_SessionInfo;

typedef struct _SecPkgContext_SessionAppData {
    DWORD dwFlags;
    DWORD cbAppData;
    PBYTE pbAppData;
} SecPkgContext_SessionAppData, *PSecPkgContext_SessionAppData;

typedef struct _SecPkgContext_EapKeyBlock {
    BYTE rgbKeys[128];
    BYTE rgbIVs[64];
} SecPkgContext_EapKeyBlock, *PSecPkgContext_EapKeyBlock;

typedef struct _SecPkgContext_EapPrfInfo {
    DWORD dwVersion; /* 0 */
    DWORD cbPrfData;
    PBYTE pbPrfData;
} SecPkgContext_EapPrfInfo, *PSecPkgContext_EapPrfInfo;

typedef struct _SecPkgContext_SupportedSignatures {
    WORD cSignatureAndHashAlgorithms;
    WORD *pSignatureAndHashAlgorithms; /* low byte hash, high byte signature */
} SecPkgContext_SupportedSignatures, *PSecPkgContext_SupportedSignatures;

typedef enum _eTlsSignatureAlgorithm {
    TlsSignatureAlgorithm_Anonymous = 0,
    TlsSignatureAlgorithm_Rsa = 1,
    TlsSignatureAlgorithm_Dsa = 2,
    TlsSignatureAlgorithm_Ecdsa = 3
} eTlsSignatureAlgorithm;

typedef enum _eTlsHashAlgorithm {
    TlsHashAlgorithm_None = 0,
    TlsHashAlgorithm_Md5 = 1,
    TlsHashAlgorithm_Sha1 = 2,
    TlsHashAlgorithm_Sha224 = 3,
    TlsHashAlgorithm_Sha256 = 4,
    TlsHashAlgorithm_Sha384 = 5,
    TlsHashAlgorithm_Sha512 = 6
} eTlsHashAlgorithm;

typedef struct _SecPkgContext_Certificates {
    DWORD cCertificates;
    DWORD cbCertificateChain;
    PBYTE pbCertificateChain; /* DER, one behind the other */
} SecPkgContext_Certificates, *PSecPkgContext_Certificates;

/* RFC 5705 exports: what to export, and the result. */
typedef struct _SecPkgContext_KeyingMaterialInfo {
    WORD cbLabel; /* with the terminating zero */
    LPSTR pszLabel;
    WORD cbContextValue;
    PBYTE pbContextValue;
    DWORD cbKeyingMaterial;
} SecPkgContext_KeyingMaterialInfo, *PSecPkgContext_KeyingMaterialInfo;

typedef struct _SecPkgContext_KeyingMaterial {
    DWORD cbKeyingMaterial;
    PBYTE pbKeyingMaterial;
} SecPkgContext_KeyingMaterial, *PSecPkgContext_KeyingMaterial;

typedef struct _SecPkgContext_KeyingMaterial_Inproc {
    WORD cbLabel;
    LPSTR pszLabel;
    WORD cbContextValue;
    PBYTE pbContextValue;
    DWORD cbKeyingMaterial;
    PBYTE pbKeyingMaterial;
} SecPkgContext_KeyingMaterial_Inproc, *PSecPkgContext_KeyingMaterial_Inproc;

#define ENABLE_TLS_CLIENT_EARLY_START 0x01

typedef struct _SecPkgContext_EarlyStart {
    DWORD dwEarlyStartFlags;
} SecPkgContext_EarlyStart, *PSecPkgContext_EarlyStart;

/* Attributes that are declared but not answered (11). */
typedef struct _SecPkgContext_IssuerListInfo {
    DWORD cbIssuerList;
    PBYTE pIssuerList;
} SecPkgContext_IssuerListInfo, *PSecPkgContext_IssuerListInfo;

#define RCRED_STATUS_NOCRED         0
#define RCRED_CRED_EXISTS           1
#define RCRED_STATUS_UNKNOWN_ISSUER 2
#define LCRED_STATUS_NOCRED         0
#define LCRED_CRED_EXISTS           1
#define LCRED_STATUS_UNKNOWN_ISSUER 2

typedef struct _SecPkgContext_RemoteCredentialInfo {
    DWORD cbCertificateChain;
    PBYTE pbCertificateChain;
    DWORD cCertificates;
    DWORD fFlags;
    DWORD dwBits;
} SecPkgContext_RemoteCredentialInfo, *PSecPkgContext_RemoteCredentialInfo;

typedef struct _SecPkgContext_LocalCredentialInfo {
    DWORD cbCertificateChain;
    PBYTE pbCertificateChain;
    DWORD cCertificates;
    DWORD fFlags;
    DWORD dwBits;
} SecPkgContext_LocalCredentialInfo, *PSecPkgContext_LocalCredentialInfo;

typedef struct _SecPkgContext_ClientCertPolicyResult {
    HRESULT dwPolicyResult;
    GUID guidPolicyId;
} SecPkgContext_ClientCertPolicyResult,
    *PSecPkgContext_ClientCertPolicyResult;

typedef struct _SecPkgContext_MappedCredAttr {
    DWORD dwAttribute;
    PVOID pvBuffer;
} SecPkgContext_MappedCredAttr, *PSecPkgContext_MappedCredAttr;

#define KERN_CONTEXT_CERT_INFO_V1 0

typedef struct _SecPkgContext_CertInfo {
    DWORD dwVersion;
    DWORD cbSubjectName;
    LPWSTR pwszSubjectName;
    DWORD cbIssuerName;
    LPWSTR pwszIssuerName;
    DWORD dwKeySize;
} SecPkgContext_CertInfo, *PSecPkgContext_CertInfo;

typedef struct _SecPkgContext_UiInfo {
    HWND hParentWindow;
} SecPkgContext_UiInfo, *PSecPkgContext_UiInfo;

typedef struct _SecPkgContext_SrtpParameters {
    WORD ProtectionProfile;
    BYTE MasterKeyIdentifierSize;
    PBYTE MasterKeyIdentifier;
} SecPkgContext_SrtpParameters, *PSecPkgContext_SrtpParameters;

typedef struct _SecPkgContext_TokenBinding {
    BYTE MajorVersion;
    BYTE MinorVersion;
    WORD KeyParametersSize;
    PBYTE KeyParameters;
} SecPkgContext_TokenBinding, *PSecPkgContext_TokenBinding;

/* --------------------------------------- 6. generic extensions, signatures */

#define SCH_MAX_EXT_SUBSCRIPTIONS 2

typedef struct _SEND_GENERIC_TLS_EXTENSION {
    WORD ExtensionType;
    WORD HandshakeType;
    DWORD Flags;
    WORD BufferSize;
    UCHAR Buffer[ANYSIZE_ARRAY];
} SEND_GENERIC_TLS_EXTENSION, *PSEND_GENERIC_TLS_EXTENSION;

typedef struct _TLS_EXTENSION_SUBSCRIPTION {
    WORD ExtensionType;
    WORD HandshakeType;
} TLS_EXTENSION_SUBSCRIPTION, *PTLS_EXTENSION_SUBSCRIPTION;

typedef struct _SUBSCRIBE_GENERIC_TLS_EXTENSION {
    DWORD Flags;
    DWORD SubscriptionsCount;
    TLS_EXTENSION_SUBSCRIPTION Subscriptions[ANYSIZE_ARRAY];
} SUBSCRIBE_GENERIC_TLS_EXTENSION, *PSUBSCRIBE_GENERIC_TLS_EXTENSION;

typedef enum _SchGetExtensionsOptions {
    SCH_EXTENSIONS_OPTIONS_NONE = 0,
    SCH_NO_RECORD_HEADER = 1
} SchGetExtensionsOptions;

typedef struct _SCH_EXTENSION_DATA {
    WORD ExtensionType;
    const BYTE *pExtData;
    DWORD cbExtData;
} SCH_EXTENSION_DATA;

typedef struct _SCHANNEL_CLIENT_SIGNATURE {
    DWORD cbLength;
    ALG_ID aiHash;
    DWORD cbHash;
    BYTE HashValue[36];
    BYTE CertThumbprint[20];
} SCHANNEL_CLIENT_SIGNATURE, *PSCHANNEL_CLIENT_SIGNATURE;

#define CERT_SCHANNEL_IIS_PRIVATE_KEY_PROP_ID 0x8000
#define CERT_SCHANNEL_IIS_PASSWORD_PROP_ID    0x8001
#define CERT_SCHANNEL_SGC_CERTIFICATE_PROP_ID 0x8002

/* ---------------------------------------- 7. credentials of older versions */

/* dwVersion 1 to 3 are refused (5.1); the names remain. */
#define SCHANNEL_SECRET_TYPE_CAPI 1
#define SCHANNEL_SECRET_PRIVKEY   2
#define SCH_CRED_X509_CERTCHAIN   1
#define SCH_CRED_X509_CAPI        2
#define SCH_CRED_CERT_CONTEXT     3

typedef struct _SCH_CRED {
    DWORD dwVersion;
    DWORD cCreds;
    PVOID *paSecret;
    PVOID *paPublic;
    DWORD cMappers;
    struct _HMAPPER **aphMappers;
} SCH_CRED, *PSCH_CRED;

typedef struct _SCH_CRED_SECRET_CAPI {
    DWORD dwType;
    HCRYPTPROV hProv;
} SCH_CRED_SECRET_CAPI, *PSCH_CRED_SECRET_CAPI;

typedef struct _SCH_CRED_SECRET_PRIVKEY {
    DWORD dwType;
    PBYTE pPrivateKey;
    DWORD cbPrivateKey;
    PSTR pszPassword;
} SCH_CRED_SECRET_PRIVKEY, *PSCH_CRED_SECRET_PRIVKEY;

typedef struct _SCH_CRED_PUBLIC_CERTCHAIN {
    DWORD dwType;
    DWORD cbCertChain;
    PBYTE pCertChain;
} SCH_CRED_PUBLIC_CERTCHAIN, *PSCH_CRED_PUBLIC_CERTCHAIN;

typedef struct _SCH_CRED_PUBLIC_CAPI {
    DWORD dwType;
    HCRYPTPROV hProv;
} SCH_CRED_PUBLIC_CAPI, *PSCH_CRED_PUBLIC_CAPI;

typedef struct _SSL_CREDENTIAL_CERTIFICATE {
    DWORD cbPrivateKey;
    PBYTE pPrivateKey;
    DWORD cbCertificate;
    PBYTE pCertificate;
    PSTR pszPassword;
} SSL_CREDENTIAL_CERTIFICATE, *PSSL_CREDENTIAL_CERTIFICATE;

/* --------------------------------------------------------- 8. helpers (12) */

typedef struct _PctPublicKey {
    DWORD Type;
    DWORD cbKey;
    UCHAR pKey[ANYSIZE_ARRAY];
} PctPublicKey;

typedef struct _X509Certificate {
    DWORD Version;
    DWORD SerialNumber[4]; /* the low 16 bytes */
    ALG_ID SignatureAlgorithm;
    FILETIME ValidFrom;
    FILETIME ValidUntil;
    PSTR pszIssuer;
    PSTR pszSubject;
    PctPublicKey *pPublicKey;
} X509Certificate, *PX509Certificate;

/* dwFlags of SslCrackCertificate. */
#define CF_VERIFY_SIG     0x00000001
#define CF_CERT_FROM_FILE 0x00000002

#define SSL_CRACK_CERTIFICATE_NAME "SslCrackCertificate"
#define SSL_FREE_CERTIFICATE_NAME  "SslFreeCertificate"

typedef BOOL (*SSL_EMPTY_CACHE_FN_A)(LPSTR pszTargetName, DWORD dwFlags);
typedef BOOL (*SSL_EMPTY_CACHE_FN_W)(LPWSTR pszTargetName, DWORD dwFlags);
typedef BOOL (*SSL_CRACK_CERTIFICATE_FN)(PUCHAR pbCertificate,
                                         DWORD cbCertificate, DWORD dwFlags,
                                         PX509Certificate *ppCertificate);
typedef VOID (*SSL_FREE_CERTIFICATE_FN)(PX509Certificate pCertificate);
typedef SECURITY_STATUS (*SslGetServerIdentityFn)(
    PBYTE ClientHello, DWORD ClientHelloSize, PBYTE *ServerIdentity,
    PDWORD ServerIdentitySize, DWORD Flags);

TCH_SSPI_BEGIN

TCH_SSPI_API BOOL SslEmptyCacheA(LPSTR pszTargetName, DWORD dwFlags);
TCH_SSPI_API BOOL SslEmptyCacheW(LPWSTR pszTargetName, DWORD dwFlags);
TCH_SSPI_API BOOL SslCrackCertificate(PUCHAR pbCertificate,
                                      DWORD cbCertificate, DWORD dwFlags,
                                      PX509Certificate *ppCertificate);
TCH_SSPI_API VOID SslFreeCertificate(PX509Certificate pCertificate);
TCH_SSPI_API SECURITY_STATUS
SslGetServerIdentity(PBYTE ClientHello, DWORD ClientHelloSize,
                     PBYTE *ServerIdentity, PDWORD ServerIdentitySize,
                     DWORD Flags);

TCH_SSPI_END

#ifdef UNICODE
#define SslEmptyCache      SslEmptyCacheW
#define SSL_EMPTY_CACHE_FN SSL_EMPTY_CACHE_FN_W
#else
#define SslEmptyCache      SslEmptyCacheA
#define SSL_EMPTY_CACHE_FN SSL_EMPTY_CACHE_FN_A
#endif

#endif /* TCH_SSPI_INCLUDE_SCHANNEL_H */

/* ------------------------------------------------ 9. SCH_CREDENTIALS (5.3) */

#if defined(SCHANNEL_USE_BLACKLISTS) && !defined(SCH_CREDENTIALS_VERSION)

#include "subauth.h"

#define SCH_CREDENTIALS_VERSION 5

#define TLS_PARAMS_OPTIONAL 1

#define SCH_CRED_MAX_SUPPORTED_PARAMETERS      16
#define SCH_CRED_MAX_SUPPORTED_ALPN_IDS        16
#define SCH_CRED_MAX_SUPPORTED_CRYPTO_SETTINGS 16
#define SCH_CRED_MAX_SUPPORTED_CHAINING_MODES  16

typedef enum _eTlsAlgorithmUsage {
    TlsParametersCngAlgUsageKeyExchange = 0,
    TlsParametersCngAlgUsageSignature = 1,
    TlsParametersCngAlgUsageCipher = 2,
    TlsParametersCngAlgUsageDigest = 3,
    TlsParametersCngAlgUsageCertSig = 4
} eTlsAlgorithmUsage;

/* One algorithm that is switched off, or a range of its key sizes. */
typedef struct _CRYPTO_SETTINGS {
    eTlsAlgorithmUsage eAlgorithmUsage;
    UNICODE_STRING strCngAlgId; /* BCRYPT_*_ALGORITHM */
    DWORD cChainingModes;
    PUNICODE_STRING rgstrChainingModes; /* BCRYPT_CHAIN_MODE_* */
    DWORD dwMinBitLength;
    DWORD dwMaxBitLength;
} CRYPTO_SETTINGS, *PCRYPTO_SETTINGS;

typedef struct _TLS_PARAMETERS {
    DWORD cAlpnIds;
    PUNICODE_STRING rgstrAlpnIds;
    DWORD grbitDisabledProtocols; /* SP_PROT_* bits to take away */
    DWORD cDisabledCrypto;
    PCRYPTO_SETTINGS pDisabledCrypto;
    DWORD dwFlags; /* TLS_PARAMS_OPTIONAL, servers only */
} TLS_PARAMETERS, *PTLS_PARAMETERS;

typedef struct _SCH_CREDENTIALS {
    DWORD dwVersion; /* SCH_CREDENTIALS_VERSION */
    DWORD dwCredFormat;
    DWORD cCreds;
    PCCERT_CONTEXT *paCred;
    HCERTSTORE hRootStore;
    DWORD cMappers;
    struct _HMAPPER **aphMappers;
    DWORD dwSessionLifespan;
    DWORD dwFlags;
    DWORD cTlsParameters;
    PTLS_PARAMETERS pTlsParameters;
} SCH_CREDENTIALS, *PSCH_CREDENTIALS;

#endif /* SCHANNEL_USE_BLACKLISTS */
