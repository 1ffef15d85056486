/*
 * cbc_ct.c against a plain reading of the same rules: published paddings, and
 * every way a last byte can lie. That it takes the same time for all is the
 * business of test/ct/ct_cbc.c.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/glue.h"
#include "record/cbc_ct.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/record/support_record.h"

/* What a reader who need not hide anything does (RFC 5246 6.2.3.2). */
static bool plain_padding(enum tch_pad_rule rule, size_t block,
                          const uint8_t *body, size_t len, size_t room,
                          size_t *pad)
{
    *pad = body[len - 1];
    if (*pad + 1 + room > len) {
        return false;
    }
    if (rule == TCH_PAD_ANY_BYTES) {
        return *pad < block;
    }
    for (size_t i = 0; i < *pad; i++) {
        if (body[len - 2 - i] != *pad) {
            return false;
        }
    }
    return true;
}

static void agree(enum tch_pad_rule rule, const uint8_t *body, size_t len,
                  size_t room)
{
    size_t want;
    uint32_t got = 999;
    bool good = plain_padding(rule, 16, body, len, room, &want);
    tch_mask m = tch_cbc_ct_padding(rule, 16, body, len, room, &got);

    assert_int_equal(m, good ? UINT32_MAX : 0);
    assert_int_equal(got, good ? want : 0);
}

static void padding_agrees_with_a_plain_reading_R_REC_051(void **state)
{
    static uint8_t body[600];

    (void)state;
    for (size_t len = 1; len <= 560; len += len < 40 ? 1 : 40) {
        for (unsigned last = 0; last < 256; last++) {
            for (unsigned room = 0; room < 60; room += 20) {
                memset(body, (int)last, len);
                agree(TCH_PAD_ALL_EQUAL, body, len, room);
                agree(TCH_PAD_ANY_BYTES, body, len, room);
                /* and with the byte before the padding, the first and the
                 * last byte of the padding wrong */
                for (unsigned way = 0; way < 3; way++) {
                    size_t back = way == 0 ? last + 1 : way == 1 ? last : 1;

                    if (back < len && back > 0) {
                        body[len - 1 - back] ^= 0x40;
                        agree(TCH_PAD_ALL_EQUAL, body, len, room);
                        agree(TCH_PAD_ANY_BYTES, body, len, room);
                        body[len - 1 - back] ^= 0x40;
                    }
                }
            }
        }
    }
}

static void published_paddings_R_REC_051(void **state)
{
    static uint8_t body[8192];
    struct json_doc doc;
    size_t seen = 0;

    (void)state;
    if (!json_load("../shared/data/tls-record/cbc-padding.json", &doc)) {
        skip();
    }
    for (const struct json *v = json_get(doc.root, "vectors")->first;
         v != NULL; v = v->next) {
        size_t len = json_hex(v, "Record", body, sizeof body);
        size_t want = 0;
        uint32_t pad;
        tch_mask good = tch_cbc_ct_padding(TCH_PAD_ALL_EQUAL, 16, body, len, 0,
                                           &pad);

        for (const char *c = json_text(v, "Output"); *c != '\0'; c++) {
            want = 10 * want + (size_t)(*c - '0');
        }
        assert_int_equal(good != 0, want != 0);
        assert_int_equal(good != 0 ? pad + 1 : 0, want);
        seen++;
    }
    assert_int_equal(seen, 11);
    json_free(&doc);
}

/* The last of these five is wrong by its MAC, which is none of TLS's; the
 * fourth leaves a MAC one byte short. */
static void published_records_with_room_for_a_mac(void **state)
{
    struct json_doc doc;
    size_t seen = 0;
    size_t refused = 0;

    (void)state;
    if (!json_load("../shared/data/tls-record/cbc-mac-padding.json", &doc)) {
        skip();
    }
    for (const struct json *v = json_get(doc.root, "vectors")->first;
         v != NULL; v = v->next) {
        uint8_t body[256];
        size_t len = json_hex(v, "Record", body, sizeof body);
        const char *mac = json_text(v, "MACsize");
        size_t room = (size_t)(10 * (mac[0] - '0') + (mac[1] - '0'));
        uint32_t pad;
        tch_mask good = tch_cbc_ct_padding(TCH_PAD_ALL_EQUAL, 16, body, len,
                                           room, &pad);

        if (strcmp(json_text(v, "Valid"), "1") == 0) {
            assert_int_equal(good, UINT32_MAX);
        }
        refused += good == 0;
        seen++;
    }
    assert_int_equal(seen, 5);
    assert_int_equal(refused, 1);
    json_free(&doc);
}

