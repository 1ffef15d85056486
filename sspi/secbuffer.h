#ifndef TCH_SSPI_SECBUFFER_H
#define TCH_SSPI_SECBUFFER_H

/*
 * secbuffer.h - SecBufferDesc to the engine's descriptors and back
 *
 * The program's arrays may have any length and hold types we do not know;
 * what a call needs is found by type (contract 3) and only that is written.
 */

#include "engine/tch.h"
#include "sspi/include/sspi.h"

/* tch_secbuffer_type is a buffer's type without its attribute bits. */
static inline ULONG tch_secbuffer_type(const SecBuffer *b)
{
    return b->BufferType & ~(ULONG)SECBUFFER_ATTRMASK;
}

/* tch_secbuffer_desc_ok: the version is known and the array is there. */
bool tch_secbuffer_desc_ok(const SecBufferDesc *d);

/*
 * tch_out_slots is where a handshake call's output goes (contract 6.5).
 * `allocate` says that the token gets package memory.
 */
struct tch_out_slots {
    SecBuffer *token;
    SecBuffer *alert; /* or NULL */
    bool allocate;
    bool allocate_alert;
    ULONG room; /* of the token slot as it came */
    ULONG alert_room;
};

/*
 * tch_secbuffer_out finds them. SEC_E_OK; SEC_E_INVALID_TOKEN (no descriptor,
 * wrong version, no slot for a token); SEC_E_INSUFFICIENT_MEMORY (a TOKEN or
 * ALERT slot of length 0 and no ALLOCATE_MEMORY). `out` is filled as far as
 * it was found.
 */
SECURITY_STATUS tch_secbuffer_out(PSecBufferDesc d, bool allocate,
                                  struct tch_out_slots *out);

/* tch_secbuffer_no_token: nothing is to be sent. */
void tch_secbuffer_no_token(const struct tch_out_slots *out);

/*
 * tch_secbuffer_put puts `bytes` into the token slot, in package memory or in
 * the program's. SEC_E_OK or SEC_E_INSUFFICIENT_MEMORY, which changes nothing.
 */
SECURITY_STATUS tch_secbuffer_put(const struct tch_out_slots *out,
                                  struct tch_slice bytes);

/* tch_secbuffer_put_alert fills the ALERT slot, if there is one with room,
 * with level and description (contract 6.9); NULL empties it. */
void tch_secbuffer_put_alert(const struct tch_out_slots *out,
                             const uint8_t *alert);

/* tch_in_slots is what a handshake call is given (contract 6.3). */
struct tch_in_slots {
    SecBuffer *token; /* or NULL */
    SecBuffer *spare; /* the first EMPTY one, or NULL */
    SecBuffer *alpn;  /* or NULL */
};

/* tch_secbuffer_in finds them; NULL is an empty array. SEC_E_OK;
 * SEC_E_INVALID_TOKEN; SEC_E_UNSUPPORTED_FUNCTION (a DTLS_MTU slot). */
SECURITY_STATUS tch_secbuffer_in(PSecBufferDesc d, struct tch_in_slots *in);

/* tch_secbuffer_input is the TOKEN's bytes; empty without one. */
struct tch_slice tch_secbuffer_input(const struct tch_in_slots *in);

/* tch_secbuffer_report makes the spare slot EXTRA or MISSING with a count,
 * unless that is 0 (contract 6.6). */
void tch_secbuffer_report(const struct tch_in_slots *in, ULONG type,
                          size_t count);

/*
 * tch_secbuffer_alpn finds the ALPN list in an APPLICATION_PROTOCOLS buffer
 * (contract 6.4): (length byte, name) repeated, empty when there is none.
 * False: the lists do not add up.
 */
TCH_MUST_CHECK bool tch_secbuffer_alpn(const SecBuffer *b,
                                       struct tch_slice *list);

/* A message for EncryptMessage or DecryptMessage: the program's buffers and
 * the engine's view of them, in the same order. */
struct tch_message {
    SecBuffer *at[4];
    struct tch_buf bufs[4];
    struct tch_buf_desc desc;
};

/* tch_secbuffer_seal finds HEADER, DATA, TRAILER (contract 9.2). READONLY
 * buffers are left alone. False: SEC_E_INVALID_TOKEN. */
TCH_MUST_CHECK bool tch_secbuffer_seal(PSecBufferDesc d,
                                       struct tch_message *m);

/* tch_secbuffer_sealed writes the lengths back. */
void tch_secbuffer_sealed(const struct tch_message *m);

/* tch_secbuffer_open finds one DATA and three EMPTY (contract 9.3). */
TCH_MUST_CHECK bool tch_secbuffer_open(PSecBufferDesc d,
                                       struct tch_message *m);

/* tch_secbuffer_opened writes types, lengths and places back (9.4). */
void tch_secbuffer_opened(const struct tch_message *m);

#endif
