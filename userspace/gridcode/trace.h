/* SPDX-License-Identifier: Apache-2.0 */
/* Replay of a recorded grid through the engine, import positive. */
#ifndef GRIDCODE_TRACE_H
#define GRIDCODE_TRACE_H

#include <stdbool.h>
#include <stdio.h>

#include "gridcode.h"

#define TRACE_ERROR_LEN 320

/**
 * struct trace_options - how to replay
 * @step_s: longest step of the engine; 0: a mains cycle
 * @waiting: start out of service, as after power-up
 * @hold: a row's values hold until the next row, instead of a straight line
 */
struct trace_options {
	double step_s;
	bool waiting;
	bool hold;
};

/** struct trace_result - what happened; @changes: changes of state */
struct trace_result {
	unsigned long rows;
	unsigned long steps;
	unsigned int trips;
	unsigned int changes;
	char error[TRACE_ERROR_LEN];
};

/**
 * trace_replay - run the engine on a CSV file
 * @path: columns t_s, v1_pu[, v2_pu, v3_pu], f_hz, p_demand_pu[, q_demand_pu]
 *	in any order; others are passed through. An empty or nan voltage or
 *	frequency is a missing measurement.
 * @out: the input's columns, then p_pu,q_pu,state,reason
 * @settings: with one voltage column a charger on one phase, with three on three
 *
 * Return: 0, or -errno with @result->error filled in.
 */
int trace_replay(const char *path, FILE *out, const struct gc_settings *settings,
		 const struct trace_options *options, struct trace_result *result);

#endif
