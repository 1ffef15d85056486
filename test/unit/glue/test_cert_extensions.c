/*
 * Extensions (crypto-glue/x509/extensions.c): RFC 5280 4.2, dossier 7.3.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/x509/x509.h"

#include "test/unit/glue/support_make_cert.h"
#include "test/unit/glue/support_x509.h"

static uint8_t made[MADE_MAX];
static uint8_t list[MADE_MAX];
static struct tch_writer w;

/* Starts a list of extensions. */
static void begin(void)
{
    tch_wr_init(&w, list, sizeof list);
}

/* Parses a certificate with the extensions written since begin(). */
static enum tch_status parse(struct tch_cert *c)
{
    struct recipe r = { .extensions = tch_wr_done(&w) };

    assert_false(w.failed);
    return tch_cert_parse(c, tch_slice_of(made, make_cert(&r, made)), NULL);
}

/* Parses a certificate with one extension 2.5.29.`arc`. */
static enum tch_status parse_one(struct tch_cert *c, unsigned arc,
                                 const char *hex)
{
    begin();
    ext(&w, arc, false, hex_slice(hex));
    return parse(c);
}

static void an_extension_may_come_once_R_PKI_008(void **state)
{
    struct tch_slice unknown = hex_slice("2A030405");
    struct tch_cert c;

    (void)state;
    begin();
    ext_key_usage(&w, TCH_KU_KEY_CERT_SIGN);
    ext_ca(&w, 3);
    assert_int_equal(parse(&c), TCH_OK);
    assert_int_equal(c.path_len, 3);
    begin();
    ext_ca(&w, 3);
    ext_key_usage(&w, TCH_KU_KEY_CERT_SIGN);
    ext_ca(&w, 3);
    assert_int_equal(parse(&c), TCH_CERT_BAD);
    begin();
    ext_oid(&w, unknown, false, hex_slice("0500"));
    assert_int_equal(parse(&c), TCH_OK);
    begin();
    ext_oid(&w, unknown, false, hex_slice("0500"));
    ext_oid(&w, unknown, false, hex_slice("0500"));
    assert_int_equal(parse(&c), TCH_CERT_BAD);
}

static void unknown_critical_ones_are_flagged_R_PKI_008(void **state)
{
    struct tch_slice unknown = hex_slice("2A030405");
    struct tch_cert c;

    (void)state;
    begin();
    ext_oid(&w, unknown, false, hex_slice("0500"));
    assert_int_equal(parse(&c), TCH_OK);
    assert_false(c.unknown_critical);
    begin();
    ext_oid(&w, unknown, true, hex_slice("0500"));
    assert_int_equal(parse(&c), TCH_OK);
    assert_true(c.unknown_critical);
}

/* Hints are not processed, so they may not be critical. */
static void critical_key_identifiers_are_flagged(void **state)
{
    struct tch_cert c;

    (void)state;
    begin();
    ext(&w, 14, true, hex_slice("04020102"));
    assert_int_equal(parse(&c), TCH_OK);
    assert_true(c.unknown_critical);
    begin();
    ext(&w, 35, true, hex_slice("300480020102"));
    assert_int_equal(parse(&c), TCH_OK);
    assert_true(c.unknown_critical);
    begin();
    ext(&w, 14, false, hex_slice("04020102"));
    ext(&w, 35, false, hex_slice("300480020304"));
    assert_int_equal(parse(&c), TCH_OK);
    assert_false(c.unknown_critical);
    assert_memory_equal(c.subject_key_id.p, "\x01\x02", 2);
    assert_memory_equal(c.authority_key_id.p, "\x03\x04", 2);
}

static void processed_ones_may_be_critical(void **state)
{
    struct tch_cert c;

    (void)state;
    begin();
    ext_ca(&w, -1);
    ext_key_usage(&w, TCH_KU_KEY_CERT_SIGN);
    ext(&w, 37, true, hex_slice("300A06082B06010505070301"));
    ext_alt_names(&w, true, hex_slice("8206612E74657374"));
    ext(&w, 32, true, hex_slice("3006300406022A03"));
    ext(&w, 54, true, hex_slice("020100"));
    assert_int_equal(parse(&c), TCH_OK);
    assert_false(c.unknown_critical);
    assert_true(c.alt_names_critical);
}

static void key_usage_bits_are_numbered_from_the_left_R_PKI_041(void **state)
{
    struct tch_cert c;

    (void)state;
    assert_int_equal(parse_one(&c, 15, "03020780"), TCH_OK);
    assert_int_equal(c.key_usage, TCH_KU_DIGITAL_SIGNATURE);
    assert_int_equal(parse_one(&c, 15, "03020520"), TCH_OK);
    assert_int_equal(c.key_usage, TCH_KU_KEY_ENCIPHERMENT);
    assert_int_equal(parse_one(&c, 15, "03020106"), TCH_OK);
    assert_int_equal(c.key_usage, TCH_KU_KEY_CERT_SIGN | TCH_KU_CRL_SIGN);
    assert_int_equal(parse_one(&c, 15, "0303070880"), TCH_OK);
    assert_int_equal(c.key_usage, TCH_KU_KEY_AGREEMENT | 1u << 8);
    assert_int_equal(parse_one(&c, 15, "030100"), TCH_OK);
    assert_int_equal(c.key_usage, 0);
    assert_true(c.has_key_usage);
    /* unused bits that are set, more unused bits than there are, no string */
    assert_int_equal(parse_one(&c, 15, "03020781"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 15, "030101"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 15, "0300"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 15, "04020780"), TCH_CERT_BAD);
}

