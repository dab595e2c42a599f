/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mean of something that swings at twice the grid's frequency.
 *
 * With one or two phases the power, and with it the energy of the DC link,
 * swings at 2 f. An observer of the grid tracker's kind holds mean and swing
 * apart; the swing is turned by exactly the angle it moves on between two
 * samples, so that nothing of it is left in the mean at any frequency:
 *	e = x - mean - r,	mean += e g0,	r <- R(2 w T) (r + g e)
 * Called every V2X_OUTER_TICKS samples. With theta the nominal angle of the
 * swing between two calls, g = theta and g0 = theta / 2: the mean follows with
 * 2 / (2 pi 100 Hz) = 3.2 ms. A swing that begins is gone from the mean after
 * one of its periods.
 */
#ifndef _V2X_RIPPLE_H
#define _V2X_RIPPLE_H

#include "fixed.h"

/**
 * struct v2x_ripple - state; in the unit of what is observed
 * @mean: without the swing
 * @r: swing, and what is a quarter of its period behind it
 */
struct v2x_ripple {
	long mean;
	struct v2x_vec r;
};

/**
 * v2x_ripple_step() - one sample
 * @o: state
 * @x: observed
 * @g_q30: theta
 * @turn: by the present angle of the swing between two calls
 */
static inline void v2x_ripple_step(struct v2x_ripple *o, long x, s32 g_q30, struct v2x_rot turn)
{
	long e = x - o->mean - o->r.x;

	o->mean += v2x_mul(e, g_q30, 31);
	o->r.x += v2x_mul(e, g_q30, 30);
	o->r = v2x_turn_state(o->r, turn);
}

#endif /* _V2X_RIPPLE_H */
