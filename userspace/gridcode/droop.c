// SPDX-License-Identifier: Apache-2.0
/* Frequency droop of IEEE 1547-2018 clause 6.5.2.7; reference model step 8. */
#include "gridcode.h"

/* Lagged power this close to the line: the droop is over. */
#define SETTLED 0.001

static enum gc_side side_of(const struct gc_droop_settings *s, double f_nominal_hz, double f_hz)
{
	if (f_hz > f_nominal_hz + s->db_over_hz)
		return GC_SIDE_OVER;
	if (f_hz < f_nominal_hz - s->db_under_hz)
		return GC_SIDE_UNDER;
	return GC_SIDE_NONE;
}

static double droop_line(const struct gc_droop *droop, const struct gc_settings *settings, double f_hz,
			 double base)
{
	const struct gc_droop_settings *s = &settings->droop;
	const double f_nominal_hz = settings->nominal.f_hz;
	/* The reference model ends at the generating rating. */
	const double least = settings->capability.as_model ? -1 : -settings->derived.charge;

	switch (droop->side) {
	case GC_SIDE_OVER:
		return gc_max(droop->before - (f_hz - f_nominal_hz - s->db_over_hz) /
						      (f_nominal_hz * s->k_over), least);
	case GC_SIDE_UNDER:
		return gc_min(droop->before + (f_nominal_hz - s->db_under_hz - f_hz) /
						      (f_nominal_hz * s->k_under), 1);
	case GC_SIDE_NONE:
		break;
	}
	return base;
}

/* Tripped. The reference model remembers its side and P_pre through it. */
static void stand_still(struct gc_droop *droop, bool as_model)
{
	gc_lag_force(&droop->lag, 0);
	droop->delay.set = false;
	droop->p = 0;
	if (!as_model) {
		droop->side = GC_SIDE_NONE;
		droop->over = false;
		droop->under = false;
	}
}

void gc_droop_step(struct gc_droop *droop, const struct gc_settings *settings, double f_hz,
		   double base, double last, bool ends, bool off, double dt_s)
{
	const struct gc_droop_settings *s = &settings->droop;
	const double f_nominal_hz = settings->nominal.f_hz;
	const double reaction_s = settings->capability.reaction_s;
	const enum gc_side side = side_of(s, f_nominal_hz, f_hz);
	double target, span_s;

	if (off) {
		stand_still(droop, settings->capability.as_model);
		return;
	}
	if (side != GC_SIDE_NONE && side != droop->side) {
		/* P_pre is held while the same side lasts. */
		droop->before = droop->lag.set ? last : base;
	}
	droop->over = droop->over || side == GC_SIDE_OVER;
	droop->under = droop->under || side == GC_SIDE_UNDER;
	droop->side = side;
	target = droop_line(droop, settings, f_hz, base);
	span_s = droop->over || droop->under ?
		gc_lag_span(GC_RESPONSE_OPEN_LOOP_90, s->response_s - reaction_s) : 0;
	droop->p = gc_lag_step(&droop->lag, target, span_s, dt_s);
	if (reaction_s > 0)
		droop->p = gc_delay_step(&droop->delay, droop->p,
					 gc_delay_count(reaction_s, dt_s));
	if (fabs(droop->lag.y - target) < SETTLED || (ends && side == GC_SIDE_NONE)) {
		droop->over = side == GC_SIDE_OVER;
		droop->under = side == GC_SIDE_UNDER;
	}
}
