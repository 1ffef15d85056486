/*
 * Finished, NewSessionTicket, and the messages without a body. Layouts:
 * dossier 3.1; RFC 5246 7.4.9, RFC 5077 3.3.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_msg.h"

static uint8_t buf[64];
static struct tch_failure failure;

static enum tch_status finished(unsigned version, size_t len)
{
    struct tch_watch watch = { NULL, &failure };
    struct tch_parse_ctx ctx = msg_ctx(version, 0, &watch);
    struct tch_finished m;
    enum tch_status status;

    memset(&failure, 0, sizeof failure);
    status = tch_parse_finished(tch_slice_of(buf, len), &ctx, &m);
    if (status == TCH_OK) {
        assert_int_equal(m.verify_data.len, len);
        assert_ptr_equal(m.verify_data.p, buf);
    }
    return status;
}

static void finished_is_12_bytes_and_36_in_ssl3_R_HS_121(void **state)
{
    (void)state;
    assert_int_equal(finished(TCH_TLS10, 12), TCH_OK);
    assert_int_equal(finished(TCH_TLS11, 12), TCH_OK);
    assert_int_equal(finished(TCH_TLS12, 12), TCH_OK);
    assert_int_equal(finished(TCH_SSL3, 36), TCH_OK);
}

static void finished_of_another_length_is_a_bad_finished_R_HS_006(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 40; len++) {
        if (len != 12) {
            assert_int_equal(finished(TCH_TLS12, len), TCH_BAD_FINISHED);
            assert_memory_equal(failure.path, "finished", 8);
        }
        if (len != 36) {
            assert_int_equal(finished(TCH_SSL3, len), TCH_BAD_FINISHED);
        }
    }
}

static void new_session_ticket_fields(void **state)
{
    struct tch_watch watch = { NULL, &failure };
    struct tch_parse_ctx ctx = msg_ctx(TCH_TLS12, 0, &watch);
    struct tch_new_session_ticket m;
    size_t n = msg_hex("00001C20 0002 E1E2", buf, sizeof buf);

    (void)state;
    memset(&failure, 0, sizeof failure);
    assert_int_equal(
        tch_parse_new_session_ticket(tch_slice_of(buf, n), &ctx, &m), TCH_OK);
    assert_int_equal(m.lifetime_hint, 7200);
    assert_int_equal(m.ticket.len, 2);
    /* The server changed its mind (R-EXT-101). */
    n = msg_hex("00000000 0000", buf, sizeof buf);
    assert_int_equal(
        tch_parse_new_session_ticket(tch_slice_of(buf, n), &ctx, &m), TCH_OK);
    assert_int_equal(m.ticket.len, 0);
    n = msg_hex("00000000 0000 00", buf, sizeof buf);
    assert_int_equal(
        tch_parse_new_session_ticket(tch_slice_of(buf, n), &ctx, &m),
        TCH_DECODE_ERROR);
    assert_string_equal(failure.path, "new_session_ticket");
    assert_string_equal(failure.rfc, "5077 3.3");
}

static void messages_without_body_must_be_empty_R_HS_010(void **state)
{
    static const struct tch_field f_hello_request = { "hello_request",
                                                      "5246 7.4.1.1" };
    struct tch_watch watch = { NULL, &failure };
    struct tch_parse_ctx ctx = msg_ctx(TCH_TLS12, 0, &watch);

    (void)state;
    memset(&failure, 0, sizeof failure);
    assert_int_equal(
        tch_parse_empty(tch_slice_of(NULL, 0), &ctx, &f_hello_request),
        TCH_OK);
    assert_int_equal(
        tch_parse_empty(tch_slice_of(buf, 1), &ctx, &f_hello_request),
        TCH_DECODE_ERROR);
    assert_string_equal(failure.path, "hello_request");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finished_is_12_bytes_and_36_in_ssl3_R_HS_121),
        cmocka_unit_test(
            finished_of_another_length_is_a_bad_finished_R_HS_006),
        cmocka_unit_test(new_session_ticket_fields),
        cmocka_unit_test(messages_without_body_must_be_empty_R_HS_010),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
