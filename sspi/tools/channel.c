/*
 * channel.c - one TLS connection on the SSPI calls
 *
 * Three rules carry everything here.  The status says what to do next, the
 * buffers say how many bytes.  Bytes that a call did not use come back as
 * SECBUFFER_EXTRA, counted from the end of the input, and go in again.  A
 * SEC_E_INCOMPLETE_MESSAGE changed nothing: append bytes, repeat the call.
 *
 * What is easy to get wrong: a token can come with SEC_E_OK and with failures,
 * and must be sent; a renegotiation can start inside DecryptMessage, and data
 * can arrive in the middle of it; and an alert that DecryptMessage owes comes
 * out of the next call of Initialize- or AcceptSecurityContext (6.9).
 */
#include "sspi/tools/channel.h"

#include <stdio.h>
#include <string.h>

/* What a step asks for.  The loop in channel_input does it. */
enum next {
    NEXT_WAIT,      /* for more input, or for nothing any more   */
    NEXT_BY_STATE,  /* whatever the state says, if input is left */
    NEXT_HANDSHAKE, /* at once, also without input               */
    NEXT_DECRYPT,
};

/* ----------------------------------------------------- calls of the package */

static SECURITY_STATUS call_package(struct channel *c, SecBufferDesc *in,
                                    SecBufferDesc *out)
{
    PCtxtHandle have = c->has_context ? &c->context : NULL;
    ULONG attributes = 0;
    SECURITY_STATUS status;
    struct trace_call call;

    trace_begin(&call, c->trace,
                c->server ? "AcceptSecurityContext"
                          : "InitializeSecurityContext",
                in, out);
    if (c->server) {
        status = AcceptSecurityContext(&c->credential, have, in, c->request, 0,
                                       &c->context, out, &attributes, NULL);
    } else {
        status = InitializeSecurityContextA(
            &c->credential, have, c->target[0] != '\0' ? c->target : NULL,
            c->request, 0, 0, in, 0, &c->context, out, &attributes, NULL);
    }
    /* SEC_E_INCOMPLETE_MESSAGE on a first call has made no context (2.2). */
    c->has_context = c->has_context || SEC_SUCCESS(status);
    return trace_end(&call, status);
}

static SECURITY_STATUS query(struct channel *c, ULONG attribute, void *out)
{
    return QueryContextAttributesA(&c->context, attribute, out);
}

/* A token must be sent whatever the status was. */
static void take_token(struct channel *c, const SecBuffer *token)
{
    if (token->cbBuffer > 0 && token->pvBuffer != NULL) {
        queue_append(&c->out, token->pvBuffer, token->cbBuffer);
    }
    FreeContextBuffer(token->pvBuffer);
}

/* One call with `len` bytes of input; `*extra` counts those not used. */
static SECURITY_STATUS step(struct channel *c, void *p, size_t len,
                            size_t *extra)
{
    SecBuffer in[2] = {
        { (ULONG)len, SECBUFFER_TOKEN, p },
        { 0, SECBUFFER_EMPTY, NULL },
    };
    SecBuffer out[1] = { { 0, SECBUFFER_TOKEN, NULL } };
    SecBufferDesc in_desc = { SECBUFFER_VERSION, 2, in };
    SecBufferDesc out_desc = { SECBUFFER_VERSION, 1, out };

    SECURITY_STATUS status = call_package(c, &in_desc, &out_desc);
    if (status != SEC_E_INCOMPLETE_MESSAGE) {
        take_token(c, &out[0]);
    }
    *extra = in[1].BufferType == SECBUFFER_EXTRA ? in[1].cbBuffer : 0;
    return status;
}

/* ---------------------------------------------------------------- endings */

static void fail(struct channel *c, SECURITY_STATUS status)
{
    TchPkgContext_Failure *f = &c->failure;
    char room[STATUS_NAME_MAX];

    c->state = CHANNEL_FAILED;
    SECURITY_STATUS known = c->has_context
                                ? query(c, TCH_ATTR_FAILURE, f)
                                : TchGetLastFailure(f);
    if (known != SEC_E_OK || f->szSentence[0] == '\0') {
        memset(f, 0, sizeof *f);
        f->dwAlert = TCH_NO_ALERT;
        snprintf(f->szSentence, sizeof f->szSentence, "%s (%s)",
                 TchStatusText(status), status_name(status, room));
    }
    f->scStatus = status;
}

/* After a failing DecryptMessage: the alert that is still owed. */
static void fail_with_alert(struct channel *c, SECURITY_STATUS status)
{
    size_t extra = 0;

    fail(c, status);
    step(c, NULL, 0, &extra);
}

static void keep_extra(struct channel *c, size_t extra)
{
    queue_drop(&c->in, c->in.len - (extra < c->in.len ? extra : c->in.len));
}

/* --------------------------------------------------------------- handshake */

/* SEC_E_OK: a handshake has finished, or a refusal went out and the connection
 * goes on as it was. */
