/*
 * ServerHello. The server writes down what it settled; the client checks that
 * every value is one it offered, and learns whether an old session goes on.
 *
 * Sources: RFC 5246 7.4.1.3, 7.4.1.4; 5746 3.4, 3.5; 7627 5.2, 5.3; 8446
 * 4.1.3 (downgrade sentinel); dossier R-HS-023 to 032, 050 to 054, R-EXT-001.
 */

#include <string.h>

#include "engine/base/ct.h"
#include "handshake/hs_state.h"

#define PATH(field) "server_hello." field
#define SUPPORTED_VERSIONS 43

static const uint8_t sentinel[8] = { 0x44, 0x4F, 0x57, 0x4E,
                                     0x47, 0x52, 0x44, 0x00 };

/* ---- server ---- */

static bool draw_server(struct tch_hs *hs)
{
    uint8_t *random = hs->r.server_random;

    if (!tch_draw(hs->p->draw, "server.hello.random", random, 32)) {
        return false;
    }
    /* R-HS-026: a server that could do better says so. */
    if (tch_highest_version(hs)->wire == TCH_TLS12 &&
        hs->r.version->wire < TCH_TLS12) {
        memcpy(random + 24, sentinel, sizeof sentinel);
    }
    return true;
}

/* R-HS-057: a new id, unless sessions are not kept. */
static enum tch_status make_session_id(struct tch_hs *hs)
{
    uint8_t *id;

    if (hs->r.resumed || !hs->p->resumption) {
        return TCH_OK;
    }
    id = tch_arena_get(hs->arena, TCH_SESSION_ID_MAX);
    if (id == NULL) {
        return TCH_NO_MEMORY;
    }
    if (!tch_draw(hs->p->draw, "server.session_id", id, TCH_SESSION_ID_MAX)) {
        return TCH_NO_RANDOM;
    }
    hs->r.session_id = tch_slice_of(id, TCH_SESSION_ID_MAX);
    return TCH_OK;
}

/* R-EXT-077, R-EXT-079. */
static enum tch_status answer_renegotiation(struct tch_hs *hs,
                                            struct tch_extensions *e)
{
    const struct tch_hs_before *b = &hs->p->before;
    uint8_t *both;

    if (!b->renegotiation || !b->secure) {
        return TCH_OK;
    }
    both = tch_arena_get(hs->arena, 2 * TCH_VERIFY_DATA_MAX);
    if (both == NULL) {
        return TCH_NO_MEMORY;
    }
    memcpy(both, b->client_verify, b->verify_len);
    memcpy(both + b->verify_len, b->server_verify, b->verify_len);
    e->renegotiation_info = tch_slice_of(both, 2u * b->verify_len);
    return TCH_OK;
}

enum tch_status tch_send_server_hello(struct tch_hs *hs, struct tch_writer *w)
{
    static const uint8_t uncompressed[1] = { 0 };
    struct tch_server_hello m;
    enum tch_status s;

    memset(&m, 0, sizeof m);
    if (!draw_server(hs)) {
        return TCH_NO_RANDOM;
    }
    s = make_session_id(hs);
    if (s == TCH_OK) {
        s = answer_renegotiation(hs, &m.ext);
    }
    if (s != TCH_OK) {
        return s;
    }
    m.server_version = hs->r.version->wire;
    memcpy(m.random, hs->r.server_random, sizeof m.random);
    m.session_id = hs->r.session_id;
    m.cipher_suite = hs->r.suite->code;
    m.ext.present = hs->answer_ext;
    m.ext.block = hs->answer_ext != 0;
    m.ext.alpn = hs->ext_alpn;
    m.ext.point_formats = tch_slice_of(uncompressed, 1);
    tch_write_server_hello(w, &m);
    return TCH_OK;
}

/* ---- client ---- */

static enum tch_status check_version(struct tch_hs *hs,
                                     const struct tch_server_hello *sh)
{
    const struct tch_hs_before *b = &hs->p->before;

    if (!tch_version_enabled(hs, sh->server_version) ||
        (b->renegotiation && sh->server_version != b->version)) {
        return tch_hs_fail(hs, PATH("server_version"), "5246 E.1",
                           TCH_NO_COMMON_VERSION);
    }
    hs->r.version = tch_version_facts(sh->server_version);
    /* R-HS-027. */
    if (tch_highest_version(hs)->wire == TCH_TLS12 &&
        sh->server_version < TCH_TLS12 &&
        tch_ct_equal(sh->random + 24, sentinel, sizeof sentinel) != 0) {
        return tch_hs_fail(hs, PATH("random"), "8446 4.1.3",
                           TCH_ILLEGAL_PARAMETER);
    }
    return TCH_OK;
}

