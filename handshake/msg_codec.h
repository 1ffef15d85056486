#ifndef TCH_HANDSHAKE_MSG_CODEC_H
#define TCH_HANDSHAKE_MSG_CODEC_H

/*
 * What the message files share and nobody else needs: lists of numbers, the
 * random of both hellos, and vectors written under the bounds with which they
 * are read.
 *
 * A list is read element by element, so that an observer sees each number
 * and an odd length fails by itself: its last element is half missing.
 */

#include "handshake/messages.h"

#define TCH_RANDOM_LEN 32u
#define TCH_MSG_SESSION_ID_MAX 32u
#define TCH_VEC8_MAX 255u
#define TCH_VEC16_MAX 65535u
#define TCH_LIST16_MAX 65534u /* the longest list of uint16 */
#define TCH_VEC24_MAX 16777215u

/*
 * tch_read_list_u16 reads a vector of uint16 with a 2-byte length of
 * min..max bytes; `list` and `item` name the vector and its elements; `*out`
 * is the contents. False: decode_error, noted in the watch.
 */
TCH_MUST_CHECK bool tch_read_list_u16(struct tch_reader *r,
                                      const struct tch_field *list,
                                      const struct tch_field *item,
                                      size_t min, size_t max,
                                      struct tch_slice *out);

/* tch_read_list_u8 does the same for bytes behind a 1-byte length. */
TCH_MUST_CHECK bool tch_read_list_u8(struct tch_reader *r,
                                     const struct tch_field *list,
                                     const struct tch_field *item, size_t min,
                                     size_t max, struct tch_slice *out);

/* tch_read_random reads the 32 bytes of a hello's random. False: too short.
 * RFC 5246, 7.4.1.2. */
TCH_MUST_CHECK bool tch_read_random(struct tch_reader *r, uint8_t *out);

/* tch_write_vec writes a vector whose length of `width` bytes must lie in
 * min..max; any other length makes the writer fail. */
void tch_write_vec(struct tch_writer *w, unsigned width, size_t min,
                   size_t max, struct tch_slice s);

/* tch_write_list_u16 writes a list of uint16: tch_write_vec with an even
 * length. */
void tch_write_list_u16(struct tch_writer *w, size_t min,
                        struct tch_slice list);

#endif
