/*
 * CERT_INFO from DER. The engine has checked the certificate and says where
 * its parts are; what is left is to take the algorithm identifiers, the key
 * and the list of extensions apart (RFC 5280 4.1), on the crypto glue's DER
 * reader. Numbers are turned round, because wincrypt.h has them little-endian.
 */

#include "sspi/cert_info.h"

#include <string.h>
#include <time.h>

#include "crypto-glue/der.h"

#define SECONDS_FROM_1601 11644473600
#define TICKS 10000000u
#define OID_ROOM 256

TCH_FIELD(algorithm_identifier, "5280 4.1.1.2");
TCH_FIELD(algorithm, "5280 4.1.1.2");
TCH_FIELD(parameters, "5280 4.1.1.2");
TCH_FIELD(subject_public_key_info, "5280 4.1.2.7");
TCH_FIELD(subject_public_key, "5280 4.1.2.7");
TCH_FIELD(extensions, "5280 4.1.2.9");
TCH_FIELD(extn_id, "5280 4.1");
TCH_FIELD(critical, "5280 4.1");
TCH_FIELD(extn_value, "5280 4.1");

uint64_t tch_filetime(int64_t seconds)
{
    if (seconds < -SECONDS_FROM_1601) {
        return 0;
    }
    if (seconds > TCH_FILETIME_NEVER / TICKS - SECONDS_FROM_1601) {
        return TCH_FILETIME_NEVER;
    }
    return (uint64_t)(seconds + SECONDS_FROM_1601) * TICKS;
}

uint64_t tch_filetime_local(int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;

    if (localtime_r(&t, &tm) == NULL) {
        return tch_filetime(seconds);
    }
    return tch_filetime(seconds + tm.tm_gmtoff);
}

/* The decoder's state: where the DER is writable, and the memory. */
struct decoder {
    uint8_t *der;
    struct tch_arena *arena;
    bool no_memory;
};

/* wincrypt.h has no const; the bytes are ours, so this is the same place. */
static BYTE *writable(const struct decoder *d, const uint8_t *p)
{
    return d->der + (p - d->der);
}

static void blob(const struct decoder *d, struct tch_slice s,
                 CRYPT_INTEGER_BLOB *out)
{
    out->cbData = (DWORD)s.len;
    out->pbData = s.len == 0 ? NULL : writable(d, s.p);
}

static void *memory(struct decoder *d, size_t n)
{
    void *p = tch_arena_get(d->arena, n);

    d->no_memory |= p == NULL;
    return p;
}

/* Adds ".N" (or "N" at the start) to a text; false when it is full. */
static bool add_arc(char *out, size_t *len, uint64_t arc)
{
    char digits[24];
    size_t n = 0;

    do {
        digits[n++] = (char)('0' + arc % 10);
        arc /= 10;
    } while (arc > 0);
    if (*len + n + 2 > OID_ROOM) {
        return false;
    }
    if (*len > 0) {
        out[(*len)++] = '.';
    }
    while (n > 0) {
        out[(*len)++] = digits[--n];
    }
    out[*len] = '\0';
    return true;
}

/* Dotted decimal from the contents of an OID (X.690 8.19). */
static bool oid_text(struct tch_slice oid, char *out)
{
    uint64_t arc = 0;
    size_t len = 0;

    for (size_t i = 0; i < oid.len; i++) {
        if (arc > UINT64_MAX >> 8) {
            return false;
        }
        arc = arc << 7 | (oid.p[i] & 0x7F);
        if ((oid.p[i] & 0x80) != 0) {
            continue;
        }
        if (len == 0) {
            uint64_t first = arc < 80 ? arc / 40 : 2;

            if (!add_arc(out, &len, first)) {
                return false;
            }
            arc -= first * 40;
        }
        if (!add_arc(out, &len, arc)) {
            return false;
        }
        arc = 0;
    }
    return len > 0;
}

static bool give_oid(struct decoder *d, struct tch_slice oid, LPSTR *out)
{
    char text[OID_ROOM];

    if (!oid_text(oid, text)) {
        return false;
    }
    *out = memory(d, strlen(text) + 1);
    if (*out == NULL) {
        return false;
    }
    memcpy(*out, text, strlen(text) + 1);
    return true;
}

static bool read_algorithm(struct decoder *d, struct tch_reader *r,
                           CRYPT_ALGORITHM_IDENTIFIER *out)
{
    struct tch_reader alg;
    struct tch_slice oid, parameters = { NULL, 0 };

    if (!tch_der_open(r, &f_algorithm_identifier, TCH_DER_SEQUENCE, &alg) ||
        !tch_der_oid(&alg, &f_algorithm, &oid) ||
        !give_oid(d, oid, &out->pszObjId)) {
        return false;
    }
    if (tch_rd_left(&alg) > 0 &&
        !tch_der_element(&alg, &f_parameters, &parameters)) {
        return false;
    }
    blob(d, parameters, &out->Parameters);
    return tch_rd_end(&alg);
}

