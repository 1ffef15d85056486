/* Closing, alerts, asking for and refusing a renegotiation, and answers. */

#include <string.h>

#include "engine/engine.h"

enum tch_status tch_close(struct tch_conn *c)
{
    __atomic_store_n(&c->shut_down, true, __ATOMIC_RELEASE);
    tch_owe_alert(c, TCH_ALERT_WARNING, TCH_ALERT_CLOSE_NOTIFY);
    return TCH_OK;
}

enum tch_status tch_alert(struct tch_conn *c, enum tch_alert_level level,
                          unsigned description)
{
    if ((level != TCH_ALERT_WARNING && level != TCH_ALERT_FATAL) ||
        description > 255) {
        return TCH_BAD_ARGUMENT;
    }
    pthread_mutex_lock(&c->lock);
    if (tch_state_of(c) == TCH_STATE_ASKED && level == TCH_ALERT_WARNING &&
        description == TCH_ALERT_NO_RENEGOTIATION) {
        (void)tch_refuse_locked(c);
    }
    tch_owe_alert(c, level, description);
    if (level == TCH_ALERT_FATAL && tch_state_of(c) != TCH_STATE_DEAD) {
        tch_conn_end(c); /* R-ALR-001, R-ALR-004 */
    }
    if (description == TCH_ALERT_CLOSE_NOTIFY) {
        __atomic_store_n(&c->shut_down, true, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&c->lock);
    return TCH_OK;
}

/* A server's HelloRequest: no part of any handshake (R-HS-009). */
static enum tch_status ask_client(struct tch_conn *c)
{
    static const uint8_t hello_request[4] = { 0, 0, 0, 0 };
    enum tch_status s;

    if (c->we_asked) {
        return TCH_OK; /* R-HS-072: once is enough */
    }
    s = tch_queue_records(c, TCH_CONTENT_HANDSHAKE,
                          tch_slice_of(hello_request, 4));
    if (s == TCH_OK) {
        c->we_asked = true;
    }
    return s;
}

static enum tch_status ask(struct tch_conn *c)
{
    size_t used;
    size_t missing;
    enum tch_status s;

    if (tch_state_of(c) != TCH_STATE_OPEN ||
        __atomic_load_n(&c->shut_down, __ATOMIC_ACQUIRE)) {
        return TCH_BAD_STATE;
    }
    if (!tch_may_renegotiate(c)) {
        return TCH_NOT_ALLOWED;
    }
    if (c->role == TCH_SERVER) {
        return ask_client(c);
    }
    s = tch_begin_handshake(c, true);
    if (s != TCH_OK) {
        return s;
    }
    tch_set_state(c, TCH_STATE_RENEGOTIATION);
    return tch_step_locked(c, tch_slice_of(NULL, 0), &used, &missing);
}

enum tch_status tch_renegotiate(struct tch_conn *c)
{
    enum tch_status s;

    pthread_mutex_lock(&c->lock);
    s = ask(c);
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum tch_status tch_end_of_stream(struct tch_conn *c)
{
    enum tch_status s = TCH_OK;

    pthread_mutex_lock(&c->lock);
    if (tch_state_of(c) != TCH_STATE_CLOSED) {
        bool keep = c->version >= TCH_TLS11 && c->session != NULL &&
                    tch_session_is_resumable(c->session);

        s = TCH_CLOSED_EARLY;
        if (tch_state_of(c) != TCH_STATE_DEAD) {
            (void)tch_conn_fail(c, s, TCH_ALERT_NONE);
        }
        if (keep) { /* R-ALR-010: from TLS 1.1 on the session stays */
            tch_session_set_resumable(c->session, true);
        }
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum tch_status tch_refuse_renegotiation(struct tch_conn *c)
{
    enum tch_status s = TCH_BAD_STATE;

    pthread_mutex_lock(&c->lock);
    if (tch_state_of(c) == TCH_STATE_ASKED) {
        s = tch_refuse_locked(c);
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum tch_status tch_answer_credential(struct tch_conn *c,
                                      struct tch_config *cfg)
{
    enum tch_status s = TCH_OK;

    if (cfg != NULL) {
        s = tch_config_check(cfg, c->role);
        s = s == TCH_OK ? tch_config_freeze(cfg) : s;
    }
    if (s != TCH_OK) {
        return s;
    }
    pthread_mutex_lock(&c->lock);
    cfg = cfg == NULL ? c->cfg : cfg;
    s = c->hs == NULL ? TCH_BAD_STATE
                      : tch_hs_answer_credential(c->hs, cfg->identities,
                                                 cfg->num_identities);
    if (s == TCH_OK) {
        tch_use_config(c, cfg);
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum tch_status tch_answer_verdict(struct tch_conn *c, enum tch_status verdict)
{
    enum tch_status s = TCH_BAD_STATE;

    if (verdict != TCH_OK &&
        tch_status_class(verdict) != TCH_CLASS_CERTIFICATE) {
        return TCH_BAD_ARGUMENT;
    }
    pthread_mutex_lock(&c->lock);
    if (c->hs != NULL) {
        s = tch_hs_answer_verdict(c->hs, verdict);
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum tch_status tch_answer_signature(struct tch_conn *c,
                                     struct tch_slice signature)
{
    enum tch_status s = TCH_BAD_STATE;

    pthread_mutex_lock(&c->lock);
    if (c->hs != NULL) {
        s = tch_hs_answer_signature(c->hs, signature);
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum tch_status tch_answer_decrypt(struct tch_conn *c, struct tch_slice block)
{
    enum tch_status s = TCH_BAD_STATE;

    pthread_mutex_lock(&c->lock);
    if (c->hs != NULL) {
        s = tch_hs_answer_decrypt(c->hs, block);
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}
