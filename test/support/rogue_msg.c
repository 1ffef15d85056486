/* The rogue's messages, sent and received: see rogue.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto-glue/keys_private.h"
#include "crypto-glue/random.h"
#include "crypto-glue/x509/x509.h"
#include "test/support/pair.h"
#include "test/support/rogue_inside.h"

static struct tch_parse_ctx ctx_of(const struct rogue *r)
{
    struct tch_parse_ctx ctx = { tch_version_facts(TCH_TLS12),
                                 tch_suite_facts(r->suite), NULL };

    return ctx;
}

void rogue_load_identity(struct rogue *r, const char *name)
{
    char file[64];
    struct tch_slice text;
    struct tch_pem pem;

    snprintf(r->id, sizeof r->id, "%s", name);
    snprintf(file, sizeof file, "%s.pem", name);
    text = read_certs(file);
    r->chain_num = 0;
    while (r->chain_num < 6 && tch_pem_decode(NULL, &text, &pem) == TCH_OK) {
        memcpy(r->chain_der[r->chain_num], pem.der.p, pem.der.len);
        r->chain[r->chain_num] = tch_slice_of(r->chain_der[r->chain_num],
                                              pem.der.len);
        r->chain_num++;
        tch_pem_free(NULL, &pem);
    }
    snprintf(file, sizeof file, "%s.key", name);
    text = read_certs(file);
    tch_private_key_free(r->key);
    r->key = NULL;
    if (tch_pem_decode(NULL, &text, &pem) != TCH_OK ||
        tch_private_key_read(&tch_alloc_default, pem.der, &r->key) != TCH_OK) {
        rogue_broken(r, "no such key");
    }
    tch_pem_free(NULL, &pem);
}

/* ---- damage ---- */

static size_t place(struct rogue *r, long at, size_t len)
{
    long where = at < 0 ? (long)len + at : at;

    if (where < 0 || (size_t)where >= len) {
        rogue_broken(r, "damage outside the message");
    }
    return (size_t)where;
}

static size_t damage(struct rogue *r, uint8_t *body, size_t len)
{
    const struct rogue_damage *d = &r->d;

    if (d->flip_set) {
        body[place(r, d->flip, len)] ^= 1;
    }
    if (d->put_set) {
        size_t at = place(r, d->put_at, len);

        if (d->put.len > len - at) {
            rogue_broken(r, "put outside the message");
        }
        memcpy(body + at, d->put.p, d->put.len);
    }
    if (d->cut > len) {
        rogue_broken(r, "cut too long");
    }
    len -= d->cut;
    if (d->grow.len != 0) {
        memcpy(body + len, d->grow.p, d->grow.len);
    }
    return len + d->grow.len;
}

void rogue_send(struct rogue *r, unsigned type, const uint8_t *body,
                size_t len)
{
    static uint8_t m[400000];
    size_t told;
    size_t true_len = len;

    if (len + 4 + ROGUE_HEX_MAX > sizeof m) {
        rogue_broken(r, "a message too long");
    }
    if (len != 0) {
        memcpy(m + 4, body, len);
    }
    if (r->d.lie) {
        m[0] = (uint8_t)type;
        m[1] = (uint8_t)(true_len >> 16);
        m[2] = (uint8_t)(true_len >> 8);
        m[3] = (uint8_t)true_len;
        rogue_hash(r, m, true_len + 4);
    }
    len = damage(r, m + 4, len);
    told = r->d.len_set ? r->d.len : len;
    m[0] = (uint8_t)(r->d.retype_set ? r->d.retype : type);
    m[1] = (uint8_t)(told >> 16);
    m[2] = (uint8_t)(told >> 8);
    m[3] = (uint8_t)told;
    if (!r->d.nohash && !r->d.lie) {
        rogue_hash(r, m, len + 4);
    }
    rogue_put_handshake(r, m, len + 4);
    memset(&r->d, 0, sizeof r->d);
}

/* ---- hellos ---- */

static void put_ext(struct rogue_ext *list, size_t *num, unsigned type,
                    const void *data, size_t len)
{
    list[*num].type = (uint16_t)type;
    list[*num].len = len;
    if (len != 0) {
        memcpy(list[*num].data, data, len);
    }
    (*num)++;
}

