// SPDX-License-Identifier: Apache-2.0
/*
 * CEI 0-21's interface protection (SPI): the external signal, and the self-test
 * (autotest) that an installer runs and keeps. The self-test moves each
 * threshold towards what the charger itself measures, at most 0.05 Hz/s or
 * 0.05 Vn/s (two inverters' manuals), until the stage trips; value and time go
 * into the report.
 *
 * The kernel's timers begin anew with another table, so the ramp stands as soon
 * as it is past the measurement, and the time counts from there. It takes no
 * over-limit below nominal and no under-limit above: the grid has to be on the
 * stage's side of nominal, which a laboratory's source is made to be.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "follow.h"
#include "gridcode/selftest.h"
#include "procedure.h"

#define RAMP_PER_S 0.05	/* Vn or Hz */
/* Past the measurement: more than its noise. */
#define PAST_V 0.003
#define PAST_HZ 0.010
/* Off nominal, towards the stage. */
#define SIDE_V 0.02
#define SIDE_HZ 0.05
/* The wide window is far: this near to its limit, on the way there no faster than this. */
#define NEAR_HZ 0.2
#define NEAR_HZ_PER_S 0.8
/*
 * Annex A, from memory: 1 % of Vn, 20 mHz, 3 % and 20 ms, either way.
 */
#define GOOD_V 0.01
#define GOOD_HZ 0.02
#define GOOD_SHARE 0.03
#define GOOD_S 0.02

bool interface_has_stage(const char *name)
{
	for (size_t i = 0; i < GC_SELFTEST_STAGES; i++) {
		if (strcmp(gc_selftest_stages[i].name, name) == 0)
			return true;
	}
	return false;
}

bool interface_applies(const struct gc_settings *s)
{
	return !isnan(s->external.f_high_hz);
}

/* ---- self-test ------------------------------------------------------------------------- */

/* What the stage looks at, as the charger measures it: the phase nearest to its limit. */
static double looked_at(const struct bench *b, const struct gc_selftest_stage *st)
{
	const struct gc_input *in = &b->lab->follow->in;
	double v = in->v_pu[0];

	if (st->f)
		return in->f_hz;
	for (int x = 1; x < 3; x++)
		v = st->sign > 0 ? fmax(v, in->v_pu[x]) : fmin(v, in->v_pu[x]);
	return v;
}

static void move(struct bench *b, const struct gc_selftest_stage *st, struct gc_settings *s, double limit)
{
	gc_param_put(s, gc_param_named(st->limit), limit);
	bench_protect(b, s);
}

/* To just past the measurement; when that was, NaN: a trip came before. */
static double ramp(struct bench *b, const struct gc_selftest_stage *st, struct gc_settings *s, double *limit)
{
	const double cycle_s = 1 / b->code.nominal.f_hz;
	const double past = st->f ? PAST_HZ : PAST_V;
	const double step = RAMP_PER_S * cycle_s;
	double since = NAN;

	while (!b->broken && isnan(bench_times(b).trip)) {
		if (st->sign * (looked_at(b, st) - *limit) >= past)
			return since;
		*limit -= st->sign * step;
		since = bench_now(b);
		move(b, st, s, *limit);
		bench_run(b, cycle_s);
	}
	return NAN;
}

static void aside(struct bench *b, const struct gc_selftest_stage *st)
{
	if (st->f && !st->narrow)
		bench_ramp(b, gc_param_get(&b->code, gc_param_named(st->limit)) - st->sign * NEAR_HZ,
			   NEAR_HZ_PER_S);
	else if (st->f)
		bench_frequency(b, b->code.nominal.f_hz + st->sign * SIDE_HZ);
	else
		bench_voltage(b, 1 + st->sign * SIDE_V);
	/* The mean of ten minutes follows slowly: only time brings it there. */
	bench_run(b, strcmp(st->name, "59.S1") == 0 ? b->code.mean.window_s : 0.5);
}

