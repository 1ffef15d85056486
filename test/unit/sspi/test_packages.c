/*
 * test_packages.c - names of packages and what is said of them (contract 4)
 */

#include <wchar.h>

#include "sspi/packages.h"
#include "test/unit/sspi/support_cred.h"

static void names_of_4_4_and_no_others(void **state)
{
    static const char *const known[] = {
        "Microsoft Unified Security Protocol Provider", "Schannel",
        "sCHANNEL", "Default TLS SSP", "Microsoft SSL 3.0",
        "Microsoft TLS 1.0",
    };
    static const char *const unknown[] = {
        "", "Schannel ", "Negotiate", "NTLM", "Microsoft SSL 2.0",
        "Microsoft PCT 1.0",
    };

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        assert_non_null(tch_package_named(known[i]));
        assert_null(tch_package_named(unknown[i]));
    }
    assert_null(tch_package_named(NULL));
    assert_int_equal(tch_package_named("Microsoft SSL 3.0")->version,
                     TCH_VERSION_SSL3);
    assert_int_equal(tch_package_named("Microsoft TLS 1.0")->version,
                     TCH_VERSION_TLS10);
}

static void one_package_in_one_block(void **state)
{
    char name[] = "schannel";
    PSecPkgInfoA a;
    PSecPkgInfoW w;
    SEC_WCHAR wide[] = L"Default TLS SSP";

    (void)state;
    assert_int_equal(QuerySecurityPackageInfoA(name, &a), SEC_E_OK);
    assert_string_equal(a->Name, "Schannel");
    assert_true(strlen(a->Comment) > 0);
    assert_int_equal(a->wVersion, 1);
    assert_int_equal(a->wRPCID, 14);
    assert_int_equal(a->cbMaxToken, 24576);
    /* 4.3, without IMPERSONATION. */
    assert_int_equal(a->fCapabilities,
                     SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY |
                         SECPKG_FLAG_CONNECTION | SECPKG_FLAG_MULTI_REQUIRED |
                         SECPKG_FLAG_EXTENDED_ERROR |
                         SECPKG_FLAG_ACCEPT_WIN32_NAME | SECPKG_FLAG_STREAM);
    assert_int_equal(FreeContextBuffer(a), SEC_E_OK);
    assert_int_equal(QuerySecurityPackageInfoW(wide, &w), SEC_E_OK);
    assert_int_equal(wcscmp(w->Name, L"Default TLS SSP"), 0);
    assert_int_equal(FreeContextBuffer(w), SEC_E_OK);
    assert_int_equal(QuerySecurityPackageInfoA(name, NULL),
                     SEC_E_INVALID_HANDLE);
    assert_int_equal(QuerySecurityPackageInfoW(NULL, &w),
                     SEC_E_SECPKG_NOT_FOUND);
    assert_int_equal(EnumerateSecurityPackagesW(NULL, &w),
                     SEC_E_INVALID_HANDLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_4_4_and_no_others),
        cmocka_unit_test(one_package_in_one_block),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
