/* Finished, both ways: the worked value of dossier section 11, and every
 * wrong one (R-HS-006, R-HS-120 to 122). */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/glue/support_json.h"
#include "test/unit/handshake/support_hs.h"

/* Dossier 11: T12 master secret, messages, client finished. */
#define MASTER \
    "632a49039d6452a6657e0daeb9fce7388d487928caec8f01f1464ba55f43c269" \
    "0f9d01d233f388b45bd4bcd3490f1786"
#define MESSAGES "68616e647368616b65206d65737361676573207374616e642d696e"
#define CLIENT_FINISHED "0ecdffccbee6c342e57361ee"

static struct bare b;

static void start(enum tch_role role)
{
    uint8_t text[64];
    size_t len = unhex(MESSAGES, text, sizeof text);

    bare_params(&b, role);
    bare_start(&b);
    bare_suite(&b, 0, 0x009C);
    unhex(MASTER, b.hs->r.master, 48);
    tch_transcript_choose(b.hs, 1u << TCH_HASH_SHA256, false);
    assert_true(tch_transcript_add(b.hs, tch_slice_of(text, len)));
    b.hs->awaits_finished = true;
}

static void the_right_value_is_taken_and_kept_R_HS_122(void **state)
{
    uint8_t body[12];

    (void)state;
    start(TCH_SERVER);
    unhex(CLIENT_FINISHED, body, 12);
    assert_int_equal(tch_recv_client_finished(b.hs, tch_slice_of(body, 12)),
                     TCH_OK);
    assert_false(b.hs->awaits_finished);
    assert_int_equal(b.hs->r.verify_len, 12);
    assert_memory_equal(b.hs->r.client_verify, body, 12);
    bare_end(&b);
}

static void the_value_sent_is_the_worked_one(void **state)
{
    uint8_t buf[40];
    uint8_t want[12];
    struct tch_writer w;

    (void)state;
    start(TCH_CLIENT);
    unhex(CLIENT_FINISHED, want, 12);
    tch_wr_init(&w, buf, sizeof buf);
    assert_int_equal(tch_send_client_finished(b.hs, &w), TCH_OK);
    assert_int_equal(w.len, 12);
    assert_memory_equal(buf, want, 12);
    assert_memory_equal(b.hs->r.client_verify, want, 12);
    bare_end(&b);
}

static void every_wrong_bit_is_noticed_R_HS_006(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 96; bit++) {
        uint8_t body[12];

        start(TCH_SERVER);
        unhex(CLIENT_FINISHED, body, 12);
        body[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(
            tch_recv_client_finished(b.hs, tch_slice_of(body, 12)),
            TCH_BAD_FINISHED);
        assert_true(b.hs->awaits_finished);
        bare_end(&b);
    }
}

static void every_wrong_length_is_bad_finished_R_HS_006(void **state)
{
    (void)state;
    for (size_t len = 0; len < 40; len++) {
        uint8_t body[40] = { 0 };

        unhex(CLIENT_FINISHED, body, 12);
        start(TCH_SERVER);
        assert_int_equal(
            tch_recv_client_finished(b.hs, tch_slice_of(body, len)),
            len == 12 ? TCH_OK : TCH_BAD_FINISHED);
        bare_end(&b);
    }
}

/* Reflection: the client's value does not pass as the server's. */
static void one_sides_value_is_not_the_others(void **state)
{
    uint8_t body[12];

    (void)state;
    start(TCH_CLIENT);
    unhex(CLIENT_FINISHED, body, 12);
    assert_int_equal(tch_recv_server_finished(b.hs, tch_slice_of(body, 12)),
                     TCH_BAD_FINISHED);
    assert_string_equal(tch_hs_failure(b.hs)->path, "finished.verify_data");
    bare_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_value_is_taken_and_kept_R_HS_122),
        cmocka_unit_test(the_value_sent_is_the_worked_one),
        cmocka_unit_test(every_wrong_bit_is_noticed_R_HS_006),
        cmocka_unit_test(every_wrong_length_is_bad_finished_R_HS_006),
        cmocka_unit_test(one_sides_value_is_not_the_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
