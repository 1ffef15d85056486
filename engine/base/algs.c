/* The rows of algs.h and their look-ups. */

#include "engine/base/algs.h"

#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct tch_hash_row hashes[] = {
    { TCH_HASH_NONE, "none", 0, 0 },
    { TCH_HASH_MD5, "MD5", 16, 64 },
    { TCH_HASH_SHA1, "SHA1", 20, 64 },
    { TCH_HASH_SHA224, "SHA224", 28, 64 },
    { TCH_HASH_SHA256, "SHA256", 32, 64 },
    { TCH_HASH_SHA384, "SHA384", 48, 128 },
    { TCH_HASH_SHA512, "SHA512", 64, 128 },
    { TCH_HASH_MD5_SHA1, "MD5+SHA1", 36, 0 },
};

const struct tch_hash_row *tch_hash_facts(enum tch_hash h)
{
    return (size_t)h < COUNT(hashes) ? &hashes[h] : &hashes[0];
}

/* clang-format off */
#define ST TCH_TYPE_STREAM
#define CB TCH_TYPE_CBC
#define AE TCH_TYPE_AEAD
static const struct tch_cipher_row ciphers[] = {
    /*                                                 type mat key blk fix rec tag bits */
    { TCH_CIPHER_NULL,              "NULL",              ST,  0,  0,  1,  0, 0,  0,   0 },
    { TCH_CIPHER_RC4_40,            "RC4-40",            ST,  5, 16,  1,  0, 0,  0,  40 },
    { TCH_CIPHER_RC4_56,            "RC4-56",            ST,  7, 16,  1,  0, 0,  0,  56 },
    { TCH_CIPHER_RC4_128,           "RC4-128",           ST, 16, 16,  1,  0, 0,  0, 128 },
    { TCH_CIPHER_RC2_40_CBC,        "RC2-40-CBC",        CB,  5, 16,  8,  0, 0,  0,  40 },
    { TCH_CIPHER_DES_40_CBC,        "DES-40-CBC",        CB,  5,  8,  8,  0, 0,  0,  40 },
    { TCH_CIPHER_DES_56_CBC,        "DES-56-CBC",        CB,  8,  8,  8,  0, 0,  0,  56 },
    { TCH_CIPHER_DES_CBC,           "DES-CBC",           CB,  8,  8,  8,  0, 0,  0,  56 },
    { TCH_CIPHER_3DES_CBC,          "3DES-CBC",          CB, 24, 24,  8,  0, 0,  0, 168 },
    { TCH_CIPHER_IDEA_CBC,          "IDEA-CBC",          CB, 16, 16,  8,  0, 0,  0, 128 },
    { TCH_CIPHER_SEED_CBC,          "SEED-CBC",          CB, 16, 16, 16,  0, 0,  0, 128 },
    { TCH_CIPHER_AES_128_CBC,       "AES-128-CBC",       CB, 16, 16, 16,  0, 0,  0, 128 },
    { TCH_CIPHER_AES_256_CBC,       "AES-256-CBC",       CB, 32, 32, 16,  0, 0,  0, 256 },
    { TCH_CIPHER_CAMELLIA_128_CBC,  "CAMELLIA-128-CBC",  CB, 16, 16, 16,  0, 0,  0, 128 },
    { TCH_CIPHER_CAMELLIA_256_CBC,  "CAMELLIA-256-CBC",  CB, 32, 32, 16,  0, 0,  0, 256 },
    { TCH_CIPHER_AES_128_GCM,       "AES-128-GCM",       AE, 16, 16, 16,  4, 8, 16, 128 },
    { TCH_CIPHER_AES_256_GCM,       "AES-256-GCM",       AE, 32, 32, 16,  4, 8, 16, 256 },
    { TCH_CIPHER_AES_128_CCM,       "AES-128-CCM",       AE, 16, 16, 16,  4, 8, 16, 128 },
    { TCH_CIPHER_AES_256_CCM,       "AES-256-CCM",       AE, 32, 32, 16,  4, 8, 16, 256 },
    { TCH_CIPHER_AES_128_CCM_8,     "AES-128-CCM-8",     AE, 16, 16, 16,  4, 8,  8, 128 },
    { TCH_CIPHER_AES_256_CCM_8,     "AES-256-CCM-8",     AE, 32, 32, 16,  4, 8,  8, 256 },
    { TCH_CIPHER_CAMELLIA_128_GCM,  "CAMELLIA-128-GCM",  AE, 16, 16, 16,  4, 8, 16, 128 },
    { TCH_CIPHER_CAMELLIA_256_GCM,  "CAMELLIA-256-GCM",  AE, 32, 32, 16,  4, 8, 16, 256 },
    { TCH_CIPHER_CHACHA20_POLY1305, "CHACHA20-POLY1305", AE, 32, 32,  1, 12, 0, 16, 256 },
};
#undef ST
#undef CB
#undef AE
/* clang-format on */

