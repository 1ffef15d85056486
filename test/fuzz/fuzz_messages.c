/*
 * Fuzzing the handshake messages: the first byte picks the message, the
 * second the version, the third the cipher suite, the rest is the body. What
 * parses is written, parsed again and compared; every byte must have been
 * shown to the observer exactly once; what fails must name a field.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "handshake/messages.h"

#define BODY_MAX 140000u
#define NUM(a) (sizeof(a) / sizeof((a)[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

union message {
    struct tch_client_hello client_hello;
    struct tch_server_hello server_hello;
    struct tch_certificate certificate;
    struct tch_certificate_status certificate_status;
    struct tch_server_key_exchange server_key_exchange;
    struct tch_certificate_request certificate_request;
    struct tch_client_key_exchange client_key_exchange;
    struct tch_certificate_verify certificate_verify;
    struct tch_finished finished;
    struct tch_new_session_ticket new_session_ticket;
};

static uint8_t shown[BODY_MAX];
static uint8_t written[BODY_MAX];
static uint8_t written_again[BODY_MAX];

static void check(int truth)
{
    if (!truth) {
        abort();
    }
}

/* For each message: parse, and write what was parsed. */
#define PARSE(name)                                                         \
    static enum tch_status parse_##name(struct tch_slice body,              \
                                        const struct tch_parse_ctx *ctx,    \
                                        union message *m)                   \
    {                                                                       \
        return tch_parse_##name(body, ctx, &m->name);                       \
    }
#define WRITE(name)                                                         \
    static void write_##name(struct tch_writer *w,                          \
                             const struct tch_parse_ctx *ctx,               \
                             const union message *m)                        \
    {                                                                       \
        (void)ctx;                                                          \
        tch_write_##name(w, &m->name);                                      \
    }
#define WRITE_CTX(name)                                                     \
    static void write_##name(struct tch_writer *w,                          \
                             const struct tch_parse_ctx *ctx,               \
                             const union message *m)                        \
    {                                                                       \
        tch_write_##name(w, ctx, &m->name);                                 \
    }

PARSE(client_hello)
PARSE(server_hello)
PARSE(certificate)
PARSE(certificate_status)
PARSE(server_key_exchange)
PARSE(certificate_request)
PARSE(client_key_exchange)
PARSE(certificate_verify)
PARSE(finished)
PARSE(new_session_ticket)
WRITE(client_hello)
WRITE(certificate_status)
WRITE_CTX(server_key_exchange)
WRITE_CTX(certificate_request)
WRITE_CTX(client_key_exchange)
WRITE_CTX(certificate_verify)
WRITE(finished)
WRITE(new_session_ticket)

/* A ServerHello may name types that no ServerHello must carry; they are
 * flagged for the state machine to refuse, and not written. */
static void write_server_hello(struct tch_writer *w,
                               const struct tch_parse_ctx *ctx,
                               const union message *m)
{
    struct tch_server_hello hello = m->server_hello;
    const struct tch_extension_row *row;

    (void)ctx;
    for (size_t i = 0; (row = tch_extension_at(i)) != NULL; i++) {
        if (!row->in_server_hello) {
            hello.ext.present &= ~row->bit;
        }
    }
    tch_write_server_hello(w, &hello);
}

static void write_certificate(struct tch_writer *w,
                              const struct tch_parse_ctx *ctx,
                              const union message *m)
{
    static struct tch_slice chain[BODY_MAX / 4];
    struct tch_slice list = m->certificate.list;
    size_t num = 0;

    (void)ctx;
    while (tch_certificate_next(&list, &chain[num])) {
        num++;
    }
    check(list.len == 0 && num == m->certificate.num);
    tch_write_certificate(w, chain, num);
}

static enum tch_status parse_hello_request(struct tch_slice body,
                                           const struct tch_parse_ctx *ctx,
                                           union message *m)
{
    static const struct tch_field f_hello_request = { "hello_request",
                                                      "5246 7.4.1.1" };

