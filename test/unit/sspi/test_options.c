/*
 * test_options.c - TchSetCredentialOptions: what is valid, what is merged,
 * what stays after a failure (contract 5.8)
 */

#include <stdio.h>
#include <unistd.h>

#include "engine/base/event.h"
#include "sspi/credentials.h"
#include "sspi/handles.h"
#include "test/unit/sspi/support_cred.h"

static CredHandle cred;

static int set_up(void **state)
{
    (void)state;
    cred = cred_of(false, NULL, SCH_CRED_MANUAL_CRED_VALIDATION);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return FreeCredentialsHandle(&cred) == SEC_E_OK ? 0 : -1;
}

static TCH_SSPI_OPTIONS none(void)
{
    TCH_SSPI_OPTIONS o;

    memset(&o, 0, sizeof o);
    o.cbSize = sizeof o;
    return o;
}

/* The suites that a credential's next context offers. */
static size_t num_suites(unsigned *first)
{
    struct tch_setup *s = tch_cred_setup(&cred);
    const uint16_t *codes;
    size_t num;

    assert_non_null(s);
    codes = tch_config_suites(s->config, &num);
    *first = num == 0 ? 0 : codes[0];
    tch_setup_unref(s);
    return num;
}

static void wrong_arguments_are_refused(void **state)
{
    TCH_SSPI_OPTIONS o = none();
    CredHandle bad = { 1, 2 };

    (void)state;
    assert_int_equal(TchSetCredentialOptions(&bad, &o), SEC_E_INVALID_HANDLE);
    assert_int_equal(TchSetCredentialOptions(NULL, &o), SEC_E_INVALID_HANDLE);
    assert_int_equal(TchSetCredentialOptions(&cred, NULL),
                     SEC_E_INVALID_PARAMETER);
    o.cbSize--;
    assert_int_equal(TchSetCredentialOptions(&cred, &o),
                     SEC_E_INVALID_PARAMETER);
    o.cbSize = 0;
    assert_int_equal(TchSetCredentialOptions(&cred, &o),
                     SEC_E_INVALID_PARAMETER);
    o = none();
    o.fRenegotiation = 3;
    assert_int_equal(TchSetCredentialOptions(&cred, &o),
                     SEC_E_INVALID_PARAMETER);
    o = none();
    o.grbitProtocols = 0x20000; /* DTLS */
    assert_int_equal(TchSetCredentialOptions(&cred, &o),
                     SEC_E_INVALID_PARAMETER);
    o = none(); /* changes nothing, and that is fine */
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
}

static void unknown_names_are_refused_and_change_nothing(void **state)
{
    unsigned before, after;
    size_t num = num_suites(&before);
    const char *const suites[] = { "TLS_NO_SUCH_SUITE", "0xZZZZ", "0x12345",
                                   ",", "0xC02F,nonsense" };
    TCH_SSPI_OPTIONS o;

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        o = none();
        o.pszSuites = suites[i];
        assert_int_equal(TchSetCredentialOptions(&cred, &o),
                         SEC_E_INVALID_PARAMETER);
    }
    o = none();
    o.pszGroups = "curve9";
    assert_int_equal(TchSetCredentialOptions(&cred, &o),
                     SEC_E_INVALID_PARAMETER);
    o = none();
    o.pszPolicy = "stern";
    assert_int_equal(TchSetCredentialOptions(&cred, &o),
                     SEC_E_INVALID_PARAMETER);
    o = none();
    o.pszAnchorsFile = "vectors/certs/none.pem";
    assert_int_equal(TchSetCredentialOptions(&cred, &o), CRYPT_E_FILE_ERROR);
    o = none();
    o.pszAnchorsPem = "no certificate";
    assert_int_equal(TchSetCredentialOptions(&cred, &o),
                     SEC_E_INVALID_PARAMETER);
    o = none();
    o.hAnchors = &o;
    assert_int_equal(TchSetCredentialOptions(&cred, &o),
                     SEC_E_INVALID_PARAMETER);
    o = none();
    o.pszKeyLogFile = "/no/such/directory/keys";
    assert_int_equal(TchSetCredentialOptions(&cred, &o), CRYPT_E_FILE_ERROR);
    assert_int_equal(num_suites(&after), num);
    assert_int_equal(before, after);
}

