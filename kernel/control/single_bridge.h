/* SPDX-License-Identifier: GPL-2.0-only */
/* The bridge of one and two phases from references to legs, see single.h. */
#ifndef _V2X_SINGLE_BRIDGE_H
#define _V2X_SINGLE_BRIDGE_H

#include "ctl_priv.h"

/*
 * Harmonics: 3, 7, 11, 15 in even samples, 5, 9, 13 in odd ones, which have the
 * pieces of schedule.h besides.
 */
static v2x_part long v2x_single_harmonics(const struct v2x_res_k *k, struct v2x_single *s, u32 odd,
					  long e)
{
	const s32 *tune = s->tune_q24 + 1;
	long sum;

	if (odd) {
		sum = v2x_res_step(&k[1], &s->harm[1], tune[1], e);
		sum += v2x_res_step(&k[3], &s->harm[3], tune[3], e);
		sum += v2x_res_step(&k[5], &s->harm[5], tune[5], e);
		s->held[1] = sum;
		return sum + s->held[0];
	}
	sum = v2x_res_step(&k[0], &s->harm[0], tune[0], e);
	sum += v2x_res_step(&k[2], &s->harm[2], tune[2], e);
	sum += v2x_res_step(&k[4], &s->harm[4], tune[4], e);
	sum += v2x_res_step(&k[6], &s->harm[6], tune[6], e);
	s->held[0] = sum;
	return sum + s->held[1];
}

/*
 * The current, on the two axes of the tracked voltage; right on average. Every
 * V2X_OUTER_TICKS samples: it is for the sum of the reactive power.
 */
static inline void v2x_single_project(struct v2x_ctl *c)
{
	long i = v2x_single_voltage(c->k.single.phases, c->m.i_q8);

	c->cc.idq.x = v2x_mul_floor(i, c->tracker.rot.c, 29);
	c->cc.idq.y = -v2x_mul_floor(i, c->tracker.rot.s, 29);
}

/* Voltage of the difference mode, mV Q8. */
static v2x_part long v2x_single_difference(struct v2x_ctl *c, long v, long i)
{
	const struct v2x_current_k *k = &c->k.cc;
	const struct v2x_tracker *t = &c->tracker;
	struct v2x_single *s = &c->single;
	/* (id + j iq) e^(j theta) */
	struct v2x_vec ref = v2x_turn(c->i_ref, t->rot);
	s64 p = (s64)(ref.x - i) * k->kp_q16 - (s64)(i - s->i) * k->kd_q16 -
		(s64)ref.y * k->wl_q16;
	long e, out;

	s->model.x += v2x_mul_floor(c->i_ref.x - s->model.x, c->k.dcdc.lag_q30, 30);
	s->model.y += v2x_mul_floor(c->i_ref.y - s->model.y, c->k.dcdc.lag_q30, 30);
	e = v2x_turn(s->model, t->rot).x - i;
	out = (long)(p >> 16) + v2x_res_step(&c->k.single.fund, &s->fund, s->tune_q24[0], e);
	if (likely(c->k.single.clean))
		out += v2x_single_harmonics(c->k.single.harm, s, c->tick & 1, e);
	else
		v = v2x_tracker_now(t).x;
	s->i = i;
	out += c->clean.dc[0].v_q8;
	/* the fundamental moves on until the pulse; p is that of the next sample */
	return v + (long)(((s64)t->p.x * s->ahead.c - (s64)t->p.y * s->ahead.s) >> 30) - out;
}

static v2x_part void v2x_single_full(struct v2x_ctl *c, long v, s32 leg[3])
{
	/* (leg0 - leg1) / 2 = v / vdc: Q8 * 2^52 / 2^28 is Q24 */
	long m = v2x_mul_floor(v, c->link.recip, 28);
	long made = clamp(m, -(long)V2X_LEG_MAX, (long)V2X_LEG_MAX);

	leg[0] = (s32)made;
	leg[1] = (s32)-made;
	leg[2] = 0;
	if (unlikely(made != m))
		v2x_single_short(c, v2x_mul_floor(m - made, c->link.v_q8, 24));
}

