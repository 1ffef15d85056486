/*
 * The script against a second reading of RFC 5246 7.3, figures 1 and 2, and
 * of the dossier's tables 3.2 and 3.3. The reading below knows no rows and no
 * walking: it writes down whole conversations, one for each set of facts, and
 * a message is legal when some conversation that the receiver cannot yet tell
 * from the true one goes on with it. For every set of facts, every place and
 * every message type the script must answer the same.
 *
 * With PSK and RSA_PSK the server may send a ServerKeyExchange that is a hint
 * alone (RFC 4279 2); no suite with PSK has a CertificateRequest.
 *
 * Not a part of TLS 1.2 as built here: NewSessionTicket, CertificateStatus.
 * HelloRequest stands in no conversation (R-HS-009).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "handshake/hs_script.h"

/* ---- the second reading ---- */

enum who { C, S };

/* The facts that shape a conversation. */
struct facts {
    bool cert;    /* the suite proves the server by certificate */
    bool kx;      /* the suite has ServerKeyExchange */
    bool request; /* the server asks for a certificate */
    bool verify;  /* the client sent a certificate that can sign */
    bool psk;     /* the suite has a pre-shared key */
    bool hint;    /* the server hints at its identity, and no more */
};

struct said {
    enum who who;
    unsigned type;
    int place; /* in the figure */
};

#define CCS 0x100u
#define WORDS_MAX 16

/* Figure 1: a star in the figure is an `if` here. */
static size_t figure_1(const struct facts *f, struct said *w)
{
    size_t n = 0;

    w[n++] = (struct said){ C, 1, 0 };
    w[n++] = (struct said){ S, 2, 1 };
    if (f->cert) {
        w[n++] = (struct said){ S, 11, 2 };
    }
    if (f->kx) {
        w[n++] = (struct said){ S, 12, 3 };
    }
    if (f->hint) {
        w[n++] = (struct said){ S, 12, 4 };
    }
    if (f->request) {
        w[n++] = (struct said){ S, 13, 5 };
    }
    w[n++] = (struct said){ S, 14, 6 };
    if (f->request) {
        w[n++] = (struct said){ C, 11, 7 };
    }
    w[n++] = (struct said){ C, 16, 8 };
    if (f->verify) {
        w[n++] = (struct said){ C, 15, 9 };
    }
    w[n++] = (struct said){ C, CCS, 10 };
    w[n++] = (struct said){ C, 20, 11 };
    w[n++] = (struct said){ S, CCS, 12 };
    w[n++] = (struct said){ S, 20, 13 };
    return n;
}

static size_t figure_2(struct said *w)
{
    static const struct said all[] = { { C, 1, 0 },   { S, 2, 1 },
                                       { S, CCS, 2 }, { S, 20, 3 },
                                       { C, CCS, 4 }, { C, 20, 5 } };

    memcpy(w, all, sizeof all);
    return sizeof all / sizeof all[0];
}

#define PLACES_1 14
#define PLACES_2 6
#define PLACE_OF_HINT 4
#define PLACE_OF_REQUEST 5

static size_t conversation(int figure, const struct facts *f, struct said *w)
{
    return figure == 1 ? figure_1(f, w) : figure_2(w);
}

/* What is said next by one who stands at `place`; false at the end. */
static bool next_said(int figure, const struct facts *f, int place,
                      struct said *out)
{
    struct said w[WORDS_MAX];
    size_t n = conversation(figure, f, w);

    for (size_t i = 0; i < n; i++) {
        if (w[i].place >= place) {
            *out = w[i];
            return true;
        }
    }
    return false;
}

static bool may_ask(const struct facts *f)
{
    return f->cert && !f->psk;
}

static bool may_hint(const struct facts *f)
{
    return f->psk && !f->kx;
}

/* Facts that no conversation has: a client certificate nobody asked for, a
 * server that asks without a certificate or with a pre-shared key (table 3.2,
 * C5; R-KX-084), a hint where there is no such key or a real message. */
static bool possible(const struct facts *f)
{
    return (f->request || !f->verify) && (may_ask(f) || !f->request) &&
           (may_hint(f) || !f->hint);
}

/* A client learns of a request and of a hint by their coming: until then a
 * fact that is not set is one it does not know. */
static bool may_think(bool thought, bool fact, enum who self, int at, int place)
{
    return thought == fact || (!fact && self == C && at <= place);
}

