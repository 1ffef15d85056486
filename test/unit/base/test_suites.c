/*
 * The suite table against facts, and row for row against the dossier's
 * (section 6), where that is at hand: ../shared/spec/protocol-dossier.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/suites.h"
#include "engine/base/versions.h"

#define DOSSIER "../shared/spec/protocol-dossier.md"
#define NUM_SUITES 251 /* 252 of the registry without 0000, R-CS-002 */

static void table_holds_251_suites_sorted_by_code_R_CS_002(void **state)
{
    const struct tch_suite *s;
    size_t num = 0;
    unsigned before = 0;

    (void)state;
    while ((s = tch_suite_at(num)) != NULL) {
        assert_true(s->code > before);
        assert_ptr_equal(tch_suite_facts(s->code), s);
        before = s->code;
        num++;
    }
    assert_int_equal(num, NUM_SUITES);
    assert_null(tch_suite_at(SIZE_MAX));
}

static void names_are_unique_and_found(void **state)
{
    const struct tch_suite *s;

    (void)state;
    for (size_t i = 0; (s = tch_suite_at(i)) != NULL; i++) {
        /* The first of a name is found, so a second one would differ. */
        assert_ptr_equal(tch_suite_named(s->name), s);
        assert_memory_equal(s->name, "TLS_", 4);
    }
    assert_null(tch_suite_named("TLS_NULL_WITH_NULL_NULL"));
    assert_null(tch_suite_named("TLS_RSA_WITH_AES_128_CBC_SH"));
    assert_null(tch_suite_named(""));
}

static void numbers_that_are_no_suites_have_no_row(void **state)
{
    static const unsigned codes[] = {
        0x0000, 0x00FF, 0x5600, 0x1301, 0x1302, 0x1303,
        0x0A0A, 0xFAFA, 0xFFFF, 0x10033, 0x1C02F
    };

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_null(tch_suite_facts(codes[i]));
    }
}

static void version_ranges_hold_R_CS_001_003_012(void **state)
{
    static const struct {
        unsigned code;
        bool ssl3, tls10, tls11, tls12;
    } facts[] = {
        { 0x000A, true, true, true, true },    /* 3DES */
        { 0x0009, true, true, true, false },   /* DES */
        { 0x0003, true, true, false, false },  /* export */
        { 0x002F, false, true, true, true },   /* AES-CBC, SHA-1 */
        { 0xC013, false, true, true, true },   /* ECDHE_RSA, SHA-1 */
        { 0xC027, false, false, false, true }, /* SHA-256 */
        { 0xC02F, false, false, false, true }, /* GCM */
        { 0xCCA8, false, false, false, true }, /* ChaCha20-Poly1305 */
        { 0xC037, false, false, false, true }, /* "T12*": TLS 1.2 here */
    };

    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        const struct tch_suite *s = tch_suite_facts(facts[i].code);

        assert_non_null(s);
        assert_int_equal(tch_suite_for(s, TCH_SSL3), facts[i].ssl3);
        assert_int_equal(tch_suite_for(s, TCH_TLS10), facts[i].tls10);
        assert_int_equal(tch_suite_for(s, TCH_TLS11), facts[i].tls11);
        assert_int_equal(tch_suite_for(s, TCH_TLS12), facts[i].tls12);
        assert_false(tch_suite_for(s, 0x0304));
        assert_false(tch_suite_for(s, TCH_SSL2));
    }
}