static void renegotiation_ext(struct rogue *r, struct rogue_ext *list,
                              size_t *num)
{
    uint8_t data[25] = { 0 };
    size_t len = 1;

    if (r->o.ri.set) {
        put_ext(list, num, 0xff01, r->o.ri.p, r->o.ri.len);
        return;
    }
    if (r->established) {
        data[0] = r->role == TCH_CLIENT ? 12 : 24;
        memcpy(data + 1, r->cv, 12);
        memcpy(data + 13, r->sv, 12);
        len = 1u + data[0];
    }
    put_ext(list, num, 0xff01, data, len);
}

static size_t client_exts(struct rogue *r, struct rogue_ext *list)
{
    static const uint8_t groups[] = { 0, 8, 0, 0x1d, 0, 0x17, 0, 0x18,
                                      1, 0 };
    static const uint8_t schemes[] = { 0, 12, 4, 3, 8, 4, 4, 1,
                                       5, 3, 5, 1, 6, 1 };
    size_t num = 0;

    renegotiation_ext(r, list, &num);
    put_ext(list, &num, 0x0017, "", 0);
    put_ext(list, &num, 0x0016, "", 0);
    put_ext(list, &num, 0x000b, "\1\0", 2);
    put_ext(list, &num, 0x000a, groups, sizeof groups);
    put_ext(list, &num, 0x000d, schemes, sizeof schemes);
    return num;
}

static bool is_cbc(const struct rogue *r)
{
    return tch_cipher_facts(tch_suite_facts(r->suite)->cipher)->type ==
           TCH_TYPE_CBC;
}

static size_t server_exts(struct rogue *r, struct rogue_ext *list)
{
    size_t num = 0;

    renegotiation_ext(r, list, &num);
    if (r->client_ems) {
        put_ext(list, &num, 0x0017, "", 0);
    }
    if (r->client_etm && is_cbc(r)) {
        put_ext(list, &num, 0x0016, "", 0);
    }
    return num;
}

static size_t drop_ext(struct rogue_ext *list, size_t num, unsigned type)
{
    size_t kept = 0;

    for (size_t i = 0; i < num; i++) {
        if (list[i].type != type) {
            list[kept++] = list[i];
        }
    }
    return kept;
}

static size_t change_exts(const struct rogue *r, struct rogue_ext *list,
                          size_t num)
{
    for (size_t i = 0; i < r->o.num_ext; i++) {
        const struct rogue_ext_change *c = &r->o.ext[i];

        if (c->how != '+') {
            num = drop_ext(list, num, c->ext.type);
        }
        if (c->how != '-') {
            list[num++] = c->ext;
        }
    }
    return num;
}

static bool has_ext(const struct rogue_ext *list, size_t num, unsigned type)
{
    for (size_t i = 0; i < num; i++) {
        if (list[i].type == type) {
            return true;
        }
    }
    return false;
}

static void write_exts(const struct rogue *r, struct tch_writer *w,
                       const struct rogue_ext *list, size_t num)
{
    struct tch_mark block;

    if (r->o.noblock) {
        return;
    }
    block = tch_wr_open(w, 2);
    for (size_t i = 0; !r->o.noext && i < num; i++) {
        tch_wr_u16(w, list[i].type);
        tch_wr_vec(w, 2, tch_slice_of(list[i].data, list[i].len));
    }
    tch_wr_close(w, block);
}

static uint8_t body[300000];
static struct rogue_ext exts[3 * ROGUE_EXT_MAX];

static void client_hello(struct rogue *r)
{
    struct tch_client_hello m;
    struct tch_writer w;
    uint8_t suite[4];
    size_t num;

    memset(&m, 0, sizeof m);
    if (!tch_draw(&tch_random_source, "rogue", r->client_random, 32)) {
        rogue_broken(r, "no random");
    }
    m.client_version = (uint16_t)r->o.version;
    memcpy(m.random, r->client_random, 32);
    r->sid_len = 0;
    if (r->o.sid.set) {
        memcpy(r->sid, r->o.sid.p, r->o.sid.len < 32 ? r->o.sid.len : 32);
        r->sid_len = r->o.sid.len < 32 ? r->o.sid.len : 32;
        m.session_id = tch_slice_of(r->sid, r->sid_len);
    } else if (r->o.resume) {
        memcpy(r->sid, r->session.id, r->session.id_len);
        r->sid_len = r->session.id_len;
        m.session_id = tch_slice_of(r->sid, r->sid_len);
    }
    tch_put_u16(suite, r->o.suite);
    m.cipher_suites = r->o.suites.set
                          ? tch_slice_of(r->o.suites.p, r->o.suites.len)
                          : tch_slice_of(suite, 2);
    m.compression_methods = r->o.comp.set
                                ? tch_slice_of(r->o.comp.p, r->o.comp.len)
                                : tch_slice_of("", 1);
    tch_wr_init(&w, body, sizeof body);
    tch_write_client_hello(&w, &m);
    num = change_exts(r, exts, client_exts(r, exts));
    r->client_ems = has_ext(exts, num, 0x0017) && !r->o.noblock &&
                    !r->o.noext;
    write_exts(r, &w, exts, num);
    r->transcript_len = 0;
    rogue_send(r, 1, body, w.len);
}

