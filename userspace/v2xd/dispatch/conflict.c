// SPDX-License-Identifier: Apache-2.0
#include "conflict.h"

static bool leaves_out(const struct dispatch_axis *axis, int32_t want)
{
	return want < axis->lo || want > axis->hi;
}

struct dispatch_conflict dispatch_conflicts(const struct dispatch_result *last,
					    enum dispatch_source source,
					    const struct dispatch_band *band, bool reactive)
{
	struct dispatch_conflict c = { SOURCE_COUNT, SOURCE_COUNT, SOURCE_COUNT };

	if (!band->has_want)
		return c;
	for (uint32_t i = 0; i < last->steps; i++) {
		const struct dispatch_step *step = &last->step[i];
		const struct dispatch_axis *axis = reactive ? &step->q : &step->p;
		const bool other = axis->has_want && axis->want != band->want;

		if (step->source < source && other && c.outranked_by == SOURCE_COUNT)
			c.outranked_by = step->source;
		if (step->source < source && leaves_out(axis, band->want) &&
		    c.limited_by == SOURCE_COUNT)
			c.limited_by = step->source;
		if (step->source > source && step->source != SOURCE_USER_CONFIG && other &&
		    c.outranks == SOURCE_COUNT)
			c.outranks = step->source;
	}
	return c;
}
