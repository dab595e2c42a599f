// SPDX-License-Identifier: Apache-2.0
/*
 * Each leg toggles once in a half period: one transistor turns off, the current
 * charges the capacitances of both, and what it has not when the dead time ends the
 * other transistor does, hard. Between edges
 *	L di/dt = v1 - v2' - R i	(Lm + L/4) dim/dt = (v1 + v2') / 2 - R im / 4
 * with Lm between the halves of L and R: solved exactly, by exponentials.
 */
#include "dab_switching.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "edges.h"
#include "plant_fx.h"

#define CHECKS 15	/* of the charge, in the dead time, at least */
#define SOFT 0.1		/* part of the voltage that may be left: a hundredth of the energy */
#define LEAST_S 1e-9	/* between two of them */
#define EARLY 1e-9	/* half periods that are nothing */

struct volts {
	double link, out;	/* out seen from the link */
};

void dab_init(struct dab *d, const struct plant_cfg *cfg)
{
	*d = (struct dab){
		.l = cfg->dab_l_nh * 1e-9, .lm = cfg->dab_lm_nh * 1e-9,
		.r = cfg->dab_r_mohm * 1e-3, .n = cfg->dab_n_permille * 1e-3,
		.half = 0.5 / cfg->dab_f_hz, .dead = cfg->dab_dead_ns * 1e-9,
		.coss = cfg->dab_coss_pf * 1e-12, .idle_w = cfg->loss_idle_mw * 1e-3,
		.tick = 1.0 / cfg->tick_hz,
	};
}

static int side(const struct dab *d, int first)
{
	return (int)d->level[first] - (int)d->level[first + 1];
}

/* Current after t with the voltage v; adds its charge. */
static double flow(double i, double v, double l, double r, double t, double *charge)
{
	const double tau = l / r, end = v / r, gone = -expm1(-t / tau);

	if (r <= 0) {
		*charge += i * t + v / l * t * t / 2;
		return i + v / l * t;
	}
	*charge += end * t + (i - end) * tau * gone;
	return i + (end - i) * gone;
}

static void advance(struct dab *d, const struct volts *v, double t)
{
	const int link = side(d, 0), out = side(d, 2);
	double leak = 0, mag = 0;

	if (t <= 0)
		return;
	d->i_leak = flow(d->i_leak, link * v->link - out * v->out, d->l, d->r, t, &leak);
	d->i_mag = flow(d->i_mag, (link * v->link + out * v->out) / 2, d->lm + d->l / 4, d->r / 4,
			t, &mag);
	d->q_link += link * (leak + mag / 2);
	d->q_out += out * (leak - mag / 2) * d->n;
	d->sum_leak += leak;
	d->sum_mag += mag;
	d->i_peak = fmax(d->i_peak, fabs(d->i_leak));
	d->flux_peak = fmax(d->flux_peak, fabs(d->i_mag));
}

/* Current that charges the leg when it goes up; going down it is the other way. */
static double charging(const struct dab *d, int leg)
{
	const double link = d->i_leak + d->i_mag / 2, out = d->i_mag / 2 - d->i_leak;
	const double i = leg < 2 ? -link : -out;

	/* the second leg of a bridge carries the same current the other way */
	return leg & 1 ? -i : i;
}

static double fraction(double x)
{
	return x - floor(x);
}

/* Is the leg to be high at t in a half period whose pulse is positive? */
static bool wanted(const struct v2x_dab_pulse *p, int leg, double t, bool odd)
{
	const double w = (leg < 2 ? p->link_q24 : p->out_q24) * 0x1p-25;
	const double y = t - (leg < 2 ? 0 : p->shift_q24 * 0x1p-24) + (leg & 1 ? -w : w) + odd;

	return fraction(y / 2) < 0.5;
}

static double toggle(const struct v2x_dab_pulse *p, int leg)
{
	const double w = (leg < 2 ? p->link_q24 : p->out_q24) * 0x1p-25;

	return fraction((leg < 2 ? 0 : p->shift_q24 * 0x1p-24) + (leg & 1 ? w : -w));
}

/*
 * The half period's edges from where it stands, in half periods from the middle
 * of the link's pulse; legs that are not as wanted go first.
 */
static int edges(const struct dab *d, struct edge *e)
{
	int n = 0;

	for (int leg = 0; leg < 4; leg++) {
		const double t = toggle(&d->pulse, leg);
		const bool now = wanted(&d->pulse, leg, d->at + 1e-9, d->odd);

		if (d->level[leg] != now)
			e[n++] = (struct edge){ .t = d->at, .leg = leg, .up = now };
		if (t > d->at + 1e-9)
			e[n++] = (struct edge){ .t = t, .leg = leg, .up = !now };
	}
	return n;
}

/* On a diode whose current cannot turn round before the dead time ends? */
static bool stays(const struct dab *d, const struct volts *v, const struct edge *e, double i,
		  double full)
{
	const double slope = (v->link + v->out) * (1 / d->l + 1 / d->lm);
	const double turn = slope * (e->end - e->t) * d->half * (e->leg < 2 ? 1 : d->n);

	return e->waits > 1 && (i > 0 ? e->charge >= full : e->charge <= 0) && fabs(i) > turn;
}

