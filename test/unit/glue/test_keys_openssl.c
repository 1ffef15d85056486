/*
 * The openssl command as the other side: keys it makes load in every form,
 * what we sign it verifies, what it signs we verify, and so for encryption.
 * Without the command the tests skip.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto-glue/keys.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"
#include "test/unit/glue/support_x509.h"

static char dir[] = "/tmp/tch-keys-XXXXXX";
static uint64_t seed = 99;

/* Runs a shell command in the directory; quiet. */
static bool run(const char *command)
{
    char line[1000];

    snprintf(line, sizeof line, "cd %s && { %s; } >log 2>&1", dir, command);
    return system(line) == 0;
}

static void must_run(const char *command)
{
    if (!run(command)) {
        fail_msg("openssl failed: %s", command);
    }
}

static size_t read_in(const char *name, uint8_t *out, size_t cap)
{
    char path[100];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return file_read(path, out, cap);
}

static void write_in(const char *name, const uint8_t *p, size_t n)
{
    char path[100];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void need_openssl(void)
{
    if (!run("openssl version")) {
        fprintf(stderr, "the openssl command is not installed\n");
        skip();
    }
}

static struct tch_private_key *load_private(const char *name)
{
    uint8_t der[8000];
    size_t n = read_in(name, der, sizeof der);

    return private_key_der(tch_slice_of(der, n));
}

static struct tch_public_key *load_public(void)
{
    uint8_t der[3000];
    size_t n = read_in("pub.der", der, sizeof der);

    return public_key_der(tch_slice_of(der, n));
}

struct key_case {
    const char *genpkey; /* its options */
    bool traditional;    /* has an older form as well */
    unsigned schemes[8];
};

/* DSA parameters come from a command of their own. */
#define DSA_KEY(bits, q_bits)                                                 \
    "-genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:" bits               \
    " -pkeyopt dsa_paramgen_q_bits:" q_bits                                   \
    " -out params.pem && openssl genpkey -paramfile params.pem"

static const struct key_case cases[] = {
    { "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", true,
      { 0x0401, 0x0804, 0x0201, 0x0501 } },
    { "-algorithm RSA -pkeyopt rsa_keygen_bits:2048", true,
      { 0x0401, 0x0501, 0x0601, 0x0301, 0x0804, 0x0805, 0x0806 } },
    { "-algorithm RSA -pkeyopt rsa_keygen_bits:2049", true,
      { 0x0401, 0x0804, 0x0806 } },
    { "-algorithm RSA -pkeyopt rsa_keygen_bits:2048 "
      "-pkeyopt rsa_keygen_pubexp:3", true, { 0x0401, 0x0804 } },
    { "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", false,
      { 0x0809, 0x080A, 0x080B } },
    { "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 "
      "-pkeyopt rsa_pss_keygen_md:sha256 "
      "-pkeyopt rsa_pss_keygen_mgf1_md:sha256 "
      "-pkeyopt rsa_pss_keygen_saltlen:32", false, { 0x0809 } },
    { "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", true,
      { 0x0403, 0x0503, 0x0603, 0x0203, 0x0303 } },
    { "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", true,
      { 0x0403, 0x0503, 0x0603 } },
    { "-algorithm EC -pkeyopt ec_paramgen_curve:P-521", true,
      { 0x0403, 0x0503, 0x0603 } },
    { DSA_KEY("1024", "160"), true, { 0x0402, 0x0302, 0x0202 } },
    { DSA_KEY("2048", "224"), true, { 0x0402, 0x0302, 0x0202 } },
};

/* The options of `openssl dgst` that make a scheme. */
static void dgst_options(unsigned scheme, char *out, size_t cap)
{
    const struct tch_scheme_row *row = tch_scheme_facts(scheme);
    const char *name = tch_hash_facts(row->hash)->name;

    snprintf(out, cap, "-%s%s", name,
             row->kind == TCH_SIG_RSA_PSS
                 ? " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1"
                 : "");
}

static void cross_check(const struct tch_private_key *k,
                        const struct tch_public_key *pub, unsigned scheme)
{
    static const uint8_t text[] = "signed by one, verified by the other";
    struct tch_slice message = { text, sizeof text };
    struct tch_draw_source draw = seeded_draw(&seed);
    uint8_t sig[TCH_SIGNATURE_MAX + 1];
    char options[200];
    char command[500];
    size_t len;

    dgst_options(scheme, options, sizeof options);
    write_in("message", text, sizeof text);
    assert_int_equal(tch_sign(k, scheme, &message, 1, &draw, sig, &len),
                     TCH_OK);
    write_in("ours", sig, len);
    snprintf(command, sizeof command,
             "openssl dgst %s -verify pub.pem -signature ours message",
             options);
    must_run(command);
    snprintf(command, sizeof command,
             "openssl dgst %s -sign key.pem -out theirs message", options);
    must_run(command);
    len = read_in("theirs", sig, sizeof sig);
    assert_int_equal(tch_verify(pub, scheme, &message, 1,
                                tch_slice_of(sig, len)), TCH_OK);
    sig[len / 2] ^= 1;
    assert_int_equal(tch_verify(pub, scheme, &message, 1,
                                tch_slice_of(sig, len)), TCH_BAD_SIGNATURE);
}

static void make_key(const struct key_case *c)
{
    char command[500];

    snprintf(command, sizeof command,
             "openssl genpkey %s -out key.pem && "
             "openssl pkey -in key.pem -outform DER -out key.der && "
             "openssl pkey -in key.pem -pubout -out pub.pem && "
             "openssl pkey -in key.pem -pubout -outform DER -out pub.der",
             c->genpkey);
    must_run(command);
    if (c->traditional) {
        must_run("openssl pkey -in key.pem -traditional -outform DER "
                 "-out old.der");
    }
}

static void keys_load_and_signatures_cross(void **state)
{
    (void)state;
    need_openssl();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct tch_private_key *k;
        struct tch_public_key *pub;

        make_key(&cases[i]);
        k = load_private("key.der");
        pub = load_public();
        assert_true(tch_key_pair_matches(pub, k));
        for (size_t j = 0; cases[i].schemes[j] != 0; j++) {
            cross_check(k, pub, cases[i].schemes[j]);
        }
        tch_private_key_free(k);
        if (cases[i].traditional) {
            k = load_private("old.der");
            assert_true(tch_key_pair_matches(pub, k));
            tch_private_key_free(k);
        }
        tch_public_key_free(pub);
    }
}

