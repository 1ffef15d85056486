/*
 * The certificate, RFC 5280 section 4.1: a SEQUENCE of what is signed, the
 * algorithm, and the signature. The parser goes down it once, copies nothing,
 * allocates nothing and calls nothing recursively; the deepest nesting is in
 * names and is opened level by level.
 *
 * What was hard: being strict where it matters. The algorithm stands in a
 * certificate twice and must be the same bytes; a version 1 that is spelled
 * out, extensions in a version that has none, or anything behind the last
 * field is refused. Where certificates in use break DER harmlessly, the
 * reader of that field says so and lets it pass.
 */

#include "crypto-glue/x509/x509.h"

#include <string.h>

#include "engine/base/bytes.h"

#include "crypto-glue/der.h"
#include "crypto-glue/x509/extensions.h"
#include "crypto-glue/x509/name.h"
#include "crypto-glue/x509/sigalg.h"
#include "crypto-glue/x509/time.h"

TCH_FIELD(certificate, "5280 4.1");
TCH_FIELD(tbs_certificate, "5280 4.1.1.1");
TCH_FIELD(signature_algorithm, "5280 4.1.1.2");
TCH_FIELD(signature_value, "5280 4.1.1.3");
TCH_FIELD(version, "5280 4.1.2.1");
TCH_FIELD(serial_number, "5280 4.1.2.2");
TCH_FIELD(signature, "5280 4.1.2.3");
TCH_FIELD(issuer, "5280 4.1.2.4");
TCH_FIELD(validity, "5280 4.1.2.5");
TCH_FIELD(not_before, "5280 4.1.2.5");
TCH_FIELD(not_after, "5280 4.1.2.5");
TCH_FIELD(subject, "5280 4.1.2.6");
TCH_FIELD(subject_public_key_info, "5280 4.1.2.7");
TCH_FIELD(algorithm, "5280 4.1.2.7");
TCH_FIELD(subject_public_key, "5280 4.1.2.7");
TCH_FIELD(issuer_unique_id, "5280 4.1.2.8");
TCH_FIELD(subject_unique_id, "5280 4.1.2.8");
TCH_FIELD(extensions, "5280 4.1.2.9");

static bool refuse(const struct tch_reader *r, const struct tch_field *f)
{
    (void)tch_rd_blame(r, f, TCH_CERT_BAD);
    return false;
}

/* Opens an element and points at the whole of it as well. */
static bool open_whole(struct tch_reader *r, const struct tch_field *f,
                       unsigned tag, struct tch_slice *whole,
                       struct tch_reader *out)
{
    struct tch_reader peek = *r;

    return tch_der_element(&peek, f, whole) && tch_der_open(r, f, tag, out);
}

/* R-PKI-003: [0] EXPLICIT INTEGER, absent for version 1. */
static bool read_version(struct tch_reader *tbs, struct tch_cert *c)
{
    struct tch_reader in;
    uint32_t v;
    bool has;

    c->version = 1;
    if (!tch_der_optional(tbs, &f_version, TCH_DER_CONTEXT(0), &has, &in)) {
        return false;
    }
    if (!has) {
        return true;
    }
    if (!tch_der_uint32(&in, &f_version, &v) || !tch_rd_end(&in)) {
        return false;
    }
    if (v < 1 || v > 2) {
        return refuse(&in, &f_version);
    }
    c->version = (uint8_t)(v + 1);
    return true;
}

/* R-PKI-004 */
static bool read_serial(struct tch_reader *tbs, struct tch_cert *c)
{
    if (!tch_der_integer(tbs, &f_serial_number, &c->serial)) {
        return false;
    }
    if (c->serial.p[0] >= 0x80) {
        return refuse(tbs, &f_serial_number);
    }
    c->odd_serial = c->serial.len > 20 ||
                    (c->serial.len == 1 && c->serial.p[0] == 0);
    return true;
}

static bool read_validity(struct tch_reader *tbs, struct tch_cert *c)
{
    struct tch_reader seq;

    return tch_der_open(tbs, &f_validity, TCH_DER_SEQUENCE, &seq) &&
           tch_time_read(&seq, &f_not_before, &c->not_before) &&
           tch_time_read(&seq, &f_not_after, &c->not_after) &&
           tch_rd_end(&seq);
}

/* R-PKI-009; an empty subject is judged when the extensions are known. */
static bool read_issuer(struct tch_reader *tbs, struct tch_cert *c)
{
    if (!tch_name_check(tbs, &f_issuer, &c->issuer)) {
        return false;
    }
    return !tch_name_is_empty(c->issuer) || refuse(tbs, &f_issuer);
}

/* Only the frame; what kind of key it is, is the business of keys.c. */
static bool read_spki(struct tch_reader *tbs, struct tch_cert *c)
{
    struct tch_reader seq;
    struct tch_slice skip;

    return open_whole(tbs, &f_subject_public_key_info, TCH_DER_SEQUENCE,
                      &c->spki, &seq) &&
           tch_der_value(&seq, &f_algorithm, TCH_DER_SEQUENCE, &skip) &&
           tch_der_bits(&seq, &f_subject_public_key, &skip) &&
           tch_rd_end(&seq);
}

