/*
 * tomchannel_sspi.h - what Tomchannel adds to SSPI
 *
 * SSPI has no field for a private key in a file, for trust anchors, for a list
 * of suites, or for what exactly went wrong.  These calls have.  Everything
 * else a program does through Microsoft's calls; the tomchannel command itself
 * uses nothing but those and these.
 *
 * Text is UTF-8 and ends with a zero.  Pointers that a call gets need not
 * outlive the call, unless it says so.  "(5.8)" in a comment is a section of
 * the behaviour contract that the project's tests quote.
 */
#ifndef TCH_SSPI_INCLUDE_TOMCHANNEL_SSPI_H
#define TCH_SSPI_INCLUDE_TOMCHANNEL_SSPI_H

#include "schannel.h"

TCH_SSPI_BEGIN

/* ------------------------------------------------ 1. the process's policy */

/*
 * TchSetPolicy sets the policy that credentials made from now on start from,
 * in place of TOMCHANNEL_POLICY in the environment (5.5): "default",
 * "compatible", "legacy" or "museum".  SEC_E_OK; SEC_E_INVALID_PARAMETER for
 * NULL or another name.
 */
TCH_SSPI_API SECURITY_STATUS TchSetPolicy(const char *pszPolicy);

/* TchGetPolicy gives the policy that credentials made now start from. */
TCH_SSPI_API const char *TchGetPolicy(void);

/* TchVersion gives the version of the library: "0.1.0". */
TCH_SSPI_API const char *TchVersion(void);

/* -------------------------------------------- 2. certificates from files */

/*
 * These four make a certificate context, with its private key when one is
 * given.  `*ppContext` has one reference, given back by
 * CertFreeCertificateContext; its hCertStore holds every certificate of the
 * text in the order of the text.  The first one is the leaf and is returned;
 * the others are sent along when they lead from it towards a root (5.4).
 *
 * The key may be PKCS#8, PKCS#1 or SEC1, not encrypted.  In PEM it is the
 * first private key of its text, which may be the text of the certificate.
 * Without key (NULL, 0) the context has none: good enough for a store.
 *
 * SEC_E_OK
 * SEC_E_INVALID_PARAMETER    NULL where something must be
 * CRYPT_E_FILE_ERROR         a file cannot be read
 * CRYPT_E_NOT_FOUND          no certificate, or no private key, in the text
 * SEC_E_UNKNOWN_CREDENTIALS  what stands there is not a certificate
 * NTE_BAD_KEY                the key cannot be read or used
 * NTE_BAD_PUBLIC_KEY         the key does not belong to the certificate
 * NTE_NOT_SUPPORTED          an encrypted key, or an unknown kind of key
 * SEC_E_INSUFFICIENT_MEMORY
 */
TCH_SSPI_API SECURITY_STATUS
TchCertContextFromPem(const char *pbCert, DWORD cbCert, const char *pbKey,
                      DWORD cbKey, PCCERT_CONTEXT *ppContext);
TCH_SSPI_API SECURITY_STATUS
TchCertContextFromPemFile(const char *pszCertFile, const char *pszKeyFile,
                          PCCERT_CONTEXT *ppContext);
TCH_SSPI_API SECURITY_STATUS
TchCertContextFromDer(const BYTE *pbCert, DWORD cbCert, const BYTE *pbKey,
                      DWORD cbKey, PCCERT_CONTEXT *ppContext);
TCH_SSPI_API SECURITY_STATUS
TchCertContextFromDerFile(const char *pszCertFile, const char *pszKeyFile,
                          PCCERT_CONTEXT *ppContext);

/*
 * TchCertStoreAddPem puts every certificate of a PEM text into a store; a
 * certificate that is there already is not added again.  `*pcAdded`, if not
 * NULL, counts those of the text.  Statuses as above; after a failure the
 * store is as before.
 */
TCH_SSPI_API SECURITY_STATUS TchCertStoreAddPem(HCERTSTORE hStore,
                                                const char *pbText,
                                                DWORD cbText,
                                                DWORD *pcAdded);

/* ------------------------------------------- 3. options of a credential */

/* For the fields that are yes or no; zero changes nothing. */
#define TCH_OPTION_ON  1
#define TCH_OPTION_OFF 2

/* The function gets key-log lines (NSS format, without newline); several
 * threads may call it at once. */
typedef void (*TCH_KEY_LOG_FN)(void *pvArgument, const char *pszLine);

/* struct tch_observer is declared by tch.h. */
struct tch_observer;