const struct tch_cipher_row *tch_cipher_facts(enum tch_cipher c)
{
    return (size_t)c < COUNT(ciphers) ? &ciphers[c] : &ciphers[0];
}

/* clang-format off */
static const struct tch_group_row groups[] = {
    { TCH_GROUP_X25519,    "x25519",    TCH_GROUP_X,     255,   32,   32 },
    { TCH_GROUP_SECP256R1, "secp256r1", TCH_GROUP_NIST,  256,   65,   32 },
    { TCH_GROUP_SECP384R1, "secp384r1", TCH_GROUP_NIST,  384,   97,   48 },
    { TCH_GROUP_SECP521R1, "secp521r1", TCH_GROUP_NIST,  521,  133,   66 },
    { TCH_GROUP_X448,      "x448",      TCH_GROUP_X,     448,   56,   56 },
    { TCH_GROUP_FFDHE2048, "ffdhe2048", TCH_GROUP_FFDHE, 2048, 256,  256 },
    { TCH_GROUP_FFDHE3072, "ffdhe3072", TCH_GROUP_FFDHE, 3072, 384,  384 },
    { TCH_GROUP_FFDHE4096, "ffdhe4096", TCH_GROUP_FFDHE, 4096, 512,  512 },
    { TCH_GROUP_FFDHE6144, "ffdhe6144", TCH_GROUP_FFDHE, 6144, 768,  768 },
    { TCH_GROUP_FFDHE8192, "ffdhe8192", TCH_GROUP_FFDHE, 8192, 1024, 1024 },
    { TCH_GROUP_SECP256K1, "secp256k1", TCH_GROUP_NIST,  256,   65,   32 },
    { TCH_GROUP_SECP224R1, "secp224r1", TCH_GROUP_NIST,  224,   57,   28 },
    { TCH_GROUP_SECP192R1, "secp192r1", TCH_GROUP_NIST,  192,   49,   24 },
};
/* clang-format on */

const struct tch_group_row *tch_group_at(size_t i)
{
    return i < COUNT(groups) ? &groups[i] : NULL;
}

const struct tch_group_row *tch_group_facts(unsigned code)
{
    for (size_t i = 0; i < COUNT(groups); i++) {
        if (groups[i].code == code) {
            return &groups[i];
        }
    }
    return NULL;
}

const struct tch_group_row *tch_group_named(const char *name)
{
    for (size_t i = 0; i < COUNT(groups); i++) {
        if (strcasecmp(groups[i].name, name) == 0) {
            return &groups[i];
        }
    }
    return NULL;
}

/* clang-format off */
#define PK TCH_SIG_RSA_PKCS1, TCH_KEY_RSA
#define PE TCH_SIG_RSA_PSS, TCH_KEY_RSA
#define PP TCH_SIG_RSA_PSS, TCH_KEY_RSA_PSS
#define EC TCH_SIG_ECDSA, TCH_KEY_EC
#define DS TCH_SIG_DSA, TCH_KEY_DSA
/* R-EXT-067: ECDSA, EdDSA, PSS, PKCS#1, each from SHA-256 up; DSA; SHA-224;
 * the SHA-1 pairs; MD5. */
