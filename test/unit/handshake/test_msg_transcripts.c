/*
 * Real handshakes: every handshake message of the recorded connections that
 * is readable (in clear, or with its plaintext beside it) parses, is shown
 * byte for byte once, and is written back as it was; of hellos, whose
 * extensions we write in our own order, the contents are compared.
 *
 * Data: ../shared/data/tls-transcripts (Go's crypto/tls) and
 * ../shared/data/tls-transcripts-mbedtls; skipped where they are absent. The
 * few JSON members that matter are found by their names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_msg.h"

#define GO_DIR "../shared/data/tls-transcripts"
#define MBEDTLS_DIR "../shared/data/tls-transcripts-mbedtls"
#define STREAM_MAX 200000u

enum { CLIENT, SERVER };

/* One direction: wire bytes not yet read, handshake bytes not yet parsed. */
struct direction {
    uint8_t wire[STREAM_MAX];
    size_t wire_len;
    size_t wire_at;
    uint8_t messages[STREAM_MAX];
    size_t messages_len;
    bool ciphered;
};

static struct direction directions[2];
static unsigned version;
static unsigned suite;
static size_t num_messages;
static size_t num_of_type[256];
static struct msg_counter counter;
static uint8_t written[MSG_MAX];

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = calloc(1, 1u << 20);
    size_t n;

    assert_non_null(text);
    assert_non_null(f);
    n = fread(text, 1, (1u << 20) - 1, f);
    assert_true(n > 0 && n < (1u << 20) - 1);
    fclose(f);
    return text;
}

/* The value of the next `"name": ` at or behind `from` and before `end`. */
static const char *member(const char *from, const char *end, const char *name)
{
    char quoted[40];
    const char *at;

    snprintf(quoted, sizeof quoted, "\"%s\":", name);
    at = strstr(from, quoted);
    if (at == NULL || (end != NULL && at >= end)) {
        return NULL;
    }
    at += strlen(quoted);
    while (*at == ' ' || *at == '"') {
        at++;
    }
    return at;
}

static size_t hex_until_quote(const char *at, uint8_t *out, size_t cap)
{
    static char digits[2 * STREAM_MAX + 1];
    size_t n = strcspn(at, "\"");

    assert_true(n < sizeof digits);
    memcpy(digits, at, n);
    digits[n] = '\0';
    return msg_hex(digits, out, cap);
}

static int side_of(const char *from)
{
    return strncmp(from, "client", 6) == 0 ? CLIENT : SERVER;
}

static void check_message(const char *file, const uint8_t *message, size_t len)
{
    struct tch_failure failure = { 0 };
    struct tch_watch watch = { &counter.observer, &failure };
    struct tch_parse_ctx ctx = msg_ctx(version, suite, &watch);
    struct tch_slice body = tch_slice_of(message + 4, len - 4);
    struct tch_writer w;
    union msg_any m;
    union msg_any again;

    msg_counter_init(&counter);
    if (msg_parse(message[0], body, &ctx, &m) != TCH_OK) {
        fail_msg("%s: %s fails at %s", file, tch_message_name(message[0]),
                 failure.path);
    }
    assert_true(msg_counter_once(&counter, body.len));
    assert_true(len - 4 <= tch_message_limit(message[0]));
    num_messages++;
    num_of_type[message[0]]++;
    if (message[0] == TCH_MSG_SERVER_HELLO) {
        version = m.server_hello.server_version;
        suite = m.server_hello.cipher_suite;
    }
    ctx.watch = NULL;
    tch_wr_init(&w, written, sizeof written);
    msg_write(message[0], &w, &ctx, &m);
    assert_false(w.failed);
    if (message[0] == TCH_MSG_CLIENT_HELLO ||
        message[0] == TCH_MSG_SERVER_HELLO) {
        assert_int_equal(msg_parse(message[0], tch_wr_done(&w), &ctx, &again),
                         TCH_OK);
        assert_true(msg_equal(message[0], &m, &again));
        return;
    }
    assert_int_equal(w.len, body.len);
    assert_memory_equal(written, body.p, body.len);
}

static void check_messages(const char *file, struct direction *d)
{
    size_t at = 0;

    while (d->messages_len - at >= 4) {
        const uint8_t *p = d->messages + at;
        size_t len = 4 + ((size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3]);

        if (len > d->messages_len - at) {
            break;
        }
        check_message(file, p, len);
        at += len;
    }
    memmove(d->messages, d->messages + at, d->messages_len - at);
    d->messages_len -= at;
}

