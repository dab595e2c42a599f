// SPDX-License-Identifier: Apache-2.0
/*
 * 10-minute mean of the voltage: sliding rms mean over the window, renewed at
 * least every 3 s (EN 50549-1 clause 4.9.3.2, IEC 61000-4-30 class S). Each
 * phase is looked at by itself, the highest counts.
 */
#include "gridcode.h"

#define SLOT_S_MAX 3.0

static void close_slot(struct gc_mean *mean, unsigned int slots)
{
	for (int k = 0; k < 3; k++) {
		const double square = mean->sum[k] / mean->slot_s;

		if (mean->filled == slots)
			mean->total[k] -= mean->slots[k][mean->at];
		mean->slots[k][mean->at] = square;
		mean->total[k] += square;
		mean->sum[k] = 0;
	}
	mean->slot_s = 0;
	mean->at = (mean->at + 1) % slots;
	if (mean->filled < slots)
		mean->filled++;
	/* Before the first window is full the mean is that of a window of nominal voltage. */
	for (int k = 0; k < 3; k++)
		mean->mean[k] = sqrt((mean->total[k] + (double)(slots - mean->filled)) / slots);
}

bool gc_mean_step(struct gc_mean *mean, const struct gc_mean_settings *s, const double *v_pu,
		  double dt_s)
{
	const double wanted = ceil(s->window_s / SLOT_S_MAX);
	bool high = false;

	if (isnan(s->limit))
		return false;
	for (int k = 0; k < 3; k++)
		mean->sum[k] += v_pu[k] * v_pu[k] * dt_s;
	mean->slot_s += dt_s;
	/* Half a step early rather than late, so that slots do not grow by a step each. */
	if (mean->slot_s >= s->window_s / wanted - dt_s / 2)
		close_slot(mean, (unsigned int)gc_clamp(wanted, 1, GC_MEAN_SLOTS));
	for (int k = 0; k < 3; k++)
		high = high || mean->mean[k] > s->limit;
	return gc_timer_step(&mean->timer, high, s->delay_s, dt_s);
}
