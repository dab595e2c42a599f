/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a command of v2xctl in this process and keeps what it printed. */
#ifndef V2XCTL_TEST_RUN_H
#define V2XCTL_TEST_RUN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../userspace/v2xctl/cli.h"
#include "test.h"

static char run_output[16384];

/* The arguments end with NULL; returns the exit status. */
static int run_argv(char **argv)
{
	char *words[64];
	char error[512];
	struct cli cli;
	char *text = NULL;
	size_t len;
	int argc = 0;
	int ret;
	FILE *real = stdout;
	FILE *memory;

	while (argv[argc])
		argc++;
	memory = open_memstream(&text, &len);
	assert_non_null(memory);
	stdout = memory;
	if (cli_parse(&cli, argc, argv, words, error, sizeof(error)) < 0) {
		ret = EX_BAD_USE;
		fprintf(memory, "%s", error);
	} else {
		ret = cli.command->run(&cli);
	}
	stdout = real;
	fclose(memory);
	snprintf(run_output, sizeof(run_output), "%s", text);
	free(text);
	return ret;
}

#define RUN(...) run_argv((char *[]){ __VA_ARGS__, NULL })

#endif
