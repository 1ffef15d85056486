/*
 * AlgorithmIdentifiers of signatures. Most are a row: the OID is the scheme,
 * and the row says which parameters may stand beside it. RSASSA-PSS is the
 * exception: one OID, and the hash, the mask generation function, the salt's
 * length and the trailer are parameters with defaults from 1998 (SHA-1 all
 * along). Only the combinations that TLS knows as schemes are taken: the same
 * hash twice, a salt as long as the hash (dossier 7.5, POLICY).
 *
 * ECDSA is mapped to the scheme of its hash whatever the curve: below TLS 1.3
 * a scheme does not bind the curve.
 */

#include "crypto-glue/x509/sigalg.h"

#include "engine/base/algs.h"

#include "crypto-glue/der.h"
#include "crypto-glue/x509/oid.h"

TCH_FIELD(algorithm, "5280 4.1.1.2");
TCH_FIELD(parameters, "5280 4.1.1.2");
TCH_FIELD(rsassa_pss_params, "4055 3.1");
TCH_FIELD(hash_algorithm, "4055 3.1");
TCH_FIELD(mask_gen_algorithm, "4055 3.1");
TCH_FIELD(salt_length, "4055 3.1");
TCH_FIELD(trailer_field, "4055 3.1");

enum params { PARAMS_NULL, PARAMS_NULL_OR_ABSENT, PARAMS_ABSENT, PARAMS_PSS };

struct sigalg_row {
    struct tch_slice oid;
    enum params params;
    uint16_t scheme;
    bool weak;
};

/* clang-format off */
static const struct sigalg_row sigalgs[] = {
    { TCH_OID(TCH_ARC_PKCS1, 0x02), PARAMS_NULL, 0, true }, /* MD2 */
    { TCH_OID(TCH_ARC_PKCS1, 0x03), PARAMS_NULL, 0, true }, /* MD4 */
    { TCH_OID(TCH_ARC_PKCS1, 0x04), PARAMS_NULL,
      TCH_SCHEME_RSA_PKCS1_MD5, false },
    { TCH_OID(TCH_ARC_PKCS1, 0x05), PARAMS_NULL,
      TCH_SCHEME_RSA_PKCS1_SHA1, false },
    { TCH_OID(TCH_ARC_PKCS1, 0x0E), PARAMS_NULL_OR_ABSENT,
      TCH_SCHEME_RSA_PKCS1_SHA224, false },
    { TCH_OID(TCH_ARC_PKCS1, 0x0B), PARAMS_NULL_OR_ABSENT,
      TCH_SCHEME_RSA_PKCS1_SHA256, false },
    { TCH_OID(TCH_ARC_PKCS1, 0x0C), PARAMS_NULL_OR_ABSENT,
      TCH_SCHEME_RSA_PKCS1_SHA384, false },
    { TCH_OID(TCH_ARC_PKCS1, 0x0D), PARAMS_NULL_OR_ABSENT,
      TCH_SCHEME_RSA_PKCS1_SHA512, false },
    { TCH_OID(TCH_ARC_PKCS1, 0x0A), PARAMS_PSS, 0, false },
    { TCH_OID(TCH_ARC_X962_SIG, 0x01), PARAMS_ABSENT,
      TCH_SCHEME_ECDSA_SHA1, false },
    { TCH_OID(TCH_ARC_X962_SIG, 0x03, 0x01), PARAMS_ABSENT,
      TCH_SCHEME_ECDSA_SHA224, false },
    { TCH_OID(TCH_ARC_X962_SIG, 0x03, 0x02), PARAMS_ABSENT,
      TCH_SCHEME_ECDSA_SHA256, false },
    { TCH_OID(TCH_ARC_X962_SIG, 0x03, 0x03), PARAMS_ABSENT,
      TCH_SCHEME_ECDSA_SHA384, false },
    { TCH_OID(TCH_ARC_X962_SIG, 0x03, 0x04), PARAMS_ABSENT,
      TCH_SCHEME_ECDSA_SHA512, false },
    { TCH_OID(0x2A, 0x86, 0x48, 0xCE, 0x38, 0x04, 0x03), PARAMS_ABSENT,
      TCH_SCHEME_DSA_SHA1, false },
    { TCH_OID(TCH_ARC_NIST, 0x03, 0x01), PARAMS_ABSENT,
      TCH_SCHEME_DSA_SHA224, false },
    { TCH_OID(TCH_ARC_NIST, 0x03, 0x02), PARAMS_ABSENT,
      TCH_SCHEME_DSA_SHA256, false },
    { TCH_OID(0x2B, 0x65, 0x70), PARAMS_ABSENT, TCH_SCHEME_ED25519, false },
    { TCH_OID(0x2B, 0x65, 0x71), PARAMS_ABSENT, TCH_SCHEME_ED448, false },
};

struct hash_row {
    struct tch_slice oid;
    uint16_t scheme; /* rsa_pss_rsae with this hash, or 0 */
    uint8_t len;
};

/* The first row is the default. */
static const struct hash_row hashes[] = {
    { TCH_OID(0x2B, 0x0E, 0x03, 0x02, 0x1A), 0, 20 },      /* SHA-1 */
    { TCH_OID(TCH_ARC_NIST, 0x02, 0x04), 0, 28 },          /* SHA-224 */
    { TCH_OID(TCH_ARC_NIST, 0x02, 0x01),
      TCH_SCHEME_RSA_PSS_RSAE_SHA256, 32 },
    { TCH_OID(TCH_ARC_NIST, 0x02, 0x02),
      TCH_SCHEME_RSA_PSS_RSAE_SHA384, 48 },
    { TCH_OID(TCH_ARC_NIST, 0x02, 0x03),
      TCH_SCHEME_RSA_PSS_RSAE_SHA512, 64 },
};
/* clang-format on */

