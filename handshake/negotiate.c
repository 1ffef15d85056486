/*
 * Choosing. The server picks the first suite that both sides have and that
 * lets the whole handshake succeed: version, key exchange, certificate, group
 * and signature scheme are looked at together (R-HS-033).
 *
 * Sources: RFC 5246 7.4.1.3, 7.4.1.4.1, 7.4.2; RFC 8422 4; dossier R-HS-021,
 * 030, 033, 034, R-EXT-042..045, 063, 064.
 */

#include <string.h>

#include "crypto-glue/cipher.h"
#include "crypto-glue/x509/x509.h"
#include "handshake/hs_state.h"

/* Rows of the version table and key exchanges this build has. */
const unsigned tch_hs_versions_built = 0xF; /* SSL 3.0 to TLS 1.2 */

static bool kx_built(enum tch_kx kx)
{
    return kx == TCH_KX_RSA || kx == TCH_KX_DHE || kx == TCH_KX_ECDHE ||
           tch_kx_has_psk(kx);
}

static unsigned version_bit(unsigned wire)
{
    for (size_t i = 0; tch_version_at(i) != NULL; i++) {
        if (tch_version_at(i)->wire == wire) {
            return 1u << i;
        }
    }
    return 0;
}

bool tch_hs_suite_built(const struct tch_suite *s)
{
    return kx_built(s->kx) && tch_cipher_supported(s->cipher) &&
           (s->auth != TCH_AUTH_DSA ||
            tch_hs_scheme_built(TCH_SCHEME_DSA_SHA1));
}

bool tch_hs_scheme_built(unsigned scheme)
{
    const struct tch_scheme_row *row = tch_scheme_facts(scheme);
    struct tch_key_info key = { TCH_KEY_NONE, 4096, TCH_GROUP_SECP256R1,
                                TCH_HASH_NONE };

    if (row == NULL || scheme == TCH_SCHEME_RSA_MD5_SHA1) {
        return false;
    }
    key.kind = row->key;
    return tch_scheme_fits(key, scheme);
}

bool tch_list_contains(const uint16_t *list, size_t num, unsigned code)
{
    for (size_t i = 0; i < num; i++) {
        if (list[i] == code) {
            return true;
        }
    }
    return false;
}

bool tch_version_enabled(const struct tch_hs *hs, unsigned wire)
{
    return (hs->p->versions & version_bit(wire)) != 0;
}

const struct tch_version_row *tch_choose_version(const struct tch_hs *hs,
                                                 unsigned wire)
{
    const struct tch_version_row *best = NULL;
    const struct tch_version_row *row;

    for (size_t i = 0; (row = tch_version_at(i)) != NULL; i++) {
        if ((hs->p->versions & 1u << i) != 0 && row->wire <= wire) {
            best = row;
        }
    }
    return best;
}

const struct tch_version_row *tch_highest_version(const struct tch_hs *hs)
{
    return tch_choose_version(hs, TCH_TLS12);
}

uint16_t tch_implied_scheme(enum tch_key_kind kind)
{
    switch (kind) {
    case TCH_KEY_RSA:
        return TCH_SCHEME_RSA_MD5_SHA1;
    case TCH_KEY_EC:
        return TCH_SCHEME_ECDSA_SHA1;
    case TCH_KEY_DSA:
        return TCH_SCHEME_DSA_SHA1;
    case TCH_KEY_NONE:
    case TCH_KEY_RSA_PSS:
    case TCH_KEY_ED25519:
    case TCH_KEY_ED448:
        break;
    }
    return 0;
}

uint16_t tch_choose_scheme(const struct tch_hs *hs,
                           const struct tch_identity *id,
                           struct tch_slice peer_schemes)
{
    struct tch_key_info key = { id->kind, id->bits, id->group,
                                id->pss_hash };

    if (!hs->r.version->signature_pairs) {
        return tch_implied_scheme(id->kind);
    }
    for (size_t i = 0; i < hs->p->num_schemes; i++) {
        uint16_t scheme = hs->p->schemes[i];
        bool listed = peer_schemes.len == 0
                          ? scheme == TCH_SCHEME_RSA_PKCS1_SHA1 ||
                                scheme == TCH_SCHEME_ECDSA_SHA1 ||
                                scheme == TCH_SCHEME_DSA_SHA1
                          : tch_list_has_u16(peer_schemes, scheme);

        if (listed && tch_scheme_fits(key, scheme)) {
            return scheme;
        }
    }
    return 0;
}

