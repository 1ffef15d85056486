/*
 * PRFs: the dossier's worked values, and every vector of the shared
 * collections (NIST, IETF, Botan, Go, s2n, OpenSSL, SSL 3.0).
 */

#include "test/unit/glue/support_bytes.h"

#include <string.h>

#include "crypto-glue/hash.h"
#include "crypto-glue/prf.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/glue/support_vectors.h"

#define KDF SHARED_DATA "tls-kdf/"

static struct tch_prf_spec spec_named(const char *name)
{
    static const struct {
        const char *name;
        struct tch_prf_spec spec;
    } rows[] = {
        { "ssl3", { TCH_PRF_SSL3, TCH_HASH_NONE } },
        { "tls10", { TCH_PRF_MD5_SHA1, TCH_HASH_NONE } },
        { "tls12-sha224", { TCH_PRF_SUITE, TCH_HASH_SHA224 } },
        { "tls12-sha256", { TCH_PRF_SUITE, TCH_HASH_SHA256 } },
        { "tls12-sha384", { TCH_PRF_SUITE, TCH_HASH_SHA384 } },
        { "tls12-sha512", { TCH_PRF_SUITE, TCH_HASH_SHA512 } },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return rows[i].spec;
        }
    }
    fail_msg("no PRF %s", name);
    return rows[0].spec;
}

/* Runs the records of vectors/kdf/prf.txt whose case starts with `id`. */
static void run_cases(const char *id, size_t expected_num)
{
    static struct vectors v;
    size_t num = 0;

    vectors_open(&v, "vectors/kdf/prf.txt");
    while (vectors_next(&v)) {
        uint8_t secret[64], seed[128], expected[128], got[128];
        size_t secret_len = vectors_hex(&v, "SECRET", secret, sizeof secret);
        size_t seed_len = vectors_hex(&v, "SEED", seed, sizeof seed);
        size_t len = vectors_hex(&v, "OUTPUT", expected, sizeof expected);
        struct tch_slice parts[2] = { tch_slice_of(seed, seed_len / 2),
                                      tch_slice_of(seed + seed_len / 2,
                                                   seed_len - seed_len / 2) };

        if (strncmp(vectors_text(&v, "CASE"), id, strlen(id)) != 0) {
            continue;
        }
        tch_prf(spec_named(vectors_text(&v, "PRF")), got, len,
                tch_slice_of(secret, secret_len), vectors_text(&v, "LABEL"),
                parts, 2);
        assert_memory_equal(got, expected, len);
        num++;
    }
    assert_int_equal(num, expected_num);
}

static void R_KEY_001_an_odd_secret_shares_its_middle_byte(void **state)
{
    (void)state;
    run_cases("R-KEY-001", 1);
}

static void R_KEY_003_an_empty_secret_is_legal(void **state)
{
    (void)state;
    run_cases("R-KEY-003", 1);
}

static void R_KEY_010_master_secrets_of_every_version(void **state)
{
    (void)state;
    run_cases("R-KEY-010", 4);
}

static void R_KEY_011_key_blocks_of_every_version(void **state)
{
    (void)state;
    run_cases("R-KEY-011", 3);
}

static void R_KEY_030_export_keys(void **state)
{
    (void)state;
    run_cases("R-KEY-030", 1);
}

static void R_KEY_042_extended_master_secret(void **state)
{
    (void)state;
    run_cases("R-KEY-042", 1);
}

static void R_KEY_060_exporters_without_and_with_empty_context(void **state)
{
    (void)state;
    run_cases("R-KEY-060", 2);
}

static void R_HS_120_finished_values(void **state)
{
    (void)state;
    run_cases("R-HS-120", 3);
}

/* R-KEY-004: a shorter output is the start of a longer one, and nothing is
 * written behind it. */
static void R_KEY_004_output_ends_at_any_byte(void **state)
{
    static const char *const names[] = { "ssl3", "tls10", "tls12-sha256",
                                         "tls12-sha384" };
    struct tch_slice secret = tch_slice_of("secret", 6);
    struct tch_slice seed = tch_slice_of("seed", 4);

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct tch_prf_spec spec = spec_named(names[i]);
        uint8_t whole[416], part[417];

        tch_prf(spec, whole, sizeof whole, secret, "label", &seed, 1);
        for (size_t n = 0; n <= sizeof whole; n++) {
            memset(part, 0xee, sizeof part);
            tch_prf(spec, part, n, secret, "label", &seed, 1);
            if (n > 0) {
                assert_memory_equal(part, whole, n);
            }
            assert_int_equal(part[n], 0xee);
        }
    }
}

