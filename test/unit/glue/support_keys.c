/*
 * Helpers of the key tests. spki_of builds a SubjectPublicKeyInfo from the
 * inside of a private key, so that pairs need no second file.
 */

#include "test/unit/glue/support_keys.h"

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/keys_private.h"
#include "crypto-glue/x509/pem.h"
#include "test/unit/glue/support_bytes.h"

static bool serve_prepared(void *arg, const char *name, uint8_t *out,
                           size_t n)
{
    const struct tch_slice *s = arg;

    (void)name;
    if (s->len != n) {
        return false;
    }
    if (n != 0) {
        memcpy(out, s->p, n);
    }
    return true;
}

struct tch_draw_source prepared_draw(const struct tch_slice *bytes)
{
    union {
        const void *in;
        void *out;
    } arg = { bytes }; /* only read */
    struct tch_draw_source d = { serve_prepared, arg.out, true };

    return d;
}

static bool serve_seeded(void *arg, const char *name, uint8_t *out, size_t n)
{
    (void)name;
    bytes_fill(arg, out, n);
    return true;
}

struct tch_draw_source seeded_draw(uint64_t *seed)
{
    struct tch_draw_source d = { serve_seeded, seed, false };

    return d;
}

static bool serve_nothing(void *arg, const char *name, uint8_t *out, size_t n)
{
    (void)arg;
    (void)name;
    (void)out;
    (void)n;
    return false;
}

const struct tch_draw_source failing_draw = { serve_nothing, NULL, false };

static void *count_alloc(void *arg, size_t n)
{
    struct counter *c = arg;

    c->calls++;
    if (c->calls == c->fail_at) {
        return NULL;
    }
    c->taken += n;
    return malloc(n);
}

static void count_free(void *arg, void *p, size_t n)
{
    struct counter *c = arg;

    assert_true(bytes_are_zero(p, n)); /* R-ATK-044: wiped before */
    c->taken -= n;
    free(p);
}

struct tch_alloc counted_alloc(struct counter *c)
{
    struct tch_alloc a = { count_alloc, count_free, c };

    return a;
}

static int result_of(const struct json *test)
{
    const char *text = json_text(test, "result");

    if (strcmp(text, "valid") == 0) {
        return WY_VALID;
    }
    if (strcmp(text, "acceptable") == 0) {
        return WY_ACCEPTABLE;
    }
    assert_string_equal(text, "invalid");
    return WY_INVALID;
}

void wycheproof(const char *name, wycheproof_fn *run, void *arg)
{
    struct json_doc doc;
    char path[200];
    long num = 0;

    snprintf(path, sizeof path, SHARED_DATA "wycheproof/%s", name);
    if (!json_load(path, &doc)) {
        skip();
    }
    for (const struct json *g = json_get(doc.root, "testGroups")->first;
         g != NULL; g = g->next) {
        for (const struct json *t = json_get(g, "tests")->first; t != NULL;
             t = t->next) {
            run(g, t, result_of(t), arg);
            num++;
        }
    }
    assert_int_equal(num, json_number(doc.root, "numberOfTests", -1));
    assert_true(num > 0);
    json_free(&doc);
}

unsigned scheme_of(enum tch_sig_kind kind, const char *sha)
{
    const struct tch_scheme_row *row;
    char name[32];

    if (strncmp(sha, "SHA-", 4) != 0) {
        return 0;
    }
    snprintf(name, sizeof name, "SHA%s", sha + 4);
    for (size_t i = 0; (row = tch_scheme_at(i)) != NULL; i++) {
        if (row->kind == kind && row->key != TCH_KEY_RSA_PSS &&
            strcmp(tch_hash_facts(row->hash)->name, name) == 0) {
            return row->code;
        }
    }
    return 0;
}

size_t file_read(const char *path, uint8_t *out, size_t cap)
{
    FILE *f = fopen(path, "rb");
    size_t n;

    if (f == NULL) {
        fail_msg("%s cannot be read", path);
        return 0;
    }
    n = fread(out, 1, cap, f);
    fclose(f);
    assert_true(n > 0 && n < cap);
    return n;
}

struct tch_private_key *private_key_der(struct tch_slice der)
{
    struct tch_private_key *k = NULL;

    assert_int_equal(tch_private_key_read(&tch_alloc_default, der, &k),
                     TCH_OK);
    return k;
}

struct tch_public_key *public_key_der(struct tch_slice der)
{
    struct tch_public_key *k = NULL;

    assert_int_equal(tch_public_key_read(&tch_alloc_default, der, &k),
                     TCH_OK);
    return k;
}

struct tch_private_key *private_key_file(const char *path)
{
    static uint8_t text[20000];
    struct tch_slice rest = tch_slice_of(text, file_read(path, text,
                                                         sizeof text));
    struct tch_pem_block block;
    struct tch_private_key *k;

    do { /* EC PARAMETERS may come first */
        assert_int_equal(tch_pem_next(&tch_alloc_default, &rest, &block),
                         TCH_OK);
        if (strstr(block.label, "PRIVATE KEY") != NULL) {
            break;
        }
        tch_give(&tch_alloc_default, block.der, block.der_cap);
    } while (true);
    k = private_key_der(tch_slice_of(block.der, block.der_len));
    tch_give(&tch_alloc_default, block.der, block.der_cap);
    return k;
}

