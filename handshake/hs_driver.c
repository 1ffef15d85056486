/*
 * The one function that moves the position in the script, and what feeds it.
 * A turn does one of three things: sends the message of the row that is due,
 * takes the peer's next message, or carries a change of keys. Handlers do not
 * know what comes before or after them.
 *
 * What does not fit a straight line has a rule here, with its source:
 * HelloRequest during a handshake (R-HS-071), bytes behind the last message of
 * a flight (R-REC-023), keys and half messages (R-REC-022).
 */

#include <string.h>

#include "handshake/hs_state.h"

TCH_FIELD(change_cipher_spec, "5246 7.1");
TCH_FIELD(handshake, "5246 7.4");

/* clang-format off */
static const struct tch_hs_handler handlers[] = {
    { TCH_MSG_CLIENT_HELLO,        TCH_CLIENT, tch_send_client_hello,        tch_recv_client_hello,        NULL },
    { TCH_MSG_SERVER_HELLO,        TCH_SERVER, tch_send_server_hello,        tch_recv_server_hello,        tch_after_server_hello },
    { TCH_MSG_CERTIFICATE,         TCH_SERVER, tch_send_server_certificate,  tch_recv_server_certificate,  NULL },
    { TCH_MSG_SERVER_KEY_EXCHANGE, TCH_SERVER, tch_send_server_key_exchange, tch_recv_server_key_exchange, NULL },
    { TCH_MSG_CERTIFICATE_REQUEST, TCH_SERVER, tch_send_certificate_request, tch_recv_certificate_request, NULL },
    { TCH_MSG_SERVER_HELLO_DONE,   TCH_SERVER, tch_send_server_hello_done,   tch_recv_server_hello_done,   tch_after_server_hello_done },
    { TCH_MSG_CERTIFICATE,         TCH_CLIENT, tch_send_client_certificate,  tch_recv_client_certificate,  NULL },
    { TCH_MSG_CLIENT_KEY_EXCHANGE, TCH_CLIENT, tch_send_client_key_exchange, tch_recv_client_key_exchange, tch_after_client_key_exchange },
    { TCH_MSG_CERTIFICATE_VERIFY,  TCH_CLIENT, tch_send_certificate_verify,  tch_recv_certificate_verify,  NULL },
    { TCH_MSG_FINISHED,            TCH_CLIENT, tch_send_client_finished,     tch_recv_client_finished,     NULL },
    { TCH_MSG_FINISHED,            TCH_SERVER, tch_send_server_finished,     tch_recv_server_finished,     NULL },
};
/* clang-format on */

static const struct tch_hs_handler *handler_of(enum tch_message m,
                                               enum tch_role sender)
{
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++) {
        if (handlers[i].message == m && handlers[i].sender == sender) {
            return &handlers[i];
        }
    }
    return NULL;
}

enum tch_status tch_hs_new(struct tch_arena *arena,
                           const struct tch_hs_params *params,
                           struct tch_hs **out)
{
    struct tch_hs *hs = tch_arena_get(arena, sizeof *hs);

    if (hs == NULL) {
        return TCH_NO_MEMORY;
    }
    hs->p = params;
    hs->arena = arena;
    hs->identities = params->identities;
    hs->num_identities = params->num_identities;
    hs->want = TCH_FX_NEED_INPUT;
    hs->watch.observer = params->observer;
    hs->watch.failure = &hs->failure;
    *out = hs;
    return TCH_OK;
}

void tch_hs_end(struct tch_hs *hs)
{
    if (hs == NULL) {
        return;
    }
    tch_kex_free(hs->kex);
    tch_public_key_free(hs->peer.key);
    tch_session_unref(hs->r.session);
    hs->kex = NULL;
    hs->peer.key = NULL;
    hs->r.session = NULL;
}

const struct tch_hs_result *tch_hs_result(const struct tch_hs *hs)
{
    return &hs->r;
}

