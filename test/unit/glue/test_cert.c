/*
 * The certificate parser (crypto-glue/x509/cert.c): RFC 5280 4.1, dossier
 * R-PKI-001..010. What the good certificates say was read off with the
 * openssl command; the bad ones are made here, wrong in one thing each.
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

/* Parses what a recipe gives. */
static enum tch_status parse(const struct recipe *r, struct tch_cert *c,
                             struct tch_failure *f)
{
    memset(f, 0, sizeof *f);
    return tch_cert_parse(c, tch_slice_of(made, make_cert(r, made)), f);
}

static void assert_good(const struct recipe *r, struct tch_cert *c)
{
    struct tch_failure f;

    assert_int_equal(parse(r, c, &f), TCH_OK);
    assert_int_equal(f.path[0], '\0');
}

/* The failure must name the field: `where` is the end of its path. */
static void assert_bad(const struct recipe *r, const char *where)
{
    struct tch_cert c;
    struct tch_failure f;
    size_t n = strlen(where);

    assert_int_equal(parse(r, &c, &f), TCH_CERT_BAD);
    assert_int_equal(f.status, TCH_CERT_BAD);
    assert_int_equal(f.alert, TCH_ALERT_BAD_CERTIFICATE);
    assert_int_equal(f.side, TCH_SIDE_OURS);
    assert_true(strlen(f.path) >= n);
    assert_string_equal(f.path + strlen(f.path) - n, where);
    assert_non_null(f.rfc);
}

static void assert_slice(struct tch_slice s, const char *hex)
{
    struct tch_slice want = hex_slice(hex);

    assert_int_equal(s.len, want.len);
    assert_memory_equal(s.p, want.p, want.len);
}

/* ---- good ones ---------------------------------------------------------- */

static void a_server_certificate_says_what_openssl_reads_in_it(void **state)
{
    struct pile p = { .num = 0 };
    struct tch_cert c;

    (void)state;
    pile_add(&p, "server-rsa2048");
    assert_int_equal(tch_cert_parse(&c, p.der[0], NULL), TCH_OK);
    assert_int_equal(c.version, 3);
    assert_slice(c.serial, "1005");
    assert_false(c.odd_serial);
    assert_true(c.not_before == 1577836800); /* 2020-01-01 00:00:00 */
    assert_true(c.not_after == 2524607999);  /* 2049-12-31 23:59:59 */
    assert_int_equal(c.scheme, TCH_SCHEME_RSA_PKCS1_SHA256);
    assert_int_equal(c.key_usage,
                     TCH_KU_DIGITAL_SIGNATURE | TCH_KU_KEY_ENCIPHERMENT);
    assert_int_equal(c.eku, TCH_EKU_SERVER_AUTH);
    assert_false(c.is_ca);
    assert_int_equal(c.path_len, -1);
    assert_slice(c.subject_key_id, "7D9F85FE3922FFD2761AFA0D9097ED7B2B729EAB");
    assert_slice(c.authority_key_id,
                 "93EDC84B7E8502EC6D99579E72A73D988C012557");
    assert_true(c.has_alt_names);
    assert_false(c.unknown_critical);
    assert_false(c.self_issued);
    assert_int_equal(c.signature.len, 256);
    pile_free(&p);
}

static void an_intermediate_says_its_path_length(void **state)
{
    struct pile p = { .num = 0 };
    struct tch_cert c;

    (void)state;
    pile_add(&p, "intermediate");
    assert_int_equal(tch_cert_parse(&c, p.der[0], NULL), TCH_OK);
    assert_true(c.is_ca);
    assert_int_equal(c.path_len, 0);
    assert_int_equal(c.key_usage, TCH_KU_KEY_CERT_SIGN | TCH_KU_CRL_SIGN);
    assert_int_equal(c.eku, TCH_EKU_ANY);
    assert_false(c.has_eku);
    pile_free(&p);
}

static void every_certificate_of_the_vectors_parses(void **state)
{
    static const char *const names[] = {
        "ca",           "ca-ec256",      "other-ca",       "intermediate",
        "server-ec256", "server-ec384",  "server-ec521",   "server-ed25519",
        "server-pss2048", "server-dsa2048", "server-sha1", "server-rsa512",
        "server-critical", "server-wrongku", "client-ec256", "chain-rsa-root",
    };
    static const char *const self_issued[] = { "ca", "ca-ec256", "other-ca" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct pile p = { .num = 0 };
        struct tch_cert c;

        pile_add(&p, names[i]);
        for (size_t j = 0; j < p.num; j++) {
            assert_int_equal(tch_cert_parse(&c, p.der[j], NULL), TCH_OK);
        }
        pile_free(&p);
    }
    for (size_t i = 0; i < 3; i++) {
        struct pile p = { .num = 0 };
        struct tch_cert c;

        pile_add(&p, self_issued[i]);
        assert_int_equal(tch_cert_parse(&c, p.der[0], NULL), TCH_OK);
        assert_true(c.self_issued && c.is_ca);
        pile_free(&p);
    }
}