/*
 * TCH_SSPI_OPTIONS: fill it with zeros, set cbSize to sizeof, and set what
 * shall change.  A list set again replaces the earlier one.
 */
typedef struct _TCH_SSPI_OPTIONS {
    DWORD cbSize;

    /* SP_PROT_* bits of either direction: exactly these versions. */
    DWORD grbitProtocols;

    /* "default", "compatible", "legacy", "museum".  Versions, suites and
     * groups start over from it, then this struct's other fields count. */
    const char *pszPolicy;

    /* IANA names or 0xNNNN, separated by commas, in order of preference.
     * Naming a weak suite asks for it. */
    const char *pszSuites;
    const char *pszGroups;

    /* Trust anchors, beside the credential's hRootStore: certificates as PEM
     * text, in a PEM file, in a store; all three may be given. */
    const char *pszAnchorsPem;
    const char *pszAnchorsFile;
    HCERTSTORE hAnchors;

    /* ALPN names, separated by commas, for contexts whose first call brings
     * no SECBUFFER_APPLICATION_PROTOCOLS. */
    const char *pszAlpn;

    /* Where key-log lines go: a function, which must stay callable while
     * contexts of this credential live, or a file that is appended to. */
    TCH_KEY_LOG_FN pfnKeyLog;
    void *pvKeyLog;
    const char *pszKeyLogFile;

    /* Copied; what it points to must outlive the credential's contexts. */
    const struct tch_observer *pObserver;

    /* Server: a client that is asked for a certificate (ASC_REQ_MUTUAL_AUTH)
     * and sends none is refused. */
    DWORD fRequireClientCertificate;
    /* Server: a client's certificate must lead to an anchor.  Off, as on
     * Windows, the application judges it (7.7). */
    DWORD fValidateClientCertificate;

    /* The peer may ask for a renegotiation, and so may we (8.3); on by
     * default.  Without RFC 5746 only when the second is on as well, which
     * the policies legacy and museum allow. */
    DWORD fRenegotiation;
    DWORD fLegacyRenegotiation;

    /* Sessions are kept and resumed; on by default.  The lifetime in seconds
     * wins over the credential's dwSessionLifespan. */
    DWORD fResumption;
    DWORD dwSessionSeconds;

    DWORD fSplitRecords; /* 1/n-1 splitting under TLS 1.0 and SSL 3.0 (9.1) */
    DWORD fVolumeLimit;  /* end a connection at its key's limit (9.2)       */

    DWORD fRequireExtendedMasterSecret; /* nothing without RFC 7627      */
    DWORD fEncryptThenMac;              /* RFC 7366; on by default       */
    DWORD fServerOrder; /* the server's order decides; on by default */
} TCH_SSPI_OPTIONS, *PTCH_SSPI_OPTIONS;

/*
 * TchSetCredentialOptions changes what contexts made from the credential from
 * now on do; live ones go on as they are.  Kept sessions are forgotten.
 *
 * SEC_E_OK
 * SEC_E_INVALID_HANDLE       bad credential handle
 * SEC_E_INVALID_PARAMETER    NULL, wrong cbSize, a value out of range, an
 *                            unknown name, no certificate in an anchor text
 * SEC_E_ALGORITHM_MISMATCH   no suite or version would be left
 * CRYPT_E_FILE_ERROR         a file cannot be read or written
 * SEC_E_INSUFFICIENT_MEMORY
 * After a failure the credential is as before.  (5.8)
 */
TCH_SSPI_API SECURITY_STATUS
TchSetCredentialOptions(PCredHandle phCredential,
                        const TCH_SSPI_OPTIONS *pOptions);

/* ------------------------------------- 4. more attributes of a context */

/* For QueryContextAttributes; far from Microsoft's numbers. */
#define TCH_ATTR_CONNECTION 0x54434801
#define TCH_ATTR_FAILURE    0x54434802

#define TCH_NAME_MAX 64
#define TCH_TEXT_MAX 256

/*
 * TCH_ATTR_CONNECTION, phase O: what the newest finished handshake agreed on.
 * Names are the registries'; an empty text says "none".
 */
