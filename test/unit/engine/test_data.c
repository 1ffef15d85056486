/*
 * Application data: sizes (contract 9.1), sealing in pieces (9.2), lengths at
 * the borders, the volume limit (R-REC-036), and one thread sealing while
 * another opens (contract 2.4).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "test/support/pair.h"

static struct pair p;

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

static void open_with(uint16_t suite, bool etm)
{
    pair_configs(&p, "server-rsa2048");
    assert_int_equal(tch_config_set_suites(p.client_cfg, &suite, 1), TCH_OK);
    assert_int_equal(tch_config_set_suites(p.server_cfg, &suite, 1), TCH_OK);
    assert_int_equal(tch_config_set_encrypt_then_mac(p.client_cfg, etm),
                     TCH_OK);
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
}

/* RFC 5246 6.2.3: header 5, explicit part, then data, then MAC, padding or
 * tag; trailer is the most that can follow. */
static void sizes_are_those_of_the_records_9_1(void **state)
{
    static const struct {
        uint16_t suite;
        bool etm;
        size_t header, trailer, block;
    } rows[] = {
        { 0xC02F, true, 13, 16, 16 },      /* GCM: nonce 8, tag 16 */
        { 0xCCA8, true, 5, 16, 1 },        /* ChaCha20: tag 16 */
        { 0xC013, false, 21, 20 + 16, 16 }, /* CBC, SHA-1: IV 16 */
        { 0xC027, false, 21, 32 + 16, 16 },
        { 0xC027, true, 21, 32 + 16, 16 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tch_sizes s;

        open_with(rows[i].suite, rows[i].etm);
        assert_int_equal(tch_conn_sizes(p.client, &s), TCH_OK);
        assert_int_equal(s.header, rows[i].header);
        assert_int_equal(s.trailer, rows[i].trailer);
        assert_int_equal(s.block, rows[i].block);
        assert_int_equal(s.message, 16384);
        pair_free(&p);
    }
}

static void data_of_every_length_arrives(void **state)
{
    static uint8_t data[16384];
    static const uint16_t suites[] = { 0xC02F, 0xC027, 0xCCA8 };

    (void)state;
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 7);
    }
    for (size_t i = 0; i < 3; i++) {
        open_with(suites[i], true);
        for (size_t len = 0; len <= 16384; len += len < 300 ? 1 : 1609) {
            assert_true(send_data(p.client, p.server, data, len));
        }
        assert_true(send_data(p.server, p.client, data, 16384));
        pair_free(&p);
    }
}

static struct tch_buf parts[4];
static uint8_t header[64], trailer[64], data[20000];

static enum tch_status seal_parts(struct tch_conn *c, size_t h, size_t d,
                                  size_t t)
{
    struct tch_buf_desc desc = { parts, 4 };

    parts[0] = (struct tch_buf){ TCH_BUF_HEADER, header, h };
    parts[1] = (struct tch_buf){ TCH_BUF_DATA, data, d };
    parts[2] = (struct tch_buf){ TCH_BUF_TRAILER, trailer, t };
    parts[3] = (struct tch_buf){ TCH_BUF_EMPTY, NULL, 0 };
    return tch_seal(c, &desc);
}

static void pieces_that_do_not_touch_make_one_record_9_2(void **state)
{
    static const uint16_t suites[] = { 0xC02F, 0xC027, 0xCCA8 };
    uint8_t record[200];
    struct tch_slice got;
    size_t used;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct tch_sizes s;

        open_with(suites[i], true);
        assert_int_equal(tch_conn_sizes(p.client, &s), TCH_OK);
        memcpy(data, "in three pieces", 15);
        is(seal_parts(p.client, s.header, 15, s.trailer), "OK");
        memcpy(record, header, parts[0].len);
        memcpy(record + parts[0].len, data, 15);
        memcpy(record + parts[0].len + 15, trailer, parts[2].len);
        used = parts[0].len + 15 + parts[2].len;
        assert_int_equal(used, 5u + record[3] * 256u + record[4]);
        is(tch_open_record(p.server, record, used, &used, &got, NULL), "OK");
        assert_int_equal(got.len, 15);
        assert_memory_equal(got.p, "in three pieces", 15);
        pair_free(&p);
    }
}

