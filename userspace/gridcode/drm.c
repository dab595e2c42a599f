// SPDX-License-Identifier: Apache-2.0
/*
 * Demand-response modes of AS/NZS 4777.2 clause 3.2. Mode 0 disconnects: the
 * engine withdraws the permit. Modes 3 and 7 also ask for reactive power "if
 * capable" without an amount; the reactive function in force decides that.
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
