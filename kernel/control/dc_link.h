/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DC link: the AC bridge holds its energy, the DC/DC stage carries the power.
 *
 * Energy W = C V^2 / 2 is a pure integrator of power, so one set of gains
 * holds at every voltage and power:
 *	P_ac* = P_dcdc + Kp (W* - W) + Ki int(W* - W)
 * wn = 2 pi 30 rad/s, zeta = 0.8: Kp = 2 zeta wn = 302 /s, Ki = wn^2 =
 * 35530 /s^2. 30 Hz is an eighth of the current loop's 255 Hz and costs 3 % of
 * third harmonic only in a grid with 6 % of negative sequence.
 *
 * The DC/DC power is fed forward before it takes effect: the stage is told
 * through a lag as long as that of the current loop (1 / wc + 1.5 T =
 * 14 T), so that both sides of the link move together and a step of power
 * leaves its energy alone.
 */
#ifndef _V2X_DC_LINK_H
#define _V2X_DC_LINK_H

#include <v2x/stage_desc.h>
#include "angle.h"
#include "schedule.h"

/**
 * struct v2x_link_k - constants
 * @kp_q30: mW per mV^2
 * @ki_q40: mW per mV^2, a step of four samples
 * @integ_max_q10: bound of the integrator, a quarter of the rating, mW Q10
 * @vref_q8: nominal voltage
 * @slew_q8: largest change of the reference a step, 1 V/ms
 * @floor_q8: least voltage the reciprocal is asked for
 */
struct v2x_link_k {
	s32 kp_q30;
	s32 ki_q40;
	s64 integ_max_q10;
	s32 vref_q8;
	s32 slew_q8;
	s32 floor_q8;
};

/**
 * struct v2x_link - state
 * @integ_q10: mW Q10
 * @v_q8: link voltage, averaged over about two steps
 * @recip: 2^52 / @v_q8
 * @ref_q8: present reference
 */
struct v2x_link {
	s64 integ_q10;
	long v_q8;
	long recip;
	long ref_q8;
};

/**
 * v2x_link_init() - constants and state of an empty link
 * @k: filled in
 * @l: filled in
 * @desc: of the stage
 *
 * Context: process; divides.
 */
void v2x_link_init(struct v2x_link_k *k, struct v2x_link *l,
		   const struct v2x_stage_desc *desc);

/**
 * v2x_link_measure() - follow the voltage and its reciprocal; every step
 * @k: constants
 * @l: state
 * @vdc_q8: measured
 */
static v2x_part void v2x_link_measure(const struct v2x_link_k *k, struct v2x_link *l,
				      s32 vdc_q8)
{
	l->v_q8 += (vdc_q8 - l->v_q8) >> 1;
	l->recip = v2x_recip_step(l->recip, max_t(long, l->v_q8, k->floor_q8));
}

/* Start of control: take over the voltage as it is. */
static inline void v2x_link_reset(struct v2x_link *l)
{
	l->integ_q10 = 0;
	l->ref_q8 = l->v_q8;
}

/**
 * v2x_link_step() - power to take from the grid to hold the link
 * @k: constants
 * @l: state
 * @held: the power of the last step was limited: do not integrate
 *
 * Called every V2X_OUTER_TICKS samples.
 *
 * Return: mW, to be added to the power of the DC/DC stage.
 */
static v2x_part long v2x_link_step(const struct v2x_link_k *k, struct v2x_link *l, bool held)
{
	long way = k->vref_q8 - l->ref_q8;
	s64 ref, v, dv2;

	l->ref_q8 += clamp(way, -(long)k->slew_q8, (long)k->slew_q8);
	ref = l->ref_q8 >> 8;
	v = l->v_q8 >> 8;
	dv2 = (ref * ref - v * v) >> 10;	/* 2^10 mV^2: 1 uV of 800 V is far below */
	if (!held)
		l->integ_q10 = clamp(l->integ_q10 + v2x_shr(dv2 * k->ki_q40, 20),
				     -k->integ_max_q10, k->integ_max_q10);
	return (long)(((dv2 * k->kp_q30) >> 20) + (l->integ_q10 >> 10));
}

#endif /* _V2X_DC_LINK_H */
