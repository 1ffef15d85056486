#ifndef TCH_RECORD_MAC_H
#define TCH_RECORD_MAC_H

/*
 * The MAC of a record, in its two forms: HMAC (TLS 1.0 up) and the older
 * construction of SSL 3.0. Private to record/.
 *
 * Sources: RFC 6101 5.2.3.1, 2246 6.2.3.1; dossier 2.5, R-REC-040 to 042.
 */

#include "crypto-glue/hash.h"
#include "record/protect.h"

/* tch_mac is a keyed MAC; `len` is its length in bytes, 0 for none. */
struct tch_mac {
    struct tch_hmac_key key;
    enum tch_mac_kind kind;
    size_t len;
};

/* tch_mac_init keys a MAC; the key has the length of the hash. */
void tch_mac_init(struct tch_mac *m, enum tch_mac_kind kind, enum tch_hash alg,
                  struct tch_slice key);

/*
 * tch_mac_header writes what goes into the MAC before the fragment and
 * returns its length: TCH_PSEUDO_HEADER_LEN, in SSL 3.0 two bytes less, for
 * it leaves the version out (R-REC-040). `len` is the fragment's length and
 * may be secret.
 */
size_t tch_mac_header(const struct tch_mac *m, uint8_t *out,
                      const struct tch_piece *p, size_t len);

/* tch_mac_run computes the MAC of `num` parts that together are a fragment
 * of the record `p`; writes m->len bytes. */
void tch_mac_run(const struct tch_mac *m, uint8_t *out,
                 const struct tch_piece *p, const struct tch_slice *parts,
                 size_t num);

/* tch_mac_clear wipes the key. */
void tch_mac_clear(struct tch_mac *m);

#endif
