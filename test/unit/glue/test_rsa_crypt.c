/*
 * RSA key transport: every malformation of R-ATK-001 gives TCH_OK and the
 * bytes that were there before.
 */

#include <string.h>

#include "crypto-glue/keys_private.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"

struct pair {
    struct tch_private_key *priv;
    struct tch_public_key *pub;
};

static void load_pair(struct pair *p, const char *file)
{
    uint8_t spki[1200];

    p->priv = private_key_file(file);
    p->pub = public_key_der(tch_slice_of(spki, spki_of(p->priv, spki,
                                                       sizeof spki)));
}

static void free_pair(struct pair *p)
{
    tch_private_key_free(p->priv);
    tch_public_key_free(p->pub);
}

/* Decrypts; true when the answer is `want`, false when it is the fallback. */
static bool decrypts_to(const struct pair *p, struct tch_slice ct,
                        const uint8_t want[48])
{
    static uint64_t seed = 17;
    struct tch_draw_source draw = seeded_draw(&seed);
    uint8_t out[48];
    uint8_t fallback[48];

    memset(fallback, 0xC3, sizeof fallback);
    memcpy(out, fallback, sizeof out);
    assert_int_equal(tch_rsa_decrypt_premaster(p->priv, ct, &draw, out),
                     TCH_OK);
    if (memcmp(out, want, 48) == 0) {
        return true;
    }
    assert_memory_equal(out, fallback, 48);
    return false;
}

/* The ciphertext of a whole block. */
static struct tch_slice raw_encrypt(const struct pair *p, const uint8_t *em,
                                    uint8_t *out)
{
    size_t len = p->pub->rsa.len;

    assert_true(tch_rsa_public_op(&p->pub->rsa, tch_slice_of(em, len), out));
    return tch_slice_of(out, len);
}

static void a_premaster_secret_comes_back(void **state)
{
    static const char *const files[] = {
        "vectors/certs/server-rsa512.key", "vectors/certs/server-rsa1024.key",
        "vectors/certs/server-rsa2048.key", "vectors/certs/server-rsa3072.key",
    };
    uint64_t seed = 5;
    struct tch_draw_source draw = seeded_draw(&seed);

    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct pair p;
        uint8_t pms[48];
        uint8_t ct[TCH_SIGNATURE_MAX];
        size_t len;

        load_pair(&p, files[i]);
        bytes_fill(&seed, pms, sizeof pms);
        assert_int_equal(tch_rsa_encrypt(p.pub, tch_slice_of(pms, 48), &draw,
                                         ct, &len), TCH_OK);
        assert_int_equal(len, p.pub->rsa.len);
        assert_true(decrypts_to(&p, tch_slice_of(ct, len), pms));
        ct[len / 2] ^= 1;
        assert_false(decrypts_to(&p, tch_slice_of(ct, len), pms));
        free_pair(&p);
    }
}

/* A block of 00 02 padding 00 content with `content_len` bytes. */
static void block(uint8_t em[256], size_t content_len)
{
    memset(em, 0x11, 256);
    em[0] = 0;
    em[1] = 2;
    em[255 - content_len] = 0;
    memset(em + 256 - content_len, 0x77, content_len);
}

