/*
 * AEAD: published vectors, all of Wycheproof, agreement with libtomcrypt at
 * every length up to 300, and the traps of libtomcrypt-1.18.2 that the glue
 * stands between (L2 to L4): each test shows its behaviour and ours.
 */

#include "test/unit/glue/support_bytes.h"

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/aead.h"
#include "crypto-glue/glue.h"
#include "crypto-glue/glue_ltc.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/glue/support_vectors.h"

static const enum tch_cipher built[] = {
    TCH_CIPHER_AES_128_GCM,      TCH_CIPHER_AES_256_GCM,
    TCH_CIPHER_AES_128_CCM,      TCH_CIPHER_AES_256_CCM,
    TCH_CIPHER_AES_128_CCM_8,    TCH_CIPHER_AES_256_CCM_8,
    TCH_CIPHER_CAMELLIA_128_GCM, TCH_CIPHER_CAMELLIA_256_GCM,
    TCH_CIPHER_CHACHA20_POLY1305
};

static bool is_ccm(enum tch_cipher c)
{
    return c == TCH_CIPHER_AES_128_CCM || c == TCH_CIPHER_AES_256_CCM ||
           c == TCH_CIPHER_AES_128_CCM_8 || c == TCH_CIPHER_AES_256_CCM_8;
}

static size_t tag_len_of(enum tch_cipher c)
{
    return tch_cipher_facts(c)->tag;
}

/* A context in memory of its own. */
static struct tch_aead *keyed(enum tch_cipher c, const uint8_t *key)
{
    struct tch_aead *a;
    size_t size = tch_aead_size(c);

    assert_int_not_equal(size, 0);
    a = aligned_alloc(16, (size + 15) / 16 * 16);
    assert_non_null(a);
    assert_int_equal(tch_aead_init(a, c, key), TCH_OK);
    return a;
}

static void drop(struct tch_aead *a)
{
    tch_aead_clear(a);
    free(a);
}

struct sample {
    uint8_t key[32];
    uint8_t nonce[12];
    uint8_t aad[1024];
    uint8_t plain[1024];
    uint8_t cipher[1024];
    uint8_t tag[16];
    size_t aad_len;
    size_t len;
};

static struct sample sample;

