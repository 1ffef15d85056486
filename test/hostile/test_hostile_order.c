/*
 * Order, exhaustively (R-ATK-019, R-ATK-020): in every state of tables 3.2
 * and 3.3 every message type but the listed ones is unexpected_message, and
 * so are change_cipher_spec and application data; and every message of every
 * flow is left out, sent twice, or changes places with its neighbour. The
 * rows are made here from the tables; see test/support/rogue.h for the words.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/rogue.h"

#define AUTH "e.auth=request e.anchor ch . "
#define OPEN_S "ch . cke ccs fin . "
#define OPEN_C ". sh cert ske shd . ccs fin . "
#define RSA_C "e.suites:009c . suite=009c "
#define CCS 256
#define DATA 257
#define EMPTY 258

/* A state: how to get there, and what may come (-1 ends the list). */
struct place {
    const char *state;
    enum tch_role engine;
    const char *program;
    int legal[6];
};

/* clang-format off */
static const struct place places[] = {
    { "S0",                      TCH_SERVER, "", { 1, -1 } },
    { "S4",                      TCH_SERVER, "ch . ", { 16, -1 } },
    { "S6",                      TCH_SERVER, "ch . cke ", { CCS, -1 } },
    { "S7",                      TCH_SERVER, "ch . cke ccs ", { 20, -1 } },
    { "S3a",                     TCH_SERVER, AUTH, { 11, -1 } },
    { "S4 with certificate",     TCH_SERVER, AUTH "cert ", { 16, -1 } },
    { "S5",                      TCH_SERVER, AUTH "cert cke ", { 15, -1 } },
    { "S6 behind the proof",     TCH_SERVER, AUTH "cert cke cv ", { CCS, -1 } },
    { "S7 behind the proof",     TCH_SERVER, AUTH "cert cke cv ccs ", { 20, -1 } },
    { "S4, none sent",           TCH_SERVER, AUTH "certs ", { 16, -1 } },
    { "S6, none sent",           TCH_SERVER, AUTH "certs cke ", { CCS, -1 } },
    { "S9",                      TCH_SERVER, OPEN_S "reconnect resume ch . ", { CCS, -1 } },
    { "S10",                     TCH_SERVER, OPEN_S "reconnect resume ch . ccs ", { 20, -1 } },
    { "S OPEN",                  TCH_SERVER, OPEN_S, { 1, DATA, EMPTY, -1 } },
    { "S4, renegotiating",       TCH_SERVER, OPEN_S "ch . ", { 16, DATA, EMPTY, -1 } },
    { "S6, renegotiating",       TCH_SERVER, OPEN_S "ch . cke ", { CCS, DATA, EMPTY, -1 } },
    { "S7, renegotiating",       TCH_SERVER, OPEN_S "ch . cke ccs ", { 20, -1 } },
    { "C1",                      TCH_CLIENT, ". ", { 0, 2, -1 } },
    { "C2",                      TCH_CLIENT, ". sh ", { 0, 11, -1 } },
    { "C4, SKE due",             TCH_CLIENT, ". sh cert ", { 0, 12, -1 } },
    { "C4, no SKE due",          TCH_CLIENT, RSA_C "sh cert ", { 0, 13, 14, -1 } },
    { "C5",                      TCH_CLIENT, ". sh cert ske ", { 0, 13, 14, -1 } },
    { "C6",                      TCH_CLIENT, ". sh cert ske creq ", { 0, 14, -1 } },
    { "C8",                      TCH_CLIENT, ". sh cert ske shd . ", { 0, CCS, -1 } },
    { "C8c",                     TCH_CLIENT, ". sh cert ske shd . ccs ", { 20, -1 } },
    { "C8 behind a proof",       TCH_CLIENT, "e.id=client-rsa2048 . sh cert ske creq shd . ", { 0, CCS, -1 } },
    { "C9",                      TCH_CLIENT, OPEN_C "reconnect . resume sh ", { 0, CCS, -1 } },
    { "C9c",                     TCH_CLIENT, OPEN_C "reconnect . resume sh ccs ", { 20, -1 } },
    { "C OPEN",                  TCH_CLIENT, OPEN_C, { 0, DATA, EMPTY, -1 } },
    { "C1, renegotiating",       TCH_CLIENT, OPEN_C "e!renegotiate ", { 0, 2, DATA, EMPTY, -1 } },
    { "C5, renegotiating",       TCH_CLIENT, OPEN_C "e!renegotiate sh cert ske ", { 0, 13, 14, DATA, EMPTY, -1 } },
    { "C8, renegotiating",       TCH_CLIENT, OPEN_C "e!renegotiate sh cert ske shd . ", { 0, CCS, DATA, EMPTY, -1 } },
    { "C8c, renegotiating",      TCH_CLIENT, OPEN_C "e!renegotiate sh cert ske shd . ccs ", { 20, -1 } },
};

