/*
 * One call of the handshake, for both roles (contract 6, 7, 8.2, 8.3). The
 * order of things in a call:
 *
 *   which context, which flags, where the output goes (6.5: before any input
 *   is looked at); then, in this order of precedence: a control token that
 *   waits (8.2), a wrong input array (6.3), a dead connection (2.2), an alert
 *   that waits (6.9), a renegotiation asked for or refused (8.3), and the
 *   engine's turn.
 *
 * What is hard is that calls are repeated: nothing may be lost when a buffer
 * is too small or a certificate is missing. The engine sees to that; the one
 * thing it cannot see is our own allocation failing behind it (`owes`).
 */

#include "sspi/context.h"

#include <string.h>

#include "sspi/cert_info.h"
#include "sspi/handles.h"
#include "sspi/memory.h"
#include "sspi/status_map.h"

#define SECURITY_BITS                                                         \
    (ISC_RET_CONFIDENTIALITY | ISC_RET_SEQUENCE_DETECT | ISC_RET_REPLAY_DETECT)
/* How often one call may enter the engine again after answering for a
 * certificate. */
#define MAX_TURNS 4

#define CONTENT_HANDSHAKE 22 /* RFC 5246 6.2.1 */

/* ------------------------------------------------------ life of a context */

static void drop_held(struct tch_ctx *c)
{
    while (c->held != NULL) {
        struct tch_held *next = c->held->next;

        tch_setup_unref(c->held->setup);
        tch_disown(c->held, sizeof *c->held);
        c->held = next;
    }
}

static void destroy(void *object)
{
    struct tch_ctx *c = object;

    tch_conn_free(c->conn);
    drop_held(c);
    tch_setup_unref(c->setup);
    tch_cert_unref(c->remote);
    tch_disown_text(c->label);
    tch_disown(c->label_context, c->label_context_len);
    pthread_mutex_destroy(&c->lock);
    tch_disown(c, sizeof *c);
}

/* The setup moves into the context. NULL says why in `*status`. */
static struct tch_ctx *create(const struct tch_call *k,
                              struct tch_setup *setup,
                              SECURITY_STATUS *status)
{
    struct tch_ctx *c = tch_own(sizeof *c);
    enum tch_status s;

    if (c == NULL) {
        tch_setup_unref(setup);
        *status = SEC_E_INSUFFICIENT_MEMORY;
        return NULL;
    }
    pthread_mutex_init(&c->lock, NULL);
    c->setup = setup;
    c->named = *k->phCredential;
    s = tch_conn_new(setup->config, k->role, &c->conn);
    if (s != TCH_OK) {
        *status = tch_sspi_status(s, 0);
        destroy(c);
        return NULL;
    }
    return c;
}

/* Another setup: the connection may go on reading the old one's hooks until
 * its next handshake is over, so that one is kept meanwhile. */
static SECURITY_STATUS use_setup(struct tch_ctx *c, struct tch_setup *setup,
                                 const SecHandle *named)
{
    struct tch_held *h = tch_own(sizeof *h);
    enum tch_status s = TCH_NO_MEMORY;

    if (h != NULL) {
        s = tch_conn_set_config(c->conn, setup->config);
    }
    if (s != TCH_OK) {
        tch_disown(h, sizeof *h);
        tch_setup_unref(setup);
        return tch_sspi_status(s, 0);
    }
    h->setup = c->setup;
    h->next = c->held;
    c->held = h;
    c->setup = setup;
    c->named = *named;
    return SEC_E_OK;
}

/* ------------------------------------------------------- failures, expiry */

static _Thread_local TchPkgContext_Failure last_failure;

static void copy_text(char *out, size_t room, const char *text)
{
    size_t len = strlen(text);

    len = len < room ? len : room - 1;
    memcpy(out, text, len);
    out[len] = '\0';
}

