/*
 * server_minimal.c - the smallest complete SSPI server
 *
 *   server_minimal PORT CERT.pem KEY.pem
 *
 * Accepts one connection on the loopback (port 0: the system chooses), answers
 * the first thing the client says, closes in order and ends.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <security.h>
#include <schannel.h>
#include <tomchannel_sspi.h>

#define ANSWER "HTTP/1.0 200 OK\r\n\r\nHello from SSPI.\n"
#define FLAGS  (ASC_REQ_ALLOCATE_MEMORY | ASC_REQ_CONFIDENTIALITY | \
                ASC_REQ_STREAM | ASC_REQ_EXTENDED_ERROR)

static char in[65536]; /* what came and was not used yet */
static size_t have;

static int accept_one(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_port = htons((in_port_t)port) };
    socklen_t len = sizeof a;
    int one = 1;
    int fd = -1;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&a, len) == 0 &&
        listen(listener, 1) == 0 &&
        getsockname(listener, (struct sockaddr *)&a, &len) == 0) {
        printf("listening on 127.0.0.1:%d\n", ntohs(a.sin_port));
        fflush(stdout);
        fd = accept(listener, NULL, NULL);
    }
    close(listener);
    return fd;
}

/* More bytes from the network; 0 at its end. */
static size_t more(int fd)
{
    ssize_t n = recv(fd, in + have, sizeof in - have, 0);
    have += n > 0 ? (size_t)n : 0;
    return n > 0 ? (size_t)n : 0;
}

/* Bytes that a call did not use move to the front. */
static void keep(const SecBuffer *b, size_t num)
{
    size_t extra = 0;
    for (size_t i = 0; i < num; i++) {
        extra = b[i].BufferType == SECBUFFER_EXTRA ? b[i].cbBuffer : extra;
    }
    memmove(in, in + have - extra, extra);
    have = extra;
}

/* One call with what has come; a token is sent whatever the status is. */
static SECURITY_STATUS step(int fd, CredHandle *cred, CtxtHandle *ctx)
{
    SecBuffer ib[2] = { { (ULONG)have, SECBUFFER_TOKEN, in },
                        { 0, SECBUFFER_EMPTY, NULL } };
    SecBuffer ob = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc id = { SECBUFFER_VERSION, 2, ib };
    SecBufferDesc od = { SECBUFFER_VERSION, 1, &ob };
    ULONG attributes = 0;

    SECURITY_STATUS status = AcceptSecurityContext(
        cred, SecIsValidHandle(ctx) ? ctx : NULL, &id, FLAGS, 0, ctx, &od,
        &attributes, NULL);
    if (status != SEC_E_INCOMPLETE_MESSAGE) {
        send(fd, ob.pvBuffer, ob.cbBuffer, MSG_NOSIGNAL);
        FreeContextBuffer(ob.pvBuffer);
        keep(ib, 2);
    }
    return status;
}

static SECURITY_STATUS shake_hands(int fd, CredHandle *cred, CtxtHandle *ctx)
{
    SECURITY_STATUS status = SEC_E_INCOMPLETE_MESSAGE;

    do {
        if ((have == 0 || status == SEC_E_INCOMPLETE_MESSAGE) &&
            more(fd) == 0) {
            break;
        }
        status = step(fd, cred, ctx);
    } while (status == SEC_I_CONTINUE_NEEDED ||
             status == SEC_E_INCOMPLETE_MESSAGE);
    return status;
}

static SECURITY_STATUS hear(int fd, CtxtHandle *ctx)
{
    SECURITY_STATUS status = SEC_E_INCOMPLETE_MESSAGE;

    while (status == SEC_E_INCOMPLETE_MESSAGE && (have > 0 || more(fd) > 0)) {
        SecBuffer b[4] = { { (ULONG)have, SECBUFFER_DATA, in } };
        SecBufferDesc d = { SECBUFFER_VERSION, 4, b };
        status = DecryptMessage(ctx, &d, 0, NULL);
        if (status == SEC_E_OK) {
            printf("client: %.*s\n", (int)b[1].cbBuffer, (char *)b[1].pvBuffer);
            keep(b, 4);
        } else if (status == SEC_E_INCOMPLETE_MESSAGE && more(fd) == 0) {
            break;
        }
    }
    return status;
}

