/*
 * Extensions as a table: OID, reader, and whether we do what the extension
 * says. The last column decides about critical ones: RFC 5280 4.2 wants a
 * certificate refused when a critical extension is not processed, and an
 * extension that we only read as a hint (key identifiers) or hand to the
 * caller (authorityInfoAccess) is not processed. RFC 5280 forbids marking
 * those critical anyway.
 *
 * A malformed extension makes the certificate malformed, critical or not: a
 * certificate that says something about itself that cannot be understood is
 * not one to rely on.
 */

#include "crypto-glue/x509/extensions.h"

#include "crypto-glue/der.h"
#include "crypto-glue/x509/constraints.h"
#include "crypto-glue/x509/name.h"
#include "crypto-glue/x509/oid.h"
#include "crypto-glue/x509/policies.h"

TCH_FIELD(extension, "5280 4.2");
TCH_FIELD(extn_id, "5280 4.2");
TCH_FIELD(critical, "5280 4.2");
TCH_FIELD(extn_value, "5280 4.2");
TCH_FIELD(subject_key_identifier, "5280 4.2.1.2");
TCH_FIELD(key_usage, "5280 4.2.1.3");
TCH_FIELD(subject_alt_name, "5280 4.2.1.6");
TCH_FIELD(general_name, "5280 4.2.1.6");
TCH_FIELD(basic_constraints, "5280 4.2.1.9");
TCH_FIELD(ca, "5280 4.2.1.9");
TCH_FIELD(path_len_constraint, "5280 4.2.1.9");
TCH_FIELD(authority_key_identifier, "5280 4.2.1.1");
TCH_FIELD(key_identifier, "5280 4.2.1.1");
TCH_FIELD(authority_cert_issuer, "5280 4.2.1.1");
TCH_FIELD(authority_cert_serial_number, "5280 4.2.1.1");
TCH_FIELD(ext_key_usage, "5280 4.2.1.12");
TCH_FIELD(key_purpose_id, "5280 4.2.1.12");

static bool refuse(const struct tch_reader *r, const struct tch_field *f)
{
    (void)tch_rd_blame(r, f, TCH_CERT_BAD);
    return false;
}

static bool read_subject_key_id(struct tch_reader *r, struct tch_cert *c)
{
    return tch_der_value(r, &f_subject_key_identifier, TCH_DER_OCTET_STRING,
                         &c->subject_key_id);
}

/* The bits as RFC 5280 numbers them: bit 0 is the first one of the string. */
static bool read_key_usage(struct tch_reader *r, struct tch_cert *c)
{
    struct tch_slice bits;
    unsigned unused;

    if (!tch_der_bit_list(r, &f_key_usage, &bits, &unused)) {
        return false;
    }
    c->has_key_usage = true;
    c->key_usage = 0;
    for (size_t i = 0; i < 9 && i / 8 < bits.len; i++) {
        if ((bits.p[i / 8] & (0x80u >> i % 8)) != 0) {
            c->key_usage |= 1u << i;
        }
    }
    return true;
}

/* R-PKI-042: at least one entry; a dNSName " " is forbidden by name. */
static bool is_alt_name(const struct tch_general_name *gn)
{
    if (gn->form == TCH_GN_IP) {
        return gn->value.len == 4 || gn->value.len == 16;
    }
    return gn->form != TCH_GN_DNS ||
           !tch_der_same(gn->value, tch_slice_of(" ", 1));
}

static bool read_alt_names(struct tch_reader *r, struct tch_cert *c)
{
    struct tch_reader names;
    struct tch_general_name gn;
    unsigned num = 0;

    if (!tch_der_open(r, &f_subject_alt_name, TCH_DER_SEQUENCE, &names)) {
        return false;
    }
    c->has_alt_names = true;
    c->alt_names = tch_rd_rest(&names);
    do {
        if (num == TCH_CERT_MAX_ALT_NAMES) {
            return refuse(&names, &f_general_name);
        }
        if (!tch_general_name_next(&names, &f_general_name, &gn)) {
            return false;
        }
        if (!is_alt_name(&gn)) {
            return refuse(&names, &f_general_name);
        }
        num++;
    } while (tch_rd_left(&names) != 0);
    return true;
}

/*
 * R-PKI-043. An encoded cA FALSE breaks DER (a DEFAULT is left out), but so
 * many certificates in use have it that it is let through.
 */
