/*
 * Random buffer arrays against every entry point that takes one, with a fixed
 * seed (TCH_SEED and TCH_MUTATIONS in the environment say otherwise): types,
 * lengths, NULLs, the same memory twice, one descriptor for both directions,
 * bytes of the peer's whole, cut and changed, in every state of a context.
 * What counts is that nothing is touched that was not given (run it under
 * AddressSanitizer) and that every answer is a status the library knows.
 */

#include "test/contract/support_ends.h"

#include <stdio.h>

#define MAX_BUFS 6
#define CALLS_PER_PAIR 60

static uint64_t seed_word;

static uint32_t rnd(uint32_t below)
{
    seed_word = seed_word * 6364136223846793005u + 1442695040888963407u;
    return below == 0 ? 0 : (uint32_t)(seed_word >> 33) % below;
}

static struct end c, s;
static struct reply saved; /* bytes of the peer's that fit somewhere */

/* An array whose buffers have memory of exactly their length. */
struct array {
    SecBuffer bufs[MAX_BUFS];
    SecBuffer before[MAX_BUFS];
    void *blocks[MAX_BUFS];
    SecBufferDesc desc;
};

static ULONG random_type(void)
{
    static const ULONG usual[] = {
        SECBUFFER_EMPTY, SECBUFFER_TOKEN, SECBUFFER_DATA,
        SECBUFFER_STREAM_HEADER, SECBUFFER_STREAM_TRAILER, SECBUFFER_EXTRA,
        SECBUFFER_ALERT, SECBUFFER_APPLICATION_PROTOCOLS, SECBUFFER_MISSING,
    };
    ULONG type = rnd(5) == 0 ? rnd(30)
                             : usual[rnd(sizeof usual / sizeof usual[0])];

    return rnd(12) == 0 ? type | rnd(16) << 28 : type;
}

static ULONG random_length(void)
{
    static const ULONG usual[] = { 0, 0, 1, 2, 4, 5, 6, 13, 16, 20, 64, 300,
                                   4096, 17000 };

    return rnd(4) == 0 ? rnd(700) : usual[rnd(14)];
}

static void fill(uint8_t *p, ULONG len)
{
    ULONG n = (ULONG)saved.token_len;

    for (ULONG i = 0; i < len; i++) {
        p[i] = (uint8_t)rnd(256);
    }
    if (n > 0 && rnd(3) != 0) {
        memcpy(p, saved.token, len < n ? len : n);
        if (len > 0 && rnd(2) == 0) {
            p[rnd(len)] ^= (uint8_t)(1u << rnd(8));
        }
    }
}

static void make_array(struct array *a)
{
    memset(a, 0, sizeof *a);
    a->desc.ulVersion = rnd(25) == 0 ? rnd(3) : SECBUFFER_VERSION;
    a->desc.cBuffers = rnd(MAX_BUFS + 1);
    a->desc.pBuffers = rnd(30) == 0 ? NULL : a->bufs;
    for (ULONG i = 0; i < a->desc.cBuffers; i++) {
        SecBuffer *b = &a->bufs[i];

        b->BufferType = random_type();
        b->cbBuffer = rnd(6) == 0 ? (ULONG)saved.token_len : random_length();
        if (i > 0 && rnd(8) == 0) {
            /* The memory of the one before. */
            b->pvBuffer = a->bufs[i - 1].pvBuffer;
            b->cbBuffer = a->bufs[i - 1].cbBuffer;
        } else if (rnd(8) != 0) {
            a->blocks[i] = malloc(b->cbBuffer == 0 ? 1 : b->cbBuffer);
            assert_non_null(a->blocks[i]);
            fill(a->blocks[i], b->cbBuffer);
            b->pvBuffer = a->blocks[i];
        }
    }
    memcpy(a->before, a->bufs, sizeof a->bufs);
}

static void free_array(struct array *a)
{
    for (ULONG i = 0; i < a->desc.cBuffers; i++) {
        /* Memory of the package's; of the program's it says no. */
        if (a->bufs[i].pvBuffer != a->before[i].pvBuffer) {
            SECURITY_STATUS st = FreeContextBuffer(a->bufs[i].pvBuffer);

            assert_true(st == SEC_E_OK || st == SEC_E_INVALID_HANDLE);
        }
    }
    for (ULONG i = 0; i < MAX_BUFS; i++) {
        free(a->blocks[i]);
    }
}