static void server_hello(struct rogue *r)
{
    static const uint8_t downgrade[8] = "DOWNGRD";
    struct tch_server_hello m;
    struct tch_writer w;
    size_t num;

    memset(&m, 0, sizeof m);
    if (!tch_draw(&tch_random_source, "rogue", r->server_random, 32)) {
        rogue_broken(r, "no random");
    }
    if (r->o.sentinel) {
        memcpy(r->server_random + 24, downgrade, 8);
        r->server_random[31] = 1;
    }
    m.server_version = (uint16_t)r->o.version;
    memcpy(m.random, r->server_random, 32);
    if (r->o.resume) {
        r->resumed = true;
        r->master_known = true;
        memcpy(r->master, r->session.master, 48);
        m.session_id = tch_slice_of(r->sid, r->sid_len);
    } else {
        r->resumed = false;
        memset(r->session.id, 0xAB, 32);
        r->session.id[0] = r->server_random[0];
        r->session.id_len = 32;
        m.session_id = tch_slice_of(r->session.id, 32);
    }
    if (r->o.sid.set) {
        m.session_id = tch_slice_of(r->o.sid.p, r->o.sid.len);
    }
    r->suite = (uint16_t)r->o.suite;
    m.cipher_suite = r->suite;
    m.compression_method = r->o.comp.set ? r->o.comp.p[0] : 0;
    if (tch_suite_facts(r->suite) == NULL) {
        r->suite = 0xC02F; /* what the rogue itself goes on with */
    }
    tch_wr_init(&w, body, sizeof body);
    tch_write_server_hello(&w, &m);
    num = change_exts(r, exts, server_exts(r, exts));
    r->ems = has_ext(exts, num, 0x0017) && !r->o.noblock && !r->o.noext;
    r->etm = has_ext(exts, num, 0x0016) && !r->o.noblock && !r->o.noext;
    if (r->o.resume) {
        r->etm = r->session.etm;
    }
    write_exts(r, &w, exts, num);
    rogue_send(r, 2, body, w.len);
}

/* ---- key exchange ---- */

/* y = KIND of p: "0", "1", "p-1", "p", "p+1". */
static struct tch_slice odd_value(struct rogue *r, struct tch_slice p)
{
    static uint8_t y[1100];

    memset(y, 0, sizeof y);
    if (strcmp(r->o.dhy, "0") == 0 || strcmp(r->o.dhy, "1") == 0) {
        y[0] = r->o.dhy[0] == '1';
        return tch_slice_of(y, 1);
    }
    memcpy(y, p.p, p.len);
    if (strcmp(r->o.dhy, "p-1") == 0) {
        y[p.len - 1] &= 0xfe; /* p is odd */
    } else if (strcmp(r->o.dhy, "p+1") == 0) {
        /* the named groups end in FF bytes */
        for (size_t i = p.len; i-- > 0 && ++y[i] == 0;) {
        }
    }
    return p.len != 0 ? tch_slice_of(y, p.len) : tch_slice_of(y, 0);
}

static void sign(struct rogue *r, unsigned scheme,
                 const struct tch_slice *parts, size_t num, uint8_t *out,
                 size_t *len)
{
    /* A scheme the key cannot make: a good one's signature, mislabelled. */
    if (!tch_scheme_fits(tch_private_key_info(r->key), scheme)) {
        scheme = tch_private_key_info(r->key).kind == TCH_KEY_EC ? 0x0403
                                                                 : 0x0401;
    }
    if (tch_sign(r->key, scheme, parts, num, &tch_random_source, out, len) !=
        TCH_OK) {
        rogue_broken(r, "signing failed");
    }
    if (r->o.badsig) {
        out[*len - 1] ^= 1;
    }
}

