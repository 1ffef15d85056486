#ifndef TCH_ENGINE_BASE_BYTES_H
#define TCH_ENGINE_BASE_BYTES_H

/*
 * The one reader and the one writer. Nobody else does arithmetic on lengths
 * that a peer chose.
 *
 * Reading: each call names the field it reads, in the words of the RFC. A
 * call that fails leaves the reader where it was, returns false, and notes
 * the field in the watch. A vector is a new reader that cannot run past its
 * parent. A message parsed with this reader reads like the presentation
 * language of RFC 5246 section 4, bounds included.
 *
 * Writing: a fixed window whose first failure sticks, so that a builder is a
 * straight column of calls with one test at the end.
 */

#include "engine/base/event.h"
#include "engine/base/slice.h"
#include "engine/base/status.h"

/* tch_field names a field; always static. `rfc` is number and section. */
struct tch_field {
    const char *name;
    const char *rfc;
};

/* TCH_FIELD(version, "5246 7.4.1.2") defines f_version. */
#define TCH_FIELD(id, section) \
    static const struct tch_field f_##id = { #id, section }

/*
 * tch_watch goes along with all readers of one message: where the first
 * failure is noted, and who sees the fields. May be NULL in a reader.
 */
struct tch_watch {
    const struct tch_observer *observer;
    struct tch_failure *failure; /* path, offset, rfc are filled; or NULL */
};

#define TCH_NO_INDEX UINT32_MAX

/*
 * tch_reader reads one run of bytes. `index` is the place that its path shows
 * in brackets: of an element that tch_rd_sub made, or, in the reader of a
 * list, of the element being read (the parser's loop counts it up).
 */
struct tch_reader {
    const uint8_t *pos;
    const uint8_t *end;
    const uint8_t *start;            /* of the outermost message */
    const struct tch_field *field;   /* what this reader reads */
    const struct tch_reader *parent; /* must outlive this reader */
    struct tch_watch *watch;
    uint32_t index; /* or TCH_NO_INDEX */
};

/* tch_rd_init starts reading `s`, named by `field` (a message's name).
 * `watch` may be NULL. */
void tch_rd_init(struct tch_reader *r, struct tch_slice s,
                 const struct tch_field *field, struct tch_watch *watch);

/* tch_rd_left is the number of bytes not yet read. */
static inline size_t tch_rd_left(const struct tch_reader *r)
{
    return (size_t)(r->end - r->pos);
}

/* tch_rd_rest is what is left, without reading it. */
static inline struct tch_slice tch_rd_rest(const struct tch_reader *r)
{
    return tch_slice_of(r->pos, tch_rd_left(r));
}

/* Unsigned integers of 1, 2, 3, 4 bytes, big-endian. False: too short. */
TCH_MUST_CHECK bool tch_rd_u8(struct tch_reader *r, const struct tch_field *f,
                              uint8_t *out);
TCH_MUST_CHECK bool tch_rd_u16(struct tch_reader *r, const struct tch_field *f,
                               uint16_t *out);
TCH_MUST_CHECK bool tch_rd_u24(struct tch_reader *r, const struct tch_field *f,
                               uint32_t *out);
TCH_MUST_CHECK bool tch_rd_u32(struct tch_reader *r, const struct tch_field *f,
                               uint32_t *out);

/* tch_rd_bytes copies `n` bytes to `out`; tch_rd_slice points at them. */
TCH_MUST_CHECK bool tch_rd_bytes(struct tch_reader *r,
                                 const struct tch_field *f, uint8_t *out,
                                 size_t n);
TCH_MUST_CHECK bool tch_rd_slice(struct tch_reader *r,
                                 const struct tch_field *f, size_t n,
                                 struct tch_slice *out);

/*
 * A vector with a length of 1, 2 or 3 bytes in front, whose length in bytes
 * lies in min..max. `*out` reads its contents; its parent is `r`.
 */
TCH_MUST_CHECK bool tch_rd_vec8(struct tch_reader *r,
                                const struct tch_field *f, size_t min,
                                size_t max, struct tch_reader *out);
