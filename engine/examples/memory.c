/*
 * memory.c - a client and a server in one process, joined by two buffers: the
 * smallest complete program on tch.h.
 *
 *   memory CERTIFICATE.pem KEY.pem ROOT.pem NAME
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tch.h"

static void check(enum tch_status s, const char *what)
{
    if (tch_failed(s)) {
        fprintf(stderr, "%s: %s\n", what, tch_status_text(s));
        exit(EXIT_FAILURE);
    }
}

static struct tch_slice read_file(const char *name)
{
    static char text[4][16384];
    static int next;
    FILE *f = fopen(name, "rb");
    size_t len = f == NULL ? 0 : fread(text[next], 1, sizeof text[0], f);

    if (f == NULL || fclose(f) != 0) {
        perror(name);
        exit(EXIT_FAILURE);
    }
    return tch_slice_of(text[next++], len);
}

/* Gives what `from` wants to send to `to`, which takes it in one turn. */
static void turn(struct tch_conn *from, struct tch_conn *to)
{
    struct tch_slice wire = tch_pending(from);
    size_t used;

    check(tch_step(to, wire, &used, NULL), "handshake");
    tch_sent(from, wire.len);
}

int main(int argc, char **argv)
{
    struct tch_config *ours;
    struct tch_config *theirs;
    struct tch_conn *client;
    struct tch_conn *server;
    struct tch_info info;
    struct tch_sizes sizes;
    struct tch_slice record;
    struct tch_slice data;
    uint8_t buf[256] = { 0 };
    size_t used;

    if (argc != 5) {
        fprintf(stderr, "usage: memory CERTIFICATE KEY ROOT NAME\n");
        return 2;
    }
    check(tch_config_new(NULL, &ours), "configuration");
    check(tch_config_new(NULL, &theirs), "configuration");
    check(tch_config_add_anchors_pem(ours, read_file(argv[3])), argv[3]);
    check(tch_config_add_identity_pem(theirs, read_file(argv[1]),
                                      read_file(argv[2])), argv[1]);
    check(tch_conn_new(ours, TCH_CLIENT, &client), "client");
    check(tch_conn_new(theirs, TCH_SERVER, &server), "server");
    check(tch_conn_set_server_name(client, argv[4]), argv[4]);

    check(tch_step(client, tch_slice_of(NULL, 0), &used, NULL), "hello");
    while (tch_conn_state(client) != TCH_STATE_OPEN) {
        turn(client, server);
        turn(server, client);
    }

    check(tch_conn_sizes(client, &sizes), "sizes");
    memcpy(buf + sizes.header, "Hello, TLS.", 11);
    check(tch_seal_record(client, buf, 11, &record), "seal");
    check(tch_open_record(server, buf, record.len, &used, &data, NULL),
          "open");
    check(tch_conn_info(client, &info), "info");
    printf("%s %s: %zu bytes on the wire, the server reads \"%.*s\"\n",
           tch_version_name(info.version), tch_suite_name(info.suite),
           record.len, (int)data.len, (const char *)data.p);

    tch_conn_free(client);
    tch_conn_free(server);
    tch_config_free(ours);
    tch_config_free(theirs);
    return 0;
}
