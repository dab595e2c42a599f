/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Resonators: integrators at harmonics of the grid, for the current control.
 *
 * Each is an oscillator of two states that the error drives:
 *	x <- x - k y + gc e,	y <- y + k x + gs e,	k = 2 sin(theta / 2)
 * theta is the harmonic's angle of one update. The determinant is one whatever
 * k is, so the poles are on the unit circle exactly; without error the integers
 * run through the same values for ever: rounding can neither feed nor damp it.
 *
 * Gains. With G the closed loop from a voltage added by the resonator to the
 * current, the gain is 2 T / tau / G at the harmonic: whatever G turns, the
 * gain turns back, and the harmonic's error decays with tau. From the loop of
 * current_control.h, theta = h w T:
 *	1/G = Kp + Kd (1 - cos theta) - X sin 1.5 theta
 *	      + j (X cos 1.5 theta + Kd sin theta),	X = h w (L1 + L2)
 * That is all delay compensation there is. x gives e^(j theta/2) of its own,
 * which (gc, gs) take back.
 *
 * The harmonics take turns, in two samples (one phase) or three (three phases),
 * and are held between. The hold is half a sample or a whole one more of delay,
 * in the gains; its images, at 10 or 6.7 kHz less the harmonic, are below 8 and
 * 11 % of the compensation and meet 94 ohm of filter.
 */
#ifndef _V2X_RESONATOR_H
#define _V2X_RESONATOR_H

#include "angle.h"
#include "current_control.h"

#define V2X_RES_MAX		8
#define V2X_HARMONICS_MS	20	/* tau of a harmonic: slow beside Kp's 0.6 ms */

/**
 * struct v2x_res_k - one resonator
 * @gc_q24: gain on x, ohm
 * @gs_q24: gain on y, ohm
 * @order: multiple of the grid's frequency, in the frame it runs in
 * @hold: samples between two updates
 */
struct v2x_res_k {
	s32 gc_q24;
	s32 gs_q24;
	u32 order;
	u32 hold;
};

/**
 * struct v2x_res - state of one resonator on one axis
 * @x: mV Q8, the output
 * @y: mV Q8
 */
struct v2x_res {
	long x;
	long y;
};

/**
 * struct v2x_res_at - what a resonator is for
 * @order: multiple of the grid's frequency, in the frame it runs in
 * @hold: samples between two updates, 1 to 3
 * @w: nominal angle a sample, 2^32 a turn
 * @tau_samples: time constant of the error's decay
 * @ahead: lead beyond what the filter wants, 2^32 a turn
 */
struct v2x_res_at {
	u32 order;
	u32 hold;
	u32 w;
	u32 tau_samples;
	u32 ahead;
};

/**
 * v2x_res_init() - gains of one resonator
 * @k: filled in
 * @cc: gains of the loop around it
 * @at: what it is for
 *
 * Context: process; divides.
 */
void v2x_res_init(struct v2x_res_k *k, const struct v2x_current_k *cc,
		  const struct v2x_res_at *at);

/**
 * v2x_res_tune() - coefficient of the present frequency
 * @k: constants
 * @w: angle a sample, 2^32 a turn
 *
 * From 16 kHz on, where there are harmonics, the angle is below 1/8 turn.
 *
 * Return: k in Q24.
 */
static __always_inline s32 v2x_res_tune(const struct v2x_res_k *k, u32 w)
{
	long u = v2x_eighth(k->order * k->hold * (w >> 1));

	return (s32)(v2x_eighth_sine(u, v2x_mul_floor(u, u, 30)) >> 5);
}

/**
 * v2x_res_step() - one update
 * @k: gains
 * @r: state
 * @tune_q24: as v2x_res_tune() says
 * @e: current error, mA Q8
 *
 * Return: mV Q8.
 */
static __always_inline long v2x_res_step(const struct v2x_res_k *k, struct v2x_res *r,
					 s32 tune_q24, long e)
{
	long x = r->x + (long)(((s64)e * k->gc_q24 - (s64)r->y * tune_q24) >> 24);

	r->x = x;
	r->y += (long)(((s64)e * k->gs_q24 + (s64)x * tune_q24) >> 24);
	return x;
}

/* Anti-windup: an eighth goes with each sample in which the bridge is at its limit. */
static inline void v2x_res_fade(struct v2x_res *r)
{
	r->x -= r->x >> 3;
	r->y -= r->y >> 3;
}

#endif /* _V2X_RESONATOR_H */
