/*
 * The peer of the shim under test: it listens, starts the shim, plays the
 * other role with a second connection of the library, and compares what
 * arrives, the shim's exit status and its words with the scene. Every wait is
 * bounded; a shim that does not end is ended, by its process id.
 */

#include "test/conformance/peer_scene.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/support/pair.h"

#define PATIENCE 5000 /* ms */
#define ARGS_MAX 48

bool peer_wrong(struct peer *p, const char *what)
{
    if (p->wrong[0] == '\0') {
        snprintf(p->wrong, sizeof p->wrong, "%s (connection %u)", what,
                 p->connection);
    }
    return false;
}

/* ---- application data ---- */

bool peer_expect(struct peer *p, const void *bytes, size_t len)
{
    const uint8_t *want = bytes;

    while (len != 0) {
        struct tch_slice got;
        enum tch_status s = link_read(&p->link, &got);

        if (s != TCH_OK) {
            return peer_wrong(p, tch_status_name(s));
        }
        if (got.len > len || memcmp(got.p, want, got.len) != 0) {
            return peer_wrong(p, "other data than expected");
        }
        want += got.len;
        len -= got.len;
    }
    return true;
}

static bool talk(struct peer *p, size_t len)
{
    static uint8_t there[16384];
    static uint8_t back[16384];
    enum tch_status s;

    for (size_t i = 0; i < len; i++) {
        there[i] = (uint8_t)(i * 7 + len);
        back[i] = there[i] ^ 0xFF;
    }
    s = link_write(&p->link, there, len);
    return s != TCH_OK ? peer_wrong(p, tch_status_name(s))
                       : peer_expect(p, back, len);
}

bool peer_talk(struct peer *p)
{
    return talk(p, 1) && talk(p, 1000) && talk(p, 16384);
}

bool peer_part(struct peer *p)
{
    struct tch_slice data;
    enum tch_status s = tch_close(p->link.conn);

    link_flush(&p->link);
    s = s != TCH_OK ? s : link_read(&p->link, &data);
    return s == TCH_CLOSED || peer_wrong(p, "no close_notify came back");
}

static bool talk_and_part(struct peer *p)
{
    return peer_talk(p) && peer_part(p);
}

enum tch_status peer_renegotiate(struct peer *p)
{
    struct tch_slice data;
    enum tch_status s = tch_renegotiate(p->link.conn);

    link_flush(&p->link);
    if (s == TCH_OK) { /* a server's HelloRequest */
        s = link_read(&p->link, &data);
    }
    return s == TCH_RENEGOTIATE || s == TCH_CONTINUE ? link_handshake(&p->link)
                                                     : s;
}

/* ---- the peer's settings ---- */

static void watch(void *arg, const struct tch_event *ev)
{
    struct peer *p = arg;

    if (ev->kind == TCH_EV_MESSAGE_IN && ev->bytes.len > 4 &&
        ev->bytes.p[0] == 1 && ev->bytes.len <= sizeof p->hello) {
        memcpy(p->hello, ev->bytes.p, ev->bytes.len);
        p->hello_len = ev->bytes.len;
    }
}

static enum tch_status keep_data(void *arg, struct tch_slice bytes)
{
    struct peer *p = arg;

    if (bytes.len > sizeof p->inside - p->inside_len) {
        return TCH_BUFFER_TOO_SMALL;
    }
    memcpy(p->inside + p->inside_len, bytes.p, bytes.len);
    p->inside_len += bytes.len;
    return TCH_OK;
}

static enum tch_status set_lists(struct tch_config *cfg,
                                 const struct scene *sc)
{
    enum tch_status s = tch_config_set_policy(cfg, "museum");

    if (s == TCH_OK && sc->versions != 0) {
        s = tch_config_set_versions(cfg, sc->versions);
    }
    if (s == TCH_OK && sc->suite != 0) {
        s = tch_config_set_suites(cfg, &sc->suite, 1);
    }
    if (s == TCH_OK && sc->group != 0) {
        s = tch_config_set_groups(cfg, &sc->group, 1);
    }
    if (s == TCH_OK && sc->scheme != 0) {
        s = tch_config_set_schemes(cfg, &sc->scheme, 1);
    }
    return s;
}

static bool configure(struct peer *p)
{
    const struct scene *sc = p->scene;
    struct tch_observer o = { watch, NULL, p, false };
    const char *identity = sc->identity;
    enum tch_status s = tch_config_new(NULL, &p->cfg);

    if (identity == NULL) {
        identity = p->shim_serves ? "" : "server-rsa2048";
    }
    s = s != TCH_OK ? s : set_lists(p->cfg, sc);
    s = s != TCH_OK ? s : tch_config_set_observer(p->cfg, &o);
    s = s != TCH_OK ? s : tch_config_set_resumption(p->cfg, !sc->no_sessions,
                                                    0);
    s = s != TCH_OK ? s : tch_config_set_alpn(p->cfg, sc->alpn);
    if (s == TCH_OK && sc->anchor != NULL) {
        s = tch_config_add_anchors_pem(p->cfg, read_certs(sc->anchor));
    }
    if (s == TCH_OK && identity[0] != '\0') {
        add_identity(p->cfg, identity);
    }
    return s == TCH_OK || peer_wrong(p, tch_status_name(s));
}

