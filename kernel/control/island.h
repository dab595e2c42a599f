/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The island switch: leaving a utility that fails, going on alone, and back.
 *
 *	utility --[sensor]--[island switch]--+--[sensor]--[contactor]-- filter, bridge
 *					     local load
 *
 * Leaving. While the grid is there an anchor holds angle and frequency of the
 * last sample in which it was in order. The magnitude of the voltage below
 * leave_low for leave_ms, above leave_high for two samples, or whatever else
 * would have been a trip or cessation of the grid protection, tells the switch
 * to part, and in the same tick the bridge forms the nominal voltage at the
 * angle where the anchor would be by now. Until the switch has parted the
 * current limit holds.
 *
 * Alone. The table of the grid protection has no say: it is for the point
 * where the utility is. What is watched instead is below.
 *
 * Back. A tracker of its own follows the utility's side of the switch. In its
 * window for join_wait the frequency goes to
 *	w = w_utility + (angle difference) / 0.2 s,	+-0.2 Hz, 1 Hz/s at most
 * and the voltage to the utility's. All three differences within their limits
 * for 100 ms: the switch closes, and the bridge follows with the current that
 * there is.
 *
 * To form and to be allowed an island together mean an island that is wanted:
 * the switch parts as soon as RUN is reached, and there is no way back until
 * the set-point says to follow. A bridge that forms on a grid it may lose
 * without a sign would meet it again at any angle.
 */
#ifndef _V2X_ISLAND_H
#define _V2X_ISLAND_H

#include "ctl_set.h"
#include "grid_tracker.h"

struct v2x_run;
struct v2x_trip;

/**
 * struct v2x_island_k - constants
 * @there: the stage has the switch
 * @switch_steps: for it to follow its coil, proven
 * @surge_ticks: 1 ms: so long loads bear twice their voltage (ITI curve)
 * @aligned_steps: 100 ms
 * @low_steps: an overload stands this long before the trip, 2 s
 * @high_steps: too high a voltage likewise, 100 ms
 * @pull_q26: 2^26 * 2^12 / 0.2 s, a sample
 * @pull_max_q12: 0.2 Hz
 * @slew_q12: 1 Hz/s, a step of V2X_OUTER_TICKS samples
 * @low_q8: peak voltage below which an island is overloaded, 0.85
 * @high_q8: and above which it is not held, 1.15
 */
struct v2x_island_k {
	bool there;
	u32 switch_steps;
	u32 surge_ticks;
	u32 aligned_steps;
	u32 low_steps;
	u32 high_steps;
	s64 pull_q26;
	s64 pull_max_q12;
	s64 slew_q12;
	s32 low_q8;
	s32 high_q8;
};

/**
 * struct v2x_island_state - state
 * @phase: enum v2x_island
 * @under: samples below leave_low, less those that were not
 * @over: samples in a row above leave_high
 * @theta_q12: anchor: angle
 * @w_q12: frequency
 * @tick: its sample
 * @bad_tick: when the utility was last not in order
 * @count: steps that the switch has not followed
 * @aligned: steps with everything aligned
 * @surge: samples beyond the peak stage that were borne: a current cut off by
 *	the switch, or with a load, swings the terminals up
 * @low: steps with an overload, less those without
 * @high: likewise with too high a voltage
 * @util: tracker of the utility's side
 * @util_bad: its sensors are out of range
 */
struct v2x_island_state {
	u32 phase;
	u32 under;
	u32 over;
	u64 theta_q12;
	s64 w_q12;
	u64 tick;
	u64 bad_tick;
	u32 count;
	u32 aligned;
	u32 surge;
	u32 low;
	u32 high;
	struct v2x_tracker util;
	bool util_bad;
};

void v2x_island_init(struct v2x_island_k *k, struct v2x_island_state *s,
		     const struct v2x_stage_desc *desc);

/**
 * v2x_island_tick() - every sample while islands are allowed or there is one
 * @r: the tick
 * @v: voltage at the terminals, stationary frame
 */
void v2x_island_tick(const struct v2x_run *r, struct v2x_vec v);

/**
 * v2x_island_step() - one step of RUN
 * @r: the tick
 *
 * Return: true while the island decides what is done, not ride-through.
 */
bool v2x_island_step(const struct v2x_run *r);

/**
 * v2x_island_leave() - the grid protection wants to trip: is there another way?
 * @r: the tick
 * @t: what it found
 *
 * Return: true when the utility is left instead, or has been.
 */
bool v2x_island_leave(const struct v2x_run *r, const struct v2x_trip *t);

/* An island without a utility to leave: black start. */
void v2x_island_begin(const struct v2x_run *r);

/* The state is left: gates off if there was an island, the switch to rest. */
void v2x_island_end(const struct v2x_run *r);

/* Is the bridge to form the voltage now? */
bool v2x_island_forms(const struct v2x_run *r);

#endif /* _V2X_ISLAND_H */
