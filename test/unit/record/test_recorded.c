/*
 * Recorded connections of other implementations: every protected record must
 * open to its recorded plaintext, and sealing that plaintext again must give
 * the recorded bytes wherever the sender had no choice but the one we make
 * (the explicit IV is taken from the record).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <glob.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/glue.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/record/support_record.h"

#define WIRE_MAX (1u << 17)

/* One direction of a recording: its bytes and the two halves that read and
 * remake them. `next` counts ChangeCipherSpecs. */
struct direction {
    uint8_t wire[WIRE_MAX];
    size_t len;
    size_t pos;
    size_t next;
    struct tch_half in;
    struct tch_half out;
    struct tch_draw_source draw;
    const uint8_t *iv;
    bool any_padding; /* SSL 3.0: the sender took other bytes than we do */
};

static struct {
    struct direction client;
    struct direction server;
    size_t files;
    size_t skipped;
    size_t opened;
    size_t resealed;
} t;

/* Serves the IV of the record at hand. */
static bool recorded_iv(void *arg, const char *name, uint8_t *out, size_t n)
{
    const struct direction *d = arg;

    (void)name;
    memcpy(out, d->iv, n);
    return true;
}

static void start(struct direction *d)
{
    memset(d, 0, sizeof *d);
    d->draw.draw = recorded_iv;
    d->draw.arg = d;
    tch_half_init(&d->in, false, false, &tch_alloc_default, &d->draw, NULL);
    tch_half_init(&d->out, true, true, &tch_alloc_default, &d->draw, NULL);
}

static void stop(struct direction *d)
{
    tch_half_clear(&d->in);
    tch_half_clear(&d->out);
}

static bool rekey(struct direction *d, const struct tch_record_keys *keys)
{
    return tch_half_rekey(&d->in, keys) == TCH_OK &&
           tch_half_rekey(&d->out, keys) == TCH_OK;
}

/* Seals what was opened and compares, as far as the lengths say that the
 * sender padded as we do, and the nonce is the sequence number. */
static void reseal(struct direction *d, const uint8_t *record, size_t len,
                   const struct tch_opened *o)
{
    static uint8_t again[RECORD_ROOM];

    if (d->any_padding) {
        return;
    }
    d->iv = record + 5;
    d->out.version = (uint16_t)(record[1] << 8 | record[2]);
    d->out.seq = d->in.seq - 1;
    if (seal_apart(&d->out, o->type, o->data, o->data_len, again) == len &&
        memcmp(again + 5, record + 5, o->header_len - 5) == 0) {
        assert_memory_equal(again, record, len);
        t.resealed += tch_half_is_protected(&d->out);
    }
}

/* Opens the next record of a direction. */
static struct tch_opened step(struct direction *d)
{
    static uint8_t copy[RECORD_ROOM];
    uint8_t *record = d->wire + d->pos;
    struct tch_opened o;
    size_t len;

    assert_true(d->len - d->pos >= 5);
    len = record_len(record);
    assert_true(d->len - d->pos >= len);
    memcpy(copy, record, len);
    assert_int_equal(tch_record_open(&d->in, record, len, &o), TCH_OK);
    t.opened += tch_half_is_protected(&d->in);
    reseal(d, copy, len, &o);
    d->pos += len;
    return o;
}

static const struct json *nth(const struct json *list, size_t n)
{
    const struct json *v = list->first;

    while (n-- > 0 && v != NULL) {
        v = v->next;
    }
    assert_non_null(v);
    return v;
}

/* The keys of the n-th handshake of a recording, for one side. */
static bool take_keys(const struct json *handshake, bool client,
                      struct direction *d)
{
    const struct json *k = json_get(handshake, "keys");
    uint8_t version[2];
    uint8_t id[2];
    uint8_t bytes[3][64];
    struct tch_record_keys keys = { .suite = NULL };

    json_hex(handshake, "version", version, 2);
    json_hex(handshake, "cipher_suite_id", id, 2);
    keys.version = (uint16_t)(version[0] << 8 | version[1]);
    keys.suite = tch_suite_facts((unsigned)(id[0] << 8 | id[1]));
    keys.mac_key = tch_slice_of(
        bytes[0], json_hex(k, client ? "client_mac" : "server_mac", bytes[0],
                           64));
    keys.key = tch_slice_of(
        bytes[1], json_hex(k, client ? "client_key" : "server_key", bytes[1],
                           64));
    keys.iv = tch_slice_of(
        bytes[2], json_hex(k, client ? "client_iv" : "server_iv", bytes[2],
                           64));
    d->any_padding = keys.version == TCH_SSL3 && keys.iv.len != 0;
    return rekey(d, &keys);
}

static bool from_client(const struct json *v)
{
    return strcmp(json_text(v, "from"), "client") == 0;
}

