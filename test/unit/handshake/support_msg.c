/* See support_msg.h. */

#include "test/unit/handshake/support_msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANDOM32                                        \
    "5F000000 0405060708090A0B0C0D0E0F1011121314151617" \
    "18191A1B1C1D1E1F"

/* clang-format off */
#define CLIENT_HELLO_START                                                 \
    "0303" RANDOM32 "04 A0A1A2A3  0006 C02F 009E 00FF  01 00"
#define FULL_EXTENSIONS                                                    \
    "FF01 0001 00"                                                         \
    "0000 0010 000E 00 000B 6578616D706C652E636F6D"                        \
    "0017 0000  0016 0000  0023 0004 EEEEEEEE  0012 0000"                  \
    "0005 0005 01 0000 0000"                                               \
    "000A 0006 0004 001D 0017  000B 0002 01 00"                            \
    "0010 000E 000C 02 6832 08 687474702F312E31"                           \
    "0001 0001 04  001C 0002 4001"                                         \
    "000D 0006 0004 0403 0804  0032 0004 0002 0401"                        \
    "0015 0003 000000"
#define SERVER_HELLO_START                                                 \
    "0303" RANDOM32 "20 A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"                  \
    "B0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF  C02F 00"
#define SERVER_EXTENSIONS                                                  \
    "FF01 0001 00  0000 0000  0017 0000  0016 0000  0023 0000"             \
    "0012 0007 0005 0003 EEEEEE  0005 0000  000B 0002 01 00"               \
    "0010 0005 0003 02 6832  0001 0001 04  001C 0002 4000"
#define DH_PARAMS "0004 FDFCFBFA  0001 02  0004 E1E2E3E4"
#define EC_PARAMS "03 001D 04 D1D2D3D4"

