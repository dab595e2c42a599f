// SPDX-License-Identifier: Apache-2.0
/*
 * Ride-through: the operating mode an abnormal grid demands, and when the
 * current has to be gone in it. IEEE 1547-2018 clauses 6.4.2 and 6.5.2,
 * zero-current mode of EN 50549-1 clause 4.7.4. Reference model steps 5 and 13.
 */
#include "gridcode.h"

static enum gc_state voltage_mode(const struct gc_ride_settings *s, const struct gc_grid *grid)
{
	if (grid->v_high > s->v_cease_high || grid->v_low < s->v_cease_low)
		return GC_CEASE;
	if (s->cessation &&
	    (grid->v_high >= s->cessation_high || grid->v_low <= s->cessation_low))
		return GC_CESSATION;
	if (grid->v_high > s->v_permissive_high || grid->v_low < s->v_permissive_low)
		return GC_PERMISSIVE;
	if (grid->v_high > s->v_mandatory_high || grid->v_low < s->v_mandatory_low)
		return GC_MANDATORY;
	return GC_CONTINUOUS;
}

enum gc_state gc_ride_mode(const struct gc_ride_settings *s, const struct gc_grid *grid)
{
	enum gc_state mode;

	if (grid->f_hz > s->f_undefined_high_hz || grid->f_hz < s->f_undefined_low_hz)
		return GC_UNDEFINED;
	mode = voltage_mode(s, grid);
	if (mode == GC_CONTINUOUS && (grid->f_hz > s->f_mandatory_high_hz ||
				      grid->f_hz <= s->f_mandatory_low_hz))
		return GC_MANDATORY;
	return mode;
}

bool gc_ride_blocked(struct gc_ride *ride, const struct gc_ride_settings *s, enum gc_state state,
		     double dt_s)
{
	const bool cease = gc_timer_step(&ride->cease, state == GC_CEASE, s->cease_s, dt_s);
	const bool cessation = gc_timer_step(&ride->cessation, state == GC_CESSATION,
					     s->cessation_s, dt_s);
	const bool quiet = state == GC_TRIP || state == GC_CEASE || state == GC_CESSATION;
	const bool back = gc_timer_step(&ride->back, !quiet, s->cessation_return_s, dt_s);

	if (state == GC_TRIP || cease || cessation)
		ride->blocked = true;
	else if (back)
		ride->blocked = false;
	return ride->blocked;
}
