// SPDX-License-Identifier: Apache-2.0
/*
 * Frequency droop of IEEE 1547-2018 clause 6.5.2.7: steps of frequency either
 * side of the dead band, discharging and charging.
 * P = Ppre - Prated (f - fn - db) / (fn k) above, and the same from below.
 */
#include <math.h>
#include <stdio.h>

#include "characteristic.h"
#include "procedure.h"

bool droop_applies(const struct gc_settings *s)
{
	return !isnan(s->droop.k_over) && !isnan(s->droop.db_over_hz);
}

static double droop_line(const struct bench *b, double p_before, double f_hz)
{
	const struct gc_droop_settings *s = &b->code.droop;
	const double fn = b->code.nominal.f_hz, most = b->lab->device.p_rated;

	if (f_hz > fn + s->db_over_hz)
		return fmax(p_before - most * (f_hz - fn - s->db_over_hz) / (fn * s->k_over), -most);
	if (f_hz < fn - s->db_under_hz)
		return fmin(p_before + most * (fn - s->db_under_hz - f_hz) / (fn * s->k_under), most);
	return p_before;
}

static struct result_point band(const struct bench *b, double p_before, double f_hz)
{
	const double df = b->standard->band * b->standard->f_hz;
	const double dp = b->standard->band * b->standard->p_pu;

	return (struct result_point){
		.x = f_hz, .y = droop_line(b, p_before, f_hz),
		.lo = droop_line(b, p_before, f_hz + df) - dp,
		.hi = droop_line(b, p_before, f_hz - df) + dp,
	};
}

static void check_step(struct bench *b, double p_before, double f_hz)
{
	const double response_s = b->code.droop.response_s;
	const double old = droop_line(b, p_before, b->source.f_hz), t0 = bench_now(b);
	const struct result_point p = band(b, p_before, f_hz);

	bench_frequency(b, f_hz);
	bench_run(b, response_s * 2 + 0.4);
	bench_check(b, (struct result_line){
		.x = f_hz, .measured = bench_last(b).p_pu, .expected = p.y, .lo = p.lo, .hi = p.hi,
		.what = characteristic_what(b, false) }, "%.3f Hz, from %+.2f pu", f_hz, p_before);
	if (fabs(p.y - old) > 0.1)
		bench_check(b, (struct result_line){
			.x = f_hz, .measured = bench_reached(b, t0, false, old, p.y, 0.9),
			.expected = response_s, .lo = NAN,
			.hi = response_s * (1 + 1.5 * b->standard->time_share) + 0.1,
			.what = "90 % of step, s" }, "  response");
}

static void staircase(struct bench *b, bool over, double p_pu)
{
	static const double shares[] = { 0.1, 0.5, 1, 0.5, 0.1 };
	const struct gc_droop_settings *d = &b->code.droop;
	const double fn = b->code.nominal.f_hz;
	const double start = over ? fn + d->db_over_hz : fn - d->db_under_hz;
	/* As far as the mandatory range goes, and no trip on the way. */
	const double end = over ? fn + 1.15 : fn - 1.15;
	struct gc_settings s = bench_alone(b);
	double p_before;

	s.droop = b->charger.settings.droop;
	s.droop.enable = s.droop.enable || !b->code.droop.enable;
	bench_fresh(b, &s, p_pu);
	p_before = bench_last(b).p_pu;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
		check_step(b, p_before, start + (end - start) * shares[i]);
	bench_frequency(b, fn);
	bench_run(b, d->response_s * 2 + 0.4);
	bench_check(b, (struct result_line){
		.x = fn, .measured = bench_last(b).p_pu, .expected = p_before,
		.lo = p_before - b->standard->band * b->standard->p_pu,
		.hi = p_before + b->standard->band * b->standard->p_pu, .what = "P, pu" },
		"%.3f Hz, back", fn);
}

static void draw(struct bench *b)
{
	struct result *r = b->result;
	const double fn = b->code.nominal.f_hz;

	snprintf(r->x_name, sizeof(r->x_name), "frequency, Hz");
	snprintf(r->y_name, sizeof(r->y_name), "P, pu");
	for (int i = 0; i <= 80; i++)
		r->curve[r->curve_count++] = band(b, 0.5, fn - 1.2 + 2.4 * i / 80);
}

static void staircases(struct bench *b)
{
	/* The plot is of the code's own. */
	if (!b->characteristic)
		draw(b);
	if (!b->brief) {
		staircase(b, true, b->lab->device.p_rated);
		staircase(b, true, -0.3);
		staircase(b, false, -b->lab->device.p_rated);
		staircase(b, false, -0.3);
	}
	staircase(b, true, 0.5);
	staircase(b, false, 0.5);
}

void droop_run(struct bench *b, const struct procedure *p)
{
	characteristic_run(b, p, staircases);
}