static bool read_basic_constraints(struct tch_reader *r, struct tch_cert *c)
{
    struct tch_reader seq;
    uint32_t len;

    if (!tch_der_open(r, &f_basic_constraints, TCH_DER_SEQUENCE, &seq) ||
        (tch_der_next_is(&seq, TCH_DER_BOOLEAN) &&
         !tch_der_bool(&seq, &f_ca, &c->is_ca))) {
        return false;
    }
    c->has_basic_constraints = true;
    if (tch_rd_left(&seq) != 0) {
        if (!tch_der_uint32(&seq, &f_path_len_constraint, &len)) {
            return false;
        }
        /* Longer than any path is as good as unlimited, and fits an int. */
        c->path_len = len > 0x7FFF ? 0x7FFF : (int)len;
    }
    return tch_rd_end(&seq);
}

static bool read_name_constraints(struct tch_reader *r, struct tch_cert *c)
{
    c->name_constraints = tch_rd_rest(r);
    return tch_constraints_check(r);
}

static bool read_policies(struct tch_reader *r, struct tch_cert *c)
{
    c->policies = tch_rd_rest(r);
    return tch_policies_check(r);
}

static bool read_policy_mappings(struct tch_reader *r, struct tch_cert *c)
{
    c->policy_mappings = tch_rd_rest(r);
    return tch_policy_mappings_check(r);
}

static bool read_policy_constraints(struct tch_reader *r, struct tch_cert *c)
{
    c->policy_constraints = tch_rd_rest(r);
    return tch_policy_constraints_check(r);
}

static bool read_inhibit_any_policy(struct tch_reader *r, struct tch_cert *c)
{
    c->inhibit_any_policy = tch_rd_rest(r);
    return tch_inhibit_any_policy_check(r);
}

/* Read by tch_cert_extension and its callers, when they want it. */
static bool read_for_later(struct tch_reader *r, struct tch_cert *c)
{
    struct tch_slice value;

    (void)c;
    return tch_der_element(r, &f_extn_value, &value);
}

static bool read_authority_key_id(struct tch_reader *r, struct tch_cert *c)
{
    struct tch_reader seq;
    struct tch_slice skip;

    if (!tch_der_open(r, &f_authority_key_identifier, TCH_DER_SEQUENCE,
                      &seq)) {
        return false;
    }
    if (tch_der_next_is(&seq, TCH_DER_CONTEXT_PRIMITIVE(0)) &&
        !tch_der_value(&seq, &f_key_identifier, TCH_DER_CONTEXT_PRIMITIVE(0),
                       &c->authority_key_id)) {
        return false;
    }
    if (tch_der_next_is(&seq, TCH_DER_CONTEXT(1)) &&
        !tch_der_value(&seq, &f_authority_cert_issuer, TCH_DER_CONTEXT(1),
                       &skip)) {
        return false;
    }
    if (tch_der_next_is(&seq, TCH_DER_CONTEXT_PRIMITIVE(2)) &&
        !tch_der_value(&seq, &f_authority_cert_serial_number,
                       TCH_DER_CONTEXT_PRIMITIVE(2), &skip)) {
        return false;
    }
    return tch_rd_end(&seq);
}

struct purpose_row {
    struct tch_slice oid;
    unsigned eku;
};

static const struct purpose_row purposes[] = {
    { TCH_OID(TCH_ARC_KP, 0x01), TCH_EKU_SERVER_AUTH },
    { TCH_OID(TCH_ARC_KP, 0x02), TCH_EKU_CLIENT_AUTH },
    { TCH_OID(TCH_ARC_KP, 0x09), TCH_EKU_OCSP_SIGNING },
    { TCH_OID(TCH_ARC_CE, 0x25, 0x00), TCH_EKU_ANY },
};

static unsigned purpose_bit(struct tch_slice oid)
{
    for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++) {
        if (tch_der_same(purposes[i].oid, oid)) {
            return purposes[i].eku;
        }
    }
    return 0;
}

static bool read_ext_key_usage(struct tch_reader *r, struct tch_cert *c)
{
    struct tch_reader seq;
    struct tch_slice oid;

    if (!tch_der_open(r, &f_ext_key_usage, TCH_DER_SEQUENCE, &seq)) {
        return false;
    }
    c->has_eku = true;
    c->eku = 0;
    do {
        if (!tch_der_oid(&seq, &f_key_purpose_id, &oid)) {
            return false;
        }
        c->eku |= purpose_bit(oid);
    } while (tch_rd_left(&seq) != 0);
    return true;
}

struct extension_row {
    struct tch_slice oid;
    bool (*read)(struct tch_reader *r, struct tch_cert *c);
    bool processed; /* may be critical */
};

