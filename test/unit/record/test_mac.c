/*
 * mac.c and the pseudo header: the worked values of dossier 11 and published
 * HMAC records.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/glue.h"
#include "record/mac.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/record/support_record.h"

/* Dossier 11: key 80..93, sequence number 1, type 23, fragment "hello". */
static const uint8_t hello[] = { 'h', 'e', 'l', 'l', 'o' };

static void mac_of_hello(enum tch_mac_kind kind, unsigned version,
                         const char *want)
{
    struct tch_slice whole = tch_slice_of(hello, 5);
    struct tch_slice parts[3] = { tch_slice_of(hello, 2),
                                  tch_slice_of(NULL, 0),
                                  tch_slice_of(hello + 2, 3) };
    struct tch_piece p = { .seq = 1, .version = (uint16_t)version, .type = 23 };
    uint8_t expected[20];
    uint8_t got[20];
    struct tch_mac m;

    assert_int_equal(unhex(want, expected, sizeof expected), 20);
    tch_mac_init(&m, kind, TCH_HASH_SHA1, tch_slice_of(mac_key_bytes, 20));
    assert_int_equal(m.len, 20);
    tch_mac_run(&m, got, &p, &whole, 1);
    assert_memory_equal(got, expected, 20);
    tch_mac_run(&m, got, &p, parts, 3);
    assert_memory_equal(got, expected, 20);
    tch_mac_clear(&m);
}

static void ssl3_mac_of_the_dossier_R_REC_040_R_REC_042(void **state)
{
    (void)state;
    mac_of_hello(TCH_MAC_SSL3, TCH_SSL3,
                 "399ac6d2bdf714b883d4f2d8d586b4f4ade00556");
}

static void tls_macs_of_the_dossier_R_REC_040_R_REC_041(void **state)
{
    (void)state;
    mac_of_hello(TCH_MAC_HMAC, TCH_TLS10,
                 "7b191f224f43ad31331b35004b4f420d8e936c73");
    mac_of_hello(TCH_MAC_HMAC, TCH_TLS12,
                 "ac71fa95c0467589d7fd6f7bab105a1b9e0b74c4");
}

/* The construction once more, from the formula of dossier 2.5 alone. */
static void ssl3_mac_with_md5_has_48_bytes_of_pad_R_REC_042(void **state)
{
    static const uint8_t head[] = { 0, 0, 0, 0, 0, 0, 0, 1, 23, 0, 5 };
    struct tch_slice fragment = tch_slice_of(hello, 5);
    struct tch_piece p = { .seq = 1, .version = TCH_SSL3, .type = 23 };
    uint8_t text[16 + 48 + sizeof head + 5];
    uint8_t inner[16];
    uint8_t want[16];
    uint8_t got[16];
    struct tch_slice s = tch_slice_of(text, sizeof text);
    struct tch_mac m;

    (void)state;
    memcpy(text, mac_key_bytes, 16);
    memset(text + 16, 0x36, 48);
    memcpy(text + 64, head, sizeof head);
    memcpy(text + 64 + sizeof head, hello, 5);
    tch_hash(TCH_HASH_MD5, &s, 1, inner);
    memset(text + 16, 0x5C, 48);
    memcpy(text + 64, inner, 16);
    s.len = 80;
    tch_hash(TCH_HASH_MD5, &s, 1, want);
    tch_mac_init(&m, TCH_MAC_SSL3, TCH_HASH_MD5,
                 tch_slice_of(mac_key_bytes, 16));
    tch_mac_run(&m, got, &p, &fragment, 1);
    assert_memory_equal(got, want, 16);
}

static void aad_of_the_dossier(void **state)
{
    struct tch_piece p = { .seq = 1, .version = TCH_TLS12, .type = 23 };
    uint8_t want[13];
    uint8_t got[13];

    (void)state;
    unhex("00000000000000011703030005", want, sizeof want);
    tch_pseudo_header(got, &p, 5);
    assert_memory_equal(got, want, 13);
}

