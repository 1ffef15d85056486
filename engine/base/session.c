/* Reference counting and wiping of sessions: see session.h. */

#include "engine/base/session.h"

#include <string.h>

struct tch_session *tch_session_new(const struct tch_alloc *alloc)
{
    struct tch_session *s = tch_take(alloc, sizeof *s);

    if (s != NULL) {
        s->alloc = alloc;
        s->refs = 1;
        s->resumable = true;
    }
    return s;
}

struct tch_session *tch_session_ref(struct tch_session *s)
{
    if (s != NULL) {
        __atomic_add_fetch(&s->refs, 1, __ATOMIC_RELAXED);
    }
    return s;
}

void tch_session_unref(struct tch_session *s)
{
    if (s == NULL || __atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL) != 0) {
        return;
    }
    tch_give(s->alloc, s->peer_chain, s->peer_chain_len);
    tch_give(s->alloc, s, sizeof *s);
}

bool tch_session_set_chain(struct tch_session *s, struct tch_slice list)
{
    uint8_t *copy = tch_take(s->alloc, list.len);

    if (list.len != 0) {
        if (copy == NULL) {
            return false;
        }
        memcpy(copy, list.p, list.len);
    }
    tch_give(s->alloc, s->peer_chain, s->peer_chain_len);
    s->peer_chain = copy;
    s->peer_chain_len = list.len;
    return true;
}

void tch_session_set_resumable(struct tch_session *s, bool on)
{
    __atomic_store_n(&s->resumable, on, __ATOMIC_RELEASE);
}

bool tch_session_is_resumable(const struct tch_session *s)
{
    return __atomic_load_n(&s->resumable, __ATOMIC_ACQUIRE);
}
