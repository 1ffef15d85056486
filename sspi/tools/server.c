/*
 * server.c - `tomchannel server`: accepting, one thread per client
 *
 * The credential is shared: SSPI allows different contexts of one credential
 * in different threads, and sessions made by one client can so be resumed by
 * its next connection, whichever thread serves it.
 */
#include "sspi/tools/server.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sspi/tools/commands.h"

/* Beyond these, clients wait in the listening socket's queue. */
#define CLIENTS_MAX 512

static const struct option options[] = {
    { "port", "N", OPTION_NUMBER, AT(port), 65535,
      "the TCP port; 0 lets the system choose one" },
    { "bind", "ADDR", OPTION_TEXT, AT(bind), 0,
      "the address to listen on; 127.0.0.1 without" },
    { "cert", "PEM", OPTION_TEXTS, AT(certs), 0,
      "our certificate, with its chain; several --cert --key\n"
      "pairs may be given, the first that fits is used" },
    { "key", "PEM", OPTION_TEXTS, AT(keys), 0,
      "its private key; without, it is looked for in --cert" },
    { "ca", "PEM", OPTION_TEXT, AT(ca), 0,
      "authorities that clients' certificates must lead to;\n"
      "without, they are taken unchecked" },
    { "client-auth", "none|request|require", OPTION_CHOICE, AT(client_auth), 0,
      "ask clients for a certificate; `require` refuses those\n"
      "without" },
    { "min-version", VERSIONS, OPTION_CHOICE, AT(min_version), 0, "" },
    { "max-version", VERSIONS, OPTION_CHOICE, AT(max_version), 0,
      "versions to accept; the policy's without these" },
    { "policy", POLICIES, OPTION_CHOICE, AT(policy), 0,
      "what is accepted if nothing else is said" },
    { "suites", "LIST", OPTION_TEXT, AT(suites), 0,
      "IANA names, comma separated, best first" },
    { "groups", "LIST", OPTION_TEXT, AT(groups), 0,
      "such as x25519,secp256r1,secp384r1,secp521r1" },
    { "alpn", "LIST", OPTION_TEXT, AT(alpn), 0,
      "protocols to accept, such as h2,http/1.1" },
    { "no-resumption", NULL, OPTION_FLAG, AT(no_resumption), 0,
      "keep no sessions" },
    { "no-renegotiation", NULL, OPTION_FLAG, AT(no_renegotiation), 0,
      "refuse when a client asks for one" },
    { "renegotiate-after", "N", OPTION_NUMBER, AT(renegotiate_after),
      2147483647,
      "ask for a new handshake once N bytes were received,\n"
      "with a certificate if --client-auth says so" },
    { "mode", "www|echo|sink", OPTION_CHOICE, AT(mode), 0,
      "www (as without this): a page about the connection;\n"
      "echo: what was received; sink: nothing" },
    { "accept", "N", OPTION_NUMBER, AT(accept), 2147483647,
      "end after N connections" },
    { "keylog", "FILE", OPTION_TEXT, AT(keylog), 0,
      "append the sessions' secrets, for Wireshark" },
    { "quiet", NULL, OPTION_FLAG, AT(quiet), 0,
      "no line per connection" },
};

/* How many threads run; the one that ends last rings. */
struct crowd {
    pthread_mutex_t lock;
    pthread_cond_t left;
    unsigned num;
};

struct visit {
    const struct server *server;
    struct crowd *crowd;
    unsigned long number;
    int fd;
    char where[WHERE_MAX];
};

static void enter(struct crowd *crowd)
{
    pthread_mutex_lock(&crowd->lock);
    while (crowd->num >= CLIENTS_MAX) {
        pthread_cond_wait(&crowd->left, &crowd->lock);
    }
    crowd->num++;
    pthread_mutex_unlock(&crowd->lock);
}

