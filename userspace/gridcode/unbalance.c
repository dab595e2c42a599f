// SPDX-License-Identifier: Apache-2.0
/*
 * Unbalance of a charger on one phase: VDE-AR-N 4105 clause 5.3.1 (4.6 kVA
 * between phases), CEI 0-21 (6 kW), C10/11. Where the other load of each
 * phase is measured it counts; else the charger alone keeps to the limit.
 */
#include "gridcode.h"

void gc_unbalance_step(const struct gc_settings *settings, const double *site_phase,
		       struct gc_band *band)
{
	const double limit = settings->derived.unbalance, p_pu = settings->rating.p_pu;
	double hi = limit, lo = -limit;

	if (isnan(limit) || settings->rating.phases != GC_ONE_PHASE)
		return;
	if (isfinite(site_phase[0]) && isfinite(site_phase[1]) && isfinite(site_phase[2])) {
		/* Import positive there: the export of a phase is its negative. */
		hi += site_phase[0] - gc_max(site_phase[1], site_phase[2]);
		lo += site_phase[0] - gc_min(site_phase[1], site_phase[2]);
	}
	/* Balancing others is not asked for: zero is always allowed. */
	gc_band_hi(band, gc_max(hi, 0) / p_pu, GC_BY_UNBALANCE);
	gc_band_lo(band, gc_min(lo, 0) / p_pu, GC_BY_UNBALANCE);
}
