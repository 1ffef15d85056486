/*
 * Reader and writer: every read at, below and beyond the end; what is noted
 * on failure; what the observer sees. Presentation language: RFC 5246, 4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/bytes.h"

TCH_FIELD(message, "1 1");
TCH_FIELD(number, "1 2");
TCH_FIELD(list, "1 3");
TCH_FIELD(item, "1 4");

static const uint8_t bytes[] = { 0x01, 0x23, 0x45, 0x67,
                                 0x89, 0xAB, 0xCD, 0xEF };

static struct tch_reader reader_of(const void *p, size_t n,
                                   struct tch_watch *watch)
{
    struct tch_reader r;

    tch_rd_init(&r, tch_slice_of(p, n), &f_message, watch);
    return r;
}

static void integers_are_big_endian(void **state)
{
    struct tch_reader r = reader_of(bytes, 8, NULL);
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;

    (void)state;
    assert_true(tch_rd_u8(&r, &f_number, &u8));
    assert_int_equal(u8, 0x01);
    assert_true(tch_rd_u16(&r, &f_number, &u16));
    assert_int_equal(u16, 0x2345);
    assert_true(tch_rd_u24(&r, &f_number, &u32));
    assert_int_equal(u32, 0x6789AB);
    assert_int_equal(tch_rd_left(&r), 2);
    assert_int_equal(tch_rd_rest(&r).p[0], 0xCD);
    r = reader_of(bytes + 4, 4, NULL);
    assert_true(tch_rd_u32(&r, &f_number, &u32));
    assert_int_equal(u32, 0x89ABCDEF);
    assert_true(tch_rd_end(&r));
}

static void short_reads_leave_the_reader_where_it_was(void **state)
{
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint8_t copy[8];
    struct tch_slice s;
    struct tch_reader sub;

    (void)state;
    for (size_t n = 0; n < 4; n++) {
        struct tch_reader r = reader_of(bytes, n, NULL);

        assert_false(tch_rd_u32(&r, &f_number, &u32));
        if (n < 3) {
            assert_false(tch_rd_u24(&r, &f_number, &u32));
        }
        if (n < 2) {
            assert_false(tch_rd_u16(&r, &f_number, &u16));
        }
        if (n < 1) {
            assert_false(tch_rd_u8(&r, &f_number, &u8));
        }
        assert_false(tch_rd_slice(&r, &f_number, n + 1, &s));
        assert_false(tch_rd_slice(&r, &f_number, SIZE_MAX, &s));
        assert_false(tch_rd_bytes(&r, &f_number, copy, n + 1));
        assert_false(tch_rd_sub(&r, &f_number, n + 1, TCH_NO_INDEX, &sub));
        assert_int_equal(tch_rd_left(&r), n);
    }
}

static void an_empty_or_null_input_is_an_empty_message(void **state)
{
    struct tch_reader r = reader_of(NULL, 0, NULL);
    struct tch_slice s;
    uint8_t none[1];

    (void)state;
    assert_int_equal(tch_rd_left(&r), 0);
    assert_true(tch_rd_slice(&r, &f_number, 0, &s));
    assert_int_equal(s.len, 0);
    assert_true(tch_rd_bytes(&r, &f_number, none, 0));
    assert_true(tch_rd_end(&r));
}

static void vectors_hold_to_their_bounds(void **state)
{
    static const uint8_t vec8[] = { 2, 0xAA, 0xBB, 0xCC };
    static const uint8_t vec16[] = { 0, 2, 0xAA, 0xBB };
    static const uint8_t vec24[] = { 0, 0, 2, 0xAA, 0xBB };
    struct tch_reader r;
    struct tch_reader out;
    uint8_t v;

    (void)state;
    r = reader_of(vec8, sizeof vec8, NULL);
    assert_false(tch_rd_vec8(&r, &f_list, 3, 255, &out));
    assert_false(tch_rd_vec8(&r, &f_list, 0, 1, &out));
    assert_int_equal(tch_rd_left(&r), sizeof vec8);
    assert_true(tch_rd_vec8(&r, &f_list, 2, 2, &out));
    assert_int_equal(tch_rd_left(&r), 1);
    assert_int_equal(tch_rd_left(&out), 2);
    assert_true(tch_rd_u8(&out, &f_item, &v));
    assert_int_equal(v, 0xAA);
    assert_false(tch_rd_end(&out));
    assert_true(tch_rd_u8(&out, &f_item, &v));
    assert_false(tch_rd_u8(&out, &f_item, &v)); /* 0xCC is the parent's */
    r = reader_of(vec16, sizeof vec16, NULL);
    assert_true(tch_rd_vec16(&r, &f_list, 0, 65535, &out));
    assert_true(tch_rd_end(&r));
    r = reader_of(vec24, sizeof vec24, NULL);
    assert_true(tch_rd_vec24(&r, &f_list, 0, 16777215, &out));
    assert_int_equal(tch_rd_left(&out), 2);
}

