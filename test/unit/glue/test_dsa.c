/*
 * DSA: the vectors of RFC 6979, groups of unusual sizes, keys that are none,
 * strictness about r and s, and each form of a key. Wycheproof's files are in
 * test_wycheproof_keys.c, the openssl command in test_keys_openssl.c.
 */

#include "crypto-glue/dsa.h"

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/hash.h"
#include "crypto-glue/keys_private.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"
#include "test/unit/glue/support_vectors.h"

#define RFC "vectors/dsa/rfc6979.txt"
#define ODD "vectors/dsa/odd-groups.txt"
#define NUMBER_MAX 1100
#define DER_MAX 5000

/* A record of a vector file. The slices may be bent to make a bad twin. */
struct sample {
    struct tch_slice p, q, g, y, x, nonce, signature;
    enum tch_hash alg;
    uint8_t hash_bytes[TCH_HASH_MAX];
    struct tch_slice hash;
    uint8_t room[7][NUMBER_MAX];
};

static struct tch_slice field(const struct vectors *v, const char *name,
                              uint8_t room[NUMBER_MAX])
{
    size_t n = vectors_hex(v, name, room, NUMBER_MAX);

    return tch_slice_of(room, n);
}

static enum tch_hash hash_named(const char *name)
{
    for (unsigned h = TCH_HASH_MD5; h <= TCH_HASH_SHA512; h++) {
        if (strcmp(tch_hash_facts((enum tch_hash)h)->name, name) == 0) {
            return (enum tch_hash)h;
        }
    }
    fail_msg("no hash %s", name);
    return TCH_HASH_NONE;
}

static void fill(struct sample *s, const struct vectors *v)
{
    uint8_t message[64];
    struct tch_slice m;

    s->p = field(v, "P", s->room[0]);
    s->q = field(v, "Q", s->room[1]);
    s->g = field(v, "G", s->room[2]);
    s->y = field(v, "Y", s->room[3]);
    s->x = field(v, "X", s->room[4]);
    s->nonce = field(v, "K", s->room[5]);
    s->signature = field(v, "SIG", s->room[6]);
    s->alg = hash_named(vectors_text(v, "HASH"));
    m = tch_slice_of(message, vectors_hex(v, "MESSAGE", message, 64));
    tch_hash(s->alg, &m, 1, s->hash_bytes);
    s->hash = tch_slice_of(s->hash_bytes, tch_hash_facts(s->alg)->len);
}

static struct vectors file;

/* The record whose case has this text in it. */
static void sample_of(struct sample *s, const char *path, const char *text)
{
    bool found = false;

    vectors_open(&file, path);
    while (vectors_next(&file)) {
        if (!found && strstr(vectors_text(&file, "CASE"), text) != NULL) {
            fill(s, &file);
            found = true;
        }
    }
    assert_true(found);
}

/* ------------------------------------------------------- keys by the forms */

static void write_params(struct tch_writer *w, const struct sample *s)
{
    tch_der_wr_unsigned(w, s->p);
    tch_der_wr_unsigned(w, s->q);
    tch_der_wr_unsigned(w, s->g);
}

static void write_algorithm(struct tch_writer *w, const struct sample *s)
{
    static const uint8_t oid[] = { 0x2A, 0x86, 0x48, 0xCE, 0x38, 4, 1 };
    struct tch_mark alg = tch_der_wr_open(w, TCH_DER_SEQUENCE);
    struct tch_mark params;

    tch_der_wr_value(w, TCH_DER_OID, tch_slice_of(oid, sizeof oid));
    params = tch_der_wr_open(w, TCH_DER_SEQUENCE);
    write_params(w, s);
    tch_der_wr_close(w, params);
    tch_der_wr_close(w, alg);
}

static struct tch_slice finish(struct tch_writer *w, struct tch_mark m)
{
    tch_der_wr_close(w, m);
    assert_false(w->failed);
    return tch_wr_done(w);
}

static struct tch_slice spki(const struct sample *s, uint8_t der[DER_MAX])
{
    struct tch_writer w;
    struct tch_mark all;
    struct tch_mark bits;

    tch_wr_init(&w, der, DER_MAX);
    all = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    write_algorithm(&w, s);
    bits = tch_der_wr_open(&w, TCH_DER_BIT_STRING);
    tch_wr_u8(&w, 0);
    tch_der_wr_unsigned(&w, s->y);
    tch_der_wr_close(&w, bits);
    return finish(&w, all);
}

