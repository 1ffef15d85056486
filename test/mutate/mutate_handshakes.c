/*
 * Mutated handshakes: the flights of good handshakes are recorded once; then,
 * as often as TCH_MUTATIONS says, one flight of one of them is damaged and
 * fed, cut at random places, to a fresh connection that has come just as far.
 * Whatever comes, the connection ends in a clean status, keeps to its
 * promises about `used` and `missing`, and never hangs.
 *
 * The generator is seeded by TCH_SEED, so that a failing case comes back.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/pair.h"

#define MOST_FLIGHTS 8

/* ---- a small generator of our own: the same everywhere ---- */

static uint64_t rng;

static uint32_t draw(void)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (uint32_t)(rng >> 16);
}

static size_t below(size_t n)
{
    return n == 0 ? 0 : draw() % n;
}

/* Randomness of the connections: the same for the recording and for every
 * run after it, so that the recorded flights fit up to the damaged one. */
static uint64_t draws;

static bool prepared(void *arg, const char *name, uint8_t *out, size_t n)
{
    uint64_t x = 0x9E3779B97F4A7C15u;

    (void)arg;
    for (const char *c = name; *c != '\0'; c++) {
        x = (x ^ (uint8_t)*c) * 0x100000001B3u;
    }
    x += ++draws * 0xD1342543DE82EF95u;
    for (size_t i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        out[i] = (uint8_t)(x >> 24) | 1;
    }
    return true;
}

/* ---- scenarios ---- */

struct flight {
    bool from_client;
    uint8_t bytes[12000];
    size_t len;
};

struct scenario {
    const char *name;
    const char *identity;
    uint16_t suite;
    bool client_auth;
    bool renegotiate;
    struct tch_config *client_cfg;
    struct tch_config *server_cfg;
    struct flight flights[MOST_FLIGHTS];
    size_t num;
};

static struct scenario scenarios[] = {
    { .name = "ECDHE_ECDSA GCM", .identity = "server-ec256",
      .suite = 0xC02B },
    { .name = "ECDHE_RSA CBC", .identity = "server-rsa2048",
      .suite = 0xC013 },
    { .name = "RSA GCM", .identity = "server-rsa2048", .suite = 0x009C },
    { .name = "ECDHE_ECDSA ChaCha20 client certificate",
      .identity = "server-ec256", .suite = 0xCCA9, .client_auth = true },
    { .name = "renegotiation", .identity = "server-ec256", .suite = 0xC02B,
      .renegotiate = true },
};

#define NUM_SCENARIOS (sizeof scenarios / sizeof scenarios[0])

static void must(enum tch_status s)
{
    assert_string_equal(tch_status_name(s), "OK");
}

static void make_configs(struct scenario *s)
{
    struct tch_draw_source source = { prepared, NULL, true };
    struct pair p;

    pair_configs(&p, s->identity);
    must(tch_config_set_suites(p.client_cfg, &s->suite, 1));
    must(tch_config_set_suites(p.server_cfg, &s->suite, 1));
    must(tch_config_set_draw(p.client_cfg, &source));
    must(tch_config_set_draw(p.server_cfg, &source));
    must(tch_config_set_resumption(p.client_cfg, false, 0));
    if (s->client_auth) {
        add_identity(p.client_cfg, "client-ec256");
        must(tch_config_set_client_auth(p.server_cfg,
                                        TCH_CLIENT_AUTH_REQUIRE));
        must(tch_config_add_anchors_pem(p.server_cfg, read_certs("ca.pem")));
    }
    s->client_cfg = p.client_cfg;
    s->server_cfg = p.server_cfg;
}

struct ends {
    struct tch_conn *client;
    struct tch_conn *server;
};

static struct ends connect_ends(const struct scenario *s)
{
    struct ends e;

    draws = 0;
    must(tch_conn_new(s->client_cfg, TCH_CLIENT, &e.client));
    must(tch_conn_new(s->server_cfg, TCH_SERVER, &e.server));
    must(tch_conn_set_server_name(e.client, "localhost"));
    return e;
}

static void free_ends(struct ends *e)
{
    tch_conn_free(e->client);
    tch_conn_free(e->server);
}

/* Keeps what `from` has to send as the next flight; false when nothing. */
static bool record_flight(struct scenario *s, struct tch_conn *from,
                          bool client)
{
    struct tch_slice out = tch_pending(from);
    struct flight *f = &s->flights[s->num];

    if (out.len == 0) {
        return false;
    }
    assert_true(s->num < MOST_FLIGHTS && out.len <= sizeof f->bytes);
    f->from_client = client;
    memcpy(f->bytes, out.p, out.len);
    f->len = out.len;
    s->num++;
    tch_sent(from, out.len);
    return true;
}

static void deliver(struct tch_conn *to, const struct flight *f)
{
    size_t used;
    enum tch_status s = tch_step(to, tch_slice_of(f->bytes, f->len), &used,
                                 NULL);

    if (tch_failed(s)) {
        fail_msg("a good flight failed: %s", tch_status_name(s));
    }
}

static void start(const struct scenario *s, struct ends *e)
{
    size_t used;

    (void)s;
    (void)tch_step(e->client, tch_slice_of(NULL, 0), &used, NULL);
}

