/*
 * The policy table of the design decisions, and the orders R-CS-010 and
 * R-EXT-067 spell out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/policy.h"
#include "engine/base/versions.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct tch_policy *policy(enum tch_policy_id id)
{
    return tch_policy_get(id);
}

static bool has(enum tch_policy_id id, unsigned code)
{
    return tch_policy_has_suite(policy(id), tch_suite_facts(code));
}

static void rows_say_what_the_decisions_say(void **state)
{
    static const struct {
        const char *name;
        unsigned min, max, rsa, dh, ec;
        bool v2, legacy, limit;
    } facts[] = {
        { "default", TCH_TLS12, TCH_TLS12, 2048, 2048, 256, false, false,
          true },
        { "compatible", TCH_TLS10, TCH_TLS12, 2048, 2048, 224, true, false,
          true },
        { "legacy", TCH_SSL3, TCH_TLS12, 1024, 1024, 160, true, true, true },
        { "museum", TCH_SSL3, TCH_TLS12, 512, 512, 0, true, true, false },
    };

    (void)state;
    assert_int_equal(COUNT(facts), TCH_NUM_POLICIES);
    for (unsigned i = 0; i < TCH_NUM_POLICIES; i++) {
        const struct tch_policy *p = policy((enum tch_policy_id)i);

        assert_int_equal(p->id, i);
        assert_string_equal(p->name, facts[i].name);
        assert_ptr_equal(tch_policy_named(facts[i].name), p);
        assert_int_equal(p->min_version, facts[i].min);
        assert_int_equal(p->max_version, facts[i].max);
        assert_int_equal(p->rsa_bits, facts[i].rsa);
        assert_int_equal(p->dh_bits, facts[i].dh);
        assert_int_equal(p->ec_bits, facts[i].ec);
        assert_int_equal(p->v2_hello, facts[i].v2);
        assert_int_equal(p->legacy_renegotiation, facts[i].legacy);
        assert_int_equal(p->volume_limit, facts[i].limit);
    }
}

static void names_are_found_in_either_case_and_no_others(void **state)
{
    (void)state;
    assert_ptr_equal(tch_policy_named("LEGACY"), policy(TCH_POLICY_LEGACY));
    assert_null(tch_policy_named("legac"));
    assert_null(tch_policy_named(""));
    assert_null(tch_policy_named("secure"));
}

static void an_unknown_policy_is_the_strictest(void **state)
{
    (void)state;
    assert_ptr_equal(policy((enum tch_policy_id)99),
                     policy(TCH_POLICY_DEFAULT));
}

static void default_suites_stand_in_the_order_of_R_CS_010(void **state)
{
    static const uint16_t expected[] = {
        0xC02C, 0xC02B, 0xC030, 0xC02F, 0xCCA9, 0xCCA8, 0xC0AD, 0xC0AC,
        0xC0AF, 0xC0AE, 0x009F, 0x009E, 0xCCAA, 0xC09F, 0xC09E, 0xC0A3,
        0xC0A2, 0xC024, 0xC023, 0xC028, 0xC027, 0xC00A, 0xC009, 0xC014,
        0xC013, 0x006B, 0x0067, 0x0039, 0x0033
    };
    uint16_t codes[300];
    size_t num = tch_policy_suites(policy(TCH_POLICY_DEFAULT), codes, 300);

    (void)state;
    assert_int_equal(num, COUNT(expected));
    assert_memory_equal(codes, expected, sizeof expected);
}

static void a_wider_policy_begins_with_the_narrower_one(void **state)
{
    uint16_t narrow[300];
    uint16_t wide[300];
    size_t before = 0;

    (void)state;
    for (unsigned i = 0; i < TCH_NUM_POLICIES; i++) {
        size_t num =
            tch_policy_suites(policy((enum tch_policy_id)i), wide, 300);

        assert_true(num > before);
        if (before != 0) {
            assert_memory_equal(wide, narrow, before * sizeof wide[0]);
        }
        for (size_t k = 0; k < num; k++) {
            assert_true(has((enum tch_policy_id)i, wide[k]));
            for (size_t j = k + 1; j < num; j++) {
                assert_int_not_equal(wide[k], wide[j]);
            }
        }
        memcpy(narrow, wide, num * sizeof wide[0]);
        before = num;
    }
}

/* R-CS-010: each block holds forward secret suites first. */
static void added_blocks_put_forward_secrecy_first(void **state)
{
    uint16_t codes[300];
    size_t from = 29; /* the default's suites, above */

    (void)state;
    for (unsigned i = TCH_POLICY_COMPATIBLE; i < TCH_NUM_POLICIES; i++) {
        size_t num =
            tch_policy_suites(policy((enum tch_policy_id)i), codes, 300);
        bool behind = false;

        for (size_t k = from; k < num; k++) {
            bool forward =
                tch_kx_is_ephemeral(tch_suite_facts(codes[k])->kx);

            assert_false(behind && forward);
            behind = behind || !forward;
        }
        from = num;
    }
}

