/*
 * Contract section 18, cases C: EncryptMessage and DecryptMessage. The rules
 * are sections 9, 6.9 and 10.1.
 */

#include "test/contract/support_ends.h"

#define GCM "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
#define CBC "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"

static struct end c, s;
static struct reply r;
static uint8_t record[2 * ROOM];

static void with_suite(const char *suite, bool encrypt_then_mac)
{
    TCH_SSPI_OPTIONS o;

    usual_pair(&c, &s);
    memset(&o, 0, sizeof o);
    o.pszSuites = suite;
    o.fEncryptThenMac = encrypt_then_mac ? TCH_OPTION_ON : TCH_OPTION_OFF;
    set_options(&c, &o);
    set_options(&s, &o);
    connect_pair(&c, &s);
}

static int set_up(void **state)
{
    (void)state;
    with_suite(GCM, true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clear_pair(&c, &s);
    return 0;
}

static size_t record_of(struct end *e, const char *text)
{
    size_t len;

    assert_status(encrypt(e, text, strlen(text), record, &len), SEC_E_OK);
    return len;
}

static void c1_up_to_16384_bytes_are_one_record(void **state)
{
    static const size_t lengths[] = { 0, 1, 16384 };
    static uint8_t data[16385];
    size_t len;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        SecBuffer bufs[4];

        assert_status(encrypt(&c, data, lengths[i], record, &len), SEC_E_OK);
        assert_int_equal(len, 5 + ((size_t)record[3] << 8 | record[4]));
        assert_status(decrypt(&s, record, len, bufs), SEC_E_OK);
        assert_int_equal(bufs[1].cbBuffer, lengths[i]);
    }
    assert_status(encrypt(&c, data, 16385, record, &len),
                  SEC_E_ENCRYPT_FAILURE);
    data_flows(&c, &s); /* the failure moved nothing */
}

static void c2_wrong_arrays_leave_the_record_readable(void **state)
{
    size_t len = record_of(&c, "hello");
    SecBuffer d = { (ULONG)len, SECBUFFER_DATA, record };
    SecBuffer e = { 0, SECBUFFER_EMPTY, NULL };
    SecBuffer x = { 0, SECBUFFER_EXTRA, NULL };
    SecBuffer shapes[4][4] = {
        { d, e, e }, { e, e, e, e }, { d, d, e, e }, { d, x, e, e },
    };
    SecBuffer bufs[4];

    (void)state;
    for (int i = 0; i < 4; i++) {
        SecBufferDesc desc = { 0, i == 0 ? 3 : 4, shapes[i] };

        assert_status(DecryptMessage(&s.ctx, &desc, 0, NULL),
                      SEC_E_INVALID_TOKEN);
    }
    assert_status(DecryptMessage(&s.ctx, NULL, 0, NULL), SEC_E_INVALID_TOKEN);
    assert_status(decrypt(&s, record, len, bufs), SEC_E_OK);
    assert_int_equal(bufs[1].cbBuffer, 5);
}

static void c3_a_short_record_says_what_is_missing(void **state)
{
    static uint8_t copy[ROOM];
    size_t len = record_of(&c, "hello");
    SecBuffer bufs[4];

    (void)state;
    memcpy(copy, record, len);
    assert_status(decrypt(&s, record, len - 5, bufs),
                  SEC_E_INCOMPLETE_MESSAGE);
    assert_int_equal(bufs[0].BufferType, SECBUFFER_MISSING);
    assert_int_equal(bufs[0].cbBuffer, 5);
    assert_ptr_equal(bufs[0].pvBuffer, record);
    assert_memory_equal(record, copy, len);
}

static void c4_the_second_record_is_extra(void **state)
{
    size_t first = record_of(&c, "one"), second;
    SecBuffer bufs[4];

    (void)state;
    assert_status(encrypt(&c, "two", 3, record + first, &second), SEC_E_OK);
    assert_status(decrypt(&s, record, first + second, bufs), SEC_E_OK);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EXTRA);
    assert_ptr_equal(bufs[3].pvBuffer, record + first);
    assert_int_equal(bufs[3].cbBuffer, second);
    assert_status(decrypt(&s, record + first, second, bufs), SEC_E_OK);
    assert_memory_equal(bufs[1].pvBuffer, "two", 3);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EMPTY);
    assert_int_equal(bufs[3].cbBuffer, 0);
}

