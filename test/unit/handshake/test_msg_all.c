/*
 * What holds for every message: written bytes are the hand-made ones, each
 * byte is shown to the observer once, and no damage to lengths gets through.
 * The bodies and what is legal about them: support_msg.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_msg.h"

#define ROUNDS 3000

static struct msg_counter counter;
static uint8_t written[MSG_MAX];

static size_t body_of(const struct msg_case *c, uint8_t *out)
{
    return msg_hex(c->hex, out, 512);
}

/* Parses a copy of exactly `n` bytes, so that ASan sees an overrun. */
static enum tch_status parse_copy(const struct msg_case *c,
                                  const uint8_t *body, size_t n,
                                  struct tch_failure *failure)
{
    struct tch_watch watch = { NULL, failure };
    struct tch_parse_ctx ctx = msg_ctx(c->version, c->suite, &watch);
    uint8_t *copy = malloc(n != 0 ? n : 1);
    union msg_any m;
    enum tch_status status;

    assert_non_null(copy);
    if (n != 0) {
        memcpy(copy, body, n);
    }
    memset(failure, 0, sizeof *failure);
    status = msg_parse(c->type, tch_slice_of(copy, n), &ctx, &m);
    free(copy);
    return status;
}

static const char *root_of(const struct msg_case *c)
{
    return c->type == TCH_MSG_HELLO_REQUEST ||
                   c->type == TCH_MSG_SERVER_HELLO_DONE
               ? "empty"
               : tch_message_name(c->type);
}

/* A failure has the right status and names a field of this message. */
static void expect_failure(const struct msg_case *c, enum tch_status status,
                           const struct tch_failure *failure)
{
    const char *root = root_of(c);
    bool fits = c->type == TCH_MSG_FINISHED
                    ? status == TCH_BAD_FINISHED
                    : status == TCH_DECODE_ERROR ||
                          status == TCH_ILLEGAL_PARAMETER;

    if (!fits) {
        fail_msg("%s: status %s", c->name, tch_status_name(status));
    }
    if (strncmp(failure->path, root, strlen(root)) != 0 &&
        strncmp(failure->path, "..", 2) != 0) {
        fail_msg("%s: path \"%s\"", c->name, failure->path);
    }
    assert_non_null(failure->rfc);
}

static void every_message_is_written_as_it_was_read(void **state)
{
    const struct msg_case *c;

    (void)state;
    for (size_t i = 0; (c = msg_case_at(i)) != NULL; i++) {
        struct tch_parse_ctx ctx = msg_ctx(c->version, c->suite, NULL);
        uint8_t body[512];
        size_t n = body_of(c, body);
        struct tch_writer w;
        union msg_any m;

        if (msg_parse(c->type, tch_slice_of(body, n), &ctx, &m) != TCH_OK) {
            fail_msg("%s does not parse", c->name);
        }
        tch_wr_init(&w, written, sizeof written);
        msg_write(c->type, &w, &ctx, &m);
        assert_false(w.failed);
        if (w.len != n) {
            fail_msg("%s: %zu bytes written of %zu", c->name, w.len, n);
        }
        if (n != 0) {
            assert_memory_equal(written, body, n);
        }
    }
}

static void a_window_too_small_by_a_byte_makes_each_writer_fail(void **state)
{
    const struct msg_case *c;

    (void)state;
    for (size_t i = 0; (c = msg_case_at(i)) != NULL; i++) {
        struct tch_parse_ctx ctx = msg_ctx(c->version, c->suite, NULL);
        uint8_t body[512];
        size_t n = body_of(c, body);
        struct tch_writer w;
        union msg_any m;

        assert_int_equal(msg_parse(c->type, tch_slice_of(body, n), &ctx, &m),
                         TCH_OK);
        for (size_t cap = 0; cap < n; cap++) {
            tch_wr_init(&w, written, cap);
            msg_write(c->type, &w, &ctx, &m);
            assert_true(w.failed);
            assert_int_equal(tch_wr_done(&w).len, 0);
        }
    }
}

static void observer_sees_each_byte_of_a_message_once_RT3(void **state)
{
    const struct msg_case *c;

    (void)state;
    for (size_t i = 0; (c = msg_case_at(i)) != NULL; i++) {
        struct tch_watch watch = { &counter.observer, NULL };
        struct tch_parse_ctx ctx = msg_ctx(c->version, c->suite, &watch);
        uint8_t body[512];
        size_t n = body_of(c, body);
        union msg_any m;

        msg_counter_init(&counter);
        assert_int_equal(msg_parse(c->type, tch_slice_of(body, n), &ctx, &m),
                         TCH_OK);
        if (!msg_counter_once(&counter, n)) {
            fail_msg("%s is not covered", c->name);
        }
    }
}

static void every_message_cut_at_every_byte_is_refused_R_HS_002(void **state)
{
    const struct msg_case *c;

    (void)state;
    for (size_t i = 0; (c = msg_case_at(i)) != NULL; i++) {
        struct tch_failure failure;
        uint8_t body[512];
        size_t n = body_of(c, body);

        for (size_t cut = 0; cut < n; cut++) {
            enum tch_status status = parse_copy(c, body, cut, &failure);

            if (c->any_cut || (c->cut != 0 && cut == c->cut)) {
                assert_int_equal(status, TCH_OK);
                continue;
            }
            expect_failure(c, status, &failure);
        }
    }
}

