// SPDX-License-Identifier: Apache-2.0
/* The frequency of a charger whose voltage jumps: a tracker takes the step for a turn. */
#include "charger.h"

#include <math.h>
#include <string.h>

/* More than rounding of a cycle's length moves its RMS. */
#define MOVED_PU 0.006
/*
 * A jump reads as up to 1.3 Hz per pu, and more in a cycle that has seen the half of
 * it; a step of the frequency moves the RMS by 0.01 pu a Hz at most.
 */
#define FALSE_HZ_PER_PU 10
/* Until the tracker, 20 Hz wide, has forgotten it. */
#define SETTLE_CYCLES 4
/* And what the frequency's own step makes of the RMS; a jump of the angle is no such step. */
#define RMS_PU_PER_HZ 0.01
/* In a cycle: more than any grid, a step that the tracker is on its way along. */
#define STEP_HZ 0.1
/* More than noise: the first cycle of a step, or of a slope. */
#define BEGIN_HZ 0.02
/* What is left of a step, when the tracker counts as having come to its end. */
#define END_HZ 0.03
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

/* Whether the voltage, or the angle with it, has just jumped. */
static bool look(struct gc_steady *steady, const struct gc_input *in)
{
	const double moved_pu = way(steady, in->v_pu);

	if (blind(in)) {
		steady->moved_pu = INFINITY;
		steady->left = SETTLE_CYCLES + 1;
		steady->held_s = 0;
	} else if (moved_pu > MOVED_PU + RMS_PU_PER_HZ * steady->step_hz) {
		steady->moved_pu += moved_pu;
		steady->left = SETTLE_CYCLES + 1;
	} else if (!steady->left) {
		steady->moved_pu = 0;
	}
	if (steady->left)
		steady->left--;
	return steady->left == SETTLE_CYCLES;
}

/* On the way along a step: its end is told by what a geometric series would have left. */
static bool on_its_way(double step_hz, double before_hz)
{
	if (step_hz > before_hz / 2)
		return step_hz > (before_hz < BEGIN_HZ ? BEGIN_HZ : STEP_HZ);
	return step_hz * step_hz > END_HZ * (before_hz - step_hz);
}

/*
 * Back to the nominal frequency, or past it to the other side: a value that is read
 * in the dead band on the way would end a droop that has to go on.
 */
static bool returns(const struct gc_steady *steady, double f_hz, double f_nominal_hz)
{
	return fabs(f_hz - f_nominal_hz) < fabs(steady->f_hz - f_nominal_hz) &&
	       on_its_way(steady->step_hz, steady->before_hz);
}

/* There is a frequency from before, and it is not too old. */
static bool has_one(const struct gc_steady *steady)
{
	return steady->f_hz > 0 && steady->held_s < HELD_MAX_S;
}

static bool is_false(const struct gc_steady *steady, double f_hz)
{
	return steady->left && fabs(f_hz - steady->f_hz) <= FALSE_HZ_PER_PU * steady->moved_pu;
}

/* The power of when the frequency was what it is said to be; not what a jump makes of it. */
static void remember(struct gc_steady *steady, struct gc_input *in, bool disturbed)
{
	if (!(steady->f_hz > 0)) {
		for (int i = 0; i < GC_FREQUENCY_AGE; i++)
			steady->p_pu[i] = in->p_now_pu;
		return;
	}
	in->p_then_pu = steady->p_pu[GC_FREQUENCY_AGE - 1];
	if (!disturbed) {
		memmove(&steady->p_pu[1], &steady->p_pu[0],
			sizeof(steady->p_pu) - sizeof(steady->p_pu[0]));
		steady->p_pu[0] = in->p_now_pu;
	}
	in->p_calm_pu = steady->p_pu[0];
}

static void measured(struct gc_steady *steady, double f_hz)
{
	steady->before_hz = steady->step_hz;
	steady->step_hz = steady->raw_hz > 0 ? fabs(f_hz - steady->raw_hz) : 0;
	steady->raw_hz = f_hz;
}

void gc_steady_step(const struct gc_charger *charger, struct gc_steady *steady,
		    struct gc_input *in)
{
	const bool jumps = look(steady, in);
	bool back;

	for (int k = 0; k < 3; k++)
		if (isfinite(in->v_pu[k]))
			steady->v_pu[k] = in->v_pu[k];
	if (!isfinite(in->f_hz))
		return;
	measured(steady, in->f_hz);
	remember(steady, in, jumps || on_its_way(steady->step_hz, steady->before_hz));
	back = returns(steady, in->f_hz, charger->f_nominal_mhz / 1000.0);
	if (has_one(steady) && (steady->left || back)) {
		/* One too far for the voltage is a jump of the angle: nothing to hold on to. */
		steady->held_s += in->dt_s;
		if (back || is_false(steady, in->f_hz))
			in->f_hz = steady->f_hz;
		return;
	}
	steady->held_s = 0;
	steady->f_hz = in->f_hz;
}
