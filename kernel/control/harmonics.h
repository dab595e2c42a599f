/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Three phases: what is not the positive-sequence fundamental, kept out of the
 * current.
 *
 * In the rotating frame the negative sequence turns at twice the frequency,
 * the 5th and 7th harmonic both at six times, 11th and 13th at twelve times:
 * one resonator (resonator.h) on each axis deals with both of a pair, and with
 * either sequence of it. Orders 2 and 12 run in even samples, 6 in odd ones.
 *
 * The lead of resonator.h is for the filter alone. A grid with inductance
 * turns the loop further, so each order has an angle of its own between what a
 * stiff grid and what SCR 2 wants: -20, 45 and 20 degrees, found from the
 * closed-loop poles over 0 .. 23 mH (tests/unit/control/test_poles.c).
 *
 * A DC in the current is the order 0 of the stationary frame: an integrator
 * on each axis with a time constant of a second takes it out. It sees the
 * sensors' offset as current; that is learned at standstill.
 */
#ifndef _V2X_HARMONICS_H
#define _V2X_HARMONICS_H

#include "resonator.h"

#define V2X_ORDERS	3

/**
 * struct v2x_clean_k - constants
 * @order: resonators at 2, 6, 12
 * @dc_q32: integrator of the DC, ohm a step of V2X_OUTER_TICKS samples
 * @on: the rate is enough for them
 */
struct v2x_clean_k {
	struct v2x_res_k order[V2X_ORDERS];
	s32 dc_q32;
	bool on;
};

/**
 * struct v2x_clean - state
 * @d: resonators of the d axis
 * @q: of the q axis
 * @held: their output that rests in this sample: odd, even
 * @tune_q24: coefficients of the present frequency
 * @tuned: which is tuned next
 * @dc_q24: DC taken out, stationary frame, mV Q24
 */
struct v2x_clean {
	struct v2x_res d[V2X_ORDERS];
	struct v2x_res q[V2X_ORDERS];
	struct v2x_vec held[2];
	s32 tune_q24[V2X_ORDERS];
	u32 tuned;
	s64 dc_q24[2];
};

/* v2x_clean_gains() - constants; @tau_ms: the error of a harmonic decays with it */
void v2x_clean_gains(struct v2x_clean_k *k, const struct v2x_stage_desc *desc,
		     const struct v2x_current_k *cc, u32 tau_ms);

void v2x_clean_init(struct v2x_clean_k *k, struct v2x_clean *c, const struct v2x_stage_desc *desc,
		    const struct v2x_current_k *cc);

/* Begin to switch: nothing is known. */
void v2x_clean_reset(struct v2x_clean *c);

/* What the bridge could not make comes off. */
void v2x_clean_fade(struct v2x_clean *c);

/* Every V2X_SLOW_TICKS samples: coefficients, one at a time. */
static inline void v2x_clean_slow(const struct v2x_clean_k *k, struct v2x_clean *c, u32 w)
{
	c->tune_q24[c->tuned] = v2x_res_tune(&k->order[c->tuned], w);
	c->tuned = c->tuned < V2X_ORDERS - 1 ? c->tuned + 1 : 0;
}

/**
 * v2x_clean_dc() - integrate the DC; every V2X_OUTER_TICKS samples
 * @k: constants
 * @c: state
 * @i: current, stationary frame
 */
static inline void v2x_clean_dc(const struct v2x_clean_k *k, struct v2x_clean *c, struct v2x_vec i)
{
	c->dc_q24[0] -= ((s64)i.x * k->dc_q32) >> 16;
	c->dc_q24[1] -= ((s64)i.y * k->dc_q32) >> 16;
}

/**
 * v2x_clean_step() - voltage to add in the rotating frame
 * @k: constants
 * @c: state
 * @odd: number of the sample is odd
 * @ex: current error, d
 * @ey: current error, q
 */
static v2x_part struct v2x_vec v2x_clean_step(const struct v2x_clean_k *k, struct v2x_clean *c,
					      u32 odd, long ex, long ey)
{
	struct v2x_vec s;

	if (odd) {
		s.x = v2x_res_step(&k->order[1], &c->d[1], c->tune_q24[1], ex);
		s.y = v2x_res_step(&k->order[1], &c->q[1], c->tune_q24[1], ey);
	} else {
		s.x = v2x_res_step(&k->order[0], &c->d[0], c->tune_q24[0], ex);
		s.y = v2x_res_step(&k->order[0], &c->q[0], c->tune_q24[0], ey);
		/* SCR 2 leaves the 11th and 13th no phase to spare: forget in 205 ms */
		c->d[2].x -= c->d[2].x >> 10;
		c->q[2].x -= c->q[2].x >> 10;
		s.x += v2x_res_step(&k->order[2], &c->d[2], c->tune_q24[2], ex);
		s.y += v2x_res_step(&k->order[2], &c->q[2], c->tune_q24[2], ey);
	}
	c->held[odd] = s;
	s.x += c->held[!odd].x;
	s.y += c->held[!odd].y;
	return s;
}

#endif /* _V2X_HARMONICS_H */
