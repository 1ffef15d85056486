/*
 * One row per flag. A flag that is not in the table, stands in the other
 * role's row, or asks for what the engine cannot do, is not implemented: that
 * is an answer of its own, so that the table can grow row by row.
 *
 * A prefix limits a flag to one connection. All connections share one
 * configuration, since the session cache belongs to it; a row that shapes the
 * configuration can therefore not carry a prefix.
 */

#include "test/conformance/shim_flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind {
    KIND_SWITCH, /* bool */
    KIND_TEXT,   /* const char * */
    KIND_NUMBER, /* struct shim_number, decimal */
    KIND_WIRE,   /* the same: a version this library speaks */
    KIND_CODE,   /* struct shim_codes, one more */
    KIND_NONE,   /* accepted: it is always so here */
    KIND_NONE_1  /* the same, with a value */
};

enum scope { SCOPE_ALL, SCOPE_ONE }; /* connections it can be limited to */
enum who { WHO_BOTH, WHO_CLIENT, WHO_SERVER };

struct row {
    const char *name;
    enum kind kind;
    enum scope scope;
    enum who who;
    size_t at;
};

#define MEMBER(m) offsetof(struct shim_flags, m)

/* clang-format off */
static const struct row rows[] = {
    { "-port", KIND_NUMBER, SCOPE_ALL, WHO_BOTH, MEMBER(port) },
    { "-shim-id", KIND_NUMBER, SCOPE_ALL, WHO_BOTH, MEMBER(shim_id) },
    { "-ipv6", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(ipv6) },
    { "-server", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(server) },
    { "-resume-count", KIND_NUMBER, SCOPE_ALL, WHO_BOTH, MEMBER(resume_count) },
    { "-key-file", KIND_TEXT, SCOPE_ALL, WHO_BOTH, MEMBER(key_file) },
    { "-cert-file", KIND_TEXT, SCOPE_ALL, WHO_BOTH, MEMBER(cert_file) },
    { "-trust-cert", KIND_TEXT, SCOPE_ALL, WHO_BOTH, MEMBER(trust_cert) },
    { "-cipher", KIND_TEXT, SCOPE_ALL, WHO_BOTH, MEMBER(cipher) },
    { "-max-version", KIND_WIRE, SCOPE_ALL, WHO_BOTH, MEMBER(max_version) },
    { "-min-version", KIND_WIRE, SCOPE_ALL, WHO_BOTH, MEMBER(min_version) },
    { "-no-ssl3", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(no_ssl3) },
    { "-no-tls1", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(no_tls1) },
    { "-no-tls11", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(no_tls11) },
    { "-no-tls12", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(no_tls12) },
    { "-no-tls13", KIND_NONE, SCOPE_ONE, WHO_BOTH, 0 },
    { "-tls13-variant", KIND_NONE_1, SCOPE_ONE, WHO_BOTH, 0 },
    { "-no-ticket", KIND_NONE, SCOPE_ONE, WHO_BOTH, 0 },
    { "-curves", KIND_CODE, SCOPE_ALL, WHO_BOTH, MEMBER(curves) },
    { "-enable-all-curves", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(enable_all_curves) },
    { "-signing-prefs", KIND_CODE, SCOPE_ALL, WHO_BOTH, MEMBER(signing_prefs) },
    { "-verify-prefs", KIND_CODE, SCOPE_ALL, WHO_BOTH, MEMBER(verify_prefs) },
    { "-cbc-record-splitting", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(cbc_record_splitting) },
    { "-use-client-ca-list", KIND_TEXT, SCOPE_ALL, WHO_SERVER, MEMBER(use_client_ca_list) },
    { "-expect-client-ca-list", KIND_TEXT, SCOPE_ALL, WHO_CLIENT, MEMBER(expect_client_ca_list) },
    { "-renegotiate-freely", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(renegotiate_freely) },
    { "-renegotiate-once", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(renegotiate_once) },
    { "-renegotiate-ignore", KIND_SWITCH, SCOPE_ALL, WHO_CLIENT, MEMBER(renegotiate_ignore) },
    { "-renegotiate-explicit", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(renegotiate_explicit) },
    { "-forbid-renegotiation-after-handshake", KIND_SWITCH, SCOPE_ALL, WHO_BOTH, MEMBER(forbid_renegotiation_after_handshake) },
    { "-verify-peer", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(verify_peer) },
    { "-require-any-client-certificate", KIND_SWITCH, SCOPE_ONE, WHO_SERVER, MEMBER(require_any_client_certificate) },
    { "-verify-fail", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(verify_fail) },
    { "-host-name", KIND_TEXT, SCOPE_ONE, WHO_CLIENT, MEMBER(host_name) },
    { "-advertise-alpn", KIND_TEXT, SCOPE_ONE, WHO_CLIENT, MEMBER(advertise_alpn) },
    { "-select-alpn", KIND_TEXT, SCOPE_ONE, WHO_SERVER, MEMBER(select_alpn) },
    { "-decline-alpn", KIND_SWITCH, SCOPE_ONE, WHO_SERVER, MEMBER(decline_alpn) },
    { "-reject-alpn", KIND_SWITCH, SCOPE_ONE, WHO_SERVER, MEMBER(reject_alpn) },
    { "-select-empty-alpn", KIND_SWITCH, SCOPE_ONE, WHO_SERVER, MEMBER(select_empty_alpn) },
    { "-async", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(async) },
    { "-implicit-handshake", KIND_NONE, SCOPE_ONE, WHO_BOTH, 0 },
    { "-partial-write", KIND_NONE, SCOPE_ONE, WHO_BOTH, 0 },
    { "-shim-writes-first", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(shim_writes_first) },
    { "-shim-shuts-down", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(shim_shuts_down) },
    { "-check-close-notify", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(check_close_notify) },
    { "-write-different-record-sizes", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(write_different_record_sizes) },
    { "-read-size", KIND_NUMBER, SCOPE_ONE, WHO_BOTH, MEMBER(read_size) },
    { "-tls-unique", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(tls_unique) },
    { "-export-keying-material", KIND_NUMBER, SCOPE_ONE, WHO_BOTH, MEMBER(export_keying_material) },
    { "-export-label", KIND_TEXT, SCOPE_ONE, WHO_BOTH, MEMBER(export_label) },
    { "-export-context", KIND_TEXT, SCOPE_ONE, WHO_BOTH, MEMBER(export_context) },
    { "-use-export-context", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(use_export_context) },
    { "-expect-total-renegotiations", KIND_NUMBER, SCOPE_ONE, WHO_BOTH, MEMBER(expect_total_renegotiations) },
    { "-expect-secure-renegotiation", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(expect_secure_renegotiation) },
    { "-expect-no-secure-renegotiation", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(expect_no_secure_renegotiation) },
    { "-expect-extended-master-secret", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(expect_extended_master_secret) },
    { "-expect-version", KIND_NUMBER, SCOPE_ONE, WHO_BOTH, MEMBER(expect_version) },
    { "-expect-curve-id", KIND_NUMBER, SCOPE_ONE, WHO_BOTH, MEMBER(expect_curve_id) },
    { "-expect-peer-signature-algorithm", KIND_NUMBER, SCOPE_ONE, WHO_BOTH, MEMBER(expect_peer_signature_algorithm) },
    { "-expect-verify-result", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(expect_verify_result) },
    { "-expect-alpn", KIND_TEXT, SCOPE_ONE, WHO_BOTH, MEMBER(expect_alpn) },
    { "-expect-advertised-alpn", KIND_TEXT, SCOPE_ONE, WHO_SERVER, MEMBER(expect_advertised_alpn) },
    { "-expect-server-name", KIND_TEXT, SCOPE_ONE, WHO_SERVER, MEMBER(expect_server_name) },
    { "-expect-peer-cert-file", KIND_TEXT, SCOPE_ALL, WHO_BOTH, MEMBER(expect_peer_cert_file) },
    { "-expect-session-id", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(expect_session_id) },
    { "-expect-no-session-id", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(expect_no_session_id) },
    { "-expect-no-session", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(expect_no_session) },
    { "-expect-session-miss", KIND_SWITCH, SCOPE_ONE, WHO_BOTH, MEMBER(expect_session_miss) },
};

