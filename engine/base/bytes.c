/*
 * Reader and writer: the only place where a length that a peer chose meets a
 * pointer. Everything here compares before it moves; "n <= left" is the one
 * form of the check, and `left` is computed from two pointers of one buffer.
 */

#include "engine/base/bytes.h"

#include <stdio.h>
#include <string.h>

void tch_rd_init(struct tch_reader *r, struct tch_slice s,
                 const struct tch_field *field, struct tch_watch *watch)
{
    static const uint8_t nothing[1];

    r->pos = s.len == 0 ? nothing : s.p;
    r->end = r->pos + s.len;
    r->start = r->pos;
    r->field = field;
    r->parent = NULL;
    r->watch = watch;
    r->index = TCH_NO_INDEX;
}

/* Puts `text` in front of what `out` holds from `*at` on, or of it the end
 * that there is room for. */
static void prepend(char *out, size_t *at, const char *text)
{
    size_t len = strlen(text);
    size_t n = len > *at ? *at : len;

    *at -= n;
    memcpy(out + *at, text + (len - n), n);
}

static void prepend_name(char *out, size_t *at, const char *name,
                         uint32_t index)
{
    char number[16];

    if (index != TCH_NO_INDEX) {
        snprintf(number, sizeof number, "[%u]", (unsigned)index);
        prepend(out, at, number);
    }
    prepend(out, at, name);
}

void tch_rd_path(const struct tch_reader *r, const struct tch_field *f,
                 char *out, size_t cap)
{
    char all[256];
    size_t at = sizeof all - 1;
    size_t len;

    if (cap == 0) {
        return;
    }
    all[at] = '\0';
    if (f != NULL) {
        prepend_name(all, &at, f->name, TCH_NO_INDEX);
    }
    for (const struct tch_reader *s = r; s != NULL; s = s->parent) {
        if (at != sizeof all - 1) {
            prepend(all, &at, ".");
        }
        prepend_name(all, &at, s->field->name, s->index);
    }
    len = sizeof all - 1 - at;
    if (len < cap) {
        memcpy(out, all + at, len + 1);
        return;
    }
    memcpy(out, all + sizeof all - cap, cap);
    if (cap > 2) {
        out[0] = '.';
        out[1] = '.';
    }
}

enum tch_status tch_rd_blame(const struct tch_reader *r,
                             const struct tch_field *f, enum tch_status s)
{
    struct tch_failure *failure = r->watch == NULL ? NULL : r->watch->failure;

    if (failure != NULL && failure->path[0] == '\0') {
        tch_rd_path(r, f, failure->path, sizeof failure->path);
        failure->offset = (size_t)(r->pos - r->start);
        failure->rfc = f != NULL ? f->rfc : r->field->rfc;
    }
    return s;
}

static bool refuse(const struct tch_reader *r, const struct tch_field *f)
{
    (void)tch_rd_blame(r, f, TCH_DECODE_ERROR);
    return false;
}

/* The watch sees the `n` bytes of `f` that begin at the reader's place. */
static void show(const struct tch_reader *r, const struct tch_field *f,
                 size_t n, uint64_t value)
{
    struct tch_event ev;

    if (r->watch == NULL || r->watch->observer == NULL) {
        return;
    }
    memset(&ev, 0, sizeof ev);
    ev.kind = TCH_EV_FIELD;
    ev.name = f->name;
    ev.rfc = f->rfc;
    ev.scope = r;
    ev.offset = (size_t)(r->pos - r->start);
    ev.bytes = tch_slice_of(r->pos, n);
    ev.number = value;
    tch_observe(r->watch->observer, &ev);
}

static uint32_t load(const uint8_t *p, unsigned width)
{
    uint32_t v = 0;

    for (unsigned i = 0; i < width; i++) {
        v = v << 8 | p[i];
    }
    return v;
}

static bool read_uint(struct tch_reader *r, const struct tch_field *f,
                      unsigned width, uint32_t *out)
{
    if (tch_rd_left(r) < width) {
        return refuse(r, f);
    }
    *out = load(r->pos, width);
    show(r, f, width, *out);
    r->pos += width;
    return true;
}

bool tch_rd_u8(struct tch_reader *r, const struct tch_field *f, uint8_t *out)
{
    uint32_t v;

    if (!read_uint(r, f, 1, &v)) {
        return false;
    }
    *out = (uint8_t)v;
    return true;
}

bool tch_rd_u16(struct tch_reader *r, const struct tch_field *f, uint16_t *out)
{
    uint32_t v;

    if (!read_uint(r, f, 2, &v)) {
        return false;
    }
    *out = (uint16_t)v;
    return true;
}

bool tch_rd_u24(struct tch_reader *r, const struct tch_field *f, uint32_t *out)
{
    return read_uint(r, f, 3, out);
}

bool tch_rd_u32(struct tch_reader *r, const struct tch_field *f, uint32_t *out)
{
    return read_uint(r, f, 4, out);
}

bool tch_rd_slice(struct tch_reader *r, const struct tch_field *f, size_t n,
                  struct tch_slice *out)
{
    if (n > tch_rd_left(r)) {
        return refuse(r, f);
    }
    show(r, f, n, n);
    *out = tch_slice_of(r->pos, n);
    r->pos += n;
    return true;
}

bool tch_rd_bytes(struct tch_reader *r, const struct tch_field *f,
                  uint8_t *out, size_t n)
{
    struct tch_slice s;

    if (!tch_rd_slice(r, f, n, &s)) {
        return false;
    }
    if (n != 0) {
        memcpy(out, s.p, n);
    }
    return true;
}

