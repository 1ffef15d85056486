/*
 * Buffer descriptors against contract 6.3 to 6.8, 8.3, 9.3 and 9.4: what
 * EXTRA and MISSING count, which arrays are refused, and calls that are
 * repeated with the same bytes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/pair.h"

static struct pair p;
static uint8_t room[100000];

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

/* One call as a program on SSPI makes it: {TOKEN, EMPTY} in, one buffer out.
 * What came back stays in `in` and `out`. */
static struct tch_buf in[2];
static struct tch_buf out[1];

static enum tch_status call(struct tch_conn *c, uint8_t *bytes, size_t len,
                            size_t space)
{
    struct tch_buf_desc in_desc = { in, 2 };
    struct tch_buf_desc out_desc = { out, 1 };

    in[0] = (struct tch_buf){ TCH_BUF_TOKEN, bytes, len };
    in[1] = (struct tch_buf){ TCH_BUF_EMPTY, NULL, 0 };
    out[0] = (struct tch_buf){ TCH_BUF_EMPTY, room, space };
    return tch_handshake(c, &in_desc, &out_desc);
}

static size_t record_len(const uint8_t *b)
{
    return 5u + ((size_t)b[3] << 8 | b[4]);
}

/* The bytes of whole records at the front of `len` bytes. */
static size_t whole(const uint8_t *b, size_t len)
{
    size_t at = 0;

    while (len - at >= 5 && record_len(b + at) <= len - at) {
        at += record_len(b + at);
    }
    return at;
}

/* Contract 6.6: 5 with no input, 5 - n of a header, then the rest. */
static size_t missing_of(const uint8_t *b, size_t len)
{
    return len < 5 ? 5 - len : record_len(b) - len;
}

static void start(void)
{
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
}

static void open_pair(void)
{
    start();
    assert_true(run(&p, SIZE_MAX));
}

/* ---- EXTRA and MISSING ---- */

static void check_cut(struct tch_conn *c, uint8_t *flight, size_t len,
                      size_t cut)
{
    size_t used = whole(flight, cut);
    enum tch_status s = call(c, flight, cut, sizeof room);

    if (used == 0) {
        is(s, "WANT_INPUT");
        assert_int_equal(in[1].kind, TCH_BUF_MISSING);
        assert_int_equal(in[1].len, missing_of(flight, cut));
        /* the output slot stays as it was passed in */
        assert_int_equal(out[0].kind, TCH_BUF_EMPTY);
        assert_int_equal(out[0].len, sizeof room);
        return;
    }
    is(s, "CONTINUE");
    if (used == cut) {
        assert_int_equal(in[1].kind, TCH_BUF_EMPTY);
        assert_int_equal(in[1].len, 0);
    } else {
        assert_int_equal(in[1].kind, TCH_BUF_EXTRA);
        assert_int_equal(in[1].len, cut - used);
        assert_true(in[1].len < in[0].len);
        assert_null(in[1].p);
    }
    assert_true(cut == len || out[0].len == 0);
}

static void a_cut_flight_reports_what_is_extra_or_missing_6_6(void **state)
{
    static uint8_t flight[20000];

    (void)state;
    for (size_t cut = 0, len = 1; cut <= len;
         cut += cut < 12 || len - cut < 12 ? 1 : 11) {
        start();
        (void)step_client(&p, SIZE_MAX);
        (void)step_server(&p, SIZE_MAX);
        len = p.to_client.len;
        memcpy(flight, p.to_client.bytes, len);
        /* A signature's length varies: the flight may be shorter now. */
        check_cut(p.client, flight, len, cut < len ? cut : len);
        pair_free(&p);
    }
}

static void a_cut_client_hello_reports_the_same(void **state)
{
    static uint8_t hello[2000];

    (void)state;
    for (size_t cut = 0, len = 1; cut <= len; cut++) {
        start();
        (void)step_client(&p, SIZE_MAX);
        len = p.to_server.len;
        memcpy(hello, p.to_server.bytes, len);
        if (cut < len) {
            is(call(p.server, hello, cut, sizeof room), "WANT_INPUT");
            assert_int_equal(in[1].kind, TCH_BUF_MISSING);
            assert_int_equal(in[1].len, missing_of(hello, cut));
            /* the same input, longer: all is well */
            is(call(p.server, hello, len, sizeof room), "CONTINUE");
        } else {
            is(call(p.server, hello, len, sizeof room), "CONTINUE");
        }
        assert_int_equal(in[1].kind, TCH_BUF_EMPTY);
        assert_true(out[0].len > 100);
        assert_int_equal(out[0].kind, TCH_BUF_TOKEN);
        pair_free(&p);
    }
}

