/*
 * Loading keys: SubjectPublicKeyInfo (RFC 5280 4.1.2.7, 3279, 5480), and
 * private keys as PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 A.1.2), SEC 1 (RFC 5915)
 * and the "DSA PRIVATE KEY" of common practice, SEQUENCE { 0, p, q, g, y, x }.
 * The private forms are told apart by what stands behind the version number:
 * an AlgorithmIdentifier, an OCTET STRING, five INTEGERs, or eight of them.
 *
 * Whatever is wrong with a key is found here and not when it is used: numbers
 * that do not fit together, points that are not on their curve, scalars out of
 * range (R-PKI-080, 101, 102, 103). A public key inside a private one must be
 * the one that belongs to it.
 */

#include "crypto-glue/keys.h"

#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/keys_private.h"
#include "crypto-glue/own/ed25519.h"
#include "engine/base/ct.h"
#include "engine/base/wipe.h"

TCH_FIELD(subject_public_key_info, "5280 4.1.2.7");
TCH_FIELD(subject_public_key, "5280 4.1.2.7");
TCH_FIELD(rsa_public_key, "8017 A.1.1");
TCH_FIELD(modulus, "8017 A.1.1");
TCH_FIELD(public_exponent, "8017 A.1.1");
TCH_FIELD(private_key_info, "5958 2");
TCH_FIELD(version, "5958 2");
TCH_FIELD(private_key, "5958 2");
TCH_FIELD(attributes, "5958 2");
TCH_FIELD(public_key, "5958 2");
TCH_FIELD(private_exponent, "8017 A.1.2");
TCH_FIELD(prime1, "8017 A.1.2");
TCH_FIELD(prime2, "8017 A.1.2");
TCH_FIELD(exponent1, "8017 A.1.2");
TCH_FIELD(exponent2, "8017 A.1.2");
TCH_FIELD(coefficient, "8017 A.1.2");
TCH_FIELD(ec_parameters, "5915 3");
TCH_FIELD(dsa_public_key, "3279 2.3.2");
TCH_FIELD(dsa_private_key, "5958 2");

/* ------------------------------------------------------------- public keys */

static struct tch_public_key *public_new(const struct tch_alloc *alloc,
                                         size_t limbs)
{
    size_t size = sizeof(struct tch_public_key) + limbs * sizeof(uint64_t);
    struct tch_public_key *k = tch_take(alloc, size);

    if (k != NULL) {
        k->alloc = *alloc;
        k->size = size;
    }
    return k;
}

void tch_public_key_free(struct tch_public_key *k)
{
    if (k != NULL) {
        struct tch_alloc alloc = k->alloc;

        tch_give(&alloc, k, k->size);
    }
}

struct tch_key_info tch_public_key_info(const struct tch_public_key *k)
{
    return k->info;
}

static enum tch_status public_rsa(const struct tch_alloc *alloc,
                                  struct tch_slice bits,
                                  struct tch_public_key **out)
{
    struct tch_reader r;
    struct tch_reader seq;
    struct tch_slice n;
    struct tch_slice e;
    enum tch_status s;

    tch_rd_init(&r, bits, &f_subject_public_key, NULL);
    if (!tch_der_open(&r, &f_rsa_public_key, TCH_DER_SEQUENCE, &seq) ||
        !tch_rd_end(&r) || !tch_der_unsigned(&seq, &f_modulus, &n) ||
        !tch_der_unsigned(&seq, &f_public_exponent, &e) ||
        !tch_rd_end(&seq) || n.len > TCH_RSA_MAX_BYTES) {
        return TCH_BAD_KEY;
    }
    *out = public_new(alloc, tch_rsa_public_limbs(n));
    if (*out == NULL) {
        return TCH_NO_MEMORY;
    }
    s = tch_rsa_public_init(&(*out)->rsa, n, e, (*out)->limbs);
    (*out)->info.bits = (*out)->rsa.bits;
    return s;
}

static enum tch_status public_ec(const struct tch_alloc *alloc,
                                 uint16_t group, struct tch_slice bits,
                                 struct tch_public_key **out)
{
    const struct tch_ec_curve *c = tch_ec_curve_of(group);

    if (c == NULL) {
        return TCH_NOT_SUPPORTED;
    }
    *out = public_new(alloc, 0);
    if (*out == NULL) {
        return TCH_NO_MEMORY;
    }
    (*out)->ec.curve = c;
    (*out)->info.bits = c->bits;
    (*out)->info.group = group;
    return tch_ec_read_point(c, bits, &(*out)->ec.point) ? TCH_OK
                                                         : TCH_BAD_KEY;
}

