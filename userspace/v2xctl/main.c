// SPDX-License-Identifier: Apache-2.0
/* v2xctl: the command-line tool of bidirectional chargers. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* --help and its like need no complete command line. */
static bool print_and_done(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--version") == 0) {
			printf("v2xctl %s\n", v2x_version());
		} else if (strcmp(argv[i], "--man") == 0) {
			help_man(stdout);
		} else if (strcmp(argv[i], "--completion") == 0) {
			help_completion(stdout);
		} else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0 ||
			   (i == 0 && strcmp(argv[i], "help") == 0)) {
			struct cli cli;
			char error[256];
			char *words[64];
			char *rest[64];
			int n = 0;

			/* "--help status" and "status --help" are the same question. */
			for (int k = 0; k < argc && n < 64; k++) {
				if (argv[k][0] != '-' && !(k == 0 && strcmp(argv[k], "help") == 0))
					rest[n++] = argv[k];
			}
			cli_parse(&cli, n, rest, words, error, sizeof(error));
			if (n > 0 && cli.command)
				help_command(stdout, cli.command);
			else
				help_usage(stdout);
		} else {
			continue;
		}
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct cli cli;
	char error[512];
	char **words;
	int ret;

	if (print_and_done(argc - 1, argv + 1))
		return fflush(stdout) == 0 ? EX_OK_ : EX_SYSTEM;
	words = calloc((size_t)argc + 1, sizeof(*words));
	if (!words)
		return EX_SYSTEM;
	if (cli_parse(&cli, argc - 1, argv + 1, words, error, sizeof(error)) < 0)
		ret = report_error(&cli, EX_BAD_USE, "%s", error);
	else
		ret = cli.command->run(&cli);
	free(words);
	if (fflush(stdout) != 0 && ret == EX_OK_)
		ret = EX_SYSTEM;
	return ret;
}
