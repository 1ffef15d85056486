/*
 * Signing and checking by scheme: which key may do what, round trips, and
 * that all of a signature, message, key and scheme matters.
 */

#include <string.h>

#include "crypto-glue/hash.h"
#include "crypto-glue/keys_private.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"

static const char *const files[] = {
    "vectors/certs/server-rsa512.key",  "vectors/certs/server-rsa1024.key",
    "vectors/certs/server-rsa2048.key", "vectors/certs/server-pss2048.key",
    "vectors/certs/server-ec256.key",   "vectors/certs/server-ec384.key",
    "vectors/certs/server-ec521.key",   "vectors/certs/server-ed25519.key",
    "vectors/certs/server-dsa2048.key",
};

static uint64_t seed = 41;

/* R-PKI-084, and what fits into 64 bytes of an RSA key of 512 bits: PKCS#1
 * with a DigestInfo of up to 53 bytes (SHA-256: 51), no PSS but none: 66
 * bytes are the least. */
static bool may_sign(struct tch_key_info key, const struct tch_scheme_row *row)
{
    switch (row->kind) {
    case TCH_SIG_ECDSA:
        return key.kind == TCH_KEY_EC;
    case TCH_SIG_RSA_PKCS1:
        return key.kind == TCH_KEY_RSA &&
               (key.bits > 512 || (row->hash != TCH_HASH_SHA384 &&
                                   row->hash != TCH_HASH_SHA512));
    case TCH_SIG_RSA_PSS:
        if (key.bits == 512 ||
            (key.bits == 1024 && row->hash == TCH_HASH_SHA512)) {
            return false; /* 2 * 64 + 2 > 128 */
        }
        return key.kind == row->key;
    case TCH_SIG_EDDSA:
        return key.kind == TCH_KEY_ED25519 && row->key == key.kind;
    case TCH_SIG_DSA:
        return key.kind == TCH_KEY_DSA;
    default:
        return false;
    }
}

static void R_PKI_084_schemes_fit_the_keys_they_are_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct tch_private_key *k = private_key_file(files[i]);
        struct tch_key_info info = tch_private_key_info(k);
        const struct tch_scheme_row *row;

        for (size_t j = 0; (row = tch_scheme_at(j)) != NULL; j++) {
            if (tch_scheme_fits(info, row->code) != may_sign(info, row)) {
                fail_msg("%s with %s", files[i], row->name);
            }
        }
        assert_false(tch_scheme_fits(info, 0));
        assert_false(tch_scheme_fits(info, 0x0404));
        tch_private_key_free(k);
    }
}

static void a_pss_key_tied_to_a_hash_has_one_scheme(void **state)
{
    struct tch_key_info info = { TCH_KEY_RSA_PSS, 2048, 0, TCH_HASH_SHA384 };

    (void)state;
    assert_false(tch_scheme_fits(info, TCH_SCHEME_RSA_PSS_PSS_SHA256));
    assert_true(tch_scheme_fits(info, TCH_SCHEME_RSA_PSS_PSS_SHA384));
    assert_false(tch_scheme_fits(info, TCH_SCHEME_RSA_PSS_RSAE_SHA384));
}

/* What must be refused once one thing is not as it was signed. */
static void check_twins(const struct tch_public_key *pub, unsigned scheme,
                        const struct tch_slice *message, uint8_t *sig,
                        size_t len)
{
    struct tch_slice s = tch_slice_of(sig, len);
    struct tch_slice shorter = tch_slice_of(message->p, message->len - 1);

    assert_int_equal(tch_verify(pub, scheme, &shorter, 1, s),
                     TCH_BAD_SIGNATURE);
    assert_int_equal(tch_verify(pub, scheme, message, 1,
                                tch_slice_of(sig, len - 1)),
                     TCH_BAD_SIGNATURE);
    assert_int_equal(tch_verify(pub, scheme, message, 1,
                                tch_slice_of(sig, 0)), TCH_BAD_SIGNATURE);
    for (size_t at = 0; at < len; at += 1 + len / 5) {
        sig[at] ^= 0x10;
        assert_int_equal(tch_verify(pub, scheme, message, 1, s),
                         TCH_BAD_SIGNATURE);
        sig[at] ^= 0x10;
    }
}

