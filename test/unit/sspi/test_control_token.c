/*
 * test_control_token.c - the SCHANNEL_SESSION token, and what alert tokens may
 * say; cases D of test/contract have the rest (contract 8.1)
 */

#include "test/unit/sspi/support_cred.h"

static CredHandle client, server;

static int set_up(void **state)
{
    PCCERT_CONTEXT k = cert_with_key("server-ec256", "server-ec256");

    (void)state;
    client = cred_of(false, NULL, SCH_CRED_MANUAL_CRED_VALIDATION);
    server = cred_of(true, k, SCH_CRED_DISABLE_RECONNECTS);
    CertFreeCertificateContext(k);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    FreeCredentialsHandle(&client);
    FreeCredentialsHandle(&server);
    return 0;
}

static SECURITY_STATUS apply(CtxtHandle *h, void *token, ULONG len)
{
    SecBuffer b = { len, SECBUFFER_TOKEN, token };
    SecBufferDesc d = { 0, 1, &b };

    return ApplyControlToken(h, &d);
}

static bool was_resumed(CtxtHandle *h)
{
    SecPkgContext_SessionInfo info;

    assert_int_equal(QueryContextAttributesA(h, SECPKG_ATTR_SESSION_INFO,
                                             &info),
                     SEC_E_OK);
    return info.dwFlags == SSL_SESSION_RECONNECT;
}

static void a_session_token_allows_what_the_credential_does_not(void **state)
{
    SCHANNEL_SESSION_TOKEN on = { SCHANNEL_SESSION,
                                  SSL_SESSION_ENABLE_RECONNECTS };
    SCHANNEL_SESSION_TOKEN off = { SCHANNEL_SESSION,
                                   SSL_SESSION_DISABLE_RECONNECTS };
    SCHANNEL_SESSION_TOKEN both = { SCHANNEL_SESSION, 3 };
    CtxtHandle c, s;

    (void)state;
    open_pair(&client, &server, &c, &s);
    assert_int_equal(apply(&s, &both, sizeof both),
                     SEC_E_UNSUPPORTED_FUNCTION);
    assert_int_equal(apply(&s, &on, sizeof on), SEC_E_OK);
    DeleteSecurityContext(&c);
    DeleteSecurityContext(&s);
    open_pair(&client, &server, &c, &s);
    assert_true(was_resumed(&c));
    assert_int_equal(apply(&s, &off, sizeof off), SEC_E_OK);
    DeleteSecurityContext(&c);
    DeleteSecurityContext(&s);
    open_pair(&client, &server, &c, &s);
    assert_false(was_resumed(&c));
    DeleteSecurityContext(&c);
    DeleteSecurityContext(&s);
}

static void alert_tokens_have_a_level_and_a_byte(void **state)
{
    SCHANNEL_ALERT_TOKEN a = { SCHANNEL_ALERT, 3, 40 };
    uint8_t unaligned[16];
    CtxtHandle c, s;

    (void)state;
    open_pair(&client, &server, &c, &s);
    assert_int_equal(apply(&c, &a, sizeof a), SEC_E_UNSUPPORTED_FUNCTION);
    a.dwAlertType = TLS1_ALERT_WARNING;
    a.dwAlertNumber = 256;
    assert_int_equal(apply(&c, &a, sizeof a), SEC_E_UNSUPPORTED_FUNCTION);
    a.dwAlertNumber = 90;
    memcpy(unaligned + 1, &a, sizeof a);
    assert_int_equal(apply(&c, unaligned + 1, sizeof a), SEC_E_OK);
    assert_int_equal(apply(&c, NULL, 4), SEC_E_UNSUPPORTED_FUNCTION);
    DeleteSecurityContext(&c);
    DeleteSecurityContext(&s);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_session_token_allows_what_the_credential_does_not),
        CASE(alert_tokens_have_a_level_and_a_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
