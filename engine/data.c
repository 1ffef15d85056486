/*
 * Application data. Sealing uses the write half and two atomic words, opening
 * the read half; only a record that is not application data takes the lock.
 *
 * Source: contract 9; dossier R-REC-026 to 028, R-REC-036.
 */

#include <string.h>

#include "crypto-glue/hash.h"
#include "engine/base/ct.h"
#include "engine/engine.h"

/* ---- sealing ---- */

static enum tch_status may_seal(const struct tch_conn *c)
{
    if (__atomic_load_n(&c->shut_down, __ATOMIC_ACQUIRE)) {
        return TCH_SHUT_DOWN;
    }
    switch (tch_state_of(c)) {
    case TCH_STATE_OPEN:
    case TCH_STATE_CLOSED:
        return TCH_OK;
    case TCH_STATE_RENEGOTIATION:
        /* R-HS-008: not under keys that the peer has not proved yet. */
        return __atomic_load_n(&c->unproved, __ATOMIC_ACQUIRE)
                   ? TCH_BAD_STATE
                   : TCH_OK;
    case TCH_STATE_ASKED:
        return TCH_RENEGOTIATE;
    case TCH_STATE_DEAD:
        return TCH_DEAD;
    case TCH_STATE_NEW:
    case TCH_STATE_HANDSHAKE:
        break;
    }
    return TCH_BAD_STATE;
}

static enum tch_status seal(struct tch_conn *c, struct tch_seal *s)
{
    enum tch_status status = may_seal(c);

    if (status != TCH_OK) {
        return status;
    }
    status = tch_record_seal(&c->write, s);
    if (status == TCH_VOLUME_LIMIT) {
        /* R-REC-036: nothing more under this key but the farewell. */
        __atomic_store_n(&c->shut_down, true, __ATOMIC_RELEASE);
        tch_owe_if_nothing(c, TCH_ALERT_WARNING, TCH_ALERT_CLOSE_NOTIFY);
    }
    return status;
}

enum tch_status tch_seal_record(struct tch_conn *c, uint8_t *buf, size_t len,
                                struct tch_slice *out)
{
    struct tch_record_sizes sizes = tch_half_sizes(&c->write);
    struct tch_seal s;
    enum tch_status status;

    memset(&s, 0, sizeof s);
    s.type = TCH_CONTENT_APPLICATION_DATA;
    s.header = buf;
    s.data = buf + sizes.header;
    s.data_len = len;
    s.trailer = s.data + len;
    s.trailer_room = sizes.trailer;
    status = seal(c, &s);
    if (status == TCH_OK) {
        *out = tch_slice_of(buf, s.header_len + len + s.trailer_len);
    }
    return status;
}

struct pieces {
    struct tch_buf *header;
    struct tch_buf *data;
    struct tch_buf *trailer;
};

/* Each once; {TOKEN, DATA, TOKEN} counts as header, data, trailer. */
static bool find_pieces(struct tch_buf_desc *d, struct pieces *p)
{
    memset(p, 0, sizeof *p);
    for (size_t i = 0; i < d->num; i++) {
        struct tch_buf *b = &d->bufs[i];
        struct tch_buf **at = NULL;

        if (b->kind == TCH_BUF_DATA) {
            at = &p->data;
        } else if (b->kind == TCH_BUF_HEADER ||
                   (b->kind == TCH_BUF_TOKEN && p->data == NULL)) {
            at = &p->header;
        } else if (b->kind == TCH_BUF_TRAILER || b->kind == TCH_BUF_TOKEN) {
            at = &p->trailer;
        }
        if (at != NULL && *at != NULL) {
            return false;
        }
        if (at != NULL) {
            *at = b;
        }
    }
    return p->header != NULL && p->data != NULL && p->trailer != NULL;
}

static enum tch_status seal_pieces(struct tch_conn *c, struct tch_buf_desc *d,
                                   unsigned type)
{
    struct tch_record_sizes sizes = tch_half_sizes(&c->write);
    struct pieces p;
    struct tch_seal s;
    enum tch_status status = may_seal(c);

    if (d == NULL || !find_pieces(d, &p) ||
        (type == TCH_CONTENT_ALERT && p.data->len != 2)) {
        return TCH_BAD_ARGUMENT;
    }
    if (status != TCH_OK) {
        return status;
    }
    if (p.data->len > c->write.limit) {
        return TCH_MESSAGE_TOO_LONG;
    }
    if (p.header->len < sizes.header || p.trailer->len < sizes.trailer) {
        return TCH_BUFFER_TOO_SMALL;
    }
    memset(&s, 0, sizeof s);
    s.type = (uint8_t)type;
    s.header = p.header->p;
    s.data = p.data->p;
    s.data_len = p.data->len;
    s.trailer = p.trailer->p;
    s.trailer_room = p.trailer->len;
    status = seal(c, &s);
    if (status == TCH_OK) {
        p.header->len = s.header_len;
        p.trailer->len = s.trailer_len;
    }
    return status;
}

