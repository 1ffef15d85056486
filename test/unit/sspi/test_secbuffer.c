/*
 * test_secbuffer.c - arrays of SecBuffers found by type (contract 3, 6.3 to
 * 6.5, 9.2, 9.3)
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sspi/memory.h"
#include "sspi/secbuffer.h"

static uint8_t bytes[64];

static SecBuffer buf(ULONG type, ULONG len, void *p)
{
    SecBuffer b = { len, type, p };

    return b;
}

static void the_first_token_slot_takes_the_output_6_5(void **state)
{
    SecBuffer b[3] = { buf(SECBUFFER_EMPTY, 0, NULL),
                       buf(SECBUFFER_TOKEN, 10, bytes),
                       buf(SECBUFFER_TOKEN, 20, bytes) };
    SecBufferDesc d = { 0, 3, b };
    struct tch_out_slots out;

    (void)state;
    assert_int_equal(tch_secbuffer_out(&d, false, &out), SEC_E_OK);
    assert_ptr_equal(out.token, &b[1]);
    assert_false(out.allocate);
    d.cBuffers = 1;
    assert_int_equal(tch_secbuffer_out(&d, true, &out), SEC_E_OK);
    assert_ptr_equal(out.token, &b[0]);
    assert_true(out.allocate);
    assert_int_equal(tch_secbuffer_out(&d, false, &out),
                     SEC_E_INSUFFICIENT_MEMORY);
    d.cBuffers = 0;
    assert_int_equal(tch_secbuffer_out(&d, true, &out), SEC_E_INVALID_TOKEN);
    d.cBuffers = 3;
    d.ulVersion = 1;
    assert_int_equal(tch_secbuffer_out(&d, true, &out), SEC_E_INVALID_TOKEN);
    d.ulVersion = 0;
    d.pBuffers = NULL;
    assert_int_equal(tch_secbuffer_out(&d, true, &out), SEC_E_INVALID_TOKEN);
    assert_int_equal(tch_secbuffer_out(NULL, true, &out),
                     SEC_E_INVALID_TOKEN);
}

static void attribute_bits_are_no_part_of_a_type_3(void **state)
{
    SecBuffer b = buf(SECBUFFER_TOKEN | SECBUFFER_READONLY, 10, bytes);
    SecBufferDesc d = { 0, 1, &b };
    struct tch_in_slots in;

    (void)state;
    assert_int_equal(tch_secbuffer_in(&d, &in), SEC_E_OK);
    assert_ptr_equal(in.token, &b);
}

static void wrong_input_arrays_6_3(void **state)
{
    SecBuffer b[2];
    SecBufferDesc d = { 0, 2, b };
    struct tch_in_slots in;

    (void)state;
    assert_int_equal(tch_secbuffer_in(NULL, &in), SEC_E_OK);
    assert_null(in.token);
    b[0] = buf(SECBUFFER_TOKEN, 10, bytes);
    b[1] = buf(SECBUFFER_EMPTY, 1, NULL);
    assert_int_equal(tch_secbuffer_in(&d, &in), SEC_E_INVALID_TOKEN);
    b[1] = buf(SECBUFFER_TOKEN, 10, bytes);
    assert_int_equal(tch_secbuffer_in(&d, &in), SEC_E_INVALID_TOKEN);
    b[1] = buf(SECBUFFER_DTLS_MTU, 2, bytes);
    assert_int_equal(tch_secbuffer_in(&d, &in), SEC_E_UNSUPPORTED_FUNCTION);
    b[1] = buf(27, 99, NULL); /* unknown types are skipped */
    assert_int_equal(tch_secbuffer_in(&d, &in), SEC_E_OK);
    b[0] = buf(SECBUFFER_TOKEN, 10, NULL);
    assert_int_equal(tch_secbuffer_in(&d, &in), SEC_E_INVALID_TOKEN);
}

static void tokens_go_where_they_belong_6_5(void **state)
{
    SecBuffer b = buf(SECBUFFER_TOKEN, 4, bytes);
    SecBufferDesc d = { 0, 1, &b };
    struct tch_out_slots out;

    (void)state;
    assert_int_equal(tch_secbuffer_out(&d, false, &out), SEC_E_OK);
    assert_int_equal(tch_secbuffer_put(&out, tch_slice_of("12345", 5)),
                     SEC_E_INSUFFICIENT_MEMORY);
    assert_int_equal(b.cbBuffer, 4);
    assert_int_equal(tch_secbuffer_put(&out, tch_slice_of("123", 3)),
                     SEC_E_OK);
    assert_int_equal(b.cbBuffer, 3);
    assert_memory_equal(bytes, "123", 3);
    b = buf(SECBUFFER_EMPTY, 0, (void *)(uintptr_t)1);
    assert_int_equal(tch_secbuffer_out(&d, true, &out), SEC_E_OK);
    assert_int_equal(tch_secbuffer_put(&out, tch_slice_of("12345", 5)),
                     SEC_E_OK);
    assert_int_equal(b.BufferType, SECBUFFER_TOKEN);
    assert_memory_equal(b.pvBuffer, "12345", 5);
    assert_int_equal(FreeContextBuffer(b.pvBuffer), SEC_E_OK);
    tch_secbuffer_no_token(&out);
    assert_int_equal(b.cbBuffer, 0);
    assert_null(b.pvBuffer);
}