static SECURITY_STATUS say(int fd, CtxtHandle *ctx, const char *text)
{
    SecPkgContext_StreamSizes z;
    char room[1024];
    ULONG len = (ULONG)strlen(text);
    SECURITY_STATUS status =
        QueryContextAttributesA(ctx, SECPKG_ATTR_STREAM_SIZES, &z);
    if (status != SEC_E_OK || z.cbHeader + len + z.cbTrailer > sizeof room) {
        return status != SEC_E_OK ? status : SEC_E_BUFFER_TOO_SMALL;
    }
    memcpy(room + z.cbHeader, text, len);
    SecBuffer b[4] = {
        { z.cbHeader, SECBUFFER_STREAM_HEADER, room },
        { len, SECBUFFER_DATA, room + z.cbHeader },
        { z.cbTrailer, SECBUFFER_STREAM_TRAILER, room + z.cbHeader + len },
        { 0, SECBUFFER_EMPTY, NULL },
    };
    SecBufferDesc d = { SECBUFFER_VERSION, 4, b };
    status = EncryptMessage(ctx, 0, &d, 0);
    if (status == SEC_E_OK) {
        send(fd, room, b[0].cbBuffer + b[1].cbBuffer + b[2].cbBuffer,
             MSG_NOSIGNAL);
    }
    return status;
}

/* close_notify: the control token says it, the next call makes it. */
static void say_goodbye(int fd, CredHandle *cred, CtxtHandle *ctx)
{
    DWORD shutdown_token = SCHANNEL_SHUTDOWN;
    SecBuffer b = { sizeof shutdown_token, SECBUFFER_TOKEN, &shutdown_token };
    SecBufferDesc d = { SECBUFFER_VERSION, 1, &b };

    ApplyControlToken(ctx, &d);
    have = 0;
    step(fd, cred, ctx);
    shutdown(fd, SHUT_WR);
    while (more(fd) > 0) { /* unread bytes would become a reset */
        have = 0;
    }
}

static SECURITY_STATUS serve(int fd, CredHandle *cred)
{
    CtxtHandle ctx;

    SecInvalidateHandle(&ctx);
    SECURITY_STATUS status = shake_hands(fd, cred, &ctx);
    if (status == SEC_E_OK) {
        status = hear(fd, &ctx);
    }
    if (status == SEC_E_OK) {
        status = say(fd, &ctx, ANSWER);
    }
    if (status == SEC_E_OK) {
        say_goodbye(fd, cred, &ctx);
    }
    DeleteSecurityContext(&ctx);
    return status;
}

int main(int argc, char **argv)
{
    SEC_CHAR package[] = UNISP_NAME_A;
    SCHANNEL_CRED auth = { .dwVersion = SCHANNEL_CRED_VERSION };
    PCCERT_CONTEXT cert = NULL;
    CredHandle cred;

    if (argc != 4) {
        printf("usage: server_minimal PORT CERT.pem KEY.pem\n");
        return 2;
    }
    SECURITY_STATUS status =
        TchCertContextFromPemFile(argv[2], argv[3], &cert);
    auth.cCreds = 1;
    auth.paCred = &cert;
    if (status == SEC_E_OK) {
        status = AcquireCredentialsHandleA(NULL, package, SECPKG_CRED_INBOUND,
                                           NULL, &auth, NULL, NULL, &cred,
                                           NULL);
        CertFreeCertificateContext(cert);
    }
    if (status != SEC_E_OK) {
        printf("no credential: %s\n", TchStatusText(status));
        return 2;
    }
    int fd = accept_one((int)strtol(argv[1], NULL, 10));
    if (fd >= 0) {
        status = serve(fd, &cred);
        close(fd);
    }
    FreeCredentialsHandle(&cred);
    printf("%s\n", TchStatusText(status));
    return fd >= 0 && status == SEC_E_OK ? 0 : 1;
}
