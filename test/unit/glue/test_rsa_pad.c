/*
 * RSA paddings: the forgeries that parsers let through, PSS at every odd
 * modulus length, and the constant-time scan on every form of a wrong block.
 */

#include "crypto-glue/rsa_pad.h"

#include <string.h>

#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"

static const enum tch_hash hashes[] = { TCH_HASH_MD5,    TCH_HASH_SHA1,
                                        TCH_HASH_SHA224, TCH_HASH_SHA256,
                                        TCH_HASH_SHA384, TCH_HASH_SHA512,
                                        TCH_HASH_MD5_SHA1 };

static void blocks_look_as_rfc_8017_9_2_says(void **state)
{
    /* Note 1 there lists the DigestInfo prefixes. */
    static const char *const prefixes[] = {
        "3020300c06082a864886f70d020505000410",
        "3021300906052b0e03021a05000414",
        "302d300d06096086480165030402040500041c",
        "3031300d060960864801650304020105000420",
        "3041300d060960864801650304020205000430",
        "3051300d060960864801650304020305000440",
        "",
    };
    uint8_t hash[64];
    uint8_t em[128];
    uint64_t seed = 1;

    (void)state;
    for (size_t i = 0; i < COUNT(hashes); i++) {
        uint8_t prefix[32];
        size_t p_len = unhex(prefixes[i], prefix, sizeof prefix);
        size_t h_len = tch_hash_facts(hashes[i])->len;
        size_t t_len = p_len + h_len;

        bytes_fill(&seed, hash, sizeof hash);
        assert_int_equal(tch_digest_info_len(hashes[i]), t_len);
        assert_true(tch_pkcs1_encode(hashes[i], hash, true, em, sizeof em));
        assert_int_equal(em[0], 0);
        assert_int_equal(em[1], 1);
        for (size_t j = 2; j < 128 - t_len - 1; j++) {
            assert_int_equal(em[j], 0xFF);
        }
        assert_int_equal(em[128 - t_len - 1], 0);
        assert_memory_equal(em + 128 - t_len, prefix, p_len);
        assert_memory_equal(em + 128 - h_len, hash, h_len);
        /* Room for eight bytes FF, or none. */
        assert_true(tch_pkcs1_encode(hashes[i], hash, true, em, t_len + 11));
        assert_false(tch_pkcs1_encode(hashes[i], hash, true, em, t_len + 10));
    }
}

