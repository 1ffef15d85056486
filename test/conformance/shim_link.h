#ifndef TCH_TEST_CONFORMANCE_SHIM_LINK_H
#define TCH_TEST_CONFORMANCE_SHIM_LINK_H

/*
 * A connection over a blocking socket, written on tch.h alone: what the shim
 * and the peer that tests it have in common.
 */

#include "engine/tch.h"

/* Two whole records fit, whatever is taken off the front. */
#define LINK_ROOM 40000

/*
 * struct link is one connection. The owner fills in everything above `in`;
 * the hooks may be NULL. `pieces`: input one byte at a time, output a few
 * bytes at a time. `patience` is how long one read may take, in milliseconds.
 */
struct link {
    int fd;
    struct tch_conn *conn;
    bool pieces;
    int patience;
    void *arg;
    enum tch_status (*verdict)(void *arg);    /* on TCH_WANT_VERDICT */
    enum tch_status (*credential)(void *arg); /* on TCH_WANT_CREDENTIAL */
    /* Application data that came inside a renegotiation. */
    enum tch_status (*data)(void *arg, struct tch_slice bytes);
    uint8_t in[LINK_ROOM];
    size_t have;
    size_t opened; /* bytes of `in` that link_read lent out */
};

/* link_handshake steps until the handshake is complete (TCH_OK) or something
 * ended it; TCH_CLOSED_EARLY is the transport's end. */
enum tch_status link_handshake(struct link *l);

/*
 * link_read gives the application data of the next record, never empty; it
 * lives until the next call. Other statuses are those of tch_open;
 * TCH_CLOSED_EARLY is an end of the transport without close_notify.
 */
enum tch_status link_read(struct link *l, struct tch_slice *data);

/* link_write seals and sends `len` bytes in as many records as that takes. */
enum tch_status link_write(struct link *l, const uint8_t *data, size_t len);

/* link_flush sends what the connection has pending. */
void link_flush(struct link *l);

/* link_send sends bytes as they are. */
void link_send(struct link *l, struct tch_slice bytes);

/* link_drain closes our direction and reads until the peer closes its own: a
 * reset would take away what the peer has not read yet. Closes the socket. */
void link_drain(struct link *l);

/* link_extension finds an extension in a ClientHello (header included);
 * false when it is not there, or not reached. */
bool link_extension(struct tch_slice client_hello, unsigned type,
                    struct tch_slice *out);

#endif
