/*
 * test_context.c - contexts and threads (contract 2.1, 2.4), and the failure
 * of a first call, which leaves no handle to ask
 */

#include <pthread.h>
#include <stdatomic.h>

#include "sspi/live.h"
#include "test/unit/sspi/support_cred.h"

static CredHandle client, server;

static int set_up(void **state)
{
    PCCERT_CONTEXT k = cert_with_key("server-ec256", "server-ec256");

    (void)state;
    client = cred_of(false, NULL, SCH_CRED_MANUAL_CRED_VALIDATION);
    server = cred_of(true, k, 0);
    CertFreeCertificateContext(k);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return FreeCredentialsHandle(&client) == SEC_E_OK &&
                   FreeCredentialsHandle(&server) == SEC_E_OK &&
                   tch_live_count(TCH_LIVE_MEMORY) == 0 &&
                   tch_live_count(TCH_LIVE_CERT) == 0 &&
                   tch_live_count(TCH_LIVE_STORE) == 0
               ? 0
               : -1;
}

/* One direction of a connection in a thread of its own: seals at one end,
 * opens at the other. */
struct direction {
    CtxtHandle *from;
    CtxtHandle *to;
    uint8_t tag;
    int failures;
};

enum { MESSAGES = 2000, LENGTH = 300 };

static bool one_message(struct direction *d, int i)
{
    uint8_t record[13 + LENGTH + 64];
    SecBuffer b[4] = {
        { 13, SECBUFFER_STREAM_HEADER, record },
        { LENGTH, SECBUFFER_DATA, record + 13 },
        { 64, SECBUFFER_STREAM_TRAILER, record + 13 + LENGTH },
        { 0, SECBUFFER_EMPTY, NULL },
    };
    SecBufferDesc desc = { 0, 4, b };
    SecPkgContext_StreamSizes z;

    memset(record + 13, d->tag ^ (uint8_t)i, LENGTH);
    if (QueryContextAttributesA(d->from, SECPKG_ATTR_STREAM_SIZES, &z) !=
            SEC_E_OK ||
        EncryptMessage(d->from, 0, &desc, 0) != SEC_E_OK) {
        return false;
    }
    b[0] = (SecBuffer){ b[0].cbBuffer + b[1].cbBuffer + b[2].cbBuffer,
                        SECBUFFER_DATA, record };
    for (int j = 1; j < 4; j++) {
        b[j] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    }
    return DecryptMessage(d->to, &desc, 0, NULL) == SEC_E_OK &&
           b[1].cbBuffer == LENGTH &&
           ((uint8_t *)b[1].pvBuffer)[LENGTH - 1] ==
               (uint8_t)(d->tag ^ (uint8_t)i);
}

static void *run_direction(void *arg)
{
    struct direction *d = arg;

    for (int i = 0; i < MESSAGES; i++) {
        d->failures += !one_message(d, i);
    }
    return NULL;
}

static void both_directions_at_once_2_4(void **state)
{
    CtxtHandle c, s;
    struct direction up = { &c, &s, 0x11, 0 }, down = { &s, &c, 0x22, 0 };
    TCH_SSPI_OPTIONS o;
    pthread_t a, b;

    (void)state;
    memset(&o, 0, sizeof o);
    o.cbSize = sizeof o;
    o.pszSuites = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    assert_int_equal(TchSetCredentialOptions(&client, &o), SEC_E_OK);
    open_pair(&client, &server, &c, &s);
    assert_int_equal(pthread_create(&a, NULL, run_direction, &up), 0);
    assert_int_equal(pthread_create(&b, NULL, run_direction, &down), 0);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert_int_equal(up.failures, 0);
    assert_int_equal(down.failures, 0);
    assert_int_equal(DeleteSecurityContext(&c), SEC_E_OK);
    assert_int_equal(DeleteSecurityContext(&s), SEC_E_OK);
}

/* A first call of the client's alone, made and deleted. */
static void *make_contexts(void *arg)
{
    int *failures = arg;

    for (int i = 0; i < 200; i++) {
        SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
        SecBufferDesc desc = { 0, 1, &out };
        char name[] = "localhost";
        CtxtHandle c;

        if (InitializeSecurityContextA(&client, NULL, name,
                                       ISC_REQ_ALLOCATE_MEMORY, 0, 0, NULL, 0,
                                       &c, &desc, NULL, NULL) !=
                SEC_I_CONTINUE_NEEDED ||
            FreeContextBuffer(out.pvBuffer) != SEC_E_OK ||
            DeleteSecurityContext(&c) != SEC_E_OK) {
            (*failures)++;
        }
    }
    return NULL;
}

static void *change_options(void *arg)
{
    int *failures = arg;

    for (int i = 0; i < 100; i++) {
        TCH_SSPI_OPTIONS o;

        memset(&o, 0, sizeof o);
        o.cbSize = sizeof o;
        o.fResumption = i % 2 == 0 ? TCH_OPTION_ON : TCH_OPTION_OFF;
        if (TchSetCredentialOptions(&client, &o) != SEC_E_OK) {
            (*failures)++;
        }
    }
    return NULL;
}

