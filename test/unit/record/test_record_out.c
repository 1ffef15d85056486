/*
 * record_out.c: what a record measures, where its bytes lie, splitting, and
 * the limits at which sealing stops. Every kind of protection goes through
 * every length here, in one block and in three pieces.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/glue.h"
#include "test/unit/record/support_record.h"

static uint8_t wire[RECORD_ROOM];
static uint8_t again[RECORD_ROOM];
static uint8_t text[TCH_PLAINTEXT_MAX];

/* Seals the same data with three halves in the same state: in one block, in
 * three pieces; the bytes must agree and open. */
static void round_trip(struct pair *p, struct tch_half *twin,
                       struct counting_draw *draw, size_t len)
{
    size_t sealed;
    size_t num;

    draw->drawn = p->draw.drawn;
    sealed = seal_block(&p->out, 23, sample(), len, wire);
    assert_int_equal(seal_apart(twin, 23, sample(), len, again), sealed);
    assert_memory_equal(wire, again, sealed);
    assert_int_equal(open_all(&p->in, wire, sealed, text, &num), len);
    if (len != 0) {
        assert_memory_equal(text, sample(), len);
    }
    assert_true(p->in.seq == p->out.seq);
}

static void every_length(const struct kind *k)
{
    struct tch_record_keys keys = keys_of(k);
    struct counting_draw draw;
    struct tch_half twin;
    struct pair p;

    pair_init(&p, k);
    counting_draw_init(&draw);
    tch_half_init(&twin, true, true, &tch_alloc_default, &draw.source, NULL);
    assert_int_equal(tch_half_rekey(&twin, &keys), TCH_OK);
    for (size_t len = 0; len <= 300; len++) {
        round_trip(&p, &twin, &draw, len);
    }
    round_trip(&p, &twin, &draw, 16383);
    round_trip(&p, &twin, &draw, 16384);
    tch_half_clear(&twin);
    pair_clear(&p);
}

static void every_length_of(enum tch_cipher_type type)
{
    struct kind k;
    size_t done = 0;

    for (size_t i = 0; kind_at(i, &k); i++) {
        if (is_type(&k, type)) {
            every_length(&k);
            done++;
        }
    }
    print_message("# %zu kinds\n", done);
    assert_true(done > 0);
}

static void stream_records_of_every_length_come_back(void **state)
{
    (void)state;
    every_length_of(TCH_TYPE_STREAM);
}

static void cbc_records_of_every_length_come_back(void **state)
{
    (void)state;
    every_length_of(TCH_TYPE_CBC);
}

static void aead_records_of_every_length_come_back(void **state)
{
    (void)state;
    every_length_of(TCH_TYPE_AEAD);
}

static void every_suite_comes_back_in_every_version_it_has(void **state)
{
    const struct tch_version_row *v;
    const struct tch_suite *s;
    size_t done = 0;

    (void)state;
    for (size_t i = 0; (s = tch_suite_at(i)) != NULL; i++) {
        for (size_t n = 0; (v = tch_version_at(n)) != NULL; n++) {
            struct kind k = { s, v->wire, false, v->split_cbc, "" };
            struct tch_record_keys keys = keys_of(&k);
            struct tch_half h;
            struct pair p;
            size_t num;

            tch_half_init(&h, true, true, &tch_alloc_default, NULL, NULL);
            if (tch_half_rekey(&h, &keys) != TCH_OK) {
                continue;
            }
            tch_half_clear(&h);
            pair_init(&p, &k);
            for (size_t len = 0; len < 40; len += 13) {
                size_t sealed = seal_block(&p.out, 22, sample(), len, wire);

                assert_int_equal(open_all(&p.in, wire, sealed, text, &num),
                                 len);
                assert_int_equal(num, 1);
            }
            pair_clear(&p);
            done++;
        }
    }
    print_message("# %zu pairs of suite and version\n", done);
    assert_true(done > 100);
}

struct size_row {
    const char *suite;
    unsigned version;
    bool split;
    size_t header;
    size_t trailer;
    size_t block;
};