static void lists_take_names_and_numbers(void **state)
{
    TCH_SSPI_OPTIONS o = none();
    unsigned first;

    (void)state;
    o.pszSuites = "0xC02F, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
    assert_int_equal(num_suites(&first), 2);
    assert_int_equal(first, 0xC02F);
    /* A later call about something else leaves the list. */
    o = none();
    o.fResumption = TCH_OPTION_OFF;
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
    assert_int_equal(num_suites(&first), 2);
    /* A policy starts it over. */
    o = none();
    o.pszPolicy = "default";
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
    assert_true(num_suites(&first) > 2);
}

/* A suite that the registry has and this build does not run. */
static void nothing_left_is_a_mismatch(void **state)
{
    TCH_SSPI_OPTIONS o = none();
    TCH_SUITE_INFO suite;
    DWORD i = 0;

    (void)state;
    while (TchSuiteList(i, NULL, &suite) == SEC_E_OK && suite.fBuilt) {
        i++;
    }
    if (suite.fBuilt) {
        print_message("# every suite is built\n");
        skip();
    }
    o.pszSuites = suite.pszName;
    assert_int_equal(TchSetCredentialOptions(&cred, &o),
                     SEC_E_ALGORITHM_MISMATCH);
}

static void anchors_come_from_text_file_and_store(void **state)
{
    HCERTSTORE h = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    TCH_SSPI_OPTIONS o = none();
    size_t len;
    uint8_t *text = read_vector("other-ca.pem", &len);
    uint8_t *third = read_vector("ca-ec256.pem", &len);
    struct tch_cred *c;

    (void)state;
    assert_int_equal(TchCertStoreAddPem(h, (char *)third, (DWORD)len, NULL),
                     SEC_E_OK);
    o.pszAnchorsFile = "vectors/certs/ca.pem";
    o.pszAnchorsPem = (char *)text;
    o.hAnchors = h;
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
    c = tch_handle_pin(TCH_HANDLE_CREDENTIAL, &cred);
    assert_non_null(c);
    assert_int_equal(tch_store_num(tch_store_of(c->options.hAnchors)), 3);
    tch_handle_unpin(&cred);
    assert_true(CertCloseStore(h, 0));
    memset(text, 0, 10);
    o = none();
    o.fEncryptThenMac = TCH_OPTION_OFF;
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
    c = tch_handle_pin(TCH_HANDLE_CREDENTIAL, &cred);
    assert_int_equal(tch_store_num(tch_store_of(c->options.hAnchors)), 3);
    tch_handle_unpin(&cred);
    free(text);
    free(third);
}

static int lines, events;

static void on_line(void *arg, const char *line)
{
    assert_ptr_equal(arg, &lines);
    assert_memory_equal(line, "CLIENT_RANDOM ", 14);
    lines++;
}

static void on_event(void *arg, const struct tch_event *ev)
{
    assert_ptr_equal(arg, &events);
    assert_non_null(ev);
    events++;
}

static void key_log_and_observer_see_a_handshake(void **state)
{
    PCCERT_CONTEXT k = cert_with_key("server-ec256", "server-ec256");
    CredHandle server = cred_of(true, k, 0);
    struct tch_observer observer = { on_event, NULL, &events, false };
    TCH_SSPI_OPTIONS o = none();
    char name[] = "/tmp/tch-test-XXXXXX";
    int fd = mkstemp(name);
    CtxtHandle c, s;
    char text[400];
    ssize_t n;

    (void)state;
    assert_true(fd >= 0);
    CertFreeCertificateContext(k);
    lines = events = 0;
    o.pfnKeyLog = on_line;
    o.pvKeyLog = &lines;
    o.pszKeyLogFile = name;
    o.pObserver = &observer;
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
    memset(&observer, 0, sizeof observer); /* it was copied */
    open_pair(&cred, &server, &c, &s);
    assert_int_equal(lines, 1);
    assert_true(events > 0);
    n = read(fd, text, sizeof text);
    /* NSS key-log format: two hex numbers of 32 and 48 bytes. */
    assert_int_equal(n, 14 + 64 + 1 + 96 + 1);
    assert_int_equal(text[n - 1], '\n');
    close(fd);
    unlink(name);
    assert_int_equal(DeleteSecurityContext(&c), SEC_E_OK);
    assert_int_equal(DeleteSecurityContext(&s), SEC_E_OK);
    assert_int_equal(FreeCredentialsHandle(&server), SEC_E_OK);
}