/*
 * One transistor turns off; until the other one turns on, at the end of the dead
 * time, the current charges the capacitances of the leg, from 0 to 2 Coss V, or
 * back when it turns round. The leg's voltage is taken to step in the middle.
 */
static void commutate(struct dab *d, const struct volts *v, struct edge *e)
{
	const double volt = e->leg < 2 ? v->link : v->out / d->n;
	const double full = 2 * volt * d->coss, step = d->dead / CHECKS;
	const double up = charging(d, e->leg) * (e->leg < 2 ? 1 : d->n), i = e->up ? up : -up;
	double left, middle;

	if (!e->waits++) {
		e->since = e->t;
		e->end = e->t + d->dead / d->half;
	} else {
		e->charge = fmin(fmax(e->charge + i * (e->t - e->since) * d->half, 0), full);
		d->level[e->leg] = (full > 0 ? e->charge >= full / 2 : i > 0) == e->up;
	}
	if (e->t < e->end - EARLY) {
		/* a check at the middle, or back at it */
		middle = fabs(e->charge - full / 2) / fmax(fabs(i), 1e-3);
		e->since = e->t;
		e->t = stays(d, v, e, i, full) ? e->end :
		       fmin(e->end, e->t + fmax(fmin(step, middle), LEAST_S) / d->half);
		return;
	}
	left = full > 0 ? 1 - e->charge / full : 0;
	if (left > SOFT || d->dead <= 0)
		d->hard |= 1U << e->leg;
	d->hard_energy += d->coss * volt * volt * left * left;
	d->level[e->leg] = e->up;
	e->done = true;
}

/* The rest of the half period, or as much of it as @left seconds allow. */
static double half_period(struct dab *d, const struct volts *v, double left)
{
	const double end = fmin(1, d->at + left / d->half), from = d->at;
	struct edge e[EDGES_MAX], *next;
	const int n = edges(d, e);

	while ((next = edge_first(e, n)) != NULL && next->t < end) {
		advance(d, v, (next->t - d->at) * d->half);
		d->at = fmax(d->at, next->t);
		commutate(d, v, next);
	}
	advance(d, v, (end - d->at) * d->half);
	d->at = end;
	if (end >= 1) {
		d->at = 0;
		d->odd = !d->odd;
	}
	return left - (end - from) * d->half;
}

static bool same(const struct v2x_dab_pulse *a, const struct v2x_dab_pulse *b)
{
	return a->shift_q24 == b->shift_q24 && a->link_q24 == b->link_q24 && a->out_q24 == b->out_q24;
}

/* All half periods of the tick; the first whole one is the command's first. */
static void run(struct dab *d, const struct volts *v, const struct v2x_gate_cmd *cmd)
{
	bool first = !same(&cmd->dab_first, &cmd->dab);
	double left = d->tick;

	d->q_link = 0;
	d->q_out = 0;
	d->hard_energy = 0;
	d->i_peak = 0;
	d->flux_peak = 0;
	while (left > 1e-12) {
		if (d->at == 0) {
			d->pulse = first ? cmd->dab_first : cmd->dab;
			first = false;
		}
		/* what is said of the last period is that of its two halves */
		if (left > 1.5 * d->half || d->at > 0) {
			d->sum_leak = 0;
			d->sum_mag = 0;
			d->hard = 0;
		}
		left = half_period(d, v, left);
	}
}

/* At rest the legs are as in the middle of a pulse, where no current flows. */
static void rest(struct dab *d)
{
	d->i_leak = 0;
	d->i_mag = 0;
	d->at = 0;
	d->odd = false;
	for (int leg = 0; leg < 4; leg++)
		d->level[leg] = !(leg & 1);
	d->i_peak = 0;
	d->flux_peak = 0;
	d->flux_bias = 0;
	d->i_bias = 0;
	d->hard = 0;
	d->i_out = 0;
	d->i_link = 0;
}

void dab_switches(struct plant *p, const struct v2x_gate_cmd *cmd, bool on, void *context)
{
	struct dab *d = context;
	const double v_dc = (double)p->v_dc * 0x1p-40, v_out = (double)p->v_out * 0x1p-40;
	const struct volts v = { v_dc, v_out * d->n };
	/* magnetizing current at the edge of full pulses */
	const double full = (v.link + v.out) / 4 * d->half / d->lm;
	double loss = 0;

	if (on) {
		run(d, &v, cmd);
		d->flux_peak /= fmax(full, 1e-6);
		d->flux_bias = d->sum_mag / (2 * d->half) / fmax(full, 1e-6);
		d->i_bias = d->sum_leak / (2 * d->half);
		d->i_out = d->q_out / d->tick;
		loss = d->hard_energy / d->tick + d->idle_w;
		d->i_link = d->q_link / d->tick + loss / fmax(v_dc, 100);
		loss += (v_dc * d->q_link - v_out * d->q_out) / d->tick;
	} else {
		rest(d);
	}
	p->i_dcdc = llround(d->i_out * 0x1p20);
	p->i_link = llround(d->i_link * 0x1p20);
	p->p_loss_q10 = llround(loss * 0x1p10);
	p->i_leak = llround(d->i_peak * 0x1p20);
	p->hard = d->hard;
	if (p->i_leak > p->k.dab.i_trip_q20 || v_out * 0x1p20 > (double)p->k.v_ev_max_q20)
		p->lines |= V2X_FAULT_GATE_DCDC;
}
