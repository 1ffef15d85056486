/*
 * The rows, and the one rule that reads them. A handler fills in flags; it
 * never says what comes next.
 */

#include "handshake/hs_script.h"

#include <stdio.h>

#define CERT TCH_HSF_SERVER_CERT
#define ASK TCH_HSF_MAY_ASK
#define MAY_HINT TCH_HSF_MAY_HINT
#define HINT TCH_HSF_HINT
#define KX TCH_HSF_SERVER_KX
#define REQ TCH_HSF_CERT_REQUEST
#define VERIFY TCH_HSF_CLIENT_VERIFY

/* clang-format off */
static const struct tch_hs_step full[] = {
    /* sender    message                      sent when   may  RFC */
    { TCH_CLIENT, TCH_MSG_CLIENT_HELLO,        0,          0,   "5246 7.4.1.2" },
    { TCH_SERVER, TCH_MSG_SERVER_HELLO,        0,          0,   "5246 7.4.1.3" },
    { TCH_SERVER, TCH_MSG_CERTIFICATE,         CERT,       0,   "5246 7.4.2" },
    { TCH_SERVER, TCH_MSG_SERVER_KEY_EXCHANGE, KX,         0,   "5246 7.4.3" },
    { TCH_SERVER, TCH_MSG_SERVER_KEY_EXCHANGE, MAY_HINT | HINT, HINT, "4279 2" },
    { TCH_SERVER, TCH_MSG_CERTIFICATE_REQUEST, ASK | REQ,  REQ, "5246 7.4.4" },
    { TCH_SERVER, TCH_MSG_SERVER_HELLO_DONE,   0,          0,   "5246 7.4.5" },
    { TCH_CLIENT, TCH_MSG_CERTIFICATE,         REQ,        0,   "5246 7.4.6" },
    { TCH_CLIENT, TCH_MSG_CLIENT_KEY_EXCHANGE, 0,          0,   "5246 7.4.7" },
    { TCH_CLIENT, TCH_MSG_CERTIFICATE_VERIFY,  VERIFY,     0,   "5246 7.4.8" },
    { TCH_CLIENT, TCH_MSG_CHANGE_CIPHER_SPEC,  0,          0,   "5246 7.1" },
    { TCH_CLIENT, TCH_MSG_FINISHED,            0,          0,   "5246 7.4.9" },
    { TCH_SERVER, TCH_MSG_CHANGE_CIPHER_SPEC,  0,          0,   "5246 7.1" },
    { TCH_SERVER, TCH_MSG_FINISHED,            0,          0,   "5246 7.4.9" },
};

static const struct tch_hs_step resumed[] = {
    { TCH_CLIENT, TCH_MSG_CLIENT_HELLO,        0,          0,   "5246 7.4.1.2" },
    { TCH_SERVER, TCH_MSG_SERVER_HELLO,        0,          0,   "5246 7.4.1.3" },
    { TCH_SERVER, TCH_MSG_CHANGE_CIPHER_SPEC,  0,          0,   "5246 7.1" },
    { TCH_SERVER, TCH_MSG_FINISHED,            0,          0,   "5246 7.4.9" },
    { TCH_CLIENT, TCH_MSG_CHANGE_CIPHER_SPEC,  0,          0,   "5246 7.1" },
    { TCH_CLIENT, TCH_MSG_FINISHED,            0,          0,   "5246 7.4.9" },
};

static const struct {
    const char *name;
    const struct tch_hs_step *rows;
    size_t num;
} scripts[TCH_NUM_SCRIPTS] = {
    { "full",    full,    sizeof full / sizeof full[0] },
    { "resumed", resumed, sizeof resumed / sizeof resumed[0] },
};
/* clang-format on */

const struct tch_hs_step *tch_hs_script_row(enum tch_hs_script s, size_t i)
{
    return i < scripts[s].num ? &scripts[s].rows[i] : NULL;
}

const char *tch_hs_script_name(enum tch_hs_script s)
{
    return scripts[s].name;
}

