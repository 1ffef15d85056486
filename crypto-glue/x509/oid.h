#ifndef TCH_CRYPTO_GLUE_X509_OID_H
#define TCH_CRYPTO_GLUE_X509_OID_H

/*
 * Object identifiers as rows of tables: the contents bytes of the DER
 * OBJECT IDENTIFIER, without tag and length.
 */

#include "engine/base/slice.h"

/* TCH_OID(0x55, 0x1D, 0x0F) initializes a struct tch_slice at file scope. */
#define TCH_OID(...)                                                          \
    {                                                                         \
        (const uint8_t[]){ __VA_ARGS__ },                                     \
            sizeof((const uint8_t[]){ __VA_ARGS__ })                          \
    }

/* The arcs that many identifiers share. */
#define TCH_ARC_PKCS1 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01
#define TCH_ARC_CE 0x55, 0x1D /* 2.5.29, certificate extensions */
#define TCH_ARC_AT 0x55, 0x04 /* 2.5.4, attribute types */
#define TCH_ARC_PE 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01 /* PKIX ext. */
#define TCH_ARC_KP 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03 /* key purposes */
#define TCH_ARC_X962_SIG 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04
#define TCH_ARC_NIST 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04

#endif
