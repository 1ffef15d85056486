/*
 * Driving a handshake: records in, effects out. The loop carries out effects
 * until the handshake wants input, takes one record, and goes on, so that one
 * call takes every whole record there is.
 *
 * Source: contract 6.2, 6.6, 6.7, 8.3; dossier R-REC-012, 026 to 028.
 */

#include <string.h>

#include "engine/engine.h"

void tch_end_handshake(struct tch_conn *c)
{
    tch_hs_end(c->hs);
    c->hs = NULL;
    tch_config_free(c->hs_cfg);
    tch_config_free(c->answer_cfg);
    c->hs_cfg = NULL;
    c->answer_cfg = NULL;
    tch_session_unref(c->offer);
    c->offer = NULL;
    tch_arena_clear(&c->arena);
    tch_give(c->alloc, c->scratch, c->scratch_len);
    c->scratch = NULL;
    c->scratch_len = 0;
    memset(&c->params, 0, sizeof c->params);
    if (tch_queue_waiting(c).len == 0) {
        tch_queue_release(c); /* an idle connection holds no buffer */
    }
}

/* A session's peer was judged at least as well as this connection asks. */
static bool checked_enough(const struct tch_conn *c,
                           const struct tch_session *s)
{
    return c->verify != TCH_VERIFY_AUTO || !s->has_peer ||
           (s->peer_checked && (s->name_checked || !c->name_check));
}

/* The session to offer: same name, good enough for what is asked now. */
static void find_offer(struct tch_conn *c)
{
    size_t len = strlen(c->name);
    struct tch_session *s;

    if (!c->cfg->resumption || len == 0) {
        return;
    }
    s = tch_cache_get(c->cfg->cache, tch_slice_of(c->name, len),
                      tch_now(&c->cfg->clock));
    if (s == NULL) {
        return;
    }
    if (s->role != TCH_CLIENT || !checked_enough(c, s) ||
        s->policy > c->cfg->policy->id) {
        tch_session_unref(s);
        return;
    }
    c->offer = s;
}

/* R-CS-001, R-KEY-040: what the configuration no longer allows, and what was
 * made without extended master secret, is not offered again. */
static void check_offer(struct tch_conn *c)
{
    const struct tch_session *s = c->offer;
    bool listed = false;

    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < c->cfg->suites.num; i++) {
        listed = listed || c->cfg->suites.codes[i] == s->suite;
    }
    if (!listed || (!s->ems && s->version != TCH_SSL3) ||
        (s->etm && !c->cfg->encrypt_then_mac)) {
        tch_session_unref(c->offer);
        c->offer = NULL;
    }
}

static void fill_params(struct tch_conn *c, bool renegotiation)
{
    const struct tch_config *cfg = c->cfg;
    struct tch_hs_params *p = &c->params;

    memset(p, 0, sizeof *p);
    p->role = c->role;
    p->policy = cfg->policy;
    p->versions = cfg->versions;
    p->suites = cfg->suites.codes;
    p->num_suites = cfg->suites.num;
    p->groups = cfg->groups.codes;
    p->num_groups = cfg->groups.num;
    p->schemes = cfg->schemes.codes;
    p->num_schemes = cfg->schemes.num;
    p->identities = cfg->identities;
    p->num_identities = cfg->num_identities;
    p->psks = cfg->psks;
    p->num_psks = cfg->num_psks;
    p->issuers = tch_slice_of(cfg->issuers, cfg->issuers_len);
    p->alpn = c->alpn != NULL ? tch_slice_of(c->alpn, c->alpn_len)
                              : tch_slice_of(cfg->alpn, cfg->alpn_len);
    p->server_name = c->name;
    p->send_server_name = c->name[0] != '\0' && !c->name_is_ip;
    p->client_auth = c->client_auth;
    p->ask_credential = cfg->ask_credential;
    p->resumption = cfg->resumption;
    p->check_peer = c->verify == TCH_VERIFY_AUTO;
    p->require_ems = cfg->require_ems;
    p->encrypt_then_mac = cfg->encrypt_then_mac;
    p->server_order = cfg->server_order;
    p->legacy_renegotiation = cfg->legacy_renegotiation;
    p->offer = c->offer;
    p->before = c->before;
    p->before.renegotiation = renegotiation;
    p->alloc = c->alloc;
    p->draw = &cfg->draw;
    p->clock = &cfg->clock;
    p->observer = cfg->has_observer ? &cfg->observer : NULL;
}

