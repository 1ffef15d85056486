/*
 * demo.c - `tomchannel demo`: a TLS conversation with every SSPI call shown
 *
 * A server and a client, each in a thread of its own, talk over TCP on the
 * loopback.  Both follow a script, so that what a program must be able to deal
 * with happens in every run: a token that arrives in two parts, a token with
 * data behind it, a renegotiation in which the client shows a certificate, and
 * an orderly end.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sspi/tools/channel.h"
#include "sspi/tools/commands.h"
#include "sspi/tools/credential.h"
#include "sspi/tools/demo_certs.h"
#include "sspi/tools/io.h"

#define WAIT_SECONDS 20

/* How much goes each way: first three records, later two. */
#define QUESTION_LEN 40000
#define ANSWER_LEN   20000
#define GREETING     "Hello, this came with the end of the handshake.\n"

/* The first part of the split token. */
#define PART_LEN 100

/* The client begins without a certificate and has one in reserve. */
enum { SERVER, CLIENT, CLIENT_WITH_CERT, NUM_CREDENTIALS };

struct demo;

struct side {
    struct demo *demo;
    struct trace trace;
    struct channel c;
    int fd;
    size_t received; /* bytes that arrived and were right */
    bool good;
};

struct demo {
    struct trace_board board;
    sem_t part_seen; /* the server has met the first part of the token */
    CredHandle credentials[NUM_CREDENTIALS];
    bool acquired[NUM_CREDENTIALS];
    PCCERT_CONTEXT server_cert;
    PCCERT_CONTEXT client_cert;
    struct side server;
    struct side client;
    char summary[SUMMARY_MAX];
};

/* ------------------------------------------------------------- moving bytes */

static bool complain(struct side *s, const char *what)
{
    trace_note(&s->trace, "FAILED: %s", what);
    return false;
}

static bool wait_for(struct side *s, short events)
{
    struct pollfd p = { .fd = s->fd, .events = events };

    return poll(&p, 1, WAIT_SECONDS * 1000) == 1;
}

/* Sends all that waits. */
static bool push(struct side *s)
{
    if (s->c.out.len > 0) {
        trace_note(&s->trace, "sends %zu bytes", s->c.out.len);
    }
    for (;;) {
        switch (io_send(s->fd, &s->c.out)) {
        case IO_GOOD:
            return true;
        case IO_AGAIN:
            if (!wait_for(s, POLLOUT)) {
                return complain(s, "the other side does not read");
            }
            break;
        case IO_END:
        case IO_BROKEN:
            return complain(s, "the connection broke");
        }
    }
}

/* Receives once and works it off; answers of the package are sent. */
static bool pull(struct side *s)
{
    size_t had = s->c.in.len;

    if (!wait_for(s, POLLIN) || io_receive(s->fd, &s->c.in) != IO_GOOD) {
        return complain(s, "nothing came");
    }
    trace_note(&s->trace, "received %zu bytes", s->c.in.len - had);
    channel_input(&s->c);
    if (s->c.state == CHANNEL_FAILED) {
        push(s);
        return complain(s, s->c.failure.szSentence);
    }
    return true;
}

static bool handshakes_reach(struct side *s, unsigned number)
{
    while (s->c.handshakes < number) {
        if (!push(s) || !pull(s)) {
            return false;
        }
    }
    return true;
}

/* ----------------------------------------------------------- data, compared */

static unsigned char pattern(size_t i, unsigned seed)
{
    return (unsigned char)((i * 167 + i / 251 + seed) & 0xFF);
}

static bool say_pattern(struct side *s, size_t len, unsigned seed)
{
    unsigned char bytes[QUESTION_LEN];

    for (size_t i = 0; i < len; i++) {
        bytes[i] = pattern(i, seed);
    }
    return channel_write(&s->c, bytes, len) && push(s);
}

static bool arrived(struct side *s, size_t len)
{
    while (s->c.plain.len < len) {
        if (s->c.peer_closed || !pull(s)) {
            return complain(s, "data is missing");
        }
    }
    return true;
}

static bool hear_pattern(struct side *s, size_t len, unsigned seed)
{
    if (!arrived(s, len)) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (s->c.plain.p[i] != pattern(i, seed)) {
            return complain(s, "a byte arrived wrong");
        }
    }
    queue_drop(&s->c.plain, len);
    s->received += len;
    trace_note(&s->trace, "%zu bytes arrived, all as they were sent", len);
    return true;
}

static bool hear_greeting(struct side *s)
{
    size_t len = sizeof GREETING - 1;

    if (!arrived(s, len) || memcmp(s->c.plain.p, GREETING, len) != 0) {
        return complain(s, "the greeting arrived wrong");
    }
    trace_note(&s->trace, "reads: %.*s", (int)len - 1,
               (const char *)s->c.plain.p);
    queue_drop(&s->c.plain, len);
    s->received += len;
    return true;
}