void tch_ctx_failure(const struct tch_failure *f, TchPkgContext_Failure *out)
{
    memset(out, 0, sizeof *out);
    out->dwAlert = TCH_NO_ALERT;
    if (f == NULL || f->status == TCH_OK) {
        return;
    }
    out->scStatus = tch_sspi_failure(f);
    out->dwSide = f->side == TCH_SIDE_OURS    ? TCH_SIDE_US
                  : f->side == TCH_SIDE_PEERS ? TCH_SIDE_PEER
                                              : TCH_SIDE_NOBODY;
    out->fCertificate = tch_status_class(f->status) == TCH_CLASS_CERTIFICATE;
    if (f->alert != TCH_ALERT_NONE) {
        out->dwAlert = (DWORD)f->alert;
        copy_text(out->szAlert, sizeof out->szAlert,
                  tch_alert_name((unsigned)f->alert));
    }
    copy_text(out->szName, sizeof out->szName, tch_status_name(f->status));
    tch_describe_failure(f, out->szSentence, sizeof out->szSentence);
}

void tch_note_failure(const struct tch_failure *f, SECURITY_STATUS status)
{
    tch_ctx_failure(f, &last_failure);
    if (last_failure.scStatus == SEC_E_OK) {
        last_failure.scStatus = status;
        copy_text(last_failure.szSentence, sizeof last_failure.szSentence,
                  TchStatusText(status));
    }
}

SECURITY_STATUS TchGetLastFailure(TchPkgContext_Failure *pFailure)
{
    if (pFailure == NULL) {
        return SEC_E_INVALID_PARAMETER;
    }
    *pFailure = last_failure;
    if (pFailure->scStatus == SEC_E_OK) {
        pFailure->dwAlert = TCH_NO_ALERT;
    }
    return SEC_E_OK;
}

uint64_t tch_ctx_peer_expiry(const struct tch_ctx *c)
{
    struct tch_slice der = tch_conn_peer_certificate(c->conn, 0);
    struct tch_cert_facts facts;

    if (der.len == 0 || tch_certificate_facts(der, &facts) != TCH_OK) {
        return TCH_FILETIME_NEVER;
    }
    return tch_filetime_local(facts.not_after);
}

static void write_expiry(const struct tch_call *k, uint64_t ticks)
{
    if (k->expiry != NULL) {
        k->expiry->QuadPart = (LONGLONG)ticks;
    }
}

static void write_attr(const struct tch_call *k, ULONG attr)
{
    if (k->attr != NULL) {
        *k->attr = attr;
    }
}

/* -------------------------------------------------------------- the output */

/* What the connection has to send goes into the token slot. */
static SECURITY_STATUS emit(struct tch_ctx *c, const struct tch_call *k)
{
    struct tch_slice bytes = tch_pending(c->conn);
    SECURITY_STATUS s = tch_secbuffer_put(&k->out, bytes);

    if (s == SEC_E_OK) {
        tch_sent(c->conn, bytes.len);
        tch_secbuffer_put_alert(&k->out, NULL);
    }
    return s;
}

static SECURITY_STATUS no_token(const struct tch_call *k,
                                SECURITY_STATUS status)
{
    tch_secbuffer_no_token(&k->out);
    tch_secbuffer_put_alert(&k->out, NULL);
    return status;
}

/* A failure: with EXTENDED_ERROR its alert is the token (contract 6.9). */
static SECURITY_STATUS failed(struct tch_ctx *c, struct tch_call *k,
                              SECURITY_STATUS status)
{
    const struct tch_flags *flags = tch_flags_of(k->role);
    const struct tch_failure *f = tch_conn_failure(c->conn);
    uint8_t alert[2] = { TCH_ALERT_FATAL, 0 };

    no_token(k, status);
    c->attr &= ~flags->extended_error;
    if ((k->req & flags->extended_error) == 0 ||
        tch_pending(c->conn).len == 0) {
        return status;
    }
    /* no_token has taken the room of the program's buffer away: it stands in
     * the call as it came. */
    k->out.token->cbBuffer = k->out.room;
    if (tch_secbuffer_put(&k->out, tch_pending(c->conn)) != SEC_E_OK) {
        tch_secbuffer_no_token(&k->out);
        return status;
    }
    tch_sent(c->conn, tch_pending(c->conn).len);
    c->attr |= flags->extended_error;
    if (f->side == TCH_SIDE_OURS && f->alert != TCH_ALERT_NONE) {
        alert[1] = (uint8_t)f->alert;
        if (k->out.alert != NULL) {
            k->out.alert->cbBuffer = k->out.alert_room;
        }
        tch_secbuffer_put_alert(&k->out, alert);
    }
    return status;
}

