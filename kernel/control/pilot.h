/* SPDX-License-Identifier: GPL-2.0-only */
/* Control pilot: from the pulse's levels to the state (IEC 61851-1 table A.3). */
#ifndef _V2X_PILOT_H
#define _V2X_PILOT_H

#include <linux/v2x.h>
#include "fixed.h"

/**
 * struct v2x_pilot_decoder - state
 * @state: enum v2x_pilot, filtered
 * @candidate: what the last samples said
 * @count: how many in a row
 * @need: how many make a change (20 ms)
 */
struct v2x_pilot_decoder {
	u32 state;
	u32 candidate;
	u32 count;
	u32 need;
};

/**
 * v2x_pilot_step() - one sample of the pilot
 * @p: state
 * @high_mv: top of the pulse
 * @low_mv: bottom of it
 * @duty_permille: as commanded
 *
 * A state is left only when the level is 0.3 V beyond the middle between two
 * nominal levels, for @p->need samples in a row.
 *
 * Return: true when @p->state has changed.
 */
bool v2x_pilot_step(struct v2x_pilot_decoder *p, s32 high_mv, s32 low_mv, u32 duty_permille);

/**
 * v2x_pilot_now() - what the levels say, unfiltered
 * @p: state
 * @high_mv: top of the pulse
 * @low_mv: bottom of it
 * @duty_permille: as commanded
 *
 * Return: enum v2x_pilot.
 */
u32 v2x_pilot_now(const struct v2x_pilot_decoder *p, s32 high_mv, s32 low_mv,
		  u32 duty_permille);

/* The vehicle asks for energy. */
static inline bool v2x_pilot_ready(u32 state)
{
	return state == V2X_PILOT_C || state == V2X_PILOT_D || state == V2X_PILOT_NONE;
}

#endif /* _V2X_PILOT_H */