    (void)m;
    return tch_parse_empty(body, ctx, &f_hello_request);
}

static void write_hello_request(struct tch_writer *w,
                                const struct tch_parse_ctx *ctx,
                                const union message *m)
{
    (void)w;
    (void)ctx;
    (void)m;
}

/* `exact`: one encoding for one meaning, so bytes must come back as they
 * were. Hellos have extensions in any order and unknown ones. */
static const struct message_kind {
    enum tch_status (*parse)(struct tch_slice body,
                             const struct tch_parse_ctx *ctx,
                             union message *m);
    void (*write)(struct tch_writer *w, const struct tch_parse_ctx *ctx,
                  const union message *m);
    bool exact;
} kinds[] = {
#define KIND(name, exact) { parse_##name, write_##name, exact }
    KIND(client_hello, false),       KIND(server_hello, false),
    KIND(certificate, true),         KIND(certificate_status, true),
    KIND(server_key_exchange, true), KIND(certificate_request, true),
    KIND(client_key_exchange, true), KIND(certificate_verify, true),
    KIND(finished, true),            KIND(new_session_ticket, true),
    KIND(hello_request, true),
#undef KIND
};

/* One suite for each key exchange and kind of authentication. */
static const uint16_t suites[] = { 0x002F, 0x0003, 0x0064, 0x0031, 0x009E,
                                   0x0014, 0x0063, 0x0034, 0xC00E, 0xC02F,
                                   0xC02B, 0xC018, 0x00A8, 0x00AC, 0x00AA,
                                   0xC037, 0x0032 };

static void count_field(void *arg, const struct tch_event *ev)
{
    (void)arg;
    check(ev->offset + ev->bytes.len <= BODY_MAX);
    for (size_t i = 0; i < ev->bytes.len; i++) {
        check(shown[ev->offset + i] == 0);
        shown[ev->offset + i] = 1;
    }
}

static void check_all_shown(size_t n)
{
    for (size_t i = 0; i < n; i++) {
        check(shown[i] == 1);
    }
}

/* Writing what was written and parsed again gives the same bytes. */
static void check_round_trip(const struct message_kind *kind,
                             const struct tch_parse_ctx *ctx,
                             struct tch_slice body, const union message *m)
{
    union message again;
    struct tch_writer first;
    struct tch_writer second;

    tch_wr_init(&first, written, sizeof written);
    kind->write(&first, ctx, m);
    check(!first.failed);
    if (kind->exact) {
        check(first.len == body.len &&
              (body.len == 0 || memcmp(written, body.p, body.len) == 0));
    }
    check(kind->parse(tch_wr_done(&first), ctx, &again) == TCH_OK);
    tch_wr_init(&second, written_again, sizeof written_again);
    kind->write(&second, ctx, &again);
    check(!second.failed && second.len == first.len &&
          (first.len == 0 ||
           memcmp(written, written_again, first.len) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tch_observer observer = { count_field, NULL, NULL, false };
    struct tch_failure failure;
    struct tch_watch watch = { &observer, &failure };
    const struct message_kind *kind;
    struct tch_parse_ctx ctx;
    struct tch_slice body;
    union message m;
    enum tch_status status;

    if (size < 3 || size - 3 > BODY_MAX) {
        return 0;
    }
    kind = &kinds[data[0] % NUM(kinds)];
    ctx.version = tch_version_at(data[1] % 4u);
    ctx.suite = tch_suite_facts(suites[data[2] % NUM(suites)]);
    ctx.watch = &watch;
    body = tch_slice_of(data + 3, size - 3);
    memset(&failure, 0, sizeof failure);
    memset(shown, 0, body.len);
    status = kind->parse(body, &ctx, &m);
    if (status != TCH_OK) {
        check(tch_failed(status) && failure.path[0] != '\0' &&
              failure.rfc != NULL && failure.offset <= body.len);
        return 0;
    }
    check_all_shown(body.len);
    ctx.watch = NULL;
    check_round_trip(kind, &ctx, body, &m);
    return 0;
}
