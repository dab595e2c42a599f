/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bridge with its switches, in place of its mean over a period: carrier of
 * the control rate, pulses in the middle of the period, dead time.
 */
#ifndef V2XSIM_SWITCHING_H
#define V2XSIM_SWITCHING_H

#include <stdbool.h>

#include "plant.h"

/**
 * struct switching - filter values and what a period left
 * @dead_s: both switches of a leg off at each edge
 * @i2_mean: grid currents, mean of the last period
 * @i2_square: mean of their squares, ripple included
 */
struct switching {
	double dead_s;
	double i2_mean[PLANT_PHASES];
	double i2_square[PLANT_PHASES];
	/* private */
	double r1, l1, rd, c, r2, l2, period;
};

/** switching_grid() - take over filter and grid impedance; after each change of them */
void switching_grid(struct switching *s, const struct plant_cfg *cfg, const struct plant_env *env);

/**
 * switching_ac() - for plant_step_by(): one period of filter and bridge
 * @context: struct switching
 *
 * With gates on and the grid connected the legs switch; else the plant does
 * what it always does.
 */
void switching_ac(struct plant *p, bool gates, void *context);

#endif
