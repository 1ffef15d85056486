/*
 * Records as events: the bytes on the wire, before opening and after sealing,
 * so that a trace shows what a capture would. Teaching builds also show the
 * inside.
 */

#include "record/observe.h"

#include <string.h>

const char *tch_content_type_name(unsigned type)
{
    switch (type) {
    case TCH_CONTENT_CHANGE_CIPHER_SPEC:
        return "change_cipher_spec";
    case TCH_CONTENT_ALERT:
        return "alert";
    case TCH_CONTENT_HANDSHAKE:
        return "handshake";
    case TCH_CONTENT_APPLICATION_DATA:
        return "application_data";
    default:
        return "unknown";
    }
}

static void report(const struct tch_half *h, enum tch_event_kind kind,
                   unsigned type, struct tch_slice bytes)
{
    struct tch_event ev = {
        .kind = kind,
        .name = tch_content_type_name(type),
        .rfc = "5246 6.2",
        .bytes = bytes,
        .number = h->seq,
    };

    tch_observe(h->observer, &ev);
}

void tch_observe_record(const struct tch_half *h, enum tch_event_kind kind,
                        struct tch_slice record)
{
    if (h->observer != NULL) {
        report(h, kind, record.p[0], record);
    }
}

static bool pieces_touch(const struct tch_slice *parts, size_t num)
{
    const uint8_t *end = parts[0].p + parts[0].len;

    for (size_t i = 1; i < num; i++) {
        if (parts[i].len != 0 && parts[i].p != end) {
            return false;
        }
        end += parts[i].len;
    }
    return true;
}

#ifdef TCH_TEACHING
void tch_reveal(const struct tch_piece *p, const char *name, const void *bytes,
                size_t len)
{
    struct tch_event ev = {
        .kind = TCH_EV_SECRET,
        .name = name,
        .rfc = "5246 6.2.3",
        .bytes = tch_slice_of(bytes, len),
        .number = p->seq,
    };

    if (p->observer != NULL && p->observer->secrets) {
        tch_observe(p->observer, &ev);
    }
}
#endif

void tch_observe_parts(const struct tch_half *h, enum tch_event_kind kind,
                       const struct tch_slice *parts, size_t num)
{
    size_t total = 0;
    size_t at = 0;
    uint8_t *whole;

    if (h->observer == NULL) {
        return;
    }
    for (size_t i = 0; i < num; i++) {
        total += parts[i].len;
    }
    if (pieces_touch(parts, num)) {
        tch_observe_record(h, kind, tch_slice_of(parts[0].p, total));
        return;
    }
    whole = tch_take(h->alloc, total);
    for (size_t i = 0; whole != NULL && i < num; i++) {
        if (parts[i].len != 0) {
            memcpy(whole + at, parts[i].p, parts[i].len);
            at += parts[i].len;
        }
    }
    report(h, kind, parts[0].p[0], tch_slice_of(whole, at));
    tch_give(h->alloc, whole, total);
}
