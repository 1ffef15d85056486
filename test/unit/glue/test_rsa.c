/*
 * RSA arithmetic: what makes a key impossible, blinding, and the fault check.
 * Values are checked by the round trip with the public operation, and by
 * Wycheproof in test_wycheproof_keys.c.
 */

#include "crypto-glue/rsa.h"

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/keys_private.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"

static struct tch_private_key *rsa2048(void)
{
    return private_key_file("vectors/certs/server-rsa2048.key");
}

/* Counts the draws, and remembers the last name. */
struct watch {
    uint64_t seed;
    unsigned draws;
    char name[32];
};

static bool watched(void *arg, const char *name, uint8_t *out, size_t n)
{
    struct watch *w = arg;

    w->draws++;
    snprintf(w->name, sizeof w->name, "%s", name);
    bytes_fill(&w->seed, out, n);
    return true;
}

static void the_private_operation_undoes_the_public_one(void **state)
{
    static const char *const files[] = {
        "vectors/certs/server-rsa512.key", "vectors/certs/server-rsa1024.key",
        "vectors/certs/server-rsa2048.key", "vectors/certs/server-rsa3072.key",
    };

    (void)state;
    for (size_t f = 0; f < COUNT(files); f++) {
        struct tch_private_key *k = private_key_file(files[f]);
        const struct tch_rsa_public *pub = &k->rsa.pub;
        struct watch w = { .seed = 4 };
        struct tch_draw_source draw = { watched, &w, false };
        uint64_t in[TCH_BN_MAX_LIMBS] = { 0 };
        uint64_t mid[TCH_BN_MAX_LIMBS];
        uint64_t out[TCH_BN_MAX_LIMBS];

        for (unsigned i = 0; i < 4; i++) {
            if (i < 2) {
                in[0] = i; /* 0 and 1 are their own roots */
            } else {
                bytes_fill(&w.seed, (uint8_t *)in, 8 * pub->n.num - 1);
            }
            assert_int_equal(tch_rsa_private_op(&k->rsa, &k->alloc, &draw,
                                                "a.name", in, mid, NULL),
                             TCH_OK);
            tch_mont_exp_public(&pub->n, out, mid, pub->e);
            assert_true(tch_bn_eq(in, out, pub->n.num) != 0);
        }
        /* R-KX-025: fresh for every operation. */
        assert_int_equal(w.draws, 4);
        assert_string_equal(w.name, "a.name");
        tch_private_key_free(k);
    }
}

/* L5: whatever the factor, the result is the same; and none, no result. */
static void L5_blinding_is_drawn_from_the_given_source(void **state)
{
    struct tch_private_key *k = rsa2048();
    uint64_t in[TCH_BN_MAX_LIMBS] = { 12345 };
    uint64_t a[TCH_BN_MAX_LIMBS];
    uint64_t b[TCH_BN_MAX_LIMBS];
    uint8_t zeros[256] = { 0 };
    struct tch_slice s = { zeros, sizeof zeros };
    struct tch_draw_source none = prepared_draw(&s);
    uint64_t seed = 9;
    struct tch_draw_source draw = seeded_draw(&seed);

    (void)state;
    assert_int_equal(tch_rsa_private_op(&k->rsa, &k->alloc, &draw, "x", in, a,
                                        NULL), TCH_OK);
    assert_int_equal(tch_rsa_private_op(&k->rsa, &k->alloc, &none, "x", in, b,
                                        NULL), TCH_OK);
    assert_true(tch_bn_eq(a, b, k->rsa.pub.n.num) != 0);
    assert_int_equal(tch_rsa_private_op(&k->rsa, &k->alloc, &failing_draw,
                                        "x", in, b, NULL), TCH_NO_RANDOM);
    assert_true(tch_bn_is_zero(b, k->rsa.pub.n.num) != 0);
    tch_private_key_free(k);
}

struct flip {
    unsigned which; /* 0: p, 1: q, 2: none */
    unsigned bit;
};

static void flip_bit(void *arg, uint64_t *half_p, uint64_t *half_q)
{
    const struct flip *f = arg;

    if (f->which < 2) {
        (f->which == 0 ? half_p : half_q)[f->bit / 64] ^=
            (uint64_t)1 << (f->bit % 64);
    }
}

