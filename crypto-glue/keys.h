#ifndef TCH_CRYPTO_GLUE_KEYS_H
#define TCH_CRYPTO_GLUE_KEYS_H

/*
 * Public and private keys, signatures, and RSA encryption. Keys are opaque,
 * immutable after loading, and may be used by several threads at once.
 *
 * Private operations are blinded and of fixed width whatever the math
 * provider; RSA signatures are verified before they leave (R-ATK-034).
 *
 * Sources: RFC 8017, 3279, 5480, 5915, 5958, 8410, 8032, 6979; dossier 3.6,
 * 7.5, 7.7; libtomcrypt-notes L5, L7, L8, L9.
 */

#include "engine/base/algs.h"
#include "engine/base/alloc.h"
#include "engine/base/draw.h"
#include "engine/base/status.h"

struct tch_public_key;
struct tch_private_key;

/* What one may know of a key. `bits`: modulus, field or key size. `group` is
 * the named curve of an EC key, else 0. `pss_hash` is the one hash that an
 * RSASSA-PSS key is tied to by its parameters, else TCH_HASH_NONE. */
struct tch_key_info {
    enum tch_key_kind kind;
    unsigned bits;
    uint16_t group;
    enum tch_hash pss_hash;
};

/*
 * tch_public_key_read makes a key from a DER SubjectPublicKeyInfo; the key
 * holds its own copy. TCH_OK; TCH_BAD_KEY for broken or impossible keys
 * (RSA exponent R-PKI-080, point not on the curve, DSA numbers that are no
 * group); TCH_NOT_SUPPORTED for algorithms and curves this build lacks, and
 * for DSA keys that inherit their parameters; TCH_NO_MEMORY.
 * Free with tch_public_key_free, which accepts NULL.
 */
TCH_MUST_CHECK enum tch_status
tch_public_key_read(const struct tch_alloc *alloc, struct tch_slice spki,
                    struct tch_public_key **out);
void tch_public_key_free(struct tch_public_key *k);
struct tch_key_info tch_public_key_info(const struct tch_public_key *k);

/*
 * tch_private_key_read makes a key from DER: PKCS#8 PrivateKeyInfo, PKCS#1
 * RSAPrivateKey, SEC1 ECPrivateKey or the traditional SEQUENCE { 0, p, q, g,
 * y, x } of DSA, told apart by their form. Statuses as
 * tch_public_key_read. Free with tch_private_key_free (wipes; NULL is fine).
 */
TCH_MUST_CHECK enum tch_status
tch_private_key_read(const struct tch_alloc *alloc, struct tch_slice der,
                     struct tch_private_key **out);
void tch_private_key_free(struct tch_private_key *k);
struct tch_key_info tch_private_key_info(const struct tch_private_key *k);

/* tch_key_pair_matches says whether the private key belongs to the public
 * one (R-PKI-107). */
bool tch_key_pair_matches(const struct tch_public_key *pub,
                          const struct tch_private_key *priv);

#define TCH_SIGNATURE_MAX 1024 /* bytes: RSA of 8192 bits */

/* tch_scheme_fits says whether a key of this kind and size can make and check
 * signatures of a scheme (R-PKI-084; a short RSA key has no room for a long
 * hash). */
bool tch_scheme_fits(struct tch_key_info key, unsigned scheme);

/*
 * tch_sign signs a message given as `num` slices. `out` has room for
 * TCH_SIGNATURE_MAX bytes. `draw` serves PSS salts, blinding and hedged
 * nonces ("sign.salt", "sign.blind", "sign.nonce").
 * TCH_OK; TCH_BAD_KEY when the scheme does not fit; TCH_NO_RANDOM;
 * TCH_NO_MEMORY; TCH_INTERNAL when the result does not verify.
 */
TCH_MUST_CHECK enum tch_status
tch_sign(const struct tch_private_key *k, unsigned scheme,
         const struct tch_slice *message, size_t num,
         const struct tch_draw_source *draw, uint8_t *out, size_t *out_len);

/* tch_sign_hash is tch_sign over a hash that is already there, of the
 * scheme's length. Not for EdDSA: TCH_NOT_SUPPORTED. */
TCH_MUST_CHECK enum tch_status
tch_sign_hash(const struct tch_private_key *k, unsigned scheme,
              struct tch_slice hash, const struct tch_draw_source *draw,
              uint8_t *out, size_t *out_len);

/*
 * tch_verify checks a signature over a message given as `num` slices.
 * TCH_OK; TCH_BAD_SIGNATURE for every kind of wrong signature; TCH_BAD_KEY
 * when the scheme does not fit the key; TCH_NO_MEMORY.
 */
TCH_MUST_CHECK enum tch_status
tch_verify(const struct tch_public_key *k, unsigned scheme,
           const struct tch_slice *message, size_t num,
           struct tch_slice signature);

/* tch_verify_hash is tch_verify over a hash that is already there. Not for
 * EdDSA: TCH_NOT_SUPPORTED. */
TCH_MUST_CHECK enum tch_status
tch_verify_hash(const struct tch_public_key *k, unsigned scheme,
                struct tch_slice hash, struct tch_slice signature);

/*
 * tch_rsa_encrypt encrypts `in` with PKCS#1 v1.5 type 2 (R-KX-027). `out` has
 * room for the modulus; `*out_len` is its length in bytes. The padding is
 * drawn as "rsa.padding". TCH_OK, TCH_BAD_KEY, TCH_NO_RANDOM, TCH_NO_MEMORY.
 */
TCH_MUST_CHECK enum tch_status
tch_rsa_encrypt(const struct tch_public_key *k, struct tch_slice in,
                const struct tch_draw_source *draw, uint8_t *out,
                size_t *out_len);

/*
 * tch_rsa_decrypt_premaster decrypts a PreMasterSecret of 48 bytes. `out`
 * holds on entry the 48 bytes to use when the ciphertext is wrong in any way
 * (length, padding, content length) and on return those or the decrypted
 * ones; nothing tells which (R-KX-022, R-KX-024, R-KX-026).
 * TCH_OK always but for our own failures: TCH_BAD_KEY (no RSA key),
 * TCH_NO_RANDOM, TCH_NO_MEMORY.
 */
TCH_MUST_CHECK enum tch_status
tch_rsa_decrypt_premaster(const struct tch_private_key *k,
                          struct tch_slice ciphertext,
                          const struct tch_draw_source *draw,
                          uint8_t out[48]);

/*
 * tch_rsa_unwrap_premaster takes a PreMasterSecret of 48 bytes out of `block`,
 * the raw result of an RSA decryption made elsewhere, as
 * tch_rsa_decrypt_premaster does: `out` keeps what it holds when the block is
 * wrong in any way, and nothing tells which.
 */
void tch_rsa_unwrap_premaster(struct tch_slice block, uint8_t out[48]);

#endif
