/*
 * Run under valgrind by `make ct`: key and text are marked undefined, so that
 * a branch or a table look-up that depends on them is an error (L6). Opening
 * is tried below the comparison of tags, whose outcome is public. Rows over
 * libtomcrypt do not claim to be constant time (crypto-glue/README.md).
 */

#include <stdio.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "crypto-glue/provider.h"

#define LEN 333

static _Alignas(16) uint8_t ctx[1024];

static void secret(uint8_t *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void public(void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

/* Seals and opens; the text must come back, the tags must agree. */
static int aead_round_trip(enum tch_cipher c)
{
    const struct tch_aead_provider *p = tch_provider_aead(c);
    uint8_t key[32] = { 1, 2, 3 }, nonce[12] = { 4 };
    uint8_t data[LEN] = { 5 }, text[LEN] = { 5 }, tag[16], again[16];
    uint8_t header[13] = { 6 };
    struct tch_slice aad = { header, sizeof header };

    secret(key, sizeof key);
    secret(data, sizeof data);
    p->init(ctx, key);
    p->seal(ctx, nonce, aad, data, LEN, tag);
    p->open(ctx, nonce, aad, data, LEN, again);
    public(data, sizeof data);
    public(tag, sizeof tag);
    public(again, sizeof again);
    public(ctx, sizeof ctx);
    return memcmp(data, text, LEN) == 0 && memcmp(tag, again, 16) == 0;
}

static int cbc_round_trip(enum tch_cipher c)
{
    const struct tch_cipher_provider *p = tch_provider_cipher(c);
    uint8_t key[32] = { 1, 2, 3 }, iv[16] = { 4 }, iv2[16] = { 4 };
    uint8_t data[LEN] = { 5 }, text[LEN] = { 5 };

    secret(key, sizeof key);
    secret(data, sizeof data);
    p->init(ctx, true, key);
    p->run(ctx, true, iv, data, LEN / 16 * 16);
    p->init(ctx, false, key);
    p->run(ctx, false, iv2, data, LEN / 16 * 16);
    public(data, sizeof data);
    public(ctx, sizeof ctx);
    return memcmp(data, text, LEN) == 0;
}

/* The kind of row that is meant to be constant time. */
static int is_ours(const char *name)
{
    return strcmp(name, "libtomcrypt") != 0;
}

int main(void)
{
    int failed = 0;
    int n = 0;

    for (unsigned c = 0; c < TCH_NUM_CIPHERS; c++) {
        enum tch_cipher cipher = (enum tch_cipher)c;
        const struct tch_aead_provider *aead = tch_provider_aead(cipher);
        const struct tch_cipher_provider *cbc = tch_provider_cipher(cipher);
        int good;

        if (aead != NULL && is_ours(aead->name)) {
            good = aead_round_trip(cipher);
        } else if (cbc != NULL && is_ours(cbc->name)) {
            good = cbc_round_trip(cipher);
        } else {
            continue;
        }
        printf("%s %d - %s: key and text are secret\n",
               good ? "ok" : "not ok", ++n, tch_cipher_facts(cipher)->name);
        failed |= !good;
    }
    printf("1..%d\n", n);
    return failed;
}
