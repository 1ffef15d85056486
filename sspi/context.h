#ifndef TCH_SSPI_CONTEXT_H
#define TCH_SSPI_CONTEXT_H

/*
 * context.h - a security context: one connection and the facade's state
 *
 * InitializeSecurityContext and AcceptSecurityContext are one function with a
 * role (context.c); what differs between them is in context_client.c and
 * context_server.c.
 */

#include <pthread.h>

#include "engine/tch.h"
#include "sspi/credentials.h"
#include "sspi/include/tomchannel_sspi.h"
#include "sspi/secbuffer.h"

/* What ApplyControlToken asked of the next handshake call. */
enum tch_control { TCH_CONTROL_NONE, TCH_CONTROL_SHUTDOWN, TCH_CONTROL_ALERT };

/* A setup that the connection may still read; see tch_ctx_use. */
struct tch_held {
    struct tch_setup *setup;
    struct tch_held *next;
};

struct tch_ctx {
    pthread_mutex_t lock; /* of everything here but the connection */
    struct tch_conn *conn;
    struct tch_setup *setup;
    struct tch_held *held;
    SecHandle named; /* the credential handle the setup came from */
    ULONG attr;      /* the newest *_RET_* value */
    enum tch_control control;
    bool control_queued; /* and waits for room to be sent */
    enum tch_alert_level alert_level;
    unsigned alert;
    bool asked;     /* the last call answered SEC_I_INCOMPLETE_CREDENTIALS */
    bool resumable_set; /* a SCHANNEL_SESSION token came */
    bool manual;    /* as the newest call had it */

    /* An answer that could not be given for want of memory. */
    bool owes;
    SECURITY_STATUS owed_status;
    size_t owed_extra;

    /* REMOTE_CERT_CONTEXT: one object for all queries. */
    struct tch_cert *remote;

    /* KEYING_MATERIAL_INFO. */
    char *label;
    uint8_t *label_context;
    size_t label_context_len;
    DWORD material_len;
};

/* One call of InitializeSecurityContext or AcceptSecurityContext. */
struct tch_call {
    enum tch_role role;
    PCredHandle phCredential;
    PCtxtHandle phContext;
    PCtxtHandle phNewContext;
    const char *name; /* the server's, cleaned; or NULL */
    ULONG req;
    PSecBufferDesc input;
    PSecBufferDesc output;
    ULONG *attr;
    PTimeStamp expiry;

    bool first;
    struct tch_out_slots out;
    struct tch_in_slots in;
};

/* tch_call_run does all of it. */
SECURITY_STATUS tch_call_run(struct tch_call *k);

/* The flags of the two functions, by meaning; 0 where a role has none. */
struct tch_flags {
    ULONG refused;  /* requests that are SEC_E_UNSUPPORTED_FUNCTION */
    ULONG always;   /* returned whatever was asked */
    ULONG mirrored; /* returned when asked in this call */
    ULONG extended_error;
    ULONG manual;
    ULONG supplied;
    ULONG stream;
};
extern const struct tch_flags tch_flags_client;
extern const struct tch_flags tch_flags_server;
const struct tch_flags *tch_flags_of(enum tch_role role);

/* The same number for both roles (contract 13). */
#define TCH_REQ_ALLOCATE ISC_REQ_ALLOCATE_MEMORY
#define TCH_REQ_MUTUAL ISC_REQ_MUTUAL_AUTH

/* tch_client_prepare and tch_server_prepare set a connection up before its
 * first step; tch_call holds what they need. SEC_E_OK or a failure. */
SECURITY_STATUS tch_client_prepare(struct tch_ctx *c,
                                   const struct tch_call *k);
SECURITY_STATUS tch_server_prepare(struct tch_ctx *c,
                                   const struct tch_call *k);

/* tch_server_ask sets by the call's flags whether a client certificate is
 * asked for in the next handshake. */
void tch_server_ask(struct tch_ctx *c, const struct tch_call *k);

/* tch_ctx_verify sets how the peer's certificate is judged. */
void tch_ctx_verify(struct tch_ctx *c, const struct tch_call *k);

/* tch_ctx_peer_expiry is the end of the peer's certificate as a TimeStamp, or
 * "never" while it is unknown. */
uint64_t tch_ctx_peer_expiry(const struct tch_ctx *c);

/* tch_ctx_failure fills a struct from the connection's failure; the status
 * is SEC_E_OK without one. */
void tch_ctx_failure(const struct tch_failure *f, TchPkgContext_Failure *out);

/* tch_note_failure keeps a failure for TchGetLastFailure. */
void tch_note_failure(const struct tch_failure *f, SECURITY_STATUS status);

#endif