/* Label and seed are one string to the PRF; the secret is not part of it. */
static void secret_label_and_seed_all_count(void **state)
{
    struct tch_prf_spec spec = { TCH_PRF_SUITE, TCH_HASH_SHA256 };
    struct tch_slice seed = tch_slice_of("seed", 4);
    struct tch_slice joined = tch_slice_of("labelseed", 9);
    uint8_t one[40], two[40];

    (void)state;
    tch_prf(spec, one, 40, tch_slice_of("secret", 6), "label", &seed, 1);
    tch_prf(spec, two, 40, tch_slice_of("secret", 6), "", &joined, 1);
    assert_memory_equal(one, two, 40);
    tch_prf(spec, two, 40, tch_slice_of("secreT", 6), "label", &seed, 1);
    assert_memory_not_equal(one, two, 40);
    tch_prf(spec, two, 40, tch_slice_of("secret", 6), "labeL", &seed, 1);
    assert_memory_not_equal(one, two, 40);
    spec.hash = TCH_HASH_SHA384;
    tch_prf(spec, two, 40, tch_slice_of("secret", 6), "label", &seed, 1);
    assert_memory_not_equal(one, two, 40);
}

/* The members `a` and `b` of a JSON vector, one behind the other. */
static size_t two_members(const struct json *v, const char *a, const char *b,
                          uint8_t *out, size_t cap)
{
    size_t n = json_hex(v, a, out, cap);

    return n + json_hex(v, b, out + n, cap - n);
}

/* PRF(secret member, label, seed) must be the expected member, if any. */
static size_t expect(const struct json *v, struct tch_prf_spec spec,
                     const char *secret_name, const char *label,
                     struct tch_slice seed, const char *expected_name)
{
    uint8_t secret[256], expected[512], got[512];
    size_t secret_len = json_hex(v, secret_name, secret, sizeof secret);
    size_t len = json_hex(v, expected_name, expected, sizeof expected);

    if (len == 0) {
        return 0;
    }
    tch_prf(spec, got, len, tch_slice_of(secret, secret_len), label, &seed, 1);
    assert_memory_equal(got, expected, len);
    return 1;
}

/* Opens a shared file or skips the test. */
static const struct json *first_vector(const char *path, struct json_doc *doc)
{
    if (!json_load(path, doc)) {
        skip();
    }
    return json_get(doc->root, "vectors")->first;
}

static void prf_file(const char *path, size_t num)
{
    struct json_doc doc;
    size_t run = 0;

    for (const struct json *v = first_vector(path, &doc); v != NULL;
         v = v->next) {
        struct tch_prf_spec spec = spec_named(json_text(v, "prf"));
        uint8_t joined[640];
        char label[128] = { 0 };
        size_t n = json_hex(v, "label", joined, sizeof label - 1);
        size_t len = two_members(v, "label", "seed", joined, sizeof joined);

        /* Some labels are binary; those go with the seed. */
        memcpy(label, joined, n);
        n = strlen(label) == n ? n : 0;
        label[n] = '\0';
        run += expect(v, spec, "secret", label,
                      tch_slice_of(joined + n, len - n), "output");
    }
    assert_int_equal(run, num);
    json_free(&doc);
}

static void published_prf_values(void **state)
{
    (void)state;
    prf_file(KDF "prf-published.json", 10);
}

static void botan_s_tls_1_0_prf_values(void **state)
{
    (void)state;
    prf_file(KDF "prf-botan-tls10.json", 16);
}

static void openssl_s_prf_values_of_many_lengths(void **state)
{
    (void)state;
    prf_file(KDF "prf-generated.json", 200);
}

/* "v1.2" with "SHA2-256", or "v1.0/1.1". */
static struct tch_prf_spec nist_spec(const struct json *v)
{
    char name[32] = "tls10";

    if (strcmp(json_text(v, "tlsVersion"), "v1.2") == 0) {
        snprintf(name, sizeof name, "tls12-sha%s",
                 strrchr(json_text(v, "hashAlg"), '-') + 1);
    }
    return spec_named(name);
}

static void nist_file(const char *path, bool extended, size_t num)
{
    struct json_doc doc;
    size_t run = 0;

    for (const struct json *v = first_vector(path, &doc); v != NULL;
         v = v->next) {
        struct tch_prf_spec spec = nist_spec(v);
        uint8_t seed[256];
        size_t n;

        if (extended) {
            n = json_hex(v, "sessionHash", seed, sizeof seed);
            run += expect(v, spec, "preMasterSecret", "extended master secret",
                          tch_slice_of(seed, n), "masterSecret");
        } else {
            n = two_members(v, "clientHelloRandom", "serverHelloRandom", seed,
                            sizeof seed);
            run += expect(v, spec, "preMasterSecret", "master secret",
                          tch_slice_of(seed, n), "masterSecret");
        }
        n = two_members(v, "serverRandom", "clientRandom", seed, sizeof seed);
        run += expect(v, spec, "masterSecret", "key expansion",
                      tch_slice_of(seed, n), "keyBlock");
    }
    assert_int_equal(run, num);
    json_free(&doc);
}