static void a_vector_longer_than_its_parent_is_refused(void **state)
{
    static const uint8_t wire[] = { 0, 0, 3, 0xAA, 0xBB };
    struct tch_reader out;
    struct tch_slice s;

    (void)state;
    for (size_t n = 0; n < 5; n++) {
        struct tch_reader r = reader_of(wire + 2, n < 3 ? n : 3, NULL);

        assert_false(tch_rd_vec8(&r, &f_list, 0, 255, &out));
        assert_false(tch_rd_opaque8(&r, &f_list, 0, 255, &s));
        r = reader_of(wire + 1, n < 4 ? n : 4, NULL);
        assert_false(tch_rd_vec16(&r, &f_list, 0, 65535, &out));
        assert_false(tch_rd_opaque16(&r, &f_list, 0, 65535, &s));
        r = reader_of(wire, n, NULL);
        assert_false(tch_rd_vec24(&r, &f_list, 0, 16777215, &out));
        assert_false(tch_rd_opaque24(&r, &f_list, 0, 16777215, &s));
        assert_int_equal(tch_rd_left(&r), n);
    }
}

static void opaque_vectors_point_into_the_message(void **state)
{
    static const uint8_t wire[] = { 1, 0xA1, 0, 1, 0xA2, 0, 0, 1, 0xA3 };
    struct tch_reader r = reader_of(wire, sizeof wire, NULL);
    struct tch_slice s;

    (void)state;
    assert_true(tch_rd_opaque8(&r, &f_list, 1, 1, &s));
    assert_ptr_equal(s.p, wire + 1);
    assert_true(tch_rd_opaque16(&r, &f_list, 1, 1, &s));
    assert_ptr_equal(s.p, wire + 4);
    assert_true(tch_rd_opaque24(&r, &f_list, 1, 1, &s));
    assert_ptr_equal(s.p, wire + 8);
    assert_int_equal(s.len, 1);
}

static void bytes_are_copied_and_slices_point(void **state)
{
    struct tch_reader r = reader_of(bytes, 8, NULL);
    uint8_t copy[4] = { 0xEE, 0xEE, 0xEE, 0xEE };
    struct tch_slice s;

    (void)state;
    assert_true(tch_rd_bytes(&r, &f_number, copy, 3));
    assert_memory_equal(copy, "\x01\x23\x45\xEE", 4);
    assert_true(tch_rd_slice(&r, &f_number, 5, &s));
    assert_ptr_equal(s.p, bytes + 3);
    assert_true(tch_rd_end(&r));
}

static void a_sub_reader_ends_where_it_was_told(void **state)
{
    struct tch_reader r = reader_of(bytes, 8, NULL);
    struct tch_reader sub;
    uint32_t v;

    (void)state;
    assert_true(tch_rd_sub(&r, &f_list, 3, 7, &sub));
    assert_int_equal(sub.index, 7);
    assert_int_equal(tch_rd_left(&r), 5);
    assert_false(tch_rd_u32(&sub, &f_number, &v));
    assert_true(tch_rd_u24(&sub, &f_number, &v));
    assert_int_equal(v, 0x012345);
    assert_true(tch_rd_u32(&r, &f_number, &v));
    assert_int_equal(v, 0x6789ABCD);
}

static void failure_names_field_place_and_section(void **state)
{
    static const uint8_t wire[] = { 0xEE, 3, 0x11, 0x22, 0x33 };
    struct tch_failure failure = { 0 };
    struct tch_watch watch = { NULL, &failure };
    struct tch_reader r = reader_of(wire, sizeof wire, &watch);
    struct tch_reader list;
    uint16_t v;
    uint8_t b;

    (void)state;
    assert_true(tch_rd_u8(&r, &f_number, &b));
    assert_true(tch_rd_vec8(&r, &f_list, 0, 255, &list));
    list.index = 0;
    assert_true(tch_rd_u16(&list, &f_item, &v));
    list.index = 1;
    assert_string_equal(failure.path, "");
    assert_false(tch_rd_u16(&list, &f_item, &v));
    assert_string_equal(failure.path, "message.list[1].item");
    assert_int_equal(failure.offset, 4);
    assert_string_equal(failure.rfc, "1 4");
}

