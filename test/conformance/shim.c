/*
 * The shim: one process that a conformance runner starts for one test, as TLS
 * client or server by its flags, and judges by its exit status and by what
 * arrives on the wire. The runner plays the peer, and listens; the shim always
 * connects. test/README.md says where; the flags are rows in shim_flags.c.
 *
 * Written on tch.h alone, as any program would be. What a flag expects is
 * checked after the handshake and named when it is not so; every failure ends
 * with one line on standard error that begins with a status name of the
 * library or with EXPECTATION.
 *
 * Hard was only the end: closing a socket with unread input resets the
 * connection, and the reset overtakes our alert. So the shim reads until the
 * peer has closed as well.
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/conformance/shim_run.h"

#define PATIENCE 60000 /* ms */

/* ---- telling ---- */

static void tell(const struct shim *sh, enum tch_status s)
{
    const struct tch_failure *f = sh->link.conn == NULL
                                      ? NULL
                                      : tch_conn_failure(sh->link.conn);

    fprintf(stderr, "%s", tch_status_name(s));
    if (sh->alert != 0) {
        fprintf(stderr, ": alert %s sent", tch_alert_name(sh->alert));
    } else if (f != NULL && f->status != TCH_OK &&
               f->alert != TCH_ALERT_NONE && f->side != TCH_SIDE_NONE) {
        fprintf(stderr, ": alert %s %s", tch_alert_name(f->alert),
                f->side == TCH_SIDE_OURS ? "sent" : "received");
    }
    fprintf(stderr, "\n");
}

/* An alert for what the library has nothing against. */
static void send_alert(struct shim *sh, unsigned alert)
{
    sh->alert = alert;
    (void)tch_alert(sh->link.conn, TCH_ALERT_FATAL, alert);
    link_flush(&sh->link);
}

/* ---- the connection's questions ---- */

static enum tch_status give_verdict(void *arg)
{
    struct shim *sh = arg;
    const struct shim_flags *f = sh->flags;
    bool counts = f->verify_peer || f->require_any_client_certificate;

    sh->judged = true;
    sh->verdict = f->verify_fail ? TCH_CERT_REJECTED : TCH_OK;
    return tch_answer_verdict(sh->link.conn, counts ? sh->verdict : TCH_OK);
}

static enum tch_status give_credential(void *arg)
{
    struct shim *sh = arg;
    const char *want = sh->flags->expect_client_ca_list;

    if (want != NULL &&
        !shim_same_names(want, tch_conn_issuers(sh->link.conn))) {
        return shim_complain("-expect-client-ca-list");
    }
    return tch_answer_credential(sh->link.conn, sh->identity_cfg);
}

/* ---- application data ---- */

static enum tch_status echo(void *arg, struct tch_slice bytes)
{
    struct shim *sh = arg;
    const struct shim_number *limit = &sh->flags->read_size;
    size_t most = limit->set && limit->value != 0 ? (size_t)limit->value
                                                  : bytes.len;
    enum tch_status s = TCH_OK;
    uint8_t back[16384 + 1024];

    while (s == TCH_OK && bytes.len != 0) {
        size_t n = bytes.len < most ? bytes.len : most;

        if (n > sizeof back) {
            n = sizeof back;
        }
        for (size_t i = 0; i < n; i++) {
            back[i] = bytes.p[i] ^ 0xFF;
        }
        s = link_write(&sh->link, back, n);
        bytes = tch_slice_behind(bytes, n);
    }
    return s;
}

static enum tch_status write_tls_unique(struct shim *sh)
{
    uint8_t out[64];
    size_t len = 0;
    enum tch_status s = tch_conn_tls_unique(sh->link.conn, out, &len);

    return s != TCH_OK ? s : link_write(&sh->link, out, len);
}

static enum tch_status write_exported(struct shim *sh)
{
    const struct shim_flags *f = sh->flags;
    const char *context = f->export_context == NULL ? "" : f->export_context;
    struct tch_slice with = { NULL, 0 };
    uint8_t out[16384];
    size_t len = (size_t)f->export_keying_material.value;
    enum tch_status s;

    if (f->use_export_context) {
        with = tch_slice_of(context, strlen(context));
    }
    if (f->export_keying_material.value > sizeof out) {
        return TCH_BAD_ARGUMENT;
    }
    s = tch_conn_export(sh->link.conn,
                        f->export_label == NULL ? "" : f->export_label, with,
                        out, len);
    return s != TCH_OK ? s : link_write(&sh->link, out, len);
}

/* Sizes round the limits of a record and of a piece split off. */
static enum tch_status write_sizes(struct shim *sh)
{
    static const size_t sizes[] = { 1,     255,   256,   257,   16383,
                                    16384, 16385, 32767, 32768, 32769 };
    static uint8_t bytes[32769];
    enum tch_status s = TCH_OK;

    memset(bytes, 0x42, sizeof bytes);
    for (size_t i = 0; s == TCH_OK && i < sizeof sizes / sizeof sizes[0];
         i++) {
        s = link_write(&sh->link, bytes, sizes[i]);
    }
    return s;
}