static void R_ATK_034_a_fault_in_one_half_lets_nothing_out(void **state)
{
    struct tch_private_key *k = rsa2048();
    uint64_t in[TCH_BN_MAX_LIMBS] = { 77 };
    uint64_t out[TCH_BN_MAX_LIMBS];
    uint64_t seed = 2;
    struct tch_draw_source draw = seeded_draw(&seed);
    struct flip flip = { 2, 0 };
    struct tch_rsa_fault fault = { flip_bit, &flip };

    (void)state;
    assert_int_equal(tch_rsa_private_op(&k->rsa, &k->alloc, &draw, "x", in,
                                        out, &fault), TCH_OK);
    for (flip.which = 0; flip.which < 2; flip.which++) {
        for (flip.bit = 0; flip.bit < 1000; flip.bit += 333) {
            memset(out, 0xFF, sizeof out);
            assert_int_equal(tch_rsa_private_op(&k->rsa, &k->alloc, &draw,
                                                "x", in, out, &fault),
                             TCH_INTERNAL);
            assert_true(tch_bn_is_zero(out, k->rsa.pub.n.num) != 0);
        }
    }
    tch_private_key_free(k);
}

static void values_of_n_or_more_and_other_lengths_are_refused(void **state)
{
    struct tch_private_key *k = rsa2048();
    const struct tch_rsa_public *pub = &k->rsa.pub;
    uint8_t bytes[257] = { 0 };
    uint8_t out[256];

    (void)state;
    tch_bn_store(bytes, 256, pub->n.m, pub->n.num);
    assert_false(tch_rsa_public_op(pub, tch_slice_of(bytes, 256), out));
    bytes[255]--; /* n - 1, whose odd powers are n - 1 */
    assert_true(tch_rsa_public_op(pub, tch_slice_of(bytes, 256), out));
    assert_memory_equal(out, bytes, 256);
    memset(bytes, 0, sizeof bytes);
    bytes[254] = 1;
    assert_false(tch_rsa_public_op(pub, tch_slice_of(bytes, 255), out));
    assert_false(tch_rsa_public_op(pub, tch_slice_of(bytes, 257), out));
    assert_false(tch_rsa_public_op(pub, tch_slice_of(bytes, 0), out));
    tch_private_key_free(k);
}

static enum tch_status public_init(size_t len, uint8_t first, uint8_t last,
                                   const char *exponent)
{
    static uint64_t limbs[2 * (TCH_BN_MAX_LIMBS + 8)];
    uint8_t n[1100];
    uint8_t e[16];
    struct tch_rsa_public k;

    memset(n, 0x5A, sizeof n);
    n[0] = first;
    n[len - 1] = last;
    return tch_rsa_public_init(&k, tch_slice_of(n, len),
                               tch_slice_of(e, unhex(exponent, e, sizeof e)),
                               limbs);
}

static void R_PKI_080_public_keys_that_cannot_be(void **state)
{
    (void)state;
    assert_int_equal(public_init(256, 0xC0, 1, "010001"), TCH_OK);
    assert_int_equal(public_init(256, 0xC0, 1, "03"), TCH_OK);
    assert_int_equal(public_init(256, 0xC0, 1, "FFFFFFFFFFFFFFFF"), TCH_OK);
    assert_int_equal(public_init(256, 0xC0, 1, "01"), TCH_BAD_KEY);
    assert_int_equal(public_init(256, 0xC0, 1, "00"), TCH_BAD_KEY);
    assert_int_equal(public_init(256, 0xC0, 1, "010000"), TCH_BAD_KEY);
    assert_int_equal(public_init(256, 0xC0, 1, "010000000000000001"),
                     TCH_BAD_KEY);
    assert_int_equal(public_init(256, 0xC0, 2, "010001"), TCH_BAD_KEY);
    assert_int_equal(public_init(256, 0x00, 1, "010001"), TCH_BAD_KEY);
    assert_int_equal(public_init(64, 0x80, 1, "010001"), TCH_OK);
    assert_int_equal(public_init(64, 0x40, 1, "010001"), TCH_BAD_KEY);
    /* R-KX-029: 8192 bits is the most. */
    assert_int_equal(public_init(1024, 0x80, 1, "010001"), TCH_OK);
    assert_int_equal(public_init(1025, 0x01, 1, "010001"), TCH_BAD_KEY);
}

/* The numbers of a good key, for damaging one. */
struct numbers {
    uint8_t bytes[8][256];
    struct tch_slice slices[8]; /* n e d p q dp dq qinv */
};

static struct tch_rsa_parts parts_of(const struct numbers *n)
{
    struct tch_rsa_parts p = { n->slices[0], n->slices[1], n->slices[2],
                               n->slices[3], n->slices[4], n->slices[5],
                               n->slices[6], n->slices[7] };

    return p;
}

