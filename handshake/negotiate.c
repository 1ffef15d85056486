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
                           const struct tch_identity *id)
{
    struct tch_key_info key = { id->kind, id->bits, id->group,
                                id->pss_hash };

    if (!hs->r.version->signature_pairs) {
        return tch_implied_scheme(id->kind);
    }
    for (size_t i = 0; i < hs->p->num_schemes; i++) {
        uint16_t scheme = hs->p->schemes[i];
        bool listed = !hs->peer_sent_schemes
                          ? scheme == TCH_SCHEME_RSA_PKCS1_SHA1 ||
                                scheme == TCH_SCHEME_ECDSA_SHA1 ||
                                scheme == TCH_SCHEME_DSA_SHA1
                          : tch_list_has_u16(hs->common_schemes, scheme);

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
static uint16_t choose_ffdhe(struct tch_hs *hs)
{
    if (hs->peer_lists_ffdhe) {
        uint16_t group = tch_choose_group(hs, TCH_GROUP_FFDHE);

        hs->ffdhe_refused = group == 0;
        return group;
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

unsigned tch_suite_usage(const struct tch_suite *s)
{
    return tch_kx_is_ephemeral(s->kx) ? TCH_KU_DIGITAL_SIGNATURE
                                      : TCH_KU_KEY_ENCIPHERMENT;
}

/* Whether the key can do what the key exchange asks of it. */
static bool can_do(const struct tch_identity *id, const struct tch_suite *s)
{
    return id->key != NULL || (tch_suite_signs(s)
                                   ? id->signer.sign != NULL
                                   : id->signer.decrypt != NULL);
}

bool tch_hs_can_serve(const struct tch_suite *s, const struct tch_identity *id,
                      const struct tch_policy *policy)
{
    if (!tch_suite_server_cert(s)) {
        return true;
    }
    return id != NULL && tch_hs_key_fits(id->kind, s) && can_do(id, s) &&
           (id->key_usage & tch_suite_usage(s)) != 0 &&
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
                         struct tch_identity *id)
{
    uint16_t scheme = 0;

    if (!tch_hs_can_serve(s, id, hs->p->policy) || !curve_known(hs, id)) {
        return false;
    }
    if (tch_suite_signs(s)) {
        scheme = tch_choose_scheme(hs, id);
        if (scheme == 0) {
            return false;
        }
    }
    hs->r.local = id;
    hs->r.scheme = scheme;
    return true;
}

/* Whether an identity is for the name the client asked for. */
static bool is_for(const struct tch_identity *id, const char *host)
{
    struct tch_cert cert;

    return tch_cert_parse(&cert, id->chain[0], NULL) == TCH_OK &&
           tch_cert_matches_host(&cert, host);
}

/* Puts the identities that are for the client's name before the others. */
static enum tch_status order_identities(struct tch_hs *hs,
                                        struct tch_slice name)
{
    char host[TCH_SERVER_NAME_MAX + 1];
    struct tch_identity **ordered;
    size_t num = 0;

    if (hs->num_identities == 0 || name.len == 0 ||
        name.len > TCH_SERVER_NAME_MAX) {
        return TCH_OK;
    }
    ordered = tch_arena_get(hs->arena, 2 * hs->num_identities *
                                           sizeof(struct tch_identity *));
    if (ordered == NULL) {
        return TCH_NO_MEMORY;
    }
    memcpy(host, name.p, name.len);
    host[name.len] = '\0';
    for (size_t i = 0, others = hs->num_identities;
         i < hs->num_identities; i++) {
        bool first = is_for(hs->identities[i], host);

        ordered[first ? num++ : others++] = hs->identities[i];
    }
    for (size_t i = 0; num + i < hs->num_identities; i++) {
        ordered[num + i] = ordered[hs->num_identities + i];
    }
    hs->identities = ordered;
    hs->name_used = num != 0;
    return TCH_OK;
}

static bool find_identity(struct tch_hs *hs, const struct tch_suite *s)
{
    for (size_t i = 0; i < hs->num_identities; i++) {
        if (try_identity(hs, s, hs->identities[i])) {
            return true;
        }
    }
    return false;
}

static bool try_suite(struct tch_hs *hs, const struct tch_suite *s)
{
    uint16_t group = 0;

    if (!tch_suite_for(s, hs->r.version->wire) ||
        (tch_kx_has_psk(s->kx) && hs->p->num_psks == 0)) {
        return false;
    }
    if (hs->p->client_auth == TCH_CLIENT_AUTH_REQUIRE &&
        (tch_suite_flags(s) & TCH_HSF_MAY_ASK) == 0) {
        return false; /* R-HS-095: a suite that cannot ask would not bind */
    }
    if (tch_kx_is_ephemeral(s->kx)) {
        group = tch_kx_uses_ec_group(s->kx)
                    ? tch_choose_group(hs, TCH_GROUP_NIST)
                    : choose_ffdhe(hs);
        if (group == 0) {
            return false;
        }
    }
    if (tch_suite_server_cert(s) && !find_identity(hs, s)) {
        return false;
    }
    hs->r.suite = s;
    hs->r.group = group;
    hs->r.group_bits = group == 0 ? 0 : tch_group_facts(group)->bits;
    return true;
}

static enum tch_status choose_by_ours(struct tch_hs *hs)
{
    for (size_t i = 0; i < hs->p->num_suites; i++) {
        if (tch_list_has_u16(hs->peer_suites, hs->p->suites[i]) &&
            try_suite(hs, tch_suite_facts(hs->p->suites[i]))) {
            return TCH_OK;
        }
    }
    return TCH_NO_COMMON_PARAMETERS;
}

static enum tch_status choose_by_theirs(struct tch_hs *hs)
{
    for (size_t i = 0; 2 * i < hs->peer_suites.len; i++) {
        if (try_suite(hs, tch_suite_facts(tch_list_u16(hs->peer_suites, i)))) {
            return TCH_OK;
        }
    }
    return TCH_NO_COMMON_PARAMETERS;
}

#define NUM_CODES 65536u

/*
 * Those of a peer's list that are in `codes` as well, each once, in the
 * peer's order: however long a list a peer sends, and however often it
 * repeats itself, what follows is bounded by our own lists.
 */
static bool narrow(struct tch_hs *hs, struct tch_slice list,
                   const uint16_t *codes, size_t num, struct tch_slice *out)
{
    uint8_t wanted[NUM_CODES / 8] = { 0 };
    uint8_t *p = tch_arena_get(hs->arena, 2 * num + 1);
    size_t len = 0;

    if (p == NULL) {
        return false;
    }
    for (size_t i = 0; i < num; i++) {
        wanted[codes[i] / 8] |= (uint8_t)(1u << codes[i] % 8);
    }
    for (size_t i = 0; 2 * i < list.len; i++) {
        unsigned code = tch_list_u16(list, i);
        uint8_t bit = (uint8_t)(1u << code % 8);

        if ((wanted[code / 8] & bit) != 0) {
            wanted[code / 8] &= (uint8_t)~bit;
            tch_put_u16(p + len, code);
            len += 2;
        }
    }
    *out = tch_slice_of(p, len);
    return true;
}

static bool narrow_groups(struct tch_hs *hs, struct tch_slice list)
{
    uint16_t known[64];
    size_t num = 0;

    while (num < 64 && tch_group_at(num) != NULL) {
        known[num] = tch_group_at(num)->code;
        num++;
    }
    for (size_t i = 0; 2 * i < list.len; i++) {
        unsigned code = tch_list_u16(list, i);

        /* R-KX-044 asks for the range, known to us or not. */
        hs->peer_lists_ffdhe = hs->peer_lists_ffdhe || code >> 8 == 1;
    }
    return narrow(hs, list, known, num, &hs->peer_groups);
}

enum tch_status tch_choose_suite(struct tch_hs *hs,
                                 const struct tch_client_hello *ch)
{
    const struct tch_hs_params *p = hs->p;
    enum tch_status s;

    hs->peer_sent_groups = (ch->ext.present & TCH_HAS_SUPPORTED_GROUPS) != 0;
    hs->peer_sent_schemes =
        (ch->ext.present & TCH_HAS_SIGNATURE_ALGORITHMS) != 0;
    if (!narrow_groups(hs, ch->ext.groups) ||
        !narrow(hs, ch->ext.schemes, p->schemes, p->num_schemes,
                &hs->common_schemes) ||
        !narrow(hs, ch->cipher_suites, p->suites, p->num_suites,
                &hs->peer_suites)) {
        return TCH_NO_MEMORY;
    }
    s = order_identities(hs, ch->ext.server_name);
    if (s != TCH_OK) {
        return s;
    }
    s = p->server_order ? choose_by_ours(hs) : choose_by_theirs(hs);
    if (s != TCH_OK) {
        s = hs->ffdhe_refused ? TCH_INSUFFICIENT_SECURITY : s; /* R-KX-044 */
        return tch_hs_fail(hs, "client_hello.cipher_suites", "5246 7.4.1.3",
                           s);
    }
    tch_hs_report(hs, TCH_EV_CHOICE, "cipher_suite", hs->r.suite->name,
                  "5246 7.4.1.3");
    return TCH_OK;
}
