/*
 * Fragments become messages (R-REC-020, 021, 029). The buffer grows with what
 * has really come, never with what a header announces; a header that
 * announces too much is refused at once. The cost of a message is linear in
 * its length however it is cut, since the buffer doubles.
 */

#include "handshake/hs_state.h"

#include <string.h>

static size_t load24(const uint8_t *p)
{
    return (size_t)p[0] << 16 | (size_t)p[1] << 8 | p[2];
}

static bool make_room(struct tch_hs *hs, size_t more)
{
    struct tch_reassembly *in = &hs->in;
    size_t held = in->end - in->start;
    uint8_t *bigger;
    size_t cap;

    if (more <= in->cap - in->end) {
        return true;
    }
    if (held + more <= in->cap / 2) {
        memmove(in->buf, in->buf + in->start, held);
        in->start = 0;
        in->end = held;
        return true;
    }
    cap = 2 * (held + more);
    bigger = tch_arena_get(hs->arena, cap);
    if (bigger == NULL) {
        return false;
    }
    if (held != 0) {
        memcpy(bigger, in->buf + in->start, held);
    }
    in->buf = bigger;
    in->cap = cap;
    in->start = 0;
    in->end = held;
    return true;
}

enum tch_status tch_reassembly_judge(struct tch_hs *hs)
{
    size_t held = hs->in.end - hs->in.start;
    const uint8_t *p;

    if (held == 0) {
        return TCH_OK;
    }
    p = hs->in.buf + hs->in.start;
    if (tch_message_name(p[0]) == NULL) {
        return tch_hs_fail(hs, "msg_type", "5246 7.4", TCH_UNEXPECTED_MESSAGE);
    }
    if (held >= TCH_MESSAGE_HEADER_LEN &&
        load24(p + 1) > tch_message_limit(p[0])) {
        return tch_hs_fail(hs, "length", "5246 7.4", TCH_MESSAGE_TOO_LARGE);
    }
    return TCH_OK;
}

enum tch_status tch_reassemble(struct tch_hs *hs, struct tch_slice fragment)
{
    if (!make_room(hs, fragment.len)) {
        return TCH_NO_MEMORY;
    }
    memcpy(hs->in.buf + hs->in.end, fragment.p, fragment.len);
    hs->in.end += fragment.len;
    return tch_reassembly_judge(hs);
}

bool tch_reassembled(const struct tch_hs *hs, struct tch_slice *message)
{
    size_t held = hs->in.end - hs->in.start;
    const uint8_t *p;
    size_t len;

    if (held < TCH_MESSAGE_HEADER_LEN) {
        return false;
    }
    p = hs->in.buf + hs->in.start;
    len = TCH_MESSAGE_HEADER_LEN + load24(p + 1);
    if (held < len) {
        return false;
    }
    *message = tch_slice_of(p, len);
    return true;
}

void tch_reassembly_drop(struct tch_hs *hs, size_t len)
{
    hs->in.start += len;
    if (hs->in.start == hs->in.end) {
        hs->in.start = 0;
        hs->in.end = 0;
    }
}