static void take(struct numbers *n, unsigned i, const uint64_t *a, size_t num)
{
    size_t len = ((size_t)tch_bn_bits(a, num) + 7) / 8;

    tch_bn_store(n->bytes[i], len, a, num);
    n->slices[i] = tch_slice_of(n->bytes[i], len);
}

static void numbers_of(struct numbers *n, const struct tch_rsa_private *k)
{
    memset(n, 0, sizeof *n);
    take(n, 0, k->pub.n.m, k->pub.n.num);
    take(n, 1, &k->pub.e, 1);
    take(n, 2, k->dp, k->p.num); /* d itself is not used */
    take(n, 3, k->p.m, k->p.num);
    take(n, 4, k->q.m, k->q.num);
    take(n, 5, k->dp, k->p.num);
    take(n, 6, k->dq, k->q.num);
    take(n, 7, k->qinv, k->p.num);
}

static enum tch_status load(const struct numbers *n,
                            const struct tch_alloc *alloc)
{
    static uint64_t limbs[2000];
    struct tch_rsa_parts parts = parts_of(n);
    size_t need = tch_rsa_private_limbs(&parts);
    struct tch_rsa_private k;

    if (need == 0) {
        return TCH_BAD_KEY;
    }
    assert_true(need <= COUNT(limbs));
    return tch_rsa_private_init(&k, &parts, limbs, alloc);
}

static void R_PKI_101_numbers_that_do_not_fit_together(void **state)
{
    struct tch_private_key *k = rsa2048();
    struct numbers good;

    (void)state;
    numbers_of(&good, &k->rsa);
    assert_int_equal(load(&good, &tch_alloc_default), TCH_OK);
    for (unsigned i = 0; i < 8; i++) {
        static const unsigned at[] = { 0, 1, 2 }; /* last, middle, first */

        for (unsigned a = 0; a < COUNT(at) && i != 2; a++) {
            struct numbers bad = good;
            size_t len = bad.slices[i].len;
            size_t byte = a == 0 ? len - 1 : a == 1 ? len / 2 : 0;

            for (unsigned j = 0; j < 8; j++) {
                bad.slices[j].p = bad.bytes[j];
            }
            bad.bytes[i][byte] ^= 2;
            assert_int_equal(load(&bad, &tch_alloc_default), TCH_BAD_KEY);
        }
    }
    /* p = n, q = 1, and an empty or a long number. */
    {
        struct numbers bad = good;
        static const uint8_t one = 1;

        bad.slices[3] = good.slices[0];
        bad.slices[4] = tch_slice_of(&one, 1);
        assert_int_equal(load(&bad, &tch_alloc_default), TCH_BAD_KEY);
        bad = good;
        bad.slices[4].len = 0;
        assert_int_equal(load(&bad, &tch_alloc_default), TCH_BAD_KEY);
        bad = good;
        bad.slices[5] = good.slices[0];
        assert_int_equal(load(&bad, &tch_alloc_default), TCH_BAD_KEY);
    }
    tch_private_key_free(k);
}

static void lack_of_memory_shows_and_leaves_nothing(void **state)
{
    struct tch_private_key *k = rsa2048();
    struct counter count = { .fail_at = 1 };
    struct tch_alloc alloc = counted_alloc(&count);
    uint64_t in[TCH_BN_MAX_LIMBS] = { 5 };
    uint64_t out[TCH_BN_MAX_LIMBS];
    uint64_t seed = 2;
    struct tch_draw_source draw = seeded_draw(&seed);
    struct numbers n;

    (void)state;
    assert_int_equal(tch_rsa_private_op(&k->rsa, &alloc, &draw, "x", in, out,
                                        NULL), TCH_NO_MEMORY);
    numbers_of(&n, &k->rsa);
    count.calls = 0;
    assert_int_equal(load(&n, &alloc), TCH_NO_MEMORY);
    /* And with memory, all is wiped when given back (counted_alloc). */
    assert_int_equal(tch_rsa_private_op(&k->rsa, &alloc, &draw, "x", in, out,
                                        NULL), TCH_OK);
    assert_int_equal(count.taken, 0);
    tch_private_key_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_private_operation_undoes_the_public_one),
        cmocka_unit_test(L5_blinding_is_drawn_from_the_given_source),
        cmocka_unit_test(R_ATK_034_a_fault_in_one_half_lets_nothing_out),
        cmocka_unit_test(values_of_n_or_more_and_other_lengths_are_refused),
        cmocka_unit_test(R_PKI_080_public_keys_that_cannot_be),
        cmocka_unit_test(R_PKI_101_numbers_that_do_not_fit_together),
        cmocka_unit_test(lack_of_memory_shows_and_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
