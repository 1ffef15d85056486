/*
 * Host names (crypto-glue/x509/host.c): RFC 6125, 9525, dossier
 * R-PKI-070..076, R-ATK-040.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/x509/host.h"
#include "crypto-glue/x509/name.h"
#include "crypto-glue/x509/x509.h"

#include "test/unit/glue/support_make_cert.h"
#include "test/unit/glue/support_x509.h"

static uint8_t made[MADE_MAX];
static uint8_t list[MADE_MAX];
static uint8_t names[MADE_MAX];

/* A certificate for some GeneralNames; it stays in `made`. */
static struct tch_cert cert_for(struct tch_slice general_names)
{
    struct recipe r = { .subject = "common.test" };
    struct tch_writer w;
    struct tch_cert c;

    tch_wr_init(&w, list, sizeof list);
    ext_alt_names(&w, false, general_names);
    r.extensions = tch_wr_done(&w);
    assert_int_equal(
        tch_cert_parse(&c, tch_slice_of(made, make_cert(&r, made)), NULL),
        TCH_OK);
    return c;
}

/* Does a certificate for the one dNSName `entry` match `host`? */
static bool dns_matches_bytes(struct tch_slice entry, const char *host)
{
    struct tch_writer w;
    struct tch_cert c;

    tch_wr_init(&w, names, sizeof names);
    general_name(&w, TCH_GN_DNS, entry);
    c = cert_for(tch_wr_done(&w));
    return tch_cert_matches_host(&c, host);
}

static bool dns_matches(const char *entry, const char *host)
{
    return dns_matches_bytes(text_slice(entry), host);
}

static void names_match_label_by_label_in_either_case_R_PKI_070(void **state)
{
    (void)state;
    assert_true(dns_matches("www.example.com", "www.example.com"));
    assert_true(dns_matches("www.example.com", "WWW.Example.COM"));
    assert_true(dns_matches("WWW.EXAMPLE.com", "www.example.com"));
    assert_true(dns_matches("localhost", "localhost"));
    assert_true(dns_matches("a_b.example.com", "a_b.example.com"));
    assert_false(dns_matches("www.example.com", "example.com"));
    assert_false(dns_matches("example.com", "www.example.com"));
    assert_false(dns_matches("www.example.com", "www.example.co"));
    assert_false(dns_matches("www.example.com", "wwwxexample.com"));
    assert_false(dns_matches("example.com", "xample.com"));
}

static void one_dot_at_the_end_of_the_reference_is_dropped_R_PKI_070(
    void **state)
{
    (void)state;
    assert_true(dns_matches("www.example.com", "www.example.com."));
    assert_false(dns_matches("www.example.com", "www.example.com.."));
    assert_false(dns_matches("www.example.com.", "www.example.com"));
    assert_false(dns_matches("www.example.com.", "www.example.com."));
}

static void a_wildcard_is_one_whole_left_label_R_PKI_071(void **state)
{
    (void)state;
    assert_true(dns_matches("*.example.com", "www.example.com"));
    assert_true(dns_matches("*.example.com", "WWW.EXAMPLE.com"));
    assert_true(dns_matches("*.example.com", "xn--bcher-kva.example.com"));
    assert_false(dns_matches("*.example.com", "example.com"));
    assert_false(dns_matches("*.example.com", "a.b.example.com"));
    assert_false(dns_matches("*.example.com", ".example.com"));
    assert_false(dns_matches("b*z.example.com", "buzz.example.com"));
    assert_false(dns_matches("*z.example.com", "buzz.example.com"));
    assert_false(dns_matches("b*.example.com", "buzz.example.com"));
    assert_false(dns_matches("xn--*.example.com", "xn--a.example.com"));
    assert_false(dns_matches("www.*.com", "www.example.com"));
    assert_false(dns_matches("*.*.com", "www.example.com"));
    assert_false(dns_matches("**.example.com", "www.example.com"));
    assert_false(dns_matches("*.www.*.com", "a.www.example.com"));
}

