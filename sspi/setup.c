/*
 * From parameters and options to an engine configuration: the only place
 * where the facade's fields become the engine's (contract 5.2 to 5.9).
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sspi/credentials.h"
#include "sspi/files.h"
#include "sspi/memory.h"
#include "sspi/status_map.h"

#define MAX_CODES 512
#define MAX_CHAIN 10
#define MAX_ALPN 1024
#define NEVER_RESUME 0xFFFFFFFFu

static bool is_on(DWORD option, bool otherwise)
{
    return option == TCH_OPTION_ON || (option == 0 && otherwise);
}

/* ------------------------------------------------------------ key log */

static void forward_event(void *arg, const struct tch_event *ev)
{
    const struct tch_watcher *w = arg;

    w->user.event(w->user.arg, ev);
}

static void forward_line(void *arg, const char *line)
{
    const struct tch_watcher *w = arg;

    if (w->user.keylog != NULL) {
        w->user.keylog(w->user.arg, line);
    }
    if (w->keylog != NULL) {
        w->keylog(w->keylog_arg, line);
    }
    if (w->file != NULL) {
        /* One call writes the whole line, so lines stay whole; stdio locks. */
        fprintf((FILE *)w->file, "%s\n", line);
        fflush((FILE *)w->file);
    }
}

static enum tch_status watch(struct tch_setup *s, const TCH_SSPI_OPTIONS *o)
{
    struct tch_watcher *w = &s->watcher;

    if (o->pObserver != NULL) {
        w->user = *o->pObserver;
    }
    w->keylog = o->pfnKeyLog;
    w->keylog_arg = o->pvKeyLog;
    if (o->pszKeyLogFile != NULL) {
        w->file = fopen(o->pszKeyLogFile, "a");
        if (w->file == NULL) {
            return TCH_BAD_FILE;
        }
    }
    w->ours.arg = w;
    w->ours.secrets = w->user.secrets;
    if (w->user.event != NULL) {
        w->ours.event = forward_event;
    }
    if (w->user.keylog != NULL || w->keylog != NULL || w->file != NULL) {
        w->ours.keylog = forward_line;
    }
    if (w->ours.event == NULL && w->ours.keylog == NULL) {
        return TCH_OK;
    }
    return tch_config_set_observer(s->config, &w->ours);
}

/* ----------------------------------------------------------- code lists */

/* "0xNNNN" or a name, which the registry's function turns into a number. */
static unsigned code_of(const char *word, unsigned (*named)(const char *))
{
    char *end;
    unsigned long n;

    if (strncmp(word, "0x", 2) != 0) {
        return named(word);
    }
    n = strtoul(word, &end, 16);
    return *end != '\0' || n > 0xFFFF ? 0 : (unsigned)n;
}

/* Words between commas, blanks around them dropped; false at the end. */
static bool next_word(const char **list, char *out, size_t room)
{
    const char *p = *list + strspn(*list, ", \t");
    size_t len = strcspn(p, ",");

    *list = p + len;
    while (len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\t')) {
        len--;
    }
    if (len == 0) {
        return false;
    }
    /* Longer than any name: cut, it will not be found. */
    len = len < room ? len : room - 1;
    memcpy(out, p, len);
    out[len] = '\0';
    return true;
}

static enum tch_status read_codes(const char *list,
                                  unsigned (*named)(const char *),
                                  uint16_t *codes, size_t *num)
{
    char word[TCH_NAME_MAX];

    *num = 0;
    while (next_word(&list, word, sizeof word)) {
        unsigned code = code_of(word, named);

        if (code == 0 || *num == MAX_CODES) {
            return TCH_BAD_ARGUMENT;
        }
        codes[(*num)++] = (uint16_t)code;
    }
    return *num == 0 ? TCH_BAD_ARGUMENT : TCH_OK;
}