enum tch_status tch_seal(struct tch_conn *c, struct tch_buf_desc *message)
{
    return seal_pieces(c, message, TCH_CONTENT_APPLICATION_DATA);
}

enum tch_status tch_seal_alert(struct tch_conn *c,
                               struct tch_buf_desc *message)
{
    return seal_pieces(c, message, TCH_CONTENT_ALERT);
}

/* ---- opening ---- */

static enum tch_status may_open(const struct tch_conn *c)
{
    switch (tch_state_of(c)) {
    case TCH_STATE_OPEN:
    case TCH_STATE_RENEGOTIATION:
        return TCH_OK;
    case TCH_STATE_CLOSED:
        return TCH_CLOSED;
    case TCH_STATE_DEAD:
        return TCH_DEAD;
    case TCH_STATE_NEW:
    case TCH_STATE_HANDSHAKE:
    case TCH_STATE_ASKED:
        break;
    }
    return TCH_BAD_STATE;
}

static enum tch_status take_data(const struct tch_conn *c)
{
    return tch_no_data_now(c) ? TCH_UNEXPECTED_MESSAGE : TCH_OK;
}

static enum tch_status take_other(struct tch_conn *c, unsigned type,
                                  struct tch_slice body)
{
    enum tch_status s;

    switch (type) {
    case TCH_CONTENT_ALERT:
        s = tch_take_alert(c, body);
        return s == TCH_NO_RENEGOTIATION ? tch_conn_refused(c) : s;
    case TCH_CONTENT_HANDSHAKE:
        return tch_take_post_handshake(c, body);
    default:
        return TCH_UNEXPECTED_MESSAGE;
    }
}

static enum tch_status take(struct tch_conn *c, const uint8_t *record,
                            const struct tch_opened *rec)
{
    struct tch_slice body = { rec->data, rec->data_len };
    bool data = rec->type == TCH_CONTENT_APPLICATION_DATA;
    enum tch_status s;

    if (data && body.len != 0 && c->hs == NULL && c->post_len == 0) {
        c->warnings = 0;
        c->empties = 0;
        c->ignored = 0;
        return TCH_OK; /* the common case, without the lock */
    }
    pthread_mutex_lock(&c->lock);
    s = tch_count_content(c, rec->type, body.len);
    if (s == TCH_OK) {
        s = data ? take_data(c) : take_other(c, rec->type, body);
    }
    if (tch_failed(s)) {
        s = tch_conn_failed(c, s);
    }
    if (s == TCH_RENEGOTIATE) {
        tch_replay_mark(c, tch_slice_of(record,
                                        rec->header_len + rec->data_len +
                                            rec->trailer_len));
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

static enum tch_status broken(struct tch_conn *c, enum tch_status s,
                              enum tch_alert alert)
{
    pthread_mutex_lock(&c->lock);
    s = tch_conn_fail(c, s, alert);
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum tch_status tch_open_parts(struct tch_conn *c, uint8_t *record, size_t len,
                               struct tch_opened *out, size_t *missing)
{
    struct tch_slice in = { record, len };
    struct tch_frame_rules rules = tch_next_frame(c, in);
    struct tch_record_header header;
    enum tch_alert alert = TCH_ALERT_NONE;
    enum tch_status s = may_open(c);

    *missing = 0;
    memset(out, 0, sizeof *out);
    if (s != TCH_OK) {
        return s;
    }
    s = tch_record_frame(in, &rules, &header, missing, &alert);
    if (s != TCH_OK) {
        return s == TCH_WANT_INPUT ? s : broken(c, s, alert);
    }
    if (tch_state_of(c) == TCH_STATE_RENEGOTIATION &&
        (header.type == TCH_CONTENT_HANDSHAKE ||
         header.type == TCH_CONTENT_CHANGE_CIPHER_SPEC)) {
        return TCH_RENEGOTIATE; /* a part of the handshake: tch_step's */
    }
    s = tch_record_open(&c->read, record,
                        TCH_RECORD_HEADER_LEN + header.length, out);
    if (s != TCH_OK) {
        return broken(c, s, tch_status_alert(s));
    }
    s = take(c, record, out);
    if (s != TCH_OK || out->type != TCH_CONTENT_APPLICATION_DATA) {
        /* Not for the application: it all counts as trailer. */
        out->trailer_len += out->data_len;
        out->data_len = 0;
    }
    return s;
}

enum tch_status tch_open_record(struct tch_conn *c, uint8_t *record,
                                size_t len, size_t *used,
                                struct tch_slice *data, size_t *missing)
{
    struct tch_opened rec;
    size_t lacking;
    enum tch_status s = tch_open_parts(c, record, len, &rec, &lacking);

    *used = rec.header_len + rec.data_len + rec.trailer_len;
    *data = tch_slice_of(rec.data, rec.data_len);
    if (missing != NULL) {
        *missing = lacking;
    }
    return s;
}