static unsigned own_scheme(const struct rogue *r)
{
    if (r->o.scheme != 0) {
        return r->o.scheme;
    }
    return tch_private_key_info(r->key).kind == TCH_KEY_EC ? 0x0403 : 0x0804;
}

static void new_kex(struct rogue *r, unsigned group)
{
    tch_kex_free(r->kex);
    r->kex = NULL;
    if (tch_kex_new(&tch_alloc_default, group, &tch_random_source, "rogue",
                    &r->kex) != TCH_OK) {
        rogue_broken(r, "no such group");
    }
}

/* A modulus of `bits` bits, odd and no prime: nobody gets that far. */
static struct tch_slice small_p(unsigned bits)
{
    static uint8_t p[1100];

    memset(p, 0xff, sizeof p);
    p[0] = (uint8_t)(0xff >> (8u * ((bits + 7) / 8) - bits));
    return tch_slice_of(p, (bits + 7) / 8);
}

static void server_key_exchange(struct rogue *r)
{
    static uint8_t params[4000];
    static uint8_t signature[TCH_SIGNATURE_MAX];
    struct tch_parse_ctx ctx = ctx_of(r);
    struct tch_server_key_exchange m;
    struct tch_writer w;
    uint8_t value[TCH_KEX_PUBLIC_MAX];
    size_t value_len = 0;
    size_t len = 0;
    bool ff = ctx.suite->kx == TCH_KX_DHE;

    memset(&m, 0, sizeof m);
    new_kex(r, ff ? 256 : r->o.group);
    tch_kex_public(r->kex, value, &value_len);
    if (ff) {
        tch_kex_dh_params(r->kex, &m.dh_p, &m.dh_g);
        m.dh_ys = r->o.dhy[0] == '\0' ? tch_slice_of(value, value_len)
                                      : odd_value(r, m.dh_p);
        m.dh_p = r->o.dhp == 0 ? m.dh_p : small_p(r->o.dhp);
    }
    tch_wr_init(&w, params, sizeof params);
    if (ff) {
        tch_wr_vec(&w, 2, m.dh_p);
        tch_wr_vec(&w, 2, m.dh_g);
        tch_wr_vec(&w, 2, m.dh_ys);
    } else {
        tch_wr_u8(&w, r->o.ctype < 0 ? 3u : (unsigned)r->o.ctype);
        tch_wr_u16(&w, r->o.curve != 0 ? r->o.curve : r->o.group);
        tch_wr_vec(&w, 1,
                   r->o.point.set ? tch_slice_of(r->o.point.p, r->o.point.len)
                                  : tch_slice_of(value, value_len));
    }
    {
        struct tch_slice parts[3] = { { r->client_random, 32 },
                                      { r->server_random, 32 },
                                      tch_wr_done(&w) };

        sign(r, own_scheme(r), parts, 3, signature, &len);
        tch_wr_init(&w, body, sizeof body);
        tch_wr_slice(&w, parts[2]);
    }
    tch_wr_u16(&w, own_scheme(r));
    tch_wr_vec(&w, 2, tch_slice_of(signature, len));
    rogue_send(r, 12, body, w.len);
}

/* PKCS#1 v1.5 blocks of every wrong kind (R-ATK-001). False: the ciphertext
 * itself is wrong. */
static size_t rsa_ciphertext(struct rogue *r, const uint8_t pms[48],
                             uint8_t *out)
{
    const struct tch_rsa_public *k = &r->engine_key->rsa;
    uint8_t m[600];
    size_t n = k->len;
    size_t pms_len = 48;
    const char *kind = r->o.pms;

    if (strcmp(kind, "short") == 0 || strcmp(kind, "long") == 0) {
        memset(out, 0x55, n + 1);
        return kind[0] == 's' ? n - 1 : n + 1;
    }
    if (strcmp(kind, "n") == 0 || strcmp(kind, "garbage") == 0 ||
        strcmp(kind, "zeros") == 0) {
        memset(out, kind[0] == 'n' ? 0xff : kind[0] == 'z' ? 0 : 0x37, n);
        return n;
    }
    if (strcmp(kind, "len0") == 0) {
        pms_len = 0;
    } else if (strcmp(kind, "len47") == 0) {
        pms_len = 47;
    } else if (strcmp(kind, "len49") == 0) {
        pms_len = 49;
    }
    memset(m, 0xa5, sizeof m);
    m[0] = 0;
    m[1] = 2;
    m[n - pms_len - 1] = 0;
    memcpy(m + n - pms_len, pms, pms_len > 48 ? 48 : pms_len);
    if (strcmp(kind, "type1") == 0) {
        m[1] = 1;
    } else if (strcmp(kind, "lead1") == 0) {
        m[0] = 1;
    } else if (strcmp(kind, "nozero") == 0) {
        m[n - pms_len - 1] = 0x11;
        for (size_t i = n - pms_len; i < n; i++) {
            m[i] |= 1;
        }
    } else if (strcmp(kind, "zero2") == 0) {
        m[2] = 0;
    } else if (strcmp(kind, "zero9") == 0) {
        m[9] = 0;
    } else if (strcmp(kind, "zeromid") == 0) {
        m[n / 2] = 0;
    }
    if (!tch_rsa_public_op(k, tch_slice_of(m, n), out)) {
        rogue_broken(r, "RSA");
    }
    return n;
}

