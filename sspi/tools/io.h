/*
 * io.h - TCP sockets: names, listening, moving bytes, closing without loss
 *
 * All sockets made here are non-blocking; every wait is bounded.
 */
#ifndef TCH_SSPI_TOOLS_IO_H
#define TCH_SSPI_TOOLS_IO_H

#include <stdbool.h>
#include <stddef.h>

#include "sspi/tools/queue.h"

#define HOST_MAX 256
#define PORT_MAX 32
#define WHERE_MAX (HOST_MAX + PORT_MAX)

enum io {
    IO_GOOD,
    IO_AGAIN,  /* nothing can be moved just now           */
    IO_END,    /* the peer has sent its last byte         */
    IO_BROKEN, /* errno says why                          */
};

/* io_split reads HOST:PORT, [V6]:PORT too; false if it is neither. */
bool io_split(const char *peer, char host[HOST_MAX], char port[PORT_MAX]);

/* io_connect and io_listen give a socket, or -1 after a sentence on stderr. */
int io_connect(const char *host, const char *port, int seconds);
int io_listen(const char *host, long port);

/* io_accept gives the next connection's socket and the peer's address, or -1;
 * waits as long as it takes. */
int io_accept(int listener, char where[WHERE_MAX]);

/* io_where writes the socket's own address as HOST:PORT. */
void io_where(int fd, char where[WHERE_MAX]);

/* io_receive appends at most 32 KiB that have come. */
enum io io_receive(int fd, struct queue *q);

/* io_send sends what the kernel takes off `q`. */
enum io io_send(int fd, struct queue *q);

/* io_finish sends the rest of `q`, says that no more will come, takes in what
 * the peer still sends, and closes.  The reading keeps the kernel from
 * answering unread data with a reset, which would destroy our last bytes on
 * their way.  Takes at most `seconds`. */
void io_finish(int fd, struct queue *q, int seconds);

/* io_now gives milliseconds of a clock that only goes forward. */
long long io_now(void);

/* io_patience gives what is left until `deadline` for poll(2): at least 0. */
int io_patience(long long deadline);

#endif /* TCH_SSPI_TOOLS_IO_H */