static void empty_input_in_the_middle_is_5_missing_6_7(void **state)
{
    struct tch_buf_desc out_desc = { out, 1 };

    (void)state;
    start();
    is(call(p.client, NULL, 0, sizeof room), "CONTINUE");
    is(call(p.client, NULL, 0, sizeof room), "WANT_INPUT");
    assert_int_equal(in[1].kind, TCH_BUF_MISSING);
    assert_int_equal(in[1].len, 5);
    out[0] = (struct tch_buf){ TCH_BUF_TOKEN, room, sizeof room };
    is(tch_handshake(p.client, NULL, &out_desc), "WANT_INPUT");
    assert_int_equal(out[0].len, sizeof room);
    pair_free(&p);
}

/* Bytes behind Finished are application data: EXTRA (contract 6.6). */
static void data_behind_finished_is_extra(void **state)
{
    uint8_t data[200];
    size_t len;
    size_t before;

    (void)state;
    start();
    (void)step_client(&p, SIZE_MAX);
    (void)step_server(&p, SIZE_MAX);
    (void)step_client(&p, SIZE_MAX);
    (void)step_server(&p, SIZE_MAX);
    before = p.to_client.len;
    len = seal_bytes(p.server, "early", 5, data);
    memcpy(p.to_client.bytes + before, data, len);
    is(call(p.client, p.to_client.bytes, before + len, sizeof room), "OK");
    assert_int_equal(in[1].kind, TCH_BUF_EXTRA);
    assert_int_equal(in[1].len, len);
    assert_int_equal(out[0].len, 0);
    pair_free(&p);
}

/* ---- arrays that are refused ---- */

static void wrong_arrays_change_nothing_6_3(void **state)
{
    struct tch_buf bufs[3];
    struct tch_buf_desc desc = { bufs, 3 };
    struct tch_buf_desc out_desc = { out, 1 };

    (void)state;
    start();
    (void)step_client(&p, SIZE_MAX);
    out[0] = (struct tch_buf){ TCH_BUF_TOKEN, room, sizeof room };
    bufs[0] = (struct tch_buf){ TCH_BUF_TOKEN, p.to_server.bytes,
                                p.to_server.len };
    bufs[1] = bufs[0];
    bufs[2] = (struct tch_buf){ TCH_BUF_EMPTY, NULL, 0 };
    is(tch_handshake(p.server, &desc, &out_desc), "BAD_ARGUMENT");
    bufs[1] = (struct tch_buf){ TCH_BUF_EMPTY, NULL, 0xdeadbeef };
    is(tch_handshake(p.server, &desc, &out_desc), "BAD_ARGUMENT");
    bufs[1] = (struct tch_buf){ TCH_BUF_OTHER, NULL, 77 };
    out[0].kind = TCH_BUF_ALERT;
    is(tch_handshake(p.server, &desc, &out_desc), "BAD_ARGUMENT");
    assert_int_equal(tch_conn_state(p.server), TCH_STATE_NEW);
    out[0].kind = TCH_BUF_TOKEN;
    is(tch_handshake(p.server, &desc, &out_desc), "CONTINUE");
    pair_free(&p);
}

/* Contract 6.5: TOKEN goes before EMPTY, wherever it stands. */
static void a_token_slot_goes_before_an_empty_one_6_5(void **state)
{
    uint8_t other[10] = { 0 };
    struct tch_buf bufs[2] = { { TCH_BUF_EMPTY, other, sizeof other },
                               { TCH_BUF_TOKEN, room, sizeof room } };
    struct tch_buf_desc desc = { bufs, 2 };

    (void)state;
    start();
    is(tch_handshake(p.client, NULL, &desc), "CONTINUE");
    assert_int_equal(bufs[0].len, sizeof other);
    assert_int_equal(bufs[0].kind, TCH_BUF_EMPTY);
    assert_true(bufs[1].len > 50 && bufs[1].len < sizeof room);
    assert_int_equal(room[0], 22);
    pair_free(&p);
}

