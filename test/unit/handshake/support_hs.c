/* See support_hs.h. */

#include "test/unit/handshake/support_hs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto-glue/glue.h"

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

static struct tch_slice read_file(const char *name)
{
    static uint8_t files[4][4000];
    static unsigned at;
    char path[100];
    size_t len;
    FILE *f;

    at = (at + 1) % 4;
    snprintf(path, sizeof path, "vectors/certs/%s", name);
    f = fopen(path, "rb");
    if (f == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        abort();
    }
    len = fread(files[at], 1, sizeof files[at], f);
    fclose(f);
    return tch_slice_of(files[at], len);
}

void bare_identity(struct tch_identity *id, const char *cert, const char *key)
{
    struct tch_slice der = read_file(cert);
    uint8_t *copy = malloc(der.len);
    struct tch_key_info info;

    memset(id, 0, sizeof *id);
    id->chain = malloc(sizeof *id->chain);
    if (tch_glue_init() != TCH_OK || copy == NULL || id->chain == NULL ||
        tch_private_key_read(&tch_alloc_default, read_file(key), &id->key) !=
            TCH_OK) {
        abort();
    }
    memcpy(copy, der.p, der.len);
    id->chain[0] = tch_slice_of(copy, der.len);
    id->num = 1;
    info = tch_private_key_info(id->key);
    id->kind = info.kind;
    id->bits = info.bits;
    id->group = info.group;
    id->pss_hash = info.pss_hash;
    id->key_usage = ~0u;
}

void bare_identity_free(struct tch_identity *id)
{
    union {
        const uint8_t *in;
        void *out;
    } p = { id->chain[0].p };

    free(p.out);
    free(id->chain);
    tch_private_key_free(id->key);
}

static struct tch_identity *identities[1];

void duo_start(struct duo *d)
{
    memset(d, 0, sizeof *d);
    bare_identity(&d->id, "server-ec256.der", "server-ec256-key.der");
    identities[0] = &d->id;
    bare_params(&d->client, TCH_CLIENT);
    bare_params(&d->server, TCH_SERVER);
    d->server.drawn = 100; /* not the client's numbers */
    d->server.params.identities = identities;
    d->server.params.num_identities = 1;
    bare_start(&d->client);
    bare_start(&d->server);
}

static void note(struct duo *d, enum tch_role role, const char *what,
                 int number)
{
    size_t at = strlen(d->log[role]);

    snprintf(d->log[role] + at, sizeof d->log[role] - at,
             number < 0 ? "%s " : "%s%d ", what, number);
}

/* Puts a record into the other side's box, unless it is the last one. */
static void deliver(struct duo *d, enum tch_role to,
                    const struct tch_effect *fx, int until)
{
    struct duo_record *r = &d->inbox[to][d->put[to]];

    if (fx->bytes.len > sizeof r->bytes || d->put[to] == 12) {
        abort();
    }
    if (fx->content_type == 22) {
        d->last = (enum tch_message)fx->bytes.p[0];
        d->body_len = fx->bytes.len;
        memcpy(d->body, fx->bytes.p, fx->bytes.len);
        if ((int)d->last == until) {
            return;
        }
    }
    r->content_type = fx->content_type;
    r->len = fx->bytes.len;
    memcpy(r->bytes, fx->bytes.p, fx->bytes.len);
    d->put[to]++;
}

/* Feeds the next record; false when there is none. */
static bool feed_next(struct duo *d, enum tch_role role, struct tch_hs *hs)
{
    struct duo_record *r = &d->inbox[role][d->taken[role]];
    struct tch_slice bytes = { r->bytes, r->len };

    if (d->taken[role] == d->put[role]) {
        return false;
    }
    d->taken[role]++;
    d->status[role] = r->content_type == 20 ? tch_hs_feed_ccs(hs, bytes)
                                            : tch_hs_feed(hs, bytes);
    return true;
}

/* Runs one side until it waits. False: failed, or `until` was sent. */
static bool run_side(struct duo *d, enum tch_role role, int until)
{
    struct tch_hs *hs = role == TCH_CLIENT ? d->client.hs : d->server.hs;
    enum tch_role to = role == TCH_CLIENT ? TCH_SERVER : TCH_CLIENT;
    struct tch_effect fx;

    while (!d->established[role]) {
        enum tch_status s = tch_hs_next(hs, &fx);

        d->status[role] = s;
        if (s != TCH_OK) {
            return false;
        }
        switch (fx.kind) {
        case TCH_FX_NEED_INPUT:
            if (!feed_next(d, role, hs)) {
                return true;
            }
            if (d->status[role] != TCH_OK) {
                return false;
            }
            break;
        case TCH_FX_SEND:
            note(d, role, fx.content_type == 20 ? "ccs" : "send",
                 fx.content_type == 20 ? -1 : fx.bytes.p[0]);
            deliver(d, to, &fx, until);
            if (fx.content_type == 22 && (int)d->last == until) {
                return false;
            }
            break;
        case TCH_FX_READ_KEYS:
            note(d, role, "read", -1);
            break;
        case TCH_FX_WRITE_KEYS:
            note(d, role, "write", -1);
            break;
        case TCH_FX_VERSION:
            note(d, role, "version", -1);
            break;
        case TCH_FX_ESTABLISHED:
            note(d, role, "established", -1);
            d->established[role] = true;
            break;
        case TCH_FX_NEED_VERDICT:
            if (tch_hs_answer_verdict(hs, TCH_OK) != TCH_OK) {
                abort();
            }
            break;
        case TCH_FX_NEED_SESSION:
            if (tch_hs_answer_session(hs, NULL) != TCH_OK) {
                abort();
            }
            break;
        case TCH_FX_NEED_CREDENTIAL:
        case TCH_FX_NEED_SIGNATURE:
        case TCH_FX_NEED_DECRYPT:
            return false;
        }
    }
    return true;
}

bool duo_run(struct duo *d, int until)
{
    for (int turn = 0; turn < 20; turn++) {
        if (!run_side(d, TCH_CLIENT, until) ||
            !run_side(d, TCH_SERVER, until)) {
            return false;
        }
        if (d->established[0] && d->established[1]) {
            return true;
        }
    }
    return false;
}

void duo_end(struct duo *d)
{
    bare_end(&d->client);
    bare_end(&d->server);
    bare_identity_free(&d->id);
}
