// SPDX-License-Identifier: Apache-2.0
/*
 * The sampling of AS/NZS 4777.2: each sloping segment of a curve in five equal
 * steps up and down, 20 s a step. At 10.2 s after a step the output is where it
 * belongs, within twice the tolerance of 4 % of rated VA; at 1.2 s after a step
 * large enough to tell it has begun to move by as much. (The times are the
 * standard's commencement and completion and 0.2 s; public test scripts.)
 */
#include <math.h>

#include "procedure.h"

#define STEPS 5
#define DWELL_S 20.0
#define BEGUN_S 1.2
#define DONE_S 10.2
/*
 * A lag of ten seconds is a quarter of the way after 1.2 s: a step of less than
 * this cannot show 8 % then. Not from the standard.
 */
#define TELLING_PU 0.4

/* A sloping segment: output @y0 at @v0, @y1 at @v1. */
struct segment {
	const char *name;
	double v0, y0, v1, y1;
	double p_pu;	/* demand */
	int one_sided;	/* 1: the output may be less; -1: more; 0: neither */
	bool q;
};

bool sampling_applies(const struct gc_settings *s)
{
	return s->volt_var.enable || s->volt_watt.enable || s->volt_watt_charge.enable;
}

static double output(const struct bench *b, const struct segment *g, double t_s)
{
	return bench_at(b, t_s, g->q);
}

static struct result_line judged(const struct bench *b, const struct segment *g, double y)
{
	const double d = 2 * b->standard->q_pu;

	return (struct result_line){
		.expected = y, .lo = g->one_sided > 0 ? NAN : y - d,
		.hi = g->one_sided < 0 ? NAN : y + d, .what = g->q ? "Q, pu" : "P, pu",
	};
}

static void step_to(struct bench *b, const struct segment *g, double share)
{
	const double v = g->v0 + (g->v1 - g->v0) * share, y = g->y0 + (g->y1 - g->y0) * share;
	const double t0 = bench_now(b);
	struct result_line line = judged(b, g, y);

	bench_voltage(b, v);
	bench_run(b, b->brief ? DONE_S + 0.1 : DWELL_S);
	line.x = v;
	line.measured = output(b, g, t0 + DONE_S);
	bench_check(b, line, "%s, V %.4f pu, at %.1f s", g->name, v, DONE_S);
}

/* The whole segment at once: begun and done. */
static void leap(struct bench *b, const struct gc_settings *s, const struct segment *g)
{
	struct result_line line = judged(b, g, g->y1);
	double t0, before;

	bench_fresh(b, s, g->p_pu);
	bench_voltage(b, g->v0);
	bench_run(b, 2 * DONE_S);
	t0 = bench_now(b);
	before = output(b, g, t0);
	bench_voltage(b, g->v1);
	bench_run(b, DONE_S + 0.1);
	if (fabs(g->y1 - g->y0) >= TELLING_PU)
		bench_check(b, (struct result_line){
			.x = g->v1, .measured = fabs(output(b, g, t0 + BEGUN_S) - before),
			.expected = NAN, .lo = 2 * b->standard->q_pu, .hi = NAN,
			.what = "moved, pu" }, "%s, V %.4f -> %.4f pu, at %.1f s", g->name, g->v0,
			g->v1, BEGUN_S);
	line.x = g->v1;
	line.measured = output(b, g, t0 + DONE_S);
	bench_check(b, line, "  at %.1f s", DONE_S);
}

static void run_segment(struct bench *b, const struct gc_settings *s, const struct segment *g)
{
	const int every = b->brief ? 2 : 1;

	bench_fresh(b, s, g->p_pu);
	bench_voltage(b, g->v0);
	bench_run(b, 2 * DONE_S);
	for (int i = 1; i <= STEPS; i += every)
		step_to(b, g, (double)i / STEPS);
	for (int i = STEPS - 1; i >= 0; i -= every)
		step_to(b, g, (double)i / STEPS);
	leap(b, s, g);
}

static void volt_var(struct bench *b)
{
	const struct gc_volt_var_settings *c = &b->code.volt_var;
	const double inject = b->code.rating.q_inject_pu, absorb = b->code.rating.q_absorb_pu;
	struct gc_settings s = bench_alone(b);
	const struct segment segments[] = {
		{ .name = "volt-var low", .v0 = c->v[1], .y0 = c->q[1], .v1 = c->v[0],
		  .y1 = fmin(c->q[0], inject), .p_pu = 0.5, .q = true },
		{ .name = "volt-var high", .v0 = c->v[2], .y0 = c->q[2], .v1 = c->v[3],
		  .y1 = fmax(c->q[3], -absorb), .p_pu = 0.5, .q = true },
	};

	s.volt_var = b->charger.settings.volt_var;
	for (size_t i = 0; i < 2; i++) {
		struct segment g = segments[i];
		const double whole = i ? c->q[3] - c->q[2] : c->q[0] - c->q[1];

		/* What the charger cannot give any more is flat: the slope ends there. */
		g.v1 = g.v0 + (g.v1 - g.v0) * (g.y1 - g.y0) / whole;
		run_segment(b, &s, &g);
	}
}

/* The standard tests the end 1 V below it. */
static void volt_watt(struct bench *b)
{
	const struct gc_volt_watt_settings *c = &b->code.volt_watt;
	const double rated = b->lab->device.p_rated, volt = 1 / b->code.nominal.v_v;
	const double end = (c->v2 - volt - c->v1) / (c->v2 - c->v1);
	struct gc_settings s = bench_alone(b);
	const struct segment g = {
		.name = "volt-watt", .v0 = c->v1, .y0 = c->p1 * rated, .v1 = c->v2 - volt,
		.y1 = (c->p1 + (c->p2 - c->p1) * end) * rated, .p_pu = rated, .one_sided = 1,
	};

	s.volt_watt = b->charger.settings.volt_watt;
	run_segment(b, &s, &g);
}

static void volt_watt_charge(struct bench *b)
{
	const struct gc_volt_watt_settings *c = &b->code.volt_watt_charge;
	const double rated = b->lab->device.p_rated;
	struct gc_settings s = bench_alone(b);
	const struct segment g = {
		.name = "charging at low voltage", .v0 = c->v2, .y0 = -c->p2 * rated, .v1 = c->v1,
		.y1 = -c->p1 * rated, .p_pu = -rated, .one_sided = -1,
	};

	s.volt_watt_charge = b->charger.settings.volt_watt_charge;
	run_segment(b, &s, &g);
}

void sampling_run(struct bench *b, const struct procedure *p)
{
	(void)p;
	if (b->code.volt_var.enable)
		volt_var(b);
	if (b->code.volt_watt.enable)
		volt_watt(b);
	if (b->code.volt_watt_charge.enable)
		volt_watt_charge(b);
}
