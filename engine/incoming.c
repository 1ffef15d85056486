/*
 * What a record means once it is open: alerts, empty records, and handshake
 * records on a connection that is not in a handshake. Also the one function
 * that ends a connection.
 *
 * Source: dossier 2.10 (R-ALR), R-REC-012 to 016, R-HS-070 to 073, 078, 130.
 */

#include <string.h>

#include "engine/engine.h"
#include "handshake/messages.h"

#define MOST_WARNINGS 4u
#define MOST_EMPTIES 32u
#define A_MINUTE_MS 60000u

static void note(struct tch_conn *c, enum tch_status s, enum tch_alert alert,
                 enum tch_side side)
{
    if (c->failure.status != TCH_OK) {
        return;
    }
    if (c->hs != NULL && side == TCH_SIDE_OURS) {
        c->failure = *tch_hs_failure(c->hs);
    }
    c->failure.status = s;
    c->failure.alert = alert;
    c->failure.side = side;
}

/* The version alerts are sent with, once the handshake has settled one. */
static void follow_version(struct tch_conn *c)
{
    if (c->version == 0 && c->hs != NULL &&
        tch_hs_result(c->hs)->version != NULL) {
        c->write.version = tch_hs_result(c->hs)->version->wire;
    }
}

void tch_conn_end(struct tch_conn *c)
{
    struct tch_session *resumed = c->hs == NULL
                                      ? NULL
                                      : tch_hs_result(c->hs)->session;

    /* R-ALR-004: neither the connection's session nor the one this handshake
     * was resuming. */
    if (c->session != NULL) {
        tch_session_set_resumable(c->session, false);
    }
    if (resumed != NULL) {
        tch_session_set_resumable(resumed, false);
    }
    if (c->hs != NULL && tch_hs_result(c->hs)->session != NULL) {
        tch_session_set_resumable(tch_hs_result(c->hs)->session, false);
    }
    tch_end_handshake(c);
    tch_half_clear(&c->read);
    tch_set_state(c, TCH_STATE_DEAD);
}

/* Alerts are SSL 3.0's once that is agreed, or when the hello asks for it. */
static bool speaks_ssl3(const struct tch_conn *c)
{
    return c->version == TCH_SSL3 ||
           (c->hs != NULL &&
            tch_hs_result(c->hs)->offered_version == TCH_SSL3);
}

enum tch_status tch_conn_fail(struct tch_conn *c, enum tch_status s,
                              enum tch_alert alert)
{
    follow_version(c);
    note(c, s, alert, TCH_SIDE_OURS);
    if (alert != TCH_ALERT_NONE) {
        if (speaks_ssl3(c)) {
            alert = tch_alert_for_ssl3(alert);
        }
        tch_owe_alert(c, TCH_ALERT_FATAL, alert);
    }
    tch_conn_end(c);
    return s;
}

enum tch_status tch_conn_failed(struct tch_conn *c, enum tch_status s)
{
    return tch_state_of(c) == TCH_STATE_DEAD
               ? s
               : tch_conn_fail(c, s, tch_status_alert(s));
}

static enum tch_status peer_ended(struct tch_conn *c, enum tch_status s,
                                  unsigned description)
{
    note(c, s, (enum tch_alert)description, TCH_SIDE_PEERS);
    tch_conn_end(c);
    return s;
}

static void show_alert(const struct tch_conn *c, struct tch_slice body)
{
    struct tch_event ev;

    if (!c->cfg->has_observer) {
        return;
    }
    memset(&ev, 0, sizeof ev);
    ev.kind = TCH_EV_ALERT_IN;
    ev.name = tch_alert_name(body.p[1]);
    ev.bytes = body;
    tch_observe(&c->cfg->observer, &ev);
}

static bool in_handshake(const struct tch_conn *c)
{
    return c->hs != NULL && tch_state_of(c) != TCH_STATE_ASKED;
}

/* We asked for a renegotiation and the peer has not begun to go along. */
static bool question_is_open(const struct tch_conn *c)
{
    return c->role == TCH_SERVER
               ? c->we_asked && c->hs == NULL
               : tch_state_of(c) == TCH_STATE_RENEGOTIATION &&
                     tch_hs_result(c->hs)->version == NULL;
}

static enum tch_status take_warning(struct tch_conn *c, unsigned description)
{
    if (description == TCH_ALERT_CLOSE_NOTIFY) {
        if (in_handshake(c)) {
            return peer_ended(c, TCH_CLOSED_EARLY, description);
        }
        tch_set_state(c, TCH_STATE_CLOSED);
        return TCH_CLOSED;
    }
    if (description == TCH_ALERT_NO_CERTIFICATE && in_handshake(c)) {
        enum tch_status s = tch_hs_feed_no_certificate(c->hs);

        if (s != TCH_NOT_FOUND) {
            return s;
        }
    }
    if (description == TCH_ALERT_NO_RENEGOTIATION && question_is_open(c)) {
        return TCH_NO_RENEGOTIATION;
    }
    return ++c->warnings > MOST_WARNINGS ? TCH_TOO_MANY_WARNINGS : TCH_OK;
}

enum tch_status tch_take_alert(struct tch_conn *c, struct tch_slice body)
{
    if (body.len != 2) {
        return body.len == 0 ? TCH_UNEXPECTED_MESSAGE : TCH_DECODE_ERROR;
    }
    show_alert(c, body);
    switch (body.p[0]) {
    case TCH_ALERT_FATAL:
        return peer_ended(c, TCH_PEER_ALERT, body.p[1]);
    case TCH_ALERT_WARNING:
        return take_warning(c, body.p[1]);
    default:
        return TCH_ILLEGAL_PARAMETER;
    }
}

