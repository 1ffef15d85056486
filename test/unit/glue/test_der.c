/*
 * DER reading and writing: what X.690 allows is read, every deviation that it
 * names is refused and leaves the reader where it was.
 */

#include "crypto-glue/der.h"

#include <string.h>

#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_json.h"

TCH_FIELD(outer, "X.690");
TCH_FIELD(inner, "X.690");

/* A reader over hex digits; the bytes live until the next call. */
static struct tch_reader reader(const char *hex)
{
    static uint8_t bytes[70000];
    struct tch_reader r;
    size_t n = unhex(hex, bytes, sizeof bytes);

    tch_rd_init(&r, tch_slice_of(bytes, n), &f_outer, NULL);
    return r;
}

/* All of the ways to read one element, for the tests below. */
enum how { ANY, INTEGER, UNSIGNED, UINT32, BOOL, NULL_, BITS, BIT_LIST, OID };

static bool read_as(enum how how, struct tch_reader *r, struct tch_slice *out)
{
    unsigned number;
    uint32_t small;
    bool truth;

    switch (how) {
    case ANY:
        return tch_der_any(r, &f_inner, &number, out);
    case INTEGER:
        return tch_der_integer(r, &f_inner, out);
    case UNSIGNED:
        return tch_der_unsigned(r, &f_inner, out);
    case UINT32:
        return tch_der_uint32(r, &f_inner, &small);
    case BOOL:
        return tch_der_bool(r, &f_inner, &truth);
    case NULL_:
        return tch_der_null(r, &f_inner);
    case BITS:
        return tch_der_bits(r, &f_inner, out);
    case BIT_LIST:
        return tch_der_bit_list(r, &f_inner, out, &number);
    case OID:
    default:
        return tch_der_oid(r, &f_inner, out);
    }
}

static void refused(enum how how, const char *hex)
{
    struct tch_reader r = reader(hex);
    const uint8_t *before = r.pos;
    struct tch_slice out;

    if (read_as(how, &r, &out)) {
        fail_msg("%s was read", hex);
    }
    assert_ptr_equal(r.pos, before);
}

static void accepted(enum how how, const char *hex)
{
    struct tch_reader r = reader(hex);
    struct tch_slice out;

    if (!read_as(how, &r, &out) || !tch_rd_end(&r)) {
        fail_msg("%s was not read", hex);
    }
}

static void lengths_are_definite_and_minimal(void **state)
{
    struct tch_reader r;
    struct tch_slice v;
    unsigned tag;
    char hex[600];

    (void)state;
    accepted(ANY, "0400");
    accepted(ANY, "040141");
    refused(ANY, "04");
    refused(ANY, "0402 41");
    refused(ANY, "0480 0000");           /* indefinite */
    refused(ANY, "048101 41");           /* long form for 1 */
    refused(ANY, "04820001 41");         /* leading zero */
    refused(ANY, "04FF");
    refused(ANY, "0485 0000000001 41");
    refused(ANY, "0484 FFFFFFFF 41");
    strcpy(hex, "0481 80");
    for (int i = 0; i < 128; i++) {
        strcat(hex, "00");
    }
    accepted(ANY, hex);
    hex[6] = '7';
    hex[7] = 'F';
    refused(ANY, hex); /* 127 in long form, and a byte left over */
    r = reader("0402 4142 0500");
    assert_true(tch_der_any(&r, &f_inner, &tag, &v));
    assert_int_equal(tag, TCH_DER_OCTET_STRING);
    assert_int_equal(v.len, 2);
    assert_int_equal(v.p[0], 0x41);
    assert_int_equal(tch_rd_left(&r), 2);
}

static void tags_take_one_byte_and_must_fit(void **state)
{
    struct tch_reader r;
    struct tch_slice v;

    (void)state;
    refused(ANY, "1F8101 00"); /* high tag number */
    refused(ANY, "BF2100");
    refused(ANY, "0000"); /* end of contents */
    r = reader("0401 41");
    assert_false(tch_der_value(&r, &f_inner, TCH_DER_UTF8_STRING, &v));
    assert_int_equal(tch_rd_left(&r), 3);
    assert_true(tch_der_next_is(&r, TCH_DER_OCTET_STRING));
    assert_false(tch_der_next_is(&r, TCH_DER_SEQUENCE));
    assert_true(tch_der_element(&r, &f_inner, &v));
    assert_int_equal(v.len, 3);
    assert_false(tch_der_next_is(&r, TCH_DER_OCTET_STRING));
}

