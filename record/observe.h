#ifndef TCH_RECORD_OBSERVE_H
#define TCH_RECORD_OBSERVE_H

/*
 * What the record layer tells an observer. Off costs one test of a pointer.
 * Private to record/.
 */

#include "record/protect.h"

/* tch_content_type_name gives the RFC's name of a content type. */
const char *tch_content_type_name(unsigned type);

/* tch_observe_record reports a whole record, header included; the event's
 * number is the half's present sequence number. */
void tch_observe_record(const struct tch_half *h, enum tch_event_kind kind,
                        struct tch_slice record);

/*
 * tch_observe_parts reports a record that lies in `num` pieces. Only an
 * observer that is there costs anything: pieces that do not touch are then
 * joined in memory from the half's allocator. Without memory the event comes
 * with no bytes.
 */
void tch_observe_parts(const struct tch_half *h, enum tch_event_kind kind,
                       const struct tch_slice *parts, size_t num);

/*
 * tch_reveal shows the inside of a record: "content", "mac_input" (its parts
 * one after another), "MAC", "padding", "IV", "nonce", "additional_data", and
 * of what came in under CBC "decrypted" (content, MAC unless encrypt-then-MAC,
 * padding), before it is judged.
 * The names are those of RFC 5246 6.2.3. It does nothing but in builds with
 * TCH_TEACHING=1, and there only for an observer that asks for secrets; such
 * a build keeps no promise about time towards that observer.
 */
#ifdef TCH_TEACHING
void tch_reveal(const struct tch_piece *p, const char *name, const void *bytes,
                size_t len);
#else
static inline void tch_reveal(const struct tch_piece *p, const char *name,
                              const void *bytes, size_t len)
{
    (void)p;
    (void)name;
    (void)bytes;
    (void)len;
}
#endif

#endif
