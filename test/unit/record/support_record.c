/* See support_record.h. */

#include "test/unit/record/support_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/cipher.h"

#define MAX_KINDS 512

const uint8_t mac_key_bytes[48] = {
    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B,
    0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2, 0xA3,
    0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF,
};
const uint8_t key_bytes[32] = {
    0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A,
    0x4B, 0x4C, 0x4D, 0x4E, 0x4F, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55,
    0x56, 0x57, 0x58, 0x59, 0x5A, 0x5B, 0x5C, 0x5D, 0x5E, 0x5F,
};
const uint8_t iv_bytes[16] = {
    0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7,
    0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF,
};

const struct tch_cipher_row *cipher_of(const struct kind *k)
{
    return tch_cipher_facts(k->suite->cipher);
}

size_t mac_len_of(const struct kind *k)
{
    return tch_hash_facts(k->suite->mac)->len;
}

bool is_type(const struct kind *k, enum tch_cipher_type type)
{
    return cipher_of(k)->type == type;
}

static void name_kind(struct kind *k)
{
    snprintf(k->name, sizeof k->name, "%s %s%s%s", k->suite->name,
             tch_version_facts(k->version)->name, k->etm ? " EtM" : "",
             k->split ? " split" : "");
}

struct kind kind_of(const char *suite, unsigned version, bool etm, bool split)
{
    struct kind k = { tch_suite_named(suite), (uint16_t)version, etm, split,
                      "" };

    assert_non_null(k.suite);
    name_kind(&k);
    return k;
}

static bool same_protection(const struct kind *a, const struct kind *b)
{
    return a->suite->cipher == b->suite->cipher &&
           a->suite->mac == b->suite->mac && a->version == b->version &&
           a->etm == b->etm && a->split == b->split;
}

static void add_kind(struct kind *list, size_t *num, struct kind k)
{
    for (size_t i = 0; i < *num; i++) {
        if (same_protection(&list[i], &k)) {
            return;
        }
    }
    assert_true(*num < MAX_KINDS);
    name_kind(&k);
    list[(*num)++] = k;
}

static void add_suite(struct kind *list, size_t *num,
                      const struct tch_suite *s,
                      const struct tch_version_row *v)
{
    struct kind k = { s, v->wire, false, false, "" };

    add_kind(list, num, k);
    if (tch_cipher_facts(s->cipher)->type == TCH_TYPE_CBC) {
        k.split = v->split_cbc;
        add_kind(list, num, k);
        if (v->mac == TCH_MAC_HMAC) {
            k.etm = true;
            add_kind(list, num, k);
            k.split = false;
            add_kind(list, num, k);
        }
    }
}

static size_t make_kinds(struct kind *list)
{
    const struct tch_suite *s;
    const struct tch_version_row *v;
    size_t num = 0;

    for (size_t i = 0; (s = tch_suite_at(i)) != NULL; i++) {
        for (size_t n = 0; (v = tch_version_at(n)) != NULL; n++) {
            if (v->wire >= TCH_SSL3 && tch_suite_for(s, v->wire) &&
                tch_cipher_supported(s->cipher)) {
                add_suite(list, &num, s, v);
            }
        }
    }
    return num;
}

bool kind_at(size_t i, struct kind *out)
{
    static struct kind list[MAX_KINDS];
    static size_t num;

    if (num == 0) {
        num = make_kinds(list);
        assert_true(num > 0);
    }
    if (i >= num) {
        return false;
    }
    *out = list[i];
    return true;
}

struct tch_record_keys keys_of(const struct kind *k)
{
    const struct tch_cipher_row *row = cipher_of(k);
    struct tch_record_keys keys = {
        .suite = k->suite,
        .version = k->version,
        .etm = k->etm,
        .split = k->split,
        .mac_key = tch_slice_of(mac_key_bytes, mac_len_of(k)),
        .key = tch_slice_of(key_bytes, row->key),
    };

    if (row->type == TCH_TYPE_AEAD) {
        keys.iv = tch_slice_of(iv_bytes, row->fixed_iv);
    } else if (row->type == TCH_TYPE_CBC) {
        keys.iv = tch_slice_of(iv_bytes, row->block);
    }
    return keys;
}

static bool count(void *arg, const char *name, uint8_t *out, size_t n)
{
    struct counting_draw *d = arg;

    d->name = name;
    if (d->broken) {
        return false;
    }
    d->drawn++;
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)((d->drawn >> (8 * (i % 4))) + 7 * i);
    }
    return true;
}

void counting_draw_init(struct counting_draw *d)
{
    memset(d, 0, sizeof *d);
    d->source.draw = count;
    d->source.arg = d;
    d->source.deterministic = true;
}

