// SPDX-License-Identifier: Apache-2.0
#include "lag.h"

double gc_delay_step(struct gc_delay *delay, double x, unsigned int steps)
{
	if (!delay->set) {
		delay->first = x;
		delay->filled = 0;
		delay->set = true;
	}
	delay->at = (delay->at + 1) % GC_DELAY_STEPS;
	delay->ring[delay->at] = x;
	if (delay->filled < GC_DELAY_STEPS)
		delay->filled++;
	if (steps >= delay->filled)
		return delay->first;
	return delay->ring[(delay->at - steps) % GC_DELAY_STEPS];
}