/* R-HS-032, R-EXT-115. */
static enum tch_status check_suite(struct tch_hs *hs,
                                   const struct tch_server_hello *sh)
{
    const struct tch_suite *suite = tch_suite_facts(sh->cipher_suite);

    if (suite == NULL || !tch_suite_for(suite, sh->server_version) ||
        !tch_list_has_u16(hs->offered_suites, sh->cipher_suite)) {
        return tch_hs_fail(hs, PATH("cipher_suite"), "5246 7.4.1.3",
                           TCH_ILLEGAL_PARAMETER);
    }
    if (hs->p->before.has_server_cert && !tch_suite_server_cert(suite)) {
        return tch_hs_fail(hs, PATH("cipher_suite"), "R-HS-077",
                           TCH_ILLEGAL_PARAMETER);
    }
    if (sh->compression_method != 0) {
        return tch_hs_fail(hs, PATH("compression_method"), "5246 7.4.1.3",
                           TCH_ILLEGAL_PARAMETER);
    }
    hs->r.suite = suite;
    return TCH_OK;
}

/* R-EXT-001, 002, 061: nothing unsolicited; what may never be answered. */
static enum tch_status check_solicited(struct tch_hs *hs,
                                       const struct tch_server_hello *sh)
{
    uint32_t offered = hs->offered_ext | TCH_HAS_RENEGOTIATION_INFO;

    if (hs->p->before.renegotiation && sh->ext.unknown &&
        sh->ext.unknown_type == SUPPORTED_VERSIONS) { /* R-HS-038 */
        return tch_hs_fail(hs, PATH("supported_versions"), "8446 4.1.3",
                           TCH_NO_COMMON_VERSION);
    }
    if (sh->ext.unknown || (sh->ext.present & ~offered) != 0) {
        return tch_hs_fail(hs, PATH("extensions"), "5246 7.4.1.4",
                           TCH_UNSUPPORTED_EXTENSION);
    }
    if ((sh->ext.present & TCH_HAS_SIGNATURE_ALGORITHMS) != 0) {
        return tch_hs_fail(hs, PATH("signature_algorithms"),
                           "5246 7.4.1.4.1", TCH_ILLEGAL_PARAMETER);
    }
    if ((sh->ext.present & TCH_HAS_EC_POINT_FORMATS) != 0 &&
        !tch_list_has_u8(sh->ext.point_formats, 0)) {
        return tch_hs_fail(hs, PATH("ec_point_formats"), "8422 5.2",
                           TCH_ILLEGAL_PARAMETER);
    }
    return TCH_OK;
}

/* R-EXT-071, 072, 074, 075. */
static enum tch_status check_renegotiation(struct tch_hs *hs,
                                           const struct tch_server_hello *sh)
{
    const struct tch_hs_before *b = &hs->p->before;
    struct tch_slice got = sh->ext.renegotiation_info;
    bool there = (sh->ext.present & TCH_HAS_RENEGOTIATION_INFO) != 0;
    bool good;

    if (!b->renegotiation) {
        good = got.len == 0;
        hs->r.secure_renegotiation = there;
    } else if (b->secure) {
        good = there && got.len == 2u * b->verify_len &&
               (tch_ct_equal(got.p, b->client_verify, b->verify_len) &
                tch_ct_equal(got.p + b->verify_len, b->server_verify,
                             b->verify_len)) != 0;
        hs->r.secure_renegotiation = true;
    } else {
        good = !there;
    }
    return good ? TCH_OK
                : tch_hs_fail(hs, PATH("renegotiation_info"), "5746 3.5",
                              TCH_HANDSHAKE_VIOLATION);
}

static bool is_offered_session(const struct tch_hs *hs,
                               const struct tch_server_hello *sh)
{
    const struct tch_session *old = hs->p->offer;

    return old != NULL && old->id_len != 0 &&
           sh->session_id.len == old->id_len &&
           tch_ct_equal(sh->session_id.p, old->id, old->id_len) != 0;
}

/* R-HS-050 to 052, R-KEY-048, R-REC-076. */
static enum tch_status check_session(struct tch_hs *hs,
                                     const struct tch_server_hello *sh)
{
    struct tch_session *old = hs->p->offer;

    if (!is_offered_session(hs, sh)) {
        return TCH_OK;
    }
    if (sh->cipher_suite != old->suite ||
        sh->server_version != old->version) {
        return tch_hs_fail(hs, PATH("cipher_suite"), "5246 7.4.1.3",
                           TCH_ILLEGAL_PARAMETER);
    }
    if (hs->r.ems != old->ems) {
        return tch_hs_fail(hs, PATH("extended_master_secret"), "7627 5.3",
                           TCH_HANDSHAKE_VIOLATION);
    }
    if (hs->r.etm != old->etm) {
        return tch_hs_fail(hs, PATH("encrypt_then_mac"), "7366 3",
                           TCH_ILLEGAL_PARAMETER);
    }
    hs->r.session = tch_session_ref(old);
    hs->r.resumed = true;
    hs->script = TCH_SCRIPT_RESUMED;
    return TCH_OK;
}

