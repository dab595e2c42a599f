/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grid forming with one phase, and with split phase and neutral leg. form.h is
 * the common part: droop or machine, voltage wanted, E, when to form.
 *
 * Each line against the neutral is a bridge of its own: one of a full bridge,
 * two of a split-phase stage, the second half a turn behind. One alternating
 * quantity has no second axis, so that slow parts are phasors held by an
 * observer in the frame of the voltage formed,
 *	x = i - Re(I e^(j theta)),	I <- I + g x e^(-j theta)
 * of the current (g = 2 T / 5 ms) and of the voltage (g = 1.8 w0 T). What they
 * leave, x, is transient or harmonic:
 *	u = Re((E + dE + Zv I) e^(j theta)) + Rv x - R3 - R5 - ... - R15
 *	dE <- dE + kE (V* + Zv I - V)		alone: both axes, each line
 * The resonators take the voltage's harmonics away, so that a rectifier finds a
 * low impedance at what it draws; of split phase those of the difference mode.
 * Without a neighbour dE takes the line's own drop: an unbalanced load leaves
 * both lines at their voltage and half a turn apart.
 *
 * The current limit is each line's, sample by sample: a sine that is too large
 * is clipped, and the power left in it is up to 4/pi of that of a sine. It is 1.6
 * of the rated peak, for the crest of a rectifier and the start of a motor, while
 * the mean square of 1.6 s is within the rating, and 1.1 when that is 10 % above
 * in current; a trip is at 1.8. While it
 * has limited within half a cycle E, dE and the droop rest.
 */
#ifndef _V2X_FORM_SINGLE_H
#define _V2X_FORM_SINGLE_H

#include <v2x/stage_desc.h>
#include "resonator.h"

#define V2X_FORM_LINES		2
#define V2X_FORM_HARMONICS	7	/* 3, 5, ... 15: states and tuning are single.h's */

/**
 * struct v2x_form_single_k - constants
 * @harm: resonators of the voltage's harmonics
 * @gi_q30: observer of the current, a sample
 * @gv_q30: of the voltage
 * @lines: 0 (three phases), 1 or 2
 * @crest_q8: most of a current whose mean square is within the rating, mA Q8
 * @heat_lo: rated current, squared, mA^2
 * @heat_q50: 1 / (what 10 % more add to it)
 * @rest_ticks: half a cycle of 50 Hz: so long after a limited sample it is limited
 */
struct v2x_form_single_k {
	struct v2x_res_k harm[V2X_FORM_HARMONICS];
	s32 gi_q30;
	s32 gv_q30;
	u32 lines;
	long crest_q8;
	s64 heat_lo;
	s64 heat_q50;
	u32 rest_ticks;
};

/**
 * struct v2x_form_line - one line against the neutral, in the frame of the voltage formed
 * @e: its own part of the inner voltage, mV Q8
 * @i: fundamental of its current, mA Q8
 * @v: fundamental of its voltage, mV Q8
 */
struct v2x_form_line {
	struct v2x_vec e;
	struct v2x_vec i;
	struct v2x_vec v;
};

/**
 * struct v2x_form_single - state
 * @line: lines
 * @rot: turn of the voltage formed in the sample just taken
 * @heat_q13: mean square of the larger line's current, mA^2
 * @rest: samples for which the current counts as limited yet
 */
struct v2x_form_single {
	struct v2x_form_line line[V2X_FORM_LINES];
	struct v2x_rot rot;
	s64 heat_q13;
	u32 rest;
};

struct v2x_ctl;

/* form_single.c: constants; divides */
void v2x_form_single_init(struct v2x_form_single_k *k, const struct v2x_stage_desc *desc);

/* Take over from following: @c->form has its angle and inner voltage. */
void v2x_form_single_begin(struct v2x_ctl *c);

/* Nothing flows and there is no voltage: black start. */
void v2x_form_single_dead(struct v2x_ctl *c);

/* Back to following: the reference goes on from the current there is. */
void v2x_form_single_end(struct v2x_ctl *c);

/* The inner voltage that leaves what following makes as it is, tracker's frame. */
struct v2x_vec v2x_form_single_inner(const struct v2x_ctl *c);

/**
 * v2x_form_single_q() - reactive power of the fundamental; and what is slow besides
 * @c: control; its i_ref becomes the current there is, tracker's frame
 *
 * Return: uvar, import of lagging current positive.
 */
s64 v2x_form_single_q(struct v2x_ctl *c);

/**
 * v2x_form_single_most() - current limit, peak; every outer step
 * @c: control
 * @most_q8: what it is at least
 */
long v2x_form_single_most(struct v2x_ctl *c, long most_q8);

/**
 * v2x_form_single_step() - legs of this period
 * @c: control
 * @leg_q24: out
 */
void v2x_form_single_step(struct v2x_ctl *c, s32 leg_q24[3]);

#endif /* _V2X_FORM_SINGLE_H */
