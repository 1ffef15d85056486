/*
 * Contract section 18, cases B of later calls: incomplete and surplus bytes,
 * wrong arrays, handles, alerts that come in, flags and times. The rules are
 * sections 2.1, 6.3 to 6.9, 10.1 and 13.
 */

#include "test/contract/support_ends.h"

static struct end c, s;
static struct reply hello, flight; /* the client's; the server's answer */

static int set_up(void **state)
{
    (void)state;
    usual_pair(&c, &s);
    call(&c, NULL, 0, &hello);
    assert_status(hello.status, SEC_I_CONTINUE_NEEDED);
    call(&s, hello.token, hello.token_len, &flight);
    assert_status(flight.status, SEC_I_CONTINUE_NEEDED);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clear_pair(&c, &s);
    return 0;
}

static SECURITY_STATUS isc_req(ULONG req, SecBufferDesc *in, PCtxtHandle made,
                               SecBufferDesc *out)
{
    return InitializeSecurityContextA(&c.cred, &c.ctx, NULL, req, 0, 0, in, 0,
                                      made, out, &c.attr, &c.expiry);
}

static SECURITY_STATUS isc(SecBufferDesc *in, PCtxtHandle made,
                           SecBufferDesc *out)
{
    return isc_req(ISC_USUAL, in, made, out);
}

/* An output slot with memory of the package's. */
#define OUT_SLOT                                                              \
    SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };                             \
    SecBufferDesc out_desc = { 0, 1, &out }

static void free_token(SecBuffer *out)
{
    assert_status(FreeContextBuffer(out->pvBuffer), SEC_E_OK);
    out->pvBuffer = NULL;
    out->cbBuffer = 0;
}

static SecBuffer token_of(void *p, size_t len)
{
    SecBuffer b = { (ULONG)len, SECBUFFER_TOKEN, p };

    return b;
}

static const SecBuffer empty = { 0, SECBUFFER_EMPTY, NULL };

static void b6_too_few_bytes_say_how_many_are_missing(void **state)
{
    static const ULONG given[] = { 0, 4, 5 };
    ULONG body = (ULONG)flight.token[3] << 8 | flight.token[4];
    const ULONG missing[] = { 5, 1, body };
    CtxtHandle other = { 0xdeadbeef, 0xdeadbeef };
    SecBuffer out = { 1234, SECBUFFER_TOKEN, (void *)(uintptr_t)0xbeef };
    SecBufferDesc out_desc = { 0, 1, &out };

    (void)state;
    assert_status(isc(NULL, &other, &out_desc), SEC_E_INCOMPLETE_MESSAGE);
    for (int i = 0; i < 3; i++) {
        SecBuffer in[2] = { token_of(flight.token, given[i]), empty };
        SecBufferDesc in_desc = { 0, 2, in };

        assert_status(isc(&in_desc, &other, &out_desc),
                      SEC_E_INCOMPLETE_MESSAGE);
        assert_int_equal(in[1].BufferType, SECBUFFER_MISSING);
        assert_int_equal(in[1].cbBuffer, missing[i]);
    }
    assert_int_equal(out.cbBuffer, 1234);
    assert_int_equal(out.BufferType, SECBUFFER_TOKEN);
    assert_ptr_equal(out.pvBuffer, (void *)(uintptr_t)0xbeef);
    assert_int_equal(other.dwLower, 0xdeadbeef);
    assert_int_equal(other.dwUpper, 0xdeadbeef);
}

static void b7_junk_is_an_invalid_token(void **state)
{
    static uint8_t junk[8192];
    SecBuffer in[2] = { token_of(junk, sizeof junk), empty };
    SecBufferDesc in_desc = { 0, 2, in };
    OUT_SLOT;

    (void)state;
    memset(junk, 0xFA, sizeof junk);
    assert_status(isc(&in_desc, NULL, &out_desc), SEC_E_INVALID_TOKEN);
    assert_int_equal(out.cbBuffer, 0);
}

