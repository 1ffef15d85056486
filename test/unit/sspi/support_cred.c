/* The helpers of support_cred.h. */

#include "test/unit/sspi/support_cred.h"

#include <stdio.h>

#define ROOM 65536

uint8_t *read_vector(const char *name, size_t *len)
{
    char path[128];
    uint8_t *p = calloc(1, ROOM + 1);
    FILE *f;

    snprintf(path, sizeof path, "vectors/certs/%s", name);
    f = fopen(path, "rb");
    assert_non_null(p);
    assert_non_null(f);
    *len = fread(p, 1, ROOM, f);
    fclose(f);
    return p;
}

PCCERT_CONTEXT cert_with_key(const char *name, const char *key)
{
    char cert_path[128], key_path[128];
    PCCERT_CONTEXT c = NULL;

    snprintf(cert_path, sizeof cert_path, "vectors/certs/%s.pem", name);
    snprintf(key_path, sizeof key_path, "vectors/certs/%s.key", key);
    assert_int_equal(TchCertContextFromPemFile(cert_path, key_path, &c),
                     SEC_E_OK);
    return c;
}

CredHandle cred_of(bool server, PCCERT_CONTEXT cert, DWORD flags)
{
    char package[] = UNISP_NAME_A;
    SCHANNEL_CRED cred;
    CredHandle h;

    memset(&cred, 0, sizeof cred);
    cred.dwVersion = SCHANNEL_CRED_VERSION;
    cred.dwFlags = flags;
    cred.cCreds = cert == NULL ? 0 : 1;
    cred.paCred = &cert;
    assert_int_equal(AcquireCredentialsHandleA(
                         NULL, package,
                         server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND,
                         NULL, &cred, NULL, NULL, &h, NULL),
                     SEC_E_OK);
    return h;
}

void open_pair(CredHandle *client, CredHandle *server, CtxtHandle *c,
               CtxtHandle *s)
{
    static uint8_t to_s[ROOM], to_c[ROOM];
    ULONG len_s = 0, len_c = 0, attr;
    bool c_made = false, s_made = false, c_done = false, s_done = false;
    char name[] = "localhost";

    while (!c_done || !s_done) {
        SecBuffer in[2], out;
        SecBufferDesc in_desc = { 0, 2, in }, out_desc = { 0, 1, &out };
        SECURITY_STATUS st;

        in[0] = (SecBuffer){ len_c, SECBUFFER_TOKEN, to_c };
        in[1] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
        out = (SecBuffer){ ROOM, SECBUFFER_TOKEN, to_s };
        st = InitializeSecurityContextA(client, c_made ? c : NULL, name, 0, 0,
                                        0, c_made ? &in_desc : NULL, 0, c,
                                        &out_desc, &attr, NULL);
        assert_true(st == SEC_E_OK || st == SEC_I_CONTINUE_NEEDED);
        c_made = true;
        c_done = st == SEC_E_OK;
        len_s = out.cbBuffer;
        if (len_s == 0) {
            continue;
        }
        in[0] = (SecBuffer){ len_s, SECBUFFER_TOKEN, to_s };
        in[1] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
        out = (SecBuffer){ ROOM, SECBUFFER_TOKEN, to_c };
        st = AcceptSecurityContext(server, s_made ? s : NULL, &in_desc, 0, 0,
                                   s, &out_desc, &attr, NULL);
        assert_true(st == SEC_E_OK || st == SEC_I_CONTINUE_NEEDED);
        s_made = true;
        s_done = st == SEC_E_OK;
        len_c = out.cbBuffer;
    }
}
