/*
 * RSA paddings. Signatures are never parsed: the block that must have been
 * signed is built and compared whole, which leaves no room for trailing
 * garbage, long lengths, or a DigestInfo with a wrong tag (R-ATK-035;
 * libtomcrypt-notes L7). Decryption is the opposite case, a secret of unknown
 * form, and is one scan over all bytes with masks (R-ATK-001, R-ATK-002, L9).
 */

#include "crypto-glue/rsa_pad.h"

#include <string.h>

#include "crypto-glue/hash.h"
#include "engine/base/wipe.h"

#define OID_MAX 9

/* Contents of the hash's OBJECT IDENTIFIER, dossier 7.5. */
struct oid_row {
    uint8_t len;
    uint8_t oid[OID_MAX];
};

/* clang-format off */
static const struct oid_row oids[TCH_NUM_HASHES] = {
    [TCH_HASH_MD5]    = { 8, { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 5 } },
    [TCH_HASH_SHA1]   = { 5, { 0x2B, 0x0E, 0x03, 0x02, 0x1A } },
    [TCH_HASH_SHA224] = { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4 } },
    [TCH_HASH_SHA256] = { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1 } },
    [TCH_HASH_SHA384] = { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2 } },
    [TCH_HASH_SHA512] = { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3 } },
};
/* clang-format on */

/* Bytes in front of the hash: four headers of two bytes, the OID, NULL. */
static size_t prefix_len(enum tch_hash h, bool null)
{
    size_t oid = oids[h].len;

    return oid == 0 ? 0 : 8 + oid + (null ? 2u : 0u);
}

size_t tch_digest_info_len(enum tch_hash h)
{
    return prefix_len(h, true) + tch_hash_facts(h)->len;
}

/* SEQUENCE { SEQUENCE { OID, NULL or nothing }, OCTET STRING hash } up to the
 * hash; every length is below 128. */
static void write_prefix(uint8_t *p, enum tch_hash h, bool null)
{
    size_t oid = oids[h].len;
    size_t inner = 2 + oid + (null ? 2u : 0u);
    size_t hash = tch_hash_facts(h)->len;

    if (oid == 0) {
        return;
    }
    p[0] = 0x30;
    p[1] = (uint8_t)(2 + inner + 2 + hash);
    p[2] = 0x30;
    p[3] = (uint8_t)inner;
    p[4] = 0x06;
    p[5] = (uint8_t)oid;
    memcpy(p + 6, oids[h].oid, oid);
    if (null) {
        p[6 + oid] = 0x05;
        p[7 + oid] = 0x00;
    }
    p[4 + inner] = 0x04;
    p[5 + inner] = (uint8_t)hash;
}

bool tch_pkcs1_encode(enum tch_hash h, const uint8_t *hash, bool null,
                      uint8_t *em, size_t len)
{
    size_t hash_len = tch_hash_facts(h)->len;
    size_t t_len = prefix_len(h, null) + hash_len;

    if (len < t_len + 11) {
        return false;
    }
    memset(em, 0xFF, len);
    em[0] = 0x00;
    em[1] = 0x01;
    em[len - t_len - 1] = 0x00;
    write_prefix(em + len - t_len, h, null);
    memcpy(em + len - hash_len, hash, hash_len);
    return true;
}

bool tch_pkcs1_matches(enum tch_hash h, const uint8_t *hash,
                       const uint8_t *em, size_t len)
{
    uint8_t want[1024];

    if (len > sizeof want || !tch_pkcs1_encode(h, hash, true, want, len)) {
        return false;
    }
    if (tch_ct_equal(want, em, len) != 0) {
        return true;
    }
    /* 5246 4.7: parameters may be left out; not for MD5 || SHA-1, which has
     * no DigestInfo at all. */
    return oids[h].len != 0 && tch_pkcs1_encode(h, hash, false, want, len) &&
           tch_ct_equal(want, em, len) != 0;
}

/* XORs MGF1(seed) over `len` bytes, RFC 8017 B.2.1. */
static void mgf1_xor(enum tch_hash h, const uint8_t *seed, size_t seed_len,
                     uint8_t *out, size_t len)
{
    size_t step = tch_hash_facts(h)->len;
    uint8_t block[TCH_HASH_MAX];
    uint32_t counter = 0;

    for (size_t at = 0; at < len; at += step) {
        uint8_t be[4] = { (uint8_t)(counter >> 24), (uint8_t)(counter >> 16),
                          (uint8_t)(counter >> 8), (uint8_t)counter };
        struct tch_slice parts[2] = { tch_slice_of(seed, seed_len),
                                      tch_slice_of(be, sizeof be) };

        tch_hash(h, parts, 2, block);
        for (size_t i = 0; i < step && at + i < len; i++) {
            out[at + i] ^= block[i];
        }
        counter++;
    }
}

