/*
 * Wycheproof on all kinds of keys: every file of theirs. What is `valid`
 * must be accepted and `invalid` refused, all of them. What `acceptable`
 * leaves open is decided here, flag by flag, and counted.
 *
 * Data: C2SP Wycheproof, testvectors_v1 (Apache-2.0), read from ../shared.
 */

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/kex.h"
#include "crypto-glue/keys_private.h"
#include "crypto-glue/rsa_pad.h"
#include "test/unit/glue/support_bytes.h"
#include "test/unit/glue/support_keys.h"

#define MESSAGE_MAX 70000

/* How many tests ended how. */
struct tally {
    size_t accepted[3]; /* by result: valid, acceptable, invalid */
    size_t refused[3];
    size_t not_ours; /* no scheme or no curve of TLS */
};

static void count(struct tally *t, int result, bool accepted)
{
    if (accepted) {
        t->accepted[result]++;
    } else {
        t->refused[result]++;
    }
}

static void check_counts(const char *name, const struct tally *t)
{
    fprintf(stderr,
            "%s: valid %zu accepted, %zu refused; acceptable %zu, %zu; "
            "invalid %zu, %zu; not in TLS %zu\n",
            name, t->accepted[WY_VALID], t->refused[WY_VALID],
            t->accepted[WY_ACCEPTABLE], t->refused[WY_ACCEPTABLE],
            t->accepted[WY_INVALID], t->refused[WY_INVALID], t->not_ours);
    assert_int_equal(t->refused[WY_VALID], 0);
    assert_int_equal(t->accepted[WY_INVALID], 0);
}

static struct tch_slice hex_member(const struct json *o, const char *name,
                                   uint8_t *buf, size_t cap)
{
    size_t n = json_hex(o, name, buf, cap);

    return tch_slice_of(buf, n);
}

/* ------------------------------------------------------------- signatures */

static enum tch_status verify_test(const struct tch_public_key *k,
                                   unsigned scheme, const struct json *test)
{
    static uint8_t message[MESSAGE_MAX];
    static uint8_t signature[MESSAGE_MAX];
    struct tch_slice m = hex_member(test, "msg", message, sizeof message);
    struct tch_slice s = hex_member(test, "sig", signature,
                                    sizeof signature);

    return tch_verify(k, scheme, &m, 1, s);
}

static struct tch_public_key *group_key(const struct json *group)
{
    static uint8_t der[8192];

    return public_key_der(hex_member(group, "publicKeyDer", der,
                                     sizeof der));
}

struct sig_run {
    enum tch_sig_kind kind;
    struct tally tally;
};

static void run_signature(const struct json *group, const struct json *test,
                          int result, void *arg)
{
    struct sig_run *run = arg;
    unsigned scheme = scheme_of(run->kind, json_text(group, "sha"));
    struct tch_public_key *k;
    enum tch_status s;

    if (scheme == 0) {
        run->tally.not_ours++; /* SHA-512/256 and the like */
        return;
    }
    k = group_key(group);
    s = verify_test(k, scheme, test);
    tch_public_key_free(k);
    assert_true(s == TCH_OK || s == TCH_BAD_SIGNATURE);
    /* MissingNull is the one flag of PKCS#1: 5246 4.7 says accept it. */
    if (result == WY_ACCEPTABLE) {
        assert_true(json_has_flag(test, "MissingNull"));
        assert_int_equal(s, TCH_OK);
    }
    count(&run->tally, result, s == TCH_OK);
}

static void run_signature_file(const char *name, enum tch_sig_kind kind)
{
    struct sig_run run = { .kind = kind };

    wycheproof(name, run_signature, &run);
    check_counts(name, &run.tally);
    assert_true(run.tally.accepted[WY_VALID] > 0);
    assert_int_equal(run.tally.not_ours, 0);
}

#define SIG_TEST(id, file, kind)                                              \
    static void id(void **state)                                              \
    {                                                                         \
        (void)state;                                                          \
        run_signature_file(file, kind);                                       \
    }

