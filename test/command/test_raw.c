/*
 * test_raw.c - the command against peers that do not speak TLS well
 *
 * The peer here is a bare TCP socket.  What matters: the alert arrives and the
 * connection ends in order, although bytes are still unread on the other side
 * (a close would turn into a reset and destroy the alert on its way); and no
 * peer keeps the server from serving the next one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define WAIT_MS 20000

static const char *tool_path(void)
{
    static char path[4096];
    const char *build = getenv("BUILD");

    snprintf(path, sizeof path, "%s/tomchannel",
             build != NULL ? build : "build");
    return path;
}

/* Runs the command with its output in a pipe; `*out` is the reading end. */
static pid_t run(const char *const *args, int *out)
{
    const char *argv[24] = { tool_path() };
    posix_spawn_file_actions_t actions;
    int pipe_fds[2];
    pid_t pid = -1;
    size_t n = 1;

    while (args[n - 1] != NULL) {
        argv[n] = args[n - 1];
        n++;
        assert_true(n < sizeof argv / sizeof argv[0]);
    }
    assert_int_equal(pipe(pipe_fds), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 1);
    posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 2);
    posix_spawn_file_actions_addclose(&actions, pipe_fds[0]);
    char *const *spawn_argv = (char *const *)(uintptr_t)argv;
    assert_int_equal(
        posix_spawn(&pid, argv[0], &actions, NULL, spawn_argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_fds[1]);
    *out = pipe_fds[0];
    return pid;
}

static bool wait_readable(int fd)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };

    return poll(&p, 1, WAIT_MS) == 1;
}

/* ------------------------------------------------------------- the server */

struct fixture {
    pid_t pid;
    int out;
    int port;
};

static int start_server(void **state)
{
    static const char *const args[] = {
        "server", "--port", "0", "--cert", "vectors/certs/server-ec256.pem",
        "--key", "vectors/certs/server-ec256.key", NULL,
    };
    struct fixture *f = calloc(1, sizeof *f);
    char line[256] = "";
    size_t len = 0;

    assert_non_null(f);
    signal(SIGPIPE, SIG_IGN);
    f->pid = run(args, &f->out);
    while (len < sizeof line - 1 && strchr(line, '\n') == NULL &&
           wait_readable(f->out) && read(f->out, line + len, 1) == 1) {
        len++;
    }
    const char *colon = strrchr(line, ':');
    assert_non_null(colon);
    f->port = (int)strtol(colon + 1, NULL, 10);
    *state = f;
    return 0;
}

static int stop_server(void **state)
{
    struct fixture *f = *state;
    int status = 0;

    kill(f->pid, SIGTERM);
    waitpid(f->pid, &status, 0);
    close(f->out);
    /* It lived until we ended it. */
    int rc = WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM ? 0 : -1;
    free(f);
    return rc;
}