/* ---- calls that are repeated ---- */

/* A call with too little room, twice; then the same bytes with enough. */
static enum tch_status with_repeats(struct tch_conn *c, struct pipe_end *from,
                                    struct pipe_end *to)
{
    enum tch_status s = call(c, from->bytes, from->len, 0);
    size_t used;

    if (s == TCH_BUFFER_TOO_SMALL) {
        size_t needed = tch_needed(c);

        assert_true(needed > 0);
        assert_int_equal(in[1].kind, TCH_BUF_EMPTY);
        assert_int_equal(in[1].len, 0);
        assert_int_equal(in[0].len, from->len);
        is(call(c, from->bytes, from->len, needed - 1), "BUFFER_TOO_SMALL");
        assert_int_equal(tch_needed(c), needed);
        assert_int_equal(in[1].len, 0);
        s = call(c, from->bytes, from->len, needed);
        assert_int_equal(out[0].len, needed);
    } else {
        assert_int_equal(out[0].len, 0);
    }
    used = from->len - (in[1].kind == TCH_BUF_EXTRA ? in[1].len : 0);
    memmove(from->bytes, from->bytes + used, from->len - used);
    from->len -= used;
    memcpy(to->bytes + to->len, room, out[0].len);
    to->len += out[0].len;
    return s;
}

static void every_call_may_be_repeated_with_more_room_6_5(void **state)
{
    (void)state;
    for (int round = 0; round < 2; round++) {
        if (round == 0) {
            start();
        } else {
            pair_connect(&p); /* resumed */
        }
        is(with_repeats(p.client, &p.to_client, &p.to_server), "CONTINUE");
        while (tch_conn_state(p.client) != TCH_STATE_OPEN ||
               tch_conn_state(p.server) != TCH_STATE_OPEN) {
            if (p.to_server.len != 0) {
                assert_false(tch_failed(
                    with_repeats(p.server, &p.to_server, &p.to_client)));
            } else {
                assert_true(p.to_client.len != 0);
                assert_false(tch_failed(
                    with_repeats(p.client, &p.to_client, &p.to_server)));
            }
        }
        assert_true(send_data(p.client, p.server, "ping", 4));
        assert_true(send_data(p.server, p.client, "pong", 4));
        pair_disconnect(&p);
    }
    pair_free(&p);
}

/* The caller may have read more in the meantime: only the prefix is old. */
static void a_repeated_call_may_bring_more_bytes(void **state)
{
    uint8_t data[200];
    size_t len;
    size_t old;

    (void)state;
    start();
    assert_true(run(&p, SIZE_MAX));
    pair_disconnect(&p);
    pair_connect(&p); /* resumed: the client's last call has output */
    (void)step_client(&p, SIZE_MAX);
    (void)step_server(&p, SIZE_MAX);
    old = p.to_client.len;
    is(call(p.client, p.to_client.bytes, old, 0), "BUFFER_TOO_SMALL");
    memset(data, 0x17, sizeof data);
    len = 30;
    memcpy(p.to_client.bytes + old, data, len);
    is(call(p.client, p.to_client.bytes, old + len, sizeof room), "OK");
    assert_int_equal(in[1].kind, TCH_BUF_EXTRA);
    assert_int_equal(in[1].len, len);
    assert_true(out[0].len > 0);
    pair_free(&p);
}