static bool read_public_key(struct decoder *d, struct tch_slice spki,
                            CERT_PUBLIC_KEY_INFO *out)
{
    struct tch_reader r, seq;
    struct tch_slice bits;
    unsigned unused;

    tch_rd_init(&r, spki, &f_subject_public_key_info, NULL);
    if (!tch_der_open(&r, &f_subject_public_key_info, TCH_DER_SEQUENCE,
                      &seq) ||
        !read_algorithm(d, &seq, &out->Algorithm) ||
        !tch_der_bit_list(&seq, &f_subject_public_key, &bits, &unused)) {
        return false;
    }
    out->PublicKey.cbData = (DWORD)bits.len;
    out->PublicKey.pbData = bits.len == 0 ? NULL : writable(d, bits.p);
    out->PublicKey.cUnusedBits = unused;
    return true;
}

static bool read_extension(struct decoder *d, struct tch_reader *list,
                           uint32_t index, PCERT_EXTENSION out)
{
    struct tch_reader ext;
    struct tch_slice oid, value;
    bool critical = false;

    if (!tch_der_open_at(list, &f_extensions, TCH_DER_SEQUENCE, index, &ext) ||
        !tch_der_oid(&ext, &f_extn_id, &oid)) {
        return false;
    }
    if (tch_der_next_is(&ext, TCH_DER_BOOLEAN) &&
        !tch_der_bool(&ext, &f_critical, &critical)) {
        return false;
    }
    if (!tch_der_value(&ext, &f_extn_value, TCH_DER_OCTET_STRING, &value) ||
        !tch_rd_end(&ext) || !give_oid(d, oid, &out->pszObjId)) {
        return false;
    }
    out->fCritical = critical;
    blob(d, value, &out->Value);
    return true;
}

static bool read_extensions(struct decoder *d, struct tch_slice contents,
                            PCERT_INFO out)
{
    struct tch_reader r;
    struct tch_slice whole;
    DWORD num = 0;

    tch_rd_init(&r, contents, &f_extensions, NULL);
    while (tch_rd_left(&r) > 0) {
        if (!tch_der_element(&r, &f_extensions, &whole)) {
            return false;
        }
        num++;
    }
    if (num == 0) {
        return true;
    }
    out->rgExtension = memory(d, num * sizeof *out->rgExtension);
    if (out->rgExtension == NULL) {
        return false;
    }
    tch_rd_init(&r, contents, &f_extensions, NULL);
    for (DWORD i = 0; i < num; i++) {
        if (!read_extension(d, &r, i, &out->rgExtension[i])) {
            return false;
        }
    }
    out->cExtension = num;
    return true;
}

static bool give_serial(struct decoder *d, struct tch_slice serial,
                        CRYPT_INTEGER_BLOB *out)
{
    out->pbData = memory(d, serial.len);
    if (out->pbData == NULL) {
        return false;
    }
    for (size_t i = 0; i < serial.len; i++) {
        out->pbData[i] = serial.p[serial.len - 1 - i];
    }
    out->cbData = (DWORD)serial.len;
    return true;
}

static FILETIME filetime(int64_t seconds)
{
    uint64_t ticks = tch_filetime(seconds);
    FILETIME f = { (DWORD)ticks, (DWORD)(ticks >> 32) };

    return f;
}

static bool fill(struct decoder *d, const struct tch_cert_facts *facts,
                 PCERT_INFO out)
{
    struct tch_reader r;

    out->dwVersion = facts->version - 1;
    out->NotBefore = filetime(facts->not_before);
    out->NotAfter = filetime(facts->not_after);
    blob(d, facts->issuer, &out->Issuer);
    blob(d, facts->subject, &out->Subject);
    tch_rd_init(&r, facts->signature_algorithm, &f_algorithm_identifier,
                NULL);
    return give_serial(d, facts->serial, &out->SerialNumber) &&
           read_algorithm(d, &r, &out->SignatureAlgorithm) &&
           read_public_key(d, facts->spki, &out->SubjectPublicKeyInfo) &&
           read_extensions(d, facts->extensions, out);
}

enum tch_status tch_cert_decode(uint8_t *der, size_t len,
                                struct tch_arena *arena, PCERT_INFO *out)
{
    struct decoder d = { der, arena, false };
    struct tch_cert_facts facts;
    enum tch_status s = tch_certificate_facts(tch_slice_of(der, len), &facts);
    PCERT_INFO info;

    if (s != TCH_OK) {
        return s == TCH_NO_MEMORY ? s : TCH_CERT_BAD;
    }
    info = memory(&d, sizeof *info);
    if (info != NULL && fill(&d, &facts, info)) {
        *out = info;
        return TCH_OK;
    }
    return d.no_memory ? TCH_NO_MEMORY : TCH_CERT_BAD;
}
