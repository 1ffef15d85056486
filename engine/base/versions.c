/* The rows of versions.h. */

#include "engine/base/versions.h"

/* clang-format off */
static const struct tch_version_row versions[] = {
    /*                                                                                      expl.  sig.   pms    no_cert        split       */
    /* wire      name      label     PRF               MAC           padding             IV     pairs  length alert  ext.   CBC  fin RFC    */
    { TCH_SSL3,  "SSL3.0", "ssl3",   TCH_PRF_SSL3,     TCH_MAC_SSL3, TCH_PAD_ANY_BYTES, false, false, false, true,  false, true,  36, "6101" },
    { TCH_TLS10, "TLS1.0", "tls1.0", TCH_PRF_MD5_SHA1, TCH_MAC_HMAC, TCH_PAD_ALL_EQUAL, false, false, true,  false, true,  true,  12, "2246" },
    { TCH_TLS11, "TLS1.1", "tls1.1", TCH_PRF_MD5_SHA1, TCH_MAC_HMAC, TCH_PAD_ALL_EQUAL, true,  false, true,  false, true,  false, 12, "4346" },
    { TCH_TLS12, "TLS1.2", "tls1.2", TCH_PRF_SUITE,    TCH_MAC_HMAC, TCH_PAD_ALL_EQUAL, true,  true,  true,  false, true,  false, 12, "5246" },
};
/* clang-format on */

const struct tch_version_row *tch_version_at(size_t i)
{
    return i < sizeof versions / sizeof versions[0] ? &versions[i] : NULL;
}

const struct tch_version_row *tch_version_facts(unsigned wire)
{
    const struct tch_version_row *row;

    for (size_t i = 0; (row = tch_version_at(i)) != NULL; i++) {
        if (row->wire == wire) {
            return row;
        }
    }
    return NULL;
}
