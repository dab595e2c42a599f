// SPDX-License-Identifier: GPL-2.0-only
/*
 * The AC bridge from references to legs: DC link, current, modulation.
 */
#include "ctl_priv.h"
#include "states.h"

void v2x_ctl_bridge_on(struct v2x_ctl *c)
{
	c->seq.gates = true;
	c->cc.integ = (struct v2x_vec){ 0 };
	c->held = false;
	c->dcdc = (struct v2x_dcdc){ 0 };
	v2x_link_reset(&c->link);
}

/* mW over 3/2 vd is mA: P * 1000 * 2^16 / 1.5 * recip / 2^52 gives Q8 */
static s32 power_to_current(const struct v2x_ctl *c, s32 p_mw)
{
	return v2x_sat32(((((s64)p_mw * c->tracker.recip) >> 20) * 43690667) >> 32);
}

static void references(struct v2x_ctl *c)
{
	s32 most = c->k.i_max_q8;
	s32 p = c->dcdc.feed_mw + v2x_link_step(&c->k.link, &c->link, c->held);
	s32 d = power_to_current(c, p);
	s32 q = -power_to_current(c, (s32)(c->ref.q_q16 >> 16));

	/* what the filter capacitor gives need not come from the bridge */
	q -= v2x_mul(c->tracker.vd_q8, c->k.measure.yc_q30, 30);
	c->i_ref.x = clamp(d, -most, most);
	c->i_ref.y = clamp(q, -most, most);
	c->held = c->i_ref.x != d;
}

/* What the modulator could not make, in the rotating frame. */
static noinline void take_back(struct v2x_ctl *c, struct v2x_vec v, s32 made_q30)
{
	s32 rest = V2X_Q30_ONE - made_q30;
	struct v2x_vec lost = { v2x_mul(v.x, rest, 30), v2x_mul(v.y, rest, 30) };

	lost = v2x_turn_back(v2x_turn_back(lost, c->tracker.lead), c->tracker.rot);
	v2x_current_realised(&c->cc, lost);
	c->held = true;
}

void v2x_ctl_bridge(struct v2x_ctl *c, struct v2x_vec v_grid)
{
	struct v2x_vec idq = v2x_turn_back(v2x_clarke(c->m.i_q8), c->tracker.rot);
	struct v2x_vec s, v;
	s32 made;

	if (!c->seq.gates) {
		c->cc.idq = idq;
		c->i_ref = (struct v2x_vec){ 0 };
		return;
	}
	references(c);
	s = v2x_turn(v2x_current_step(&c->k.cc, &c->cc, c->i_ref, idq), c->tracker.rot);
	v.x = v_grid.x - s.x;
	v.y = v_grid.y - s.y;
	v = v2x_turn(v, c->tracker.lead);
	made = v2x_modulate(v, c->link.recip, c->gate.leg_q24);
	if (unlikely(made != V2X_Q30_ONE))
		take_back(c, v, made);
}