enum tch_status tch_begin_handshake(struct tch_conn *c, bool renegotiation)
{
    enum tch_status s;

    /* A renegotiation is there to change something, mostly to show a
     * certificate; a resumed session would keep all as it was. */
    if (c->role == TCH_CLIENT && !renegotiation) {
        find_offer(c);
        check_offer(c);
    }
    c->judged = false;
    c->hs_cfg = tch_config_ref(c->cfg);
    fill_params(c, renegotiation);
    s = tch_hs_new(&c->arena, &c->params, &c->hs);
    if (s == TCH_OK && c->post_len != 0) {
        /* A HelloRequest that has come in part goes on in the handshake. */
        s = tch_hs_feed(c->hs, tch_slice_of(c->post, c->post_len));
        c->post_len = 0;
    }
    if (s != TCH_OK) {
        tch_end_handshake(c);
    }
    return s;
}

static enum tch_status rekey(struct tch_conn *c, struct tch_half *half,
                             const struct tch_hs_keys *k)
{
    struct tch_record_keys keys;

    memset(&keys, 0, sizeof keys);
    keys.suite = k->suite;
    keys.version = k->version;
    keys.etm = k->etm;
    keys.split = tch_cfg_of(c)->split_records;
    keys.mac_key = k->mac_key;
    keys.key = k->key;
    keys.iv = k->iv;
    half->volume_limit = tch_cfg_of(c)->volume_limit;
    return tch_half_rekey(half, &keys);
}

static enum tch_status answer_session(struct tch_conn *c, struct tch_slice id)
{
    const struct tch_config *cfg = tch_cfg_of(c);
    struct tch_session *s = tch_cache_get(cfg->cache, id,
                                          tch_now(&cfg->clock));
    enum tch_status status = tch_hs_answer_session(c->hs, s);

    tch_session_unref(s);
    return status;
}

/* Carries out one effect. TCH_CONTINUE: go on; TCH_WANT_INPUT: the handshake
 * waits for a record; other progress statuses are the caller's to know. */
static enum tch_status carry(struct tch_conn *c, const struct tch_effect *fx)
{
    enum tch_status s = TCH_OK;

    switch (fx->kind) {
    case TCH_FX_SEND:
        s = tch_queue_records(c, fx->content_type, fx->bytes);
        break;
    case TCH_FX_READ_KEYS:
        s = rekey(c, &c->read, &fx->keys);
        break;
    case TCH_FX_WRITE_KEYS:
        s = rekey(c, &c->write, &fx->keys);
        __atomic_store_n(&c->unproved, true, __ATOMIC_RELEASE);
        break;
    case TCH_FX_VERSION:
        c->version = fx->version;
        c->read.version = fx->version;
        c->write.version = fx->version;
        break;
    case TCH_FX_NEED_SESSION:
        s = answer_session(c, fx->bytes);
        break;
    case TCH_FX_NEED_VERDICT:
        if (c->verify == TCH_VERIFY_ASK) {
            c->judged = false;
            return TCH_WANT_VERDICT;
        }
        c->judged = c->verify == TCH_VERIFY_AUTO;
        s = tch_judge_peer(c);
        break;
    case TCH_FX_ESTABLISHED:
        s = tch_settle(c);
        return s;
    case TCH_FX_NEED_INPUT:
        return TCH_WANT_INPUT;
    case TCH_FX_NEED_CREDENTIAL:
        return TCH_WANT_CREDENTIAL;
    case TCH_FX_NEED_SIGNATURE:
        return TCH_WANT_SIGNATURE;
    case TCH_FX_NEED_DECRYPT:
        return TCH_WANT_DECRYPT;
    }
    return s == TCH_OK ? TCH_CONTINUE : s;
}

/* Runs the handshake until it stands still. */
static enum tch_status run_effects(struct tch_conn *c)
{
    struct tch_effect fx;
    enum tch_status s;

    do {
        s = tch_hs_next(c->hs, &fx);
        if (s != TCH_OK) {
            return s;
        }
        s = carry(c, &fx);
    } while (s == TCH_CONTINUE);
    return s;
}

/* A record that is protected is opened in memory of ours: tokens are
 * read-only. */