/* Seals and opens a sample; the bad twins: no bit may change. */
static void check_sample(enum tch_cipher c, const struct sample *s)
{
    struct tch_aead *a = keyed(c, s->key);
    struct tch_slice aad = tch_slice_of(s->aad, s->aad_len);
    size_t tag_len = tag_len_of(c);
    uint8_t data[sizeof s->plain];
    uint8_t tag[16];

    memcpy(data, s->plain, s->len);
    tch_aead_seal(a, s->nonce, aad, data, s->len, tag);
    assert_memory_equal(data, s->cipher, s->len);
    assert_memory_equal(tag, s->tag, tag_len);
    assert_int_equal(tch_aead_open(a, s->nonce, aad, data, s->len, tag),
                     TCH_OK);
    assert_memory_equal(data, s->plain, s->len);
    for (unsigned bit = 0; bit < 8 * tag_len; bit++) {
        memcpy(data, s->cipher, s->len);
        memcpy(tag, s->tag, tag_len);
        tag[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(tch_aead_open(a, s->nonce, aad, data, s->len, tag),
                         TCH_BAD_RECORD_MAC);
        assert_true(bytes_are_zero(data, s->len));
    }
    for (size_t i = 0; i < s->len; i++) {
        memcpy(data, s->cipher, s->len);
        data[i] ^= 0x40;
        assert_int_equal(tch_aead_open(a, s->nonce, aad, data, s->len, s->tag),
                         TCH_BAD_RECORD_MAC);
        assert_true(bytes_are_zero(data, s->len));
    }
    drop(a);
}

static void read_vector(const struct vectors *v, enum tch_cipher c,
                        struct sample *s)
{
    vectors_hex(v, "KEY", s->key, sizeof s->key);
    assert_int_equal(vectors_hex(v, "NONCE", s->nonce, sizeof s->nonce), 12);
    s->aad_len = vectors_hex(v, "AAD", s->aad, sizeof s->aad);
    s->len = vectors_hex(v, "PLAIN", s->plain, sizeof s->plain);
    assert_int_equal(vectors_hex(v, "CIPHER", s->cipher, sizeof s->cipher),
                     s->len);
    assert_int_equal(vectors_hex(v, "TAG", s->tag, sizeof s->tag),
                     tag_len_of(c));
}

/* All of a file; the key's length tells the two ciphers apart. */
static void check_file(const char *path, enum tch_cipher narrow,
                       enum tch_cipher wide, size_t records)
{
    static struct vectors v;

    vectors_open(&v, path);
    while (vectors_next(&v)) {
        bool is_wide = strlen(vectors_text(&v, "KEY")) == 64;
        enum tch_cipher c = is_wide ? wide : narrow;

        read_vector(&v, c, &sample);
        check_sample(c, &sample);
    }
    assert_int_equal(v.records, records);
}

static void gcm_gives_the_values_that_nist_has(void **state)
{
    (void)state;
    check_file("vectors/aead/aes-gcm.txt", TCH_CIPHER_AES_128_GCM,
               TCH_CIPHER_AES_256_GCM, 8);
}

static void ccm_8_gives_the_value_of_sp_800_38c(void **state)
{
    (void)state;
    check_file("vectors/aead/aes-ccm.txt", TCH_CIPHER_AES_128_CCM_8,
               TCH_CIPHER_AES_256_CCM_8, 1);
}

static void camellia_gcm_gives_the_values_that_nettle_has(void **state)
{
    (void)state;
    check_file("vectors/aead/camellia-gcm.txt", TCH_CIPHER_CAMELLIA_128_GCM,
               TCH_CIPHER_CAMELLIA_256_GCM, 8);
}

static void chacha20_poly1305_gives_the_values_of_rfc_8439(void **state)
{
    (void)state;
    check_file("vectors/aead/chacha20-poly1305.txt",
               TCH_CIPHER_CHACHA20_POLY1305, TCH_CIPHER_CHACHA20_POLY1305, 2);
}

/* R-REC-080: anything that the tag covers. */
static void another_nonce_or_aad_or_key_is_refused(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (size_t i = 0; i < COUNT(built); i++) {
        uint8_t key[32], nonce[12], aad[13], data[40], tag[16], copy[40];
        struct tch_slice aad_s = tch_slice_of(aad, sizeof aad);
        struct tch_aead *a;

        bytes_fill(&seed, key, sizeof key);
        bytes_fill(&seed, nonce, sizeof nonce);
        bytes_fill(&seed, aad, sizeof aad);
        bytes_fill(&seed, data, sizeof data);
        a = keyed(built[i], key);
        tch_aead_seal(a, nonce, aad_s, data, sizeof data, tag);
        memcpy(copy, data, sizeof copy);
        nonce[11] ^= 1;
        assert_int_equal(
            tch_aead_open(a, nonce, aad_s, copy, sizeof copy, tag),
            TCH_BAD_RECORD_MAC);
        nonce[11] ^= 1;
        memcpy(copy, data, sizeof copy);
        aad[12] ^= 1;
        assert_int_equal(
            tch_aead_open(a, nonce, aad_s, copy, sizeof copy, tag),
            TCH_BAD_RECORD_MAC);
        aad[12] ^= 1;
        drop(a);
        key[0] ^= 1;
        a = keyed(built[i], key);
        memcpy(copy, data, sizeof copy);
        assert_int_equal(
            tch_aead_open(a, nonce, aad_s, copy, sizeof copy, tag),
            TCH_BAD_RECORD_MAC);
        drop(a);
    }
}

/* R-REC-087: the MAC covers the tag's length. */
static void half_a_ccm_tag_is_no_ccm_8_tag(void **state)
{
    uint8_t key[32] = { 1 }, nonce[12] = { 2 }, data[40] = { 3 }, tag[16];
    struct tch_slice aad = tch_slice_of(nonce, 12);
    struct tch_aead *a = keyed(TCH_CIPHER_AES_256_CCM, key);

    (void)state;
    tch_aead_seal(a, nonce, aad, data, sizeof data, tag);
    drop(a);
    a = keyed(TCH_CIPHER_AES_256_CCM_8, key);
    assert_int_equal(tch_aead_open(a, nonce, aad, data, sizeof data, tag),
                     TCH_BAD_RECORD_MAC);
    assert_true(bytes_are_zero(data, sizeof data));
    drop(a);
}

/* A CCM_8 tag that lies at the end of the buffer. */
static void a_short_tag_takes_no_more_than_8_bytes(void **state)
{
    uint8_t key[32] = { 1 }, nonce[12] = { 2 };
    uint8_t *record = malloc(20 + 8);
    struct tch_slice aad = tch_slice_of(nonce, 12);
    struct tch_aead *a = keyed(TCH_CIPHER_AES_128_CCM_8, key);

    (void)state;
    assert_non_null(record);
    memset(record, 0x55, 20);
    tch_aead_seal(a, nonce, aad, record, 20, record + 20);
    assert_int_equal(tch_aead_open(a, nonce, aad, record, 20, record + 20),
                     TCH_OK);
    assert_int_equal(record[0], 0x55);
    assert_int_equal(record[19], 0x55);
    drop(a);
    free(record);
}

static int ltc_aes;
static int ltc_camellia;

static int set_up(void **state)
{
    (void)state;
    ltc_aes = register_cipher(&aes_desc);
    ltc_camellia = register_cipher(&camellia_desc);
    return tch_glue_init() == TCH_OK && ltc_aes >= 0 && ltc_camellia >= 0
               ? 0
               : -1;
}

static int ltc_block_of(enum tch_cipher c)
{
    return c == TCH_CIPHER_CAMELLIA_128_GCM || c == TCH_CIPHER_CAMELLIA_256_GCM
               ? ltc_camellia
               : ltc_aes;
}

/* libtomcrypt's answer to the same question. */
static void ltc_seal(enum tch_cipher c, const struct sample *s, uint8_t *out,
                     uint8_t *tag)
{
    unsigned long tag_len = tag_len_of(c);
    int key_len = tch_cipher_facts(c)->key;
    uint8_t plain[sizeof s->plain];

    memcpy(plain, s->plain, sizeof plain);
    if (c == TCH_CIPHER_CHACHA20_POLY1305) {
        assert_int_equal(chacha20poly1305_memory(
                             s->key, (unsigned)key_len, s->nonce, 12, s->aad,
                             s->aad_len, plain, s->len, out, tag, &tag_len,
                             CHACHA20POLY1305_ENCRYPT),
                         CRYPT_OK);
    } else if (is_ccm(c)) {
        assert_int_equal(ccm_memory(ltc_aes, s->key, (unsigned)key_len, NULL,
                                    s->nonce, 12, s->aad, s->aad_len, plain,
                                    s->len, out, tag, &tag_len, CCM_ENCRYPT),
                         CRYPT_OK);
    } else {
        assert_int_equal(gcm_memory(ltc_block_of(c), s->key,
                                    (unsigned)key_len, s->nonce, 12, s->aad,
                                    s->aad_len, plain, s->len, out, tag,
                                    &tag_len, GCM_ENCRYPT),
                         CRYPT_OK);
    }
    assert_int_equal(tag_len, tag_len_of(c));
}

static void every_length_to_300_agrees_with_libtomcrypt(void **state)
{
    uint64_t seed = 11;

    (void)state;
    for (size_t i = 0; i < COUNT(built); i++) {
        for (size_t len = 0; len <= 300; len++) {
            struct sample *s = &sample;
            struct tch_aead *a;
            uint8_t data[300], tag[16];

            bytes_fill(&seed, s->key, sizeof s->key);
            bytes_fill(&seed, s->nonce, sizeof s->nonce);
            bytes_fill(&seed, s->aad, 300);
            bytes_fill(&seed, s->plain, sizeof s->plain);
            s->len = len;
            s->aad_len = (len * 7) % 301;
            if (len == 0) { /* L4 has a test of its own */
                s->aad_len = 32;
            }
            ltc_seal(built[i], s, s->cipher, s->tag);
            a = keyed(built[i], s->key);
            memcpy(data, s->plain, len);
            tch_aead_seal(a, s->nonce, tch_slice_of(s->aad, s->aad_len), data,
                          len, tag);
            assert_memory_equal(data, s->cipher, len);
            assert_memory_equal(tag, s->tag, tag_len_of(built[i]));
            drop(a);
        }
    }
}

/* SP 800-38C A.2.2: from 65280 bytes on the AAD's length takes six bytes. */
static void ccm_takes_aad_of_any_length(void **state)
{
    static const size_t lengths[] = { 1,     13,    14,    15,   30,
                                      65279, 65280, 65536, 70001 };
    static uint8_t aad[70001];
    uint64_t seed = 13;

    (void)state;
    bytes_fill(&seed, aad, sizeof aad);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        uint8_t key[32] = { 1 }, nonce[12] = { 2 }, plain[20] = { 3 };
        uint8_t data[20] = { 3 }, out[20], tag[16], expected[16];
        unsigned long tag_len = 16;
        struct tch_aead *a = keyed(TCH_CIPHER_AES_256_CCM, key);

        assert_int_equal(ccm_memory(ltc_aes, key, 32, NULL, nonce, 12, aad,
                                    lengths[i], plain, 20, out, expected,
                                    &tag_len, CCM_ENCRYPT),
                         CRYPT_OK);
        tch_aead_seal(a, nonce, tch_slice_of(aad, lengths[i]), data, 20, tag);
        assert_memory_equal(data, out, 20);
        assert_memory_equal(tag, expected, 16);
        drop(a);
    }
}