#define PKCS1(bits, sha)                                                      \
    SIG_TEST(rsa_signature_##bits##_sha##sha,                                 \
             "rsa_signature_" #bits "_sha" #sha "_test.json",                 \
             TCH_SIG_RSA_PKCS1)
PKCS1(2048, 224)
PKCS1(2048, 256)
PKCS1(2048, 384)
PKCS1(2048, 512)
PKCS1(3072, 256)
PKCS1(3072, 384)
PKCS1(3072, 512)
PKCS1(4096, 256)
PKCS1(4096, 384)
PKCS1(4096, 512)
PKCS1(8192, 256)

#define ECDSA(curve, sha)                                                     \
    SIG_TEST(L8_ecdsa_##curve##_sha##sha,                                     \
             "ecdsa_" #curve "_sha" #sha "_test.json", TCH_SIG_ECDSA)
ECDSA(secp256r1, 256)
ECDSA(secp256r1, 512)
ECDSA(secp384r1, 256)
ECDSA(secp384r1, 384)
ECDSA(secp384r1, 512)
ECDSA(secp521r1, 512)

#define DSA(q)                                                                \
    SIG_TEST(R_PKI_081_dsa_2048_##q##_sha256,                                 \
             "dsa_2048_" #q "_sha256_test.json", TCH_SIG_DSA)
DSA(224)
DSA(256)

static void run_ed25519(const struct json *group, const struct json *test,
                        int result, void *arg)
{
    struct tch_public_key *k = group_key(group);
    enum tch_status s = verify_test(k, TCH_SCHEME_ED25519, test);

    assert_true(s == TCH_OK || s == TCH_BAD_SIGNATURE);
    count(arg, result, s == TCH_OK);
    tch_public_key_free(k);
}

static void ed25519(void **state)
{
    struct tally t = { .not_ours = 0 };

    (void)state;
    wycheproof("ed25519_test.json", run_ed25519, &t);
    check_counts("ed25519", &t);
}

/* P-224 is no curve of this build: the key does not load. */
static void run_p224(const struct json *group, const struct json *test,
                     int result, void *arg)
{
    static uint8_t der[8192];
    struct tally *t = arg;
    struct tch_public_key *k;

    (void)test;
    (void)result;
    assert_int_equal(
        tch_public_key_read(&tch_alloc_default,
                            hex_member(group, "publicKeyDer", der,
                                       sizeof der), &k),
        TCH_NOT_SUPPORTED);
    assert_null(k);
    t->not_ours++;
}

static void p224_keys_are_not_supported(void **state)
{
    struct tally t = { .not_ours = 0 };

    (void)state;
    wycheproof("ecdsa_secp224r1_sha224_test.json", run_p224, &t);
    wycheproof("ecdsa_secp224r1_sha256_test.json", run_p224, &t);
    check_counts("ecdsa_secp224r1_*", &t);
}

/*
 * PSS as TLS has it: MGF1 with the signature's hash, salt of the hash's
 * length (R-KX-006). A group with other parameters must be refused whole,
 * valid or not; one with SHA-1 or SHA-224 has no scheme.
 */
static bool is_tls_pss(const struct json *group, unsigned scheme)
{
    return strcmp(json_text(group, "sha"), json_text(group, "mgfSha")) == 0 &&
           json_number(group, "sLen", -1) ==
               tch_hash_facts(tch_scheme_facts(scheme)->hash)->len;
}

static void run_pss(const struct json *group, const struct json *test,
                    int result, void *arg)
{
    struct tally *t = arg;
    unsigned scheme = scheme_of(TCH_SIG_RSA_PSS, json_text(group, "sha"));
    struct tch_public_key *k;
    struct tch_key_info info;
    enum tch_status s;

    if (scheme == 0) {
        t->not_ours++;
        return;
    }
    k = group_key(group);
    info = tch_public_key_info(k);
    if (info.kind == TCH_KEY_RSA_PSS) {
        scheme += TCH_SCHEME_RSA_PSS_PSS_SHA256 -
                  TCH_SCHEME_RSA_PSS_RSAE_SHA256;
    }
    if (!tch_scheme_fits(info, scheme)) {
        s = verify_test(k, scheme, test);
        assert_int_equal(s, TCH_BAD_KEY);
        t->not_ours++;
    } else if (is_tls_pss(group, scheme)) {
        count(t, result, verify_test(k, scheme, test) == TCH_OK);
    } else {
        assert_int_equal(verify_test(k, scheme, test), TCH_BAD_SIGNATURE);
        t->not_ours++;
    }
    tch_public_key_free(k);
}

static size_t run_pss_file(const char *name)
{
    struct tally t = { .not_ours = 0 };

    wycheproof(name, run_pss, &t);
    check_counts(name, &t);
    return t.accepted[WY_VALID];
}

#define PSS(id, expect)                                                       \
    static void rsa_pss_##id(void **state)                                    \
    {                                                                         \
        (void)state;                                                          \
        assert_true((run_pss_file("rsa_pss_" #id "_test.json") > 0) ==        \
                    (expect));                                                \
    }
PSS(2048_sha1_mgf1_20, false)
PSS(2048_sha256_mgf1_0, false)
PSS(2048_sha256_mgf1_32, true)
PSS(2048_sha256_mgf1sha1_20, false)
PSS(2048_sha384_mgf1_48, true)
PSS(3072_sha256_mgf1_32, true)
PSS(4096_sha256_mgf1_32, true)
PSS(4096_sha384_mgf1_48, true)
PSS(4096_sha512_mgf1_32, false)
PSS(4096_sha512_mgf1_64, true)
PSS(misc, true)

/* Signing: PKCS#1 v1.5 is deterministic, so what we sign must be what the
 * file has. All acceptable ones are only small, weak or with e = 3: the
 * policy's matter, so we make them too. */
static void run_sig_gen(const struct json *group, const struct json *test,
                        int result, void *arg)
{
    static uint8_t der[8192];
    static uint8_t message[MESSAGE_MAX];
    uint8_t want[TCH_SIGNATURE_MAX];
    uint8_t got[TCH_SIGNATURE_MAX];
    uint64_t seed = 7;
    struct tch_draw_source draw = seeded_draw(&seed);
    unsigned scheme = scheme_of(TCH_SIG_RSA_PKCS1, json_text(group, "sha"));
    struct tch_private_key *k;
    struct tch_slice m;
    size_t want_len;
    size_t len;

    if (scheme == 0) {
        ((struct tally *)arg)->not_ours++;
        return;
    }
    m = hex_member(group, "privateKeyPkcs8", der, sizeof der);
    k = private_key_der(m);
    m = hex_member(test, "msg", message, sizeof message);
    want_len = json_hex(test, "sig", want, sizeof want);
    assert_int_equal(tch_sign(k, scheme, &m, 1, &draw, got, &len), TCH_OK);
    assert_int_equal(len, want_len);
    assert_memory_equal(got, want, len);
    tch_private_key_free(k);
    count(arg, result, true);
}

#define SIG_GEN(bits)                                                         \
    static void rsa_pkcs1_##bits##_sig_gen(void **state)                      \
    {                                                                         \
        struct tally t = { .not_ours = 0 };                                   \
                                                                              \
        (void)state;                                                          \
        wycheproof("rsa_pkcs1_" #bits "_sig_gen_test.json", run_sig_gen, &t); \
        check_counts("rsa_pkcs1_" #bits "_sig_gen", &t);                      \
    }
SIG_GEN(1024)
SIG_GEN(1536)
SIG_GEN(2048)
SIG_GEN(3072)
SIG_GEN(4096)

/* ------------------------------------------------------------- decryption */

/* The padding of a ciphertext, by the scan that the premaster path uses;
 * false when it is malformed. */
static bool open_raw(const struct tch_private_key *k, struct tch_slice ct,
                     uint8_t *out, size_t *out_len)
{
    uint64_t seed = 5;
    struct tch_draw_source draw = seeded_draw(&seed);
    uint64_t in[TCH_BN_MAX_LIMBS];
    uint64_t result[TCH_BN_MAX_LIMBS];
    uint8_t em[TCH_RSA_MAX_BYTES];
    const struct tch_rsa_public *pub = &k->rsa.pub;
    uint32_t len;

    if (ct.len != pub->len || !tch_bn_load(in, pub->n.num, ct) ||
        tch_bn_lt(in, pub->n.m, pub->n.num) == 0) {
        return false;
    }
    assert_int_equal(tch_rsa_private_op(&k->rsa, &k->alloc, &draw, "x", in,
                                        result, NULL), TCH_OK);
    tch_bn_store(em, pub->len, result, pub->n.num);
    if (tch_pkcs1_scan(em, pub->len, &len) == 0) {
        return false;
    }
    memcpy(out, em + pub->len - len, len);
    *out_len = len;
    return true;
}

/* What the premaster path gives: the content if it has 48 bytes, else what
 * was there before. */
static void check_premaster(const struct tch_private_key *k,
                            struct tch_slice ct, bool good,
                            const uint8_t *content, size_t content_len)
{
    uint64_t seed = 3;
    struct tch_draw_source draw = seeded_draw(&seed);
    uint8_t out[48];
    uint8_t before[48];

    memset(before, 0xA5, sizeof before);
    memcpy(out, before, sizeof out);
    assert_int_equal(tch_rsa_decrypt_premaster(k, ct, &draw, out), TCH_OK);
    assert_memory_equal(out, good && content_len == 48 ? content : before,
                        48);
}

static void run_decrypt(const struct json *group, const struct json *test,
                        int result, void *arg)
{
    static uint8_t der[8192];
    uint8_t want[1024];
    uint8_t got[1024];
    uint8_t ct[2048];
    struct tch_private_key *k;
    struct tch_slice c;
    size_t want_len;
    size_t len = 0;
    bool good;

    k = private_key_der(hex_member(group, "privateKeyPkcs8", der,
                                   sizeof der));
    c = hex_member(test, "ct", ct, sizeof ct);
    want_len = json_hex(test, "msg", want, sizeof want);
    good = open_raw(k, c, got, &len);
    if (result == WY_VALID) {
        assert_true(good);
        assert_int_equal(len, want_len);
        assert_memory_equal(got, want, len);
    }
    check_premaster(k, c, good, got, len);
    count(arg, result, good);
    tch_private_key_free(k);
}

#define DECRYPT(bits)                                                         \
    static void L9_rsa_pkcs1_##bits##_decryption(void **state)                \
    {                                                                         \
        struct tally t = { .not_ours = 0 };                                   \
                                                                              \
        (void)state;                                                          \
        wycheproof("rsa_pkcs1_" #bits "_test.json", run_decrypt, &t);         \
        check_counts("rsa_pkcs1_" #bits, &t);                                 \
    }
DECRYPT(2048)
DECRYPT(3072)
DECRYPT(4096)

/* ---------------------------------------------------------- key agreement */

struct kex_run {
    unsigned group;
    struct tally tally;
};

/* Agrees through the public interface: the private key is what is drawn. */
static enum tch_status agree(unsigned group, struct tch_slice secret,
                             struct tch_slice peer, uint8_t *out,
                             size_t *out_len)
{
    struct tch_draw_source draw = prepared_draw(&secret);
    struct tch_kex *k;
    enum tch_status s;

    assert_int_equal(tch_kex_new(&tch_alloc_default, group, &draw, "x", &k),
                     TCH_OK);
    s = tch_kex_agree(k, peer, out, out_len);
    tch_kex_free(k);
    return s;
}

/* A private key as Wycheproof has it, a signed number, at full length. */
static struct tch_slice full_length(const struct json *test, unsigned group,
                                    uint8_t out[66])
{
    uint8_t raw[128];
    size_t n = json_hex(test, "private", raw, sizeof raw);
    size_t want = tch_group_facts(group)->secret_len;
    size_t skip = n > want ? n - want : 0;

    memset(out, 0, 66);
    memcpy(out + want - (n - skip), raw + skip, n - skip);
    return tch_slice_of(out, want);
}

static bool gives_shared(const struct json *test, unsigned group,
                         struct tch_slice peer)
{
    uint8_t secret[66];
    uint8_t want[128];
    uint8_t got[TCH_KEX_SECRET_MAX];
    size_t want_len = json_hex(test, "shared", want, sizeof want);
    size_t len;
    enum tch_status s = agree(group, full_length(test, group, secret), peer,
                              got, &len);

    if (s != TCH_OK) {
        assert_true(s == TCH_ILLEGAL_PARAMETER || s == TCH_DECODE_ERROR);
        return false;
    }
    assert_int_equal(len, want_len);
    assert_memory_equal(got, want, len);
    return true;
}

static void run_point(const struct json *group, const struct json *test,
                      int result, void *arg)
{
    struct kex_run *run = arg;
    uint8_t point[512];
    bool good;

    (void)group;
    good = gives_shared(test, run->group,
                        hex_member(test, "public", point, sizeof point));
    /* The only acceptable ones are compressed: R-KX-062 refuses those. */
    if (result == WY_ACCEPTABLE) {
        assert_true(json_has_flag(test, "CompressedPoint"));
        assert_false(good);
    }
    count(&run->tally, result, good);
}

/* Public keys as SubjectPublicKeyInfo. Everything acceptable here is a key
 * that names its curve otherwise than by name, or is not DER: refused. */
static void run_spki(const struct json *group, const struct json *test,
                     int result, void *arg)
{
    static uint8_t der[MESSAGE_MAX];
    struct kex_run *run = arg;
    uint8_t point[TCH_EC_POINT_MAX];
    struct tch_public_key *k = NULL;
    enum tch_status s;
    bool good = false;

    (void)group;
    s = tch_public_key_read(&tch_alloc_default,
                            hex_member(test, "public", der, sizeof der), &k);
    if (s == TCH_OK && tch_public_key_info(k).group == run->group) {
        assert_true(tch_ec_write_point(k->ec.curve, &k->ec.point, point));
        good = gives_shared(test, run->group,
                            tch_slice_of(point, 1 + 2 * k->ec.curve->len));
    }
    tch_public_key_free(k);
    if (result == WY_ACCEPTABLE) {
        assert_false(good);
    }
    count(&run->tally, result, good);
}

#define ECDH(curve, id)                                                       \
    static void ecdh_##curve##_point(void **state)                            \
    {                                                                         \
        struct kex_run run = { .group = (id) };                               \
                                                                              \
        (void)state;                                                          \
        wycheproof("ecdh_" #curve "_ecpoint_test.json", run_point, &run);     \
        check_counts("ecdh_" #curve "_ecpoint", &run.tally);                  \
    }                                                                         \
    static void ecdh_##curve(void **state)                                    \
    {                                                                         \
        struct kex_run run = { .group = (id) };                               \
                                                                              \
        (void)state;                                                          \
        wycheproof("ecdh_" #curve "_test.json", run_spki, &run);              \
        check_counts("ecdh_" #curve, &run.tally);                             \
    }
ECDH(secp256r1, TCH_GROUP_SECP256R1)
ECDH(secp384r1, TCH_GROUP_SECP384R1)
ECDH(secp521r1, TCH_GROUP_SECP521R1)

/* X25519: twist, non-canonical and special public values are accepted
 * (R-KX-065); only an all-zero secret is refused (R-KX-066). */
static void run_x25519(const struct json *group, const struct json *test,
                       int result, void *arg)
{
    struct kex_run *run = arg;
    uint8_t peer[64];
    bool good = gives_shared(test, TCH_GROUP_X25519,
                             hex_member(test, "public", peer, sizeof peer));

    (void)group;
    assert_true(good != json_has_flag(test, "ZeroSharedSecret"));
    count(&run->tally, result, good);
}

static void x25519(void **state)
{
    struct kex_run run = { .group = TCH_GROUP_X25519 };

    (void)state;
    wycheproof("x25519_test.json", run_x25519, &run);
    check_counts("x25519", &run.tally);
    assert_int_equal(run.tally.refused[WY_ACCEPTABLE], 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rsa_signature_2048_sha224),
        cmocka_unit_test(rsa_signature_2048_sha256),
        cmocka_unit_test(rsa_signature_2048_sha384),
        cmocka_unit_test(rsa_signature_2048_sha512),
        cmocka_unit_test(rsa_signature_3072_sha256),
        cmocka_unit_test(rsa_signature_3072_sha384),
        cmocka_unit_test(rsa_signature_3072_sha512),
        cmocka_unit_test(rsa_signature_4096_sha256),
        cmocka_unit_test(rsa_signature_4096_sha384),
        cmocka_unit_test(rsa_signature_4096_sha512),
        cmocka_unit_test(rsa_signature_8192_sha256),
        cmocka_unit_test(L8_ecdsa_secp256r1_sha256),
        cmocka_unit_test(L8_ecdsa_secp256r1_sha512),
        cmocka_unit_test(L8_ecdsa_secp384r1_sha256),
        cmocka_unit_test(L8_ecdsa_secp384r1_sha384),
        cmocka_unit_test(L8_ecdsa_secp384r1_sha512),
        cmocka_unit_test(L8_ecdsa_secp521r1_sha512),
        cmocka_unit_test(R_PKI_081_dsa_2048_224_sha256),
        cmocka_unit_test(R_PKI_081_dsa_2048_256_sha256),
        cmocka_unit_test(ed25519),
        cmocka_unit_test(p224_keys_are_not_supported),
        cmocka_unit_test(rsa_pss_2048_sha1_mgf1_20),
        cmocka_unit_test(rsa_pss_2048_sha256_mgf1_0),
        cmocka_unit_test(rsa_pss_2048_sha256_mgf1_32),
        cmocka_unit_test(rsa_pss_2048_sha256_mgf1sha1_20),
        cmocka_unit_test(rsa_pss_2048_sha384_mgf1_48),
        cmocka_unit_test(rsa_pss_3072_sha256_mgf1_32),
        cmocka_unit_test(rsa_pss_4096_sha256_mgf1_32),
        cmocka_unit_test(rsa_pss_4096_sha384_mgf1_48),
        cmocka_unit_test(rsa_pss_4096_sha512_mgf1_32),
        cmocka_unit_test(rsa_pss_4096_sha512_mgf1_64),
        cmocka_unit_test(rsa_pss_misc),
        cmocka_unit_test(rsa_pkcs1_1024_sig_gen),
        cmocka_unit_test(rsa_pkcs1_1536_sig_gen),
        cmocka_unit_test(rsa_pkcs1_2048_sig_gen),
        cmocka_unit_test(rsa_pkcs1_3072_sig_gen),
        cmocka_unit_test(rsa_pkcs1_4096_sig_gen),
        cmocka_unit_test(L9_rsa_pkcs1_2048_decryption),
        cmocka_unit_test(L9_rsa_pkcs1_3072_decryption),
        cmocka_unit_test(L9_rsa_pkcs1_4096_decryption),
        cmocka_unit_test(ecdh_secp256r1_point),
        cmocka_unit_test(ecdh_secp384r1_point),
        cmocka_unit_test(ecdh_secp521r1_point),
        cmocka_unit_test(ecdh_secp256r1),
        cmocka_unit_test(ecdh_secp384r1),
        cmocka_unit_test(ecdh_secp521r1),
        cmocka_unit_test(x25519),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
