/*
 * The short messages: Finished (RFC 5246, 7.4.9; SSL 3.0: RFC 6101, 5.6.9),
 * NewSessionTicket (RFC 5077, 3.3), and the two that have no body,
 * HelloRequest and ServerHelloDone (RFC 5246, 7.4.1.1 and 7.4.5).
 *
 * A Finished of the wrong length is a wrong Finished, no decoding error
 * (R-HS-006): whoever cannot make one learns nothing from its length.
 */

#include "handshake/msg_codec.h"

#include <string.h>

TCH_FIELD(finished, "5246 7.4.9");
TCH_FIELD(verify_data, "5246 7.4.9");
TCH_FIELD(new_session_ticket, "5077 3.3");
TCH_FIELD(ticket_lifetime_hint, "5077 3.3");
TCH_FIELD(ticket, "5077 3.3");

enum tch_status tch_parse_finished(struct tch_slice body,
                                   const struct tch_parse_ctx *ctx,
                                   struct tch_finished *out)
{
    struct tch_reader r;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_finished, ctx->watch);
    if (!tch_rd_slice(&r, &f_verify_data, ctx->version->verify_data,
                      &out->verify_data) ||
        !tch_rd_end(&r)) {
        return TCH_BAD_FINISHED;
    }
    return TCH_OK;
}

void tch_write_finished(struct tch_writer *w, const struct tch_finished *m)
{
    tch_wr_slice(w, m->verify_data);
}

enum tch_status tch_parse_new_session_ticket(struct tch_slice body,
                                             const struct tch_parse_ctx *ctx,
                                             struct tch_new_session_ticket *out)
{
    struct tch_reader r;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_new_session_ticket, ctx->watch);
    if (!tch_rd_u32(&r, &f_ticket_lifetime_hint, &out->lifetime_hint) ||
        !tch_rd_opaque16(&r, &f_ticket, 0, TCH_VEC16_MAX, &out->ticket) ||
        !tch_rd_end(&r)) {
        return TCH_DECODE_ERROR;
    }
    return TCH_OK;
}

void tch_write_new_session_ticket(struct tch_writer *w,
                                  const struct tch_new_session_ticket *m)
{
    tch_wr_u32(w, m->lifetime_hint);
    tch_write_vec(w, 2, 0, TCH_VEC16_MAX, m->ticket);
}

enum tch_status tch_parse_empty(struct tch_slice body,
                                const struct tch_parse_ctx *ctx,
                                const struct tch_field *message)
{
    struct tch_reader r;

    tch_rd_init(&r, body, message, ctx->watch);
    return tch_rd_end(&r) ? TCH_OK : TCH_DECODE_ERROR;
}