static enum tch_status public_ed25519(const struct tch_alloc *alloc,
                                      struct tch_slice bits,
                                      struct tch_public_key **out)
{
    if (bits.len != 32 || !tch_ed25519_is_point(bits.p)) {
        return TCH_BAD_KEY;
    }
    *out = public_new(alloc, 0);
    if (*out == NULL) {
        return TCH_NO_MEMORY;
    }
    memcpy((*out)->ed, bits.p, 32);
    (*out)->info.bits = 256;
    return TCH_OK;
}

/* DSAPublicKey, an INTEGER: y. */
static enum tch_status public_dsa(const struct tch_alloc *alloc,
                                  const struct tch_dsa_params *params,
                                  struct tch_slice bits,
                                  struct tch_public_key **out)
{
    size_t limbs = tch_dsa_limbs(params);
    struct tch_reader r;
    struct tch_slice y;
    enum tch_status s;

    tch_rd_init(&r, bits, &f_subject_public_key, NULL);
    if (!tch_der_unsigned(&r, &f_dsa_public_key, &y) || !tch_rd_end(&r) ||
        limbs == 0) {
        return TCH_BAD_KEY;
    }
    *out = public_new(alloc, limbs);
    if (*out == NULL) {
        return TCH_NO_MEMORY;
    }
    s = tch_dsa_public_init(&(*out)->dsa, params, y, (*out)->limbs, alloc);
    (*out)->info.bits = (*out)->dsa.bits;
    return s;
}

static enum tch_status public_by_kind(const struct tch_alloc *alloc,
                                      const struct tch_key_algorithm *alg,
                                      struct tch_slice bits,
                                      struct tch_public_key **out)
{
    if (alg->kind == TCH_KEY_DSA) {
        return public_dsa(alloc, &alg->dsa, bits, out);
    }
    if (alg->kind == TCH_KEY_EC) {
        return public_ec(alloc, alg->group, bits, out);
    }
    if (alg->kind == TCH_KEY_ED25519) {
        return public_ed25519(alloc, bits, out);
    }
    return public_rsa(alloc, bits, out);
}

enum tch_status tch_public_key_read(const struct tch_alloc *alloc,
                                    struct tch_slice spki,
                                    struct tch_public_key **out)
{
    struct tch_key_algorithm alg;
    struct tch_public_key *k = NULL;
    struct tch_reader r;
    struct tch_reader seq;
    struct tch_slice bits;
    enum tch_status s;

    *out = NULL;
    tch_rd_init(&r, spki, &f_subject_public_key_info, NULL);
    if (!tch_der_open(&r, &f_subject_public_key_info, TCH_DER_SEQUENCE,
                      &seq) ||
        !tch_rd_end(&r)) {
        return TCH_BAD_KEY;
    }
    s = tch_key_algorithm_read(&seq, &alg);
    if (s != TCH_OK) {
        return s;
    }
    if (!tch_der_bits(&seq, &f_subject_public_key, &bits) ||
        !tch_rd_end(&seq)) {
        return TCH_BAD_KEY;
    }
    s = public_by_kind(alloc, &alg, bits, &k);
    if (s != TCH_OK) {
        tch_public_key_free(k);
        return s;
    }
    k->info.kind = alg.kind;
    k->info.pss_hash = alg.pss_hash;
    *out = k;
    return TCH_OK;
}

/* ------------------------------------------------------------ private keys */

static struct tch_private_key *private_new(const struct tch_alloc *alloc,
                                           size_t limbs)
{
    size_t size = sizeof(struct tch_private_key) + limbs * sizeof(uint64_t);
    struct tch_private_key *k = tch_take(alloc, size);

    if (k != NULL) {
        k->alloc = *alloc;
        k->size = size;
    }
    return k;
}

void tch_private_key_free(struct tch_private_key *k)
{
    if (k != NULL) {
        struct tch_alloc alloc = k->alloc;

        tch_give(&alloc, k, k->size); /* wipes */
    }
}

struct tch_key_info tch_private_key_info(const struct tch_private_key *k)
{
    return k->info;
}

/* The numbers of an RSAPrivateKey behind its version. */
static bool read_parts(struct tch_reader *seq, struct tch_rsa_parts *p)
{
    return tch_der_unsigned(seq, &f_modulus, &p->n) &&
           tch_der_unsigned(seq, &f_public_exponent, &p->e) &&
           tch_der_unsigned(seq, &f_private_exponent, &p->d) &&
           tch_der_unsigned(seq, &f_prime1, &p->p) &&
           tch_der_unsigned(seq, &f_prime2, &p->q) &&
           tch_der_unsigned(seq, &f_exponent1, &p->dp) &&
           tch_der_unsigned(seq, &f_exponent2, &p->dq) &&
           tch_der_unsigned(seq, &f_coefficient, &p->qinv) &&
           tch_rd_end(seq);
}