/* What was done to the record, and whether it is of a CBC suite. */
enum harm { FLIPPED, BODY_OF_1, CUT_BY_1 };

static size_t harmed(enum harm harm)
{
    size_t len = record_of(&c, "a record to be harmed");

    if (harm == FLIPPED) {
        record[len - 1] ^= 1;
        return len;
    }
    len = harm == BODY_OF_1 ? 6 : len - 1;
    record[3] = (uint8_t)((len - 5) >> 8);
    record[4] = (uint8_t)(len - 5);
    return len;
}

static void c5_every_record_that_does_not_open_is_altered(void **state)
{
    static const struct {
        const char *suite;
        bool etm;
        enum harm harm;
    } rows[] = {
        { GCM, true, FLIPPED },   { GCM, true, BODY_OF_1 },
        { CBC, true, FLIPPED },   { CBC, true, BODY_OF_1 },
        { CBC, true, CUT_BY_1 },  { CBC, false, FLIPPED },
        { CBC, false, BODY_OF_1 }, { CBC, false, CUT_BY_1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SecBuffer bufs[4];
        size_t len;

        clear_pair(&c, &s);
        with_suite(rows[i].suite, rows[i].etm);
        len = harmed(rows[i].harm);
        assert_status(decrypt(&s, record, len, bufs), SEC_E_MESSAGE_ALTERED);
        assert_int_equal(bufs[0].BufferType, SECBUFFER_DATA);
        assert_int_equal(bufs[1].BufferType, SECBUFFER_EMPTY);
        assert_status(decrypt(&s, record, len, bufs), SEC_E_CONTEXT_EXPIRED);
        assert_status(encrypt(&s, "x", 1, record, &len),
                      SEC_E_CONTEXT_EXPIRED);
    }
}

static SecPkgContext_StreamSizes sizes_of(struct end *e)
{
    SecPkgContext_StreamSizes z;

    assert_status(QueryContextAttributesA(&e->ctx, SECPKG_ATTR_STREAM_SIZES,
                                          &z),
                  SEC_E_OK);
    return z;
}

static void c6_shapes_of_a_message(void **state)
{
    SecPkgContext_StreamSizes z = sizes_of(&c);
    uint8_t header[64], data[100], trailer[64];
    SecBuffer h = { z.cbHeader, SECBUFFER_STREAM_HEADER, header };
    SecBuffer d = { sizeof data, SECBUFFER_DATA, data };
    SecBuffer t = { z.cbTrailer, SECBUFFER_STREAM_TRAILER, trailer };
    SecBuffer e = { 0, SECBUFFER_EMPTY, NULL };
    SecBuffer t1 = { z.cbHeader, SECBUFFER_TOKEN, header };
    SecBuffer t2 = { z.cbTrailer, SECBUFFER_TOKEN, trailer };
    SecBuffer shapes[5][4] = {
        { h, d, t }, { h, d, t, e }, { t1, d, t2 }, { d, e }, { h, d, d, t },
    };
    static const ULONG num[5] = { 3, 4, 3, 2, 4 };

    (void)state;
    for (int i = 0; i < 5; i++) {
        SecBufferDesc desc = { 0, num[i], shapes[i] };
        SecBuffer bufs[4];
        size_t len;

        memset(data, 'd', sizeof data);
        if (i > 2) {
            assert_status(EncryptMessage(&c.ctx, 0, &desc, 0),
                          SEC_E_INVALID_TOKEN);
            continue;
        }
        assert_status(EncryptMessage(&c.ctx, 0, &desc, 0), SEC_E_OK);
        len = shapes[i][0].cbBuffer;
        memcpy(record, header, len);
        memcpy(record + len, data, sizeof data);
        len += sizeof data;
        memcpy(record + len, trailer, shapes[i][2].cbBuffer);
        len += shapes[i][2].cbBuffer;
        assert_status(decrypt(&s, record, len, bufs), SEC_E_OK);
        assert_int_equal(bufs[1].cbBuffer, 100);
        assert_int_equal(((uint8_t *)bufs[1].pvBuffer)[99], 'd');
    }
    {
        SecBufferDesc desc = { 0, 3, shapes[0] };

        shapes[0][0].cbBuffer = z.cbHeader - 1;
        assert_status(EncryptMessage(&c.ctx, 0, &desc, 0),
                      SEC_E_BUFFER_TOO_SMALL);
        assert_status(EncryptMessage(&c.ctx, 1, &desc, 0),
                      SEC_E_QOP_NOT_SUPPORTED);
    }
}

static void c7_sizes_come_back_exact(void **state)
{
    static const char *const suites[] = { GCM, CBC,
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" };

    (void)state;
    for (int i = 0; i < 3; i++) {
        SecPkgContext_StreamSizes z;
        SecBuffer bufs[3], in[4];
        SecBufferDesc desc = { 0, 3, bufs };
        size_t total;

        clear_pair(&c, &s);
        with_suite(suites[i], true);
        z = sizes_of(&c);
        bufs[0] = (SecBuffer){ z.cbHeader, SECBUFFER_STREAM_HEADER, record };
        bufs[1] = (SecBuffer){ 100, SECBUFFER_DATA, record + z.cbHeader };
        bufs[2] = (SecBuffer){ z.cbTrailer, SECBUFFER_STREAM_TRAILER,
                               record + z.cbHeader + 100 };
        assert_status(EncryptMessage(&c.ctx, 0, &desc, 0), SEC_E_OK);
        assert_int_equal(bufs[1].cbBuffer, 100);
        assert_int_equal(bufs[0].cbBuffer, z.cbHeader);
        if (i != 1) { /* AEAD */
            assert_int_equal(bufs[0].cbBuffer, i == 0 ? 13 : 5);
            assert_int_equal(bufs[2].cbBuffer, 16);
        }
        total = (size_t)bufs[0].cbBuffer + 100 + bufs[2].cbBuffer;
        assert_int_equal(total, 5 + ((size_t)record[3] << 8 | record[4]));
        assert_status(decrypt(&s, record, total, in), SEC_E_OK);
    }
}

static void c8_empty_slots_may_hold_anything(void **state)
{
    size_t len = record_of(&c, "hello");
    void *wild = (void *)(uintptr_t)0xdeadbeef;
    SecBuffer bufs[4] = { { (ULONG)len, SECBUFFER_DATA, record },
                          { 0xdeadbeef, SECBUFFER_EMPTY, wild },
                          { 0xdeadbeef, SECBUFFER_EMPTY, wild },
                          { 0xdeadbeef, SECBUFFER_EMPTY, wild } };
    SecBufferDesc desc = { 0, 4, bufs };
    ULONG qop = 77;

    (void)state;
    assert_status(DecryptMessage(&s.ctx, &desc, 0, &qop), SEC_E_OK);
    assert_int_equal(qop, 0);
    assert_int_equal(bufs[0].BufferType, SECBUFFER_STREAM_HEADER);
    assert_int_equal(bufs[0].cbBuffer, 13);
    assert_ptr_equal(bufs[0].pvBuffer, record);
    assert_int_equal(bufs[1].BufferType, SECBUFFER_DATA);
    assert_ptr_equal(bufs[1].pvBuffer, record + 13);
    assert_memory_equal(bufs[1].pvBuffer, "hello", 5);
    assert_int_equal(bufs[2].BufferType, SECBUFFER_STREAM_TRAILER);
    assert_ptr_equal(bufs[2].pvBuffer, record + 18);
    assert_int_equal(bufs[2].cbBuffer, 16);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EMPTY);
    assert_int_equal(bufs[3].cbBuffer, 0);
}

static void c9_missing_stands_in_two_slots(void **state)
{
    size_t len = record_of(&c, "hello");
    SecBuffer bufs[4];

    (void)state;
    assert_status(decrypt(&s, record, len - 5, bufs),
                  SEC_E_INCOMPLETE_MESSAGE);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(bufs[i].BufferType,
                         i < 2 ? SECBUFFER_MISSING : SECBUFFER_EMPTY);
        assert_int_equal(bufs[i].cbBuffer, i < 2 ? 5 : 0);
    }
    assert_null(bufs[1].pvBuffer);
    assert_status(decrypt(&s, record, len, bufs), SEC_E_OK);
}