static void nist_s_master_secrets_and_key_blocks(void **state)
{
    (void)state;
    nist_file(KDF "nist-tls-kdf.json", false, 12);
}

static void nist_s_extended_master_secrets(void **state)
{
    (void)state;
    nist_file(KDF "nist-tls12-ems-kdf.json", true, 6);
}

/* The four keys that a published vector gives apart, compared as a run. */
static size_t key_block_in_pieces(const struct json *v,
                                  struct tch_prf_spec spec,
                                  struct tch_slice seed)
{
    static const char *const names[] = { "client_mac", "server_mac",
                                         "client_key", "server_key" };
    uint8_t secret[48], expected[256], got[256];
    size_t n = 0;

    for (size_t i = 0; i < COUNT(names); i++) {
        n += json_hex(v, names[i], expected + n, sizeof expected - n);
    }
    if (n == 0) {
        return 0;
    }
    assert_int_equal(json_hex(v, "master_secret", secret, 48), 48);
    tch_prf(spec, got, n, tch_slice_of(secret, 48), "key expansion", &seed, 1);
    assert_memory_equal(got, expected, n);
    return 1;
}

/* RFC 5705 4: the context goes behind the randoms, its length before it. */
static size_t exporters(const struct json *v, struct tch_prf_spec spec)
{
    static const uint8_t context[] = "\0\7context";
    uint8_t seed[64 + 9];
    const char *label = json_text(v, "exporter_label");
    size_t n = two_members(v, "client_random", "server_random", seed, 64);
    size_t run;

    assert_int_equal(n, 64);
    memcpy(seed + 64, context, 9);
    run = expect(v, spec, "master_secret", label, tch_slice_of(seed, 64),
                 "exporter_32_no_context");
    return run + expect(v, spec, "master_secret", label,
                        tch_slice_of(seed, 73),
                        "exporter_32_context_is_ascii_context");
}

static void handshake_file(const char *path, size_t num)
{
    struct json_doc doc;
    size_t run = 0;

    for (const struct json *v = first_vector(path, &doc); v != NULL;
         v = v->next) {
        bool tls10 = strcmp(json_text(v, "version"), "0301") == 0;
        struct tch_prf_spec spec = spec_named(tls10 ? "tls10" : "ssl3");
        uint8_t seed[64];

        two_members(v, "client_random", "server_random", seed, 64);
        run += expect(v, spec, "premaster_secret", "master secret",
                      tch_slice_of(seed, 64), "master_secret");
        two_members(v, "server_random", "client_random", seed, 64);
        run += expect(v, spec, "master_secret", "key expansion",
                      tch_slice_of(seed, 64), "key_block");
        run += key_block_in_pieces(v, spec, tch_slice_of(seed, 64));
        run += exporters(v, spec);
    }
    assert_int_equal(run, num);
    json_free(&doc);
}

/* Six master secrets, four key blocks, three times two exporters. */
static void published_handshakes_of_ssl_3_0_and_tls_1_0(void **state)
{
    (void)state;
    handshake_file(KDF "handshake-kdf-published.json", 16);
}

static void ssl_3_0_master_secrets_and_key_blocks(void **state)
{
    (void)state;
    handshake_file(KDF "ssl3-generated.json", 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R_KEY_001_an_odd_secret_shares_its_middle_byte),
        cmocka_unit_test(R_KEY_003_an_empty_secret_is_legal),
        cmocka_unit_test(R_KEY_004_output_ends_at_any_byte),
        cmocka_unit_test(R_KEY_010_master_secrets_of_every_version),
        cmocka_unit_test(R_KEY_011_key_blocks_of_every_version),
        cmocka_unit_test(R_KEY_030_export_keys),
        cmocka_unit_test(R_KEY_042_extended_master_secret),
        cmocka_unit_test(R_KEY_060_exporters_without_and_with_empty_context),
        cmocka_unit_test(R_HS_120_finished_values),
        cmocka_unit_test(secret_label_and_seed_all_count),
        cmocka_unit_test(published_prf_values),
        cmocka_unit_test(botan_s_tls_1_0_prf_values),
        cmocka_unit_test(openssl_s_prf_values_of_many_lengths),
        cmocka_unit_test(nist_s_master_secrets_and_key_blocks),
        cmocka_unit_test(nist_s_extended_master_secrets),
        cmocka_unit_test(published_handshakes_of_ssl_3_0_and_tls_1_0),
        cmocka_unit_test(ssl_3_0_master_secrets_and_key_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