/* clang-format off */
static const struct extension_row rows[] = {
    { TCH_OID(TCH_ARC_CE, 14), read_subject_key_id, false },
    { TCH_OID(TCH_ARC_CE, 15), read_key_usage, true },
    { TCH_OID(TCH_ARC_CE, 17), read_alt_names, true },
    { TCH_OID(TCH_ARC_CE, 19), read_basic_constraints, true },
    { TCH_OID(TCH_ARC_CE, 30), read_name_constraints, true },
    { TCH_OID(TCH_ARC_CE, 31), read_for_later, true }, /* CRL points */
    { TCH_OID(TCH_ARC_CE, 32), read_policies, true },
    { TCH_OID(TCH_ARC_CE, 33), read_policy_mappings, true },
    { TCH_OID(TCH_ARC_CE, 35), read_authority_key_id, false },
    { TCH_OID(TCH_ARC_CE, 36), read_policy_constraints, true },
    { TCH_OID(TCH_ARC_CE, 37), read_ext_key_usage, true },
    { TCH_OID(TCH_ARC_CE, 54), read_inhibit_any_policy, true },
    { TCH_OID(TCH_ARC_PE, 1), read_for_later, false }, /* AIA */
};
/* clang-format on */

static const struct extension_row *find_row(struct tch_slice oid)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (tch_der_same(rows[i].oid, oid)) {
            return &rows[i];
        }
    }
    return NULL;
}

/* One Extension; `*value` reads what the OCTET STRING holds. `ext` is the
 * reader of the whole, which the caller keeps alive. A critical FALSE that
 * is encoded is let through as cA FALSE is. */
static bool read_frame(struct tch_reader *r, uint32_t index,
                       struct tch_reader *ext, struct tch_slice *oid,
                       bool *critical, struct tch_reader *value)
{
    *critical = false;
    return tch_der_open_at(r, &f_extension, TCH_DER_SEQUENCE, index, ext) &&
           tch_der_oid(ext, &f_extn_id, oid) &&
           (!tch_der_next_is(ext, TCH_DER_BOOLEAN) ||
            tch_der_bool(ext, &f_critical, critical)) &&
           tch_der_open(ext, &f_extn_value, TCH_DER_OCTET_STRING, value) &&
           tch_rd_end(ext);
}

static bool was_there(const struct tch_slice *seen, uint32_t num,
                      struct tch_slice oid)
{
    for (uint32_t i = 0; i < num; i++) {
        if (tch_der_same(seen[i], oid)) {
            return true;
        }
    }
    return false;
}

/* Notes that an extension is critical: in `unknown_critical` when it is not
 * processed, and where being critical changes what it means. */
static void note_critical(const struct extension_row *row, struct tch_cert *c)
{
    if (row == NULL || !row->processed) {
        c->unknown_critical = true;
    } else if (row->read == read_alt_names) {
        c->alt_names_critical = true;
    } else if (row->read == read_name_constraints) {
        c->name_constraints_critical = true;
    }
}

bool tch_extensions_read(struct tch_reader *r, struct tch_cert *c)
{
    struct tch_slice seen[TCH_CERT_MAX_EXTENSIONS];
    uint32_t num = 0;

    do {
        const struct extension_row *row;
        struct tch_reader ext;
        struct tch_reader value;
        bool critical;

        if (num == TCH_CERT_MAX_EXTENSIONS) {
            return refuse(r, &f_extension);
        }
        if (!read_frame(r, num, &ext, &seen[num], &critical, &value)) {
            return false;
        }
        if (was_there(seen, num, seen[num])) {
            return refuse(&ext, &f_extn_id);
        }
        row = find_row(seen[num]);
        if (row != NULL && (!row->read(&value, c) || !tch_rd_end(&value))) {
            return false;
        }
        if (critical) {
            note_critical(row, c);
        }
        num++;
    } while (tch_rd_left(r) != 0);
    return true;
}

bool tch_cert_extension(const struct tch_cert *c, struct tch_slice oid,
                        struct tch_slice *value, bool *critical)
{
    struct tch_reader r;
    uint32_t num = 0;

    tch_rd_init(&r, c->extensions, &f_extension, NULL);
    while (tch_rd_left(&r) != 0) {
        struct tch_reader ext;
        struct tch_reader in;
        struct tch_slice id;
        bool marked;

        if (!read_frame(&r, num, &ext, &id, &marked, &in)) {
            return false;
        }
        if (tch_der_same(id, oid)) {
            *value = tch_rd_rest(&in);
            if (critical != NULL) {
                *critical = marked;
            }
            return true;
        }
        num++;
    }
    return false;
}
