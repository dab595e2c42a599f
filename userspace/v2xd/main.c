// SPDX-License-Identifier: Apache-2.0
/* v2xd: the supervisor of one charger. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "journal.h"
#include "memory.h"
#include "session.h"

#define EXIT_USAGE 2

static const char usage[] =
	"Usage: v2xd [--config FILE] [--check]\n"
	"       v2xd --print-defaults | --man | --version | --help\n"
	"\n"
	"Supervises a bidirectional charger, /dev/v2xN: holds its lease, decides the\n"
	"set-point each mains cycle, runs the session with the vehicle.\n"
	"\n"
	"  --config FILE     instead of " CONFIG_FILE_DEFAULT "; drop-ins are in FILE.d\n"
	"  --check           read the configuration, say what is wrong, and end\n"
	"  --print-defaults  all keys with their defaults, as a configuration file\n"
	"  --man             manual page v2xd.conf(5)\n";

enum { DO_RUN, DO_CHECK, DO_DEFAULTS, DO_MAN, DO_VERSION, DO_HELP };

struct arguments {
	int what;
	const char *path;
	bool named;
};

/* Return: 0 or EXIT_USAGE. */
static int parse_arguments(int argc, char **argv, struct arguments *args)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, DO_CHECK },
		{ "print-defaults", no_argument, NULL, DO_DEFAULTS },
		{ "man", no_argument, NULL, DO_MAN },
		{ "version", no_argument, NULL, DO_VERSION },
		{ "help", no_argument, NULL, DO_HELP },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		if (option == 'c') {
			args->path = optarg;
			args->named = true;
		} else {
			args->what = option;
		}
	}
	if (optind == argc)
		return 0;
	fprintf(stderr, "v2xd: unexpected argument \"%s\"\n", argv[optind]);
	return EXIT_USAGE;
}

static int run(const struct arguments *args)
{
	static struct session session;
	char error[CONFIG_ERROR_LEN];

	session.config_path = args->path;
	session.config_named = args->named;
	if (config_load(&session.config, args->path, args->named, error)) {
		journal(LOG_ERR, NULL, "%s", error);
		return EXIT_CONFIG;
	}
	if (args->what == DO_CHECK) {
		printf("%s: good\n", args->path);
		return EXIT_SUCCESS;
	}
	memory_lock();
	return session_main(&session);
}

int main(int argc, char **argv)
{
	struct arguments args = { .what = DO_RUN, .path = CONFIG_FILE_DEFAULT };

	if (parse_arguments(argc, argv, &args)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	journal_open();
	switch (args.what) {
	case DO_DEFAULTS:
		config_print_defaults(stdout);
		return EXIT_SUCCESS;
	case DO_MAN:
		config_print_man(stdout);
		return EXIT_SUCCESS;
	case DO_VERSION:
		puts("v2xd " V2X_VERSION);
		return EXIT_SUCCESS;
	case DO_HELP:
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	default:
		return run(&args);
	}
}
