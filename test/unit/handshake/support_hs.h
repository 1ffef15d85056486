#ifndef TCH_TEST_UNIT_HANDSHAKE_SUPPORT_HS_H
#define TCH_TEST_UNIT_HANDSHAKE_SUPPORT_HS_H

/*
 * A handshake without an engine around it, for tests of the parts in this
 * folder: parameters that a test may change before it starts, random bytes
 * that count upwards, a clock that stands still.
 */

#include "handshake/hs_state.h"

struct bare {
    struct tch_arena arena;
    struct tch_hs_params params;
    struct tch_draw_source draw;
    struct tch_clock clock;
    uint64_t now;    /* milliseconds */
    unsigned drawn;  /* bytes handed out */
    bool no_random;  /* every draw fails */
    char last_draw[64];
    struct tch_hs *hs;
};

/* bare_params sets the parameters of policy `default` for a role: all suites,
 * groups and schemes that this build and the policy have. */
void bare_params(struct bare *b, enum tch_role role);

/* bare_start makes the handshake. */
void bare_start(struct bare *b);

/* bare_suite fixes version and suite as a ServerHello would; TLS 1.2 for
 * version 0. Dies on a suite nobody knows. */
void bare_suite(struct bare *b, unsigned version, unsigned suite);

void bare_end(struct bare *b);

/* bare_identity fills `id` from vectors/certs/CERT and KEY, both DER; given
 * back by bare_identity_free. */
void bare_identity(struct tch_identity *id, const char *cert,
                   const char *key);
void bare_identity_free(struct tch_identity *id);

/* What one side of a duo has sent and the other has not taken. */
struct duo_record {
    unsigned content_type;
    uint8_t bytes[3000];
    size_t len;
};

/*
 * duo is a client and a server that talk without an engine: effects of one
 * are fed to the other. Sessions are never found, verdicts are good.
 */
struct duo {
    struct bare client;
    struct bare server;
    struct tch_identity id;
    enum tch_status status[2]; /* by role */
    bool established[2];
    char log[2][400]; /* effects by role: "send 2, version, ..." */
    enum tch_message last; /* message type sent newest */
    uint8_t body[3000];    /* and its bytes, header included */
    size_t body_len;
    struct duo_record inbox[2][12]; /* by role of who takes */
    size_t put[2];
    size_t taken[2];
};

/* duo_start makes both ends; the server has server-ec256. */
void duo_start(struct duo *d);

/* duo_run goes on until both are established, one fails, or a message of
 * type `until` (-1: none) has been sent, which is then not delivered. */
bool duo_run(struct duo *d, int until);

void duo_end(struct duo *d);

#endif
