// SPDX-License-Identifier: Apache-2.0
/*
 * Demand-response modes of AS/NZS 4777.2 clause 3.2. Mode 0 disconnects: the
 * engine withdraws the permit. Of several the lowest number of a direction
 * holds. Modes 3 and 7 also ask to source and to sink reactive power "if
 * capable"; the standard names no amount, the settings do.
 */
#include "gridcode.h"

double gc_drm_want(const struct gc_settings *settings, unsigned int modes, double want)
{
	if (!settings->drm.enable)
		return want;
	if (modes & GC_DRM(4))
		return gc_min(want, -settings->derived.charge);
	if (modes & GC_DRM(8))
		return gc_max(want, 1);
	return want;
}

/* The share of rated power that the strictest asserted mode leaves. */
static double share(unsigned int modes, unsigned int none, unsigned int half, unsigned int most)
{
	if (modes & GC_DRM(none))
		return 0;
	if (modes & GC_DRM(half))
		return 0.5;
	return modes & GC_DRM(most) ? 0.75 : 1;
}

void gc_drm_step(struct gc_drm *drm, const struct gc_settings *settings, unsigned int modes,
		 double dt_s, struct gc_band *band)
{
	const double step = gc_ramp_size(settings->drm.response_s, dt_s);
	const double charge = share(modes, 1, 2, 3), generate = share(modes, 5, 6, 7);
	const double lo = gc_ramp_step(&drm->lo, charge, step);
	const double hi = gc_ramp_step(&drm->hi, generate, step);

	if (!settings->drm.enable)
		return;
	gc_band_lo(band, -lo * settings->derived.charge, GC_BY_DRM);
	gc_band_hi(band, hi, GC_BY_DRM);
}

/*
 * At least @most in its direction, but not against what the function in force
 * absorbs for the voltage: it fades from @most at nothing to the function's own
 * at as much the other way.
 */
static double at_least(double q, double most)
{
	return gc_max(q, gc_min(most, most + 2 * q));
}

double gc_drm_reactive_step(struct gc_drm *drm, const struct gc_settings *settings,
			    unsigned int modes, double p, double q, double dt_s)
{
	const struct gc_drm_settings *s = &settings->drm;
	const double step = gc_ramp_size(s->response_s, dt_s);
	/* A stricter mode of the same direction takes the place of 3 and 7. */
	bool source = (modes & (GC_DRM(1) | GC_DRM(2) | GC_DRM(3))) == GC_DRM(3);
	bool sink = (modes & (GC_DRM(5) | GC_DRM(6) | GC_DRM(7))) == GC_DRM(7);
	double a, b;

	if (!s->enable || !(s->q_source > 0 || s->q_sink > 0))
		return q;
	if (source && sink) {
		source = p < 0;
		sink = p > 0;
	}
	a = gc_ramp_step(&drm->source, source ? 1 : 0, step);
	b = gc_ramp_step(&drm->sink, sink ? 1 : 0, step);
	q += a * (at_least(q, s->q_source) - q);
	return q - b * (at_least(-q, s->q_sink) + q);
}
