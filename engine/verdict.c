/*
 * The engine's own verdict on the peer's certificate: a path to an anchor,
 * dates, use and name, by the configuration. An application that wants to
 * judge for itself chooses TCH_VERIFY_ASK.
 */

#include <string.h>

#include "engine/engine.h"
#include "handshake/messages.h"

/* The parts of a Certificate list, leaf first, as many as a path may use. */
static size_t split_chain(struct tch_slice list, struct tch_slice *out,
                          size_t max)
{
    size_t num = 0;

    while (num < max && tch_certificate_next(&list, &out[num])) {
        num++;
    }
    return num;
}

static enum tch_status judge(const struct tch_conn *c, struct tch_slice list)
{
    struct tch_slice chain[4 * TCH_CHAIN_MAX];
    const struct tch_config *cfg = tch_cfg_of(c);
    struct tch_path_request q;
    struct tch_path_result found;

    memset(&q, 0, sizeof q);
    q.chain = chain;
    q.num = split_chain(list, chain, 4 * TCH_CHAIN_MAX);
    q.anchors = cfg->anchors == NULL ? NULL : cfg->anchors->set;
    q.policy = cfg->policy;
    q.alloc = c->alloc;
    q.now = (int64_t)(tch_now(&cfg->clock) / 1000);
    if (c->role == TCH_CLIENT) {
        q.purpose = TCH_PURPOSE_SERVER;
        q.host = c->name_check && c->name[0] != '\0' ? c->name : NULL;
    } else {
        q.purpose = TCH_PURPOSE_CLIENT;
    }
    return q.anchors == NULL ? TCH_CERT_UNTRUSTED
                             : tch_path_verify(&q, &found);
}

enum tch_status tch_judge_peer(struct tch_conn *c)
{
    enum tch_status verdict = TCH_OK;

    if (c->verify == TCH_VERIFY_AUTO) {
        verdict = judge(c, tch_hs_result(c->hs)->peer_chain);
    }
    return tch_hs_answer_verdict(c->hs, verdict);
}
