/* SPDX-License-Identifier: GPL-2.0-only */
/* The AC bridge from references to legs: DC link, current, modulation. */
#ifndef _V2X_BRIDGE_H
#define _V2X_BRIDGE_H

#include "ctl_priv.h"

/* bridge.c: start to switch with the link as it is */
void v2x_bridge_on(struct v2x_ctl *c);

/* bridge.c: a coefficient of the present frequency, every V2X_SLOW_TICKS samples */
void v2x_bridge_tune(struct v2x_ctl *c);

/* bridge.c: anti-windup when only @made_q30 of the vector @v was made */
void v2x_bridge_short(struct v2x_ctl *c, struct v2x_vec v, long made_q30);

/* bridge.c: what the limit @most leaves of @q beside @d, mA Q8 */
long v2x_bridge_room(long most, long d, long q);

/* mW over n/2 vd is mA: P * 1000 * 2^16 * 2/n * recip / 2^52 gives Q8 */
static __always_inline long v2x_power_to_current(const struct v2x_ctl *c, long p_mw)
{
	return (long)(((((s64)p_mw * c->tracker.recip) >> 20) * c->k.p_to_i) >> 32);
}

/* Squared link voltage, 2^10 mV^2, without the swing that one or two phases make. */
static __always_inline s64 v2x_bridge_energy(const struct v2x_ctl *c)
{
	s64 v = c->link.v_q8 >> 8;

	return likely(c->k.phases == 3) ? (v * v) >> 10 : c->single.energy.mean;
}

/**
 * v2x_bridge_references() - current references, every V2X_OUTER_TICKS samples
 * @c: control
 */
static v2x_part void v2x_bridge_references(struct v2x_ctl *c)
{
	long most = c->k.i_max_q8, lo = c->direction.d_lo_q8, hi = c->direction.d_hi_q8;
	long p = c->dcdc.feed_mw + v2x_link_step(&c->k.link, &c->link, v2x_bridge_energy(c),
						 c->held);
	long d = v2x_power_to_current(c, p);
	long q = -v2x_power_to_current(c, (long)(c->ref.q_q16 >> 16) + c->lom.q_mvar);

	/* what the filter capacitor gives need not come from the bridge */
	q -= v2x_mul_floor(c->tracker.vd_q8, c->k.measure.yc_q30, 30);
	if (unlikely(c->ride.iq_q8)) {
		/* what supports the voltage goes before what holds the link */
		long top = most - (most >> 8);	/* leaves 9 % of it to hold the link */
		long room;

		q = clamp(q + c->ride.iq_q8, -top, top);
		room = v2x_sqrt((u64)((s64)most * most - (s64)q * q));
		lo = max(lo, -room);
		hi = min(hi, room);
	}
	c->i_ref.x = clamp(d, lo, hi);
	c->i_ref.y = q;
	c->held = c->i_ref.x != d;
	/* the vector is limited; d, which holds the link, comes first */
	if (unlikely((s64)c->i_ref.x * c->i_ref.x + (s64)q * q > (s64)most * most))
		c->i_ref.y = v2x_bridge_room(most, c->i_ref.x, q);
	v2x_clean_dc(&c->k.clean, &c->clean, c->iab);
}

/*
 * The turn of the sample that is worked on: the last one's turned on by a sample as
 * the tracker has it, and by the small angle that is off, as the tracker does it.
 * Every V2X_ROUND_TICKS, and after a jump, it is made anew.
 */
static __always_inline struct v2x_rot v2x_form_turn(struct v2x_form *f, const struct v2x_tracker *t)
{
	u32 theta = (u32)(f->theta_q12 >> 12);
	s32 off = (s32)(theta - f->theta - t->step_angle);
	long x = v2x_mul_floor(off, V2X_PI_2_Q30, 30);
	struct v2x_vec on = v2x_turn((struct v2x_vec){ f->rot.c, f->rot.s }, t->step);

	f->theta = theta;
	if (likely(!v2x_beyond(off, V2X_FORM_OFF)))
		f->rot = (struct v2x_rot){
			.c = on.x - v2x_mul_floor(on.y, x, 30),
			.s = on.y + v2x_mul_floor(on.x, x, 30),
		};
	else
		f->rot = v2x_sincos(theta);
	return f->rot;
}

/**
 * v2x_form_step() - voltage of this period
 * @c: control
 * @v: voltage measured, stationary frame
 *
 * Return: voltage for the modulator, stationary frame, turned to the pulse.
 */
