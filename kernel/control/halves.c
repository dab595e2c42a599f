// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include <linux/string.h>
#include "halves.h"

#define SQRT3_Q30	1859775394

void v2x_halves_init(struct v2x_halves_k *k, struct v2x_halves *h,
		     const struct v2x_stage_desc *desc)
{
	u32 fs = desc->tick_hz;
	u32 cycle = (u32)div_u64((u64)fs * 1000, desc->f_nominal_mhz);
	u64 nominal = ((u64)desc->v_nominal_mv * desc->v_nominal_mv) >> 8;
	u32 i, ph;

	k->w_nom = (u32)div_u64(div_u64((u64)desc->f_nominal_mhz << 40, 1000) >> 8, fs);
	k->phases = desc->phases;
	k->n_min = fs / 140;
	k->n_seed = (u32)div_u64(1ULL << 32, cycle);
	k->fs_mhz = fs * 1000;
	k->f_nom_mhz = (s32)desc->f_nominal_mhz;
	k->block_ticks = 3 * fs;
	memset(h, 0, sizeof(*h));
	/* Ten minutes that nobody saw were good ones. */
	for (i = 0; i < V2X_MEAN_BLOCKS; i++) {
		for (ph = 0; ph < 3; ph++) {
			h->block[i].v2[ph] = nominal * k->block_ticks;
			h->sum.v2[ph] += h->block[i].v2[ph];
		}
		h->block[i].n = k->block_ticks;
		h->sum.n += k->block_ticks;
	}
	h->quant[V2X_PROT_V_10MIN].hi = (s64)h->sum.v2[0];
	h->quant[V2X_PROT_V_10MIN].n = h->sum.n;
	/* the oldest of them gives way to the one that fills */
	for (ph = 0; ph < 3; ph++)
		h->sum.v2[ph] -= h->block[0].v2[ph];
	h->sum.n -= h->block[0].n;
	h->block[0] = (struct v2x_mean_block){ 0 };
}

void v2x_halves_middle(struct v2x_halves *h, struct v2x_measure *me, const struct v2x_meas *m)
{
	const struct v2x_sums *s = &me->now;

	/* a whole one that waits to be marked goes first */
	if (h->ended)
		return;
	h->at = (struct v2x_half){ { s->v2[0], s->v2[1], s->v2[2] }, s->len_q8 + (s->n << 8) };
	v2x_measure_edge(me, m, v2x_measure_past(me->done.n, me->theta ^ (1U << 31)));
	h->ended = V2X_HALF_FIRST;
}

void v2x_halves_share(struct v2x_halves *h, const struct v2x_measure_k *k,
		      struct v2x_measure *me)
{
	const struct v2x_sums *s = &me->done;
	const struct v2x_edge *e = &me->edge;
	s32 ph;

	me->edge.open = false;
	if (h->ended == V2X_HALF_WHOLE) {
		v2x_measure_share(k, me);
		h->at = (struct v2x_half){ { s->v2[0], s->v2[1], s->v2[2] }, s->len_q8 };
		return;
	}
	for (ph = 0; ph < k->phases; ph++) {
		s64 v = e->v_q8[ph] >> 8;

		h->at.v2[ph] -= (u64)v2x_measure_behind(e, v, v);
	}
	h->at.len_q8 -= e->past_q8;
}

void v2x_halves_mark(struct v2x_halves *h, const struct v2x_tracker *t, u64 tick)
{
	struct v2x_half *now = &h->half[0];

	h->half[1] = *now;
	now->v2[0] = h->at.v2[0] - h->begun.v2[0];
	now->v2[1] = h->at.v2[1] - h->begun.v2[1];
	now->v2[2] = h->at.v2[2] - h->begun.v2[2];
	now->len_q8 = h->at.len_q8 - h->begun.len_q8;
	h->begun = h->ended == V2X_HALF_WHOLE ? (struct v2x_half){ 0 } : h->at;
	h->mark[2] = h->mark[1];
	h->mark[1] = h->mark[0];
	h->mark[0] = (struct v2x_mark){ .p = t->p, .tick = tick, .live = t->live };
	h->n_vec = t->n;
	h->ended = 0;
	h->step = 1;
}