/* Ed25519 takes the message itself, and is deterministic. */
static void ed25519_signatures_are_the_same(void **state)
{
    static const struct key_case c = { .genpkey = "-algorithm ED25519" };
    static const uint8_t text[] = "signed by both";
    struct tch_slice message = { text, sizeof text };
    struct tch_draw_source draw = seeded_draw(&seed);
    struct tch_private_key *k;
    struct tch_public_key *pub;
    uint8_t ours[TCH_SIGNATURE_MAX];
    uint8_t theirs[100];
    size_t len;

    (void)state;
    need_openssl();
    make_key(&c);
    k = load_private("key.der");
    pub = load_public();
    assert_true(tch_key_pair_matches(pub, k));
    write_in("message", text, sizeof text);
    assert_int_equal(tch_sign(k, TCH_SCHEME_ED25519, &message, 1, &draw, ours,
                              &len), TCH_OK);
    must_run("openssl pkeyutl -sign -rawin -inkey key.pem -in message "
             "-out theirs");
    assert_int_equal(read_in("theirs", theirs, sizeof theirs), len);
    assert_memory_equal(ours, theirs, len);
    assert_int_equal(tch_verify(pub, TCH_SCHEME_ED25519, &message, 1,
                                tch_slice_of(theirs, len)), TCH_OK);
    tch_private_key_free(k);
    tch_public_key_free(pub);
}

static void premaster_secrets_cross(void **state)
{
    struct tch_draw_source draw = seeded_draw(&seed);
    struct tch_private_key *k;
    struct tch_public_key *pub;
    uint8_t pms[48];
    uint8_t out[49];
    uint8_t ct[TCH_SIGNATURE_MAX + 1];
    size_t len;

    (void)state;
    need_openssl();
    make_key(&cases[1]);
    k = load_private("key.der");
    pub = load_public();
    bytes_fill(&seed, pms, sizeof pms);
    assert_int_equal(tch_rsa_encrypt(pub, tch_slice_of(pms, 48), &draw, ct,
                                     &len), TCH_OK);
    write_in("ct", ct, len);
    must_run("openssl pkeyutl -decrypt -inkey key.pem -in ct -out pms");
    assert_int_equal(read_in("pms", out, sizeof out), 48);
    assert_memory_equal(out, pms, 48);
    must_run("openssl pkeyutl -encrypt -pubin -inkey pub.pem -in pms -out "
             "ct");
    len = read_in("ct", ct, sizeof ct);
    memset(out, 0, sizeof out);
    assert_int_equal(tch_rsa_decrypt_premaster(k, tch_slice_of(ct, len),
                                               &draw, out), TCH_OK);
    assert_memory_equal(out, pms, 48);
    tch_private_key_free(k);
    tch_public_key_free(pub);
}