/* Version 1 means more than two primes, R-PKI-101. */
static enum tch_status private_rsa(const struct tch_alloc *alloc,
                                   uint32_t version, struct tch_reader *seq,
                                   struct tch_private_key **out)
{
    struct tch_rsa_parts parts;
    size_t limbs;
    enum tch_status s;

    if (version == 1) {
        return TCH_NOT_SUPPORTED;
    }
    if (version != 0 || !read_parts(seq, &parts)) {
        return TCH_BAD_KEY;
    }
    limbs = tch_rsa_private_limbs(&parts);
    if (limbs == 0) {
        return TCH_BAD_KEY;
    }
    *out = private_new(alloc, limbs);
    if (*out == NULL) {
        return TCH_NO_MEMORY;
    }
    s = tch_rsa_private_init(&(*out)->rsa, &parts, (*out)->limbs, alloc);
    (*out)->info.kind = TCH_KEY_RSA;
    (*out)->info.bits = (*out)->rsa.pub.bits;
    return s;
}

/* `y` is empty when the file does not say. */
static enum tch_status private_dsa(const struct tch_alloc *alloc,
                                   const struct tch_dsa_params *params,
                                   struct tch_slice y, struct tch_slice x,
                                   struct tch_private_key **out)
{
    size_t limbs = tch_dsa_limbs(params);
    enum tch_status s;

    if (limbs == 0) {
        return TCH_BAD_KEY;
    }
    *out = private_new(alloc, limbs);
    if (*out == NULL) {
        return TCH_NO_MEMORY;
    }
    s = tch_dsa_private_init(&(*out)->dsa, params, y, x, (*out)->limbs,
                             alloc);
    (*out)->info.kind = TCH_KEY_DSA;
    (*out)->info.bits = (*out)->dsa.pub.bits;
    return s;
}

/* p, q, g, y, x behind a version. */
static enum tch_status private_dsa_sequence(const struct tch_alloc *alloc,
                                            uint32_t version,
                                            struct tch_reader *seq,
                                            struct tch_private_key **out)
{
    struct tch_dsa_params params;
    struct tch_slice y;
    struct tch_slice x;

    if (version != 0 || !tch_dsa_params_read(seq, &params) ||
        !tch_der_unsigned(seq, &f_dsa_public_key, &y) ||
        !tch_der_unsigned(seq, &f_dsa_private_key, &x) || !tch_rd_end(seq)) {
        return TCH_BAD_KEY;
    }
    return private_dsa(alloc, &params, y, x, out);
}

/* The INTEGER x alone, the parameters stand in the AlgorithmIdentifier. */
static enum tch_status private_dsa_pkcs8(const struct tch_alloc *alloc,
                                         const struct tch_dsa_params *params,
                                         struct tch_slice key,
                                         struct tch_private_key **out)
{
    struct tch_reader r;
    struct tch_slice x;

    tch_rd_init(&r, key, &f_private_key, NULL);
    if (!tch_der_unsigned(&r, &f_dsa_private_key, &x) || !tch_rd_end(&r)) {
        return TCH_BAD_KEY;
    }
    return private_dsa(alloc, params, tch_slice_of(NULL, 0), x, out);
}

/* Whether what `seq` still has is five elements. */
static bool is_five(struct tch_reader seq)
{
    struct tch_slice skipped;

    for (unsigned i = 0; i < 5; i++) {
        if (!tch_der_element(&seq, &f_private_key, &skipped)) {
            return false;
        }
    }
    return tch_rd_left(&seq) == 0;
}

/* What a SEC 1 key says beside its scalar. */
struct ec_extras {
    uint16_t group; /* 0: not named */
    struct tch_slice point;
};

static enum tch_status read_ec_extras(struct tch_reader *seq,
                                      struct ec_extras *x)
{
    struct tch_reader params;
    struct tch_reader pub;
    bool have_params;
    bool have_pub;
    enum tch_status s;

