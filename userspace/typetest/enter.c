// SPDX-License-Identifier: Apache-2.0
/*
 * Enter service and reconnection: no power outside of the window, none before
 * the delay, not more than the ramp allows. IEEE 1547.1-2020 clause 5.6: not
 * before 98.5 % of the delay, not at full power before 98.5 % of delay and ramp.
 */
#include <math.h>
#include <stdio.h>

#include "procedure.h"

#define EARLY 0.985
/* Power judged at the end of a ramp: what a charger has at the lowest voltage of the window. */
#define FULL 0.85
#define BRIEF_S 12.0
#define OUTSIDE_S 3.0
/* Coming to power takes the charger this long after it may. */
#define START_S 6.0

/* One side of the window. */
struct edge {
	const char *name;
	double outside;
	double inside;
	bool voltage;
};

/* The short form runs the code's times shortened, the charger's likewise. */
static double factor(const struct bench *b, double time_s)
{
	return b->brief && time_s > BRIEF_S ? BRIEF_S / time_s : 1;
}

static void shorten(struct gc_window_settings *w, double delay_by, double ramp_by)
{
	w->delay_s *= delay_by;
	w->ramp_s *= ramp_by;
	w->random_s = 0;
}

static double or_else(double value, double fallback)
{
	return isnan(value) ? fallback : value;
}

/* What holds at a reconnection: what is not said is as at the first start. */
static struct gc_window_settings window_of(const struct gc_settings *s, bool again)
{
	struct gc_window_settings w = s->enter.start;

	if (again) {
		w.v_low = or_else(s->enter.again.v_low, w.v_low);
		w.v_high = or_else(s->enter.again.v_high, w.v_high);
		w.f_low_hz = or_else(s->enter.again.f_low_hz, w.f_low_hz);
		w.f_high_hz = or_else(s->enter.again.f_high_hz, w.f_high_hz);
		w.delay_s = or_else(s->enter.again.delay_s, w.delay_s);
		w.ramp_s = or_else(s->enter.again.ramp_s, w.ramp_s);
	}
	return w;
}

static void set_edge(struct bench *b, const struct edge *e, bool inside)
{
	if (e->voltage)
		bench_voltage(b, inside ? e->inside : e->outside);
	else
		bench_frequency(b, inside ? e->inside : e->outside);
}

/* First time of more than 2 % of power after @from; NaN: none. */
static double power_from(const struct bench *b, double from, double least)
{
	for (size_t i = 0; i < b->result->row_count; i++) {
		const struct lab_row *row = &b->result->rows[i];

		if (row->t_s > from && row->p_pu > least)
			return row->t_s - from;
	}
	return NAN;
}

/* Largest power in @from .. @to that is above the ramp from @start on. */
static double above_ramp(const struct bench *b, double start, double ramp_s, double to)
{
	double worst = -1;

	for (size_t i = 0; i < b->result->row_count; i++) {
		const struct lab_row *row = &b->result->rows[i];

		if (row->t_s >= start && row->t_s <= to)
			worst = fmax(worst, row->p_pu - (row->t_s - start) / ramp_s);
	}
	return worst;
}

static void check_ramp(struct bench *b, const struct gc_window_settings *w, double inside_at)
{
	const double start = inside_at + w->delay_s * EARLY;

	if (!(w->ramp_s > 1))
		return;
	bench_run(b, w->ramp_s + START_S);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = power_from(b, inside_at, FULL),
		.expected = w->delay_s + FULL * w->ramp_s,
		.lo = EARLY * (w->delay_s + FULL * w->ramp_s - 0.5),
		.hi = w->delay_s + w->ramp_s + START_S, .what = "85 % of power, s" }, "  ramp of %.0f s", w->ramp_s);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = above_ramp(b, start, w->ramp_s, bench_now(b)), .expected = 0,
		.lo = NAN, .hi = 0.05, .what = "above ramp, pu" }, "  largest excess over the ramp");
}

