/*
 * Records that come in: judging a header before its body is there, and
 * opening a whole record in place.
 *
 * The header is judged in the order type, version, length (R-REC-001). The
 * first record of a connection is special: what stands there may be no TLS at
 * all, and then the kindest answer depends on what it looks like (R-REC-009).
 *
 * RFC 5246 6.2, E.1; dossier 2.1 to 2.4.
 */

#include "record/record.h"

#include "engine/base/bytes.h"
#include "engine/base/wipe.h"
#include "record/observe.h"
#include "record/protect.h"

#define MAJOR 3u

TCH_FIELD(record, "5246 6.2.1");
TCH_FIELD(type, "5246 6.2.1");
TCH_FIELD(version, "5246 6.2.1");
TCH_FIELD(length, "5246 6.2.1");

static bool known_type(uint8_t type)
{
    return type >= TCH_CONTENT_CHANGE_CIPHER_SPEC &&
           type <= TCH_CONTENT_APPLICATION_DATA;
}

/* Something a person or a text protocol would send: "GET ", "EHLO", "\r\n". */
static bool text_byte(unsigned c)
{
    return (c >= 0x20 && c <= 0x7E) || c == '\t' || c == '\r' || c == '\n';
}

static enum tch_status not_tls(const struct tch_record_header *h,
                               enum tch_alert *alert)
{
    unsigned major = h->version >> 8;

    if (text_byte(h->type) && text_byte(major)) {
        *alert = TCH_ALERT_NONE;
    } else if (!known_type(h->type) && major == MAJOR) {
        *alert = TCH_ALERT_UNEXPECTED_MESSAGE;
    } else {
        *alert = TCH_ALERT_PROTOCOL_VERSION;
    }
    return TCH_NOT_TLS;
}

static enum tch_status judge(const struct tch_record_header *h,
                             const struct tch_frame_rules *rules,
                             enum tch_alert *alert)
{
    enum tch_status s = TCH_OK;

    if (!known_type(h->type)) {
        if (rules->first) {
            return not_tls(h, alert);
        }
        s = TCH_UNEXPECTED_MESSAGE; /* R-REC-011 */
    } else if (h->version >> 8 != MAJOR) {
        return not_tls(h, alert); /* R-REC-010 */
    } else if (rules->version != 0 && h->version != rules->version) {
        s = TCH_WRONG_RECORD_VERSION; /* R-REC-008 */
    } else if (h->length > rules->limit) {
        s = TCH_RECORD_OVERFLOW; /* R-REC-002 */
    }
    *alert = tch_status_alert(s);
    return s;
}

enum tch_status tch_record_frame(struct tch_slice in,
                                 const struct tch_frame_rules *rules,
                                 struct tch_record_header *out,
                                 size_t *missing, enum tch_alert *alert)
{
    struct tch_reader r;
    enum tch_status s;

    *missing = 0;
    *alert = TCH_ALERT_NONE;
    tch_rd_init(&r, in, &f_record, NULL);
    if (!tch_rd_u8(&r, &f_type, &out->type) ||
        !tch_rd_u16(&r, &f_version, &out->version) ||
        !tch_rd_u16(&r, &f_length, &out->length)) {
        *missing = TCH_RECORD_HEADER_LEN - in.len;
        return TCH_WANT_INPUT;
    }
    s = judge(out, rules, alert);
    if (s == TCH_OK && tch_rd_left(&r) < out->length) {
        *missing = out->length - tch_rd_left(&r);
        s = TCH_WANT_INPUT;
    }
    return s;
}

enum tch_status tch_record_open(struct tch_half *h, uint8_t *record,
                                size_t len, struct tch_opened *out)
{
    struct tch_piece p = { 0 };
    enum tch_status s;

    if (len < TCH_RECORD_HEADER_LEN ||
        len - TCH_RECORD_HEADER_LEN != tch_get_u16(record + 3)) {
        return TCH_BAD_ARGUMENT;
    }
    if (h->seq == UINT64_MAX) {
        return TCH_BAD_STATE; /* R-REC-032 */
    }
    tch_observe_record(h, TCH_EV_RECORD_IN, tch_slice_of(record, len));
    p.observer = h->observer;
    p.seq = h->seq;
    p.type = record[0];
    p.version = tch_get_u16(record + 1);
    p.data = record + TCH_RECORD_HEADER_LEN;
    p.len = len - TCH_RECORD_HEADER_LEN;
    s = h->protect->open(h->state, &p);
    if (s != TCH_OK) {
        return s;
    }
    h->seq++;
    if (p.len > h->limit) {
        tch_wipe(p.data, p.len);
        return TCH_RECORD_OVERFLOW; /* R-REC-003, R-REC-091, R-REC-094 */
    }
    out->type = p.type;
    out->data = p.data;
    out->data_len = p.len;
    out->header_len = (size_t)(p.data - record);
    out->trailer_len = len - out->header_len - p.len;
    return TCH_OK;
}
