/*
 * The n-th allocation fails, for every n: a whole life of two SSPI ends,
 * certificates, options, handshake, data, queries, shutdown. Nothing may
 * crash, every answer is a status that the library knows, and in the end
 * nothing is left behind (contract 2.3; SEC_E_INSUFFICIENT_MEMORY of 5.1, 6.6
 * and 9.2).
 *
 * malloc and its family are replaced in this program; under a sanitizer, which
 * replaces them itself, the test is skipped.
 */

#include "test/contract/support_ends.h"

#include <stdio.h>

#include "sspi/memory.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||   \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifndef SANITIZED

static long until_failure = -1; /* allocations still granted; -1: all */
static long outstanding;
static bool failed;

/* glibc's own, behind the names that are replaced. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

static bool granted(void)
{
    if (until_failure == 0) {
        failed = true;
        until_failure = -1; /* one failure in a run */
        return false;
    }
    until_failure -= until_failure > 0;
    return true;
}

void *malloc(size_t n)
{
    void *p = granted() ? __libc_malloc(n) : NULL;

    outstanding += p != NULL;
    return p;
}

void *calloc(size_t n, size_t size)
{
    void *p = granted() ? __libc_calloc(n, size) : NULL;

    outstanding += p != NULL;
    return p;
}

void *realloc(void *old, size_t n)
{
    void *p = granted() ? __libc_realloc(old, n) : NULL;

    outstanding += old == NULL && p != NULL;
    return p;
}

void free(void *p)
{
    outstanding -= p != NULL;
    __libc_free(p);
}

static void known(SECURITY_STATUS s)
{
    assert_non_null(TchStatusName(s));
}

/* A credential with everything that takes memory. */
static SECURITY_STATUS make_credential(bool server, CredHandle *h)
{
    char package[] = UNISP_NAME_A;
    PCCERT_CONTEXT k = NULL;
    SCHANNEL_CRED cred;
    TCH_SSPI_OPTIONS o;
    SECURITY_STATUS s;

    s = TchCertContextFromPemFile("vectors/certs/server-ec256.pem",
                                  "vectors/certs/server-ec256.key", &k);
    known(s);
    memset(&cred, 0, sizeof cred);
    cred.dwVersion = SCHANNEL_CRED_VERSION;
    cred.cCreds = server && k != NULL ? 1 : 0;
    cred.paCred = &k;
    s = AcquireCredentialsHandleA(
        NULL, package, server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND,
        NULL, &cred, NULL, NULL, h, NULL);
    known(s);
    CertFreeCertificateContext(k);
    if (s != SEC_E_OK) {
        return s;
    }
    memset(&o, 0, sizeof o);
    o.cbSize = sizeof o;
    o.pszAnchorsFile = "vectors/certs/ca.pem";
    o.pszAlpn = "h2";
    known(TchSetCredentialOptions(h, &o));
    return SEC_E_OK;
}

/* One call into buffers of ours; true while the handshake goes on well. */
static bool step(bool server, CredHandle *cred, CtxtHandle *ctx, bool *made,
                 uint8_t *in, ULONG in_len, uint8_t *out, ULONG *out_len,
                 SECURITY_STATUS *s)
{
    SecBuffer in_bufs[2] = { { in_len, SECBUFFER_TOKEN, in },
                             { 0, SECBUFFER_EMPTY, NULL } };
    SecBuffer out_buf = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc in_desc = { 0, 2, in_bufs }, out_desc = { 0, 1, &out_buf };
    PCtxtHandle have = *made ? ctx : NULL;
    char name[] = "localhost";

    /* Asked again once where memory lacked: it has only failed once. */
    for (int i = 0; i < 2; i++) {
        in_bufs[1] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
        *s = server ? AcceptSecurityContext(cred, have, &in_desc, ASC_USUAL, 0,
                                            ctx, &out_desc, NULL, NULL)
                    : InitializeSecurityContextA(
                          cred, have, name, ISC_USUAL, 0, 0,
                          have == NULL ? NULL : &in_desc, 0, ctx, &out_desc,
                          NULL, NULL);
        known(*s);
        if (*s != SEC_E_INSUFFICIENT_MEMORY) {
            break;
        }
    }
    *made |= *s >= 0;
    *out_len = 0;
    if (out_buf.pvBuffer != NULL && out_buf.cbBuffer > 0) {
        memcpy(out, out_buf.pvBuffer, out_buf.cbBuffer);
        *out_len = out_buf.cbBuffer;
    }
    assert_status(FreeContextBuffer(out_buf.pvBuffer), SEC_E_OK);
    return *s == SEC_E_OK || *s == SEC_I_CONTINUE_NEEDED;
}