/* ---- renegotiation ---- */

static bool may_renegotiate(const struct shim *sh)
{
    const struct shim_flags *f = sh->flags;

    if (f->forbid_renegotiation_after_handshake) {
        return false;
    }
    return f->renegotiate_freely || f->renegotiate_explicit ||
           (f->renegotiate_once && sh->renegotiations == 1);
}

/* The alert is younger than SSL 3.0 (R-ALR-014). */
static enum tch_status refuse(struct shim *sh)
{
    struct tch_info info;
    bool old = tch_conn_info(sh->link.conn, &info) == TCH_OK &&
               info.version == 0x300;

    send_alert(sh, old ? TCH_ALERT_HANDSHAKE_FAILURE
                       : TCH_ALERT_NO_RENEGOTIATION);
    return TCH_NO_RENEGOTIATION;
}

static enum tch_status renegotiate(struct shim *sh)
{
    sh->renegotiations++;
    return may_renegotiate(sh) ? link_handshake(&sh->link) : refuse(sh);
}

/* ---- after the handshake ---- */

/* Reads until something ends it; TCH_CLOSED is the good end. Data is echoed,
 * or, once we have closed, dropped. */
static enum tch_status converse(struct shim *sh)
{
    for (;;) {
        struct tch_slice data;
        enum tch_status s = link_read(&sh->link, &data);

        if (s == TCH_OK && !tch_conn_shut_down(sh->link.conn)) {
            s = echo(sh, data);
        } else if (s == TCH_RENEGOTIATE) {
            s = renegotiate(sh);
        }
        if (s != TCH_OK) {
            return s;
        }
    }
}

static enum tch_status say_goodbye(struct shim *sh)
{
    enum tch_status s = tch_close(sh->link.conn);

    link_flush(&sh->link);
    return s;
}

/* Many peers just close the socket: only -check-close-notify minds. */
static enum tch_status converse_to_end(struct shim *sh)
{
    bool strict = sh->flags->check_close_notify;
    enum tch_status s = converse(sh);

    if (s == TCH_CLOSED_EARLY && !strict && sh->link.have == 0) {
        return TCH_OK;
    }
    if (s != TCH_CLOSED) {
        return s;
    }
    return tch_conn_shut_down(sh->link.conn) ? TCH_OK : say_goodbye(sh);
}

static enum tch_status play(struct shim *sh)
{
    const struct shim_flags *f = sh->flags;
    enum tch_status s = TCH_OK;

    if (f->tls_unique) {
        s = write_tls_unique(sh);
    }
    if (s == TCH_OK && f->export_keying_material.set) {
        s = write_exported(sh);
    }
    if (s == TCH_OK && f->shim_writes_first) {
        s = link_write(&sh->link, (const uint8_t *)"hello", 5);
    }
    if (s == TCH_OK && f->write_different_record_sizes) {
        s = write_sizes(sh);
    }
    if (s == TCH_OK &&
        (f->write_different_record_sizes || f->shim_shuts_down)) {
        s = say_goodbye(sh);
        if (s != TCH_OK || !f->check_close_notify) {
            return s;
        }
    }
    return s != TCH_OK ? s : converse_to_end(sh);
}

/* ---- one connection ---- */

