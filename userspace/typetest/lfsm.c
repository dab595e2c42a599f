// SPDX-License-Identifier: Apache-2.0
/*
 * Limited frequency sensitive mode: a staircase of frequency up and down, at
 * rated and half power, discharging and charging. EN 50549-10, VDE V 0124-100,
 * G99 A.7.2; the expected value is EN 50549-1 clause 4.6.1:
 * dP = 1/s * (f1 - f) / fn * Pref.
 */
#include <math.h>
#include <stdio.h>

#include "gridcode/gridcode.h"
#include "procedure.h"

/* Of the way from the start to where the whole reference power is gone. */
static const double shares[] = { 0.05, 0.2, 0.5, 0.8, 0.5, 0.2, 0.05 };

#define SHARES (sizeof(shares) / sizeof(shares[0]))
#define NEAR_TRIP_HZ 0.15

_Static_assert(GC_OF_STAGES == GC_UF_STAGES, "one loop for both sides");

bool lfsm_applies_o(const struct gc_settings *s)
{
	return s->lfsm_o.enable != 0;
}

bool lfsm_applies_u(const struct gc_settings *s)
{
	return s->lfsm_u.enable != 0;
}

struct mode {
	const struct gc_lfsm_settings *set;
	double f_nominal;
	double p_before;
	double rated;
	double deepest; /* of a mode that holds */
	bool over;
};

/* Power the frequency asks for, from what was before. */
static double target(struct mode *m, double f_hz)
{
	const struct gc_lfsm_settings *s = m->set;
	const double beyond = m->over ? f_hz - s->start_hz : s->start_hz - f_hz;
	const double limit = s->charge ? m->rated : 0;
	const double end = m->over ? fmin(-limit, m->p_before) : fmax(limit, m->p_before);
	const double reference = s->reference == GC_REFERENCE_RATED ? m->rated :
				 gc_lfsm_reference(s->reference, m->p_before, end);
	double depth = fmax(beyond, 0) / (m->f_nominal * s->droop);

	if (s->hold)
		depth = fmax(depth, m->deepest);
	m->deepest = fmax(depth, m->deepest);
	if (m->over)
		return fmax(m->p_before - depth * reference, end);
	return fmin(m->p_before + depth * reference, end);
}

/* The outermost frequency that trips nothing. */
static double outermost(const struct bench *b, bool over)
{
	const struct gc_stage *stages = over ? b->code.trip.of : b->code.trip.uf;
	double f = over ? b->code.nominal.f_hz * 1.05 : b->code.nominal.f_hz * 0.95;

	for (int i = 0; i < GC_OF_STAGES; i++) {
		if (isnan(stages[i].limit))
			continue;
		f = over ? fmin(f, stages[i].limit - NEAR_TRIP_HZ) :
			   fmax(f, stages[i].limit + NEAR_TRIP_HZ);
	}
	return f;
}

static double response_s(const struct bench *b, const struct gc_lfsm_settings *s)
{
	if (!(s->response_s > 0))
		return isnan(b->standard->response_s) ? 2 : b->standard->response_s;
	/* 95 %: three time constants; to be within 1 % takes half as long again. */
	return s->delay_s + s->response_s * (s->response == GC_RESPONSE_TAU ? 3 : 1);
}

/* A step, but where a code has a passive loss of mains: as fast as that allows. */
static void move(struct bench *b, double f_hz)
{
	const double limit = b->code.rocof.limit_hz_per_s;

	if (isnan(limit))
		bench_frequency(b, f_hz);
	else
		bench_ramp(b, f_hz, limit / 2);
}

static void check_step(struct bench *b, struct mode *m, double f_hz, double *p_old)
{
	const struct standard *std = b->standard;
	const double df = std->f_hz * std->band, dp = std->p_pu * std->band;
	struct mode lo = *m, hi = *m;
	const double y1 = target(&lo, f_hz + df), y2 = target(&hi, f_hz - df);
	const double y = target(m, f_hz);
	const double settle = response_s(b, m->set);
	double t0;

	move(b, f_hz);
	t0 = bench_now(b);
	bench_run(b, settle * 1.2 + 0.3);
	bench_check(b, (struct result_line){
		.x = f_hz, .measured = bench_last(b).p_pu, .expected = y, .lo = fmin(y1, y2) - dp,
		.hi = fmax(y1, y2) + dp, .what = "P, pu" }, "%.3f Hz, from %+.2f pu", f_hz,
		m->p_before);
	if (fabs(y - *p_old) > 0.1)
		bench_check(b, (struct result_line){
			.x = f_hz, .measured = bench_reached(b, t0, false, *p_old, y, 0.9), .expected = NAN, .lo = NAN,
			.hi = settle, .what = "90 % of step, s" }, "  response");
	*p_old = y;
}

static void draw(struct bench *b, struct mode m, double f_end)
{
	const struct standard *std = b->standard;
	struct result *r = b->result;

	r->curve_count = 0;
	for (int i = 0; i <= 60; i++) {
		const double f = m.f_nominal + (f_end - m.f_nominal) * i / 60;
		const double y = target(&m, f), d = std->p_pu * std->band;

		r->curve[r->curve_count++] = (struct result_point){ f, y, y - d, y + d };
	}
}

static void staircase(struct bench *b, bool over, double p_pu)
{
	const struct gc_lfsm_settings *set = over ? &b->code.lfsm_o : &b->code.lfsm_u;
	const double f_out = outermost(b, over);
	struct mode m = {
		.set = set, .f_nominal = b->code.nominal.f_hz, .p_before = p_pu,
		.rated = b->lab->device.p_rated,
		.over = over,
	};
	struct gc_settings s = bench_alone(b);
	double p_old = p_pu;

	s.lfsm_o.enable = over && b->charger.settings.lfsm_o.enable;
	s.lfsm_u.enable = !over && b->charger.settings.lfsm_u.enable;
	bench_fresh(b, &s, p_pu);
	m.p_before = bench_last(b).p_pu;
	if (p_pu > 0.9)
		draw(b, m, f_out);
	for (size_t i = 0; i < SHARES; i++)
		check_step(b, &m, set->start_hz + (f_out - set->start_hz) * shares[i], &p_old);
}

void lfsm_run(struct bench *b, const struct procedure *p)
{
	const bool over = p->number == TRIP_OF;

	snprintf(b->result->x_name, sizeof(b->result->x_name), "frequency, Hz");
	snprintf(b->result->y_name, sizeof(b->result->y_name), "P, pu");
	if (!b->brief)
		staircase(b, over, over ? 0.5 : -0.5);
	staircase(b, over, over ? -0.5 : 0.5);
	staircase(b, over, over ? b->lab->device.p_rated : -b->lab->device.p_rated);
}