static void client_key_exchange(struct rogue *r)
{
    struct tch_parse_ctx ctx = ctx_of(r);
    struct tch_writer w;
    uint8_t pms[TCH_KEX_SECRET_MAX];
    uint8_t value[TCH_KEX_PUBLIC_MAX];
    size_t pms_len = 48;
    size_t value_len = 0;

    tch_wr_init(&w, body, sizeof body);
    memset(pms, 0x42, sizeof pms);
    if (ctx.suite->kx == TCH_KX_RSA) {
        if (r->engine_key == NULL) {
            rogue_broken(r, "no key to encrypt for");
        }
        tch_put_u16(pms, r->o.version);
        if (strcmp(r->o.pms, "version") == 0) {
            pms[1] ^= 1;
        }
        value_len = rsa_ciphertext(r, pms, value);
        tch_wr_vec(&w, 2, tch_slice_of(value, value_len));
    } else {
        enum tch_status s;

        if (ctx.suite->kx == TCH_KX_DHE) {
            s = tch_kex_new_dh(&tch_alloc_default,
                               tch_slice_of(r->dh_p, r->dh_p_len),
                               tch_slice_of(r->dh_g, r->dh_g_len),
                               &tch_random_source, "rogue", &r->kex);
            if (s != TCH_OK) {
                rogue_broken(r, "no DH");
            }
        } else {
            new_kex(r, r->kx_group);
        }
        tch_kex_public(r->kex, value, &value_len);
        s = tch_kex_agree(r->kex, tch_slice_of(r->peer_value,
                                               r->peer_value_len),
                          pms, &pms_len);
        if (s != TCH_OK) {
            rogue_broken(r, "no agreement");
        }
        if (r->o.dhy[0] != '\0') {
            tch_wr_vec(&w, 2,
                       odd_value(r, tch_slice_of(r->dh_p, r->dh_p_len)));
        } else if (r->o.point.set) {
            tch_wr_vec(&w, 1, tch_slice_of(r->o.point.p, r->o.point.len));
        } else {
            tch_wr_vec(&w, ctx.suite->kx == TCH_KX_DHE ? 2 : 1,
                       tch_slice_of(value, value_len));
        }
    }
    rogue_send(r, 16, body, w.len);
    rogue_derive_master(r, pms, pms_len);
}

/* ---- certificates, Finished ---- */

static void certificate_request(struct rogue *r)
{
    static const uint8_t types[] = { 1, 64 };
    static const uint8_t schemes[] = { 4, 3, 8, 4, 4, 1 };
    struct tch_parse_ctx ctx = ctx_of(r);
    struct tch_certificate_request m;
    struct tch_writer w;

    m.types = tch_slice_of(types, sizeof types);
    m.schemes = tch_slice_of(schemes, sizeof schemes);
    m.authorities = tch_slice_of(NULL, 0);
    tch_wr_init(&w, body, sizeof body);
    tch_write_certificate_request(&w, &ctx, &m);
    rogue_send(r, 13, body, w.len);
}

static void certificate_verify(struct rogue *r)
{
    static uint8_t signature[TCH_SIGNATURE_MAX];
    struct tch_slice all = { r->transcript, r->transcript_len };
    struct tch_parse_ctx ctx = ctx_of(r);
    struct tch_certificate_verify m;
    struct tch_writer w;
    size_t len = 0;

    m.scheme = (uint16_t)own_scheme(r);
    sign(r, m.scheme, &all, 1, signature, &len);
    m.signature = tch_slice_of(signature, len);
    tch_wr_init(&w, body, sizeof body);
    tch_write_certificate_verify(&w, &ctx, &m);
    rogue_send(r, 15, body, w.len);
}

