/* The rogue's programs: words, the engine's turns, rows. See rogue.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/support/pair.h"
#include "test/support/rogue_inside.h"

/* ---- words ---- */

static unsigned hex_digit(struct rogue *r, char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (unsigned)(c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return (unsigned)(c - 'A') + 10;
    }
    rogue_broken(r, "not a hex digit");
}

static void hex_into(struct rogue *r, const char *hex, struct rogue_bytes *out)
{
    out->len = 0;
    out->set = true;
    while (hex[0] != '\0') {
        if (hex[1] == '\0' || out->len == sizeof out->p) {
            rogue_broken(r, "hex of odd length");
        }
        out->p[out->len++] = (uint8_t)(hex_digit(r, hex[0]) << 4 |
                                       hex_digit(r, hex[1]));
        hex += 2;
    }
}

static unsigned code(const char *text)
{
    return (unsigned)strtoul(text, NULL, 16);
}

static void must(struct rogue *r, enum tch_status s)
{
    if (s != TCH_OK) {
        rogue_broken(r, tch_status_name(s));
    }
}

/* ---- the engine's side ---- */

static void take_output(struct rogue *r)
{
    static uint8_t wire[700000];
    struct tch_slice out = tch_pending(r->c);
    size_t at = 0;

    if (out.len > sizeof wire) {
        rogue_broken(r, "too much output");
    }
    if (out.len != 0) {
        memcpy(wire, out.p, out.len);
    }
    tch_sent(r->c, out.len);
    while (out.len - at >= 5) {
        size_t len = 5u + tch_get_u16(wire + at + 3);

        if (len > out.len - at) {
            rogue_broken(r, "the engine sent half a record");
        }
        rogue_take_record(r, wire + at, len);
        at += len;
    }
    if (at != out.len) {
        rogue_broken(r, "the engine sent half a header");
    }
}

static enum tch_status open_one(struct rogue *r, size_t give, size_t *used)
{
    struct tch_slice data = { NULL, 0 };
    enum tch_status s = tch_open_record(r->c, r->to_engine, give, used, &data,
                                        NULL);

    if (s == TCH_OK && data.len != 0) {
        if (data.len > sizeof r->got_data - r->got_data_len) {
            rogue_broken(r, "too much data");
        }
        memcpy(r->got_data + r->got_data_len, data.p, data.len);
        r->got_data_len += data.len;
    }
    return s;
}

static bool for_open(enum tch_state s)
{
    return s == TCH_STATE_OPEN || s == TCH_STATE_CLOSED;
}

/* One call of the engine over `give` bytes. */
static enum tch_status call(struct rogue *r, size_t give, size_t *used)
{
    enum tch_status s;

    *used = 0;
    if (for_open(tch_conn_state(r->c))) {
        return give == 0 ? TCH_WANT_INPUT : open_one(r, give, used);
    }
    s = tch_step(r->c, tch_slice_of(r->to_engine, give), used, NULL);
    if (s == TCH_DATA_WAITS && *used == 0) {
        s = open_one(r, give, used);
    }
    return s;
}

/* Gives the engine what waits until it has taken it all, or stops. */
static void deliver(struct rogue *r)
{
    size_t give = 0;

    rogue_flush_joined(r);
    for (;;) {
        size_t used = 0;

        if (tch_conn_state(r->c) == TCH_STATE_DEAD) {
            break;
        }
        give = r->bytewise ? give : r->to_engine_len;
        r->status = call(r, give, &used);
        take_output(r);
        memmove(r->to_engine, r->to_engine + used, r->to_engine_len - used);
        r->to_engine_len -= used;
        give = used <= give ? give - used : 0;
        if (tch_failed(r->status) || r->status == TCH_CLOSED) {
            break;
        }
        if (r->status == TCH_RENEGOTIATE) {
            continue;
        }
        if (used == 0 && give < r->to_engine_len) {
            give++;
        } else if (r->to_engine_len == 0) {
            break;
        } else if (used == 0) {
            break; /* the rest is no whole record */
        }
    }
    take_output(r);
    r->to_engine_len = 0;
}

static void need_engine(struct rogue *r)
{
    if (r->c == NULL) {
        must(r, tch_conn_new(r->cfg,
                             r->role == TCH_CLIENT ? TCH_SERVER : TCH_CLIENT,
                             &r->c));
        if (r->role == TCH_SERVER) {
            must(r, tch_conn_set_server_name(r->c, "localhost"));
        }
    }
}