static void every_scheme_signs_what_it_verifies(void **state)
{
    static const uint8_t text[] = "signed bytes";
    struct tch_slice message = { text, sizeof text };
    struct tch_draw_source draw = seeded_draw(&seed);

    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct tch_private_key *k = private_key_file(files[i]);
        uint8_t spki[1200];
        struct tch_public_key *pub = public_key_der(
            tch_slice_of(spki, spki_of(k, spki, sizeof spki)));
        const struct tch_scheme_row *row;

        for (size_t j = 0; (row = tch_scheme_at(j)) != NULL; j++) {
            bool fits = tch_scheme_fits(tch_private_key_info(k), row->code);
            uint8_t sig[TCH_SIGNATURE_MAX + 1];
            size_t len;

            assert_int_equal(tch_sign(k, row->code, &message, 1, &draw, sig,
                                      &len), fits ? TCH_OK : TCH_BAD_KEY);
            assert_int_equal(tch_verify(pub, row->code, &message, 1,
                                        tch_slice_of(sig, len)),
                             fits ? TCH_OK : TCH_BAD_KEY);
            if (fits) {
                check_twins(pub, row->code, &message, sig, len);
            }
        }
        tch_private_key_free(k);
        tch_public_key_free(pub);
    }
}

static void a_message_in_pieces_is_the_same_message(void **state)
{
    static const uint8_t text[] = "one two three";
    struct tch_slice whole = { text, 13 };
    struct tch_slice parts[3] = { { text, 4 }, { NULL, 0 }, { text + 4, 9 } };
    struct tch_private_key *k = private_key_file(files[2]);
    struct tch_draw_source draw = seeded_draw(&seed);
    uint8_t a[TCH_SIGNATURE_MAX];
    uint8_t b[TCH_SIGNATURE_MAX];
    uint8_t hash[32];
    size_t a_len;
    size_t b_len;

    (void)state;
    assert_int_equal(tch_sign(k, 0x0401, &whole, 1, &draw, a, &a_len),
                     TCH_OK);
    assert_int_equal(tch_sign(k, 0x0401, parts, 3, &draw, b, &b_len),
                     TCH_OK);
    assert_int_equal(a_len, 256);
    assert_int_equal(b_len, 256);
    assert_memory_equal(a, b, 256); /* PKCS#1 v1.5 is deterministic */
    tch_hash(TCH_HASH_SHA256, &whole, 1, hash);
    assert_int_equal(tch_sign_hash(k, 0x0401, tch_slice_of(hash, 32), &draw,
                                   b, &b_len), TCH_OK);
    assert_memory_equal(a, b, 256);
    assert_int_equal(tch_sign_hash(k, 0x0401, tch_slice_of(hash, 31), &draw,
                                   b, &b_len), TCH_BAD_KEY);
    assert_int_equal(b_len, 0);
    tch_private_key_free(k);
}

static void an_ed25519_key_signs_no_finished_hash(void **state)
{
    struct tch_private_key *k = private_key_file(files[7]);
    struct tch_draw_source draw = seeded_draw(&seed);
    uint8_t sig[TCH_SIGNATURE_MAX];
    uint8_t hash[64] = { 1 };
    uint8_t spki[100];
    struct tch_public_key *pub = public_key_der(
        tch_slice_of(spki, spki_of(k, spki, sizeof spki)));
    size_t len;

    (void)state;
    assert_int_equal(tch_sign_hash(k, TCH_SCHEME_ED25519,
                                   tch_slice_of(hash, 64), &draw, sig, &len),
                     TCH_NOT_SUPPORTED);
    assert_int_equal(len, 0);
    assert_int_equal(tch_verify_hash(pub, TCH_SCHEME_ED25519,
                                     tch_slice_of(hash, 64),
                                     tch_slice_of(sig, 64)),
                     TCH_NOT_SUPPORTED);
    tch_private_key_free(k);
    tch_public_key_free(pub);
}

static void no_randomness_no_signature(void **state)
{
    static const unsigned schemes[] = { 0x0401, 0x0804 };
    static const uint8_t text[] = "x";
    struct tch_slice message = { text, 1 };
    struct tch_private_key *k = private_key_file(files[2]);
    struct tch_private_key *ec = private_key_file(files[4]);
    uint8_t sig[TCH_SIGNATURE_MAX];
    size_t len;

    (void)state;
    for (size_t i = 0; i < COUNT(schemes); i++) {
        assert_int_equal(tch_sign(k, schemes[i], &message, 1, &failing_draw,
                                  sig, &len), TCH_NO_RANDOM);
        assert_int_equal(len, 0);
    }
    assert_int_equal(tch_sign(ec, 0x0403, &message, 1, &failing_draw, sig,
                              &len), TCH_NO_RANDOM);
    tch_private_key_free(k);
    tch_private_key_free(ec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R_PKI_084_schemes_fit_the_keys_they_are_for),
        cmocka_unit_test(a_pss_key_tied_to_a_hash_has_one_scheme),
        cmocka_unit_test(every_scheme_signs_what_it_verifies),
        cmocka_unit_test(a_message_in_pieces_is_the_same_message),
        cmocka_unit_test(an_ed25519_key_signs_no_finished_hash),
        cmocka_unit_test(no_randomness_no_signature),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
