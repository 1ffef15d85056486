/*
 * Every flag of the shim, in each role it has a meaning in, against a peer of
 * our own (peer_scene.c). What is expected follows from RFCs and the meaning
 * of the flag; where both ends compute a value, the peer's is compared.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/conformance/peer_scene.h"

#define CERTS "vectors/certs/"
#define SSL3 TCH_VERSION_SSL3
#define TLS10 TCH_VERSION_TLS10
#define TLS11 TCH_VERSION_TLS11
#define TLS12 TCH_VERSION_TLS12

/* The subject of ca.pem: O = Tomchannel Test, CN = Tomchannel Test Root CA. */
#define CA_NAME                                                               \
    "303c31183016060355040a0c0f546f6d6368616e6e656c2054657374312030"          \
    "1e06035504030c17546f6d6368616e6e656c205465737420526f6f74204341"

#define FOO_BAR "\3foo\3bar"

static struct tch_slice slice_of_text(const char *text)
{
    return tch_slice_of(text, strlen(text));
}

/* ---- what the peer does after the handshake ---- */

static bool part_after_hello(struct peer *p)
{
    return peer_expect(p, "hello", 5) && peer_talk(p) && peer_part(p);
}

static bool is_left(struct peer *p)
{
    struct tch_slice data;

    return link_read(&p->link, &data) == TCH_CLOSED ||
           peer_wrong(p, "no close_notify came");
}

static bool is_left_after_hello(struct peer *p)
{
    return peer_expect(p, "hello", 5) && is_left(p);
}

/* Both directions are closed in order. */
static bool is_left_and_parts(struct peer *p)
{
    bool good = is_left(p);

    (void)tch_close(p->link.conn);
    link_flush(&p->link);
    return good;
}

/* The first connection has no greeting, the others have. */
static bool hello_when_resumed(struct peer *p)
{
    return p->connection == 0 ? peer_talk(p) && peer_part(p)
                              : part_after_hello(p);
}

static bool hello_when_new(struct peer *p)
{
    return p->connection == 0 ? part_after_hello(p)
                              : peer_talk(p) && peer_part(p);
}

/* The socket is closed and nothing said. */
static bool just_leave(struct peer *p)
{
    return peer_talk(p);
}

static bool sizes(struct peer *p)
{
    size_t left = 1 + 255 + 256 + 257 + 16383 + 16384 + 16385 + 32767 + 32768 +
                  32769;

    while (left != 0) {
        struct tch_slice got;
        enum tch_status s = link_read(&p->link, &got);

        if (s != TCH_OK || got.len > left) {
            return peer_wrong(p, "not the bytes of all sizes");
        }
        left -= got.len;
        for (size_t i = 0; i < got.len; i++) {
            if (got.p[i] != 0x42) {
                return peer_wrong(p, "another byte than 0x42");
            }
        }
    }
    return is_left(p);
}

/* What one write of five bytes arrives as. */
static bool hello_in_records(struct peer *p, size_t first)
{
    struct tch_slice got;

    if (link_read(&p->link, &got) != TCH_OK || got.len != first ||
        memcmp(got.p, "hello", first) != 0) {
        return peer_wrong(p, "not the first record expected");
    }
    return peer_expect(p, &"hello"[first], 5 - first) && peer_part(p);
}

static bool hello_in_one(struct peer *p)
{
    return hello_in_records(p, 5);
}

static bool hello_in_two(struct peer *p)
{
    return hello_in_records(p, 1);
}

static bool echo_by_threes(struct peer *p)
{
    static const uint8_t back[7] = { 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0xFA, 0xF9 };
    static const uint8_t there[7] = { 0, 1, 2, 3, 4, 5, 6 };

    if (link_write(&p->link, there, sizeof there) != TCH_OK) {
        return peer_wrong(p, "no write");
    }
    for (size_t at = 0; at < sizeof back; at += 3) {
        struct tch_slice got;
        size_t want = sizeof back - at < 3 ? sizeof back - at : 3;

        if (link_read(&p->link, &got) != TCH_OK || got.len != want ||
            memcmp(got.p, back + at, want) != 0) {
            return peer_wrong(p, "not an echo of three bytes");
        }
    }
    return peer_part(p);
}

static bool tls_unique(struct peer *p)
{
    uint8_t want[64];
    size_t len = 0;

    return tch_conn_tls_unique(p->link.conn, want, &len) == TCH_OK &&
           len == 12 && peer_expect(p, want, len) && peer_part(p);
}

static bool exported(struct peer *p, struct tch_slice context)
{
    uint8_t want[100];

    return tch_conn_export(p->link.conn, "EXPERIMENTAL shim", context, want,
                           sizeof want) == TCH_OK &&
           peer_expect(p, want, sizeof want) && peer_part(p);
}

static bool exported_plain(struct peer *p)
{
    return exported(p, tch_slice_of(NULL, 0));
}

static bool exported_empty(struct peer *p)
{
    return exported(p, slice_of_text(""));
}

static bool exported_context(struct peer *p)
{
    return exported(p, slice_of_text("context"));
}

static bool again(struct peer *p, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        enum tch_status s = peer_talk(p) ? peer_renegotiate(p) : TCH_INTERNAL;

        if (s != TCH_OK) {
            return peer_wrong(p, tch_status_name(s));
        }
    }
    return peer_talk(p) && peer_part(p);
}

static bool again_once(struct peer *p)
{
    return again(p, 1);
}

