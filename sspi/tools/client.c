/*
 * client.c - `tomchannel client`: a connection as a pipe
 *
 * Standard input goes to the server, what the server sends to standard output,
 * both at once, under one poll.  At the end of the input our close_notify goes
 * out and reading goes on until the server's (half close).  With --request the
 * text is sent instead, and the answer ends when the server closes or has been
 * silent for a while.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sspi/tools/channel.h"
#include "sspi/tools/commands.h"
#include "sspi/tools/credential.h"
#include "sspi/tools/io.h"

/* Seconds. */
#define CONNECT_TIME   10
#define HANDSHAKE_TIME 30 /* without a byte from the server             */
#define ANSWER_TIME    10 /* for the first byte of the answer           */
#define SILENCE_TIME   3  /* behind the last one, before we say goodbye */
#define GOODBYE_TIME   30 /* for the server's end behind ours           */
#define FAREWELL_TIME  5  /* the same behind a request and its answer   */
#define FINISH_TIME    2

/* What may wait in a queue before its source is left alone. */
#define BACKLOG (256 * 1024)

static const struct option options[] = {
    { "servername", "NAME", OPTION_TEXT, AT(servername), 0,
      "the server's name, for SNI and for its certificate;\n"
      "HOST without it" },
    { "ca", "PEM", OPTION_TEXT, AT(ca), 0,
      "trust the authorities in this file instead of the\nsystem's" },
    { "insecure", NULL, OPTION_FLAG, AT(insecure), 0,
      "do not check the server's certificate" },
    { "cert", "PEM", OPTION_TEXTS, AT(certs), 0,
      "our certificate, with its chain" },
    { "key", "PEM", OPTION_TEXTS, AT(keys), 0,
      "its private key; without, it is looked for in --cert" },
    { "min-version", VERSIONS, OPTION_CHOICE, AT(min_version), 0, "" },
    { "max-version", VERSIONS, OPTION_CHOICE, AT(max_version), 0,
      "versions to offer; the policy's without these" },
    { "policy", POLICIES, OPTION_CHOICE, AT(policy), 0,
      "what is offered if nothing else is said" },
    { "suites", "LIST", OPTION_TEXT, AT(suites), 0,
      "IANA names, comma separated, best first" },
    { "groups", "LIST", OPTION_TEXT, AT(groups), 0,
      "such as x25519,secp256r1,secp384r1,secp521r1" },
    { "alpn", "LIST", OPTION_TEXT, AT(alpn), 0,
      "protocols to offer, such as h2,http/1.1" },
    { "request", "TEXT", OPTION_TEXT, AT(request), 0,
      "send TEXT instead of standard input, print the answer;\n"
      "\\r \\n \\t \\0 \\\\ \\xHH stand for those bytes" },
    { "renegotiate", NULL, OPTION_FLAG, AT(renegotiate), 0,
      "ask for a second handshake before anything is sent" },
    { "no-renegotiation", NULL, OPTION_FLAG, AT(no_renegotiation), 0,
      "refuse when the server asks for one" },
    { "resume", "N", OPTION_NUMBER, AT(resume), 1000,
      "connect N times more, resuming the session; without\n"
      "--request only the last connection is the pipe" },
    { "keylog", "FILE", OPTION_TEXT, AT(keylog), 0,
      "append the session's secrets, for Wireshark" },
    { "quiet", NULL, OPTION_FLAG, AT(quiet), 0,
      "print failures only, besides what the server sends" },
};

struct client {
    const struct settings *given;
    bool pipes;     /* standard input and output take part      */
    struct channel c;
    int fd;
    bool ready;     /* handshake and asked-for renegotiation done */
    bool refused;   /* the renegotiation was                    */
    bool renegotiating;
    bool input_ended;
    bool output_broken;
    bool net_ended; /* TCP: no more will come                   */
    bool answered;
    unsigned told;  /* handshakes told about                    */
    long long heard; /* when the last byte came                 */
    int status;
};

/* ------------------------------------------------------------------ talking */

static void tell_handshake(struct client *m)
{
    TchPkgContext_Connection about;
    char line[SUMMARY_MAX];

    if (m->given->quiet || !channel_about(&m->c, &about)) {
        return;
    }
    summary_text(line, sizeof line, &about);
    if (m->told == 0) {
        fprintf(stderr, "%s\n", line);
    } else {
        say("renegotiated: %s", line);
    }
    m->told = m->c.handshakes;
}

static void tell_failure(struct client *m)
{
    m->status = channel_exit_status(&m->c);
    say("%s: %s", m->ready ? "the connection failed" : "the handshake failed",
        m->c.failure.szSentence);
}

