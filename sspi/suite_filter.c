/*
 * The rules of suite_filter.h as rows: ALG_IDs and CNG names, and the words
 * of tch_suite_info that they stand for. A word stands for all that begin
 * with it: "AES-" for every AES.
 */

#include "sspi/suite_filter.h"

#include <string.h>

/* clang-format off */
static const struct {
    ALG_ID alg;
    enum tch_alg_class what;
    const char *prefix;
} algs[] = {
    { CALG_NULLCIPHER, TCH_ALG_CIPHER, "NULL" },
    { CALG_RC4,        TCH_ALG_CIPHER, "RC4" },
    { CALG_RC2,        TCH_ALG_CIPHER, "RC2" },
    { CALG_DES,        TCH_ALG_CIPHER, "DES" },
    { CALG_3DES,       TCH_ALG_CIPHER, "3DES" },
    { CALG_AES,        TCH_ALG_CIPHER, "AES-" },
    { CALG_AES_128,    TCH_ALG_CIPHER, "AES-128" },
    { CALG_AES_256,    TCH_ALG_CIPHER, "AES-256" },
    { CALG_MD5,        TCH_ALG_HASH, "MD5" },
    { CALG_SHA1,       TCH_ALG_HASH, "SHA1" },
    { CALG_SHA_256,    TCH_ALG_HASH, "SHA256" },
    { CALG_SHA_384,    TCH_ALG_HASH, "SHA384" },
    { CALG_SHA_512,    TCH_ALG_HASH, "SHA512" },
    { CALG_RSA_SIGN,   TCH_ALG_SIGNATURE, "RSA" },
    { CALG_DSS_SIGN,   TCH_ALG_SIGNATURE, "DSA" },
    { CALG_ECDSA,      TCH_ALG_SIGNATURE, "ECDSA" },
    { CALG_RSA_KEYX,   TCH_ALG_KEY_EXCHANGE, "RSA" },
    { CALG_DH_SF,      TCH_ALG_KEY_EXCHANGE, "DH" },
    { CALG_DH_EPHEM,   TCH_ALG_KEY_EXCHANGE, "DHE" },
    { CALG_ECDH,       TCH_ALG_KEY_EXCHANGE, "ECDH" },
    { CALG_ECDH_EPHEM, TCH_ALG_KEY_EXCHANGE, "ECDHE" },
};

/* eTlsAlgorithmUsage and the names of bcrypt.h. */
static const struct {
    unsigned usage;
    const char *cng_id;
    enum tch_alg_class what;
    const char *prefix;
} cng[] = {
    { 0, "RSA",               TCH_ALG_KEY_EXCHANGE, "RSA" },
    { 0, "DH",                TCH_ALG_KEY_EXCHANGE, "DHE" },
    { 0, "DH",                TCH_ALG_KEY_EXCHANGE, "DH" },
    { 0, "ECDH",              TCH_ALG_KEY_EXCHANGE, "ECDHE" },
    { 0, "ECDH",              TCH_ALG_KEY_EXCHANGE, "ECDH" },
    { 1, "RSA",               TCH_ALG_SIGNATURE, "RSA" },
    { 1, "RSA_SIGN",          TCH_ALG_SIGNATURE, "RSA" },
    { 1, "DSA",               TCH_ALG_SIGNATURE, "DSA" },
    { 1, "ECDSA",             TCH_ALG_SIGNATURE, "ECDSA" },
    { 2, "AES",               TCH_ALG_CIPHER, "AES-" },
    { 2, "3DES",              TCH_ALG_CIPHER, "3DES" },
    { 2, "DES",               TCH_ALG_CIPHER, "DES" },
    { 2, "RC2",               TCH_ALG_CIPHER, "RC2" },
    { 2, "RC4",               TCH_ALG_CIPHER, "RC4" },
    { 2, "CHACHA20_POLY1305", TCH_ALG_CIPHER, "CHACHA20" },
    { 2, "NULL",              TCH_ALG_CIPHER, "NULL" },
    { 3, "MD5",               TCH_ALG_HASH, "MD5" },
    { 3, "SHA1",              TCH_ALG_HASH, "SHA1" },
    { 3, "SHA256",            TCH_ALG_HASH, "SHA256" },
    { 3, "SHA384",            TCH_ALG_HASH, "SHA384" },
};

