/*
 * io.c - TCP sockets for the command
 */
#include "sspi/tools/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sspi/tools/text.h"

#define CHUNK 32768

/* What io_finish takes in before it stops listening to a peer that never
 * stops talking. */
#define DRAIN_MAX (64 * 1024 * 1024)

long long io_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int io_patience(long long deadline)
{
    long long left = deadline - io_now();

    if (left < 0) {
        return 0;
    }
    return left > INT_MAX ? INT_MAX : (int)left;
}

bool io_split(const char *peer, char host[HOST_MAX], char port[PORT_MAX])
{
    const char *colon = strrchr(peer, ':');
    if (colon == NULL || colon == peer || colon[1] == '\0') {
        return false;
    }
    size_t len = (size_t)(colon - peer);
    if (peer[0] == '[' && peer[len - 1] == ']') {
        peer++;
        len -= 2;
    } else if (memchr(peer, ':', len) != NULL) {
        return false; /* an IPv6 address without brackets */
    }
    if (len == 0 || len >= HOST_MAX || strlen(colon + 1) >= PORT_MAX) {
        return false;
    }
    memcpy(host, peer, len);
    host[len] = '\0';
    memcpy(port, colon + 1, strlen(colon + 1) + 1);
    return true;
}

static bool prepare(int fd)
{
    int one = 1;
    int flags = fcntl(fd, F_GETFL);

    /* A handshake is short messages back and forth: Nagle would delay it. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

/* errno after the wait for a connection; 0 when it stands. */
static int wait_connected(int fd, long long deadline)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    int error = 0;
    socklen_t len = sizeof error;
    int n = 0;

    do {
        n = poll(&p, 1, io_patience(deadline));
    } while (n < 0 && errno == EINTR);
    if (n == 0) {
        return ETIMEDOUT;
    }
    if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
        return errno;
    }
    return error;
}

static int connect_one(const struct addrinfo *a, long long deadline)
{
    int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    int error = 0;

    if (fd < 0) {
        return -1;
    }
    if (!prepare(fd)) {
        error = errno;
    } else if (connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
        error = errno == EINPROGRESS ? wait_connected(fd, deadline) : errno;
    }
    if (error != 0) {
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

int io_connect(const char *host, const char *port, int seconds)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *list = NULL;
    long long deadline = io_now() + (long long)seconds * 1000;
    int fd = -1;
    int rc = getaddrinfo(host, port, &hints, &list);

    if (rc != 0) {
        say("cannot find %s, port %s: %s", host, port, gai_strerror(rc));
        return -1;
    }
    for (const struct addrinfo *a = list; a != NULL && fd < 0;
         a = a->ai_next) {
        fd = connect_one(a, deadline);
    }
    if (fd < 0) {
        say("cannot connect to %s, port %s: %s", host, port, strerror(errno));
    }
    freeaddrinfo(list);
    return fd;
}

static int listen_one(const struct addrinfo *a)
{
    int one = 1;
    int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);

    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
        bind(fd, a->ai_addr, a->ai_addrlen) != 0 || listen(fd, 128) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

int io_listen(const char *host, long port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                              .ai_flags = AI_PASSIVE };
    struct addrinfo *list = NULL;
    char number[PORT_MAX];
    int fd = -1;

    snprintf(number, sizeof number, "%ld", port);
    int rc = getaddrinfo(host, number, &hints, &list);
    if (rc != 0) {
        say("cannot find the address %s: %s", host, gai_strerror(rc));
        return -1;
    }
    for (const struct addrinfo *a = list; a != NULL && fd < 0;
         a = a->ai_next) {
        fd = listen_one(a);
    }
    if (fd < 0) {
        say("cannot listen on %s, port %ld: %s", host, port, strerror(errno));
    }
    freeaddrinfo(list);
    return fd;
}

static void write_where(const struct sockaddr_storage *address, socklen_t len,
                        char where[WHERE_MAX])
{
    char host[64] = "?";
    char port[16] = "?";
    bool v6 = address->ss_family == AF_INET6;

    getnameinfo((const struct sockaddr *)address, len, host, sizeof host, port,
                sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(where, WHERE_MAX, "%s%s%s:%s", v6 ? "[" : "", host, v6 ? "]" : "",
             port);
}

int io_accept(int listener, char where[WHERE_MAX])
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    int fd = -1;

    memset(&address, 0, sizeof address);
    do {
        fd = accept(listener, (struct sockaddr *)&address, &len);
    } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (fd < 0) {
        return -1;
    }
    write_where(&address, len, where);
    if (!prepare(fd)) {
        close(fd);
        return -1;
    }
    return fd;
}

void io_where(int fd, char where[WHERE_MAX])
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;

    memset(&address, 0, sizeof address);
    if (getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        len = sizeof address;
    }
    write_where(&address, len, where);
}

enum io io_receive(int fd, struct queue *q)
{
    unsigned char *to = queue_room(q, CHUNK);
    ssize_t n = 0;

    if (to == NULL) {
        errno = ENOMEM;
        return IO_BROKEN;
    }
    do {
        n = recv(fd, to, CHUNK, 0);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        return errno == EAGAIN ? IO_AGAIN : IO_BROKEN;
    }
    if (n == 0) {
        return IO_END;
    }
    queue_grow(q, (size_t)n);
    return IO_GOOD;
}

enum io io_send(int fd, struct queue *q)
{
    while (q->len > 0) {
        ssize_t n = send(fd, q->p, q->len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return errno == EAGAIN ? IO_AGAIN : IO_BROKEN;
        }
        queue_drop(q, (size_t)n);
    }
    return IO_GOOD;
}

/* Throws away what has come; false when there is no more to wait for. */
static bool discard(int fd, size_t *total)
{
    char rest[4096];
    ssize_t n = 0;

    do {
        n = recv(fd, rest, sizeof rest, 0);
        if (n > 0) {
            *total += (size_t)n;
        }
    } while (*total < DRAIN_MAX && (n > 0 || (n < 0 && errno == EINTR)));
    return n < 0 && errno == EAGAIN;
}

void io_finish(int fd, struct queue *q, int seconds)
{
    long long deadline = io_now() + (long long)seconds * 1000;
    size_t total = 0;
    bool told = false;

    /* Reading goes on while we send: the peer may be stuck in sending. */
    do {
        enum io sent = io_send(fd, q);
        if (sent != IO_AGAIN && !told) {
            shutdown(fd, SHUT_WR);
            told = true;
        }
        if (!discard(fd, &total)) {
            break;
        }
        struct pollfd p = { .fd = fd, .events = POLLIN };
        p.events = (short)(told ? POLLIN : POLLIN | POLLOUT);
        poll(&p, 1, io_patience(deadline));
    } while (io_patience(deadline) > 0);
    close(fd);
}
