#ifndef TCH_HANDSHAKE_HS_SCRIPT_H
#define TCH_HANDSHAKE_HS_SCRIPT_H

/*
 * The handshake as a script: before TLS 1.3 every handshake is a straight
 * line with optional steps, so the line is written down as rows. What is not
 * due is unexpected_message, whoever sends it.
 *
 * Sources: RFC 5246 7.3 figures 1 and 2, 7.4; dossier 3.2, 3.3, 3.7.
 */

#include "engine/base/modes.h"
#include "handshake/messages.h"

/* Conditions of steps. */
enum {
    TCH_HSF_SERVER_CERT = 1u << 0, /* the suite proves the server by one */
    TCH_HSF_SERVER_KX = 1u << 1,   /* the suite has ServerKeyExchange */
    TCH_HSF_CERT_REQUEST = 1u << 2, /* the server asks for a certificate */
    TCH_HSF_CLIENT_VERIFY = 1u << 3, /* the client sent one that can sign */
    TCH_HSF_MAY_ASK = 1u << 4,  /* the suite lets the server ask for one */
    TCH_HSF_MAY_HINT = 1u << 5, /* PSK without ServerKeyExchange but for */
    TCH_HSF_HINT = 1u << 6,     /* a hint to the identity */
    TCH_NUM_HSF = 7
};

/* tch_hs_flag_name gives the name of condition bit `i`, for people. */
const char *tch_hs_flag_name(unsigned i);

/*
 * tch_hs_step is a row: `sender` sends `message` when all flags of `when` are
 * set. Flags in `may` the receiver cannot know: it learns them from the
 * message's coming.
 */
struct tch_hs_step {
    enum tch_role sender;
    enum tch_message message;
    unsigned when;
    unsigned may;
    const char *rfc;
};

enum tch_hs_script { TCH_SCRIPT_FULL, TCH_SCRIPT_RESUMED, TCH_NUM_SCRIPTS };

/* tch_hs_script_row gives row `i` of a script; NULL at its end. The first two
 * rows (ClientHello, ServerHello) are the same in every script, so that the
 * script may be chosen by ServerHello. */
const struct tch_hs_step *tch_hs_script_row(enum tch_hs_script s, size_t i);

/* tch_hs_script_name gives "full" or "resumed". */
const char *tch_hs_script_name(enum tch_hs_script s);

/* tch_hs_due moves `*pos` to the next row that happens, for one who knows
 * `flags` and is to send if the row is his; NULL at the end. Rows whose
 * coming the receiver cannot know count as happening. */
const struct tch_hs_step *tch_hs_due(enum tch_hs_script s, size_t *pos,
                                     unsigned flags, enum tch_role self);

/*
 * tch_hs_accept says whether `message` may come now from the peer of `self`:
 * it walks from `*pos` over rows that need not happen. On true `*pos` is the
 * message's row and `*flags` holds what its coming tells; on false both are
 * unchanged.
 */
bool tch_hs_accept(enum tch_hs_script s, size_t *pos, unsigned *flags,
                   enum tch_role self, enum tch_message message);

/* tch_hs_print writes the scripts, a line a row, or for Graphviz. */
void tch_hs_print(bool dot, void (*put)(void *arg, const char *text),
                  void *arg);

#endif
