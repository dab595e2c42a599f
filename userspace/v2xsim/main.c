// SPDX-License-Identifier: Apache-2.0
/*
 * v2xsim: runs scenarios on the kernel's control and the virtual plant, in
 * simulated time.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "comtrade.h"
#include "help.h"
#include "output.h"
#include "run.h"

enum { EX_MET = 0, EX_NOT_MET = 1, EX_BAD = 2 };

#define DEFINES_MAX 32

struct command_line {
	struct run_options run;
	const char *cycles;
	char *defines[DEFINES_MAX + 1];
	int define_count;
	bool tap;
	bool quiet;
	bool check;
};

static int usage(const char *what, const char *word)
{
	fprintf(stderr, "v2xsim: %s \"%s\"; v2xsim --help says what there is\n", what, word);
	return EX_BAD;
}

static int simulate(struct run *r, struct command_line *cl, const char *path, int *tap)
{
	struct scenario s;
	int ret;

	if (scenario_load(&s, path, cl->defines) < 0) {
		fprintf(stderr, "v2xsim: %s\n", s.error);
		if (cl->tap)
			printf("not ok %d %s\n# %s\n", ++*tap, path, s.error);
		return EX_BAD;
	}
	if (cl->check) {
		printf("%s: %zu steps, %zu expectations, %.6g s\n", path, s.step_count,
		       s.expect_count, (double)s.end_ns / 1e9);
		scenario_free(&s);
		return EX_MET;
	}
	ret = run_scenario(r, &s, &cl->run);
	if (ret == 2) {
		fprintf(stderr, "v2xsim: %s\n", r->refused);
		if (cl->tap)
			printf("not ok %d %s\n# %s\n", ++*tap, path, r->refused);
	} else if (cl->tap) {
		*tap = output_tap(stdout, r, *tap);
	} else if (!cl->quiet || ret) {
		output_summary(stdout, r);
	}
	scenario_free(&s);
	return ret;
}

static int simulate_all(struct command_line *cl, int count, char **paths)
{
	struct run *r = malloc(sizeof(*r));
	int worst = EX_MET;
	int tap = 0;

	if (!r)
		return EX_BAD;
	if (cl->cycles) {
		cl->run.cycles = fopen(cl->cycles, "we");
		if (!cl->run.cycles) {
			fprintf(stderr, "v2xsim: %s: %s\n", cl->cycles, strerror(errno));
			free(r);
			return EX_BAD;
		}
	}
	if (cl->tap)
		puts("TAP version 13");
	for (int i = 0; i < count; i++) {
		const int ret = simulate(r, cl, paths[i], &tap);

		worst = ret > worst ? ret : worst;
	}
	if (cl->tap)
		printf("1..%d\n", tap);
	if (cl->run.cycles && fclose(cl->run.cycles) != 0) {
		fprintf(stderr, "v2xsim: %s: cannot be written\n", cl->cycles);
		worst = EX_BAD;
	}
	free(r);
	return worst;
}

static int option_value(struct command_line *cl, const char *word, char *value)
{
	if (strcmp(word, "--cycles") == 0)
		cl->cycles = value;
	else if (strcmp(word, "--waves") == 0)
		cl->run.waves = value;
	else if (strcmp(word, "--comtrade") == 0 && comtrade_format_of(value) >= 0)
		cl->run.comtrade = comtrade_format_of(value);
	else if (strcmp(word, "--define") == 0 && cl->define_count < DEFINES_MAX)
		cl->defines[cl->define_count++] = value;
	else
		return 0;
	return 2;
}

/* An option; returns how many words it took, 0 for an unknown one. */
static int option(struct command_line *cl, const char *word, char *value)
{
	if (strcmp(word, "--tap") == 0)
		cl->tap = true;
	else if (strcmp(word, "--quiet") == 0)
		cl->quiet = true;
	else if (strcmp(word, "--check") == 0)
		cl->check = true;
	else if (strcmp(word, "--events") == 0)
		cl->run.events = true;
	else
		return value ? option_value(cl, word, value) : 0;
	return 1;
}

int main(int argc, char **argv)
{
	struct command_line cl = { .run.comtrade = COMTRADE_BINARY32 };
	int at = 1;

	while (at < argc && strncmp(argv[at], "--", 2) == 0) {
		int n;

		if (help_asked(argv[at], stdout))
			return fflush(stdout) == 0 ? EX_MET : EX_BAD;
		n = option(&cl, argv[at], at + 1 < argc ? argv[at + 1] : NULL);
		if (n == 0)
			return usage("unknown option, or one without its value, or a wrong one:", argv[at]);
		at += n;
	}
	if (at == argc)
		return usage("expected scenario files after", argv[0]);
	if (cl.cycles && argc - at > 1)
		return usage("expected one scenario with --cycles, not also", argv[at + 1]);
	return simulate_all(&cl, argc - at, argv + at);
}