TCH_MUST_CHECK bool tch_rd_vec16(struct tch_reader *r,
                                 const struct tch_field *f, size_t min,
                                 size_t max, struct tch_reader *out);
TCH_MUST_CHECK bool tch_rd_vec24(struct tch_reader *r,
                                 const struct tch_field *f, size_t min,
                                 size_t max, struct tch_reader *out);

/* The same vectors as slices, for opaque contents. */
TCH_MUST_CHECK bool tch_rd_opaque8(struct tch_reader *r,
                                   const struct tch_field *f, size_t min,
                                   size_t max, struct tch_slice *out);
TCH_MUST_CHECK bool tch_rd_opaque16(struct tch_reader *r,
                                    const struct tch_field *f, size_t min,
                                    size_t max, struct tch_slice *out);
TCH_MUST_CHECK bool tch_rd_opaque24(struct tch_reader *r,
                                    const struct tch_field *f, size_t min,
                                    size_t max, struct tch_slice *out);

/* tch_rd_sub makes `*out` read the next `n` bytes as one field, for example a
 * list's element; `index` is its place or TCH_NO_INDEX. */
TCH_MUST_CHECK bool tch_rd_sub(struct tch_reader *r, const struct tch_field *f,
                               size_t n, uint32_t index,
                               struct tch_reader *out);

/* tch_rd_end is true when everything was read; else it notes the surplus. */
TCH_MUST_CHECK bool tch_rd_end(const struct tch_reader *r);

/*
 * tch_rd_blame notes the field `f` at the reader's place as the one that is
 * wrong and returns `s`, so that a check reads
 * `return tch_rd_blame(r, &f_x, TCH_ILLEGAL_PARAMETER);`.
 */
enum tch_status tch_rd_blame(const struct tch_reader *r,
                             const struct tch_field *f, enum tch_status s);

/* tch_rd_path writes the path of field `f` (or of the reader itself when NULL)
 * into `out`, always terminated, cut on the left with ".." when too long. */
void tch_rd_path(const struct tch_reader *r, const struct tch_field *f,
                 char *out, size_t cap);

/* The writer. `failed` sticks; `len` counts what was written so far. */
struct tch_writer {
    uint8_t *buf;
    size_t cap;
    size_t len;
    bool failed;
};

/* tch_mark remembers an open vector: where its length goes and how wide. */
struct tch_mark {
    size_t at;
    unsigned width;
};

void tch_wr_init(struct tch_writer *w, uint8_t *buf, size_t cap);
void tch_wr_u8(struct tch_writer *w, unsigned v);
void tch_wr_u16(struct tch_writer *w, unsigned v);
void tch_wr_u24(struct tch_writer *w, uint32_t v);
void tch_wr_u32(struct tch_writer *w, uint32_t v);
void tch_wr_u64(struct tch_writer *w, uint64_t v);
void tch_wr_bytes(struct tch_writer *w, const void *p, size_t n);
void tch_wr_slice(struct tch_writer *w, struct tch_slice s);

/* tch_wr_open starts a vector with a length of `width` bytes (1 to 3);
 * tch_wr_close fills the length in. A length that does not fit fails. */
struct tch_mark tch_wr_open(struct tch_writer *w, unsigned width);
void tch_wr_close(struct tch_writer *w, struct tch_mark m);

/* tch_wr_vec writes a whole vector: length of `width` bytes, then `s`. */
void tch_wr_vec(struct tch_writer *w, unsigned width, struct tch_slice s);

/* tch_wr_reserve gives room for `n` bytes that the caller fills, or NULL. */
uint8_t *tch_wr_reserve(struct tch_writer *w, size_t n);

/* tch_wr_done gives what was written, or an empty slice after a failure. */
struct tch_slice tch_wr_done(const struct tch_writer *w);

/* Bare big-endian stores and loads for fixed layouts of our own. */
static inline void tch_put_u16(uint8_t *p, unsigned v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static inline void tch_put_u64(uint8_t *p, uint64_t v)
{
    for (unsigned i = 0; i < 8; i++) {
        p[i] = (uint8_t)(v >> (56 - 8 * i));
    }
}

static inline uint16_t tch_get_u16(const uint8_t *p)
{
    return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

#endif
