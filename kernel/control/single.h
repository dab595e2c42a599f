/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bridges without three phases: full bridge, and split phase with neutral leg.
 *
 * Full bridge (desc.phases == 1): leg 0 is the phase, leg 1 the neutral, both
 * with opposite references (unipolar), so that the bridge makes
 * (leg0 - leg1) * Vdc / 2 and its ripple is at twice the switching frequency.
 *
 * Split phase (desc.phases == 2): V_A = L1-N, V_B = L2-N, 180 degrees apart;
 * legs 0 and 1 are L1 and L2, leg 2 is the neutral. The two line currents are
 * controlled as their difference mode (A - B)/2, which carries the power, and
 * their common mode (A + B)/2, half of the neutral's current, whose reference
 * is zero while the grid is followed.
 *
 * One alternating quantity has no second axis: the current is controlled in
 * the stationary frame,
 *	s = Kp (i* - i) + Kd (i[k-1] - i[k]) + R1 + R3 + R5 + ... + R15 + j w L i*,
 *	i* = Re((id + j iq) e^(j theta)),	v_conv = v_grid - s
 * with resonators (resonator.h) instead of an integrator. The gains are those
 * of current_control.h. The grid voltage is fed forward as sampled, its
 * fundamental moved on by the 1.5 samples until it takes effect.
 */
#ifndef _V2X_SINGLE_H
#define _V2X_SINGLE_H

#include "resonator.h"
#include "ripple.h"

#define V2X_SINGLE_HARMONICS	7	/* 3, 5, ... 15 */

/**
 * struct v2x_single_k - constants
 * @fund: resonator of the fundamental
 * @harm: of the harmonics
 * @phases: 1 or 2
 * @swing_q20: squared link voltage (2^10 mV^2) that swings for 2^10 uW of V I
 * @theta_q30: angle of a swing at twice the nominal frequency in
 *	V2X_OUTER_TICKS samples
 * @clean: the rate is enough for harmonics, and for the voltage fed forward as sampled
 */
struct v2x_single_k {
	struct v2x_res_k fund;
	struct v2x_res_k harm[V2X_SINGLE_HARMONICS];
	u32 phases;
	s32 theta_q30;
	s32 swing_q20;
	bool clean;
};

/**
 * struct v2x_single - state
 * @model: id, iq as Kp alone makes them follow: what the resonators hold the
 *	current to, so that a step of the reference is no error to integrate
 * @fund: of the difference mode
 * @common: of the common mode, fundamental
 * @harm: of the difference mode
 * @tune_q24: of the fundamental and of each of @harm
 * @held: output of those of @harm that rest in this sample: odd, even
 * @i: difference-mode current of the last sample
 * @i_common: likewise
 * @turn: of a swing at twice the frequency in V2X_OUTER_TICKS samples
 * @ahead: turn by half a sample less turn by one back: what the fundamental of
 *	the next sample moves from this one to the pulse
 * @power: mean of the power, mW
 * @energy: mean of the squared link voltage, 2^10 mV^2
 */
struct v2x_single {
	struct v2x_vec model;
	struct v2x_res fund;
	struct v2x_res common;
	struct v2x_res harm[V2X_SINGLE_HARMONICS];
	s32 tune_q24[1 + V2X_SINGLE_HARMONICS];
	long held[2];
	long i;
	long i_common;
	struct v2x_rot turn;
	struct v2x_rot ahead;
	struct v2x_ripple power;
	struct v2x_ripple energy;
};

struct v2x_ctl;

/* v2x_single_gains() - constants; @tau_ms: the error of a harmonic decays with it */
void v2x_single_gains(struct v2x_single_k *k, const struct v2x_stage_desc *desc,
		      const struct v2x_current_k *cc, u32 tau_ms);

void v2x_single_init(struct v2x_single_k *k, struct v2x_single *s,
		     const struct v2x_stage_desc *desc, const struct v2x_current_k *cc);

/* single.c: the voltage that is tracked, mV Q8 */
static __always_inline long v2x_single_voltage(u32 phases, const s32 v_q8[3])
{
	return phases == 1 ? v_q8[0] : (v_q8[0] - (long)v_q8[1]) >> 1;
}

/* Coefficients of the present frequency, one at a time: within 176 samples all are renewed. */
void v2x_single_tune(struct v2x_ctl *c);

/**
 * v2x_single_means() - power and link energy without their swing
 * @c: control
 *
 * The swing that the current wanted must make is known and taken off; the
 * observer is left with what the capacitor's tolerance adds. Called every
 * V2X_OUTER_TICKS samples.
 */
void v2x_single_means(struct v2x_ctl *c);

/* Begin to switch: nothing in the resonators. */
void v2x_single_reset(struct v2x_single *s);

/* single.c: anti-windup, the bridge could not make @lost of the voltage, mV Q8 */
void v2x_single_short(struct v2x_ctl *c, long lost);

#endif /* _V2X_SINGLE_H */
