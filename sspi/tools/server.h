/*
 * server.h - one connection of the server, and what it is told
 */
#ifndef TCH_SSPI_TOOLS_SERVER_H
#define TCH_SSPI_TOOLS_SERVER_H

#include "sspi/tools/credential.h"
#include "sspi/tools/io.h"

enum server_mode { SERVER_WWW, SERVER_ECHO, SERVER_SINK };

/* What all connections share; nobody changes it while they run. */
struct server {
    const struct settings *given;
    struct credential credential;
    enum server_mode mode;
};

/* serve_connection holds the conversation with one client to its end, closes
 * `fd` and, unless --quiet, prints one line about it. */
void serve_connection(const struct server *server, unsigned long number,
                      int fd, const char *where);

#endif /* TCH_SSPI_TOOLS_SERVER_H */