/* Replays one file of tls-transcripts; false when a suite is not built. */
static bool replay_recording(const struct json *root)
{
    const struct json *handshakes = json_get(root, "handshakes");
    static uint8_t plain[17000];

    for (const struct json *f = json_get(root, "flows")->first; f != NULL;
         f = f->next) {
        struct direction *d = from_client(f) ? &t.client : &t.server;

        d->len += json_hex(f, "hex", d->wire + d->len, WIRE_MAX - d->len);
    }
    for (const struct json *r = json_get(root, "records")->first; r != NULL;
         r = r->next) {
        bool client = from_client(r);
        struct direction *d = client ? &t.client : &t.server;
        struct tch_opened o = step(d);
        size_t len = json_hex(r, "plaintext", plain, sizeof plain);

        assert_int_equal(o.type, json_number(r, "content_type", 0));
        if (json_get(r, "plaintext") != NULL) {
            assert_int_equal(o.data_len, len);
            assert_memory_equal(o.data, plain, len);
        }
        if (o.type == TCH_CONTENT_CHANGE_CIPHER_SPEC &&
            !take_keys(nth(handshakes, d->next++), client, d)) {
            return false;
        }
    }
    assert_int_equal(t.client.pos, t.client.len);
    assert_int_equal(t.server.pos, t.server.len);
    return true;
}

/* encrypt_then_mac in the extensions of a ServerHello (RFC 7366: 0x0016). */
static bool answers_etm(const uint8_t *hello, size_t len)
{
    size_t at = 4 + 2 + 32;

    at += 1u + hello[at] + 2 + 1;
    for (at += 2; at + 4 <= len;) {
        if (hello[at] == 0 && hello[at + 1] == 0x16) {
            return true;
        }
        at += 4u + ((size_t)hello[at + 2] << 8 | hello[at + 3]);
    }
    return false;
}

/* The key block of tls-transcripts-mbedtls, cut (dossier 4.2). */
struct cut {
    uint8_t block[512];
    size_t mac;
    size_t key;
    size_t iv;
    struct tch_suite suite;
    struct tch_record_keys keys;
};

static bool cut_keys(struct cut *c, bool client, struct direction *d)
{
    size_t side = client ? 0 : 1;

    c->keys.mac_key = tch_slice_of(c->block + side * c->mac, c->mac);
    c->keys.key =
        tch_slice_of(c->block + 2 * c->mac + side * c->key, c->key);
    c->keys.iv = tch_slice_of(
        c->block + 2 * (c->mac + c->key) + side * c->iv, c->iv);
    return rekey(d, &c->keys);
}

/* mbedTLS has the SHA-2 CBC suites in TLS 1.0 and 1.1 as well, where our table
 * does not allow them; their records are worth reading. */
static void widen(struct tch_suite *s)
{
    if (s->mac != TCH_HASH_NONE && s->first == TCH_TLS12) {
        s->first = TCH_TLS10;
    }
}

static void read_server_hello(struct cut *c, const struct tch_opened *o)
{
    const uint8_t *hello = o->data;
    size_t suite = 4 + 2 + 32 + 1 + (size_t)hello[4 + 2 + 32];

    c->keys.version = (uint16_t)(hello[4] << 8 | hello[5]);
    c->suite =
        *tch_suite_facts((unsigned)(hello[suite] << 8 | hello[suite + 1]));
    widen(&c->suite);
    c->keys.suite = &c->suite;
    c->keys.etm = answers_etm(hello, o->data_len);
}

/* Replays one file of tls-transcripts-mbedtls. It has no plaintexts; a
 * Finished shows by its header. The data is known from the program that made
 * them: "ping", and in TLS 1.0, where it splits 1/n-1 (R-REC-059) and the
 * program took the first byte for all, "ing" after it. */
static bool replay_steps(const struct json *root)
{
    struct cut c = { .mac = (size_t)json_number(root, "mac_key_len", 0),
                     .key = (size_t)json_number(root, "enc_key_len", 0),
                     .iv = (size_t)json_number(root, "iv_len", 0) };
    char said[32] = "";
    size_t len = 0;

    json_hex(root, "key_block", c.block, sizeof c.block);
    for (const struct json *s = json_get(root, "steps")->first; s != NULL;
         s = s->next) {
        bool client = from_client(s);
        struct direction *d = client ? &t.client : &t.server;
        struct tch_opened o;

        d->len += json_hex(s, "record", d->wire + d->len, WIRE_MAX - d->len);
        o = step(d);
        if (o.type == TCH_CONTENT_HANDSHAKE && o.data[0] == 2) {
            read_server_hello(&c, &o);
        } else if (o.type == TCH_CONTENT_CHANGE_CIPHER_SPEC) {
            if (!cut_keys(&c, client, d)) {
                return false;
            }
        } else if (o.type == TCH_CONTENT_HANDSHAKE &&
                   tch_half_is_protected(&d->in)) {
            assert_int_equal(o.data_len, 16);
            assert_memory_equal(o.data, "\x14\x00\x00\x0c", 4);
        } else if (o.type == TCH_CONTENT_APPLICATION_DATA) {
            assert_true(len + o.data_len < sizeof said);
            memcpy(said + len, o.data, o.data_len);
            len += o.data_len;
        }
    }
    assert_string_equal(said, c.keys.version == TCH_TLS10 ? "pinging" : "ping");
    return true;
}

