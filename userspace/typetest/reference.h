/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reference vectors through the simulated charger: the inputs of each case on
 * the plant's grid, the engine behind the charger's own cycle records, and what
 * comes out of its terminals held against what the reference model says.
 */
#ifndef TYPETEST_REFERENCE_H
#define TYPETEST_REFERENCE_H

#include <stdio.h>

#include "gridcode/vectors.h"

#define REFERENCE_P_PU 0.03
#define REFERENCE_T_S 0.05
/* Ten cycles: IEEE 1547-2018 table 3, active and reactive power. */
#define REFERENCE_WINDOW_S (10 / 60.0)

/**
 * struct reference_result - how far the charger is from the folder
 * @cases: that were run
 * @good: of them everywhere within the bounds
 * @good_cycles: and so without the measurement window, cycle by cycle
 * @rows: cycles compared
 * @rows_off: beyond the bounds in P or Q
 * @status_off: cycles whose status the engine did not have within the time bound
 * @simulated_s: time at the charger
 */
struct reference_result {
	unsigned int cases;
	unsigned int good;
	unsigned int good_cycles;
	unsigned int rows;
	unsigned int rows_off;
	unsigned int status_off;
	double simulated_s;
	char error[VECTORS_ERROR_LEN];
};

/**
 * struct reference_job - what is run
 * @dir: folder of vectors
 * @only: part of the cases' names; NULL: all
 * @jobs: processes
 * @lom: with the active detection of loss of mains, which the model has not
 * @cases_out: case_id,cycles,cycles_off,first_off_s,last_off_s,worst_p_pu,
 *	worst_q_pu,status_off,starting (of the cycles beyond those in which the
 *	charger was on its way to power),single_cycles_off (without the window); NULL
 * @cycles_out: each cycle of the charger, and between what it has to be, without the
 *	0.03 pu; NULL
 */
struct reference_job {
	const char *dir;
	const char *only;
	FILE *cases_out;
	FILE *cycles_out;
	unsigned int jobs;
	bool lom;
};

/**
 * reference_run - cases of a folder through the charger
 *
 * Within 0.03 pu and 50 ms: P and Q, as means over ten cycles, are at most 0.03 pu off
 * what the model, measured likewise, does at some time from 50 ms before to 50 ms after.
 * The model in between the folder's rows is the engine alone, which is held to
 * the rows by vectors_dynamic().
 *
 * Return: 0, or -1 with @result->error.
 */
int reference_run(const struct reference_job *job, struct reference_result *result);

#endif
