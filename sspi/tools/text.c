/*
 * text.c - what the command says to people
 *
 * Lines leave in one write, because the server's threads and the demo's two
 * sides share a terminal.
 */
#include "sspi/tools/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void say(const char *format, ...)
{
    char line[2048];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len >= 0) {
        fprintf(stderr, "tomchannel: %s\n", line);
    }
}

const char *status_name(SECURITY_STATUS status, char room[STATUS_NAME_MAX])
{
    const char *name = TchStatusName(status);

    if (name == NULL) {
        snprintf(room, STATUS_NAME_MAX, "0x%08X", (unsigned)status);
        name = room;
    }
    return name;
}

/* A value without blanks, so that the line splits at them. */
static const char *value_or(const char *text, const char *none)
{
    if (strcmp(text, "not checked") == 0) {
        return "unchecked";
    }
    return text[0] != '\0' ? text : none;
}

void summary_text(char *out, size_t cap, const TchPkgContext_Connection *about)
{
    snprintf(out, cap,
             "protocol=%s suite=%s group=%s resumed=%s verify=%s alpn=%s "
             "ems=%s reneg=%s",
             about->szProtocol, about->szSuite,
             value_or(about->szGroup, "none"), about->fResumed ? "yes" : "no",
             value_or(about->szVerify, "none"),
             value_or(about->szAlpn, "none"),
             about->fExtendedMasterSecret ? "yes" : "no",
             about->fSecureRenegotiation ? "secure" : "legacy");
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)((at - digits) % 16);
}

size_t text_unescape(char *text)
{
    static const char names[] = "rnt0\\";
    static const char values[] = "\r\n\t\0\\";
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        const char *name = from[0] == '\\' && from[1] != '\0'
                               ? strchr(names, from[1])
                               : NULL;
        if (name != NULL) {
            *to++ = values[name - names];
            from++;
        } else if (from[0] == '\\' && from[1] == 'x' &&
                   hex_digit(from[2]) >= 0 && hex_digit(from[3]) >= 0) {
            *to++ = (char)(hex_digit(from[2]) * 16 + hex_digit(from[3]));
            from += 3;
        } else {
            *to++ = *from;
        }
    }
    return (size_t)(to - text);
}

long text_number(const char *text, long max)
{
    char *end = NULL;

    if (text[0] < '0' || text[0] > '9') {
        return -1;
    }
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || *end != '\0' || value > max) {
        return -1;
    }
    return value;
}
