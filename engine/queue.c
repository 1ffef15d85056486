/*
 * What is to be sent: a queue of finished records, and the one alert that may
 * be owed. An alert is sealed only when the application comes for it, since
 * the thread that finds a bad record is not the one that writes.
 *
 * Source: R-REC-004, R-REC-017, R-ALR-011, R-ALR-016; contract 6.9.
 */

#include <string.h>

#include "engine/engine.h"

struct tch_slice tch_queue_waiting(const struct tch_conn *c)
{
    struct tch_slice all = { c->out.buf, c->out.end };

    return tch_slice_behind(all, c->out.start);
}

void tch_queue_release(struct tch_conn *c)
{
    tch_give(c->alloc, c->out.buf, c->out.cap);
    memset(&c->out, 0, sizeof c->out);
}

void tch_queue_take(struct tch_conn *c, size_t n)
{
    size_t waiting = c->out.end - c->out.start;

    c->out.start += n < waiting ? n : waiting;
    if (c->out.start == c->out.end) {
        c->out.start = 0;
        c->out.end = 0;
        if (c->hs == NULL) {
            tch_queue_release(c);
        }
    }
}

static uint8_t *make_room(struct tch_conn *c, size_t more)
{
    struct tch_queue *q = &c->out;
    size_t waiting = q->end - q->start;
    uint8_t *bigger;
    size_t cap;

    if (more <= q->cap - q->end) {
        return q->buf + q->end;
    }
    cap = 2 * (waiting + more);
    bigger = tch_take(c->alloc, cap);
    if (bigger == NULL) {
        return NULL;
    }
    if (waiting != 0) {
        memcpy(bigger, q->buf + q->start, waiting);
    }
    tch_give(c->alloc, q->buf, q->cap);
    q->buf = bigger;
    q->cap = cap;
    q->start = 0;
    q->end = waiting;
    return bigger + waiting;
}

static enum tch_status queue_record(struct tch_conn *c, unsigned type,
                                    struct tch_slice data)
{
    struct tch_record_sizes sizes = tch_half_sizes(&c->write);
    uint8_t *p = make_room(c, sizes.header + data.len + sizes.trailer);
    struct tch_seal seal;
    enum tch_status s;

    if (p == NULL) {
        return TCH_NO_MEMORY;
    }
    memset(&seal, 0, sizeof seal);
    seal.type = (uint8_t)type;
    seal.header = p;
    seal.data = p + sizes.header;
    seal.data_len = data.len;
    seal.trailer = seal.data + data.len;
    seal.trailer_room = sizes.trailer;
    memcpy(seal.data, data.p, data.len);
    s = tch_record_seal(&c->write, &seal);
    if (s != TCH_OK) {
        return s;
    }
    if (seal.header_len != sizes.header) {
        /* A shorter header than for data: close the gap. */
        memmove(p + seal.header_len, seal.data, data.len + seal.trailer_len);
    }
    c->out.end += seal.header_len + data.len + seal.trailer_len;
    c->produced = true;
    return TCH_OK;
}

enum tch_status tch_queue_records(struct tch_conn *c, unsigned type,
                                  struct tch_slice data)
{
    while (data.len != 0) {
        size_t n = data.len < c->write.limit ? data.len : c->write.limit;
        enum tch_status s = queue_record(c, type, tch_slice_of(data.p, n));

        if (s != TCH_OK) {
            return s;
        }
        data.p += n;
        data.len -= n;
    }
    return TCH_OK;
}

void tch_owe_alert(struct tch_conn *c, enum tch_alert_level level,
                   unsigned description)
{
    __atomic_store_n(&c->owed, (unsigned)level << 8 | description,
                     __ATOMIC_RELEASE);
}

void tch_owe_if_nothing(struct tch_conn *c, enum tch_alert_level level,
                        unsigned description)
{
    unsigned nothing = TCH_NOTHING_OWED;

    (void)__atomic_compare_exchange_n(&c->owed, &nothing,
                                      (unsigned)level << 8 | description,
                                      false, __ATOMIC_ACQ_REL,
                                      __ATOMIC_ACQUIRE);
}

static void show_alert(const struct tch_conn *c, const uint8_t body[2])
{
    struct tch_event ev;

    if (!c->home->has_observer) {
        return;
    }
    memset(&ev, 0, sizeof ev);
    ev.kind = TCH_EV_ALERT_OUT;
    ev.name = tch_alert_name(body[1]);
    ev.bytes = tch_slice_of(body, 2);
    tch_observe(&c->home->observer, &ev);
}

/* Seals one alert; what cannot be sealed now is owed still. */
static bool pay(struct tch_conn *c, unsigned owed)
{
    uint8_t body[2] = { (uint8_t)(owed >> 8), (uint8_t)owed };

    if (queue_record(c, TCH_CONTENT_ALERT, tch_slice_of(body, 2)) != TCH_OK) {
        tch_owe_if_nothing(c, (enum tch_alert_level)body[0], body[1]);
        return false;
    }
    show_alert(c, body);
    return true;
}

void tch_pay_alert(struct tch_conn *c)
{
    unsigned owed = __atomic_exchange_n(&c->owed, TCH_NOTHING_OWED,
                                        __ATOMIC_ACQ_REL);

    if (owed == TCH_NOTHING_OWED || c->silent || !pay(c, owed)) {
        return;
    }
    if (__atomic_exchange_n(&c->farewell, false, __ATOMIC_ACQ_REL)) {
        (void)pay(c, TCH_ALERT_WARNING << 8 | TCH_ALERT_CLOSE_NOTIFY);
    }
    if (tch_state_of(c) == TCH_STATE_DEAD) {
        c->silent = true; /* nothing is said under these keys any more */
        tch_half_clear(&c->write);
    }
}