/* Common mode: no current in the neutral. */
static v2x_part long v2x_single_common(struct v2x_ctl *c)
{
	const struct v2x_current_k *k = &c->k.cc;
	struct v2x_single *s = &c->single;
	const s32 *vq = c->m.v_q8;
	long i = c->iab.y;
	s64 p = -(s64)i * k->kp_q16 - (s64)(i - s->i_common) * k->kd_q16;

	s->i_common = i;
	return ((vq[0] + (long)vq[1]) >> 1) - (long)(p >> 16) -
	       c->clean.dc[1].v_q8 -
	       v2x_res_step(&c->k.single.fund, &s->common, s->tune_q24[0], -i);
}

/* Legs of two voltages to the neutral leg; what was made of them, Q30. */
static __always_inline long v2x_split_legs(const struct v2x_ctl *c, long va, long vb, s32 leg[3])
{
	/* against the neutral leg, 2 v / vdc */
	long a = v2x_mul_floor(va, c->link.recip, 27);
	long b = v2x_mul_floor(vb, c->link.recip, 27);
	long lo = min3(a, b, 0L);
	long hi = max3(a, b, 0L);
	long mid = (hi + lo) >> 1;

	leg[0] = (s32)(a - mid);
	leg[1] = (s32)(b - mid);
	leg[2] = (s32)-mid;
	if (likely(hi - lo <= 2 * V2X_LEG_MAX))
		return V2X_Q30_ONE;
	return v2x_modulate_short(leg, (s64)hi - lo);
}

static v2x_part void v2x_single_split(struct v2x_ctl *c, long v, s32 leg[3])
{
	long cm = v2x_single_common(c);
	long made = v2x_split_legs(c, cm + v, cm - v, leg);

	if (unlikely(made != V2X_Q30_ONE))
		v2x_single_short(c, v2x_mul_floor(v, V2X_Q30_ONE - made, 30));
}

static inline void v2x_single_dead_time(const struct v2x_ctl *c, s32 leg[3])
{
	const s32 *i = c->m.i_q8;
	const struct v2x_dead *k = &c->k.dead;

	leg[0] += v2x_dead_time(k, i[0]);
	if (c->k.single.phases == 1) {
		leg[1] += v2x_dead_time(k, -(long)i[0]);
	} else {
		leg[1] += v2x_dead_time(k, i[1]);
		leg[2] += v2x_dead_time(k, -(long)i[0] - i[1]);
	}
}

/**
 * v2x_single_drive() - legs of this period
 * @c: control
 * @v_q8: the voltage tracked
 * @leg_q24: out; in the middle without gates
 */
static v2x_part void v2x_single_drive(struct v2x_ctl *c, long v_q8, s32 leg_q24[3])
{
	bool split = c->k.single.phases != 1;
	long i = c->m.i_q8[0];

	if (split) {
		c->iab.y = (i + c->m.i_q8[1]) >> 1;
		i = (i - c->m.i_q8[1]) >> 1;
	}
	c->iab.x = i;
	if (unlikely(!c->seq.gates)) {
		c->single.i = i;
		c->single.i_common = c->iab.y;
		leg_q24[0] = 0;
		leg_q24[1] = 0;
		leg_q24[2] = 0;
		return;
	}
	if (unlikely(c->form.on)) {
		v2x_form_single_step(c, leg_q24);
	} else {
		v_q8 = v2x_single_difference(c, v_q8, i);
		if (split)
			v2x_single_split(c, v_q8, leg_q24);
		else
			v2x_single_full(c, v_q8, leg_q24);
	}
	if (c->k.dead.most_q24)
		v2x_single_dead_time(c, leg_q24);
}

#endif /* _V2X_SINGLE_BRIDGE_H */
