/*
 * protect_cbc.c: records built by hand from cipher and HMAC, with every
 * padding a peer may choose and with every one it must not.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/cipher.h"
#include "crypto-glue/glue.h"
#include "crypto-glue/hash.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/record/support_record.h"

static const char aes[] = "TLS_RSA_WITH_AES_128_CBC_SHA";
static const char des3[] = "TLS_RSA_WITH_3DES_EDE_CBC_SHA";
static const unsigned tls_versions[] = { TCH_TLS10, TCH_TLS11, TCH_TLS12 };

static bool explicit_iv(const struct kind *k)
{
    return k->version >= TCH_TLS11;
}

static void for_each(void (*check)(const struct kind *k))
{
    struct kind k;
    size_t done = 0;

    for (size_t i = 0; kind_at(i, &k); i++) {
        if (is_type(&k, TCH_TYPE_CBC) && !k.split) {
            check(&k);
            done++;
        }
    }
    assert_true(done > 0);
}

static void every_flipped_bit_is_refused_R_REC_043_R_REC_071(void **state)
{
    (void)state;
    for_each(refuse_every_flip);
}

static void replay_and_reorder_are_refused_R_REC_031(void **state)
{
    (void)state;
    for_each(refuse_replay_and_reorder);
}

static void every_cut_is_refused_R_REC_054(void **state)
{
    (void)state;
    for_each(refuse_every_cut);
}

/*
 * A record by hand. `pad` bytes of padding and the length byte follow, of
 * which byte `flip` (0 is the first padding byte, `pad` the length byte) is
 * turned by `with`. Sequence number 0, type 23; an explicit IV is `iv`, or
 * iv_bytes when NULL.
 */
struct hand {
    struct kind kind;
    size_t len;
    size_t pad;
    size_t flip;
    uint8_t with;
    const uint8_t *iv;
    bool no_mac; /* the record is shorter than a MAC: only padding */
};

static void hmac_of(const struct kind *k, uint8_t *out, const uint8_t *p,
                    size_t len)
{
    uint8_t head[13] = { 0, 0, 0, 0, 0, 0, 0, 0, 23,
                         (uint8_t)(k->version >> 8), (uint8_t)k->version,
                         (uint8_t)(len >> 8), (uint8_t)len };
    struct tch_hmac_key key;
    struct tch_hmac h;

    tch_hmac_set_key(&key, k->suite->mac, mac_key_bytes, mac_len_of(k));
    tch_hmac_init(&h, &key);
    tch_hmac_update(&h, head, sizeof head);
    tch_hmac_update(&h, p, len);
    tch_hmac_final(&h, out);
}

/* SSL 3.0's MAC, from the formula of dossier 2.5. */
static void ssl3_mac_of(const struct kind *k, uint8_t *out, const uint8_t *p,
                        size_t len)
{
    size_t n = mac_len_of(k);
    size_t pad = k->suite->mac == TCH_HASH_MD5 ? 48 : 40;
    uint8_t head[11] = { 0, 0, 0, 0, 0, 0, 0, 0, 23, (uint8_t)(len >> 8),
                         (uint8_t)len };
    uint8_t pads[48];
    uint8_t inner[64];
    struct tch_slice in[4] = { tch_slice_of(mac_key_bytes, n),
                               tch_slice_of(pads, pad),
                               tch_slice_of(head, sizeof head),
                               tch_slice_of(p, len) };
    struct tch_slice over[3] = { in[0], in[1], tch_slice_of(inner, n) };

    memset(pads, 0x36, sizeof pads);
    tch_hash(k->suite->mac, in, 4, inner);
    memset(pads, 0x5C, sizeof pads);
    tch_hash(k->suite->mac, over, 3, out);
}

static void encrypt_with(const struct kind *k, const uint8_t *iv, uint8_t *p,
                         size_t len)
{
    static _Alignas(64) uint8_t memory[16384];
    struct tch_cipher_ctx *c = (void *)memory;

    assert_true(tch_cipher_size(k->suite->cipher) <= sizeof memory);
    assert_int_equal(tch_cipher_init(c, k->suite->cipher, true, key_bytes, iv),
                     TCH_OK);
    tch_cipher_run(c, p, len);
}

static size_t put_padding(const struct hand *h, uint8_t *p)
{
    memset(p, (int)h->pad, h->pad + 1);
    p[h->flip] ^= h->with;
    return h->pad + 1;
}