static void a_prepared_key_serves_any_number_of_records(void **state)
{
    struct tch_slice fragment = tch_slice_of(hello, 5);
    struct tch_piece p = { .seq = 1, .version = TCH_TLS12, .type = 23 };
    uint8_t first[20];
    uint8_t again[20];
    struct tch_mac m;

    (void)state;
    tch_mac_init(&m, TCH_MAC_HMAC, TCH_HASH_SHA1,
                 tch_slice_of(mac_key_bytes, 20));
    tch_mac_run(&m, first, &p, &fragment, 1);
    p.seq = 2;
    tch_mac_run(&m, again, &p, &fragment, 1);
    assert_memory_not_equal(first, again, 20);
    p.seq = 1;
    tch_mac_run(&m, again, &p, &fragment, 1);
    assert_memory_equal(first, again, 20);
}

static enum tch_hash hash_named(const char *name)
{
    return strcmp(name, "SHA-1") == 0     ? TCH_HASH_SHA1
           : strcmp(name, "SHA-256") == 0 ? TCH_HASH_SHA256
           : strcmp(name, "SHA-384") == 0 ? TCH_HASH_SHA384
                                          : TCH_HASH_NONE;
}

/* Sequence number, type and version from 13 bytes of associated data. */
static struct tch_piece piece_of(const uint8_t *aad)
{
    struct tch_piece p = { .seq = 0 };

    for (size_t i = 0; i < 8; i++) {
        p.seq = p.seq << 8 | aad[i];
    }
    p.type = aad[8];
    p.version = (uint16_t)(aad[9] << 8 | aad[10]);
    return p;
}

/* The vectors' associated data ends with a length that is not the message's
 * (it counts up like the rest), so the MAC is taken with the header given. */
static bool null_vector_is_right(const struct json *v)
{
    uint8_t key[64];
    uint8_t aad[64];
    uint8_t message[64];
    uint8_t fragment[128];
    uint8_t mac[TCH_HASH_MAX];
    enum tch_hash alg = hash_named(json_text(v, "Hash"));
    size_t key_len = json_hex(v, "Key", key, sizeof key);
    size_t aad_len = json_hex(v, "AssociatedData", aad, sizeof aad);
    size_t len = json_hex(v, "Message", message, sizeof message);
    size_t whole = json_hex(v, "Fragment", fragment, sizeof fragment);
    struct tch_slice rest[2] = { tch_slice_of(aad, aad_len),
                                 tch_slice_of(message, len) };
    struct tch_mac m;
    struct tch_hmac h;

    assert_int_not_equal(alg, TCH_HASH_NONE);
    tch_mac_init(&m, TCH_MAC_HMAC, alg, tch_slice_of(key, key_len));
    tch_hmac_init(&h, &m.key);
    for (size_t i = 0; i < 2; i++) {
        tch_hmac_update(&h, rest[i].p, rest[i].len);
    }
    tch_hmac_final(&h, mac);
    if (aad_len == TCH_PSEUDO_HEADER_LEN) {
        uint8_t header[TCH_PSEUDO_HEADER_LEN];
        struct tch_piece p = piece_of(aad);

        assert_int_equal(tch_mac_header(&m, header, &p,
                                        (size_t)(aad[11] << 8 | aad[12])), 13);
        assert_memory_equal(header, aad, 13);
    }
    return whole == len + m.len && memcmp(fragment, message, len) == 0 &&
           memcmp(fragment + len, mac, m.len) == 0;
}

static void published_null_records_carry_our_mac(void **state)
{
    struct json_doc doc;
    size_t right = 0;
    size_t wrong = 0;

    (void)state;
    if (!json_load("../shared/data/tls-record/null-hmac.json", &doc)) {
        skip();
    }
    for (const struct json *v = json_get(doc.root, "vectors")->first;
         v != NULL; v = v->next) {
        if (null_vector_is_right(v)) {
            right++;
        } else {
            wrong++;
        }
    }
    assert_int_equal(right, 3);
    assert_int_equal(wrong, 2); /* a MAC of zeros, and one header too short */
    json_free(&doc);
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ssl3_mac_of_the_dossier_R_REC_040_R_REC_042),
        cmocka_unit_test(tls_macs_of_the_dossier_R_REC_040_R_REC_041),
        cmocka_unit_test(ssl3_mac_with_md5_has_48_bytes_of_pad_R_REC_042),
        cmocka_unit_test(aad_of_the_dossier),
        cmocka_unit_test(a_prepared_key_serves_any_number_of_records),
        cmocka_unit_test(published_null_records_carry_our_mac),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
