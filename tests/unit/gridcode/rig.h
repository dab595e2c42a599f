/* SPDX-License-Identifier: Apache-2.0 */
/* An engine on a bench: settings by name, a steady grid, steps of time. */
#ifndef GRIDCODE_RIG_H
#define GRIDCODE_RIG_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "gridcode/gridcode.h"
#include "gridcode/params.h"

#define DT 0.02

static struct gridcode rig_engine;
static struct gc_settings rig_settings;
static struct gc_input rig_in;
static struct gc_output rig_out;

/* Charging is what the tests write as a negative number: generator sign, as in the standards. */
static inline double rig_p(void)
{
	return -rig_out.p_ask_pu;
}

static inline double rig_q(void)
{
	return -rig_out.q_ask_pu;
}

static inline void rig_demand(double p)
{
	rig_in.p_want_pu = -p;
}

static inline void rig_set(const char *name, double value)
{
	const struct gc_param *param = gc_param_named(name);

	assert_non_null(param);
	gc_param_put(&rig_settings, param, value);
}

static inline void rig_grid(double v, double f_hz)
{
	rig_in.v_pu[0] = rig_in.v_pu[1] = rig_in.v_pu[2] = v;
	rig_in.f_hz = f_hz;
}

/* 50 Hz, one reconnection window, everything else off; nominal grid, nothing wanted. */
static inline void rig_fresh(void)
{
	gc_settings_default(&rig_settings);
	rig_set("enter_service.v_low", 0.85);
	rig_set("enter_service.v_high", 1.1);
	rig_set("enter_service.f_low", 49.5);
	rig_set("enter_service.f_high", 50.1);
	rig_set("enter_service.delay", 10);
	rig_set("rating.inverter", 0);
	rig_in = gc_input_none(DT);
	rig_grid(1, 50);
	rig_demand(0);
}

static inline void rig_start(bool in_service)
{
	gridcode_init(&rig_engine, &rig_settings, in_service);
}

static inline void rig_run(double time_s)
{
	const long steps = lround(time_s / rig_in.dt_s);

	for (long i = 0; i < steps; i++)
		gridcode_step(&rig_engine, &rig_in, &rig_out);
}

/* Runs until the state is reached; the time it took, or -1 when it took longer than @most_s. */
static inline double rig_until(enum gc_state state, double most_s)
{
	for (long i = 1; (double)i * rig_in.dt_s <= most_s + 1e-9; i++) {
		gridcode_step(&rig_engine, &rig_in, &rig_out);
		if (rig_out.state == state)
			return (double)i * rig_in.dt_s;
	}
	return -1;
}

#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))

#endif