static const struct tch_slice mgf1 = TCH_OID(TCH_ARC_PKCS1, 0x08);

static const struct hash_row *find_hash(struct tch_slice oid)
{
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        if (tch_der_same(hashes[i].oid, oid)) {
            return &hashes[i];
        }
    }
    return NULL;
}

/* Reads the AlgorithmIdentifier of a hash: parameters NULL or absent. An
 * unknown one gives NULL. */
static bool read_hash(struct tch_reader *r, const struct tch_field *f,
                      const struct hash_row **out)
{
    struct tch_reader alg;
    struct tch_slice oid;

    if (!tch_der_open(r, f, TCH_DER_SEQUENCE, &alg) ||
        !tch_der_oid(&alg, &f_algorithm, &oid)) {
        return false;
    }
    *out = find_hash(oid);
    if (tch_rd_left(&alg) != 0 && !tch_der_null(&alg, &f_parameters)) {
        return false;
    }
    return tch_rd_end(&alg);
}

struct pss_params {
    const struct hash_row *hash;
    const struct hash_row *mgf_hash;
    uint32_t salt_len;
    uint32_t trailer;
};

static bool read_mgf(struct tch_reader *r, const struct hash_row **out)
{
    struct tch_reader alg;
    struct tch_slice oid;

    if (!tch_der_open(r, &f_mask_gen_algorithm, TCH_DER_SEQUENCE, &alg) ||
        !tch_der_oid(&alg, &f_algorithm, &oid)) {
        return false;
    }
    if (!tch_der_same(oid, mgf1)) {
        (void)tch_rd_blame(&alg, &f_mask_gen_algorithm, TCH_CERT_BAD);
        return false;
    }
    return read_hash(&alg, &f_hash_algorithm, out) && tch_rd_end(&alg);
}

static bool read_pss_params(struct tch_reader *r, struct pss_params *out)
{
    struct tch_reader seq;
    struct tch_reader in;
    bool has;

    out->hash = &hashes[0];
    out->mgf_hash = &hashes[0];
    out->salt_len = 20;
    out->trailer = 1;
    if (!tch_der_open(r, &f_rsassa_pss_params, TCH_DER_SEQUENCE, &seq) ||
        !tch_der_optional(&seq, &f_hash_algorithm, TCH_DER_CONTEXT(0), &has,
                          &in) ||
        (has && (!read_hash(&in, &f_hash_algorithm, &out->hash) ||
                 !tch_rd_end(&in))) ||
        !tch_der_optional(&seq, &f_mask_gen_algorithm, TCH_DER_CONTEXT(1),
                          &has, &in) ||
        (has && (!read_mgf(&in, &out->mgf_hash) || !tch_rd_end(&in))) ||
        !tch_der_optional(&seq, &f_salt_length, TCH_DER_CONTEXT(2), &has,
                          &in) ||
        (has && (!tch_der_uint32(&in, &f_salt_length, &out->salt_len) ||
                 !tch_rd_end(&in))) ||
        !tch_der_optional(&seq, &f_trailer_field, TCH_DER_CONTEXT(3), &has,
                          &in) ||
        (has && (!tch_der_uint32(&in, &f_trailer_field, &out->trailer) ||
                 !tch_rd_end(&in)))) {
        return false;
    }
    return tch_rd_end(&seq);
}

static bool read_pss(struct tch_reader *alg, struct tch_sigalg *out)
{
    struct pss_params p;

    if (!read_pss_params(alg, &p)) {
        return false;
    }
    out->scheme = 0;
    out->weak = p.hash == &hashes[0];
    if (p.hash != NULL && p.hash == p.mgf_hash && p.trailer == 1 &&
        p.salt_len == p.hash->len) {
        out->scheme = p.hash->scheme;
    }
    return true;
}

static bool read_params(struct tch_reader *alg, enum params params,
                        struct tch_sigalg *out)
{
    switch (params) {
    case PARAMS_PSS:
        return read_pss(alg, out);
    case PARAMS_ABSENT:
        return true;
    case PARAMS_NULL_OR_ABSENT:
        if (tch_rd_left(alg) == 0) {
            return true;
        }
        break;
    case PARAMS_NULL:
        break;
    }
    return tch_der_null(alg, &f_parameters);
}

bool tch_sigalg_read(struct tch_reader *r, const struct tch_field *f,
                     struct tch_sigalg *out)
{
    struct tch_reader alg;
    struct tch_slice oid;

    out->scheme = 0;
    out->weak = false;
    if (!tch_der_open(r, f, TCH_DER_SEQUENCE, &alg) ||
        !tch_der_oid(&alg, &f_algorithm, &oid)) {
        return false;
    }
    for (size_t i = 0; i < sizeof sigalgs / sizeof sigalgs[0]; i++) {
        if (tch_der_same(sigalgs[i].oid, oid)) {
            out->scheme = sigalgs[i].scheme;
            out->weak = sigalgs[i].weak;
            return read_params(&alg, sigalgs[i].params, out) &&
                   tch_rd_end(&alg);
        }
    }
    return true;
}
