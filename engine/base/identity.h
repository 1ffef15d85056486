#ifndef TCH_ENGINE_BASE_IDENTITY_H
#define TCH_ENGINE_BASE_IDENTITY_H

/*
 * An identity: a certificate chain of ours and the key that belongs to it.
 * Immutable after it was made, so connections share it freely.
 */

#include "algs.h"
#include "modes.h"

struct tch_private_key; /* crypto-glue/keys.h */

/*
 * tch_identity: `chain` is DER, leaf first. The facts about the leaf are
 * there so that choosing needs no parsing; `key_usage` holds the bits of RFC
 * 5280 4.2.1.3. Either `key` is set or `signer` is.
 */
struct tch_identity {
    struct tch_slice *chain;
    size_t num;
    enum tch_key_kind kind;
    unsigned bits;
    uint16_t group;
    enum tch_hash pss_hash; /* an RSASSA-PSS key bound to one hash */
    unsigned key_usage;
    struct tch_private_key *key;
    struct tch_signer signer;
};

#endif
