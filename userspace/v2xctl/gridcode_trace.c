// SPDX-License-Identifier: Apache-2.0
/* gridcode replay --profile: a recorded grid through a profile. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gridcode/trace.h"
#include "gridcode_replay.h"
#include "quantity.h"

static int read_options(const struct cli *cli, struct trace_options *options)
{
	const char *step = cli_value(cli, "step");

	options->waiting = cli_has(cli, "waiting");
	options->hold = cli_has(cli, "hold");
	if (step && (decimal_parse(step, strlen(step), &options->step_s) < 0 ||
		     options->step_s < 1e-4 || options->step_s > 1))
		return report_error(cli, EX_BAD_USE,
				    "--step \"%s\": expected seconds from 0.0001 to 1", step);
	return EX_OK_;
}

static int replay(const struct cli *cli, const struct gc_profile *profile,
		  const struct trace_options *options, const char *in, const char *out)
{
	FILE *file = out ? fopen(out, "we") : stdout;
	struct trace_result result;
	int ret;

	if (!file)
		return report_error(cli, EX_SYSTEM, "--out %s: %s", out, strerror(errno));
	ret = trace_replay(in, file, &profile->settings, options, &result);
	if (out && fclose(file) != 0 && ret == 0)
		return report_error(cli, EX_SYSTEM, "--out %s: %s", out, strerror(errno));
	if (ret < 0)
		return report_error(cli, EX_BAD_USE, "%s", result.error);
	if (!out)
		return EX_OK_;
	if (cli->json)
		return report_json(json_pack("{s:b,s:s,s:s,s:I,s:I,s:i,s:i}", "ok", 1, "profile",
					     profile->id, "sha256", profile->sha256, "rows",
					     (json_int_t)result.rows, "steps",
					     (json_int_t)result.steps, "changes",
					     (int)result.changes, "trips", (int)result.trips));
	printf("%s: %lu rows, %lu steps, %u changes of state, %u trips\n", profile->name,
	       result.rows, result.steps, result.changes, result.trips);
	return EX_OK_;
}

int gridcode_replay_trace(const struct cli *cli)
{
	const char *name = cli_value(cli, "profile"), *in = cli_value(cli, "in");
	struct trace_options options = { 0 };
	struct gc_profile *profile;
	int ret;

	if (!name || !in)
		return report_error(cli, EX_BAD_USE,
				    "use: v2xctl gridcode replay --profile P [--set KEY=VALUE]... "
				    "--in FILE [--out FILE], or --vectors DIR");
	ret = read_options(cli, &options);
	if (ret == EX_OK_)
		ret = gridcode_open(cli, name, &profile);
	if (ret)
		return ret;
	ret = replay(cli, profile, &options, in, cli_value(cli, "out"));
	free(profile);
	return ret;
}
