#ifndef TCH_TEST_CONFORMANCE_PEER_SCENE_H
#define TCH_TEST_CONFORMANCE_PEER_SCENE_H

/*
 * What the shim's test plays: a scene is the shim's flags, what the peer is
 * set to, and what has to come of it.
 */

#include "test/conformance/shim_link.h"

enum { AS_CLIENT = 1, AS_SERVER = 2, AS_EITHER = 3 };

#define SCENE_FLAGS 24

struct peer;

/* struct scene: members that are zero are at their defaults. */
struct scene {
    const char *name;
    unsigned shim_is; /* AS_...: which role the shim has; one test each */
    const char *flags[SCENE_FLAGS];
    /* The peer. */
    unsigned versions;
    uint16_t suite, group, scheme;
    const char *identity; /* of vectors/certs/; "": none */
    bool own_identity;    /* the shim has its certificate from its flags */
    const char *anchor;
    enum tch_client_auth client_auth;
    const char *server_name;
    struct tch_slice alpn;
    bool no_sessions;
    bool ipv6;
    const uint8_t *shim_id; /* 8 bytes that come first */
    unsigned connections;   /* 0 is 1 */
    bool (*play)(struct peer *p); /* NULL: data both ways, and close */
    /* What comes of it. */
    bool (*check)(const struct peer *p, const struct tch_info *info);
    uint16_t want_version, want_suite, want_group, want_scheme;
    unsigned alert;   /* the fatal one the peer receives */
    int exit;         /* the shim's exit status */
    bool stays_away;  /* it ends without a connection */
    const char *says; /* begins what it writes */
};

/* struct peer is the other side of one shim. */
struct peer {
    const struct scene *scene;
    bool shim_serves;
    struct tch_config *cfg;
    struct link link;
    unsigned connection; /* counts from 0 */
    uint8_t hello[20000];
    size_t hello_len;
    uint8_t inside[64]; /* data that came inside a renegotiation */
    size_t inside_len;
    char wrong[200]; /* why a scene failed; empty: it did not */
};

/* peer_wrong notes what went wrong first, and answers false. */
bool peer_wrong(struct peer *p, const char *what);

/* peer_talk sends data of several sizes and reads it back, XOR 0xFF;
 * peer_part closes, and reads the shim's close_notify. */
bool peer_talk(struct peer *p);
bool peer_part(struct peer *p);

/* peer_expect reads until it has `len` bytes, which must be those. */
bool peer_expect(struct peer *p, const void *bytes, size_t len);

/* peer_renegotiate starts a handshake over, and waits for its end. */
enum tch_status peer_renegotiate(struct peer *p);

/* peer_has_ipv6 says whether there is a ::1 to listen on. */
bool peer_has_ipv6(void);

/*
 * peer_run plays a scene with the shim at `program`; NULL when all came as the
 * scene says, else a sentence, which lives until the next call.
 */
const char *peer_run(const char *program, const struct scene *scene,
                     bool shim_serves);

#endif
