/*
 * options.h - one small parser for every subcommand, driven by tables
 *
 * A row says how an option is written, where its value goes and what the help
 * says.  Both `--name value` and `--name=value` are read.
 */
#ifndef TCH_SSPI_TOOLS_OPTIONS_H
#define TCH_SSPI_TOOLS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "sspi/tools/text.h"

#define TEXTS_MAX 16

/* Values of an option that may be given several times. */
struct texts {
    const char *item[TEXTS_MAX];
    size_t num;
};

/* Everything that any subcommand can be told; what was not given is NULL,
 * false or -1. */
struct settings {
    const char *peer; /* HOST:PORT */
    const char *bind;
    const char *servername;
    const char *ca;
    const char *client_auth;
    const char *min_version;
    const char *max_version;
    const char *policy;
    const char *suites;
    const char *groups;
    const char *alpn;
    const char *mode;
    const char *request;
    const char *keylog;
    struct texts certs;
    struct texts keys;
    long port;
    long renegotiate_after;
    long accept;
    long resume;
    bool insecure;
    bool renegotiate;
    bool no_renegotiation;
    bool no_resumption;
    bool quiet;
    bool all;
    bool dot;
};

enum option_kind {
    OPTION_FLAG,   /* bool                      */
    OPTION_TEXT,   /* const char *              */
    OPTION_TEXTS,  /* struct texts              */
    OPTION_NUMBER, /* long, from 0 to `max`     */
    OPTION_CHOICE, /* const char *, one of `choices`, written "a|b|c" */
};

struct option {
    const char *name;     /* without the dashes                         */
    const char *argument; /* its name in the help, or the choices; NULL */
    enum option_kind kind;
    size_t offset;        /* in struct settings                         */
    long max;
    const char *help;     /* a newline starts a new line of the help    */
};

struct command {
    const char *name;
    const char *summary;   /* one line                                  */
    const char *operand;   /* "HOST:PORT" goes to `peer`; NULL: nothing */
    const struct option *options;
    size_t num_options;
    const char *notes;     /* behind the options in the help            */
    int (*run)(const struct settings *given);
};

enum parsed { PARSED, PARSED_HELP, PARSED_VERSION, PARSED_WRONG };

/* parse_options reads argv[0..argc) into `out`.  PARSED_WRONG after a sentence
 * on stderr. */
enum parsed parse_options(const struct command *command, int argc, char **argv,
                          struct settings *out);

/* print_help writes the help of one subcommand, made from its table. */
void print_help(const struct command *command);

#endif /* TCH_SSPI_TOOLS_OPTIONS_H */