static v2x_part struct v2x_vec v2x_form_step(struct v2x_ctl *c, struct v2x_vec v)
{
	const struct v2x_form_k *k = &c->k.form;
	struct v2x_form *f = &c->form;
	struct v2x_rot rot = v2x_form_turn(f, &c->tracker);
	struct v2x_vec idq = v2x_turn_back(c->iab, rot);
	struct v2x_vec vdq = v2x_turn_back(v, rot);
	struct v2x_vec cmd, want, made, zi = { 0 };

	f->theta_q12 += (u64)f->w_q12;
	if (f->zv_q16.x | f->zv_q16.y) {	/* quasi-static: of the slow part */
		zi.x = v2x_mul_floor(f->i_lp.x, f->zv_q16.x, 16) -
		       v2x_mul_floor(f->i_lp.y, f->zv_q16.y, 16);
		zi.y = v2x_mul_floor(f->i_lp.y, f->zv_q16.x, 16) +
		       v2x_mul_floor(f->i_lp.x, f->zv_q16.y, 16);
	}
	/* the amount alone: the terminals' angle is the load's or the grid's */
	if (!f->alone)
		f->e.x += v2x_mul(f->vref_q8 + zi.x - c->tracker.vd_q8, k->ev_q30, 30);
	else if (likely(!f->held))	/* nearly along E, and there at once */
		f->e.x += v2x_mul(f->vref_q8 + zi.x - vdq.x, k->ev_q30, 30);
	f->i_lp.x += v2x_mul(idq.x - f->i_lp.x, k->lp_q30, 30);
	f->i_lp.y += v2x_mul(idq.y - f->i_lp.y, k->lp_q30, 30);
	cmd.x = f->e.x + zi.x + v2x_mul_floor(idq.x - f->i_lp.x, k->rv_q16, 16);
	cmd.y = f->e.y + zi.y + v2x_mul_floor(idq.y - f->i_lp.y, k->rv_q16, 16);
	want.x = idq.x + v2x_mul_floor(vdq.x - cmd.x, k->kp_recip_q24, 24);
	want.y = idq.y + v2x_mul_floor(vdq.y - cmd.y, k->kp_recip_q24, 24);
	f->held = (s64)want.x * want.x + (s64)want.y * want.y > (s64)f->most_q8 * f->most_q8;
	if (unlikely(f->held)) {
		made = v2x_form_limit(c, want, idq, vdq);
		if (!f->alone) {
			f->e.x += (made.x - cmd.x) >> 4;
			f->e.y += (made.y - cmd.y) >> 4;
		}
		cmd = made;
	}
	return v2x_turn(v2x_turn(cmd, rot), c->lead);
}

/**
 * v2x_bridge_step() - legs of this period, gates on
 * @c: control
 * @v_grid: voltage measured, stationary frame
 * @leg_q24: out
 */
static v2x_part void v2x_bridge_step(struct v2x_ctl *c, struct v2x_vec v_grid, s32 leg_q24[3])
{
	struct v2x_vec idq = v2x_turn_back(c->iab, c->tracker.rot), s, v;
	long made;

	if (unlikely(c->form.on)) {
		c->cc.idq = idq;
		v = v2x_form_step(c, v_grid);
		goto modulate;
	}
	s = v2x_current_step(&c->k.cc, &c->cc, c->i_ref, idq);
	if (likely(c->k.clean.on)) {
		struct v2x_vec h = v2x_clean_step(&c->k.clean, &c->clean,
						  c->i_ref.x - idq.x, c->i_ref.y - idq.y);

		s.x += h.x;
		s.y += h.y;
	} else {
		v_grid = v2x_tracker_now(&c->tracker);
	}
	s = v2x_turn(s, c->tracker.rot);
	v.x = v_grid.x - s.x - c->clean.dc[0].v_q8;
	v.y = v_grid.y - s.y - c->clean.dc[1].v_q8;
	v = v2x_turn(v, c->lead);
modulate:
	made = v2x_modulate(v, c->link.recip, leg_q24);
	if (c->k.dead.most_q24) {
		leg_q24[0] += v2x_dead_time(&c->k.dead, c->m.i_q8[0]);
		leg_q24[1] += v2x_dead_time(&c->k.dead, c->m.i_q8[1]);
		leg_q24[2] += v2x_dead_time(&c->k.dead, c->m.i_q8[2]);
	}
	/* what forms has no integrator that could wind up behind the modulator */
	if (unlikely(made != V2X_Q30_ONE) && likely(!c->form.on))
		v2x_bridge_short(c, v, made);
}

#endif /* _V2X_BRIDGE_H */
