/*
 * queue.c - bytes waiting
 *
 * One block that moves its rest to the front when something is taken.  The
 * queues are short (a few records), so moving is cheaper than being clever.
 */
#include "sspi/tools/queue.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

unsigned char *queue_room(struct queue *q, size_t n)
{
    if (n > SIZE_MAX / 4 || q->len > SIZE_MAX / 4) {
        return NULL;
    }
    size_t want = q->len + n;
    if (q->p == NULL || want > q->cap) {
        size_t cap = want < 4096 ? 4096 : want + want / 2;
        unsigned char *p = realloc(q->p, cap);
        if (p == NULL) {
            return NULL;
        }
        q->p = p;
        q->cap = cap;
    }
    return q->p + q->len;
}

void queue_grow(struct queue *q, size_t n)
{
    q->len += n;
}

bool queue_append(struct queue *q, const void *p, size_t n)
{
    if (n == 0) {
        return true;
    }
    unsigned char *to = queue_room(q, n);
    if (to == NULL) {
        return false;
    }
    memcpy(to, p, n);
    q->len += n;
    return true;
}

void queue_drop(struct queue *q, size_t n)
{
    if (n >= q->len) {
        q->len = 0;
        return;
    }
    memmove(q->p, q->p + n, q->len - n);
    q->len -= n;
}

void queue_free(struct queue *q)
{
    if (q->p != NULL) {
        explicit_bzero(q->p, q->cap);
    }
    free(q->p);
    *q = (struct queue){ NULL, 0, 0 };
}
