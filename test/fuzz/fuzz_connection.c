/*
 * Fuzzing a whole connection: the first byte picks the role, the second how
 * the rest is cut, the rest is what the peer sends. The connection draws its
 * randomness from a counter, so that a finding comes back. It must end in a
 * status, keep to its promises about `used` and `missing`, and be freed
 * without a trace.
 */
#include <stdint.h>
#include <stdlib.h>

#include "test/support/pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t draws;

static bool counted(void *arg, const char *name, uint8_t *out, size_t n)
{
    (void)arg;
    (void)name;
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)(++draws * 0x9E3779B97F4A7C15u >> 56) | 1;
    }
    return true;
}

static void check(bool truth)
{
    if (!truth) {
        abort();
    }
}

static struct tch_config *make_config(enum tch_role role)
{
    struct tch_draw_source source = { counted, NULL, true };
    struct tch_config *cfg;

    check(tch_config_new(NULL, &cfg) == TCH_OK);
    check(tch_config_set_policy(cfg, "compatible") == TCH_OK);
    check(tch_config_set_draw(cfg, &source) == TCH_OK);
    check(tch_config_set_verify(cfg, TCH_VERIFY_INSECURE) == TCH_OK);
    check(tch_config_set_alpn(cfg, tch_slice_of("\x02h2", 3)) == TCH_OK);
    if (role == TCH_SERVER) {
        add_identity(cfg, "server-ec256");
        add_identity(cfg, "server-rsa2048");
        check(tch_config_set_client_auth(cfg, TCH_CLIENT_AUTH_REQUEST) ==
              TCH_OK);
    }
    return cfg;
}

static struct tch_config *config_for(enum tch_role role)
{
    static struct tch_config *made[2];

    if (made[role] == NULL) {
        made[role] = make_config(role);
    }
    return made[role];
}

/* One turn with what has come; false when the connection takes no more. */
static bool turn(struct tch_conn *c, const uint8_t *data, size_t have,
                 size_t *at)
{
    size_t used = 0;
    size_t missing = 0;
    enum tch_status s = tch_step(c, tch_slice_of(data + *at, have - *at),
                                 &used, &missing);
    struct tch_slice out = tch_pending(c);

    check(used <= have - *at);
    check(s != TCH_WANT_INPUT || (used == 0 && missing > 0));
    check(s != TCH_INTERNAL);
    check(!tch_failed(s) || tch_conn_failure(c)->status != TCH_OK ||
          tch_status_class(s) == TCH_CLASS_USAGE);
    tch_sent(c, out.len);
    *at += used;
    return s == TCH_CONTINUE || s == TCH_WANT_INPUT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum tch_role role;
    struct tch_conn *c;
    size_t cut;
    size_t at = 0;
    bool alive = true;

    if (size < 2) {
        return 0;
    }
    role = (data[0] & 1) != 0 ? TCH_SERVER : TCH_CLIENT;
    cut = data[1] == 0 ? size : data[1];
    draws = 0;
    check(tch_conn_new(config_for(role), role, &c) == TCH_OK);
    if (role == TCH_CLIENT) {
        check(tch_conn_set_server_name(c, "localhost") == TCH_OK);
        alive = turn(c, data, 0, &at);
    }
    data += 2;
    size -= 2;
    for (size_t have = 0; alive && have < size;) {
        have += cut < size - have ? cut : size - have;
        alive = turn(c, data, have, &at);
    }
    tch_conn_free(c);
    return 0;
}
