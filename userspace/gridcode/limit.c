// SPDX-License-Identifier: Apache-2.0
/*
 * Active power limit: IEEE 1547-2018 clause 4.6.2, EN 50549-1 clause 4.11.
 * A negative limit demands charging and is scaled by the charging rating.
 */
#include "gridcode.h"

double gc_limit_step(struct gc_limit *limit, const struct gc_settings *settings, bool off,
		     double dt_s)
{
	const struct gc_limit_settings *s = &settings->limit;
	const double reaction_s = settings->capability.reaction_s;
	const double target = s->limit < 0 ? s->limit * settings->rating.charge_pu /
						     settings->rating.p_pu : s->limit;
	double now;

	if (off) {
		/* No power while the ramp would go on; the reference model opens the limit instead. */
		limit->now = settings->capability.as_model ? 1 : target;
		limit->ramp = (struct gc_ramp){ limit->now, true };
		limit->delay.set = false;
		return limit->now;
	}
	now = gc_ramp_step(&limit->ramp, target, gc_ramp_size(s->response_s - reaction_s, dt_s));
	if (reaction_s > 0)
		now = gc_delay_step(&limit->delay, now, gc_delay_count(reaction_s, dt_s) - 1);
	limit->now = now;
	return now;
}
