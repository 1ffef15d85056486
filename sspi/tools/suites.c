/*
 * suites.c - `tomchannel suites`: the cipher suites as a table
 */
#include <stdio.h>

#include "sspi/tools/commands.h"

static const struct option options[] = {
    { "policy", POLICIES, OPTION_CHOICE, AT(policy), 0,
      "whose choice the last column shows" },
    { "all", NULL, OPTION_FLAG, AT(all), 0,
      "also those that are known by name but not built" },
};

static const char *version_name(WORD version)
{
    static const char *const names[] = { "SSL3", "TLS1.0", "TLS1.1", "TLS1.2" };

    return version >= 0x0300 && version <= 0x0303 ? names[version - 0x0300]
                                                  : "?";
}

static void print_suite(const TCH_SUITE_INFO *s, bool all)
{
    char versions[32];

    if (s->wFirstVersion == s->wLastVersion) {
        snprintf(versions, sizeof versions, "%s",
                 version_name(s->wFirstVersion));
    } else {
        snprintf(versions, sizeof versions, "%s-%s",
                 version_name(s->wFirstVersion),
                 version_name(s->wLastVersion) + 3);
    }
    printf("0x%04X  %-45s %-10s", (unsigned)s->wCode, s->pszName, versions);
    if (all) {
        printf(" %-5s", s->fBuilt ? "yes" : "no");
    }
    printf(" %s\n", s->fEnabled ? "yes" : "no");
}

static int run_suites(const struct settings *given)
{
    TCH_SUITE_INFO suite;
    SECURITY_STATUS status = SEC_E_OK;

    printf("%-7s %-45s %-10s%s enabled\n", "code", "name", "versions",
           given->all ? " built" : "");
    for (DWORD i = 0; status == SEC_E_OK; i++) {
        status = TchSuiteList(i, given->policy, &suite);
        if (status == SEC_E_OK && (suite.fBuilt || given->all)) {
            print_suite(&suite, given->all);
        }
    }
    if (status != CRYPT_E_NOT_FOUND) {
        say("%s", TchStatusText(status));
        return EXIT_USAGE;
    }
    return EXIT_GOOD;
}

const struct command command_suites = {
    "suites", "list the cipher suites of this build", NULL, options,
    COUNT_OF(options),
    "`enabled` says whether the policy offers and accepts the suite by "
    "itself;\nnaming one with --suites asks for it under every policy.\n",
    run_suites,
};
