/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the protection measures twice a mains cycle: squares of the voltages
 * over the last half and whole cycle, sequences, frequency and its jumps.
 *
 * Frequency. The tracker's observer turns its positive-sequence vector p with
 * the tracked frequency, but what it holds is the grid's: from one cycle ago
 * to now p has turned by the grid's frequency times the time between. Turning
 * the old one on by the nominal frequency leaves the angle
 *	d = (f - fn) T		in turns
 * from which f follows without the lag of the phase-locked loop: a step of
 * frequency is there after a cycle and a half.
 *
 * The work on a boundary is cut into steps, one a tick.
 */
#ifndef _V2X_HALVES_H
#define _V2X_HALVES_H

#include "grid_tracker.h"
#include "measure.h"
#include "prot_table.h"

/**
 * struct v2x_quant - a quantity in the form it is compared in
 * @hi: of the highest phase, times @n
 * @lo: of the lowest phase, times @n
 * @n: weight: a threshold times @n compares with @hi and @lo
 */
struct v2x_quant {
	s64 hi;
	s64 lo;
	s64 n;
};

/**
 * struct v2x_half - a stretch of the waveform
 * @v2: sum of squares a phase, mV^2
 * @len_q8: samples
 */
struct v2x_half {
	u64 v2[3];
	u32 len_q8;
};

/**
 * struct v2x_mark - the voltage at a half cycle's boundary
 * @p: positive sequence, mV Q8
 * @tick: which
 * @live: it was tracked
 */
struct v2x_mark {
	struct v2x_vec p;
	u64 tick;
	bool live;
};

#define V2X_MEAN_BLOCKS		200	/* of 3 s: ten minutes */

/**
 * struct v2x_mean_block - 3 s of the ten minutes
 * @v2: a phase: sum over its cycles of mV^2 / 2^8 times samples
 * @n: samples
 */
struct v2x_mean_block {
	u64 v2[3];
	u32 n;
};

/**
 * struct v2x_halves_k - constants
 * @phases: 1, 2 (split) or 3
 * @w_nom: turns of 2^32 a sample at nominal frequency
 * @n_min: fewest samples a half cycle has, 1/140 s
 * @n_seed: 2^32 / samples of a cycle
 * @fs_mhz: samples in 1000 s
 * @f_nom_mhz: nominal frequency
 * @block_ticks: 3 s
 */
struct v2x_halves_k {
	u32 phases;
	u32 w_nom;
	u32 n_min;
	u32 n_seed;
	u32 fs_mhz;
	s32 f_nom_mhz;
	u32 block_ticks;
};

/**
 * struct v2x_halves - state
 * @at: squares up to the boundary that waits to be marked, from the cycle's beginning
 * @begun: squares up to the last boundary within the cycle that runs
 * @half: the last two half cycles, the newest first
 * @mark: the last three boundaries, the newest first
 * @n_vec: negative sequence at the newest
 * @was: p of a cycle ago against p now: x dot, y cross product
 * @recip_q32: 2^32 / samples of that cycle, 0: it was not tracked
 * @angle: of @was, 2^32 a turn
 * @quant: ready to be judged
 * @f_mhz: by half cycle, 0: not tracked
 * @f_sum: running sum of them
 * @f_at: the newest of both
 * @f_run: half cycles in a row with a frequency, counted to V2X_F_HALVES
 * @delta: angle left over by the last cycles, by half cycle, 2^32 a turn
 * @delta_mean: slow mean of it, over 16 half cycles
 * @shift: jump within two cycles, by half cycle
 * @ended: V2X_HALF_*: a half cycle has ended and was not marked yet
 * @step: of the work on a boundary; 0: none
 * @block: ring of 3 s
 * @at_block: the one that fills
 * @sum: of the whole blocks
 */
struct v2x_halves {
	struct v2x_half at;
	struct v2x_half begun;
	struct v2x_half half[2];
	struct v2x_mark mark[3];
	struct v2x_vec n_vec;
	struct v2x_vec was;
	u64 recip_q32;
	s32 angle;
	struct v2x_quant quant[V2X_PROT_QUANTITIES];
	s32 f_mhz[V2X_F_HALVES];
	u32 f_sum[V2X_F_HALVES];
	u32 f_at;
	u32 f_run;
	s32 delta[6];
	long delta_mean;
	long shift[3];
	u32 ended;
	u32 step;
	struct v2x_mean_block block[V2X_MEAN_BLOCKS];
	u32 at_block;
	struct v2x_mean_block sum;
};

#define V2X_HALF_FIRST		1	/* of a cycle */
#define V2X_HALF_WHOLE		2	/* and the cycle with it */

#define V2X_HALVES_STEPS	6	/* before stages are judged */

void v2x_halves_init(struct v2x_halves_k *k, struct v2x_halves *h,
		     const struct v2x_stage_desc *desc);

/**
 * v2x_halves_middle() - half a cycle has ended with this sample
 * @h: state; @h->ended and @h->at are written
 * @me: sums of the cycle that runs, and of the one before
 * @m: the sample
 */
void v2x_halves_middle(struct v2x_halves *h, struct v2x_measure *me, const struct v2x_meas *m);

/**
 * v2x_halves_share() - the sample at the boundary is shared out: the first piece of the work
 * @h: state; @h->at is complete then
 * @k: constants of @me
 * @me: with its edge open
 */
void v2x_halves_share(struct v2x_halves *h, const struct v2x_measure_k *k,
		      struct v2x_measure *me);

/**
 * v2x_halves_mark() - work on the boundary begins
 * @h: state; @h->ended is taken back, @h->step becomes 1
 * @t: grid tracker
 * @tick: now
 *
 * After v2x_halves_share(), some ticks after it; both ends of the vectors' window come so late.
 */
void v2x_halves_mark(struct v2x_halves *h, const struct v2x_tracker *t, u64 tick);

/**
 * v2x_halves_work() - one step of the work on a boundary
 * @k: constants
 * @h: state with @h->step from 1 to V2X_HALVES_STEPS
 */
void v2x_halves_work(const struct v2x_halves_k *k, struct v2x_halves *h);

/**
 * v2x_halves_cycle() - a cycle record for the ten minutes' mean
 * @k: constants
 * @h: state
 * @c: record
 */
void v2x_halves_cycle(const struct v2x_halves_k *k, struct v2x_halves *h,
		      const struct v2x_cycle *c);

/* Frequency over the last cycle, 0 without a voltage. */
static inline s32 v2x_halves_f_mhz(const struct v2x_halves *h)
{
	return h->f_mhz[h->f_at];
}

#endif /* _V2X_HALVES_H */