/* -------------------------------------------------------------- two scripts */

static bool send_in_two_parts(struct side *s)
{
    struct queue rest = s->c.out;
    struct timespec until;

    if (rest.len <= PART_LEN) {
        return complain(s, "the first token is too short to be split");
    }
    trace_note(&s->trace, "sends only %d of %zu bytes", PART_LEN, rest.len);
    if (send(s->fd, rest.p, PART_LEN, MSG_NOSIGNAL) != PART_LEN) {
        return complain(s, "the connection broke");
    }
    queue_drop(&s->c.out, PART_LEN);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_SECONDS;
    if (sem_timedwait(&s->demo->part_seen, &until) != 0) {
        return complain(s, "the server has not seen the first part");
    }
    return push(s);
}

static bool client_script(struct side *s)
{
    channel_start(&s->c);
    if (s->c.state == CHANNEL_FAILED) {
        return complain(s, s->c.failure.szSentence);
    }
    if (!send_in_two_parts(s) || !handshakes_reach(s, 1) ||
        !hear_greeting(s) || !say_pattern(s, QUESTION_LEN, 1)) {
        return false;
    }
    /* The server asks for a renegotiation; DecryptMessage says so. */
    if (!handshakes_reach(s, 2) || !push(s) ||
        !hear_pattern(s, ANSWER_LEN, 2)) {
        return false;
    }
    channel_shutdown(&s->c);
    if (!push(s)) {
        return false;
    }
    while (!s->c.peer_closed) {
        if (!pull(s)) {
            return false;
        }
    }
    return true;
}

static bool server_script(struct side *s)
{
    channel_start(&s->c);
    if (!pull(s)) {
        return false;
    }
    if (!s->c.incomplete) {
        return complain(s, "the first token was not split");
    }
    sem_post(&s->demo->part_seen);
    if (!handshakes_reach(s, 1)) {
        return false;
    }
    /* The last token of the handshake still waits: the greeting joins it, and
     * both leave in one piece. */
    if (!channel_write(&s->c, GREETING, sizeof GREETING - 1) || !push(s) ||
        !hear_pattern(s, QUESTION_LEN, 1)) {
        return false;
    }
    trace_note(&s->trace, "asks for a renegotiation, with a certificate");
    s->c.request |= ASC_REQ_MUTUAL_AUTH;
    channel_renegotiate(&s->c);
    if (!handshakes_reach(s, 2) || !push(s) ||
        !say_pattern(s, ANSWER_LEN, 2)) {
        return false;
    }
    while (!s->c.peer_closed) {
        if (!pull(s)) {
            return false;
        }
    }
    channel_shutdown(&s->c);
    return push(s);
}

static void finish_side(struct side *s)
{
    TchPkgContext_Connection about;

    if (s->c.server && channel_about(&s->c, &about)) {
        summary_text(s->demo->summary, sizeof s->demo->summary, &about);
        s->good = s->good && about.fClientCertificate;
    }
    io_finish(s->fd, &s->c.out, 2);
    channel_free(&s->c);
}

static void *run_server_side(void *arg)
{
    struct side *s = arg;

    s->good = server_script(s);
    finish_side(s);
    return NULL;
}

static void *run_client_side(void *arg)
{
    struct side *s = arg;

    s->good = client_script(s);
    finish_side(s);
    return NULL;
}

/* ------------------------------------------------------------- preparations */

static bool load(const struct trace *t, const char *cert, const char *key,
                 PCCERT_CONTEXT *out)
{
    return trace_status(t, "TchCertContextFromPem",
                        TchCertContextFromPem(cert, (DWORD)strlen(cert), key,
                                              (DWORD)strlen(key), out)) ==
           SEC_E_OK;
}

static bool acquire(struct demo *d, int which, PCCERT_CONTEXT cert)
{
    TCH_SSPI_OPTIONS options;
    CredHandle *handle = &d->credentials[which];
    bool server = which == SERVER;
    const struct trace *t = server ? &d->server.trace : &d->client.trace;
    DWORD flags = SCH_CRED_NO_DEFAULT_CREDS | SCH_CRED_AUTO_CRED_VALIDATION;

    if (trace_status(t, "AcquireCredentialsHandle",
                     credential_acquire(handle, server, &cert, cert != NULL, 0,
                                        server ? 0 : flags)) != SEC_E_OK) {
        return false;
    }
    d->acquired[which] = true;
    memset(&options, 0, sizeof options);
    options.cbSize = sizeof options;
    options.pszAnchorsPem = demo_ca_pem;
    options.fValidateClientCertificate = server ? TCH_OPTION_ON : 0;
    return trace_status(t, "TchSetCredentialOptions",
                        TchSetCredentialOptions(handle, &options)) == SEC_E_OK;
}