/* R-KEY-042, 050 to 052; R-REC-074, 075. */
static enum tch_status check_modes(struct tch_hs *hs,
                                   const struct tch_server_hello *sh)
{
    enum tch_cipher_type type = tch_cipher_facts(hs->r.suite->cipher)->type;

    hs->r.ems = (sh->ext.present & TCH_HAS_EXTENDED_MASTER_SECRET) != 0;
    hs->r.etm = (sh->ext.present & TCH_HAS_ENCRYPT_THEN_MAC) != 0;
    if (!hs->r.ems && (hs->p->require_ems || hs->p->before.ems)) {
        return tch_hs_fail(hs, PATH("extended_master_secret"), "7627 5.2",
                           TCH_HANDSHAKE_VIOLATION);
    }
    if (hs->r.etm && type != TCH_TYPE_CBC) {
        return tch_hs_fail(hs, PATH("encrypt_then_mac"), "7366 3",
                           TCH_ILLEGAL_PARAMETER);
    }
    if (hs->p->before.etm && !hs->r.etm) {
        return tch_hs_fail(hs, PATH("encrypt_then_mac"), "7366 3.1",
                           TCH_HANDSHAKE_VIOLATION);
    }
    return TCH_OK;
}

/* R-EXT-090: the one name is one of ours. */
static enum tch_status check_alpn(struct tch_hs *hs,
                                  const struct tch_server_hello *sh)
{
    struct tch_slice list = sh->ext.alpn;
    struct tch_slice ours = hs->p->alpn;
    struct tch_slice got;
    struct tch_slice name;

    if ((sh->ext.present & TCH_HAS_ALPN) == 0) {
        return TCH_OK;
    }
    while (tch_alpn_next(&list, &got)) {
        while (tch_alpn_next(&ours, &name)) {
            if (name.len == got.len &&
                tch_ct_equal(name.p, got.p, name.len) != 0) {
                hs->r.alpn = name;
                return TCH_OK;
            }
        }
    }
    return tch_hs_fail(hs, PATH("application_layer_protocol"), "7301 3.1",
                       TCH_ILLEGAL_PARAMETER);
}

enum tch_status tch_recv_server_hello(struct tch_hs *hs, struct tch_slice body)
{
    typedef enum tch_status check(struct tch_hs *,
                                  const struct tch_server_hello *);
    static check *const checks[] = {
        check_version, check_solicited, check_suite, check_renegotiation,
        check_modes,   check_alpn,      check_session
    };
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);
    struct tch_server_hello sh;
    enum tch_status s;

    ctx.version = NULL;
    ctx.suite = NULL;
    s = tch_parse_server_hello(body, &ctx, &sh);
    for (size_t i = 0; s == TCH_OK && i < sizeof checks / sizeof checks[0];
         i++) {
        s = checks[i](hs, &sh);
    }
    if (s != TCH_OK) {
        return s;
    }
    memcpy(hs->r.server_random, sh.random, sizeof sh.random);
    if (!tch_arena_copy(hs->arena, sh.session_id, &hs->r.session_id)) {
        return TCH_NO_MEMORY;
    }
    hs->flags |= tch_suite_flags(hs->r.suite);
    return TCH_OK;
}

/* ---- both ---- */

/* Hashes that a CertificateVerify may ask for (R-HS-110); `*raw` when it may
 * be made over the messages themselves. */
static unsigned verify_hashes(const struct tch_hs *hs, bool *raw)
{
    unsigned which = 0;

    for (size_t i = 0; i < hs->p->num_schemes; i++) {
        const struct tch_scheme_row *row =
            tch_scheme_facts(hs->p->schemes[i]);

        if (row != NULL && row->hash != TCH_HASH_NONE) {
            which |= 1u << row->hash;
        } else if (row != NULL) {
            *raw = true;
        }
    }
    return which;
}

static unsigned finished_hashes(const struct tch_hs *hs)
{
    return hs->r.version->prf == TCH_PRF_SUITE
               ? 1u << hs->r.suite->prf
               : 1u << TCH_HASH_MD5 | 1u << TCH_HASH_SHA1;
}

enum tch_status tch_after_server_hello(struct tch_hs *hs)
{
    unsigned which = finished_hashes(hs);
    bool raw = false;

    if (hs->r.resumed) {
        memcpy(hs->r.master, hs->r.session->master, TCH_MASTER_LEN);
        hs->master_known = true;
        tch_log_master(hs);
    } else if (hs->r.version->signature_pairs &&
               (tch_hs_is_client(hs) ||
                (hs->flags & TCH_HSF_CERT_REQUEST) != 0)) {
        which |= verify_hashes(hs, &raw);
    }
    tch_transcript_choose(hs, which, raw);
    return TCH_OK;
}

enum tch_status tch_after_server_hello_done(struct tch_hs *hs)
{
    if ((hs->flags & TCH_HSF_CERT_REQUEST) == 0) {
        tch_transcript_narrow(hs, finished_hashes(hs));
    }
    return TCH_OK;
}

enum tch_status tch_send_server_hello_done(struct tch_hs *hs,
                                           struct tch_writer *w)
{
    (void)hs;
    (void)w;
    return TCH_OK;
}

enum tch_status tch_recv_server_hello_done(struct tch_hs *hs,
                                           struct tch_slice body)
{
    static const struct tch_field f = { "server_hello_done", "5246 7.4.5" };
    struct tch_parse_ctx ctx = tch_hs_ctx(hs);

    return tch_parse_empty(body, &ctx, &f);
}
