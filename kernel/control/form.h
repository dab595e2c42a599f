/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grid forming with three phases; with fewer see form_single.h. The bridge is a
 * voltage source with droop behind a transient resistance, and the DC/DC holds
 * the link.
 *
 *	w  = w0 + mp (P - P*)			P, P* import positive
 *	V* = V0 + nq (Q - Q*)
 *	E <- E + kE (V* - |v+|)			slow regulator of its amount
 *	v_conv = E + Rv (i - lp(i))		a resistance for transients only
 *
 * P and Q are low-passed with 10 Hz, which makes the droop a virtual
 * synchronous machine of H = 1 / (2 mp wf) = 0.8 s (mp in per unit). mp is 1 %
 * of the frequency at rated power unless set otherwise (vsm.h is another way),
 * nq 5 % of the voltage at rated reactive power, kE 2 pi 5 /s, Rv 0.1 per unit
 * with lp of 5 ms. On a stiff grid the
 * angle's loop has a crossover of mp V^2 / X = 57 /s below the filter's 63 /s:
 * damping 0.5.
 *
 * Current limit. The voltage wanted is a current wanted from the current
 * controller, i* = i + (v - v_conv) / Kp, as long as that is within the limit:
 * then nothing changes. Beyond it the vector is shortened and the bridge is a
 * current source in the same instant, without a switch of modes; E is pulled
 * after what was made, and the angle's droop rests, so that P of a limited
 * bridge does not turn it away.
 *
 * Alone in an island there is no angle to be turned away from, and nothing that
 * would hold the voltage up but this one: E stays where it is, so that the
 * voltage is back as soon as a short or an inrush lets it.
 *
 * What the vehicle cannot give comes out of the link. From 0.9 of its voltage
 * down to 0.75 the current limit falls to nothing, so that an overload ends in
 * a voltage that is too low (island.h), not in a link that is empty.
 *
 * The tracker goes on: it sees the voltage that is there, so that going back
 * to following begins at the angle and the power there are.
 */
#ifndef _V2X_FORM_H
#define _V2X_FORM_H

#include <v2x/stage_desc.h>
#include "angle.h"
#include "form_single.h"

struct v2x_ctl_set;
struct v2x_form_set;
struct v2x_forming;

/**
 * struct v2x_form_k - constants
 * @rv_q16: transient resistance, ohm
 * @lp_q30: its low-pass, a sample
 * @ev_q30: voltage regulator, a sample
 * @kp_q16: current controller, ohm
 * @kp_recip_q24: its reciprocal
 * @pq_q30: low-pass of P and Q, a step of V2X_OUTER_TICKS samples
 * @v_nom_q8: nominal peak voltage
 * @most_q8: limit of the current vector
 * @link_lo_q8: link voltage at which nothing is left of it
 * @link_q30: 1 / the span from there to all of it
 * @single: with one or two phases
 */
struct v2x_form_k {
	s32 rv_q16;
	s32 lp_q30;
	s32 ev_q30;
	s32 kp_q16;
	s32 kp_recip_q24;
	s32 pq_q30;
	long v_nom_q8;
	long most_q8;
	s32 link_lo_q8;
	s32 link_q30;
	struct v2x_form_single_k single;
};

/**
 * struct v2x_form - state
 * @dw_q32: machine: its frequency less the nominal, 2^44ths of a turn, Q20
 * @on: the bridge forms the voltage
 * @machine: as a synchronous machine
 * @held: its current is limited
 * @alone: nobody else makes the voltage
 * @steered: w_q12 and the voltage wanted are given, not the droop's
 * @theta_q12: angle of the sample to come, 2^44 a turn
 * @w_q12: angle a sample
 * @theta: angle of the sample that was worked on last, 2^32 a turn
 * @rot: its turn
 * @e: inner voltage, mV Q8
 * @i_lp: slow part of the current, mA Q8
 * @vref_q8: V*
 * @steer_q8: what it goes to, steered
 * @slope_q8: most that it moves in a step
 * @zv_q16: quasi-static impedance in force, ohm
 * @p_q16: low-passed power, mW Q16
 * @q_q16: low-passed reactive power
 * @most_q8: limit of the current vector that the link bears
 * @single: with one or two phases
 */
struct v2x_form {
	bool on;
	bool held;
	bool alone;
	bool steered;
	bool machine;
	u64 theta_q12;
	s64 w_q12;
	u32 theta;
	struct v2x_rot rot;
	struct v2x_vec e;
	struct v2x_vec i_lp;
	long vref_q8;
	long steer_q8;
	long slope_q8;
	s64 dw_q32;
	struct v2x_vec zv_q16;
	s64 p_q16;
	s64 q_q16;
	long most_q8;
	struct v2x_form_single single;
};

struct v2x_ctl;
struct v2x_ctl_set;
struct v2x_form_set;

/* form.c: enum v2x_mode */
u32 v2x_form_mode_now(const struct v2x_ctl *c);

/* form.c: a checked setting in the tick's units; divides */
void v2x_form_prepare(const struct v2x_stage_desc *desc, const struct v2x_forming *f,
		      struct v2x_form_set *set);

void v2x_form_init(struct v2x_form_k *k, const struct v2x_stage_desc *desc, s32 kp_q16);

/**
 * v2x_form_mode() - form or follow, bumpless either way; every outer step
 * @c: control, gates on
 * @form: what is wanted
 */
void v2x_form_mode(struct v2x_ctl *c, bool form);

/**
 * v2x_form_alone() - form from now on, whatever the voltage has become
 * @c: control, gates on
 * @theta_q12: angle of the sample that is worked on
 * @w_q12: angle a sample
 */
void v2x_form_alone(struct v2x_ctl *c, u64 theta_q12, s64 w_q12);

/**
 * v2x_form_droop() - frequency and voltage from P and Q; every outer step
 * @c: control
 * @set: in force
 */
void v2x_form_droop(struct v2x_ctl *c, const struct v2x_ctl_set *set);

/**
 * v2x_form_slow() - set the turn right, every V2X_ROUND_TICKS samples
 * @f: state
 */
static inline void v2x_form_slow(struct v2x_form *f)
{
	f->rot = v2x_sincos(f->theta);
}

/* form.c: the current vector wanted is too long: what the voltage is then */
struct v2x_vec v2x_form_limit(const struct v2x_ctl *c, struct v2x_vec want, struct v2x_vec idq,
			      struct v2x_vec vdq);

/* Off the tracker's angle a sample by more, a 2^14th of a turn: the turn is made anew. */
#define V2X_FORM_OFF	BIT(18)

#endif /* _V2X_FORM_H */