/* Contract 9.1; the figures of dossier 2.5 to 2.8. */
static const struct size_row size_rows[] = {
    { "TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS10, false, 5, 36, 16 },
    { "TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS10, true, 41, 36, 16 },
    { "TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS11, false, 21, 36, 16 },
    { "TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS11, true, 21, 36, 16 },
    { "TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS12, false, 21, 36, 16 },
    { "TLS_RSA_WITH_AES_128_CBC_SHA256", TCH_TLS12, false, 21, 48, 16 },
    { "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", TCH_TLS12, false, 21, 64, 16 },
    { "TLS_RSA_WITH_3DES_EDE_CBC_SHA", TCH_SSL3, false, 5, 28, 8 },
    { "TLS_RSA_WITH_3DES_EDE_CBC_SHA", TCH_SSL3, true, 33, 28, 8 },
    { "TLS_RSA_WITH_3DES_EDE_CBC_SHA", TCH_TLS12, false, 13, 28, 8 },
    { "TLS_RSA_WITH_RC4_128_MD5", TCH_TLS10, false, 5, 16, 1 },
    { "TLS_RSA_WITH_RC4_128_SHA", TCH_TLS12, true, 5, 20, 1 },
    { "TLS_RSA_WITH_NULL_SHA256", TCH_TLS12, false, 5, 32, 1 },
    { "TLS_RSA_WITH_AES_128_GCM_SHA256", TCH_TLS12, false, 13, 16, 16 },
    { "TLS_RSA_WITH_AES_256_GCM_SHA384", TCH_TLS12, false, 13, 16, 16 },
    { "TLS_RSA_WITH_AES_128_CCM", TCH_TLS12, false, 13, 16, 16 },
    { "TLS_RSA_WITH_AES_128_CCM_8", TCH_TLS12, false, 13, 8, 16 },
    { "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", TCH_TLS12, false, 5, 16,
      1 },
};

static void sizes_are_those_of_contract_9_1(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof size_rows / sizeof size_rows[0]; i++) {
        const struct size_row *r = &size_rows[i];
        struct kind k = kind_of(r->suite, r->version, false, r->split);
        struct tch_record_sizes sizes;
        struct pair p;

        if (!is_built(&k)) {
            print_message("# not built: %s\n", k.name);
            continue;
        }
        pair_init(&p, &k);
        sizes = tch_half_sizes(&p.out);
        assert_int_equal(sizes.header, r->header);
        assert_int_equal(sizes.trailer, r->trailer);
        assert_int_equal(sizes.block, r->block);
        pair_clear(&p);
    }
}

static void cbc_padding_is_the_least_possible_R_REC_061(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_3DES_EDE_CBC_SHA", TCH_TLS10, false,
                            false);
    struct pair p;

    (void)state;
    need(&k);
    pair_init(&p, &k);
    /* The worked size of dossier 2.6: 61 + 20 + 1 = 82, with padding 88. */
    assert_int_equal(seal_block(&p.out, 23, sample(), 61, wire), 5 + 88);
    assert_int_equal(seal_block(&p.out, 23, sample(), 3, wire), 5 + 24);
    assert_int_equal(seal_block(&p.out, 23, sample(), 4, wire), 5 + 32);
    pair_clear(&p);
}

static void the_header_names_type_version_and_length(void **state)
{
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        for (uint8_t type = 20; type <= 22; type++) {
            struct pair p;
            size_t len;

            pair_init(&p, &k);
            len = seal_apart(&p.out, type, sample(), 30, wire);
            assert_int_equal(wire[0], type);
            assert_int_equal(wire[1] << 8 | wire[2], k.version);
            assert_int_equal(record_len(wire), len);
            pair_clear(&p);
        }
    }
}

static void unprotected_records_are_header_and_data(void **state)
{
    static const uint8_t want[] = { 22, 3, 1, 0, 4, 1, 2, 3, 4 };
    struct tch_half h;

    (void)state;
    tch_half_init(&h, true, true, &tch_alloc_default, NULL, NULL);
    h.version = TCH_TLS10;
    assert_int_equal(seal_apart(&h, 22, want + 5, 4, wire), 9);
    assert_memory_equal(wire, want, 9);
}

static void first_data_record_has_one_byte_R_REC_058_R_ATK_006(void **state)
{
    static const size_t lens[] = { 2, 3, 100, 16384 };
    struct kind k;
    size_t done = 0;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        for (size_t n = 0; k.split && n < 4; n++) {
            struct tch_opened o;
            struct pair p;
            size_t len;
            size_t one;

            pair_init(&p, &k);
            len = seal_block(&p.out, 23, sample(), lens[n], wire);
            assert_true(p.out.seq == 2);
            one = record_len(wire);
            assert_int_equal(tch_record_open(&p.in, wire, one, &o), TCH_OK);
            assert_int_equal(o.data_len, 1);
            assert_int_equal(o.data[0], sample()[0]);
            assert_int_equal(record_len(wire + one), len - one);
            assert_int_equal(tch_record_open(&p.in, wire + one, len - one, &o),
                             TCH_OK);
            assert_int_equal(o.data_len, lens[n] - 1);
            assert_memory_equal(o.data, sample() + 1, lens[n] - 1);
            pair_clear(&p);
            done++;
        }
    }
    assert_true(done > 0);
}

static void short_data_fills_the_split_header_all_the_same(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS10, false,
                            true);
    struct pair p;
    size_t num;

    (void)state;
    for (size_t len = 0; len < 2; len++) {
        pair_init(&p, &k);
        assert_int_equal(seal_block(&p.out, 23, sample(), len, wire), 74);
        assert_int_equal(open_all(&p.in, wire, 74, text, &num), len);
        assert_int_equal(num, 2);
        pair_clear(&p);
    }
}

