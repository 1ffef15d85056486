/* The rogue's records, keys and transcript: see rogue.h. */

#include <stdio.h>
#include <string.h>

#include "crypto-glue/hash.h"
#include "crypto-glue/prf.h"
#include "crypto-glue/random.h"
#include "test/support/rogue_inside.h"

void rogue_broken(struct rogue *r, const char *what)
{
    snprintf(r->why, sizeof r->why, "the program is broken: %s", what);
    longjmp(r->broken, 1);
}

void rogue_reset_connection(struct rogue *r)
{
    bool client = r->role == TCH_CLIENT;

    tch_half_clear(&r->read);
    tch_half_clear(&r->write);
    tch_half_init(&r->read, false, !client, &tch_alloc_default,
                  &tch_random_source, NULL);
    tch_half_init(&r->write, true, client, &tch_alloc_default,
                  &tch_random_source, NULL);
    r->write.version = client ? TCH_TLS10 : TCH_TLS12;
    tch_kex_free(r->kex);
    r->kex = NULL;
    tch_public_key_free(r->engine_key);
    r->engine_key = NULL;
    r->to_engine_len = 0;
    r->joined_len = 0;
    r->in_len = 0;
    r->transcript_len = 0;
    r->got_data_len = 0;
    r->sent_data_len = 0;
    r->finished_len = 0;
    r->alert = ROGUE_NO_ALERT;
    r->alert_level = 0;
    r->num_alerts = 0;
    r->hello_requests = 0;
    r->finished_seen = 0;
    r->finished_sent = false;
    r->master_known = false;
    r->established = false;
    r->secure = false;
    r->resumed = false;
    r->sid_len = 0;
}

static void put_wire(struct rogue *r, const uint8_t *p, size_t len)
{
    if (len > sizeof r->to_engine - r->to_engine_len) {
        rogue_broken(r, "too many bytes");
    }
    if (len != 0) {
        memcpy(r->to_engine + r->to_engine_len, p, len);
    }
    r->to_engine_len += len;
}

static void put_one_record(struct rogue *r, unsigned type, const uint8_t *p,
                           size_t len)
{
    static uint8_t buf[40000];
    struct tch_record_sizes sizes = tch_half_sizes(&r->write);
    struct tch_seal s;

    if (len > TCH_PLAINTEXT_MAX) {
        rogue_broken(r, "a record too long to be sealed");
    }
    memset(&s, 0, sizeof s);
    s.type = (uint8_t)type;
    s.header = buf;
    s.data = buf + sizes.header;
    s.data_len = len;
    s.trailer = s.data + len;
    s.trailer_room = sizes.trailer;
    if (len != 0) {
        memcpy(s.data, p, len);
    }
    if (tch_record_seal(&r->write, &s) != TCH_OK) {
        rogue_broken(r, "sealing failed");
    }
    if (r->o.recver != 0) {
        tch_put_u16(buf + 1, r->o.recver);
    }
    put_wire(r, buf, s.header_len + len + s.trailer_len);
}

void rogue_put_record(struct rogue *r, unsigned type, const uint8_t *p,
                      size_t len)
{
    size_t most = r->o.frag != 0 && type == TCH_CONTENT_HANDSHAKE
                      ? r->o.frag
                      : TCH_PLAINTEXT_MAX;

    do {
        size_t n = len < most ? len : most;

        put_one_record(r, type, p, n);
        p += n;
        len -= n;
    } while (len != 0);
}

void rogue_flush_joined(struct rogue *r)
{
    size_t len = r->joined_len;

    r->joined_len = 0;
    if (len != 0) {
        rogue_put_record(r, TCH_CONTENT_HANDSHAKE, r->joined, len);
    }
}

void rogue_put_handshake(struct rogue *r, const uint8_t *p, size_t len)
{
    if (!r->o.join) {
        rogue_put_record(r, TCH_CONTENT_HANDSHAKE, p, len);
        return;
    }
    memcpy(r->joined + r->joined_len, p, len);
    r->joined_len += len;
}

void rogue_hash(struct rogue *r, const uint8_t *p, size_t len)
{
    if (len > sizeof r->transcript - r->transcript_len) {
        rogue_broken(r, "the transcript is full");
    }
    memcpy(r->transcript + r->transcript_len, p, len);
    r->transcript_len += len;
}

static struct tch_prf_spec prf(const struct rogue *r)
{
    struct tch_prf_spec spec = { TCH_PRF_SUITE,
                                 tch_suite_facts(r->suite)->prf };