static bool again_twice(struct peer *p)
{
    return again(p, 2);
}

/* The request is not answered, and nothing else suffers. */
static bool ask_in_vain(struct peer *p)
{
    return tch_renegotiate(p->link.conn) == TCH_OK && peer_talk(p) &&
           peer_part(p);
}

/* Data is sent before the ClientHello comes, and echoed inside. */
static bool again_with_data(struct peer *p)
{
    static const uint8_t there[2] = { 1, 2 };
    static const uint8_t back[2] = { 0xFE, 0xFD };
    enum tch_status s;

    if (tch_renegotiate(p->link.conn) != TCH_OK ||
        link_write(&p->link, there, sizeof there) != TCH_OK) {
        return peer_wrong(p, "no request");
    }
    s = link_read(&p->link, &(struct tch_slice){ NULL, 0 });
    s = s == TCH_RENEGOTIATE ? link_handshake(&p->link) : s;
    if (s != TCH_OK) {
        return peer_wrong(p, tch_status_name(s));
    }
    return p->inside_len == sizeof back &&
           memcmp(p->inside, back, sizeof back) == 0 && peer_part(p);
}

/* ---- what the peer finds ---- */

static bool has_extension(const struct peer *p, unsigned type,
                          struct tch_slice *out)
{
    return link_extension(tch_slice_of(p->hello, p->hello_len), type, out);
}

static bool offers_no_ticket(const struct peer *p, const struct tch_info *info)
{
    struct tch_slice ext;

    (void)info;
    return !has_extension(p, 35, &ext);
}

static bool offers_two_groups(const struct peer *p,
                              const struct tch_info *info)
{
    static const uint8_t want[] = { 0, 4, 0, 25, 0, 24 };
    struct tch_slice ext;

    (void)info;
    return has_extension(p, 10, &ext) && ext.len == sizeof want &&
           memcmp(ext.p, want, sizeof want) == 0;
}

static bool is_resumed_later(const struct peer *p, const struct tch_info *info)
{
    return info->resumed == (p->connection != 0);
}

static bool is_never_resumed(const struct peer *p, const struct tch_info *info)
{
    (void)p;
    return !info->resumed;
}

static bool names_a_host(const struct peer *p, const struct tch_info *info)
{
    static const char name[] = "example.test";

    (void)p;
    return info->server_name.len == sizeof name - 1 &&
           memcmp(info->server_name.p, name, sizeof name - 1) == 0;
}

static bool names_no_host(const struct peer *p, const struct tch_info *info)
{
    struct tch_slice ext;

    return info->server_name.len == 0 && !has_extension(p, 0, &ext);
}

static bool agreed(const struct tch_info *info, const char *name)
{
    return info->alpn.len == strlen(name) &&
           (info->alpn.len == 0 ||
            memcmp(info->alpn.p, name, info->alpn.len) == 0);
}

static bool agreed_bar(const struct peer *p, const struct tch_info *info)
{
    (void)p;
    return agreed(info, "bar");
}

static bool agreed_nothing(const struct peer *p, const struct tch_info *info)
{
    (void)p;
    return agreed(info, "");
}

static bool shim_proved(const struct peer *p, const struct tch_info *info)
{
    (void)p;
    return info->client_certificate;
}

static bool shim_did_not_prove(const struct peer *p,
                               const struct tch_info *info)
{
    (void)p;
    return !info->client_certificate;
}

/* Nobody's issuers are named. */
static bool names_no_issuer(const struct peer *p, const struct tch_info *info)
{
    (void)info;
    return tch_conn_issuers(p->link.conn).len == 0;
}

/* ---- the scenes ---- */

#define F(...) .flags = { __VA_ARGS__ }
#define ALPN(text) { (const uint8_t *)(text), sizeof(text) - 1 }
#define KEY(name)                                                             \
    "-cert-file", CERTS name ".pem", "-key-file", CERTS name ".key"
#define VERSION(number) "-min-version", number, "-max-version", number
#define NOT_IMPLEMENTED(what, ...)                                            \
    { what " is not implemented: 89", AS_EITHER, F(__VA_ARGS__), .exit = 89,  \
      .stays_away = true, .says = "NOT_IMPLEMENTED" }

