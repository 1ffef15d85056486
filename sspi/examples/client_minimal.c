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
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <security.h>
#include <schannel.h>
#include <tomchannel_sspi.h>

#define FLAGS (ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_CONFIDENTIALITY | \
               ISC_REQ_USE_SUPPLIED_CREDS | ISC_REQ_STREAM | \
               ISC_REQ_EXTENDED_ERROR)

static char in[65536]; /* what came and was not used yet */
static size_t have;

static int dial(const char *host, const char *port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *a = NULL;
    int fd = -1;

    if (getaddrinfo(host, port, &hints, &a) == 0) {
        fd = socket(a->ai_family, a->ai_socktype, 0);
        fd = connect(fd, a->ai_addr, a->ai_addrlen) == 0 ? fd : -1;
        freeaddrinfo(a);
    }
    return fd;
}

static bool receive(int fd)
{
    ssize_t n = recv(fd, in + have, sizeof in - have, 0);
    have += n > 0 ? (size_t)n : 0;
    return n > 0;
}

/* Bytes that a call did not use are the last of its input. */
static void keep_extra(const SecBuffer b[4])
{
    size_t extra = 0;
    for (size_t i = 0; i < 4; i++) {
        extra = b[i].BufferType == SECBUFFER_EXTRA ? b[i].cbBuffer : extra;
    }
    memmove(in, in + have - extra, extra);
    have = extra;
}

static SECURITY_STATUS say(int fd, CtxtHandle *ctx, const char *text)
{
    SecPkgContext_StreamSizes z = { 0 };
    char room[1024];
    ULONG len = (ULONG)strlen(text);

    QueryContextAttributesA(ctx, SECPKG_ATTR_STREAM_SIZES, &z);
    memcpy(room + z.cbHeader, text, len);
    SecBuffer b[4] = {
        { z.cbHeader, SECBUFFER_STREAM_HEADER, room },
        { len, SECBUFFER_DATA, room + z.cbHeader },
        { z.cbTrailer, SECBUFFER_STREAM_TRAILER, room + z.cbHeader + len },
    };
    SecBufferDesc message = { SECBUFFER_VERSION, 4, b };
    SECURITY_STATUS status = EncryptMessage(ctx, 0, &message, 0);
    if (status == SEC_E_OK) {
        send(fd, room, b[0].cbBuffer + b[1].cbBuffer + b[2].cbBuffer,
             MSG_NOSIGNAL);
    }
    return status;
}

int main(int argc, char **argv)
{
    SEC_CHAR package[] = UNISP_NAME_A;
    TCH_SSPI_OPTIONS options = { .cbSize = sizeof options };
    CredHandle cred = { 0, 0 };
    CtxtHandle ctx, *known = NULL;
    ULONG flags = 0;
    bool open = false;
    int fd = argc == 4 ? dial(argv[1], argv[2]) : -1;

    if (fd < 0) {
        printf("usage: client_minimal HOST PORT CA.pem, with a server there\n");
        return 2;
    }
    options.pszAnchorsFile = argv[3];
    SECURITY_STATUS status = AcquireCredentialsHandleA(
        NULL, package, SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL, &cred,
        NULL);
    if (status == SEC_E_OK) {
        status = TchSetCredentialOptions(&cred, &options);
    }
    /* Until something fails: more bytes, when there are none or too few. */
    while ((status == SEC_E_OK || status == SEC_I_CONTINUE_NEEDED ||
            status == SEC_E_INCOMPLETE_MESSAGE) &&
           (known == NULL || (have > 0 && status != SEC_E_INCOMPLETE_MESSAGE) ||
            receive(fd))) {
        SecBuffer b[4] = { /* the others are SECBUFFER_EMPTY */
            { (ULONG)have, open ? SECBUFFER_DATA : SECBUFFER_TOKEN, in },
        };
        SecBuffer token = { 0, SECBUFFER_TOKEN, NULL };
        SecBufferDesc bytes = { SECBUFFER_VERSION, 4, b };
        SecBufferDesc answer = { SECBUFFER_VERSION, 1, &token };

        status = open ? DecryptMessage(&ctx, &bytes, 0, NULL)
                      : InitializeSecurityContextA(&cred, known, argv[1], FLAGS,
                                                   0, 0, &bytes, 0, &ctx,
                                                   &answer, &flags, NULL);
        if (status == SEC_E_INCOMPLETE_MESSAGE) {
            continue;
        }
        known = status < 0 ? known : &ctx;
        send(fd, token.pvBuffer, token.cbBuffer, MSG_NOSIGNAL);
        FreeContextBuffer(token.pvBuffer);
        if (open && status == SEC_E_OK) {
            fwrite(b[1].pvBuffer, 1, b[1].cbBuffer, stdout);
        }
        keep_extra(b);
        if (!open && status == SEC_E_OK) {
            open = true;
            status = say(fd, &ctx, "GET / HTTP/1.0\r\n\r\n");
        }
    }
    if (status != SEC_I_CONTEXT_EXPIRED) { /* the server's close_notify */
        printf("%s\n", TchStatusText(status));
    }
    DeleteSecurityContext(known);
    FreeCredentialsHandle(&cred);
    return status == SEC_I_CONTEXT_EXPIRED ? 0 : 1;
}