static void a_bare_version_3_allows_everything_by_default(void **state)
{
    struct recipe r = { 0 };
    struct tch_cert c;

    (void)state;
    assert_good(&r, &c);
    assert_int_equal(c.version, 3);
    assert_int_equal(c.key_usage, ~0u);
    assert_false(c.has_key_usage);
    assert_int_equal(c.eku, TCH_EKU_ANY);
    assert_int_equal(c.path_len, -1);
    assert_false(c.has_basic_constraints);
    assert_int_equal(c.scheme, TCH_SCHEME_ECDSA_SHA256);
    assert_int_equal(c.extensions.len, 0);
}

/* ---- one thing wrong ---------------------------------------------------- */

static void bytes_behind_the_end_are_refused_R_PKI_001(void **state)
{
    struct recipe outside = { .more = text_slice("\x05") };
    struct recipe inside = { .more_tbs = hex_slice("0500") };

    (void)state;
    assert_bad(&outside, "certificate");
    assert_bad(&inside, "tbs_certificate");
}

static void the_two_algorithms_must_be_equal_R_PKI_002(void **state)
{
    /* ecdsa-with-SHA256 outside, SHA384 inside */
    struct recipe r = {
        .algorithm = hex_slice("300A06082A8648CE3D040302"),
        .inner_algorithm = hex_slice("300A06082A8648CE3D040303"),
    };

    (void)state;
    assert_bad(&r, "certificate.signature_algorithm");
}

static void versions_are_1_2_and_3_R_PKI_003(void **state)
{
    struct recipe v1 = { .version = text_slice("-") };
    struct recipe v2 = { .version = hex_slice("A003020101") };
    struct recipe v1_spelled_out = { .version = hex_slice("A003020100") };
    struct recipe v4 = { .version = hex_slice("A003020103") };
    struct recipe long_form = { .version = hex_slice("A00402020002") };
    struct recipe twice = { .version = hex_slice("A006020102020102") };
    struct tch_cert c;

    (void)state;
    assert_good(&v1, &c);
    assert_int_equal(c.version, 1);
    assert_good(&v2, &c);
    assert_int_equal(c.version, 2);
    assert_bad(&v1_spelled_out, "version");
    assert_bad(&v4, "version");
    assert_bad(&long_form, "version");
    assert_bad(&twice, "version");
}

static void only_version_3_has_extensions_R_PKI_003(void **state)
{
    struct tch_writer w;
    struct recipe r = { .version = hex_slice("A003020101") };

    (void)state;
    tch_wr_init(&w, list, sizeof list);
    ext_ca(&w, -1);
    r.extensions = tch_wr_done(&w);
    assert_bad(&r, "extensions");
    r.version = text_slice("-");
    assert_bad(&r, "extensions");
}

static void only_versions_2_and_3_have_unique_ids_R_PKI_003(void **state)
{
    struct recipe r = { .unique_ids = hex_slice("81020001820200FF") };
    struct tch_cert c;

    (void)state;
    assert_good(&r, &c);
    r.version = hex_slice("A003020101");
    assert_good(&r, &c);
    r.version = text_slice("-");
    assert_bad(&r, "issuer_unique_id");
    r.version = hex_slice("A003020101");
    r.unique_ids = hex_slice("81020901");
    assert_bad(&r, "issuer_unique_id");
    r.unique_ids = hex_slice("820200FF81020001");
    assert_bad(&r, "tbs_certificate");
}

static void serials_may_be_zero_or_long_but_not_negative_R_PKI_004(void **state)
{
    struct recipe r = { .serial = hex_slice("00") };
    struct tch_cert c;

    (void)state;
    assert_good(&r, &c);
    assert_true(c.odd_serial);
    r.serial = hex_slice("0102030405060708090A0B0C0D0E0F1011121314");
    assert_good(&r, &c);
    assert_false(c.odd_serial);
    r.serial = hex_slice("0102030405060708090A0B0C0D0E0F101112131415");
    assert_good(&r, &c);
    assert_true(c.odd_serial);
    r.serial = hex_slice("80");
    assert_bad(&r, "serial_number");
    r.serial = hex_slice("0001");
    assert_bad(&r, "serial_number");
}