static void R_KX_005_parameters_may_be_null_or_absent_nothing_else(
    void **state)
{
    uint8_t hash[64];
    uint8_t em[128];
    uint64_t seed = 2;

    (void)state;
    bytes_fill(&seed, hash, sizeof hash);
    for (size_t i = 0; i < COUNT(hashes); i++) {
        for (unsigned null = 0; null < 2; null++) {
            assert_true(tch_pkcs1_encode(hashes[i], hash, null != 0, em,
                                         sizeof em));
            assert_true(tch_pkcs1_matches(hashes[i], hash, em, sizeof em));
            /* L7, R-ATK-035: no bit of it is free. */
            for (size_t bit = 0; bit < 8 * sizeof em; bit++) {
                em[bit / 8] ^= (uint8_t)(1u << (bit % 8));
                assert_false(tch_pkcs1_matches(hashes[i], hash, em,
                                               sizeof em));
                em[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            }
        }
    }
}

static void R_ATK_035_garbage_behind_the_hash_is_refused(void **state)
{
    uint8_t hash[32] = { 1, 2, 3 };
    uint8_t em[256];
    uint8_t forged[256];
    size_t t_len = tch_digest_info_len(TCH_HASH_SHA256);

    (void)state;
    assert_true(tch_pkcs1_encode(TCH_HASH_SHA256, hash, true, em, 256));
    /* 00 01 FF*8 00 DigestInfo garbage: what e = 3 makes possible. */
    memset(forged, 0xA5, sizeof forged);
    memcpy(forged, em, 10);
    forged[10] = 0;
    memcpy(forged + 11, em + 256 - t_len, t_len);
    assert_false(tch_pkcs1_matches(TCH_HASH_SHA256, hash, forged, 256));
    memset(forged + 11 + t_len, 0, 256 - 11 - t_len);
    assert_false(tch_pkcs1_matches(TCH_HASH_SHA256, hash, forged, 256));
}

static void pss_blocks_match_themselves_at_every_length(void **state)
{
    uint8_t hash[64];
    uint8_t salt[64];
    uint8_t em[200];
    uint8_t copy[200];
    uint64_t seed = 3;

    (void)state;
    for (unsigned bits = 1040; bits < 1060; bits++) {
        size_t len = (bits + 7) / 8;

        for (size_t i = 3; i < 6; i++) {
            bytes_fill(&seed, hash, sizeof hash);
            bytes_fill(&seed, salt, sizeof salt);
            assert_true(tch_pss_encode(hashes[i], hash, salt, em, bits));
            /* The block is below 2^(bits - 1). */
            assert_true(em[0] >> ((bits - 1) % 8) == 0);
            for (size_t bit = 0; bit < 8 * len; bit += 1 + bit % 5) {
                memcpy(copy, em, len);
                copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
                assert_false(tch_pss_matches(hashes[i], hash, copy, bits));
            }
            memcpy(copy, em, len);
            assert_true(tch_pss_matches(hashes[i], hash, copy, bits));
            hash[3] ^= 4;
            assert_false(tch_pss_matches(hashes[i], hash, em, bits));
        }
    }
    /* 2 * 64 + 2 bytes are the least for SHA-512: 1034 bits. */
    assert_true(tch_pss_encode(TCH_HASH_SHA512, hash, salt, em, 1034));
    assert_false(tch_pss_encode(TCH_HASH_SHA512, hash, salt, em, 1033));
    assert_false(tch_pss_matches(TCH_HASH_SHA512, hash, em, 1033));
}

static bool serve_zeros(void *arg, const char *name, uint8_t *out, size_t n)
{
    (void)arg;
    (void)name;
    memset(out, 0, n);
    return true;
}

static void R_KX_027_the_padding_has_no_zero_and_at_least_8_bytes(
    void **state)
{
    uint64_t seed = 4;
    struct tch_draw_source draw = seeded_draw(&seed);
    struct tch_draw_source zeros = { serve_zeros, NULL, false };
    uint8_t content[300] = { 0 };
    uint8_t em[256];
    bool fits;

    (void)state;
    for (size_t len = 0; len <= 246; len++) {
        assert_true(tch_pkcs1_wrap(tch_slice_of(content, len), &draw, em, 256,
                                   &fits));
        assert_int_equal(fits, len <= 245);
        if (fits) {
            uint32_t got;

            assert_true(tch_pkcs1_scan(em, 256, &got) != 0);
            assert_int_equal(got, len);
        }
    }
    assert_false(tch_pkcs1_wrap(tch_slice_of(content, 48), &failing_draw, em,
                                256, &fits));
    assert_false(tch_pkcs1_wrap(tch_slice_of(content, 48), &zeros, em, 256,
                                &fits));
}

static tch_mask scan(const uint8_t *em, uint32_t want_len)
{
    uint32_t len = 12345;
    tch_mask m = tch_pkcs1_scan(em, 128, &len);

    assert_true(m == 0 || m == UINT32_MAX);
    assert_int_equal(len, m == 0 ? 0 : want_len);
    return m;
}

static void R_ATK_001_every_wrong_block_is_seen(void **state)
{
    uint8_t em[128];

    (void)state;
    for (size_t zero_at = 2; zero_at < 128; zero_at++) {
        memset(em, 0x33, sizeof em);
        em[0] = 0;
        em[1] = 2;
        em[zero_at] = 0;
        assert_true((scan(em, (uint32_t)(127 - zero_at)) != 0) ==
                    (zero_at >= 10));
        em[0] = 1;
        assert_true(scan(em, 0) == 0);
        em[0] = 0;
        em[1] = 1;
        assert_true(scan(em, 0) == 0);
        em[1] = 0;
        assert_true(scan(em, 0) == 0);
        em[1] = 0x82;
        assert_true(scan(em, 0) == 0);
        em[1] = 2; /* the first of two zeros counts */
        em[127] = 0;
        assert_true((scan(em, (uint32_t)(127 - zero_at)) != 0) ==
                    (zero_at >= 10));
    }
    memset(em, 0x33, sizeof em); /* no zero at all */
    em[0] = 0;
    em[1] = 2;
    assert_true(scan(em, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_look_as_rfc_8017_9_2_says),
        cmocka_unit_test(
            R_KX_005_parameters_may_be_null_or_absent_nothing_else),
        cmocka_unit_test(R_ATK_035_garbage_behind_the_hash_is_refused),
        cmocka_unit_test(pss_blocks_match_themselves_at_every_length),
        cmocka_unit_test(
            R_KX_027_the_padding_has_no_zero_and_at_least_8_bytes),
        cmocka_unit_test(R_ATK_001_every_wrong_block_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