static struct tch_slice pkcs8(const struct sample *s, uint8_t der[DER_MAX])
{
    struct tch_writer w;
    struct tch_mark all;
    struct tch_mark key;

    tch_wr_init(&w, der, DER_MAX);
    all = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    tch_der_wr_unsigned(&w, tch_slice_of(NULL, 0));
    write_algorithm(&w, s);
    key = tch_der_wr_open(&w, TCH_DER_OCTET_STRING);
    tch_der_wr_unsigned(&w, s->x);
    tch_der_wr_close(&w, key);
    return finish(&w, all);
}

static struct tch_slice traditional(const struct sample *s,
                                    uint8_t der[DER_MAX])
{
    struct tch_writer w;
    struct tch_mark all;

    tch_wr_init(&w, der, DER_MAX);
    all = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    tch_der_wr_unsigned(&w, tch_slice_of(NULL, 0));
    write_params(&w, s);
    tch_der_wr_unsigned(&w, s->y);
    tch_der_wr_unsigned(&w, s->x);
    return finish(&w, all);
}

typedef struct tch_slice form(const struct sample *s, uint8_t der[DER_MAX]);

static enum tch_status read_private(struct tch_slice der)
{
    struct tch_private_key *k;
    enum tch_status s = tch_private_key_read(&tch_alloc_default, der, &k);

    assert_true((s == TCH_OK) == (k != NULL));
    tch_private_key_free(k);
    return s;
}

static enum tch_status read_public(struct tch_slice der)
{
    struct tch_public_key *k;
    enum tch_status s = tch_public_key_read(&tch_alloc_default, der, &k);

    assert_true((s == TCH_OK) == (k != NULL));
    tch_public_key_free(k);
    return s;
}

/* What all forms of the key say, each of which must agree. */
static void all_forms(const struct sample *s, enum tch_status want)
{
    uint8_t der[DER_MAX];

    assert_int_equal(read_public(spki(s, der)), want);
    assert_int_equal(read_private(pkcs8(s, der)), want);
    assert_int_equal(read_private(traditional(s, der)), want);
}

/* A loaded pair. */
struct pair {
    struct tch_private_key *priv;
    struct tch_public_key *pub;
};

static struct pair load(const struct sample *s)
{
    uint8_t der[DER_MAX];
    struct pair k = { .priv = NULL };

    k.priv = private_key_der(pkcs8(s, der));
    k.pub = public_key_der(spki(s, der));
    return k;
}

static void unload(struct pair *k)
{
    tch_private_key_free(k->priv);
    tch_public_key_free(k->pub);
}

static enum tch_status verify(const struct pair *k, const struct sample *s,
                              struct tch_slice signature)
{
    return tch_dsa_verify(&k->pub->dsa, &tch_alloc_default, s->hash,
                          signature);
}

/* ----------------------------------------------------------------- vectors */

/* The signature of a record, from its nonce; that its key verifies it, and
 * nothing else. */
static void check_signature(struct sample *s, const struct pair *k)
{
    const struct tch_dsa_public *pub = &k->priv->dsa.pub;
    struct tch_dss_order o = { &pub->q, pub->q_bits };
    uint64_t nonce[TCH_DSA_Q_LIMBS], z[TCH_DSA_Q_LIMBS];
    uint64_t r[TCH_DSA_Q_LIMBS], t[TCH_DSA_Q_LIMBS];
    uint64_t *scratch = calloc(TCH_MONT_EXP_SCRATCH(pub->p.num) + pub->p.num,
                               sizeof *scratch);
    uint8_t sig[80];
    size_t len;

    assert_non_null(scratch);
    assert_true(tch_bn_load(nonce, pub->q.num, s->nonce));
    tch_dss_hash(&o, s->hash, z);
    assert_true(tch_dsa_sign_with(&k->priv->dsa, z, nonce, r, t, scratch) ==
                UINT64_MAX);
    assert_int_equal(tch_dss_write(&o, r, t, sig, sizeof sig, &len), TCH_OK);
    assert_int_equal(len, s->signature.len);
    assert_memory_equal(sig, s->signature.p, len);
    assert_int_equal(verify(k, s, s->signature), TCH_OK);
    s->hash_bytes[0] ^= 1;
    assert_int_equal(verify(k, s, s->signature), TCH_BAD_SIGNATURE);
    s->hash_bytes[0] ^= 1;
    free(scratch);
}

