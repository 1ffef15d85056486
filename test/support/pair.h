#ifndef TCH_TEST_SUPPORT_PAIR_H
#define TCH_TEST_SUPPORT_PAIR_H

/*
 * A client and a server joined in memory, for tests above the handshake.
 * Bytes travel through two pipes that a test may cut, change or keep back.
 */

#include "engine/tch.h"

/* A pipe holds what one side sent and the other has not taken. */
struct pipe_end {
    uint8_t bytes[300000];
    size_t len;
};

struct pair {
    struct tch_config *client_cfg;
    struct tch_config *server_cfg;
    struct tch_conn *client;
    struct tch_conn *server;
    struct pipe_end to_client;
    struct pipe_end to_server;
    enum tch_status client_status; /* of the newest step */
    enum tch_status server_status;
};

/* read_certs reads a file of vectors/certs into static memory. */
struct tch_slice read_certs(const char *name);

/* add_identity gives `cfg` vectors/certs/NAME.pem and .key. */
void add_identity(struct tch_config *cfg, const char *name);

/* pair_configs makes two configurations: the server with an identity
 * (NULL: none), the client trusting our root. */
void pair_configs(struct pair *p, const char *identity);

/* pair_connect makes the connections, the client's for "localhost". */
void pair_connect(struct pair *p);

/* Frees the connections, or everything. NULL members are fine. */
void pair_disconnect(struct pair *p);
void pair_free(struct pair *p);

/* step gives at most `max` bytes of what waits to one side (more when a
 * record is cut), and puts what it says into the other's pipe. */
enum tch_status step_client(struct pair *p, size_t max);
enum tch_status step_server(struct pair *p, size_t max);

/* run steps both sides, `max` bytes at a time, until both are open and
 * nothing is under way, or one failed, or nothing moves. True: both open. */
bool run(struct pair *p, size_t max);

/* seal_bytes seals `len` bytes of `from` into `out`; the record's length. */
size_t seal_bytes(struct tch_conn *from, const void *data, size_t len,
                  uint8_t *out);

/* send_data seals on one side and opens on the other; true when it arrived
 * unchanged. */
bool send_data(struct tch_conn *from, struct tch_conn *to, const void *data,
               size_t len);

/* flush moves what `from` has pending to the end of `to`. */
void flush(struct tch_conn *from, struct pipe_end *to);

#endif
