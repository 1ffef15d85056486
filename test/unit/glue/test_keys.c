/*
 * Loading keys: each form that files have, each kind, and what is wrong with
 * a key found on loading. The files in vectors/certs were made by openssl.
 */

#include "crypto-glue/keys.h"

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/keys_private.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"

#define CERTS "vectors/certs/"

static void files_load_and_say_what_they_are(void **state)
{
    static const struct {
        const char *file;
        enum tch_key_kind kind;
        unsigned bits;
        unsigned group;
    } files[] = {
        { CERTS "server-rsa512.key", TCH_KEY_RSA, 512, 0 },
        { CERTS "server-rsa1024.key", TCH_KEY_RSA, 1024, 0 },
        { CERTS "server-rsa2048.key", TCH_KEY_RSA, 2048, 0 },
        { CERTS "server-rsa2048-pkcs1.key", TCH_KEY_RSA, 2048, 0 },
        { CERTS "server-rsa3072.key", TCH_KEY_RSA, 3072, 0 },
        { CERTS "server-pss2048.key", TCH_KEY_RSA_PSS, 2048, 0 },
        { CERTS "server-ec256.key", TCH_KEY_EC, 256, 23 },
        { CERTS "server-ec256-sec1.key", TCH_KEY_EC, 256, 23 },
        { CERTS "server-ec256-sec1-params.key", TCH_KEY_EC, 256, 23 },
        { CERTS "server-ec384.key", TCH_KEY_EC, 384, 24 },
        { CERTS "server-ec521.key", TCH_KEY_EC, 521, 25 },
        { CERTS "server-ed25519.key", TCH_KEY_ED25519, 256, 0 },
        { CERTS "server-dsa2048.key", TCH_KEY_DSA, 2048, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct tch_private_key *k = private_key_file(files[i].file);
        struct tch_key_info info = tch_private_key_info(k);
        uint8_t spki[1200];
        struct tch_public_key *pub = public_key_der(
            tch_slice_of(spki, spki_of(k, spki, sizeof spki)));
        struct tch_key_info public_info = tch_public_key_info(pub);

        assert_int_equal(info.kind, files[i].kind);
        assert_int_equal(info.bits, files[i].bits);
        assert_int_equal(info.group, files[i].group);
        assert_int_equal(public_info.kind, info.kind);
        assert_int_equal(public_info.bits, info.bits);
        assert_int_equal(public_info.group, info.group);
        assert_true(tch_key_pair_matches(pub, k));
        tch_public_key_free(pub);
        tch_private_key_free(k);
    }
}

static size_t der_file(const char *name, uint8_t *out, size_t cap)
{
    char path[100];

    snprintf(path, sizeof path, CERTS "%s", name);
    return file_read(path, out, cap);
}

static enum tch_status read_private(const uint8_t *der, size_t len)
{
    struct tch_private_key *k;
    enum tch_status s = tch_private_key_read(&tch_alloc_default,
                                             tch_slice_of(der, len), &k);

    assert_true((s == TCH_OK) == (k != NULL));
    tch_private_key_free(k);
    return s;
}

static enum tch_status read_public(const uint8_t *der, size_t len)
{
    struct tch_public_key *k;
    enum tch_status s = tch_public_key_read(&tch_alloc_default,
                                            tch_slice_of(der, len), &k);

    assert_true((s == TCH_OK) == (k != NULL));
    tch_public_key_free(k);
    return s;
}

static const char *const der_files[] = {
    "server-rsa2048-key.der", "server-rsa2048-pkcs1.der",
    "server-ec256-key.der", "server-ec256-sec1.der",
    "server-ed25519-key.der",
};

static void a_key_cut_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(der_files); i++) {
        uint8_t der[3000];
        size_t len = der_file(der_files[i], der, sizeof der);

        assert_int_equal(read_private(der, len), TCH_OK);
        for (size_t cut = 0; cut < len; cut++) {
            assert_int_equal(read_private(der, cut), TCH_BAD_KEY);
        }
        der[len] = 0;
        assert_int_equal(read_private(der, len + 1), TCH_BAD_KEY);
    }
}

/* Every byte of the EC keys, which load fast; of the RSA ones, every tenth. A
 * changed byte may only pass where nothing depends on it: in d of an RSA key,
 * which the CRT numbers stand in for (26 of its 256 bytes are tried), and in
 * the version of PKCS#8, which may be 1. */