static void the_vectors_of_rfc_6979(void **state)
{
    static struct sample s;
    struct tch_slice nothing = { NULL, 0 };
    struct tch_draw_source draw = prepared_draw(&nothing);
    uint8_t sig[80];
    size_t len;

    (void)state;
    vectors_open(&file, RFC);
    while (vectors_next(&file)) {
        struct pair k;

        fill(&s, &file);
        k = load(&s);
        check_signature(&s, &k);
        assert_int_equal(tch_dsa_sign(&k.priv->dsa, &tch_alloc_default, s.alg,
                                      s.hash, &draw, sig, sizeof sig, &len),
                         TCH_OK);
        assert_int_equal(len, s.signature.len);
        assert_memory_equal(sig, s.signature.p, len);
        unload(&k);
    }
    assert_int_equal(file.records, 20);
}

static void groups_of_any_size_between_the_limits_work(void **state)
{
    static struct sample s;

    (void)state;
    vectors_open(&file, ODD);
    while (vectors_next(&file)) {
        struct pair k;

        fill(&s, &file);
        k = load(&s);
        assert_int_equal(tch_public_key_info(k.pub).bits,
                         atoi(vectors_text(&file, "CASE")));
        check_signature(&s, &k);
        unload(&k);
    }
    assert_int_equal(file.records, 5);
}

static void a_hedged_nonce_is_another_one_each_time(void **state)
{
    static struct sample s;
    uint64_t seed = 5;
    struct tch_draw_source draw = seeded_draw(&seed);
    uint8_t sig[2][80];
    size_t len[2];
    struct pair k;

    (void)state;
    sample_of(&s, RFC, "A.2.1 sha256 sample");
    k = load(&s);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(tch_dsa_sign(&k.priv->dsa, &tch_alloc_default, s.alg,
                                      s.hash, &draw, sig[i], 80, &len[i]),
                         TCH_OK);
        assert_int_equal(verify(&k, &s, tch_slice_of(sig[i], len[i])),
                         TCH_OK);
    }
    assert_false(len[0] == len[1] && memcmp(sig[0], sig[1], len[0]) == 0);
    assert_int_equal(tch_dsa_sign(&k.priv->dsa, &tch_alloc_default, s.alg,
                                  s.hash, &failing_draw, sig[0], 80, &len[0]),
                     TCH_NO_RANDOM);
    unload(&k);
}

static void R_ATK_033_nonces_are_taken_from_1_to_q_minus_1(void **state)
{
    static struct sample s;
    static uint64_t scratch[TCH_MONT_EXP_SCRATCH(16) + 16];
    uint64_t z[TCH_DSA_Q_LIMBS] = { 5 };
    uint64_t nonce[TCH_DSA_Q_LIMBS] = { 0 };
    uint64_t r[TCH_DSA_Q_LIMBS], t[TCH_DSA_Q_LIMBS];
    uint64_t want[TCH_DSA_Q_LIMBS];
    const struct tch_dsa_private *k;
    struct pair pair;

    (void)state;
    sample_of(&s, RFC, "A.2.1");
    pair = load(&s);
    k = &pair.priv->dsa;
    assert_true(tch_dsa_sign_with(k, z, nonce, r, t, scratch) == 0);
    nonce[0] = 1; /* r is g mod q then */
    assert_true(tch_dsa_sign_with(k, z, nonce, r, t, scratch) == UINT64_MAX);
    tch_mont_reduce(&k->pub.q, want, k->pub.g, k->pub.p.num);
    assert_memory_equal(r, want, k->pub.q.num * sizeof r[0]);
    memcpy(nonce, k->pub.q.m, k->pub.q.num * sizeof nonce[0]);
    assert_true(tch_dsa_sign_with(k, z, nonce, r, t, scratch) == 0);
    nonce[0]--;
    assert_true(tch_dsa_sign_with(k, z, nonce, r, t, scratch) == UINT64_MAX);
    unload(&pair);
}

/* --------------------------------------------------------- hostile r and s */

