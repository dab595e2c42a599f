// SPDX-License-Identifier: Apache-2.0
/* The dynamic cases of a folder of reference vectors. */
#include "vectors.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gridcode.h"
#include "vectors_case.h"

#define DYNAMIC_BOUND 0.005

struct row {
	double t_s;
	double in[5];	/* va, vb, vc, f, p_dem */
	double p, q;	/* what the folder says, if it does */
	int status;
	bool known;
};

/* A case being run, row after row. */
struct run {
	struct vector_case *c;
	struct gridcode engine;
	struct gc_output out;
	struct row from;
	long step;
	bool permit;
	size_t change;
	double p_off, q_off;
	unsigned int rows, status_off;
	bool began;
	struct vectors_through *through; /* NULL: the engine alone */
	size_t through_change;
	struct row through_from;
	bool through_permit;
};

static struct vectors_point point_of(const struct row *row)
{
	return (struct vectors_point){
		.t_s = row->t_s, .v_pu = { row->in[0], row->in[1], row->in[2] },
		.f_hz = row->in[3], .p_want = row->in[4], .p = row->p, .q = row->q,
		.status = row->status, .known = row->known,
	};
}

static int begin_through(const struct run *run, const struct row *row)
{
	const struct model_settings *m = &run->c->model;
	const struct vectors_point first = point_of(row);

	return run->through->begin(run->through->context, run->c->id, &m->settings, m->in_service,
				   m->random_s, &first);
}

/* Changes lie on rows or between them; there the input is on its straight line. */
static int row_through(struct run *run, const struct row *row)
{
	struct vectors_through *t = run->through;
	struct vector_case *c = run->c;
	const struct row *from = &run->through_from;
	struct vectors_point to = point_of(row);
	int ret = 0;

	while (ret == 0 && run->through_change < c->setting_count &&
	       c->settings[run->through_change].t_s <= row->t_s) {
		const struct change *s = &c->settings[run->through_change++];
		const double span_s = row->t_s - from->t_s;
		const double share = span_s > 0 ? (s->t_s - from->t_s) / span_s : 1;
		struct row at = { .t_s = s->t_s };
		struct vectors_point point;

		for (int i = 0; i < 5; i++)
			at.in[i] = from->in[i] + (row->in[i] - from->in[i]) * share;
		point = point_of(&at);
		if (!strcmp(s->name, "ES_PERMIT_SERVICE"))
			run->through_permit = !strcmp(s->value, "True");
		model_set(&c->model, s->name, s->value);
		ret = t->to(t->context, &point);
		if (ret == 0)
			ret = t->change(t->context, &c->model.settings, run->through_permit);
	}
	run->through_from = *row;
	return ret ? ret : t->to(t->context, &to);
}

static void begin(struct run *run, struct vector_case *c, const struct row *row)
{
	run->c = c;
	gridcode_init(&run->engine, &c->model.settings, c->model.in_service);
	run->engine.enter.random_s = c->model.random_s;
	run->from = *row;
	run->step = 0;
	run->permit = true;
	run->change = 0;
	run->p_off = 0;
	run->q_off = 0;
	run->rows = 0;
	run->status_off = 0;
	run->began = true;
	run->through_change = 0;
	run->through_from = *row;
	run->through_permit = true;
}

/* A change takes effect in the step with its time. */
static void change_settings(struct run *run, double t_s)
{
	struct vector_case *c = run->c;

	while (run->change < c->setting_count &&
	       c->settings[run->change].t_s <= t_s + c->dt_s * 1e-6) {
		const struct change *s = &c->settings[run->change++];

		if (!strcmp(s->name, "ES_PERMIT_SERVICE"))
			run->permit = !strcmp(s->value, "True");
		model_set(&c->model, s->name, s->value);
		gridcode_change(&run->engine, &c->model.settings);
	}
}

static void step(struct run *run, const struct row *to)
{
	const struct vector_case *c = run->c;
	const double t_s = (double)run->step * c->dt_s;
	const double span_s = to->t_s - run->from.t_s;
	const double share = span_s > 0 ? (t_s - run->from.t_s) / span_s : 1;
	struct gc_input in = gc_input_none(c->dt_s);
	double x[5];

	for (int i = 0; i < 5; i++)
		x[i] = run->from.in[i] + (to->in[i] - run->from.in[i]) * share;
	change_settings(run, t_s);
	in.v_pu[0] = x[0];
	in.v_pu[1] = x[1];
	in.v_pu[2] = x[2];
	in.f_hz = x[3];
	in.p_want_pu = -x[4] * c->model.settings.rating.p_pu;
	in.permit = run->permit;
	gridcode_step(&run->engine, &in, &run->out);
	run->step++;
}

