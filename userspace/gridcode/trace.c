// SPDX-License-Identifier: Apache-2.0
#include "trace.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"

/* A gap that would take longer to compute than to read about. */
#define STEPS_MAX 50000000UL

enum { T, V1, V2, V3, F, P, Q, COLUMNS };

struct trace {
	struct csv csv;
	struct gridcode engine;
	struct gc_settings settings;
	const struct trace_options *options;
	struct trace_result *result;
	struct gc_output output;
	double step_s;
	double from[COLUMNS];
	int at[COLUMNS];
	bool began;
};

static int find_columns(struct trace *trace)
{
	static const char *const names[COLUMNS] = { "t_s", "v1_pu", "v2_pu", "v3_pu", "f_hz",
						    "p_demand_pu", "q_demand_pu" };
	struct csv *csv = &trace->csv;

	for (int i = 0; i < COLUMNS; i++)
		trace->at[i] = csv_column(csv, names[i]);
	for (int i = 0; i < COLUMNS; i++)
		if (trace->at[i] < 0 && (i == T || i == V1 || i == F || i == P))
			return csv_fail(csv, -EINVAL, "no column %s; expected t_s,v1_pu[,v2_pu,v3_pu],"
					"f_hz,p_demand_pu[,q_demand_pu]", names[i]);
	if ((trace->at[V2] < 0) != (trace->at[V3] < 0))
		return csv_fail(csv, -EINVAL, "v2_pu and v3_pu stand together or not at all");
	if (trace->at[V2] < 0)
		trace->settings.rating.phases = GC_ONE_PHASE;
	return 0;
}

static int read_row(struct trace *trace, double *x)
{
	struct csv *csv = &trace->csv;
	int ret = csv_number(csv, trace->at[T], &x[T]);

	for (int i = V1; ret == 0 && i < COLUMNS; i++) {
		x[i] = (double)NAN;
		if (trace->at[i] < 0)
			continue;
		/* The demand is ours to know; measurements may be missing. */
		ret = i == P ? csv_number(csv, trace->at[i], &x[i]) :
			       csv_number_or_none(csv, trace->at[i], &x[i]);
	}
	if (trace->at[V2] < 0) {
		x[V2] = x[V1];
		x[V3] = x[V1];
	}
	return ret;
}

static void one_step(struct trace *trace, const double *to, double share, double dt_s)
{
	const enum gc_state before = trace->output.state;
	struct gc_input in = gc_input_none(dt_s);
	double x[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		x[i] = share >= 1 ? to[i] :
		       trace->options->hold ? trace->from[i] :
					      trace->from[i] + (to[i] - trace->from[i]) * share;
	memcpy(in.v_pu, &x[V1], sizeof(in.v_pu));
	in.f_hz = x[F];
	in.p_want_pu = x[P];
	in.q_want_pu = x[Q];
	gridcode_step(&trace->engine, &in, &trace->output);
	trace->result->steps++;
	if (trace->began && trace->output.state != before) {
		trace->result->changes++;
		trace->result->trips += trace->output.state == GC_TRIP;
	}
	trace->began = true;
}

/* Whole steps of equal length from the row before to this one. */
static int steps_to(struct trace *trace, const double *to)
{
	const double span_s = to[T] - trace->from[T];
	const double wanted = ceil(span_s / trace->step_s - 1e-6);
	unsigned long count;

	if (!trace->began) {
		one_step(trace, to, 1, trace->step_s);
		return 0;
	}
	if (!(span_s > 0))
		return csv_fail(&trace->csv, -EINVAL, "t_s does not rise");
	if (wanted > (double)STEPS_MAX)
		return csv_fail(&trace->csv, -EINVAL, "%g s since the row before", span_s);
	count = wanted < 1 ? 1 : (unsigned long)wanted;
	for (unsigned long k = 1; k <= count; k++)
		one_step(trace, to, k == count ? 1 : (double)k / (double)count,
			 span_s / (double)count);
	return 0;
}

static const char *reason(const struct gc_output *o)
{
	return gc_reason_name(o->p_by == GC_BY_NOTHING ? o->q_by : o->p_by);
}

static void write_row(const struct trace *trace, FILE *out)
{
	const struct csv *csv = &trace->csv;
	const struct gc_output *o = &trace->output;

	for (unsigned int i = 0; i < csv->count; i++)
		fprintf(out, "%s,", csv->fields[i]);
	/* Adding zero makes minus zero zero. */
	fprintf(out, "%.6f,%.6f,%s,%s\n", o->p_pu + 0.0, o->q_pu + 0.0, gc_state_name(o->state),
		reason(o));
}

static int run(struct trace *trace, FILE *out)
{
	struct csv *csv = &trace->csv;
	int ret = find_columns(trace);

	if (ret)
		return ret;
	for (unsigned int i = 0; i < csv->name_count; i++)
		fprintf(out, "%s,", csv->names[i]);
	fputs("p_pu,q_pu,state,reason\n", out);
	gridcode_init(&trace->engine, &trace->settings, !trace->options->waiting);
	while (ret == 0 && (ret = csv_next(csv)) > 0) {
		double x[COLUMNS];

		ret = read_row(trace, x);
		if (ret == 0)
			ret = steps_to(trace, x);
		if (ret)
			return ret;
		memcpy(trace->from, x, sizeof(x));
		trace->result->rows++;
		write_row(trace, out);
	}
	if (ret == 0 && trace->result->rows == 0)
		return csv_fail(csv, -EINVAL, "no rows");
	return ret;
}

int trace_replay(const char *path, FILE *out, const struct gc_settings *settings,
		 const struct trace_options *options, struct trace_result *result)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	int ret = -ENOMEM;

	*result = (struct trace_result){ .error = "no memory" };
	if (!trace)
		return ret;
	trace->settings = *settings;
	trace->options = options;
	trace->result = result;
	trace->step_s = options->step_s > 0 ? options->step_s : 1 / settings->nominal.f_hz;
	ret = csv_open(&trace->csv, path);
	if (ret == 0) {
		ret = run(trace, out);
		csv_close(&trace->csv);
	}
	snprintf(result->error, sizeof(result->error), "%s", trace->csv.error);
	free(trace);
	return ret;
}