static void only_the_first_failure_is_kept(void **state)
{
    struct tch_failure failure = { 0 };
    struct tch_watch watch = { NULL, &failure };
    struct tch_reader r = reader_of(bytes, 1, &watch);
    uint32_t v;

    (void)state;
    assert_false(tch_rd_u32(&r, &f_number, &v));
    assert_int_equal(tch_rd_blame(&r, &f_item, TCH_ILLEGAL_PARAMETER),
                     TCH_ILLEGAL_PARAMETER);
    assert_string_equal(failure.path, "message.number");
}

static void surplus_blames_the_reader_itself(void **state)
{
    struct tch_failure failure = { 0 };
    struct tch_watch watch = { NULL, &failure };
    struct tch_reader r = reader_of(bytes, 2, &watch);
    uint8_t v;

    (void)state;
    assert_true(tch_rd_u8(&r, &f_number, &v));
    assert_false(tch_rd_end(&r));
    assert_string_equal(failure.path, "message");
    assert_int_equal(failure.offset, 1);
    assert_string_equal(failure.rfc, "1 1");
}

static void blame_without_a_watch_just_returns_the_status(void **state)
{
    struct tch_watch nowhere = { NULL, NULL };
    struct tch_reader r = reader_of(bytes, 2, NULL);

    (void)state;
    assert_int_equal(tch_rd_blame(&r, &f_item, TCH_DECODE_ERROR),
                     TCH_DECODE_ERROR);
    r = reader_of(bytes, 2, &nowhere);
    assert_int_equal(tch_rd_blame(&r, &f_item, TCH_DECODE_ERROR),
                     TCH_DECODE_ERROR);
}

static void a_path_too_long_is_cut_on_the_left(void **state)
{
    struct tch_reader r = reader_of(bytes, 8, NULL);
    char path[32];

    (void)state;
    tch_rd_path(&r, &f_number, path, sizeof path);
    assert_string_equal(path, "message.number");
    tch_rd_path(&r, NULL, path, sizeof path);
    assert_string_equal(path, "message");
    tch_rd_path(&r, &f_number, path, 15);
    assert_string_equal(path, "message.number");
    tch_rd_path(&r, &f_number, path, 14);
    assert_string_equal(path, "..sage.number");
    tch_rd_path(&r, &f_number, path, 2);
    assert_string_equal(path, "r");
    path[0] = 'x';
    tch_rd_path(&r, &f_number, path, 1);
    assert_string_equal(path, "");
    path[0] = 'x';
    tch_rd_path(&r, &f_number, path, 0);
    assert_int_equal(path[0], 'x');
}

/* Nesting far beyond any message: the path keeps its end. */
static void a_path_of_many_parents_keeps_its_end(void **state)
{
    struct tch_reader parents[100];
    char path[300];

    (void)state;
    parents[0] = reader_of(bytes, 8, NULL);
    for (size_t i = 1; i < 100; i++) {
        assert_true(tch_rd_sub(&parents[i - 1], &f_list, 8, (uint32_t)i,
                               &parents[i]));
    }
    tch_rd_path(&parents[99], &f_item, path, sizeof path);
    assert_int_equal(strlen(path), 255);
    assert_string_equal(path + 255 - 22, "list[98].list[99].item");
}

struct seen {
    size_t num;
    size_t offset[16];
    size_t len[16];
    uint64_t number[16];
    char path[16][48];
};

static void see(void *arg, const struct tch_event *ev)
{
    struct seen *s = arg;
    struct tch_field field;

    assert_int_equal(ev->kind, TCH_EV_FIELD);
    assert_true(s->num < 16);
    field.name = ev->name;
    field.rfc = ev->rfc;
    s->offset[s->num] = ev->offset;
    s->len[s->num] = ev->bytes.len;
    s->number[s->num] = ev->number;
    tch_rd_path(ev->scope, &field, s->path[s->num], sizeof s->path[0]);
    s->num++;
}