static void integers_are_minimal(void **state)
{
    struct tch_reader r;
    struct tch_slice v;
    uint32_t n;

    (void)state;
    refused(INTEGER, "0200");
    refused(INTEGER, "0202 0001");
    refused(INTEGER, "0202 FF80");
    accepted(INTEGER, "0201 80");
    accepted(INTEGER, "0202 FF7F");
    accepted(INTEGER, "0202 0080");
    refused(UNSIGNED, "0201 80"); /* negative */
    refused(UNSIGNED, "0202 FF7F");
    accepted(UNSIGNED, "0201 00");
    refused(UNSIGNED, "0202 0000");
    r = reader("0203 008001");
    assert_true(tch_der_unsigned(&r, &f_inner, &v));
    assert_int_equal(v.len, 2);
    assert_int_equal(v.p[0], 0x80);
    r = reader("0205 00FFFFFFFF");
    assert_true(tch_der_uint32(&r, &f_inner, &n));
    assert_int_equal(n, 0xFFFFFFFF);
    refused(UINT32, "0205 0100000000");
    refused(UINT32, "0201 FF");
    r = reader("0A01 02");
    assert_true(tch_der_enumerated(&r, &f_inner, &n));
    assert_int_equal(n, 2);
}

static void booleans_and_nulls_have_one_form(void **state)
{
    struct tch_reader r = reader("0101 FF 0101 00");
    bool v;

    (void)state;
    assert_true(tch_der_bool(&r, &f_inner, &v));
    assert_true(v);
    assert_true(tch_der_bool(&r, &f_inner, &v));
    assert_false(v);
    refused(BOOL, "0101 01");
    refused(BOOL, "0100");
    refused(BOOL, "0102 FFFF");
    accepted(NULL_, "0500");
    refused(NULL_, "0501 00");
}

static void R_PKI_001_unused_bits_are_zero(void **state)
{
    struct tch_reader r = reader("0303 07 0180");
    struct tch_slice v;
    unsigned unused;

    (void)state;
    assert_true(tch_der_bit_list(&r, &f_inner, &v, &unused));
    assert_int_equal(unused, 7);
    assert_int_equal(v.len, 2);
    accepted(BITS, "0301 00");
    accepted(BITS, "0302 00 FF");
    refused(BITS, "0302 01 FE");     /* keys have no unused bits */
    accepted(BIT_LIST, "0302 01 FE");
    refused(BIT_LIST, "0302 01 FF"); /* an unused bit is set */
    refused(BIT_LIST, "0302 08 00");
    refused(BIT_LIST, "0301 01");
    refused(BIT_LIST, "0300");
}

static void object_identifiers_are_whole_and_minimal(void **state)
{
    (void)state;
    accepted(OID, "0603 2A8648");
    accepted(OID, "0602 8837"); /* 2.999 */
    refused(OID, "0600");
    refused(OID, "0603 2A8086"); /* ends in the middle of an arc */
    refused(OID, "0603 2A8001"); /* an arc that begins with 80 */
    refused(OID, "0602 8001");
}

static void a_child_cannot_run_past_its_parent(void **state)
{
    struct tch_reader r = reader("3005 0401 41 0500 0500");
    struct tch_reader seq;
    struct tch_reader none;
    struct tch_slice v;
    bool present;

    (void)state;
    assert_true(tch_der_open(&r, &f_inner, TCH_DER_SEQUENCE, &seq));
    assert_ptr_equal(seq.parent, &r);
    assert_int_equal(tch_rd_left(&seq), 5);
    assert_true(tch_der_value(&seq, &f_inner, TCH_DER_OCTET_STRING, &v));
    assert_true(tch_der_null(&seq, &f_inner));
    assert_true(tch_rd_end(&seq));
    assert_false(tch_der_null(&seq, &f_inner));
    assert_true(tch_der_optional(&r, &f_inner, TCH_DER_CONTEXT(0), &present,
                                 &none));
    assert_false(present);
    assert_int_equal(tch_rd_left(&none), 0);
    assert_true(tch_der_null(&r, &f_inner));

    r = reader("3005 0404 41 4242");
    assert_true(tch_der_open(&r, &f_inner, TCH_DER_SEQUENCE, &seq));
    assert_false(tch_der_value(&seq, &f_inner, TCH_DER_OCTET_STRING, &v));
    r = reader("A003 0201 07");
    assert_true(tch_der_optional(&r, &f_inner, TCH_DER_CONTEXT(0), &present,
                                 &seq));
    assert_true(present && tch_rd_end(&r));
}

