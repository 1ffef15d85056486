/*
 * tomchannel.c - the command: a table of subcommands
 *
 * All of it is written on SSPI's calls and tomchannel_sspi.h, as a program of
 * a user would be; no file in this folder includes anything else of the
 * project.  Start reading at channel.c.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "sspi/tools/commands.h"

static const struct command *const commands[] = {
    &command_demo,   &command_server, &command_client,
    &command_suites, &command_states,
};

static void print_usage(FILE *to)
{
    fprintf(to, "usage: tomchannel COMMAND [OPTION...]\n"
                "       tomchannel --help | --version\n\n"
                "TLS over the SSPI calls, for Linux.\n\nCommands:\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        fprintf(to, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
    }
    fprintf(to,
            "\n`tomchannel COMMAND --help` lists the options of a command.\n"
            "Exit status: 0 good, 1 usage, 2 network, 3 TLS failure,\n"
            "4 the peer's certificate was not accepted by us.\n"
            "Environment: TOMCHANNEL_POLICY names the policy that stands\n"
            "where --policy is not given: " POLICIES ".\n");
}

static int print_version(void)
{
    printf("tomchannel %s\n", TchVersion());
    return EXIT_GOOD;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct settings given;

    switch (parse_options(command, argc, argv, &given)) {
    case PARSED:
        return command->run(&given);
    case PARSED_HELP:
        print_help(command);
        return EXIT_GOOD;
    case PARSED_VERSION:
        return print_version();
    case PARSED_WRONG:
        break;
    }
    say("`tomchannel %s --help` shows how it is used", command->name);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    /* A peer that has gone is an error of write, not the end of us. */
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_GOOD;
    }
    if (strcmp(argv[1], "--version") == 0) {
        return print_version();
    }
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(commands[i]->name, argv[1]) == 0) {
            int status = run(commands[i], argc - 2, argv + 2);
            if (fflush(stdout) != 0 && status == EXIT_GOOD) {
                status = EXIT_NETWORK;
            }
            return status;
        }
    }
    say("there is no command '%s'; `tomchannel --help` lists them", argv[1]);
    return EXIT_USAGE;
}
