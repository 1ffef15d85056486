/* See pair.h. */

#include "test/support/pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUM_FILES 64

struct tch_slice read_certs(const char *name)
{
    static struct {
        char name[64];
        uint8_t text[20000];
        size_t len;
    } files[NUM_FILES];
    char path[128];
    size_t i;
    FILE *f;

    for (i = 0; i < NUM_FILES && files[i].name[0] != '\0'; i++) {
        if (strcmp(files[i].name, name) == 0) {
            return tch_slice_of(files[i].text, files[i].len);
        }
    }
    snprintf(path, sizeof path, "vectors/certs/%s", name);
    f = fopen(path, "rb");
    if (f == NULL || i == NUM_FILES) {
        fprintf(stderr, "cannot read %s\n", path);
        abort();
    }
    snprintf(files[i].name, sizeof files[i].name, "%s", name);
    files[i].len = fread(files[i].text, 1, sizeof files[i].text, f);
    fclose(f);
    return tch_slice_of(files[i].text, files[i].len);
}

static void must(enum tch_status s)
{
    if (s != TCH_OK) {
        fprintf(stderr, "the test's own set-up failed: %s\n",
                tch_status_name(s));
        abort();
    }
}

void add_identity(struct tch_config *cfg, const char *name)
{
    char cert[64];
    char key[64];

    snprintf(cert, sizeof cert, "%s.pem", name);
    snprintf(key, sizeof key, "%s.key", name);
    must(tch_config_add_identity_pem(cfg, read_certs(cert), read_certs(key)));
}

void pair_configs(struct pair *p, const char *identity)
{
    memset(p, 0, sizeof *p);
    must(tch_config_new(NULL, &p->client_cfg));
    must(tch_config_new(NULL, &p->server_cfg));
    must(tch_config_add_anchors_pem(p->client_cfg, read_certs("ca.pem")));
    if (identity != NULL) {
        add_identity(p->server_cfg, identity);
    }
}

void pair_connect(struct pair *p)
{
    p->to_client.len = 0;
    p->to_server.len = 0;
    p->client_status = TCH_OK;
    p->server_status = TCH_OK;
    must(tch_conn_new(p->client_cfg, TCH_CLIENT, &p->client));
    must(tch_conn_new(p->server_cfg, TCH_SERVER, &p->server));
    must(tch_conn_set_server_name(p->client, "localhost"));
}

void pair_disconnect(struct pair *p)
{
    tch_conn_free(p->client);
    tch_conn_free(p->server);
    p->client = NULL;
    p->server = NULL;
}

void pair_free(struct pair *p)
{
    pair_disconnect(p);
    tch_config_free(p->client_cfg);
    tch_config_free(p->server_cfg);
}

void flush(struct tch_conn *from, struct pipe_end *to)
{
    struct tch_slice out = tch_pending(from);

    if (out.len > sizeof to->bytes - to->len) {
        fprintf(stderr, "a pipe is full\n");
        abort();
    }
    if (out.len != 0) {
        memcpy(to->bytes + to->len, out.p, out.len);
        to->len += out.len;
    }
    tch_sent(from, out.len);
}

static enum tch_status step(struct tch_conn *c, struct pipe_end *in,
                            struct pipe_end *out, size_t max, bool *moved)
{
    struct tch_slice give = { in->bytes, in->len < max ? in->len : max };
    size_t before = out->len;
    size_t used = 0;
    enum tch_status s = tch_step(c, give, &used, NULL);

    while (s == TCH_WANT_INPUT && give.len < in->len) {
        give.len++;
        s = tch_step(c, give, &used, NULL);
    }
    memmove(in->bytes, in->bytes + used, in->len - used);
    in->len -= used;
    flush(c, out);
    *moved = used != 0 || out->len != before;
    return s;
}

enum tch_status step_client(struct pair *p, size_t max)
{
    bool moved;

    p->client_status = step(p->client, &p->to_client, &p->to_server, max,
                            &moved);
    return p->client_status;
}

enum tch_status step_server(struct pair *p, size_t max)
{
    bool moved;

    p->server_status = step(p->server, &p->to_server, &p->to_client, max,
                            &moved);
    return p->server_status;
}

static bool quiet(const struct pair *p)
{
    return p->to_client.len == 0 && p->to_server.len == 0 &&
           tch_conn_state(p->client) == TCH_STATE_OPEN &&
           tch_conn_state(p->server) == TCH_STATE_OPEN;
}

bool run(struct pair *p, size_t max)
{
    while (!quiet(p)) {
        bool client_moved = false;
        bool server_moved = false;

        if (tch_conn_state(p->client) != TCH_STATE_OPEN ||
            p->to_client.len != 0) {
            p->client_status = step(p->client, &p->to_client, &p->to_server,
                                    max, &client_moved);
        }
        if (tch_conn_state(p->server) != TCH_STATE_OPEN ||
            p->to_server.len != 0) {
            p->server_status = step(p->server, &p->to_server, &p->to_client,
                                    max, &server_moved);
        }
        if (tch_failed(p->client_status) || tch_failed(p->server_status) ||
            (!client_moved && !server_moved)) {
            return quiet(p);
        }
    }
    return true;
}

size_t seal_bytes(struct tch_conn *from, const void *data, size_t len,
                  uint8_t *out)
{
    struct tch_sizes sizes;
    struct tch_slice record;

    must(tch_conn_sizes(from, &sizes));
    if (len != 0) {
        memcpy(out + sizes.header, data, len);
    }
    must(tch_seal_record(from, out, len, &record));
    return record.len;
}

bool send_data(struct tch_conn *from, struct tch_conn *to, const void *data,
               size_t len)
{
    uint8_t buf[20000]; /* on the stack: tests run in several threads */
    size_t sealed = seal_bytes(from, data, len, buf);
    const uint8_t *want = data;
    size_t have = 0;
    size_t at = 0;

    while (at < sealed) { /* splitting makes two records of one */
        struct tch_slice got;
        size_t used;

        if (tch_open_record(to, buf + at, sealed - at, &used, &got, NULL) !=
                TCH_OK || got.len > len - have ||
            (got.len != 0 && memcmp(got.p, want + have, got.len) != 0)) {
            return false;
        }
        have += got.len;
        at += used;
    }
    return have == len;
}
