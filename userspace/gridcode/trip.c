// SPDX-License-Identifier: Apache-2.0
/*
 * Trip stages: definite time, counting while outside, reset at once inside.
 * IEEE 1547-2018 clauses 6.4.1 and 6.5.1, EN 50549-1 clause 4.9.3.
 */
#include "gridcode.h"

void gc_trip_init(struct gc_trip *trip)
{
	for (int i = 0; i < GC_OV_STAGES; i++)
		gc_timer_init(&trip->ov[i]);
	for (int i = 0; i < GC_UV_STAGES; i++)
		gc_timer_init(&trip->uv[i]);
	for (int i = 0; i < GC_OF_STAGES; i++)
		gc_timer_init(&trip->of[i]);
	for (int i = 0; i < GC_UF_STAGES; i++)
		gc_timer_init(&trip->uf[i]);
}

/* Every timer runs every step; the last stage that asks is named, the fastest. */
static enum gc_reason above(struct gc_timer *timers, const struct gc_stage *stages, int count,
			    double value, double dt_s, enum gc_reason first, enum gc_reason cause)
{
	for (int i = 0; i < count; i++)
		if (gc_timer_step(&timers[i], value > stages[i].limit, stages[i].time_s, dt_s))
			cause = first + (enum gc_reason)i;
	return cause;
}

static enum gc_reason below(struct gc_timer *timers, const struct gc_stage *stages, int count,
			    double value, double dt_s, enum gc_reason first, enum gc_reason cause)
{
	for (int i = 0; i < count; i++)
		if (gc_timer_step(&timers[i], value < stages[i].limit, stages[i].time_s, dt_s))
			cause = first + (enum gc_reason)i;
	return cause;
}

enum gc_reason gc_trip_step(struct gc_trip *trip, const struct gc_settings *settings,
			    const struct gc_grid *grid, const struct gc_input *in)
{
	const struct gc_trip_settings *s = &settings->trip;
	const double dt_s = in->dt_s;
	enum gc_reason cause = GC_BY_NOTHING;

	cause = above(trip->of, s->of, GC_OF_STAGES, grid->f_hz, dt_s, GC_BY_OF1, cause);
	cause = below(trip->uf, s->uf, GC_UF_STAGES, grid->f_hz, dt_s, GC_BY_UF1, cause);
	cause = above(trip->ov, s->ov, GC_OV_STAGES, grid->v_high, dt_s, GC_BY_OV1, cause);
	cause = below(trip->uv, s->uv, GC_UV_STAGES, grid->v_low, dt_s, GC_BY_UV1, cause);
	if (gc_mean_step(&trip->mean, &settings->mean, in->v_pu, dt_s))
		cause = GC_BY_MEAN;
	if (gc_rocof_step(&trip->rocof, &settings->rocof, grid->f_hz, dt_s))
		cause = GC_BY_ROCOF;
	if (fabs(in->shift_deg) > settings->shift.limit_deg)
		cause = GC_BY_SHIFT;
	if (in->island)
		cause = GC_BY_ISLAND;
	return in->permit ? cause : GC_BY_PERMIT;
}