    return spec;
}

static struct tch_slice transcript_hash(const struct rogue *r,
                                        uint8_t out[TCH_HASH_MAX])
{
    struct tch_slice all = { r->transcript, r->transcript_len };
    enum tch_hash h = prf(r).hash;

    tch_hash(h, &all, 1, out);
    return tch_slice_of(out, tch_hash_facts(h)->len);
}

void rogue_derive_master(struct rogue *r, const uint8_t *pms, size_t len)
{
    struct tch_slice secret = { pms, len };
    uint8_t hash[TCH_HASH_MAX];
    struct tch_slice seed[2] = { { r->client_random, 32 },
                                 { r->server_random, 32 } };

    if (r->ems) {
        seed[0] = transcript_hash(r, hash);
        tch_prf(prf(r), r->master, 48, secret, "extended master secret", seed,
                1);
    } else {
        tch_prf(prf(r), r->master, 48, secret, "master secret", seed, 2);
    }
    r->master_known = true;
}

void rogue_rekey(struct rogue *r, struct tch_half *half, bool client_keys)
{
    const struct tch_suite *s = tch_suite_facts(r->suite);
    const struct tch_cipher_row *c = tch_cipher_facts(s->cipher);
    size_t mac = tch_hash_facts(s->mac)->len;
    struct tch_slice seed[2] = { { r->server_random, 32 },
                                 { r->client_random, 32 } };
    struct tch_slice secret = { r->master, 48 };
    size_t at = client_keys ? 0 : 1;
    uint8_t block[300];
    struct tch_record_keys k;

    if (!r->master_known) {
        rogue_broken(r, "keys before there is a secret");
    }
    tch_prf(prf(r), block, 2 * (mac + c->key_material + c->fixed_iv), secret,
            "key expansion", seed, 2);
    memset(&k, 0, sizeof k);
    k.suite = s;
    k.version = TCH_TLS12;
    k.etm = r->etm;
    k.mac_key = tch_slice_of(block + at * mac, mac);
    k.key = tch_slice_of(block + 2 * mac + at * c->key_material,
                         c->key_material);
    k.iv = tch_slice_of(block + 2 * (mac + c->key_material) +
                            at * c->fixed_iv,
                        c->fixed_iv);
    if (tch_half_rekey(half, &k) != TCH_OK) {
        rogue_broken(r, "keys do not fit");
    }
}

void rogue_verify_data(const struct rogue *r, enum tch_role sender,
                       uint8_t out[12])
{
    uint8_t hash[TCH_HASH_MAX];
    struct tch_slice seed = transcript_hash(r, hash);
    struct tch_slice secret = { r->master, 48 };

    tch_prf(prf(r), out, 12, secret,
            sender == TCH_CLIENT ? "client finished" : "server finished",
            &seed, 1);
}

static void take_handshake(struct rogue *r, const uint8_t *p, size_t len)
{
    size_t at = 0;

    memcpy(r->in + r->in_len, p, len);
    r->in_len += len;
    while (r->in_len - at >= 4) {
        const uint8_t *m = r->in + at;
        size_t n = 4 + ((size_t)m[1] << 16 | (size_t)m[2] << 8 | m[3]);

        if (r->in_len - at < n) {
            break;
        }
        rogue_take_message(r, m, n);
        at += n;
    }
    r->in_len -= at;
    memmove(r->in, r->in + at, r->in_len);
}

void rogue_take_record(struct rogue *r, uint8_t *record, size_t len)
{
    struct tch_opened o;

    if (tch_record_open(&r->read, record, len, &o) != TCH_OK) {
        rogue_broken(r, "a record of the engine does not open");
    }
    switch (o.type) {
    case TCH_CONTENT_CHANGE_CIPHER_SPEC:
        rogue_rekey(r, &r->read, r->role == TCH_SERVER);
        break;
    case TCH_CONTENT_ALERT:
        r->alert_level = o.data[0];
        r->alert = o.data[1];
        r->num_alerts++;
        break;
    case TCH_CONTENT_HANDSHAKE:
        take_handshake(r, o.data, o.data_len);
        break;
    default:
        if (o.data_len != 0 && o.data_len <= sizeof r->sent_data) {
            memcpy(r->sent_data, o.data, o.data_len);
            r->sent_data_len = o.data_len;
        }
        break;
    }
}
