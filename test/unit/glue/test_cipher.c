/*
 * CBC through the interface: RFC 3602 and NIST values, Wycheproof by raw CBC,
 * agreement with libtomcrypt, chaining over calls, and what is built. Values
 * of the older ciphers, and RC4: test_cipher_legacy.c.
 */

#include "test/unit/glue/support_bytes.h"

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/aead.h"
#include "crypto-glue/cipher.h"
#include "crypto-glue/glue_ltc.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/glue/support_vectors.h"

static const enum tch_cipher cbc_built[] = {
    TCH_CIPHER_AES_128_CBC,      TCH_CIPHER_AES_256_CBC,
    TCH_CIPHER_CAMELLIA_128_CBC, TCH_CIPHER_CAMELLIA_256_CBC,
    TCH_CIPHER_SEED_CBC,         TCH_CIPHER_3DES_CBC,
    TCH_CIPHER_DES_CBC,          TCH_CIPHER_DES_56_CBC,
    TCH_CIPHER_DES_40_CBC,       TCH_CIPHER_RC2_40_CBC
};

static struct tch_cipher_ctx *keyed(enum tch_cipher c, bool encrypt,
                                    const uint8_t *key, const uint8_t *iv)
{
    size_t size = tch_cipher_size(c);
    struct tch_cipher_ctx *ctx = aligned_alloc(16, (size + 15) / 16 * 16);

    assert_int_not_equal(size, 0);
    assert_non_null(ctx);
    assert_int_equal(tch_cipher_init(ctx, c, encrypt, key, iv), TCH_OK);
    return ctx;
}

static void drop(struct tch_cipher_ctx *ctx)
{
    tch_cipher_clear(ctx);
    free(ctx);
}

/* One run of a keyed context over a copy of `in`. */
static void run_once(enum tch_cipher c, bool encrypt, const uint8_t *key,
                     const uint8_t *iv, const uint8_t *in, uint8_t *out,
                     size_t len)
{
    struct tch_cipher_ctx *ctx = keyed(c, encrypt, key, iv);

    if (len > 0) {
        memmove(out, in, len);
    }
    tch_cipher_run(ctx, out, len);
    drop(ctx);
}

static void rfc_3602_and_nist_values(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/cipher/aes-cbc.txt");
    while (vectors_next(&v)) {
        uint8_t key[32], iv[16], plain[64], cipher[64], got[64];
        size_t key_len = vectors_hex(&v, "KEY", key, sizeof key);
        size_t len = vectors_hex(&v, "PLAIN", plain, sizeof plain);
        enum tch_cipher c = key_len == 16 ? TCH_CIPHER_AES_128_CBC
                                          : TCH_CIPHER_AES_256_CBC;

        assert_int_equal(vectors_hex(&v, "IV", iv, sizeof iv), 16);
        vectors_hex(&v, "CIPHER", cipher, sizeof cipher);
        run_once(c, true, key, iv, plain, got, len);
        assert_memory_equal(got, cipher, len);
        run_once(c, false, key, iv, cipher, got, len);
        assert_memory_equal(got, plain, len);
        iv[3] ^= 1;
        run_once(c, false, key, iv, cipher, got, len);
        assert_memory_not_equal(got, plain, len);
    }
    assert_int_equal(v.records, 6);
}

/* libtomcrypt's number of the block cipher under a CBC. */
static int ltc_block_of(enum tch_cipher c)
{
    const char *name = tch_cipher_facts(c)->name;

    return register_cipher(strncmp(name, "AES", 3) == 0        ? &aes_desc
                           : strncmp(name, "CAMELLIA", 8) == 0 ? &camellia_desc
                           : strncmp(name, "SEED", 4) == 0     ? &kseed_desc
                           : strncmp(name, "3DES", 4) == 0     ? &des3_desc
                           : strncmp(name, "DES", 3) == 0      ? &des_desc
                                                               : &rc2_desc);
}

static void every_length_to_304_agrees_with_libtomcrypt(void **state)
{
    uint64_t seed = 23;

    (void)state;
    for (size_t i = 0; i < COUNT(cbc_built); i++) {
        int cipher = ltc_block_of(cbc_built[i]);
        int key_len = tch_cipher_facts(cbc_built[i])->key;
        size_t block = tch_cipher_facts(cbc_built[i])->block;

        assert_true(cipher >= 0);
        for (size_t len = block; len <= 304; len += block) {
            uint8_t key[32], iv[16], plain[304], expected[304], got[304];
            symmetric_CBC cbc;

            bytes_fill(&seed, key, sizeof key);
            bytes_fill(&seed, iv, sizeof iv);
            bytes_fill(&seed, plain, sizeof plain);
            assert_int_equal(cbc_start(cipher, iv, key, key_len, 0, &cbc),
                             CRYPT_OK);
            assert_int_equal(cbc_encrypt(plain, expected, len, &cbc),
                             CRYPT_OK);
            assert_int_equal(cbc_done(&cbc), CRYPT_OK);
            run_once(cbc_built[i], true, key, iv, plain, got, len);
            assert_memory_equal(got, expected, len);
            run_once(cbc_built[i], false, key, iv, got, got, len);
            assert_memory_equal(got, plain, len);
        }
    }
}