static enum tch_status open_copy(struct tch_conn *c, struct tch_slice record,
                                 struct tch_opened *out)
{
    if (c->scratch_len < record.len) {
        tch_give(c->alloc, c->scratch, c->scratch_len);
        c->scratch_len = 0;
        c->scratch = tch_take(c->alloc, record.len);
        if (c->scratch == NULL) {
            return TCH_NO_MEMORY;
        }
        c->scratch_len = record.len;
    }
    memcpy(c->scratch, record.p, record.len);
    return tch_record_open(&c->read, c->scratch, record.len, out);
}

/* Application data during a handshake: never in the first one, never where a
 * message has come in part or Finished is due (R-REC-012, 026 to 028). */
static enum tch_status data_in_handshake(const struct tch_conn *c)
{
    bool may_come = tch_state_of(c) == TCH_STATE_OPEN ||
                    tch_state_of(c) == TCH_STATE_RENEGOTIATION;

    return may_come && !tch_no_data_now(c) ? TCH_DATA_WAITS
                                           : TCH_UNEXPECTED_MESSAGE;
}

static enum tch_status take_content(struct tch_conn *c,
                                    const struct tch_opened *rec)
{
    struct tch_slice body = { rec->data, rec->data_len };
    enum tch_status s = tch_count_content(c, rec->type, body.len);

    if (s != TCH_OK) {
        return s;
    }
    switch (rec->type) {
    case TCH_CONTENT_ALERT:
        return tch_take_alert(c, body);
    case TCH_CONTENT_HANDSHAKE:
        return c->hs == NULL || tch_state_of(c) == TCH_STATE_OPEN
                   ? tch_take_post_handshake(c, body)
                   : tch_hs_feed(c->hs, body);
    case TCH_CONTENT_CHANGE_CIPHER_SPEC:
        return c->hs == NULL ? TCH_UNEXPECTED_MESSAGE
                             : tch_hs_feed_ccs(c->hs, body);
    default:
        return TCH_UNEXPECTED_MESSAGE;
    }
}

/* The server's first answer follows the client's record version, within what
 * it can speak (R-ALR-016). */
static void note_first_record(struct tch_conn *c, uint16_t version)
{
    if (c->first_record && c->role == TCH_SERVER) {
        c->write.version = version > TCH_TLS12 ? TCH_TLS12 : version;
    }
    c->first_record = false;
}

/* Takes one whole record. TCH_DATA_WAITS leaves it where it is. */
static enum tch_status take_record(struct tch_conn *c, struct tch_slice record,
                                   const struct tch_record_header *header)
{
    struct tch_opened opened;
    enum tch_status s;

    if (header->type == TCH_CONTENT_APPLICATION_DATA) {
        return data_in_handshake(c);
    }
    note_first_record(c, header->version);
    s = open_copy(c, record, &opened);
    return s == TCH_OK ? take_content(c, &opened) : s;
}

enum tch_status tch_conn_refused(struct tch_conn *c)
{
    tch_end_handshake(c);
    c->we_asked = false;
    tch_set_state(c, TCH_STATE_OPEN);
    return TCH_NO_RENEGOTIATION;
}

enum tch_status tch_refuse_locked(struct tch_conn *c)
{
    tch_end_handshake(c);
    if (c->version == TCH_SSL3) { /* R-ALR-014 */
        return tch_conn_fail(c, TCH_HANDSHAKE_VIOLATION,
                             TCH_ALERT_HANDSHAKE_FAILURE);
    }
    tch_owe_alert(c, TCH_ALERT_WARNING, TCH_ALERT_NO_RENEGOTIATION);
    tch_set_state(c, TCH_STATE_OPEN);
    return TCH_OK;
}

/* R-HS-074; R-KEY-049: nor behind a resumption without extended master
 * secret, whose verify_data proves too little. */
bool tch_may_renegotiate(const struct tch_conn *c)
{
    bool secure = c->before.secure || c->cfg->legacy_renegotiation;

    return secure && (!c->now.resumed || c->session->ems);
}

/* A server's handshake began with the first byte of the ClientHello; what the
 * application changed since then counts all the same (contract 7.1, 8.3). */
static void begin_anew(struct tch_conn *c)
{
    tch_config_free(c->hs_cfg);
    c->hs_cfg = tch_config_ref(c->cfg);
    fill_params(c, true);
    (void)tch_hs_use_identities(c->hs, c->params.identities,
                                c->params.num_identities);
}

