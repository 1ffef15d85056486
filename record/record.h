#ifndef TCH_RECORD_RECORD_H
#define TCH_RECORD_RECORD_H

/*
 * The record layer: framing, and the protection of one direction. It knows
 * bytes, keys and sequence numbers; it knows no handshake and does no I/O.
 *
 * A direction is a struct tch_half. Two halves share nothing, so one thread
 * may seal while another opens.
 *
 * Sources: RFC 6101 5.2, 2246 6, 4346 6, 5246 6, 7366, 5288, 7905; dossier
 * section 2.
 */

#include "engine/base/alloc.h"
#include "engine/base/draw.h"
#include "engine/base/event.h"
#include "engine/base/status.h"
#include "engine/base/suites.h"
#include "engine/base/versions.h"

#define TCH_RECORD_HEADER_LEN 5u
#define TCH_PLAINTEXT_MAX 16384u
#define TCH_CIPHERTEXT_MAX 18432u

/* tch_record_header is the five bytes in front of every record. */
struct tch_record_header {
    uint8_t type;
    uint16_t version;
    uint16_t length; /* of what follows */
};

/*
 * tch_frame_rules says what the reader knows when a record comes in:
 * `version` is the agreed version, or 0 before there is one; `first` is true
 * for the first record of the connection; `limit` is the highest length the
 * header may name (TCH_PLAINTEXT_MAX while no cipher is active).
 */
struct tch_frame_rules {
    uint16_t version;
    uint16_t limit;
    bool first;
};

/*
 * tch_record_frame reads a header from the front of `in` and judges it: type,
 * then version, then length, from the header alone.
 *
 * TCH_OK: a whole record is there; `*out` is its header.
 * TCH_WANT_INPUT: `*missing` bytes are needed before the next call can say
 * more: 5 - n while the header is not whole, the rest of the record after.
 * TCH_NOT_TLS: an unknown type in the first record, or a major version other
 * than 3 in any; `*alert` is that of R-REC-009 and 010, TCH_ALERT_NONE for
 * plain text. TCH_UNEXPECTED_MESSAGE: an unknown type later (R-REC-011).
 * TCH_WRONG_RECORD_VERSION (R-REC-008), TCH_RECORD_OVERFLOW (R-REC-002). For
 * these `*alert` is the status's own. A v2-format ClientHello (R-SSL2-030) is
 * for the caller to recognise before.
 */
enum tch_status tch_record_frame(struct tch_slice in,
                                 const struct tch_frame_rules *rules,
                                 struct tch_record_header *out,
                                 size_t *missing, enum tch_alert *alert);

/*
 * tch_record_keys is what a direction is protected with. The slices are
 * copied. `iv` is the fixed IV of an AEAD suite or the first IV of a CBC
 * suite without explicit IV; lengths follow from suite and version.
 * `etm`: encrypt-then-MAC (RFC 7366), CBC suites alone.
 * `split`: 1/n-1 splitting of application data where the version has it.
 */
struct tch_record_keys {
    const struct tch_suite *suite;
    uint16_t version;
    bool etm;
    bool split;
    struct tch_slice mac_key;
    struct tch_slice key;
    struct tch_slice iv;
};

/*
 * tch_record_sizes are the lengths around application data, in bytes:
 * `header` exactly (record header, explicit IV or nonce; with splitting also
 * the 1-byte record in front: contract 9.1), `trailer` at most, `block` of
 * the cipher (1 for stream and NULL).
 */
struct tch_record_sizes {
    size_t header;
    size_t trailer;
    size_t block;
};

struct tch_protect; /* the vtable: protect.h */

/*
 * tch_half is one direction of a connection. tch_half_init makes one without
 * protection; a half of zero bytes may be cleared and asked whether it is
 * protected, no more. `version`, `limit` and `volume_limit` are the owner's to
 * set: `limit` is the most plaintext a record may hold, both for sealing and
 * opening (2^14 at first). `volume` counts the cipher blocks that the present
 * key has protected.
 */
struct tch_half {
    const struct tch_protect *protect;
    void *state; /* of the protection, from alloc */
    size_t state_size;
    const struct tch_alloc *alloc;
    const struct tch_draw_source *draw;
    const struct tch_observer *observer;
    uint64_t seq;
    uint64_t volume;
    uint16_t version; /* in the header of what is written */
    uint16_t limit;
    bool writing;
    bool volume_limit; /* R-REC-036 applies */
    bool client_side;  /* names random draws: "client.record.iv" */
};

