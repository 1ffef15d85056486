/*
 * Making libtomcrypt ready, once. Its tables are global to the process and
 * may be shared with an application that uses libtomcrypt as well, so we add
 * to them and change nothing that is there: a math provider that somebody
 * set stays (swapping it under live numbers would be fatal).
 */

#include "crypto-glue/glue.h"

#include <pthread.h>

#include "crypto-glue/glue_ltc.h"

/* The rows' order is that of enum tch_hash. */
static const struct ltc_hash_descriptor *const stock[TCH_NUM_HASHES] = {
    [TCH_HASH_MD5] = &md5_desc,       [TCH_HASH_SHA1] = &sha1_desc,
    [TCH_HASH_SHA224] = &sha224_desc, [TCH_HASH_SHA256] = &sha256_desc,
    [TCH_HASH_SHA384] = &sha384_desc, [TCH_HASH_SHA512] = &sha512_desc,
};

/* Written by tch_ltc_hash_plug alone, before threads (its contract). */
static const struct ltc_hash_descriptor *plugged[TCH_NUM_HASHES];

/* Written once, under `once`. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static enum tch_status once_status = TCH_INTERNAL;
static int hash_index[TCH_NUM_HASHES];

const struct ltc_hash_descriptor *tch_ltc_hash(enum tch_hash alg)
{
    if ((size_t)alg >= TCH_NUM_HASHES) {
        return NULL;
    }
    return plugged[alg] != NULL ? plugged[alg] : stock[alg];
}

int tch_ltc_hash_index(enum tch_hash alg)
{
    if (tch_ltc_hash(alg) == NULL || once_status != TCH_OK) {
        return -1;
    }
    return hash_index[alg];
}

void tch_ltc_hash_plug(enum tch_hash alg, const struct ltc_hash_descriptor *d)
{
    if (tch_ltc_hash(alg) != NULL) {
        plugged[alg] = d;
    }
}

static bool register_hashes(void)
{
    for (size_t i = 0; i < TCH_NUM_HASHES; i++) {
        if (stock[i] == NULL) {
            continue;
        }
        hash_index[i] = register_hash(tch_ltc_hash((enum tch_hash)i));
        if (hash_index[i] < 0) {
            return false;
        }
    }
    return true;
}

static void set_math(void)
{
    if (ltc_mp.name != NULL) {
        return;
    }
#ifdef TCH_MATH_GMP
    ltc_mp = gmp_desc;
#else
    ltc_mp = ltm_desc;
#endif
}

static void init_once(void)
{
    set_math();
    if (register_hashes()) {
        once_status = TCH_OK;
    }
}

enum tch_status tch_glue_init(void)
{
    if (pthread_once(&once, init_once) != 0) {
        return TCH_INTERNAL;
    }
    return once_status;
}
