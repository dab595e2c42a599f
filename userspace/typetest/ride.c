// SPDX-License-Identifier: Apache-2.0
/*
 * Staying connected: voltages and frequencies off nominal, rates of change and
 * phase jumps that must not trip, and power back after them.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "procedure.h"

#define SHORT_S 10.0
#define LEAST_S 0.04

/* IEEE 1547-2018 tables 14 to 16, as IEEE 1547.1-2020 clause 5.4.7 exercises them. */
struct dip {
	int category;
	double v_pu;
	double time_s;
};

static const struct dip ieee_dips[] = {
	{ 1, 0.51, 0.16 }, { 1, 0.72, 0.78 }, { 1, 1.14, 1.0 }, { 1, 1.17, 0.5 }, { 1, 1.19, 0.2 },
	{ 2, 0.31, 0.16 }, { 2, 0.46, 0.32 }, { 2, 0.67, 3.17 }, { 2, 1.14, 1.0 },
	{ 2, 1.17, 0.5 }, { 2, 1.19, 0.2 },
	{ 3, 0.05, 1.0 }, { 3, 0.52, 10 }, { 3, 0.72, 20 }, { 3, 1.12, 12 }, { 3, 1.18, 12 },
};

#define IEEE_DIPS (sizeof(ieee_dips) / sizeof(ieee_dips[0]))

/* The abnormal category shows in what a code does at low voltage. */
int ride_category(const struct gc_settings *s)
{
	if (s->ride.cessation)
		return 3;
	return s->ride.v_cease_low > 0.4 ? 1 : 2;
}

static void check_power_back(struct bench *b, double from, double p_before)
{
	const double t0 = bench_now(b);
	const double most = b->standard->id == STANDARD_IEEE1547_1 ? 0.4 : 1.0;

	bench_run(b, 2);
	bench_check(b, (struct result_line){
		.x = NAN, .measured = bench_out_since(b, from), .expected = 0, .lo = 0, .hi = 0,
		.what = "trips" }, "  stays connected");
	bench_check(b, (struct result_line){
		.x = NAN, .measured = bench_reached(b, t0, false, 0, p_before, 0.8), .expected = NAN,
		.lo = NAN, .hi = most + 0.04, .what = "80 % of P, s" }, "  power after the return");
}

/* Slowest clearing times of IEEE 1547-2018 tables 11 to 13, s, by category. */
static const struct {
	const char *key;
	double slowest_s[4];
} voltage_trips[] = {
	{ "uv1_time", { NAN, 21, 21, 50 } },
	{ "uv2_time", { NAN, 2, 2, 21 } },
	{ "ov1_time", { NAN, 13, 13, 13 } },
};

/* As the profile says; where it leaves no choice, as the tables say, whose stages are two. */
static double slowest(const struct bench *b, const struct gc_value *v)
{
	double slowest_s = v->max;

	if (!isnan(slowest_s) || !isnan(b->code.trip.uv[2].limit) ||
	    !isnan(b->code.trip.ov[2].limit))
		return slowest_s;
	for (size_t i = 0; i < sizeof(voltage_trips) / sizeof(voltage_trips[0]); i++)
		if (!strcmp(v->param->key, voltage_trips[i].key))
			slowest_s = voltage_trips[i].slowest_s[ride_category(&b->code)];
	return slowest_s;
}

/*
 * IEEE 1547.1 sets the trips as slow as they go: riding through is not tripping late. A
 * trip that an operator asks for before the end of the curve goes before it (6.4.2.1).
 */
struct gc_settings ride_settings(const struct bench *b)
{
	struct gc_settings s = bench_alone(b);

	for (size_t i = 0; i < b->charger.count && b->standard->id == STANDARD_IEEE1547_1; i++) {
		const struct gc_value *v = &b->charger.values[i];
		const double slowest_s = slowest(b, v);

		if (!strcmp(v->param->section, "trip") && v->param->unit == GC_UNIT_S &&
		    strstr(v->param->key, "v") && slowest_s > v->value)
			gc_param_put(&s, v->param, slowest_s);
	}
	return s;
}

static void check_dip(struct bench *b, int phase, double v_pu, double time_s, double p_pu)
{
	const struct gc_settings s = ride_settings(b);
	double from, p_before;

	bench_fresh(b, &s, p_pu);
	p_before = bench_last(b).p_pu;
	from = bench_now(b);
	bench_phase(b, phase, v_pu);
	bench_run(b, time_s);
	bench_check(b, (struct result_line){
		.x = v_pu, .measured = bench_out_since(b, from), .expected = 0, .lo = 0, .hi = 0,
		.what = "trips" }, "V %.3f pu for %.3f s, %s, %s", v_pu, time_s,
		phase < 0 ? "all phases" : "L1", p_pu < 0 ? "charging" : "discharging");
	bench_voltage(b, 1);
	check_power_back(b, from, p_before);
}