static enum tch_status verify_pair(const struct pair *k,
                                   const struct sample *s,
                                   struct tch_slice r, struct tch_slice t)
{
    uint8_t sig[400];
    struct tch_writer w;
    struct tch_mark m;

    tch_wr_init(&w, sig, sizeof sig);
    m = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    tch_der_wr_unsigned(&w, r);
    tch_der_wr_unsigned(&w, t);
    return verify(k, s, finish(&w, m));
}

static void R_ATK_036_r_and_s_outside_1_to_q_minus_1_are_refused(void **state)
{
    static struct sample s;
    uint8_t bytes[4][80] = { { 0 }, { 1 } };
    struct tch_slice values[5] = { { bytes[0], 1 }, { bytes[1], 1 } };
    struct pair k;

    (void)state;
    sample_of(&s, RFC, "A.2.1");
    k = load(&s);
    memcpy(bytes[2], s.q.p, s.q.len);
    memcpy(bytes[3], s.q.p, s.q.len);
    bytes[3][s.q.len - 1]++;
    values[2] = tch_slice_of(bytes[2], s.q.len);
    values[3] = tch_slice_of(bytes[3], s.q.len);
    values[4] = s.p; /* longer than q has room for */
    for (size_t i = 0; i < COUNT(values); i++) {
        for (size_t j = 0; j < COUNT(values); j++) {
            assert_int_equal(verify_pair(&k, &s, values[i], values[j]),
                             TCH_BAD_SIGNATURE);
        }
    }
    /* A hash of zero forgives no zeros. */
    memset(s.hash_bytes, 0, sizeof s.hash_bytes);
    assert_int_equal(verify_pair(&k, &s, values[0], values[0]),
                     TCH_BAD_SIGNATURE);
    unload(&k);
}

static void R_ATK_036_r_plus_q_is_not_r(void **state)
{
    static struct sample s;
    struct tch_dss_order o;
    uint64_t r[TCH_DSA_Q_LIMBS] = { 0 }, t[TCH_DSA_Q_LIMBS] = { 0 };
    uint8_t bytes[2][32];
    struct pair k;

    (void)state;
    sample_of(&s, RFC, "A.2.1");
    k = load(&s);
    o.n = &k.pub->dsa.q;
    o.bits = k.pub->dsa.q_bits;
    assert_true(tch_dss_read(&o, s.signature, r, t));
    tch_bn_store(bytes[1], 32, t, o.n->num);
    tch_bn_store(bytes[0], 32, r, o.n->num);
    assert_int_equal(verify_pair(&k, &s, tch_slice_of(bytes[0], 32),
                                 tch_slice_of(bytes[1], 32)), TCH_OK);
    (void)tch_bn_add(r, r, o.n->m, o.n->num);
    tch_bn_store(bytes[0], 32, r, o.n->num);
    assert_int_equal(verify_pair(&k, &s, tch_slice_of(bytes[0], 32),
                                 tch_slice_of(bytes[1], 32)),
                     TCH_BAD_SIGNATURE);
    unload(&k);
}

static void R_PKI_081_only_strict_der_is_read(void **state)
{
    static struct sample s;
    uint8_t sig[80];
    uint8_t bad[82];
    size_t len;
    struct pair k;

    (void)state;
    sample_of(&s, RFC, "A.2.1");
    k = load(&s);
    len = s.signature.len;
    memcpy(sig, s.signature.p, len);
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_equal(verify(&k, &s, tch_slice_of(sig, cut)),
                         TCH_BAD_SIGNATURE);
    }
    sig[len] = 0; /* a byte behind it */
    assert_int_equal(verify(&k, &s, tch_slice_of(sig, len + 1)),
                     TCH_BAD_SIGNATURE);
    bad[0] = sig[0];
    bad[1] = 0x81; /* a length in long form */
    memcpy(bad + 2, sig + 1, len - 1);
    assert_int_equal(verify(&k, &s, tch_slice_of(bad, len + 1)),
                     TCH_BAD_SIGNATURE);
    for (size_t at = 0; at < len; at++) { /* any bit of it */
        sig[at] ^= (uint8_t)(1u << at % 8);
        assert_int_equal(verify(&k, &s, tch_slice_of(sig, len)),
                         TCH_BAD_SIGNATURE);
        sig[at] ^= (uint8_t)(1u << at % 8);
    }
    unload(&k);
}