static void record_scenario(struct scenario *s)
{
    struct ends e = connect_ends(s);
    bool client = true;
    bool again = s->renegotiate;

    start(s, &e);
    for (;;) {
        if (!record_flight(s, client ? e.client : e.server, client)) {
            break;
        }
        deliver(client ? e.server : e.client, &s->flights[s->num - 1]);
        client = !client;
        if (again && tch_conn_state(e.client) == TCH_STATE_OPEN &&
            tch_conn_state(e.server) == TCH_STATE_OPEN) {
            again = false;
            client = true;
            assert_int_equal(tch_renegotiate(e.client), TCH_CONTINUE);
        }
    }
    assert_int_equal(tch_conn_state(e.client), TCH_STATE_OPEN);
    assert_int_equal(tch_conn_state(e.server), TCH_STATE_OPEN);
    free_ends(&e);
}

/* ---- damage ---- */

static const uint8_t interesting[] = { 0x00, 0x01, 0x02, 0x03, 0x0B, 0x0E,
                                       0x14, 0x15, 0x16, 0x17, 0x7F, 0x80,
                                       0xFE, 0xFF };

static void damage_once(struct flight *f)
{
    size_t at = below(f->len);
    size_t n = 1 + below(8);

    switch (below(7)) {
    case 0:
        f->bytes[at] ^= (uint8_t)(1u << below(8));
        break;
    case 1:
        f->bytes[at] = interesting[below(sizeof interesting)];
        break;
    case 2:
        f->bytes[at] = (uint8_t)(f->bytes[at] + (below(2) ? 1 : 255));
        break;
    case 3: /* cut out */
        n = n < f->len - at ? n : f->len - at;
        memmove(f->bytes + at, f->bytes + at + n, f->len - at - n);
        f->len -= n;
        break;
    case 4: /* put in */
        if (f->len + n <= sizeof f->bytes) {
            memmove(f->bytes + at + n, f->bytes + at, f->len - at);
            f->len += n;
        }
        break;
    case 5: /* say a piece twice */
        n *= 16;
        if (at + n <= f->len && f->len + n <= sizeof f->bytes) {
            memmove(f->bytes + at + n, f->bytes + at, f->len - at);
            f->len += n;
        }
        break;
    default:
        f->len = at;
        break;
    }
}

/* Feeds a flight in random pieces; true when the connection still lives. */
static void feed(struct tch_conn *to, const struct flight *f)
{
    size_t have = 0;
    size_t at = 0;

    while (have < f->len) {
        size_t used = 0;
        size_t missing = 0;
        enum tch_status s;

        have += 1 + below(below(4) == 0 ? 16 : f->len);
        have = have < f->len ? have : f->len;
        s = tch_step(to, tch_slice_of(f->bytes + at, have - at), &used,
                     &missing);
        assert_true(used <= have - at);
        assert_true(s != TCH_WANT_INPUT || (used == 0 && missing != 0));
        assert_string_not_equal(tch_status_name(s), "INTERNAL");
        assert_string_not_equal(tch_status_name(s), "UNKNOWN");
        at += used;
        if (s != TCH_CONTINUE && s != TCH_WANT_INPUT && s != TCH_OK) {
            return;
        }
    }
}

static void run_case(const struct scenario *s)
{
    struct ends e = connect_ends(s);
    size_t damaged = below(s->num);
    struct flight f = s->flights[damaged];
    size_t opened = 0;

    for (size_t n = 1 + below(3); n > 0 && f.len > 0; n--) {
        damage_once(&f);
    }
    start(s, &e);
    for (size_t i = 0; i < damaged; i++) {
        const struct flight *good = &s->flights[i];
        struct tch_conn *from = good->from_client ? e.client : e.server;

        tch_sent(from, tch_pending(from).len);
        deliver(good->from_client ? e.server : e.client, good);
        if (s->renegotiate && opened == 0 &&
            tch_conn_state(e.client) == TCH_STATE_OPEN &&
            tch_conn_state(e.server) == TCH_STATE_OPEN) {
            opened = 1;
            (void)tch_renegotiate(e.client);
        }
    }
    feed(f.from_client ? e.server : e.client, &f);
    (void)tch_pending(f.from_client ? e.server : e.client);
    free_ends(&e);
}

static unsigned long setting(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);

    return text == NULL ? otherwise : strtoul(text, NULL, 10);
}

static void mutated_flights_end_cleanly(void **state)
{
    unsigned long num = setting("TCH_MUTATIONS", 3000);
    unsigned long seed = setting("TCH_SEED", 1);

    (void)state;
    for (unsigned long i = 0; i < num; i++) {
        rng = (seed + i) * 0x9E3779B97F4A7C15u | 1;
        (void)draw();
        run_case(&scenarios[below(NUM_SCENARIOS)]);
    }
    printf("# %lu mutations, seed %lu\n", num, seed);
}

static int record_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SCENARIOS; i++) {
        make_configs(&scenarios[i]);
        record_scenario(&scenarios[i]);
    }
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_SCENARIOS; i++) {
        tch_config_free(scenarios[i].client_cfg);
        tch_config_free(scenarios[i].server_cfg);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutated_flights_end_cleanly),
    };

    return cmocka_run_group_tests(tests, record_all, free_all);
}