/* The tag may follow the data, and nothing needs to be aligned. */
static void records_may_lie_at_any_address(void **state)
{
    uint8_t key[32] = { 1 }, nonce[12] = { 2 }, aad[13] = { 3 };
    struct tch_slice aad_s = tch_slice_of(aad, sizeof aad);

    (void)state;
    for (size_t i = 0; i < COUNT(built); i++) {
        struct tch_aead *a = keyed(built[i], key);
        uint8_t first[201 + 16] = { 0 };

        tch_aead_seal(a, nonce, aad_s, first, 201, first + 201);
        for (size_t at = 1; at < 16; at++) {
            uint8_t room[16 + 201 + 16] = { 0 };
            uint8_t *data = room + at;

            tch_aead_seal(a, nonce, aad_s, data, 201, data + 201);
            assert_memory_equal(data, first, sizeof first);
            assert_int_equal(
                tch_aead_open(a, nonce, aad_s, data, 201, data + 201), TCH_OK);
            assert_true(bytes_are_zero(data, 201));
        }
        drop(a);
    }
}

static void no_data_and_no_aad_may_be_null(void **state)
{
    uint8_t key[32] = { 0 }, nonce[12] = { 0 }, tag[16];
    struct tch_slice none = { NULL, 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(built); i++) {
        struct tch_aead *a = keyed(built[i], key);

        tch_aead_seal(a, nonce, none, NULL, 0, tag);
        assert_int_equal(tch_aead_open(a, nonce, none, NULL, 0, tag), TCH_OK);
        tag[0] ^= 1;
        assert_int_equal(tch_aead_open(a, nonce, none, NULL, 0, tag),
                         TCH_BAD_RECORD_MAC);
        drop(a);
    }
}

