/*
 * Padding and MAC of a CBC record in constant time, and nothing else.
 *
 * MAC-then-encrypt asks for trouble: the receiver decrypts, looks at padding
 * that nobody has vouched for, and computes a MAC over a length which that
 * padding decides. An observer who can tell bad padding from a bad MAC, by
 * alert or by clock, reads the plaintext byte by byte (Vaudenay; Canvel; Lucky
 * Thirteen). What an observer may learn here: the length of the record, which
 * stands in its header, and the one final verdict. What he may not: where the
 * padding was wrong, how long it was, whether the MAC came out right.
 *
 * How: everything that depends on the last byte is a mask. Padding is compared
 * over the last 256 bytes, or all there are, whatever its length. Bad padding
 * counts as none, so that a MAC is always computed (R-REC-053). tch_hmac_ct
 * hashes the same number of blocks for every length that padding could mean.
 * The MAC that came with the record lies at a secret place; it is gathered by
 * reading every place it could lie in, into a ring, which is then turned.
 *
 * SSL 3.0 is another matter. Its padding is shorter than a block, so at most
 * as many lengths are possible as a block has bytes: the MAC is computed for
 * each of them, all of which are public, and the mask picks the one that the
 * padding names. That costs eight MACs a record where one would do, which a
 * museum piece may. It does not heal SSL 3.0: the padding's bytes are not
 * covered by anything (POODLE), and no receiver can change that.
 *
 * How far the promise reaches: this file branches on nothing secret, and so
 * does tch_hmac_ct. Whether the cipher before it keeps the promise is the
 * crypto glue's to say.
 *
 * RFC 5246 6.2.3.2, 6101 5.2.3.2.
 */

#include "record/cbc_ct.h"

#include <string.h>

#include "engine/base/wipe.h"

#define MAX_PAD 255u /* a padding's length is one byte */

static uint32_t u32(size_t n)
{
    return (uint32_t)n;
}

tch_mask tch_cbc_ct_padding(enum tch_pad_rule rule, size_t block,
                            const uint8_t *body, size_t len, size_t room,
                            uint32_t *out_pad)
{
    uint32_t pad = body[len - 1];
    size_t window = len < MAX_PAD + 1 ? len : MAX_PAD + 1;
    tch_mask good = tch_ct_ge(u32(len), pad + 1 + u32(room));
    uint32_t diff = 0;

    if (rule == TCH_PAD_ANY_BYTES) {
        good &= tch_ct_lt(pad, u32(block)); /* R-REC-050 */
    } else {
        for (size_t i = 1; i < window; i++) {
            tch_mask within = tch_ct_ge(pad, u32(i));

            diff |= within & (body[len - 1 - i] ^ pad); /* R-REC-051 */
        }
        good &= tch_ct_is_zero(diff);
    }
    *out_pad = pad & good;
    return good;
}

/* Turns the ring `n` bytes long left by `turn`, which is secret and below n:
 * one step for each bit of it. */
static void turn_ring(uint8_t *ring, size_t n, uint32_t turn)
{
    uint8_t turned[TCH_HASH_MAX];

    for (size_t step = 1; step < n; step <<= 1) {
        tch_mask do_it = ~tch_ct_is_zero(turn & u32(step));

        for (size_t i = 0; i < n; i++) {
            size_t from = i + step < n ? i + step : i + step - n;

            turned[i] = tch_ct_select_u8(do_it, ring[from], ring[i]);
        }
        memcpy(ring, turned, n);
    }
    tch_wipe(turned, sizeof turned);
}

/* Copies the `n` bytes at the secret place `at`, min <= at <= max, reading
 * everything from min to max + n. */
static void gather(uint8_t *out, size_t n, const uint8_t *body, uint32_t at,
                   size_t min, size_t max)
{
    uint32_t turn = 0;
    size_t slot = 0;

    memset(out, 0, n);
    for (size_t i = min; i < max + n; i++) {
        tch_mask inside =
            tch_ct_ge(u32(i), at) & tch_ct_lt(u32(i), at + u32(n));

        out[slot] |= (uint8_t)(body[i] & inside);
        turn |= u32(slot) & tch_ct_eq(u32(i), at);
        slot = slot + 1 < n ? slot + 1 : 0;
    }
    turn_ring(out, n, turn);
}

/* TLS: the padding says where the fragment ends, then one MAC. */
static tch_mask check_tls(const struct tch_mac *m, size_t block,
                          const struct tch_piece *p, uint32_t *out_len)
{
    size_t max = p->len - 1 - m->len;
    size_t min = max > MAX_PAD ? max - MAX_PAD : 0;
    uint8_t header[TCH_PSEUDO_HEADER_LEN];
    uint8_t ours[TCH_HASH_MAX];
    uint8_t theirs[TCH_HASH_MAX];
    uint32_t pad;
    tch_mask good = tch_cbc_ct_padding(TCH_PAD_ALL_EQUAL, block, p->data,
                                       p->len, m->len, &pad);
    uint32_t len = u32(max) - pad;
    size_t header_len = tch_mac_header(m, header, p, len);

    tch_hmac_ct(&m->key, ours, tch_slice_of(header, header_len), p->data, len,
                min, max);
    gather(theirs, m->len, p->data, len, min, max);
    good &= tch_ct_equal(ours, theirs, m->len);
    *out_len = len;
    tch_wipe(ours, sizeof ours);
    tch_wipe(theirs, sizeof theirs);
    return good;
}

/* SSL 3.0: a MAC for each length that the padding may mean. */
static tch_mask check_ssl3(const struct tch_mac *m, size_t block,
                           const struct tch_piece *p, uint32_t *out_len)
{
    size_t max = p->len - 1 - m->len;
    struct tch_piece quiet = *p; /* no observer wants eight MACs */
    uint8_t ours[TCH_HASH_MAX];
    uint32_t pad;
    tch_mask good = tch_cbc_ct_padding(TCH_PAD_ANY_BYTES, block, p->data,
                                       p->len, m->len, &pad);
    tch_mask right = 0;

    quiet.observer = NULL;
    for (size_t i = 0; i < block && i <= max; i++) {
        struct tch_slice fragment = tch_slice_of(p->data, max - i);

        tch_mac_run(m, ours, &quiet, &fragment, 1);
        right |= tch_ct_equal(ours, p->data + fragment.len, m->len) &
                 tch_ct_eq(pad, u32(i));
    }
    *out_len = u32(max) - pad;
    tch_wipe(ours, sizeof ours);
    return good & right;
}

tch_mask tch_cbc_ct_check(const struct tch_mac *m, enum tch_pad_rule rule,
                          size_t block, const struct tch_piece *p,
                          uint32_t *out_len)
{
    /* The rule and the kind of MAC are public, they come with the version. */
    return rule == TCH_PAD_ANY_BYTES ? check_ssl3(m, block, p, out_len)
                                     : check_tls(m, block, p, out_len);
}
