/*
 * The configuration: what connections share. It starts from a policy and is
 * changed by setters until the first connection freezes it; from then on it
 * is read by any number of threads.
 */

#define _GNU_SOURCE /* secure_getenv */

#include <stdlib.h>
#include <string.h>

#include "crypto-glue/glue.h"
#include "crypto-glue/kex.h"
#include "crypto-glue/random.h"
#include "engine/base/bytes.h"
#include "engine/base/hostname.h"
#include "engine/engine.h"
#include "handshake/messages.h"

#define TEN_HOURS_MS 36000000u
#define DAY_MS 86400000u

static const struct tch_policy *chosen_policy; /* atomic; by one call */

const char *tch_default_policy(void)
{
    const struct tch_policy *p = __atomic_load_n(&chosen_policy,
                                                 __ATOMIC_ACQUIRE);
    const char *name;

    if (p != NULL) {
        return p->name;
    }
    name = secure_getenv("TOMCHANNEL_POLICY");
    p = name == NULL ? NULL : tch_policy_named(name);
    return (p == NULL ? tch_policy_get(TCH_POLICY_DEFAULT) : p)->name;
}

enum tch_status tch_set_default_policy(const char *name)
{
    const struct tch_policy *p = name == NULL ? NULL : tch_policy_named(name);

    if (p == NULL) {
        return TCH_NOT_FOUND;
    }
    __atomic_store_n(&chosen_policy, p, __ATOMIC_RELEASE);
    return TCH_OK;
}

static bool is_frozen(const struct tch_config *cfg)
{
    return __atomic_load_n(&cfg->frozen, __ATOMIC_ACQUIRE);
}

/* Versions, suites, groups and schemes as the policy has them and this build
 * can do them. */
static void start_from_policy(struct tch_config *cfg,
                              const struct tch_policy *p)
{
    uint16_t all[TCH_SUITES_MAX];
    size_t num = tch_policy_suites(p, all, TCH_SUITES_MAX);

    cfg->policy = p;
    cfg->legacy_renegotiation =
        cfg->legacy_renegotiation && p->legacy_renegotiation;
    cfg->volume_limit = p->volume_limit;
    cfg->versions = 0;
    for (unsigned i = 0; tch_version_at(i) != NULL; i++) {
        unsigned wire = tch_version_at(i)->wire;

        if (wire >= p->min_version && wire <= p->max_version) {
            cfg->versions |= 1u << i & tch_hs_versions_built;
        }
    }
    cfg->suites.num = 0;
    for (size_t i = 0; i < num; i++) {
        if (tch_hs_suite_built(tch_suite_facts(all[i]))) {
            cfg->suites.codes[cfg->suites.num++] = all[i];
        }
    }
    cfg->groups.num = 0;
    for (size_t i = 0; tch_group_at(i) != NULL; i++) {
        const struct tch_group_row *g = tch_group_at(i);
        unsigned floor = g->kind == TCH_GROUP_FFDHE ? p->dh_bits : p->ec_bits;

        if (tch_kex_supported(g->code) &&
            (g->kind == TCH_GROUP_X || g->bits >= floor)) {
            cfg->groups.codes[cfg->groups.num++] = g->code;
        }
    }
    cfg->schemes.num = 0;
    for (size_t i = 0; tch_scheme_at(i) != NULL; i++) {
        unsigned code = tch_scheme_at(i)->code;

        if (tch_policy_has_scheme(p, code) && tch_hs_scheme_built(code)) {
            cfg->schemes.codes[cfg->schemes.num++] = (uint16_t)code;
        }
    }
}

enum tch_status tch_config_new(const struct tch_alloc *alloc,
                               struct tch_config **out)
{
    struct tch_config *cfg;
    enum tch_status s = tch_glue_init();

    if (s != TCH_OK) {
        return s;
    }
    alloc = alloc == NULL ? &tch_alloc_default : alloc;
    cfg = tch_take(alloc, sizeof *cfg);
    if (cfg == NULL) {
        return TCH_NO_MEMORY;
    }
    cfg->alloc = alloc;
    cfg->refs = 1;
    cfg->cache = tch_cache_new(cfg->alloc);
    cfg->draw = tch_random_source;
    cfg->clock = tch_clock_system;
    cfg->resumption = true;
    cfg->encrypt_then_mac = true;
    cfg->split_records = true;
    cfg->server_order = true;
    cfg->session_ms = TEN_HOURS_MS;
    start_from_policy(cfg, tch_policy_named(tch_default_policy()));
    if (cfg->cache == NULL) {
        tch_config_free(cfg);
        return TCH_NO_MEMORY;
    }
    *out = cfg;
    return TCH_OK;
}

