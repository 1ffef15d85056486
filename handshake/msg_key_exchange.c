/*
 * ServerKeyExchange and ClientKeyExchange: one message each by name, a dozen
 * by layout. A table row per key exchange says which parts come in which
 * order; version and authentication say the rest.
 *
 * RFC 5246, 7.4.3 and 7.4.7; RFC 8422, 5.4 and 5.7; RFC 4279, 2 to 4; RFC
 * 5489, 2; export: RFC 2246, 7.4.3; SSL 3.0: RFC 6101, 5.6.3 and 5.6.7. SSL
 * 3.0 sends the encrypted premaster without a length in front (R-KX-021).
 */

#include "handshake/msg_codec.h"

#include <string.h>

#define CURVE_TYPE_NAMED 3u

TCH_FIELD(server_key_exchange, "5246 7.4.3");
TCH_FIELD(psk_identity_hint, "4279 2");
TCH_FIELD(dh_p, "5246 7.4.3");
TCH_FIELD(dh_g, "5246 7.4.3");
TCH_FIELD(dh_ys, "5246 7.4.3");
TCH_FIELD(curve_type, "8422 5.4");
TCH_FIELD(named_curve, "8422 5.4");
TCH_FIELD(point, "8422 5.4");
TCH_FIELD(rsa_modulus, "2246 7.4.3");
TCH_FIELD(rsa_exponent, "2246 7.4.3");
TCH_FIELD(signature_algorithm, "5246 7.4.1.4.1");
TCH_FIELD(signature, "5246 4.7");
TCH_FIELD(client_key_exchange, "5246 7.4.7");
TCH_FIELD(psk_identity, "4279 2");
TCH_FIELD(encrypted_pre_master_secret, "5246 7.4.7.1");
TCH_FIELD(dh_yc, "5246 7.4.7.2");

enum key_part { PART_NONE, PART_DH, PART_EC, PART_RSA };

/*
 * What the two messages hold. `server_sends` is false where there is no
 * ServerKeyExchange at all (R-KX-001); a PSK key exchange puts the hint and
 * the identity in front.
 */
struct layout {
    bool server_sends;
    bool psk;
    enum key_part server;
    enum key_part client;
};

static const struct layout layouts[TCH_NUM_KX] = {
    /* clang-format off */
    [TCH_KX_NULL] =           { false, false, PART_NONE, PART_NONE },
    [TCH_KX_RSA] =            { false, false, PART_NONE, PART_RSA },
    [TCH_KX_RSA_EXPORT] =     { true,  false, PART_RSA,  PART_RSA },
    [TCH_KX_RSA_EXPORT1024] = { true,  false, PART_RSA,  PART_RSA },
    [TCH_KX_DH] =             { false, false, PART_NONE, PART_DH },
    [TCH_KX_DH_EXPORT] =      { false, false, PART_NONE, PART_DH },
    [TCH_KX_DHE] =            { true,  false, PART_DH,   PART_DH },
    [TCH_KX_DHE_EXPORT] =     { true,  false, PART_DH,   PART_DH },
    [TCH_KX_DHE_EXPORT1024] = { true,  false, PART_DH,   PART_DH },
    [TCH_KX_ECDH] =           { false, false, PART_NONE, PART_EC },
    [TCH_KX_ECDHE] =          { true,  false, PART_EC,   PART_EC },
    [TCH_KX_PSK] =            { true,  true,  PART_NONE, PART_NONE },
    [TCH_KX_RSA_PSK] =        { true,  true,  PART_NONE, PART_RSA },
    [TCH_KX_DHE_PSK] =        { true,  true,  PART_DH,   PART_DH },
    [TCH_KX_ECDHE_PSK] =      { true,  true,  PART_EC,   PART_EC },
    /* clang-format on */
};

/* Anonymous servers sign nothing; with a PSK the key proves who they are. */
static bool is_signed(const struct tch_suite *s)
{
    return s->auth != TCH_AUTH_NONE && !layouts[s->kx].psk;
}

