/*
 * No protection: the state of a connection before the first
 * ChangeCipherSpec (R-REC-030). The suites that are called NULL still have a
 * MAC and belong to protect_stream.c. What all protections share is here too.
 *
 * RFC 5246 6.1, 6.2.3.
 */

#include "record/protect.h"

#include "engine/base/bytes.h"

#define CACHE_LINE 64u

void tch_pseudo_header(uint8_t *out, const struct tch_piece *p, size_t len)
{
    tch_put_u64(out, p->seq);
    out[8] = p->type;
    tch_put_u16(out + 9, p->version);
    tch_put_u16(out + 11, (unsigned)len);
}

size_t tch_state_size(size_t head, size_t context)
{
    return head + CACHE_LINE + context;
}

void *tch_state_context(void *state, size_t head)
{
    uint8_t *p = (uint8_t *)state + head;
    size_t past = (size_t)((uintptr_t)p % CACHE_LINE);

    return p + (CACHE_LINE - past);
}

static size_t null_size(const struct tch_record_keys *k)
{
    (void)k;
    return 0;
}

static enum tch_status null_init(void *state, const struct tch_record_keys *k,
                                 bool writing)
{
    (void)state;
    (void)k;
    (void)writing;
    return TCH_OK;
}

static const struct tch_protect_facts *null_facts(const void *state)
{
    static const struct tch_protect_facts facts = { .block = 1 };

    (void)state;
    return &facts;
}

static void null_seal(void *state, struct tch_piece *p)
{
    (void)state;
    p->tail_len = 0;
}

static enum tch_status null_open(void *state, struct tch_piece *p)
{
    (void)state;
    (void)p;
    return TCH_OK;
}

static void null_clear(void *state)
{
    (void)state;
}

const struct tch_protect tch_protect_null = {
    "none", null_size, null_init, null_facts, null_seal, null_open, null_clear
};
