/*
 * Hashes, ciphers, groups and signature schemes: lengths and numbers of the
 * texts. Dossier 2.8, 3.6, 4, 5.6, 5.7, 6.1; RFC 8422, 7919, 8446 4.2.3.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/algs.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void hash_lengths_and_blocks(void **state)
{
    static const struct {
        enum tch_hash hash;
        unsigned len;
        unsigned block;
    } facts[] = {
        { TCH_HASH_NONE, 0, 0 },     { TCH_HASH_MD5, 16, 64 },
        { TCH_HASH_SHA1, 20, 64 },   { TCH_HASH_SHA224, 28, 64 },
        { TCH_HASH_SHA256, 32, 64 }, { TCH_HASH_SHA384, 48, 128 },
        { TCH_HASH_SHA512, 64, 128 }, { TCH_HASH_MD5_SHA1, 36, 0 },
    };

    (void)state;
    assert_int_equal(COUNT(facts), TCH_NUM_HASHES);
    for (size_t i = 0; i < COUNT(facts); i++) {
        const struct tch_hash_row *h = tch_hash_facts(facts[i].hash);

        assert_int_equal(h->hash, facts[i].hash);
        assert_int_equal(h->len, facts[i].len);
        assert_int_equal(h->block, facts[i].block);
        assert_true(h->len <= TCH_HASH_MAX && h->block <= TCH_HASH_BLOCK_MAX);
    }
    assert_int_equal(tch_hash_facts((enum tch_hash)99)->hash, TCH_HASH_NONE);
}

static void cipher_rows_stand_at_their_numbers(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TCH_NUM_CIPHERS; i++) {
        const struct tch_cipher_row *c = tch_cipher_facts((enum tch_cipher)i);

        assert_int_equal(c->cipher, i);
        assert_true(c->key <= TCH_KEY_MAX && c->block <= 64);
        assert_int_equal(c->type == TCH_TYPE_AEAD, c->tag != 0);
        assert_true(c->fixed_iv + c->record_iv <= TCH_IV_MAX);
        assert_true(c->type != TCH_TYPE_CBC || c->block == 8 ||
                    c->block == 16);
    }
    assert_int_equal(tch_cipher_facts((enum tch_cipher)99)->cipher,
                     TCH_CIPHER_NULL);
}

/* Strength in bits as the contract reports it: that of the key. */
static void cipher_strengths(void **state)
{
    static const struct {
        enum tch_cipher cipher;
        unsigned bits;
    } facts[] = {
        { TCH_CIPHER_NULL, 0 },           { TCH_CIPHER_RC4_40, 40 },
        { TCH_CIPHER_RC4_56, 56 },        { TCH_CIPHER_RC4_128, 128 },
        { TCH_CIPHER_DES_40_CBC, 40 },    { TCH_CIPHER_DES_CBC, 56 },
        { TCH_CIPHER_3DES_CBC, 168 },     { TCH_CIPHER_AES_128_CBC, 128 },
        { TCH_CIPHER_AES_256_GCM, 256 },  { TCH_CIPHER_AES_256_CCM_8, 256 },
        { TCH_CIPHER_CHACHA20_POLY1305, 256 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        assert_int_equal(tch_cipher_facts(facts[i].cipher)->strength,
                         facts[i].bits);
    }
}

static void aead_nonces_and_tags(void **state)
{
    static const struct {
        enum tch_cipher cipher;
        unsigned fixed, explicit, tag;
    } facts[] = {
        { TCH_CIPHER_AES_128_GCM, 4, 8, 16 }, /* RFC 5288 3 */
        { TCH_CIPHER_AES_256_CCM, 4, 8, 16 }, /* RFC 6655 3 */
        { TCH_CIPHER_AES_128_CCM_8, 4, 8, 8 },
        { TCH_CIPHER_CHACHA20_POLY1305, 12, 0, 16 }, /* RFC 7905 2 */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        const struct tch_cipher_row *c = tch_cipher_facts(facts[i].cipher);

        assert_int_equal(c->fixed_iv, facts[i].fixed);
        assert_int_equal(c->record_iv, facts[i].explicit);
        assert_int_equal(c->tag, facts[i].tag);
    }
}

static void groups_have_their_numbers_and_lengths(void **state)
{
    static const struct {
        unsigned code;
        const char *name;
        enum tch_group_kind kind;
        unsigned bits, point, secret;
    } facts[] = {
        { 19, "secp192r1", TCH_GROUP_NIST, 192, 49, 24 },
        { 21, "secp224r1", TCH_GROUP_NIST, 224, 57, 28 },
        { 22, "secp256k1", TCH_GROUP_NIST, 256, 65, 32 },
        { 23, "secp256r1", TCH_GROUP_NIST, 256, 65, 32 },
        { 24, "secp384r1", TCH_GROUP_NIST, 384, 97, 48 },
        { 25, "secp521r1", TCH_GROUP_NIST, 521, 133, 66 }, /* R-KX-062, 064 */
        { 29, "x25519", TCH_GROUP_X, 255, 32, 32 },
        { 30, "x448", TCH_GROUP_X, 448, 56, 56 }, /* R-KX-067 */
        { 256, "ffdhe2048", TCH_GROUP_FFDHE, 2048, 256, 256 },
        { 257, "ffdhe3072", TCH_GROUP_FFDHE, 3072, 384, 384 },
        { 258, "ffdhe4096", TCH_GROUP_FFDHE, 4096, 512, 512 },
        { 259, "ffdhe6144", TCH_GROUP_FFDHE, 6144, 768, 768 },
        { 260, "ffdhe8192", TCH_GROUP_FFDHE, 8192, 1024, 1024 },
    };
    size_t num = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        const struct tch_group_row *g = tch_group_facts(facts[i].code);

        assert_non_null(g);
        assert_int_equal(g->code, facts[i].code);
        assert_string_equal(g->name, facts[i].name);
        assert_ptr_equal(tch_group_named(facts[i].name), g);
        assert_int_equal(g->kind, facts[i].kind);
        assert_int_equal(g->bits, facts[i].bits);
        assert_int_equal(g->public_len, facts[i].point);
        assert_int_equal(g->secret_len, facts[i].secret);
    }
    while (tch_group_at(num) != NULL) {
        num++;
    }
    assert_int_equal(num, COUNT(facts));
}