static void what_is_not_built_says_so_and_contexts_stay_small(void **state)
{
    uint8_t key[32] = { 0 };
    _Alignas(16) uint8_t mem[1024];

    (void)state;
    for (unsigned c = 0; c < TCH_NUM_CIPHERS; c++) {
        bool is_built = false;

        for (size_t i = 0; i < COUNT(built); i++) {
            is_built |= built[i] == (enum tch_cipher)c;
        }
        assert_int_equal(tch_aead_size((enum tch_cipher)c) > 0, is_built);
        assert_true(tch_aead_size((enum tch_cipher)c) < 512);
        if (!is_built) {
            assert_int_equal(tch_aead_init((struct tch_aead *)(void *)mem,
                                           (enum tch_cipher)c, key),
                             TCH_NOT_SUPPORTED);
        }
    }
    assert_int_equal(tch_aead_size((enum tch_cipher)99), 0);
}

/* R-ATK-044 */
static void a_cleared_context_holds_nothing(void **state)
{
    uint64_t seed = 5;
    uint8_t key[32];

    (void)state;
    bytes_fill(&seed, key, sizeof key);
    for (size_t i = 0; i < COUNT(built); i++) {
        struct tch_aead *a = keyed(built[i], key);

        tch_aead_clear(a);
        assert_true(
            bytes_are_zero((const uint8_t *)a, tch_aead_size(built[i])));
        tch_aead_clear(a); /* once more does no harm */
        free(a);
    }
}

