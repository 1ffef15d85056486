#ifndef TCH_SSPI_STRINGS_H
#define TCH_SSPI_STRINGS_H

/*
 * strings.h - text in the three forms SSPI has, and UTF-8 inside
 *
 * A functions take bytes of UTF-8, W functions units of 2 or 4 bytes by the
 * program's wchar_t (contract 1.1, 1.4). The width in bytes says which.
 */

#include "engine/tch.h"

enum { TCH_TEXT_A = 1, TCH_TEXT_W16 = 2, TCH_TEXT_W32 = 4 };

/*
 * tch_text_read converts `num` units at `s`, or up to the zero when `num` is
 * SIZE_MAX, to UTF-8 with a zero behind it. `*out` is own memory, taken back
 * by tch_disown_text. TCH_OK; TCH_BAD_ARGUMENT for invalid units (nothing
 * behind the first one is read), NULL, or a zero within a counted text;
 * TCH_NO_MEMORY.
 */
enum tch_status tch_text_read(const void *s, unsigned width, size_t num,
                              char **out);

/*
 * tch_text_host_name reads a target name into `out` (256 bytes): ASCII
 * without control characters, without the trailing dot. False when it is
 * NULL, empty, too long or has another unit; reading stops there
 * (contract 6.1).
 */
bool tch_text_host_name(const void *s, unsigned width, char *out);

/* tch_text_size is the length in bytes, zero included, that `utf8` has in
 * units of `width`. */
size_t tch_text_size(const char *utf8, unsigned width);

/* tch_text_write writes `utf8` with its zero at `out`, which has room for
 * tch_text_size bytes. Bytes that are not UTF-8 become U+FFFD. */
void tch_text_write(const char *utf8, unsigned width, void *out);

/* tch_text_give gives package memory with the text in units of `width`, or
 * NULL. */
void *tch_text_give(const char *utf8, unsigned width);

#endif
