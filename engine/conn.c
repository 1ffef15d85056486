/* The life of a connection, and the settings made before its first step. */

#include "engine/engine.h"

#include <arpa/inet.h>
#include <string.h>

#include "engine/base/hostname.h"
#include "engine/base/wipe.h"

size_t tch_conn_size(void)
{
    return sizeof(struct tch_conn);
}

static const struct tch_observer *observer_of(const struct tch_config *cfg)
{
    return cfg->has_observer ? &cfg->observer : NULL;
}

enum tch_status tch_conn_init(void *mem, struct tch_config *cfg,
                              enum tch_role role, struct tch_conn **out)
{
    struct tch_conn *c = mem;
    bool client = role == TCH_CLIENT;
    enum tch_status s = tch_config_check(cfg, role);

    if (s == TCH_OK) {
        s = tch_config_freeze(cfg);
    }
    if (s != TCH_OK) {
        return s;
    }
    memset(c, 0, sizeof *c);
    if (pthread_mutex_init(&c->lock, NULL) != 0) {
        return TCH_NO_MEMORY;
    }
    c->cfg = tch_config_ref(cfg);
    c->home = tch_config_ref(cfg);
    c->alloc = cfg->alloc;
    c->role = role;
    c->client_auth = cfg->client_auth;
    c->verify = cfg->verify;
    c->name_check = true;
    c->first_record = true;
    c->failure.alert = TCH_ALERT_NONE;
    tch_arena_init(&c->arena, c->alloc, TCH_ARENA_LIMIT);
    tch_half_init(&c->read, false, !client, c->alloc, &cfg->draw,
                  observer_of(cfg));
    tch_half_init(&c->write, true, client, c->alloc, &cfg->draw,
                  observer_of(cfg));
    /* R-REC-007: until a version is agreed, records say TLS 1.0. */
    c->write.version = cfg->versions == TCH_VERSION_SSL3 ? TCH_SSL3
                                                         : TCH_TLS10;
    *out = c;
    return TCH_OK;
}

enum tch_status tch_conn_new(struct tch_config *cfg, enum tch_role role,
                             struct tch_conn **out)
{
    void *mem = tch_take(cfg->alloc, sizeof(struct tch_conn));
    enum tch_status s;

    if (mem == NULL) {
        return TCH_NO_MEMORY;
    }
    s = tch_conn_init(mem, cfg, role, out);
    if (s != TCH_OK) {
        tch_give(cfg->alloc, mem, sizeof(struct tch_conn));
    }
    return s;
}

void tch_conn_clear(struct tch_conn *c)
{
    struct tch_config *cfg = c->cfg;
    struct tch_config *home = c->home;

    tch_end_handshake(c);
    tch_queue_release(c);
    tch_half_clear(&c->read);
    tch_half_clear(&c->write);
    tch_session_unref(c->session);
    tch_identity_unref(c->local);
    tch_give(c->alloc, c->alpn, c->alpn_len + 1);
    tch_give(c->alloc, c->peer_schemes, c->peer_schemes_len);
    pthread_mutex_destroy(&c->lock);
    tch_wipe(c, sizeof *c);
    tch_config_free(cfg);
    tch_config_free(home);
}

void tch_conn_free(struct tch_conn *c)
{
    const struct tch_alloc *alloc;

    if (c == NULL) {
        return;
    }
    alloc = c->alloc;
    tch_conn_clear(c);
    tch_give(alloc, c, sizeof *c);
}

static bool is_ip(const char *name)
{
    uint8_t address[16];

    return inet_pton(AF_INET, name, address) == 1 ||
           inet_pton(AF_INET6, name, address) == 1;
}

enum tch_status tch_conn_set_server_name(struct tch_conn *c, const char *name)
{
    char normal[TCH_HOSTNAME_MAX + 1] = "";
    size_t len = 0;

    if (tch_state_of(c) != TCH_STATE_NEW) {
        return TCH_BAD_STATE;
    }
    if (name != NULL) {
        len = tch_hostname(tch_slice_of(name, strlen(name)), normal);
    }
    if (len > TCH_HOSTNAME_MAX) {
        return TCH_BAD_ARGUMENT;
    }
    for (size_t i = 0; i < len; i++) {
        if (normal[i] <= ' ' || normal[i] > '~') {
            return TCH_BAD_ARGUMENT;
        }
    }
    memcpy(c->name, normal, sizeof c->name);
    c->name_is_ip = is_ip(normal);
    return TCH_OK;
}

enum tch_status tch_conn_set_name_check(struct tch_conn *c, bool on)
{
    enum tch_status s = TCH_BAD_STATE;

    pthread_mutex_lock(&c->lock);
    if (tch_state_of(c) == TCH_STATE_NEW) {
        c->name_check = on;
        s = TCH_OK;
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum tch_status tch_conn_set_alpn(struct tch_conn *c, struct tch_slice list)
{
    uint8_t *copy;

    if (tch_state_of(c) != TCH_STATE_NEW) {
        return TCH_BAD_STATE;
    }
    if (!tch_alpn_valid(list)) {
        return TCH_BAD_ARGUMENT;
    }
    copy = tch_take(c->alloc, list.len + 1);
    if (copy == NULL) {
        return TCH_NO_MEMORY;
    }
    if (list.len != 0) {
        memcpy(copy, list.p, list.len);
    }
    tch_give(c->alloc, c->alpn, c->alpn_len + 1);
    c->alpn = copy;
    c->alpn_len = list.len;
    return TCH_OK;
}

enum tch_status tch_conn_set_client_auth(struct tch_conn *c,
                                         enum tch_client_auth mode)
{
    enum tch_status s = TCH_BAD_STATE;

    pthread_mutex_lock(&c->lock);
    if (tch_state_of(c) != TCH_STATE_DEAD) {
        c->client_auth = mode;
        c->params.client_auth = mode;
        s = TCH_OK;
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum tch_status tch_conn_set_verify(struct tch_conn *c, enum tch_verify mode)
{
    enum tch_status s = TCH_BAD_STATE;

    pthread_mutex_lock(&c->lock);
    if (tch_state_of(c) != TCH_STATE_DEAD) {
        c->verify = mode;
        s = TCH_OK;
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

void tch_use_config(struct tch_conn *c, struct tch_config *cfg)
{
    struct tch_config *old = c->cfg;
    struct tch_config *answered = c->answer_cfg;

    c->cfg = tch_config_ref(cfg);
    c->answer_cfg = tch_config_ref(cfg);
    tch_config_free(old);
    tch_config_free(answered);
}

enum tch_status tch_conn_set_config(struct tch_conn *c,
                                    struct tch_config *cfg)
{
    enum tch_status s = tch_config_check(cfg, c->role);

    if (s == TCH_OK) {
        s = tch_config_freeze(cfg);
    }
    if (s != TCH_OK) {
        return s;
    }
    pthread_mutex_lock(&c->lock);
    if (c->hs != NULL && tch_hs_use_identities(c->hs, cfg->identities,
                                               cfg->num_identities)) {
        tch_use_config(c, cfg);
    } else {
        struct tch_config *old = c->cfg;

        c->cfg = tch_config_ref(cfg);
        tch_config_free(old);
    }
    pthread_mutex_unlock(&c->lock);
    return TCH_OK;
}