static void basic_constraints_R_PKI_043(void **state)
{
    struct tch_cert c;

    (void)state;
    assert_int_equal(parse_one(&c, 19, "3000"), TCH_OK);
    assert_true(c.has_basic_constraints && !c.is_ca && c.path_len == -1);
    assert_int_equal(parse_one(&c, 19, "3003010100"), TCH_OK);
    assert_false(c.is_ca);
    assert_int_equal(parse_one(&c, 19, "30030101FF"), TCH_OK);
    assert_true(c.is_ca && c.path_len == -1);
    assert_int_equal(parse_one(&c, 19, "30060101FF020105"), TCH_OK);
    assert_int_equal(c.path_len, 5);
    assert_int_equal(parse_one(&c, 19, "30090101FF02047FFFFFFF"), TCH_OK);
    assert_true(c.path_len > TCH_PATH_MAX_LEN);
    assert_int_equal(parse_one(&c, 19, "3003010101"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 19, "30060101FF0201FF"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 19, "30070101FF02020005"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 19, "30060201050101FF"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 19, "30030101FF00"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 19, ""), TCH_CERT_BAD);
}

static void extended_key_usages_R_PKI_048(void **state)
{
    struct tch_cert c;

    (void)state;
    assert_int_equal(parse_one(&c, 37, "300A06082B06010505070302"), TCH_OK);
    assert_int_equal(c.eku, TCH_EKU_CLIENT_AUTH);
    assert_int_equal(
        parse_one(&c, 37, "301406082B0601050507030106082B06010505070309"),
        TCH_OK);
    assert_int_equal(c.eku, TCH_EKU_SERVER_AUTH | TCH_EKU_OCSP_SIGNING);
    assert_int_equal(parse_one(&c, 37, "30060604551D2500"), TCH_OK);
    assert_int_equal(c.eku, TCH_EKU_ANY);
    /* one we do not know: the list is there, and holds nothing for us */
    assert_int_equal(parse_one(&c, 37, "300A06082B06010505070303"), TCH_OK);
    assert_true(c.has_eku);
    assert_int_equal(c.eku, 0);
    assert_int_equal(parse_one(&c, 37, "3000"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 37, "30020500"), TCH_CERT_BAD);
}

static void alternative_names_R_PKI_042(void **state)
{
    struct tch_cert c;

    (void)state;
    assert_int_equal(parse_one(&c, 17, "30088206612E74657374"), TCH_OK);
    assert_int_equal(c.alt_names.len, 8);
    assert_int_equal(parse_one(&c, 17, "300687047F000001"), TCH_OK);
    assert_int_equal(parse_one(&c, 17, "3000"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 17, "3003820120"), TCH_CERT_BAD); /* " " */
    assert_int_equal(parse_one(&c, 17, "300587037F0000"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 17, "300A8708C0000200FFFFFF00"),
                     TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 17, "300389010A"), TCH_CERT_BAD); /* [9] */
    assert_int_equal(parse_one(&c, 17, "3003A20161"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 17, "3003840161"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 17, "3003020161"), TCH_CERT_BAD);
    /* a directoryName holds one Name, and nothing else */
    assert_int_equal(parse_one(&c, 17, "3004A4023000"), TCH_OK);
    assert_int_equal(parse_one(&c, 17, "3006A40430003000"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 17, "3004A4020500"), TCH_CERT_BAD);
}

static void at_most_10000_alternative_names_R_PKI_010(void **state)
{
    static uint8_t names[4 * (TCH_CERT_MAX_ALT_NAMES + 1)];
    struct tch_cert c;

    (void)state;
    for (size_t i = 0; i <= TCH_CERT_MAX_ALT_NAMES; i++) {
        memcpy(names + 4 * i, "\x82\x02zz", 4);
    }
    begin();
    ext_alt_names(&w, false, tch_slice_of(names, sizeof names - 4));
    assert_int_equal(parse(&c), TCH_OK);
    begin();
    ext_alt_names(&w, false, tch_slice_of(names, sizeof names));
    assert_int_equal(parse(&c), TCH_CERT_BAD);
}

static void at_most_64_extensions(void **state)
{
    struct tch_cert c;

    (void)state;
    for (unsigned num = 64; num <= 65; num++) {
        begin();
        for (unsigned i = 0; i < num; i++) {
            uint8_t oid[3] = { 0x2A, 0x03, (uint8_t)i };

            ext_oid(&w, tch_slice_of(oid, 3), false, hex_slice("0500"));
        }
        assert_int_equal(parse(&c), num == 64 ? TCH_OK : TCH_CERT_BAD);
    }
}

