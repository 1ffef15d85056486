#ifndef TCH_SSPI_CREDENTIALS_H
#define TCH_SSPI_CREDENTIALS_H

/*
 * credentials.h - what a credential handle stands for
 *
 * A credential keeps what the program asked for (parameters, options) and a
 * setup made from that: the engine's configuration and the facade's own
 * choices. A setup is never changed; contexts hold the one they were made
 * from, so options set later and a credential freed leave them alone
 * (contract 2.2, 5.8).
 */

#include <pthread.h>
#include <stdatomic.h>

#include "engine/tch.h"
#include "sspi/cert_store.h"
#include "sspi/include/tomchannel_sspi.h"
#include "sspi/suite_filter.h"

/* What pAuthData said. */
struct tch_params {
    enum tch_role role;
    DWORD flags;            /* SCH_* */
    unsigned versions;      /* TCH_VERSION_* asked for, 0: the policy's */
    unsigned without;       /* taken away */
    DWORD lifespan;         /* milliseconds, 0: default */
    DWORD min_bits;         /* as given */
    DWORD max_bits;
    struct tch_filter filter;
    struct tch_cert **certs; /* one reference each */
    size_t num_certs;
    struct tch_store *roots; /* open, or NULL */
};

/* Where key-log lines and events go; part of a setup. */
struct tch_watcher {
    struct tch_observer user;
    TCH_KEY_LOG_FN keylog;
    void *keylog_arg;
    void *file; /* FILE * */
    struct tch_observer ours;
};

struct tch_setup {
    atomic_size_t refs;
    enum tch_role role;
    struct tch_config *config;
    struct tch_watcher watcher;
    DWORD flags;
    DWORD protocols; /* SP_PROT_* bits of this direction */
    bool manual;     /* the package does not judge the server's chain */
    bool require_client_certificate;
    bool validate_client_certificate;
    bool renegotiation;
    bool has_identity;
    struct tch_cert **certs;
    size_t num_certs;
    struct tch_store *roots;
};

struct tch_cred {
    pthread_mutex_t lock; /* of setup and options */
    struct tch_params params;
    TCH_SSPI_OPTIONS options; /* texts are ours; hAnchors is our own store */
    struct tch_observer observer;
    struct tch_setup *setup;
};

/* tch_cred_setup gives the setup behind a credential handle, with a
 * reference, or NULL. */
struct tch_setup *tch_cred_setup(const SecHandle *h);

struct tch_setup *tch_setup_ref(struct tch_setup *s);
void tch_setup_unref(struct tch_setup *s);

/*
 * tch_setup_make makes a setup from parameters and options. SEC_E_OK,
 * SEC_E_ALGORITHM_MISMATCH, SEC_E_UNKNOWN_CREDENTIALS,
 * SEC_E_INVALID_PARAMETER, CRYPT_E_FILE_ERROR, SEC_E_INSUFFICIENT_MEMORY,
 * SEC_E_INTERNAL_ERROR.
 */
SECURITY_STATUS tch_setup_make(const struct tch_params *p,
                               const TCH_SSPI_OPTIONS *o,
                               struct tch_setup **out);

/* tch_params_clear gives back what the parameters hold. */
void tch_params_clear(struct tch_params *p);

/* tch_params_read fills parameters from pAuthData, with the checks of
 * contract 5.1 in their order. `wide` is the width of the program's WCHAR. */
SECURITY_STATUS tch_params_read(enum tch_role role, const void *auth,
                                unsigned wide, struct tch_params *out);

/* tch_options_clear frees what a credential's own options hold. */
void tch_options_clear(TCH_SSPI_OPTIONS *o);

/* tch_protocol_bits and tch_version_bits translate between SP_PROT_* bits of
 * one direction and TCH_VERSION_* bits. */
DWORD tch_protocol_bits(enum tch_role role, unsigned versions);
unsigned tch_version_bits(DWORD protocols);

/* The part of AcquireCredentialsHandle behind the texts. `package` is UTF-8 or
 * NULL. */
SECURITY_STATUS tch_acquire(const char *package, ULONG use, const void *auth,
                            unsigned wide, PCredHandle phCredential,
                            PTimeStamp ptsExpiry);

/* The part of QueryCredentialsAttributes behind A and W; `room` is SIZE_MAX
 * where the call has no size. */
SECURITY_STATUS tch_query_credential(PCredHandle h, ULONG attribute,
                                     void *buffer, size_t room);

#endif