/* RFC 5246's types, those of 4680 and 6066, 1.3's, and some nobody has. */
static const int types[] = { 0, 1, 2, 3, 4, 5, 8, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24, 99, 254, 255, CCS, DATA, EMPTY };

static const char *const server_flows[] = {
    "ch . cke ccs fin .",
    AUTH "cert cke cv ccs fin .",
    AUTH "certs cke ccs fin .",
    "e.suites:009c suite=009c ch . cke ccs fin .",
};
static const char *const client_flows[] = {
    ". sh cert ske shd . ccs fin .",
    ". sh cert ske creq shd . ccs fin .",
    RSA_C "sh cert shd . ccs fin .",
    RSA_C "sh cert creq shd . ccs fin .",
};
/* clang-format on */

static bool is_legal(const struct place *p, int type)
{
    for (size_t i = 0; p->legal[i] >= 0; i++) {
        if (p->legal[i] == type) {
            return true;
        }
    }
    return false;
}

static void every_other_message_is_unexpected_in_every_state_R_ATK_020(
    void **state)
{
    size_t asked = 0;
    size_t failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        for (size_t t = 0; t < sizeof types / sizeof types[0]; t++) {
            const struct place *p = &places[i];
            char program[300];
            char word[20];
            char why[300];
            struct rogue_case row = { p->state, p->engine, program,
                                      "UNEXPECTED_MESSAGE", 10 };

            if (is_legal(p, types[t])) {
                continue;
            }
            if (types[t] < 256) {
                snprintf(word, sizeof word, "hs:%02x000000",
                         (unsigned)types[t]);
            } else {
                snprintf(word, sizeof word, "%s",
                         types[t] == CCS    ? "rec:1401"
                         : types[t] == DATA ? "data"
                                            : "empty");
            }
            snprintf(program, sizeof program, "%s%s .", p->program, word);
            asked++;
            if (!rogue_run(&row, (asked & 1) != 0, why, sizeof why)) {
                print_message("# %s, type %d: %s\n", p->state, types[t], why);
                failed++;
            }
        }
    }
    print_message("# %zu states, %zu questions\n",
                  sizeof places / sizeof places[0], asked);
    assert_int_equal(failed, 0);
}

/* ---- flows with a mistake in them ---- */

struct flow {
    char words[40][24];
    size_t num;
};

static void split_flow(const char *text, struct flow *f)
{
    f->num = 0;
    while (*text != '\0') {
        size_t n = strcspn(text, " ");

        snprintf(f->words[f->num], sizeof f->words[0], "%.*s", (int)n, text);
        f->num++;
        text += n;
        text += strspn(text, " ");
    }
}

static void join_flow(const struct flow *f, char *out, size_t cap)
{
    out[0] = '\0';
    for (size_t i = 0; i < f->num; i++) {
        size_t at = strlen(out);

        snprintf(out + at, cap - at, "%s ", f->words[i]);
    }
}

static bool is_message(const struct flow *f, size_t i)
{
    return i < f->num && strchr(f->words[i], ':') == NULL &&
           strchr(f->words[i], '=') == NULL &&
           strchr(f->words[i], '.') == NULL;
}

static size_t num_flows;
static size_t num_wrong;

