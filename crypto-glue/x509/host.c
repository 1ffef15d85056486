/*
 * Is this certificate for that host? RFC 6125 and RFC 9525, for TLS: the
 * subjectAltName decides alone. An address literal is compared with the
 * iPAddress entries as 4 or 16 bytes; anything else is a DNS name and is
 * compared with the dNSName entries label by label.
 *
 * Both sides have to be clean before they are compared: a name with a NUL, a
 * space or an empty label matches nothing (R-PKI-076), so no text that two
 * programs could read in two ways ever reaches the comparison. An entry that
 * breaks the rules is passed over; the others still count (R-PKI-071).
 */

#include "crypto-glue/x509/host.h"

#include <arpa/inet.h>
#include <string.h>

#include "crypto-glue/der.h"
#include "crypto-glue/x509/name.h"
#include "crypto-glue/x509/x509.h"

TCH_FIELD(general_name, "5280 4.2.1.6");

#define DNS_NAME_MAX 253
#define DNS_LABEL_MAX 63

static bool is_label_char(uint8_t c)
{
    uint8_t l = tch_ascii_lower(c);

    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

bool tch_dns_is_name(struct tch_slice s)
{
    size_t label = 0;

    if (s.len == 0 || s.len > DNS_NAME_MAX) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '.') {
            if (label == 0) {
                return false;
            }
            label = 0;
        } else {
            label++;
            if (label > DNS_LABEL_MAX || !is_label_char(s.p[i])) {
                return false;
            }
        }
    }
    return label != 0;
}

bool tch_dns_wildcard_rest(struct tch_slice s, struct tch_slice *rest)
{
    if (s.len < 3 || s.p[0] != '*' || s.p[1] != '.') {
        return false;
    }
    *rest = tch_slice_of(s.p + 2, s.len - 2);
    return tch_dns_is_name(*rest) && memchr(rest->p, '.', rest->len) != NULL;
}

bool tch_dns_within(struct tch_slice name, struct tch_slice base)
{
    size_t skip;

    if (base.len == 0) {
        return true;
    }
    if (base.len > name.len) {
        return false;
    }
    skip = name.len - base.len;
    return tch_ascii_same(tch_slice_of(name.p + skip, base.len), base) &&
           (skip == 0 || name.p[skip - 1] == '.');
}

/* The name without its first label; empty when it has only one. */
static struct tch_slice after_label(struct tch_slice name)
{
    const uint8_t *dot = memchr(name.p, '.', name.len);
    size_t n = dot == NULL ? name.len : (size_t)(dot - name.p) + 1;

    return tch_slice_of(name.p + n, name.len - n);
}

/* `host` is a DNS name that has been checked. */
static bool dns_entry_matches(struct tch_slice entry, struct tch_slice host)
{
    struct tch_slice rest;

    if (tch_dns_wildcard_rest(entry, &rest)) {
        return tch_ascii_same(rest, after_label(host));
    }
    return tch_dns_is_name(entry) && tch_ascii_same(entry, host);
}

/* The reference: an address of 4 or 16 bytes, or a DNS name. */
struct reference {
    enum tch_gn form;
    struct tch_slice value;
    uint8_t address[16];
};

static bool read_reference(const char *host, struct reference *ref)
{
    struct tch_slice s = tch_slice_of(host, strlen(host));

    if (inet_pton(AF_INET, host, ref->address) == 1) {
        ref->form = TCH_GN_IP;
        ref->value = tch_slice_of(ref->address, 4);
        return true;
    }
    if (inet_pton(AF_INET6, host, ref->address) == 1) {
        ref->form = TCH_GN_IP;
        ref->value = tch_slice_of(ref->address, 16);
        return true;
    }
    if (s.len != 0 && s.p[s.len - 1] == '.') {
        s.len--;
    }
    ref->form = TCH_GN_DNS;
    ref->value = s;
    return tch_dns_is_name(s);
}

static bool entry_matches(const struct tch_general_name *gn,
                          const struct reference *ref)
{
    if (gn->form != ref->form) {
        return false;
    }
    return ref->form == TCH_GN_IP ? tch_der_same(gn->value, ref->value)
                                  : dns_entry_matches(gn->value, ref->value);
}

bool tch_cert_matches_host(const struct tch_cert *c, const char *host)
{
    struct reference ref;
    struct tch_general_name gn;
    struct tch_reader r;

    if (!read_reference(host, &ref)) {
        return false;
    }
    tch_rd_init(&r, c->alt_names, &f_general_name, NULL);
    while (tch_rd_left(&r) != 0 &&
           tch_general_name_next(&r, &f_general_name, &gn)) {
        if (entry_matches(&gn, &ref)) {
            return true;
        }
    }
    return false;
}