static void sealing_refuses_what_does_not_fit(void **state)
{
    struct tch_buf_desc desc = { parts, 4 };
    struct tch_sizes s;

    (void)state;
    open_with(0xC02F, true);
    assert_int_equal(tch_conn_sizes(p.client, &s), TCH_OK);
    is(seal_parts(p.client, s.header - 1, 5, s.trailer), "BUFFER_TOO_SMALL");
    is(seal_parts(p.client, s.header, 5, s.trailer - 1), "BUFFER_TOO_SMALL");
    is(seal_parts(p.client, s.header, 16385, s.trailer), "MESSAGE_TOO_LONG");
    is(tch_seal(p.client, NULL), "BAD_ARGUMENT");
    parts[2].kind = TCH_BUF_OTHER;
    is(tch_seal(p.client, &desc), "BAD_ARGUMENT");
    parts[2].kind = TCH_BUF_DATA;
    is(tch_seal(p.client, &desc), "BAD_ARGUMENT");
    /* nothing was sealed: the peer still follows the sequence */
    assert_true(send_data(p.client, p.server, "ping", 4));
    pair_free(&p);
}

static void a_sealed_alert_is_an_alert_8_2(void **state)
{
    struct tch_buf_desc desc = { parts, 4 };
    uint8_t record[100];
    struct tch_slice got;
    size_t used;
    size_t len;

    (void)state;
    open_with(0xC02F, true);
    data[0] = 1;
    data[1] = TCH_ALERT_CLOSE_NOTIFY;
    parts[0] = (struct tch_buf){ TCH_BUF_HEADER, header, 13 };
    parts[1] = (struct tch_buf){ TCH_BUF_DATA, data, 3 };
    parts[2] = (struct tch_buf){ TCH_BUF_TRAILER, trailer, 16 };
    parts[3] = (struct tch_buf){ TCH_BUF_EMPTY, NULL, 0 };
    is(tch_seal_alert(p.client, &desc), "BAD_ARGUMENT");
    parts[1].len = 2;
    is(tch_seal_alert(p.client, &desc), "OK");
    memcpy(record, header, 13);
    memcpy(record + 13, data, 2);
    memcpy(record + 15, trailer, 16);
    len = 31;
    is(tch_open_record(p.server, record, len, &used, &got, NULL), "CLOSED");
    pair_free(&p);
}

/* R-REC-036, the count set by hand to just below 2^24 full-size records: of
 * 1024 blocks of data, and a block for the tag's mask and the like. */
#define FULL_RECORD 1025u

static void the_volume_limit_ends_sealing_R_REC_036(void **state)
{
    uint8_t buf[200];
    struct tch_slice record;
    struct tch_sizes s;
    size_t sealed = 0;
    enum tch_status status;
    static struct pipe_end pipe;

    (void)state;
    open_with(0xC02F, true);
    assert_int_equal(tch_conn_sizes(p.client, &s), TCH_OK);
    p.client->write.volume = ((uint64_t)1 << 24) * FULL_RECORD - 100;
    do {
        memset(buf + s.header, 'x', 16);
        status = tch_seal_record(p.client, buf, 16, &record);
        sealed += status == TCH_OK;
    } while (status == TCH_OK && sealed < 1000);
    is(status, "VOLUME_LIMIT");
    assert_true(sealed > 0);
    is(tch_seal_record(p.client, buf, 16, &record), "SHUT_DOWN");
    assert_true(tch_conn_shut_down(p.client));
    pipe.len = 0;
    flush(p.client, &pipe);
    assert_true(pipe.len > 0); /* close_notify */
    assert_int_equal(pipe.bytes[0], 21);
    pair_free(&p);
}

static void the_volume_limit_can_be_switched_off_R_REC_036(void **state)
{
    (void)state;
    pair_configs(&p, "server-rsa2048");
    assert_int_equal(tch_config_set_volume_limit(p.client_cfg, false),
                     TCH_OK);
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    p.client->write.volume = ((uint64_t)1 << 24) * FULL_RECORD;
    assert_true(send_data(p.client, p.server, "ping", 4));
    pair_free(&p);
}