static void want_credential_consumes_nothing_6_8(void **state)
{
    (void)state;
    for (int with = 0; with < 2; with++) {
        struct tch_config *cfg = NULL;
        size_t len;

        pair_configs(&p, "server-ec256");
        assert_int_equal(tch_config_set_client_auth(p.server_cfg,
                                                    TCH_CLIENT_AUTH_REQUEST),
                         TCH_OK);
        assert_int_equal(tch_config_add_anchors_pem(p.server_cfg,
                                                    read_certs("ca.pem")),
                         TCH_OK);
        assert_int_equal(tch_config_set_ask_credential(p.client_cfg, true),
                         TCH_OK);
        assert_int_equal(tch_config_copy(p.client_cfg, &cfg), TCH_OK);
        add_identity(cfg, "client-rsa2048");
        pair_connect(&p);
        (void)step_client(&p, SIZE_MAX);
        (void)step_server(&p, SIZE_MAX);
        len = p.to_client.len;
        is(call(p.client, p.to_client.bytes, len, sizeof room),
           "WANT_CREDENTIAL");
        assert_int_equal(in[1].kind, TCH_BUF_EMPTY);
        assert_int_equal(in[1].len, 0);
        assert_true(tch_conn_issuers(p.client).len > 0);
        assert_int_equal(tch_answer_credential(p.client, with ? cfg : NULL),
                         TCH_OK);
        is(tch_answer_credential(p.client, NULL), "BAD_STATE");
        is(call(p.client, p.to_client.bytes, len, 0), "BUFFER_TOO_SMALL");
        is(call(p.client, p.to_client.bytes, len, sizeof room), "CONTINUE");
        assert_int_equal(in[1].kind, TCH_BUF_EMPTY);
        memcpy(p.to_server.bytes, room, out[0].len);
        p.to_server.len = out[0].len;
        p.to_client.len = 0;
        assert_true(run(&p, SIZE_MAX));
        tch_config_free(cfg);
        pair_free(&p);
    }
}

/* ---- tch_open, and the spent buffer of 8.3 ---- */

static struct tch_buf four[4];

static enum tch_status open_bufs(struct tch_conn *c, uint8_t *bytes,
                                 size_t len)
{
    struct tch_buf_desc d = { four, 4 };

    four[0] = (struct tch_buf){ TCH_BUF_DATA, bytes, len };
    for (size_t i = 1; i < 4; i++) {
        /* azure leaves garbage here (contract 9.3) */
        four[i] = (struct tch_buf){ TCH_BUF_EMPTY, bytes + 1, 12345 };
    }
    return tch_open(c, &d);
}

static void opened_records_are_laid_out_as_in_9_4(void **state)
{
    uint8_t bytes[400];
    size_t len;
    size_t second;

    (void)state;
    open_pair();
    len = seal_bytes(p.server, "hello", 5, bytes);
    second = seal_bytes(p.server, "again", 5, bytes + len);
    is(open_bufs(p.client, bytes, len + second), "OK");
    assert_int_equal(four[0].kind, TCH_BUF_HEADER);
    assert_ptr_equal(four[0].p, bytes);
    assert_int_equal(four[1].kind, TCH_BUF_DATA);
    assert_ptr_equal(four[1].p, bytes + four[0].len);
    assert_int_equal(four[1].len, 5);
    assert_memory_equal(four[1].p, "hello", 5);
    assert_int_equal(four[2].kind, TCH_BUF_TRAILER);
    assert_ptr_equal(four[2].p, four[1].p + 5);
    assert_int_equal(four[0].len + 5 + four[2].len, len);
    assert_int_equal(four[3].kind, TCH_BUF_EXTRA);
    assert_ptr_equal(four[3].p, bytes + len);
    assert_int_equal(four[3].len, second);
    is(open_bufs(p.client, bytes + len, second), "OK");
    assert_int_equal(four[3].kind, TCH_BUF_EMPTY);
    assert_int_equal(four[3].len, 0);
    pair_free(&p);
}

static void a_cut_record_says_exactly_what_is_missing_9_4(void **state)
{
    uint8_t bytes[200];
    uint8_t copy[200];
    size_t len;

    (void)state;
    open_pair();
    len = seal_bytes(p.server, "hello", 5, bytes);
    memcpy(copy, bytes, len);
    for (size_t cut = 0; cut < len; cut++) {
        is(open_bufs(p.client, bytes, cut), "WANT_INPUT");
        assert_int_equal(four[0].kind, TCH_BUF_MISSING);
        assert_int_equal(four[0].len, missing_of(bytes, cut));
        assert_ptr_equal(four[0].p, bytes);
        assert_int_equal(four[1].kind, TCH_BUF_MISSING);
        assert_int_equal(four[1].len, four[0].len);
        assert_null(four[1].p);
        assert_int_equal(four[2].kind, TCH_BUF_EMPTY);
        assert_int_equal(four[3].kind, TCH_BUF_EMPTY);
        assert_memory_equal(bytes, copy, len);
    }
    is(open_bufs(p.client, bytes, len), "OK");
    pair_free(&p);
}

