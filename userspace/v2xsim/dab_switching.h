/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dual active bridge with its switches, in place of its mean over a
 * switching period: leakage and magnetizing current, dead time, and what the
 * transition between two commands leaves in them.
 */
#ifndef V2XSIM_DAB_SWITCHING_H
#define V2XSIM_DAB_SWITCHING_H

#include <stdbool.h>

#include "plant.h"

/**
 * struct dab - a bridge and what the last tick left
 * @i_leak: leakage current now, seen from the link, A
 * @i_mag: magnetizing current now, likewise
 * @i_peak: largest leakage current of the tick
 * @flux_peak: largest flux of the tick, of that of full pulses of the same voltages
 * @flux_bias: its mean over the last switching period of the tick, likewise
 * @i_bias: mean of the leakage current over it, A
 * @hard: legs that switched hard in it: 1, 2 link, 4, 8 output
 * @i_out: mean current into the output over the tick, A
 * @i_link: mean current out of the link, A
 */
struct dab {
	double i_leak;
	double i_mag;
	double i_peak;
	double flux_peak;
	double flux_bias;
	double i_bias;
	unsigned int hard;
	double i_out;
	double i_link;
	/* private */
	double l, lm, r, n, half, dead, coss, idle_w, tick;
	double at;		/* into the half period, 0 .. 1 from the middle of a pulse */
	bool odd;		/* the link's pulse there was the negative one */
	bool level[4];		/* legs: link A, B, output A, B */
	double q_link, q_out;	/* charge of the tick */
	double sum_leak, sum_mag;
	double hard_energy;
	struct v2x_dab_pulse pulse;
};

/** dab_init() - at rest, with the values of @cfg */
void dab_init(struct dab *d, const struct plant_cfg *cfg);

/**
 * dab_switches() - for &struct plant.dab: one tick
 * @p: plant; what its averaged model sets is set
 * @cmd: in force in this tick
 * @on: gates
 * @context: struct dab
 */
void dab_switches(struct plant *p, const struct v2x_gate_cmd *cmd, bool on, void *context);

#endif