/* Each broken byte of a record: bad_record_mac, and the connection is dead. */
static void every_changed_byte_is_noticed_R_REC_043(void **state)
{
    uint8_t record[100];
    struct tch_slice got;
    size_t used;
    size_t len = 1;

    (void)state;
    for (size_t i = 5; i < len + 5; i++) {
        open_with(0xC027, true);
        len = seal_bytes(p.client, "ping", 4, record) - 5;
        if (i < len + 5) {
            record[i] ^= 0x40;
            is(tch_open_record(p.server, record, len + 5, &used, &got, NULL),
               "BAD_RECORD_MAC");
            assert_int_equal(tch_conn_state(p.server), TCH_STATE_DEAD);
            is(tch_open_record(p.server, record, len + 5, &used, &got, NULL),
               "DEAD");
        }
        pair_free(&p);
    }
}

/* ---- two threads ---- */

#define RECORDS 3000u

static uint8_t (*stream)[64];
static size_t lens[RECORDS];
static bool sealed_all;

static void *seal_many(void *arg)
{
    struct tch_sizes s;
    struct tch_slice record;

    (void)tch_conn_sizes(arg, &s);
    for (unsigned i = 0; i < RECORDS; i++) {
        memset(stream[i] + s.header, (int)i & 0xff, 20);
        if (tch_seal_record(arg, stream[i], 20, &record) != TCH_OK) {
            return NULL;
        }
        lens[i] = record.len;
    }
    sealed_all = true;
    return NULL;
}

/* While the client seals, it opens what the server had sealed before. */
static void one_thread_seals_while_another_opens_2_4(void **state)
{
    static uint8_t from_server[RECORDS][64];
    static size_t server_lens[RECORDS];
    pthread_t thread;
    struct tch_slice got;
    struct tch_sizes s;
    size_t used;

    (void)state;
    open_with(0xC02F, true);
    assert_int_equal(tch_conn_sizes(p.server, &s), TCH_OK);
    for (unsigned i = 0; i < RECORDS; i++) {
        server_lens[i] = seal_bytes(p.server, "from the server", 15,
                                    from_server[i]);
    }
    stream = calloc(RECORDS, sizeof *stream);
    assert_non_null(stream);
    sealed_all = false;
    assert_int_equal(pthread_create(&thread, NULL, seal_many, p.client), 0);
    for (unsigned i = 0; i < RECORDS; i++) {
        is(tch_open_record(p.client, from_server[i], server_lens[i], &used,
                           &got, NULL),
           "OK");
        assert_int_equal(got.len, 15);
    }
    pthread_join(thread, NULL);
    assert_true(sealed_all);
    for (unsigned i = 0; i < RECORDS; i++) {
        is(tch_open_record(p.server, stream[i], lens[i], &used, &got, NULL),
           "OK");
        assert_int_equal(got.p[0], i & 0xff);
    }
    free(stream);
    pair_free(&p);
}

/* Handshakes of many connections at once on one configuration. */
static void *many_handshakes(void *arg)
{
    struct pair *q = calloc(1, sizeof *q);
    const struct pair *of = arg;
    bool *good = malloc(sizeof *good);

    *good = true;
    q->client_cfg = tch_config_ref(of->client_cfg);
    q->server_cfg = tch_config_ref(of->server_cfg);
    for (int i = 0; i < 20 && *good; i++) {
        pair_connect(q);
        *good = run(q, SIZE_MAX) && send_data(q->client, q->server, "x", 1);
        pair_disconnect(q);
    }
    pair_free(q);
    free(q);
    return good;
}

static void threads_share_a_configuration_2_4(void **state)
{
    pthread_t threads[3];

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p); /* freezes both */
    assert_true(run(&p, SIZE_MAX));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(
            pthread_create(&threads[i], NULL, many_handshakes, &p), 0);
    }
    for (size_t i = 0; i < 3; i++) {
        void *good = NULL;

        pthread_join(threads[i], &good);
        assert_true(*(bool *)good);
        free(good);
    }
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_those_of_the_records_9_1),
        cmocka_unit_test(data_of_every_length_arrives),
        cmocka_unit_test(pieces_that_do_not_touch_make_one_record_9_2),
        cmocka_unit_test(sealing_refuses_what_does_not_fit),
        cmocka_unit_test(a_sealed_alert_is_an_alert_8_2),
        cmocka_unit_test(the_volume_limit_ends_sealing_R_REC_036),
        cmocka_unit_test(the_volume_limit_can_be_switched_off_R_REC_036),
        cmocka_unit_test(every_changed_byte_is_noticed_R_REC_043),
        cmocka_unit_test(one_thread_seals_while_another_opens_2_4),
        cmocka_unit_test(threads_share_a_configuration_2_4),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
