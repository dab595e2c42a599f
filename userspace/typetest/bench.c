// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SETTLE_S 1.0
#define WINDOW_CYCLES 10

static void gave_up(struct bench *b)
{
	b->broken = true;
	snprintf(b->result->error, sizeof(b->result->error), "%s", b->lab->error);
}

static void begin(struct bench *b, const struct gc_settings *settings, double p_pu,
		  bool in_service)
{
	if (b->broken)
		return;
	b->result->row_count = 0;
	b->source = (struct lab_source){ .v_pu = { 1, 1, 1 }, .f_hz = b->code.nominal.f_hz };
	b->demand = (struct lab_demand){ .p_pu = p_pu, .q_pu = NAN, .order_pu = NAN,
					 .permit = true };
	b->trial = b->charger;
	b->trial.settings = *settings;
	if (b->lab->ops->begin(b->lab, &b->trial, in_service) < 0)
		gave_up(b);
	else
		b->lab->ops->demand(b->lab, &b->demand);
}

void bench_fresh(struct bench *b, const struct gc_settings *settings, double p_pu)
{
	begin(b, settings, p_pu, true);
	bench_run(b, SETTLE_S);
}

void bench_waiting(struct bench *b, const struct gc_settings *settings, double p_pu)
{
	begin(b, settings, p_pu, false);
}

struct gc_settings bench_alone(const struct bench *b)
{
	struct gc_settings s = b->charger.settings;

	s.limit.enable = 0;
	s.volt_watt.enable = 0;
	s.volt_watt_charge.enable = 0;
	s.droop.enable = 0;
	s.lfsm_o.enable = 0;
	s.lfsm_u.enable = 0;
	s.const_pf.enable = 0;
	s.const_q.enable = 0;
	s.volt_var.enable = 0;
	s.watt_var.enable = 0;
	s.cos_phi.enable = 0;
	s.export.enable = 0;
	s.order.enable = 0;
	/* The slope of a demand is a test of its own, not part of every other one. */
	s.ramp.up_pu_per_min = NAN;
	s.ramp.down_pu_per_min = NAN;
	return s;
}

void bench_change(struct bench *b, const struct gc_settings *settings)
{
	if (b->broken)
		return;
	b->trial.settings = *settings;
	if (b->lab->ops->change(b->lab, &b->trial) < 0)
		gave_up(b);
}

static void put_source(struct bench *b)
{
	if (!b->broken)
		b->lab->ops->source(b->lab, &b->source);
}

void bench_voltage(struct bench *b, double v_pu)
{
	bench_phase(b, -1, v_pu);
}

void bench_phase(struct bench *b, int phase, double v_pu)
{
	for (int x = 0; x < 3; x++)
		b->source.v_pu[x] = phase < 0 || phase == x ? v_pu : 1;
	put_source(b);
}

void bench_frequency(struct bench *b, double f_hz)
{
	b->source.f_hz = f_hz;
	put_source(b);
}

void bench_power(struct bench *b, double p_pu)
{
	b->demand.p_pu = p_pu;
	if (!b->broken)
		b->lab->ops->demand(b->lab, &b->demand);
}

void bench_demand(struct bench *b)
{
	if (!b->broken)
		b->lab->ops->demand(b->lab, &b->demand);
}

static bool has(struct bench *b, bool there, const char *what)
{
	if (!b->broken && !there) {
		b->broken = true;
		snprintf(b->result->error, sizeof(b->result->error), "the laboratory %s has no %s",
			 b->lab->ops->name, what);
	}
	return !b->broken;
}

void bench_protect(struct bench *b, const struct gc_settings *settings)
{
	if (!has(b, b->lab->ops->protect, "way to move a protection table"))
		return;
	b->trial.settings = *settings;
	if (b->lab->ops->protect(b->lab, &b->trial) < 0)
		gave_up(b);
}

