/*
 * See shim_link.h. Errors of the transport are met by reading alone: a peer
 * that has closed may still have sent the alert that says why, so a send that
 * fails is not the end yet.
 */

#include "test/conformance/shim_link.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE 7u

void link_send(struct link *l, struct tch_slice bytes)
{
    while (bytes.len != 0) {
        size_t n = l->pieces && bytes.len > PIECE ? PIECE : bytes.len;
        ssize_t sent = send(l->fd, bytes.p, n, MSG_NOSIGNAL);

        if (sent <= 0) {
            return;
        }
        bytes = tch_slice_behind(bytes, (size_t)sent);
    }
}

void link_flush(struct link *l)
{
    struct tch_slice out = tch_pending(l->conn);

    while (out.len != 0) {
        size_t n = l->pieces && out.len > PIECE ? PIECE : out.len;

        link_send(l, tch_slice_of(out.p, n));
        tch_sent(l->conn, n);
        out = tch_pending(l->conn);
    }
}

static void drop(struct link *l, size_t n)
{
    memmove(l->in, l->in + n, l->have - n);
    l->have -= n;
}

static bool wait_for_input(const struct link *l, int patience)
{
    struct pollfd p = { l->fd, POLLIN, 0 };

    return poll(&p, 1, patience) == 1;
}

static bool read_more(struct link *l)
{
    size_t room = l->pieces ? 1 : LINK_ROOM - l->have;
    ssize_t n;

    if (l->have == LINK_ROOM || !wait_for_input(l, l->patience)) {
        return false;
    }
    n = recv(l->fd, l->in + l->have, room, 0);
    if (n <= 0) {
        return false;
    }
    l->have += (size_t)n;
    return true;
}

/* A record of application data at the front of the input. */
static enum tch_status take_data(struct link *l)
{
    struct tch_slice data;
    size_t used;
    enum tch_status s = tch_open_record(l->conn, l->in, l->have, &used, &data,
                                        NULL);

    if (s == TCH_OK && data.len != 0 && l->data != NULL) {
        s = l->data(l->arg, data);
    }
    drop(l, used);
    return s == TCH_OK ? TCH_CONTINUE : s;
}

/* What the step asks for; TCH_CONTINUE: step again. */
static enum tch_status serve(struct link *l, enum tch_status s)
{
    switch ((int)s) {
    case TCH_WANT_INPUT:
        return read_more(l) ? TCH_CONTINUE : TCH_CLOSED_EARLY;
    case TCH_DATA_WAITS:
        return take_data(l);
    case TCH_WANT_VERDICT:
        s = l->verdict == NULL ? s : l->verdict(l->arg);
        return s == TCH_OK ? TCH_CONTINUE : s;
    case TCH_WANT_CREDENTIAL:
        s = l->credential == NULL ? s : l->credential(l->arg);
        return s == TCH_OK ? TCH_CONTINUE : s;
    case TCH_RENEGOTIATE:
        return TCH_CONTINUE;
    default:
        return s;
    }
}

/* What link_read lent out is not needed any more. */
static void take_back(struct link *l)
{
    drop(l, l->opened);
    l->opened = 0;
}

enum tch_status link_handshake(struct link *l)
{
    enum tch_status s;

    take_back(l);
    do {
        size_t used = 0;

        s = tch_step(l->conn, tch_slice_of(l->in, l->have), &used, NULL);
        drop(l, used);
        link_flush(l);
        s = serve(l, s);
    } while (s == TCH_CONTINUE);
    link_flush(l);
    return s;
}

enum tch_status link_read(struct link *l, struct tch_slice *data)
{
    take_back(l);
    for (;;) {
        size_t used = 0;
        enum tch_status s = tch_open_record(l->conn, l->in, l->have, &used,
                                            data, NULL);

        link_flush(l);
        if (s == TCH_WANT_INPUT) {
            if (!read_more(l)) {
                return TCH_CLOSED_EARLY;
            }
        } else if (s == TCH_OK && data->len != 0) {
            l->opened = used;
            return s;
        } else {
            drop(l, used);
            if (s != TCH_OK) {
                return s;
            }
        }
    }
}

enum tch_status link_write(struct link *l, const uint8_t *data, size_t len)
{
    uint8_t room[20000];
    struct tch_sizes sizes;
    struct tch_slice record;
    enum tch_status s = tch_conn_sizes(l->conn, &sizes);

    link_flush(l);
    while (s == TCH_OK && len != 0) {
        size_t n = len < sizes.message ? len : sizes.message;

        if (sizes.header + n + sizes.trailer > sizeof room) {
            return TCH_BUFFER_TOO_SMALL;
        }
        memcpy(room + sizes.header, data, n);
        s = tch_seal_record(l->conn, room, n, &record);
        if (s == TCH_OK) {
            link_send(l, record);
            data += n;
            len -= n;
        }
    }
    return s;
}

void link_drain(struct link *l)
{
    uint8_t rest[4096];

    shutdown(l->fd, SHUT_WR);
    while (wait_for_input(l, 5000) && recv(l->fd, rest, sizeof rest, 0) > 0) {
    }
    close(l->fd);
    l->fd = -1;
}

/* Takes a vector with a length of `n` bytes off the front of `in`. */
static bool vector(struct tch_slice *in, size_t n, struct tch_slice *out)
{
    size_t len = 0;

    if (in->len < n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        len = len << 8 | in->p[i];
    }
    *in = tch_slice_behind(*in, n);
    if (in->len < len) {
        return false;
    }
    *out = tch_slice_of(in->p, len);
    *in = tch_slice_behind(*in, len);
    return true;
}

bool link_extension(struct tch_slice client_hello, unsigned type,
                    struct tch_slice *out)
{
    const size_t fixed = 4 + 2 + 32; /* header, client_version, random */
    struct tch_slice left = client_hello;
    struct tch_slice list;

    if (left.len < fixed) {
        return false;
    }
    left = tch_slice_behind(left, fixed);
    if (!vector(&left, 1, out) || !vector(&left, 2, out) ||
        !vector(&left, 1, out) || !vector(&left, 2, &list)) {
        return false;
    }
    while (list.len > 2) {
        unsigned at = (unsigned)list.p[0] << 8 | list.p[1];

        list = tch_slice_behind(list, 2);
        if (!vector(&list, 2, out)) {
            return false;
        }
        if (at == type) {
            return true;
        }
    }
    return false;
}
