/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line of v2xctl: one table of commands, from which parsing,
 * --help, the manual page and the completion are made.
 */
#ifndef V2XCTL_CLI_H
#define V2XCTL_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <v2x.h>

/* Exit status; part of the interface, documented in the manual page. */
enum exit_code {
	EX_OK_ = 0,
	EX_REFUSED = 1,	  /* the charger or the supervisor refused */
	EX_BAD_USE = 2,	  /* command line or input file */
	EX_NO_DEVICE = 3, /* no such charger, or it went away */
	EX_NO_DAEMON = 4, /* the supervisor does not answer */
	EX_SYSTEM = 5,	  /* permission, memory, file or disk */
};

#define CLI_OPTIONS_MAX 16
#define CLI_GIVEN_MAX 64

/**
 * struct cli_option - an option of a command
 * @name: without the dashes
 * @value: what stands for its value in the help, NULL for a switch
 * @help: one line
 */
struct cli_option {
	const char *name;
	const char *value;
	const char *help;
};

struct cli;

/**
 * struct cli_command - a row of the command table
 * @name: one word, or two ("virt create")
 * @args: how the words after it are shown, "" for none
 * @min_args: fewest words after it
 * @max_args: most
 * @help: one line
 * @options: ended by a NULL name; NULL for none
 * @words: words that completion offers besides the options, or NULL
 * @run: does it; returns an enum exit_code
 */
struct cli_command {
	const char *name;
	const char *args;
	int min_args;
	int max_args;
	const char *help;
	const struct cli_option *options;
	const char *words;
	int (*run)(struct cli *cli);
};

/**
 * struct cli - a parsed command line
 * @argc: words after the command
 * @argv: likewise
 * @values: of command->options, in their order; "" for a switch given; the
 *	last one of several
 * @given: options of the command as they came
 * @given_values: their values
 */
struct cli {
	const struct cli_command *command;
	int argc;
	char **argv;
	const char *values[CLI_OPTIONS_MAX];
	const struct cli_option *given[CLI_GIVEN_MAX];
	const char *given_values[CLI_GIVEN_MAX];
	int given_count;
	bool json;
	const char *device;
	const char *socket;
};

extern const struct cli_command cli_commands[];  /* ended by a NULL name */
extern const struct cli_option cli_globals[];	 /* likewise */

/**
 * cli_parse() - the whole command line, argv[0] left out
 * @words: room for the pointers to the words, at least argc of them
 * @error: says what is wrong and what to do
 *
 * Return: 0, or -1 with @error filled in.
 */
int cli_parse(struct cli *cli, int argc, char **argv, char **words, char *error, size_t len);

/** cli_value() - value of an option of the running command, NULL if not given */
const char *cli_value(const struct cli *cli, const char *name);

/**
 * cli_next() - values of an option that may stand several times
 * @at: where to go on; 0 at first
 *
 * Return: the next value, NULL after the last.
 */
const char *cli_next(const struct cli *cli, const char *name, int *at);
bool cli_has(const struct cli *cli, const char *name);

/* help.c */
void help_usage(FILE *to);
void help_command(FILE *to, const struct cli_command *command);
void help_man(FILE *to);
void help_completion(FILE *to);

/* report.c */

/** report_error() - tell on stderr (and as JSON on stdout with --json); returns @code */
int report_error(const struct cli *cli, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** report_errno() - a command of the charger failed; returns the exit status for it */
int report_errno(const struct cli *cli, const char *what, uint32_t cmd, int error);

/** report_json() - print one object on one line and drop it; returns EX_OK_ or EX_SYSTEM */
int report_json(json_t *object);

/** report_open() - open the charger the command line names; 0 or an exit status, told */
int report_open(const struct cli *cli, unsigned int flags, struct v2x_device **dev);

/** The lease of a command that claims for as long as it takes. */
#define REPORT_LEASE_MS	1000

/** report_claim() - open and claim it; 0, or an exit status, told, and nothing open */
int report_claim(const struct cli *cli, uint32_t lease_ms, struct v2x_device **dev);

/** report_number() - a whole number option within bounds, or its default; 0 or EX_BAD_USE */
int report_number(const struct cli *cli, const char *option, long min, long max, long *number);

/** stop_requested() - whether SIGINT or SIGTERM came since stop_on_signal() */
void stop_on_signal(void);
bool stop_requested(void);

#endif
