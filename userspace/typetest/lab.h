/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The laboratory of a type test: a grid source, a demand, an analyser, and a
 * charger under test that runs a grid code. Procedures know nothing else.
 *
 * Signs are those of the standards: P and Q positive when delivered to the
 * grid, charging negative. Power in pu of the charger's rated apparent power,
 * voltage in pu of its nominal voltage.
 */
#ifndef TYPETEST_LAB_H
#define TYPETEST_LAB_H

#include <stdbool.h>
#include <stddef.h>

#include "gridcode/profile.h"

#define LAB_NAME_LEN 48
#define LAB_ERROR_LEN GC_ERROR_LEN

/**
 * struct lab_device - what is under test
 * @name: model or device
 * @firmware: what runs in it
 * @analyser: whose figures the report has
 * @v_nominal: phase to neutral, V
 * @s_rated: VA
 * @p_rated: pu of @s_rated
 * @q_rated: likewise
 */
struct lab_device {
	char name[LAB_NAME_LEN];
	char firmware[LAB_NAME_LEN];
	char analyser[LAB_NAME_LEN];
	double f_nominal_hz;
	double v_nominal;
	double s_rated;
	double p_rated;
	double q_rated;
	unsigned int phases;
};

/**
 * struct lab_source - the grid
 * @v_pu: of each phase; a charger on one phase has the first
 * @phase_deg: angle; a change is a phase jump
 */
struct lab_source {
	double v_pu[3];
	double f_hz;
	double phase_deg;
};

/**
 * struct lab_demand - what the charger is asked for
 * @q_pu: NaN: what the grid code says
 * @drm: GC_DRM() bits
 * @permit: service is permitted
 * @order_pu: largest export an operator allows; NaN: none was given
 */
struct lab_demand {
	double p_pu;
	double q_pu;
	double order_pu;
	unsigned int drm;
	bool permit;
};

/**
 * struct lab_row - one mains cycle
 * @t_s: its end, since lab_ops.begin
 * @v_pu: of the source, mean of the phases
 * @f_hz: of the source
 * @p_pu: active power at the terminals
 * @q_pu: reactive power of the fundamental there
 * @i_pu: current of the fundamental, largest phase, of the rated one
 * @on: power may flow: neither tripped nor stopped nor on the way to power
 */
struct lab_row {
	double t_s;
	double v_pu;
	double f_hz;
	double p_pu;
	double q_pu;
	double i_pu;
	bool on;
};

/**
 * struct lab_times - when, in s since lab_ops.begin
 * @current: last instant with more than 5 % of the rated current's peak
 * @trip: last trip: gates off for good; NaN: none
 */
struct lab_times {
	double current;
	double trip;
};

struct lab;

typedef void (*lab_row_fn)(void *context, const struct lab_row *row);

/**
 * struct lab_ops - a backend
 * @begin: a fresh charger under this grid code; in service at no power, or
 *	waiting to enter service; nominal grid. 0 or -1 with lab->error.
 * @change: other settings while it runs; protection stays. As @begin.
 * @source: the grid from now on
 * @demand: the demand from now on
 * @advance: let time go on; rows go to lab->row. 0 or -1 with lab->error.
 * @now: s since begin
 * @times: see there
 * @close: the end
 */
struct lab_ops {
	const char *name;
	int (*begin)(struct lab *lab, const struct gc_profile *profile, bool in_service);
	int (*change)(struct lab *lab, const struct gc_profile *profile);
	void (*source)(struct lab *lab, const struct lab_source *source);
	void (*demand)(struct lab *lab, const struct lab_demand *demand);
	int (*advance)(struct lab *lab, double time_s);
	double (*now)(const struct lab *lab);
	struct lab_times (*times)(const struct lab *lab);
	void (*close)(struct lab *lab);
};

struct lab {
	const struct lab_ops *ops;
	void *self;
	lab_row_fn row;
	void *context;
	struct lab_device device;
	char error[LAB_ERROR_LEN];
};

/**
 * lab_sim() - simulated: the kernel's control and the virtual charger's plant,
 * the grid code engine in the loop, an analyser at the plant's true values
 * @model: as of v2xctl virt create; NULL: three phases of @f_nominal_hz
 *
 * Return: 0, or -1 with @lab->error.
 */
int lab_sim(struct lab *lab, const char *model, double f_nominal_hz);

/**
 * lab_on_device() - a virtual charger of the kernel module, claimed for the tests
 * @name: v2x0
 * @dir: of the charger in configfs
 *
 * Return: 0, or -1 with @lab->error.
 */
int lab_on_device(struct lab *lab, const char *name, const char *dir);

#endif