static void squares(const struct v2x_halves_k *k, struct v2x_halves *h)
{
	const struct v2x_half *a = &h->half[0], *b = &h->half[1];
	struct v2x_quant *half = &h->quant[V2X_PROT_V_PHASE_HALF];
	struct v2x_quant *cycle = &h->quant[V2X_PROT_V_PHASE];

	/* a phase that there is not is the first one again */
	u32 y = k->phases > 1 ? 1 : 0, z = k->phases > 2 ? 2 : 0;

	/* A few samples between two crossings are no half cycle: what was known stays. */
	if (a->len_q8 < k->n_min << 8 || a->len_q8 + b->len_q8 < k->n_min << 9)
		return;
	half->n = a->len_q8;
	half->hi = (s64)max3(a->v2[0], a->v2[y], a->v2[z]) << 8;
	half->lo = (s64)min3(a->v2[0], a->v2[y], a->v2[z]) << 8;
	cycle->n = a->len_q8 + b->len_q8;
	cycle->hi = (s64)max3(a->v2[0] + b->v2[0], a->v2[y] + b->v2[y], a->v2[z] + b->v2[z]) << 8;
	cycle->lo = (s64)min3(a->v2[0] + b->v2[0], a->v2[y] + b->v2[y], a->v2[z] + b->v2[z]) << 8;
}

/*
 * Of the phasors P and N, the latter turning backward, the product of the two
 * vectors p n = P N* stands still. A phase is |P + N|^2, and the voltage
 * between two of them
 *	3 (|P|^2 + |N|^2 + 2 Re(P N* e^j60)), and likewise with e^j180, e^-j60.
 * Peak values: twice the square of the RMS.
 */
static void sequences(struct v2x_halves *h)
{
	s64 px = h->mark[0].p.x >> 8, py = h->mark[0].p.y >> 8;
	s64 nx = h->n_vec.x >> 8, ny = h->n_vec.y >> 8;
	s64 p2 = px * px + py * py, n2 = nx * nx + ny * ny;
	s64 x = px * nx - py * ny;
	s64 y = ((px * ny + py * nx) >> 12) * (SQRT3_Q30 >> 18);

	h->quant[V2X_PROT_V_POSITIVE] = (struct v2x_quant){ p2, p2, 2 };
	h->quant[V2X_PROT_V_NEGATIVE] = (struct v2x_quant){ n2, n2, 2 };
	h->quant[V2X_PROT_V_LINE] = (struct v2x_quant){
		.hi = 3 * (p2 + n2 + max3(x - y, x + y, -2 * x)),
		.lo = 3 * (p2 + n2 + min3(x - y, x + y, -2 * x)),
		.n = 2,
	};
}

/* The positive sequence of a cycle ago, turned on by the nominal frequency. */
static void turned(const struct v2x_halves_k *k, struct v2x_halves *h)
{
	struct v2x_rot r = v2x_sincos((u32)(h->mark[0].tick - h->mark[2].tick) * k->w_nom);
	struct v2x_vec old = v2x_turn(h->mark[2].p, r);
	s64 ox = old.x >> 8, oy = old.y >> 8;
	s64 px = h->mark[0].p.x >> 8, py = h->mark[0].p.y >> 8;

	/* 2^38 at the nominal voltage */
	h->was.x = (long)((ox * px + oy * py) >> 12);
	h->was.y = (long)((ox * py - oy * px) >> 12);
}

static void push_f(struct v2x_halves *h, s32 f_mhz)
{
	u32 at = (h->f_at + 1) & (V2X_F_HALVES - 1);

	h->f_mhz[at] = f_mhz;
	h->f_sum[at] = h->f_sum[h->f_at] + (u32)f_mhz;
	h->f_at = at;
	h->f_run = f_mhz ? min(h->f_run + 1, (u32)V2X_F_HALVES) : 0;
}

/* The smallest of three of one sign, 0 if they are not. */
static long least_of(const long v[3])
{
	if (v[0] > 0 && v[1] > 0 && v[2] > 0)
		return min3(v[0], v[1], v[2]);
	if (v[0] < 0 && v[1] < 0 && v[2] < 0)
		return -max3(v[0], v[1], v[2]);
	return 0;
}

