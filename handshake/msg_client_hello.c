/*
 * ClientHello: RFC 5246, section 7.4.1.2; SSL 3.0: RFC 6101, section 5.6.1.2.
 *
 * The message ends in the extensions block or right before it. RFC 2246 and
 * 4346 let a server ignore whatever else may follow, RFC 5246 does not; we
 * are lenient with hellos of SSL 3.0 alone (R-GEN-003), where the only thing
 * worth finding is renegotiation_info (R-HS-036). Such bytes are tried without
 * a watch first: a failed try must leave no trace in the failure, and an
 * observer must see each byte once.
 */

#include "handshake/extensions_codec.h"
#include "handshake/msg_codec.h"

#include <string.h>

TCH_FIELD(client_hello, "5246 7.4.1.2");
TCH_FIELD(client_version, "5246 7.4.1.2");
TCH_FIELD(session_id, "5246 7.4.1.2");
TCH_FIELD(cipher_suites, "5246 7.4.1.2");
TCH_FIELD(cipher_suite, "5246 7.4.1.2");
TCH_FIELD(compression_methods, "5246 7.4.1.2");
TCH_FIELD(compression_method, "5246 7.4.1.2");
TCH_FIELD(trailing_bytes, "6101 5.6.1.2");

/* SSL 3.0: what follows the compression methods never fails. */
static enum tch_status read_trailing_bytes(struct tch_reader *r,
                                           struct tch_extensions *out)
{
    struct tch_reader trial = *r;
    struct tch_slice ignored;

    trial.watch = NULL;
    if (tch_read_extensions(&trial, TCH_HELLO_SSL3, out) == TCH_OK &&
        tch_rd_end(&trial)) {
        return tch_read_extensions(r, TCH_HELLO_SSL3, out);
    }
    memset(out, 0, sizeof *out);
    return tch_rd_slice(r, &f_trailing_bytes, tch_rd_left(r), &ignored)
               ? TCH_OK
               : TCH_DECODE_ERROR;
}

static bool has_extensions(uint16_t client_version)
{
    const struct tch_version_row *row = tch_version_facts(client_version);

    return row == NULL || row->extensions;
}

enum tch_status tch_parse_client_hello(struct tch_slice body,
                                       const struct tch_parse_ctx *ctx,
                                       struct tch_client_hello *out)
{
    struct tch_reader r;
    enum tch_status status;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_client_hello, ctx->watch);
    if (!tch_rd_u16(&r, &f_client_version, &out->client_version) ||
        !tch_read_random(&r, out->random) ||
        !tch_rd_opaque8(&r, &f_session_id, 0, TCH_MSG_SESSION_ID_MAX,
                        &out->session_id) ||
        !tch_read_list_u16(&r, &f_cipher_suites, &f_cipher_suite, 2,
                           TCH_LIST16_MAX, &out->cipher_suites) ||
        !tch_read_list_u8(&r, &f_compression_methods, &f_compression_method,
                          1, TCH_VEC8_MAX, &out->compression_methods)) {
        return TCH_DECODE_ERROR;
    }
    if (!has_extensions(out->client_version)) {
        return read_trailing_bytes(&r, &out->ext);
    }
    status = tch_read_extensions(&r, TCH_HELLO_CLIENT, &out->ext);
    if (status != TCH_OK) {
        return status;
    }
    return tch_rd_end(&r) ? TCH_OK : TCH_DECODE_ERROR;
}

void tch_write_client_hello(struct tch_writer *w,
                            const struct tch_client_hello *m)
{
    tch_wr_u16(w, m->client_version);
    tch_wr_bytes(w, m->random, sizeof m->random);
    tch_write_vec(w, 1, 0, TCH_MSG_SESSION_ID_MAX, m->session_id);
    tch_write_list_u16(w, 2, m->cipher_suites);
    tch_write_vec(w, 1, 1, TCH_VEC8_MAX, m->compression_methods);
    tch_write_extensions(w, TCH_HELLO_CLIENT, &m->ext);
}
