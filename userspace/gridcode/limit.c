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
		/* After a trip the limit does not hold anybody back for longer than its ramp. */
		limit->ramp = (struct gc_ramp){ 1, true };
		limit->delay.set = false;
		limit->now = 1;
		return 1;
	}
	now = gc_ramp_step(&limit->ramp, target, gc_ramp_size(s->response_s - reaction_s, dt_s));
	if (reaction_s > 0)
		now = gc_delay_step(&limit->delay, now, gc_delay_count(reaction_s, dt_s) - 1);
	limit->now = now;
	return now;
}
