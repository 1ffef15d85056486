#ifndef TCH_RECORD_OBSERVE_H
#define TCH_RECORD_OBSERVE_H

/*
 * What the record layer tells an observer. Off costs one test of a pointer.
 * Private to record/.
 */

#include "record/record.h"

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

#endif
