/*
 * The policy table. What a policy enables is read off two columns: from which
 * policy on a key exchange (with its authentication) and a cipher come in.
 * The order of suites (R-CS-010) is a sort by named keys, most important
 * first, so that a new row of the suite table finds its place by itself.
 */

#include "engine/base/policy.h"

#include <strings.h>

#include "engine/base/versions.h"

/* clang-format off */
static const struct tch_policy policies[TCH_NUM_POLICIES] = {
    /*                                       versions               RSA   DH    EC   v2    legacy reneg. limit */
    { TCH_POLICY_DEFAULT,    "default",    TCH_TLS12, TCH_TLS12, 2048, 2048, 256, false, false, true  },
    { TCH_POLICY_COMPATIBLE, "compatible", TCH_TLS10, TCH_TLS12, 2048, 2048, 224, true,  false, true  },
    { TCH_POLICY_LEGACY,     "legacy",     TCH_SSL3,  TCH_TLS12, 1024, 1024, 160, true,  true,  true  },
    { TCH_POLICY_MUSEUM,     "museum",     TCH_SSL3,  TCH_TLS12,  512,  512,   0, true,  true,  false },
};
/* clang-format on */

const struct tch_policy *tch_policy_get(enum tch_policy_id id)
{
    return &policies[(unsigned)id < TCH_NUM_POLICIES ? id : 0];
}

const struct tch_policy *tch_policy_named(const char *name)
{
    for (size_t i = 0; i < TCH_NUM_POLICIES; i++) {
        if (strcasecmp(policies[i].name, name) == 0) {
            return &policies[i];
        }
    }
    return NULL;
}

#define NEVER TCH_NUM_POLICIES

/* From which policy on; a kind that is not listed is in none. */
static const struct {
    enum tch_policy_id from;
    bool listed;
} kx_from[TCH_NUM_KX] = {
    [TCH_KX_ECDHE] = { TCH_POLICY_DEFAULT, true },
    [TCH_KX_DHE] = { TCH_POLICY_DEFAULT, true },
    [TCH_KX_RSA] = { TCH_POLICY_COMPATIBLE, true },
    [TCH_KX_PSK] = { TCH_POLICY_COMPATIBLE, true },
    [TCH_KX_RSA_PSK] = { TCH_POLICY_COMPATIBLE, true },
    [TCH_KX_DHE_PSK] = { TCH_POLICY_COMPATIBLE, true },
    [TCH_KX_ECDHE_PSK] = { TCH_POLICY_COMPATIBLE, true },
    [TCH_KX_ECDH] = { TCH_POLICY_LEGACY, true },
    [TCH_KX_RSA_EXPORT] = { TCH_POLICY_MUSEUM, true },
    [TCH_KX_RSA_EXPORT1024] = { TCH_POLICY_MUSEUM, true },
    [TCH_KX_DHE_EXPORT] = { TCH_POLICY_MUSEUM, true },
    [TCH_KX_DHE_EXPORT1024] = { TCH_POLICY_MUSEUM, true },
};

/* From which policy on, and the place in the order, of each cipher. */
static const struct {
    enum tch_policy_id from;
    unsigned place;
} cipher_from[TCH_NUM_CIPHERS] = {
    [TCH_CIPHER_AES_128_GCM] = { TCH_POLICY_DEFAULT, 0 },
    [TCH_CIPHER_AES_256_GCM] = { TCH_POLICY_DEFAULT, 0 },
    [TCH_CIPHER_CHACHA20_POLY1305] = { TCH_POLICY_DEFAULT, 1 },
    [TCH_CIPHER_AES_128_CCM] = { TCH_POLICY_DEFAULT, 2 },
    [TCH_CIPHER_AES_256_CCM] = { TCH_POLICY_DEFAULT, 2 },
    [TCH_CIPHER_AES_128_CCM_8] = { TCH_POLICY_DEFAULT, 3 },
    [TCH_CIPHER_AES_256_CCM_8] = { TCH_POLICY_DEFAULT, 3 },
    [TCH_CIPHER_AES_128_CBC] = { TCH_POLICY_DEFAULT, 4 },
    [TCH_CIPHER_AES_256_CBC] = { TCH_POLICY_DEFAULT, 4 },
    [TCH_CIPHER_CAMELLIA_128_GCM] = { TCH_POLICY_COMPATIBLE, 5 },
    [TCH_CIPHER_CAMELLIA_256_GCM] = { TCH_POLICY_COMPATIBLE, 5 },
    [TCH_CIPHER_CAMELLIA_128_CBC] = { TCH_POLICY_COMPATIBLE, 6 },
    [TCH_CIPHER_CAMELLIA_256_CBC] = { TCH_POLICY_COMPATIBLE, 6 },
    [TCH_CIPHER_SEED_CBC] = { TCH_POLICY_LEGACY, 7 },
    [TCH_CIPHER_3DES_CBC] = { TCH_POLICY_LEGACY, 8 },
    [TCH_CIPHER_RC4_128] = { TCH_POLICY_LEGACY, 9 },
    [TCH_CIPHER_IDEA_CBC] = { TCH_POLICY_MUSEUM, 10 },
    [TCH_CIPHER_DES_CBC] = { TCH_POLICY_MUSEUM, 11 },
    [TCH_CIPHER_DES_56_CBC] = { TCH_POLICY_MUSEUM, 12 },
    [TCH_CIPHER_RC4_56] = { TCH_POLICY_MUSEUM, 13 },
    [TCH_CIPHER_DES_40_CBC] = { TCH_POLICY_MUSEUM, 14 },
    [TCH_CIPHER_RC4_40] = { TCH_POLICY_MUSEUM, 15 },
    [TCH_CIPHER_RC2_40_CBC] = { TCH_POLICY_MUSEUM, 16 },
    [TCH_CIPHER_NULL] = { TCH_POLICY_MUSEUM, 17 },
};