static void R_ATK_001_every_malformation_gives_the_fallback(void **state)
{
    struct pair p;
    uint8_t em[256];
    uint8_t ct[257] = { 0 };
    uint8_t pms[48];

    (void)state;
    load_pair(&p, "vectors/certs/server-rsa2048.key");
    memset(pms, 0x77, sizeof pms);
    block(em, 48);
    assert_true(decrypts_to(&p, raw_encrypt(&p, em, ct), pms));
    static const size_t lengths[] = { 0, 1, 46, 47, 49, 50, 128, 245 };
    for (size_t i = 0; i < COUNT(lengths); i++) {
        block(em, lengths[i]);
        assert_false(decrypts_to(&p, raw_encrypt(&p, em, ct), pms));
    }
    block(em, 48); /* not 00 02 */
    em[1] = 1;
    assert_false(decrypts_to(&p, raw_encrypt(&p, em, ct), pms));
    em[1] = 2;
    em[0] = 1;
    assert_false(decrypts_to(&p, raw_encrypt(&p, em, ct), pms));
    block(em, 48); /* no zero */
    em[207] = 1;
    assert_false(decrypts_to(&p, raw_encrypt(&p, em, ct), pms));
    for (size_t at = 2; at < 207; at += 5) { /* a zero too early */
        block(em, 48);
        em[at] = 0;
        assert_false(decrypts_to(&p, raw_encrypt(&p, em, ct), pms));
    }
    free_pair(&p);
}

static void R_KX_026_ciphertexts_of_another_length_take_the_same_way(
    void **state)
{
    struct pair p;
    uint8_t em[256];
    uint8_t ct[300] = { 0 };
    uint8_t pms[48];
    const struct tch_mont *n;

    (void)state;
    load_pair(&p, "vectors/certs/server-rsa2048.key");
    n = &p.pub->rsa.n;
    memset(pms, 0x77, sizeof pms);
    block(em, 48);
    (void)raw_encrypt(&p, em, ct + 1);
    assert_true(decrypts_to(&p, tch_slice_of(ct + 1, 256), pms));
    assert_false(decrypts_to(&p, tch_slice_of(ct, 257), pms));
    assert_false(decrypts_to(&p, tch_slice_of(ct + 1, 255), pms));
    assert_false(decrypts_to(&p, tch_slice_of(NULL, 0), pms));
    tch_bn_store(ct, 256, n->m, n->num); /* n itself */
    assert_false(decrypts_to(&p, tch_slice_of(ct, 256), pms));
    memset(ct, 0xFF, sizeof ct);
    assert_false(decrypts_to(&p, tch_slice_of(ct, 256), pms));
    memset(ct, 0, sizeof ct);
    assert_false(decrypts_to(&p, tch_slice_of(ct, 256), pms));
    free_pair(&p);
}

static void only_our_own_failures_show(void **state)
{
    struct pair p;
    struct pair ec;
    uint8_t ct[256] = { 1 };
    uint8_t out[TCH_SIGNATURE_MAX] = { 0 };
    uint64_t seed = 5;
    struct tch_draw_source draw = seeded_draw(&seed);
    size_t len;

    (void)state;
    load_pair(&p, "vectors/certs/server-rsa2048.key");
    load_pair(&ec, "vectors/certs/server-ec256.key");
    assert_int_equal(tch_rsa_decrypt_premaster(ec.priv, tch_slice_of(ct, 256),
                                               &draw, out), TCH_BAD_KEY);
    assert_int_equal(tch_rsa_decrypt_premaster(p.priv, tch_slice_of(ct, 256),
                                               &failing_draw, out),
                     TCH_NO_RANDOM);
    assert_true(bytes_are_zero(out, 48));
    assert_int_equal(tch_rsa_encrypt(ec.pub, tch_slice_of(ct, 48), &draw, out,
                                     &len), TCH_BAD_KEY);
    assert_int_equal(tch_rsa_encrypt(p.pub, tch_slice_of(ct, 246), &draw, out,
                                     &len), TCH_BAD_KEY);
    assert_int_equal(tch_rsa_encrypt(p.pub, tch_slice_of(ct, 48),
                                     &failing_draw, out, &len),
                     TCH_NO_RANDOM);
    assert_int_equal(len, 0);
    free_pair(&p);
    free_pair(&ec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_premaster_secret_comes_back),
        cmocka_unit_test(R_ATK_001_every_malformation_gives_the_fallback),
        cmocka_unit_test(
            R_KX_026_ciphertexts_of_another_length_take_the_same_way),
        cmocka_unit_test(only_our_own_failures_show),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