static void a_changed_byte_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(der_files); i++) {
        uint8_t der[3000];
        size_t len = der_file(der_files[i], der, sizeof der);
        bool rsa = i < 2;
        unsigned passed = 0;

        for (size_t at = 0; at < len; at += rsa ? 10 : 1) {
            der[at] ^= 1;
            passed += read_private(der, len) == TCH_OK;
            der[at] ^= 1;
        }
        /* And an Ed25519 key is any 32 bytes. */
        assert_true(passed <= (rsa ? 26u : i == 2 ? 1u : i == 4 ? 33u : 0u));
    }
}

static void other_kinds_are_not_supported_and_not_broken(void **state)
{
    /* An X25519 key (RFC 8410 7): it agrees, it signs nothing. */
    uint8_t der[48] = { 0x30, 0x2E, 2,    1,    0,    0x30, 5,    6,
                        3,    0x2B, 0x65, 0x6E, 4,    0x22, 4,    0x20 };

    (void)state;
    assert_int_equal(read_private(der, sizeof der), TCH_NOT_SUPPORTED);
    assert_int_equal(read_private(der, 0), TCH_BAD_KEY);
}

static void pairs_of_two_keys_do_not_match(void **state)
{
    static const char *const files[] = {
        CERTS "server-rsa2048.key", CERTS "client-rsa2048.key",
        CERTS "server-pss2048.key", CERTS "server-ec256.key",
        CERTS "client-ec256.key",   CERTS "server-ec384.key",
        CERTS "server-ed25519.key", CERTS "server-dsa2048.key",
    };
    struct tch_private_key *priv[COUNT(files)];
    struct tch_public_key *pub[COUNT(files)];
    uint8_t spki[1200];

    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        priv[i] = private_key_file(files[i]);
        pub[i] = public_key_der(
            tch_slice_of(spki, spki_of(priv[i], spki, sizeof spki)));
    }
    for (size_t i = 0; i < COUNT(files); i++) {
        for (size_t j = 0; j < COUNT(files); j++) {
            assert_true(tch_key_pair_matches(pub[i], priv[j]) == (i == j));
        }
    }
    for (size_t i = 0; i < COUNT(files); i++) {
        tch_private_key_free(priv[i]);
        tch_public_key_free(pub[i]);
    }
}

static void R_PKI_001_a_public_key_is_strict_der(void **state)
{
    static const char *const files[] = { CERTS "server-rsa1024.key",
                                         CERTS "server-ec256.key" };

    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct tch_private_key *k = private_key_file(files[i]);
        uint8_t der[600];
        size_t len = spki_of(k, der, sizeof der - 1);
        size_t bits;

        assert_int_equal(read_public(der, len), TCH_OK);
        for (size_t cut = 0; cut < len; cut++) {
            assert_int_equal(read_public(der, cut), TCH_BAD_KEY);
        }
        der[len] = 0;
        assert_int_equal(read_public(der, len + 1), TCH_BAD_KEY);
        /* The byte of unused bits in front of the key. */
        bits = len - (i == 0 ? 0x8D : 66);
        assert_int_equal(der[bits], 0);
        der[bits] = 1;
        assert_int_equal(read_public(der, len), TCH_BAD_KEY);
        tch_private_key_free(k);
    }
}

static void spki_hex(const char *hex, enum tch_status want)
{
    uint8_t der[400];
    size_t n = unhex(hex, der, sizeof der);

    assert_int_equal(read_public(der, n), want);
}

#define P256_G                                                                \
    "034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" \
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"

static void R_ATK_015_curves_are_named_and_ours(void **state)
{
    (void)state;
    spki_hex("3059301306072a8648ce3d020106082a8648ce3d030107" P256_G, TCH_OK);
    /* The same point on secp256k1, on P-384, with NULL and with no
     * parameters, and with a byte behind the curve. */
    spki_hex("3056301006072a8648ce3d020106052b8104000a" P256_G,
             TCH_NOT_SUPPORTED);
    spki_hex("3056301006072a8648ce3d020106052b81040022" P256_G, TCH_BAD_KEY);
    spki_hex("3051300b06072a8648ce3d02010500" P256_G, TCH_NOT_SUPPORTED);
    spki_hex("304f300906072a8648ce3d0201" P256_G, TCH_BAD_KEY);
    spki_hex("305b301506072a8648ce3d020106082a8648ce3d0301070500" P256_G,
             TCH_BAD_KEY);
    /* Explicit parameters, whatever they say. */
    spki_hex("3054300e06072a8648ce3d02013003020101" P256_G,
             TCH_NOT_SUPPORTED);
    /* An algorithm nobody knows. */
    spki_hex("3052300c06082a030405060708090500" P256_G, TCH_NOT_SUPPORTED);
}

