/*
 * What a server picks: version, suite, group, scheme, identity, together
 * (R-HS-021, R-HS-033, R-HS-034, R-EXT-042 to 045, R-EXT-063, 064, R-KX-044).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_hs.h"

static struct bare b;
static struct tch_identity rsa;
static struct tch_identity ec;
static struct tch_identity *both[2];
static struct tch_slice chain[1];
static struct tch_slice groups; /* the client's; p NULL: not sent */

static enum tch_status never_signs(void *arg, unsigned scheme,
                                   struct tch_slice hash, uint8_t *out,
                                   size_t *out_len)
{
    (void)arg;
    (void)scheme;
    (void)hash;
    (void)out;
    *out_len = 0;
    return TCH_INTERNAL;
}

static enum tch_status never_decrypts(void *arg, struct tch_slice ciphertext,
                                      uint8_t *out, size_t *out_len)
{
    return never_signs(arg, 0, ciphertext, out, out_len);
}

static const struct tch_signer signer = { never_signs, never_decrypts, NULL };

#define SIGN 1u          /* digitalSignature, bit 0 of keyUsage */
#define ENCIPHER (1u << 2)

/* A server with an RSA key and a P-256 key, in this order. */
static void start(unsigned rsa_usage)
{
    memset(&rsa, 0, sizeof rsa);
    memset(&ec, 0, sizeof ec);
    rsa.chain = ec.chain = chain;
    rsa.num = ec.num = 1;
    rsa.signer = ec.signer = signer;
    rsa.kind = TCH_KEY_RSA;
    rsa.bits = 2048;
    rsa.key_usage = rsa_usage;
    ec.kind = TCH_KEY_EC;
    ec.bits = 256;
    ec.group = TCH_GROUP_SECP256R1;
    ec.key_usage = SIGN;
    both[0] = &rsa;
    both[1] = &ec;
    bare_params(&b, TCH_SERVER);
    b.params.identities = both;
    b.params.num_identities = 2;
    bare_start(&b);
    b.hs->r.version = tch_version_facts(TCH_TLS12);
    groups = tch_slice_of("\0\x1d\0\x17", 4);
}

#define INSUFFICIENT 0xFFFFu

static unsigned choose(const char *suites, size_t len, const char *schemes,
                       size_t schemes_len)
{
    struct tch_client_hello ch;
    enum tch_status s;

    memset(&ch, 0, sizeof ch);
    ch.client_version = TCH_TLS12;
    ch.cipher_suites = tch_slice_of(suites, len);
    ch.ext.schemes = tch_slice_of(schemes, schemes_len);
    ch.ext.groups = groups;
    ch.ext.present =
        (schemes_len == 0 ? 0u : TCH_HAS_SIGNATURE_ALGORITHMS) |
        (groups.p == NULL ? 0u : TCH_HAS_SUPPORTED_GROUPS);
    s = tch_choose_suite(b.hs, &ch);
    if (s == TCH_INSUFFICIENT_SECURITY) {
        return INSUFFICIENT;
    }
    assert_true(s == TCH_OK || s == TCH_NO_COMMON_PARAMETERS);
    return s == TCH_OK ? b.hs->r.suite->code : 0;
}

#define SUITES(s) s, sizeof(s) - 1
#define ALL SUITES("\x04\x03\x08\x04\x04\x01")

static void the_servers_order_decides_or_the_clients_R_HS_034(void **state)
{
    (void)state;
    start(SIGN | ENCIPHER);
    /* ours: C02B before C02F */
    assert_int_equal(choose(SUITES("\xC0\x2F\xC0\x2B"), ALL), 0xC02B);
    assert_ptr_equal(b.hs->r.local, &ec);
    assert_int_equal(b.hs->r.scheme, 0x0403);
    bare_end(&b);
    start(SIGN | ENCIPHER);
    b.params.server_order = false;
    assert_int_equal(choose(SUITES("\xC0\x2F\xC0\x2B"), ALL), 0xC02F);
    assert_ptr_equal(b.hs->r.local, &rsa);
    bare_end(&b);
}

