/*
 * Contract section 18, cases D: ApplyControlToken, shutdown, alerts, deleting.
 * The rules are sections 8.1, 8.2 and 8.4.
 */

#include "test/contract/support_ends.h"

static struct end c, s;
static struct reply r;

static int set_up(void **state)
{
    (void)state;
    usual_pair(&c, &s);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clear_pair(&c, &s);
    return 0;
}

static SECURITY_STATUS apply(struct end *e, void *token, size_t len)
{
    SecBuffer b = { (ULONG)len, SECBUFFER_TOKEN, token };
    SecBufferDesc desc = { 0, 1, &b };

    return ApplyControlToken(&e->ctx, &desc);
}

static void shut_down(struct end *e)
{
    DWORD token = SCHANNEL_SHUTDOWN;

    assert_status(apply(e, &token, sizeof token), SEC_E_OK);
}

static void d1_misuse_of_apply_control_token(void **state)
{
    DWORD shutdown[2] = { SCHANNEL_SHUTDOWN, 0 };
    DWORD renegotiate = SCHANNEL_RENEGOTIATE, unknown = 99;
    SCHANNEL_ALERT_TOKEN alert = { SCHANNEL_ALERT, TLS1_ALERT_FATAL, 42 };
    SCHANNEL_SESSION_TOKEN session = { SCHANNEL_SESSION,
                                       SSL_SESSION_DISABLE_RECONNECTS };
    SecBuffer bufs[2] = { { 4, SECBUFFER_TOKEN, shutdown },
                          { 4, SECBUFFER_TOKEN, shutdown } };
    SecBufferDesc desc = { 0, 1, bufs };

    (void)state;
    call(&c, NULL, 0, &r);
    assert_status(ApplyControlToken(NULL, &desc), SEC_E_INVALID_HANDLE);
    assert_status(ApplyControlToken(&c.ctx, NULL), SEC_E_INTERNAL_ERROR);
    desc.cBuffers = 2;
    assert_status(ApplyControlToken(&c.ctx, &desc), SEC_E_INVALID_TOKEN);
    bufs[1] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    assert_status(ApplyControlToken(&c.ctx, &desc), SEC_E_INVALID_TOKEN);
    desc.cBuffers = 1;
    bufs[0].BufferType = SECBUFFER_ALERT;
    assert_status(ApplyControlToken(&c.ctx, &desc), SEC_E_INVALID_TOKEN);
    bufs[0].BufferType = SECBUFFER_DATA;
    assert_status(ApplyControlToken(&c.ctx, &desc), SEC_E_INVALID_TOKEN);
    assert_status(apply(&c, shutdown, 2), SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(apply(&c, &renegotiate, 4), SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(apply(&c, &unknown, 4), SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(apply(&c, &alert, 11), SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(apply(&c, &session, 7), SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(apply(&c, &session, 8), SEC_E_OK);
    assert_status(apply(&c, shutdown, 5), SEC_E_OK);
    assert_status(apply(&c, shutdown, 4), SEC_E_OK);
    assert_status(apply(&c, shutdown, 4), SEC_E_OK);
    assert_status(apply(&c, &alert, 12), SEC_E_OK);
}

/* The record version before a version is agreed is that of the ClientHello
 * record, which is 0301 here (R-REC-007). */
static void d2_shutdown_before_the_server_hello(void **state)
{
    (void)state;
    call(&c, NULL, 0, &r);
    assert_int_equal(r.token[2], 1);
    for (int i = 0; i < 2; i++) {
        shut_down(&c);
        call(&c, NULL, 0, &r);
        assert_status(r.status, SEC_E_OK);
        assert_int_equal(r.token_len, 7);
        assert_memory_equal(r.token, "\x15\x03\x01\x00\x02\x01\x00", 7);
        call(&c, NULL, 0, &r);
        assert_status(r.status, SEC_E_INCOMPLETE_MESSAGE);
    }
}

static void d3_a_fatal_alert_of_the_applications(void **state)
{
    SCHANNEL_ALERT_TOKEN alert = { SCHANNEL_ALERT, TLS1_ALERT_FATAL, 42 };

    (void)state;
    call(&c, NULL, 0, &r);
    assert_status(apply(&c, &alert, sizeof alert), SEC_E_OK);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_OK);
    assert_int_equal(r.token_len, 7);
    assert_memory_equal(r.token, "\x15\x03\x01\x00\x02\x02\x2A", 7);
}

static void d4_shutdown_of_an_open_context(void **state)
{
    static uint8_t record[ROOM];
    SecBuffer bufs[4];
    size_t len;

    (void)state;
    connect_pair(&c, &s);
    shut_down(&c);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_OK);
    assert_status(decrypt(&s, r.token, r.token_len, bufs),
                  SEC_I_CONTEXT_EXPIRED);
    assert_status(encrypt(&c, "x", 1, record, &len), SEC_E_CONTEXT_EXPIRED);
    data_flows(&s, &c); /* half close: reading goes on (8.2) */
}

static void d5_one_descriptor_for_both(void **state)
{
    SecBuffer b = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = { 0, 1, &b };
    SecBuffer bufs[4];

    (void)state;
    connect_pair(&c, &s);
    shut_down(&c);
    assert_status(InitializeSecurityContextA(
                      &c.cred, &c.ctx, NULL, ISC_REQ_ALLOCATE_MEMORY, 0, 0,
                      &desc, 0, NULL, &desc, NULL, NULL),
                  SEC_E_OK);
    assert_int_equal(b.BufferType, SECBUFFER_TOKEN);
    assert_true(b.cbBuffer > 0);
    assert_status(decrypt(&s, b.pvBuffer, b.cbBuffer, bufs),
                  SEC_I_CONTEXT_EXPIRED);
    assert_status(FreeContextBuffer(b.pvBuffer), SEC_E_OK);
}

static void d6_input_beside_a_shutdown_is_ignored(void **state)
{
    static uint8_t junk[1000], room[1000];
    SecBuffer in = { sizeof junk, SECBUFFER_TOKEN, junk };
    SecBufferDesc in_desc = { 0, 1, &in };
    SecBuffer out = { 0, SECBUFFER_EMPTY, NULL };
    SecBufferDesc out_desc = { 0, 1, &out };
    CtxtHandle made = { 0, 0 };
    SecBuffer bufs[4];

    (void)state;
    connect_pair(&c, &s);
    memset(junk, 0xFA, sizeof junk);
    shut_down(&c);
    assert_status(InitializeSecurityContextA(
                      &c.cred, &c.ctx, NULL, ISC_REQ_ALLOCATE_MEMORY, 0, 0,
                      &in_desc, 0, &made, &out_desc, NULL, NULL),
                  SEC_E_OK);
    assert_int_equal(out.BufferType, SECBUFFER_TOKEN);
    assert_memory_equal(&made, &c.ctx, sizeof made);
    assert_status(decrypt(&s, out.pvBuffer, out.cbBuffer, bufs),
                  SEC_I_CONTEXT_EXPIRED);
    assert_status(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
    shut_down(&c);
    out = (SecBuffer){ sizeof room, SECBUFFER_TOKEN, room };
    assert_status(InitializeSecurityContextA(&c.cred, &c.ctx, NULL, 0, 0, 0,
                                             &in_desc, 0, &made, &out_desc,
                                             NULL, NULL),
                  SEC_E_OK);
    assert_int_equal(out.BufferType, SECBUFFER_TOKEN);
    assert_int_equal(room[0], 0x15);
}

/* A shutdown whose record finds no room is kept, not doubled. */
static void a_shutdown_waits_for_room_6_5(void **state)
{
    uint8_t room[100];
    SecBuffer out = { 3, SECBUFFER_TOKEN, room };
    SecBufferDesc out_desc = { 0, 1, &out };
    SecBuffer bufs[4];

    (void)state;
    connect_pair(&c, &s);
    shut_down(&c);
    assert_status(InitializeSecurityContextA(&c.cred, &c.ctx, NULL, 0, 0, 0,
                                             NULL, 0, NULL, &out_desc, NULL,
                                             NULL),
                  SEC_E_INSUFFICIENT_MEMORY);
    out = (SecBuffer){ sizeof room, SECBUFFER_TOKEN, room };
    assert_status(InitializeSecurityContextA(&c.cred, &c.ctx, NULL, 0, 0, 0,
                                             NULL, 0, NULL, &out_desc, NULL,
                                             NULL),
                  SEC_E_OK);
    assert_int_equal(out.cbBuffer, 5 + room[4]);
    assert_status(decrypt(&s, room, out.cbBuffer, bufs),
                  SEC_I_CONTEXT_EXPIRED);
}

static void d7_answering_the_peers_close_notify(void **state)
{
    static struct reply answer;
    SecBuffer bufs[4];

    for (int i = 0; i < 2; i++) {
        struct end *first = i == 0 ? &s : &c, *second = i == 0 ? &c : &s;

        connect_pair(&c, &s);
        shut_down(first);
        call(first, NULL, 0, &r);
        assert_status(decrypt(second, r.token, r.token_len, bufs),
                      SEC_I_CONTEXT_EXPIRED);
        shut_down(second);
        call(second, NULL, 0, &answer);
        assert_status(answer.status, SEC_E_OK);
        assert_true(answer.token_len > 0);
        assert_status(decrypt(first, answer.token, answer.token_len, bufs),
                      SEC_I_CONTEXT_EXPIRED);
        tear_down(state);
        set_up(state);
    }
}

static void d8_an_alert_after_a_failed_handshake(void **state)
{
    SCHANNEL_ALERT_TOKEN alert = { SCHANNEL_ALERT, TLS1_ALERT_FATAL, 48 };

    (void)state;
    clear_pair(&c, &s);
    make_pair(&c, &s, 0, "server-rsa2048");
    assert_status(shake(&c, &s), SEC_E_UNTRUSTED_ROOT);
    assert_status(apply(&c, &alert, sizeof alert), SEC_E_OK);
    call(&c, NULL, 0, &r);
    assert_status(r.status, SEC_E_OK);
    assert_int_equal(r.token_len, 7);
    assert_memory_equal(r.token, "\x15\x03\x03\x00\x02\x02\x30", 7);
}

static void d9_deleting_contexts_good_and_bad(void **state)
{
    CtxtHandle zero = { 0, 0 }, none, copy;

    (void)state;
    SecInvalidateHandle(&none);
    assert_status(DeleteSecurityContext(NULL), SEC_E_INVALID_HANDLE);
    assert_status(DeleteSecurityContext(&zero), SEC_E_INVALID_HANDLE);
    assert_status(DeleteSecurityContext(&none), SEC_E_INVALID_HANDLE);
    connect_pair(&c, &s);
    copy = c.ctx;
    assert_status(DeleteSecurityContext(&c.ctx), SEC_E_OK);
    assert_memory_equal(&copy, &c.ctx, sizeof copy);
    assert_status(DeleteSecurityContext(&c.ctx), SEC_E_OK);
    c.has_ctx = false;
    /* A credential is no context. */
    assert_status(DeleteSecurityContext(&c.cred), SEC_E_INVALID_HANDLE);
}

static void calls_schannel_does_not_have_8_5(void **state)
{
    SecBuffer b = { 0, SECBUFFER_EMPTY, NULL };
    SecBufferDesc desc = { 0, 1, &b };
    CtxtHandle bad = { 1, 2 };
    void *token;
    char name[] = "Schannel";

    (void)state;
    connect_pair(&c, &s);
    assert_status(CompleteAuthToken(&c.ctx, &desc),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(MakeSignature(&c.ctx, 0, &desc, 0),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(MakeSignature(&bad, 0, &desc, 0), SEC_E_INVALID_HANDLE);
    assert_status(VerifySignature(&c.ctx, &desc, 0, NULL),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(ImpersonateSecurityContext(&s.ctx), SEC_E_NO_IMPERSONATION);
    assert_status(RevertSecurityContext(&s.ctx), SEC_E_NO_IMPERSONATION);
    assert_status(QuerySecurityContextToken(&s.ctx, &token),
                  SEC_E_NO_IMPERSONATION);
    assert_status(ExportSecurityContext(&c.ctx, 0, &b, &token),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(ImportSecurityContextA(name, &b, NULL, &bad),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(SetCredentialsAttributesA(&c.cred, 0x60, &b, sizeof b),
                  SEC_E_UNSUPPORTED_FUNCTION);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(d1_misuse_of_apply_control_token),
        CASE(d2_shutdown_before_the_server_hello),
        CASE(d3_a_fatal_alert_of_the_applications),
        CASE(d4_shutdown_of_an_open_context),
        CASE(d5_one_descriptor_for_both),
        CASE(d6_input_beside_a_shutdown_is_ignored),
        CASE(a_shutdown_waits_for_room_6_5),
        CASE(d7_answering_the_peers_close_notify),
        CASE(d8_an_alert_after_a_failed_handshake),
        CASE(d9_deleting_contexts_good_and_bad),
        CASE(calls_schannel_does_not_have_8_5),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