static void key_exchanges_say_what_the_handshake_has_R_KX_001(void **state)
{
    static const struct {
        enum tch_kx kx;
        bool ephemeral, ec, psk;
    } facts[] = {
        { TCH_KX_RSA, false, false, false },
        { TCH_KX_DH, false, false, false },
        { TCH_KX_DHE, true, false, false },
        { TCH_KX_DHE_EXPORT, true, false, false },
        { TCH_KX_ECDH, false, true, false },
        { TCH_KX_ECDHE, true, true, false },
        { TCH_KX_PSK, false, false, true },
        { TCH_KX_RSA_PSK, false, false, true },
        { TCH_KX_DHE_PSK, true, false, true },
        { TCH_KX_ECDHE_PSK, true, true, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        assert_int_equal(tch_kx_is_ephemeral(facts[i].kx),
                         facts[i].ephemeral);
        assert_int_equal(tch_kx_uses_ec_group(facts[i].kx), facts[i].ec);
        assert_int_equal(tch_kx_has_psk(facts[i].kx), facts[i].psk);
    }
}

static void certificates_come_with_certificate_suites_R_HS_090(void **state)
{
    (void)state;
    assert_true(tch_suite_server_cert(tch_suite_facts(0xC02F)));
    assert_true(tch_suite_server_cert(tch_suite_facts(0xC02B)));
    assert_true(tch_suite_server_cert(tch_suite_facts(0x00AC))); /* RSA_PSK */
    assert_false(tch_suite_server_cert(tch_suite_facts(0x00A8))); /* PSK */
    assert_false(tch_suite_server_cert(tch_suite_facts(0x0034))); /* anon */
}

/* The dossier's words for our enums. */
struct word {
    const char *word;
    int value;
};

static const struct word kx_words[] = {
    { "RSA", TCH_KX_RSA },
    { "RSA_EXPORT512", TCH_KX_RSA_EXPORT },
    { "RSA_EXPORT1024", TCH_KX_RSA_EXPORT1024 },
    { "DH", TCH_KX_DH },
    { "DH_EXPORT512", TCH_KX_DH_EXPORT },
    { "DHE", TCH_KX_DHE },
    { "DHE_EXPORT512", TCH_KX_DHE_EXPORT },
    { "DHE_EXPORT1024", TCH_KX_DHE_EXPORT1024 },
    { "ECDH", TCH_KX_ECDH },
    { "ECDHE", TCH_KX_ECDHE },
    { "PSK", TCH_KX_PSK },
    { "RSA_PSK", TCH_KX_RSA_PSK },
    { "DHE_PSK", TCH_KX_DHE_PSK },
    { "ECDHE_PSK", TCH_KX_ECDHE_PSK },
};

static const struct word auth_words[] = {
    { "none", TCH_AUTH_NONE },   { "RSA", TCH_AUTH_RSA },
    { "DSA", TCH_AUTH_DSA },     { "ECDSA", TCH_AUTH_ECDSA },
    { "PSK", TCH_AUTH_PSK },     { "RSA+PSK", TCH_AUTH_RSA_PSK },
};

static const struct word cipher_words[] = {
    { "NULL", TCH_CIPHER_NULL },
    { "RC4-40x", TCH_CIPHER_RC4_40 },
    { "RC4-56x", TCH_CIPHER_RC4_56 },
    { "RC4-128", TCH_CIPHER_RC4_128 },
    { "RC2-40x-CBC", TCH_CIPHER_RC2_40_CBC },
    { "DES-40x-CBC", TCH_CIPHER_DES_40_CBC },
    { "DES-56x-CBC", TCH_CIPHER_DES_56_CBC },
    { "DES-CBC", TCH_CIPHER_DES_CBC },
    { "3DES-EDE-CBC", TCH_CIPHER_3DES_CBC },
    { "IDEA-CBC", TCH_CIPHER_IDEA_CBC },
    { "SEED-CBC", TCH_CIPHER_SEED_CBC },
    { "AES-128-CBC", TCH_CIPHER_AES_128_CBC },
    { "AES-256-CBC", TCH_CIPHER_AES_256_CBC },
    { "CAMELLIA-128-CBC", TCH_CIPHER_CAMELLIA_128_CBC },
    { "CAMELLIA-256-CBC", TCH_CIPHER_CAMELLIA_256_CBC },
    { "AES-128-GCM", TCH_CIPHER_AES_128_GCM },
    { "AES-256-GCM", TCH_CIPHER_AES_256_GCM },
    { "AES-128-CCM", TCH_CIPHER_AES_128_CCM },
    { "AES-256-CCM", TCH_CIPHER_AES_256_CCM },
    { "AES-128-CCM8", TCH_CIPHER_AES_128_CCM_8 },
    { "AES-256-CCM8", TCH_CIPHER_AES_256_CCM_8 },
    { "CAMELLIA-128-GCM", TCH_CIPHER_CAMELLIA_128_GCM },
    { "CAMELLIA-256-GCM", TCH_CIPHER_CAMELLIA_256_GCM },
    { "CHACHA20-POLY1305", TCH_CIPHER_CHACHA20_POLY1305 },
};

static const struct word hash_words[] = {
    { "AEAD", TCH_HASH_NONE },     { "MD5", TCH_HASH_MD5 },
    { "SHA1", TCH_HASH_SHA1 },     { "SHA256", TCH_HASH_SHA256 },
    { "SHA384", TCH_HASH_SHA384 },
};

static const struct word type_words[] = {
    { "stream", TCH_TYPE_STREAM },
    { "cbc", TCH_TYPE_CBC },
    { "aead", TCH_TYPE_AEAD },
};

static int value_of(const struct word *words, size_t num, const char *word)
{
    for (size_t i = 0; i < num; i++) {
        if (strcmp(words[i].word, word) == 0) {
            return words[i].value;
        }
    }
    fail_msg("the dossier says %s", word);
    return -1;
}

#define VALUE(table, word) \
    value_of(table, sizeof(table) / sizeof((table)[0]), word)

static const struct {
    const char *word;
    uint16_t first;
    uint16_t last;
} ranges[] = {
    { "S3-T10", TCH_SSL3, TCH_TLS10 },   { "S3-T11", TCH_SSL3, TCH_TLS11 },
    { "S3-T12", TCH_SSL3, TCH_TLS12 },   { "T10-T12", TCH_TLS10, TCH_TLS12 },
    { "T12", TCH_TLS12, TCH_TLS12 },     { "T12*", TCH_TLS12, TCH_TLS12 },
};

/* A row's columns, trimmed, between its bars. */
#define COLUMNS 17
enum {
    CODE, NAME, KX, AUTH, CIPHER, TYPE, KEY_MATERIAL, KEY, FIXED_IV,
    RECORD_IV, TAG, MAC, MAC_LEN, PRF, VERSIONS
};

static size_t split(char *line, char *columns[COLUMNS])
{
    size_t num = 0;
    char *rest = NULL;

    for (char *at = strtok_r(line, "|\n", &rest); at != NULL;
         at = strtok_r(NULL, "|\n", &rest)) {
        size_t n;

        while (*at == ' ') {
            at++;
        }
        for (n = strlen(at); n > 0 && at[n - 1] == ' '; n--) {
            at[n - 1] = '\0';
        }
        if (num < COLUMNS) {
            columns[num++] = at;
        }
    }
    return num;
}

static void check_range(const struct tch_suite *s, const char *word)
{
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (strcmp(ranges[i].word, word) == 0) {
            assert_int_equal(s->first, ranges[i].first);
            assert_int_equal(s->last, ranges[i].last);
            return;
        }
    }
    fail_msg("the dossier says %s", word);
}