static const struct msg_case cases[] = {
    { "client_hello", TCH_MSG_CLIENT_HELLO, 0, 0,
      CLIENT_HELLO_START "007C" FULL_EXTENSIONS, 49, false },
    { "client_hello with nothing extra", TCH_MSG_CLIENT_HELLO, 0, 0,
      CLIENT_HELLO_START, 0, false },
    { "server_hello", TCH_MSG_SERVER_HELLO, 0, 0,
      SERVER_HELLO_START "003E" SERVER_EXTENSIONS, 70, false },
    { "server_hello with nothing extra", TCH_MSG_SERVER_HELLO, 0, 0,
      "0301" RANDOM32 "00 002F 00", 0, false },
    { "hello_request", TCH_MSG_HELLO_REQUEST, TCH_TLS12, 0, "", 0, false },
    { "server_hello_done", TCH_MSG_SERVER_HELLO_DONE, TCH_TLS12, 0, "", 0,
      false },
    { "certificate", TCH_MSG_CERTIFICATE, TCH_TLS12, 0xC02F,
      "00000F 000005 E1E2E3E4E5 000004 E6E7E8E9", 0, false },
    { "certificate without certificates", TCH_MSG_CERTIFICATE, TCH_TLS12,
      0xC02F, "000000", 0, false },
    { "certificate_status", TCH_MSG_CERTIFICATE_STATUS, TCH_TLS12, 0xC02F,
      "01 000004 E1E2E3E4", 0, false },
    { "certificate_request of TLS 1.2", TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS12,
      0xC02F, "02 01 40  0006 0401 0403 0804  000B 0004 E1E2E3E4 0003 E5E6E7",
      0, false },
    { "certificate_request of TLS 1.1", TCH_MSG_CERTIFICATE_REQUEST, TCH_TLS11,
      0xC013, "02 01 40  0006 0004 E1E2E3E4", 0, false },
    { "certificate_verify of TLS 1.2", TCH_MSG_CERTIFICATE_VERIFY, TCH_TLS12,
      0xC02F, "0804 0004 E1E2E3E4", 0, false },
    { "certificate_verify of TLS 1.0", TCH_MSG_CERTIFICATE_VERIFY, TCH_TLS10,
      0xC013, "0004 E1E2E3E4", 0, false },
    { "finished of TLS 1.2", TCH_MSG_FINISHED, TCH_TLS12, 0xC02F,
      "E1E2E3E4E5E6E7E8E9EAEBEC", 0, false },
    { "finished of SSL 3.0", TCH_MSG_FINISHED, TCH_SSL3, 0x000A,
      "E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"
      "C0C1C2C3", 0, false },
    { "new_session_ticket", TCH_MSG_NEW_SESSION_TICKET, TCH_TLS12, 0xC02F,
      "00001C20 0005 E1E2E3E4E5", 0, false },
    { "server_key_exchange ECDHE, TLS 1.2", TCH_MSG_SERVER_KEY_EXCHANGE,
      TCH_TLS12, 0xC02F, EC_PARAMS "0401 0004 E1E2E3E4", 0, false },
    { "server_key_exchange ECDHE, TLS 1.1", TCH_MSG_SERVER_KEY_EXCHANGE,
      TCH_TLS11, 0xC013, EC_PARAMS "0004 E1E2E3E4", 0, false },
    { "server_key_exchange DHE, TLS 1.2", TCH_MSG_SERVER_KEY_EXCHANGE,
      TCH_TLS12, 0x009E, DH_PARAMS "0804 0004 E1E2E3E4", 0, false },
    { "server_key_exchange DHE, SSL 3.0", TCH_MSG_SERVER_KEY_EXCHANGE,
      TCH_SSL3, 0x0016, DH_PARAMS "0004 E1E2E3E4", 0, false },
    { "server_key_exchange DH_anon", TCH_MSG_SERVER_KEY_EXCHANGE, TCH_TLS12,
      0x0034, DH_PARAMS, 0, false },
    { "server_key_exchange RSA_EXPORT", TCH_MSG_SERVER_KEY_EXCHANGE, TCH_TLS10,
      0x0003, "0004 FDFCFBFA 0003 010001 0004 E1E2E3E4", 0, false },
    { "server_key_exchange PSK", TCH_MSG_SERVER_KEY_EXCHANGE, TCH_TLS12,
      0x00A8, "0004 68696E74", 0, false },
    { "server_key_exchange RSA_PSK", TCH_MSG_SERVER_KEY_EXCHANGE, TCH_TLS12,
      0x00AC, "0004 68696E74", 0, false },
    { "server_key_exchange DHE_PSK", TCH_MSG_SERVER_KEY_EXCHANGE, TCH_TLS12,
      0x00AA, "0004 68696E74" DH_PARAMS, 0, false },
    { "server_key_exchange ECDHE_PSK", TCH_MSG_SERVER_KEY_EXCHANGE, TCH_TLS12,
      0xC037, "0000" EC_PARAMS, 0, false },
    { "client_key_exchange RSA, TLS 1.0", TCH_MSG_CLIENT_KEY_EXCHANGE,
      TCH_TLS10, 0x002F, "0004 E1E2E3E4", 0, false },
    { "client_key_exchange RSA, SSL 3.0", TCH_MSG_CLIENT_KEY_EXCHANGE,
      TCH_SSL3, 0x000A, "E1E2E3E4", 0, true },
    { "client_key_exchange DHE", TCH_MSG_CLIENT_KEY_EXCHANGE, TCH_TLS12,
      0x009E, "0004 E1E2E3E4", 0, false },
    { "client_key_exchange ECDHE", TCH_MSG_CLIENT_KEY_EXCHANGE, TCH_TLS12,
      0xC02F, "04 E1E2E3E4", 0, false },
    { "client_key_exchange PSK", TCH_MSG_CLIENT_KEY_EXCHANGE, TCH_TLS12,
      0x00A8, "0004 6E616D65", 0, false },
    { "client_key_exchange DHE_PSK", TCH_MSG_CLIENT_KEY_EXCHANGE, TCH_TLS12,
      0x00AA, "0004 6E616D65 0004 E1E2E3E4", 0, false },
    { "client_key_exchange ECDHE_PSK", TCH_MSG_CLIENT_KEY_EXCHANGE, TCH_TLS12,
      0xC037, "0004 6E616D65 04 E1E2E3E4", 0, false },
    { "client_key_exchange RSA_PSK", TCH_MSG_CLIENT_KEY_EXCHANGE, TCH_TLS12,
      0x00AC, "0004 6E616D65 0004 E1E2E3E4", 0, false },
};
/* clang-format on */

