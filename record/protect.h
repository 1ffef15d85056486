#ifndef TCH_RECORD_PROTECT_H
#define TCH_RECORD_PROTECT_H

/*
 * Protection of records as a small table of functions. There are four kinds:
 * none, stream ciphers (NULL among them) with a MAC, CBC with a MAC, AEAD.
 * half.c picks one; record_out.c and record_in.c call it and know nothing of
 * ciphers. Private to record/.
 *
 * Sources: RFC 6101 5.2.3, 5246 6.2.3, 7366; dossier 2.5 to 2.8.
 */

#include "record/record.h"

/*
 * tch_protect_facts are the lengths of one protection, in bytes.
 * `explicit_len`: IV or nonce between record header and data.
 * `trailer`: most that follows the data. `block`: of the cipher, 1 without.
 * `split`: length of the 1-byte record that goes first with 1/n-1 splitting,
 * header included; 0 without. `random_iv`: the explicit part is drawn at
 * random. `volume_max`: blocks that a key may protect, 0 without a limit;
 * a record of n bytes counts as (n + volume_extra) / block.
 */
struct tch_protect_facts {
    size_t explicit_len;
    size_t trailer;
    size_t block;
    size_t split;
    bool random_iv;
    size_t volume_extra;
    uint64_t volume_max;
};

/*
 * tch_piece is one record on its way through a protection.
 *
 * Sealing: `head` has room for the explicit part, `data` holds `len` bytes
 * that are encrypted in place, `tail` has room for facts.trailer bytes and
 * need not follow `data`; `iv` is the drawn IV when facts.random_iv.
 * Afterwards `tail_len` is what the tail holds.
 *
 * Opening: `data` is the body of the record, `len` bytes; afterwards they say
 * where the plaintext lies. `head`, `tail`, `iv` are not used.
 *
 * `observer` is who may see inside, in teaching builds, or NULL (observe.h).
 */
struct tch_piece {
    const struct tch_observer *observer;
    uint64_t seq;
    uint16_t version;
    uint8_t type;
    const uint8_t *iv;
    uint8_t *head;
    uint8_t *data;
    size_t len;
    uint8_t *tail;
    size_t tail_len;
};

/*
 * tch_protect is one kind of protection. The state is memory that the half
 * takes and wipes.
 *
 * size: bytes of state for these keys.
 * init: TCH_OK, TCH_NOT_SUPPORTED; the keys' lengths were checked by then.
 * seal: cannot fail.
 * open: TCH_OK, or TCH_BAD_RECORD_MAC with no plaintext left in the body.
 */
struct tch_protect {
    const char *name;
    size_t (*size)(const struct tch_record_keys *k);
    enum tch_status (*init)(void *state, const struct tch_record_keys *k,
                            bool writing);
    const struct tch_protect_facts *(*facts)(const void *state);
    void (*seal)(void *state, struct tch_piece *p);
    enum tch_status (*open)(void *state, struct tch_piece *p);
    void (*clear)(void *state);
};

extern const struct tch_protect tch_protect_null;
extern const struct tch_protect tch_protect_stream;
extern const struct tch_protect tch_protect_cbc;
extern const struct tch_protect tch_protect_aead;

#define TCH_PSEUDO_HEADER_LEN 13u

/*
 * tch_pseudo_header writes what the MAC and the AAD start with:
 * seq[8] || type || version[2] || length[2] (R-REC-041, dossier 2.8).
 * `len` may be secret.
 */
void tch_pseudo_header(uint8_t *out, const struct tch_piece *p, size_t len);

/*
 * A state is a struct and, behind it, a context of the glue. Contexts want
 * alignment to a cache line: tch_state_size is what to ask for,
 * tch_state_context where the context then lies.
 */
size_t tch_state_size(size_t head, size_t context);
void *tch_state_context(void *state, size_t head);

#endif
