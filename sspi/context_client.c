/*
 * The client's side of a call: what InitializeSecurityContext has and
 * AcceptSecurityContext has not (contract 6, 13.1). The entry points with
 * text are in wide_calls.h.
 */

#include "sspi/context.h"
#include "sspi/status_map.h"

const struct tch_flags tch_flags_client = {
    .refused = ISC_REQ_DELEGATE | ISC_REQ_PROMPT_FOR_CREDS | ISC_REQ_DATAGRAM,
    .always = ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT |
              ISC_RET_CONFIDENTIALITY | ISC_RET_STREAM,
    .mirrored = ISC_RET_USED_SUPPLIED_CREDS | ISC_RET_ALLOCATED_MEMORY |
                ISC_RET_CONNECTION | ISC_RET_EXTENDED_ERROR |
                ISC_RET_INTEGRITY | ISC_RET_MANUAL_CRED_VALIDATION,
    .extended_error = ISC_RET_EXTENDED_ERROR,
    .manual = ISC_REQ_MANUAL_CRED_VALIDATION,
    .supplied = ISC_REQ_USE_SUPPLIED_CREDS,
};

const struct tch_flags *tch_flags_of(enum tch_role role)
{
    return role == TCH_CLIENT ? &tch_flags_client : &tch_flags_server;
}

void tch_ctx_verify(struct tch_ctx *c, const struct tch_call *k)
{
    bool judge;

    if (k->role == TCH_CLIENT) {
        c->manual = c->setup->manual ||
                    (k->req & tch_flags_client.manual) != 0;
        judge = !c->manual;
    } else {
        judge = c->setup->validate_client_certificate;
    }
    /* Where it is too late for this handshake nothing changes. */
    (void)tch_conn_set_verify(c->conn, judge ? TCH_VERIFY_AUTO
                                             : TCH_VERIFY_INSECURE);
}

SECURITY_STATUS tch_client_prepare(struct tch_ctx *c,
                                   const struct tch_call *k)
{
    struct tch_slice alpn;
    enum tch_status s = TCH_OK;

    tch_ctx_verify(c, k);
    /* A name is never a reason to fail (6.1): a bad one counts as none. */
    if (k->name != NULL) {
        (void)tch_conn_set_server_name(c->conn, k->name);
    }
    if ((c->setup->flags & SCH_CRED_NO_SERVERNAME_CHECK) != 0) {
        (void)tch_conn_set_name_check(c->conn, false);
    }
    if (k->in.alpn != NULL) {
        if (!tch_secbuffer_alpn(k->in.alpn, &alpn)) {
            return SEC_E_INVALID_TOKEN;
        }
        s = tch_conn_set_alpn(c->conn, alpn);
    }
    return tch_sspi_status(s, 0);
}