const struct tch_failure *tch_hs_failure(const struct tch_hs *hs)
{
    return &hs->failure;
}

enum tch_status tch_hs_fail(struct tch_hs *hs, const char *field,
                            const char *rfc, enum tch_status s)
{
    if (hs->failure.path[0] == '\0') {
        size_t n = strlen(field);

        n = n < TCH_PATH_MAX ? n : TCH_PATH_MAX - 1;
        memcpy(hs->failure.path, field, n);
        hs->failure.path[n] = '\0';
        hs->failure.rfc = rfc;
    }
    return s;
}

void tch_hs_report(const struct tch_hs *hs, enum tch_event_kind kind,
                   const char *name, const char *detail, const char *rfc)
{
    struct tch_event ev;

    if (hs->p->observer == NULL) {
        return;
    }
    memset(&ev, 0, sizeof ev);
    ev.kind = kind;
    ev.name = name;
    ev.detail = detail;
    ev.rfc = rfc;
    tch_observe(hs->p->observer, &ev);
}

static void show_message(const struct tch_hs *hs, enum tch_event_kind kind,
                         struct tch_slice message)
{
    struct tch_event ev;

    if (hs->p->observer == NULL) {
        return;
    }
    memset(&ev, 0, sizeof ev);
    ev.kind = kind;
    ev.name = tch_message_name(message.p[0]);
    ev.bytes = message;
    tch_observe(hs->p->observer, &ev);
}

/* Pauses and their answers. */

enum tch_status tch_hs_ask(struct tch_hs *hs, enum tch_effect_kind want,
                           enum tch_status status)
{
    if (hs->want == want && hs->answered) {
        hs->want = TCH_FX_NEED_INPUT;
        hs->answered = false;
        return TCH_OK;
    }
    hs->want = want;
    hs->answered = false;
    return status;
}

static enum tch_status answered(struct tch_hs *hs, enum tch_effect_kind want)
{
    if (hs->want != want || hs->answered) {
        return TCH_BAD_STATE;
    }
    hs->answered = true;
    return TCH_OK;
}

enum tch_status tch_hs_answer_credential(struct tch_hs *hs,
                                         struct tch_identity *const *identities,
                                         size_t num)
{
    enum tch_status s = answered(hs, TCH_FX_NEED_CREDENTIAL);

    if (s == TCH_OK) {
        hs->identities = identities;
        hs->num_identities = num;
    }
    return s;
}

bool tch_hs_use_identities(struct tch_hs *hs,
                           struct tch_identity *const *identities, size_t num)
{
    bool chosen = tch_hs_is_client(hs) ? hs->r.local != NULL
                                       : hs->r.version != NULL;

    if (chosen) {
        return false;
    }
    hs->identities = identities;
    hs->num_identities = num;
    return true;
}

enum tch_status tch_hs_answer_verdict(struct tch_hs *hs,
                                      enum tch_status verdict)
{
    enum tch_status s = answered(hs, TCH_FX_NEED_VERDICT);

    if (s == TCH_OK) {
        hs->verdict = verdict;
    }
    return s;
}

static enum tch_status answer_bytes(struct tch_hs *hs,
                                    enum tch_effect_kind want,
                                    struct tch_slice bytes)
{
    if (hs->want != want || hs->answered) {
        return TCH_BAD_STATE;
    }
    if (bytes.len > TCH_SIGNATURE_MAX) {
        return TCH_BAD_ARGUMENT;
    }
    if (!tch_arena_copy(hs->arena, bytes, &hs->answer)) {
        return TCH_NO_MEMORY;
    }
    return answered(hs, want);
}

enum tch_status tch_hs_answer_signature(struct tch_hs *hs,
                                        struct tch_slice signature)
{
    return signature.len == 0
               ? TCH_BAD_ARGUMENT
               : answer_bytes(hs, TCH_FX_NEED_SIGNATURE, signature);
}

enum tch_status tch_hs_answer_decrypt(struct tch_hs *hs,
                                      struct tch_slice block)
{
    return answer_bytes(hs, TCH_FX_NEED_DECRYPT, block);
}

