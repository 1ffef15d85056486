/*
 * ServerHello: RFC 5246, section 7.4.1.3. A server older than extensions
 * sends no block at all, one may also send an empty block (R-HS-037).
 */

#include "handshake/extensions_codec.h"
#include "handshake/msg_codec.h"

#include <string.h>

TCH_FIELD(server_hello, "5246 7.4.1.3");
TCH_FIELD(server_version, "5246 7.4.1.3");
TCH_FIELD(session_id, "5246 7.4.1.3");
TCH_FIELD(cipher_suite, "5246 7.4.1.3");
TCH_FIELD(compression_method, "5246 7.4.1.3");

enum tch_status tch_parse_server_hello(struct tch_slice body,
                                       const struct tch_parse_ctx *ctx,
                                       struct tch_server_hello *out)
{
    struct tch_reader r;
    enum tch_status status;

    memset(out, 0, sizeof *out);
    tch_rd_init(&r, body, &f_server_hello, ctx->watch);
    if (!tch_rd_u16(&r, &f_server_version, &out->server_version) ||
        !tch_read_random(&r, out->random) ||
        !tch_rd_opaque8(&r, &f_session_id, 0, TCH_MSG_SESSION_ID_MAX,
                        &out->session_id) ||
        !tch_rd_u16(&r, &f_cipher_suite, &out->cipher_suite) ||
        !tch_rd_u8(&r, &f_compression_method, &out->compression_method)) {
        return TCH_DECODE_ERROR;
    }
    status = tch_read_extensions(&r, TCH_HELLO_SERVER, &out->ext);
    if (status != TCH_OK) {
        return status;
    }
    return tch_rd_end(&r) ? TCH_OK : TCH_DECODE_ERROR;
}

void tch_write_server_hello(struct tch_writer *w,
                            const struct tch_server_hello *m)
{
    tch_wr_u16(w, m->server_version);
    tch_wr_bytes(w, m->random, sizeof m->random);
    tch_write_vec(w, 1, 0, TCH_MSG_SESSION_ID_MAX, m->session_id);
    tch_wr_u16(w, m->cipher_suite);
    tch_wr_u8(w, m->compression_method);
    tch_write_extensions(w, TCH_HELLO_SERVER, &m->ext);
}
