#ifndef TCH_SSPI_CERT_STORE_H
#define TCH_SSPI_CERT_STORE_H

/*
 * cert_store.h - certificate contexts and the stores they live in
 *
 * Every certificate context lives in a memory store, also one made by itself
 * (contract 15: hCertStore is never NULL for a peer's certificate). A store
 * lives as long as somebody has it open or holds one of its certificates; so
 * a program that kept only the leaf may still walk leaf->hCertStore.
 *
 * A private key hangs on its certificate as DER; it never leaves the facade
 * but for the engine's configuration.
 */

#include "engine/tch.h"
#include "sspi/include/wincrypt.h"

struct tch_store;
struct tch_cert;

/* tch_store_new makes an empty store that is open once, or NULL. */
struct tch_store *tch_store_new(void);

/* tch_store_of gives the store behind a live handle, or NULL. */
struct tch_store *tch_store_of(HCERTSTORE h);

/* tch_store_open opens a store once more; tch_store_close takes one back.
 * False: it is not open. */
struct tch_store *tch_store_open(struct tch_store *s);
bool tch_store_close(struct tch_store *s);

/*
 * tch_store_add puts a certificate at the end of a store. `key` may be empty.
 * `*out`, unless NULL, has one reference. Statuses of tch_cert_decode.
 */
enum tch_status tch_store_add(struct tch_store *s, struct tch_slice der,
                              struct tch_slice key, struct tch_cert **out);

/* tch_store_find gives a certificate with exactly these bytes, with one
 * reference, or NULL. */
struct tch_cert *tch_store_find(struct tch_store *s, struct tch_slice der);

/* tch_store_find_issuer gives one whose subject is `issuer`, with one
 * reference, or NULL. */
struct tch_cert *tch_store_find_issuer(struct tch_store *s,
                                       struct tch_slice issuer);

/* tch_store_next gives the certificate behind `prev` (NULL: the first), with
 * one reference, or NULL at the end. `prev` keeps its reference. */
struct tch_cert *tch_store_next(struct tch_store *s, struct tch_cert *prev);

/* tch_store_drop_last takes the certificates behind the first `num` out of a
 * store again, for an addition that failed half way; nobody else may have
 * seen them. */
void tch_store_drop_last(struct tch_store *s, size_t num);
size_t tch_store_num(struct tch_store *s);

/* tch_cert_of gives the certificate behind a live context of ours, or NULL:
 * programs may also build the struct themselves. */
struct tch_cert *tch_cert_of(PCCERT_CONTEXT p);

PCCERT_CONTEXT tch_cert_context(struct tch_cert *c);
struct tch_cert *tch_cert_ref(struct tch_cert *c);
void tch_cert_unref(struct tch_cert *c);

struct tch_slice tch_cert_der(const struct tch_cert *c);
struct tch_slice tch_cert_issuer(const struct tch_cert *c);
struct tch_slice tch_cert_subject(const struct tch_cert *c);

/* tch_cert_key is the private key, empty without one; lives as long as the
 * certificate. */
struct tch_slice tch_cert_key(const struct tch_cert *c);
struct tch_store *tch_cert_store(const struct tch_cert *c);

/* tch_cert_set_key hangs a copy of the key on a certificate that nobody else
 * has seen yet. TCH_OK, TCH_NO_MEMORY. */
enum tch_status tch_cert_set_key(struct tch_cert *c, struct tch_slice key);

/* tch_slices_equal compares bytes that are no secrets. */
bool tch_slices_equal(struct tch_slice a, struct tch_slice b);

#endif
