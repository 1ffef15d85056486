/*
 * ClientHello. The client says what it can do; the server settles version,
 * resumption, suite and extensions, in that order, and has then nothing left
 * to decide but its randoms.
 *
 * Sources: RFC 5246 7.4.1.2; 5746 3.4 to 3.7; 7507 3; 7627 5.2, 5.3; 7301
 * 3.1; 7366 2; dossier 3.5, 5.
 */

#include <string.h>

#include "engine/base/ct.h"
#include "engine/base/hostname.h"
#include "handshake/hs_state.h"

#define RENEGOTIATION_PATH "client_hello.renegotiation_info"

static enum tch_status draw_random(struct tch_hs *hs)
{
    return tch_draw(hs->p->draw, "client.hello.random", hs->r.client_random,
                    sizeof hs->r.client_random)
               ? TCH_OK
               : TCH_NO_RANDOM;
}

/* Puts a list of codes into the arena in the form of the wire. */
static bool wire_list(struct tch_hs *hs, const uint16_t *codes, size_t num,
                      struct tch_slice *out)
{
    uint8_t *p = num == 0 ? NULL : tch_arena_get(hs->arena, 2 * num);

    if (p == NULL && num != 0) {
        return false;
    }
    for (size_t i = 0; i < num; i++) {
        tch_put_u16(p + 2 * i, codes[i]);
    }
    *out = tch_slice_of(p, 2 * num);
    return true;
}

/* Our suites that some enabled version can use (R-CS-001, R-REC-084). */
static enum tch_status list_suites(struct tch_hs *hs)
{
    const struct tch_version_row *top = tch_highest_version(hs);
    uint8_t *p = tch_arena_get(hs->arena, 2 * hs->p->num_suites + 2);
    size_t len = 0;

    if (p == NULL) {
        return TCH_NO_MEMORY;
    }
    for (size_t i = 0; i < hs->p->num_suites; i++) {
        const struct tch_suite *s = tch_suite_facts(hs->p->suites[i]);

        if (s != NULL && s->first <= top->wire &&
            (!tch_kx_has_psk(s->kx) || hs->p->num_psks != 0)) {
            tch_put_u16(p + len, s->code);
            len += 2;
        }
    }
    if (!top->extensions && !hs->p->before.renegotiation) {
        tch_put_u16(p + len, TCH_SCSV_RENEGOTIATION); /* R-EXT-070, 073 */
        len += 2;
    }
    hs->offered_suites = tch_slice_of(p, len);
    return len == 0 ? TCH_NOTHING_LEFT : TCH_OK;
}

static bool offers_ec(const struct tch_hs *hs)
{
    for (size_t i = 0; i < hs->offered_suites.len / 2; i++) {
        const struct tch_suite *s =
            tch_suite_facts(tch_list_u16(hs->offered_suites, i));

        if (s != NULL && tch_kx_uses_ec_group(s->kx)) {
            return true;
        }
    }
    return false;
}

static void offer_renegotiation_info(struct tch_hs *hs,
                                     struct tch_extensions *e)
{
    e->block = true;
    e->present |= TCH_HAS_RENEGOTIATION_INFO;
    if (hs->p->before.renegotiation && hs->p->before.secure) {
        e->renegotiation_info = tch_slice_of(hs->p->before.client_verify,
                                             hs->p->before.verify_len);
    }
}

static enum tch_status offer_extensions(struct tch_hs *hs,
                                        struct tch_extensions *e)
{
    static const uint8_t uncompressed[1] = { 0 };
    const struct tch_version_row *top = tch_highest_version(hs);

    offer_renegotiation_info(hs, e);
    e->present |= TCH_HAS_EXTENDED_MASTER_SECRET;
    if (hs->p->encrypt_then_mac) {
        e->present |= TCH_HAS_ENCRYPT_THEN_MAC;
    }
    if (hs->p->send_server_name) {
        e->present |= TCH_HAS_SERVER_NAME;
        e->server_name = tch_slice_of(hs->p->server_name,
                                      strlen(hs->p->server_name));
    }
    if (hs->p->alpn.len != 0) {
        e->present |= TCH_HAS_ALPN;
        e->alpn = hs->p->alpn;
    }
    if (offers_ec(hs)) {
        e->present |= TCH_HAS_EC_POINT_FORMATS | TCH_HAS_SUPPORTED_GROUPS;
        e->point_formats = tch_slice_of(uncompressed, 1);
    }
    if (top->signature_pairs) {
        e->present |= TCH_HAS_SIGNATURE_ALGORITHMS;
    }
    if (!wire_list(hs, hs->p->groups, hs->p->num_groups, &e->groups) ||
        !wire_list(hs, hs->p->schemes, hs->p->num_schemes, &e->schemes)) {
        return TCH_NO_MEMORY;
    }
    hs->offered_ext = e->present;
    return TCH_OK;
}

