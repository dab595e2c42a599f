// SPDX-License-Identifier: Apache-2.0
#include "lag.h"

double gc_lag_span(enum gc_response response, double time_s)
{
	switch (response) {
	case GC_RESPONSE_SETTLING_95:
		return time_s * 2 / 3;
	case GC_RESPONSE_TAU:
		return time_s * 2;
	case GC_RESPONSE_OPEN_LOOP_90:
		break;
	}
	return time_s / 1.15;
}

double gc_delay_step(struct gc_delay *delay, double x, unsigned int steps)
{
	if (!delay->set) {
		for (unsigned int i = 0; i < GC_DELAY_STEPS; i++)
			delay->ring[i] = x;
		delay->set = true;
	}
	delay->at = (delay->at + 1) % GC_DELAY_STEPS;
	delay->ring[delay->at] = x;
	return delay->ring[(delay->at + GC_DELAY_STEPS - steps) % GC_DELAY_STEPS];
}
