/*
 * The older ciphers against values that others published: Camellia, SEED,
 * DES, 3DES, RC2 and RC4; RC4's stream over calls; and the openssl command as
 * the other side of each that it has. Without the command those tests skip.
 */

#include "test/unit/glue/support_bytes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto-glue/cipher.h"
#include "crypto-glue/glue_ltc.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/glue/support_vectors.h"

static const enum tch_cipher rc4_built[] = { TCH_CIPHER_RC4_128,
                                             TCH_CIPHER_RC4_56,
                                             TCH_CIPHER_RC4_40 };

/* One run of a context over the data. */
static void run_once(enum tch_cipher c, bool encrypt, const uint8_t *key,
                     const uint8_t *iv, uint8_t *data, size_t len)
{
    static _Alignas(16) uint8_t memory[1024];
    struct tch_cipher_ctx *ctx = (void *)memory;

    assert_in_range(tch_cipher_size(c), 1, sizeof memory);
    assert_int_equal(tch_cipher_init(ctx, c, encrypt, key, iv), TCH_OK);
    tch_cipher_run(ctx, data, len);
    tch_cipher_clear(ctx);
}

static enum tch_cipher named(const char *name)
{
    for (unsigned i = 0; i < TCH_NUM_CIPHERS; i++) {
        if (strcmp(tch_cipher_facts((enum tch_cipher)i)->name, name) == 0) {
            return (enum tch_cipher)i;
        }
    }
    fail_msg("no cipher %s", name);
    return TCH_CIPHER_NULL;
}

/* Both directions, and another key for the bad twin. */
static void check_cbc(enum tch_cipher c, const struct vectors *v)
{
    uint8_t key[32], iv[16], plain[64], cipher[64], got[64];
    size_t len = vectors_hex(v, "PLAIN", plain, sizeof plain);

    assert_int_equal(vectors_hex(v, "KEY", key, sizeof key),
                     tch_cipher_facts(c)->key);
    assert_int_equal(vectors_hex(v, "IV", iv, sizeof iv),
                     tch_cipher_facts(c)->block);
    assert_int_equal(vectors_hex(v, "CIPHER", cipher, sizeof cipher), len);
    memcpy(got, plain, len);
    run_once(c, true, key, iv, got, len);
    assert_memory_equal(got, cipher, len);
    run_once(c, false, key, iv, got, len);
    assert_memory_equal(got, plain, len);
    key[0] ^= 2; /* bit 0 is parity to DES */
    run_once(c, true, key, iv, got, len);
    assert_memory_not_equal(got, cipher, len);
}

/* DES under its three names: the export suites' keys come expanded. */
static void older_block_ciphers_give_published_values(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/cipher/legacy-cbc.txt");
    while (vectors_next(&v)) {
        enum tch_cipher c = named(vectors_text(&v, "NAME"));

        check_cbc(c, &v);
        if (c == TCH_CIPHER_DES_CBC) {
            check_cbc(TCH_CIPHER_DES_40_CBC, &v);
            check_cbc(TCH_CIPHER_DES_56_CBC, &v);
        }
    }
    assert_int_equal(v.records, 11);
}

/* R-KEY-013: three times the same key is DES; parity bits do not count. */
static void three_equal_keys_make_des_R_KEY_013(void **state)
{
    uint8_t key[24], iv[8] = { 1 }, one[40] = { 2 }, three[40] = { 2 };
    uint64_t seed = 3;

    (void)state;
    bytes_fill(&seed, key, 8);
    memcpy(key + 8, key, 8);
    memcpy(key + 16, key, 8);
    run_once(TCH_CIPHER_DES_CBC, true, key, iv, one, sizeof one);
    for (size_t i = 0; i < sizeof key; i++) {
        key[i] ^= 1;
    }
    run_once(TCH_CIPHER_3DES_CBC, true, key, iv, three, sizeof three);
    assert_memory_equal(one, three, sizeof one);
    key[23] ^= 2;
    run_once(TCH_CIPHER_3DES_CBC, true, key, iv, three, sizeof three);
    assert_memory_not_equal(one, three, sizeof one);
}

