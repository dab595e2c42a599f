// SPDX-License-Identifier: Apache-2.0
/* Parsing of the command line against the command table. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

const struct cli_option cli_globals[] = {
	{ "json", NULL, "print JSON, one object or one object a line" },
	{ "device", "NAME", "charger: v2x0, /dev/v2x0 or its own name; $V2X_DEVICE, or the first" },
	{ "socket", "PATH", "control socket of v2xd; $V2X_SOCKET, or /run/v2xd/control.sock" },
	{ "help", NULL, "help on everything, or on one command" },
	{ "version", NULL, "print the version" },
	{ "man", NULL, "print the manual page" },
	{ "completion", NULL, "print the bash completion" },
	{ NULL, NULL, NULL },
};

/* Words of the line that a command's name takes up: 0 when it does not match. */
static int name_matches(const struct cli_command *c, int argc, char **argv)
{
	const char *space = strchr(c->name, ' ');
	size_t first;

	if (!space)
		return strcmp(c->name, argv[0]) == 0 ? 1 : 0;
	first = (size_t)(space - c->name);
	if (argc < 2 || strlen(argv[0]) != first || strncmp(c->name, argv[0], first) != 0)
		return 0;
	return strcmp(space + 1, argv[1]) == 0 ? 2 : 0;
}

static const struct cli_command *find_command(int argc, char **argv, int *used)
{
	for (const struct cli_command *c = cli_commands; argc > 0 && c->name; c++) {
		*used = name_matches(c, argc, argv);
		if (*used > 0)
			return c;
	}
	return NULL;
}

static const struct cli_option *find_option(const struct cli_option *options, const char *name,
					    size_t len)
{
	for (const struct cli_option *o = options; o && o->name; o++) {
		if (strlen(o->name) == len && strncmp(o->name, name, len) == 0)
			return o;
	}
	return NULL;
}

static void set_global(struct cli *cli, const char *name, const char *value)
{
	if (strcmp(name, "json") == 0)
		cli->json = true;
	else if (strcmp(name, "device") == 0)
		cli->device = value;
	else if (strcmp(name, "socket") == 0)
		cli->socket = value;
}

/* One "--name", "--name=value" or "--name value"; returns the arguments used or -1. */
static int parse_option(struct cli *cli, int argc, char **argv, char *error, size_t len)
{
	const char *name = argv[0] + 2;
	const char *equals = strchr(name, '=');
	const size_t n = equals ? (size_t)(equals - name) : strlen(name);
	const struct cli_option *own = cli->command ? cli->command->options : NULL;
	const struct cli_option *o = find_option(own, name, n);
	const bool global = !o;
	const char *value = "";
	int used = 1;

	if (global)
		o = find_option(cli_globals, name, n);
	if (!o) {
		snprintf(error, len, "%s has no option %s; v2xctl --help %s lists them",
			 cli->command ? cli->command->name : "v2xctl", argv[0],
			 cli->command ? cli->command->name : "");
		return -1;
	}
	if (o->value && equals) {
		value = equals + 1;
	} else if (o->value) {
		if (argc < 2) {
			snprintf(error, len, "--%s needs a value: %s", o->name, o->value);
			return -1;
		}
		value = argv[1];
		used = 2;
	} else if (equals) {
		snprintf(error, len, "--%s takes no value", o->name);
		return -1;
	}
	if (global) {
		set_global(cli, o->name, value);
		return used;
	}
	if (cli->given_count == CLI_GIVEN_MAX) {
		snprintf(error, len, "more than %d options", CLI_GIVEN_MAX);
		return -1;
	}
	cli->given[cli->given_count] = o;
	cli->given_values[cli->given_count++] = value;
	cli->values[o - own] = value;
	return used;
}

/* Global options may stand before the command. */
static int parse_front(struct cli *cli, int argc, char **argv, char *error, size_t len)
{
	int i = 0;

	while (i < argc && strncmp(argv[i], "--", 2) == 0 && argv[i][2] != '\0') {
		const int used = parse_option(cli, argc - i, argv + i, error, len);

		if (used < 0)
			return -1;
		i += used;
	}
	return i;
}

static int check_count(const struct cli *cli, char *error, size_t len)
{
	const struct cli_command *c = cli->command;

	if (cli->argc >= c->min_args && cli->argc <= c->max_args)
		return 0;
	snprintf(error, len, "%s arguments; use: v2xctl %s%s%s",
		 cli->argc < c->min_args ? "too few" : "too many", c->name,
		 c->args[0] ? " " : "", c->args);
	return -1;
}

int cli_parse(struct cli *cli, int argc, char **argv, char **words, char *error, size_t len)
{
	int used = 0;
	int i;

	*cli = (struct cli){ .device = getenv("V2X_DEVICE"), .socket = getenv("V2X_SOCKET") };
	i = parse_front(cli, argc, argv, error, len);
	if (i < 0)
		return -1;
	if (i == argc) {
		snprintf(error, len, "no command; v2xctl --help lists them");
		return -1;
	}
	cli->command = find_command(argc - i, argv + i, &used);
	if (!cli->command) {
		snprintf(error, len, "unknown command \"%s\"; v2xctl --help lists them", argv[i]);
		return -1;
	}
	cli->argv = words;
	for (i += used; i < argc; i += used) {
		used = 1;
		if (strncmp(argv[i], "--", 2) != 0) {
			words[cli->argc++] = argv[i];
			continue;
		}
		used = parse_option(cli, argc - i, argv + i, error, len);
		if (used < 0)
			return -1;
	}
	return check_count(cli, error, len);
}

const char *cli_value(const struct cli *cli, const char *name)
{
	const struct cli_option *own = cli->command->options;
	const struct cli_option *o = find_option(own, name, strlen(name));

	return o ? cli->values[o - own] : NULL;
}

bool cli_has(const struct cli *cli, const char *name)
{
	return cli_value(cli, name) != NULL;
}

const char *cli_next(const struct cli *cli, const char *name, int *at)
{
	while (*at < cli->given_count) {
		const int i = (*at)++;

		if (strcmp(cli->given[i]->name, name) == 0)
			return cli->given_values[i];
	}
	return NULL;
}