static void a_wildcard_needs_two_more_labels_R_PKI_072(void **state)
{
    (void)state;
    assert_false(dns_matches("*", "localhost"));
    assert_false(dns_matches("*.com", "example.com"));
    assert_false(dns_matches("*.com.", "example.com"));
    assert_false(dns_matches("*.", "localhost"));
    assert_true(dns_matches("*.co.uk", "example.co.uk"));
}

static void a_reference_with_an_asterisk_matches_nothing(void **state)
{
    (void)state;
    assert_false(dns_matches("*.example.com", "*.example.com"));
    assert_false(dns_matches("www.example.com", "*.example.com"));
}

static void unclean_names_never_match_R_PKI_076(void **state)
{
    char label[65];
    char name[300];

    (void)state;
    assert_false(dns_matches_bytes(
        tch_slice_of("www.example.com\0.evil.test", 26), "www.example.com"));
    assert_false(dns_matches_bytes(tch_slice_of("www.example.com\0", 16),
                                   "www.example.com"));
    assert_false(dns_matches(" www.example.com", "www.example.com"));
    assert_false(dns_matches("www.example.com ", "www.example.com"));
    assert_false(dns_matches("www..example.com", "www..example.com"));
    assert_false(dns_matches(".example.com", ".example.com"));
    assert_false(dns_matches("b\xC3\xBC.test", "b\xC3\xBC.test"));
    assert_false(dns_matches("a b.test", "a b.test"));
    assert_false(dns_matches("www.example.com", ""));
    assert_false(dns_matches("www.example.com", "."));

    /* 63 bytes in a label, 253 in all */
    memset(label, 'a', sizeof label);
    label[63] = '\0';
    snprintf(name, sizeof name, "%s.%s.%s.%.61s", label, label, label, label);
    assert_int_equal(strlen(name), 253);
    assert_true(dns_matches(name, name));
    snprintf(name, sizeof name, "%s.%s.%s.%.62s", label, label, label, label);
    assert_false(dns_matches(name, name));
    label[63] = 'a';
    label[64] = '\0';
    assert_false(dns_matches(label, label));
}

static void addresses_are_compared_as_bytes_R_PKI_074(void **state)
{
    struct tch_cert c =
        cert_for(hex_slice("8704C0000201" /* 192.0.2.1 */
                           "871020010DB8000000000000000000000001"));

    (void)state;
    assert_true(tch_cert_matches_host(&c, "192.0.2.1"));
    assert_true(tch_cert_matches_host(&c, "2001:db8::1"));
    assert_true(tch_cert_matches_host(&c, "2001:0DB8:0:0:0:0:0:1"));
    assert_false(tch_cert_matches_host(&c, "192.0.2.2"));
    assert_false(tch_cert_matches_host(&c, "2001:db8::2"));
    assert_false(tch_cert_matches_host(&c, "192.0.2.01"));
    assert_false(tch_cert_matches_host(&c, "3221225985"));
    assert_false(tch_cert_matches_host(&c, "[2001:db8::1]"));
    assert_false(tch_cert_matches_host(&c, "::ffff:192.0.2.1"));
}

static void an_address_is_no_dns_name_and_the_reverse_R_PKI_074(void **state)
{
    struct tch_cert c = cert_for(hex_slice("87047F000001"));

    (void)state;
    assert_false(dns_matches("192.0.2.1", "192.0.2.1"));
    assert_false(dns_matches("*.0.2.1", "192.0.2.1"));
    assert_false(dns_matches("::1", "::1"));
    assert_false(tch_cert_matches_host(&c, "localhost"));
}