static size_t build(const struct hand *h, uint8_t *out)
{
    const struct kind *k = &h->kind;
    size_t block = cipher_of(k)->block;
    size_t iv = explicit_iv(k) ? block : 0;
    size_t mac = mac_len_of(k);
    uint8_t *body = out + 5 + iv;
    const uint8_t *start = h->iv != NULL ? h->iv : iv_bytes;
    size_t len = h->len;

    memcpy(out + 5, start, iv);
    if (len != 0) {
        memcpy(body, sample(), len);
    }
    if (k->etm) {
        len += put_padding(h, body + len);
        encrypt_with(k, start, body, len);
        hmac_of(k, body + len, out + 5, iv + len);
        len += mac;
    } else {
        if (!h->no_mac) {
            (k->version == TCH_SSL3 ? ssl3_mac_of : hmac_of)(k, body + len,
                                                             body, len);
            len += mac;
        }
        len += put_padding(h, body + len);
        encrypt_with(k, start, body, len);
    }
    out[0] = 23;
    out[1] = (uint8_t)(k->version >> 8);
    out[2] = (uint8_t)k->version;
    out[3] = (uint8_t)((iv + len) >> 8);
    out[4] = (uint8_t)(iv + len);
    return 5 + iv + len;
}

static enum tch_status open_hand(const struct hand *h, struct tch_opened *o,
                                 uint8_t *record, size_t *len)
{
    struct pair p;
    enum tch_status s;

    pair_init(&p, &h->kind);
    *len = build(h, record);
    s = tch_record_open(&p.in, record, *len, o);
    pair_clear(&p);
    return s;
}

/* The length of a fragment that makes whole blocks with this padding; at
 * least `least`. */
static size_t fitting(const struct kind *k, size_t pad, size_t least)
{
    size_t block = cipher_of(k)->block;
    size_t mac = k->etm ? 0 : mac_len_of(k);

    while ((least + mac + pad + 1) % block != 0) {
        least++;
    }
    return least;
}

static void accept(const struct hand *h)
{
    uint8_t record[1024];
    struct tch_opened o;
    size_t len;

    assert_int_equal(open_hand(h, &o, record, &len), TCH_OK);
    assert_int_equal(o.data_len, h->len);
    assert_int_equal(o.header_len + o.data_len + o.trailer_len, len);
    if (h->len != 0) {
        assert_memory_equal(o.data, sample(), h->len);
    }
}

static void refuse(const struct hand *h)
{
    uint8_t record[1024];
    struct tch_opened o;
    size_t len;

    assert_int_equal(open_hand(h, &o, record, &len), TCH_BAD_RECORD_MAC);
    if (h->len >= 8) {
        assert_false(has_bytes(record, len, sample(), 8));
    }
}

/* Runs `check` with every TLS version, MAC-then-encrypt and EtM, AES and 3DES,
 * SHA-1; and SHA-256, SHA-384 in TLS 1.2. */
static void each_tls(void (*check)(const struct kind *k))
{
    for (size_t v = 0; v < 3; v++) {
        for (int etm = 0; etm < 2; etm++) {
            struct kind a = kind_of(aes, tls_versions[v], etm, false);
            struct kind d = kind_of(des3, tls_versions[v], etm, false);

            check(&a);
            if (is_built(&d)) {
                check(&d);
            }
        }
    }
    for (int etm = 0; etm < 2; etm++) {
        struct kind s2 = kind_of("TLS_RSA_WITH_AES_128_CBC_SHA256", TCH_TLS12,
                                 etm, false);
        struct kind s3 = kind_of("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
                                 TCH_TLS12, etm, false);

        check(&s2);
        check(&s3);
    }
}

static void accept_all_paddings(const struct kind *k)
{
    for (size_t pad = 0; pad < 256; pad++) {
        struct hand h = { .kind = *k, .pad = pad, .len = fitting(k, pad, 0) };

        accept(&h);
        h.len = fitting(k, pad, 300);
        accept(&h);
    }
}

static void paddings_0_to_255_are_accepted_R_REC_051(void **state)
{
    (void)state;
    each_tls(accept_all_paddings);
}

/* Each `step`th padding byte in turn, the length byte left alone; three ways
 * to be wrong. */
static void refuse_wrong_padding(const struct kind *k, size_t step)
{
    static const uint8_t wrong[] = { 0x01, 0x80, 0xFF };

    for (size_t pad = 1; pad < 256; pad++) {
        for (size_t flip = pad % step; flip < pad; flip += step) {
            struct hand h = { .kind = *k,
                              .pad = pad,
                              .flip = flip,
                              .with = wrong[(flip + pad) % 3],
                              .len = fitting(k, pad, 9) };

            refuse(&h);
        }
    }
}