static void a_suite_needs_a_scheme_of_the_clients_R_EXT_063(void **state)
{
    (void)state;
    start(SIGN | ENCIPHER);
    assert_int_equal(choose(SUITES("\xC0\x2F\xC0\x2B"), SUITES("\x04\x01")),
                     0xC02F);
    assert_int_equal(b.hs->r.scheme, 0x0401);
    bare_end(&b);
    start(SIGN | ENCIPHER);
    assert_int_equal(choose(SUITES("\xC0\x2F"), SUITES("\x04\x03")), 0);
    /* RSA transport signs nothing */
    assert_int_equal(choose(SUITES("\xC0\x2F\0\x9C"), SUITES("\x04\x03")),
                     0x009C);
    assert_int_equal(b.hs->r.scheme, 0);
    assert_int_equal(b.hs->r.group, 0);
    bare_end(&b);
}

/* Absent in TLS 1.2 means SHA-1, which `default` does not have. */
static void no_signature_algorithms_mean_sha1_R_EXT_064(void **state)
{
    static const uint16_t with_sha1[] = { 0x0403, 0x0401, 0x0201, 0x0203 };

    (void)state;
    start(SIGN | ENCIPHER);
    assert_int_equal(choose(SUITES("\xC0\x2F"), "", 0), 0);
    b.params.schemes = with_sha1;
    b.params.num_schemes = 4;
    assert_int_equal(choose(SUITES("\xC0\x2F"), "", 0), 0xC02F);
    assert_int_equal(b.hs->r.scheme, 0x0201);
    bare_end(&b);
}

static void the_group_must_be_common_R_EXT_044(void **state)
{
    (void)state;
    start(SIGN | ENCIPHER);
    groups = tch_slice_of("\0\x19\0\x18", 4);
    assert_int_equal(choose(SUITES("\xC0\x2F"), ALL), 0xC02F);
    assert_int_equal(b.hs->r.group, TCH_GROUP_SECP384R1);
    assert_int_equal(b.hs->r.group_bits, 384);
    /* the certificate's curve counts too */
    assert_int_equal(choose(SUITES("\xC0\x2B"), ALL), 0);
    groups = tch_slice_of("\0\x1e", 2);
    assert_int_equal(choose(SUITES("\xC0\x2F\xC0\x2B"), ALL), 0);
    bare_end(&b);
}

static void a_client_without_groups_gets_secp256r1_R_EXT_045(void **state)
{
    (void)state;
    start(SIGN | ENCIPHER);
    groups = tch_slice_of(NULL, 0);
    assert_int_equal(choose(SUITES("\xC0\x2F"), ALL), 0xC02F);
    assert_int_equal(b.hs->r.group, TCH_GROUP_SECP256R1);
    bare_end(&b);
}

static void ffdhe_groups_of_the_client_bind_R_KX_044(void **state)
{
    (void)state;
    start(SIGN | ENCIPHER);
    groups = tch_slice_of("\0\x1d\1\0", 4);
    assert_int_equal(choose(SUITES("\0\x9E"), ALL), 0x009E);
    assert_int_equal(b.hs->r.group, TCH_GROUP_FFDHE2048);
    bare_end(&b);
    start(SIGN | ENCIPHER);
    groups = tch_slice_of("\0\x1d\1\x0f", 4); /* unknown FFDHE */
    assert_int_equal(choose(SUITES("\0\x9E"), ALL), INSUFFICIENT);
    bare_end(&b);
    start(SIGN | ENCIPHER);
    groups = tch_slice_of("\0\x1d\1\x0f", 4); /* another suite is left */
    assert_int_equal(choose(SUITES("\0\x9E\xC0\x2F"), ALL), 0xC02F);
    bare_end(&b);
    start(SIGN | ENCIPHER);
    groups = tch_slice_of("\0\x1d", 2); /* none: our own */
    assert_int_equal(choose(SUITES("\0\x9E"), ALL), 0x009E);
    bare_end(&b);
}