/* "16/0": before and in TLS 1.2; "-" where the suite is not used. */
static int after_slash(const char *pair)
{
    const char *slash = strchr(pair, '/');

    assert_non_null(slash);
    return slash[1] == '-' ? -1 : atoi(slash + 1);
}

static void check_ivs(const struct tch_suite *s,
                      const struct tch_cipher_row *c, char *columns[COLUMNS])
{
    int fixed = after_slash(columns[FIXED_IV]);
    int on_wire = after_slash(columns[RECORD_IV]);

    if (c->type == TCH_TYPE_AEAD) {
        assert_int_equal(c->fixed_iv, fixed);
        assert_int_equal(c->record_iv, on_wire);
        return;
    }
    assert_int_equal(c->fixed_iv, 0);
    assert_int_equal(c->record_iv, 0);
    if (c->type == TCH_TYPE_CBC && s->last > TCH_TLS10) {
        assert_int_equal(c->block, on_wire); /* the explicit IV */
    }
    if (c->type == TCH_TYPE_CBC && s->first <= TCH_TLS10 &&
        s->kx != TCH_KX_RSA_EXPORT && atoi(columns[FIXED_IV]) != 0) {
        assert_int_equal(c->block, atoi(columns[FIXED_IV]));
    }
}

static void check_row(char *columns[COLUMNS])
{
    unsigned code = (unsigned)strtoul(columns[CODE], NULL, 16);
    const struct tch_suite *s = tch_suite_facts(code);
    const struct tch_cipher_row *c;

    if (s == NULL) {
        fail_msg("no row for %s", columns[NAME]);
        return;
    }
    c = tch_cipher_facts(s->cipher);
    assert_string_equal(s->name, columns[NAME]);
    assert_int_equal(s->kx, VALUE(kx_words, columns[KX]));
    assert_int_equal(s->auth, VALUE(auth_words, columns[AUTH]));
    assert_int_equal(s->cipher, VALUE(cipher_words, columns[CIPHER]));
    assert_int_equal(c->type, VALUE(type_words, columns[TYPE]));
    assert_int_equal(c->key_material, atoi(columns[KEY_MATERIAL]));
    assert_int_equal(c->key, atoi(columns[KEY]));
    assert_int_equal(c->tag, atoi(columns[TAG]));
    assert_int_equal(s->mac, VALUE(hash_words, columns[MAC]));
    assert_int_equal(tch_hash_facts(s->mac)->len, atoi(columns[MAC_LEN]));
    assert_int_equal(s->prf, VALUE(hash_words, columns[PRF]));
    check_range(s, columns[VERSIONS]);
    check_ivs(s, c, columns);
}

static void every_row_is_the_dossiers(void **state)
{
    FILE *f = fopen(DOSSIER, "r");
    static char line[4096];
    bool inside = false;
    size_t num = 0;

    (void)state;
    if (f == NULL) {
        print_message("%s is absent\n", DOSSIER);
        skip();
        return;
    }
    while (fgets(line, sizeof line, f) != NULL) {
        char *columns[COLUMNS];

        if (strcmp(line, "<!-- suites:begin -->\n") == 0) {
            inside = true;
        } else if (strcmp(line, "<!-- suites:end -->\n") == 0) {
            inside = false;
        } else if (inside && line[0] == '|' &&
                   strspn(line + 2, "0123456789ABCDEF") == 4) {
            assert_int_equal(split(line, columns), COLUMNS);
            if (strcmp(columns[CODE], "0000") != 0) {
                check_row(columns);
                num++;
            }
        }
    }
    fclose(f);
    assert_int_equal(num, NUM_SUITES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_holds_251_suites_sorted_by_code_R_CS_002),
        cmocka_unit_test(names_are_unique_and_found),
        cmocka_unit_test(numbers_that_are_no_suites_have_no_row),
        cmocka_unit_test(version_ranges_hold_R_CS_001_003_012),
        cmocka_unit_test(key_exchanges_say_what_the_handshake_has_R_KX_001),
        cmocka_unit_test(certificates_come_with_certificate_suites_R_HS_090),
        cmocka_unit_test(every_row_is_the_dossiers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