static void observer_sees_lengths_and_fields_in_wire_order(void **state)
{
    static const uint8_t wire[] = { 0x12, 0x34, 2, 0xAA, 0xBB,
                                    0,    1,    9, 0x55 };
    static const struct {
        const char *path;
        size_t offset;
        size_t len;
        uint64_t number;
    } expected[] = {
        { "message.number", 0, 2, 0x1234 },
        { "message.list.length", 2, 1, 2 },
        { "message.list.item", 3, 1, 0xAA },
        { "message.list.item", 4, 1, 0xBB },
        { "message.item.length", 5, 2, 1 },
        { "message.item", 7, 1, 1 },
        { "message.number", 8, 1, 1 },
    };
    struct seen seen = { 0 };
    struct tch_observer observer = { see, NULL, &seen, false };
    struct tch_watch watch = { &observer, NULL };
    struct tch_reader r = reader_of(wire, sizeof wire, &watch);
    struct tch_reader list;
    struct tch_slice s;
    uint16_t u16;
    uint8_t u8;

    (void)state;
    assert_true(tch_rd_u16(&r, &f_number, &u16));
    assert_true(tch_rd_vec8(&r, &f_list, 0, 255, &list));
    assert_true(tch_rd_u8(&list, &f_item, &u8));
    assert_true(tch_rd_u8(&list, &f_item, &u8));
    assert_true(tch_rd_opaque16(&r, &f_item, 0, 65535, &s));
    assert_true(tch_rd_slice(&r, &f_number, 1, &s));
    assert_int_equal(seen.num, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < seen.num; i++) {
        assert_string_equal(seen.path[i], expected[i].path);
        assert_int_equal(seen.offset[i], expected[i].offset);
        assert_int_equal(seen.len[i], expected[i].len);
        assert_int_equal(seen.number[i], expected[i].number);
    }
}

static void observer_sees_nothing_of_what_failed(void **state)
{
    static const uint8_t wire[] = { 3, 0xAA };
    struct seen seen = { 0 };
    struct tch_observer observer = { see, NULL, &seen, false };
    struct tch_watch watch = { &observer, NULL };
    struct tch_reader r = reader_of(wire, sizeof wire, &watch);
    struct tch_reader list;
    struct tch_slice s;
    uint32_t v;

    (void)state;
    assert_false(tch_rd_u24(&r, &f_number, &v));
    assert_false(tch_rd_vec8(&r, &f_list, 0, 255, &list));
    assert_false(tch_rd_opaque8(&r, &f_list, 0, 255, &s));
    assert_false(tch_rd_slice(&r, &f_list, 3, &s));
    assert_int_equal(seen.num, 0);
}

static void written_integers_are_big_endian(void **state)
{
    static const uint8_t expected[] = { 0x01, 0x23, 0x45, 0x67, 0x89,
                                        0xAB, 0xCD, 0xEF, 0x01, 0x23,
                                        0,    1,    2,    3,    4,
                                        5,    6,    7 };
    uint8_t out[18];
    struct tch_writer w;

    (void)state;
    tch_wr_init(&w, out, sizeof out);
    tch_wr_u8(&w, 0x01);
    tch_wr_u16(&w, 0x2345);
    tch_wr_u24(&w, 0x6789AB);
    tch_wr_u32(&w, 0xCDEF0123);
    tch_wr_u64(&w, 0x0001020304050607u);
    assert_false(w.failed);
    assert_int_equal(tch_wr_done(&w).len, sizeof expected);
    assert_memory_equal(out, expected, sizeof expected);
}

static void a_full_window_fails_and_the_failure_sticks(void **state)
{
    uint8_t out[4] = { 0, 0, 0, 0xEE };
    struct tch_writer w;

    (void)state;
    tch_wr_init(&w, out, 3);
    tch_wr_u16(&w, 0x1122);
    tch_wr_u16(&w, 0x3344);
    assert_true(w.failed);
    tch_wr_u8(&w, 0x55); /* would fit, but comes too late */
    assert_int_equal(w.len, 2);
    assert_int_equal(tch_wr_done(&w).len, 0);
    assert_null(tch_wr_done(&w).p);
    assert_int_equal(out[2], 0);
    assert_int_equal(out[3], 0xEE);
}