/* H = Hash(8 zero bytes || hash || salt). */
static void pss_hash(enum tch_hash h, const uint8_t *hash,
                     const uint8_t *salt, uint8_t *out)
{
    static const uint8_t zeros[8];
    size_t n = tch_hash_facts(h)->len;
    struct tch_slice parts[3] = { tch_slice_of(zeros, sizeof zeros),
                                  tch_slice_of(hash, n),
                                  tch_slice_of(salt, n) };

    tch_hash(h, parts, 3, out);
}

/* The block of a modulus of `bits` bits: emBits = bits - 1. `em` is moved
 * behind a leading zero byte; false when hash and salt do not fit. */
struct pss_block {
    uint8_t *em;
    size_t len;
    size_t db_len;
    uint8_t top; /* bits of em[0] that are in use */
};

static bool pss_lay_out(struct pss_block *b, enum tch_hash h, uint8_t *em,
                        unsigned bits)
{
    size_t n = tch_hash_facts(h)->len;
    unsigned unused = (8 - (bits - 1) % 8) % 8;

    b->len = (bits - 1 + 7) / 8;
    b->em = em + ((bits + 7) / 8 - b->len);
    b->top = (uint8_t)(0xFF >> unused);
    if (b->len < 2 * n + 2) {
        return false;
    }
    b->db_len = b->len - n - 1;
    return true;
}

bool tch_pss_encode(enum tch_hash h, const uint8_t *hash, const uint8_t *salt,
                    uint8_t *em, unsigned bits)
{
    size_t n = tch_hash_facts(h)->len;
    struct pss_block b;

    if (!pss_lay_out(&b, h, em, bits)) {
        return false;
    }
    memset(em, 0, (bits + 7) / 8);
    b.em[b.db_len - n - 1] = 0x01;
    memcpy(b.em + b.db_len - n, salt, n);
    pss_hash(h, hash, salt, b.em + b.db_len);
    b.em[b.len - 1] = 0xBC;
    mgf1_xor(h, b.em + b.db_len, n, b.em, b.db_len);
    b.em[0] &= b.top;
    return true;
}

bool tch_pss_matches(enum tch_hash h, const uint8_t *hash, uint8_t *em,
                     unsigned bits)
{
    size_t n = tch_hash_facts(h)->len;
    uint8_t want[TCH_HASH_MAX];
    uint8_t wrong;
    struct pss_block b;

    if (!pss_lay_out(&b, h, em, bits) || (b.em != em && em[0] != 0) ||
        b.em[b.len - 1] != 0xBC || (b.em[0] & ~b.top) != 0) {
        return false;
    }
    mgf1_xor(h, b.em + b.db_len, n, b.em, b.db_len);
    b.em[0] &= b.top;
    wrong = b.em[b.db_len - n - 1] ^ 0x01;
    for (size_t i = 0; i < b.db_len - n - 1; i++) {
        wrong |= b.em[i];
    }
    pss_hash(h, hash, b.em + b.db_len - n, want);
    return wrong == 0 && tch_ct_equal(want, b.em + b.db_len, n) != 0;
}

/* Replaces the zero bytes among the `n` at `p`; a source that has nothing but
 * zeros gives up after some rounds. */
static bool draw_nonzero(const struct tch_draw_source *draw, uint8_t *p,
                         size_t n)
{
    uint8_t more[64];
    size_t used = sizeof more;
    unsigned rounds = 0;

    if (!tch_draw(draw, "rsa.padding", p, n)) {
        return false;
    }
    for (size_t i = 0; i < n;) {
        if (p[i] != 0) {
            i++;
            continue;
        }
        if (used == sizeof more) {
            if (++rounds > 16 ||
                !tch_draw(draw, "rsa.padding.more", more, sizeof more)) {
                return false;
            }
            used = 0;
        }
        p[i] = more[used++];
    }
    return true;
}

bool tch_pkcs1_wrap(struct tch_slice in, const struct tch_draw_source *draw,
                    uint8_t *em, size_t len, bool *fits)
{
    *fits = len >= 11 && in.len <= len - 11;
    if (!*fits) {
        return true;
    }
    em[0] = 0x00;
    em[1] = 0x02;
    em[len - in.len - 1] = 0x00;
    if (in.len != 0) {
        memcpy(em + len - in.len, in.p, in.len);
    }
    return draw_nonzero(draw, em + 2, len - in.len - 3);
}

tch_mask tch_pkcs1_scan(const uint8_t *em, size_t len, uint32_t *content_len)
{
    tch_mask good;
    tch_mask found = 0;
    uint32_t zero_at = 0;

    *content_len = 0;
    if (len < 11) {
        return 0;
    }
    good = tch_ct_is_zero(em[0]) & tch_ct_eq(em[1], 2);
    for (size_t i = 2; i < len; i++) {
        tch_mask here = tch_ct_is_zero(em[i]) & ~found;

        zero_at = tch_ct_select(here, (uint32_t)i, zero_at);
        found |= here;
    }
    good &= found & tch_ct_ge(zero_at, 10);
    *content_len = good & ((uint32_t)len - 1 - zero_at);
    return good;
}
