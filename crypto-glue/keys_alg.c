/*
 * The algorithms a key may name: object identifiers as rows, and the
 * parameters that go with them. RFC 3279, 5480, 4055, 8410; dossier 7.5.
 *
 * A DSA key brings p, q and g along. Without them it has its issuer's (RFC
 * 3279 2.3.2), which is not supported: what a key is would then depend on the
 * path that leads to it.
 *
 * EC keys name their curve; implicitCurve and explicit parameters are no
 * named curve and not supported (R-ATK-015: the latter let a peer choose the
 * generator). An RSASSA-PSS key may tie itself to one hash, and then the rest
 * of its parameters must be those TLS uses: MGF1 of the same hash, and a salt
 * that is not longer than the hash.
 */

#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/keys_private.h"

TCH_FIELD(algorithm_identifier, "5280 4.1.1.2");
TCH_FIELD(algorithm, "5280 4.1.1.2");
TCH_FIELD(parameters, "5280 4.1.1.2");
TCH_FIELD(dss_parms, "3279 2.3.2");
TCH_FIELD(p, "3279 2.3.2");
TCH_FIELD(q, "3279 2.3.2");
TCH_FIELD(g, "3279 2.3.2");
TCH_FIELD(named_curve, "5480 2.1.1");
TCH_FIELD(hash_algorithm, "4055 3.1");
TCH_FIELD(mask_gen_algorithm, "4055 3.1");
TCH_FIELD(salt_length, "4055 3.1");
TCH_FIELD(trailer_field, "4055 3.1");

struct oid_row {
    const char *oid; /* contents octets */
    size_t len;
    unsigned value;
};

#define OID(bytes) bytes, sizeof bytes - 1

