#ifndef TCH_TEST_UNIT_RECORD_SUPPORT_RECORD_H
#define TCH_TEST_UNIT_RECORD_SUPPORT_RECORD_H

/*
 * Two halves that fit each other, keys for every kind of protection, and
 * sealing in one block or in three pieces that lie apart.
 */

#include <stddef.h>
#include <stdint.h>

#include "record/record.h"

/* A kind of protection: one for each combination that a record can see. */
struct kind {
    const struct tch_suite *suite;
    uint16_t version;
    bool etm;
    bool split;
    char name[96];
};

/* kind_at walks the kinds that this build supports: each cipher and MAC once
 * a version, CBC also with encrypt-then-MAC and with splitting. False behind
 * the last. */
bool kind_at(size_t i, struct kind *out);

/* kind_of makes the kind of one suite by name; it must exist. */
struct kind kind_of(const char *suite, unsigned version, bool etm, bool split);

/* is_built says whether this build has the kind's cipher. need skips the test,
 * saying why, when it has not. */
bool is_built(const struct kind *k);
void need(const struct kind *k);

/* Facts of a kind. */
const struct tch_cipher_row *cipher_of(const struct kind *k);
size_t mac_len_of(const struct kind *k);
bool is_type(const struct kind *k, enum tch_cipher_type type);

/* keys_of fills in keys: counting bytes, the same for both halves. */
struct tch_record_keys keys_of(const struct kind *k);
extern const uint8_t mac_key_bytes[48]; /* 80, 81, ... as in dossier 11 */
extern const uint8_t key_bytes[32];     /* 40, 41, ... */
extern const uint8_t iv_bytes[16];      /* a0, a1, ... */

/* A draw source that counts, remembers the last name, and can fail. */
struct counting_draw {
    struct tch_draw_source source;
    uint32_t drawn;
    bool broken;
    const char *name;
};
void counting_draw_init(struct counting_draw *d);

/* `out` seals, as client; `in` opens what it sealed. */
struct pair {
    struct tch_half out;
    struct tch_half in;
    struct counting_draw draw;
};
void pair_init(struct pair *p, const struct kind *k);
void pair_clear(struct pair *p);

/* The most a record of these tests measures, both of a split included. */
#define RECORD_ROOM (2u * 18500u)

/* sample gives 17000 bytes without a pattern of period 256. */
const uint8_t *sample(void);

/*
 * seal_block seals `len` bytes in one block, as an EncryptMessage caller does;
 * the records go to `out` (RECORD_ROOM bytes), their length is returned.
 * seal_apart seals in three pieces of exact size with walls between them. Both
 * fail the test unless the status is TCH_OK.
 */
size_t seal_block(struct tch_half *h, uint8_t type, const uint8_t *data,
                  size_t len, uint8_t *out);
size_t seal_apart(struct tch_half *h, uint8_t type, const uint8_t *data,
                  size_t len, uint8_t *out);

/* try_seal seals in one block and gives the status. */
enum tch_status try_seal(struct tch_half *h, uint8_t type, size_t len);

/* record_len reads the length of the record at `p` from its header. */
size_t record_len(const uint8_t *p);

/*
 * open_all opens the records at `wire` one after another and collects their
 * plaintext in `out`; returns its length. `*num` counts records.
 */
size_t open_all(struct tch_half *h, uint8_t *wire, size_t len, uint8_t *out,
                size_t *num);

/*
 * refuse_every_flip seals a record and turns each bit of it round, one at a
 * time, in a fresh pair each: every one must be refused as TCH_BAD_RECORD_MAC
 * with no plaintext left. The two length bytes stay: they belong to framing.
 */
void refuse_every_flip(const struct kind *k);

/* refuse_replay_and_reorder: a record again, and the second before the first,
 * are refused (R-REC-031). */
void refuse_replay_and_reorder(const struct kind *k);

/* refuse_every_cut: the record with its end cut off anywhere, the length in
 * its header made to fit, is refused. */
void refuse_every_cut(const struct kind *k);

/* has_bytes says whether `what` occurs in `where`. */
bool has_bytes(const uint8_t *where, size_t len, const void *what, size_t n);

#endif
