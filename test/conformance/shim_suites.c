/*
 * Suites by the names that OpenSSL gives them. Its rule: key exchange and
 * authentication in front, unless both are RSA; then the cipher; then the
 * hash, unless the cipher implies it. So one row per key exchange and one per
 * cipher make all the names. (Suites with a pre-shared key follow other rules,
 * and the shim has no flag for a key: they have no names here.)
 */

#include "test/conformance/shim_flags.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX 64

/* clang-format off */
static const struct {
    const char *key_exchange, *authentication, *prefix;
} fronts[] = {
    { "RSA",       "RSA",     "" },
    { "RSA_EXPORT", "RSA",    "EXP-" },
    { "DHE",       "RSA",     "DHE-RSA-" },
    { "DHE",       "DSA",     "DHE-DSS-" },
    { "DHE",       "none",    "ADH-" },
    { "ECDHE",     "RSA",     "ECDHE-RSA-" },
    { "ECDHE",     "ECDSA",   "ECDHE-ECDSA-" },
    { "ECDHE",     "none",    "AECDH-" },
    { "ECDH",      "RSA",     "ECDH-RSA-" },
    { "ECDH",      "ECDSA",   "ECDH-ECDSA-" },
};

static const struct {
    const char *cipher, *name;
    bool hash; /* the name goes on with it */
} middles[] = {
    { "NULL",              "NULL",              true },
    { "RC4-40",            "RC4",               true },
    { "RC4-128",           "RC4",               true },
    { "RC2-40-CBC",        "RC2-CBC",           true },
    { "DES-40-CBC",        "DES-CBC",           true },
    { "DES-CBC",           "DES-CBC",           true },
    { "3DES-CBC",          "DES-CBC3",          true },
    { "SEED-CBC",          "SEED",              true },
    { "AES-128-CBC",       "AES128",            true },
    { "AES-256-CBC",       "AES256",            true },
    { "CAMELLIA-128-CBC",  "CAMELLIA128",       true },
    { "CAMELLIA-256-CBC",  "CAMELLIA256",       true },
    { "AES-128-GCM",       "AES128-GCM",        true },
    { "AES-256-GCM",       "AES256-GCM",        true },
    { "AES-128-CCM",       "AES128-CCM",        false },
    { "AES-256-CCM",       "AES256-CCM",        false },
    { "AES-128-CCM-8",     "AES128-CCM8",       false },
    { "AES-256-CCM-8",     "AES256-CCM8",       false },
    { "CHACHA20-POLY1305", "CHACHA20-POLY1305", false },
};
/* clang-format on */

/* The hash stands last in IANA's name. */
static const char *hash_of(const struct tch_suite_info *s)
{
    const char *last = strrchr(s->name, '_');

    return last == NULL ? "" : last + 1;
}

static const char *front_of(const struct tch_suite_info *s)
{
    for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; i++) {
        if (strcmp(fronts[i].key_exchange, s->key_exchange) == 0 &&
            strcmp(fronts[i].authentication, s->authentication) == 0) {
            return fronts[i].prefix;
        }
    }
    return NULL;
}

/* Whether OpenSSL calls the suite so. */
static bool is_called(const struct tch_suite_info *s, const char *name)
{
    const char *front = front_of(s);
    char made[NAME_MAX];

    for (size_t i = 0; i < sizeof middles / sizeof middles[0]; i++) {
        if (front != NULL && strcmp(middles[i].cipher, s->cipher) == 0) {
            snprintf(made, sizeof made, "%s%s%s%s", front, middles[i].name,
                     middles[i].hash ? "-" : "",
                     middles[i].hash ? hash_of(s) : "");
            return strcmp(made, name) == 0;
        }
    }
    return false;
}

static bool listed(const uint16_t *codes, size_t num, unsigned code)
{
    for (size_t i = 0; i < num; i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

/* What is added to, and whether it has all gone well. */
struct choice {
    uint16_t *codes;
    size_t max;
    size_t num;
};

static bool add(struct choice *c, unsigned code)
{
    if (listed(c->codes, c->num, code)) {
        return true;
    }
    if (c->num == c->max) {
        return false;
    }
    c->codes[c->num++] = (uint16_t)code;
    return true;
}

static bool add_named(struct choice *c, const char *name)
{
    struct tch_suite_info s;

    for (size_t i = 0; tch_suite_list(i, &s) == TCH_OK; i++) {
        if (strcmp(s.name, name) == 0 || is_called(&s, name)) {
            return s.built && add(c, s.code);
        }
    }
    return false;
}

/* In the order of the policy that has them all. */
static bool add_all(struct choice *c)
{
    struct tch_suite_info s;
    struct tch_config *cfg;
    const uint16_t *codes;
    bool good = true;
    size_t num;

    if (tch_config_new(NULL, &cfg) != TCH_OK) {
        return false;
    }
    good = tch_config_set_policy(cfg, "museum") == TCH_OK;
    codes = tch_config_suites(cfg, &num);
    for (size_t i = 0; good && i < num; i++) {
        if (tch_suite_describe(codes[i], &s) == TCH_OK && s.built &&
            s.cipher_bits != 0) {
            good = add(c, codes[i]);
        }
    }
    tch_config_free(cfg);
    return good;
}

size_t shim_suites(const char *list, uint16_t *out, size_t max)
{
    struct choice c = { out, max, 0 };
    char name[NAME_MAX];

    while (*list != '\0') {
        size_t len = strcspn(list, ":");

        if (len >= sizeof name) {
            return 0;
        }
        memcpy(name, list, len);
        name[len] = '\0';
        if (len != 0 && !(strcmp(name, "ALL") == 0 ? add_all(&c)
                                                   : add_named(&c, name))) {
            return 0;
        }
        list += len + (list[len] == ':' ? 1 : 0);
    }
    return c.num;
}