static void remember_session(struct rogue *r)
{
    struct rogue_session *s = &r->session;

    r->established = true;
    if (r->resumed) {
        return;
    }
    if (r->role == TCH_CLIENT) {
        memcpy(s->id, r->sid, r->sid_len);
        s->id_len = r->sid_len;
    }
    memcpy(s->master, r->master, 48);
    s->suite = r->suite;
    s->ems = r->ems;
    s->etm = r->etm;
    s->set = true;
}

static void finished(struct rogue *r)
{
    uint8_t *mine = r->role == TCH_CLIENT ? r->cv : r->sv;

    if (!r->master_known) {
        memset(mine, 0x77, 12);
    } else {
        rogue_verify_data(r, r->role, mine);
    }
    rogue_send(r, 20, mine, 12);
    r->finished_sent = true;
    if (r->finished_seen != 0) {
        remember_session(r);
    }
}

void rogue_make(struct rogue *r, unsigned type)
{
    struct tch_writer w;

    if (type > 2 && tch_suite_facts(r->suite) == NULL) {
        r->suite = (uint16_t)r->o.suite;
    }
    switch (type) {
    case TCH_MSG_CLIENT_HELLO:
        client_hello(r);
        break;
    case TCH_MSG_SERVER_HELLO:
        server_hello(r);
        break;
    case TCH_MSG_CERTIFICATE:
        tch_wr_init(&w, body, sizeof body);
        tch_write_certificate(&w, r->chain, r->chain_num);
        rogue_send(r, type, body, w.len);
        break;
    case TCH_MSG_SERVER_KEY_EXCHANGE:
        server_key_exchange(r);
        break;
    case TCH_MSG_CERTIFICATE_REQUEST:
        certificate_request(r);
        break;
    case TCH_MSG_CLIENT_KEY_EXCHANGE:
        client_key_exchange(r);
        break;
    case TCH_MSG_CERTIFICATE_VERIFY:
        certificate_verify(r);
        break;
    case TCH_MSG_FINISHED:
        finished(r);
        break;
    default:
        rogue_send(r, type, NULL, 0);
        break;
    }
}

/* ---- what the engine sends ---- */

static void take_client_hello(struct rogue *r, struct tch_slice b)
{
    struct tch_parse_ctx ctx = { NULL, NULL, NULL };
    struct tch_client_hello m;

    if (tch_parse_client_hello(b, &ctx, &m) != TCH_OK) {
        rogue_broken(r, "the engine's ClientHello");
    }
    r->transcript_len = 0;
    memcpy(r->client_random, m.random, 32);
    r->sid_len = m.session_id.len;
    if (r->sid_len != 0) {
        memcpy(r->sid, m.session_id.p, r->sid_len);
    }
    r->client_ems = (m.ext.present & TCH_HAS_EXTENDED_MASTER_SECRET) != 0;
    r->client_etm = (m.ext.present & TCH_HAS_ENCRYPT_THEN_MAC) != 0;
    r->finished_seen = 0;
    r->finished_sent = false;
}

static void take_server_hello(struct rogue *r, struct tch_slice b)
{
    struct tch_parse_ctx ctx = { NULL, NULL, NULL };
    struct tch_server_hello m;

    if (tch_parse_server_hello(b, &ctx, &m) != TCH_OK) {
        rogue_broken(r, "the engine's ServerHello");
    }
    memcpy(r->server_random, m.random, 32);
    r->suite = m.cipher_suite;
    r->ems = (m.ext.present & TCH_HAS_EXTENDED_MASTER_SECRET) != 0;
    r->etm = (m.ext.present & TCH_HAS_ENCRYPT_THEN_MAC) != 0;
    r->resumed = m.session_id.len != 0 && m.session_id.len == r->sid_len &&
                 memcmp(m.session_id.p, r->sid, r->sid_len) == 0;
    r->master_known = false;
    if (r->resumed) {
        memcpy(r->master, r->session.master, 48);
        r->master_known = true;
    }
    r->sid_len = m.session_id.len;
    if (r->sid_len != 0) {
        memcpy(r->sid, m.session_id.p, r->sid_len);
    }
    r->finished_seen = 0;
    r->finished_sent = false;
    if (!tch_half_is_protected(&r->write)) {
        r->write.version = m.server_version;
    }
}

