/*
 * The judgement on a decrypted CBC record, with the record's body marked as
 * undefined: valgrind then reports every branch and every address that
 * depends on it (R-ATK-003, R-REC-053). The mask that comes back must itself
 * be undefined, which shows that the secret went all the way; only then is it
 * declared known, as the one decision in protect_cbc.c makes it known.
 *
 * Run by `make ct`. Without valgrind there is nothing to see, and it skips.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <valgrind/memcheck.h>

#include "crypto-glue/glue.h"
#include "record/cbc_ct.h"

#define BODY_MAX 17000u

static const uint8_t key[TCH_HASH_MAX] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
static uint8_t body[BODY_MAX];

/* What is done to a good record before it is judged. */
enum damage { NONE, BAD_MAC, BAD_PADDING, WRONG_LENGTH, NUM_DAMAGES };

struct form {
    enum tch_mac_kind kind;
    enum tch_hash alg;
    size_t block;
    uint16_t version;
};

/* fragment || MAC || padding of `pad` bytes and its length byte. */
static size_t fill_body(const struct tch_mac *m, struct tch_piece *p,
                        size_t len, size_t pad, enum damage damage)
{
    struct tch_slice fragment = tch_slice_of(body, len);
    size_t total = len + m->len + pad + 1;

    for (size_t i = 0; i < len; i++) {
        body[i] = (uint8_t)(i * 31);
    }
    tch_mac_run(m, body + len, p, &fragment, 1);
    memset(body + len + m->len, (int)pad, pad + 1);
    if (damage == BAD_MAC) {
        body[len] ^= 1;
    } else if (damage == BAD_PADDING && pad > 0) {
        body[total - 2] ^= 1;
    } else if (damage == WRONG_LENGTH) {
        body[total - 1] ^= 0x80;
    }
    return total;
}

static void judge(const struct form *f, size_t len, size_t pad,
                  enum damage damage)
{
    struct tch_piece p = { .seq = 5,
                           .version = f->version,
                           .type = 23,
                           .data = body };
    enum tch_pad_rule rule = f->kind == TCH_MAC_SSL3 ? TCH_PAD_ANY_BYTES
                                                     : TCH_PAD_ALL_EQUAL;
    unsigned before = (unsigned)VALGRIND_COUNT_ERRORS;
    bool ssl3_cannot_tell = damage == BAD_PADDING && f->kind == TCH_MAC_SSL3;
    uint32_t secret = 0;
    uint32_t out_len;
    struct tch_mac m;
    tch_mask good;

    tch_mac_init(&m, f->kind, f->alg,
                 tch_slice_of(key, tch_hash_facts(f->alg)->len));
    p.len = fill_body(&m, &p, len, pad, damage);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(body, p.len);
    good = tch_cbc_ct_check(&m, rule, f->block, &p, &out_len);
    (void)VALGRIND_GET_VBITS(&good, &secret, sizeof good);
    (void)VALGRIND_MAKE_MEM_DEFINED(&good, sizeof good);
    (void)VALGRIND_MAKE_MEM_DEFINED(&out_len, sizeof out_len);
    (void)VALGRIND_MAKE_MEM_DEFINED(body, sizeof body);

    assert_int_equal((unsigned)VALGRIND_COUNT_ERRORS, before);
    assert_int_not_equal(secret, 0);
    if (damage == NONE || ssl3_cannot_tell ||
        (damage == BAD_PADDING && pad == 0)) {
        assert_int_equal(good, UINT32_MAX);
        assert_int_equal(out_len, len);
    } else {
        assert_int_equal(good, 0);
    }
}

/* Whole blocks around `about` bytes of fragment, with each damage. */
static void judge_all(const struct form *f, size_t about)
{
    size_t mac = tch_hash_facts(f->alg)->len;
    size_t max_pad = f->kind == TCH_MAC_SSL3 ? f->block - 1 : 255;

    for (size_t pad = 0; pad <= max_pad; pad += max_pad < 100 ? 1 : 51) {
        size_t len = about;

        while ((len + mac + pad + 1) % f->block != 0) {
            len++;
        }
        for (int d = NONE; d < NUM_DAMAGES; d++) {
            judge(f, len, pad, (enum damage)d);
        }
    }
}

static const size_t lengths[] = { 0, 1, 55, 64, 200, 600 };

static void each_length(const struct form *f)
{
    if (RUNNING_ON_VALGRIND == 0) {
        print_message("# not under valgrind: nothing to see\n");
        skip();
    }
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        judge_all(f, lengths[i]);
    }
}

static void hmac_md5(void **state)
{
    struct form f = { TCH_MAC_HMAC, TCH_HASH_MD5, 8, TCH_TLS10 };

    (void)state;
    each_length(&f);
}

static void hmac_sha1(void **state)
{
    struct form f = { TCH_MAC_HMAC, TCH_HASH_SHA1, 16, TCH_TLS12 };

    (void)state;
    each_length(&f);
}

static void hmac_sha256(void **state)
{
    struct form f = { TCH_MAC_HMAC, TCH_HASH_SHA256, 16, TCH_TLS12 };

    (void)state;
    each_length(&f);
}

static void hmac_sha384(void **state)
{
    struct form f = { TCH_MAC_HMAC, TCH_HASH_SHA384, 16, TCH_TLS12 };

    (void)state;
    each_length(&f);
}

static void ssl3_md5(void **state)
{
    struct form f = { TCH_MAC_SSL3, TCH_HASH_MD5, 8, TCH_SSL3 };

    (void)state;
    each_length(&f);
}

static void ssl3_sha1(void **state)
{
    struct form f = { TCH_MAC_SSL3, TCH_HASH_SHA1, 8, TCH_SSL3 };

    (void)state;
    each_length(&f);
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        { "no branch on padding or MAC: HMAC-MD5 (R-ATK-003)", hmac_md5, NULL,
          NULL, NULL },
        { "no branch on padding or MAC: HMAC-SHA1 (R-ATK-003)", hmac_sha1,
          NULL, NULL, NULL },
        { "no branch on padding or MAC: HMAC-SHA256 (R-ATK-003)", hmac_sha256,
          NULL, NULL, NULL },
        { "no branch on padding or MAC: HMAC-SHA384 (R-ATK-003)", hmac_sha384,
          NULL, NULL, NULL },
        { "no branch on padding or MAC: SSL 3.0 with MD5", ssl3_md5, NULL,
          NULL, NULL },
        { "no branch on padding or MAC: SSL 3.0 with SHA-1", ssl3_sha1, NULL,
          NULL, NULL },
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