static void add_fragment(const char *file, struct direction *d, unsigned type,
                         const uint8_t *p, size_t n)
{
    if (type == 20) {
        d->ciphered = true;
    }
    if (type != 22) {
        return;
    }
    assert_true(n <= STREAM_MAX - d->messages_len);
    memcpy(d->messages + d->messages_len, p, n);
    d->messages_len += n;
    check_messages(file, d);
}

static void start(void)
{
    memset(directions, 0, sizeof directions);
    version = 0;
    suite = 0;
}

/* Go: the wire as "flows", then one entry per record, some with plaintext. */
static void check_go(const char *file, const char *text)
{
    const char *at = strstr(text, "\"flows\"");
    const char *end = strstr(text, "\"handshakes\"");
    const char *value;

    assert_non_null(at);
    assert_non_null(end);
    while ((value = member(at, end, "from")) != NULL) {
        struct direction *d = &directions[side_of(value)];

        at = member(value, end, "hex");
        d->wire_len += hex_until_quote(at, d->wire + d->wire_len,
                                       STREAM_MAX - d->wire_len);
    }
    at = strstr(end, "\"records\"");
    assert_non_null(at);
    while ((value = member(at, NULL, "content_type")) != NULL) {
        const char *close = strchr(value, '}');
        const char *plain = member(value, close, "plaintext");
        struct direction *d =
            &directions[side_of(member(value, close, "from"))];
        const uint8_t *p = d->wire + d->wire_at;
        static uint8_t clear[STREAM_MAX];
        size_t n = (size_t)p[3] << 8 | p[4];

        d->wire_at += 5 + n;
        assert_true(d->wire_at <= d->wire_len);
        p += 5;
        if (plain != NULL) {
            n = hex_until_quote(plain, clear, sizeof clear);
            p = clear;
        }
        add_fragment(file, d, (unsigned)atoi(value), p, n);
        at = close;
    }
}

/* mbedTLS: one step per record; what is ciphered stays closed. */
static void check_mbedtls(const char *file, const char *text)
{
    const char *at = strstr(text, "\"steps\"");
    const char *value;

    assert_non_null(at);
    while ((value = member(at, NULL, "from")) != NULL) {
        struct direction *d = &directions[side_of(value)];
        size_t n;

        at = member(value, NULL, "record");
        n = hex_until_quote(at, d->wire, STREAM_MAX);
        assert_true(n >= 5);
        if (!d->ciphered) {
            add_fragment(file, d, d->wire[0], d->wire + 5, n - 5);
        }
    }
}

static size_t check_folder(const char *folder,
                           void (*check)(const char *, const char *))
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    size_t num = 0;

    if (dir == NULL) {
        print_message("%s is absent\n", folder);
        return 0;
    }
    while ((entry = readdir(dir)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');
        char path[512];
        char *text;

        if (dot == NULL || strcmp(dot, ".json") != 0 ||
            strcmp(entry->d_name, "keys.json") == 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        text = read_file(path);
        start();
        check(entry->d_name, text);
        free(text);
        assert_int_equal(directions[CLIENT].messages_len, 0);
        assert_int_equal(directions[SERVER].messages_len, 0);
        num++;
    }
    closedir(dir);
    return num;
}

static void messages_of_recorded_connections_parse_RT3(void **state)
{
    (void)state;
    num_messages = 0;
    memset(num_of_type, 0, sizeof num_of_type);
    if (check_folder(GO_DIR, check_go) == 0) {
        skip();
    }
    print_message("%zu messages\n", num_messages);
    assert_true(num_of_type[TCH_MSG_CLIENT_HELLO] > 70);
    assert_true(num_of_type[TCH_MSG_FINISHED] > 140);
    assert_true(num_of_type[TCH_MSG_CERTIFICATE_VERIFY] > 0);
    assert_true(num_of_type[TCH_MSG_NEW_SESSION_TICKET] > 0);
    assert_true(num_of_type[TCH_MSG_HELLO_REQUEST] > 0);
}

static void messages_of_mbedtls_handshakes_parse_RT3(void **state)
{
    (void)state;
    num_messages = 0;
    memset(num_of_type, 0, sizeof num_of_type);
    if (check_folder(MBEDTLS_DIR, check_mbedtls) == 0) {
        skip();
    }
    print_message("%zu messages\n", num_messages);
    assert_true(num_of_type[TCH_MSG_CLIENT_HELLO] > 100);
    assert_true(num_of_type[TCH_MSG_CLIENT_KEY_EXCHANGE] > 100);
    assert_true(num_of_type[TCH_MSG_SERVER_KEY_EXCHANGE] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_of_recorded_connections_parse_RT3),
        cmocka_unit_test(messages_of_mbedtls_handshakes_parse_RT3),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
