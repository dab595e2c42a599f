// SPDX-License-Identifier: Apache-2.0
/*
 * Disturbances one after the other: IEEE 1547-2018 clause 6.4.2.5 asks for a
 * number of them to be ridden through within a window; a code that lets ride-
 * through end after that number says so. Disturbances with less calm between
 * them than the gap are one. Without a number all of them are ridden through.
 */
#include "gridcode.h"

static bool disturbed(const struct gc_ride_settings *s, const struct gc_grid *grid)
{
	/* A category without mandatory operation at high voltage begins with the next one. */
	return grid->v_high > s->v_mandatory_high || grid->v_high > s->v_permissive_high ||
	       grid->v_low < s->v_mandatory_low;
}

bool gc_consecutive_step(struct gc_consecutive *c, const struct gc_settings *settings,
			 const struct gc_grid *grid, double dt_s)
{
	const struct gc_consecutive_settings *s = &settings->consecutive;

	if (isnan(s->sets))
		return false;
	c->left_s -= dt_s;
	/* Counted anew; one that still goes on is the first. */
	if (c->left_s <= 0 && c->count) {
		c->count = c->open ? 1 : 0;
		c->left_s = s->window_s;
	}
	if (!disturbed(&settings->ride, grid)) {
		c->calm_s += dt_s;
		if (c->calm_s >= s->gap_s)
			c->open = false;
		return false;
	}
	c->calm_s = 0;
	if (!c->open) {
		c->open = true;
		if (!c->count)
			c->left_s = s->window_s;
		c->count++;
	}
	return c->count > s->sets;
}
