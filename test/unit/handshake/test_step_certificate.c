/*
 * Certificates: what is asked for, what a client answers with, and what the
 * leaf must be (R-HS-077, 090, 094 to 096, 099, 103). Deviations on the wire:
 * test/hostile/.
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
static struct tch_identity *both[2] = { &rsa, &ec };
static uint8_t buf[10000];

static void start(enum tch_role role, unsigned suite)
{
    bare_identity(&rsa, "server-rsa2048.der", "server-rsa2048-key.der");
    bare_identity(&ec, "server-ec256.der", "server-ec256-key.der");
    bare_params(&b, role);
    bare_start(&b);
    bare_suite(&b, 0, suite);
}

static void end(void)
{
    bare_end(&b);
    bare_identity_free(&rsa);
    bare_identity_free(&ec);
}

static struct tch_slice list_of(const struct tch_identity *id)
{
    struct tch_writer w;

    tch_wr_init(&w, buf, sizeof buf);
    tch_write_certificate(&w, id == NULL ? NULL : id->chain, id != NULL);
    return tch_wr_done(&w);
}

/* R-HS-099: a type for each kind of key our schemes check, RSA 1, ECDSA 64. */
static void the_request_lists_types_and_schemes_R_HS_100(void **state)
{
    struct tch_parse_ctx ctx = { tch_version_facts(TCH_TLS12), NULL, NULL };
    struct tch_certificate_request m;
    struct tch_writer w;

    (void)state;
    start(TCH_SERVER, 0xC02F);
    b.params.issuers = tch_slice_of("\0\2\x30\0", 4);
    tch_wr_init(&w, buf, sizeof buf);
    assert_int_equal(tch_send_certificate_request(b.hs, &w), TCH_OK);
    assert_int_equal(tch_parse_certificate_request(tch_wr_done(&w), &ctx, &m),
                     TCH_OK);
    assert_int_equal(m.types.len, 2);
    assert_true(tch_list_has_u8(m.types, 1) && tch_list_has_u8(m.types, 64));
    assert_int_equal(m.schemes.len, 10);
    assert_int_equal(tch_list_u16(m.schemes, 0), 0x0403);
    assert_int_equal(m.authorities.len, 4);
    end();
}

/* `types` and `schemes` as a server asked; what the client answers with. */
static const struct tch_identity *answer(const char *types, size_t types_len,
                                         const char *schemes,
                                         size_t schemes_len)
{
    struct tch_parse_ctx ctx = { tch_version_facts(TCH_TLS12), NULL, NULL };
    struct tch_certificate_request m;
    struct tch_writer w;

    memset(&m, 0, sizeof m);
    m.types = tch_slice_of(types, types_len);
    m.schemes = tch_slice_of(schemes, schemes_len);
    tch_wr_init(&w, buf, sizeof buf);
    tch_write_certificate_request(&w, &ctx, &m);
    assert_int_equal(tch_recv_certificate_request(b.hs, tch_wr_done(&w)),
                     TCH_OK);
    tch_wr_init(&w, buf, sizeof buf);
    assert_int_equal(tch_send_client_certificate(b.hs, &w), TCH_OK);
    assert_int_equal(w.len > 100, b.hs->r.local != NULL);
    assert_int_equal((b.hs->flags & TCH_HSF_CLIENT_VERIFY) != 0,
                     b.hs->r.local != NULL);
    return b.hs->r.local;
}

#define S(text) text, sizeof(text) - 1

static void the_first_that_fits_answers_R_HS_096(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        start(TCH_CLIENT, 0xC02F);
        b.hs->identities = both;
        b.hs->num_identities = 2;
        switch (i) {
        case 0: /* both would do: the first */
            assert_ptr_equal(answer(S("\1\x40"), S("\4\1\4\3")), &rsa);
            assert_int_equal(b.hs->verify_scheme, 0x0401);
            break;
        case 1: /* by type */
            assert_ptr_equal(answer(S("\x40"), S("\4\1\4\3")), &ec);
            assert_int_equal(b.hs->verify_scheme, 0x0403);
            break;
        case 2: /* by scheme */
            assert_ptr_equal(answer(S("\1\x40"), S("\4\3")), &ec);
            break;
        case 3: /* neither: an empty list (R-HS-094) */
            assert_null(answer(S("\2"), S("\4\1\4\3")));
            break;
        default:
            assert_null(answer(S("\1\x40"), S("\2\1\2\3")));
            break;
        }
        end();
    }
}