/* ------------------------------------------------------- turns of a call */

static enum tch_status queue_control(struct tch_ctx *c)
{
    if (c->control == TCH_CONTROL_SHUTDOWN) {
        return tch_close(c->conn);
    }
    if (c->alert_level == TCH_ALERT_WARNING &&
        c->alert == TCH_ALERT_NO_RENEGOTIATION &&
        tch_conn_state(c->conn) == TCH_STATE_ASKED) {
        return tch_refuse_renegotiation(c->conn);
    }
    return tch_alert(c->conn, c->alert_level, c->alert);
}

/* The control token's turn. Where the room is too small for it the alert
 * stays queued, so that the next call does not queue it twice. */
static SECURITY_STATUS control(struct tch_ctx *c, const struct tch_call *k)
{
    SECURITY_STATUS status;

    if (!c->control_queued) {
        enum tch_status s = queue_control(c);

        if (s != TCH_OK) {
            c->control = TCH_CONTROL_NONE;
            return no_token(k, tch_sspi_status(s, 0));
        }
        c->control_queued = true;
    }
    status = emit(c, k);
    if (status == SEC_E_OK) {
        c->control = TCH_CONTROL_NONE;
        c->control_queued = false;
        c->owes = false;
    }
    return status;
}

/* The handshake asked of the peer (8.3, first table). */
static SECURITY_STATUS ask_peer(struct tch_ctx *c, const struct tch_call *k)
{
    enum tch_status s;

    if (!c->setup->renegotiation) {
        return no_token(k, SEC_E_UNSUPPORTED_FUNCTION);
    }
    if (k->role == TCH_SERVER) {
        tch_server_ask(c, k);
    }
    s = tch_renegotiate(c->conn);
    if (s != TCH_OK && s != TCH_CONTINUE) {
        return no_token(k, tch_sspi_status(s, 0));
    }
    c->owed_status = tch_sspi_status(s, 0);
    c->owed_extra = 0;
    c->owes = true;
    return SEC_E_OK;
}

/* One turn of the engine with the bytes given; what it says about them is in
 * `*spare`. */
static enum tch_status turn(struct tch_ctx *c, const struct tch_call *k,
                            struct tch_slice input, struct tch_buf *spare,
                            struct tch_buf *token)
{
    struct tch_buf in_bufs[2] = {
        { TCH_BUF_TOKEN, (uint8_t *)(uintptr_t)input.p, input.len },
        { TCH_BUF_EMPTY, NULL, 0 },
    };
    struct tch_buf_desc in = { in_bufs, 2 };
    struct tch_buf_desc out = { token, 1 };
    enum tch_status s;

    token->kind = TCH_BUF_TOKEN;
    token->p = k->out.token->pvBuffer;
    token->len = k->out.room;
    s = tch_handshake(c->conn, input.len == 0 && k->first ? NULL : &in,
                      k->out.allocate ? NULL : &out);
    *spare = in_bufs[1];
    return s;
}

/* The certificate that TCH_WANT_CREDENTIAL is about: asked of the program
 * once, unless it said beforehand that there is nothing else (6.8). */
static bool answers_itself(const struct tch_ctx *c, const struct tch_call *k)
{
    return (k->req & tch_flags_of(k->role)->supplied) != 0 ||
           c->setup->has_identity;
}

