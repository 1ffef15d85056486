/* The driver: effects in their order, pauses, and what does not fit a line. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_hs.h"

static struct duo d;

/* RFC 5246 figure 1; keys change right behind each ChangeCipherSpec
 * (R-HS-083), the version is told when it is agreed. */
static void effects_come_in_the_order_of_the_figure_R_HS_083(void **state)
{
    (void)state;
    duo_start(&d);
    assert_true(duo_run(&d, -1));
    assert_string_equal(d.log[TCH_CLIENT],
                        "send1 version send16 ccs write send20 read "
                        "established ");
    assert_string_equal(d.log[TCH_SERVER],
                        "version send2 send11 send12 send14 read ccs write "
                        "send20 established ");
    duo_end(&d);
}

static void both_ends_have_the_same_secrets(void **state)
{
    const struct tch_hs_result *c;
    const struct tch_hs_result *s;

    (void)state;
    duo_start(&d);
    assert_true(duo_run(&d, -1));
    c = tch_hs_result(d.client.hs);
    s = tch_hs_result(d.server.hs);
    assert_memory_equal(c->master, s->master, TCH_MASTER_LEN);
    assert_memory_equal(c->client_verify, s->client_verify, 12);
    assert_memory_equal(c->server_verify, s->server_verify, 12);
    assert_ptr_equal(c->suite, s->suite);
    assert_true(c->ems && s->ems);
    assert_int_equal(c->session_id.len, 32);
    assert_memory_equal(c->session_id.p, s->session_id.p, 32);
    duo_end(&d);
}

static void asking_again_changes_nothing(void **state)
{
    struct tch_effect fx;

    (void)state;
    duo_start(&d);
    assert_int_equal(tch_hs_next(d.server.hs, &fx), TCH_OK);
    assert_int_equal(fx.kind, TCH_FX_NEED_INPUT);
    assert_int_equal(tch_hs_next(d.server.hs, &fx), TCH_OK);
    assert_int_equal(fx.kind, TCH_FX_NEED_INPUT);
    assert_true(duo_run(&d, -1));
    assert_int_equal(tch_hs_next(d.server.hs, &fx), TCH_BAD_STATE);
    assert_int_equal(tch_hs_next(d.client.hs, &fx), TCH_BAD_STATE);
    duo_end(&d);
}

static void answers_nobody_waits_for_are_refused(void **state)
{
    struct tch_slice x = { (const uint8_t *)"x", 1 };
    struct tch_hs *hs;

    (void)state;
    duo_start(&d);
    hs = d.client.hs;
    assert_int_equal(tch_hs_answer_credential(hs, NULL, 0), TCH_BAD_STATE);
    assert_int_equal(tch_hs_answer_verdict(hs, TCH_OK), TCH_BAD_STATE);
    assert_int_equal(tch_hs_answer_signature(hs, x), TCH_BAD_STATE);
    assert_int_equal(tch_hs_answer_decrypt(hs, x), TCH_BAD_STATE);
    assert_int_equal(tch_hs_answer_session(hs, NULL), TCH_BAD_STATE);
    duo_end(&d);
}

/* A pause lasts until the answer, which is good for one. */
static void a_pause_lasts_until_the_answer(void **state)
{
    struct tch_effect fx;

    (void)state;
    duo_start(&d);
    assert_false(duo_run(&d, 12));
    /* ServerHello and Certificate lie in the client's box */
    for (size_t i = 0; i < d.put[TCH_CLIENT]; i++) {
        const struct duo_record *r = &d.inbox[TCH_CLIENT][i];

        assert_int_equal(tch_hs_feed(d.client.hs,
                                     tch_slice_of(r->bytes, r->len)),
                         TCH_OK);
    }
    do {
        assert_int_equal(tch_hs_next(d.client.hs, &fx), TCH_OK);
    } while (fx.kind == TCH_FX_VERSION);
    assert_int_equal(fx.kind, TCH_FX_NEED_VERDICT);
    assert_int_equal(tch_hs_next(d.client.hs, &fx), TCH_OK);
    assert_int_equal(fx.kind, TCH_FX_NEED_VERDICT);
    assert_true(tch_hs_result(d.client.hs)->peer_chain.len > 100);
    assert_int_equal(tch_hs_answer_verdict(d.client.hs, TCH_CERT_UNTRUSTED),
                     TCH_OK);
    assert_int_equal(tch_hs_answer_verdict(d.client.hs, TCH_OK),
                     TCH_BAD_STATE);
    assert_int_equal(tch_hs_next(d.client.hs, &fx), TCH_CERT_UNTRUSTED);
    duo_end(&d);
}

