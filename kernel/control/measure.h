/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is measured over a mains cycle: RMS, power, frequency, energy.
 *
 * Every tick adds to sums. At the end of a cycle the sums are set aside and
 * worked off one small step a tick, so that no tick pays for all the roots.
 * A finished record comes V2X_MEASURE_STEPS ticks after the cycle it is about.
 */
#ifndef _V2X_MEASURE_H
#define _V2X_MEASURE_H

#include <linux/v2x.h>
#include "grid_tracker.h"
#include "sample.h"

#define V2X_MEASURE_STEPS	12
#define V2X_F_HISTORY		32

/**
 * struct v2x_sums - sums over the samples of one cycle
 * @v2: mV^2
 * @i2: mA^2 Q8
 * @p: uW Q4
 * @q: uvar Q4, without the factor 3/2
 * @w: angle a sample, Q12
 * @vdc: mV
 * @vev: mV
 * @iev: mA
 * @n: samples
 */
struct v2x_sums {
	u64 v2[3];
	u64 i2[3];
	s64 p;
	s64 q;
	s64 w;
	s64 vdc;
	s64 vev;
	s64 iev;
	u32 n;
};

/**
 * struct v2x_measure_k - constants
 * @n_min: shortest cycle (70 Hz)
 * @n_max: longest cycle (43 Hz)
 * @n_dead: length of a cycle when there is no voltage
 * @fs_mhz: samples in 1000 s
 * @e_recip: 2^52 / (16000 fs): uW Q4 samples to mJ
 * @e_unit: 16000 fs
 * @yc_q30: admittance of the filter capacitor at nominal frequency, siemens
 * @history: cycles in 500 ms
 * @rocof_q32: 2^32 / (1000 history)
 */
struct v2x_measure_k {
	u32 n_min;
	u32 n_max;
	u32 n_dead;
	u32 fs_mhz;
	u32 e_recip;
	u32 e_unit;
	s32 yc_q30;
	u32 history;
	s32 rocof_q32;
};

/**
 * struct v2x_measure - state
 * @now: sums of the cycle that runs
 * @done: sums of the cycle that ended
 * @cycle: record being made; complete after the last step
 * @seq: number of the last record
 * @e_rest: energy not yet a whole mJ: import, export
 * @e_mj: registers: import, export
 * @f_mhz: history for the rate of change
 * @f_at: place of the next in it
 * @step: of the work on @done, 0: none
 * @recip_q32: 2^32 / samples of @done
 * @theta: of the last sample
 * @p_uw_q4: instantaneous power
 * @live: the voltage was tracked in the cycle that runs
 * @done_live: likewise for @done
 */
struct v2x_measure {
	struct v2x_sums now;
	struct v2x_sums done;
	struct v2x_cycle cycle;
	u64 seq;
	u64 e_rest[2];
	s64 e_mj[2];
	s32 f_mhz[V2X_F_HISTORY];
	u32 f_at;
	u32 step;
	u32 recip_q32;
	u32 theta;
	s64 p_uw_q4;
	bool live;
	bool done_live;
};

/**
 * struct v2x_measure_in - what the measurement sees in a tick
 * @m: samples
 * @t: grid tracker
 * @q_ma: reactive current at the terminals (q axis), mA Q8
 * @on_grid: the filter is connected to the terminals
 * @t_ns: time
 * @tick: number
 */
struct v2x_measure_in {
	const struct v2x_meas *m;
	const struct v2x_tracker *t;
	s32 q_q8;
	bool on_grid;
	u64 t_ns;
	u64 tick;
};

void v2x_measure_init(struct v2x_measure_k *k, struct v2x_measure *me,
		      const struct v2x_stage_desc *desc);

/**
 * v2x_measure_step() - one sample
 * @k: constants
 * @me: state
 * @in: input
 *
 * Return: true when @me->cycle has just become complete (without the fields
 * that the control fills in: references, state, limits).
 */
bool v2x_measure_step(const struct v2x_measure_k *k, struct v2x_measure *me,
		      const struct v2x_measure_in *in);

#endif /* _V2X_MEASURE_H */