static void c10_missing_counts_header_and_body(void **state)
{
    static const size_t given[] = { 0, 1, 4, 5 };
    static const ULONG missing[] = { 5, 4, 1, 64 };
    uint8_t header[5] = { 0x17, 3, 3, 0, 64 };

    (void)state;
    for (int i = 0; i < 4; i++) {
        SecBuffer bufs[4];

        assert_status(decrypt(&s, header, given[i], bufs),
                      SEC_E_INCOMPLETE_MESSAGE);
        assert_int_equal(bufs[0].cbBuffer, missing[i]);
    }
    data_flows(&c, &s);
}

static void c11_the_data_may_stand_in_any_slot(void **state)
{
    size_t len = record_of(&c, "hello");
    SecBuffer e = { 0, SECBUFFER_EMPTY, NULL };
    SecBuffer bufs[4] = { e, e, { (ULONG)len, SECBUFFER_DATA, record }, e };
    SecBufferDesc desc = { 0, 4, bufs };

    (void)state;
    assert_status(DecryptMessage(&s.ctx, &desc, 0, NULL), SEC_E_OK);
    assert_int_equal(bufs[2].BufferType, SECBUFFER_STREAM_HEADER);
    assert_int_equal(bufs[0].BufferType, SECBUFFER_DATA);
    assert_memory_equal(bufs[0].pvBuffer, "hello", 5);
    assert_int_equal(bufs[1].BufferType, SECBUFFER_STREAM_TRAILER);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EMPTY);
}