const struct msg_case *msg_case_at(size_t i)
{
    return i < sizeof cases / sizeof cases[0] ? &cases[i] : NULL;
}

static unsigned digit(char c)
{
    static const char upper[] = "0123456789ABCDEF";
    static const char lower[] = "0123456789abcdef";
    const char *at = strchr(upper, c);

    if (at != NULL) {
        return (unsigned)(at - upper);
    }
    at = strchr(lower, c);
    if (at == NULL) {
        fprintf(stderr, "no hex digit: %c\n", c);
        abort();
    }
    return (unsigned)(at - lower);
}

size_t msg_hex(const char *hex, uint8_t *out, size_t cap)
{
    size_t n = 0;

    while (*hex != '\0') {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        if (hex[1] == '\0' || n == cap) {
            abort();
        }
        out[n++] = (uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
        hex += 2;
    }
    return n;
}

struct tch_parse_ctx msg_ctx(unsigned version, unsigned suite,
                             struct tch_watch *watch)
{
    struct tch_parse_ctx ctx;

    ctx.version = tch_version_facts(version);
    ctx.suite = suite == 0 ? NULL : tch_suite_facts(suite);
    ctx.watch = watch;
    return ctx;
}

enum tch_status msg_parse(unsigned type, struct tch_slice body,
                          const struct tch_parse_ctx *ctx, union msg_any *out)
{
    static const struct tch_field f_empty = { "empty", "5246 7.4.1.1" };

    switch (type) {
    case TCH_MSG_CLIENT_HELLO:
        return tch_parse_client_hello(body, ctx, &out->client_hello);
    case TCH_MSG_SERVER_HELLO:
        return tch_parse_server_hello(body, ctx, &out->server_hello);
    case TCH_MSG_CERTIFICATE:
        return tch_parse_certificate(body, ctx, &out->certificate);
    case TCH_MSG_CERTIFICATE_STATUS:
        return tch_parse_certificate_status(body, ctx,
                                            &out->certificate_status);
    case TCH_MSG_SERVER_KEY_EXCHANGE:
        return tch_parse_server_key_exchange(body, ctx,
                                             &out->server_key_exchange);
    case TCH_MSG_CERTIFICATE_REQUEST:
        return tch_parse_certificate_request(body, ctx,
                                             &out->certificate_request);
    case TCH_MSG_CLIENT_KEY_EXCHANGE:
        return tch_parse_client_key_exchange(body, ctx,
                                             &out->client_key_exchange);
    case TCH_MSG_CERTIFICATE_VERIFY:
        return tch_parse_certificate_verify(body, ctx,
                                            &out->certificate_verify);
    case TCH_MSG_FINISHED:
        return tch_parse_finished(body, ctx, &out->finished);
    case TCH_MSG_NEW_SESSION_TICKET:
        return tch_parse_new_session_ticket(body, ctx,
                                            &out->new_session_ticket);
    case TCH_MSG_HELLO_REQUEST:
    case TCH_MSG_SERVER_HELLO_DONE:
        return tch_parse_empty(body, ctx, &f_empty);
    default:
        return TCH_INTERNAL;
    }
}

static void write_certificates(struct tch_writer *w,
                               const struct tch_certificate *m)
{
    struct tch_slice list = m->list;
    struct tch_slice *chain = calloc(m->num + 1, sizeof *chain);
    size_t num = 0;

    if (chain == NULL) {
        abort();
    }
    while (num < m->num && tch_certificate_next(&list, &chain[num])) {
        num++;
    }
    tch_write_certificate(w, chain, num);
    free(chain);
}

void msg_write(unsigned type, struct tch_writer *w,
               const struct tch_parse_ctx *ctx, const union msg_any *m)
{
    switch (type) {
    case TCH_MSG_CLIENT_HELLO:
        tch_write_client_hello(w, &m->client_hello);
        break;
    case TCH_MSG_SERVER_HELLO:
        tch_write_server_hello(w, &m->server_hello);
        break;
    case TCH_MSG_CERTIFICATE:
        write_certificates(w, &m->certificate);
        break;
    case TCH_MSG_CERTIFICATE_STATUS:
        tch_write_certificate_status(w, &m->certificate_status);
        break;
    case TCH_MSG_SERVER_KEY_EXCHANGE:
        tch_write_server_key_exchange(w, ctx, &m->server_key_exchange);
        break;
    case TCH_MSG_CERTIFICATE_REQUEST:
        tch_write_certificate_request(w, ctx, &m->certificate_request);
        break;
    case TCH_MSG_CLIENT_KEY_EXCHANGE:
        tch_write_client_key_exchange(w, ctx, &m->client_key_exchange);
        break;
    case TCH_MSG_CERTIFICATE_VERIFY:
        tch_write_certificate_verify(w, ctx, &m->certificate_verify);
        break;
    case TCH_MSG_FINISHED:
        tch_write_finished(w, &m->finished);
        break;
    case TCH_MSG_NEW_SESSION_TICKET:
        tch_write_new_session_ticket(w, &m->new_session_ticket);
        break;
    default:
        break;
    }
}

void msg_make_writable(unsigned type, union msg_any *m)
{
    const struct tch_extension_row *row;

    for (size_t i = 0; type == TCH_MSG_SERVER_HELLO &&
                       (row = tch_extension_at(i)) != NULL;
         i++) {
        if (!row->in_server_hello) {
            m->server_hello.ext.present &= ~row->bit;
        }
    }
}

bool msg_same(struct tch_slice a, struct tch_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static bool same_extensions(const struct tch_extensions *a,
                            const struct tch_extensions *b)
{
    return a->present == b->present &&
           a->max_fragment_length == b->max_fragment_length &&
           a->record_size_limit == b->record_size_limit &&
           a->padding == b->padding &&
           msg_same(a->server_name, b->server_name) &&
           msg_same(a->groups, b->groups) &&
           msg_same(a->point_formats, b->point_formats) &&
           msg_same(a->schemes, b->schemes) &&
           msg_same(a->schemes_cert, b->schemes_cert) &&
           msg_same(a->alpn, b->alpn) && msg_same(a->sct, b->sct) &&
           msg_same(a->session_ticket, b->session_ticket) &&
           msg_same(a->renegotiation_info, b->renegotiation_info);
}

static bool same_client_hello(const struct tch_client_hello *a,
                              const struct tch_client_hello *b)
{
    return a->client_version == b->client_version &&
           memcmp(a->random, b->random, sizeof a->random) == 0 &&
           msg_same(a->session_id, b->session_id) &&
           msg_same(a->cipher_suites, b->cipher_suites) &&
           msg_same(a->compression_methods, b->compression_methods) &&
           same_extensions(&a->ext, &b->ext);
}

static bool same_server_hello(const struct tch_server_hello *a,
                              const struct tch_server_hello *b)
{
    return a->server_version == b->server_version &&
           memcmp(a->random, b->random, sizeof a->random) == 0 &&
           msg_same(a->session_id, b->session_id) &&
           a->cipher_suite == b->cipher_suite &&
           a->compression_method == b->compression_method &&
           same_extensions(&a->ext, &b->ext);
}

static bool same_server_key_exchange(const struct tch_server_key_exchange *a,
                                     const struct tch_server_key_exchange *b)
{
    return msg_same(a->params, b->params) && a->has_hint == b->has_hint &&
           msg_same(a->psk_identity_hint, b->psk_identity_hint) &&
           a->curve_type == b->curve_type &&
           a->named_curve == b->named_curve && msg_same(a->point, b->point) &&
           msg_same(a->dh_p, b->dh_p) && msg_same(a->dh_g, b->dh_g) &&
           msg_same(a->dh_ys, b->dh_ys) &&
           msg_same(a->rsa_modulus, b->rsa_modulus) &&
           msg_same(a->rsa_exponent, b->rsa_exponent) &&
           a->has_signature == b->has_signature && a->scheme == b->scheme &&
           msg_same(a->signature, b->signature);
}

static bool same_client_key_exchange(const struct tch_client_key_exchange *a,
                                     const struct tch_client_key_exchange *b)
{
    return a->has_identity == b->has_identity &&
           msg_same(a->psk_identity, b->psk_identity) &&
           msg_same(a->encrypted_premaster, b->encrypted_premaster) &&
           msg_same(a->dh_yc, b->dh_yc) && msg_same(a->point, b->point);
}

bool msg_equal(unsigned type, const union msg_any *a, const union msg_any *b)
{
    switch (type) {
    case TCH_MSG_CLIENT_HELLO:
        return same_client_hello(&a->client_hello, &b->client_hello);
    case TCH_MSG_SERVER_HELLO:
        return same_server_hello(&a->server_hello, &b->server_hello);
    case TCH_MSG_CERTIFICATE:
        return a->certificate.num == b->certificate.num &&
               msg_same(a->certificate.list, b->certificate.list);
    case TCH_MSG_CERTIFICATE_STATUS:
        return a->certificate_status.status_type ==
                   b->certificate_status.status_type &&
               msg_same(a->certificate_status.response,
                        b->certificate_status.response);
    case TCH_MSG_SERVER_KEY_EXCHANGE:
        return same_server_key_exchange(&a->server_key_exchange,
                                        &b->server_key_exchange);
    case TCH_MSG_CERTIFICATE_REQUEST:
        return msg_same(a->certificate_request.types,
                        b->certificate_request.types) &&
               msg_same(a->certificate_request.schemes,
                        b->certificate_request.schemes) &&
               msg_same(a->certificate_request.authorities,
                        b->certificate_request.authorities);
    case TCH_MSG_CLIENT_KEY_EXCHANGE:
        return same_client_key_exchange(&a->client_key_exchange,
                                        &b->client_key_exchange);
    case TCH_MSG_CERTIFICATE_VERIFY:
        return a->certificate_verify.scheme == b->certificate_verify.scheme &&
               msg_same(a->certificate_verify.signature,
                        b->certificate_verify.signature);
    case TCH_MSG_FINISHED:
        return msg_same(a->finished.verify_data, b->finished.verify_data);
    case TCH_MSG_NEW_SESSION_TICKET:
        return a->new_session_ticket.lifetime_hint ==
                   b->new_session_ticket.lifetime_hint &&
               msg_same(a->new_session_ticket.ticket,
                        b->new_session_ticket.ticket);
    default:
        return true;
    }
}

static void count(void *arg, const struct tch_event *ev)
{
    struct msg_counter *c = arg;

    if (ev->kind != TCH_EV_FIELD || ev->offset + ev->bytes.len > MSG_MAX) {
        abort();
    }
    for (size_t i = 0; i < ev->bytes.len; i++) {
        if (c->shown[ev->offset + i] < UINT8_MAX) {
            c->shown[ev->offset + i]++;
        }
    }
    if (strcmp(ev->name, "length") == 0 && c->num_lengths < 512) {
        c->length_at[c->num_lengths] = ev->offset;
        c->length_width[c->num_lengths] = (uint8_t)ev->bytes.len;
        c->num_lengths++;
    }
}

void msg_counter_init(struct msg_counter *c)
{
    memset(c, 0, sizeof *c);
    c->observer.event = count;
    c->observer.arg = c;
}

bool msg_counter_once(const struct msg_counter *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (c->shown[i] != 1) {
            fprintf(stderr, "byte %zu was shown %u times\n", i,
                    (unsigned)c->shown[i]);
            return false;
        }
    }
    return true;
}
