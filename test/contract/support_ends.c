/* The two ends of support_ends.h. */

#include "test/contract/support_ends.h"

#include <stdio.h>

#include "engine/base/bytes.h"

void assert_status_at(SECURITY_STATUS got, SECURITY_STATUS wanted,
                      const char *name, const char *file, int line)
{
    if (got != wanted) {
        const char *found = TchStatusName(got);

        print_error("%s:%d: 0x%08x (%s), not %s\n", file, line, (unsigned)got,
                    found == NULL ? "?" : found, name);
        _fail(file, line);
    }
}

uint8_t *load_file(const char *name, size_t *len)
{
    FILE *f = fopen(name, "rb");
    uint8_t *p = malloc(ROOM);

    assert_non_null(p);
    if (f == NULL) {
        print_error("%s cannot be read\n", name);
    }
    assert_non_null(f);
    *len = fread(p, 1, ROOM, f);
    fclose(f);
    return p;
}

PCCERT_CONTEXT load_cert(const char *name, const char *key)
{
    char cert_file[128], key_file[128];
    PCCERT_CONTEXT c;

    snprintf(cert_file, sizeof cert_file, "vectors/certs/%s.pem", name);
    snprintf(key_file, sizeof key_file, "vectors/certs/%s.key",
             key == NULL ? name : key);
    assert_status(TchCertContextFromPemFile(cert_file, key_file, &c),
                  SEC_E_OK);
    return c;
}

SECURITY_STATUS acquire_with(struct end *e, bool server, SCHANNEL_CRED *cred)
{
    char package[] = UNISP_NAME_A;
    SECURITY_STATUS s = AcquireCredentialsHandleA(
        NULL, package, server ? SECPKG_CRED_INBOUND : SECPKG_CRED_OUTBOUND,
        NULL, cred, NULL, NULL, &e->cred, NULL);

    e->server = server;
    e->has_cred = s == SEC_E_OK;
    e->req = server ? ASC_USUAL : ISC_USUAL;
    e->target = "localhost";
    return s;
}

SECURITY_STATUS acquire(struct end *e, bool server, DWORD flags,
                        const char *cert)
{
    PCCERT_CONTEXT c = cert == NULL ? NULL : load_cert(cert, NULL);
    SCHANNEL_CRED cred;
    SECURITY_STATUS s;

    memset(&cred, 0, sizeof cred);
    cred.dwVersion = SCHANNEL_CRED_VERSION;
    cred.dwFlags = flags;
    if (c != NULL) {
        cred.cCreds = 1;
        cred.paCred = &c;
    }
    s = acquire_with(e, server, &cred);
    CertFreeCertificateContext(c);
    return s;
}

void set_options(struct end *e, TCH_SSPI_OPTIONS *o)
{
    o->cbSize = sizeof *o;
    assert_status(TchSetCredentialOptions(&e->cred, o), SEC_E_OK);
}

void make_pair(struct end *c, struct end *s, DWORD client_flags,
               const char *server_cert)
{
    memset(c, 0, sizeof *c);
    memset(s, 0, sizeof *s);
    assert_status(acquire(c, false, client_flags, NULL), SEC_E_OK);
    assert_status(acquire(s, true, 0, server_cert), SEC_E_OK);
}

void usual_pair(struct end *c, struct end *s)
{
    make_pair(c, s,
              SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_NO_DEFAULT_CREDS,
              "server-rsa2048");
}

void end_clear(struct end *e)
{
    if (e->has_ctx) {
        assert_status(DeleteSecurityContext(&e->ctx), SEC_E_OK);
    }
    if (e->has_cred) {
        assert_status(FreeCredentialsHandle(&e->cred), SEC_E_OK);
    }
    e->has_ctx = false;
    e->has_cred = false;
    e->in_len = 0;
}

void clear_pair(struct end *c, struct end *s)
{
    end_clear(c);
    end_clear(s);
}