static void shut_down(struct end *e)
{
    DWORD token = SCHANNEL_SHUTDOWN;
    SecBuffer b = { sizeof token, SECBUFFER_TOKEN, &token };
    SecBufferDesc desc = { 0, 1, &b };

    assert_status(ApplyControlToken(&e->ctx, &desc), SEC_E_OK);
    call(e, NULL, 0, &r);
    assert_status(r.status, SEC_E_OK);
}

static void c12_close_notify_behind_data(void **state)
{
    size_t len = record_of(&c, "last words");
    SecBuffer bufs[4];

    (void)state;
    shut_down(&c);
    memcpy(record + len, r.token, r.token_len);
    assert_status(decrypt(&s, record, len + r.token_len, bufs), SEC_E_OK);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EXTRA);
    assert_int_equal(bufs[3].cbBuffer, r.token_len);
    assert_status(decrypt(&s, record + len, r.token_len, bufs),
                  SEC_I_CONTEXT_EXPIRED);
    assert_int_equal(bufs[0].BufferType, SECBUFFER_STREAM_HEADER);
    assert_int_equal(bufs[1].BufferType, SECBUFFER_DATA);
    assert_int_equal(bufs[1].cbBuffer, 0);
    assert_int_equal(bufs[2].BufferType, SECBUFFER_STREAM_TRAILER);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EMPTY);
    assert_status(decrypt(&s, record, 10, bufs), SEC_I_CONTEXT_EXPIRED);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EXTRA);
    assert_int_equal(bufs[3].cbBuffer, 10);
    assert_ptr_equal(bufs[3].pvBuffer, record);
}

/* An alert record made by EncryptMessage itself (8.2). */
static size_t alert_record(struct end *e, uint8_t level, uint8_t number)
{
    SecPkgContext_StreamSizes z = sizes_of(e);
    uint8_t *p = record;
    SecBuffer bufs[3] = {
        { z.cbHeader, SECBUFFER_STREAM_HEADER, p },
        { 2, SECBUFFER_DATA, p + z.cbHeader },
        { z.cbTrailer, SECBUFFER_STREAM_TRAILER, p + z.cbHeader + 2 },
    };
    SecBufferDesc desc = { 0, 3, bufs };

    p[z.cbHeader] = level;
    p[z.cbHeader + 1] = number;
    assert_status(EncryptMessage(&e->ctx, SECQOP_WRAP_OOB_DATA, &desc, 0),
                  SEC_E_OK);
    return (size_t)bufs[0].cbBuffer + 2 + bufs[2].cbBuffer;
}

static void c13_a_fatal_alert_ends_the_context(void **state)
{
    size_t len = alert_record(&s, 2, 20);
    SecBuffer bufs[4];

    (void)state;
    assert_status(decrypt(&c, record, len, bufs), SEC_E_MESSAGE_ALTERED);
    assert_status(encrypt(&c, "x", 1, record, &len), SEC_E_CONTEXT_EXPIRED);
    assert_status(decrypt(&c, record, 5, bufs), SEC_E_CONTEXT_EXPIRED);
}

static void warnings_are_consumed_9_4(void **state)
{
    size_t len = alert_record(&s, 1, 90);
    SecBuffer bufs[4];

    (void)state;
    assert_status(decrypt(&c, record, len, bufs), SEC_E_OK);
    assert_int_equal(bufs[1].BufferType, SECBUFFER_DATA);
    assert_int_equal(bufs[1].cbBuffer, 0);
    data_flows(&s, &c);
}

