/*
 * ECDSA: the vectors of RFC 6979, hedging, strictness about r and s, and the
 * special points of libtomcrypt-notes L8. Wycheproof's files are in
 * test_wycheproof_keys.c.
 */

#include "crypto-glue/ecdsa.h"

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/hash.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"
#include "test/unit/glue/support_vectors.h"

#define SIG_MAX 160

/* A key pair and a hash to sign. */
struct sample {
    const struct tch_ec_curve *curve;
    uint64_t d[TCH_EC_MAX_LIMBS];
    struct tch_ec_point point;
    uint8_t hash[TCH_HASH_MAX];
    struct tch_slice hash_slice;
};

static void make_key(struct sample *s, unsigned group, uint64_t seed)
{
    s->curve = tch_ec_curve_of(group);
    memset(s->d, 0, sizeof s->d);
    bytes_fill(&seed, (uint8_t *)s->d, 8 * s->curve->num - 8);
    tch_ec_base(s->curve, &s->point);
    tch_ec_mul(s->curve, &s->point, s->d, &s->point);
    bytes_fill(&seed, s->hash, 32);
    s->hash_slice = tch_slice_of(s->hash, 32);
}

static size_t write_sig(const struct tch_ec_curve *c, const uint64_t *r,
                        const uint64_t *s, uint8_t *out)
{
    uint8_t bytes[TCH_EC_MAX_BYTES + 8];
    struct tch_writer w;
    struct tch_mark m;
    size_t len = 8 * c->num;

    tch_wr_init(&w, out, SIG_MAX);
    m = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    tch_bn_store(bytes, len, r, c->num);
    tch_der_wr_unsigned(&w, tch_slice_of(bytes, len));
    tch_bn_store(bytes, len, s, c->num);
    tch_der_wr_unsigned(&w, tch_slice_of(bytes, len));
    tch_der_wr_close(&w, m);
    assert_false(w.failed);
    return w.len;
}

static bool verifies(const struct sample *k, const uint64_t *r,
                     const uint64_t *s)
{
    uint8_t sig[SIG_MAX];
    size_t len = write_sig(k->curve, r, s, sig);

    return tch_ecdsa_verify(k->curve, &k->point, k->hash_slice,
                            tch_slice_of(sig, len));
}

static void the_vectors_of_rfc_6979(void **state)
{
    static struct vectors v;
    struct tch_slice nothing = { NULL, 0 };
    struct tch_draw_source draw = prepared_draw(&nothing);

    (void)state;
    vectors_open(&v, "vectors/ecdsa/rfc6979.txt");
    while (vectors_next(&v)) {
        unsigned group = (unsigned)atoi(vectors_text(&v, "GROUP"));
        unsigned long scheme = strtoul(vectors_text(&v, "SCHEME"), NULL, 16);
        const struct tch_ec_curve *c = tch_ec_curve_of(group);
        enum tch_hash h = tch_scheme_facts((unsigned)scheme)->hash;
        uint8_t bytes[200], message[64], hash[TCH_HASH_MAX], sig[SIG_MAX];
        uint64_t d[TCH_EC_MAX_LIMBS];
        struct tch_ec_point p;
        struct tch_slice m;
        size_t len;
        size_t n = vectors_hex(&v, "KEY", bytes, sizeof bytes);

        assert_true(tch_bn_load(d, c->num, tch_slice_of(bytes, n)));
        n = vectors_hex(&v, "POINT", bytes, sizeof bytes);
        assert_true(tch_ec_read_point(c, tch_slice_of(bytes, n), &p));
        m = tch_slice_of(message, vectors_hex(&v, "MESSAGE", message, 64));
        tch_hash(h, &m, 1, hash);
        m = tch_slice_of(hash, tch_hash_facts(h)->len);
        assert_int_equal(tch_ecdsa_sign(c, d, h, m, &draw, sig, sizeof sig,
                                        &len), TCH_OK);
        n = vectors_hex(&v, "SIG", bytes, sizeof bytes);
        assert_int_equal(len, n);
        assert_memory_equal(sig, bytes, n);
        assert_true(tch_ecdsa_verify(c, &p, m, tch_slice_of(sig, len)));
    }
    assert_int_equal(v.records, 30);
}