/*
 * The jump of the angle within two cycles: what they left over beyond the slow
 * mean of it. The tracker's vector overshoots a jump by a third for half a
 * cycle, so that the least of three in a row is taken: 3 % below the jump.
 */
static void push_delta(struct v2x_halves *h, s32 delta)
{
	struct v2x_quant *q = &h->quant[V2X_PROT_VECTOR_SHIFT];

	memmove(&h->delta[1], &h->delta[0], sizeof(h->delta) - sizeof(h->delta[0]));
	h->delta[0] = delta;
	h->shift[2] = h->shift[1];
	h->shift[1] = h->shift[0];
	h->shift[0] = (long)delta + h->delta[2] - 2 * h->delta_mean;
	q->hi = least_of(h->shift);
	q->n = h->f_run >= 6;
	/* by what came before the jump that may be there now */
	if (q->n)
		h->delta_mean += (h->delta[5] - h->delta_mean) >> 4;
	else
		h->delta_mean = delta;
}

/* 2^32 / samples of the cycle by Newton, see measure.c */
static void reciprocal(const struct v2x_halves_k *k, struct v2x_halves *h)
{
	u32 ticks = (u32)(h->mark[0].tick - h->mark[2].tick);
	bool live = h->mark[0].live && h->mark[1].live && h->mark[2].live;
	u64 r = k->n_seed;
	int i;

	h->recip_q32 = 0;
	/* down to 35 Hz; from twice the nominal cycle on Newton would not converge */
	if (!live || ticks < 2 * k->n_min || ticks >= 4 * k->n_min)
		return;
	for (i = 0; i < 5; i++)
		r = (r * ((1ULL << 33) - ticks * r)) >> 32;
	h->recip_q32 = r;
}

static void frequency(const struct v2x_halves_k *k, struct v2x_halves *h)
{
	s32 f = 0;

	/* turns Q32 / samples Q32 * samples a second */
	if (h->recip_q32)
		f = k->f_nom_mhz + (s32)v2x_shr(v2x_shr((s64)h->angle * (s64)h->recip_q32, 22) *
						k->fs_mhz, 42);
	push_f(h, f);
	push_delta(h, h->angle);
}

void v2x_halves_work(const struct v2x_halves_k *k, struct v2x_halves *h)
{
	switch (h->step++) {
	case 1:
		squares(k, h);
		break;
	case 2:
		sequences(h);
		break;
	case 3:
		turned(k, h);
		break;
	case 4:
		reciprocal(k, h);
		break;
	case 5:
		h->angle = h->recip_q32 ? v2x_atan2(h->was.y, h->was.x) : 0;
		break;
	default:
		frequency(k, h);
		break;
	}
}

/* The oldest block goes, the next one fills. */
static void next_block(struct v2x_halves *h)
{
	struct v2x_quant *q = &h->quant[V2X_PROT_V_10MIN];
	const struct v2x_mean_block *full = &h->block[h->at_block];
	struct v2x_mean_block *next;
	u32 ph;

	for (ph = 0; ph < 3; ph++)
		h->sum.v2[ph] += full->v2[ph];
	h->sum.n += full->n;
	q->hi = (s64)max3(h->sum.v2[0], h->sum.v2[1], h->sum.v2[2]);
	q->n = h->sum.n;
	h->at_block = h->at_block + 1 < V2X_MEAN_BLOCKS ? h->at_block + 1 : 0;
	next = &h->block[h->at_block];
	for (ph = 0; ph < 3; ph++)
		h->sum.v2[ph] -= next->v2[ph];
	h->sum.n -= next->n;
	*next = (struct v2x_mean_block){ 0 };
}

void v2x_halves_cycle(const struct v2x_halves_k *k, struct v2x_halves *h,
		      const struct v2x_cycle *c)
{
	struct v2x_mean_block *b = &h->block[h->at_block];
	u32 ph;

	for (ph = 0; ph < 3; ph++) {
		u64 v = (u64)c->v_mv[ph];

		b->v2[ph] += ((v * v) >> 8) * c->ticks;
	}
	b->n += c->ticks;
	if (b->n >= k->block_ticks)
		next_block(h);
}