static void network_failure(struct client *m, int status, const char *what)
{
    say("%s", what);
    m->status = status;
}

/* ---------------------------------------------------------- steps of a life */

static void send_request(struct client *m)
{
    char *text = m->given->request != NULL ? strdup(m->given->request) : NULL;

    if (text != NULL) {
        channel_write(&m->c, text, text_unescape(text));
        free(text);
    }
}

static void get_ready(struct client *m)
{
    if (m->given->renegotiate && m->c.handshakes == 1 && !m->renegotiating) {
        m->renegotiating = true;
        tell_handshake(m);
        channel_renegotiate(&m->c);
        if (m->c.asked) {
            return;
        }
    }
    if (m->renegotiating && m->c.handshakes < 2) {
        m->refused = true;
        say("the renegotiation did not take place: the %s does not allow it",
            m->given->no_renegotiation ? "option --no-renegotiation"
                                       : "server");
    }
    m->ready = true;
    if (m->told < m->c.handshakes) {
        tell_handshake(m);
    }
    send_request(m);
}

/* After every input: what has changed? */
static void look(struct client *m)
{
    if (m->c.state != CHANNEL_OPEN) {
        return;
    }
    if (!m->ready) {
        get_ready(m);
    } else if (m->c.handshakes > m->told && m->told > 0) {
        tell_handshake(m);
    } else if (m->c.refused && !m->refused) {
        m->refused = true;
        if (!m->given->quiet) {
            say("the server asked for a renegotiation and was refused");
        }
    }
}

/* Our side has said all it has to say. */
static bool said_all(const struct client *m)
{
    if (!m->ready || m->c.state != CHANNEL_OPEN) {
        return false;
    }
    if (m->given->request != NULL) {
        int patience = m->answered ? SILENCE_TIME : ANSWER_TIME;
        return io_now() - m->heard >= (long long)patience * 1000;
    }
    return m->input_ended || !m->pipes;
}

static long long deadline_of(const struct client *m)
{
    int seconds = HANDSHAKE_TIME;
    bool request = m->given->request != NULL;

    if (m->c.closed) {
        seconds = request ? FAREWELL_TIME : GOODBYE_TIME;
    } else if (m->ready && m->c.state == CHANNEL_OPEN) {
        if (!request && m->pipes) {
            return LLONG_MAX; /* a pipe may wait for ever */
        }
        seconds = m->answered ? SILENCE_TIME : ANSWER_TIME;
    }
    return m->heard + (long long)seconds * 1000;
}

static void read_network(struct client *m)
{
    switch (io_receive(m->fd, &m->c.in)) {
    case IO_GOOD:
        m->heard = io_now();
        m->answered = m->answered || m->ready;
        channel_input(&m->c);
        look(m);
        break;
    case IO_AGAIN:
        break;
    case IO_END:
        m->net_ended = true;
        break;
    case IO_BROKEN:
        m->net_ended = true;
        if (!m->c.closed && !m->c.peer_closed) {
            say("the connection broke: %s", strerror(errno));
            m->status = EXIT_NETWORK;
        }
        break;
    }
}

static void read_input(struct client *m)
{
    char data[16384];
    ssize_t n = read(STDIN_FILENO, data, sizeof data);

    if (n > 0) {
        channel_write(&m->c, data, (size_t)n);
    } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
        m->input_ended = true;
    }
}

static void write_output(struct client *m)
{
    size_t len = m->c.plain.len < PIPE_BUF ? m->c.plain.len : PIPE_BUF;
    ssize_t n = write(STDOUT_FILENO, m->c.plain.p, len);

    if (n > 0) {
        queue_drop(&m->c.plain, (size_t)n);
    } else if (errno != EINTR && errno != EAGAIN) {
        m->output_broken = true;
        network_failure(m, EXIT_NETWORK, "cannot write to standard output");
    }
}

/* The end of TCP, without the close_notify that tells an end from a cut. */
static void judge_end(struct client *m)
{
    if (m->status != EXIT_GOOD || m->c.peer_closed || m->c.closed) {
        return;
    }
    network_failure(m, EXIT_TLS,
                    m->c.state == CHANNEL_HANDSHAKE && !m->ready
                        ? "the server closed the connection during the "
                          "handshake, without an alert"
                        : "the server ended the connection without "
                          "close_notify; what it sent may be cut off");
}

/* ----------------------------------------------------------------- the loop */

