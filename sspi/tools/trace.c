/*
 * trace.c - SSPI calls made visible
 *
 * The buffers are copied before the call, with their first bytes, because
 * EncryptMessage and DecryptMessage work in place.  The board's lock is held
 * while a block is printed; blocks of two threads do not mix.
 */
#include "sspi/tools/trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *type_name(ULONG type)
{
    static const struct {
        ULONG type;
        const char *name;
    } names[] = {
        { SECBUFFER_EMPTY, "SECBUFFER_EMPTY" },
        { SECBUFFER_DATA, "SECBUFFER_DATA" },
        { SECBUFFER_TOKEN, "SECBUFFER_TOKEN" },
        { SECBUFFER_MISSING, "SECBUFFER_MISSING" },
        { SECBUFFER_EXTRA, "SECBUFFER_EXTRA" },
        { SECBUFFER_STREAM_TRAILER, "SECBUFFER_STREAM_TRAILER" },
        { SECBUFFER_STREAM_HEADER, "SECBUFFER_STREAM_HEADER" },
        { SECBUFFER_ALERT, "SECBUFFER_ALERT" },
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].type == (type & ~(ULONG)SECBUFFER_ATTRMASK)) {
            return names[i].name;
        }
    }
    return "SECBUFFER_?";
}

/* MISSING and EXTRA of a handshake only count; there is nothing to look at. */
static bool has_bytes(const SecBuffer *b)
{
    return b->cbBuffer > 0 && b->pvBuffer != NULL &&
           b->BufferType != SECBUFFER_MISSING &&
           b->BufferType != SECBUFFER_EMPTY;
}

static bool is_room(const SecBuffer *b)
{
    return b->BufferType == SECBUFFER_STREAM_HEADER ||
           b->BufferType == SECBUFFER_STREAM_TRAILER;
}

static void keep_slot(struct trace_slot *slot, const SecBuffer *b)
{
    slot->buffer = *b;
    slot->num_bytes = 0;
    if (has_bytes(b)) {
        slot->num_bytes = b->cbBuffer < TRACE_BYTES ? b->cbBuffer
                                                    : TRACE_BYTES;
        memcpy(slot->bytes, b->pvBuffer, slot->num_bytes);
    }
}

static size_t num_slots(const struct trace_list *list)
{
    if (list->now == NULL) {
        return 0;
    }
    return list->now->cBuffers < TRACE_SLOTS ? list->now->cBuffers
                                             : TRACE_SLOTS;
}

static void print_slot(const char *list, size_t i, const struct trace_slot *s)
{
    printf("         %s[%zu]%s %-24s %6u", list, i,
           strcmp(list, "in") == 0 ? " " : "", type_name(s->buffer.BufferType),
           (unsigned)s->buffer.cbBuffer);
    if (s->num_bytes > 0) {
        printf(" ");
    }
    for (size_t k = 0; k < s->num_bytes; k++) {
        printf(" %02x", s->bytes[k]);
    }
    if (s->num_bytes < s->buffer.cbBuffer && s->num_bytes > 0) {
        printf(" ...");
    }
    printf("\n");
}

static void print_before(const struct trace_list *list)
{
    if (list->now == NULL && list->name[0] != '\0') {
        printf("         %s    no buffers\n", list->name);
    }
    for (size_t i = 0; i < num_slots(list); i++) {
        print_slot(list->name, i, &list->before[i]);
    }
}

static void print_after(const struct trace_list *list,
                        struct trace_board *board)
{
    for (size_t i = 0; i < num_slots(list); i++) {
        const SecBuffer *b = &list->now->pBuffers[i];
        struct trace_slot after;
        keep_slot(&after, b);
        if (memcmp(&after.buffer, &list->before[i].buffer,
                   sizeof after.buffer) == 0 &&
            after.num_bytes == list->before[i].num_bytes &&
            memcmp(after.bytes, list->before[i].bytes, after.num_bytes) == 0) {
            continue;
        }
        print_slot(list->name, i, &after);
        if (b->BufferType < 32) {
            board->types |= (uint32_t)1 << b->BufferType;
        }
    }
}

static void note_status(struct trace_board *board, SECURITY_STATUS status)
{
    for (size_t i = 0; i < board->num_statuses; i++) {
        if (board->statuses[i] == status) {
            return;
        }
    }
    if (board->num_statuses < TRACE_STATUSES) {
        board->statuses[board->num_statuses++] = status;
    }
}

static void print_status(const struct trace *trace, SECURITY_STATUS status)
{
    char room[STATUS_NAME_MAX];

    note_status(trace->board, status);
    printf("       = %s\n", status_name(status, room));
}

void trace_begin(struct trace_call *call, const struct trace *trace,
                 const char *name, const SecBufferDesc *in,
                 const SecBufferDesc *out)
{
    call->trace = trace;
    call->name = name;
    if (trace == NULL) {
        return;
    }
    call->lists[0].now = in;
    call->lists[0].name = out == NULL ? "" : "in";
    call->lists[1].now = out;
    call->lists[1].name = out == NULL ? "" : "out";
    for (size_t l = 0; l < 2; l++) {
        struct trace_list *list = &call->lists[l];
        for (size_t i = 0; i < num_slots(list); i++) {
            keep_slot(&list->before[i], &list->now->pBuffers[i]);
            /* Room that is still to be filled says nothing. */
            if (is_room(&list->now->pBuffers[i])) {
                list->before[i].num_bytes = 0;
            }
        }
    }
}

SECURITY_STATUS trace_end(struct trace_call *call, SECURITY_STATUS status)
{
    const struct trace *trace = call->trace;

    if (trace == NULL) {
        return status;
    }
    pthread_mutex_lock(&trace->board->lock);
    printf("%s > %s\n", trace->who, call->name);
    print_before(&call->lists[0]);
    print_before(&call->lists[1]);
    print_status(trace, status);
    print_after(&call->lists[0], trace->board);
    print_after(&call->lists[1], trace->board);
    fflush(stdout);
    pthread_mutex_unlock(&trace->board->lock);
    return status;
}

SECURITY_STATUS trace_status(const struct trace *trace, const char *name,
                             SECURITY_STATUS status)
{
    if (trace == NULL) {
        return status;
    }
    pthread_mutex_lock(&trace->board->lock);
    printf("%s > %s\n", trace->who, name);
    print_status(trace, status);
    fflush(stdout);
    pthread_mutex_unlock(&trace->board->lock);
    return status;
}

void trace_note(const struct trace *trace, const char *format, ...)
{
    va_list args;

    if (trace == NULL) {
        return;
    }
    pthread_mutex_lock(&trace->board->lock);
    printf("%s . ", trace->who);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
    fflush(stdout);
    pthread_mutex_unlock(&trace->board->lock);
}

bool trace_saw_status(struct trace_board *board, SECURITY_STATUS status)
{
    bool saw = false;

    pthread_mutex_lock(&board->lock);
    for (size_t i = 0; i < board->num_statuses; i++) {
        saw = saw || board->statuses[i] == status;
    }
    pthread_mutex_unlock(&board->lock);
    return saw;
}

bool trace_saw_type(struct trace_board *board, ULONG type)
{
    pthread_mutex_lock(&board->lock);
    bool saw = (board->types >> type & 1) != 0;
    pthread_mutex_unlock(&board->lock);
    return saw;
}
