/*
 * Names (crypto-glue/x509/name.c): comparison R-PKI-023, subtrees, general
 * names.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/der.h"
#include "crypto-glue/x509/name.h"

#include "test/unit/glue/support_make_cert.h"

TCH_FIELD(name, "5280 4.1.2.4");

#define PRINTABLE TCH_DER_PRINTABLE_STRING
#define UTF8 TCH_DER_UTF8_STRING
#define IA5 TCH_DER_IA5_STRING

static uint8_t room[8192];
static size_t used;

/* A Name of one attribute 2.5.4.`arc`. */
static struct tch_slice name1(unsigned arc, unsigned tag, const char *text)
{
    uint8_t oid[3] = { 0x55, 0x04, (uint8_t)arc };
    struct tch_writer w;
    struct tch_mark m[3];
    struct tch_slice s;

    if (used > sizeof room / 2) {
        used = 0;
    }
    tch_wr_init(&w, room + used, sizeof room - used);
    m[0] = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    m[1] = tch_der_wr_open(&w, TCH_DER_SET);
    m[2] = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    tch_der_wr_value(&w, TCH_DER_OID, tch_slice_of(oid, 3));
    tch_der_wr_value(&w, tag, text_slice(text));
    tch_der_wr_close(&w, m[2]);
    tch_der_wr_close(&w, m[1]);
    tch_der_wr_close(&w, m[0]);
    s = tch_wr_done(&w);
    used += s.len;
    return s;
}

/* Both orders must agree, and equal names must have equal hashes. */
static bool same(struct tch_slice a, struct tch_slice b)
{
    bool yes = tch_name_same(a, b);

    assert_int_equal(yes, tch_name_same(b, a));
    assert_true(!yes || tch_name_hash(a) == tch_name_hash(b));
    return yes;
}

static void letters_and_spaces_are_folded_R_PKI_023(void **state)
{
    (void)state;
    assert_true(same(name1(3, UTF8, "Test CA"), name1(3, UTF8, "Test CA")));
    assert_true(same(name1(3, UTF8, "Test CA"), name1(3, UTF8, "TEST ca")));
    assert_true(
        same(name1(3, UTF8, "Test CA"), name1(3, PRINTABLE, "Test CA")));
    assert_true(
        same(name1(3, UTF8, "Test CA"), name1(3, PRINTABLE, "  test   ca ")));
    assert_false(same(name1(3, UTF8, "Test CA"), name1(3, UTF8, "TestCA")));
    assert_false(same(name1(3, UTF8, "Test CA"), name1(3, UTF8, "Test CB")));
    assert_false(same(name1(3, UTF8, "Test"), name1(3, UTF8, "Test C")));
    assert_true(same(name1(3, UTF8, ""), name1(3, PRINTABLE, " ")));
}

static void other_string_types_are_compared_as_they_are(void **state)
{
    (void)state;
    assert_true(same(name1(3, IA5, "a.test"), name1(3, IA5, "A.TEST")));
    assert_false(same(name1(3, IA5, "a.test"), name1(3, UTF8, "a.test")));
    assert_false(same(name1(3, IA5, "a  b"), name1(3, IA5, "a b")));
    assert_false(same(name1(3, TCH_DER_T61_STRING, "Test"),
                      name1(3, TCH_DER_T61_STRING, "TEST")));
    assert_false(same(name1(3, TCH_DER_BMP_STRING, "ab"),
                      name1(3, UTF8, "ab")));
}

static void the_attribute_type_counts(void **state)
{
    (void)state;
    assert_false(same(name1(3, UTF8, "x"), name1(10, UTF8, "x")));
}

/* C=UT, O=Test; O=Test, C=UT; both in one SET; O alone; nothing */
static const char c_o[] = "301C310B300906035504060C025554"
                          "310D300B060355040A0C0454657374";
static const char o_c[] = "301C310D300B060355040A0C0454657374"
                          "310B300906035504060C025554";
static const char one_set[] = "301A3118300906035504060C025554"
                              "300B060355040A0C0454657374";
static const char c_alone[] = "300D310B300906035504060C025554";
static const char empty[] = "3000";

static void order_and_grouping_count(void **state)
{
    (void)state;
    assert_true(same(hex_slice(c_o), hex_slice(c_o)));
    assert_false(same(hex_slice(c_o), hex_slice(o_c)));
    assert_false(same(hex_slice(c_o), hex_slice(one_set)));
    assert_false(same(hex_slice(c_o), hex_slice(c_alone)));
    assert_false(same(hex_slice(c_alone), hex_slice(empty)));
    assert_true(same(hex_slice(empty), hex_slice(empty)));
}

static void a_subtree_is_a_prefix_of_whole_relative_names(void **state)
{
    (void)state;
    assert_true(tch_name_within(hex_slice(c_o), hex_slice(c_alone)));
    assert_true(tch_name_within(hex_slice(c_o), hex_slice(c_o)));
    assert_true(tch_name_within(hex_slice(c_o), hex_slice(empty)));
    assert_false(tch_name_within(hex_slice(c_alone), hex_slice(c_o)));
    assert_false(tch_name_within(hex_slice(o_c), hex_slice(c_alone)));
    assert_false(tch_name_within(hex_slice(one_set), hex_slice(c_alone)));
    assert_false(tch_name_within(hex_slice(empty), hex_slice(c_alone)));
}