enum tch_status tch_hs_answer_session(struct tch_hs *hs,
                                      struct tch_session *session)
{
    enum tch_status s = answered(hs, TCH_FX_NEED_SESSION);

    if (s == TCH_OK) {
        tch_session_unref(hs->r.session);
        hs->r.session = tch_session_ref(session);
    }
    return s;
}

/* Input. */

bool tch_hs_message_waits(const struct tch_hs *hs)
{
    struct tch_slice message;

    return tch_reassembled(hs, &message);
}

bool tch_hs_surplus(const struct tch_hs *hs)
{
    struct tch_slice message;

    return tch_reassembled(hs, &message) &&
           hs->in.end - hs->in.start > message.len;
}

bool tch_hs_partial(const struct tch_hs *hs)
{
    return !tch_reassembly_empty(hs) && !tch_hs_message_waits(hs);
}

bool tch_hs_awaits_finished(const struct tch_hs *hs)
{
    return hs->awaits_finished;
}

enum tch_status tch_hs_feed(struct tch_hs *hs, struct tch_slice fragment)
{
    return tch_reassemble(hs, fragment);
}

static enum tch_status out_of_place(struct tch_hs *hs, const char *what)
{
    return tch_hs_fail(hs, what, "5246 7.4", TCH_UNEXPECTED_MESSAGE);
}

enum tch_status tch_hs_feed_ccs(struct tch_hs *hs, struct tch_slice fragment)
{
    if (fragment.len != 1 || fragment.p[0] != 1 ||
        !tch_reassembly_empty(hs) || hs->want != TCH_FX_NEED_INPUT ||
        !tch_hs_accept(hs->script, &hs->pos, &hs->flags, hs->p->role,
                       TCH_MSG_CHANGE_CIPHER_SPEC)) {
        return tch_hs_fail(hs, f_change_cipher_spec.name,
                           f_change_cipher_spec.rfc, TCH_UNEXPECTED_MESSAGE);
    }
    hs->pos++;
    hs->keys_pending = true;
    hs->awaits_finished = true;
    return TCH_OK;
}

enum tch_status tch_hs_feed_no_certificate(struct tch_hs *hs)
{
    const struct tch_hs_step *row = tch_hs_due(hs->script, &hs->pos,
                                               hs->flags, hs->p->role);

    if (hs->r.version == NULL || !hs->r.version->no_certificate_alert ||
        row == NULL || row->sender != TCH_CLIENT || tch_hs_is_client(hs) ||
        row->message != TCH_MSG_CERTIFICATE || !tch_reassembly_empty(hs)) {
        return TCH_NOT_FOUND;
    }
    hs->pos++;
    return tch_no_client_certificate(hs);
}

#define MOST_IGNORED 32u

/* HelloRequest during a handshake: ignored, not hashed (R-HS-009, 071); but
 * between change_cipher_spec and Finished it is out of place. */
static enum tch_status ignore_hello_request(struct tch_hs *hs,
                                            struct tch_slice message)
{
    if (!tch_hs_is_client(hs) || hs->awaits_finished) {
        return out_of_place(hs, "hello_request");
    }
    if (message.len != TCH_MESSAGE_HEADER_LEN) {
        return tch_hs_fail(hs, "hello_request", "5246 7.4.1.1",
                           TCH_DECODE_ERROR);
    }
    tch_reassembly_drop(hs, message.len);
    return ++hs->num_ignored > MOST_IGNORED
               ? out_of_place(hs, "hello_request")
               : TCH_OK;
}

static enum tch_status take_message(struct tch_hs *hs,
                                    struct tch_slice message)
{
    enum tch_role peer = tch_hs_is_client(hs) ? TCH_SERVER : TCH_CLIENT;
    enum tch_message type = (enum tch_message)message.p[0];
    struct tch_slice body = { message.p + TCH_MESSAGE_HEADER_LEN,
                              message.len - TCH_MESSAGE_HEADER_LEN };
    const struct tch_hs_handler *h;
    enum tch_status s;