static void b8_a_wrong_array_changes_nothing(void **state)
{
    SecBuffer in[2] = { token_of(flight.token, flight.token_len),
                        { 0xdeadbeef, SECBUFFER_EMPTY, NULL } };
    SecBufferDesc in_desc = { 0, 2, in };
    OUT_SLOT;

    (void)state;
    assert_status(isc(&in_desc, NULL, &out_desc), SEC_E_INVALID_TOKEN);
    in[1] = token_of(flight.token, 1);
    assert_status(isc(&in_desc, NULL, &out_desc), SEC_E_INVALID_TOKEN);
    in[1] = empty;
    in_desc.ulVersion = 1;
    assert_status(isc(&in_desc, NULL, &out_desc), SEC_E_INVALID_TOKEN);
    in_desc.ulVersion = SECBUFFER_VERSION;
    assert_status(isc(&in_desc, NULL, &out_desc), SEC_I_CONTINUE_NEEDED);
    assert_true(out.cbBuffer > 0);
    free_token(&out);
}

/* NULL, the same, another: in a handshake of its own each. */
static void b21_the_new_handle_is_the_old_one_on_progress_only(void **state)
{
    SecBuffer in[2];
    SecBufferDesc in_desc = { 0, 2, in };
    CtxtHandle words, other = { 0xdeadbeef, 0xdeadbeef };

    for (int i = 0; i < 3; i++) {
        PCtxtHandle places[] = { NULL, &c.ctx, &other };
        OUT_SLOT;

        words = c.ctx;
        in[0] = token_of(flight.token, flight.token_len);
        in[1] = empty;
        assert_status(isc(&in_desc, places[i], &out_desc),
                      SEC_I_CONTINUE_NEEDED);
        assert_memory_equal(&c.ctx, &words, sizeof words);
        free_token(&out);
        if (i < 2) {
            tear_down(state);
            set_up(state);
        }
    }
    assert_memory_equal(&other, &words, sizeof words);
    other = (CtxtHandle){ 0xdeadbeef, 0xdeadbeef };
    {
        OUT_SLOT;

        assert_status(isc(NULL, &other, &out_desc), SEC_E_INCOMPLETE_MESSAGE);
    }
    assert_int_equal(other.dwLower, 0xdeadbeef);
    assert_int_equal(other.dwUpper, 0xdeadbeef);
}

static void b22_junk_again_is_invalid_again(void **state)
{
    static uint8_t junk[8192];
    uint8_t room[1];
    SecBuffer in = token_of(junk, sizeof junk);
    SecBufferDesc in_desc = { 0, 1, &in };
    SecBuffer out = token_of(room, 1);
    SecBufferDesc out_desc = { 0, 1, &out };
    SECURITY_STATUS st;

    (void)state;
    memset(junk, 0xFA, sizeof junk);
    assert_status(isc_req(0, &in_desc, NULL, &out_desc), SEC_E_INVALID_TOKEN);
    assert_int_equal(out.cbBuffer, 0);
    memset(junk, 0, sizeof junk);
    out = token_of(room, 1);
    assert_status(isc_req(0, &in_desc, NULL, &out_desc), SEC_E_INVALID_TOKEN);
    assert_int_equal(out.cbBuffer, 0);
    out = token_of(room, 0);
    st = isc_req(0, &in_desc, NULL, &out_desc);
    assert_true(st == SEC_E_INVALID_TOKEN || st == SEC_E_INSUFFICIENT_MEMORY);
    assert_int_equal(out.cbBuffer, 0);
}

/* A record whose fragment is all but the last byte of the flight's body, so
 * that there is a first record and more behind it whatever the server does. */
static size_t split_flight(uint8_t *out, size_t *first)
{
    size_t n, len = 0;
    const uint8_t *rec = record_at(flight.token, flight.token_len, 0, &n);
    size_t body = n - 5, half = body / 2;

    assert_non_null(rec);
    memcpy(out, rec, 3);
    out[3] = (uint8_t)(half >> 8);
    out[4] = (uint8_t)half;
    memcpy(out + 5, rec + 5, half);
    len = 5 + half;
    *first = len;
    memcpy(out + len, rec, 3);
    out[len + 3] = (uint8_t)((body - half) >> 8);
    out[len + 4] = (uint8_t)(body - half);
    memcpy(out + len + 5, rec + 5 + half, body - half);
    len += 5 + body - half;
    memcpy(out + len, flight.token + n, flight.token_len - n);
    return len + flight.token_len - n;
}