static void list_is_bounded_by_the_caller(void **state)
{
    uint16_t codes[6] = { 0, 0, 0, 0, 0, 0xEEEE };

    (void)state;
    assert_int_equal(
        tch_policy_suites(policy(TCH_POLICY_MUSEUM), codes, 5), 5);
    assert_int_equal(codes[5], 0xEEEE);
    assert_int_equal(
        tch_policy_suites(policy(TCH_POLICY_DEFAULT), codes, 0), 0);
}

static void suites_come_in_with_the_policy_of_their_weakest_part(void **state)
{
    static const struct {
        unsigned code;
        enum tch_policy_id from;
    } facts[] = {
        { 0xC02F, TCH_POLICY_DEFAULT },    /* ECDHE_RSA AES-GCM */
        { 0x0033, TCH_POLICY_DEFAULT },    /* DHE_RSA AES-CBC SHA-1 */
        { 0x002F, TCH_POLICY_COMPATIBLE }, /* RSA */
        { 0x009C, TCH_POLICY_COMPATIBLE }, /* RSA AES-GCM */
        { 0x00A8, TCH_POLICY_COMPATIBLE }, /* PSK */
        { 0xC037, TCH_POLICY_COMPATIBLE }, /* ECDHE_PSK */
        { 0xC072, TCH_POLICY_COMPATIBLE }, /* Camellia */
        { 0x0032, TCH_POLICY_LEGACY },     /* DHE_DSS */
        { 0xC00E, TCH_POLICY_LEGACY },     /* static ECDH */
        { 0x000A, TCH_POLICY_LEGACY },     /* 3DES */
        { 0xC012, TCH_POLICY_LEGACY },     /* ECDHE, but 3DES */
        { 0x0005, TCH_POLICY_LEGACY },     /* RC4 */
        { 0x0096, TCH_POLICY_LEGACY },     /* SEED */
        { 0x0009, TCH_POLICY_MUSEUM },     /* DES */
        { 0x0034, TCH_POLICY_MUSEUM },     /* anonymous */
        { 0xC018, TCH_POLICY_MUSEUM },     /* anonymous ECDH */
        { 0x0003, TCH_POLICY_MUSEUM },     /* export */
        { 0x0006, TCH_POLICY_MUSEUM },     /* export, RC2 */
        { 0x003B, TCH_POLICY_MUSEUM },     /* NULL */
        { 0xC010, TCH_POLICY_MUSEUM },     /* ECDHE, but NULL */
        { 0x0031, TCH_NUM_POLICIES },      /* fixed DH: in none, R-KX-048 */
        { 0x000B, TCH_NUM_POLICIES },      /* fixed DH, export */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        for (unsigned p = 0; p < TCH_NUM_POLICIES; p++) {
            bool expected = p >= (unsigned)facts[i].from;

            if (has((enum tch_policy_id)p, facts[i].code) != expected) {
                fail_msg("%04x in %s", facts[i].code,
                         policy((enum tch_policy_id)p)->name);
            }
        }
    }
}

