/*
 * One certificate in its place on a path: leaf or issuer. The order of the
 * checks is the order in which a person wants to hear of them, because the
 * first that fails is the one that is reported.
 *
 * What was hard: the rules that certificates in use and the standard agree
 * on are few and here; rules for authorities alone (what must be critical,
 * what must be present besides) are not ours to enforce. Two contradictions
 * are refused all the same, since no honest reading makes sense of them: the
 * right to sign certificates without being an authority, and a path length
 * without the right to sign (RFC 5280 4.2.1.9).
 */

#include "crypto-glue/x509/judge.h"

TCH_FIELD(validity, "5280 6.1.3");
TCH_FIELD(extensions, "5280 4.2");
TCH_FIELD(key_usage, "5280 4.2.1.3");
TCH_FIELD(ext_key_usage, "5280 4.2.1.12");
TCH_FIELD(basic_constraints, "5280 4.2.1.9");
TCH_FIELD(path_len_constraint, "5280 4.2.1.9");
TCH_FIELD(name_constraints, "5280 4.2.1.10");
TCH_FIELD(subject_public_key_info, "5280 4.1.2.7");
TCH_FIELD(signature_algorithm, "5280 4.1.1.2");

static const struct tch_fault no_fault = { TCH_OK, NULL };

static struct tch_fault fault(enum tch_status st, const struct tch_field *f)
{
    struct tch_fault x = { st, f };

    return x;
}

/* R-PKI-021; both ends are inclusive. */
static struct tch_fault judge_time(const struct tch_path_request *q,
                                   const struct tch_cert *c)
{
    if (!q->ignore_time && (q->now < c->not_before || q->now > c->not_after)) {
        return fault(TCH_CERT_EXPIRED, &f_validity);
    }
    return no_fault;
}

/* R-PKI-082: DSA keys are for policies that have DSA signatures, whatever
 * their size. */
static bool key_allowed(const struct tch_policy *policy,
                        struct tch_key_info info)
{
    return tch_policy_has_key(policy, info.kind, info.bits) &&
           (info.kind != TCH_KEY_DSA ||
            tch_policy_has_scheme(policy, TCH_SCHEME_DSA_SHA256));
}

static struct tch_fault judge_key(const struct tch_path_request *q,
                                  const struct tch_public_key *key)
{
    if (key == NULL) {
        return fault(TCH_UNSUPPORTED_CERTIFICATE_KEY,
                     &f_subject_public_key_info);
    }
    if (!key_allowed(q->policy, tch_public_key_info(key))) {
        return fault(TCH_CERT_WEAK, &f_subject_public_key_info);
    }
    return no_fault;
}

/* R-PKI-033, R-PKI-034, R-PKI-044. */
static struct tch_fault judge_extensions(const struct tch_cert *c)
{
    bool may_sign = (c->key_usage & TCH_KU_KEY_CERT_SIGN) != 0;

    if (c->unknown_critical) {
        return fault(TCH_CERT_UNKNOWN_EXTENSION, &f_extensions);
    }
    if (c->has_key_usage && may_sign && !c->is_ca) {
        return fault(TCH_CERT_BAD, &f_key_usage);
    }
    if (c->path_len >= 0 && (!c->is_ca || !may_sign)) {
        return fault(TCH_CERT_BAD, &f_path_len_constraint);
    }
    if (c->name_constraints.len != 0 && !c->is_ca) {
        return fault(TCH_CERT_BAD, &f_name_constraints);
    }
    return no_fault;
}

struct purpose_row {
    unsigned eku;       /* one of these must be there */
    unsigned key_usage; /* one of these must be there, in a leaf */
};

static const struct purpose_row purposes[] = {
    [TCH_PURPOSE_ANY] = { ~0u, ~0u },
    [TCH_PURPOSE_SERVER] = { TCH_EKU_SERVER_AUTH | TCH_EKU_ANY,
                             TCH_KU_DIGITAL_SIGNATURE |
                                 TCH_KU_KEY_ENCIPHERMENT |
                                 TCH_KU_KEY_AGREEMENT },
    [TCH_PURPOSE_CLIENT] = { TCH_EKU_CLIENT_AUTH | TCH_EKU_ANY,
                             TCH_KU_DIGITAL_SIGNATURE |
                                 TCH_KU_KEY_AGREEMENT },
};

/* R-PKI-048: in an authority extKeyUsage restricts what is below. */
static struct tch_fault judge_eku(const struct tch_path_request *q,
                                  const struct tch_cert *c)
{
    if (q->purpose != TCH_PURPOSE_ANY &&
        (c->eku & purposes[q->purpose].eku) == 0) {
        return fault(TCH_CERT_WRONG_USAGE, &f_ext_key_usage);
    }
    return no_fault;
}

static struct tch_fault judge_usage(const struct tch_path_request *q,
                                    const struct tch_cert *c)
{
    if (q->purpose != TCH_PURPOSE_ANY &&
        (c->key_usage & purposes[q->purpose].key_usage) == 0) {
        return fault(TCH_CERT_WRONG_USAGE, &f_key_usage);
    }
    return judge_eku(q, c);
}

struct tch_fault tch_judge_leaf(const struct tch_path_request *q,
                                const struct tch_cert *c,
                                const struct tch_public_key *key)
{
    struct tch_fault x = judge_time(q, c);

    if (x.status == TCH_OK) {
        x = judge_usage(q, c);
    }
    if (x.status == TCH_OK) {
        x = judge_extensions(c);
    }
    return x.status == TCH_OK ? judge_key(q, key) : x;
}

/* R-PKI-030, R-PKI-031, R-PKI-032. */
static struct tch_fault judge_authority(const struct tch_cert *c, size_t below,
                                        bool is_anchor)
{
    if (!c->is_ca && !(is_anchor && c->version == 1)) {
        return fault(TCH_CERT_CONSTRAINT, &f_basic_constraints);
    }
    if ((c->key_usage & TCH_KU_KEY_CERT_SIGN) == 0) {
        return fault(TCH_CERT_CONSTRAINT, &f_key_usage);
    }
    if (c->path_len >= 0 && below > (size_t)c->path_len) {
        return fault(TCH_CERT_CONSTRAINT, &f_path_len_constraint);
    }
    return no_fault;
}

struct tch_fault tch_judge_issuer(const struct tch_path_request *q,
                                  const struct tch_cert *c,
                                  const struct tch_public_key *key,
                                  size_t below, bool is_anchor)
{
    struct tch_fault x = judge_time(q, c);

    if (x.status == TCH_OK) {
        x = judge_authority(c, below, is_anchor);
    }
    if (x.status == TCH_OK) {
        x = judge_eku(q, c);
    }
    if (x.status == TCH_OK) {
        x = judge_extensions(c);
    }
    return x.status == TCH_OK ? judge_key(q, key) : x;
}

struct tch_fault tch_judge_signature(const struct tch_path_request *q,
                                     const struct tch_cert *c)
{
    if (c->weak_signature ||
        (c->scheme != 0 && !tch_policy_has_scheme(q->policy, c->scheme))) {
        return fault(TCH_CERT_WEAK, &f_signature_algorithm);
    }
    return no_fault;
}