static void b23_the_first_spare_slot_counts_what_is_left(void **state)
{
    static uint8_t records[ROOM];
    size_t first;
    SecBuffer in[4] = { { 0 }, empty, empty, empty };
    SecBufferDesc in_desc = { 0, 4, in };
    OUT_SLOT;

    (void)state;
    split_flight(records, &first);
    in[0] = token_of(records, first + 3);
    assert_status(isc(&in_desc, NULL, &out_desc), SEC_I_CONTINUE_NEEDED);
    assert_int_equal(in[1].BufferType, SECBUFFER_EXTRA);
    assert_int_equal(in[1].cbBuffer, 3);
    assert_int_equal(in[2].BufferType, SECBUFFER_EMPTY);
    assert_int_equal(in[3].BufferType, SECBUFFER_EMPTY);
    assert_int_equal(out.cbBuffer, 0);
    assert_null(out.pvBuffer);
    in[0] = token_of(records + first, 3);
    in[1] = empty;
    in_desc.cBuffers = 2;
    assert_status(isc(&in_desc, NULL, &out_desc), SEC_E_INCOMPLETE_MESSAGE);
    assert_int_equal(in[1].BufferType, SECBUFFER_MISSING);
    assert_int_equal(in[1].cbBuffer, 2);
}

static void b24_surplus_without_a_slot_is_silent(void **state)
{
    SecBuffer in = token_of(flight.token, flight.token_len + 3);
    SecBuffer before = in;
    SecBufferDesc in_desc = { 0, 1, &in };
    OUT_SLOT;

    (void)state;
    memcpy(flight.token + flight.token_len, "\x16\x03\x03", 3);
    assert_status(isc(&in_desc, NULL, &out_desc), SEC_I_CONTINUE_NEEDED);
    assert_true(out.cbBuffer > 0);
    assert_memory_equal(&in, &before, sizeof in);
    free_token(&out);
}

static void b25_leftover_slots_are_skipped(void **state)
{
    static uint8_t alpn[64];
    ULONG alpn_len = (ULONG)alpn_buffer("h2", alpn);
    ULONG lengths[3];

    (void)state;
    for (int shape = 0; shape < 3; shape++) {
        static struct end c2, s2;
        static struct reply h2, f2;
        SecBuffer in[3];
        SecBufferDesc in_desc = { 0, shape == 0 ? 2 : 3, in };
        OUT_SLOT;

        usual_pair(&c2, &s2);
        call(&c2, NULL, 0, &h2);
        call(&s2, h2.token, h2.token_len, &f2);
        in[0] = token_of(f2.token, f2.token_len);
        in[1] = empty;
        in[2] = (SecBuffer){ alpn_len, SECBUFFER_APPLICATION_PROTOCOLS,
                             alpn };
        if (shape == 2) {
            in[1] = (SecBuffer){ 9, SECBUFFER_EXTRA, NULL };
            in[2] = empty;
        }
        assert_status(InitializeSecurityContextA(&c2.cred, &c2.ctx, NULL,
                                                 ISC_USUAL, 0, 0, &in_desc, 0,
                                                 NULL, &out_desc, NULL, NULL),
                      SEC_I_CONTINUE_NEEDED);
        lengths[shape] = out.cbBuffer;
        free_token(&out);
        clear_pair(&c2, &s2);
    }
    assert_int_equal(lengths[0], lengths[1]);
    assert_int_equal(lengths[0], lengths[2]);
}

static void b26_a_second_credential_takes_over(void **state)
{
    CredHandle old = c.cred;
    struct end second;

    (void)state;
    memset(&second, 0, sizeof second);
    assert_status(acquire(&second, false, SCH_CRED_MANUAL_CRED_VALIDATION,
                          NULL),
                  SEC_E_OK);
    c.cred = second.cred;
    assert_status(FreeCredentialsHandle(&old), SEC_E_OK);
    give(&c, flight.token, flight.token_len);
    connect_pair(&c, &s);
    data_flows(&c, &s);
}

static void b28_alerts_that_come_map_by_the_table(void **state)
{
    static const struct {
        uint8_t alert;
        SECURITY_STATUS status;
    } rows[] = {
        { 0x28, SEC_E_ILLEGAL_MESSAGE },
        { 0x2A, SEC_E_CERT_UNKNOWN },
        { 0x2C, CRYPT_E_REVOKED },
        { 0x2D, SEC_E_CERT_EXPIRED },
        { 0x2F, SEC_E_ILLEGAL_MESSAGE },
        { 0x30, SEC_E_UNTRUSTED_ROOT },
        { 0x31, SEC_E_LOGON_DENIED },
        { 0x46, SEC_E_UNSUPPORTED_FUNCTION },
        { 0x47, SEC_E_ALGORITHM_MISMATCH },
        { 0x50, SEC_E_INTERNAL_ERROR },
        { 0x78, SEC_E_APPLICATION_PROTOCOL_MISMATCH },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct end c2;
        static struct reply r;
        uint8_t alert[7] = { 0x15, 3, 3, 0, 2, 2, rows[i].alert };

        memset(&c2, 0, sizeof c2);
        assert_status(acquire(&c2, false, 0, NULL), SEC_E_OK);
        c2.req |= ISC_REQ_EXTENDED_ERROR;
        call(&c2, NULL, 0, &r);
        call(&c2, alert, sizeof alert, &r);
        assert_status(r.status, rows[i].status);
        assert_int_equal(r.token_len, 0);
        end_clear(&c2);
    }
}

