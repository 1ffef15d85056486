/*
 * Records on an open connection, through tch_open_record: alerts, floods,
 * requests for a renegotiation, and how a connection ends. (The same records
 * during handshakes: test/hostile/.)
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "test/support/pair.h"

static struct pair p;

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

static void open_pair(void)
{
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
}

/* A record of any type, made by one side's write half. */
static enum tch_status pass(struct tch_conn *from, struct tch_conn *to,
                            unsigned type, const void *bytes, size_t len)
{
    struct tch_record_sizes sizes = tch_half_sizes(&from->write);
    uint8_t record[300];
    struct tch_seal s;
    struct tch_slice got;
    size_t used;

    memset(&s, 0, sizeof s);
    s.type = (uint8_t)type;
    s.header = record;
    s.data = record + sizes.header;
    s.data_len = len;
    s.trailer = s.data + len;
    s.trailer_room = sizes.trailer;
    if (len != 0) {
        memcpy(s.data, bytes, len);
    }
    assert_int_equal(tch_record_seal(&from->write, &s), TCH_OK);
    return tch_open_record(to, record, s.header_len + len + s.trailer_len,
                           &used, &got, NULL);
}

#define WARNING(d) 21, "\1" d, 2

static void four_warnings_are_survived_and_the_fifth_not_R_ALR_012(
    void **state)
{
    (void)state;
    open_pair();
    for (int i = 0; i < 4; i++) {
        is(pass(p.server, p.client, WARNING("\x5a")), "OK");
    }
    is(pass(p.server, p.client, 23, "x", 1), "OK");
    for (int i = 0; i < 4; i++) {
        is(pass(p.server, p.client, WARNING("\x5a")), "OK");
        is(pass(p.server, p.client, 23, "", 0), "OK"); /* does not count */
    }
    is(pass(p.server, p.client, WARNING("\x5a")), "TOO_MANY_WARNINGS");
    assert_int_equal(tch_conn_state(p.client), TCH_STATE_DEAD);
    assert_int_equal(tch_conn_failure(p.client)->alert,
                     TCH_ALERT_UNEXPECTED_MESSAGE);
    assert_true(tch_pending(p.client).len > 0);
    pair_free(&p);
}

static void the_33rd_empty_record_is_too_many_R_REC_016(void **state)
{
    (void)state;
    open_pair();
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 32; i++) {
            is(pass(p.server, p.client, 23, "", 0), "OK");
        }
        if (round == 0) {
            is(pass(p.server, p.client, 23, "x", 1), "OK");
        }
    }
    is(pass(p.server, p.client, WARNING("\x5a")), "OK");
    is(pass(p.server, p.client, 23, "", 0), "TOO_MANY_EMPTY_RECORDS");
    pair_free(&p);
}

static void a_fatal_alert_is_told_and_not_answered_R_ALR_018(void **state)
{
    const struct tch_failure *f;

    (void)state;
    open_pair();
    is(pass(p.server, p.client, 21, "\2\x50", 2), "PEER_ALERT");
    f = tch_conn_failure(p.client);
    assert_int_equal(f->alert, 80);
    assert_int_equal(f->side, TCH_SIDE_PEERS);
    assert_int_equal(tch_pending(p.client).len, 0);
    is(pass(p.server, p.client, 23, "x", 1), "DEAD");
    pair_free(&p);
}

static void malformed_alerts_are_refused_R_REC_025_R_ALR_002(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *status;
        int alert;
    } rows[] = {
        { "", 0, "UNEXPECTED_MESSAGE", 10 },
        { "\1", 1, "DECODE_ERROR", 50 },
        { "\1\x5a\1", 3, "DECODE_ERROR", 50 },
        { "\1\x5a\1\x5a", 4, "DECODE_ERROR", 50 },
        { "\3\x5a", 2, "ILLEGAL_PARAMETER", 47 },
        { "\0\x5a", 2, "ILLEGAL_PARAMETER", 47 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        open_pair();
        is(pass(p.server, p.client, 21, rows[i].bytes, rows[i].len),
           rows[i].status);
        assert_int_equal(tch_conn_failure(p.client)->alert, rows[i].alert);
        assert_int_equal(tch_conn_failure(p.client)->side, TCH_SIDE_OURS);
        pair_free(&p);
    }
}

