#ifndef TCH_TEST_UNIT_HANDSHAKE_SUPPORT_MSG_H
#define TCH_TEST_UNIT_HANDSHAKE_SUPPORT_MSG_H

/*
 * What the message tests share: hand-made bodies of every message, one way
 * to parse and write "whatever message this is", comparison by content, and
 * an observer that counts how often each byte was shown.
 */

#include "handshake/messages.h"

#define MSG_MAX 140000u

union msg_any {
    struct tch_client_hello client_hello;
    struct tch_server_hello server_hello;
    struct tch_certificate certificate;
    struct tch_certificate_status certificate_status;
    struct tch_server_key_exchange server_key_exchange;
    struct tch_certificate_request certificate_request;
    struct tch_client_key_exchange client_key_exchange;
    struct tch_certificate_verify certificate_verify;
    struct tch_finished finished;
    struct tch_new_session_ticket new_session_ticket;
};

/*
 * msg_case is a body built by hand from the dossier's layouts (3.1, 3.6,
 * 5.2). `cut` is a shorter length at which it is legal too, or 0; with
 * `any_cut` it is legal at every length.
 */
struct msg_case {
    const char *name;
    enum tch_message type;
    uint16_t version;
    uint16_t suite;
    const char *hex;
    size_t cut;
    bool any_cut;
};

/* msg_case_at walks the cases; NULL behind the last. */
const struct msg_case *msg_case_at(size_t i);

/* msg_hex decodes hex digits, spaces allowed, into `out`; dies on others. */
size_t msg_hex(const char *hex, uint8_t *out, size_t cap);

/* msg_ctx makes the context of a case; a suite of 0 gives NULL. */
struct tch_parse_ctx msg_ctx(unsigned version, unsigned suite,
                             struct tch_watch *watch);

enum tch_status msg_parse(unsigned type, struct tch_slice body,
                          const struct tch_parse_ctx *ctx,
                          union msg_any *out);
void msg_write(unsigned type, struct tch_writer *w,
               const struct tch_parse_ctx *ctx, const union msg_any *m);

/* msg_make_writable takes out of a parsed hello what no writer writes: types
 * that a ServerHello must not carry. */
void msg_make_writable(unsigned type, union msg_any *m);

/* msg_equal compares what two parsed messages say. */
bool msg_equal(unsigned type, const union msg_any *a, const union msg_any *b);

bool msg_same(struct tch_slice a, struct tch_slice b);

/* msg_counter counts shown bytes; `length_at` and `length_width` list the
 * length fields. Init with msg_counter_init. */
struct msg_counter {
    struct tch_observer observer;
    uint8_t shown[MSG_MAX];
    size_t num_lengths;
    size_t length_at[512];
    uint8_t length_width[512];
};

void msg_counter_init(struct msg_counter *c);

/* msg_counter_once says whether the first `n` bytes were each shown once. */
bool msg_counter_once(const struct msg_counter *c, size_t n);

#endif
