// SPDX-License-Identifier: Apache-2.0
/*
 * 10-minute mean of the voltage: sliding rms mean over the window, renewed at
 * least every 3 s (EN 50549-1 clause 4.9.3.2, IEC 61000-4-30 class S). Each
 * phase is looked at by itself, the highest counts.
 */
#include "gridcode.h"

#define SLOT_S_MAX 3.0

static void close_slot(struct gc_mean *mean, double limit)
{
	const unsigned int slots = mean->slot_count;
	double square = 0;

	for (int k = 0; k < 3; k++) {
		const double now = mean->sum[k] / mean->slot_s;

		if (mean->filled == slots)
			mean->total[k] -= mean->slots[k][mean->at];
		mean->slots[k][mean->at] = now;
		mean->total[k] += now;
		mean->sum[k] = 0;
	}
	mean->slot_s = 0;
	mean->at = (mean->at + 1) % slots;
	if (mean->filled < slots)
		mean->filled++;
	/* Before the first window is full the mean is that of a window of nominal voltage. */
	for (int k = 0; k < 3; k++)
		square = gc_max(square, mean->total[k]);
	square += (double)(slots - mean->filled);
	mean->highest = sqrt(square / slots);
	mean->high = mean->highest > limit;
}

bool gc_mean_step(struct gc_mean *mean, const struct gc_mean_settings *s, const double *v_pu,
		  double dt_s)
{
	if (isnan(s->limit))
		return false;
	if (!mean->slot_count) {
		mean->slot_count = (unsigned int)gc_clamp(ceil(s->window_s / SLOT_S_MAX), 1,
							  GC_MEAN_SLOTS);
		mean->slot_span_s = s->window_s / mean->slot_count;
	}
	for (int k = 0; k < 3; k++)
		mean->sum[k] += v_pu[k] * v_pu[k] * dt_s;
	mean->slot_s += dt_s;
	/* Half a step early rather than late, so that slots do not grow by a step each. */
	if (mean->slot_s >= mean->slot_span_s - dt_s / 2)
		close_slot(mean, s->limit);
	return gc_timer_step(&mean->timer, mean->high, s->delay_s, dt_s);
}