/* Chaining modes and the end of a cipher's name. */
static const struct {
    const char *cng_mode;
    const char *mode;
} modes[] = {
    { "ChainingModeCBC", "CBC" },
    { "ChainingModeGCM", "GCM" },
    { "ChainingModeCCM", "CCM" },
};
/* clang-format on */

#define NUM(rows) (sizeof(rows) / sizeof(rows)[0])
#define CERT_SIG 4 /* TlsParametersCngAlgUsageCertSig, the last usage */
#define ALL 0xFFFFFFFFu
/* No policy but legacy and museum takes an RSA or DH key below this. */
#define USUAL_FLOOR 2048

const char *tch_suite_hash(const struct tch_suite_info *s)
{
    static const char *const ends[] = { "SHA384", "SHA256" };
    size_t len = strlen(s->name);

    if (!s->aead) {
        return s->mac;
    }
    for (size_t i = 0; i < NUM(ends); i++) {
        size_t end = strlen(ends[i]);

        if (len > end && strcmp(s->name + len - end, ends[i]) == 0) {
            return ends[i];
        }
    }
    return "SHA256"; /* CCM: RFC 6655 3 */
}

static const char *word_of(const struct tch_suite_info *s,
                           enum tch_alg_class what)
{
    switch (what) {
    case TCH_ALG_CIPHER:
        return s->cipher;
    case TCH_ALG_HASH:
        return tch_suite_hash(s);
    case TCH_ALG_SIGNATURE:
        return s->authentication;
    case TCH_ALG_KEY_EXCHANGE:
        return s->key_exchange;
    case TCH_NUM_ALG_CLASSES:
        break;
    }
    return "";
}

/* Ciphers by the beginning, the rest as a whole word: "DH" is not "DHE", but
 * "DHE" is also "DHE_PSK". */
static bool stands_for(enum tch_alg_class what, const char *prefix,
                       const struct tch_suite_info *s)
{
    const char *word = word_of(s, what);
    size_t len = strlen(prefix);

    if (strncmp(word, prefix, len) != 0) {
        return false;
    }
    return what == TCH_ALG_CIPHER || word[len] == '\0' || word[len] == '_';
}

void tch_filter_strengths(struct tch_filter *f, DWORD min, DWORD max)
{
    f->null_only = min == ALL && max == ALL;
    f->null_also = min == ALL;
    f->min_bits = min == ALL ? 0 : min;
    f->max_bits = max == ALL ? 0 : max;
}

bool tch_filter_want(struct tch_filter *f, ALG_ID alg)
{
    for (size_t i = 0; i < NUM(algs); i++) {
        if (algs[i].alg == alg) {
            f->wanted[algs[i].what] |= (uint32_t)1 << i;
            return true;
        }
    }
    return false;
}

static const char *mode_named(const char *mode)
{
    for (size_t i = 0; i < NUM(modes); i++) {
        if (strcmp(modes[i].cng_mode, mode) == 0) {
            return modes[i].mode;
        }
    }
    return NULL;
}

enum tch_status tch_filter_disable(struct tch_filter *f, unsigned usage,
                                   const char *cng_id, const char *mode,
                                   DWORD min_bits, DWORD max_bits)
{
    const char *end = mode == NULL ? "" : mode_named(mode);

    if (usage > CERT_SIG) {
        return TCH_BAD_ARGUMENT;
    }
    if (usage == CERT_SIG) {
        f->no_pkcs1 |= strcmp(cng_id, "SCH_RSA_PKCS_PAD") == 0;
        f->no_pss |= strcmp(cng_id, "SCH_RSA_PSS_PAD") == 0;
        return TCH_OK;
    }
    if (end == NULL) {
        return TCH_OK; /* a mode that no suite has */
    }
    for (size_t i = 0; i < NUM(cng); i++) {
        struct tch_disabled d;

        if (cng[i].usage != usage || strcmp(cng[i].cng_id, cng_id) != 0) {
            continue;
        }
        if (cng[i].what != TCH_ALG_CIPHER && max_bits != 0) {
            if (max_bits < USUAL_FLOOR) {
                continue; /* what the policy refuses anyway */
            }
            return TCH_NOT_SUPPORTED;
        }
        if (cng[i].what != TCH_ALG_CIPHER && min_bits > USUAL_FLOOR) {
            return TCH_NOT_SUPPORTED;
        }
        if (f->num_disabled == TCH_MAX_DISABLED) {
            return TCH_BAD_ARGUMENT;
        }
        d.what = cng[i].what;
        d.prefix = cng[i].prefix;
        d.min_bits = min_bits;
        d.max_bits = max_bits;
        memcpy(d.mode, end, strlen(end) + 1);
        f->disabled[f->num_disabled++] = d;
    }
    return TCH_OK;
}

