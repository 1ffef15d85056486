/*
 * X25519 against RFC 7748: sections 5.2 (single vectors and the iteration)
 * and 6.1 (the key agreement).
 */

#include "crypto-glue/own/x25519.h"

#include <string.h>

#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_json.h"

static void check(const char *k_hex, const char *u_hex, const char *want_hex)
{
    uint8_t k[32];
    uint8_t u[32];
    uint8_t want[32];
    uint8_t out[32];

    assert_int_equal(unhex(k_hex, k, 32), 32);
    assert_int_equal(unhex(u_hex, u, 32), 32);
    assert_int_equal(unhex(want_hex, want, 32), 32);
    tch_x25519(out, k, u);
    assert_memory_equal(out, want, 32);
}

static void the_vectors_of_rfc_7748_5_2(void **state)
{
    (void)state;
    check("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
          "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
          "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    check("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
          "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
          "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
}

static void the_iteration_of_rfc_7748_5_2(void **state)
{
    uint8_t k[32] = { 9 };
    uint8_t u[32] = { 9 };
    uint8_t out[32];
    uint8_t want[32];

    (void)state;
    for (unsigned i = 1; i <= 1000; i++) {
        tch_x25519(out, k, u);
        memcpy(u, k, 32);
        memcpy(k, out, 32);
        if (i == 1) {
            unhex("422c8e7a6227d7bca1350b3e2bb7279f"
                  "7897b87bb6854b783c60e80311ae3079", want, 32);
            assert_memory_equal(k, want, 32);
        }
    }
    unhex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
          want, 32);
    assert_memory_equal(k, want, 32);
}

static void the_agreement_of_rfc_7748_6_1(void **state)
{
    static const char alice[] =
        "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    static const char alice_public[] =
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    static const char bob_public[] =
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    uint8_t k[32];
    uint8_t want[32];
    uint8_t out[32];

    (void)state;
    unhex(alice, k, 32);
    unhex(alice_public, want, 32);
    tch_x25519_base(out, k);
    assert_memory_equal(out, want, 32);
    check(alice, bob_public,
          "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

static void R_KX_065_the_top_bit_of_u_is_masked(void **state)
{
    uint8_t k[32];
    uint8_t u[32];
    uint8_t a[32];
    uint8_t b[32];
    uint64_t seed = 11;

    (void)state;
    for (int i = 0; i < 20; i++) {
        bytes_fill(&seed, k, 32);
        bytes_fill(&seed, u, 32);
        tch_x25519(a, k, u);
        u[31] ^= 0x80;
        tch_x25519(b, k, u);
        assert_memory_equal(a, b, 32);
        u[31] ^= 0x40;
        tch_x25519(b, k, u);
        assert_memory_not_equal(a, b, 32);
    }
}

static void R_KX_065_u_is_taken_mod_p(void **state)
{
    uint8_t k[32];
    uint8_t a[32];
    uint8_t b[32];
    uint64_t seed = 12;

    (void)state;
    bytes_fill(&seed, k, 32);
    for (uint8_t small = 0; small < 19; small++) {
        uint8_t u[32] = { small };
        uint8_t plus_p[32];

        memset(plus_p, 0xFF, 32); /* p + small = 2^255 - 19 + small */
        plus_p[0] = (uint8_t)(0xED + small);
        plus_p[31] = 0x7F;
        tch_x25519(a, k, u);
        tch_x25519(b, k, plus_p);
        assert_memory_equal(a, b, 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_7748_5_2),
        cmocka_unit_test(the_iteration_of_rfc_7748_5_2),
        cmocka_unit_test(the_agreement_of_rfc_7748_6_1),
        cmocka_unit_test(R_KX_065_the_top_bit_of_u_is_masked),
        cmocka_unit_test(R_KX_065_u_is_taken_mod_p),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