static int dial(const struct fixture *f)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_port = htons((uint16_t)f->port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

/* Sends all, or what the other side takes until it says no. */
static void say(int fd, const void *p, size_t len)
{
    const unsigned char *at = p;

    while (len > 0) {
        ssize_t n = send(fd, at, len, MSG_NOSIGNAL);
        if (n <= 0) {
            return;
        }
        at += n;
        len -= (size_t)n;
    }
}

/* Everything until the end; -1 if that was a reset, -2 if it did not come. */
static ssize_t hear_all(int fd, unsigned char *out, size_t cap)
{
    size_t len = 0;

    while (len < cap) {
        if (!wait_readable(fd)) {
            return -2;
        }
        ssize_t n = recv(fd, out + len, cap - len, 0);
        if (n < 0) {
            return -1;
        }
        if (n == 0) {
            break;
        }
        len += (size_t)n;
    }
    return (ssize_t)len;
}

/* A whole conversation by our own client: the server still serves. */
static void assert_served(const struct fixture *f)
{
    char where[64];
    const char *args[] = { "client", where, "--ca", "vectors/certs/ca.pem",
                           "--request", "GET / HTTP/1.0\\r\\n\\r\\n", NULL };
    char text[8192];
    size_t len = 0;
    int out = -1;
    int status = 0;
    ssize_t n = 0;

    snprintf(where, sizeof where, "127.0.0.1:%d", f->port);
    pid_t pid = run(args, &out);
    while (len < sizeof text - 1 &&
           (n = read(out, text + len, sizeof text - 1 - len)) > 0) {
        len += (size_t)n;
    }
    text[len] = '\0';
    close(out);
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_non_null(strstr(text, "HTTP/1.0 200 OK"));
}

/* A ClientHello whose only suite is one that no policy takes: RFC 5246 7.4.1.2
 * with TLS_NULL_WITH_NULL_NULL's neighbour 0xFFFE. */
static const unsigned char hello_without_suites[] = {
    0x16, 0x03, 0x01, 0x00, 0x2d, 0x01, 0x00, 0x00, 0x29, 0x03, 0x03,
    0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,
    11,   12,   13,   14,   15,   16,   17,   18,   19,   20,   21,
    22,   23,   24,   25,   26,   27,   28,   29,   30,   31,   0x00,
    0x00, 0x02, 0xff, 0xfe, 0x01, 0x00,
};

static void the_fatal_alert_arrives(void **state)
{
    static const unsigned char alert[] = { 0x15, 0x03, 0x03, 0x00,
                                           0x02, 0x02, 0x28 };
    unsigned char got[64];
    int fd = dial(*state);

    say(fd, hello_without_suites, sizeof hello_without_suites);
    ssize_t n = hear_all(fd, got, sizeof got);
    assert_int_equal(n, sizeof alert);
    assert_memory_equal(got, alert, 1);
    assert_memory_equal(got + 3, alert + 3, 4);
    close(fd);
    assert_served(*state);
}

static void the_fatal_alert_arrives_though_bytes_stay_unread(void **state)
{
    static unsigned char more[200000];
    unsigned char got[64];
    int fd = dial(*state);

    memset(more, 0x17, sizeof more);
    say(fd, hello_without_suites, sizeof hello_without_suites);
    say(fd, more, sizeof more);
    shutdown(fd, SHUT_WR);
    ssize_t n = hear_all(fd, got, sizeof got);
    assert_int_equal(n, 7);
    assert_int_equal(got[0], 0x15);
    assert_int_equal(got[6], 0x28);
    close(fd);
    assert_served(*state);
}

static void plain_http_ends_in_order(void **state)
{
    static const char text[] = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";
    unsigned char got[64];
    int fd = dial(*state);

    say(fd, text, sizeof text - 1);
    assert_true(hear_all(fd, got, sizeof got) >= 0);
    close(fd);
    assert_served(*state);
}

static void noise_ends_in_order(void **state)
{
    static unsigned char noise[100000];
    unsigned char got[64];
    uint32_t x = 2463534242;

    for (size_t round = 0; round < 20; round++) {
        for (size_t i = 0; i < sizeof noise; i++) {
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            noise[i] = (unsigned char)x;
        }
        noise[0] = (unsigned char)(0x14 + round % 5);
        noise[1] = 3;
        int fd = dial(*state);
        say(fd, noise, sizeof noise);
        shutdown(fd, SHUT_WR);
        assert_true(hear_all(fd, got, sizeof got) >= 0);
        close(fd);
    }
    assert_served(*state);
}

static void peers_that_vanish_do_no_harm(void **state)
{
    struct linger now = { .l_onoff = 1, .l_linger = 0 };

    for (size_t cut = 0; cut <= sizeof hello_without_suites; cut += 7) {
        int fd = dial(*state);
        say(fd, hello_without_suites, cut);
        if (cut % 2 == 0) { /* a reset */
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        }
        close(fd);
    }
    assert_served(*state);
}

static void silent_peers_do_not_keep_others_waiting(void **state)
{
    int fds[100];

    for (size_t i = 0; i < 100; i++) {
        fds[i] = dial(*state);
        say(fds[i], hello_without_suites, i % sizeof hello_without_suites);
    }
    assert_served(*state);
    for (size_t i = 0; i < 100; i++) {
        close(fds[i]);
    }
    assert_served(*state);
}

/* ------------------------------------------------------------- the client */

enum ending { END_CLOSE, END_RESET };

/* Plays a server that answers the first bytes with `answer`; gives the exit
 * status of the client and what it said. */
static int client_meets(const void *answer, size_t len, enum ending ending,
                        char *text, size_t cap)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    struct linger now = { .l_onoff = 1, .l_linger = 0 };
    socklen_t alen = sizeof a;
    char where[64];
    const char *args[] = { "client", where, "--insecure", NULL };
    unsigned char hello[4096];
    int out = -1;
    int status = 0;
    size_t have = 0;
    ssize_t n = 0;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(listener, 1), 0);
    getsockname(listener, (struct sockaddr *)&a, &alen);
    snprintf(where, sizeof where, "127.0.0.1:%d", ntohs(a.sin_port));
    pid_t pid = run(args, &out);
    assert_true(wait_readable(listener));
    int fd = accept(listener, NULL, NULL);
    close(listener);
    assert_true(wait_readable(fd));
    assert_true(recv(fd, hello, sizeof hello, 0) > 5);
    assert_int_equal(hello[0], 0x16);
    say(fd, answer, len);
    if (ending == END_RESET) {
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    close(fd);
    while (have < cap - 1 && (n = read(out, text + have, cap - 1 - have)) > 0) {
        have += (size_t)n;
    }
    text[have] = '\0';
    close(out);
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_client_says_which_alert_came(void **state)
{
    static const unsigned char alert[] = { 0x15, 0x03, 0x03, 0x00,
                                           0x02, 0x02, 0x28 };
    char text[4096];

    (void)state;
    assert_int_equal(
        client_meets(alert, sizeof alert, END_CLOSE, text, sizeof text), 3);
    assert_non_null(strstr(text, "handshake_failure (40)"));
    assert_non_null(strstr(text, "peer"));
}

static void a_client_says_that_the_server_closed(void **state)
{
    char text[4096];

    (void)state;
    assert_int_equal(client_meets("", 0, END_CLOSE, text, sizeof text), 3);
    assert_non_null(strstr(text, "the server closed the connection"));
}

static void a_client_calls_a_reset_a_network_failure(void **state)
{
    char text[4096];

    (void)state;
    assert_int_equal(client_meets("", 0, END_RESET, text, sizeof text), 2);
    assert_non_null(strstr(text, "the connection broke"));
}

static void a_client_refuses_an_answer_that_is_not_tls(void **state)
{
    static const char page[] = "HTTP/1.0 400 Bad Request\r\n\r\n";
    char text[4096];

    (void)state;
    assert_int_equal(client_meets(page, sizeof page - 1, END_CLOSE, text,
                                  sizeof text),
                     3);
    assert_non_null(strstr(text, "the handshake failed"));
}

/* ----------------------------------------------- between the two of them */

/* Forwards what has come from one to the other; of records of data (type 23)
 * the last byte is changed if `damage` says so.  False at the end. */
static bool forward(int from, int to, bool damage)
{
    unsigned char record[5 + 18432];
    size_t len = 0;

    while (len < 5) {
        ssize_t n = recv(from, record + len, 5 - len, 0);
        if (n <= 0) {
            return false;
        }
        len += (size_t)n;
    }
    size_t whole = 5 + (size_t)record[3] * 256 + record[4];
    assert_true(whole <= sizeof record);
    while (len < whole) {
        ssize_t n = recv(from, record + len, whole - len, 0);
        if (n <= 0) {
            return false;
        }
        len += (size_t)n;
    }
    if (damage && record[0] == 23) {
        record[whole - 1] ^= 1;
    }
    say(to, record, whole);
    return true;
}

static void carry(int client, int server, bool damage_to_server)
{
    bool open[2] = { true, true };

    while (open[0] || open[1]) {
        struct pollfd p[2] = {
            { .fd = open[0] ? client : -1, .events = POLLIN },
            { .fd = open[1] ? server : -1, .events = POLLIN },
        };
        assert_true(poll(p, 2, WAIT_MS) > 0);
        if (p[0].revents != 0 &&
            !forward(client, server, damage_to_server)) {
            open[0] = false;
            shutdown(server, SHUT_WR);
        }
        if (p[1].revents != 0 &&
            !forward(server, client, !damage_to_server)) {
            open[1] = false;
            shutdown(client, SHUT_WR);
        }
    }
}

/* A client and the server with the test between them; gives the client's exit
 * status and what it said. */
static int with_damage(const struct fixture *f, bool to_server, char *text,
                       size_t cap)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    socklen_t alen = sizeof a;
    char where[64];
    const char *args[] = { "client", where, "--insecure", "--request",
                           "GET / HTTP/1.0\\r\\n\\r\\n", NULL };
    int out = -1;
    int status = 0;
    size_t have = 0;
    ssize_t n = 0;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(listener, 1), 0);
    getsockname(listener, (struct sockaddr *)&a, &alen);
    snprintf(where, sizeof where, "127.0.0.1:%d", ntohs(a.sin_port));
    pid_t pid = run(args, &out);
    assert_true(wait_readable(listener));
    int client = accept(listener, NULL, NULL);
    int server = dial(f);
    close(listener);
    carry(client, server, to_server);
    close(client);
    close(server);
    while (have < cap - 1 && (n = read(out, text + have, cap - 1 - have)) > 0) {
        have += (size_t)n;
    }
    text[have] = '\0';
    close(out);
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* The first line of the server's output behind the one that it listens. */
static void server_line(const struct fixture *f, char *line, size_t cap)
{
    size_t len = 0;

    line[0] = '\0';
    while (len < cap - 1 && strchr(line, '\n') == NULL &&
           wait_readable(f->out) && read(f->out, line + len, 1) == 1) {
        line[++len] = '\0';
    }
}