static void dips_of_category(struct bench *b)
{
	for (size_t i = 0; i < IEEE_DIPS; i++) {
		const struct dip *d = &ieee_dips[i];

		if (d->category != ride_category(&b->code) || (b->brief && d->time_s > SHORT_S))
			continue;
		check_dip(b, -1, d->v_pu, d->time_s, 0.95);
		if (!b->brief)
			check_dip(b, -1, d->v_pu, d->time_s, -0.95);
		if (!b->brief && b->lab->device.phases == 3 && d->v_pu > 0.35)
			check_dip(b, 0, d->v_pu, d->time_s, 0.3);
	}
}

/* Past each stage for not quite as long as it takes to trip. */
static void dips_of_stages(struct bench *b, const struct gc_stage *stages, int count, double beyond)
{
	const struct standard *std = b->standard;

	for (int i = 0; i < count; i++) {
		double time_s = stages[i].time_s * (1 - std->time_share) - std->early_s;

		/* A stage farther out with a shorter time comes first. */
		for (int k = 0; k < count; k++) {
			if (!isnan(stages[k].limit) &&
			    (stages[i].limit + beyond - stages[k].limit) * beyond > 0)
				time_s = fmin(time_s, stages[k].time_s * (1 - std->time_share) -
					      std->early_s);
		}
		if (isnan(stages[i].limit) || time_s < LEAST_S || (b->brief && time_s > SHORT_S))
			continue;
		check_dip(b, -1, stages[i].limit + beyond, time_s, i % 2 ? -0.95 : 0.95);
	}
}

void ride_run_voltage(struct bench *b, const struct procedure *p)
{
	(void)p;
	if (b->standard->id == STANDARD_IEEE1547_1) {
		dips_of_category(b);
		return;
	}
	dips_of_stages(b, b->code.trip.uv, GC_UV_STAGES, -0.02);
	dips_of_stages(b, b->code.trip.ov, GC_OV_STAGES, 0.02);
}

/* ---- frequency ---------------------------------------------------------------------- */

static double inner_limit(const struct gc_stage *stages, int count, double sign, double fallback,
			  double longer_than)
{
	double f = fallback;

	for (int i = 0; i < count; i++) {
		if (!isnan(stages[i].limit) && stages[i].time_s < longer_than)
			f = sign > 0 ? fmin(f, stages[i].limit) : fmax(f, stages[i].limit);
	}
	return f;
}

/* What the code's standard wants ridden through, Hz/s; by IEEE category. */
static double ride_rate(const struct bench *b)
{
	static const double ieee[] = { 0.5, 0.5, 2, 3 };

	switch (b->standard->id) {
	case STANDARD_IEEE1547_1:
		return ieee[ride_category(&b->code)];
	case STANDARD_G99:
		return 0.95;
	case STANDARD_ASNZS4777_2:
		return 4;
	default:
		/* Passive loss of mains, where a code has it, comes first. */
		return isnan(b->code.rocof.limit_hz_per_s) ? 2 :
			fmin(2, 0.9 * b->code.rocof.limit_hz_per_s);
	}
}

void ride_run_rate(struct bench *b, const struct procedure *p)
{
	const struct gc_settings s = bench_alone(b);
	const double fn = b->code.nominal.f_hz, rate = ride_rate(b);
	const double ends[] = {
		inner_limit(b->code.trip.of, GC_OF_STAGES, 1, fn + 1.8, 10) - 0.3,
		inner_limit(b->code.trip.uf, GC_UF_STAGES, -1, fn - 3, 10) + 0.3,
	};

	(void)p;
	for (int i = 0; i < 2; i++) {
		double from, p_before;

		bench_fresh(b, &s, i ? -0.95 : 0.95);
		p_before = bench_last(b).p_pu;
		from = bench_now(b);
		bench_ramp(b, ends[i], rate);
		bench_run(b, 0.5);
		bench_ramp(b, fn, rate);
		bench_run(b, 0.5);
		bench_check(b, (struct result_line){
			.x = rate, .measured = bench_out_since(b, from), .expected = 0, .lo = 0,
			.hi = 0, .what = "trips" }, "%.2f Hz -> %.2f Hz and back, %.2f Hz/s", fn,
			ends[i], rate);
		bench_check(b, (struct result_line){
			.x = rate, .measured = bench_last(b).p_pu, .expected = p_before,
			.lo = p_before - 0.05, .hi = p_before + 0.05, .what = "P, pu" }, "  power after");
	}
}

static double jump_deg(const struct bench *b)
{
	switch (b->standard->id) {
	case STANDARD_G99:
		return 50;
	case STANDARD_ASNZS4777_2:
		return 60;
	default:
		return 20;
	}
}