/* The BIT STRING of an RSA key: 0 unused bits, SEQUENCE { n, e }. */
static void write_rsa(struct tch_writer *w, const struct tch_rsa_public *k)
{
    struct tch_mark bits = tch_der_wr_open(w, TCH_DER_BIT_STRING);
    struct tch_mark seq;
    uint8_t bytes[TCH_RSA_MAX_BYTES];

    tch_wr_u8(w, 0);
    seq = tch_der_wr_open(w, TCH_DER_SEQUENCE);
    tch_bn_store(bytes, k->len, k->n.m, k->n.num);
    tch_der_wr_unsigned(w, tch_slice_of(bytes, k->len));
    tch_put_u64(bytes, k->e);
    tch_der_wr_unsigned(w, tch_slice_of(bytes, 8));
    tch_der_wr_close(w, seq);
    tch_der_wr_close(w, bits);
}

static void write_ec(struct tch_writer *w, const struct tch_ec_public *k)
{
    struct tch_mark bits = tch_der_wr_open(w, TCH_DER_BIT_STRING);
    uint8_t point[TCH_EC_POINT_MAX];

    tch_wr_u8(w, 0);
    assert_true(tch_ec_write_point(k->curve, &k->point, point));
    tch_wr_bytes(w, point, 1 + 2 * k->curve->len);
    tch_der_wr_close(w, bits);
}

static void write_ed25519(struct tch_writer *w, const uint8_t key[32])
{
    struct tch_mark bits = tch_der_wr_open(w, TCH_DER_BIT_STRING);

    tch_wr_u8(w, 0);
    tch_wr_bytes(w, key, 32);
    tch_der_wr_close(w, bits);
}

static void write_number(struct tch_writer *w, const uint64_t *a, size_t num)
{
    uint8_t bytes[8 * TCH_BN_MAX_LIMBS];

    tch_bn_store(bytes, 8 * num, a, num);
    tch_der_wr_unsigned(w, tch_slice_of(bytes, 8 * num));
}

/* { OID, { p, q, g } } and y. */
static void write_dsa(struct tch_writer *w, const struct tch_dsa_public *k)
{
    static const uint8_t oid[] = { 0x06, 7,    0x2A, 0x86, 0x48,
                                   0xCE, 0x38, 4,    1 };
    struct tch_mark alg = tch_der_wr_open(w, TCH_DER_SEQUENCE);
    struct tch_mark m;

    tch_wr_bytes(w, oid, sizeof oid);
    m = tch_der_wr_open(w, TCH_DER_SEQUENCE);
    write_number(w, k->p.m, k->p.num);
    write_number(w, k->q.m, k->q.num);
    write_number(w, k->g, k->p.num);
    tch_der_wr_close(w, m);
    tch_der_wr_close(w, alg);
    m = tch_der_wr_open(w, TCH_DER_BIT_STRING);
    tch_wr_u8(w, 0);
    write_number(w, k->y, k->p.num);
    tch_der_wr_close(w, m);
}

static void write_algorithm(struct tch_writer *w, struct tch_key_info info)
{
    static const uint8_t rsa[] = { 0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48,
                                   0x86, 0xF7, 0x0D, 1,    1,    1,    5, 0 };
    static const uint8_t pss[] = { 0x30, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48,
                                   0x86, 0xF7, 0x0D, 1,    1,    10 };
    static const uint8_t ed[] = { 0x30, 5, 0x06, 3, 0x2B, 0x65, 0x70 };
    static const uint8_t p256[] = { 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
                                    0xCE, 0x3D, 2,    1,    0x06, 0x08, 0x2A,
                                    0x86, 0x48, 0xCE, 0x3D, 3,    1,    7 };
    static const uint8_t p384[] = { 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86,
                                    0x48, 0xCE, 0x3D, 2,    1,    0x06,
                                    0x05, 0x2B, 0x81, 4,    0,    0x22 };
    static const uint8_t p521[] = { 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86,
                                    0x48, 0xCE, 0x3D, 2,    1,    0x06,
                                    0x05, 0x2B, 0x81, 4,    0,    0x23 };

    if (info.kind == TCH_KEY_ED25519) {
        tch_wr_bytes(w, ed, sizeof ed);
    } else if (info.kind == TCH_KEY_RSA) {
        tch_wr_bytes(w, rsa, sizeof rsa);
    } else if (info.kind == TCH_KEY_RSA_PSS) {
        tch_wr_bytes(w, pss, sizeof pss);
    } else if (info.group == TCH_GROUP_SECP256R1) {
        tch_wr_bytes(w, p256, sizeof p256);
    } else if (info.group == TCH_GROUP_SECP384R1) {
        tch_wr_bytes(w, p384, sizeof p384);
    } else {
        tch_wr_bytes(w, p521, sizeof p521);
    }
}

size_t spki_of(const struct tch_private_key *k, uint8_t *out, size_t cap)
{
    struct tch_writer w;
    struct tch_mark m;

    tch_wr_init(&w, out, cap);
    m = tch_der_wr_open(&w, TCH_DER_SEQUENCE);
    if (k->info.kind != TCH_KEY_DSA) {
        write_algorithm(&w, k->info);
    }
    if (k->info.kind == TCH_KEY_EC) {
        write_ec(&w, &k->ec);
    } else if (k->info.kind == TCH_KEY_ED25519) {
        write_ed25519(&w, k->ed);
    } else if (k->info.kind == TCH_KEY_DSA) {
        write_dsa(&w, &k->dsa.pub);
    } else {
        write_rsa(&w, &k->rsa.pub);
    }
    tch_der_wr_close(&w, m);
    assert_false(w.failed);
    return w.len;
}
