/*
 * demo_certs.h - certificates and keys of the demonstration, as PEM
 *
 * The C file is made at build time from vectors/certs; the keys are public
 * knowledge and serve nothing but tests.
 */
#ifndef TCH_SSPI_TOOLS_DEMO_CERTS_H
#define TCH_SSPI_TOOLS_DEMO_CERTS_H

extern const char demo_ca_pem[];
extern const char demo_server_ec256_pem[];
extern const char demo_server_ec256_key[];
extern const char demo_client_rsa2048_pem[];
extern const char demo_client_rsa2048_key[];

#endif /* TCH_SSPI_TOOLS_DEMO_CERTS_H */