    if (type == TCH_MSG_HELLO_REQUEST) {
        return ignore_hello_request(hs, message);
    }
    if (type == TCH_MSG_CERTIFICATE_REQUEST && hs->r.suite != NULL &&
        hs->r.suite->auth == TCH_AUTH_NONE) { /* R-KX-009 */
        return tch_hs_fail(hs, tch_message_name(type), "5246 7.4.4",
                           TCH_HANDSHAKE_VIOLATION);
    }
    if (!tch_hs_accept(hs->script, &hs->pos, &hs->flags, hs->p->role, type)) {
        return out_of_place(hs, tch_message_name(type));
    }
    h = handler_of(type, peer);
    if (h == NULL) {
        return TCH_INTERNAL;
    }
    if (hs->want == TCH_FX_NEED_INPUT) {
        show_message(hs, TCH_EV_MESSAGE_IN, message);
    }
    s = h->recv(hs, body);
    if (s != TCH_OK) {
        return s;
    }
    if (!tch_transcript_add(hs, message)) {
        return TCH_NO_MEMORY;
    }
    tch_reassembly_drop(hs, message.len);
    hs->pos++;
    return h->after == NULL ? TCH_OK : h->after(hs);
}

/* Output. */

#define FIRST_ROOM 2048u
#define MOST_ROOM (1u << 20)

/* Builds one message; the window doubles until the body fits. */
static enum tch_status build(struct tch_hs *hs, const struct tch_hs_handler *h,
                             enum tch_message type, struct tch_slice *out)
{
    for (size_t room = FIRST_ROOM; room <= MOST_ROOM; room *= 4) {
        uint8_t *buf = tch_arena_get(hs->arena, room);
        struct tch_writer w;
        struct tch_mark body;
        enum tch_status s;

        if (buf == NULL) {
            return TCH_NO_MEMORY;
        }
        tch_wr_init(&w, buf, room);
        tch_wr_u8(&w, type);
        body = tch_wr_open(&w, 3);
        s = h->send(hs, &w);
        if (s != TCH_OK) {
            return s;
        }
        tch_wr_close(&w, body);
        *out = tch_wr_done(&w);
        if (out->len != 0) {
            return TCH_OK;
        }
    }
    return TCH_INTERNAL;
}

/* SSL 3.0: a warning alert takes the place of an empty Certificate, and is
 * not in the transcript (R-HS-094). */
static void say_no_certificate(struct tch_hs *hs, struct tch_effect *fx)
{
    static const uint8_t alert[2] = { TCH_ALERT_WARNING,
                                      TCH_ALERT_NO_CERTIFICATE };

    hs->no_certificate = false;
    fx->kind = TCH_FX_SEND;
    fx->content_type = TCH_CONTENT_ALERT;
    fx->bytes = tch_slice_of(alert, sizeof alert);
    hs->pos++;
}

static enum tch_status send_message(struct tch_hs *hs, enum tch_message type,
                                    struct tch_effect *fx)
{
    const struct tch_hs_handler *h = handler_of(type, hs->p->role);
    enum tch_status s;

    if (h == NULL) {
        return TCH_INTERNAL;
    }
    s = build(hs, h, type, &fx->bytes);
    if (s != TCH_OK) {
        return s;
    }
    if (hs->no_certificate) {
        say_no_certificate(hs, fx);
        return TCH_OK;
    }
    if (!tch_transcript_add(hs, fx->bytes)) {
        return TCH_NO_MEMORY;
    }
    show_message(hs, TCH_EV_MESSAGE_OUT, fx->bytes);
    fx->kind = TCH_FX_SEND;
    fx->content_type = TCH_CONTENT_HANDSHAKE;
    hs->pos++;
    return h->after == NULL ? TCH_OK : h->after(hs);
}