/* Whether `self` may be told `type` next; *place is then where it stands. */
static bool legal(int figure, const struct facts *f, int at, enum who self,
                  unsigned type, int *place)
{
    for (unsigned i = 0; i < 4; i++) {
        struct facts g = *f;
        struct said next;

        g.request = (i & 1) != 0;
        g.hint = (i & 2) != 0;
        g.verify = f->verify && g.request;
        if (!may_think(g.request, f->request, self, at, PLACE_OF_REQUEST) ||
            !may_think(g.hint, f->hint, self, at, PLACE_OF_HINT) ||
            !possible(&g) || !next_said(figure, &g, at, &next)) {
            continue;
        }
        if (next.who != self && next.type == type) {
            *place = next.place;
            return true;
        }
    }
    return false;
}

/* ---- the script's answers ---- */

static unsigned flags_of(const struct facts *f)
{
    return (f->cert ? TCH_HSF_SERVER_CERT : 0u) |
           (f->kx ? TCH_HSF_SERVER_KX : 0u) |
           (f->request ? TCH_HSF_CERT_REQUEST : 0u) |
           (f->verify ? TCH_HSF_CLIENT_VERIFY : 0u) |
           (may_ask(f) ? TCH_HSF_MAY_ASK : 0u) |
           (may_hint(f) ? TCH_HSF_MAY_HINT : 0u) |
           (f->hint ? TCH_HSF_HINT : 0u);
}

static struct facts facts_number(unsigned i)
{
    struct facts f = { (i & 1) != 0,  (i & 2) != 0,  (i & 4) != 0,
                       (i & 8) != 0, (i & 16) != 0, (i & 32) != 0 };

    return f;
}

static enum tch_hs_script script_of(int figure)
{
    return figure == 1 ? TCH_SCRIPT_FULL : TCH_SCRIPT_RESUMED;
}

static enum tch_role role_of(enum who w)
{
    return w == C ? TCH_CLIENT : TCH_SERVER;
}

static int places(int figure)
{
    return figure == 1 ? PLACES_1 : PLACES_2;
}

/* One question: the same yes or no, and the same consequences. */
static void ask(int figure, const struct facts *f, int at, enum who self,
                unsigned type)
{
    size_t pos = (size_t)at;
    unsigned flags = flags_of(f);
    int place = -1;
    bool should = legal(figure, f, at, self, type, &place);
    bool does = tch_hs_accept(script_of(figure), &pos, &flags, role_of(self),
                              (enum tch_message)type);

    if (does != should) {
        fail_msg("figure %d, flags %x, place %d, %s, message %u: %s", figure,
                 flags_of(f), at, self == C ? "client" : "server", type,
                 does ? "accepted, illegal" : "refused, legal");
    }
    if (!does) {
        assert_int_equal(pos, at);
        assert_int_equal(flags, flags_of(f));
        return;
    }
    assert_int_equal(pos, place);
    assert_int_equal(flags, flags_of(f) |
                                (type == 13 ? TCH_HSF_CERT_REQUEST : 0u) |
                                (type == 12 && place == PLACE_OF_HINT &&
                                         figure == 1
                                     ? TCH_HSF_HINT
                                     : 0u));
}

static void what_is_accepted_equals_what_is_legal_R_HS_001(void **state)
{
    size_t asked = 0;

    (void)state;
    for (unsigned i = 0; i < 64; i++) {
        struct facts f = facts_number(i);

        if (!possible(&f)) {
            continue;
        }
        for (int figure = 1; figure <= 2; figure++) {
            for (int at = 0; at <= places(figure); at++) {
                for (unsigned type = 0; type <= CCS; type++) {
                    ask(figure, &f, at, C, type);
                    ask(figure, &f, at, S, type);
                    asked += 2;
                }
            }
        }
    }
    print_message("# %zu questions asked\n", asked);
    assert_true(asked > 38272);
}

static void rows_are_those_of_the_figures(void **state)
{
    const struct facts all = { true, true, true, true, false, false };

    (void)state;
    for (int figure = 1; figure <= 2; figure++) {
        struct said w[WORDS_MAX];
        size_t n = conversation(figure, &all, w);

        if (figure == 1) { /* beside it the message that is a hint alone */
            memmove(&w[5], &w[4], (n - 4) * sizeof w[0]);
            w[4] = (struct said){ S, 12, PLACE_OF_HINT };
            n++;
        }
        assert_int_equal(n, places(figure));
        for (size_t i = 0; i < n; i++) {
            const struct tch_hs_step *row =
                tch_hs_script_row(script_of(figure), i);

            assert_non_null(row);
            assert_int_equal(row->message, w[i].type);
            assert_int_equal(row->sender, role_of(w[i].who));
            assert_non_null(row->rfc);
        }
        assert_null(tch_hs_script_row(script_of(figure), n));
    }
}

