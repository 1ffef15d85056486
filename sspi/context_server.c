/*
 * The server's side of a call, and AcceptSecurityContext (contract 7, 13.2).
 */

#include <string.h>

#include "sspi/context.h"
#include "sspi/status_map.h"

const struct tch_flags tch_flags_server = {
    .refused = ASC_REQ_DELEGATE | ASC_REQ_DATAGRAM,
    .always = ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT |
              ASC_RET_CONFIDENTIALITY | ASC_RET_STREAM,
    .mirrored = ASC_RET_ALLOCATED_MEMORY | ASC_RET_CONNECTION |
                ASC_RET_EXTENDED_ERROR | ASC_RET_INTEGRITY,
    .extended_error = ASC_RET_EXTENDED_ERROR,
};

void tch_server_ask(struct tch_ctx *c, const struct tch_call *k)
{
    enum tch_client_auth mode = TCH_CLIENT_AUTH_NONE;

    if ((k->req & ASC_REQ_MUTUAL_AUTH) != 0) {
        mode = c->setup->require_client_certificate
                   ? TCH_CLIENT_AUTH_REQUIRE
                   : TCH_CLIENT_AUTH_REQUEST;
    }
    (void)tch_conn_set_client_auth(c->conn, mode);
}

SECURITY_STATUS tch_server_prepare(struct tch_ctx *c,
                                   const struct tch_call *k)
{
    struct tch_slice alpn;
    enum tch_status s = TCH_OK;

    tch_ctx_verify(c, k);
    tch_server_ask(c, k);
    if (k->in.alpn != NULL) {
        if (!tch_secbuffer_alpn(k->in.alpn, &alpn)) {
            return SEC_E_INVALID_TOKEN;
        }
        s = tch_conn_set_alpn(c->conn, alpn);
    }
    return tch_sspi_status(s, 0);
}

SECURITY_STATUS SEC_ENTRY AcceptSecurityContext(
    PCredHandle phCredential, PCtxtHandle phContext, PSecBufferDesc pInput,
    ULONG fContextReq, ULONG TargetDataRep, PCtxtHandle phNewContext,
    PSecBufferDesc pOutput, ULONG *pfContextAttr, PTimeStamp ptsExpiry)
{
    struct tch_call k;

    (void)TargetDataRep;
    memset(&k, 0, sizeof k);
    k.role = TCH_SERVER;
    k.phCredential = phCredential;
    k.phContext = phContext;
    k.phNewContext = phNewContext;
    k.req = fContextReq;
    k.input = pInput;
    k.output = pOutput;
    k.attr = pfContextAttr;
    k.expiry = ptsExpiry;
    return tch_call_run(&k);
}
