// SPDX-License-Identifier: Apache-2.0
/* gridcode replay --vectors: the engine against a folder of reference vectors. */
#include <errno.h>
#include <string.h>

#include "gridcode/vectors.h"
#include "gridcode_replay.h"

static int open_out(const struct cli *cli, const char *option, FILE **file)
{
	const char *path = cli_value(cli, option);

	*file = NULL;
	if (!path)
		return EX_OK_;
	*file = fopen(path, "we");
	if (!*file)
		return report_error(cli, EX_SYSTEM, "--%s %s: %s", option, path, strerror(errno));
	return EX_OK_;
}

static int close_out(const struct cli *cli, const char *option, FILE *file)
{
	if (file && fclose(file) != 0)
		return report_error(cli, EX_SYSTEM, "--%s %s: %s", option, cli_value(cli, option),
				    strerror(errno));
	return EX_OK_;
}

static int run(const struct cli *cli, const char *dir, FILE *const *out,
	       struct vectors_result *result)
{
	const bool all = !out[0] && !out[1] && !out[2];
	int ret = 0;

	/* Without any file to write both are compared. */
	if (all || out[0] || out[2])
		ret = vectors_dynamic(dir, out[0], out[2], result);
	if (ret == 0 && (all || out[1]))
		ret = vectors_static(dir, out[1], result);
	if (ret < 0)
		return report_error(cli, ret == -ENOMEM ? EX_SYSTEM : EX_BAD_USE, "%s",
				    result->error);
	return EX_OK_;
}

static int show(const struct cli *cli, const struct vectors_result *r)
{
	if (cli->json)
		return report_json(json_pack(
			"{s:b,s:i,s:i,s:i,s:i,s:f,s:f,s:i,s:i,s:f,s:f}", "ok", 1, "cases",
			(int)r->cases, "cases_off", (int)r->cases_off, "rows", (int)r->rows,
			"status_off", (int)r->status_off, "dynamic_p_pu", r->dynamic_p,
			"dynamic_q_pu", r->dynamic_q, "points", (int)r->points, "points_off",
			(int)r->points_off, "static_p_pu", r->static_p, "static_q_pu",
			r->static_q));
	if (r->cases)
		printf("%u cases, %u rows: %u cases off, %u rows with another status, largest "
		       "difference p %.6f q %.6f pu (%s)\n", r->cases, r->rows, r->cases_off,
		       r->status_off, r->dynamic_p, r->dynamic_q, r->worst);
	if (r->points)
		printf("%u static points: %u off, largest difference p %.6f q %.6f pu\n",
		       r->points, r->points_off, r->static_p, r->static_q);
	return EX_OK_;
}

int gridcode_replay_vectors(const struct cli *cli, const char *dir)
{
	static const char *const options[] = { "out", "static-out", "cases-out" };
	struct vectors_result result = { 0 };
	FILE *out[3] = { NULL, NULL, NULL };
	int ret = EX_OK_;

	for (int i = 0; ret == EX_OK_ && i < 3; i++)
		ret = open_out(cli, options[i], &out[i]);
	if (ret == EX_OK_)
		ret = run(cli, dir, out, &result);
	for (int i = 0; i < 3; i++) {
		const int closed = close_out(cli, options[i], out[i]);

		ret = ret ? ret : closed;
	}
	if (ret == EX_OK_)
		ret = show(cli, &result);
	if (ret == EX_OK_ && (result.cases_off || result.points_off))
		return report_error(cli, EX_REFUSED,
				    "beyond 0.005 pu dynamic, 0.002 pu static or another status");
	return ret;
}
