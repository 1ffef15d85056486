/*
 * client_minimal.c - the smallest complete SSPI client
 *
 *   client_minimal HOST PORT CA.pem
 *
 * Connects, checks the server's certificate against CA.pem and HOST, sends a
 * request and prints the answer.  Needs libtomchannel alone:
 *   cc $(pkg-config --cflags tomchannel) client_minimal.c \
 *      $(pkg-config --libs tomchannel)
 */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <security.h>
#include <schannel.h>
#include <tomchannel_sspi.h>

#define FLAGS (ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_CONFIDENTIALITY | \
               ISC_REQ_USE_SUPPLIED_CREDS | ISC_REQ_STREAM)

static char in[65536]; /* what came and was not used yet */
static size_t have;

static int dial(const char *host, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *a = NULL;
    int fd = -1;

    if (getaddrinfo(host, port, &hints, &a) == 0) {
        fd = socket(a->ai_family, a->ai_socktype, 0);
        if (connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
            close(fd);
            fd = -1;
        }
        freeaddrinfo(a);
    }
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

/* One step of the handshake; SEC_E_OK when it is done. */
static SECURITY_STATUS step(int fd, CredHandle *cred, CtxtHandle *ctx,
                            char *host)
{
    SecBuffer ib[2] = { { (ULONG)have, SECBUFFER_TOKEN, in },
                        { 0, SECBUFFER_EMPTY, NULL } };
    SecBuffer ob = { 0, SECBUFFER_TOKEN, NULL };
    SecBufferDesc id = { SECBUFFER_VERSION, 2, ib };
    SecBufferDesc od = { SECBUFFER_VERSION, 1, &ob };
    ULONG attributes = 0;

    SECURITY_STATUS status = InitializeSecurityContextA(
        cred, SecIsValidHandle(ctx) ? ctx : NULL, host, FLAGS, 0, 0, &id, 0,
        ctx, &od, &attributes, NULL);
    if (status != SEC_E_INCOMPLETE_MESSAGE) {
        send(fd, ob.pvBuffer, ob.cbBuffer, MSG_NOSIGNAL);
        FreeContextBuffer(ob.pvBuffer);
        keep(ib, 2);
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

/* Decrypts one record and prints it. */
static SECURITY_STATUS hear(CtxtHandle *ctx)
{
    SecBuffer b[4] = { { (ULONG)have, SECBUFFER_DATA, in } }; /* 3 EMPTY */
    SecBufferDesc d = { SECBUFFER_VERSION, 4, b };
    SECURITY_STATUS status = DecryptMessage(ctx, &d, 0, NULL);

    if (status == SEC_E_OK) {
        fwrite(b[1].pvBuffer, 1, b[1].cbBuffer, stdout);
        keep(b, 4);
    }
    return status;
}

int main(int argc, char **argv)
{
    SEC_CHAR package[] = UNISP_NAME_A;
    TCH_SSPI_OPTIONS options = { .cbSize = sizeof options };
    CredHandle cred;
    CtxtHandle ctx;
    SECURITY_STATUS status;

    if (argc != 4) {
        printf("usage: client_minimal HOST PORT CA.pem\n");
        return 2;
    }
    int fd = dial(argv[1], argv[2]);
    options.pszAnchorsFile = argv[3];
    status = AcquireCredentialsHandleA(NULL, package, SECPKG_CRED_OUTBOUND,
                                       NULL, NULL, NULL, NULL, &cred, NULL);
    if (fd < 0 || status != SEC_E_OK ||
        TchSetCredentialOptions(&cred, &options) != SEC_E_OK) {
        printf("no connection, or no credential\n");
        return 2;
    }
    SecInvalidateHandle(&ctx);
    do {
        status = step(fd, &cred, &ctx, argv[1]);
    } while ((status == SEC_I_CONTINUE_NEEDED && have > 0) ||
             ((status == SEC_I_CONTINUE_NEEDED ||
               status == SEC_E_INCOMPLETE_MESSAGE) && more(fd) > 0));
    if (status == SEC_E_OK) {
        status = say(fd, &ctx, "GET / HTTP/1.0\r\n\r\n");
    }
    while (status == SEC_E_OK ||
           (status == SEC_E_INCOMPLETE_MESSAGE && more(fd) > 0)) {
        status = hear(&ctx);
    }
    if (status != SEC_I_CONTEXT_EXPIRED) { /* the server's close_notify */
        printf("%s\n", TchStatusText(status));
    }
    DeleteSecurityContext(&ctx);
    FreeCredentialsHandle(&cred);
    close(fd);
    return status == SEC_I_CONTEXT_EXPIRED ? 0 : 1;
}