static void groups_are_found_in_either_case_and_no_others(void **state)
{
    (void)state;
    assert_ptr_equal(tch_group_named("X25519"), tch_group_facts(29));
    assert_ptr_equal(tch_group_named("SECP256R1"), tch_group_facts(23));
    assert_null(tch_group_named("secp256"));
    assert_null(tch_group_named(""));
    assert_null(tch_group_facts(0x0A0A));
    assert_null(tch_group_facts(0));
    assert_null(tch_group_facts(0x10017));
}

static void schemes_have_their_numbers(void **state)
{
    static const struct {
        unsigned code;
        enum tch_sig_kind kind;
        enum tch_key_kind key;
        enum tch_hash hash;
    } facts[] = {
        { 0x0101, TCH_SIG_RSA_PKCS1, TCH_KEY_RSA, TCH_HASH_MD5 },
        { 0x0201, TCH_SIG_RSA_PKCS1, TCH_KEY_RSA, TCH_HASH_SHA1 },
        { 0x0202, TCH_SIG_DSA, TCH_KEY_DSA, TCH_HASH_SHA1 },
        { 0x0203, TCH_SIG_ECDSA, TCH_KEY_EC, TCH_HASH_SHA1 },
        { 0x0301, TCH_SIG_RSA_PKCS1, TCH_KEY_RSA, TCH_HASH_SHA224 },
        { 0x0302, TCH_SIG_DSA, TCH_KEY_DSA, TCH_HASH_SHA224 },
        { 0x0303, TCH_SIG_ECDSA, TCH_KEY_EC, TCH_HASH_SHA224 },
        { 0x0401, TCH_SIG_RSA_PKCS1, TCH_KEY_RSA, TCH_HASH_SHA256 },
        { 0x0402, TCH_SIG_DSA, TCH_KEY_DSA, TCH_HASH_SHA256 },
        { 0x0403, TCH_SIG_ECDSA, TCH_KEY_EC, TCH_HASH_SHA256 },
        { 0x0501, TCH_SIG_RSA_PKCS1, TCH_KEY_RSA, TCH_HASH_SHA384 },
        { 0x0503, TCH_SIG_ECDSA, TCH_KEY_EC, TCH_HASH_SHA384 },
        { 0x0601, TCH_SIG_RSA_PKCS1, TCH_KEY_RSA, TCH_HASH_SHA512 },
        { 0x0603, TCH_SIG_ECDSA, TCH_KEY_EC, TCH_HASH_SHA512 },
        { 0x0804, TCH_SIG_RSA_PSS, TCH_KEY_RSA, TCH_HASH_SHA256 },
        { 0x0805, TCH_SIG_RSA_PSS, TCH_KEY_RSA, TCH_HASH_SHA384 },
        { 0x0806, TCH_SIG_RSA_PSS, TCH_KEY_RSA, TCH_HASH_SHA512 },
        { 0x0807, TCH_SIG_EDDSA, TCH_KEY_ED25519, TCH_HASH_NONE },
        { 0x0808, TCH_SIG_EDDSA, TCH_KEY_ED448, TCH_HASH_NONE },
        { 0x0809, TCH_SIG_RSA_PSS, TCH_KEY_RSA_PSS, TCH_HASH_SHA256 },
        { 0x080A, TCH_SIG_RSA_PSS, TCH_KEY_RSA_PSS, TCH_HASH_SHA384 },
        { 0x080B, TCH_SIG_RSA_PSS, TCH_KEY_RSA_PSS, TCH_HASH_SHA512 },
        { 0xFFFF, TCH_SIG_RSA_PKCS1, TCH_KEY_RSA, TCH_HASH_MD5_SHA1 },
    };
    size_t num = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        const struct tch_scheme_row *s = tch_scheme_facts(facts[i].code);

        assert_non_null(s);
        assert_int_equal(s->kind, facts[i].kind);
        assert_int_equal(s->key, facts[i].key);
        assert_int_equal(s->hash, facts[i].hash);
    }
    while (tch_scheme_at(num) != NULL) {
        num++;
    }
    assert_int_equal(num, COUNT(facts));
    assert_null(tch_scheme_facts(0x0400)); /* anonymous */
    assert_null(tch_scheme_facts(0x0A0A));
    assert_null(tch_scheme_facts(0x0904));
}