enum tch_status tch_count_content(struct tch_conn *c, unsigned type,
                                  size_t len)
{
    if (type != TCH_CONTENT_APPLICATION_DATA &&
        type != TCH_CONTENT_HANDSHAKE) {
        return TCH_OK;
    }
    if (len != 0) {
        c->warnings = 0;
        c->empties = 0;
        c->ignored = type == TCH_CONTENT_HANDSHAKE ? c->ignored : 0;
        return TCH_OK;
    }
    if (type == TCH_CONTENT_HANDSHAKE) {
        return TCH_UNEXPECTED_MESSAGE; /* R-REC-014 */
    }
    return ++c->empties > MOST_EMPTIES ? TCH_TOO_MANY_EMPTY_RECORDS : TCH_OK;
}

bool tch_no_data_now(const struct tch_conn *c)
{
    return c->post_len != 0 ||
           (c->hs != NULL &&
            (tch_hs_partial(c->hs) || tch_hs_awaits_finished(c->hs)));
}

struct tch_frame_rules tch_next_frame(const struct tch_conn *c,
                                      struct tch_slice in)
{
    bool alert = in.len != 0 && in.p[0] == TCH_CONTENT_ALERT;
    struct tch_frame_rules rules;

    /* R-REC-008 is a policy, and R-ALR-016 stands against it: a client that
     * cannot accept a ServerHello says so in a record of its first version.
     * Without keys the version of an alert decides nothing. */
    rules.version = alert && !tch_half_is_protected(&c->read) ? 0 : c->version;
    rules.first = c->first_record;
    rules.limit = tch_half_is_protected(&c->read) ? TCH_CIPHERTEXT_MAX
                                                  : TCH_PLAINTEXT_MAX;
    return rules;
}

/* A client's HelloRequest may come a byte at a time; nothing else may come. */
static enum tch_status take_hello_request(struct tch_conn *c,
                                          struct tch_slice body)
{
    static const uint8_t hello_request[4] = { 0, 0, 0, 0 };

    for (size_t i = 0; i < body.len; i++) {
        if (c->post_len == sizeof c->post ||
            body.p[i] != hello_request[c->post_len]) {
            return c->post_len == 0 || c->post_len == sizeof c->post
                       ? TCH_UNEXPECTED_MESSAGE
                       : TCH_DECODE_ERROR;
        }
        c->post_len++;
    }
    if (c->post_len < sizeof c->post) {
        return TCH_OK;
    }
    c->post_len = 0;
    return TCH_RENEGOTIATE;
}

/* R-HS-078: at most three a minute on the client's own account. */
static bool too_often(struct tch_conn *c)
{
    uint64_t now = tch_now(&c->cfg->clock);

    if (c->we_asked) {
        return false;
    }
    if (c->num_asked == MOST_REQUESTS && now - c->asked_at[0] < A_MINUTE_MS) {
        return true;
    }
    memmove(c->asked_at, c->asked_at + 1, sizeof c->asked_at[0] *
                                              (MOST_REQUESTS - 1));
    c->asked_at[MOST_REQUESTS - 1] = now;
    c->num_asked += c->num_asked < MOST_REQUESTS ? 1 : 0;
    return false;
}

static enum tch_status take_client_hello(struct tch_conn *c,
                                         struct tch_slice body)
{
    enum tch_status s;

    if (c->hs == NULL) {
        if (body.p[0] != TCH_MSG_CLIENT_HELLO) {
            return TCH_UNEXPECTED_MESSAGE;
        }
        s = tch_begin_handshake(c, true);
        if (s != TCH_OK) {
            return s;
        }
    }
    s = tch_hs_feed(c->hs, body);
    if (s != TCH_OK) {
        return s;
    }
    if (!tch_hs_message_waits(c->hs)) {
        return TCH_OK;
    }
    /* R-REC-023: a ClientHello ends its flight. */
    return tch_hs_surplus(c->hs) ? TCH_UNEXPECTED_MESSAGE : TCH_RENEGOTIATE;
}

enum tch_status tch_take_post_handshake(struct tch_conn *c,
                                        struct tch_slice body)
{
    enum tch_status s = c->role == TCH_CLIENT ? take_hello_request(c, body)
                                              : take_client_hello(c, body);

    if (s != TCH_RENEGOTIATE) {
        return s;
    }
    if (__atomic_load_n(&c->shut_down, __ATOMIC_ACQUIRE)) {
        tch_end_handshake(c); /* nothing follows our close_notify */
        return TCH_OK;
    }
    tch_set_state(c, TCH_STATE_ASKED);
    switch (c->cfg->renegotiation) {
    case TCH_RENEGOTIATION_IGNORE:
        if (c->role == TCH_CLIENT) {
            tch_set_state(c, TCH_STATE_OPEN);
            return ++c->ignored > MOST_EMPTIES ? TCH_UNEXPECTED_MESSAGE
                                               : TCH_OK;
        }
        return tch_refuse_locked(c);
    case TCH_RENEGOTIATION_REFUSE:
        return tch_refuse_locked(c);
    case TCH_RENEGOTIATION_ASK:
        break;
    }
    if (c->role == TCH_SERVER && too_often(c)) {
        /* R-HS-078: no_renegotiation, then close. */
        __atomic_store_n(&c->shut_down, true, __ATOMIC_RELEASE);
        __atomic_store_n(&c->farewell, true, __ATOMIC_RELEASE);
        return tch_refuse_locked(c);
    }
    return TCH_RENEGOTIATE;
}
