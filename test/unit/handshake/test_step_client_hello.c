/* ClientHello as we send it (R-HS-020, R-EXT-040, 070, R-KEY-040, R-ATK-007)
 * and what a server settles from it. Deviations: test/hostile/. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_hs.h"

static struct bare b;
static struct tch_client_hello sent;
static uint8_t message[3000];

/* The hello that the parameters give, parsed again. */
static enum tch_status hello(void)
{
    struct tch_parse_ctx ctx = { NULL, NULL, NULL };
    struct tch_effect fx;
    enum tch_status s;

    bare_start(&b);
    s = tch_hs_next(b.hs, &fx);
    if (s == TCH_OK) {
        assert_int_equal(fx.kind, TCH_FX_SEND);
        assert_int_equal(fx.content_type, 22);
        assert_int_equal(fx.bytes.p[0], 1);
        memcpy(message, fx.bytes.p, fx.bytes.len);
        assert_int_equal(
            tch_parse_client_hello(tch_slice_of(message + 4,
                                                fx.bytes.len - 4),
                                   &ctx, &sent),
            TCH_OK);
    }
    bare_end(&b);
    return s;
}

static bool has(uint32_t bit)
{
    return (sent.ext.present & bit) != 0;
}

static void the_default_hello_has_what_the_rules_demand(void **state)
{
    (void)state;
    bare_params(&b, TCH_CLIENT);
    assert_int_equal(hello(), TCH_OK);
    assert_int_equal(sent.client_version, 0x0303); /* R-HS-020 */
    assert_int_equal(sent.compression_methods.len, 1); /* R-ATK-007 */
    assert_int_equal(sent.compression_methods.p[0], 0);
    assert_int_equal(sent.session_id.len, 0);
    assert_true(has(TCH_HAS_EXTENDED_MASTER_SECRET)); /* R-KEY-040 */
    assert_true(has(TCH_HAS_ENCRYPT_THEN_MAC));
    assert_true(has(TCH_HAS_RENEGOTIATION_INFO)); /* R-EXT-070 */
    assert_int_equal(sent.ext.renegotiation_info.len, 0);
    assert_false(tch_list_has_u16(sent.cipher_suites, 0x00FF));
    assert_false(tch_list_has_u16(sent.cipher_suites, 0x5600)); /* 113 */
    assert_int_equal(sent.ext.point_formats.len, 1); /* R-EXT-041 */
    assert_int_equal(sent.ext.point_formats.p[0], 0);
    assert_int_equal(sent.ext.groups.len, 8);
    assert_int_equal(sent.ext.schemes.len, 10);
    assert_false(has(TCH_HAS_SERVER_NAME) || has(TCH_HAS_ALPN) ||
                 has(TCH_HAS_SESSION_TICKET) || has(TCH_HAS_STATUS_REQUEST));
    assert_int_equal(tch_list_u16(sent.cipher_suites, 0), 0xC02B);
}

static void options_come_and_go(void **state)
{
    (void)state;
    bare_params(&b, TCH_CLIENT);
    b.params.encrypt_then_mac = false;
    b.params.server_name = "example.test";
    b.params.send_server_name = true;
    b.params.alpn = tch_slice_of("\2h2", 3);
    assert_int_equal(hello(), TCH_OK);
    assert_false(has(TCH_HAS_ENCRYPT_THEN_MAC));
    assert_int_equal(sent.ext.server_name.len, 12);
    assert_memory_equal(sent.ext.server_name.p, "example.test", 12);
    assert_int_equal(sent.ext.alpn.len, 3);
}

/* Without ECC suites no point formats, and no curves among the groups. */
static void no_curves_without_ecc_suites_R_EXT_040(void **state)
{
    static const uint16_t rsa[] = { 0x009C };

    (void)state;
    bare_params(&b, TCH_CLIENT);
    b.params.suites = rsa;
    b.params.num_suites = 1;
    assert_int_equal(hello(), TCH_OK);
    assert_false(has(TCH_HAS_EC_POINT_FORMATS));
    assert_false(has(TCH_HAS_SUPPORTED_GROUPS) &&
                 tch_list_has_u16(sent.ext.groups, TCH_GROUP_X25519));
    assert_true(has(TCH_HAS_SIGNATURE_ALGORITHMS));
}

static void a_renegotiation_repeats_verify_data_R_EXT_073(void **state)
{
    (void)state;
    bare_params(&b, TCH_CLIENT);
    b.params.before.renegotiation = true;
    b.params.before.secure = true;
    b.params.before.version = TCH_TLS12;
    b.params.before.verify_len = 12;
    memset(b.params.before.client_verify, 0xC1, 12);
    assert_int_equal(hello(), TCH_OK);
    assert_int_equal(sent.ext.renegotiation_info.len, 12);
    assert_memory_equal(sent.ext.renegotiation_info.p,
                        b.params.before.client_verify, 12);
    assert_false(tch_list_has_u16(sent.cipher_suites, 0x00FF));
}

static void a_session_is_offered_by_its_id_R_HS_050(void **state)
{
    struct tch_session *s = tch_session_new(&tch_alloc_default);

    (void)state;
    s->id_len = 32;
    memset(s->id, 0x1d, 32);
    bare_params(&b, TCH_CLIENT);
    b.params.offer = s;
    assert_int_equal(hello(), TCH_OK);
    assert_int_equal(sent.session_id.len, 32);
    assert_memory_equal(sent.session_id.p, s->id, 32);
    assert_true(has(TCH_HAS_EXTENDED_MASTER_SECRET)); /* R-EXT-008 */
    tch_session_unref(s);
}

static void what_is_missing_is_said(void **state)
{
    (void)state;
    bare_params(&b, TCH_CLIENT);
    b.no_random = true;
    assert_int_equal(hello(), TCH_NO_RANDOM); /* R-ATK-043 */
    assert_string_equal(b.last_draw, "client.hello.random");
    bare_params(&b, TCH_CLIENT);
    b.params.num_suites = 0;
    assert_int_equal(hello(), TCH_NOTHING_LEFT);
    bare_params(&b, TCH_CLIENT);
    b.params.versions = 0;
    assert_int_equal(hello(), TCH_NOTHING_LEFT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_hello_has_what_the_rules_demand),
        cmocka_unit_test(options_come_and_go),
        cmocka_unit_test(no_curves_without_ecc_suites_R_EXT_040),
        cmocka_unit_test(a_renegotiation_repeats_verify_data_R_EXT_073),
        cmocka_unit_test(a_session_is_offered_by_its_id_R_HS_050),
        cmocka_unit_test(what_is_missing_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