/* R-REC-024, R-HS-080. */
static void change_cipher_spec_out_of_place_is_refused_R_HS_080(void **state)
{
    static const uint8_t good[1] = { 1 };
    static const int places[] = { 1, 2, 11, 12, 14 };

    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        duo_start(&d);
        assert_false(duo_run(&d, places[i]));
        assert_int_equal(
            tch_hs_feed_ccs(d.client.hs, tch_slice_of(good, 1)),
            TCH_UNEXPECTED_MESSAGE);
        assert_int_equal(
            tch_hs_feed_ccs(d.server.hs, tch_slice_of(good, 1)),
            TCH_UNEXPECTED_MESSAGE);
        duo_end(&d);
    }
}

static void a_message_in_part_is_told_R_REC_028(void **state)
{
    (void)state;
    duo_start(&d);
    assert_false(duo_run(&d, 1));
    for (size_t i = 0; i < d.body_len; i++) {
        assert_int_equal(tch_hs_partial(d.server.hs), i != 0);
        assert_false(tch_hs_message_waits(d.server.hs));
        assert_int_equal(tch_hs_feed(d.server.hs,
                                     tch_slice_of(d.body + i, 1)),
                         TCH_OK);
    }
    assert_false(tch_hs_partial(d.server.hs));
    assert_true(tch_hs_message_waits(d.server.hs));
    assert_true(duo_run(&d, -1));
    duo_end(&d);
}

static void hello_requests_on_the_way_are_not_hashed_R_HS_009(void **state)
{
    static const uint8_t request[4] = { 0 };

    (void)state;
    duo_start(&d);
    assert_false(duo_run(&d, 2));
    assert_int_equal(tch_hs_feed(d.client.hs, tch_slice_of(request, 4)),
                     TCH_OK);
    assert_int_equal(tch_hs_feed(d.client.hs,
                                 tch_slice_of(d.body, d.body_len)),
                     TCH_OK);
    assert_int_equal(tch_hs_feed(d.client.hs, tch_slice_of(request, 4)),
                     TCH_OK);
    assert_true(duo_run(&d, -1));
    duo_end(&d);
}

static void bytes_behind_a_flight_are_out_of_place_R_REC_023(void **state)
{
    static const uint8_t more[4] = { 11, 0, 0, 0 };

    (void)state;
    duo_start(&d);
    assert_false(duo_run(&d, 14));
    assert_false(duo_run(&d, -1)); /* the client takes what is there */
    assert_int_equal(d.status[TCH_CLIENT], TCH_OK);
    assert_int_equal(tch_hs_feed(d.client.hs,
                                 tch_slice_of(d.body, d.body_len)),
                     TCH_OK);
    assert_int_equal(tch_hs_feed(d.client.hs, tch_slice_of(more, 4)), TCH_OK);
    assert_false(duo_run(&d, -1));
    assert_int_equal(d.status[TCH_CLIENT], TCH_UNEXPECTED_MESSAGE);
    duo_end(&d);
}

/* The first message of each flight, its type changed (all others in all
 * states: test/hostile/test_hostile_order.c). */
static void a_message_of_another_type_is_unexpected_R_HS_001(void **state)
{
    static const struct {
        int type;
        enum tch_role receiver;
    } rows[] = { { 1, TCH_SERVER }, { 2, TCH_CLIENT }, { 16, TCH_SERVER } };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tch_hs *hs;

        duo_start(&d);
        assert_false(duo_run(&d, rows[i].type));
        hs = rows[i].receiver == TCH_CLIENT ? d.client.hs : d.server.hs;
        d.body[0] = 15;
        assert_int_equal(tch_hs_feed(hs, tch_slice_of(d.body, d.body_len)),
                         TCH_OK);
        assert_false(duo_run(&d, -1));
        assert_int_equal(d.status[rows[i].receiver], TCH_UNEXPECTED_MESSAGE);
        duo_end(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(effects_come_in_the_order_of_the_figure_R_HS_083),
        cmocka_unit_test(both_ends_have_the_same_secrets),
        cmocka_unit_test(asking_again_changes_nothing),
        cmocka_unit_test(answers_nobody_waits_for_are_refused),
        cmocka_unit_test(a_pause_lasts_until_the_answer),
        cmocka_unit_test(change_cipher_spec_out_of_place_is_refused_R_HS_080),
        cmocka_unit_test(a_message_in_part_is_told_R_REC_028),
        cmocka_unit_test(hello_requests_on_the_way_are_not_hashed_R_HS_009),
        cmocka_unit_test(bytes_behind_a_flight_are_out_of_place_R_REC_023),
        cmocka_unit_test(a_message_of_another_type_is_unexpected_R_HS_001),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