static enum tch_status read_dh_params(struct tch_reader *r,
                                      struct tch_server_key_exchange *out)
{
    if (!tch_rd_opaque16(r, &f_dh_p, 1, TCH_VEC16_MAX, &out->dh_p) ||
        !tch_rd_opaque16(r, &f_dh_g, 1, TCH_VEC16_MAX, &out->dh_g) ||
        !tch_rd_opaque16(r, &f_dh_ys, 1, TCH_VEC16_MAX, &out->dh_ys)) {
        return TCH_DECODE_ERROR;
    }
    return TCH_OK;
}

static enum tch_status read_ec_params(struct tch_reader *r,
                                      struct tch_server_key_exchange *out)
{
    struct tch_reader at = *r;

    if (!tch_rd_u8(r, &f_curve_type, &out->curve_type)) {
        return TCH_DECODE_ERROR;
    }
    if (out->curve_type != CURVE_TYPE_NAMED) { /* R-KX-060 */
        return tch_rd_blame(&at, &f_curve_type, TCH_ILLEGAL_PARAMETER);
    }
    if (!tch_rd_u16(r, &f_named_curve, &out->named_curve) ||
        !tch_rd_opaque8(r, &f_point, 1, TCH_VEC8_MAX, &out->point)) {
        return TCH_DECODE_ERROR;
    }
    return TCH_OK;
}

static enum tch_status read_rsa_params(struct tch_reader *r,
                                       struct tch_server_key_exchange *out)
{
    if (!tch_rd_opaque16(r, &f_rsa_modulus, 1, TCH_VEC16_MAX,
                         &out->rsa_modulus) ||
        !tch_rd_opaque16(r, &f_rsa_exponent, 1, TCH_VEC16_MAX,
                         &out->rsa_exponent)) {
        return TCH_DECODE_ERROR;
    }
    return TCH_OK;
}

static enum tch_status read_params(struct tch_reader *r,
                                   const struct layout *layout,
                                   struct tch_server_key_exchange *out)
{
    out->has_hint = layout->psk;
    if (layout->psk && !tch_rd_opaque16(r, &f_psk_identity_hint, 0,
                                        TCH_VEC16_MAX,
                                        &out->psk_identity_hint)) {
        return TCH_DECODE_ERROR;
    }
    switch (layout->server) {
    case PART_DH:
        return read_dh_params(r, out);
    case PART_EC:
        return read_ec_params(r, out);
    case PART_RSA:
        return read_rsa_params(r, out);
    case PART_NONE:
        break;
    }
    return TCH_OK;
}

static bool read_signature(struct tch_reader *r,
                           const struct tch_parse_ctx *ctx,
                           struct tch_server_key_exchange *out)
{
    out->has_signature = true;
    if (ctx->version->signature_pairs &&
        !tch_rd_u16(r, &f_signature_algorithm, &out->scheme)) {
        return false;
    }
    return tch_rd_opaque16(r, &f_signature, 0, TCH_VEC16_MAX,
                           &out->signature);
}

enum tch_status
tch_parse_server_key_exchange(struct tch_slice body,
                              const struct tch_parse_ctx *ctx,
                              struct tch_server_key_exchange *out)
{
    struct tch_reader r;
    enum tch_status status;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_server_key_exchange, ctx->watch);
    if (ctx->suite == NULL || !layouts[ctx->suite->kx].server_sends) {
        return tch_rd_blame(&r, NULL, TCH_UNEXPECTED_MESSAGE);
    }
    status = read_params(&r, &layouts[ctx->suite->kx], out);
    if (status != TCH_OK) {
        return status;
    }
    out->params = tch_slice_of(r.start, (size_t)(r.pos - r.start));
    if (is_signed(ctx->suite) && !read_signature(&r, ctx, out)) {
        return TCH_DECODE_ERROR;
    }
    return tch_rd_end(&r) ? TCH_OK : TCH_DECODE_ERROR;
}

