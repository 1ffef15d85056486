#ifndef TCH_TEST_UNIT_SSPI_SUPPORT_CRED_H
#define TCH_TEST_UNIT_SSPI_SUPPORT_CRED_H

/* support_cred.h - certificates and credentials for the facade's units */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sspi/include/tomchannel_sspi.h"

/* A file of vectors/certs, whole, with a zero behind it; to be freed. */
uint8_t *read_vector(const char *name, size_t *len);

/* NAME.pem with KEY.key. */
PCCERT_CONTEXT cert_with_key(const char *name, const char *key);

/* A credential of a SCHANNEL_CRED; must succeed. */
CredHandle cred_of(bool server, PCCERT_CONTEXT cert, DWORD flags);

/* A pair of open contexts on loopback memory, with these credentials. */
void open_pair(CredHandle *client, CredHandle *server, CtxtHandle *c,
               CtxtHandle *s);

#endif