/* The peer asked and the application goes along: a client starts over, a
 * server has the ClientHello already. What RFC 5746 does not protect is
 * refused (R-HS-074, R-EXT-080, R-EXT-084). */
static enum tch_status accept_request(struct tch_conn *c)
{
    if (!tch_may_renegotiate(c)) {
        return tch_refuse_locked(c);
    }
    tch_set_state(c, TCH_STATE_RENEGOTIATION);
    if (c->role == TCH_SERVER) {
        begin_anew(c);
        return TCH_OK;
    }
    return tch_begin_handshake(c, true);
}

/* Takes records off `in` until something is to be told to the caller. */
static enum tch_status run(struct tch_conn *c, struct tch_slice in,
                           size_t *used, size_t *missing)
{
    for (;;) {
        struct tch_slice rest = tch_slice_behind(in, *used);
        struct tch_frame_rules rules;
        struct tch_record_header header;
        enum tch_alert alert = TCH_ALERT_NONE;
        enum tch_status s = TCH_WANT_INPUT;

        if (c->hs != NULL && tch_state_of(c) != TCH_STATE_OPEN) {
            s = run_effects(c);
        }
        if (s != TCH_WANT_INPUT) {
            return tch_failed(s) ? tch_conn_failed(c, s) : s;
        }
        if (rest.len == 0 && *used != 0) {
            return TCH_CONTINUE;
        }
        rules = tch_next_frame(c, rest); /* effects may have changed them */
        s = tch_record_frame(rest, &rules, &header, missing, &alert);
        if (s == TCH_WANT_INPUT) {
            return *used != 0 || c->produced ? TCH_CONTINUE : s;
        }
        if (s != TCH_OK) {
            /* Contract 10.2: what is no record is no token either. */
            return tch_conn_fail(c, s == TCH_UNEXPECTED_MESSAGE ? TCH_NOT_TLS
                                                                : s, alert);
        }
        rest.len = TCH_RECORD_HEADER_LEN + header.length;
        s = take_record(c, rest, &header);
        if (s == TCH_DATA_WAITS) {
            return s;
        }
        *used += rest.len;
        if (s == TCH_RENEGOTIATE) {
            s = accept_request(c);
        }
        if (s == TCH_NO_RENEGOTIATION) {
            return tch_conn_refused(c);
        }
        if (s == TCH_CLOSED) {
            return s;
        }
        if (s != TCH_OK) {
            return tch_conn_failed(c, s);
        }
    }
}

/* What stands behind a HelloRequest belongs to the old keys: a client leaves
 * it to the caller (contract 8.3). */
static enum tch_status go_along(struct tch_conn *c, struct tch_slice in,
                                size_t *used, size_t *missing)
{
    enum tch_status s = accept_request(c);

    if (s != TCH_OK) {
        return tch_conn_failed(c, s);
    }
    if (tch_state_of(c) == TCH_STATE_OPEN) {
        return TCH_OK; /* refused */
    }
    if (c->role == TCH_CLIENT) {
        in.len = 0;
    }
    s = run(c, in, used, missing);
    return s == TCH_WANT_INPUT ? TCH_CONTINUE : s;
}

enum tch_status tch_step_locked(struct tch_conn *c, struct tch_slice in,
                                size_t *used, size_t *missing)
{
    enum tch_status s;

    *used = 0;
    *missing = 0;
    c->produced = false;
    switch (tch_state_of(c)) {
    case TCH_STATE_NEW:
        s = tch_begin_handshake(c, false);
        if (s != TCH_OK) {
            return s;
        }
        tch_set_state(c, TCH_STATE_HANDSHAKE);
        return run(c, in, used, missing);
    case TCH_STATE_HANDSHAKE:
    case TCH_STATE_RENEGOTIATION:
        return run(c, in, used, missing);
    case TCH_STATE_OPEN:
        return in.len == 0 ? TCH_BAD_STATE : run(c, in, used, missing);
    case TCH_STATE_ASKED:
        return go_along(c, in, used, missing);
    case TCH_STATE_CLOSED:
        return TCH_BAD_STATE;
    case TCH_STATE_DEAD:
        break;
    }
    return TCH_DEAD;
}