struct tch_config *tch_config_ref(struct tch_config *cfg)
{
    if (cfg != NULL) {
        __atomic_add_fetch(&cfg->refs, 1, __ATOMIC_RELAXED);
    }
    return cfg;
}

static void free_psks(struct tch_config *cfg)
{
    for (size_t i = 0; i < cfg->num_psks; i++) {
        const struct tch_psk *k = &cfg->psks[i];

        /* One piece: the identity, then the key. */
        tch_give(cfg->alloc, cfg->psk_memory[i],
                 k->identity.len + k->key.len);
    }
    cfg->num_psks = 0;
}

enum tch_status tch_config_add_psk(struct tch_config *cfg,
                                   struct tch_slice identity,
                                   struct tch_slice key)
{
    uint8_t *p;

    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    if (identity.len == 0 || identity.len > 128 || key.len == 0 ||
        key.len > 256 || cfg->num_psks == TCH_PSKS_MAX) {
        return TCH_BAD_ARGUMENT;
    }
    p = tch_take(cfg->alloc, identity.len + key.len);
    if (p == NULL) {
        return TCH_NO_MEMORY;
    }
    memcpy(p, identity.p, identity.len);
    memcpy(p + identity.len, key.p, key.len);
    cfg->psk_memory[cfg->num_psks] = p;
    cfg->psks[cfg->num_psks].identity = tch_slice_of(p, identity.len);
    cfg->psks[cfg->num_psks].key = tch_slice_of(p + identity.len, key.len);
    cfg->num_psks++;
    return TCH_OK;
}

void tch_config_free(struct tch_config *cfg)
{
    if (cfg == NULL ||
        __atomic_sub_fetch(&cfg->refs, 1, __ATOMIC_ACQ_REL) != 0) {
        return;
    }
    for (size_t i = 0; i < cfg->num_identities; i++) {
        tch_identity_unref(cfg->identities[i]);
    }
    free_psks(cfg);
    tch_anchors_unref(cfg->anchors);
    tch_give(cfg->alloc, cfg->issuers, cfg->issuers_len);
    tch_give(cfg->alloc, cfg->alpn, cfg->alpn_len);
    tch_cache_free(cfg->cache);
    tch_give(cfg->alloc, cfg, sizeof *cfg);
}

enum tch_status tch_config_copy(const struct tch_config *cfg,
                                struct tch_config **out)
{
    struct tch_config *copy = NULL;
    struct tch_cache *cache;
    enum tch_status s = tch_config_new(cfg->alloc, &copy);

    if (s != TCH_OK) {
        return s;
    }
    cache = copy->cache;
    *copy = *cfg;
    copy->refs = 1;
    copy->frozen = false;
    copy->cache = cache;
    copy->issuers = NULL;
    copy->issuers_len = 0;
    copy->alpn = NULL;
    copy->alpn_len = 0;
    for (size_t i = 0; i < copy->num_identities; i++) {
        tch_identity_ref(copy->identities[i]);
    }
    if (copy->anchors != NULL) {
        __atomic_add_fetch(&copy->anchors->refs, 1, __ATOMIC_RELAXED);
    }
    copy->num_psks = 0;
    for (size_t i = 0; s == TCH_OK && i < cfg->num_psks; i++) {
        s = tch_config_add_psk(copy, cfg->psks[i].identity, cfg->psks[i].key);
    }
    if (s != TCH_OK) {
        tch_config_free(copy);
        return s;
    }
    s = tch_config_set_alpn(copy, tch_slice_of(cfg->alpn, cfg->alpn_len));
    if (s != TCH_OK) {
        tch_config_free(copy);
        return s;
    }
    *out = copy;
    return TCH_OK;
}

enum tch_status tch_config_set_policy(struct tch_config *cfg, const char *name)
{
    const struct tch_policy *p = name == NULL ? NULL : tch_policy_named(name);

    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    if (p == NULL) {
        return TCH_NOT_FOUND;
    }
    start_from_policy(cfg, p);
    return TCH_OK;
}

const char *tch_config_policy(const struct tch_config *cfg)
{
    return cfg->policy->name;
}

enum tch_status tch_config_set_versions(struct tch_config *cfg,
                                        unsigned versions)
{
    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    if ((versions & tch_hs_versions_built) == 0) {
        return TCH_NOTHING_LEFT;
    }
    cfg->versions = versions & tch_hs_versions_built;
    return TCH_OK;
}

unsigned tch_config_versions(const struct tch_config *cfg)
{
    return cfg->versions;
}

static bool suite_built(unsigned code)
{
    const struct tch_suite *s = tch_suite_facts(code);

    return s != NULL && tch_hs_suite_built(s);
}