/* Turns until the engine needs somebody else. `*extra` is what is left of the
 * input, `*missing` what it lacks. */
static enum tch_status engine(struct tch_ctx *c, const struct tch_call *k,
                              struct tch_slice input, struct tch_buf *token,
                              size_t *extra, size_t *missing)
{
    enum tch_status s = TCH_INTERNAL;

    for (unsigned i = 0; i < MAX_TURNS; i++) {
        struct tch_buf spare;

        s = turn(c, k, input, &spare, token);
        *extra = spare.kind == TCH_BUF_EXTRA ? spare.len : 0;
        *missing = spare.kind == TCH_BUF_MISSING ? spare.len : 0;
        if (s == TCH_WANT_CREDENTIAL && answers_itself(c, k)) {
            s = tch_answer_credential(c->conn, NULL);
        } else {
            break;
        }
        if (s != TCH_OK) {
            break;
        }
    }
    return s;
}

/* The engine's answer as the call's. */
static SECURITY_STATUS report(struct tch_ctx *c, struct tch_call *k,
                              enum tch_status s, const struct tch_buf *token,
                              size_t extra, size_t missing)
{
    const struct tch_failure *f = tch_conn_failure(c->conn);
    SECURITY_STATUS status = tch_sspi_status(s, (unsigned)f->alert);

    switch ((unsigned)s) {
    case TCH_WANT_INPUT:
        tch_secbuffer_report(&k->in, SECBUFFER_MISSING, missing);
        return status;
    case TCH_BUFFER_TOO_SMALL:
        return SEC_E_INSUFFICIENT_MEMORY;
    case TCH_WANT_CREDENTIAL:
        c->asked = true;
        return no_token(k, status);
    case TCH_OK:
    case TCH_CONTINUE:
    case TCH_DATA_WAITS:
    case TCH_NO_RENEGOTIATION:
    case TCH_CLOSED:
        break;
    case TCH_BAD_STATE:
        /* Open, shut down, and nobody asked for anything. */
        return no_token(k, SEC_E_CONTEXT_EXPIRED);
    default:
        return failed(c, k, status);
    }
    if (!k->out.allocate) {
        k->out.token->BufferType = SECBUFFER_TOKEN;
        k->out.token->cbBuffer = (ULONG)token->len;
        tch_secbuffer_put_alert(&k->out, NULL);
        tch_secbuffer_report(&k->in, SECBUFFER_EXTRA, extra);
        return status;
    }
    c->owes = true;
    c->owed_status = status;
    c->owed_extra = extra;
    return SEC_E_OK;
}

/* What was worked out but not handed over yet. */
static SECURITY_STATUS pay(struct tch_ctx *c, struct tch_call *k)
{
    SECURITY_STATUS s = emit(c, k);

    if (s != SEC_E_OK) {
        return s;
    }
    c->owes = false;
    tch_secbuffer_report(&k->in, SECBUFFER_EXTRA, c->owed_extra);
    return c->owed_status;
}

/* A handshake is complete: hooks of replaced setups are out of use, and the
 * session is resumable or not. */
static void finished(struct tch_ctx *c)
{
    drop_held(c);
    if ((c->setup->flags & SCH_CRED_DISABLE_RECONNECTS) != 0 &&
        !c->resumable_set) {
        tch_conn_set_resumable(c->conn, false);
    }
}

/* A renegotiation that the option forbids. The engine skips what the program
 * brings again of the refused message; what stands behind it is application
 * data whatever the engine says about it. */