static void run_flow(const struct flow *f, enum tch_role engine,
                     const char *what, const char *status)
{
    char program[600];
    char why[300];
    struct rogue_case row = { what, engine, program, status,
                              strcmp(status, "UNEXPECTED_MESSAGE") == 0
                                  ? 10
                                  : ROGUE_NO_ALERT };

    join_flow(f, program, sizeof program);
    num_flows++;
    if (!rogue_run(&row, false, why, sizeof why)) {
        print_message("# %s: %s (%s)\n", what, program, why);
        num_wrong++;
    }
}

/* Cuts a flow behind the first `.` that follows word `i`: there it fails. */
static void end_behind(struct flow *f, size_t i)
{
    while (strcmp(f->words[i], ".") != 0) {
        i++;
    }
    f->num = i + 1;
}

static void leave_out(const struct flow *good, size_t i, enum tch_role engine)
{
    struct flow f = *good;
    bool last = i + 2 == good->num;
    bool flight_goes_on = is_message(good, i + 1);

    memmove(f.words[i], f.words[i + 1], (f.num - i - 1) * sizeof f.words[0]);
    f.num--;
    if (strcmp(good->words[i], "creq") == 0) {
        run_flow(&f, engine, "without the request", "OK");
    } else if (strcmp(good->words[i], "ch") == 0) {
        return; /* there would be nothing to begin with */
    } else {
        /* A flight's last message is missed when the next flight comes. */
        end_behind(&f, flight_goes_on || last ? i : i + 1);
        run_flow(&f, engine, "left out", last ? "WAITS" : "UNEXPECTED_MESSAGE");
    }
}

static void insert(struct flow *f, size_t i, const char *word)
{
    memmove(f->words[i + 1], f->words[i], (f->num - i) * sizeof f->words[0]);
    snprintf(f->words[i], sizeof f->words[0], "%s", word);
    f->num++;
}

/* What comes too late is not hashed: the engine has not seen it when it
 * answers. */
static void send_twice(const struct flow *good, size_t i, enum tch_role engine)
{
    struct flow f = *good;

    insert(&f, i + 1,
           strcmp(f.words[i], "ccs") == 0 ? "ccs!" : good->words[i]);
    if (strcmp(f.words[i], "ccs") != 0) {
        insert(&f, i + 1, "nohash");
    }
    if (strcmp(f.words[i], "ch") == 0) {
        insert(&f, i, "recver=0303");
    }
    end_behind(&f, i);
    run_flow(&f, engine, "twice", "UNEXPECTED_MESSAGE");
}

static void swap_with_next(const struct flow *good, size_t i,
                           enum tch_role engine)
{
    struct flow f = *good;

    if (!is_message(good, i + 1)) {
        return;
    }
    memcpy(f.words[i], good->words[i + 1], sizeof f.words[0]);
    memcpy(f.words[i + 1], good->words[i], sizeof f.words[0]);
    if (strcmp(f.words[i + 1], "ccs") != 0) {
        insert(&f, i + 1, "nohash");
    }
    end_behind(&f, i);
    run_flow(&f, engine, "swapped", "UNEXPECTED_MESSAGE");
}

static void damage_flows(const char *const *flows, size_t num,
                         enum tch_role engine)
{
    for (size_t k = 0; k < num; k++) {
        struct flow good;

        split_flow(flows[k], &good);
        run_flow(&good, engine, "as it should be", "OK");
        for (size_t i = 0; i < good.num; i++) {
            if (is_message(&good, i)) {
                leave_out(&good, i, engine);
                send_twice(&good, i, engine);
                swap_with_next(&good, i, engine);
            }
        }
    }
}

static void every_message_left_out_doubled_swapped_is_noticed_R_ATK_020(
    void **state)
{
    (void)state;
    damage_flows(server_flows, sizeof server_flows / sizeof *server_flows,
                 TCH_SERVER);
    damage_flows(client_flows, sizeof client_flows / sizeof *client_flows,
                 TCH_CLIENT);
    print_message("# %zu flows\n", num_flows);
    assert_int_equal(num_wrong, 0);
    assert_true(num_flows > 90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            every_other_message_is_unexpected_in_every_state_R_ATK_020),
        cmocka_unit_test(
            every_message_left_out_doubled_swapped_is_noticed_R_ATK_020),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
