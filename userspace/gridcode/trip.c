// SPDX-License-Identifier: Apache-2.0
/*
 * Trip stages: definite time, counting while outside, reset at once inside.
 * IEEE 1547-2018 clauses 6.4.1 and 6.5.1, EN 50549-1 clause 4.9.3.
 */
#include "gridcode.h"

static void begin(struct gc_trip_group *group)
{
	for (int i = 0; i < GC_STAGES_MAX; i++)
		gc_timer_init(&group->timer[i]);
	/* The first step looks at every timer. */
	group->running = true;
}

void gc_trip_init(struct gc_trip *trip)
{
	begin(&trip->ov);
	begin(&trip->uv);
	begin(&trip->of);
	begin(&trip->uf);
}

static double least(const struct gc_stage *stage, int count)
{
	double limit = INFINITY;

	for (int i = 0; i < count; i++)
		limit = fmin(limit, stage[i].limit);
	return limit;
}

static double greatest(const struct gc_stage *stage, int count)
{
	double limit = -INFINITY;

	for (int i = 0; i < count; i++)
		limit = fmax(limit, stage[i].limit);
	return limit;
}

void gc_trip_settings(struct gc_trip *trip, const struct gc_trip_settings *s)
{
	trip->ov.nearest = least(s->ov, GC_OV_STAGES);
	trip->uv.nearest = greatest(s->uv, GC_UV_STAGES);
	trip->of.nearest = least(s->of, GC_OF_STAGES);
	trip->uf.nearest = greatest(s->uf, GC_UF_STAGES);
	/* Timers of stages that went away are to be put back. */
	trip->ov.running = trip->uv.running = trip->of.running = trip->uf.running = true;
}

/*
 * Stages of one direction; the last one that asks is named, the fastest. While
 * even the nearest limit is kept and no timer runs there is nothing to do.
 */
static enum gc_reason above(struct gc_trip_group *group, const struct gc_stage *stage, int count,
			    double value, double dt_s, enum gc_reason first, enum gc_reason cause)
{
	if (!(value > group->nearest) && !group->running)
		return cause;
	group->running = value > group->nearest;
	for (int i = 0; i < count; i++)
		if (gc_timer_step(&group->timer[i], value > stage[i].limit, stage[i].time_s, dt_s))
			cause = first + (enum gc_reason)i;
	return cause;
}

static enum gc_reason below(struct gc_trip_group *group, const struct gc_stage *stage, int count,
			    double value, double dt_s, enum gc_reason first, enum gc_reason cause)
{
	if (!(value < group->nearest) && !group->running)
		return cause;
	group->running = value < group->nearest;
	for (int i = 0; i < count; i++)
		if (gc_timer_step(&group->timer[i], value < stage[i].limit, stage[i].time_s, dt_s))
			cause = first + (enum gc_reason)i;
	return cause;
}

enum gc_reason gc_trip_step(struct gc_trip *trip, const struct gc_settings *settings,
			    const struct gc_grid *grid, const struct gc_input *in, bool permit)
{
	const struct gc_trip_settings *s = &settings->trip;
	const double dt_s = in->dt_s, f_hz = grid->f_hz;
	enum gc_reason cause = GC_BY_NOTHING;

	cause = above(&trip->of, s->of, GC_OF_STAGES, f_hz, dt_s, GC_BY_OF1, cause);
	cause = below(&trip->uf, s->uf, GC_UF_STAGES, f_hz, dt_s, GC_BY_UF1, cause);
	cause = above(&trip->ov, s->ov, GC_OV_STAGES, grid->v_high, dt_s, GC_BY_OV1, cause);
	cause = below(&trip->uv, s->uv, GC_UV_STAGES, grid->v_low, dt_s, GC_BY_UV1, cause);
	if (gc_mean_step(&trip->mean, &settings->mean, grid->v_pu, dt_s))
		cause = GC_BY_MEAN;
	if (gc_rocof_step(&trip->rocof, &settings->rocof, f_hz, dt_s))
		cause = GC_BY_ROCOF;
	if (fabs(in->shift_deg) > settings->shift.limit_deg)
		cause = GC_BY_SHIFT;
	if (in->island)
		cause = GC_BY_ISLAND;
	return permit ? cause : GC_BY_PERMIT;
}
