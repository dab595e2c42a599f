// SPDX-License-Identifier: Apache-2.0
/*
 * Curves: volt-var, volt-watt, watt-var, cos phi (P). The input goes through
 * every segment and past every corner, up and down again; then one large step
 * for the response time. IEEE 1547.1-2020: Y within the least and greatest of
 * the curve over x +- 1.5 MRA, and 1.5 MRA more.
 */
#include <math.h>
#include <stdio.h>

#include "characteristic.h"
#include "gridcode/lag.h"
#include "procedure.h"

#define CORNERS 6
#define POINTS 64
/* A curve as slow as this is gone through once. */
#define LONG_S 30

/**
 * struct curve - what a code asks for
 * @x: @y: corners, rising; flat outside
 * @lo: @hi: where the input may go
 * @response_s: 90 % (IEEE) or 95 % of a step
 * @share: of a step at that time
 * @dx: @dy: accuracies
 */
struct curve {
	double x[CORNERS];
	double y[CORNERS];
	double lo;
	double hi;
	double response_s;
	double share;
	double dx;
	double dy;
	int count;
	bool by_voltage;
	bool q;
};

static double at(const struct curve *c, double x)
{
	if (x <= c->x[0])
		return c->y[0];
	for (int i = 1; i < c->count; i++) {
		const double span = c->x[i] - c->x[i - 1];

		if (x <= c->x[i])
			return span > 0 ? c->y[i - 1] + (c->y[i] - c->y[i - 1]) *
				(x - c->x[i - 1]) / span : c->y[i];
	}
	return c->y[c->count - 1];
}

/* Over the width of the input's accuracy a curve has its extremes at an end or at a corner. */
static struct result_point band(const struct curve *c, double x)
{
	struct result_point p = { .x = x, .y = at(c, x) };

	p.lo = fmin(at(c, x - c->dx), at(c, x + c->dx));
	p.hi = fmax(at(c, x - c->dx), at(c, x + c->dx));
	for (int i = 0; i < c->count; i++) {
		if (fabs(c->x[i] - x) < c->dx) {
			p.lo = fmin(p.lo, c->y[i]);
			p.hi = fmax(p.hi, c->y[i]);
		}
	}
	p.lo -= c->dy;
	p.hi += c->dy;
	return p;
}

static void draw(struct bench *b, const struct curve *c)
{
	struct result *r = b->result;

	/* The plot is of the code's own. */
	if (b->characteristic)
		return;
	r->curve_count = 0;
	for (int i = 0; i <= 100; i++)
		r->curve[r->curve_count++] = band(c, c->lo + (c->hi - c->lo) * i / 100);
	snprintf(r->x_name, sizeof(r->x_name), "%s", c->by_voltage ? "voltage, pu" : "P, pu");
	snprintf(r->y_name, sizeof(r->y_name), "%s", c->q ? "Q, pu" : "P, pu");
}

static int add_point(double *x, int n, const struct curve *c, double value)
{
	if (n < POINTS && value >= c->lo && value <= c->hi)
		x[n++] = value;
	return n;
}

/* Either side of each corner, and @steps in each segment between them. */
static int points(const struct curve *c, double *x, int steps)
{
	int n = add_point(x, 0, c, c->lo);

	for (int i = 0; i < c->count; i++) {
		if (i && c->x[i] - c->x[i - 1] < 1e-6)
			continue;
		for (int k = 1; i && k <= steps; k++)
			n = add_point(x, n, c, c->x[i - 1] + (c->x[i] - c->x[i - 1]) * k /
				      (steps + 1));
		n = add_point(x, n, c, c->x[i]);
	}
	return add_point(x, n, c, c->hi);
}

static void put(struct bench *b, const struct curve *c, double x)
{
	if (c->by_voltage)
		bench_voltage(b, x);
	else
		bench_power(b, x);
}

/* Long enough to settle to 1 %: twice the 90 % time, one and a half times the 95 % time. */
static double dwell_s(const struct curve *c)
{
	return c->response_s * (c->share > 0.92 ? 1.5 : 2) + 0.4;
}

static void check_point(struct bench *b, const struct curve *c, double x, const char *way)
{
	struct result_point p;
	struct lab_row row;

	put(b, c, x);
	bench_run(b, dwell_s(c));
	row = bench_last(b);
	/* What a charger makes of a demand is the input of a curve over power. */
	p = band(c, c->by_voltage ? x : row.p_pu);
	bench_check(b, (struct result_line){
		.x = p.x, .measured = c->q ? row.q_pu : row.p_pu, .expected = p.y, .lo = p.lo,
		.hi = p.hi, .what = characteristic_what(b, c->q) }, "%s %.3f pu, %s, demand %+.2f pu",
		c->by_voltage ? "V" : "P", p.x, way, b->demand.p_pu);
}