void call(struct end *e, const void *in, size_t len, struct reply *r)
{
    /* Copied: the bytes may be those of the reply before. */
    static uint8_t copy[ROOM];
    SecBuffer in_bufs[3] = {
        { (ULONG)len, SECBUFFER_TOKEN, copy },
        { 0, SECBUFFER_EMPTY, NULL },
        { (ULONG)e->alpn_len, SECBUFFER_APPLICATION_PROTOCOLS,
          (void *)(uintptr_t)e->alpn },
    };
    SecBufferDesc in_desc = { SECBUFFER_VERSION, e->alpn == NULL ? 2 : 3,
                              in_bufs };
    SecBuffer out_buf = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc out_desc = { SECBUFFER_VERSION, 1, &out_buf };
    PCtxtHandle have = e->has_ctx ? &e->ctx : NULL;

    assert_true(len <= sizeof copy);
    if (len > 0) {
        memcpy(copy, in, len);
    }
    memset(r, 0, sizeof *r);
    if (e->server) {
        r->status = AcceptSecurityContext(&e->cred, have, &in_desc, e->req, 0,
                                          &e->ctx, &out_desc, &e->attr,
                                          &e->expiry);
    } else {
        r->status = InitializeSecurityContextA(
            &e->cred, have, (SEC_CHAR *)(uintptr_t)e->target, e->req, 0, 0,
            &in_desc, 0, &e->ctx, &out_desc, &e->attr, &e->expiry);
    }
    e->has_ctx |= r->status >= 0;
    if (out_buf.pvBuffer != NULL) {
        assert_true(out_buf.cbBuffer <= sizeof r->token);
        memcpy(r->token, out_buf.pvBuffer, out_buf.cbBuffer);
        r->token_len = out_buf.cbBuffer;
        assert_status(FreeContextBuffer(out_buf.pvBuffer), SEC_E_OK);
    }
    r->spare_type = in_bufs[1].BufferType;
    r->spare_len = in_bufs[1].cbBuffer;
}

void give(struct end *to, const void *p, size_t len)
{
    assert_true(to->in_len + len <= sizeof to->in);
    if (len > 0) {
        memcpy(to->in + to->in_len, p, len);
    }
    to->in_len += len;
}

SECURITY_STATUS pump(struct end *e, struct end *other)
{
    static struct reply r;
    size_t left = 0;

    call(e, e->in, e->in_len, &r);
    if (r.status == SEC_E_INCOMPLETE_MESSAGE ||
        r.status == SEC_I_INCOMPLETE_CREDENTIALS) {
        return r.status;
    }
    if (r.spare_type == SECBUFFER_EXTRA) {
        left = r.spare_len;
        assert_true(left > 0 && left <= e->in_len);
    }
    memmove(e->in, e->in + e->in_len - left, left);
    e->in_len = left;
    give(other, r.token, r.token_len);
    return r.status;
}

/* Up to `piece` bytes of those that are on their way. */
static void arrive(struct end *e, struct end *wire, size_t piece)
{
    size_t n = piece == 0 || piece > wire->in_len ? wire->in_len : piece;

    give(e, wire->in, n);
    memmove(wire->in, wire->in + n, wire->in_len - n);
    wire->in_len -= n;
}

/* Works on what came until more is needed. */
static SECURITY_STATUS work(struct end *e, struct end *wire_out, bool *done)
{
    SECURITY_STATUS s;

    do {
        s = pump(e, wire_out);
    } while (s == SEC_I_CONTINUE_NEEDED && e->in_len > 0);
    if (s == SEC_E_OK) {
        *done = true;
    }
    return s == SEC_I_CONTINUE_NEEDED || s == SEC_E_INCOMPLETE_MESSAGE
               ? SEC_E_OK
               : s;
}

SECURITY_STATUS shake_in(struct end *c, struct end *s, size_t piece)
{
    static struct end to_server, to_client;
    bool client_done = false, server_done = false;
    SECURITY_STATUS status = SEC_E_OK;

    memset(&to_server, 0, sizeof to_server);
    memset(&to_client, 0, sizeof to_client);
    /* A context under way has its bytes at its own end. */
    if (!c->has_ctx) {
        status = work(c, &to_server, &client_done);
    }
    for (unsigned i = 0; i < 100000 && status == SEC_E_OK; i++) {
        bool moved = to_server.in_len > 0 || to_client.in_len > 0 ||
                     c->in_len > 0 || s->in_len > 0;

        if (client_done && server_done) {
            arrive(c, &to_client, 0);
            arrive(s, &to_server, 0);
            return SEC_E_OK;
        }
        if (!moved) {
            return SEC_E_INCOMPLETE_MESSAGE;
        }
        if (!server_done && (to_server.in_len > 0 || s->in_len > 0)) {
            arrive(s, &to_server, piece);
            status = work(s, &to_client, &server_done);
        }
        if (status == SEC_E_OK && !client_done &&
            (to_client.in_len > 0 || c->in_len > 0)) {
            arrive(c, &to_client, piece);
            status = work(c, &to_server, &client_done);
        }
    }
    arrive(c, &to_client, 0);
    arrive(s, &to_server, 0);
    return status;
}

SECURITY_STATUS shake(struct end *c, struct end *s)
{
    return shake_in(c, s, 0);
}

void connect_pair(struct end *c, struct end *s)
{
    assert_status(shake(c, s), SEC_E_OK);
}

