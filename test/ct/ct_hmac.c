/*
 * Run under valgrind by `make ct`: the length of the text is marked undefined,
 * so that a branch or an address that depends on it is an error. The content
 * of the record and the key are secrets of the same kind.
 */

#include <stdio.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "crypto-glue/hash.h"

static int same_as_plain_hmac(enum tch_hash alg, size_t len)
{
    uint8_t header[13] = { 1 };
    uint8_t data[320];
    uint8_t out[TCH_HASH_MAX];
    uint8_t expected[TCH_HASH_MAX];
    struct tch_hmac_key k;
    struct tch_hmac h;
    size_t secret_len = len;

    memset(data, 0xa5, sizeof data);
    tch_hmac_set_key(&k, alg, header, sizeof header);
    tch_hmac_init(&h, &k);
    tch_hmac_update(&h, header, sizeof header);
    tch_hmac_update(&h, data, len);
    tch_hmac_final(&h, expected);

    (void)VALGRIND_MAKE_MEM_UNDEFINED(data, sizeof data);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(&secret_len, sizeof secret_len);
    tch_hmac_ct(&k, out, tch_slice_of(header, sizeof header), data,
                secret_len, 64, sizeof data);
    (void)VALGRIND_MAKE_MEM_DEFINED(out, sizeof out);
    return memcmp(out, expected, tch_hash_facts(alg)->len) == 0;
}

int main(void)
{
    static const enum tch_hash algs[] = { TCH_HASH_MD5, TCH_HASH_SHA1,
                                          TCH_HASH_SHA256, TCH_HASH_SHA384 };
    int failed = 0;

    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        int good = same_as_plain_hmac(algs[i], 64) &&
                   same_as_plain_hmac(algs[i], 191) &&
                   same_as_plain_hmac(algs[i], 320);

        printf("%s %zu - HMAC-%s: length and text are secret, R-REC-053\n",
               good ? "ok" : "not ok", i + 1, tch_hash_facts(algs[i])->name);
        failed |= !good;
    }
    printf("1..%zu\n", sizeof algs / sizeof algs[0]);
    return failed;
}
