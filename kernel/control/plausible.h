/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Do the sensors of the DC side agree with each other and with the grid side?
 * While power flows; the grid's own sensors are judged in protection.c.
 *
 * Link. Power leaves a ripple there: a code that rests for 25 ms while more
 * than a tenth of the rating flows is stuck.
 *
 * Current. The DC/DC was told a power that is other by a twentieth of the rating,
 * 5 ms ago, and the code of the vehicle's current has not moved by one: stuck. The
 * link would tell only after its limit when the power left is in the other
 * direction, which the bridge does not take off it.
 *
 * Output. The voltage either side of the closed vehicle contactor is one.
 *
 * Insulation. Below its limit for a second while contacts are closed: IEC
 * 61851-23 has it watched as long as there is voltage, not at the start alone.
 *
 * Balance. What comes in at the grid goes out to the vehicle, less losses and
 * what the link takes: over a mains cycle within a tenth of the rating and a
 * twentieth of the power. Five cycles in a row beyond that are no transient.
 * It cannot tell a current from a voltage; the current is named, because the
 * voltage has its own witness above.
 */
#ifndef _V2X_PLAUSIBLE_H
#define _V2X_PLAUSIBLE_H

#include <v2x/stage_desc.h>
#include "fixed.h"

struct v2x_run;

/**
 * struct v2x_plausible_k - constants
 * @move_mw: power above which the link's code must move
 * @still: times V2X_SLOW_TICKS samples that it may rest, 25 ms
 * @v_off_mv: most between the two sides of the vehicle contactor, 2 % of the range
 * @v_off: times V2X_SLOW_TICKS samples that they may be farther apart, 100 ms
 * @told_mw: change of power that the vehicle's current must show
 * @rests: times V2X_SLOW_TICKS samples after it that it may not yet, 5 ms
 * @p_off_mw: most that the balance is off without power, a tenth of the rating
 * @leaks: times V2X_SLOW_TICKS samples with too low an insulation, 1 s
 */
struct v2x_plausible_k {
	s32 move_mw;
	u32 still;
	s32 v_off_mv;
	u32 v_off;
	s32 told_mw;
	u32 rests;
	s32 p_off_mw;
	u32 leaks;
};

/**
 * struct v2x_noise - does a channel have the noise it had at standstill?
 * @raw: last code
 * @by: how it moved when it last did
 * @turns: times that it turned at standstill
 * @still: times in a row that it was the same
 */
struct v2x_noise {
	s32 raw;
	s32 by;
	u32 turns;
	u32 still;
};

/**
 * struct v2x_plausible - state
 * @raw: last code of the link
 * @still: times in a row that it was the same
 * @iev_raw: last other code of the vehicle's current
 * @iev_told_mw: power that the DC/DC was told with it
 * @rests: times in a row that another power has not changed the code
 * @apart: times in a row that the two sides disagreed
 * @cycle: number of the last cycle judged
 * @off: cycles in a row with the balance off
 * @leaks: times in a row with too low an insulation
 * @noise: on a DC bus: of the link and of the output's current
 */
struct v2x_plausible {
	s32 raw;
	u32 still;
	s32 iev_raw;
	s32 iev_told_mw;
	u32 rests;
	u32 apart;
	u64 cycle;
	u32 off;
	u32 leaks;
	struct v2x_noise noise[2];
};

void v2x_plausible_init(struct v2x_plausible_k *k, struct v2x_plausible *p,
			const struct v2x_stage_desc *desc);

/**
 * v2x_plausible_step() - judge; trips. Every V2X_SLOW_TICKS samples
 * @r: the tick
 */
void v2x_plausible_step(const struct v2x_run *r);

/**
 * v2x_plausible_learn() - which channels have noise; at standstill, before a DC bus
 * @r: the tick
 * @first: of V2X_PLAUSIBLE_LEARN times
 */
void v2x_plausible_learn(const struct v2x_run *r, bool first);

/* How often v2x_plausible_learn() is called; noise turns every fourth time at least. */
#define V2X_PLAUSIBLE_LEARN	512

/**
 * v2x_plausible_dump() - the output jumped: trips with who is to blame
 * @r: the tick
 *
 * A vehicle that has let go takes no current any more and leaves the output to
 * its capacitor. A sensor of the voltage that broke does not stop the current, or
 * jumps by more than the current can have moved that capacitor; one of the current
 * rests on its code whatever was told, and the voltage stays.
 */
void v2x_plausible_dump(const struct v2x_run *r);

#endif /* _V2X_PLAUSIBLE_H */
