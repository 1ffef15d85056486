/* See support_hs.h. */

#include "test/unit/handshake/support_hs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool draw(void *arg, const char *name, uint8_t *out, size_t n)
{
    struct bare *b = arg;

    snprintf(b->last_draw, sizeof b->last_draw, "%s", name);
    for (size_t i = 0; i < n && !b->no_random; i++) {
        out[i] = (uint8_t)++b->drawn;
    }
    return !b->no_random;
}

static uint64_t now(void *arg)
{
    return ((const struct bare *)arg)->now;
}

static uint16_t suites[256];
static const uint16_t groups[] = { TCH_GROUP_X25519, TCH_GROUP_SECP256R1,
                                   TCH_GROUP_SECP384R1, TCH_GROUP_FFDHE2048 };
static const uint16_t schemes[] = {
    TCH_SCHEME_ECDSA_SHA256, TCH_SCHEME_ECDSA_SHA384,
    TCH_SCHEME_RSA_PSS_RSAE_SHA256, TCH_SCHEME_RSA_PKCS1_SHA256,
    TCH_SCHEME_RSA_PKCS1_SHA384
};

void bare_params(struct bare *b, enum tch_role role)
{
    static const uint16_t codes[] = { 0xC02B, 0xC02F, 0xC02C, 0xC030,
                                      0xCCA9, 0xCCA8, 0x009E, 0xC023,
                                      0xC027, 0x009C, 0x002F };

    memset(b, 0, sizeof *b);
    memcpy(suites, codes, sizeof codes);
    b->now = 1800000000000u;
    b->draw.draw = draw;
    b->draw.arg = b;
    b->clock.now = now;
    b->clock.arg = b;
    b->params.role = role;
    b->params.policy = tch_policy_get(TCH_POLICY_DEFAULT);
    b->params.versions = 1u << 3;
    b->params.suites = suites;
    b->params.num_suites = sizeof codes / sizeof codes[0];
    b->params.groups = groups;
    b->params.num_groups = sizeof groups / sizeof groups[0];
    b->params.schemes = schemes;
    b->params.num_schemes = sizeof schemes / sizeof schemes[0];
    b->params.server_name = "";
    b->params.encrypt_then_mac = true;
    b->params.server_order = true;
    b->params.resumption = true;
    b->params.alloc = &tch_alloc_default;
    b->params.draw = &b->draw;
    b->params.clock = &b->clock;
}

void bare_start(struct bare *b)
{
    tch_arena_init(&b->arena, &tch_alloc_default, (size_t)2 << 20);
    if (tch_hs_new(&b->arena, &b->params, &b->hs) != TCH_OK) {
        abort();
    }
}

void bare_suite(struct bare *b, unsigned version, unsigned suite)
{
    b->hs->r.version = tch_version_facts(version == 0 ? TCH_TLS12 : version);
    b->hs->r.suite = tch_suite_facts(suite);
    if (b->hs->r.version == NULL || b->hs->r.suite == NULL) {
        fprintf(stderr, "no such version or suite: %04x %04x\n", version,
                suite);
        abort();
    }
}

void bare_end(struct bare *b)
{
    tch_hs_end(b->hs);
    tch_arena_clear(&b->arena);
    b->hs = NULL;
}