/* L2: gcm_memory and chacha20poly1305_memory do not compare tags. */
static void L2_a_forgery_passes_libtomcrypt_but_not_the_glue(void **state)
{
    uint8_t key[32] = { 1 }, nonce[12] = { 2 }, forged[16] = { 3 };

    (void)state;
    for (size_t i = 0; i < COUNT(built); i++) {
        bool chacha = built[i] == TCH_CIPHER_CHACHA20_POLY1305;
        unsigned long key_len = tch_cipher_facts(built[i])->key;
        unsigned long tag_len = 16;
        uint8_t data[20] = { 4 }, out[20] = { 0 }, tag[16];
        struct tch_aead *a;
        int err;

        if (is_ccm(built[i])) {
            continue; /* ccm_memory does compare */
        }
        a = keyed(built[i], key);
        memcpy(tag, forged, 16);
        err = chacha ? chacha20poly1305_memory(
                           key, key_len, nonce, 12, nonce, 12, data, 20, out,
                           tag, &tag_len, CHACHA20POLY1305_DECRYPT)
                     : gcm_memory(ltc_block_of(built[i]), key, key_len, nonce,
                                  12, nonce, 12, out, 20, data, tag, &tag_len,
                                  GCM_DECRYPT);
        assert_int_equal(err, CRYPT_OK);
        assert_int_equal(tch_aead_open(a, nonce, tch_slice_of(nonce, 12), data,
                                       20, forged),
                         TCH_BAD_RECORD_MAC);
        assert_true(bytes_are_zero(data, 20));
        drop(a);
    }
}

/* L3: a state used again after _done sends the plaintext. */
static void L3_a_second_record_is_encrypted_like_the_first(void **state)
{
    static const char text[] = "attack at dawn, attack at dawn";
    uint8_t key[32] = { 1 }, nonce[12] = { 2 }, tag[16], twice[16];
    uint8_t out[sizeof text], one[sizeof text], two[sizeof text];
    unsigned long tag_len = 16;
    struct tch_slice none = { NULL, 0 };
    chacha20poly1305_state st;
    struct tch_aead *a = keyed(TCH_CIPHER_CHACHA20_POLY1305, key);

    (void)state;
    assert_int_equal(chacha20poly1305_init(&st, key, 32), CRYPT_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(chacha20poly1305_setiv(&st, nonce, 12), CRYPT_OK);
        assert_int_equal(chacha20poly1305_encrypt(
                             &st, (const uint8_t *)text, sizeof text, out),
                         CRYPT_OK);
        assert_int_equal(chacha20poly1305_done(&st, tag, &tag_len), CRYPT_OK);
    }
    assert_memory_equal(out, text, sizeof text); /* in the clear */

    memcpy(one, text, sizeof one);
    memcpy(two, text, sizeof two);
    tch_aead_seal(a, nonce, none, one, sizeof one, tag);
    tch_aead_seal(a, nonce, none, two, sizeof two, twice);
    assert_memory_not_equal(one, text, sizeof text);
    assert_memory_equal(one, two, sizeof one);
    assert_memory_equal(tag, twice, 16);
    drop(a);
}

/* L4: AAD of 13 bytes before no plaintext; the tag is OpenSSL 3.0's. */
static void L4_an_empty_record_has_the_right_tag(void **state)
{
    uint8_t key[32], nonce[12], aad[13], tag[16], right[16], none[1] = { 0 };
    unsigned long tag_len = 16;
    struct tch_aead *a;

    (void)state;
    for (unsigned i = 0; i < 32; i++) {
        key[i] = (uint8_t)i;
        nonce[i % 12] = (uint8_t)(0xa0 + i % 12);
        aad[i % 13] = (uint8_t)(i % 13);
    }
    unhex("74c7be62821d2ba2f0f53b016304a995", right, sizeof right);
    assert_int_equal(chacha20poly1305_memory(key, 32, nonce, 12, aad, 13, none,
                                             0, none, tag, &tag_len,
                                             CHACHA20POLY1305_ENCRYPT),
                     CRYPT_OK);
    assert_memory_not_equal(tag, right, 16);
    a = keyed(TCH_CIPHER_CHACHA20_POLY1305, key);
    tch_aead_seal(a, nonce, tch_slice_of(aad, 13), none, 0, tag);
    assert_memory_equal(tag, right, 16);
    drop(a);
}

/* One Wycheproof test; only what TLS uses: nonce of 12, tag of 16 bytes, or
 * of 8 for CCM_8. */
static void run_wycheproof(enum tch_cipher c, const struct json *test)
{
    bool valid = strcmp(json_text(test, "result"), "valid") == 0;
    struct sample *s = &sample;
    struct tch_aead *a;

    json_hex(test, "key", s->key, sizeof s->key);
    assert_int_equal(json_hex(test, "iv", s->nonce, 12), 12);
    s->aad_len = json_hex(test, "aad", s->aad, sizeof s->aad);
    s->len = json_hex(test, "ct", s->cipher, sizeof s->cipher);
    assert_int_equal(json_hex(test, "tag", s->tag, 16), tag_len_of(c));
    if (valid) {
        assert_int_equal(json_hex(test, "msg", s->plain, sizeof s->plain),
                         s->len);
        check_sample(c, s);
        return;
    }
    a = keyed(c, s->key);
    assert_int_equal(tch_aead_open(a, s->nonce,
                                   tch_slice_of(s->aad, s->aad_len),
                                   s->cipher, s->len, s->tag),
                     TCH_BAD_RECORD_MAC);
    assert_true(bytes_are_zero(s->cipher, s->len));
    drop(a);
}