void tch_write_kx_params(struct tch_writer *w, const struct tch_parse_ctx *ctx,
                         const struct tch_server_key_exchange *m)
{
    const struct layout *layout = &layouts[ctx->suite->kx];

    if (!layout->server_sends) {
        w->failed = true;
        return;
    }
    if (layout->psk) {
        tch_write_vec(w, 2, 0, TCH_VEC16_MAX, m->psk_identity_hint);
    }
    switch (layout->server) {
    case PART_DH:
        tch_write_vec(w, 2, 1, TCH_VEC16_MAX, m->dh_p);
        tch_write_vec(w, 2, 1, TCH_VEC16_MAX, m->dh_g);
        tch_write_vec(w, 2, 1, TCH_VEC16_MAX, m->dh_ys);
        break;
    case PART_EC:
        tch_wr_u8(w, CURVE_TYPE_NAMED);
        tch_wr_u16(w, m->named_curve);
        tch_write_vec(w, 1, 1, TCH_VEC8_MAX, m->point);
        break;
    case PART_RSA:
        tch_write_vec(w, 2, 1, TCH_VEC16_MAX, m->rsa_modulus);
        tch_write_vec(w, 2, 1, TCH_VEC16_MAX, m->rsa_exponent);
        break;
    case PART_NONE:
        break;
    }
}

void tch_write_server_key_exchange(struct tch_writer *w,
                                   const struct tch_parse_ctx *ctx,
                                   const struct tch_server_key_exchange *m)
{
    tch_wr_slice(w, m->params);
    if (!is_signed(ctx->suite)) {
        return;
    }
    if (ctx->version->signature_pairs) {
        tch_wr_u16(w, m->scheme);
    }
    tch_write_vec(w, 2, 0, TCH_VEC16_MAX, m->signature);
}

static bool read_premaster(struct tch_reader *r,
                           const struct tch_parse_ctx *ctx,
                           struct tch_slice *out)
{
    if (ctx->version->premaster_length) {
        return tch_rd_opaque16(r, &f_encrypted_pre_master_secret, 0,
                               TCH_VEC16_MAX, out);
    }
    return tch_rd_slice(r, &f_encrypted_pre_master_secret, tch_rd_left(r),
                        out);
}

static bool read_client_part(struct tch_reader *r,
                             const struct tch_parse_ctx *ctx,
                             struct tch_client_key_exchange *out)
{
    switch (layouts[ctx->suite->kx].client) {
    case PART_DH:
        return tch_rd_opaque16(r, &f_dh_yc, 1, TCH_VEC16_MAX, &out->dh_yc);
    case PART_EC:
        return tch_rd_opaque8(r, &f_point, 1, TCH_VEC8_MAX, &out->point);
    case PART_RSA:
        return read_premaster(r, ctx, &out->encrypted_premaster);
    case PART_NONE:
        break;
    }
    return true;
}

enum tch_status
tch_parse_client_key_exchange(struct tch_slice body,
                              const struct tch_parse_ctx *ctx,
                              struct tch_client_key_exchange *out)
{
    struct tch_reader r;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_client_key_exchange, ctx->watch);
    if (ctx->suite == NULL) {
        return tch_rd_blame(&r, NULL, TCH_UNEXPECTED_MESSAGE);
    }
    out->has_identity = layouts[ctx->suite->kx].psk;
    if (out->has_identity && !tch_rd_opaque16(&r, &f_psk_identity, 0,
                                              TCH_VEC16_MAX,
                                              &out->psk_identity)) {
        return TCH_DECODE_ERROR;
    }
    if (!read_client_part(&r, ctx, out) || !tch_rd_end(&r)) {
        return TCH_DECODE_ERROR;
    }
    return TCH_OK;
}

void tch_write_client_key_exchange(struct tch_writer *w,
                                   const struct tch_parse_ctx *ctx,
                                   const struct tch_client_key_exchange *m)
{
    const struct layout *layout = &layouts[ctx->suite->kx];

    if (layout->psk) {
        tch_write_vec(w, 2, 0, TCH_VEC16_MAX, m->psk_identity);
    }
    switch (layout->client) {
    case PART_DH:
        tch_write_vec(w, 2, 1, TCH_VEC16_MAX, m->dh_yc);
        break;
    case PART_EC:
        tch_write_vec(w, 1, 1, TCH_VEC8_MAX, m->point);
        break;
    case PART_RSA:
        if (ctx->version->premaster_length) {
            tch_write_vec(w, 2, 0, TCH_VEC16_MAX, m->encrypted_premaster);
        } else {
            tch_wr_slice(w, m->encrypted_premaster);
        }
        break;
    case PART_NONE:
        break;
    }
}