enum tch_status tch_send_client_hello(struct tch_hs *hs, struct tch_writer *w)
{
    static const uint8_t null_compression[1] = { 0 };
    const struct tch_version_row *top = tch_highest_version(hs);
    struct tch_client_hello m;
    enum tch_status s;

    memset(&m, 0, sizeof m);
    if (top == NULL) {
        return TCH_NOTHING_LEFT;
    }
    s = draw_random(hs);
    if (s == TCH_OK) {
        s = list_suites(hs);
    }
    if (s == TCH_OK && top->extensions) {
        s = offer_extensions(hs, &m.ext);
    } else if (hs->p->before.renegotiation) {
        offer_renegotiation_info(hs, &m.ext);
    }
    if (s != TCH_OK) {
        return s;
    }
    hs->client_version = top->wire;
    hs->r.offered_version = top->wire;
    m.client_version = top->wire;
    memcpy(m.random, hs->r.client_random, sizeof m.random);
    if (hs->p->offer != NULL) {
        m.session_id = tch_slice_of(hs->p->offer->id, hs->p->offer->id_len);
    }
    m.cipher_suites = hs->offered_suites;
    m.compression_methods = tch_slice_of(null_compression, 1);
    tch_write_client_hello(w, &m);
    return TCH_OK;
}

/* ---- server ---- */

static enum tch_status settle_version(struct tch_hs *hs,
                                      const struct tch_client_hello *ch)
{
    const struct tch_version_row *v = tch_choose_version(hs,
                                                         ch->client_version);

    hs->r.offered_version = ch->client_version;

    if (v == NULL || (hs->p->before.renegotiation &&
                      v->wire != hs->p->before.version)) {
        return tch_hs_fail(hs, "client_hello.client_version", "5246 E.1",
                           TCH_NO_COMMON_VERSION);
    }
    hs->r.version = v;
    hs->client_version = ch->client_version;
    /* R-EXT-112: a fallback that was not needed. */
    if (tch_list_has_u16(ch->cipher_suites, TCH_SCSV_FALLBACK) &&
        tch_highest_version(hs)->wire > ch->client_version) {
        return tch_hs_fail(hs, "client_hello.cipher_suites", "7507 3",
                           TCH_INAPPROPRIATE_FALLBACK);
    }
    if (!tch_list_has_u8(ch->compression_methods, 0)) {
        return tch_hs_fail(hs, "client_hello.compression_methods",
                           "5246 7.4.1.2", TCH_ILLEGAL_PARAMETER);
    }
    return TCH_OK;
}

static bool equals(struct tch_slice s, const uint8_t *p, size_t len)
{
    return s.len == len && tch_ct_equal(s.p, p, len) != 0;
}

/* R-EXT-076 to 080. */
static enum tch_status settle_renegotiation(struct tch_hs *hs,
                                            const struct tch_client_hello *ch)
{
    const struct tch_hs_before *b = &hs->p->before;
    bool scsv = tch_list_has_u16(ch->cipher_suites, TCH_SCSV_RENEGOTIATION);
    bool ext = (ch->ext.present & TCH_HAS_RENEGOTIATION_INFO) != 0;
    bool good;

    if (!b->renegotiation) {
        good = !ext || ch->ext.renegotiation_info.len == 0;
        hs->r.secure_renegotiation = scsv || ext;
    } else if (b->secure) {
        good = !scsv && ext &&
               equals(ch->ext.renegotiation_info, b->client_verify,
                      b->verify_len);
        hs->r.secure_renegotiation = true;
    } else {
        good = !scsv && !ext;
    }
    if (hs->r.secure_renegotiation) {
        hs->answer_ext |= TCH_HAS_RENEGOTIATION_INFO;
    }
    return good ? TCH_OK
                : tch_hs_fail(hs, RENEGOTIATION_PATH, "5746 3.6",
                              TCH_HANDSHAKE_VIOLATION);
}