static void an_order_that_is_not_prime_makes_no_trouble(void **state)
{
    static struct sample s;
    uint8_t factor[32];
    uint8_t one = 1;
    struct pair k;
    size_t n = 0;

    (void)state;
    vectors_open(&file, ODD);
    while (vectors_next(&file)) {
        if (strstr(vectors_text(&file, "CASE"), "not prime") != NULL) {
            fill(&s, &file);
            n = vectors_hex(&file, "FACTOR", factor, sizeof factor);
        }
    }
    assert_true(n > 0);
    k = load(&s);
    assert_int_equal(verify_pair(&k, &s, tch_slice_of(&one, 1),
                                 tch_slice_of(factor, n)),
                     TCH_BAD_SIGNATURE); /* s has no inverse */
    unload(&k);
}

/* ------------------------------------------------------------ hostile keys */

/* The number `a` of the sample changed by `delta` in its last byte. */
static struct tch_slice moved(struct tch_slice a, int delta,
                              uint8_t room[NUMBER_MAX])
{
    memcpy(room, a.p, a.len);
    room[a.len - 1] = (uint8_t)(room[a.len - 1] + delta);
    return tch_slice_of(room, a.len);
}

static void groups_that_are_none_are_bad_keys(void **state)
{
    static struct sample good;
    static struct sample s;
    static uint8_t room[NUMBER_MAX];
    static uint8_t der[DER_MAX];
    static const uint8_t small[] = { 0, 1, 2 };

    (void)state;
    sample_of(&good, RFC, "A.2.1");
    all_forms(&good, TCH_OK);
    s = good;
    for (int i = -1; i <= 1; i += 2) { /* even, then not a multiple */
        s.p = moved(good.p, i, room);
        all_forms(&s, TCH_BAD_KEY);
        s.p = moved(good.p, 2 * i, room);
        all_forms(&s, TCH_BAD_KEY);
        s.p = good.p;
        s.q = moved(good.q, i, room);
        all_forms(&s, TCH_BAD_KEY);
        s.q = moved(good.q, 2 * i, room);
        all_forms(&s, TCH_BAD_KEY);
        s.q = good.q;
    }
    for (size_t i = 0; i < COUNT(small); i++) { /* 2 is not of order q */
        s.g = tch_slice_of(&small[i], 1);
        all_forms(&s, TCH_BAD_KEY);
    }
    s.g = moved(good.p, -1, room); /* of order 2 */
    all_forms(&s, TCH_BAD_KEY);
    s.g = good.p;
    all_forms(&s, TCH_BAD_KEY);
    s.g = good.y; /* of order q: another group, x and y are no pair there */
    assert_int_equal(read_public(spki(&s, der)), TCH_OK);
    assert_int_equal(read_private(traditional(&s, der)), TCH_BAD_KEY);
}

static void numbers_outside_the_group_are_bad_keys(void **state)
{
    static struct sample good;
    static struct sample s;
    static uint8_t room[NUMBER_MAX];
    static uint8_t der[DER_MAX];
    static const uint8_t small[] = { 0, 1, 2 };

    (void)state;
    sample_of(&good, RFC, "A.2.1");
    s = good;
    for (size_t i = 0; i < COUNT(small) + 2; i++) {
        s.y = i < COUNT(small) ? tch_slice_of(&small[i], 1)
              : i == COUNT(small) ? moved(good.p, -1, room) : good.p;
        assert_int_equal(read_public(spki(&s, der)), TCH_BAD_KEY);
        assert_int_equal(read_private(traditional(&s, der)), TCH_BAD_KEY);
    }
    s.y = good.g; /* in the group, of another x */
    assert_int_equal(read_public(spki(&s, der)), TCH_OK);
    assert_int_equal(read_private(traditional(&s, der)), TCH_BAD_KEY);
    s.y = good.y;
    s.x = tch_slice_of(&small[0], 1);
    assert_int_equal(read_private(pkcs8(&s, der)), TCH_BAD_KEY);
    s.x = good.q;
    assert_int_equal(read_private(pkcs8(&s, der)), TCH_BAD_KEY);
    s.x = moved(good.q, -1, room);
    assert_int_equal(read_private(pkcs8(&s, der)), TCH_OK);
    s.x = good.p;
    assert_int_equal(read_private(pkcs8(&s, der)), TCH_BAD_KEY);
}

