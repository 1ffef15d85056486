/*
 * tch_cryptalg.h - algorithm numbers, providers and key handles of wincrypt.h
 *
 * An ALG_ID is a class (bits 13 to 15), a type (9 to 12) and a number within
 * the type.  Schannel programs use them to filter suites and read them in
 * SecPkgContext_ConnectionInfo (contract 5.2, 11).
 */
#ifndef TCH_SSPI_INCLUDE_TCH_CRYPTALG_H
#define TCH_SSPI_INCLUDE_TCH_CRYPTALG_H

#include "tch_windef.h"

typedef unsigned int ALG_ID;
typedef ULONG_PTR HCRYPTPROV;
typedef ULONG_PTR HCRYPTKEY;
typedef ULONG_PTR HCRYPTHASH;

#define GET_ALG_CLASS(alg) ((alg) & (7 << 13))
#define GET_ALG_TYPE(alg)  ((alg) & (15 << 9))
#define GET_ALG_SID(alg)   ((alg) & 511)

/* ------------------------------------------------------ parts of an ALG_ID */

#define ALG_CLASS_ANY          0x0000
#define ALG_CLASS_SIGNATURE    0x2000
#define ALG_CLASS_MSG_ENCRYPT  0x4000
#define ALG_CLASS_DATA_ENCRYPT 0x6000
#define ALG_CLASS_HASH         0x8000
#define ALG_CLASS_KEY_EXCHANGE 0xA000
#define ALG_CLASS_ALL          0xE000

#define ALG_TYPE_ANY           0x0000
#define ALG_TYPE_DSS           0x0200
#define ALG_TYPE_RSA           0x0400
#define ALG_TYPE_BLOCK         0x0600
#define ALG_TYPE_STREAM        0x0800
#define ALG_TYPE_DH            0x0A00
#define ALG_TYPE_SECURECHANNEL 0x0C00
#define ALG_TYPE_ECDH          0x0E00
#define ALG_TYPE_THIRDPARTY    0x1000

/* Numbers within a type. */
#define ALG_SID_ANY                  0
#define ALG_SID_THIRDPARTY_ANY       0
#define ALG_SID_RSA_ANY              0
#define ALG_SID_RSA_PKCS             1
#define ALG_SID_RSA_MSATWORK         2
#define ALG_SID_RSA_ENTRUST          3
#define ALG_SID_RSA_PGP              4
#define ALG_SID_DSS_ANY              0
#define ALG_SID_DSS_PKCS             1
#define ALG_SID_DSS_DMS              2
#define ALG_SID_ECDSA                3
#define ALG_SID_DES                  1
#define ALG_SID_3DES                 3
#define ALG_SID_DESX                 4
#define ALG_SID_IDEA                 5
#define ALG_SID_CAST                 6
#define ALG_SID_SAFERSK64            7
#define ALG_SID_SAFERSK128           8
#define ALG_SID_3DES_112             9
#define ALG_SID_SKIPJACK             10
#define ALG_SID_TEK                  11
#define ALG_SID_CYLINK_MEK           12
#define ALG_SID_RC5                  13
#define ALG_SID_AES_128              14
#define ALG_SID_AES_192              15
#define ALG_SID_AES_256              16
#define ALG_SID_AES                  17
#define ALG_SID_RC2                  2
#define ALG_SID_RC4                  1
#define ALG_SID_SEAL                 2
#define ALG_SID_DH_SANDF             1
#define ALG_SID_DH_EPHEM             2
#define ALG_SID_AGREED_KEY_ANY       3
#define ALG_SID_KEA                  4
#define ALG_SID_ECDH                 5
#define ALG_SID_ECDH_EPHEM           6
#define ALG_SID_MD2                  1
#define ALG_SID_MD4                  2
#define ALG_SID_MD5                  3
#define ALG_SID_SHA                  4
#define ALG_SID_SHA1                 4
#define ALG_SID_MAC                  5
#define ALG_SID_RIPEMD               6
#define ALG_SID_RIPEMD160            7
#define ALG_SID_SSL3SHAMD5           8
#define ALG_SID_HMAC                 9
#define ALG_SID_TLS1PRF              10
#define ALG_SID_HASH_REPLACE_OWF     11
#define ALG_SID_SHA_256              12
#define ALG_SID_SHA_384              13
#define ALG_SID_SHA_512              14
#define ALG_SID_SSL3_MASTER          1
#define ALG_SID_SCHANNEL_MASTER_HASH 2
#define ALG_SID_SCHANNEL_MAC_KEY     3
#define ALG_SID_PCT1_MASTER          4
#define ALG_SID_SSL2_MASTER          5
#define ALG_SID_TLS1_MASTER          6
#define ALG_SID_SCHANNEL_ENC_KEY     7
#define ALG_SID_ECMQV                1
#define ALG_SID_EXAMPLE              80

/* -------------------------------------------------------------- algorithms */

