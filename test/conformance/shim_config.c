/*
 * The configuration that all connections of the shim share. The policy is
 * "legacy": a conformance runner wants the old versions, and the suites that a
 * runner of these versions knows.
 */

#include <stdio.h>
#include <string.h>

#include "test/conformance/shim_run.h"

#define CODES_MAX 512

struct tch_slice shim_read_file(const char *name, uint8_t room[SHIM_FILE_MAX])
{
    struct tch_slice text = { room, 0 };
    FILE *f = fopen(name, "rb");

    if (f != NULL) {
        text.len = fread(room, 1, SHIM_FILE_MAX, f);
        fclose(f);
    }
    return text;
}

static unsigned versions_of(const struct shim_flags *f)
{
    const struct {
        unsigned wire;
        unsigned bit;
        bool off;
    } all[] = {
        { 0x300, TCH_VERSION_SSL3, f->no_ssl3 },
        { 0x301, TCH_VERSION_TLS10, f->no_tls1 },
        { 0x302, TCH_VERSION_TLS11, f->no_tls11 },
        { 0x303, TCH_VERSION_TLS12, f->no_tls12 },
    };
    unsigned bits = 0;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!all[i].off &&
            (!f->min_version.set || all[i].wire >= f->min_version.value) &&
            (!f->max_version.set || all[i].wire <= f->max_version.value)) {
            bits |= all[i].bit;
        }
    }
    return bits;
}

static enum tch_status set_suites(struct tch_config *cfg, const char *list)
{
    uint16_t codes[CODES_MAX];
    size_t num = shim_suites(list, codes, CODES_MAX);

    return num == 0 ? TCH_NOT_SUPPORTED
                    : tch_config_set_suites(cfg, codes, num);
}

/* Every code a group may have; those this build lacks are left out. */
static enum tch_status set_all_groups(struct tch_config *cfg)
{
    uint16_t codes[CODES_MAX];
    size_t num = 0;

    for (unsigned code = 1; code < CODES_MAX; code++) {
        if (tch_group_name(code) != NULL) {
            codes[num++] = (uint16_t)code;
        }
    }
    return tch_config_set_groups(cfg, codes, num);
}

static enum tch_status set_groups(struct tch_config *cfg,
                                  const struct shim_flags *f)
{
    if (f->enable_all_curves) {
        return set_all_groups(cfg);
    }
    return f->curves.num == 0 ? TCH_OK
                              : tch_config_set_groups(cfg, f->curves.list,
                                                      f->curves.num);
}

static enum tch_status set_schemes(struct tch_config *cfg,
                                   const struct shim_flags *f)
{
    const struct shim_codes *c = f->signing_prefs.num != 0 ? &f->signing_prefs
                                                           : &f->verify_prefs;

    return c->num == 0 ? TCH_OK : tch_config_set_schemes(cfg, c->list, c->num);
}

static enum tch_status add_identity(struct tch_config *cfg,
                                    const struct shim_flags *f)
{
    static uint8_t cert[SHIM_FILE_MAX];
    static uint8_t key[SHIM_FILE_MAX];

    if (f->cert_file == NULL && f->key_file == NULL) {
        return TCH_OK;
    }
    if (f->cert_file == NULL || f->key_file == NULL) {
        return TCH_BAD_ARGUMENT;
    }
    return tch_config_add_identity_pem(cfg,
                                       shim_read_file(f->cert_file, cert),
                                       shim_read_file(f->key_file, key));
}

static void watch(void *arg, const struct tch_event *ev)
{
    struct shim_seen *seen = arg;
    struct tch_slice m = ev->bytes;

    if (ev->kind != TCH_EV_MESSAGE_IN || m.len < 6) {
        return;
    }
    if (m.p[0] == 1 && m.len <= SHIM_HELLO_MAX) { /* client_hello */
        memcpy(seen->hello, m.p, m.len);
        seen->hello_len = m.len;
    } else if (m.p[0] == 15) { /* certificate_verify, if TLS 1.2 */
        seen->verify_scheme = (uint16_t)(m.p[4] << 8 | m.p[5]);
    }
}

/* Renegotiation without RFC 5746 is what "freely" and its like ask of a
 * client. */
static enum tch_status set_renegotiation(struct tch_config *cfg,
                                         const struct shim_flags *f)
{
    bool wanted = f->renegotiate_freely || f->renegotiate_once ||
                  f->renegotiate_explicit;

    if (f->renegotiate_ignore) {
        return tch_config_set_renegotiation(cfg, TCH_RENEGOTIATION_IGNORE);
    }
    return tch_config_set_legacy_renegotiation(cfg, wanted && !f->server);
}

static enum tch_status fill_config(struct tch_config *cfg, struct shim *sh)
{
    static uint8_t roots[SHIM_FILE_MAX];
    const struct shim_flags *f = sh->flags;
    struct tch_observer o = { watch, NULL, &sh->seen, false };
    enum tch_status s = tch_config_set_policy(cfg, "legacy");

    s = s != TCH_OK ? s : tch_config_set_versions(cfg, versions_of(f));
    s = s != TCH_OK || f->cipher == NULL ? s : set_suites(cfg, f->cipher);
    s = s != TCH_OK ? s : set_groups(cfg, f);
    s = s != TCH_OK ? s : set_schemes(cfg, f);
    s = s != TCH_OK ? s : set_renegotiation(cfg, f);
    s = s != TCH_OK ? s : tch_config_set_split_records(cfg,
                                                       f->cbc_record_splitting);
    s = s != TCH_OK ? s : tch_config_set_observer(cfg, &o);
    s = s != TCH_OK ? s : tch_config_set_keep_peer_chain(cfg, true);
    if (s == TCH_OK && f->trust_cert != NULL) {
        s = tch_config_add_anchors_pem(cfg,
                                       shim_read_file(f->trust_cert, roots));
    }
    return s;
}

/* The issuers of a CertificateRequest are shown to clients that ask for a
 * certificate, not to those that have one: where they are expected, the
 * identity waits in a configuration of its own. */
enum tch_status shim_make_config(struct shim *sh)
{
    const struct shim_flags *f = sh->flags;
    enum tch_status s = tch_config_new(NULL, &sh->cfg);

    s = s != TCH_OK ? s : fill_config(sh->cfg, sh);
    if (s != TCH_OK || f->expect_client_ca_list == NULL) {
        return s != TCH_OK ? s : add_identity(sh->cfg, f);
    }
    s = tch_config_set_ask_credential(sh->cfg, true);
    s = s != TCH_OK ? s : tch_config_copy(sh->cfg, &sh->identity_cfg);
    return s != TCH_OK ? s : add_identity(sh->identity_cfg, f);
}
