/*
 * test_facts.c - what tomchannel_sspi.h tells about the library itself
 */

#include "test/unit/sspi/support_cred.h"

static void the_policy_of_the_process_can_be_set_5_5(void **state)
{
    (void)state;
    assert_int_equal(TchSetPolicy("compatible"), SEC_E_OK);
    assert_string_equal(TchGetPolicy(), "compatible");
    assert_int_equal(TchSetPolicy("none"), SEC_E_INVALID_PARAMETER);
    assert_int_equal(TchSetPolicy(NULL), SEC_E_INVALID_PARAMETER);
    assert_string_equal(TchGetPolicy(), "compatible");
    assert_int_equal(TchSetPolicy("default"), SEC_E_OK);
}

static void all_suites_are_listed(void **state)
{
    TCH_SUITE_INFO s;
    DWORD num = 0, enabled = 0, built = 0;
    bool c030 = false;

    (void)state;
    while (TchSuiteList(num, "default", &s) == SEC_E_OK) {
        num++;
        enabled += s.fEnabled != FALSE;
        built += s.fBuilt != FALSE;
        if (s.wCode == 0xC030) {
            c030 = s.fEnabled && s.fBuilt && s.wCipherBits == 256 &&
                   strcmp(s.pszName,
                          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384") == 0;
        }
        /* Forward secrecy and AEAD first; no RC4 in "default". */
        assert_false(s.fEnabled && strstr(s.pszName, "RC4") != NULL);
    }
    assert_true(c030);
    assert_true(num > 200 && enabled > 5 && enabled < num && built < num + 1);
    assert_int_equal(TchSuiteList(num, NULL, &s), CRYPT_E_NOT_FOUND);
    assert_int_equal(TchSuiteList(0, "nonsense", &s),
                     SEC_E_INVALID_PARAMETER);
    assert_int_equal(TchSuiteList(0, NULL, NULL), SEC_E_INVALID_PARAMETER);
}

static size_t printed;

static void count(void *arg, const char *text)
{
    (void)arg;
    printed += strlen(text);
}

static void names_and_states(void **state)
{
    (void)state;
    assert_string_equal(TchSuiteName(0xC02F),
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assert_null(TchSuiteName(0xFFFF));
    assert_string_equal(TchGroupName(29), "x25519");
    assert_null(TchGroupName(9999));
    assert_true(strlen(TchVersion()) >= 5);
    TchPrintStates(FALSE, count, NULL);
    assert_true(printed > 500);
    printed = 0;
    TchPrintStates(TRUE, count, NULL);
    assert_true(printed > 500);
    TchPrintStates(TRUE, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_policy_of_the_process_can_be_set_5_5),
        cmocka_unit_test(all_suites_are_listed),
        cmocka_unit_test(names_and_states),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
