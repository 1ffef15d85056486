/*
 * serve.c - one connection of the server
 *
 * One poll loop per connection.  Whatever ends it, the order is the same: the
 * last bytes (an alert, a close_notify) are sent, our direction is closed, and
 * what the client still sends is read and thrown away, so that the kernel does
 * not answer it with a reset that overtakes those last bytes (io_finish).
 */
#include "sspi/tools/server.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sspi/tools/channel.h"

/* Seconds. */
#define HANDSHAKE_TIME 20  /* without a byte from the client               */
#define IDLE_TIME      600
#define RENEG_TIME     10  /* for a client to take up a renegotiation      */
#define FINISH_TIME    5

#define REQUEST_MAX 65536
#define BACKLOG     (256 * 1024)

struct served {
    const struct server *server;
    unsigned long number;
    const char *where;
    int fd;
    struct channel c;
    unsigned long long received; /* bytes of data */
    unsigned long long sent;
    bool asked_once;
    long long give_up_at; /* the renegotiation that we asked for   */
    bool answered;
    bool net_ended;
    bool over;
    long long heard;
    char problem[512];    /* empty when all went well              */
};

/* ----------------------------------------------------------- the page (www) */

/* Does a request end within `p`, with an empty line? */
static bool request_ends(const unsigned char *p, size_t len)
{
    size_t line = 0; /* bytes of the current line, carriage return apart */

    for (size_t i = 0; i < len; i++) {
        if (p[i] == '\n') {
            if (line == 0 && i > 0) {
                return true;
            }
            line = 0;
        } else if (p[i] != '\r') {
            line++;
        }
    }
    return false;
}

static void say_data(struct served *v, const char *text, size_t len)
{
    if (channel_write(&v->c, text, len)) {
        v->sent += len;
    }
}

static void peer_subject(struct served *v, char *out, size_t cap)
{
    SecPkgContext_NamesA names = { NULL };

    snprintf(out, cap, "none");
    if (QueryContextAttributesA(&v->c.context, SECPKG_ATTR_NAMES, &names) ==
        SEC_E_OK) {
        snprintf(out, cap, "%s", names.sUserName);
        FreeContextBuffer(names.sUserName);
    }
}

/* The parameters, one per line, for people and for scripts. */
static int page_body(struct served *v, char *out, size_t cap)
{
    TchPkgContext_Connection about;
    char subject[TCH_TEXT_MAX];

    channel_about(&v->c, &about);
    peer_subject(v, subject, sizeof subject);
    return snprintf(out, cap,
                    "Tomchannel %s\n\n"
                    "protocol=%s\nsuite=%s\ngroup=%s\nresumed=%s\n"
                    "ems=%s\netm=%s\nreneg=%s\nalpn=%s\nservername=%s\n"
                    "client-certificate=%s\nverify=%s\nhandshakes=%u\n",
                    TchVersion(), about.szProtocol, about.szSuite,
                    about.szGroup[0] != '\0' ? about.szGroup : "none",
                    about.fResumed ? "yes" : "no",
                    about.fExtendedMasterSecret ? "yes" : "no",
                    about.fEncryptThenMac ? "yes" : "no",
                    about.fSecureRenegotiation ? "secure" : "legacy",
                    about.szAlpn[0] != '\0' ? about.szAlpn : "none",
                    about.szServerName[0] != '\0' ? about.szServerName
                                                  : "none",
                    about.fClientCertificate ? subject : "none",
                    about.szVerify, (unsigned)about.dwHandshakes);
}

