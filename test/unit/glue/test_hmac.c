/* HMAC: RFC 2202, RFC 4231, record MACs, Wycheproof; keys of every length. */

#include "test/unit/glue/support_bytes.h"

#include <string.h>
#include <strings.h>

#include "crypto-glue/glue.h"
#include "crypto-glue/glue_ltc.h"
#include "crypto-glue/hash.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/glue/support_vectors.h"

static enum tch_hash named(const char *name)
{
    for (unsigned i = TCH_HASH_MD5; i < TCH_NUM_HASHES; i++) {
        if (strcasecmp(tch_hash_facts((enum tch_hash)i)->name, name) == 0) {
            return (enum tch_hash)i;
        }
    }
    fail_msg("no hash %s", name);
    return TCH_HASH_NONE;
}

static void compute(const struct tch_hmac_key *k, const uint8_t *data,
                    size_t len, size_t cut, uint8_t *out)
{
    struct tch_hmac h;

    tch_hmac_init(&h, k);
    tch_hmac_update(&h, data, cut);
    tch_hmac_update(&h, data + cut, len - cut);
    tch_hmac_final(&h, out);
    assert_true(bytes_are_zero((const uint8_t *)&h, sizeof h));
}

/* The key serves all cuts: it is not used up. */
static void rfc_2202_and_4231_and_record_macs_R_REC_040(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/hash/hmac.txt");
    while (vectors_next(&v)) {
        enum tch_hash alg = named(vectors_text(&v, "HASH"));
        uint8_t key[256], data[256], expected[64], got[64];
        size_t key_len = vectors_hex(&v, "KEY", key, sizeof key);
        size_t len = vectors_hex(&v, "DATA", data, sizeof data);
        struct tch_hmac_key k;

        vectors_hex(&v, "MAC", expected, sizeof expected);
        tch_hmac_set_key(&k, alg, key, key_len);
        for (size_t cut = 0; cut <= len; cut++) {
            compute(&k, data, len, cut, got);
            assert_memory_equal(got, expected, tch_hash_facts(alg)->len);
        }
        data[0] ^= 1;
        compute(&k, data, len, 0, got);
        assert_memory_not_equal(got, expected, tch_hash_facts(alg)->len);
    }
    assert_int_equal(v.records, 30);
}

/* R-KEY-003: none at all, too. Against libtomcrypt's own HMAC, which wants a
 * key of one byte at least. */
static void keys_of_every_length_agree_with_libtomcrypt(void **state)
{
    uint64_t seed = 17;
    uint8_t key[150], data[99];

    (void)state;
    assert_int_equal(tch_glue_init(), TCH_OK);
    bytes_fill(&seed, key, sizeof key);
    bytes_fill(&seed, data, sizeof data);
    for (unsigned i = TCH_HASH_MD5; i <= TCH_HASH_SHA512; i++) {
        enum tch_hash alg = (enum tch_hash)i;

        for (size_t len = 1; len <= sizeof key; len++) {
            uint8_t expected[64], got[64];
            unsigned long got_len = sizeof expected;
            struct tch_hmac_key k;

            assert_int_equal(hmac_memory(tch_ltc_hash_index(alg), key, len,
                                         data, sizeof data, expected,
                                         &got_len),
                             CRYPT_OK);
            tch_hmac_set_key(&k, alg, key, len);
            compute(&k, data, sizeof data, 13, got);
            assert_memory_equal(got, expected, got_len);
        }
    }
}

/* R-KEY-003; the value is Python's hmac.new(b"", b"", "sha256"). */
static void an_empty_key_may_be_null(void **state)
{
    struct tch_hmac_key k;
    uint8_t expected[32], got[32];

    (void)state;
    unhex("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
          expected, sizeof expected);
    tch_hmac_set_key(&k, TCH_HASH_SHA256, NULL, 0);
    compute(&k, (const uint8_t *)"", 0, 0, got);
    assert_memory_equal(got, expected, sizeof got);
}

/* Wycheproof truncates some tags: what is there must agree, or differ. */
static void wycheproof_file(const char *path, enum tch_hash alg)
{
    struct json_doc doc;
    long run = 0;

    if (!json_load(path, &doc)) {
        skip();
    }
    for (const struct json *g = json_get(doc.root, "testGroups")->first;
         g != NULL; g = g->next) {
        for (const struct json *t = json_get(g, "tests")->first; t != NULL;
             t = t->next) {
            uint8_t key[128], msg[512], tag[64], got[64];
            size_t key_len = json_hex(t, "key", key, sizeof key);
            size_t len = json_hex(t, "msg", msg, sizeof msg);
            size_t tag_len = json_hex(t, "tag", tag, sizeof tag);
            bool valid = strcmp(json_text(t, "result"), "valid") == 0;
            struct tch_hmac_key k;

            tch_hmac_set_key(&k, alg, key, key_len);
            compute(&k, msg, len, len / 2, got);
            assert_true(tag_len >= 10);
            assert_int_equal(memcmp(got, tag, tag_len) == 0, valid);
            run++;
        }
    }
    assert_int_equal(run, json_number(doc.root, "numberOfTests", -1));
    json_free(&doc);
}

static void wycheproof_hmac_sha1(void **state)
{
    (void)state;
    wycheproof_file(SHARED_DATA "wycheproof/hmac_sha1_test.json",
                    TCH_HASH_SHA1);
}

static void wycheproof_hmac_sha224(void **state)
{
    (void)state;
    wycheproof_file(SHARED_DATA "wycheproof/hmac_sha224_test.json",
                    TCH_HASH_SHA224);
}

static void wycheproof_hmac_sha256(void **state)
{
    (void)state;
    wycheproof_file(SHARED_DATA "wycheproof/hmac_sha256_test.json",
                    TCH_HASH_SHA256);
}

static void wycheproof_hmac_sha384(void **state)
{
    (void)state;
    wycheproof_file(SHARED_DATA "wycheproof/hmac_sha384_test.json",
                    TCH_HASH_SHA384);
}

static void wycheproof_hmac_sha512(void **state)
{
    (void)state;
    wycheproof_file(SHARED_DATA "wycheproof/hmac_sha512_test.json",
                    TCH_HASH_SHA512);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_2202_and_4231_and_record_macs_R_REC_040),
        cmocka_unit_test(keys_of_every_length_agree_with_libtomcrypt),
        cmocka_unit_test(an_empty_key_may_be_null),
        cmocka_unit_test(wycheproof_hmac_sha1),
        cmocka_unit_test(wycheproof_hmac_sha224),
        cmocka_unit_test(wycheproof_hmac_sha256),
        cmocka_unit_test(wycheproof_hmac_sha384),
        cmocka_unit_test(wycheproof_hmac_sha512),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
