/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grid synchronisation: sequences, angle and frequency of the grid voltage.
 *
 * Model of the measured vector in the stationary frame: v = p + n + dc, where
 * p turns forward and n backward with the tracked frequency. An observer holds
 * the three and turns p and n by exactly one sample's angle, so that it has no
 * angle error at any frequency and needs no re-discretising:
 *
 *	e = v - p - n - dc
 *	p <- R(+w) (p + g e),  n <- R(-w) (n + g e),  dc <- dc + gd e
 *
 * With g half of the gain of a quadrature generator this is the DSOGI (both
 * sequences), plus its missing DC rejection. A PLL locks theta on p:
 * v_alpha+ = V cos(theta). The control frequency is its integrator alone.
 *
 * The turn by theta is not made anew each sample: it goes on by the turn of one
 * sample, made every V2X_SLOW_TICKS, and by the small angle x that the loop adds
 * to it, as 1 + jx. Every V2X_ROUND_TICKS it is set right by what it was off by.
 * What builds up between is below 1e-7 in lock; x is at most 2 zeta wn T, and
 * x^2 / 2 of the amplitude a sample, 1e-4 at 20 kHz, while the loop sees a jump
 * of a quarter of a turn.
 *
 * What may lag is done in pieces, one a sample, so that no sample costs much
 * more than any other.
 */
#ifndef _V2X_GRID_TRACKER_H
#define _V2X_GRID_TRACKER_H

#include "angle.h"
#include "schedule.h"

/**
 * struct v2x_tracker_k - constants of the tracker
 * @g_q30: observer gain on p and on n, 0.9 w0 T (1.8 w0 T of a SOGI)
 * @gdc_q30: gain on dc, 0.25 w0 T
 * @kp: 2 zeta wn T / 2 pi * 2^32, zeta = 1.1, wn = 2 pi 20 rad/s
 * @ki_q12: (wn T)^2 / 2 pi * 2^44; 2.8 * 10^9 at 4 kHz
 * @w_nom_q12: nominal angle a sample, 2^44 a turn
 * @w_min_q12: 45 Hz
 * @w_max_q12: 66 Hz
 * @amp_min_q8: below this peak voltage (0.15 of nominal) the loop is frozen
 * @amp_floor_q8: least amplitude the reciprocal is asked for (0.1 of nominal)
 */
struct v2x_tracker_k {
	s32 g_q30;
	s32 gdc_q30;
	s32 kp;
	u32 ki_q12;
	s64 w_nom_q12;
	s64 w_min_q12;
	s64 w_max_q12;
	s32 amp_min_q8;
	s32 amp_floor_q8;
};

/**
 * struct v2x_right - the turn that is being set right
 * @was: turn of a sample as it was
 * @lack: what it lacked
 * @share: that over the former
 * @z: square of the way to its angle from the nearest quarter, in eighths
 * @s: sine of that way
 * @quarter: that quarter
 */
struct v2x_right {
	struct v2x_rot was;
	struct v2x_vec lack;
	struct v2x_vec share;
	long z;
	long s;
	u32 quarter;
};

/**
 * struct v2x_tracker - state
 * @p: positive sequence, mV Q8, stationary frame
 * @n: negative sequence
 * @dc: offset
 * @step: turn of one sample
 * @step_angle: of @step, 2^32 a turn
 * @rot: turn of @theta_q12 of the sample just taken
 * @theta_q12: angle of the sample to come, 2^44 a turn
 * @theta: angle of the sample just taken, 2^32 a turn
 * @w_q12: frequency: angle a sample, 2^44 a turn; the integrator alone
 * @vd_q8: positive-sequence peak voltage, projected on theta
 * @amp_q8: slow average of it, not below the floor
 * @recip: 2^52 / @amp_q8
 * @err_q30: sine of the angle error
 * @good: times in a row, V2X_SLOW_TICKS apart, that the error was below 2 degrees
 * @live: there is a voltage to lock on
 * @right: of @rot
 */
