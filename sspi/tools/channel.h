/*
 * channel.h - one TLS connection on the SSPI calls
 *
 * This is the loop that every SSPI program needs, written once, for client
 * and server, and meant to be copied.  It does no I/O.  Bytes from the network
 * are appended to `in`, then channel_input is called; what must be sent is in
 * `out`; what was decrypted is in `plain`.  The owner looks at `state`,
 * `peer_closed` and the other fields after each call.
 *
 * The section numbers are those of the project's Schannel contract.
 */
#ifndef TCH_SSPI_TOOLS_CHANNEL_H
#define TCH_SSPI_TOOLS_CHANNEL_H

#include <stdbool.h>

#include "sspi/tools/queue.h"
#include "sspi/tools/text.h"
#include "sspi/tools/trace.h"

#define TARGET_MAX 256

enum channel_state {
    CHANNEL_HANDSHAKE, /* the first one, or a renegotiation */
    CHANNEL_OPEN,
    CHANNEL_FAILED,    /* send `out`, then close            */
};

struct channel {
    /* Set by the owner. */
    bool server;
    CredHandle credential;
    ULONG request;           /* ISC_REQ_ or ASC_REQ_ beside the usual ones  */
    char target[TARGET_MAX]; /* client: the server's name, or empty         */
    bool has_on_demand;      /* client: the next is used when the server    */
    CredHandle on_demand;    /* wants a certificate and the other has none  */
    const struct trace *trace;

    struct queue in;
    struct queue out;
    struct queue plain;

    /* To be looked at. */
    enum channel_state state;
    unsigned handshakes;     /* finished ones                               */
    bool incomplete;         /* the newest input ends within a record       */
    bool asked;              /* we asked for a renegotiation; no answer yet */
    bool refused;            /* the peer, or our own rules, said no to it   */
    bool peer_closed;        /* close_notify came                           */
    bool closed;             /* our close_notify went out                   */
    TchPkgContext_Failure failure; /* of CHANNEL_FAILED                     */

    CtxtHandle context;
    bool has_context;
    SecPkgContext_StreamSizes sizes;
};

/* channel_start sets the usual flags; a client's first token is then in `out`.
 * All fields not set by the owner are zero before. */
void channel_start(struct channel *c);

/* channel_input works off `in`, as far as it can. */
void channel_input(struct channel *c);

/* channel_write encrypts into `out`; false if that failed.  CHANNEL_OPEN. */
bool channel_write(struct channel *c, const void *data, size_t len);

/* channel_renegotiate asks for a new handshake: `refused` is set at once if
 * the connection may not.  CHANNEL_OPEN. */
void channel_renegotiate(struct channel *c);

/* channel_shutdown puts a close_notify into `out`, once. */
void channel_shutdown(struct channel *c);

/* channel_about tells what the newest handshake agreed on; false before. */
bool channel_about(struct channel *c, TchPkgContext_Connection *about);

/* channel_exit_status is EXIT_CERTIFICATE or EXIT_TLS, for CHANNEL_FAILED. */
int channel_exit_status(const struct channel *c);

/* channel_free deletes the context and frees the queues. */
void channel_free(struct channel *c);

#endif /* TCH_SSPI_TOOLS_CHANNEL_H */
