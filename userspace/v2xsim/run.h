/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a scenario: steps at their time, expectations as they fall due. */
#ifndef V2XSIM_RUN_H
#define V2XSIM_RUN_H

#include <stdio.h>

#include "charger.h"
#include "scenario.h"

#define RUN_TRIPS 32
#define RUN_WAVES 16

/* A trip as it happened. */
struct run_trip {
	uint64_t t_ns;
	size_t who;
	uint32_t reason;
	int64_t value;
	int64_t limit;
};

/**
 * struct run_response - how power followed the last set-point step
 * @t90_ns: until within 10 % of the step for the first time
 * @overshoot: part of the step
 */
struct run_response {
	const struct charger *charger;
	uint64_t t_ns;
	double from_w;
	double to_w;
	uint64_t t90_ns;
	double overshoot;
	bool on;
};

/**
 * struct run_options - what to write
 * @cycles: CSV of cycle records, or NULL
 * @waves: files' prefix, or NULL
 * @comtrade: enum comtrade_format of their data
 * @events: print every event
 */
struct run_options {
	FILE *cycles;
	const char *waves;
	int comtrade;
	bool events;
};

/**
 * struct run - a run and what came of it
 * @refused: a step or a waveform file that was refused, or ""
 * @failed: expectations that were not met
 * @worst: set-point step that took longest
 * @overshoot: largest of all
 * @cpu_s: processor time it took
 */
struct run {
	struct charger charger[CHARGERS_MAX];
	struct scenario *scenario;
	const struct run_options *options;
	size_t next;
	size_t pending;
	size_t failed;
	char refused[SCENARIO_ERROR];
	struct run_trip trips[RUN_TRIPS];
	size_t trip_count;
	struct run_response response;
	struct run_response worst;
	double overshoot;
	unsigned int steps;
	unsigned int unsettled;
	struct run_wave {
		const struct charger *charger;
		uint64_t from_tick;
		uint64_t trigger_tick;
		uint64_t to_tick;
	} waves[RUN_WAVES];
	size_t wave_count;
	double cpu_s;
};

/**
 * run_scenario() - from the first tick to the end
 * @r: filled in; large, not for the stack
 *
 * Return: 0 when all expectations were met, 1 when one was not, 2 when the
 * control refused a step (@r->refused).
 */
int run_scenario(struct run *r, struct scenario *s, const struct run_options *options);

#endif