static void handshake_alert_and_ccs_are_not_split_R_REC_058(void **state)
{
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        for (uint8_t type = 20; k.split && type <= 22; type++) {
            struct pair p;
            size_t num;
            size_t len;

            pair_init(&p, &k);
            assert_int_equal(tch_half_header_len(&p.out, type), 5);
            len = seal_block(&p.out, type, sample(), 50, wire);
            assert_int_equal(open_all(&p.in, wire, len, text, &num), 50);
            assert_int_equal(num, 1);
            assert_true(p.out.seq == 1);
            pair_clear(&p);
        }
    }
}

static void any_split_of_the_peer_is_read_R_REC_059(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS10, false,
                            false);
    static const size_t cuts[] = { 0, 7, 0, 0, 1, 9 };
    struct pair p;
    size_t num;

    (void)state;
    pair_init(&p, &k);
    for (size_t i = 0; i < 6; i++) {
        size_t len = seal_block(&p.out, 23, sample(), cuts[i], wire);

        assert_int_equal(open_all(&p.in, wire, len, text, &num), cuts[i]);
    }
    pair_clear(&p);
}

/* Puts the half at `volume` and seals. */
static enum tch_status seal_at(const char *suite, unsigned version,
                               uint64_t volume, uint8_t type, size_t len,
                               bool limited)
{
    struct kind k = kind_of(suite, version, false, false);
    struct pair p;
    enum tch_status s;

    need(&k);
    pair_init(&p, &k);
    p.out.volume = volume;
    p.out.volume_limit = limited;
    s = try_seal(&p.out, type, len);
    assert_true(p.out.seq == (s == TCH_OK ? 1 : 0));
    pair_clear(&p);
    return s;
}

static void small_blocks_stop_at_2_20_R_REC_036_R_ATK_009(void **state)
{
    static const char des3[] = "TLS_RSA_WITH_3DES_EDE_CBC_SHA";
    const uint64_t max = (uint64_t)1 << 20;

    (void)state;
    /* 3 + 20 + 1 = 24 bytes are three blocks. */
    assert_int_equal(seal_at(des3, TCH_TLS12, max - 3, 23, 3, true), TCH_OK);
    assert_int_equal(seal_at(des3, TCH_TLS12, max - 2, 23, 3, true),
                     TCH_VOLUME_LIMIT);
    assert_int_equal(seal_at(des3, TCH_TLS12, max, 21, 2, true), TCH_OK);
    assert_int_equal(seal_at(des3, TCH_TLS12, max, 22, 2, true), TCH_OK);
    assert_int_equal(seal_at(des3, TCH_TLS12, max, 23, 3, false), TCH_OK);
}