static void schemes_come_in_by_policy_R_EXT_067_R_KX_008(void **state)
{
    static const struct {
        unsigned scheme;
        enum tch_policy_id from;
    } facts[] = {
        { 0x0403, TCH_POLICY_DEFAULT },    { 0x0603, TCH_POLICY_DEFAULT },
        { 0x0807, TCH_POLICY_DEFAULT },    { 0x0808, TCH_POLICY_DEFAULT },
        { 0x0804, TCH_POLICY_DEFAULT },    { 0x080B, TCH_POLICY_DEFAULT },
        { 0x0401, TCH_POLICY_DEFAULT },    { 0x0601, TCH_POLICY_DEFAULT },
        { 0x0201, TCH_POLICY_COMPATIBLE }, { 0x0203, TCH_POLICY_COMPATIBLE },
        { 0xFFFF, TCH_POLICY_COMPATIBLE }, /* MD5 || SHA-1 */
        { 0x0202, TCH_POLICY_LEGACY },     { 0x0402, TCH_POLICY_LEGACY },
        { 0x0101, TCH_POLICY_MUSEUM },     { 0x0301, TCH_NUM_POLICIES },
        { 0x0303, TCH_NUM_POLICIES },      { 0x0302, TCH_NUM_POLICIES },
        { 0x0000, TCH_NUM_POLICIES },      { 0x0A0A, TCH_NUM_POLICIES },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(facts); i++) {
        for (unsigned p = 0; p < TCH_NUM_POLICIES; p++) {
            assert_int_equal(
                tch_policy_has_scheme(policy((enum tch_policy_id)p),
                                      facts[i].scheme),
                p >= (unsigned)facts[i].from);
        }
    }
}

static void keys_below_the_floor_are_refused_R_KX_029_R_PKI_082(void **state)
{
    const struct tch_policy *strict = policy(TCH_POLICY_DEFAULT);
    const struct tch_policy *legacy = policy(TCH_POLICY_LEGACY);
    const struct tch_policy *museum = policy(TCH_POLICY_MUSEUM);

    (void)state;
    assert_true(tch_policy_has_key(strict, TCH_KEY_RSA, 2048));
    assert_false(tch_policy_has_key(strict, TCH_KEY_RSA, 2047));
    assert_false(tch_policy_has_key(strict, TCH_KEY_RSA_PSS, 1024));
    assert_true(tch_policy_has_key(legacy, TCH_KEY_RSA, 1024));
    assert_false(tch_policy_has_key(legacy, TCH_KEY_RSA, 1023));
    assert_true(tch_policy_has_key(museum, TCH_KEY_RSA, 512));
    assert_false(tch_policy_has_key(museum, TCH_KEY_RSA, 511));
    assert_true(tch_policy_has_key(strict, TCH_KEY_EC, 256));
    assert_false(tch_policy_has_key(strict, TCH_KEY_EC, 255));
    assert_true(tch_policy_has_key(policy(TCH_POLICY_COMPATIBLE), TCH_KEY_EC,
                                   224));
    assert_true(tch_policy_has_key(museum, TCH_KEY_EC, 112));
    assert_false(tch_policy_has_key(strict, TCH_KEY_DSA, 1024));
    assert_true(tch_policy_has_key(strict, TCH_KEY_ED25519, 0));
    assert_true(tch_policy_has_key(strict, TCH_KEY_ED448, 0));
    assert_false(tch_policy_has_key(museum, TCH_KEY_NONE, 4096));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_say_what_the_decisions_say),
        cmocka_unit_test(names_are_found_in_either_case_and_no_others),
        cmocka_unit_test(an_unknown_policy_is_the_strictest),
        cmocka_unit_test(default_suites_stand_in_the_order_of_R_CS_010),
        cmocka_unit_test(a_wider_policy_begins_with_the_narrower_one),
        cmocka_unit_test(added_blocks_put_forward_secrecy_first),
        cmocka_unit_test(list_is_bounded_by_the_caller),
        cmocka_unit_test(suites_come_in_with_the_policy_of_their_weakest_part),
        cmocka_unit_test(schemes_come_in_by_policy_R_EXT_067_R_KX_008),
        cmocka_unit_test(keys_below_the_floor_are_refused_R_KX_029_R_PKI_082),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