static void the_issuer_has_a_name_R_PKI_009(void **state)
{
    struct recipe r = { .issuer = "" };

    (void)state;
    assert_bad(&r, "issuer");
}

static void an_empty_subject_needs_critical_alt_names_R_PKI_009(void **state)
{
    struct tch_writer w;
    struct recipe r = { .subject = "" };
    struct tch_cert c;

    (void)state;
    assert_bad(&r, "subject");
    tch_wr_init(&w, list, sizeof list);
    ext_dns(&w, "a.test");
    r.extensions = tch_wr_done(&w);
    assert_bad(&r, "subject");
    tch_wr_init(&w, list, sizeof list);
    ext_alt_names(&w, true, hex_slice("8206612E74657374"));
    r.extensions = tch_wr_done(&w);
    assert_good(&r, &c);
    assert_true(c.alt_names_critical);
}

static void malformed_names_are_refused(void **state)
{
    static const char *const bad[] = {
        "31023100",                         /* no SEQUENCE */
        "30023100",                         /* an empty SET */
        "300430023000",                     /* no SET */
        "300431023000",                     /* an empty attribute */
        "3009310730050603550403",           /* without a value */
        "300C310A300806035504030C0261",     /* value longer than its place */
        "300E310C300A06035504030C01610500", /* bytes behind the value */
        "300B31093007060280010C0161",       /* no OID */
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct recipe r = { .subject_name = hex_slice(bad[i]) };
        struct tch_cert c;
        struct tch_failure f;

        assert_int_equal(parse(&r, &c, &f), TCH_CERT_BAD);
    }
}

static void a_key_that_is_no_key_is_refused(void **state)
{
    static const char *const bad[] = {
        "3000", "30043000", "30053000030107", "3007300003020080FF", "0500",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct recipe r = { .spki = hex_slice(bad[i]) };
        struct tch_cert c;
        struct tch_failure f;

        assert_int_equal(parse(&r, &c, &f), TCH_CERT_BAD);
    }
}

static void unused_bits_in_the_signature_are_refused_R_PKI_001(void **state)
{
    struct recipe r = { 0 };
    size_t len = make_cert(&r, made);
    struct tch_cert c;

    (void)state;
    /* The signature is the last element: 03 04 00 01 02 03. */
    assert_memory_equal(made + len - 6, "\x03\x04\x00\x01\x02\x03", 6);
    assert_int_equal(tch_cert_parse(&c, tch_slice_of(made, len), NULL),
                     TCH_OK);
    made[len - 4] = 1;
    made[len - 1] = 2;
    assert_int_equal(tch_cert_parse(&c, tch_slice_of(made, len), NULL),
                     TCH_CERT_BAD);
}

/* A certificate with `n` bytes in an extension that is not looked into. */
static size_t make_long(size_t n)
{
    static uint8_t value[MADE_MAX];
    struct tch_writer v;
    struct tch_writer w;
    struct recipe r = { 0 };

    tch_wr_init(&v, value, sizeof value);
    tch_wr_u8(&v, 0x04);
    tch_wr_u8(&v, 0x82);
    tch_wr_u16(&v, (unsigned)n);
    assert_non_null(tch_wr_reserve(&v, n));
    tch_wr_init(&w, list, sizeof list);
    ext(&w, 31, false, tch_slice_of(value, n + 4));
    r.extensions = tch_wr_done(&w);
    return make_cert(&r, made);
}

static void more_than_64_kib_is_refused_R_PKI_010(void **state)
{
    size_t fixed = make_long(60000) - 60000;
    struct tch_cert c;

    (void)state;
    assert_int_equal(make_long(TCH_CERT_MAX - fixed), TCH_CERT_MAX);
    assert_int_equal(
        tch_cert_parse(&c, tch_slice_of(made, TCH_CERT_MAX), NULL), TCH_OK);
    assert_int_equal(make_long(TCH_CERT_MAX - fixed + 1), TCH_CERT_MAX + 1);
    assert_int_equal(
        tch_cert_parse(&c, tch_slice_of(made, TCH_CERT_MAX + 1), NULL),
        TCH_CERT_BAD);
}

/* ---- every byte --------------------------------------------------------- */

static const char *const mutants_of[] = { "server-rsa2048", "server-ec256",
                                          "server-pss2048", "intermediate" };