static void one_credential_serves_many_threads_2_4(void **state)
{
    pthread_t t[3];
    int failures[3] = { 0, 0, 0 };

    (void)state;
    assert_int_equal(pthread_create(&t[0], NULL, make_contexts, &failures[0]),
                     0);
    assert_int_equal(pthread_create(&t[1], NULL, make_contexts, &failures[1]),
                     0);
    assert_int_equal(
        pthread_create(&t[2], NULL, change_options, &failures[2]), 0);
    for (int i = 0; i < 3; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(failures[i], 0);
    }
}

/* Whatever it gets, a thread with a deleted handle gets a status. */
static atomic_bool deleted;
static CtxtHandle doomed;

static void *use_doomed(void *arg)
{
    int *strange = arg;

    for (int i = 0; i < 100000 && !atomic_load(&deleted); i++) {
        uint8_t record[512];
        SecBuffer b[4] = { { 13, SECBUFFER_STREAM_HEADER, record },
                           { 10, SECBUFFER_DATA, record + 13 },
                           { 64, SECBUFFER_STREAM_TRAILER, record + 23 },
                           { 0, SECBUFFER_EMPTY, NULL } };
        SecBufferDesc desc = { 0, 4, b };
        SECURITY_STATUS s;

        memset(record, 0, sizeof record);
        s = EncryptMessage(&doomed, 0, &desc, 0);
        *strange += s != SEC_E_OK && s != SEC_E_INVALID_HANDLE &&
                    s != SEC_E_BUFFER_TOO_SMALL;
    }
    return NULL;
}

static void deleting_under_a_user_is_safe_2_1(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        CtxtHandle c, s;
        int strange = 0;
        pthread_t t;

        open_pair(&client, &server, &c, &s);
        doomed = c;
        atomic_store(&deleted, false);
        assert_int_equal(pthread_create(&t, NULL, use_doomed, &strange), 0);
        assert_int_equal(DeleteSecurityContext(&c), SEC_E_OK);
        atomic_store(&deleted, true);
        pthread_join(t, NULL);
        assert_int_equal(strange, 0);
        assert_int_equal(DeleteSecurityContext(&s), SEC_E_OK);
    }
}

static void a_first_calls_failure_can_be_asked_for(void **state)
{
    CredHandle bare = cred_of(true, NULL, 0);
    uint8_t junk[64];
    SecBuffer in[2] = { { sizeof junk, SECBUFFER_TOKEN, junk },
                        { 0, SECBUFFER_EMPTY, NULL } };
    SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc in_desc = { 0, 2, in }, out_desc = { 0, 1, &out };
    TchPkgContext_Failure f;
    CtxtHandle h = { 77, 77 };

    (void)state;
    memset(junk, 0xFA, sizeof junk);
    assert_int_equal(AcceptSecurityContext(&server, NULL, &in_desc,
                                           ASC_REQ_ALLOCATE_MEMORY, 0, &h,
                                           &out_desc, NULL, NULL),
                     SEC_E_INVALID_TOKEN);
    assert_int_equal(h.dwLower, 77);
    assert_int_equal(TchGetLastFailure(&f), SEC_E_OK);
    assert_int_equal(f.scStatus, SEC_E_INVALID_TOKEN);
    assert_string_equal(f.szName, "NOT_TLS");
    assert_true(strlen(f.szSentence) > 10);
    assert_int_equal(AcceptSecurityContext(&bare, NULL, &in_desc,
                                           ASC_REQ_ALLOCATE_MEMORY, 0, &h,
                                           &out_desc, NULL, NULL),
                     SEC_E_NO_CREDENTIALS);
    assert_int_equal(TchGetLastFailure(&f), SEC_E_OK);
    assert_int_equal(f.scStatus, SEC_E_NO_CREDENTIALS);
    assert_true(strlen(f.szSentence) > 10);
    assert_int_equal(TchGetLastFailure(NULL), SEC_E_INVALID_PARAMETER);
    assert_int_equal(FreeCredentialsHandle(&bare), SEC_E_OK);
}

/* Statuses of contract 10.2 for bytes that are no TLS, each alone. */
static void what_is_no_record_is_an_invalid_token_10_2(void **state)
{
    static const uint8_t rows[][8] = {
        { 0xFA, 3, 3, 0, 2, 1, 0, 0 },      /* unknown type */
        { 0x16, 4, 0, 0, 2, 1, 0, 0 },      /* major version not 3 */
        { 'G', 'E', 'T', ' ', '/', ' ', 'H', 'T' },
        { 0, 0, 0, 0, 0, 0, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[8];
        SecBuffer in[2] = { { 8, SECBUFFER_TOKEN, bytes },
                            { 0, SECBUFFER_EMPTY, NULL } };
        SecBuffer out = { 0, SECBUFFER_TOKEN, NULL };
        SecBufferDesc in_desc = { 0, 2, in }, out_desc = { 0, 1, &out };
        CtxtHandle h;

        memcpy(bytes, rows[i], 8);
        assert_int_equal(AcceptSecurityContext(&server, NULL, &in_desc,
                                               ASC_REQ_ALLOCATE_MEMORY, 0, &h,
                                               &out_desc, NULL, NULL),
                         SEC_E_INVALID_TOKEN);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(both_directions_at_once_2_4),
        CASE(one_credential_serves_many_threads_2_4),
        CASE(deleting_under_a_user_is_safe_2_1),
        CASE(a_first_calls_failure_can_be_asked_for),
        CASE(what_is_no_record_is_an_invalid_token_10_2),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
