// SPDX-License-Identifier: Apache-2.0
/*
 * Fixed orders: constant power factor and reactive power, a limit of active
 * power, the withdrawn permit, the slope of a demand; and IEEE 1547.1's
 * sequence of priorities.
 */
#include <math.h>
#include <stdio.h>

#include "procedure.h"

static double dwell_s(double response_s)
{
	return response_s * 2 + 0.4;
}

/* Q of a power factor at the P that is there, as far as Q goes. */
static void check_pf(struct bench *b, double p_pu, double pf, bool inject, double response_s)
{
	const double d = b->standard->band * b->standard->q_pu;
	struct lab_row row;
	double q;

	bench_power(b, p_pu);
	bench_run(b, dwell_s(response_s));
	row = bench_last(b);
	q = row.p_pu * tan(acos(pf)) * (inject ? 1 : -1);
	q = fmin(fmax(q, -b->code.rating.q_absorb_pu), b->code.rating.q_inject_pu);
	bench_check(b, (struct result_line){
		.x = row.p_pu, .measured = row.q_pu, .expected = q, .lo = q - d, .hi = q + d,
		.what = "Q, pu" }, "P %+.3f pu, cos phi %.2f %s", row.p_pu, pf,
		inject ? "injecting" : "absorbing");
}

void fixed_run_pf(struct bench *b, const struct procedure *p)
{
	static const double powers[] = { 0.2, 0.66, 1, -0.5, -1 };
	struct gc_settings s = bench_alone(b);

	(void)p;
	s.const_pf = b->charger.settings.const_pf;
	s.const_pf.enable = 1;
	for (int inject = 0; inject < 2; inject++) {
		s.const_pf.pf = 0.92;
		s.const_pf.excitation = inject ? GC_INJECTING : GC_ABSORBING;
		bench_fresh(b, &s, 0);
		for (size_t i = 0; i < sizeof(powers) / sizeof(powers[0]); i++)
			check_pf(b, powers[i] * b->lab->device.p_rated, 0.92, inject,
				 b->code.const_pf.response_s);
	}
}

bool fixed_applies_pf(const struct gc_settings *s)
{
	return !isnan(s->const_pf.response_s);
}

void fixed_run_q(struct bench *b, const struct procedure *p)
{
	static const double shares[] = { 1, 0.5, -0.5, -1 };
	const double d = b->standard->band * b->standard->q_pu;
	struct gc_settings s = bench_alone(b);

	(void)p;
	s.const_q = b->charger.settings.const_q;
	s.const_q.enable = 1;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		const double q = shares[i] * (shares[i] > 0 ? b->code.rating.q_inject_pu :
							      b->code.rating.q_absorb_pu);

		s.const_q.q = q;
		bench_fresh(b, &s, i % 2 ? -0.6 : 0.6);
		bench_run(b, dwell_s(b->code.const_q.response_s));
		bench_check(b, (struct result_line){
			.x = q, .measured = bench_last(b).q_pu, .expected = q, .lo = q - d, .hi = q + d,
			.what = "Q, pu" }, "order Q %+.3f pu at P %+.1f pu", q, i % 2 ? -0.6 : 0.6);
	}
}

bool fixed_applies_limit(const struct gc_settings *s)
{
	return !isnan(s->limit.response_s);
}

void fixed_run_limit(struct bench *b, const struct procedure *p)
{
	static const double limits[] = { 0.66, 0.33, 0 };
	const double d = b->standard->band * b->standard->p_pu;
	const double rated = b->lab->device.p_rated, response_s = b->code.limit.response_s;
	struct gc_settings s = bench_alone(b);

	(void)p;
	s.limit = b->charger.settings.limit;
	s.limit.enable = 1;
	s.limit.limit = 1;
	bench_fresh(b, &s, rated);
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const double y = limits[i] * rated, old = bench_last(b).p_pu, t0 = bench_now(b);

		s.limit.limit = limits[i];
		bench_change(b, &s);
		bench_run(b, response_s + 1);
		bench_check(b, (struct result_line){
			.x = limits[i], .measured = bench_last(b).p_pu, .expected = y, .lo = y - d,
			.hi = y + d, .what = "P, pu" }, "limit %.0f %%", limits[i] * 100);
		bench_check(b, (struct result_line){
			.x = limits[i], .measured = bench_reached(b, t0, false, old, y, 0.9),
			.expected = NAN, .lo = NAN, .hi = response_s + 0.1, .what = "90 % of step, s" },
			"  response");
	}
}