typedef struct _TchPkgContext_Connection {
    DWORD dwProtocol;        /* on the wire: 0x0303 */
    DWORD dwSuite;
    DWORD dwGroup;           /* 0 without (EC)DHE   */
    DWORD dwHandshakes;      /* finished ones       */
    BOOL fResumed;
    BOOL fExtendedMasterSecret;
    BOOL fEncryptThenMac;
    BOOL fSecureRenegotiation;
    BOOL fClientCertificate; /* one was sent and proved */
    char szProtocol[TCH_NAME_MAX]; /* "TLS1.2"       */
    char szSuite[TCH_NAME_MAX];    /* "TLS_ECDHE_RSA_WITH_..." */
    char szGroup[TCH_NAME_MAX];    /* "x25519"       */
    /* How the peer's certificate was judged: "ok", "not checked", or "none"
     * where the peer has shown no certificate. */
    char szVerify[TCH_NAME_MAX];
    char szAlpn[TCH_TEXT_MAX];
    char szServerName[TCH_TEXT_MAX]; /* SNI */
} TchPkgContext_Connection, *PTchPkgContext_Connection;

/* dwSide: who ended the connection. */
#define TCH_SIDE_NOBODY 0
#define TCH_SIDE_US     1
#define TCH_SIDE_PEER   2

/*
 * TCH_ATTR_FAILURE, any time: the first failure of a context, for people.
 * Without one scStatus is SEC_E_OK and the texts are empty.  dwAlert is the
 * number of the alert we sent or owe (TCH_SIDE_US) or received
 * (TCH_SIDE_PEER), or TCH_NO_ALERT.
 */
#define TCH_NO_ALERT 0xFFFFFFFF
typedef struct _TchPkgContext_Failure {
    SECURITY_STATUS scStatus;
    DWORD dwSide;
    DWORD dwAlert;
    DWORD fCertificate; /* we did not accept the peer's certificate */
    char szAlert[TCH_NAME_MAX];     /* "bad_certificate"             */
    char szName[TCH_NAME_MAX];      /* "CERT_EXPIRED"                */
    char szSentence[2 * TCH_TEXT_MAX];
} TchPkgContext_Failure, *PTchPkgContext_Failure;

/*
 * TchGetLastFailure fills `*pFailure` with the newest failing call of
 * InitializeSecurityContext or AcceptSecurityContext in this thread that
 * created no context: a first call leaves no handle to ask
 * (contract 2.2).  SEC_E_OK; SEC_E_INVALID_PARAMETER for NULL.
 */
TCH_SSPI_API SECURITY_STATUS
TchGetLastFailure(TchPkgContext_Failure *pFailure);

/* TchStatusName gives the name of a status, "SEC_E_OK", or NULL for one that
 * no call here returns.  TchStatusText gives a sentence, never NULL. */
TCH_SSPI_API const char *TchStatusName(SECURITY_STATUS scStatus);
TCH_SSPI_API const char *TchStatusText(SECURITY_STATUS scStatus);

/* --------------------------------------------------- 5. facts to print */

/* TchSuiteInfo describes a cipher suite; the texts are static. */
typedef struct _TCH_SUITE_INFO {
    WORD wCode;
    WORD wFirstVersion; /* 0x0300 to 0x0303 */
    WORD wLastVersion;
    WORD wCipherBits;
    const char *pszName;
    const char *pszKeyExchange;
    const char *pszAuthentication;
    const char *pszCipher;
    const char *pszMac;
    BOOL fBuilt;   /* this build can run it                       */
    BOOL fEnabled; /* the policy asked about enables it by itself */
} TCH_SUITE_INFO, *PTCH_SUITE_INFO;

/*
 * TchSuiteList fills `*pSuite` with suite number `dwIndex` of all suites known
 * here.  `pszPolicy` is asked about fEnabled; NULL is the process's policy.
 * SEC_E_OK; SEC_E_INVALID_PARAMETER for NULL or an unknown policy;
 * CRYPT_E_NOT_FOUND behind the last.
 */
TCH_SSPI_API SECURITY_STATUS TchSuiteList(DWORD dwIndex, const char *pszPolicy,
                                          TCH_SUITE_INFO *pSuite);

/* TchSuiteName and TchGroupName give the registry's name for a number, or
 * NULL. */
TCH_SSPI_API const char *TchSuiteName(DWORD dwCode);
TCH_SSPI_API const char *TchGroupName(DWORD dwCode);

/* TchPrintStates hands the handshake script, as text or for Graphviz, piece by
 * piece to `pfnPut`. */
typedef void (*TCH_PUT_FN)(void *pvArgument, const char *pszText);
TCH_SSPI_API void TchPrintStates(BOOL fDot, TCH_PUT_FN pfnPut,
                                 void *pvArgument);

TCH_SSPI_END

#endif /* TCH_SSPI_INCLUDE_TOMCHANNEL_SSPI_H */
