/*
 * Key agreement through its public interface: NIST's ECDH vectors, X25519 of
 * RFC 7748, every group with itself, and every bad public value that the
 * dossier names.
 */

#include "crypto-glue/kex.h"

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/dh.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"
#include "test/unit/glue/support_vectors.h"

static const unsigned groups[] = { 29, 23, 24, 25, 256, 257, 258, 259, 260 };

static struct tch_kex *pair(unsigned group)
{
    static uint64_t seed = 21;
    struct tch_draw_source draw = seeded_draw(&seed);
    struct tch_kex *k;

    assert_int_equal(tch_kex_new(&tch_alloc_default, group, &draw, "x", &k),
                     TCH_OK);
    return k;
}

static enum tch_status agree_hex(const struct tch_kex *k, const char *hex,
                                 uint8_t *out, size_t *out_len)
{
    uint8_t peer[1200];
    size_t n = unhex(hex, peer, sizeof peer);

    return tch_kex_agree(k, tch_slice_of(peer, n), out, out_len);
}

static void the_ecdh_vectors_of_nist(void **state)
{
    static struct vectors v;

    (void)state;
    vectors_open(&v, "vectors/ecdh/nist-cdh.txt");
    while (vectors_next(&v)) {
        unsigned group = (unsigned)atoi(vectors_text(&v, "GROUP"));
        uint8_t key[66], want[66], out[TCH_KEX_SECRET_MAX];
        struct tch_slice s = { key, vectors_hex(&v, "KEY", key, 66) };
        struct tch_draw_source draw = prepared_draw(&s);
        struct tch_kex *k;
        size_t len;
        size_t n = vectors_hex(&v, "SECRET", want, sizeof want);

        assert_int_equal(tch_kex_new(&tch_alloc_default, group, &draw, "x",
                                     &k), TCH_OK);
        assert_int_equal(agree_hex(k, vectors_text(&v, "PEER"), out, &len),
                         TCH_OK);
        assert_int_equal(len, n);
        assert_memory_equal(out, want, n);
        tch_kex_free(k);
    }
    assert_int_equal(v.records, 8);
}

static void L10_both_sides_of_every_group_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(groups); i++) {
        const struct tch_group_row *row = tch_group_facts(groups[i]);
        struct tch_kex *a = pair(groups[i]);
        struct tch_kex *b = pair(groups[i]);
        uint8_t pa[TCH_KEX_PUBLIC_MAX], pb[TCH_KEX_PUBLIC_MAX];
        uint8_t sa[TCH_KEX_SECRET_MAX], sb[TCH_KEX_SECRET_MAX];
        size_t pa_len, pb_len, sa_len, sb_len;

        assert_true(tch_kex_supported(groups[i]));
        tch_kex_public(a, pa, &pa_len);
        tch_kex_public(b, pb, &pb_len);
        assert_true(pa_len <= row->public_len);
        assert_true(pa_len == row->public_len ||
                    row->kind == TCH_GROUP_FFDHE);
        /* R-KX-043, R-KX-068: two pairs are two keys. */
        assert_false(pa_len == pb_len && memcmp(pa, pb, pa_len) == 0);
        assert_int_equal(tch_kex_agree(a, tch_slice_of(pb, pb_len), sa,
                                       &sa_len), TCH_OK);
        assert_int_equal(tch_kex_agree(b, tch_slice_of(pa, pa_len), sb,
                                       &sb_len), TCH_OK);
        assert_int_equal(sa_len, sb_len);
        assert_memory_equal(sa, sb, sa_len);
        tch_kex_free(a);
        tch_kex_free(b);
    }
}

static void groups_that_are_not_built_say_so(void **state)
{
    static const unsigned others[] = { 0, 19, 21, 22, 26, 30, 255, 261 };
    uint64_t seed = 1;
    struct tch_draw_source draw = seeded_draw(&seed);
    struct tch_kex *k;

    (void)state;
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_false(tch_kex_supported(others[i]));
        assert_int_equal(tch_kex_new(&tch_alloc_default, others[i], &draw,
                                     "x", &k), TCH_NOT_SUPPORTED);
        assert_null(k);
    }
}