static void out_of_band_data_has_2_bytes_9_2(void **state)
{
    uint8_t p[256];
    SecBuffer bufs[3] = { { 13, SECBUFFER_STREAM_HEADER, p },
                          { 3, SECBUFFER_DATA, p + 13 },
                          { 16, SECBUFFER_STREAM_TRAILER, p + 16 } };
    SecBufferDesc desc = { 0, 3, bufs };

    (void)state;
    assert_status(EncryptMessage(&s.ctx, SECQOP_WRAP_OOB_DATA, &desc, 0),
                  SEC_E_INVALID_TOKEN);
}

static void c14_messages_before_the_handshake_is_over(void **state)
{
    struct end early;
    uint8_t p[64] = { 0 };
    SecBuffer out[3] = { { 13, SECBUFFER_STREAM_HEADER, p },
                         { 1, SECBUFFER_DATA, p + 13 },
                         { 16, SECBUFFER_STREAM_TRAILER, p + 14 } };
    SecBufferDesc desc = { 0, 3, out };
    SecBuffer bufs[4];

    (void)state;
    memset(&early, 0, sizeof early);
    assert_status(acquire(&early, false, 0, NULL), SEC_E_OK);
    call(&early, NULL, 0, &r);
    assert_status(EncryptMessage(&early.ctx, 0, &desc, 0),
                  SEC_E_OUT_OF_SEQUENCE);
    assert_status(decrypt(&early, p, sizeof p, bufs), SEC_E_OUT_OF_SEQUENCE);
    end_clear(&early);
}

static void c15_an_empty_record_before_another(void **state)
{
    size_t first = record_of(&c, ""), second;
    SecBuffer bufs[4];

    (void)state;
    assert_status(encrypt(&c, "more", 4, record + first, &second), SEC_E_OK);
    assert_status(decrypt(&s, record, first + second, bufs), SEC_E_OK);
    assert_int_equal(bufs[1].BufferType, SECBUFFER_DATA);
    assert_int_equal(bufs[1].cbBuffer, 0);
    assert_int_equal(bufs[3].BufferType, SECBUFFER_EXTRA);
    assert_ptr_equal(bufs[3].pvBuffer, record + first);
}

static void c17_an_owed_alert_leaves_once(void **state)
{
    static struct reply alert;

    (void)state;
    for (int server = 0; server < 2; server++) {
        struct end *victim, *other;
        SecBuffer bufs[4];
        size_t len;

        clear_pair(&c, &s);
        with_suite(GCM, true);
        victim = server ? &s : &c;
        other = server ? &c : &s;
        len = record_of(other, "to be flipped");
        record[len - 1] ^= 1;
        assert_status(decrypt(victim, record, len, bufs),
                      SEC_E_MESSAGE_ALTERED);
        call(victim, NULL, 0, &alert);
        assert_status(alert.status, SEC_E_OK);
        assert_int_equal(alert.token[0], 0x15);
        /* Protected: the other side understands it. */
        assert_status(decrypt(other, alert.token, alert.token_len, bufs),
                      SEC_E_MESSAGE_ALTERED);
        call(victim, NULL, 0, &alert);
        assert_status(alert.status, SEC_E_MESSAGE_ALTERED);
        assert_int_equal(alert.token_len, 0);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(c1_up_to_16384_bytes_are_one_record),
        CASE(c2_wrong_arrays_leave_the_record_readable),
        CASE(c3_a_short_record_says_what_is_missing),
        CASE(c4_the_second_record_is_extra),
        CASE(c5_every_record_that_does_not_open_is_altered),
        CASE(c6_shapes_of_a_message),
        CASE(c7_sizes_come_back_exact),
        CASE(c8_empty_slots_may_hold_anything),
        CASE(c9_missing_stands_in_two_slots),
        CASE(c10_missing_counts_header_and_body),
        CASE(c11_the_data_may_stand_in_any_slot),
        CASE(c12_close_notify_behind_data),
        CASE(c13_a_fatal_alert_ends_the_context),
        CASE(warnings_are_consumed_9_4),
        CASE(out_of_band_data_has_2_bytes_9_2),
        CASE(c14_messages_before_the_handshake_is_over),
        CASE(c15_an_empty_record_before_another),
        CASE(c17_an_owed_alert_leaves_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