static void each_flipped_padding_byte_is_refused_R_ATK_005(void **state)
{
    static const struct {
        const char *suite;
        unsigned version;
        bool etm;
        size_t step;
    } rows[] = { { aes, TCH_TLS10, false, 7 }, { aes, TCH_TLS11, false, 7 },
                 { aes, TCH_TLS12, false, 1 }, { aes, TCH_TLS12, true, 7 },
                 { des3, TCH_TLS10, true, 7 } };

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        struct kind k = kind_of(rows[i].suite, rows[i].version, rows[i].etm,
                                false);

        if (is_built(&k)) {
            refuse_wrong_padding(&k, rows[i].step);
        }
    }
}

/* Any other value in the length byte: too much padding for the record, too
 * little, padding that reaches into the MAC. */
static void refuse_wrong_length_byte(const struct kind *k)
{
    for (size_t pad = 0; pad < 256; pad += 17) {
        for (unsigned with = 1; with < 256; with++) {
            struct hand h = { .kind = *k,
                              .pad = pad,
                              .flip = pad,
                              .with = (uint8_t)with,
                              .len = fitting(k, pad, 9) };

            if ((pad ^ with) != 0 || !k->etm) {
                refuse(&h);
            } else {
                /* Its last byte is a padding of none: legal under EtM. */
                struct tch_opened o;
                uint8_t record[1024];
                size_t len;

                assert_int_equal(open_hand(&h, &o, record, &len), TCH_OK);
                assert_int_equal(o.data_len, h.len + pad);
            }
        }
    }
}

static void a_wrong_padding_length_is_refused_R_REC_052(void **state)
{
    (void)state;
    each_tls(refuse_wrong_length_byte);
}

static void ssl3_takes_any_padding_bytes_below_a_block_R_REC_050(void **state)
{
    struct kind k;
    size_t done = 0;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        size_t block = cipher_of(&k)->block;

        if (!is_type(&k, TCH_TYPE_CBC) || k.version != TCH_SSL3 || k.split) {
            continue;
        }
        for (size_t pad = 0; pad < block; pad++) {
            struct hand h = { .kind = k, .pad = pad };

            h.len = fitting(&k, pad, 0);
            accept(&h);
            h.with = pad > 0 ? 0xA5 : 0; /* the first padding byte */
            accept(&h);
            h.len = fitting(&k, pad, 200);
            accept(&h);
        }
        done++;
    }
    if (done == 0) {
        print_message("# no CBC cipher of SSL 3.0 is built\n");
        skip();
    }
}

static void ssl3_refuses_a_block_of_padding_R_REC_050_R_ATK_004(void **state)
{
    struct kind k = kind_of(des3, TCH_SSL3, false, false);

    (void)state;
    need(&k);
    for (size_t pad = 8; pad < 256; pad++) {
        struct hand h = { .kind = k, .pad = pad, .len = fitting(&k, pad, 8) };

        refuse(&h);
    }
    for (unsigned with = 1; with < 256; with++) {
        struct hand h = { .kind = k, .pad = 5, .flip = 5, .with = (uint8_t)with,
                          .len = fitting(&k, 5, 8) };

        refuse(&h);
    }
}

/* Whole blocks of nothing but good padding, too short for any MAC. */
static void padding_alone_is_no_record_R_REC_054(void **state)
{
    (void)state;
    for (size_t v = 0; v < 3; v++) {
        struct kind k = kind_of(aes, tls_versions[v], false, false);

        for (size_t pad = 15; pad < 256; pad += 16) {
            struct hand h = { .kind = k, .pad = pad, .no_mac = true };

            refuse(&h);
        }
    }
}

/* Lengths that cannot be: with zeros for a body, whatever the length. */
static void impossible_lengths_are_refused_R_REC_054(void **state)
{
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct tch_record_sizes sizes;
        struct pair p;

        if (!is_type(&k, TCH_TYPE_CBC)) {
            continue;
        }
        pair_init(&p, &k);
        sizes = tch_half_sizes(&p.in);
        for (size_t n = 0; n < 4 * sizes.trailer; n++) {
            uint8_t record[5 + 4 * 80] = { 23, (uint8_t)(k.version >> 8),
                                           (uint8_t)k.version, 0,
                                           (uint8_t)n };
            struct tch_opened o;

            record[3] = (uint8_t)(n >> 8);
            assert_int_equal(tch_record_open(&p.in, record, 5 + n, &o),
                             TCH_BAD_RECORD_MAC);
        }
        assert_true(p.in.seq == 0);
        pair_clear(&p);
    }
}

