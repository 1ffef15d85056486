/*
 * queue.h - bytes waiting: appended at the end, taken from the front
 *
 * A channel has three: what came from the network, what goes to it, and what
 * was decrypted.
 */
#ifndef TCH_SSPI_TOOLS_QUEUE_H
#define TCH_SSPI_TOOLS_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue {
    unsigned char *p; /* the waiting bytes                */
    size_t len;
    size_t cap;
};

/* queue_room makes room for `n` bytes more and gives where they start, or NULL
 * without memory.  They count only after queue_grow. */
unsigned char *queue_room(struct queue *q, size_t n);

/* queue_grow counts `n` bytes that were written to queue_room's. */
void queue_grow(struct queue *q, size_t n);

/* queue_append copies `n` bytes to the end; false without memory. */
bool queue_append(struct queue *q, const void *p, size_t n);

/* queue_drop takes `n` bytes, at most all, from the front. */
void queue_drop(struct queue *q, size_t n);

/* queue_free wipes the bytes, frees them and leaves an empty queue. */
void queue_free(struct queue *q);

#endif /* TCH_SSPI_TOOLS_QUEUE_H */
