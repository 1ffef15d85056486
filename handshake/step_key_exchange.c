/*
 * ServerKeyExchange and ClientKeyExchange: how both sides come to the same
 * premaster secret. RSA key transport never says what was wrong with a
 * ciphertext: it goes on with random bytes, and the handshake fails at the
 * Finished record (Bleichenbacher; R-KX-020 to 026).
 *
 * Sources: RFC 5246 7.4.3, 7.4.7; 8422 5.4, 5.7; 7919; dossier 3.6.
 */

#include <string.h>

#include "engine/base/ct.h"
#include "engine/base/wipe.h"
#include "handshake/hs_state.h"

#define PREMASTER_LEN 48u

/* ---- ServerKeyExchange ---- */

static enum tch_status make_kex(struct tch_hs *hs, const char *name)
{
    return hs->kex != NULL ? TCH_OK
                           : tch_kex_new(hs->p->alloc, hs->r.group,
                                         hs->p->draw, name, &hs->kex);
}

/* Writes the parameters into the arena once: they are signed and sent. */
static enum tch_status make_params(struct tch_hs *hs)
{
    const struct tch_group_row *g = tch_group_facts(hs->r.group);
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_server_key_exchange m;
    uint8_t value[TCH_KEX_PUBLIC_MAX];
    size_t value_len = 0;
    size_t room = 3u * TCH_KEX_PUBLIC_MAX + 16;
    uint8_t *buf = tch_arena_get(hs->arena, room);
    struct tch_writer w;

    if (buf == NULL) {
        return TCH_NO_MEMORY;
    }
    memset(&m, 0, sizeof m);
    m.has_hint = tch_kx_has_psk(hs->r.suite->kx); /* an empty one */
    tch_kex_public(hs->kex, value, &value_len);
    if (g->kind == TCH_GROUP_FFDHE) {
        tch_kex_dh_params(hs->kex, &m.dh_p, &m.dh_g);
        m.dh_ys = tch_slice_of(value, value_len);
    } else {
        m.curve_type = 3;
        m.named_curve = g->code;
        m.point = tch_slice_of(value, value_len);
    }
    tch_wr_init(&w, buf, room);
    tch_write_kx_params(&w, &ctx, &m);
    hs->kx_params = tch_wr_done(&w);
    return hs->kx_params.len == 0 ? TCH_INTERNAL : TCH_OK;
}

static enum tch_status sign_params(struct tch_hs *hs,
                                   struct tch_server_key_exchange *m)
{
    struct tch_slice parts[3] = { { hs->r.client_random, 32 },
                                  { hs->r.server_random, 32 },
                                  hs->kx_params };
    struct tch_slice none = { NULL, 0 };

    m->has_signature = true;
    m->scheme = hs->r.scheme;
    return tch_hs_sign(hs, hs->r.scheme, none, parts, 3, &m->signature);
}

enum tch_status tch_send_server_key_exchange(struct tch_hs *hs,
                                             struct tch_writer *w)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_server_key_exchange m;
    enum tch_status s;

    memset(&m, 0, sizeof m);
    s = make_kex(hs, "server.kex.key");
    if (s == TCH_OK && hs->kx_params.len == 0) {
        s = make_params(hs);
    }
    if (s == TCH_OK && tch_suite_signs(hs->r.suite)) {
        s = sign_params(hs, &m);
    }
    if (s != TCH_OK) {
        return s;
    }
    m.params = hs->kx_params;
    tch_write_server_key_exchange(w, &ctx, &m);
    return TCH_OK;
}

/* R-KX-003, R-KX-004, R-EXT-064. */
static enum tch_status check_signature(struct tch_hs *hs,
                                       const struct tch_server_key_exchange *m)
{
    struct tch_slice parts[3] = { { hs->r.client_random, 32 },
                                  { hs->r.server_random, 32 },
                                  m->params };
    uint16_t scheme = m->scheme;
    enum tch_status s;

    if (!hs->r.version->signature_pairs) {
        scheme = tch_implied_scheme(hs->peer.info.kind);
    } else if (!tch_list_contains(hs->p->schemes, hs->p->num_schemes,
                                  scheme)) {
        scheme = 0;
    }
    if (!tch_scheme_fits(hs->peer.info, scheme)) {
        return tch_hs_fail(hs, "server_key_exchange.algorithm", "5246 7.4.3",
                           TCH_ILLEGAL_PARAMETER);
    }
    hs->r.scheme = scheme;
    s = tch_verify(hs->peer.key, scheme, parts, 3, m->signature);
    return s == TCH_BAD_SIGNATURE
               ? tch_hs_fail(hs, "server_key_exchange.signature",
                             "5246 7.4.3", s)
               : s;
}