/* Hashes. */
#define CALG_MD2              0x8001
#define CALG_MD4              0x8002
#define CALG_MD5              0x8003
#define CALG_SHA              0x8004
#define CALG_SHA1             0x8004
#define CALG_MAC              0x8005
#define CALG_SSL3_SHAMD5      0x8008
#define CALG_HMAC             0x8009
#define CALG_TLS1PRF          0x800A
#define CALG_HASH_REPLACE_OWF 0x800B
#define CALG_SHA_256          0x800C
#define CALG_SHA_384          0x800D
#define CALG_SHA_512          0x800E
#define CALG_THIRDPARTY_HASH  0x9000

/* Signatures and key exchange. */
#define CALG_RSA_SIGN                0x2400
#define CALG_DSS_SIGN                0x2200
#define CALG_NO_SIGN                 0x2000
#define CALG_RSA_KEYX                0xA400
#define CALG_DH_SF                   0xAA01
#define CALG_DH_EPHEM                0xAA02
#define CALG_AGREEDKEY_ANY           0xAA03
#define CALG_KEA_KEYX                0xAA04
#define CALG_HUGHES_MD5              0xA003
#define CALG_ECDH                    0xAA05
#define CALG_ECDH_EPHEM              0xAE06
#define CALG_ECMQV                   0xA001
#define CALG_ECDSA                   0x2203
#define CALG_THIRDPARTY_KEY_EXCHANGE 0xB000
#define CALG_THIRDPARTY_SIGNATURE    0x3000

/* Ciphers. */
#define CALG_DES               0x6601
#define CALG_3DES_112          0x6609
#define CALG_3DES              0x6603
#define CALG_DESX              0x6604
#define CALG_RC2               0x6602
#define CALG_RC4               0x6801
#define CALG_SEAL              0x6802
#define CALG_SKIPJACK          0x660A
#define CALG_TEK               0x660B
#define CALG_CYLINK_MEK        0x660C
#define CALG_RC5               0x660D
#define CALG_AES_128           0x660E
#define CALG_AES_192           0x660F
#define CALG_AES_256           0x6610
#define CALG_AES               0x6611
#define CALG_NULLCIPHER        0x6000
#define CALG_THIRDPARTY_CIPHER 0x7000

/* Secrets of the protocols themselves. */
#define CALG_SSL3_MASTER          0x4C01
#define CALG_SCHANNEL_MASTER_HASH 0x4C02
#define CALG_SCHANNEL_MAC_KEY     0x4C03
#define CALG_SCHANNEL_ENC_KEY     0x4C07
#define CALG_PCT1_MASTER          0x4C04
#define CALG_SSL2_MASTER          0x4C05
#define CALG_TLS1_MASTER          0x4C06

/* Marks in tables of algorithms. */
#define CALG_OID_INFO_CNG_ONLY   0xFFFFFFFF
#define CALG_OID_INFO_PARAMETERS 0xFFFFFFFE

/* ---------------------------------------------------------- key containers */

/* dwFlags of CryptAcquireContext and of key import. */
#define CRYPT_VERIFYCONTEXT  0xF0000000
#define CRYPT_NEWKEYSET      0x00000008
#define CRYPT_DELETEKEYSET   0x00000010
#define CRYPT_MACHINE_KEYSET 0x00000020
#define CRYPT_SILENT         0x00000040
#define CRYPT_EXPORTABLE     0x00000001
#define CRYPT_USER_PROTECTED 0x00000002
#define CRYPT_USER_KEYSET    0x00001000

#define AT_KEYEXCHANGE 1
#define AT_SIGNATURE   2

#define PROV_RSA_FULL      1
#define PROV_RSA_SIG       2
#define PROV_DSS           3
#define PROV_FORTEZZA      4
#define PROV_MS_EXCHANGE   5
#define PROV_SSL           6
#define PROV_STT_MER       7
#define PROV_STT_ACQ       8
#define PROV_STT_BRND      9
#define PROV_STT_ROOT      10
#define PROV_STT_ISS       11
#define PROV_RSA_SCHANNEL  12
#define PROV_DSS_DH        13
#define PROV_EC_ECDSA_SIG  14
#define PROV_EC_ECNRA_SIG  15
#define PROV_EC_ECDSA_FULL 16
#define PROV_EC_ECNRA_FULL 17
#define PROV_DH_SCHANNEL   18
#define PROV_SPYRUS_LYNKS  20
#define PROV_RNG           21
#define PROV_INTEL_SEC     22
#define PROV_REPLACE_OWF   23
#define PROV_RSA_AES       24

/* bType and bVersion of a key blob. */
#define SIMPLEBLOB            1
#define PUBLICKEYBLOB         6
#define PRIVATEKEYBLOB        7
#define PLAINTEXTKEYBLOB      8
#define CUR_BLOB_VERSION      2

/* dwParam of CryptGetHashParam. */
#define HP_ALGID              1
#define HP_HASHVAL            2
#define HP_HASHSIZE           4

#endif /* TCH_SSPI_INCLUDE_TCH_CRYPTALG_H */