/* fragment || MAC || padding, then the judgement. */
struct made {
    enum tch_mac_kind kind;
    enum tch_hash alg;
    size_t len;
    size_t pad;
};

static tch_mask judge(const struct made *m, size_t flip, uint8_t with,
                      uint32_t *out_len)
{
    static uint8_t body[1024];
    bool ssl3 = m->kind == TCH_MAC_SSL3;
    struct tch_slice fragment = tch_slice_of(sample(), m->len);
    struct tch_piece p = { .seq = 77,
                           .version = ssl3 ? TCH_SSL3 : TCH_TLS11,
                           .type = 22,
                           .data = body };
    struct tch_mac mac;

    tch_mac_init(&mac, m->kind, m->alg,
                 tch_slice_of(mac_key_bytes, tch_hash_facts(m->alg)->len));
    if (m->len != 0) {
        memcpy(body, sample(), m->len);
    }
    tch_mac_run(&mac, body + m->len, &p, &fragment, 1);
    memset(body + m->len + mac.len, (int)m->pad, m->pad + 1);
    p.len = m->len + mac.len + m->pad + 1;
    body[flip] ^= with;
    return tch_cbc_ct_check(&mac, ssl3 ? TCH_PAD_ANY_BYTES : TCH_PAD_ALL_EQUAL,
                            ssl3 ? 8 : 16, &p, out_len);
}

static const enum tch_hash hashes[] = { TCH_HASH_MD5, TCH_HASH_SHA1,
                                        TCH_HASH_SHA256, TCH_HASH_SHA384 };

static void a_mac_is_found_wherever_it_lies(void **state)
{
    (void)state;
    for (size_t a = 0; a < 4; a++) {
        for (size_t len = 0; len < 400; len += len < 140 ? 1 : 37) {
            for (size_t pad = 0; pad < 256; pad += pad < 70 ? 1 : 31) {
                struct made m = { TCH_MAC_HMAC, hashes[a], len, pad };
                uint32_t got;

                assert_int_equal(judge(&m, 0, 0, &got), UINT32_MAX);
                assert_int_equal(got, len);
            }
        }
    }
}

static void a_byte_wrong_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t a = 0; a < 4; a++) {
        size_t mac = tch_hash_facts(hashes[a])->len;

        for (size_t pad = 0; pad < 256; pad += 51) {
            struct made m = { TCH_MAC_HMAC, hashes[a], 60, pad };
            uint32_t got;

            for (size_t flip = 0; flip < m.len + mac + pad + 1; flip++) {
                assert_int_equal(judge(&m, flip, 1, &got), 0);
                assert_int_equal(judge(&m, flip, 0x80, &got), 0);
            }
        }
    }
}

static void ssl3_by_its_own_rules_R_REC_050(void **state)
{
    (void)state;
    for (size_t a = 0; a < 2; a++) {
        size_t mac = tch_hash_facts(hashes[a])->len;

        for (size_t len = 0; len < 80; len++) {
            for (size_t pad = 0; pad < 12; pad++) {
                struct made m = { TCH_MAC_SSL3, hashes[a], len, pad };
                uint32_t got;

                assert_int_equal(judge(&m, 0, 0, &got),
                                 pad < 8 ? UINT32_MAX : 0);
                if (pad >= 8) {
                    continue;
                }
                assert_int_equal(got, len);
                for (size_t flip = 0; flip < len + mac + pad + 1; flip++) {
                    bool padding = flip >= len + mac && flip < len + mac + pad;

                    assert_int_equal(judge(&m, flip, 1, &got),
                                     padding ? UINT32_MAX : 0);
                }
            }
        }
    }
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(padding_agrees_with_a_plain_reading_R_REC_051),
        cmocka_unit_test(published_paddings_R_REC_051),
        cmocka_unit_test(published_records_with_room_for_a_mac),
        cmocka_unit_test(a_mac_is_found_wherever_it_lies),
        cmocka_unit_test(a_byte_wrong_anywhere_is_refused),
        cmocka_unit_test(ssl3_by_its_own_rules_R_REC_050),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