static void sizes_have_limits(void **state)
{
    static struct sample good;
    static struct sample s;
    static uint8_t wide[NUMBER_MAX];

    (void)state;
    sample_of(&good, RFC, "A.2.2");
    s = good;
    memset(wide, 0xFF, sizeof wide);
    s.p = tch_slice_of(wide, 513); /* above 4096 bits */
    all_forms(&s, TCH_BAD_KEY);
    s.p = tch_slice_of(wide, 63);
    all_forms(&s, TCH_BAD_KEY);
    wide[0] = 0x7F; /* 511 bits, all 64 bytes of them */
    s.p = tch_slice_of(wide, 64);
    all_forms(&s, TCH_BAD_KEY);
    s.p = good.p;
    s.q = tch_slice_of(wide, 20); /* 159 bits */
    all_forms(&s, TCH_BAD_KEY);
    s.q = tch_slice_of(wide, 33);
    all_forms(&s, TCH_BAD_KEY);
    s.q = tch_slice_of(wide, 1);
    all_forms(&s, TCH_BAD_KEY);
    s.q = good.p;
    all_forms(&s, TCH_BAD_KEY);
}

static void a_key_cut_anywhere_is_refused(void **state)
{
    static form *const forms[] = { spki, pkcs8, traditional };
    static struct sample s;

    (void)state;
    sample_of(&s, RFC, "A.2.1");
    for (size_t i = 0; i < COUNT(forms); i++) {
        uint8_t der[DER_MAX];
        size_t len = forms[i](&s, der).len;

        der[len] = 0;
        for (size_t n = 0; n <= len + 1; n++) {
            enum tch_status st = i == 0 ? read_public(tch_slice_of(der, n))
                                        : read_private(tch_slice_of(der, n));

            assert_int_equal(st, n == len ? TCH_OK : TCH_BAD_KEY);
        }
    }
}

static void a_changed_byte_is_noticed(void **state)
{
    static struct sample s;
    uint8_t der[DER_MAX];
    struct tch_slice all;
    uint8_t *spoilt = der;

    (void)state;
    sample_of(&s, RFC, "A.2.1");
    all = traditional(&s, der);
    for (size_t at = 0; at < all.len; at++) {
        spoilt[at] ^= 1;
        assert_int_equal(read_private(all), TCH_BAD_KEY);
        spoilt[at] ^= 1;
    }
    all = spki(&s, der);
    for (size_t at = 0; at < all.len; at++) {
        enum tch_status st;

        spoilt[at] ^= 1;
        st = read_public(all);
        /* Another OID is another algorithm. */
        assert_true(st == TCH_BAD_KEY || st == TCH_NOT_SUPPORTED);
        spoilt[at] ^= 1;
    }
}

static void parameters_of_the_issuer_are_not_supported(void **state)
{
    /* { { DSA }, BIT STRING { INTEGER 2 } }, then with NULL as parameters;
     * and PKCS#8 the same way. */
    static const struct {
        const char *hex;
        enum tch_status want;
        bool private_key;
    } cases[] = {
        { "3011300906072A8648CE3804010304" "00020102", TCH_NOT_SUPPORTED,
          false },
        { "3013300B06072A8648CE380401" "0500" "030400020102", TCH_BAD_KEY,
          false },
        { "3013300B06072A8648CE380401" "3000" "030400020102", TCH_BAD_KEY,
          false },
        { "3013020100300906072A8648CE3804010403020102", TCH_NOT_SUPPORTED,
          true },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t der[100];
        struct tch_slice all = tch_slice_of(
            der, unhex(cases[i].hex, der, sizeof der));

        assert_int_equal(cases[i].private_key ? read_private(all)
                                              : read_public(all),
                         cases[i].want);
    }
}

