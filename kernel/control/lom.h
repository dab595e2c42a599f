/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loss of mains, the active method.
 *
 * Drift. A reactive power that follows the frequency's distance from its own
 * slow mean,
 *	q = K (f - mean f)	(positive: lagging, raises an island's frequency)
 * does nothing on a grid, whose frequency does not follow it, and has no
 * steady part off the nominal frequency. A resonant load of quality Q and
 * power P answers with df = f q / (2 Q P): with K S / P > 2 Q / f the
 * frequency runs away, whichever way the power flows. K = 0.2 pu/Hz is five
 * times that at 50 Hz, Q = 1 and full power.
 *
 * Proof. A frequency that runs is not yet an island: codes want 4 Hz/s and
 * phase jumps of 60 degrees ridden through. When q is at its limit its sign is
 * turned for five cycles, and then turned back. On a load the frequency follows
 * both times; on a grid it does not. Only then is there a trip.
 */
#ifndef _V2X_LOM_H
#define _V2X_LOM_H

#include "ctl_set.h"
#include "fixed.h"

enum v2x_lom_phase {
	V2X_LOM_SETTLE,	/* no feedback: the mean is found */
	V2X_LOM_DRIFT,	/* q follows the frequency */
	V2X_LOM_AGAINST, /* q turned: does the frequency come back? */
	V2X_LOM_ALONG,	/* q turned back: does it go again? */
};

/**
 * struct v2x_lom - state
 * @phase: see there
 * @count: half cycles in it, or at the limit
 * @mean_q8: slow mean of the frequency, mHz Q8
 * @sign: of the drift
 * @f_last_mhz: last known frequency, 0: none since the start
 * @f_begin_mhz: frequency when the phase began
 * @f_drift_mhz: frequency when the drift had reached the limit
 * @q_mvar: to be added to the reference, lagging positive
 */
struct v2x_lom {
	enum v2x_lom_phase phase;
	u32 count;
	s64 mean_q8;
	s32 sign;
	s32 f_last_mhz;
	s32 f_begin_mhz;
	s32 f_drift_mhz;
	s32 q_mvar;
};

/**
 * v2x_lom_step() - one step, every half cycle
 * @l: state
 * @set: table in force: gain and limit
 * @f_mhz: frequency over the last cycle, 0: not known
 * @on: the converter feeds, and nothing else is amiss
 *
 * Return: true when it is proven that the grid has gone.
 */
bool v2x_lom_step(struct v2x_lom *l, const struct v2x_table_set *set, s32 f_mhz, bool on);

#endif /* _V2X_LOM_H */