/* The AlgorithmIdentifier of an RSASSA-PSS key with these parameters. */
static enum tch_status pss_params(const char *hex, enum tch_hash *h)
{
    static const uint8_t oid[] = { 0x06, 9, 0x2A, 0x86, 0x48, 0x86,
                                   0xF7, 0x0D, 1,    1,    10 };
    uint8_t params[200];
    uint8_t der[300];
    struct tch_key_algorithm alg;
    struct tch_writer w;
    struct tch_mark m;
    struct tch_reader r;
    enum tch_status s;
    size_t n = unhex(hex, params, sizeof params);

    TCH_FIELD(test, "4055 3.1");
    tch_wr_init(&w, der, sizeof der);
    m = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    tch_wr_bytes(&w, oid, sizeof oid);
    tch_wr_bytes(&w, params, n);
    tch_der_wr_close(&w, m);
    tch_rd_init(&r, tch_wr_done(&w), &f_test, NULL);
    s = tch_key_algorithm_read(&r, &alg);
    *h = alg.pss_hash;
    return s;
}

static void pss_keys_may_be_tied_to_a_hash(void **state)
{
    enum tch_hash h;

    (void)state;
    assert_int_equal(pss_params("", &h), TCH_OK);
    assert_int_equal(h, TCH_HASH_NONE);
    /* SHA-256, MGF1 with it, salt 32; then salt 33, MGF1 with SHA-384. */
    assert_int_equal(
        pss_params("3030A00D300B0609608648016503040201A11A301806092A864886F70D"
                   "010108300B0609608648016503040201A203020120", &h), TCH_OK);
    assert_int_equal(h, TCH_HASH_SHA256);
    assert_int_equal(
        pss_params("3030A00D300B0609608648016503040201A11A301806092A864886F70D"
                   "010108300B0609608648016503040201A203020121", &h),
        TCH_NOT_SUPPORTED);
    assert_int_equal(
        pss_params("3030A00D300B0609608648016503040201A11A301806092A864886F70D"
                   "010108300B0609608648016503040202A203020120", &h),
        TCH_NOT_SUPPORTED);
    /* All defaults: SHA-1. Another trailer; an unknown field; no SEQUENCE. */
    assert_int_equal(pss_params("3000", &h), TCH_NOT_SUPPORTED);
    assert_int_equal(
        pss_params("3035A00D300B0609608648016503040201A11A301806092A864886F70D"
                   "010108300B0609608648016503040201A203020120A303020102", &h),
        TCH_NOT_SUPPORTED);
    assert_int_equal(pss_params("3005A403020101", &h), TCH_BAD_KEY);
    assert_int_equal(pss_params("0500", &h), TCH_BAD_KEY);
}

/* SEC 1 keys by hand, R-PKI-102. The scalar 1 has G as its point. */
#define ONE "0000000000000000000000000000000000000000000000000000000000000001"

static enum tch_status sec1(const char *hex)
{
    uint8_t der[400];
    size_t n = unhex(hex, der, sizeof der);

    return read_private(der, n);
}

static void R_PKI_102_scalars_have_field_length_and_range(void **state)
{
    (void)state;
    assert_int_equal(sec1("30310201010420" ONE "A00A06082a8648ce3d030107"),
                     TCH_OK);
    /* Zero, the order, one byte less, no curve, version 0 and 2. */
    assert_int_equal(sec1("30310201010420"
                          "00000000000000000000000000000000"
                          "00000000000000000000000000000000"
                          "A00A06082a8648ce3d030107"), TCH_BAD_KEY);
    assert_int_equal(sec1("30310201010420"
                          "ffffffff00000000ffffffffffffffff"
                          "bce6faada7179e84f3b9cac2fc632551"
                          "A00A06082a8648ce3d030107"), TCH_BAD_KEY);
    assert_int_equal(sec1("30310201010420"
                          "ffffffff00000000ffffffffffffffff"
                          "bce6faada7179e84f3b9cac2fc632550"
                          "A00A06082a8648ce3d030107"), TCH_OK);
    assert_int_equal(sec1("3012020101040101A00A06082a8648ce3d030107"),
                     TCH_BAD_KEY);
    assert_int_equal(sec1("30250201010420" ONE), TCH_BAD_KEY);
    assert_int_equal(sec1("30310201000420" ONE "A00A06082a8648ce3d030107"),
                     TCH_BAD_KEY);
    assert_int_equal(sec1("30310201020420" ONE "A00A06082a8648ce3d030107"),
                     TCH_BAD_KEY);
}

