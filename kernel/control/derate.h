/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power that a hot heat sink leaves: all of it up to where derating starts, none
 * at the trip, a straight line between. What has once been as hot counts as
 * hot until it is V2X_DERATE_BACK_MC cooler, so that power and temperature do
 * not chase each other, nor the noise of the sensor.
 */
#ifndef _V2X_DERATE_H
#define _V2X_DERATE_H

#include "ctl_set.h"
#include "fixed.h"

#define V2X_DERATE_SPAN_MC	15000	/* where it starts below the trip, unless told */
#define V2X_DERATE_LEAST_MC	1000	/* shortest way from the start to the trip */
#define V2X_DERATE_BACK_MC	3000	/* hysteresis of the way back */

/**
 * struct v2x_derate - state
 * @hot_mc: temperature that counts
 */
struct v2x_derate {
	s32 hot_mc;
};

/**
 * v2x_derate_mw() - power that is left
 * @d: state
 * @set: in force: temp_trip_mc, derate_q16
 * @temp_mc: measured
 *
 * Return: mW, below zero beyond the trip; more than the rating below the start.
 * Context: every V2X_SLOW_TICKS samples.
 */
static __always_inline s64 v2x_derate_mw(struct v2x_derate *d, const struct v2x_ctl_set *set,
					 s32 temp_mc)
{
	d->hot_mc = clamp(d->hot_mc, temp_mc, temp_mc + V2X_DERATE_BACK_MC);
	return ((s64)(set->temp_trip_mc - d->hot_mc) * set->derate_q16) >> 16;
}

#endif /* _V2X_DERATE_H */