bool ride_applies_jump(const struct gc_settings *s)
{
	return isnan(s->shift.limit_deg);
}

void ride_run_jump(struct bench *b, const struct procedure *p)
{
	const struct gc_settings s = bench_alone(b);
	const double jump = jump_deg(b);

	(void)p;
	for (int i = 0; i < 2; i++) {
		const double deg = i ? -jump : jump, p_pu = i ? -0.95 : 0.95;
		double from, t0;

		bench_fresh(b, &s, p_pu);
		from = bench_now(b);
		b->source.phase_deg += deg;
		bench_frequency(b, b->source.f_hz);
		t0 = bench_now(b);
		bench_run(b, 2);
		bench_check(b, (struct result_line){
			.x = deg, .measured = bench_out_since(b, from), .expected = 0, .lo = 0, .hi = 0,
			.what = "trips" }, "jump of %+.0f deg, %s", deg,
			p_pu < 0 ? "charging" : "discharging");
		bench_check(b, (struct result_line){
			.x = deg, .measured = bench_at(b, t0 + 0.5, false), .expected = p_pu,
			.lo = p_pu - 0.05, .hi = p_pu + 0.05, .what = "P, pu" }, "  power after 0.5 s");
	}
}

/* ---- passive loss of mains ------------------------------------------------------------ */

bool ride_applies_rocof_trip(const struct gc_settings *s)
{
	return !isnan(s->rocof.limit_hz_per_s);
}

void ride_run_rocof_trip(struct bench *b, const struct procedure *p)
{
	const struct gc_settings s = bench_alone(b);
	const struct gc_rocof_settings *r = &b->code.rocof;
	const double rate = r->limit_hz_per_s * 1.25, fn = b->code.nominal.f_hz;
	/* The window has to fill with the new rate, then the definite time. */
	const double most = r->window_s + r->time_s + 0.1;
	struct lab_times t;
	double from;

	(void)p;
	for (int i = 0; i < 2; i++) {
		const double start = i ? fn + 0.9 : fn - 0.9, sign = i ? -1 : 1;

		bench_fresh(b, &s, b->lab->device.p_rated);
		bench_ramp(b, start, r->limit_hz_per_s * 0.3);
		bench_run(b, 1);
		from = bench_now(b);
		bench_ramp(b, start + sign * rate * most, rate);
		t = bench_times(b);
		bench_check(b, (struct result_line){
			.x = rate, .measured = t.trip - from, .expected = NAN, .lo = r->time_s,
			.hi = most, .what = "trip, s" }, "%.2f Hz on at %+.2f Hz/s", start, sign * rate);
	}
}

/* ---- 10-minute mean ------------------------------------------------------------------ */

bool ride_applies_mean(const struct gc_settings *s)
{
	return !isnan(s->mean.limit);
}

/* As far above the limit as shortens the wait, below every trip. */
static double above_mean(const struct bench *b)
{
	double v = b->code.mean.limit + (b->brief ? 0.04 : 0.02);

	for (int i = 0; i < GC_OV_STAGES; i++)
		v = isnan(b->code.trip.ov[i].limit) ? v : fmin(v, b->code.trip.ov[i].limit - 0.01);
	return v;
}

static void below_mean(struct bench *b)
{
	const struct gc_settings s = bench_alone(b);
	double from;

	bench_fresh(b, &s, b->lab->device.p_rated);
	from = bench_now(b);
	bench_voltage(b, b->code.mean.limit - 0.01);
	bench_run(b, 700);
	bench_check(b, (struct result_line){
		.x = b->source.v_pu[0], .measured = bench_out_since(b, from), .expected = 0, .lo = 0,
		.hi = 0, .what = "trips" }, "%.3f pu for 700 s", b->source.v_pu[0]);
}

/* From nominal to above: the mean of 600 s crosses when the share of it has been there. */
void ride_run_mean(struct bench *b, const struct procedure *p)
{
	const struct gc_settings s = bench_alone(b);
	const double over = above_mean(b);
	const double share = (b->code.mean.limit * b->code.mean.limit - 1) / (over * over - 1);
	const double expected = b->code.mean.window_s * share;
	const double most = expected * 1.05 + 6 + b->code.mean.delay_s;
	struct lab_times t;
	double from;

	(void)p;
	if (!b->brief)
		below_mean(b);
	bench_fresh(b, &s, b->lab->device.p_rated);
	from = bench_now(b);
	bench_voltage(b, over);
	bench_run(b, most + 5);
	t = bench_times(b);
	bench_check(b, (struct result_line){
		.x = over, .measured = t.current - from, .expected = expected, .lo = expected * 0.95 - 6,
		.hi = most, .what = "current gone, s" }, "1.000 -> %.3f pu", over);
}