static void malformed_names_are_equal_to_themselves_alone(void **state)
{
    struct tch_slice broken = hex_slice("300D310B300906035504060C035554");

    (void)state;
    assert_false(tch_name_same(broken, hex_slice(c_alone)));
    assert_false(tch_name_same(hex_slice(c_alone), broken));
    assert_false(tch_name_within(hex_slice(c_alone), broken));
    assert_false(tch_name_within(broken, hex_slice(empty)));
    assert_false(tch_name_is_empty(broken));
    assert_true(tch_name_is_empty(hex_slice(empty)));
    assert_false(tch_name_is_empty(hex_slice(c_alone)));
}

static void the_walk_tells_attributes_and_their_sets(void **state)
{
    struct tch_name_walk w;
    struct tch_name_attr a;

    (void)state;
    tch_name_start(&w, hex_slice(one_set), &f_name, NULL);
    assert_true(tch_name_next(&w, &a));
    assert_int_equal(a.rdn, 0);
    assert_memory_equal(a.type.p, "\x55\x04\x06", 3);
    assert_int_equal(a.tag, UTF8);
    assert_memory_equal(a.value.p, "UT", 2);
    assert_true(tch_name_next(&w, &a));
    assert_int_equal(a.rdn, 0);
    assert_memory_equal(a.value.p, "Test", 4);
    assert_false(tch_name_next(&w, &a));
    assert_false(w.failed);
    tch_name_start(&w, hex_slice(c_o), &f_name, NULL);
    assert_true(tch_name_next(&w, &a));
    assert_true(tch_name_next(&w, &a));
    assert_int_equal(a.rdn, 1);
}

/* A Name of `num` relative names. */
static struct tch_slice many(unsigned num)
{
    struct tch_writer w;
    struct tch_mark m;

    tch_wr_init(&w, room, sizeof room);
    m = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    for (unsigned i = 0; i < num; i++) {
        tch_wr_slice(&w, hex_slice("310B300906035504060C025554"));
    }
    tch_der_wr_close(&w, m);
    return tch_wr_done(&w);
}

static void at_most_128_relative_names(void **state)
{
    struct tch_reader r;
    struct tch_slice whole;

    (void)state;
    tch_rd_init(&r, many(TCH_NAME_MAX_RDNS), &f_name, NULL);
    assert_true(tch_name_check(&r, &f_name, &whole));
    tch_rd_init(&r, many(TCH_NAME_MAX_RDNS + 1), &f_name, NULL);
    assert_false(tch_name_check(&r, &f_name, &whole));
}

static void general_names_come_with_their_form_R_PKI_042(void **state)
{
    static const struct {
        const char *hex;
        int form; /* -1: refused */
        size_t len;
    } rows[] = {
        { "A0020500", TCH_GN_OTHER, 2 },
        { "810161", TCH_GN_RFC822, 1 },
        { "820161", TCH_GN_DNS, 1 },
        { "A3020500", TCH_GN_X400, 2 },
        { "A4023000", TCH_GN_DIRECTORY, 2 },
        { "A5020500", TCH_GN_EDI, 2 },
        { "860161", TCH_GN_URI, 1 },
        { "870401020304", TCH_GN_IP, 4 },
        { "88022A03", TCH_GN_REGISTERED_ID, 2 },
        { "A20161", -1, 0 },
        { "800161", -1, 0 },
        { "890161", -1, 0 },
        { "020161", -1, 0 },
        { "A400", -1, 0 },
        { "8202", -1, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tch_general_name gn;
        struct tch_slice in = hex_slice(rows[i].hex);
        struct tch_reader r;
        bool ok;

        tch_rd_init(&r, in, &f_name, NULL);
        ok = tch_general_name_next(&r, &f_name, &gn);
        assert_int_equal(ok, rows[i].form >= 0);
        assert_int_equal(tch_rd_left(&r), ok ? 0 : in.len);
        if (ok) {
            assert_int_equal(gn.form, rows[i].form);
            assert_int_equal(gn.value.len, rows[i].len);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_and_spaces_are_folded_R_PKI_023),
        cmocka_unit_test(other_string_types_are_compared_as_they_are),
        cmocka_unit_test(the_attribute_type_counts),
        cmocka_unit_test(order_and_grouping_count),
        cmocka_unit_test(a_subtree_is_a_prefix_of_whole_relative_names),
        cmocka_unit_test(malformed_names_are_equal_to_themselves_alone),
        cmocka_unit_test(the_walk_tells_attributes_and_their_sets),
        cmocka_unit_test(at_most_128_relative_names),
        cmocka_unit_test(general_names_come_with_their_form_R_PKI_042),
    };

    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
