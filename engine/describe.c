/* Facts for people: names of suites, groups and versions, the sentence of a
 * failure, the name in a ClientHello, the script of the handshake. */

#include <stdio.h>
#include <string.h>

#include "engine/engine.h"
#include "handshake/hs_script.h"
#include "handshake/messages.h"

const char *tch_version(void)
{
    return TCH_VERSION;
}

const char *tch_suite_name(unsigned code)
{
    const struct tch_suite *s = tch_suite_facts(code);

    return s == NULL ? NULL : s->name;
}

unsigned tch_suite_code(const char *name)
{
    const struct tch_suite *s = tch_suite_named(name);

    return s == NULL ? 0 : s->code;
}

const char *tch_group_name(unsigned code)
{
    const struct tch_group_row *g = tch_group_facts(code);

    return g == NULL ? NULL : g->name;
}

unsigned tch_group_code(const char *name)
{
    const struct tch_group_row *g = tch_group_named(name);

    return g == NULL ? 0 : g->code;
}

const char *tch_version_name(unsigned wire)
{
    const struct tch_version_row *v = tch_version_facts(wire);

    return v == NULL ? NULL : v->name;
}

static const char *kx_name(enum tch_kx kx)
{
    static const char *const names[TCH_NUM_KX] = {
        [TCH_KX_NULL] = "NULL",
        [TCH_KX_RSA] = "RSA",
        [TCH_KX_RSA_EXPORT] = "RSA_EXPORT",
        [TCH_KX_RSA_EXPORT1024] = "RSA_EXPORT1024",
        [TCH_KX_DH] = "DH",
        [TCH_KX_DH_EXPORT] = "DH_EXPORT",
        [TCH_KX_DHE] = "DHE",
        [TCH_KX_DHE_EXPORT] = "DHE_EXPORT",
        [TCH_KX_DHE_EXPORT1024] = "DHE_EXPORT1024",
        [TCH_KX_ECDH] = "ECDH",
        [TCH_KX_ECDHE] = "ECDHE",
        [TCH_KX_PSK] = "PSK",
        [TCH_KX_RSA_PSK] = "RSA_PSK",
        [TCH_KX_DHE_PSK] = "DHE_PSK",
        [TCH_KX_ECDHE_PSK] = "ECDHE_PSK",
    };

    return names[kx];
}

static const char *auth_name(enum tch_auth auth)
{
    static const char *const names[] = {
        [TCH_AUTH_NONE] = "none", [TCH_AUTH_RSA] = "RSA",
        [TCH_AUTH_DSA] = "DSA",   [TCH_AUTH_ECDSA] = "ECDSA",
        [TCH_AUTH_PSK] = "PSK",   [TCH_AUTH_RSA_PSK] = "RSA+PSK",
    };

    return names[auth];
}

static void describe(const struct tch_suite *s, struct tch_suite_info *out)
{
    const struct tch_cipher_row *c = tch_cipher_facts(s->cipher);
    const struct tch_hash_row *mac = tch_hash_facts(s->mac);

    out->code = s->code;
    out->name = s->name;
    out->key_exchange = kx_name(s->kx);
    out->authentication = auth_name(s->auth);
    out->cipher = c->name;
    out->aead = c->type == TCH_TYPE_AEAD;
    out->mac = out->aead ? "AEAD" : mac->name;
    out->cipher_bits = c->strength;
    out->mac_bits = (uint16_t)(8u * mac->len);
    out->block_len = c->block;
    out->first_version = s->first;
    out->last_version = s->last;
    out->built = tch_hs_suite_built(s);
}

enum tch_status tch_suite_describe(unsigned code, struct tch_suite_info *out)
{
    const struct tch_suite *s = tch_suite_facts(code);

    if (s == NULL) {
        return TCH_NOT_FOUND;
    }
    describe(s, out);
    return TCH_OK;
}

enum tch_status tch_suite_list(size_t i, struct tch_suite_info *out)
{
    const struct tch_suite *s = tch_suite_at(i);

