// SPDX-License-Identifier: Apache-2.0
/*
 * Export limit at the point of connection: EN 50549-1 clause 4.11, UNE 217001
 * (zero export), AS/NZS 4777.1. What the rest of the site takes may be
 * supplied; falling at once, rising slowly. When the meter goes silent the
 * fail-safe limit holds for the charger alone. Nobody is made to charge.
 */
#include "gridcode.h"

void gc_export_step(struct gc_export *state, const struct gc_settings *settings,
		    double site_export, double last, double dt_s, struct gc_band *band)
{
	const struct gc_export_settings *s = &settings->export;

	if (!s->enable)
		return;
	if (isfinite(site_export)) {
		const double room = gc_max(last + s->limit - site_export, 0);
		const double rise = gc_ramp_size(s->response_s, dt_s);

		state->cap = state->set ? gc_min(room, state->cap + rise) : room;
		state->age_s = 0;
		state->set = true;
	} else {
		state->age_s += dt_s;
	}
	if (!state->set || state->age_s > s->timeout_s) {
		state->cap = s->fail_limit;
		gc_band_hi(band, s->fail_limit, GC_BY_FAIL_SAFE);
	} else {
		gc_band_hi(band, state->cap, GC_BY_EXPORT);
	}
}