static bool is_listed(const uint16_t *codes, size_t num, uint16_t code)
{
    for (size_t i = 0; i < num; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

/* The policy's suites that pass, and behind them what was asked for. */
static enum tch_status set_suites(struct tch_config *c,
                                  const struct tch_filter *f)
{
    uint16_t codes[MAX_CODES];
    struct tch_suite_info info;
    size_t num = 0, from_policy;
    const uint16_t *policy = tch_config_suites(c, &from_policy);

    for (size_t i = 0; i < from_policy && num < MAX_CODES; i++) {
        if (tch_suite_describe(policy[i], &info) == TCH_OK &&
            tch_filter_passes(f, &info)) {
            codes[num++] = policy[i];
        }
    }
    for (size_t i = 0; tch_suite_list(i, &info) == TCH_OK; i++) {
        if (num < MAX_CODES && info.built && tch_filter_adds(f, &info) &&
            tch_filter_passes(f, &info) &&
            !is_listed(codes, num, info.code)) {
            codes[num++] = info.code;
        }
    }
    return num == 0 ? TCH_NOTHING_LEFT : tch_config_set_suites(c, codes, num);
}

/* What is left of the policy's signature schemes; untouched without a rule,
 * so that what the engine adds to them later counts. */
static enum tch_status set_schemes(struct tch_config *c,
                                   const struct tch_filter *f)
{
    uint16_t codes[MAX_CODES];
    size_t num = 0, from_policy;
    const uint16_t *policy = tch_config_schemes(c, &from_policy);

    if (!f->no_pkcs1 && !f->no_pss) {
        return TCH_OK;
    }
    for (size_t i = 0; i < from_policy && num < MAX_CODES; i++) {
        if (tch_filter_passes_scheme(f, policy[i])) {
            codes[num++] = policy[i];
        }
    }
    return num == 0 ? TCH_NOTHING_LEFT
                    : tch_config_set_schemes(c, codes, num);
}

static enum tch_status set_algorithms(struct tch_config *c,
                                      const struct tch_params *p,
                                      const TCH_SSPI_OPTIONS *o)
{
    uint16_t codes[MAX_CODES];
    enum tch_status s;
    size_t num;

    if (o->pszSuites != NULL) {
        s = read_codes(o->pszSuites, tch_suite_code, codes, &num);
        if (s == TCH_OK) {
            s = tch_config_set_suites(c, codes, num);
        }
    } else {
        s = set_suites(c, &p->filter);
    }
    if (s == TCH_OK) {
        s = set_schemes(c, &p->filter);
    }
    if (s == TCH_OK && o->pszGroups != NULL) {
        s = read_codes(o->pszGroups, tch_group_code, codes, &num);
        if (s == TCH_OK) {
            s = tch_config_set_groups(c, codes, num);
        }
    }
    return s;
}

static enum tch_status set_versions(struct tch_config *c,
                                    const struct tch_params *p,
                                    const TCH_SSPI_OPTIONS *o)
{
    unsigned versions = p->versions != 0 ? p->versions
                                         : tch_config_versions(c);

    versions &= ~p->without;
    if (o->grbitProtocols != 0) {
        versions = tch_version_bits(o->grbitProtocols);
    }
    return versions == 0 ? TCH_NOTHING_LEFT
                         : tch_config_set_versions(c, versions);
}

/* --------------------------------------------------- certificates, trust */

/* The certificates to send with a leaf: issuers found in its store, without
 * the root unless SCH_SEND_ROOT_CERT says so (contract 5.4). */
static enum tch_status add_identity(struct tch_config *c,
                                    struct tch_cert *leaf, bool with_root)
{
    struct tch_cert *certs[MAX_CHAIN] = { leaf };
    struct tch_slice chain[MAX_CHAIN] = { tch_cert_der(leaf) };
    enum tch_status s;
    size_t num = 1;

    while (num < MAX_CHAIN) {
        struct tch_cert *at = certs[num - 1];
        struct tch_cert *issuer;

        if (tch_slices_equal(tch_cert_issuer(at), tch_cert_subject(at))) {
            break;
        }
        issuer = tch_store_find_issuer(tch_cert_store(leaf),
                                       tch_cert_issuer(at));
        if (issuer == NULL) {
            break;
        }
        if (!with_root && tch_slices_equal(tch_cert_issuer(issuer),
                                           tch_cert_subject(issuer))) {
            tch_cert_unref(issuer);
            break;
        }
        certs[num] = issuer;
        chain[num++] = tch_cert_der(issuer);
    }
    s = tch_config_add_identity(c, chain, num, tch_cert_key(leaf));
    for (size_t i = 1; i < num; i++) {
        tch_cert_unref(certs[i]);
    }
    return s;
}

static enum tch_status add_identities(struct tch_setup *s,
                                      const struct tch_params *p)
{
    bool with_root = (p->flags & SCH_SEND_ROOT_CERT) != 0;

    if (p->num_certs == 0) {
        return TCH_OK;
    }
    s->certs = tch_own(p->num_certs * sizeof(struct tch_cert *));
    if (s->certs == NULL) {
        return TCH_NO_MEMORY;
    }
    for (size_t i = 0; i < p->num_certs; i++) {
        enum tch_status status =
            add_identity(s->config, p->certs[i], with_root);

        s->certs[i] = tch_cert_ref(p->certs[i]);
        s->num_certs++;
        if (status != TCH_OK) {
            return status;
        }
    }
    return TCH_OK;
}

static enum tch_status add_anchors(struct tch_config *c, struct tch_store *s)
{
    struct tch_cert *at = s == NULL ? NULL : tch_store_next(s, NULL);
    enum tch_status status = TCH_OK;

    while (at != NULL) {
        struct tch_cert *next = tch_store_next(s, at);

        if (status == TCH_OK) {
            status = tch_config_add_anchor(c, tch_cert_der(at));
        }
        tch_cert_unref(at);
        at = next;
    }
    return status;
}

/* --------------------------------------------------------------- the rest */

static enum tch_status set_alpn(struct tch_config *c, const char *list)
{
    uint8_t names[MAX_ALPN];
    char word[TCH_TEXT_MAX];
    size_t len = 0;

    if (list == NULL) {
        return TCH_OK;
    }
    while (next_word(&list, word, sizeof word)) {
        size_t n = strlen(word);

        if (len + 1 + n > sizeof names) {
            return TCH_BAD_ARGUMENT;
        }
        names[len] = (uint8_t)n;
        memcpy(names + len + 1, word, n);
        len += 1 + n;
    }
    return tch_config_set_alpn(c, tch_slice_of(names, len));
}

static enum tch_status set_resumption(struct tch_config *c,
                                      const struct tch_params *p,
                                      const TCH_SSPI_OPTIONS *o)
{
    bool on = is_on(o->fResumption, true);
    uint32_t seconds = p->lifespan / 1000;

    if (p->lifespan == NEVER_RESUME && o->dwSessionSeconds == 0) {
        on = on && p->role == TCH_SERVER;
        seconds = 0;
    } else if (p->lifespan > 0 && seconds == 0) {
        seconds = 1;
    }
    if (o->dwSessionSeconds != 0) {
        seconds = o->dwSessionSeconds;
    }
    return tch_config_set_resumption(c, on, seconds);
}

static enum tch_status set_records(struct tch_config *c,
                                   const struct tch_params *p,
                                   const TCH_SSPI_OPTIONS *o)
{
    bool split = (p->flags & SCH_SEND_AUX_RECORD) != 0;
    enum tch_status s = tch_config_set_split_records(
        c, is_on(o->fSplitRecords, split));

    if (s == TCH_OK && o->fVolumeLimit != 0) {
        s = tch_config_set_volume_limit(c, is_on(o->fVolumeLimit, true));
    }
    if (s == TCH_OK && o->fRequireExtendedMasterSecret != 0) {
        s = tch_config_set_extended_master_secret(
            c, is_on(o->fRequireExtendedMasterSecret, false));
    }
    if (s == TCH_OK && o->fEncryptThenMac != 0) {
        s = tch_config_set_encrypt_then_mac(c,
                                            is_on(o->fEncryptThenMac, true));
    }
    if (s == TCH_OK && o->fServerOrder != 0) {
        s = tch_config_set_server_order(c, is_on(o->fServerOrder, true));
    }
    return s;
}

/* Renegotiations are always shown to us (contract 8.3); whether they may
 * happen is the setup's `renegotiation`. */
static enum tch_status set_handshake(struct tch_config *c,
                                     const struct tch_params *p,
                                     const TCH_SSPI_OPTIONS *o)
{
    enum tch_status s =
        tch_config_set_renegotiation(c, TCH_RENEGOTIATION_ASK);

    if (s == TCH_OK && o->fLegacyRenegotiation != 0) {
        s = tch_config_set_legacy_renegotiation(
            c, is_on(o->fLegacyRenegotiation, false));
    }
    if (s == TCH_OK && p->role == TCH_CLIENT) {
        s = tch_config_set_ask_credential(c, true);
    }
    if (s == TCH_OK) {
        s = tch_config_set_keep_peer_chain(c, true);
    }
    if (s == TCH_OK) {
        s = set_alpn(c, o->pszAlpn);
    }
    return s;
}

static enum tch_status fill(struct tch_setup *s, const struct tch_params *p,
                            const TCH_SSPI_OPTIONS *o)
{
    struct tch_config *c = s->config;
    enum tch_status status = TCH_OK;

    if (o->pszPolicy != NULL) {
        status = tch_config_set_policy(c, o->pszPolicy);
    }
    if (status == TCH_OK) {
        status = set_versions(c, p, o);
    }
    if (status == TCH_OK) {
        status = set_algorithms(c, p, o);
    }
    if (status == TCH_OK) {
        status = add_identities(s, p);
    }
    if (status == TCH_OK) {
        status = add_anchors(c, p->roots);
    }
    if (status == TCH_OK) {
        status = add_anchors(c, tch_store_of(o->hAnchors));
    }
    if (status == TCH_OK) {
        status = set_resumption(c, p, o);
    }
    if (status == TCH_OK) {
        status = set_records(c, p, o);
    }
    if (status == TCH_OK) {
        status = set_handshake(c, p, o);
    }
    return status == TCH_OK ? watch(s, o) : status;
}

static void choose(struct tch_setup *s, const struct tch_params *p,
                   const TCH_SSPI_OPTIONS *o)
{
    s->role = p->role;
    s->flags = p->flags;
    s->protocols =
        tch_protocol_bits(p->role, tch_config_versions(s->config));
    s->manual = (p->flags & SCH_CRED_MANUAL_CRED_VALIDATION) != 0;
    s->require_client_certificate =
        is_on(o->fRequireClientCertificate, false);
    s->validate_client_certificate =
        is_on(o->fValidateClientCertificate, false);
    s->renegotiation = is_on(o->fRenegotiation, true);
    s->has_identity = tch_config_num_identities(s->config) > 0;
    s->roots = p->roots == NULL ? NULL : tch_store_open(p->roots);
}

static SECURITY_STATUS status_of(enum tch_status s)
{
    switch ((unsigned)s) {
    case TCH_OK:
        return SEC_E_OK;
    case TCH_NOTHING_LEFT:
        return SEC_E_ALGORITHM_MISMATCH;
    case TCH_BAD_FILE:
        return CRYPT_E_FILE_ERROR;
    case TCH_BAD_ARGUMENT:
    case TCH_NOT_FOUND:
    case TCH_NOT_ALLOWED:
        return SEC_E_INVALID_PARAMETER;
    case TCH_CERT_BAD:
    case TCH_BAD_KEY:
    case TCH_KEY_MISMATCH:
    case TCH_NOT_SUPPORTED:
    case TCH_UNSUPPORTED_CERTIFICATE_KEY:
        return SEC_E_UNKNOWN_CREDENTIALS;
    default:
        return tch_sspi_status(s, 0);
    }
}

struct tch_setup *tch_setup_ref(struct tch_setup *s)
{
    atomic_fetch_add(&s->refs, 1);
    return s;
}

void tch_setup_unref(struct tch_setup *s)
{
    if (s == NULL || atomic_fetch_sub(&s->refs, 1) != 1) {
        return;
    }
    tch_config_free(s->config);
    if (s->watcher.file != NULL) {
        fclose((FILE *)s->watcher.file);
    }
    for (size_t i = 0; i < s->num_certs; i++) {
        tch_cert_unref(s->certs[i]);
    }
    if (s->roots != NULL) {
        tch_store_close(s->roots);
    }
    tch_disown(s->certs, s->num_certs * sizeof(struct tch_cert *));
    tch_disown(s, sizeof *s);
}

SECURITY_STATUS tch_setup_make(const struct tch_params *p,
                               const TCH_SSPI_OPTIONS *o,
                               struct tch_setup **out)
{
    struct tch_setup *s = tch_own(sizeof *s);
    enum tch_status status;

    if (s == NULL) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    atomic_init(&s->refs, 1);
    status = tch_config_new(NULL, &s->config);
    if (status == TCH_OK) {
        status = fill(s, p, o);
    }
    if (status != TCH_OK) {
        tch_setup_unref(s);
        return status_of(status);
    }
    choose(s, p, o);
    *out = s;
    return SEC_E_OK;
}
