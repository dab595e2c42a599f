/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * No power in the wrong direction.
 *
 * The bridge makes a current with the tracked angle, and the angle follows in
 * tens of milliseconds. A voltage that turns round meanwhile turns the power
 * round. It does so when the grid is lost while charging: a current source into
 * what is left, a resistor, feeds it whatever was asked for. Phases that change
 * places do it every other quarter of a cycle.
 *
 * Reversal. The measured voltage on the tracked angle, v cos(theta), is positive
 * in every dip, unbalance and jump below 90 degrees: a positive sequence is
 * never smaller than the negative. What is below -0.02 pu is added up, at most
 * 0.9 pu a step, so that one wild sample is not enough; at 1 pu of a step
 * (0.2 ms at 20 kHz) with three phases the bridge ceases until the tracker has
 * an angle again.
 *
 * One phase gives its voltage times cos(theta), and shows nothing where that is
 * small. What a lost grid leaves, a load of r times the rated resistance that a
 * current I cos(theta) is drawn from, has the voltage -r I cos(theta). A jump of
 * 60 degrees, which must be borne (IEEE 1547-2018, 6.5.2.6), leaves a reversed
 * voltage for 60 degrees, of at most sin(60) |sin| - cos(60) |cos|. One sample
 * tells one from the other where r I |cos| is the larger, and 0.15 pu of room are
 * added: for r I = 1 from 35 degrees after a zero on. Two steps beyond it cease.
 * Until then, phi after a zero, the load was given
 *	2 r I^2 (phi / 2 - sin(2 phi) / 4) / pi
 * of the rated power over a half cycle, at I = 1 and the worst r 5.3 % when it is
 * found, 8.6 % with the half millisecond to the gates. Without room and delay it
 * would be 3.5 %: no look at one voltage can do with less.
 *
 * Besides, the same sum as with three phases ceases at 0.65 ms pu, of which a jump
 * of 60 degrees has 0.55. A voltage that is small, because what is left is a large
 * load, stays reversed for longer than that jump does: ceases after 3.6 ms. The
 * gates rest for 30 ms then, because the tracker still shows a voltage that has
 * gone.
 *
 * Power. The current that holds the link may not turn against the reference,
 * nor against what that was in the last 100 ms, by more than 2 % of the rating:
 * a shorted link sinks and is not fed by the grid while the vehicle discharges.
 * What flows against it all the same, beyond 1/16 of the rating, is added up,
 * what flows with it taken off; an eighth of the rating over half a cycle trips.
 * The swing of the power in an unbalanced grid adds up to less. A grid out of
 * range has stages of its own: one beyond the link's voltage feeds the diodes.
 *
 * Not while the voltage is formed: what an island takes is its own affair.
 */
#ifndef _V2X_DIRECTION_H
#define _V2X_DIRECTION_H

#include <v2x/stage_desc.h>
#include "fixed.h"

struct v2x_run;

/**
 * struct v2x_direction_k - constants
 * @peak_q8: nominal peak of the voltage, mV Q8
 * @dead_q8: voltage that is no reversal, peak, mV Q8
 * @most_q8: most that a step adds
 * @limit_q8: sum of the steps that ceases
 * @limit_steps: steps in a row that cease, however little they add
 * @room_mw: power the link may take or give against the reference
 * @margin_mw: power that is no direction
 * @limit_mw: sum of the steps that trips
 * @free_q8: active current when nothing is held against it: all there may be
 * @late: steps for which a direction is allowed after it was the reference's
 * @rest: steps that the gates rest
 */
struct v2x_direction_k {
	s32 peak_q8;
	s32 dead_q8;
	s32 most_q8;
	s32 limit_q8;
	u32 limit_steps;
	s32 room_mw;
	s32 margin_mw;
	s32 limit_mw;
	s32 free_q8;
	u32 late;
	u32 rest;
};

/**
 * struct v2x_direction - state
 * @turned_q8: sum of the reversed voltage
 * @steps: with a reversed voltage, none the other way among them
 * @wrong_mw: sum of the power against the reference
 * @d_lo_q8: least active current, peak, mA Q8
 * @d_hi_q8: greatest
 * @import: steps for which importing is still right
 * @export: likewise
 * @rest: steps that the gates still rest
 */
struct v2x_direction {
	long turned_q8;
	long wrong_mw;
	long d_lo_q8;
	long d_hi_q8;
	u32 steps;
	u32 import;
	u32 export;
	u32 rest;
};

void v2x_direction_init(struct v2x_direction_k *k, struct v2x_direction *s,
			const struct v2x_stage_desc *desc);

/**
 * v2x_direction_step() - one step, every V2X_OUTER_TICKS samples
 * @r: the tick
 * @v: voltage measured, stationary frame; with one and two phases x alone
 */
void v2x_direction_step(const struct v2x_run *r, struct v2x_vec v);

#endif /* _V2X_DIRECTION_H */