    if (s == NULL) {
        return TCH_NOT_FOUND;
    }
    describe(s, out);
    return TCH_OK;
}

static size_t say(char *out, size_t cap, size_t at, const char *a,
                  const char *b, const char *c)
{
    int n = snprintf(at < cap ? out + at : NULL, at < cap ? cap - at : 0,
                     "%s%s%s", a, b, c);

    return at + (n > 0 ? (size_t)n : 0);
}

size_t tch_describe_failure(const struct tch_failure *f, char *out, size_t cap)
{
    char number[48];
    size_t at;

    if (cap != 0) {
        out[0] = '\0';
    }
    snprintf(number, sizeof number, " (%u)", (unsigned)f->alert);
    if (f->status == TCH_PEER_ALERT) {
        return say(out, cap, 0, "the peer sent the alert ",
                   tch_alert_name(f->alert), number);
    }
    at = say(out, cap, 0, tch_status_text(f->status), "", "");
    if (f->path[0] != '\0') {
        at = say(out, cap, at, " (at ", f->path, "");
        at = f->rfc == NULL ? at : say(out, cap, at, ", RFC ", f->rfc, "");
        at = say(out, cap, at, ")", "", "");
    }
    if (f->alert == TCH_ALERT_NONE || f->side == TCH_SIDE_NONE) {
        return at;
    }
    return say(out, cap, at,
               f->side == TCH_SIDE_OURS ? "; we sent the alert "
                                        : "; the peer sent the alert ",
               tch_alert_name(f->alert), number);
}

void tch_print_states(bool dot, void (*put)(void *arg, const char *s),
                      void *arg)
{
    tch_hs_print(dot, put, arg);
}

TCH_FIELD(record, "5246 6.2.1");
TCH_FIELD(type, "5246 6.2.1");
TCH_FIELD(record_version, "5246 6.2.1");
TCH_FIELD(fragment, "5246 6.2.1");
TCH_FIELD(msg_type, "5246 7.4");
TCH_FIELD(body, "5246 7.4");

/* The body of a ClientHello that stands whole in the first record. */
static enum tch_status find_client_hello(struct tch_slice in,
                                         struct tch_slice *body)
{
    struct tch_reader r;
    struct tch_reader fragment;
    uint8_t type;
    uint8_t message;
    uint16_t version;

    tch_rd_init(&r, in, &f_record, NULL);
    if (!tch_rd_u8(&r, &f_type, &type)) {
        return TCH_WANT_INPUT;
    }
    if (type != TCH_CONTENT_HANDSHAKE) {
        return TCH_DECODE_ERROR;
    }
    if (!tch_rd_u16(&r, &f_record_version, &version) ||
        !tch_rd_vec16(&r, &f_fragment, 0, TCH_PLAINTEXT_MAX, &fragment)) {
        return in.len >= TCH_RECORD_HEADER_LEN &&
                       tch_get_u16(in.p + 3) > TCH_PLAINTEXT_MAX
                   ? TCH_DECODE_ERROR
                   : TCH_WANT_INPUT;
    }
    if (version >> 8 != 3 || !tch_rd_u8(&fragment, &f_msg_type, &message) ||
        message != TCH_MSG_CLIENT_HELLO ||
        !tch_rd_opaque24(&fragment, &f_body, 0, TCH_PLAINTEXT_MAX, body)) {
        return TCH_DECODE_ERROR;
    }
    return TCH_OK;
}

enum tch_status tch_server_name(struct tch_slice in, struct tch_slice *name)
{
    struct tch_parse_ctx ctx = { NULL, NULL, NULL };
    struct tch_client_hello hello;
    struct tch_slice body;
    enum tch_status s = find_client_hello(in, &body);

    *name = tch_slice_of(NULL, 0);
    if (s == TCH_OK) {
        s = tch_parse_client_hello(body, &ctx, &hello);
    }
    if (s == TCH_OK) {
        *name = hello.ext.server_name;
    }
    return s == TCH_ILLEGAL_PARAMETER ? TCH_DECODE_ERROR : s;
}
