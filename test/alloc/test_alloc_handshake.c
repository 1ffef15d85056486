/*
 * Whole handshakes with the n-th allocation failing, for every n until none
 * fails. Whatever n is, every call answers a clean status, the side that ran
 * out of memory says so and is dead, its peer is told internal_error or
 * notices nothing, and when all is given back nothing is left.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/pair.h"

/* ---- an allocator that fails once ---- */

static struct {
    size_t calls;
    size_t fail_at; /* 0: never */
    size_t live;
    size_t live_bytes;
    bool failed;
} mem;

static void *take(void *arg, size_t n)
{
    void *p;

    (void)arg;
    if (++mem.calls == mem.fail_at) {
        mem.failed = true;
        return NULL;
    }
    p = malloc(n);
    assert_non_null(p);
    mem.live++;
    mem.live_bytes += n;
    return p;
}

static void give(void *arg, void *p, size_t n)
{
    (void)arg;
    if (p != NULL) {
        assert_true(mem.live > 0 && mem.live_bytes >= n);
        mem.live--;
        mem.live_bytes -= n;
    }
    free(p);
}

static const struct tch_alloc alloc = { take, give, NULL };

/* ---- scenarios: false as soon as something failed ---- */

static struct pair p;
static enum tch_status last;

static bool good(enum tch_status s)
{
    last = s;
    return s == TCH_OK || s == TCH_CONTINUE;
}

static bool add(struct tch_config *cfg, const char *cert, const char *key)
{
    return good(tch_config_add_identity_pem(cfg, read_certs(cert),
                                            read_certs(key)));
}

static bool configs(const char *cert, const char *key)
{
    memset(&p, 0, sizeof p);
    return good(tch_config_new(&alloc, &p.client_cfg)) &&
           good(tch_config_new(&alloc, &p.server_cfg)) &&
           good(tch_config_add_anchors_pem(p.client_cfg,
                                           read_certs("ca.pem"))) &&
           add(p.server_cfg, cert, key);
}

static bool connect(void)
{
    p.to_client.len = 0;
    p.to_server.len = 0;
    return good(tch_conn_new(p.client_cfg, TCH_CLIENT, &p.client)) &&
           good(tch_conn_new(p.server_cfg, TCH_SERVER, &p.server)) &&
           good(tch_conn_set_server_name(p.client, "localhost"));
}

static bool handshake(void)
{
    if (run(&p, SIZE_MAX)) {
        return true;
    }
    last = tch_failed(p.client_status) ? p.client_status : p.server_status;
    return false;
}

/* What goes on after the handshake needs no memory at all. */
static void data_needs_no_memory(void)
{
    size_t before = mem.calls;

    assert_true(send_data(p.client, p.server, "ping", 4));
    assert_true(send_data(p.server, p.client, "pong", 4));
    assert_int_equal(mem.calls, before);
}

static bool full(void)
{
    if (!configs("server-ec256.pem", "server-ec256.key") || !connect() ||
        !handshake()) {
        return false;
    }
    data_needs_no_memory();
    return true;
}

static bool rsa_transport(void)
{
    const uint16_t suite = 0x009C;

    return configs("server-rsa2048.pem", "server-rsa2048.key") &&
           good(tch_config_set_suites(p.client_cfg, &suite, 1)) &&
           good(tch_config_set_suites(p.server_cfg, &suite, 1)) &&
           connect() && handshake();
}

static bool finite_field(void)
{
    const uint16_t suite = 0x009E;

    return configs("server-rsa2048.pem", "server-rsa2048.key") &&
           good(tch_config_set_suites(p.client_cfg, &suite, 1)) &&
           connect() && handshake();
}

static bool resumed(void)
{
    struct tch_info info;

    if (!full()) {
        return false;
    }
    pair_disconnect(&p);
    if (!connect() || !handshake()) {
        return false;
    }
    /* A cache without memory forgets; nothing else may. */
    assert_int_equal(tch_conn_info(p.client, &info), TCH_OK);
    assert_true(info.resumed || mem.failed);
    data_needs_no_memory();
    return true;
}

static bool client_certificate(void)
{
    if (!configs("server-ec256.pem", "server-ec256.key") ||
        !add(p.client_cfg, "client-rsa2048.pem", "client-rsa2048.key") ||
        !good(tch_config_add_anchors_pem(p.server_cfg,
                                         read_certs("ca.pem"))) ||
        !good(tch_config_set_client_auth(p.server_cfg,
                                         TCH_CLIENT_AUTH_REQUIRE)) ||
        !good(tch_config_set_keep_peer_chain(p.server_cfg, true)) ||
        !connect() || !handshake()) {
        return false;
    }
    assert_true(tch_conn_peer_certificate(p.server, 0).len > 100);
    return true;
}

