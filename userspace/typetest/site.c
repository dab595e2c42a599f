// SPDX-License-Identifier: Apache-2.0
/*
 * The point of connection: the limit of export with a meter there, its loss,
 * and the load of the phases.
 */
#include <math.h>
#include <stdio.h>

#include "procedure.h"

/* A code without an export limit is tested with none allowed. */
static struct gc_export_settings wanted(const struct bench *b)
{
	struct gc_export_settings e = b->code.export;

	if (!e.enable)
		e.limit = 0;
	return e;
}

/*
 * AS/NZS 4777.2 clause 6.2 names 5 s for the hard limit (from memory), G100
 * likewise; EN 50549-1 leaves it to the operator.
 */
#define ANSWER_S 5.0

static void meter(struct bench *b, bool there, double load_pu)
{
	b->demand.metered = there;
	b->demand.site_pu = load_pu;
	bench_demand(b);
}

/* Export at the point of connection. */
static double exported(const struct bench *b)
{
	return bench_last(b).p_pu - b->demand.site_pu;
}

static void check_export(struct bench *b, const struct gc_export_settings *e, double load_pu,
			 const char *what)
{
	const double d = b->standard->p_pu;

	meter(b, true, load_pu);
	bench_run(b, ANSWER_S);
	bench_check(b, (struct result_line){
		.x = load_pu, .measured = exported(b), .expected = e->limit, .lo = e->limit - 2 * d,
		.hi = e->limit + d, .what = "export, pu" }, "%s: load %.0f %%", what, load_pu * 100);
}

static void check_loss(struct bench *b, const struct gc_export_settings *e)
{
	const double t0 = bench_now(b), d = b->standard->p_pu, before = bench_last(b).p_pu;

	meter(b, false, b->demand.site_pu);
	bench_run(b, e->timeout_s + 2);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = bench_last(b).p_pu, .expected = e->fail_limit, .lo = NAN,
		.hi = e->fail_limit + d, .what = "P, pu" }, "the meter is lost");
	bench_check(b, (struct result_line){
		.x = NAN, .measured = bench_reached(b, t0, false, before, e->fail_limit, 0.9),
		.expected = NAN, .lo = NAN, .hi = e->timeout_s + 0.2, .what = "fail-safe, s" },
		"  within %.1f s", e->timeout_s);
}

void site_run_export(struct bench *b, const struct procedure *p)
{
	const struct gc_export_settings e = wanted(b);
	struct gc_settings s = bench_alone(b);

	(void)p;
	s.export = b->charger.settings.export;
	if (!s.export.enable) {
		s.export.enable = 1;
		s.export.limit = 0;
	}
	bench_fresh(b, &s, 0);
	meter(b, true, 0.6);
	bench_power(b, b->lab->device.p_rated);
	check_export(b, &e, 0.6, "demand of rated power");
	check_export(b, &e, 0.2, "load falls");
	check_export(b, &e, 0.5, "load rises");
	check_loss(b, &e);
	check_export(b, &e, 0.5, "the meter is back");
	/* From the start without one. */
	bench_fresh(b, &s, b->lab->device.p_rated);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = bench_last(b).p_pu, .expected = e.fail_limit, .lo = NAN,
		.hi = e.fail_limit + b->standard->p_pu, .what = "P, pu" }, "no meter from the start");
}

/* ---- phases -------------------------------------------------------------------------- */

/* AS/NZS 4777.2: 5 % of the rated current between phases or 0.5 A; from memory, for all. */
#define UNBALANCE_PU 0.05
#define UNBALANCE_A 0.5

bool site_applies_unbalance(const struct gc_settings *s)
{
	(void)s;
	return true;
}

static void balanced(struct bench *b, double p_pu, int phase, double v_pu)
{
	const double rated_a = b->lab->device.s_rated / b->lab->device.v_nominal / 3;
	const struct gc_settings s = bench_alone(b);
	struct lab_row row;
	double most;

	bench_fresh(b, &s, p_pu);
	bench_phase(b, phase, v_pu);
	bench_run(b, 1);
	row = bench_last(b);
	most = fmax(fabs(row.i_phase_pu[0] - row.i_phase_pu[1]),
		    fmax(fabs(row.i_phase_pu[1] - row.i_phase_pu[2]),
			 fabs(row.i_phase_pu[2] - row.i_phase_pu[0])));
	bench_check(b, (struct result_line){
		.x = v_pu, .measured = most, .expected = 0, .lo = 0,
		.hi = fmax(UNBALANCE_PU, UNBALANCE_A / rated_a), .what = "dI, pu" },
		"P %+.2f pu, %s %.2f pu", p_pu, phase < 0 ? "all phases" : "L1", v_pu);
	bench_check(b, (struct result_line){
		.x = v_pu, .measured = row.p_pu, .expected = p_pu, .lo = p_pu - 0.05,
		.hi = p_pu + 0.05, .what = "P, pu" }, "  power flows");
}

/* What a code allows between phases, pu of this charger's rating; NaN: it says nothing. */
static double between(const struct bench *b)
{
	const struct gc_unbalance_settings *u = &b->code.unbalance;

	return fmin(u->limit, u->s_kva * 1e3 / b->lab->device.s_rated);
}

/* One phase only: what the others take or give besides decides how much it may. */
static void single(struct bench *b, double p_pu, double own, double others)
{
	const struct gc_settings s = bench_alone(b);
	const double limit = between(b), d = b->standard->p_pu;
	struct lab_row row;

	bench_fresh(b, &s, 0);
	b->demand.phases_metered = true;
	b->demand.phase_pu[0] = own;
	b->demand.phase_pu[1] = others;
	b->demand.phase_pu[2] = others;
	bench_power(b, p_pu);
	bench_run(b, 2);
	row = bench_last(b);
	bench_check(b, (struct result_line){
		.x = p_pu, .measured = fabs(own - row.p_pu - others), .expected = NAN, .lo = NAN,
		.hi = fmax(limit, fabs(own - others)) + d, .what = "between, pu" },
		"demand %+.2f pu, phases take %.2f, %.2f, %.2f", p_pu, own, others, others);
}

void site_run_unbalance(struct bench *b, const struct procedure *p)
{
	const double rated = b->lab->device.p_rated;

	(void)p;
	if (b->lab->device.phases == 3) {
		balanced(b, rated, -1, 1);
		balanced(b, -rated, -1, 1);
		balanced(b, 0.5, 0, 0.95);
		balanced(b, -0.5, 0, 1.05);
		return;
	}
	if (isnan(between(b))) {
		snprintf(b->result->error, sizeof(b->result->error),
			 "the code has no limit between phases for a charger on one");
		return;
	}
	single(b, rated, 0, 0);
	single(b, -rated, 0, 0);
	single(b, rated, 0, 0.5);
	single(b, -rated, 0.3, 0);
	single(b, rated, 0.5, 0);
}
