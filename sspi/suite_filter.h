#ifndef TCH_SSPI_SUITE_FILTER_H
#define TCH_SSPI_SUITE_FILTER_H

/*
 * suite_filter.h - which suites a credential's fields leave
 *
 * SCHANNEL_CRED has strengths and a list of ALG_IDs, SCH_CREDENTIALS a list of
 * algorithms switched off, both have flags (contract 5.2 to 5.5). All of them
 * only take away from a list; the one addition is NULL suites.
 */

#include "engine/tch.h"
#include "sspi/include/wincrypt.h"

enum tch_alg_class {
    TCH_ALG_CIPHER,
    TCH_ALG_HASH,
    TCH_ALG_SIGNATURE,
    TCH_ALG_KEY_EXCHANGE,
    TCH_NUM_ALG_CLASSES
};

#define TCH_MAX_DISABLED (16 * 16)

/* An algorithm switched off: its row below, a chaining mode ("" for all), and
 * for ciphers a range of key bits. */
struct tch_disabled {
    enum tch_alg_class what;
    const char *prefix;
    char mode[4];
    DWORD min_bits;
    DWORD max_bits;
};

struct tch_filter {
    /* Bits; 0 is open. */
    DWORD min_bits;
    DWORD max_bits;
    bool null_also; /* NULL suites in addition */
    bool null_only;
    bool strong;    /* SCH_USE_STRONG_CRYPTO */
    bool psk_only;  /* SCH_USE_PRESHAREDKEY_ONLY */
    /* For each class the known ALG_IDs asked for, as bits by row; none is no
     * restriction. */
    uint32_t wanted[TCH_NUM_ALG_CLASSES];
    struct tch_disabled disabled[TCH_MAX_DISABLED];
    size_t num_disabled;
    /* RSA signature paddings switched off (usage CertSig). */
    bool no_pkcs1;
    bool no_pss;
};

/* tch_filter_strengths sets the bounds by the rules of contract 5.5. */
void tch_filter_strengths(struct tch_filter *f, DWORD min, DWORD max);

/* tch_filter_want adds an ALG_ID of palgSupportedAlgs; false: unknown. */
bool tch_filter_want(struct tch_filter *f, ALG_ID alg);

/*
 * tch_filter_disable adds a CRYPTO_SETTINGS: usage, CNG name, mode name or
 * NULL, bounds. TCH_OK, also for what names nothing we know;
 * TCH_NOT_SUPPORTED for a range that cannot be kept; TCH_BAD_ARGUMENT for an
 * unknown usage or too many.
 */
enum tch_status tch_filter_disable(struct tch_filter *f, unsigned usage,
                                   const char *cng_id, const char *mode,
                                   DWORD min_bits, DWORD max_bits);

/* tch_filter_passes says whether a suite is left. */
bool tch_filter_passes(const struct tch_filter *f,
                       const struct tch_suite_info *s);

/* tch_filter_passes_scheme says whether a TLS 1.2 signature scheme is left. */
bool tch_filter_passes_scheme(const struct tch_filter *f, unsigned scheme);

/* tch_filter_adds says whether a suite comes in although the policy does not
 * enable it: an authenticated NULL suite, or a PSK suite, as asked for. */
bool tch_filter_adds(const struct tch_filter *f,
                     const struct tch_suite_info *s);

/* tch_alg_at walks the ALG_IDs that the rows know; 0 at the end. `*matches`
 * says whether suite `s` uses it. */
ALG_ID tch_alg_at(size_t i, const struct tch_suite_info *s, bool *matches);

/* tch_suite_hash is the hash in a suite's name: of its MAC, or of its PRF for
 * AEAD suites. Static: "SHA256". */
const char *tch_suite_hash(const struct tch_suite_info *s);

#endif