static void a_client_may_be_asked_for_a_certificate_once(void **state)
{
    struct tch_writer w;

    (void)state;
    start(TCH_CLIENT, 0xC02F);
    b.params.ask_credential = true;
    b.hs->request_types = tch_slice_of("\1\x40", 2);
    tch_wr_init(&w, buf, sizeof buf);
    assert_int_equal(tch_send_client_certificate(b.hs, &w),
                     TCH_WANT_CREDENTIAL);
    assert_int_equal(tch_hs_answer_credential(b.hs, NULL, 0), TCH_OK);
    assert_int_equal(tch_send_client_certificate(b.hs, &w), TCH_OK);
    assert_int_equal(w.len, 3); /* 00 00 00 */
    end();
}

static void the_servers_leaf_fits_the_suite_R_HS_103(void **state)
{
    static const struct {
        unsigned suite;
        bool ec;
        enum tch_status status;
    } rows[] = {
        { 0xC02F, false, TCH_WANT_VERDICT },
        { 0xC02F, true, TCH_ILLEGAL_PARAMETER },
        { 0xC02B, true, TCH_WANT_VERDICT },
        { 0xC02B, false, TCH_ILLEGAL_PARAMETER },
        { 0x009C, true, TCH_ILLEGAL_PARAMETER },
        { 0x009E, false, TCH_WANT_VERDICT },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start(TCH_CLIENT, rows[i].suite);
        assert_int_equal(
            tch_recv_server_certificate(b.hs,
                                        list_of(rows[i].ec ? &ec : &rsa)),
            rows[i].status);
        end();
    }
}

static void a_server_always_has_one_R_HS_090(void **state)
{
    (void)state;
    start(TCH_CLIENT, 0xC02F);
    assert_int_equal(tch_recv_server_certificate(b.hs, list_of(NULL)),
                     TCH_DECODE_ERROR);
    end();
}

static void a_client_need_not_have_one_R_HS_095(void **state)
{
    (void)state;
    for (int required = 0; required < 2; required++) {
        start(TCH_SERVER, 0xC02F);
        b.params.client_auth = required ? TCH_CLIENT_AUTH_REQUIRE
                                        : TCH_CLIENT_AUTH_REQUEST;
        assert_int_equal(tch_recv_client_certificate(b.hs, list_of(NULL)),
                         required ? TCH_NO_CLIENT_CERTIFICATE : TCH_OK);
        assert_false((b.hs->flags & TCH_HSF_CLIENT_VERIFY) != 0);
        end();
    }
}

/* The leaf of the first handshake comes again, with EMS and without: no
 * option allows a change. */
static void a_renegotiation_keeps_the_certificate_R_HS_077(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        bool same = i % 2 == 0;
        bool ems = i >= 2;

        start(TCH_CLIENT, 0xC02F);
        b.params.before.renegotiation = true;
        b.params.before.has_server_cert = true;
        b.params.before.ems = ems;
        b.hs->r.ems = ems;
        tch_hash(TCH_HASH_SHA256, same ? &rsa.chain[0] : &ec.chain[0], 1,
                 b.params.before.server_cert_hash);
        assert_int_equal(tch_recv_server_certificate(b.hs, list_of(&rsa)),
                         same ? TCH_WANT_VERDICT : TCH_ILLEGAL_PARAMETER);
        end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_lists_types_and_schemes_R_HS_100),
        cmocka_unit_test(the_first_that_fits_answers_R_HS_096),
        cmocka_unit_test(a_client_may_be_asked_for_a_certificate_once),
        cmocka_unit_test(the_servers_leaf_fits_the_suite_R_HS_103),
        cmocka_unit_test(a_server_always_has_one_R_HS_090),
        cmocka_unit_test(a_client_need_not_have_one_R_HS_095),
        cmocka_unit_test(a_renegotiation_keeps_the_certificate_R_HS_077),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