static void open_and_close_fill_the_length_in(void **state)
{
    static const uint8_t expected[] = { 0, 5, 3, 0, 0, 0, 7 };
    uint8_t out[16];
    struct tch_writer w;
    struct tch_mark outer;
    struct tch_mark inner;

    (void)state;
    tch_wr_init(&w, out, sizeof out);
    outer = tch_wr_open(&w, 2);
    inner = tch_wr_open(&w, 1);
    tch_wr_u24(&w, 0);
    tch_wr_close(&w, inner);
    tch_wr_u8(&w, 7);
    tch_wr_close(&w, outer);
    assert_int_equal(tch_wr_done(&w).len, sizeof expected);
    assert_memory_equal(out, expected, sizeof expected);
}

static void a_length_that_does_not_fit_its_width_fails(void **state)
{
    static const uint8_t zeros[65536];
    static uint8_t out[65600];
    struct tch_writer w;

    (void)state;
    tch_wr_init(&w, out, sizeof out);
    tch_wr_vec(&w, 1, tch_slice_of(zeros, 255));
    assert_false(w.failed);
    assert_int_equal(out[0], 255);
    tch_wr_init(&w, out, sizeof out);
    tch_wr_vec(&w, 1, tch_slice_of(zeros, 256));
    assert_true(w.failed);
    tch_wr_init(&w, out, sizeof out);
    tch_wr_vec(&w, 2, tch_slice_of(zeros, 65535));
    assert_false(w.failed);
    tch_wr_init(&w, out, sizeof out);
    tch_wr_vec(&w, 2, tch_slice_of(zeros, 65536));
    assert_true(w.failed);
    tch_wr_init(&w, out, sizeof out);
    tch_wr_vec(&w, 3, tch_slice_of(zeros, 65536));
    assert_false(w.failed);
}

static void reserve_gives_room_or_nothing(void **state)
{
    uint8_t out[4];
    struct tch_writer w;

    (void)state;
    tch_wr_init(&w, out, sizeof out);
    assert_ptr_equal(tch_wr_reserve(&w, 4), out);
    assert_non_null(tch_wr_reserve(&w, 0));
    assert_null(tch_wr_reserve(&w, 1));
    tch_wr_init(&w, out, sizeof out);
    assert_null(tch_wr_reserve(&w, SIZE_MAX));
    assert_true(w.failed);
}

static void nothing_is_written_from_an_empty_slice(void **state)
{
    uint8_t out[1];
    struct tch_writer w;

    (void)state;
    tch_wr_init(&w, out, sizeof out);
    tch_wr_slice(&w, tch_slice_of(NULL, 0));
    tch_wr_bytes(&w, NULL, 0);
    assert_false(w.failed);
    assert_int_equal(w.len, 0);
}

static void bare_stores_and_loads(void **state)
{
    uint8_t out[8];

    (void)state;
    tch_put_u64(out, 0x0123456789ABCDEFu);
    assert_memory_equal(out, bytes, 8);
    assert_int_equal(tch_get_u16(out + 6), 0xCDEF);
    tch_put_u16(out, 0xFFFE);
    assert_int_equal(tch_get_u16(out), 0xFFFE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_big_endian),
        cmocka_unit_test(short_reads_leave_the_reader_where_it_was),
        cmocka_unit_test(an_empty_or_null_input_is_an_empty_message),
        cmocka_unit_test(vectors_hold_to_their_bounds),
        cmocka_unit_test(a_vector_longer_than_its_parent_is_refused),
        cmocka_unit_test(opaque_vectors_point_into_the_message),
        cmocka_unit_test(bytes_are_copied_and_slices_point),
        cmocka_unit_test(a_sub_reader_ends_where_it_was_told),
        cmocka_unit_test(failure_names_field_place_and_section),
        cmocka_unit_test(only_the_first_failure_is_kept),
        cmocka_unit_test(surplus_blames_the_reader_itself),
        cmocka_unit_test(blame_without_a_watch_just_returns_the_status),
        cmocka_unit_test(a_path_too_long_is_cut_on_the_left),
        cmocka_unit_test(a_path_of_many_parents_keeps_its_end),
        cmocka_unit_test(observer_sees_lengths_and_fields_in_wire_order),
        cmocka_unit_test(observer_sees_nothing_of_what_failed),
        cmocka_unit_test(written_integers_are_big_endian),
        cmocka_unit_test(a_full_window_fails_and_the_failure_sticks),
        cmocka_unit_test(open_and_close_fill_the_length_in),
        cmocka_unit_test(a_length_that_does_not_fit_its_width_fails),
        cmocka_unit_test(reserve_gives_room_or_nothing),
        cmocka_unit_test(nothing_is_written_from_an_empty_slice),
        cmocka_unit_test(bare_stores_and_loads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