static void leave(struct crowd *crowd)
{
    pthread_mutex_lock(&crowd->lock);
    crowd->num--;
    pthread_cond_signal(&crowd->left);
    pthread_mutex_unlock(&crowd->lock);
}

static void wait_until_empty(struct crowd *crowd)
{
    pthread_mutex_lock(&crowd->lock);
    while (crowd->num > 0) {
        pthread_cond_wait(&crowd->left, &crowd->lock);
    }
    pthread_mutex_unlock(&crowd->lock);
}

static void *run_visit(void *arg)
{
    struct visit *visit = arg;

    serve_connection(visit->server, visit->number, visit->fd, visit->where);
    leave(visit->crowd);
    free(visit);
    return NULL;
}

/* A thread for the client; without memory or threads it is served here. */
static void receive(struct visit *visit)
{
    pthread_attr_t detached;
    pthread_t thread;

    enter(visit->crowd);
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &detached, run_visit, visit) != 0) {
        run_visit(visit);
    }
    pthread_attr_destroy(&detached);
}

/* Waits for the next client; NULL after a sentence if there is none. */
static struct visit *next_visit(int listener)
{
    struct visit *visit = NULL;

    while (visit == NULL) {
        visit = calloc(1, sizeof *visit);
        if (visit == NULL) {
            sleep(1);
        }
    }
    for (;;) {
        visit->fd = io_accept(listener, visit->where);
        if (visit->fd >= 0) {
            return visit;
        }
        if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS &&
            errno != ENOMEM) {
            break;
        }
        sleep(1); /* clients that leave give back what is missing */
    }
    say("cannot accept connections: %s", strerror(errno));
    free(visit);
    return NULL;
}

static int accept_all(const struct server *server, int listener)
{
    struct crowd crowd = { PTHREAD_MUTEX_INITIALIZER,
                           PTHREAD_COND_INITIALIZER, 0 };
    long most = server->given->accept;
    int status = EXIT_GOOD;

    for (unsigned long n = 1; most < 0 || n <= (unsigned long)most; n++) {
        struct visit *visit = next_visit(listener);
        if (visit == NULL) {
            status = EXIT_NETWORK;
            break;
        }
        visit->server = server;
        visit->crowd = &crowd;
        visit->number = n;
        receive(visit);
    }
    wait_until_empty(&crowd);
    return status;
}

static bool is_complete(const struct settings *given)
{
    if (given->port < 0) {
        say("server: --port is missing");
        return false;
    }
    if (given->certs.num == 0) {
        say("server: --cert is missing");
        return false;
    }
    if (given->no_renegotiation && given->renegotiate_after >= 0) {
        say("server: --renegotiate-after and --no-renegotiation exclude one "
            "another");
        return false;
    }
    return true;
}

static int run_server(const struct settings *given)
{
    struct server server = { .given = given, .mode = SERVER_WWW };
    char where[WHERE_MAX];

    if (!is_complete(given)) {
        return EXIT_USAGE;
    }
    if (given->mode != NULL) {
        server.mode = given->mode[0] == 'e'   ? SERVER_ECHO
                      : given->mode[0] == 's' ? SERVER_SINK
                                              : SERVER_WWW;
    }
    int status = credential_make(&server.credential, given, true);
    if (status == EXIT_GOOD) {
        int listener = io_listen(
            given->bind != NULL ? given->bind : "127.0.0.1", given->port);
        status = EXIT_NETWORK;
        if (listener >= 0) {
            io_where(listener, where);
            printf("listening on %s\n", where);
            fflush(stdout);
            status = accept_all(&server, listener);
            close(listener);
        }
    }
    credential_free(&server.credential);
    return status;
}

const struct command command_server = {
    "server", "accept TLS connections, many at once", NULL, options,
    COUNT_OF(options),
    "The first line of output is `listening on ADDR:PORT`; each connection\n"
    "that ends adds one line.  Exit status: 0 after --accept N connections,\n"
    "1 usage, 2 network.\n",
    run_server,
};