/* The RC2 underneath takes the number of effective bits as RFC 2268 says; the
 * suites use as many as the key has. */
static void rc2_gives_the_values_of_rfc_2268(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/cipher/rc2-block.txt");
    while (vectors_next(&v)) {
        uint8_t key[40], plain[8], cipher[8], got[8];
        size_t key_len = vectors_hex(&v, "KEY", key, sizeof key);
        int bits = atoi(vectors_text(&v, "BITS"));
        symmetric_key scheduled;

        assert_int_equal(vectors_hex(&v, "PLAIN", plain, 8), 8);
        assert_int_equal(vectors_hex(&v, "CIPHER", cipher, 8), 8);
        assert_int_equal(
            rc2_setup_ex(key, (int)key_len, bits, 0, &scheduled), CRYPT_OK);
        assert_int_equal(rc2_ecb_encrypt(plain, got, &scheduled), CRYPT_OK);
        assert_memory_equal(got, cipher, 8);
        assert_int_equal(rc2_ecb_decrypt(cipher, got, &scheduled), CRYPT_OK);
        assert_memory_equal(got, plain, 8);
    }
    assert_int_equal(v.records, 8);
}

static void rc4_gives_the_stream_of_rfc_6229(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/cipher/rc4.txt");
    while (vectors_next(&v)) {
        static uint8_t data[4112];
        uint8_t key[16], stream[16];
        size_t at = (size_t)atoi(vectors_text(&v, "OFFSET"));

        assert_int_equal(vectors_hex(&v, "KEY", key, sizeof key), 16);
        assert_int_equal(vectors_hex(&v, "STREAM", stream, 16), 16);
        assert_true(at + 16 <= sizeof data);
        for (size_t i = 0; i < COUNT(rc4_built); i++) {
            memset(data, 0, sizeof data);
            run_once(rc4_built[i], true, key, NULL, data, sizeof data);
            assert_memory_equal(data + at, stream, 16);
        }
    }
    assert_int_equal(v.records, 36);
}

static void the_stream_runs_on_from_call_to_call_R_REC_034(void **state)
{
    static _Alignas(16) uint8_t memory[1024];
    struct tch_cipher_ctx *ctx = (void *)memory;
    uint8_t key[16] = { 1, 2, 3 }, iv[16] = { 0 };
    uint8_t whole[200] = { 4 };

    (void)state;
    run_once(TCH_CIPHER_RC4_128, true, key, NULL, whole, sizeof whole);
    for (size_t cut = 0; cut <= sizeof whole; cut++) {
        uint8_t pieces[200] = { 4 };

        assert_int_equal(
            tch_cipher_init(ctx, TCH_CIPHER_RC4_128, cut % 2, key, NULL),
            TCH_OK);
        tch_cipher_run(ctx, pieces, cut);
        tch_cipher_set_iv(ctx, iv); /* a stream has none */
        tch_cipher_run(ctx, pieces + cut, sizeof pieces - cut);
        assert_memory_equal(pieces, whole, sizeof whole);
    }
    tch_cipher_clear(ctx);
}

static char dir[] = "/tmp/tch-cipher-XXXXXX";

static void file_in(const char *name, const uint8_t *p, size_t n)
{
    char path[100];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static size_t file_out(const char *name, uint8_t *p, size_t cap)
{
    char path[100];
    FILE *f;
    size_t n;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "rb");
    assert_non_null(f);
    n = fread(p, 1, cap, f);
    assert_int_equal(fclose(f), 0);
    return n;
}

/* Writes hex digits and a NUL. */
static void to_hex(char *out, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        snprintf(out + 2 * i, 3, "%02x", p[i]);
    }
}

