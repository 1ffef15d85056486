#ifndef TCH_SSPI_QUERY_H
#define TCH_SSPI_QUERY_H

/*
 * query.h - attributes of a context (contract 11)
 *
 * query.c has the calls and the certificates, query_info.c what was
 * negotiated. Structs with arrays of WCHAR depend on the program's wchar_t;
 * they are filled from plain facts in wide_calls.h, which is compiled for
 * both widths.
 */

#include "sspi/context.h"

/* An attribute's function. `width` is that of the caller's texts. */
typedef SECURITY_STATUS tch_query_fn(struct tch_ctx *c, void *out,
                                     unsigned width);

/* tch_query finds the attribute and asks. `room` is SIZE_MAX where the call
 * has no size. */
SECURITY_STATUS tch_query(PCtxtHandle h, ULONG attribute, void *out,
                          size_t room, unsigned width);

/* tch_set is SetContextAttributes. */
SECURITY_STATUS tch_set(PCtxtHandle h, ULONG attribute, const void *in,
                        size_t len);

/* tch_cipher_facts is what CIPHER_INFO and CONNECTION_INFO_EX say. Names are
 * static and shorter than 64 characters. */
struct tch_cipher_facts {
    DWORD protocol_bit;
    DWORD wire_version;
    DWORD suite;
    const char *suite_name;
    const char *cipher;
    ALG_ID cipher_alg;
    DWORD cipher_bits;
    DWORD cipher_block;
    const char *hash; /* "" for AEAD */
    ALG_ID hash_alg;
    DWORD hash_bits;
    const char *exchange;
    ALG_ID exchange_alg;
    DWORD exchange_bits;
    const char *certificate;
    ALG_ID certificate_alg;
    DWORD key_type;
};

/* tch_query_cipher fills them. SEC_E_OK, SEC_E_INVALID_HANDLE (bad handle, or
 * before the handshake is finished). */
SECURITY_STATUS tch_query_cipher(PCtxtHandle h,
                                 struct tch_cipher_facts *out);

/* What query_info.c has. */
SECURITY_STATUS tch_cipher_facts_of(struct tch_ctx *c,
                                    struct tch_cipher_facts *out);
tch_query_fn tch_query_sizes, tch_query_stream_sizes, tch_query_key_info,
    tch_query_proto_info, tch_query_bindings_unique,
    tch_query_bindings_endpoint, tch_query_alpn, tch_query_extensions,
    tch_query_connection_info, tch_query_session_info,
    tch_query_keying_material, tch_query_keying_inproc, tch_query_eap,
    tch_query_connection, tch_query_signatures;
SECURITY_STATUS
tch_set_keying_info(struct tch_ctx *c,
                    const SecPkgContext_KeyingMaterialInfo *in);

#endif