void bench_load(struct bench *b, const struct lab_load *load)
{
	if (has(b, b->lab->ops->load, "load bank") && b->lab->ops->load(b->lab, load) < 0)
		gave_up(b);
}

struct lab_spectrum bench_spectrum(struct bench *b)
{
	struct lab_spectrum s = { .dc = NAN };

	if (has(b, b->lab->ops->spectrum, "harmonic analyser") &&
	    b->lab->ops->spectrum(b->lab, &s) < 0)
		gave_up(b);
	return s;
}

void bench_run(struct bench *b, double time_s)
{
	if (b->broken)
		return;
	if (b->lab->ops->advance(b->lab, time_s) < 0)
		gave_up(b);
	b->result->simulated_s += time_s;
}

void bench_ramp(struct bench *b, double f_hz, double hz_per_s)
{
	const double cycle_s = 1 / b->code.nominal.f_hz;
	const double step = hz_per_s * cycle_s;

	while (fabs(f_hz - b->source.f_hz) > step && !b->broken) {
		bench_frequency(b, b->source.f_hz + copysign(step, f_hz - b->source.f_hz));
		bench_run(b, cycle_s);
	}
	bench_frequency(b, f_hz);
}

double bench_now(const struct bench *b)
{
	return b->broken ? 0 : b->lab->ops->now(b->lab);
}

struct lab_times bench_times(const struct bench *b)
{
	if (b->broken)
		return (struct lab_times){ NAN, NAN };
	return b->lab->ops->times(b->lab);
}

struct lab_row bench_mean(const struct bench *b, double from, double to)
{
	struct lab_row mean = { .t_s = to };
	double n = 0;

	for (size_t i = b->result->row_count; i > 0; i--) {
		const struct lab_row *row = &b->result->rows[i - 1];

		if (row->t_s < from)
			break;
		if (row->t_s > to)
			continue;
		n++;
		mean.v_pu += row->v_pu;
		mean.f_hz += row->f_hz;
		mean.p_pu += row->p_pu;
		mean.q_pu += row->q_pu;
		mean.i_pu += row->i_pu;
		for (int x = 0; x < 3; x++)
			mean.i_phase_pu[x] += row->i_phase_pu[x];
		mean.on = row->on;
	}
	mean.v_pu /= n;
	mean.f_hz /= n;
	mean.p_pu /= n;
	mean.q_pu /= n;
	mean.i_pu /= n;
	for (int x = 0; x < 3; x++)
		mean.i_phase_pu[x] /= n;
	return mean;
}

struct lab_row bench_last(const struct bench *b)
{
	const double now = bench_now(b);

	return bench_mean(b, now - WINDOW_CYCLES / b->code.nominal.f_hz, now);
}

double bench_at(const struct bench *b, double t_s, bool q)
{
	const struct lab_row row = bench_mean(b, t_s - 2.2 / b->code.nominal.f_hz, t_s);

	return q ? row.q_pu : row.p_pu;
}

double bench_reached(const struct bench *b, double t0, bool q, double y0, double y1, double share)
{
	double reached = NAN;

	for (size_t i = b->result->row_count; i > 0; i--) {
		const struct lab_row *row = &b->result->rows[i - 1];
		const double y = q ? row->q_pu : row->p_pu;

		if (row->t_s <= t0 || (y - y0) / (y1 - y0) < share)
			break;
		reached = row->t_s - t0;
	}
	return reached;
}

bool bench_out_since(const struct bench *b, double from)
{
	for (size_t i = b->result->row_count; i > 0; i--) {
		const struct lab_row *row = &b->result->rows[i - 1];

		if (row->t_s < from)
			break;
		if (!row->on)
			return true;
	}
	return false;
}

void bench_check(struct bench *b, struct result_line line, const char *format, ...)
{
	va_list args;

	if (b->broken)
		return;
	va_start(args, format);
	vsnprintf(line.step, sizeof(line.step), format, args);
	va_end(args);
	result_add(b->result, &line);
}