/* Takes over those of `codes` that this build can do, each once. */
static enum tch_status set_list(struct tch_config *cfg, struct tch_list *list,
                                const uint16_t *codes, size_t num, size_t max,
                                bool (*built)(unsigned code))
{
    struct tch_list fresh;

    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    fresh.num = 0;
    for (size_t i = 0; i < num; i++) {
        bool twice = false;

        for (size_t j = 0; j < fresh.num; j++) {
            twice = twice || fresh.codes[j] == codes[i];
        }
        if (twice || !built(codes[i])) {
            continue;
        }
        if (fresh.num == max) {
            return TCH_BAD_ARGUMENT;
        }
        fresh.codes[fresh.num++] = codes[i];
    }
    if (fresh.num == 0) {
        return TCH_NOTHING_LEFT;
    }
    *list = fresh;
    return TCH_OK;
}

enum tch_status tch_config_set_suites(struct tch_config *cfg,
                                      const uint16_t *codes, size_t num)
{
    return set_list(cfg, &cfg->suites, codes, num, TCH_SUITES_MAX,
                    suite_built);
}

enum tch_status tch_config_set_groups(struct tch_config *cfg,
                                      const uint16_t *codes, size_t num)
{
    return set_list(cfg, &cfg->groups, codes, num, TCH_GROUPS_MAX,
                    tch_kex_supported);
}

enum tch_status tch_config_set_schemes(struct tch_config *cfg,
                                       const uint16_t *codes, size_t num)
{
    return set_list(cfg, &cfg->schemes, codes, num, TCH_SCHEMES_MAX,
                    tch_hs_scheme_built);
}

const uint16_t *tch_config_suites(const struct tch_config *cfg, size_t *num)
{
    *num = cfg->suites.num;
    return cfg->suites.codes;
}

const uint16_t *tch_config_groups(const struct tch_config *cfg, size_t *num)
{
    *num = cfg->groups.num;
    return cfg->groups.codes;
}

const uint16_t *tch_config_schemes(const struct tch_config *cfg, size_t *num)
{
    *num = cfg->schemes.num;
    return cfg->schemes.codes;
}

bool tch_alpn_valid(struct tch_slice list)
{
    struct tch_slice name;

    if (list.len > 65535) {
        return false;
    }
    while (list.len != 0) {
        if (list.p[0] == 0 || (size_t)list.p[0] + 1 > list.len ||
            !tch_alpn_next(&list, &name)) {
            return false;
        }
    }
    return true;
}

enum tch_status tch_config_set_alpn(struct tch_config *cfg,
                                    struct tch_slice list)
{
    uint8_t *copy;

    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    if (!tch_alpn_valid(list)) {
        return TCH_BAD_ARGUMENT;
    }
    copy = tch_take(cfg->alloc, list.len);
    if (list.len != 0) {
        if (copy == NULL) {
            return TCH_NO_MEMORY;
        }
        memcpy(copy, list.p, list.len);
    }
    tch_give(cfg->alloc, cfg->alpn, cfg->alpn_len);
    cfg->alpn = copy;
    cfg->alpn_len = list.len;
    return TCH_OK;
}

/* Setters that store one value. */
#define SETTER(name, type, field)                                            \
    enum tch_status tch_config_set_##name(struct tch_config *cfg, type value) \
    {                                                                        \
        if (is_frozen(cfg)) {                                                \
            return TCH_BAD_STATE;                                            \
        }                                                                    \
        cfg->field = value;                                                  \
        return TCH_OK;                                                       \
    }

SETTER(client_auth, enum tch_client_auth, client_auth)
SETTER(verify, enum tch_verify, verify)
SETTER(ask_credential, bool, ask_credential)
SETTER(renegotiation, enum tch_renegotiation, renegotiation)
SETTER(extended_master_secret, bool, require_ems)
SETTER(encrypt_then_mac, bool, encrypt_then_mac)
SETTER(split_records, bool, split_records)
SETTER(volume_limit, bool, volume_limit)
SETTER(keep_peer_chain, bool, keep_peer_chain)
SETTER(server_order, bool, server_order)
#undef SETTER

enum tch_status tch_config_set_legacy_renegotiation(struct tch_config *cfg,
                                                    bool on)
{
    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    if (on && !cfg->policy->legacy_renegotiation) {
        return TCH_NOT_ALLOWED;
    }
    cfg->legacy_renegotiation = on;
    return TCH_OK;
}

