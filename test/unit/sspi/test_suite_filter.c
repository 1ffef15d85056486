/*
 * test_suite_filter.c - strengths, ALG_IDs and CNG names on suites (contract
 * 5.2 to 5.5). Which suites there are is the registry's: the engine's table.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sspi/suite_filter.h"

#define ALL 0xFFFFFFFFu

static struct tch_filter f;

static int reset(void **state)
{
    (void)state;
    memset(&f, 0, sizeof f);
    return 0;
}

static bool passes(const char *name)
{
    struct tch_suite_info s;

    assert_int_equal(tch_suite_describe(tch_suite_code(name), &s), TCH_OK);
    return tch_filter_passes(&f, &s);
}

static bool adds(const char *name)
{
    struct tch_suite_info s;

    assert_int_equal(tch_suite_describe(tch_suite_code(name), &s), TCH_OK);
    return tch_filter_adds(&f, &s);
}

static void without_a_rule_everything_passes(void **state)
{
    struct tch_suite_info s;

    (void)state;
    for (size_t i = 0; tch_suite_list(i, &s) == TCH_OK; i++) {
        assert_true(tch_filter_passes(&f, &s));
        assert_false(tch_filter_adds(&f, &s));
    }
}

static void bounds_keep_what_lies_between_5_5(void **state)
{
    (void)state;
    tch_filter_strengths(&f, 128, 168);
    assert_true(passes("TLS_RSA_WITH_AES_128_CBC_SHA"));
    assert_true(passes("TLS_RSA_WITH_3DES_EDE_CBC_SHA")); /* 168 */
    assert_false(passes("TLS_RSA_WITH_AES_256_CBC_SHA"));
    assert_false(passes("TLS_RSA_WITH_DES_CBC_SHA")); /* 56 */
    assert_false(passes("TLS_RSA_WITH_NULL_SHA"));
    tch_filter_strengths(&f, 0, 128);
    assert_true(passes("TLS_RSA_WITH_DES_CBC_SHA"));
    assert_false(passes("TLS_RSA_WITH_AES_256_CBC_SHA"));
}

static void minus_one_is_about_null_suites_5_5(void **state)
{
    (void)state;
    tch_filter_strengths(&f, ALL, 0);
    assert_true(passes("TLS_RSA_WITH_AES_256_CBC_SHA"));
    assert_true(passes("TLS_RSA_WITH_NULL_SHA"));
    assert_true(adds("TLS_RSA_WITH_NULL_SHA256"));
    assert_false(adds("TLS_ECDH_anon_WITH_NULL_SHA")); /* authenticated ones */
    assert_false(adds("TLS_RSA_WITH_AES_256_CBC_SHA"));
    tch_filter_strengths(&f, ALL, ALL);
    assert_true(passes("TLS_RSA_WITH_NULL_SHA"));
    assert_false(passes("TLS_RSA_WITH_AES_256_CBC_SHA"));
}

