/*
 * The package's names and what SSPI says about it (contract 4.1 to 4.4).
 */

#include "sspi/packages.h"

#include <string.h>
#include <strings.h>

#include "sspi/include/schannel.h"
#include "sspi/memory.h"
#include "sspi/strings.h"

/* clang-format off */
static const struct tch_package packages[] = {
    { UNISP_NAME_A,           0,                 true },
    { SCHANNEL_NAME_A,        0,                 true },
    { DEFAULT_TLS_SSP_NAME_A, 0,                 false },
    { SSL3SP_NAME_A,          TCH_VERSION_SSL3,  false },
    { TLS1SP_NAME_A,          TCH_VERSION_TLS10, false },
};
/* clang-format on */

#define NUM_PACKAGES (sizeof packages / sizeof packages[0])
#define COMMENT "Tomchannel security package"

/* No IMPERSONATION: there are no user tokens here. */
#define CAPABILITIES                                                          \
    (SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_CONNECTION |   \
     SECPKG_FLAG_MULTI_REQUIRED | SECPKG_FLAG_EXTENDED_ERROR |                \
     SECPKG_FLAG_ACCEPT_WIN32_NAME | SECPKG_FLAG_STREAM)

const struct tch_package *tch_package_named(const char *name)
{
    for (size_t i = 0; name != NULL && i < NUM_PACKAGES; i++) {
        if (strcasecmp(packages[i].name, name) == 0) {
            return &packages[i];
        }
    }
    return NULL;
}

static bool is_in(const struct tch_package *p, const struct tch_package *only)
{
    return only == NULL ? p->listed : p == only;
}

/* Structs first, texts behind them; texts are aligned as their units need,
 * because every text is a whole number of units long. */
void *tch_package_list(const struct tch_package *only, unsigned width,
                       ULONG *num)
{
    size_t size = 0;
    PSecPkgInfoA infos;
    uint8_t *text;
    ULONG n = 0;

    for (size_t i = 0; i < NUM_PACKAGES; i++) {
        if (is_in(&packages[i], only)) {
            size += sizeof *infos + tch_text_size(packages[i].name, width) +
                    tch_text_size(COMMENT, width);
            n++;
        }
    }
    infos = tch_package_alloc(size);
    if (infos == NULL) {
        return NULL;
    }
    *num = n;
    text = (uint8_t *)(infos + n);
    n = 0;
    for (size_t i = 0; i < NUM_PACKAGES; i++) {
        if (!is_in(&packages[i], only)) {
            continue;
        }
        infos[n].fCapabilities = CAPABILITIES;
        infos[n].wVersion = 1;
        infos[n].wRPCID = UNISP_RPC_ID;
        infos[n].cbMaxToken = TCH_MAX_TOKEN;
        infos[n].Name = (SEC_CHAR *)text;
        tch_text_write(packages[i].name, width, text);
        text += tch_text_size(packages[i].name, width);
        infos[n].Comment = (SEC_CHAR *)text;
        tch_text_write(COMMENT, width, text);
        text += tch_text_size(COMMENT, width);
        n++;
    }
    return infos;
}