static void engine_word(struct rogue *r, const char *name, char how,
                        const char *value)
{
    struct rogue_bytes b;
    uint16_t codes[64];
    size_t num = 0;

    if (strcmp(name, "id") == 0) {
        add_identity(r->cfg, value);
    } else if (strcmp(name, "auth") == 0) {
        must(r, tch_config_set_client_auth(r->cfg,
                                           strcmp(value, "require") == 0
                                               ? TCH_CLIENT_AUTH_REQUIRE
                                               : TCH_CLIENT_AUTH_REQUEST));
    } else if (strcmp(name, "policy") == 0) {
        must(r, tch_config_set_policy(r->cfg, value));
    } else if (strcmp(name, "ems") == 0) {
        must(r, tch_config_set_extended_master_secret(r->cfg, true));
    } else if (strcmp(name, "etm") == 0) {
        must(r, tch_config_set_encrypt_then_mac(r->cfg, false));
    } else if (strcmp(name, "reneg") == 0) {
        must(r, tch_config_set_renegotiation(
                    r->cfg, value[0] == 'r' ? TCH_RENEGOTIATION_REFUSE
                                            : TCH_RENEGOTIATION_IGNORE));
    } else if (strcmp(name, "verify") == 0) {
        must(r, tch_config_set_verify(r->cfg, TCH_VERIFY_INSECURE));
    } else if (strcmp(name, "resumption") == 0) {
        must(r, tch_config_set_resumption(r->cfg, false, 0));
    } else if (strcmp(name, "anchor") == 0) {
        must(r, tch_config_add_anchors_pem(r->cfg, read_certs("ca.pem")));
    } else {
        (void)how;
        hex_into(r, value, &b);
        for (size_t i = 0; i + 1 < b.len && num < 64; i += 2) {
            codes[num++] = tch_get_u16(b.p + i);
        }
        if (strcmp(name, "suites") == 0) {
            must(r, tch_config_set_suites(r->cfg, codes, num));
        } else if (strcmp(name, "groups") == 0) {
            must(r, tch_config_set_groups(r->cfg, codes, num));
        } else if (strcmp(name, "schemes") == 0) {
            must(r, tch_config_set_schemes(r->cfg, codes, num));
        } else if (strcmp(name, "alpn") == 0) {
            must(r, tch_config_set_alpn(r->cfg, tch_slice_of(b.p, b.len)));
        } else {
            rogue_broken(r, "an unknown word about the engine");
        }
    }
}

/* ---- words that send ---- */

static void change_cipher_spec(struct rogue *r, bool rekey)
{
    static const uint8_t one[1] = { 1 };

    rogue_flush_joined(r);
    rogue_put_record(r, TCH_CONTENT_CHANGE_CIPHER_SPEC, one, 1);
    if (rekey && r->master_known) {
        rogue_rekey(r, &r->write, r->role == TCH_CLIENT);
    }
}

static void send_alert(struct rogue *r, unsigned level, unsigned description)
{
    uint8_t alert[2] = { (uint8_t)level, (uint8_t)description };

    rogue_flush_joined(r);
    rogue_put_record(r, TCH_CONTENT_ALERT, alert, 2);
}

static const struct {
    const char *word;
    unsigned type;
} messages[] = {
    { "ch", 1 },   { "sh", 2 },   { "cert", 11 }, { "ske", 12 },
    { "creq", 13 }, { "shd", 14 }, { "cv", 15 },   { "cke", 16 },
    { "fin", 20 },
};

/* Half a Finished, the rest to follow (R-REC-022, R-ATK-048). */
static void half_finished(struct rogue *r)
{
    size_t at = r->joined_len;
    bool join = r->o.join;

    r->o.join = true;
    rogue_make(r, 20);
    r->o.join = join;
    memcpy(r->finished, r->joined + at + 8, 8);
    r->finished_len = 8;
    r->joined_len = at;
    rogue_put_record(r, TCH_CONTENT_HANDSHAKE, r->joined + at, 8);
}

static bool sending_word(struct rogue *r, const char *w)
{
    static const uint8_t hello_request[4] = { 0 };

    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (strcmp(w, messages[i].word) == 0) {
            rogue_make(r, messages[i].type);
            return true;
        }
    }
    if (strcmp(w, "ccs") == 0) {
        change_cipher_spec(r, true);
    } else if (strcmp(w, "ccs!") == 0) {
        change_cipher_spec(r, false);
    } else if (strcmp(w, "certs") == 0) {
        static const uint8_t none[3] = { 0 };

        rogue_send(r, 11, none, 3);
    } else if (strcmp(w, "hreq") == 0) {
        rogue_put_handshake(r, hello_request, 4);
    } else if (strcmp(w, "half") == 0) {
        half_finished(r);
    } else if (strcmp(w, "rest") == 0) {
        rogue_put_record(r, TCH_CONTENT_HANDSHAKE, r->finished, 8);
    } else if (strcmp(w, "data") == 0) {
        rogue_put_record(r, TCH_CONTENT_APPLICATION_DATA,
                         (const uint8_t *)"x", 1);
    } else if (strcmp(w, "empty") == 0) {
        rogue_put_record(r, TCH_CONTENT_APPLICATION_DATA, NULL, 0);
    } else if (strcmp(w, "close") == 0) {
        send_alert(r, 1, 0);
    } else {
        return false;
    }
    return true;
}