/* A HelloRequest in four pieces is one request (R-REC-021). */
static void a_hello_request_may_come_in_pieces(void **state)
{
    (void)state;
    open_pair();
    for (int i = 0; i < 3; i++) {
        is(pass(p.server, p.client, 22, "", 1), "OK");
    }
    is(pass(p.server, p.client, 22, "", 1), "RENEGOTIATE");
    assert_int_equal(tch_conn_state(p.client), TCH_STATE_ASKED);
    pair_free(&p);
}

static void other_messages_are_out_of_place_R_HS_073(void **state)
{
    (void)state;
    for (unsigned type = 1; type < 256; type++) {
        uint8_t message[4] = { (uint8_t)type, 0, 0, 0 };

        if (type > 24 && type % 37 != 0) {
            continue;
        }
        open_pair();
        is(pass(p.server, p.client, 22, message, 4), "UNEXPECTED_MESSAGE");
        pair_free(&p);
        if (type != 1) {
            open_pair();
            is(pass(p.client, p.server, 22, message, 4),
               "UNEXPECTED_MESSAGE");
            pair_free(&p);
        }
    }
}

static void change_cipher_spec_is_out_of_place_R_HS_080(void **state)
{
    (void)state;
    open_pair();
    is(pass(p.server, p.client, 20, "\1", 1), "UNEXPECTED_MESSAGE");
    pair_free(&p);
}

/* R-HS-078: the fourth within a minute is refused; a minute later not. */
static uint64_t now_ms;

static uint64_t test_now(void *arg)
{
    (void)arg;
    return now_ms;
}

static enum tch_status ask(void)
{
    static struct pipe_end pipe;
    struct tch_slice got;
    size_t used;

    is(tch_renegotiate(p.client), "CONTINUE");
    pipe.len = 0;
    flush(p.client, &pipe);
    return tch_open_record(p.server, pipe.bytes, pipe.len, &used, &got, NULL);
}

static void three_renegotiations_a_minute_R_HS_078(void **state)
{
    struct tch_clock clock = { test_now, NULL };

    (void)state;
    now_ms = 1800000000000u;
    pair_configs(&p, "server-ec256");
    is(tch_config_set_clock(p.server_cfg, &clock), "OK");
    pair_connect(&p);
    assert_true(run(&p, SIZE_MAX));
    for (int i = 0; i < 3; i++) {
        is(ask(), "RENEGOTIATE");
        assert_true(run(&p, SIZE_MAX));
        now_ms += 10000;
    }
    now_ms += 30001; /* the first is more than a minute ago */
    is(ask(), "RENEGOTIATE");
    assert_true(run(&p, SIZE_MAX));
    is(ask(), "OK"); /* refused: three within the last minute */
    pair_free(&p);
}

/* R-ALR-004: keys are gone, nothing is read any more. */
static void what_has_failed_forgets_its_keys_R_ALR_004(void **state)
{
    (void)state;
    open_pair();
    assert_true(tch_half_is_protected(&p.client->read));
    is(pass(p.server, p.client, 20, "\1", 1), "UNEXPECTED_MESSAGE");
    assert_false(tch_half_is_protected(&p.client->read));
    assert_null(p.client->hs);
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            four_warnings_are_survived_and_the_fifth_not_R_ALR_012),
        cmocka_unit_test(the_33rd_empty_record_is_too_many_R_REC_016),
        cmocka_unit_test(a_fatal_alert_is_told_and_not_answered_R_ALR_018),
        cmocka_unit_test(malformed_alerts_are_refused_R_REC_025_R_ALR_002),
        cmocka_unit_test(a_hello_request_may_come_in_pieces),
        cmocka_unit_test(other_messages_are_out_of_place_R_HS_073),
        cmocka_unit_test(change_cipher_spec_is_out_of_place_R_HS_080),
        cmocka_unit_test(three_renegotiations_a_minute_R_HS_078),
        cmocka_unit_test(what_has_failed_forgets_its_keys_R_ALR_004),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