static bool read_unique_id(struct tch_reader *tbs, const struct tch_field *f,
                           unsigned number, const struct tch_cert *c)
{
    struct tch_slice value;
    struct tch_slice bits;
    unsigned unused;

    if (!tch_der_next_is(tbs, TCH_DER_CONTEXT_PRIMITIVE(number))) {
        return true;
    }
    if (c->version < 2 ||
        !tch_der_value(tbs, f, TCH_DER_CONTEXT_PRIMITIVE(number), &value) ||
        !tch_der_read_bits(value, &bits, &unused)) {
        return refuse(tbs, f);
    }
    return true;
}

static bool read_extensions(struct tch_reader *tbs, struct tch_cert *c)
{
    struct tch_reader outer;
    struct tch_reader list;
    bool has;

    if (!tch_der_optional(tbs, &f_extensions, TCH_DER_CONTEXT(3), &has,
                          &outer)) {
        return false;
    }
    if (!has) {
        return true;
    }
    if (c->version != 3) {
        return refuse(&outer, NULL);
    }
    if (!tch_der_open(&outer, &f_extensions, TCH_DER_SEQUENCE, &list) ||
        !tch_rd_end(&outer)) {
        return false;
    }
    list.parent = tbs; /* one level of the path, not two */
    c->extensions = tch_rd_rest(&list);
    return tch_extensions_read(&list, c);
}

/* The tbsCertificate, but for the algorithm, which `*alg` reports. */
static bool read_tbs(struct tch_reader *tbs, struct tch_cert *c,
                     struct tch_slice *alg)
{
    if (!read_version(tbs, c) || !read_serial(tbs, c) ||
        !tch_der_element(tbs, &f_signature, alg) || !read_issuer(tbs, c) ||
        !read_validity(tbs, c) ||
        !tch_name_check(tbs, &f_subject, &c->subject) || !read_spki(tbs, c) ||
        !read_unique_id(tbs, &f_issuer_unique_id, 1, c) ||
        !read_unique_id(tbs, &f_subject_unique_id, 2, c) ||
        !read_extensions(tbs, c) || !tch_rd_end(tbs)) {
        return false;
    }
    if (tch_name_is_empty(c->subject) && !c->alt_names_critical) {
        return refuse(tbs, &f_subject);
    }
    return true;
}

/* R-PKI-002 */
static bool read_algorithm(struct tch_reader *seq, struct tch_cert *c,
                           struct tch_slice inner)
{
    struct tch_reader peek = *seq;
    struct tch_sigalg alg;

    if (!tch_der_element(&peek, &f_signature_algorithm, &c->signature_alg) ||
        !tch_sigalg_read(seq, &f_signature_algorithm, &alg)) {
        return false;
    }
    c->scheme = alg.scheme;
    c->weak_signature = alg.weak;
    return tch_der_same(c->signature_alg, inner) ||
           refuse(seq, &f_signature_algorithm);
}

static bool read_certificate(struct tch_reader *r, struct tch_cert *c)
{
    struct tch_reader seq;
    struct tch_reader tbs;
    struct tch_slice inner;

    if (!tch_der_open(r, &f_certificate, TCH_DER_SEQUENCE, &seq) ||
        !tch_rd_end(r)) {
        return false;
    }
    seq.parent = NULL; /* `r` bears the same name */
    return open_whole(&seq, &f_tbs_certificate, TCH_DER_SEQUENCE, &c->tbs,
                      &tbs) &&
           read_tbs(&tbs, c, &inner) && read_algorithm(&seq, c, inner) &&
           tch_der_bits(&seq, &f_signature_value, &c->signature) &&
           tch_rd_end(&seq);
}

enum tch_status tch_cert_parse(struct tch_cert *out, struct tch_slice der,
                               struct tch_failure *failure)
{
    struct tch_failure local;
    struct tch_watch watch = { NULL, failure != NULL ? &local : NULL };
    struct tch_reader r;

    memset(&local, 0, sizeof local);
    memset(out, 0, sizeof *out);
    out->der = der;
    out->path_len = -1;
    out->key_usage = ~0u;
    out->eku = TCH_EKU_ANY;
    tch_rd_init(&r, der, &f_certificate, &watch);
    if (der.len > TCH_CERT_MAX ? refuse(&r, NULL) : read_certificate(&r, out)) {
        out->subject_hash = tch_name_hash(out->subject);
        out->issuer_hash = tch_name_hash(out->issuer);
        out->self_issued = tch_name_same(out->subject, out->issuer);
        return TCH_OK;
    }
    if (failure != NULL) {
        *failure = local;
        failure->status = TCH_CERT_BAD;
        failure->alert = tch_status_alert(TCH_CERT_BAD);
        failure->side = TCH_SIDE_OURS;
    }
    return TCH_CERT_BAD;
}