static void gcm_stops_at_2_24_full_records_R_REC_036(void **state)
{
    static const char gcm[] = "TLS_RSA_WITH_AES_128_GCM_SHA256";
    struct kind k = kind_of(gcm, TCH_TLS12, false, false);
    struct pair p;
    uint64_t one;
    uint64_t max;

    (void)state;
    pair_init(&p, &k);
    assert_int_equal(try_seal(&p.out, 23, TCH_PLAINTEXT_MAX), TCH_OK);
    one = p.out.volume;
    max = one << 24;
    pair_clear(&p);
    assert_int_equal(seal_at(gcm, TCH_TLS12, max - one, 23, 16384, true),
                     TCH_OK);
    assert_int_equal(seal_at(gcm, TCH_TLS12, max - one + 1, 23, 16384, true),
                     TCH_VOLUME_LIMIT);
    assert_int_equal(seal_at(gcm, TCH_TLS12, max, 23, 0, true),
                     TCH_VOLUME_LIMIT);
    assert_int_equal(seal_at(gcm, TCH_TLS12, max, 21, 2, true), TCH_OK);
    assert_int_equal(seal_at(gcm, TCH_TLS12, max, 23, 100, false), TCH_OK);
}

static void large_blocks_and_chacha_have_no_volume_limit(void **state)
{
    const uint64_t much = (uint64_t)1 << 60;

    (void)state;
    assert_int_equal(seal_at("TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS12, much,
                             23, 100, true), TCH_OK);
    assert_int_equal(seal_at("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                             TCH_TLS12, much, 23, 100, true), TCH_OK);
}

static void a_renegotiation_starts_the_volume_anew_R_REC_036(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_3DES_EDE_CBC_SHA", TCH_TLS10, false,
                            true);
    struct tch_record_keys keys = keys_of(&k);
    struct pair p;
    unsigned sealed = 0;

    (void)state;
    need(&k);
    pair_init(&p, &k);
    p.out.volume_limit = true;
    p.out.volume = ((uint64_t)1 << 20) - 1000;
    while (try_seal(&p.out, 23, 1000) == TCH_OK) {
        sealed++;
        assert_true(p.out.volume <= (uint64_t)1 << 20);
    }
    assert_true(sealed > 0);
    assert_int_equal(try_seal(&p.out, 23, 1000), TCH_VOLUME_LIMIT);
    assert_int_equal(tch_half_rekey(&p.out, &keys), TCH_OK);
    assert_int_equal(try_seal(&p.out, 23, 1000), TCH_OK);
    pair_clear(&p);
}

static void the_sequence_number_never_wraps_R_REC_032_R_ATK_032(void **state)
{
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct pair p;

        pair_init(&p, &k);
        p.out.seq = UINT64_MAX;
        for (uint8_t type = 20; type <= 23; type++) {
            assert_int_equal(try_seal(&p.out, type, 5), TCH_VOLUME_LIMIT);
        }
        p.out.seq = UINT64_MAX - 1;
        assert_int_equal(try_seal(&p.out, 23, 5),
                         k.split ? TCH_VOLUME_LIMIT : TCH_OK);
        pair_clear(&p);
    }
}

static void data_above_the_limit_is_refused_untouched_R_REC_004(void **state)
{
    static const unsigned limits[] = { 512, 4096, TCH_PLAINTEXT_MAX };
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct pair p;

        pair_init(&p, &k);
        for (size_t n = 0; n < 3; n++) {
            uint64_t before = p.out.seq;

            p.out.limit = (uint16_t)limits[n];
            assert_int_equal(try_seal(&p.out, 23, limits[n] + 1),
                             TCH_MESSAGE_TOO_LONG);
            assert_true(p.out.seq == before);
            assert_int_equal(try_seal(&p.out, 23, limits[n]), TCH_OK);
        }
        pair_clear(&p);
    }
}