/* Who knows all facts is sent to what is said next, whoever says it. */
static void what_is_due_is_what_is_said_next(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 64; i++) {
        struct facts f = facts_number(i);

        if (!possible(&f)) {
            continue;
        }
        for (int figure = 1; figure <= 2; figure++) {
            for (int at = 0; at <= places(figure); at++) {
                for (int self = C; self <= S; self++) {
                    struct facts g = f;
                    struct said next;
                    size_t pos = (size_t)at;
                    const struct tch_hs_step *row =
                        tch_hs_due(script_of(figure), &pos, flags_of(&f),
                                   role_of((enum who)self));

                    if (self == C && may_ask(&g) && at <= PLACE_OF_REQUEST) {
                        g.request = true;
                    }
                    if (self == C && may_hint(&g) && at <= PLACE_OF_HINT) {
                        g.hint = true;
                    }
                    if (!next_said(figure, &g, at, &next)) {
                        assert_null(row);
                        continue;
                    }
                    assert_non_null(row);
                    assert_int_equal(row->message, next.type);
                    assert_int_equal(pos, next.place);
                }
            }
        }
    }
}

/* Every conversation runs through both ends, message by message. */
static void every_conversation_runs_to_its_end(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 64; i++) {
        struct facts f = facts_number(i);

        for (int figure = 1; figure <= 2 && possible(&f); figure++) {
            struct said w[WORDS_MAX];
            size_t n = conversation(figure, &f, w);
            size_t pos[2] = { 0, 0 };
            unsigned learnt = TCH_HSF_CERT_REQUEST | TCH_HSF_HINT;
            unsigned flags[2] = { flags_of(&f) & ~learnt, flags_of(&f) };

            for (size_t k = 0; k < n; k++) {
                enum who from = w[k].who;
                enum who to = from == C ? S : C;
                const struct tch_hs_step *row =
                    tch_hs_due(script_of(figure), &pos[from], flags[from],
                               role_of(from));

                assert_non_null(row);
                assert_int_equal(row->message, w[k].type);
                assert_true(tch_hs_accept(script_of(figure), &pos[to],
                                          &flags[to], role_of(to),
                                          (enum tch_message)w[k].type));
                pos[from]++;
                pos[to]++;
            }
            for (int self = C; self <= S; self++) {
                assert_null(tch_hs_due(script_of(figure), &pos[self],
                                       flags[self], role_of((enum who)self)));
            }
            if (figure == 1) {
                assert_int_equal(flags[C], flags_of(&f));
            }
        }
    }
}

struct text {
    char buf[20000];
    size_t len;
};

static void put(void *arg, const char *s)
{
    struct text *t = arg;
    size_t n = strlen(s);

    assert_true(t->len + n < sizeof t->buf);
    memcpy(t->buf + t->len, s, n + 1);
    t->len += n;
}

static void the_scripts_can_be_printed_both_ways(void **state)
{
    static const char *const words[] = {
        "client_hello", "server_hello", "certificate", "server_key_exchange",
        "certificate_request", "server_hello_done", "client_key_exchange",
        "certificate_verify", "change_cipher_spec", "finished", "full",
        "resumed"
    };
    static struct text t[2];

    (void)state;
    for (int dot = 0; dot < 2; dot++) {
        tch_hs_print(dot != 0, put, &t[dot]);
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            assert_non_null(strstr(t[dot].buf, words[i]));
        }
    }
    assert_non_null(strstr(t[1].buf, "digraph"));
    assert_null(strstr(t[0].buf, "digraph"));
}

static void flags_and_scripts_have_names_of_their_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TCH_NUM_HSF; i++) {
        assert_true(strlen(tch_hs_flag_name(i)) > 2);
        for (unsigned k = 0; k < i; k++) {
            assert_string_not_equal(tch_hs_flag_name(i), tch_hs_flag_name(k));
        }
    }
    assert_string_equal(tch_hs_script_name(TCH_SCRIPT_FULL), "full");
    assert_string_equal(tch_hs_script_name(TCH_SCRIPT_RESUMED), "resumed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_accepted_equals_what_is_legal_R_HS_001),
        cmocka_unit_test(rows_are_those_of_the_figures),
        cmocka_unit_test(what_is_due_is_what_is_said_next),
        cmocka_unit_test(every_conversation_runs_to_its_end),
        cmocka_unit_test(the_scripts_can_be_printed_both_ways),
        cmocka_unit_test(flags_and_scripts_have_names_of_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