/* R-KX-060, R-KX-061. */
static enum tch_status take_ec_params(struct tch_hs *hs,
                                      const struct tch_server_key_exchange *m)
{
    const struct tch_group_row *g = tch_group_facts(m->named_curve);

    if (g == NULL || g->kind == TCH_GROUP_FFDHE ||
        !tch_list_contains(hs->p->groups, hs->p->num_groups, g->code)) {
        return tch_hs_fail(hs, "server_key_exchange.named_curve", "8422 5.4",
                           TCH_ILLEGAL_PARAMETER);
    }
    hs->r.group = g->code;
    hs->r.group_bits = g->bits;
    return tch_arena_copy(hs->arena, m->point, &hs->peer_public)
               ? TCH_OK
               : TCH_NO_MEMORY;
}

static unsigned bits_of(struct tch_slice number)
{
    unsigned bits;

    while (number.len != 0 && number.p[0] == 0) {
        number.p++;
        number.len--;
    }
    if (number.len == 0) {
        return 0;
    }
    bits = 8u * (unsigned)(number.len - 1);
    for (unsigned top = number.p[0]; top != 0; top >>= 1) {
        bits++;
    }
    return bits;
}

/* R-KX-041. */
static enum tch_status take_dh_params(struct tch_hs *hs,
                                      const struct tch_server_key_exchange *m)
{
    unsigned bits = bits_of(m->dh_p);
    enum tch_status s;

    if (bits < hs->p->policy->dh_bits) {
        return tch_hs_fail(hs, "server_key_exchange.dh_p", "7919 3.1",
                           TCH_INSUFFICIENT_SECURITY);
    }
    s = tch_kex_new_dh(hs->p->alloc, m->dh_p, m->dh_g, hs->p->draw,
                       "client.kex.key", &hs->kex);
    if (s != TCH_OK) {
        return tch_failed(s) && tch_status_class(s) == TCH_CLASS_PROTOCOL
                   ? tch_hs_fail(hs, "server_key_exchange.dh_p", "7919 3", s)
                   : s;
    }
    hs->r.group_bits = (uint16_t)bits;
    return tch_arena_copy(hs->arena, m->dh_ys, &hs->peer_public)
               ? TCH_OK
               : TCH_NO_MEMORY;
}

enum tch_status tch_recv_server_key_exchange(struct tch_hs *hs,
                                             struct tch_slice body)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_server_key_exchange m;
    enum tch_status s = tch_parse_server_key_exchange(body, &ctx, &m);

    if (s != TCH_OK || !tch_kx_is_ephemeral(hs->r.suite->kx)) {
        return s; /* a PSK hint alone: ignored (R-KX-083) */
    }
    /* The signature first: nothing is computed with parameters that anybody
     * could have sent. */
    if (tch_suite_signs(hs->r.suite)) {
        s = check_signature(hs, &m);
    }
    if (s != TCH_OK) {
        return s;
    }
    return tch_kx_uses_ec_group(hs->r.suite->kx) ? take_ec_params(hs, &m)
                                                 : take_dh_params(hs, &m);
}

/* ---- ClientKeyExchange ---- */

static bool new_premaster(struct tch_hs *hs, size_t room)
{
    hs->premaster = tch_arena_get(hs->arena, room);
    hs->premaster_len = room;
    return hs->premaster != NULL;
}

/* R-GEN-005: whether the client listed the FFDHE group in use. */
static bool dh_group_was_named(const struct tch_hs *hs)
{
    if (!tch_hs_is_client(hs)) {
        return tch_list_has_u16(hs->peer_groups, hs->r.group);
    }
    for (size_t i = 0; i < hs->p->num_groups; i++) {
        if (tch_kex_has_prime_of(hs->kex, hs->p->groups[i])) {
            return true;
        }
    }
    return false;
}

/* The secret from our pair and the peer's public value. */
static enum tch_status agree(struct tch_hs *hs, const char *field)
{
    enum tch_status s;