static bool renegotiation(void)
{
    static struct pipe_end pipe;
    struct tch_slice got;
    size_t used;

    if (!full() || !good(tch_renegotiate(p.client))) {
        return false;
    }
    pipe.len = 0;
    flush(p.client, &pipe);
    last = tch_open_record(p.server, pipe.bytes, pipe.len, &used, &got, NULL);
    if (last != TCH_RENEGOTIATE || !handshake()) {
        return false;
    }
    data_needs_no_memory();
    return true;
}

static bool asked_by_the_server(void)
{
    static struct pipe_end pipe;
    struct tch_slice got;
    size_t used;

    if (!full() || !good(tch_renegotiate(p.server))) {
        return false;
    }
    pipe.len = 0;
    flush(p.server, &pipe);
    last = tch_open_record(p.client, pipe.bytes, pipe.len, &used, &got, NULL);
    return last == TCH_RENEGOTIATE && handshake();
}

/* ---- after a failure ---- */

/*
 * Two places where the alert of a side without memory is not understood: a
 * client that has not read the ServerHello says it in a record of its initial
 * version (R-ALR-016), and who could not set up the keys behind its
 * change_cipher_spec says it in clear. The peer then dies of that.
 */
static bool is_garbled(enum tch_status s)
{
    return s == TCH_WRONG_RECORD_VERSION || s == TCH_BAD_RECORD_MAC;
}

static enum tch_status other_failure(const struct tch_conn *c)
{
    return tch_conn_failure(c == p.client ? p.server : p.client)->status;
}

static void is_dead_or_well(struct tch_conn *c)
{
    const struct tch_failure *f;
    struct tch_info info;
    size_t used;

    if (c == NULL) {
        return;
    }
    f = tch_conn_failure(c);
    if (f->status == TCH_NO_MEMORY) {
        assert_int_equal(f->alert, TCH_ALERT_INTERNAL_ERROR);
        assert_int_equal(f->side, TCH_SIDE_OURS);
    } else if (f->status == TCH_PEER_ALERT) {
        assert_int_equal(f->alert, TCH_ALERT_INTERNAL_ERROR);
    } else if (is_garbled(f->status)) {
        assert_int_equal(other_failure(c), TCH_NO_MEMORY);
    } else {
        assert_int_equal(f->status, TCH_OK);
    }
    if (f->status != TCH_OK) {
        assert_int_equal(tch_conn_state(c), TCH_STATE_DEAD);
        assert_int_equal(tch_step(c, tch_slice_of(NULL, 0), &used, NULL),
                         TCH_DEAD);
    }
    (void)tch_conn_info(c, &info);
    (void)tch_pending(c);
    assert_int_equal(tch_close(c), TCH_OK);
}

static void fail_every_allocation(const char *name, bool (*scenario)(void))
{
    size_t n = 1;

    for (;; n++) {
        bool done;

        memset(&mem, 0, sizeof mem);
        mem.fail_at = n;
        memset(&p, 0, sizeof p);
        last = TCH_OK;
        done = scenario();
        if (!done && last != TCH_NO_MEMORY && last != TCH_PEER_ALERT &&
            !is_garbled(last)) {
            fail_msg("%s, allocation %zu: %s", name, n,
                     tch_status_name(last));
        }
        is_dead_or_well(p.client);
        is_dead_or_well(p.server);
        pair_free(&p);
        if (mem.live != 0 || mem.live_bytes != 0) {
            fail_msg("%s, allocation %zu: %zu blocks leak", name, n,
                     mem.live);
        }
        if (!mem.failed) {
            assert_true(done);
            break;
        }
    }
    print_message("# %s: %zu allocations\n", name, n - 1);
    assert_true(n > 50);
}

#define TEST(name)                                                           \
    static void name##_survives_any_allocation_failing(void **state)         \
    {                                                                        \
        (void)state;                                                         \
        fail_every_allocation(#name, name);                                  \
    }
TEST(full)
TEST(rsa_transport)
TEST(finite_field)
TEST(resumed)
TEST(client_certificate)
TEST(renegotiation)
TEST(asked_by_the_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_survives_any_allocation_failing),
        cmocka_unit_test(rsa_transport_survives_any_allocation_failing),
        cmocka_unit_test(finite_field_survives_any_allocation_failing),
        cmocka_unit_test(resumed_survives_any_allocation_failing),
        cmocka_unit_test(client_certificate_survives_any_allocation_failing),
        cmocka_unit_test(renegotiation_survives_any_allocation_failing),
        cmocka_unit_test(asked_by_the_server_survives_any_allocation_failing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