/* clang-format off */
static const struct oid_row key_oids[] = {
    { OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01"), TCH_KEY_RSA },
    { OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A"), TCH_KEY_RSA_PSS },
    { OID("\x2A\x86\x48\xCE\x3D\x02\x01"),         TCH_KEY_EC },
    { OID("\x2A\x86\x48\xCE\x38\x04\x01"),         TCH_KEY_DSA },
    { OID("\x2B\x65\x70"),                         TCH_KEY_ED25519 },
};
static const struct oid_row curve_oids[] = {
    { OID("\x2A\x86\x48\xCE\x3D\x03\x01\x07"), TCH_GROUP_SECP256R1 },
    { OID("\x2B\x81\x04\x00\x22"),             TCH_GROUP_SECP384R1 },
    { OID("\x2B\x81\x04\x00\x23"),             TCH_GROUP_SECP521R1 },
};
static const struct oid_row hash_oids[] = {
    { OID("\x60\x86\x48\x01\x65\x03\x04\x02\x01"), TCH_HASH_SHA256 },
    { OID("\x60\x86\x48\x01\x65\x03\x04\x02\x02"), TCH_HASH_SHA384 },
    { OID("\x60\x86\x48\x01\x65\x03\x04\x02\x03"), TCH_HASH_SHA512 },
};
static const struct oid_row mgf_oids[] = {
    { OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x08"), 1 },
};
/* clang-format on */

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* The row's value, or 0, which is nobody's. */
static unsigned find(const struct oid_row *rows, size_t num,
                     struct tch_slice oid)
{
    for (size_t i = 0; i < num; i++) {
        if (tch_der_same(tch_slice_of(rows[i].oid, rows[i].len), oid)) {
            return rows[i].value;
        }
    }
    return 0;
}

enum tch_status tch_curve_oid_read(struct tch_reader *r, uint16_t *group)
{
    struct tch_slice oid;

    if (!tch_der_oid(r, &f_named_curve, &oid)) {
        return TCH_BAD_KEY;
    }
    *group = (uint16_t)find(curve_oids, COUNT(curve_oids), oid);
    return *group == 0 ? TCH_NOT_SUPPORTED : TCH_OK;
}

/* NULL, or nothing (dossier 7.5: accept absent). */
static bool null_or_absent(struct tch_reader *alg)
{
    return (tch_rd_left(alg) == 0 || tch_der_null(alg, &f_parameters)) &&
           tch_rd_end(alg);
}

/* SEQUENCE { OID of a hash, NULL or nothing }, and nothing behind it. */
static bool read_hash(struct tch_reader *r, enum tch_hash *h)
{
    struct tch_reader alg;
    struct tch_slice oid;

    if (!tch_der_open(r, &f_hash_algorithm, TCH_DER_SEQUENCE, &alg) ||
        !tch_rd_end(r) || !tch_der_oid(&alg, &f_algorithm, &oid) ||
        !null_or_absent(&alg)) {
        return false;
    }
    *h = (enum tch_hash)find(hash_oids, COUNT(hash_oids), oid);
    return true;
}

static bool read_mgf(struct tch_reader *r, enum tch_hash *h)
{
    struct tch_reader alg;
    struct tch_slice oid;

    *h = TCH_HASH_NONE;
    if (!tch_der_open(r, &f_mask_gen_algorithm, TCH_DER_SEQUENCE, &alg) ||
        !tch_rd_end(r) || !tch_der_oid(&alg, &f_algorithm, &oid)) {
        return false;
    }
    return find(mgf_oids, COUNT(mgf_oids), oid) == 0 || read_hash(&alg, h);
}

static bool read_number(struct tch_reader *r, const struct tch_field *f,
                        uint32_t *n)
{
    return tch_der_uint32(r, f, n) && tch_rd_end(r);
}

/* RSASSA-PSS-params. What is absent means SHA-1, salt 20, trailer 1; SHA-1
 * comes out as TCH_HASH_NONE, which is not supported. */
static enum tch_status read_pss(struct tch_reader *alg, enum tch_hash *h)
{
    struct tch_reader p;
    struct tch_reader f[4];
    bool have[4];
    enum tch_hash mgf = TCH_HASH_NONE;
    uint32_t salt = 20;
    uint32_t trailer = 1;

    if (!tch_der_open(alg, &f_parameters, TCH_DER_SEQUENCE, &p) ||
        !tch_rd_end(alg) ||
        !tch_der_optional(&p, &f_hash_algorithm, TCH_DER_CONTEXT(0), &have[0],
                          &f[0]) ||
        !tch_der_optional(&p, &f_mask_gen_algorithm, TCH_DER_CONTEXT(1),
                          &have[1], &f[1]) ||
        !tch_der_optional(&p, &f_salt_length, TCH_DER_CONTEXT(2), &have[2],
                          &f[2]) ||
        !tch_der_optional(&p, &f_trailer_field, TCH_DER_CONTEXT(3), &have[3],
                          &f[3]) ||
        !tch_rd_end(&p)) {
        return TCH_BAD_KEY;
    }
    if ((have[0] && !read_hash(&f[0], h)) ||
        (have[1] && !read_mgf(&f[1], &mgf)) ||
        (have[2] && !read_number(&f[2], &f_salt_length, &salt)) ||
        (have[3] && !read_number(&f[3], &f_trailer_field, &trailer))) {
        return TCH_BAD_KEY;
    }
    if (*h == TCH_HASH_NONE || mgf != *h || trailer != 1 ||
        salt > tch_hash_facts(*h)->len) {
        return TCH_NOT_SUPPORTED;
    }
    return TCH_OK;
}

bool tch_dsa_params_read(struct tch_reader *r, struct tch_dsa_params *out)
{
    return tch_der_unsigned(r, &f_p, &out->p) &&
           tch_der_unsigned(r, &f_q, &out->q) &&
           tch_der_unsigned(r, &f_g, &out->g);
}

static enum tch_status read_dsa(struct tch_reader *alg,
                                struct tch_dsa_params *out)
{
    struct tch_reader seq;

    if (tch_rd_left(alg) == 0) {
        return TCH_NOT_SUPPORTED;
    }
    if (!tch_der_open(alg, &f_dss_parms, TCH_DER_SEQUENCE, &seq) ||
        !tch_rd_end(alg) || !tch_dsa_params_read(&seq, out) ||
        !tch_rd_end(&seq)) {
        return TCH_BAD_KEY;
    }
    return TCH_OK;
}

static enum tch_status read_parameters(struct tch_reader *alg,
                                       struct tch_key_algorithm *out)
{
    enum tch_status s;

    if (out->kind == TCH_KEY_RSA) {
        return null_or_absent(alg) ? TCH_OK : TCH_BAD_KEY;
    }
    if (out->kind == TCH_KEY_RSA_PSS) {
        return tch_rd_left(alg) == 0 ? TCH_OK : read_pss(alg, &out->pss_hash);
    }
    if (out->kind == TCH_KEY_DSA) {
        return read_dsa(alg, &out->dsa);
    }
    if (out->kind == TCH_KEY_ED25519) {
        return tch_rd_end(alg) ? TCH_OK : TCH_BAD_KEY; /* 8410 3 */
    }
    if (tch_der_next_is(alg, TCH_DER_SEQUENCE) ||
        tch_der_next_is(alg, TCH_DER_NULL)) {
        return TCH_NOT_SUPPORTED; /* explicit or implicit curve */
    }
    s = tch_curve_oid_read(alg, &out->group);
    if (s == TCH_OK && !tch_rd_end(alg)) {
        s = TCH_BAD_KEY;
    }
    return s;
}

enum tch_status tch_key_algorithm_read(struct tch_reader *r,
                                       struct tch_key_algorithm *out)
{
    struct tch_reader alg;
    struct tch_slice oid;

    memset(out, 0, sizeof *out);
    if (!tch_der_open(r, &f_algorithm_identifier, TCH_DER_SEQUENCE, &alg) ||
        !tch_der_oid(&alg, &f_algorithm, &oid)) {
        return TCH_BAD_KEY;
    }
    out->kind = (enum tch_key_kind)find(key_oids, COUNT(key_oids), oid);
    return out->kind == TCH_KEY_NONE ? TCH_NOT_SUPPORTED
                                     : read_parameters(&alg, out);
}