/* ---- words with a value ---- */

static void change_ext(struct rogue *r, const char *word, const char *value)
{
    struct rogue_ext_change *c = &r->o.ext[r->o.num_ext];
    struct rogue_bytes b;

    if (r->o.num_ext == ROGUE_EXT_MAX) {
        rogue_broken(r, "too many extensions");
    }
    r->o.num_ext++;
    memset(c, 0, sizeof *c);
    c->how = word[3];
    c->ext.type = (uint16_t)code(word + 4);
    hex_into(r, value, &b);
    if (b.len > sizeof c->ext.data) {
        rogue_broken(r, "an extension too long");
    }
    memcpy(c->ext.data, b.p, b.len);
    c->ext.len = b.len;
}

static void zero_message(struct rogue *r, const char *value)
{
    static uint8_t m[200004];
    char *end;
    unsigned long type = strtoul(value, &end, 10);
    unsigned long len = *end == ',' ? strtoul(end + 1, NULL, 10) : 0;

    memset(m, 0, sizeof m);
    m[0] = (uint8_t)type;
    m[1] = (uint8_t)(len >> 16);
    m[2] = (uint8_t)(len >> 8);
    m[3] = (uint8_t)len;
    rogue_put_handshake(r, m, len > 200000 ? 4 : len + 4);
}

static bool damage_word(struct rogue *r, const char *w, const char *value)
{
    struct rogue_damage *d = &r->d;
    char *end;

    if (strcmp(w, "retype") == 0) {
        d->retype_set = true;
        d->retype = (unsigned)atoi(value);
    } else if (strcmp(w, "flip") == 0) {
        d->flip_set = true;
        d->flip = strtol(value, NULL, 10);
    } else if (strcmp(w, "put") == 0) {
        d->put_set = true;
        d->put_at = strtol(value, &end, 10);
        hex_into(r, *end == ',' ? end + 1 : "", &d->put);
    } else if (strcmp(w, "cut") == 0) {
        d->cut = strtoul(value, NULL, 10);
    } else if (strcmp(w, "grow") == 0) {
        hex_into(r, value, &d->grow);
    } else if (strcmp(w, "len") == 0) {
        d->len_set = true;
        d->len = strtoul(value, NULL, 10);
    } else if (strcmp(w, "nohash") == 0) {
        d->nohash = true;
    } else if (strcmp(w, "lie") == 0) {
        d->lie = true;
    } else {
        return false;
    }
    return true;
}

static bool raw_word(struct rogue *r, const char *w, const char *value)
{
    struct rogue_bytes b;

    if (strcmp(w, "warn") == 0 || strcmp(w, "fatal") == 0) {
        send_alert(r, w[0] == 'w' ? 1 : 2, (unsigned)atoi(value));
    } else if (strcmp(w, "empty") == 0) {
        for (int n = atoi(value); n > 0; n--) {
            rogue_put_record(r, TCH_CONTENT_APPLICATION_DATA, NULL, 0);
        }
    } else if (strcmp(w, "hs") == 0) {
        hex_into(r, value, &b);
        rogue_put_handshake(r, b.p, b.len);
    } else if (strcmp(w, "rec") == 0) {
        hex_into(r, value, &b);
        rogue_flush_joined(r);
        rogue_put_record(r, b.p[0], b.p + 1, b.len - 1);
    } else if (strcmp(w, "wire") == 0) {
        hex_into(r, value, &b);
        memcpy(r->to_engine + r->to_engine_len, b.p, b.len);
        r->to_engine_len += b.len;
    } else if (strcmp(w, "zero") == 0) {
        zero_message(r, value);
    } else {
        return false;
    }
    return true;
}