/* R-REC-070: what our own sealing sends is what the hand builds. */
static void sealed_is_what_the_hand_builds_R_REC_070(const struct kind *k)
{
    for (size_t len = 0; len < 70; len++) {
        struct hand h = { .kind = *k, .len = len };
        uint8_t want[512];
        uint8_t got[512];
        struct pair p;
        size_t n;

        while ((len + h.pad + 1 + (k->etm ? 0 : mac_len_of(k))) %
                   cipher_of(k)->block != 0) {
            h.pad++;
        }
        pair_init(&p, k);
        n = seal_apart(&p.out, 23, sample(), len, got);
        h.iv = explicit_iv(k) ? got + 5 : NULL;
        assert_int_equal(build(&h, want), n);
        assert_memory_equal(got, want, n);
        pair_clear(&p);
    }
}

static void our_records_are_those_of_the_rfc_R_REC_070(void **state)
{
    struct kind ssl3 = kind_of(des3, TCH_SSL3, false, false);

    (void)state;
    each_tls(sealed_is_what_the_hand_builds_R_REC_070);
    if (is_built(&ssl3)) {
        sealed_is_what_the_hand_builds_R_REC_070(&ssl3);
    }
}

/* With EtM the length in the MAC input leaves the MAC out and counts the IV;
 * a MAC made with the plaintext's length, or the header's, is wrong. */
static void etm_macs_of_other_lengths_are_refused_R_REC_070(void **state)
{
    struct kind k = kind_of(aes, TCH_TLS12, true, false);
    struct hand h = { .kind = k, .len = 20, .pad = 11 };
    static const size_t wrong[] = { 20, 32, 68, 47, 49 };
    uint8_t good[128];
    uint8_t record[128];
    struct tch_hmac_key key;
    size_t len = build(&h, good);

    (void)state;
    assert_int_equal(len, 5 + 48 + 20);
    tch_hmac_set_key(&key, TCH_HASH_SHA1, mac_key_bytes, 20);
    for (size_t i = 0; i <= 5; i++) {
        size_t said = i < 5 ? wrong[i] : 48;
        uint8_t head[13] = { 0, 0, 0, 0, 0, 0, 0, 0, 23, 3, 3, 0,
                             (uint8_t)said };
        struct tch_opened o;
        struct tch_hmac m;
        struct pair p;

        memcpy(record, good, len);
        tch_hmac_init(&m, &key);
        tch_hmac_update(&m, head, 13);
        tch_hmac_update(&m, record + 5, 48);
        tch_hmac_final(&m, record + 53);
        pair_init(&p, &k);
        assert_int_equal(tch_record_open(&p.in, record, len, &o),
                         i < 5 ? TCH_BAD_RECORD_MAC : TCH_OK);
        pair_clear(&p);
    }
}

/* R-REC-071: a bad MAC is found before anything is decrypted. */
static void etm_decrypts_nothing_that_fails_R_REC_071(void **state)
{
    struct kind k = kind_of(aes, TCH_TLS12, true, false);
    struct hand h = { .kind = k, .len = 20, .pad = 11 };
    uint8_t record[128];
    uint8_t before[128];
    struct tch_opened o;
    struct pair p;
    size_t len = build(&h, record);

    (void)state;
    record[len - 1] ^= 1;
    memcpy(before, record, len);
    pair_init(&p, &k);
    assert_int_equal(tch_record_open(&p.in, record, len, &o),
                     TCH_BAD_RECORD_MAC);
    assert_memory_equal(record, before, len);
    pair_clear(&p);
}

/* R-REC-055: each record decrypts with the last block of the one before. */
static void chain(const struct kind *k)
{
    static _Alignas(64) uint8_t memory[16384];
    struct tch_cipher_ctx *c = (void *)memory;
    size_t block = cipher_of(k)->block;
    uint8_t last[16];
    struct pair p;

    pair_init(&p, k);
    memcpy(last, iv_bytes, block);
    for (size_t n = 0; n < 4; n++) {
        uint8_t wire[128];
        size_t len = seal_apart(&p.out, 23, sample(), 10 * n, wire);
        const uint8_t *end = wire + len - block;
        uint8_t copy[128];

        memcpy(copy, wire, len);
        assert_int_equal(tch_cipher_init(c, k->suite->cipher, false, key_bytes,
                                         last), TCH_OK);
        tch_cipher_run(c, copy + 5, len - 5);
        assert_memory_equal(copy + 5, sample(), 10 * n);
        memcpy(last, end, block);
    }
    pair_clear(&p);
}

static void the_iv_is_chained_across_records_R_REC_055(void **state)
{
    struct kind tls = kind_of(aes, TCH_TLS10, false, false);
    struct kind ssl3 = kind_of(des3, TCH_SSL3, false, false);

    (void)state;
    chain(&tls);
    if (is_built(&ssl3)) {
        chain(&ssl3);
    }
}