    if (!new_premaster(hs, TCH_KEX_SECRET_MAX)) {
        return TCH_NO_MEMORY;
    }
    s = tch_kex_agree(hs->kex, hs->peer_public, hs->premaster,
                      &hs->premaster_len);
    if ((s == TCH_ILLEGAL_PARAMETER || s == TCH_HANDSHAKE_VIOLATION) &&
        !tch_kx_uses_ec_group(hs->r.suite->kx)) {
        s = dh_group_was_named(hs) ? TCH_HANDSHAKE_VIOLATION
                                   : TCH_ILLEGAL_PARAMETER;
    }
    return tch_status_class(s) == TCH_CLASS_PROTOCOL
               ? tch_hs_fail(hs, field, "8422 5.11", s)
               : s;
}

static enum tch_status make_rsa_premaster(struct tch_hs *hs)
{
    uint8_t *out = tch_arena_get(hs->arena, TCH_SIGNATURE_MAX);
    size_t len = 0;
    enum tch_status s;

    if (out == NULL || !new_premaster(hs, PREMASTER_LEN)) {
        return TCH_NO_MEMORY;
    }
    tch_put_u16(hs->premaster, hs->client_version); /* R-KX-020 */
    if (!tch_draw(hs->p->draw, "client.rsa.premaster", hs->premaster + 2,
                  PREMASTER_LEN - 2)) {
        return TCH_NO_RANDOM;
    }
    s = tch_rsa_encrypt(hs->peer.key,
                        tch_slice_of(hs->premaster, PREMASTER_LEN),
                        hs->p->draw, out, &len);
    hs->kx_public = tch_slice_of(out, len);
    return s;
}

static enum tch_status make_exchange(struct tch_hs *hs)
{
    uint8_t *out = tch_arena_get(hs->arena, TCH_KEX_PUBLIC_MAX);
    size_t len = 0;
    enum tch_status s = make_kex(hs, "client.kex.key");

    if (s != TCH_OK) {
        return s;
    }
    if (out == NULL) {
        return TCH_NO_MEMORY;
    }
    tch_kex_public(hs->kex, out, &len);
    hs->kx_public = tch_slice_of(out, len);
    return agree(hs, "server_key_exchange.public");
}

/* R-KX-080: premaster = len || other_secret || len || psk. Plain PSK has as
 * many zero bytes for other_secret as the key has. */
static enum tch_status mix_psk(struct tch_hs *hs)
{
    uint8_t *other = hs->premaster;
    size_t other_len = other == NULL ? hs->psk.len : hs->premaster_len;
    size_t len = 2 + other_len + 2 + hs->psk.len;
    uint8_t *mixed = tch_arena_get(hs->arena, len);

    if (mixed == NULL) {
        return TCH_NO_MEMORY;
    }
    tch_put_u16(mixed, (unsigned)other_len);
    if (other != NULL) {
        memcpy(mixed + 2, other, other_len);
        tch_wipe(other, other_len);
    }
    tch_put_u16(mixed + 2 + other_len, (unsigned)hs->psk.len);
    if (hs->psk.len != 0) {
        memcpy(mixed + 4 + other_len, hs->psk.p, hs->psk.len);
    }
    hs->premaster = mixed;
    hs->premaster_len = len;
    return TCH_OK;
}

static bool sends_rsa_premaster(const struct tch_hs *hs)
{
    return hs->r.suite->kx == TCH_KX_RSA || hs->r.suite->kx == TCH_KX_RSA_PSK;
}

/* The client's half: what it sends, and the premaster secret. */
static enum tch_status make_secret(struct tch_hs *hs)
{
    enum tch_status s = TCH_OK;

    if (sends_rsa_premaster(hs)) {
        s = make_rsa_premaster(hs);
    } else if (tch_kx_is_ephemeral(hs->r.suite->kx)) {
        s = make_exchange(hs);
    }
    if (s == TCH_OK && tch_kx_has_psk(hs->r.suite->kx)) {
        hs->psk = hs->p->psks[0].key;
        s = mix_psk(hs);
    }
    hs->kx_made = s == TCH_OK;
    return s;
}

enum tch_status tch_send_client_key_exchange(struct tch_hs *hs,
                                             struct tch_writer *w)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_client_key_exchange m;
    enum tch_status s = TCH_OK;

    if (!hs->kx_made) {
        s = make_secret(hs);
    }
    if (s != TCH_OK) {
        return s;
    }
    memset(&m, 0, sizeof m);
    if (tch_kx_has_psk(hs->r.suite->kx)) {
        m.has_identity = true;
        m.psk_identity = hs->p->psks[0].identity;
    }
    m.encrypted_premaster = hs->kx_public;
    m.dh_yc = hs->kx_public;
    m.point = hs->kx_public;
    tch_write_client_key_exchange(w, &ctx, &m);
    return TCH_OK;
}