static void the_common_name_is_never_looked_at_R_PKI_075(void **state)
{
    struct pile p = { .num = 0 };
    struct recipe r = { .subject = "common.test" };
    struct tch_cert c = cert_for(hex_slice("8206612E74657374"));

    (void)state;
    assert_true(tch_cert_matches_host(&c, "a.test"));
    assert_false(tch_cert_matches_host(&c, "common.test"));
    assert_int_equal(
        tch_cert_parse(&c, tch_slice_of(made, make_cert(&r, made)), NULL),
        TCH_OK);
    assert_false(tch_cert_matches_host(&c, "common.test"));
    pile_add(&p, "server-cnonly");
    assert_int_equal(tch_cert_parse(&c, p.der[0], NULL), TCH_OK);
    assert_false(tch_cert_matches_host(&c, "localhost"));
    pile_free(&p);
}

static void a_bad_entry_does_not_spoil_the_good_ones_R_PKI_071(void **state)
{
    struct tch_writer w;
    struct tch_cert c;

    (void)state;
    tch_wr_init(&w, names, sizeof names);
    general_name(&w, TCH_GN_DNS, text_slice("*foo.bad.test"));
    general_name(&w, TCH_GN_URI, text_slice("https://uri.test/"));
    general_name(&w, TCH_GN_RFC822, text_slice("mail.test"));
    general_name(&w, TCH_GN_DNS, text_slice(""));
    general_name(&w, TCH_GN_DNS, text_slice("good.test"));
    c = cert_for(tch_wr_done(&w));
    assert_true(tch_cert_matches_host(&c, "good.test"));
    assert_false(tch_cert_matches_host(&c, "uri.test"));
    assert_false(tch_cert_matches_host(&c, "mail.test"));
    assert_false(tch_cert_matches_host(&c, "xfoo.bad.test"));
    assert_false(tch_cert_matches_host(&c, ""));
}

static void the_server_certificate_matches_all_its_names(void **state)
{
    struct pile p = { .num = 0 };
    struct tch_cert c;

    (void)state;
    pile_add(&p, "server-ec256");
    assert_int_equal(tch_cert_parse(&c, p.der[0], NULL), TCH_OK);
    assert_true(tch_cert_matches_host(&c, "localhost"));
    assert_true(tch_cert_matches_host(&c, "example.test"));
    assert_true(tch_cert_matches_host(&c, "x.wild.example.test"));
    assert_true(tch_cert_matches_host(&c, "127.0.0.1"));
    assert_true(tch_cert_matches_host(&c, "::1"));
    assert_false(tch_cert_matches_host(&c, "other.test"));
    assert_false(tch_cert_matches_host(&c, "127.0.0.2"));
    pile_free(&p);
}

static void names_lie_within_domains(void **state)
{
    (void)state;
#define WITHIN(a, b) tch_dns_within(text_slice(a), text_slice(b))
    assert_true(WITHIN("a.test", "a.test"));
    assert_true(WITHIN("x.a.test", "A.TEST"));
    assert_true(WITHIN("a.test", ""));
    assert_false(WITHIN("xa.test", "a.test"));
    assert_false(WITHIN("test", "a.test"));
#undef WITHIN
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            names_match_label_by_label_in_either_case_R_PKI_070),
        cmocka_unit_test(
            one_dot_at_the_end_of_the_reference_is_dropped_R_PKI_070),
        cmocka_unit_test(a_wildcard_is_one_whole_left_label_R_PKI_071),
        cmocka_unit_test(a_wildcard_needs_two_more_labels_R_PKI_072),
        cmocka_unit_test(a_reference_with_an_asterisk_matches_nothing),
        cmocka_unit_test(unclean_names_never_match_R_PKI_076),
        cmocka_unit_test(addresses_are_compared_as_bytes_R_PKI_074),
        cmocka_unit_test(an_address_is_no_dns_name_and_the_reverse_R_PKI_074),
        cmocka_unit_test(the_common_name_is_never_looked_at_R_PKI_075),
        cmocka_unit_test(a_bad_entry_does_not_spoil_the_good_ones_R_PKI_071),
        cmocka_unit_test(the_server_certificate_matches_all_its_names),
        cmocka_unit_test(names_lie_within_domains),
    };

    return cmocka_run_group_tests_name("names_host", tests, NULL, NULL);
}