static void ask_everything(CtxtHandle *h)
{
    PCCERT_CONTEXT cert = NULL;
    SecPkgContext_KeyInfoA key;
    SecPkgContext_Bindings b;
    SecPkgContext_NamesW names;
    TchPkgContext_Failure f;
    SECURITY_STATUS s;

    s = QueryContextAttributesA(h, SECPKG_ATTR_REMOTE_CERT_CONTEXT, &cert);
    known(s);
    CertFreeCertificateContext(s == SEC_E_OK ? cert : NULL);
    s = QueryContextAttributesA(h, SECPKG_ATTR_KEY_INFO, &key);
    known(s);
    if (s == SEC_E_OK) {
        FreeContextBuffer(key.sSignatureAlgorithmName);
        FreeContextBuffer(key.sEncryptAlgorithmName);
    }
    s = QueryContextAttributesA(h, SECPKG_ATTR_ENDPOINT_BINDINGS, &b);
    known(s);
    FreeContextBuffer(s == SEC_E_OK ? b.Bindings : NULL);
    s = QueryContextAttributesW(h, SECPKG_ATTR_NAMES, &names);
    known(s);
    FreeContextBuffer(s == SEC_E_OK ? names.sUserName : NULL);
    known(QueryContextAttributesA(h, TCH_ATTR_FAILURE, &f));
}

/* The whole life; true when the handshake came to its end. */
static bool live(void)
{
    static uint8_t up[ROOM], down[ROOM];
    CredHandle client, server;
    CtxtHandle c, s;
    bool c_made = false, s_made = false, ok = true;
    bool c_done = false, s_done = false;
    ULONG up_len = 0, down_len = 0;
    SECURITY_STATUS st;

    if (make_credential(false, &client) != SEC_E_OK) {
        return false;
    }
    if (make_credential(true, &server) != SEC_E_OK) {
        assert_status(FreeCredentialsHandle(&client), SEC_E_OK);
        return false;
    }
    for (int i = 0; i < 10 && ok && !(c_done && s_done); i++) {
        ok = step(false, &client, &c, &c_made, down, down_len, up, &up_len,
                  &st);
        c_done = st == SEC_E_OK;
        if (ok && up_len > 0) {
            ok = step(true, &server, &s, &s_made, up, up_len, down, &down_len,
                      &st);
            s_done = st == SEC_E_OK;
        }
    }
    if (c_made) {
        ask_everything(&c);
        known(DeleteSecurityContext(&c));
    }
    if (s_made) {
        ask_everything(&s);
        known(DeleteSecurityContext(&s));
    }
    assert_status(FreeCredentialsHandle(&client), SEC_E_OK);
    assert_status(FreeCredentialsHandle(&server), SEC_E_OK);
    return c_done && s_done;
}

/* The tables of handed-out pointers stay for good; each of their shards is
 * made when it is first needed, so many pointers make them all. */
static void make_tables(void)
{
    enum { MANY = 4000 };
    static void *blocks[MANY];

    for (int i = 0; i < MANY; i++) {
        blocks[i] = tch_package_alloc(1);
    }
    for (int i = 0; i < MANY; i++) {
        assert_status(FreeContextBuffer(blocks[i]), SEC_E_OK);
    }
}

static void the_nth_allocation_fails(void **state)
{
    long baseline, n = 0;

    (void)state;
    assert_true(live());
    make_tables();
    baseline = outstanding;
    do {
        failed = false;
        until_failure = n++;
        live();
        until_failure = -1;
        if (outstanding != baseline) {
            print_error("allocation %ld: %ld blocks are left\n", n - 1,
                        outstanding - baseline);
        }
        assert_int_equal(outstanding, baseline);
    } while (failed);
    print_message("# %ld allocations\n", n - 1);
    assert_true(n > 100);
    assert_true(live());
}

#else

static void the_nth_allocation_fails(void **state)
{
    (void)state;
    print_message("# a sanitizer has its own malloc\n");
    skip();
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_allocation_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
