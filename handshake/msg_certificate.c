/*
 * The messages about certificates: Certificate (RFC 5246, 7.4.2),
 * CertificateStatus (RFC 6066, 8), CertificateRequest (RFC 5246, 7.4.4) and
 * CertificateVerify (RFC 5246, 7.4.8). Lengths alone are looked at here; what
 * a certificate says is the business of X.509.
 *
 * An empty certificate_list is well-formed: a client sends one when it has no
 * certificate (R-HS-094). An empty entry is not (R-HS-101). SSL 3.0 and TLS
 * 1.0 want at least one name in certificate_authorities; nobody holds peers
 * to it, and neither do we (R-HS-099).
 */

#include "handshake/msg_codec.h"

#include <string.h>

#define STATUS_TYPE_OCSP 1u

TCH_FIELD(certificate, "5246 7.4.2");
TCH_FIELD(certificate_list, "5246 7.4.2");
TCH_FIELD(asn1_cert, "5246 7.4.2");
TCH_FIELD(certificate_status, "6066 8");
TCH_FIELD(status_type, "6066 8");
TCH_FIELD(ocsp_response, "6066 8");
TCH_FIELD(certificate_request, "5246 7.4.4");
TCH_FIELD(certificate_types, "5246 7.4.4");
TCH_FIELD(certificate_type, "5246 7.4.4");
TCH_FIELD(supported_signature_algorithms, "5246 7.4.4");
TCH_FIELD(certificate_authorities, "5246 7.4.4");
TCH_FIELD(distinguished_name, "5246 7.4.4");
TCH_FIELD(certificate_verify, "5246 7.4.8");
TCH_FIELD(signature_algorithm, "5246 7.4.1.4.1");
TCH_FIELD(signature, "5246 4.7");

enum tch_status tch_parse_certificate(struct tch_slice body,
                                      const struct tch_parse_ctx *ctx,
                                      struct tch_certificate *out)
{
    struct tch_reader r;
    struct tch_reader list;
    struct tch_slice der;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_certificate, ctx->watch);
    if (!tch_rd_vec24(&r, &f_certificate_list, 0, TCH_VEC24_MAX, &list)) {
        return TCH_DECODE_ERROR;
    }
    out->list = tch_rd_rest(&list);
    for (list.index = 0; tch_rd_left(&list) != 0; list.index++) {
        if (!tch_rd_opaque24(&list, &f_asn1_cert, 1, TCH_VEC24_MAX, &der)) {
            return TCH_DECODE_ERROR;
        }
        out->num++;
    }
    return tch_rd_end(&r) ? TCH_OK : TCH_DECODE_ERROR;
}

void tch_write_certificate(struct tch_writer *w, const struct tch_slice *chain,
                           size_t num)
{
    struct tch_mark list = tch_wr_open(w, 3);

    for (size_t i = 0; i < num; i++) {
        tch_write_vec(w, 3, 1, TCH_VEC24_MAX, chain[i]);
    }
    tch_wr_close(w, list);
}

enum tch_status
tch_parse_certificate_status(struct tch_slice body,
                             const struct tch_parse_ctx *ctx,
                             struct tch_certificate_status *out)
{
    struct tch_reader r;
    struct tch_reader at;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_certificate_status, ctx->watch);
    at = r;
    if (!tch_rd_u8(&r, &f_status_type, &out->status_type)) {
        return TCH_DECODE_ERROR;
    }
    /* The type says how to decode the rest: of another one we cannot tell. */
    if (out->status_type != STATUS_TYPE_OCSP) {
        return tch_rd_blame(&at, &f_status_type, TCH_DECODE_ERROR);
    }
    if (!tch_rd_opaque24(&r, &f_ocsp_response, 1, TCH_VEC24_MAX,
                         &out->response) ||
        !tch_rd_end(&r)) {
        return TCH_DECODE_ERROR;
    }
    return TCH_OK;
}

void tch_write_certificate_status(struct tch_writer *w,
                                  const struct tch_certificate_status *m)
{
    tch_wr_u8(w, m->status_type);
    tch_write_vec(w, 3, 1, TCH_VEC24_MAX, m->response);
}

static bool read_authorities(struct tch_reader *r, struct tch_slice *out)
{
    struct tch_reader list;
    struct tch_slice name;

    if (!tch_rd_vec16(r, &f_certificate_authorities, 0, TCH_VEC16_MAX,
                      &list)) {
        return false;
    }
    *out = tch_rd_rest(&list);
    for (list.index = 0; tch_rd_left(&list) != 0; list.index++) {
        if (!tch_rd_opaque16(&list, &f_distinguished_name, 1, TCH_VEC16_MAX,
                             &name)) {
            return false;
        }
    }
    return true;
}

enum tch_status
tch_parse_certificate_request(struct tch_slice body,
                              const struct tch_parse_ctx *ctx,
                              struct tch_certificate_request *out)
{
    struct tch_reader r;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_certificate_request, ctx->watch);
    if (!tch_read_list_u8(&r, &f_certificate_types, &f_certificate_type, 1,
                          TCH_VEC8_MAX, &out->types)) {
        return TCH_DECODE_ERROR;
    }
    if (ctx->version->signature_pairs &&
        !tch_read_list_u16(&r, &f_supported_signature_algorithms,
                           &f_signature_algorithm, 2, TCH_LIST16_MAX,
                           &out->schemes)) {
        return TCH_DECODE_ERROR;
    }
    if (!read_authorities(&r, &out->authorities) || !tch_rd_end(&r)) {
        return TCH_DECODE_ERROR;
    }
    return TCH_OK;
}

void tch_write_certificate_request(struct tch_writer *w,
                                   const struct tch_parse_ctx *ctx,
                                   const struct tch_certificate_request *m)
{
    tch_write_vec(w, 1, 1, TCH_VEC8_MAX, m->types);
    if (ctx->version->signature_pairs) {
        tch_write_list_u16(w, 2, m->schemes);
    }
    tch_write_vec(w, 2, 0, TCH_VEC16_MAX, m->authorities);
}

enum tch_status
tch_parse_certificate_verify(struct tch_slice body,
                             const struct tch_parse_ctx *ctx,
                             struct tch_certificate_verify *out)
{
    struct tch_reader r;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_certificate_verify, ctx->watch);
    if (ctx->version->signature_pairs &&
        !tch_rd_u16(&r, &f_signature_algorithm, &out->scheme)) {
        return TCH_DECODE_ERROR;
    }
    if (!tch_rd_opaque16(&r, &f_signature, 0, TCH_VEC16_MAX,
                         &out->signature) ||
        !tch_rd_end(&r)) {
        return TCH_DECODE_ERROR;
    }
    return TCH_OK;
}

void tch_write_certificate_verify(struct tch_writer *w,
                                  const struct tch_parse_ctx *ctx,
                                  const struct tch_certificate_verify *m)
{
    if (ctx->version->signature_pairs) {
        tch_wr_u16(w, m->scheme);
    }
    tch_write_vec(w, 2, 0, TCH_VEC16_MAX, m->signature);
}