static void values_of_no_bytes_are_decode_errors(void **state)
{
    uint8_t out[TCH_KEX_SECRET_MAX];
    size_t len;

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        struct tch_kex *k = pair(groups[i]);

        assert_int_equal(tch_kex_agree(k, tch_slice_of(NULL, 0), out, &len),
                         TCH_DECODE_ERROR);
        tch_kex_free(k);
    }
}

static void R_KX_062_points_of_another_form_or_length(void **state)
{
    (void)state;
    for (size_t i = 1; i < 4; i++) {
        struct tch_kex *k = pair(groups[i]);
        uint8_t p[TCH_KEX_PUBLIC_MAX + 1] = { 0 };
        uint8_t out[TCH_KEX_SECRET_MAX];
        size_t n;
        size_t len;

        tch_kex_public(k, p, &n);
        for (size_t cut = 1; cut <= n + 1; cut++) {
            enum tch_status want = cut == n ? TCH_OK : TCH_ILLEGAL_PARAMETER;

            if (cut < 3 || cut + 3 > n || cut == (n + 1) / 2) {
                assert_int_equal(tch_kex_agree(k, tch_slice_of(p, cut), out,
                                               &len), want);
            }
        }
        for (unsigned form = 0; form < 8; form++) {
            p[0] = (uint8_t)form;
            assert_int_equal(tch_kex_agree(k, tch_slice_of(p, n), out, &len),
                             form == 4 ? TCH_OK : TCH_ILLEGAL_PARAMETER);
        }
        p[0] = 4;
        p[n - 1] ^= 1; /* R-KX-063: off the curve */
        assert_int_equal(tch_kex_agree(k, tch_slice_of(p, n), out, &len),
                         TCH_ILLEGAL_PARAMETER);
        assert_int_equal(len, 0);
        tch_kex_free(k);
    }
}

static void R_KX_065_only_32_bytes_are_an_x25519_value(void **state)
{
    struct tch_kex *k = pair(TCH_GROUP_X25519);
    uint8_t p[40] = { 9 };
    uint8_t out[TCH_KEX_SECRET_MAX];
    size_t len;

    (void)state;
    for (size_t n = 1; n <= sizeof p; n++) {
        assert_int_equal(tch_kex_agree(k, tch_slice_of(p, n), out, &len),
                         n == 32 ? TCH_OK : TCH_ILLEGAL_PARAMETER);
    }
    tch_kex_free(k);
}

/* RFC 7748 6.1 asks for the check; the list is the points of small order of
 * the curve and its twist, and their other encodings. */
static void R_ATK_016_points_of_small_order_are_refused(void **state)
{
    static const char *const small[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    };
    struct tch_kex *k = pair(TCH_GROUP_X25519);
    uint8_t out[TCH_KEX_SECRET_MAX];
    size_t len;

    (void)state;
    for (size_t i = 0; i < COUNT(small); i++) {
        assert_int_equal(agree_hex(k, small[i], out, &len),
                         TCH_ILLEGAL_PARAMETER);
        assert_int_equal(len, 0);
    }
    tch_kex_free(k);
}

/* Y in {0, 1, p-1, p, p+1} and their good neighbours 2 and p-2. */
static void check_range(const struct tch_kex *k, enum tch_status bad)
{
    static const struct {
        bool from_p;
        uint8_t add; /* to 0, or to p - 2 */
        bool good;
    } cases[] = {
        { false, 0, false }, { false, 1, false }, { false, 2, true },
        { true, 0, true },   { true, 1, false },  { true, 2, false },
        { true, 3, false },
    };
    struct tch_slice p;
    struct tch_slice g;
    uint8_t y[TCH_DH_MAX_BYTES];
    uint8_t out[TCH_KEX_SECRET_MAX];
    size_t len;

    tch_kex_dh_params(k, &p, &g);
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned carry = cases[i].add;

        memset(y, 0, p.len);
        if (cases[i].from_p) {
            memcpy(y, p.p, p.len);
            assert_true(y[p.len - 1] >= 2); /* subtracting stays in it */
            y[p.len - 1] = (uint8_t)(y[p.len - 1] - 2);
        }
        for (size_t at = p.len; at-- > 0 && carry != 0;) {
            carry += y[at];
            y[at] = (uint8_t)carry;
            carry >>= 8;
        }
        assert_int_equal(tch_kex_agree(k, tch_slice_of(y, p.len), out, &len),
                         cases[i].good ? TCH_OK : bad);
    }
    memset(y, 0xFF, sizeof y); /* longer than p */
    assert_int_equal(tch_kex_agree(k, tch_slice_of(y, p.len + 1), out, &len),
                     bad);
}

