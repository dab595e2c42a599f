/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Residual current: what phases and neutral together carry into the earth.
 *
 * DC. The mean over a cycle goes through a low-pass of 0.4 s and is held
 * against 3/4 of the rated 6 mA (IEC 62955: between a half and the whole),
 * three half cycles in a row. From a step that takes
 *	0.4 s ln(1 / (1 - 4.5 mA / I)):	0.55 s at 6 mA, 31 ms at 60 mA, 9 ms at
 * 200 mA, to which come one cycle of the mean and the three half cycles. The
 * standard allows 10 s, 0.3 s and 0.1 s.
 *
 * AC. The variance over a cycle, every half cycle: RMS without the DC, no
 * root. Three times as in IEC 61008-1 for 30 mA (0.3 s; 0.15 s at twice, 40 ms
 * at five times the rated current), less what the contactor takes; each begins
 * at 3/4 or less of its current. The fastest one wants both polarities within
 * the cycle: a step of DC has a variance too, and its own name.
 *
 * Judged while a contact connects the stage with the grid: with all of them
 * open nothing can flow, and what the sensor says then is its offset.
 */
#ifndef _V2X_RESIDUAL_H
#define _V2X_RESIDUAL_H

#include <v2x/stage_desc.h>
#include "ctl_set.h"
#include "fixed.h"
#include "schedule.h"

struct v2x_run;

#define V2X_RESIDUAL_TICKS	(2 * V2X_OUTER_TICKS)	/* 2.5 kHz at 20 kHz */

/**
 * struct v2x_residual_k - constants
 * @half: samples of half a nominal cycle
 * @recip_q32: 2^32 / samples of a whole one
 * @lp_q30: of the low-pass, a half cycle
 * @test_q8: current the stage can inject, mA Q8; 0: none
 * @offset_q8: most that the sensor may say at standstill, 1.5 mA
 * @hold: half cycles before a stage of AC acts
 * @stuck: samples that may be alike while the gates switch, 0.5 s
 */
struct v2x_residual_k {
	u32 half;
	u32 recip_q32;
	s32 lp_q30;
	s32 test_q8;
	s32 offset_q8;
	u32 hold[V2X_RESIDUAL_STAGES];
	u32 stuck;
};

/**
 * struct v2x_residual_half - half a cycle
 * @sum: mA Q8
 * @square: mA^2 Q16
 * @lo: lowest, mA Q8
 * @hi: highest
 */
struct v2x_residual_half {
	s64 sum;
	s64 square;
	s32 lo;
	s32 hi;
};

/**
 * struct v2x_residual - state
 * @now: the half cycle that runs
 * @last: the one before
 * @n: samples in @now
 * @mean_q8: over the last cycle, mA Q8
 * @dc_q24: low-pass of it, mA Q24
 * @over: half cycles in a row beyond each stage of AC
 * @over_dc: likewise beyond the limit of DC
 * @ends: samples in a row at one end of the range
 * @raw: last count
 * @same: samples in a row with it
 * @wait: half cycles of the test that have gone by
 * @inject: the stage is to inject its test current
 */
struct v2x_residual {
	struct v2x_residual_half now;
	struct v2x_residual_half last;
	u32 n;
	s32 mean_q8;
	s64 dc_q24;
	u32 over[V2X_RESIDUAL_STAGES];
	u32 over_dc;
	u32 ends;
	s32 raw;
	u32 same;
	u32 wait;
	bool inject;
};

void v2x_residual_init(struct v2x_residual_k *k, struct v2x_residual *s,
		       const struct v2x_stage_desc *desc);

/**
 * v2x_residual_prepare() - thresholds in the tick's units
 * @desc: of the stage
 * @p: checked; residual_ac_ma and residual_dc_ma, 0: 30 mA and 6 mA
 * @set: residual_dc_q24 and residual_ac2 written
 *
 * Context: process; divides.
 */
void v2x_residual_prepare(const struct v2x_stage_desc *desc, const struct v2x_protection *p,
			  struct v2x_ctl_set *set);

/**
 * v2x_residual_step() - one sample, every V2X_RESIDUAL_TICKS; trips
 * @r: the tick of a stage that has V2X_ADC_RESIDUAL
 *
 * Return: half a cycle has ended, v2x_residual_judge() is wanted.
 */
bool v2x_residual_step(const struct v2x_run *r);

/* Has half a cycle ended? Never without a monitor. */
static inline bool v2x_residual_ended(const struct v2x_residual_k *k, const struct v2x_residual *s)
{
	return s->n >= k->half;
}

/**
 * v2x_residual_judge() - half a cycle has ended: the window is this one and the one before
 * @r: the tick, before the next sample; trips
 */
void v2x_residual_judge(const struct v2x_run *r);

/**
 * v2x_residual_test() - is the monitor fit to be relied on? Every step of SELF_TEST
 * @r: the tick; all contacts are open
 *
 * At rest the sensor says at most 1.5 mA; a stage that can inject a current
 * sees it within a quarter, and sees it go. A failure trips.
 *
 * Return: true when it is done, at once for a stage without a monitor.
 */
bool v2x_residual_test(const struct v2x_run *r);

/* Does the monitor still say that its wire is broken? */
static inline bool v2x_residual_bad(const struct v2x_residual *s)
{
	return s->ends;
}

#endif /* _V2X_RESIDUAL_H */
