/*
 * half.c: keys come into force and go, and nothing is lost when they do not.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/glue.h"
#include "test/unit/record/support_record.h"

/* An allocator that counts, can refuse, and looks at what comes back. */
struct watching {
    struct tch_alloc alloc;
    size_t live;
    size_t live_bytes;
    bool refuse;
    bool dirty; /* something came back with a byte that was not wiped */
};

static void *watch_alloc(void *arg, size_t n)
{
    struct watching *w = arg;

    if (w->refuse) {
        return NULL;
    }
    w->live++;
    w->live_bytes += n;
    return malloc(n);
}

static void watch_free(void *arg, void *p, size_t n)
{
    struct watching *w = arg;
    const uint8_t *bytes = p;

    for (size_t i = 0; i < n; i++) {
        w->dirty = w->dirty || bytes[i] != 0;
    }
    w->live--;
    w->live_bytes -= n;
    free(p);
}

static void watching_init(struct watching *w)
{
    memset(w, 0, sizeof *w);
    w->alloc.alloc = watch_alloc;
    w->alloc.free = watch_free;
    w->alloc.arg = w;
}

static void a_new_half_has_no_protection(void **state)
{
    struct tch_half h;
    struct tch_record_sizes sizes;

    (void)state;
    tch_half_init(&h, true, true, &tch_alloc_default, NULL, NULL);
    sizes = tch_half_sizes(&h);
    assert_false(tch_half_is_protected(&h));
    assert_int_equal(sizes.header, 5);
    assert_int_equal(sizes.trailer, 0);
    assert_int_equal(sizes.block, 1);
    assert_int_equal(h.limit, TCH_PLAINTEXT_MAX);
    tch_half_clear(&h);
}

static void a_half_of_zeros_may_be_cleared(void **state)
{
    struct tch_half h;

    (void)state;
    memset(&h, 0, sizeof h);
    assert_false(tch_half_is_protected(&h));
    tch_half_clear(&h);
}

static void new_keys_restart_the_sequence_number_R_REC_033(void **state)
{
    struct kind k;
    static uint8_t wire[RECORD_ROOM];
    static uint8_t text[64];

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct tch_record_keys keys = keys_of(&k);
        struct pair p;
        size_t num;
        size_t len;

        pair_init(&p, &k);
        assert_true(tch_half_is_protected(&p.out));
        for (unsigned n = 0; n < 3; n++) {
            len = seal_block(&p.out, 22, sample(), 20, wire);
            open_all(&p.in, wire, len, text, &num);
        }
        assert_true(p.out.seq == 3 && p.in.seq == 3);
        assert_int_equal(tch_half_rekey(&p.out, &keys), TCH_OK);
        assert_int_equal(tch_half_rekey(&p.in, &keys), TCH_OK);
        assert_true(p.out.seq == 0 && p.in.seq == 0);
        assert_true(p.out.volume == 0);
        len = seal_block(&p.out, 22, sample(), 20, wire);
        assert_int_equal(open_all(&p.in, wire, len, text, &num), 20);
        pair_clear(&p);
        assert_false(tch_half_is_protected(&p.out));
    }
}

static void the_version_comes_with_the_keys(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS11, false,
                            false);
    static uint8_t wire[RECORD_ROOM];
    struct pair p;

    (void)state;
    pair_init(&p, &k);
    seal_block(&p.out, 23, sample(), 1, wire);
    assert_int_equal(wire[1], 3);
    assert_int_equal(wire[2], 2);
    pair_clear(&p);
}

static void keys_are_wiped_when_replaced_and_cleared_R_ATK_044(void **state)
{
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct tch_record_keys keys = keys_of(&k);
        struct watching w;
        struct tch_half h;

        watching_init(&w);
        tch_half_init(&h, true, true, &w.alloc, NULL, NULL);
        assert_int_equal(w.live, 0);
        assert_int_equal(tch_half_rekey(&h, &keys), TCH_OK);
        assert_int_equal(w.live, 1);
        assert_int_equal(tch_half_rekey(&h, &keys), TCH_OK);
        assert_int_equal(w.live, 1);
        tch_half_clear(&h);
        assert_int_equal(w.live, 0);
        assert_false(w.dirty);
    }
}

static void without_memory_the_old_keys_stay_in_force(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_CBC_SHA", TCH_TLS12, false,
                            false);
    struct tch_record_keys keys = keys_of(&k);
    static uint8_t wire[RECORD_ROOM];
    struct counting_draw draw;
    struct watching w;
    struct tch_half h;
    size_t len;

    (void)state;
    watching_init(&w);
    counting_draw_init(&draw);
    tch_half_init(&h, true, true, &w.alloc, &draw.source, NULL);
    w.refuse = true;
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_NO_MEMORY);
    assert_false(tch_half_is_protected(&h));
    w.refuse = false;
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_OK);
    len = seal_block(&h, 23, sample(), 10, wire);
    w.refuse = true;
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_NO_MEMORY);
    assert_true(h.seq == 1);
    assert_int_equal(seal_block(&h, 23, sample(), 10, wire), len);
    assert_true(h.seq == 2);
    tch_half_clear(&h);
    assert_int_equal(w.live, 0);
}

