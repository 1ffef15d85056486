/* ServerHello as we send it, and the downgrade sentinel, both ways. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/handshake/support_hs.h"

static struct duo d;
static struct tch_server_hello got;

static void parse(void)
{
    struct tch_parse_ctx ctx = { NULL, NULL, NULL };

    assert_int_equal(tch_parse_server_hello(tch_slice_of(d.body + 4,
                                                         d.body_len - 4),
                                            &ctx, &got),
                     TCH_OK);
}

static void the_answer_is_to_what_was_asked(void **state)
{
    (void)state;
    duo_start(&d);
    assert_false(duo_run(&d, 2));
    parse();
    assert_int_equal(got.server_version, 0x0303);
    assert_int_equal(got.cipher_suite, 0xC02B);
    assert_int_equal(got.compression_method, 0); /* R-ATK-007 */
    assert_int_equal(got.session_id.len, 32);    /* R-HS-057 */
    assert_true((got.ext.present & TCH_HAS_RENEGOTIATION_INFO) != 0);
    assert_int_equal(got.ext.renegotiation_info.len, 0); /* R-EXT-077 */
    assert_true((got.ext.present & TCH_HAS_EXTENDED_MASTER_SECRET) != 0);
    /* AEAD: no encrypt-then-MAC (R-REC-074) */
    assert_false((got.ext.present & TCH_HAS_ENCRYPT_THEN_MAC) != 0);
    /* R-EXT-061, and groups are never answered */
    assert_false((got.ext.present & (TCH_HAS_SIGNATURE_ALGORITHMS |
                                     TCH_HAS_SUPPORTED_GROUPS)) != 0);
    duo_end(&d);
}

static void no_id_is_given_when_no_session_is_kept(void **state)
{
    (void)state;
    duo_start(&d);
    d.server.params.resumption = false;
    assert_false(duo_run(&d, 2));
    parse();
    assert_int_equal(got.session_id.len, 0);
    duo_end(&d);
}

/* R-HS-026, R-HS-027: the server supports TLS 1.2, the hello came down. */
static void a_downgrade_is_marked_and_noticed_R_HS_027(void **state)
{
    static const uint8_t mark[8] = { 0x44, 0x4F, 0x57, 0x4E,
                                     0x47, 0x52, 0x44, 0x00 };
    uint8_t buf[300];
    struct tch_writer w;
    enum tch_status s;

    (void)state;
    for (int top = 2; top <= 3; top++) { /* our highest: TLS 1.1 or 1.2 */
        struct bare b;

        bare_params(&b, TCH_SERVER);
        b.params.versions = top == 3 ? 1u << 2 | 1u << 3 : 1u << 2;
        bare_start(&b);
        bare_suite(&b, 0x0302, 0x002F);
        tch_wr_init(&w, buf, sizeof buf);
        assert_int_equal(tch_send_server_hello(b.hs, &w), TCH_OK);
        assert_int_equal(memcmp(b.hs->r.server_random + 24, mark, 8) == 0,
                         top == 3);
        bare_end(&b);
    }
    for (int top = 2; top <= 3; top++) {
        struct bare b;
        struct tch_server_hello m;
        struct tch_effect fx;

        bare_params(&b, TCH_CLIENT);
        b.params.versions = top == 3 ? 1u << 2 | 1u << 3 : 1u << 2;
        bare_start(&b);
        assert_int_equal(tch_hs_next(b.hs, &fx), TCH_OK);
        memset(&m, 0, sizeof m);
        m.server_version = 0x0302;
        memcpy(m.random + 24, mark, 8);
        m.cipher_suite = 0x002F;
        tch_wr_init(&w, buf, sizeof buf);
        tch_write_server_hello(&w, &m);
        s = tch_recv_server_hello(b.hs, tch_wr_done(&w));
        assert_int_equal(s, top == 3 ? TCH_ILLEGAL_PARAMETER : TCH_OK);
        bare_end(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_answer_is_to_what_was_asked),
        cmocka_unit_test(no_id_is_given_when_no_session_is_kept),
        cmocka_unit_test(a_downgrade_is_marked_and_noticed_R_HS_027),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