static enum next opened(struct channel *c)
{
    TchPkgContext_Connection about;
    SECURITY_STATUS status = query(c, SECPKG_ATTR_STREAM_SIZES, &c->sizes);

    trace_status(c->trace, "QueryContextAttributes(STREAM_SIZES)", status);
    if (status != SEC_E_OK || !channel_about(c, &about)) {
        fail(c, status);
        return NEXT_WAIT;
    }
    if (about.dwHandshakes == c->handshakes) {
        c->refused = true;
    }
    c->handshakes = about.dwHandshakes;
    c->asked = false;
    c->state = CHANNEL_OPEN;
    return NEXT_BY_STATE;
}

/* The server wants a certificate and our credential has none.  Nothing was
 * consumed: the same bytes go in again, with another credential or with the
 * word that there is no other (6.8). */
static void answer_incomplete_credentials(struct channel *c)
{
    if (c->has_on_demand) {
        trace_note(c->trace, "the server wants a certificate: the same bytes "
                             "again, with another credential");
        c->credential = c->on_demand;
        c->has_on_demand = false;
    } else {
        c->request |= ISC_REQ_USE_SUPPLIED_CREDS;
    }
}

/* DecryptMessage works on one record. */
static enum next decrypt_step(struct channel *c)
{
    SecBuffer b[4] = {
        { (ULONG)c->in.len, SECBUFFER_DATA, c->in.p },
        { 0, SECBUFFER_EMPTY, NULL },
        { 0, SECBUFFER_EMPTY, NULL },
        { 0, SECBUFFER_EMPTY, NULL },
    };
    SecBufferDesc desc = { SECBUFFER_VERSION, 4, b };
    struct trace_call call;
    size_t extra = 0;

    trace_begin(&call, c->trace, "DecryptMessage", &desc, NULL);
    SECURITY_STATUS status = DecryptMessage(&c->context, &desc, 0, NULL);
    trace_end(&call, status);

    c->incomplete = status == SEC_E_INCOMPLETE_MESSAGE;
    if (c->incomplete) {
        return NEXT_WAIT;
    }
    if (FAILED(status)) {
        fail_with_alert(c, status);
        return NEXT_WAIT;
    }
    for (size_t i = 0; i < 4; i++) {
        if (b[i].BufferType == SECBUFFER_EXTRA) {
            extra = b[i].cbBuffer;
        } else if (b[i].BufferType == SECBUFFER_DATA &&
                   !queue_append(&c->plain, b[i].pvBuffer, b[i].cbBuffer)) {
            fail(c, SEC_E_INSUFFICIENT_MEMORY);
            return NEXT_WAIT;
        }
    }
    keep_extra(c, extra);
    switch (status) {
    case SEC_I_CONTEXT_EXPIRED: /* close_notify: nothing behind it counts */
        c->peer_closed = true;
        c->in.len = 0;
        return NEXT_WAIT;
    case SEC_I_NO_RENEGOTIATION:
        c->asked = false;
        c->refused = true;
        return NEXT_BY_STATE;
    case SEC_I_RENEGOTIATE: /* on with the handshake, input or not */
        c->state = CHANNEL_HANDSHAKE;
        return NEXT_HANDSHAKE;
    default:
        return NEXT_BY_STATE;
    }
}

static enum next handshake_step(struct channel *c)
{
    size_t had = c->in.len;
    size_t extra = 0;
    SECURITY_STATUS status = step(c, c->in.p, had, &extra);

    c->incomplete = status == SEC_E_INCOMPLETE_MESSAGE;
    switch (status) {
    case SEC_E_OK:
        keep_extra(c, extra);
        return opened(c);
    case SEC_I_CONTINUE_NEEDED:
        if (had > 0 && extra == had) {
            /* Data that the peer sent before it took part in the
             * renegotiation: it is for DecryptMessage (8.3). */
            return NEXT_DECRYPT;
        }
        keep_extra(c, extra);
        return NEXT_BY_STATE;
    case SEC_I_NO_RENEGOTIATION:
        keep_extra(c, extra);
        c->asked = false;
        c->refused = true;
        c->state = CHANNEL_OPEN;
        return NEXT_BY_STATE;
    case SEC_I_INCOMPLETE_CREDENTIALS:
        answer_incomplete_credentials(c);
        return NEXT_BY_STATE;
    case SEC_E_INCOMPLETE_MESSAGE:
        return NEXT_WAIT;
    default:
        fail(c, status);
        return NEXT_WAIT;
    }
}

/* --------------------------------------------------------- for the owner */

void channel_start(struct channel *c)
{
    size_t extra = 0;

    c->state = CHANNEL_HANDSHAKE;
    if (c->server) {
        c->request |= ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_CONFIDENTIALITY |
                      ASC_REQ_REPLAY_DETECT | ASC_REQ_SEQUENCE_DETECT |
                      ASC_REQ_STREAM | ASC_REQ_EXTENDED_ERROR;
        return;
    }
    c->request |= ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_CONFIDENTIALITY |
                  ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT |
                  ISC_REQ_STREAM | ISC_REQ_EXTENDED_ERROR;
    SECURITY_STATUS status = step(c, NULL, 0, &extra);
    if (status != SEC_I_CONTINUE_NEEDED) {
        fail(c, status);
    }
}

