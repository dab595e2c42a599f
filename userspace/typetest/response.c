// SPDX-License-Identifier: Apache-2.0
/*
 * Response times: what the charger itself takes from a step of the grid to its
 * terminals. A code's response time is a largest one; the engine spends it on
 * the lag the code describes. With that lag at its least what remains is the
 * charger's own: measuring, a step of the engine, the set-point, the current.
 */
#include <math.h>
#include <stdio.h>

#include "gridcode/lag.h"
#include "procedure.h"

#define RUN_S 1.0
#define STEP_HZ 0.4
/* Below what trips or ceases at once. */
#define V_HIGH 1.09

/* One function: what is stepped, what answers. */
struct probe {
	const char *name;
	double code_s;
	double from;
	double to;
	double p_pu;
	bool by_frequency;
	bool q;
};

static void check_probe(struct bench *b, const struct gc_settings *s, const struct probe *probe)
{
	double t0, y0, y1;

	bench_fresh(b, s, probe->p_pu);
	/* A step that no detector of loss of mains takes for one. */
	if (probe->by_frequency)
		bench_ramp(b, probe->from, 0.5);
	else
		bench_voltage(b, probe->from);
	bench_run(b, RUN_S);
	y0 = bench_at(b, bench_now(b), probe->q);
	t0 = bench_now(b);
	if (probe->by_frequency)
		bench_frequency(b, probe->to);
	else
		bench_voltage(b, probe->to);
	bench_run(b, RUN_S);
	y1 = bench_at(b, bench_now(b), probe->q);
	bench_check(b, (struct result_line){
		.x = fabs(y1 - y0), .measured = fabs(y1 - y0) < 0.05 || bench_out_since(b, 0) ?
		(double)NAN : bench_reached(b, t0, probe->q, y0, y1, 0.9), .expected = NAN, .lo = NAN,
		.hi = probe->code_s / 2, .what = "90 %, s" }, "%s: %.3f -> %.3f %s, code %.2f s",
		probe->name, probe->from, probe->to, probe->by_frequency ? "Hz" : "pu",
		probe->code_s);
}

static void frequency_probes(struct bench *b)
{
	const struct gc_settings *c = &b->code;
	struct gc_settings s;

	if (c->droop.enable) {
		s = bench_alone(b);
		s.droop = b->charger.settings.droop;
		s.droop.response_s = 0;
		check_probe(b, &s, &(struct probe){ "frequency droop", c->droop.response_s,
			c->nominal.f_hz, c->nominal.f_hz + STEP_HZ, 0.9, true, false });
	}
	if (c->lfsm_o.enable && c->lfsm_o.response_s > 0) {
		s = bench_alone(b);
		s.lfsm_o = b->charger.settings.lfsm_o;
		s.lfsm_o.response_s = 0;
		check_probe(b, &s, &(struct probe){ "LFSM-O", c->lfsm_o.response_s,
			c->lfsm_o.start_hz, c->lfsm_o.start_hz + STEP_HZ, 0.9, true, false });
	}
	if (c->lfsm_u.enable && c->lfsm_u.response_s > 0) {
		s = bench_alone(b);
		s.lfsm_u = b->charger.settings.lfsm_u;
		s.lfsm_u.response_s = 0;
		check_probe(b, &s, &(struct probe){ "LFSM-U", c->lfsm_u.response_s,
			c->lfsm_u.start_hz, c->lfsm_u.start_hz - STEP_HZ, -0.9, true, false });
	}
}

static void voltage_probes(struct bench *b)
{
	const struct gc_settings *c = &b->code;
	struct gc_settings s;

	if (!isnan(c->volt_var.q[3])) {
		s = bench_alone(b);
		s.volt_var = b->charger.settings.volt_var;
		s.volt_var.enable = 1;
		s.volt_var.response_s = 0;
		check_probe(b, &s, &(struct probe){ "volt-var", c->volt_var.response_s, 1,
			fmin(c->volt_var.v[3], V_HIGH), 0.5, false, true });
	}
	if (!isnan(c->volt_watt.v2)) {
		s = bench_alone(b);
		s.volt_watt = b->charger.settings.volt_watt;
		s.volt_watt.enable = 1;
		s.volt_watt.response_s = 0;
		check_probe(b, &s, &(struct probe){ "volt-watt", c->volt_watt.response_s, 1,
			fmin(c->volt_watt.v2 - 0.01, 1.12), b->lab->device.p_rated, false, false });
	}
}

void response_run(struct bench *b, const struct procedure *p)
{
	(void)p;
	snprintf(b->result->x_name, sizeof(b->result->x_name), "step, pu");
	frequency_probes(b);
	voltage_probes(b);
}

bool response_applies(const struct gc_settings *s)
{
	return s->droop.enable || (s->lfsm_o.enable && s->lfsm_o.response_s > 0) ||
	       (s->lfsm_u.enable && s->lfsm_u.response_s > 0) || !isnan(s->volt_var.q[3]) ||
	       !isnan(s->volt_watt.v2);
}