static const struct tch_scheme_row schemes[] = {
    { TCH_SCHEME_ECDSA_SHA256,        "ecdsa_secp256r1_sha256", EC, TCH_HASH_SHA256 },
    { TCH_SCHEME_ECDSA_SHA384,        "ecdsa_secp384r1_sha384", EC, TCH_HASH_SHA384 },
    { TCH_SCHEME_ECDSA_SHA512,        "ecdsa_secp521r1_sha512", EC, TCH_HASH_SHA512 },
    { TCH_SCHEME_ED25519,             "ed25519", TCH_SIG_EDDSA, TCH_KEY_ED25519, TCH_HASH_NONE },
    { TCH_SCHEME_ED448,               "ed448",   TCH_SIG_EDDSA, TCH_KEY_ED448,   TCH_HASH_NONE },
    { TCH_SCHEME_RSA_PSS_RSAE_SHA256, "rsa_pss_rsae_sha256",    PE, TCH_HASH_SHA256 },
    { TCH_SCHEME_RSA_PSS_RSAE_SHA384, "rsa_pss_rsae_sha384",    PE, TCH_HASH_SHA384 },
    { TCH_SCHEME_RSA_PSS_RSAE_SHA512, "rsa_pss_rsae_sha512",    PE, TCH_HASH_SHA512 },
    { TCH_SCHEME_RSA_PSS_PSS_SHA256,  "rsa_pss_pss_sha256",     PP, TCH_HASH_SHA256 },
    { TCH_SCHEME_RSA_PSS_PSS_SHA384,  "rsa_pss_pss_sha384",     PP, TCH_HASH_SHA384 },
    { TCH_SCHEME_RSA_PSS_PSS_SHA512,  "rsa_pss_pss_sha512",     PP, TCH_HASH_SHA512 },
    { TCH_SCHEME_RSA_PKCS1_SHA256,    "rsa_pkcs1_sha256",       PK, TCH_HASH_SHA256 },
    { TCH_SCHEME_RSA_PKCS1_SHA384,    "rsa_pkcs1_sha384",       PK, TCH_HASH_SHA384 },
    { TCH_SCHEME_RSA_PKCS1_SHA512,    "rsa_pkcs1_sha512",       PK, TCH_HASH_SHA512 },
    { TCH_SCHEME_DSA_SHA256,          "dsa_sha256",             DS, TCH_HASH_SHA256 },
    { TCH_SCHEME_ECDSA_SHA224,        "ecdsa_sha224",           EC, TCH_HASH_SHA224 },
    { TCH_SCHEME_RSA_PKCS1_SHA224,    "rsa_pkcs1_sha224",       PK, TCH_HASH_SHA224 },
    { TCH_SCHEME_DSA_SHA224,          "dsa_sha224",             DS, TCH_HASH_SHA224 },
    { TCH_SCHEME_ECDSA_SHA1,          "ecdsa_sha1",             EC, TCH_HASH_SHA1 },
    { TCH_SCHEME_RSA_PKCS1_SHA1,      "rsa_pkcs1_sha1",         PK, TCH_HASH_SHA1 },
    { TCH_SCHEME_DSA_SHA1,            "dsa_sha1",               DS, TCH_HASH_SHA1 },
    { TCH_SCHEME_RSA_PKCS1_MD5,       "rsa_pkcs1_md5",          PK, TCH_HASH_MD5 },
    { TCH_SCHEME_RSA_MD5_SHA1,        "rsa_md5_sha1",           PK, TCH_HASH_MD5_SHA1 },
};
#undef PK
#undef PE
#undef PP
#undef EC
#undef DS
/* clang-format on */

const struct tch_scheme_row *tch_scheme_at(size_t i)
{
    return i < COUNT(schemes) ? &schemes[i] : NULL;
}

const struct tch_scheme_row *tch_scheme_facts(unsigned code)
{
    for (size_t i = 0; i < COUNT(schemes); i++) {
        if (schemes[i].code == code) {
            return &schemes[i];
        }
    }
    return NULL;
}