static void nothing_is_allocated_for_a_record(void **state)
{
    static uint8_t wire[RECORD_ROOM];
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct tch_record_keys keys = keys_of(&k);
        struct counting_draw draw;
        struct watching w;
        struct tch_half out;
        struct tch_half in;
        uint8_t text[100];
        size_t num;
        size_t len;

        watching_init(&w);
        counting_draw_init(&draw);
        tch_half_init(&out, true, true, &w.alloc, &draw.source, NULL);
        tch_half_init(&in, false, true, &w.alloc, &draw.source, NULL);
        assert_int_equal(tch_half_rekey(&out, &keys), TCH_OK);
        assert_int_equal(tch_half_rekey(&in, &keys), TCH_OK);
        w.refuse = true;
        len = seal_apart(&out, 23, sample(), 100, wire);
        assert_int_equal(open_all(&in, wire, len, text, &num), 100);
        assert_int_equal(w.live, 2);
        tch_half_clear(&out);
        tch_half_clear(&in);
    }
}

static void keys_of_wrong_length_are_refused(void **state)
{
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct tch_half h;
        struct tch_record_keys keys = keys_of(&k);

        tch_half_init(&h, true, true, &tch_alloc_default, NULL, NULL);
        keys.mac_key.len++;
        assert_int_equal(tch_half_rekey(&h, &keys), TCH_BAD_ARGUMENT);
        keys.mac_key.len--;
        keys.key.len++;
        assert_int_equal(tch_half_rekey(&h, &keys), TCH_BAD_ARGUMENT);
        keys.key.len--;
        if (is_type(&k, TCH_TYPE_AEAD) ||
            (is_type(&k, TCH_TYPE_CBC) && k.version <= TCH_TLS10)) {
            keys.iv.len--;
            assert_int_equal(tch_half_rekey(&h, &keys), TCH_BAD_ARGUMENT);
        }
        assert_false(tch_half_is_protected(&h));
    }
}

static void suites_of_other_versions_are_refused_R_REC_084(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_GCM_SHA256", TCH_TLS11,
                            false, false);
    struct tch_record_keys keys = keys_of(&k);
    struct tch_half h;

    (void)state;
    tch_half_init(&h, true, true, &tch_alloc_default, NULL, NULL);
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_NOT_SUPPORTED);
    keys.version = TCH_TLS12;
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_OK);
    keys.version = 0x0304;
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_NOT_SUPPORTED);
    keys.version = TCH_TLS12;
    keys.suite = NULL;
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_NOT_SUPPORTED);
    tch_half_clear(&h);
}

static void ssl3_has_no_encrypt_then_mac_R_REC_074(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_3DES_EDE_CBC_SHA", TCH_SSL3, true,
                            false);
    struct tch_record_keys keys = keys_of(&k);
    struct tch_half h;

    (void)state;
    need(&k);
    tch_half_init(&h, true, true, &tch_alloc_default, NULL, NULL);
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_NOT_SUPPORTED);
    keys.version = TCH_TLS10;
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_OK);
    tch_half_clear(&h);
}

static void encrypt_then_mac_means_nothing_to_other_suites(void **state)
{
    static const char *const names[] = { "TLS_RSA_WITH_AES_128_GCM_SHA256",
                                         "TLS_RSA_WITH_RC4_128_SHA",
                                         "TLS_RSA_WITH_NULL_SHA" };
    static uint8_t with[RECORD_ROOM];
    static uint8_t without[RECORD_ROOM];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct kind k = kind_of(names[i], TCH_TLS12, true, false);
        struct pair p;
        size_t len;

        if (!is_built(&k)) {
            continue;
        }
        pair_init(&p, &k);
        len = seal_block(&p.out, 23, sample(), 40, with);
        pair_clear(&p);
        k.etm = false;
        pair_init(&p, &k);
        assert_int_equal(seal_block(&p.out, 23, sample(), 40, without), len);
        assert_memory_equal(with, without, len);
        pair_clear(&p);
    }
}

/* Four halves of an idle client+server pair share 8 KB with everything else
 * (performance targets). */
static void the_keys_of_an_aes_gcm_pair_are_small(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_AES_256_GCM_SHA384", TCH_TLS12,
                            false, false);
    struct tch_record_keys keys = keys_of(&k);
    struct watching w;
    struct tch_half h;

    (void)state;
    watching_init(&w);
    tch_half_init(&h, true, true, &w.alloc, NULL, NULL);
    assert_int_equal(tch_half_rekey(&h, &keys), TCH_OK);
    print_message("# an AES-256-GCM half: %zu bytes\n",
                  w.live_bytes + sizeof h);
    assert_true(w.live_bytes + sizeof h <= 2048);
    tch_half_clear(&h);
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_half_has_no_protection),
        cmocka_unit_test(a_half_of_zeros_may_be_cleared),
        cmocka_unit_test(new_keys_restart_the_sequence_number_R_REC_033),
        cmocka_unit_test(the_version_comes_with_the_keys),
        cmocka_unit_test(keys_are_wiped_when_replaced_and_cleared_R_ATK_044),
        cmocka_unit_test(without_memory_the_old_keys_stay_in_force),
        cmocka_unit_test(nothing_is_allocated_for_a_record),
        cmocka_unit_test(keys_of_wrong_length_are_refused),
        cmocka_unit_test(suites_of_other_versions_are_refused_R_REC_084),
        cmocka_unit_test(ssl3_has_no_encrypt_then_mac_R_REC_074),
        cmocka_unit_test(encrypt_then_mac_means_nothing_to_other_suites),
        cmocka_unit_test(the_keys_of_an_aes_gcm_pair_are_small),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
