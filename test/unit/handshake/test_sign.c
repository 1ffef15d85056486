/* Signing with keys of ours, here or elsewhere. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/x509/x509.h"
#include "test/unit/handshake/support_hs.h"

static struct bare b;
static struct tch_identity id;
static struct tch_slice none;
static const struct tch_slice text[2] = { { (const uint8_t *)"two ", 4 },
                                          { (const uint8_t *)"parts", 5 } };

static void start(void)
{
    bare_identity(&id, "server-ec256.der", "server-ec256-key.der");
    bare_params(&b, TCH_SERVER);
    bare_start(&b);
    bare_suite(&b, 0, 0xC02B);
    b.hs->r.local = &id;
}

static void end(void)
{
    bare_end(&b);
    bare_identity_free(&id);
}

/* The certificate's key checks it. */
static void is_good(struct tch_slice signature)
{
    struct tch_public_key *key = NULL;
    struct tch_cert cert;

    assert_int_equal(tch_cert_parse(&cert, id.chain[0], NULL), TCH_OK);
    assert_int_equal(tch_public_key_read(&tch_alloc_default, cert.spki, &key),
                     TCH_OK);
    assert_int_equal(tch_verify(key, TCH_SCHEME_ECDSA_SHA256, text, 2,
                                signature),
                     TCH_OK);
    tch_public_key_free(key);
}

static unsigned asked;
static enum tch_status answer;
static struct tch_slice hash_seen;
static uint8_t hash_copy[64];

static enum tch_status sign(void *arg, unsigned scheme, struct tch_slice hash,
                            uint8_t *out, size_t *out_len)
{
    (void)arg;
    assert_int_equal(scheme, TCH_SCHEME_ECDSA_SHA256);
    asked++;
    memcpy(hash_copy, hash.p, hash.len);
    hash_seen = tch_slice_of(hash_copy, hash.len);
    memcpy(out, "signed", 6);
    *out_len = 6;
    return answer;
}

static void a_key_here_signs_at_once_and_once(void **state)
{
    struct tch_slice first;
    struct tch_slice again;

    (void)state;
    start();
    assert_int_equal(tch_hs_sign(b.hs, TCH_SCHEME_ECDSA_SHA256, none, text, 2,
                                 &first),
                     TCH_OK);
    is_good(first);
    assert_int_equal(tch_hs_sign(b.hs, TCH_SCHEME_ECDSA_SHA256, none, text, 2,
                                 &again),
                     TCH_OK);
    assert_ptr_equal(first.p, again.p);
    end();
}

/* It gets the hash of the parts, and may answer at once. */
static void a_key_elsewhere_gets_the_hash(void **state)
{
    struct tch_slice whole = { (const uint8_t *)"two parts", 9 };
    struct tch_slice signature;
    uint8_t want[TCH_HASH_MAX];

    (void)state;
    start();
    tch_private_key_free(id.key);
    id.key = NULL;
    id.signer.sign = sign;
    answer = TCH_OK;
    asked = 0;
    assert_int_equal(tch_hs_sign(b.hs, TCH_SCHEME_ECDSA_SHA256, none, text, 2,
                                 &signature),
                     TCH_OK);
    assert_int_equal(signature.len, 6);
    assert_memory_equal(signature.p, "signed", 6);
    tch_hash(TCH_HASH_SHA256, &whole, 1, want);
    assert_int_equal(hash_seen.len, 32);
    assert_memory_equal(hash_seen.p, want, 32);
    end();
}

static void or_answers_later(void **state)
{
    struct tch_slice signature;

    (void)state;
    start();
    tch_private_key_free(id.key);
    id.key = NULL;
    id.signer.sign = sign;
    answer = TCH_WANT_SIGNATURE;
    asked = 0;
    assert_int_equal(tch_hs_sign(b.hs, TCH_SCHEME_ECDSA_SHA256, none, text, 2,
                                 &signature),
                     TCH_WANT_SIGNATURE);
    assert_int_equal(b.hs->want, TCH_FX_NEED_SIGNATURE);
    assert_int_equal(tch_hs_answer_signature(b.hs, tch_slice_of("later", 5)),
                     TCH_OK);
    assert_int_equal(tch_hs_sign(b.hs, TCH_SCHEME_ECDSA_SHA256, none, text, 2,
                                 &signature),
                     TCH_OK);
    assert_int_equal(signature.len, 5);
    assert_memory_equal(signature.p, "later", 5);
    assert_int_equal(b.hs->want, TCH_FX_NEED_INPUT);
    assert_int_equal(asked, 1);
    end();
}

static void a_failing_signer_fails_the_handshake(void **state)
{
    struct tch_slice signature;

    (void)state;
    start();
    tch_private_key_free(id.key);
    id.key = NULL;
    id.signer.sign = sign;
    answer = TCH_NO_RANDOM;
    assert_int_equal(tch_hs_sign(b.hs, TCH_SCHEME_ECDSA_SHA256, none, text, 2,
                                 &signature),
                     TCH_NO_RANDOM);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_here_signs_at_once_and_once),
        cmocka_unit_test(a_key_elsewhere_gets_the_hash),
        cmocka_unit_test(or_answers_later),
        cmocka_unit_test(a_failing_signer_fails_the_handshake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
