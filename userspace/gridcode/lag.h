/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The time elements all functions are made of: on-delay timer, first-order
 * lag, pure delay, ramp. Seconds and plain numbers; a missing time (NaN) is
 * never reached.
 */
#ifndef GRIDCODE_LAG_H
#define GRIDCODE_LAG_H

#include <math.h>
#include <stdbool.h>

/* Longest pure delay in steps; at a mains cycle of 20 ms more than 10 s. */
#define GC_DELAY_STEPS 512

/* How a code states the response of a first-order lag. */
enum gc_response {
	GC_RESPONSE_OPEN_LOOP_90, /* IEEE 1547: 90 % at T, tau = T / 2.3 */
	GC_RESPONSE_SETTLING_95,  /* EN 50549, VDE: 95 % at T = 3 tau */
	GC_RESPONSE_TAU,	  /* T is the time constant */
};

/* On-delay: true when the input has been true for T. Starts as elapsed. */
struct gc_timer {
	double t_s;
};

/* First-order lag, bilinear; the first value is the first input. */
struct gc_lag {
	double x;
	double y;
	bool set;
};

/* Pure delay of a number of steps; before the first input it was the same. */
struct gc_delay {
	double ring[GC_DELAY_STEPS];
	double first;
	unsigned int at;
	unsigned int filled;
	bool set;
};

/* Moves towards its input by a limited step. */
struct gc_ramp {
	double y;
	bool set;
};

/* The delay lines turn by masking. */
_Static_assert((GC_DELAY_STEPS & (GC_DELAY_STEPS - 1)) == 0, "a power of two");

static inline double gc_min(double a, double b)
{
	return a < b ? a : b;
}

static inline double gc_max(double a, double b)
{
	return a > b ? a : b;
}

static inline double gc_clamp(double x, double lo, double hi)
{
	return gc_max(gc_min(x, hi), lo);
}

/**
 * gc_timer_step - one step of the on-delay
 * @on: the condition; its first step counts
 * @time_s: T; at most zero: at once
 *
 * A stage of time T entered at t0 is true at t0 + T - dt.
 */
static inline bool gc_timer_step(struct gc_timer *timer, bool on, double time_s, double dt_s)
{
	if (!on) {
		timer->t_s = 0;
		return false;
	}
	timer->t_s = gc_min(timer->t_s + dt_s, time_s);
	return timer->t_s >= time_s;
}

static inline void gc_timer_init(struct gc_timer *timer)
{
	timer->t_s = INFINITY;
}

/** gc_lag_span - twice the time constant of a lag with response time @time_s */
static inline double gc_lag_span(int response, double time_s)
{
	if (response == GC_RESPONSE_OPEN_LOOP_90)
		return time_s / 1.15;
	return response == GC_RESPONSE_TAU ? time_s * 2 : time_s * 2 / 3;
}

/**
 * gc_lag_step - one step
 * @span_s: twice the time constant; less than @dt_s: no lag
 *
 * y = (dt (x + x') + (span - dt) y') / (dt + span)
 */
static inline double gc_lag_step(struct gc_lag *lag, double x, double span_s, double dt_s)
{
	if (!lag->set || span_s < dt_s)
		lag->y = x;
	else
		lag->y = (dt_s * (x + lag->x) + (span_s - dt_s) * lag->y) / (dt_s + span_s);
	lag->x = x;
	lag->set = true;
	return lag->y;
}

/** gc_lag_force - put a lag where it is wanted */
static inline void gc_lag_force(struct gc_lag *lag, double y)
{
	lag->x = y;
	lag->y = y;
	lag->set = true;
}

/** gc_delay_step - the input of @steps steps ago, at most GC_DELAY_STEPS - 1 */
double gc_delay_step(struct gc_delay *delay, double x, unsigned int steps);

/** gc_delay_count - steps of a delay; what came in with this step is the first behind it */
static inline unsigned int gc_delay_count(double delay_s, double dt_s)
{
	return (unsigned int)gc_clamp(delay_s / dt_s + 1.5, 1, GC_DELAY_STEPS - 1);
}

/** gc_ramp_step - towards @x by at most @step */
static inline double gc_ramp_step(struct gc_ramp *ramp, double x, double step)
{
	if (!ramp->set)
		ramp->y = x;
	else
		ramp->y = gc_clamp(x, ramp->y - step, ramp->y + step);
	ramp->set = true;
	return ramp->y;
}

/** gc_ramp_size - how far a ramp of full-scale time @time_s moves in one step */
static inline double gc_ramp_size(double time_s, double dt_s)
{
	return time_s > dt_s ? dt_s / time_s : INFINITY;
}

#endif
