/*
 * Run under valgrind by `make ct`: every number of an RSA private key, the
 * blinding factor and what comes out of the decryption are marked undefined,
 * so that a branch or an address that depends on them is an error (R-ATK-002,
 * R-KX-024). Good, malformed and over-long ciphertexts take the same way.
 */

#include <stdio.h>
#include <string.h>

#include <valgrind/memcheck.h>

#include "crypto-glue/keys_private.h"

static void secret(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void public(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

/* Bytes that are as random as can be told, and secret. */
static bool draw_secret(void *arg, const char *name, uint8_t *out, size_t n)
{
    uint32_t *state = arg;

    (void)name;
    for (size_t i = 0; i < n; i++) {
        *state = *state * 1664525u + 1013904223u;
        out[i] = (uint8_t)(*state >> 24 | 1);
    }
    secret(out, n);
    return true;
}

static bool draw_plain(void *arg, const char *name, uint8_t *out, size_t n)
{
    bool drawn = draw_secret(arg, name, out, n);

    public(out, n);
    return drawn;
}

static struct tch_private_key *load(const char *path)
{
    static uint8_t der[4000];
    FILE *f = fopen(path, "rb");
    struct tch_private_key *k = NULL;
    size_t n;

    if (f == NULL) {
        return NULL;
    }
    n = fread(der, 1, sizeof der, f);
    fclose(f);
    if (tch_private_key_read(&tch_alloc_default, tch_slice_of(der, n), &k) !=
        TCH_OK) {
        return NULL;
    }
    return k;
}

/* All limbs behind the public ones: p, q, their R^2, dp, dq, qinv. */
static void mark_key(struct tch_private_key *k, void (*mark)(const void *,
                                                             size_t))
{
    size_t skip = 2 * k->rsa.pub.n.num * sizeof(uint64_t);
    const uint8_t *limbs = (const uint8_t *)k->limbs;
    size_t all = k->size - sizeof *k;

    mark(limbs + skip, all - skip);
    mark(&k->rsa.p.n0, sizeof k->rsa.p.n0);
    mark(&k->rsa.q.n0, sizeof k->rsa.q.n0);
}

/* Decrypts with everything marked; true when the answer is `want`. */
static bool decrypts_to(struct tch_private_key *k, struct tch_slice ct,
                        const uint8_t want[48])
{
    uint32_t state = 7;
    struct tch_draw_source draw = { draw_secret, &state, false };
    uint8_t out[48] = { 0x5A };
    enum tch_status s;

    mark_key(k, secret);
    s = tch_rsa_decrypt_premaster(k, ct, &draw, out);
    mark_key(k, public);
    public(&s, sizeof s);
    public(out, sizeof out);
    return s == TCH_OK && memcmp(out, want, 48) == 0;
}

int main(void)
{
    struct tch_private_key *k = load("vectors/certs/server-rsa2048-key.der");
    uint32_t state = 3;
    struct tch_draw_source plain = { draw_plain, &state, false };
    static const uint8_t fallback[48] = { 0x5A };
    uint8_t pms[48] = { 3, 3, 9, 9 };
    uint8_t ct[300] = { 0 };
    struct tch_public_key pub;
    size_t len;
    bool good;

    if (k == NULL) {
        puts("not ok 1 - the key cannot be read");
        return 1;
    }
    memset(&pub, 0, sizeof pub);
    pub.info = k->info;
    pub.rsa = k->rsa.pub;
    good = tch_rsa_encrypt(&pub, tch_slice_of(pms, 48), &plain, ct, &len) ==
               TCH_OK &&
           decrypts_to(k, tch_slice_of(ct, len), pms);
    printf("1..2\n%s 1 - a premaster secret comes back\n",
           good ? "ok" : "not ok");
    ct[100] ^= 1;
    good = decrypts_to(k, tch_slice_of(ct, len), fallback) &&
           decrypts_to(k, tch_slice_of(ct, len + 1), fallback) && good;
    printf("%s 2 - wrong ciphertexts give the fallback\n",
           good ? "ok" : "not ok");
    tch_private_key_free(k);
    return good ? 0 : 1;
}