static bool is_disabled(const struct tch_disabled *d,
                        const struct tch_suite_info *s)
{
    if (!stands_for(d->what, d->prefix, s)) {
        return false;
    }
    if (d->what != TCH_ALG_CIPHER) {
        return true;
    }
    /* CCM-8 counts as CCM, so the mode may stand in the middle. */
    return (d->mode[0] == '\0' || strstr(s->cipher, d->mode) != NULL) &&
           (d->min_bits == 0 || s->cipher_bits >= d->min_bits) &&
           (d->max_bits == 0 || s->cipher_bits <= d->max_bits);
}

static bool is_null(const struct tch_suite_info *s)
{
    return strcmp(s->cipher, "NULL") == 0;
}

static bool has_psk(const struct tch_suite_info *s)
{
    return strstr(s->key_exchange, "PSK") != NULL;
}

/* RC4, DES, export, NULL and MD5 (contract 5.4). */
static bool is_weak(const struct tch_suite_info *s)
{
    return is_null(s) || strncmp(s->cipher, "RC4", 3) == 0 ||
           strncmp(s->cipher, "RC2", 3) == 0 ||
           strncmp(s->cipher, "DES", 3) == 0 || s->cipher_bits < 112 ||
           strcmp(s->mac, "MD5") == 0;
}

static bool class_passes(const struct tch_filter *f, enum tch_alg_class what,
                         const struct tch_suite_info *s)
{
    if (f->wanted[what] == 0) {
        return true;
    }
    for (size_t i = 0; i < NUM(algs); i++) {
        if ((f->wanted[what] >> i & 1) != 0 &&
            stands_for(what, algs[i].prefix, s)) {
            return true;
        }
    }
    return false;
}

bool tch_filter_passes(const struct tch_filter *f,
                       const struct tch_suite_info *s)
{
    bool null = is_null(s);

    if (f->psk_only != has_psk(s) && f->psk_only) {
        return false;
    }
    if (f->null_only && !null) {
        return false;
    }
    if (f->strong && is_weak(s)) {
        return false;
    }
    /* NULL suites that were asked for lie outside the bounds. */
    if (!(null && f->null_also) &&
        (s->cipher_bits < f->min_bits ||
         (f->max_bits != 0 && s->cipher_bits > f->max_bits))) {
        return false;
    }
    for (unsigned c = 0; c < TCH_NUM_ALG_CLASSES; c++) {
        if (!class_passes(f, (enum tch_alg_class)c, s)) {
            return false;
        }
    }
    for (size_t i = 0; i < f->num_disabled; i++) {
        if (is_disabled(&f->disabled[i], s)) {
            return false;
        }
    }
    return true;
}

/* RFC 5246 7.4.1.4.1: the low byte 1 is RSA with PKCS#1 padding; RFC 8446
 * 4.2.3: 0804 to 0806 and 0809 to 080B are PSS. */
bool tch_filter_passes_scheme(const struct tch_filter *f, unsigned scheme)
{
    bool pss = (scheme >= 0x0804 && scheme <= 0x0806) ||
               (scheme >= 0x0809 && scheme <= 0x080B);
    bool pkcs1 = (scheme & 0xFF) == 1 && scheme >> 8 < 8;

    return !(pss && f->no_pss) && !(pkcs1 && f->no_pkcs1);
}

bool tch_filter_adds(const struct tch_filter *f,
                     const struct tch_suite_info *s)
{
    if (f->psk_only) {
        return has_psk(s) && (!is_null(s) || f->null_also);
    }
    return f->null_also && is_null(s) && !has_psk(s) &&
           strcmp(s->authentication, "none") != 0;
}

ALG_ID tch_alg_at(size_t i, const struct tch_suite_info *s, bool *matches)
{
    if (i >= NUM(algs)) {
        return 0;
    }
    *matches = s != NULL && stands_for(algs[i].what, algs[i].prefix, s);
    return algs[i].alg;
}
