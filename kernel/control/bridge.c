// SPDX-License-Identifier: GPL-2.0-only
#include "bridge.h"

void v2x_bridge_on(struct v2x_ctl *c)
{
	c->seq.gates = true;
	c->cc.integ = (struct v2x_vec){ 0 };
	c->i_ref = (struct v2x_vec){ 0 };
	c->held = false;
	c->dcdc = (struct v2x_dcdc){ .mean = c->dcdc.mean };
	v2x_single_reset(&c->single);
	c->form.on = false;
	v2x_clean_reset(&c->clean);
	v2x_link_reset(&c->link);
}

/* One at a time: all are renewed within 64 samples. */
void v2x_bridge_tune(struct v2x_ctl *c)
{
	u32 w = c->tracker.step_angle, i = c->tune_next;

	c->tune_next = i + 1;
	if (i < V2X_ORDERS) {
		c->clean.tune_q24[i] = v2x_res_tune(&c->k.clean.order[i], w);
		return;
	}
	c->lead = v2x_lead(w);
	c->tune_next = 0;
}

void v2x_bridge_short(struct v2x_ctl *c, struct v2x_vec v, long made_q30)
{
	long rest = V2X_Q30_ONE - made_q30;
	struct v2x_vec lost = {
		v2x_mul_floor(v.x, rest, 30), v2x_mul_floor(v.y, rest, 30),
	};

	/* back into the rotating frame in which it was asked for */
	lost = v2x_turn_back(lost, c->lead);
	lost = v2x_turn_back(lost, c->tracker.rot);
	v2x_current_realised(&c->cc, lost);
	c->clean.rest = true;
	c->held = true;
}

long v2x_bridge_room(long most, long d, long q)
{
	s64 room = (s64)most * most - (s64)d * d;
	long left = room > 0 ? (long)v2x_sqrt((u64)room) : 0;

	return clamp(q, -left, left);
}