struct v2x_tracker {
	struct v2x_vec p;
	struct v2x_vec n;
	struct v2x_vec dc;
	struct v2x_rot step;
	struct v2x_rot rot;
	u64 theta_q12;
	s64 w_q12;
	u32 theta;
	u32 step_angle;
	long vd_q8;
	long amp_q8;
	long recip;
	long err_q30;
	u32 good;
	bool live;
	struct v2x_right right;
};

#define V2X_TRACKER_WN_MHZ	20000	/* of the phase-locked loop */
#define V2X_TRACKER_ZETA	1100	/* permille */

/**
 * v2x_tracker_loop() - gains of the phase-locked loop
 * @k: kp and ki filled in
 * @tick_hz: samples a second
 * @wn_mhz: natural frequency
 * @zeta_permille: damping
 *
 * Context: process; divides.
 */
void v2x_tracker_loop(struct v2x_tracker_k *k, u32 tick_hz, u32 wn_mhz, u32 zeta_permille);

/**
 * v2x_tracker_init() - constants and state
 * @k: filled in
 * @t: filled in: nominal frequency, no voltage
 * @tick_hz: samples a second
 * @f_nominal_mhz: 50000 or 60000
 * @v_nominal_mv: phase RMS
 *
 * Context: process; divides.
 */
void v2x_tracker_init(struct v2x_tracker_k *k, struct v2x_tracker *t, u32 tick_hz,
		      u32 f_nominal_mhz, u32 v_nominal_mv);

/* sin(2 degrees) in Q30: an angle error below it counts as locked */
#define V2X_TRACKER_GOOD	37473145

#define V2X_PI_2_Q30	1686629713	/* pi / 2: 2^32 a turn to radian Q30 */

/**
 * v2x_tracker_lock() - one step of the phase-locked loop
 * @k: constants
 * @t: state; angle, turn, amplitude and error of the sample just taken are written,
 *	the angle of the sample to come and the frequency follow from them
 * @p: positive sequence of the sample just taken, mV Q8
 */
static __always_inline void v2x_tracker_lock(const struct v2x_tracker_k *k, struct v2x_tracker *t,
					     struct v2x_vec p)
{
	u32 theta = (u32)(t->theta_q12 >> 12);
	long x = v2x_mul_floor((s32)(theta - t->theta - t->step_angle), V2X_PI_2_Q30, 30);
	struct v2x_vec on = v2x_turn((struct v2x_vec){ t->rot.c, t->rot.s }, t->step);
	struct v2x_vec dq;
	s64 err = 0;

	t->theta = theta;
	t->rot.c = on.x - v2x_mul_floor(on.y, x, 30);
	t->rot.s = on.y + v2x_mul_floor(on.x, x, 30);
	dq = v2x_turn_back(p, t->rot);
	t->vd_q8 = dq.x;
	if (likely(t->live)) {
		err = ((s64)dq.y * t->recip) >> 22;
		if (unlikely((u64)(err + V2X_Q30_ONE) > 2ULL * V2X_Q30_ONE))
			err = err < 0 ? -V2X_Q30_ONE : V2X_Q30_ONE;
		t->w_q12 += v2x_shr(err * k->ki_q12, 30);
	}
	t->err_q30 = (long)err;
	t->theta_q12 += (u64)(t->w_q12 + ((err * k->kp) >> 18));
}

/**
 * v2x_tracker_step() - one sample
 * @k: constants
 * @t: state
 * @v: measured voltage, stationary frame, mV Q8
 */
static v2x_part void v2x_tracker_step(const struct v2x_tracker_k *k, struct v2x_tracker *t,
				      struct v2x_vec v)
{
	long ex = v.x - t->p.x - t->n.x - t->dc.x;
	long ey = v.y - t->p.y - t->n.y - t->dc.y;
	long gx = v2x_mul(ex, k->g_q30, 30);
	long gy = v2x_mul(ey, k->g_q30, 30);
	struct v2x_vec p = { t->p.x + gx, t->p.y + gy };
	struct v2x_vec n = { t->n.x + gx, t->n.y + gy };

	t->dc.x += v2x_mul(ex, k->gdc_q30, 30);
	t->dc.y += v2x_mul(ey, k->gdc_q30, 30);
	v2x_tracker_lock(k, t, p);
	t->p = v2x_turn_state(p, t->step);
	t->n = v2x_turn_state_back(n, t->step);
}