static void an_empty_record_needs_no_data_pointer(void **state)
{
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct tch_record_sizes sizes;
        struct tch_seal s = { .type = 23, .header = wire };
        struct pair p;
        size_t num;

        pair_init(&p, &k);
        sizes = tch_half_sizes(&p.out);
        s.trailer = wire + sizes.header;
        s.trailer_room = sizes.trailer;
        assert_int_equal(tch_record_seal(&p.out, &s), TCH_OK);
        assert_int_equal(open_all(&p.in, wire, s.header_len + s.trailer_len,
                                  text, &num), 0);
        pair_clear(&p);
    }
}

static void failures_write_nothing(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS12, false,
                            false);
    uint8_t room[128];
    uint8_t before[128];
    struct pair p;
    struct tch_seal s = { .type = 23,
                          .header = room,
                          .data = room + 21,
                          .data_len = 20,
                          .trailer = room + 41,
                          .trailer_room = 35 };

    (void)state;
    memset(room, 0x5A, sizeof room);
    memcpy(before, room, sizeof room);
    pair_init(&p, &k);
    assert_int_equal(tch_record_seal(&p.out, &s), TCH_BUFFER_TOO_SMALL);
    s.trailer_room = 36;
    p.draw.broken = true;
    assert_int_equal(tch_record_seal(&p.out, &s), TCH_NO_RANDOM);
    assert_memory_equal(room, before, sizeof room);
    assert_true(p.out.seq == 0 && p.out.volume == 0);
    p.draw.broken = false;
    assert_int_equal(tch_record_seal(&p.out, &s), TCH_OK);
    pair_clear(&p);
}

static void ivs_are_drawn_by_name_for_each_record_R_REC_056(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS11, false,
                            false);
    struct pair p;

    (void)state;
    pair_init(&p, &k);
    assert_int_equal(try_seal(&p.out, 22, 4), TCH_OK);
    assert_string_equal(p.draw.name, "client.record.iv");
    assert_int_equal(p.draw.drawn, 1);
    p.out.client_side = false;
    assert_int_equal(try_seal(&p.out, 22, 4), TCH_OK);
    assert_string_equal(p.draw.name, "server.record.iv");
    assert_int_equal(p.draw.drawn, 2);
    pair_clear(&p);
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stream_records_of_every_length_come_back),
        cmocka_unit_test(cbc_records_of_every_length_come_back),
        cmocka_unit_test(aead_records_of_every_length_come_back),
        cmocka_unit_test(every_suite_comes_back_in_every_version_it_has),
        cmocka_unit_test(sizes_are_those_of_contract_9_1),
        cmocka_unit_test(cbc_padding_is_the_least_possible_R_REC_061),
        cmocka_unit_test(the_header_names_type_version_and_length),
        cmocka_unit_test(unprotected_records_are_header_and_data),
        cmocka_unit_test(first_data_record_has_one_byte_R_REC_058_R_ATK_006),
        cmocka_unit_test(short_data_fills_the_split_header_all_the_same),
        cmocka_unit_test(handshake_alert_and_ccs_are_not_split_R_REC_058),
        cmocka_unit_test(any_split_of_the_peer_is_read_R_REC_059),
        cmocka_unit_test(small_blocks_stop_at_2_20_R_REC_036_R_ATK_009),
        cmocka_unit_test(gcm_stops_at_2_24_full_records_R_REC_036),
        cmocka_unit_test(large_blocks_and_chacha_have_no_volume_limit),
        cmocka_unit_test(a_renegotiation_starts_the_volume_anew_R_REC_036),
        cmocka_unit_test(the_sequence_number_never_wraps_R_REC_032_R_ATK_032),
        cmocka_unit_test(data_above_the_limit_is_refused_untouched_R_REC_004),
        cmocka_unit_test(an_empty_record_needs_no_data_pointer),
        cmocka_unit_test(failures_write_nothing),
        cmocka_unit_test(ivs_are_drawn_by_name_for_each_record_R_REC_056),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