    memset(x, 0, sizeof *x);
    if (!tch_der_optional(seq, &f_ec_parameters, TCH_DER_CONTEXT(0),
                          &have_params, &params) ||
        !tch_der_optional(seq, &f_public_key, TCH_DER_CONTEXT(1), &have_pub,
                          &pub) ||
        !tch_rd_end(seq)) {
        return TCH_BAD_KEY;
    }
    if (have_params) {
        if (tch_der_next_is(&params, TCH_DER_SEQUENCE)) {
            return TCH_NOT_SUPPORTED;
        }
        s = tch_curve_oid_read(&params, &x->group);
        if (s != TCH_OK || !tch_rd_end(&params)) {
            return s != TCH_OK ? s : TCH_BAD_KEY;
        }
    }
    if (have_pub && (!tch_der_bits(&pub, &f_public_key, &x->point) ||
                     !tch_rd_end(&pub))) {
        return TCH_BAD_KEY;
    }
    return TCH_OK;
}

/* The public point of scalar `d`, compared with the one in the file. */
static bool derive_point(struct tch_private_key *k, struct tch_slice given)
{
    const struct tch_ec_curve *c = k->ec.curve;
    uint8_t own[TCH_EC_POINT_MAX];

    tch_ec_mul_base(c, &k->ec.point, k->d);
    if (!tch_ec_write_point(c, &k->ec.point, own)) {
        return false;
    }
    return given.p == NULL ||
           tch_der_same(given, tch_slice_of(own, 1 + 2 * c->len));
}

/* `group` is the curve of the PKCS#8 wrapping, or 0. */
static enum tch_status private_ec(const struct tch_alloc *alloc,
                                  uint16_t group, struct tch_slice d,
                                  const struct ec_extras *x,
                                  struct tch_private_key **out)
{
    const struct tch_ec_curve *c;
    struct tch_private_key *k;

    if (group != 0 && x->group != 0 && group != x->group) {
        return TCH_BAD_KEY;
    }
    c = tch_ec_curve_of(group != 0 ? group : x->group);
    if (c == NULL) {
        return TCH_BAD_KEY; /* no curve named at all */
    }
    if (d.len != c->len) {
        return TCH_BAD_KEY; /* R-PKI-102: field length */
    }
    k = private_new(alloc, 0);
    *out = k;
    if (k == NULL) {
        return TCH_NO_MEMORY;
    }
    k->ec.curve = c;
    k->info.kind = TCH_KEY_EC;
    k->info.bits = c->bits;
    k->info.group = c->group;
    if (!tch_bn_load(k->d, c->num, d) || tch_ec_in_range(c, k->d) == 0 ||
        !derive_point(k, x->point)) {
        return TCH_BAD_KEY;
    }
    return TCH_OK;
}

/* An ECPrivateKey behind its version. */
static enum tch_status private_sec1(const struct tch_alloc *alloc,
                                    uint16_t group, uint32_t version,
                                    struct tch_reader *seq,
                                    struct tch_private_key **out)
{
    struct tch_slice d;
    struct ec_extras x;
    enum tch_status s;

    if (version != 1 ||
        !tch_der_value(seq, &f_private_key, TCH_DER_OCTET_STRING, &d)) {
        return TCH_BAD_KEY;
    }
    s = read_ec_extras(seq, &x);
    return s != TCH_OK ? s : private_ec(alloc, group, d, &x, out);
}

/* Opens the SEQUENCE that `der` is and reads its version. */
static bool open_versioned(struct tch_reader *r, struct tch_slice der,
                           const struct tch_field *f, struct tch_reader *seq,
                           uint32_t *version)
{
    tch_rd_init(r, der, f, NULL);
    return tch_der_open(r, f, TCH_DER_SEQUENCE, seq) && tch_rd_end(r) &&
           tch_der_uint32(seq, &f_version, version);
}

/* What PKCS#8 has behind the key: both optional fields may be skipped. */
static bool skip_pkcs8_tail(struct tch_reader *seq, uint32_t version)
{
    struct tch_reader skipped;
    struct tch_slice bits;
    bool present;

    if (!tch_der_optional(seq, &f_attributes, TCH_DER_CONTEXT(0), &present,
                          &skipped)) {
        return false;
    }
    if (version == 1 &&
        tch_der_next_is(seq, TCH_DER_CONTEXT_PRIMITIVE(1)) &&
        !tch_der_value(seq, &f_public_key, TCH_DER_CONTEXT_PRIMITIVE(1),
                       &bits)) {
        return false;
    }
    return tch_rd_end(seq);
}

/* CurvePrivateKey, an OCTET STRING inside the OCTET STRING (8410 7). */
static enum tch_status private_ed25519(const struct tch_alloc *alloc,
                                       struct tch_slice key,
                                       struct tch_private_key **out)
{
    struct tch_reader r;
    struct tch_slice seed;