static void a_failure_names_the_field_and_its_place(void **state)
{
    struct tch_failure failure;
    struct tch_watch watch = { NULL, &failure };
    struct tch_reader r = reader("3004 0202 0001");
    struct tch_reader seq;
    struct tch_slice v;

    (void)state;
    memset(&failure, 0, sizeof failure);
    r.watch = &watch;
    assert_true(tch_der_open(&r, &f_inner, TCH_DER_SEQUENCE, &seq));
    assert_string_equal(failure.path, "");
    assert_false(tch_der_unsigned(&seq, &f_inner, &v));
    assert_string_equal(failure.path, "outer.inner.inner");
    assert_int_equal(failure.offset, 2);
}

static void what_is_written_is_read_back(void **state)
{
    static const size_t lengths[] = { 0, 1, 127, 128, 255, 256, 65535, 65536 };
    static uint8_t bytes[65536];
    static uint8_t out[65600];
    struct tch_writer w;
    struct tch_reader r;
    struct tch_slice v;

    (void)state;
    memset(bytes, 0x5A, sizeof bytes);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        tch_wr_init(&w, out, sizeof out);
        tch_der_wr_value(&w, TCH_DER_OCTET_STRING,
                         tch_slice_of(bytes, lengths[i]));
        assert_false(w.failed);
        tch_rd_init(&r, tch_wr_done(&w), &f_outer, NULL);
        assert_true(tch_der_value(&r, &f_inner, TCH_DER_OCTET_STRING, &v));
        assert_true(tch_rd_end(&r));
        assert_int_equal(v.len, lengths[i]);
        assert_true(tch_der_same(v, tch_slice_of(bytes, lengths[i])));
    }
    tch_wr_init(&w, out, 129); /* one byte short for the longer length */
    tch_der_wr_value(&w, TCH_DER_OCTET_STRING, tch_slice_of(bytes, 127));
    assert_false(w.failed);
    tch_wr_init(&w, out, 130);
    tch_der_wr_value(&w, TCH_DER_OCTET_STRING, tch_slice_of(bytes, 128));
    assert_true(w.failed);
}

static void numbers_are_written_minimal(void **state)
{
    static const struct {
        const char *in;
        const char *out;
    } cases[] = {
        { "", "020100" },         { "00", "020100" },
        { "0000", "020100" },     { "7F", "02017F" },
        { "80", "02020080" },     { "00FF", "020200FF" },
        { "000102", "02020102" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t in[8];
        uint8_t want[8];
        uint8_t out[8];
        size_t n = unhex(cases[i].in, in, sizeof in);
        size_t m = unhex(cases[i].out, want, sizeof want);
        struct tch_writer w;

        tch_wr_init(&w, out, sizeof out);
        tch_der_wr_unsigned(&w, tch_slice_of(in, n));
        assert_int_equal(w.len, m);
        assert_memory_equal(out, want, m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_definite_and_minimal),
        cmocka_unit_test(tags_take_one_byte_and_must_fit),
        cmocka_unit_test(integers_are_minimal),
        cmocka_unit_test(booleans_and_nulls_have_one_form),
        cmocka_unit_test(R_PKI_001_unused_bits_are_zero),
        cmocka_unit_test(object_identifiers_are_whole_and_minimal),
        cmocka_unit_test(a_child_cannot_run_past_its_parent),
        cmocka_unit_test(a_failure_names_the_field_and_its_place),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(numbers_are_written_minimal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