/* tch_half_init makes a half without protection. The pointers are kept.
 * `observer` may be NULL. */
void tch_half_init(struct tch_half *h, bool writing, bool client_side,
                   const struct tch_alloc *alloc,
                   const struct tch_draw_source *draw,
                   const struct tch_observer *observer);

/*
 * tch_half_rekey puts new keys into force: the sequence number and the volume
 * start again at 0, the old keys are wiped (R-REC-030, R-REC-033).
 * The half's version becomes that of the keys.
 * TCH_OK. TCH_NOT_SUPPORTED: this build has no such cipher, or the version no
 * such suite. TCH_BAD_ARGUMENT: a key's length does not fit. TCH_NO_MEMORY.
 * After a failure the old keys are still in force.
 */
TCH_MUST_CHECK enum tch_status
tch_half_rekey(struct tch_half *h, const struct tch_record_keys *keys);

/* tch_half_clear wipes and gives back the keys. */
void tch_half_clear(struct tch_half *h);

/* tch_half_sizes gives the lengths around application data. */
struct tch_record_sizes tch_half_sizes(const struct tch_half *h);

/*
 * tch_half_header_len gives the bytes in front of the data of a record of
 * this type. It is sizes.header but for types that splitting leaves alone;
 * who lays a record out in one block places the data behind so many bytes.
 */
size_t tch_half_header_len(const struct tch_half *h, uint8_t type);

/* tch_half_is_protected says whether keys are in force. */
bool tch_half_is_protected(const struct tch_half *h);

/*
 * tch_seal is one record to be made from three pieces that need not touch:
 * `header` (tch_half_header_len bytes of room: sizes.header, but less with
 * splitting for types other than application data), `data` (plaintext, then
 * ciphertext, same length; NULL when there is none), `trailer`
 * (`trailer_room` bytes). On success the record, or the two of a split, are
 * header_len bytes of header, all data_len of data, trailer_len of trailer,
 * and header_len is what tch_half_header_len said.
 */
struct tch_seal {
    uint8_t type;
    uint8_t *header;
    uint8_t *data;
    size_t data_len;
    uint8_t *trailer;
    size_t trailer_room;
    size_t header_len;  /* out */
    size_t trailer_len; /* out */
};

/*
 * tch_record_seal protects one record in place.
 *
 * TCH_OK. TCH_MESSAGE_TOO_LONG: data_len above the half's limit.
 * TCH_BUFFER_TOO_SMALL: trailer_room below sizes.trailer. TCH_VOLUME_LIMIT
 * (application data alone): R-REC-036; also before the sequence number would
 * wrap (R-REC-032), then for every type. TCH_NO_RANDOM: no IV. After a
 * failure nothing has been written and the sequence number has not moved.
 * Splitting takes two sequence numbers. R-REC-014 (no empty handshake, alert
 * or change_cipher_spec) is the caller's to keep.
 */
TCH_MUST_CHECK enum tch_status tch_record_seal(struct tch_half *h,
                                               struct tch_seal *s);

/*
 * tch_opened is a record that was opened in place: `data` points into it.
 * header_len + data_len + trailer_len is the record's length.
 */
struct tch_opened {
    uint8_t type;
    uint8_t *data;
    size_t data_len;
    size_t header_len;
    size_t trailer_len;
};

/*
 * tch_record_open checks and decrypts one whole record in place; `len` counts
 * header and body and fits the header's length field.
 *
 * TCH_OK. TCH_BAD_RECORD_MAC for everything that is wrong with the
 * protection, lengths included, in a time that does not depend on which
 * (R-REC-043, 052..054, 071, 072, 080, 083; a length that cannot be is public
 * and refused at once); nothing of the plaintext is left then.
 * TCH_RECORD_OVERFLOW: plaintext above the half's limit (R-REC-003, 091, 094).
 * TCH_BAD_STATE: the sequence number is used up. TCH_BAD_ARGUMENT: `len` does
 * not fit the header. After TCH_BAD_RECORD_MAC the half is of no further use:
 * a stream or chain has moved on.
 */
TCH_MUST_CHECK enum tch_status tch_record_open(struct tch_half *h,
                                               uint8_t *record, size_t len,
                                               struct tch_opened *out);

#endif
