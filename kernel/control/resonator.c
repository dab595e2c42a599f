// SPDX-License-Identifier: GPL-2.0-only
#include <linux/math64.h>
#include "resonator.h"

void v2x_res_init(struct v2x_res_k *k, const struct v2x_current_k *cc,
		  const struct v2x_res_at *at)
{
	u32 order = at->order, hold = at->hold, w = at->w;
	struct v2x_rot t = v2x_sincos(order * w);
	struct v2x_rot late = v2x_sincos(order * (w + (w >> 1)));
	/* half an update back, and half of what the hold adds forward */
	struct v2x_rot half = v2x_sincos(order * hold * (w >> 1));
	struct v2x_rot held = v2x_sincos(order * (hold - 1) * (w >> 1) + at->ahead);
	s64 x_q16 = (s64)cc->wl_q16 * order;
	struct v2x_vec g = {
		.x = (long)(cc->kp_q16 + (((s64)cc->kd_q16 * (V2X_Q30_ONE - t.c) -
					   x_q16 * late.s) >> 30)),
		.y = (long)((x_q16 * late.c + (s64)cc->kd_q16 * t.s) >> 30),
	};
	long gs;

	g = v2x_turn_back(v2x_turn(g, held), half);
	/* 2 hold T / tau, and ohm Q24 */
	g.x = (long)div_s64((s64)g.x * 512 * hold, (s32)at->tau_samples);
	g.y = (long)div_s64((s64)g.y * 512 * hold, (s32)at->tau_samples);
	/* gc + j gs e^(-j theta/2) = g cos(theta/2) */
	gs = g.y;
	k->gs_q24 = (s32)gs;
	k->gc_q24 = (s32)(v2x_mul(g.x, half.c, 30) - v2x_mul(gs, half.s, 30));
	k->order = order;
	k->hold = hold;
}