/* Wycheproof's name for a cipher whatever the lengths. */
static const char *family_of(enum tch_cipher c)
{
    if (c == TCH_CIPHER_CHACHA20_POLY1305) {
        return "CHACHA20-POLY1305";
    }
    if (is_ccm(c)) {
        return "AES-CCM";
    }
    return ltc_block_of(c) == ltc_aes ? "AES-GCM" : "CAMELLIA-GCM";
}

/* The cipher of a group, or TCH_CIPHER_NULL when TLS has none like it. */
static enum tch_cipher cipher_of(const char *algorithm, const struct json *g)
{
    long tag_bits = json_number(g, "tagSize", 0);

    for (size_t i = 0; i < COUNT(built); i++) {
        const struct tch_cipher_row *row = tch_cipher_facts(built[i]);

        if (strcmp(family_of(row->cipher), algorithm) == 0 &&
            row->tag * 8 == tag_bits &&
            row->key * 8 == json_number(g, "keySize", 0) &&
            json_number(g, "ivSize", 0) == 96) {
            return row->cipher;
        }
    }
    return TCH_CIPHER_NULL;
}

static void wycheproof_file(const char *path)
{
    struct json_doc doc;
    size_t run = 0;
    size_t other = 0;

    if (!json_load(path, &doc)) {
        skip();
    }
    for (const struct json *g = json_get(doc.root, "testGroups")->first;
         g != NULL; g = g->next) {
        enum tch_cipher c = cipher_of(json_text(doc.root, "algorithm"), g);
        bool ours = c != TCH_CIPHER_NULL;

        for (const struct json *t = json_get(g, "tests")->first; t != NULL;
             t = t->next) {
            if (ours) {
                run_wycheproof(c, t);
            }
            run += ours;
            other += !ours;
        }
    }
    assert_int_equal(run + other,
                     json_number(doc.root, "numberOfTests", -1));
    assert_true(run > 60);
    fprintf(stderr, "%s: %zu run, %zu of key, nonce or tag sizes not in TLS\n",
            path, run, other);
    json_free(&doc);
}

static void wycheproof_aes_gcm(void **state)
{
    (void)state;
    wycheproof_file(SHARED_DATA "wycheproof/aes_gcm_test.json");
}

static void wycheproof_aes_ccm(void **state)
{
    (void)state;
    wycheproof_file(SHARED_DATA "wycheproof/aes_ccm_test.json");
}

static void wycheproof_chacha20_poly1305(void **state)
{
    (void)state;
    wycheproof_file(SHARED_DATA "wycheproof/chacha20_poly1305_test.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gcm_gives_the_values_that_nist_has),
        cmocka_unit_test(ccm_8_gives_the_value_of_sp_800_38c),
        cmocka_unit_test(camellia_gcm_gives_the_values_that_nettle_has),
        cmocka_unit_test(chacha20_poly1305_gives_the_values_of_rfc_8439),
        cmocka_unit_test(half_a_ccm_tag_is_no_ccm_8_tag),
        cmocka_unit_test(a_short_tag_takes_no_more_than_8_bytes),
        cmocka_unit_test(ccm_takes_aad_of_any_length),
        cmocka_unit_test(another_nonce_or_aad_or_key_is_refused),
        cmocka_unit_test(every_length_to_300_agrees_with_libtomcrypt),
        cmocka_unit_test(records_may_lie_at_any_address),
        cmocka_unit_test(no_data_and_no_aad_may_be_null),
        cmocka_unit_test(what_is_not_built_says_so_and_contexts_stay_small),
        cmocka_unit_test(a_cleared_context_holds_nothing),
        cmocka_unit_test(L2_a_forgery_passes_libtomcrypt_but_not_the_glue),
        cmocka_unit_test(L3_a_second_record_is_encrypted_like_the_first),
        cmocka_unit_test(L4_an_empty_record_has_the_right_tag),
        cmocka_unit_test(wycheproof_aes_gcm),
        cmocka_unit_test(wycheproof_aes_ccm),
        cmocka_unit_test(wycheproof_chacha20_poly1305),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