/* R-KEY-041, 050 to 052. */
static enum tch_status settle_ems(struct tch_hs *hs,
                                  const struct tch_client_hello *ch)
{
    bool offered = hs->r.version->extensions &&
                   (ch->ext.present & TCH_HAS_EXTENDED_MASTER_SECRET) != 0;

    hs->peer_offers_ems = offered;
    hs->r.ems = offered;
    if (!offered && (hs->p->require_ems || hs->p->before.ems)) {
        return tch_hs_fail(hs, "client_hello.extended_master_secret",
                           "7627 5.2", TCH_HANDSHAKE_VIOLATION);
    }
    return TCH_OK;
}

/*
 * Whether the session found may be resumed with this hello: R-HS-052, 053,
 * 059, 060, 061, R-KEY-044 to 046, R-REC-076. A client without EMS offering a
 * session that had it is an error, which is said by `*violation`.
 */
static bool may_resume(const struct tch_hs *hs,
                       const struct tch_client_hello *ch, bool *violation)
{
    const struct tch_session *old = hs->r.session;
    char name[TCH_HOSTNAME_MAX + 1];

    *violation = false;
    if (old == NULL || old->role != TCH_SERVER ||
        !tch_session_is_resumable(old) ||
        old->version != hs->r.version->wire ||
        old->policy > hs->p->policy->id ||
        !tch_list_contains(hs->p->suites, hs->p->num_suites, old->suite) ||
        !tch_list_has_u16(ch->cipher_suites, old->suite) ||
        tch_now(hs->p->clock) >= old->expires) {
        return false;
    }
    if (tch_hostname(ch->ext.server_name, name) > TCH_HOSTNAME_MAX ||
        strcmp(name, old->server_name) != 0) {
        return false;
    }
    /* A renegotiation that asks for a certificate is there to get it. */
    if (!old->has_peer && (hs->p->client_auth == TCH_CLIENT_AUTH_REQUIRE ||
                           (hs->p->client_auth == TCH_CLIENT_AUTH_REQUEST &&
                            hs->p->before.renegotiation))) {
        return false;
    }
    if (hs->p->check_peer && old->has_peer && !old->peer_checked) {
        return false; /* R-HS-061: judged by nobody, or by somebody else */
    }
    if (old->ems && !hs->peer_offers_ems) {
        *violation = true;
        return false;
    }
    return old->ems == hs->peer_offers_ems &&
           (!old->etm || (ch->ext.present & TCH_HAS_ENCRYPT_THEN_MAC) != 0);
}

/* Asks the cache; the answer is in hs->r.session. */
static enum tch_status look_up_session(struct tch_hs *hs,
                                       const struct tch_client_hello *ch)
{
    if (!hs->p->resumption || ch->session_id.len == 0) {
        return TCH_OK;
    }
    if (hs->want == TCH_FX_NEED_INPUT &&
        !tch_arena_copy(hs->arena, ch->session_id, &hs->r.session_id)) {
        return TCH_NO_MEMORY;
    }
    return tch_hs_ask(hs, TCH_FX_NEED_SESSION, TCH_WANT_SESSION);
}

static enum tch_status settle_session(struct tch_hs *hs,
                                      const struct tch_client_hello *ch)
{
    bool violation;

    if (may_resume(hs, ch, &violation)) {
        hs->r.resumed = true;
        hs->r.suite = tch_suite_facts(hs->r.session->suite);
        hs->r.etm = hs->r.session->etm;
        hs->script = TCH_SCRIPT_RESUMED;
        return TCH_OK;
    }
    if (violation) {
        return tch_hs_fail(hs, "client_hello.extended_master_secret",
                           "7627 5.3", TCH_HANDSHAKE_VIOLATION);
    }
    tch_session_unref(hs->r.session);
    hs->r.session = NULL;
    hs->r.session_id = tch_slice_of(NULL, 0);
    return TCH_OK;
}

/* R-EXT-090, 092, 093: our order decides. */
static enum tch_status settle_alpn(struct tch_hs *hs,
                                   const struct tch_client_hello *ch)
{
    struct tch_slice ours = hs->p->alpn;
    struct tch_slice mine;

    if (ours.len == 0 || (ch->ext.present & TCH_HAS_ALPN) == 0) {
        return TCH_OK;
    }
    while (tch_alpn_next(&ours, &mine)) {
        struct tch_slice theirs = ch->ext.alpn;
        struct tch_slice name;

        while (tch_alpn_next(&theirs, &name)) {
            if (equals(name, mine.p, mine.len)) {
                hs->r.alpn = mine;
                hs->ext_alpn = tch_slice_of(mine.p - 1, mine.len + 1);
                hs->answer_ext |= TCH_HAS_ALPN;
                return TCH_OK;
            }
        }
    }
    return tch_hs_fail(hs, "client_hello.application_layer_protocol",
                       "7301 3.2", TCH_NO_APPLICATION_PROTOCOL);
}

