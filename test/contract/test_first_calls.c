/*
 * Contract section 18, cases B of the first InitializeSecurityContext and
 * AcceptSecurityContext: which buffers are right, where the token goes, what
 * the name does. The rules are sections 6.1 to 6.5 and 7.
 */

#include "test/contract/support_ends.h"

static struct end c, s;
static struct reply r;

static SECURITY_STATUS isc(PCtxtHandle have, ULONG req, SecBufferDesc *in,
                           PCtxtHandle made, SecBufferDesc *out, ULONG *attr)
{
    char target[] = "localhost";

    return InitializeSecurityContextA(&c.cred, have, target, req, 0, 0, in, 0,
                                      made, out, attr, NULL);
}

static void forget(CtxtHandle *h)
{
    assert_status(DeleteSecurityContext(h), SEC_E_OK);
}

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

static void b1_the_hello_goes_into_the_programs_buffer(void **state)
{
    static uint8_t room[8192];
    SecBuffer out = { sizeof room, SECBUFFER_TOKEN, room };
    SecBufferDesc desc = { 0, 1, &out };
    CtxtHandle h;

    (void)state;
    assert_status(isc(NULL, 0, NULL, &h, &desc, NULL), SEC_I_CONTINUE_NEEDED);
    assert_true(out.cbBuffer > 5 && out.cbBuffer < sizeof room);
    assert_int_equal(room[0], 0x16);
    assert_int_equal(out.cbBuffer, 5 + ((ULONG)room[3] << 8 | room[4]));
    forget(&h);
}

static void b2_a_buffer_of_length_0_is_too_small(void **state)
{
    uint8_t room[1];
    SecBuffer out = { 0, SECBUFFER_TOKEN, room };
    SecBufferDesc desc = { 0, 1, &out };
    CtxtHandle h = { 0x1234, 0x5678 };

    (void)state;
    assert_status(isc(NULL, 0, NULL, &h, &desc, NULL),
                  SEC_E_INSUFFICIENT_MEMORY);
    assert_int_equal(h.dwLower, 0x1234);
    assert_int_equal(h.dwUpper, 0x5678);
}