static void key_identifiers_in_all_their_parts_R_PKI_047(void **state)
{
    struct tch_cert c;

    (void)state;
    assert_int_equal(parse_one(&c, 35, "3000"), TCH_OK);
    assert_int_equal(c.authority_key_id.len, 0);
    assert_int_equal(parse_one(&c, 35, "300B80020102A1028200820105"), TCH_OK);
    assert_int_equal(c.authority_key_id.len, 2);
    assert_int_equal(parse_one(&c, 35, "300782010580020102"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 35, "30020500"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 14, "040201"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 14, "0402010205"), TCH_CERT_BAD);
}

static void policies_are_read_strictly_R_PKI_046(void **state)
{
    struct tch_cert c;

    (void)state;
    assert_int_equal(parse_one(&c, 32, "3006300406022A03"), TCH_OK);
    assert_int_equal(parse_one(&c, 32, "3008300606022A033000"), TCH_OK);
    assert_int_equal(parse_one(&c, 32, "3000"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 32, "30023000"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 33, "300A300806022A0306022A04"), TCH_OK);
    /* anyPolicy is never mapped, R-PKI-026 */
    assert_int_equal(parse_one(&c, 33, "300C300A06022A030604551D2000"),
                     TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 36, "3003800100"), TCH_OK);
    assert_int_equal(parse_one(&c, 36, "3006800101810102"), TCH_OK);
    assert_int_equal(parse_one(&c, 36, "3000"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 36, "30038001FF"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 36, "300480020001"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 36, "30028000"), TCH_CERT_BAD);
    assert_int_equal(parse_one(&c, 54, "020103"), TCH_OK);
    assert_int_equal(parse_one(&c, 54, "0201FF"), TCH_CERT_BAD);
}

static void the_frame_of_an_extension_is_strict(void **state)
{
    static const struct {
        const char *hex;
        enum tch_status status;
    } rows[] = {
        { "300706022A0304010A", TCH_OK },
        { "300A06022A030101FF04010A", TCH_OK },
        { "300A06022A0301010004010A", TCH_OK }, /* FALSE spelled out */
        { "300A06022A0301010104010A", TCH_CERT_BAD },
        { "300406022A03", TCH_CERT_BAD },
        { "300906022A0304010A0500", TCH_CERT_BAD },
        { "300706022A0303010A", TCH_CERT_BAD },
        { "3003040100", TCH_CERT_BAD },
        { "0500", TCH_CERT_BAD },
        { "300706022A8304010A", TCH_CERT_BAD },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct recipe r = { .extensions = hex_slice(rows[i].hex) };
        struct tch_cert c;

        assert_int_equal(
            tch_cert_parse(&c, tch_slice_of(made, make_cert(&r, made)), NULL),
            rows[i].status);
    }
}

static void an_extension_is_found_by_its_oid(void **state)
{
    struct tch_slice aia = hex_slice("2B06010505070101");
    struct tch_slice other = hex_slice("2B06010505070118");
    struct tch_slice value;
    struct tch_cert c;
    bool critical = true;

    (void)state;
    begin();
    ext_ca(&w, -1);
    ext_oid(&w, aia, false, hex_slice("3003020105"));
    assert_int_equal(parse(&c), TCH_OK);
    assert_true(tch_cert_extension(&c, aia, &value, &critical));
    assert_false(critical);
    assert_int_equal(value.len, 5);
    assert_memory_equal(value.p, "\x30\x03\x02\x01\x05", 5);
    assert_true(
        tch_cert_extension(&c, hex_slice("551D13"), &value, &critical));
    assert_true(critical);
    assert_false(tch_cert_extension(&c, other, &value, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_extension_may_come_once_R_PKI_008),
        cmocka_unit_test(unknown_critical_ones_are_flagged_R_PKI_008),
        cmocka_unit_test(critical_key_identifiers_are_flagged),
        cmocka_unit_test(processed_ones_may_be_critical),
        cmocka_unit_test(key_usage_bits_are_numbered_from_the_left_R_PKI_041),
        cmocka_unit_test(basic_constraints_R_PKI_043),
        cmocka_unit_test(extended_key_usages_R_PKI_048),
        cmocka_unit_test(alternative_names_R_PKI_042),
        cmocka_unit_test(at_most_10000_alternative_names_R_PKI_010),
        cmocka_unit_test(at_most_64_extensions),
        cmocka_unit_test(key_identifiers_in_all_their_parts_R_PKI_047),
        cmocka_unit_test(policies_are_read_strictly_R_PKI_046),
        cmocka_unit_test(the_frame_of_an_extension_is_strict),
        cmocka_unit_test(an_extension_is_found_by_its_oid),
    };

    return cmocka_run_group_tests_name("cert_extensions", tests, NULL, NULL);
}