static void no_prefix_of_a_certificate_is_one(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof mutants_of / sizeof mutants_of[0]; k++) {
        struct pile p = { .num = 0 };

        pile_add(&p, mutants_of[k]);
        for (size_t n = 0; n < p.der[0].len; n++) {
            uint8_t *part = malloc(n == 0 ? 1 : n); /* exact */
            struct tch_cert c;
            struct tch_failure f;

            assert_non_null(part);
            memcpy(part, p.der[0].p, n);
            memset(&f, 0, sizeof f);
            assert_int_equal(tch_cert_parse(&c, tch_slice_of(part, n), &f),
                             TCH_CERT_BAD);
            assert_true(f.path[0] != '\0');
            free(part);
        }
        pile_free(&p);
    }
}

static bool lies_in(struct tch_slice s, struct tch_slice in)
{
    return s.len == 0 ||
           (s.p >= in.p && s.len <= in.len &&
            (size_t)(s.p - in.p) <= in.len - s.len);
}

static void assert_all_inside(const struct tch_cert *c)
{
    assert_true(lies_in(c->tbs, c->der) && lies_in(c->serial, c->tbs) &&
                lies_in(c->issuer, c->tbs) && lies_in(c->subject, c->tbs) &&
                lies_in(c->spki, c->tbs) && lies_in(c->extensions, c->tbs) &&
                lies_in(c->alt_names, c->extensions) &&
                lies_in(c->signature, c->der));
    assert_true(c->subject_key_id.len == 0 ||
                lies_in(c->subject_key_id, c->extensions));
}

/* Whatever a byte is changed to: a clean refusal, or a certificate whose
 * pieces lie inside it and can be looked at. */
static void a_changed_byte_is_refused_or_harmless(void **state)
{
    static const uint8_t flips[] = { 0x01, 0x02, 0x20, 0x80, 0xFF, 0x7F };
    unsigned refused = 0;

    (void)state;
    for (size_t k = 0; k < sizeof mutants_of / sizeof mutants_of[0]; k++) {
        struct pile p = { .num = 0 };
        uint8_t *copy;

        pile_add(&p, mutants_of[k]);
        copy = malloc(p.der[0].len);
        assert_non_null(copy);
        memcpy(copy, p.der[0].p, p.der[0].len);
        for (size_t i = 0; i < p.der[0].len * sizeof flips; i++) {
            uint8_t flip = flips[i % sizeof flips];
            struct tch_cert c;
            struct tch_failure f;
            char text[64];

            copy[i / sizeof flips] ^= flip;
            if (tch_cert_parse(&c, tch_slice_of(copy, p.der[0].len), &f) ==
                TCH_OK) {
                assert_all_inside(&c);
                (void)tch_name_text(c.subject, text, sizeof text);
                (void)tch_cert_matches_host(&c, "localhost");
            } else {
                refused++;
                assert_true(f.path[0] != '\0');
            }
            copy[i / sizeof flips] ^= flip;
        }
        free(copy);
        pile_free(&p);
    }
    assert_true(refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_certificate_says_what_openssl_reads_in_it),
        cmocka_unit_test(an_intermediate_says_its_path_length),
        cmocka_unit_test(every_certificate_of_the_vectors_parses),
        cmocka_unit_test(a_bare_version_3_allows_everything_by_default),
        cmocka_unit_test(bytes_behind_the_end_are_refused_R_PKI_001),
        cmocka_unit_test(the_two_algorithms_must_be_equal_R_PKI_002),
        cmocka_unit_test(versions_are_1_2_and_3_R_PKI_003),
        cmocka_unit_test(only_version_3_has_extensions_R_PKI_003),
        cmocka_unit_test(only_versions_2_and_3_have_unique_ids_R_PKI_003),
        cmocka_unit_test(
            serials_may_be_zero_or_long_but_not_negative_R_PKI_004),
        cmocka_unit_test(the_issuer_has_a_name_R_PKI_009),
        cmocka_unit_test(an_empty_subject_needs_critical_alt_names_R_PKI_009),
        cmocka_unit_test(malformed_names_are_refused),
        cmocka_unit_test(a_key_that_is_no_key_is_refused),
        cmocka_unit_test(unused_bits_in_the_signature_are_refused_R_PKI_001),
        cmocka_unit_test(more_than_64_kib_is_refused_R_PKI_010),
        cmocka_unit_test(no_prefix_of_a_certificate_is_one),
        cmocka_unit_test(a_changed_byte_is_refused_or_harmless),
    };

    return cmocka_run_group_tests_name("cert", tests, NULL, NULL);
}