static SECURITY_STATUS refuse(struct tch_ctx *c, struct tch_call *k)
{
    struct tch_slice input = tch_secbuffer_input(&k->in);
    struct tch_buf token = { TCH_BUF_TOKEN, NULL, 0 };
    struct tch_call quiet = *k;
    enum tch_status s = tch_refuse_renegotiation(c->conn);
    size_t extra = 0, missing = 0;

    if (s != TCH_OK) {
        return report(c, k, s, &token, 0, 0);
    }
    quiet.out.allocate = true; /* the alert is handed over below */
    s = engine(c, &quiet, input, &token, &extra, &missing);
    if (tch_failed(s) && s != TCH_BAD_STATE) {
        return report(c, k, s, &token, 0, 0);
    }
    c->owes = true;
    c->owed_status = SEC_E_OK;
    c->owed_extra = s == TCH_WANT_INPUT ? input.len : extra;
    return SEC_E_OK;
}

/* The same where the ClientHello came straight to us (8.3, way b): the record
 * is opened in a copy, because tokens are read-only. */
static SECURITY_STATUS refuse_direct(struct tch_ctx *c, struct tch_call *k)
{
    struct tch_slice input = tch_secbuffer_input(&k->in);
    struct tch_buf token = { TCH_BUF_TOKEN, NULL, 0 };
    uint8_t *copy = tch_own(input.len);
    size_t used = 0, missing = 0;
    struct tch_slice data;
    enum tch_status s = TCH_NO_MEMORY;

    if (copy != NULL) {
        memcpy(copy, input.p, input.len);
        s = tch_open_record(c->conn, copy, input.len, &used, &data,
                            &missing);
    }
    tch_disown(copy, input.len);
    if (s == TCH_RENEGOTIATE) {
        s = tch_refuse_renegotiation(c->conn);
        c->owes = s == TCH_OK;
        c->owed_status = SEC_E_OK;
        c->owed_extra = input.len - used;
        return c->owes ? SEC_E_OK : report(c, k, s, &token, 0, 0);
    }
    if (s == TCH_NO_MEMORY) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    return report(c, k, s, &token, input.len - used, missing);
}

static SECURITY_STATUS take_turn(struct tch_ctx *c, struct tch_call *k)
{
    struct tch_buf token = { TCH_BUF_TOKEN, NULL, 0 };
    struct tch_slice input = tch_secbuffer_input(&k->in);
    size_t extra = 0, missing = 0;
    enum tch_status s = TCH_OK;
    SECURITY_STATUS status;

    /* A handshake that is about to begin asks for a certificate when the
     * call says so; saying nothing leaves it as it was asked for before. */
    if (k->role == TCH_SERVER && (k->req & TCH_REQ_MUTUAL) != 0 &&
        (tch_conn_state(c->conn) == TCH_STATE_OPEN ||
         tch_conn_state(c->conn) == TCH_STATE_ASKED)) {
        tch_server_ask(c, k);
    }
    if (c->asked) {
        c->asked = false;
        s = tch_answer_credential(c->conn, c->setup->config);
    }
    if (s == TCH_OK) {
        s = engine(c, k, input, &token, &extra, &missing);
    }
    status = report(c, k, s, &token, extra, missing);
    if (s == TCH_OK) {
        finished(c);
    }
    return status;
}

/* Everything but the output that is owed. */
static SECURITY_STATUS work(struct tch_ctx *c, struct tch_call *k)
{
    enum tch_state state = tch_conn_state(c->conn);
    SECURITY_STATUS s = tch_secbuffer_in(k->input, &k->in);
    bool empty;

    if (s != SEC_E_OK) {
        return no_token(k, s);
    }
    empty = tch_secbuffer_input(&k->in).len == 0;
    if (state == TCH_STATE_DEAD && !empty) {
        return no_token(k, tch_sspi_failure(tch_conn_failure(c->conn)));
    }
    if (empty && tch_pending(c->conn).len > 0 &&
        (state == TCH_STATE_DEAD || state == TCH_STATE_OPEN ||
         state == TCH_STATE_CLOSED)) {
        return emit(c, k);
    }
    if (state == TCH_STATE_DEAD) {
        return no_token(k, tch_sspi_failure(tch_conn_failure(c->conn)));
    }
    if (state == TCH_STATE_CLOSED ||
        (state == TCH_STATE_OPEN && tch_conn_shut_down(c->conn))) {
        return no_token(k, SEC_E_CONTEXT_EXPIRED);
    }
    if (state == TCH_STATE_OPEN && empty) {
        return ask_peer(c, k);
    }
    if (state == TCH_STATE_ASKED && !c->setup->renegotiation) {
        return refuse(c, k);
    }
    if (state == TCH_STATE_OPEN && !c->setup->renegotiation &&
        tch_secbuffer_input(&k->in).p[0] == CONTENT_HANDSHAKE) {
        return refuse_direct(c, k);
    }
    return take_turn(c, k);
}

