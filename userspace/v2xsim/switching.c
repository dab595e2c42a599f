// SPDX-License-Identifier: Apache-2.0
/*
 * A leg is high from (1 - d) T / 2 to (1 + d) T / 2, d = (1 + m) / 2. A switch
 * turns on the dead time after the other one was told to turn off; in between
 * the current chooses the diode: into the leg (import) the upper one, so that
 * the leg rises at once and falls late; out of it the lower one.
 *
 * Between edges the filter is linear; it is integrated by the classic
 * fourth-order Runge-Kutta method in steps of 1 us at most.
 */
#include "switching.h"

#include <math.h>
#include <stddef.h>

#include "edges.h"
#include "plant_ac.h"

#define STEP_S 1e-6

struct state {
	double i1[2], i2[2], vc[2];
};

/* One period: what drives the filter, and what is summed over it. */
struct period {
	const struct switching *s;
	unsigned int loops;
	bool star;
	double v_dc;
	double src[2], slope[2];	/* at the period's start, per second */
	bool high[3];
	double leg[2];
	double link;			/* charge into the DC link */
	double sum[2], mean[3], square[3];
};

static void derivative(const struct period *p, const struct state *x, double t, struct state *d)
{
	const struct switching *s = p->s;

	for (unsigned int i = 0; i < p->loops; i++) {
		const double vn = x->vc[i] + s->rd * (x->i2[i] - x->i1[i]);

		d->i1[i] = (vn - p->leg[i] - s->r1 * x->i1[i]) / s->l1;
		d->i2[i] = (p->src[i] + p->slope[i] * t - vn - s->r2 * x->i2[i]) / s->l2;
		d->vc[i] = (x->i2[i] - x->i1[i]) / s->c;
	}
}

static struct state moved(const struct period *p, const struct state *x, const struct state *d,
			  double h)
{
	struct state y = *x;

	for (unsigned int i = 0; i < p->loops; i++) {
		y.i1[i] += h * d->i1[i];
		y.i2[i] += h * d->i2[i];
		y.vc[i] += h * d->vc[i];
	}
	return y;
}

static void runge_kutta(const struct period *p, struct state *x, double t, double h)
{
	struct state k[4] = { 0 }, y;

	derivative(p, x, t, &k[0]);
	y = moved(p, x, &k[0], h / 2);
	derivative(p, &y, t + h / 2, &k[1]);
	y = moved(p, x, &k[1], h / 2);
	derivative(p, &y, t + h / 2, &k[2]);
	y = moved(p, x, &k[2], h);
	derivative(p, &y, t + h, &k[3]);
	*x = moved(p, x, &k[0], h / 6);
	*x = moved(p, x, &k[1], h / 3);
	*x = moved(p, x, &k[2], h / 3);
	*x = moved(p, x, &k[3], h / 6);
}

/* Third current of a side: what the other two do not return. */
static double third(const struct period *p, const double i[2])
{
	return p->loops == 2 ? -i[0] - i[1] : -i[0];
}

static void add(struct period *p, const struct state *x, double w)
{
	const double i1[3] = { x->i1[0], p->loops == 2 ? x->i1[1] : third(p, x->i1),
			       p->loops == 2 ? third(p, x->i1) : 0 };
	const double i2[3] = { x->i2[0], p->loops == 2 ? x->i2[1] : 0,
			       p->loops == 2 ? third(p, x->i2) : 0 };

	for (int i = 0; i < 3; i++) {
		p->link += p->high[i] ? i1[i] * w : 0;
		p->mean[i] += i2[i] * w;
		p->square[i] += i2[i] * i2[i] * w;
	}
	p->sum[0] += i1[0] * w;
	p->sum[1] += p->loops == 2 ? i1[1] * w : 0;
}

static void advance(struct period *p, struct state *x, double from, double to)
{
	const int n = (int)ceil((to - from) / STEP_S);
	const double h = n > 0 ? (to - from) / n : 0;

	for (int i = 0; i < n; i++) {
		add(p, x, h / 2);
		runge_kutta(p, x, from + i * h, h);
		add(p, x, h / 2);
	}
}

/* Voltage of each loop: its leg less the return leg, without their mean with three wires. */
static void legs(struct period *p)
{
	const int back = p->loops == 2 ? 2 : 1;
	double mean;

	for (unsigned int i = 0; i < p->loops; i++)
		p->leg[i] = ((int)p->high[i] - (int)p->high[back]) * p->v_dc;
	if (!p->star)
		return;
	mean = (p->leg[0] + p->leg[1]) / 3;
	p->leg[0] -= mean;
	p->leg[1] -= mean;
}

/* What each leg is told; a period begins and ends low, unless a leg never is. */
static int edges(const struct plant *p, double period, struct edge *e)
{
	const int count = p->k.phases == 1 ? 2 : 3;
	int n = 0;

	for (int x = 0; x < count; x++) {
		const double m = (double)p->active.leg_q24[x] * 0x1p-24;
		const double d = fmin(1, fmax(0, (1 + m) / 2));

		if (d > 0)
			e[n++] = (struct edge){ .t = (1 - d) / 2 * period, .leg = x, .up = true };
		if (d < 1)
			e[n++] = (struct edge){ .t = (1 + d) / 2 * period, .leg = x };
	}
	return n;
}