const char *tch_hs_flag_name(unsigned i)
{
    static const char *const names[TCH_NUM_HSF] = { "server_cert", "server_kx",
                                                    "cert_request",
                                                    "client_verify",
                                                    "may_ask",
                                                    "may_hint",
                                                    "hint" };

    return i < TCH_NUM_HSF ? names[i] : NULL;
}

/* Whether a row happens for sure (or may happen, for its receiver). */
static bool happens(const struct tch_hs_step *row, unsigned flags,
                    enum tch_role self)
{
    unsigned need = row->sender == self ? row->when : row->when & ~row->may;

    return (flags & need) == need;
}

const struct tch_hs_step *tch_hs_due(enum tch_hs_script s, size_t *pos,
                                     unsigned flags, enum tch_role self)
{
    const struct tch_hs_step *row;

    while ((row = tch_hs_script_row(s, *pos)) != NULL &&
           !happens(row, flags, self)) {
        (*pos)++;
    }
    return row;
}

bool tch_hs_accept(enum tch_hs_script s, size_t *pos, unsigned *flags,
                   enum tch_role self, enum tch_message message)
{
    const struct tch_hs_step *row;
    size_t at = *pos;

    while ((row = tch_hs_due(s, &at, *flags, self)) != NULL &&
           row->sender != self) {
        if (row->message == message) {
            *pos = at;
            *flags |= row->may;
            return true;
        }
        if (row->may == 0 || (*flags & row->may) == row->may) {
            return false;
        }
        at++;
    }
    return false;
}

static const char *message_text(enum tch_message m)
{
    return m == TCH_MSG_CHANGE_CIPHER_SPEC ? "change_cipher_spec"
                                           : tch_message_name(m);
}

/* "server_cert cert_request?": a question mark for what is learnt. */
static void condition_text(const struct tch_hs_step *row, char *out,
                           size_t cap)
{
    size_t len = 0;

    out[0] = '\0';
    for (unsigned i = 0; i < TCH_NUM_HSF; i++) {
        if ((row->when & 1u << i) != 0 && len < cap) {
            int n = snprintf(out + len, cap - len, "%s%s%s",
                             len == 0 ? "" : " ", tch_hs_flag_name(i),
                             (row->may & 1u << i) != 0 ? "?" : "");

            len += n > 0 ? (size_t)n : 0;
        }
    }
}

static void print_row(bool dot, enum tch_hs_script s, size_t i,
                      void (*put)(void *arg, const char *text), void *arg)
{
    const struct tch_hs_step *row = &scripts[s].rows[i];
    const char *from = row->sender == TCH_CLIENT ? "client" : "server";
    char condition[96];
    char line[256];

    condition_text(row, condition, sizeof condition);
    if (!dot) {
        snprintf(line, sizeof line, "%-8s %2zu  %s  %-20s RFC %-13s%s%s\n",
                 tch_hs_script_name(s), i, from, message_text(row->message),
                 row->rfc, condition[0] == '\0' ? "" : " when ", condition);
    } else {
        snprintf(line, sizeof line,
                 "  %s_%zu -> %s_%zu [label=\"%s: %s%s%s\"%s];\n",
                 tch_hs_script_name(s), i, tch_hs_script_name(s), i + 1, from,
                 message_text(row->message), condition[0] == '\0' ? "" : "\\n",
                 condition, row->when != 0 ? ", style=dashed" : "");
    }
    put(arg, line);
}

void tch_hs_print(bool dot, void (*put)(void *arg, const char *text),
                  void *arg)
{
    if (dot) {
        put(arg, "digraph handshake {\n  node [shape=circle, label=\"\"];\n");
    }
    for (unsigned s = 0; s < TCH_NUM_SCRIPTS; s++) {
        for (size_t i = 0; i < scripts[s].num; i++) {
            print_row(dot, (enum tch_hs_script)s, i, put, arg);
        }
    }
    if (dot) {
        put(arg, "}\n");
    }
}