/* R-REC-055: the last ciphertext block is the next call's IV. */
static void the_iv_runs_on_from_call_to_call_R_REC_034(void **state)
{
    uint64_t seed = 29;
    uint8_t key[32], iv[16], plain[256];

    (void)state;
    bytes_fill(&seed, key, sizeof key);
    bytes_fill(&seed, iv, sizeof iv);
    bytes_fill(&seed, plain, sizeof plain);
    for (size_t i = 0; i < COUNT(cbc_built); i++) {
        uint8_t whole[256], pieces[256];

        size_t block = tch_cipher_facts(cbc_built[i])->block;

        run_once(cbc_built[i], true, key, iv, plain, whole, sizeof whole);
        for (size_t cut = 0; cut <= 256; cut += block) {
            struct tch_cipher_ctx *ctx = keyed(cbc_built[i], true, key, iv);

            memcpy(pieces, plain, sizeof pieces);
            tch_cipher_run(ctx, pieces, cut);
            tch_cipher_run(ctx, pieces + cut, 256 - cut);
            assert_memory_equal(pieces, whole, sizeof whole);
            drop(ctx);
            ctx = keyed(cbc_built[i], false, key, iv);
            tch_cipher_run(ctx, pieces, cut);
            tch_cipher_run(ctx, pieces + cut, 256 - cut);
            assert_memory_equal(pieces, plain, sizeof plain);
            drop(ctx);
        }
    }
}

/* R-REC-056, 057: a record brings its own IV. */
static void a_set_iv_replaces_the_running_one(void **state)
{
    uint8_t key[32] = { 1 }, iv[16] = { 2 }, zero[16] = { 0 };
    uint8_t one[32] = { 3 }, two[32] = { 3 }, three[32] = { 3 };
    struct tch_cipher_ctx *ctx =
        keyed(TCH_CIPHER_AES_128_CBC, true, key, NULL);

    (void)state;
    tch_cipher_run(ctx, one, 32); /* from an IV of zeros */
    tch_cipher_set_iv(ctx, iv);
    tch_cipher_run(ctx, two, 32);
    assert_memory_not_equal(one, two, 32);
    tch_cipher_set_iv(ctx, zero);
    tch_cipher_run(ctx, three, 32);
    assert_memory_equal(one, three, 32);
    drop(ctx);
}

static void data_may_lie_at_any_address(void **state)
{
    uint8_t key[32] = { 1 }, iv[16] = { 2 }, zeros[208] = { 0 };
    uint8_t expected[208];

    (void)state;
    for (size_t i = 0; i < 16 * COUNT(cbc_built); i++) {
        enum tch_cipher c = cbc_built[i / 16];
        uint8_t room[16 + 208] = { 0 };
        uint8_t *data = room + i % 16;

        run_once(c, true, key, iv, zeros, expected, 208);
        run_once(c, true, key, iv, data, data, 208);
        assert_memory_equal(data, expected, 208);
        run_once(c, false, key, iv, data, data, 208);
        assert_memory_equal(data, zeros, 208);
    }
}

static void the_null_cipher_changes_nothing_and_takes_16_bytes(void **state)
{
    static const char text[] = "as it is";
    uint8_t data[sizeof text];
    struct tch_cipher_ctx *ctx = keyed(TCH_CIPHER_NULL, true, NULL, NULL);

    (void)state;
    assert_int_equal(tch_cipher_size(TCH_CIPHER_NULL), 16);
    memcpy(data, text, sizeof data);
    tch_cipher_set_iv(ctx, NULL);
    tch_cipher_run(ctx, data, sizeof data);
    assert_memory_equal(data, text, sizeof data);
    drop(ctx);
}

/* libtomcrypt aborts on NULL even beside a length of 0. */
static void L1_nothing_to_encrypt_may_be_null(void **state)
{
    uint8_t key[32] = { 1 };

    (void)state;
    for (unsigned i = 0; i < TCH_NUM_CIPHERS; i++) {
        enum tch_cipher c = (enum tch_cipher)i;
        struct tch_cipher_ctx *ctx;
        uint8_t one[16] = { 2 }, two[16] = { 2 };

        if (tch_cipher_size(c) == 0) {
            continue;
        }
        run_once(c, true, key, NULL, one, one, sizeof one);
        ctx = keyed(c, true, key, NULL);
        tch_cipher_run(ctx, NULL, 0);
        tch_cipher_run(ctx, two, sizeof two); /* nothing has moved on */
        assert_memory_equal(one, two, sizeof one);
        drop(ctx);
    }
}