static enum tch_status set_connection(struct peer *p)
{
    const struct scene *sc = p->scene;
    struct tch_conn *c;
    enum tch_status s = tch_conn_new(p->cfg, p->shim_serves ? TCH_CLIENT
                                                            : TCH_SERVER,
                                     &p->link.conn);

    c = p->link.conn;
    s = s != TCH_OK ? s : tch_conn_set_verify(c, TCH_VERIFY_INSECURE);
    if (s != TCH_OK || !p->shim_serves) {
        return s != TCH_OK ? s : tch_conn_set_client_auth(c, sc->client_auth);
    }
    s = tch_conn_set_server_name(c, sc->server_name == NULL
                                        ? "127.0.0.1" /* is not sent */
                                        : sc->server_name);
    return s != TCH_OK ? s : tch_conn_set_name_check(c, false);
}

/* ---- sockets and processes ---- */

static int listen_on(bool ipv6, unsigned *port)
{
    struct sockaddr_in6 six;
    struct sockaddr_in four;
    socklen_t len = ipv6 ? sizeof six : sizeof four;
    struct sockaddr *at = ipv6 ? (struct sockaddr *)&six
                               : (struct sockaddr *)&four;
    int fd = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memset(&six, 0, sizeof six);
    memset(&four, 0, sizeof four);
    six.sin6_family = AF_INET6;
    six.sin6_addr = in6addr_loopback;
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0) {
        return -1;
    }
    if (bind(fd, at, len) != 0 || listen(fd, 4) != 0 ||
        getsockname(fd, at, &len) != 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(ipv6 ? six.sin6_port : four.sin_port);
    return fd;
}

