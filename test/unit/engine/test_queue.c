/* The queue of what is to be sent, and the alert that is owed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "test/support/pair.h"

static struct pair p;
static uint8_t data[40000];

static void start(void)
{
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
}

/* The lengths of the records that wait; their number. */
static size_t records(const struct tch_conn *c, size_t *lens, size_t max)
{
    struct tch_slice w = tch_queue_waiting(c);
    size_t num = 0;

    while (w.len != 0 && num < max) {
        size_t n = (size_t)w.p[3] << 8 | w.p[4];

        assert_true(w.len >= 5 + n);
        lens[num++] = n;
        w.p += 5 + n;
        w.len -= 5 + n;
    }
    assert_int_equal(w.len, 0);
    return num;
}

static void long_data_becomes_several_records_R_REC_004(void **state)
{
    size_t lens[8];

    (void)state;
    start();
    assert_int_equal(tch_queue_records(p.client, 22,
                                       tch_slice_of(data, sizeof data)),
                     TCH_OK);
    assert_int_equal(records(p.client, lens, 8), 3);
    assert_int_equal(lens[0], 16384);
    assert_int_equal(lens[1], 16384);
    assert_int_equal(lens[2], 40000 - 2 * 16384);
    pair_free(&p);
}

static void nothing_to_send_makes_no_record_R_REC_014(void **state)
{
    (void)state;
    start();
    assert_int_equal(tch_queue_records(p.client, 22, tch_slice_of(data, 0)),
                     TCH_OK);
    assert_int_equal(tch_queue_waiting(p.client).len, 0);
    pair_free(&p);
}

static void what_was_sent_leaves_from_the_front_R_REC_017(void **state)
{
    (void)state;
    start();
    for (size_t i = 0; i < 300; i++) {
        data[i] = (uint8_t)i;
    }
    assert_int_equal(tch_queue_records(p.client, 22, tch_slice_of(data, 200)),
                     TCH_OK);
    tch_queue_take(p.client, 105);
    assert_int_equal(tch_queue_waiting(p.client).len, 100);
    assert_int_equal(tch_queue_waiting(p.client).p[0], 100);
    assert_int_equal(tch_queue_records(p.client, 22, tch_slice_of(data, 10)),
                     TCH_OK);
    assert_int_equal(tch_queue_waiting(p.client).len, 115);
    assert_int_equal(tch_queue_waiting(p.client).p[0], 100);
    tch_queue_take(p.client, 100000); /* more than there is */
    assert_int_equal(tch_queue_waiting(p.client).len, 0);
    pair_free(&p);
}

static void an_owed_alert_is_paid_once_and_last(void **state)
{
    struct tch_slice w;

    (void)state;
    start();
    tch_owe_alert(p.client, TCH_ALERT_WARNING, 90);
    tch_owe_alert(p.client, TCH_ALERT_FATAL, 40);
    assert_int_equal(tch_queue_waiting(p.client).len, 0);
    assert_int_equal(tch_queue_records(p.client, 22, tch_slice_of(data, 1)),
                     TCH_OK);
    tch_pay_alert(p.client);
    tch_pay_alert(p.client);
    w = tch_queue_waiting(p.client);
    assert_int_equal(w.len, 6 + 7);
    assert_memory_equal(w.p + 6, "\x15\x03\x01\x00\x02\x02\x28", 7);
    pair_free(&p);
}

/* R-ALR-011: under keys the alert is protected. */
static void an_alert_under_keys_is_protected_R_ALR_011(void **state)
{
    struct tch_slice w;

    (void)state;
    start();
    assert_true(run(&p, SIZE_MAX));
    tch_owe_alert(p.client, TCH_ALERT_WARNING, 0);
    tch_pay_alert(p.client);
    w = tch_queue_waiting(p.client);
    assert_int_equal(w.p[0], 21);
    assert_int_equal(w.p[1] << 8 | w.p[2], 0x0303);
    assert_int_equal(w.len, 5 + 8 + 2 + 16); /* GCM */
    pair_free(&p);
}

static void an_idle_connection_holds_no_queue(void **state)
{
    (void)state;
    start();
    assert_true(run(&p, SIZE_MAX));
    assert_null(p.client->out.buf);
    assert_null(p.server->out.buf);
    assert_null(p.client->scratch);
    assert_int_equal(p.client->arena.taken, 0);
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_data_becomes_several_records_R_REC_004),
        cmocka_unit_test(nothing_to_send_makes_no_record_R_REC_014),
        cmocka_unit_test(what_was_sent_leaves_from_the_front_R_REC_017),
        cmocka_unit_test(an_owed_alert_is_paid_once_and_last),
        cmocka_unit_test(an_alert_under_keys_is_protected_R_ALR_011),
        cmocka_unit_test(an_idle_connection_holds_no_queue),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
