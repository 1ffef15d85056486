/*
 * PEM and base64 (crypto-glue/x509/pem.c): RFC 4648 section 10, RFC 7468,
 * dossier R-PKI-100.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/x509/pem.h"

#include "test/unit/glue/support_x509.h"

static struct tch_slice text_of(const char *s)
{
    return tch_slice_of(s, strlen(s));
}

/* ---- base64 ------------------------------------------------------------- */

static void base64_decodes_the_vectors_of_rfc_4648(void **state)
{
    static const struct {
        const char *text;
        const char *plain;
    } rows[] = {
        { "", "" },           { "Zg==", "f" },
        { "Zm8=", "fo" },     { "Zm9v", "foo" },
        { "Zm9vYg==", "foob" }, { "Zm9vYmE=", "fooba" },
        { "Zm9vYmFy", "foobar" },
    };
    uint8_t out[16];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(tch_base64_decode(text_of(rows[i].text), out, &len),
                         TCH_OK);
        assert_int_equal(len, strlen(rows[i].plain));
        assert_memory_equal(out, rows[i].plain, len);
    }
}

/* RFC 4648 table 1, all 64 characters in order: 00108310518720928B30... */
static void base64_knows_its_whole_alphabet(void **state)
{
    static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t out[48];
    size_t len;

    (void)state;
    assert_int_equal(tch_base64_decode(text_of(all), out, &len), TCH_OK);
    assert_int_equal(len, 48);
    for (unsigned i = 0; i < 64; i++) {
        unsigned bit = i * 6;
        unsigned pair = (unsigned)out[bit / 8] << 8 |
                        (bit / 8 + 1 < 48 ? out[bit / 8 + 1] : 0u);

        assert_int_equal(pair >> (10 - bit % 8) & 63, i);
    }
}

static void base64_refuses_every_other_byte(void **state)
{
    static const char blanks[] = " \t\r\n\v\f";
    uint8_t out[8];
    size_t len;
    unsigned taken = 0;

    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        uint8_t text[4] = { 'Z', 'm', (uint8_t)c, 'v' };
        bool blank = c != 0 && strchr(blanks, (int)c) != NULL;
        enum tch_status st =
            tch_base64_decode(tch_slice_of(text, 4), out, &len);

        /* A blank is skipped, which leaves three characters: too few. */
        assert_true(!blank || st == TCH_BAD_FILE);
        taken += st == TCH_OK ? 1u : 0u;
    }
    assert_int_equal(taken, 64);
}

static void base64_skips_white_space(void **state)
{
    uint8_t out[8];
    size_t len;

    (void)state;
    assert_int_equal(
        tch_base64_decode(text_of(" Zm\r\n9v\tYg =\n="), out, &len), TCH_OK);
    assert_int_equal(len, 4);
    assert_memory_equal(out, "foob", 4);
}

/* R-PKI-100: wrong padding rejected; and bits that padding cuts off are 0. */
static void base64_refuses_wrong_padding(void **state)
{
    static const char *const bad[] = {
        "Z",     "Zg",      "Zg=",   "Zg===",  "=",        "====",
        "Z===",  "Zm8",     "Zm8==", "Zm9v=",  "Zg==Zg==", "Zg=g",
        "=Zm8",  "Zh==",    "Zm9=",  "Zm9vZg", "Zm9v====",
    };
    uint8_t out[16];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        len = 99;
        assert_int_equal(tch_base64_decode(text_of(bad[i]), out, &len),
                         TCH_BAD_FILE);
        assert_int_equal(len, 0);
    }
}

/* ---- PEM ---------------------------------------------------------------- */

static enum tch_status next(struct tch_slice *text, struct tch_pem_block *b)
{
    return tch_pem_next(&tch_alloc_default, text, b);
}

static void give(struct tch_pem_block *b)
{
    tch_give(&tch_alloc_default, b->der, b->der_cap);
}

static void blocks_come_one_by_one_and_other_text_is_skipped(void **state)
{
    struct tch_slice text = text_of("some words\n"
                                    "-----BEGIN CERTIFICATE-----\n"
                                    "Zm9v\n"
                                    "-----END CERTIFICATE-----\n"
                                    "-- no boundary --\n"
                                    "-----BEGIN RSA PRIVATE KEY-----\r\n"
                                    "Zm9v\r\nYmFy\r\n"
                                    "-----END RSA PRIVATE KEY-----\r\n"
                                    "the end");
    struct tch_pem_block b;

    (void)state;
    assert_int_equal(next(&text, &b), TCH_OK);
    assert_string_equal(b.label, "CERTIFICATE");
    assert_int_equal(b.der_len, 3);
    assert_memory_equal(b.der, "foo", 3);
    give(&b);
    assert_int_equal(next(&text, &b), TCH_OK);
    assert_string_equal(b.label, "RSA PRIVATE KEY");
    assert_int_equal(b.der_len, 6);
    assert_memory_equal(b.der, "foobar", 6);
    give(&b);
    assert_int_equal(next(&text, &b), TCH_NOT_FOUND);
    assert_null(b.der);
    assert_int_equal(next(&text, &b), TCH_NOT_FOUND);
}