static void send_ccs(struct tch_hs *hs, struct tch_effect *fx)
{
    static const uint8_t one[1] = { 1 };

    fx->kind = TCH_FX_SEND;
    fx->content_type = TCH_CONTENT_CHANGE_CIPHER_SPEC;
    fx->bytes = tch_slice_of(one, 1);
    hs->pos++;
    hs->keys_pending = true;
}

/* The row before the present one is the change_cipher_spec that makes new
 * keys due: its sender says whose. */
static enum tch_status change_keys(struct tch_hs *hs, struct tch_effect *fx)
{
    bool ours = !hs->awaits_finished;

    hs->keys_pending = false;
    fx->kind = ours ? TCH_FX_WRITE_KEYS : TCH_FX_READ_KEYS;
    return tch_derive_keys(hs, ours, &fx->keys);
}

/* Bytes behind the last message of a flight: a client lets a whole
 * HelloRequest pass, everything else is out of place (R-REC-023). */
static enum tch_status clear_flight(struct tch_hs *hs)
{
    struct tch_slice message;

    while (!tch_reassembly_empty(hs)) {
        enum tch_status s;

        if (!tch_reassembled(hs, &message) ||
            message.p[0] != TCH_MSG_HELLO_REQUEST) {
            return out_of_place(hs, f_handshake.name);
        }
        s = ignore_hello_request(hs, message);
        if (s != TCH_OK) {
            return s;
        }
    }
    return TCH_OK;
}

static enum tch_status stand_still(struct tch_hs *hs, enum tch_status s,
                             struct tch_effect *fx)
{
    if (tch_failed(s) || hs->want == TCH_FX_NEED_INPUT) {
        return s;
    }
    fx->kind = hs->want;
    if (hs->want == TCH_FX_NEED_SESSION) {
        fx->bytes = hs->r.session_id;
    }
    return TCH_OK;
}

/* One turn; TCH_CONTINUE means that the turn had no effect to report. */
static enum tch_status turn(struct tch_hs *hs, struct tch_effect *fx)
{
    const struct tch_hs_step *due;
    struct tch_slice message;
    enum tch_status s;

    if (hs->keys_pending) {
        return change_keys(hs, fx);
    }
    if (hs->r.version != NULL && !hs->version_told && hs->pos > 0) {
        hs->version_told = true;
        fx->kind = TCH_FX_VERSION;
        fx->version = hs->r.version->wire;
        return TCH_OK;
    }
    due = tch_hs_due(hs->script, &hs->pos, hs->flags, hs->p->role);
    if (due == NULL || due->sender == hs->p->role) {
        s = clear_flight(hs);
        if (s != TCH_OK) {
            return s;
        }
    }
    if (due == NULL) {
        hs->ended = true;
        fx->kind = TCH_FX_ESTABLISHED;
        return TCH_OK;
    }
    if (due->sender == hs->p->role) {
        if (due->message == TCH_MSG_CHANGE_CIPHER_SPEC) {
            send_ccs(hs, fx);
            return TCH_OK;
        }
        return stand_still(hs, send_message(hs, due->message, fx), fx);
    }
    s = tch_reassembly_judge(hs);
    if (s != TCH_OK) {
        return s;
    }
    if (!tch_reassembled(hs, &message)) {
        fx->kind = TCH_FX_NEED_INPUT;
        return TCH_OK;
    }
    s = take_message(hs, message);
    return s == TCH_OK ? TCH_CONTINUE : stand_still(hs, s, fx);
}

enum tch_status tch_hs_next(struct tch_hs *hs, struct tch_effect *fx)
{
    enum tch_status s;

    memset(fx, 0, sizeof *fx);
    if (hs->ended) {
        return TCH_BAD_STATE;
    }
    if (hs->want != TCH_FX_NEED_INPUT && !hs->answered) {
        return stand_still(hs, TCH_OK, fx);
    }
    do {
        s = turn(hs, fx);
    } while (s == TCH_CONTINUE);
    return s;
}