void channel_input(struct channel *c)
{
    enum next next = NEXT_BY_STATE;

    while (next != NEXT_WAIT && c->state != CHANNEL_FAILED &&
           !c->peer_closed) {
        if (next == NEXT_BY_STATE) {
            if (c->in.len == 0) {
                break;
            }
            next = c->state == CHANNEL_OPEN ? NEXT_DECRYPT : NEXT_HANDSHAKE;
        }
        next = next == NEXT_DECRYPT ? decrypt_step(c) : handshake_step(c);
    }
}

/* One record, encrypted where it will wait for being sent. */
static bool write_record(struct channel *c, const unsigned char *data,
                         size_t len)
{
    size_t header = c->sizes.cbHeader;
    size_t trailer = c->sizes.cbTrailer;
    unsigned char *p = queue_room(&c->out, header + len + trailer);
    if (p == NULL) {
        fail(c, SEC_E_INSUFFICIENT_MEMORY);
        return false;
    }
    memcpy(p + header, data, len);
    SecBuffer b[4] = {
        { (ULONG)header, SECBUFFER_STREAM_HEADER, p },
        { (ULONG)len, SECBUFFER_DATA, p + header },
        { (ULONG)trailer, SECBUFFER_STREAM_TRAILER, p + header + len },
        { 0, SECBUFFER_EMPTY, NULL },
    };
    SecBufferDesc desc = { SECBUFFER_VERSION, 4, b };
    struct trace_call call;

    trace_begin(&call, c->trace, "EncryptMessage", &desc, NULL);
    SECURITY_STATUS status = EncryptMessage(&c->context, 0, &desc, 0);
    trace_end(&call, status);
    if (status != SEC_E_OK) {
        fail_with_alert(c, status);
        return false;
    }
    /* The trailer may have become shorter: padding depends on the length. */
    queue_grow(&c->out,
               (size_t)b[0].cbBuffer + b[1].cbBuffer + b[2].cbBuffer);
    return true;
}

bool channel_write(struct channel *c, const void *data, size_t len)
{
    const unsigned char *p = data;

    while (len > 0) {
        size_t n = len < c->sizes.cbMaximumMessage ? len
                                                   : c->sizes.cbMaximumMessage;
        if (!write_record(c, p, n)) {
            return false;
        }
        p += n;
        len -= n;
    }
    return true;
}

void channel_renegotiate(struct channel *c)
{
    size_t extra = 0;
    SECURITY_STATUS status = step(c, NULL, 0, &extra);

    c->asked = true;
    switch (status) {
    case SEC_E_OK: /* a server's HelloRequest; data goes on meanwhile (8.3) */
        break;
    case SEC_I_CONTINUE_NEEDED: /* a client's ClientHello */
        c->state = CHANNEL_HANDSHAKE;
        break;
    case SEC_E_UNSUPPORTED_FUNCTION: /* not allowed here; nothing changed */
        c->asked = false;
        c->refused = true;
        break;
    default:
        fail(c, status);
        break;
    }
}

void channel_shutdown(struct channel *c)
{
    DWORD shutdown = SCHANNEL_SHUTDOWN;
    SecBuffer token = { sizeof shutdown, SECBUFFER_TOKEN, &shutdown };
    SecBufferDesc desc = { SECBUFFER_VERSION, 1, &token };
    struct trace_call call;
    size_t extra = 0;

    if (c->closed || !c->has_context || c->state == CHANNEL_FAILED) {
        return;
    }
    c->closed = true;
    trace_begin(&call, c->trace, "ApplyControlToken(SCHANNEL_SHUTDOWN)", &desc,
                NULL);
    SECURITY_STATUS status = ApplyControlToken(&c->context, &desc);
    trace_end(&call, status);
    if (status == SEC_E_OK) {
        status = step(c, NULL, 0, &extra);
    }
    if (FAILED(status)) {
        fail(c, status);
    }
}

bool channel_about(struct channel *c, TchPkgContext_Connection *about)
{
    memset(about, 0, sizeof *about);
    return c->has_context && query(c, TCH_ATTR_CONNECTION, about) == SEC_E_OK;
}

int channel_exit_status(const struct channel *c)
{
    return c->failure.fCertificate ? EXIT_CERTIFICATE : EXIT_TLS;
}

void channel_free(struct channel *c)
{
    if (c->has_context) {
        trace_status(c->trace, "DeleteSecurityContext",
                     DeleteSecurityContext(&c->context));
        c->has_context = false;
    }
    queue_free(&c->in);
    queue_free(&c->out);
    queue_free(&c->plain);
}