/* The largest step the curve has between two of its corners, and back. */
static void check_response(struct bench *b, const struct curve *c)
{
	double from = c->lo, to = c->hi, y0, y1, t0;

	for (int i = 0; i < c->count; i++) {
		for (int k = 0; k < c->count; k++) {
			const double x0 = fmin(fmax(c->x[i], c->lo), c->hi);
			const double x1 = fmin(fmax(c->x[k], c->lo), c->hi);

			if (fabs(at(c, x1) - at(c, x0)) > fabs(at(c, to) - at(c, from)) + 0.01) {
				from = x0;
				to = x1;
			}
		}
	}
	put(b, c, from);
	bench_run(b, dwell_s(c));
	y0 = bench_at(b, bench_now(b), c->q);
	t0 = bench_now(b);
	put(b, c, to);
	bench_run(b, dwell_s(c));
	y1 = at(c, c->by_voltage ? to : bench_last(b).p_pu);
	if (fabs(y1 - y0) < 0.05)
		return;
	bench_check(b, (struct result_line){
		.x = to, .measured = bench_reached(b, t0, c->q, y0, y1, c->share),
		.expected = c->response_s, .lo = NAN,
		.hi = c->response_s * (1 + 1.5 * b->standard->time_share) + 0.1,
		.what = c->share > 0.92 ? "95 % of step, s" : "90 % of step, s" },
		"step %.3f -> %.3f pu", from, to);
}

static void walk(struct bench *b, const struct curve *c, const struct gc_settings *s, double p_pu,
		 bool response)
{
	double x[POINTS];
	const int n = points(c, x, b->brief || b->characteristic ? 0 : 4);

	bench_fresh(b, s, p_pu);
	for (int i = 0; i < n; i++)
		check_point(b, c, x[i], "rising");
	for (int i = b->brief || c->response_s > LONG_S ? 0 : n; i > 0; i--)
		check_point(b, c, x[i - 1], "falling");
	if (response)
		check_response(b, c);
}

static double share_of(int response)
{
	return response == GC_RESPONSE_OPEN_LOOP_90 ? 0.9 : 0.95;
}

static double time_of(int response, double time_s)
{
	return response == GC_RESPONSE_TAU ? 3 * time_s : time_s;
}

/* Voltages that trip or cease nothing. */
static void voltage_range(const struct bench *b, struct curve *c)
{
	const struct gc_settings *s = &b->code;

	c->lo = 0.85;
	c->hi = 1.15;
	for (int i = 0; i < GC_OV_STAGES; i++)
		c->hi = fmin(c->hi, (isnan(s->trip.ov[i].limit) ? 2 : s->trip.ov[i].limit) - 0.01);
	for (int i = 0; i < GC_UV_STAGES; i++)
		c->lo = fmax(c->lo, (isnan(s->trip.uv[i].limit) ? 0 : s->trip.uv[i].limit) + 0.01);
	if (!isnan(s->mean.limit))
		c->hi = fmin(c->hi, s->mean.limit);
	if (s->ride.cessation && !isnan(s->ride.cessation_high))
		c->hi = fmin(c->hi, s->ride.cessation_high - 0.01);
	if (s->ride.cessation && !isnan(s->ride.cessation_low))
		c->lo = fmax(c->lo, s->ride.cessation_low + 0.01);
}

bool curve_applies_volt_var(const struct gc_settings *s)
{
	return !isnan(s->volt_var.v[0]) && !isnan(s->volt_var.q[0]);
}

static void volt_var(struct bench *b)
{
	const struct gc_volt_var_settings *v = &b->code.volt_var;
	struct curve c = {
		.dx = b->standard->band * b->standard->v_pu,
		.dy = b->standard->band * b->standard->q_pu, .share = share_of(v->response),
		.response_s = time_of(v->response, v->response_s), .count = GC_CURVE_POINTS,
		.by_voltage = true, .q = true,
	};
	struct gc_settings s = bench_alone(b);

	s.volt_var = b->charger.settings.volt_var;
	/* A function the code leaves to the operator is switched on for its test. */
	s.volt_var.enable = s.volt_var.enable || !b->code.volt_var.enable;
	for (int i = 0; i < c.count; i++) {
		c.x[i] = v->v[i] + v->v_ref - 1;
		c.y[i] = v->q[i];
	}
	voltage_range(b, &c);
	draw(b, &c);
	walk(b, &c, &s, 0.5, true);
	if (b->characteristic)
		return;
	walk(b, &c, &s, -0.5, false);
	if (b->brief)
		return;
	walk(b, &c, &s, b->lab->device.p_rated, false);
	walk(b, &c, &s, -b->lab->device.p_rated, false);
}