/* ECDSA, EdDSA, PSS, PKCS#1, each from SHA-256 up; SHA-1 last but for MD5. */
static void schemes_stand_in_the_order_of_R_EXT_067(void **state)
{
    static const uint16_t strong[] = { 0x0403, 0x0503, 0x0603, 0x0807, 0x0808,
                                       0x0804, 0x0805, 0x0806, 0x0809, 0x080A,
                                       0x080B, 0x0401, 0x0501, 0x0601 };
    const struct tch_scheme_row *s;
    int stage = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(strong); i++) {
        assert_int_equal(tch_scheme_at(i)->code, strong[i]);
    }
    for (size_t i = COUNT(strong); (s = tch_scheme_at(i)) != NULL; i++) {
        int now = s->hash == TCH_HASH_SHA1                                  ? 1
                  : s->hash == TCH_HASH_MD5 || s->hash == TCH_HASH_MD5_SHA1 ? 2
                                                                            : 0;

        assert_true(now >= stage);
        stage = now;
    }
    assert_int_equal(stage, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_lengths_and_blocks),
        cmocka_unit_test(cipher_rows_stand_at_their_numbers),
        cmocka_unit_test(cipher_strengths),
        cmocka_unit_test(aead_nonces_and_tags),
        cmocka_unit_test(groups_have_their_numbers_and_lengths),
        cmocka_unit_test(groups_are_found_in_either_case_and_no_others),
        cmocka_unit_test(schemes_have_their_numbers),
        cmocka_unit_test(schemes_stand_in_the_order_of_R_EXT_067),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