unsigned tch_suite_flags(const struct tch_suite *s)
{
    bool psk = tch_kx_has_psk(s->kx);
    bool cert = tch_suite_server_cert(s);
    bool kx = tch_kx_is_ephemeral(s->kx);

    return (cert ? TCH_HSF_SERVER_CERT : 0u) |
           (kx ? TCH_HSF_SERVER_KX : 0u) |
           (cert && !psk ? TCH_HSF_MAY_ASK : 0u) | /* R-KX-084 */
           (psk && !kx ? TCH_HSF_MAY_HINT : 0u);
}

uint16_t tch_choose_group(const struct tch_hs *hs, enum tch_group_kind kind)
{
    bool ff = kind == TCH_GROUP_FFDHE;

    for (size_t i = 0; i < hs->p->num_groups; i++) {
        const struct tch_group_row *g = tch_group_facts(hs->p->groups[i]);

        if (g == NULL || (g->kind == TCH_GROUP_FFDHE) != ff) {
            continue;
        }
        /* R-EXT-045: a client that says nothing gets secp256r1. */
        if (hs->peer_sent_groups
                ? tch_list_has_u16(hs->peer_groups, g->code)
                : ff || g->code == TCH_GROUP_SECP256R1) {
            return g->code;
        }
    }
    return 0;
}

/* R-KX-044, R-KX-045: a client that lists FFDHE groups gets one of them or no
 * DHE; one that lists none gets our first. */
static uint16_t choose_ffdhe(const struct tch_hs *hs)
{
    for (size_t i = 0; i + 2 <= hs->peer_groups.len; i += 2) {
        if (hs->peer_groups.p[i] == 1) { /* codes 256 to 511 */
            return tch_choose_group(hs, TCH_GROUP_FFDHE);
        }
    }
    for (size_t i = 0; i < hs->p->num_groups; i++) {
        const struct tch_group_row *g = tch_group_facts(hs->p->groups[i]);

        if (g != NULL && g->kind == TCH_GROUP_FFDHE) {
            return g->code;
        }
    }
    return 0;
}

bool tch_hs_key_fits(enum tch_key_kind kind, const struct tch_suite *s)
{
    switch (s->auth) {
    case TCH_AUTH_RSA:
    case TCH_AUTH_RSA_PSK:
        /* An RSASSA-PSS key cannot encrypt (R-PKI-084). */
        return kind == TCH_KEY_RSA ||
               (kind == TCH_KEY_RSA_PSS && tch_kx_is_ephemeral(s->kx));
    case TCH_AUTH_ECDSA:
        return kind == TCH_KEY_EC || kind == TCH_KEY_ED25519 ||
               kind == TCH_KEY_ED448;
    case TCH_AUTH_DSA:
        return kind == TCH_KEY_DSA;
    case TCH_AUTH_NONE:
    case TCH_AUTH_PSK:
        break;
    }
    return false;
}

bool tch_hs_can_serve(const struct tch_suite *s, const struct tch_identity *id,
                      const struct tch_policy *policy)
{
    unsigned usage = tch_kx_is_ephemeral(s->kx) ? 1u << 0 : 1u << 2;

    if (!tch_suite_server_cert(s)) {
        return true;
    }
    return id != NULL && tch_hs_key_fits(id->kind, s) &&
           (id->key_usage & usage) != 0 &&
           tch_policy_has_key(policy, id->kind, id->bits);
}

/* R-EXT-044: the certificate's curve is one the client can use. */
static bool curve_known(const struct tch_hs *hs, const struct tch_identity *id)
{
    return id->kind != TCH_KEY_EC || !hs->peer_sent_groups ||
           tch_list_has_u16(hs->peer_groups, id->group);
}

/* Tries one suite with one identity; fills in what it settled. */
static bool try_identity(struct tch_hs *hs, const struct tch_suite *s,
                         const struct tch_identity *id,
                         struct tch_slice schemes)
{
    uint16_t scheme = 0;