static void a_hedged_nonce_is_another_one_each_time(void **state)
{
    uint64_t seed = 5;
    struct tch_draw_source draw = seeded_draw(&seed);
    struct sample k;
    uint8_t a[SIG_MAX];
    uint8_t b[SIG_MAX];
    size_t a_len;
    size_t b_len;

    (void)state;
    make_key(&k, TCH_GROUP_SECP256R1, 3);
    assert_int_equal(tch_ecdsa_sign(k.curve, k.d, TCH_HASH_SHA256,
                                    k.hash_slice, &draw, a, sizeof a, &a_len),
                     TCH_OK);
    assert_int_equal(tch_ecdsa_sign(k.curve, k.d, TCH_HASH_SHA256,
                                    k.hash_slice, &draw, b, sizeof b, &b_len),
                     TCH_OK);
    assert_false(a_len == b_len && memcmp(a, b, a_len) == 0);
    assert_true(tch_ecdsa_verify(k.curve, &k.point, k.hash_slice,
                                 tch_slice_of(a, a_len)));
    assert_true(tch_ecdsa_verify(k.curve, &k.point, k.hash_slice,
                                 tch_slice_of(b, b_len)));
    assert_int_equal(tch_ecdsa_sign(k.curve, k.d, TCH_HASH_SHA256,
                                    k.hash_slice, &failing_draw, b, sizeof b,
                                    &b_len), TCH_NO_RANDOM);
}

static void R_ATK_036_r_and_s_outside_1_to_n_minus_1_are_refused(void **state)
{
    static const unsigned groups[] = { 23, 24, 25 };

    (void)state;
    for (size_t g = 0; g < COUNT(groups); g++) {
        uint64_t values[4][TCH_EC_MAX_LIMBS] = { { 0 }, { 1 } };
        struct sample k;

        make_key(&k, groups[g], 3);
        memcpy(values[2], k.curve->n_limbs, sizeof values[2]);
        memcpy(values[3], k.curve->n_limbs, sizeof values[3]);
        values[3][0]++;
        for (size_t i = 0; i < 4; i++) {
            for (size_t j = 0; j < 4; j++) {
                assert_false(verifies(&k, values[i], values[j]));
            }
        }
    }
}

static void R_ATK_036_a_hash_of_zero_forgives_no_zeros(void **state)
{
    uint64_t zero[TCH_EC_MAX_LIMBS] = { 0 };
    struct sample k;

    (void)state;
    make_key(&k, TCH_GROUP_SECP256R1, 3);
    memset(k.hash, 0, sizeof k.hash);
    assert_false(verifies(&k, zero, zero));
}

/* r = x(2tG), s = r d / t, z = r d: then u1 G = u2 Q = tG. With z = -r d the
 * two points are opposite, and their sum is infinity. */
static void coincide(struct sample *k, uint64_t *r, uint64_t *s, bool negate)
{
    const struct tch_ec_curve *c = k->curve;
    uint64_t t[TCH_EC_MAX_LIMBS] = { 0x123456789, 7 };
    uint64_t z[TCH_EC_MAX_LIMBS] = { 0 };
    uint64_t two_t[TCH_EC_MAX_LIMBS];
    uint64_t x[TCH_EC_MAX_LIMBS];
    uint64_t zero[TCH_EC_MAX_LIMBS] = { 0 };
    struct tch_ec_point p;

    tch_mont_add(&c->n, two_t, t, t);
    tch_ec_base(c, &p);
    tch_ec_mul(c, &p, two_t, &p);
    assert_true(tch_ec_affine(c, &p, x, NULL) != 0);
    tch_mont_reduce(&c->n, r, x, c->num);
    tch_mont_in(&c->n, z, r);
    tch_mont_mul(&c->n, z, z, k->d);
    assert_true(tch_bn_invert(x, t, c->n_limbs, c->num) != 0);
    tch_mont_in(&c->n, s, z);
    tch_mont_mul(&c->n, s, s, x);
    if (negate) {
        tch_mont_sub(&c->n, z, zero, z);
    }
    tch_bn_store(k->hash, c->len, z, c->num);
    k->hash_slice = tch_slice_of(k->hash, c->len);
}

