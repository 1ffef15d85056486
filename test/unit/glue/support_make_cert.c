/*
 * The maker of test certificates, on the DER writer. It writes what it is
 * told, sense or not.
 */

#include "test/unit/glue/support_make_cert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/der.h"
#include "test/unit/glue/support_json.h"
#include "test/unit/glue/support_keys.h"

#define ECDSA_SHA256 "300A06082A8648CE3D040302"

/* A P-256 key: the base point, which is on the curve. */
#define SPKI                                                                  \
    "3059301306072A8648CE3D020106082A8648CE3D030107034200"                    \
    "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"      \
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"

struct tch_slice text_slice(const char *text)
{
    return tch_slice_of(text, strlen(text));
}

/* The memory stays reachable from here, so that nothing counts as lost. */
struct kept {
    struct kept *next;
    uint8_t bytes[];
};

struct tch_slice hex_slice(const char *hex)
{
    static struct kept *all;
    size_t cap = strlen(hex) / 2 + 1;
    struct kept *k = malloc(sizeof *k + cap);

    assert_non_null(k);
    k->next = all;
    all = k;
    return tch_slice_of(k->bytes, unhex(hex, k->bytes, cap));
}

static void write_hex(struct tch_writer *w, const char *hex)
{
    tch_wr_slice(w, hex_slice(hex));
}

void ext_oid(struct tch_writer *w, struct tch_slice oid, bool critical,
             struct tch_slice value)
{
    static const uint8_t yes = 0xFF;
    struct tch_mark m = tch_der_wr_open(w, TCH_DER_SEQUENCE);

    tch_der_wr_value(w, TCH_DER_OID, oid);
    if (critical) {
        tch_der_wr_value(w, TCH_DER_BOOLEAN, tch_slice_of(&yes, 1));
    }
    tch_der_wr_value(w, TCH_DER_OCTET_STRING, value);
    tch_der_wr_close(w, m);
}

void ext(struct tch_writer *w, unsigned arc, bool critical,
         struct tch_slice value)
{
    uint8_t oid[3] = { 0x55, 0x1D, (uint8_t)arc };

    ext_oid(w, tch_slice_of(oid, 3), critical, value);
}

void ext_ca(struct tch_writer *w, int path_len)
{
    uint8_t with[] = { 0x30, 6, 1, 1, 0xFF, 2, 1, (uint8_t)path_len };
    uint8_t without[] = { 0x30, 3, 1, 1, 0xFF };

    ext(w, 19, true,
        path_len < 0 ? tch_slice_of(without, sizeof without)
                     : tch_slice_of(with, sizeof with));
}

void ext_key_usage(struct tch_writer *w, unsigned bits)
{
    uint8_t value[4] = { 3, 2, 0, 0 };
    unsigned unused = 0;

    for (unsigned i = 0; i < 8; i++) {
        value[3] |= (uint8_t)((bits >> i & 1u) << (7 - i));
    }
    while (unused < 7 && (value[3] >> unused & 1) == 0) {
        unused++;
    }
    value[2] = (uint8_t)unused;
    ext(w, 15, true, tch_slice_of(value, 4));
}

void general_name(struct tch_writer *w, unsigned form, struct tch_slice value)
{
    bool constructed = form == 0 || form == 3 || form == 4 || form == 5;

    tch_der_wr_value(w, 0x80u | (constructed ? 0x20u : 0u) | form, value);
}

void ext_alt_names(struct tch_writer *w, bool critical,
                   struct tch_slice names)
{
    uint8_t *buf = malloc(MADE_MAX);
    struct tch_writer in;

    assert_non_null(buf);
    tch_wr_init(&in, buf, MADE_MAX);
    tch_der_wr_value(&in, TCH_DER_SEQUENCE, names);
    ext(w, 17, critical, tch_wr_done(&in));
    free(buf);
}

void ext_dns(struct tch_writer *w, const char *name)
{
    uint8_t buf[300];
    struct tch_writer in;

    tch_wr_init(&in, buf, sizeof buf);
    general_name(&in, 2, text_slice(name));
    ext_alt_names(w, false, tch_wr_done(&in));
}

void subtree(struct tch_writer *w, unsigned form, struct tch_slice base)
{
    struct tch_mark m = tch_der_wr_open(w, TCH_DER_SEQUENCE);

    general_name(w, form, base);
    tch_der_wr_close(w, m);
}

void ext_name_constraints(struct tch_writer *w, struct tch_slice permitted,
                          struct tch_slice excluded)
{
    uint8_t *buf = malloc(MADE_MAX);
    struct tch_writer in;
    struct tch_mark m;

    assert_non_null(buf);
    tch_wr_init(&in, buf, MADE_MAX);
    m = tch_der_wr_open(&in, TCH_DER_SEQUENCE);
    if (permitted.len != 0) {
        tch_der_wr_value(&in, TCH_DER_CONTEXT(0), permitted);
    }
    if (excluded.len != 0) {
        tch_der_wr_value(&in, TCH_DER_CONTEXT(1), excluded);
    }
    tch_der_wr_close(&in, m);
    ext(w, 30, true, tch_wr_done(&in));
    free(buf);
}