/* The narrowest policy that has the suite, or NEVER. */
static unsigned suite_from(const struct tch_suite *s)
{
    unsigned from = cipher_from[s->cipher].from;

    if (!kx_from[s->kx].listed) {
        return NEVER;
    }
    if (kx_from[s->kx].from > from) {
        from = kx_from[s->kx].from;
    }
    if (s->auth == TCH_AUTH_DSA && from < TCH_POLICY_LEGACY) {
        from = TCH_POLICY_LEGACY;
    }
    if (s->auth == TCH_AUTH_NONE) {
        from = TCH_POLICY_MUSEUM;
    }
    return from;
}

bool tch_policy_has_suite(const struct tch_policy *p,
                          const struct tch_suite *s)
{
    return suite_from(s) <= (unsigned)p->id;
}

/* The sort key: a smaller number stands earlier. Each key gets a few bits. */
static uint32_t place_of(const struct tch_suite *s)
{
    const struct tch_cipher_row *c = tch_cipher_facts(s->cipher);
    uint32_t key = suite_from(s);

    key = key << 1 | (tch_kx_is_ephemeral(s->kx) ? 0u : 1u);
    key = key << 1 | (c->type == TCH_TYPE_AEAD ? 0u : 1u);
    key = key << 1 | (tch_kx_uses_ec_group(s->kx) ? 0u : 1u);
    key = key << 1 | (tch_kx_has_psk(s->kx) ? 1u : 0u);
    key = key << 5 | cipher_from[s->cipher].place;
    key = key << 1 | (s->mac == TCH_HASH_SHA1 || s->mac == TCH_HASH_MD5);
    key = key << 1 | (s->auth == TCH_AUTH_ECDSA ? 0u : 1u);
    key = key << 9 | (511u - c->strength);
    return key;
}

size_t tch_policy_suites(const struct tch_policy *p, uint16_t *out, size_t max)
{
    const struct tch_suite *s;
    size_t num = 0;

    for (size_t i = 0; (s = tch_suite_at(i)) != NULL; i++) {
        size_t at;

        if (!tch_policy_has_suite(p, s) || num == max) {
            continue;
        }
        at = num++;
        while (at > 0 &&
               place_of(tch_suite_facts(out[at - 1])) > place_of(s)) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = s->code;
    }
    return num;
}

/* R-EXT-067, R-KX-008, R-PKI-082. */
static unsigned scheme_from(const struct tch_scheme_row *s)
{
    if (s->hash == TCH_HASH_MD5) {
        return TCH_POLICY_MUSEUM;
    }
    if (s->hash == TCH_HASH_SHA224) {
        return NEVER;
    }
    if (s->kind == TCH_SIG_DSA) {
        return TCH_POLICY_LEGACY;
    }
    if (s->hash == TCH_HASH_SHA1 || s->hash == TCH_HASH_MD5_SHA1) {
        return TCH_POLICY_COMPATIBLE;
    }
    return TCH_POLICY_DEFAULT;
}

bool tch_policy_has_scheme(const struct tch_policy *p, unsigned scheme)
{
    const struct tch_scheme_row *row = tch_scheme_facts(scheme);

    return row != NULL && scheme_from(row) <= (unsigned)p->id;
}

bool tch_policy_has_key(const struct tch_policy *p, enum tch_key_kind kind,
                        unsigned bits)
{
    switch (kind) {
    case TCH_KEY_RSA:
    case TCH_KEY_RSA_PSS:
        return bits >= p->rsa_bits;
    case TCH_KEY_DSA:
        return bits >= p->dh_bits;
    case TCH_KEY_EC:
        return bits >= p->ec_bits;
    case TCH_KEY_ED25519:
    case TCH_KEY_ED448:
        return true;
    case TCH_KEY_NONE:
        break;
    }
    return false;
}