static void say_page(struct served *v, const char *status_line,
                     const char *body)
{
    char head[256];
    int len = snprintf(head, sizeof head,
                       "HTTP/1.0 %s\r\nContent-Type: text/plain\r\n"
                       "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                       status_line, strlen(body));

    say_data(v, head, (size_t)len);
    say_data(v, body, strlen(body));
    v->answered = true;
    channel_shutdown(&v->c);
}

static void serve_www(struct served *v)
{
    char body[2048];

    if (v->answered) {
        v->c.plain.len = 0;
    } else if (request_ends(v->c.plain.p, v->c.plain.len)) {
        page_body(v, body, sizeof body);
        say_page(v, "200 OK", body);
    } else if (v->c.plain.len > REQUEST_MAX) {
        say_page(v, "400 Bad Request", "The request is too long.\n");
    }
}

/* ---------------------------------------------------------- steps of a life */

static void note_problem(struct served *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void note_problem(struct served *v, const char *format, ...)
{
    va_list args;

    if (v->problem[0] == '\0') {
        va_start(args, format);
        vsnprintf(v->problem, sizeof v->problem, format, args);
        va_end(args);
    }
    v->over = true;
}

/* Data waits while a renegotiation is due: what the client said is answered
 * under the certificate that it then shows. */
static bool is_waiting(struct served *v)
{
    if (v->c.asked && io_now() >= v->give_up_at) {
        v->c.asked = false;
    }
    return v->c.asked || v->c.state != CHANNEL_OPEN;
}

static void ask_if_due(struct served *v)
{
    long after = v->server->given->renegotiate_after;

    if (after >= 0 && !v->asked_once && v->c.state == CHANNEL_OPEN &&
        !v->c.closed && v->received >= (unsigned long long)after) {
        v->asked_once = true;
        v->give_up_at = io_now() + RENEG_TIME * 1000;
        channel_renegotiate(&v->c);
    }
}

static void use_data(struct served *v)
{
    struct queue *plain = &v->c.plain;

    if (v->c.closed) {
        plain->len = 0;
        return;
    }
    switch (v->server->mode) {
    case SERVER_WWW:
        serve_www(v);
        break;
    case SERVER_ECHO:
        if (plain->len > 0) {
            v->sent += plain->len;
            channel_write(&v->c, plain->p, plain->len);
            plain->len = 0;
        }
        break;
    case SERVER_SINK:
        plain->len = 0;
        break;
    }
}

/* Between two waits: acts on what the newest input has brought. */
static void act(struct served *v)
{
    if (v->c.state == CHANNEL_OPEN && !v->c.peer_closed) {
        ask_if_due(v);
    }
    if (v->c.state == CHANNEL_OPEN && (!is_waiting(v) || v->c.peer_closed)) {
        use_data(v);
    }
    if (v->c.state == CHANNEL_FAILED) {
        note_problem(v, "%s", v->c.failure.szSentence);
    } else if (v->c.peer_closed) {
        channel_shutdown(&v->c);
        v->over = true;
    } else if (v->net_ended && !v->c.closed) {
        note_problem(v, v->c.handshakes == 0
                            ? "the client closed the connection before the "
                              "handshake was done, without an alert"
                            : "the client ended the connection without "
                              "close_notify");
    } else if (v->net_ended || (v->c.closed && v->c.out.len == 0)) {
        v->over = true; /* io_finish waits for the client's end */
    }
}

static void read_client(struct served *v)
{
    size_t had = v->c.plain.len;

    switch (io_receive(v->fd, &v->c.in)) {
    case IO_GOOD:
        v->heard = io_now();
        channel_input(&v->c);
        v->received += v->c.plain.len - had;
        break;
    case IO_AGAIN:
        break;
    case IO_END:
        v->net_ended = true;
        break;
    case IO_BROKEN:
        if (!v->c.closed) {
            note_problem(v, "the connection broke: %s", strerror(errno));
        }
        v->net_ended = true;
        break;
    }
}

static int patience(struct served *v)
{
    int seconds = v->c.handshakes == 0 ? HANDSHAKE_TIME : IDLE_TIME;
    long long until = v->heard + (long long)seconds * 1000;

    if (v->c.asked && v->give_up_at < until) {
        until = v->give_up_at;
    }
    return io_patience(until);
}

static void wait_and_move(struct served *v)
{
    struct pollfd p = { .fd = v->fd };
    bool reads = v->c.out.len < BACKLOG && v->c.plain.len < 4 * BACKLOG;

    p.events = (short)((reads ? POLLIN : 0) |
                       (v->c.out.len > 0 ? POLLOUT : 0));
    int n = poll(&p, 1, patience(v));
    if (n == 0 && !v->c.asked) {
        note_problem(v, "the client was silent for too long");
        channel_shutdown(&v->c);
        return;
    }
    if (n <= 0) {
        return;
    }
    if ((p.revents & POLLOUT) != 0 &&
        io_send(v->fd, &v->c.out) == IO_BROKEN) {
        /* It may have sent an alert before it went away. */
        v->c.out.len = 0;
    }
    if (reads && (p.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        read_client(v);
    }
}

static void tell(struct served *v)
{
    TchPkgContext_Connection about;
    char line[SUMMARY_MAX] = "no handshake";

    if (v->server->given->quiet) {
        return;
    }
    if (v->c.handshakes > 0 && channel_about(&v->c, &about)) {
        summary_text(line, sizeof line, &about);
    }
    printf("connection %lu from %s: %s handshakes=%u received=%llu sent=%llu"
           "%s%s\n",
           v->number, v->where, line, v->c.handshakes, v->received, v->sent,
           v->problem[0] != '\0' ? "; " : "", v->problem);
    fflush(stdout);
}

void serve_connection(const struct server *server, unsigned long number,
                      int fd, const char *where)
{
    struct served v;
    const char *auth = server->given->client_auth;

    memset(&v, 0, sizeof v);
    v.server = server;
    v.number = number;
    v.where = where;
    v.fd = fd;
    v.heard = io_now();
    v.c.server = true;
    v.c.credential = server->credential.handle;
    if (auth != NULL && strcmp(auth, "none") != 0) {
        v.c.request = ASC_REQ_MUTUAL_AUTH;
    }
    channel_start(&v.c);
    while (!v.over) {
        wait_and_move(&v);
        act(&v);
    }
    tell(&v);
    io_finish(fd, &v.c.out, FINISH_TIME);
    channel_free(&v.c);
}