/* R-PKI-100: readers may take other line lengths than 64. */
static void lines_may_have_any_length_and_no_newline_at_the_end(void **state)
{
    struct tch_slice text = text_of("-----BEGIN X-----\n"
                                    "Z\nm9\n\nvYmFyZm9vYmFy\n"
                                    "-----END X-----");
    struct tch_pem_block b;

    (void)state;
    assert_int_equal(next(&text, &b), TCH_OK);
    assert_int_equal(b.der_len, 12);
    assert_memory_equal(b.der, "foobarfoobar", 12);
    give(&b);
}

static void broken_blocks_are_told_and_the_next_one_is_found(void **state)
{
    static const char good[] = "-----BEGIN A-----\nZm9v\n-----END A-----\n";
    static const struct {
        const char *text;
        enum tch_status status;
    } bad[] = {
        { "-----BEGIN A-----\nZm9v\n-----END B-----\n", TCH_BAD_FILE },
        { "-----BEGIN A-----\nZm9v\n", TCH_BAD_FILE },
        { "-----BEGIN A-----\nZm9\n-----END A-----\n", TCH_BAD_FILE },
        { "-----BEGIN A-----\nZm9v!\n-----END A-----\n", TCH_BAD_FILE },
        { "-----BEGIN A-----\n-----END A-----\n", TCH_BAD_FILE },
        { "-----BEGIN -----\nZm9v\n-----END -----\n", TCH_BAD_FILE },
        { "-----BEGIN 12345678901234567890123456789012-----\nZm9v\n"
          "-----END 12345678901234567890123456789012-----\n",
          TCH_BAD_FILE },
        { "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n"
          "DEK-Info: DES-CBC,0011223344556677\n\nZm9v\n-----END A-----\n",
          TCH_NOT_SUPPORTED },
    };
    char both[512];
    struct tch_pem_block b;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct tch_slice text;

        strcpy(both, bad[i].text);
        strcat(both, good);
        text = text_of(both);
        assert_int_equal(next(&text, &b), bad[i].status);
        assert_null(b.der);
        assert_int_equal(next(&text, &b), TCH_OK);
        assert_string_equal(b.label, "A");
        give(&b);
    }
}

static void a_label_of_31_characters_still_fits(void **state)
{
    struct tch_slice text =
        text_of("-----BEGIN 1234567890123456789012345678901-----\nZm9v\n"
                "-----END 1234567890123456789012345678901-----\n");
    struct tch_pem_block b;

    (void)state;
    assert_int_equal(next(&text, &b), TCH_OK);
    assert_int_equal(strlen(b.label), 31);
    give(&b);
}

/* Every cut of a real file ends cleanly, with a block only when it is all
 * there. */
static void a_file_cut_at_every_byte_ends_cleanly(void **state)
{
    size_t len;
    char *file = slurp("vectors/certs/server-ec256.pem", &len);
    const char *end;

    (void)state;
    assert_non_null(file);
    end = strstr(file, "-----END CERTIFICATE-----");
    assert_non_null(end);
    for (size_t n = 0; n <= len; n++) {
        char *part = malloc(n + 1); /* exact, for the sanitizer */
        struct tch_slice text = tch_slice_of(part, n);
        struct tch_pem_block b;
        enum tch_status st;

        assert_non_null(part);
        memcpy(part, file, n);
        st = next(&text, &b);
        assert_int_equal(st == TCH_OK, n >= (size_t)(end - file) + 25);
        give(&b);
        free(part);
    }
    free(file);
}

static void *no_memory(void *arg, size_t n)
{
    (void)arg;
    (void)n;
    return NULL;
}

static void no_free(void *arg, void *p, size_t n)
{
    (void)arg;
    (void)p;
    (void)n;
}

static void without_memory_it_says_so(void **state)
{
    static const struct tch_alloc none = { no_memory, no_free, NULL };
    struct tch_slice text =
        text_of("-----BEGIN A-----\nZm9v\n-----END A-----\n");
    struct tch_pem_block b;

    (void)state;
    assert_int_equal(tch_pem_next(&none, &text, &b), TCH_NO_MEMORY);
    assert_null(b.der);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_decodes_the_vectors_of_rfc_4648),
        cmocka_unit_test(base64_knows_its_whole_alphabet),
        cmocka_unit_test(base64_refuses_every_other_byte),
        cmocka_unit_test(base64_skips_white_space),
        cmocka_unit_test(base64_refuses_wrong_padding),
        cmocka_unit_test(blocks_come_one_by_one_and_other_text_is_skipped),
        cmocka_unit_test(lines_may_have_any_length_and_no_newline_at_the_end),
        cmocka_unit_test(broken_blocks_are_told_and_the_next_one_is_found),
        cmocka_unit_test(a_label_of_31_characters_still_fits),
        cmocka_unit_test(a_file_cut_at_every_byte_ends_cleanly),
        cmocka_unit_test(without_memory_it_says_so),
    };

    return cmocka_run_group_tests_name("pem", tests, NULL, NULL);
}
