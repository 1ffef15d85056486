/*
 * credential.h - a credential from what the command line says
 */
#ifndef TCH_SSPI_TOOLS_CREDENTIAL_H
#define TCH_SSPI_TOOLS_CREDENTIAL_H

#include "sspi/tools/options.h"

struct credential {
    CredHandle handle;
    PCCERT_CONTEXT certs[TEXTS_MAX];
    DWORD num_certs;
    bool acquired;
};

/* credential_make fills `*out`: EXIT_GOOD, or EXIT_USAGE after a sentence on
 * stderr.  credential_free is due in both cases. */
int credential_make(struct credential *out, const struct settings *given,
                    bool server);

/* credential_acquire makes a credential of `num` certificates, with SP_PROT_
 * bits (0: the policy's) and SCH_CRED_ flags. */
SECURITY_STATUS credential_acquire(PCredHandle handle, bool server,
                                   PCCERT_CONTEXT *certs, DWORD num,
                                   DWORD protocols, DWORD flags);

void credential_free(struct credential *c);

#endif /* TCH_SSPI_TOOLS_CREDENTIAL_H */