static bool option_word(struct rogue *r, const char *w, const char *value)
{
    struct rogue_options *o = &r->o;
    const struct {
        const char *word;
        unsigned *number;
    } codes[] = { { "recver", &o->recver },   { "version", &o->version },
                  { "suite", &o->suite },     { "group", &o->group },
                  { "scheme", &o->scheme },   { "curve", &o->curve } };
    const struct {
        const char *word;
        bool *flag;
    } flags[] = { { "join", &o->join },       { "badsig", &o->badsig },
                  { "noext", &o->noext },     { "noblock", &o->noblock },
                  { "resume", &o->resume },   { "sentinel", &o->sentinel } };
    struct {
        const char *word;
        struct rogue_bytes *bytes;
    } runs[] = { { "suites", &o->suites }, { "comp", &o->comp },
                 { "sid", &o->sid },       { "point", &o->point },
                 { "ri", &o->ri } };

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(w, codes[i].word) == 0) {
            *codes[i].number = code(value);
            return true;
        }
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(w, flags[i].word) == 0) {
            *flags[i].flag = true;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        if (strcmp(w, runs[i].word) == 0) {
            hex_into(r, value, runs[i].bytes);
            return true;
        }
    }
    if (strcmp(w, "split") == 0) {
        rogue_flush_joined(r);
        o->join = false;
    } else if (strcmp(w, "frag") == 0) {
        o->frag = strtoul(value, NULL, 10);
    } else if (strcmp(w, "ctype") == 0) {
        o->ctype = atoi(value);
    } else if (strcmp(w, "dhp") == 0) {
        o->dhp = (unsigned)atoi(value);
    } else if (strcmp(w, "dhy") == 0) {
        snprintf(o->dhy, sizeof o->dhy, "%s", value);
    } else if (strcmp(w, "pms") == 0) {
        snprintf(o->pms, sizeof o->pms, "%s", value);
    } else if (strcmp(w, "id") == 0) {
        rogue_load_identity(r, value);
    } else {
        return false;
    }
    return true;
}

static void default_options(struct rogue *r)
{
    memset(&r->o, 0, sizeof r->o);
    memset(&r->d, 0, sizeof r->d);
    r->o.version = TCH_TLS12;
    r->o.suite = 0xC02F;
    r->o.group = TCH_GROUP_X25519;
    r->o.ctype = -1;
}

static void reconnect(struct rogue *r)
{
    tch_conn_free(r->c);
    r->c = NULL;
    rogue_reset_connection(r);
    default_options(r);
}

static void word(struct rogue *r, const char *w)
{
    char name[40];
    size_t n = strcspn(w, ":=");
    const char *value = w[n] == '\0' ? "" : w + n + 1;

    snprintf(name, sizeof name, "%.*s", (int)n, w);
    if (strncmp(name, "e.", 2) == 0) {
        engine_word(r, name + 2, w[n], value);
        return;
    }
    need_engine(r);
    if (strcmp(w, ".") == 0) {
        deliver(r);
    } else if (strcmp(w, "reconnect") == 0) {
        reconnect(r);
    } else if (strcmp(w, "defaults") == 0) {
        default_options(r);
    } else if (strcmp(w, "e!renegotiate") == 0) {
        enum tch_status s = tch_renegotiate(r->c);

        if (s != TCH_OK && s != TCH_CONTINUE) {
            rogue_broken(r, tch_status_name(s));
        }
        take_output(r);
    } else if (strncmp(w, "ext", 3) == 0 && strchr("+-*", w[3]) != NULL &&
               w[3] != '\0') {
        change_ext(r, name, value);
    } else if (!(w[n] == '\0' && sending_word(r, w)) &&
               !damage_word(r, name, value) && !raw_word(r, name, value) &&
               !option_word(r, name, value)) {
        rogue_broken(r, w);
    }
}

/* ---- rows ---- */

static bool blame(struct rogue *r, const char *what, const char *got,
                  const char *want)
{
    snprintf(r->why, sizeof r->why, "%s is %s, not %s", what, got, want);
    return false;
}

/* Data goes both ways under the keys of both. */
static bool talks(struct rogue *r)
{
    uint8_t buf[200];
    size_t len;

    r->got_data_len = 0;
    r->sent_data_len = 0;
    rogue_put_record(r, TCH_CONTENT_APPLICATION_DATA,
                     (const uint8_t *)"ping", 4);
    deliver(r);
    if (r->got_data_len != 4 || memcmp(r->got_data, "ping", 4) != 0) {
        return false;
    }
    len = seal_bytes(r->c, "pong", 4, buf);
    rogue_take_record(r, buf, len);
    return r->sent_data_len == 4 && memcmp(r->sent_data, "pong", 4) == 0;
}