/* A cipher is supported exactly when one of the interfaces runs it. */
static void supported_means_that_a_context_can_be_made(void **state)
{
    _Alignas(16) uint8_t mem[64];
    uint8_t key[32] = { 0 };
    unsigned num = 0;

    (void)state;
    for (unsigned i = 0; i < TCH_NUM_CIPHERS; i++) {
        enum tch_cipher c = (enum tch_cipher)i;
        bool runs = tch_cipher_size(c) > 0 || tch_aead_size(c) > 0;

        assert_int_equal(tch_cipher_supported(c), runs);
        assert_false(tch_cipher_size(c) > 0 && tch_aead_size(c) > 0);
        if (tch_cipher_size(c) == 0) {
            assert_int_equal(
                tch_cipher_init((struct tch_cipher_ctx *)(void *)mem, c, true,
                                key, NULL),
                TCH_NOT_SUPPORTED);
        }
        num += runs;
    }
    assert_int_equal(num, TCH_NUM_CIPHERS - 1);
    assert_false(tch_cipher_supported((enum tch_cipher)99));
    assert_true(tch_cipher_supported(TCH_CIPHER_NULL));
    assert_true(tch_cipher_supported(TCH_CIPHER_AES_256_CBC));
    assert_true(tch_cipher_supported(TCH_CIPHER_CHACHA20_POLY1305));
    assert_false(tch_cipher_supported(TCH_CIPHER_IDEA_CBC));
}

/* R-ATK-044 */
static void a_context_is_small_and_once_cleared_holds_nothing(void **state)
{
    uint8_t key[32], iv[16];
    uint64_t seed = 31;

    (void)state;
    bytes_fill(&seed, key, sizeof key);
    bytes_fill(&seed, iv, sizeof iv);
    for (unsigned i = 0; i < TCH_NUM_CIPHERS; i++) {
        size_t size = tch_cipher_size((enum tch_cipher)i);
        struct tch_cipher_ctx *ctx;

        assert_true(size <= 832);
        if (size == 0) {
            continue;
        }
        ctx = keyed((enum tch_cipher)i, true, key, iv);
        tch_cipher_clear(ctx);
        assert_true(bytes_are_zero((const uint8_t *)ctx, size));
        tch_cipher_clear(ctx);
        free(ctx);
    }
}

/* The padding of PKCS #7 round the raw mode; returns the length without it,
 * or -1. */
static long unpad(const uint8_t *data, size_t len)
{
    size_t pad = len > 0 ? data[len - 1] : 0;

    if (pad == 0 || pad > 16 || pad > len) {
        return -1;
    }
    for (size_t i = len - pad; i < len; i++) {
        if (data[i] != pad) {
            return -1;
        }
    }
    return (long)(len - pad);
}

static void run_wycheproof(enum tch_cipher c, const struct json *t)
{
    uint8_t key[32], iv[16], msg[256], ct[256], got[256];
    size_t len = json_hex(t, "msg", msg, sizeof msg - 16);
    size_t ct_len = json_hex(t, "ct", ct, sizeof ct);
    size_t pad = 16 - len % 16;
    long back = -1;

    json_hex(t, "key", key, sizeof key);
    assert_int_equal(json_hex(t, "iv", iv, sizeof iv), 16);
    if (ct_len % 16 == 0) {
        run_once(c, false, key, iv, ct, got, ct_len);
        back = unpad(got, ct_len);
    }
    if (strcmp(json_text(t, "result"), "valid") != 0) {
        assert_int_equal(back, -1);
        return;
    }
    assert_int_equal(back, len);
    assert_memory_equal(got, msg, len);
    memset(msg + len, (int)pad, pad);
    assert_int_equal(len + pad, ct_len);
    run_once(c, true, key, iv, msg, got, ct_len);
    assert_memory_equal(got, ct, ct_len);
}

static void wycheproof_aes_cbc(void **state)
{
    struct json_doc doc;
    size_t run = 0;

    (void)state;
    if (!json_load(SHARED_DATA "wycheproof/aes_cbc_pkcs5_test.json", &doc)) {
        skip();
    }
    for (const struct json *g = json_get(doc.root, "testGroups")->first;
         g != NULL; g = g->next) {
        long bits = json_number(g, "keySize", 0);

        for (const struct json *t = json_get(g, "tests")->first;
             bits != 192 && t != NULL; t = t->next) {
            run_wycheproof(bits == 128 ? TCH_CIPHER_AES_128_CBC
                                       : TCH_CIPHER_AES_256_CBC,
                           t);
            run++;
        }
    }
    assert_int_equal(run, 72); /* 36 more have keys of 192 bits */
    json_free(&doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_3602_and_nist_values),
        cmocka_unit_test(every_length_to_304_agrees_with_libtomcrypt),
        cmocka_unit_test(the_iv_runs_on_from_call_to_call_R_REC_034),
        cmocka_unit_test(a_set_iv_replaces_the_running_one),
        cmocka_unit_test(data_may_lie_at_any_address),
        cmocka_unit_test(the_null_cipher_changes_nothing_and_takes_16_bytes),
        cmocka_unit_test(L1_nothing_to_encrypt_may_be_null),
        cmocka_unit_test(supported_means_that_a_context_can_be_made),
        cmocka_unit_test(a_context_is_small_and_once_cleared_holds_nothing),
        cmocka_unit_test(wycheproof_aes_cbc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