static void compare(struct run *run, const struct row *row, FILE *out,
		    struct vectors_result *result)
{
	const double p = -run->out.p_pu, q = -run->out.q_pu;

	run->rows++;
	result->rows++;
	if (row->known) {
		run->p_off = fmax(run->p_off, fabs(p - row->p));
		run->q_off = fmax(run->q_off, fabs(q - row->q));
		run->status_off += (int)run->out.state != row->status;
	}
	if (out)
		fprintf(out, "%s,%.9g,%.6f,%.6f,%d\n", run->c->id, row->t_s, p, q,
			(int)run->out.state);
}

static void finish(struct run *run, FILE *cases_out, struct vectors_result *result)
{
	const double off = fmax(run->p_off, run->q_off);

	if (!run->began)
		return;
	run->began = false;
	result->cases++;
	result->status_off += run->status_off;
	if (off > DYNAMIC_BOUND || run->status_off)
		result->cases_off++;
	if (off > fmax(result->dynamic_p, result->dynamic_q))
		snprintf(result->worst, sizeof(result->worst), "%s", run->c->id);
	result->dynamic_p = fmax(result->dynamic_p, run->p_off);
	result->dynamic_q = fmax(result->dynamic_q, run->q_off);
	if (cases_out)
		fprintf(cases_out, "%s,%u,%.6f,%.6f,%u\n", run->c->id, run->rows, run->p_off,
			run->q_off, run->status_off);
}

static int read_row(struct csv *csv, const int *at, struct row *row)
{
	double status;
	int ret = csv_number(csv, at[1], &row->t_s);

	for (int i = 0; ret == 0 && i < 5; i++)
		ret = csv_number(csv, at[2 + i], &row->in[i]);
	row->known = ret == 0 && at[7] >= 0 && at[8] >= 0 && at[9] >= 0;
	if (!row->known)
		return ret;
	if (csv_number(csv, at[7], &row->p) || csv_number(csv, at[8], &row->q) ||
	    csv_number(csv, at[9], &status))
		return -EINVAL;
	row->status = (int)status;
	return 0;
}

static int end_case(struct run *run, FILE *cases_out, struct vectors_result *result)
{
	if (run->began && run->through) {
		run->began = false;
		return run->through->end(run->through->context);
	}
	finish(run, cases_out, result);
	return 0;
}

static int run_row(struct run *run, const struct row *row, struct csv *csv, FILE *out,
		   struct vectors_result *result)
{
	const long until = lround(row->t_s / run->c->dt_s);

	if (until + 1 <= run->step)
		return csv_fail(csv, -EINVAL, "time does not rise by at least a step");
	if (until - run->step > 10000000)
		return csv_fail(csv, -EINVAL, "too long since the row before");
	while (run->step <= until) {
		step(run, row);
		if (run->through &&
		    run->through->model(run->through->context,
					(double)(run->step - 1) * run->c->dt_s, -run->out.p_pu,
					-run->out.q_pu, (int)run->out.state))
			return -EIO;
	}
	run->from = *row;
	compare(run, row, out, result);
	return run->through ? row_through(run, row) : 0;
}

static int run_series(struct csv *csv, struct vector_case *cases, size_t count, struct run *run,
		      FILE *out, FILE *cases_out, struct vectors_result *result)
{
	static const char *const names[] = { "case_id", "t_s", "va_pu", "vb_pu", "vc_pu", "f_hz",
					     "p_dem_pu" };
	int at[10] = { 0 }, ret = vectors_columns(csv, names, at, 7);

	at[7] = csv_column(csv, "p_pu");
	at[8] = csv_column(csv, "q_pu");
	at[9] = csv_column(csv, "status_code");

	while (ret == 0 && (ret = csv_next(csv)) > 0) {
		struct row row;

		ret = read_row(csv, at, &row);
		if (ret)
			return ret;
		if (!run->began || strcmp(run->c->id, csv->fields[at[0]]) != 0) {
			struct vector_case *c = vectors_find(cases, count, csv->fields[at[0]]);

			if (!c)
				return csv_fail(csv, -EINVAL, "unknown case %s",
						csv->fields[at[0]]);
			ret = end_case(run, cases_out, result);
			begin(run, c, &row);
			run->began = !c->skip;
			if (ret == 0 && run->through && !c->skip)
				ret = begin_through(run, &row);
		}
		if (run->c->skip || ret)
			continue;
		ret = run_row(run, &row, csv, out, result);
	}
	return ret ? ret : end_case(run, cases_out, result);
}

