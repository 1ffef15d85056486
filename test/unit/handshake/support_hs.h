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

#endif