static void b3_allocated_memory_replaces_a_wild_pointer(void **state)
{
    SecBuffer out = { 77, SECBUFFER_TOKEN, (void *)(uintptr_t)0xdeadbeef };
    SecBufferDesc desc = { 0, 1, &out };
    CtxtHandle h;

    (void)state;
    assert_status(isc(NULL, ISC_REQ_ALLOCATE_MEMORY, NULL, &h, &desc, NULL),
                  SEC_I_CONTINUE_NEEDED);
    assert_ptr_not_equal(out.pvBuffer, (void *)(uintptr_t)0xdeadbeef);
    assert_status(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
    forget(&h);
}

static void b4_output_is_required(void **state)
{
    CtxtHandle h;

    (void)state;
    assert_status(isc(NULL, 0, NULL, &h, NULL, NULL), SEC_E_INVALID_TOKEN);
}

static void b5_an_alert_slot_needs_room_and_comes_back_empty(void **state)
{
    static uint8_t room[8192];
    uint8_t alert[64];
    SecBuffer out[2] = { { sizeof room, SECBUFFER_TOKEN, room },
                         { 0, SECBUFFER_ALERT, alert } };
    SecBufferDesc desc = { 0, 2, out };
    CtxtHandle h;

    (void)state;
    assert_status(isc(NULL, 0, NULL, &h, &desc, NULL),
                  SEC_E_INSUFFICIENT_MEMORY);
    out[1].cbBuffer = sizeof alert;
    assert_status(isc(NULL, 0, NULL, &h, &desc, NULL), SEC_I_CONTINUE_NEEDED);
    assert_int_equal(out[1].cbBuffer, 0);
    forget(&h);
}

static void b15_shapes_of_the_first_input(void **state)
{
    static uint8_t alpn[64];
    ULONG alpn_len = (ULONG)alpn_buffer("h2", alpn);
    SecBuffer ap = { alpn_len, SECBUFFER_APPLICATION_PROTOCOLS, alpn };
    SecBuffer empty = { 0, SECBUFFER_EMPTY, NULL };
    SecBuffer none = { 0, SECBUFFER_TOKEN, NULL };
    SecBuffer five = { 5, SECBUFFER_TOKEN, alpn };
    SecBuffer shapes[5][3] = {
        { empty }, { ap }, { none, empty }, { none, empty, ap },
        { five, empty },
    };
    static const ULONG lengths[5] = { 1, 1, 2, 3, 2 };

    (void)state;
    for (int i = -1; i < 5; i++) {
        SecBufferDesc in = { 0, i < 0 ? 0 : lengths[i],
                             i < 0 ? NULL : shapes[i] };
        SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
        SecBufferDesc out_desc = { 0, 1, &out };
        CtxtHandle h = { 0xdeadbeef, 0xdeadbeef };
        SECURITY_STATUS st = isc(NULL, ISC_REQ_ALLOCATE_MEMORY,
                                 i < 0 ? NULL : &in, &h, &out_desc, NULL);

        if (i == 4) {
            assert_status(st, SEC_E_INVALID_TOKEN);
            assert_int_equal(h.dwLower, 0xdeadbeef);
            assert_int_equal(h.dwUpper, 0xdeadbeef);
            continue;
        }
        assert_status(st, SEC_I_CONTINUE_NEEDED);
        assert_status(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
        forget(&h);
    }
}

static void b16_an_empty_slot_becomes_the_token(void **state)
{
    SecBuffer out[3] = { { 0, SECBUFFER_EMPTY, NULL } };
    SecBufferDesc desc = { 0, 1, out };
    CtxtHandle h;

    (void)state;
    assert_status(isc(NULL, ISC_REQ_ALLOCATE_MEMORY, NULL, &h, &desc, NULL),
                  SEC_I_CONTINUE_NEEDED);
    assert_int_equal(out[0].BufferType, SECBUFFER_TOKEN);
    assert_true(out[0].cbBuffer > 0);
    assert_non_null(out[0].pvBuffer);
    assert_status(FreeContextBuffer(out[0].pvBuffer), SEC_E_OK);
    forget(&h);

    out[0] = (SecBuffer){ 0, SECBUFFER_TOKEN, NULL };
    out[1] = (SecBuffer){ 0, SECBUFFER_ALERT, NULL };
    out[2] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    desc.cBuffers = 3;
    assert_status(isc(NULL, ISC_REQ_ALLOCATE_MEMORY, NULL, &h, &desc, NULL),
                  SEC_I_CONTINUE_NEEDED);
    assert_int_equal(out[0].BufferType, SECBUFFER_TOKEN);
    assert_true(out[0].cbBuffer > 0);
    assert_int_equal(out[1].cbBuffer, 0);
    assert_int_equal(out[2].BufferType, SECBUFFER_EMPTY);
    assert_status(FreeContextBuffer(out[0].pvBuffer), SEC_E_OK);
    assert_status(FreeContextBuffer(out[1].pvBuffer), SEC_E_OK);
    forget(&h);
}

static void b17_a_null_pointer_with_a_length_is_served(void **state)
{
    static uint8_t room[8192];
    SecBuffer out[2] = { { 1000, SECBUFFER_TOKEN, NULL } };
    SecBufferDesc desc = { 0, 1, out };
    CtxtHandle h;

    (void)state;
    assert_status(isc(NULL, 0, NULL, &h, &desc, NULL), SEC_I_CONTINUE_NEEDED);
    assert_non_null(out[0].pvBuffer);
    assert_status(FreeContextBuffer(out[0].pvBuffer), SEC_E_OK);
    forget(&h);
    out[0] = (SecBuffer){ 0, SECBUFFER_TOKEN, NULL };
    assert_status(isc(NULL, 0, NULL, &h, &desc, NULL),
                  SEC_E_INSUFFICIENT_MEMORY);
    out[0] = (SecBuffer){ sizeof room, SECBUFFER_TOKEN, room };
    out[1] = (SecBuffer){ 0, SECBUFFER_ALERT, room };
    desc.cBuffers = 2;
    assert_status(isc(NULL, 0, NULL, &h, &desc, NULL),
                  SEC_E_INSUFFICIENT_MEMORY);
}

/* The hello that a target name makes, and its SNI. */
static void name_of(SECURITY_STATUS st, SecBuffer *out, char *name,
                    size_t room)
{
    assert_status(st, SEC_I_CONTINUE_NEEDED);
    hello_name(out->pvBuffer, out->cbBuffer, name, room);
    assert_status(FreeContextBuffer(out->pvBuffer), SEC_E_OK);
}

static void b18_a_target_name_never_fails_and_is_sni_when_it_can(void **state)
{
    static const struct {
        const char *target;
        const char *sni;
    } rows[] = {
        { "127.0.0.1", "" }, { "::1", "" },  { "example.org.", "example.org" },
        { "", "" },          { NULL, "" },
    };
    char cast[] = "localhost\0\0\0\0\0\0";
    char name[256];
    SecBuffer out;
    SecBufferDesc desc = { 0, 1, &out };
    CtxtHandle h;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        out = (SecBuffer){ 0, SECBUFFER_TOKEN, NULL };
        name_of(InitializeSecurityContextA(
                    &c.cred, NULL, (SEC_CHAR *)(uintptr_t)rows[i].target,
                    ISC_REQ_ALLOCATE_MEMORY, 0, 0, NULL, 0, &h, &desc, NULL,
                    NULL),
                &out, name, sizeof name);
        assert_string_equal(name, rows[i].sni);
        forget(&h);
    }
    out = (SecBuffer){ 0, SECBUFFER_TOKEN, NULL };
    name_of(InitializeSecurityContextW(&c.cred, NULL, (void *)cast,
                                       ISC_REQ_ALLOCATE_MEMORY, 0, 0, NULL, 0,
                                       &h, &desc, NULL, NULL),
            &out, name, sizeof name);
    assert_string_equal(name, "");
    forget(&h);
}

static void b31_first_and_second_call_of_a_server(void **state)
{
    static struct reply hello;
    static uint8_t alpn[64];
    size_t alpn_len = alpn_buffer("h2", alpn);
    static struct end probe;
    size_t n;

    (void)state;
    call(&c, NULL, 0, &hello);
    assert_status(hello.status, SEC_I_CONTINUE_NEEDED);
    for (int shape = 0; shape < 3; shape++) {
        SecBuffer in[2] = {
            { (ULONG)hello.token_len, SECBUFFER_TOKEN, hello.token },
            { 0, SECBUFFER_EMPTY, NULL },
        };
        SecBufferDesc in_desc = { 0, shape == 2 ? 1 : 2, in };
        SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
        SecBufferDesc out_desc = { 0, 1, &out };
        size_t last = 0;
        CtxtHandle h;

        if (shape == 1) {
            in[1] = (SecBuffer){ (ULONG)alpn_len,
                                 SECBUFFER_APPLICATION_PROTOCOLS, alpn };
        }
        assert_status(AcceptSecurityContext(&s.cred, NULL, &in_desc,
                                            ASC_USUAL, 0, &h, &out_desc,
                                            NULL, NULL),
                      SEC_I_CONTINUE_NEEDED);
        /* ServerHello opens the flight, ServerHelloDone ends it. */
        assert_int_equal(((uint8_t *)out.pvBuffer)[5], 2);
        for (size_t i = 0;; i++) {
            const uint8_t *rec =
                record_at(out.pvBuffer, out.cbBuffer, i, &n);

            if (rec == NULL) {
                break;
            }
            last = (size_t)(rec - (uint8_t *)out.pvBuffer) + n;
        }
        assert_int_equal(last, out.cbBuffer);
        assert_memory_equal((uint8_t *)out.pvBuffer + last - 4, "\x0e\0\0",
                            4);
        assert_status(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
        forget(&h);
    }
    memset(&probe, 0, sizeof probe);
    /* The client's second flight in one input: CCS and Finished come back,
     * and nothing before them. */
    call(&s, hello.token, hello.token_len, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
    call(&c, r.token, r.token_len, &r);
    assert_status(r.status, SEC_I_CONTINUE_NEEDED);
    call(&s, r.token, r.token_len, &r);
    assert_status(r.status, SEC_E_OK);
    assert_memory_equal(r.token, "\x14\x03\x03\x00\x01\x01", 6);
    assert_int_equal(r.token[6], 0x16);
    assert_null(record_at(r.token, r.token_len, 2, &n));
}

static void b32_a_server_handle_may_be_zero_after_a_partial_hello(void **state)
{
    static struct reply hello;
    CtxtHandle h = { 0, 0 };
    SecBuffer in[2], out = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc in_desc = { 0, 2, in }, out_desc = { 0, 1, &out };

    (void)state;
    call(&c, NULL, 0, &hello);
    in[0] = (SecBuffer){ 4, SECBUFFER_TOKEN, hello.token };
    in[1] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    assert_status(AcceptSecurityContext(&s.cred, NULL, &in_desc, ASC_USUAL, 0,
                                        &h, &out_desc, NULL, NULL),
                  SEC_E_INCOMPLETE_MESSAGE);
    assert_int_equal(in[1].BufferType, SECBUFFER_MISSING);
    assert_int_equal(in[1].cbBuffer, 1);
    assert_int_equal(h.dwLower, 0);
    in[0].cbBuffer = (ULONG)hello.token_len;
    in[1] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    assert_status(AcceptSecurityContext(&s.cred, &h, &in_desc, ASC_USUAL, 0,
                                        &h, &out_desc, NULL, NULL),
                  SEC_I_CONTINUE_NEEDED);
    assert_true(h.dwLower != 0 && h.dwUpper != 0);
    assert_status(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
    forget(&h);
    /* Where there is no other place the handle goes to *phContext (7.6). */
    h = (CtxtHandle){ 0, 0 };
    in[1] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    assert_status(AcceptSecurityContext(&s.cred, &h, &in_desc, ASC_USUAL, 0,
                                        NULL, &out_desc, NULL, NULL),
                  SEC_I_CONTINUE_NEEDED);
    assert_true(h.dwLower != 0 && h.dwUpper != 0);
    assert_status(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
    forget(&h);
}

static void handles_of_the_wrong_side_are_refused(void **state)
{
    static struct end wrong;
    SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc desc = { 0, 1, &out };
    CredHandle client = c.cred;
    CtxtHandle h;

    (void)state;
    c.cred = s.cred; /* 6.1 */
    assert_status(isc(NULL, ISC_REQ_ALLOCATE_MEMORY, NULL, &h, &desc, NULL),
                  SEC_E_NO_CREDENTIALS);
    c.cred = client;
    wrong = c;
    wrong.server = true; /* 7.3 */
    call(&wrong, "\x16\x03\x01", 3, &r);
    assert_status(r.status, SEC_E_NO_CREDENTIALS);
    assert_status(isc(NULL, ISC_REQ_DELEGATE, NULL, &h, &desc, NULL),
                  SEC_E_UNSUPPORTED_FUNCTION);
    assert_status(isc(NULL, ISC_REQ_DATAGRAM, NULL, &h, &desc, NULL),
                  SEC_E_UNSUPPORTED_FUNCTION);
}

static void a_server_without_certificate_has_no_credentials_7_5(void **state)
{
    static struct end bare;
    static struct reply hello;

    (void)state;
    memset(&bare, 0, sizeof bare);
    assert_status(acquire(&bare, true, 0, NULL), SEC_E_OK);
    call(&c, NULL, 0, &hello);
    call(&bare, hello.token, hello.token_len, &r);
    assert_status(r.status, SEC_E_NO_CREDENTIALS);
    end_clear(&bare);
    /* One that is too weak for the policy counts as none (5.5). */
    assert_status(acquire(&bare, true, 0, "server-rsa512"), SEC_E_OK);
    call(&bare, hello.token, hello.token_len, &r);
    assert_status(r.status, SEC_E_NO_CREDENTIALS);
    end_clear(&bare);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(b1_the_hello_goes_into_the_programs_buffer),
        CASE(b2_a_buffer_of_length_0_is_too_small),
        CASE(b3_allocated_memory_replaces_a_wild_pointer),
        CASE(b4_output_is_required),
        CASE(b5_an_alert_slot_needs_room_and_comes_back_empty),
        CASE(b15_shapes_of_the_first_input),
        CASE(b16_an_empty_slot_becomes_the_token),
        CASE(b17_a_null_pointer_with_a_length_is_served),
        CASE(b18_a_target_name_never_fails_and_is_sni_when_it_can),
        CASE(b31_first_and_second_call_of_a_server),
        CASE(b32_a_server_handle_may_be_zero_after_a_partial_hello),
        CASE(handles_of_the_wrong_side_are_refused),
        CASE(a_server_without_certificate_has_no_credentials_7_5),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