static int connect_to(int family, unsigned long long port)
{
    struct sockaddr_in6 six;
    struct sockaddr_in four;
    int fd = socket(family, SOCK_STREAM, 0);
    int failed;
    int on = 1;

    memset(&six, 0, sizeof six);
    memset(&four, 0, sizeof four);
    six.sin6_family = AF_INET6;
    six.sin6_port = htons((uint16_t)port);
    six.sin6_addr = in6addr_loopback;
    four.sin_family = AF_INET;
    four.sin_port = htons((uint16_t)port);
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0) {
        return -1;
    }
    failed = family == AF_INET6
                 ? connect(fd, (const struct sockaddr *)&six, sizeof six)
                 : connect(fd, (const struct sockaddr *)&four, sizeof four);
    if (failed != 0) {
        close(fd);
        return -1;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static bool open_socket(struct shim *sh)
{
    const struct shim_flags *f = sh->flags;
    struct link *l = &sh->link;
    uint8_t id[8];

    l->fd = connect_to(AF_INET6, f->port.value);
    if (l->fd < 0 && !f->ipv6) {
        l->fd = connect_to(AF_INET, f->port.value);
    }
    if (l->fd < 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof id; i++) {
        id[i] = (uint8_t)(f->shim_id.value >> 8 * i & 0xFF);
    }
    if (f->shim_id.set) {
        link_send(l, tch_slice_of(id, sizeof id));
    }
    return true;
}

static enum tch_status set_alpn(struct shim *sh)
{
    const struct shim_flags *f = sh->flags;
    uint8_t one[256] = { 0 };
    struct tch_slice list = { one, 0 };
    /* Names that contain what no client offers end in a refusal. */
    const char *name = f->reject_alpn ? "\xFF none of these"
                                      : f->select_alpn;

    if (f->advertise_alpn != NULL) {
        list = tch_slice_of(f->advertise_alpn, strlen(f->advertise_alpn));
    } else if (f->select_empty_alpn) {
        list.len = 1;
    } else if (name != NULL && !f->decline_alpn && strlen(name) < 256) {
        one[0] = (uint8_t)strlen(name);
        memcpy(one + 1, name, one[0]);
        list.len = 1u + one[0];
    }
    return list.len == 0 ? TCH_OK : tch_conn_set_alpn(sh->link.conn, list);
}

/* The runner's certificates are for no host in particular. Sessions are kept
 * by the server's name: a client without one uses the address, which is not
 * sent. */
static enum tch_status set_peer(struct shim *sh)
{
    const struct shim_flags *f = sh->flags;
    struct tch_conn *conn = sh->link.conn;
    bool by_path = f->verify_peer && f->trust_cert != NULL && !f->verify_fail;
    enum tch_status s = tch_conn_set_verify(conn, by_path ? TCH_VERIFY_AUTO
                                                          : TCH_VERIFY_ASK);

    if (s != TCH_OK) {
        return s;
    }
    if (f->server) {
        return tch_conn_set_client_auth(
            conn, f->require_any_client_certificate ? TCH_CLIENT_AUTH_REQUIRE
                  : f->verify_peer                  ? TCH_CLIENT_AUTH_REQUEST
                                                    : TCH_CLIENT_AUTH_NONE);
    }
    s = tch_conn_set_server_name(conn, f->host_name == NULL ? "127.0.0.1"
                                                            : f->host_name);
    return s != TCH_OK ? s : tch_conn_set_name_check(conn, false);
}

/* A setting the library refuses is our failure, and the peer is told so. */
static enum tch_status prepare(struct shim *sh)
{
    struct link *l = &sh->link;
    enum tch_status s = tch_conn_new(sh->cfg, sh->flags->server ? TCH_SERVER
                                                                : TCH_CLIENT,
                                     &l->conn);

    if (s != TCH_OK) {
        return s;
    }
    s = set_peer(sh);
    s = s != TCH_OK ? s : set_alpn(sh);
    if (s != TCH_OK) {
        send_alert(sh, TCH_ALERT_INTERNAL_ERROR);
    }
    return s;
}

static enum tch_status run_connection(struct shim *sh)
{
    struct link *l = &sh->link;
    enum tch_status s;

    if (!open_socket(sh)) {
        tell(sh, TCH_CLOSED_EARLY);
        return TCH_CLOSED_EARLY;
    }
    s = prepare(sh);
    s = s != TCH_OK ? s : link_handshake(l);
    s = s != TCH_OK ? s : shim_check_handshake(sh);
    s = s != TCH_OK ? s : play(sh);
    s = s != TCH_OK ? s : shim_check_end(sh);
    if (s != TCH_OK && s != SHIM_TOLD) {
        tell(sh, s);
    }
    link_drain(l);
    tch_conn_free(l->conn);
    l->conn = NULL;
    return s;
}

static void clear_connection(struct shim *sh)
{
    sh->renegotiations = 0;
    sh->alert = 0;
    memset(&sh->seen, 0, sizeof sh->seen);
    memset(&sh->link, 0, sizeof sh->link);
    sh->link.arg = sh;
    sh->link.patience = PATIENCE;
    sh->link.pieces = sh->flags->async;
    sh->link.verdict = give_verdict;
    sh->link.credential = give_credential;
    sh->link.data = echo;
}

static int run(char *const *argv, struct shim *sh)
{
    struct shim_flags first;
    struct shim_flags later;
    int answer = shim_flags_read(argv, false, &first);
    enum tch_status s;

    if (answer == SHIM_SUCCESS) {
        answer = shim_flags_read(argv, true, &later);
    }
    if (answer != SHIM_SUCCESS) {
        return answer;
    }
    sh->flags = &first;
    s = shim_make_config(sh);
    if (s == TCH_NOT_SUPPORTED || s == TCH_NOTHING_LEFT) {
        fprintf(stderr, "NOT_IMPLEMENTED: %s\n", tch_status_text(s));
        return SHIM_NOT_IMPLEMENTED;
    }
    if (s != TCH_OK) {
        tell(sh, s);
    }
    for (unsigned long long i = 0;
         s == TCH_OK && i <= first.resume_count.value; i++) {
        sh->flags = i == 0 ? &first : &later;
        sh->resumed = i != 0;
        clear_connection(sh);
        s = run_connection(sh);
    }
    return s == TCH_OK ? SHIM_SUCCESS : SHIM_FAILURE;
}

int main(int argc, char **argv)
{
    static struct shim sh;
    int answer;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-is-handshaker-supported") == 0) {
            puts("No");
            return SHIM_SUCCESS;
        }
    }
    answer = run(argv, &sh);
    tch_config_free(sh.identity_cfg);
    tch_config_free(sh.cfg);
    return answer;
}
