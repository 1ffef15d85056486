/*
 * Buffer descriptors: finding buffers by kind, and the arithmetic of EXTRA
 * and MISSING. Also what makes calls repeatable: when the caller could not
 * take an answer (no room, no certificate yet), or brings a record again that
 * was taken by tch_open, the bytes taken are known by their length and hash
 * and are skipped when they come again.
 *
 * Source: contract 3, 6.3 to 6.8, 8.3, 9.3, 9.4; design decision 1.
 */

#include <string.h>

#include "crypto-glue/hash.h"
#include "engine/base/ct.h"
#include "engine/engine.h"

#define NUM_OPEN_BUFS 4u

/* ---- bytes that come again ---- */

void tch_replay_mark(struct tch_conn *c, struct tch_slice bytes)
{
    uint8_t hash[TCH_HASH_MAX];

    tch_hash(TCH_HASH_SHA256, &bytes, 1, hash);
    memcpy(c->replay.hash, hash, sizeof c->replay.hash);
    c->replay.len = bytes.len;
    c->replay.set = true;
    c->replay.held = false;
}

/* Whether `in` starts with the bytes marked; the mark is good for one call. */
static bool comes_again(struct tch_conn *c, struct tch_slice in)
{
    struct tch_slice prefix = { in.p, c->replay.len };
    uint8_t hash[TCH_HASH_MAX];

    if (!c->replay.set || in.len < c->replay.len) {
        return false;
    }
    tch_hash(TCH_HASH_SHA256, &prefix, 1, hash);
    return tch_ct_equal(hash, c->replay.hash, sizeof c->replay.hash) != 0;
}

/* ---- handshake ---- */

struct slots {
    struct tch_buf *token; /* the peer's bytes, or NULL */
    struct tch_buf *empty; /* the first one, or NULL */
};

static bool find_input(struct tch_buf_desc *in, struct slots *s)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; in != NULL && i < in->num; i++) {
        struct tch_buf *b = &in->bufs[i];

        if (b->kind == TCH_BUF_TOKEN) {
            if (s->token != NULL || (b->p == NULL && b->len != 0)) {
                return false;
            }
            s->token = b;
        } else if (b->kind == TCH_BUF_EMPTY) {
            if (b->len != 0) {
                return false;
            }
            s->empty = s->empty == NULL ? b : s->empty;
        }
    }
    return true;
}

static struct tch_buf *find_output(struct tch_buf_desc *out)
{
    struct tch_buf *empty = NULL;

    for (size_t i = 0; out != NULL && i < out->num; i++) {
        if (out->bufs[i].kind == TCH_BUF_TOKEN) {
            return &out->bufs[i];
        }
        if (out->bufs[i].kind == TCH_BUF_EMPTY && empty == NULL) {
            empty = &out->bufs[i];
        }
    }
    return empty;
}

static void set_empty(struct tch_buf *b, enum tch_buf_kind kind, size_t len)
{
    if (b != NULL && len != 0) {
        b->kind = kind;
        b->p = NULL;
        b->len = len;
    }
}

/* Puts what waits into the slot; false when there is no room. */
static bool deliver(struct tch_conn *c, struct tch_buf *slot)
{
    struct tch_slice waiting = tch_queue_waiting(c);

    if (waiting.len > slot->len) {
        c->needed = waiting.len;
        return false;
    }
    if (waiting.len != 0) {
        memcpy(slot->p, waiting.p, waiting.len);
    }
    slot->kind = TCH_BUF_TOKEN;
    slot->len = waiting.len;
    tch_queue_take(c, waiting.len);
    return true;
}

/* A refusal of a renegotiation waits to be sent; the connection is open. */
static bool just_refused(const struct tch_conn *c)
{
    return tch_state_of(c) == TCH_STATE_OPEN &&
           __atomic_load_n(&c->owed, __ATOMIC_ACQUIRE) ==
               (TCH_ALERT_WARNING << 8 | TCH_ALERT_NO_RENEGOTIATION);
}

/* One turn, or the answer that was held back. */
static enum tch_status turn(struct tch_conn *c, struct tch_slice in,
                            size_t *used, size_t *missing)
{
    size_t skip = comes_again(c, in) ? c->replay.len : 0;
    bool again = c->replay.set && (skip != 0 || c->replay.len == 0);
    bool held = again && c->replay.held;
    enum tch_status s = c->replay.status;

    c->replay.set = false;
    *missing = 0;
    if (held || just_refused(c)) {
        *used = skip;
        return held ? s : TCH_OK;
    }
    s = tch_step_locked(c, tch_slice_behind(in, skip), used, missing);
    if (s == TCH_WANT_INPUT && skip != 0) {
        s = TCH_CONTINUE;
    }
    *used += skip;
    return s;
}

static enum tch_status handshake(struct tch_conn *c, const struct slots *in,
                                 struct tch_buf *out)
{
    struct tch_slice token = { NULL, 0 };
    size_t used = 0;
    size_t missing = 0;
    enum tch_status s;