static void report(struct bench *b, const struct gc_selftest_stage *st, double limit, double seen,
		   double since)
{
	const double code = gc_param_get(&b->code, gc_param_named(st->limit));
	const double time_s = gc_param_get(&b->code, gc_param_named(st->time));
	const double good = st->f ? GOOD_HZ : GOOD_V;
	/* The mean is looked at every three seconds. */
	const double more = strcmp(st->name, "59.S1") == 0 ? 3 : 0;

	bench_check(b, (struct result_line){
		.x = code, .measured = limit, .expected = seen, .lo = seen - good, .hi = seen + good,
		.what = st->f ? "value, Hz" : "value, pu" }, "  threshold moved");
	bench_check(b, (struct result_line){
		.x = code, .measured = bench_times(b).trip - since, .expected = time_s,
		.lo = more > 0 ? 0 : time_s * (1 - GOOD_SHARE) - GOOD_S,
		.hi = time_s * (1 + GOOD_SHARE) + GOOD_S + more, .what = "time, s" }, "  trip time");
}

static void self_test(struct bench *b, const struct gc_selftest_stage *st)
{
	struct gc_settings s = b->charger.settings;
	double limit = gc_param_get(&s, gc_param_named(st->limit)), since, seen;

	if (isnan(gc_param_get(&b->code, gc_param_named(st->limit))))
		return;
	bench_check(b, (struct result_line){
		.x = NAN, .measured = limit, .expected = gc_param_get(&b->code, gc_param_named(st->limit)),
		.lo = gc_param_get(&b->code, gc_param_named(st->limit)),
		.hi = gc_param_get(&b->code, gc_param_named(st->limit)),
		.what = st->f ? "set, Hz" : "set, pu" }, "%s", st->name);
	s.external.local = st->narrow;
	bench_fresh(b, &s, 0.5 * b->lab->device.p_rated);
	aside(b, st);
	since = ramp(b, st, &s, &limit);
	seen = looked_at(b, st);
	bench_run(b, gc_param_get(&b->code, gc_param_named(st->time)) + 4);
	report(b, st, limit, seen, since);
}

void interface_run_self_test(struct bench *b, const struct procedure *p)
{
	(void)p;
	if (!b->lab->ops->protect) {
		bench_protect(b, &b->charger.settings); /* says so */
		return;
	}
	/* A trip says all: how much power it ends is another test's business. */
	b->lab->ramping = true;
	for (size_t i = 0; i < GC_SELFTEST_STAGES; i++) {
		/* Ten minutes of waiting. */
		if (i == 0 && b->brief)
			continue;
		if (b->stage && strcmp(b->stage, gc_selftest_stages[i].name) != 0)
			continue;
		self_test(b, &gc_selftest_stages[i]);
	}
	b->lab->ramping = false;
}

/* ---- external signal --------------------------------------------------------------------- */

/* Between both windows: only the narrow one trips there. */
static void step(struct bench *b, bool narrow, double f_hz, double time_s)
{
	struct gc_settings s = bench_alone(b);
	const double most = time_s + GOOD_S;
	double from;

	s.external = b->charger.settings.external;
	s.external.local = narrow && !isnan(s.external.f_high_hz);
	bench_fresh(b, &s, 0.9 * b->lab->device.p_rated);
	bench_run(b, 0.5);
	from = bench_now(b);
	bench_frequency(b, f_hz);
	bench_run(b, 2);
	if (narrow)
		bench_check(b, (struct result_line){
			.x = f_hz, .measured = bench_times(b).current - from, .expected = NAN,
			.lo = NAN, .hi = most, .what = "current gone, s" },
			"signal on, %.2f Hz", f_hz);
	else
		bench_check(b, (struct result_line){
			.x = f_hz, .measured = bench_out_since(b, from), .expected = 0, .lo = 0,
			.hi = 0, .what = "trips" }, "signal off, %.2f Hz for 2 s", f_hz);
}

void interface_run_signal(struct bench *b, const struct procedure *p)
{
	const struct gc_external_settings *e = &b->code.external;

	(void)p;
	for (int narrow = 0; narrow < 2; narrow++) {
		step(b, narrow, e->f_high_hz + 0.15, e->f_high_s);
		step(b, narrow, e->f_low_hz - 0.15, e->f_low_s);
	}
}