static void live_contexts_keep_their_setup(void **state)
{
    PCCERT_CONTEXT k = cert_with_key("server-ec256", "server-ec256");
    CredHandle server = cred_of(true, k, 0);
    TCH_SSPI_OPTIONS o = none();
    SecBuffer in[2] = { { 0, SECBUFFER_TOKEN, NULL },
                        { 0, SECBUFFER_EMPTY, NULL } };
    SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc in_desc = { 0, 2, in }, out_desc = { 0, 1, &out };
    CtxtHandle c, s;

    (void)state;
    CertFreeCertificateContext(k);
    open_pair(&cred, &server, &c, &s);
    o.fRenegotiation = TCH_OPTION_OFF;
    assert_int_equal(TchSetCredentialOptions(&server, &o), SEC_E_OK);
    /* The context from before may still ask. */
    assert_int_equal(AcceptSecurityContext(&server, &s, &in_desc,
                                           ASC_REQ_ALLOCATE_MEMORY, 0, NULL,
                                           &out_desc, NULL, NULL),
                     SEC_E_OK);
    assert_true(out.cbBuffer > 0);
    assert_int_equal(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
    assert_int_equal(DeleteSecurityContext(&c), SEC_E_OK);
    assert_int_equal(DeleteSecurityContext(&s), SEC_E_OK);
    assert_int_equal(FreeCredentialsHandle(&server), SEC_E_OK);
}

static void alpn_of_the_option_is_offered(void **state)
{
    PCCERT_CONTEXT k = cert_with_key("server-ec256", "server-ec256");
    CredHandle server = cred_of(true, k, 0);
    SecPkgContext_ApplicationProtocol p;
    TCH_SSPI_OPTIONS o = none();
    CtxtHandle c, s;

    (void)state;
    CertFreeCertificateContext(k);
    o.pszAlpn = "h2, http/1.1";
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
    o.pszAlpn = "http/1.1";
    assert_int_equal(TchSetCredentialOptions(&server, &o), SEC_E_OK);
    open_pair(&cred, &server, &c, &s);
    assert_int_equal(QueryContextAttributesA(
                         &c, SECPKG_ATTR_APPLICATION_PROTOCOL, &p),
                     SEC_E_OK);
    assert_int_equal(p.ProtocolIdSize, 8);
    assert_memory_equal(p.ProtocolId, "http/1.1", 8);
    assert_int_equal(DeleteSecurityContext(&c), SEC_E_OK);
    assert_int_equal(DeleteSecurityContext(&s), SEC_E_OK);
    assert_int_equal(FreeCredentialsHandle(&server), SEC_E_OK);
}

static bool resumed(CredHandle *server)
{
    SecPkgContext_SessionInfo info;
    CtxtHandle c, s;

    open_pair(&cred, server, &c, &s);
    assert_int_equal(QueryContextAttributesA(&c, SECPKG_ATTR_SESSION_INFO,
                                             &info),
                     SEC_E_OK);
    assert_int_equal(DeleteSecurityContext(&c), SEC_E_OK);
    assert_int_equal(DeleteSecurityContext(&s), SEC_E_OK);
    return info.dwFlags == SSL_SESSION_RECONNECT;
}

static void resumption_can_be_switched_off(void **state)
{
    PCCERT_CONTEXT k = cert_with_key("server-ec256", "server-ec256");
    CredHandle server = cred_of(true, k, 0);
    CredHandle shy = cred_of(true, k, SCH_CRED_DISABLE_RECONNECTS);
    TCH_SSPI_OPTIONS o = none();

    (void)state;
    CertFreeCertificateContext(k);
    assert_false(resumed(&server));
    assert_true(resumed(&server));
    o.fResumption = TCH_OPTION_OFF;
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
    assert_false(resumed(&server));
    assert_false(resumed(&server));
    o.fResumption = TCH_OPTION_ON;
    assert_int_equal(TchSetCredentialOptions(&cred, &o), SEC_E_OK);
    assert_false(resumed(&server)); /* sessions are forgotten */
    assert_true(resumed(&server));
    /* SCH_CRED_DISABLE_RECONNECTS (5.4). */
    assert_false(resumed(&shy));
    assert_false(resumed(&shy));
    assert_int_equal(FreeCredentialsHandle(&server), SEC_E_OK);
    assert_int_equal(FreeCredentialsHandle(&shy), SEC_E_OK);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(wrong_arguments_are_refused),
        CASE(unknown_names_are_refused_and_change_nothing),
        CASE(lists_take_names_and_numbers),
        CASE(nothing_left_is_a_mismatch),
        CASE(anchors_come_from_text_file_and_store),
        CASE(key_log_and_observer_see_a_handshake),
        CASE(live_contexts_keep_their_setup),
        CASE(alpn_of_the_option_is_offered),
        CASE(resumption_can_be_switched_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