static void alg_ids_restrict_their_class_only_5_2(void **state)
{
    (void)state;
    assert_true(tch_filter_want(&f, CALG_AES_256));
    assert_true(passes("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    assert_true(passes("TLS_RSA_WITH_AES_256_CBC_SHA"));
    assert_false(passes("TLS_RSA_WITH_AES_128_CBC_SHA"));
    assert_true(tch_filter_want(&f, CALG_ECDH_EPHEM));
    assert_false(passes("TLS_RSA_WITH_AES_256_CBC_SHA"));
    assert_false(passes("TLS_DHE_RSA_WITH_AES_256_CBC_SHA"));
    assert_true(tch_filter_want(&f, CALG_DH_EPHEM));
    assert_true(passes("TLS_DHE_RSA_WITH_AES_256_CBC_SHA"));
    assert_true(tch_filter_want(&f, CALG_SHA_384));
    assert_false(passes("TLS_DHE_RSA_WITH_AES_256_CBC_SHA"));
    assert_true(passes("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    assert_true(tch_filter_want(&f, CALG_ECDSA));
    assert_false(passes("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    assert_true(passes("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
    assert_false(tch_filter_want(&f, 0x12345678));
}

static void dh_is_not_dhe(void **state)
{
    (void)state;
    assert_true(tch_filter_want(&f, CALG_DH_SF));
    assert_true(passes("TLS_DH_RSA_WITH_AES_128_CBC_SHA"));
    assert_false(passes("TLS_DHE_RSA_WITH_AES_128_CBC_SHA"));
}

static void disabled_crypto_takes_away_5_3(void **state)
{
    (void)state;
    assert_int_equal(tch_filter_disable(&f, 2, "AES", "ChainingModeCBC", 0,
                                        0),
                     TCH_OK);
    assert_false(passes("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"));
    assert_true(passes("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
    assert_int_equal(tch_filter_disable(&f, 2, "AES", NULL, 0, 128), TCH_OK);
    assert_false(passes("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
    assert_true(passes("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    assert_int_equal(tch_filter_disable(&f, 0, "RSA", NULL, 0, 0), TCH_OK);
    assert_false(passes("TLS_RSA_WITH_AES_256_GCM_SHA384"));
    assert_true(passes("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    assert_int_equal(tch_filter_disable(&f, 1, "RSA", NULL, 0, 0), TCH_OK);
    assert_false(passes("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    assert_true(passes("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
    assert_int_equal(tch_filter_disable(&f, 3, "SHA384", NULL, 0, 0), TCH_OK);
    assert_false(passes("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"));
}

/* Codes of RFC 5246 7.4.1.4.1 and RFC 8446 4.2.3. */
static void paddings_take_away_schemes_5_3(void **state)
{
    static const unsigned pkcs1[] = { 0x0401, 0x0501, 0x0601, 0x0201 };
    static const unsigned pss[] = { 0x0804, 0x0805, 0x0806, 0x0809 };
    static const unsigned others[] = { 0x0403, 0x0503, 0x0807, 0x0202 };

    (void)state;
    assert_int_equal(tch_filter_disable(&f, 4, "SCH_RSA_PSS_PAD", NULL, 0, 0),
                     TCH_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_true(tch_filter_passes_scheme(&f, pkcs1[i]));
        assert_false(tch_filter_passes_scheme(&f, pss[i]));
        assert_true(tch_filter_passes_scheme(&f, others[i]));
    }
    assert_int_equal(tch_filter_disable(&f, 4, "SCH_RSA_PKCS_PAD", NULL, 0,
                                        0),
                     TCH_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_false(tch_filter_passes_scheme(&f, pkcs1[i]));
        assert_true(tch_filter_passes_scheme(&f, others[i]));
    }
}

static void what_cannot_be_kept_is_said(void **state)
{
    (void)state;
    assert_int_equal(tch_filter_disable(&f, 5, "AES", NULL, 0, 0),
                     TCH_BAD_ARGUMENT);
    assert_int_equal(tch_filter_disable(&f, 2, "NOPE", NULL, 0, 0), TCH_OK);
    assert_int_equal(tch_filter_disable(&f, 2, "AES", "ChainingModeXYZ", 0, 0),
                     TCH_OK);
    assert_true(passes("TLS_RSA_WITH_AES_128_CBC_SHA"));
    /* RSA keys of 1024 bits and less are not taken anyway; up to 4096 is
     * more than a suite can say. */
    assert_int_equal(tch_filter_disable(&f, 0, "RSA", NULL, 0, 1024), TCH_OK);
    assert_true(passes("TLS_RSA_WITH_AES_128_CBC_SHA"));
    assert_int_equal(tch_filter_disable(&f, 0, "RSA", NULL, 0, 4096),
                     TCH_NOT_SUPPORTED);
}

static void strong_crypto_drops_the_weak_5_4(void **state)
{
    (void)state;
    f.strong = true;
    assert_false(passes("TLS_RSA_WITH_RC4_128_SHA"));
    assert_false(passes("TLS_RSA_WITH_DES_CBC_SHA"));
    assert_false(passes("TLS_RSA_EXPORT_WITH_RC4_40_MD5"));
    assert_false(passes("TLS_RSA_WITH_NULL_SHA"));
    assert_true(passes("TLS_RSA_WITH_3DES_EDE_CBC_SHA"));
    assert_true(passes("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
}

static void psk_only_5_4(void **state)
{
    (void)state;
    f.psk_only = true;
    assert_false(passes("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
    assert_true(passes("TLS_PSK_WITH_AES_128_GCM_SHA256"));
    assert_true(adds("TLS_PSK_WITH_AES_128_GCM_SHA256"));
    assert_false(adds("TLS_PSK_WITH_NULL_SHA256"));
}

static void a_suites_hash_is_in_its_name(void **state)
{
    static const char *const rows[][2] = {
        { "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "SHA384" },
        { "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "SHA256" },
        { "TLS_RSA_WITH_AES_128_CBC_SHA", "SHA1" },
        { "TLS_RSA_WITH_AES_128_CBC_SHA256", "SHA256" },
        { "TLS_RSA_WITH_AES_128_CCM", "SHA256" },
        { "TLS_RSA_WITH_RC4_128_MD5", "MD5" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tch_suite_info s;

        assert_int_equal(tch_suite_describe(tch_suite_code(rows[i][0]), &s),
                         TCH_OK);
        assert_string_equal(tch_suite_hash(&s), rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_a_rule_everything_passes, reset),
        cmocka_unit_test_setup(bounds_keep_what_lies_between_5_5, reset),
        cmocka_unit_test_setup(minus_one_is_about_null_suites_5_5, reset),
        cmocka_unit_test_setup(alg_ids_restrict_their_class_only_5_2, reset),
        cmocka_unit_test_setup(dh_is_not_dhe, reset),
        cmocka_unit_test_setup(disabled_crypto_takes_away_5_3, reset),
        cmocka_unit_test_setup(paddings_take_away_schemes_5_3, reset),
        cmocka_unit_test_setup(what_cannot_be_kept_is_said, reset),
        cmocka_unit_test_setup(strong_crypto_drops_the_weak_5_4, reset),
        cmocka_unit_test_setup(psk_only_5_4, reset),
        cmocka_unit_test_setup(a_suites_hash_is_in_its_name, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
