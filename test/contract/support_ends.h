#ifndef TCH_TEST_CONTRACT_SUPPORT_ENDS_H
#define TCH_TEST_CONTRACT_SUPPORT_ENDS_H

/*
 * support_ends.h - two SSPI ends in memory, for the contract's cases
 *
 * Each end has its credential, its context and the bytes that came for it.
 * The helpers make the calls that a case is not about; what a case is about
 * it does by hand, with SecBuffers of its own.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sspi/include/tomchannel_sspi.h"

#define ROOM (96 * 1024)
#define ISC_USUAL                                                             \
    (ISC_REQ_SEQUENCE_DETECT | ISC_REQ_REPLAY_DETECT |                        \
     ISC_REQ_CONFIDENTIALITY | ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_STREAM)
#define ASC_USUAL                                                             \
    (ASC_REQ_SEQUENCE_DETECT | ASC_REQ_REPLAY_DETECT |                        \
     ASC_REQ_CONFIDENTIALITY | ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_STREAM)

struct end {
    bool server;
    CredHandle cred;
    CtxtHandle ctx;
    bool has_cred;
    bool has_ctx;
    const char *target;
    ULONG req;
    ULONG attr;
    TimeStamp expiry;
    uint8_t in[ROOM]; /* came for this end and is not used yet */
    size_t in_len;
    const uint8_t *alpn; /* an APPLICATION_PROTOCOLS buffer, or NULL */
    size_t alpn_len;
};

/* Answer of one handshake call. */
struct reply {
    SECURITY_STATUS status;
    uint8_t token[ROOM];
    size_t token_len;
    ULONG spare_type; /* of the second input buffer */
    size_t spare_len;
};

/* A certificate of vectors/certs with its key; NULL key: NAME.key. */
PCCERT_CONTEXT load_cert(const char *name, const char *key);

/* A file of the tree, whole; `*len` bytes, to be freed. */
uint8_t *load_file(const char *name, size_t *len);

/* Acquires a SCHANNEL_CRED credential. `cert` may be NULL. */
SECURITY_STATUS acquire(struct end *e, bool server, DWORD flags,
                        const char *cert);
SECURITY_STATUS acquire_with(struct end *e, bool server, SCHANNEL_CRED *cred);

/* Options on an end's credential; cbSize is filled in. */
void set_options(struct end *e, TCH_SSPI_OPTIONS *o);

/* The usual pair: manual validation, server-rsa2048. */
void usual_pair(struct end *c, struct end *s);
void make_pair(struct end *c, struct end *s, DWORD client_flags,
               const char *server_cert);

/* Frees contexts and credentials, if any. */
void end_clear(struct end *e);
void clear_pair(struct end *c, struct end *s);

/* One handshake call with {TOKEN, EMPTY} and ALLOCATE_MEMORY. */
void call(struct end *e, const void *in, size_t len, struct reply *r);

/* The same, with the end's own unused bytes; keeps what is left over, and
 * hands the token to `other`. */
SECURITY_STATUS pump(struct end *e, struct end *other);

/* Runs both until both have answered SEC_E_OK, in pieces of at most `piece`
 * bytes (0: whole). Gives the first failure, or SEC_E_OK. */
SECURITY_STATUS shake_in(struct end *c, struct end *s, size_t piece);
SECURITY_STATUS shake(struct end *c, struct end *s);
/* shake, and it must work. */
void connect_pair(struct end *c, struct end *s);

/* Bytes that are on their way to an end. */
void give(struct end *to, const void *p, size_t len);

/* EncryptMessage with {H, D, R, E} in one block; `*len` is the record's. */
SECURITY_STATUS encrypt(struct end *e, const void *data, size_t data_len,
                        uint8_t *record, size_t *len);

/* DecryptMessage with {D, E, E, E}; the buffers as they come back. */
SECURITY_STATUS decrypt(struct end *e, uint8_t *bytes, size_t len,
                        SecBuffer buffers[4]);

/* Data from one end arrives at the other. */
void data_flows(struct end *from, struct end *to);

/* The parts of a token: record `i`, or NULL. */
const uint8_t *record_at(const uint8_t *token, size_t len, size_t i,
                         size_t *record_len);

/* What a ClientHello offers: whether suite, extension are in it. */
bool hello_has_suite(const uint8_t *hello, size_t len, unsigned code);
size_t hello_num_suites(const uint8_t *hello, size_t len);
/* The SNI name in a hello; "" without. */
void hello_name(uint8_t *hello, size_t len, char *out, size_t room);

#define assert_status(expr, wanted)                                           \
    assert_status_at((expr), (wanted), #wanted, __FILE__, __LINE__)
void assert_status_at(SECURITY_STATUS got, SECURITY_STATUS wanted,
                      const char *name, const char *file, int line);

/* An APPLICATION_PROTOCOLS buffer with these names (comma separated). */
size_t alpn_buffer(const char *names, uint8_t *out);

#endif
