// SPDX-License-Identifier: Apache-2.0
/*
 * Measurements that are not numbers, missing, out of any range, standing
 * still or jumping as no grid can. A short gap is bridged with the last good
 * values; after it the charger has no eyes and the safe response is to stop.
 */
#include "gridcode.h"

static bool plausible(const struct gc_guard *guard, const struct gc_settings *settings,
		      const double *v_pu, double f_hz)
{
	const struct gc_guard_settings *s = &settings->guard;
	const int phases = settings->rating.phases == GC_ONE_PHASE ? 1 : 3;

	/* What is not a number fails every comparison. */
	for (int k = 0; k < phases; k++)
		if (!(v_pu[k] >= 0 && v_pu[k] <= s->v_max))
			return false;
	if (!(f_hz >= s->f_low_hz && f_hz <= s->f_high_hz))
		return false;
	return !guard->good || !(fabs(f_hz - guard->f_hz) > s->jump_hz);
}

static bool same(const struct gc_guard *guard, const double *v_pu, double f_hz)
{
	return guard->good && f_hz == guard->f_hz && v_pu[0] == guard->v_pu[0] &&
	       v_pu[1] == guard->v_pu[1] && v_pu[2] == guard->v_pu[2];
}

static void keep(struct gc_guard *guard, const double *v_pu, double f_hz)
{
	guard->v_pu[0] = v_pu[0];
	guard->v_pu[1] = v_pu[1];
	guard->v_pu[2] = v_pu[2];
	guard->f_hz = f_hz;
	guard->missing_s = 0;
	guard->good = true;
}

bool gc_guard_step(struct gc_guard *guard, const struct gc_settings *settings, double dt_s,
		   double *v_pu, double *f_hz)
{
	const struct gc_guard_settings *s = &settings->guard;

	if (plausible(guard, settings, v_pu, *f_hz)) {
		guard->frozen_s = same(guard, v_pu, *f_hz) ? guard->frozen_s + dt_s : 0;
		keep(guard, v_pu, *f_hz);
		return !(guard->frozen_s > s->frozen_s);
	}
	guard->missing_s += dt_s;
	if (!guard->good || guard->missing_s > s->missing_s) {
		/* What comes next is believed afresh, a jump has become the new place. */
		guard->good = false;
		return false;
	}
	for (int k = 0; k < 3; k++)
		v_pu[k] = guard->v_pu[k];
	*f_hz = guard->f_hz;
	return true;
}