/* One vector of vectors/record: a client's records under one key. */
static bool replay_vector(const struct json *v)
{
    struct cut c = { .mac = 0 };
    uint8_t bytes[3][64];
    uint8_t code[2];
    static uint8_t plain[512];

    json_hex(v, "suite", code, 2);
    c.suite = *tch_suite_facts((unsigned)(code[0] << 8 | code[1]));
    json_hex(v, "version", code, 2);
    c.keys.suite = &c.suite;
    c.keys.version = (uint16_t)(code[0] << 8 | code[1]);
    widen(&c.suite);
    c.keys.etm = json_get(v, "etm")->kind == JSON_TRUE;
    c.keys.mac_key = tch_slice_of(bytes[0],
                                  json_hex(v, "mac_key", bytes[0], 64));
    c.keys.key = tch_slice_of(bytes[1], json_hex(v, "key", bytes[1], 64));
    c.keys.iv = tch_slice_of(bytes[2], json_hex(v, "iv", bytes[2], 64));
    if (!rekey(&t.client, &c.keys)) {
        return false;
    }
    for (const struct json *r = json_get(v, "records")->first; r != NULL;
         r = r->next) {
        struct tch_opened o;
        size_t len = json_hex(r, "plaintext", plain, sizeof plain);

        t.client.len += json_hex(r, "record", t.client.wire + t.client.len,
                                 WIRE_MAX - t.client.len);
        o = step(&t.client);
        if (json_get(r, "plaintext") == NULL) {
            assert_int_equal(o.type, TCH_CONTENT_HANDSHAKE);
            assert_memory_equal(o.data, "\x14\x00\x00\x0c", 4);
        } else {
            assert_int_equal(o.data_len, len);
            assert_memory_equal(o.data, plain, len);
        }
    }
    return true;
}

static void replay_vectors(const char *path)
{
    struct json_doc doc;

    memset(&t, 0, sizeof t);
    assert_true(json_load(path, &doc));
    for (const struct json *v = json_get(doc.root, "vectors")->first;
         v != NULL; v = v->next) {
        start(&t.client);
        if (replay_vector(v)) {
            t.files++;
        } else {
            print_message("# not built: suite %s\n", json_text(v, "suite"));
            t.skipped++;
        }
        stop(&t.client);
    }
    json_free(&doc);
    print_message("# %zu kinds, %zu skipped, %zu records\n", t.files,
                  t.skipped, t.opened);
    assert_true(t.files > 0);
    assert_true(t.opened > 3 * t.files);
    assert_int_equal(t.resealed, t.opened);
}

static void records_of_mbedtls_open_and_are_made_again(void **state)
{
    (void)state;
    replay_vectors("vectors/record/mbedtls-records.json");
}

static void records_of_openssl_open_and_are_made_again(void **state)
{
    (void)state;
    replay_vectors("vectors/record/openssl-records.json");
}

static void replay_all(const char *pattern,
                       bool (*replay)(const struct json *root))
{
    glob_t found;

    memset(&t, 0, sizeof t);
    if (glob(pattern, 0, NULL, &found) != 0) {
        print_message("# %s: nothing there, skipped\n", pattern);
        skip();
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct json_doc doc;

        if (!json_load(found.gl_pathv[i], &doc)) {
            skip();
        }
        start(&t.client);
        start(&t.server);
        if (json_get(doc.root, "records") == NULL &&
            json_get(doc.root, "steps") == NULL) {
            ; /* keys.json */
        } else if (replay(doc.root)) {
            t.files++;
        } else {
            print_message("# not built: %s\n", found.gl_pathv[i]);
            t.skipped++;
        }
        stop(&t.client);
        stop(&t.server);
        json_free(&doc);
    }
    globfree(&found);
    print_message("# %zu recordings, %zu skipped, %zu records opened, "
                  "%zu made again to the byte\n",
                  t.files, t.skipped, t.opened, t.resealed);
    assert_true(t.files > 0 && t.opened > t.files);
    assert_true(t.resealed > t.files);
}

static void recordings_of_the_go_project_open(void **state)
{
    (void)state;
    replay_all("../shared/data/tls-transcripts/*.json", replay_recording);
}

static void recordings_of_mbedtls_open(void **state)
{
    (void)state;
    replay_all("../shared/data/tls-transcripts-mbedtls/*.json", replay_steps);
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_mbedtls_open_and_are_made_again),
        cmocka_unit_test(records_of_openssl_open_and_are_made_again),
        cmocka_unit_test(recordings_of_the_go_project_open),
        cmocka_unit_test(recordings_of_mbedtls_open),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
