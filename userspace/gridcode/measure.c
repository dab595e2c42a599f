// SPDX-License-Identifier: Apache-2.0
/* What the measured voltages mean. IEEE 1547-2018 clause 4.3, reference model step 1. */
#include "gridcode.h"

/* |a - b exp(-j 120 deg)| / sqrt(3) */
static double line(double a, double b)
{
	return sqrt((a * a + b * b + a * b) / 3);
}

static void one_phase(double v, struct gc_grid *grid)
{
	grid->v_low = v;
	grid->v_high = v;
	grid->v_mean = v;
	grid->v1 = v;
	grid->v2_re = 0;
	grid->v2_im = 0;
}

void gc_measure(const struct gc_settings *settings, struct gc_grid *grid)
{
	const double a = grid->v_pu[0], b = grid->v_pu[1], c = grid->v_pu[2];
	const double sqrt3 = 1.7320508075688772;
	double lo = gc_min(a, gc_min(b, c)), hi = gc_max(a, gc_max(b, c));

	if (settings->rating.phases == GC_ONE_PHASE) {
		one_phase(a, grid);
		return;
	}
	/* The three angles stay 120 degrees apart: phases 0, -120, 120. */
	grid->v1 = (a + b + c) / 3;
	grid->v_mean = grid->v1;
	grid->v2_re = (a - (b + c) / 2) / 3;
	grid->v2_im = (b - c) * sqrt3 / 6;
	if (settings->trip.quantity == GC_QUANTITY_POSITIVE) {
		lo = grid->v1;
		hi = grid->v1;
	} else if (settings->trip.quantity == GC_QUANTITY_PHASE_AND_LINE) {
		const double ab = line(a, b), bc = line(b, c), ca = line(c, a);

		lo = gc_min(lo, gc_min(ab, gc_min(bc, ca)));
		hi = gc_max(hi, gc_max(ab, gc_max(bc, ca)));
	}
	grid->v_low = lo;
	grid->v_high = hi;
}