static void check_edge(struct bench *b, const struct edge *e, const struct gc_window_settings *w,
		       bool ramp)
{
	double from;

	set_edge(b, e, false);
	bench_run(b, OUTSIDE_S + (b->brief ? 0 : w->delay_s));
	bench_check(b, (struct result_line){
		.x = e->outside, .measured = isnan(power_from(b, 0, 0.02)) ? 0 : 1, .expected = 0,
		.lo = 0, .hi = 0, .what = "feeds" }, "%s, %.3f %s", e->name, e->outside,
		e->voltage ? "pu" : "Hz");
	from = bench_now(b);
	set_edge(b, e, true);
	/* A short excursion in the middle begins the delay anew. */
	if (ramp && w->delay_s > 5) {
		bench_run(b, w->delay_s / 2);
		set_edge(b, e, false);
		bench_run(b, 1);
		from = bench_now(b);
		set_edge(b, e, true);
	}
	bench_run(b, w->delay_s + START_S + (w->ramp_s > 1 ? 0.05 * w->ramp_s : 0));
	bench_check(b, (struct result_line){
		.x = e->inside, .measured = power_from(b, from, 0.02), .expected = w->delay_s,
		.lo = EARLY * w->delay_s,
		.hi = w->delay_s + START_S + (w->ramp_s > 1 ? 0.05 * w->ramp_s : 0),
		.what = "power from, s" }, "  %.3f %s, delay %.0f s", e->inside,
		e->voltage ? "pu" : "Hz", w->delay_s);
	if (ramp)
		check_ramp(b, w, from);
}

static void edges_of(const struct bench *b, const struct gc_window_settings *w, struct edge *e)
{
	const double v = 2 * b->standard->v_pu, f = 2 * b->standard->f_hz;

	e[0] = (struct edge){ "V below", w->v_low - v, w->v_low + v, true };
	e[1] = (struct edge){ "V above", w->v_high + v, w->v_high - v, true };
	e[2] = (struct edge){ "f below", w->f_low_hz - f, w->f_low_hz + f, false };
	e[3] = (struct edge){ "f above", w->f_high_hz + f, w->f_high_hz - f, false };
}

static struct gc_settings shortened(const struct bench *b, double delay_by, double ramp_by)
{
	struct gc_settings s = bench_alone(b);

	shorten(&s.enter.start, delay_by, ramp_by);
	shorten(&s.enter.again, delay_by, ramp_by);
	/* The short delay after a short disturbance is not what is tested. */
	s.enter.short_s = NAN;
	return s;
}

void enter_run(struct bench *b, const struct procedure *p)
{
	struct gc_window_settings w = window_of(&b->code, false);
	const double delay_by = factor(b, w.delay_s), ramp_by = factor(b, w.ramp_s);
	const struct gc_settings s = shortened(b, delay_by, ramp_by);
	struct edge edges[4];

	(void)p;
	shorten(&w, delay_by, ramp_by);
	edges_of(b, &w, edges);
	for (int i = 0; i < 4; i++) {
		bench_waiting(b, &s, b->lab->device.p_rated);
		check_edge(b, &edges[i], &w, i == 0);
	}
}

/* A trip that is over at once: what the code asks for before power comes back. */
void enter_run_again(struct bench *b, const struct procedure *p)
{
	struct gc_window_settings w = window_of(&b->code, true);
	const double delay_by = factor(b, w.delay_s), ramp_by = factor(b, w.ramp_s);
	const struct gc_settings s = shortened(b, delay_by, ramp_by);
	const struct gc_stage *uv = b->code.trip.uv;
	double v = 1, time_s = 0, from;

	(void)p;
	shorten(&w, delay_by, ramp_by);
	for (int i = 0; i < GC_UV_STAGES; i++) {
		if (!isnan(uv[i].limit) && uv[i].limit < v) {
			v = uv[i].limit;
			time_s = uv[i].time_s;
		}
	}
	bench_fresh(b, &s, b->lab->device.p_rated);
	bench_voltage(b, v - 0.1);
	bench_run(b, time_s + 0.5);
	from = bench_now(b);
	bench_check(b, (struct result_line){
		.x = v - 0.1, .measured = bench_out_since(b, 0), .expected = 1, .lo = 1, .hi = 1,
		.what = "trips" }, "V to %.3f pu for %.2f s", v - 0.1, time_s + 0.5);
	bench_voltage(b, 1);
	bench_run(b, w.delay_s + START_S + (w.ramp_s > 1 ? 0.05 * w.ramp_s : 0));
	bench_check(b, (struct result_line){
		.x = 1, .measured = power_from(b, from, 0.02), .expected = w.delay_s,
		.lo = EARLY * w.delay_s,
		.hi = w.delay_s + START_S + (w.ramp_s > 1 ? 0.05 * w.ramp_s : 0),
		.what = "power from, s" }, "  back to 1 pu, delay %.0f s", w.delay_s);
	check_ramp(b, &w, from);
}
