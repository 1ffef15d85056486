#ifndef TCH_TEST_UNIT_GLUE_SUPPORT_KEYS_H
#define TCH_TEST_UNIT_GLUE_SUPPORT_KEYS_H

/* What the tests of keys share: draw sources whose bytes are known, a walk
 * over a Wycheproof file, keys from files. */

#include "crypto-glue/keys.h"
#include "test/unit/glue/support_json.h"

/* prepared_draw serves `bytes` for every draw of just that length, and
 * nothing else. The bytes must outlive the source. */
struct tch_draw_source prepared_draw(const struct tch_slice *bytes);

/* seeded_draw serves repeatable bytes from `*seed`, which is not 0; not
 * marked as deterministic, so that nonces are hedged. */
struct tch_draw_source seeded_draw(uint64_t *seed);

/* failing_draw serves nothing. */
extern const struct tch_draw_source failing_draw;

/* counted_alloc is the C library's allocator with a count: of what is taken
 * and not given back, and of how many times until it has no more. */
struct counter {
    size_t taken;    /* bytes out at this moment */
    size_t calls;    /* how often it was asked */
    size_t fail_at;  /* the call that fails, from 1; 0: none */
};
struct tch_alloc counted_alloc(struct counter *c);

enum { WY_VALID, WY_ACCEPTABLE, WY_INVALID };

/* wycheproof runs `run` for each test of ../shared/data/wycheproof/`name`
 * with its group, the result expected as above, and `arg`; checks that all of
 * the file was walked. Skips the test when the file is not there. */
typedef void wycheproof_fn(const struct json *group, const struct json *test,
                           int result, void *arg);
void wycheproof(const char *name, wycheproof_fn *run, void *arg);

/* scheme_of gives the scheme of a kind with the hash Wycheproof calls `sha`
 * ("SHA-256"), or 0 when TLS has none. */
unsigned scheme_of(enum tch_sig_kind kind, const char *sha);

/* file_read reads a file of this tree into `out` and returns its length; the
 * test fails when it cannot. */
size_t file_read(const char *path, uint8_t *out, size_t cap);

/* private_key_file and public_key_of load keys from PEM files of
 * vectors/certs; the test fails when they cannot. */
struct tch_private_key *private_key_file(const char *path);

/* private_key_der loads a key that must be good. */
struct tch_private_key *private_key_der(struct tch_slice der);
struct tch_public_key *public_key_der(struct tch_slice der);

/* spki_of writes the SubjectPublicKeyInfo that belongs to a private key. */
size_t spki_of(const struct tch_private_key *k, uint8_t *out, size_t cap);

#endif