static void a_public_key_beside_the_private_one_must_be_its_own(void **state)
{
    (void)state;
    assert_int_equal(sec1("30770201010420" ONE "A00A06082a8648ce3d030107"
                          "A144" P256_G), TCH_OK);
    assert_int_equal(sec1("30770201010420"
                          "00000000000000000000000000000000"
                          "00000000000000000000000000000002"
                          "A00A06082a8648ce3d030107A144" P256_G),
                     TCH_BAD_KEY);
}

static void R_PKI_101_multi_prime_keys_are_refused(void **state)
{
    uint8_t der[3000];
    size_t len = der_file("server-rsa2048-pkcs1.der", der, sizeof der);

    (void)state;
    assert_int_equal(der[6], 0); /* SEQUENCE, long length, INTEGER 0 */
    der[6] = 1;
    assert_int_equal(read_private(der, len), TCH_NOT_SUPPORTED);
    der[6] = 2;
    assert_int_equal(read_private(der, len), TCH_BAD_KEY);
}

static void R_PKI_103_pkcs8_may_have_attributes_and_a_public_key(
    void **state)
{
    uint8_t der[3000];
    size_t len = der_file("server-ec256-key.der", der, sizeof der - 20);
    static const uint8_t attributes[] = { 0xA0, 0 };
    static const uint8_t public_key[] = { 0x81, 2, 0, 0x55 };

    (void)state;
    assert_int_equal(der[1], 0x81); /* SEQUENCE, one byte of length */
    assert_int_equal(der[5], 0);    /* version */
    memcpy(der + len, attributes, 2);
    der[2] = (uint8_t)(der[2] + 2);
    assert_int_equal(read_private(der, len + 2), TCH_OK);
    memcpy(der + len + 2, public_key, 4);
    der[2] = (uint8_t)(der[2] + 4);
    assert_int_equal(read_private(der, len + 6), TCH_BAD_KEY); /* v1 */
    der[5] = 1;
    assert_int_equal(read_private(der, len + 6), TCH_OK);
    der[5] = 2;
    assert_int_equal(read_private(der, len + 6), TCH_BAD_KEY);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(der_files); i++) {
        uint8_t der[3000];
        size_t len = der_file(der_files[i], der, sizeof der);

        for (size_t fail_at = 1;; fail_at++) {
            struct counter count = { .fail_at = fail_at };
            struct tch_alloc alloc = counted_alloc(&count);
            struct tch_private_key *k;
            enum tch_status s = tch_private_key_read(
                &alloc, tch_slice_of(der, len), &k);

            if (s == TCH_OK) {
                tch_private_key_free(k); /* counted_alloc: wiped */
                assert_int_equal(count.taken, 0);
                break;
            }
            assert_int_equal(s, TCH_NO_MEMORY);
            assert_null(k);
            assert_int_equal(count.taken, 0);
        }
    }
    tch_private_key_free(NULL);
    tch_public_key_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_load_and_say_what_they_are),
        cmocka_unit_test(a_key_cut_anywhere_is_refused),
        cmocka_unit_test(a_changed_byte_is_noticed),
        cmocka_unit_test(other_kinds_are_not_supported_and_not_broken),
        cmocka_unit_test(pairs_of_two_keys_do_not_match),
        cmocka_unit_test(R_PKI_001_a_public_key_is_strict_der),
        cmocka_unit_test(R_ATK_015_curves_are_named_and_ours),
        cmocka_unit_test(pss_keys_may_be_tied_to_a_hash),
        cmocka_unit_test(R_PKI_102_scalars_have_field_length_and_range),
        cmocka_unit_test(
            a_public_key_beside_the_private_one_must_be_its_own),
        cmocka_unit_test(R_PKI_101_multi_prime_keys_are_refused),
        cmocka_unit_test(R_PKI_103_pkcs8_may_have_attributes_and_a_public_key),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