static enum tch_status explicit_pair(struct tch_slice p, struct tch_slice g,
                                     struct tch_kex **out)
{
    static uint64_t seed = 31;
    struct tch_draw_source draw = seeded_draw(&seed);

    return tch_kex_new_dh(&tch_alloc_default, p, g, &draw, "x", out);
}

static void R_ATK_013_values_outside_the_group_are_refused(void **state)
{
    uint8_t p[TCH_DH_MAX_BYTES];
    uint8_t two = 2;
    size_t n = tch_ffdhe_prime(TCH_GROUP_FFDHE2048, p);
    struct tch_kex *k = pair(TCH_GROUP_FFDHE2048);

    (void)state;
    check_range(k, TCH_HANDSHAKE_VIOLATION); /* R-GEN-005: a named group */
    tch_kex_free(k);
    assert_int_equal(explicit_pair(tch_slice_of(p, n), tch_slice_of(&two, 1),
                                   &k), TCH_OK);
    check_range(k, TCH_ILLEGAL_PARAMETER);
    tch_kex_free(k);
}

static void R_KX_041_parameters_that_cannot_be(void **state)
{
    uint8_t p[TCH_DH_MAX_BYTES + 8];
    uint8_t g[TCH_DH_MAX_BYTES];
    size_t n = tch_ffdhe_prime(TCH_GROUP_FFDHE2048, p);
    struct tch_slice prime = { p, n };
    struct tch_kex *k;

    (void)state;
    for (unsigned bad = 0; bad < 2; bad++) { /* 0 and 1 */
        g[0] = (uint8_t)bad;
        assert_int_equal(explicit_pair(prime, tch_slice_of(g, 1), &k),
                         TCH_ILLEGAL_PARAMETER);
        assert_null(k);
    }
    memcpy(g, p, n);
    g[n - 1] = 0xFD; /* p - 2 is the largest */
    assert_int_equal(explicit_pair(prime, tch_slice_of(g, n), &k), TCH_OK);
    tch_kex_free(k);
    g[n - 1] = 0xFE;
    assert_int_equal(explicit_pair(prime, tch_slice_of(g, n), &k),
                     TCH_ILLEGAL_PARAMETER);
    g[0] = 2;
    p[n - 1] = 0xFE; /* even */
    assert_int_equal(explicit_pair(prime, tch_slice_of(g, 1), &k),
                     TCH_ILLEGAL_PARAMETER);
    assert_int_equal(explicit_pair(tch_slice_of(NULL, 0),
                                   tch_slice_of(g, 1), &k),
                     TCH_ILLEGAL_PARAMETER);
    assert_int_equal(explicit_pair(prime, tch_slice_of(NULL, 0), &k),
                     TCH_ILLEGAL_PARAMETER);
    memset(p, 0xFF, sizeof p); /* 8200 bits */
    assert_int_equal(explicit_pair(tch_slice_of(p, TCH_DH_MAX_BYTES + 1),
                                   tch_slice_of(g, 1), &k),
                     TCH_ILLEGAL_PARAMETER);
    memset(p, 0, 8);
    assert_int_equal(explicit_pair(tch_slice_of(p, 8), tch_slice_of(g, 1),
                                   &k), TCH_ILLEGAL_PARAMETER);
}

/* R-KX-042, R-ATK-014: Z loses its leading zero bytes, Y too. With p = 65521
 * one Z in 256 has one; try until both were seen. */