void curve_run_volt_var(struct bench *b, const struct procedure *p)
{
	characteristic_run(b, p, volt_var);
}

bool curve_applies_volt_watt(const struct gc_settings *s)
{
	return !isnan(s->volt_watt.v1);
}

static void volt_watt(struct bench *b)
{
	const struct gc_volt_watt_settings *v = &b->code.volt_watt;
	struct curve c = {
		.x = { v->v1, v->v2 },
		.y = { v->p1 * b->lab->device.p_rated, v->p2 * b->lab->device.p_rated }, .count = 2, .by_voltage = true,
		.dx = b->standard->band * b->standard->v_pu,
		.dy = b->standard->band * b->standard->p_pu, .share = share_of(v->response),
		.response_s = time_of(v->response, v->response_s),
	};
	struct gc_settings s = bench_alone(b);

	s.volt_watt = b->charger.settings.volt_watt;
	s.volt_watt.enable = s.volt_watt.enable || !b->code.volt_watt.enable;
	voltage_range(b, &c);
	c.lo = fmax(c.lo, 0.98);
	draw(b, &c);
	walk(b, &c, &s, b->lab->device.p_rated, true);
}

void curve_run_volt_watt(struct bench *b, const struct procedure *p)
{
	characteristic_run(b, p, volt_watt);
}

bool curve_applies_watt_var(const struct gc_settings *s)
{
	return !isnan(s->watt_var.p_gen[0]) && !isnan(s->watt_var.p_load[0]);
}

static void watt_var(struct bench *b)
{
	const struct gc_watt_var_settings *w = &b->code.watt_var;
	struct curve c = {
		.dx = b->standard->band * b->standard->p_pu,
		.dy = b->standard->band * b->standard->q_pu, .share = share_of(w->response),
		.response_s = time_of(w->response, w->response_s), .count = 6, .q = true,
		.lo = -b->lab->device.p_rated, .hi = b->lab->device.p_rated,
	};
	struct gc_settings s = bench_alone(b);

	s.watt_var = b->charger.settings.watt_var;
	s.watt_var.enable = s.watt_var.enable || !b->code.watt_var.enable;
	for (int i = 0; i < 3; i++) {
		c.x[2 - i] = -w->p_load[i] * b->lab->device.p_rated;
		c.y[2 - i] = w->q_load[i];
		c.x[3 + i] = w->p_gen[i] * b->lab->device.p_rated;
		c.y[3 + i] = w->q_gen[i];
	}
	draw(b, &c);
	walk(b, &c, &s, 0, true);
}

void curve_run_watt_var(struct bench *b, const struct procedure *p)
{
	characteristic_run(b, p, watt_var);
}

bool curve_applies_cos_phi(const struct gc_settings *s)
{
	return !isnan(s->cos_phi.p[0]) && !isnan(s->cos_phi.pf[2]);
}

/* Straight lines of the power factor are arcs of Q: the corners in between are the curve's own. */
void curve_run_cos_phi(struct bench *b, const struct procedure *p)
{
	const struct gc_cos_phi_settings *f = &b->code.cos_phi;
	struct curve c = {
		.dx = b->standard->band * b->standard->p_pu,
		.dy = b->standard->band * b->standard->q_pu, .share = share_of(f->response),
		.response_s = time_of(f->response, f->response_s), .count = CORNERS, .q = true,
		.lo = 0.1, .hi = b->lab->device.p_rated,
	};
	struct gc_settings s = bench_alone(b);

	(void)p;
	s.cos_phi = b->charger.settings.cos_phi;
	s.cos_phi.enable = s.cos_phi.enable || !b->code.cos_phi.enable;
	for (int i = 0; i < CORNERS; i++) {
		const double x = f->p[0] + (f->p[2] - f->p[0]) * i / (CORNERS - 1);
		const int k = x > f->p[1] ? 1 : 0;
		const double pf = f->pf[k] + (f->pf[k + 1] - f->pf[k]) * (x - f->p[k]) /
				  (f->p[k + 1] - f->p[k]);

		c.x[i] = x * b->lab->device.p_rated;
		c.y[i] = -c.x[i] * tan(acos(fmin(pf, 1)));
	}
	draw(b, &c);
	walk(b, &c, &s, 0.1, true);
}
