// SPDX-License-Identifier: Apache-2.0
/* The frequency of a charger whose voltage jumps: a tracker takes the step for a turn. */
#include "charger.h"

#include <math.h>

/* More than rounding of a cycle's length moves its RMS. */
#define MOVED_PU 0.006
/*
 * A jump reads as up to 1.3 Hz per pu, and more in a cycle that has seen the half of
 * it; a step of the frequency moves the RMS by 0.01 pu a Hz at most.
 */
#define FALSE_HZ_PER_PU 10
/* Until the tracker, 20 Hz wide, has forgotten it. */
#define SETTLE_CYCLES 4
/* A voltage that moves on and on is a slope, along which the tracker follows. */
#define HELD_MAX_S 0.2

/* How far the voltage has gone since the cycle before; what is not a number has not. */
static double way(const struct gc_steady *steady, const double *v_pu)
{
	double most = 0;

	for (int k = 0; k < 3; k++)
		most = fmax(most, fabs(v_pu[k] - steady->v_pu[k]));
	return most;
}

/* No voltage, or the kernel has lost its angle and says no frequency. */
static bool blind(const struct gc_input *in)
{
	return !isfinite(in->f_hz) || gc_no_angle(in->v_pu);
}

static void look(struct gc_steady *steady, const struct gc_input *in)
{
	const double moved_pu = way(steady, in->v_pu);

	if (blind(in)) {
		steady->moved_pu = INFINITY;
		steady->left = SETTLE_CYCLES + 1;
		steady->held_s = 0;
	} else if (moved_pu > MOVED_PU) {
		steady->moved_pu += moved_pu;
		steady->left = SETTLE_CYCLES + 1;
	} else if (!steady->left) {
		steady->moved_pu = 0;
	}
	if (steady->left)
		steady->left--;
}

static bool holds(const struct gc_steady *steady, double f_hz)
{
	return steady->left && steady->f_hz > 0 && steady->held_s < HELD_MAX_S &&
	       fabs(f_hz - steady->f_hz) <= FALSE_HZ_PER_PU * steady->moved_pu;
}

void gc_steady_step(struct gc_steady *steady, struct gc_input *in)
{
	look(steady, in);
	for (int k = 0; k < 3; k++)
		if (isfinite(in->v_pu[k]))
			steady->v_pu[k] = in->v_pu[k];
	if (!isfinite(in->f_hz))
		return;
	if (holds(steady, in->f_hz)) {
		steady->held_s += in->dt_s;
		in->f_hz = steady->f_hz;
		return;
	}
	steady->held_s = 0;
	steady->f_hz = in->f_hz;
}
