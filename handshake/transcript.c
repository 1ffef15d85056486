/*
 * The transcript hash (R-HS-003, R-HS-110). Which hash the Finished messages
 * need is known with the ServerHello, which hash CertificateVerify needs even
 * later. So: messages are kept until ServerHello, then all hashes that may be
 * needed run along, and the ones that turn out not to be needed are dropped.
 * Ed25519 signs the messages themselves: where it may come, they are kept.
 */

#include "handshake/hs_state.h"

#include <string.h>

#include "engine/base/wipe.h"

static bool keep(struct tch_hs *hs, struct tch_slice m)
{
    struct tch_transcript *t = &hs->transcript;

    if (m.len > t->kept_cap - t->kept_len) {
        size_t cap = 2 * (t->kept_len + m.len);
        uint8_t *bigger = tch_arena_get(hs->arena, cap);

        if (bigger == NULL) {
            return false;
        }
        if (t->kept_len != 0) {
            memcpy(bigger, t->kept, t->kept_len);
        }
        t->kept = bigger;
        t->kept_cap = cap;
    }
    memcpy(t->kept + t->kept_len, m.p, m.len);
    t->kept_len += m.len;
    return true;
}

static void run(struct tch_transcript *t, const uint8_t *p, size_t len)
{
    for (unsigned h = 0; h < TCH_NUM_HASHES; h++) {
        if ((t->which & 1u << h) != 0) {
            tch_hash_update(&t->states[h], p, len);
        }
    }
}

bool tch_transcript_add(struct tch_hs *hs, struct tch_slice m)
{
    if ((hs->transcript.which == 0 || hs->transcript.raw) && !keep(hs, m)) {
        return false;
    }
    run(&hs->transcript, m.p, m.len);
    return true;
}

void tch_transcript_choose(struct tch_hs *hs, unsigned which, bool raw)
{
    struct tch_transcript *t = &hs->transcript;

    t->which = which;
    t->raw = raw;
    for (unsigned h = 0; h < TCH_NUM_HASHES; h++) {
        if ((which & 1u << h) != 0) {
            tch_hash_init(&t->states[h], (enum tch_hash)h);
        }
    }
    if (t->kept_len != 0) {
        run(t, t->kept, t->kept_len);
    }
    if (!raw) {
        t->kept_len = 0;
    }
}

struct tch_slice tch_transcript_messages(const struct tch_hs *hs)
{
    return tch_slice_of(hs->transcript.kept, hs->transcript.kept_len);
}

void tch_transcript_narrow(struct tch_hs *hs, unsigned which)
{
    hs->transcript.which &= which;
    hs->transcript.raw = false;
    hs->transcript.kept_len = 0;
}

static void peek(const struct tch_transcript *t, enum tch_hash h, uint8_t *out)
{
    struct tch_hash_state copy = t->states[h];

    tch_hash_final(&copy, out);
}

struct tch_slice tch_transcript_hash(const struct tch_hs *hs, enum tch_hash h,
                                     uint8_t out[TCH_HASH_MAX])
{
    const struct tch_transcript *t = &hs->transcript;

    if (h == TCH_HASH_MD5_SHA1) {
        peek(t, TCH_HASH_MD5, out);
        peek(t, TCH_HASH_SHA1, out + tch_hash_facts(TCH_HASH_MD5)->len);
    } else {
        peek(t, h, out);
    }
    return tch_slice_of(out, tch_hash_facts(h)->len);
}
