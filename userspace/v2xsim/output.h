/* SPDX-License-Identifier: Apache-2.0 */
/* What a run leaves behind: events, waveforms, the summary. */
#ifndef V2XSIM_OUTPUT_H
#define V2XSIM_OUTPUT_H

#include <stdint.h>
#include <stdio.h>

struct charger;
struct run;
struct run_options;
struct v2x_event;

/** output_event() - one line */
void output_event(FILE *to, const struct v2x_event *e);

/**
 * output_wave() - samples of a charger as PREFIX-TIME.csv and as COMTRADE
 * @options: prefix of the names, format of the COMTRADE data
 * @trigger: tick that is time 0
 *
 * Return: 0 or -errno.
 */
int output_wave(const struct run_options *options, const struct charger *c, uint64_t from,
		uint64_t trigger, uint64_t to);

/** output_summary() - expectations that were not met, energies, responses, trips */
void output_summary(FILE *to, const struct run *r);

/** output_tap() - one TAP line an expectation, numbered after @n; returns the last number */
int output_tap(FILE *to, const struct run *r, int n);

#endif