static void wrong_arrays_for_opening_change_nothing_9_3(void **state)
{
    uint8_t bytes[200];
    struct tch_buf_desc d = { four, 4 };
    size_t len;

    (void)state;
    open_pair();
    len = seal_bytes(p.server, "hello", 5, bytes);
    is(tch_open(p.client, NULL), "BAD_ARGUMENT");
    four[0] = (struct tch_buf){ TCH_BUF_DATA, bytes, len };
    four[1] = four[2] = four[3] = (struct tch_buf){ TCH_BUF_EMPTY, NULL, 0 };
    d.num = 3;
    is(tch_open(p.client, &d), "BAD_ARGUMENT");
    d.num = 4;
    four[1].kind = TCH_BUF_DATA;
    is(tch_open(p.client, &d), "BAD_ARGUMENT");
    four[1].kind = TCH_BUF_OTHER;
    is(tch_open(p.client, &d), "BAD_ARGUMENT");
    four[0].kind = TCH_BUF_EMPTY;
    four[1].kind = TCH_BUF_EMPTY;
    is(tch_open(p.client, &d), "BAD_ARGUMENT");
    is(open_bufs(p.client, bytes, len), "OK");
    pair_free(&p);
}

/* HelloRequest, and a data record behind it, in one buffer. */
static size_t request_and_data(uint8_t *bytes, size_t *request)
{
    static struct pipe_end pipe;

    pipe.len = 0;
    assert_int_equal(tch_renegotiate(p.server), TCH_OK);
    flush(p.server, &pipe);
    memcpy(bytes, pipe.bytes, pipe.len);
    *request = pipe.len;
    return pipe.len + seal_bytes(p.server, "late", 4, bytes + pipe.len);
}

static void a_request_leaves_its_bytes_as_trailer_9_4(void **state)
{
    uint8_t bytes[400];
    size_t request;
    size_t len;

    (void)state;
    open_pair();
    len = request_and_data(bytes, &request);
    is(open_bufs(p.client, bytes, len), "RENEGOTIATE");
    assert_int_equal(four[0].kind, TCH_BUF_HEADER);
    assert_int_equal(four[1].kind, TCH_BUF_DATA);
    assert_int_equal(four[1].len, 0);
    assert_int_equal(four[2].kind, TCH_BUF_TRAILER);
    assert_int_equal(four[0].len + four[2].len, request);
    assert_int_equal(four[3].kind, TCH_BUF_EXTRA);
    assert_ptr_equal(four[3].p, bytes + request);
    assert_int_equal(four[3].len, len - request);
    is(open_bufs(p.client, bytes + request, len - request), "BAD_STATE");
    pair_free(&p);
}

/* With the spent record in front, and without; contract 8.3. */
static void the_spent_record_may_come_again_8_3(void **state)
{
    (void)state;
    for (int spent = 0; spent < 2; spent++) {
        uint8_t bytes[400];
        size_t request;
        size_t len;
        size_t from;

        open_pair();
        len = request_and_data(bytes, &request);
        is(open_bufs(p.client, bytes, len), "RENEGOTIATE");
        from = spent ? 0 : request;
        is(call(p.client, bytes + from, len - from, 0), "BUFFER_TOO_SMALL");
        is(call(p.client, bytes + from, len - from, sizeof room), "CONTINUE");
        assert_true(out[0].len > 100); /* the ClientHello */
        assert_int_equal(in[1].kind, TCH_BUF_EXTRA);
        assert_int_equal(in[1].len, len - request);
        is(open_bufs(p.client, bytes + request, len - request), "OK");
        assert_memory_equal(four[1].p, "late", 4);
        p.to_client.len = 0;
        memcpy(p.to_server.bytes, room, out[0].len);
        p.to_server.len = out[0].len;
        assert_true(run(&p, SIZE_MAX));
        assert_true(send_data(p.client, p.server, "ping", 4));
        pair_free(&p);
    }
}