/* close_notify in a handshake is a failure without an alert of ours, which
 * the application may still answer (10.1, 8.2). */
static void close_notify_in_a_handshake_10_1(void **state)
{
    static const uint8_t close_notify[7] = { 0x15, 3, 3, 0, 2, 1, 0 };
    static struct reply r;
    DWORD token = SCHANNEL_SHUTDOWN;
    SecBuffer b = { sizeof token, SECBUFFER_TOKEN, &token };
    SecBufferDesc desc = { 0, 1, &b };

    (void)state;
    c.req |= ISC_REQ_EXTENDED_ERROR;
    call(&c, close_notify, sizeof close_notify, &r);
    assert_status(r.status, SEC_E_ILLEGAL_MESSAGE);
    assert_int_equal(r.token_len, 0);
    assert_int_equal(c.attr & ISC_RET_EXTENDED_ERROR, 0);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_ILLEGAL_MESSAGE);
    assert_int_equal(r.token_len, 0);
    assert_status(ApplyControlToken(&c.ctx, &desc), SEC_E_OK);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_OK);
    assert_int_equal(r.token_len, 7);
    assert_memory_equal(r.token + 5, "\x01\x00", 2);
}

/* A failure's two alert bytes go into an ALERT slot, its record into TOKEN
 * (6.9); where TOKEN has no room the alert waits for the next call. */
static void the_alert_slot_gets_the_alerts_two_bytes_6_9(void **state)
{
    static uint8_t room[64], bytes[64];
    static struct end c2, s2;
    static struct reply r;
    static const ULONG token_room[] = { 64, 3 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        ULONG req = ISC_REQ_EXTENDED_ERROR;
        SecBuffer in[2];
        SecBuffer out[2] = { { 0, SECBUFFER_TOKEN, NULL },
                             { 0, SECBUFFER_ALERT, NULL } };
        SecBufferDesc in_desc = { 0, 2, in }, out_desc = { 0, 2, out };
        char target[] = "localhost";

        make_pair(&c2, &s2, 0, "server-rsa2048");
        call(&c2, NULL, 0, &r);
        call(&s2, r.token, r.token_len, &r);
        in[0] = token_of(r.token, r.token_len);
        in[1] = empty;
        if (i < 2) {
            out[0] = token_of(room, token_room[i]);
            out[1] = (SecBuffer){ sizeof bytes, SECBUFFER_ALERT, bytes };
        } else {
            req |= ISC_REQ_ALLOCATE_MEMORY;
        }
        assert_status(InitializeSecurityContextA(&c2.cred, &c2.ctx, target,
                                                 req, 0, 0, &in_desc, 0, NULL,
                                                 &out_desc, &c2.attr, NULL),
                      SEC_E_UNTRUSTED_ROOT);
        if (i == 1) {
            assert_int_equal(out[0].cbBuffer, 0);
            assert_int_equal(c2.attr & ISC_RET_EXTENDED_ERROR, 0);
            call(&c2, NULL, 0, &r);
            assert_status(r.status, SEC_E_OK);
            assert_memory_equal(r.token, "\x15\x03\x03\0\x02\x02\x30", 7);
        } else {
            assert_int_equal(out[0].cbBuffer, 7);
            assert_memory_equal(out[0].pvBuffer,
                                "\x15\x03\x03\0\x02\x02\x30", 7);
            assert_int_equal(out[1].cbBuffer, 2);
            assert_memory_equal(out[1].pvBuffer, "\x02\x30", 2);
        }
        if (i == 2) {
            assert_status(FreeContextBuffer(out[0].pvBuffer), SEC_E_OK);
            assert_status(FreeContextBuffer(out[1].pvBuffer), SEC_E_OK);
        }
        clear_pair(&c2, &s2);
    }
}

