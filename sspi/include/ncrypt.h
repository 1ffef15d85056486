/*
 * ncrypt.h - handles and constants of the key storage interface
 *
 * What certificates with keys refer to (contract section 15).  Types and
 * constants only: no NCrypt function exists yet.
 */
#ifndef TCH_SSPI_INCLUDE_NCRYPT_H
#define TCH_SSPI_INCLUDE_NCRYPT_H

#include "bcrypt.h"
#include "winerror.h"

typedef ULONG_PTR NCRYPT_HANDLE;
typedef ULONG_PTR NCRYPT_PROV_HANDLE;
typedef ULONG_PTR NCRYPT_KEY_HANDLE;
typedef ULONG_PTR NCRYPT_SECRET_HANDLE;

typedef struct _NCryptBuffer {
    ULONG cbBuffer;
    ULONG BufferType;
    PVOID pvBuffer;
} NCryptBuffer, *PNCryptBuffer, BCryptBuffer, *PBCryptBuffer;

typedef struct _NCryptBufferDesc {
    ULONG ulVersion;
    ULONG cBuffers;
    PNCryptBuffer pBuffers;
} NCryptBufferDesc, *PNCryptBufferDesc, BCryptBufferDesc, *PBCryptBufferDesc;

/* Providers and kinds of key blobs. */
#define MS_KEY_STORAGE_PROVIDER L"Microsoft Software Key Storage Provider"
#define NCRYPT_PKCS7_ENVELOPE_BLOB    L"PKCS7_ENVELOPE"
#define NCRYPT_PKCS8_PRIVATE_KEY_BLOB L"PKCS8_PRIVATEKEY"

/* dwFlags of the calls. */
#define NCRYPT_NO_PADDING_FLAG      0x00000001
#define NCRYPT_PAD_PKCS1_FLAG       0x00000002
#define NCRYPT_PAD_OAEP_FLAG        0x00000004
#define NCRYPT_PAD_PSS_FLAG         0x00000008
#define NCRYPT_PAD_CIPHER_FLAG      0x00000010
#define NCRYPT_MACHINE_KEY_FLAG     0x00000020
#define NCRYPT_SILENT_FLAG          0x00000040
#define NCRYPT_OVERWRITE_KEY_FLAG   0x00000080
#define NCRYPT_DO_NOT_FINALIZE_FLAG 0x00000400

/* Properties of a key: how it may leave, what it may do. */
#define NCRYPT_ALLOW_EXPORT_FLAG              0x00000001
#define NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG    0x00000002
#define NCRYPT_ALLOW_ARCHIVING_FLAG           0x00000004
#define NCRYPT_ALLOW_PLAINTEXT_ARCHIVING_FLAG 0x00000008
#define NCRYPT_ALLOW_DECRYPT_FLAG             0x00000001
#define NCRYPT_ALLOW_SIGNING_FLAG             0x00000002
#define NCRYPT_ALLOW_KEY_AGREEMENT_FLAG       0x00000004
#define NCRYPT_ALLOW_ALL_USAGES               0x00FFFFFF

#endif /* TCH_SSPI_INCLUDE_NCRYPT_H */