static void the_forms_give_the_same_key(void **state)
{
    static struct sample s;
    static struct sample other;
    uint8_t der[DER_MAX];
    struct tch_private_key *old;
    struct pair k;
    struct pair k2;

    (void)state;
    sample_of(&s, RFC, "A.2.1");
    sample_of(&other, RFC, "A.2.2");
    k = load(&s);
    k2 = load(&other);
    old = private_key_der(traditional(&s, der));
    assert_int_equal(tch_private_key_info(old).kind, TCH_KEY_DSA);
    assert_int_equal(tch_private_key_info(old).bits, 1024);
    assert_int_equal(tch_public_key_info(k2.pub).bits, 2048);
    assert_true(tch_key_pair_matches(k.pub, old));
    assert_true(tch_key_pair_matches(k.pub, k.priv));
    assert_false(tch_key_pair_matches(k2.pub, old));
    assert_false(tch_key_pair_matches(k.pub, k2.priv));
    tch_private_key_free(old);
    unload(&k);
    /* The same group, another y. */
    other = s;
    other.y = s.g;
    k = load(&other);
    assert_false(tch_key_pair_matches(k.pub, k.priv));
    unload(&k);
    unload(&k2);
}

/* ------------------------------------------------------------------ memory */

static void every_failing_allocation_is_survived(void **state)
{
    static struct sample s;
    uint64_t seed = 9;
    struct tch_draw_source draw = seeded_draw(&seed);
    uint8_t der[DER_MAX];
    struct tch_slice all;
    enum tch_status st = TCH_NO_MEMORY;

    (void)state;
    sample_of(&s, RFC, "A.2.1");
    all = pkcs8(&s, der);
    for (size_t fail_at = 1; st != TCH_OK; fail_at++) {
        struct counter count = { .fail_at = fail_at };
        struct tch_alloc alloc = counted_alloc(&count); /* checks wiping */
        struct tch_private_key *k;
        uint8_t sig[TCH_SIGNATURE_MAX];
        size_t len = 0;

        st = tch_private_key_read(&alloc, all, &k);
        if (st == TCH_OK) {
            st = tch_sign_hash(k, TCH_SCHEME_DSA_SHA1,
                               tch_slice_of(s.hash_bytes, 20), &draw, sig,
                               &len);
        }
        tch_private_key_free(k);
        assert_int_equal(count.taken, 0);
        assert_true(st == TCH_OK || (st == TCH_NO_MEMORY && len == 0));
        assert_true(fail_at < 10);
    }
}

static void every_failing_allocation_of_a_check_is_survived(void **state)
{
    static struct sample s;
    uint8_t der[DER_MAX];
    struct tch_slice all;
    enum tch_status st = TCH_NO_MEMORY;

    (void)state;
    sample_of(&s, RFC, "A.2.1 sha256 sample");
    all = spki(&s, der);
    for (size_t fail_at = 1; st != TCH_OK; fail_at++) {
        struct counter count = { .fail_at = fail_at };
        struct tch_alloc alloc = counted_alloc(&count);
        struct tch_public_key *k;

        st = tch_public_key_read(&alloc, all, &k);
        if (st == TCH_OK) {
            st = tch_verify_hash(k, TCH_SCHEME_DSA_SHA256, s.hash,
                                 s.signature);
        }
        tch_public_key_free(k);
        assert_int_equal(count.taken, 0);
        assert_true(st == TCH_OK || st == TCH_NO_MEMORY);
        assert_true(fail_at < 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_6979),
        cmocka_unit_test(groups_of_any_size_between_the_limits_work),
        cmocka_unit_test(a_hedged_nonce_is_another_one_each_time),
        cmocka_unit_test(R_ATK_033_nonces_are_taken_from_1_to_q_minus_1),
        cmocka_unit_test(R_ATK_036_r_and_s_outside_1_to_q_minus_1_are_refused),
        cmocka_unit_test(R_ATK_036_r_plus_q_is_not_r),
        cmocka_unit_test(R_PKI_081_only_strict_der_is_read),
        cmocka_unit_test(an_order_that_is_not_prime_makes_no_trouble),
        cmocka_unit_test(groups_that_are_none_are_bad_keys),
        cmocka_unit_test(numbers_outside_the_group_are_bad_keys),
        cmocka_unit_test(sizes_have_limits),
        cmocka_unit_test(a_key_cut_anywhere_is_refused),
        cmocka_unit_test(a_changed_byte_is_noticed),
        cmocka_unit_test(parameters_of_the_issuer_are_not_supported),
        cmocka_unit_test(the_forms_give_the_same_key),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(every_failing_allocation_of_a_check_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