static enum tch_status decrypt_outside(struct tch_hs *hs,
                                       struct tch_slice ciphertext)
{
    const struct tch_signer *signer = &hs->r.local->signer;
    uint8_t block[TCH_SIGNATURE_MAX];
    size_t len = 0;
    enum tch_status s;

    if (hs->want == TCH_FX_NEED_DECRYPT && hs->answered) {
        tch_rsa_unwrap_premaster(hs->answer, hs->premaster);
        return tch_hs_ask(hs, TCH_FX_NEED_DECRYPT, TCH_WANT_DECRYPT);
    }
    s = signer->decrypt(signer->arg, ciphertext, block, &len);
    if (s == TCH_WANT_DECRYPT) {
        return tch_hs_ask(hs, TCH_FX_NEED_DECRYPT, TCH_WANT_DECRYPT);
    }
    if (s == TCH_OK && len <= sizeof block) {
        tch_rsa_unwrap_premaster(tch_slice_of(block, len), hs->premaster);
    }
    tch_wipe(block, sizeof block);
    /* A key that refuses a ciphertext must not show: the random premaster
     * secret stays (R-KX-022, R-KX-026). */
    return TCH_OK;
}

/* R-KX-022: 46 random bytes first, whatever comes; then the decrypted ones
 * take their place if they are good; the version is always the offered one. */
static enum tch_status take_rsa_premaster(struct tch_hs *hs,
                                          struct tch_slice ciphertext)
{
    enum tch_status s;

    if (hs->premaster == NULL) {
        if (!new_premaster(hs, PREMASTER_LEN)) {
            return TCH_NO_MEMORY;
        }
        if (!tch_draw(hs->p->draw, "server.rsa.fallback", hs->premaster + 2,
                      PREMASTER_LEN - 2)) {
            return TCH_NO_RANDOM;
        }
    }
    s = hs->r.local->key != NULL
            ? tch_rsa_decrypt_premaster(hs->r.local->key, ciphertext,
                                        hs->p->draw, hs->premaster)
            : decrypt_outside(hs, ciphertext);
    tch_put_u16(hs->premaster, hs->client_version);
    return s;
}

/* R-KX-081: an identity nobody knows gets a random key, so that it cannot be
 * told from a wrong key. */
static enum tch_status find_psk(struct tch_hs *hs, struct tch_slice identity)
{
    static const size_t room = 32;
    uint8_t *none;

    for (size_t i = 0; i < hs->p->num_psks; i++) {
        const struct tch_psk *k = &hs->p->psks[i];

        if (k->identity.len == identity.len &&
            tch_ct_equal(k->identity.p, identity.p, identity.len) != 0) {
            hs->psk = k->key;
            return mix_psk(hs);
        }
    }
    none = tch_arena_get(hs->arena, room);
    if (none == NULL) {
        return TCH_NO_MEMORY;
    }
    if (!tch_draw(hs->p->draw, "server.psk.fallback", none, room)) {
        return TCH_NO_RANDOM;
    }
    hs->psk = tch_slice_of(none, room);
    return mix_psk(hs);
}

enum tch_status tch_recv_client_key_exchange(struct tch_hs *hs,
                                             struct tch_slice body)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_client_key_exchange m;
    enum tch_status s = tch_parse_client_key_exchange(body, &ctx, &m);

    if (s != TCH_OK) {
        return s;
    }
    if (sends_rsa_premaster(hs)) {
        s = take_rsa_premaster(hs, m.encrypted_premaster);
    } else if (tch_kx_is_ephemeral(hs->r.suite->kx)) {
        hs->peer_public = tch_kx_uses_ec_group(hs->r.suite->kx) ? m.point
                                                                : m.dh_yc;
        s = agree(hs, "client_key_exchange.public");
    }
    if (s == TCH_OK && tch_kx_has_psk(hs->r.suite->kx)) {
        s = find_psk(hs, m.psk_identity);
    }
    return s;
}

enum tch_status tch_after_client_key_exchange(struct tch_hs *hs)
{
    return tch_derive_master(hs);
}
