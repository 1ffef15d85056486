/*
 * ApplyControlToken, DeleteSecurityContext, and the calls that Schannel does
 * not have (contract 8).
 */

#include <string.h>

#include "sspi/context.h"
#include "sspi/handles.h"

/* The one TOKEN buffer, or what is wrong with the array (8.1). */
static SECURITY_STATUS find_token(PSecBufferDesc d, const SecBuffer **out)
{
    if (d == NULL) {
        return SEC_E_INTERNAL_ERROR;
    }
    if (!tch_secbuffer_desc_ok(d) || d->cBuffers != 1 ||
        tch_secbuffer_type(&d->pBuffers[0]) != SECBUFFER_TOKEN) {
        return SEC_E_INVALID_TOKEN;
    }
    *out = &d->pBuffers[0];
    if ((*out)->cbBuffer < sizeof(DWORD) || (*out)->pvBuffer == NULL) {
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
    return SEC_E_OK;
}

/* Copied: a token need not stand aligned. */
static bool read_as(const SecBuffer *token, void *out, size_t size)
{
    if (token->cbBuffer < size) {
        return false;
    }
    memcpy(out, token->pvBuffer, size);
    return true;
}

static SECURITY_STATUS apply_alert(struct tch_ctx *c, const SecBuffer *token)
{
    SCHANNEL_ALERT_TOKEN alert;

    if (!read_as(token, &alert, sizeof alert) ||
        (alert.dwAlertType != TLS1_ALERT_WARNING &&
         alert.dwAlertType != TLS1_ALERT_FATAL) ||
        alert.dwAlertNumber > 255) {
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
    c->control = TCH_CONTROL_ALERT;
    c->control_queued = false;
    c->alert_level = alert.dwAlertType == TLS1_ALERT_WARNING
                         ? TCH_ALERT_WARNING
                         : TCH_ALERT_FATAL;
    c->alert = alert.dwAlertNumber;
    return SEC_E_OK;
}

static SECURITY_STATUS apply_session(struct tch_ctx *c,
                                     const SecBuffer *token)
{
    SCHANNEL_SESSION_TOKEN session;

    if (!read_as(token, &session, sizeof session) ||
        (session.dwFlags != SSL_SESSION_ENABLE_RECONNECTS &&
         session.dwFlags != SSL_SESSION_DISABLE_RECONNECTS)) {
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
    c->resumable_set = true;
    (void)tch_conn_set_resumable(
        c->conn, session.dwFlags == SSL_SESSION_ENABLE_RECONNECTS);
    return SEC_E_OK;
}

static SECURITY_STATUS apply(struct tch_ctx *c, PSecBufferDesc d)
{
    const SecBuffer *token;
    SECURITY_STATUS s = find_token(d, &token);
    DWORD type;

    if (s != SEC_E_OK) {
        return s;
    }
    memcpy(&type, token->pvBuffer, sizeof type);
    switch (type) {
    case SCHANNEL_SHUTDOWN:
        c->control = TCH_CONTROL_SHUTDOWN;
        c->control_queued = false;
        return SEC_E_OK;
    case SCHANNEL_ALERT:
        return apply_alert(c, token);
    case SCHANNEL_SESSION:
        return apply_session(c, token);
    default: /* SCHANNEL_RENEGOTIATE among them */
        return SEC_E_UNSUPPORTED_FUNCTION;
    }
}

SECURITY_STATUS SEC_ENTRY ApplyControlToken(PCtxtHandle phContext,
                                            PSecBufferDesc pInput)
{
    struct tch_ctx *c = tch_handle_pin(TCH_HANDLE_CONTEXT, phContext);
    SECURITY_STATUS s;

    if (c == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    pthread_mutex_lock(&c->lock);
    s = apply(c, pInput);
    pthread_mutex_unlock(&c->lock);
    tch_handle_unpin(phContext);
    return s;
}

/* Deleting again is fine, deleting what never was is not (8.4). */
SECURITY_STATUS SEC_ENTRY DeleteSecurityContext(PCtxtHandle phContext)
{
    return tch_handle_delete(TCH_HANDLE_CONTEXT, phContext) ==
                   TCH_HANDLE_UNKNOWN
               ? SEC_E_INVALID_HANDLE
               : SEC_E_OK;
}

/* ---------------------------------------------------- what is not Schannel */

/* `answer` for a live context. */
static SECURITY_STATUS not_here(PCtxtHandle h, SECURITY_STATUS answer)
{
    if (tch_handle_pin(TCH_HANDLE_CONTEXT, h) == NULL) {
        return SEC_E_INVALID_HANDLE;
    }
    tch_handle_unpin(h);
    return answer;
}

SECURITY_STATUS SEC_ENTRY CompleteAuthToken(PCtxtHandle phContext,
                                            PSecBufferDesc pToken)
{
    (void)pToken;
    return not_here(phContext, SEC_E_UNSUPPORTED_FUNCTION);
}

SECURITY_STATUS SEC_ENTRY MakeSignature(PCtxtHandle phContext, ULONG fQOP,
                                        PSecBufferDesc pMessage,
                                        ULONG MessageSeqNo)
{
    (void)fQOP;
    (void)pMessage;
    (void)MessageSeqNo;
    return not_here(phContext, SEC_E_UNSUPPORTED_FUNCTION);
}

SECURITY_STATUS SEC_ENTRY VerifySignature(PCtxtHandle phContext,
                                          PSecBufferDesc pMessage,
                                          ULONG MessageSeqNo, ULONG *pfQOP)
{
    (void)pMessage;
    (void)MessageSeqNo;
    (void)pfQOP;
    return not_here(phContext, SEC_E_UNSUPPORTED_FUNCTION);
}

SECURITY_STATUS SEC_ENTRY ImpersonateSecurityContext(PCtxtHandle phContext)
{
    return not_here(phContext, SEC_E_NO_IMPERSONATION);
}

SECURITY_STATUS SEC_ENTRY RevertSecurityContext(PCtxtHandle phContext)
{
    return not_here(phContext, SEC_E_NO_IMPERSONATION);
}

SECURITY_STATUS SEC_ENTRY QuerySecurityContextToken(PCtxtHandle phContext,
                                                    void **Token)
{
    (void)Token;
    return not_here(phContext, SEC_E_NO_IMPERSONATION);
}

SECURITY_STATUS SEC_ENTRY ExportSecurityContext(PCtxtHandle phContext,
                                                ULONG fFlags,
                                                PSecBuffer pPackedContext,
                                                void **pToken)
{
    (void)fFlags;
    (void)pPackedContext;
    (void)pToken;
    return not_here(phContext, SEC_E_UNSUPPORTED_FUNCTION);
}