static bool judge(struct rogue *r, const struct rogue_case *row)
{
    const struct tch_failure *f = tch_conn_failure(r->c);
    char got[20];
    char want[20];

    snprintf(got, sizeof got, "%d", r->alert);
    snprintf(want, sizeof want, "%d", row->alert);
    if (strcmp(row->status, "OK") == 0) {
        if (f->status != TCH_OK) {
            return blame(r, "the failure", tch_status_name(f->status), "none");
        }
        if (tch_conn_state(r->c) != TCH_STATE_OPEN || !r->established) {
            return blame(r, "the state", tch_status_name(r->status), "open");
        }
        if (r->alert != row->alert) {
            return blame(r, "the alert", got, want);
        }
        return talks(r) || blame(r, "data", "lost", "echoed");
    }
    if (strcmp(row->status, "CLOSED") == 0) {
        return tch_conn_state(r->c) == TCH_STATE_CLOSED ||
               blame(r, "the state", "another", "closed");
    }
    if (strcmp(row->status, "WAITS") == 0) {
        enum tch_state s = tch_conn_state(r->c);

        return s == TCH_STATE_HANDSHAKE || s == TCH_STATE_RENEGOTIATION ||
               blame(r, "the state", tch_status_name(f->status), "waiting");
    }
    if (strcmp(tch_status_name(f->status), row->status) != 0) {
        return blame(r, "the status",
                     f->status == TCH_OK ? tch_status_name(r->status)
                                         : tch_status_name(f->status),
                     row->status);
    }
    if (r->alert != row->alert) {
        return blame(r, "the alert", got, want);
    }
    if (r->alert != ROGUE_NO_ALERT && r->alert_level != 2) {
        return blame(r, "the level", "1", "2"); /* R-ALR-006 */
    }
    return tch_conn_state(r->c) == TCH_STATE_DEAD ||
           blame(r, "the state", "another", "dead");
}

static void set_up(struct rogue *r, const struct rogue_case *row)
{
    bool own_id = strstr(row->program, "e.id") != NULL;

    r->role = row->engine == TCH_SERVER ? TCH_CLIENT : TCH_SERVER;
    must(r, tch_config_new(NULL, &r->cfg));
    default_options(r);
    rogue_reset_connection(r);
    if (row->engine == TCH_CLIENT) {
        must(r, tch_config_add_anchors_pem(r->cfg, read_certs("ca.pem")));
        rogue_load_identity(r, "server-rsa2048");
    } else {
        if (!own_id) {
            add_identity(r->cfg, "server-rsa2048");
        }
        rogue_load_identity(r, "client-rsa2048");
    }
}

static bool run_program(struct rogue *r, const struct rogue_case *row)
{
    static char text[8000];
    size_t end;

    snprintf(text, sizeof text, "%s", row->program);
    end = strlen(text);
    for (char *w = text; w < text + end;) {
        size_t n = strcspn(w, " ");

        w[n] = '\0';
        if (n != 0) {
            bool dead = r->c != NULL &&
                        tch_conn_state(r->c) == TCH_STATE_DEAD &&
                        strcmp(w, "reconnect") != 0;

            if (dead && strcmp(w, "dead") != 0) {
                snprintf(r->why, sizeof r->why,
                         "failed too early (%s), before '%s' at %d",
                         tch_status_name(tch_conn_failure(r->c)->status), w,
                         (int)(w - text));
                return false;
            }
            if (strcmp(w, "dead") == 0) {
                if (!dead) {
                    return blame(r, "the state", "alive", "dead");
                }
            } else {
                word(r, w);
            }
        }
        w += n + 1;
    }
    return judge(r, row);
}

bool rogue_run(const struct rogue_case *row, bool bytewise, char *why,
               size_t cap)
{
    static struct rogue r;
    volatile bool good = false;

    memset(&r, 0, sizeof r);
    r.bytewise = bytewise;
    if (setjmp(r.broken) == 0) {
        set_up(&r, row);
        good = run_program(&r, row);
    }
    snprintf(why, cap, "%s", r.why);
    tch_conn_free(r.c);
    r.c = NULL;
    tch_config_free(r.cfg);
    rogue_reset_connection(&r);
    tch_private_key_free(r.key);
    return good;
}

bool rogue_run_all(const struct rogue_case *rows, size_t num)
{
    size_t failed = 0;

    for (size_t i = 0; i < num; i++) {
        for (int bytewise = 0; bytewise < 2; bytewise++) {
            char why[300];

            if (!rogue_run(&rows[i], bytewise != 0, why, sizeof why)) {
                fprintf(stderr, "%s%s: %s\n    %s\n", rows[i].name,
                        bytewise ? " (a byte at a time)" : "", why,
                        rows[i].program);
                failed++;
            }
        }
    }
    printf("# %zu rows, each twice, %zu failed\n", num, failed);
    return failed == 0;
}
