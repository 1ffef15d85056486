/*
 * states.c - `tomchannel states`: the handshake script, printed from its rows
 */
#include <stdio.h>

#include "sspi/tools/commands.h"

static const struct option options[] = {
    { "dot", NULL, OPTION_FLAG, AT(dot), 0, "for Graphviz (dot -Tsvg)" },
};

static void put(void *file, const char *text)
{
    fputs(text, file);
}

static int run_states(const struct settings *given)
{
    TchPrintStates(given->dot ? TRUE : FALSE, put, stdout);
    return EXIT_GOOD;
}

const struct command command_states = {
    "states", "print the handshake script: who sends what, and when", NULL,
    options, COUNT_OF(options), NULL, run_states,
};
