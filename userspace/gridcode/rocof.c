// SPDX-License-Identifier: Apache-2.0
/*
 * Rate of change of frequency as loss-of-mains protection: difference over a
 * window, definite time (G99 clause 10.6.7: 1 Hz/s, 500 ms), in one direction. What
 * turns is a jump of the angle: it reads as a frequency that comes and goes.
 */
#include "gridcode.h"

bool gc_rocof_step(struct gc_rocof *rocof, const struct gc_rocof_settings *s, double f_hz,
		   double dt_s)
{
	const double wanted = s->window_s / dt_s + 0.5;
	const unsigned int steps = (unsigned int)gc_clamp(wanted, 1, GC_DELAY_STEPS - 1);
	const double before_hz_per_s = rocof->hz_per_s;
	double before_hz;
	bool turned;

	if (isnan(s->limit_hz_per_s))
		return false;
	rocof->at = (rocof->at + 1) % GC_DELAY_STEPS;
	rocof->ring[rocof->at] = f_hz;
	before_hz = rocof->ring[(rocof->at + GC_DELAY_STEPS - steps) % GC_DELAY_STEPS];
	/* Nothing is said before a whole window has been seen. */
	if (rocof->since_s < steps * dt_s) {
		rocof->since_s += dt_s;
		rocof->hz_per_s = 0;
	} else {
		rocof->hz_per_s = (f_hz - before_hz) / (steps * dt_s);
	}
	turned = rocof->hz_per_s * before_hz_per_s < 0;
	return gc_timer_step(&rocof->timer, !turned && fabs(rocof->hz_per_s) > s->limit_hz_per_s,
			     s->time_s, dt_s);
}