static int run_group(const char *prefix, const char *group, struct vector_case *cases,
		     size_t count, struct vectors_through *through, FILE *out, FILE *cases_out,
		     struct vectors_result *result)
{
	struct csv *csv = malloc(sizeof(*csv));
	struct run *run = calloc(1, sizeof(*run));
	char path[PATH_MAX];
	int ret = -ENOMEM;

	if (snprintf(path, sizeof(path), "%s%s.csv.gz", prefix, group) >= (int)sizeof(path))
		ret = vectors_fail(result, -ENAMETOOLONG, "path too long");
	else if (csv && run) {
		/* Packed or not. */
		if (access(path, R_OK))
			path[strlen(path) - strlen(".gz")] = '\0';
		ret = csv_open(csv, path);
		run->through = through;
		if (ret == 0) {
			ret = run_series(csv, cases, count, run, out, cases_out, result);
			csv_close(csv);
		}
		if (ret < 0)
			vectors_fail(result, ret, csv->error);
	} else {
		vectors_fail(result, ret, "no memory");
	}
	free(csv);
	free(run);
	return ret;
}

static int run_all(const char *prefix, struct vector_case *cases, size_t count,
		   struct vectors_through *through, FILE *out, FILE *cases_out,
		   struct vectors_result *result)
{
	int ret = 0;

	if (out)
		fputs("case_id,t_s,p_pu,q_pu,status_code\n", out);
	if (cases_out)
		fputs("case_id,rows,p_diff_pu,q_diff_pu,status_off\n", cases_out);
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = vectors_prepare(&cases[i], result);
	/* The cases of a group stand together. */
	for (size_t i = 0; ret == 0 && i < count; i++)
		if (i == 0 || strcmp(cases[i].group, cases[i - 1].group) != 0)
			ret = run_group(prefix, cases[i].group, cases, count, through, out,
					cases_out, result);
	return ret;
}

/* Which cases are run: those of a name, and of them a share. */
struct choice {
	const char *only;
	unsigned int part;
	unsigned int parts;
};

static void choose(struct vector_case *cases, size_t count, const struct choice *choice)
{
	unsigned int n = 0;

	for (size_t i = 0; i < count; i++) {
		cases[i].skip = choice->only && !strstr(cases[i].id, choice->only);
		if (!cases[i].skip)
			cases[i].skip = n++ % choice->parts != choice->part;
	}
}

static int run_folder(const char *dir, const struct choice *choice,
		      struct vectors_through *through, FILE *out, FILE *cases_out,
		      struct vectors_result *result)
{
	struct vector_case *cases = NULL;
	char prefix[PATH_MAX];
	size_t count = 0;
	int ret = vectors_load(dir, prefix, sizeof(prefix) - NAME_LEN - 16, &cases, &count, result);

	if (ret == 0)
		choose(cases, count, choice);
	if (ret == 0)
		ret = run_all(prefix, cases, count, through, out, cases_out, result);
	vectors_free(cases, count);
	return ret;
}

int vectors_dynamic(const char *dir, FILE *out, FILE *cases_out, struct vectors_result *result)
{
	return run_folder(dir, &(struct choice){ .parts = 1 }, NULL, out, cases_out, result);
}

int vectors_run_through(const char *dir, const char *only, unsigned int part, unsigned int parts,
			struct vectors_through *through, struct vectors_result *result)
{
	const struct choice choice = { .only = only, .part = part, .parts = parts };
	const int ret = run_folder(dir, &choice, through, NULL, NULL, result);

	if (ret < 0 && through->error[0])
		memcpy(result->error, through->error, sizeof(result->error));
	return ret;
}