/* The layout of 6.4, its first row by hand. */
static void application_protocols_are_little_endian_6_4(void **state)
{
    static uint8_t good[] = { 9,   0,   0, 0, 2, 0, 0, 0, 3, 0, 2, 'h', '2' };
    static uint8_t two[] = {
        9 + 6 + 2, 0, 0, 0,           /* two lists */
        1, 0, 0, 0, 2, 0, 1, 'x',     /* NPN: skipped */
        2, 0, 0, 0, 3, 0, 2, 'h', '2'
    };
    SecBuffer b = buf(SECBUFFER_APPLICATION_PROTOCOLS, sizeof good, good);
    struct tch_slice list;

    (void)state;
    assert_true(tch_secbuffer_alpn(&b, &list));
    assert_int_equal(list.len, 3);
    assert_memory_equal(list.p, "\x02h2", 3);
    b = buf(SECBUFFER_APPLICATION_PROTOCOLS, sizeof two, two);
    assert_true(tch_secbuffer_alpn(&b, &list));
    assert_memory_equal(list.p, "\x02h2", 3);
    for (size_t i = 0; i < sizeof good; i++) {
        uint8_t bad[sizeof good];

        memcpy(bad, good, sizeof bad);
        b = buf(SECBUFFER_APPLICATION_PROTOCOLS, (ULONG)i, bad);
        assert_int_equal(tch_secbuffer_alpn(&b, &list), i == 0);
    }
    good[10] = 3; /* a name longer than its list */
    b = buf(SECBUFFER_APPLICATION_PROTOCOLS, sizeof good, good);
    assert_false(tch_secbuffer_alpn(&b, &list));
    good[10] = 0; /* an empty name */
    assert_false(tch_secbuffer_alpn(&b, &list));
}

static void messages_to_seal_9_2(void **state)
{
    SecBuffer b[4] = { buf(SECBUFFER_STREAM_HEADER, 13, bytes),
                       buf(SECBUFFER_DATA, 4, bytes + 13),
                       buf(SECBUFFER_STREAM_TRAILER, 16, bytes + 17),
                       buf(SECBUFFER_EMPTY, 0, NULL) };
    SecBufferDesc d = { 0, 4, b };
    struct tch_message m;

    (void)state;
    assert_true(tch_secbuffer_seal(&d, &m));
    assert_int_equal(m.desc.num, 3);
    assert_int_equal(m.bufs[1].kind, TCH_BUF_DATA);
    m.bufs[2].len = 9;
    tch_secbuffer_sealed(&m);
    assert_int_equal(b[2].cbBuffer, 9);
    b[1].BufferType |= SECBUFFER_READONLY; /* left alone: no data */
    assert_false(tch_secbuffer_seal(&d, &m));
    b[1].BufferType = SECBUFFER_DATA;
    b[3] = buf(SECBUFFER_DATA, 1, bytes);
    assert_false(tch_secbuffer_seal(&d, &m));
    b[3] = buf(SECBUFFER_STREAM_HEADER, 13, bytes);
    assert_false(tch_secbuffer_seal(&d, &m));
    b[3] = buf(SECBUFFER_EMPTY, 0, NULL);
    b[0].pvBuffer = NULL;
    assert_false(tch_secbuffer_seal(&d, &m));
    assert_false(tch_secbuffer_seal(NULL, &m));
}

static void messages_to_open_9_3(void **state)
{
    SecBuffer b[5] = { buf(SECBUFFER_EMPTY, 7, bytes),
                       buf(SECBUFFER_DATA, 4, bytes),
                       buf(SECBUFFER_EMPTY, 0, NULL),
                       buf(SECBUFFER_TOKEN, 0, NULL),
                       buf(SECBUFFER_EMPTY, 0, NULL) };
    SecBufferDesc d = { 0, 5, b };
    struct tch_message m;

    (void)state;
    assert_true(tch_secbuffer_open(&d, &m));
    assert_ptr_equal(m.at[0], &b[1]);
    assert_ptr_equal(m.at[1], &b[0]);
    assert_ptr_equal(m.at[3], &b[4]);
    assert_null(m.bufs[1].p);
    m.bufs[0] = (struct tch_buf){ TCH_BUF_MISSING, bytes, 5 };
    m.bufs[1] = (struct tch_buf){ TCH_BUF_MISSING, NULL, 5 };
    tch_secbuffer_opened(&m);
    assert_int_equal(b[1].BufferType, SECBUFFER_MISSING);
    assert_ptr_equal(b[1].pvBuffer, bytes);
    assert_int_equal(b[0].BufferType, SECBUFFER_MISSING);
    assert_null(b[0].pvBuffer);
    b[1] = buf(SECBUFFER_DATA, 4, NULL);
    assert_false(tch_secbuffer_open(&d, &m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_token_slot_takes_the_output_6_5),
        cmocka_unit_test(attribute_bits_are_no_part_of_a_type_3),
        cmocka_unit_test(wrong_input_arrays_6_3),
        cmocka_unit_test(tokens_go_where_they_belong_6_5),
        cmocka_unit_test(application_protocols_are_little_endian_6_4),
        cmocka_unit_test(messages_to_seal_9_2),
        cmocka_unit_test(messages_to_open_9_3),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