/* IEEE 1547-2018 4.10: two seconds; EN 50549-1 4.11.1, logic interface: five. */
void fixed_run_permit(struct bench *b, const struct procedure *p)
{
	const double most = b->standard->id == STANDARD_IEEE1547_1 ||
			    b->standard->id == STANDARD_ASNZS4777_2 ? 2 : 5;
	const struct gc_settings s = bench_alone(b);
	struct lab_times t;
	double from;

	(void)p;
	for (int i = 0; i < 2; i++) {
		bench_fresh(b, &s, i ? -b->lab->device.p_rated : b->lab->device.p_rated);
		from = bench_now(b);
		b->demand.permit = false;
		bench_power(b, b->demand.p_pu);
		bench_run(b, most + 1);
		t = bench_times(b);
		bench_check(b, (struct result_line){
			.x = NAN, .measured = t.current - from, .expected = NAN, .lo = NAN, .hi = most,
			.what = "current gone, s" }, "permit withdrawn, %s",
			i ? "charging" : "discharging");
	}
}

bool fixed_applies_ramp(const struct gc_settings *s)
{
	return !isnan(s->ramp.up_pu_per_min);
}

/* A demand of a quarter of rated power more: not faster than the code's slope, nor much slower. */
void fixed_run_ramp(struct bench *b, const struct procedure *p)
{
	const double slope = b->code.ramp.up_pu_per_min / 60 * b->lab->device.p_rated;
	struct gc_settings s = bench_alone(b);
	double t0, rise;

	(void)p;
	s.ramp = b->charger.settings.ramp;
	bench_fresh(b, &s, 0);
	t0 = bench_now(b);
	bench_power(b, b->lab->device.p_rated);
	bench_run(b, 60);
	rise = (bench_at(b, t0 + 50, false) - bench_at(b, t0 + 10, false)) / 40;
	bench_check(b, (struct result_line){
		.x = NAN, .measured = rise * 60, .expected = slope * 60, .lo = slope * 60 * 0.9,
		.hi = slope * 60 * 1.05, .what = "slope, pu/min" }, "demand of 0 -> 100 %%");
}

/* ---- priority --------------------------------------------------------------------------- */

/* IEEE 1547.1-2020 clause 5.16.1, category B, least power of volt-watt zero (UL 1741 SB). */
struct priority_step {
	double v_pu;
	double f_hz;
	double p_pu;
};

static const struct priority_step priority_steps[] = {
	{ 1, 60, 0.5 }, { 1.09, 60, 0.25 }, { 1.09, 60.33, 0.15 }, { 1.09, 60, 0.25 },
	{ 1.09, 59.36, 0.25 }, { 1, 59.36, 0.45 }, { 1, 60, 0.5 }, { 1, 59.36, 0.7 },
};

bool fixed_applies_priority(const struct gc_settings *s)
{
	/* The table's values hold for the default settings only. */
	return !isnan(s->volt_watt.v1) && fabs(s->volt_watt.v1 - 1.06) < 1e-6 &&
	       fabs(s->volt_watt.p2) < 1e-6 && fabs(s->droop.k_over - 0.05) < 1e-6 &&
	       fabs(s->volt_var.q[3] + 0.44) < 1e-6 && s->volt_watt.response_s < 11 &&
	       s->droop.response_s < 6;
}

static double volt_var_at(const struct gc_volt_var_settings *v, double x)
{
	if (x <= v->v[2])
		return 0;
	return x >= v->v[3] ? v->q[3] : v->q[3] * (x - v->v[2]) / (v->v[3] - v->v[2]);
}

void fixed_run_priority(struct bench *b, const struct procedure *p)
{
	const double d = b->standard->band * b->standard->p_pu, rated = b->lab->device.p_rated;
	struct gc_settings s = bench_alone(b);

	(void)p;
	s.limit = b->charger.settings.limit;
	s.limit.enable = 1;
	s.limit.limit = 0.5;
	s.volt_watt = b->charger.settings.volt_watt;
	s.volt_watt.enable = 1;
	s.droop = b->charger.settings.droop;
	s.volt_var = b->charger.settings.volt_var;
	s.volt_var.enable = 1;
	bench_fresh(b, &s, rated);
	for (size_t i = 0; i < sizeof(priority_steps) / sizeof(priority_steps[0]); i++) {
		const struct priority_step *step = &priority_steps[i];
		const double q = volt_var_at(&b->code.volt_var, step->v_pu), y = step->p_pu * rated;
		struct lab_row row;

		b->source.f_hz = step->f_hz;
		bench_voltage(b, step->v_pu);
		bench_run(b, i ? 25 : 35);
		row = bench_last(b);
		bench_check(b, (struct result_line){
			.x = (double)i + 1, .measured = row.p_pu, .expected = y, .lo = y - d, .hi = y + d,
			.what = "P, pu" }, "%zu: %.2f pu, %.2f Hz", i + 1, step->v_pu, step->f_hz);
		bench_check(b, (struct result_line){
			.x = (double)i + 1, .measured = row.q_pu, .expected = q, .lo = q - d, .hi = q + d,
			.what = "Q, pu" }, "  with volt-var");
	}
}