/* R-EXT-042. */
static enum tch_status check_point_formats(struct tch_hs *hs,
                                           const struct tch_client_hello *ch)
{
    static const uint16_t nist_and_x[] = {
        TCH_GROUP_SECP256R1, TCH_GROUP_SECP384R1, TCH_GROUP_SECP521R1,
        TCH_GROUP_X25519, TCH_GROUP_X448
    };

    if ((ch->ext.present & TCH_HAS_EC_POINT_FORMATS) == 0 ||
        tch_list_has_u8(ch->ext.point_formats, 0)) {
        return TCH_OK;
    }
    for (size_t i = 0; i < sizeof nist_and_x / sizeof nist_and_x[0]; i++) {
        if (tch_list_has_u16(ch->ext.groups, nist_and_x[i])) {
            return tch_hs_fail(hs, "client_hello.ec_point_formats",
                               "8422 5.1.2", TCH_ILLEGAL_PARAMETER);
        }
    }
    return TCH_OK;
}

/* What depends on the suite: only now is it known. */
static enum tch_status settle_full(struct tch_hs *hs,
                                   const struct tch_client_hello *ch)
{
    enum tch_status s;

    s = check_point_formats(hs, ch);
    if (s != TCH_OK) {
        return s;
    }
    s = tch_choose_suite(hs, ch);
    if (s != TCH_OK) {
        return s;
    }
    hs->r.etm = hs->p->encrypt_then_mac && hs->r.version->extensions &&
                (ch->ext.present & TCH_HAS_ENCRYPT_THEN_MAC) != 0 &&
                tch_cipher_facts(hs->r.suite->cipher)->type == TCH_TYPE_CBC;
    if (tch_kx_uses_ec_group(hs->r.suite->kx) &&
        (ch->ext.present & TCH_HAS_EC_POINT_FORMATS) != 0) {
        hs->answer_ext |= TCH_HAS_EC_POINT_FORMATS;
    }
    if (hs->name_used) { /* R-EXT-014 */
        hs->answer_ext |= TCH_HAS_SERVER_NAME;
    }
    hs->flags |= tch_suite_flags(hs->r.suite);
    if (hs->p->client_auth != TCH_CLIENT_AUTH_NONE &&
        (hs->flags & TCH_HSF_MAY_ASK) != 0) {
        hs->flags |= TCH_HSF_CERT_REQUEST;
    }
    return TCH_OK;
}

static enum tch_status settle(struct tch_hs *hs,
                              const struct tch_client_hello *ch)
{
    enum tch_status s = settle_version(hs, ch);

    if (s == TCH_OK) {
        s = settle_renegotiation(hs, ch);
    }
    if (s == TCH_OK) {
        s = settle_ems(hs, ch);
    }
    if (s == TCH_OK) {
        s = look_up_session(hs, ch);
    }
    if (s == TCH_OK) {
        s = settle_session(hs, ch);
    }
    if (s == TCH_OK) {
        s = settle_alpn(hs, ch);
    }
    if (s == TCH_OK && !hs->r.resumed) {
        s = settle_full(hs, ch);
    }
    /* R-REC-075: a renegotiation must not lose encrypt-then-MAC. */
    if (s == TCH_OK && hs->p->before.etm && !hs->r.etm) {
        s = tch_hs_fail(hs, "client_hello.encrypt_then_mac", "7366 3.1",
                        TCH_HANDSHAKE_VIOLATION);
    }
    return s;
}

enum tch_status tch_recv_client_hello(struct tch_hs *hs, struct tch_slice body)
{
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_client_hello ch;
    enum tch_status s;

    ctx.version = NULL;
    ctx.suite = NULL;
    s = tch_parse_client_hello(body, &ctx, &ch);
    if (s == TCH_OK) {
        s = settle(hs, &ch);
    }
    if (s != TCH_OK) {
        return s;
    }
    memcpy(hs->r.client_random, ch.random, sizeof ch.random);
    if (hs->r.ems) {
        hs->answer_ext |= TCH_HAS_EXTENDED_MASTER_SECRET;
    }
    if (hs->r.etm) {
        hs->answer_ext |= TCH_HAS_ENCRYPT_THEN_MAC;
    }
    if (!tch_arena_copy(hs->arena, ch.ext.server_name, &hs->r.server_name) ||
        !tch_arena_copy(hs->arena, ch.ext.schemes, &hs->r.peer_schemes)) {
        return TCH_NO_MEMORY;
    }
    return TCH_OK;
}
