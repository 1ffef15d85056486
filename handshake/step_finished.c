/*
 * Finished: the shortest message that does everything. It proves that both
 * sides have the same keys and saw the same messages; its verify_data is kept
 * for renegotiation_info and tls-unique.
 *
 * Sources: RFC 5246 7.4.9; 5746 3.1; dossier R-HS-006, 120 to 122.
 */

#include <string.h>

#include "engine/base/ct.h"
#include "handshake/hs_state.h"

/* Computes one side's verify_data over the messages so far and keeps it. */
static uint8_t *keep_verify_data(struct tch_hs *hs, enum tch_role sender)
{
    uint8_t *kept = sender == TCH_CLIENT ? hs->r.client_verify
                                         : hs->r.server_verify;

    hs->r.verify_len = hs->r.version->verify_data;
    tch_verify_data(hs, sender, kept);
    return kept;
}

static enum tch_status send_finished(struct tch_hs *hs, struct tch_writer *w,
                                     enum tch_role sender)
{
    struct tch_finished m;

    m.verify_data.p = keep_verify_data(hs, sender);
    m.verify_data.len = hs->r.verify_len;
    tch_write_finished(w, &m);
    return TCH_OK;
}

static enum tch_status recv_finished(struct tch_hs *hs, struct tch_slice body,
                                     enum tch_role sender)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_finished m;
    const uint8_t *expected;
    enum tch_status s = tch_parse_finished(body, &ctx, &m);

    if (s != TCH_OK) {
        return s;
    }
    expected = keep_verify_data(hs, sender);
    if (tch_ct_equal(m.verify_data.p, expected, hs->r.verify_len) == 0) {
        return tch_hs_fail(hs, "finished.verify_data", "5246 7.4.9",
                           TCH_BAD_FINISHED);
    }
    hs->awaits_finished = false;
    return TCH_OK;
}

enum tch_status tch_send_client_finished(struct tch_hs *hs,
                                         struct tch_writer *w)
{
    return send_finished(hs, w, TCH_CLIENT);
}

enum tch_status tch_recv_client_finished(struct tch_hs *hs,
                                         struct tch_slice body)
{
    return recv_finished(hs, body, TCH_CLIENT);
}

enum tch_status tch_send_server_finished(struct tch_hs *hs,
                                         struct tch_writer *w)
{
    return send_finished(hs, w, TCH_SERVER);
}

enum tch_status tch_recv_server_finished(struct tch_hs *hs,
                                         struct tch_slice body)
{
    return recv_finished(hs, body, TCH_SERVER);
}
