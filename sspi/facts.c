/*
 * The calls of tomchannel_sspi.h that tell about the library itself: policy,
 * suites, groups, the handshake script.
 */

#include <string.h>

#include "engine/tch.h"
#include "sspi/include/tomchannel_sspi.h"
#include "sspi/status_map.h"

SECURITY_STATUS TchSetPolicy(const char *pszPolicy)
{
    if (pszPolicy == NULL ||
        tch_set_default_policy(pszPolicy) != TCH_OK) {
        return SEC_E_INVALID_PARAMETER;
    }
    return SEC_E_OK;
}

const char *TchGetPolicy(void)
{
    return tch_default_policy();
}

const char *TchVersion(void)
{
    return tch_version();
}

/* Whether a policy enables a suite by itself. */
static SECURITY_STATUS is_enabled(const char *policy, unsigned code,
                                  BOOL *out)
{
    struct tch_config *cfg;
    const uint16_t *codes;
    enum tch_status s = tch_config_new(NULL, &cfg);
    size_t num;

    *out = FALSE;
    if (s != TCH_OK) {
        return tch_sspi_status(s, 0);
    }
    if (policy != NULL) {
        s = tch_config_set_policy(cfg, policy);
    }
    codes = tch_config_suites(cfg, &num);
    for (size_t i = 0; s == TCH_OK && i < num; i++) {
        *out = *out || codes[i] == code;
    }
    tch_config_free(cfg);
    return tch_sspi_status(s, 0);
}

SECURITY_STATUS TchSuiteList(DWORD dwIndex, const char *pszPolicy,
                             TCH_SUITE_INFO *pSuite)
{
    struct tch_suite_info s;

    if (pSuite == NULL) {
        return SEC_E_INVALID_PARAMETER;
    }
    if (tch_suite_list(dwIndex, &s) != TCH_OK) {
        return CRYPT_E_NOT_FOUND;
    }
    memset(pSuite, 0, sizeof *pSuite);
    pSuite->wCode = s.code;
    pSuite->wFirstVersion = s.first_version;
    pSuite->wLastVersion = s.last_version;
    pSuite->wCipherBits = s.cipher_bits;
    pSuite->pszName = s.name;
    pSuite->pszKeyExchange = s.key_exchange;
    pSuite->pszAuthentication = s.authentication;
    pSuite->pszCipher = s.cipher;
    pSuite->pszMac = s.mac;
    pSuite->fBuilt = s.built;
    return is_enabled(pszPolicy, s.code, &pSuite->fEnabled);
}

const char *TchSuiteName(DWORD dwCode)
{
    return tch_suite_name(dwCode);
}

const char *TchGroupName(DWORD dwCode)
{
    return tch_group_name(dwCode);
}

void TchPrintStates(BOOL fDot, TCH_PUT_FN pfnPut, void *pvArgument)
{
    if (pfnPut != NULL) {
        tch_print_states(fDot != FALSE, pfnPut, pvArgument);
    }
}