static void a_changed_byte_to_the_server_is_answered_by_an_alert(void **state)
{
    char text[4096];
    char line[2048];

    assert_int_equal(with_damage(*state, true, text, sizeof text), 3);
    assert_non_null(strstr(text, "bad_record_mac (20)"));
    assert_non_null(strstr(text, "peer"));
    server_line(*state, line, sizeof line);
    assert_non_null(strstr(line, "bad_record_mac (20)"));
    assert_served(*state);
}

static void a_changed_byte_to_the_client_is_answered_by_an_alert(void **state)
{
    char text[4096];

    assert_int_equal(with_damage(*state, false, text, sizeof text), 3);
    assert_non_null(strstr(text, "we sent the alert bad_record_mac (20)"));
    assert_null(strstr(text, "HTTP/1.0"));
    assert_served(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define ON_SERVER(f) cmocka_unit_test_setup_teardown(f, start_server, \
                                                     stop_server)
        ON_SERVER(the_fatal_alert_arrives),
        ON_SERVER(the_fatal_alert_arrives_though_bytes_stay_unread),
        ON_SERVER(plain_http_ends_in_order),
        ON_SERVER(noise_ends_in_order),
        ON_SERVER(peers_that_vanish_do_no_harm),
        ON_SERVER(silent_peers_do_not_keep_others_waiting),
        ON_SERVER(a_changed_byte_to_the_server_is_answered_by_an_alert),
        ON_SERVER(a_changed_byte_to_the_client_is_answered_by_an_alert),
        cmocka_unit_test(a_client_says_which_alert_came),
        cmocka_unit_test(a_client_says_that_the_server_closed),
        cmocka_unit_test(a_client_calls_a_reset_a_network_failure),
        cmocka_unit_test(a_client_refuses_an_answer_that_is_not_tls),
    };

    return cmocka_run_group_tests_name("the command and raw peers", tests,
                                       NULL, NULL);
}
