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
 * With one or two phases the energy swings at 2 f: ripple.h keeps the swing out
 * and follows with 3.2 ms, so wn is 2 pi 10 rad/s there, zeta 1.
 *
 * The link is raised from the rectified grid to its working voltage by moving
 * the squared reference in a straight line, that is at constant power: 2 % of
 * the rating (220 W of 11 kW, 141 J in 0.64 s). The energy must come from
 * somewhere before there is a vehicle; the rate at which it does is chosen.
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
 * @eref: its square, 2^10 mV^2
 * @slew: largest change of the squared reference a step, likewise: 2 P T / C
 *	with P 2 % of the rating
 * @boost_mw: that power, fed forward while the reference moves
 * @floor_q8: least voltage the reciprocal is asked for
 */
struct v2x_link_k {
	s32 kp_q30;
	s32 ki_q40;
	s64 integ_max_q10;
	s32 vref_q8;
	s32 slew;
	s32 boost_mw;
	s32 floor_q8;
	s64 eref;
};

/**
 * struct v2x_link - state
 * @integ_q10: mW Q10
 * @v_q8: link voltage, averaged over about two steps
 * @recip: 2^52 / @v_q8
 * @eref: present reference, squared, 2^10 mV^2
 */
struct v2x_link {
	s64 integ_q10;
	s64 eref;
	long v_q8;
	long recip;
};

/* Natural frequency and damping, permille; with a swing to be kept out slower. */
#define V2X_LINK_WN_MHZ		30000
#define V2X_LINK_ZETA		800
#define V2X_LINK_SWING_WN_MHZ	10000
#define V2X_LINK_SWING_ZETA	1000

/**
 * v2x_link_gains() - constants
 * @k: filled in
 * @desc: of the stage
 * @wn_mhz: natural frequency
 * @zeta_permille: damping
 *
 * Context: process; divides.
 */
void v2x_link_gains(struct v2x_link_k *k, const struct v2x_stage_desc *desc, u32 wn_mhz,
		    u32 zeta_permille);

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
 * v2x_link_boost_ms() - longest time that raising the link takes
 * @desc: of the stage
 *
 * Context: process; divides.
 */
u32 v2x_link_boost_ms(const struct v2x_stage_desc *desc);

/* 2^22: 2^52 / 4.2 kV */
#define V2X_LINK_RECIP_MIN	4194304L

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
	/* a jump to more than twice the voltage would end Newton's steps: begin anew from below */
	l->recip = max_t(long, v2x_recip_step(l->recip, max_t(long, l->v_q8, k->floor_q8)),
			 V2X_LINK_RECIP_MIN);
}

/* Start of control: take over the voltage as it is. */
static inline void v2x_link_reset(struct v2x_link *l)
{
	s64 v = l->v_q8 >> 8;

	l->integ_q10 = 0;
	l->eref = (v * v) >> 10;
}

/**
 * v2x_link_step() - power to take from the grid to hold the link
 * @k: constants
 * @l: state
 * @energy: squared voltage, 2^10 mV^2: 1 uV of 800 V is far below
 * @held: the power of the last step was limited: do not integrate
 *
 * Called every V2X_OUTER_TICKS samples.
 *
 * Return: mW, to be added to the power of the DC/DC stage.
 */
static v2x_part long v2x_link_step(const struct v2x_link_k *k, struct v2x_link *l, s64 energy,
				   bool held)
{
	s64 feed = 0;
	s64 dv2;

	if (unlikely(l->eref != k->eref)) {
		feed = l->eref < k->eref ? k->boost_mw : -k->boost_mw;
		l->eref += clamp_t(s64, k->eref - l->eref, -k->slew, k->slew);
	}
	dv2 = l->eref - energy;
	if (!held)
		l->integ_q10 = clamp(l->integ_q10 + v2x_shr(dv2 * k->ki_q40, 20),
				     -k->integ_max_q10, k->integ_max_q10);
	return (long)(feed + ((dv2 * k->kp_q30) >> 20) + (l->integ_q10 >> 10));
}

#endif /* _V2X_DC_LINK_H */
