#ifndef TCH_CRYPTO_GLUE_KEYS_PRIVATE_H
#define TCH_CRYPTO_GLUE_KEYS_PRIVATE_H

/*
 * What a key is inside. A key is one allocation: the struct, and behind it
 * the limbs its RSA or DSA numbers point at. Private to the glue.
 */

#include "crypto-glue/dsa.h"
#include "crypto-glue/keys.h"
#include "crypto-glue/own/ec.h"
#include "crypto-glue/rsa.h"

struct tch_ec_public {
    const struct tch_ec_curve *curve;
    struct tch_ec_point point;
};

struct tch_public_key {
    struct tch_alloc alloc;
    size_t size; /* of the allocation, in bytes */
    struct tch_key_info info;
    struct tch_rsa_public rsa; /* TCH_KEY_RSA, TCH_KEY_RSA_PSS */
    struct tch_dsa_public dsa; /* TCH_KEY_DSA */
    struct tch_ec_public ec;   /* TCH_KEY_EC */
    uint8_t ed[32];            /* TCH_KEY_ED25519 */
    uint64_t limbs[];
};

struct tch_private_key {
    struct tch_alloc alloc;
    size_t size;
    struct tch_key_info info;
    struct tch_rsa_private rsa;
    struct tch_dsa_private dsa;
    struct tch_ec_public ec; /* derived from `d` */
    uint64_t d[TCH_EC_MAX_LIMBS];
    uint8_t ed[32]; /* public, derived from `ed_seed` */
    uint8_t ed_seed[32];
    uint64_t limbs[];
};

/* tch_key_algorithm is what an AlgorithmIdentifier of a key says. `dsa`
 * points into what was read. */
struct tch_key_algorithm {
    enum tch_key_kind kind;
    enum tch_hash pss_hash;
    uint16_t group;
    struct tch_dsa_params dsa;
};

struct tch_reader;

/*
 * tch_key_algorithm_read reads the AlgorithmIdentifier of a key (dossier
 * 7.5). TCH_OK; TCH_BAD_KEY when malformed; TCH_NOT_SUPPORTED for algorithms,
 * curves and parameters this build lacks.
 */
TCH_MUST_CHECK enum tch_status
tch_key_algorithm_read(struct tch_reader *r, struct tch_key_algorithm *out);

/* tch_dsa_params_read reads p, q and g, one INTEGER each; false when one is
 * malformed. */
TCH_MUST_CHECK bool tch_dsa_params_read(struct tch_reader *r,
                                        struct tch_dsa_params *out);

/* tch_curve_oid_read reads a named curve: TCH_OK, TCH_BAD_KEY,
 * TCH_NOT_SUPPORTED. */
TCH_MUST_CHECK enum tch_status tch_curve_oid_read(struct tch_reader *r,
                                                  uint16_t *group);

#endif
