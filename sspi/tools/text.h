/*
 * text.h - what the command says to people, and its exit statuses
 */
#ifndef TCH_SSPI_TOOLS_TEXT_H
#define TCH_SSPI_TOOLS_TEXT_H

#include <stddef.h>

#include "schannel.h"
#include "security.h"
#include "tomchannel_sspi.h"

enum exit_status {
    EXIT_GOOD = 0,
    EXIT_USAGE = 1,       /* the command line, or a file it names */
    EXIT_NETWORK = 2,
    EXIT_TLS = 3,
    EXIT_CERTIFICATE = 4, /* the peer's was not accepted by us    */
};

/* say writes "tomchannel: ", the text and a newline to stderr, in one piece. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* status_name gives "SEC_E_OK" or, for a status unknown here, a number; `room`
 * holds the latter. */
#define STATUS_NAME_MAX 16
const char *status_name(SECURITY_STATUS status, char room[STATUS_NAME_MAX]);

/* summary_text writes `protocol=TLS1.2 suite=... ... reneg=secure`, without a
 * newline, cut at `cap`. */
#define SUMMARY_MAX 1024
void summary_text(char *out, size_t cap, const TchPkgContext_Connection *about);

/* text_unescape resolves \r \n \t \0 \\ and \xHH of `text` in place and gives
 * the length; anything else behind a backslash stays as it is. */
size_t text_unescape(char *text);

/* text_number reads a decimal number of at most `max`: the number, or -1. */
long text_number(const char *text, long max);

#endif /* TCH_SSPI_TOOLS_TEXT_H */
