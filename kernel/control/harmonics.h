/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Three phases: what is not the positive-sequence fundamental, kept out of the
 * current.
 *
 * In the rotating frame the negative sequence turns at twice the frequency,
 * the 5th and 7th harmonic both at six times, 11th and 13th at twelve times:
 * one resonator (resonator.h) on each axis deals with both of a pair, and with
 * either sequence of it. They take turns: each is updated in every third sample
 * and held between, so that no sample pays for more than one order.
 *
 * The lead of resonator.h is for the filter alone. A grid with inductance
 * turns the loop further, so each order has an angle of its own between what a
 * stiff grid and what SCR 2 wants: -20, 45 and 10 degrees, found from the
 * closed-loop poles over 0 .. 23 mH (tests/unit/control/test_poles.c).
 *
 * The feed-forward is 1.5 samples late. With SCR 2 that leaves the 11th and 13th
 * 110 to 220 ohm where a stiff grid has 10, turned by 11 and 175 degrees: no
 * angle suits both, and the resonator of order 12 is next to alone with itself.
 * So it forgets: a part in 128 of one state each update, 38 ms at 20 kHz. That
 * leaves 29 % of the 11th and 13th that the loop without it would let through.
 *
 * A DC in the current is the order 0 of the stationary frame: an integrator
 * on each axis with a time constant of a second takes it out. It sees the
 * sensors' offset as current; that is learned at standstill.
 */
#ifndef _V2X_HARMONICS_H
#define _V2X_HARMONICS_H

#include "resonator.h"

#define V2X_ORDERS	3	/* the last one forgets */

/**
 * struct v2x_clean_k - constants
 * @order: resonators at 2, 6, 12
 * @dc_q32: integrator of the DC, ohm a step of V2X_OUTER_TICKS samples
 * @on: the rate is enough for them, and for the voltage fed forward as sampled
 */
struct v2x_clean_k {
	struct v2x_res_k order[V2X_ORDERS];
	s32 dc_q32;
	bool on;
};

/**
 * struct v2x_clean_dc - DC taken out on one axis
 * @v_q24: mV Q24
 * @v_q8: the same, mV Q8
 */
struct v2x_clean_dc {
	s64 v_q24;
	long v_q8;
};

/**
 * struct v2x_clean - state
 * @d: resonators of the d axis
 * @q: of the q axis
 * @turn: which is updated next
 * @rest: the bridge was at its limit in the last sample
 * @tune_q24: coefficients of the present frequency
 * @dc: DC taken out, stationary frame
 */
struct v2x_clean {
	struct v2x_res d[V2X_ORDERS];
	struct v2x_res q[V2X_ORDERS];
	u32 turn;
	bool rest;
	s32 tune_q24[V2X_ORDERS];
	struct v2x_clean_dc dc[2];
};

/* v2x_clean_gains() - constants; @tau_ms: the error of a harmonic decays with it */
void v2x_clean_gains(struct v2x_clean_k *k, const struct v2x_stage_desc *desc,
		     const struct v2x_current_k *cc, u32 tau_ms);

void v2x_clean_init(struct v2x_clean_k *k, struct v2x_clean *c, const struct v2x_stage_desc *desc,
		    const struct v2x_current_k *cc);

/* Begin to switch: nothing is known. */
void v2x_clean_reset(struct v2x_clean *c);

/* After a sample in which the bridge could not make what was asked for: some comes off. */
void v2x_clean_fade(struct v2x_clean *c);

static __always_inline void v2x_clean_axis(struct v2x_clean_dc *dc, long i, s32 gain_q32)
{
	dc->v_q24 -= ((s64)i * gain_q32) >> 16;
	dc->v_q8 = (long)(dc->v_q24 >> 16);
}

/**
 * v2x_clean_dc() - integrate the DC; every V2X_OUTER_TICKS samples
 * @k: constants
 * @c: state
 * @i: current, stationary frame
 */
static inline void v2x_clean_dc(const struct v2x_clean_k *k, struct v2x_clean *c, struct v2x_vec i)
{
	v2x_clean_axis(&c->dc[0], i.x, k->dc_q32);
	v2x_clean_axis(&c->dc[1], i.y, k->dc_q32);
}

/**
 * v2x_clean_step() - voltage to add in the rotating frame
 * @k: constants
 * @c: state
 * @ex: current error, d
 * @ey: current error, q
 */
static v2x_part struct v2x_vec v2x_clean_step(const struct v2x_clean_k *k, struct v2x_clean *c,
					      long ex, long ey)
{
	u32 n = c->turn;

	if (unlikely(c->rest)) {
		v2x_clean_fade(c);
	} else {
		struct v2x_res *d = &c->d[n], *q = &c->q[n];

		c->turn = n + 1;
		if (n == V2X_ORDERS - 1) {
			c->turn = 0;
			d->x -= d->x >> 7;
			q->x -= q->x >> 7;
		}
		v2x_res_step(&k->order[n], d, c->tune_q24[n], ex);
		v2x_res_step(&k->order[n], q, c->tune_q24[n], ey);
	}
	return (struct v2x_vec){
		.x = c->d[0].x + c->d[1].x + c->d[2].x,
		.y = c->q[0].x + c->q[1].x + c->q[2].x,
	};
}

#endif /* _V2X_HARMONICS_H */