/* clang-format off */
static const struct scene scenes[] = {
    /* Data both ways, and close_notify both ways. */
    { "echoes every byte XOR 0xFF until close_notify", AS_EITHER, F(NULL) },
    { "-async: a byte at a time in, pieces out", AS_EITHER, F("-async") },
    { "-async with a client's certificate", AS_CLIENT,
      F("-async", KEY("client-rsa2048")), .client_auth = TCH_CLIENT_AUTH_REQUIRE, .check = shim_proved },
    { "-ipv6 connects to ::1", AS_EITHER, F("-ipv6"), .ipv6 = true },
    { "::1 is tried without -ipv6 as well", AS_CLIENT, .ipv6 = true },
    { "-ipv6 does not turn to 127.0.0.1", AS_CLIENT, F("-ipv6"), .exit = 1, .stays_away = true, .says = "CLOSED_EARLY" },
    { "-shim-id is 8 bytes, little-endian, on every connection", AS_EITHER,
      F("-shim-id", "72623859790382856", "-resume-count", "1"), .connections = 2,
      .shim_id = (const uint8_t *)"\x08\x07\x06\x05\x04\x03\x02\x01" },
    { "-implicit-handshake", AS_EITHER, F("-implicit-handshake") },
    { "-partial-write", AS_EITHER, F("-partial-write", "-shim-writes-first"), .play = part_after_hello },
    { "-shim-writes-first says hello", AS_EITHER, F("-shim-writes-first"), .play = part_after_hello },
    { "-shim-shuts-down sends close_notify and ends", AS_EITHER, F("-shim-shuts-down"), .play = is_left },
    { "-shim-shuts-down after -shim-writes-first", AS_EITHER,
      F("-shim-shuts-down", "-shim-writes-first"), .play = is_left_after_hello },
    { "-check-close-notify is content with two of them", AS_EITHER, F("-check-close-notify") },
    { "-check-close-notify -shim-shuts-down waits for the peer's", AS_EITHER,
      F("-check-close-notify", "-shim-shuts-down"), .play = is_left_and_parts },
    { "-check-close-notify -shim-shuts-down minds a missing one", AS_EITHER,
      F("-check-close-notify", "-shim-shuts-down"), .play = is_left, .exit = 1, .says = "CLOSED_EARLY" },
    { "-check-close-notify minds a missing one", AS_EITHER, F("-check-close-notify"),
      .play = just_leave, .exit = 1, .says = "CLOSED_EARLY" },
    { "a peer that just leaves is no failure without it", AS_EITHER, .play = just_leave },
    { "-write-different-record-sizes", AS_EITHER, F("-write-different-record-sizes"), .play = sizes },
    { "-write-different-record-sizes in TLS 1.0, split, in pieces", AS_EITHER,
      F("-write-different-record-sizes", "-cbc-record-splitting", "-async", VERSION("769"), "-cipher", "AES128-SHA"),
      .play = sizes, .want_suite = 0x002F },
    { "-cbc-record-splitting makes two records of one in TLS 1.0", AS_EITHER,
      F("-cbc-record-splitting", VERSION("769"), "-cipher", "AES128-SHA", "-shim-writes-first"), .play = hello_in_two },
    { "no splitting without it", AS_EITHER,
      F(VERSION("769"), "-cipher", "AES128-SHA", "-shim-writes-first"), .play = hello_in_one },
    { "-read-size echoes by so many bytes", AS_EITHER, F("-read-size", "3"), .play = echo_by_threes },

    /* Versions: RFC 6101, 2246, 4346, 5246. */
    { "-min-version 768 -max-version 768: SSL 3.0", AS_EITHER, F(VERSION("768")), .want_version = 0x300 },
    { "-min-version 769 -max-version 769: TLS 1.0", AS_EITHER, F(VERSION("769")), .want_version = 0x301 },
    { "-min-version 770 -max-version 770: TLS 1.1", AS_EITHER, F(VERSION("770")), .want_version = 0x302 },
    { "-min-version 771 -max-version 771: TLS 1.2", AS_EITHER, F(VERSION("771")), .want_version = 0x303 },
    { "-max-version 769 alone", AS_EITHER, F("-max-version", "769"), .want_version = 0x301 },
    { "-no-tls12", AS_EITHER, F("-no-tls12", "-no-tls13", "-tls13-variant", "1"), .want_version = 0x302 },
    { "-no-tls12 -no-tls11", AS_EITHER, F("-no-tls12", "-no-tls11"), .want_version = 0x301 },
    { "-no-tls12 -no-tls11 -no-tls1", AS_EITHER, F("-no-tls12", "-no-tls11", "-no-tls1"), .want_version = 0x300 },
    { "-no-ssl3 does not meet a server of SSL 3.0", AS_CLIENT, F("-no-ssl3"), .versions = SSL3, .exit = 1 },
    { "-no-ssl3 does not meet a client of SSL 3.0", AS_SERVER, F("-no-ssl3"), .versions = SSL3,
      .exit = 1, .says = "NO_COMMON_VERSION" },
    { "without -no-ssl3 it does", AS_EITHER, .versions = SSL3, .want_version = 0x300 },
    { "-min-version 771 refuses TLS 1.0 (protocol_version)", AS_EITHER, F("-min-version", "771"), .versions = TLS10,
      .exit = 1 },
    { "-min-version 771 refuses a client of TLS 1.0", AS_SERVER, F("-min-version", "771"), .versions = TLS10,
      .alert = TCH_ALERT_PROTOCOL_VERSION, .exit = 1, .says = "NO_COMMON_VERSION: alert protocol_version sent" },
    { "-expect-version", AS_EITHER, F("-expect-version", "769"), .versions = TLS10 },
    { "-expect-version that did not come", AS_EITHER, F("-expect-version", "770"), .versions = TLS10,
      .exit = 1, .says = "EXPECTATION: -expect-version" },

    /* Suites: OpenSSL's names, IANA's codes. */
    { "-cipher AES128-SHA", AS_EITHER, F("-cipher", "AES128-SHA"), .want_suite = 0x002F },
    { "-cipher AES256-SHA256", AS_EITHER, F("-cipher", "AES256-SHA256"), .want_suite = 0x003D },
    { "-cipher AES256-GCM-SHA384", AS_EITHER, F("-cipher", "AES256-GCM-SHA384"), .want_suite = 0x009D },
    { "-cipher DES-CBC3-SHA", AS_EITHER, F("-cipher", "DES-CBC3-SHA"), .want_suite = 0x000A },
    { "-cipher DHE-RSA-AES256-SHA256", AS_EITHER, F("-cipher", "DHE-RSA-AES256-SHA256"), .want_suite = 0x006B },
    { "-cipher ECDHE-RSA-AES128-GCM-SHA256", AS_EITHER, F("-cipher", "ECDHE-RSA-AES128-GCM-SHA256"), .want_suite = 0xC02F },
    { "-cipher ECDHE-RSA-CHACHA20-POLY1305", AS_EITHER, F("-cipher", "ECDHE-RSA-CHACHA20-POLY1305"), .want_suite = 0xCCA8 },
    { "-cipher ECDHE-ECDSA-AES256-SHA", AS_CLIENT, F("-cipher", "ECDHE-ECDSA-AES256-SHA"), .identity = "server-ec256",
      .want_suite = 0xC00A },
    { "-cipher ECDHE-ECDSA-AES256-SHA with -cert-file -key-file", AS_SERVER,
      F("-cipher", "ECDHE-ECDSA-AES256-SHA", KEY("server-ec256")), .own_identity = true, .want_suite = 0xC00A },
    { "-cipher with IANA's name", AS_EITHER, F("-cipher", "TLS_RSA_WITH_AES_256_CBC_SHA"), .want_suite = 0x0035 },
    { "-cipher A:B prefers the first", AS_SERVER, F("-cipher", "AES128-SHA:ECDHE-RSA-AES128-SHA"), .want_suite = 0x002F },
    { "-cipher B:A prefers the other", AS_SERVER, F("-cipher", "ECDHE-RSA-AES128-SHA:AES128-SHA"), .want_suite = 0xC013 },
    { "-cipher ALL has what the peer insists on", AS_EITHER, F("-cipher", "ALL"), .suite = 0x000A, .want_suite = 0x000A },
    { "-cipher of which the peer has none (handshake_failure)", AS_SERVER, F("-cipher", "AES128-SHA"), .suite = 0x0035,
      .alert = TCH_ALERT_HANDSHAKE_FAILURE, .exit = 1, .says = "NO_COMMON_PARAMETERS: alert handshake_failure sent" },
    { "-cipher of which the server has none", AS_CLIENT, F("-cipher", "AES128-SHA"), .suite = 0x0035,
      .exit = 1, .says = "PEER_ALERT: alert handshake_failure received" },

    /* Groups and signature schemes: RFC 8422, RFC 5246 7.4.1.4.1. */
    { "-curves 24", AS_EITHER, F("-curves", "24", "-expect-curve-id", "24"), .want_group = 24 },
    { "-curves are offered in their order", AS_CLIENT, F("-curves", "25", "-curves", "24"), .check = offers_two_groups },
    { "-curves that the peer has not", AS_SERVER, F("-curves", "23", "-cipher", "ECDHE-RSA-AES128-SHA"), .group = 24,
      .alert = TCH_ALERT_HANDSHAKE_FAILURE, .exit = 1, .says = "NO_COMMON_PARAMETERS" },
    { "-enable-all-curves has secp521r1", AS_EITHER, F("-enable-all-curves"), .group = 25, .want_group = 25 },
    { "-enable-all-curves has x25519", AS_EITHER, F("-enable-all-curves"), .group = 29, .want_group = 29 },
    { "-expect-curve-id of another group", AS_EITHER, F("-expect-curve-id", "24"), .group = 23,
      .exit = 1, .says = "EXPECTATION: -expect-curve-id" },
    { "-signing-prefs", AS_SERVER, F("-signing-prefs", "1281"), .suite = 0xC02F, .want_scheme = 0x0501 },
    { "-signing-prefs that the client has not", AS_SERVER, F("-signing-prefs", "1281"), .suite = 0xC02F, .scheme = 0x0401,
      .alert = TCH_ALERT_HANDSHAKE_FAILURE, .exit = 1, .says = "NO_COMMON_PARAMETERS" },
    { "-verify-prefs", AS_CLIENT, F("-verify-prefs", "1281", "-expect-peer-signature-algorithm", "1281"),
      .suite = 0xC02F, .want_scheme = 0x0501 },
    { "the same -signing-prefs and -verify-prefs", AS_EITHER,
      F("-signing-prefs", "1537", "-verify-prefs", "1537"), .suite = 0xC02F, .want_scheme = 0x0601 },
    { "-expect-peer-signature-algorithm of a server", AS_CLIENT, F("-expect-peer-signature-algorithm", "1025"),
      .suite = 0xC02F, .scheme = 0x0401 },
    { "-expect-peer-signature-algorithm of a client", AS_SERVER,
      F("-expect-peer-signature-algorithm", "1025", "-verify-peer"), .suite = 0xC02F, .scheme = 0x0401,
      .identity = "client-rsa2048" },
    { "-expect-peer-signature-algorithm that was not used", AS_CLIENT, F("-expect-peer-signature-algorithm", "1281"),
      .suite = 0xC02F, .scheme = 0x0401, .exit = 1, .says = "EXPECTATION: -expect-peer-signature-algorithm" },
    { "-expect-extended-master-secret (RFC 7627)", AS_EITHER, F("-expect-extended-master-secret") },
    { "-expect-extended-master-secret in SSL 3.0, which has none", AS_EITHER, F("-expect-extended-master-secret"),
      .versions = SSL3, .exit = 1, .says = "EXPECTATION: -expect-extended-master-secret" },

    /* Certificates. */
    { "-verify-peer accepts a certificate without -trust-cert", AS_CLIENT, F("-verify-peer", "-expect-verify-result") },
    { "-verify-peer -trust-cert", AS_CLIENT, F("-verify-peer", "-trust-cert", CERTS "ca.pem", "-expect-verify-result") },
    { "-verify-peer -trust-cert of another root (unknown_ca)", AS_CLIENT,
      F("-verify-peer", "-trust-cert", CERTS "other-ca.pem"), .alert = TCH_ALERT_UNKNOWN_CA,
      .exit = 1, .says = "CERT_UNTRUSTED: alert unknown_ca sent" },
    { "-trust-cert of another root without -verify-peer", AS_CLIENT, F("-trust-cert", CERTS "other-ca.pem") },
    { "-verify-peer -trust-cert for a client's certificate", AS_SERVER,
      F("-verify-peer", "-trust-cert", CERTS "ca.pem", "-expect-verify-result"), .identity = "client-rsa2048", .check = shim_proved },
    { "-verify-peer -trust-cert of another root, for a client", AS_SERVER,
      F("-verify-peer", "-trust-cert", CERTS "other-ca.pem"), .identity = "client-rsa2048",
      .alert = TCH_ALERT_UNKNOWN_CA, .exit = 1, .says = "CERT_UNTRUSTED" },
    { "-verify-peer -verify-fail (certificate_unknown)", AS_EITHER, F("-verify-peer", "-verify-fail"),
      .identity = "server-rsa2048", .alert = TCH_ALERT_CERTIFICATE_UNKNOWN,
      .exit = 1, .says = "CERT_REJECTED: alert certificate_unknown sent" },
    { "-verify-fail without -verify-peer is noted and no more", AS_CLIENT, F("-verify-fail", "-expect-verify-result") },
    { "-expect-verify-result where nothing was verified", AS_SERVER, F("-expect-verify-result"),
      .exit = 1, .says = "EXPECTATION: -expect-verify-result" },
    { "-verify-peer asks a client and goes on without", AS_SERVER, F("-verify-peer"), .check = shim_did_not_prove },
    { "-require-any-client-certificate", AS_SERVER, F("-require-any-client-certificate", "-expect-verify-result"),
      .identity = "client-ec256", .check = shim_proved },
    { "-require-any-client-certificate that does not come", AS_SERVER, F("-require-any-client-certificate"),
      .alert = TCH_ALERT_HANDSHAKE_FAILURE, .exit = 1, .says = "NO_CLIENT_CERTIFICATE: alert handshake_failure sent" },
    { "-require-any-client-certificate -verify-fail", AS_SERVER, F("-require-any-client-certificate", "-verify-fail"),
      .identity = "client-ec256", .alert = TCH_ALERT_CERTIFICATE_UNKNOWN, .exit = 1, .says = "CERT_REJECTED" },
    { "-cert-file -key-file answer a request", AS_CLIENT, F(KEY("client-ec256")), .client_auth = TCH_CLIENT_AUTH_REQUIRE,
      .check = shim_proved },
    { "-cert-file -key-file in TLS 1.0", AS_CLIENT, F(KEY("client-rsa2048"), VERSION("769")),
      .client_auth = TCH_CLIENT_AUTH_REQUIRE, .check = shim_proved },
    { "-cert-file -key-file in SSL 3.0", AS_CLIENT, F(KEY("client-rsa2048"), VERSION("768")),
      .client_auth = TCH_CLIENT_AUTH_REQUIRE, .check = shim_proved },
    { "no -cert-file for a server that requires one", AS_CLIENT, .client_auth = TCH_CLIENT_AUTH_REQUIRE,
      .exit = 1, .says = "PEER_ALERT: alert handshake_failure received" },
    { "-cert-file of another -key-file", AS_EITHER,
      F("-cert-file", CERTS "client-rsa2048.pem", "-key-file", CERTS "server-rsa2048.key"), .own_identity = true,
      .exit = 1, .stays_away = true, .says = "KEY_MISMATCH" },
    { "-cert-file that is not there", AS_CLIENT, F("-cert-file", "no/such/file", "-key-file", "no/such/file"),
      .exit = 1, .stays_away = true, .says = "BAD_FILE" },
    { "-expect-peer-cert-file of a server", AS_CLIENT, F("-expect-peer-cert-file", CERTS "chain-rsa.pem"),
      .identity = "chain-rsa" },
    { "-expect-peer-cert-file of a client", AS_SERVER,
      F("-expect-peer-cert-file", CERTS "client-rsa2048.pem", "-verify-peer"), .identity = "client-rsa2048" },
    { "-expect-peer-cert-file with a part of the chain", AS_CLIENT, F("-expect-peer-cert-file", CERTS "chain-leaf.pem"),
      .identity = "chain-rsa", .exit = 1, .says = "EXPECTATION: -expect-peer-cert-file" },
    { "-expect-peer-cert-file with a chain longer than what came", AS_CLIENT,
      F("-expect-peer-cert-file", CERTS "chain-rsa-root.pem"), .identity = "chain-rsa",
      .exit = 1, .says = "EXPECTATION: -expect-peer-cert-file" },
    { "-expect-client-ca-list", AS_CLIENT, F("-expect-client-ca-list", CA_NAME, KEY("client-rsa2048")), .anchor = "ca.pem",
      .client_auth = TCH_CLIENT_AUTH_REQUIRE, .check = shim_proved },
    { "-expect-client-ca-list <EMPTY>", AS_CLIENT, F("-expect-client-ca-list", "<EMPTY>"),
      .client_auth = TCH_CLIENT_AUTH_REQUEST },
    { "-expect-client-ca-list of others", AS_CLIENT, F("-expect-client-ca-list", "<EMPTY>"), .anchor = "ca.pem",
      .client_auth = TCH_CLIENT_AUTH_REQUEST, .exit = 1, .says = "EXPECTATION: -expect-client-ca-list" },
    { "-use-client-ca-list <EMPTY>", AS_SERVER, F("-use-client-ca-list", "<EMPTY>", "-verify-peer"), .check = names_no_issuer },

    /* Names and protocols: RFC 6066, RFC 7301. */
    { "-host-name is sent", AS_CLIENT, F("-host-name", "example.test"), .check = names_a_host },
    { "no name is sent without -host-name", AS_CLIENT, .check = names_no_host },
    { "-expect-server-name", AS_SERVER, F("-expect-server-name", "example.test"), .server_name = "example.test" },
    { "-expect-server-name that did not come", AS_SERVER, F("-expect-server-name", "example.test"),
      .exit = 1, .says = "EXPECTATION: -expect-server-name" },
    { "-advertise-alpn -expect-alpn", AS_CLIENT, F("-advertise-alpn", FOO_BAR, "-expect-alpn", "bar"), .alpn = ALPN("\3bar"),
      .check = agreed_bar },
    { "-expect-alpn that was not chosen", AS_CLIENT, F("-advertise-alpn", FOO_BAR, "-expect-alpn", "foo"),
      .alpn = ALPN("\3bar"), .exit = 1, .says = "EXPECTATION: -expect-alpn" },
    { "-advertise-alpn with a list that is none", AS_CLIENT, F("-advertise-alpn", "\11foo"), .exit = 1, .says = "BAD_ARGUMENT" },
    { "-select-alpn -expect-advertised-alpn", AS_SERVER,
      F("-select-alpn", "bar", "-expect-advertised-alpn", FOO_BAR, "-expect-alpn", "bar"), .alpn = ALPN(FOO_BAR),
      .check = agreed_bar },
    { "-expect-advertised-alpn of another list", AS_SERVER, F("-expect-advertised-alpn", "\3foo"), .alpn = ALPN(FOO_BAR),
      .exit = 1, .says = "EXPECTATION: -expect-advertised-alpn" },
    { "-decline-alpn", AS_SERVER, F("-decline-alpn", "-expect-alpn", ""), .alpn = ALPN(FOO_BAR), .check = agreed_nothing },
    { "-reject-alpn (no_application_protocol)", AS_SERVER, F("-reject-alpn"), .alpn = ALPN(FOO_BAR),
      .alert = TCH_ALERT_NO_APPLICATION_PROTOCOL, .exit = 1,
      .says = "NO_APPLICATION_PROTOCOL: alert no_application_protocol sent" },
    { "-select-empty-alpn (internal_error)", AS_SERVER, F("-select-empty-alpn"), .alpn = ALPN(FOO_BAR),
      .alert = TCH_ALERT_INTERNAL_ERROR, .exit = 1, .says = "BAD_ARGUMENT: alert internal_error sent" },

    /* Sessions. */
    { "-resume-count 2 resumes twice", AS_EITHER, F("-resume-count", "2"), .connections = 3, .check = is_resumed_later },
    { "-resume-count in TLS 1.0, in pieces", AS_EITHER, F("-resume-count", "1", VERSION("769"), "-async"), .connections = 2,
      .check = is_resumed_later },
    { "-resume-count with a client's certificate", AS_SERVER,
      F("-resume-count", "1", "-require-any-client-certificate", "-expect-verify-result", "-expect-peer-cert-file",
        CERTS "client-rsa2048.pem"), .identity = "client-rsa2048", .connections = 2, .check = is_resumed_later },
    { "-resume-count with a peer that forgets", AS_EITHER, F("-resume-count", "1"), .connections = 2, .no_sessions = true,
      .exit = 1, .says = "EXPECTATION: session was not resumed" },
    { "-expect-session-miss", AS_EITHER, F("-resume-count", "1", "-expect-session-miss"), .connections = 2,
      .no_sessions = true, .check = is_never_resumed },
    { "-expect-session-miss of a session that is found", AS_EITHER, F("-resume-count", "1", "-on-resume-expect-session-miss"),
      .connections = 2, .exit = 1, .says = "EXPECTATION: session was resumed" },
    { "-expect-session-id", AS_EITHER, F("-expect-session-id") },
    { "-expect-no-session-id", AS_CLIENT, F("-expect-no-session-id"), .no_sessions = true },
    { "-expect-no-session", AS_CLIENT, F("-expect-no-session"), .no_sessions = true },
    { "-expect-session-id of a server that keeps none", AS_CLIENT, F("-expect-session-id"), .no_sessions = true,
      .exit = 1, .says = "EXPECTATION: -expect-session-id" },
    { "-expect-no-session-id where there is one", AS_EITHER, F("-expect-no-session-id"),
      .exit = 1, .says = "EXPECTATION: -expect-no-session-id" },
    { "-expect-no-session where there is one", AS_EITHER, F("-expect-no-session"),
      .exit = 1, .says = "EXPECTATION: -expect-no-session" },
    { "-no-ticket offers no ticket (RFC 5077)", AS_CLIENT, F("-no-ticket"), .check = offers_no_ticket },
    { "-no-ticket as a server resumes by id", AS_SERVER, F("-no-ticket", "-resume-count", "1"), .connections = 2,
      .check = is_resumed_later },
    { "-on-resume-: the later connections alone", AS_EITHER, F("-resume-count", "2", "-on-resume-shim-writes-first"),
      .connections = 3, .play = hello_when_resumed },
    { "-on-initial-: the first connection alone", AS_EITHER, F("-resume-count", "1", "-on-initial-shim-writes-first"),
      .connections = 2, .play = hello_when_new },
    { "-on-retry-: no connection", AS_EITHER, F("-resume-count", "1", "-on-retry-shim-writes-first"), .connections = 2 },

    /* Renegotiation: RFC 5746. */
    { "-renegotiate-freely", AS_EITHER,
      F("-renegotiate-freely", "-expect-total-renegotiations", "2", "-expect-secure-renegotiation"), .play = again_twice },
    { "-renegotiate-freely in SSL 3.0, in pieces", AS_EITHER,
      F("-renegotiate-freely", "-expect-total-renegotiations", "1", VERSION("768"), "-async"), .play = again_once },
    { "-renegotiate-freely with data in between", AS_CLIENT,
      F("-renegotiate-freely", "-expect-total-renegotiations", "1"), .play = again_with_data },
    { "-renegotiate-once allows one", AS_EITHER, F("-renegotiate-once", "-expect-total-renegotiations", "1"), .play = again_once },
    { "-renegotiate-once refuses the second", AS_EITHER, F("-renegotiate-once"), .play = again_twice,
      .alert = TCH_ALERT_NO_RENEGOTIATION, .exit = 1, .says = "NO_RENEGOTIATION" },
    { "-renegotiate-explicit", AS_EITHER, F("-renegotiate-explicit", "-expect-total-renegotiations", "1"), .play = again_once },
    { "-renegotiate-ignore", AS_CLIENT, F("-renegotiate-ignore", "-expect-total-renegotiations", "0"), .play = ask_in_vain },
    { "no renegotiation without a flag (no_renegotiation)", AS_EITHER, .play = again_once,
      .alert = TCH_ALERT_NO_RENEGOTIATION, .exit = 1, .says = "NO_RENEGOTIATION: alert no_renegotiation sent" },
    { "no renegotiation in SSL 3.0 without a flag (R-ALR-014)", AS_EITHER, F(VERSION("768")), .play = again_once,
      .alert = TCH_ALERT_HANDSHAKE_FAILURE, .exit = 1, .says = "NO_RENEGOTIATION" },
    { "-forbid-renegotiation-after-handshake", AS_EITHER,
      F("-renegotiate-freely", "-forbid-renegotiation-after-handshake"), .play = again_once,
      .alert = TCH_ALERT_NO_RENEGOTIATION, .exit = 1, .says = "NO_RENEGOTIATION" },
    { "-expect-total-renegotiations of too few", AS_EITHER,
      F("-renegotiate-freely", "-expect-total-renegotiations", "2"), .play = again_once,
      .exit = 1, .says = "EXPECTATION: -expect-total-renegotiations" },
    { "-expect-no-secure-renegotiation of a peer that has it", AS_EITHER, F("-expect-no-secure-renegotiation"),
      .exit = 1, .says = "EXPECTATION: -expect-no-secure-renegotiation" },
    { "-renegotiate-freely shows a certificate", AS_CLIENT, F("-renegotiate-freely", KEY("client-rsa2048")),
      .client_auth = TCH_CLIENT_AUTH_REQUIRE, .play = again_once },

    /* Bindings and exporters: RFC 5929, RFC 5705. */
    { "-tls-unique", AS_EITHER, F("-tls-unique"), .play = tls_unique },
    { "-tls-unique of a resumed session", AS_EITHER, F("-tls-unique", "-resume-count", "1"), .connections = 2,
      .play = tls_unique, .check = is_resumed_later },
    { "-export-keying-material -export-label", AS_EITHER,
      F("-export-keying-material", "100", "-export-label", "EXPERIMENTAL shim"), .play = exported_plain },
    { "-use-export-context without -export-context is an empty one", AS_EITHER,
      F("-export-keying-material", "100", "-export-label", "EXPERIMENTAL shim", "-use-export-context"), .play = exported_empty },
    { "-export-context -use-export-context", AS_EITHER,
      F("-export-keying-material", "100", "-export-label", "EXPERIMENTAL shim", "-export-context", "context",
        "-use-export-context"), .play = exported_context },
    { "-export-context counts only with -use-export-context", AS_EITHER,
      F("-export-keying-material", "100", "-export-label", "EXPERIMENTAL shim", "-export-context", "context"),
      .play = exported_plain },
    { "-export-label that is reserved (R-KEY-061)", AS_EITHER, F("-export-keying-material", "16", "-export-label", "key expansion"),
      .exit = 1, .says = "NOT_ALLOWED" },

    /* What is not implemented, and what is malformed. */
    { "-is-handshaker-supported prints No", AS_EITHER, F("-is-handshaker-supported"), .stays_away = true, .says = "No" },
    NOT_IMPLEMENTED("-no-such-flag", "-no-such-flag"),
    NOT_IMPLEMENTED("no-dash", "no-dash"),
    NOT_IMPLEMENTED("-dtls", "-dtls"),
    NOT_IMPLEMENTED("-quic", "-quic"),
    NOT_IMPLEMENTED("-psk 00", "-psk", "00"),
    NOT_IMPLEMENTED("-fallback-scsv", "-fallback-scsv"),
    NOT_IMPLEMENTED("-max-send-fragment 512", "-max-send-fragment", "512"),
    NOT_IMPLEMENTED("-max-cert-list 100", "-max-cert-list", "100"),
    NOT_IMPLEMENTED("-ticket-key 00", "-ticket-key", "00"),
    NOT_IMPLEMENTED("-use-ticket-callback", "-use-ticket-callback"),
    NOT_IMPLEMENTED("-renew-ticket", "-renew-ticket"),
    NOT_IMPLEMENTED("-expect-ticket-renewal", "-expect-ticket-renewal"),
    NOT_IMPLEMENTED("-max-version 772", "-max-version", "772"),
    NOT_IMPLEMENTED("-min-version 2", "-min-version", "2"),
    NOT_IMPLEMENTED("-cipher NO-SUCH-SUITE", "-cipher", "NO-SUCH-SUITE"),
    NOT_IMPLEMENTED("-cipher AES128-SHA:!aRSA", "-cipher", "AES128-SHA:!aRSA"),
    NOT_IMPLEMENTED("-on-resume-cipher AES128-SHA", "-on-resume-cipher", "AES128-SHA"),
    NOT_IMPLEMENTED("-on-initial-no-such-flag", "-on-initial-no-such-flag"),
    NOT_IMPLEMENTED("-on-resume-", "-on-resume-"),
    { "-signing-prefs apart from -verify-prefs is not implemented: 89", AS_EITHER,
      F("-signing-prefs", "1025", "-verify-peer", KEY("client-rsa2048")), .own_identity = true,
      .exit = 89, .stays_away = true, .says = "NOT_IMPLEMENTED" },
    { "-use-client-ca-list with names is not implemented: 89", AS_SERVER, F("-use-client-ca-list", CA_NAME),
      .exit = 89, .stays_away = true, .says = "NOT_IMPLEMENTED" },
    { "a client's flag in a server: 89", AS_SERVER, F("-advertise-alpn", FOO_BAR),
      .exit = 89, .stays_away = true, .says = "NOT_IMPLEMENTED: -advertise-alpn" },
    { "a server's flag in a client: 89", AS_CLIENT, F("-select-alpn", "foo"),
      .exit = 89, .stays_away = true, .says = "NOT_IMPLEMENTED: -select-alpn" },
    { "a flag without its value is a failure", AS_EITHER, F("-curves"), .exit = 1, .stays_away = true,
      .says = "BAD_ARGUMENT: -curves" },
    { "a number that is none is a failure", AS_EITHER, F("-resume-count", "1x"), .exit = 1, .stays_away = true,
      .says = "BAD_ARGUMENT: -resume-count" },
};
/* clang-format on */