static void kinds_we_lack_are_told_apart_from_broken_keys(void **state)
{
    static const char *const others[] = {
        "-algorithm ED448", "-algorithm X25519",
        "-algorithm EC -pkeyopt ec_paramgen_curve:secp224r1",
        "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256 "
         "-pkeyopt ec_param_enc:explicit"),
    };

    (void)state;
    need_openssl();
    for (size_t i = 0; i < COUNT(others); i++) {
        struct key_case c = { .genpkey = others[i] };
        struct tch_private_key *k;
        struct tch_public_key *pub;
        uint8_t der[3000];
        size_t n;

        make_key(&c);
        n = read_in("key.der", der, sizeof der);
        assert_int_equal(tch_private_key_read(&tch_alloc_default,
                                              tch_slice_of(der, n), &k),
                         TCH_NOT_SUPPORTED);
        n = read_in("pub.der", der, sizeof der);
        assert_int_equal(tch_public_key_read(&tch_alloc_default,
                                             tch_slice_of(der, n), &pub),
                         TCH_NOT_SUPPORTED);
    }
}

/* The pair of vectors/certs, whose q has 256 bits, as files of openssl's. */
static void the_dsa_pair_of_this_tree_crosses(void **state)
{
    static const unsigned schemes[] = { 0x0402, 0x0302, 0x0202 };
    uint8_t pem[4000];
    struct tch_private_key *k;
    struct tch_public_key *pub;

    (void)state;
    need_openssl();
    write_in("key.pem", pem,
             file_read("vectors/certs/server-dsa2048.key", pem, sizeof pem));
    write_in("cert.pem", pem,
             file_read("vectors/certs/server-dsa2048.pem", pem, sizeof pem));
    must_run("openssl pkey -in key.pem -outform DER -out key.der");
    must_run("openssl pkey -in key.pem -traditional -outform DER -out "
             "old.der");
    must_run("openssl x509 -in cert.pem -noout -pubkey > pub.pem");
    must_run("openssl pkey -pubin -in pub.pem -outform DER -out pub.der");
    k = load_private("old.der");
    pub = load_public();
    assert_true(tch_key_pair_matches(pub, k));
    tch_private_key_free(k);
    k = load_private("key.der");
    assert_true(tch_key_pair_matches(pub, k));
    for (size_t i = 0; i < COUNT(schemes); i++) {
        cross_check(k, pub, schemes[i]);
    }
    tch_private_key_free(k);
    tch_public_key_free(pub);
}

static void add_certificates(struct pile *to, const char *name)
{
    char path[100];
    char *text;
    size_t len;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    text = slurp(path, &len);
    assert_non_null(text);
    pile_add_pem(to, tch_slice_of(text, len));
    free(text);
}

/* leaf.pem under ca.pem. */
static enum tch_status ask_path(enum tch_policy_id policy)
{
    struct pile chain = { .num = 0 };
    struct pile roots = { .num = 0 };
    struct tch_path_request q = { .policy = tch_policy_get(policy),
                                  .alloc = &tch_alloc_default,
                                  .host = "a.test",
                                  .ignore_time = true,
                                  .purpose = TCH_PURPOSE_SERVER };
    struct tch_anchors *anchors;
    struct tch_path_result out;
    enum tch_status s;

    add_certificates(&chain, "leaf.pem");
    add_certificates(&roots, "ca.pem");
    anchors = anchors_of(&roots);
    q.chain = chain.der;
    q.num = chain.num;
    q.anchors = anchors;
    s = tch_path_verify(&q, &out);
    tch_anchors_free(anchors);
    pile_free(&chain);
    pile_free(&roots);
    return s;
}

static void certificates_that_openssl_signs_with_dsa_verify(void **state)
{
    static const char *const hashes[] = { "sha1", "sha256" };

    (void)state;
    need_openssl();
    for (size_t i = 0; i < COUNT(hashes); i++) {
        char command[700];

        snprintf(command, sizeof command,
                 "openssl genpkey " DSA_KEY("1024", "160") " -out ca.key && "
                 "openssl genpkey -paramfile params.pem -out leaf.key && "
                 "openssl req -x509 -new -key ca.key -%s -subj /CN=ca "
                 "-days 30 -out ca.pem && "
                 "openssl req -new -key leaf.key -subj /CN=leaf -out csr && "
                 "echo subjectAltName=DNS:a.test > ext && "
                 "openssl x509 -req -in csr -CA ca.pem -CAkey ca.key -%s "
                 "-CAcreateserial -extfile ext -days 30 -out leaf.pem",
                 hashes[i], hashes[i]);
        must_run(command);
        assert_int_equal(ask_path(TCH_POLICY_LEGACY), TCH_OK);
        assert_int_equal(ask_path(TCH_POLICY_MUSEUM), TCH_OK);
        assert_int_equal(ask_path(TCH_POLICY_COMPATIBLE), TCH_CERT_WEAK);
    }
}

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) == NULL ? -1 : 0;
}

static int remove_dir(void **state)
{
    char command[100];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_load_and_signatures_cross),
        cmocka_unit_test(ed25519_signatures_are_the_same),
        cmocka_unit_test(the_dsa_pair_of_this_tree_crosses),
        cmocka_unit_test(certificates_that_openssl_signs_with_dsa_verify),
        cmocka_unit_test(premaster_secrets_cross),
        cmocka_unit_test(kinds_we_lack_are_told_apart_from_broken_keys),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