static void key_usage_decides_R_KX_028(void **state)
{
    (void)state;
    start(SIGN);
    assert_int_equal(choose(SUITES("\0\x9C"), ALL), 0);
    assert_int_equal(choose(SUITES("\xC0\x2F"), ALL), 0xC02F);
    bare_end(&b);
    start(ENCIPHER);
    assert_int_equal(choose(SUITES("\0\x9C"), ALL), 0x009C);
    assert_int_equal(choose(SUITES("\xC0\x2F"), ALL), 0);
    bare_end(&b);
}

static void small_keys_are_not_used_R_KX_029(void **state)
{
    (void)state;
    start(SIGN | ENCIPHER);
    rsa.bits = 1024;
    assert_int_equal(choose(SUITES("\xC0\x2F\0\x9C"), ALL), 0);
    assert_false(tch_hs_can_serve(tch_suite_facts(0xC02F), &rsa,
                                  tch_policy_get(TCH_POLICY_DEFAULT)));
    assert_true(tch_hs_can_serve(tch_suite_facts(0xC02F), &rsa,
                                 tch_policy_get(TCH_POLICY_LEGACY)));
    bare_end(&b);
}

static void versions_are_the_highest_common_R_HS_021(void **state)
{
    (void)state;
    start(SIGN);
    assert_int_equal(tch_choose_version(b.hs, 0x0303)->wire, 0x0303);
    assert_int_equal(tch_choose_version(b.hs, 0x0304)->wire, 0x0303);
    assert_int_equal(tch_choose_version(b.hs, 0xffff)->wire, 0x0303);
    assert_null(tch_choose_version(b.hs, 0x0302));
    assert_null(tch_choose_version(b.hs, 0));
    b.params.versions = 1u << 1 | 1u << 3; /* TLS 1.0 and 1.2 */
    assert_int_equal(tch_choose_version(b.hs, 0x0302)->wire, 0x0301);
    assert_int_equal(tch_highest_version(b.hs)->wire, 0x0303);
    assert_true(tch_version_enabled(b.hs, 0x0301));
    assert_false(tch_version_enabled(b.hs, 0x0302));
    bare_end(&b);
}

static void the_schemes_of_old_versions_are_implied(void **state)
{
    (void)state;
    assert_int_equal(tch_implied_scheme(TCH_KEY_RSA), TCH_SCHEME_RSA_MD5_SHA1);
    assert_int_equal(tch_implied_scheme(TCH_KEY_EC), TCH_SCHEME_ECDSA_SHA1);
    assert_int_equal(tch_implied_scheme(TCH_KEY_DSA), TCH_SCHEME_DSA_SHA1);
    assert_int_equal(tch_implied_scheme(TCH_KEY_RSA_PSS), 0);
    assert_int_equal(tch_implied_scheme(TCH_KEY_NONE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_servers_order_decides_or_the_clients_R_HS_034),
        cmocka_unit_test(a_suite_needs_a_scheme_of_the_clients_R_EXT_063),
        cmocka_unit_test(no_signature_algorithms_mean_sha1_R_EXT_064),
        cmocka_unit_test(the_group_must_be_common_R_EXT_044),
        cmocka_unit_test(a_client_without_groups_gets_secp256r1_R_EXT_045),
        cmocka_unit_test(ffdhe_groups_of_the_client_bind_R_KX_044),
        cmocka_unit_test(key_usage_decides_R_KX_028),
        cmocka_unit_test(small_keys_are_not_used_R_KX_029),
        cmocka_unit_test(versions_are_the_highest_common_R_HS_021),
        cmocka_unit_test(the_schemes_of_old_versions_are_implied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