/* Nothing is ever retried below TLS 1.3. */
static const struct {
    const char *text;
    bool first, later;
} prefixes[] = {
    { "-on-initial-", true, false },
    { "-on-resume-", false, true },
    { "-on-retry-", false, false },
};
/* clang-format on */

static int refuse(const char *flag, int answer)
{
    fprintf(stderr, "%s: %s\n",
            answer == SHIM_NOT_IMPLEMENTED ? "NOT_IMPLEMENTED"
                                           : "BAD_ARGUMENT", flag);
    return answer;
}

static const struct row *find(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name + 1, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* The row of a flag, and whether it counts for this connection. */
static const struct row *find_prefixed(const char *flag, bool resumed,
                                       bool *counts)
{
    *counts = true;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t n = strlen(prefixes[i].text);

        if (strncmp(flag, prefixes[i].text, n) == 0) {
            const struct row *row = find(flag + n);

            *counts = resumed ? prefixes[i].later : prefixes[i].first;
            return row != NULL && row->scope == SCOPE_ONE ? row : NULL;
        }
    }
    return flag[0] == '-' ? find(flag + 1) : NULL;
}

static bool read_number(const char *text, unsigned long long *out)
{
    char *end;

    *out = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0';
}

static int set_number(const struct row *row, void *at, const char *text)
{
    unsigned long long n;
    struct shim_number *number = at;
    struct shim_codes *codes = at;

    if (!read_number(text, &n)) {
        return SHIM_FAILURE;
    }
    if (row->kind == KIND_CODE) {
        if (n > 0xFFFF || codes->num == SHIM_CODES_MAX) {
            return SHIM_FAILURE;
        }
        codes->list[codes->num++] = (uint16_t)n;
        return SHIM_SUCCESS;
    }
    if (row->kind == KIND_WIRE && tch_version_name((unsigned)n) == NULL) {
        return SHIM_NOT_IMPLEMENTED;
    }
    number->set = true;
    number->value = n;
    return SHIM_SUCCESS;
}

