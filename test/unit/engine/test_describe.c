/* Facts for people: suites, names, failures, the SNI of first bytes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/pair.h"

static void is(enum tch_status s, const char *name)
{
    assert_string_equal(tch_status_name(s), name);
}

/* Rows of RFC 5246 App. A.5, 5289, 7905. */
static void suites_are_described(void **state)
{
    static const struct {
        unsigned code;
        const char *name, *kx, *auth, *mac;
        unsigned bits, mac_bits, block;
        bool aead;
    } rows[] = {
        { 0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE", "RSA",
          "AEAD", 128, 0, 16, true },
        { 0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE", "ECDSA",
          "AEAD", 256, 0, 16, true },
        { 0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", "RSA", "RSA", "SHA1", 128,
          160, 16, false },
        { 0xC027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE", "RSA",
          "SHA256", 128, 256, 16, false },
        { 0x009E, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "DHE", "RSA", "AEAD",
          128, 0, 16, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tch_suite_info s;

        is(tch_suite_describe(rows[i].code, &s), "OK");
        assert_string_equal(s.name, rows[i].name);
        assert_string_equal(s.key_exchange, rows[i].kx);
        assert_string_equal(s.authentication, rows[i].auth);
        assert_string_equal(s.mac, rows[i].mac);
        assert_int_equal(s.cipher_bits, rows[i].bits);
        assert_int_equal(s.mac_bits, rows[i].mac_bits);
        assert_int_equal(s.block_len, rows[i].block);
        assert_int_equal(s.aead, rows[i].aead);
        assert_true(s.built);
        assert_string_equal(tch_suite_name(rows[i].code), rows[i].name);
        assert_int_equal(tch_suite_code(rows[i].name), rows[i].code);
    }
}

static void what_is_unknown_has_no_name(void **state)
{
    struct tch_suite_info s;

    (void)state;
    assert_null(tch_suite_name(0x0A0A));
    assert_int_equal(tch_suite_code("TLS_NONSENSE"), 0);
    assert_null(tch_group_name(0x0A0A));
    assert_int_equal(tch_group_code("nonsense"), 0);
    assert_null(tch_version_name(0x0305));
    is(tch_suite_describe(0x0A0A, &s), "NOT_FOUND");
    is(tch_suite_list(100000, &s), "NOT_FOUND");
    assert_string_equal(tch_group_name(29), "x25519");
    assert_int_equal(tch_group_code("secp256r1"), 23);
    assert_string_equal(tch_version_name(0x0303), "TLS1.2");
}

static void a_failure_becomes_one_sentence(void **state)
{
    struct tch_failure f;
    char out[300];
    size_t len;

    (void)state;
    memset(&f, 0, sizeof f);
    f.status = TCH_ILLEGAL_PARAMETER;
    f.alert = TCH_ALERT_ILLEGAL_PARAMETER;
    f.side = TCH_SIDE_OURS;
    f.rfc = "5246 7.4.1.3";
    snprintf(f.path, sizeof f.path, "server_hello.cipher_suite");
    len = tch_describe_failure(&f, out, sizeof out);
    assert_int_equal(len, strlen(out));
    assert_non_null(strstr(out, "server_hello.cipher_suite"));
    assert_non_null(strstr(out, "5246 7.4.1.3"));
    assert_non_null(strstr(out, "we sent"));
    assert_non_null(strstr(out, "illegal_parameter (47)"));
    f.side = TCH_SIDE_PEERS;
    (void)tch_describe_failure(&f, out, sizeof out);
    assert_non_null(strstr(out, "the peer sent"));
    /* however little room there is */
    for (size_t cap = 0; cap <= len; cap++) {
        char small[300];

        memset(small, 'x', sizeof small);
        (void)tch_describe_failure(&f, small, cap);
        assert_true(cap == 0 || memchr(small, '\0', cap) != NULL);
        assert_int_equal(small[cap], 'x');
    }
}

/* Contract 12.4. */
static void the_server_name_of_first_bytes_is_found_12_4(void **state)
{
    struct pair p;
    struct tch_slice name;

    (void)state;
    pair_configs(&p, "server-ec256");
    pair_connect(&p);
    (void)step_client(&p, SIZE_MAX);
    for (size_t n = 0; n < p.to_server.len; n++) {
        is(tch_server_name(tch_slice_of(p.to_server.bytes, n), &name),
           "WANT_INPUT");
        assert_int_equal(name.len, 0);
    }
    is(tch_server_name(tch_slice_of(p.to_server.bytes, p.to_server.len),
                       &name),
       "OK");
    assert_int_equal(name.len, 9);
    assert_memory_equal(name.p, "localhost", 9);
    is(tch_server_name(tch_slice_of("GET / HTTP/1.1\r\n", 16), &name),
       "DECODE_ERROR");
    p.to_server.bytes[5] = 2; /* a ServerHello */
    is(tch_server_name(tch_slice_of(p.to_server.bytes, p.to_server.len),
                       &name),
       "DECODE_ERROR");
    pair_free(&p);
}

static void the_version_is_that_of_the_header(void **state)
{
    (void)state;
    assert_string_equal(tch_version(), TCH_VERSION);
}

static size_t printed;

static void count(void *arg, const char *s)
{
    (void)arg;
    printed += strlen(s);
}

static void the_states_can_be_printed(void **state)
{
    (void)state;
    tch_print_states(false, count, NULL);
    assert_true(printed > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suites_are_described),
        cmocka_unit_test(what_is_unknown_has_no_name),
        cmocka_unit_test(a_failure_becomes_one_sentence),
        cmocka_unit_test(the_server_name_of_first_bytes_is_found_12_4),
        cmocka_unit_test(the_version_is_that_of_the_header),
        cmocka_unit_test(the_states_can_be_printed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
