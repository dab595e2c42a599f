/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Current control of the AC bridge in the rotating frame.
 *
 * Currents are positive from the grid into the converter, so the plant is
 *	L di/dt + j w L i = v_grid - v_conv,	L = L1 + L2
 * and the bridge is given v_conv = v_grid - s, with
 *	s = Kp (i* - i) + I - Kd (i[k] - i[k-1]) + j w L i
 *
 * Gains. The delay from sample to the middle of the pulse is 1.5 T.
 *   Kp = wc (L1 + L2), wc = 1600 rad/s (255 Hz) at 20 kHz, that is 0.08 / T;
 *   the phase left by the delay at wc is 90 - 1.5 * 0.08 rad = 83 degrees.
 *   Ki = Kp wc / 4 (integrator 2.5 ms).
 *   Kd = Kp. The LCL resonance of a stiff grid (4381 Hz for the 11 kW plant)
 *   is above fs / 6: there the delay turns proportional feedback of the
 *   converter current into negative damping, -0.47 Kp after 118 degrees of
 *   delay. Kp + Kd (1 - 1/z) leads: with Kd = Kp the real part at that
 *   frequency is +0.006 Kp, so the loop takes nothing from the filter's own
 *   damping (a ringing dies in 2.5 ms instead of 3.3 ms). More Kd would damp
 *   it at nominal values, but lose the loop with L1, L2 and C all 20 % low
 *   (5476 Hz); this one keeps it (radius 0.995).
 *   In a weak grid the resonance falls to 1.96 kHz and feedback damps it.
 *   tests/unit/control/test_stability.c computes the closed-loop poles and the
 *   margins from 0 to 23 mH of grid inductance (SCR 2) from these gains: pole
 *   radius at most 0.986, gain margin 9 dB.
 *
 * The grid voltage is fed forward as sampled, turned by 1.5 samples.
 *
 * Below 16 kHz (4 to 5 kHz: a debug kernel, whose tick may take 137 us) the
 * resonance is above half the sampling rate and folds down into the band.
 * Nothing can damp it there, so nothing must excite it: Kd = 0, and the tracked
 * fundamental is fed forward instead of the sample, because a sample of the
 * terminals of a grid with inductance carries the resonance. Pole radius at
 * most 0.997 up to 0.7 mH (SCR 66 of the 11 kW plant) from 4 to 10 kHz; at
 * 5 kHz it is 1.00 at 2 mH (SCR 23); test_poles.c. Weak grids need 16 kHz.
 */
#ifndef _V2X_CURRENT_CONTROL_H
#define _V2X_CURRENT_CONTROL_H

#include <v2x/stage_desc.h>
#include "fixed.h"

/**
 * struct v2x_current_k - gains, ohm in Q16
 * @kp_q16: proportional
 * @kit_q16: integral, a sample
 * @kd_q16: on the difference of two samples
 * @wl_q16: reactance of L1 + L2 at nominal frequency
 * @slow: too slow for the resonance: the tracked voltage is fed forward
 */
struct v2x_current_k {
	s32 kp_q16;
	s32 kit_q16;
	s32 kd_q16;
	s32 wl_q16;
	bool slow;
};

/**
 * struct v2x_current - state
 * @integ: integrators, mV Q8, d and q
 * @idq: current just measured, mA Q8
 */
struct v2x_current {
	struct v2x_vec integ;
	struct v2x_vec idq;
};

#define V2X_CURRENT_WCT		80	/* wc T, permille */

/**
 * v2x_current_gains() - derive the gains
 * @k: filled in
 * @desc: of the stage
 * @wct_permille: bandwidth wc T in thousandths
 *
 * Context: process; divides.
 */
void v2x_current_gains(struct v2x_current_k *k, const struct v2x_stage_desc *desc,
		       u32 wct_permille);

/**
 * v2x_current_init() - with V2X_CURRENT_WCT
 * @k: filled in
 * @desc: of the stage
 *
 * Context: process; divides.
 */
void v2x_current_init(struct v2x_current_k *k, const struct v2x_stage_desc *desc);

/**
 * v2x_current_step() - one period
 * @k: gains
 * @c: state; @c->idq is the last one on entry
 * @ref: current wanted, d and q
 * @idq: current measured
 *
 * Return: s in the rotating frame, to be taken from the grid voltage.
 */
static v2x_part struct v2x_vec v2x_current_step(const struct v2x_current_k *k,
						struct v2x_current *c, struct v2x_vec ref,
						struct v2x_vec idq)
{
	long ex = ref.x - idq.x;
	long ey = ref.y - idq.y;
	s64 sx = (s64)ex * k->kp_q16 - (s64)(idq.x - c->idq.x) * k->kd_q16 -
		 (s64)idq.y * k->wl_q16;
	s64 sy = (s64)ey * k->kp_q16 - (s64)(idq.y - c->idq.y) * k->kd_q16 +
		 (s64)idq.x * k->wl_q16;

	c->idq = idq;
	c->integ.x += v2x_mul(ex, k->kit_q16, 16);
	c->integ.y += v2x_mul(ey, k->kit_q16, 16);
	return (struct v2x_vec){
		.x = (long)(sx >> 16) + c->integ.x,
		.y = (long)(sy >> 16) + c->integ.y,
	};
}

/**
 * v2x_current_realised() - anti-windup: take back what the bridge could not do
 * @c: state
 * @lost: voltage asked for minus voltage made, rotating frame
 *
 * Half of what was lost comes off each sample, so that the integrator leaves
 * the limit with the error and not after it.
 */
static __always_inline void v2x_current_realised(struct v2x_current *c, struct v2x_vec lost)
{
	c->integ.x += lost.x >> 1;
	c->integ.y += lost.y >> 1;
}

#endif /* _V2X_CURRENT_CONTROL_H */
