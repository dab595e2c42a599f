// SPDX-License-Identifier: Apache-2.0
/*
 * Active power: the demand through ramps and limits, in the order of IEEE
 * 1547-2018 clause 4.7 and reference model steps 8 to 10. What comes later
 * ranks higher.
 */
#include "gridcode.h"

static double ramped(struct gc_power *power, const struct gc_settings *s, double want, bool off,
		     double dt_s)
{
	double step;

	if (off) {
		power->battery.y = 0;
		power->normal.y = 0;
	}
	want = gc_ramp_step(&power->battery, want, gc_ramp_size(s->rating.ramp_s, dt_s));
	step = want > power->normal.y ? s->ramp.up_pu_per_min : s->ramp.down_pu_per_min;
	return gc_ramp_step(&power->normal, want, step * dt_s / 60);
}

/* Upper bounds below the droop: the droop adds around what they leave. */
static double inner(struct gc_power *power, const struct gc_settings *s, const struct gc_grid *grid,
		    bool off, double want, double *volt_watt, double dt_s, enum gc_reason *by)
{
	double base = want;

	*volt_watt = INFINITY;
	if (s->limit.enable) {
		const double limit = gc_limit_step(&power->limit, s, off, dt_s);

		if (limit < base)
			*by = GC_BY_LIMIT;
		base = gc_min(base, limit);
	}
	if (s->volt_watt.enable) {
		*volt_watt = gc_volt_watt_step(&power->volt_watt, s, grid, off, dt_s);
		if (*volt_watt < base)
			*by = GC_BY_VOLT_WATT;
		base = gc_min(base, *volt_watt);
	}
	return base;
}

static void by_frequency(struct gridcode *engine, const struct gc_input *in,
			 const struct gc_grid *grid, double base, double demand, double want,
			 double last)
{
	const double dt_s = in->dt_s;
	const struct gc_settings *s = &engine->settings;
	struct gc_power *power = &engine->power;
	struct gc_band *band = &power->band;
	const bool off = engine->state == GC_TRIP;

	if (s->droop.enable) {
		const bool entering = engine->state == GC_ENTERING;

		/* The last output takes the place of the demand; a charger never meets its own. */
		gc_droop_step(&power->droop, s, grid->f_hz, entering ? engine->p_out : base, last,
			      entering && !isnan(in->p_now_pu), off, dt_s);
		if (power->droop.over || power->droop.under) {
			double p = gc_min(power->droop.p, 1);

			/* Over-frequency never raises export above the demand. */
			if (!s->capability.as_model)
				p = power->droop.under ? p : gc_min(p, want);
			else if (s->volt_watt.enable && !power->droop.under)
				p = gc_min(p, demand);
			*band = (struct gc_band){ p, p, GC_BY_DROOP, GC_BY_DROOP };
		}
	}
	if (s->lfsm_o.enable)
		gc_lfsm_step(&power->lfsm_o, &s->lfsm_o, s, true, grid->f_hz, last, base, off,
			     dt_s, band);
	if (s->lfsm_u.enable)
		gc_lfsm_step(&power->lfsm_u, &s->lfsm_u, s, false, grid->f_hz, last, base, off,
			     dt_s, band);
}

static void outer(struct gridcode *engine, const struct gc_input *in, const struct gc_grid *grid,
		  double volt_watt, double last)
{
	const struct gc_settings *s = &engine->settings;
	struct gc_power *power = &engine->power;
	struct gc_band *band = &power->band;
	const double charge = s->derived.charge;

	if (s->volt_watt_charge.enable)
		gc_band_lo(band, -charge * gc_volt_watt_charge_step(&power->volt_watt_charge, s,
								    grid, engine->state == GC_TRIP,
								    in->dt_s), GC_BY_VOLT_WATT);
	gc_unbalance_step(s, in->site_phase_pu, band);
	gc_drm_step(&power->drm, s, in->drm, in->dt_s, band);
	gc_order_step(&power->order, s, in, band);
	gc_export_step(&power->export, s, -in->site_import_pu / s->rating.p_pu, last, in->dt_s,
		       band);
	gc_band_hi(band, volt_watt, GC_BY_VOLT_WATT);
	gc_band_lo(band, -charge, GC_BY_RATING);
	gc_band_hi(band, 1, GC_BY_RATING);
}

/* Of a droop that has just begun: the power when its frequency left. */
static double starting(const struct gc_power *power, const struct gc_settings *s,
		       const struct gc_input *in, double last)
{
	const struct gc_droop *droop = &power->droop;
	const double p_pu = droop->over || droop->under ? in->p_calm_pu : in->p_then_pu;

	return isnan(p_pu) ? last : -p_pu / s->rating.p_pu;
}

/* Either direction comes to its own rating on the ramp of entering; the model has one rating. */
static double charge_ceiling(const struct gc_settings *s, double ceiling)
{
	return s->capability.as_model ? ceiling : ceiling * gc_max(s->derived.charge, 1);
}

void gc_power_step(struct gridcode *engine, const struct gc_input *in, const struct gc_grid *grid,
		   double want)
{
	const struct gc_settings *s = &engine->settings;
	struct gc_power *power = &engine->power;
	const bool off = engine->state == GC_TRIP;
	const double last = isnan(in->p_now_pu) ? engine->p_out : -in->p_now_pu / s->rating.p_pu;
	const double then = starting(power, s, in, last);
	const double ceiling = engine->enter.ceiling, charge = charge_ceiling(s, ceiling);
	enum gc_reason by = GC_BY_NOTHING;
	const double demand = want;
	double base, volt_watt;

	base = gc_drm_want(s, in->drm, want);
	if (base != demand)
		by = GC_BY_DRM;
	want = ramped(power, s, base, off, in->dt_s);
	if (want != base)
		by = GC_BY_RAMP;
	if (want > ceiling || want < -charge) {
		want = gc_clamp(want, -charge, ceiling);
		by = GC_BY_ENTER_RAMP;
	}
	base = inner(power, s, grid, off, want, &volt_watt, in->dt_s, &by);
	power->band = (struct gc_band){ -charge, ceiling, GC_BY_ENTER_RAMP, GC_BY_ENTER_RAMP };
	if (s->limit.enable) {
		gc_band_lo(&power->band, -s->limit.charge * s->derived.charge, GC_BY_LIMIT);
		gc_band_hi(&power->band, power->limit.now, GC_BY_LIMIT);
	}
	by_frequency(engine, in, grid, base, demand, want, then);
	outer(engine, in, grid, volt_watt, last);
	power->p = base;
	power->by = by;
	if (base > power->band.hi) {
		power->p = power->band.hi;
		power->by = power->band.hi_by;
	} else if (base < power->band.lo) {
		power->p = power->band.lo;
		power->by = power->band.lo_by;
	}
}
