/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small charger in doubles: one phase, or two of 180 degrees and a neutral.
 *
 * Shares nothing with the virtual stage. Currents positive from the grid into
 * the converter; filter and grid by Runge-Kutta of second order in steps of
 * 2.5 us; commands take effect a period after they were given.
 */
#ifndef V2X_TEST_MINI_H
#define V2X_TEST_MINI_H

#include "ctl_priv.h"

#define MINI_LINES	2

/* What surrounds it; changeable at any time. */
struct mini_env {
	double f;		/* Hz */
	double v;		/* V rms a line to neutral */
	double h3, h5, h7;	/* of v */
	double dc;		/* of the peak */
	double phase;		/* rad */
	double lg, rg;
	double leg_dc;		/* part of the link voltage that leg 0 adds */
	double dead;		/* part of the link voltage lost to dead time */
};

struct mini {
	struct v2x_stage_desc desc;
	struct v2x_ctl ctl;
	struct v2x_ctl_user user;
	struct v2x_ctl_set set;
	struct v2x_ctl_in in;
	struct v2x_ctl_out out;
	struct v2x_gate_cmd active;
	struct v2x_cycle cycle;
	struct mini_env env;
	double l1, r1, l2, r2, c, rd, ln, cdc, t, angle;
	double x[3 * MINI_LINES];	/* i1, vc, i2 of each line */
	double vdc, vout, iout, vb;
	double p_grid;			/* mean of the last period, W */
	double e_grid, e_out;		/* J since mini_init() */
	u32 contactors;
	u32 coil_ms[3];
	u32 req, trips;
	u64 tick;
	void (*tick_fn)(void);		/* calls v2x_ctl_tick() instead, for counting */
};

/** mini_init() - 7.4 kW, @phases 1 or 2, @f_hz 50 or 60, link of @vdc V */
void mini_init(struct mini *m, u32 phases, u32 f_hz, double vdc);
void mini_user(struct mini *m);
void mini_tick(struct mini *m);
void mini_ms(struct mini *m, u32 ms);
/** mini_run() - start and reach RUN; true if it did */
bool mini_run(struct mini *m);
void mini_power(struct mini *m, double p_w, double q_var);
/** mini_harmonic() - amplitude of harmonic @h of the grid current of line 0
 *  over ten cycles, A peak */
double mini_harmonic(struct mini *m, double *out, unsigned int n);

#endif
