#ifndef TCH_TEST_CONFORMANCE_SHIM_RUN_H
#define TCH_TEST_CONFORMANCE_SHIM_RUN_H

/* What the parts of the shim share: one run of it. */

#include "test/conformance/shim_flags.h"
#include "test/conformance/shim_link.h"

#define SHIM_HELLO_MAX 20000
#define SHIM_FILE_MAX 100000

/* What the observer keeps of the newest handshake. */
struct shim_seen {
    uint8_t hello[SHIM_HELLO_MAX];
    size_t hello_len;
    uint16_t verify_scheme; /* of the peer's CertificateVerify */
};

/* One connection, and what outlives it. */
struct shim {
    const struct shim_flags *flags;
    struct tch_config *cfg;
    struct tch_config *identity_cfg; /* see shim_config.c */
    struct link link;
    struct shim_seen seen;
    bool resumed;
    bool judged;             /* a certificate came, in this process */
    enum tch_status verdict; /* on the newest */
    unsigned renegotiations; /* the peer asked for */
    unsigned alert;          /* a fatal one of the shim's own; 0: none */
};

/* shim_make_config makes sh->cfg (and identity_cfg) from the flags. Besides
 * what the setters answer: TCH_NOT_SUPPORTED for suites this build lacks. */
enum tch_status shim_make_config(struct shim *sh);

/* shim_read_file reads a file into `room`; what does not fit, or is not there,
 * is cut off, and no PEM either. */
struct tch_slice shim_read_file(const char *name,
                                uint8_t room[SHIM_FILE_MAX]);

/* shim_check_handshake compares what a handshake came to with the flags;
 * shim_check_end does so after the conversation. TCH_OK or shim_complain's. */
enum tch_status shim_check_handshake(const struct shim *sh);
enum tch_status shim_check_end(const struct shim *sh);

/* shim_same_names compares a list of names (hexadecimal, with commas; or
 * <EMPTY>) with issuers as tch_conn_issuers gives them. */
bool shim_same_names(const char *want, struct tch_slice got);

/* shim_complain names an expectation that was not met on standard error, and
 * answers SHIM_TOLD, which ends the connection without another word. */
#define SHIM_TOLD TCH_NOT_FOUND
enum tch_status shim_complain(const char *what);

#endif