static void b34_the_expiry_is_0_first_and_known_later(void **state)
{
    uint8_t room[1];
    SecBuffer in[2] = { token_of(flight.token, flight.token_len), empty };
    SecBufferDesc in_desc = { 0, 2, in };
    SecBuffer small = token_of(room, 0);
    SecBufferDesc small_desc = { 0, 1, &small };
    static struct end c2;
    static struct reply r;
    OUT_SLOT;

    (void)state;
    memset(&c2, 0, sizeof c2);
    assert_status(acquire(&c2, false, 0, NULL), SEC_E_OK);
    c2.expiry.QuadPart = 0xdeadbeef;
    call(&c2, NULL, 0, &r);
    assert_int_equal(c2.expiry.QuadPart, 0);
    end_clear(&c2);
    c.expiry.QuadPart = 0xdeadbeef;
    assert_status(isc_req(0, &in_desc, NULL, &small_desc),
                  SEC_E_INSUFFICIENT_MEMORY);
    assert_int_equal(c.expiry.QuadPart, 0);
    assert_int_equal(c.attr, ISC_RET_CONFIDENTIALITY |
                                 ISC_RET_SEQUENCE_DETECT |
                                 ISC_RET_REPLAY_DETECT);
    c.expiry.QuadPart = 0xdeadbeef;
    assert_status(isc(&in_desc, NULL, &out_desc), SEC_I_CONTINUE_NEEDED);
    assert_true(c.expiry.QuadPart != 0 && c.expiry.QuadPart != 0xdeadbeef);
    free_token(&out);
}

static void b37_too_little_room_changes_nothing(void **state)
{
    static uint8_t room[8192];
    SecBuffer in[2] = { token_of(flight.token, flight.token_len), empty };
    SecBufferDesc in_desc = { 0, 2, in };
    SecBuffer out = token_of(room, 10);
    SecBufferDesc out_desc = { 0, 1, &out };

    (void)state;
    assert_status(isc_req(0, &in_desc, NULL, &out_desc),
                  SEC_E_INSUFFICIENT_MEMORY);
    assert_int_equal(in[0].cbBuffer, flight.token_len);
    assert_int_equal(in[1].BufferType, SECBUFFER_EMPTY);
    out = token_of(room, sizeof room);
    assert_status(isc_req(0, &in_desc, NULL, &out_desc),
                  SEC_I_CONTINUE_NEEDED);
    assert_true(out.cbBuffer > 10);
    give(&s, room, out.cbBuffer);
    connect_pair(&c, &s);
    data_flows(&c, &s);
}

static void b38_attributes_asked_too_early(void **state)
{
    SecPkgContext_StreamSizes sizes;
    PCCERT_CONTEXT cert = NULL;

    (void)state;
    assert_status(QueryContextAttributesA(
                      &c.ctx, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &cert),
                  SEC_E_INVALID_HANDLE);
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_STREAM_SIZES,
                                          &sizes),
                  SEC_E_INVALID_HANDLE);
    give(&c, flight.token, flight.token_len);
    connect_pair(&c, &s);
    assert_status(QueryContextAttributesA(
                      &c.ctx, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &cert),
                  SEC_E_OK);
    assert_true(CertFreeCertificateContext(cert));
    assert_status(QueryContextAttributesA(&c.ctx, SECPKG_ATTR_STREAM_SIZES,
                                          &sizes),
                  SEC_E_OK);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(b6_too_few_bytes_say_how_many_are_missing),
        CASE(b7_junk_is_an_invalid_token),
        CASE(b8_a_wrong_array_changes_nothing),
        CASE(b21_the_new_handle_is_the_old_one_on_progress_only),
        CASE(b22_junk_again_is_invalid_again),
        CASE(b23_the_first_spare_slot_counts_what_is_left),
        CASE(b24_surplus_without_a_slot_is_silent),
        CASE(b25_leftover_slots_are_skipped),
        CASE(b26_a_second_credential_takes_over),
        CASE(b28_alerts_that_come_map_by_the_table),
        CASE(close_notify_in_a_handshake_10_1),
        CASE(the_alert_slot_gets_the_alerts_two_bytes_6_9),
        CASE(b34_the_expiry_is_0_first_and_known_later),
        CASE(b37_too_little_room_changes_nothing),
        CASE(b38_attributes_asked_too_early),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