/* False when the connection is over. */
static bool goes_on(struct client *m)
{
    if (m->status != EXIT_GOOD || m->output_broken) {
        return false;
    }
    if (m->c.plain.len > 0) {
        return true; /* whatever comes, this is still to be delivered */
    }
    if (m->c.state == CHANNEL_FAILED) {
        tell_failure(m);
        return false;
    }
    if (m->c.peer_closed) {
        channel_shutdown(&m->c);
        return false;
    }
    if (m->net_ended) {
        judge_end(m);
        return false;
    }
    if (!m->c.closed && said_all(m)) {
        channel_shutdown(&m->c);
        m->heard = io_now();
    }
    if (io_now() >= deadline_of(m)) {
        network_failure(m, EXIT_NETWORK,
                        m->ready ? "the server did not close the connection "
                                   "in time"
                                 : "the server did not answer in time");
        return false;
    }
    return true;
}

static void wait_and_move(struct client *m)
{
    struct pollfd p[3] = {
        { .fd = m->fd }, { .fd = STDIN_FILENO }, { .fd = STDOUT_FILENO },
    };
    bool want_input = m->pipes && m->ready && !m->input_ended &&
                      !m->c.closed && m->given->request == NULL &&
                      m->c.state == CHANNEL_OPEN && m->c.out.len < BACKLOG;
    bool reads = !m->net_ended && !m->c.peer_closed &&
                 m->c.state != CHANNEL_FAILED && m->c.plain.len < BACKLOG;

    p[0].events = (short)((reads ? POLLIN : 0) |
                          (m->c.out.len > 0 ? POLLOUT : 0));
    p[0].fd = p[0].events != 0 ? m->fd : -1;
    p[1].events = POLLIN;
    p[1].fd = want_input ? STDIN_FILENO : -1;
    p[2].events = POLLOUT;
    p[2].fd = m->c.plain.len > 0 ? STDOUT_FILENO : -1;
    long long deadline = deadline_of(m);
    if (poll(p, 3, deadline == LLONG_MAX ? -1 : io_patience(deadline)) < 0) {
        return;
    }
    if ((p[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && reads) {
        read_network(m);
    }
    if ((p[0].revents & POLLOUT) != 0 &&
        io_send(m->fd, &m->c.out) == IO_BROKEN) {
        m->c.out.len = 0; /* what the server said before may still come */
    }
    if (p[1].revents != 0 && m->c.state == CHANNEL_OPEN) {
        read_input(m);
    }
    if (p[2].revents != 0) {
        write_output(m);
    }
}

static int converse(struct client *m)
{
    m->heard = io_now();
    channel_start(&m->c);
    while (goes_on(m)) {
        wait_and_move(m);
    }
    if (!m->c.closed && m->c.state == CHANNEL_OPEN) {
        channel_shutdown(&m->c);
    }
    io_finish(m->fd, &m->c.out, FINISH_TIME);
    if (m->status == EXIT_GOOD && m->given->renegotiate && m->refused) {
        m->status = EXIT_TLS;
    }
    channel_free(&m->c);
    return m->status;
}

static int one_connection(const struct settings *given,
                          struct credential *credential, bool last)
{
    char host[HOST_MAX];
    char port[PORT_MAX];
    struct client m;

    memset(&m, 0, sizeof m);
    if (!io_split(given->peer, host, port)) {
        say("'%s' is not HOST:PORT", given->peer);
        return EXIT_USAGE;
    }
    m.given = given;
    m.pipes = last;
    m.c.credential = credential->handle;
    m.c.request = given->insecure ? ISC_REQ_MANUAL_CRED_VALIDATION : 0;
    if (given->certs.num > 0) {
        m.c.request |= ISC_REQ_USE_SUPPLIED_CREDS;
    }
    snprintf(m.c.target, sizeof m.c.target, "%s",
             given->servername != NULL ? given->servername : host);
    m.fd = io_connect(host, port, CONNECT_TIME);
    if (m.fd < 0) {
        return EXIT_NETWORK;
    }
    return converse(&m);
}

static int run_client(const struct settings *given)
{
    struct credential credential;
    int status = credential_make(&credential, given, false);

    for (long i = given->resume > 0 ? given->resume : 0;
         status == EXIT_GOOD && i >= 0; i--) {
        status = one_connection(given, &credential, i == 0);
    }
    credential_free(&credential);
    return status;
}

const struct command command_client = {
    "client", "connect to a TLS server, like a pipe", "HOST:PORT", options,
    COUNT_OF(options),
    "One line on standard error says what was agreed on:\n"
    "  protocol=TLS1.2 suite=... group=... resumed=no verify=ok alpn=...\n"
    "  ems=yes reneg=secure\n"
    "Exit status: 0 good, 1 usage, 2 network, 3 TLS failure, 4 the server's\n"
    "certificate was not accepted by us.\n",
    run_client,
};