static ULONG random_flags(bool server)
{
    ULONG usual = (server ? ASC_USUAL : ISC_USUAL) & ~(ULONG)0x100;

    return (rnd(2) == 0 ? usual | 0x100 : usual) |
           (rnd(4) == 0 ? 1u << rnd(31) : 0);
}

/* A first or later call; a context that comes out of a first one goes. */
static SECURITY_STATUS handshake(struct end *e, struct array *in,
                                 struct array *out)
{
    PSecBufferDesc input = rnd(8) == 0 ? NULL : &in->desc;
    PSecBufferDesc output = rnd(20) == 0   ? NULL
                            : rnd(20) == 0 ? &in->desc
                                           : &out->desc;
    CtxtHandle made = { 0, 0 };
    bool first = rnd(6) == 0;
    PCtxtHandle have = first ? NULL : &e->ctx;
    char name[] = "localhost";
    SECURITY_STATUS st;

    if (e->server) {
        st = AcceptSecurityContext(&e->cred, have, input,
                                   random_flags(true), 0, &made, output,
                                   &e->attr, NULL);
    } else {
        st = InitializeSecurityContextA(
            &e->cred, have, rnd(2) == 0 ? NULL : name, random_flags(false), 0,
            0, input, 0, &made, output, &e->attr, NULL);
    }
    if (first && st >= 0) {
        assert_status(DeleteSecurityContext(&made), SEC_E_OK);
    }
    return st;
}

static SECURITY_STATUS random_call(struct end *e)
{
    static struct array in, out;
    SECURITY_STATUS st;
    ULONG qop;

    make_array(&in);
    make_array(&out);
    switch (rnd(8)) {
    case 0:
    case 1:
        st = EncryptMessage(&e->ctx, rnd(10) == 0 ? SECQOP_WRAP_OOB_DATA : 0,
                            &in.desc, 0);
        break;
    case 2:
    case 3:
        st = DecryptMessage(&e->ctx, &in.desc, 0, &qop);
        break;
    case 4:
        st = ApplyControlToken(&e->ctx, rnd(20) == 0 ? NULL : &in.desc);
        break;
    case 5: {
        SecPkgContext_StreamSizes z;

        st = QueryContextAttributesA(&e->ctx, SECPKG_ATTR_STREAM_SIZES, &z);
        break;
    }
    default:
        st = handshake(e, &in, &out);
        break;
    }
    free_array(&in);
    free_array(&out);
    return st;
}

/* A pair in a state of its own: in the handshake, open, asked, closed. */
static void make_state(uint32_t which)
{
    static uint8_t record[ROOM];
    SecBuffer bufs[4];
    size_t len;

    make_pair(&c, &s, SCH_CRED_MANUAL_CRED_VALIDATION, "server-ec256");
    call(&c, NULL, 0, &saved);
    if (which == 0) {
        call(&s, saved.token, saved.token_len, &saved);
        assert_true(s.has_ctx);
        return;
    }
    give(&s, saved.token, saved.token_len);
    connect_pair(&c, &s);
    if (which == 1) {
        assert_status(encrypt(&s, "some data", 9, saved.token, &len),
                      SEC_E_OK);
        saved.token_len = len;
    } else if (which == 2) {
        call(&s, NULL, 0, &saved);
        memcpy(record, saved.token, saved.token_len);
        assert_status(decrypt(&c, record, saved.token_len, bufs),
                      SEC_I_RENEGOTIATE);
    } else {
        call(&c, NULL, 0, &saved); /* the client's new hello */
    }
}

static void random_arrays_get_statuses(void **state)
{
    const char *calls_text = getenv("TCH_MUTATIONS");
    const char *seed_text = getenv("TCH_SEED");
    unsigned long calls = calls_text == NULL ? 48000
                                             : strtoul(calls_text, NULL, 10);

    (void)state;
    seed_word = seed_text == NULL ? 20261120 : strtoull(seed_text, NULL, 10);
    for (unsigned long i = 0; i < calls; i += CALLS_PER_PAIR) {
        make_state(rnd(4));
        for (unsigned j = 0; j < CALLS_PER_PAIR; j++) {
            SECURITY_STATUS st = random_call(rnd(2) == 0 ? &c : &s);

            if (TchStatusName(st) == NULL) {
                print_error("call %lu: 0x%08x\n", i + j, (unsigned)st);
            }
            assert_non_null(TchStatusName(st));
        }
        clear_pair(&c, &s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_arrays_get_statuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
