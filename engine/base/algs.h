#ifndef TCH_ENGINE_BASE_ALGS_H
#define TCH_ENGINE_BASE_ALGS_H

/*
 * Algorithms by name, with the facts about them as rows: hashes, ciphers,
 * groups, signature schemes. What an RFC says is here; what this build can do
 * is the crypto glue's to say, and what a connection may use is the policy's.
 *
 * Sources: dossier sections 2.8, 3.6, 4.2, 5.6, 6; RFC 5246, 8422, 7919,
 * 8446 4.2.3.
 */

#include "slice.h"

enum tch_hash {
    TCH_HASH_NONE,
    TCH_HASH_MD5,
    TCH_HASH_SHA1,
    TCH_HASH_SHA224,
    TCH_HASH_SHA256,
    TCH_HASH_SHA384,
    TCH_HASH_SHA512,
    TCH_HASH_MD5_SHA1, /* MD5 || SHA-1, for signatures below TLS 1.2 */
    TCH_NUM_HASHES
};

#define TCH_HASH_MAX 64       /* bytes of the longest hash */
#define TCH_HASH_BLOCK_MAX 128

/* tch_hash_row holds the lengths in bytes; a block of 0 means none. */
struct tch_hash_row {
    enum tch_hash hash;
    const char *name;
    uint8_t len;
    uint8_t block;
};

/* tch_hash_facts gives the row of a hash. */
const struct tch_hash_row *tch_hash_facts(enum tch_hash h);

enum tch_cipher {
    TCH_CIPHER_NULL,
    TCH_CIPHER_RC4_40,
    TCH_CIPHER_RC4_56,
    TCH_CIPHER_RC4_128,
    TCH_CIPHER_RC2_40_CBC,
    TCH_CIPHER_DES_40_CBC,
    TCH_CIPHER_DES_56_CBC, /* EXPORT1024: 8 key bytes, export step */
    TCH_CIPHER_DES_CBC,
    TCH_CIPHER_3DES_CBC,
    TCH_CIPHER_IDEA_CBC,
    TCH_CIPHER_SEED_CBC,
    TCH_CIPHER_AES_128_CBC,
    TCH_CIPHER_AES_256_CBC,
    TCH_CIPHER_CAMELLIA_128_CBC,
    TCH_CIPHER_CAMELLIA_256_CBC,
    TCH_CIPHER_AES_128_GCM,
    TCH_CIPHER_AES_256_GCM,
    TCH_CIPHER_AES_128_CCM,
    TCH_CIPHER_AES_256_CCM,
    TCH_CIPHER_AES_128_CCM_8,
    TCH_CIPHER_AES_256_CCM_8,
    TCH_CIPHER_CAMELLIA_128_GCM,
    TCH_CIPHER_CAMELLIA_256_GCM,
    TCH_CIPHER_CHACHA20_POLY1305,
    TCH_NUM_CIPHERS
};

enum tch_cipher_type { TCH_TYPE_STREAM, TCH_TYPE_CBC, TCH_TYPE_AEAD };

#define TCH_KEY_MAX 32 /* bytes of the longest cipher key */
#define TCH_IV_MAX 16

/*
 * tch_cipher_row: lengths in bytes. `key_material` is taken from the key
 * block, `key` is what the cipher gets (they differ for export ciphers),
 * `strength` is in bits. CBC: `block` is also the length of an explicit IV
 * (TLS 1.1 up) and of the one from the key block (below). AEAD: `fixed_iv`
 * from the key block, `record_iv` on the wire.
 */
struct tch_cipher_row {
    enum tch_cipher cipher;
    const char *name; /* "AES-128-GCM" */
    enum tch_cipher_type type;
    uint8_t key_material;
    uint8_t key;
    uint8_t block;
    uint8_t fixed_iv;
    uint8_t record_iv;
    uint8_t tag;
    uint16_t strength;
};

/* tch_cipher_facts gives the row of a cipher. */
const struct tch_cipher_row *tch_cipher_facts(enum tch_cipher c);

enum tch_kx {
    TCH_KX_NULL,
    TCH_KX_RSA,
    TCH_KX_RSA_EXPORT,     /* 512 bits */
    TCH_KX_RSA_EXPORT1024,
    TCH_KX_DH,
    TCH_KX_DH_EXPORT,
    TCH_KX_DHE,
    TCH_KX_DHE_EXPORT,     /* 512 bits */
    TCH_KX_DHE_EXPORT1024,
    TCH_KX_ECDH,
    TCH_KX_ECDHE,
    TCH_KX_PSK,
    TCH_KX_RSA_PSK,
    TCH_KX_DHE_PSK,
    TCH_KX_ECDHE_PSK,
    TCH_NUM_KX
};

/* tch_auth is how the server proves itself. */
enum tch_auth {
    TCH_AUTH_NONE, /* anonymous */
    TCH_AUTH_RSA,
    TCH_AUTH_DSA,
    TCH_AUTH_ECDSA, /* EdDSA keys as well, RFC 8422 2 */
    TCH_AUTH_PSK,
    TCH_AUTH_RSA_PSK
};

