// SPDX-License-Identifier: Apache-2.0
/* gridcode replay --vectors: the engine against a folder of reference vectors. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "gridcode/vectors.h"
#include "gridcode_replay.h"
#include "typetest/reference.h"

#define GOOD_PERMILLE 950

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

static int show_through(const struct cli *cli, const struct reference_result *r)
{
	if (cli->json)
		return report_json(json_pack(
			"{s:b,s:i,s:i,s:i,s:i,s:i,s:f}", "ok", 1, "cases", (int)r->cases, "good",
			(int)r->good, "rows", (int)r->rows, "rows_off", (int)r->rows_off,
			"status_off", (int)r->status_off, "simulated_s", r->simulated_s));
	printf("%u of %u cases (%.1f %%) within %.2f pu and %.0f ms over ten cycles, %u cycle by "
	       "cycle; %u of %u cycles beyond, %u with "
	       "another status; %.0f s at the charger\n", r->good, r->cases,
	       r->cases ? 100.0 * r->good / r->cases : 0, REFERENCE_P_PU, REFERENCE_T_S * 1e3,
	       r->good_cycles,
	       r->rows_off, r->rows, r->status_off, r->simulated_s);
	return EX_OK_;
}

static int through(const struct cli *cli, const char *dir)
{
	const char *how = cli_value(cli, "through");
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct reference_job job = {
		.dir = dir, .only = cli_value(cli, "only"), .lom = !strcmp(how, "sim"),
		.jobs = processors > 0 ? (unsigned int)processors : 1,
	};
	struct reference_result result;
	int ret, closed;

	if (!job.lom && strcmp(how, "sim-without-lom") != 0)
		return report_error(cli, EX_BAD_USE,
				    "--through %s: there are sim and sim-without-lom", how);
	ret = open_out(cli, "cases-out", &job.cases_out);
	if (ret == EX_OK_)
		ret = open_out(cli, "out", &job.cycles_out);
	if (ret == EX_OK_ && reference_run(&job, &result) < 0)
		ret = report_error(cli, EX_BAD_USE, "%s", result.error);
	closed = close_out(cli, "cases-out", job.cases_out);
	ret = ret ? ret : closed;
	closed = close_out(cli, "out", job.cycles_out);
	ret = ret ? ret : closed;
	if (ret)
		return ret;
	ret = show_through(cli, &result);
	if (ret == EX_OK_ && result.good * 1000 < result.cases * GOOD_PERMILLE)
		return report_error(cli, EX_REFUSED, "less than 95 %% of the cases");
	return ret;
}

int gridcode_replay_vectors(const struct cli *cli, const char *dir)
{
	static const char *const options[] = { "out", "static-out", "cases-out" };
	struct vectors_result result = { 0 };
	FILE *out[3] = { NULL, NULL, NULL };
	int ret = EX_OK_;

	if (cli_value(cli, "through"))
		return through(cli, dir);
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
