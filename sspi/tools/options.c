/*
 * options.c - reading the command line by a table, and printing that table
 */
#include "sspi/tools/options.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define HELP_COLUMN 26

static const struct option *find_option(const struct command *command,
                                        const char *name, size_t len)
{
    for (size_t i = 0; i < command->num_options; i++) {
        const struct option *o = &command->options[i];
        if (strlen(o->name) == len && strncmp(o->name, name, len) == 0) {
            return o;
        }
    }
    return NULL;
}

/* Is `text` one of "a|b|c"? */
static bool is_choice(const char *choices, const char *text)
{
    size_t len = strlen(text);

    for (const char *at = choices; len > 0; at++) {
        size_t part = strcspn(at, "|");
        if (part == len && strncmp(at, text, len) == 0) {
            return true;
        }
        at += part;
        if (*at == '\0') {
            break;
        }
    }
    return false;
}

static bool store_texts(const struct option *o, const char *value,
                        struct texts *to)
{
    if (to->num == TEXTS_MAX) {
        say("--%s: at most %d times", o->name, TEXTS_MAX);
        return false;
    }
    to->item[to->num++] = value;
    return true;
}

static bool store_number(const struct option *o, const char *value, long *to)
{
    *to = text_number(value, o->max);
    if (*to < 0) {
        say("--%s: '%s' is not a number from 0 to %ld", o->name, value,
            o->max);
        return false;
    }
    return true;
}

static bool store(const struct option *o, const char *value,
                  struct settings *out)
{
    void *at = (char *)out + o->offset;

    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)at = true;
        return true;
    case OPTION_TEXTS:
        return store_texts(o, value, at);
    case OPTION_NUMBER:
        return store_number(o, value, at);
    case OPTION_CHOICE:
        if (!is_choice(o->argument, value)) {
            say("--%s: '%s' is none of %s", o->name, value, o->argument);
            return false;
        }
        *(const char **)at = value;
        return true;
    case OPTION_TEXT:
        break;
    }
    *(const char **)at = value;
    return true;
}

/* One option with its value; gives how many words it took, 0 if wrong. */
static int parse_option(const struct command *command, int argc, char **argv,
                        struct settings *out)
{
    const char *name = argv[0] + 2;
    size_t len = strcspn(name, "=");
    const char *value = name[len] == '=' ? name + len + 1 : NULL;
    const struct option *o = find_option(command, name, len);

    if (o == NULL) {
        say("%s: unknown option %s", command->name, argv[0]);
        return 0;
    }
    if (o->kind == OPTION_FLAG) {
        if (value != NULL) {
            say("--%s takes no value", o->name);
            return 0;
        }
        return store(o, NULL, out) ? 1 : 0;
    }
    if (value != NULL) {
        return store(o, value, out) ? 1 : 0;
    }
    if (argc < 2) {
        say("--%s needs a value: %s", o->name, o->argument);
        return 0;
    }
    return store(o, argv[1], out) ? 2 : 0;
}

static bool parse_operand(const struct command *command, const char *word,
                          struct settings *out)
{
    if (command->operand == NULL || out->peer != NULL) {
        say("%s: '%s' is not expected here", command->name, word);
        return false;
    }
    out->peer = word;
    return true;
}

enum parsed parse_options(const struct command *command, int argc, char **argv,
                          struct settings *out)
{
    *out = (struct settings){ .port = -1, .renegotiate_after = -1,
                              .accept = -1, .resume = -1 };
    for (int i = 0; i < argc;) {
        int took = 1;
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return PARSED_HELP;
        }
        if (strcmp(argv[i], "--version") == 0) {
            return PARSED_VERSION;
        }
        if (strncmp(argv[i], "--", 2) == 0) {
            took = parse_option(command, argc - i, argv + i, out);
        } else if (!parse_operand(command, argv[i], out)) {
            took = 0;
        }
        if (took == 0) {
            return PARSED_WRONG;
        }
        i += took;
    }
    if (command->operand != NULL && out->peer == NULL) {
        say("%s: %s is missing", command->name, command->operand);
        return PARSED_WRONG;
    }
    return PARSED;
}

static void print_option(const struct option *o)
{
    int column = printf("  --%s%s%s", o->name, o->argument != NULL ? " " : "",
                        o->argument != NULL ? o->argument : "");
    const char *line = o->help;

    if (column >= HELP_COLUMN) {
        printf("\n");
        column = 0;
    }
    while (*line != '\0') {
        int len = (int)strcspn(line, "\n");
        printf("%*s%.*s\n", HELP_COLUMN - column, "", len, line);
        column = 0;
        line += len;
        line += *line == '\n';
    }
}

void print_help(const struct command *command)
{
    printf("usage: tomchannel %s%s%s%s\n\n%c%s.\n", command->name,
           command->operand != NULL ? " " : "",
           command->operand != NULL ? command->operand : "",
           command->num_options > 0 ? " [OPTION...]" : "",
           toupper((unsigned char)command->summary[0]), command->summary + 1);
    printf("\nOptions:\n");
    for (size_t i = 0; i < command->num_options; i++) {
        print_option(&command->options[i]);
    }
    static const struct option everywhere[] = {
        { "help", NULL, OPTION_FLAG, 0, 0, "show this" },
        { "version", NULL, OPTION_FLAG, 0, 0, "show the version" },
    };
    print_option(&everywhere[0]);
    print_option(&everywhere[1]);
    if (command->notes != NULL) {
        printf("\n%s", command->notes);
    }
}
