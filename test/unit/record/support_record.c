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

static bool cipher_is_null(const struct kind *k)
{
    return k->suite->cipher == TCH_CIPHER_NULL;
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

bool is_built(const struct kind *k)
{
    return tch_cipher_supported(k->suite->cipher);
}

void need(const struct kind *k)
{
    if (!is_built(k)) {
        print_message("# not built: %s\n", k->suite->name);
        skip();
    }
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
        print_message("# %zu kinds of protection\n", num);
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

static void must_refuse(struct tch_half *h, uint8_t *record, size_t len,
                        const struct kind *k)
{
    struct tch_opened o;
    enum tch_status s = tch_record_open(h, record, len, &o);

    if (s != TCH_BAD_RECORD_MAC) {
        print_error("%s, %zu bytes: status %d\n", k->name, len, s);
    }
    assert_int_equal(s, TCH_BAD_RECORD_MAC);
    if (!cipher_is_null(k)) {
        assert_false(has_bytes(record, len, sample(), 8));
    }
}

/* SSL 3.0 does not cover padding (that is POODLE) nor the version, so there
 * the record is one without padding. */
static size_t length_without_padding(const struct kind *k)
{
    size_t block = cipher_of(k)->block;

    return 3 * block - mac_len_of(k) % block - 1;
}

void refuse_every_flip(const struct kind *k)
{
    bool ssl3 = k->version == TCH_SSL3;
    size_t text = ssl3 ? length_without_padding(k) : 21;
    uint8_t wire[256];

    for (size_t bit = 0; bit == 0 || bit < 8 * record_len(wire); bit++) {
        struct pair p;
        size_t len;

        if (bit / 8 == 3 || bit / 8 == 4 || (ssl3 && bit / 8 < 3 && bit >= 8)) {
            continue;
        }
        pair_init(&p, k);
        len = seal_block(&p.out, 22, sample(), text, wire);
        wire[bit / 8] ^= (uint8_t)(1u << bit % 8);
        must_refuse(&p.in, wire, len, k);
        pair_clear(&p);
    }
}

void refuse_replay_and_reorder(const struct kind *k)
{
    uint8_t first[256];
    uint8_t second[256];
    uint8_t copy[256];
    uint8_t text[64];
    struct pair p;
    size_t num;
    size_t len;

    pair_init(&p, k);
    len = seal_block(&p.out, 22, sample(), 40, first);
    memcpy(copy, first, len);
    assert_int_equal(open_all(&p.in, first, len, text, &num), 40);
    must_refuse(&p.in, copy, len, k);
    pair_clear(&p);

    pair_init(&p, k);
    seal_block(&p.out, 22, sample(), 40, first);
    len = seal_block(&p.out, 22, sample(), 40, second);
    must_refuse(&p.in, second, len, k);
    pair_clear(&p);
}

void refuse_every_cut(const struct kind *k)
{
    uint8_t wire[256];
    size_t whole = 256;

    for (size_t len = TCH_RECORD_HEADER_LEN; len < whole; len++) {
        struct pair p;

        pair_init(&p, k);
        whole = seal_block(&p.out, 22, sample(), 21, wire);
        wire[3] = (uint8_t)((len - TCH_RECORD_HEADER_LEN) >> 8);
        wire[4] = (uint8_t)(len - TCH_RECORD_HEADER_LEN);
        must_refuse(&p.in, wire, len, k);
        pair_clear(&p);
    }
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
