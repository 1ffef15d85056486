/* What each version says, from the dossier: 2.5, 2.6, 3.6, 4.1; RFC 6101,
 * 2246, 4346, 5246. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/versions.h"

static const struct {
    unsigned wire;
    const char *name;
    const char *label;
    enum tch_prf_kind prf;
    bool hmac;
    bool strict_padding;
    bool explicit_iv;
    bool pairs;
    bool premaster_length;
    bool no_certificate_alert;
    bool extensions;
    bool split;
    unsigned verify_data;
} facts[] = {
    /* clang-format off */
    { 0x0300, "SSL3.0", "ssl3",   TCH_PRF_SSL3,     false, false, false,
      false, false, true,  false, true,  36 },
    { 0x0301, "TLS1.0", "tls1.0", TCH_PRF_MD5_SHA1, true,  true,  false,
      false, true,  false, true,  true,  12 },
    { 0x0302, "TLS1.1", "tls1.1", TCH_PRF_MD5_SHA1, true,  true,  true,
      false, true,  false, true,  false, 12 },
    { 0x0303, "TLS1.2", "tls1.2", TCH_PRF_SUITE,    true,  true,  true,
      true,  true,  false, true,  false, 12 },
    /* clang-format on */
};

#define NUM (sizeof facts / sizeof facts[0])

static void rows_say_what_the_texts_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM; i++) {
        const struct tch_version_row *v = tch_version_facts(facts[i].wire);

        assert_non_null(v);
        assert_string_equal(v->name, facts[i].name);
        assert_string_equal(v->label, facts[i].label);
        assert_int_equal(v->prf, facts[i].prf);
        assert_int_equal(v->mac == TCH_MAC_HMAC, facts[i].hmac);
        assert_int_equal(v->padding == TCH_PAD_ALL_EQUAL,
                         facts[i].strict_padding);
        assert_int_equal(v->explicit_iv, facts[i].explicit_iv);
        assert_int_equal(v->signature_pairs, facts[i].pairs);
        assert_int_equal(v->premaster_length, facts[i].premaster_length);
        assert_int_equal(v->no_certificate_alert,
                         facts[i].no_certificate_alert);
        assert_int_equal(v->extensions, facts[i].extensions);
        assert_int_equal(v->split_cbc, facts[i].split);
        assert_int_equal(v->verify_data, facts[i].verify_data);
        assert_non_null(v->rfc);
    }
}

static void the_walk_goes_upwards_and_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM; i++) {
        assert_ptr_equal(tch_version_at(i), tch_version_facts(facts[i].wire));
    }
    assert_null(tch_version_at(NUM));
    assert_null(tch_version_at(SIZE_MAX));
}

static void other_numbers_have_no_row(void **state)
{
    (void)state;
    assert_null(tch_version_facts(0x0304));
    assert_null(tch_version_facts(TCH_SSL2));
    assert_null(tch_version_facts(0));
    assert_null(tch_version_facts(0x10303));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_say_what_the_texts_say),
        cmocka_unit_test(the_walk_goes_upwards_and_ends),
        cmocka_unit_test(other_numbers_have_no_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
