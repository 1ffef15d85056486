#ifndef TCH_TEST_CONFORMANCE_SHIM_FLAGS_H
#define TCH_TEST_CONFORMANCE_SHIM_FLAGS_H

/* The shim's command line. */

#include "engine/tch.h"

/* Exit statuses. */
enum { SHIM_SUCCESS = 0, SHIM_FAILURE = 1, SHIM_NOT_IMPLEMENTED = 89 };

#define SHIM_CODES_MAX 64

/* Code points of a flag that may be repeated. */
struct shim_codes {
    uint16_t list[SHIM_CODES_MAX];
    size_t num;
};

/* A number that may be absent. */
struct shim_number {
    bool set;
    unsigned long long value;
};

/* struct shim_flags is the command line as it counts for one connection;
 * strings live in argv. Each member is the flag of the same name. */
struct shim_flags {
    struct shim_number port, shim_id, resume_count;
    bool ipv6, server;

    /* Configuration. */
    const char *key_file, *cert_file, *trust_cert, *cipher;
    struct shim_number max_version, min_version;
    bool no_ssl3, no_tls1, no_tls11, no_tls12;
    struct shim_codes curves, signing_prefs, verify_prefs;
    bool enable_all_curves, cbc_record_splitting;
    const char *use_client_ca_list, *expect_client_ca_list;
    bool renegotiate_freely, renegotiate_once, renegotiate_ignore,
        renegotiate_explicit, forbid_renegotiation_after_handshake;

    /* One connection. */
    bool verify_peer, require_any_client_certificate, verify_fail;
    const char *host_name, *advertise_alpn, *select_alpn;
    bool decline_alpn, reject_alpn, select_empty_alpn;
    bool async, shim_writes_first, shim_shuts_down, check_close_notify,
        write_different_record_sizes, tls_unique, use_export_context;
    struct shim_number read_size, export_keying_material;
    const char *export_label, *export_context;

    /* Expectations. */
    struct shim_number expect_total_renegotiations, expect_curve_id,
        expect_peer_signature_algorithm, expect_version;
    bool expect_verify_result, expect_secure_renegotiation,
        expect_no_secure_renegotiation, expect_extended_master_secret,
        expect_session_id, expect_no_session_id, expect_no_session,
        expect_session_miss;
    const char *expect_alpn, *expect_advertised_alpn, *expect_server_name,
        *expect_peer_cert_file;
};

/*
 * shim_flags_read reads the command line for the first connection, or, with
 * `resumed`, for those that follow. Answers SHIM_SUCCESS, SHIM_NOT_IMPLEMENTED
 * (a flag or a combination of flags that the shim does not have), or
 * SHIM_FAILURE (a value that is missing or malformed), and says which flag it
 * was on standard error.
 */
int shim_flags_read(char *const *argv, bool resumed, struct shim_flags *out);

/*
 * shim_suites turns a list of suite names (OpenSSL's or IANA's), separated by
 * colons, into codes, at most `max`; ALL stands for every suite that this
 * build has and that encrypts. Returns how many; 0 for a name it does not
 * know or a suite this build does not have.
 */
size_t shim_suites(const char *list, uint16_t *out, size_t max);

#endif
