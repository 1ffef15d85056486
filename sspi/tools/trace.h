/*
 * trace.h - SSPI calls made visible: buffers, status, buffers
 *
 * A caller wraps a call of SSPI in trace_begin and trace_end; with a NULL
 * trace both do nothing.  One block is printed per call, in one piece, so that
 * two sides in two threads stay readable:
 *
 *   client > DecryptMessage
 *            [0] SECBUFFER_DATA             125  17 03 03 00 5e 00 00 00
 *            ...
 *          = SEC_E_OK
 *            [0] SECBUFFER_STREAM_HEADER     13  17 03 03 00 5e 00 00 00
 *
 * Behind the status stand only the buffers that the call has changed.
 */
#ifndef TCH_SSPI_TOOLS_TRACE_H
#define TCH_SSPI_TOOLS_TRACE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "sspi/tools/text.h"

#define TRACE_SLOTS    8
#define TRACE_BYTES    12
#define TRACE_STATUSES 16

/* What both sides have shown so far. */
struct trace_board {
    pthread_mutex_t lock;
    SECURITY_STATUS statuses[TRACE_STATUSES]; /* different ones */
    size_t num_statuses;
    uint32_t types; /* bit n: a call answered with SECBUFFER type n */
};

struct trace {
    const char *who; /* "client", "server" */
    struct trace_board *board;
};

/* One buffer as it was: its first bytes are kept too. */
struct trace_slot {
    SecBuffer buffer;
    unsigned char bytes[TRACE_BYTES];
    size_t num_bytes;
};

struct trace_list {
    const char *name; /* "in", "out" or "" */
    const SecBufferDesc *now;
    struct trace_slot before[TRACE_SLOTS];
};

struct trace_call {
    const struct trace *trace;
    const char *name;
    struct trace_list lists[2];
};

/* trace_begin remembers the buffers before a call.  `in` and `out` may be
 * NULL; a call with one descriptor gives it as `in`. */
void trace_begin(struct trace_call *call, const struct trace *trace,
                 const char *name, const SecBufferDesc *in,
                 const SecBufferDesc *out);

/* trace_end prints the block and returns `status`. */
SECURITY_STATUS trace_end(struct trace_call *call, SECURITY_STATUS status);

/* trace_status prints a call without buffers and returns `status`. */
SECURITY_STATUS trace_status(const struct trace *trace, const char *name,
                             SECURITY_STATUS status);

/* trace_note prints a remark of one line. */
void trace_note(const struct trace *trace, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* trace_saw_status and trace_saw_type say whether a call has answered so. */
bool trace_saw_status(struct trace_board *board, SECURITY_STATUS status);
bool trace_saw_type(struct trace_board *board, ULONG type);

#endif /* TCH_SSPI_TOOLS_TRACE_H */
