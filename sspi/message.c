/*
 * EncryptMessage and DecryptMessage (contract 9). Two threads may be here at
 * once on one context, so nothing of the context is written: the engine has a
 * half for each direction.
 */

#include "sspi/context.h"
#include "sspi/handles.h"
#include "sspi/status_map.h"

/* Why a connection in this state does not seal or open (9.2, 9.4). */
static SECURITY_STATUS out_of_state(const struct tch_conn *c)
{
    switch (tch_conn_state(c)) {
    case TCH_STATE_ASKED:
    case TCH_STATE_DEAD:
        return SEC_E_CONTEXT_EXPIRED;
    case TCH_STATE_NEW:
    case TCH_STATE_HANDSHAKE:
    case TCH_STATE_OPEN:
    case TCH_STATE_RENEGOTIATION:
    case TCH_STATE_CLOSED:
        break;
    }
    return SEC_E_OUT_OF_SEQUENCE;
}

static SECURITY_STATUS seal(struct tch_conn *c, ULONG qop,
                            struct tch_message *m)
{
    const size_t alert_len = 2;
    enum tch_status s;

    if (qop == SECQOP_WRAP_OOB_DATA) {
        if (m->bufs[1].len != alert_len) {
            return SEC_E_INVALID_TOKEN;
        }
        s = tch_seal_alert(c, &m->desc);
    } else {
        s = tch_seal(c, &m->desc);
    }
    switch ((unsigned)s) {
    case TCH_OK:
        tch_secbuffer_sealed(m);
        return SEC_E_OK;
    case TCH_RENEGOTIATE:
        return SEC_E_CONTEXT_EXPIRED;
    case TCH_BAD_STATE:
        return out_of_state(c);
    default:
        return tch_sspi_status(s, 0);
    }
}

SECURITY_STATUS SEC_ENTRY EncryptMessage(PCtxtHandle phContext, ULONG fQOP,
                                         PSecBufferDesc pMessage,
                                         ULONG MessageSeqNo)
{
    struct tch_ctx *c = tch_handle_pin(TCH_HANDLE_CONTEXT, phContext);
    struct tch_message m;
    SECURITY_STATUS s;

    (void)MessageSeqNo;
    if (c == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    if (fQOP != 0 && fQOP != SECQOP_WRAP_OOB_DATA) {
        s = SEC_E_QOP_NOT_SUPPORTED;
    } else if (!tch_secbuffer_seal(pMessage, &m)) {
        s = SEC_E_INVALID_TOKEN;
    } else {
        s = seal(c->conn, fQOP, &m);
    }
    tch_handle_unpin(phContext);
    return s;
}

/* Behind close_notify everything is EXTRA (9.4). */
static void after_close(struct tch_message *m)
{
    uint8_t *p = m->bufs[0].p;
    size_t len = m->bufs[0].len;

    m->bufs[0] = (struct tch_buf){ TCH_BUF_HEADER, p, 0 };
    m->bufs[1] = (struct tch_buf){ TCH_BUF_DATA, p, 0 };
    m->bufs[2] = (struct tch_buf){ TCH_BUF_TRAILER, p, 0 };
    m->bufs[3] = (struct tch_buf){ TCH_BUF_EMPTY, NULL, 0 };
    if (len > 0) {
        m->bufs[3] = (struct tch_buf){ TCH_BUF_EXTRA, p, len };
    }
}

static SECURITY_STATUS open_message(struct tch_conn *c, struct tch_message *m)
{
    enum tch_status s;

    if (tch_conn_state(c) == TCH_STATE_CLOSED) {
        after_close(m);
        tch_secbuffer_opened(m);
        return SEC_I_CONTEXT_EXPIRED;
    }
    s = tch_open(c, &m->desc);
    switch ((unsigned)s) {
    case TCH_OK:
    case TCH_WANT_INPUT:
    case TCH_RENEGOTIATE:
    case TCH_NO_RENEGOTIATION:
    case TCH_CLOSED:
        tch_secbuffer_opened(m);
        return tch_sspi_status(s, 0);
    case TCH_BAD_STATE:
        return out_of_state(c);
    case TCH_PEER_ALERT:
        return tch_sspi_failure(tch_conn_failure(c));
    case TCH_NOT_TLS: /* a record of unknown type (9.4) */
        return SEC_E_ILLEGAL_MESSAGE;
    default:
        return tch_sspi_status(s, 0);
    }
}

SECURITY_STATUS SEC_ENTRY DecryptMessage(PCtxtHandle phContext,
                                         PSecBufferDesc pMessage,
                                         ULONG MessageSeqNo, ULONG *pfQOP)
{
    struct tch_ctx *c = tch_handle_pin(TCH_HANDLE_CONTEXT, phContext);
    struct tch_message m;
    SECURITY_STATUS s;

    (void)MessageSeqNo;
    if (c == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    if (!tch_secbuffer_open(pMessage, &m)) {
        s = SEC_E_INVALID_TOKEN;
    } else {
        s = open_message(c->conn, &m);
        if (pfQOP != NULL) {
            *pfQOP = 0;
        }
    }
    tch_handle_unpin(phContext);
    return s;
}
