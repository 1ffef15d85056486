/*
 * Closing, alerts, asking for and refusing renegotiations, in every state of
 * a connection (contract 6.9, 8.1 to 8.3, 8.2 half close).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/pair.h"

static struct pair p;

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

static struct pipe_end pipe_a;

static enum tch_status pass(struct tch_conn *from, struct tch_conn *to)
{
    struct tch_slice got;
    size_t used;

    pipe_a.len = 0;
    flush(from, &pipe_a);
    return tch_open_record(to, pipe_a.bytes, pipe_a.len, &used, &got, NULL);
}

static enum tch_status seal_one(struct tch_conn *c)
{
    uint8_t buf[100] = { 0 };
    struct tch_slice record;

    return tch_seal_record(c, buf, 4, &record);
}

/* Brings the client into a state. */
static void reach(enum tch_state s)
{
    uint8_t junk[60] = { 23, 3, 3, 0, 40 };
    struct tch_slice got;
    size_t used;

    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    if (s == TCH_STATE_NEW) {
        return;
    }
    if (s == TCH_STATE_HANDSHAKE) {
        (void)step_client(&p, SIZE_MAX);
    } else {
        assert_true(run(&p, SIZE_MAX));
    }
    if (s == TCH_STATE_ASKED) {
        assert_int_equal(tch_renegotiate(p.server), TCH_OK);
        is(pass(p.server, p.client), "RENEGOTIATE");
    } else if (s == TCH_STATE_RENEGOTIATION) {
        is(tch_renegotiate(p.client), "CONTINUE");
        flush(p.client, &p.to_server);
    } else if (s == TCH_STATE_CLOSED) {
        assert_int_equal(tch_close(p.server), TCH_OK);
        is(pass(p.server, p.client), "CLOSED");
    } else if (s == TCH_STATE_DEAD) {
        is(tch_open_record(p.client, junk, 45, &used, &got, NULL),
           "BAD_RECORD_MAC");
    }
    assert_int_equal(tch_conn_state(p.client), s);
}

/* The alert that waits: level << 8 | description, whatever protects it. */
static void is_alert(bool clear, unsigned level, unsigned description)
{
    struct tch_slice out = tch_pending(p.client);

    assert_true(out.len >= 7);
    assert_int_equal(out.p[0], 21);
    if (clear) {
        assert_int_equal(out.len, 7);
        assert_int_equal(out.p[5], level);
        assert_int_equal(out.p[6], description);
    }
    tch_sent(p.client, out.len);
    assert_int_equal(tch_pending(p.client).len, 0);
}

static void close_notify_goes_out_in_every_state_8_2(void **state)
{
    (void)state;
    for (int s = TCH_STATE_NEW; s <= TCH_STATE_DEAD; s++) {
        bool clear = s <= TCH_STATE_HANDSHAKE;

        reach((enum tch_state)s);
        assert_int_equal(tch_close(p.client), TCH_OK);
        assert_true(tch_conn_shut_down(p.client));
        is_alert(clear, 1, TCH_ALERT_CLOSE_NOTIFY);
        if (s == TCH_STATE_OPEN || s == TCH_STATE_CLOSED) {
            is(seal_one(p.client), "SHUT_DOWN");
        }
        pair_free(&p);
    }
}

/* The record version is that of the ClientHello until one is agreed. */
static void an_early_alert_has_the_records_first_version_8_2(void **state)
{
    struct tch_slice out;

    (void)state;
    reach(TCH_STATE_HANDSHAKE);
    assert_int_equal(tch_alert(p.client, TCH_ALERT_FATAL, 42), TCH_OK);
    out = tch_pending(p.client);
    assert_int_equal(out.len, 7);
    assert_memory_equal(out.p, "\x15\x03\x01\x00\x02\x02\x2a", 7);
    pair_free(&p);
}

static void a_fatal_alert_ends_the_connection_in_every_state_R_ALR_001(
    void **state)
{
    (void)state;
    for (int s = TCH_STATE_NEW; s <= TCH_STATE_DEAD; s++) {
        reach((enum tch_state)s);
        assert_int_equal(tch_alert(p.client, TCH_ALERT_FATAL,
                                   TCH_ALERT_INTERNAL_ERROR),
                         TCH_OK);
        assert_int_equal(tch_conn_state(p.client), TCH_STATE_DEAD);
        is_alert(s <= TCH_STATE_HANDSHAKE, 2, TCH_ALERT_INTERNAL_ERROR);
        is(seal_one(p.client), "DEAD");
        pair_free(&p);
    }
}

static void a_warning_leaves_the_state_alone(void **state)
{
    (void)state;
    for (int s = TCH_STATE_NEW; s <= TCH_STATE_DEAD; s++) {
        reach((enum tch_state)s);
        assert_int_equal(tch_alert(p.client, TCH_ALERT_WARNING,
                                   TCH_ALERT_USER_CANCELED),
                         TCH_OK);
        assert_int_equal(tch_conn_state(p.client), s);
        assert_false(tch_conn_shut_down(p.client));
        is_alert(s <= TCH_STATE_HANDSHAKE, 1, TCH_ALERT_USER_CANCELED);
        pair_free(&p);
    }
}

