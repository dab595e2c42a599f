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

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
 * @site_pu: what the rest of the site takes; with @metered a meter at the point
 *	of connection says each cycle what is left of it
 * @phase_pu: with @phases_metered: other apparent power of each phase there
 */
struct lab_demand {
	double p_pu;
	double q_pu;
	double order_pu;
	double site_pu;
	double phase_pu[3];
	unsigned int drm;
	bool permit;
	bool metered;
	bool phases_metered;
};

/**
 * struct lab_load - resistor, inductor and capacitor at the charger's terminals
 * @p_pu: taken by the resistor at nominal voltage, all phases; 0: no load
 * @ql_pu: by the inductor
 * @qc_pu: given by the capacitor
 * @open: the grid's breaker is open: what feeds the load is the charger
 */
struct lab_load {
	double p_pu;
	double ql_pu;
	double qc_pu;
	bool open;
};

/* Line to the load, nH and uohm: the plant's node wants more than a source's impedance. */
#define LAB_LINE_NH 50000
#define LAB_LINE_UOHM 10000

/* What makes such a load, of each phase; 0: there is none. */
struct lab_parts {
	uint32_t r_mohm;
	uint32_t l_uh;
	uint32_t c_nf;
};

#define LAB_ORDERS 50

/**
 * struct lab_spectrum - current over ten cycles, worst phase, of the rated one
 * @order: RMS of each harmonic, 1: the fundamental
 * @dc: direct current
 */
struct lab_spectrum {
	double order[LAB_ORDERS + 1];
	double dc;
};

/**
 * struct lab_defect - what is broken in the charger, to see that a test finds it
 * @dead_time_us: of the bridge; 0: the usual, which the control knows
 * @phase_lost: the fuse of a phase has blown
 * @dc_sensor: the current sensor of a phase has an offset beyond all use
 * @dc_drift: it has drifted by this much since it was calibrated, pu of the rated current
 * @current_gain: it shows this much too much, pu; the converter believes it
 * @no_lom: loss of mains is not looked for
 */
struct lab_defect {
	double dead_time_us;
	double dc_drift;
	double current_gain;
	bool phase_lost;
	bool dc_sensor;
	bool no_lom;
};

/**
 * struct lab_row - one mains cycle
 * @t_s: its end, since lab_ops.begin
 * @v_pu: of the source, mean of the phases
 * @f_hz: of the source
 * @p_pu: active power at the terminals
 * @q_pu: reactive power of the fundamental there
 * @i_pu: current of the fundamental, largest phase, of the rated one
 * @i_phase_pu: of each phase
 * @on: power may flow: neither tripped nor stopped nor on the way to power
 */
struct lab_row {
	double t_s;
	double v_pu;
	double f_hz;
	double p_pu;
	double q_pu;
	double i_pu;
	double i_phase_pu[3];
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
struct follow;

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
 * @close: the end; a device's grid is as it was found, and a supervisor's demand
 * @protect: another protection table while it runs; NULL: cannot. As @begin.
 * @load: at the terminals from now on; NULL: there is none
 * @spectrum: let ten cycles and some more go by and look at the current; NULL: cannot
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
	int (*protect)(struct lab *lab, const struct gc_profile *profile);
	int (*load)(struct lab *lab, const struct lab_load *load);
	int (*spectrum)(struct lab *lab, struct lab_spectrum *spectrum);
};

struct lab {
	const struct lab_ops *ops;
	void *self;
	lab_row_fn row;
	void *context;
	const struct follow *follow; /* to ask what the charger itself measures */
	const volatile sig_atomic_t *stop; /* of a device: not 0 ends it as a failure; NULL: none */
	bool ramping; /* through a supervisor: begin() need not wait for the end of its ramp */
	struct lab_defect defect;
	struct lab_device device;
	char error[LAB_ERROR_LEN];
};

/** lab_parts() - the parts of a load at nominal voltage and frequency */
struct lab_parts lab_parts(const struct lab_device *device, const struct lab_load *load);

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

/**
 * struct lab_master - a supervisor that holds the charger and runs the grid code itself
 * @ready: 2: in service under the code of the tests, 1: its ramp goes on, 0: not yet, -1 with
 *	@error
 * @demand: what it is asked for from now on; 0, or -1 with @error
 * @protect: one threshold elsewhere, as in @profile; NULL: where the code has it. As @demand.
 * @release: ask for nothing any more: what was asked for before holds again
 * @context: theirs
 */
struct lab_master {
	int (*ready)(void *context, char *error);
	int (*demand)(void *context, const struct lab_demand *demand, char *error);
	int (*protect)(void *context, const struct gc_profile *profile, char *error);
	void (*release)(void *context);
	void *context;
};

/**
 * lab_through() - likewise, but the charger is v2xd's: its grid code, its
 * protection table, its way back into service. Functions cannot be switched
 * off one by one, and nothing but the grid and the demand can be moved.
 * @master: has to outlive @lab
 *
 * Return: 0, or -1 with @lab->error.
 */
int lab_through(struct lab *lab, const char *name, const char *dir,
		const struct lab_master *master);

#endif