/* tch_key_kind is the kind of a public or private key. */
enum tch_key_kind {
    TCH_KEY_NONE,
    TCH_KEY_RSA,
    TCH_KEY_RSA_PSS, /* RSASSA-PSS: rsa_pss_pss signatures alone */
    TCH_KEY_EC,
    TCH_KEY_DSA,
    TCH_KEY_ED25519,
    TCH_KEY_ED448
};

/* Named groups: the numbers of the IANA registry. */
enum tch_group_kind { TCH_GROUP_NIST, TCH_GROUP_X, TCH_GROUP_FFDHE };

enum {
    TCH_GROUP_SECP192R1 = 19,
    TCH_GROUP_SECP224R1 = 21,
    TCH_GROUP_SECP256K1 = 22,
    TCH_GROUP_SECP256R1 = 23,
    TCH_GROUP_SECP384R1 = 24,
    TCH_GROUP_SECP521R1 = 25,
    TCH_GROUP_X25519 = 29,
    TCH_GROUP_X448 = 30,
    TCH_GROUP_FFDHE2048 = 256,
    TCH_GROUP_FFDHE3072 = 257,
    TCH_GROUP_FFDHE4096 = 258,
    TCH_GROUP_FFDHE6144 = 259,
    TCH_GROUP_FFDHE8192 = 260
};

/* tch_group_row: `bits` as the contract reports it (255 for x25519);
 * `public_len` and `secret_len` in bytes, on the wire. */
struct tch_group_row {
    uint16_t code;
    const char *name; /* "x25519", "secp256r1" */
    enum tch_group_kind kind;
    uint16_t bits;
    uint16_t public_len;
    uint16_t secret_len;
};

/* tch_group_facts gives the row of a named group, or NULL. */
const struct tch_group_row *tch_group_facts(unsigned code);

/* tch_group_named finds a group by its name, in either case, or NULL. */
const struct tch_group_row *tch_group_named(const char *name);

/* tch_group_at walks the table; NULL behind the last row. */
const struct tch_group_row *tch_group_at(size_t i);

enum tch_sig_kind {
    TCH_SIG_RSA_PKCS1,
    TCH_SIG_RSA_PSS,
    TCH_SIG_ECDSA,
    TCH_SIG_DSA,
    TCH_SIG_EDDSA
};

/*
 * Signature schemes: the wire's 16-bit codes, and one of ours for the RSA
 * signature over MD5 || SHA-1 that every version below TLS 1.2 uses.
 */
enum {
    TCH_SCHEME_RSA_PKCS1_MD5 = 0x0101,
    TCH_SCHEME_RSA_PKCS1_SHA1 = 0x0201,
    TCH_SCHEME_DSA_SHA1 = 0x0202,
    TCH_SCHEME_ECDSA_SHA1 = 0x0203,
    TCH_SCHEME_RSA_PKCS1_SHA224 = 0x0301,
    TCH_SCHEME_DSA_SHA224 = 0x0302,
    TCH_SCHEME_ECDSA_SHA224 = 0x0303,
    TCH_SCHEME_RSA_PKCS1_SHA256 = 0x0401,
    TCH_SCHEME_DSA_SHA256 = 0x0402,
    TCH_SCHEME_ECDSA_SHA256 = 0x0403,
    TCH_SCHEME_RSA_PKCS1_SHA384 = 0x0501,
    TCH_SCHEME_ECDSA_SHA384 = 0x0503,
    TCH_SCHEME_RSA_PKCS1_SHA512 = 0x0601,
    TCH_SCHEME_ECDSA_SHA512 = 0x0603,
    TCH_SCHEME_RSA_PSS_RSAE_SHA256 = 0x0804,
    TCH_SCHEME_RSA_PSS_RSAE_SHA384 = 0x0805,
    TCH_SCHEME_RSA_PSS_RSAE_SHA512 = 0x0806,
    TCH_SCHEME_ED25519 = 0x0807,
    TCH_SCHEME_ED448 = 0x0808,
    TCH_SCHEME_RSA_PSS_PSS_SHA256 = 0x0809,
    TCH_SCHEME_RSA_PSS_PSS_SHA384 = 0x080A,
    TCH_SCHEME_RSA_PSS_PSS_SHA512 = 0x080B,
    TCH_SCHEME_RSA_MD5_SHA1 = 0xFFFF /* not on the wire */
};

/* tch_scheme_row: `key` is the kind of key that makes such signatures. */
struct tch_scheme_row {
    uint16_t code;
    const char *name; /* "ecdsa_secp256r1_sha256" of RFC 8446, 4.2.3 */
    enum tch_sig_kind kind;
    enum tch_key_kind key;
    enum tch_hash hash;
};

/* tch_scheme_facts gives the row of a signature scheme, or NULL. */
const struct tch_scheme_row *tch_scheme_facts(unsigned code);

/* tch_scheme_at walks the table in the order of R-EXT-067; NULL behind the
 * last row. */
const struct tch_scheme_row *tch_scheme_at(size_t i);

#endif