static void the_newest_alert_replaces_the_one_that_waits_6_9(void **state)
{
    (void)state;
    reach(TCH_STATE_HANDSHAKE);
    assert_int_equal(tch_alert(p.client, TCH_ALERT_WARNING, 90), TCH_OK);
    assert_int_equal(tch_close(p.client), TCH_OK);
    is_alert(true, 1, 0);
    pair_free(&p);
}

static void alerts_out_of_range_are_refused(void **state)
{
    (void)state;
    reach(TCH_STATE_OPEN);
    is(tch_alert(p.client, (enum tch_alert_level)3, 10), "BAD_ARGUMENT");
    is(tch_alert(p.client, (enum tch_alert_level)0, 10), "BAD_ARGUMENT");
    is(tch_alert(p.client, TCH_ALERT_FATAL, 256), "BAD_ARGUMENT");
    assert_int_equal(tch_pending(p.client).len, 0);
    assert_int_equal(tch_conn_state(p.client), TCH_STATE_OPEN);
    pair_free(&p);
}

/* Half close: what the peer still sends is read, and R-ALR-008 lets the
 * application answer. */
static void reading_goes_on_after_closing_8_2(void **state)
{
    (void)state;
    reach(TCH_STATE_OPEN);
    assert_int_equal(tch_close(p.client), TCH_OK);
    is(seal_one(p.client), "SHUT_DOWN");
    assert_true(send_data(p.server, p.client, "more", 4));
    is(pass(p.client, p.server), "CLOSED");
    assert_int_equal(tch_conn_state(p.server), TCH_STATE_CLOSED);
    assert_true(send_data(p.server, p.client, "last", 4));
    assert_int_equal(tch_close(p.server), TCH_OK);
    is(pass(p.server, p.client), "CLOSED");
    is(pass(p.server, p.client), "CLOSED"); /* and again the same */
    pair_free(&p);
}

static void renegotiation_is_asked_for_in_open_alone_8_3(void **state)
{
    (void)state;
    for (int s = TCH_STATE_NEW; s <= TCH_STATE_DEAD; s++) {
        reach((enum tch_state)s);
        is(tch_renegotiate(p.client),
           s == TCH_STATE_OPEN ? "CONTINUE" : "BAD_STATE");
        is(tch_refuse_renegotiation(p.client),
           s == TCH_STATE_ASKED ? "OK" : "BAD_STATE");
        pair_free(&p);
    }
    reach(TCH_STATE_OPEN);
    assert_int_equal(tch_close(p.client), TCH_OK);
    is(tch_renegotiate(p.client), "BAD_STATE");
    pair_free(&p);
}

static void answers_nobody_asked_for_are_refused(void **state)
{
    struct tch_slice bytes = { (const uint8_t *)"x", 1 };

    (void)state;
    for (int s = TCH_STATE_NEW; s <= TCH_STATE_DEAD; s++) {
        reach((enum tch_state)s);
        is(tch_answer_credential(p.client, NULL), "BAD_STATE");
        is(tch_answer_verdict(p.client, TCH_OK), "BAD_STATE");
        is(tch_answer_verdict(p.client, TCH_NO_MEMORY), "BAD_ARGUMENT");
        is(tch_answer_signature(p.client, bytes), "BAD_STATE");
        is(tch_answer_decrypt(p.client, bytes), "BAD_STATE");
        pair_free(&p);
    }
}

/* Contract 8.3: the warning brings about the refusal as well. */
static void a_no_renegotiation_warning_refuses_8_3(void **state)
{
    (void)state;
    reach(TCH_STATE_ASKED);
    is(seal_one(p.client), "RENEGOTIATE");
    assert_int_equal(tch_alert(p.client, TCH_ALERT_WARNING,
                               TCH_ALERT_NO_RENEGOTIATION),
                     TCH_OK);
    assert_int_equal(tch_conn_state(p.client), TCH_STATE_OPEN);
    is(pass(p.client, p.server), "NO_RENEGOTIATION");
    assert_true(send_data(p.client, p.server, "ping", 4));
    assert_true(send_data(p.server, p.client, "pong", 4));
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(close_notify_goes_out_in_every_state_8_2),
        cmocka_unit_test(an_early_alert_has_the_records_first_version_8_2),
        cmocka_unit_test(
            a_fatal_alert_ends_the_connection_in_every_state_R_ALR_001),
        cmocka_unit_test(a_warning_leaves_the_state_alone),
        cmocka_unit_test(the_newest_alert_replaces_the_one_that_waits_6_9),
        cmocka_unit_test(alerts_out_of_range_are_refused),
        cmocka_unit_test(reading_goes_on_after_closing_8_2),
        cmocka_unit_test(renegotiation_is_asked_for_in_open_alone_8_3),
        cmocka_unit_test(answers_nobody_asked_for_are_refused),
        cmocka_unit_test(a_no_renegotiation_warning_refuses_8_3),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