    if (in->token != NULL) {
        token = tch_slice_of(in->token->p, in->token->len);
    }
    s = turn(c, token, &used, &missing);
    token.len = used < token.len ? used : token.len;
    if (s == TCH_WANT_INPUT) {
        set_empty(in->empty, TCH_BUF_MISSING, missing);
        return s;
    }
    if (s == TCH_WANT_CREDENTIAL) {
        tch_replay_mark(c, token);
        return s;
    }
    if (tch_failed(s)) {
        if (out != NULL) {
            out->len = 0; /* an alert waits for tch_pending */
        }
        return s;
    }
    tch_pay_alert(c);
    if (out != NULL && !deliver(c, out)) {
        tch_replay_mark(c, token);
        c->replay.held = true;
        c->replay.status = s;
        return TCH_BUFFER_TOO_SMALL;
    }
    if (in->token != NULL) {
        set_empty(in->empty, TCH_BUF_EXTRA, in->token->len - used);
    }
    return s;
}

enum tch_status tch_handshake(struct tch_conn *c, struct tch_buf_desc *in,
                              struct tch_buf_desc *out)
{
    struct slots slots;
    struct tch_buf *to = find_output(out);
    enum tch_status s;

    if (!find_input(in, &slots) || (out != NULL && to == NULL)) {
        return TCH_BAD_ARGUMENT;
    }
    pthread_mutex_lock(&c->lock);
    s = handshake(c, &slots, to);
    pthread_mutex_unlock(&c->lock);
    return s;
}

size_t tch_needed(const struct tch_conn *c)
{
    return c->needed;
}

enum tch_status tch_step(struct tch_conn *c, struct tch_slice in,
                         size_t *used, size_t *missing)
{
    size_t lacking = 0;
    enum tch_status s;

    pthread_mutex_lock(&c->lock);
    c->replay.set = false;
    s = tch_step_locked(c, in, used, &lacking);
    pthread_mutex_unlock(&c->lock);
    if (missing != NULL) {
        *missing = lacking;
    }
    return s;
}

struct tch_slice tch_pending(struct tch_conn *c)
{
    struct tch_slice waiting;

    pthread_mutex_lock(&c->lock);
    tch_pay_alert(c);
    waiting = tch_queue_waiting(c);
    pthread_mutex_unlock(&c->lock);
    return waiting;
}

void tch_sent(struct tch_conn *c, size_t n)
{
    pthread_mutex_lock(&c->lock);
    tch_queue_take(c, n);
    pthread_mutex_unlock(&c->lock);
}

/* ---- application data ---- */

/* The DATA buffer and the first three EMPTY ones. */
static bool find_open_bufs(struct tch_buf_desc *d,
                           struct tch_buf *found[NUM_OPEN_BUFS])
{
    size_t num_empty = 0;

    found[0] = NULL;
    for (size_t i = 0; i < d->num; i++) {
        struct tch_buf *b = &d->bufs[i];

        if (b->kind == TCH_BUF_DATA) {
            if (found[0] != NULL) {
                return false;
            }
            found[0] = b;
        } else if (b->kind == TCH_BUF_EMPTY && num_empty < 3) {
            found[++num_empty] = b;
        }
    }
    return found[0] != NULL && num_empty == 3 &&
           (found[0]->p != NULL || found[0]->len == 0);
}

static void put(struct tch_buf *b, enum tch_buf_kind kind, uint8_t *p,
                size_t len)
{
    b->kind = kind;
    b->p = p;
    b->len = len;
}

static void lay_out(struct tch_buf *found[NUM_OPEN_BUFS], uint8_t *p,
                    size_t len, const struct tch_opened *rec)
{
    uint8_t *trailer = p + rec->header_len + rec->data_len;
    size_t extra = len - rec->header_len - rec->data_len - rec->trailer_len;

    put(found[0], TCH_BUF_HEADER, p, rec->header_len);
    put(found[1], TCH_BUF_DATA, p + rec->header_len, rec->data_len);
    put(found[2], TCH_BUF_TRAILER, trailer, rec->trailer_len);
    if (extra != 0) {
        put(found[3], TCH_BUF_EXTRA, trailer + rec->trailer_len, extra);
    } else {
        put(found[3], TCH_BUF_EMPTY, NULL, 0);
    }
}

enum tch_status tch_open(struct tch_conn *c, struct tch_buf_desc *message)
{
    struct tch_buf *found[NUM_OPEN_BUFS];
    struct tch_opened rec;
    size_t missing;
    uint8_t *p;
    size_t len;
    enum tch_status s;

    if (message == NULL || !find_open_bufs(message, found)) {
        return TCH_BAD_ARGUMENT;
    }
    p = found[0]->p;
    len = found[0]->len;
    s = tch_open_parts(c, p, len, &rec, &missing);
    if (s == TCH_WANT_INPUT) {
        put(found[0], TCH_BUF_MISSING, p, missing);
        put(found[1], TCH_BUF_MISSING, NULL, missing);
        put(found[2], TCH_BUF_EMPTY, NULL, 0);
        put(found[3], TCH_BUF_EMPTY, NULL, 0);
    } else if (!tch_failed(s)) {
        lay_out(found, p, len, &rec);
    }
    return s;
}
