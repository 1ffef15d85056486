/*
 * Records that go out: one call makes one record of application data, or two
 * where 1/n-1 splitting applies.
 *
 * A record is three segments of the caller that need not touch: header, data,
 * trailer. Data is encrypted where it lies. Splitting (R-REC-058, against
 * BEAST) would move every byte after the first, if it were done naively; here
 * the header segment holds the whole first record and four bytes of the second
 * record's header, and the fifth takes the place in data that the first
 * plaintext byte has left (contract 9.1):
 *
 *     header segment                          data        trailer
 *     [hdr1 | E(byte 0 + MAC + pad) | hdr2..] [.hdr2 | E( bytes 1.. | MAC+pad)]
 *
 * One byte of data gives a second record without any, and no data at all two
 * empty records: the header segment is always filled exactly, as a caller with
 * one contiguous block relies on.
 *
 * RFC 5246 6.2; dossier 2.2, 2.4, 2.6.
 */

#include "record/record.h"

#include "engine/base/bytes.h"
#include "engine/base/wipe.h"
#include "record/observe.h"
#include "record/protect.h"

static uint64_t volume_of(const struct tch_protect_facts *f, size_t len)
{
    return (len + f->volume_extra) / f->block;
}

/* What sealing will cost, asked before anything is written. */
static enum tch_status check_room(const struct tch_half *h,
                                  const struct tch_seal *s,
                                  const struct tch_protect_facts *f, bool split)
{
    uint64_t records = split ? 2 : 1;
    uint64_t volume = volume_of(f, s->data_len);

    if (s->data_len > h->limit ||
        f->explicit_len + s->data_len + f->trailer > UINT16_MAX) {
        return TCH_MESSAGE_TOO_LONG; /* R-REC-004 */
    }
    if (s->trailer_room < f->trailer) {
        return TCH_BUFFER_TOO_SMALL;
    }
    if (UINT64_MAX - h->seq < records) {
        return TCH_VOLUME_LIMIT; /* R-REC-032 */
    }
    if (split) {
        volume += volume_of(f, 1);
    }
    if (h->volume_limit && f->volume_max != 0 &&
        s->type == TCH_CONTENT_APPLICATION_DATA &&
        h->volume + volume > f->volume_max) {
        return TCH_VOLUME_LIMIT; /* R-REC-036 */
    }
    return TCH_OK;
}

/* Protects one record; `header` receives its five bytes. */
static void seal_one(struct tch_half *h, const struct tch_protect_facts *f,
                     uint8_t *header, struct tch_piece *p)
{
    p->observer = h->observer;
    p->seq = h->seq;
    p->version = h->version;
    h->protect->seal(h->state, p);
    header[0] = p->type;
    tch_put_u16(header + 1, h->version);
    tch_put_u16(header + 3,
                (unsigned)(f->explicit_len + p->len + p->tail_len));
    h->volume += volume_of(f, p->len);
}

static void seal_whole(struct tch_half *h, struct tch_seal *s,
                       const struct tch_protect_facts *f, const uint8_t *iv)
{
    struct tch_piece p = {
        .type = s->type,
        .iv = iv,
        .head = s->header + TCH_RECORD_HEADER_LEN,
        /* No data still has a place: libraries below dislike NULL. */
        .data = s->data_len > 0 ? s->data : s->trailer,
        .len = s->data_len,
        .tail = s->trailer,
    };
    struct tch_slice parts[3];

    seal_one(h, f, s->header, &p);
    s->header_len = TCH_RECORD_HEADER_LEN + f->explicit_len;
    s->trailer_len = p.tail_len;
    parts[0] = tch_slice_of(s->header, s->header_len);
    parts[1] = tch_slice_of(s->data, s->data_len);
    parts[2] = tch_slice_of(s->trailer, s->trailer_len);
    tch_observe_parts(h, TCH_EV_RECORD_OUT, parts, 3);
    h->seq++;
}

/* The record of the first byte, whole in the header segment. */
static void seal_first(struct tch_half *h, const struct tch_seal *s,
                       const struct tch_protect_facts *f)
{
    uint8_t *byte = s->header + TCH_RECORD_HEADER_LEN;
    struct tch_piece p = { .type = s->type, .data = byte };

    if (s->data_len > 0) {
        *byte = s->data[0];
        p.len = 1;
    }
    p.tail = byte + p.len;
    seal_one(h, f, s->header, &p);
    tch_observe_record(h, TCH_EV_RECORD_OUT,
                       tch_slice_of(s->header, f->split));
    h->seq++;
}

/* The record of the rest: `last` is where its header's fifth byte goes. */
static void seal_rest(struct tch_half *h, struct tch_seal *s,
                      const struct tch_protect_facts *f)
{
    uint8_t *last = s->data_len > 0 ? s->data : s->trailer;
    uint8_t header[TCH_RECORD_HEADER_LEN];
    struct tch_piece p = { .type = s->type, .data = last + 1 };
    struct tch_slice parts[3];

    if (s->data_len > 0) {
        p.len = s->data_len - 1;
        p.tail = s->trailer;
    } else {
        p.tail = last + 1;
    }
    seal_one(h, f, header, &p);
    for (size_t i = 0; i < TCH_RECORD_HEADER_LEN - 1; i++) {
        s->header[f->split + i] = header[i];
    }
    *last = header[TCH_RECORD_HEADER_LEN - 1];
    s->header_len = f->split + TCH_RECORD_HEADER_LEN - 1;
    s->trailer_len = p.tail_len + (s->data_len > 0 ? 0 : 1);
    parts[0] = tch_slice_of(s->header + f->split, TCH_RECORD_HEADER_LEN - 1);
    parts[1] = tch_slice_of(s->data, s->data_len);
    parts[2] = tch_slice_of(s->trailer, s->trailer_len);
    tch_observe_parts(h, TCH_EV_RECORD_OUT, parts, 3);
    h->seq++;
}

enum tch_status tch_record_seal(struct tch_half *h, struct tch_seal *s)
{
    const struct tch_protect_facts *f = h->protect->facts(h->state);
    bool split = f->split != 0 && s->type == TCH_CONTENT_APPLICATION_DATA;
    uint8_t iv[TCH_IV_MAX];
    enum tch_status status = check_room(h, s, f, split);

    if (status != TCH_OK) {
        return status;
    }
    if (f->random_iv &&
        !tch_draw(h->draw,
                  h->client_side ? "client.record.iv" : "server.record.iv", iv,
                  f->explicit_len)) {
        return TCH_NO_RANDOM;
    }
    if (split) {
        seal_first(h, s, f);
        seal_rest(h, s, f);
    } else {
        seal_whole(h, s, f, iv);
    }
    return TCH_OK;
}