/* ---- running them ---- */

struct test {
    const struct scene *scene;
    bool shim_serves;
    char name[160];
};

/* Whether this build runs a suite (0: any) that encrypts, in a version. */
static bool has_suite(unsigned wire, uint16_t code)
{
    struct tch_suite_info s;

    for (size_t i = 0; tch_suite_list(i, &s) == TCH_OK; i++) {
        if (s.built && s.cipher_bits != 0 && s.first_version <= wire &&
            s.last_version >= wire && (code == 0 || s.code == code)) {
            return true;
        }
    }
    return false;
}

static bool is_of_ssl3(const struct scene *sc)
{
    for (size_t i = 0; sc->flags[i] != NULL; i++) {
        if (strcmp(sc->flags[i], "768") == 0) {
            return true;
        }
    }
    return sc->versions == SSL3 || sc->want_version == 0x300;
}

static void play_scene(void **state)
{
    const struct test *t = *state;
    const char *build = getenv("BUILD");
    char program[4096];
    const char *wrong;

    if (t->scene->ipv6 && !peer_has_ipv6()) {
        printf("no ::1 here\n");
        skip();
    }
    if (is_of_ssl3(t->scene) && !has_suite(0x300, 0)) {
        printf("this build has no suite for SSL 3.0\n");
        skip();
    }
    if (t->scene->want_suite != 0 && !has_suite(0x303, t->scene->want_suite)) {
        printf("this build lacks the suite\n");
        skip();
    }

    snprintf(program, sizeof program, "%s/test/shim",
             build == NULL ? "build" : build);
    wrong = peer_run(program, t->scene, t->shim_serves);
    if (wrong != NULL) {
        fail_msg("%s", wrong);
    }
}

#define NUM_SCENES (sizeof scenes / sizeof scenes[0])

int main(void)
{
    static struct test tests[2 * NUM_SCENES];
    static struct CMUnitTest units[2 * NUM_SCENES];
    size_t num = 0;

    for (size_t i = 0; i < 2 * NUM_SCENES; i++) {
        const struct scene *sc = &scenes[i / 2];
        bool serves = i % 2 != 0;

        if ((sc->shim_is & (serves ? AS_SERVER : AS_CLIENT)) == 0) {
            continue;
        }
        tests[num].scene = sc;
        tests[num].shim_serves = serves;
        snprintf(tests[num].name, sizeof tests[num].name, "%s: %s",
                 serves ? "server" : "client", sc->name);
        units[num].name = tests[num].name;
        units[num].test_func = play_scene;
        units[num].initial_state = &tests[num];
        num++;
    }
    return _cmocka_run_group_tests("shim", units, num, NULL, NULL);
}