static void a_byte_behind_any_message_is_refused_R_HS_002(void **state)
{
    const struct msg_case *c;

    (void)state;
    for (size_t i = 0; (c = msg_case_at(i)) != NULL; i++) {
        struct tch_failure failure;
        uint8_t body[513];
        size_t n = body_of(c, body);
        enum tch_status status;

        body[n] = 0;
        status = parse_copy(c, body, n + 1, &failure);
        if (c->any_cut) { /* SSL 3.0's premaster has no length to break */
            assert_int_equal(status, TCH_OK);
            continue;
        }
        expect_failure(c, status, &failure);
    }
}

static uint32_t length_at(const uint8_t *p, unsigned width)
{
    uint32_t v = 0;

    for (unsigned i = 0; i < width; i++) {
        v = v << 8 | p[i];
    }
    return v;
}

static void set_length(uint8_t *p, unsigned width, uint32_t v)
{
    for (unsigned i = 0; i < width; i++) {
        p[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
    }
}

/* Each length field that the observer saw, with each wrong value. */
static void damage_lengths(const struct msg_case *c, uint8_t *body, size_t n)
{
    for (size_t i = 0; i < counter.num_lengths; i++) {
        size_t at = counter.length_at[i];
        unsigned width = counter.length_width[i];
        uint32_t right = length_at(body + at, width);
        uint32_t max = (uint32_t)((1ull << (8 * width)) - 1);
        uint32_t wrong[4];

        wrong[0] = right + 1;
        wrong[1] = right - 1;
        wrong[2] = 0;
        wrong[3] = max;
        for (size_t k = 0; k < 4; k++) {
            struct tch_failure failure;
            enum tch_status status;

            if ((wrong[k] & max) == right) {
                continue;
            }
            set_length(body + at, width, wrong[k] & max);
            status = parse_copy(c, body, n, &failure);
            if (status == TCH_OK) {
                fail_msg("%s: length at %zu may be %u", c->name, at,
                         (unsigned)wrong[k]);
            }
            expect_failure(c, status, &failure);
        }
        set_length(body + at, width, right);
    }
}

static void every_length_field_off_by_one_zero_or_max_is_refused(void **state)
{
    const struct msg_case *c;
    size_t num = 0;

    (void)state;
    for (size_t i = 0; (c = msg_case_at(i)) != NULL; i++) {
        struct tch_watch watch = { &counter.observer, NULL };
        struct tch_parse_ctx ctx = msg_ctx(c->version, c->suite, &watch);
        uint8_t body[512];
        size_t n = body_of(c, body);
        union msg_any m;

        msg_counter_init(&counter);
        assert_int_equal(msg_parse(c->type, tch_slice_of(body, n), &ctx, &m),
                         TCH_OK);
        damage_lengths(c, body, n);
        num += counter.num_lengths;
    }
    assert_true(num > 100); /* the observer did show the length fields */
}

static uint64_t rng = 0x6D65737361676573u;

static uint32_t below(uint32_t n)
{
    rng ^= rng >> 12;
    rng ^= rng << 25;
    rng ^= rng >> 27;
    return (uint32_t)((rng * 0x2545F4914F6CDD1Du) >> 33) % n;
}

static size_t mutate(uint8_t *body, size_t n, size_t cap)
{
    for (uint32_t changes = 1 + below(3); changes > 0; changes--) {
        switch (below(4)) {
        case 0:
            n -= n > 1 ? below((uint32_t)n) : 0;
            break;
        case 1:
            if (n < cap) {
                body[n++] = (uint8_t)below(256);
            }
            break;
        default:
            if (n != 0) {
                body[below((uint32_t)n)] ^= (uint8_t)(1u << below(8));
            }
        }
    }
    return n;
}

/* What parses is shown byte for byte, and says the same when written. */
static void expect_sound(const struct msg_case *c, struct tch_slice body)
{
    struct tch_watch watch = { &counter.observer, NULL };
    struct tch_parse_ctx ctx = msg_ctx(c->version, c->suite, &watch);
    struct tch_writer w;
    union msg_any first;
    union msg_any second;

    msg_counter_init(&counter);
    assert_int_equal(msg_parse(c->type, body, &ctx, &first), TCH_OK);
    assert_true(msg_counter_once(&counter, body.len));
    msg_make_writable(c->type, &first);
    ctx.watch = NULL;
    tch_wr_init(&w, written, sizeof written);
    msg_write(c->type, &w, &ctx, &first);
    assert_false(w.failed);
    assert_int_equal(msg_parse(c->type, tch_wr_done(&w), &ctx, &second),
                     TCH_OK);
    assert_true(msg_equal(c->type, &first, &second));
}

static void random_damage_is_refused_or_understood(void **state)
{
    const struct msg_case *c;

    (void)state;
    for (size_t i = 0; (c = msg_case_at(i)) != NULL; i++) {
        for (size_t round = 0; round < ROUNDS; round++) {
            struct tch_failure failure;
            uint8_t body[600];
            size_t n = mutate(body, body_of(c, body), sizeof body);
            enum tch_status status = parse_copy(c, body, n, &failure);

            if (status == TCH_OK) {
                expect_sound(c, tch_slice_of(body, n));
            } else {
                expect_failure(c, status, &failure);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_written_as_it_was_read),
        cmocka_unit_test(
            a_window_too_small_by_a_byte_makes_each_writer_fail),
        cmocka_unit_test(observer_sees_each_byte_of_a_message_once_RT3),
        cmocka_unit_test(every_message_cut_at_every_byte_is_refused_R_HS_002),
        cmocka_unit_test(a_byte_behind_any_message_is_refused_R_HS_002),
        cmocka_unit_test(every_length_field_off_by_one_zero_or_max_is_refused),
        cmocka_unit_test(random_damage_is_refused_or_understood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
