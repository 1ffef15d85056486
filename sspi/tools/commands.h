/*
 * commands.h - the subcommands; each lives in the file of its name
 */
#ifndef TCH_SSPI_TOOLS_COMMANDS_H
#define TCH_SSPI_TOOLS_COMMANDS_H

#include "sspi/tools/options.h"

extern const struct command command_demo;
extern const struct command command_server;
extern const struct command command_client;
extern const struct command command_suites;
extern const struct command command_states;

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define AT(field)       offsetof(struct settings, field)

/* Rows that the client and the server share. */
#define VERSIONS "ssl3|tls1.0|tls1.1|tls1.2"
#define POLICIES "default|compatible|legacy|museum"

#endif /* TCH_SSPI_TOOLS_COMMANDS_H */