/* A newer command to a leg whose switch is still waiting to turn on. */
static void forget(struct edge *e, int n, int leg)
{
	for (int i = 0; i < n; i++)
		e[i].done |= e[i].leg == leg && e[i].waits;
}

static double current_of(const struct period *p, const struct state *x, int leg)
{
	if (p->loops == 1)
		return leg ? -x->i1[0] : x->i1[0];
	return leg < 2 ? x->i1[leg] : third(p, x->i1);
}

static void run(const struct plant *plant, struct period *p, struct state *x)
{
	struct edge e[EDGES_MAX], *next;
	const int n = edges(plant, p->s->period, e);
	double now = 0;

	legs(p);
	while ((next = edge_first(e, n)) != NULL) {
		const double i_leg = current_of(p, x, next->leg);
		bool late;

		advance(p, x, now, next->t);
		now = next->t;
		late = next->up ? i_leg < 0 : i_leg > 0;
		if (!next->waits)
			forget(e, n, next->leg);
		if (late && !next->waits && p->high[next->leg] != next->up && p->s->dead_s > 0) {
			next->waits++;
			next->t = fmin(now + p->s->dead_s, p->s->period);
			continue;
		}
		next->done = true;
		p->high[next->leg] = next->up;
		legs(p);
	}
	advance(p, x, now, p->s->period);
}

void switching_grid(struct switching *s, const struct plant_cfg *cfg, const struct plant_env *env)
{
	s->r1 = cfg->r1_uohm * 1e-6;
	s->l1 = cfg->l1_nh * 1e-9;
	s->rd = cfg->rd_uohm * 1e-6;
	s->c = cfg->c_nf * 1e-9;
	s->r2 = ((double)cfg->r2_uohm + env->grid.rg_uohm) * 1e-6;
	s->l2 = ((double)cfg->l2_nh + env->grid.lg_nh) * 1e-9;
	s->period = 1.0 / cfg->tick_hz;
}

static void begin(const struct plant *p, const struct switching *s, struct period *r,
		  struct state *x)
{
	double was = 0, now = 0;

	*r = (struct period){ .s = s, .loops = p->k.phases == 1 ? 1 : 2,
			      .star = p->k.phases == 3, .v_dc = (double)p->v_dc * 0x1p-40 };
	if (r->star) {
		was = (double)(p->v_src_old[0] + p->v_src_old[1] + p->v_src_old[2]) / 3;
		now = (double)(p->v_src[0] + p->v_src[1] + p->v_src[2]) / 3;
	}
	for (unsigned int i = 0; i < r->loops; i++) {
		r->src[i] = ((double)p->v_src_old[i] - was) * 0x1p-20;
		r->slope[i] = (((double)p->v_src[i] - now) * 0x1p-20 - r->src[i]) / s->period;
		x->i1[i] = (double)p->i1[i] * 0x1p-40;
		x->i2[i] = (double)p->i2[i] * 0x1p-40;
		x->vc[i] = (double)p->vc[i] * 0x1p-40;
	}
}

static void end(struct plant *p, struct plant_ac *ac, const struct period *r,
		const struct state *x)
{
	const double t = r->s->period;

	for (unsigned int i = 0; i < r->loops; i++) {
		p->i1[i] = llround(x->i1[i] * 0x1p40);
		p->i2[i] = llround(x->i2[i] * 0x1p40);
		p->vc[i] = llround(x->vc[i] * 0x1p40);
	}
	ac->sum[0] = llround(r->sum[0] / t * 0x1p20);
	ac->sum[1] = llround(r->sum[1] / t * 0x1p20);
	plant_ac_end(p, ac);
	p->i_bridge = llround(r->link / t * 0x1p20) - p->i_loss;
}

void switching_ac(struct plant *p, bool gates, void *context)
{
	struct switching *s = context;
	struct plant_ac ac;
	struct period r;
	struct state x = { 0 };

	plant_ac_begin(p, &ac, gates);
	if (plant_ac_ordinary(p, &ac)) {
		begin(p, s, &r, &x);
		run(p, &r, &x);
		end(p, &ac, &r, &x);
		for (int i = 0; i < PLANT_PHASES; i++) {
			s->i2_mean[i] = r.mean[i] / s->period;
			s->i2_square[i] = r.square[i] / s->period;
		}
		return;
	}
	plant_ac_otherwise(p, &ac);
	plant_ac_end(p, &ac);
	for (int i = 0; i < PLANT_PHASES; i++) {
		s->i2_mean[i] = (double)p->i2[i] * 0x1p-40;
		s->i2_square[i] = s->i2_mean[i] * s->i2_mean[i];
	}
}