static int set(const struct row *row, struct shim_flags *f, const char *value)
{
    void *at = (unsigned char *)f + row->at;

    switch (row->kind) {
    case KIND_NONE:
    case KIND_NONE_1:
        return SHIM_SUCCESS;
    case KIND_SWITCH:
        *(bool *)at = true;
        return SHIM_SUCCESS;
    case KIND_TEXT:
        *(const char **)at = value;
        return SHIM_SUCCESS;
    case KIND_NUMBER:
    case KIND_WIRE:
    case KIND_CODE:
        break;
    }
    return set_number(row, at, value);
}

static bool same_codes(const struct shim_codes *a, const struct shim_codes *b)
{
    return a->num == b->num &&
           memcmp(a->list, b->list, a->num * sizeof a->list[0]) == 0;
}

/* The engine has one list of schemes, for signing and for verifying: one of
 * the two can be given where the other has nothing to do. */
static bool prefs_can_be(const struct shim_flags *f)
{
    bool signs = f->cert_file != NULL;
    bool verifies = !f->server || f->verify_peer ||
                    f->require_any_client_certificate;

    return same_codes(&f->signing_prefs, &f->verify_prefs) ||
           (!verifies && f->verify_prefs.num == 0) ||
           (!signs && f->signing_prefs.num == 0);
}

/* What each flag alone would allow, but not together, or not to this end. */
static int check_together(const struct shim_flags *f)
{
    if (!prefs_can_be(f)) {
        return refuse("-signing-prefs -verify-prefs", SHIM_NOT_IMPLEMENTED);
    }
    /* A server names the issuers of its anchors, and no others. */
    if (f->use_client_ca_list != NULL &&
        ((strcmp(f->use_client_ca_list, "<EMPTY>") != 0 &&
          strcmp(f->use_client_ca_list, "<NULL>") != 0) ||
         f->trust_cert != NULL)) {
        return refuse("-use-client-ca-list", SHIM_NOT_IMPLEMENTED);
    }
    return f->port.set && f->port.value <= 65535
               ? SHIM_SUCCESS
               : refuse("-port", SHIM_FAILURE);
}

static bool fits_role(const struct row *row, bool server)
{
    return row->who == WHO_BOTH || (row->who == WHO_SERVER) == server;
}

static bool is_server(char *const *argv)
{
    for (size_t i = 1; argv[i] != NULL; i++) {
        if (strcmp(argv[i], "-server") == 0) {
            return true;
        }
    }
    return false;
}

int shim_flags_read(char *const *argv, bool resumed, struct shim_flags *out)
{
    bool server = is_server(argv);

    memset(out, 0, sizeof *out);
    for (size_t i = 1; argv[i] != NULL; i++) {
        const char *flag = argv[i];
        bool counts;
        const struct row *row = find_prefixed(flag, resumed, &counts);
        int answer;

        if (row == NULL || !fits_role(row, server)) {
            return refuse(flag, SHIM_NOT_IMPLEMENTED);
        }
        if (row->kind != KIND_SWITCH && row->kind != KIND_NONE &&
            argv[++i] == NULL) {
            return refuse(flag, SHIM_FAILURE);
        }
        answer = counts ? set(row, out, argv[i]) : SHIM_SUCCESS;
        if (answer != SHIM_SUCCESS) {
            return refuse(flag, answer);
        }
    }
    return check_together(out);
}