static void R_KX_042_leading_zeros_of_dh_are_dropped(void **state)
{
    static const uint8_t p[2] = { 0xFF, 0xF1 };
    static const uint8_t g[1] = { 17 };
    unsigned short_z = 0;
    unsigned short_y = 0;

    (void)state;
    for (unsigned i = 0; i < 4000 && (short_z == 0 || short_y == 0); i++) {
        struct tch_kex *a;
        struct tch_kex *b;
        uint8_t y[TCH_KEX_PUBLIC_MAX], za[TCH_KEX_SECRET_MAX];
        uint8_t zb[TCH_KEX_SECRET_MAX];
        size_t y_len, za_len, zb_len;

        assert_int_equal(explicit_pair(tch_slice_of(p, 2),
                                       tch_slice_of(g, 1), &a), TCH_OK);
        assert_int_equal(explicit_pair(tch_slice_of(p, 2),
                                       tch_slice_of(g, 1), &b), TCH_OK);
        tch_kex_public(a, y, &y_len);
        short_y += y_len == 1;
        assert_true(y_len == 0 || y[0] != 0);
        if (tch_kex_agree(b, tch_slice_of(y, y_len), zb, &zb_len) == TCH_OK) {
            tch_kex_public(b, y, &y_len);
            if (tch_kex_agree(a, tch_slice_of(y, y_len), za, &za_len) ==
                TCH_OK) {
                assert_int_equal(za_len, zb_len);
                assert_memory_equal(za, zb, za_len);
                assert_true(za[0] != 0);
                short_z += za_len == 1;
            }
        }
        tch_kex_free(a);
        tch_kex_free(b);
    }
    assert_true(short_z != 0 && short_y != 0);
}

static void a_scalar_out_of_range_is_not_taken(void **state)
{
    uint8_t bytes[66];
    struct tch_slice s = { bytes, 32 };
    struct tch_draw_source draw = prepared_draw(&s);
    struct tch_kex *k;

    (void)state;
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(tch_kex_new(&tch_alloc_default, 23, &draw, "x", &k),
                     TCH_NO_RANDOM);
    memset(bytes, 0xFF, sizeof bytes);
    assert_int_equal(tch_kex_new(&tch_alloc_default, 23, &draw, "x", &k),
                     TCH_NO_RANDOM);
    assert_null(k);
}

static void L11_every_failing_allocation_is_survived(void **state)
{
    uint64_t seed = 3;
    struct tch_draw_source draw = seeded_draw(&seed);

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        for (size_t fail_at = 1;; fail_at++) {
            struct counter count = { .fail_at = fail_at };
            struct tch_alloc alloc = counted_alloc(&count);
            struct tch_kex *k;
            enum tch_status s = tch_kex_new(&alloc, groups[i], &draw, "x",
                                            &k);

            if (s == TCH_OK) {
                tch_kex_free(k);
                assert_int_equal(count.taken, 0);
                assert_true(fail_at > count.calls);
                break;
            }
            assert_int_equal(s, TCH_NO_MEMORY);
            assert_int_equal(count.taken, 0);
        }
        {
            struct tch_kex *k;

            assert_int_equal(tch_kex_new(&tch_alloc_default, groups[i],
                                         &failing_draw, "x", &k),
                             TCH_NO_RANDOM);
        }
    }
    tch_kex_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ecdh_vectors_of_nist),
        cmocka_unit_test(L10_both_sides_of_every_group_agree),
        cmocka_unit_test(groups_that_are_not_built_say_so),
        cmocka_unit_test(values_of_no_bytes_are_decode_errors),
        cmocka_unit_test(R_KX_062_points_of_another_form_or_length),
        cmocka_unit_test(R_KX_065_only_32_bytes_are_an_x25519_value),
        cmocka_unit_test(R_ATK_016_points_of_small_order_are_refused),
        cmocka_unit_test(R_ATK_013_values_outside_the_group_are_refused),
        cmocka_unit_test(R_KX_041_parameters_that_cannot_be),
        cmocka_unit_test(R_KX_042_leading_zeros_of_dh_are_dropped),
        cmocka_unit_test(a_scalar_out_of_range_is_not_taken),
        cmocka_unit_test(L11_every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