/* Encrypts the file `in` into `out`. */
static bool openssl_enc(const char *cipher, const uint8_t *key,
                        size_t key_len, const uint8_t *iv, size_t iv_len)
{
    char key_hex[65] = "";
    char iv_hex[33] = "";
    char line[500];

    to_hex(key_hex, key, key_len);
    to_hex(iv_hex, iv, iv_len);
    snprintf(line, sizeof line,
             "cd %s && openssl enc -provider legacy -provider default -e "
             "-nopad -%s -K %s %s %s -in in -out out > log 2>&1",
             dir, cipher, key_hex, iv_len > 0 ? "-iv" : "", iv_hex);
    return system(line) == 0;
}

static const struct {
    enum tch_cipher cipher;
    const char *name;
} both_have[] = {
    { TCH_CIPHER_AES_128_CBC, "aes-128-cbc" },
    { TCH_CIPHER_AES_256_CBC, "aes-256-cbc" },
    { TCH_CIPHER_CAMELLIA_128_CBC, "camellia-128-cbc" },
    { TCH_CIPHER_CAMELLIA_256_CBC, "camellia-256-cbc" },
    { TCH_CIPHER_SEED_CBC, "seed-cbc" },
    { TCH_CIPHER_3DES_CBC, "des-ede3-cbc" },
    { TCH_CIPHER_DES_CBC, "des-cbc" },
    { TCH_CIPHER_DES_56_CBC, "des-cbc" },
    { TCH_CIPHER_DES_40_CBC, "des-cbc" },
    { TCH_CIPHER_RC2_40_CBC, "rc2-cbc" },
    { TCH_CIPHER_RC4_128, "rc4" },
    { TCH_CIPHER_RC4_56, "rc4" },
    { TCH_CIPHER_RC4_40, "rc4" },
};

#define LEN 1040

/* What is encrypted begins as what is longer begins: one run of openssl
 * serves all lengths. */
static void check_lengths(enum tch_cipher c, const uint8_t *key,
                          const uint8_t *iv, const uint8_t *plain,
                          const uint8_t *expected)
{
    size_t step = tch_cipher_facts(c)->block;
    uint8_t data[LEN];

    for (size_t len = 0; len <= LEN; len += step) {
        memcpy(data, plain, LEN);
        run_once(c, true, key, iv, data, len);
        assert_memory_equal(data, expected, len);
        assert_memory_equal(data + len, plain + len, LEN - len);
        run_once(c, false, key, iv, data, len);
        assert_memory_equal(data, plain, LEN);
    }
}

static void every_length_agrees_with_openssl(void **state)
{
    uint64_t seed = 77;

    (void)state;
    if (mkdtemp(dir) == NULL || system("openssl version > /dev/null") != 0) {
        fprintf(stderr, "the openssl command is not installed\n");
        skip();
    }
    for (size_t i = 0; i < 2 * COUNT(both_have); i++) {
        enum tch_cipher c = both_have[i / 2].cipher;
        const struct tch_cipher_row *row = tch_cipher_facts(c);
        uint8_t key[32], iv[16], plain[LEN], expected[LEN + 1];

        bytes_fill(&seed, key, sizeof key);
        bytes_fill(&seed, iv, sizeof iv);
        bytes_fill(&seed, plain, sizeof plain);
        file_in("in", plain, sizeof plain);
        if (!openssl_enc(both_have[i / 2].name, key, row->key, iv,
                         row->type == TCH_TYPE_CBC ? row->block : 0)) {
            fail_msg("openssl has no %s", both_have[i / 2].name);
        }
        assert_int_equal(file_out("out", expected, sizeof expected), LEN);
        check_lengths(c, key, iv, plain, expected);
    }
}

static int tear_down(void **state)
{
    char line[100];

    (void)state;
    snprintf(line, sizeof line, "rm -rf %s", dir);
    return system(line) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(older_block_ciphers_give_published_values),
        cmocka_unit_test(three_equal_keys_make_des_R_KEY_013),
        cmocka_unit_test(rc2_gives_the_values_of_rfc_2268),
        cmocka_unit_test(rc4_gives_the_stream_of_rfc_6229),
        cmocka_unit_test(the_stream_runs_on_from_call_to_call_R_REC_034),
        cmocka_unit_test(every_length_agrees_with_openssl),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
