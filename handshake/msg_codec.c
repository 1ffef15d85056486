/*
 * The parts that several messages have in common, and the lists that a parsed
 * struct hands out. Presentation language: RFC 5246, section 4.3.
 *
 * The walkers of certificate and ALPN lists run on lists whose lengths were
 * checked by a parser; they read through the reader all the same and end at
 * the first thing that does not fit.
 */

#include "handshake/msg_codec.h"

#include <string.h>

TCH_FIELD(random, "5246 7.4.1.2");
TCH_FIELD(gmt_unix_time, "5246 7.4.1.2");
TCH_FIELD(random_bytes, "5246 7.4.1.2");
TCH_FIELD(asn1_cert, "5246 7.4.2");
TCH_FIELD(protocol_name, "7301 3.1");

bool tch_read_list_u16(struct tch_reader *r, const struct tch_field *list,
                       const struct tch_field *item, size_t min, size_t max,
                       struct tch_slice *out)
{
    struct tch_reader items;
    uint16_t value;

    if (!tch_rd_vec16(r, list, min, max, &items)) {
        return false;
    }
    *out = tch_rd_rest(&items);
    for (items.index = 0; tch_rd_left(&items) != 0; items.index++) {
        if (!tch_rd_u16(&items, item, &value)) {
            return false;
        }
    }
    return true;
}

bool tch_read_list_u8(struct tch_reader *r, const struct tch_field *list,
                      const struct tch_field *item, size_t min, size_t max,
                      struct tch_slice *out)
{
    struct tch_reader items;
    uint8_t value;

    if (!tch_rd_vec8(r, list, min, max, &items)) {
        return false;
    }
    *out = tch_rd_rest(&items);
    for (items.index = 0; tch_rd_left(&items) != 0; items.index++) {
        if (!tch_rd_u8(&items, item, &value)) {
            return false;
        }
    }
    return true;
}

bool tch_read_random(struct tch_reader *r, uint8_t *out)
{
    struct tch_reader random;
    struct tch_slice random_bytes;
    uint32_t gmt_unix_time;

    if (!tch_rd_sub(r, &f_random, TCH_RANDOM_LEN, TCH_NO_INDEX, &random)) {
        return false;
    }
    memcpy(out, tch_rd_rest(&random).p, TCH_RANDOM_LEN);
    return tch_rd_u32(&random, &f_gmt_unix_time, &gmt_unix_time) &&
           tch_rd_slice(&random, &f_random_bytes, TCH_RANDOM_LEN - 4,
                        &random_bytes);
}

void tch_write_vec(struct tch_writer *w, unsigned width, size_t min,
                   size_t max, struct tch_slice s)
{
    if (s.len < min || s.len > max) {
        w->failed = true;
        return;
    }
    tch_wr_vec(w, width, s);
}

void tch_write_list_u16(struct tch_writer *w, size_t min,
                        struct tch_slice list)
{
    if (list.len % 2 != 0) {
        w->failed = true;
        return;
    }
    tch_write_vec(w, 2, min, TCH_LIST16_MAX, list);
}

uint16_t tch_list_u16(struct tch_slice list, size_t i)
{
    return tch_get_u16(list.p + 2 * i);
}

bool tch_list_has_u16(struct tch_slice list, unsigned value)
{
    for (size_t i = 0; i < list.len / 2; i++) {
        if (tch_list_u16(list, i) == value) {
            return true;
        }
    }
    return false;
}

bool tch_list_has_u8(struct tch_slice list, unsigned value)
{
    for (size_t i = 0; i < list.len; i++) {
        if (list.p[i] == value) {
            return true;
        }
    }
    return false;
}

bool tch_certificate_next(struct tch_slice *list, struct tch_slice *der)
{
    struct tch_reader r;

    tch_rd_init(&r, *list, &f_asn1_cert, NULL);
    if (!tch_rd_opaque24(&r, &f_asn1_cert, 1, TCH_VEC24_MAX, der)) {
        return false;
    }
    *list = tch_rd_rest(&r);
    return true;
}

bool tch_alpn_next(struct tch_slice *list, struct tch_slice *name)
{
    struct tch_reader r;

    tch_rd_init(&r, *list, &f_protocol_name, NULL);
    if (!tch_rd_opaque8(&r, &f_protocol_name, 1, TCH_VEC8_MAX, name)) {
        return false;
    }
    *list = tch_rd_rest(&r);
    return true;
}
