/* The shim's expectations: one comparison for each flag that has one. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/conformance/shim_run.h"

enum tch_status shim_complain(const char *what)
{
    fprintf(stderr, "EXPECTATION: %s\n", what);
    return SHIM_TOLD;
}

/* One hexadecimal name, up to a comma; the rest of the text, or NULL. */
static const char *read_hex(const char *text, uint8_t *out, size_t max,
                            size_t *len)
{
    for (*len = 0; *text != '\0' && *text != ','; text += 2, (*len)++) {
        char pair[3] = { text[0], text[1], '\0' };
        char *end;

        if (*len == max) {
            return NULL;
        }
        out[*len] = (uint8_t)strtoul(pair, &end, 16);
        if (end != pair + 2) {
            return NULL;
        }
    }
    return *text == ',' ? text + 1 : text;
}

bool shim_same_names(const char *want, struct tch_slice got)
{
    uint8_t name[4096];
    size_t len;

    if (strcmp(want, "<EMPTY>") == 0) {
        return got.len == 0;
    }
    while (*want != '\0') {
        want = read_hex(want, name, sizeof name, &len);
        if (want == NULL || got.len < 2 + len ||
            (size_t)(got.p[0] << 8 | got.p[1]) != len ||
            memcmp(got.p + 2, name, len) != 0) {
            return false;
        }
        got = tch_slice_behind(got, 2 + len);
    }
    return got.len == 0;
}

static bool same_text(const char *want, struct tch_slice got)
{
    return got.len == strlen(want) &&
           (got.len == 0 || memcmp(got.p, want, got.len) == 0);
}

static bool same_number(const struct shim_number *want, unsigned got)
{
    return !want->set || want->value == got;
}

static bool same_chain(struct tch_conn *conn, const char *file)
{
    static uint8_t room[SHIM_FILE_MAX];
    struct tch_slice text = shim_read_file(file, room);
    struct tch_pem block;
    size_t num = 0;
    bool same = text.len != 0;

    while (same && tch_pem_decode(NULL, &text, &block) == TCH_OK) {
        struct tch_slice got = tch_conn_peer_certificate(conn, num++);

        same = got.len == block.der.len &&
               memcmp(got.p, block.der.p, got.len) == 0;
        tch_pem_free(NULL, &block);
    }
    return same && num != 0 && tch_conn_peer_certificate(conn, num).len == 0;
}

/* A protocol_name_list without its length. */
static bool same_offer(const struct shim_seen *seen, const char *want)
{
    struct tch_slice ext;

    return link_extension(tch_slice_of(seen->hello, seen->hello_len), 16,
                          &ext) &&
           ext.len > 2 && same_text(want, tch_slice_behind(ext, 2));
}

static unsigned peer_scheme(const struct shim *sh, const struct tch_info *info)
{
    return sh->flags->server ? sh->seen.verify_scheme : info->scheme;
}

static enum tch_status check_session(const struct shim *sh,
                                     const struct tch_info *info)
{
    const struct shim_flags *f = sh->flags;
    bool has_id = info->session_id.len != 0;

    if (info->resumed != (sh->resumed && !f->expect_session_miss)) {
        return shim_complain(info->resumed ? "session was resumed"
                                      : "session was not resumed");
    }
    if (f->expect_session_id && !has_id) {
        return shim_complain("-expect-session-id");
    }
    if ((f->expect_no_session_id || f->expect_no_session) && has_id) {
        return shim_complain(f->expect_no_session ? "-expect-no-session"
                                             : "-expect-no-session-id");
    }
    return TCH_OK;
}

static enum tch_status check_security(const struct shim *sh,
                                      const struct tch_info *info)
{
    const struct shim_flags *f = sh->flags;

    if (f->expect_extended_master_secret && !info->extended_master_secret) {
        return shim_complain("-expect-extended-master-secret");
    }
    if (f->expect_secure_renegotiation && !info->secure_renegotiation) {
        return shim_complain("-expect-secure-renegotiation");
    }
    if (f->expect_no_secure_renegotiation && info->secure_renegotiation) {
        return shim_complain("-expect-no-secure-renegotiation");
    }
    if (!same_number(&f->expect_version, info->version)) {
        return shim_complain("-expect-version");
    }
    if (!same_number(&f->expect_curve_id, info->group)) {
        return shim_complain("-expect-curve-id");
    }
    if (!same_number(&f->expect_peer_signature_algorithm,
                     peer_scheme(sh, info))) {
        return shim_complain("-expect-peer-signature-algorithm");
    }
    return TCH_OK;
}

static enum tch_status check_names(const struct shim *sh,
                                   const struct tch_info *info)
{
    const struct shim_flags *f = sh->flags;

    if (f->expect_alpn != NULL && !same_text(f->expect_alpn, info->alpn)) {
        return shim_complain("-expect-alpn");
    }
    if (f->expect_advertised_alpn != NULL &&
        !same_offer(&sh->seen, f->expect_advertised_alpn)) {
        return shim_complain("-expect-advertised-alpn");
    }
    if (f->expect_server_name != NULL &&
        !same_text(f->expect_server_name, info->server_name)) {
        return shim_complain("-expect-server-name");
    }
    if (f->expect_peer_cert_file != NULL &&
        !same_chain(sh->link.conn, f->expect_peer_cert_file)) {
        return shim_complain("-expect-peer-cert-file");
    }
    return TCH_OK;
}

/* What was found out about the peer's certificate, also when that was before
 * the session was resumed. */
static enum tch_status check_verdict(const struct shim *sh)
{
    const struct shim_flags *f = sh->flags;
    bool judged = sh->judged || (f->verify_peer && f->trust_cert != NULL);

    return !f->expect_verify_result ||
                   (judged && (sh->verdict != TCH_OK) == f->verify_fail)
               ? TCH_OK
               : shim_complain("-expect-verify-result");
}

enum tch_status shim_check_handshake(const struct shim *sh)
{
    struct tch_info info;
    enum tch_status s = tch_conn_info(sh->link.conn, &info);

    s = s != TCH_OK ? s : check_session(sh, &info);
    s = s != TCH_OK ? s : check_security(sh, &info);
    s = s != TCH_OK ? s : check_names(sh, &info);
    return s != TCH_OK ? s : check_verdict(sh);
}

enum tch_status shim_check_end(const struct shim *sh)
{
    struct tch_info info;
    enum tch_status s = tch_conn_info(sh->link.conn, &info);

    if (s == TCH_OK && !same_number(&sh->flags->expect_total_renegotiations,
                                    info.handshakes - 1)) {
        return shim_complain("-expect-total-renegotiations");
    }
    return s;
}