static void L8_points_that_coincide_are_added_right(void **state)
{
    static const unsigned groups[] = { 23, 24 }; /* hash as long as n */

    (void)state;
    for (size_t g = 0; g < COUNT(groups); g++) {
        uint64_t r[TCH_EC_MAX_LIMBS];
        uint64_t s[TCH_EC_MAX_LIMBS];
        struct sample k;

        make_key(&k, groups[g], 8);
        coincide(&k, r, s, false);
        assert_true(verifies(&k, r, s));
        k.hash[5] ^= 1;
        assert_false(verifies(&k, r, s));
        coincide(&k, r, s, true);
        assert_false(verifies(&k, r, s));
    }
}

static void refused_bytes(const struct sample *k, const uint8_t *sig,
                          size_t len)
{
    assert_false(tch_ecdsa_verify(k->curve, &k->point, k->hash_slice,
                                  tch_slice_of(sig, len)));
}

static void L8_only_strict_der_is_read(void **state)
{
    struct tch_slice nothing = { NULL, 0 };
    struct tch_draw_source draw = prepared_draw(&nothing);
    struct sample k;
    uint8_t sig[SIG_MAX];
    uint8_t bad[SIG_MAX];
    size_t len;

    (void)state;
    make_key(&k, TCH_GROUP_SECP256R1, 3);
    assert_int_equal(tch_ecdsa_sign(k.curve, k.d, TCH_HASH_SHA256,
                                    k.hash_slice, &draw, sig, sizeof sig - 3,
                                    &len), TCH_OK);
    assert_true(tch_ecdsa_verify(k.curve, &k.point, k.hash_slice,
                                 tch_slice_of(sig, len)));
    for (size_t cut = 0; cut < len; cut++) {
        refused_bytes(&k, sig, cut);
    }
    sig[len] = 0;
    refused_bytes(&k, sig, len + 1); /* a byte behind it */
    bad[0] = sig[0];
    bad[1] = 0x81; /* a length in long form */
    memcpy(bad + 2, sig + 1, len - 1);
    refused_bytes(&k, bad, len + 1);
    memcpy(bad, sig, len);
    bad[0] = 0x31; /* SET */
    refused_bytes(&k, bad, len);
    for (size_t i = 0; i < len; i++) { /* any bit of it */
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(bad, sig, len);
            bad[i] ^= (uint8_t)(1u << bit);
            if (i % 9 == bit || i < 6) {
                refused_bytes(&k, bad, len);
            }
        }
    }
}

static void R_ATK_033_nonces_with_leading_zeros_sign_as_well(void **state)
{
    /* k = 1 is the shortest of all: r is then x(G), which the scalar
     * multiplication must give for every width of k. */
    static const unsigned groups[] = { 23, 24, 25 };

    (void)state;
    for (size_t g = 0; g < COUNT(groups); g++) {
        const struct tch_ec_curve *c = tch_ec_curve_of(groups[g]);
        uint64_t k[TCH_EC_MAX_LIMBS] = { 1 };
        uint64_t x[TCH_EC_MAX_LIMBS];
        uint64_t gx[TCH_EC_MAX_LIMBS];
        struct tch_ec_point p;

        tch_ec_base(c, &p);
        assert_true(tch_ec_affine(c, &p, gx, NULL) != 0);
        tch_ec_mul(c, &p, k, &p);
        assert_true(tch_ec_affine(c, &p, x, NULL) != 0);
        assert_true(tch_bn_eq(x, gx, c->num) != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_6979),
        cmocka_unit_test(a_hedged_nonce_is_another_one_each_time),
        cmocka_unit_test(R_ATK_036_r_and_s_outside_1_to_n_minus_1_are_refused),
        cmocka_unit_test(R_ATK_036_a_hash_of_zero_forgives_no_zeros),
        cmocka_unit_test(L8_points_that_coincide_are_added_right),
        cmocka_unit_test(L8_only_strict_der_is_read),
        cmocka_unit_test(R_ATK_033_nonces_with_leading_zeros_sign_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