SECURITY_STATUS encrypt(struct end *e, const void *data, size_t data_len,
                        uint8_t *record, size_t *len)
{
    SecPkgContext_StreamSizes sizes;
    SecBuffer bufs[4];
    SecBufferDesc desc = { SECBUFFER_VERSION, 4, bufs };
    SECURITY_STATUS s;

    *len = 0;
    s = QueryContextAttributesA(&e->ctx, SECPKG_ATTR_STREAM_SIZES, &sizes);
    if (s != SEC_E_OK) {
        return s;
    }
    bufs[0] = (SecBuffer){ sizes.cbHeader, SECBUFFER_STREAM_HEADER, record };
    bufs[1] = (SecBuffer){ (ULONG)data_len, SECBUFFER_DATA,
                           record + sizes.cbHeader };
    bufs[2] = (SecBuffer){ sizes.cbTrailer, SECBUFFER_STREAM_TRAILER,
                           record + sizes.cbHeader + data_len };
    bufs[3] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    if (data_len > 0) {
        memcpy(record + sizes.cbHeader, data, data_len);
    }
    s = EncryptMessage(&e->ctx, 0, &desc, 0);
    if (s == SEC_E_OK) {
        *len = (size_t)bufs[0].cbBuffer + bufs[1].cbBuffer + bufs[2].cbBuffer;
    }
    return s;
}

SECURITY_STATUS decrypt(struct end *e, uint8_t *bytes, size_t len,
                        SecBuffer bufs[4])
{
    SecBufferDesc desc = { SECBUFFER_VERSION, 4, bufs };

    bufs[0] = (SecBuffer){ (ULONG)len, SECBUFFER_DATA, bytes };
    for (int i = 1; i < 4; i++) {
        bufs[i] = (SecBuffer){ 0, SECBUFFER_EMPTY, NULL };
    }
    return DecryptMessage(&e->ctx, &desc, 0, NULL);
}

void data_flows(struct end *from, struct end *to)
{
    static uint8_t record[ROOM];
    static const char text[] = "the quick brown fox";
    SecBuffer bufs[4];
    size_t len;

    assert_status(encrypt(from, text, sizeof text, record, &len), SEC_E_OK);
    assert_status(decrypt(to, record, len, bufs), SEC_E_OK);
    assert_int_equal(bufs[1].BufferType, SECBUFFER_DATA);
    assert_int_equal(bufs[1].cbBuffer, sizeof text);
    assert_memory_equal(bufs[1].pvBuffer, text, sizeof text);
}

const uint8_t *record_at(const uint8_t *token, size_t len, size_t i,
                         size_t *record_len)
{
    while (len >= 5) {
        size_t n = 5 + ((size_t)token[3] << 8 | token[4]);

        if (n > len) {
            return NULL;
        }
        if (i-- == 0) {
            *record_len = n;
            return token;
        }
        token += n;
        len -= n;
    }
    return NULL;
}

TCH_FIELD(client_hello, "5246 7.4.1.2");

/* The reader behind the random of a hello that is one record. */
static void open_hello(const uint8_t *hello, size_t len, struct tch_reader *r)
{
    struct tch_slice skipped, body = { hello, len };

    tch_rd_init(r, body, &f_client_hello, NULL);
    assert_true(tch_rd_slice(r, &f_client_hello, 5 + 4 + 2 + 32, &skipped));
    assert_true(tch_rd_opaque8(r, &f_client_hello, 0, 32, &skipped));
}

static struct tch_slice hello_suites(const uint8_t *hello, size_t len)
{
    struct tch_reader r;
    struct tch_slice suites;

    open_hello(hello, len, &r);
    assert_true(tch_rd_opaque16(&r, &f_client_hello, 2, 65534, &suites));
    return suites;
}

bool hello_has_suite(const uint8_t *hello, size_t len, unsigned code)
{
    struct tch_slice suites = hello_suites(hello, len);

    for (size_t i = 0; i + 1 < suites.len; i += 2) {
        if (tch_get_u16(suites.p + i) == code) {
            return true;
        }
    }
    return false;
}

size_t hello_num_suites(const uint8_t *hello, size_t len)
{
    return hello_suites(hello, len).len / 2;
}

void hello_name(uint8_t *hello, size_t len, char *out, size_t room)
{
    PBYTE name;
    DWORD n;

    assert_status(SslGetServerIdentity(hello, (DWORD)len, &name, &n, 0),
                  SEC_E_OK);
    assert_true(n < room);
    if (n > 0) {
        memcpy(out, name, n);
    }
    out[n] = '\0';
}

size_t alpn_buffer(const char *names, uint8_t *out)
{
    size_t len = 10;

    while (*names != '\0') {
        size_t n = strcspn(names, ",");

        out[len] = (uint8_t)n;
        memcpy(out + len + 1, names, n);
        len += 1 + n;
        names += n + (names[n] == ',');
    }
    memset(out, 0, 10);
    out[0] = (uint8_t)(len - 4);
    out[1] = (uint8_t)((len - 4) >> 8);
    out[4] = 2;
    out[8] = (uint8_t)(len - 10);
    out[9] = (uint8_t)((len - 10) >> 8);
    return len;
}
