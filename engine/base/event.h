#ifndef TCH_ENGINE_BASE_EVENT_H
#define TCH_ENGINE_BASE_EVENT_H

/*
 * Watching it work. Record layer, handshake and reader report what they do to
 * an observer, if there is one; NULL costs one test. Events carry pointers to
 * live data that are good during the call alone.
 *
 * Secret events (keys, MAC input, padding) exist only in builds with
 * TCH_TEACHING=1, and there only when the observer asks for them. A key-log
 * line is a run-time switch of its own (`keylog`).
 */

#include "slice.h"

enum tch_event_kind {
    TCH_EV_RECORD_IN,      /* a whole record as it came                  */
    TCH_EV_RECORD_OUT,     /* a whole record as it goes                  */
    TCH_EV_MESSAGE_IN,     /* a handshake message, header included       */
    TCH_EV_MESSAGE_OUT,    /* the same, ours                             */
    TCH_EV_FIELD,          /* one field of a message being parsed        */
    TCH_EV_CHOICE,         /* name = what, detail = chosen               */
    TCH_EV_ALERT_IN,       /* bytes = level, description                 */
    TCH_EV_ALERT_OUT,      /* the same, ours                             */
    TCH_EV_SECRET          /* teaching builds: name = RFC name           */
};

/*
 * tch_event is one thing that happened. `name` and `detail` are RFC names or
 * short words; `scope` names a field by its parents, or is NULL; `offset`
 * counts bytes from the start of the message; `rfc` is a section or NULL.
 */
struct tch_event {
    enum tch_event_kind kind;
    const char *name;
    const char *detail;
    const char *rfc;
    const struct tch_reader *scope;
    size_t offset;
    struct tch_slice bytes;
    uint64_t number;
};

/*
 * tch_observer receives events. `secrets` asks for secret events as well.
 * `keylog`, if not NULL, receives NSS key-log lines without a newline.
 * The callbacks must not call back into the same connection.
 */
struct tch_observer {
    void (*event)(void *arg, const struct tch_event *ev);
    void (*keylog)(void *arg, const char *line);
    void *arg;
    bool secrets;
};

/* tch_observe reports an event to an observer that may be NULL. */
static inline void tch_observe(const struct tch_observer *o,
                               const struct tch_event *ev)
{
    if (o != NULL && o->event != NULL) {
        o->event(o->arg, ev);
    }
}

#endif