static void ivs_of_1000_records_all_differ_R_ATK_006(void **state)
{
    static uint8_t seen[1000][16];
    struct kind k = kind_of(aes, TCH_TLS11, false, false);
    struct pair p;

    (void)state;
    pair_init(&p, &k);
    for (size_t i = 0; i < 1000; i++) {
        uint8_t wire[128];

        seal_block(&p.out, 23, sample(), 5, wire);
        memcpy(seen[i], wire + 5, 16);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(seen[i], seen[j], 16);
        }
    }
    assert_int_equal(p.draw.drawn, 1000);
    pair_clear(&p);
}

static enum tch_status open_vector(const struct json *v, size_t *len)
{
    bool etm = strcmp(json_text(v, "EncryptThenMAC"), "true") == 0;
    bool tdes = strcmp(json_text(v, "BlockCipher"), "TripleDES") == 0;
    struct kind k = tdes ? kind_of(des3, TCH_TLS12, etm, false)
                         : kind_of("TLS_RSA_WITH_AES_128_CBC_SHA256",
                                   TCH_TLS12, etm, false);
    struct tch_record_keys keys = keys_of(&k);
    static uint8_t record[4096];
    uint8_t key[64];
    uint8_t aad[13];
    uint8_t plain[2048];
    size_t iv = cipher_of(&k)->block;
    size_t text = json_hex(v, "Plaintext", plain, sizeof plain);
    struct tch_half h;
    struct tch_opened o;
    enum tch_status s;

    json_hex(v, "Key", key, sizeof key);
    if (!is_built(&k)) {
        return TCH_NOT_SUPPORTED;
    }
    keys.mac_key.p = key;
    keys.key.p = key + keys.mac_key.len;
    json_hex(v, "AssociatedData", aad, sizeof aad);
    assert_int_equal(json_hex(v, "Nonce", record + 5, 16), iv);
    *len = iv + json_hex(v, "Ciphertext", record + 5 + iv, 4000);
    memcpy(record, aad + 8, 3);
    record[3] = (uint8_t)(*len >> 8);
    record[4] = (uint8_t)*len;
    tch_half_init(&h, false, true, &tch_alloc_default, NULL, NULL);
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_OK);
    h.seq = aad[7];
    s = tch_record_open(&h, record, 5 + *len, &o);
    if (s == TCH_OK) {
        assert_int_equal(o.data_len, text);
        assert_memory_equal(o.data, plain, text);
    }
    tch_half_clear(&h);
    return s;
}

static void published_cbc_records_open(void **state)
{
    struct json_doc doc;
    size_t opened = 0;

    (void)state;
    if (!json_load("../shared/data/tls-record/cbc-hmac-kat.json", &doc)) {
        skip();
    }
    for (const struct json *v = json_get(doc.root, "vectors")->first;
         v != NULL; v = v->next) {
        size_t len;

        enum tch_status s = open_vector(v, &len);

        assert_true(s == TCH_OK || s == TCH_NOT_SUPPORTED);
        opened += s == TCH_OK;
    }
    assert_true(opened >= 4);
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
        cmocka_unit_test(every_flipped_bit_is_refused_R_REC_043_R_REC_071),
        cmocka_unit_test(replay_and_reorder_are_refused_R_REC_031),
        cmocka_unit_test(every_cut_is_refused_R_REC_054),
        cmocka_unit_test(paddings_0_to_255_are_accepted_R_REC_051),
        cmocka_unit_test(each_flipped_padding_byte_is_refused_R_ATK_005),
        cmocka_unit_test(a_wrong_padding_length_is_refused_R_REC_052),
        cmocka_unit_test(ssl3_takes_any_padding_bytes_below_a_block_R_REC_050),
        cmocka_unit_test(ssl3_refuses_a_block_of_padding_R_REC_050_R_ATK_004),
        cmocka_unit_test(padding_alone_is_no_record_R_REC_054),
        cmocka_unit_test(impossible_lengths_are_refused_R_REC_054),
        cmocka_unit_test(our_records_are_those_of_the_rfc_R_REC_070),
        cmocka_unit_test(etm_macs_of_other_lengths_are_refused_R_REC_070),
        cmocka_unit_test(etm_decrypts_nothing_that_fails_R_REC_071),
        cmocka_unit_test(the_iv_is_chained_across_records_R_REC_055),
        cmocka_unit_test(ivs_of_1000_records_all_differ_R_ATK_006),
        cmocka_unit_test(published_cbc_records_open),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