static bool prepare_credentials(struct demo *d)
{
    const struct trace *server = &d->server.trace;
    const struct trace *client = &d->client.trace;

    return load(server, demo_server_ec256_pem, demo_server_ec256_key,
                &d->server_cert) &&
           load(client, demo_client_rsa2048_pem, demo_client_rsa2048_key,
                &d->client_cert) &&
           acquire(d, SERVER, d->server_cert) && acquire(d, CLIENT, NULL) &&
           acquire(d, CLIENT_WITH_CERT, d->client_cert);
}

/* Two ends of a TCP connection over the loopback. */
static bool connect_sides(struct demo *d)
{
    char where[WHERE_MAX];
    char host[HOST_MAX];
    char port[PORT_MAX];
    int listener = io_listen("127.0.0.1", 0);

    if (listener < 0) {
        return false;
    }
    io_where(listener, where);
    if (io_split(where, host, port)) {
        d->client.fd = io_connect(host, port, WAIT_SECONDS);
        if (d->client.fd >= 0) {
            d->server.fd = io_accept(listener, where);
        }
    }
    close(listener);
    return d->client.fd >= 0 && d->server.fd >= 0;
}

static void prepare_side(struct demo *d, struct side *s, const char *who)
{
    s->demo = d;
    s->trace.who = who;
    s->trace.board = &d->board;
    s->c.trace = &s->trace;
    s->fd = -1;
}

static void release(struct demo *d)
{
    for (int i = 0; i < NUM_CREDENTIALS; i++) {
        if (d->acquired[i]) {
            trace_status(i == SERVER ? &d->server.trace : &d->client.trace,
                         "FreeCredentialsHandle",
                         FreeCredentialsHandle(&d->credentials[i]));
        }
    }
    CertFreeCertificateContext(d->server_cert);
    CertFreeCertificateContext(d->client_cert);
}

/* ------------------------------------------------------------------ the end */

/* The script is there to make these happen. */
static bool all_shown(struct demo *d)
{
    static const SECURITY_STATUS statuses[] = {
        SEC_E_OK,          SEC_I_CONTINUE_NEEDED,
        SEC_I_RENEGOTIATE, SEC_E_INCOMPLETE_MESSAGE,
        SEC_I_CONTEXT_EXPIRED, SEC_I_INCOMPLETE_CREDENTIALS,
    };
    static const ULONG types[] = { SECBUFFER_EXTRA, SECBUFFER_MISSING };
    bool all = true;

    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        if (!trace_saw_status(&d->board, statuses[i])) {
            say("demo: %s did not happen", TchStatusName(statuses[i]));
            all = false;
        }
    }
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (!trace_saw_type(&d->board, types[i])) {
            say("demo: no buffer of type %u came", (unsigned)types[i]);
            all = false;
        }
    }
    return all;
}

static bool converse(struct demo *d)
{
    pthread_t server;
    size_t expected = sizeof GREETING - 1 + QUESTION_LEN + ANSWER_LEN;

    d->server.c.server = true;
    d->server.c.credential = d->credentials[SERVER];
    d->client.c.credential = d->credentials[CLIENT];
    d->client.c.on_demand = d->credentials[CLIENT_WITH_CERT];
    d->client.c.has_on_demand = true;
    snprintf(d->client.c.target, sizeof d->client.c.target, "localhost");
    if (pthread_create(&server, NULL, run_server_side, &d->server) != 0) {
        say("demo: no thread");
        return false;
    }
    run_client_side(&d->client);
    pthread_join(server, NULL);
    return d->server.good && d->client.good &&
           d->server.received + d->client.received == expected;
}

static int run_demo(const struct settings *given)
{
    struct demo d;
    bool good = false;

    (void)given;
    memset(&d, 0, sizeof d);
    pthread_mutex_init(&d.board.lock, NULL);
    sem_init(&d.part_seen, 0, 0);
    prepare_side(&d, &d.server, "server");
    prepare_side(&d, &d.client, "client");
    if (!prepare_credentials(&d)) {
        say("demo: no credentials");
    } else if (!connect_sides(&d)) {
        say("demo: no connection over the loopback");
    } else {
        good = converse(&d);
    }
    release(&d);
    good = good && all_shown(&d);
    sem_destroy(&d.part_seen);
    pthread_mutex_destroy(&d.board.lock);
    if (good) {
        printf("\ndemo: %zu bytes arrived, all as they were sent\n"
               "demo: two handshakes, the second with a client certificate\n"
               "demo: %s\n",
               d.server.received + d.client.received, d.summary);
    } else {
        printf("\ndemo: FAILED\n");
    }
    return good ? EXIT_GOOD : EXIT_TLS;
}

const struct command command_demo = {
    "demo", "hold a TLS conversation with itself and show every SSPI call",
    NULL, NULL, 0,
    "Each block is one call: the buffers going in, the status, the buffers\n"
    "that the call has changed.  Exit status 0 only if every byte arrived.\n",
    run_demo,
};
