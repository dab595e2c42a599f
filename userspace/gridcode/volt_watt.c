// SPDX-License-Identifier: Apache-2.0
/*
 * Volt-watt: IEEE 1547-2018 clause 5.4.2; P(U) of EN 50549-1 clause 4.7.3 and
 * AS/NZS 4777.2 clause 3.3.2.2, there also for charging at low voltage.
 */
#include "gridcode.h"

/* Straight between two points, flat outside, either slope. */
static double between(const struct gc_volt_watt_settings *s, double p2, double v)
{
	if (v <= s->v1)
		return s->p1;
	if (v >= s->v2)
		return p2;
	return s->p1 + (p2 - s->p1) * (v - s->v1) / (s->v2 - s->v1);
}

static double respond(struct gc_volt_watt *vw, double target, double span_s, double reaction_s,
		      bool off, double dt_s)
{
	double now;

	if (off) {
		gc_lag_force(&vw->lag, 1);
		vw->delay.set = false;
		return 1;
	}
	now = gc_lag_step(&vw->lag, target, span_s, dt_s);
	if (reaction_s > 0)
		now = gc_delay_step(&vw->delay, now, gc_delay_count(reaction_s, dt_s));
	return now;
}

double gc_volt_watt_step(struct gc_volt_watt *vw, const struct gc_settings *settings,
			 const struct gc_grid *grid, bool off, double dt_s)
{
	const struct gc_volt_watt_settings *s = &settings->volt_watt;
	const double p2 = s->p2 < 0 ? s->p2 * settings->derived.charge : s->p2;
	double p = between(s, p2, s->phase == GC_PHASES_WORST ? grid->v_high : grid->v_mean);
	/* The reference model ends at the generating rating. */
	if (settings->capability.as_model)
		p = gc_max(p, -1);
	return respond(vw, p, settings->derived.volt_watt_s, settings->capability.reaction_s, off,
		       dt_s);
}

double gc_volt_watt_charge_step(struct gc_volt_watt *vw, const struct gc_settings *settings,
				const struct gc_grid *grid, bool off, double dt_s)
{
	const struct gc_volt_watt_settings *s = &settings->volt_watt_charge;
	const double v = s->phase == GC_PHASES_WORST ? grid->v_low : grid->v_mean;

	return respond(vw, between(s, s->p2, v), settings->derived.volt_watt_charge_s,
		       settings->capability.reaction_s, off, dt_s);
}