static void take_certificate(struct rogue *r, struct tch_slice b)
{
    struct tch_parse_ctx ctx = ctx_of(r);
    struct tch_certificate m;
    struct tch_slice der;
    struct tch_cert cert;

    if (tch_parse_certificate(b, &ctx, &m) != TCH_OK ||
        !tch_certificate_next(&m.list, &der)) {
        return;
    }
    tch_public_key_free(r->engine_key);
    r->engine_key = NULL;
    if (tch_cert_parse(&cert, der, NULL) != TCH_OK ||
        tch_public_key_read(&tch_alloc_default, cert.spki, &r->engine_key) !=
            TCH_OK) {
        rogue_broken(r, "the engine's certificate");
    }
}

static void take_server_key_exchange(struct rogue *r, struct tch_slice b)
{
    struct tch_parse_ctx ctx = ctx_of(r);
    struct tch_server_key_exchange m;
    struct tch_slice value;

    if (tch_parse_server_key_exchange(b, &ctx, &m) != TCH_OK) {
        rogue_broken(r, "the engine's ServerKeyExchange");
    }
    r->kx_group = m.named_curve;
    value = ctx.suite->kx == TCH_KX_DHE ? m.dh_ys : m.point;
    memcpy(r->peer_value, value.p, value.len);
    r->peer_value_len = value.len;
    if (m.dh_p.len != 0) {
        memcpy(r->dh_p, m.dh_p.p, m.dh_p.len);
        memcpy(r->dh_g, m.dh_g.p, m.dh_g.len);
    }
    r->dh_p_len = m.dh_p.len;
    r->dh_g_len = m.dh_g.len;
}

static void take_client_key_exchange(struct rogue *r, struct tch_slice b)
{
    struct tch_parse_ctx ctx = ctx_of(r);
    struct tch_client_key_exchange m;
    uint8_t pms[TCH_KEX_SECRET_MAX] = { 0 };
    size_t len = 48;

    if (tch_parse_client_key_exchange(b, &ctx, &m) != TCH_OK) {
        rogue_broken(r, "the engine's ClientKeyExchange");
    }
    if (ctx.suite->kx == TCH_KX_RSA) {
        if (tch_rsa_decrypt_premaster(r->key, m.encrypted_premaster,
                                      &tch_random_source, pms) != TCH_OK) {
            rogue_broken(r, "decryption");
        }
    } else if (tch_kex_agree(r->kex,
                             ctx.suite->kx == TCH_KX_DHE ? m.dh_yc : m.point,
                             pms, &len) != TCH_OK) {
        rogue_broken(r, "agreement");
    }
    rogue_derive_master(r, pms, len);
}

static void take_finished(struct rogue *r, struct tch_slice b)
{
    enum tch_role sender = r->role == TCH_CLIENT ? TCH_SERVER : TCH_CLIENT;
    uint8_t want[12];

    rogue_verify_data(r, sender, want);
    if (b.len != 12 || memcmp(b.p, want, 12) != 0) {
        rogue_broken(r, "the engine's Finished is wrong");
    }
    memcpy(sender == TCH_CLIENT ? r->cv : r->sv, want, 12);
    r->finished_seen++;
}

void rogue_take_message(struct rogue *r, const uint8_t *p, size_t len)
{
    struct tch_slice b = { p + 4, len - 4 };

    switch (p[0]) {
    case TCH_MSG_HELLO_REQUEST:
        r->hello_requests++;
        return;
    case TCH_MSG_CLIENT_HELLO:
        take_client_hello(r, b);
        break;
    case TCH_MSG_SERVER_HELLO:
        take_server_hello(r, b);
        break;
    case TCH_MSG_CERTIFICATE:
        take_certificate(r, b);
        break;
    case TCH_MSG_SERVER_KEY_EXCHANGE:
        take_server_key_exchange(r, b);
        break;
    case TCH_MSG_FINISHED:
        take_finished(r, b);
        break;
    default:
        break;
    }
    rogue_hash(r, p, len);
    if (p[0] == TCH_MSG_CLIENT_KEY_EXCHANGE) {
        take_client_key_exchange(r, b);
    }
    if (p[0] == TCH_MSG_FINISHED && r->finished_sent) {
        remember_session(r);
    }
}