bool tch_rd_sub(struct tch_reader *r, const struct tch_field *f, size_t n,
                uint32_t index, struct tch_reader *out)
{
    if (n > tch_rd_left(r)) {
        return refuse(r, f);
    }
    *out = *r;
    out->end = r->pos + n;
    out->field = f;
    out->parent = r;
    out->index = index;
    r->pos += n;
    return true;
}

static bool read_vec(struct tch_reader *r, const struct tch_field *f,
                     unsigned width, size_t min, size_t max,
                     struct tch_reader *out)
{
    static const struct tch_field f_length = { "length", "5246 4.3" };
    const uint8_t *at = r->pos;
    size_t n;

    if (tch_rd_left(r) < width) {
        return refuse(r, f);
    }
    n = load(r->pos, width);
    if (n < min || n > max || n > tch_rd_left(r) - width) {
        return refuse(r, f);
    }
    r->pos += width;
    if (!tch_rd_sub(r, f, n, TCH_NO_INDEX, out)) {
        return false;
    }
    if (r->watch != NULL && r->watch->observer != NULL) {
        struct tch_reader length = *out;

        length.pos = at;
        show(&length, &f_length, width, n);
    }
    return true;
}

bool tch_rd_vec8(struct tch_reader *r, const struct tch_field *f, size_t min,
                 size_t max, struct tch_reader *out)
{
    return read_vec(r, f, 1, min, max, out);
}

bool tch_rd_vec16(struct tch_reader *r, const struct tch_field *f, size_t min,
                  size_t max, struct tch_reader *out)
{
    return read_vec(r, f, 2, min, max, out);
}

bool tch_rd_vec24(struct tch_reader *r, const struct tch_field *f, size_t min,
                  size_t max, struct tch_reader *out)
{
    return read_vec(r, f, 3, min, max, out);
}

static bool read_opaque(struct tch_reader *r, const struct tch_field *f,
                        unsigned width, size_t min, size_t max,
                        struct tch_slice *out)
{
    struct tch_reader body;

    if (!read_vec(r, f, width, min, max, &body)) {
        return false;
    }
    *out = tch_rd_rest(&body);
    if (out->len != 0) {
        body.parent = r->parent;
        body.field = r->field;
        body.index = r->index;
        show(&body, f, out->len, out->len);
    }
    return true;
}

bool tch_rd_opaque8(struct tch_reader *r, const struct tch_field *f,
                    size_t min, size_t max, struct tch_slice *out)
{
    return read_opaque(r, f, 1, min, max, out);
}

bool tch_rd_opaque16(struct tch_reader *r, const struct tch_field *f,
                     size_t min, size_t max, struct tch_slice *out)
{
    return read_opaque(r, f, 2, min, max, out);
}

bool tch_rd_opaque24(struct tch_reader *r, const struct tch_field *f,
                     size_t min, size_t max, struct tch_slice *out)
{
    return read_opaque(r, f, 3, min, max, out);
}

bool tch_rd_end(const struct tch_reader *r)
{
    return r->pos == r->end ? true : refuse(r, NULL);
}

void tch_wr_init(struct tch_writer *w, uint8_t *buf, size_t cap)
{
    w->buf = buf;
    w->cap = cap;
    w->len = 0;
    w->failed = false;
}

uint8_t *tch_wr_reserve(struct tch_writer *w, size_t n)
{
    uint8_t *p;

    if (w->failed || n > w->cap - w->len) {
        w->failed = true;
        return NULL;
    }
    p = w->buf + w->len;
    w->len += n;
    return p;
}

static void store(uint8_t *p, unsigned width, uint64_t v)
{
    for (unsigned i = 0; i < width; i++) {
        p[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
    }
}

static void write_uint(struct tch_writer *w, unsigned width, uint64_t v)
{
    uint8_t *p = tch_wr_reserve(w, width);

    if (p != NULL) {
        store(p, width, v);
    }
}

void tch_wr_u8(struct tch_writer *w, unsigned v)
{
    write_uint(w, 1, v);
}

void tch_wr_u16(struct tch_writer *w, unsigned v)
{
    write_uint(w, 2, v);
}

void tch_wr_u24(struct tch_writer *w, uint32_t v)
{
    write_uint(w, 3, v);
}

void tch_wr_u32(struct tch_writer *w, uint32_t v)
{
    write_uint(w, 4, v);
}

void tch_wr_u64(struct tch_writer *w, uint64_t v)
{
    write_uint(w, 8, v);
}

void tch_wr_bytes(struct tch_writer *w, const void *p, size_t n)
{
    uint8_t *to = tch_wr_reserve(w, n);

    if (to != NULL && n != 0) {
        memcpy(to, p, n);
    }
}

void tch_wr_slice(struct tch_writer *w, struct tch_slice s)
{
    tch_wr_bytes(w, s.p, s.len);
}

struct tch_mark tch_wr_open(struct tch_writer *w, unsigned width)
{
    struct tch_mark m = { w->len, width };

    (void)tch_wr_reserve(w, width);
    return m;
}

void tch_wr_close(struct tch_writer *w, struct tch_mark m)
{
    size_t n;

    if (w->failed) {
        return;
    }
    n = w->len - m.at - m.width;
    if (n >> (8 * m.width) != 0) {
        w->failed = true;
        return;
    }
    store(w->buf + m.at, m.width, n);
}

void tch_wr_vec(struct tch_writer *w, unsigned width, struct tch_slice s)
{
    struct tch_mark m = tch_wr_open(w, width);

    tch_wr_slice(w, s);
    tch_wr_close(w, m);
}

struct tch_slice tch_wr_done(const struct tch_writer *w)
{
    return w->failed ? tch_slice_of(NULL, 0) : tch_slice_of(w->buf, w->len);
}
