/*
 * Handshake messages by number, and the lists that parsed structs hand out.
 * Numbers and names: dossier 3; limits: R-REC-029.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "handshake/messages.h"

static void every_type_has_its_name_and_limit_R_REC_029(void **state)
{
    static const struct {
        unsigned type;
        const char *name;
        size_t limit;
    } facts[] = {
        { 0, "hello_request", 65536 },
        { 1, "client_hello", 131396 },
        { 2, "server_hello", 65536 },
        { 4, "new_session_ticket", 65541 },
        { 11, "certificate", 102400 },
        { 12, "server_key_exchange", 65536 },
        { 13, "certificate_request", 131072 },
        { 14, "server_hello_done", 65536 },
        { 15, "certificate_verify", 65536 },
        { 16, "client_key_exchange", 65536 },
        { 20, "finished", 65536 },
        { 22, "certificate_status", 65536 },
    };
    unsigned known = 0;

    (void)state;
    for (unsigned type = 0; type < 256; type++) {
        if (known < sizeof facts / sizeof facts[0] &&
            facts[known].type == type) {
            assert_string_equal(tch_message_name(type), facts[known].name);
            assert_int_equal(tch_message_limit(type), facts[known].limit);
            known++;
            continue;
        }
        assert_null(tch_message_name(type));
        assert_int_equal(tch_message_limit(type), 0);
    }
    assert_int_equal(known, sizeof facts / sizeof facts[0]);
}

static void change_cipher_spec_has_a_name_and_no_body_to_wait_for(void **state)
{
    (void)state;
    assert_string_equal(tch_message_name(TCH_MSG_CHANGE_CIPHER_SPEC),
                        "change_cipher_spec");
    assert_int_equal(tch_message_limit(TCH_MSG_CHANGE_CIPHER_SPEC), 0);
}

static void lists_of_numbers_are_searched(void **state)
{
    static const uint8_t bytes[] = { 0xC0, 0x2F, 0x00, 0x9E, 0x2F, 0x00 };
    struct tch_slice list = { bytes, sizeof bytes };

    (void)state;
    assert_int_equal(tch_list_u16(list, 0), 0xC02F);
    assert_int_equal(tch_list_u16(list, 2), 0x2F00);
    assert_true(tch_list_has_u16(list, 0x009E));
    assert_false(tch_list_has_u16(list, 0x2F9E)); /* bytes of two elements */
    assert_false(tch_list_has_u16(tch_slice_of(NULL, 0), 0));
    assert_true(tch_list_has_u8(list, 0x9E));
    assert_false(tch_list_has_u8(list, 0x9F));
    assert_false(tch_list_has_u8(tch_slice_of(NULL, 0), 0));
}

static void alpn_names_are_walked_in_their_order(void **state)
{
    static const uint8_t bytes[] = "\x02h2\x08http/1.1";
    struct tch_slice list = { bytes, sizeof bytes - 1 };
    struct tch_slice name;

    (void)state;
    assert_true(tch_alpn_next(&list, &name));
    assert_int_equal(name.len, 2);
    assert_memory_equal(name.p, "h2", 2);
    assert_true(tch_alpn_next(&list, &name));
    assert_int_equal(name.len, 8);
    assert_memory_equal(name.p, "http/1.1", 8);
    assert_false(tch_alpn_next(&list, &name));
    assert_int_equal(list.len, 0);
}

static void walkers_end_at_what_does_not_fit(void **state)
{
    static const uint8_t alpn[] = { 3, 'h', '2' };
    static const uint8_t certificates[] = { 0, 0, 2, 0xEE };
    struct tch_slice list = { alpn, sizeof alpn };
    struct tch_slice item;

    (void)state;
    assert_false(tch_alpn_next(&list, &item));
    list = tch_slice_of(certificates, sizeof certificates);
    assert_false(tch_certificate_next(&list, &item));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_has_its_name_and_limit_R_REC_029),
        cmocka_unit_test(
            change_cipher_spec_has_a_name_and_no_body_to_wait_for),
        cmocka_unit_test(lists_of_numbers_are_searched),
        cmocka_unit_test(alpn_names_are_walked_in_their_order),
        cmocka_unit_test(walkers_end_at_what_does_not_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