enum tch_status tch_config_set_resumption(struct tch_config *cfg, bool on,
                                          uint32_t seconds)
{
    uint64_t ms = seconds == 0 ? TEN_HOURS_MS : 1000ull * seconds;

    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    cfg->resumption = on;
    cfg->session_ms = ms < DAY_MS ? ms : DAY_MS;
    return TCH_OK;
}

size_t tch_config_forget(struct tch_config *cfg, const char *name)
{
    char normal[TCH_HOSTNAME_MAX + 1];

    if (name == NULL) {
        return tch_cache_forget(cfg->cache, NULL);
    }
    return tch_hostname(tch_slice_of(name, strlen(name)), normal) >
                   TCH_HOSTNAME_MAX
               ? 0
               : tch_cache_forget(cfg->cache, normal);
}

enum tch_status tch_config_set_observer(struct tch_config *cfg,
                                        const struct tch_observer *o)
{
    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    cfg->has_observer = o != NULL;
    if (o != NULL) {
        cfg->observer = *o;
    }
    return TCH_OK;
}

enum tch_status tch_config_set_draw(struct tch_config *cfg,
                                    const struct tch_draw_source *d)
{
    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    cfg->draw = d == NULL ? tch_random_source : *d;
    return TCH_OK;
}

enum tch_status tch_config_set_clock(struct tch_config *cfg,
                                     const struct tch_clock *c)
{
    if (is_frozen(cfg)) {
        return TCH_BAD_STATE;
    }
    cfg->clock = c == NULL ? tch_clock_system : *c;
    return TCH_OK;
}

/* Some suite that an enabled version can use. */
static bool can_offer(const struct tch_config *cfg, const struct tch_suite *s)
{
    if (tch_kx_has_psk(s->kx) && cfg->num_psks == 0) {
        return false;
    }
    for (unsigned i = 0; tch_version_at(i) != NULL; i++) {
        if ((cfg->versions & 1u << i) != 0 &&
            tch_suite_for(s, tch_version_at(i)->wire)) {
            return true;
        }
    }
    return false;
}

static bool can_serve(const struct tch_config *cfg, const struct tch_suite *s)
{
    for (size_t i = 0; i < cfg->num_identities; i++) {
        if (tch_hs_can_serve(s, cfg->identities[i], cfg->policy)) {
            return true;
        }
    }
    return !tch_suite_server_cert(s);
}

enum tch_status tch_config_check(const struct tch_config *cfg,
                                 enum tch_role role)
{
    enum tch_status s = TCH_NOTHING_LEFT;

    for (size_t i = 0; i < cfg->suites.num; i++) {
        const struct tch_suite *suite = tch_suite_facts(cfg->suites.codes[i]);

        if (!can_offer(cfg, suite)) {
            continue;
        }
        if (role == TCH_CLIENT || can_serve(cfg, suite)) {
            return TCH_OK;
        }
        s = TCH_NO_CREDENTIAL;
    }
    return s;
}

/* The anchors' names, for CertificateRequest; names that no longer fit the
 * 16-bit length are left out. */
static enum tch_status make_issuers(struct tch_config *cfg)
{
    size_t total = 0;
    struct tch_writer w;

    for (size_t i = 0; i < tch_anchors_count(cfg->anchors->set); i++) {
        size_t n = 2 + tch_anchors_at(cfg->anchors->set, i)->subject.len;

        total += total + n <= 65535 ? n : 0;
    }
    if (total == 0) {
        return TCH_OK;
    }
    cfg->issuers = tch_take(cfg->alloc, total);
    if (cfg->issuers == NULL) {
        return TCH_NO_MEMORY;
    }
    cfg->issuers_len = total;
    tch_wr_init(&w, cfg->issuers, total);
    for (size_t i = 0; i < tch_anchors_count(cfg->anchors->set); i++) {
        struct tch_slice name = tch_anchors_at(cfg->anchors->set, i)->subject;

        if (w.len + 2 + name.len <= total) {
            tch_wr_vec(&w, 2, name);
        }
    }
    return w.failed ? TCH_INTERNAL : TCH_OK;
}

enum tch_status tch_config_freeze(struct tch_config *cfg)
{
    static pthread_mutex_t freezing = PTHREAD_MUTEX_INITIALIZER;
    enum tch_status s = TCH_OK;

    if (is_frozen(cfg)) {
        return TCH_OK;
    }
    pthread_mutex_lock(&freezing);
    if (!is_frozen(cfg)) {
        if (cfg->anchors != NULL && cfg->issuers == NULL) {
            s = make_issuers(cfg);
        }
        if (s == TCH_OK) {
            __atomic_store_n(&cfg->frozen, true, __ATOMIC_RELEASE);
        }
    }
    pthread_mutex_unlock(&freezing);
    return s;
}