bool peer_has_ipv6(void)
{
    unsigned port;
    int fd = listen_on(true, &port);

    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static bool readable(int fd)
{
    struct pollfd p = { fd, POLLIN, 0 };

    return poll(&p, 1, PATIENCE) == 1;
}

/* The shim's command line; the strings of `port` and `args` must live on. */
static void make_args(const struct peer *p, const char *program,
                      const char *port, const char **args)
{
    size_t n = 0;

    args[n++] = program;
    args[n++] = "-port";
    args[n++] = port;
    if (p->shim_serves) {
        args[n++] = "-server";
    }
    if (p->shim_serves && !p->scene->own_identity) {
        args[n++] = "-cert-file";
        args[n++] = "vectors/certs/server-rsa2048.pem";
        args[n++] = "-key-file";
        args[n++] = "vectors/certs/server-rsa2048.key";
    }
    for (size_t i = 0; p->scene->flags[i] != NULL; i++) {
        args[n++] = p->scene->flags[i];
    }
    args[n] = NULL;
}

/* Starts the shim with all it says going to `out`. */
static pid_t start(const struct peer *p, const char *program, unsigned port,
                   int out)
{
    const char *args[ARGS_MAX];
    char number[16];
    pid_t pid;

    snprintf(number, sizeof number, "%u", port);
    make_args(p, program, number, args);
    pid = fork();
    if (pid == 0) {
        union {
            const char **from;
            char *const *to;
        } argv = { args };

        if (dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0) {
            execv(program, argv.to);
        }
        _exit(127);
    }
    return pid;
}

/* The shim's exit status, or -1; it is ended when it does not end. */
static int end(pid_t pid)
{
    int status = 0;

    for (int i = 0; i < PATIENCE; i++) {
        if (waitpid(pid, &status, WNOHANG) == pid) {
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        }
        usleep(1000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return -1;
}

/* ---- a scene ---- */

static bool accept_shim(struct peer *p, int listener)
{
    uint8_t id[8];
    int on = 1;

    if (!readable(listener)) {
        return peer_wrong(p, "the shim did not connect");
    }
    p->link.fd = accept(listener, NULL, NULL);
    if (p->link.fd < 0) {
        return peer_wrong(p, "accept failed");
    }
    (void)fcntl(p->link.fd, F_SETFD, FD_CLOEXEC);
    (void)setsockopt(p->link.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (p->scene->shim_id != NULL &&
        (!readable(p->link.fd) ||
         recv(p->link.fd, id, sizeof id, MSG_WAITALL) != sizeof id ||
         memcmp(id, p->scene->shim_id, sizeof id) != 0)) {
        return peer_wrong(p, "another shim id, or none");
    }
    return true;
}

static bool differs(uint16_t want, uint16_t got)
{
    return want != 0 && want != got;
}

static bool check_info(struct peer *p)
{
    const struct scene *sc = p->scene;
    struct tch_info info;

    if (tch_conn_info(p->link.conn, &info) != TCH_OK) {
        return peer_wrong(p, "nothing was negotiated");
    }
    if (differs(sc->want_version, info.version)) {
        return peer_wrong(p, "another version");
    }
    if (differs(sc->want_suite, info.suite)) {
        return peer_wrong(p, "another suite");
    }
    if (differs(sc->want_group, info.group)) {
        return peer_wrong(p, "another group");
    }
    if (differs(sc->want_scheme, info.scheme)) {
        return peer_wrong(p, "another signature scheme");
    }
    return sc->check == NULL || sc->check(p, &info) ||
           peer_wrong(p, "the check of what was negotiated");
}

/* A shim that fails may do so at any point: what then counts is its exit
 * status, its words and its alert. */
static void play_connection(struct peer *p)
{
    const struct scene *sc = p->scene;
    enum tch_status s = set_connection(p);

    if (s != TCH_OK) {
        peer_wrong(p, tch_status_name(s));
        return;
    }
    s = link_handshake(&p->link);
    if (s != TCH_OK) {
        peer_wrong(p, tch_status_name(s));
    } else if (check_info(p)) {
        (void)(sc->play == NULL ? talk_and_part(p) : sc->play(p));
    }
    if (sc->exit != 0) {
        struct tch_slice data;

        if (sc->alert != 0 &&
            tch_conn_state(p->link.conn) == TCH_STATE_OPEN) {
            (void)link_read(&p->link, &data);
        }
        p->wrong[0] = '\0';
    }
    if (sc->alert != 0 &&
        (unsigned)tch_conn_failure(p->link.conn)->alert != sc->alert) {
        peer_wrong(p, "another alert, or none");
    }
}

static void play(struct peer *p, int listener)
{
    unsigned num = p->scene->stays_away       ? 0
                   : p->scene->connections == 0 ? 1
                                                : p->scene->connections;

    for (p->connection = 0; p->connection < num && p->wrong[0] == '\0';
         p->connection++) {
        memset(&p->link, 0, sizeof p->link);
        p->link.patience = PATIENCE;
        p->link.arg = p;
        p->link.data = keep_data;
        p->inside_len = 0;
        p->hello_len = 0;
        if (!accept_shim(p, listener)) {
            return;
        }
        play_connection(p);
        link_drain(&p->link);
        tch_conn_free(p->link.conn);
    }
}

/* Reads what the shim said and compares it with the scene. */
static void judge(struct peer *p, int status, int out)
{
    const char *says = p->scene->says;
    char text[400] = "";
    ssize_t n = pread(out, text, sizeof text - 1, 0);
    char what[160];
    size_t line;

    text[n > 0 ? n : 0] = '\0';
    line = strcspn(text, "\n");
    if (text[line] != '\0' && text[line + 1] != '\0') {
        peer_wrong(p, "it said more than one line");
    }
    text[line] = '\0';
    if (status != p->scene->exit) {
        snprintf(what, sizeof what, "exit status %d: %.100s", status, text);
        p->wrong[0] = '\0'; /* says more than what it led to */
        peer_wrong(p, what);
    } else if (says != NULL && strncmp(text, says, strlen(says)) != 0) {
        snprintf(what, sizeof what, "it said: %.100s", text);
        peer_wrong(p, what);
    }
}

static int make_output(void)
{
    FILE *f = tmpfile();
    int fd = f == NULL ? -1 : fcntl(fileno(f), F_DUPFD_CLOEXEC, 3);

    if (f != NULL) {
        fclose(f);
    }
    return fd;
}

const char *peer_run(const char *program, const struct scene *scene,
                     bool shim_serves)
{
    static struct peer p;
    unsigned port = 0;
    int out = make_output();
    int listener = listen_on(scene->ipv6, &port);
    pid_t pid;

    memset(&p, 0, sizeof p);
    p.scene = scene;
    p.shim_serves = shim_serves;
    if (out < 0 || listener < 0 || !configure(&p)) {
        peer_wrong(&p, "the peer could not be set up");
    } else {
        pid = start(&p, program, port, out);
        if (pid > 0) {
            play(&p, listener);
            close(listener);
            listener = -1;
            judge(&p, end(pid), out);
        } else {
            peer_wrong(&p, "no process for the shim");
        }
    }
    if (listener >= 0) {
        close(listener);
    }
    if (out >= 0) {
        close(out);
    }
    tch_config_free(p.cfg);
    return p.wrong[0] == '\0' ? NULL : p.wrong;
}