static void refusing_skips_the_record_and_returns_the_rest_8_3(void **state)
{
    (void)state;
    for (int spent = 0; spent < 2; spent++) {
        uint8_t bytes[400];
        size_t request;
        size_t len;
        size_t from;
        size_t used;
        struct tch_slice data;

        open_pair();
        len = request_and_data(bytes, &request);
        is(open_bufs(p.client, bytes, len), "RENEGOTIATE");
        from = spent ? 0 : request;
        assert_int_equal(tch_refuse_renegotiation(p.client), TCH_OK);
        is(call(p.client, bytes + from, len - from, sizeof room), "OK");
        assert_int_equal(in[1].kind, TCH_BUF_EXTRA);
        assert_int_equal(in[1].len, len - request);
        assert_int_equal(room[0], 21);
        is(tch_open_record(p.server, room, out[0].len, &used, &data, NULL),
           "NO_RENEGOTIATION");
        is(open_bufs(p.client, bytes + request, len - request), "OK");
        assert_memory_equal(four[1].p, "late", 4);
        assert_int_equal(tch_conn_state(p.client), TCH_STATE_OPEN);
        pair_free(&p);
    }
}

/* Contract 8.3, server: ASC works on the ClientHello that was taken. */
static void a_server_goes_on_with_the_client_hello_it_took_8_3(void **state)
{
    static struct pipe_end pipe;

    (void)state;
    for (int spent = 0; spent < 2; spent++) {
        open_pair();
        pipe.len = 0;
        is(tch_renegotiate(p.client), "CONTINUE");
        flush(p.client, &pipe);
        is(open_bufs(p.server, pipe.bytes, pipe.len), "RENEGOTIATE");
        assert_int_equal(four[3].kind, TCH_BUF_EMPTY);
        is(call(p.server, pipe.bytes, spent ? pipe.len : 0, sizeof room),
           "CONTINUE");
        assert_int_equal(in[1].kind, TCH_BUF_EMPTY);
        assert_true(out[0].len > 100);
        memcpy(p.to_client.bytes, room, out[0].len);
        p.to_client.len = out[0].len;
        assert_true(run(&p, SIZE_MAX));
        pair_free(&p);
    }
}

/* W5: a failing call gives no token; the alert is fetched. */
static void a_failing_call_gives_no_token_6_9(void **state)
{
    uint8_t junk[] = { 22, 3, 1, 0, 4, 2, 0, 0, 0 };
    struct tch_slice alert;

    (void)state;
    start();
    is(call(p.server, junk, sizeof junk, sizeof room), "UNEXPECTED_MESSAGE");
    assert_int_equal(out[0].len, 0);
    assert_int_equal(in[1].kind, TCH_BUF_EMPTY);
    alert = tch_pending(p.server);
    assert_int_equal(alert.len, 7);
    assert_memory_equal(alert.p, "\x15\x03\x01\x00\x02\x02\x0a", 7);
    tch_sent(p.server, alert.len);
    assert_int_equal(tch_pending(p.server).len, 0);
    is(call(p.server, junk, sizeof junk, sizeof room), "DEAD");
    pair_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_flight_reports_what_is_extra_or_missing_6_6),
        cmocka_unit_test(a_cut_client_hello_reports_the_same),
        cmocka_unit_test(empty_input_in_the_middle_is_5_missing_6_7),
        cmocka_unit_test(data_behind_finished_is_extra),
        cmocka_unit_test(wrong_arrays_change_nothing_6_3),
        cmocka_unit_test(a_token_slot_goes_before_an_empty_one_6_5),
        cmocka_unit_test(every_call_may_be_repeated_with_more_room_6_5),
        cmocka_unit_test(a_repeated_call_may_bring_more_bytes),
        cmocka_unit_test(want_credential_consumes_nothing_6_8),
        cmocka_unit_test(opened_records_are_laid_out_as_in_9_4),
        cmocka_unit_test(a_cut_record_says_exactly_what_is_missing_9_4),
        cmocka_unit_test(wrong_arrays_for_opening_change_nothing_9_3),
        cmocka_unit_test(a_request_leaves_its_bytes_as_trailer_9_4),
        cmocka_unit_test(the_spent_record_may_come_again_8_3),
        cmocka_unit_test(refusing_skips_the_record_and_returns_the_rest_8_3),
        cmocka_unit_test(a_server_goes_on_with_the_client_hello_it_took_8_3),
        cmocka_unit_test(a_failing_call_gives_no_token_6_9),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