/* ---------------------------------------------------------- the whole call */

/* Flags to return (contract 13). */
static ULONG attr_of(const struct tch_call *k)
{
    const struct tch_flags *f = tch_flags_of(k->role);

    return f->always | (k->req & f->mirrored);
}

/* Another credential than before (6.1, 8.3). A handle that is no longer good
 * but is the one the context was made with changes nothing. */
static SECURITY_STATUS switch_credential(struct tch_ctx *c,
                                         const struct tch_call *k)
{
    struct tch_setup *setup;

    if (tch_handle_is_null(k->phCredential)) {
        return SEC_E_OK;
    }
    setup = tch_cred_setup(k->phCredential);
    if (k->phCredential->dwLower == c->named.dwLower &&
        k->phCredential->dwUpper == c->named.dwUpper) {
        tch_setup_unref(setup);
        return SEC_E_OK;
    }
    if (setup == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    if (setup->role != k->role) {
        tch_setup_unref(setup);
        return SEC_E_NO_CREDENTIALS;
    }
    return use_setup(c, setup, k->phCredential);
}

static void mutual_auth(struct tch_ctx *c, SECURITY_STATUS s)
{
    struct tch_info info;

    if (s == SEC_E_OK && tch_conn_info(c->conn, &info) == TCH_OK &&
        info.client_certificate) {
        c->attr |= TCH_REQ_MUTUAL;
    }
}

/* A context that exists, locked. */
static SECURITY_STATUS run_locked(struct tch_ctx *c, struct tch_call *k)
{
    SECURITY_STATUS s;

    c->attr = attr_of(k);
    if (c->control != TCH_CONTROL_NONE) {
        return control(c, k);
    }
    s = switch_credential(c, k);
    if (s != SEC_E_OK) {
        return no_token(k, s);
    }
    tch_ctx_verify(c, k);
    if (!c->owes) {
        s = work(c, k);
    } else {
        s = tch_secbuffer_in(k->input, &k->in);
    }
    if (s == SEC_E_OK && c->owes) {
        s = pay(c, k);
    }
    if ((k->req & TCH_REQ_MUTUAL) != 0) {
        mutual_auth(c, s);
    }
    return s;
}

static bool made_progress(SECURITY_STATUS s)
{
    return s >= 0;
}

static void write_results(const struct tch_ctx *c, const struct tch_call *k,
                          SECURITY_STATUS s)
{
    if (s == SEC_E_INSUFFICIENT_MEMORY) {
        write_attr(k, SECURITY_BITS);
        write_expiry(k, 0);
        return;
    }
    write_attr(k, c->attr);
    if (!made_progress(s)) {
        return;
    }
    write_expiry(k, k->first && k->role == TCH_CLIENT
                        ? 0
                        : tch_ctx_peer_expiry(c));
}

static SECURITY_STATUS run_later(struct tch_call *k)
{
    /* phNewContext may be phContext: the words are needed to the end. */
    SecHandle h = *k->phContext;
    struct tch_ctx *c = tch_handle_pin(TCH_HANDLE_CONTEXT, &h);
    SECURITY_STATUS s;

    if (c == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    pthread_mutex_lock(&c->lock);
    if (tch_conn_role(c->conn) != k->role) {
        s = SEC_E_INVALID_HANDLE;
    } else {
        s = run_locked(c, k);
        write_results(c, k, s);
        if (made_progress(s) && k->phNewContext != NULL) {
            *k->phNewContext = h;
        }
    }
    pthread_mutex_unlock(&c->lock);
    tch_handle_unpin(&h);
    return s;
}

/* The setup for a first call, with a reference (6.1, 7.3). */
static SECURITY_STATUS first_setup(const struct tch_call *k,
                                   struct tch_setup **out)
{
    struct tch_setup *s = tch_cred_setup(k->phCredential);

    if (s == NULL) {
        return k->role == TCH_CLIENT ? SEC_E_INVALID_HANDLE
                                     : SEC_E_NO_CREDENTIALS;
    }
    if (s->role != k->role) {
        tch_setup_unref(s);
        return SEC_E_NO_CREDENTIALS;
    }
    *out = s;
    return SEC_E_OK;
}

static SECURITY_STATUS check_first_input(struct tch_call *k)
{
    SECURITY_STATUS s = tch_secbuffer_in(k->input, &k->in);

    if (s != SEC_E_OK) {
        return s;
    }
    if (k->role == TCH_CLIENT && tch_secbuffer_input(&k->in).len > 0) {
        return SEC_E_INVALID_TOKEN;
    }
    if (k->role == TCH_SERVER && k->in.token == NULL) {
        return SEC_E_INVALID_TOKEN;
    }
    return SEC_E_OK;
}

static SECURITY_STATUS run_first(struct tch_call *k)
{
    PCtxtHandle place = k->phNewContext != NULL ? k->phNewContext
                                                : k->phContext;
    struct tch_setup *setup = NULL;
    struct tch_ctx *c;
    SecHandle h;
    SECURITY_STATUS s;

    if (place == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    s = first_setup(k, &setup);
    if (s != SEC_E_OK) {
        return s;
    }
    s = check_first_input(k);
    if (s != SEC_E_OK) {
        tch_setup_unref(setup);
        return no_token(k, s);
    }
    c = create(k, setup, &s);
    if (c == NULL) {
        tch_note_failure(NULL, s);
        return no_token(k, s);
    }
    c->attr = attr_of(k);
    s = k->role == TCH_CLIENT ? tch_client_prepare(c, k)
                              : tch_server_prepare(c, k);
    s = s == SEC_E_OK ? take_turn(c, k) : no_token(k, s);
    if (s == SEC_E_OK && c->owes) {
        s = pay(c, k);
    }
    write_results(c, k, s);
    if (made_progress(s) &&
        !tch_handle_new(TCH_HANDLE_CONTEXT, c, destroy, &h)) {
        if (k->out.allocate) {
            tch_package_free(k->out.token->pvBuffer);
        }
        s = no_token(k, SEC_E_INSUFFICIENT_MEMORY);
    }
    if (!made_progress(s)) {
        if (s != SEC_E_INCOMPLETE_MESSAGE) {
            tch_note_failure(tch_conn_failure(c->conn), s);
        }
        destroy(c);
        return s;
    }
    *place = h;
    return s;
}

SECURITY_STATUS tch_call_run(struct tch_call *k)
{
    SECURITY_STATUS s;

    k->first = tch_handle_is_null(k->phContext);
    if (!k->first) {
        /* A bad handle is told first, and nothing is written. */
        void *c = tch_handle_pin(TCH_HANDLE_CONTEXT, k->phContext);

        if (c == NULL) {
            return SEC_E_INVALID_HANDLE;
        }
        tch_handle_unpin(k->phContext);
    }
    if ((k->req & tch_flags_of(k->role)->refused) != 0) {
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
    s = tch_secbuffer_out(k->output, (k->req & TCH_REQ_ALLOCATE) != 0,
                          &k->out);
    if (s == SEC_E_INSUFFICIENT_MEMORY) {
        write_attr(k, SECURITY_BITS);
        write_expiry(k, 0);
    }
    if (s != SEC_E_OK) {
        return s;
    }
    return k->first ? run_first(k) : run_later(k);
}