    tch_rd_init(&r, key, &f_private_key, NULL);
    if (!tch_der_value(&r, &f_private_key, TCH_DER_OCTET_STRING, &seed) ||
        !tch_rd_end(&r) || seed.len != 32) {
        return TCH_BAD_KEY;
    }
    *out = private_new(alloc, 0);
    if (*out == NULL) {
        return TCH_NO_MEMORY;
    }
    memcpy((*out)->ed_seed, seed.p, 32);
    tch_ed25519_public((*out)->ed, seed.p);
    (*out)->info.kind = TCH_KEY_ED25519;
    (*out)->info.bits = 256;
    return TCH_OK;
}

/* A PrivateKeyInfo behind its version, R-PKI-103. */
static enum tch_status private_pkcs8(const struct tch_alloc *alloc,
                                     uint32_t version, struct tch_reader *seq,
                                     struct tch_private_key **out)
{
    struct tch_key_algorithm alg;
    struct tch_reader r;
    struct tch_reader inner;
    struct tch_slice key;
    uint32_t inner_version;
    enum tch_status s;

    s = tch_key_algorithm_read(seq, &alg);
    if (s != TCH_OK) {
        return s;
    }
    if (version > 1 ||
        !tch_der_value(seq, &f_private_key, TCH_DER_OCTET_STRING, &key) ||
        !skip_pkcs8_tail(seq, version)) {
        return TCH_BAD_KEY;
    }
    if (alg.kind == TCH_KEY_ED25519) {
        return private_ed25519(alloc, key, out);
    }
    if (alg.kind == TCH_KEY_DSA) {
        return private_dsa_pkcs8(alloc, &alg.dsa, key, out);
    }
    if (!open_versioned(&r, key, &f_private_key, &inner, &inner_version)) {
        return TCH_BAD_KEY;
    }
    if (alg.kind == TCH_KEY_EC) {
        return private_sec1(alloc, alg.group, inner_version, &inner, out);
    }
    s = private_rsa(alloc, inner_version, &inner, out);
    if (s == TCH_OK) {
        (*out)->info.kind = alg.kind;
        (*out)->info.pss_hash = alg.pss_hash;
    }
    return s;
}

enum tch_status tch_private_key_read(const struct tch_alloc *alloc,
                                     struct tch_slice der,
                                     struct tch_private_key **out)
{
    struct tch_private_key *k = NULL;
    struct tch_reader r;
    struct tch_reader seq;
    uint32_t version;
    enum tch_status s;

    *out = NULL;
    if (!open_versioned(&r, der, &f_private_key_info, &seq, &version)) {
        return TCH_BAD_KEY;
    }
    if (tch_der_next_is(&seq, TCH_DER_SEQUENCE)) {
        s = private_pkcs8(alloc, version, &seq, &k);
    } else if (tch_der_next_is(&seq, TCH_DER_OCTET_STRING)) {
        s = private_sec1(alloc, 0, version, &seq, &k);
    } else if (is_five(seq)) {
        s = private_dsa_sequence(alloc, version, &seq, &k);
    } else {
        s = private_rsa(alloc, version, &seq, &k);
    }
    if (s != TCH_OK) {
        tch_private_key_free(k);
        return s;
    }
    *out = k;
    return TCH_OK;
}

static bool same_rsa(const struct tch_rsa_public *a,
                     const struct tch_rsa_public *b)
{
    return a->e == b->e && a->n.num == b->n.num &&
           tch_bn_eq(a->n.m, b->n.m, a->n.num) != 0;
}

static bool same_point(const struct tch_ec_public *a,
                       const struct tch_ec_public *b)
{
    uint8_t x[TCH_EC_POINT_MAX];
    uint8_t y[TCH_EC_POINT_MAX];

    return a->curve == b->curve &&
           tch_ec_write_point(a->curve, &a->point, x) &&
           tch_ec_write_point(b->curve, &b->point, y) &&
           tch_ct_equal(x, y, 1 + 2 * a->curve->len) != 0;
}

bool tch_key_pair_matches(const struct tch_public_key *pub,
                          const struct tch_private_key *priv)
{
    if (pub->info.kind != priv->info.kind) {
        return false;
    }
    if (pub->info.kind == TCH_KEY_ED25519) {
        return memcmp(pub->ed, priv->ed, sizeof pub->ed) == 0;
    }
    if (pub->info.kind == TCH_KEY_DSA) {
        return tch_dsa_same(&pub->dsa, &priv->dsa.pub);
    }
    return pub->info.kind == TCH_KEY_EC ? same_point(&pub->ec, &priv->ec)
                                        : same_rsa(&pub->rsa, &priv->rsa.pub);
}