struct tch_slice common_name(struct tch_writer *w, const char *text)
{
    size_t at = w->len;
    struct tch_mark name = tch_der_wr_open(w, TCH_DER_SEQUENCE);

    if (text[0] != '\0') {
        struct tch_mark set = tch_der_wr_open(w, TCH_DER_SET);
        struct tch_mark pair = tch_der_wr_open(w, TCH_DER_SEQUENCE);

        tch_der_wr_value(w, TCH_DER_OID, text_slice("\x55\x04\x03"));
        tch_der_wr_value(w, TCH_DER_UTF8_STRING, text_slice(text));
        tch_der_wr_close(w, pair);
        tch_der_wr_close(w, set);
    }
    tch_der_wr_close(w, name);
    return tch_slice_of(w->buf + at, w->len - at);
}

static void write_name(struct tch_writer *w, struct tch_slice whole,
                       const char *text, const char *otherwise)
{
    if (whole.len != 0) {
        tch_wr_slice(w, whole);
    } else {
        (void)common_name(w, text != NULL ? text : otherwise);
    }
}

static void write_time(struct tch_writer *w, const char *text,
                       const char *otherwise)
{
    const char *t = text != NULL ? text : otherwise;

    tch_der_wr_value(
        w, strlen(t) == 13 ? TCH_DER_UTC_TIME : TCH_DER_GENERALIZED_TIME,
        text_slice(t));
}

static void write_or(struct tch_writer *w, struct tch_slice s,
                     const char *otherwise)
{
    if (s.len != 0) {
        tch_wr_slice(w, s);
    } else {
        write_hex(w, otherwise);
    }
}

static void write_tbs(struct tch_writer *w, const struct recipe *r)
{
    struct tch_mark tbs = tch_der_wr_open(w, TCH_DER_SEQUENCE);
    struct tch_mark m;

    if (r->version.len != 1 || r->version.p[0] != '-') {
        write_or(w, r->version, "A003020102");
    }
    tch_der_wr_value(w, TCH_DER_INTEGER,
                     r->serial.len != 0 ? r->serial : text_slice("\x2A"));
    write_or(w, r->inner_algorithm.len != 0 ? r->inner_algorithm
                                            : r->algorithm,
             ECDSA_SHA256);
    write_name(w, r->issuer_name, r->issuer, "issuer");
    m = tch_der_wr_open(w, TCH_DER_SEQUENCE);
    write_time(w, r->before, "200101000000Z");
    write_time(w, r->after, "491231235959Z");
    tch_der_wr_close(w, m);
    write_name(w, r->subject_name, r->subject, "subject");
    write_or(w, r->spki, SPKI);
    tch_wr_slice(w, r->unique_ids);
    if (r->extensions.len != 0) {
        m = tch_der_wr_open(w, TCH_DER_CONTEXT(3));
        tch_der_wr_value(w, TCH_DER_SEQUENCE, r->extensions);
        tch_der_wr_close(w, m);
    }
    tch_wr_slice(w, r->more_tbs);
    tch_der_wr_close(w, tbs);
}

/* A BIT STRING with the signature over `tbs`, or with three bytes. */
static void write_signature(struct tch_writer *w, const struct recipe *r,
                            struct tch_slice tbs)
{
    static uint64_t seed = 4711;
    struct tch_draw_source draw = seeded_draw(&seed);
    uint8_t sig[TCH_SIGNATURE_MAX] = { 1, 2, 3 };
    size_t len = 3;
    struct tch_mark m;

    if (r->signer != NULL) {
        unsigned scheme = r->scheme != 0 ? r->scheme : TCH_SCHEME_ECDSA_SHA256;

        assert_int_equal(tch_sign(r->signer, scheme, &tbs, 1, &draw, sig,
                                  &len),
                         TCH_OK);
    }
    m = tch_der_wr_open(w, TCH_DER_BIT_STRING);
    tch_wr_u8(w, 0);
    tch_wr_bytes(w, sig, len);
    tch_der_wr_close(w, m);
}

size_t make_cert(const struct recipe *r, uint8_t *out)
{
    uint8_t *buf = malloc(MADE_MAX);
    struct tch_writer w;
    struct tch_writer all;
    struct tch_mark m;
    struct tch_slice tbs;

    assert_non_null(buf);
    tch_wr_init(&w, buf, MADE_MAX);
    write_tbs(&w, r);
    tbs = tch_wr_done(&w);
    tch_wr_init(&all, out, MADE_MAX);
    m = tch_der_wr_open(&all, TCH_DER_SEQUENCE);
    tch_wr_slice(&all, tbs);
    write_or(&all, r->algorithm, ECDSA_SHA256);
    write_signature(&all, r, tbs);
    tch_der_wr_close(&all, m);
    tch_wr_slice(&all, r->more);
    assert_false(w.failed || all.failed);
    free(buf);
    return all.len;
}