void pair_init(struct pair *p, const struct kind *k)
{
    struct tch_record_keys keys = keys_of(k);

    counting_draw_init(&p->draw);
    tch_half_init(&p->out, true, true, &tch_alloc_default, &p->draw.source,
                  NULL);
    tch_half_init(&p->in, false, false, &tch_alloc_default, &p->draw.source,
                  NULL);
    assert_int_equal(tch_half_rekey(&p->out, &keys), TCH_OK);
    assert_int_equal(tch_half_rekey(&p->in, &keys), TCH_OK);
}

void pair_clear(struct pair *p)
{
    tch_half_clear(&p->out);
    tch_half_clear(&p->in);
}

const uint8_t *sample(void)
{
    static uint8_t bytes[17000];

    for (size_t i = 0; bytes[1] == 0 && i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 167 + (i >> 8) * 13 + 1);
    }
    return bytes;
}

size_t seal_block(struct tch_half *h, uint8_t type, const uint8_t *data,
                  size_t len, uint8_t *out)
{
    struct tch_record_sizes sizes = tch_half_sizes(h);
    size_t front = tch_half_header_len(h, type);
    struct tch_seal s = { .type = type,
                          .header = out,
                          .data = out + front,
                          .data_len = len,
                          .trailer = out + front + len,
                          .trailer_room = sizes.trailer };

    if (len != 0) {
        memcpy(s.data, data, len);
    }
    assert_int_equal(tch_record_seal(h, &s), TCH_OK);
    assert_int_equal(s.header_len, front);
    assert_true(s.trailer_len <= sizes.trailer);
    return s.header_len + s.data_len + s.trailer_len;
}

/* A piece of exact size: the bytes before and behind it must stay as they
 * are, and a sanitizer sees reads beyond. */
#define WALL 16u
static uint8_t *walled(size_t len)
{
    uint8_t *p = malloc(len + 2 * WALL);

    assert_non_null(p);
    memset(p, 0xEE, len + 2 * WALL);
    return p + WALL;
}

static void tear_down(uint8_t *p, size_t len, uint8_t **out)
{
    for (size_t i = 0; i < WALL; i++) {
        assert_int_equal(p[len + i], 0xEE);
        assert_int_equal(*(p - 1 - i), 0xEE);
    }
    if (len != 0) {
        memcpy(*out, p, len);
    }
    *out += len;
}

size_t seal_apart(struct tch_half *h, uint8_t type, const uint8_t *data,
                  size_t len, uint8_t *out)
{
    struct tch_record_sizes sizes = tch_half_sizes(h);
    size_t front = tch_half_header_len(h, type);
    uint8_t *start = out;
    struct tch_seal s = { .type = type,
                          .header = walled(front),
                          .data = walled(len),
                          .data_len = len,
                          .trailer = walled(sizes.trailer),
                          .trailer_room = sizes.trailer };

    if (len != 0) {
        memcpy(s.data, data, len);
    }
    assert_int_equal(tch_record_seal(h, &s), TCH_OK);
    assert_int_equal(s.header_len, front);
    tear_down(s.header, front, &out);
    tear_down(s.data, len, &out);
    tear_down(s.trailer, sizes.trailer, &out);
    free(s.header - WALL);
    free(s.data - WALL);
    free(s.trailer - WALL);
    return (size_t)(out - start) - sizes.trailer + s.trailer_len;
}

enum tch_status try_seal(struct tch_half *h, uint8_t type, size_t len)
{
    static uint8_t room[RECORD_ROOM];
    struct tch_record_sizes sizes = tch_half_sizes(h);
    struct tch_seal s = { .type = type,
                          .header = room,
                          .data = room + sizes.header,
                          .data_len = len,
                          .trailer = room + sizes.header + len,
                          .trailer_room = sizes.trailer };

    return tch_record_seal(h, &s);
}

size_t record_len(const uint8_t *p)
{
    return TCH_RECORD_HEADER_LEN + ((size_t)p[3] << 8 | p[4]);
}

size_t open_all(struct tch_half *h, uint8_t *wire, size_t len, uint8_t *out,
                size_t *num)
{
    size_t got = 0;

    *num = 0;
    while (len > 0) {
        size_t one = record_len(wire);
        struct tch_opened o;

        assert_true(one <= len);
        assert_int_equal(tch_record_open(h, wire, one, &o), TCH_OK);
        assert_int_equal(o.header_len + o.data_len + o.trailer_len, one);
        assert_ptr_equal(o.data, wire + o.header_len);
        if (o.data_len != 0) {
            memcpy(out + got, o.data, o.data_len);
        }
        got += o.data_len;
        wire += one;
        len -= one;
        (*num)++;
    }
    return got;
}

bool has_bytes(const uint8_t *where, size_t len, const void *what, size_t n)
{
    for (size_t i = 0; i + n <= len; i++) {
        if (memcmp(where + i, what, n) == 0) {
            return true;
        }
    }
    return false;
}