/**
 * v2x_tracker_init_single() - constants for one phase
 * @k: from v2x_tracker_init(); the observer's gain becomes 1.8 w0 T
 */
void v2x_tracker_init_single(struct v2x_tracker_k *k);

/**
 * v2x_tracker_step_single() - one sample of a single phase
 * @k: constants, v2x_tracker_init_single() among them
 * @t: state; p.x is the voltage, p.y a quarter of a period behind it
 * @v: measured voltage, mV Q8
 *
 * The observer of the top with one axis measured and the other made:
 *	e = v - p.x - dc.x,	p <- R(+w) (p + (g e, 0)),	dc.x <- dc.x + gd e
 */
static v2x_part void v2x_tracker_step_single(const struct v2x_tracker_k *k, struct v2x_tracker *t,
					     long v)
{
	long e = v - t->p.x - t->dc.x;
	struct v2x_vec p = { t->p.x + v2x_mul(e, k->g_q30, 30), t->p.y };

	t->dc.x += v2x_mul(e, k->gdc_q30, 30);
	v2x_tracker_lock(k, t, p);
	t->p = v2x_turn_state(p, t->step);
}

/* A quarter of a period behind the single phase's sample just taken. */
static __always_inline long v2x_tracker_behind(const struct v2x_tracker *t)
{
	/* the state is that of the sample to come */
	return (long)(((s64)t->p.y * t->step.c - (s64)t->p.x * t->step.s) >> 30);
}

/**
 * v2x_tracker_now() - the fundamental of the sample just taken, both sequences
 * @t: state after v2x_tracker_step()
 *
 * Return: stationary frame, mV Q8.
 */
struct v2x_vec v2x_tracker_now(const struct v2x_tracker *t);

/* grid_tracker.c: the pieces of what may lag, in the order of v2x_tracker_slow() */
void v2x_tracker_presence(const struct v2x_tracker_k *k, struct v2x_tracker *t);
void v2x_tracker_pace(struct v2x_tracker *t);
void v2x_tracker_amplitude(const struct v2x_tracker_k *k, struct v2x_tracker *t);
void v2x_tracker_reciprocal(struct v2x_tracker *t);
void v2x_tracker_sine(struct v2x_tracker *t);
void v2x_tracker_cosine(struct v2x_tracker *t);
void v2x_tracker_share(struct v2x_tracker *t);
void v2x_tracker_upright(struct v2x_tracker *t);

/**
 * v2x_tracker_slow() - the piece that is due in a sample, if one is
 * @k: constants
 * @t: state
 * @turn: number of the sample, modulo V2X_ROUND_TICKS
 */
static __always_inline void v2x_tracker_slow(const struct v2x_tracker_k *k, struct v2x_tracker *t,
					     u32 turn)
{
	switch (turn) {
	case V2X_TURN_PRESENCE:
	case V2X_TURN_PRESENCE + V2X_SLOW_TICKS:
		v2x_tracker_presence(k, t);
		break;
	case V2X_TURN_PACE:
	case V2X_TURN_PACE + V2X_SLOW_TICKS:
		v2x_tracker_pace(t);
		break;
	case V2X_TURN_AMPLITUDE:
	case V2X_TURN_AMPLITUDE + V2X_SLOW_TICKS:
		v2x_tracker_amplitude(k, t);
		break;
	case V2X_TURN_RECIPROCAL:
	case V2X_TURN_RECIPROCAL + V2X_SLOW_TICKS:
		v2x_tracker_reciprocal(t);
		break;
	case V2X_TURN_SINE:
		v2x_tracker_sine(t);
		break;
	case V2X_TURN_COSINE:
		v2x_tracker_cosine(t);
		break;
	case V2X_TURN_SHARE:
		v2x_tracker_share(t);
		break;
	case V2X_TURN_UPRIGHT:
		v2x_tracker_upright(t);
		break;
	}
}

/**
 * v2x_tracker_skip() - account for periods without a sample
 * @t: state
 * @missed: how many
 */
void v2x_tracker_skip(struct v2x_tracker *t, u32 missed);

#endif /* _V2X_GRID_TRACKER_H */
