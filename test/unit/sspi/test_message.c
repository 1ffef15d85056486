/*
 * test_message.c - EncryptMessage and DecryptMessage on what is no message;
 * cases C of test/contract have the rest (contract 9)
 */

#include "test/unit/sspi/support_cred.h"

static CredHandle client, server;
static CtxtHandle c, s;
static uint8_t room[512];

static int set_up(void **state)
{
    PCCERT_CONTEXT k = cert_with_key("server-ec256", "server-ec256");

    (void)state;
    client = cred_of(false, NULL, SCH_CRED_MANUAL_CRED_VALIDATION);
    server = cred_of(true, k, 0);
    CertFreeCertificateContext(k);
    open_pair(&client, &server, &c, &s);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    DeleteSecurityContext(&c);
    DeleteSecurityContext(&s);
    FreeCredentialsHandle(&client);
    FreeCredentialsHandle(&server);
    return 0;
}

static SecBufferDesc four(SecBuffer b[4], ULONG len)
{
    SecBufferDesc d = { 0, 4, b };

    b[0] = (SecBuffer){ len, SECBUFFER_DATA, room };
    for (int i = 1; i < 4; i++) {
        b[i] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    }
    return d;
}

static void bad_handles_come_first(void **state)
{
    CtxtHandle bad = { 0, 0 };
    SecBuffer b[4];
    SecBufferDesc d = four(b, 5);

    (void)state;
    assert_int_equal(EncryptMessage(&bad, 0, &d, 0), SEC_E_INVALID_HANDLE);
    assert_int_equal(DecryptMessage(&bad, &d, 0, NULL), SEC_E_INVALID_HANDLE);
    assert_int_equal(EncryptMessage(NULL, 0, &d, 0), SEC_E_INVALID_HANDLE);
    assert_int_equal(DecryptMessage(NULL, NULL, 0, NULL),
                     SEC_E_INVALID_HANDLE);
    /* A credential is no context. */
    assert_int_equal(DecryptMessage(&client, &d, 0, NULL),
                     SEC_E_INVALID_HANDLE);
}

/* Records that are wrong from their header on (9.4). */
static void headers_that_cannot_be(void **state)
{
    static const struct {
        uint8_t header[5];
        SECURITY_STATUS wanted;
    } rows[] = {
        { { 0x63, 3, 3, 0, 30 }, SEC_E_ILLEGAL_MESSAGE },    /* type */
        { { 0x17, 3, 3, 0x60, 0 }, SEC_E_ILLEGAL_MESSAGE },  /* length */
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        SecBuffer b[4];
        SecBufferDesc d = four(b, 100);

        memcpy(room, rows[i].header, 5);
        assert_int_equal(DecryptMessage(&c, &d, 0, NULL), rows[i].wanted);
        assert_int_equal(b[0].BufferType, SECBUFFER_DATA);
        d = four(b, 100);
        assert_int_equal(DecryptMessage(&c, &d, 0, NULL),
                         SEC_E_CONTEXT_EXPIRED);
        tear_down(state);
        set_up(state);
    }
}

static void the_quality_of_protection_is_0(void **state)
{
    SecBuffer b[3] = { { 64, SECBUFFER_STREAM_HEADER, room },
                       { 4, SECBUFFER_DATA, room + 64 },
                       { 64, SECBUFFER_STREAM_TRAILER, room + 68 } };
    SecBufferDesc d = { 0, 3, b };

    (void)state;
    assert_int_equal(EncryptMessage(&c, SECQOP_WRAP_NO_ENCRYPT, &d, 0),
                     SEC_E_QOP_NOT_SUPPORTED);
    assert_int_equal(EncryptMessage(&c, 0, NULL, 0), SEC_E_INVALID_TOKEN);
    assert_int_equal(b[0].cbBuffer, 64);
    assert_int_equal(EncryptMessage(&c, 0, &d, 0), SEC_E_OK);
    assert_int_not_equal(b[0].cbBuffer, 64); /* the actual size */
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(bad_handles_come_first),
        CASE(headers_that_cannot_be),
        CASE(the_quality_of_protection_is_0),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