    if (!tch_hs_can_serve(s, id, hs->p->policy) || !curve_known(hs, id)) {
        return false;
    }
    if (tch_suite_signs(s)) {
        scheme = tch_choose_scheme(hs, id, schemes);
        if (scheme == 0) {
            return false;
        }
    }
    hs->r.local = id;
    hs->r.scheme = scheme;
    return true;
}

/* Whether an identity is for the name the client asked for. */
static bool is_for(const struct tch_identity *id, struct tch_slice name)
{
    char host[TCH_SERVER_NAME_MAX + 1];
    struct tch_cert cert;

    if (name.len == 0 || name.len > TCH_SERVER_NAME_MAX ||
        tch_cert_parse(&cert, id->chain[0], NULL) != TCH_OK) {
        return false;
    }
    memcpy(host, name.p, name.len);
    host[name.len] = '\0';
    return tch_cert_matches_host(&cert, host);
}

/* One that is for the client's name goes before the others. */
static bool find_identity(struct tch_hs *hs, const struct tch_suite *s,
                          const struct tch_client_hello *ch)
{
    for (size_t i = 0; hs->num_identities > 1 && i < hs->num_identities; i++) {
        if (is_for(hs->identities[i], ch->ext.server_name) &&
            try_identity(hs, s, hs->identities[i], ch->ext.schemes)) {
            return true;
        }
    }
    for (size_t i = 0; i < hs->num_identities; i++) {
        if (try_identity(hs, s, hs->identities[i], ch->ext.schemes)) {
            return true;
        }
    }
    return false;
}

static bool try_suite(struct tch_hs *hs, const struct tch_suite *s,
                      const struct tch_client_hello *ch)
{
    uint16_t group = 0;

    if (!tch_suite_for(s, hs->r.version->wire) ||
        (tch_kx_has_psk(s->kx) && hs->p->num_psks == 0)) {
        return false;
    }
    if (tch_kx_is_ephemeral(s->kx)) {
        group = tch_kx_uses_ec_group(s->kx)
                    ? tch_choose_group(hs, TCH_GROUP_NIST)
                    : choose_ffdhe(hs);
        if (group == 0) {
            return false;
        }
    }
    if (tch_suite_server_cert(s) && !find_identity(hs, s, ch)) {
        return false;
    }
    hs->r.suite = s;
    hs->r.group = group;
    hs->r.group_bits = group == 0 ? 0 : tch_group_facts(group)->bits;
    return true;
}

static enum tch_status choose_by_ours(struct tch_hs *hs,
                                      const struct tch_client_hello *ch)
{
    for (size_t i = 0; i < hs->p->num_suites; i++) {
        if (tch_list_has_u16(ch->cipher_suites, hs->p->suites[i]) &&
            try_suite(hs, tch_suite_facts(hs->p->suites[i]), ch)) {
            return TCH_OK;
        }
    }
    return TCH_NO_COMMON_PARAMETERS;
}

static enum tch_status choose_by_theirs(struct tch_hs *hs,
                                        const struct tch_client_hello *ch)
{
    for (size_t i = 0; 2 * i < ch->cipher_suites.len; i++) {
        uint16_t code = tch_list_u16(ch->cipher_suites, i);

        if (tch_list_contains(hs->p->suites, hs->p->num_suites, code) &&
            try_suite(hs, tch_suite_facts(code), ch)) {
            return TCH_OK;
        }
    }
    return TCH_NO_COMMON_PARAMETERS;
}

enum tch_status tch_choose_suite(struct tch_hs *hs,
                                 const struct tch_client_hello *ch)
{
    enum tch_status s = hs->p->server_order ? choose_by_ours(hs, ch)
                                            : choose_by_theirs(hs, ch);

    if (s != TCH_OK) {
        return tch_hs_fail(hs, "client_hello.cipher_suites", "5246 7.4.1.3",
                           s);
    }
    tch_hs_report(hs, TCH_EV_CHOICE, "cipher_suite", hs->r.suite->name,
                  "5246 7.4.1.3");
    return TCH_OK;
}
