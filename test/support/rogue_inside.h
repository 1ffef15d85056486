#ifndef TCH_TEST_SUPPORT_ROGUE_INSIDE_H
#define TCH_TEST_SUPPORT_ROGUE_INSIDE_H

/* The inside of the rogue peer: see rogue.h. */

#include <setjmp.h>

#include "crypto-glue/kex.h"
#include "crypto-glue/keys.h"
#include "handshake/messages.h"
#include "record/record.h"
#include "test/support/rogue.h"

#define ROGUE_EXT_MAX 24
#define ROGUE_HEX_MAX 2000

struct rogue_bytes {
    uint8_t p[ROGUE_HEX_MAX];
    size_t len;
    bool set;
};

struct rogue_ext {
    uint16_t type;
    uint8_t data[700];
    size_t len;
};

/* What a program may change in extensions: a list of (how, type, data). */
struct rogue_ext_change {
    char how; /* '+', '-', '*' */
    struct rogue_ext ext;
};

struct rogue_session {
    bool set;
    uint8_t id[32];
    size_t id_len;
    uint8_t master[48];
    uint16_t suite;
    bool ems;
    bool etm;
};

/* How the next message is damaged. */
struct rogue_damage {
    bool retype_set, flip_set, put_set, len_set, nohash, lie;
    unsigned retype;
    long flip;
    long put_at;
    struct rogue_bytes put;
    size_t cut;
    struct rogue_bytes grow;
    unsigned long len;
};

struct rogue_options {
    size_t frag;
    bool join;
    unsigned recver;
    unsigned version;
    unsigned suite;
    struct rogue_bytes suites, comp, sid, point, ri;
    unsigned group, scheme, curve;
    int ctype; /* or -1 */
    char dhy[8];
    unsigned dhp;
    bool badsig, noext, noblock, resume, sentinel;
    char pms[16];
    struct rogue_ext_change ext[ROGUE_EXT_MAX];
    size_t num_ext;
};

struct rogue {
    enum tch_role role; /* the rogue's own */
    struct tch_config *cfg;
    struct tch_conn *c;
    enum tch_status status;
    bool bytewise;
    jmp_buf broken;
    char why[300];

    struct tch_half read, write;
    uint8_t to_engine[600000];
    size_t to_engine_len;
    uint8_t joined[300000];
    size_t joined_len;
    uint8_t in[300000]; /* handshake bytes of the engine */
    size_t in_len;
    uint8_t transcript[700000];
    size_t transcript_len;
    uint8_t got_data[4000]; /* application data, at the engine */
    size_t got_data_len;
    uint8_t sent_data[4000]; /* application data, of the engine */
    size_t sent_data_len;
    uint8_t finished[64]; /* the second half waiting */
    size_t finished_len;

    int alert, alert_level;
    unsigned num_alerts;
    unsigned hello_requests;
    unsigned finished_seen;
    bool finished_sent;

    /* Facts of the handshake under way. */
    uint8_t client_random[32], server_random[32];
    uint8_t sid[32];
    size_t sid_len;
    uint16_t version, suite;
    bool client_ems, ems, client_etm, etm, resumed;
    uint8_t master[48];
    bool master_known;
    uint16_t kx_group;
    uint8_t peer_value[1100];
    size_t peer_value_len;
    uint8_t dh_p[1100], dh_g[1100];
    size_t dh_p_len, dh_g_len;
    struct tch_kex *kex;
    struct tch_public_key *engine_key;

    /* Kept over handshakes of a connection, and over connections. */
    bool established, secure;
    uint8_t cv[12], sv[12];
    struct rogue_session session;

    /* The rogue's own identity. */
    char id[32];
    uint8_t chain_der[6][5000];
    struct tch_slice chain[6];
    size_t chain_num;
    struct tch_private_key *key;

    struct rogue_options o;
    struct rogue_damage d;
};

/* Ends the row as a broken one: the program makes no sense. */
_Noreturn void rogue_broken(struct rogue *r, const char *what);

/* rogue_io.c: records, keys, transcript. */
void rogue_reset_connection(struct rogue *r);
void rogue_put_record(struct rogue *r, unsigned type, const uint8_t *p,
                      size_t len);
void rogue_put_handshake(struct rogue *r, const uint8_t *p, size_t len);
void rogue_flush_joined(struct rogue *r);
void rogue_hash(struct rogue *r, const uint8_t *p, size_t len);
void rogue_derive_master(struct rogue *r, const uint8_t *pms, size_t len);
void rogue_rekey(struct rogue *r, struct tch_half *half, bool client_keys);
void rogue_verify_data(const struct rogue *r, enum tch_role sender,
                       uint8_t out[12]);
void rogue_take_record(struct rogue *r, uint8_t *record, size_t len);

/* rogue_msg.c: making messages, reading the engine's. */
void rogue_load_identity(struct rogue *r, const char *name);
void rogue_make(struct rogue *r, unsigned type);
void rogue_send(struct rogue *r, unsigned type, const uint8_t *body,
                size_t len);
void rogue_take_message(struct rogue *r, const uint8_t *p, size_t len);

#endif
